//! Rounds for other programs: GPX 1.1 for navigation, iCalendar (RFC 5545) for
//! calendars.

use super::ical::{Held, ical};
use fyren_core::domain::Position;
use geo_types::Point;
use gpx::{Gpx, GpxVersion, Metadata, Track, TrackSegment, Waypoint};
use jiff::Timestamp;
use time::OffsetDateTime;

/// One round.
#[derive(Debug, Clone, PartialEq)]
pub struct Outing {
    /// What it is called.
    pub name: String,
    /// The stops in order.
    pub stops: Vec<OutingStop>,
    /// The way along, as positions.
    pub line: Vec<Position>,
}

/// One stop of a round.
#[derive(Debug, Clone, PartialEq)]
pub struct OutingStop {
    /// An identity that stays from file to file.
    pub uid: String,
    /// Where.
    pub at: Position,
    /// What people call the place.
    pub name: String,
    /// Why it is visited.
    pub reason: String,
    /// Begin of the visit.
    pub from: Timestamp,
    /// End of the visit.
    pub to: Timestamp,
}

/// The stops as waypoints with their times, and the ways as tracks. `name` is
/// that of the file, `made_at` when it says that it was made.
///
/// # Errors
/// A text that XML cannot hold.
pub fn gpx(
    name: &str,
    made_at: Timestamp,
    rounds: &[Outing],
) -> Result<Vec<u8>, gpx::errors::GpxError> {
    let point = |at: Position| Waypoint::new(Point::new(at.longitude, at.latitude));
    let many = rounds.len() > 1;
    let waypoint = |round: &Outing, (order, stop): (usize, &OutingStop)| {
        let mut waypoint = point(stop.at);
        let name = format!("{}. {}", order + 1, stop.name);
        waypoint.name = Some(if many { format!("{}: {name}", round.name) } else { name });
        waypoint.description = Some(stop.reason.clone());
        waypoint.time = moment(stop.from).map(Into::into);
        waypoint
    };
    let track = |round: &Outing| Track {
        name: Some(round.name.clone()),
        segments: vec![TrackSegment { points: round.line.iter().copied().map(point).collect() }],
        ..Track::default()
    };
    let document = Gpx {
        version: GpxVersion::Gpx11,
        creator: Some("Fyren".to_owned()),
        metadata: Some(Metadata {
            name: Some(name.to_owned()),
            time: moment(made_at).map(Into::into),
            ..Metadata::default()
        }),
        waypoints: rounds
            .iter()
            .flat_map(|round| round.stops.iter().enumerate().map(|stop| waypoint(round, stop)))
            .collect(),
        tracks: rounds.iter().filter(|round| round.line.len() > 1).map(track).collect(),
        ..Gpx::default()
    };
    let mut out = Vec::new();
    gpx::write(&document, &mut out)?;
    // Moments are of whole seconds, and devices are not all ready for fractions.
    Ok(String::from_utf8_lossy(&out).replace(".000000000Z</time>", "Z</time>").into_bytes())
}

/// Each stop as an event with its place and reason.
#[must_use]
pub fn calendar(name: &str, made_at: Timestamp, rounds: &[Outing]) -> String {
    let many = rounds.len() > 1;
    let stops = rounds.iter().flat_map(|round| round.stops.iter().map(move |stop| (round, stop)));
    let held = stops.map(|(round, stop)| Held {
        uid: stop.uid.clone(),
        starts_at: stop.from,
        ends_at: stop.to,
        changed_at: made_at,
        revision: 0,
        summary: if many { format!("{}: {}", round.name, stop.name) } else { stop.name.clone() },
        location: None,
        at: Some(stop.at),
        description: stop.reason.clone(),
        cancelled: false,
    });
    ical(name, &held.collect::<Vec<_>>())
}

fn moment(at: Timestamp) -> Option<OffsetDateTime> {
    OffsetDateTime::from_unix_timestamp(at.as_second()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rounds() -> Vec<Outing> {
        let at = Position { longitude: 11.2265, latitude: 58.3531 };
        let stop = OutingStop {
            uid: "p-1@fyren".into(),
            at,
            name: "Smögen & bryggan".into(),
            reason: "Åtta rapporter; tolv dagar sedan, sist.".into(),
            from: "2026-12-01T17:05:00Z".parse().unwrap(),
            to: "2026-12-01T17:17:00Z".parse().unwrap(),
        };
        let line = vec![at, Position { longitude: 11.25, latitude: 58.36 }];
        vec![Outing { name: "A".into(), stops: vec![stop], line }]
    }

    fn made() -> Timestamp {
        "2026-11-30T12:00:00Z".parse().unwrap()
    }

    #[test]
    fn a_round_is_read_back_from_gpx() {
        let written = gpx("Plan", made(), &rounds()).unwrap();
        let read = ::gpx::read(&written[..]).unwrap();
        assert_eq!(read.waypoints[0].name.as_deref(), Some("1. Smögen & bryggan"));
        assert_eq!(read.waypoints[0].point(), Point::new(11.2265, 58.3531));
        assert!(read.waypoints[0].time.is_some());
        assert!(written.windows(21).any(|found| found == b">2026-12-01T17:05:00Z"));
        assert_eq!(read.tracks[0].segments[0].points.len(), 2);
        assert_eq!(written, gpx("Plan", made(), &rounds()).unwrap());
    }

    #[test]
    fn where_several_units_drive_each_stop_says_whose_it_is() {
        let two = [rounds(), rounds()].concat();
        let written = String::from_utf8(gpx("Plan", made(), &two).unwrap()).unwrap();
        assert_eq!(written.matches("<name>A: 1. Smögen &amp; bryggan</name>").count(), 2);
        assert_eq!(
            calendar("Plan", made(), &two).matches("SUMMARY:A: Smögen & bryggan").count(),
            2
        );
    }

    #[test]
    fn each_stop_is_an_event_in_utc_with_its_own_identity() {
        let written = calendar("Plan", made(), &rounds());
        for line in [
            "BEGIN:VEVENT",
            "UID:p-1@fyren",
            "DTSTAMP:20261130T120000Z",
            "DTSTART:20261201T170500Z",
            "DTEND:20261201T171700Z",
            "GEO:58.353100;11.226500",
        ] {
            assert!(written.lines().any(|found| found.trim_end() == line), "{line} in {written}");
        }
        assert!(written.contains("Åtta rapporter\\; tolv dagar sedan\\, sist."));
        assert_eq!(written, calendar("Plan", made(), &rounds()));
    }
}

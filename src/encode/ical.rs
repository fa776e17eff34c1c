//! iCalendar (RFC 5545): what is held, for anybody's own calendar.

use fyren_core::domain::Position;
use icalendar::{Calendar, Component, Event, EventLike};
use jiff::{Timestamp, tz::TimeZone};

/// Something that is held.
#[derive(Debug, Clone)]
pub struct Held {
    /// Its identity, the same in every version.
    pub uid: String,
    /// When it begins.
    pub starts_at: Timestamp,
    /// When it ends.
    pub ends_at: Timestamp,
    /// When it was changed last.
    pub changed_at: Timestamp,
    /// How often it was changed.
    pub revision: u32,
    /// What it is.
    pub summary: String,
    /// Where, in words.
    pub location: Option<String>,
    /// Where, as a position.
    pub at: Option<Position>,
    /// More of it.
    pub description: String,
    /// Whether it was called off.
    pub cancelled: bool,
}

/// What stands before the entries of every calendar.
const PROPERTIES: [(&str, &str); 3] =
    [("VERSION", "2.0"), ("PRODID", "-//Fyren//Fyren//EN"), ("CALSCALE", "GREGORIAN")];

/// A calendar of a name with everything that is held, in UTC. Nothing in it is
/// random or of the present moment: the same entries give the same bytes.
#[must_use]
pub fn ical(name: &str, held: &[Held]) -> String {
    let mut calendar = Calendar::empty();
    for (property, value) in PROPERTIES {
        calendar.append_property((property, value));
    }
    calendar.name(name);
    for one in held {
        let mut event = Event::new();
        event.uid(&one.uid);
        event.summary(&one.summary);
        if let Some(location) = &one.location {
            event.location(location);
        }
        event.description(&one.description);
        if let Some(at) = one.at {
            event.add_property("GEO", format!("{:.6};{:.6}", at.latitude, at.longitude));
        }
        event.add_property("DTSTAMP", utc(one.changed_at));
        event.add_property("LAST-MODIFIED", utc(one.changed_at));
        event.add_property("DTSTART", utc(one.starts_at));
        event.add_property("DTEND", utc(one.ends_at));
        event.add_property("SEQUENCE", one.revision.to_string());
        event.add_property("STATUS", if one.cancelled { "CANCELLED" } else { "CONFIRMED" });
        calendar.push(event.done());
    }
    calendar.to_string()
}

fn utc(at: Timestamp) -> String {
    at.to_zoned(TimeZone::UTC).strftime("%Y%m%dT%H%M%SZ").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn held() -> Held {
        Held {
            uid: "0af3@1427.fyren".into(),
            starts_at: "2026-12-03T17:00:00Z".parse().unwrap(),
            ends_at: "2026-12-03T19:00:00Z".parse().unwrap(),
            changed_at: "2026-11-22T12:00:00Z".parse().unwrap(),
            revision: 2,
            summary: "Båtsamverkan; uppstart, Hovenäset".into(),
            location: Some("Folkets hus".into()),
            at: None,
            description: "Sotenäs kommun".into(),
            cancelled: false,
        }
    }

    #[test]
    fn a_meeting_is_told_in_utc_with_its_identity_and_version() {
        let text = ical("Sotenäs", &[held()]);
        for line in [
            "BEGIN:VCALENDAR",
            "VERSION:2.0",
            "PRODID:-//Fyren//Fyren//EN",
            "UID:0af3@1427.fyren",
            "DTSTART:20261203T170000Z",
            "DTEND:20261203T190000Z",
            "DTSTAMP:20261122T120000Z",
            "SEQUENCE:2",
            "STATUS:CONFIRMED",
            "SUMMARY:Båtsamverkan\\; uppstart\\, Hovenäset",
            "END:VCALENDAR",
        ] {
            assert!(text.contains(line), "{line} in {text}");
        }
        assert_eq!(text.matches("DTSTAMP").count(), 1);
        assert!(text.lines().all(|line| line.len() <= 75), "lines are folded");
        assert_eq!(text, ical("Sotenäs", &[held()]), "the same bytes each time");
    }

    #[test]
    fn what_is_called_off_stays_and_says_so() {
        let text = ical("Sotenäs", &[Held { cancelled: true, ..held() }]);
        assert!(text.contains("STATUS:CANCELLED"));
    }
}

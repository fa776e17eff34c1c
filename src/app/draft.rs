//! What somebody sends, before it is checked; the same for the JSON interface,
//! the form without JavaScript and the import.

use fyren_core::domain::{
    AreaCode, Category, Hours, Place, Position, Seasons, TimePrecision, Violation, Weekdays, When,
};
use geo_types::{Coord, LineString, Polygon};
use jiff::{Timestamp, civil, tz::TimeZone};

/// Longest free text, in characters.
pub const TEXT_LIMIT: usize = 2_000;

/// A place as it was sent.
#[derive(Debug, Clone, PartialEq)]
pub enum PlaceDraft {
    /// A position with an optional precision in metres.
    Point {
        /// Degrees east.
        longitude: f64,
        /// Degrees north.
        latitude: f64,
        /// Radius in metres; 25 where none is given.
        precision_m: Option<f64>,
    },
    /// Positions of a stretch.
    Line(Vec<[f64; 2]>),
    /// Positions of a ring, closed or not.
    Polygon(Vec<[f64; 2]>),
    /// A named place of the gazetteer.
    Locality(String),
    /// A district.
    District(String),
}

/// A time as it was sent.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum WhenDraft {
    /// Nothing was said.
    #[default]
    Unstated,
    /// An instant with its precision.
    At {
        /// RFC 3339, or a local date or date-time.
        at: String,
        /// Code of a [`TimePrecision`]; `minute` where none is given.
        precision: Option<String>,
    },
    /// A span.
    Span {
        /// Start, inclusive.
        from: String,
        /// End, exclusive.
        to: String,
    },
    /// Again and again; what is not said means always.
    Recurring {
        /// As in [`Hours::parse`].
        hours: Option<String>,
        /// As in [`Weekdays::parse`].
        weekdays: Option<String>,
        /// As in [`Seasons::parse`].
        season: Option<String>,
    },
}

/// How far the true place may be from a pin whose precision nobody stated.
const PIN_PRECISION_M: f64 = 25.0;

impl PlaceDraft {
    /// The place, with names resolved by `locality` (to a position and its
    /// precision in metres).
    ///
    /// # Errors
    /// Violations below `place`.
    pub fn check(
        &self,
        locality: impl Fn(&str) -> Option<(Position, f64)>,
    ) -> Result<Place, Violation> {
        let place = match self {
            Self::Point { longitude, latitude, precision_m } => {
                let position = Position::parse(*longitude, *latitude);
                position.and_then(|position| {
                    let precision_m = precision_m.unwrap_or(PIN_PRECISION_M);
                    if !(precision_m > 0.0 && precision_m <= 100_000.0) {
                        return Err(Violation::new("precisionM", "out_of_range"));
                    }
                    Ok(Place::Point { position, precision_m })
                })
            }
            Self::Line(positions) => {
                coordinates(positions, "line").map(|c| Place::Line(LineString(c)))
            }
            Self::Polygon(positions) => coordinates(positions, "polygon")
                .map(|c| Place::Area(Polygon::new(LineString(c), Vec::new()))),
            Self::Locality(id) => locality(id)
                .map(|(position, precision_m)| Place::Point { position, precision_m })
                .ok_or_else(|| Violation::new("localityId", "unknown_value")),
            Self::District(code) => Ok(Place::Code(AreaCode {
                system: "district".into(),
                version: String::new(),
                code: code.clone(),
            })),
        };
        place.map_err(|violation| violation.within("place"))
    }
}

fn coordinates(positions: &[[f64; 2]], field: &str) -> Result<Vec<Coord<f64>>, Violation> {
    let mut checked = Vec::with_capacity(positions.len());
    for (at, [longitude, latitude]) in positions.iter().enumerate() {
        let position = Position::parse(*longitude, *latitude)
            .map_err(|v| Violation::new(format!("{field}[{at}].{}", v.field), v.rule))?;
        checked.push(Coord { x: position.longitude, y: position.latitude });
    }
    Ok(checked)
}

impl WhenDraft {
    /// The time, local words read in `zone`, instants no later than an hour
    /// after `now` unless the category is about what is to come.
    ///
    /// # Errors
    /// Violations below `when`.
    pub fn check(
        &self,
        zone: &TimeZone,
        now: Timestamp,
        category: Category,
    ) -> Result<When, Violation> {
        let when = self.read(zone).map_err(|violation| violation.within("when"))?;
        let (start, _) = when.span();
        let future = start.is_some_and(|start| start.as_second() > now.as_second() + 3600);
        if future && category != Category::Event {
            let field = if matches!(when, When::Interval { .. }) { "when.from" } else { "when.at" };
            return Err(Violation::new(field, "in_future"));
        }
        Ok(when)
    }

    fn read(&self, zone: &TimeZone) -> Result<When, Violation> {
        match self {
            Self::Unstated => Ok(When::Unknown),
            Self::At { at, precision } => {
                let precision = match precision {
                    None => TimePrecision::Minute,
                    Some(code) => TimePrecision::parse(code)
                        .ok_or_else(|| Violation::new("precision", "unknown_value"))?,
                };
                if precision == TimePrecision::Unknown {
                    return Ok(When::Unknown);
                }
                Ok(When::Instant { at: instant(at, zone, "at")?, precision })
            }
            Self::Span { from, to } => {
                let (from, to) = (instant(from, zone, "from")?, instant(to, zone, "to")?);
                if to <= from {
                    return Err(Violation::new("to", "not_after_start"));
                }
                Ok(When::Interval { from, to })
            }
            Self::Recurring { hours, weekdays, season } => Ok(When::Recurring {
                hours: hours.as_deref().map_or(Ok(Hours::ALL), Hours::parse)?,
                weekdays: weekdays.as_deref().map_or(Ok(Weekdays::ALL), Weekdays::parse)?,
                seasons: season.as_deref().map_or(Ok(Seasons::ALL), Seasons::parse)?,
            }),
        }
    }
}

/// Reads RFC 3339, or a local date-time or date in `zone`.
///
/// # Errors
/// Violates `field: time_form`.
pub fn instant(text: &str, zone: &TimeZone, field: &str) -> Result<Timestamp, Violation> {
    let wrong = || Violation::new(field, "time_form");
    if let Ok(timestamp) = text.parse::<Timestamp>() {
        return Ok(timestamp);
    }
    let local = text
        .parse::<civil::DateTime>()
        .or_else(|_| text.parse::<civil::Date>().map(|date| date.at(0, 0, 0, 0)));
    let local = local.map_err(|_unreadable| wrong())?;
    local.to_zoned(zone.clone()).map(|zoned| zoned.timestamp()).map_err(|_outside| wrong())
}

/// Free text, trimmed; `None` where nothing is left.
///
/// # Errors
/// Violates `field: too_long` or `field: control_character`.
pub fn text(field: &str, text: Option<&str>) -> Result<Option<String>, Violation> {
    let Some(text) = text.map(str::trim).filter(|text| !text.is_empty()) else { return Ok(None) };
    if text.chars().count() > TEXT_LIMIT {
        return Err(Violation::new(field, "too_long"));
    }
    if text.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t')) {
        return Err(Violation::new(field, "control_character"));
    }
    Ok(Some(text.to_owned()))
}

/// Each code of a list, read by `parse`.
///
/// # Errors
/// Violates `field[n]: unknown_value`.
pub fn codes<T>(
    field: &str,
    codes: &[String],
    parse: impl Fn(&str) -> Option<T>,
) -> Result<Vec<T>, Violation> {
    codes
        .iter()
        .enumerate()
        .map(|(at, code)| {
            parse(code).ok_or_else(|| Violation::new(format!("{field}[{at}]"), "unknown_value"))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stockholm() -> TimeZone {
        TimeZone::get("Europe/Stockholm").unwrap()
    }

    const NOW: &str = "2026-11-22T12:00:00Z";

    fn check(draft: &WhenDraft) -> Result<When, Violation> {
        draft.check(&stockholm(), NOW.parse().unwrap(), Category::Lighting)
    }

    #[test]
    fn a_local_time_is_read_in_the_municipalitys_zone() {
        let at = WhenDraft::At { at: "2026-07-10T22:30".into(), precision: None };
        let expected: Timestamp = "2026-07-10T20:30:00Z".parse().unwrap();
        assert_eq!(check(&at).unwrap().span().0, Some(expected));
    }

    #[test]
    fn a_time_to_come_is_refused_but_not_for_an_event() {
        let at = WhenDraft::At { at: "2026-12-24T15:00:00Z".into(), precision: None };
        assert_eq!(check(&at), Err(Violation::new("when.at", "in_future")));
        assert!(at.check(&stockholm(), NOW.parse().unwrap(), Category::Event).is_ok());
    }

    #[test]
    fn what_is_not_said_about_a_recurring_time_means_always() {
        let evening = WhenDraft::Recurring {
            hours: Some("18-24".into()),
            weekdays: None,
            season: Some("summer".into()),
        };
        let Ok(When::Recurring { hours, weekdays, seasons }) = check(&evening) else {
            panic!("an evening in summer is a recurring time")
        };
        assert_eq!(hours.bits().count_ones(), 6);
        assert_eq!(weekdays, Weekdays::ALL);
        assert_eq!(seasons.codes().collect::<Vec<_>>(), ["summer"]);
    }

    #[test]
    fn a_position_in_a_line_that_is_out_of_range_is_named_by_its_number() {
        let line = PlaceDraft::Line(vec![[11.2, 58.3], [211.0, 58.3]]);
        let broken = line.check(|_| None).unwrap_err();
        assert_eq!(broken, Violation::new("place.line[1].longitude", "out_of_range"));
    }

    #[test]
    fn text_with_a_nul_is_refused_and_blank_text_is_none() {
        assert_eq!(text("text", Some("  \n")), Ok(None));
        assert_eq!(text("text", Some("a\0b")), Err(Violation::new("text", "control_character")));
        let long = "å".repeat(TEXT_LIMIT + 1);
        assert_eq!(text("text", Some(&long)), Err(Violation::new("text", "too_long")));
    }
}

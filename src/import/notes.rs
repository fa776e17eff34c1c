//! The event notes of the Swedish police, as their interface gives them.
//!
//! The time of the event stands in the title without a year (`20 mars 10.14,
//! Trafikolycka, Malmö`), the hour of publication has one digit before ten,
//! and since January 2026 only the title names the municipality. The point is
//! the middle of an area and never a place, so it is left out.

use jiff::ToSpan;
use jiff::civil::Date;
use serde_json::{Map, Value};

const MONTHS: [&str; 12] = [
    "januari",
    "februari",
    "mars",
    "april",
    "maj",
    "juni",
    "juli",
    "augusti",
    "september",
    "oktober",
    "november",
    "december",
];

/// Makes columns of a note: when it was published, when it happened, and where.
/// Of any other object nothing.
pub fn columns(object: &Map<String, Value>) -> Option<Map<String, Value>> {
    let text = |name: &str| object.get(name).and_then(Value::as_str);
    let (published, title, kind) = (text("datetime")?, text("name")?, text("type")?);
    object.get("location")?.get("gps")?;
    let mut columns = Map::new();
    let mut put = |name: &str, value: Option<String>| {
        columns.insert(name.to_owned(), value.map_or(Value::Null, Value::String));
    };
    put("id", object.get("id").map(|id| id.to_string().trim_matches('"').to_owned()));
    put("published_at", padded(published));
    put("occurred_at", occurred(title, published));
    put("type", Some(kind.to_owned()));
    let place = title.rsplit_once(", ").map(|(_, place)| place.trim());
    let county = place.filter(|place| place.ends_with(" län"));
    put("municipality", place.filter(|_| county.is_none()).map(str::to_owned));
    put("county", county.map(str::to_owned));
    put("summary", text("summary").map(str::to_owned));
    Some(columns)
}

/// `2023-03-20 9:19:26 +01:00` as RFC 3339.
fn padded(published: &str) -> Option<String> {
    let mut parts = published.split_whitespace();
    let (day, time, offset) = (parts.next()?, parts.next()?, parts.next()?);
    let zero = if time.find(':') == Some(1) { "0" } else { "" };
    Some(format!("{day}T{zero}{time}{offset}"))
}

/// The time in the title, of the year in which it was published or the one
/// before: nothing is published before it happens.
fn occurred(title: &str, published: &str) -> Option<String> {
    let (when, _) = title.split_once(',')?;
    let mut parts = when.split_whitespace();
    let (day, month, clock) = (parts.next()?, parts.next()?, parts.next()?);
    let month = MONTHS.iter().position(|name| name.eq_ignore_ascii_case(month))?;
    let month = i8::try_from(month + 1).ok()?;
    let published: Date = published.split_whitespace().next()?.parse().ok()?;
    let day: i8 = day.parse().ok()?;
    let of = |year: i16| Date::new(year, month, day).ok();
    let latest = published.checked_add(1.day()).unwrap_or(published);
    let year = published.year();
    let happened = of(year).filter(|at| *at <= latest).or_else(|| of(year - 1))?;
    let (hour, minute) = clock.split_once(['.', ':'])?;
    Some(format!("{happened} {hour:0>2}:{minute}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_year_of_a_note_is_the_one_in_which_it_was_published_or_the_one_before() {
        let at = |title, published| occurred(title, published);
        let new_year = at("31 december 23.50, Brand, Sotenäs", "2026-01-01 0:20:11 +01:00");
        assert_eq!(new_year.as_deref(), Some("2025-12-31 23:50"));
        let unpadded = at("3 mars 9.05, Brand, Sotenäs", "2026-03-03 9:20:11 +01:00");
        assert_eq!(unpadded.as_deref(), Some("2026-03-03 09:05"));
        assert_eq!(at("i natt, Brand, Sotenäs", "2026-03-03 9:20:11 +01:00"), None);
        assert_eq!(padded("2026-03-03 9:20:11 +01:00").unwrap(), "2026-03-03T09:20:11+01:00");
        let leap = at("29 februari 10.00, Brand, Ale", "2024-02-29 10:20:11 +01:00");
        assert_eq!(leap.as_deref(), Some("2024-02-29 10:00"));
    }
}

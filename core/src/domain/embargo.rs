//! An embargo: a place, days or hours that no release may speak of.

use super::{Hours, MunicipalityCode, Position, ReleaseWindow, Violation};
use jiff::Timestamp;

/// Something that is held back: a shelter, a school at night, the days of an
/// investigation. What it says holds all at once; never public.
#[derive(Debug, Clone, PartialEq)]
pub struct Embargo {
    /// Short stable name, 1 to 40 of `[a-z0-9-]`, unique in the municipality.
    pub id: String,
    /// Where it belongs.
    pub municipality: MunicipalityCode,
    /// What staff call it, 1 to 80 characters.
    pub name: String,
    /// A centre and a radius in metres; `None` for everywhere.
    pub place: Option<(Position, f64)>,
    /// Local days; `None` for every day.
    pub days: Option<ReleaseWindow>,
    /// Hours of the day; empty for all.
    pub hours: Hours,
    /// Since when it holds.
    pub since: Timestamp,
    /// When it was lifted; `None` while it holds.
    pub until: Option<Timestamp>,
}

/// Largest radius in metres.
const MOST_M: f64 = 5_000.0;

impl Embargo {
    /// Checks the rules that hold between the fields of an embargo.
    ///
    /// # Errors
    /// Violates `id: code_form`, `name: required` or `too_long`,
    /// `place: required` where neither a place nor days are given,
    /// `place.radiusM: out_of_range` (above 0, at most 5 000) or
    /// `to: not_after_start`.
    pub fn check(&self) -> Result<(), Violation> {
        let plain = |b: u8| matches!(b, b'a'..=b'z' | b'0'..=b'9' | b'-');
        if !(1..=40).contains(&self.id.len()) || !self.id.bytes().all(plain) {
            return Err(Violation::new("id", "code_form"));
        }
        match self.name.trim().chars().count() {
            0 => return Err(Violation::new("name", "required")),
            81.. => return Err(Violation::new("name", "too_long")),
            _ => {}
        }
        if self.place.is_none() && self.days.is_none() {
            return Err(Violation::new("place", "required"));
        }
        let range = |(_, radius_m): (Position, f64)| radius_m > 0.0 && radius_m <= MOST_M;
        if !self.place.is_none_or(range) {
            return Err(Violation::new("place.radiusM", "out_of_range"));
        }
        if self.days.is_some_and(|days| days.to <= days.from) {
            return Err(Violation::new("to", "not_after_start"));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn embargo() -> Embargo {
        Embargo {
            id: "shelter-1".into(),
            municipality: MunicipalityCode::parse("1427").unwrap(),
            name: "A shelter".into(),
            place: Some((Position { longitude: 11.2, latitude: 58.3 }, 200.0)),
            days: None,
            hours: Hours::default(),
            since: Timestamp::UNIX_EPOCH,
            until: None,
        }
    }

    #[test]
    fn an_embargo_of_everything_for_ever_is_refused() {
        assert!(embargo().check().is_ok());
        let everything = Embargo { place: None, ..embargo() };
        assert_eq!(everything.check(), Err(Violation::new("place", "required")));
    }

    #[test]
    fn an_embargo_of_no_ground_or_no_day_is_refused() {
        for radius in [0.0, -1.0, f64::NAN, 5_001.0] {
            let wrong = Embargo { place: embargo().place.map(|(at, _)| (at, radius)), ..embargo() };
            assert_eq!(wrong.check(), Err(Violation::new("place.radiusM", "out_of_range")));
        }
        let day = jiff::civil::date(2026, 5, 1);
        let wrong = Embargo { days: Some(ReleaseWindow { from: day, to: day }), ..embargo() };
        assert_eq!(wrong.check(), Err(Violation::new("to", "not_after_start")));
    }
}

//! A wish for a stop: somebody on patrol knows why a unit should come by.

use super::{Id, MunicipalityCode, Position, Role, Violation, Visit};
use jiff::{Span, Timestamp, civil::Date};

/// Longest note in characters.
const NOTE_LIMIT: usize = 500;
/// Days ahead at most, after which whoever still wishes says so again.
const MOST_DAYS: i64 = 90;

/// A wish for a stop in the plans to come.
#[derive(Debug, Clone, PartialEq)]
pub struct StopWish {
    /// Identity.
    pub id: Id,
    /// Where it belongs.
    pub municipality: MunicipalityCode,
    /// Code of the unit that wishes, never a name.
    pub unit: String,
    /// Where.
    pub at: Position,
    /// What people call the place.
    pub name: String,
    /// Why, 1 to 500 characters; of the place, never of persons.
    pub note: String,
    /// The last local day on which it counts.
    pub until: Date,
    /// When it was made.
    pub made_at: Timestamp,
    /// In which role; who it was stands in the audit log alone.
    pub by: Role,
}

impl StopWish {
    /// Checks it on the local day `today`.
    ///
    /// # Errors
    /// Violates `unit: code_form`, `note: required` or `too_long`, `until:
    /// out_of_range`.
    pub fn check(&self, today: Date) -> Result<(), Violation> {
        Visit::check_unit(&self.unit)?;
        match self.note.chars().count() {
            0 => return Err(Violation::new("note", "required")),
            count if count > NOTE_LIMIT => return Err(Violation::new("note", "too_long")),
            _ => {}
        }
        let last = today.checked_add(Span::new().days(MOST_DAYS));
        if self.until < today || last.is_ok_and(|last| self.until > last) {
            return Err(Violation::new("until", "out_of_range"));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn a_wish_names_a_unit_a_reason_and_a_last_day_within_three_months() {
        let today = date(2026, 11, 22);
        let wish = StopWish {
            id: Id::from_bits(1),
            municipality: MunicipalityCode::parse("1427").unwrap(),
            unit: "OP-1".to_owned(),
            at: Position { longitude: 11.2, latitude: 58.3 },
            name: "Malmön".to_owned(),
            note: "Bryggan efter stängning".to_owned(),
            until: today,
            made_at: Timestamp::UNIX_EPOCH,
            by: Role::Officer,
        };
        assert_eq!(wish.check(today), Ok(()));
        let broken = |wish: StopWish| wish.check(today).unwrap_err();
        let named = StopWish { unit: "Anna Ek".to_owned(), ..wish.clone() };
        assert_eq!(broken(named), Violation::new("unit", "code_form"));
        let silent = StopWish { note: String::new(), ..wish.clone() };
        assert_eq!(broken(silent), Violation::new("note", "required"));
        let long = StopWish { note: "a".repeat(501), ..wish.clone() };
        assert_eq!(broken(long), Violation::new("note", "too_long"));
        let past = StopWish { until: date(2026, 11, 21), ..wish.clone() };
        assert_eq!(broken(past), Violation::new("until", "out_of_range"));
        let far = StopWish { until: date(2027, 3, 1), ..wish };
        assert_eq!(broken(far), Violation::new("until", "out_of_range"));
    }
}

//! Presence of the police as it is told from outside a log: visits and minutes
//! per district and week, typed, imported, or from a signed summary.

use super::{DistrictCode, MunicipalityCode, Violation};
use jiff::civil::{Date, Weekday};

super::code::code_enum! {
    /// Who says so. A later one of the list is believed before an earlier one.
    pub enum PresenceSource {
        /// A coordinator has typed it.
        Typed = "typed",
        /// It was imported from a file.
        Imported = "imported",
        /// The police context has signed it.
        Summary = "summary",
    }
}

/// Visits and minutes of the police in one district and week.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PresenceWeek {
    /// The municipality.
    pub municipality: MunicipalityCode,
    /// The district.
    pub district: DistrictCode,
    /// The Monday on which the week begins.
    pub week: Date,
    /// Who says so.
    pub source: PresenceSource,
    /// Visits.
    pub visits: u32,
    /// Minutes.
    pub minutes: u32,
}

/// Most visits that a district can have in a week, and most minutes of one:
/// beyond it somebody has mistyped.
const MOST_VISITS: u32 = 1_000;
const MOST_MINUTES_EACH: u32 = 24 * 60;

impl PresenceWeek {
    /// Checks the week against `today` and the numbers against each other.
    ///
    /// # Errors
    /// Naming the field and the rule.
    pub fn check(&self, today: Date) -> Result<(), Violation> {
        if self.week.weekday() != Weekday::Monday {
            return Err(Violation::new("week", "not_monday"));
        }
        if self.week > today {
            return Err(Violation::new("week", "in_future"));
        }
        if self.visits > MOST_VISITS {
            return Err(Violation::new("visits", "out_of_range"));
        }
        if self.minutes > self.visits.saturating_mul(MOST_MINUTES_EACH) {
            return Err(Violation::new("minutes", "out_of_range"));
        }
        Ok(())
    }
}

/// The Monday of the week that `day` is in.
#[must_use]
pub fn monday_of(day: Date) -> Date {
    let since = i64::from(day.weekday().to_monday_zero_offset());
    day.checked_sub(jiff::Span::new().days(since)).unwrap_or(day)
}

/// Of what several sources say about one district and week, what is believed:
/// the latest of [`PresenceSource`]. `weeks` that `logged` names are left out:
/// the log of the police knows them better.
#[must_use]
pub fn believed(weeks: Vec<PresenceWeek>, logged: impl Fn(Date) -> bool) -> Vec<PresenceWeek> {
    let mut best: std::collections::BTreeMap<(String, Date), PresenceWeek> =
        std::collections::BTreeMap::new();
    for week in weeks.into_iter().filter(|week| !logged(week.week)) {
        let key = (week.district.0.clone(), week.week);
        match best.get(&key) {
            Some(known) if known.source >= week.source => {}
            _ => {
                best.insert(key, week);
            }
        }
    }
    best.into_values().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn week(source: PresenceSource, visits: u32, minutes: u32) -> PresenceWeek {
        PresenceWeek {
            municipality: MunicipalityCode::parse("1427").unwrap(),
            district: DistrictCode("a".into()),
            week: date(2026, 11, 16),
            source,
            visits,
            minutes,
        }
    }

    #[test]
    fn a_week_begins_on_monday_and_is_not_to_come() {
        let told = week(PresenceSource::Typed, 2, 40);
        assert!(told.check(date(2026, 11, 22)).is_ok());
        assert_eq!(told.check(date(2026, 11, 15)).unwrap_err().rule, "in_future");
        let sunday = PresenceWeek { week: date(2026, 11, 15), ..told.clone() };
        assert_eq!(sunday.check(date(2026, 11, 22)).unwrap_err().rule, "not_monday");
        assert_eq!(monday_of(date(2026, 11, 22)), date(2026, 11, 16));
        assert_eq!(monday_of(date(2026, 11, 16)), date(2026, 11, 16));
    }

    #[test]
    fn minutes_without_visits_are_a_slip() {
        let today = date(2026, 11, 22);
        assert_eq!(week(PresenceSource::Typed, 0, 5).check(today).unwrap_err().field, "minutes");
        assert!(week(PresenceSource::Typed, 0, 0).check(today).is_ok());
        assert!(week(PresenceSource::Typed, 1, 24 * 60 + 1).check(today).is_err());
        assert_eq!(week(PresenceSource::Typed, 1001, 5).check(today).unwrap_err().field, "visits");
    }

    #[test]
    fn one_source_a_week_is_believed_and_the_log_before_all() {
        let weeks = vec![
            week(PresenceSource::Summary, 3, 60),
            week(PresenceSource::Typed, 9, 90),
            week(PresenceSource::Imported, 5, 50),
        ];
        let told = believed(weeks.clone(), |_| false);
        assert_eq!(told, [week(PresenceSource::Summary, 3, 60)]);
        assert!(believed(weeks, |_| true).is_empty());
    }
}

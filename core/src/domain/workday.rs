//! Working days, by which an answer is due.

use jiff::{ToSpan, civil::Date, civil::Weekday};

/// The days on which Swedish authorities are closed beside weekends: public
/// holidays (lag 1989:253) and the eves of midsummer, Christmas and New Year.
fn is_holiday(day: Date) -> bool {
    let fixed =
        matches!((day.month(), day.day()), (1, 1 | 6) | (5, 1) | (6, 6) | (12, 24..=26 | 31));
    // Midsummer Eve is the Friday from 19 to 25 June.
    let midsummer =
        day.month() == 6 && (19..=25).contains(&day.day()) && day.weekday() == Weekday::Friday;
    let easter = easter(day.year());
    // Good Friday, Easter Monday, Ascension Day.
    let moving = [-2, 1, 39].map(|days: i64| easter.saturating_add(days.days()));
    fixed || midsummer || moving.contains(&day)
}

/// Easter Sunday of the Gregorian calendar (Oudin, 1940).
fn easter(year: i16) -> Date {
    let year = i32::from(year);
    let (century, golden) = (year / 100, year % 19);
    let skew = (century - 17) / 25;
    let moon = (century - century / 4 - (century - skew) / 3 + 19 * golden + 15) % 30;
    let late = moon / 28;
    let moon = moon - late * (1 - late * (29 / (moon + 1)) * ((21 - golden) / 11));
    let weekday = (year + year / 4 + moon + 2 - century + century / 4) % 7;
    let days = moon - weekday;
    let month = 3 + (days + 40) / 44;
    let narrow = |number: i32| i8::try_from(number).unwrap_or(1);
    let day = narrow(days + 28 - 31 * (month / 4));
    i16::try_from(year)
        .map_or(Date::ZERO, |year| Date::new(year, narrow(month), day).unwrap_or(Date::ZERO))
}

/// Whether offices are open on `day`.
#[must_use]
pub fn is_working_day(day: Date) -> bool {
    !matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday) && !is_holiday(day)
}

/// How many whole working days lie after `from` up to and with `to`; 0 where
/// `to` is not later. Costs one step a day.
#[must_use]
pub fn working_days(from: Date, to: Date) -> u32 {
    let mut days = 0;
    let mut day = from;
    while day < to {
        day = day.saturating_add(1.day());
        days += u32::from(is_working_day(day));
    }
    days
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn a_week_has_five_working_days() {
        assert_eq!(working_days(date(2026, 11, 20), date(2026, 11, 27)), 5);
        assert_eq!(working_days(date(2026, 11, 21), date(2026, 11, 22)), 0);
        assert_eq!(working_days(date(2026, 11, 22), date(2026, 11, 20)), 0);
    }

    #[test]
    fn holidays_of_the_almanac_are_no_working_days() {
        // Easter 2026 is 5 April, 2027 is 28 March; Midsummer Eve 2026 is 19 June.
        for day in [
            date(2026, 4, 3),
            date(2026, 4, 6),
            date(2026, 5, 14),
            date(2027, 3, 26),
            date(2026, 6, 19),
            date(2026, 12, 24),
            date(2026, 12, 25),
            date(2027, 1, 6),
        ] {
            assert!(!is_working_day(day), "{day}");
        }
        for day in [date(2026, 4, 2), date(2026, 6, 26), date(2026, 12, 23), date(2026, 5, 15)] {
            assert!(is_working_day(day), "{day}");
        }
    }
}

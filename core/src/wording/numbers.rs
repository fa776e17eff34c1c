//! Personal numbers: their day and their check digit.

use jiff::civil::Date;

/// Whether ten digits (year without century, month, day, four more) are those
/// of a personnummer, or with the day raised by 60 of a samordningsnummer:
/// a day of the calendar and, where `checked`, the check digit.
///
/// The check digit is the one of Luhn (1960), as Skatteverket uses it.
pub(super) fn is_personal(digits: &[u8], checked: bool) -> bool {
    let [y1, y2, m1, m2, d1, d2, ..] = *digits else { return false };
    let pair = |tens: u8, ones: u8| i8::try_from(tens * 10 + ones).unwrap_or(i8::MAX);
    let (year, month, day) = (pair(y1, y2), pair(m1, m2), pair(d1, d2));
    let day = if day > 60 { day - 60 } else { day };
    // 2000 has the leap day that some year of that number may have had.
    let year = if year % 4 == 0 { 2000 } else { 2001 };
    Date::new(year, month, day).is_ok() && (!checked || luhn(digits))
}

fn luhn(digits: &[u8]) -> bool {
    let weighed = digits.iter().enumerate().map(|(at, digit)| {
        let twice = digit * (2 - u8::from(at % 2 == 1));
        u32::from(twice / 10 + twice % 10)
    });
    weighed.sum::<u32>().is_multiple_of(10)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn digits(text: &str) -> Vec<u8> {
        text.bytes().map(|byte| byte - b'0').collect()
    }

    #[test]
    fn the_day_and_the_check_digit_must_hold() {
        assert!(!is_personal(&digits("8513129805"), false), "there is no month 13");
        assert!(!is_personal(&digits("8502309805"), false), "there is no 30 February");
        assert!(is_personal(&digits("8002299805"), false), "1980 had a leap day");
    }

    #[test]
    fn one_wrong_digit_breaks_the_check() {
        let right = (0..10).map(|last| format!("850312980{last}"));
        let found: Vec<String> = right.filter(|n| is_personal(&digits(n), true)).collect();
        assert_eq!(found.len(), 1);
        let raised = found[0].replacen("850312", "850372", 1);
        let own = (0..10).map(|last| format!("{}{last}", &raised[..9]));
        assert_eq!(own.filter(|n| is_personal(&digits(n), true)).count(), 1);
    }
}

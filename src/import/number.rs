//! Numbers as people and spreadsheets write them.

/// Parses a number with a decimal point or comma and with spaces between its
/// groups: `11.25`, `11,25`, `6 474 123,5`. Of two kinds of separators the
/// last is the decimal one.
///
/// # Errors
/// `not_a_number`, or `not_finite` for `NaN`, infinities and 1e400.
pub fn parse(text: &str) -> Result<f64, &'static str> {
    let point = text.rfind('.');
    let comma = text.rfind(',');
    let mut plain = String::with_capacity(text.len());
    for (at, c) in text.char_indices() {
        match c {
            '.' | ',' if Some(at) == point.max(comma) => plain.push('.'),
            '.' | ',' if point.is_some() && comma.is_some() => {}
            '\u{2212}' => plain.push('-'),
            c if c.is_whitespace() || c == '\u{202f}' => {}
            c => plain.push(c),
        }
    }
    let number: f64 = plain.parse().map_err(|_error: std::num::ParseFloatError| "not_a_number")?;
    if number.is_finite() { Ok(number) } else { Err("not_finite") }
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn a_decimal_comma_is_a_decimal_point() {
        assert_eq!(parse("11,24941"), Ok(11.24941));
        assert_eq!(parse("6 474 123,5"), Ok(6_474_123.5));
        assert_eq!(parse("6.474.123,5"), Ok(6_474_123.5));
        assert_eq!(parse("1,234.5"), Ok(1234.5));
        assert_eq!(parse("\u{2212}0.5"), Ok(-0.5));
    }

    #[test]
    fn what_is_no_finite_number_says_so() {
        assert_eq!(parse("NaN"), Err("not_finite"));
        assert_eq!(parse("1e400"), Err("not_finite"));
        assert_eq!(parse("-inf"), Err("not_finite"));
        assert_eq!(parse("58°"), Err("not_a_number"));
        assert_eq!(parse("1.2.3"), Err("not_a_number"));
    }
}

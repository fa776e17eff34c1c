//! Numbers and texts as JSON writes them, without an allocation.

use std::io::Write as _;

/// Writes `value` with at most `decimals` (0 to 9) digits after the point and
/// no trailing zeros. A value that is not finite is `null`.
pub fn decimal(out: &mut Vec<u8>, value: f64, decimals: u32) {
    let scale = 10_u64.pow(decimals);
    #[expect(clippy::cast_precision_loss, reason = "a power of ten up to 1e9 is exact")]
    let scaled = (value.abs() * scale as f64).round();
    if !scaled.is_finite() || scaled >= 9e15 {
        return float(out, value);
    }
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "not negative, whole and below 9e15"
    )]
    let scaled = scaled as u64;
    if value < 0.0 && scaled != 0 {
        out.push(b'-');
    }
    whole(out, scaled / scale);
    fraction(out, scaled % scale, decimals);
}

fn fraction(out: &mut Vec<u8>, mut rest: u64, decimals: u32) {
    if rest == 0 {
        return;
    }
    let mut digits = decimals as usize;
    while rest.is_multiple_of(10) {
        rest /= 10;
        digits -= 1;
    }
    out.push(b'.');
    let start = out.len();
    out.resize(start + digits, b'0');
    for at in (start..start + digits).rev() {
        out[at] = digit(rest);
        rest /= 10;
    }
}

/// Writes a whole number.
pub fn whole(out: &mut Vec<u8>, mut value: u64) {
    let mut digits = [0_u8; 20];
    let mut at = digits.len();
    loop {
        at -= 1;
        digits[at] = digit(value);
        value /= 10;
        if value == 0 {
            break;
        }
    }
    out.extend_from_slice(&digits[at..]);
}

/// Writes a whole number that may be negative.
pub fn signed(out: &mut Vec<u8>, value: i64) {
    if value < 0 {
        out.push(b'-');
    }
    whole(out, value.unsigned_abs());
}

/// Writes the shortest text that reads back as `value`; `null` unless finite.
pub fn float(out: &mut Vec<u8>, value: f64) {
    if value.is_finite() {
        // Writing to a vector cannot fail.
        let _ = write!(out, "{value}");
    } else {
        out.extend_from_slice(b"null");
    }
}

const fn digit(value: u64) -> u8 {
    b'0' + (value % 10) as u8
}

/// Writes `text` as a JSON string.
pub fn string(out: &mut Vec<u8>, text: &str) {
    out.push(b'"');
    let bytes = text.as_bytes();
    let mut clean = 0;
    for (at, byte) in bytes.iter().enumerate() {
        if !matches!(byte, b'"' | b'\\' | 0..=0x1f) {
            continue;
        }
        out.extend_from_slice(&bytes[clean..at]);
        clean = at + 1;
        match byte {
            b'"' => out.extend_from_slice(b"\\\""),
            b'\\' => out.extend_from_slice(b"\\\\"),
            b'\n' => out.extend_from_slice(b"\\n"),
            other => {
                let _ = write!(out, "\\u{other:04x}");
            }
        }
    }
    out.extend_from_slice(&bytes[clean..]);
    out.push(b'"');
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn written(value: f64, decimals: u32) -> String {
        let mut out = Vec::new();
        decimal(&mut out, value, decimals);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn a_coordinate_has_no_more_than_seven_decimals_and_no_trailing_zeros() {
        assert_eq!(written(11.249_407_04, 7), "11.249407");
        assert_eq!(written(-0.000_000_05, 7), "-0.0000001");
        assert_eq!(written(-0.000_000_01, 7), "0");
        assert_eq!(written(58.0, 7), "58");
        assert_eq!(written(10.05, 7), "10.05");
        assert_eq!(written(0.5, 0), "1");
        assert_eq!(written(f64::NAN, 7), "null");
        assert_eq!(written(1e300, 7).len(), 301);
    }

    proptest! {
        #[test]
        fn a_decimal_reads_back_within_half_its_last_digit(value in -180.0..180.0_f64) {
            let read: f64 = written(value, 7).parse().unwrap();
            prop_assert!((read - value).abs() <= 0.500_001e-7);
        }

        #[test]
        fn a_string_reads_back_as_it_was(text in any::<String>()) {
            let mut out = Vec::new();
            string(&mut out, &text);
            prop_assert_eq!(serde_json::from_slice::<String>(&out).unwrap(), text);
        }

        #[test]
        fn a_whole_number_reads_back_as_it_was(value in any::<i64>()) {
            let mut out = Vec::new();
            signed(&mut out, value);
            prop_assert_eq!(String::from_utf8(out).unwrap(), value.to_string());
        }
    }
}

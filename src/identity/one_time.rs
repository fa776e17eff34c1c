//! One-time codes by the clock (RFC 6238), and recovery codes for the day that
//! the phone is lost.

use super::IdentityError;
use super::mac::sha256_hex;
use data_encoding::{BASE32_NOPAD, Specification};
use totp_rs::{Builder, Totp};

/// Random bytes of a one-time secret; RFC 4226 asks for 160 bits.
pub const ONE_TIME_BYTES: usize = 20;
/// Recovery codes that are handed out at once.
pub const RECOVERY_CODES: usize = 10;
/// Random bytes of a recovery code: 80 bits, so that a plain hash keeps it.
pub const RECOVERY_BYTES: usize = 10;

/// The secret behind somebody's one-time codes.
pub struct OneTime(Totp);

impl OneTime {
    /// Of this secret; `name` and `installation` are what the authenticator
    /// shows.
    ///
    /// # Errors
    /// For a secret of less than 128 bits.
    pub fn new(secret: &[u8], name: &str, installation: &str) -> Result<Self, IdentityError> {
        let plain = |text: &str| text.replace(':', " ");
        Builder::new()
            .with_secret(secret.to_vec())
            .with_account_name(plain(name))
            .with_issuer(Some(plain(installation)))
            .with_skew(1)
            .build()
            .map(Self)
            .map_err(|fault| IdentityError::OneTime(fault.to_string()))
    }

    /// The step of time whose code this is, at `second` of the epoch or one
    /// step beside it; `None` for any other text. A step may be accepted once:
    /// the caller remembers.
    pub fn step_of(&self, code: &str, second: i64) -> Option<i64> {
        let digits: String = code.chars().filter(|c| !c.is_whitespace()).collect();
        let step = self.0.check(&digits, u64::try_from(second).ok()?)?;
        i64::try_from(step).ok()
    }

    /// The code at `second` of the epoch, as an authenticator shows it.
    pub fn code_at(&self, second: i64) -> String {
        self.0.generate(u64::try_from(second).unwrap_or(0)).to_string()
    }

    /// What an authenticator reads as a picture of squares.
    ///
    /// # Errors
    /// For a user without a name.
    pub fn address(&self) -> Result<String, IdentityError> {
        self.0.to_url().map_err(|fault| IdentityError::OneTime(fault.to_string()))
    }
}

/// The secret as it is typed where no camera is at hand: groups of four.
pub fn write_one_time_secret(secret: &[u8]) -> String {
    grouped(&BASE32_NOPAD.encode(secret))
}

/// Writes random bytes as a recovery code: `abcd-efgh-…`, without the letters
/// that are taken for digits.
pub fn write_recovery_code(random: &[u8; RECOVERY_BYTES]) -> String {
    grouped(&letters().encode(random)).replace(' ', "-")
}

/// What is stored of a recovery code, however it is typed; `None` where it
/// cannot be one.
pub fn hash_recovery_code(typed: &str) -> Option<String> {
    let plain: String =
        typed.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_lowercase();
    let bytes = letters().decode(plain.as_bytes()).ok()?;
    (bytes.len() == RECOVERY_BYTES).then(|| sha256_hex(&plain))
}

fn letters() -> data_encoding::Encoding {
    let mut letters = Specification::new();
    letters.symbols.push_str("23456789abcdefghijkmnpqrstuvwxyz");
    letters.encoding().unwrap_or(BASE32_NOPAD)
}

fn grouped(text: &str) -> String {
    let bytes: Vec<&str> =
        text.as_bytes().chunks(4).filter_map(|part| std::str::from_utf8(part).ok()).collect();
    bytes.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_those_of_rfc_6238() {
        // Appendix B, SHA-1, cut to six digits.
        let code = OneTime::new(b"12345678901234567890", "a", "Fyren").unwrap();
        for (second, expected) in
            [(59, "287082"), (1_111_111_109, "081804"), (20_000_000_000, "353130")]
        {
            assert_eq!(code.code_at(second), expected);
            assert_eq!(code.step_of(expected, second), Some(second / 30));
        }
    }

    #[test]
    fn a_code_holds_one_step_to_each_side_and_says_which_step_it_is() {
        let code = OneTime::new(&[7; ONE_TIME_BYTES], "a", "Fyren").unwrap();
        let shown = code.code_at(3000);
        assert_eq!(code.step_of(&shown, 3029), Some(100));
        assert_eq!(code.step_of(&shown, 3059), Some(100));
        assert_eq!(code.step_of(&shown, 3060), None);
        assert_eq!(code.step_of(&shown, 2969), None);
        assert_eq!(code.step_of("", 3000), None);
        assert_eq!(code.step_of("12345", 3000), None);
    }

    #[test]
    fn an_authenticator_is_told_who_and_where() {
        let code = OneTime::new(&[7; ONE_TIME_BYTES], "planner: west", "Fyren").unwrap();
        let address = code.address().unwrap();
        assert!(address.starts_with("otpauth://totp/Fyren:planner"), "{address}");
        assert!(address.contains("issuer=Fyren"), "{address}");
    }

    #[test]
    fn a_recovery_code_is_understood_however_it_is_typed() {
        let code = write_recovery_code(&[200; RECOVERY_BYTES]);
        assert_eq!(code.len(), 19, "{code}");
        let hash = hash_recovery_code(&code).unwrap();
        assert_eq!(hash_recovery_code(&code.to_uppercase().replace('-', " ")).unwrap(), hash);
        assert_ne!(hash_recovery_code(&write_recovery_code(&[201; 10])).unwrap(), hash);
        for nonsense in ["", "123456", "abcd-efgh", "l0l0-l0l0-l0l0-l0l0"] {
            assert_eq!(hash_recovery_code(nonsense), None, "{nonsense}");
        }
    }
}

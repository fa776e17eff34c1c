//! Identities: newtypes, so that no two kinds can be mixed up.

use super::Violation;

/// A random 128-bit identity, written as 32 lower-case hexadecimal digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Id(u128);

impl Id {
    /// The identity with these bits.
    #[must_use]
    pub const fn from_bits(bits: u128) -> Self {
        Self(bits)
    }

    /// The bits of this identity.
    #[must_use]
    pub const fn bits(self) -> u128 {
        self.0
    }

    /// Parses exactly 32 lower-case hexadecimal digits.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let plain =
            text.len() == 32 && text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
        if plain { u128::from_str_radix(text, 16).ok().map(Self) } else { None }
    }
}

impl std::fmt::Display for Id {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:032x}", self.0)
    }
}

/// Position of a change in the feed of one municipality and context: gapless,
/// in commit order, starting at 1. Zero means "before the first change".
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct Seq(pub i64);

/// Who counts as one source: the first 63 bits of an HMAC of a browser token,
/// of a trained reporter's organisation or of a unit; random for a report
/// without any. Linkable to nobody.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SourceTag(i64);

impl SourceTag {
    /// The tag made of the low 63 bits of `bits`, never negative.
    #[must_use]
    pub const fn from_bits(bits: u64) -> Self {
        Self((bits >> 1).cast_signed())
    }

    /// The tag as it is stored, or `None` for a negative number.
    #[must_use]
    pub const fn from_stored(value: i64) -> Option<Self> {
        if value < 0 { None } else { Some(Self(value)) }
    }

    /// The tag as a number from 0 to 2^63 - 1.
    #[must_use]
    pub const fn value(self) -> i64 {
        self.0
    }
}

/// Code of a municipality, also its slug in addresses: 2 to 32 of `[a-z0-9-]`
/// (the four digits of Statistics Sweden within Sweden).
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct MunicipalityCode(String);

impl MunicipalityCode {
    /// Checks the form of a code.
    ///
    /// # Errors
    /// Violates `municipality: code_form` unless it is 2 to 32 of `[a-z0-9-]`.
    pub fn parse(code: &str) -> Result<Self, Violation> {
        let good = (2..=32).contains(&code.len())
            && code.bytes().all(|b| matches!(b, b'a'..=b'z' | b'0'..=b'9' | b'-'));
        if good {
            Ok(Self(code.to_owned()))
        } else {
            Err(Violation::new("municipality", "code_form"))
        }
    }

    /// The code as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Display for MunicipalityCode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

/// Code of a district within a municipality, such as `109051`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct DistrictCode(pub String);

impl std::fmt::Display for DistrictCode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

/// Identity of a named place in a municipality's gazetteer.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct LocalityId(pub String);

impl std::fmt::Display for LocalityId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_survives_being_written_and_parsed() {
        let id = Id::from_bits(0x0123_4567_89ab_cdef_0000_0000_0000_0001);
        assert_eq!(Id::parse(&id.to_string()), Some(id));
    }

    #[test]
    fn an_id_with_a_sign_or_capitals_is_refused() {
        assert_eq!(Id::parse("+123456789abcdef0000000000000001f"), None);
        assert_eq!(Id::parse("0123456789ABCDEF0000000000000001"), None);
    }

    #[test]
    fn a_code_with_a_slash_or_of_one_letter_is_refused() {
        assert!(MunicipalityCode::parse("1427").is_ok());
        assert!(MunicipalityCode::parse("a").is_err());
        assert!(MunicipalityCode::parse("../x").is_err());
    }
}

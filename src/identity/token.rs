//! Tokens of programs and sessions: 256 random bits, stored as their hash.

use super::mac::sha256_hex;
use data_encoding::BASE64URL_NOPAD;
use subtle::ConstantTimeEq;

/// How many random bytes a token is made of.
pub const TOKEN_BYTES: usize = 32;

/// Writes random bytes as a token: 43 of `[A-Za-z0-9_-]`.
pub fn write_token(random: &[u8; TOKEN_BYTES]) -> String {
    BASE64URL_NOPAD.encode(random)
}

/// What is stored of a token, and looked up when it is shown: 64 hexadecimal
/// digits of SHA-256.
pub fn hash_token(token: &str) -> String {
    sha256_hex(token)
}

/// Whether two secrets are equal, in a time that does not tell where they
/// differ (it does tell whether their lengths do).
pub fn same_secret(left: &str, right: &str) -> bool {
    left.as_bytes().ct_eq(right.as_bytes()).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_stands_in_a_header_as_it_is() {
        let token = write_token(&[0xfb; TOKEN_BYTES]);
        assert_eq!(token.len(), 43);
        assert!(token.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_'));
    }

    #[test]
    fn secrets_are_the_same_only_whole() {
        assert!(same_secret("abc", "abc"));
        assert!(!same_secret("abc", "abd"));
        assert!(!same_secret("abc", "ab"));
        assert!(!same_secret("", "a"));
    }
}

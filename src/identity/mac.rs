//! One keyed hash with labels, under every code, tag and stored hash.

use data_encoding::HEXLOWER;
use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};

/// A secret key of 256 bits.
pub(super) type Key = [u8; 32];

/// HMAC-SHA256 (RFC 2104) of `parts` under `key`. Each part is preceded by its
/// length, so that no two lists of parts give the same message, and `label`
/// keeps the uses of one key apart.
pub(super) fn mac(key: &Key, label: &str, parts: &[&[u8]]) -> [u8; 32] {
    // A key shorter than a block is filled up with zeros.
    let mut block = [0; 64];
    block[..key.len()].copy_from_slice(key);
    let mut mac = Hmac::<Sha256>::new(&block.into());
    for part in std::iter::once(label.as_bytes()).chain(parts.iter().copied()) {
        mac.update(&(part.len() as u64).to_be_bytes());
        mac.update(part);
    }
    mac.finalize().into_bytes().into()
}

/// The same as 64 lower-case hexadecimal digits, as hashes are stored.
pub(super) fn mac_hex(key: &Key, label: &str, parts: &[&[u8]]) -> String {
    HEXLOWER.encode(&mac(key, label, parts))
}

/// SHA-256 of `text` as 64 lower-case hexadecimal digits: enough for what has
/// at least 128 random bits, and for nothing else.
pub(super) fn sha256_hex(text: &str) -> String {
    HEXLOWER.encode(&Sha256::digest(text.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moving_a_letter_from_one_part_to_the_next_gives_another_hash() {
        let key = [7; 32];
        assert_ne!(mac(&key, "a", &[b"bc", b"d"]), mac(&key, "a", &[b"b", b"cd"]));
        assert_ne!(mac(&key, "a", &[b"bc"]), mac(&key, "ab", &[b"c"]));
        assert_ne!(mac(&key, "a", &[b"b", b""]), mac(&key, "a", &[b"b"]));
    }

    #[test]
    fn the_keyed_hash_is_hmac_sha_256() {
        // Computed with Python's hmac module: one labelled part of no bytes.
        let expected = "12fb2e54189bcde3c1543c47555e35ca281cadee0bdb88eb907bb665f82d7b02";
        assert_eq!(mac_hex(&[11; 32], "l", &[b""]), expected);
    }

    #[test]
    fn the_plain_hash_is_sha_256() {
        // FIPS 180-2, appendix B.1.
        let expected = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(sha256_hex("abc"), expected);
    }
}

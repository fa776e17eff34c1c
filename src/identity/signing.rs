//! Signing what leaves for another installation: Ed25519 (RFC 8032).

use super::mac::mac;
use super::{IdentityError, Secrets};
use data_encoding::HEXLOWER;
use ring::signature::{ED25519, Ed25519KeyPair, KeyPair, UnparsedPublicKey};

/// A public key and a signature under it, both in hexadecimal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signature {
    /// Who has signed: 64 digits.
    pub key: String,
    /// The signature: 128 digits.
    pub signature: String,
}

impl Secrets {
    /// The public key of what this installation signs: 64 hexadecimal digits.
    ///
    /// # Errors
    /// Never with a key of 32 bytes.
    pub fn signing_key(&self) -> Result<String, IdentityError> {
        Ok(HEXLOWER.encode(self.pair()?.public_key().as_ref()))
    }

    /// Signs `message` for one `use_`, so that it means nothing for another.
    ///
    /// # Errors
    /// Never with a key of 32 bytes.
    pub fn sign(&self, use_: &str, message: &[u8]) -> Result<Signature, IdentityError> {
        let pair = self.pair()?;
        Ok(Signature {
            key: HEXLOWER.encode(pair.public_key().as_ref()),
            signature: HEXLOWER.encode(pair.sign(&framed(use_, message)).as_ref()),
        })
    }

    fn pair(&self) -> Result<Ed25519KeyPair, IdentityError> {
        let seed = mac(self.server(), "signing key", &[]);
        Ed25519KeyPair::from_seed_unchecked(&seed)
            .map_err(|fault| IdentityError::Signature(fault.to_string()))
    }
}

/// Whether `signature` is one of `message` for this `use_` under its key.
pub fn is_signed(use_: &str, message: &[u8], signature: &Signature) -> bool {
    let bytes = |text: &str| HEXLOWER.decode(text.as_bytes()).ok();
    bytes(&signature.key).zip(bytes(&signature.signature)).is_some_and(|(key, signed)| {
        UnparsedPublicKey::new(&ED25519, key).verify(&framed(use_, message), &signed).is_ok()
    })
}

fn framed(use_: &str, message: &[u8]) -> Vec<u8> {
    [use_.as_bytes(), b"\n", message].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_very_message_for_the_very_use_is_signed() {
        let secrets = Secrets::from_keys([1; 32], 2026, [2; 32]);
        let signature = secrets.sign("summary", b"content").unwrap();
        assert_eq!(signature.key, secrets.signing_key().unwrap());
        assert!(is_signed("summary", b"content", &signature));
        assert!(!is_signed("summary", b"Content", &signature));
        assert!(!is_signed("other", b"content", &signature));
        let other = Secrets::from_keys([3; 32], 2026, [2; 32]);
        let forged = Signature { key: other.signing_key().unwrap(), ..signature.clone() };
        assert!(!is_signed("summary", b"content", &forged));
        let damaged =
            Signature { signature: signature.signature.replace(['0', '1'], "2"), ..signature };
        assert!(!is_signed("summary", b"content", &damaged));
    }

    #[test]
    fn an_installation_signs_with_one_key_over_the_years() {
        let this_year = Secrets::from_keys([1; 32], 2026, [2; 32]);
        let next_year = Secrets::from_keys([1; 32], 2027, [9; 32]);
        assert_eq!(this_year.signing_key().unwrap(), next_year.signing_key().unwrap());
    }
}

//! Passwords: argon2id (Biryukov, Dinu and Khovratovich, 2016; RFC 9106).

use argon2::password_hash::{PasswordHasher as _, PasswordVerifier as _, phc::PasswordHash};
use argon2::{Algorithm, Argon2, Params, Version};

/// A hash that no password fits. Checking against it costs what checking any
/// other costs, so that an unknown name cannot be told from a wrong password
/// by the time that the answer takes.
pub const NOBODY: &str = "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// Why somebody's proof could not be made or believed.
#[derive(Debug, thiserror::Error)]
pub enum IdentityError {
    /// The secret or the name of one-time codes does not fit.
    #[error("one-time codes: {0}")]
    OneTime(String),
    /// The passkey is not what it claims, or cannot be read.
    #[error("passkey: {0}")]
    Passkey(String),
    /// A key cannot sign.
    #[error("signing: {0}")]
    Signature(String),
    /// The identity provider cannot be reached, or what it says does not hold.
    #[error("identity provider: {0}")]
    Provider(String),
    /// The hash function refused its input.
    #[error("the password cannot be hashed: {0}")]
    Hash(#[from] argon2::password_hash::Error),
}

/// Hashes `password` with 19 MiB, two passes and one lane, as a PHC string
/// that carries its salt and parameters.
///
/// `salt` must be fresh random bytes. Costs about 20 ms of one core: call it
/// where it blocks nobody.
///
/// # Errors
/// For a password beyond 4 GiB only.
pub fn hash_password(password: &str, salt: &[u8; 16]) -> Result<String, IdentityError> {
    Ok(argon2id().hash_password_with_salt(password.as_bytes(), salt)?.to_string())
}

/// Whether `password` is the one behind the PHC string `hash`, compared in
/// constant time. A hash that cannot be read fits no password. Costs what
/// [`hash_password`] costs.
pub fn verify_password(password: &str, hash: &str) -> bool {
    PasswordHash::new(hash)
        .is_ok_and(|hash| argon2id().verify_password(password.as_bytes(), &hash).is_ok())
}

fn argon2id() -> Argon2<'static> {
    Argon2::new(Algorithm::Argon2id, Version::V0x13, Params::DEFAULT)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_fits_its_own_hash_and_no_other_does() {
        let hash = hash_password("granvik 2026", &[3; 16]).unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
        assert!(verify_password("granvik 2026", &hash));
        assert!(!verify_password("granvik 2025", &hash));
        assert!(!verify_password("", &hash));
    }

    #[test]
    fn the_same_password_with_another_salt_has_another_hash() {
        let one = hash_password("x", &[1; 16]).unwrap();
        assert_ne!(one, hash_password("x", &[2; 16]).unwrap());
    }

    #[test]
    fn nobody_can_sign_in_as_nobody_but_the_hash_is_really_computed() {
        let hash = PasswordHash::new(NOBODY).unwrap();
        assert_eq!(hash.algorithm.as_str(), "argon2id");
        assert!(hash.salt.is_some() && hash.hash.is_some());
        assert!(!verify_password("", NOBODY));
    }

    #[test]
    fn a_stored_hash_that_is_damaged_lets_nobody_in() {
        for hash in ["", "x", "$argon2id$", "$md5$abc"] {
            assert!(!verify_password("x", hash), "{hash:?}");
        }
    }
}

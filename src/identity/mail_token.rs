//! The token in the links of letters: it confirms or stops letters and opens nothing else.

use super::{Secrets, mac::mac};
use data_encoding::BASE64URL_NOPAD;
use fyren_core::domain::MunicipalityCode;

impl Secrets {
    /// The token of a contact, made of the random `nonce` that is kept beside
    /// the address: 128 bits as 22 of `[A-Za-z0-9_-]`, the same in every letter.
    pub fn mail_token(&self, municipality: &MunicipalityCode, nonce: &str) -> String {
        let parts = [municipality.as_str().as_bytes(), nonce.as_bytes()];
        BASE64URL_NOPAD.encode(&mac(self.server(), "mail", &parts)[..16])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_contact_has_one_token_and_no_other_has_it() {
        let secrets = Secrets::from_keys([1; 32], 2026, [2; 32]);
        let [here, there] = ["1427", "1480"].map(|code| MunicipalityCode::parse(code).unwrap());
        let token = secrets.mail_token(&here, "a");
        assert_eq!(token, secrets.mail_token(&here, "a"));
        assert_eq!(token.len(), 22);
        assert_ne!(token, secrets.mail_token(&here, "b"));
        assert_ne!(token, secrets.mail_token(&there, "a"));
    }
}

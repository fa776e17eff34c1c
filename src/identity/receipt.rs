//! The receipt of a report: made from the request, so that asking twice with
//! one key gives one receipt, and never stored but as a hash.

use super::mac::{mac, mac_hex, sha256_hex};
use super::{Secrets, ShortCode};
use data_encoding::BASE64URL_NOPAD;
use fyren_core::domain::MunicipalityCode;

const CODE_BYTES: usize = 16;
const CODE_LENGTH: usize = 22;

/// What a resident holds: 128 bits as 22 of `[A-Za-z0-9_-]`. Whoever has it
/// may read the report's status, so it is shown to nobody else and logged
/// nowhere.
#[derive(Clone, PartialEq, Eq)]
pub struct ReceiptCode(String);

impl ReceiptCode {
    /// Reads a code as it was given; `None` unless it has exactly its form.
    pub fn parse(text: &str) -> Option<Self> {
        let bytes = BASE64URL_NOPAD.decode(text.as_bytes()).ok()?;
        (text.len() == CODE_LENGTH && bytes.len() == CODE_BYTES).then(|| Self(text.to_owned()))
    }

    /// The code as the resident reads it.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What is stored of it: 64 hexadecimal digits.
    pub fn stored_hash(&self) -> String {
        sha256_hex(&self.0)
    }
}

impl std::fmt::Debug for ReceiptCode {
    /// Never the code.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("ReceiptCode(…)")
    }
}

/// What makes a request the same request: its municipality and the
/// `Idempotency-Key` that the sender chose.
#[derive(Clone, Copy)]
pub struct RequestKey<'a> {
    /// Where the request goes.
    pub municipality: &'a MunicipalityCode,
    /// The key as sent.
    pub key: &'a str,
}

impl RequestKey<'_> {
    fn parts(&self) -> [&[u8]; 2] {
        [self.municipality.as_str().as_bytes(), self.key.as_bytes()]
    }
}

impl Secrets {
    /// The receipt of the report that `request` sent.
    pub fn receipt(&self, request: RequestKey<'_>) -> ReceiptCode {
        let full = mac(self.server(), "receipt", &request.parts());
        ReceiptCode(BASE64URL_NOPAD.encode(&full[..CODE_BYTES]))
    }

    /// The spoken code of the report that `request` sent; opens the same page.
    pub fn short_code(&self, request: RequestKey<'_>) -> ShortCode {
        let full = mac(self.server(), "short code", &request.parts());
        let mut bits = [0; 8];
        bits.copy_from_slice(&full[..8]);
        ShortCode::from_bits(u64::from_be_bytes(bits))
    }

    /// What is stored of a spoken code: 64 hexadecimal digits under the
    /// server's secret, because 44 bits alone could be searched through by
    /// whoever holds a copy of the data base.
    pub fn stored_hash(&self, code: &ShortCode) -> String {
        mac_hex(self.server(), "stored short code", &[code.canonical().as_bytes()])
    }

    /// What is stored of the key of a request: 64 hexadecimal digits.
    pub fn request_hash(&self, operation: &str, request: RequestKey<'_>) -> String {
        let [municipality, key] = request.parts();
        mac_hex(self.server(), "request", &[operation.as_bytes(), municipality, key])
    }

    /// What is stored of the body of a request, to tell a repetition from
    /// another request with the same key: 64 hexadecimal digits under the
    /// server's secret, so that a body cannot be guessed from it.
    pub fn body_hash(&self, body: &[u8]) -> String {
        mac_hex(self.server(), "body", &[body])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn receipt(secrets: &Secrets, municipality: &str, key: &str) -> ReceiptCode {
        let municipality = MunicipalityCode::parse(municipality).unwrap();
        secrets.receipt(RequestKey { municipality: &municipality, key })
    }

    #[test]
    fn one_key_gives_one_receipt_in_one_municipality() {
        let secrets = Secrets::from_keys([1; 32], 2026, [2; 32]);
        let first = receipt(&secrets, "1427", "k1");
        assert_eq!(first, receipt(&secrets, "1427", "k1"));
        assert_ne!(first, receipt(&secrets, "1427", "k2"));
        assert_ne!(first, receipt(&secrets, "1480", "k1"));
        assert_ne!(first, receipt(&Secrets::from_keys([3; 32], 2026, [2; 32]), "1427", "k1"));
    }

    #[test]
    fn a_receipt_is_read_back_and_anything_else_is_not() {
        let secrets = Secrets::from_keys([1; 32], 2026, [2; 32]);
        let code = receipt(&secrets, "1427", "k1");
        assert_eq!(code.as_str().len(), 22);
        assert_eq!(ReceiptCode::parse(code.as_str()), Some(code.clone()));
        let longer = format!("{}A", code.as_str());
        for text in ["", "abc", "ÅÄÖ", &longer, "AAAAAAAAAAAAAAAAAAAAA=", "AAAAAAAAAAAAAAAAAAAA+/"]
        {
            assert_eq!(ReceiptCode::parse(text), None, "{text:?}");
        }
    }

    #[test]
    fn what_is_stored_or_debugged_does_not_hold_the_code() {
        let code = receipt(&Secrets::from_keys([1; 32], 2026, [2; 32]), "1427", "k1");
        assert!(!code.stored_hash().contains(code.as_str()));
        assert!(!format!("{code:?}").contains(code.as_str()));
    }

    #[test]
    fn the_same_key_for_another_operation_is_another_request() {
        let secrets = Secrets::from_keys([1; 32], 2026, [2; 32]);
        let municipality = MunicipalityCode::parse("1427").unwrap();
        let request = RequestKey { municipality: &municipality, key: "k" };
        assert_ne!(
            secrets.request_hash("submit_report", request),
            secrets.request_hash("log_visit", request)
        );
    }
}

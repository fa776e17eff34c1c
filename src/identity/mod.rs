//! Who somebody is: passwords, tokens, receipt codes, sources, and the secrets
//! that they hang on.
//!
//! Nothing here draws randomness, reads a clock or asks a data base: the bytes
//! and the year are arguments, and the caller stores what comes out. What is
//! stored is always a hash; what is handed out is never kept.

mod mac;
mod password;
mod receipt;
mod secrets;
mod secrets_file;
mod short_code;
mod source;
mod token;

pub use password::{IdentityError, NOBODY, hash_password, verify_password};
pub use receipt::{ReceiptCode, RequestKey};
pub use secrets::Secrets;
pub use secrets_file::{SecretsError, open_secrets};
pub use short_code::ShortCode;
pub use source::Source;
pub use token::{TOKEN_BYTES, hash_token, same_secret, write_token};

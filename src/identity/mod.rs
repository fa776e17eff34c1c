//! Who somebody is: passwords, tokens, receipt codes, sources, and the secrets
//! that they hang on.
//!
//! Nothing here draws randomness for what is kept, reads a clock or asks a data
//! base: the bytes and the year are arguments, and the caller stores what comes
//! out. What is stored is a hash, a public key, or the secret of one-time codes;
//! what is handed out is never kept. Only `provider` speaks with the network,
//! and only where the operator named a provider.

mod mac;
mod mail_token;
mod one_time;
mod passkeys;
mod password;
mod provider;
mod receipt;
mod secrets;
mod secrets_file;
mod short_code;
mod signing;
mod source;
mod token;

pub use one_time::{
    ONE_TIME_BYTES, OneTime, RECOVERY_BYTES, RECOVERY_CODES, hash_recovery_code,
    write_one_time_secret, write_recovery_code,
};
pub use passkeys::{NewPasskey, Site};
pub use password::{IdentityError, NOBODY, hash_password, verify_password};
pub use provider::{Flow, Provider, ProviderSettings, Vouched};
pub use receipt::{ReceiptCode, RequestKey};
pub use secrets::Secrets;
pub use secrets_file::{SecretsError, open_secrets};
pub use short_code::ShortCode;
pub use signing::{Signature, is_signed};
pub use source::Source;
pub use token::{TOKEN_BYTES, hash_token, same_secret, write_token};

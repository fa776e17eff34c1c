//! Our numbers against those of independent tools: the expected values lie in
//! `tests/data` with their provenance.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot read its data fails, and says which"
)]

mod plane;
mod read;

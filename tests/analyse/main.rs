//! `fyren analyse` as the shell sees it: the built binary on files.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot read its data fails, and says which"
)]

mod areas;
mod formats;
mod help;
mod numbers;
mod points;
mod refusals;
mod run;

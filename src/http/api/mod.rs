//! The JSON interface: one file an aggregate.

pub mod categories;
pub mod events;
pub mod info;
pub mod layers;
pub mod moderation;
pub mod receipt;
pub mod releases;
pub mod reports;
pub mod session;
pub mod visits;

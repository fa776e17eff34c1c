//! The JSON interface, asked in process.

mod description;

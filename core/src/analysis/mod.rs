//! What the numbers say: one method a file, pure and seeded.

pub mod release;

//! What the operator chose.

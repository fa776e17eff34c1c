//! How features are written.

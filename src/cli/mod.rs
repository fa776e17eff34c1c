//! How the shell says it.

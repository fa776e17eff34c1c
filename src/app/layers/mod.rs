//! Named questions that are answered as rows of features.

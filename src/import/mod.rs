//! How files are read: drafts and a line-by-line report.

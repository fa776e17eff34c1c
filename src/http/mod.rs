//! How the web says it: routes, pages, extractors, problems.
pub mod pages;

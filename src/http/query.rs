//! The query of an address, read strictly: what is unknown is refused by name.

use super::problem::Problem;
use axum::{extract::FromRequestParts, http::request::Parts};
use fyren_core::domain::Violation;
use std::convert::Infallible;

/// The pairs of the query in their order; `lang` is left out, since every
/// address takes it.
#[derive(Debug, Clone, Default)]
pub struct Pairs(pub Vec<(String, String)>);

impl<S: Send + Sync> FromRequestParts<S> for Pairs {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Infallible> {
        // Any text is a form; what cannot be decoded stays as it is.
        let pairs: Vec<(String, String)> =
            serde_urlencoded::from_str(parts.uri.query().unwrap_or_default()).unwrap_or_default();
        Ok(Self(pairs.into_iter().filter(|(name, _)| name != "lang").collect()))
    }
}

/// A part of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Page {
    /// How many at most.
    pub limit: usize,
    /// How many are passed over.
    pub offset: usize,
}

impl Pairs {
    /// Takes the first value of a parameter out of the query.
    pub fn take(&mut self, name: &str) -> Option<String> {
        let at = self.0.iter().position(|(found, _)| found == name);
        at.map(|at| self.0.remove(at).1)
    }

    /// Refuses whatever is left in the query.
    ///
    /// # Errors
    /// `bad-parameter` naming the parameter.
    pub fn done(&self) -> Result<(), Problem> {
        match self.0.first() {
            None => Ok(()),
            Some((name, _)) => {
                let broken = Violation::new(name.as_str(), "unknown_parameter");
                Err(Problem::bad_parameter(vec![broken]))
            }
        }
    }

    /// Reads `limit` (1 to 1 000, default 20) and `offset` (default 0), and
    /// nothing else.
    ///
    /// # Errors
    /// `bad-parameter` naming the parameter.
    pub fn page(&self) -> Result<Page, Problem> {
        let mut page = Page { limit: 20, offset: 0 };
        for (name, value) in &self.0 {
            let number = value.parse::<usize>().ok();
            let rule = match (name.as_str(), number) {
                ("limit", Some(limit @ 1..=1000)) => {
                    page.limit = limit;
                    continue;
                }
                ("offset", Some(offset)) => {
                    page.offset = offset;
                    continue;
                }
                ("limit" | "offset", _) => "out_of_range",
                _ => "unknown_parameter",
            };
            return Err(Problem::bad_parameter(vec![Violation::new(name.as_str(), rule)]));
        }
        Ok(page)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(pairs: &[(&str, &str)]) -> Result<Page, Problem> {
        let owned = pairs.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned()));
        Pairs(owned.collect()).page()
    }

    #[test]
    fn a_list_has_twenty_rows_unless_asked_otherwise() {
        assert_eq!(page(&[]).unwrap(), Page { limit: 20, offset: 0 });
        let asked = page(&[("offset", "40"), ("limit", "5")]).unwrap();
        assert_eq!(asked, Page { limit: 5, offset: 40 });
    }

    #[test]
    fn an_unknown_or_odd_parameter_is_named() {
        for (name, value) in [("limit", "0"), ("limit", "x"), ("offset", "-1"), ("page", "2")] {
            let problem = page(&[(name, value)]).unwrap_err();
            assert_eq!(problem.status.as_u16(), 400);
            assert_eq!(problem.violations[0].field, name);
        }
    }
}

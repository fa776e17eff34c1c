//! A rule that some input breaks.

/// One broken rule: which field, and which rule by its stable code.
///
/// The code is a key of the message catalogue (`violation.{rule}`), so the
/// same violation reads well in every language.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{field}: {rule}")]
pub struct Violation {
    /// Path of the field in the request, such as `place.longitude`.
    pub field: String,
    /// Code of the rule, such as `out_of_range`.
    pub rule: &'static str,
}

impl Violation {
    /// A violation of `rule` by `field`.
    pub fn new(field: impl Into<String>, rule: &'static str) -> Self {
        Self { field: field.into(), rule }
    }

    /// The same violation seen from an enclosing object: `place` + `longitude`
    /// is `place.longitude`.
    #[must_use]
    pub fn within(mut self, parent: &str) -> Self {
        self.field = if self.field.is_empty() {
            parent.to_owned()
        } else {
            format!("{parent}.{}", self.field)
        };
        self
    }
}

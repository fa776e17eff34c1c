//! What weakens an answer, and what a method needs at least.

use serde_json::{Value, json};

/// Something that weakens an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limit {
    /// Its stable code.
    pub rule: &'static str,
    /// The same in words.
    pub text: String,
}

impl Limit {
    /// A limit by its code and in words.
    pub fn new(rule: &'static str, text: impl Into<String>) -> Self {
        Self { rule, text: text.into() }
    }

    /// As it stands in an answer.
    #[must_use]
    pub fn json(&self) -> Value {
        json!({ "rule": self.rule, "text": self.text })
    }
}

/// The least data that a method may speak of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Minimum {
    /// Code of the rule.
    pub rule: &'static str,
    /// How many are needed.
    pub least: usize,
    /// Of what.
    pub what: &'static str,
}

impl Minimum {
    /// Density: ten events.
    pub const DENSITY: Self = Self::new("density_events_below_least", 10, "events");
    /// Hot spots: fifty events on the map.
    pub const HOTSPOTS: Self = Self::new("total_below_least", 50, "events");
    /// Scan: thirty events.
    pub const SCAN: Self = Self::new("scan_events_below_least", 30, "events");
    /// Alerts: sixty events.
    pub const ALERTS: Self = Self::new("alert_events_below_least", 60, "events");
    /// Near repeats: a hundred events of a category.
    pub const KNOX: Self = Self::new("pairs_events_below_least", 100, "events");
    /// Empirical Bayes: twenty areas with exposure.
    pub const EMPIRICAL_BAYES: Self = Self::new("areas_below_least", 20, "areas with exposure");
    /// Difference in differences: eight areas.
    pub const DIFFERENCES: Self = Self::new("panel_areas_below_least", 8, "areas");

    /// Trends: two years, so that each month meets itself.
    pub const TREND: Self = Self::new("months_below_least", 24, "months");
    /// The rule of emerging hot spots: one event a cell and period on average.
    pub const CUBE: &'static str = "cube_mean_below_least";

    const fn new(rule: &'static str, least: usize, what: &'static str) -> Self {
        Self { rule, least, what }
    }

    /// The limit where `found` are too few.
    #[must_use]
    pub fn unmet(self, found: usize) -> Option<Limit> {
        let Self { rule, least, what } = self;
        (found < least)
            .then(|| Limit::new(rule, format!("{found} {what}; at least {least} are needed")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_minimum_says_how_far_off_the_data_are() {
        assert_eq!(Minimum::SCAN.unmet(30), None);
        let limit = Minimum::SCAN.unmet(7).unwrap();
        assert_eq!(limit.text, "7 events; at least 30 are needed");
        assert_eq!(limit.json()["rule"], "scan_events_below_least");
    }
}

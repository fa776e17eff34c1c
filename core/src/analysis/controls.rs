//! Which traffic controls the picture calls for, by rules that are stated.
//!
//! A rule says why *here* (a measured v85 over the limit, several sources,
//! crashes, a school in the weeks when it begins) and why *now* (days since the
//! last control, school start). Complaints are the weakest evidence: after one
//! control at a site that rests on them alone, a speed is measured before the
//! next. How much a control will find is no reason: places are never ranked by
//! what was caught there.

use crate::domain::{ControlNumbers, WhyHere, WhyNow};

/// The rules, with their limits.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ControlRules {
    /// A v85 so many km/h over the limit, or more, calls for a control.
    pub over_kmh: f64,
    /// So many distinct sources in a year do.
    pub sources: u32,
    /// So many crashes in three years do.
    pub crashes: u32,
    /// Days that a site rests after a control.
    pub rest_days: u32,
    /// Days from the beginning of a term in which a school counts.
    pub school_days: u32,
}

impl Default for ControlRules {
    fn default() -> Self {
        Self { over_kmh: 5.0, sources: 3, crashes: 2, rest_days: 14, school_days: 21 }
    }
}

/// What is known of a site.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct SiteFacts {
    /// The three numbers.
    pub numbers: ControlNumbers,
    /// Crashes in three years.
    pub crashes: u32,
    /// Whether a school is near.
    pub by_school: bool,
    /// Whether the last control there rested on complaints alone, and no speed
    /// has been measured.
    pub unmeasured_before: bool,
    /// Whether a control there is on the list already.
    pub listed: bool,
}

/// What the rules say of a site.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Call {
    /// A control is called for.
    Called(Vec<WhyHere>, Vec<WhyNow>),
    /// Something speaks for one, but a speed has to be measured first.
    MeasureFirst(Vec<WhyHere>),
    /// Something speaks for one, but there was one within the days of rest.
    Resting(Vec<WhyHere>),
    /// Something speaks for one, and it is on the list.
    Listed(Vec<WhyHere>),
    /// Nothing speaks for one.
    Nothing,
}

/// What the rules say of a site, `days_into_term` days after the last beginning
/// of a school term; before the first none.
#[must_use]
pub fn call(site: &SiteFacts, days_into_term: Option<u32>, rules: &ControlRules) -> Call {
    let numbers = &site.numbers;
    let term = days_into_term.is_some_and(|days| days < rules.school_days);
    let over = numbers.over_kmh.unwrap_or(0.0);
    let mut here = Vec::new();
    if over >= rules.over_kmh {
        here.push(WhyHere::OverLimit);
    }
    if numbers.sources >= rules.sources {
        here.push(WhyHere::Sources);
    }
    if site.crashes >= rules.crashes {
        here.push(WhyHere::Crashes);
    }
    // By a school in these weeks the first sign is enough.
    if term && site.by_school && (over > 0.0 || numbers.sources > 0) {
        here.push(WhyHere::School);
    }
    if here.is_empty() {
        return Call::Nothing;
    }
    if site.listed {
        return Call::Listed(here);
    }
    if numbers.days_since.is_some_and(|days| days < rules.rest_days) {
        return Call::Resting(here);
    }
    let measured = numbers.over_kmh.is_some() || here.iter().any(|why| why.is_measured());
    if site.unmeasured_before && !measured {
        return Call::MeasureFirst(here);
    }
    let mut now = vec![WhyNow::DaysSince];
    if here.contains(&WhyHere::School) {
        now.push(WhyNow::SchoolStart);
    }
    Call::Called(here, now)
}

/// The order in which candidates are told: what was measured before what was
/// said, then how long ago the last control was. Lower comes first.
#[must_use]
pub fn control_order(site: &SiteFacts) -> (u8, i64, i64) {
    let numbers = &site.numbers;
    #[expect(clippy::cast_possible_truncation, reason = "a speed is below 10^6")]
    let over = (numbers.over_kmh.unwrap_or(0.0).max(0.0) * 10.0).round() as i64;
    let class = u8::from(over <= 0 && site.crashes == 0);
    let said = over + 10 * i64::from(numbers.sources) + 10 * i64::from(site.crashes);
    (class, -said, -numbers.days_since.map_or(i64::MAX, i64::from))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn site(over_kmh: Option<f64>, sources: u32, days_since: Option<u32>) -> SiteFacts {
        let numbers = ControlNumbers { over_kmh, sources, days_since };
        SiteFacts { numbers, ..SiteFacts::default() }
    }

    fn said(site: &SiteFacts) -> Call {
        call(site, None, &ControlRules::default())
    }

    #[test]
    fn a_measured_speed_over_the_limit_calls_for_a_control() {
        let called = Call::Called(vec![WhyHere::OverLimit], vec![WhyNow::DaysSince]);
        assert_eq!(said(&site(Some(5.0), 0, None)), called);
        assert_eq!(said(&site(Some(4.9), 0, None)), Call::Nothing);
    }

    #[test]
    fn two_sources_are_too_few_and_three_are_enough() {
        assert_eq!(said(&site(None, 2, None)), Call::Nothing);
        assert!(matches!(said(&site(None, 3, None)), Call::Called(..)));
    }

    #[test]
    fn a_complaint_site_is_measured_before_its_second_control() {
        let second = SiteFacts { unmeasured_before: true, ..site(None, 9, Some(60)) };
        assert_eq!(said(&second), Call::MeasureFirst(vec![WhyHere::Sources]));
        let slow = SiteFacts { unmeasured_before: true, ..site(Some(-2.0), 9, Some(60)) };
        assert!(
            matches!(said(&slow), Call::Called(..)),
            "it has been measured, and people still say so"
        );
    }

    #[test]
    fn a_site_rests_after_a_control() {
        assert_eq!(said(&site(Some(9.0), 0, Some(13))), Call::Resting(vec![WhyHere::OverLimit]));
        assert!(matches!(said(&site(Some(9.0), 0, Some(14))), Call::Called(..)));
    }

    #[test]
    fn by_a_school_the_first_sign_is_enough_when_a_term_begins() {
        let near = SiteFacts { by_school: true, ..site(None, 1, None) };
        let rules = ControlRules::default();
        assert_eq!(call(&near, Some(21), &rules), Call::Nothing);
        assert_eq!(
            call(&near, Some(20), &rules),
            Call::Called(vec![WhyHere::School], vec![WhyNow::DaysSince, WhyNow::SchoolStart])
        );
        let quiet = SiteFacts { by_school: true, ..site(Some(0.0), 0, None) };
        assert_eq!(call(&quiet, Some(3), &rules), Call::Nothing);
    }

    #[test]
    fn what_was_measured_is_told_before_what_was_said() {
        let measured = site(Some(6.0), 0, None);
        assert!(control_order(&measured) < control_order(&site(None, 40, None)));
        assert!(control_order(&site(None, 4, None)) < control_order(&site(None, 3, None)));
        assert!(control_order(&site(None, 3, None)) < control_order(&site(None, 3, Some(30))));
    }

    proptest! {
        #[test]
        fn whoever_is_called_has_a_reason_for_here_and_for_now(
            over in prop::option::of(-20.0f64..40.0), sources in 0u32..12, crashes in 0u32..4,
            days in prop::option::of(0u32..90), by_school: bool, unmeasured_before: bool,
            term in prop::option::of(0u32..60),
        ) {
            let facts = SiteFacts {
                crashes, by_school, unmeasured_before, ..site(over, sources, days)
            };
            if let Call::Called(here, now) = call(&facts, term, &ControlRules::default()) {
                prop_assert!(!here.is_empty() && !now.is_empty());
                prop_assert!(days.is_none_or(|days| days >= 14));
                let measured = over.is_some() || crashes >= 2;
                prop_assert!(!unmeasured_before || measured, "{facts:?}");
            }
        }
    }
}

//! The days that a rate is spoken of.

use super::staff::StaffSource;
use crate::encode::Value;
use jiff::Timestamp;
use jiff::civil::Date;

/// Days from the first to the last but open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Period {
    /// First day.
    pub from: Date,
    /// Day after the last.
    pub to: Date,
}

/// Without asked days a rate is spoken of a year at least, so that the first
/// week of a new installation is not told as fifty times itself.
const LEAST_DAYS: i32 = 365;

impl Period {
    /// The asked days; what is not asked runs from the first event, and at
    /// least a year back, to the end of today.
    #[must_use]
    pub fn new(source: &StaffSource, first: Option<Timestamp>) -> Self {
        let (from, to) = source.query.dates;
        let to = to.unwrap_or_else(|| source.today.tomorrow().unwrap_or(source.today));
        let from = from.unwrap_or_else(|| {
            let zone = source.ground.zone.clone();
            let first = first.map_or(to, |first| first.to_zoned(zone).date());
            let span = jiff::Span::new().days(LEAST_DAYS);
            to.checked_sub(span).map_or(first, |year_ago| first.min(year_ago))
        });
        Self { from, to }
    }

    /// Its length in days, at least 1.
    #[must_use]
    pub fn days(self) -> f64 {
        f64::from((self.to - self.from).get_days().max(1))
    }

    /// As members of an answer.
    #[must_use]
    pub fn value(self) -> Value<'static> {
        Value::Object(vec![
            ("from", self.from.to_string().into()),
            ("to", self.to.to_string().into()),
            ("days", self.days().into()),
        ])
    }
}

//! A citizen promise (medborgarlöfte), row by row.

use super::{Id, MunicipalityCode, Purpose};
use jiff::civil::Date;

super::code::code_enum! {
    /// Who has promised.
    pub enum PromiseOwner {
        /// The municipality.
        Municipality = "municipality",
        /// The police.
        Police = "police",
        /// Both.
        Both = "both",
    }
}

super::code::code_enum! {
    /// What is counted towards a promise.
    pub enum TargetUnit {
        /// Visits of the promise's purposes.
        Visits = "visits",
        /// Weeks with at least one visit of the purposes in each named district.
        WeeksWithVisit = "weeks_with_visit",
        /// Districts with at least one visit.
        DistrictsVisited = "districts_visited",
        /// Nothing is counted.
        None = "none",
    }
}

super::code::code_enum! {
    /// How a promise ended.
    pub enum Verdict {
        /// Kept.
        Kept = "kept",
        /// Partly kept.
        Partly = "partly",
        /// Not kept.
        NotKept = "not_kept",
        /// It cannot be said.
        CannotSay = "cannot_say",
    }
}

/// What was promised, as far as it can be counted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PromiseTarget {
    /// At least this many in the period.
    AtLeast(u32),
    /// As many as the situational picture calls for.
    NeedBased,
    /// No number was promised.
    NoNumber,
}

/// One thing that shows what was done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Evidence {
    /// Day of it.
    pub on: Date,
    /// What, in Swedish and English.
    pub text: (String, String),
}

/// One row of the ledger; public by nature.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Promise {
    /// Identity.
    pub id: Id,
    /// Where it belongs.
    pub municipality: MunicipalityCode,
    /// Short stable name, such as `2021-traffic-controls`.
    pub slug: String,
    /// First day of the period.
    pub from: Date,
    /// Last day of the period, inclusive.
    pub to: Date,
    /// Who has promised.
    pub owner: PromiseOwner,
    /// Theme: `presence`, `traffic`, `narcotics`, `elderly`, `watch`, `reporting`, `youth`.
    pub theme: String,
    /// The promise in Swedish and English.
    pub text: (String, String),
    /// What was promised in numbers.
    pub target: PromiseTarget,
    /// What is counted.
    pub unit: TargetUnit,
    /// Visits of these purposes count.
    pub purposes: Vec<Purpose>,
    /// What shows it, beside what is counted.
    pub evidence: Vec<Evidence>,
    /// The common judgement, once given.
    pub verdict: Option<Verdict>,
    /// Why, in Swedish and English.
    pub verdict_reason: Option<(String, String)>,
    /// Where the promise was published.
    pub source: String,
}

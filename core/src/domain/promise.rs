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
        /// Weeks with at least one visit of the purposes, counted for each district.
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

super::code::code_enum! {
    /// What a change says.
    pub enum ChangeWord {
        /// Clearly more.
        More = "more",
        /// Clearly fewer.
        Fewer = "fewer",
        /// The published numbers allow both.
        Unclear = "unclear",
        /// Too few to say.
        TooFew = "too_few",
    }
}

super::code::code_enum! {
    /// Why a verdict is what it is.
    pub enum VerdictReason {
        /// The municipality and the police have judged it.
        Judged = "judged",
        /// The count reached what was promised.
        Reached = "reached",
        /// The period is over and the count did not reach it.
        Missed = "missed",
        /// The period runs and the count keeps up.
        OnCourse = "on_course",
        /// The period runs and the count lags behind.
        Behind = "behind",
        /// No number was promised.
        NoNumber = "no_number",
        /// As many as the situational picture calls for; nobody has said how many.
        NeedBased = "need_based",
        /// Nothing about it is counted.
        NotCounted = "not_counted",
        /// No visit was logged in the period, or only in a part of it.
        NoLog = "no_log",
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

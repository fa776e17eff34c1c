//! Public records: requests for documents with their secrecy review, and what
//! is let go by decision.

use super::{Category, Id, MunicipalityCode, RetentionClass};
use jiff::{Timestamp, civil::Date};

/// A decision (gallringsbeslut) to let a class of records go when they are so
/// old. Without one nothing of the class is ever deleted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RetentionDecision {
    /// Whose.
    pub municipality: MunicipalityCode,
    /// What it is about.
    pub class: RetentionClass,
    /// Its number in the municipality's register.
    pub number: String,
    /// When it was decided.
    pub decided_on: Date,
    /// How many days something is kept.
    pub days: u32,
    /// Name of the user who entered it, or `command line`.
    pub entered_by: String,
    /// When it was entered, cut to the hour.
    pub entered_hour: Timestamp,
}

super::code::code_enum! {
    /// Why something that is old enough is not let go.
    pub enum HeldRecord {
        /// Somebody has to answer it first.
        Open = "open",
        /// A request for documents that is not closed has it.
        Requested = "requested",
    }
}

/// Something that is old enough to be let go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DueRecord {
    /// The event.
    pub id: Id,
    /// Its category, an incident's in its source's own word.
    pub category: String,
    /// When it arrived, cut to the hour.
    pub received_hour: Timestamp,
    /// Why it is kept all the same.
    pub held: Option<HeldRecord>,
}

/// What a run let go: the protocol's rows say how much of what, never which.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RetentionRun {
    /// Random identity.
    pub id: Id,
    /// Whose.
    pub municipality: MunicipalityCode,
    /// What was let go.
    pub class: RetentionClass,
    /// Number of the decision.
    pub number: String,
    /// When it was decided.
    pub decided_on: Date,
    /// How many days the decision keeps.
    pub days: u32,
    /// What had arrived before this hour was old enough.
    pub before: Timestamp,
    /// When it was run.
    pub at: Timestamp,
    /// Name of the user, or `command line`.
    pub by: String,
    /// Category and month of arrival, with how many were let go.
    pub rows: Vec<RetentionRow>,
    /// How many were kept because somebody has to answer them first.
    pub held_open: u32,
    /// How many were kept because of a request for documents.
    pub held_requested: u32,
}

/// A row of a protocol.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct RetentionRow {
    /// Category.
    pub category: String,
    /// First day of the month of arrival, UTC.
    pub month: Date,
    /// How many.
    pub count: u32,
}

impl RetentionRun {
    /// How many were let go.
    #[must_use]
    pub fn count(&self) -> u32 {
        self.rows.iter().map(|row| row.count).sum()
    }
}

super::code::code_enum! {
    /// What a secrecy review comes to for one document.
    pub enum RecordVerdict {
        /// Handed out as it is.
        Release = "release",
        /// Handed out with parts made unreadable.
        Mask = "mask",
        /// Not handed out.
        Withhold = "withhold",
    }
}

/// One document of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordItem {
    /// The report.
    pub report: Id,
    /// What the review came to; none before it.
    pub verdict: Option<RecordVerdict>,
    /// The paragraph of law by which something is withheld or masked.
    pub ground: Option<String>,
    /// The text as it is handed out, where it is masked.
    pub text: Option<String>,
    /// Whether its photos are handed out, too.
    pub photos: bool,
    /// Name of the user who reviewed it.
    pub reviewed_by: Option<String>,
    /// When, cut to the hour.
    pub reviewed_hour: Option<Timestamp>,
}

/// A request for documents.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordRequest {
    /// Random identity.
    pub id: Id,
    /// Whose.
    pub municipality: MunicipalityCode,
    /// Its number in the municipality's register.
    pub reference: String,
    /// What is asked for; of documents, never who asks.
    pub asked: String,
    /// Name of the user who opened it.
    pub opened_by: String,
    /// When, cut to the hour.
    pub opened_hour: Timestamp,
    /// When it was handed out or refused, cut to the hour.
    pub closed_hour: Option<Timestamp>,
    /// Its documents, the first that arrived first.
    pub items: Vec<RecordItem>,
}

impl RecordRequest {
    /// How many documents have no verdict.
    #[must_use]
    pub fn unreviewed(&self) -> usize {
        self.items.iter().filter(|item| item.verdict.is_none()).count()
    }
}

/// Which reports a request asks for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RecordSelection {
    /// First moment of arrival.
    pub from: Option<Timestamp>,
    /// Moment of arrival after the last.
    pub to: Option<Timestamp>,
    /// Categories; all of them where it is empty.
    pub categories: Vec<Category>,
    /// District codes; all of them where it is empty.
    pub districts: Vec<String>,
}

//! An incident: something that happened, as another system tells it.

use super::{Id, Located, MunicipalityCode, RetentionClass, Seq, SourceClass, SourceTag, When};
use jiff::Timestamp;

/// An imported incident as it is kept.
#[derive(Debug, Clone, PartialEq)]
pub struct Incident {
    /// Random identity.
    pub id: Id,
    /// Position in the feed; `Seq(0)` before it is stored.
    pub seq: Seq,
    /// Where it belongs.
    pub municipality: MunicipalityCode,
    /// The category in its source's own word.
    pub category: String,
    /// Where.
    pub located: Located,
    /// When.
    pub when: When,
    /// Whether the police found it themselves: left out of need and of effect.
    pub police_initiated: bool,
    /// What its source says of it; never public.
    pub text: Option<String>,
    /// The source in its own word, such as `polisen.se`.
    pub foreign_source: Option<String>,
    /// The status in its source's own word.
    pub foreign_status: Option<String>,
    /// What kind of witness; `Police` unless the file says otherwise.
    pub source_class: SourceClass,
    /// Who counts as its source.
    pub source_tag: SourceTag,
    /// Whether the simulator made it.
    pub synthetic: bool,
    /// How long it is kept.
    pub retention: RetentionClass,
    /// When it arrived, cut to the hour.
    pub received_hour: Timestamp,
}

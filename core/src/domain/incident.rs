//! An incident as somebody else recorded it, and where an imported event came from.

use super::{Id, Located, MunicipalityCode, Seq, SourceClass, SourceTag, When};
use jiff::Timestamp;

/// Where an imported event came from. With the municipality and the kind of
/// event it names the row once and for all: a second import of it is known.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Origin {
    /// Name of the data set, 1 to 64 characters; the stem of the file where
    /// nobody said otherwise.
    pub dataset: String,
    /// The identity that the source gives; `#` and 32 hexadecimal digits of a
    /// hash of the whole row where it gives none.
    pub external_id: String,
    /// The source's own word for who reported, kept as text.
    pub source: Option<String>,
    /// The source's own word for what it is, where it says more than the
    /// category (or purpose of a visit) that was made of it.
    pub category: Option<String>,
}

/// An imported incident as it is kept.
#[derive(Debug, Clone, PartialEq)]
pub struct Incident {
    /// Random identity.
    pub id: Id,
    /// Position in the feed; `Seq(0)` before it is stored.
    pub seq: Seq,
    /// Where it belongs.
    pub municipality: MunicipalityCode,
    /// Where it came from.
    pub origin: Origin,
    /// The source's own word for what it is; never empty, `unknown` at least.
    pub category: String,
    /// Where.
    pub located: Located,
    /// When.
    pub when: When,
    /// What the source says in words; never public.
    pub text: Option<String>,
    /// The status word of the source.
    pub status: Option<String>,
    /// Whether the police found it themselves: then it is left out of need
    /// and of effect.
    pub police_initiated: bool,
    /// What kind of witness it rests on.
    pub source_class: SourceClass,
    /// Who counts as its source.
    pub source_tag: SourceTag,
    /// When it was imported, cut to the hour.
    pub received_hour: Timestamp,
}

//! Partners: organisations whose people report as trained reporters.

use super::{Id, MunicipalityCode};
use jiff::Timestamp;

super::code::code_enum! {
    /// What kind of organisation a partner is.
    pub enum PartnerKind {
        /// A housing company or association.
        Housing = "housing",
        /// A school or a youth centre.
        School = "school",
        /// Guards.
        Guards = "guards",
        /// Home care or a home for the elderly.
        Care = "care",
        /// A harbour, a marina or a boat club.
        Harbour = "harbour",
        /// A shop or a restaurant.
        Trade = "trade",
        /// Any other.
        Other = "other",
    }
}

/// An organisation whose people report by a link of their own. All that they
/// send is of one source, and nobody is told apart within it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Partner {
    /// Random identity.
    pub id: Id,
    /// Where it reports.
    pub municipality: MunicipalityCode,
    /// The organisation's name, never a person's.
    pub name: String,
    /// What kind it is.
    pub kind: PartnerKind,
    /// When its link was made.
    pub made_at: Timestamp,
    /// When its link was revoked.
    pub revoked_at: Option<Timestamp>,
}

//! Staff: who may do what, where, in which context.

use super::{Id, MunicipalityCode};

super::code::code_enum! {
    /// The two processing contexts, each with rights, controller and store of its own.
    pub enum Context {
        /// Reports, situational picture, promises.
        Municipal = "municipal",
        /// Police visits, controls, plans.
        Police = "police",
    }
}

super::code::code_enum! {
    /// What a user is in one context.
    pub enum Role {
        /// Trained reporter.
        Reporter = "reporter",
        /// Municipal field worker or guard.
        Fieldworker = "fieldworker",
        /// Area police officer.
        Officer = "officer",
        /// Police planner.
        PolicePlanner = "police-planner",
        /// Municipal safety coordinator.
        Coordinator = "coordinator",
        /// Member of the EST group.
        Est = "est",
        /// Administrator of users and settings.
        Admin = "admin",
        /// Reads the audit log and nothing else.
        Auditor = "auditor",
    }
}

impl Role {
    /// The context that this role belongs to.
    #[must_use]
    pub const fn context(self) -> Context {
        match self {
            Self::Officer | Self::PolicePlanner => Context::Police,
            _ => Context::Municipal,
        }
    }
}

/// Where a grant holds.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Scope {
    /// In one municipality.
    Municipality(MunicipalityCode),
    /// In every municipality of an area, such as a local police area.
    Area(String),
}

/// A role of a user somewhere.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Grant {
    /// The role.
    pub role: Role,
    /// Where it holds.
    pub scope: Scope,
}

/// A member of staff, named by function.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct User {
    /// Identity.
    pub id: Id,
    /// Name to sign in with, unique, 1 to 64 characters.
    pub name: String,
    /// What the user may be, and where.
    pub grants: Vec<Grant>,
    /// Whether the user may sign in.
    pub active: bool,
}

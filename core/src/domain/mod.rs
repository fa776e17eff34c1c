//! What a report, a visit, a hot spot or a promise *is*, and which rules hold.
//!
//! Types here know no data base, no wire format and no clock.

pub(crate) mod code;

mod access;
mod category;
mod change;
mod event;
mod id;
mod incident;
mod measure;
mod municipality;
mod place;
mod promise;
mod release;
mod report;
mod time;
mod user;
mod violation;
mod visit;

pub use access::{Audience, Layer, Operation, may_do, may_see, sees_context};
pub use category::{CATEGORIES, Category, CategoryGroup, PublicityClass};
pub use change::{Change, ChangeKind};
pub use event::{EventKind, EventRow, Flags, SourceClass};
pub use id::{DistrictCode, Id, LocalityId, MunicipalityCode, Seq, SourceTag};
pub use incident::Incident;
pub use measure::{Indicator, Measure, MeasureStatus};
pub use municipality::{Contact, District, Locality, LocalityKind, Municipality, Policy};
pub use place::{AreaCode, Located, Place, PlaceKind, Plane, Position};
pub use promise::{
    ChangeWord, Evidence, Promise, PromiseOwner, PromiseTarget, TargetUnit, Verdict, VerdictReason,
};
pub use release::{
    Band, HiddenReason, Release, ReleaseCell, ReleaseDistrict, ReleaseGroup, ReleaseId,
    ReleaseKind, ReleaseWindow,
};
pub use report::{
    Channel, Factor, Feeling, QuarantineReason, Report, ReportStatus, RetentionClass, StatusChange,
};
pub use time::{Hours, Seasons, TimeMasks, TimePrecision, Weekdays, When};
pub use user::{Context, Grant, Role, Scope, User};
pub use violation::Violation;
pub use visit::{Mode, Purpose, Seen, Tactic, UnitKind, Visit};

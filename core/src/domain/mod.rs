//! What a report, a visit, a hot spot or a promise *is*, and which rules hold.
//!
//! Types here know no data base, no wire format and no clock.

pub(crate) mod code;

mod access;
mod archive;
mod calendar;
mod category;
mod change;
mod control;
mod embargo;
mod event;
mod exposure;
mod figure;
mod id;
mod incident;
mod letter;
mod measure;
mod moderation;
mod municipality;
mod partner;
mod patrol_area;
mod place;
mod plan;
mod presence;
mod promise;
mod release;
mod report;
mod speed;
mod stop_wish;
mod survey;
mod thread;
mod time;
mod user;
mod veto;
mod violation;
mod visit;
mod watch;
mod wish;
mod workday;

pub use access::{Audience, Layer, Operation, may_do, may_see, sees_context};
pub use archive::{
    DueRecord, HeldRecord, RecordItem, RecordRequest, RecordSelection, RecordVerdict,
    RetentionDecision, RetentionRow, RetentionRun,
};
pub use calendar::{CalendarEntry, CalendarKind, CalendarStatus};
pub use category::{CATEGORIES, Category, CategoryGroup, PublicityClass};
pub use change::{Change, ChangeKind};
pub use control::{
    Breach, Control, ControlAct, ControlKind, ControlNumbers, ControlResult, ControlState,
    ControlStep, NotDone, WhyHere, WhyNow,
};
pub use embargo::Embargo;
pub use event::{EventKind, EventRow, Flags, SourceClass};
pub use exposure::{ExposureItem, ExposureKind, ExposurePlace, MonthDays, Months};
pub use figure::{Figure, FigureKind, TipTheme};
pub use id::{DistrictCode, Id, LocalityId, MunicipalityCode, Seq, SourceTag};
pub use incident::Incident;
pub use letter::{Letter, LetterKind, MailContact, Office, OfficePurpose};
pub use measure::{Indicator, Measure, MeasureStatus};
pub use moderation::{
    AnswerTemplate, BulkAction, Forward, ForwardAnswer, MaskReason, MaskedPart, OwnerReply,
    QueuePart, Redaction,
};
pub use municipality::{Contact, District, Locality, LocalityKind, Municipality, Policy};
pub use partner::{Partner, PartnerKind};
pub use patrol_area::{AreaUnit, PatrolArea, PatrolAreaSet};
pub use place::{AreaCode, Located, Place, PlaceKind, Plane, Position};
pub use plan::{KeptPlan, PlanStatus, PlanStep, StopKind};
pub use presence::{PresenceSource, PresenceWeek, believed, monday_of};
pub use promise::{
    ChangeWord, Evidence, Promise, PromiseOwner, PromiseTarget, TargetUnit, Verdict, VerdictReason,
};
pub use release::{
    Band, HiddenReason, Release, ReleaseCell, ReleaseDistrict, ReleaseGroup, ReleaseId,
    ReleaseKind, ReleaseWindow,
};
pub use report::{
    Channel, Detail, Factor, Feeling, Photo, QuarantineReason, Report, ReportStatus,
    RetentionClass, StatusChange, TextFlag,
};
pub use speed::SpeedHour;
pub use stop_wish::StopWish;
pub use survey::{SurveyAnswer, SurveyMode, SurveyUnit};
pub use thread::{Message, MessageKind, ResidentVerdict, Waiting, WaitingFor, organisation};
pub use time::{Hours, Seasons, TimeMasks, TimePrecision, Weekdays, When};
pub use user::{Context, Grant, Role, Scope, User};
pub use veto::{SpotCell, Veto, VetoAct, VetoReason, VetoStep, VetoTerms};
pub use violation::Violation;
pub use visit::{ContactBand, Mode, Purpose, Seen, Tactic, UnitKind, Visit};
pub use watch::{Bulletin, WatchArea, WatchContact, WatchKind, WatchStatus};
pub use wish::{WatchWish, WishState, WishStep};
pub use workday::{is_working_day, working_days};

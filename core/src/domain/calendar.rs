//! The public calendar: meetings, lectures, safety walks and watch starts, held
//! in the open and counted in promises.

use super::watch::named;
use super::{DistrictCode, Id, MunicipalityCode, Purpose, Violation};
use jiff::Timestamp;

super::code::code_enum! {
    /// What is held.
    pub enum CalendarKind {
        /// A meeting on boat or neighbourhood watch.
        WatchMeeting = "watch_meeting",
        /// The start of a watch.
        WatchStart = "watch_start",
        /// A lecture, such as for parents.
        Lecture = "lecture",
        /// Information on fraud against the elderly.
        FraudMeeting = "fraud_meeting",
        /// A dialogue with residents.
        Dialogue = "dialogue",
        /// A safety walk.
        SafetyWalk = "safety_walk",
    }
}

impl CalendarKind {
    /// The purpose under which promises count it.
    #[must_use]
    pub const fn purpose(self) -> Purpose {
        match self {
            Self::Lecture => Purpose::School,
            Self::SafetyWalk => Purpose::SafetyWalk,
            Self::WatchMeeting | Self::WatchStart | Self::FraudMeeting | Self::Dialogue => {
                Purpose::Meeting
            }
        }
    }
}

super::code::code_enum! {
    /// Where an entry stands.
    pub enum CalendarStatus {
        /// To come.
        Planned = "planned",
        /// Held.
        Held = "held",
        /// Called off.
        Cancelled = "cancelled",
    }
}

/// One entry of the calendar; public by nature.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CalendarEntry {
    /// Identity.
    pub id: Id,
    /// Where it belongs.
    pub municipality: MunicipalityCode,
    /// What is held.
    pub kind: CalendarKind,
    /// When it begins.
    pub starts_at: Timestamp,
    /// When it ends.
    pub ends_at: Timestamp,
    /// Its title in Swedish and English.
    pub title: (String, String),
    /// Where, in words.
    pub place: String,
    /// The district.
    pub district: Option<DistrictCode>,
    /// The organisation that holds it, never a person.
    pub organiser: String,
    /// Where it stands.
    pub status: CalendarStatus,
    /// How many came, once it was held.
    pub visitors: Option<u32>,
    /// When it was changed last.
    pub changed_at: Timestamp,
    /// How often it was changed.
    pub revision: u32,
}

impl CalendarEntry {
    /// Checks its texts and times, at the moment `now`.
    ///
    /// # Errors
    /// Violates `title`, `place` or `organiser: required` or `too_long`,
    /// `endsAt: not_after_start` or `too_long` (a day), or `status: in_future`
    /// for one that is said to have been held before it ends.
    pub fn check(&self, now: Timestamp) -> Result<(), Violation> {
        named("title", &self.title.0, 120)?;
        named("title", &self.title.1, 120)?;
        named("place", &self.place, 120)?;
        named("organiser", &self.organiser, 80)?;
        let seconds = self.ends_at.as_second() - self.starts_at.as_second();
        if seconds <= 0 {
            return Err(Violation::new("endsAt", "not_after_start"));
        }
        if seconds > 24 * 3600 {
            return Err(Violation::new("endsAt", "too_long"));
        }
        if self.status == CalendarStatus::Held && self.starts_at > now {
            return Err(Violation::new("status", "in_future"));
        }
        Ok(())
    }
}

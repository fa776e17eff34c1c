//! A resident's or a trained reporter's report, and the way it may go.

use super::{
    Category, DistrictCode, Id, Located, MunicipalityCode, Role, Seq, SourceClass, SourceTag, When,
};
use jiff::Timestamp;

super::code::code_enum! {
    /// Where a report stands.
    pub enum ReportStatus {
        /// Arrived, not read yet.
        Received = "received",
        /// Read and sorted.
        Triaged = "triaged",
        /// Somebody works on it.
        InProgress = "in_progress",
        /// A date is set.
        Planned = "planned",
        /// Done.
        Done = "done",
        /// Not done, and the answer says why.
        NotDone = "not_done",
        /// Belongs to somebody else, and the answer says to whom.
        Referred = "referred",
        /// The resident says that it is not solved.
        Reopened = "reopened",
        /// The same as an other report.
        Merged = "merged",
        /// Taken back by its sender: out of every picture and count, kept only
        /// until a decision lets it go.
        Withdrawn = "withdrawn",
    }
}

impl ReportStatus {
    /// The statuses that may follow this one. The table is the rule; besides,
    /// its sender may take back a report wherever it stands.
    #[must_use]
    pub const fn next(self) -> &'static [Self] {
        use ReportStatus::{
            Done, InProgress, Merged, NotDone, Planned, Received, Referred, Reopened, Triaged,
            Withdrawn,
        };
        match self {
            Received | Reopened => &[Triaged, InProgress, Planned, Done, NotDone, Referred, Merged],
            Triaged => &[InProgress, Planned, Done, NotDone, Referred, Merged],
            InProgress => &[Planned, Done, NotDone, Referred, Merged],
            Planned => &[InProgress, Done, NotDone, Referred, Merged],
            Done | NotDone | Referred => &[Reopened],
            Merged => &[Triaged],
            Withdrawn => &[],
        }
    }

    /// Whether a report that stands here is closed: only its sender, or staff
    /// who changed their mind, open it again.
    #[must_use]
    pub const fn is_end(self) -> bool {
        matches!(self, Self::Done | Self::NotDone | Self::Referred)
    }

    /// Whether nobody has anything more to do with a report that stands here.
    #[must_use]
    pub const fn is_over(self) -> bool {
        self.is_end() || matches!(self, Self::Merged | Self::Withdrawn)
    }

    /// Whether reaching this status needs an answer that says why.
    #[must_use]
    pub const fn needs_reason(self) -> bool {
        matches!(self, Self::NotDone | Self::Referred)
    }

    /// Whether `to` may follow this status.
    #[must_use]
    pub fn may_become(self, to: Self) -> bool {
        self.next().contains(&to)
    }
}

super::code::code_enum! {
    /// By which way a report came.
    pub enum Channel {
        /// The page with JavaScript, or a program.
        Web = "web",
        /// The page without JavaScript.
        Form = "form",
        /// Entered by staff for somebody on the phone.
        Phone = "phone",
        /// Entered from a paper form.
        Paper = "paper",
        /// A partner's or trained reporter's form.
        Partner = "partner",
        /// Read from a file.
        Import = "import",
        /// Made by the simulator; synthetic.
        Simulated = "simulated",
    }
}

super::code::code_enum! {
    /// What makes a place feel unsafe, or safe.
    pub enum Factor {
        /// Too little light.
        Dark = "dark",
        /// One cannot see around or through.
        NoOverview = "no_overview",
        /// Nobody is there.
        Nobody = "nobody",
        /// People who are loud, drunk or aggressive.
        People = "people",
        /// Traffic that is fast or close.
        Traffic = "traffic",
        /// Broken, dirty or neglected.
        Neglected = "neglected",
        /// No way out or no help near.
        NoEscape = "no_escape",
        /// Something happened there before.
        Earlier = "earlier",
    }
}

super::code::code_enum! {
    /// An answer to one of the few questions that only some categories ask.
    pub enum Detail {
        /// They called.
        ByPhone = "by_phone",
        /// They came to the door, or met outdoors.
        AtDoor = "at_door",
        /// By e-mail, text message or letter.
        ByMessage = "by_message",
        /// In an other way.
        OtherWay = "other_way",
        /// Nothing was lost.
        NothingLost = "nothing_lost",
        /// Money or things were lost.
        MoneyLost = "money_lost",
        /// Codes or card details were given away.
        CodesGiven = "codes_given",
        /// The sender wants to start a boat watch.
        BoatWatch = "boat_watch",
        /// The sender wants to start a neighbourhood watch.
        NeighbourWatch = "neighbour_watch",
    }
}

impl Detail {
    /// Whether `category` asks the question that this answers.
    #[must_use]
    pub const fn is_asked_by(self, category: Category) -> bool {
        match self {
            Self::BoatWatch | Self::NeighbourWatch => matches!(category, Category::Idea),
            _ => matches!(category, Category::FraudAttempt | Category::TheftElderly),
        }
    }
}

super::code::code_enum! {
    /// How it feels to be there.
    pub enum Feeling {
        /// Safe.
        Safe = "safe",
        /// A little uneasy.
        Uneasy = "uneasy",
        /// Unsafe.
        Unsafe = "unsafe",
        /// I go another way.
        Avoid = "avoid",
    }
}

super::code::code_enum! {
    /// Why a report is kept out of rankings and releases; it is never deleted.
    pub enum QuarantineReason {
        /// Many reports in a short time from one network.
        Burst = "burst",
        /// Many reports of one wording.
        SameText = "same_text",
        /// A member of staff put it aside.
        Staff = "staff",
        /// Its sender took it back.
        Withdrawn = "withdrawn",
    }
}

super::code::code_enum! {
    /// What should be looked at in a text before anybody else reads it.
    pub enum TextFlag {
        /// It seems to tell of something that is going on.
        Danger = "danger",
        /// A personnummer or samordningsnummer.
        PersonalNumber = "personal_number",
        /// A telephone number.
        Phone = "phone",
        /// An e-mail address.
        Email = "email",
        /// The plate of a vehicle.
        Plate = "plate",
        /// What looks like somebody's name.
        Name = "name",
    }
}

super::code::code_enum! {
    /// How long something is kept; the days of each class stand in a decision
    /// with its number. Without one nothing is let go.
    pub enum RetentionClass {
        /// An ordinary report.
        Report = "report",
        /// A report whose text or photo needs a shorter time.
        Sensitive = "sensitive",
        /// Imported data, as long as their source allows.
        Imported = "imported",
        /// Presence.
        Visit = "visit",
        /// What stood in a text or a photo before it was made unreadable.
        Original = "original",
        /// A report that its sender took back.
        Withdrawn = "withdrawn",
    }
}

/// A report as it is kept.
#[derive(Debug, Clone, PartialEq)]
pub struct Report {
    /// Random identity.
    pub id: Id,
    /// Position in the feed; `Seq(0)` before it is stored.
    pub seq: Seq,
    /// Where it belongs.
    pub municipality: MunicipalityCode,
    /// What it is about.
    pub category: Category,
    /// The word of a foreign system, kept where it maps to [`Category::Other`].
    pub foreign_category: Option<String>,
    /// Where.
    pub located: Located,
    /// When.
    pub when: When,
    /// Why it feels as it does.
    pub factors: Vec<Factor>,
    /// Answers to what its category asks.
    pub details: Vec<Detail>,
    /// How it feels.
    pub feeling: Option<Feeling>,
    /// Free text; never public.
    pub text: Option<String>,
    /// By which way it came.
    pub channel: Channel,
    /// `Citizen` or `Trained`.
    pub source_class: SourceClass,
    /// Who counts as its source.
    pub source_tag: SourceTag,
    /// Where it stands.
    pub status: ReportStatus,
    /// The status word of a foreign system.
    pub foreign_status: Option<String>,
    /// The word of a foreign system for who reported.
    pub foreign_source: Option<String>,
    /// Whether a moderator has released it as a fact about a place.
    pub published: bool,
    /// Why it is kept out of rankings and releases, if it is.
    pub quarantine: Option<QuarantineReason>,
    /// The report that it was merged into.
    pub merged_into: Option<Id>,
    /// The earlier report that it repeats, as matched by the server.
    pub duplicate_of: Option<Id>,
    /// People who feel the same, this reporter included; at least 1.
    pub voices: u32,
    /// How long it is kept.
    pub retention: RetentionClass,
    /// When it arrived, cut to the hour.
    pub received_hour: Timestamp,
}

impl Report {
    /// The district of the report's place, where one is known.
    #[must_use]
    pub const fn district(&self) -> Option<&DistrictCode> {
        self.located.district.as_ref()
    }
}

/// A photo as it is kept: a JPEG without any metadata.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Photo {
    /// Points across.
    pub width: u32,
    /// Points down.
    pub height: u32,
    /// The file.
    pub jpeg: Vec<u8>,
}

/// One step of a report's way, with the answer given at it.
#[derive(Debug, Clone, PartialEq)]
pub struct StatusChange {
    /// The status reached.
    pub status: ReportStatus,
    /// When, cut to the hour.
    pub at_hour: Timestamp,
    /// Organisation that answers: `municipality`, `police`, …; empty for none.
    pub organisation: String,
    /// The role in which somebody of it took the step; `None` for the resident,
    /// and where it was not kept.
    pub role: Option<Role>,
    /// The answer as the resident reads it.
    pub answer: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_closed_report_can_only_be_reopened() {
        for status in ReportStatus::ALL {
            assert_eq!(status.is_end(), status.next() == [ReportStatus::Reopened], "{status}");
        }
    }

    #[test]
    fn a_no_and_a_referral_are_ends_that_need_a_reason() {
        let reasoned = ReportStatus::ALL.iter().filter(|status| status.needs_reason());
        assert!(reasoned.clone().all(|status| status.is_end()));
        assert_eq!(reasoned.count(), 2);
    }

    #[test]
    fn no_status_follows_itself() {
        for status in ReportStatus::ALL {
            assert!(!status.may_become(*status), "{status}");
        }
    }
}

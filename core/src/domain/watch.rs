//! Boat and neighbourhood watch: areas, functions that can be reached, bulletins.
//! No persons: who has a pass is the watch's own affair.

use super::{DistrictCode, Id, MunicipalityCode, Position, UnitKind, Violation};
use jiff::civil::Date;

super::code::code_enum! {
    /// What watches.
    pub enum WatchKind {
        /// A boat watch.
        Boat = "boat",
        /// A harbour watch.
        Harbour = "harbour",
        /// A neighbourhood watch.
        Neighbourhood = "neighbourhood",
        /// A night walk.
        NightWalk = "night_walk",
    }
}

impl WatchKind {
    /// The kind of unit whose visit a pass is.
    #[must_use]
    pub const fn unit_kind(self) -> UnitKind {
        match self {
            Self::Boat => UnitKind::BoatWatch,
            Self::Harbour => UnitKind::HarbourWatch,
            Self::Neighbourhood => UnitKind::NeighbourhoodWatch,
            Self::NightWalk => UnitKind::NightWalk,
        }
    }
}

super::code::code_enum! {
    /// Functions that a watch area has; never who has them.
    pub enum WatchContact {
        /// A contact for some ten households or berths.
        Contact = "contact",
        /// The contact of the whole area.
        MainContact = "main_contact",
        /// Whoever keeps the list of passes.
        Rota = "rota",
        /// The municipality's coordinator.
        Municipality = "municipality",
        /// The municipal police officer.
        Police = "police",
        /// The club or association.
        Club = "club",
    }
}

super::code::code_enum! {
    /// Where a watch area stands.
    pub enum WatchStatus {
        /// Being started.
        Starting = "starting",
        /// At work.
        Active = "active",
        /// Resting, such as in winter.
        Resting = "resting",
    }
}

/// An area that people watch together.
#[derive(Debug, Clone, PartialEq)]
pub struct WatchArea {
    /// Identity.
    pub id: Id,
    /// Where it belongs.
    pub municipality: MunicipalityCode,
    /// What watches.
    pub kind: WatchKind,
    /// Its name.
    pub name: String,
    /// The district.
    pub district: Option<DistrictCode>,
    /// Its middle.
    pub at: Position,
    /// How far it reaches, in metres.
    pub radius_m: f64,
    /// Households or berths that take part.
    pub members: Option<u32>,
    /// Functions that it has.
    pub contacts: Vec<WatchContact>,
    /// Where it stands.
    pub status: WatchStatus,
    /// When it began.
    pub started_on: Option<Date>,
}

impl WatchArea {
    /// Checks its name and size.
    ///
    /// # Errors
    /// Violates `name: required` or `too_long` (80 characters), or
    /// `radiusM: out_of_range` (50 to 20 000).
    pub fn check(&self) -> Result<(), Violation> {
        named("name", &self.name, 80)?;
        if (50.0..=20_000.0).contains(&self.radius_m) {
            Ok(())
        } else {
            Err(Violation::new("radiusM", "out_of_range"))
        }
    }
}

/// What the police or the municipality tell watch areas; public by nature, and
/// as coarse as an area.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bulletin {
    /// Identity.
    pub id: Id,
    /// Where it belongs.
    pub municipality: MunicipalityCode,
    /// The area that it is for; all of them without.
    pub area: Option<Id>,
    /// The function that sends it, as the grant of whoever wrote it says.
    pub sender: super::Role,
    /// When it was published.
    pub published_on: Date,
    /// The day after the last on which it is shown first.
    pub until: Date,
    /// Its title in Swedish and English.
    pub title: (String, String),
    /// Its text in Swedish and English.
    pub text: (String, String),
}

impl Bulletin {
    /// Checks title, text and days.
    ///
    /// # Errors
    /// Violates `title` or `text: required` or `too_long` (120 and 2 000
    /// characters), or `until: not_after_start`.
    pub fn check(&self) -> Result<(), Violation> {
        for (field, texts, most) in [("title", &self.title, 120), ("text", &self.text, 2_000)] {
            named(field, &texts.0, most)?;
            named(field, &texts.1, most)?;
        }
        if self.until <= self.published_on {
            return Err(Violation::new("until", "not_after_start"));
        }
        Ok(())
    }
}

/// Checks a text that has to be there.
pub(super) fn named(field: &str, text: &str, most: usize) -> Result<(), Violation> {
    if text.trim().is_empty() {
        return Err(Violation::new(field, "required"));
    }
    if text.chars().count() > most {
        return Err(Violation::new(field, "too_long"));
    }
    Ok(())
}

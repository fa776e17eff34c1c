//! An officer's veto: somebody who knows a place says why a hot spot on it is
//! not to be acted on, and until when. The spot is counted and shown all the same.

use super::{Context, Id, MunicipalityCode, Plane, Position, Role, Violation};
use jiff::{Span, Timestamp, civil::Date};

super::code::code_enum! {
    /// Why a hot spot is not to be acted on.
    pub enum VetoReason {
        /// What is behind it is known, and somebody works on it.
        Handled = "handled",
        /// It was one event that is over: a market, a storm, works in the road.
        OneEvent = "one_event",
        /// More people pass by than the expectation knows of.
        MorePeople = "more_people",
        /// The reports belong to another place.
        WrongPlace = "wrong_place",
        /// It is somebody else's to act: a road owner, a landlord.
        OthersDuty = "others_duty",
        /// What the note says.
        Other = "other",
    }
}

/// A cell of the test's grid, by which a spot is known again: grids lie on
/// multiples of their cell's edge, so that a cell stays where it is whatever
/// events come and however far the municipality reaches.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct SpotCell {
    /// Edge in metres, 1 to 100 000.
    pub size_m: u32,
    /// West edge in units of `size_m`, in the municipality's plane.
    pub column: i32,
    /// South edge in units of `size_m`.
    pub row: i32,
}

/// Why a spot is vetoed, and until when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VetoTerms {
    /// Why.
    pub reason: VetoReason,
    /// The same in words, 1 to 500 characters; of the place, never of persons.
    pub note: Option<String>,
    /// The local day on which somebody looks again, a year ahead at most.
    pub review_on: Date,
}

/// What happened to a veto.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum VetoAct {
    /// It was set, or renewed with other terms.
    Held(VetoTerms),
    /// It was ended, with what was found.
    Ended(Option<String>),
}

/// One step of a veto; steps are added and never changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VetoStep {
    /// When.
    pub at: Timestamp,
    /// In which role; who it was stands in the audit log alone.
    pub by: Role,
    /// What was done.
    pub act: VetoAct,
}

/// A veto with everything that happened to it.
#[derive(Debug, Clone, PartialEq)]
pub struct Veto {
    /// Identity.
    pub id: Id,
    /// Where it belongs.
    pub municipality: MunicipalityCode,
    /// In which context it was set, and is kept.
    pub context: Context,
    /// The cell of the spot that stood out most when it was set.
    pub cell: SpotCell,
    /// The middle of that cell.
    pub at: Position,
    /// What happened, the first step first; never empty.
    pub steps: Vec<VetoStep>,
}

/// Longest note in characters.
const NOTE_LIMIT: usize = 500;
/// Days ahead at most, after which somebody has to look again.
const MOST_DAYS: i64 = 366;
/// Cells are no larger than this, in metres.
const MOST_M: u32 = 100_000;

impl SpotCell {
    /// Reads `size/column/row`, such as `250/1158/25874`.
    ///
    /// # Errors
    /// Violates `spot: code_form`.
    pub fn parse(text: &str) -> Result<Self, Violation> {
        let parse = || {
            let mut parts = text.split('/');
            let (size, column, row) = (parts.next()?, parts.next()?, parts.next()?);
            let cell = Self {
                size_m: size.parse().ok()?,
                column: column.parse().ok()?,
                row: row.parse().ok()?,
            };
            let plain = parts.next().is_none() && cell.to_string() == text;
            (plain && (1..=MOST_M).contains(&cell.size_m)).then_some(cell)
        };
        parse().ok_or_else(|| Violation::new("spot", "code_form"))
    }

    /// Its west, south, east and north edge in the plane, in metres.
    #[must_use]
    pub fn edges(self) -> [f64; 4] {
        let size_m = f64::from(self.size_m);
        let at = |units: i32| f64::from(units) * size_m;
        let (west, south) = (at(self.column), at(self.row));
        [west, south, west + size_m, south + size_m]
    }

    /// Its middle in the plane.
    #[must_use]
    pub fn centre(self) -> Plane {
        let middle = |at: i32| (f64::from(at) + 0.5) * f64::from(self.size_m);
        Plane { east: middle(self.column), north: middle(self.row) }
    }
}

impl std::fmt::Display for SpotCell {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}/{}/{}", self.size_m, self.column, self.row)
    }
}

impl VetoTerms {
    /// Checks that a reason outside the list is said in words, and that
    /// somebody looks again, after `today` and within a year.
    ///
    /// # Errors
    /// Violates `note: required` or `too_long`, `reviewOn: not_after_start`
    /// or `out_of_range`.
    pub fn check(&self, today: Date) -> Result<(), Violation> {
        match &self.note {
            None if self.reason == VetoReason::Other => {
                return Err(Violation::new("note", "required"));
            }
            Some(note) => check_note(note)?,
            None => {}
        }
        if self.review_on <= today {
            return Err(Violation::new("reviewOn", "not_after_start"));
        }
        let last = today.checked_add(Span::new().days(MOST_DAYS));
        if last.is_ok_and(|last| self.review_on > last) {
            return Err(Violation::new("reviewOn", "out_of_range"));
        }
        Ok(())
    }
}

impl VetoAct {
    /// Checks the terms, or the note of an end.
    ///
    /// # Errors
    /// As [`VetoTerms::check`].
    pub fn check(&self, today: Date) -> Result<(), Violation> {
        match self {
            Self::Held(terms) => terms.check(today),
            Self::Ended(note) => note.as_deref().map_or(Ok(()), check_note),
        }
    }
}

impl Veto {
    /// The terms that hold now and the step that set them; `None` when it was ended.
    #[must_use]
    pub fn holds(&self) -> Option<(&VetoStep, &VetoTerms)> {
        match self.steps.last() {
            Some(step @ VetoStep { act: VetoAct::Held(terms), .. }) => Some((step, terms)),
            _ => None,
        }
    }

    /// When it was set.
    #[must_use]
    pub fn since(&self) -> Timestamp {
        self.steps.first().map_or(Timestamp::UNIX_EPOCH, |step| step.at)
    }

    /// Whether it holds and its day of review has come.
    #[must_use]
    pub fn is_due(&self, today: Date) -> bool {
        self.holds().is_some_and(|(_, terms)| terms.review_on <= today)
    }
}

fn check_note(note: &str) -> Result<(), Violation> {
    match note.chars().count() {
        0 => Err(Violation::new("note", "required")),
        count if count > NOTE_LIMIT => Err(Violation::new("note", "too_long")),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    const TODAY: Date = date(2026, 11, 22);

    fn terms() -> VetoTerms {
        VetoTerms { reason: VetoReason::Handled, note: None, review_on: date(2027, 2, 1) }
    }

    fn veto(acts: Vec<VetoAct>) -> Veto {
        let step = |act| VetoStep { at: Timestamp::UNIX_EPOCH, by: Role::Officer, act };
        Veto {
            id: Id::from_bits(1),
            municipality: MunicipalityCode::parse("1427").unwrap(),
            context: Context::Police,
            cell: SpotCell::parse("250/1158/25874").unwrap(),
            at: Position { longitude: 11.2, latitude: 58.3 },
            steps: acts.into_iter().map(step).collect(),
        }
    }

    #[test]
    fn a_cell_is_read_as_it_is_written_and_nothing_like_it_is() {
        let cell = SpotCell::parse("250/1158/-3").unwrap();
        assert_eq!(cell.to_string(), "250/1158/-3");
        assert_eq!(cell.centre(), Plane { east: 289_625.0, north: -625.0 });
        for wrong in ["", "250/1158", "250/1158/2/3", "0/1/1", "+250/1/1", "250/01/1", "a/b/c"] {
            assert_eq!(SpotCell::parse(wrong), Err(Violation::new("spot", "code_form")), "{wrong}");
        }
    }

    #[test]
    fn a_reason_outside_the_list_is_said_in_words() {
        assert_eq!(terms().check(TODAY), Ok(()));
        let other = VetoTerms { reason: VetoReason::Other, ..terms() };
        assert_eq!(other.check(TODAY), Err(Violation::new("note", "required")));
        let said = VetoTerms { note: Some("The ferry has moved".into()), ..other.clone() };
        assert_eq!(said.check(TODAY), Ok(()));
        let long = VetoTerms { note: Some("a".repeat(501)), ..other };
        assert_eq!(long.check(TODAY), Err(Violation::new("note", "too_long")));
    }

    #[test]
    fn somebody_looks_again_within_a_year() {
        for (day, rule) in [(TODAY, "not_after_start"), (date(2028, 1, 1), "out_of_range")] {
            let wrong = VetoTerms { review_on: day, ..terms() };
            assert_eq!(wrong.check(TODAY), Err(Violation::new("reviewOn", rule)));
        }
    }

    #[test]
    fn a_veto_holds_until_it_is_ended_and_is_due_on_its_day() {
        let held = veto(vec![VetoAct::Held(terms())]);
        assert!(held.holds().is_some() && !held.is_due(TODAY));
        assert!(held.is_due(date(2027, 2, 1)));
        let later = VetoTerms { review_on: date(2027, 6, 1), ..terms() };
        let renewed = veto(vec![VetoAct::Held(terms()), VetoAct::Held(later)]);
        assert!(!renewed.is_due(date(2027, 2, 1)));
        let ended = veto(vec![VetoAct::Held(terms()), VetoAct::Ended(None)]);
        assert!(ended.holds().is_none() && !ended.is_due(date(2027, 2, 1)));
    }
}

//! Rows that have a place become reports, incidents, visits and districts.

use super::ImportJob;
use super::facts::{FactPlace, Noted, exposure, speed_hour, survey_answer};
use super::lasting::Lasting;
use super::place::Spot;
use super::report::Tally;
use crate::app::Ground;
use crate::import::{
    Draft, Facts, Kind, found_by_police, purpose, report_category, source_class, unit_code,
    unit_kind,
};
use crate::store::{Imported, Origin, event_id};
use fyren_core::domain::{
    Category, Channel, Context, District, DistrictCode, ExposureItem, Id, Incident, Mode, Purpose,
    Report, ReportStatus, RetentionClass, Seq, SourceClass, SourceTag, SpeedHour, SurveyAnswer,
    UnitKind, Violation, Visit, When,
};
use jiff::{Timestamp, ToSpan};
use sha2::{Digest, Sha256};

/// Longest words that are kept, in characters: those of a resident.
const TEXT_LIMIT: usize = crate::app::draft::TEXT_LIMIT;
/// Longest word for a category, a status or a source that is kept, in characters.
const WORD_LIMIT: usize = 200;

/// Rows that go to the store together.
pub enum Batch {
    /// Reports.
    Reports(Vec<Imported<Report>>),
    /// Incidents.
    Incidents(Vec<Imported<Incident>>),
    /// Visits of both contexts.
    Visits(Vec<Imported<Visit>>),
    /// Districts of one municipality.
    Areas(Vec<District>),
    /// Amounts that events follow.
    Exposure(Noted<ExposureItem>),
    /// Hours of measured speeds.
    Speeds(Noted<SpeedHour>),
    /// Answers of surveys.
    Surveys(Noted<SurveyAnswer>),
}

impl Batch {
    /// An empty batch.
    pub const fn new(kind: Kind) -> Self {
        match kind {
            Kind::Reports => Self::Reports(Vec::new()),
            Kind::Incidents => Self::Incidents(Vec::new()),
            Kind::Visits | Kind::Tracks => Self::Visits(Vec::new()),
            Kind::Areas => Self::Areas(Vec::new()),
            Kind::Exposure => Self::Exposure(Vec::new()),
            Kind::Speeds => Self::Speeds(Vec::new()),
            Kind::Surveys => Self::Surveys(Vec::new()),
        }
    }

    /// Rows in it.
    pub fn len(&self) -> usize {
        match self {
            Self::Reports(rows) => rows.len(),
            Self::Incidents(rows) => rows.len(),
            Self::Visits(rows) => rows.len(),
            Self::Areas(rows) => rows.len(),
            Self::Exposure(rows) => rows.len(),
            Self::Speeds(rows) => rows.len(),
            Self::Surveys(rows) => rows.len(),
        }
    }
}

/// Makes events of drafts.
pub struct Maker {
    dataset: String,
    received_hour: Timestamp,
    civil_only: bool,
    import: Id,
    attempt: u8,
    row: u32,
}

impl Maker {
    /// Makes events of one import.
    pub(super) fn new(job: &ImportJob, lasting: &Lasting, received_hour: Timestamp) -> Self {
        Self {
            dataset: job.dataset.clone(),
            received_hour,
            civil_only: job.civil_only,
            import: lasting.id,
            attempt: lasting.attempt,
            row: 0,
        }
    }

    /// The identity of the next event: one after the other, so that the pages
    /// of the keys fill in order.
    fn next_id(&mut self) -> Id {
        self.row = self.row.saturating_add(1);
        event_id(self.import, self.attempt, self.row)
    }

    /// Adds what `draft` says to `batch`.
    ///
    /// # Errors
    /// Violates `at: required` for a visit without a time, a rule of
    /// [`Visit::check`], or a rule of a district.
    pub fn add(
        &mut self,
        draft: &Draft,
        spot: Spot,
        batch: &mut Batch,
        tally: &mut Tally,
    ) -> Result<(), Violation> {
        match (batch, spot) {
            (Batch::Reports(rows), Spot::Event(ground, located)) => {
                let origin = self.origin(draft);
                let event = self.report((&ground, located), draft, tally)?;
                rows.push(Imported { masks: ground.masks(&event.when), event, origin });
            }
            (Batch::Incidents(rows), Spot::Event(ground, located)) => {
                let origin = self.origin(draft);
                let event = self.incident((&ground, located), draft, tally);
                rows.push(Imported { masks: ground.masks(&event.when), event, origin });
            }
            (Batch::Visits(rows), Spot::Event(ground, located)) => {
                let origin = self.origin(draft);
                let event = self.visit((&ground, located), draft, tally)?;
                let when = When::Interval { from: event.started_at, to: event.ended_at };
                rows.push(Imported { masks: ground.masks(&when), event, origin });
            }
            (Batch::Exposure(rows), Spot::Fact(ground, FactPlace::Exposure(place))) => {
                let name = tally.kept(draft.text.as_deref(), WORD_LIMIT);
                let whose = (self.next_id(), ground.code().clone());
                rows.push((exposure(whose, draft, place, name)?, self.origin(draft)));
            }
            (Batch::Speeds(rows), Spot::Fact(ground, FactPlace::Site(position))) => {
                let site = match &draft.facts {
                    Facts::Speed { site, .. } => tally.kept(Some(site), WORD_LIMIT),
                    _ => None,
                };
                let whose = (self.next_id(), ground.code().clone());
                let hour = speed_hour(whose, draft, position, site.unwrap_or_default())?;
                rows.push((hour, self.origin(draft)));
            }
            (Batch::Surveys(rows), Spot::Fact(ground, FactPlace::Asked(district))) => {
                let whose = (self.next_id(), ground.code().clone());
                let mut kept = |words: Option<&str>| tally.kept(words, WORD_LIMIT);
                rows.push((survey_answer(whose, draft, district, &mut kept)?, self.origin(draft)));
            }
            (Batch::Areas(rows), Spot::Area(ground)) => rows.push(district(draft, ground, tally)),
            _ => return Err(Violation::new("place", "required")),
        }
        Ok(())
    }

    fn origin(&self, draft: &Draft) -> Origin {
        Origin { dataset: self.dataset.clone(), external_key: draft.external_id.clone() }
    }

    fn report(
        &mut self,
        (ground, mut located): (&Ground, fyren_core::domain::Located),
        draft: &Draft,
        tally: &mut Tally,
    ) -> Result<Report, Violation> {
        let word = draft.category.as_deref().unwrap_or_default();
        let category = report_category(word);
        let foreign_category = match category {
            None if !word.is_empty() => {
                tally.foreign(word);
                tally.kept(Some(word), WORD_LIMIT)
            }
            _ => None,
        };
        let category = category.unwrap_or(Category::Other);
        let mut text = tally.kept(draft.text.as_deref(), TEXT_LIMIT);
        if category.district_only() {
            // What would be kept too finely is dropped on arrival.
            let district = located.district.as_ref().map(|district| district.0.as_str());
            located = ground.geofence.locate(ground.as_district(district))?.located;
            text = None;
        }
        let foreign_status = tally.kept(draft.status.as_deref(), WORD_LIMIT);
        let status = foreign_status.as_deref().and_then(ReportStatus::parse);
        Ok(Report {
            id: self.next_id(),
            seq: Seq(0),
            municipality: ground.code().clone(),
            category,
            foreign_category,
            located,
            when: draft.when,
            factors: Vec::new(),
            details: Vec::new(),
            feeling: None,
            text,
            channel: Channel::Import,
            source_class: draft.source.as_deref().map_or(SourceClass::Citizen, source_class),
            source_tag: self.tag(&[&draft.external_id]),
            // A merged report needs the one that it was merged into.
            status: status.filter(|s| *s != ReportStatus::Merged).unwrap_or(ReportStatus::Received),
            foreign_status,
            foreign_source: tally.kept(draft.source.as_deref(), WORD_LIMIT),
            published: false,
            quarantine: None,
            merged_into: None,
            duplicate_of: None,
            voices: 1,
            retention: RetentionClass::Imported,
            received_hour: self.received_hour,
        })
    }

    fn incident(
        &mut self,
        (ground, located): (&Ground, fyren_core::domain::Located),
        draft: &Draft,
        tally: &mut Tally,
    ) -> Incident {
        let mut kept = |words: &Option<String>, limit| tally.kept(words.as_deref(), limit);
        let category = kept(&draft.category, WORD_LIMIT).unwrap_or_else(|| "unknown".to_owned());
        Incident {
            id: self.next_id(),
            seq: Seq(0),
            municipality: ground.code().clone(),
            police_initiated: found_by_police(&category),
            category,
            located,
            when: draft.when,
            text: kept(&draft.text, TEXT_LIMIT),
            foreign_source: kept(&draft.source, WORD_LIMIT),
            foreign_status: kept(&draft.status, WORD_LIMIT),
            source_class: SourceClass::Police,
            source_tag: self.tag(&[&draft.external_id]),
            synthetic: false,
            retention: RetentionClass::Imported,
            received_hour: self.received_hour,
        }
    }

    fn visit(
        &mut self,
        (ground, located): (&Ground, fyren_core::domain::Located),
        draft: &Draft,
        tally: &mut Tally,
    ) -> Result<Visit, Violation> {
        let (started_at, ended_at) = span(draft.when, tally)?;
        let unit = draft.unit.as_deref().and_then(unit_code).unwrap_or_else(|| "import".into());
        Visit::check(&unit, started_at, ended_at)?;
        let unit_kind = draft.source.as_deref().and_then(unit_kind).unwrap_or(UnitKind::Partner);
        if self.civil_only && unit_kind.context() == Context::Police {
            return Err(Violation::new("source", "police_only"));
        }
        let word = draft.category.as_deref().unwrap_or_default();
        let purpose = purpose(word);
        if purpose.is_none() && !word.is_empty() {
            tally.foreign(word);
        }
        Ok(Visit {
            id: self.next_id(),
            seq: Seq(0),
            municipality: ground.code().clone(),
            source_tag: self.tag(&["unit", &unit]),
            unit,
            unit_kind,
            located,
            started_at,
            ended_at,
            mode: Mode::Foot,
            purpose: purpose.unwrap_or(Purpose::Presence),
            tactics: Vec::new(),
            seen: None,
            contacts: None,
            corrects: None,
            withdrawn: false,
            synthetic: false,
        })
    }

    /// One source a row or a unit, the same however often it is imported.
    fn tag(&self, parts: &[&str]) -> SourceTag {
        let mut hash = Sha256::new();
        for part in [self.dataset.as_str()].iter().chain(parts) {
            hash.update(part.as_bytes());
            hash.update([0]);
        }
        let mut bits = [0; 8];
        bits.copy_from_slice(&hash.finalize()[..8]);
        SourceTag::from_bits(u64::from_be_bytes(bits))
    }
}

/// Beginning and end of a visit; where only an instant is known it lasts a
/// minute, the least that a visit can.
fn span(when: When, tally: &mut Tally) -> Result<(Timestamp, Timestamp), Violation> {
    match when {
        When::Interval { from, to } => Ok((from, to)),
        When::Instant { at, .. } => {
            tally.assumed_minutes += 1;
            let end = at.checked_add(1.minute());
            Ok((at, end.map_err(|_beyond| Violation::new("at", "out_of_range"))?))
        }
        When::Recurring { .. } | When::Unknown => Err(Violation::new("at", "required")),
    }
}

fn district(draft: &Draft, ground: geo_types::MultiPolygon<f64>, tally: &mut Tally) -> District {
    let name = tally.kept(draft.text.as_deref(), WORD_LIMIT);
    District {
        code: DistrictCode(draft.external_id.clone()),
        name: name.unwrap_or_else(|| draft.external_id.clone()),
        boundary: ground,
        residents: None,
    }
}

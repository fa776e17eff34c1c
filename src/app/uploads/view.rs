//! What staff see of an import.

use crate::app::{Ground, ImportReport, Look, Result};
use crate::import::{Kind, Mapping, Target};
use crate::store::{ImportRecord, ImportRows};
use fyren_core::domain::{Violation, When};
use geo_types::Geometry;
use std::collections::BTreeMap;
use std::sync::Arc;

/// How a file is to be understood, as staff say it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportSettings {
    /// What it holds.
    pub kind: Kind,
    /// Name of the data set, 1 to 120 characters.
    pub dataset: String,
    /// Targets and the columns that they are to be taken from; an empty column
    /// switches a guess off.
    pub columns: BTreeMap<String, String>,
    /// Zone of times without an offset.
    pub time_zone: Option<String>,
    /// Coordinate system.
    pub crs: Option<String>,
}

/// Where an uploaded file stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phase {
    /// It waits for a decision.
    Waiting,
    /// It is being tried.
    Checking,
    /// It was tried and waits.
    Checked,
    /// It is being imported.
    Running,
    /// It is imported.
    Done,
    /// What was tried failed; it waits.
    Failed,
}

/// One import as staff see it.
#[derive(Debug, Clone)]
pub struct ImportView {
    /// Identity.
    pub id: String,
    /// `waiting`, `checking`, `checked`, `running`, `done`, `failed`,
    /// `undoing` or `undone`.
    pub state: &'static str,
    /// What the file holds.
    pub kind: String,
    /// Name of the data set.
    pub dataset: String,
    /// Who imports.
    pub actor: String,
    /// Name and bytes of the file, as long as it is known.
    pub file: Option<(String, u64)>,
    /// When it began to be stored, RFC 3339.
    pub began: Option<String>,
    /// Its rows, once it is done.
    pub counts: Option<ImportRows>,
    /// Rows of the file, 0 while that is not known, and rows read so far.
    pub progress: (u64, u64),
    /// How the file is to be understood.
    pub settings: Option<ImportSettings>,
    /// The columns of the file, as far as they are known, and what each is
    /// taken for.
    pub columns: Vec<(String, Option<&'static str>)>,
    /// What was seen in the file.
    pub look: Option<LookView>,
    /// What the last try or the import told.
    pub report: Option<Arc<ImportReport>>,
    /// Why the last try failed.
    pub failure: Option<String>,
}

/// What was seen in a file.
#[derive(Debug, Clone)]
pub struct LookView {
    /// How it is written.
    pub format: &'static str,
    /// In which letters.
    pub encoding: &'static str,
    /// Rows in it.
    pub rows: u64,
    /// Code, name and reason of the coordinate system.
    pub crs: (String, String, &'static str),
    /// Zone of times without an offset.
    pub time_zone: String,
    /// Its first rows.
    pub samples: Vec<SampleView>,
}

/// One of the first rows.
#[derive(Debug, Clone)]
pub struct SampleView {
    /// Line on which it begins.
    pub line: u64,
    /// The values in the order of the columns.
    pub values: Vec<String>,
    /// Where it lies, as a geometry; none of what has only an area.
    pub geometry: Option<serde_json::Value>,
    /// When, RFC 3339 in UTC; the beginning of a span.
    pub at: Option<String>,
    /// The source's word for what it is about.
    pub category: Option<String>,
    /// District in which it lies.
    pub district: Option<String>,
    /// The rule that it breaks.
    pub refused: Option<Violation>,
}

impl Phase {
    /// The stable name.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Checking => "checking",
            Self::Checked => "checked",
            Self::Running => "running",
            Self::Done => "done",
            Self::Failed => "failed",
        }
    }

    pub(super) const fn runs(self) -> bool {
        matches!(self, Self::Checking | Self::Running)
    }
}

impl ImportSettings {
    /// What a file of this name is taken for.
    pub(super) fn guessed(kind: Kind, name: &str) -> Self {
        let stem = name.strip_suffix(".gz").unwrap_or(name);
        let stem = stem.rsplit_once('.').map_or(stem, |(stem, _)| stem);
        let dataset = if stem.is_empty() { "import" } else { stem };
        Self {
            kind,
            dataset: dataset.to_owned(),
            columns: BTreeMap::new(),
            time_zone: None,
            crs: None,
        }
    }

    pub(super) fn mappings(&self) -> Result<Vec<Mapping>> {
        if !(1..=120).contains(&self.dataset.chars().count()) {
            return Err(Violation::new("dataset", "too_long").into());
        }
        let one = |(target, column): (&String, &String)| {
            let known = Target::ALL.into_iter().find(|known| known.name() == target);
            let target = known
                .ok_or_else(|| Violation::new(format!("columns.{target}"), "unknown_field"))?;
            Ok(Mapping { target, column: column.clone() })
        };
        self.columns.iter().map(one).collect()
    }
}

impl ImportView {
    /// An import as it is remembered.
    pub(super) fn of(record: &ImportRecord) -> Self {
        Self {
            id: record.import.id.to_string(),
            state: record.state.code(),
            kind: record.import.kind.clone(),
            dataset: record.import.dataset.clone(),
            actor: record.import.actor.clone(),
            file: None,
            began: Some(record.import.began.to_string()),
            counts: Some(record.rows),
            progress: (record.rows.read, record.rows.read),
            settings: None,
            columns: Vec::new(),
            look: None,
            report: None,
            failure: None,
        }
    }

    /// The same with what is remembered of it.
    pub(super) fn with(self, record: Option<&ImportRecord>) -> Self {
        let Some(record) = record else { return self };
        let state = match self.state {
            "done" => record.state.code(),
            present => present,
        };
        let counts = (self.state == "done").then_some(record.rows);
        Self { state, counts, began: Some(record.import.began.to_string()), ..self }
    }

    pub(super) fn with_look(self, look: &Look, ground: &Ground) -> Self {
        let plan = &look.plan;
        let named = plan.assignment.named(&plan.columns);
        let meaning = |column: &String| {
            let of = |(_, names): &&(Target, String)| names.split('+').any(|name| name == column);
            named.iter().find(of).map(|(target, _)| target.name())
        };
        let columns = plan.columns.iter().map(|name| (name.clone(), meaning(name))).collect();
        Self { columns, look: Some(LookView::of(look, ground)), ..self }
    }
}

impl LookView {
    fn of(look: &Look, ground: &Ground) -> Self {
        let plan = &look.plan;
        Self {
            format: plan.format.name(),
            encoding: plan.encoding,
            rows: plan.rows,
            crs: (
                plan.crs_decision.code.clone(),
                plan.crs_decision.name.clone(),
                plan.crs_decision.how,
            ),
            time_zone: plan.zone.name.clone(),
            samples: look.samples.iter().map(|sample| SampleView::of(sample, ground)).collect(),
        }
    }
}

impl SampleView {
    fn of(sample: &crate::app::Sample, ground: &Ground) -> Self {
        let record = &sample.record;
        let values = record.values.iter().map(str::to_owned).collect();
        let bare = Self {
            line: record.line,
            values,
            geometry: None,
            at: None,
            category: None,
            district: None,
            refused: None,
        };
        match &sample.outcome {
            Err(violation) => Self { refused: Some(violation.clone()), ..bare },
            Ok(understood) => {
                let located = understood.located.as_ref();
                Self {
                    geometry: located.and_then(geometry),
                    at: begins(understood.when),
                    category: understood.category.clone(),
                    district: located
                        .and_then(|located| located.district.as_ref())
                        .map(|code| ground.district_name(&code.0).to_owned()),
                    ..bare
                }
            }
        }
    }
}

fn begins(when: When) -> Option<String> {
    match when {
        When::Instant { at, .. } => Some(at.to_string()),
        When::Interval { from, .. } => Some(from.to_string()),
        When::Recurring { .. } | When::Unknown => None,
    }
}

fn geometry(located: &fyren_core::domain::Located) -> Option<serde_json::Value> {
    use fyren_core::domain::Place;
    let shape: Geometry<f64> = match &located.place {
        Place::Point { position, .. } => {
            geo_types::Point::new(position.longitude, position.latitude).into()
        }
        Place::Line(line) => line.clone().into(),
        Place::Area(area) => area.clone().into(),
        Place::Code(_) => return None,
    };
    serde_json::to_value(geojson::Geometry::from(&shape)).ok()
}

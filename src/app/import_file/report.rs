//! What is told about an import when it is done.

use super::ImportJob;
use super::place::ASSUMED_PRECISION_M;
use crate::import::{Findings, Grain, Plan, RepeatedPoint};
use crate::store::ImportRows;
use fyren_core::domain::{Id, Violation};
use serde::Serialize;
use std::collections::BTreeMap;

/// Most refusals that are told one by one; all of them go to the file.
const TOLD: usize = 1_000;
/// Most different foreign words that are told.
const WORDS: usize = 50;

/// A row that was refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// Line on which the row begins.
    pub line: u64,
    /// The rule that it breaks.
    pub violation: Violation,
}

/// Counts of one import while it runs.
#[derive(Default)]
pub struct Tally {
    /// Rows read.
    pub read: u64,
    /// Rows refused.
    pub refused: u64,
    /// Points beyond the tolerance of the coast.
    pub on_water: u64,
    /// Points that became their municipality.
    pub coarse: u64,
    /// Points whose precision nobody said.
    pub assumed_precision: u64,
    /// Positions of a log of positions.
    pub positions: u64,
    /// Visits whose end nobody said.
    pub assumed_minutes: u64,
    shortened: u64,
    refusals: Vec<Refusal>,
    rules: BTreeMap<&'static str, u64>,
    words: BTreeMap<String, u64>,
    further_words: u64,
}

impl Tally {
    /// Counts a refused row.
    pub fn refuse(&mut self, refusal: Refusal) {
        self.refused += 1;
        *self.rules.entry(refusal.violation.rule).or_insert(0) += 1;
        if self.refusals.len() < TOLD {
            self.refusals.push(refusal);
        }
    }

    /// The first `limit` characters of some words; counts what is cut.
    pub fn kept(&mut self, words: Option<&str>, limit: usize) -> Option<String> {
        let words = words?;
        match words.char_indices().nth(limit) {
            Some((end, _)) => {
                self.shortened += 1;
                Some(words[..end].to_owned())
            }
            None => Some(words.to_owned()),
        }
    }

    /// Counts a word that is not one of ours.
    pub fn foreign(&mut self, word: &str) {
        if let Some(rows) = self.words.get_mut(word) {
            *rows += 1;
        } else if self.words.len() < WORDS {
            self.words.insert(word.chars().take(100).collect(), 1);
        } else {
            self.further_words += 1;
        }
    }
}

/// The report of an import. `read = stored + known + refused`.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ImportReport {
    /// Identity of the import, by which it can be undone; none of a dry run.
    pub import: Option<String>,
    /// What the file holds.
    pub kind: &'static str,
    /// Name of the data set.
    pub dataset: String,
    /// Code of the municipality, or `all`.
    pub municipality: String,
    /// Whether nothing was stored.
    pub dry_run: bool,
    /// Rows in the file.
    pub read: u64,
    /// Positions in a log of positions; its rows are the visits found in it.
    pub positions: u64,
    /// Rows that are new; of a dry run, rows that could be stored.
    pub stored: u64,
    /// Rows that were stored before, or stand twice in the file.
    pub known: u64,
    /// Rows that break a rule.
    pub refused: u64,
    /// How the file is written.
    pub format: &'static str,
    /// In which letters.
    pub encoding: &'static str,
    /// What its columns were taken for.
    pub columns: BTreeMap<&'static str, String>,
    /// Columns that mean nothing here.
    pub unused_columns: Vec<String>,
    /// How times were understood.
    pub times: Times,
    /// How coordinates were understood.
    pub crs: Crs,
    /// How places were understood.
    pub places: Places,
    /// Words that are not categories here, with their rows; the original is kept.
    pub foreign_categories: BTreeMap<String, u64>,
    /// Rows with still other such words.
    pub further_foreign_categories: u64,
    /// Texts that were too long and lost their end.
    pub shortened_texts: u64,
    /// Refused rows by their rule.
    pub refused_by_rule: BTreeMap<&'static str, u64>,
    /// The first thousand refused rows.
    pub refusals: Vec<RefusalView>,
    /// Where all refused rows were written, if any were.
    pub refused_file: Option<String>,
}

/// How times were understood.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Times {
    /// Zone of times without an offset.
    pub zone: String,
    /// Whether nobody said so, and the municipality's was taken.
    pub zone_assumed: bool,
    /// How fine they are as a whole: `minute`, `hour` or `day`.
    pub grain: &'static str,
    /// Rows whose time is unknown.
    pub unknown: u64,
    /// Times that stand there and could not be read.
    pub unreadable: u64,
    /// Lines of the first of them.
    pub unreadable_lines: Vec<u64>,
    /// Spans that end before they begin; their time is unknown.
    pub reversed_spans: u64,
    /// Lines of the first of them.
    pub reversed_lines: Vec<u64>,
    /// Local times that summer time skipped; an hour was added.
    pub summer_time_gap: u64,
    /// Local times that came twice; the first was taken.
    pub summer_time_overlap: u64,
    /// Lines of the first of both.
    pub summer_time_lines: Vec<u64>,
    /// Times that look like a default.
    pub look_like_defaults: Vec<DefaultTimeView>,
    /// Visits whose end nobody said, taken as one minute.
    pub assumed_minutes: u64,
}

/// A time that looks like a default.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DefaultTimeView {
    /// `00:00`, `12:00`, `first_of_month` or `first_of_year`.
    pub time: &'static str,
    /// Rows at it.
    pub rows: u64,
    /// Rows that the hours or days beside it let expect.
    pub expected: u64,
    /// The first lines of them.
    pub lines: Vec<u64>,
}

/// How coordinates were understood.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Crs {
    /// `EPSG:3006`.
    pub code: String,
    /// `SWEREF 99 TM`.
    pub name: String,
    /// How it was decided.
    pub decided: &'static str,
    /// Whether the first of two coordinates points north.
    pub north_first: bool,
}

/// How places were understood.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Places {
    /// Points that became their municipality, because nothing better is known.
    pub coarse: u64,
    /// Points whose precision nobody said.
    pub assumed_precision: u64,
    /// The precision that was taken for them, in metres.
    pub assumed_precision_m: f64,
    /// Points farther out than the generalised coast can be wrong.
    pub on_water: u64,
    /// Rows refused as outside their municipality.
    pub outside: u64,
    /// Rows refused because longitude and latitude are exchanged.
    pub swapped: u64,
    /// How many points are repeated far more than the others.
    pub repeated: usize,
    /// The fullest of them.
    pub repeated_points: Vec<RepeatedPointView>,
    /// How many points lie far from all others.
    pub outliers: usize,
    /// The fullest of them.
    pub outlying_points: Vec<RepeatedPointView>,
}

/// A point that is repeated far more than the others, or lies far from them.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RepeatedPointView {
    /// Degrees east.
    pub longitude: f64,
    /// Degrees north.
    pub latitude: f64,
    /// Rows on it.
    pub rows: u64,
    /// Their share of all rows with a point.
    pub share: f64,
    /// Line of the first of them.
    pub line: u64,
}

/// A refused row as it is told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RefusalView {
    /// Line on which the row begins.
    pub line: u64,
    /// The field that breaks it.
    pub field: String,
    /// The rule.
    pub rule: &'static str,
}

/// Puts the report together.
pub fn made(
    job: &ImportJob,
    plan: &Plan,
    tally: Tally,
    findings: &Findings,
    (id, rows): (Option<Id>, ImportRows),
) -> ImportReport {
    let named = plan.assignment.named(&plan.columns);
    let used: Vec<&str> = named.iter().flat_map(|(_, names)| names.split('+')).collect();
    let unused = plan.columns.iter().filter(|column| !used.contains(&column.as_str()));
    let municipality = job.municipality.as_ref().map_or("all", |code| code.as_str()).to_owned();
    ImportReport {
        import: id.map(|id| id.to_string()),
        positions: tally.positions,
        kind: job.kind.code(),
        dataset: job.dataset.clone(),
        municipality,
        dry_run: job.dry_run,
        read: tally.read,
        stored: rows.stored,
        known: rows.known,
        refused: tally.refused,
        format: plan.format.name(),
        encoding: plan.encoding,
        unused_columns: unused.cloned().collect(),
        columns: named.into_iter().map(|(target, name)| (target.name(), name)).collect(),
        times: times(job, plan, &tally, findings),
        crs: Crs {
            code: plan.crs_decision.code.clone(),
            name: plan.crs_decision.name.clone(),
            decided: plan.crs_decision.how,
            north_first: plan.crs_decision.north_first,
        },
        places: places(&tally, findings),
        foreign_categories: tally.words,
        further_foreign_categories: tally.further_words,
        shortened_texts: tally.shortened,
        refused_by_rule: tally.rules,
        refusals: tally.refusals.into_iter().map(RefusalView::from).collect(),
        refused_file: None,
    }
}

fn times(job: &ImportJob, plan: &Plan, tally: &Tally, findings: &Findings) -> Times {
    let defaults = findings.clock.defaults().into_iter().map(|found| DefaultTimeView {
        time: found.pile.code(),
        rows: found.rows,
        expected: found.expected,
        lines: found.lines,
    });
    Times {
        zone: plan.zone.name.clone(),
        zone_assumed: job.time_zone.is_none(),
        grain: match plan.grain {
            Grain::Minute => "minute",
            Grain::Hour => "hour",
            Grain::Day => "day",
        },
        unknown: findings.unknown_times,
        unreadable: findings.unreadable_times,
        unreadable_lines: findings.unreadable_lines.clone(),
        reversed_spans: findings.reversed_spans,
        reversed_lines: findings.reversed_lines.clone(),
        summer_time_gap: findings.gap_times,
        summer_time_overlap: findings.overlap_times,
        summer_time_lines: findings.shifted_lines.clone(),
        look_like_defaults: defaults.collect(),
        assumed_minutes: tally.assumed_minutes,
    }
}

fn places(tally: &Tally, findings: &Findings) -> Places {
    let rule = |name: &str| tally.rules.get(name).copied().unwrap_or(0);
    let (piles, repeated) = findings.repeated_points();
    let (apart, outliers) = findings.outliers();
    let views = |points: Vec<RepeatedPoint>| {
        points.into_iter().map(|point| point_view(point, findings.points())).collect()
    };
    Places {
        coarse: tally.coarse,
        assumed_precision: tally.assumed_precision,
        assumed_precision_m: ASSUMED_PRECISION_M,
        on_water: tally.on_water,
        outside: rule("outside_municipality"),
        swapped: rule("swapped_coordinates"),
        repeated,
        repeated_points: views(piles),
        outliers,
        outlying_points: views(apart),
    }
}

#[expect(clippy::cast_precision_loss, reason = "rows are far fewer than 2^53")]
fn point_view(point: RepeatedPoint, all: u64) -> RepeatedPointView {
    RepeatedPointView {
        longitude: point.position.longitude,
        latitude: point.position.latitude,
        rows: point.rows,
        share: (point.rows as f64 / all.max(1) as f64 * 1e4).round() / 1e4,
        line: point.line,
    }
}

impl From<Refusal> for RefusalView {
    fn from(refusal: Refusal) -> Self {
        let Violation { field, rule } = refusal.violation;
        Self { line: refusal.line, field, rule }
    }
}

//! An import as it is written.

use crate::app::uploads::{ImportView, SampleView};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// How a file is to be understood. What is left out is guessed.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
#[schema(as = ImportSettings)]
pub struct Settings {
    /// `reports`, `incidents`, `visits`, `tracks`, `areas`, `exposure`, `speeds` or `surveys`.
    pub(super) kind: String,
    /// Name of the data set: a row with an identity that is known in it is not
    /// stored again.
    pub(super) dataset: String,
    /// Columns by what they mean (`id`, `at`, `from`, `to`, `category`, `text`,
    /// `longitude`, `latitude`, `x`, `y`, `precision`, `area`, `status`, `source`,
    /// `unit`); several joined by `+`, an empty one switches a guess off.
    #[serde(default)]
    pub(super) columns: BTreeMap<String, String>,
    /// Zone of times without an offset.
    #[serde(default)]
    pub(super) time_zone: Option<String>,
    /// Coordinate system, such as `EPSG:3006`.
    #[serde(default)]
    pub(super) crs: Option<String>,
}

/// A form with a file, its parts in any order.
#[derive(ToSchema)]
#[expect(dead_code, reason = "it only describes what is read part by part")]
pub struct FileForm {
    /// The file.
    #[schema(value_type = String, format = Binary)]
    file: String,
    /// `reports`, `incidents`, `visits`, `tracks`, `areas`, `exposure`, `speeds` or `surveys`, where the
    /// query does not say it.
    kind: Option<String>,
    /// Name of the data set's file, where it is not the file's own.
    name: Option<String>,
}

/// An import.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Import {
    /// Identity.
    id: String,
    /// `waiting`, `checking`, `checked`, `running`, `done`, `failed`, `undoing` or `undone`.
    state: &'static str,
    /// `reports`, `incidents`, `visits`, `tracks`, `areas`, `exposure`, `speeds` or `surveys`.
    kind: String,
    /// Name of the data set.
    dataset: String,
    /// Who imports.
    actor: String,
    /// Name of the file, as long as it is known.
    file: Option<String>,
    /// Its length.
    bytes: Option<u64>,
    /// When it began to be stored.
    began_at: Option<String>,
    /// How far it is.
    progress: ProgressView,
    /// Its rows, once it is done.
    rows: Option<RowsView>,
    /// How the file is to be understood, as it was said.
    settings: Option<SettingsView>,
    /// Its columns; guessed where nothing was said.
    columns: Vec<ColumnView>,
    /// What was seen in the file.
    seen: Option<SeenView>,
    /// The first five rows as a `FeatureCollection`; a feature's properties are
    /// `line`, `values`, `at`, `category`, `district` and `refused`.
    #[schema(value_type = Option<Object>)]
    sample: Option<Value>,
    /// What the last try or the import told, as `fyren import --json`.
    #[schema(value_type = Option<Object>)]
    report: Option<Value>,
    /// Why the last try failed.
    failure: Option<String>,
}

/// How far an import is.
#[derive(Debug, Serialize, ToSchema)]
pub struct ProgressView {
    /// Rows of the file, 0 while that is not known.
    rows: u64,
    /// Rows read so far.
    read: u64,
}

/// Rows of an import. `read = stored + known + refused`.
#[derive(Debug, Serialize, ToSchema)]
pub struct RowsView {
    /// Rows read.
    read: u64,
    /// Rows that were new.
    stored: u64,
    /// Rows that were known.
    known: u64,
    /// Rows that break a rule.
    refused: u64,
}

/// How a file is to be understood, as it was said.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SettingsView {
    /// Columns by what they mean, as far as it was said.
    columns: BTreeMap<String, String>,
    /// Zone of times without an offset, if it was said.
    time_zone: Option<String>,
    /// Coordinate system, if it was said.
    crs: Option<String>,
}

/// A column.
#[derive(Debug, Serialize, ToSchema)]
pub struct ColumnView {
    /// Its name.
    name: String,
    /// What it is taken for; nothing where it is not used.
    target: Option<&'static str>,
}

/// What was seen in a file.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SeenView {
    /// How it is written.
    format: &'static str,
    /// In which letters.
    encoding: &'static str,
    /// Rows in it.
    rows: u64,
    /// Coordinate system by its code.
    crs: String,
    /// Its name.
    crs_name: String,
    /// How that was decided.
    crs_decided: &'static str,
    /// Zone of times without an offset.
    time_zone: String,
}

impl From<ImportView> for Import {
    fn from(view: ImportView) -> Self {
        let sample = view.look.as_ref().map(|look| sample(&look.samples, &view.columns));
        let (file, bytes) = view.file.unzip();
        Self {
            id: view.id,
            state: view.state,
            kind: view.kind,
            dataset: view.dataset,
            actor: view.actor,
            file,
            bytes,
            began_at: view.began,
            progress: ProgressView { rows: view.progress.0, read: view.progress.1 },
            rows: view.counts.map(|rows| RowsView {
                read: rows.read,
                stored: rows.stored,
                known: rows.known,
                refused: rows.refused,
            }),
            settings: view.settings.map(|said| SettingsView {
                columns: said.columns,
                time_zone: said.time_zone,
                crs: said.crs,
            }),
            columns: column_views(view.columns),
            seen: view.look.map(|look| SeenView {
                format: look.format,
                encoding: look.encoding,
                rows: look.rows,
                crs: look.crs.0,
                crs_name: look.crs.1,
                crs_decided: look.crs.2,
                time_zone: look.time_zone,
            }),
            sample,
            report: view.report.and_then(|report| serde_json::to_value(&*report).ok()),
            failure: view.failure,
        }
    }
}

fn column_views(columns: Vec<(String, Option<&'static str>)>) -> Vec<ColumnView> {
    columns.into_iter().map(|(name, target)| ColumnView { name, target }).collect()
}

fn sample(samples: &[SampleView], columns: &[(String, Option<&'static str>)]) -> Value {
    let feature = |row: &SampleView| {
        let names = columns.iter().map(|(name, _)| name.clone());
        let values: Map<String, Value> =
            names.zip(row.values.iter().map(|value| json!(value))).collect();
        let refused = row.refused.as_ref();
        json!({
            "type": "Feature",
            "id": row.line,
            "geometry": row.geometry,
            "properties": {
                "line": row.line,
                "values": values,
                "at": row.at,
                "category": row.category,
                "district": row.district,
                "refused": refused.map(|broken| json!({ "field": broken.field, "rule": broken.rule })),
            }
        })
    };
    json!({ "type": "FeatureCollection", "features": samples.iter().map(feature).collect::<Vec<_>>() })
}

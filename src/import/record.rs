//! One row of a file before anybody knows what its columns mean.

use csv::StringRecord;
use serde_json::Value;

/// How a file is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// A table with this delimiter.
    Table {
        /// `,`, `;` or a tabulator.
        delimiter: u8,
    },
    /// `GeoJSON`.
    GeoJson,
    /// A JSON array of objects.
    Objects,
    /// A workbook.
    Workbook,
    /// A `GeoPackage`.
    GeoPackage,
    /// A Shapefile in an archive.
    Shapefile,
    /// Tracks or waypoints.
    Gpx,
    /// Service requests of Open311 in XML.
    ServiceRequests,
}

impl Format {
    /// The format in the words of the report.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Table { delimiter: b';' } => "CSV (semicolon)",
            Self::Table { delimiter: b'\t' } => "CSV (tabulator)",
            Self::Table { .. } => "CSV (comma)",
            Self::GeoJson => "GeoJSON",
            Self::Objects => "JSON (a list of objects)",
            Self::Workbook => "workbook",
            Self::GeoPackage => "GeoPackage",
            Self::Shapefile => "Shapefile",
            Self::Gpx => "GPX",
            Self::ServiceRequests => "Open311 (XML)",
        }
    }
}

/// One row of a table or one feature.
#[derive(Debug, Clone, PartialEq)]
pub struct Record {
    /// Line on which it begins, from 1.
    pub line: u64,
    /// Its values in the order of the file's columns.
    pub values: StringRecord,
    /// The geometry of a feature as it stands in the file.
    pub geometry: Option<Value>,
}

impl Record {
    /// The value of a column, trimmed; `None` where it is empty or missing.
    pub fn value(&self, column: usize) -> Option<&str> {
        self.values.get(column).map(str::trim).filter(|value| !value.is_empty())
    }

    /// The first column with a NUL character in it.
    pub fn nul(&self) -> Option<usize> {
        if !self.values.as_slice().contains('\0') {
            return None;
        }
        self.values.iter().position(|value| value.contains('\0'))
    }
}

/// Whoever takes records one by one.
pub type RecordSink<'s> = &'s mut dyn FnMut(Record) -> Result<(), super::ImportError>;

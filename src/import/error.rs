//! Why a file is refused as a whole.

use fyren_core::domain::Violation;

/// Why a file cannot be read to its end. Nothing of it is stored.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// The file cannot be opened or read.
    #[error("the file cannot be read: {0}")]
    Io(#[from] std::io::Error),
    /// Nothing is in it.
    #[error("the file is empty")]
    Empty,
    /// It is of a kind that this import does not read.
    #[error("{0}")]
    Unsupported(&'static str),
    /// It is packed, and the packing is broken or hides too much.
    #[error("the packed file is refused: {0}")]
    Packed(String),
    /// It is not what its kind must look like.
    #[error("line {line}: {reason}")]
    Malformed {
        /// Line, from 1.
        line: u64,
        /// What is wrong, in words.
        reason: String,
    },
    /// A `--map` names a target or a column that is not there.
    #[error("--map {given}: {reason}")]
    Mapping {
        /// What was given.
        given: String,
        /// What is wrong, in words.
        reason: String,
    },
    /// No column can hold a position, nor an area.
    #[error(
        "no column looks like a position or an area; say which with --map longitude=COLUMN and \
         --map latitude=COLUMN, or --map area=COLUMN. The columns are: {}", .0.join(", ")
    )]
    NoPlace(Vec<String>),
    /// The coordinate system is unknown or cannot be guessed.
    #[error("coordinate system: {0}; say which with --crs EPSG:CODE")]
    Crs(String),
    /// The time zone is unknown.
    #[error("{0}")]
    Invalid(Violation),
    /// Whoever took the rows did not want more.
    #[error("stopped")]
    Stopped,
}

impl ImportError {
    /// Whether the command was wrong and not the file.
    #[must_use]
    pub const fn is_usage(&self) -> bool {
        matches!(self, Self::Mapping { .. })
    }
}

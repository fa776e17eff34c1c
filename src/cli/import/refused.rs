//! The file of refused rows: the rows as they stood, with line, field and rule.

use super::super::WrongUsage;
use crate::app::{Record, Refusal, RefusedSink};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

type Writer = csv::Writer<fs::File>;

/// A file that comes into being with its first row.
pub struct File {
    path: PathBuf,
    writer: Arc<Mutex<Option<Writer>>>,
}

/// The name of a file without its endings: `a` of `x/a.csv.gz`.
pub fn stem(file: &Path) -> String {
    let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let name = name.strip_suffix(".gz").unwrap_or(&name);
    let stem = Path::new(name).file_stem().unwrap_or_default().to_string_lossy().into_owned();
    if stem.is_empty() { "import".to_owned() } else { stem }
}

impl File {
    /// The file that was asked for, else `refused-DATASET.csv` in the working
    /// folder. Where the input lies there itself, it goes into a folder
    /// `refused`, so that it never lies beside the input.
    ///
    /// # Errors
    /// [`WrongUsage`] where it is the input.
    pub fn planned(
        asked: Option<&Path>,
        input: &Path,
        dataset: &str,
    ) -> Result<Self, super::Failure> {
        let path = match asked {
            Some(path) => path.to_owned(),
            None => default_path(input, dataset)?,
        };
        if same(&path, input) {
            let reason = "--refused: it would overwrite the file that is read";
            return Err(WrongUsage(reason.to_owned()).into());
        }
        Ok(Self { path, writer: Arc::default() })
    }

    /// Takes rows into the file.
    pub fn sink(&self) -> RefusedSink {
        let path = self.path.clone();
        let writer = Arc::clone(&self.writer);
        Box::new(move |columns, record, refusal| {
            let mut writer = writer.lock().unwrap_or_else(PoisonError::into_inner);
            write(&mut writer, &path, (columns, record, refusal)).map_err(|error| {
                let reason = format!("refused rows cannot go to {}: {error}", path.display());
                io::Error::new(error.kind(), reason)
            })
        })
    }

    /// Finishes the file and says where it is, if a row came.
    ///
    /// # Errors
    /// Where it cannot be written.
    pub fn written(&self) -> io::Result<Option<String>> {
        let mut writer = self.writer.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(mut writer) = writer.take() else { return Ok(None) };
        writer.flush()?;
        Ok(Some(self.path.display().to_string()))
    }
}

fn default_path(input: &Path, dataset: &str) -> io::Result<PathBuf> {
    let plain = |c: char| if c.is_alphanumeric() || "-_.".contains(c) { c } else { '_' };
    let name =
        PathBuf::from(format!("refused-{}.csv", dataset.chars().map(plain).collect::<String>()));
    let folder = match input.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    let beside = match (fs::canonicalize(folder), fs::canonicalize(".")) {
        (Ok(folder), Ok(here)) => folder == here,
        (_, Err(error)) => return Err(error),
        // The input's folder is not there: the input will be missed soon.
        (Err(_), _) => false,
    };
    Ok(if beside { Path::new("refused").join(name) } else { name })
}

fn same(a: &Path, b: &Path) -> bool {
    matches!((fs::canonicalize(a), fs::canonicalize(b)), (Ok(a), Ok(b)) if a == b)
}

fn write(
    writer: &mut Option<Writer>,
    path: &Path,
    (columns, record, refusal): (&[String], &Record, &Refusal),
) -> io::Result<()> {
    let writer = match writer {
        Some(writer) => writer,
        None => writer.insert(begun(path, columns)?),
    };
    let geometry = record.geometry.as_ref().map(ToString::to_string).unwrap_or_default();
    let line = refusal.line.to_string();
    let told = [line.as_str(), &refusal.violation.field, refusal.violation.rule, &geometry];
    writer.write_record(record.values.iter().chain(told)).map_err(io::Error::from)
}

/// The rows' own columns come first, so that a mended file can be imported.
fn begun(path: &Path, columns: &[String]) -> io::Result<Writer> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    let mut options = fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    // Rows may speak of people: the file is its owner's alone.
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut writer = csv::WriterBuilder::new().flexible(true).from_writer(options.open(path)?);
    let told = ["refused_line", "refused_field", "refused_rule", "refused_geometry"];
    writer.write_record(columns.iter().map(String::as_str).chain(told))?;
    Ok(writer)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stem_is_the_name_without_its_endings() {
        assert_eq!(stem(Path::new("x/police-events.csv")), "police-events");
        assert_eq!(stem(Path::new("x/police.events.csv.gz")), "police.events");
        assert_eq!(stem(Path::new("rows")), "rows");
    }

    #[test]
    fn refused_rows_lie_in_the_working_folder_and_never_beside_the_input() {
        let elsewhere = default_path(Path::new("/elsewhere/a.csv"), "a/b c").unwrap();
        assert_eq!(elsewhere, Path::new("refused-a_b_c.csv"));
        let here = default_path(Path::new("a.csv"), "a").unwrap();
        assert_eq!(here, Path::new("refused/refused-a.csv"));
    }
}

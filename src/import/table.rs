//! Reads tables: CSV in all its dialects, row by row.

use super::decode::{Decoder, END_MARK, Watch};
use super::record::{Record, RecordSink};
use super::{ImportError, unpack};
use csv::StringRecord;
use std::io::Read;
use std::rc::Rc;

/// Longest row, in bytes.
const ROW_LIMIT: u64 = 1 << 20;
/// Most columns.
const MAX_COLUMNS: usize = 1_000;

/// Hands each row of a table to `sink` and returns its columns.
///
/// Rows that are wider than the columns keep their further values, so that
/// whoever takes them can refuse them by line.
///
/// # Errors
/// [`ImportError::Malformed`] for a quote that is never closed, a row that is
/// too long or a header with NUL; [`ImportError::Packed`]; whatever `sink` says.
pub fn rows(
    file: impl Read,
    delimiter: u8,
    watch: &Rc<Watch>,
    sink: RecordSink<'_>,
) -> Result<Vec<String>, ImportError> {
    let decoder = Decoder::table(file, ROW_LIMIT, Rc::clone(watch));
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(delimiter)
        .has_headers(false)
        .flexible(true)
        .from_reader(decoder);
    let mut values = StringRecord::new();
    let mut columns = None;
    let mut marked = false;
    let (mut line, mut end) = (1, 1);
    while next(&mut reader, &mut values, line)? {
        watch.row_ended();
        end = line_after(&reader, &values);
        line = end.saturating_sub(1).max(1);
        marked = values.len() == 1 && values[0].starts_with(END_MARK);
        if marked {
            break;
        }
        if columns.is_none() {
            columns = Some(header(&values, line)?);
        } else if values.iter().any(|value| !value.trim().is_empty()) {
            sink(Record { line, values: std::mem::take(&mut values), geometry: None })?;
        }
    }
    if !marked {
        return Err(malformed(end, "a quote opens in this row and is never closed"));
    }
    columns.ok_or(ImportError::Empty)
}

fn next(
    reader: &mut csv::Reader<impl Read>,
    values: &mut StringRecord,
    last: u64,
) -> Result<bool, ImportError> {
    reader.read_record(values).map_err(|error| match error.into_kind() {
        csv::ErrorKind::Io(error) => unpack::told(error, last),
        other => malformed(last, &format!("{other:?}")),
    })
}

/// The line after the one on which the row that was just read begins, lines
/// within the row taken off; that very line where the row has no end.
fn line_after(reader: &csv::Reader<impl Read>, values: &StringRecord) -> u64 {
    let within = values.as_slice().matches('\n').count() as u64;
    reader.position().line().saturating_sub(within).max(1)
}

fn header(values: &StringRecord, line: u64) -> Result<Vec<String>, ImportError> {
    if values.len() > MAX_COLUMNS {
        return Err(malformed(line, "the table has more than 1 000 columns"));
    }
    if values.as_slice().contains('\0') {
        return Err(malformed(line, "the header holds a NUL character"));
    }
    Ok(values.iter().map(|name| name.trim().to_owned()).collect())
}

fn malformed(line: u64, reason: &str) -> ImportError {
    ImportError::Malformed { line, reason: reason.to_owned() }
}

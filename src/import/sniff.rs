//! What kind of file this is, from its first bytes.

use super::{Format, ImportError};

/// How much of a file is looked at, in bytes.
pub const LOOK: usize = 1 << 16;
/// Rows that must agree on a delimiter.
const ROWS: usize = 50;

/// Says how the file that begins with `start` (decoded) is written.
///
/// # Errors
/// [`ImportError::Unsupported`] for what only looks like text,
/// [`ImportError::Empty`] where nothing but white space is seen.
pub fn format(start: &str) -> Result<Format, ImportError> {
    let text = start.trim_start();
    if text.is_empty() {
        return Err(ImportError::Empty);
    }
    // UTF-16 decodes to letters with a NUL between them.
    let head: String = start.chars().take(64).collect();
    let nuls = head.chars().filter(|c| *c == '\0').count();
    if nuls * 4 > head.chars().count()
        || head.starts_with("\u{ff}\u{fe}")
        || head.starts_with("\u{fe}\u{ff}")
    {
        return Err(ImportError::Unsupported(
            "this is not text in UTF-8 or Windows-1252 (it holds NUL bytes, as UTF-16 does); \
             save it as UTF-8 first",
        ));
    }
    if text.starts_with(['{', '\u{1e}']) {
        return Ok(Format::GeoJson);
    }
    if text.starts_with('[') {
        return Ok(Format::Objects);
    }
    if text.starts_with('<') {
        return markup(text);
    }
    Ok(Format::Table { delimiter: delimiter(start) })
}

/// What kind of XML this is, by its outermost element.
fn markup(text: &str) -> Result<Format, ImportError> {
    let elements = text.split('<').skip(1);
    let outermost = elements.map(str::trim_start).find(|one| !one.starts_with(['?', '!']));
    let name = outermost.and_then(|one| one.split([' ', '>', '\t', '\r', '\n', '/']).next());
    match name {
        Some("gpx") => Ok(Format::Gpx),
        Some("service_requests") => Ok(Format::ServiceRequests),
        _ => Err(ImportError::Unsupported(
            "this is XML or HTML, but neither GPX nor a list of service requests (Open311)",
        )),
    }
}

/// The delimiter under which the first rows have the most columns in common.
fn delimiter(start: &str) -> u8 {
    let score = |delimiter: u8| {
        let mut rows = csv::ReaderBuilder::new()
            .delimiter(delimiter)
            .has_headers(false)
            .flexible(true)
            .from_reader(start.as_bytes());
        let widths: Vec<usize> =
            rows.records().take(ROWS).filter_map(Result::ok).map(|row| row.len()).collect();
        let columns = widths.first().copied().unwrap_or(0);
        // The last row may be cut where the look ends.
        let whole = &widths[..widths.len().saturating_sub(1).max(1).min(widths.len())];
        let agree = whole.iter().filter(|width| **width == columns).count();
        (columns > 1, agree * columns)
    };
    // On a tie the later one in the list wins, which is the comma.
    [b'\t', b';', b','].into_iter().max_by_key(|delimiter| score(*delimiter)).unwrap_or(b',')
}

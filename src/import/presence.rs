//! Presence per district and week from a CSV file: `district`, `week` (its
//! Monday), `visits`, `minutes`; the Swedish words do as well.

use fyren_core::domain::Violation;

/// One row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PresenceRow {
    /// Code of the district.
    pub district: String,
    /// Monday of the week.
    pub week: String,
    /// Visits.
    pub visits: u32,
    /// Minutes.
    pub minutes: u32,
}

/// A line, and its row or what is wrong with it.
pub type PresenceLine = (usize, Result<PresenceRow, Violation>);

const COLUMNS: [(&str, [&str; 2]); 4] = [
    ("district", ["district", "distrikt"]),
    ("week", ["week", "vecka"]),
    ("visits", ["visits", "besök"]),
    ("minutes", ["minutes", "minuter"]),
];

/// Reads a file of UTF-8, separated by commas or semicolons.
///
/// # Errors
/// Naming the column that is missing, or the file where it is no text.
pub fn read_presence_weeks(file: &[u8]) -> Result<Vec<PresenceLine>, Violation> {
    let text = std::str::from_utf8(file).map_err(|_bytes| Violation::new("file", "not_valid"))?;
    let text = text.trim_start_matches('\u{feff}');
    let head = text.lines().next().unwrap_or_default();
    let separator = if head.contains(';') { b';' } else { b',' };
    let mut reader =
        csv::ReaderBuilder::new().delimiter(separator).flexible(true).from_reader(text.as_bytes());
    let head = reader.headers().map_err(|_bad| Violation::new("file", "not_valid"))?.clone();
    let mut places = [0; 4];
    for (place, (name, words)) in places.iter_mut().zip(COLUMNS) {
        let found =
            head.iter().position(|cell| words.contains(&cell.trim().to_lowercase().as_str()));
        *place = found.ok_or_else(|| Violation::new(name, "required"))?;
    }
    let mut rows = Vec::new();
    for record in reader.records() {
        let Ok(record) = record else {
            rows.push((rows.len() + 2, Err(Violation::new("file", "not_valid"))));
            continue;
        };
        let line = record
            .position()
            .map_or(rows.len() + 2, |at| usize::try_from(at.line()).unwrap_or(usize::MAX));
        let cell = |at: usize| record.get(places[at]).unwrap_or_default().trim().to_owned();
        let number = |at: usize| {
            let name = COLUMNS[at].0;
            cell(at).parse::<u32>().map_err(|_text| Violation::new(name, "number_form"))
        };
        let row = number(2).and_then(|visits| {
            Ok(PresenceRow { district: cell(0), week: cell(1), visits, minutes: number(3)? })
        });
        rows.push((line, row));
    }
    Ok(rows)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_read_in_either_language_and_with_either_separator() {
        let swedish = "\u{feff}Vecka;Distrikt;Besök;Minuter\n2026-11-16;a;2;40\n";
        let english = "district,week,visits,minutes\na,2026-11-16,2,40\n";
        let row =
            PresenceRow { district: "a".into(), week: "2026-11-16".into(), visits: 2, minutes: 40 };
        for file in [swedish, english] {
            let rows = read_presence_weeks(file.as_bytes()).unwrap();
            assert_eq!(rows, [(2, Ok(row.clone()))]);
        }
    }

    #[test]
    fn a_broken_row_is_told_by_its_line_and_a_missing_column_by_its_name() {
        let file = "district,week,visits,minutes\na,2026-11-16,two,40\na,2026-11-16,2\n";
        let rows = read_presence_weeks(file.as_bytes()).unwrap();
        assert_eq!(rows[0], (2, Err(Violation::new("visits", "number_form"))));
        assert_eq!(rows[1], (3, Err(Violation::new("minutes", "number_form"))));
        let missing = read_presence_weeks(b"district,week,visits\n").unwrap_err();
        assert_eq!((missing.field.as_str(), missing.rule), ("minutes", "required"));
        assert!(read_presence_weeks(&[0xff, 0xfe]).is_err());
    }
}

//! Tables in files, read strictly: every refusal names file, line, column and
//! rule.

use super::Failure;
use anyhow::Context as _;
use csv::StringRecord;
use std::collections::{HashMap, HashSet};
use std::fs::File;
use std::io::Read as _;
use std::path::{Path, PathBuf};

/// A value that breaks a rule; the file as a whole is refused.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}, line {line}, column {column}: {rule} ({why})", .file.display())]
pub struct Fault {
    file: PathBuf,
    line: u64,
    column: String,
    rule: &'static str,
    why: String,
}

/// A table whose first line names its columns.
#[derive(Debug)]
pub struct Table {
    file: PathBuf,
    columns: Vec<String>,
    /// Line of the header.
    header: u64,
    /// Each with the line on which it begins.
    rows: Vec<(u64, StringRecord)>,
    delimiter: u8,
}

/// The lines of a text, asked for from front to back. The reader's own count
/// falls behind with line ends of two characters and with empty lines.
struct Lines<'t> {
    text: &'t [u8],
    at: usize,
    line: u64,
}

impl<'t> Lines<'t> {
    const fn of(text: &'t str) -> Self {
        Self { text: text.as_bytes(), at: 0, line: 1 }
    }

    /// The line on which the row begins that the reader gets to from byte
    /// `from` on: it passes over ends of lines first.
    fn beginning(&mut self, from: u64) -> u64 {
        let from = usize::try_from(from).unwrap_or(usize::MAX);
        let ends = |byte: &u8| matches!(byte, b'\r' | b'\n');
        while self.at < self.text.len() && (self.at < from || ends(&self.text[self.at])) {
            let pair = self.text[self.at..].starts_with(b"\r\n");
            self.line += u64::from(ends(&self.text[self.at]) && !pair);
            self.at += 1;
        }
        self.line
    }
}

/// One column of a table.
#[derive(Debug, Clone, Copy)]
pub struct Column<'t> {
    table: &'t Table,
    at: usize,
}

impl Table {
    /// Reads a table with commas, semicolons or tabulators; with the latter
    /// two, a number may have a decimal comma. The file `-` is standard input.
    ///
    /// # Errors
    /// Where the file cannot be read, has no header, no row, a column twice or
    /// a row that is wider or narrower than the header.
    pub fn read(file: &Path) -> Result<Self, Failure> {
        let mut text = String::new();
        let read = match file.to_str() {
            Some("-") => std::io::stdin().read_to_string(&mut text),
            _ => File::open(file).and_then(|mut file| file.read_to_string(&mut text)),
        };
        read.with_context(|| format!("{}: cannot be read as UTF-8 text", file.display()))?;
        Self::parse(file, text.trim_start_matches('\u{feff}'))
    }

    fn parse(file: &Path, text: &str) -> Result<Self, Failure> {
        let mut lines = Lines::of(text);
        let header = lines.beginning(0);
        let first = text.lines().find(|line| !line.is_empty()).unwrap_or_default();
        // What stands between quotation marks divides nothing.
        let divides = |mark: &char| first.split('"').step_by(2).any(|part| part.contains(*mark));
        let delimiter = [(';', b';'), ('\t', b'\t')].into_iter().find(|(mark, _)| divides(mark));
        let delimiter = delimiter.map_or(b',', |(_, byte)| byte);
        let mut reader = csv::ReaderBuilder::new()
            .delimiter(delimiter)
            .trim(csv::Trim::All)
            .from_reader(text.as_bytes());
        let columns: Vec<String> = reader.headers()?.iter().map(str::to_owned).collect();
        let mut table =
            Self { file: file.to_owned(), columns, header, rows: Vec::new(), delimiter };
        table.check_header()?;
        for row in reader.records() {
            let from = match &row {
                Ok(row) => row.position(),
                Err(error) => error.position(),
            };
            let line = from.map_or(header, |from| lines.beginning(from.byte()));
            let row = row.map_err(|error| table.malformed(line, &error))?;
            table.rows.push((line, row));
        }
        if table.rows.is_empty() {
            return Err(table.fault(header, "all", "empty", "no row follows").into());
        }
        Ok(table)
    }

    fn check_header(&self) -> Result<(), Fault> {
        let mut seen = HashSet::new();
        match self.columns.iter().find(|name| !seen.insert(*name)) {
            Some(name) => {
                Err(self.fault(self.header, name, "repeated_column", "it stands there twice"))
            }
            None => Ok(()),
        }
    }

    fn malformed(&self, line: u64, error: &csv::Error) -> Fault {
        let why = match error.kind() {
            csv::ErrorKind::UnequalLengths { expected_len, len, .. } => {
                format!("{len} values where the header names {expected_len} columns")
            }
            _ => error.to_string(),
        };
        self.fault(line, "all", "row_form", &why)
    }

    /// Number of rows, at least 1.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// The column with a name.
    ///
    /// # Errors
    /// Violates `missing_column`.
    pub fn column(&self, name: &str) -> Result<Column<'_>, Fault> {
        self.optional(name).ok_or_else(|| {
            let why = format!("the columns are {}", self.columns.join(", "));
            self.fault(self.header, name, "missing_column", &why)
        })
    }

    /// The column with a name, if there is one.
    pub fn optional(&self, name: &str) -> Option<Column<'_>> {
        let at = self.columns.iter().position(|column| column == name)?;
        Some(Column { table: self, at })
    }

    fn fault(&self, line: u64, column: &str, rule: &'static str, why: &str) -> Fault {
        let (column, why) = (column.to_owned(), why.to_owned());
        Fault { file: self.file.clone(), line, column, rule, why }
    }
}

impl<'t> Column<'t> {
    /// A refusal of the value in row `row`.
    pub fn refuse(&self, row: usize, rule: &'static str, why: &str) -> Fault {
        let (line, _) = self.table.rows[row];
        self.table.fault(line, &self.table.columns[self.at], rule, why)
    }

    /// Its values.
    ///
    /// # Errors
    /// Violates `required` for an empty one.
    pub fn texts(&self) -> Result<Vec<&'t str>, Fault> {
        let text = |(row, (_, values)): (usize, &'t (u64, StringRecord))| match &values[self.at] {
            "" => Err(self.refuse(row, "required", "nothing stands there")),
            text => Ok(text),
        };
        self.table.rows.iter().enumerate().map(text).collect()
    }

    /// Its values as identifiers.
    ///
    /// # Errors
    /// Violates `required` for an empty one and `repeated_id` for the second
    /// of two equal ones.
    pub fn ids(&self) -> Result<Vec<String>, Fault> {
        let mut seen = HashMap::new();
        for (row, text) in self.texts()?.into_iter().enumerate() {
            if let Some(first) = seen.insert(text, row) {
                let (line, _) = self.table.rows[first];
                return Err(self.refuse(
                    row,
                    "repeated_id",
                    &format!("{text} stands on line {line}"),
                ));
            }
        }
        Ok(self.texts()?.into_iter().map(str::to_owned).collect())
    }

    /// Its values as numbers.
    ///
    /// # Errors
    /// Violates `required`, `not_a_number` or `not_finite`.
    pub fn numbers(&self) -> Result<Vec<f64>, Fault> {
        let number = |(row, text): (usize, &str)| {
            let point =
                if self.table.delimiter == b',' { text.to_owned() } else { text.replace(',', ".") };
            match point.parse::<f64>() {
                Ok(value) if value.is_finite() => Ok(value),
                Ok(_) => Err(self.refuse(row, "not_finite", text)),
                Err(_) => Err(self.refuse(row, "not_a_number", text)),
            }
        };
        self.texts()?.into_iter().enumerate().map(number).collect()
    }

    /// Its values as numbers from 0 up.
    ///
    /// # Errors
    /// As [`Column::numbers`]; violates `negative`.
    pub fn amounts(&self) -> Result<Vec<f64>, Fault> {
        let numbers = self.numbers()?;
        match numbers.iter().position(|value| *value < 0.0) {
            Some(row) => Err(self.refuse(row, "negative", &numbers[row].to_string())),
            None => Ok(numbers),
        }
    }

    /// Its values as counts: whole numbers from 0 to 4 thousand million.
    ///
    /// # Errors
    /// As [`Column::amounts`]; violates `not_whole` or `out_of_range`.
    pub fn counts(&self) -> Result<Vec<u32>, Fault> {
        let count = |(row, value): (usize, f64)| {
            if value.fract() > 0.0 {
                return Err(self.refuse(row, "not_whole", &value.to_string()));
            }
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "in range")]
            let count = value as u32;
            let fits = value <= f64::from(u32::MAX);
            fits.then_some(count)
                .ok_or_else(|| self.refuse(row, "out_of_range", &value.to_string()))
        };
        self.amounts()?.into_iter().enumerate().map(count).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(text: &str) -> Result<Table, Failure> {
        Table::parse(Path::new("points.csv"), text)
    }

    fn told<T: std::fmt::Debug>(result: Result<T, Fault>) -> String {
        result.unwrap_err().to_string()
    }

    #[test]
    fn a_refusal_names_file_line_column_and_rule() {
        let table = table("id,x,count\na,1,2\nb,one,-3\na,NaN,2.5\n").unwrap();
        let column = |name| table.column(name).unwrap();
        assert_eq!(told(column("x").numbers()), "points.csv, line 3, column x: not_a_number (one)");
        assert_eq!(
            told(column("count").counts()),
            "points.csv, line 3, column count: negative (-3)"
        );
        assert_eq!(
            told(column("id").ids()),
            "points.csv, line 4, column id: repeated_id (a stands on line 2)"
        );
        assert_eq!(
            told(table.column("y")),
            "points.csv, line 1, column y: missing_column (the columns are id, x, count)"
        );
    }

    #[test]
    fn a_row_of_another_width_and_a_table_without_rows_are_refused() {
        let told = |text| table(text).unwrap_err().to_string();
        assert!(told("x,y\n1,2\n3\n").contains("line 3, column all: row_form (1 values"));
        assert!(told("x,y\n").contains("line 1, column all: empty"));
        assert!(told("").contains("line 1, column all: empty"));
        assert!(told("x,x\n1,2\n").contains("column x: repeated_column"));
    }

    #[test]
    fn a_line_is_the_one_that_an_editor_shows() {
        for (text, line) in [
            ("x,y\n1,2\n1,b\n", 3),
            ("x,y\r\n1,2\r\n1,b\r\n", 3),
            ("x,y\r1,2\r1,b\r", 3),
            ("\n\nx,y\n\n1,2\n\n1,b\n", 7),
            ("x,y,t\r\n1,2,\"a\r\nb\"\r\n1,b,c\r\n", 4),
        ] {
            let said = told(table(text).unwrap().column("y").unwrap().numbers());
            assert!(said.contains(&format!("line {line}, column y: not_a_number")), "{said}");
        }
        let told = |text| table(text).unwrap_err().to_string();
        assert!(told("x,y\r\n1,2\r\n\r\n3\r\n").contains("line 4, column all: row_form"));
        let missing = table("\r\nx,z\r\n1,2\r\n").unwrap();
        assert!(missing.column("y").unwrap_err().to_string().contains("line 2, column y"));
    }

    #[test]
    fn what_is_quoted_divides_nothing() {
        let table = table("x,y,\"a;b\tc\"\n1.5,2,3\n").unwrap();
        assert_eq!(table.column("x").unwrap().numbers().unwrap(), [1.5]);
        assert!(table.optional("a;b\tc").is_some());
    }

    #[test]
    fn a_table_of_a_swedish_spreadsheet_has_decimal_commas() {
        let table = table("x;y\n1,5;2\n").unwrap();
        assert_eq!(table.column("x").unwrap().numbers().unwrap(), [1.5]);
    }
}

//! Reads the first sheet of a workbook as a table.

use super::ImportError;
use super::binary::{Whole, open};
use super::record::{Record, RecordSink};
use calamine::{Data, ExcelDateTime, Ods, Reader, Sheets, Xls, Xlsb, Xlsx};
use csv::StringRecord;
use quick_xml::events::{BytesStart, Event};
use std::collections::BTreeMap;
use std::io::BufReader;

/// Most columns.
const MAX_COLUMNS: usize = 1_000;
/// Most cells between the first and the last one of a sheet of ODS.
const MAX_CELLS: u64 = 20_000_000;

/// Rows that are not empty by their numbers, from 1, each with its cells by
/// their columns.
type Rows = BTreeMap<u64, BTreeMap<usize, String>>;

/// Hands each row of the first sheet with cells to `sink` and returns its
/// columns: the first row that is not empty. A row's line is its row in the
/// sheet. Dates come out as ISO 8601. Costs what its cells cost, wherever they
/// lie.
///
/// # Errors
/// [`ImportError::Packed`] for a workbook that cannot be opened or would unpack
/// to too many cells, [`ImportError::Malformed`] for one with more than 1 000
/// columns, [`ImportError::Empty`]; whatever `sink` says.
pub fn rows(file: Whole, sink: RecordSink<'_>) -> Result<Vec<String>, ImportError> {
    let mut book = opened(file)?;
    for name in book.sheet_names() {
        let mut rows = match &mut book {
            Sheets::Xlsx(book) => streamed(book, &name)?,
            book => held(book, &name)?,
        }
        .into_iter();
        let Some((_, header)) = rows.next() else { continue };
        let first = header.keys().next().copied().unwrap_or_default();
        let mut width = header.keys().last().map_or(0, |last| last + 1 - first);
        let rows: Vec<_> = rows.collect();
        for (line, cells) in &rows {
            let last = cells.keys().last().map_or(0, |last| (last + 1).saturating_sub(first));
            width = width.max(last);
            if width > MAX_COLUMNS {
                let reason = "the sheet has more than 1 000 columns".to_owned();
                return Err(ImportError::Malformed { line: *line, reason });
            }
        }
        let wide = |cells: &BTreeMap<usize, String>| -> Vec<String> {
            (first..first + width).map(|at| cells.get(&at).cloned().unwrap_or_default()).collect()
        };
        for (line, cells) in rows {
            let values = StringRecord::from(wide(&cells));
            sink(Record { line, values, geometry: None })?;
        }
        return Ok(wide(&header).iter().map(|name| name.trim().to_owned()).collect());
    }
    Err(ImportError::Empty)
}

/// Opens a workbook by what is in it.
fn opened(file: Whole) -> Result<Sheets<Whole>, ImportError> {
    if !file.get_ref().starts_with(b"PK") {
        return Xls::new(file).map(Sheets::Xls).map_err(|error| broken(&error));
    }
    let archive = open(&file)?;
    let holds = |part: &str| archive.index_for_name(part).is_some();
    if holds("content.xml") {
        refuse_repeated(&file)?;
        Ods::new(file).map(Sheets::Ods).map_err(|error| broken(&error))
    } else if holds("xl/workbook.bin") {
        Xlsb::new(file).map(Sheets::Xlsb).map_err(|error| broken(&error))
    } else {
        Xlsx::new(file).map(Sheets::Xlsx).map_err(|error| broken(&error))
    }
}

fn broken(error: &dyn std::fmt::Display) -> ImportError {
    ImportError::Packed(format!("the workbook cannot be read ({error})"))
}

/// The cells of a sheet one by one: a cell far away costs no more than a near
/// one.
fn streamed(book: &mut Xlsx<Whole>, name: &str) -> Result<Rows, ImportError> {
    let mut cells = book.worksheet_cells_reader(name).map_err(|error| broken(&error))?;
    let mut rows = Rows::new();
    while let Some(cell) = cells.next_cell().map_err(|error| broken(&error))? {
        let (row, column) = cell.get_position();
        put(&mut rows, row, column as usize, &cell.get_value().clone().into());
    }
    Ok(rows)
}

/// The cells of a sheet that was read as a whole.
fn held(book: &mut Sheets<Whole>, name: &str) -> Result<Rows, ImportError> {
    let sheet = book.worksheet_range(name).map_err(|error| broken(&error))?;
    let (top, left) = sheet.start().unwrap_or_default();
    let mut rows = Rows::new();
    for (row, column, cell) in sheet.used_cells() {
        let row = top.saturating_add(u32::try_from(row).unwrap_or(u32::MAX));
        put(&mut rows, row, left as usize + column, cell);
    }
    Ok(rows)
}

fn put(rows: &mut Rows, row: u32, column: usize, cell: &Data) {
    let text = text(cell);
    if !text.trim().is_empty() {
        rows.entry(u64::from(row) + 1).or_default().insert(column, text);
    }
}

/// Refuses a sheet of ODS whose repeated rows and cells would fill the memory:
/// what says "a million times" takes no room in the file.
fn refuse_repeated(file: &Whole) -> Result<(), ImportError> {
    let mut archive = open(file)?;
    let content = archive.by_name("content.xml").map_err(super::binary::damaged)?;
    let mut reader = quick_xml::Reader::from_reader(BufReader::new(content));
    let (mut rows, mut columns, mut buffer) = (0_u64, 0_u64, Vec::new());
    let (mut row, mut column, mut used) = (0_u64, 0_u64, 0_u64);
    loop {
        let event = reader.read_event_into(&mut buffer).map_err(|error| broken(&error))?;
        let (start, closed) = match &event {
            Event::Start(start) => (start, false),
            Event::Empty(start) => (start, true),
            Event::Eof => return Ok(()),
            _ => {
                buffer.clear();
                continue;
            }
        };
        match start.name().as_ref() {
            "table:table" => (row, rows, columns, used) = (0, 0, 0, 0),
            "table:table-row" => {
                row = row.saturating_add(repeated(start, "table:number-rows-repeated"));
                (column, used) = (0, 0);
            }
            "table:table-cell" | "table:covered-table-cell" => {
                column = column.saturating_add(repeated(start, "table:number-columns-repeated"));
                if !closed || start.attributes().flatten().any(|one| is_value(one.key.as_ref())) {
                    used = column;
                }
            }
            _ => {}
        }
        if used > 0 {
            (rows, columns) = (row, columns.max(used));
        }
        if rows.saturating_mul(columns) > MAX_CELLS {
            let reason = "the workbook unpacks to more than 20 million cells".to_owned();
            return Err(ImportError::Packed(reason));
        }
        buffer.clear();
    }
}

fn is_value(name: &str) -> bool {
    name.starts_with("office:") || name == "table:formula"
}

/// How often a row or a cell stands there.
fn repeated(start: &BytesStart<'_>, name: &str) -> u64 {
    let value = start.try_get_attribute(name).ok().flatten();
    value.and_then(|value| value.value.trim().parse().ok()).unwrap_or(1)
}

fn text(cell: &Data) -> String {
    match cell {
        Data::Empty | Data::Error(_) => String::new(),
        Data::String(text) | Data::DateTimeIso(text) | Data::DurationIso(text) => text.clone(),
        Data::Int(number) => number.to_string(),
        Data::Float(number) => number.to_string(),
        Data::Bool(holds) => holds.to_string(),
        Data::DateTime(at) => moment(at),
    }
}

/// A day, a time of day or both.
fn moment(at: &ExcelDateTime) -> String {
    let (year, month, day, hour, minute, second, _) = at.to_ymd_hms_milli();
    let clock = format!("{hour:02}:{minute:02}:{second:02}");
    if at.is_duration() || at.as_f64() < 1.0 {
        clock
    } else if (hour, minute, second) == (0, 0, 0) {
        format!("{year:04}-{month:02}-{day:02}")
    } else {
        format!("{year:04}-{month:02}-{day:02} {clock}")
    }
}

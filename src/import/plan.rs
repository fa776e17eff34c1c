//! The two walks through a file: the survey and the reading.

use super::columns::{Assignment, Mapping, Target};
use super::crs::{CrsDecision, FileCrs, Known};
use super::decode::{Decoder, Watch};
use super::draft::{Kind, Row, draft};
use super::findings::Findings;
use super::record::{Format, Record, RecordSink};
use super::times::{self, Grain};
use super::{
    ImportError, binary, features, geometry, geopackage, markup, months, number, shapes, sniff,
    table, unpack, words, workbook,
};
use fyren_core::domain::Violation;
use geo_types::Rect;
use jiff::tz::TimeZone;
use std::collections::HashMap;
use std::io::{Cursor, Read};
use std::rc::Rc;

/// Rows from which coordinates and times are judged.
const SAMPLE: usize = 1_000;

/// Names of columns with a county, plain.
const COUNTY: [&str; 4] = ["countycode", "county", "lanskod", "lan"];
/// Names of columns with a small statistical area, plain.
const DESO: [&str; 3] = ["deso", "desokod", "deso2018"];

/// A time zone with its name.
#[derive(Debug, Clone)]
pub struct Zone {
    /// IANA name.
    pub name: String,
    /// The zone.
    pub tz: TimeZone,
}

impl Zone {
    /// The zone with an IANA name, from the rules that the program carries.
    ///
    /// # Errors
    /// Violates `time_zone: unknown_zone`.
    pub fn parse(name: &str) -> Result<Self, Violation> {
        TimeZone::get(name)
            .map(|tz| Self { name: name.to_owned(), tz })
            .map_err(|_unknown| Violation::new("time_zone", "unknown_zone"))
    }
}

/// What is known of a file before it is opened.
#[derive(Debug, Clone)]
pub struct Request {
    /// What it holds.
    pub kind: Kind,
    /// What its columns mean, as far as somebody said so.
    pub mappings: Vec<Mapping>,
    /// The zone of times without an offset.
    pub zone: Zone,
    /// The coordinate system, if somebody said so.
    pub crs: Option<String>,
    /// Bounds of the municipality in degrees, where it is one.
    pub near: Option<Rect<f64>>,
    /// The municipality's plane, where it is one.
    pub plane: Option<String>,
}

/// How a file is to be understood. Everything in it can be shown.
#[derive(Debug, Clone)]
pub struct Plan {
    /// What it holds.
    pub kind: Kind,
    /// How it is written.
    pub format: Format,
    /// In which letters.
    pub encoding: &'static str,
    /// Its columns.
    pub columns: Vec<String>,
    /// What they mean.
    pub assignment: Assignment,
    /// What was decided about its coordinates.
    pub crs_decision: CrsDecision,
    /// How fine its times are.
    pub grain: Grain,
    /// The zone of times without an offset.
    pub zone: Zone,
    /// Rows in it.
    pub rows: u64,
    pub(super) crs: FileCrs,
    pub(super) by_name: Vec<usize>,
    /// Column with the county, which alone places nothing.
    pub(super) county: Option<usize>,
    /// Whether rows that are alike are several and not one: crimes by small
    /// area and day have no identity and are often alike.
    pub(super) numbered: bool,
    /// Columns with a factor for each month, of an exposure.
    pub(super) months: Option<[usize; 12]>,
}

impl Plan {
    /// Whether the file is a table.
    #[must_use]
    pub const fn is_table(&self) -> bool {
        matches!(self.format, Format::Table { .. })
    }
}

/// Walks through a file to its end, holding a thousand rows at most, and
/// decides how it is to be understood.
///
/// # Errors
/// Everything that refuses a file as a whole, see [`ImportError`].
pub fn survey(file: impl Read, request: &Request) -> Result<Plan, ImportError> {
    let mut sample: Vec<Record> = Vec::new();
    let mut rows = 0;
    let seen = walk(file, Vec::new(), None, &mut |record| {
        rows += 1;
        if sample.len() < SAMPLE {
            sample.push(record);
        }
        Ok(())
    })?;
    let columns = seen.header.columns;
    let assignment = Assignment::guess(&columns, &request.mappings, request.kind)?;
    let both = |first, second| assignment.has(first) && assignment.has(second);
    let located = both(Target::Longitude, Target::Latitude)
        || both(Target::X, Target::Y)
        || assignment.has(Target::Area)
        || assignment.has(Target::Site);
    let shaped = sample.iter().any(|record| record.geometry.is_some());
    let open = matches!(seen.format, Format::GeoJson | Format::Objects | Format::GeoPackage);
    if !located && !shaped && (rows > 0 || !open) {
        return Err(ImportError::NoPlace(columns));
    }
    let known = Known {
        given: request.crs.as_deref(),
        member: seen.header.crs.as_deref(),
        near: request.near,
        plane: request.plane.as_deref(),
    };
    let (crs, crs_decision) = FileCrs::decide(known, &coordinates(&sample, &assignment))?;
    let mut by_name: Vec<usize> = (0..columns.len()).collect();
    by_name.sort_by(|a, b| columns[*a].cmp(&columns[*b]));
    let track = seen.format == Format::Gpx && request.kind == Kind::Visits;
    let county = columns.iter().position(|name| COUNTY.contains(&words::plain(name).as_str()));
    let statistical = columns.iter().any(|name| DESO.contains(&words::plain(name).as_str()));
    let counted = matches!(request.kind, Kind::Reports | Kind::Incidents);
    let numbered = counted && statistical && !assignment.has(Target::Id);
    let months = if request.kind == Kind::Exposure { months::columns(&columns) } else { None };
    Ok(Plan {
        kind: if track { Kind::Tracks } else { request.kind },
        county,
        numbered,
        months,
        format: seen.format,
        encoding: seen.encoding,
        grain: grain(&sample, &assignment, &request.zone),
        columns,
        assignment,
        crs_decision,
        zone: request.zone.clone(),
        rows,
        crs,
        by_name,
    })
}

/// Walks through the same file again and hands each row over, one at a time.
///
/// # Errors
/// As [`survey`], where the file changed in between; whatever `sink` says.
pub fn read(
    file: impl Read,
    plan: &Plan,
    sink: &mut dyn FnMut(Row) -> Result<(), ImportError>,
) -> Result<Findings, ImportError> {
    let mut findings = Findings::default();
    let mut alike = HashMap::new();
    walk(file, plan.columns.clone(), Some(plan.format), &mut |record| {
        let mut outcome = draft(&record, plan, &mut findings);
        if let (true, Ok(draft)) = (plan.numbered, &mut outcome) {
            let times: &mut u32 = alike.entry(draft.external_id.clone()).or_default();
            *times += 1;
            if *times > 1 {
                draft.external_id = format!("{}.{times}", draft.external_id);
            }
        }
        sink(Row { record, outcome })
    })?;
    Ok(findings)
}

struct Seen {
    format: Format,
    header: features::Header,
    encoding: &'static str,
}

fn walk(
    file: impl Read,
    columns: Vec<String>,
    format: Option<Format>,
    sink: RecordSink<'_>,
) -> Result<Seen, ImportError> {
    let mut file = unpack::unpack(file)?;
    let mut start = Vec::new();
    let look = sniff::LOOK as u64;
    file.by_ref().take(look).read_to_end(&mut start).map_err(|error| unpack::told(error, 0))?;
    let binary = binary::is_binary(&start);
    let format = match format {
        None if !binary => Some(sniff::format(&decoded(&start)?)?),
        known => known,
    };
    let whole = Cursor::new(start).chain(file);
    if binary {
        return walk_whole(&binary::whole(whole)?, sink);
    }
    let watch = Rc::new(Watch::default());
    let bare = |columns| features::Header { columns, crs: None };
    let format = format.ok_or(ImportError::Empty)?;
    let header = match format {
        Format::Table { delimiter } => bare(table::rows(whole, delimiter, &watch, sink)?),
        Format::Gpx => bare(markup::track_points(whole, &watch, sink)?),
        Format::ServiceRequests => bare(markup::service_requests(whole, &watch, sink)?),
        _ => features::features(whole, columns, &watch, sink)?,
    };
    Ok(Seen { format, header, encoding: watch.encoding() })
}

fn walk_whole(file: &binary::Whole, sink: RecordSink<'_>) -> Result<Seen, ImportError> {
    let format = binary::format(file)?;
    let header = match format {
        Format::GeoPackage => geopackage::rows(file, sink)?,
        Format::Shapefile => shapes::rows(file, sink)?,
        _ => features::Header { columns: workbook::rows(file.clone(), sink)?, crs: None },
    };
    Ok(Seen { format, header, encoding: "binary" })
}

fn decoded(start: &[u8]) -> Result<String, ImportError> {
    let mut text = String::new();
    let watch = Rc::new(Watch::default());
    Decoder::document(start, u64::MAX >> 1, watch).read_to_string(&mut text)?;
    Ok(text)
}

fn coordinates(sample: &[Record], assignment: &Assignment) -> Vec<(f64, f64)> {
    let number = |record: &Record, target: Target| {
        let at = *assignment.columns(target).first()?;
        number::parse(record.value(at)?).ok()
    };
    let pair = |record: &Record| {
        if let Some(value) = &record.geometry {
            return geometry::first_pair(value);
        }
        let degrees = (number(record, Target::Longitude), number(record, Target::Latitude));
        match degrees {
            (Some(x), Some(y)) => Some((x, y)),
            _ => Some((number(record, Target::X)?, number(record, Target::Y)?)),
        }
    };
    sample.iter().filter_map(pair).collect()
}

fn grain(sample: &[Record], assignment: &Assignment, zone: &Zone) -> Grain {
    let mut moments = Vec::new();
    for record in sample {
        for target in [Target::At, Target::From, Target::To] {
            let columns = assignment.columns(target);
            let parts: Vec<&str> = columns.iter().filter_map(|at| record.value(*at)).collect();
            moments.extend(times::parse(&parts.join(" "), &zone.tz));
        }
    }
    times::grain(&moments)
}

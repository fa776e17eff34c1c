//! A row whose columns are understood, before anybody asks where it belongs.

use super::columns::Target;
use super::facts::{Facts, facts};
use super::findings::Findings;
use super::plan::Plan;
use super::record::Record;
use super::times::{self, Moment};
use super::{geometry, number};
use fyren_core::domain::{Place, Position, TimePrecision, Violation, When};
use geo_types::{Geometry, MultiPolygon};
use sha2::{Digest, Sha256};
use std::fmt::Write as _;

/// What a file holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Reports of residents or of another system.
    Reports,
    /// Incidents.
    Incidents,
    /// Visits: presence.
    Visits,
    /// Positions of units, of which only visits are kept: where they stayed.
    Tracks,
    /// Areas: the districts of a municipality.
    Areas,
    /// What events are expected to follow: residents, beds, berths, roads.
    Exposure,
    /// Measured speeds, by site and hour.
    Speeds,
    /// Answers of safety surveys, by area, question and group.
    Surveys,
}

impl Kind {
    /// Every kind.
    pub const ALL: [Self; 8] = [
        Self::Reports,
        Self::Incidents,
        Self::Visits,
        Self::Tracks,
        Self::Areas,
        Self::Exposure,
        Self::Speeds,
        Self::Surveys,
    ];

    /// The kind of this word.
    #[must_use]
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }

    /// The word of the command line.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Reports => "reports",
            Self::Incidents => "incidents",
            Self::Visits => "visits",
            Self::Tracks => "tracks",
            Self::Areas => "areas",
            Self::Exposure => "exposure",
            Self::Speeds => "speeds",
            Self::Surveys => "surveys",
        }
    }
}

/// Where a row says that it is.
#[derive(Debug, Clone, PartialEq)]
pub enum DraftPlace {
    /// A point.
    Point(Position),
    /// A drawn line or area.
    Shape(Place),
    /// The ground of an area.
    Ground(MultiPolygon<f64>),
    /// Nowhere but in its area.
    AreaOnly,
}

/// A row that was understood.
#[derive(Debug, Clone, PartialEq)]
pub struct Draft {
    /// The source's identity, or `#` and 32 digits of a hash of the whole row.
    pub external_id: String,
    /// When.
    pub when: When,
    /// Where; [`DraftPlace::AreaOnly`] only together with `area`.
    pub place: DraftPlace,
    /// Radius in metres in which the true place lies, if the row says so.
    pub precision_m: Option<f64>,
    /// Code or name of an area.
    pub area: Option<String>,
    /// The source's word for what it is about.
    pub category: Option<String>,
    /// Words.
    pub text: Option<String>,
    /// The source's word for where it stands.
    pub status: Option<String>,
    /// The source's word for who says so.
    pub source: Option<String>,
    /// The source's word for which unit was there.
    pub unit: Option<String>,
    /// What it says where it is no event.
    pub facts: Facts,
}

/// A row as it was read, with what was made of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// The row as it stands in the file.
    pub record: Record,
    /// What was made of it, or the rule that it breaks.
    pub outcome: Result<Draft, Violation>,
}

/// Longest external identity, in characters; a longer one is hashed.
const LONGEST_ID: usize = 200;

/// Makes a draft of `record` and notes in `findings` what is odd about it.
pub fn draft(record: &Record, plan: &Plan, findings: &mut Findings) -> Result<Draft, Violation> {
    whole(record, plan)?;
    let place = place(record, plan)?;
    let area = words(record, plan, Target::Area);
    if matches!(place, DraftPlace::AreaOnly) && area.is_none() && plan.kind != Kind::Speeds {
        let county = plan.county.and_then(|at| record.value(at));
        return Err(match county {
            Some(_) => Violation::new("area", "only_a_county"),
            None => Violation::new("place", "required"),
        });
    }
    let precision_m = precision(record, plan)?;
    let facts = facts(record, plan)?;
    let when = match plan.kind {
        // None has a time of its own: one holds on, another's is its hour or year.
        Kind::Exposure | Kind::Speeds | Kind::Surveys => When::Unknown,
        _ => when(record, plan, findings),
    };
    if let DraftPlace::Point(at) = &place {
        findings.saw_point(record.line, *at);
    }
    Ok(Draft {
        external_id: match &facts {
            // The same hour of a site is the same row, whatever was measured.
            Facts::Speed { site, start, .. } => shortened(format!("{site}@{start}")),
            // So is the same question to the same group of an area and year.
            Facts::Survey(said) => shortened(said.key(area.as_deref().unwrap_or_default())),
            _ => external_id(record, plan),
        },
        when,
        place,
        precision_m,
        area,
        category: words(record, plan, Target::Category),
        text: words(record, plan, Target::Text),
        status: words(record, plan, Target::Status),
        source: words(record, plan, Target::Source),
        unit: words(record, plan, Target::Unit),
        facts,
    })
}

/// What must hold of a row before its values are looked at.
fn whole(record: &Record, plan: &Plan) -> Result<(), Violation> {
    let columns = &plan.columns;
    let width = record.values.len();
    let surplus = record.values.iter().skip(columns.len()).any(|value| !value.trim().is_empty());
    // A row of a table that ends early was cut, or a quote swallowed its end.
    if surplus || (plan.is_table() && width < columns.len()) {
        return Err(Violation::new("row", "column_count"));
    }
    match record.nul() {
        Some(at) => {
            let column = columns.get(at).map_or("row", String::as_str);
            Err(Violation::new(column, "nul_character"))
        }
        None => Ok(()),
    }
}

fn place(record: &Record, plan: &Plan) -> Result<DraftPlace, Violation> {
    if let Some(value) = &record.geometry {
        return from_geometry(geometry::read(value, &plan.crs)?, plan.kind);
    }
    for (first, second) in [(Target::Longitude, Target::Latitude), (Target::X, Target::Y)] {
        let pair = (one(record, plan, first), one(record, plan, second));
        let (x, y) = match pair {
            (Some(x), Some(y)) => (x, y),
            (None, None) => continue,
            (None, Some(_)) => return Err(Violation::new(first.name(), "required")),
            (Some(_), None) => return Err(Violation::new(second.name(), "required")),
        };
        let x = number::parse(x).map_err(|rule| Violation::new(first.name(), rule))?;
        let y = number::parse(y).map_err(|rule| Violation::new(second.name(), rule))?;
        let at = plan.crs.position(x, y);
        // Swapped degrees are told apart where the municipality is known.
        let swapped = at.latitude.abs() > 90.0 && at.latitude.abs() <= 180.0;
        if swapped && at.longitude.abs() <= 90.0 {
            return Err(Violation::new(second.name(), "swapped_coordinates"));
        }
        return Ok(DraftPlace::Point(Position::parse(at.longitude, at.latitude)?));
    }
    Ok(DraftPlace::AreaOnly)
}

fn from_geometry(shape: Geometry<f64>, kind: Kind) -> Result<DraftPlace, Violation> {
    let unsupported = || Violation::new("geometry", "unsupported_kind");
    if matches!(kind, Kind::Areas | Kind::Exposure) {
        return match shape {
            Geometry::Polygon(ground) => Ok(DraftPlace::Ground(MultiPolygon(vec![ground]))),
            Geometry::MultiPolygon(ground) => Ok(DraftPlace::Ground(ground)),
            Geometry::Point(at) if kind == Kind::Exposure => {
                Ok(DraftPlace::Point(Position::parse(at.x(), at.y())?))
            }
            _ => Err(unsupported()),
        };
    }
    let point = |at: geo_types::Point<f64>| {
        DraftPlace::Point(Position { longitude: at.x(), latitude: at.y() })
    };
    match shape {
        Geometry::Point(at) => Ok(point(at)),
        Geometry::LineString(line) => Ok(DraftPlace::Shape(Place::Line(line))),
        Geometry::Polygon(area) => Ok(DraftPlace::Shape(Place::Area(area))),
        // One part in a collection of parts is that part.
        Geometry::MultiPoint(mut all) if all.0.len() == 1 => Ok(point(all.0.remove(0))),
        Geometry::MultiLineString(mut all) if all.0.len() == 1 => {
            Ok(DraftPlace::Shape(Place::Line(all.0.remove(0))))
        }
        Geometry::MultiPolygon(mut all) if all.0.len() == 1 => {
            Ok(DraftPlace::Shape(Place::Area(all.0.remove(0))))
        }
        _ => Err(unsupported()),
    }
}

fn precision(record: &Record, plan: &Plan) -> Result<Option<f64>, Violation> {
    let Some(text) = one(record, plan, Target::Precision) else { return Ok(None) };
    let text = text.trim_end_matches(['m', ' ']);
    let metres = number::parse(text).map_err(|rule| Violation::new("precision", rule))?;
    if metres > 0.0 { Ok(Some(metres)) } else { Err(Violation::new("precision", "out_of_range")) }
}

fn when(record: &Record, plan: &Plan, findings: &mut Findings) -> When {
    let spans = [Target::From, Target::To];
    let mut read = |target: Target| {
        let text = joined(record, plan, target)?;
        let Some(moment) = times::parse(&text, &plan.zone.tz) else {
            findings.saw_unreadable_time(record.line);
            return None;
        };
        let moment = moment.coarsened(plan.grain);
        findings.saw_time(record.line, &moment);
        Some(moment)
    };
    let [from, to] = spans.map(&mut read);
    let when = match (from, to) {
        (Some(from), Some(to)) => span(&from, &to, plan).unwrap_or_else(|| {
            findings.saw_reversed_span(record.line);
            When::Unknown
        }),
        // Half a span is its beginning; an end alone is better than nothing.
        (Some(only), None) | (None, Some(only)) => instant(&only),
        (None, None) => read(Target::At).map_or(When::Unknown, |at| instant(&at)),
    };
    if when == When::Unknown {
        findings.unknown_times += 1;
    }
    when
}

fn instant(moment: &Moment) -> When {
    When::Instant { at: moment.at, precision: moment.precision }
}

/// From the beginning of the first to the end of the last, which is whole if
/// it is a day; `None` where the last is before the first.
fn span(from: &Moment, to: &Moment, plan: &Plan) -> Option<When> {
    if from.at == to.at {
        return Some(instant(from));
    }
    let end = match to.precision {
        TimePrecision::Day | TimePrecision::Month => to.end(&plan.zone.tz)?,
        _ => to.at,
    };
    (from.at < end).then_some(When::Interval { from: from.at, to: end })
}

/// The value of the first column of a target.
fn one<'r>(record: &'r Record, plan: &Plan, target: Target) -> Option<&'r str> {
    plan.assignment.columns(target).iter().find_map(|at| record.value(*at))
}

/// The values of all columns of a target, joined by a space.
fn joined<'r>(
    record: &'r Record,
    plan: &Plan,
    target: Target,
) -> Option<std::borrow::Cow<'r, str>> {
    match plan.assignment.columns(target) {
        [] => None,
        [only] => record.value(*only).map(Into::into),
        several => {
            let parts: Vec<&str> = several.iter().filter_map(|at| record.value(*at)).collect();
            (!parts.is_empty()).then(|| parts.join(" ").into())
        }
    }
}

fn words(record: &Record, plan: &Plan, target: Target) -> Option<String> {
    joined(record, plan, target).map(std::borrow::Cow::into_owned)
}

fn external_id(record: &Record, plan: &Plan) -> String {
    match joined(record, plan, Target::Id) {
        Some(id) => shortened(id.into_owned()),
        None => digits(&hash(record, plan)),
    }
}

fn shortened(id: String) -> String {
    if id.chars().count() <= LONGEST_ID { id } else { digits(&Sha256::digest(id.as_bytes())) }
}

/// A hash of everything a row says; columns in another order and empty ones
/// change nothing.
fn hash(record: &Record, plan: &Plan) -> Vec<u8> {
    let mut hash = Sha256::new();
    for at in &plan.by_name {
        if let Some(value) = record.value(*at) {
            hash.update(plan.columns[*at].as_bytes());
            hash.update([0x1f]);
            hash.update(value.as_bytes());
            hash.update([0x1e]);
        }
    }
    if let Some(geometry) = &record.geometry {
        hash.update(geometry.to_string().as_bytes());
    }
    hash.finalize().to_vec()
}

fn digits(hash: &[u8]) -> String {
    hash.iter().take(16).fold(String::from("#"), |mut text, byte| {
        // Writing to a string cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

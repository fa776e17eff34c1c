//! What a row says that is no event: an amount that events follow, the speeds
//! of one hour, or the answers of a survey.

use super::draft::Kind;
use super::plan::Plan;
use super::record::Record;
use super::{Target, months, number, surveys, times, words};
use fyren_core::domain::{ExposureKind, Months, TimePrecision, Violation};
use jiff::Timestamp;

/// What a row says beside its place.
#[derive(Debug, Clone, PartialEq)]
pub enum Facts {
    /// It is an event or an area.
    None,
    /// An amount that events are expected to follow.
    Exposure {
        /// What is counted.
        kind: ExposureKind,
        /// How much.
        amount: f64,
        /// How full it is in each month.
        months: Months,
    },
    /// The speeds of one hour.
    Speed {
        /// What the site is called.
        site: String,
        /// When the hour begins.
        start: Timestamp,
        /// Vehicles.
        count: u32,
        /// Mean, v85 and limit in km/h.
        speeds: [Option<f64>; 3],
    },
    /// The answers to one question of a survey.
    Survey(Box<surveys::Answers>),
}

/// Reads what a row of the plan's kind says.
///
/// # Errors
/// Of an exposure `amount: required`, `amount: out_of_range`,
/// `category: unknown_value` where neither a word nor the name of the column
/// says what is counted, and the rules of `season`; of speeds `site`, `at` or
/// `count` with `required`, and the rules of numbers; of a survey those of
/// [`surveys::answers`].
pub fn facts(record: &Record, plan: &Plan) -> Result<Facts, Violation> {
    match plan.kind {
        Kind::Exposure => exposure(record, plan),
        Kind::Speeds => speed(record, plan),
        Kind::Surveys => surveys::answers(record, plan).map(Box::new).map(Facts::Survey),
        _ => Ok(Facts::None),
    }
}

fn exposure(record: &Record, plan: &Plan) -> Result<Facts, Violation> {
    let amount = measured(record, plan, Target::Amount)?;
    let amount = amount.ok_or_else(|| Violation::new("amount", "required"))?;
    if amount < 0.0 {
        return Err(Violation::new("amount", "out_of_range"));
    }
    let word = value(record, plan, Target::Category).and_then(words::exposure_kind);
    let column = || plan.assignment.columns(Target::Amount).first().map(|at| &plan.columns[*at]);
    let kind = word.or_else(|| words::exposure_kind(column()?));
    let kind = kind.ok_or_else(|| Violation::new("category", "unknown_value"))?;
    let months = match (value(record, plan, Target::Season), plan.months) {
        (Some(text), _) => months::parse(text)?,
        (None, Some(columns)) => months::factors(columns.map(|at| record.value(at)))?,
        (None, None) => Months::ALL,
    };
    Ok(Facts::Exposure { kind, amount, months })
}

fn speed(record: &Record, plan: &Plan) -> Result<Facts, Violation> {
    let required = |field: &str| Violation::new(field, "required");
    let site = value(record, plan, Target::Site).ok_or_else(|| required("site"))?;
    let start = hour(record, plan).ok_or_else(|| required("at"))?;
    let count = counted(record, plan)?;
    let mut speeds = [None; 3];
    for (speed, target) in speeds.iter_mut().zip([Target::Mean, Target::V85, Target::Limit]) {
        *speed = measured(record, plan, target)?;
    }
    // An hour without a vehicle has no speed, whatever stands there for it.
    if count == 0 {
        speeds[..2].fill(None);
    }
    Ok(Facts::Speed { site: site.to_owned(), start, count, speeds })
}

/// The beginning of the hour of a row: a time, or a date with an hour beside
/// it that may be a bare number or a span (`14`, `14-15`, `14:00-15:00`).
fn hour(record: &Record, plan: &Plan) -> Option<Timestamp> {
    let columns = [Target::At, Target::From].map(|target| plan.assignment.columns(target));
    let columns = columns.into_iter().find(|columns| !columns.is_empty())?;
    let mut parts: Vec<&str> = columns.iter().filter_map(|at| record.value(*at)).collect();
    let clock;
    if let (true, Some(last)) = (parts.len() > 1, parts.last_mut()) {
        let begins = last.split(['-', '–']).next().unwrap_or_default().trim();
        let bare = begins.len() <= 2 && begins.bytes().all(|b| b.is_ascii_digit());
        clock = if bare { format!("{begins:0>2}:00") } else { begins.to_owned() };
        *last = &clock;
    }
    let moment = times::parse(&parts.join(" "), &plan.zone.tz)?;
    (moment.precision != TimePrecision::Month).then_some(moment.at)
}

/// How many a row counts.
///
/// # Errors
/// Violates `count: required` or `count: out_of_range`, or a rule of numbers.
pub fn counted(record: &Record, plan: &Plan) -> Result<u32, Violation> {
    let required = || Violation::new("count", "required");
    let count = measured(record, plan, Target::Count)?.ok_or_else(required)?;
    let whole = count >= 0.0 && count <= f64::from(u32::MAX) && count.fract().abs() < 1e-9;
    if !whole {
        return Err(Violation::new("count", "out_of_range"));
    }
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "checked above")]
    let count = count as u32;
    Ok(count)
}

/// The first value of a target.
pub fn value<'r>(record: &'r Record, plan: &Plan, target: Target) -> Option<&'r str> {
    plan.assignment.columns(target).iter().find_map(|at| record.value(*at))
}

/// A number of the first column of a target, without the unit behind it.
pub fn measured(record: &Record, plan: &Plan, target: Target) -> Result<Option<f64>, Violation> {
    let Some(text) = value(record, plan, target) else { return Ok(None) };
    let text = text.trim_end_matches("km/h").trim_end_matches("km").trim_end_matches(['%', ' ']);
    let number = number::parse(text).map_err(|rule| Violation::new(target.name(), rule))?;
    Ok(Some(number))
}

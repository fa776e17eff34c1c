//! Rows of a safety survey: one question to one group of one area.

use super::facts::{counted, measured, value};
use super::plan::Plan;
use super::record::Record;
use super::{Target, number, words};
use fyren_core::domain::{SurveyMode, SurveyUnit, Violation};

/// The answers to one question, beside the area that they come from.
#[derive(Debug, Clone, PartialEq)]
pub struct Answers {
    /// What the survey is called.
    pub survey: String,
    /// The year in which it was asked.
    pub year: i16,
    /// Who could answer.
    pub mode: SurveyMode,
    /// The code of the question.
    pub question: String,
    /// Who is meant.
    pub group: String,
    /// How many answered.
    pub asked: u32,
    /// What they said.
    pub value: f64,
    /// What the value counts.
    pub unit: SurveyUnit,
    /// The interval that the survey gives.
    pub interval: Option<(f64, f64)>,
    /// What else has to be known.
    pub note: Option<String>,
}

impl Answers {
    /// What makes them the same answers, whatever was said.
    #[must_use]
    pub fn key(&self, area: &str) -> String {
        let Self { survey, year, question, group, .. } = self;
        format!("{survey}@{year}@{area}@{question}@{group}")
    }
}

/// Reads what a row says.
///
/// # Errors
/// Violates `survey`, `year`, `category`, `count` or `amount` with `required`,
/// `mode` or `unit` with `unknown_value`, `low` with `half_an_interval`, and
/// the rules of numbers.
pub fn answers(record: &Record, plan: &Plan) -> Result<Answers, Violation> {
    let required = |field: &str| Violation::new(field, "required");
    let word = |target: Target| value(record, plan, target).map(str::trim);
    let survey = word(Target::Survey).ok_or_else(|| required("survey"))?;
    let question = word(Target::Category).ok_or_else(|| required("category"))?;
    // Nobody says of an open link that it is one.
    let mode = word(Target::Mode).map_or(Ok(SurveyMode::Open), mode)?;
    let unit = word(Target::Unit).map_or(Ok(SurveyUnit::Percent), unit)?;
    let amount = measured(record, plan, Target::Amount)?.ok_or_else(|| required("amount"))?;
    let ends = (measured(record, plan, Target::Low)?, measured(record, plan, Target::High)?);
    let interval = match ends {
        (Some(low), Some(high)) => Some((low, high)),
        (None, None) => None,
        _ => return Err(Violation::new("low", "half_an_interval")),
    };
    Ok(Answers {
        survey: survey.to_owned(),
        year: year(word(Target::Year).ok_or_else(|| required("year"))?)?,
        mode,
        question: question.to_owned(),
        group: word(Target::Group).unwrap_or("all").to_owned(),
        asked: counted(record, plan)?,
        value: amount,
        unit,
        interval,
        note: word(Target::Note).map(str::to_owned),
    })
}

/// The year of a year or of a date.
fn year(text: &str) -> Result<i16, Violation> {
    let digits = text.get(..4).filter(|_| text.len() == 4 || text[4..].starts_with('-'));
    let number = number::parse(digits.unwrap_or(text));
    let number = number.map_err(|rule| Violation::new("year", rule))?;
    let whole = number.fract().abs() < 1e-9 && (0.0..=9_999.0).contains(&number);
    if !whole {
        return Err(Violation::new("year", "out_of_range"));
    }
    #[expect(clippy::cast_possible_truncation, reason = "between 0 and 9 999")]
    let year = number as i16;
    Ok(year)
}

fn mode(word: &str) -> Result<SurveyMode, Violation> {
    match words::plain(word).as_str() {
        "probability" | "sannolikhet" | "sannolikhetsurval" | "slump" | "slumpurval" | "random"
        | "sample" | "urval" => Ok(SurveyMode::Probability),
        "open" | "oppen" | "oppenlank" | "openlink" | "sjalvval" | "sjalvrekrytering" | "web"
        | "webb" => Ok(SurveyMode::Open),
        _ => Err(Violation::new("mode", "unknown_value")),
    }
}

fn unit(word: &str) -> Result<SurveyUnit, Violation> {
    match words::plain(word).as_str() {
        // What is left of a mere percent sign is nothing.
        "" | "percent" | "procent" | "andel" | "share" => Ok(SurveyUnit::Percent),
        "index06" | "index" => Ok(SurveyUnit::Index),
        "mean" | "medel" | "medelvarde" => Ok(SurveyUnit::Mean),
        _ => Err(Violation::new("unit", "unknown_value")),
    }
}

//! `surveys`: what residents said when they were asked, one feature an answer.
//! What too few have answered is there without its value.

use super::answer::Built;
use super::rows::{Rows, figures, in_box, in_district};
use super::staff::StaffSource;
use crate::encode::{FeatureId, Shape, Value};
use fyren_core::domain::{SurveyAnswer, SurveyMode};
use std::borrow::Cow;

const FIELDS: &[&str] = &[
    "survey",
    "year",
    "probability",
    "district",
    "question",
    "wording",
    "group",
    "asked",
    "value",
    "unit",
    "low",
    "high",
    "shown",
    "source",
    "note",
];

/// Answers the layer; `category` chooses questions. Dates choose by the whole
/// year of the survey.
pub fn build(source: &StaffSource, mut answers: Vec<SurveyAnswer>) -> Built {
    let order = |a: &SurveyAnswer| {
        let district = a.district.as_ref().map(|code| code.0.clone());
        (-a.year, a.survey.clone(), a.question.clone(), district, a.group.clone(), a.id)
    };
    answers.sort_by_cached_key(order);
    let mut rows = Rows::new(FIELDS);
    for answer in answers {
        let (shape, district) = ground(source, &answer);
        let here = in_box(&source.query, &shape) && in_district(&source.query, district.as_deref());
        if !here || !is_asked(source, &answer) {
            continue;
        }
        let (id, values) = (answer.id.to_string(), values(answer, district));
        rows.push(FeatureId::Text(Cow::Owned(id)), shape, values);
    }
    rows.built(vec![("leastAsked", Value::Int(i64::from(SurveyAnswer::LEAST_ASKED)))])
}

fn values(answer: SurveyAnswer, district: Option<String>) -> Vec<Value<'static>> {
    let shown = answer.is_shown();
    let told = |value: Option<f64>| value.filter(|_| shown).map_or(Value::Null, figures);
    let (low, high) = answer.interval.unzip();
    vec![
        answer.survey.into(),
        Value::Int(answer.year.into()),
        (answer.mode == SurveyMode::Probability).into(),
        district.into(),
        answer.question.into(),
        answer.wording.into(),
        answer.group.into(),
        // Not how few they were.
        if shown { Value::Int(answer.asked.into()) } else { Value::Null },
        told(Some(answer.value)),
        answer.unit.code().into(),
        told(low),
        told(high),
        shown.into(),
        answer.source.into(),
        answer.note.into(),
    ]
}

fn ground(source: &StaffSource, answer: &SurveyAnswer) -> (Shape<'static>, Option<String>) {
    let municipality = &source.ground.municipality;
    let Some(code) = &answer.district else {
        return (Shape::MultiPolygon(Cow::Owned(municipality.boundary.clone())), None);
    };
    let district = municipality.districts.iter().find(|district| district.code == *code);
    let shape = district
        .map_or(Shape::None, |district| Shape::MultiPolygon(Cow::Owned(district.boundary.clone())));
    (shape, Some(code.0.clone()))
}

fn is_asked(source: &StaffSource, answer: &SurveyAnswer) -> bool {
    let (from, to) = source.query.dates;
    let questions = &source.query.filter.categories;
    from.is_none_or(|from| from.year() <= answer.year)
        && to.is_none_or(|to| to.yesterday().map_or(to, |last| last).year() >= answer.year)
        && (questions.is_empty() || questions.contains(&answer.question))
}

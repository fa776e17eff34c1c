//! Which safety survey a method sets beside the reports: the one that is typed
//! into the question, else the latest that was imported.

use super::Limit;
use crate::app::layers::staff::StaffSource;
use crate::encode::Value;
use fyren_core::analysis::{Interval, UnsafeShare, UnsafeSurvey, unsafe_survey};
use fyren_core::domain::{DistrictCode, SurveyMode, Violation};

/// The survey; `None` where nobody has asked.
///
/// # Errors
/// Violates `survey` with `survey_form`, `number_form`, `unknown_district` or
/// `out_of_range` for a typed one: `109051:0.31,109052:0.2`.
pub fn of(source: &StaffSource) -> Result<Option<UnsafeSurvey>, Violation> {
    match source.query.params.get("survey") {
        Some(text) => typed(source, text).map(Some),
        None => Ok(unsafe_survey(&source.surveys)),
    }
}

fn typed(source: &StaffSource, text: &str) -> Result<UnsafeSurvey, Violation> {
    let bad = |rule| Violation::new("survey", rule);
    let one = |part: &str| {
        let (code, share) = part.split_once(':').ok_or_else(|| bad("survey_form"))?;
        let known = source.ground.municipality.districts.iter().any(|d| d.code.0 == code);
        let share: f64 = share.parse().map_err(|_no_number| bad("number_form"))?;
        match (known, (0.0..=1.0).contains(&share)) {
            (false, _) => Err(bad("unknown_district")),
            (true, false) => Err(bad("out_of_range")),
            (true, true) => {
                let interval = Interval { low: share, high: share };
                let said = UnsafeShare { share, interval, asked: 0 };
                Ok((DistrictCode(code.to_owned()), said))
            }
        }
    };
    Ok(UnsafeSurvey {
        survey: "typed".into(),
        year: source.today.year(),
        mode: SurveyMode::Probability,
        districts: text.split(',').map(one).collect::<Result<_, _>>()?,
        too_few: 0,
    })
}

/// What an answer says of the survey.
pub fn told(survey: &UnsafeSurvey) -> Value<'static> {
    Value::Object(vec![
        ("name", survey.survey.clone().into()),
        ("year", Value::Int(survey.year.into())),
        ("mode", survey.mode.code().into()),
        ("districts", survey.districts.len().into()),
    ])
}

/// What the answer can not say.
pub fn limits(survey: Option<&UnsafeSurvey>) -> Vec<Limit> {
    let Some(survey) = survey else {
        let text = "without a survey of two districts or more (`fyren import surveys`, or \
                    `survey=CODE:SHARE,…`) nobody can be called silent: the ratio is that to the \
                    residents";
        return vec![Limit::new("no_survey", text)];
    };
    let mut limits = Vec::new();
    if survey.mode == SurveyMode::Open {
        let text = "whoever found the link could answer: the survey speaks for those who did";
        limits.push(Limit::new("survey_open", text));
    }
    if survey.too_few > 0 {
        let text = format!("{} districts have fewer than 30 answers", survey.too_few);
        limits.push(Limit::new("survey_too_few", text));
    }
    limits
}

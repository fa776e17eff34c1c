//! `bias`: who reports, and who is not heard. Few reports do not mean safe.

use super::people::residents;
use super::summary::{counted, last_days};
use super::{Limit, Said, survey};
use crate::app::layers::answer::Built;
use crate::app::layers::lands::Lands;
use crate::app::layers::needs::{classes, filter, time};
use crate::app::layers::period::Period;
use crate::app::layers::query::{number, start_of};
use crate::app::layers::rows::{Rows, figures, in_district};
use crate::app::layers::staff::StaffSource;
use crate::app::{Error, Result};
use crate::encode::{FeatureId, Shape, Value};
use crate::spatial::Filter;
use fyren_core::analysis::{
    OpenPlace, ReportingRate, SurveyArea, UnsafeShare, Voice, reporting_rates, silent_areas,
};
use fyren_core::domain::{District, Flags};
use std::borrow::Cow;

const FIELDS: &[&str] = &[
    "area",
    "name",
    "reports",
    "reportsPer1000",
    "expected",
    "ratio",
    "ratioLow",
    "ratioHigh",
    "reportingRate",
    "rateLow",
    "rateHigh",
    "delayDays",
    "surveyUnsafeShare",
    "surveyLow",
    "surveyHigh",
    "surveyAsked",
    "silentArea",
];

/// Days of the window, where no others are asked for.
const DAYS: i64 = 365;
/// Days after its first report that a place is taken to be open.
pub const OPEN_DAYS: [f64; 3] = [30.0, 1.0, 365.0];

/// How the districts that are asked for are heard.
pub fn build(source: &StaffSource, lands: &Lands) -> Result<Built> {
    let bad = |broken| Error::BadParameter(vec![broken]);
    let open_days = number(&source.query.params, "openDays", OPEN_DAYS).map_err(bad)?;
    let survey = survey::of(source).map_err(bad)?;
    let window = last_days(source, DAYS);
    let reports = counted(source, window);
    let mut said =
        Said { window: Some(window), source: reports.by_class.clone(), ..Said::default() };
    let all = source.ground.municipality.districts.iter();
    let all: Vec<&District> =
        all.filter(|district| in_district(&source.query, Some(&district.code.0))).collect();
    let people = residents(source, lands, &all, &mut said)?;
    let inhabited = all.into_iter().zip(people).filter(|(_, residents)| *residents > 0.0);
    let (districts, people): (Vec<&District>, Vec<f64>) = inhabited.unzip();
    let told_in = |district: &&District| survey.as_ref()?.districts.get(&district.code).copied();
    let shares: Vec<Option<UnsafeShare>> = districts.iter().map(told_in).collect();
    // One district alone has nobody to be compared with.
    let by_survey = shares.iter().flatten().count() >= 2;
    let area = |((district, &residents), share): ((&&District, &f64), &Option<UnsafeShare>)| {
        // Without a survey everybody is taken to be as worried.
        let share = share.filter(|_| by_survey);
        SurveyArea {
            residents,
            reports: reports.events.get(&district.code.0).map_or(0, |(count, _)| *count),
            unsafe_share: share.map_or(1.0, |said| said.share),
            unsafe_low: share.map_or(1.0, |said| said.interval.low.min(said.share)),
        }
    };
    let areas: Vec<SurveyArea> = districts.iter().zip(&people).zip(&shares).map(area).collect();
    let voices = voices(&areas, &shares, by_survey)?;
    let rates = rates(source, &districts, (window, open_days))?;
    said.n = reports.by_class.values().sum();
    said.params = vec![("area", "district".into()), ("openDays", open_days.into())];
    said.params.push(("survey", survey.as_ref().map_or(Value::Null, survey::told)));
    said.limits.push(Limit::new(
        "open_days_assumed",
        "a place that was mended sooner was reported faster than it looks",
    ));
    said.limits.extend(survey::limits(survey.as_ref().filter(|_| by_survey)));
    let mut rows = Rows::new(FIELDS);
    for (at, district) in districts.iter().enumerate() {
        let code = &district.code.0;
        let mut values = vec![code.clone().into(), district.name.clone().into()];
        let heard = Heard { voice: voices[at], share: shares[at], judged: by_survey };
        values.extend(told(&areas[at], heard, rates[at].as_ref()));
        let shape = Shape::MultiPolygon(Cow::Owned(district.boundary.clone()));
        rows.push(FeatureId::Text(Cow::Owned(code.clone())), shape, values);
    }
    Ok(rows.built(said.members()))
}

/// The reports of each area beside what was said there: of those with a share
/// among each other where there is a survey, of all by residents where not.
fn voices(
    areas: &[SurveyArea],
    shares: &[Option<UnsafeShare>],
    by_survey: bool,
) -> Result<Vec<Option<Voice>>> {
    let compared = |at: &usize| !by_survey || shares[*at].is_some();
    let places: Vec<usize> = (0..areas.len()).filter(compared).collect();
    let those: Vec<SurveyArea> = places.iter().map(|&at| areas[at]).collect();
    let mut voices = vec![None; areas.len()];
    for (at, voice) in places.into_iter().zip(silent_areas(&those)?) {
        voices[at] = Some(voice);
    }
    Ok(voices)
}

/// How one district is heard.
#[derive(Clone, Copy)]
struct Heard {
    voice: Option<Voice>,
    share: Option<UnsafeShare>,
    /// Whether there is a survey to be silent against.
    judged: bool,
}

fn told(area: &SurveyArea, heard: Heard, rate: Option<&ReportingRate>) -> Vec<Value<'static>> {
    let of = |pick: fn(&ReportingRate) -> f64| rate.map_or(Value::Null, |rate| figures(pick(rate)));
    let voice =
        |pick: fn(&Voice) -> f64| heard.voice.map_or(Value::Null, |voice| figures(pick(&voice)));
    let asked = |pick: fn(&UnsafeShare) -> f64| {
        heard.share.map_or(Value::Null, |share| figures(pick(&share)))
    };
    let silent = heard.voice.filter(|_| heard.judged).map(|voice| voice.silent);
    vec![
        area.reports.into(),
        figures(1000.0 * f64::from(area.reports) / area.residents),
        voice(|voice| voice.expected),
        voice(|voice| voice.ratio),
        voice(|voice| voice.interval.low),
        voice(|voice| voice.interval.high),
        of(|rate| rate.eb_rate),
        of(|rate| rate.interval.low),
        of(|rate| rate.interval.high),
        of(|rate| rate.delay_days),
        asked(|share| share.share),
        asked(|share| share.interval.low),
        asked(|share| share.interval.high),
        // Who types a share in does not say how many were asked.
        heard.share.map(|share| share.asked).filter(|asked| *asked > 0).into(),
        silent.map_or(Value::Null, Value::from),
    ]
}

/// How quickly places of each district are reported: repeats of a report for
/// the days after it.
fn rates(
    source: &StaffSource,
    districts: &[&District],
    (window, open_days): (Period, f64),
) -> Result<Vec<Option<ReportingRate>>> {
    let zone = &source.ground.zone;
    let (from, to) = (start_of(window.from, zone), start_of(window.to, zone));
    let wanted = Filter { from, to, ..filter(source, classes(source)) };
    let now = start_of(source.today.tomorrow().unwrap_or(source.today), zone);
    let mut places = Vec::new();
    for (_, snapshot) in source.snapshots() {
        for event in snapshot.select(&wanted).events() {
            let same = |district: &&District| district.code.0 == event.district;
            let Some(group) = districts.iter().position(same) else { continue };
            let repeated = event.flags.has(Flags::DUPLICATE);
            #[expect(clippy::cast_precision_loss, reason = "seconds of this century")]
            let age = now.map_or(0.0, |now| {
                now.duration_since(time(&event)).as_secs().max(0) as f64 / 86_400.0
            });
            places.push(OpenPlace {
                group,
                duplicates: u32::from(repeated),
                open_days: if repeated { 0.0 } else { age.min(open_days) },
            });
        }
    }
    Ok(reporting_rates(districts.len(), &places)?)
}

//! `forecast-quality`: how well three simple maps would have foretold the
//! reports that came.

use super::nearrepeat::dated;
use super::{Limit, Said};
use crate::app::exposed::Expected;
use crate::app::layers::answer::Built;
use crate::app::layers::hot::month_days;
use crate::app::layers::lands::Lands;
use crate::app::layers::needs::Needs;
use crate::app::layers::period::Period;
use crate::app::layers::query::{number, start_of, whole};
use crate::app::layers::rows::{Rows, figures};
use crate::app::layers::staff::StaffSource;
use crate::app::{Error, Result};
use crate::encode::{FeatureId, Shape, Value};
use fyren_core::analysis::forecast::{ForecastDomain, Hindcast, Measured, baselines};
use fyren_core::analysis::{Basis, Dated};

const FIELDS: &[&str] =
    &["model", "share", "hitRate", "pai", "pei", "rri", "rriPredicted", "logScore"];

/// Edge of a cell in metres.
const CELL_M: f64 = 250.0;
/// Days foretold: default, least and most.
const HORIZON: [f64; 3] = [30.0, 1.0, 365.0];
/// Months to look back from.
const ORIGINS: [u64; 3] = [12, 3, 60];

/// Measures the three maps.
pub fn build(source: &StaffSource, lands: &Lands) -> Result<Built> {
    let params = &source.query.params;
    let bad = |broken| Error::BadParameter(vec![broken]);
    let horizon = number(params, "horizon", HORIZON).map_err(bad)?;
    let origins = whole(params, "origins", ORIGINS).map_err(bad)?;
    let mut needs = Needs::of(source, CELL_M);
    needs.points.retain(|point| point.known_time && !point.duplicate);
    let period = Period::new(source, needs.first);
    let mut said = Said::of(&needs, period);
    said.params = vec![
        ("horizon", horizon.into()),
        ("origins", Value::Int(i64::try_from(origins).unwrap_or(i64::MAX))),
        ("cellM", CELL_M.into()),
        ("rri", "Levine".into()),
    ];
    let land = lands.of(&source.ground);
    let coverage = land.coverage(land.grid(CELL_M)?);
    let grid = *coverage.grid();
    let areas: Vec<f64> = coverage.shares().iter().map(|share| share * grid.cell_km2()).collect();
    let people = land.expected(CELL_M, Expected::People, month_days(source))?;
    said.params.push(("population", people.basis().code().into()));
    let shares = match people.basis() {
        // Even land is no knowledge of people: that map is left out.
        Basis::UniformLand => vec![0.0; grid.len()],
        _ => people.shares().to_vec(),
    };
    let domain = ForecastDomain::new(grid, &areas, &shares)?;
    let events: Vec<Dated> = needs.points.iter().map(dated).collect();
    let end = start_of(period.to, &source.ground.zone);
    #[expect(clippy::cast_precision_loss, reason = "seconds of this century stay below 2^53")]
    let until = end.map_or(0.0, |at| at.as_second() as f64 / 86_400.0);
    let origins = u32::try_from(origins).unwrap_or(u32::MAX);
    let plan = Hindcast { origins, ..Hindcast::monthly(until, horizon) };
    let mut rows = Rows::new(FIELDS);
    let found = match baselines(&events, &domain, &plan) {
        Ok(found) => found,
        Err(broken) if broken.rule == "too_small" => {
            said.insufficient = Some("origins_below_least");
            let text = "fewer than three months with reports before and after";
            said.limits.push(Limit::new("origins_below_least", text));
            return Ok(rows.built(said.members()));
        }
        Err(broken) => return Err(broken.into()),
    };
    for (model, quality) in found {
        for share in &quality.shares {
            let values = vec![
                model.code().into(),
                share.share.into(),
                measured(share.hit_rate),
                measured(share.pai),
                measured(share.pei),
                measured(share.rri_levine),
                measured(share.rri_predicted),
                measured(quality.log_score),
            ];
            rows.push(FeatureId::None, Shape::None, values);
        }
    }
    Ok(rows.built(said.members()))
}

/// A number with the interval that its origins give.
fn measured(found: Measured) -> Value<'static> {
    Value::Object(vec![
        ("value", figures(found.value)),
        ("low", figures(found.low)),
        ("high", figures(found.high)),
    ])
}

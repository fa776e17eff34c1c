//! How many people live in each district.

use super::{Limit, Said};
use crate::app::Result;
use crate::app::exposed::Expected;
use crate::app::layers::hot::month_days;
use crate::app::layers::lands::Lands;
use crate::app::layers::staff::StaffSource;
use fyren_core::analysis::{Basis, settlements};
use fyren_core::domain::District;
use std::collections::HashMap;

/// Edge of the cells that people are spread over, in metres.
const CELL_M: f64 = 250.0;

/// The residents of some districts; where statistics count by other areas, the
/// share of the municipality's settlements that is spread over the district, and
/// `said` tells so. 0 where nothing is known.
pub fn residents(
    source: &StaffSource,
    lands: &Lands,
    districts: &[&District],
    said: &mut Said,
) -> Result<Vec<f64>> {
    let known = |district: &&District| district.residents.map(f64::from);
    if let Some(all) = districts.iter().map(known).collect::<Option<Vec<f64>>>() {
        return Ok(all);
    }
    let land = lands.of(&source.ground);
    let exposure = land.expected(CELL_M, Expected::Residents, month_days(source))?;
    if exposure.basis() != Basis::Residents {
        return Ok(districts.iter().map(|district| known(district).unwrap_or(0.0)).collect());
    }
    let geofence = &source.ground.geofence;
    let people = settlements(&source.ground.municipality, geofence.projection());
    let total: f64 = people.iter().map(|settlement| settlement.residents).sum();
    let mut shares: HashMap<&str, f64> = HashMap::new();
    for (cell, share) in exposure.shares().iter().enumerate().filter(|(_, share)| **share > 0.0) {
        let centre = geofence.projection().inverse(exposure.grid().centre(cell));
        if let Some(code) = geofence.district(centre) {
            *shares.entry(code.0.as_str()).or_default() += share;
        }
    }
    let text = "the residents of districts are estimated: settlements spread over the land";
    said.limits.push(Limit::new("residents_estimated", text));
    let estimated =
        |district: &District| total * shares.get(district.code.0.as_str()).copied().unwrap_or(0.0);
    Ok(districts
        .iter()
        .map(|district| known(district).unwrap_or_else(|| estimated(district)))
        .collect())
}

//! The veto on a hot spot. It changes nothing of the spot: neither its rank
//! nor its status nor that it is shown.

use super::hot::Hot;
use super::staff::StaffSource;
use crate::encode::Value;
use fyren_core::analysis::Hotspot;
use fyren_core::domain::Veto;

/// The veto that was set last of those that hold on the spot: on one of its
/// cells or on a cell beside them, since the cell that stands out most may
/// move by one when a report comes.
pub fn value(source: &StaffSource, hot: &Hot, spot: &Hotspot) -> Value<'static> {
    let grid = hot.exposure.grid();
    let holds = |veto: &&Veto| {
        let at = source.ground.geofence.projection().forward(veto.at);
        let Some(cell) = grid.cell_of(at) else { return false };
        spot.cells.contains(&cell) || grid.neighbours(cell).any(|near| spot.cells.contains(&near))
    };
    let holding: Vec<&Veto> = source.vetoes.iter().filter(holds).collect();
    let mut latest = holding.iter().filter_map(|veto| Some((veto, veto.holds()?)));
    let Some((veto, (step, terms))) = latest.next() else { return Value::Null };
    let since = veto.since();
    let later = spot.members.iter().filter(|&&event| hot.sightings[event].time > since).count();
    Value::Object(vec![
        ("id", veto.id.to_string().into()),
        ("reason", terms.reason.code().into()),
        ("note", terms.note.clone().into()),
        ("by", step.by.code().into()),
        ("context", veto.context.code().into()),
        ("since", since.to_string().into()),
        ("reviewOn", terms.review_on.to_string().into()),
        ("due", Value::Bool(veto.is_due(source.today))),
        ("reportsSince", later.into()),
        ("others", latest.count().into()),
    ])
}

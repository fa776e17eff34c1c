//! From a simulator's drafts to places in a municipality.

use super::SimulationDraft;
use crate::app::{Error, Ground, Result};
use crate::store::Origin;
use fyren_core::{
    analysis::simulate::{
        Simulated, SimulatedPlace, SimulatedReport, SimulatedVisit, Simulation, Village, simulate,
        villages_of,
    },
    domain::{
        Channel, DistrictCode, Id, Locality, LocalityId, Located, Place, Plane, Position,
        QuarantineReason, Report, RetentionClass, Seq, SourceClass, Violation,
    },
};
use geo_types::{Coord, LineString};

/// What was made, each put on the ground. Reports stay in the simulator's
/// order, so that duplicates find what they repeat.
pub(super) struct Made {
    pub reports: Vec<(SimulatedReport, Located)>,
    pub visits: Vec<(SimulatedVisit, Located)>,
}

/// Makes what `draft` asks for and puts it on the ground.
pub(super) fn make(ground: &Ground, draft: &SimulationDraft, now: jiff::Timestamp) -> Result<Made> {
    let fence = &ground.geofence;
    let on_land = |at: Plane| {
        fence.water_m(at).is_none_or(|metres| metres <= 0.0)
            && fence.contains(fence.projection().inverse(at))
    };
    let villages = villages(ground, &on_land)?;
    let last_visits = named(ground, &villages, (&draft.last_visits, "lastVisit"))?;
    let new_places = named(ground, &villages, (&draft.new_places, "newPlace"))?;
    let Simulated { reports, visits } = simulate(&Simulation {
        seed: draft.seed,
        per_year: draft.per_year,
        years: draft.years,
        now,
        zone: &ground.zone,
        villages: &villages,
        on_land: &on_land,
        last_visits: &last_visits,
        new_places: &new_places,
    });
    let locate = |place: Place| Ok::<_, Error>(fence.locate(place)?.located);
    let reports = reports.into_iter().map(|report| {
        let located = locate(place(ground, &villages, &report))?;
        Ok((report, located))
    });
    let visits = visits.into_iter().map(|visit| {
        let position = fence.projection().inverse(visit.at);
        let located = locate(Place::Point { position, precision_m: 50.0 })?;
        Ok((visit, located))
    });
    Ok(Made { reports: reports.collect::<Result<_>>()?, visits: visits.collect::<Result<_>>()? })
}

/// The villages of the gazetteer that lie within, or else the whole
/// municipality as one; their districts are those of their positions.
fn villages(ground: &Ground, on_land: &dyn Fn(Plane) -> bool) -> Result<Vec<Village>> {
    let fence = &ground.geofence;
    let mut villages = villages_of(&ground.municipality, fence.projection(), on_land);
    villages.retain(|village| fence.contains(fence.projection().inverse(village.centre)));
    for village in &mut villages {
        let position = fence.projection().inverse(village.centre);
        village.district = fence.district(position).cloned();
    }
    if villages.is_empty() {
        let inner = geo::InteriorPoint::interior_point(&ground.municipality.boundary)
            .ok_or_else(|| Violation::new("boundary", "not_valid"))?;
        let middle = Position { longitude: inner.x(), latitude: inner.y() };
        villages.push(Village {
            id: LocalityId(String::new()),
            centre: fence.projection().forward(middle),
            spread_m: 3000.0,
            district: fence.district(middle).cloned(),
            residents: 1000.0,
            summer: 1200.0,
        });
    }
    Ok(villages)
}

/// The villages that `wanted` names by the beginning of their name.
fn named<T: Copy>(
    ground: &Ground,
    villages: &[Village],
    (wanted, path): (&[(String, T)], &'static str),
) -> Result<Vec<(LocalityId, T)>> {
    let find = |(name, what): &(String, T)| {
        let named = |village: &&Village| {
            let same = |l: &&Locality| l.id == village.id;
            let locality = ground.municipality.localities.iter().find(same);
            locality.is_some_and(|locality| locality.name.starts_with(name.as_str()))
        };
        let village = villages.iter().find(named);
        village
            .map(|village| (village.id.clone(), *what))
            .ok_or_else(|| Violation::new(path, "unknown_value").into())
    };
    wanted.iter().map(find).collect()
}

fn place(ground: &Ground, villages: &[Village], report: &SimulatedReport) -> Place {
    let projection = ground.geofence.projection();
    let point = |at: Plane, precision_m: f64| {
        (Place::Point { position: projection.inverse(at), precision_m }, at)
    };
    let (place, at) = match &report.place {
        SimulatedPlace::Pin(at, precision_m) => point(*at, *precision_m),
        SimulatedPlace::Village(number) => {
            let village = &villages[*number];
            let known =
                ground.locality(&village.id.0).map_or(300.0, |(_, precision_m)| precision_m);
            point(village.centre, known)
        }
        SimulatedPlace::Line(line) => {
            let vertices = line.iter().map(|at| {
                let position = projection.inverse(*at);
                Coord { x: position.longitude, y: position.latitude }
            });
            (Place::Line(LineString(vertices.collect())), line[0])
        }
    };
    if report.category.district_only() {
        let district: Option<&DistrictCode> = ground.geofence.district(projection.inverse(at));
        return ground.as_district(district.map(|code| code.0.as_str()));
    }
    place
}

/// The report that a draft becomes, with its own and its original's identity.
pub(super) fn report(
    ground: &Ground,
    draft: &SimulatedReport,
    located: Located,
    (id, duplicate_of): (Id, Option<Id>),
) -> Report {
    Report {
        id,
        seq: Seq(0),
        municipality: ground.code().clone(),
        category: draft.category,
        foreign_category: None,
        located,
        when: draft.when,
        factors: draft.factors.clone(),
        details: Vec::new(),
        feeling: Some(draft.feeling),
        text: None,
        channel: Channel::Simulated,
        source_class: SourceClass::Citizen,
        source_tag: draft.source,
        status: draft.status,
        foreign_status: None,
        foreign_source: None,
        published: false,
        quarantine: draft.burst.then_some(QuarantineReason::Burst),
        merged_into: None,
        duplicate_of,
        voices: 1,
        retention: RetentionClass::Report,
        received_hour: crate::clock::cut_to_hour(draft.received),
    }
}

/// What makes the second run of a simulation store nothing.
pub(super) fn origin(dataset: &str, kind: &str, number: usize) -> Origin {
    Origin { dataset: dataset.to_owned(), external_key: format!("{kind}-{number}") }
}

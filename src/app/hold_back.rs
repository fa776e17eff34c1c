//! Embargoes: what no release may speak of, and the reports that they hold back.

use super::{App, Ground, Result, Staff, failure};
use crate::spatial::Event;
use fyren_core::{
    analysis::release::{Aside, ReleaseEvent, few_dwellings},
    domain::{
        Embargo, HiddenReason, Hours, Id, Operation, Plane, Position, ReleaseWindow, Violation,
    },
    plane::{CellId, Projection},
};
use jiff::civil::Date;
use std::collections::{BTreeSet, HashMap};

/// An embargo as staff send it.
#[derive(Debug, Clone, Default)]
pub struct EmbargoDraft {
    /// What staff call it.
    pub name: String,
    /// Longitude, latitude and radius in metres; `None` for everywhere.
    pub place: Option<(f64, f64, f64)>,
    /// First local day, with `to`; neither for every day.
    pub from: Option<String>,
    /// Local day after the last.
    pub to: Option<String>,
    /// As in [`Hours::parse`]; all hours where it is left out.
    pub hours: Option<String>,
}

/// Where the dwellings of a municipality stand, if it has imported them: the
/// name of an extra layer of points.
pub(super) const DWELLINGS: &str = "dwellings";

impl App {
    /// Every embargo of a municipality, lifted ones included.
    ///
    /// # Errors
    /// [`super::Error::Forbidden`] for a role that may not preview releases.
    pub async fn embargoes(&self, staff: &Staff, ground: &Ground) -> Result<Vec<Embargo>> {
        staff.must(ground.code(), Operation::PreviewRelease)?;
        self.municipal.embargoes(ground.code()).await.map_err(failure)
    }

    /// Holds a place, days or hours back from every release whose days are not
    /// published yet. The same again changes nothing.
    ///
    /// # Errors
    /// [`super::Error::Forbidden`] for a role that may not publish;
    /// [`super::Error::Invalid`] naming a broken rule;
    /// [`super::Error::Conflict`] `embargo_exists` where the name is taken.
    pub async fn save_embargo(
        &self,
        staff: &Staff,
        ground: &Ground,
        id: &str,
        draft: &EmbargoDraft,
    ) -> Result<()> {
        staff.must(ground.code(), Operation::PublishRelease)?;
        let embargo = Embargo {
            id: id.to_owned(),
            municipality: ground.code().clone(),
            name: draft.name.trim().to_owned(),
            place: draft.place.map(|place| inside(ground, place)).transpose()?,
            days: days(draft)?,
            hours: draft.hours.as_deref().map_or(Ok(Hours::default()), Hours::parse)?,
            since: self.clock.now(),
            until: None,
        };
        embargo.check()?;
        let audit =
            self.audit(staff.name(), "save_embargo", Some(ground.code()), Some(id.to_owned()));
        self.municipal.save_embargo(embargo, audit).await.map_err(failure)
    }

    /// Lifts an embargo. Reports whose days were published under it stay out.
    ///
    /// # Errors
    /// [`super::Error::Forbidden`]; [`super::Error::NotFound`] without one that holds.
    pub async fn lift_embargo(&self, staff: &Staff, ground: &Ground, id: &str) -> Result<()> {
        staff.must(ground.code(), Operation::PublishRelease)?;
        let audit =
            self.audit(staff.name(), "lift_embargo", Some(ground.code()), Some(id.to_owned()));
        self.municipal.lift_embargo(ground.code(), id, audit).await.map_err(failure)
    }

    /// Everything that holds reports of `ground` back.
    pub(super) async fn held_back(&self, ground: &Ground) -> Result<HeldBack> {
        let lattice = Projection::sweref99_tm();
        let embargoes = self.municipal.embargoes(ground.code()).await.map_err(failure)?;
        let embargoes = embargoes.into_iter().map(|embargo| {
            let disc = embargo.place.map(|(at, radius_m)| (lattice.forward(at), radius_m));
            (embargo, disc)
        });
        let mut spans: HashMap<Id, Vec<Aside>> = HashMap::new();
        for span in self.municipal.quarantine_spans(ground.code()).await.map_err(failure)? {
            let reason = HiddenReason::Quarantined;
            let aside = Aside { reason, from: span.from, to: span.to };
            spans.entry(span.report).or_default().push(aside);
        }
        Ok(HeldBack { embargoes: embargoes.collect(), spans })
    }

    /// The cells that hold too few of the dwellings that were imported; none
    /// where none were.
    pub(super) async fn few_dwellings(&self, ground: &Ground) -> Result<BTreeSet<CellId>> {
        let layers = self.municipal.extra_layers(ground.code()).await.map_err(failure)?;
        let layer = layers.into_iter().find(|layer| layer.name == DWELLINGS);
        Ok(layer.map(|layer| few_dwellings(points(&layer.geojson))).unwrap_or_default())
    }
}

/// The points of a feature collection, in SWEREF 99 TM; what is no point is
/// passed over.
fn points(geojson: &str) -> Vec<Plane> {
    let parsed: serde_json::Value = serde_json::from_str(geojson).unwrap_or_default();
    let features = parsed["features"].as_array().map_or(&[][..], Vec::as_slice);
    let lattice = Projection::sweref99_tm();
    let point = |feature: &serde_json::Value| {
        let at = &feature["geometry"]["coordinates"];
        Position::parse(at[0].as_f64()?, at[1].as_f64()?).ok().map(|at| lattice.forward(at))
    };
    features.iter().filter_map(point).collect()
}

/// What holds reports back from releases.
pub(super) struct HeldBack {
    embargoes: Vec<(Embargo, Option<(Plane, f64)>)>,
    spans: HashMap<Id, Vec<Aside>>,
}

impl HeldBack {
    /// When `event`, read as `report`, was held back. An embargo of a place
    /// holds whatever may lie in it; one of hours whatever may fall into them.
    pub(super) fn of(&self, event: &Event<'_>, report: &ReleaseEvent) -> Vec<Aside> {
        let mut aside = self.spans.get(&event.id).cloned().unwrap_or_default();
        let held = self.embargoes.iter().filter(|(embargo, disc)| {
            let near = |(centre, radius_m): &(Plane, f64)| {
                report.at.is_some_and(|at| {
                    let metres = (at.east - centre.east).hypot(at.north - centre.north);
                    metres <= radius_m + report.precision_m
                })
            };
            let hours = event.masks.hours;
            disc.as_ref().is_none_or(near)
                && embargo.days.is_none_or(|w| w.from <= report.day && report.day < w.to)
                && (embargo.hours.is_empty()
                    || hours.is_empty()
                    || embargo.hours.bits() & hours.bits() != 0)
        });
        aside.extend(held.map(|(embargo, _)| Aside {
            reason: HiddenReason::Embargo,
            from: embargo.since,
            to: embargo.until,
        }));
        aside
    }
}

fn inside(
    ground: &Ground,
    (longitude, latitude, radius_m): (f64, f64, f64),
) -> std::result::Result<(Position, f64), Violation> {
    let position = Position::parse(longitude, latitude).map_err(|v| v.within("place"))?;
    let place = fyren_core::domain::Place::Point { position, precision_m: 1.0 };
    ground.geofence.locate(place)?;
    Ok((position, radius_m))
}

fn days(draft: &EmbargoDraft) -> std::result::Result<Option<ReleaseWindow>, Violation> {
    let day = |field: &str, text: &str| -> std::result::Result<Date, Violation> {
        text.parse().map_err(|_unreadable| Violation::new(field, "date_form"))
    };
    match (draft.from.as_deref(), draft.to.as_deref()) {
        (None, None) => Ok(None),
        (Some(from), Some(to)) => {
            Ok(Some(ReleaseWindow { from: day("from", from)?, to: day("to", to)? }))
        }
        (None, Some(_)) => Err(Violation::new("from", "required")),
        (Some(_), None) => Err(Violation::new("to", "required")),
    }
}

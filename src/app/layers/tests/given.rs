//! A drawn municipality, told events, and what is answered about them.

use crate::app::layers::access::{Admission, admit};
use crate::app::layers::answer::Built;
use crate::app::layers::lands::Lands;
use crate::app::layers::query::parse_query;
use crate::app::layers::{Pool, StaffSource, staff_layer};
use crate::app::{Error, Ground, Result};
use crate::encode::{Feature, Value};
use crate::spatial::{Loader, Snapshot};
use fyren_core::domain::{
    District, DistrictCode, EventKind, EventRow, Flags, Id, Layer, Locality, LocalityId,
    LocalityKind, Municipality, MunicipalityCode, Policy, Position, Role, Seq, SourceClass,
    SourceTag, TimeMasks, TimePrecision, When,
};
use geo_types::{MultiPolygon, Rect, coord};
use jiff::Timestamp;
use std::sync::{Arc, OnceLock};

/// The day on which every test asks.
const TODAY: &str = "2026-11-22";

fn ground_between(west: f64, east: f64) -> MultiPolygon {
    let (low, high) = (coord! { x: west, y: 58.3 }, coord! { x: east, y: 58.5 });
    MultiPolygon(vec![Rect::new(low, high).to_polygon()])
}

fn town(name: &str, longitude: f64, latitude: f64) -> Locality {
    Locality {
        id: LocalityId(name.to_lowercase()),
        name: name.to_owned(),
        kind: LocalityKind::Town,
        position: Position { longitude, latitude },
        precision_m: 200.0,
        district: None,
        residents: Some(1_000),
        weight: 1,
    }
}

/// Sea from 11.0 to 11.2, the districts `west` to 11.35 and `east` to 11.5.
pub fn ground() -> Arc<Ground> {
    static GROUND: OnceLock<Arc<Ground>> = OnceLock::new();
    Arc::clone(GROUND.get_or_init(drawn))
}

fn drawn() -> Arc<Ground> {
    let district = |code: &str, west, east, residents| District {
        code: DistrictCode(code.to_owned()),
        name: code.to_uppercase(),
        boundary: ground_between(west, east),
        residents: Some(residents),
    };
    let municipality = Municipality {
        code: MunicipalityCode::parse("drawn").unwrap(),
        name: "Drawn".to_owned(),
        full_name: "Drawn municipality".to_owned(),
        time_zone: "Europe/Stockholm".to_owned(),
        crs: "EPSG:3006".to_owned(),
        boundary: ground_between(11.0, 11.5),
        land: Some(ground_between(11.2, 11.5)),
        districts: vec![district("west", 11.0, 11.35, 900), district("east", 11.35, 11.5, 100)],
        localities: vec![town("Westham", 11.28, 58.38), town("Eastham", 11.45, 58.45)],
        contacts: Vec::new(),
        policy: Policy::default(),
        synthetic: false,
    };
    Arc::new(Ground::new(municipality).unwrap())
}

/// An event that a test describes.
#[derive(Clone)]
pub struct Told {
    pub kind: EventKind,
    pub at: Option<(f64, f64)>,
    pub precision_m: f64,
    pub when: Option<&'static str>,
    pub category: &'static str,
    pub class: SourceClass,
    pub source: u64,
    pub flags: Flags,
    pub weight: u32,
    pub status: &'static str,
}

/// A report of a dark place inland in the west, a week ago.
pub const REPORT: Told = Told {
    kind: EventKind::Report,
    at: Some((11.3, 58.4)),
    precision_m: 25.0,
    when: Some("2026-11-15T21:30:00Z"),
    category: "lighting",
    class: SourceClass::Citizen,
    source: 1,
    flags: Flags::from_bits(0),
    weight: 1,
    status: "received",
};

/// A visit of the area police in the west, ten days ago.
pub const VISIT: Told = Told {
    kind: EventKind::Visit,
    when: Some("2026-11-12T10:00:00Z"),
    category: "presence",
    class: SourceClass::Presence,
    weight: 15,
    status: "area_police",
    ..REPORT
};

pub fn snapshot(ground: &Ground, events: &[Told]) -> Arc<Snapshot> {
    let mut loader = Loader::with_capacity(events.len());
    for (number, told) in (1..).zip(events) {
        loader.push(&told.row(ground, (number, 1)));
    }
    let generation = i64::try_from(events.len()).unwrap();
    loader.finish(ground.geofence.projection().clone(), Seq(generation)).snapshot()
}

impl Told {
    /// The event as the store tells it, with its identity and position in the feed.
    pub fn row<'a>(&self, ground: &'a Ground, (id, seq): (u128, i64)) -> EventRow<'a> {
        let position = self.at.map(|(longitude, latitude)| Position { longitude, latitude });
        let start: Option<Timestamp> = self.when.map(|at| at.parse().unwrap());
        let when = start
            .map_or(When::Unknown, |at| When::Instant { at, precision: TimePrecision::Minute });
        let district = position.and_then(|at| ground.geofence.district(at));
        EventRow {
            id: Id::from_bits(id),
            seq: Seq(seq),
            kind: self.kind,
            anchor: position.map(|at| (at, ground.geofence.projection().forward(at))),
            precision_m: self.precision_m,
            start,
            end: None,
            time_precision: when.precision(),
            masks: if start.is_some() { when.masks(&ground.zone) } else { TimeMasks::default() },
            received_hour: "2026-11-20T12:00:00Z".parse().unwrap(),
            category: self.category,
            source_class: self.class,
            source_tag: SourceTag::from_bits(self.source << 1),
            district: district.map_or("", |code| &code.0),
            flags: self.flags,
            weight: self.weight,
            status: self.status,
        }
    }
}

/// A question by `role` over municipal and police events.
pub fn asked(
    layer: Layer,
    text: &str,
    role: Role,
    (municipal, police): (&[Told], &[Told]),
) -> Result<StaffSource> {
    let ground = ground();
    let (municipal, police) = (snapshot(&ground, municipal), snapshot(&ground, police));
    asked_of(layer, text, role, (municipal, police))
}

/// The same over snapshots of the drawn municipality.
pub fn asked_of(
    layer: Layer,
    text: &str,
    role: Role,
    (municipal, police): (Arc<Snapshot>, Arc<Snapshot>),
) -> Result<StaffSource> {
    let ground = ground();
    let pair = |part: &str| {
        let (name, value) = part.split_once('=').unwrap();
        (name.to_owned(), value.to_owned())
    };
    let pairs: Vec<_> = text.split('&').filter(|part| !part.is_empty()).map(pair).collect();
    let query = parse_query(layer, &pairs, &ground.zone).map_err(Error::BadParameter)?;
    let Admission::Staff(access) = admit(layer, Some(&[role]))? else {
        panic!("{layer} is public")
    };
    let today = TODAY.parse().unwrap();
    Ok(StaffSource::new(access, (ground, query, today), municipal, Some(police)))
}

/// What a planner of the police is answered.
pub fn answer(layer: Layer, text: &str, events: (&[Told], &[Told])) -> Result<Built> {
    answer_to(Role::PolicePlanner, layer, text, events)
}

/// What `role` is answered.
pub fn answer_to(
    role: Role,
    layer: Layer,
    text: &str,
    events: (&[Told], &[Told]),
) -> Result<Built> {
    // One for all questions of a test, as in a server.
    static LANDS: OnceLock<Lands> = OnceLock::new();
    staff_layer(layer, &asked(layer, text, role, events)?, LANDS.get_or_init(lands))
}

/// Lands that nobody has asked for yet.
pub fn lands() -> Lands {
    Lands::new(Arc::new(Pool::new().unwrap()))
}

/// The value of a field of a feature.
pub fn field<'a>(feature: &'a Feature<'_>, name: &str) -> &'a Value<'a> {
    &feature.fields.iter().find(|(known, _)| *known == name).expect("a known field").1
}

/// The value of a member.
pub fn member<'a>(built: &'a Built, name: &str) -> &'a Value<'static> {
    &built.members.iter().find(|(known, _)| *known == name).expect("a known member").1
}

/// The whole number of a value.
pub fn int(value: &Value<'_>) -> i64 {
    let Value::Int(number) = value else { panic!("{value:?} is no whole number") };
    *number
}

/// The number of a value.
pub fn float(value: &Value<'_>) -> f64 {
    let Value::Float(number) = value else { panic!("{value:?} is no number") };
    *number
}

/// Every feature of an answer.
pub fn features(built: &Built) -> Vec<Feature<'_>> {
    (0..built.rows.len()).map(|at| built.rows.feature(at)).collect()
}

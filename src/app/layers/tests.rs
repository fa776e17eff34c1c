//! Layers over a drawn municipality: a box of 30 by 22 km whose west is sea.

use super::access::{Admission, admit};
use super::lands::Lands;
use super::query::parse_query;
use super::*;
use crate::encode::Feature;
use crate::spatial::{Loader, Snapshot};
use fyren_core::domain::{
    District, DistrictCode, EventKind, EventRow, Flags, Id, Municipality, MunicipalityCode, Policy,
    Position, Seq, SourceClass, SourceTag, TimeMasks, TimePrecision, When,
};
use geo_types::{MultiPolygon, Rect, coord};
use jiff::Timestamp;

/// The day on which every test asks.
const TODAY: &str = "2026-11-22";

fn ground_between(west: f64, east: f64) -> MultiPolygon {
    let (low, high) = (coord! { x: west, y: 58.3 }, coord! { x: east, y: 58.5 });
    MultiPolygon(vec![Rect::new(low, high).to_polygon()])
}

/// Sea from 11.0 to 11.2, the districts `west` to 11.35 and `east` to 11.5.
pub fn ground() -> Arc<Ground> {
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
        localities: Vec::new(),
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
    let received: Timestamp = "2026-11-20T12:00:00Z".parse().unwrap();
    for (number, told) in (1..).zip(events) {
        let position = told.at.map(|(longitude, latitude)| Position { longitude, latitude });
        let start: Option<Timestamp> = told.when.map(|at| at.parse().unwrap());
        let when = start
            .map_or(When::Unknown, |at| When::Instant { at, precision: TimePrecision::Minute });
        let district = position.and_then(|at| ground.geofence.district(at));
        loader.push(&EventRow {
            id: Id::from_bits(number),
            seq: Seq(1),
            kind: told.kind,
            anchor: position.map(|at| (at, ground.geofence.projection().forward(at))),
            precision_m: told.precision_m,
            start,
            end: None,
            time_precision: when.precision(),
            masks: if start.is_some() { when.masks(&ground.zone) } else { TimeMasks::default() },
            received_hour: received,
            category: told.category,
            source_class: told.class,
            source_tag: SourceTag::from_bits(told.source << 1),
            district: district.map_or("", |code| &code.0),
            flags: told.flags,
            weight: told.weight,
            status: told.status,
        });
    }
    let generation = i64::try_from(events.len()).unwrap();
    loader.finish(ground.geofence.projection().clone(), Seq(generation)).snapshot()
}

/// A question by `role` over municipal and police events.
pub fn asked(
    layer: Layer,
    text: &str,
    role: Role,
    (municipal, police): (&[Told], &[Told]),
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
    let (municipal, police) = (snapshot(&ground, municipal), snapshot(&ground, police));
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
    staff_layer(layer, &asked(layer, text, role, events)?, &Lands::default())
}

/// The value of a field of a feature.
pub fn field<'a>(feature: &'a Feature<'_>, name: &str) -> &'a Value<'a> {
    &feature.fields.iter().find(|(known, _)| *known == name).expect("a known field").1
}

/// The value of a member.
pub fn member<'a>(built: &'a Built, name: &str) -> &'a Value<'static> {
    &built.members.iter().find(|(known, _)| *known == name).expect("a known member").1
}

pub fn int(value: &Value<'_>) -> i64 {
    let Value::Int(number) = value else { panic!("{value:?} is no whole number") };
    *number
}

pub fn float(value: &Value<'_>) -> f64 {
    let Value::Float(number) = value else { panic!("{value:?} is no number") };
    *number
}

fn features(built: &Built) -> Vec<Feature<'_>> {
    (0..built.rows.len()).map(|at| built.rows.feature(at)).collect()
}

#[test]
fn quarantined_merged_and_repeated_reports_stay_in_the_layer_with_their_flags() {
    let flagged = |flags| Told { flags, ..REPORT };
    let all = [
        REPORT,
        flagged(Flags::QUARANTINED),
        flagged(Flags::MERGED),
        flagged(Flags::DUPLICATE),
        Told { at: None, precision_m: 0.0, ..REPORT },
    ];
    let built = answer(Layer::Reports, "", (&all, &[])).unwrap();
    let found = features(&built);
    assert_eq!(found.len(), 5);
    assert_eq!(field(&found[1], "quarantined"), &Value::Bool(true));
    assert_eq!(field(&found[2], "merged"), &Value::Bool(true));
    assert_eq!(field(&found[3], "duplicate"), &Value::Bool(true));
    assert_eq!(found[4].shape, crate::encode::Shape::None);
    assert_eq!(found[0].fields.len(), built.rows.fields().len());
}

#[test]
fn a_report_of_unknown_time_is_counted_when_an_hour_is_asked_for() {
    let all = [REPORT, Told { when: None, ..REPORT }];
    let built = answer(Layer::Reports, "hours=22-23", (&all, &[])).unwrap();
    assert_eq!((built.rows.len(), int(member(&built, "unknownTime"))), (1, 1));
    let built = answer(Layer::Reports, "", (&all, &[])).unwrap();
    assert_eq!((built.rows.len(), int(member(&built, "unknownTime"))), (2, 0));
}

#[test]
fn suspicions_of_persons_reach_the_coordinator_alone_in_every_layer() {
    let all = [REPORT, Told { category: "casing", ..REPORT }];
    let count = |role, layer, name: &str| {
        let built = answer_to(role, layer, "", (&all, &[])).unwrap();
        if name.is_empty() {
            i64::try_from(built.rows.len()).unwrap()
        } else {
            int(member(&built, name))
        }
    };
    for (role, expected) in [(Role::Officer, 1), (Role::Coordinator, 2)] {
        assert_eq!(count(role, Layer::Reports, ""), expected);
        assert_eq!(count(role, Layer::Heat, "reports"), expected);
    }
    let built = answer_to(Role::Est, Layer::Coverage, "district=west", (&all, &[])).unwrap();
    assert_eq!(int(field(&features(&built)[0], "reports")), 1);
}

#[test]
fn the_visits_of_the_police_are_for_the_police() {
    let guards = Told { status: "guards", ..VISIT };
    let (municipal, police) = ([guards], [VISIT]);
    let count =
        |role| answer_to(role, Layer::Visits, "", (&municipal, &police)).unwrap().rows.len();
    assert_eq!(count(Role::Coordinator), 1);
    assert_eq!(count(Role::Officer), 2);
}

#[test]
fn coverage_joins_both_contexts_and_lists_districts_that_nobody_visited() {
    let municipal = [
        REPORT,
        Told { flags: Flags::QUARANTINED, ..REPORT },
        Told { category: "safe_place", flags: Flags::SAFE_PLACE, ..REPORT },
        Told { status: "guards", weight: 40, when: Some("2026-10-01T10:00:00Z"), ..VISIT },
        Told { at: None, ..REPORT },
    ];
    let police = [VISIT, Told { flags: Flags::CORRECTED, weight: 999, ..VISIT }];
    let built = answer_to(Role::Est, Layer::Coverage, "", (&municipal, &police)).unwrap();
    let found = features(&built);
    let [west, east] = &found[..] else { panic!("two districts") };
    let numbers =
        |feature| ["reports", "presenceMinutes", "visits"].map(|name| int(field(feature, name)));
    assert_eq!(numbers(west), [1, 55, 2]);
    assert_eq!(int(field(west, "daysSinceVisit")), 10);
    assert_eq!(numbers(east), [0, 0, 0]);
    assert_eq!(field(east, "daysSinceVisit"), &Value::Null);
    // 0.15 degrees of longitude at 58.4 degrees north are 8.78 km, 0.2 of latitude 22.28 km.
    assert!((float(field(west, "landKm2")) - 195.6).abs() < 0.5, "the sea is no land");
    assert_eq!(int(field(east, "residents")), 100);
    let Value::Object(nowhere) = member(&built, "withoutDistrict") else { panic!("an object") };
    assert_eq!(nowhere[0], ("reports", Value::Int(1)));
}

#[test]
fn days_since_a_visit_run_to_today_whatever_days_are_asked_for() {
    let built = answer(Layer::Coverage, "from=2026-11-20", (&[REPORT], &[VISIT])).unwrap();
    let west = built.rows.feature(0);
    assert_eq!(int(field(&west, "visits")), 0);
    assert_eq!(int(field(&west, "daysSinceVisit")), 10);
}

fn grid(built: &Built) -> (f64, Vec<u32>, f64, i64) {
    let Value::Object(grid) = member(built, "grid") else { panic!("a grid") };
    let find = |name| &grid.iter().find(|(known, _)| *known == name).unwrap().1;
    let Value::Numbers(values) = find("values") else { panic!("numbers") };
    (float(find("perThousand")), values.to_vec(), float(find("cellM")), int(find("columns")))
}

#[test]
fn one_report_a_year_inland_sums_to_one_report_a_year() {
    let question = "form=grid&cell=50&from=2025-11-22&to=2026-11-22";
    let built = answer(Layer::Heat, question, (&[REPORT], &[])).unwrap();
    let (largest, values, cell_m, columns) = grid(&built);
    // The peak of a quartic kernel is 3 / (π R²); a year has 365.25 days, this one 365.
    let peak = 3.0 / (std::f64::consts::PI * 0.49) * 365.25 / 365.0;
    assert!((largest / peak - 1.0).abs() < 0.01, "{largest} is not {peak}");
    let sum: f64 = values.iter().map(|value| f64::from(*value) / 1e3 * largest).sum();
    assert!((sum * cell_m * cell_m / 1e6 - 1.0).abs() < 0.01);
    assert_eq!(values.len() % usize::try_from(columns).unwrap(), 0);
}

#[test]
fn heat_rests_on_places_that_are_known_well_enough_and_counts_the_others() {
    let all = [
        REPORT,
        Told { source: 2, class: SourceClass::Trained, ..REPORT },
        Told { precision_m: 351.0, ..REPORT },
        Told { at: None, ..REPORT },
        Told { flags: Flags::QUARANTINED, ..REPORT },
        Told { flags: Flags::MERGED, ..REPORT },
        Told { flags: Flags::SAFE_PLACE, ..REPORT },
        Told { kind: EventKind::Incident, class: SourceClass::Police, ..REPORT },
    ];
    let built = answer(Layer::Heat, "", (&all, &[])).unwrap();
    let numbers = ["reports", "sources", "imprecise", "areaCoded"];
    assert_eq!(numbers.map(|name| int(member(&built, name))), [2, 2, 1, 1]);
    let by_class = vec![("citizen", Value::Int(1)), ("trained", Value::Int(1))];
    assert_eq!(member(&built, "reportsBySource"), &Value::Object(by_class));
    let police = answer(Layer::Heat, "source=police", (&all, &[])).unwrap();
    assert_eq!(int(member(&police, "reports")), 1);
}

#[test]
fn isobands_lie_around_the_reports_and_none_lies_in_the_sea() {
    let quay = Told { at: Some((11.201, 58.4)), ..REPORT };
    let built = answer(Layer::Heat, "", (&[quay, REPORT], &[])).unwrap();
    let bands = features(&built);
    assert!(!bands.is_empty());
    let mut inside = 0;
    for band in &bands {
        let crate::encode::Shape::MultiPolygon(shape) = &band.shape else { panic!("a shape") };
        let bounds = geo::BoundingRect::bounding_rect(&**shape).unwrap();
        // The water cells that touch the land are shown: less than 300 m.
        assert!(bounds.min().x > 11.195, "{} is at sea", bounds.min().x);
        inside += int(field(band, "reports"));
        assert!(float(field(band, "from")) > 0.0);
    }
    assert_eq!(inside, 2);
}

#[test]
fn an_empty_municipality_has_an_empty_heat_map() {
    let built = answer(Layer::Heat, "", (&[], &[])).unwrap();
    assert_eq!((built.rows.len(), int(member(&built, "reports"))), (0, 0));
    let (_, values, ..) = grid(&answer(Layer::Heat, "form=grid", (&[], &[])).unwrap());
    assert!(values.iter().all(|value| *value == 0));
}

#[test]
fn a_parameter_that_the_method_refuses_is_named() {
    for (text, field, rule) in [
        ("radius=10", "radius", "out_of_range"),
        ("radius=2001", "radius", "out_of_range"),
        ("radius=NaN", "radius", "out_of_range"),
        ("radius=wide", "radius", "number_form"),
        ("cell=1", "cell", "out_of_range"),
        ("form=hexagons", "form", "unknown_value"),
    ] {
        let refused = answer(Layer::Heat, text, (&[REPORT], &[])).err();
        let Some(Error::BadParameter(broken)) = refused else { panic!("{text} was not refused") };
        assert_eq!((broken[0].field.as_str(), broken[0].rule), (field, rule));
    }
}

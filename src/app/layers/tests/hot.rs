//! Hot cells and hot spots: what is flagged, and what never is.

use super::given::{REPORT, Told, VISIT, answer, answer_to, features, field, float, int, member};
use crate::app::Error;
use crate::encode::{Feature, Value};
use fyren_core::domain::{EventKind, Flags, Layer, Role, SourceClass};

/// Reports around both towns, as many as their residents explain, each from a
/// source of its own.
fn scattered() -> Vec<Told> {
    around_towns(60)
}

/// So many reports, spread like the residents: by the quantiles of a quartic
/// kernel of 1 200 m, turned by the golden angle.
fn around_towns(reports: u32) -> Vec<Told> {
    let around = |number: u32| {
        let (x, y) = if number.is_multiple_of(2) { (11.28, 58.38) } else { (11.45, 58.45) };
        let quantile = f64::from(number / 2 * 2 + 1) / f64::from(reports);
        let metres = 1_200.0 * (1.0 - (1.0 - quantile).cbrt()).sqrt();
        let turn = f64::from(number / 2) * 2.399_963;
        let (east, north) = (metres * turn.cos() / 58_300.0, metres * turn.sin() / 111_300.0);
        Told { at: Some((x + east, y + north)), source: 100 + u64::from(number), ..REPORT }
    };
    (0..reports).map(around).collect()
}

/// Reports at a lay-by where hardly anybody lives.
fn lay_by(number: u64) -> Vec<Told> {
    (0..number).map(|n| Told { at: Some((11.36, 58.33)), source: 5_000 + n, ..REPORT }).collect()
}

#[test]
fn a_lay_by_with_more_reports_than_residents_explain_is_watched_and_a_town_is_not() {
    let all = [scattered(), lay_by(12)].concat();
    let built = answer(Layer::Hotspots, "", (&all, &[])).unwrap();
    let spots = features(&built);
    assert_eq!(spots.len(), 1);
    let spot = &spots[0];
    let numbers = ["rank", "count", "events", "sources"].map(|name| int(field(spot, name)));
    assert_eq!(numbers, [1, 12, 12, 12]);
    assert_eq!(field(spot, "status"), &Value::from("watch"));
    assert_eq!(field(spot, "reason"), &Value::from("more_than_residents_explain"));
    assert!(float(field(spot, "expected")) < 1.0);
    assert!((float(field(spot, "shareEvents")) - 12.0 / 72.0).abs() < 1e-6);
    // The exact interval of 12 is 6.2 to 21.0 (Garwood 1936).
    assert!((float(field(spot, "low")) - 6.2).abs() < 0.01);
    assert!((float(field(spot, "high")) - 20.96).abs() < 0.01);
    assert_eq!(field(spot, "presenceMinutes"), &Value::Int(0));
    assert_eq!(field(spot, "daysSinceVisit"), &Value::Null);
}

#[test]
fn one_more_pin_is_one_more_in_the_count_of_its_spot() {
    let count = |number| {
        let all = [scattered(), lay_by(number)].concat();
        let built = answer(Layer::Hotspots, "", (&all, &[])).unwrap();
        int(field(&built.rows.feature(0), "count"))
    };
    assert_eq!((count(12), count(13)), (12, 13));
}

#[test]
fn one_busy_source_makes_no_hot_spot() {
    let busy = lay_by(30).into_iter().map(|told| Told { source: 7, ..told });
    let all: Vec<Told> = scattered().into_iter().chain(busy).collect();
    let built = answer(Layer::Hotspots, "", (&all, &[])).unwrap();
    assert_eq!((built.rows.len(), int(member(&built, "repeated"))), (0, 29));
}

#[test]
fn a_map_of_few_reports_says_that_they_are_too_few() {
    let built = answer(Layer::Hotspots, "", (&lay_by(12), &[])).unwrap();
    assert_eq!(built.rows.len(), 0);
    assert_eq!(member(&built, "insufficient"), &Value::from("total_below_least"));
}

#[test]
fn a_spot_tells_the_presence_that_may_be_seen() {
    let all = [scattered(), lay_by(12)].concat();
    let police = [Told { at: Some((11.36, 58.33)), ..VISIT }, VISIT];
    let of = |role, question| {
        let built = answer_to(role, Layer::Hotspots, question, (&all, &police)).unwrap();
        let spot = built.rows.feature(0);
        (
            int(field(&spot, "presenceMinutes")),
            field(&spot, "daysSinceVisit").clone() == Value::Int(10),
        )
    };
    let told = answer_to(Role::Coordinator, Layer::Hotspots, "", (&all, &police)).unwrap();
    assert_eq!(member(&told, "presenceOf"), &Value::List(vec!["municipal".into()]));
    assert_eq!(of(Role::Officer, ""), (15, true));
    assert_eq!(of(Role::Officer, "category=lighting"), (15, true));
    assert_eq!(of(Role::Officer, "from=2026-11-14"), (0, true));
    assert_eq!(of(Role::Coordinator, ""), (0, false), "visits of the police are not theirs");
}

#[test]
fn hot_cells_tell_the_test_behind_them() {
    let all = [scattered(), lay_by(12)].concat();
    let built = answer(Layer::Hotcells, "tail=poisson&cell=500", (&all, &[])).unwrap();
    assert_eq!(member(&built, "tail"), &Value::from("poisson"));
    assert!((float(member(&built, "cellM")) - 500.0).abs() < 1e-9);
    let tested = int(member(&built, "cellsTested"));
    assert!(i64::try_from(built.rows.len()).unwrap() < tested);
    let watched = features(&built);
    let watched = watched.iter().filter(|cell| *field(cell, "status") == Value::from("watch"));
    assert!(watched.count() >= 1);
    let refused = answer(Layer::Hotcells, "tail=normal", (&all, &[])).err();
    assert!(matches!(refused, Some(Error::BadParameter(broken)) if broken[0].field == "tail"));
}

#[test]
fn the_reports_of_one_district_are_measured_against_its_own_residents() {
    let all = around_towns(160);
    for question in ["", "district=east", "bbox=11.4,58.4,11.5,58.5"] {
        let built = answer(Layer::Hotcells, question, (&all, &[])).unwrap();
        let cells = features(&built);
        let most = |cell: &Feature<'_>| float(field(cell, "expected"));
        let town = cells.iter().max_by(|a, b| most(a).total_cmp(&most(b))).unwrap();
        let ratio = float(field(town, "ratio"));
        assert!((0.7..1.4).contains(&ratio), "{question}: {ratio}");
    }
    let nowhere = answer(Layer::Hotspots, "bbox=1,1,2,2", (&all, &[])).unwrap();
    assert_eq!(int(member(&nowhere, "reports")), 0);
}

/// What a hot cell or spot is scored by, and what orders it.
fn scores(layer: Layer, question: &str, events: (&[Told], &[Told])) -> Vec<String> {
    let built = answer_to(Role::PolicePlanner, layer, question, events).unwrap();
    let told = |feature: &Feature<'_>| {
        let names =
            ["rank", "count", "events", "observed", "expected", "ratio", "sources", "p", "q"];
        let names = names.into_iter().chain(["llr", "status", "clusterId", "name"]);
        let known = names.filter_map(|name| feature.fields.iter().find(|(n, _)| *n == name));
        format!("{:?} {:?}", feature.id, known.collect::<Vec<_>>())
    };
    features(&built).iter().map(told).collect()
}

#[test]
fn presence_more_or_less_and_what_the_police_find_by_themselves_change_no_score() {
    let reports = [scattered(), lay_by(12)].concat();
    let at = |told: Told| Told { at: Some((11.36, 58.33)), ..told };
    let visits: Vec<Told> = (0..200).map(|_| at(VISIT)).collect();
    let found_by_police = Told {
        kind: EventKind::Incident,
        class: SourceClass::Police,
        flags: Flags::POLICE_INITIATED,
        ..at(REPORT)
    };
    let caught: Vec<Told> =
        (0..200).map(|n| Told { source: 90_000 + n, ..found_by_police.clone() }).collect();
    let watched = [reports.clone(), visits.clone(), caught.clone()].concat();
    for layer in [Layer::Hotcells, Layer::Hotspots] {
        let before = scores(layer, "cell=500", (&reports, &[]));
        assert!(!before.is_empty());
        assert_eq!(scores(layer, "cell=500", (&reports, &visits)), before, "{layer}");
        assert_eq!(scores(layer, "cell=500", (&watched, &visits)), before, "{layer}");
    }
    // Not even where the classes of the police are asked for.
    let question = "cell=500&source=citizen,police";
    let before = scores(Layer::Hotcells, question, (&reports, &[]));
    assert_eq!(scores(Layer::Hotcells, question, (&watched, &caught)), before);
    let reported = Told { flags: Flags::from_bits(0), ..found_by_police };
    let more: Vec<Told> =
        (0..20).map(|n| Told { source: 70_000 + n, ..reported.clone() }).collect();
    let told = [reports, more].concat();
    assert_ne!(
        scores(Layer::Hotcells, question, (&told, &[])),
        before,
        "what others report counts"
    );
}

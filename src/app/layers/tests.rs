//! Layers over a drawn municipality: a box of 30 by 22 km whose west is sea.

pub mod given;
mod heat;
mod hot;
mod million;
mod tiles;

use crate::encode::{Shape, Value};
use fyren_core::domain::{Flags, Layer, Role};
use given::{REPORT, Told, VISIT, answer, answer_to, features, field, float, int, member};

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
    assert_eq!(found[4].shape, Shape::None);
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

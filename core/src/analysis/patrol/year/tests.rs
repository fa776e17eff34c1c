//! A year on ground that can be checked by hand.

use super::*;

/// Two places a minute apart in two districts, and one far away in a third.
fn line() -> Vec<u32> {
    let places = [0_u32, 60, 120, 1_500];
    places.iter().flat_map(|a| places.iter().map(move |b| a.abs_diff(*b))).collect()
}

fn place(node: usize, rate: f64) -> YearPlace {
    YearPlace { node, district: node - 1, before: [rate; 12], now: [rate; 12] }
}

fn year<'a>(travel: &'a [u32], places: &'a [YearPlace], shifts: &'a [YearShift]) -> PatrolYear<'a> {
    PatrolYear {
        places,
        districts: 3,
        base: 0,
        travel: Travel::new(4, travel).unwrap(),
        shifts,
        service: 720,
        covers_days: 7,
        routine: &[0, 0, 1],
    }
}

fn near(found: YearOutcome, wanted: [f64; 4]) {
    let mut figures = found.figures().into_iter().zip(wanted);
    assert!(figures.all(|(a, b)| (a - b).abs() < 1e-9), "{found:?} for {wanted:?}");
}

#[test]
fn time_for_everything_covers_everything_and_no_time_nothing() {
    let (travel, places) = (line(), [place(1, 0.1), place(2, 0.1), place(3, 0.1)]);
    let long = [YearShift { day: 0, seconds: 20_000 }];
    let enough = year(&travel, &places, &long);
    for way in [Way::Plan, Way::Turns] {
        let found = patrol_year(&enough, way, 1).unwrap();
        near(found, [1.0, 6.0, 1.0, 156.0]);
    }
    let none = [YearShift { day: 0, seconds: 60 }];
    for way in [Way::Plan, Way::Turns, Way::Routine] {
        let found = patrol_year(&year(&travel, &places, &none), way, 1).unwrap();
        near(found, [0.0, 364.0, 0.0, 0.0]);
    }
}

#[test]
fn a_routine_never_goes_where_it_did_not_go_and_a_plan_meets_its_floors() {
    let (travel, places) = (line(), [place(1, 0.5), place(2, 0.1), place(3, 0.0)]);
    // Time for the far one alone, or for both of the near ones.
    let shifts = [YearShift { day: 1, seconds: 3_800 }, YearShift { day: 4, seconds: 3_800 }];
    let asked = year(&travel, &places, &shifts);
    let routine = patrol_year(&asked, Way::Routine, 3).unwrap();
    assert!(routine.longest_gap > 363.5 && routine.weeks_met < 1e-9, "{routine:?}");
    let plan = patrol_year(&asked, Way::Plan, 3).unwrap();
    assert!(plan.weeks_met > 0.99 && plan.longest_gap < 14.0, "{plan:?}");
    assert_eq!(plan, patrol_year(&asked, Way::Plan, 3).unwrap(), "the same seed, the same year");
}

#[test]
fn a_year_that_makes_no_sense_is_refused_by_name() {
    let (travel, places) = (line(), [place(1, 0.1), place(2, f64::NAN), place(3, 0.1)]);
    let shifts = [YearShift { day: 0, seconds: 20_000 }];
    let asked = year(&travel, &places, &shifts);
    let refused = |asked: &PatrolYear<'_>| patrol_year(asked, Way::Turns, 1).unwrap_err().field;
    assert_eq!(refused(&asked), "places");
    let fine = [place(1, 0.1), place(2, 0.1), place(3, 0.1)];
    assert_eq!(refused(&PatrolYear { routine: &[3], ..year(&travel, &fine, &shifts) }), "routine");
    let day = [YearShift { day: 7, seconds: 1 }];
    assert_eq!(refused(&year(&travel, &fine, &day)), "shift");
    assert_eq!(YearMean::of(&[1.0]).unwrap_err().field, "years");
    let found = YearMean::of(&[1.0, 2.0, 3.0]).unwrap();
    // 1.96 times the standard error of three values one apart, 1 / √3.
    assert!((found.mean - 2.0).abs() < 1e-12);
    assert!((found.interval.high - 2.0 - 1.959_964 / 3.0_f64.sqrt()).abs() < 1e-6, "{found:?}");
}

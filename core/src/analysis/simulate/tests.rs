//! What a simulated municipality looks like.

use super::*;
use crate::domain::{Category, DistrictCode, Purpose, When};
use std::collections::BTreeMap;

fn villages() -> Vec<Village> {
    let village = |name: &str, east: f64, residents: f64| Village {
        id: LocalityId(name.to_owned()),
        centre: Plane { east, north: 1000.0 },
        spread_m: 300.0,
        district: Some(DistrictCode(name.to_owned())),
        residents,
        summer: 3.0 * residents,
    };
    vec![village("town", 1000.0, 2000.0), village("isle", 9000.0, 300.0)]
}

fn made(seed: u64, per_year: u32) -> Simulated {
    let villages = villages();
    let isle = [(LocalityId("isle".to_owned()), 23)];
    simulate(&Simulation {
        seed,
        per_year,
        years: 2,
        now: "2026-11-22T15:00:00Z".parse().unwrap(),
        zone: &TimeZone::get("Europe/Stockholm").unwrap(),
        villages: &villages,
        on_land: &|at| at.north < 1400.0,
        last_visits: &isle,
        new_places: &[],
    })
}

#[test]
fn the_same_seed_makes_the_same_and_an_other_seed_something_else() {
    assert_eq!(made(1, 120), made(1, 120));
    assert_ne!(made(1, 120).reports, made(2, 120).reports);
}

#[test]
fn there_are_as_many_reports_as_asked_for_and_one_burst() {
    for per_year in [120, 300] {
        let reports = made(7, per_year).reports;
        let burst = reports.iter().filter(|r| r.burst).count();
        assert_eq!(burst, BURST_REPORTS);
        assert_eq!(reports.len(), 2 * per_year as usize + BURST_REPORTS);
    }
}

#[test]
fn lighting_and_bushes_are_more_than_half_and_some_places_are_safe() {
    let reports = made(3, 3000).reports;
    let mut counts = BTreeMap::new();
    for report in reports.iter().filter(|r| !r.burst) {
        *counts.entry(report.category).or_insert(0_u32) += 1;
    }
    let share = |category| f64::from(counts[&category]) / 6000.0;
    let first_two = share(Category::Lighting) + share(Category::BlockedView);
    assert!((0.40..0.70).contains(&first_two), "{first_two}");
    assert!(share(Category::SafePlace) > 0.005);
}

#[test]
fn every_pin_is_on_land_and_nothing_is_yet_to_come() {
    let now: Timestamp = "2026-11-22T15:00:00Z".parse().unwrap();
    let Simulated { reports, visits } = made(5, 300);
    for report in &reports {
        if let SimulatedPlace::Pin(at, _) = report.place {
            assert!(at.north < 1400.0);
        }
        assert!(report.received <= now);
        assert!(report.when.span().0.is_none_or(|at| at <= report.received));
    }
    assert!(visits.iter().all(|visit| visit.started < visit.ended && visit.ended <= now));
}

#[test]
fn duplicates_follow_what_they_repeat() {
    let reports = made(5, 300).reports;
    let pairs: Vec<_> =
        reports.iter().enumerate().filter_map(|(at, r)| Some((at, r.duplicate_of?))).collect();
    assert!(pairs.len() > 10, "{}", pairs.len());
    assert!(pairs.iter().all(|(at, of)| of < at));
    assert!(pairs.iter().all(|(at, of)| reports[*at].category == reports[*of].category));
}

#[test]
fn the_isle_was_last_visited_23_days_ago_and_the_town_since() {
    let visits = made(9, 120).visits;
    let last_day = |isle: bool| {
        let there = visits.iter().filter(|visit| (visit.at.east > 5000.0) == isle);
        let zone = TimeZone::get("Europe/Stockholm").unwrap();
        there.map(|visit| visit.ended.to_zoned(zone.clone()).date()).max().unwrap()
    };
    assert_eq!(last_day(true).to_string(), "2026-10-30");
    assert!(last_day(false).to_string().as_str() > "2026-11-15");
}

#[test]
fn a_year_holds_some_twenty_traffic_controls_and_a_weekly_mobile_office() {
    let visits = made(11, 120).visits;
    let count = |purposes: &[Purpose]| {
        visits.iter().filter(|visit| purposes.contains(&visit.purpose)).count() / 2
    };
    let controls = count(&[Purpose::TrafficControl, Purpose::SobrietyControl]);
    assert!((12..35).contains(&controls), "{controls}");
    let offices = count(&[Purpose::MobileOffice]);
    assert!((30..53).contains(&offices), "{offices}");
}

#[test]
fn rowdiness_is_a_matter_of_summer_nights() {
    let zone = TimeZone::get("Europe/Stockholm").unwrap();
    let summer = |category: Category| {
        let of: Vec<_> = made(4, 3000).reports;
        let of: Vec<_> = of.into_iter().filter(|r| r.category == category && !r.burst).collect();
        let in_summer = |report: &&SimulatedReport| {
            (6..=8).contains(&report.received.to_zoned(zone.clone()).month())
        };
        of.iter().filter(in_summer).count() * 100 / of.len()
    };
    assert!(summer(Category::Rowdiness) > 40);
    assert!(summer(Category::Lighting) < 25);
    assert!(made(4, 300).reports.iter().any(|r| matches!(r.when, When::Recurring { .. })));
}

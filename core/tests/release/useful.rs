//! What is left to see: privacy is not won by showing nothing.

use crate::world::{World, release};
use fyren_core::analysis::release::{
    Face, ReleaseEvent, draft_release, kinds_for, volume_of, windows_of,
};
use fyren_core::analysis::simulate::{Simulated, SimulatedPlace, Simulation, Village, simulate};
use fyren_core::domain::{DistrictCode, Flags, LocalityId, Position, Release, ReleaseKind};
use fyren_core::plane::Projection;
use jiff::{Timestamp, civil::date, tz::TimeZone};

/// The larger places of Sotenäs with their districts, from `data/sotenas/localities.geojson`.
const PLACES: [(&str, &str, f64, f64, f64); 8] = [
    ("Kungshamn", "109053", 11.249_407, 58.361_44, 2800.0),
    ("Hunnebostrand", "109062", 11.303_72, 58.441_759, 2006.0),
    ("Smögen", "109051", 11.224_201, 58.354_573, 1400.0),
    ("Väjern", "109054", 11.263_511, 58.379_589, 540.0),
    ("Bovallstrand", "109063", 11.327_739, 58.473_68, 455.0),
    ("Malmön", "109052", 11.339_802, 58.349_619, 267.0),
    ("Hovenäset", "109054", 11.296_393, 58.370_78, 350.0),
    ("Ulebergshamn", "109062", 11.301_31, 58.451_189, 350.0),
];

fn villages() -> Vec<Village> {
    let plane = Projection::sweref99_tm();
    let village =
        |(name, district, longitude, latitude, residents): (&str, &str, _, _, _)| Village {
            id: LocalityId(name.to_owned()),
            centre: plane.forward(Position { longitude, latitude }),
            spread_m: if residents > 1000.0 { 450.0 } else { 250.0 },
            district: Some(DistrictCode(district.to_owned())),
            residents,
            summer: 4.0 * residents,
        };
    PLACES.map(village).to_vec()
}

/// Two whole years of reports, in the district of the nearest place.
fn world(seed: u64, per_year: u32) -> World {
    let villages = villages();
    let now: Timestamp = "2025-12-31T22:00:00Z".parse().unwrap();
    let Simulated { reports, .. } = simulate(&Simulation {
        seed,
        per_year,
        years: 2,
        now,
        zone: &TimeZone::UTC,
        villages: &villages,
        on_land: &|_| true,
        last_visits: &[],
        new_places: &[],
    });
    let events = reports.iter().map(|report| {
        let (at, precision_m) = match &report.place {
            SimulatedPlace::Pin(at, precision_m) => (*at, *precision_m),
            SimulatedPlace::Line(line) => (line[0], 125.0),
            SimulatedPlace::Village(number) => (villages[*number].centre, 300.0),
        };
        let far = |v: &Village| (v.centre.east - at.east).hypot(v.centre.north - at.north);
        let near = villages.iter().min_by(|a, b| far(a).total_cmp(&far(b))).unwrap();
        let day = |at: Timestamp| at.to_zoned(TimeZone::UTC).date();
        ReleaseEvent {
            at: Some(at),
            precision_m,
            district: near.district.clone(),
            day: day(report.when.span().0.unwrap_or(report.received)),
            arrived: day(report.received),
            category: report.category,
            source: report.source,
            flags: if report.burst { Flags::QUARANTINED } else { Flags::SYNTHETIC },
            aside: Vec::new(),
        }
    });
    let mut world = World::of(events.collect());
    world.districts = ["109051", "109052", "109053", "109054", "109062", "109063"]
        .map(|code| DistrictCode(code.to_owned()))
        .to_vec();
    world
}

/// Publishes what 2025 allows, in the order in which windows close.
fn publish(world: &World) -> (Vec<Release>, u32, u32) {
    let chosen = kinds_for(volume_of(&world.events, 2024), world.districts.len(), world.k);
    let mut windows: Vec<_> = chosen
        .iter()
        .flat_map(|kind| windows_of(*kind, 2025).into_iter().map(|window| (*kind, window)))
        .collect();
    windows.sort_by_key(|(kind, window)| (window.to, *kind == ReleaseKind::YearCells));
    let (mut releases, mut shown, mut all) = (Vec::new(), 0, 0);
    for (kind, window) in windows {
        let draft = world
            .with_input(&releases, date(2026, 6, 1), |input| draft_release(input, kind, window))
            .unwrap();
        for outcome in draft.outcomes.iter().filter(|outcome| outcome.face == Face::Cells) {
            shown += outcome.shown;
            all += outcome.reports();
        }
        releases.push(release(draft));
    }
    (releases, shown, all)
}

/// Means over seeds: cells, their share of reports, district rows and month totals shown.
fn useful(per_year: u32) -> [f64; 4] {
    const SEEDS: u32 = 10;
    let mut sum = [0.0; 4];
    for seed in 0..SEEDS {
        let (releases, shown, all) = publish(&world(u64::from(seed), per_year));
        let count = |kind: ReleaseKind, whole: bool| {
            let of_kind = releases.iter().filter(move |release| whole || release.kind == kind);
            let rows = of_kind.flat_map(|release| &release.districts);
            let seen = rows.filter(|row| row.band.is_some() && row.category.is_none());
            f64::from(u32::try_from(seen.count()).unwrap())
        };
        let cells: usize = releases.iter().map(|release| release.cells.len()).sum();
        let months = count(ReleaseKind::MonthTotal, false);
        let one = [
            f64::from(u32::try_from(cells).unwrap()),
            f64::from(shown) / f64::from(all),
            count(ReleaseKind::MonthTotal, true) - months,
            months,
        ];
        sum.iter_mut().zip(one).for_each(|(sum, one)| *sum += one / f64::from(SEEDS));
    }
    sum
}

#[test]
fn a_small_and_a_lively_municipality_both_have_something_to_show() {
    let (small, lively) = (useful(120), useful(300));
    for (name, [cells, share, districts, months]) in [("120", small), ("300", lively)] {
        println!(
            "{name} reports a year: {cells:.1} cells with {:.0} % of the year's reports, \
             {districts:.1} district rows, {months:.1} month totals",
            100.0 * share
        );
    }
    assert!(small[0] >= 5.0 && lively[0] >= 15.0);
    assert!(small[2] >= 2.0, "districts of the year");
    assert!(lively[2] >= 6.0, "districts of the quarters");
}

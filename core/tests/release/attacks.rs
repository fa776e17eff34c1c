//! The attacks that the privacy policy names, one by one.

use crate::attacker::{isolated, numbers, sources};
use crate::world::{World, YEAR, busy_year_before, day_of, event, release, today};
use fyren_core::analysis::release::{
    Aside, ReleaseEvent, WindowStatus, draft_release, few_dwellings, windows_of,
};
use fyren_core::domain::{Category, Flags, HiddenReason, Plane, Release, ReleaseKind, SourceTag};
use jiff::{ToSpan, civil::date};

fn at_place(east: f64, north: f64, sources: std::ops::Range<u64>) -> Vec<ReleaseEvent> {
    sources
        .map(|s| {
            event(east, north, day_of(YEAR, u16::try_from(s * 7).unwrap()), Category::Lighting, s)
        })
        .collect()
}

#[test]
fn a_daily_poller_sees_nothing_change_within_a_window() {
    let world = World::of(at_place(1050.0, 1050.0, 0..20));
    let window = windows_of(ReleaseKind::YearCells, YEAR)[0];
    for days in [0, 100, 364, 394] {
        let day = date(YEAR, 1, 1).saturating_add(i64::from(days).days());
        let status = world
            .with_input(&[], day, |input| draft_release(input, ReleaseKind::YearCells, window))
            .unwrap_err();
        assert_eq!(status, WindowStatus::NotBefore(date(2026, 1, 31)));
    }
    let published = release(world.year());
    let again = world.with_input(&[published], today(), |input| {
        draft_release(input, ReleaseKind::YearCells, window)
    });
    assert_eq!(again.unwrap_err(), WindowStatus::Published);
}

#[test]
fn zooming_out_adds_no_parent_of_fewer_than_k() {
    let mut events = at_place(1050.0, 1050.0, 0..6);
    events.extend(at_place(1150.0, 1050.0, 10..14));
    let cells = World::of(events.clone()).year().cells;
    assert_eq!(cells.len(), 1, "four neighbours are not told by their parent");
    assert_eq!(cells[0].size_m, 100);
    events.extend(at_place(1150.0, 1150.0, 20..21));
    let cells = World::of(events).year().cells;
    assert_eq!(cells.iter().map(|cell| cell.size_m).collect::<Vec<_>>(), [100, 200]);
}

#[test]
fn a_quarter_less_its_months_isolates_nobody() {
    let mut events = busy_year_before();
    for (month, people) in [(1, 0..6), (2, 10..16), (3, 20..23)] {
        events.extend(
            people.map(|s| event(500.0, 500.0, date(YEAR, month, 5), Category::Lighting, s)),
        );
    }
    let world = World::of(events);
    let releases = world.publish(&[ReleaseKind::MonthTotal, ReleaseKind::QuarterDistricts]);
    let first = releases.iter().find(|r| r.kind == ReleaseKind::QuarterDistricts).unwrap();
    assert!(first.districts.iter().all(|row| row.band.is_none()), "three people of March");
    assert_eq!(isolated(&world, &numbers(&world, &releases)), None);
}

#[test]
fn cells_less_their_district_isolate_nobody() {
    let mut events = at_place(1050.0, 1050.0, 0..6);
    events.push(event(100.0, 3000.0, day_of(YEAR, 40), Category::Lighting, 90));
    let draft = World::of(events).year();
    assert_eq!(draft.cells.len(), 1);
    assert!(draft.districts.iter().all(|row| row.band.is_none()), "one report lies outside");
}

#[test]
fn an_insider_with_k_minus_1_sources_learns_only_that_somebody_else_was_there() {
    let with_victim = |victim: ReleaseEvent| {
        let mut events = at_place(1050.0, 1050.0, 0..4);
        events.push(victim);
        let draft = World::of(events).year();
        (draft.cells, draft.districts)
    };
    let one = with_victim(event(1001.0, 1001.0, date(YEAR, 1, 2), Category::Lighting, 50));
    let other = with_victim(event(1099.0, 1099.0, date(YEAR, 12, 30), Category::Graffiti, 77));
    assert_eq!(one, other, "neither day, place in the cell, category nor person shows");
    assert_eq!(one.0.len(), 1);
}

#[test]
fn one_person_in_every_window_and_cell_is_one_source_of_each() {
    let one_everywhere = |i: u16| {
        let east = 50.0 + f64::from(i % 12) * 100.0;
        event(east, 50.0, day_of(YEAR, i * 30), Category::Lighting, 1)
    };
    let mut events = busy_year_before();
    events.extend((0..12).map(one_everywhere));
    events.extend(at_place(1050.0, 50.0, 2..10));
    let world = World::of(events);
    let kinds = [ReleaseKind::MonthTotal, ReleaseKind::QuarterDistricts, ReleaseKind::YearCells];
    let numbers = numbers(&world, &world.publish(&kinds));
    assert!(!numbers.is_empty());
    assert_eq!(isolated(&world, &numbers), None);
    let person = SourceTag::from_bits(2);
    assert!(
        numbers
            .iter()
            .all(|n| sources(&world, n).len() > 4 || !sources(&world, n).contains(&person))
    );
}

#[test]
fn a_renamed_category_of_the_same_class_moves_no_cell() {
    let mut events = at_place(1050.0, 1050.0, 0..9);
    let before = World::of(events.clone()).year().cells;
    events[3].category = Category::DangerousCrossing;
    assert_eq!(World::of(events).year().cells, before);
}

#[test]
fn a_category_of_fewer_than_k_never_follows_from_its_district() {
    let mut events = at_place(1050.0, 1050.0, 0..8);
    for (at, event) in events.iter_mut().enumerate() {
        event.category = if at < 6 { Category::Lighting } else { Category::Speeding };
    }
    let draft = World::of(events).year();
    let rows: Vec<_> = draft.districts.iter().filter(|row| row.band.is_some()).collect();
    assert_eq!(rows.len(), 1, "the total stands, and lighting would tell of two who speed");
    assert_eq!(rows[0].category, None);
}

#[test]
fn a_point_on_a_border_counts_in_one_cell() {
    let mut events = at_place(1100.0, 1100.0, 0..5);
    events.extend(at_place(1099.999, 1099.999, 10..15));
    let draft = World::of(events).year();
    let ids: Vec<_> = draft.cells.iter().map(|cell| cell.cell_id.as_str()).collect();
    assert_eq!(ids, ["100/10/10", "100/11/11"]);
    assert_eq!(draft.outcomes[0].shown, 10);
}

#[test]
fn a_latecomer_stays_out_of_every_later_release() {
    let mut world = World::of(busy_year_before());
    world.events.extend(at_place(1050.0, 1050.0, 0..12));
    let months = world.publish(&[ReleaseKind::MonthTotal]);
    let window = windows_of(ReleaseKind::YearCells, YEAR)[0];
    let before = world.draft(&months, ReleaseKind::YearCells, window);
    let mut late = event(1050.0, 1050.0, date(YEAR, 6, 1), Category::Lighting, 99);
    late.arrived = today();
    world.events.push(late);
    let after = world.draft(&months, ReleaseKind::YearCells, window);
    assert_eq!(before.cells, after.cells);
    assert_eq!(before.canonical_bytes(), after.canonical_bytes());
}

#[test]
fn quarantined_secret_and_drowned_reports_count_nowhere() {
    let mut events = at_place(1050.0, 1050.0, 0..4);
    let mut flagged = event(1050.0, 1050.0, day_of(YEAR, 3), Category::Lighting, 50);
    flagged.flags = Flags::QUARANTINED;
    events.push(flagged);
    events.push(event(1050.0, 1050.0, day_of(YEAR, 4), Category::DrugActivity, 51));
    events.push(event(-50.0, 1050.0, day_of(YEAR, 5), Category::Lighting, 52));
    let draft = World::of(events).year();
    assert!(draft.cells.is_empty());
    let hidden = &draft.outcomes[0].hidden;
    assert_eq!(hidden[&HiddenReason::Quarantined], 1);
    assert_eq!(hidden[&HiddenReason::Publicity], 1);
    assert_eq!(hidden[&HiddenReason::AtSea], 1);
    assert_eq!(hidden[&HiddenReason::BelowK], 4);
}

/// A report that was in quarantine from one day on, until an other one.
fn aside(event: ReleaseEvent, from: &str, to: Option<&str>) -> ReleaseEvent {
    let reason = HiddenReason::Quarantined;
    let at = |day: &str| format!("{day}T08:00:00Z").parse().unwrap();
    let span = Aside { reason, from: at(from), to: to.map(at) };
    let flags = if to.is_none() { Flags::QUARANTINED } else { event.flags };
    ReleaseEvent { aside: vec![span], flags, ..event }
}

/// Months that were published with a report of state `then`, and the cells of
/// the year drafted when it has the state `now`, beside those without it.
fn months_then_year(
    then: impl Fn(ReleaseEvent) -> ReleaseEvent,
    now: impl Fn(ReleaseEvent) -> ReleaseEvent,
) -> (World, Vec<Release>) {
    let report = || event(1050.0, 1050.0, date(YEAR, 6, 1), Category::Lighting, 99);
    let mut events = busy_year_before();
    events.extend((0..6).map(|s| event(1050.0, 1050.0, date(YEAR, 6, 3), Category::Lighting, s)));
    events.push(then(report()));
    let mut world = World::of(events);
    let mut releases = world.publish(&[ReleaseKind::MonthTotal]);
    let last = world.events.len() - 1;
    world.events[last] = now(report());
    let window = windows_of(ReleaseKind::YearCells, YEAR)[0];
    releases.push(release(world.draft(&releases, ReleaseKind::YearCells, window)));
    (world, releases)
}

/// Reports of the whole window of the last release that stand behind a number.
fn shown_of_year(releases: &[Release], world: &World) -> u32 {
    let earlier = &releases[..releases.len() - 1];
    let window = windows_of(ReleaseKind::YearCells, YEAR)[0];
    world.draft(earlier, ReleaseKind::YearCells, window).outcomes[0].shown
}

#[test]
fn a_report_let_out_of_quarantine_after_a_release_stays_out_of_later_ones() {
    let (world, releases) = months_then_year(
        |report| aside(report, "2025-07-01", None),
        |report| aside(report, "2025-07-01", Some("2026-03-02")),
    );
    assert_eq!(shown_of_year(&releases, &world), 6, "the year less its months would tell of one");
    let window = windows_of(ReleaseKind::YearCells, YEAR)[0];
    let year = world.draft(&releases[..12], ReleaseKind::YearCells, window);
    assert_eq!(year.outcomes[0].hidden[&HiddenReason::Late], 1);
}

#[test]
fn a_report_let_out_of_quarantine_before_any_release_counts_like_any_other() {
    let lifted = |report| aside(report, "2025-07-01", Some("2025-08-01"));
    let (world, releases) = months_then_year(lifted, lifted);
    assert_eq!(shown_of_year(&releases, &world), 7);
}

#[test]
fn a_report_put_aside_after_a_release_goes_on_to_count_in_that_year() {
    let (world, releases) =
        months_then_year(|report| report, |report| aside(report, "2026-03-02", None));
    assert_eq!(shown_of_year(&releases, &world), 7, "June less its cell would tell of one");
}

#[test]
fn what_is_under_an_embargo_counts_on_no_face() {
    let mut events = busy_year_before();
    events.extend(at_place(1050.0, 1050.0, 0..9));
    let held = Aside {
        reason: HiddenReason::Embargo,
        from: "2025-01-01T00:00:00Z".parse().unwrap(),
        to: None,
    };
    let free = World::of(events.clone());
    for event in &mut events {
        event.aside = vec![held];
    }
    let world = World::of(events);
    let kinds = [ReleaseKind::MonthTotal, ReleaseKind::QuarterDistricts, ReleaseKind::YearCells];
    assert!(!numbers(&free, &free.publish(&kinds)).is_empty());
    assert_eq!(world.publish(&kinds).iter().map(shown_rows).sum::<usize>(), 0);
    assert_eq!(world.year().outcomes[0].hidden[&HiddenReason::Embargo], 9);
}

fn shown_rows(release: &Release) -> usize {
    release.cells.len() + release.districts.iter().filter(|row| row.band.is_some()).count()
}

#[test]
fn a_lonely_house_is_never_inside_the_smallest_cell_that_is_shown() {
    let mut world = World::of(at_place(1050.0, 1050.0, 0..9));
    assert_eq!(world.year().cells[0].size_m, 100);
    let house = |east: f64| Plane { east, north: 1060.0 };
    world.few_dwellings = few_dwellings([house(1060.0)]);
    let draft = world.year();
    assert!(draft.cells.is_empty(), "one house in 3 200 m is one household in every cell");
    assert_eq!(draft.outcomes[0].hidden[&HiddenReason::Dwellings], 9);
    let village = (0..8_u8).map(|n| house(1210.0 + f64::from(n)));
    world.few_dwellings = few_dwellings(village.chain([house(1060.0)]));
    let sizes: Vec<_> = world.year().cells.iter().map(|cell| cell.size_m).collect();
    assert_eq!(sizes, [800], "the village is near enough to hide in");
}

#[test]
fn a_release_that_is_out_does_not_change_when_a_report_is_erased() {
    let world = World::of(at_place(1050.0, 1050.0, 0..10));
    let published = release(world.year());
    let less = World::of(world.events[1..].to_vec());
    let window = windows_of(ReleaseKind::YearCells, YEAR)[0];
    let again = less.with_input(std::slice::from_ref(&published), today(), |input| {
        draft_release(input, ReleaseKind::YearCells, window)
    });
    assert_eq!(again.unwrap_err(), WindowStatus::Published);
    assert_eq!(published.cells[0].band, fyren_core::domain::Band::From10To19);
}

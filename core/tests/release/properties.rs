//! What holds for every release of every set of reports.

use crate::attacker::{isolated, numbers, sources};
use crate::world::{World, YEAR, any_events, any_order, busy_year_before, release};
use fyren_core::analysis::release::windows_of;
use fyren_core::domain::{Band, ReleaseKind};
use proptest::prelude::*;

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn no_number_rests_on_fewer_than_k_sources_and_its_band_is_true(
        events in any_events(20..160, 40), k in 5_u32..9, order in any_order(),
    ) {
        let mut world = World::of([busy_year_before(), events].concat());
        world.k = k;
        let releases = world.publish(&order);
        let rows = releases.iter().flat_map(|release| {
            let cells = release.cells.iter().map(|cell| cell.band);
            cells.chain(release.districts.iter().filter_map(|row| row.band)).collect::<Vec<_>>()
        });
        for (band, events) in rows.zip(numbers(&world, &releases)) {
            let count = u32::try_from(sources(&world, &events).len()).unwrap();
            prop_assert!(count >= k);
            prop_assert_eq!(Band::of(count), Some(band));
        }
    }

    #[test]
    fn no_combination_of_published_numbers_rests_on_fewer_than_k_sources(
        events in any_events(15..70, 12), order in any_order(),
    ) {
        let world = World::of([busy_year_before(), events].concat());
        let releases = world.publish(&order);
        let found = isolated(&world, &numbers(&world, &releases));
        prop_assert!(found.is_none(), "{found:?}");
    }

    #[test]
    fn the_order_of_events_does_not_matter(
        (events, shuffled) in any_events(20..120, 30)
            .prop_flat_map(|events| (Just(events.clone()), Just(events).prop_shuffle())),
        order in any_order(),
    ) {
        let before = busy_year_before();
        let one = World::of([before.clone(), events].concat()).publish(&order);
        let other = World::of([shuffled, before].concat()).publish(&order);
        prop_assert_eq!(one, other);
    }

    #[test]
    fn a_second_report_of_the_same_source_at_the_same_place_changes_nothing(
        events in any_events(20..120, 30), again in any::<prop::sample::Index>(),
    ) {
        let once = World::of(events.clone()).year();
        let mut twice = events.clone();
        twice.push(again.get(&events).clone());
        let twice = World::of(twice).year();
        prop_assert_eq!(once.cells, twice.cells);
        prop_assert_eq!(once.districts, twice.districts);
    }

    #[test]
    fn every_report_of_a_window_is_shown_or_hidden_for_one_reason(
        events in any_events(20..120, 30),
    ) {
        let draft = World::of(events.clone()).year();
        for outcome in &draft.outcomes {
            prop_assert_eq!(outcome.reports() as usize, events.len());
        }
    }

    #[test]
    fn erasing_a_report_leaves_what_was_published_and_later_numbers_hold(
        events in any_events(30..80, 12), erased in any::<prop::sample::Index>(),
    ) {
        let before = busy_year_before();
        let mut world = World::of([before.clone(), events.clone()].concat());
        let mut releases = world.publish(&[ReleaseKind::MonthTotal, ReleaseKind::QuarterDistricts]);
        let published = releases.clone();
        world.events.remove(before.len() + erased.index(events.len()));
        let window = windows_of(ReleaseKind::YearCells, YEAR)[0];
        let year = release(world.draft(&releases, ReleaseKind::YearCells, window));
        for events in numbers(&world, std::slice::from_ref(&year)) {
            prop_assert!(sources(&world, &events).len() >= 5);
        }
        releases.push(year);
        prop_assert_eq!(&releases[..published.len()], &published[..]);
    }
}

#[test]
fn a_thousand_reports_of_four_sources_show_nothing() {
    use crate::world::{day_of, event};
    let report = |i: u16| {
        let category = fyren_core::domain::Category::Lighting;
        event(1050.0, 1050.0, day_of(2025, i), category, u64::from(i % 4))
    };
    let draft = World::of((0..1000).map(report).collect()).year();
    assert!(draft.cells.is_empty());
    assert!(draft.districts.iter().all(|row| row.band.is_none()));
}

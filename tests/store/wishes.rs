//! Wishes to start a watch, and what became of each.

use crate::support::*;
use fyren::store::{NewWishStep, StatusStep, StoreError};
use fyren_core::domain::ReportStatus::{Done, InProgress, NotDone, Reopened};
use fyren_core::domain::*;
use jiff::civil::date;

fn area() -> WatchArea {
    WatchArea {
        id: id(900),
        municipality: code(),
        kind: WatchKind::Boat,
        name: "Båtsamverkan Hovenäset".into(),
        district: None,
        at: Position { longitude: 11.26, latitude: 58.37 },
        radius_m: 400.0,
        members: None,
        contacts: Vec::new(),
        status: WatchStatus::Starting,
        started_on: Some(date(2026, 5, 9)),
    }
}

pub(crate) fn wish_step(number: u128, state: WishState, area: Option<Id>) -> NewWishStep {
    let StatusStep { report, change } = step(number, state.report_status().unwrap());
    let answer = Some(format!("{state} om {number}"));
    let change = StatusChange { answer, ..change };
    NewWishStep { told: StatusStep { report, change }, state, on: date(2026, 5, 8), area }
}

/// A report of an idea that wishes for both watches.
fn wish(number: u128) -> Report {
    Report {
        category: Category::Idea,
        details: vec![Detail::BoatWatch, Detail::NeighbourWatch],
        ..report(number)
    }
}

contract! {
    async fn a_wish_goes_its_way_and_its_sender_is_told_each_step(world: World) {
        let world = world.settled().await;
        let store = &world.store;
        store.submit_report(sent(wish(1), 1)).await.unwrap();
        store.submit_report(new_report(2)).await.unwrap();
        let fresh = store.watch_wishes(&code()).await.unwrap();
        assert_eq!(fresh.len(), 1, "a report that wishes for no watch is none");
        assert_eq!((fresh[0].state(), fresh[0].answered_hour), (WishState::New, None));
        assert_eq!(fresh[0].kinds, [Detail::BoatWatch, Detail::NeighbourWatch]);

        let contacted = wish_step(1, WishState::Contacted, None);
        store.add_wish_step(contacted.clone(), entry("add_wish_step")).await.unwrap();
        let again = store.add_wish_step(contacted, entry("add_wish_step")).await;
        assert!(matches!(again, Err(StoreError::Conflict("wish_state"))), "{again:?}");
        let not_now = wish_step(1, WishState::NotTakenUp, None);
        store.add_wish_step(not_now, entry("add_wish_step")).await.unwrap();
        store.save_watch_area(area(), entry("save_watch_area")).await.unwrap();
        let after_all = wish_step(1, WishState::Started, Some(id(900)));
        store.add_wish_step(after_all, entry("add_wish_step")).await.unwrap();

        let wishes = store.watch_wishes(&code()).await.unwrap();
        let states: Vec<_> = wishes[0].steps.iter().map(|step| step.state).collect();
        assert_eq!(states, [WishState::Contacted, WishState::NotTakenUp, WishState::Started]);
        assert_eq!(wishes[0].steps[0].reason.as_deref(), Some("contacted om 1"));
        assert_eq!((wishes[0].steps[2].area, wishes[0].steps[2].on), (Some(id(900)), date(2026, 5, 8)));
        assert!(wishes[0].answered_hour.is_some());
        let told = store.status_history(&key(1)).await.unwrap();
        let told: Vec<_> = told.iter().map(|step| step.status).collect();
        assert_eq!(told, [InProgress, NotDone, Reopened, Done], "a closed report is opened first");
    }

    async fn what_wishes_for_no_watch_and_what_was_merged_takes_no_step(world: World) {
        let world = world.settled().await;
        let store = &world.store;
        for number in [1, 2] {
            store.submit_report(sent(wish(number), number)).await.unwrap();
        }
        store.submit_report(new_report(3)).await.unwrap();
        let other = store.add_wish_step(wish_step(3, WishState::Contacted, None), entry("x")).await;
        assert!(matches!(other, Err(StoreError::NotFound("wish"))), "{other:?}");
        let none = store.add_wish_step(wish_step(9, WishState::Contacted, None), entry("x")).await;
        assert!(matches!(none, Err(StoreError::NotFound("report"))), "{none:?}");
        store.merge_report(step(2, ReportStatus::Merged), id(1), entry("x")).await.unwrap();
        let merged = store.add_wish_step(wish_step(2, WishState::Contacted, None), entry("x")).await;
        assert!(matches!(merged, Err(StoreError::Conflict("report_merge"))), "{merged:?}");
        assert!(store.watch_wishes(&code()).await.unwrap().iter().all(|wish| wish.steps.is_empty()));
    }

    async fn a_report_that_is_in_progress_already_is_told_the_step_all_the_same(world: World) {
        let world = world.settled().await;
        let store = &world.store;
        store.submit_report(sent(wish(1), 1)).await.unwrap();
        store.change_status(step(1, ReportStatus::InProgress), entry("x")).await.unwrap();
        store.add_wish_step(wish_step(1, WishState::Contacted, None), entry("x")).await.unwrap();
        let told = store.status_history(&key(1)).await.unwrap();
        let last = told.last().unwrap();
        assert_eq!((last.status, last.answer.as_deref()), (ReportStatus::InProgress, Some("contacted om 1")));
    }

    async fn an_erased_wish_takes_its_steps_with_it(world: World) {
        let world = world.settled().await;
        let store = &world.store;
        store.submit_report(sent(wish(1), 1)).await.unwrap();
        store.add_wish_step(wish_step(1, WishState::Contacted, None), entry("x")).await.unwrap();
        assert!(store.erase_report(&key(1), entry("erase_report")).await.unwrap());
        assert!(store.watch_wishes(&code()).await.unwrap().is_empty());
        let mut raw = world.raw().await;
        assert_eq!(raw.number("SELECT COUNT(*) FROM watch_wish_steps").await, 0);
    }
}

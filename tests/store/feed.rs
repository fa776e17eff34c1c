//! The feed: without gaps, in commit order, heard by every process.

use crate::support::*;
use fyren_core::domain::*;
use std::time::Duration;

/// The feed said as one kind a position.
async fn positions(world: &World) -> Vec<(i64, ChangeKind)> {
    let changes = world.store.changes_since(&code(), Seq(0), 10_000).await.unwrap();
    let each = |change: &Change| {
        let kind = change.kind;
        (change.first.0..=change.last.0).map(move |seq| (seq, kind))
    };
    changes.iter().flat_map(each).collect()
}

/// Waits for a tick. A test that would wait for ever fails by this limit.
async fn tick(follower: &mut tokio::sync::watch::Receiver<u64>) {
    tokio::time::timeout(Duration::from_secs(20), follower.changed()).await.unwrap().unwrap();
}

contract! {
    async fn positions_have_no_gaps_when_two_processes_write_at_once(world: World) {
        let world = world.settled().await;
        let other = world.other().await;
        let writes = (1..=120).map(|number| {
            let store = if number % 2 == 0 { &world.store } else { &other };
            async move {
                if number % 3 == 0 {
                    store.log_visit(new_visit(number)).await.map(|_| ())
                } else if number % 7 == 0 {
                    store.insert_incidents(vec![imported_incident(number)]).await.map(|_| ())
                } else {
                    store.submit_report(new_report(number)).await.map(|_| ())
                }
            }
        });
        for written in futures_util::future::join_all(writes).await {
            written.unwrap();
        }
        let positions = positions(&world).await;
        assert!(positions.iter().map(|(seq, _)| *seq).eq(1..=121));
        assert_eq!(world.store.head(&code()).await.unwrap(), Seq(121));
        let mut events: Vec<_> = world.events().await.values().map(|held| held.seq.0).collect();
        events.sort_unstable();
        assert!(events.into_iter().eq(2..=121), "each event stands at a position of its own");
    }

    async fn the_feed_is_read_in_parts_and_says_what_kind_changed(world: World) {
        let world = world.settled().await;
        world.store.submit_report(new_report(1)).await.unwrap();
        world.store.log_visit(new_visit(2)).await.unwrap();
        let file = (3..=5).map(imported_incident).collect();
        world.store.insert_incidents(file).await.unwrap();
        let kinds: Vec<_> =
            positions(&world).await.into_iter().map(|(_, kind)| kind.code()).collect();
        assert_eq!(kinds, ["municipality", "report", "visit", "incident", "incident", "incident"]);
        let part = world.store.changes_since(&code(), Seq(1), 2).await.unwrap();
        assert_eq!(part.iter().map(|change| change.last.0).collect::<Vec<_>>(), [2, 3]);
        // A follower that stands inside a range is given the range again.
        let inside = world.store.changes_since(&code(), Seq(5), 9).await.unwrap();
        assert_eq!((inside[0].first, inside[0].last), (Seq(4), Seq(6)));
    }

    async fn an_own_commit_and_an_other_process_are_both_heard(world: World) {
        let world = world.settled().await;
        let mut follower = world.store.subscribe();
        world.store.submit_report(new_report(1)).await.unwrap();
        tick(&mut follower).await;
        let other = world.other().await;
        other.submit_report(new_report(2)).await.unwrap();
        while world.store.head(&code()).await.unwrap() < Seq(3) {
            tick(&mut follower).await;
        }
        // The other one closes, and what it wrote last is still heard.
        other.submit_report(new_report(3)).await.unwrap();
        other.close().await;
        loop {
            let seen = *follower.borrow_and_update();
            if world.store.head(&code()).await.unwrap() == Seq(4) {
                assert!(seen > 0);
                break;
            }
            tick(&mut follower).await;
        }
    }

    async fn a_load_after_a_position_gives_what_changed_and_what_went(world: World) {
        let world = world.settled().await;
        let store = &world.store;
        for number in 1..=5 {
            store.submit_report(new_report(number)).await.unwrap();
        }
        let (all, loaded) = world.events_since(Seq(0)).await;
        assert_eq!((all.len(), loaded.head), (5, Seq(6)));
        store.change_status(step(2, ReportStatus::Done), entry("moderate_report")).await.unwrap();
        store.erase_report(&key(4), entry("erase_report")).await.unwrap();
        let (changed, after) = world.events_since(loaded.head).await;
        assert_eq!(changed.keys().collect::<Vec<_>>(), [&id(2)]);
        assert!(changed[&id(2)].text.contains("\"done\""));
        assert_eq!(after.removed, [id(4)]);
        assert_eq!(after.head, store.head(&code()).await.unwrap());
        let (nothing, same) = world.events_since(after.head).await;
        assert!(nothing.is_empty() && same.removed.is_empty());
    }

    async fn a_load_of_many_events_gives_each_once_in_one_snapshot(world: World) {
        let world = world.settled().await;
        let file: Vec<_> = (0..9000).map(imported_incident).collect();
        let writer = tokio::spawn({
            let store = std::sync::Arc::clone(&world.store);
            async move { store.insert_incidents(file).await }
        });
        let mut seen = 0;
        while seen < 9000 {
            let (events, loaded) = world.events_since(Seq(0)).await;
            let head = usize::try_from(loaded.head.0).unwrap();
            assert_eq!(events.len() + 1, head, "every position up to the head, and none after it");
            seen = events.len();
            if writer.is_finished() {
                assert_eq!(world.events().await.len(), 9000);
                break;
            }
        }
        assert_eq!(writer.await.unwrap().unwrap().stored, 9000);
    }

    async fn a_municipality_that_is_not_there_has_no_feed(world: World) {
        let missing = world.store.head(&code()).await;
        assert!(matches!(missing, Err(fyren::store::StoreError::NotFound("municipality"))));
        let load = world.store.load_events(&code(), Seq(0), &mut |_| ()).await;
        assert!(matches!(load, Err(fyren::store::StoreError::NotFound("municipality"))));
    }
}

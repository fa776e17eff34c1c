//! Patrol plans: kept whole, with steps that only add.

use crate::support::*;
use fyren::store::{StoreError, Submitted};
use fyren_core::domain::*;

fn step(hour: &str, status: PlanStatus) -> PlanStep {
    PlanStep { at: at(hour), by: Role::PolicePlanner, status }
}

fn plan(number: u128, days: (&str, &str), made: &str) -> KeptPlan {
    KeptPlan {
        id: id(number),
        municipality: code(),
        from: days.0.parse().unwrap(),
        to: days.1.parse().unwrap(),
        document: format!("{{\"number\":{number},\"place\":\"Malmön\"}}"),
        steps: vec![step(made, PlanStatus::Draft)],
    }
}

fn wish(number: u128, until: &str, made: &str) -> StopWish {
    StopWish {
        id: id(number),
        municipality: code(),
        unit: "OP-1".to_owned(),
        at: Position { longitude: 11.2265, latitude: 58.3531 },
        name: "Smögen".to_owned(),
        note: "Bryggan efter stängning".to_owned(),
        until: until.parse().unwrap(),
        made_at: at(made),
        by: Role::Officer,
    }
}

contract! {
    async fn a_wish_stands_until_its_day_or_until_it_is_taken_back(world: World) {
        let world = world.settled().await;
        let store = &world.store;
        let before = store.head(&code()).await.unwrap();
        let first = wish(1, "2026-05-04", "2026-05-01T10:00:00Z");
        let second = wish(2, "2026-05-20", "2026-05-02T10:00:00Z");
        for (key, one) in [(2, &second), (1, &first), (1, &first)] {
            let new = store.add_stop_wish(one.clone(), idempotency(key), entry("wish_for_stop"));
            new.await.unwrap();
        }
        let on = |day: &str| {
            let day = day.parse().unwrap();
            async move { store.stop_wishes(&code(), day).await.unwrap() }
        };
        assert_eq!(on("2026-05-04").await, [first, second.clone()], "the earliest made first");
        assert_eq!(on("2026-05-05").await, [second]);
        let end = async |number| {
            store.end_stop_wish(&code(), id(number), entry_on("end_wish", number)).await
        };
        end(2).await.unwrap();
        assert!(on("2026-05-05").await.is_empty());
        for gone in [2, 9] {
            let missing = end(gone).await;
            assert!(matches!(missing, Err(StoreError::NotFound("wish"))), "{missing:?}");
        }
        let changes = store.changes_since(&code(), before, 10).await.unwrap();
        assert!(changes.iter().all(|change| change.kind == ChangeKind::Plan));
        assert_eq!(changes.len(), 3, "two new, one ended");
        assert!(world.events().await.is_empty(), "a wish is no event");
    }

    async fn a_plan_is_kept_whole_with_every_step(world: World) {
        let world = world.settled().await;
        let store = &world.store;
        let old = plan(1, ("2026-05-01", "2026-05-02"), "2026-04-30T10:00:00Z");
        let mut new = plan(2, ("2026-05-04", "2026-05-11"), "2026-05-03T10:00:00Z");
        for (key, one) in [(1, &old), (2, &new)] {
            let kept = store.keep_plan(one.clone(), idempotency(key), entry("plan_patrol")).await;
            assert!(matches!(kept, Ok(Submitted::Created(_))), "{kept:?}");
        }
        let decided = step("2026-05-03T11:00:00Z", PlanStatus::Decided);
        store.add_plan_step(&code(), id(2), decided, entry("decide_plan")).await.unwrap();
        new.steps.push(decided);
        assert_eq!(store.plan(&code(), id(2)).await.unwrap(), Some(new.clone()));
        assert_eq!(store.plan(&code(), id(9)).await.unwrap(), None);
        let since = |day: &str| {
            let day = day.parse().unwrap();
            async move { store.plans(&code(), day).await.unwrap() }
        };
        assert_eq!(since("2026-05-10").await, [new.clone()]);
        assert_eq!(since("2026-05-01").await, [new, old], "the latest made first");
        assert!(since("2026-05-11").await.is_empty(), "the last day is not its own");
    }

    async fn a_plan_takes_no_step_back_and_is_stored_once(world: World) {
        let world = world.settled().await;
        let store = &world.store;
        let one = plan(1, ("2026-05-01", "2026-05-02"), "2026-04-30T10:00:00Z");
        let keep = |key| store.keep_plan(one.clone(), idempotency(key), entry("plan_patrol"));
        assert!(matches!(keep(1).await, Ok(Submitted::Created(_))));
        assert!(matches!(keep(1).await, Ok(Submitted::Replayed)));
        let add = async |status| {
            let next = step("2026-05-01T10:00:00Z", status);
            store.add_plan_step(&code(), id(1), next, entry("decide_plan")).await
        };
        let early = add(PlanStatus::Done).await;
        assert!(matches!(early, Err(StoreError::Conflict("plan_status"))), "{early:?}");
        add(PlanStatus::Withdrawn).await.unwrap();
        let late = add(PlanStatus::Decided).await;
        assert!(matches!(late, Err(StoreError::Conflict("plan_status"))), "{late:?}");
        let next = step("2026-05-01T10:00:00Z", PlanStatus::Decided);
        let missing = store.add_plan_step(&code(), id(9), next, entry("decide_plan")).await;
        assert!(matches!(missing, Err(StoreError::NotFound("plan"))), "{missing:?}");
    }

    async fn a_plan_moves_the_feed_and_stands_in_the_audit_log(world: World) {
        let world = world.settled().await;
        let store = &world.store;
        let before = store.head(&code()).await.unwrap();
        let one = plan(1, ("2026-05-01", "2026-05-02"), "2026-04-30T10:00:00Z");
        store.keep_plan(one, idempotency(1), entry_on("plan_patrol", 1)).await.unwrap();
        let next = step("2026-05-01T10:00:00Z", PlanStatus::Decided);
        store.add_plan_step(&code(), id(1), next, entry_on("decide_plan", 1)).await.unwrap();
        let changes = store.changes_since(&code(), before, 10).await.unwrap();
        let kinds: Vec<ChangeKind> = changes.iter().map(|change| change.kind).collect();
        assert_eq!(kinds, [ChangeKind::Plan, ChangeKind::Plan]);
        assert!(world.events().await.is_empty(), "a plan is no event");
    }
}

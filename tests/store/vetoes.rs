//! Vetoes on hot spots: steps are added, nothing is changed.

use crate::support::*;
use fyren::store::{StoreError, Submitted};
use fyren_core::domain::*;

fn held(reason: VetoReason, note: Option<&str>, review_on: &str) -> VetoAct {
    let note = note.map(str::to_owned);
    VetoAct::Held(VetoTerms { reason, note, review_on: review_on.parse().unwrap() })
}

fn step(hour: &str, act: VetoAct) -> VetoStep {
    VetoStep { at: at(hour), by: Role::Coordinator, act }
}

fn veto(number: u128, cell: &str) -> Veto {
    let act = held(VetoReason::Handled, Some("Två lampor är beställda"), "2026-08-01");
    Veto {
        id: id(number),
        municipality: code(),
        context: Context::Municipal,
        cell: SpotCell::parse(cell).unwrap(),
        at: Position { longitude: 11.25, latitude: 58.35 },
        steps: vec![step("2026-05-04T10:00:00Z", act)],
    }
}

contract! {
    async fn a_veto_is_kept_with_every_step(world: World) {
        let world = world.settled().await;
        let store = &world.store;
        let (first, mut second) = (veto(1, "250/1158/25874"), veto(2, "250/1160/25874"));
        second.steps[0].at = at("2026-05-05T10:00:00Z");
        for (number, one) in [(1, &first), (2, &second)] {
            let set = store.set_veto(one.clone(), idempotency(number), entry("veto_spot")).await;
            assert!(matches!(set, Ok(Submitted::Created(_))), "{set:?}");
        }
        let renewed = step("2026-08-01T10:00:00Z", held(VetoReason::OneEvent, None, "2026-12-01"));
        let ended = step("2026-12-01T10:00:00Z", VetoAct::Ended(Some("Bygget är klart".into())));
        for new in [&renewed, &ended] {
            store.add_veto_step(&code(), id(1), new.clone(), entry("review_veto")).await.unwrap();
        }
        let kept = store.vetoes(&code()).await.unwrap();
        let mut whole = first;
        whole.steps.extend([renewed, ended.clone()]);
        assert_eq!(kept, [second, whole], "the latest set first");
        let again = store.add_veto_step(&code(), id(1), ended.clone(), entry("review_veto")).await;
        assert!(matches!(again, Err(StoreError::Conflict("veto_ended"))), "{again:?}");
        let missing = store.add_veto_step(&code(), id(9), ended, entry("review_veto")).await;
        assert!(matches!(missing, Err(StoreError::NotFound("veto"))), "{missing:?}");
    }

    async fn one_veto_holds_on_a_cell_at_a_time(world: World) {
        let world = world.settled().await;
        let store = &world.store;
        let set = |number: u128, key: u128| {
            store.set_veto(veto(number, "250/1158/25874"), idempotency(key), entry("veto_spot"))
        };
        assert!(matches!(set(1, 1).await, Ok(Submitted::Created(_))));
        assert!(matches!(set(1, 1).await, Ok(Submitted::Replayed)));
        let other = set(2, 2).await;
        assert!(matches!(other, Err(StoreError::Conflict("veto_holds"))), "{other:?}");
        let end = step("2026-06-01T10:00:00Z", VetoAct::Ended(None));
        store.add_veto_step(&code(), id(1), end, entry("review_veto")).await.unwrap();
        assert!(matches!(set(2, 2).await, Ok(Submitted::Created(_))));
        assert_eq!(store.vetoes(&code()).await.unwrap().len(), 2);
    }

    async fn a_veto_moves_the_feed_and_stands_in_the_audit_log(world: World) {
        let world = world.settled().await;
        let store = &world.store;
        let before = store.head(&code()).await.unwrap();
        let new = (veto(1, "250/1158/25874"), idempotency(1), entry_on("veto_spot", 1));
        store.set_veto(new.0, new.1, new.2).await.unwrap();
        let end = step("2026-06-01T10:00:00Z", VetoAct::Ended(None));
        store.add_veto_step(&code(), id(1), end, entry_on("review_veto", 1)).await.unwrap();
        let changes = store.changes_since(&code(), before, 10).await.unwrap();
        let kinds: Vec<ChangeKind> = changes.iter().map(|change| change.kind).collect();
        assert_eq!(kinds, [ChangeKind::Veto, ChangeKind::Veto]);
        assert!(world.events().await.is_empty(), "a veto is no event");
    }
}

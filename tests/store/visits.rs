//! Visits: logged once, corrected only by adding.

use crate::support::*;
use fyren::store::{LoggedVisit, StoreError};
use fyren_core::domain::*;

fn correction(number: u128, of: u128) -> fyren::store::NewVisit {
    logged(Visit { corrects: Some(id(of)), ..visit(number) }, number)
}

contract! {
    async fn a_visit_is_read_as_it_was_logged(world: World) {
        let world = world.settled().await;
        for (number, located) in (1..).zip([point(), coded(), drawn()]) {
            let visit = Visit { located, ..visit(number) };
            let outcome = world.store.log_visit(logged(visit.clone(), number)).await.unwrap();
            let LoggedVisit::Created(seq) = outcome else { panic!("not created") };
            let read = world.store.visit(&key(number)).await.unwrap().unwrap();
            assert_eq!(read, Visit { seq, ..visit });
        }
    }

    async fn the_index_sees_the_minutes_the_purpose_and_the_unit_of_a_visit(world: World) {
        let world = world.settled().await;
        world.store.log_visit(new_visit(1)).await.unwrap();
        let seen = &world.events().await[&id(1)].text;
        for part in ["weight: 41", "\"follow_up\"", "\"fieldworkers\"", "2026-05-03T20:00:00Z"] {
            assert!(seen.contains(part), "{part} in {seen}");
        }
    }

    async fn a_visit_sent_twice_is_the_same_visit(world: World) {
        let world = world.settled().await;
        let store = &world.store;
        store.log_visit(new_visit(1)).await.unwrap();
        // The client draws a new identity, but sends the same key and body.
        let again = fyren::store::NewVisit { idempotency: idempotency(1), ..new_visit(2) };
        assert_eq!(store.log_visit(again.clone()).await.unwrap(), LoggedVisit::Replayed(id(1)));
        let mut reused = again;
        reused.idempotency.body_hash = digest(0xff, 1);
        assert_eq!(store.log_visit(reused).await.unwrap(), LoggedVisit::KeyReused);
        assert_eq!(world.events().await.len(), 1);
    }

    async fn a_correction_marks_the_earlier_visit_once(world: World) {
        let world = world.settled().await;
        let store = &world.store;
        store.log_visit(new_visit(1)).await.unwrap();
        store.log_visit(correction(2, 1)).await.unwrap();
        let events = world.events().await;
        assert!(events[&id(1)].flags.has(Flags::CORRECTED));
        assert!(!events[&id(2)].flags.has(Flags::CORRECTED));
        assert!(store.visit(&key(1)).await.unwrap().is_some(), "the earlier one stays");
        let second = store.log_visit(correction(3, 1)).await;
        assert!(matches!(second, Err(StoreError::Conflict("visit_corrected"))));
        let of_nothing = store.log_visit(correction(4, 99)).await;
        assert!(matches!(of_nothing, Err(StoreError::NotFound("visit"))));
        assert_eq!(world.events().await.len(), 2);
    }
}

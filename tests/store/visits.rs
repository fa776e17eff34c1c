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

    async fn a_withdrawal_counts_no_more_than_what_it_withdraws(world: World) {
        let world = world.settled().await;
        let store = &world.store;
        store.log_visit(new_visit(1)).await.unwrap();
        let gone = Visit {
            corrects: Some(id(1)), withdrawn: true, contacts: Some(ContactBand::Few), ..visit(2)
        };
        store.log_visit(logged(gone.clone(), 2)).await.unwrap();
        let events = world.events().await;
        assert!([1, 2].iter().all(|number| events[&id(*number)].flags.has(Flags::CORRECTED)));
        let read = store.visit(&key(2)).await.unwrap().unwrap();
        assert_eq!(read, Visit { seq: read.seq, ..gone });
    }

    async fn a_unit_finds_its_own_visits_since_a_moment(world: World) {
        let world = world.settled().await;
        let store = &world.store;
        let early = Visit { started_at: at("2026-05-03T09:00:00Z"), ..visit(1) };
        let other = Visit { unit: "FV-2".into(), ..visit(3) };
        for (number, visit) in (1..).zip([early, visit(2), other]) {
            store.log_visit(logged(visit, number)).await.unwrap();
        }
        let town = code();
        let found = |since| store.visits_of_unit(&town, "FV-1", at(since));
        let ids = |visits: Vec<Visit>| visits.iter().map(|visit| visit.id).collect::<Vec<_>>();
        assert_eq!(ids(found("2026-05-03T00:00:00Z").await.unwrap()), [id(1), id(2)]);
        assert_eq!(ids(found("2026-05-03T20:00:00Z").await.unwrap()), [id(2)]);
        assert!(found("2026-05-04T00:00:00Z").await.unwrap().is_empty());
    }
}

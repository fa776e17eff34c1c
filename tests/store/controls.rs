//! Traffic controls: kept step by step, with the visit that one is.

use crate::support::*;
use fyren::store::{NewControl, NewControlStep, StoreError, Submitted};
use fyren_core::domain::*;
use jiff::civil::date;

fn step(act: ControlAct) -> ControlStep {
    ControlStep { at: at("2026-05-02T10:00:00Z"), by: Role::PolicePlanner, act }
}

fn control(number: u128, act: ControlAct) -> Control {
    Control {
        id: id(number),
        municipality: code(),
        kind: ControlKind::Speed,
        site: "Väjern".into(),
        at: Position { longitude: 11.26, latitude: 58.37 },
        district: Some(DistrictCode("109051".into())),
        why_here: vec![WhyHere::OverLimit, WhyHere::Sources],
        why_now: vec![WhyNow::DaysSince],
        numbers: ControlNumbers { over_kmh: Some(9.5), sources: 4, days_since: None },
        steps: vec![step(act)],
    }
}

fn done(visit: u128) -> ControlAct {
    ControlAct::Done(ControlResult {
        visit: id(visit),
        on: date(2026, 5, 3),
        minutes: 41,
        vehicles: 120,
        checked: 20,
        breaches: vec![(Breach::Speeding, 6), (Breach::Phone, 1)],
        v85_before: Some(49.5),
        v85_after: None,
    })
}

fn new(control: Control, number: u128) -> NewControl {
    NewControl { control, visit: None, idempotency: idempotency(number) }
}

fn further(number: u128, act: ControlAct) -> NewControlStep {
    NewControlStep { municipality: code(), control: id(number), step: step(act), visit: None }
}

contract! {
    async fn a_control_is_read_with_every_step(world: World) {
        let world = world.settled().await;
        let store = &world.store;
        let called = control(1, ControlAct::Called(date(2026, 5, 3)));
        store.create_control(new(called.clone(), 1), entry("create_control")).await.unwrap();
        let moved = ControlAct::Moved(date(2026, 5, 9), NotDone::Weather);
        store.add_control_step(further(1, moved.clone()), entry("step")).await.unwrap();
        let finished = NewControlStep { visit: Some(new_visit(7)), ..further(1, done(7)) };
        store.add_control_step(finished, entry("step")).await.unwrap();
        let read = store.controls(&code()).await.unwrap();
        let steps = vec![called.steps[0].clone(), step(moved), step(done(7))];
        assert_eq!(read, [Control { steps, ..called }]);
        assert!(store.visit(&key(7)).await.unwrap().is_some(), "it is a visit, too");
        assert_eq!(world.events().await.len(), 1);
    }

    async fn a_control_that_has_ended_takes_no_step_and_one_without_its_visit_is_none(world: World) {
        let world = world.settled().await;
        let store = &world.store;
        let lapsed = ControlAct::Lapsed(NotDone::NoUnit);
        let called = control(1, ControlAct::Called(date(2026, 5, 3)));
        store.create_control(new(called, 1), entry("create_control")).await.unwrap();
        let nowhere = store.add_control_step(further(1, done(99)), entry("step")).await;
        assert!(matches!(nowhere, Err(StoreError::NotFound("visit"))));
        store.add_control_step(further(1, lapsed.clone()), entry("step")).await.unwrap();
        let late = store.add_control_step(further(1, lapsed.clone()), entry("step")).await;
        assert!(matches!(late, Err(StoreError::Conflict("control_ended"))));
        let unknown = store.add_control_step(further(2, lapsed), entry("step")).await;
        assert!(matches!(unknown, Err(StoreError::NotFound("control"))));
    }

    async fn a_control_sent_twice_is_stored_once_with_its_visit(world: World) {
        let world = world.settled().await;
        let store = &world.store;
        let sent = NewControl { visit: Some(new_visit(7)), ..new(control(1, done(7)), 1) };
        let first = store.create_control(sent.clone(), entry("create_control")).await.unwrap();
        assert!(matches!(first, Submitted::Created(_)));
        let again = store.create_control(sent.clone(), entry("create_control")).await.unwrap();
        assert_eq!(again, Submitted::Replayed);
        let mut other = sent;
        other.idempotency.body_hash = digest(0xff, 1);
        let reused = store.create_control(other, entry("create_control")).await.unwrap();
        assert_eq!(reused, Submitted::KeyReused);
        assert_eq!(store.controls(&code()).await.unwrap().len(), 1);
        assert_eq!(world.events().await.len(), 1);
    }
}

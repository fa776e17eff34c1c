//! What is held back from releases, and for how long.

use crate::support::*;
use fyren::store::{AuditEntry, PutAside, QuarantineSpan, StoreError};
use fyren_core::domain::*;

fn embargo(name: &str) -> Embargo {
    Embargo {
        id: name.into(),
        municipality: code(),
        name: "En skola på natten".into(),
        place: Some((Position { longitude: 11.25, latitude: 58.35 }, 150.0)),
        days: None,
        hours: Hours::parse("22-06").unwrap(),
        since: at("2026-05-01T08:00:00Z"),
        until: None,
    }
}

fn entry_at(hour: &str) -> AuditEntry {
    AuditEntry { at: at(hour), ..entry_on("moderate_report", 1) }
}

contract! {
    async fn an_embargo_is_kept_even_when_it_is_lifted(world: World) {
        let world = world.settled().await;
        let store = &world.store;
        let days = ReleaseWindow {
            from: "2026-05-01".parse().unwrap(),
            to: "2026-05-08".parse().unwrap(),
        };
        let whole = Embargo { place: None, days: Some(days), ..embargo("week") };
        for one in [whole.clone(), embargo("school")] {
            store.save_embargo(one, entry("save_embargo")).await.unwrap();
        }
        assert_eq!(store.embargoes(&code()).await.unwrap(), [embargo("school"), whole.clone()]);
        let later = Embargo { since: at("2026-06-01T08:00:00Z"), ..embargo("school") };
        store.save_embargo(later, entry("save_embargo")).await.unwrap();
        assert_eq!(store.embargoes(&code()).await.unwrap()[0], embargo("school"), "it held before");
        let other = Embargo { place: None, days: Some(days), ..embargo("school") };
        let refused = store.save_embargo(other, entry("save_embargo")).await;
        assert!(matches!(refused, Err(StoreError::Conflict("embargo_exists"))));
        let lift = || store.lift_embargo(&whole.municipality, "school", entry("lift_embargo"));
        lift().await.unwrap();
        let lifted = Embargo { until: Some(entry("x").at), ..embargo("school") };
        assert_eq!(store.embargoes(&code()).await.unwrap()[0], lifted);
        assert!(matches!(lift().await, Err(StoreError::NotFound("embargo"))));
        let again = store.save_embargo(embargo("school"), entry("save_embargo")).await;
        assert!(matches!(again, Err(StoreError::Conflict("embargo_exists"))));
    }

    async fn every_time_in_quarantine_is_remembered(world: World) {
        let world = world.settled().await;
        let store = &world.store;
        store.submit_report(new_report(1)).await.unwrap();
        let hours = ["2026-05-04T10:00:00Z", "2026-05-05T10:00:00Z", "2026-05-06T10:00:00Z"];
        let aside = PutAside { reason: QuarantineReason::Burst, note: Some("9 in 2 h".into()) };
        store.quarantine_report(&key(1), Some(aside), entry_at(hours[0])).await.unwrap();
        assert_eq!(store.quarantine_note(&key(1)).await.unwrap().as_deref(), Some("9 in 2 h"));
        store.quarantine_report(&key(1), Some(by_staff()), entry_at(hours[1])).await.unwrap();
        store.quarantine_report(&key(1), None, entry_at(hours[1])).await.unwrap();
        store.quarantine_report(&key(1), None, entry_at(hours[2])).await.unwrap();
        store.quarantine_report(&key(1), Some(by_staff()), entry_at(hours[2])).await.unwrap();
        let span = |from, to: Option<&str>| QuarantineSpan { report: id(1), from: at(from), to: to.map(at) };
        let spans = store.quarantine_spans(&code()).await.unwrap();
        assert_eq!(spans, [span(hours[0], Some(hours[1])), span(hours[2], None)]);
        assert_eq!(store.quarantine_note(&key(1)).await.unwrap(), None);
    }
}

//! Public records: decisions, what is due, protocols, requests for documents.

use crate::moderation::text_masked;
use crate::support::*;
use fyren::store::{AuditCheck, AuditEntry, Store, StoreError};
use fyren_core::domain::*;

fn decision(class: RetentionClass, number: &str, day: &str) -> RetentionDecision {
    RetentionDecision {
        municipality: code(),
        class,
        number: number.into(),
        decided_on: day.parse().unwrap(),
        days: 730,
        entered_by: "archivist-1".into(),
        entered_hour: at("2026-05-04T10:00:00Z"),
    }
}

pub(crate) fn request(reports: &[u128]) -> RecordRequest {
    let item = |number: &u128| RecordItem {
        report: id(*number),
        verdict: None,
        ground: None,
        text: None,
        photos: false,
        reviewed_by: None,
        reviewed_hour: None,
    };
    RecordRequest {
        id: id(700),
        municipality: code(),
        reference: "KS 2026/123".into(),
        asked: "Rapporter om belysning i maj".into(),
        opened_by: "coordinator-1".into(),
        opened_hour: at("2026-05-06T09:00:00Z"),
        closed_hour: None,
        items: reports.iter().map(item).collect(),
    }
}

const LATE: &str = "2028-06-01T00:00:00Z";

async fn due(store: &dyn Store, class: RetentionClass) -> Vec<(Id, Option<HeldRecord>)> {
    let found = store.due_records(&code(), class, at(LATE)).await.unwrap();
    found.into_iter().map(|record| (record.id, record.held)).collect()
}

contract! {
    async fn a_decision_stays_for_good_and_the_latest_comes_first(world: World) {
        let world = world.settled().await;
        let store = &world.store;
        let first = decision(RetentionClass::Report, "KS 2024/1", "2024-01-10");
        let second = decision(RetentionClass::Report, "KS 2026/7", "2026-02-01");
        for one in [&first, &second] {
            store.insert_decision((*one).clone(), entry("save_decision")).await.unwrap();
        }
        assert_eq!(store.decisions(&code()).await.unwrap(), [second, first.clone()]);
        let again = store.insert_decision(first, entry("save_decision")).await;
        assert!(matches!(again, Err(StoreError::Conflict("decision_exists"))), "{again:?}");
    }

    async fn what_is_open_or_asked_for_is_due_and_held(world: World) {
        let world = world.settled().await;
        let store = &world.store;
        for number in 1..=4 {
            store.submit_report(new_report(number)).await.unwrap();
        }
        for number in 2..=4 {
            let done = step(number, ReportStatus::Done);
            store.change_status(done, entry_on("moderate_report", number)).await.unwrap();
        }
        store.insert_request(request(&[3]), entry("open_request")).await.unwrap();
        let found = due(store.as_ref(), RetentionClass::Report).await;
        let held = [
            (id(1), Some(HeldRecord::Open)),
            (id(2), None),
            (id(3), Some(HeldRecord::Requested)),
            (id(4), None),
        ];
        assert_eq!(found, held);
        let early = at("2026-05-04T10:00:00Z");
        let none = store.due_records(&code(), RetentionClass::Report, early).await.unwrap();
        assert!(none.is_empty(), "never early: {none:?}");
        assert!(due(store.as_ref(), RetentionClass::Visit).await.is_empty());
        let closing = AuditEntry { at: at("2026-05-07T09:20:00Z"), ..entry("close_request") };
        store.close_request(&code(), id(700), closing).await.unwrap();
        assert_eq!(due(store.as_ref(), RetentionClass::Report).await[2], (id(3), None));
    }

    async fn incidents_and_visits_are_erased_and_the_chain_holds(world: World) {
        let world = world.settled().await;
        let store = &world.store;
        store.log_visit(new_visit(1)).await.unwrap();
        let correction = Visit { corrects: Some(id(1)), ..visit(2) };
        store.log_visit(logged(correction, 2)).await.unwrap();
        store.insert_incidents(vec![imported_incident(3)]).await.unwrap();
        store.submit_report(new_report(4)).await.unwrap();
        for number in [1, 2, 3] {
            let erased = store.erase_event(&key(number), entry_on("run_retention", number)).await;
            assert!(erased.unwrap(), "{number}");
        }
        assert!(!store.erase_event(&key(4), entry("run_retention")).await.unwrap());
        assert!(!store.erase_event(&key(1), entry("run_retention")).await.unwrap());
        let left = world.events().await;
        assert_eq!(left.keys().copied().collect::<Vec<_>>(), [id(4)]);
        let check = store.verify_audit().await.unwrap();
        assert!(matches!(check, AuditCheck::Intact { .. }), "{check:?}");
        assert!(store.check_rows().await.unwrap().is_empty());
    }

    async fn originals_are_forgotten_and_that_they_were_masked_is_not(world: World) {
        let world = world.settled().await;
        let store = &world.store;
        store.submit_report(new_report(1)).await.unwrap();
        let before = report(1).text.unwrap();
        let masked = text_masked(1, &before, "▮▮▮");
        store.redact_report(masked, entry_on("redact_report", 1)).await.unwrap();
        assert_eq!(due(store.as_ref(), RetentionClass::Original).await, [(id(1), None)]);
        let one = key(1);
        let forget = |moment| store.forget_originals(&one, at(moment), entry("run_retention"));
        assert_eq!(forget("2026-05-05T09:00:00Z").await.unwrap(), 0, "never early");
        assert_eq!(forget(LATE).await.unwrap(), 1);
        assert_eq!(forget(LATE).await.unwrap(), 0);
        assert_eq!(store.redacted_original(&key(1), 1).await.unwrap(), None);
        let history = store.redactions(&key(1)).await.unwrap();
        assert!(history.len() == 1 && !history[0].has_original);
        assert!(due(store.as_ref(), RetentionClass::Original).await.is_empty());
    }

    async fn a_protocol_says_how_much_of_what(world: World) {
        let world = world.settled().await;
        let store = &world.store;
        let row = |category: &str, month: &str, count| RetentionRow {
            category: category.into(),
            month: month.parse().unwrap(),
            count,
        };
        let run = RetentionRun {
            id: id(800),
            municipality: code(),
            class: RetentionClass::Report,
            number: "KS 2026/7".into(),
            decided_on: "2026-02-01".parse().unwrap(),
            days: 730,
            before: at("2026-05-01T00:00:00Z"),
            at: at("2028-05-01T01:02:03Z"),
            by: "command line".into(),
            rows: vec![row("lighting", "2026-04-01", 3), row("litter", "2026-03-01", 1)],
            held_open: 2,
            held_requested: 0,
        };
        store.insert_run(run.clone(), entry("run_retention")).await.unwrap();
        assert_eq!(run.count(), 4);
        assert_eq!(store.retention_runs(&code()).await.unwrap(), [run]);
    }

    async fn a_request_is_reviewed_document_by_document_until_it_is_closed(world: World) {
        let world = world.settled().await;
        let store = &world.store;
        for number in 1..=3 {
            store.submit_report(new_report(number)).await.unwrap();
        }
        let all = store.select_records(&code(), &RecordSelection::default()).await.unwrap();
        assert_eq!(all, [id(1), id(2), id(3)]);
        let elsewhere = RecordSelection { districts: vec!["none".into()], ..Default::default() };
        assert!(store.select_records(&code(), &elsewhere).await.unwrap().is_empty());
        let litter = RecordSelection { categories: vec![Category::Litter], ..Default::default() };
        assert!(store.select_records(&code(), &litter).await.unwrap().is_empty());
        store.insert_request(request(&[1, 2]), entry("open_request")).await.unwrap();
        let reviewed = RecordItem {
            verdict: Some(RecordVerdict::Mask),
            ground: Some("OSL 35 kap. 1 §".into()),
            text: Some("lampan ▮▮▮".into()),
            photos: true,
            reviewed_by: Some("coordinator-1".into()),
            reviewed_hour: Some(at("2026-05-06T10:00:00Z")),
            ..request(&[2]).items.remove(0)
        };
        let here = code();
        let set = |item: RecordItem| {
            store.review_record(&here, id(700), item, entry_on("review_record", 2))
        };
        set(reviewed.clone()).await.unwrap();
        let kept = store.record_requests(&code()).await.unwrap();
        assert_eq!(kept[0].unreviewed(), 1);
        assert_eq!(kept[0].items[1], reviewed);
        let unknown = set(RecordItem { report: id(3), ..reviewed.clone() }).await;
        assert!(matches!(unknown, Err(StoreError::NotFound("record item"))), "{unknown:?}");
        store.close_request(&code(), id(700), entry("close_request")).await.unwrap();
        let late = set(reviewed).await;
        assert!(matches!(late, Err(StoreError::NotFound("record item"))), "{late:?}");
        let twice = store.close_request(&code(), id(700), entry("close_request")).await;
        assert!(matches!(twice, Err(StoreError::NotFound("record request"))), "{twice:?}");
        store.erase_report(&key(1), entry_on("erase_report", 1)).await.unwrap();
        let left = store.record_requests(&code()).await.unwrap();
        assert_eq!(left[0].items.len(), 1, "an erased report is in no request");
    }
}

//! What staff and a resident write to each other, and who waits.

use crate::support::*;
use fyren::store::{NewMessage, StoreError, Submitted};
use fyren_core::domain::*;

/// A message about report 1.
pub(crate) fn written(kind: MessageKind, number: u128) -> NewMessage {
    let staff = kind.is_from_staff();
    NewMessage {
        report: key(1),
        kind,
        role: staff.then_some(Role::Officer),
        text: Some(format!("meddelande {number}")),
        text_flags: if staff { Flags::default() } else { Flags::PERSONAL },
        photos: Vec::new(),
        at_hour: at("2026-05-06T08:00:00Z"),
        step: None,
        idempotency: idempotency(number),
        most_photos: 6,
        audit: staff.then(|| entry_on("answer_report", 1)),
    }
}

fn photo() -> Photo {
    Photo { width: 2, height: 1, jpeg: vec![0xff, 0xd8] }
}

fn reopening(number: u128) -> NewMessage {
    let change = StatusChange {
        status: ReportStatus::Reopened,
        at_hour: at("2026-05-06T08:00:00Z"),
        organisation: String::new(),
        role: None,
        answer: None,
    };
    NewMessage { step: Some(change), ..written(MessageKind::NotSolved, number) }
}

contract! {
    async fn a_thread_is_kept_in_order_and_once(world: World) {
        let world = world.settled().await;
        let store = &world.store;
        store.submit_report(new_report(1)).await.unwrap();
        let question = written(MessageKind::Question, 11);
        assert!(matches!(store.add_message(question.clone()).await, Ok(Submitted::Created(_))));
        assert_eq!(store.add_message(question).await.unwrap(), Submitted::Replayed);
        let reply = NewMessage { photos: vec![photo()], ..written(MessageKind::Reply, 12) };
        store.add_message(reply.clone()).await.unwrap();
        let other = NewMessage { idempotency: fyren::store::Idempotency {
            body_hash: digest(0xa2, 99), ..reply.idempotency }, ..reply };
        assert_eq!(store.add_message(other).await.unwrap(), Submitted::KeyReused);
        store.change_status(step(1, ReportStatus::Done), entry_on("m", 1)).await.unwrap();
        store.add_message(reopening(13)).await.unwrap();
        let thread = store.messages(&key(1)).await.unwrap();
        let kinds: Vec<_> = thread.iter().map(|m| (m.kind, m.after_step, m.seen)).collect();
        assert_eq!(kinds, [
            (MessageKind::Question, 0, true),
            (MessageKind::Reply, 0, false),
            (MessageKind::NotSolved, 2, false),
        ]);
        assert_eq!((thread[1].first_photo, thread[1].photos), (1, 1), "one came with the report");
        assert_eq!(thread[0].role, Some(Role::Officer));
        let report = store.report(&key(1)).await.unwrap().unwrap();
        assert_eq!(report.status, ReportStatus::Reopened);
        let history = store.status_history(&key(1)).await.unwrap();
        assert_eq!(history[0].role, Some(Role::Coordinator));
        assert_eq!((history[1].role, history[1].organisation.as_str()), (None, ""));
        assert!(store.check_rows().await.unwrap().is_empty());
    }

    async fn what_a_resident_writes_is_unread_until_staff_write_or_say_so(world: World) {
        let world = world.settled().await;
        let store = &world.store;
        store.submit_report(new_report(1)).await.unwrap();
        let flags = async || world.events().await[&id(1)].flags;
        store.add_message(written(MessageKind::Reply, 11)).await.unwrap();
        assert!(flags().await.has(Flags::UNREAD.with(Flags::PERSONAL)));
        store.mark_read(&key(1), entry_on("answer_report", 1)).await.unwrap();
        assert!(!flags().await.has(Flags::UNREAD));
        store.add_message(written(MessageKind::Reply, 12)).await.unwrap();
        store.add_message(written(MessageKind::Answer, 13)).await.unwrap();
        assert!(!flags().await.has(Flags::UNREAD));
        assert!(store.messages(&key(1)).await.unwrap().iter().all(|m| m.seen));
    }

    async fn a_verdict_is_only_taken_on_a_closed_report(world: World) {
        let world = world.settled().await;
        let store = &world.store;
        store.submit_report(new_report(1)).await.unwrap();
        for early in [written(MessageKind::Solved, 11), reopening(12)] {
            let refused = store.add_message(early).await;
            let rule = StoreError::Conflict("report_status_transition");
            assert_eq!(refused.unwrap_err().to_string(), rule.to_string());
        }
        store.change_status(step(1, ReportStatus::Done), entry_on("m", 1)).await.unwrap();
        store.add_message(written(MessageKind::Solved, 11)).await.unwrap();
        store.add_message(reopening(12)).await.unwrap();
        assert_eq!(store.add_message(reopening(12)).await.unwrap(), Submitted::Replayed);
        let (from, to) = (at("2026-05-06T00:00:00Z"), at("2026-05-07T00:00:00Z"));
        let told = store.resident_verdicts(&code(), from, to).await.unwrap();
        assert_eq!(told.len(), 1, "the last word counts");
        assert!(!told[0].solved);
        assert!(store.resident_verdicts(&code(), to, at("2027-01-01T00:00:00Z")).await.unwrap().is_empty());
    }

    async fn whoever_holds_a_receipt_waits_until_somebody_answers(world: World) {
        let world = world.settled().await;
        let store = &world.store;
        store.submit_report(new_report(1)).await.unwrap();
        store.submit_report(new_report(2)).await.unwrap();
        let waits = async || {
            let waiting = store.waiting(&code()).await.unwrap();
            waiting.iter().filter(|w| w.id == id(1)).map(|w| w.what).next()
        };
        assert_eq!(waits().await, Some(WaitingFor::Answer));
        store.add_message(written(MessageKind::Answer, 11)).await.unwrap();
        assert_eq!(waits().await, None);
        store.add_message(written(MessageKind::Reply, 12)).await.unwrap();
        assert_eq!(waits().await, Some(WaitingFor::Reply));
        store.change_status(step(1, ReportStatus::Done), entry_on("m", 1)).await.unwrap();
        assert_eq!(waits().await, None, "a closed report waits for nothing");
        store.add_message(reopening(13)).await.unwrap();
        assert_eq!(waits().await, Some(WaitingFor::Reopened));
        let answers = store
            .first_answers(&code(), at("2026-05-01T00:00:00Z"), at("2026-06-01T00:00:00Z"))
            .await
            .unwrap();
        assert_eq!(answers.len(), 1);
        assert_eq!(answers[0].answered_hour, at("2026-05-05T09:00:00Z"), "the earlier of the two");
    }

    async fn a_report_holds_so_many_photos_and_no_more(world: World) {
        let world = world.settled().await;
        let store = &world.store;
        store.submit_report(new_report(1)).await.unwrap();
        let with = |number, photos: usize| NewMessage {
            photos: vec![photo(); photos],
            most_photos: 3,
            ..written(MessageKind::Reply, number)
        };
        store.add_message(with(11, 1)).await.unwrap();
        assert!(matches!(
            store.add_message(with(12, 2)).await,
            Err(StoreError::Conflict("too_many_photos"))
        ));
        assert_eq!(store.photos(&key(1)).await.unwrap(), 2);
        assert_eq!(store.messages(&key(1)).await.unwrap().len(), 1);
    }
}

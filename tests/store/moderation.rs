//! What moderators do: parts made unreadable, owners asked, answers kept.

use crate::support::*;
use fyren::store::{MaskedContent, NewRedaction, Original, StoreError};
use fyren_core::domain::*;

pub(crate) fn text_masked(number: u128, before: &str, after: &str) -> NewRedaction {
    NewRedaction {
        report: key(number),
        at_hour: at("2026-05-05T09:00:00Z"),
        by: "coordinator-1".into(),
        reason: MaskReason::PersonalData,
        content: MaskedContent::Text {
            before: before.into(),
            after: after.into(),
            flags: Flags::default(),
        },
    }
}

pub(crate) fn photo_masked(number: u128, before: &[u8]) -> NewRedaction {
    let after = Photo { width: 4, height: 3, jpeg: b"blackened".to_vec() };
    let content = MaskedContent::Photo { position: 0, before: before.to_vec(), after };
    NewRedaction { reason: MaskReason::Dwelling, content, ..text_masked(number, "", "") }
}

pub(crate) fn forward(number: u128) -> Forward {
    Forward {
        id: id(900 + number),
        municipality: code(),
        report: id(number),
        owner: "Vägföreningen".into(),
        question: Some("Är lampan er?".into()),
        by: "coordinator-1".into(),
        sent_hour: at("2026-05-05T09:00:00Z"),
        expires: at("2026-05-19T09:00:00Z"),
        opened_hour: None,
        answer: None,
        closed_hour: None,
    }
}

fn entry_at(action: &str, number: u128, moment: &str) -> fyren::store::AuditEntry {
    fyren::store::AuditEntry { at: at(moment), ..entry_on(action, number) }
}

contract! {
    async fn a_masked_text_is_kept_beside_its_history(world: World) {
        let world = world.settled().await;
        let store = &world.store;
        store.submit_report(new_report(1)).await.unwrap();
        let before = report(1).text.unwrap();
        let audit = || entry_on("redact_report", 1);
        let first = text_masked(1, &before, "lampan ▮▮▮ är släckt");
        let seq = store.redact_report(first, audit()).await.unwrap();
        assert_eq!(store.head(&code()).await.unwrap(), seq);
        let read = store.report(&key(1)).await.unwrap().unwrap();
        assert_eq!(read.text.as_deref(), Some("lampan ▮▮▮ är släckt"));
        let history = store.redactions(&key(1)).await.unwrap();
        assert_eq!(history, [Redaction {
            step: 1,
            at_hour: at("2026-05-05T09:00:00Z"),
            by: "coordinator-1".into(),
            part: MaskedPart::Text,
            reason: MaskReason::PersonalData,
            has_original: true,
        }]);
        let original = store.redacted_original(&key(1), 1).await.unwrap();
        assert_eq!(original, Some(Original::Text(before.clone())));
        let stale = store.redact_report(text_masked(1, &before, "x"), audit()).await;
        assert!(matches!(stale, Err(StoreError::Conflict("redaction_stale"))), "{stale:?}");
        assert_eq!(store.redactions(&key(1)).await.unwrap().len(), 1, "nothing half done");
        let nobody = store.redact_report(text_masked(9, "", "x"), audit()).await;
        assert!(matches!(nobody, Err(StoreError::NotFound("report"))), "{nobody:?}");
    }

    async fn a_photo_is_blackened_in_place_and_only_as_it_was_seen(world: World) {
        let world = world.settled().await;
        let store = &world.store;
        store.submit_report(new_report(1)).await.unwrap();
        let audit = || entry_on("redact_report", 1);
        let stale = store.redact_report(photo_masked(1, b"other"), audit()).await;
        assert!(matches!(stale, Err(StoreError::Conflict("redaction_stale"))), "{stale:?}");
        store.redact_report(photo_masked(1, b"photo 1"), audit()).await.unwrap();
        let photo = store.photo(&key(1), 0).await.unwrap().unwrap();
        assert_eq!(photo.jpeg, b"blackened");
        let history = store.redactions(&key(1)).await.unwrap();
        assert_eq!(history[0].part, MaskedPart::Photo(0));
        let original = store.redacted_original(&key(1), 1).await.unwrap();
        assert_eq!(original, Some(Original::Photo(b"photo 1".to_vec())));
    }

    async fn flags_of_a_text_are_those_of_what_is_left_of_it(world: World) {
        let world = world.settled().await;
        let mut new = new_report(1);
        new.text_flags = Flags::PERSONAL.with(Flags::DANGER);
        world.store.submit_report(new).await.unwrap();
        assert!(world.events().await[&id(1)].flags.has(Flags::PERSONAL));
        let before = report(1).text.unwrap();
        let masked = text_masked(1, &before, "▮▮▮");
        world.store.redact_report(masked, entry("redact_report")).await.unwrap();
        assert_eq!(world.events().await[&id(1)].flags, Flags::default());
    }

    async fn an_owner_answers_once_and_not_after_the_link_has_expired(world: World) {
        let world = world.settled().await;
        let store = &world.store;
        store.submit_report(new_report(1)).await.unwrap();
        store.submit_report(new_report(2)).await.unwrap();
        for number in [1, 2] {
            let asked = store.insert_forward(
                forward(number), digest(0xb1, number), entry_on("forward_report", number)
            );
            asked.await.unwrap();
        }
        assert_eq!(store.forward_by_code(&digest(0xb1, 1)).await.unwrap(), Some(forward(1)));
        assert_eq!(store.forward_by_code(&digest(0xb1, 9)).await.unwrap(), None);
        let opened = entry_at("open_forward", 1, "2026-05-06T08:20:00Z");
        for _twice in 0..2 {
            store.note_opened(&code(), id(901), opened.clone()).await.unwrap();
        }
        let answer = ForwardAnswer {
            reply: OwnerReply::Planned,
            by_day: Some("2026-06-01".parse().unwrap()),
            note: Some("Beställd".into()),
            at_hour: at("2026-05-06T08:00:00Z"),
        };
        let here = code();
        let send = |number: u128, moment: &str| {
            let audit = entry_at("answer_forward", number, moment);
            store.answer_forward(&here, id(900 + number), answer.clone(), audit)
        };
        let before = store.head(&code()).await.unwrap();
        assert!(send(1, "2026-05-06T08:30:00Z").await.unwrap() > before, "followers are told");
        let again = send(1, "2026-05-06T08:31:00Z").await;
        assert!(matches!(again, Err(StoreError::Conflict("forward_answered"))), "{again:?}");
        let late = send(2, "2026-05-19T09:00:00Z").await;
        assert!(matches!(late, Err(StoreError::Conflict("forward_answered"))), "{late:?}");
        let kept = store.forwards(&key(1)).await.unwrap();
        let opened_hour = Some(at("2026-05-06T08:00:00Z"));
        assert_eq!(kept, [Forward { opened_hour, answer: Some(answer), ..forward(1) }]);
        assert_eq!(store.open_forwards(&code()).await.unwrap().len(), 2);
        store.close_forward(&code(), id(901), entry("close_forward")).await.unwrap();
        assert_eq!(store.open_forwards(&code()).await.unwrap(), [forward(2)]);
        let twice = store.close_forward(&code(), id(901), entry("close_forward")).await;
        assert!(matches!(twice, Err(StoreError::NotFound("forward"))), "{twice:?}");
    }

    async fn answers_that_are_written_often_are_kept_by_name(world: World) {
        let world = world.settled().await;
        let store = &world.store;
        let template = AnswerTemplate {
            id: "lamp-ordered".into(),
            category: Some(Category::Lighting),
            status: Some(ReportStatus::Planned),
            title: "Lampa beställd".into(),
            text_sv: "Vi har beställt en ny lampa.".into(),
            text_en: "We have ordered a new lamp.".into(),
        };
        let changed = AnswerTemplate { category: None, title: "Beställd".into(), ..template.clone() };
        for one in [template, changed.clone()] {
            store.save_answer_template(&code(), one, entry("save_answer_template")).await.unwrap();
        }
        assert_eq!(store.answer_templates(&code()).await.unwrap(), [changed]);
        let here = code();
        let forget = || store.delete_answer_template(&here, "lamp-ordered", entry("delete"));
        forget().await.unwrap();
        assert!(matches!(forget().await, Err(StoreError::NotFound(_))));
        assert!(store.answer_templates(&code()).await.unwrap().is_empty());
    }
}

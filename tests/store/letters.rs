//! Letters to residents who asked for them, and to offices.

use crate::support::*;
use crate::threads::written;
use fyren::store::{OfficeLetter, SheetLetter, StoreError, Tried};
use fyren_core::domain::*;

pub(crate) fn contact(number: u128) -> MailContact {
    MailContact {
        municipality: code(),
        report: id(number),
        address: "resident@example.org".into(),
        language: "en".into(),
        nonce: format!("nonce {number}"),
        asked_hour: at("2026-05-04T10:00:00Z"),
        confirmed_hour: None,
    }
}

const LATER: &str = "2026-05-06T10:00:00Z";

fn sheet(name: &str) -> SheetLetter {
    SheetLetter {
        id: name.to_owned(),
        municipality: code(),
        address: "op-1@police.example".to_owned(),
        language: "sv".to_owned(),
        queued_hour: at("2026-05-04T10:00:00Z"),
        attachment: b"%PDF-1.7 sheet".to_vec(),
    }
}

contract! {
    async fn a_sheet_waits_with_its_attachment_and_is_gone_once_it_is_sent_or_has_failed(world: World) {
        let world = world.settled().await;
        let store = &world.store;
        for rules in [vec!["@old.example"], vec!["lpo@police.example", "@police.example"]] {
            let rules = rules.into_iter().map(str::to_owned).collect();
            store.save_sheet_recipients(&code(), rules, entry("rules")).await.unwrap();
        }
        let rules = store.sheet_recipients(&code()).await.unwrap();
        assert_eq!(rules.len(), 2, "the earlier ones are dropped: {rules:?}");
        for name in ["s1", "s1", "s2"] {
            store.queue_sheet(sheet(name), entry("send_sheet")).await.unwrap();
        }
        let due = store.due_letters(at(LATER), 10).await.unwrap();
        assert_eq!(due.len(), 2, "one that waits stays as it is");
        assert!(due.iter().all(|letter| letter.kind == LetterKind::Sheet));
        assert_eq!(due[0].address, "op-1@police.example");
        let attached = async |name: &str| store.attachment(name).await.unwrap();
        assert_eq!(attached("s1").await, Some(b"%PDF-1.7 sheet".to_vec()));
        store.note_letter("s1", Tried::Later(at(LATER))).await.unwrap();
        assert!(attached("s1").await.is_some(), "it is tried again");
        store.note_letter("s1", Tried::Failed).await.unwrap();
        assert_eq!(attached("s1").await, None, "what cannot be sent is not kept");
        store.note_letter("s2", Tried::Sent).await.unwrap();
        assert_eq!(attached("s2").await, None);
        assert_eq!(store.count_letters().await.unwrap(), (0, 1));
    }

    async fn nothing_but_the_question_is_sent_before_it_is_confirmed(world: World) {
        let world = world.settled().await;
        let store = &world.store;
        store.submit_report(new_report(1)).await.unwrap();
        store.ask_for_mail(contact(1), digest(0xb1, 1)).await.unwrap();
        store.add_message(written(MessageKind::Answer, 11)).await.unwrap();
        let kinds = async || {
            let due = store.due_letters(at(LATER), 10).await.unwrap();
            due.iter().map(|letter| letter.kind).collect::<Vec<_>>()
        };
        assert_eq!(kinds().await, [LetterKind::Confirm]);
        assert!(!store.confirm_mail(&digest(0xb1, 2), at(LATER)).await.unwrap());
        assert!(store.confirm_mail(&digest(0xb1, 1), at(LATER)).await.unwrap());
        store.add_message(written(MessageKind::Answer, 12)).await.unwrap();
        store.add_message(written(MessageKind::Answer, 13)).await.unwrap();
        store.change_status(step(1, ReportStatus::Planned), entry_on("m", 1)).await.unwrap();
        store.add_message(written(MessageKind::Question, 14)).await.unwrap();
        let told = [LetterKind::Confirm, LetterKind::Answered, LetterKind::Asked];
        assert_eq!(kinds().await, told, "what waits already is one letter");
        let due = store.due_letters(at(LATER), 10).await.unwrap();
        assert!(due.iter().all(|letter| letter.address == "resident@example.org"));
        assert_eq!(due[0].nonce.as_deref(), Some("nonce 1"));
        let found = store.mail_contact_by_token(&digest(0xb1, 1)).await.unwrap().unwrap();
        assert_eq!((found.report, found.confirmed_hour), (id(1), Some(at(LATER))));
    }

    async fn who_was_merged_hears_of_the_answer_too(world: World) {
        let world = world.settled().await;
        let store = &world.store;
        for number in 1..=4 {
            store.submit_report(new_report(number)).await.unwrap();
            let token = digest(0xb1, number);
            store.ask_for_mail(contact(number), token).await.unwrap();
            store.confirm_mail(&token, at("2026-05-04T11:00:00Z")).await.unwrap();
        }
        let merge = async |number, into| {
            let merged = step(number, ReportStatus::Merged);
            let told = StatusChange { answer: None, ..merged.change };
            let merged = fyren::store::StatusStep { change: told, ..merged };
            store.merge_report(merged, id(into), entry_on("m", number)).await.unwrap();
        };
        merge(1, 2).await;
        merge(2, 3).await;
        store.change_status(step(3, ReportStatus::Done), entry_on("m", 3)).await.unwrap();
        let due = store.due_letters(at(LATER), 10).await.unwrap();
        let answered = due.iter().filter(|letter| letter.kind == LetterKind::Answered);
        let mut told: Vec<_> = answered.map(|letter| letter.nonce.clone().unwrap()).collect();
        told.sort();
        assert_eq!(told, ["nonce 1", "nonce 2", "nonce 3"], "each once, and not who waits elsewhere");
    }

    async fn a_letter_is_gone_once_it_is_sent_and_waits_where_it_is_not(world: World) {
        let world = world.settled().await;
        let store = &world.store;
        let office = OfficeLetter {
            id: "unanswered:1427:2026-05-04:0".into(),
            municipality: code(),
            address: "office@example.org".into(),
            kind: LetterKind::Unanswered,
            language: "en".into(),
            details: "n=3".into(),
            queued_hour: at("2026-05-04T10:00:00Z"),
        };
        store.queue_letters(vec![office.clone(), office]).await.unwrap();
        let due = async |when| store.due_letters(at(when), 10).await.unwrap();
        assert_eq!(due(LATER).await.len(), 1);
        assert_eq!(due(LATER).await[0].language, "en");
        let name = due(LATER).await[0].id.clone();
        store.note_letter(&name, Tried::Later(at("2026-05-07T10:00:00Z"))).await.unwrap();
        assert!(due(LATER).await.is_empty());
        let again = due("2026-05-07T10:00:00Z").await;
        assert_eq!((again[0].attempts, again[0].details.as_str()), (1, "n=3"));
        store.note_letter(&name, Tried::Failed).await.unwrap();
        assert!(due("2026-06-07T10:00:00Z").await.is_empty());
        assert_eq!(store.count_letters().await.unwrap(), (0, 1));
        store.note_letter(&name, Tried::Sent).await.unwrap();
        assert_eq!(store.count_letters().await.unwrap(), (0, 0));
    }

    async fn an_address_is_deleted_by_rule_and_on_request(world: World) {
        let world = world.settled().await;
        let store = &world.store;
        for number in 1..=3 {
            store.submit_report(new_report(number)).await.unwrap();
            store.ask_for_mail(contact(number), digest(0xb1, number)).await.unwrap();
        }
        store.submit_report(new_report(4)).await.unwrap();
        let fourth = store.ask_for_mail(contact(4), digest(0xb1, 4)).await;
        assert!(matches!(fourth, Err(StoreError::Conflict("mail_waits"))), "{fourth:?}");
        for number in 2..=3 {
            store.confirm_mail(&digest(0xb1, number), at(LATER)).await.unwrap();
        }
        store.change_status(step(2, ReportStatus::Done), entry_on("m", 2)).await.unwrap();
        let held = async || {
            let mut held = Vec::new();
            for number in 1..=3 {
                if store.mail_contact(&key(number)).await.unwrap().is_some() {
                    held.push(number);
                }
            }
            held
        };
        store.purge_expired(at("2026-05-11T09:59:59Z")).await.unwrap();
        assert_eq!(held().await, [1, 2, 3]);
        let purged = store.purge_expired(at("2026-05-11T10:00:00Z")).await.unwrap();
        assert_eq!((purged.mail_contacts, held().await), (1, vec![2, 3]), "never confirmed");
        store.purge_expired(at("2026-06-04T09:00:00Z")).await.unwrap();
        assert_eq!(held().await, [3], "closed for 30 days");
        assert!(store.stop_mail(&key(3)).await.unwrap());
        assert!(!store.stop_mail(&key(3)).await.unwrap());
        assert_eq!(store.count_letters().await.unwrap(), (0, 0));
    }

    async fn offices_are_replaced_whole(world: World) {
        let world = world.settled().await;
        let store = &world.store;
        let office = |purpose, name: &str| Office {
            purpose,
            address: format!("{name}@example.org"),
            language: if name == "b" { "en".into() } else { "sv".into() },
        };
        let first = vec![office(OfficePurpose::Digest, "a"), office(OfficePurpose::Digest, "b")];
        store.save_offices(&code(), first.clone(), entry("save_offices")).await.unwrap();
        assert_eq!(store.offices(&code()).await.unwrap(), first);
        let second = vec![office(OfficePurpose::Escalation, "a")];
        store.save_offices(&code(), second.clone(), entry("save_offices")).await.unwrap();
        assert_eq!(store.offices(&code()).await.unwrap(), second);
    }
}

//! Reports: sent once however often, and the way they go.

use crate::support::*;
use fyren::store::{Idempotency, StoreError, Submitted};
use fyren_core::domain::*;

contract! {
    async fn a_report_is_read_as_it_was_sent(world: World) {
        let world = world.settled().await;
        let recurring = When::Recurring {
            hours: Hours::parse("22-04").unwrap(),
            weekdays: Weekdays::parse("fri,sat").unwrap(),
            seasons: Seasons::ALL,
        };
        let (from, to) = (at("2026-05-01T10:00:00Z"), at("2026-05-01T12:00:00Z"));
        let sent = [
            report(1),
            Report { located: drawn(), when: recurring, ..report(2) },
            Report { located: coded(), when: When::Unknown, text: None, ..report(3) },
            Report {
                when: When::Interval { from, to },
                quarantine: Some(QuarantineReason::Burst),
                duplicate_of: Some(id(1)),
                foreign_category: Some("Gatubelysning".into()),
                ..report(4)
            },
        ];
        for (number, report) in (1..).zip(sent) {
            let submitted =
                world.store.submit_report(crate::support::sent(report.clone(), number)).await;
            let Submitted::Created(seq) = submitted.unwrap() else { panic!("not created") };
            let read = world.store.report(&key(number)).await.unwrap().unwrap();
            assert_eq!(read, Report { seq, ..report });
        }
    }

    async fn the_same_key_twice_at_once_stores_one_report(world: World) {
        let world = world.settled().await;
        let other = world.other().await;
        let twins = (0..20_u32).map(|turn| {
            let store = if turn % 2 == 0 { &world.store } else { &other };
            store.submit_report(new_report(1))
        });
        let outcomes = futures_util::future::join_all(twins).await;
        let created = |outcome: &Result<Submitted, StoreError>| {
            matches!(outcome, Ok(Submitted::Created(_)))
        };
        assert_eq!(outcomes.iter().filter(|outcome| created(outcome)).count(), 1);
        let replayed = |outcome: &&Result<Submitted, StoreError>| {
            matches!(outcome, Ok(Submitted::Replayed))
        };
        assert_eq!(outcomes.iter().filter(replayed).count(), 19);
        assert_eq!(world.raw().await.number("SELECT COUNT(*) FROM reports").await, 1);
    }

    async fn only_the_first_answer_to_a_report_is_told_and_only_in_its_days(world: World) {
        let world = world.settled().await;
        let store = &world.store;
        for number in 1..=3 {
            store.submit_report(new_report(number)).await.unwrap();
        }
        let answered = |number, status, hour: &str, answer: Option<&str>| {
            let mut step = step(number, status);
            step.change.at_hour = at(hour);
            step.change.answer = answer.map(Into::into);
            step
        };
        let steps = [
            answered(1, ReportStatus::Triaged, "2026-05-05T09:00:00Z", None),
            answered(1, ReportStatus::Planned, "2026-05-06T09:00:00Z", Some("i juni")),
            answered(1, ReportStatus::Done, "2026-06-06T09:00:00Z", Some("klart")),
            answered(2, ReportStatus::Triaged, "2026-05-05T09:00:00Z", None),
            answered(3, ReportStatus::Referred, "2026-05-05T11:00:00Z", Some("till staten")),
        ];
        for step in steps {
            let audit = entry_on("moderate_report", 1);
            store.change_status(step, audit).await.unwrap();
        }
        let municipality = code();
        let told = |from: &str, to: &str| store.first_answers(&municipality, at(from), at(to));
        let may = told("2026-05-05T11:00:00Z", "2026-06-01T00:00:00Z").await.unwrap();
        let hours: Vec<_> = may.iter().map(|answer| answer.answered_hour).collect();
        assert_eq!(hours, [at("2026-05-05T11:00:00Z"), at("2026-05-06T09:00:00Z")]);
        assert_eq!(may[0].category, report(3).category);
        assert_eq!(may[0].received_hour, report(3).received_hour);
        let june = told("2026-06-01T00:00:00Z", "2026-07-01T00:00:00Z").await.unwrap();
        assert!(june.is_empty(), "a second answer is not a first one");
        let end = told("2026-05-01T00:00:00Z", "2026-05-05T11:00:00Z").await.unwrap();
        assert!(end.is_empty(), "the end is not part of it");
    }

    async fn what_belongs_to_a_report_is_found_from_it(world: World) {
        let world = world.settled().await;
        let store = &world.store;
        for number in 1..=4 {
            store.submit_report(new_report(number)).await.unwrap();
        }
        let audit = || entry_on("moderate_report", 1);
        for number in [3, 2] {
            store.merge_report(step(number, ReportStatus::Merged), id(1), audit()).await.unwrap();
        }
        store.mark_duplicate(&key(4), Some(id(1)), audit()).await.unwrap();
        let linked = store.linked_reports(&key(1)).await.unwrap();
        assert_eq!(linked, (vec![id(2), id(3)], vec![id(4)]));
        assert_eq!(store.linked_reports(&key(2)).await.unwrap(), (vec![], vec![]));
    }

    async fn a_key_with_an_other_body_changes_nothing(world: World) {
        let world = world.settled().await;
        world.store.submit_report(new_report(1)).await.unwrap();
        let body_hash = digest(0xff, 1);
        let mut other = new_report(2);
        other.idempotency = Idempotency { body_hash, ..idempotency(1) };
        assert_eq!(world.store.submit_report(other).await.unwrap(), Submitted::KeyReused);
        assert!(world.store.report(&key(2)).await.unwrap().is_none());
    }

    async fn a_report_opens_by_receipt_always_and_by_short_code_for_a_time(world: World) {
        let world = world.settled().await;
        world.store.submit_report(new_report(1)).await.unwrap();
        let store = &world.store;
        let by_receipt = store.report_by_receipt(&digest(0xa3, 1)).await.unwrap();
        assert_eq!(by_receipt.unwrap().id, id(1));
        let expiry = at("2026-05-18T10:00:00Z");
        let before = store.report_by_short_code(&digest(0xa4, 1), at("2026-05-18T09:59:59Z")).await;
        assert_eq!(before.unwrap().unwrap().id, id(1));
        assert!(store.report_by_short_code(&digest(0xa4, 1), expiry).await.unwrap().is_none());
        assert!(store.report_by_receipt(&digest(0xa4, 1)).await.unwrap().is_none());
    }

    async fn a_report_goes_only_the_ways_of_the_table(world: World) {
        let world = world.settled().await;
        let store = &world.store;
        store.submit_report(new_report(1)).await.unwrap();
        let done = step(1, ReportStatus::Done);
        store.change_status(step(1, ReportStatus::Planned), entry_on("moderate_report", 1)).await.unwrap();
        store.change_status(done.clone(), entry_on("moderate_report", 1)).await.unwrap();
        let refused = store.change_status(step(1, ReportStatus::Triaged), entry_on("moderate_report", 1)).await;
        assert!(matches!(refused, Err(StoreError::Conflict("report_status_transition"))), "{refused:?}");
        let history = store.status_history(&key(1)).await.unwrap();
        assert_eq!(history, [step(1, ReportStatus::Planned).change, done.change]);
        assert_eq!(store.audit_entries(0, 99).await.unwrap().len(), 3, "a refused step is not audited");
        let missing = store.change_status(step(9, ReportStatus::Done), entry("moderate_report")).await;
        assert!(matches!(missing, Err(StoreError::NotFound("report"))));
    }

    async fn a_merged_report_lends_its_voices_and_takes_them_back(world: World) {
        let world = world.settled().await;
        let store = &world.store;
        for number in 1..=3 {
            store.submit_report(new_report(number)).await.unwrap();
        }
        assert!(store.add_voice(&key(2), SourceTag::from_bits(500)).await.unwrap());
        let audit = || entry_on("moderate_report", 2);
        store.merge_report(step(2, ReportStatus::Merged), id(1), audit()).await.unwrap();
        let merged = store.report(&key(2)).await.unwrap().unwrap();
        assert_eq!((merged.status, merged.merged_into), (ReportStatus::Merged, Some(id(1))));
        assert_eq!(store.report(&key(1)).await.unwrap().unwrap().voices, 3);

        let into_merged = store.merge_report(step(3, ReportStatus::Merged), id(2), audit()).await;
        assert!(matches!(into_merged, Err(StoreError::Conflict("report_merge"))));
        let into_itself = store.merge_report(step(3, ReportStatus::Merged), id(3), audit()).await;
        assert!(matches!(into_itself, Err(StoreError::Conflict("report_merge"))));

        store.change_status(step(2, ReportStatus::Triaged), audit()).await.unwrap();
        assert_eq!(store.report(&key(2)).await.unwrap().unwrap().merged_into, None);
        assert_eq!(store.report(&key(1)).await.unwrap().unwrap().voices, 1);
    }

    async fn who_has_sent_what_is_merged_has_one_voice(world: World) {
        let world = world.settled().await;
        let store = &world.store;
        for number in 1..=4 {
            let same = Report { source_tag: SourceTag::from_bits(8), ..report(number) };
            let own = if number == 4 { report(4) } else { same };
            store.submit_report(sent(own, number)).await.unwrap();
        }
        let voices = |number| async move {
            store.report(&key(number)).await.unwrap().unwrap().voices
        };
        let merge = |number, into| {
            let audit = entry_on("moderate_report", number);
            store.merge_report(step(number, ReportStatus::Merged), id(into), audit)
        };
        merge(2, 1).await.unwrap();
        merge(3, 1).await.unwrap();
        assert_eq!(voices(1).await, 1, "three reports of one person");
        store.add_voice(&key(1), SourceTag::from_bits(500)).await.unwrap();
        merge(1, 4).await.unwrap();
        assert_eq!(voices(4).await, 2, "source 8 is its own sender already: {}", report(4).source_tag.value());
        let undone = store.change_status(step(1, ReportStatus::Triaged), entry_on("moderate_report", 1));
        undone.await.unwrap();
        assert_eq!((voices(1).await, voices(4).await), (2, 1));
    }

    async fn a_source_has_one_voice_and_the_reporter_has_it_already(world: World) {
        let world = world.settled().await;
        let store = &world.store;
        store.submit_report(new_report(1)).await.unwrap();
        let neighbour = SourceTag::from_bits(500);
        assert!(store.add_voice(&key(1), neighbour).await.unwrap());
        assert!(!store.add_voice(&key(1), neighbour).await.unwrap());
        assert!(!store.add_voice(&key(1), report(1).source_tag).await.unwrap());
        assert_eq!(store.report(&key(1)).await.unwrap().unwrap().voices, 2);
    }

    async fn quarantine_and_repetition_are_told_to_the_index_and_can_be_undone(world: World) {
        let world = world.settled().await;
        let store = &world.store;
        store.submit_report(new_report(1)).await.unwrap();
        store.submit_report(new_report(2)).await.unwrap();
        let audit = || entry_on("moderate_report", 2);
        store.quarantine_report(&key(2), Some(by_staff()), audit()).await.unwrap();
        store.mark_duplicate(&key(2), Some(id(1)), audit()).await.unwrap();
        let both = Flags::QUARANTINED.with(Flags::DUPLICATE);
        assert_eq!(world.events().await[&id(2)].flags, both);
        let read = store.report(&key(2)).await.unwrap().unwrap();
        assert_eq!((read.quarantine, read.duplicate_of), (Some(QuarantineReason::Staff), Some(id(1))));

        store.quarantine_report(&key(2), None, audit()).await.unwrap();
        store.mark_duplicate(&key(2), None, audit()).await.unwrap();
        assert_eq!(world.events().await[&id(2)].flags, Flags::default());
        let of_itself = store.mark_duplicate(&key(2), Some(id(2)), audit()).await;
        assert!(matches!(of_itself, Err(StoreError::Conflict("report_duplicate"))));
        let of_nothing = store.mark_duplicate(&key(2), Some(id(77)), audit()).await;
        assert!(matches!(of_nothing, Err(StoreError::NotFound("report"))));
    }

    async fn a_report_of_an_unknown_municipality_fails_alone(world: World) {
        let world = world.settled().await;
        let elsewhere = MunicipalityCode::parse("9999").unwrap();
        let mut stray = new_report(2);
        stray.report.municipality = elsewhere;
        let sends = [new_report(1), stray.clone(), stray, new_report(3)];
        let sends = sends.map(|new| world.store.submit_report(new));
        let outcomes = futures_util::future::join_all(sends).await;
        assert!(matches!(outcomes[0], Ok(Submitted::Created(_))));
        assert!(matches!(outcomes[1], Err(StoreError::NotFound("municipality"))));
        assert!(matches!(outcomes[2], Err(StoreError::NotFound("municipality"))));
        assert!(matches!(outcomes[3], Ok(Submitted::Created(_))));
    }
}

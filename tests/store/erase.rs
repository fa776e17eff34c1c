//! Erasure leaves no trace but a random identity in the feed.

use crate::archive::request;
use crate::letters::contact;
use crate::moderation::{forward, photo_masked, text_masked};
use crate::support::*;
use crate::threads::written;
use fyren::store::{AuditCheck, Defect, NewMessage, PutAside, StoreError};
use fyren_core::domain::*;
use std::fmt::Write;

/// Every column of every table that can hold a text or bytes: its table, its
/// name and how it is said in hexadecimal digits.
const SQLITE_COLUMNS: &str = "SELECT m.name || '|' || c.name || '|lower(hex(' || c.name || '))'
    FROM sqlite_master m JOIN pragma_table_info(m.name) c
    WHERE m.type = 'table' AND c.type IN ('TEXT', 'BLOB')";
const POSTGRES_COLUMNS: &str = "SELECT table_name || '|' || column_name || '|encode('
    || CASE data_type WHEN 'bytea' THEN column_name
        ELSE 'convert_to(' || column_name || ', ''UTF8'')' END || ', ''hex'')'
    FROM information_schema.columns
    WHERE table_schema = 'fyren' AND data_type IN ('text', 'bytea')";

/// Where in the whole data base `needle` stands.
async fn traces(world: &World, needle: &[u8]) -> Vec<String> {
    let needle = needle.iter().fold(String::new(), |mut text, byte| {
        write!(text, "{byte:02x}").unwrap();
        text
    });
    let mut raw = world.raw().await;
    let columns = if world.is_postgres() { POSTGRES_COLUMNS } else { SQLITE_COLUMNS };
    let mut found = Vec::new();
    for column in raw.texts(columns).await {
        let [table, name, said] = column.split('|').collect::<Vec<_>>()[..] else { unreachable!() };
        let count = format!("SELECT COUNT(*) FROM {table} WHERE {said} LIKE '%{needle}%'");
        if raw.number(&count).await > 0 {
            found.push(format!("{table}.{name}"));
        }
    }
    found
}

/// A report that has left traces wherever a report can.
async fn well_travelled(world: &World) {
    let store = &world.store;
    for number in 1..=4 {
        store.submit_report(new_report(number)).await.unwrap();
    }
    let audit = || entry_on("moderate_report", 1);
    store.add_voice(&key(1), SourceTag::from_bits(500)).await.unwrap();
    store.change_status(step(1, ReportStatus::Planned), audit()).await.unwrap();
    store.merge_report(step(2, ReportStatus::Merged), id(1), audit()).await.unwrap();
    store.mark_duplicate(&key(3), Some(id(1)), audit()).await.unwrap();
    let defect = Defect {
        id: id(77),
        municipality: code(),
        category: Category::Lighting,
        position: Position { longitude: 11.2, latitude: 58.3 },
        snapped_to: "50/5923/129463".into(),
        owner: "municipality".into(),
        status: ReportStatus::Planned,
        published_on: "2026-05-06".parse().unwrap(),
    };
    store.publish_defect(&key(1), defect, audit()).await.unwrap();
    store.add_message(written(MessageKind::Reply, 11)).await.unwrap();
    store.ask_for_mail(contact(1), digest(0xb1, 1)).await.unwrap();
    store.confirm_mail(&digest(0xb1, 1), at("2026-05-05T09:00:00Z")).await.unwrap();
    store.add_message(written(MessageKind::Answer, 12)).await.unwrap();
    let masked = text_masked(1, &report(1).text.unwrap(), "masked since");
    store.redact_report(masked, audit()).await.unwrap();
    store.redact_report(photo_masked(1, b"photo 1"), audit()).await.unwrap();
    store.insert_forward(forward(1), digest(0xb2, 1), audit()).await.unwrap();
    store.insert_request(request(&[1]), entry("open_request")).await.unwrap();
    let handed_out = RecordItem {
        verdict: Some(RecordVerdict::Mask),
        ground: Some("a ground of law".into()),
        text: Some("handed out like this".into()),
        reviewed_by: Some("coordinator-1".into()),
        reviewed_hour: Some(at("2026-05-06T10:00:00Z")),
        ..request(&[1]).items.remove(0)
    };
    store.review_record(&code(), id(700), handed_out, audit()).await.unwrap();
    let note = Some("seen thrice".into());
    let aside = PutAside { reason: QuarantineReason::Burst, note };
    store.quarantine_report(&key(1), Some(aside), audit()).await.unwrap();
}

contract! {
    async fn an_erased_report_leaves_its_identity_in_the_feed_and_nothing_else(world: World) {
        let world = world.settled().await;
        well_travelled(&world).await;
        let text = report(1).text.unwrap();
        let hashes = [(0xa1, 1), (0xa2, 1), (0xa3, 1), (0xa4, 1), (0xa1, 11), (0xa1, 12), (0xb1, 1), (0xb2, 1)];
        let hashes = hashes.map(|(kind, number)| digest(kind, number).0);
        let texts = [
            text.as_bytes(),
            b"svar om 1",
            b"50/5923/129463",
            b"seen thrice",
            b"meddelande 11",
            b"meddelande 12",
            b"resident@example.org",
            b"nonce 1",
            b"masked since",
            b"photo 1",
            b"blackened",
            "Vägföreningen".as_bytes(),
            b"handed out like this",
            b"a ground of law",
        ];
        let needles = || texts.into_iter().chain(hashes.iter().map(<[u8; 32]>::as_slice));
        for needle in needles() {
            assert!(!traces(&world, needle).await.is_empty(), "{needle:?} is not found before");
        }
        let identity = id(1).to_string();
        assert!(traces(&world, identity.as_bytes()).await.len() > 5);

        assert!(world.store.erase_report(&key(1), entry_on("erase_report", 1)).await.unwrap());
        for needle in needles() {
            assert_eq!(traces(&world, needle).await, Vec::<String>::new(), "{needle:?}");
        }
        assert_eq!(traces(&world, identity.as_bytes()).await, ["changes.removed"]);
        let check = world.store.verify_audit().await.unwrap();
        assert!(matches!(check, AuditCheck::Intact { .. }), "{check:?}");
    }

    async fn what_was_linked_to_an_erased_report_stands_for_itself(world: World) {
        let world = world.settled().await;
        well_travelled(&world).await;
        world.store.erase_report(&key(1), entry("erase_report")).await.unwrap();
        let merged = world.store.report(&key(2)).await.unwrap().unwrap();
        assert_eq!((merged.status, merged.merged_into), (ReportStatus::Triaged, None));
        assert_eq!(world.store.report(&key(3)).await.unwrap().unwrap().duplicate_of, None);
        let events = world.events().await;
        assert!(events.values().all(|held| held.flags == Flags::default()));
        assert!(world.store.defects(&code()).await.unwrap().is_empty());
    }

    async fn what_its_sender_takes_back_counts_nowhere_and_is_let_go_as_such(world: World) {
        let world = world.settled().await;
        let store = &world.store;
        well_travelled(&world).await;
        store.quarantine_report(&key(1), None, entry_on("moderate_report", 1)).await.unwrap();
        store.add_message(written(MessageKind::Withdrawn, 13)).await.unwrap();
        let back = store.report(&key(1)).await.unwrap().unwrap();
        assert_eq!(
            (back.status, back.quarantine, back.retention, back.published),
            (ReportStatus::Withdrawn, Some(QuarantineReason::Withdrawn), RetentionClass::Withdrawn, false)
        );
        assert!(world.events().await[&id(1)].flags.has(Flags::QUARANTINED));
        let merged = store.report(&key(2)).await.unwrap().unwrap();
        assert_eq!((merged.status, merged.merged_into), (ReportStatus::Triaged, None));
        assert_eq!(store.mail_contact(&key(1)).await.unwrap(), None);
        assert!(store.defects(&code()).await.unwrap().is_empty());
        assert!(store.waiting(&code()).await.unwrap().iter().all(|one| one.id != id(1)));
        let last = store.quarantine_spans(&code()).await.unwrap().pop().unwrap();
        assert_eq!((last.report, last.to), (id(1), None), "held back from then on");
        assert!(store.check_rows().await.unwrap().is_empty());

        let taken_back = |refused| matches!(refused, Err(StoreError::Conflict("report_withdrawn")));
        assert!(taken_back(store.add_message(written(MessageKind::Reply, 14)).await.map(|_| ())));
        assert!(taken_back(store.add_message(written(MessageKind::Withdrawn, 15)).await.map(|_| ())));
        let let_in = store.quarantine_report(&key(1), None, entry_on("moderate_report", 1)).await;
        assert!(taken_back(let_in.map(|_| ())));
        let audit = || entry_on("moderate_report", 1);
        let onto = store.merge_report(step(4, ReportStatus::Merged), id(1), audit()).await;
        assert!(matches!(onto, Err(StoreError::Conflict("report_merge"))));
        for status in ReportStatus::ALL {
            assert!(store.change_status(step(1, *status), audit()).await.is_err(), "{status}");
        }
        let later = at("2026-07-01T00:00:00Z");
        let due = store.due_records(&code(), RetentionClass::Withdrawn, later).await.unwrap();
        let held: Vec<_> = due.iter().map(|one| (one.id, one.held)).collect();
        assert_eq!(held, [(id(1), Some(HeldRecord::Requested))], "somebody has asked for it");
    }

    async fn a_merged_report_that_is_taken_back_takes_its_voice_along(world: World) {
        let world = world.settled().await;
        let store = &world.store;
        well_travelled(&world).await;
        let before = store.report(&key(1)).await.unwrap().unwrap().voices;
        let back = NewMessage { report: key(2), ..written(MessageKind::Withdrawn, 13) };
        store.add_message(back).await.unwrap();
        let whole = store.report(&key(1)).await.unwrap().unwrap();
        assert_eq!(whole.voices, before - 1);
        let back = store.report(&key(2)).await.unwrap().unwrap();
        assert_eq!((back.status, back.merged_into), (ReportStatus::Withdrawn, None));
    }

    async fn an_erased_report_takes_its_voices_from_where_it_was_merged(world: World) {
        let world = world.settled().await;
        well_travelled(&world).await;
        assert_eq!(world.store.report(&key(1)).await.unwrap().unwrap().voices, 3);
        world.store.erase_report(&key(2), entry("erase_report")).await.unwrap();
        assert_eq!(world.store.report(&key(1)).await.unwrap().unwrap().voices, 2);
    }

    async fn erasing_what_is_not_there_says_so_and_changes_nothing(world: World) {
        let world = world.settled().await;
        assert!(!world.store.erase_report(&key(1), entry("erase_report")).await.unwrap());
        world.store.log_visit(new_visit(2)).await.unwrap();
        assert!(!world.store.erase_report(&key(2), entry("erase_report")).await.unwrap());
        assert_eq!(world.store.head(&code()).await.unwrap(), Seq(2));
    }

    async fn keys_and_codes_are_forgotten_when_their_time_is_up(world: World) {
        let world = world.settled().await;
        let store = &world.store;
        store.submit_report(new_report(1)).await.unwrap();
        store.log_visit(new_visit(2)).await.unwrap();
        let early = store.purge_expired(at("2026-05-18T09:59:59Z")).await.unwrap();
        assert_eq!(early, fyren::store::Purged::default());
        let codes = store.purge_expired(at("2026-05-18T10:00:00Z")).await.unwrap();
        assert_eq!((codes.short_codes, codes.idempotency_keys), (1, 0));
        let keys = store.purge_expired(at("2026-06-03T10:00:00Z")).await.unwrap();
        assert_eq!((keys.short_codes, keys.idempotency_keys), (0, 2));
        for kind in [0xa1, 0xa2, 0xa4] {
            assert!(traces(&world, &digest(kind, 1).0).await.is_empty());
        }
        assert!(store.report_by_receipt(&digest(0xa3, 1)).await.unwrap().is_some());
    }
}

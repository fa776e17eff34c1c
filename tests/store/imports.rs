//! Bulk inserts: every row is stored once, however often its file comes.

use crate::support::*;
use fyren::store::{
    ImportRows, ImportState, Imported, NewImport, Origin, StoreError, StoredCount, import_id,
};
use fyren_core::domain::*;

fn other_municipality() -> Municipality {
    let code = MunicipalityCode::parse("1484").unwrap();
    Municipality { code, name: "Lysekil".into(), ..municipality() }
}

fn begun() -> NewImport {
    let began = at("2026-05-04T10:00:00Z");
    NewImport {
        id: import_id(began, id(1)),
        municipality: Some(code()),
        kind: "reports".into(),
        dataset: "tests".into(),
        fingerprint: digest(0xb1, 1),
        actor: "coordinator-1".into(),
        began,
        alive_until: at("2026-05-04T10:02:00Z"),
        undo: None,
    }
}

contract! {
    async fn an_incident_is_read_as_it_was_imported(world: World) {
        let world = world.settled().await;
        let count = world.store.insert_incidents(vec![imported_incident(1)]).await.unwrap();
        assert_eq!(count, StoredCount { stored: 1, known: 0 });
        let read = world.store.incident(&key(1)).await.unwrap().unwrap();
        assert_eq!(read, Incident { seq: Seq(2), ..incident(1) });
    }

    async fn the_same_file_again_stores_nothing_whatever_its_size(world: World) {
        let world = world.settled().await;
        // More than a transaction, with a rest, and with a row that the file repeats.
        let mut file: Vec<_> = (0..5000).map(imported_incident).collect();
        file.push(Imported { origin: file[17].origin.clone(), ..imported_incident(9999) });
        let first = world.store.insert_incidents(file.clone()).await.unwrap();
        assert_eq!(first, StoredCount { stored: 5000, known: 1 });
        let again = world.store.insert_incidents(file).await.unwrap();
        assert_eq!(again, StoredCount { stored: 0, known: 5001 });
        assert_eq!(world.events().await.len(), 5000);
        assert_eq!(world.store.head(&code()).await.unwrap(), Seq(5001));
    }

    async fn a_key_is_known_only_within_its_dataset_kind_and_municipality(world: World) {
        let world = world.settled().await;
        let store = &world.store;
        store.save_municipality(other_municipality(), entry("add_municipality")).await.unwrap();
        let mut other_dataset = imported_incident(2);
        other_dataset.origin = Origin { dataset: "more".into(), external_key: "row-1".into() };
        let mut elsewhere = imported_incident(3);
        elsewhere.event.municipality = other_municipality().code;
        elsewhere.origin = imported_incident(1).origin;
        let file = vec![imported_incident(1), other_dataset, elsewhere];
        assert_eq!(store.insert_incidents(file).await.unwrap().stored, 3);
        let masks = TimeMasks::default();
        let other_kind = vec![imported(report(4), masks, "row-1")];
        assert_eq!(store.insert_reports(other_kind).await.unwrap().stored, 1);
        assert_eq!(store.head(&other_municipality().code).await.unwrap(), Seq(2));
    }

    async fn imported_reports_and_visits_are_read_as_they_were_given(world: World) {
        let world = world.settled().await;
        let given = Report { channel: Channel::Simulated, category: Category::SafePlace, ..report(1) };
        let masks = masks_of(&given.when);
        world.store.insert_reports(vec![imported(given.clone(), masks, "a")]).await.unwrap();
        world.store.insert_visits(vec![imported(visit(2), masks, "b")]).await.unwrap();
        let read = world.store.report(&key(1)).await.unwrap().unwrap();
        assert_eq!(read, Report { seq: Seq(2), ..given });
        let read = world.store.visit(&key(2)).await.unwrap().unwrap();
        assert_eq!(read, Visit { seq: Seq(3), ..visit(2) });
        let flags = world.events().await[&id(1)].flags;
        assert_eq!(flags, Flags::SYNTHETIC.with(Flags::SAFE_PLACE));
    }

    async fn an_import_is_taken_back_with_everything_that_hangs_on_it(world: World) {
        let world = world.settled().await;
        let store = &world.store;
        let begun = begun();
        store.begin_import(begun.clone()).await.unwrap();
        let row = |row: u32| fyren::store::event_id(begun.id, 1, row);
        let of = |number: u32| Report { id: row(number), ..report(1) };
        let masks = TimeMasks::default();
        let rows = (1..=3).map(|n| imported(of(n), masks, &format!("{n}"))).collect();
        store.insert_reports(rows).await.unwrap();
        // One of them takes a report of a resident in, and is itself taken in.
        store.submit_report(new_report(4)).await.unwrap();
        let mut merged = step(4, ReportStatus::Merged);
        store.merge_report(merged.clone(), row(1), entry("moderate_report")).await.unwrap();
        store.submit_report(new_report(5)).await.unwrap();
        merged.report.id = row(2);
        store.merge_report(merged, id(5), entry("moderate_report")).await.unwrap();
        store.mark_duplicate(&key(5), Some(row(3)), entry("moderate_report")).await.unwrap();
        assert_eq!(store.report(&key(5)).await.unwrap().unwrap().voices, 2);

        let before = store.head(&code()).await.unwrap();
        let undo = || store.undo_import_part(begun.id, entry("undo_import"));
        assert!(!undo().await.unwrap());
        assert!(undo().await.unwrap());
        let (left, loaded) = world.events_since(before).await;
        assert_eq!(loaded.removed, [row(1), row(2), row(3)]);
        assert!(left.contains_key(&id(4)) && left.contains_key(&id(5)));
        assert_eq!(world.events().await.len(), 2);
        let freed = store.report(&key(4)).await.unwrap().unwrap();
        assert_eq!((freed.status, freed.merged_into), (ReportStatus::Triaged, None));
        let other = store.report(&key(5)).await.unwrap().unwrap();
        assert_eq!((other.voices, other.duplicate_of), (1, None));
        let record = store.import(begun.id).await.unwrap().unwrap();
        assert_eq!((record.state, record.import), (ImportState::Undone, begun));
    }

    async fn only_a_running_import_is_resumed_kept_and_finished(world: World) {
        let world = world.settled().await;
        let store = &world.store;
        let (begun, later) = (begun(), at("2026-05-04T11:00:00Z"));
        store.begin_import(begun.clone()).await.unwrap();
        assert_eq!(store.resume_import(begun.id, later).await.unwrap(), 2);
        store.keep_import(begun.id, later).await.unwrap();
        let unfinished = store.unfinished_imports().await.unwrap();
        assert_eq!((unfinished.len(), unfinished[0].import.alive_until), (1, later));
        let rows = ImportRows { read: 6, stored: 1, known: 2, refused: 3 };
        store.finish_import(begun.id, rows, entry("import_file")).await.unwrap();
        assert!(store.unfinished_imports().await.unwrap().is_empty());
        let record = &store.imports(Some(&code()), 5, 0).await.unwrap()[0];
        assert_eq!((record.state, record.rows, record.attempts), (ImportState::Done, rows, 2));
        assert!(store.imports(Some(&other_municipality().code), 5, 0).await.unwrap().is_empty());
        let refused = store.resume_import(begun.id, later).await;
        assert!(matches!(refused, Err(StoreError::Conflict("import_state"))));
        let refused = store.keep_import(begun.id, later).await;
        assert!(matches!(refused, Err(StoreError::Conflict("import_state"))));
        let missing = store.undo_import_part(id(9), entry("undo_import")).await;
        assert!(matches!(missing, Err(StoreError::NotFound("import"))));
    }

    async fn an_imported_correction_is_refused(world: World) {
        let world = world.settled().await;
        let correction = Visit { corrects: Some(id(1)), ..visit(2) };
        let refused = world.store.insert_visits(vec![imported(correction, TimeMasks::default(), "a")]).await;
        assert!(matches!(refused, Err(StoreError::Conflict("visit_import_corrects"))));
    }
}

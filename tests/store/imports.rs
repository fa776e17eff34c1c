//! Bulk inserts: every row is stored once, however often its file comes.

use crate::support::*;
use fyren::store::{Imported, Origin, StoreError, StoredCount};
use fyren_core::domain::*;

fn other_municipality() -> Municipality {
    let code = MunicipalityCode::parse("1484").unwrap();
    Municipality { code, name: "Lysekil".into(), ..municipality() }
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

    async fn an_imported_correction_is_refused(world: World) {
        let world = world.settled().await;
        let correction = Visit { corrects: Some(id(1)), ..visit(2) };
        let refused = world.store.insert_visits(vec![imported(correction, TimeMasks::default(), "a")]).await;
        assert!(matches!(refused, Err(StoreError::Conflict("visit_import_corrects"))));
    }
}

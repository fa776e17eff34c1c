//! What is no event: amounts that events follow, measured speeds, and answers
//! of surveys.

use crate::support::*;
use fyren::store::{NewImport, Origin, StoreError, StoredCount, event_id, import_id};
use fyren_core::domain::*;
use geo_types::{MultiPolygon, polygon};

fn origin(row: u32) -> Origin {
    Origin { dataset: "tests".into(), external_key: format!("row-{row}") }
}

fn begun() -> NewImport {
    let began = at("2026-05-04T10:00:00Z");
    NewImport {
        id: import_id(began, id(1)),
        municipality: Some(code()),
        kind: "exposure".into(),
        dataset: "tests".into(),
        fingerprint: digest(0xb1, 1),
        actor: "coordinator-1".into(),
        began,
        alive_until: at("2026-05-04T10:02:00Z"),
        undo: None,
    }
}

fn places() -> [ExposurePlace; 4] {
    let area = polygon![(x: 11.2, y: 58.3), (x: 11.3, y: 58.3), (x: 11.3, y: 58.4)];
    let position = Position { longitude: 11.25, latitude: 58.36 };
    [
        ExposurePlace::Around { position, radius_m: 400.0 },
        ExposurePlace::Area(MultiPolygon(vec![area])),
        ExposurePlace::District(DistrictCode("109051".into())),
        ExposurePlace::Municipality,
    ]
}

fn items() -> Vec<(ExposureItem, Origin)> {
    let mut factors = [0.25; 12];
    factors[6] = 1.0 / 3.0;
    let item = |(row, place): (u32, ExposurePlace)| {
        let item = ExposureItem {
            id: event_id(begun().id, 1, row),
            municipality: code(),
            kind: ExposureKind::Beds,
            name: row.is_multiple_of(2).then(|| "Badhotellet".to_owned()),
            place,
            amount: 40.5,
            months: Months::new(factors).unwrap(),
        };
        (item, origin(row))
    };
    (1..).zip(places()).map(item).collect()
}

fn hours(number: u32) -> Vec<(SpeedHour, Origin)> {
    let hour = |row: u32| {
        let hour = SpeedHour {
            id: event_id(begun().id, 1, row),
            municipality: code(),
            site: "Väjern".into(),
            position: row
                .is_multiple_of(2)
                .then_some(Position { longitude: 11.25, latitude: 58.37 }),
            start: at("2026-05-04T00:00:00Z") + jiff::SignedDuration::from_hours(row.into()),
            count: row,
            mean_kmh: Some(44.25),
            v85_kmh: None,
            limit_kmh: Some(40.0),
        };
        (hour, origin(row))
    };
    (1..=number).map(hour).collect()
}

fn answers() -> Vec<(SurveyAnswer, Origin)> {
    let answer = |row: u32| {
        let answer = SurveyAnswer {
            id: event_id(begun().id, 1, row),
            municipality: code(),
            survey: "synthetic survey".into(),
            year: 2022,
            mode: if row == 1 { SurveyMode::Probability } else { SurveyMode::Open },
            district: (row > 1).then(|| DistrictCode("109051".into())),
            question: "otrygg_sen_kväll".into(),
            wording: (row > 1).then(|| "Hur trygg känner du dig?".to_owned()),
            group: "all".into(),
            asked: 29 + row,
            value: 25.5,
            unit: SurveyUnit::Percent,
            interval: (row == 1).then_some((20.25, 30.75)),
            source: None,
            note: (row == 2).then(|| "synthetic".to_owned()),
        };
        (answer, origin(row))
    };
    (1..=3).map(answer).collect()
}

contract! {
    async fn answers_are_read_as_they_were_imported_and_go_with_their_import(world: World) {
        let world = world.settled().await;
        let store = &world.store;
        store.begin_import(begun()).await.unwrap();
        let count = store.insert_surveys(answers()).await.unwrap();
        assert_eq!(count, StoredCount { stored: 3, known: 0 });
        let again = store.insert_surveys(answers()).await.unwrap();
        assert_eq!(again, StoredCount { stored: 0, known: 3 });
        let wanted: Vec<_> = answers().into_iter().map(|(answer, _)| answer).collect();
        assert_eq!(store.survey_answers(&code()).await.unwrap(), wanted);
        while !store.undo_import_part(begun().id, entry("undo_import")).await.unwrap() {}
        assert!(store.survey_answers(&code()).await.unwrap().is_empty());
    }

    async fn amounts_are_read_as_they_were_imported_and_once(world: World) {
        let world = world.settled().await;
        let store = &world.store;
        let head = store.head(&code()).await.unwrap();
        let mut file = items();
        file.push((file[0].0.clone(), origin(1)));
        file[4].0.id = event_id(begun().id, 1, 9);
        let count = store.insert_exposures(file.clone()).await.unwrap();
        assert_eq!(count, StoredCount { stored: 4, known: 1 });
        let again = store.insert_exposures(file).await.unwrap();
        assert_eq!(again, StoredCount { stored: 0, known: 5 });
        let wanted: Vec<_> = items().into_iter().map(|(item, o)| (item, o.dataset)).collect();
        assert_eq!(store.exposures(&code()).await.unwrap(), wanted);
        // Whoever keeps the municipality hears of it, once.
        let changes = store.changes_since(&code(), head, 9).await.unwrap();
        assert_eq!(changes.len(), 1);
        assert_eq!(changes[0].kind, ChangeKind::Municipality);
    }

    async fn hours_are_read_by_time_and_go_with_their_import(world: World) {
        let world = world.settled().await;
        let store = &world.store;
        store.begin_import(begun()).await.unwrap();
        // More than a statement holds.
        let count = store.insert_speeds(hours(300)).await.unwrap();
        assert_eq!(count, StoredCount { stored: 300, known: 0 });
        let (from, to) = (at("2026-05-04T02:00:00Z"), at("2026-05-04T04:00:00Z"));
        let read = store.speed_hours(&code(), Some(from), Some(to)).await.unwrap();
        let wanted: Vec<_> = hours(3).into_iter().skip(1).map(|(hour, _)| hour).collect();
        assert_eq!(read, wanted);
        store.insert_exposures(items()).await.unwrap();
        while !store.undo_import_part(begun().id, entry("undo_import")).await.unwrap() {}
        assert!(store.speed_hours(&code(), None, None).await.unwrap().is_empty());
        assert!(store.exposures(&code()).await.unwrap().is_empty());
    }

    async fn amounts_of_a_municipality_that_is_not_there_are_refused(world: World) {
        let world = world.settled().await;
        let elsewhere = MunicipalityCode::parse("1484").unwrap();
        let mut file = items();
        file[0].0.municipality = elsewhere;
        let refused = world.store.insert_exposures(file).await;
        assert!(refused.is_err_and(|error| !matches!(error, StoreError::Corrupt(_))));
        assert!(world.store.exposures(&code()).await.unwrap().is_empty());
    }
}

//! Municipalities, measures, promises, releases and defects.

use crate::support::*;
use fyren::store::{Area, Defect, ExtraLayer, Idempotency, StoreError, Submitted};
use fyren_core::domain::*;

fn day(text: &str) -> jiff::civil::Date {
    text.parse().unwrap()
}

fn texts(text: &str) -> (String, String) {
    (format!("{text} sv"), format!("{text} en"))
}

fn measure(number: u128) -> Measure {
    Measure {
        id: id(number),
        municipality: code(),
        district: Some(DistrictCode("109051".into())),
        problem: texts("problem"),
        action: texts("action"),
        owner: "Tekniska".into(),
        context: Context::Municipal,
        decided_on: day("2026-03-01"),
        due_on: day("2026-06-01"),
        status: MeasureStatus::Running,
        indicator: Indicator::DefectsMended,
        outcome: None,
        promise: Some("2023-traffic".into()),
        spot: Some(Position { longitude: 11.25, latitude: 58.35 }),
        synthetic: true,
    }
}

fn promise(slug: &str) -> Promise {
    Promise {
        id: id(5),
        municipality: code(),
        slug: slug.into(),
        from: day("2023-01-01"),
        to: day("2024-12-31"),
        owner: PromiseOwner::Both,
        theme: "traffic".into(),
        text: texts("promise"),
        target: PromiseTarget::AtLeast(12),
        unit: TargetUnit::Visits,
        purposes: vec![Purpose::TrafficControl, Purpose::SobrietyControl],
        evidence: vec![
            Evidence { on: day("2024-05-01"), text: texts("second") },
            Evidence { on: day("2024-02-01"), text: texts("first") },
        ],
        verdict: None,
        verdict_reason: None,
        source: "Medborgarlöfte 2023-2024".into(),
    }
}

fn release(number: u8, kind: ReleaseKind, from: &str) -> Release {
    let cell = |cell_id: &str, group, band| ReleaseCell {
        cell_id: cell_id.into(),
        size_m: 400,
        group,
        band,
    };
    let district = |district: Option<&str>, category, band| ReleaseDistrict {
        district: district.map(|code| DistrictCode(code.into())),
        group: ReleaseGroup::Reports,
        category,
        band,
    };
    Release {
        id: ReleaseId(format!("{number:064x}")),
        municipality: code(),
        kind,
        window: ReleaseWindow { from: day(from), to: day("2026-01-01") },
        published_at: at("2026-02-01T06:00:00Z"),
        k: 5,
        synthetic: true,
        cells: vec![
            cell("400/7/9", ReleaseGroup::Reports, Band::From10To19),
            cell("400/7/8", ReleaseGroup::Safe, Band::From5To9),
            cell("400/7/8", ReleaseGroup::Reports, Band::From50),
        ],
        districts: vec![
            district(Some("109051"), None, None),
            district(None, Some(Category::Lighting), Some(Band::From20To49)),
            district(None, None, Some(Band::From20To49)),
        ],
    }
}

fn defect(number: u128) -> Defect {
    Defect {
        id: id(number),
        municipality: code(),
        category: Category::Lighting,
        position: Position { longitude: 11.25, latitude: 58.35 },
        snapped_to: "50/1/2".into(),
        owner: "municipality".into(),
        status: ReportStatus::Received,
        published_on: day("2026-05-06"),
    }
}

contract! {
    async fn a_municipality_is_read_as_it_was_saved_and_can_be_replaced(world: World) {
        let store = &world.store;
        assert!(store.municipality(&code()).await.unwrap().is_none());
        store.save_municipality(municipality(), entry("add_municipality")).await.unwrap();
        assert_eq!(store.municipality(&code()).await.unwrap(), Some(municipality()));
        store.submit_report(new_report(1)).await.unwrap();
        let mut districts = municipality().districts;
        districts.reverse();
        let later = Municipality { districts, localities: Vec::new(), land: None, ..municipality() };
        let seq = store.save_municipality(later.clone(), entry("add_municipality")).await.unwrap();
        assert_eq!(store.municipality(&code()).await.unwrap(), Some(later));
        assert_eq!(seq, Seq(3), "the feed goes on");
        assert!(store.report(&key(1)).await.unwrap().is_some(), "its events stay");
        let list = store.municipalities().await.unwrap();
        assert_eq!((list[0].name.as_str(), list[0].head, list.len()), ("Sotenäs", Seq(3), 1));
    }

    async fn areas_group_municipalities_that_are_there(world: World) {
        let world = world.settled().await;
        let store = &world.store;
        let area = Area { name: "lpo-fyrbodal".into(), municipalities: vec![code()] };
        store.save_area(area.clone(), entry("save_area")).await.unwrap();
        store.save_area(area.clone(), entry("save_area")).await.unwrap();
        assert_eq!(store.areas().await.unwrap(), std::slice::from_ref(&area));
        let stray = MunicipalityCode::parse("9999").unwrap();
        let wrong = Area { municipalities: vec![code(), stray], ..area.clone() };
        let refused = store.save_area(wrong, entry("save_area")).await;
        assert!(matches!(refused, Err(StoreError::NotFound("municipality"))));
        assert_eq!(store.areas().await.unwrap(), [area], "the refused change left no half");
    }

    async fn further_layers_are_kept_by_name(world: World) {
        let world = world.settled().await;
        let layer = |name: &str, geojson: &str| ExtraLayer { name: name.into(), geojson: geojson.into() };
        for geojson in ["{}", "{\"type\":\"FeatureCollection\"}"] {
            world.store.save_extra_layer(&code(), layer("stops", geojson)).await.unwrap();
        }
        world.store.save_extra_layer(&code(), layer("harbours", "[]")).await.unwrap();
        let layers = world.store.extra_layers(&code()).await.unwrap();
        let stops = layer("stops", "{\"type\":\"FeatureCollection\"}");
        assert_eq!(layers, [layer("harbours", "[]"), stops]);
    }

    async fn measures_are_saved_and_judged(world: World) {
        let world = world.settled().await;
        let store = &world.store;
        store.save_measure(measure(1), entry("write_measure")).await.unwrap();
        let later = Measure { decided_on: day("2026-04-01"), district: None, promise: None, spot: None, ..measure(2) };
        store.save_measure(later.clone(), entry("write_measure")).await.unwrap();
        let judged = Measure { outcome: Some(texts("outcome")), status: MeasureStatus::Done, ..measure(1) };
        store.save_measure(judged.clone(), entry("write_measure")).await.unwrap();
        assert_eq!(store.measures(&code()).await.unwrap(), [later, judged]);
    }

    async fn a_new_measure_is_stored_once_however_often_it_is_sent(world: World) {
        let world = world.settled().await;
        let store = &world.store;
        let key = idempotency(1);
        let created = store.create_measure(measure(1), key, entry("write_measure")).await.unwrap();
        assert_eq!(created, Submitted::Created(Seq(2)));
        let again = store.create_measure(measure(1), key, entry("write_measure")).await.unwrap();
        assert_eq!(again, Submitted::Replayed);
        let other = Idempotency { body_hash: digest(9, 9), ..key };
        let reused = store.create_measure(measure(2), other, entry("write_measure")).await.unwrap();
        assert_eq!(reused, Submitted::KeyReused);
        assert_eq!(store.measures(&code()).await.unwrap(), [measure(1)]);
        assert_eq!(store.head(&code()).await.unwrap(), Seq(2), "a repetition changes nothing");
    }

    async fn a_promise_is_replaced_by_its_slug_and_keeps_its_identity(world: World) {
        let world = world.settled().await;
        let store = &world.store;
        store.save_promise(promise("2023-traffic"), entry("write_promise")).await.unwrap();
        let need = Promise { id: id(6), target: PromiseTarget::NeedBased, ..promise("2023-a") };
        store.save_promise(need.clone(), entry("write_promise")).await.unwrap();
        let judged = Promise {
            id: id(99),
            verdict: Some(Verdict::Partly),
            verdict_reason: Some(texts("reason")),
            evidence: promise("x").evidence[..1].to_vec(),
            ..promise("2023-traffic")
        };
        store.save_promise(judged.clone(), entry("write_promise")).await.unwrap();
        let kept = Promise { id: id(5), ..judged };
        assert_eq!(store.promises(&code()).await.unwrap(), [need, kept]);
    }

    async fn a_release_is_for_good(world: World) {
        let world = world.settled().await;
        let store = &world.store;
        let year = release(1, ReleaseKind::YearCells, "2025-01-01");
        store.insert_release(year.clone(), entry("publish_release")).await.unwrap();
        assert_eq!(store.release(&year.id).await.unwrap(), Some(year.clone()));
        let same_window = Release { k: 9, ..release(2, ReleaseKind::YearCells, "2025-01-01") };
        let again = store.insert_release(same_window, entry("publish_release")).await;
        assert!(matches!(again, Err(StoreError::Conflict("release_exists"))));
        let same_id = store.insert_release(year.clone(), entry("publish_release")).await;
        assert!(matches!(same_id, Err(StoreError::Conflict("release_exists"))));
        let quarter = release(3, ReleaseKind::QuarterDistricts, "2025-10-01");
        store.insert_release(quarter.clone(), entry("publish_release")).await.unwrap();
        assert_eq!(store.releases(&code()).await.unwrap(), [quarter, year]);
    }

    async fn a_published_defect_follows_its_report_until_it_is_withdrawn(world: World) {
        let world = world.settled().await;
        let store = &world.store;
        store.submit_report(new_report(1)).await.unwrap();
        let audit = || entry_on("moderate_report", 1);
        store.publish_defect(&key(1), defect(50), audit()).await.unwrap();
        assert_eq!(store.defects(&code()).await.unwrap(), [defect(50)]);
        assert!(store.report(&key(1)).await.unwrap().unwrap().published);
        let twice = store.publish_defect(&key(1), defect(51), audit()).await;
        assert!(matches!(twice, Err(StoreError::Conflict("defect_exists"))));
        store.change_status(step(1, ReportStatus::Done), audit()).await.unwrap();
        assert_eq!(store.defects(&code()).await.unwrap()[0].status, ReportStatus::Done);
        store.withdraw_defect(&key(1), audit()).await.unwrap();
        assert!(store.defects(&code()).await.unwrap().is_empty());
        assert!(!store.report(&key(1)).await.unwrap().unwrap().published);
        let nothing = store.withdraw_defect(&key(1), audit()).await;
        assert!(matches!(nothing, Err(StoreError::NotFound("defect"))));
    }
}

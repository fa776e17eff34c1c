//! Patrol areas: saved whole, told apart by their names, deleted with a trace.

use crate::support::*;
use fyren::store::{StoreError, Submitted};
use fyren_core::domain::*;
use geo_types::{MultiPolygon, polygon};

fn square(west: f64) -> MultiPolygon {
    MultiPolygon(vec![polygon![
        (x: west, y: 58.3), (x: west + 0.1, y: 58.3), (x: west + 0.1, y: 58.4), (x: west, y: 58.4)
    ]])
}

fn set(number: u128, name: &str, made: &str) -> PatrolAreaSet {
    let area = |name: &str, share, districts: &[&str], west| PatrolArea {
        name: name.to_owned(),
        share,
        parts: 2,
        districts: districts.iter().map(|code| DistrictCode((*code).to_owned())).collect(),
        shape: square(west),
    };
    PatrolAreaSet {
        id: id(number),
        municipality: code(),
        name: name.to_owned(),
        made_at: at(made),
        by: Role::PolicePlanner,
        unit: AreaUnit::District,
        imbalance: 0.125,
        today_imbalance: (number == 1).then_some(1.5),
        areas: vec![area("Norr", 0.6, &["a", "b"], 11.1), area("Syd", 0.4, &[], 11.2)],
    }
}

contract! {
    async fn a_set_is_kept_whole_and_the_latest_is_listed_first(world: World) {
        let world = world.settled().await;
        let store = &world.store;
        let (old, new) = (set(1, "Vinter", "2026-05-01T10:00:00Z"), set(2, "Sommar", "2026-05-02T10:00:00Z"));
        for (key, one) in [(1, &old), (2, &new)] {
            let kept = store.keep_area_set(one.clone(), idempotency(key), entry("keep_patrol_areas")).await;
            assert!(matches!(kept, Ok(Submitted::Created(_))), "{kept:?}");
        }
        assert_eq!(store.area_sets(&code()).await.unwrap(), [new, old]);
        let other = MunicipalityCode::parse("1480").unwrap();
        assert!(store.area_sets(&other).await.unwrap().is_empty());
    }

    async fn a_name_is_given_once_and_a_repeated_request_stores_once(world: World) {
        let world = world.settled().await;
        let store = &world.store;
        let keep = async |number, key| {
            let one = set(number, "Sommar", "2026-05-01T10:00:00Z");
            store.keep_area_set(one, idempotency(key), entry("keep_patrol_areas")).await
        };
        assert!(matches!(keep(1, 1).await, Ok(Submitted::Created(_))));
        assert!(matches!(keep(1, 1).await, Ok(Submitted::Replayed)));
        let taken = keep(2, 2).await;
        assert!(matches!(taken, Err(StoreError::Conflict("name_taken"))), "{taken:?}");
        assert_eq!(store.area_sets(&code()).await.unwrap().len(), 1);
    }

    async fn a_deleted_set_leaves_no_row_but_the_feed_and_the_audit_log_tell_of_it(world: World) {
        let world = world.settled().await;
        let store = &world.store;
        let before = store.head(&code()).await.unwrap();
        let one = set(1, "Sommar", "2026-05-01T10:00:00Z");
        store.keep_area_set(one.clone(), idempotency(1), entry_on("keep_patrol_areas", 1)).await.unwrap();
        store.delete_area_set(&code(), id(1), entry_on("delete_patrol_areas", 1)).await.unwrap();
        assert!(store.area_sets(&code()).await.unwrap().is_empty());
        let left = world.raw().await.texts("SELECT name FROM patrol_areas").await;
        assert!(left.is_empty(), "{left:?}");
        let changes = store.changes_since(&code(), before, 10).await.unwrap();
        let kinds: Vec<ChangeKind> = changes.iter().map(|change| change.kind).collect();
        assert_eq!(kinds, [ChangeKind::Plan, ChangeKind::Plan]);
        let again = store.delete_area_set(&code(), id(1), entry("delete_patrol_areas")).await;
        assert!(matches!(again, Err(StoreError::NotFound(_))), "{again:?}");
        // The name is free again.
        let next = set(2, "Sommar", "2026-05-03T10:00:00Z");
        store.keep_area_set(next, idempotency(2), entry("keep_patrol_areas")).await.unwrap();
    }
}

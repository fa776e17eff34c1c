//! What is held back in the store reaches no draft.

use crate::sotenas::Sotenas;
use fyren::store::{AuditEntry, ExtraLayer};
use fyren_core::{
    analysis::release::Draft,
    domain::{Embargo, HiddenReason, Hours},
    plane::{CellId, Projection},
};

fn entry(place: &Sotenas) -> AuditEntry {
    AuditEntry {
        at: place.app.clock.now(),
        actor: "test".into(),
        action: "save_embargo".into(),
        municipality: Some(place.ground.code().clone()),
        subject: None,
        detail: String::new(),
    }
}

async fn last_year(place: &Sotenas) -> Draft {
    let preview = place.app.releases_of_year(&place.ground, 2025).await.unwrap();
    preview.windows[0].draft.clone().unwrap()
}

/// The south-west corner of the first published cell, as an embargo around
/// its centre.
fn around_first(place: &Sotenas, draft: &Draft) -> Embargo {
    let extent = CellId::parse(&draft.cells[0].cell_id).unwrap().extent();
    let centre = fyren_core::domain::Plane {
        east: f64::midpoint(extent.west, extent.east),
        north: f64::midpoint(extent.south, extent.north),
    };
    Embargo {
        id: "shelter".into(),
        municipality: place.ground.code().clone(),
        name: "A shelter".into(),
        place: Some((Projection::sweref99_tm().inverse(centre), 2_000.0)),
        days: None,
        hours: Hours::default(),
        since: place.app.clock.now(),
        until: None,
    }
}

#[tokio::test]
async fn nothing_is_drafted_around_an_embargo_until_it_is_lifted() {
    let place = Sotenas::with(120).await;
    let free = last_year(&place).await;
    let embargo = around_first(&place, &free);
    place.app.municipal.save_embargo(embargo, entry(&place)).await.unwrap();
    let held = last_year(&place).await;
    let first = &free.cells[0].cell_id;
    assert!(held.cells.iter().all(|cell| cell.cell_id != *first));
    assert!(held.outcomes[0].hidden[&HiddenReason::Embargo] >= 5);
    let code = place.ground.code();
    place.app.municipal.lift_embargo(code, "shelter", entry(&place)).await.unwrap();
    assert_eq!(last_year(&place).await, free);
}

#[tokio::test]
async fn imported_dwellings_keep_lonely_houses_out_of_small_cells() {
    let place = Sotenas::with(120).await;
    let free = last_year(&place).await;
    let first = CellId::parse(&free.cells[0].cell_id).unwrap().extent();
    let corner = fyren_core::domain::Plane { east: first.west + 1.0, north: first.south + 1.0 };
    let at = Projection::sweref99_tm().inverse(corner);
    let geojson = format!(
        r#"{{"type":"FeatureCollection","features":[{{"type":"Feature","properties":{{}},
        "geometry":{{"type":"Point","coordinates":[{},{}]}}}}]}}"#,
        at.longitude, at.latitude
    );
    let layer = ExtraLayer { name: "dwellings".into(), geojson };
    place.app.municipal.save_extra_layer(place.ground.code(), layer).await.unwrap();
    let masked = last_year(&place).await;
    assert!(masked.cells.iter().all(|cell| cell.cell_id != free.cells[0].cell_id));
    assert!(masked.outcomes[0].hidden[&HiddenReason::Dwellings] >= 5);
}

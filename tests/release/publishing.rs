//! What is published, and what never is.

use crate::sotenas::{Sotenas, draft};
use fyren::spatial::Filter;
use fyren_core::{
    analysis::release::{Outcome, WindowStatus},
    domain::{Category, Context, EventKind, Flags, ReleaseKind},
    plane::{CellId, Projection},
};
use std::collections::BTreeSet;

#[tokio::test]
async fn last_years_release_shows_cells_and_hides_each_other_report_for_a_reason() {
    let place = Sotenas::with(120).await;
    let preview = place.app.releases_of_year(&place.ground, 2025).await.unwrap();
    assert_eq!(preview.kinds, [ReleaseKind::YearCells], "2024 is a few weeks of reports");
    let draft = preview.windows[0].draft.as_ref().unwrap();
    assert!(draft.synthetic);
    assert!(draft.cells.len() >= 4, "{}", draft.cells.len());
    assert!(draft.cells.iter().all(|cell| CellId::parse(&cell.cell_id).is_some()));
    let reports: BTreeSet<u32> = draft.outcomes.iter().map(Outcome::reports).collect();
    assert_eq!(reports.len(), 1, "each face accounts for every report of the year");
}

#[tokio::test]
async fn a_release_is_published_once_and_named_by_its_content() {
    let place = Sotenas::with(120).await;
    let published = place.app.publish_year("test", &place.ground, 2025).await.unwrap();
    assert_eq!(published.len(), 1);
    assert_eq!(published[0].id.0.len(), 64);
    assert_eq!(place.app.publish_year("test", &place.ground, 2025).await.unwrap(), []);
    let stored = place.app.municipal.releases(place.ground.code()).await.unwrap();
    assert_eq!(stored, published);
    let again = place.app.releases_of_year(&place.ground, 2025).await.unwrap();
    assert_eq!(again.windows[0].status, WindowStatus::Published);
}

#[tokio::test]
async fn the_burst_is_quarantined() {
    let place = Sotenas::with(120).await;
    let filter = Filter { with: Flags::QUARANTINED, ..Filter::default() };
    let snapshot = place.app.layers.indexes().snapshot(&place.ground, Context::Municipal).await;
    let burst = snapshot.unwrap().select(&filter);
    assert_eq!(burst.len(), fyren_core::analysis::simulate::BURST_REPORTS);
}

#[tokio::test]
async fn a_lively_year_is_published_in_the_order_in_which_its_windows_close() {
    let place = Sotenas::with(300).await;
    let published = place.app.publish_year("test", &place.ground, 2026).await.unwrap();
    let ends: Vec<_> = published.iter().map(|release| release.window.to).collect();
    assert!(ends.is_sorted());
    assert_eq!(ends.last().unwrap().to_string(), "2026-10-01", "October is too young");
    let kinds: BTreeSet<_> = published.iter().map(|release| release.kind.code()).collect();
    assert_eq!(kinds, BTreeSet::from(["month_total", "quarter_districts"]));
}

#[tokio::test]
async fn a_defect_stands_at_the_centre_of_its_cell_and_not_at_the_reporters_pin() {
    let place = Sotenas::with(120).await;
    let shown = place.app.publish_simulated_defects(&place.ground, 6).await.unwrap();
    let defects = place.app.municipal.defects(place.ground.code()).await.unwrap();
    assert!(shown > 2 && defects.len() == shown);
    let lattice = Projection::sweref99_tm();
    for defect in &defects {
        let at = lattice.forward(defect.position);
        for metres in [at.east, at.north] {
            assert!((metres.rem_euclid(50.0) - 25.0).abs() < 0.01, "{metres}");
        }
        assert_eq!(defect.category.publicity(), fyren_core::domain::PublicityClass::Points);
    }
}

#[tokio::test]
async fn the_same_simulation_stores_nothing_twice_and_everything_says_synthetic() {
    let place = Sotenas::with(120).await;
    let again = place.app.simulate_reports(&place.ground, draft(120)).await.unwrap();
    assert_eq!((again.reports.stored, again.visits.stored), (0, 0));
    assert_eq!(again.reports.known, 270);
    assert!(place.ground.municipality.synthetic);
    for context in Context::ALL {
        let snapshot = place.app.layers.indexes().snapshot(&place.ground, *context).await.unwrap();
        let real = Filter { without: Flags::SYNTHETIC, ..Filter::default() };
        assert!(!snapshot.is_empty());
        assert!(snapshot.select(&real).is_empty());
    }
}

#[tokio::test]
async fn what_only_a_district_may_tell_has_no_point() {
    let place = Sotenas::with(3000).await;
    let snapshot = place.app.layers.indexes().snapshot(&place.ground, Context::Municipal).await;
    let fraud = Filter {
        kinds: vec![EventKind::Report],
        categories: vec![Category::FraudAttempt.code().to_owned()],
        ..Filter::default()
    };
    let fraud = snapshot.unwrap().select(&fraud);
    assert!(!fraud.is_empty());
    assert!(fraud.events().all(|event| event.position.is_none()));
}

//! Layers and their indexes over real stores on SQLite.
#![expect(clippy::unwrap_used, reason = "a test stops at what it did not expect")]

mod given;

use fyren::app::layers::{LayerAnswer, LayerRequest, Layers, Prepared, parse_query};
use fyren::app::{Error, Ground};
use fyren::store::{EventKey, Store};
use fyren_core::domain::{Context, Layer, Role};
use given::{Given, audit, ground, municipality, report};
use std::sync::Arc;

async fn prepared(layers: &Layers, ground: &Arc<Ground>, layer: Layer) -> Prepared {
    let query = parse_query(layer, &[], &ground.zone).ok().unwrap();
    let today = "2026-11-22".parse().unwrap();
    let roles = Some(vec![Role::Coordinator]);
    let ground = Arc::clone(ground);
    layers.prepare(LayerRequest { ground, layer, roles, query, today }).await.ok().unwrap()
}

async fn answer(layers: &Layers, ground: &Arc<Ground>, layer: Layer) -> LayerAnswer {
    prepared(layers, ground, layer).await.answer().await.ok().unwrap()
}

async fn count(layers: &Layers, ground: &Arc<Ground>) -> usize {
    answer(layers, ground, Layer::Reports).await.number_returned()
}

/// Waits until `store` has noticed a commit that it did not make.
async fn noticed(store: &Arc<dyn Store>, act: impl Future<Output = ()>) {
    let mut commits = store.subscribe();
    commits.mark_unchanged();
    act.await;
    let waiting = tokio::time::timeout(std::time::Duration::from_secs(20), commits.changed());
    waiting.await.expect("the commit of another process is noticed").unwrap();
}

#[tokio::test]
async fn a_report_is_in_its_layer_as_soon_as_it_is_acknowledged() {
    let given = Given::new().await;
    let layers = given.layers();
    let ground = ground("1427");
    assert_eq!(count(&layers, &ground).await, 0);
    for expected in 1..=20 {
        given.insert(&[report("1427", expected)]).await;
        assert_eq!(count(&layers, &ground).await, usize::try_from(expected).unwrap());
    }
}

#[tokio::test]
async fn what_another_process_writes_arrives_by_itself() {
    let given = Given::new().await;
    let layers = given.layers();
    let ground = ground("1427");
    assert_eq!(count(&layers, &ground).await, 0);
    let other = given.reopened().await;
    noticed(&given.municipal, other.insert(&[report("1427", 1)])).await;
    assert_eq!(count(&layers, &ground).await, 1);
}

#[tokio::test]
async fn an_erased_report_leaves_the_index() {
    let given = Given::new().await;
    let layers = given.layers();
    let ground = ground("1427");
    let reports = [report("1427", 1), report("1427", 2)];
    given.insert(&reports).await;
    assert_eq!(count(&layers, &ground).await, 2);
    let key = EventKey { municipality: municipality("1427").code, id: reports[0].event.id };
    given.municipal.erase_report(&key, audit("erase_person")).await.unwrap();
    assert_eq!(count(&layers, &ground).await, 1);
}

#[tokio::test]
async fn the_version_of_a_staff_layer_moves_with_the_feed_and_survives_a_restart() {
    let given = Given::new().await;
    let ground = ground("1427");
    given.insert(&[report("1427", 1)]).await;
    let layers = given.layers();
    let before = prepared(&layers, &ground, Layer::Reports).await.version().to_owned();
    let heat = prepared(&layers, &ground, Layer::Heat).await.version().to_owned();
    assert_ne!(before, heat);

    let restarted = given.reopened().await;
    let again = prepared(&restarted.layers(), &ground, Layer::Reports).await;
    assert_eq!(again.version(), before);

    given.insert(&[report("1427", 2)]).await;
    assert_ne!(prepared(&layers, &ground, Layer::Reports).await.version(), before);
}

#[tokio::test]
async fn the_version_of_a_public_layer_says_nothing_about_reports() {
    let given = Given::new().await;
    let layers = given.layers();
    let ground = ground("1427");
    let mut versions = Vec::new();
    for number in 0..3 {
        given.insert(&[report("1427", number)]).await;
        versions.push(prepared(&layers, &ground, Layer::ReleaseCells).await.version().to_owned());
    }
    versions.dedup();
    assert_eq!(versions.len(), 1);
    given.municipal.insert_release(given::release(), audit("publish_release")).await.unwrap();
    let after = prepared(&layers, &ground, Layer::ReleaseCells).await;
    assert_ne!(after.version(), versions[0]);
    let answer = after.answer().await.ok().unwrap();
    assert_eq!(answer.number_returned(), 1);
    let fields: Vec<_> = answer.features().next().unwrap().fields.iter().map(|f| f.0).collect();
    assert_eq!(fields, ["cellId", "sizeM", "band", "group", "from", "to"]);
    assert!(!answer.members().iter().any(|(name, _)| *name == "generation"));
}

#[tokio::test]
async fn nobody_reads_a_staff_layer_without_signing_in() {
    let given = Given::new().await;
    let layers = given.layers();
    let ground = ground("1427");
    let ask = async |layer, roles| {
        let query = parse_query(layer, &[], &ground.zone).ok().unwrap();
        let today = "2026-11-22".parse().unwrap();
        let ground = Arc::clone(&ground);
        layers.prepare(LayerRequest { ground, layer, roles, query, today }).await.err()
    };
    assert!(matches!(ask(Layer::Reports, None).await, Some(Error::Unauthenticated)));
    assert!(matches!(ask(Layer::Reports, Some(vec![])).await, Some(Error::NotFound)));
    let auditor = Some(vec![Role::Auditor]);
    assert!(matches!(ask(Layer::Reports, auditor).await, Some(Error::Forbidden)));
    assert!(ask(Layer::Districts, None).await.is_none());
}

#[tokio::test]
async fn the_index_that_was_not_used_for_longest_leaves_for_want_of_room() {
    let given = Given::new().await;
    given.add(&municipality("1480")).await;
    given.insert(&[report("1427", 1), report("1480", 2)]).await;
    let indexes = given.indexes(1);
    let (first, second) = (ground("1427"), ground("1480"));
    let held = indexes.snapshot(&first, Context::Municipal).await.ok().unwrap();
    indexes.snapshot(&second, Context::Municipal).await.ok().unwrap();
    assert_eq!(indexes.load().0, 1);
    // Whoever reads a snapshot keeps it, and the next one is loaded anew.
    assert_eq!(held.len(), 1);
    given.insert(&[report("1427", 3)]).await;
    let again = indexes.snapshot(&first, Context::Municipal).await.ok().unwrap();
    assert_eq!((again.len(), indexes.load().0), (2, 1));
}

#[tokio::test]
async fn many_who_ask_at_once_wait_for_one_loading() {
    let given = Given::new().await;
    let many: Vec<_> = (0..3_000).map(|number| report("1427", number)).collect();
    given.insert(&many).await;
    let indexes = given.indexes(usize::MAX);
    let ground = ground("1427");
    let asking = (0..32).map(|_| indexes.snapshot(&ground, Context::Municipal));
    for snapshot in futures_util::future::join_all(asking).await {
        assert_eq!(snapshot.ok().unwrap().len(), 3_000);
    }
}

#[tokio::test]
async fn a_large_import_is_merged_and_answers_the_same() {
    let given = Given::new().await;
    let layers = given.layers();
    let ground = ground("1427");
    assert_eq!(count(&layers, &ground).await, 0);
    let many: Vec<_> = (0..6_000).map(|number| report("1427", number)).collect();
    given.insert(&many).await;
    for _ in 0..3 {
        assert_eq!(count(&layers, &ground).await, 6_000);
    }
}

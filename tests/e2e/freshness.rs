//! 304 only where it is true: after a change never, after a restart always.

use crate::house::{Answer, House, SOTENAS, report_at, signed};
use serde_json::json;

async fn conditional(house: &House, path: &str, token: &str, etag: &str) -> Answer {
    let request = signed(house.client().get(house.url(path)), token);
    house.send(request.header("If-None-Match", etag)).await
}

#[tokio::test]
async fn an_unchanged_layer_is_not_sent_again_also_after_a_restart() {
    let mut house = House::sotenas();
    let token = house.token("coordinator");
    house.serve(&[]).await;
    house.report("first", &report_at(0)).await;
    house.until("reports", &token, |reports| reports.len() == 1).await;
    let path = format!("{SOTENAS}/layers/reports");
    let first = house.get(&path, &token).await;
    assert!(first.etag.starts_with('"'), "a strong tag: {}", first.etag);
    assert_eq!(conditional(&house, &path, &token, &first.etag).await.status, 304);
    assert!(house.stop());
    house.serve(&[]).await;
    assert_eq!(conditional(&house, &path, &token, &first.etag).await.status, 304);
    house.report("second", &report_at(40)).await;
    house.until("reports", &token, |reports| reports.len() == 2).await;
    let changed = conditional(&house, &path, &token, &first.etag).await;
    assert_eq!(changed.status, 200);
    assert_ne!(changed.etag, first.etag);
}

#[tokio::test]
async fn other_parameters_roles_and_languages_never_get_304_for_each_other() {
    let mut house = House::sotenas();
    let token = house.token("coordinator");
    house.serve(&[]).await;
    let path = format!("{SOTENAS}/layers/reports");
    let plain = house.get(&path, &token).await;
    for other in ["?category=litter", "?crs=EPSG:3006", "?hours=22-04", ".csv"] {
        let answer = conditional(&house, &format!("{path}{other}"), &token, &plain.etag).await;
        assert_eq!(answer.status, 200, "{other}: {}", answer.text);
    }
    let officer = house.token("officer");
    let visits = format!("{SOTENAS}/layers/visits");
    let municipal = house.get(&visits, &token).await;
    assert_eq!(conditional(&house, &visits, &officer, &municipal.etag).await.status, 200);
}

#[tokio::test]
async fn what_another_process_imports_is_seen_by_the_running_server() {
    let mut house = House::sotenas();
    let token = house.token("coordinator");
    house.serve(&[]).await;
    let path = format!("{SOTENAS}/layers/incidents");
    let before = house.get(&path, &token).await;
    assert_eq!(before.features().len(), 0);
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/data/sotenas/police-events.csv");
    let arguments = ["import", "incidents", file, "--municipality", "1427", "--json"];
    let told: serde_json::Value = serde_json::from_str(&house.run(&arguments, "")).unwrap();
    assert_eq!((&told["read"], &told["stored"]), (&json!(56), &json!(56)), "{told}");
    house.until("incidents", &token, |incidents| incidents.len() == 56).await;
    assert_eq!(conditional(&house, &path, &token, &before.etag).await.status, 200);
    let again: serde_json::Value = serde_json::from_str(&house.run(&arguments, "")).unwrap();
    assert_eq!((&again["stored"], &again["known"]), (&json!(0), &json!(56)), "{again}");
}

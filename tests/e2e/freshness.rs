//! 304 only where it is true: after a change never, after a restart always.

use crate::ground_files::{area, land_polygons};
use crate::house::{Answer, House, SOTENAS, on_both_engines, report_at, signed};
use serde_json::json;

async fn conditional(house: &House, path: &str, token: &str, etag: &str) -> Answer {
    let request = signed(house.client().get(house.url(path)), token);
    house.send(request.header("If-None-Match", etag)).await
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

on_both_engines! {
async fn an_unchanged_layer_is_not_sent_again_also_after_a_restart(mut house: House) {
    house = house.in_sotenas();
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

async fn what_another_process_imports_is_seen_by_the_running_server(mut house: House) {
    house = house.in_sotenas();
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

async fn a_municipality_that_an_other_process_changes_is_seen_by_a_running_server(mut house: House) {
    house = house.in_sotenas();
    house.serve(&[]).await;
    let path = SOTENAS.to_owned();
    let before = house.get(&path, "").await.json();
    assert_ne!(before["name"], "Nya Sotenäs");
    house.run(&["municipality", "add", "1427", "--name", "Nya Sotenäs"], "");
    house.run(&["municipality", "add", "1430"], "");
    let renamed = async { while house.get(&path, "").await.json()["name"] != "Nya Sotenäs" {} };
    tokio::time::timeout(crate::house::PATIENCE, renamed).await.expect("the new name is seen");
    let added = house.get("/api/v1/municipalities/1430/categories", "").await;
    assert_eq!(added.status, 200, "{}", added.text);
}

async fn a_coast_that_an_other_process_imports_is_that_of_a_running_server(mut house: House) {
    house = house.in_sotenas();
    house.serve(&["--rate-limit", "off"]).await;
    let dry = json!({"category": "lighting", "place": {"longitude": 11.26, "latitude": 58.37}});
    let send = async |key: &str| {
        let path = format!("{SOTENAS}/reports");
        house.post(&path, "", key, &dry).await.json()["warnings"][0]["rule"] == "on_water"
    };
    assert!(!send("before").await);
    let path = house.path("land_polygons.shp");
    land_polygons(&path, &[area(11.30, 58.30, 11.40, 58.50)]);
    house.run(&["basemap", "import", path.to_str().unwrap(), "--municipality", "1427"], "");
    let flooded = async {
        for key in 0.. {
            if send(&key.to_string()).await {
                break;
            }
        }
    };
    tokio::time::timeout(crate::house::PATIENCE, flooded).await.expect("the new coast is seen");
    let base = house.get("/1427/base.json", "").await.json();
    assert_eq!(base["basemap"]["coast"], true, "and its tiles");
}
}

//! What staff see and do of one report.

use super::server::Server;
use axum::http::StatusCode;
use fyren_core::domain::Role;
use serde_json::{Value, json};

const M: &str = "/api/v1/municipalities/1427";

pub async fn send(server: &Server, key: &str, category: &str, longitude: f64) {
    let body = json!({
        "category": category,
        "place": {"longitude": longitude, "latitude": 58.3577},
        "when": {"hours": "20-24", "weekdays": "fri,sat", "season": "autumn"}
    });
    let headers = [("idempotency-key", key)];
    let answer = server.post(&format!("{M}/reports"), &headers, &body.to_string()).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{}", String::from_utf8_lossy(&answer.body));
}

/// The identities of every report, from west to east.
pub async fn ids(server: &Server) -> Vec<String> {
    let layer = server.get_as(Role::Coordinator, &format!("{M}/layers/reports")).await.json();
    let mut rows: Vec<(f64, String)> =
        layer["features"].as_array().unwrap().iter().map(row).collect();
    rows.sort_by(|a, b| a.0.total_cmp(&b.0));
    rows.into_iter().map(|(_, id)| id).collect()
}

fn row(feature: &Value) -> (f64, String) {
    let longitude = feature["geometry"]["coordinates"][0].as_f64().unwrap();
    (longitude, feature["id"].as_str().unwrap().to_owned())
}

#[tokio::test]
async fn a_report_is_shown_with_its_time_and_its_neighbours() {
    let server = Server::start().await;
    send(&server, "a", "lighting", 11.2239).await;
    send(&server, "b", "lighting", 11.2241).await;
    send(&server, "c", "casing", 11.2240).await;
    send(&server, "d", "lighting", 11.2639).await;
    let ids = ids(&server).await;
    let path = format!("{M}/reports/{}", ids[0]);
    let shown = server.get_as(Role::Coordinator, &path).await.json();
    let near: Vec<_> = shown["neighbours"].as_array().unwrap().iter().collect();
    assert_eq!(near.len(), 2, "{shown}");
    assert!(near[0]["metres"].as_f64().unwrap() <= near[1]["metres"].as_f64().unwrap());
    assert_eq!(shown["when"]["hours"], json!([20, 21, 22, 23]));
    assert_eq!(shown["publishable"], true);
    let seen = server.get_as(Role::Officer, &path).await.json();
    assert_eq!(seen["neighbours"].as_array().unwrap().len(), 1, "suspicions are not for all");
}

#[tokio::test]
async fn a_suspicion_is_for_the_coordinator_alone() {
    let server = Server::start().await;
    send(&server, "a", "casing", 11.2239).await;
    let path = format!("{M}/reports/{}", ids(&server).await[0]);
    assert_eq!(server.get_as(Role::Coordinator, &path).await.status, StatusCode::OK);
    for role in [Role::Officer, Role::PolicePlanner, Role::Est, Role::Admin] {
        assert_eq!(server.get_as(role, &path).await.status, StatusCode::NOT_FOUND, "{role}");
    }
}

#[tokio::test]
async fn reports_are_merged_and_marked_as_repeated() {
    let server = Server::start().await;
    for (key, longitude) in [("a", 11.2239), ("b", 11.2240), ("c", 11.2241)] {
        send(&server, key, "lighting", longitude).await;
    }
    let ids = ids(&server).await;
    let one = |at: usize, what: &str| format!("{M}/reports/{}/{what}", ids[at]);
    let merged = json!({"into": ids[0]});
    let answer = server.post_as(Role::Coordinator, &one(1, "merge"), "k", &merged).await;
    assert_eq!(answer.status, StatusCode::NO_CONTENT);
    let twice = server.post_as(Role::Coordinator, &one(0, "merge"), "k", &merged).await;
    assert_eq!(twice.status, StatusCode::CONFLICT);
    let of = json!({"of": ids[0]});
    let answer = server.post_as(Role::Coordinator, &one(2, "duplicate"), "k", &of).await;
    assert_eq!(answer.status, StatusCode::NO_CONTENT);
    let path = format!("{M}/reports/{}", ids[0]);
    let shown = server.get_as(Role::Est, &path).await.json();
    assert_eq!((&shown["merged"], &shown["repeats"]), (&json!([ids[1]]), &json!([ids[2]])));
    assert_eq!(shown["voices"], 2);
    let none = json!({"of": null});
    server.post_as(Role::Coordinator, &one(2, "duplicate"), "k", &none).await;
    let shown = server.get_as(Role::Est, &path).await.json();
    assert_eq!(shown["repeats"], json!([]));
    let forbidden = server.post_as(Role::Est, &one(2, "merge"), "k", &merged).await;
    assert_eq!(forbidden.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn the_loop_tells_of_answers_only_where_k_were_given() {
    let server = Server::start().await;
    for at in 0..4 {
        send(&server, &format!("k{at}"), "lighting", 11.2239).await;
    }
    for id in ids(&server).await {
        let step = json!({"status": "done", "answer": "Lampan är lagad."});
        let path = format!("{M}/reports/{id}/status");
        assert_eq!(
            server.post_as(Role::Coordinator, &path, "k", &step).await.status,
            StatusCode::NO_CONTENT
        );
    }
    let told = server.get(&format!("{M}/loop"), &[]).await.json();
    assert_eq!(told["answers"]["answeredAtLeast"], json!(null), "{told}");
    let releases = server.get(&format!("{M}/releases"), &[]).await.json();
    assert_eq!(releases["total"], 0);
}

#[tokio::test]
async fn a_campaign_is_put_aside_with_its_reason_and_may_be_let_back_in() {
    let server = Server::start().await;
    for source in 0..20 {
        for nth in 0..5 {
            let body = json!({
                "category": "rowdiness",
                "place": {"longitude": 11.2239, "latitude": 58.3577}
            });
            let (key, token) =
                (format!("{source}-{nth}"), format!("browser-token-{source:04}-aaaaaaaa"));
            let headers = [("idempotency-key", key.as_str()), ("fyren-source", token.as_str())];
            let path = format!("{M}/reports");
            let sent = server.post(&path, &headers, &body.to_string()).await;
            assert_eq!(sent.status, StatusCode::CREATED);
        }
    }
    send(&server, "honest", "rowdiness", 11.2249).await;
    server.app.review_arrivals().await.unwrap();
    let aside = |layer: &Value| {
        let features = layer["features"].as_array().unwrap().clone();
        let aside = features.into_iter().filter(|f| f["properties"]["quarantined"] == true);
        aside.map(|f| f["id"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    let layer = server.get_as(Role::Coordinator, &format!("{M}/layers/reports")).await.json();
    let ids = aside(&layer);
    assert_eq!(ids.len(), 100, "every fake and nobody else");
    let path = format!("{M}/reports/{}", ids[0]);
    let shown = server.get_as(Role::Est, &path).await.json();
    assert_eq!(shown["quarantine"], "burst");
    assert!(shown["quarantineNote"].as_str().unwrap().starts_with("repeated_sources: 100 reports"));
    let back = json!({"reason": null});
    let lifted = server.post_as(Role::Coordinator, &format!("{path}/quarantine"), "k", &back).await;
    assert_eq!(lifted.status, StatusCode::NO_CONTENT);
    send(&server, "later", "rowdiness", 11.2259).await;
    server.app.review_arrivals().await.unwrap();
    let layer = server.get_as(Role::Coordinator, &format!("{M}/layers/reports")).await.json();
    assert_eq!(aside(&layer).len(), 99, "who lets one back in has the last word");
}

#[tokio::test]
async fn a_second_pin_at_the_same_lamp_repeats_the_first() {
    let server = Server::start().await;
    for (key, category, longitude) in [
        ("a", "lighting", 11.2239),
        ("b", "lighting", 11.2242),
        ("c", "lighting", 11.2245),
        ("d", "litter", 11.2240),
    ] {
        send(&server, key, category, longitude).await;
        server.app.review_arrivals().await.unwrap();
    }
    let ids = ids(&server).await;
    let first = server.get_as(Role::Est, &format!("{M}/reports/{}", ids[0])).await.json();
    let repeats: Vec<_> = first["repeats"].as_array().unwrap().iter().collect();
    assert_eq!(repeats.len(), 2, "{first}");
    assert_eq!(first["duplicateOf"], json!(null));
}

//! "I feel it too", and the probe: nothing public tells of a report that is not
//! published.

use super::moderation::{ids, send};
use super::server::{Answer, Server};
use axum::http::{Method, StatusCode};
use fyren_core::domain::{Audience, Layer, Role};
use serde_json::{Value, json};

const M: &str = "/api/v1/municipalities/1427";

async fn voice(server: &Server, defect: &str, token: &str) -> Answer {
    let headers: &[(&str, &str)] = if token.is_empty() { &[] } else { &[("fyren-source", token)] };
    server.post(&format!("{M}/defects/{defect}/voices"), headers, "").await
}

/// A report that is published as a defect: the identities of both.
async fn published(server: &Server, category: &str) -> (String, String) {
    send(server, "a", category, 11.2239).await;
    let report = ids(server).await[0].clone();
    let path = format!("{M}/reports/{report}/defect");
    let owner = json!({"owner": "Sotenäs kommun"});
    let answer = server.send_as(Role::Coordinator, Method::PUT, &path, &owner).await;
    assert!(answer.status.is_success(), "{}", String::from_utf8_lossy(&answer.body));
    let layer = server.get(&format!("{M}/layers/defects"), &[]).await.json();
    (report, layer["features"][0]["id"].as_str().unwrap().to_owned())
}

async fn voices(server: &Server, report: &str) -> Value {
    server.get_as(Role::Coordinator, &format!("{M}/reports/{report}")).await.json()["voices"]
        .clone()
}

#[tokio::test]
async fn a_source_has_one_voice_on_a_published_defect() {
    let server = Server::start().await;
    let (report, defect) = published(&server, "lighting").await;
    assert_eq!(voice(&server, &defect, "browser-1").await.json(), json!({"new": true}));
    assert_eq!(voice(&server, &defect, "browser-1").await.json(), json!({"new": false}));
    assert_eq!(voice(&server, &defect, "browser-2").await.json(), json!({"new": true}));
    assert_eq!(voices(&server, &report).await, 3);
    let form = format!("defect={defect}");
    let kind = [("content-type", "application/x-www-form-urlencoded")];
    let page = server.post("/1427/voice", &kind, &form).await;
    assert_eq!(page.status, StatusCode::OK);
    assert_eq!(voices(&server, &report).await, 4);
    let malformed = voice(&server, &defect, &"x".repeat(200)).await;
    assert_eq!(malformed.violations(), ["Fyren-Source: code_form"]);
    let step = json!({"status": "done", "answer": "Lampan är lagad."});
    server.post_as(Role::Coordinator, &format!("{M}/reports/{report}/status"), "k", &step).await;
    assert_eq!(voice(&server, &defect, "browser-3").await.status, StatusCode::CONFLICT);
}

#[tokio::test]
async fn senders_without_a_token_are_capped_by_their_network() {
    let server = Server::with_args(&["--rate-limit", "60"]).await;
    let (report, defect) = published(&server, "lighting").await;
    for _ in 0..30 {
        voice(&server, &defect, "").await;
    }
    let count = voices(&server, &report).await.as_u64().unwrap();
    assert!((2..=11).contains(&count), "{count}");
}

#[tokio::test]
async fn what_is_not_published_cannot_be_told_from_what_is_not_there() {
    let server = Server::start().await;
    send(&server, "a", "lighting", 11.2239).await;
    let report = ids(&server).await[0].clone();
    let answers = [
        voice(&server, &report, "t").await,
        voice(&server, "00000000000000000000000000000009", "t").await,
    ];
    let [known, unknown] = answers.map(|answer| {
        let mut said = answer.json();
        said["instance"].take();
        (answer.status, said)
    });
    assert_eq!(known.0, StatusCode::NOT_FOUND);
    assert_eq!(known, unknown);
    assert_eq!(voices(&server, &report).await, 1);
}

/// Everything that anybody may ask about the ground around a place.
async fn everything_public(server: &Server) -> Vec<(String, Vec<u8>, String)> {
    let mut paths: Vec<String> = Layer::ALL
        .iter()
        .filter(|layer| layer.audience() == Audience::Public)
        .flat_map(|layer| {
            let whole = format!("{M}/layers/{layer}");
            let near = format!("{whole}?bbox=11.2229,58.3567,11.2249,58.3587");
            let tile = format!("/tiles/1427/{layer}/14/8702/4860.mvt");
            [whole, near, tile]
        })
        .collect();
    for rest in ["loop", "releases", "measures", "search?q=smögen&near=11.2239,58.3577"] {
        paths.push(format!("{M}/{rest}"));
    }
    paths.push(format!("{M}/owner?longitude=11.2239&latitude=58.3577&category=lighting"));
    for page in ["picture", "promises", "district/109051", "report", "base.json"] {
        paths.push(format!("/1427/{page}"));
    }
    let mut answers = Vec::new();
    for path in paths {
        let answer = server.get(&path, &[]).await;
        let etag = answer.header("etag").to_owned();
        let mut body = String::from_utf8_lossy(&answer.body).into_owned();
        // A form's key is new each time.
        if let Some(at) = body.find("name=\"key\" value=\"") {
            body.replace_range(at..at + 60, "");
        }
        answers.push((path, body.into_bytes(), etag));
    }
    answers
}

#[tokio::test]
async fn a_probe_beside_a_place_learns_nothing_of_reports_that_are_not_published() {
    let server = Server::start().await;
    let (_, defect) = published(&server, "lighting").await;
    let before = everything_public(&server).await;
    assert!(before.iter().any(|(path, body, _)| {
        path.contains("defects?bbox") && String::from_utf8_lossy(body).contains(&defect)
    }));
    // One person many times, and k - 1 others, beside the published one.
    for at in 0..4 {
        send(&server, &format!("other-{at}"), "lighting", 11.22391).await;
        send(&server, &format!("fear-{at}"), "rowdiness", 11.22392).await;
        voice(&server, &defect, &format!("browser-{at}")).await;
    }
    let after = everything_public(&server).await;
    for (one, other) in before.iter().zip(&after) {
        assert_eq!(one.0, other.0);
        assert_eq!(String::from_utf8_lossy(&one.1), String::from_utf8_lossy(&other.1), "{}", one.0);
        assert_eq!(one.2, other.2, "{}", one.0);
    }
}

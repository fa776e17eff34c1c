//! Public records: requests for documents, and what is let go by decision.

use super::server::{Answer, Server};
use axum::http::{Method, StatusCode};
use fyren_core::domain::Role;
use serde_json::{Value, json};
use std::io::Read;

const M: &str = "/api/v1/municipalities/1427";

async fn send(server: &Server, key: &str, text: &str) {
    let place = json!({"longitude": 11.2239, "latitude": 58.3577});
    let body = json!({"category": "lighting", "place": place, "text": text}).to_string();
    let sent = server.post(&format!("{M}/reports"), &[("idempotency-key", key)], &body).await;
    assert_eq!(sent.status, StatusCode::CREATED);
}

async fn get(server: &Server, path: &str) -> Answer {
    server.get_as(Role::Coordinator, &format!("{M}/{path}")).await
}

async fn post(server: &Server, path: &str, body: &Value) -> Answer {
    server.post_as(Role::Coordinator, &format!("{M}/{path}"), "k", body).await
}

async fn put(server: &Server, path: &str, body: &Value) -> Answer {
    server.send_as(Role::Coordinator, Method::PUT, &format!("{M}/{path}"), body).await
}

async fn ids(server: &Server) -> Vec<String> {
    let layer = get(server, "layers/reports").await.json();
    let features = layer["features"].as_array().unwrap();
    features.iter().map(|feature| feature["id"].as_str().unwrap().to_owned()).collect()
}

async fn open(server: &Server) -> String {
    let asked = json!({"reference": "KS 2026/9", "asked": "Rapporter om belysning"});
    let opened = post(server, "record-requests", &asked).await;
    assert_eq!(opened.status, StatusCode::CREATED, "{}", String::from_utf8_lossy(&opened.body));
    opened.json()["id"].as_str().unwrap().to_owned()
}

fn unpacked(archive: Vec<u8>, name: &str) -> String {
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(archive)).unwrap();
    let mut text = String::new();
    archive.by_name(name).unwrap().read_to_string(&mut text).unwrap();
    text
}

#[tokio::test]
async fn a_request_is_selected_reviewed_and_handed_out_with_its_protocol() {
    let server = Server::start().await;
    send(&server, "a", "Lampan vid bryggan är trasig").await;
    send(&server, "b", "Så fråga Lars om lampan").await;
    send(&server, "c", "=HYPERLINK(\"x\") en hemlig uppgift").await;
    let id = open(&server).await;
    let whole = get(&server, &format!("record-requests/{id}")).await.json();
    let documents = whole["documents"].as_array().unwrap();
    assert_eq!((documents.len(), &whole["request"]["unreviewed"]), (3, &json!(3)));
    let of = |word: &str| {
        let found = documents.iter().find(|d| d["text"].as_str().unwrap().contains(word));
        found.unwrap().clone()
    };
    assert_eq!(of("Lars")["proposed"], "Så fråga ▮▮▮ om lampan");
    let early = get(&server, &format!("record-requests/{id}/export")).await;
    assert_eq!(early.status, StatusCode::CONFLICT);
    let path = |word: &str| {
        format!("record-requests/{id}/documents/{}", of(word)["report"].as_str().unwrap())
    };
    for (body, broken) in [
        (json!({"verdict": "mask", "text": "x"}), "ground: required"),
        (json!({"verdict": "withhold"}), "ground: required"),
        (json!({"verdict": "mask", "ground": "OSL 21 kap. 7 §"}), "text: required"),
        (json!({"verdict": "burn"}), "verdict: unknown_value"),
    ] {
        assert_eq!(put(&server, &path("Lars"), &body).await.violations(), [broken]);
    }
    let law = "OSL 35 kap. 1 §";
    for (word, body) in [
        ("bryggan", json!({"verdict": "release"})),
        ("Lars", json!({"verdict": "mask", "ground": law, "text": "Så fråga ▮▮▮ om lampan"})),
        ("hemlig", json!({"verdict": "withhold", "ground": law})),
    ] {
        assert_eq!(put(&server, &path(word), &body).await.status, StatusCode::NO_CONTENT);
    }
    let export = get(&server, &format!("record-requests/{id}/export")).await;
    assert_eq!((export.status, export.header("content-type")), (StatusCode::OK, "application/zip"));
    let page = unpacked(export.body.clone(), "index.html");
    let csv = unpacked(export.body, "documents.csv");
    for text in [&page, &csv] {
        assert!(text.contains("Lampan vid bryggan") && text.contains("▮▮▮"), "{text}");
        assert!(!text.contains("Lars") && !text.contains("hemlig"), "{text}");
        assert!(text.contains(law), "{text}");
    }
    assert!(page.contains("KS 2026&#x2f;9") && page.contains("coordinator"), "{page}");
    let close = post(&server, &format!("record-requests/{id}/close"), &Value::Null).await;
    assert_eq!(close.status, StatusCode::NO_CONTENT);
    let late = put(&server, &path("Lars"), &json!({"verdict": "release"})).await;
    assert_eq!(late.status, StatusCode::NOT_FOUND);
    let audit = server.app.municipal.audit_entries(0, 1_000).await.unwrap();
    for action in ["open_request", "read_request", "review_record", "export_request"] {
        assert!(audit.iter().any(|one| one.entry.action == action), "{action} is not logged");
    }
}

#[tokio::test]
async fn records_and_retention_are_for_whom_the_table_says() {
    let server = Server::start().await;
    send(&server, "a", "Lampan").await;
    let id = open(&server).await;
    let asked = json!({"reference": "KS 1", "asked": "Allt"});
    let decision = json!({"class": "report", "number": "1", "decidedOn": "2026-01-01", "days": 99});
    for role in [Role::Officer, Role::PolicePlanner, Role::Est, Role::Auditor, Role::Admin] {
        let requests = [
            server.get_as(role, &format!("{M}/record-requests")).await,
            server.get_as(role, &format!("{M}/record-requests/{id}")).await,
            server.get_as(role, &format!("{M}/record-requests/{id}/export")).await,
            server.post_as(role, &format!("{M}/record-requests"), "k", &asked).await,
            server.post_as(role, &format!("{M}/record-requests/{id}/close"), "k", &asked).await,
        ];
        assert!(requests.iter().all(|one| one.status == StatusCode::FORBIDDEN), "{role}");
        let expected = if role == Role::Admin { StatusCode::OK } else { StatusCode::FORBIDDEN };
        let shown = server.get_as(role, &format!("{M}/retention")).await;
        assert_eq!(shown.status, expected, "{role}");
        if role != Role::Admin {
            let path = format!("{M}/retention/decisions");
            let refused = server.post_as(role, &path, "k", &decision).await;
            assert_eq!(refused.status, StatusCode::FORBIDDEN, "{role}");
        }
    }
}

fn class<'v>(retention: &'v Value, name: &str) -> &'v Value {
    let classes = retention["classes"].as_array().unwrap();
    classes.iter().find(|class| class["class"] == name).unwrap()
}

#[tokio::test]
async fn nothing_is_let_go_without_a_decision_and_a_dry_run_comes_first() {
    let server = Server::start().await;
    for key in ["a", "b", "c"] {
        send(&server, key, "Lampan är trasig").await;
    }
    let all = ids(&server).await;
    for id in &all[..2] {
        let done = json!({"status": "done", "answer": "Lagad."});
        post(&server, &format!("reports/{id}/status"), &done).await;
    }
    server.clock.advance(800 * 86_400);
    let run = json!({"class": "report", "number": "KS 2026/7"});
    let refused = post(&server, "retention/runs", &run).await;
    assert_eq!(refused.violations(), ["class: no_decision"]);
    for (field, value, broken) in [
        ("days", json!(29), "days: out_of_range"),
        ("class", json!("everything"), "class: unknown_value"),
        ("decidedOn", json!("soon"), "decidedOn: date_form"),
        ("decidedOn", json!("2099-01-01"), "decidedOn: in_future"),
        ("number", json!(" "), "number: required"),
    ] {
        let mut body = json!({
            "class": "report", "number": "KS 2026/7", "decidedOn": "2026-02-01", "days": 730
        });
        body[field] = value;
        let refused = post(&server, "retention/decisions", &body).await;
        assert_eq!(refused.violations(), [broken]);
    }
    let decision = json!({
        "class": "report", "number": "KS 2026/7", "decidedOn": "2026-02-01", "days": 730
    });
    let entered = post(&server, "retention/decisions", &decision).await;
    assert_eq!(entered.status, StatusCode::NO_CONTENT);
    assert_eq!(post(&server, "retention/decisions", &decision).await.status, StatusCode::CONFLICT);
    let shown = get(&server, "retention").await.json();
    let dry = &class(&shown, "report")["dryRun"];
    assert_eq!((&dry["count"], &dry["heldOpen"]), (&json!(2), &json!(1)), "{dry}");
    assert_eq!(dry["rows"][0], json!({"category": "lighting", "month": "2026-11-01", "count": 2}));
    assert_eq!(ids(&server).await.len(), 3, "a dry run deletes nothing");
    assert!(class(&shown, "visit")["dryRun"].is_null(), "no decision, no run");
    let other = json!({"class": "report", "number": "KS 2025/1"});
    let refused = post(&server, "retention/runs", &other).await;
    assert_eq!(refused.violations(), ["number: not_in_force"]);
    let protocol = post(&server, "retention/runs", &run).await.json();
    assert_eq!((&protocol["count"], &protocol["heldOpen"]), (&json!(2), &json!(1)));
    assert_eq!(ids(&server).await, all[2..]);
    assert!(all[..2].iter().all(|id| !protocol.to_string().contains(id.as_str())));
    let kept = get(&server, "retention").await.json();
    assert_eq!(kept["runs"][0]["count"], 2);
    assert_eq!(class(&kept, "report")["dryRun"]["count"], 0);
    let about = server.get("/1427/about", &[("accept-language", "sv")]).await;
    let about = String::from_utf8_lossy(&about.body).into_owned();
    assert!(
        about.contains("KS 2026&#x2f;7, 2026-02-01"),
        "residents are told the decision: {about}"
    );
}

#[tokio::test]
async fn what_somebody_has_asked_for_is_not_let_go_until_it_is_handed_out() {
    let server = Server::start().await;
    send(&server, "a", "Lampan är trasig").await;
    let id = ids(&server).await.remove(0);
    let done = json!({"status": "done", "answer": "Lagad."});
    post(&server, &format!("reports/{id}/status"), &done).await;
    let request = open(&server).await;
    server.clock.advance(100 * 86_400);
    let decision = json!({
        "class": "report", "number": "KS 2026/7", "decidedOn": "2026-02-01", "days": 60
    });
    post(&server, "retention/decisions", &decision).await;
    let run = json!({"class": "report", "number": "KS 2026/7"});
    let held = post(&server, "retention/runs", &run).await.json();
    assert_eq!((&held["count"], &held["heldRequested"]), (&json!(0), &json!(1)));
    post(&server, &format!("record-requests/{request}/close"), &Value::Null).await;
    let gone = post(&server, "retention/runs", &run).await.json();
    assert_eq!(gone["count"], 1);
    assert!(ids(&server).await.is_empty());
}

#[tokio::test]
async fn what_was_masked_is_kept_until_its_own_decision_lets_it_go() {
    let server = Server::start().await;
    send(&server, "a", "Så fråga Lars om lampan").await;
    let id = ids(&server).await.remove(0);
    let mask = json!({"reason": "personal_data", "spans": [{"from": 9, "to": 13}]});
    post(&server, &format!("reports/{id}/redactions"), &mask).await;
    server.clock.advance(40 * 86_400);
    let decision = json!({
        "class": "original", "number": "KS 2026/8", "decidedOn": "2026-02-01", "days": 30
    });
    post(&server, "retention/decisions", &decision).await;
    let original = format!("reports/{id}/redactions/1");
    assert_eq!(get(&server, &original).await.status, StatusCode::OK);
    let run = json!({"class": "original", "number": "KS 2026/8"});
    assert_eq!(post(&server, "retention/runs", &run).await.json()["count"], 1);
    assert_eq!(get(&server, &original).await.status, StatusCode::NOT_FOUND);
    let shown = get(&server, &format!("reports/{id}")).await.json();
    assert_eq!(shown["text"], "Så fråga ▮▮▮ om lampan", "the report stays, masked");
}

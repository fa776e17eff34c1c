//! Wishes to start a watch: from the resident's report to the coordinator's
//! list, the receipt's answer and the promise.

use super::server::{Answer, Server};
use axum::http::{Method, StatusCode};
use fyren_core::domain::Role;
use serde_json::{Value, json};

const M: &str = "/api/v1/municipalities/1427";
const DAY: i64 = 86_400;

/// Sends a wish under a browser's token and gives its receipt.
async fn wish(server: &Server, number: u32) -> String {
    let body = json!({
        "category": "idea", "place": {"longitude": 11.2239, "latitude": 58.3577},
        "details": [if number.is_multiple_of(2) { "boat_watch" } else { "neighbour_watch" }]
    });
    let (key, token) = (format!("wish-{number}"), format!("browser-{number}-0123456789abcdef"));
    let headers = [("idempotency-key", key.as_str()), ("fyren-source", token.as_str())];
    let answer = server.post(&format!("{M}/reports"), &headers, &body.to_string()).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{}", String::from_utf8_lossy(&answer.body));
    answer.json()["receipt"].as_str().unwrap().to_owned()
}

async fn list(server: &Server) -> Value {
    server.get_as(Role::Coordinator, &format!("{M}/watch-wishes")).await.json()
}

async fn step(server: &Server, report: &Value, body: Value) -> Answer {
    let path = format!("{M}/watch-wishes/{}/steps", report.as_str().unwrap());
    server.send_as(Role::Coordinator, Method::POST, &path, &body).await
}

/// A promise on watches of this year, as the ledger keeps it.
async fn promised(server: &Server) {
    use fyren_core::domain::*;
    let promise = Promise {
        id: Id::from_bits(78),
        municipality: MunicipalityCode::parse("1427").unwrap(),
        slug: "watches".into(),
        from: jiff::civil::date(2026, 1, 1),
        to: jiff::civil::date(2026, 12, 31),
        owner: PromiseOwner::Both,
        theme: "watch".into(),
        text: ("Samverkan".into(), "Watches".into()),
        target: PromiseTarget::NoNumber,
        unit: TargetUnit::None,
        purposes: Vec::new(),
        evidence: Vec::new(),
        verdict: None,
        verdict_reason: None,
        source: "test".into(),
    };
    let audit = fyren::store::AuditEntry {
        at: "2026-01-02T12:00:00Z".parse().unwrap(),
        actor: "test".into(),
        action: "save_promise".into(),
        municipality: None,
        subject: None,
        detail: String::new(),
    };
    server.app.municipal.save_promise(promise, audit).await.unwrap();
}

async fn in_public(server: &Server) -> Value {
    let told = server.get(&format!("{M}/loop"), &[]).await.json();
    let promises = told["promises"].as_array().unwrap().clone();
    promises.into_iter().find(|one| one["promise"] == "watches").unwrap()["wishes"].clone()
}

async fn page(server: &Server) -> String {
    let page = server.get("/1427/promises", &[("accept-language", "en")]).await;
    String::from_utf8(page.body).unwrap()
}

#[tokio::test]
async fn a_wish_reaches_the_coordinator_and_its_answer_the_receipt() {
    let server = Server::start().await;
    let receipt = wish(&server, 2).await;
    let report = list(&server).await["items"][0].clone();
    assert_eq!(report["kinds"], json!(["boat_watch"]));
    assert_eq!((&report["state"], &report["answered"]), (&json!("new"), &json!(false)));
    let id = report["report"].clone();
    let told = step(
        &server,
        &id,
        json!({"state": "contacted", "reason": "Vi ses på mötet.", "on": "2026-11-20"}),
    );
    assert_eq!(told.await.status, StatusCode::NO_CONTENT);
    let again = step(&server, &id, json!({"state": "contacted", "reason": "Vi ses."})).await;
    assert_eq!(again.json()["type"], "/problems/wish_state");

    let authorization = format!("Receipt {receipt}");
    let seen = server.get("/api/v1/receipt", &[("authorization", &authorization)]).await.json();
    assert_eq!(seen["status"], "in_progress");
    assert!(seen.to_string().contains("Vi ses på mötet."), "{seen}");

    let area = json!({
        "kind": "boat", "name": "Båtsamverkan Smögen", "longitude": 11.2242, "latitude": 58.3546,
        "radiusM": 400, "status": "starting", "startedOn": "2026-11-21"
    });
    let area = server.post_as(Role::Coordinator, &format!("{M}/watch-areas"), "a", &area).await;
    let area = area.json()["id"].clone();
    let started = json!({"state": "started", "reason": "Den är i gång.", "area": area});
    assert_eq!(step(&server, &id, started).await.status, StatusCode::NO_CONTENT);
    let now = list(&server).await;
    assert_eq!(now["items"][0]["state"], "started");
    assert_eq!(now["items"][0]["steps"][0]["on"], "2026-11-20");
    assert_eq!(now["items"][0]["steps"][1]["area"], area);
    assert_eq!(
        now["counts"][0],
        json!({"promise": null, "from": null, "to": null, "wishes": 1, "answered": 1, "started": 1})
    );
}

#[tokio::test]
async fn a_step_names_its_reason_and_the_watch_that_started_and_lies_not_ahead() {
    let server = Server::start().await;
    wish(&server, 1).await;
    let id = list(&server).await["items"][0]["report"].clone();
    for (body, rule) in [
        (json!({"state": "contacted", "reason": " "}), "reason: required"),
        (json!({"state": "new", "reason": "x"}), "state: unknown_value"),
        (json!({"state": "started", "reason": "x"}), "area: required"),
        (json!({"state": "started", "reason": "x", "area": "00"}), "area: unknown_value"),
        (json!({"state": "contacted", "reason": "x", "area": "00"}), "area: not_allowed"),
        (json!({"state": "contacted", "reason": "x", "on": "2026-11-23"}), "on: in_future"),
    ] {
        assert_eq!(step(&server, &id, body).await.violations(), [rule]);
    }
    let none = json!("0123456789abcdef0123456789abcdef");
    let answer = step(&server, &none, json!({"state": "contacted", "reason": "x"})).await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
    let officer = server.get_as(Role::Officer, &format!("{M}/watch-wishes")).await;
    assert_eq!(officer.status, StatusCode::FORBIDDEN, "one by one they are the coordinator's");
}

#[tokio::test]
async fn the_promise_tells_the_public_a_closed_quarter_of_k_wishes_and_no_live_count() {
    let server = Server::start().await;
    promised(&server).await;
    server.clock.advance(-100 * DAY);
    for number in 1..=6 {
        wish(&server, number).await;
    }
    let ids: Vec<Value> = list(&server).await["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["report"].clone())
        .collect();
    for id in &ids[..5] {
        let told =
            step(&server, id, json!({"state": "not_taken_up", "reason": "Inte i år."})).await;
        assert_eq!(told.status, StatusCode::NO_CONTENT);
    }
    assert_eq!(in_public(&server).await.get("wishesAtLeast"), None, "the quarter runs");
    server.clock.advance(100 * DAY);
    let closed = in_public(&server).await;
    assert_eq!((&closed["wishesAtLeast"], &closed["answeredAtLeast"]), (&json!(5), &json!(5)));
    assert_eq!(closed["to"], "2026-10-01");
    let shown = page(&server).await;
    assert!(shown.contains("At least 5 wishes to start a watch came in"), "{shown}");

    // What comes now changes nothing in public, and is there at once for staff.
    for number in 10..=30 {
        wish(&server, number).await;
    }
    assert_eq!(in_public(&server).await, closed);
    assert_eq!(page(&server).await, shown);
    let live = list(&server).await["counts"].clone();
    assert_eq!(
        (&live[1]["promise"], &live[1]["wishes"], &live[1]["answered"]),
        (&json!("watches"), &json!(27), &json!(5))
    );
}

#[tokio::test]
async fn four_wishes_are_the_same_to_the_public_as_none() {
    let server = Server::start().await;
    promised(&server).await;
    let nothing = (in_public(&server).await, page(&server).await);
    server.clock.advance(-100 * DAY);
    for number in 1..=4 {
        wish(&server, number).await;
    }
    server.clock.advance(100 * DAY);
    assert_eq!((in_public(&server).await, page(&server).await), nothing);
    assert!(nothing.1.contains("too few to show without risk to those who wrote"));
    let live = list(&server).await["counts"].clone();
    assert_eq!(live[0]["wishes"], 4);
}

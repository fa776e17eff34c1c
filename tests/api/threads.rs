//! Staff and the sender of a report write to each other; the receipt is all that it takes.

use super::server::{Answer, Server};
use axum::http::StatusCode;
use fyren::clock::Clock;
use fyren_core::domain::Role;
use serde_json::{Value, json};

const M: &str = "/api/v1/municipalities/1427";

/// Sends a report and gives its receipt and its identity.
async fn sent(server: &Server, key: &str, category: &str) -> (String, String) {
    let place = json!({"longitude": 11.2239, "latitude": 58.3577});
    let body = json!({"category": category, "place": place});
    let headers = [("idempotency-key", key)];
    let answer = server.post(&format!("{M}/reports"), &headers, &body.to_string()).await;
    assert_eq!(answer.status, StatusCode::CREATED);
    let layer = format!("{M}/layers/reports");
    let layer = server.get_as(Role::Coordinator, &layer).await.json();
    let mut newest = layer["features"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|feature| feature["properties"]["category"] == category);
    let id = newest.next_back().unwrap()["id"].as_str().unwrap().to_owned();
    (answer.json()["receipt"].as_str().unwrap().to_owned(), id)
}

async fn say(server: &Server, receipt: &str, key: &str, body: &Value) -> Answer {
    let authorization = format!("Receipt {receipt}");
    let headers = [("authorization", authorization.as_str()), ("idempotency-key", key)];
    server.post("/api/v1/receipt/messages", &headers, &body.to_string()).await
}

async fn shown(server: &Server, receipt: &str) -> Value {
    let authorization = format!("Receipt {receipt}");
    server.get("/api/v1/receipt", &[("authorization", &authorization)]).await.json()
}

#[tokio::test]
async fn a_question_is_asked_and_answered_with_the_receipt_alone() {
    let server = Server::start().await;
    let (receipt, id) = sent(&server, "a", "lighting").await;
    let path = format!("{M}/reports/{id}/messages");
    let question = json!({"kind": "question", "text": "Vilken sida av vägen?"});
    for _ in 0..2 {
        let asked = server.post_as(Role::Officer, &path, "q", &question).await;
        assert_eq!(asked.status, StatusCode::CREATED);
    }
    let thread = shown(&server, &receipt).await["thread"].clone();
    assert_eq!(thread.as_array().unwrap().len(), 1, "sent twice, stored once");
    assert_eq!(thread[0]["organisation"], "police");
    assert_eq!(thread[0]["role"], "officer");
    assert!(!thread.to_string().contains("name"), "a role, never a person");

    let reply = json!({"kind": "reply", "text": "Den mot bryggan"});
    assert_eq!(say(&server, &receipt, "r", &reply).await.status, StatusCode::CREATED);
    let report = format!("{M}/reports/{id}");
    let seen = server.get_as(Role::Coordinator, &report).await.json();
    assert_eq!(seen["thread"][1]["text"], "Den mot bryggan");
    assert_eq!(seen["thread"][1]["seen"], false);
    let layer = server.get_as(Role::Coordinator, &format!("{M}/layers/reports")).await.json();
    assert_eq!(layer["features"][0]["properties"]["unread"], true);
    let read = server.post_as(Role::Officer, &format!("{path}/read"), "k", &json!({})).await;
    assert_eq!(read.status, StatusCode::NO_CONTENT);
    let seen = server.get_as(Role::Coordinator, &report).await.json();
    assert_eq!(seen["thread"][1]["seen"], true);
}

#[tokio::test]
async fn not_solved_opens_the_report_again_and_solved_does_not() {
    let server = Server::start().await;
    let (receipt, id) = sent(&server, "a", "lighting").await;
    let early = say(&server, &receipt, "e", &json!({"kind": "solved"})).await;
    assert_eq!(early.status, StatusCode::CONFLICT);
    let step = json!({"status": "done", "answer": "Lampan är lagad."});
    let path = format!("{M}/reports/{id}/status");
    server.post_as(Role::Coordinator, &path, "k", &step).await;
    let view = shown(&server, &receipt).await;
    assert_eq!(
        (&view["mayJudge"], &view["answers"][0]["role"]),
        (&json!(true), &json!("coordinator"))
    );
    let solved = say(&server, &receipt, "s", &json!({"kind": "solved"})).await;
    assert_eq!(solved.status, StatusCode::CREATED);
    assert_eq!(shown(&server, &receipt).await["status"], "done");
    let no = json!({"kind": "not_solved", "text": "Den är släckt igen"});
    for _ in 0..2 {
        assert_eq!(say(&server, &receipt, "n", &no).await.status, StatusCode::CREATED);
    }
    let view = shown(&server, &receipt).await;
    assert_eq!(view["status"], "reopened");
    assert_eq!(view["thread"].as_array().unwrap().len(), 2);
    let waiting = server.get_as(Role::Officer, &format!("{M}/unanswered")).await.json();
    assert_eq!(waiting["items"][0]["waitsFor"], "reopened", "{waiting}");
}

#[tokio::test]
async fn a_wrong_receipt_and_one_of_no_form_say_the_same_and_are_throttled() {
    let server = Server::start().await;
    let body = json!({"kind": "reply", "text": "hej"});
    let wrong = say(&server, "AAAAAAAAAAAAAAAAAAAAAA", "a", &body).await;
    let formless = say(&server, "nothing", "a", &body).await;
    assert_eq!((wrong.status, formless.status), (StatusCode::NOT_FOUND, StatusCode::NOT_FOUND));
    assert_eq!(wrong.body, formless.body);
    let mut last = wrong;
    for at in 0..30 {
        last = say(&server, "AAAAAAAAAAAAAAAAAAAAAA", &at.to_string(), &body).await;
    }
    assert_eq!(last.status, StatusCode::TOO_MANY_REQUESTS);
}

#[tokio::test]
async fn what_breaks_a_rule_is_refused_with_its_name() {
    let server = Server::start().await;
    let (receipt, id) = sent(&server, "a", "lighting").await;
    let empty = say(&server, &receipt, "1", &json!({"kind": "reply"})).await;
    assert_eq!(empty.violations(), ["text: required"]);
    let staffs = say(&server, &receipt, "2", &json!({"kind": "answer", "text": "x"})).await;
    assert_eq!(staffs.violations(), ["kind: unknown_value"]);
    let keyless = say(&server, &receipt, "", &json!({"kind": "reply", "text": "x"})).await;
    assert_eq!(keyless.status, StatusCode::BAD_REQUEST);
    let path = format!("{M}/reports/{id}/messages");
    let reply = json!({"kind": "reply", "text": "x"});
    let posed = server.post_as(Role::Coordinator, &path, "3", &reply).await;
    assert_eq!(posed.violations(), ["kind: unknown_value"]);
    for role in [Role::Est, Role::Admin, Role::Reporter, Role::Fieldworker, Role::Auditor] {
        let answer = json!({"kind": "answer", "text": "x"});
        let refused = server.post_as(role, &path, "4", &answer).await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN, "{role}");
    }
}

#[tokio::test]
async fn of_a_fraud_attempt_no_text_is_kept_later_either() {
    let server = Server::start().await;
    let (receipt, id) = sent(&server, "a", "fraud_attempt").await;
    assert_eq!(shown(&server, &receipt).await["keepsText"], false);
    let told = say(&server, &receipt, "1", &json!({"kind": "reply", "text": "x"})).await;
    assert_eq!(told.status, StatusCode::CONFLICT);
    assert_eq!(told.json()["type"], "/problems/no_text_kept");
    let path = format!("{M}/reports/{id}/messages");
    let question = json!({"kind": "question", "text": "Vem?"});
    let asked = server.post_as(Role::Coordinator, &path, "2", &question).await;
    assert_eq!(asked.status, StatusCode::CONFLICT);
    let answer = json!({"kind": "answer", "text": "Tack, vi varnar fler."});
    let answered = server.post_as(Role::Coordinator, &path, "3", &answer).await;
    assert_eq!(answered.status, StatusCode::CREATED);
}

#[tokio::test]
async fn six_working_days_without_an_answer_are_too_many() {
    let server = Server::start().await;
    let (_, id) = sent(&server, "a", "lighting").await;
    let overdue = async || {
        let list = server.get_as(Role::Coordinator, &format!("{M}/unanswered")).await.json();
        (list["items"][0]["workingDays"].as_u64(), list["overdue"].as_u64())
    };
    assert_eq!(overdue().await, (Some(0), Some(0)));
    // From Sunday noon to the Friday five working days later, then the next Monday.
    server.clock.advance(5 * 86_400);
    assert_eq!(overdue().await, (Some(5), Some(0)));
    server.clock.advance(3 * 86_400);
    assert_eq!(overdue().await, (Some(6), Some(1)));
    let answer = json!({"kind": "answer", "text": "Vi tittar på det."});
    let path = format!("{M}/reports/{id}/messages");
    server.post_as(Role::Coordinator, &path, "k", &answer).await;
    assert_eq!(overdue().await, (None, Some(0)));
}

#[tokio::test]
async fn a_suspicion_is_answered_by_the_coordinator_alone() {
    let server = Server::start().await;
    let (_, id) = sent(&server, "a", "casing").await;
    let path = format!("{M}/reports/{id}/messages");
    let answer = json!({"kind": "answer", "text": "Tack."});
    let refused = server.post_as(Role::Officer, &path, "1", &answer).await;
    assert_eq!(refused.status, StatusCode::NOT_FOUND);
    let waiting = server.get_as(Role::Officer, &format!("{M}/unanswered")).await.json();
    assert_eq!(waiting["items"], json!([]));
    let answered = server.post_as(Role::Coordinator, &path, "2", &answer).await;
    assert_eq!(answered.status, StatusCode::CREATED);
}

/// Enters a decision of `days` on what its sender took back.
async fn decide(server: &Server, days: u32) -> Answer {
    let day = &server.clock.now().to_string()[..10];
    let body =
        json!({"class": "withdrawn", "number": "KS 2026/12", "decidedOn": day, "days": days});
    server.post_as(Role::Coordinator, &format!("{M}/retention/decisions"), "d", &body).await
}

#[tokio::test]
async fn a_report_is_taken_back_by_its_sender_and_leaves_every_picture() {
    let server = Server::start().await;
    let (receipt, id) = sent(&server, "a", "lighting").await;
    let (_, other) = sent(&server, "b", "lighting").await;
    let body = json!({"kind": "withdrawn"});
    for _ in 0..2 {
        assert_eq!(say(&server, &receipt, "w", &body).await.status, StatusCode::CREATED);
    }
    let view = shown(&server, &receipt).await;
    assert_eq!((&view["status"], &view["mayJudge"]), (&json!("withdrawn"), &json!(false)));
    let more = say(&server, &receipt, "m", &json!({"kind": "reply", "text": "x"})).await;
    assert_eq!(
        (more.status, &more.json()["type"]),
        (StatusCode::CONFLICT, &json!("/problems/report_withdrawn"))
    );
    let layer = server.get_as(Role::Coordinator, &format!("{M}/layers/reports")).await.json();
    let counts = |feature: &&Value| feature["properties"]["quarantined"] == false;
    let left: Vec<_> = layer["features"].as_array().unwrap().iter().filter(counts).collect();
    assert_eq!(left.iter().map(|one| &one["id"]).collect::<Vec<_>>(), [&json!(other)]);
    let path = format!("{M}/reports/{id}");
    let aside = |reason: Value| json!({ "reason": reason });
    let put = async |id: &str, body: Value| {
        let path = format!("{M}/reports/{id}/quarantine");
        server.post_as(Role::Coordinator, &path, "q", &body).await
    };
    assert_eq!(put(&id, aside(Value::Null)).await.status, StatusCode::CONFLICT);
    let posed = put(&other, aside(json!("withdrawn"))).await;
    assert_eq!(posed.violations(), ["reason: unknown_value"], "only its sender takes it back");
    let seen = server.get_as(Role::Coordinator, &path).await.json();
    assert_eq!((&seen["status"], &seen["next"]), (&json!("withdrawn"), &json!([])));
    let waiting = server.get_as(Role::Officer, &format!("{M}/unanswered")).await.json();
    assert_eq!(waiting["items"].as_array().unwrap().len(), 1, "{waiting}");
}

#[tokio::test]
async fn a_decision_of_no_days_erases_a_report_as_it_is_taken_back() {
    let server = Server::start().await;
    let (receipt, id) = sent(&server, "a", "lighting").await;
    let (kept, other) = sent(&server, "b", "lighting").await;
    assert_eq!(decide(&server, 0).await.status, StatusCode::NO_CONTENT);
    let body = json!({"kind": "withdrawn"});
    assert_eq!(say(&server, &receipt, "w", &body).await.status, StatusCode::CREATED);
    let authorization = format!("Receipt {receipt}");
    let gone = server.get("/api/v1/receipt", &[("authorization", &authorization)]).await;
    assert_eq!(gone.status, StatusCode::NOT_FOUND);
    assert_eq!(say(&server, &receipt, "w", &body).await.status, StatusCode::NOT_FOUND);
    let read = server.get_as(Role::Coordinator, &format!("{M}/reports/{id}")).await;
    assert_eq!(read.status, StatusCode::NOT_FOUND);
    let read = server.get_as(Role::Coordinator, &format!("{M}/reports/{other}")).await;
    assert_eq!(read.status, StatusCode::OK, "nobody else's goes");
    assert_eq!(shown(&server, &kept).await["status"], "received");
    let retention = server.get_as(Role::Coordinator, &format!("{M}/retention")).await.json();
    let run = &retention["runs"][0];
    assert_eq!(
        (&run["class"], &run["count"], &run["by"]),
        (&json!("withdrawn"), &json!(1), &json!("receipt"))
    );
}

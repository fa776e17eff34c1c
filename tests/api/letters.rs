//! Letters about a report and to offices, up to the queue: `web/e2e/answers` sends them.

use super::server::{Answer, Server, request};
use axum::{
    body::Body,
    http::{Method, StatusCode},
};
use fyren_core::domain::{MunicipalityCode, Office, OfficePurpose, Role};
use serde_json::json;

const M: &str = "/api/v1/municipalities/1427";
const ORIGIN: &str = "https://a.se";
const SENDING: &[&str] = &[
    "--rate-limit",
    "off",
    "--smtp-url",
    "smtp://127.0.0.1:1",
    "--mail-from",
    "Fyren <no-reply@example.org>",
];

async fn report(server: &Server, key: &str) -> String {
    let place = json!({"longitude": 11.2239, "latitude": 58.3577});
    let body = json!({"category": "lighting", "place": place}).to_string();
    let sent = server.post(&format!("{M}/reports"), &[("idempotency-key", key)], &body).await;
    sent.json()["receipt"].as_str().unwrap().to_owned()
}

async fn ask(server: &Server, receipt: &str, address: &str) -> Answer {
    let authorization = format!("Receipt {receipt}");
    let headers = [("authorization", authorization.as_str()), ("accept-language", "en")];
    let body = json!({ "address": address }).to_string();
    server.post("/api/v1/receipt/mail", &headers, &body).await
}

async fn form(server: &Server, path: &str, body: &str) -> Answer {
    let headers = [("content-type", "application/x-www-form-urlencoded")];
    server.send(request(Method::POST, path, &headers, Body::from(body.to_owned()))).await
}

async fn letters(server: &Server) -> Vec<(String, String)> {
    let waiting = server.app.waiting_letters(ORIGIN).await.unwrap();
    waiting.into_iter().map(|(to, letter)| (to, letter.text)).collect()
}

#[tokio::test]
async fn without_a_mail_server_no_address_is_taken() {
    let server = Server::start().await;
    let receipt = report(&server, "a").await;
    let refused = ask(&server, &receipt, "resident@example.org").await;
    assert_eq!(refused.status, StatusCode::CONFLICT);
    assert_eq!(refused.json()["type"], "/problems/mail_off");
    let page = form(&server, "/1427/receipt", &format!("code={receipt}")).await;
    assert!(!String::from_utf8(page.body).unwrap().contains("name=\"address\""));
    assert!(letters(&server).await.is_empty());
}

#[tokio::test]
async fn a_link_shows_without_changing_confirms_and_stops() {
    let server = Server::with_args(SENDING).await;
    let receipt = report(&server, "a").await;
    let wrong = ask(&server, &receipt, "nobody").await;
    assert_eq!(wrong.violations(), ["address: address_form"]);
    let unknown = ask(&server, "AAAAAAAAAAAAAAAAAAAAAA", "resident@example.org").await;
    assert_eq!(unknown.status, StatusCode::NOT_FOUND);
    assert_eq!(ask(&server, &receipt, "resident@example.org").await.status, StatusCode::ACCEPTED);
    let waiting = letters(&server).await;
    assert_eq!(waiting.len(), 1);
    assert_eq!(waiting[0].0, "resident@example.org");
    assert!(!waiting[0].1.contains(&receipt));
    let link = waiting[0].1.lines().find(|line| line.starts_with(ORIGIN)).unwrap();
    let path = link.strip_prefix(ORIGIN).unwrap().to_owned();
    for _ in 0..2 {
        let shown = server.get(&format!("{path}?lang=en"), &[]).await;
        let text = String::from_utf8(shown.body).unwrap();
        assert!(text.contains("value=\"confirm\""), "looking confirms nothing");
    }
    let other = server.get("/1427/mail/AAAAAAAAAAAAAAAAAAAAAA?lang=en", &[]).await;
    assert!(String::from_utf8(other.body).unwrap().contains("No more letters"));
    form(&server, &path, "do=confirm").await;
    let shown = server.get(&path, &[]).await;
    assert!(!String::from_utf8(shown.body).unwrap().contains("value=\"confirm\""));
    form(&server, &path, "List-Unsubscribe=One-Click").await;
    assert!(letters(&server).await.is_empty(), "what waited is gone, too");
    let authorization = format!("Receipt {receipt}");
    let headers = [("authorization", authorization.as_str())];
    let gone =
        server.send(request(Method::DELETE, "/api/v1/receipt/mail", &headers, Body::empty()));
    assert_eq!(gone.await.status, StatusCode::NO_CONTENT, "stopping twice is stopped");
}

#[tokio::test]
async fn an_address_is_in_no_answer_and_no_audit_entry() {
    let server = Server::with_args(SENDING).await;
    let receipt = report(&server, "a").await;
    ask(&server, &receipt, "resident@example.org").await;
    let entries = server.app.municipal.audit_entries(0, 1000).await.unwrap();
    assert!(!entries.is_empty() && !format!("{entries:?}").contains("resident@"));
    let layer = server.get_as(Role::Coordinator, &format!("{M}/layers/reports")).await;
    let id = layer.json()["features"][0]["id"].as_str().unwrap().to_owned();
    for path in [format!("{M}/reports/{id}"), format!("{M}/layers/reports")] {
        let seen = server.get_as(Role::Coordinator, &path).await;
        assert!(!String::from_utf8(seen.body).unwrap().contains("resident@"), "{path}");
    }
    let page = form(&server, "/1427/receipt", &format!("code={receipt}")).await;
    assert!(!String::from_utf8(page.body).unwrap().contains("resident@"));
}

#[tokio::test]
async fn offices_are_told_once_a_working_day_who_has_waited_too_long() {
    let server = Server::start().await;
    report(&server, "a").await;
    let code = MunicipalityCode::parse("1427").unwrap();
    let office = |address: &str, language: &str| Office {
        purpose: OfficePurpose::Digest,
        address: address.to_owned(),
        language: language.to_owned(),
    };
    let save = async |offices| server.app.save_offices("test", &code, offices).await;
    assert!(save(vec![office("nobody", "sv")]).await.is_err());
    assert!(save(vec![office("office@example.org", "xx")]).await.is_err());
    let both = vec![office("kontor@example.org", "sv"), office("office@example.org", "en")];
    save(both).await.unwrap();
    server.app.remind_offices().await.unwrap();
    assert!(letters(&server).await.is_empty(), "it is a Sunday");
    // The Monday eight days later, six working days after the report.
    server.clock.advance(8 * 86_400);
    for _ in 0..2 {
        server.app.remind_offices().await.unwrap();
    }
    let told = letters(&server).await;
    assert_eq!(told.len(), 2, "{told:?}");
    let english = told.iter().find(|(to, _)| to == "office@example.org").unwrap();
    assert!(english.1.contains("1 of 1"), "{}", english.1);
    let told: Vec<_> = told.into_iter().filter(|(to, _)| to == "kontor@example.org").collect();
    assert!(told[0].1.contains("1 av 1"), "{}", told[0].1);
    assert!(told[0].1.contains("https://a.se/1427/staff/unanswered"));
}

//! Partners: a link each, one trained source each, revocable.

use super::server::{Answer, Server};
use axum::http::{Method, StatusCode};
use fyren::store::EventKey;
use fyren_core::domain::{Channel, Id, MunicipalityCode, Role, SourceClass};
use serde_json::{Value, json};

const M: &str = "/api/v1/municipalities/1427";
const KIND: (&str, &str) = ("content-type", "application/x-www-form-urlencoded");

/// Makes a partner; gives its identity and the code of its link.
async fn made(server: &Server, name: &str) -> (String, String) {
    let body = json!({"name": name, "kind": "housing"});
    let path = format!("{M}/partners");
    let answer = server.send_as(Role::Coordinator, Method::POST, &path, &body).await;
    assert_eq!(answer.status, StatusCode::CREATED);
    let told = answer.json();
    let (_, code) = told["link"].as_str().unwrap().split_once("/1427/partner#").unwrap();
    (told["partner"]["id"].as_str().unwrap().to_owned(), code.to_owned())
}

async fn send(server: &Server, fields: &str) -> Answer {
    server.post("/1427/partner", &[KIND], fields).await
}

fn page(answer: &Answer) -> String {
    String::from_utf8_lossy(&answer.body).into_owned()
}

async fn reports(server: &Server) -> Vec<Value> {
    let path = format!("{M}/layers/reports");
    let layer = server.get_as(Role::Coordinator, &path).await.json();
    layer["features"].as_array().unwrap().clone()
}

#[tokio::test]
async fn what_a_partners_people_send_is_of_one_trained_source() {
    let server = Server::start().await;
    let (_, housing) = made(&server, "Sotenäsbostäder").await;
    let (_, school) = made(&server, "Kungshamns skola").await;
    let opened = send(&server, &format!("partner={housing}")).await;
    assert_eq!(opened.status, StatusCode::OK);
    assert_eq!(opened.header("cache-control"), "no-store");
    assert!(page(&opened).contains("Sotenäsbostäder") && page(&opened).contains("name=\"key\""));
    for (at, code) in [&housing, &housing, &school].into_iter().enumerate() {
        let place = "longitude=11.2494&latitude=58.3614";
        let fields = format!("key=k{at}&partner={code}&category=lighting&{place}&hours=22-02");
        let sent = send(&server, &fields).await;
        assert_eq!(sent.status, StatusCode::CREATED, "{}", page(&sent));
    }
    let all = reports(&server).await;
    assert_eq!(all.len(), 3);
    let mut sources = Vec::new();
    for feature in &all {
        let id = Id::parse(feature["id"].as_str().unwrap()).unwrap();
        let key = EventKey { municipality: MunicipalityCode::parse("1427").unwrap(), id };
        let report = server.app.municipal.report(&key).await.unwrap().unwrap();
        assert_eq!((report.source_class, report.channel), (SourceClass::Trained, Channel::Partner));
        assert!(report.foreign_source.is_some());
        sources.push(report.source_tag);
    }
    sources.sort_by_key(|tag| tag.value());
    sources.dedup();
    assert_eq!(sources.len(), 2, "one an organisation");
    let audit = server.app.municipal.audit_entries(0, 99).await.unwrap();
    assert!(audit.iter().any(|record| record.entry.action == "add_partner"));
    assert!(audit.iter().all(|record| !record.entry.detail.contains(&housing)));
}

#[tokio::test]
async fn a_revoked_an_unknown_and_a_foreign_code_open_nothing_and_read_the_same() {
    let server = Server::start().await;
    let (id, code) = made(&server, "Väktarna").await;
    let path = format!("{M}/partners/{id}");
    let gone = server.send_as(Role::Coordinator, Method::DELETE, &path, &json!(null)).await;
    assert_eq!(gone.status, StatusCode::NO_CONTENT);
    let revoked = send(&server, &format!("partner={code}")).await;
    let unknown = send(&server, "partner=nothing").await;
    assert_eq!((revoked.status, page(&revoked)), (unknown.status, page(&unknown)));
    assert_eq!(unknown.status, StatusCode::NOT_FOUND);
    let fields = format!("key=k&partner={code}&category=lighting&district=109051");
    assert_eq!(send(&server, &fields).await.status, StatusCode::NOT_FOUND);
    assert!(reports(&server).await.is_empty());
    let list = server.get_as(Role::Coordinator, &format!("{M}/partners")).await.json();
    assert!(list[0]["revokedAt"].is_string() && list[0].get("token").is_none());
    let missing = format!("{M}/partners/{}", "0".repeat(32));
    let missing = server.send_as(Role::Coordinator, Method::DELETE, &missing, &json!(null)).await;
    assert_eq!(missing.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn guesses_are_throttled() {
    let server = Server::with_args(&["--rate-limit", "60"]).await;
    let mut last = StatusCode::OK;
    for guess in 0..40 {
        last = send(&server, &format!("partner=guess-{guess}")).await.status;
    }
    assert_eq!(last, StatusCode::TOO_MANY_REQUESTS);
}

#[tokio::test]
async fn the_short_form_asks_back_and_says_what_is_missing() {
    let server = Server::start().await;
    let (_, code) = made(&server, "Sotenäsbostäder").await;
    let missing = send(&server, &format!("key=k&partner={code}&category=&locality=")).await;
    assert_eq!(missing.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page(&missing).contains("error-category") && page(&missing).contains("error-place"));
    assert!(page(&missing).contains(&code), "the form comes back with its code");
    let knife = "En+man+har+en+kniv+h%C3%A4r+nu";
    let fields = format!("key=k&partner={code}&category=rowdiness&district=109051&text={knife}");
    let asked = send(&server, &fields).await;
    assert!(asked.status == StatusCode::OK && page(&asked).contains("tel:112"));
    assert!(reports(&server).await.is_empty());
    let over = send(&server, &format!("{fields}&over=yes")).await;
    assert_eq!(over.status, StatusCode::CREATED);
}

#[tokio::test]
async fn only_a_coordinator_and_an_admin_make_links() {
    let server = Server::start().await;
    for role in Role::ALL {
        let may = matches!(role, Role::Coordinator | Role::Admin);
        let body = json!({"name": "Skolan", "kind": "school"});
        let path = format!("{M}/partners");
        let answer = server.send_as(*role, Method::POST, &path, &body).await;
        let status = if may { StatusCode::CREATED } else { StatusCode::FORBIDDEN };
        assert_eq!(answer.status, status, "{role}");
    }
    for (body, broken) in [
        (json!({"name": " ", "kind": "school"}), "name: required"),
        (json!({"name": "x".repeat(81), "kind": "school"}), "name: too_long"),
        (json!({"name": "Skolan", "kind": "people"}), "kind: unknown_value"),
    ] {
        let path = format!("{M}/partners");
        let answer = server.send_as(Role::Coordinator, Method::POST, &path, &body).await;
        assert_eq!(answer.violations(), [broken]);
    }
}

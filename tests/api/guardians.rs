//! Watch areas and passes, bulletins, the calendar and single figures.

use super::server::Server;
use axum::http::{Method, StatusCode};
use fyren_core::domain::Role;
use serde_json::{Value, json};

const M: &str = "/api/v1/municipalities/1427";

async fn post(server: &Server, role: Role, what: &str, key: &str, body: &Value) -> Value {
    let answer = server.post_as(role, &format!("{M}/{what}"), key, body).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{}", String::from_utf8_lossy(&answer.body));
    answer.json()
}

fn area() -> Value {
    json!({
        "kind": "boat", "name": "Båtsamverkan Smögen", "longitude": 11.2242, "latitude": 58.3546,
        "radiusM": 400, "members": 46, "contacts": ["main_contact", "rota"], "status": "active"
    })
}

#[tokio::test]
async fn a_pass_of_a_watch_is_presence_with_all_quiet_or_a_deviation() {
    let server = Server::start().await;
    let stored = post(&server, Role::Coordinator, "watch-areas", "a", &area()).await;
    let again = post(&server, Role::Coordinator, "watch-areas", "a", &area()).await;
    assert_eq!(stored["id"], again["id"]);
    let public = server.get(&format!("{M}/watch-areas"), &[]).await.json();
    assert_eq!(public["items"].as_array().unwrap().len(), 1);
    assert_eq!(public["items"][0]["contacts"], json!(["main_contact", "rota"]));
    let passes = format!("watch-areas/{}/passes", stored["id"].as_str().unwrap());
    let pass = json!({
        "startedAt": "2026-11-21T20:00:00Z", "endedAt": "2026-11-21T22:00:00Z", "seen": "nothing"
    });
    post(&server, Role::Fieldworker, &passes, "p", &pass).await;
    let visits = server.get_as(Role::Coordinator, &format!("{M}/layers/visits")).await.json();
    let visit = &visits["features"][0]["properties"];
    assert_eq!((&visit["unitKind"], &visit["minutes"]), (&json!("boat_watch"), &json!(120)));
    assert_eq!(visit["context"], "municipal");
    let mut odd = pass;
    odd["seen"] = json!("somebody");
    let refused = server.post_as(Role::Fieldworker, &format!("{M}/{passes}"), "q", &odd).await;
    assert_eq!(refused.violations(), ["seen: unknown_value"]);
    let mut named = area();
    named["contactName"] = json!("A name");
    let refused = server.post_as(Role::Coordinator, &format!("{M}/watch-areas"), "n", &named).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "there is no field for a person");
    let refused = server.post_as(Role::Est, &format!("{M}/watch-areas"), "e", &area()).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
}

fn meeting() -> Value {
    json!({
        "kind": "watch_meeting", "startsAt": "2026-11-10T18:00", "endsAt": "2026-11-10T19:30",
        "title": {"sv": "Årsmöte; grannsamverkan", "en": "Yearly meeting"}, "place": "Folkets hus",
        "district": "109051", "organiser": "Sotenäs kommun", "status": "planned"
    })
}

async fn counted(server: &Server, slug: &str) -> Value {
    let told = server.get(&format!("{M}/loop"), &[]).await.json();
    let promises = told["promises"].as_array().unwrap().clone();
    let found = promises.into_iter().find(|promise| promise["promise"] == slug);
    found.unwrap_or_else(|| panic!("no {slug}"))["counted"].clone()
}

/// A promise of this year that counts meetings.
async fn promised(server: &Server) {
    use fyren_core::domain::*;
    let promise = Promise {
        id: Id::from_bits(77),
        municipality: MunicipalityCode::parse("1427").unwrap(),
        slug: "meetings".into(),
        from: jiff::civil::date(2026, 1, 1),
        to: jiff::civil::date(2026, 12, 31),
        owner: PromiseOwner::Both,
        theme: "narcotics".into(),
        text: ("Möten".into(), "Meetings".into()),
        target: PromiseTarget::AtLeast(2),
        unit: TargetUnit::Visits,
        purposes: vec![Purpose::Meeting],
        evidence: Vec::new(),
        verdict: None,
        verdict_reason: None,
        source: "test".into(),
    };
    let audit = fyren::store::AuditEntry {
        at: "2026-11-22T12:00:00Z".parse().unwrap(),
        actor: "test".into(),
        action: "save_promise".into(),
        municipality: None,
        subject: None,
        detail: String::new(),
    };
    server.app.municipal.save_promise(promise, audit).await.unwrap();
}

#[tokio::test]
async fn what_the_calendar_says_was_held_counts_in_the_promise_and_once() {
    let server = Server::start().await;
    promised(&server).await;
    let stored = post(&server, Role::Officer, "calendar", "c", &meeting()).await;
    assert_ne!(counted(&server, "meetings").await, json!(1), "planned is not held");
    let path = format!("{M}/calendar/{}", stored["id"].as_str().unwrap());
    let mut held = meeting();
    held["status"] = json!("held");
    held["visitors"] = json!(34);
    let answer = server.send_as(Role::Coordinator, Method::PUT, &path, &held).await;
    assert_eq!(answer.status, StatusCode::NO_CONTENT);
    assert_eq!(counted(&server, "meetings").await, json!(1));
    let visit = json!({
        "unit": "OP-1", "unitKind": "area_police", "place": {"districtCode": "109051"},
        "startedAt": "2026-11-10T17:00:00Z", "endedAt": "2026-11-10T18:30:00Z", "mode": "car",
        "purpose": "meeting"
    });
    post(&server, Role::Officer, "visits", "v", &visit).await;
    assert_eq!(
        counted(&server, "meetings").await,
        json!(1),
        "the same meeting is not counted twice"
    );
    let mut early = meeting();
    early["startsAt"] = json!("2026-12-10T18:00");
    early["endsAt"] = json!("2026-12-10T19:00");
    early["status"] = json!("held");
    let refused = server.post_as(Role::Officer, &format!("{M}/calendar"), "d", &early).await;
    assert_eq!(refused.violations(), ["status: in_future"]);
}

#[tokio::test]
async fn the_calendar_is_a_page_and_an_icalendar_for_everybody() {
    let server = Server::start().await;
    let mut coming = meeting();
    coming["startsAt"] = json!("2026-12-03T18:00");
    coming["endsAt"] = json!("2026-12-03T19:30");
    let stored = post(&server, Role::Coordinator, "calendar", "c", &coming).await;
    let page = server.get("/1427/calendar", &[("accept-language", "en")]).await;
    let page = String::from_utf8(page.body).unwrap();
    assert!(page.contains("Yearly meeting") && page.contains("3 December 2026"), "{page}");
    assert!(page.contains("Thursday 18:00–19:30"), "which evening of the week: {page}");
    let ical = server.get("/1427/calendar.ics", &[]).await;
    assert_eq!(ical.header("content-type"), "text/calendar; charset=utf-8");
    let text = String::from_utf8(ical.body).unwrap();
    assert!(text.contains(&format!("UID:{}@1427.fyren", stored["id"].as_str().unwrap())), "{text}");
    assert!(text.contains("DTSTART:20261203T170000Z"), "local time in UTC: {text}");
    assert!(text.contains("SUMMARY:Årsmöte\\; grannsamverkan"), "{text}");
}

#[tokio::test]
async fn a_bulletin_is_signed_by_a_function_and_has_a_page_to_print() {
    let server = Server::start().await;
    let bulletin = json!({
        "until": "2026-12-20", "title": {"sv": "Märk båten"}, "text": {"sv": "Rad ett.\nRad två."}
    });
    let stored = post(&server, Role::Officer, "bulletins", "b", &bulletin).await;
    let list = server.get(&format!("{M}/bulletins"), &[]).await.json();
    assert_eq!(list["items"][0]["sender"], "officer");
    assert_eq!(list["items"][0]["title"]["en"], "Märk båten");
    let path = format!("/1427/bulletin/{}", stored["id"].as_str().unwrap());
    let page = server.get(&path, &[]).await;
    let page = String::from_utf8(page.body).unwrap();
    assert!(page.contains("Märk båten") && page.contains("Rad två.") && page.contains("Polisen"));
    let watch = String::from_utf8(server.get("/1427/watch", &[]).await.body).unwrap();
    assert!(watch.contains("Märk båten"));
    let nothing = server.get("/1427/bulletin/0af3", &[]).await;
    assert_eq!(nothing.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn figures_are_kept_by_their_context_and_stand_in_the_promise_with_their_source() {
    let server = Server::start().await;
    promised(&server).await;
    let path = format!("{M}/figures");
    let tips = json!({"figures": [{
        "kind": "tips", "from": "2026-10-01", "to": "2026-11-01", "district": "109051",
        "theme": "narcotics", "amount": 4, "source": "Kommunpolisen"
    }]});
    let put = |role, body: Value| {
        let (server, path) = (&server, path.clone());
        async move { server.send_as(role, Method::PUT, &path, &body).await }
    };
    assert_eq!(put(Role::Officer, tips.clone()).await.status, StatusCode::NO_CONTENT);
    assert_eq!(put(Role::Officer, tips.clone()).await.status, StatusCode::NO_CONTENT);
    assert_eq!(put(Role::Coordinator, tips).await.status, StatusCode::FORBIDDEN);
    let seen = server.get_as(Role::Officer, &path).await.json();
    assert_eq!(seen["items"].as_array().unwrap().len(), 1, "a second one takes its place");
    let municipal = server.get_as(Role::Coordinator, &path).await.json();
    assert_eq!(municipal["items"], json!([]), "tips stay with the police");
    let days = json!({"figures": [{
        "kind": "first_support_days", "from": "2026-01-01", "to": "2027-01-01", "amount": 11.5,
        "source": "Socialtjänsten"
    }]});
    assert_eq!(put(Role::Coordinator, days.clone()).await.status, StatusCode::NO_CONTENT);
    assert_eq!(put(Role::Officer, days.clone()).await.status, StatusCode::FORBIDDEN);
    let page = server.get("/1427/promises", &[("accept-language", "en")]).await;
    let page = String::from_utf8(page.body).unwrap();
    assert!(page.contains("11.5 days to the first offer of support (Socialtjänsten)"), "{page}");
    let mut bare = days;
    bare["figures"][0]["source"] = json!("");
    assert_eq!(put(Role::Coordinator, bare).await.violations(), ["figures[0].source: required"]);
}

//! Presence that is told by the week: typed, imported, counted, and by whom.

use super::server::{Server, request};
use axum::{
    body::Body,
    http::{Method, StatusCode},
};
use fyren_core::domain::Role;
use serde_json::{Value, json};

const M: &str = "/api/v1/municipalities/1427";
const WEEKS: &str = "/api/v1/municipalities/1427/presence-weeks";

async fn district(server: &Server) -> String {
    let layer = server.get(&format!("{M}/layers/districts"), &[]).await.json();
    layer["features"][0]["properties"]["code"].as_str().unwrap().to_owned()
}

async fn covered(server: &Server, district: &str, query: &str) -> (Value, Value) {
    let path = format!("{M}/layers/coverage?{query}");
    let layer = server.get_as(Role::Coordinator, &path).await.json();
    let rows = layer["features"].as_array().unwrap().clone();
    let row = rows.into_iter().find(|row| row["properties"]["district"] == district);
    (row.unwrap()["properties"].clone(), layer["presenceTold"].clone())
}

fn typed(district: &str, week: &str, visits: u32) -> Value {
    json!({"district": district, "week": week, "visits": visits, "minutes": visits * 30})
}

#[tokio::test]
async fn what_a_coordinator_types_counts_in_the_coverage_with_its_source() {
    let server = Server::start().await;
    let district = district(&server).await;
    let rows = [typed(&district, "2026-11-16", 2), typed(&district, "2026-11-09", 1)];
    let body = json!({"rows": rows});
    let stored = server.send_as(Role::Coordinator, Method::PUT, WEEKS, &body).await;
    assert_eq!(stored.json()["stored"], 2, "{}", String::from_utf8_lossy(&stored.body));
    let (row, told) = covered(&server, &district, "").await;
    assert_eq!((&row["visits"], &row["presenceMinutes"]), (&json!(3), &json!(90)));
    assert_eq!(row["daysSinceVisit"], 6, "since the Monday of the week");
    assert_eq!((&told["typed"], &told["weeksLeftOut"]), (&json!(3), &json!(0)));
    let (row, told) = covered(&server, &district, "from=2026-11-16").await;
    assert_eq!((&row["visits"], &told["weeksLeftOut"]), (&json!(2), &json!(1)));
    let (row, told) = covered(&server, &district, "hours=22-04").await;
    assert_eq!(row["visits"], 0, "a sum by the week has no hours");
    assert_eq!(told["weeksLeftOut"], 2);
    let corrected = json!({"rows": [typed(&district, "2026-11-16", 5)]});
    server.send_as(Role::Coordinator, Method::PUT, WEEKS, &corrected).await;
    assert_eq!(covered(&server, &district, "").await.0["visits"], 6);
}

#[tokio::test]
async fn the_log_of_the_police_is_believed_before_any_sum() {
    let server = Server::start().await;
    let district = district(&server).await;
    let body =
        json!({"rows": [typed(&district, "2026-11-16", 7), typed(&district, "2026-11-09", 1)]});
    server.send_as(Role::Coordinator, Method::PUT, WEEKS, &body).await;
    let visit = json!({
        "unit": "op-1", "unitKind": "area_police", "place": {"districtCode": district},
        "startedAt": "2026-11-17T10:00:00Z", "endedAt": "2026-11-17T10:15:00Z",
        "mode": "foot", "purpose": "presence"
    });
    let logged = server.post_as(Role::Officer, &format!("{M}/visits"), "k", &visit).await;
    assert_eq!(logged.status, StatusCode::CREATED, "{}", String::from_utf8_lossy(&logged.body));
    let (row, told) = covered(&server, &district, "").await;
    assert_eq!((&row["visits"], &told["typed"]), (&json!(2), &json!(1)));
}

#[tokio::test]
async fn a_row_that_breaks_a_rule_is_named_and_nothing_is_stored() {
    let server = Server::start().await;
    let district = district(&server).await;
    let rows = [
        typed(&district, "2026-11-16", 1),
        typed("nowhere", "2026-11-16", 1),
        typed(&district, "2026-11-17", 1),
        typed(&district, "2026-11-30", 1),
        json!({"district": district, "week": "2026-11-16", "visits": 0, "minutes": 9}),
    ];
    let refused =
        server.send_as(Role::Coordinator, Method::PUT, WEEKS, &json!({"rows": rows})).await;
    let expected = [
        "rows.1.district: unknown_value",
        "rows.2.week: not_monday",
        "rows.3.week: in_future",
        "rows.4.minutes: out_of_range",
    ];
    assert_eq!(refused.violations(), expected);
    let listed = server.get_as(Role::Coordinator, WEEKS).await.json();
    assert_eq!(listed["items"], json!([]));
}

#[tokio::test]
async fn a_file_is_read_to_its_end_and_a_typed_week_gives_way_to_it() {
    let server = Server::start().await;
    let district = district(&server).await;
    let body = json!({"rows": [typed(&district, "2026-11-16", 9)]});
    server.send_as(Role::Coordinator, Method::PUT, WEEKS, &body).await;
    let file = format!(
        "distrikt;vecka;besök;minuter\n{district};2026-11-16;4;80\nx;2026-11-16;1;1\n{district};2026-11-09;två;1\n"
    );
    let bearer = format!("Bearer {}", server.token(Role::Coordinator));
    let headers = [("authorization", bearer.as_str()), ("content-type", "text/csv")];
    let told = server.send(request(Method::POST, WEEKS, &headers, Body::from(file))).await.json();
    assert_eq!(told["stored"], 1);
    let refused = json!([
        {"line": 3, "field": "district", "rule": "unknown_value"},
        {"line": 4, "field": "visits", "rule": "number_form"}
    ]);
    assert_eq!(told["refused"], refused);
    let (row, sources) = covered(&server, &district, "").await;
    assert_eq!((&row["visits"], &sources["imported"]), (&json!(4), &json!(4)));
}

/// A promise of visits in this year.
async fn promised(server: &Server) {
    use fyren_core::domain::*;
    let promise = Promise {
        id: Id::from_bits(78),
        municipality: MunicipalityCode::parse("1427").unwrap(),
        slug: "seen".into(),
        from: jiff::civil::date(2026, 1, 1),
        to: jiff::civil::date(2026, 12, 31),
        owner: PromiseOwner::Police,
        theme: "presence".into(),
        text: ("Synlig polis".into(), "Visible police".into()),
        target: PromiseTarget::AtLeast(20),
        unit: TargetUnit::Visits,
        purposes: vec![Purpose::Presence],
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

/// What the public page says was done for that promise.
async fn said(server: &Server, language: &str) -> String {
    let page = server.get(&format!("/1427/promises?lang={language}"), &[]).await;
    let text = String::from_utf8_lossy(&page.body).into_owned();
    let at = text.find("id=\"seen\"").unwrap_or_else(|| panic!("no promise in {text}"));
    text[at..at + 1200].to_owned()
}

#[tokio::test]
async fn a_promise_says_how_much_of_it_rests_on_sums_by_the_week_and_who_told_them() {
    let server = Server::start().await;
    promised(&server).await;
    let district = district(&server).await;
    assert!(said(&server, "en").await.contains("No visits are logged"), "nothing is known yet");
    let body = json!({"rows": [typed(&district, "2026-11-16", 4)]});
    server.send_as(Role::Coordinator, Method::PUT, WEEKS, &body).await;
    let english = "4 visits, 4 of them according to presence by week typed by the municipality.";
    let text = said(&server, "en").await;
    assert!(text.contains(english), "{text}");
    let swedish = "4 besök, varav 4 enligt närvaro per vecka som kommunen fyllt i.";
    let text = said(&server, "sv").await;
    assert!(text.contains(swedish), "{text}");
    // Beside visits of the log, only the rest is told by the week.
    let visit = json!({
        "unit": "op-1", "unitKind": "area_police", "place": {"districtCode": district},
        "startedAt": "2026-11-10T10:00:00Z", "endedAt": "2026-11-10T10:15:00Z",
        "mode": "foot", "purpose": "presence"
    });
    let logged = server.post_as(Role::Officer, &format!("{M}/visits"), "w", &visit).await;
    assert_eq!(logged.status, StatusCode::CREATED);
    let text = said(&server, "en").await;
    assert!(text.contains("5 visits, 4 of them according to presence by week typed"), "{text}");
    // A file is believed before what was typed, and is named instead.
    let file = format!("district,week,visits,minutes\n{district},2026-11-16,3,60\n");
    let bearer = format!("Bearer {}", server.token(Role::Coordinator));
    let headers = [("authorization", bearer.as_str()), ("content-type", "text/csv")];
    server.send(request(Method::POST, WEEKS, &headers, Body::from(file))).await;
    let text = said(&server, "en").await;
    assert!(
        text.contains("4 visits, 3 of them according to presence by week read from a file."),
        "{text}"
    );
    let told = server.get(&format!("{M}/loop"), &[]).await.json();
    let promises = told["promises"].as_array().unwrap();
    let seen = promises.iter().find(|promise| promise["promise"] == "seen").unwrap();
    assert_eq!((&seen["countedTold"], &seen["toldBy"]), (&json!(3), &json!("imported")));
}

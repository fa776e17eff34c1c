//! What is planned by whom: doses by plans, wishes for stops, sheets by letter.

use super::plans::{M, PLANS, kept, question, stops, tour};
use super::server::Server;
use axum::http::{Method, StatusCode};
use fyren::clock::Clock as _;
use fyren_core::domain::{Context, MunicipalityCode, Role};
use serde_json::{Value, json};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn planned_given_and_missed_come_from_the_plans_that_were_decided() {
    let server = Server::start().await;
    let dose = async |role: Role, method: &str| {
        let path = format!("{M}/analytics/{method}?from=2026-11-09&to=2026-11-23");
        let answer = server.get_as(role, &path).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", String::from_utf8_lossy(&answer.body));
        answer.json()
    };
    let rows = |found: &Value| -> Vec<Value> {
        let rows = found["features"].as_array().unwrap().iter();
        rows.map(|row| row["properties"].clone()).collect()
    };
    let none = dose(Role::Officer, "presence").await;
    assert!(rows(&none).iter().all(|row| row["planned"].is_null() && row["missed"].is_null()));
    assert_eq!(none["plans"], json!({"days": 0, "ofDays": 13}));
    assert!(none["limits"].to_string().contains("no_plan"));

    let mut yesterday = question();
    yesterday["shifts"][0]["from"] = json!("2026-11-21T14:00");
    yesterday["shifts"][0]["to"] = json!("2026-11-21T22:00");
    let first = kept(&server, &yesterday, "decided").await;
    assert_eq!(first.status, StatusCode::CREATED, "{}", String::from_utf8_lossy(&first.body));
    let path = format!("{PLANS}/{}", first.json()["id"].as_str().unwrap());
    let plan = server.get_as(Role::Officer, &path).await.json();
    // Today's plan is under way: nothing of it is missed yet. Drafts plan nothing.
    assert_eq!(kept(&server, &question(), "draft").await.status, StatusCode::CREATED);
    let visited = stops(&plan)[0].clone();
    for (number, at) in [("1", "2026-11-21T20:30:00Z"), ("2", "2026-11-18T12:00:00Z")] {
        let to: jiff::Timestamp = at.parse().unwrap();
        let body = json!({
            "unit": "A", "unitKind": "area_police", "startedAt": at,
            "endedAt": (to + jiff::SignedDuration::from_mins(12)).to_string(),
            "place": {"longitude": visited["longitude"], "latitude": visited["latitude"]},
            "mode": "foot", "purpose": "presence"
        });
        let logged = server.post_as(Role::Officer, &format!("{M}/visits"), number, &body).await;
        assert_eq!(logged.status, StatusCode::CREATED);
    }
    let found = dose(Role::Officer, "presence").await;
    assert_eq!(found["plans"], json!({"days": 1, "ofDays": 13}));
    let number = |row: &Value, name: &str| row[name].as_u64().unwrap();
    for row in rows(&found) {
        let here = |stop: &Value| stop["district"] == row["area"];
        let planned = stops(&plan).iter().filter(|stop| here(stop)).count();
        assert_eq!(number(&row, "planned"), planned as u64, "{row}");
        let given = u64::from(here(&visited));
        assert_eq!(
            (number(&row, "given"), number(&row, "missed")),
            (given, planned as u64 - given)
        );
    }
    let planned: u64 = rows(&found).iter().map(|row| number(row, "planned")).sum();
    assert_eq!(planned, stops(&plan).len() as u64);
    let municipal = dose(Role::Coordinator, "presence").await;
    assert!(rows(&municipal).iter().all(|row| row["planned"].is_null()));
    assert_eq!(municipal["plans"], Value::Null, "what was planned is for the police alone");
    // A later plan for the same shift takes the place of the first.
    server.clock.advance(60);
    yesterday["seed"] = json!(8);
    yesterday["stopMin"] = json!(60);
    yesterday["floor"] = json!(0);
    let drawn = tour(&server, &yesterday).await.json();
    let body = json!({"question": yesterday, "digest": drawn["digest"], "status": "decided"});
    let second = server.post_as(Role::PolicePlanner, PLANS, "again", &body).await;
    assert_eq!(second.status, StatusCode::CREATED, "{}", String::from_utf8_lossy(&second.body));
    let again = dose(Role::Officer, "presence").await;
    let planned: u64 = rows(&again).iter().map(|row| number(row, "planned")).sum();
    assert_eq!(planned, stops(&drawn).len() as u64);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_wish_is_weighed_named_in_the_reason_and_gone_when_it_is_taken_back() {
    let server = Server::start().await;
    let path = format!("{M}/plan-wishes");
    let place = json!({"longitude": 11.2520, "latitude": 58.4290});
    let wish = json!({"unit": "OP-7", "place": place, "note": "Grillplatsen efter regnet"});
    let named = json!({"unit": "Anna Ek", "place": place, "note": "x"});
    let refused = server.post_as(Role::Officer, &path, "w0", &named).await;
    assert_eq!(refused.violations(), ["unit: code_form"], "a code, never a name");
    let silent = json!({"unit": "OP-7", "place": place, "note": " "});
    let refused = server.post_as(Role::Officer, &path, "w0", &silent).await;
    assert_eq!(refused.violations(), ["note: required"]);
    let far = json!({"unit": "OP-7", "place": {"longitude": 12.9, "latitude": 58.4}, "note": "x"});
    let refused = server.post_as(Role::Officer, &path, "w0", &far).await;
    assert_eq!(refused.violations(), ["place.longitude: outside_municipality"]);
    assert!(stops(&tour(&server, &question()).await.json()).iter().all(|s| s["kind"] != "wish"));

    let first = server.post_as(Role::Officer, &path, "w1", &wish).await;
    assert_eq!(first.status, StatusCode::CREATED, "{}", String::from_utf8_lossy(&first.body));
    let id = first.json()["id"].clone();
    let again = server.post_as(Role::Officer, &path, "w1", &wish).await;
    assert_eq!(again.json()["id"], id, "sent twice, wished once");
    let list = server.get_as(Role::PolicePlanner, &path).await.json();
    assert_eq!(list["items"].as_array().unwrap().len(), 1);
    let told = &list["items"][0];
    assert_eq!((&told["unit"], &told["until"]), (&json!("OP-7"), &json!("2026-12-06")));
    assert!(told["name"].as_str().is_some() && told["district"].as_str().is_some());

    let plan = tour(&server, &question()).await.json();
    let wished = stops(&plan).into_iter().find(|stop| stop["wishedBy"] == "OP-7").unwrap();
    let reason = wished["reason"]["sv"].as_str().unwrap();
    assert!(reason.contains("OP-7") && reason.contains("Grillplatsen efter regnet"), "{reason}");
    assert_eq!(wished["must"], false, "weighed, not forced");
    // The plan that was seen can be kept as it was asked, the wish included.
    let body = json!({"question": plan["params"], "digest": plan["digest"], "status": "decided"});
    let kept = server.post_as(Role::PolicePlanner, PLANS, "with-wish", &body).await;
    assert_eq!(kept.status, StatusCode::CREATED, "{}", String::from_utf8_lossy(&kept.body));
    // Where the shift is too short for everything, floors come first.
    let mut short = question();
    short["shifts"] = json!([{"unit": "A", "from": "2026-11-22T14:00", "to": "2026-11-22T14:45"}]);
    short["floor"] = json!(0);
    assert_eq!(
        tour(&server, &short).await.status,
        StatusCode::OK,
        "a wish never makes a plan fail"
    );

    let one = format!("{path}/{}", id.as_str().unwrap());
    let ended = server.send_as(Role::PolicePlanner, Method::DELETE, &one, &json!({})).await;
    assert_eq!(ended.status, StatusCode::NO_CONTENT);
    let twice = server.send_as(Role::PolicePlanner, Method::DELETE, &one, &json!({})).await;
    assert_eq!(twice.status, StatusCode::NOT_FOUND);
    let after = tour(&server, &plan["params"]).await.json();
    assert!(stops(&after).iter().all(|stop| stop["wishedBy"].is_null()), "no plan repeats it");
    let late = json!({"question": plan["params"], "digest": plan["digest"], "status": "decided"});
    let changed = server.post_as(Role::PolicePlanner, PLANS, "late", &late).await;
    assert_eq!(changed.status, StatusCode::CONFLICT, "nobody decides what holds no more");
    for role in Role::ALL.iter().filter(|role| role.context() == Context::Municipal) {
        assert_eq!(server.get_as(*role, &path).await.status, StatusCode::FORBIDDEN, "{role}");
    }
    let entries = server.app.store(Context::Police).audit_entries(0, 1000).await.unwrap();
    let noted = entries.iter().filter(|entry| format!("{entry:?}").contains("wish_for_stop"));
    assert_eq!(noted.count(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_sheet_waits_in_the_police_store_with_an_audit_entry_that_names_no_address() {
    let server = Server::with_args(&[
        "--rate-limit",
        "off",
        "--smtp-url",
        "smtp://127.0.0.1:1",
        "--mail-from",
        "Fyren <no-reply@example.org>",
    ])
    .await;
    let code = MunicipalityCode::parse("1427").unwrap();
    let rules = vec!["@police.example".to_owned()];
    server.app.save_sheet_recipients("test", &code, rules).await.unwrap();
    let draft = kept(&server, &question(), "draft").await.json()["id"].clone();
    let path = |id: &Value| format!("{PLANS}/{}/send", id.as_str().unwrap());
    let sheet = json!({"unit": "A", "address": "op-1@police.example"});
    let send = async |id: &Value, body: &Value| {
        server.send_as(Role::Officer, Method::POST, &path(id), body).await
    };
    let early = send(&draft, &sheet).await;
    assert_eq!(early.status, StatusCode::CONFLICT, "nobody drives by a draft");
    let id = kept(&server, &question(), "decided").await.json()["id"].clone();
    let wrong = json!({"unit": "A", "address": "op-1@example.org"});
    assert_eq!(send(&id, &wrong).await.violations(), ["address: not_listed"]);
    for _ in 0..2 {
        assert_eq!(send(&id, &sheet).await.status, StatusCode::ACCEPTED);
    }
    let now = server.clock.now();
    let waits = server.app.store(Context::Police).due_letters(now, 10).await.unwrap();
    assert_eq!(waits.len(), 1, "one that waits is not doubled");
    assert!(server.app.municipal.due_letters(now, 10).await.unwrap().is_empty());
    let pdf = server.app.store(Context::Police).attachment(&waits[0].id).await.unwrap().unwrap();
    assert!(pdf.starts_with(b"%PDF-"));
    let entries = server.app.store(Context::Police).audit_entries(0, 1000).await.unwrap();
    let told: Vec<_> = entries.iter().map(|entry| format!("{entry:?}")).collect();
    assert_eq!(told.iter().filter(|entry| entry.contains("send_sheet")).count(), 2);
    assert!(told.iter().any(|entry| entry.contains("A @police.example")));
    assert!(told.iter().all(|entry| !entry.contains("op-1@")));
}

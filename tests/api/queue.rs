//! What waits for a moderator, masking, owners without an account, answers
//! that are written often, and one action on many.

use super::server::{Answer, Server, request};
use axum::{
    body::Body,
    http::{Method, StatusCode},
};
use fyren_core::domain::Role;
use serde_json::{Value, json};

const M: &str = "/api/v1/municipalities/1427";

async fn send(server: &Server, key: &str, longitude: f64, text: Option<&str>) {
    send_as(server, key, "lighting", longitude, text).await;
}

async fn send_as(
    server: &Server,
    key: &str,
    category: &str,
    longitude: f64,
    text: Option<&str>,
) -> Answer {
    let place = json!({"longitude": longitude, "latitude": 58.3577});
    let body = json!({"category": category, "place": place, "text": text}).to_string();
    let answer = server.post(&format!("{M}/reports"), &[("idempotency-key", key)], &body).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{}", String::from_utf8_lossy(&answer.body));
    answer
}

async fn queue(server: &Server, part: &str) -> Value {
    let path = format!("{M}/queue?part={part}&limit=100");
    server.get_as(Role::Coordinator, &path).await.json()
}

fn ids(queue: &Value) -> Vec<String> {
    let items = queue["items"].as_array().unwrap_or_else(|| panic!("{queue}"));
    items.iter().map(|item| item["id"].as_str().unwrap().to_owned()).collect()
}

async fn post(server: &Server, path: &str, body: &Value) -> Answer {
    server.post_as(Role::Coordinator, &format!("{M}/{path}"), "k", body).await
}

#[tokio::test]
async fn the_queue_holds_what_is_new_flagged_and_alike_and_danger_comes_first() {
    let server = Server::start().await;
    send(&server, "a", 11.2239, Some("Lampan vid trappan är trasig")).await;
    send(&server, "b", 11.2242, Some("Trasig lampa vid trappan")).await;
    send(&server, "c", 11.2639, Some("Ring Lars på 070-174 06 05 om lampan")).await;
    send(&server, "d", 11.2839, Some("Hjälp, någon blir misshandlad just nu")).await;
    let all = queue(&server, "all").await;
    assert_eq!(all["total"], 4, "{all}");
    assert_eq!(all["items"][0]["flags"][0], "danger", "{}", all["items"][0]);
    assert_eq!(all["counts"]["new"], 4);
    let flagged = queue(&server, "flagged").await;
    assert_eq!(flagged["total"], 2, "{flagged}");
    let told: Vec<&str> =
        flagged["items"][1]["flags"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
    assert!(told.contains(&"phone") && told.contains(&"name"), "{told:?}");
    let alike = queue(&server, "alike").await;
    assert_eq!(alike["total"], 2, "of one hour, each proposes the other: {alike}");
    let found = &alike["items"][0]["alike"][0];
    assert!(found["likeness"].as_f64().unwrap() > 0.7, "{found}");
    assert!(found["byText"].as_f64().unwrap() > 0.5 && found["metres"].as_f64().unwrap() < 30.0);
    let part = server.get_as(Role::Coordinator, &format!("{M}/queue?part=odd")).await;
    assert_eq!(part.violations(), ["part: unknown_value"]);
}

#[tokio::test]
async fn the_queue_and_its_actions_are_for_the_coordinator_alone() {
    let server = Server::start().await;
    send(&server, "a", 11.2239, None).await;
    let id = &ids(&queue(&server, "all").await)[0];
    let bulk = json!({"ids": [id], "action": "put_aside"});
    let mask = json!({"reason": "secret", "spans": [{"from": 0, "to": 1}]});
    let ask = json!({"owner": "Gatukontoret"});
    let template = json!({"title": "A", "textSv": "A.", "textEn": "A."});
    for role in [Role::Officer, Role::PolicePlanner, Role::Est, Role::Admin, Role::Auditor] {
        let refused = [
            server.get_as(role, &format!("{M}/queue")).await,
            server.post_as(role, &format!("{M}/queue/actions"), "k", &bulk).await,
            server.post_as(role, &format!("{M}/reports/{id}/redactions"), "k", &mask).await,
            server.get_as(role, &format!("{M}/reports/{id}/redactions")).await,
            server.get_as(role, &format!("{M}/reports/{id}/redactions/1")).await,
            server.post_as(role, &format!("{M}/reports/{id}/forwards"), "k", &ask).await,
            server.get_as(role, &format!("{M}/reports/{id}/forwards")).await,
            server.send_as(role, Method::PUT, &format!("{M}/answer-templates/aa"), &template).await,
        ];
        for answer in refused {
            assert_eq!(answer.status, StatusCode::FORBIDDEN, "{role}");
        }
    }
    assert_eq!(server.get(&format!("{M}/queue"), &[]).await.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn a_masked_text_is_unreadable_everywhere_but_its_history_stays() {
    let server = Server::start().await;
    send(&server, "a", 11.2239, Some("Så fråga Lars om lampan")).await;
    let id = ids(&queue(&server, "all").await)[0].clone();
    let path = format!("reports/{id}/redactions");
    let found = server.get_as(Role::Coordinator, &format!("{M}/{path}")).await.json();
    assert_eq!(found["findings"], json!([{"from": 9, "to": 13, "flag": "name"}]));
    let mask = json!({"reason": "personal_data", "spans": [{"from": 9, "to": 13}]});
    assert_eq!(post(&server, &path, &mask).await.status, StatusCode::NO_CONTENT);
    let shown = server.get_as(Role::Officer, &format!("{M}/reports/{id}")).await.json();
    assert_eq!(shown["text"], "Så fråga ▮▮▮ om lampan");
    assert_eq!(shown["flags"], json!([]), "nothing is left to look at");
    assert_eq!(queue(&server, "flagged").await["total"], 0);
    let history = server.get_as(Role::Coordinator, &format!("{M}/{path}")).await.json();
    assert_eq!(history["findings"], json!([]));
    let history = &history["items"][0];
    assert_eq!(history["reason"], "personal_data");
    assert_eq!((&history["by"], &history["hasOriginal"]), (&json!("coordinator"), &json!(true)));
    let original = server.get_as(Role::Coordinator, &format!("{M}/{path}/1")).await;
    assert_eq!(String::from_utf8_lossy(&original.body), "Så fråga Lars om lampan");
    assert!(original.header("cache-control").contains("no-store"));
    for (body, broken) in [
        (json!({"reason": "odd", "spans": [{"from": 0, "to": 1}]}), "reason: unknown_value"),
        (json!({"reason": "secret", "spans": [{"from": 0, "to": 99}]}), "spans: out_of_range"),
        (json!({"reason": "secret", "spans": []}), "spans: required"),
        (json!({"reason": "secret"}), "spans: required"),
        (json!({"reason": "secret", "photo": 0}), "areas: required"),
    ] {
        assert_eq!(post(&server, &path, &body).await.violations(), [broken], "{body}");
    }
    let photo = json!({"reason": "secret", "photo": 0, "areas": []});
    assert_eq!(post(&server, &path, &photo).await.status, StatusCode::NOT_FOUND);
}

async fn link(server: &Server, id: &str, body: &Value) -> (String, String) {
    let made = post(server, &format!("reports/{id}/forwards"), body).await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", String::from_utf8_lossy(&made.body));
    let made = made.json();
    let url = made["url"].as_str().unwrap();
    let (address, code) = url.split_once('#').unwrap();
    assert!(address.ends_with("/1427/owner"), "the code stands behind #: {url}");
    (code.to_owned(), made["id"].as_str().unwrap().to_owned())
}

async fn owner(server: &Server, form: &str) -> Answer {
    let kind = [("content-type", "application/x-www-form-urlencoded")];
    let body = Body::from(form.to_owned());
    server.send(request(Method::POST, "/1427/owner?lang=en", &kind, body)).await
}

fn page(answer: &Answer) -> String {
    String::from_utf8_lossy(&answer.body).into_owned()
}

#[tokio::test]
async fn an_owner_without_an_account_sees_the_masked_text_and_answers_once() {
    let server = Server::start().await;
    send(&server, "a", 11.2239, Some("Så fråga Lars om lampan vid bryggan")).await;
    let id = ids(&queue(&server, "all").await)[0].clone();
    let ask = json!({"owner": "Vägföreningen", "question": "Är den er?", "days": 7});
    let (code, _) = link(&server, &id, &ask).await;
    let shown = owner(&server, &format!("code={code}")).await;
    let text = page(&shown);
    assert_eq!(shown.status, StatusCode::OK, "{text}");
    assert_eq!(shown.header("cache-control"), "no-store");
    assert!(text.contains("om lampan vid bryggan") && !text.contains("Lars"), "{text}");
    assert!(text.contains("Vägföreningen") && text.contains("Är den er?"));
    let no_day = owner(&server, &format!("code={code}&reply=planned")).await;
    assert_eq!(no_day.status, StatusCode::UNPROCESSABLE_ENTITY);
    let past = owner(&server, &format!("code={code}&reply=planned&byDay=2026-01-01")).await;
    assert!(page(&past).contains("already been"), "{}", page(&past));
    let answer = format!("code={code}&reply=planned&byDay=2026-12-24&note=Ordered");
    assert_eq!(owner(&server, &answer).await.status, StatusCode::OK);
    assert_eq!(owner(&server, &answer).await.status, StatusCode::CONFLICT);
    let again = page(&owner(&server, &format!("code={code}")).await);
    assert!(again.contains("24 December 2026") && !again.contains("<textarea"), "{again}");
    let answered = queue(&server, "answered").await;
    let told = &answered["items"][0]["forwards"][0];
    assert_eq!(told["answer"]["reply"], "planned");
    assert_eq!(told["answer"]["byDay"], "2026-12-24");
    assert!(told["openedAt"].is_string(), "{told}");
    assert!(!answered.to_string().contains(&code), "the code is kept nowhere");
    let close = format!("{M}/reports/{id}/forwards/{}", told["id"].as_str().unwrap());
    let closed = server.send_as(Role::Coordinator, Method::DELETE, &close, &Value::Null).await;
    assert_eq!(closed.status, StatusCode::NO_CONTENT);
    assert_eq!(queue(&server, "answered").await["total"], 0);
}

#[tokio::test]
async fn a_link_that_was_taken_back_or_has_expired_opens_nothing() {
    let server = Server::start().await;
    send(&server, "a", 11.2239, None).await;
    let id = ids(&queue(&server, "all").await)[0].clone();
    let ask = json!({"owner": "Hamnkontoret", "days": 1});
    let (taken_back, forward) = link(&server, &id, &ask).await;
    let close = format!("{M}/reports/{id}/forwards/{forward}");
    server.send_as(Role::Coordinator, Method::DELETE, &close, &Value::Null).await;
    let (expired, _) = link(&server, &id, &ask).await;
    server.clock.advance(86_400);
    let mut pages = Vec::new();
    for code in [taken_back.as_str(), expired.as_str(), "nothing"] {
        let shown = owner(&server, &format!("code={code}")).await;
        assert_eq!(shown.status, StatusCode::NOT_FOUND);
        pages.push(page(&shown));
    }
    assert!(pages.windows(2).all(|pair| pair[0] == pair[1]), "they read the same");
    for (body, broken) in [
        (json!({"owner": " "}), "owner: required"),
        (json!({"owner": "A", "days": 61}), "days: out_of_range"),
    ] {
        let refused = post(&server, &format!("reports/{id}/forwards"), &body).await;
        assert_eq!(refused.violations(), [broken]);
    }
    send_as(&server, "b", "drug_activity", 11.2239, None).await;
    let all = queue(&server, "all").await;
    let items = all["items"].as_array().unwrap();
    let secret = items.iter().find(|item| item["category"] == "drug_activity").unwrap();
    let path = format!("reports/{}/forwards", secret["id"].as_str().unwrap());
    assert_eq!(post(&server, &path, &ask).await.violations(), ["category: staff_only"]);
}

#[tokio::test]
async fn one_action_on_many_is_checked_for_each() {
    let server = Server::start().await;
    for (key, longitude) in [("a", 11.2239), ("b", 11.2240), ("c", 11.2241)] {
        send(&server, key, longitude, None).await;
    }
    let ids = ids(&queue(&server, "all").await);
    let done = json!({"ids": [ids[0]], "action": "status", "status": "done", "answer": "Lagad."});
    assert_eq!(post(&server, "queue/actions", &done).await.json()["done"], json!([ids[0]]));
    let nobody = "0".repeat(32);
    let many = json!({
        "ids": [ids[0], ids[1], nobody, ids[1]], "action": "status", "status": "triaged"
    });
    let told = post(&server, "queue/actions", &many).await.json();
    assert_eq!(told["done"], json!([ids[1]]));
    assert_eq!(
        told["refused"],
        json!([
            {"id": ids[0], "reason": "report_status_transition"},
            {"id": nobody, "reason": "not-found"},
        ])
    );
    let merge = json!({"ids": [ids[1], ids[2]], "action": "merge", "into": ids[2]});
    let told = post(&server, "queue/actions", &merge).await.json();
    assert_eq!(told["done"], json!([ids[1]]), "{told}");
    assert_eq!(told["refused"][0]["reason"], "report_merge");
    let whole = server.get_as(Role::Est, &format!("{M}/reports/{}", ids[2])).await.json();
    assert_eq!(whole["voices"], 2, "the voices are kept");
    for (body, broken) in [
        (json!({"ids": [], "action": "let_in"}), "ids: required"),
        (json!({"ids": vec!["a"; 101], "action": "let_in"}), "ids: out_of_range"),
        (json!({"ids": ["a"], "action": "delete"}), "action: unknown_value"),
        (json!({"ids": ["a"], "action": "merge"}), "into: required"),
    ] {
        assert_eq!(post(&server, "queue/actions", &body).await.violations(), [broken]);
    }
}

#[tokio::test]
async fn answers_are_shipped_in_both_languages_and_become_ones_own_when_changed() {
    let server = Server::start().await;
    let path = format!("{M}/answer-templates");
    let shipped = server.get_as(Role::Est, &path).await.json();
    let count = shipped.as_array().unwrap().len();
    assert!(count >= 10);
    for template in shipped.as_array().unwrap() {
        let text = |name: &str| template[name].as_str().unwrap().len();
        assert!(text("textSv") > 10 && text("textEn") > 10, "{template}");
    }
    let new = json!({
        "category": "litter", "status": "done", "title": "Tömd", "textSv": "Tömd.", "textEn": "Emptied."
    });
    let one = format!("{path}/bin-emptied");
    let saved = server.send_as(Role::Coordinator, Method::PUT, &one, &new).await;
    assert_eq!(saved.status, StatusCode::NO_CONTENT);
    let own = server.get_as(Role::Est, &path).await.json();
    assert_eq!(own.as_array().unwrap().len(), count + 1);
    let gone = server.send_as(Role::Coordinator, Method::DELETE, &one, &Value::Null).await;
    assert_eq!(gone.status, StatusCode::NO_CONTENT);
    let twice = server.send_as(Role::Coordinator, Method::DELETE, &one, &Value::Null).await;
    assert_eq!(twice.status, StatusCode::NOT_FOUND);
    assert_eq!(server.get_as(Role::Est, &path).await.json(), shipped);
}

#[tokio::test]
async fn one_person_with_many_reports_gains_nothing_by_a_merge() {
    let server = Server::start().await;
    let report = |key: String, longitude: f64| {
        let place = json!({"longitude": longitude, "latitude": 58.3577});
        let body = json!({"category": "lighting", "place": place}).to_string();
        let server = &server;
        async move {
            let headers = [
                ("idempotency-key", key.as_str()),
                ("fyren-source", "browser-token-of-one-person"),
            ];
            let sent = server.post(&format!("{M}/reports"), &headers, &body).await;
            assert_eq!(sent.status, StatusCode::CREATED);
        }
    };
    for nth in 0..6 {
        report(format!("one-{nth}"), 11.2239 + f64::from(nth) * 0.0001).await;
    }
    send(&server, "other", 11.2249, None).await;
    let all = ids(&queue(&server, "all").await);
    let target = all.last().unwrap();
    let merge = json!({"ids": all[..6], "action": "merge", "into": target});
    assert_eq!(post(&server, "queue/actions", &merge).await.json()["refused"], json!([]));
    let layer = server.get_as(Role::Coordinator, &format!("{M}/layers/reports")).await.json();
    let counted = layer["features"].as_array().unwrap().iter();
    let counted = counted.filter(|one| one["properties"]["merged"] == false).count();
    assert_eq!(counted, 1, "what was merged counts no more");
    let shown = server.get_as(Role::Est, &format!("{M}/reports/{target}")).await.json();
    assert_eq!(shown["voices"], 2, "one person is one voice, however many reports");
}

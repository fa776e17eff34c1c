//! Sending a report and reading what became of it.

use super::server::Server;
use axum::http::StatusCode;
use fyren_core::domain::Role;
use serde_json::json;

const REPORTS: &str = "/api/v1/municipalities/1427/reports";

fn dark_quay() -> serde_json::Value {
    json!({
        "category": "lighting",
        "place": { "longitude": 11.2242, "latitude": 58.3546 },
        "when": { "hours": "22-04", "weekdays": "fri,sat", "season": "summer" },
        "factors": ["dark", "nobody"],
        "feeling": "unsafe",
        "text": "Lampan vid kajen är trasig"
    })
}

#[tokio::test]
async fn a_report_gives_a_receipt_that_opens_its_page() {
    let server = Server::start().await;
    let sent = server.post(REPORTS, &[("idempotency-key", "a")], &dark_quay().to_string()).await;
    assert_eq!(sent.status, StatusCode::CREATED, "{}", String::from_utf8_lossy(&sent.body));
    let receipt = sent.json()["receipt"].as_str().unwrap().to_owned();
    assert!(receipt.len() >= 14 && !sent.json()["statusUrl"].as_str().unwrap().contains('?'));
    let words = sent.json()["shortCode"].as_str().unwrap().to_owned();
    for code in [receipt, words.to_uppercase()] {
        let authorization = format!("Receipt {code}");
        let page = server.get("/api/v1/receipt", &[("authorization", &authorization)]).await;
        assert_eq!(page.status, StatusCode::OK, "{code}");
        assert_eq!(page.json()["status"], "received");
        assert_eq!(page.json()["receivedAt"], "2026-11-22T12:00:00Z");
    }
}

#[tokio::test]
async fn the_same_key_gives_the_same_answer_and_an_other_body_is_refused() {
    let server = Server::start().await;
    let key = [("idempotency-key", "same")];
    let first = server.post(REPORTS, &key, &dark_quay().to_string()).await;
    let again = server.post(REPORTS, &key, &dark_quay().to_string()).await;
    assert_eq!((again.status, again.json()), (StatusCode::CREATED, first.json()));
    let mut other = dark_quay();
    other["category"] = json!("litter");
    let other = server.post(REPORTS, &key, &other.to_string()).await;
    assert_eq!(other.status, StatusCode::CONFLICT);
    assert_eq!(other.json()["type"], "/problems/key-reused");
}

#[tokio::test]
async fn what_is_wrong_is_named_all_at_once() {
    let server = Server::start().await;
    let cases = [
        (
            json!({"category": "x", "place": {"longitude": 11.2, "latitude": 158.3}, "feeling": "odd"}),
            vec![
                "category: unknown_value",
                "place.latitude: out_of_range",
                "feeling: unknown_value",
            ],
        ),
        (
            json!({"category": "lighting", "place": {"longitude": 58.3546, "latitude": 11.2242}}),
            vec!["place: swapped_coordinates"],
        ),
        (
            json!({"category": "lighting", "place": {"longitude": 18.07, "latitude": 59.33}}),
            vec!["place: outside_municipality"],
        ),
        (
            json!({"category": "lighting", "place": {"localityId": "1", "districtCode": "2"}}),
            vec!["place: one_place"],
        ),
        (
            json!({"category": "lighting", "place": {"longitude": 11.2, "latitude": 58.3, "z": 1}}),
            vec!["place.z: unknown_field"],
        ),
        (json!({"category": "lighting"}), vec!["place: required"]),
    ];
    for (body, expected) in cases {
        let answer = server.post(REPORTS, &[("idempotency-key", "b")], &body.to_string()).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{body}");
        let found = answer.violations();
        let close = found.len() == expected.len()
            && found.iter().zip(&expected).all(|(f, e)| {
                let ((ff, fr), (ef, er)) =
                    (f.split_once(": ").unwrap(), e.split_once(": ").unwrap());
                ff.starts_with(ef) && fr == er
            });
        assert!(close, "{body}: {found:?} instead of {expected:?}");
    }
}

#[tokio::test]
async fn a_key_is_needed_and_text_that_is_no_json_is_refused() {
    let server = Server::start().await;
    let none = server.post(REPORTS, &[], &dark_quay().to_string()).await;
    assert_eq!(none.status, StatusCode::BAD_REQUEST);
    assert_eq!(none.violations(), ["Idempotency-Key: required"]);
    let key = [("idempotency-key", "c")];
    for (body, status) in [("{", 400), ("{\"category\":1e400}", 422), ("[]", 422)] {
        let answer = server.post(REPORTS, &key, body).await;
        assert_eq!(answer.status.as_u16(), status, "{body}");
        answer.violations();
    }
    let long = format!("{{\"text\":\"{}\"}}", "x".repeat(1_000_000));
    assert_eq!(server.post(REPORTS, &key, &long).await.status, StatusCode::PAYLOAD_TOO_LARGE);
}

#[tokio::test]
async fn of_a_fraud_attempt_only_the_district_is_kept() {
    let server = Server::start().await;
    let mut fraud = dark_quay();
    fraud["category"] = json!("fraud_attempt");
    let sent = server.post(REPORTS, &[("idempotency-key", "d")], &fraud.to_string()).await;
    assert_eq!(sent.status, StatusCode::CREATED);
    let mut kept = Vec::new();
    server
        .app
        .municipal
        .load_events(
            &fyren_core::domain::MunicipalityCode::parse("1427").unwrap(),
            fyren_core::domain::Seq(0),
            &mut |row| kept.push((row.id, row.anchor.is_some(), row.district.to_owned())),
        )
        .await
        .unwrap();
    assert_eq!(kept.len(), 1);
    assert_eq!((kept[0].1, kept[0].2.as_str()), (false, "109051"));
    let path = format!("{REPORTS}/{}", kept[0].0);
    let report = server.get_as(Role::Coordinator, &path).await;
    assert_eq!(report.json()["text"], serde_json::Value::Null);
}

#[tokio::test]
async fn an_answer_reaches_the_resident_and_a_step_that_skips_is_refused() {
    let server = Server::start().await;
    let sent = server.post(REPORTS, &[("idempotency-key", "e")], &dark_quay().to_string()).await;
    let receipt = format!("Receipt {}", sent.json()["receipt"].as_str().unwrap());
    let mut id = String::new();
    let code = fyren_core::domain::MunicipalityCode::parse("1427").unwrap();
    let from = fyren_core::domain::Seq(0);
    let store = &server.app.municipal;
    store.load_events(&code, from, &mut |row| id = row.id.to_string()).await.unwrap();
    let status = format!("{REPORTS}/{id}/status");
    let step = json!({"status": "done", "answer": "Lampan är lagad."});
    let done = server.post_as(Role::Coordinator, &status, "f", &step).await;
    assert_eq!(done.status, StatusCode::NO_CONTENT, "{}", String::from_utf8_lossy(&done.body));
    let page = server.get("/api/v1/receipt", &[("authorization", &receipt)]).await.json();
    assert_eq!(page["status"], "done");
    assert_eq!(page["answers"][0]["text"], "Lampan är lagad.");
    let skip = json!({"status": "planned"});
    let refused = server.post_as(Role::Coordinator, &status, "g", &skip).await;
    assert_eq!(refused.status, StatusCode::CONFLICT);
    let silent = json!({"status": "not_done"});
    let refused = server.post_as(Role::Coordinator, &status, "h", &silent).await;
    assert_eq!(refused.violations(), ["answer: required"]);
}

#[tokio::test]
async fn only_failed_lookups_are_throttled() {
    let server = Server::start().await;
    let sent = server.post(REPORTS, &[("idempotency-key", "i")], &dark_quay().to_string()).await;
    let right = format!("Receipt {}", sent.json()["receipt"].as_str().unwrap());
    for _ in 0..40 {
        let page = server.get("/api/v1/receipt", &[("authorization", &right)]).await;
        assert_eq!(page.status, StatusCode::OK);
    }
    let wrong = [("authorization", "Receipt AAAAAAAAAAAAAAAAAAAAAA")];
    let mut last = StatusCode::OK;
    for _ in 0..21 {
        last = server.get("/api/v1/receipt", &wrong).await.status;
    }
    assert_eq!(last, StatusCode::TOO_MANY_REQUESTS);
}

#[tokio::test]
async fn the_report_after_the_limit_is_told_when_to_come_back() {
    let server = Server::with_args(&["--rate-limit", "2"]).await;
    for at in 0..2 {
        let key = format!("k{at}");
        let sent =
            server.post(REPORTS, &[("idempotency-key", &key)], &dark_quay().to_string()).await;
        assert_eq!(sent.status, StatusCode::CREATED);
    }
    let third = server.post(REPORTS, &[("idempotency-key", "k3")], &dark_quay().to_string()).await;
    assert_eq!(third.status, StatusCode::TOO_MANY_REQUESTS);
    assert!(third.header("retry-after").parse::<u64>().unwrap() >= 1);
}

#[tokio::test]
async fn a_text_is_checked_before_it_is_sent_and_nothing_is_kept() {
    let server = Server::start().await;
    let check = format!("{REPORTS}/check");
    let ask = async |text: &str| server.post(&check, &[], &json!({"text": text}).to_string()).await;
    let found = ask("Hjälp! Bil TBC 123, ring 070-174 06 05").await;
    assert_eq!(found.json(), json!({"danger": true, "personal": ["phone", "plate"]}));
    let found = ask("Lampan är trasig.").await;
    assert_eq!(found.json(), json!({"danger": false, "personal": []}));
    assert_eq!(ask(&"å".repeat(2001)).await.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn what_a_fraud_asks_is_kept_and_asked_of_nothing_else() {
    let server = Server::start().await;
    let fraud = |category: &str| {
        json!({
            "category": category,
            "place": { "longitude": 11.2242, "latitude": 58.3546 },
            "details": ["by_phone", "codes_given"],
            "text": "De ville ha koder till 070-174 06 05"
        })
        .to_string()
    };
    let sent = server.post(REPORTS, &[("idempotency-key", "f1")], &fraud("fraud_attempt")).await;
    assert_eq!(sent.status, StatusCode::CREATED);
    let wrong = server.post(REPORTS, &[("idempotency-key", "f2")], &fraud("lighting")).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(wrong.json()["violations"][0]["field"], "details[0]");
}

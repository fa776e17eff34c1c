//! What is wrong is said as `application/problem+json`, and names what is wrong.

use crate::house::{Answer, House, SOTENAS, report_at};
use reqwest::Method;
use serde_json::json;

fn assert_problem(answer: &Answer, status: u16) {
    assert_eq!(answer.status, status, "{}", answer.text);
    assert!(answer.content_type.starts_with("application/problem+json"), "{}", answer.content_type);
    let problem = answer.json();
    assert_eq!(problem["status"], status);
    for member in ["type", "title", "detail", "instance"] {
        assert!(
            problem[member].as_str().is_some_and(|text| !text.is_empty()),
            "{member}: {problem}"
        );
    }
}

async fn post_text(house: &House, key: &str, body: String) -> Answer {
    let request = house
        .client()
        .post(house.url(&format!("{SOTENAS}/reports")))
        .header("Idempotency-Key", key)
        .header("Content-Type", "application/json")
        .body(body);
    house.send(request).await
}

#[tokio::test]
async fn every_refusal_is_a_problem_document() {
    let mut house = House::sotenas();
    house.serve(&[]).await;
    for path in ["/api/v1/nothing", "/api/v1/municipalities/9999/categories", "/nothing/here"] {
        assert_problem(&house.get(path, "").await, 404);
    }
    for (method, path) in [(Method::DELETE, "/reports"), (Method::POST, "/categories")] {
        let url = house.url(&format!("{SOTENAS}{path}"));
        let answer = house.send(house.client().request(method, url)).await;
        assert_problem(&answer, 405);
    }
    let large = format!("{{\"text\":\"{}\"}}", "x".repeat(11 << 20));
    assert_problem(&post_text(&house, "large", large).await, 413);
    for malformed in ["", "{", "{\"category\":lighting}", "\u{0}", "nonsense"] {
        assert_problem(&post_text(&house, "malformed", malformed.to_owned()).await, 400);
    }
    for odd in ["[".repeat(20_000), "[1,2".to_owned(), "7".to_owned()] {
        let answer = post_text(&house, "odd", odd).await;
        assert!(matches!(answer.status, 400 | 422), "{}", answer.text);
        assert_problem(&answer, answer.status);
    }
}

#[tokio::test]
async fn unknown_fields_and_keys_that_stand_twice_are_named() {
    let mut house = House::sotenas();
    house.serve(&[]).await;
    let place = "\"place\":{\"longitude\":11.256,\"latitude\":58.362}";
    for (body, field) in [
        (format!("{{\"category\":\"lighting\",{place},\"colour\":\"red\"}}"), "colour"),
        (format!("{{\"category\":\"lighting\",\"category\":\"litter\",{place}}}"), "category"),
        (
            "{\"category\":\"lighting\",\"place\":{\"longitude\":11.256,\"latitude\":58.362,\
             \"height\":3}}"
                .to_owned(),
            "place.height",
        ),
    ] {
        let answer = post_text(&house, field, body).await;
        assert_problem(&answer, 422);
        assert_eq!(answer.json()["violations"][0]["field"], field, "{}", answer.text);
    }
}

#[tokio::test]
async fn coordinates_that_cannot_be_are_refused_with_field_and_rule() {
    let mut house = House::sotenas();
    house.serve(&[]).await;
    for (place, field) in [
        (json!({ "longitude": 58.362, "latitude": 11.256 }), "place"),
        (json!({ "longitude": 18.07, "latitude": 59.33 }), "place"),
        (json!({ "longitude": 511.256, "latitude": 58.362 }), "place.longitude"),
        (json!({ "longitude": 11.256, "latitude": -91 }), "place.latitude"),
        (json!({ "longitude": 11.256 }), "place.latitude"),
        (json!({ "districtCode": "000000" }), "place.districtCode"),
        (json!({}), "place"),
    ] {
        let body = json!({ "category": "lighting", "place": place });
        let answer = house.post(&format!("{SOTENAS}/reports"), "", "k", &body).await;
        assert_problem(&answer, 422);
        let named = answer.json()["violations"][0]["field"].as_str().unwrap().to_owned();
        assert!(named.starts_with(field), "{named} for {place}");
    }
    let huge = "{\"category\":\"lighting\",\"place\":{\"longitude\":1e400,\"latitude\":58.362}}";
    let answer = post_text(&house, "huge", huge.to_owned()).await;
    assert!(matches!(answer.status, 400 | 422), "{}", answer.text);
}

#[tokio::test]
async fn an_unknown_or_malformed_parameter_of_a_layer_is_named() {
    let mut house = House::sotenas();
    house.serve(&[]).await;
    for (query, field) in [
        ("colour=red", "colour"),
        ("limit=many", "limit"),
        ("bbox=1,2,3", "bbox"),
        ("crs=EPSG:1", "crs"),
    ] {
        let path = format!("{SOTENAS}/layers/districts?{query}");
        let answer = house.get(&path, "").await;
        assert_problem(&answer, 400);
        assert_eq!(answer.json()["violations"][0]["field"], field, "{}", answer.text);
    }
}

#[tokio::test]
async fn the_sixty_first_report_in_a_minute_from_one_network_must_wait() {
    let mut house = House::sotenas();
    house.serve(&[]).await;
    let reports = format!("{SOTENAS}/reports");
    let mut refused = None;
    for step in 0..70 {
        let answer = house.post(&reports, "", &format!("k{step}"), &report_at(step)).await;
        if answer.status == 429 {
            refused = Some((step, answer));
            break;
        }
        assert_eq!(answer.status, 201, "{}", answer.text);
    }
    let (step, answer) = refused.expect("nobody was refused");
    // While the first sixty are sent, some of the next minute's may come free.
    assert!((60..70).contains(&step), "refused after {step}");
    assert_problem(&answer, 429);
}

#[tokio::test]
async fn a_forwarding_header_of_a_stranger_does_not_lift_the_limit() {
    let mut house = House::sotenas();
    house.serve(&["--rate-limit", "3"]).await;
    let mut last = 0;
    for step in 0..6 {
        let request = house
            .client()
            .post(house.url(&format!("{SOTENAS}/reports")))
            .header("Idempotency-Key", format!("k{step}"))
            .header("X-Forwarded-For", format!("198.51.{step}.1"))
            .json(&report_at(step));
        last = house.send(request).await.status;
    }
    assert_eq!(last, 429);
}

//! Somebody wants a hot spot: the bars of the quarantine, asked of the layers
//! that staff look at.

use super::server::Server;
use axum::http::StatusCode;
use fyren::app::SimulationDraft;
use fyren_core::domain::Role;
use serde_json::{Value, json};
use std::collections::BTreeSet;

const M: &str = "/api/v1/municipalities/1427";
/// Where the fakes are: inland of Askum, far from what is hot.
const TARGET: (f64, f64) = (11.3700, 58.4200);

/// A server with two synthetic years of reports.
async fn lively() -> Server {
    let server = Server::start().await;
    let ground = server.app.ground("1427").await.unwrap();
    let draft = SimulationDraft {
        seed: 7,
        per_year: 300,
        years: 2,
        last_visits: Vec::new(),
        new_places: Vec::new(),
    };
    server.app.simulate_reports(&ground, draft).await.unwrap();
    server
}

async fn send(server: &Server, key: &str, source: &str, nth: u32) {
    let off = f64::from(nth % 5) * 0.0001;
    let place = json!({"longitude": TARGET.0 + off, "latitude": TARGET.1 + off});
    let body = json!({"category": "rowdiness", "place": place}).to_string();
    let headers = [("idempotency-key", key), ("fyren-source", source)];
    let sent = server.post(&format!("{M}/reports"), &headers, &body).await;
    assert_eq!(sent.status, StatusCode::CREATED, "{}", String::from_utf8_lossy(&sent.body));
}

/// The ten most urgent hot spots, by their place to some hundred metres.
async fn top_ten(server: &Server) -> BTreeSet<String> {
    let path = format!("{M}/layers/hotspots?from=2024-11-01");
    let layer = server.get_as(Role::Coordinator, &path).await.json();
    let features = layer["features"].as_array().unwrap().clone();
    let ranked =
        features.iter().filter(|one| one["properties"]["rank"].as_u64().is_some_and(|r| r <= 10));
    ranked.map(|one| corner(&one["geometry"]["coordinates"])).collect()
}

/// The first corner of a shape, rounded.
fn corner(coordinates: &Value) -> String {
    match coordinates[0].as_f64() {
        Some(x) => format!("{:.2} {:.2}", x, coordinates[1].as_f64().unwrap()),
        None => corner(&coordinates[0]),
    }
}

fn is_target(corner: &str) -> bool {
    let (x, y) = corner.split_once(' ').unwrap();
    let (x, y): (f64, f64) = (x.parse().unwrap(), y.parse().unwrap());
    (x - TARGET.0).abs() < 0.02 && (y - TARGET.1).abs() < 0.02
}

#[tokio::test]
async fn one_source_never_moves_a_place_into_the_top_ten() {
    let server = lively().await;
    let before = top_ten(&server).await;
    assert!(!before.is_empty() && !before.iter().any(|one| is_target(one)), "{before:?}");
    for nth in 0..30 {
        send(&server, &format!("one-{nth}"), "browser-token-of-one-person", nth).await;
    }
    let unreviewed = top_ten(&server).await;
    assert!(!unreviewed.iter().any(|one| is_target(one)), "even before anybody looks");
    server.app.review_arrivals().await.unwrap();
    assert_eq!(top_ten(&server).await, before);
}

#[tokio::test]
async fn twenty_sources_with_five_fakes_each_leave_the_ranking_as_it_was() {
    let server = lively().await;
    let before = top_ten(&server).await;
    for source in 0..20 {
        for nth in 0..5 {
            let (key, token) =
                (format!("{source}-{nth}"), format!("browser-token-{source:04}-aaaaaaaa"));
            send(&server, &key, &token, nth).await;
        }
    }
    server.app.review_arrivals().await.unwrap();
    let after = top_ten(&server).await;
    let shared = before.intersection(&after).count();
    assert!(10 * shared >= 9 * before.union(&after).count(), "{before:?} became {after:?}");
    let queue = format!("{M}/queue?part=quarantined&limit=100");
    let queue = server.get_as(Role::Coordinator, &queue).await.json();
    assert!(queue["total"].as_u64().unwrap() >= 95, "recall: {}", queue["total"]);
    // The synthetic years have a burst of their own, put aside without a note.
    let items = queue["items"].as_array().unwrap();
    let one = items.iter().find(|one| one["quarantineNote"].is_string()).unwrap();
    assert_eq!(one["quarantine"], "burst");
    assert!(one["quarantineNote"].as_str().unwrap().contains("sources within 24 hours"), "{one}");
}

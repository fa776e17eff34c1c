//! Vector tiles: who sees them, how they are kept, and what is refused.

use super::server::Server;
use axum::http::StatusCode;
use fyren_core::domain::{Position, Role};
use fyren_core::plane::Tile;
use serde_json::json;

fn path(layer: &str, z: u8) -> String {
    let at = Position { longitude: 11.2494, latitude: 58.3614 };
    let tile = Tile::at(z, at);
    format!("/tiles/1427/{layer}/{}/{}/{}.mvt", tile.z(), tile.x(), tile.y())
}

async fn report(server: &Server, key: &str) {
    let place = json!({"longitude": 11.2494, "latitude": 58.3614, "precisionM": 20});
    let body = json!({"category": "lighting", "place": place});
    let path = "/api/v1/municipalities/1427/reports";
    let sent = server.post(path, &[("idempotency-key", key)], &body.to_string()).await;
    assert_eq!(sent.status, StatusCode::CREATED, "{}", String::from_utf8_lossy(&sent.body));
}

#[tokio::test]
async fn a_tile_is_seen_by_those_who_see_its_layer() {
    let server = Server::start().await;
    report(&server, "a-first-key-for-a-tile").await;
    let nobody = server.get(&path("reports", 12), &[]).await;
    assert_eq!(nobody.status, StatusCode::UNAUTHORIZED);
    let auditor = server.get_as(Role::Auditor, &path("reports", 12)).await;
    assert_eq!(auditor.status, StatusCode::FORBIDDEN);
    let officer = server.get_as(Role::Officer, &path("reports", 12)).await;
    assert_eq!(officer.status, StatusCode::OK);
    assert_eq!(officer.header("content-type"), "application/vnd.mapbox-vector-tile");
    assert_eq!(officer.header("cache-control"), "private, no-cache");
    assert!(officer.body.windows(8).any(|found| found == b"lighting"));
    let public = server.get(&path("districts", 10), &[]).await;
    assert_eq!(public.status, StatusCode::OK);
    assert!(public.header("cache-control").starts_with("public"));
    assert!(public.body.windows(9).any(|found| found == b"districts"));
}

#[tokio::test]
async fn a_new_report_changes_the_tag_and_nothing_else_does() {
    let server = Server::start().await;
    report(&server, "a-first-key-for-a-tile").await;
    let first = server.get_as(Role::Officer, &path("reports", 12)).await;
    let tag = first.header("etag").to_owned();
    assert!(tag.starts_with('"'), "strong: {tag}");
    // Made, from the shelf, and as it was told before.
    for _ in 0..3 {
        let again = server.get_as(Role::Officer, &path("reports", 12)).await;
        assert_eq!((again.header("etag"), &again.body), (tag.as_str(), &first.body));
        assert_eq!(again.headers, first.headers, "what is told at once is as complete");
        let auditor = server.get_as(Role::Auditor, &path("reports", 12)).await;
        assert_eq!(auditor.status, StatusCode::FORBIDDEN, "what is ready is not for everybody");
    }
    let bearer = format!("Bearer {}", server.token(Role::Officer));
    let headers = [("authorization", bearer.as_str()), ("if-none-match", tag.as_str())];
    let known = server.get(&path("reports", 12), &headers).await;
    assert_eq!((known.status, known.body.len()), (StatusCode::NOT_MODIFIED, 0));
    report(&server, "a-second-key-for-a-tile").await;
    let changed = server.get(&path("reports", 12), &headers).await;
    assert_eq!(changed.status, StatusCode::OK);
    assert_ne!(changed.header("etag"), tag);
    let plain = server.get_as(Role::Officer, &path("reports", 12)).await;
    assert_eq!(plain.header("etag"), changed.header("etag"), "nothing old is told");
}

#[tokio::test]
async fn a_tile_leaves_packed_as_the_client_wants_it() {
    let server = Server::start().await;
    let plain = server.get(&path("localities", 9), &[]).await;
    assert_eq!(plain.header("content-encoding"), "");
    let mut tags = vec![plain.header("etag").to_owned()];
    for encoding in ["gzip", "br", "zstd"] {
        let packed = server.get(&path("localities", 9), &[("accept-encoding", encoding)]).await;
        assert_eq!(packed.header("content-encoding"), encoding);
        assert!(packed.body.len() < plain.body.len(), "{encoding}");
        tags.push(packed.header("etag").to_owned());
    }
    tags.sort();
    tags.dedup();
    assert_eq!(tags.len(), 4, "each representation has a tag of its own");
}

#[tokio::test]
async fn a_tile_that_is_none_is_refused_by_name() {
    let server = Server::start().await;
    for (place, broken) in [
        ("23/0/0.mvt", "z: out_of_range"),
        ("3/8/0.mvt", "x: out_of_range"),
        ("3/0/-1.mvt", "y: number_form"),
        ("a/0/0.mvt", "z: number_form"),
        ("3/0/0.mvt?bbox=11,58,12,59", "bbox: unknown_parameter"),
        ("3/0/0.mvt?colour=red", "colour: unknown_parameter"),
    ] {
        let refused = server.get(&format!("/tiles/1427/districts/{place}"), &[]).await;
        assert_eq!(refused.status, StatusCode::BAD_REQUEST, "{place}");
        assert_eq!(refused.violations(), [broken], "{place}");
    }
    for place in ["1427/nothing/3/0/0.mvt", "9999/districts/3/0/0.mvt", "1427/districts/3/0/0"] {
        let missing = server.get(&format!("/tiles/{place}"), &[]).await;
        assert_eq!(missing.status, StatusCode::NOT_FOUND, "{place}");
    }
}

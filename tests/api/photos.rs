//! Photos with a report: what is taken, what is refused, and who sees them.

use super::server::{Answer, Server};
use axum::http::StatusCode;
use fyren_core::domain::Role;
use image::{ExtendedColorType, ImageEncoder, codecs::jpeg::JpegEncoder, codecs::png::PngEncoder};
use serde_json::json;

const M: &str = "/api/v1/municipalities/1427";

fn jpeg() -> Vec<u8> {
    let mut file = Vec::new();
    let pixels = vec![90_u8; 60 * 40 * 3];
    JpegEncoder::new(&mut file).write_image(&pixels, 60, 40, ExtendedColorType::Rgb8).unwrap();
    file
}

fn png(side: u32) -> Vec<u8> {
    let mut file = Vec::new();
    let pixels = vec![0_u8; usize::try_from(side * side).unwrap()];
    PngEncoder::new(&mut file).write_image(&pixels, side, side, ExtendedColorType::L8).unwrap();
    file
}

/// Sends a report with files as a browser does, with borders of its own.
async fn send(server: &Server, key: &str, border: &str, files: &[Vec<u8>]) -> Answer {
    let report = json!({
        "category": "lighting",
        "place": { "longitude": 11.2242, "latitude": 58.3546 },
    });
    let mut body = format!(
        "--{border}\r\nContent-Disposition: form-data; name=\"report\"\r\n\r\n{report}\r\n"
    )
    .into_bytes();
    for file in files {
        body.extend(format!("--{border}\r\nContent-Disposition: form-data; ").into_bytes());
        body.extend(b"name=\"photo\"; filename=\"a.jpg\"\r\nContent-Type: image/jpeg\r\n\r\n");
        body.extend(file);
        body.extend(b"\r\n");
    }
    body.extend(format!("--{border}--\r\n").into_bytes());
    let request = axum::http::Request::post(format!("{M}/reports"))
        .header("idempotency-key", key)
        .header("content-type", format!("multipart/form-data; boundary={border}"))
        .header("content-length", body.len())
        .body(axum::body::Body::from(body));
    server.send(request.unwrap()).await
}

#[tokio::test]
async fn a_photo_is_shown_to_staff_alone_and_written_anew() {
    let server = Server::start().await;
    let sent = send(&server, "a", "xxxx", &[jpeg(), png(30)]).await;
    assert_eq!(sent.status, StatusCode::CREATED, "{}", String::from_utf8_lossy(&sent.body));
    let layer = server.get_as(Role::Coordinator, &format!("{M}/layers/reports")).await.json();
    let path = format!("{M}/reports/{}", layer["features"][0]["id"].as_str().unwrap());
    assert_eq!(server.get_as(Role::Coordinator, &path).await.json()["photos"], 2);
    for at in [0, 1] {
        let shown = server.get_as(Role::Coordinator, &format!("{path}/photos/{at}")).await;
        assert_eq!((shown.status, shown.header("content-type")), (StatusCode::OK, "image/jpeg"));
        assert!(
            shown.body.starts_with(&[0xff, 0xd8])
                && shown.header("cache-control") == "private, no-store"
        );
    }
    let (first, third) = (format!("{path}/photos/0"), format!("{path}/photos/2"));
    assert_eq!(server.get_as(Role::Coordinator, &third).await.status, StatusCode::NOT_FOUND);
    assert_eq!(server.get(&first, &[]).await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(server.get_as(Role::Auditor, &first).await.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn the_same_photos_under_an_other_border_are_the_same_report() {
    let server = Server::start().await;
    let first = send(&server, "k", "aaaa", &[jpeg()]).await;
    let again = send(&server, "k", "bbbbbb", &[jpeg()]).await;
    assert_eq!((again.status, again.json()), (StatusCode::CREATED, first.json()));
    let other = send(&server, "k", "aaaa", &[png(9)]).await;
    assert_eq!(other.status, StatusCode::CONFLICT);
    let layer = server.get_as(Role::Coordinator, &format!("{M}/layers/reports")).await.json();
    assert_eq!(layer["features"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn every_file_that_is_no_honest_photo_is_refused_by_its_number_and_rule() {
    let server = Server::start().await;
    let whole = jpeg();
    let script = [&whole[..], b"<script>alert(1)</script>"].concat();
    let archive = [&whole[..], b"PK\x03\x04 PK\x05\x06\0\0"].concat();
    let cases = [
        (b"GIF89a".to_vec(), "photo_kind"),
        (b"%PDF-1.7".to_vec(), "photo_kind"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>".to_vec(), "photo_kind"),
        (whole[..whole.len() / 2].to_vec(), "photo_damaged"),
        (script, "photo_mixed"),
        (archive, "photo_mixed"),
        (png(7_500), "photo_too_large"),
        (vec![0xff; fyren::app::PHOTO_BYTES + 1], "photo_too_large"),
    ];
    for (at, (file, rule)) in cases.into_iter().enumerate() {
        let answer = send(&server, &format!("r{at}"), "xxxx", &[whole.clone(), file]).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{rule}");
        assert_eq!(answer.violations(), [format!("photos[1]: {rule}")]);
    }
    let four = vec![whole.clone(); 4];
    let answer = send(&server, "four", "xxxx", &four).await;
    assert_eq!(answer.violations(), ["photos: too_many_photos"]);
    let layer = server.get_as(Role::Coordinator, &format!("{M}/layers/reports")).await.json();
    assert_eq!(layer["features"].as_array().unwrap().len(), 0, "nothing was kept");
}

#[tokio::test]
async fn a_long_document_and_a_longer_form_are_refused_as_too_large() {
    let server = Server::start().await;
    let long = format!(r#"{{"category":"{}"}}"#, "x".repeat(300 * 1024));
    let answer = server.post(&format!("{M}/reports"), &[("idempotency-key", "a")], &long).await;
    assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE);
    let files = vec![vec![0xff; 14 << 20]; 3];
    let answer = send(&server, "b", "xxxx", &files).await;
    assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert_eq!(answer.header("content-type"), "application/problem+json");
}

//! `M/imports`: from the upload to taking it back.

use super::server::{Answer, Server, request};
use axum::{
    body::Body,
    http::{Method, StatusCode},
};
use fyren_core::domain::Role;
use serde_json::{Value, json};

const IMPORTS: &str = "/api/v1/municipalities/1427/imports";
const ROWS: &str = "nr;tid;vad;nord;ost\n1;2026-07-10 22:30;Klotter;58.3614;11.2494\n\
    2;2026-07-11 09:00;Pothole;58.3610;11.2490\n3;;Klotter;57.70;11.97\n";

async fn upload(server: &Server, role: Role, query: &str, text: &str) -> Answer {
    let bearer = format!("Bearer {}", server.token(role));
    let headers = [("authorization", bearer.as_str())];
    let path = format!("{IMPORTS}?{query}");
    server.send(request(Method::POST, &path, &headers, Body::from(text.to_owned()))).await
}

async fn act(server: &Server, method: Method, path: &str, body: &str) -> Answer {
    let bearer = format!("Bearer {}", server.token(Role::Coordinator));
    let headers = [("authorization", bearer.as_str()), ("content-type", "application/json")];
    let path = format!("{IMPORTS}/{path}");
    server.send(request(method, &path, &headers, Body::from(body.to_owned()))).await
}

/// Asks until the import runs no more.
async fn settled(server: &Server, id: &str) -> Value {
    loop {
        let import = act(server, Method::GET, id, "").await.json();
        if !["checking", "running"].contains(&import["state"].as_str().unwrap()) {
            return import;
        }
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn a_file_is_uploaded_corrected_tried_imported_and_taken_back() {
    let server = Server::start().await;
    let answer = upload(&server, Role::Coordinator, "kind=reports&name=felanm%C3%A4lan.csv", ROWS);
    let answer = answer.await;
    assert_eq!(answer.status, StatusCode::CREATED);
    let import = answer.json();
    let id = import["id"].as_str().unwrap();
    assert_eq!((&import["state"], &import["dataset"]), (&json!("waiting"), &json!("felanmälan")));
    assert_eq!(import["columns"][1], json!({ "name": "tid", "target": "at" }));
    assert_eq!(import["columns"][2]["target"], Value::Null);
    let first = &import["sample"]["features"][0];
    assert_eq!(first["geometry"]["coordinates"], json!([11.2494, 58.3614]));
    assert_eq!(first["properties"]["values"]["vad"], "Klotter");
    let third = &import["sample"]["features"][2]["properties"];
    assert_eq!(third["refused"], json!({ "field": "place", "rule": "outside_municipality" }));

    let settings = json!({
        "kind": "reports", "dataset": "fel", "columns": { "category": "vad", "id": "nr" }
    });
    let set = act(&server, Method::PUT, id, &settings.to_string()).await.json();
    assert_eq!(set["sample"]["features"][0]["properties"]["category"], "Klotter");

    let begun = act(&server, Method::POST, &format!("{id}/check"), "").await;
    assert_eq!(begun.status, StatusCode::ACCEPTED);
    let checked = settled(&server, id).await;
    assert_eq!(checked["state"], "checked");
    assert_eq!(
        (&checked["report"]["stored"], &checked["report"]["refused"]),
        (&json!(2), &json!(1))
    );
    assert_eq!(checked["progress"], json!({ "rows": 3, "read": 3 }));

    act(&server, Method::POST, &format!("{id}/start"), "").await;
    let done = settled(&server, id).await;
    assert_eq!((&done["state"], &done["rows"]["stored"]), (&json!("done"), &json!(2)));
    let reports = "/api/v1/municipalities/1427/layers/reports";
    let layer = server.get_as(Role::Coordinator, reports).await.json();
    assert_eq!(layer["features"].as_array().unwrap().len(), 2);

    let undone = act(&server, Method::POST, &format!("{id}/undo"), "").await.json();
    assert_eq!(undone["state"], "undone");
    let layer = server.get_as(Role::Coordinator, reports).await.json();
    assert!(layer["features"].as_array().unwrap().is_empty());
    let list = server.get_as(Role::Coordinator, IMPORTS).await.json();
    assert_eq!((list[0]["id"].as_str(), &list[0]["state"]), (Some(id), &json!("undone")));
}

#[tokio::test]
async fn a_file_that_is_not_understood_waits_for_better_settings_or_is_given_up() {
    let server = Server::start().await;
    let text = "a,b\n58.3614,11.2494\n";
    let import = upload(&server, Role::Admin, "kind=incidents&name=x.csv", text).await.json();
    assert_eq!(import["state"], "failed");
    assert!(import["failure"].as_str().unwrap().contains("no column looks like a position"));
    assert_eq!(
        import["columns"],
        json!([{ "name": "a", "target": null }, { "name": "b", "target": null }])
    );
    let id = import["id"].as_str().unwrap();
    let settings = json!({
        "kind": "incidents", "dataset": "x", "columns": { "latitude": "a", "longitude": "b" }
    });
    let set = act(&server, Method::PUT, id, &settings.to_string()).await.json();
    assert_eq!((&set["state"], &set["seen"]["rows"]), (&json!("waiting"), &json!(1)));
    let gone = act(&server, Method::DELETE, id, "").await;
    assert_eq!(gone.status, StatusCode::NO_CONTENT);
    assert_eq!(act(&server, Method::GET, id, "").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn only_who_may_import_uploads_and_settings_are_read_strictly() {
    let server = Server::start().await;
    for (role, status) in [
        (Role::Coordinator, StatusCode::CREATED),
        (Role::PolicePlanner, StatusCode::CREATED),
        (Role::Est, StatusCode::FORBIDDEN),
        (Role::Officer, StatusCode::FORBIDDEN),
    ] {
        let answer = upload(&server, role, "kind=reports&name=a.csv", ROWS).await;
        assert_eq!(answer.status, status, "{role}");
    }
    let unknown = upload(&server, Role::Admin, "kind=people&name=a.csv", ROWS).await;
    assert_eq!(unknown.violations(), ["kind: unknown_value"]);
    let missing = upload(&server, Role::Admin, "name=a.csv", ROWS).await;
    assert_eq!(missing.violations(), ["kind: required"]);
    let import = upload(&server, Role::Admin, "kind=reports&name=a.csv", ROWS).await.json();
    let settings = json!({ "kind": "reports", "dataset": "x", "columns": { "colour": "vad" } });
    let id = import["id"].as_str().unwrap();
    let answer = act(&server, Method::PUT, id, &settings.to_string()).await;
    assert_eq!(answer.violations(), ["columns.colour: unknown_field"]);
}

#[tokio::test]
async fn a_coordinator_cannot_store_visits_of_the_police() {
    let server = Server::start().await;
    let text = "unit,unit_kind,from,to,lat,lon\n\
        OP,area_police,2026-07-10T21:00Z,2026-07-10T21:15Z,58.3614,11.2494\n";
    let import = upload(&server, Role::Coordinator, "kind=visits&name=v.csv", text).await.json();
    let refused = &import["sample"]["features"][0]["properties"]["refused"];
    assert_eq!(refused["rule"], "police_only");
}

/// Uploads a form whose parts are given as name, file name and content.
async fn upload_form(server: &Server, query: &str, parts: &[(&str, &str, &str)]) -> Answer {
    let part = |(name, file, content): &(&str, &str, &str)| {
        let file = if file.is_empty() { String::new() } else { format!("; filename=\"{file}\"") };
        let head = format!("Content-Disposition: form-data; name=\"{name}\"{file}");
        format!("--border\r\n{head}\r\n\r\n{content}\r\n")
    };
    let body: String = parts.iter().map(part).collect();
    send_form(server, query, body + "--border--\r\n").await
}

async fn send_form(server: &Server, query: &str, body: String) -> Answer {
    let bearer = format!("Bearer {}", server.token(Role::Coordinator));
    let headers = [
        ("authorization", bearer.as_str()),
        ("content-type", "multipart/form-data; boundary=border"),
    ];
    let path = format!("{IMPORTS}{query}");
    server.send(request(Method::POST, &path, &headers, Body::from(body))).await
}

#[tokio::test]
async fn a_form_with_a_file_is_the_same_upload_in_whatever_order_its_parts_come() {
    let server = Server::start().await;
    let file = ("file", "felanmälan.csv", ROWS);
    let kind = ("kind", "", "reports");
    for (query, parts) in [
        ("", &[kind, file][..]),
        ("", &[file, kind]),
        ("?kind=reports", &[file]),
        ("?kind=reports", &[("file", "x.csv", ROWS), ("name", "", "felanmälan.csv")]),
    ] {
        let answer = upload_form(&server, query, parts).await;
        assert_eq!(answer.status, StatusCode::CREATED, "{query} {parts:?}");
        let import = answer.json();
        assert_eq!(
            (&import["state"], &import["dataset"], &import["file"], &import["bytes"]),
            (&json!("waiting"), &json!("felanmälan"), &json!("felanmälan.csv"), &json!(ROWS.len()))
        );
        assert_eq!(import["sample"]["features"].as_array().unwrap().len(), 3);
    }
}

#[tokio::test]
async fn a_form_that_says_too_little_or_too_much_is_refused_and_its_file_is_gone() {
    let server = Server::start().await;
    let file = ("file", "a.csv", ROWS);
    let kind = ("kind", "", "reports");
    for (parts, broken) in [
        (&[file][..], "kind: required"),
        (&[kind], "file: required"),
        (&[kind, file, file], "file: too_many_files"),
        (&[file, ("kind", "", "people")], "kind: unknown_value"),
        (&[kind, file, ("colour", "", "red")], "colour: unknown_field"),
        (&[("kind", "", &"x".repeat(2_000))], "kind: too_long"),
    ] {
        let answer = upload_form(&server, "", parts).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{broken}");
        assert_eq!(answer.violations(), [broken]);
    }
    let cut = send_form(&server, "?kind=reports", "--border\r\nContent-Disp".to_owned()).await;
    assert_eq!(cut.status, StatusCode::BAD_REQUEST);
    let list = server.get_as(Role::Coordinator, IMPORTS).await.json();
    assert_eq!(list, json!([]));
}

//! The one step that needs a net: a file for the base map, here from a server
//! of the test's own.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::path::Path;
use std::process::{Command, Output};

/// Answers one request with `answer`, and gives the address of a file there.
fn serving(answer: Vec<u8>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut asked = [0; 4096];
        let read = stream.read(&mut asked).unwrap();
        assert!(asked[..read].starts_with(b"GET /extracts/place.osm.pbf HTTP/1.1"));
        stream.write_all(&answer).unwrap();
    });
    format!("http://{address}/extracts/place.osm.pbf")
}

fn answer(status: &str, announced: usize, body: &[u8]) -> Vec<u8> {
    let head =
        format!("HTTP/1.1 {status}\r\ncontent-length: {announced}\r\nconnection: close\r\n\r\n");
    [head.as_bytes(), body].concat()
}

fn fetch(folder: &Path, more: &[&str]) -> (Option<i32>, String, String) {
    let Output { status, stdout, stderr } = Command::new(env!("CARGO_BIN_EXE_fyren"))
        .args([&["basemap", "fetch"], more].concat())
        .current_dir(folder)
        .env_clear()
        .output()
        .unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (status.code(), text(stdout), text(stderr))
}

fn files(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).unwrap();
    entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
}

#[test]
fn a_file_is_downloaded_whole_under_its_own_name() {
    let folder = tempfile::tempdir().unwrap();
    let body: Vec<u8> = (0..200_000_u32).flat_map(u32::to_le_bytes).collect();
    let address = serving(answer("200 OK", body.len(), &body));
    let (code, told, said) = fetch(folder.path(), &["1427", "--from", &address]);
    assert_eq!(code, Some(0), "{said}");
    assert!(told.contains("800000 bytes"), "{told}");
    assert!(told.contains("then: fyren basemap import"), "{told}");
    assert_eq!(files(folder.path()), ["place.osm.pbf"]);
    assert_eq!(std::fs::read(folder.path().join("place.osm.pbf")).unwrap(), body);
}

#[test]
fn what_does_not_come_whole_leaves_the_older_file_and_nothing_else() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("place.osm.pbf"), "older").unwrap();
    for (sent, why) in [
        (answer("200 OK", 1_000, &[7; 400]), "place.osm.pbf"),
        (answer("404 Not Found", 0, &[]), "404 Not Found"),
        (answer("503 Service Unavailable", 4, b"busy"), "503 Service Unavailable"),
    ] {
        let (code, _, said) = fetch(folder.path(), &["1427", "--from", &serving(sent)]);
        assert_eq!(code, Some(1), "{said}");
        assert!(said.contains(why), "{said}");
        assert_eq!(files(folder.path()), ["place.osm.pbf"], "{why}");
        assert_eq!(std::fs::read(folder.path().join("place.osm.pbf")).unwrap(), b"older");
    }
}

#[test]
fn an_address_that_can_name_no_file_is_wrong_usage() {
    let folder = tempfile::tempdir().unwrap();
    for (args, why) in [
        (&["1427", "--from", "http://127.0.0.1:9/"][..], "names no file"),
        (&["1427", "--from", "nowhere"][..], "not an address"),
        (&["monaco"][..], "no municipality of Sweden"),
    ] {
        let (code, _, said) = fetch(folder.path(), args);
        assert_eq!(code, Some(2), "{said}");
        assert!(said.contains(why), "{said}");
    }
    assert!(files(folder.path()).is_empty());
}

#[test]
fn a_list_of_sources_needs_no_net() {
    let folder = tempfile::tempdir().unwrap();
    let (code, told, _) = fetch(folder.path(), &["1427", "--list"]);
    assert_eq!(code, Some(0));
    assert!(told.lines().filter(|line| line.contains("https://")).count() >= 4, "{told}");
    let (_, told, _) = fetch(folder.path(), &["1427", "--list", "--json"]);
    let told: serde_json::Value = serde_json::from_str(&told).unwrap();
    assert_eq!(told["municipality"], "1427");
    assert!(told["sources"][0]["address"].as_str().unwrap().ends_with("sweden-latest.osm.pbf"));
}

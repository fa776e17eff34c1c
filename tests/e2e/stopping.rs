//! The server ends when it is asked to, and says nothing that it must not.

use crate::house::{House, SOTENAS, report_at, signed};
use std::time::{Duration, Instant};

#[tokio::test(flavor = "multi_thread")]
async fn the_server_ends_within_ten_seconds_with_streams_open() {
    let mut house = House::sotenas();
    let token = house.token("coordinator");
    house.serve(&[]).await;
    let url = house.url(&format!("{SOTENAS}/events"));
    let mut streams = Vec::new();
    for _ in 0..3 {
        let stream = signed(house.client().get(&url), &token).send().await.unwrap();
        assert_eq!(stream.status(), 200);
        assert_eq!(stream.headers()["content-type"], "text/event-stream");
        streams.push(stream);
    }
    let started = Instant::now();
    assert!(house.stop(), "the server did not end well");
    assert!(started.elapsed() < Duration::from_secs(10), "{:?}", started.elapsed());
}

#[tokio::test]
async fn a_stream_tells_that_something_changed_and_nothing_else() {
    let mut house = House::sotenas();
    let token = house.token("coordinator");
    house.serve(&[]).await;
    let url = house.url(&format!("{SOTENAS}/events"));
    let mut stream = signed(house.client().get(url), &token).send().await.unwrap();
    house.report("streamed", &report_at(7)).await;
    let mut heard = String::new();
    while !heard.contains("seq") {
        let chunk = stream.chunk().await.unwrap().expect("the stream goes on");
        heard.push_str(std::str::from_utf8(&chunk).unwrap());
    }
    assert!(heard.contains("report"), "{heard}");
    for secret in ["11.24", "58.36", "lighting"] {
        assert!(!heard.contains(secret), "{heard}");
    }
}

#[tokio::test]
async fn the_log_holds_no_position_text_or_code() {
    let mut house = House::sotenas();
    house.serve(&[]).await;
    let mut report = report_at(7);
    report["text"] = "a telling text".into();
    let receipt = house.report("k-logged", &report).await;
    let request = house
        .client()
        .get(house.url("/api/v1/receipt"))
        .header("Authorization", format!("Receipt {receipt}"));
    assert_eq!(house.send(request).await.status, 200);
    report["colour"] = "red".into();
    house.post(&format!("{SOTENAS}/reports"), "", "k-refused", &report).await;
    let log = house.log();
    assert!(log.contains("listening"));
    for secret in [receipt.as_str(), "11.246", "58.3614", "telling", "k-logged"] {
        assert!(!log.contains(secret), "{secret:?} stands in the log: {log}");
    }
}

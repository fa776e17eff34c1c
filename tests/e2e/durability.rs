//! An acknowledged report is kept, once, whatever happens to the process.

use crate::house::{House, SOTENAS, answer, on_both_engines, report_at};
use std::collections::BTreeMap;
use tokio::task::JoinSet;

const REPORTS: u32 = 500;

/// Posts reports `0..REPORTS` at once, each with its own key; gives the
/// receipt of each that was acknowledged. `after` is called when so many are.
async fn post_all(
    house: &mut House,
    after: usize,
    then: impl FnOnce(&mut House),
) -> BTreeMap<u32, String> {
    let client = house.client();
    let url = house.url(&format!("{SOTENAS}/reports"));
    let mut posts = JoinSet::new();
    for step in 0..REPORTS {
        let post = client
            .post(&url)
            .header("Idempotency-Key", format!("crash-{step}"))
            .json(&report_at(step));
        posts.spawn(async move { (step, answer(post).await) });
    }
    let (mut receipts, mut then) = (BTreeMap::new(), Some(then));
    while let Some(done) = posts.join_next().await {
        let (step, answer) = done.unwrap();
        let Ok(answer) = answer else { continue };
        if answer.status == 201 {
            receipts.insert(step, answer.json()["receipt"].as_str().unwrap().to_owned());
        } else {
            assert!(matches!(answer.status, 500 | 503), "{}: {}", answer.status, answer.text);
        }
        if receipts.len() >= after
            && let Some(then) = then.take()
        {
            then(house);
        }
    }
    receipts
}

/// Posts reports `0..number` one after the other, so that each has a flush of
/// its own; gives the receipt of each that was acknowledged.
async fn post_in_turn(house: &House, number: u32) -> BTreeMap<u32, String> {
    let mut receipts = BTreeMap::new();
    for step in 0..number {
        let key = format!("crash-{step}");
        let answer = house.post(&format!("{SOTENAS}/reports"), "", &key, &report_at(step)).await;
        if answer.status == 201 {
            receipts.insert(step, answer.json()["receipt"].as_str().unwrap().to_owned());
        } else {
            assert!(matches!(answer.status, 500 | 503), "{}: {}", answer.status, answer.text);
        }
    }
    receipts
}

/// Every acknowledged report is there, and sending all again makes none twice.
async fn assert_each_once(house: &House, receipts: &BTreeMap<u32, String>) {
    for receipt in receipts.values() {
        let request = house
            .client()
            .get(house.url("/api/v1/receipt"))
            .header("Authorization", format!("Receipt {receipt}"));
        assert_eq!(house.send(request).await.status, 200, "an acknowledged report is lost");
    }
    for step in 0..REPORTS {
        let receipt = house.report(&format!("crash-{step}"), &report_at(step)).await;
        assert!(receipts.get(&step).is_none_or(|first| *first == receipt), "another receipt");
    }
    let token = house.token("coordinator");
    let reports = house.until("reports", &token, |reports| reports.len() >= 500).await;
    assert_eq!(reports.len(), 500, "a report is stored twice");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_flush_that_fails_is_not_acknowledged() {
    let mut house = House::sotenas();
    // The log of the data base may grow by some dozen pages and no more.
    let limit = house.largest_file_kib() + 300;
    let script = format!("trap '' XFSZ; ulimit -f {limit}; exec \"$@\"");
    let inner = house.command(&["serve", "--listen", "127.0.0.1:0", "--log", "json"]);
    let mut command = std::process::Command::new("bash");
    command.args(["-c", script.as_str(), "bash"]);
    command.arg(inner.get_program()).args(inner.get_args()).args(["--rate-limit", "off"]);
    command.current_dir(house.path(""));
    crate::house::drain(house.start(command));
    house.until_ready().await;
    let receipts = post_in_turn(&house, 100).await;
    assert!(!receipts.is_empty(), "the limit on the size of files bit at once");
    assert!(receipts.len() < 100, "the limit on the size of files did not bite");
    house.kill();
    house.serve(&["--rate-limit", "off"]).await;
    assert_each_once(&house, &receipts).await;
}

on_both_engines! {
async fn kill_in_the_middle_of_500_reports_loses_and_doubles_none(mut house: House) {
    house = house.in_sotenas();
    house.serve(&["--rate-limit", "off"]).await;
    let receipts = post_all(&mut house, 100, House::kill).await;
    assert!(receipts.len() >= 100, "killed too early: {}", receipts.len());
    assert!(receipts.len() < 500, "killed too late");
    house.serve(&["--rate-limit", "off"]).await;
    assert_each_once(&house, &receipts).await;
}

async fn two_posts_with_one_key_at_once_are_one_report_with_one_receipt(mut house: House) {
    house = house.in_sotenas();
    house.serve(&[]).await;
    let mut posts = JoinSet::new();
    for _ in 0..8 {
        let post = house
            .client()
            .post(house.url(&format!("{SOTENAS}/reports")))
            .header("Idempotency-Key", "one")
            .json(&report_at(0));
        posts.spawn(answer(post));
    }
    let answers = posts.join_all().await;
    let bodies: Vec<_> = answers.into_iter().map(|answer| answer.unwrap()).collect();
    for answer in &bodies {
        assert!(matches!(answer.status, 200 | 201), "{}", answer.text);
        assert_eq!(answer.json()["receipt"], bodies[0].json()["receipt"]);
    }
    let token = house.token("coordinator");
    assert_eq!(house.until("reports", &token, |reports| !reports.is_empty()).await.len(), 1);
    let other = house.post(&format!("{SOTENAS}/reports"), "", "one", &report_at(1)).await;
    assert_eq!(other.status, 409, "{}", other.text);
}
}

//! Letting go by decision, from the shell: nothing without a decision, a dry
//! run that changes nothing, a protocol that says how much of what.

use crate::house::{House, SOTENAS, on_both_engines};
use serde_json::Value;

const PLACE: [&str; 3] = ["--municipality", "1427", "--json"];

impl House {
    fn retention(&self, arguments: &[&str]) -> Value {
        let all = [&["retention"], arguments, &PLACE].concat();
        serde_json::from_str(&self.run(&all, "")).unwrap()
    }

    async fn reports(&self, token: &str) -> u64 {
        let path = format!("{SOTENAS}/layers/reports?limit=0");
        self.get(&path, token).await.json()["numberMatched"].as_u64().unwrap_or_default()
    }
}

on_both_engines! {
async fn nothing_is_let_go_without_a_decision_and_then_what_it_says(mut house: House) {
    house = house.in_sotenas();
    let token = house.token("coordinator");
    let simulate = ["simulate", "--municipality", "1427", "--years", "3", "--per-year", "300"];
    house.run(&simulate, "");
    house.serve(&[]).await;
    let stored = house.reports(&token).await;
    assert!(stored > 200, "{stored}");

    let none = house.retention(&["run"]);
    assert_eq!(none["runs"], Value::Array(Vec::new()), "no decision, no run");
    let shown = house.retention(&["show"]);
    assert!(shown.as_array().unwrap().iter().all(|class| class["dryRun"].is_null()));

    let decide = ["decide", "--class", "report", "--number", "KS 2026/7", "--date", "2024-02-01"];
    house.retention(&[&decide[..], &["--days", "365"]].concat());
    let dry = house.retention(&["run", "--dry-run"]);
    let planned = dry["runs"][0].clone();
    let count = planned["count"].as_u64().unwrap();
    assert!(count > 50 && count < stored, "{planned}");
    assert_eq!(house.reports(&token).await, stored, "a dry run deletes nothing");

    let ran = house.retention(&["run"]);
    assert_eq!((&ran["dryRun"], &ran["runs"][0]["rows"]), (&false.into(), &planned["rows"]));
    let left = async { while house.reports(&token).await != stored - count {} };
    tokio::time::timeout(crate::house::PATIENCE, left).await.expect("as many are gone as it says");
    assert_eq!(house.retention(&["run"])["runs"][0]["count"], 0, "nothing is left to let go");
    let verified = house.run(&["verify"], "");
    assert!(!verified.contains("broken"), "{verified}");
    house.run(&["check"], "");
}
}

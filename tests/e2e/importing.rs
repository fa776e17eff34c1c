//! An import that is killed in its middle: nothing stays half imported.

use crate::house::{House, PATIENCE, SOTENAS, on_both_engines};
use serde_json::Value;
use std::fmt::Write as _;
use std::process::Stdio;

/// Rows of the file; enough for several transactions.
const ROWS: u64 = 40_000;

/// Synthetic incidents around Kungshamn.
fn incidents() -> String {
    let mut table = String::from("id,at,category,lat,lon,precision\n");
    for row in 0..ROWS {
        let (day, hour, step) = (1 + row % 28, row % 24, row % 900);
        let lat = 58.36 + f64::from(u32::try_from(step).unwrap()) * 1e-5;
        writeln!(table, "{row},2026-05-{day:02} {hour:02}:17,Stöld,{lat:.5},11.2494,20").unwrap();
    }
    table
}

impl House {
    /// How many incidents a layer would show.
    async fn incidents(&self, token: &str) -> u64 {
        let path = format!("{SOTENAS}/layers/incidents?limit=0");
        let answer = self.get(&path, token).await;
        answer.json()["numberMatched"].as_u64().unwrap_or_default()
    }

    /// Waits until some incidents are stored.
    async fn until_some(&self, token: &str) -> u64 {
        let some = async {
            loop {
                match self.incidents(token).await {
                    0 => tokio::task::yield_now().await,
                    number => return number,
                }
            }
        };
        tokio::time::timeout(PATIENCE, some).await.expect("nothing is stored")
    }
}

on_both_engines! {
async fn an_import_that_is_killed_in_its_middle_is_completed_by_the_same_command(mut house: House) {
    house = house.in_sotenas();
    let token = house.token("coordinator");
    std::fs::write(house.path("large.csv"), incidents()).unwrap();
    let import = ["import", "incidents", "large.csv", "--municipality", "1427", "--json"];
    house.serve(&[]).await;
    let mut command = house.command(&import);
    let mut process = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let seen = house.until_some(&token).await;
    process.kill().unwrap();
    process.wait().unwrap();
    let listed = house.run(&["import", "list", "--json"], "");
    assert!(seen < ROWS && listed.contains("running"), "killed too late: {seen} {listed}");

    let told: Value = serde_json::from_str(&house.run(&import, "")).unwrap();
    let count = |name: &str| told[name].as_u64().unwrap();
    assert_eq!((count("read"), count("stored") + count("known"), count("refused")), (ROWS, ROWS, 0));
    assert!(count("known") >= seen, "what was flushed before the kill is gone: {told}");
    house.until("incidents?limit=1", &token, |_| true).await;
    let stored = async { while house.incidents(&token).await != ROWS {} };
    tokio::time::timeout(PATIENCE, stored).await.expect("each row once");
    let again: Value = serde_json::from_str(&house.run(&import, "")).unwrap();
    assert_eq!((&again["stored"], &again["known"]), (&0.into(), &ROWS.into()));
    // Taken back, nothing of either attempt stays.
    house.run(&["import", "undo", told["import"].as_str().unwrap()], "");
    let gone = async { while house.incidents(&token).await != 0 {} };
    tokio::time::timeout(PATIENCE, gone).await.expect("nothing of it");
}
}

//! Backup, restore, check and export, each also on what somebody has broken.

use crate::house::{House, SOTENAS, on_both_engines, report_at};
use serde_json::Value;
use sqlx::{AssertSqlSafe, Connection, SqliteConnection, raw_sql};
use std::fs;

/// Runs a statement on a file of a house, as somebody with an editor would.
async fn tamper(house: &House, sql: &str) {
    let mut connection = SqliteConnection::connect(house.database()).await.unwrap();
    raw_sql(AssertSqlSafe(format!("PRAGMA foreign_keys = OFF; {sql}")))
        .execute(&mut connection)
        .await
        .unwrap();
    connection.close().await.unwrap();
}

/// Runs a command that must fail; gives what it says.
fn refused(house: &House, arguments: &[&str]) -> String {
    let output = house.command(arguments).output().unwrap();
    assert_eq!(output.status.code(), Some(1), "{arguments:?}");
    String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned()
}

async fn with_reports(count: u32) -> House {
    let mut house = House::sotenas();
    house.serve(&["--rate-limit", "off"]).await;
    for step in 0..count {
        house.report(&format!("r{step}"), &report_at(step * 40)).await;
    }
    assert!(house.stop());
    house
}

#[tokio::test]
async fn a_whole_store_is_told_whole_and_each_broken_rule_is_found() {
    let house = with_reports(6).await;
    assert!(house.run(&["check"], "").contains("everything holds together"));
    let broken = [
        ("feed_gap", "DELETE FROM changes WHERE seq = 3"),
        ("feed_head", "UPDATE municipalities SET seq = seq + 1"),
        ("event_details", "DELETE FROM reports WHERE id = (SELECT MIN(id) FROM reports)"),
        ("quarantine_flag", "UPDATE reports SET quarantine = 'staff'"),
        ("published_flag", "UPDATE events SET flags = 16"),
        ("dangling_link", "UPDATE reports SET duplicate_of = printf('%032d', 7)"),
        ("voices", "UPDATE events SET weight = 0"),
        ("audit_chain", "UPDATE audit SET actor = 'nobody' WHERE position = 1"),
        ("event_beyond_feed", "UPDATE events SET seq = seq + 1000"),
    ];
    let whole = fs::read(house.path("fyren.db")).unwrap();
    for (rule, sql) in broken {
        tamper(&house, sql).await;
        let said = refused(&house, &["check"]);
        assert!(said.contains(rule), "{rule}: {said}");
        for end in ["-wal", "-shm"] {
            let _ = fs::remove_file(house.path(&format!("fyren.db{end}")));
        }
        fs::write(house.path("fyren.db"), &whole).unwrap();
    }
    assert!(house.run(&["check", "--json"], "").contains("\"whole\": true"));
}

#[tokio::test]
async fn a_backup_taken_while_serving_is_restored_row_by_row() {
    let mut house = House::sotenas();
    house.serve(&["--rate-limit", "off"]).await;
    let receipt = house.report("first", &report_at(0)).await;
    let backup = house.path("backup").display().to_string();
    let said = house.run(&["backup", &backup, "--with-secrets"], "");
    assert!(said.contains("3 files, with the secrets"), "{said}");
    house.report("after", &report_at(40)).await;
    assert!(house.stop());
    let mut other = House::empty();
    assert!(other.run(&["restore", &backup], "").contains("restored 3 files"));
    assert!(other.run(&["check"], "").contains("everything holds together"));
    other.serve(&[]).await;
    let request = other.client().get(other.url("/api/v1/receipt"));
    let shown = other.send(request.header("Authorization", format!("Receipt {receipt}"))).await;
    assert_eq!(shown.status, 200, "the receipt opens on the other machine");
    let token = other.token("coordinator");
    assert_eq!(other.get(&format!("{SOTENAS}/layers/reports"), &token).await.features().len(), 1);
    let again = refused(&other, &["restore", &backup]);
    assert!(again.contains("there already"), "{again}");
}

#[tokio::test]
async fn a_backup_with_a_flipped_byte_or_without_a_part_restores_nothing() {
    let house = with_reports(2).await;
    let backup = house.path("backup");
    let folder = backup.display().to_string();
    house.run(&["backup", &folder], "");
    let part = backup.join("municipal.db");
    let whole = fs::read(&part).unwrap();
    let mut flipped = whole.clone();
    let middle = flipped.len() / 2;
    flipped[middle] ^= 1;
    fs::write(&part, &flipped).unwrap();
    let other = House::empty();
    assert!(refused(&other, &["restore", &folder]).contains("was changed"));
    fs::remove_file(&part).unwrap();
    refused(&other, &["restore", &folder]);
    fs::write(&part, &whole).unwrap();
    fs::remove_file(backup.join("manifest.json")).unwrap();
    assert!(refused(&other, &["restore", &folder]).contains("no whole backup"));
    assert!(!other.path("fyren.db").exists(), "nothing was put there");
}

#[tokio::test]
async fn what_was_erased_after_a_backup_is_erased_again_by_its_restore() {
    let house = House::sotenas();
    house.run(&["simulate", "--municipality", "1427", "--years", "3", "--per-year", "100"], "");
    let folder = house.path("backup").display().to_string();
    house.run(&["backup", &folder, "--with-secrets"], "");
    let decide = ["retention", "decide", "--class", "report", "--number", "KS 2026/7"];
    let decide = [&decide[..], &["--date", "2024-02-01", "--days", "365"]].concat();
    house.run(&[&decide[..], &["--municipality", "1427"]].concat(), "");
    house.run(&["retention", "run", "--municipality", "1427"], "");
    let list = house.path("erasures.csv").display().to_string();
    let told: Value =
        serde_json::from_str(&house.run(&["backup", "--erasures", &list, "--json"], "")).unwrap();
    let erased = told["erasures"].as_u64().unwrap();
    assert!(erased > 50, "{told}");

    let other = House::empty();
    let said = other.run(&["restore", &folder], "");
    assert!(said.contains("--erasures FILE erases it again"), "{said}");
    let third = House::empty();
    let said = third.run(&["restore", &folder, "--erasures", &list], "");
    assert!(said.contains(&format!("{erased} erased again")), "{said}");
    assert!(third.run(&["check"], "").contains("everything holds together"));
    for line in fs::read_to_string(&list).unwrap().lines().skip(1) {
        let id = line.split(',').nth(1).unwrap();
        for name in ["fyren.db", "fyren-police.db"] {
            let bytes = fs::read(third.path(name)).unwrap();
            let kept = bytes.windows(id.len()).filter(|part| *part == id.as_bytes()).count();
            assert!(kept <= 1, "{name} holds more of {id} than that it was erased");
        }
    }
    let again = third.run(&["restore", "--erasures", &list], "");
    assert!(again.contains("0 erased again"), "{again}");
    fs::write(&list, "municipality,id\n1427,nobody\n").unwrap();
    assert!(
        refused(&House::empty(), &["restore", &folder, "--erasures", &list]).contains("line 2")
    );
}

on_both_engines! {
async fn a_list_of_erasures_is_done_again_on_either_engine(mut house: House) {
    house = house.in_sotenas();
    let token = house.token("coordinator");
    house.serve(&["--rate-limit", "off"]).await;
    for step in 0..3 {
        house.report(&format!("r{step}"), &report_at(step * 40)).await;
    }
    let layer = format!("{SOTENAS}/layers/reports");
    let all = house.get(&layer, &token).await.features();
    let (id, list) = (all[0]["id"].as_str().unwrap(), house.path("list.csv"));
    fs::write(&list, format!("municipality,id\n1427,{id}\n1427,{}\n", "0".repeat(32))).unwrap();
    let said = house.run(&["restore", "--erasures", list.to_str().unwrap()], "");
    assert!(said.contains("1 erased again"), "{said}");
    let left = async { while house.get(&layer, &token).await.features().len() != 2 {} };
    tokio::time::timeout(crate::house::PATIENCE, left).await.expect("the running server sees it");
    house.run(&["backup", "--erasures", list.to_str().unwrap()], "");
    let listed = fs::read_to_string(&list).unwrap();
    assert_eq!(listed, format!("municipality,id\n1427,{id}\n"));
    assert!(house.run(&["check"], "").contains("everything holds together"));
}
}

#[tokio::test]
async fn an_export_holds_what_the_users_roles_may_see_and_is_noted() {
    let house = with_reports(3).await;
    house.token("coordinator");
    let files = |folder: &str, user: &[&str]| {
        let path = house.path(folder).display().to_string();
        let mut arguments = vec!["export", &path, "--municipality", "1427"];
        arguments.extend(user);
        house.run(&arguments, "");
        let names = fs::read_dir(&path).unwrap();
        let mut names: Vec<String> =
            names.map(|file| file.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    };
    let public = files("public", &[]);
    assert!(public.contains(&"release-cells.geojson".to_owned()));
    assert!(public.iter().all(|name| !name.starts_with("reports")), "{public:?}");
    let own = files("own", &["--user", "coordinator"]);
    assert!(own.contains(&"reports.csv".to_owned()) && own.len() > public.len());
    let reports = fs::read_to_string(house.path("own").join("reports.geojson")).unwrap();
    let reports: Value = serde_json::from_str(&reports).unwrap();
    assert_eq!(reports["features"].as_array().unwrap().len(), 3);
    let mut connection = SqliteConnection::connect(house.database()).await.unwrap();
    let noted = sqlx::query_scalar::<_, String>(
        "SELECT actor FROM audit WHERE action = 'export' ORDER BY position",
    );
    let noted = noted.fetch_all(&mut connection).await.unwrap();
    assert_eq!(noted, ["command line", "coordinator"]);
}

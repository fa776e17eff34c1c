//! The two contexts as two processes with data bases of their own, joined by a
//! signed file.

use crate::house::{House, SOTENAS};
use fyren::clock::{Clock, System};
use jiff::ToSpan;
use serde_json::{Value, json};
use std::process::Stdio;

/// Runs a command that must be refused; gives its standard error.
fn refused(house: &House, arguments: &[&str]) -> String {
    let mut command = house.command(arguments);
    let output = command.stdin(Stdio::null()).output().unwrap();
    assert_eq!(output.status.code(), Some(1), "{arguments:?}");
    String::from_utf8(output.stderr).unwrap()
}

async fn district_of(house: &House) -> String {
    let districts = house.layer("districts", "").await;
    districts[0]["properties"]["code"].as_str().unwrap().to_owned()
}

/// A visit of the area police that lies `weeks` back.
fn visit(district: &str, weeks: i64) -> Value {
    let start = System.now() - (weeks * 7 * 24).hours();
    let end = start + 20.minutes();
    json!({
        "unit": "op-1", "unitKind": "area_police", "place": {"districtCode": district},
        "startedAt": start.to_string(), "endedAt": end.to_string(),
        "mode": "foot", "purpose": "presence"
    })
}

/// Incidents of a year, most of them on one spot of Smögen.
fn damage() -> String {
    let today = System.now();
    let row = |at: i64| {
        let day = (today - ((4 + at * 4) * 24).hours()).to_string();
        let place = if at % 6 == 5 { "11.3017;58.4407" } else { "11.2235;58.3538" };
        format!("i{at};{};Skadegörelse;{place};20\n", &day[..16])
    };
    let rows: String = (0..90).map(row).collect();
    format!("id;at;category;longitude;latitude;precision\n{rows}")
}

/// Each hot spot of a summary is a square of the size that the file names,
/// dated, with its source, and nothing that the file does not say.
fn told_as_cells(file: &str, rows: &[Value]) {
    let body: Value = serde_json::from_str(file.split_once('\n').unwrap().1).unwrap();
    let told = body["hotspots"].as_array().unwrap();
    assert!(!told.is_empty() && told.len() == rows.len(), "{told:?}");
    for (spot, row) in told.iter().zip(rows) {
        let said = &row["properties"];
        for field in ["rank", "key", "name", "district", "status"] {
            assert_eq!(said[field], spot[field], "{field}");
        }
        assert_eq!((&said["context"], &said["made"]), (&json!("police"), &body["made"]));
        let last: jiff::civil::Date = body["to"].as_str().unwrap().parse().unwrap();
        let monday = last - 7.days();
        assert_eq!(said["weekFrom"], monday.to_string());
        assert_eq!(said["week"], i64::from(monday.iso_week_date().week()));
        let cell_m: f64 = spot["key"].as_str().unwrap().split('/').next().unwrap().parse().unwrap();
        assert_eq!(said["cellM"].as_f64(), Some(cell_m));
        let ring = row["geometry"]["coordinates"][0].as_array().unwrap();
        assert_eq!(ring.len(), 5, "a square");
        let norths: Vec<f64> = ring.iter().map(|at| at[1].as_f64().unwrap()).collect();
        let high = norths.iter().copied().fold(f64::MIN, f64::max);
        let low = norths.iter().copied().fold(f64::MAX, f64::min);
        let metres = (high - low) * 111_320.0;
        assert!(metres > 0.95 * cell_m, "{metres} m of {cell_m}: never finer than the file");
    }
}

async fn covered(house: &House, token: &str, district: &str) -> Value {
    let rows = house.layer("coverage", token).await;
    let row = rows.into_iter().find(|row| row["properties"]["district"] == district);
    row.unwrap()["properties"].clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn two_processes_exchange_presence_in_a_signed_file_and_nothing_else() {
    let (mut municipal, mut police) = (House::sotenas(), House::sotenas());
    let coordinator = municipal.token("coordinator");
    let officer = police.token("officer");
    let stranger = police.token("coordinator");
    municipal.serve(&["--contexts", "municipal"]).await;
    police.serve(&["--contexts", "police"]).await;
    // The police process lets nobody of the municipality in.
    assert_eq!(police.get("/api/v1/session", &stranger).await.status, 401);
    assert_eq!(police.get("/api/v1/session", &officer).await.status, 200);
    let district = district_of(&police).await;
    let path = format!("{SOTENAS}/visits");
    for (key, weeks) in [("a", 1), ("b", 1), ("c", 2), ("d", 0)] {
        let logged = police.post(&path, &officer, key, &visit(&district, weeks)).await;
        assert_eq!(logged.status, 201, "{}", logged.text);
    }
    assert_eq!(covered(&municipal, &coordinator, &district).await["visits"], 0);
    assert!(municipal.layer("summary-hotspots", &coordinator).await.is_empty());
    let damage = police.path("damage.csv");
    std::fs::write(&damage, self::damage()).unwrap();
    police.run(&["import", "incidents", damage.to_str().unwrap(), "--municipality", "1427"], "");

    let key = police.run(&["summary", "key"], "").trim().to_owned();
    let file = police.path("police.fyren-summary");
    let file = file.to_str().unwrap();
    police.run(&["summary", "export", file, "--municipality", "1427"], "");
    let text = std::fs::read_to_string(file).unwrap();
    assert!(!text.contains("op-1"), "units stay at home: {text}");
    assert!(!text.contains("Skadeg"), "what happened stays at home as well: {text}");
    let trust = ["--trust", key.as_str()];
    let import = |file: &str| {
        let file = file.to_owned();
        move |more: &[&str]| {
            let mut all = vec!["summary", "import"];
            all.push(&file);
            all.extend(more);
            all.into_iter().map(str::to_owned).collect::<Vec<String>>()
        }
    };
    let run = |house: &House, arguments: Vec<String>| {
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        house.run(&arguments, "")
    };
    let told = run(&municipal, import(file)(&trust));
    assert!(told.contains("police tells"), "{told}");
    let row = covered(&municipal, &coordinator, &district).await;
    // The visit of this week is told when the week has ended.
    assert_eq!((&row["visits"], &row["presenceMinutes"]), (&json!(3), &json!(60)), "{row}");
    assert!(run(&municipal, import(file)(&trust)).contains("known already"));
    told_as_cells(&text, &municipal.layer("summary-hotspots", &coordinator).await);
    // Here they are counted in nothing: the municipality has no events of its own.
    assert!(municipal.layer("hotspots", &coordinator).await.is_empty());

    // A changed number, a key that nobody trusts, an older file: refused.
    let other = municipal.path("changed.fyren-summary");
    let changed = other.to_str().unwrap();
    std::fs::write(&other, text.replace("\"visits\": 2", "\"visits\": 9")).unwrap();
    let why = refused(&municipal, &["summary", "import", changed, "--trust", &key]);
    assert!(why.contains("signature: wrong"), "{why}");
    let own = municipal.run(&["summary", "key"], "").trim().to_owned();
    let why = refused(&municipal, &["summary", "import", file, "--trust", &own]);
    assert!(why.contains("key: not_trusted"), "{why}");
    let later = police.path("later.fyren-summary");
    let later = later.to_str().unwrap();
    let logged = police.post(&path, &officer, "e", &visit(&district, 3)).await;
    assert_eq!(logged.status, 201);
    police.run(&["summary", "export", later, "--municipality", "1427"], "");
    run(&municipal, import(later)(&trust));
    assert_eq!(covered(&municipal, &coordinator, &district).await["visits"], 4);
    let why = refused(&municipal, &["summary", "import", file, "--trust", &key]);
    assert!(why.contains("summary_replayed"), "{why}");
    assert_eq!(covered(&municipal, &coordinator, &district).await["visits"], 4);
}

#[tokio::test(flavor = "multi_thread")]
async fn two_processes_exchange_by_a_folder_without_anybody_typing() {
    let (mut municipal, mut police) = (House::sotenas(), House::sotenas());
    let coordinator = municipal.token("coordinator");
    let officer = police.token("officer");
    let keys = [&municipal, &police].map(|h| h.run(&["summary", "key"], "").trim().to_owned());
    let folder = municipal.path("exchange");
    std::fs::create_dir(&folder).unwrap();
    let folder = folder.to_str().unwrap().to_owned();
    police.serve(&["--contexts", "police"]).await;
    let district = district_of(&police).await;
    let logged =
        police.post(&format!("{SOTENAS}/visits"), &officer, "a", &visit(&district, 1)).await;
    assert_eq!(logged.status, 201, "{}", logged.text);
    assert!(police.stop());
    let exchange = ["--summary-folder", folder.as_str(), "--summary-trust"];
    let with = |context: &'static str, key: &str| {
        let mut all: Vec<String> = vec!["--contexts".into(), context.into()];
        all.extend(exchange.map(str::to_owned));
        all.push(key.to_owned());
        all
    };
    // Each exchanges when it starts: first the police tell, then the municipality reads.
    let arguments = with("police", &keys[0]);
    police.serve(&arguments.iter().map(String::as_str).collect::<Vec<_>>()).await;
    let file = std::path::Path::new(&folder).join("police-1427.fyren-summary");
    let told = tokio::time::timeout(crate::house::PATIENCE, async {
        while !file.exists() {
            tokio::task::yield_now().await;
        }
    });
    assert!(told.await.is_ok(), "{}", police.log());
    let arguments = with("municipal", &keys[1]);
    municipal.serve(&arguments.iter().map(String::as_str).collect::<Vec<_>>()).await;
    let told = |rows: &[Value]| {
        rows.iter().any(|row| {
            row["properties"]["district"] == district.as_str() && row["properties"]["visits"] == 1
        })
    };
    municipal.until("coverage", &coordinator, told).await;
}

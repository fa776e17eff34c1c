//! The commands as the shell sees them: exit codes, documents, files.

use crate::support::repository;
use serde_json::Value;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use tempfile::TempDir;

/// A working folder with a data base that knows Sotenäs.
struct Shell {
    folder: TempDir,
    input: TempDir,
}

impl Shell {
    fn new() -> Self {
        let shell =
            Self { folder: tempfile::tempdir().unwrap(), input: tempfile::tempdir().unwrap() };
        assert_eq!(shell.run(&["municipality", "add", "1427"]).status.code(), Some(0));
        shell
    }

    fn run(&self, args: &[&str]) -> Output {
        Command::new(env!("CARGO_BIN_EXE_fyren"))
            .args(args)
            .current_dir(self.folder.path())
            .env_clear()
            .output()
            .unwrap()
    }

    fn file(&self, text: &str) -> PathBuf {
        let path = self.input.path().join("rows.csv");
        std::fs::write(&path, text).unwrap();
        path
    }

    fn import(&self, file: &Path, more: &[&str]) -> (Option<i32>, String, String) {
        let file = file.to_str().unwrap();
        let done =
            self.run(&[&["import", "reports", file, "--municipality", "1427"], more].concat());
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        (done.status.code(), text(done.stdout), text(done.stderr))
    }
}

const ROWS: &str = "id,text,lat,lon\n1,x,58.3614,11.2494\n2,\"a\nb\",57.7,11.97\n";

#[test]
fn an_import_with_refused_rows_is_done_and_strict_is_not() {
    let shell = Shell::new();
    let file = shell.file(ROWS);
    let (code, told, _) = shell.import(&file, &[]);
    assert_eq!(code, Some(0));
    assert!(told.starts_with("1 stored, 0 known, 1 refused of 2 reports read"), "{told}");
    assert!(told.contains("line 3: place: outside_municipality"), "{told}");
    let (code, _, said) = shell.import(&file, &["--strict"]);
    assert_eq!(code, Some(1));
    assert!(said.contains("1 of 2 rows were refused"), "{said}");
}

#[test]
fn refused_rows_lie_in_the_working_folder_and_can_be_mended() {
    let shell = Shell::new();
    let file = shell.file(ROWS);
    shell.import(&file, &[]);
    let refused = shell.folder.path().join("refused-rows.csv");
    let text = std::fs::read_to_string(&refused).unwrap();
    assert_eq!(
        text,
        "id,text,lat,lon,refused_line,refused_field,refused_rule,refused_geometry\n\
         2,\"a\nb\",57.7,11.97,3,place,outside_municipality,\n"
    );
    assert_eq!(std::fs::read_dir(shell.input.path()).unwrap().count(), 1);
    let rights = std::fs::metadata(&refused).unwrap().permissions().mode();
    assert_eq!(rights & 0o077, 0, "rows may speak of people");
    std::fs::write(&refused, text.replace("57.7,11.97", "58.3614,11.2494")).unwrap();
    let (_, told, _) = shell.import(&refused, &["--dataset", "rows"]);
    assert!(told.starts_with("1 stored"), "{told}");
}

#[test]
fn refused_rows_never_lie_beside_an_input_in_the_working_folder() {
    let shell = Shell::new();
    std::fs::write(shell.folder.path().join("rows.csv"), ROWS).unwrap();
    shell.import(Path::new("rows.csv"), &[]);
    assert!(shell.folder.path().join("refused/refused-rows.csv").exists());
    assert!(!shell.folder.path().join("refused-rows.csv").exists());
    let (code, _, said) = shell.import(Path::new("rows.csv"), &["--refused", "rows.csv"]);
    assert_eq!(code, Some(2));
    assert!(said.contains("overwrite"), "{said}");
}

#[test]
fn json_is_one_document_whose_counts_add_up_also_when_all_is_refused() {
    let shell = Shell::new();
    let file = shell.file(ROWS);
    let (code, told, _) = shell.import(&file, &["--json"]);
    let document: Value = serde_json::from_str(&told).unwrap();
    let count = |name: &str| document[name].as_u64().unwrap();
    assert_eq!(code, Some(0));
    assert_eq!(count("read"), count("stored") + count("known") + count("refused"));
    assert_eq!(document["refusals"][0]["line"], 3);
    assert_eq!(document["columns"]["longitude"], "lon");
    assert_eq!(document["times"]["zone"], "Europe/Stockholm");
    let (code, told, said) = shell.import(&shell.file("id,lat,lon\n1,\"58.3,11.2\n"), &["--json"]);
    let document: Value = serde_json::from_str(&told).unwrap();
    assert_eq!(code, Some(1));
    assert!(document["error"].as_str().unwrap().contains("line 2"), "{document}");
    assert!(said.contains("line 2"), "{said}");
}

#[test]
fn wrong_usage_ends_with_two_and_a_missing_municipality_with_one() {
    let shell = Shell::new();
    let file = shell.file(ROWS);
    for wrong in [
        ["--map", "words=id"],
        ["--map", "text=nowhere"],
        ["--map", "text"],
        ["--time-zone", "Europe/Nowhere"],
    ] {
        let (code, _, said) = shell.import(&file, &wrong);
        assert_eq!(code, Some(2), "{wrong:?}: {said}");
    }
    let file = file.to_str().unwrap();
    let missing = shell.run(&["import", "reports", file, "--municipality", "1480"]);
    assert_eq!(missing.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&missing.stderr).contains("fyren municipality add 1480"));
    assert_eq!(shell.run(&["import", "reports", file]).status.code(), Some(2));
    assert_eq!(shell.run(&["municipality", "add", "9999"]).status.code(), Some(2));
}

#[test]
fn municipalities_are_listed_and_grouped() {
    let shell = Shell::new();
    let text = |args: &[&str]| String::from_utf8(shell.run(args).stdout).unwrap();
    assert_eq!(text(&["municipality", "list"]), "1427\tSotenäs kommun\n");
    assert_eq!(text(&["municipality", "list", "--available"]).lines().count(), 290);
    let listed: Value = serde_json::from_str(&text(&["municipality", "list", "--json"])).unwrap();
    assert_eq!(listed[0]["code"], "1427");
    assert_eq!(text(&["municipality", "area", "west", "1427"]), "west\t1427\n");
    let missing = shell.run(&["municipality", "area", "west", "1427", "1480"]);
    assert_eq!(missing.status.code(), Some(1));
}

#[test]
fn the_shipped_police_events_go_in_by_one_command() {
    let shell = Shell::new();
    let file = repository("data/sotenas/police-events.csv");
    let done = shell.run(&[
        "import",
        "incidents",
        file.to_str().unwrap(),
        "--municipality",
        "1427",
        "--json",
    ]);
    let document: Value = serde_json::from_slice(&done.stdout).unwrap();
    assert_eq!((&document["read"], &document["stored"]), (&Value::from(56), &Value::from(56)));
}

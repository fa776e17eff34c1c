//! What `--help` promises.

use crate::run::{analyse, text};

/// The names of all methods, as `--help` lists them.
fn methods() -> Vec<String> {
    let help = text(&["--help"]);
    let listed = help.lines().skip_while(|line| !line.starts_with("Commands:")).skip(1);
    let names = listed.take_while(|line| !line.trim().is_empty());
    let names = names.filter_map(|line| line.split_whitespace().next());
    names.filter(|name| *name != "help").map(str::to_owned).collect()
}

/// The commands that a help shows as examples.
fn examples(help: &str) -> Vec<Vec<String>> {
    let lines = help.lines().filter_map(|line| line.trim().strip_prefix("fyren analyse "));
    lines.map(|line| line.split_whitespace().map(str::to_owned).collect()).collect()
}

#[test]
fn every_example_of_every_help_runs_and_gives_rows() {
    let methods = methods();
    assert!(methods.len() >= 4, "{methods:?}");
    for method in methods {
        let help = text(&[&method, "--help"]);
        let examples = examples(&help);
        assert!(!examples.is_empty(), "{method} shows no example");
        for example in examples {
            let args: Vec<&str> = example.iter().map(String::as_str).collect();
            let answer = crate::run::answer(&args);
            assert!(!answer["rows"].as_array().unwrap().is_empty(), "{example:?}");
            for field in ["method", "version", "params", "n", "seed", "limits"] {
                assert!(answer.get(field).is_some(), "{example:?} says no {field}");
            }
        }
    }
}

#[test]
fn an_example_opens_no_data_base() {
    let folder = tempfile::tempdir().unwrap();
    let done = std::process::Command::new(env!("CARGO_BIN_EXE_fyren"))
        .args(["analyse", "interval", "--count", "5"])
        .current_dir(folder.path())
        .output()
        .unwrap();
    assert!(done.status.success());
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[test]
fn a_method_that_is_not_there_is_wrong_usage() {
    assert_eq!(analyse(&["horoscope"]).status.code(), Some(2));
}

//! `fyren plan` as an operator runs it: every format, refusals with their exit
//! code, and the same plan for the same seed.

use crate::house::House;
use serde_json::{Value, json};
use std::fmt::Write as _;
use std::process::Output;

const SHIFT: [&str; 2] = ["--shift", "A=2027-02-01T14:00/2027-02-01T22:00"];

/// What a plan command came to.
fn plan(house: &House, more: &[&str]) -> Output {
    let mut arguments = vec!["plan", "--municipality", "1427"];
    arguments.extend(more);
    house.command(&arguments).output().unwrap()
}

fn out(output: &Output) -> String {
    let told = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(0), "{told}");
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn told(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn drawn(house: &House, more: &[&str]) -> Value {
    let mut arguments = SHIFT.to_vec();
    arguments.extend(["--json"]);
    arguments.extend(more);
    serde_json::from_str(&out(&plan(house, &arguments))).expect("exactly one document")
}

fn stops(plan: &Value) -> Vec<Value> {
    let rounds = plan["rounds"].as_array().unwrap();
    rounds.iter().flat_map(|round| round["stops"].as_array().unwrap().clone()).collect()
}

#[test]
fn a_plan_is_told_in_both_languages_and_written_in_every_format() {
    let house = House::sotenas();
    let whole = drawn(&house, &["--seed", "7"]);
    assert_eq!((&whole["type"], &whole["seed"]), (&json!("FeatureCollection"), &json!(7)));
    let names: Vec<String> =
        stops(&whole).iter().map(|stop| stop["name"].as_str().unwrap().to_owned()).collect();
    assert!(names.len() >= 6, "{names:?}");
    for (language, words) in [("sv", "inget känt besök"), ("en", "no known visit")] {
        let mut arguments = SHIFT.to_vec();
        arguments.extend(["--seed", "7", "--language", language]);
        let text = out(&plan(&house, &arguments));
        assert!(text.starts_with("seed 7\n") && text.contains(words), "{text}");
        let mut rest = text.as_str();
        for name in &names {
            let at = rest.find(name.as_str()).unwrap_or_else(|| panic!("{name} in {text}"));
            rest = &rest[at..];
        }
    }
    let files = ["round.pdf", "round.gpx", "round.ics", "round.geojson"];
    let mut arguments = SHIFT.to_vec();
    arguments.extend(["--seed", "7", "--language", "en"]);
    for file in files {
        arguments.extend(["--output", file]);
    }
    out(&plan(&house, &arguments));
    let read = |name: &str| std::fs::read(house.path(name)).unwrap();
    assert!(read("round.pdf").starts_with(b"%PDF-"));
    let gpx = String::from_utf8(read("round.gpx")).unwrap();
    assert!(gpx.contains("<gpx") && names.iter().all(|name| gpx.contains(name.as_str())));
    let calendar = String::from_utf8(read("round.ics")).unwrap();
    assert!(calendar.starts_with("BEGIN:VCALENDAR"));
    assert_eq!(calendar.matches("BEGIN:VEVENT").count(), names.len());
    let written: Value = serde_json::from_slice(&read("round.geojson")).unwrap();
    assert_eq!(written["digest"], whole["digest"]);
}

#[test]
fn the_same_seed_is_the_same_plan_in_another_process_and_a_drawn_one_is_told() {
    let house = House::sotenas();
    let first = drawn(&house, &["--seed", "11"]);
    assert_eq!(first, drawn(&house, &["--seed", "11"]));
    assert_ne!(first["digest"], drawn(&house, &["--seed", "12"])["digest"]);
    let any = drawn(&house, &[]);
    let seed = any["seed"].as_u64().unwrap().to_string();
    assert_eq!(any, drawn(&house, &["--seed", &seed]));
}

#[test]
fn a_floor_that_cannot_be_met_is_refused_as_a_whole_with_the_nearest_plan() {
    let house = House::sotenas();
    let short = ["--shift", "A=2027-02-01T14:00/2027-02-01T14:45", "--mode", "foot"];
    let refused = plan(&house, &short);
    assert_eq!(refused.status.code(), Some(1), "{}", told(&refused));
    assert!(refused.stdout.is_empty());
    let why = told(&refused);
    assert!(why.contains("no plan meets every floor") && why.contains("out of reach"), "{why}");
    let mut arguments = short.to_vec();
    arguments.extend(["--json", "--output", "none.pdf"]);
    let refused = plan(&house, &arguments);
    assert_eq!(refused.status.code(), Some(1));
    let nearest: Value = serde_json::from_slice(&refused.stdout).expect("exactly one document");
    assert!(!nearest["unmet"].as_array().unwrap().is_empty());
    assert!(!house.path("none.pdf").exists(), "no sheet of a plan that is refused");
    arguments.extend(["--floor", "0"]);
    assert_eq!(plan(&house, &arguments).status.code(), Some(0), "without floors it is one");
}

#[test]
fn what_is_typed_wrongly_exits_with_two_and_what_breaks_a_rule_with_one() {
    let house = House::sotenas();
    let wrong: [&[&str]; 4] = [
        &["--shift", "A"],
        &["--shift", SHIFT[1], "--output", "plan.docx"],
        &["--shift", SHIFT[1], "--language", "de"],
        &["--shift", SHIFT[1], "--question", "q.json"],
    ];
    for arguments in wrong {
        let output = plan(&house, arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {}", told(&output));
        assert!(output.stdout.is_empty());
    }
    for (arguments, named) in [
        (&["--shift", "Anna Ek=2027-02-01T14:00/2027-02-01T22:00"][..], "shifts[0].unit"),
        (&["--shift", "A=2027-02-01T14:00/2027-02-03T14:00"][..], "shifts[0].to"),
        (&[][..], "shifts"),
    ] {
        let output = plan(&house, arguments);
        assert_eq!(output.status.code(), Some(1), "{arguments:?}");
        assert!(told(&output).contains(named), "{named}: {}", told(&output));
    }
    let missing = plan(&house, &["--question", "nowhere.json"]);
    assert_eq!(missing.status.code(), Some(1));
    assert!(told(&missing).contains("nowhere.json"));
}

/// Synthetic: evenings at the quay of Smögen, one source a report, and some
/// around the clock elsewhere.
fn evenings() -> String {
    let mut table = String::from("id,at,category,lat,lon,precision\n");
    for row in 0..150 {
        let evening = row % 5 != 4;
        let (lat, lon) = if evening { (58.3538, 11.2235) } else { (58.4407, 11.3017) };
        let hour = if evening { 20 + row % 2 } else { row % 24 };
        let (month, day) = (1 + row % 10, 1 + row % 28);
        writeln!(table, "{row},2026-{month:02}-{day:02} {hour:02}:10,lighting,{lat},{lon},20")
            .unwrap();
    }
    table
}

#[test]
fn a_stop_comes_in_the_hours_in_which_its_reports_gather_and_says_so() {
    let house = House::sotenas();
    std::fs::write(house.path("reports.csv"), evenings()).unwrap();
    house.run(&["import", "reports", "reports.csv", "--municipality", "1427"], "");
    let question = |from: &str, to: &str| {
        let shifts = json!([{"unit": "A", "from": format!("2027-02-01T{from}"), "to": format!("2027-02-01T{to}")}]);
        let question = json!({"shifts": shifts, "seed": 3, "days": 3650});
        std::fs::write(house.path("q.json"), question.to_string()).unwrap();
        let output = plan(&house, &["--question", "q.json", "--json"]);
        let plan: Value = serde_json::from_str(&out(&output)).unwrap();
        let hot = stops(&plan).into_iter().find(|stop| stop["hotHours"].is_object());
        hot.unwrap_or_else(|| panic!("no hot hours: {plan}"))
    };
    let stop = question("14:00", "23:30");
    assert_eq!((&stop["hotHours"]["from"], &stop["hotHours"]["to"]), (&json!(20), &json!(22)));
    assert_eq!(stop["hotHours"]["met"], true, "{stop}");
    // It is winter: local time is an hour ahead.
    let start = stop["startAt"].as_str().unwrap();
    assert!(("2027-02-01T19:00:00Z".."2027-02-01T21:00:00Z").contains(&start), "{start}");
    assert!(stop["reason"]["sv"].as_str().unwrap().contains("20–22"), "{stop}");
    let early = question("08:00", "16:00");
    assert_eq!(early["hotHours"]["met"], false);
    assert!(early["reason"]["en"].as_str().unwrap().contains("nobody gets here then"), "{early}");
}

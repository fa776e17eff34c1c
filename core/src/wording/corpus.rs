//! The texts of `tests/data/wording`: what is found and what is not, measured.

use super::{flags, personal_data, tells_of_danger};
use crate::domain::TextFlag;

const EMERGENCY: &str = include_str!("../../../tests/data/wording/emergency.tsv");
const ORDINARY: &str = include_str!("../../../tests/data/wording/ordinary.tsv");
const PERSONAL: &str = include_str!("../../../tests/data/wording/personal.tsv");

fn rows(file: &'static str) -> Vec<Vec<&'static str>> {
    file.lines().map(|line| line.split('\t').collect()).collect()
}

fn texts(file: &'static str) -> Vec<&'static str> {
    rows(file).iter().filter_map(|row| row.last().copied()).collect()
}

#[test]
fn every_phrasing_of_an_emergency_is_found() {
    let all = texts(EMERGENCY);
    assert!(all.len() >= 60);
    let missed: Vec<&str> = all.into_iter().filter(|text| !tells_of_danger(text)).collect();
    assert!(missed.is_empty(), "missed: {missed:#?}");
}

#[test]
fn at_most_one_in_a_hundred_ordinary_texts_is_interrupted() {
    let all = texts(ORDINARY);
    assert!(all.len() >= 200);
    let wrong: Vec<&&str> = all.iter().filter(|text| tells_of_danger(text)).collect();
    assert!(wrong.len() * 100 <= all.len(), "interrupted: {wrong:#?}");
}

#[test]
fn personal_data_are_found_in_the_texts_that_hold_them() {
    let rows = rows(PERSONAL);
    assert!(rows.len() >= 100);
    let mut lines = Vec::new();
    for kind in TextFlag::ALL.iter().filter(|kind| **kind != TextFlag::Danger) {
        let of_kind: Vec<_> = rows.iter().filter(|row| row[1] == kind.code()).collect();
        let missed: Vec<_> = of_kind.iter().filter(|row| !flags(row[2]).contains(kind)).collect();
        let found = of_kind.len() - missed.len();
        lines.push(format!("{kind}: {found} of {} found; missed {missed:?}", of_kind.len()));
        let enough = if *kind == TextFlag::Name { 80 } else { 98 };
        assert!(found * 100 >= of_kind.len() * enough, "{lines:#?}");
    }
    // Shown by `cargo test -- --nocapture`, and by the test where it fails.
    let none: Vec<_> = rows.iter().filter(|row| row[1] == "none").collect();
    let wrong: Vec<_> = none.iter().filter(|row| !personal_data(row[2]).is_empty()).collect();
    lines.push(format!("no person: {} of {} flagged: {wrong:?}", wrong.len(), none.len()));
    say(&lines);
    assert!(wrong.len() * 10 <= none.len(), "{lines:#?}");
}

fn say(lines: &[String]) {
    for line in lines {
        println!("{line}");
    }
}

#[test]
fn ordinary_texts_are_seldom_taken_for_personal() {
    let all = texts(ORDINARY);
    let wrong: Vec<_> = all.iter().filter(|text| !personal_data(text).is_empty()).collect();
    assert!(wrong.len() * 50 <= all.len(), "{wrong:#?}");
}

//! Planted violations: each must be found, and what is allowed must not.

use super::walls::{first_line, length, violations};

fn broken(path: &str, source: &str) -> bool {
    !violations(path, source).is_empty()
}

#[test]
fn a_middle_room_that_names_another_is_found_however_it_is_written() {
    for source in [
        "use crate::spatial::Index;",
        "use crate::{spatial::Index, store::Feed};",
        "use crate::{\n    store::Feed,\n    spatial,\n};",
        "fn f() { let x = crate::spatial::load(); }",
        "fn f(x: &crate::spatial::Index) {}",
        "use super::spatial::Index;",
        "pub use crate::{store::{Feed, Reports}, spatial::*};",
        "use crate as house; use house::spatial::Index;",
        "type T = <crate::spatial::Index as Iterator>::Item;",
    ] {
        assert!(broken("src/store/mod.rs", source), "{source}");
    }
    assert!(broken("src/store/portable/reports.rs", "use super::super::super::http::Problem;"));
    assert!(broken("src/app/submit_report.rs", "use crate::http::Problem;"));
    assert!(broken("src/http/reports.rs", "use crate::store::Reports;"));
}

#[test]
fn the_core_does_no_input_or_output_and_keeps_its_own_order() {
    assert!(broken("core/src/domain/report.rs", "use crate::plane::Projection;"));
    assert!(broken("core/src/plane/mod.rs", "use crate::analysis::density;"));
    assert!(broken("core/src/analysis/density.rs", "fn f() { std::fs::read(\"x\"); }"));
    assert!(broken("core/src/domain/report.rs", "use std::{fmt, net::IpAddr};"));
    assert!(!broken("core/src/analysis/density.rs", "use crate::{domain::Plane, plane::Grid};"));
}

#[test]
fn a_crate_outside_its_room_is_found() {
    for (path, source) in [
        ("src/app/submit_report.rs", "use sqlx::Row;"),
        ("src/app/submit_report.rs", "#[derive(Debug, sqlx::FromRow)] struct S;"),
        ("src/app/mod.rs", "use axum;"),
        ("src/cli/serve.rs", "fn f() { axum::serve(); }"),
        ("src/spatial/index.rs", "fn f() { proj4rs::transform::transform(); }"),
        ("src/app/mod.rs", "use anyhow::Context;"),
        ("src/http/mod.rs", "use {sqlx::Row, axum::Router};"),
    ] {
        assert!(broken(path, source), "{path}: {source}");
    }
}

#[test]
fn the_clock_the_dice_and_the_environment_are_read_in_one_place_each() {
    for source in [
        "fn f() { let x = jiff::Timestamp::now(); }",
        "use jiff::Timestamp; fn f() -> Timestamp { Timestamp::now() }",
        "fn f() { std::time::Instant::now(); }",
        "fn f() { tokio::time::Instant::now(); }",
        "fn f() -> u64 { rand::random() }",
        "use rand::{rngs::SysRng, TryRng};",
        "fn f() { std::env::var(\"HOME\"); }",
    ] {
        assert!(broken("src/app/submit_report.rs", source), "{source}");
    }
    assert!(!broken("src/clock/mod.rs", "fn f() { jiff::Timestamp::now(); }"));
    assert!(!broken("src/config/mod.rs", "fn f() { std::env::var(\"HOME\"); }"));
}

#[test]
fn sql_outside_the_store_is_found() {
    let statement = "const Q: &str = \"SELECT id FROM reports\";";
    assert!(broken("src/http/reports.rs", statement));
    assert!(broken("src/app/mod.rs", "fn f() { run(r#\"\n  DELETE FROM reports\"#) }"));
    assert!(!broken("src/store/portable/reports.rs", statement));
}

#[test]
fn comments_texts_and_look_alikes_are_no_violations() {
    for source in [
        "// use crate::spatial::Index;",
        "/* crate::spatial /* nested */ sqlx::Row */",
        "const T: &str = \"crate::spatial::Index\";",
        "const T: &str = r\"use sqlx::Row\";",
        "const C: char = '\"'; // crate::spatial::Index",
        "fn f<'a>(x: &'a str) -> &'a str { x }",
        "use crate::store::spatial::Column;",
        "use super::spatial_rows::Rows;",
        "use fyren_core::domain::Report;",
    ] {
        assert_eq!(violations("src/store/portable/reports.rs", source), [""; 0], "{source}");
    }
}

#[test]
fn a_file_without_a_first_sentence_or_of_too_many_lines_is_found() {
    assert!(first_line("src/x.rs", "use std::fmt;\n//! Late.").is_some());
    assert!(first_line("src/x.rs", "").is_some());
    assert!(first_line("src/x.rs", "//! What it is.\n").is_none());
    assert!(length("src/x.rs", &"\n".repeat(401)).is_some());
    assert!(length("src/x.rs", &"\n".repeat(400)).is_none());
}

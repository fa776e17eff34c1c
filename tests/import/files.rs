//! Small real, synthetic and broken files, read as they lie on the disk.

use crate::place::{Work, job};
use crate::support::{refusal, repository, request, run};
use fyren::app::{ImportJob, ImportKind};
use fyren::import::Kind;

fn file(name: &str) -> Vec<u8> {
    std::fs::read(repository("tests/data/import").join(name)).unwrap()
}

#[test]
fn each_broken_file_is_refused_with_its_own_reason() {
    for (name, reason) in [
        ("half-a-quote.csv", "line 3: a quote opens in this row and is never closed"),
        ("no-place.csv", "no column looks like a position or an area"),
        ("cut.csv.gz", "the packed file is refused: it is cut off before its end"),
        ("bomb.csv.gz", "it unpacks to more than 200 times its size"),
        ("nan.geojson", "line 2: this is not GeoJSON"),
        ("too-large.geojson", "line 2: this is not GeoJSON: number out of range"),
        ("deep.geojson", "line 2: this is not GeoJSON: recursion limit exceeded"),
        ("utf-16.csv", "this is not text in UTF-8 or Windows-1252"),
    ] {
        let said = refusal(&file(name));
        assert!(said.contains(reason), "{name}: {said}");
    }
}

#[test]
fn a_spreadsheet_in_two_encodings_is_one_and_the_same_table() {
    let read = |name: &str| run(&file(name), &request(Kind::Reports)).unwrap();
    let old = read("felanmalan-windows-1252.csv");
    let new = read("felanmalan-bom.csv");
    assert_eq!((old.plan.encoding, new.plan.encoding), ("Windows-1252", "UTF-8"));
    assert_eq!(old.rows, new.rows);
    assert_eq!(old.guessed(), new.guessed());
    assert_eq!(old.plan.crs_decision.code, "EPSG:3006");
    assert_eq!(old.draft(0).text.as_deref(), Some("muren vid bryggan, \"stor\""));
    let lines: Vec<u64> = old.rows.iter().map(|row| row.record.line).collect();
    assert_eq!(lines, [2, 3, 5, 6, 7]);
}

#[tokio::test]
async fn a_spreadsheet_goes_in_with_everything_odd_about_it_told() {
    let work = Work::with(&["1427"]).await;
    let bytes = file("felanmalan-windows-1252.csv");
    let (told, refused) = work.import_with(job(ImportKind::Reports), &bytes).await.unwrap();
    assert_eq!((told.read, told.stored, told.refused), (5, 4, 1));
    assert_eq!((refused[0].line, refused[0].violation.rule), (7, "outside_municipality"));
    assert_eq!((told.times.summer_time_gap, told.times.summer_time_overlap), (1, 1));
    assert_eq!((told.times.unreadable, &told.times.unreadable_lines[..]), (1, &[6][..]));
    assert_eq!(told.foreign_categories.keys().collect::<Vec<_>>(), ["Hål i vägen"]);
    assert_eq!(told.columns["at"], "Datum+Tid");
    assert_eq!((told.places.coarse, told.places.assumed_precision), (0, 2));
}

#[tokio::test]
async fn real_event_notes_belong_to_the_municipality_that_they_name() {
    let work = Work::with(&["1427", "1484"]).await;
    let bytes = file("polisen-se.csv");
    let all = ImportJob { municipality: None, ..job(ImportKind::Incidents) };
    let told = work.import(all, &bytes).await.unwrap();
    assert_eq!((told.read, told.stored), (18, 18));
    assert_eq!(told.columns["area"], "municipality_code");
    let other = ImportJob { dataset: "one".to_owned(), ..job(ImportKind::Incidents) };
    let told = work.import(other, &bytes).await.unwrap();
    assert_eq!((told.stored, told.refused, told.places.outside), (12, 6, 6));
}

#[tokio::test]
async fn real_stops_are_told_apart_by_the_boundary() {
    let work = Work::with(&["1427"]).await;
    let bytes = std::fs::read(repository("data/sotenas/stops.geojson")).unwrap();
    let told = work.import(job(ImportKind::Incidents), &bytes).await.unwrap();
    assert_eq!((told.read, told.stored, told.refused), (325, 88, 237));
}

#[test]
fn files_with_bad_rows_name_each_of_them() {
    let refused = |name: &str| {
        let read = run(&file(name), &request(Kind::Reports)).unwrap();
        read.refused()
            .into_iter()
            .map(|(line, field, rule)| format!("{line} {field} {rule}"))
            .collect::<Vec<_>>()
    };
    assert_eq!(refused("nul.csv"), ["2 text nul_character"]);
    assert_eq!(refused("not-finite.csv"), ["2 latitude not_finite", "3 latitude not_finite"]);
}

#[tokio::test]
async fn exchanged_degrees_and_a_named_crs_are_seen() {
    let work = Work::with(&["1427"]).await;
    let told = work.import(job(ImportKind::Reports), &file("swapped.csv")).await.unwrap();
    assert_eq!((told.stored, told.places.swapped), (0, 1));
    let told = work.import(job(ImportKind::Reports), &file("sweref-12-00.geojson")).await.unwrap();
    assert_eq!((told.stored, told.crs.code.as_str()), (1, "EPSG:3007"));
    assert_eq!(told.crs.decided, "by the crs member of the file");
}

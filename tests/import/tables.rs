//! Tables in all their dialects.

use crate::support::{incidents, repository, request, run};
use flate2::{Compression, write::GzEncoder};
use fyren::import::{Format, Kind};
use std::io::Write;

const ROWS: &str = "id,tid,kategori,lat,lon\n1,2026-07-10 22:30,Bråk,58.36,11.25\n";

#[test]
fn a_semicolon_table_with_decimal_commas_is_a_table() {
    let read = incidents("id;kategori;lat;lon\n1;Bråk;58,36144;11,24941\n");
    assert_eq!(read.plan.format, Format::Table { delimiter: b';' });
    assert!((read.point(0).latitude - 58.36144).abs() < 1e-9);
    assert!((read.point(0).longitude - 11.24941).abs() < 1e-9);
}

#[test]
fn a_table_with_tabulators_is_a_table() {
    let read = incidents(&ROWS.replace(',', "\t"));
    assert_eq!(read.plan.format, Format::Table { delimiter: b'\t' });
    assert_eq!(read.draft(0).category.as_deref(), Some("Bråk"));
}

#[test]
fn a_byte_order_mark_is_not_a_part_of_the_first_column() {
    let read = incidents(&format!("\u{feff}{ROWS}"));
    assert_eq!(read.plan.columns[0], "id");
    assert_eq!(read.draft(0).external_id, "1");
}

#[test]
fn windows_1252_is_read_as_such_however_late_it_shows() {
    let mut bytes = b"id,text,lat,lon\n".to_vec();
    for id in 0..4_000 {
        bytes.extend(format!("{id},plain words only,58.36,11.25\n").bytes());
    }
    bytes.extend(b"last,Sm\xf6gen \x80,58.36,11.25\n");
    let read = run(&bytes, &request(Kind::Incidents)).unwrap();
    assert_eq!(read.plan.encoding, "Windows-1252");
    assert_eq!(read.draft(4_000).text.as_deref(), Some("Smögen €"));
}

#[test]
fn one_wrong_byte_in_utf_8_spoils_no_other_letter() {
    let read = run(b"id,text,lat,lon\n1,Sm\xc3\xb6gen \xe5,58.3,11.2\n", &request(Kind::Reports));
    let read = read.unwrap();
    assert_eq!(read.plan.encoding, "UTF-8 mixed with Windows-1252");
    assert_eq!(read.draft(0).text.as_deref(), Some("Smögen å"));
}

#[test]
fn a_letter_on_the_border_of_two_chunks_stays_whole() {
    for filler in (1 << 16) - 40..(1 << 16) {
        let text = format!("text,lat,lon\n{}öööö,58.3,11.2\n", "x".repeat(filler));
        let read = incidents(&text);
        assert_eq!(read.plan.encoding, "UTF-8");
        assert!(read.draft(0).text.as_deref().unwrap().ends_with("xöööö"));
    }
}

#[test]
fn quotes_hold_delimiters_quotes_and_lines_and_a_row_is_named_by_its_first_line() {
    let read = incidents(
        "id,text,lat,lon\r\n1,\"one, \"\"two\"\"\r\nthree\",58.3,11.2\r\n\r\n2,x,58.3,\r\n\
         3,\"a\nb\nc\",58.3,x\n",
    );
    assert_eq!(read.draft(0).text.as_deref(), Some("one, \"two\"\nthree"));
    assert_eq!(read.rows[0].record.line, 2);
    let refused = read.refused();
    assert_eq!(refused[0], (5, "longitude".to_owned(), "required"));
    assert_eq!(refused[1], (6, "longitude".to_owned(), "not_a_number"));
}

#[test]
fn lines_that_end_in_a_carriage_return_alone_are_lines() {
    let read = incidents("id,lat,lon\r1,58.3,11.2\r2,58.3,x\r");
    assert_eq!(read.refused(), [(3, "longitude".to_owned(), "not_a_number")]);
}

#[test]
fn a_packed_table_is_unpacked_whatever_its_name() {
    let mut packed = GzEncoder::new(Vec::new(), Compression::default());
    packed.write_all(ROWS.as_bytes()).unwrap();
    let read = run(&packed.finish().unwrap(), &request(Kind::Incidents)).unwrap();
    assert_eq!(read.draft(0).external_id, "1");
}

#[test]
fn a_row_without_an_identity_is_named_by_what_it_says_and_not_by_its_columns_order() {
    let one = incidents("text,lat,lon,empty\nx,58.3,11.2,\n");
    let other = incidents("lon;lat;text\n11.2;58.3;x\n");
    let third = incidents("lon;lat;text\n11.2;58.3;y\n");
    assert_eq!(one.draft(0).external_id, other.draft(0).external_id);
    assert_ne!(one.draft(0).external_id, third.draft(0).external_id);
    assert_eq!(one.draft(0).external_id.len(), 33);
}

#[test]
fn a_row_with_too_few_or_too_many_values_is_refused_and_an_empty_one_is_none() {
    let read = incidents("id,lat,lon\n1,58.3\n2,58.3,11.2,x\n3,58.3,11.2,,\n,,\n4,58.3,11.2\n");
    let rule = "column_count";
    assert_eq!(read.refused(), [(2, "row".to_owned(), rule), (3, "row".to_owned(), rule)]);
    assert_eq!(read.rows.len(), 4);
}

#[test]
fn only_a_position_or_an_area_is_required() {
    let read = incidents("lat,lon,area\n58.3,11.2,\n,,Smögen\n58.3,11.2,Smögen\n , ,\n");
    assert_eq!(read.refused(), []);
    let read = incidents("lat,lon,area,text\n,,,words\n");
    assert_eq!(read.refused(), [(2, "place".to_owned(), "required")]);
}

#[test]
fn the_police_events_are_read_with_their_precisions() {
    let bytes = std::fs::read(repository("data/sotenas/police-events.csv")).unwrap();
    let read = run(&bytes, &request(Kind::Incidents)).unwrap();
    assert_eq!((read.rows.len(), read.refused().len()), (56, 0));
    assert_eq!(
        read.guessed(),
        [
            "id=polisen_id",
            "at=occurred_at",
            "category=category",
            "text=place_text",
            "longitude=lon",
            "latitude=lat",
            "precision=precision_m",
            "area=district",
            "source=source",
        ]
    );
    let coarse = |at: &usize| read.draft(*at).precision_m.unwrap() >= 5_000.0;
    let coarse: Vec<usize> = (0..56).filter(coarse).collect();
    assert!(coarse.iter().all(|at| read.draft(*at).area.is_none()));
    assert_eq!(coarse.len(), 9);
    assert_eq!(read.findings.unknown_times, 0);
}

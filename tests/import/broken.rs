//! Broken files get a clear error, and nothing of them is kept.

use crate::support::{incidents, refusal, request, run};
use flate2::{Compression, write::GzEncoder};
use fyren::import::Kind;
use std::io::Write;

fn packed(bytes: &[u8]) -> Vec<u8> {
    let mut packed = GzEncoder::new(Vec::new(), Compression::best());
    packed.write_all(bytes).unwrap();
    packed.finish().unwrap()
}

#[test]
fn an_empty_file_is_refused() {
    assert_eq!(refusal(b""), "the file is empty");
    assert_eq!(refusal(b"\n \n"), "the file is empty");
    assert_eq!(refusal(&packed(b"")), "the file is empty");
}

#[test]
fn a_gzip_bomb_is_refused_by_its_ratio() {
    let row = format!("58.3,11.2,{}\n", "x".repeat(500_000));
    let bomb = [b"lat,lon,text\n", row.repeat(80).as_bytes()].concat();
    assert!(refusal(&packed(&bomb)).contains("unpacks to more than 200 times its size"));
}

#[test]
fn a_packed_file_that_is_cut_or_damaged_is_refused() {
    let rows: Vec<String> = (0..2_000).map(|i| format!("{i},58.{i},11.{i}")).collect();
    let whole = rows.join("\n");
    let mut bytes = packed(format!("id,lat,lon\n{whole}").as_bytes());
    let half = &bytes[..bytes.len() / 2];
    assert!(refusal(half).contains("cut off"), "{}", refusal(half));
    let last = bytes.len() - 6;
    bytes[last] ^= 0xff;
    assert!(refusal(&bytes).contains("damaged"), "{}", refusal(&bytes));
}

#[test]
fn a_quote_that_is_never_closed_is_refused_with_its_line() {
    let text = "id,text,lat,lon\n1,x,58.3,11.2\n2,\"half a quote,58.3,11.2\n3,x,58.3,11.2\n";
    let said = refusal(text.as_bytes());
    assert!(said.starts_with("line 3: a quote opens"), "{said}");
    let closed = incidents("id,text,lat,lon\n2,\"whole\n\",58.3,11.2");
    assert_eq!(closed.draft(0).text.as_deref(), Some("whole"));
}

#[test]
fn a_row_that_never_ends_is_refused_before_it_fills_the_memory() {
    let mut text = "id,text,lat,lon\n1,x,58.3,11.2\n2,\"".to_owned();
    text.push_str(&"words ".repeat(400_000));
    let said = refusal(text.as_bytes());
    assert!(said.contains("the row is longer than 1048576 bytes"), "{said}");
}

#[test]
fn a_nul_refuses_its_row_and_in_the_header_the_file() {
    let read = incidents("id,text,lat,lon\n1,a\0b,58.3,11.2\n2,b,58.3,11.2\n");
    assert_eq!(read.refused(), [(2, "text".to_owned(), "nul_character")]);
    assert!(refusal(b"id,lat,lon\0\n1,58.3,11.2\n").contains("NUL"));
}

#[test]
fn utf_16_workbooks_and_web_pages_are_named() {
    let utf_16: Vec<u8> = "id,lat\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
    assert!(refusal(&utf_16).contains("UTF-16"));
    assert!(refusal(&[&[0xff, 0xfe], &utf_16[..]].concat()).contains("UTF-16"));
    assert!(refusal(b"PK\x03\x04....").contains("archive is damaged"));
    assert!(refusal(b"<!DOCTYPE html><p>").contains("HTML"));
}

#[test]
fn json_that_is_deep_cut_or_has_no_number_is_refused_with_its_line() {
    let deep = format!("{{\"type\":\"Feature\",\n\"properties\":{}", "[".repeat(200_000));
    assert!(refusal(deep.as_bytes()).starts_with("line 2: this is not GeoJSON"));
    for number in ["NaN", "1e400", "-Infinity", "01"] {
        let text = format!(
            "{{\"type\":\"FeatureCollection\",\"features\":[\n{{\"type\":\"Feature\",\
             \"properties\":{{}},\"geometry\":{{\"type\":\"Point\",\"coordinates\":[{number},58]\
             }}}}]}}"
        );
        let said = refusal(text.as_bytes());
        assert!(said.starts_with("line 2: this is not GeoJSON"), "{number}: {said}");
    }
    let cut = "{\"type\":\"FeatureCollection\",\n\"features\":[{\"type\":\"Feature\"";
    assert!(refusal(cut.as_bytes()).contains("EOF"));
    assert!(refusal(b"[1, 2]").contains("this is not GeoJSON"));
}

#[test]
fn numbers_that_are_not_finite_refuse_their_row() {
    let read = incidents("lat,lon\nNaN,11.2\n1e400,11.2\n58.3,inf\n");
    let rules: Vec<_> = read.refused().into_iter().map(|(_, field, rule)| (field, rule)).collect();
    assert_eq!(
        rules,
        [
            ("latitude".to_owned(), "not_finite"),
            ("latitude".to_owned(), "not_finite"),
            ("longitude".to_owned(), "not_finite"),
        ]
    );
}

#[test]
fn a_table_without_a_place_is_refused_and_its_columns_are_named() {
    let said = refusal(b"nummer,beskrivning\n1,x\n");
    assert!(said.contains("nummer, beskrivning") && said.contains("--map"), "{said}");
}

#[test]
fn a_table_without_rows_is_read_to_its_end() {
    let read = run(b"id,lat,lon\n", &request(Kind::Reports)).unwrap();
    assert_eq!(read.rows.len(), 0);
}

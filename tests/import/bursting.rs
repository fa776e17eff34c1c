//! Workbooks, archives and XML that would burst: what is small in the file and
//! endless in memory.

use crate::corrupt::told;
use crate::support::refusal;
use fyren::import::Kind;
use std::io::{Cursor, Write as _};
use zip::write::SimpleFileOptions;

/// An archive of named parts.
pub fn archive(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in parts {
        archive.start_file(*name, SimpleFileOptions::default()).unwrap();
        archive.write_all(bytes).unwrap();
    }
    archive.finish().unwrap().into_inner()
}

/// A workbook whose only sheet has these cells, each with its place.
fn workbook(cells: &[(&str, &str)]) -> Vec<u8> {
    let row = |(place, text): &(&str, &str)| {
        let row = place.trim_start_matches(|c: char| c.is_ascii_alphabetic());
        format!(
            "<row r=\"{row}\"><c r=\"{place}\" t=\"inlineStr\"><is><t>{text}</t></is></c></row>"
        )
    };
    let rows: Vec<String> = cells.iter().map(row).collect();
    let rows = rows.concat();
    let main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    let relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let package = "http://schemas.openxmlformats.org/package/2006";
    let sheet = format!("<worksheet xmlns=\"{main}\"><sheetData>{rows}</sheetData></worksheet>");
    let book = format!(
        "<workbook xmlns=\"{main}\" xmlns:r=\"{relations}\"><sheets><sheet name=\"a\" \
         sheetId=\"1\" r:id=\"rId1\"/></sheets></workbook>"
    );
    let links = format!(
        "<Relationships xmlns=\"{package}/relationships\"><Relationship Id=\"rId1\" \
         Type=\"{relations}/worksheet\" Target=\"worksheets/sheet1.xml\"/></Relationships>"
    );
    let root = format!(
        "<Relationships xmlns=\"{package}/relationships\"><Relationship Id=\"rId1\" \
         Type=\"{relations}/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>"
    );
    archive(&[
        ("_rels/.rels", root.as_bytes()),
        ("xl/workbook.xml", book.as_bytes()),
        ("xl/_rels/workbook.xml.rels", links.as_bytes()),
        ("xl/worksheets/sheet1.xml", sheet.as_bytes()),
    ])
}

#[test]
fn rows_of_nonsense_in_a_workbook_are_refused_by_their_row() {
    let cells = [
        ("A1", "id"),
        ("B1", "lat"),
        ("C1", "lon"),
        ("A2", "1"),
        ("B2", "58.3614"),
        ("C2", "11.2494"),
        ("A4", "2"),
        ("B4", "north"),
        ("C4", "11.2494"),
        ("A5", "3"),
        ("B5", "58.3614"),
        ("C5", "#REF!"),
        ("A1048576", "4"),
    ];
    let (refused, good) = told(&workbook(&cells), Kind::Incidents);
    assert_eq!(
        refused,
        ["4 latitude not_a_number", "5 longitude not_a_number", "1048576 place required"]
    );
    assert_eq!(good, 1);
}

#[test]
fn cells_far_away_cost_no_memory() {
    // Held as a block, as large as it would be, the program would be gone.
    let cells =
        [("A1", "lat"), ("B1", "lon"), ("A2", "58.36"), ("B2", "11.24"), ("XFD1048576", "x")];
    let said = refusal(&workbook(&cells));
    assert_eq!(said, "line 1048576: the sheet has more than 1 000 columns");
    let content = "<office:document-content xmlns:office=\"o\" xmlns:table=\"t\" xmlns:text=\"x\">\
        <office:body><office:spreadsheet><table:table table:name=\"a\">\
        <table:table-row table:number-rows-repeated=\"1000000\">\
        <table:table-cell table:number-columns-repeated=\"16000\" office:value-type=\"string\">\
        <text:p>x</text:p></table:table-cell></table:table-row></table:table>\
        </office:spreadsheet></office:body></office:document-content>";
    let mimetype: &[u8] = b"application/vnd.oasis.opendocument.spreadsheet";
    let said = refusal(&archive(&[("mimetype", mimetype), ("content.xml", content.as_bytes())]));
    assert!(said.contains("more than 20 million cells"), "{said}");
}

#[test]
fn archives_that_unpack_to_too_much_are_refused_also_when_they_lie() {
    let zeros = vec![b' '; 40 << 20];
    let honest = archive(&[("xl/workbook.xml", &zeros)]);
    assert!(honest.len() < 100_000);
    assert!(refusal(&honest).contains("unpacks to too much"));
    // The same, its length said to be one byte, in both places where it stands.
    let mut liar = honest;
    let length = (40_u32 << 20).to_le_bytes();
    let said: Vec<usize> = (0..liar.len() - 4).filter(|at| liar[*at..*at + 4] == length).collect();
    assert!(!said.is_empty());
    for at in said {
        liar[at..at + 4].copy_from_slice(&1_u32.to_le_bytes());
    }
    let told = refusal(&liar);
    assert!(told.contains("too much") || told.contains("damaged"), "{told}");
}

#[test]
fn xml_that_unfolds_nests_or_never_ends_is_refused_with_its_line() {
    let laughs = "<?xml version=\"1.0\"?>\n<!DOCTYPE x [<!ENTITY a \"ha\"><!ENTITY b \"&a;&a;\">]>\n\
        <service_requests><request><description>&b;</description></request></service_requests>";
    let said = refusal(laughs.as_bytes());
    assert_eq!(said, "line 3: this is not a list of service requests: the entity &b; is not known");
    let secret = "<?xml version=\"1.0\"?><!DOCTYPE x [<!ENTITY a SYSTEM \"file:///etc/passwd\">]>\
        <gpx><trk><name>&a;</name></trk></gpx>";
    assert!(refusal(secret.as_bytes()).contains("the entity &a; is not known"));
    let deep = format!("<gpx>\n{}", "<a>".repeat(200_000));
    assert!(
        refusal(deep.as_bytes()).starts_with("line 2: this is not GPX: elements nest too deep")
    );
    let endless = format!("<gpx>\n<wpt lat=\"58\" lon=\"11\"><name>{}", "x".repeat(3 << 20));
    let said = refusal(endless.as_bytes());
    assert!(said.contains("the row is longer than 1048576 bytes"), "{said}");
    let crossed = "<gpx>\n<trk>\n</gpx></trk>";
    assert!(
        refusal(crossed.as_bytes()).starts_with("line 3: this is not GPX"),
        "{}",
        refusal(crossed.as_bytes())
    );
    let open = "<gpx>\n<trk><trkseg>\n<trkpt lat=\"58\" lon=\"11\"/>";
    assert_eq!(
        refusal(open.as_bytes()),
        "line 3: this is not GPX: it is cut off, <trkseg> is never closed"
    );
}

//! Every form of file cut off, damaged and with rows of nonsense: a clear error
//! with its line, and nothing half imported.

use crate::bursting::archive;
use crate::place::{Work, job};
use crate::support::{refusal, repository, request, run};
use fyren::app::ImportKind;
use fyren::import::Kind;
use fyren_core::domain::Context;
use std::io::{Cursor, Write as _};
use std::path::Path;

fn file(name: &str) -> Vec<u8> {
    std::fs::read(repository("tests/data/import").join(name)).unwrap()
}

fn packed(bytes: &[u8]) -> Vec<u8> {
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    packed.write_all(bytes).unwrap();
    packed.finish().unwrap()
}

const XML: &str = "<?xml version=\"1.0\"?>\n<service_requests>\n\
    <request><service_request_id>1</service_request_id><lat>58.3614</lat><long>11.2494</long></request>\n\
    <request><service_request_id>2</service_request_id><lat>north</lat><long>11.2494</long></request>\n\
    <request><service_request_id>3</service_request_id></request>\n\
    <request><service_request_id>4</service_request_id><lat>58,3614</lat><long>11.2494</long>\n\
    <description>Sv&#229;r &amp; <![CDATA[<b>m\u{f6}rk</b>]]></description></request>\n</service_requests>\n";

const GPX: &str = "<gpx version=\"1.1\" creator=\"x\"><trk>\n<name>7</name><trkseg>\n\
    <trkpt lat=\"58.3614\" lon=\"11.2494\"><time>2026-07-10T20:00:00Z</time></trkpt>\n\
    <trkpt lat=\"195\" lon=\"11.2494\"><time>2026-07-10T20:01:00Z</time></trkpt>\n\
    <trkpt lat=\"58.3614\"><time>2026-07-10T20:02:00Z</time></trkpt>\n\
    <trkpt lat=\"58.3614\" lon=\"11.2494\"><time>at noon</time></trkpt>\n\
    <trkpt lat=\"58.3614\" lon=\"11.2494\"><time>2026-07-10T20:09:00Z</time></trkpt>\n\
    </trkseg></trk></gpx>\n";

const OBJECTS: &str = "[\n{\"id\":1,\"lat\":58.3614,\"lon\":11.2494},\n\
    {\"id\":2,\"lat\":{\"deg\":58},\"lon\":11.2494},\n{\"id\":3,\"lat\":null,\"lon\":[11]},\n{}\n]";

const TABLES: [(&str, &str); 3] = [
    (
        "Brottskod;Brottskod klartext;Inskrivningsdatum;Brottsdatum;Kommun;DeSO\n\
         0840;Stöld;2025-07-12;2025-07-10;Sotenäs;1427A0010\n",
        "register",
    ),
    ("site,date,hour,count,mean,v85\nBro,2026-02-01,9,8,40,44\n", "speeds"),
    ("area,kind,amount\nSmögen,beds,40\n", "exposure"),
];

fn kind_of(name: &str) -> Kind {
    match name {
        "speeds" => Kind::Speeds,
        "exposure" => Kind::Exposure,
        "districts-3006.gpkg" | "districts-3007.zip" => Kind::Areas,
        "avl-liverpool-bus.gpx" => Kind::Tracks,
        _ => Kind::Incidents,
    }
}

/// One whole file of every form, by its name.
fn every_form() -> Vec<(&'static str, Vec<u8>)> {
    let mut all: Vec<(&str, Vec<u8>)> = [
        "polisen-se.csv",
        "polisen-se.xlsx",
        "districts-3006.gpkg",
        "districts-3007.zip",
        "avl-liverpool-bus.gpx",
    ]
    .map(|name| (name, file(name)))
    .into();
    let stops = std::fs::read(repository("data/sotenas/amenities.geojson")).unwrap();
    all.push(("packed.geojson.gz", packed(&stops)));
    all.push(("amenities.geojson", stops));
    all.push(("open311.xml", XML.as_bytes().to_vec()));
    all.push(("open311.json", OBJECTS.as_bytes().to_vec()));
    all.extend(TABLES.map(|(text, name)| (name, text.as_bytes().to_vec())));
    all
}

/// Whether a file of this form cannot be cut without showing it: a table of
/// text may end anywhere.
fn shows_cuts(name: &str) -> bool {
    Path::new(name).extension().is_some_and(|ending| ending != "csv")
}

#[test]
fn a_file_that_is_cut_off_anywhere_is_refused_or_names_its_broken_row() {
    for (name, whole) in every_form() {
        let rows = run(&whole, &request(kind_of(name))).unwrap().rows.len();
        for part in 1..24 {
            // Not only the space behind the last row.
            let cut = &whole[..(whole.len() - 3) * part / 24];
            match run(cut, &request(kind_of(name))) {
                Err(error) => assert!(error.to_string().len() > 10, "{name} {part}: {error}"),
                Ok(read) => {
                    assert!(!shows_cuts(name), "{name} {part}: the cut is not seen");
                    assert!(read.rows.len() <= rows, "{name} {part}");
                }
            }
        }
    }
}

#[test]
fn a_damaged_byte_breaks_a_row_or_the_file_and_never_the_program() {
    for (name, whole) in every_form() {
        let step = (whole.len() / 97).max(1);
        for at in (0..whole.len()).step_by(step) {
            for wrong in [0x00, 0xff, b'<', b'"'] {
                let mut damaged = whole.clone();
                damaged[at] = wrong;
                match run(&damaged, &request(kind_of(name))) {
                    Err(error) => assert!(!error.to_string().is_empty(), "{name} {at}"),
                    Ok(read) => {
                        for (line, field, rule) in read.refused() {
                            assert!(line > 0 && !field.is_empty() && !rule.is_empty());
                        }
                    }
                }
            }
        }
    }
}

#[tokio::test]
async fn nothing_of_a_file_that_is_cut_off_is_stored() {
    let work = Work::with(&["1427"]).await;
    let before = work.app.ground("1427").await.ok().unwrap().municipality.districts.clone();
    for (name, whole) in every_form().into_iter().filter(|(name, _)| shows_cuts(name)) {
        let kind = match kind_of(name) {
            Kind::Areas => ImportKind::Areas,
            Kind::Tracks => ImportKind::Tracks,
            _ => ImportKind::Incidents,
        };
        let cut = &whole[..whole.len() * 9 / 10];
        assert!(work.import(job(kind), cut).await.is_err(), "{name}");
    }
    for context in Context::ALL {
        assert!(work.stored(*context, "1427").await.is_empty());
    }
    assert_eq!(work.app.ground("1427").await.ok().unwrap().municipality.districts, before);
    assert!(work.app.municipal.imports(None, 99, 0).await.unwrap().is_empty());
}

/// Line, field and rule of refused rows, and how many were good.
pub fn told(bytes: &[u8], kind: Kind) -> (Vec<String>, usize) {
    let read = run(bytes, &request(kind)).unwrap();
    let refused: Vec<String> =
        read.refused().iter().map(|(line, field, rule)| format!("{line} {field} {rule}")).collect();
    let good = read.rows.len() - refused.len();
    (refused, good)
}

#[test]
fn rows_of_nonsense_in_xml_and_json_are_refused_by_line() {
    let (refused, good) = told(XML.as_bytes(), Kind::Reports);
    assert_eq!(refused, ["4 latitude not_a_number", "5 place required"]);
    assert_eq!(good, 2);
    let read = run(XML.as_bytes(), &request(Kind::Reports)).unwrap();
    assert_eq!(read.draft(3).text.as_deref(), Some("Svår & <b>mörk</b>"));
    assert_eq!(read.rows[3].record.line, 6);

    let (refused, good) = told(GPX.as_bytes(), Kind::Tracks);
    assert_eq!(refused, ["4 latitude out_of_range", "5 longitude required"]);
    assert_eq!(good, 3, "a time that cannot be read is unknown");

    let (refused, good) = told(OBJECTS.as_bytes(), Kind::Incidents);
    assert_eq!(refused, ["3 latitude required", "4 latitude required", "5 place required"]);
    assert_eq!(good, 1);
}

#[tokio::test]
async fn a_position_of_a_log_without_a_time_is_refused_by_line() {
    let work = Work::with(&["1427"]).await;
    let (told, refused) = work.import_with(job(ImportKind::Tracks), GPX.as_bytes()).await.unwrap();
    let lines: Vec<_> =
        refused.iter().map(|one| format!("{} {}", one.line, one.violation)).collect();
    assert_eq!(lines, ["4 latitude: out_of_range", "5 longitude: required", "6 at: required"]);
    assert_eq!((told.positions, told.stored), (2, 1));
}

/// A `GeoPackage` with one layer of points made by these statements.
fn geopackage(statements: &str) -> Vec<u8> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.gpkg");
    let data = rusqlite::Connection::open(&path).unwrap();
    data.execute_batch(&format!(
        "CREATE TABLE gpkg_spatial_ref_sys (srs_name TEXT, srs_id INTEGER, organization TEXT,
             organization_coordsys_id INTEGER, definition TEXT);
         CREATE TABLE gpkg_geometry_columns (table_name TEXT, column_name TEXT,
             geometry_type_name TEXT, srs_id INTEGER, z INTEGER, m INTEGER);
         INSERT INTO gpkg_spatial_ref_sys VALUES ('WGS 84', 4326, 'EPSG', 4326, '');
         INSERT INTO gpkg_geometry_columns VALUES ('a', 'geom', 'POINT', 4326, 0, 0);
         {statements}"
    ))
    .unwrap();
    drop(data);
    std::fs::read(&path).unwrap()
}

#[test]
fn rows_of_nonsense_in_a_geopackage_are_refused_and_a_computed_layer_is_not_asked() {
    let header = "47500001e6100000";
    let point = "0101000000d9cef753e37f2640e3c798bbb62e4d40";
    let rows = geopackage(&format!(
        "CREATE TABLE a (fid INTEGER PRIMARY KEY, geom BLOB);
         INSERT INTO a (geom) VALUES (x'{header}{point}'), (x'{header}'), (x'00'), (NULL), ('words');"
    ));
    let (refused, good) = told(&rows, Kind::Incidents);
    assert_eq!(
        refused,
        ["2 geometry malformed", "3 geometry malformed", "4 place required", "5 place required"]
    );
    assert_eq!(good, 1);
    let endless =
        "CREATE VIEW a AS WITH RECURSIVE n(fid) AS (SELECT 1 UNION ALL SELECT fid + 1 FROM n)
        SELECT fid, NULL AS geom FROM n WHERE fid < 0;";
    let said = refusal(&geopackage(endless));
    assert_eq!(said, "line 1: the layer a of the GeoPackage is no table; save it as one");
    assert!(refusal(&geopackage("")).contains("no table"));
}

#[test]
fn a_shapefile_without_its_parts_or_with_several_is_refused() {
    let mut whole = zip::ZipArchive::new(Cursor::new(file("districts-3007.zip"))).unwrap();
    let mut parts = Vec::new();
    for at in 0..whole.len() {
        let mut part = whole.by_index(at).unwrap();
        let mut bytes = Vec::new();
        std::io::Read::read_to_end(&mut part, &mut bytes).unwrap();
        parts.push((part.name().unwrap().into_owned(), bytes));
    }
    let is = |name: &str, ending: &str| Path::new(name).extension().is_some_and(|e| e == ending);
    let with = |keep: &dyn Fn(&str) -> bool| {
        let kept: Vec<(&str, &[u8])> = parts
            .iter()
            .filter(|(name, _)| keep(name))
            .map(|(n, b)| (n.as_str(), &b[..]))
            .collect();
        archive(&kept)
    };
    assert!(refusal(&with(&|name| !is(name, "dbf"))).contains("the .dbf is missing"));
    assert!(refusal(&with(&|name| is(name, "dbf"))).contains("neither a workbook"));
    let (_, shapes) = parts.iter().find(|(name, _)| is(name, "shp")).unwrap();
    let two = archive(&[("a.shp", shapes), ("b.shp", shapes)]);
    assert!(refusal(&two).contains("several Shapefiles (a, b)"), "{}", refusal(&two));
    let (_, table) = parts.iter().find(|(name, _)| is(name, "dbf")).unwrap();
    for (shapes, table) in
        [(&shapes[..shapes.len() / 2], &table[..]), (&shapes[..], &table[..table.len() / 2])]
    {
        let said = refusal(&archive(&[("a.shp", shapes), ("a.dbf", table)]));
        assert!(said.contains("this Shapefile") || said.contains("this shape"), "{said}");
    }
}

/// Notes in the form of the police's interface; all of it is made up.
#[tokio::test]
async fn notes_of_nonsense_are_refused_by_line_and_the_rest_goes_in() {
    let work = Work::with(&["1427"]).await;
    let notes = "[\n{\"id\":1,\"datetime\":\"2026-01-21 9:19:26 +01:00\",\"name\":\"21 januari 08.34, Brand, Sotenäs\",\"type\":\"Brand\",\"location\":{\"name\":\"Sotenäs\",\"gps\":\"58,11\"}},\n\
        {\"id\":2,\"datetime\":\"someday\",\"name\":\"Brand\",\"type\":\"Brand\",\"location\":{\"name\":\"Sotenäs\",\"gps\":\"\"}},\n\
        {\"id\":3,\"datetime\":7,\"name\":null,\"type\":[],\"location\":\"Sotenäs\"},\n\
        {\"id\":4,\"datetime\":\"2026-01-21 9:19:26 +01:00\",\"name\":\"21 januari 08.34, Brand, Atlantis\",\"type\":\"Brand\",\"location\":{\"name\":\"Atlantis\",\"gps\":\"0,0\"}}\n]";
    let all = fyren::app::ImportJob { municipality: None, ..job(ImportKind::Incidents) };
    let (told, refused) = work.import_with(all, notes.as_bytes()).await.unwrap();
    let lines: Vec<_> =
        refused.iter().map(|one| format!("{} {}", one.line, one.violation)).collect();
    assert_eq!((told.read, told.read - told.stored), (4, refused.len() as u64), "{lines:?}");
    assert!(lines.iter().any(|line| line.starts_with("5 area")), "{lines:?}");
}

//! Files of base maps that are cut off, damaged or made to burst: a clear
//! error, and the map that was there stays.

use super::ground_files::{area, land_polygons};
use super::registers::{import, nvdb};
use super::server::Server;
use fyren::app::{BasemapReport, FileFailure};
use fyren::import::read_osm;
use geo_types::Rect;
use pmtiles::{PmTilesWriter, TileCoord, TileType};
use std::path::{Path, PathBuf};

const MONACO: &[u8] = include_bytes!("../data/osm/monaco-2021-04-18.osm.pbf");

/// What a file is refused with.
fn refused(name: &str, done: Result<BasemapReport, FileFailure>) -> String {
    match done {
        Err(FileFailure::File(error)) => error.to_string(),
        other => panic!("{name}: {other:?}"),
    }
}

/// An archive of a few tiles over Sotenäs.
fn tiles(folder: &Path) -> PathBuf {
    let path = folder.join("synthetic.pmtiles");
    let writer = PmTilesWriter::new(TileType::Mvt).min_zoom(8).max_zoom(10);
    let mut writer = writer.create(std::fs::File::create(&path).unwrap()).unwrap();
    for z in 8..=10 {
        let at = fyren_core::domain::Position { longitude: 11.25, latitude: 58.36 };
        let tile = fyren_core::plane::Tile::at(z, at);
        let place = TileCoord::new(tile.z(), tile.x(), tile.y()).unwrap();
        writer
            .add_tile(place, format!("synthetic tile of zoom {z}").repeat(90).as_bytes())
            .unwrap();
    }
    writer.finalize().unwrap();
    path
}

#[tokio::test]
async fn a_ground_file_that_is_cut_off_is_refused_and_the_map_stays() {
    let (server, folder) = (Server::start().await, tempfile::tempdir().unwrap());
    let road = nvdb(folder.path());
    import(&server, std::slice::from_ref(&road)).await.unwrap();
    let map = server.get("/1427/base.json", &[]).await.json();
    assert!(map["basemap"].is_object());

    let land = folder.path().join("land_polygons.shp");
    land_polygons(&land, &[area(11.2, 58.3, 11.3, 58.5), area(11.3, 58.3, 11.4, 58.5)]);
    for (path, words) in [
        (road, &["cut off", "GeoPackage"][..]),
        (land, &["shape", "Shapefile", "fill"]),
        (tiles(folder.path()), &["PMTiles"]),
    ] {
        let (name, whole) = (path.display().to_string(), std::fs::read(&path).unwrap());
        for part in [0, 1, 3, 5] {
            std::fs::write(&path, &whole[..whole.len() * part / 6]).unwrap();
            let said = refused(&name, import(&server, std::slice::from_ref(&path)).await);
            assert!(words.iter().any(|word| said.contains(word)), "{name} {part}: {said}");
        }
    }
    assert_eq!(server.get("/1427/base.json", &[]).await.json(), map);
}

#[test]
fn an_extract_that_is_cut_off_or_damaged_is_refused() {
    let monaco = Rect::new((7.40, 43.72), (7.44, 43.76));
    let read = |bytes: &'static [u8]| {
        read_osm(&move || Ok(Box::new(bytes) as Box<dyn std::io::Read + Send>), monaco)
    };
    let refused = |bytes: &'static [u8]| match read(bytes) {
        Ok(ground) => panic!("{} pieces", ground.pieces.len()),
        Err(error) => error.to_string(),
    };
    assert_eq!(refused(b""), "the file is empty");
    for part in 1..8 {
        let said = refused(&MONACO[..MONACO.len() * part / 8]);
        assert!(said.starts_with("the packed file is refused"), "{part}: {said}");
    }
    for at in [3, 9, 300, 90_000, 200_000, MONACO.len() - 9] {
        let mut damaged = MONACO.to_vec();
        damaged[at] ^= 0xff;
        let said = refused(Box::leak(damaged.into_boxed_slice()));
        assert!(said.starts_with("the packed file is refused"), "{at}: {said}");
    }
}

/// A field of a protocol buffer whose value is bytes.
fn field(number: u8, bytes: &[u8]) -> Vec<u8> {
    let mut written = vec![number << 3 | 2];
    let mut length = bytes.len();
    while length >= 0x80 {
        written.push(u8::try_from(length & 0x7f).unwrap() | 0x80);
        length >>= 7;
    }
    written.push(u8::try_from(length).unwrap());
    written.extend(bytes);
    written
}

/// An extract of one block whose lengths are said to be these.
fn extract(header_length: u32, blob_length: u8, blob: &[u8]) -> Vec<u8> {
    let mut header = field(1, b"OSMData");
    header.extend([3 << 3, blob_length]);
    let length =
        if header_length == 0 { u32::try_from(header.len()).unwrap() } else { header_length };
    [&length.to_be_bytes()[..], &header, blob].concat()
}

#[tokio::test]
async fn an_extract_that_promises_too_much_is_refused() {
    let (server, folder) = (Server::start().await, tempfile::tempdir().unwrap());
    let path = folder.path().join("bomb.osm.pbf");
    let mut packed = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::fast());
    std::io::copy(&mut std::io::Read::take(std::io::repeat(0), 40 << 20), &mut packed).unwrap();
    let bomb = field(3, &packed.finish().unwrap());
    // The length of the blob as a number of the protocol: what `field` puts
    // between its own number and its bytes.
    let of = field(1, &bomb);
    let header = [&field(1, b"OSMData")[..], &[3 << 3], &of[1..of.len() - bomb.len()]].concat();
    let head = u32::try_from(header.len()).unwrap().to_be_bytes();
    for (name, bytes) in [
        ("a header of 4 GiB", extract(u32::MAX, 1, b"x")),
        ("a blob that is missing", extract(0, 100, b"")),
        ("a blob of nonsense", extract(0, 4, b"\xff\xff\xff\xff")),
        ("40 MiB of zeros", [&head[..], &header, &bomb].concat()),
        ("words", b"not a map at all, but long enough to be one".to_vec()),
    ] {
        std::fs::write(&path, &bytes).unwrap();
        let said = refused(name, import(&server, std::slice::from_ref(&path)).await);
        assert!(said.starts_with("the packed file is refused"), "{name}: {said}");
    }
}

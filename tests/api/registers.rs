//! Base maps from registers: small synthetic files in the schemas of NVDB,
//! Lantmäteriet and the land polygons of `OpenStreetMap`.

use super::ground_files::{Row, area, geopackage, land_polygons, line};
use super::server::Server;
use fyren::app::{BasemapJob, BasemapReport, FileFailure, GroundFile, Opener};
use fyren_core::domain::{MunicipalityCode, Position};
use fyren_core::plane::Tile;
use geo::Contains as _;
use geo_types::Point;
use serde_json::json;
use std::path::{Path, PathBuf};
use std::sync::Arc;

const ROADS: [&str; 8] = [
    "Klass_181",
    "Vagha_6",
    "Vagha_7",
    "Namn_130",
    "F_Hogst_225",
    "B_Hogst_225",
    "Vagtr_474",
    "Vagnr_10370",
];

/// A road of the state, a street, a private road and a cycle path.
pub fn nvdb(folder: &Path) -> PathBuf {
    let path = folder.join("nvdb.gpkg");
    let at = |latitude| line(&[(11.25, latitude), (11.27, latitude)]);
    let rows: Vec<Row> = vec![
        (vec!["3", "1", "", "", "70", "70", "1", "171"], at(58.360)),
        (vec!["7", "2", "Sotenäs kn", "Syntetgatan", "40", "40", "1", ""], at(58.362)),
        (vec!["8", "3", "Påhittade vägföreningen", "", "30", "30", "1", ""], at(58.364)),
        (vec!["", "2", "", "", "", "", "2", ""], at(58.366)),
        (vec!["3", "1", "", "", "70", "70", "1", "45"], line(&[(14.0, 60.0), (14.1, 60.0)])),
    ];
    geopackage(&path, "NVDB_DKHomogen", &ROADS, &rows);
    path
}

fn topography(folder: &Path) -> Vec<PathBuf> {
    let (ground, buildings) = (folder.join("mark.gpkg"), folder.join("byggnad.gpkg"));
    let rows: Vec<Row> = vec![
        (vec!["Hav"], area(10.9, 58.2, 11.2, 58.6)),
        (vec!["Öppen mark"], area(11.2, 58.2, 11.8, 58.6)),
        (vec!["Sjö"], area(11.40, 58.40, 11.41, 58.41)),
        (vec!["Barr- och blandskog"], area(11.42, 58.40, 11.44, 58.42)),
    ];
    geopackage(&ground, "mark", &["objekttyp"], &rows);
    let rows: Vec<Row> = vec![
        (vec!["Bostad", "Bostad;Flerfamiljshus"], area(11.2510, 58.3605, 11.2514, 58.3607)),
        (vec!["Bostad", "Bostad;Småhus friliggande"], area(11.2520, 58.3605, 11.2522, 58.3606)),
        (vec!["Ekonomibyggnad", ""], area(11.2530, 58.3605, 11.2532, 58.3606)),
    ];
    geopackage(&buildings, "byggnad", &["objekttyp", "andamal1"], &rows);
    vec![ground, buildings]
}

pub async fn import(server: &Server, files: &[PathBuf]) -> Result<BasemapReport, FileFailure> {
    let job = BasemapJob {
        municipality: MunicipalityCode::parse("1427").unwrap(),
        source: "synthetic".to_owned(),
        attribution: None,
    };
    let ground = |file: &PathBuf| {
        let path = file.clone();
        let open: Opener = Arc::new(move || Ok(Box::new(std::fs::File::open(&path)?)));
        GroundFile::of(file, open)
    };
    let files = files.iter().map(ground).collect();
    server.app.import_basemap("test", job, files).await
}

#[tokio::test]
async fn registers_of_roads_buildings_and_ground_become_one_map() {
    let (server, folder) = (Server::start().await, tempfile::tempdir().unwrap());
    let mut files = vec![nvdb(folder.path())];
    files.extend(topography(folder.path()));
    let report = import(&server, &files).await.unwrap();
    let number = |kind: &str| report.pieces.get(kind).copied().unwrap_or(0);
    assert_eq!(["roads", "buildings", "water", "green"].map(number), [4, 3, 1, 1]);
    assert_eq!((report.dwellings, report.coast), (4, true));
    let base = server.get("/1427/base.json", &[]).await.json();
    assert_eq!(base["basemap"]["attribution"], "Trafikverket (NVDB) · © Lantmäteriet");
    let at = Tile::at(15, Position { longitude: 11.2512, latitude: 58.3606 });
    let tile = server.get(&format!("/tiles/1427/basemap/15/{}/{}.mvt", at.x(), at.y()), &[]).await;
    for text in ["roads", "buildings", "limit", "Väg 171", "home"] {
        let held = tile.body.windows(text.len()).any(|found| found == text.as_bytes());
        assert!(held, "{text}");
    }
    let found = server.get("/api/v1/municipalities/1427/search?q=syntetgatan", &[]).await.json();
    assert_eq!((&found[0]["name"], &found[0]["kind"]), (&json!("Syntetgatan"), &json!("street")));
    let ground = server.app.ground("1427").await.unwrap();
    let land = ground.municipality.land.as_ref().unwrap();
    assert!(land.contains(&Point::new(11.3, 58.4)) && !land.contains(&Point::new(11.1, 58.4)));
}

#[tokio::test]
async fn the_keeper_of_the_road_answers_for_what_concerns_the_street() {
    let (server, folder) = (Server::start().await, tempfile::tempdir().unwrap());
    import(&server, &[nvdb(folder.path())]).await.unwrap();
    let owner = async |latitude: f64, category: &str| {
        let asked = format!("longitude=11.26&latitude={latitude}{category}");
        let path = format!("/api/v1/municipalities/1427/owner?{asked}");
        let told = server.get(&path, &[]).await.json();
        let text = |name: &str| told[name].as_str().unwrap_or_default().to_owned();
        (text("owner"), text("basis"), text("keeper"))
    };
    let told = |owner: &str, basis: &str, keeper: &str| {
        (owner.to_owned(), basis.to_owned(), keeper.to_owned())
    };
    let speeding = "&category=speeding";
    assert_eq!(owner(58.3601, speeding).await, told("Trafikverket", "road", "state"));
    assert_eq!(owner(58.3619, "").await, told("Sotenäs kommun", "road", "municipality"));
    let private = told("Påhittade vägföreningen", "road", "private");
    assert_eq!(owner(58.3640, "&category=lighting").await, private);
    let nobody = told("Sotenäs kommun", "municipality", "");
    assert_eq!(owner(58.3640, "&category=boat_theft").await, nobody, "no matter of the street");
    assert_eq!(owner(58.3630, speeding).await, nobody, "a hundred metres from each");
    let defaults = json!({"type": "FeatureCollection", "features": [
        {"type": "Feature", "properties": {"owner": "Elbolaget", "category": "lighting"},
         "geometry": null},
        {"type": "Feature", "properties": {"owner": "Kommunens växel"}, "geometry": null}]});
    let code = MunicipalityCode::parse("1427").unwrap();
    server.app.save_owners("test", &code, defaults.to_string().as_bytes()).await.unwrap();
    assert_eq!(owner(58.3640, "&category=lighting").await, told("Elbolaget", "category", ""));
    assert_eq!(owner(58.3640, speeding).await, private, "a road before the default of all");
    assert_eq!(owner(58.3630, speeding).await, told("Kommunens växel", "category", ""));
}

#[tokio::test]
async fn land_polygons_are_the_true_coast() {
    let (server, folder) = (Server::start().await, tempfile::tempdir().unwrap());
    let path = folder.path().join("land_polygons.shp");
    // Two halves of one island that meet at 11.3 and are one land on the map.
    land_polygons(&path, &[area(11.2, 58.3, 11.3, 58.5), area(11.3, 58.3, 11.4, 58.5)]);
    let report = import(&server, &[path]).await.unwrap();
    assert!(report.coast && report.pieces.is_empty());
    let ground = server.app.ground("1427").await.unwrap();
    let land = ground.municipality.land.as_ref().unwrap();
    assert_eq!(land.0.len(), 1, "without a coast where they meet");
    assert!(land.contains(&Point::new(11.3, 58.4)) && !land.contains(&Point::new(11.45, 58.4)));
    let base = server.get("/1427/base.json", &[]).await.json();
    assert_eq!(base["basemap"]["attribution"], "© OpenStreetMap contributors");
}

#[tokio::test]
async fn a_register_that_is_not_understood_is_refused_with_its_tables_and_changes_nothing() {
    let (server, folder) = (Server::start().await, tempfile::tempdir().unwrap());
    let path = |name: &str| folder.path().join(name);
    geopackage(
        &path("x.gpkg"),
        "fritidsbatar",
        &["langd"],
        &[(vec!["7"], area(11.2, 58.3, 11.3, 58.4))],
    );
    std::fs::write(path("y.gpkg"), b"SQLite format 3\0 and no more").unwrap();
    std::fs::write(path("z.zip"), b"PK\x03\x04 and no more").unwrap();
    std::fs::write(path("w.shp"), b"no shapes").unwrap();
    for (name, word) in [
        ("x.gpkg", "fritidsbatar"),
        ("y.gpkg", "no GeoPackage"),
        ("z.zip", "archive"),
        ("w.shp", "file"),
        ("missing.gpkg", "No such file"),
    ] {
        let refused = import(&server, &[path(name)]).await;
        let Err(FileFailure::File(error)) = refused else { panic!("{name}: {refused:?}") };
        assert!(error.to_string().contains(word), "{name}: {error}");
    }
    assert_eq!(server.get("/1427/base.json", &[]).await.json()["basemap"], json!(null));
}

#[tokio::test]
async fn tiles_that_were_cut_elsewhere_are_served_as_they_are() {
    use pmtiles::{PmTilesWriter, TileCoord, TileType};
    let (server, folder) = (Server::start().await, tempfile::tempdir().unwrap());
    let path = folder.path().join("synthetic.pmtiles");
    let metadata = r#"{"attribution":"<a>© Nobody</a>","vector_layers":[{"id":"roads"}]}"#;
    let at = |z| Tile::at(z, Position { longitude: 11.25, latitude: 58.36 });
    let far = Tile::at(14, Position { longitude: 18.0, latitude: 59.3 });
    let writer = PmTilesWriter::new(TileType::Mvt).min_zoom(5).max_zoom(14).metadata(metadata);
    let mut writer = writer.create(std::fs::File::create(&path).unwrap()).unwrap();
    for tile in [at(5), at(12), at(14), far] {
        let place = TileCoord::new(tile.z(), tile.x(), tile.y()).unwrap();
        writer.add_tile(place, format!("tile of zoom {}", tile.z()).as_bytes()).unwrap();
    }
    writer.finalize().unwrap();
    let report = import(&server, &[path.clone(), nvdb(folder.path())]).await.unwrap();
    assert_eq!((report.tiles, report.min_zoom, report.max_zoom), (2, 8, 14));
    assert_eq!((report.names, report.coast), (2, false), "names of the roads beside them");
    let base = server.get("/1427/base.json", &[]).await.json();
    assert_eq!(base["basemap"]["maxZoom"], 14);
    assert_eq!(base["basemap"]["attribution"], "Trafikverket (NVDB) · © Nobody");
    let tile = at(14);
    let tile = format!("/tiles/1427/basemap/14/{}/{}.mvt", tile.x(), tile.y());
    assert_eq!(server.get(&tile, &[]).await.body, b"tile of zoom 14");
    std::fs::write(&path, b"PMTiles and no more").unwrap();
    let refused = import(&server, &[path]).await.unwrap_err().to_string();
    assert!(refused.contains("PMTiles"), "{refused}");
}

//! A base map from a real extract: Monaco, from the file to the tile.

use super::server::Server;
use axum::http::StatusCode;
use fyren::app::{App, BasemapJob, FileFailure, GroundFile, NewMunicipality, Opener};
use fyren_core::domain::{MunicipalityCode, Position, Role};
use fyren_core::plane::{Tile, Travel};
use geo::Contains;
use serde_json::json;
use std::sync::Arc;

const MONACO: &[u8] = include_bytes!("../data/osm/monaco-2021-04-18.osm.pbf");

fn opener() -> Opener {
    Arc::new(|| Ok(Box::new(MONACO)))
}

fn job(code: &str) -> BasemapJob {
    BasemapJob {
        municipality: MunicipalityCode::parse(code).unwrap(),
        source: "monaco.osm.pbf".to_owned(),
        attribution: None,
    }
}

async fn monaco() -> (Server, fyren::app::BasemapReport) {
    let server = Server::start().await;
    let ground = App::outline_in("Monaco".to_owned(), opener()).await.unwrap();
    let boundary = geojson::Geometry::from(&ground).to_string().into_bytes();
    let new = NewMunicipality {
        code: MunicipalityCode::parse("monaco").unwrap(),
        name: Some("Monaco".to_owned()),
        boundary: Some(boundary),
        time_zone: Some("Europe/Monaco".to_owned()),
    };
    server.app.add_municipality("test", new).await.unwrap();
    let files = vec![GroundFile::Osm(opener())];
    let report = server.app.import_basemap("test", job("monaco"), files).await.unwrap();
    (server, report)
}

fn tile(z: u8, longitude: f64, latitude: f64) -> String {
    let tile = Tile::at(z, Position { longitude, latitude });
    format!("/tiles/monaco/basemap/{}/{}/{}.mvt", tile.z(), tile.x(), tile.y())
}

fn holds(bytes: &[u8], text: &str) -> bool {
    bytes.windows(text.len()).any(|found| found == text.as_bytes())
}

#[tokio::test]
async fn an_extract_becomes_tiles_with_streets_and_coast() {
    let (server, report) = monaco().await;
    assert!(report.coast && report.pieces["roads"] > 2_000 && report.pieces["buildings"] > 1_000);
    assert!(report.largest_tile < 100_000, "{} bytes", report.largest_tile);
    let casino = server.get(&tile(15, 7.4275, 43.7390), &[]).await;
    assert_eq!(casino.status, StatusCode::OK);
    for text in ["roads", "buildings", "land", "Avenue"] {
        assert!(holds(&casino.body, text), "{text}");
    }
    let far = server.get(&tile(10, 7.4275, 43.7390), &[]).await;
    assert!(holds(&far.body, "land") && !holds(&far.body, "buildings"));
    let tag = casino.header("etag").to_owned();
    let known = server.get(&tile(15, 7.4275, 43.7390), &[("if-none-match", &tag)]).await;
    assert_eq!(known.status, StatusCode::NOT_MODIFIED);
    let sea = server.get(&tile(15, 7.50, 43.70), &[]).await;
    assert_eq!((sea.status, sea.body.len()), (StatusCode::OK, 0));
    let base = server.get("/monaco/base.json", &[]).await.json();
    assert_eq!(base["basemap"]["version"], report.version);
    assert_eq!(base["basemap"]["coast"], true, "the tiles have land and coast");
    let none = server.get("/tiles/1427/basemap/15/0/0.mvt", &[]).await;
    assert_eq!(none.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn streets_lead_somewhere_and_the_coast_is_the_files() {
    let (server, _) = monaco().await;
    let code = MunicipalityCode::parse("monaco").unwrap();
    let ground = server.app.ground("monaco").await.unwrap();
    let roads = server.app.roads(&code).await.unwrap().unwrap();
    let projection = ground.geofence.projection();
    let at = |longitude, latitude| projection.forward(Position { longitude, latitude });
    let node = |place| roads.nearest(place, Travel::OnFoot).unwrap().0;
    let (casino, harbour) = (node(at(7.4275, 43.7390)), node(at(7.4215, 43.7345)));
    let route = roads.route(casino, harbour, Travel::OnFoot).unwrap();
    // 700 m as the crow flies; a walk of ten to twenty minutes.
    assert!((500.0..1_500.0).contains(&route.seconds), "{} s", route.seconds);
    let land = ground.municipality.land.as_ref().unwrap();
    assert!(land.contains(&geo_types::Point::new(7.4275, 43.7390)), "the casino");
    assert!(!land.contains(&geo_types::Point::new(7.4300, 43.7330)), "the sea off the harbour");
}

#[tokio::test]
async fn places_are_found_without_their_accents() {
    let (server, _) = monaco().await;
    let search = "/api/v1/municipalities/monaco/search";
    let names = |answer: &super::server::Answer| -> Vec<String> {
        let found = answer.json();
        let names = found.as_array().unwrap().iter();
        names.map(|one| one["name"].as_str().unwrap().to_owned()).collect()
    };
    for (asked, expected) in [
        ("avenue%20ostende", "Avenue d'Ostende"),
        ("sainte%20dev", "Sainte-Dévote"),
        ("PRINCESSE%20GR", "Avenue Princesse Grace"),
    ] {
        let found = names(&server.get(&format!("{search}?q={asked}&limit=50"), &[]).await);
        let found: Vec<_> = found.iter().map(|name| name.replace('’', "'")).collect();
        assert!(found.iter().any(|name| name.contains(expected)), "{asked}: {found:?}");
    }
    for (query, broken) in [
        ("", "q: required"),
        ("?q=%20-", "q: empty"),
        ("?q=a&limit=51", "limit: out_of_range"),
        ("?q=a&near=7", "near: number_form"),
        ("?q=a&q=b", "q: repeated_parameter"),
        ("?q=a&colour=red", "colour: unknown_parameter"),
    ] {
        let refused = server.get(&format!("{search}{query}"), &[]).await;
        assert_eq!(refused.status, StatusCode::BAD_REQUEST, "{query}");
        assert_eq!(refused.violations(), [broken], "{query}");
    }
}

#[tokio::test]
async fn without_a_base_map_what_is_shipped_is_found() {
    let server = Server::start().await;
    let search = "/api/v1/municipalities/1427/search";
    let found = server.get(&format!("{search}?q=smogen"), &[]).await.json();
    assert_eq!(found[0]["name"], "Smögen");
    assert!(found[0]["localityId"].is_string() || found[0]["kind"] == "district", "{found}");
    let near = server.get(&format!("{search}?q=kyrka&near=11.22,58.36&limit=1"), &[]).await.json();
    assert_eq!(near.as_array().unwrap().len(), 1);
    assert_eq!(server.get(&format!("{search}?q=zzz"), &[]).await.json(), json!([]));
}

#[tokio::test]
async fn a_file_of_an_other_place_and_a_broken_one_change_nothing() {
    let server = Server::start().await;
    let elsewhere =
        server.app.import_basemap("test", job("1427"), vec![GroundFile::Osm(opener())]).await;
    let text = elsewhere.unwrap_err().to_string();
    assert!(text.contains("breaks a rule"), "{text}");
    for broken in [&MONACO[..20], b"not a map at all"] {
        let open: Opener = Arc::new(move || Ok(Box::new(broken)));
        let files = vec![GroundFile::Osm(open)];
        let refused = server.app.import_basemap("test", job("1427"), files).await;
        assert!(matches!(refused, Err(FileFailure::File(_))), "{refused:?}");
    }
    assert_eq!(server.get("/1427/base.json", &[]).await.json()["basemap"], json!(null));
}

#[tokio::test]
async fn who_answers_follows_from_area_category_and_default() {
    let server = Server::start().await;
    let owner = "/api/v1/municipalities/1427/owner?longitude=11.2249&latitude=58.3557";
    let plain = server.get(owner, &[]).await.json();
    assert_eq!(
        plain,
        json!({"owner": "Sotenäs kommun", "contact": null, "basis": "municipality", "keeper": null})
    );
    let ring = json!([[[11.2, 58.3], [11.3, 58.3], [11.3, 58.4], [11.2, 58.4], [11.2, 58.3]]]);
    let file = json!({"type": "FeatureCollection", "features": [
        {"type": "Feature", "properties": {"owner": "Smögens hamnförening"},
         "geometry": {"type": "Polygon", "coordinates": ring}},
        {"type": "Feature", "properties": {"owner": "Energibolaget", "category": "lighting"},
         "geometry": null}]});
    let code = MunicipalityCode::parse("1427").unwrap();
    server.app.save_owners("test", &code, file.to_string().as_bytes()).await.unwrap();
    let inside = server.get(owner, &[]).await.json();
    assert_eq!(
        (&inside["owner"], &inside["basis"]),
        (&json!("Smögens hamnförening"), &json!("area"))
    );
    let outside = owner.replace("11.2249", "11.45") + "&category=lighting";
    assert_eq!(server.get_as(Role::Officer, &outside).await.json()["basis"], "category");
    let broken = server.get(&format!("{owner}&category=nothing"), &[]).await;
    assert_eq!(broken.violations(), ["category: unknown_value"]);
    assert_eq!(
        server.get("/api/v1/municipalities/1427/owner", &[]).await.violations(),
        ["longitude: required"]
    );
}

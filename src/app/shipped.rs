//! The places that the program carries: Sotenäs in full and every Swedish
//! municipality by its outline. Files are searched as text, and only what is
//! asked for is parsed.

mod read;

use crate::store::ExtraLayer;
use fyren_core::domain::{
    District, DistrictCode, Locality, LocalityId, LocalityKind, Municipality, MunicipalityCode,
    Policy, Position,
};
use geo::{Contains, InteriorPoint};
use geo_types::{MultiPolygon, Point};
use geojson::Feature;
use read::{between, feature, features, ground, number, parsed, rows, text};
use serde_json::json;
use std::collections::HashSet;
use std::sync::LazyLock;

/// Incidents in Sotenäs as the police published them, a CSV file.
pub const POLICE_EVENTS: &str = include_str!("../../data/sotenas/police-events.csv");

const OUTLINES: &str = include_str!("../../data/sweden/municipalities.geojson");
const LAND: &str = include_str!("../../data/sweden/municipalities-land.geojson");
const URBAN_AREAS: &str = include_str!("../../data/sweden/tatorter-2020.csv");
const RESIDENTS: &str = include_str!("../../data/sweden/deso-2018-population-2023.csv");

const SOTENAS: &str = "1427";
const BOUNDARY: &str = include_str!("../../data/sotenas/boundary.geojson");
const DISTRICTS: &str = include_str!("../../data/sotenas/districts.geojson");
const SOTENAS_LAND: &str = include_str!("../../data/sotenas/land.geojson");
const LOCALITIES: &str = include_str!("../../data/sotenas/localities.geojson");
const STOPS: &str = include_str!("../../data/sotenas/stops.geojson");
const HARBOURS: &str = include_str!("../../data/sotenas/harbours.geojson");
const AMENITIES: &str = include_str!("../../data/sotenas/amenities.geojson");

/// The zone of every Swedish municipality.
pub const SWEDISH_ZONE: &str = "Europe/Stockholm";
/// The plane of every Swedish municipality.
const SWEDISH_PLANE: &str = "EPSG:3006";

/// Fewest residents of an urban area that is a town on the map.
const TOWN: u32 = 2_000;

/// Whether there is a small statistical area (`DeSO` 2018) with this code.
pub fn is_deso(code: &str) -> bool {
    static CODES: LazyLock<HashSet<&str>> = LazyLock::new(|| {
        RESIDENTS.lines().skip(1).filter_map(|line| line.split(',').next()).collect()
    });
    CODES.contains(code)
}

/// Code and name of each municipality that is carried, in the order of codes.
pub fn names() -> impl Iterator<Item = (String, String)> {
    features(OUTLINES).filter_map(|line| {
        let (code, name) = (between(line, "\"code\":\"")?, between(line, "\"name\":\"")?);
        Some((code.to_owned(), name.to_owned()))
    })
}

/// The municipality that is carried under this code: Sotenäs (1427) with
/// districts, named places and coast, each other one with itself as its only
/// district, its urban areas as named places and a very coarse coast.
///
/// Parses a few kilobytes; searches through 1.3 MB of text.
#[must_use]
pub fn municipality(code: &MunicipalityCode) -> Option<Municipality> {
    if code.as_str() == SOTENAS {
        return sotenas(code);
    }
    let outline = feature(OUTLINES, code.as_str())?;
    let name = text(&outline, "name")?;
    let boundary = ground(&outline)?;
    Some(Municipality {
        full_name: full_name(&name),
        districts: vec![whole(code, &name, &boundary)],
        localities: named_places(code, &name, &boundary),
        land: feature(LAND, code.as_str()).as_ref().and_then(ground),
        ..bare(code, name, boundary)
    })
}

/// The code of the municipality in whose outline a position lies.
#[must_use]
pub fn municipality_at(at: Position) -> Option<String> {
    let at = Point::new(at.longitude, at.latitude);
    features(OUTLINES)
        .filter_map(|line| line.parse::<Feature>().ok())
        .find(|outline| ground(outline).is_some_and(|ground| ground.contains(&at)))
        .and_then(|outline| text(&outline, "code"))
}

/// Further map layers of a municipality, with what they rest on.
#[must_use]
pub fn extra_layers(code: &MunicipalityCode) -> Vec<ExtraLayer> {
    let layer = |name: &str, geojson: String| ExtraLayer { name: name.to_owned(), geojson };
    let mut layers = vec![layer("residents", residents_layer(code.as_str()))];
    if code.as_str() == SOTENAS {
        for (name, geojson) in [("stops", STOPS), ("harbours", HARBOURS), ("amenities", AMENITIES)]
        {
            layers.push(layer(name, geojson.to_owned()));
        }
    }
    layers
}

/// A municipality of which only code, name and boundary are known.
pub fn bare(code: &MunicipalityCode, name: String, boundary: MultiPolygon<f64>) -> Municipality {
    Municipality {
        code: code.clone(),
        full_name: name.clone(),
        name,
        time_zone: SWEDISH_ZONE.to_owned(),
        crs: SWEDISH_PLANE.to_owned(),
        boundary,
        land: None,
        districts: Vec::new(),
        localities: Vec::new(),
        contacts: Vec::new(),
        policy: Policy::default(),
        synthetic: false,
    }
}

/// The municipality as its own only district, with the residents of its
/// statistical areas (`DeSO`) in all.
pub fn whole(code: &MunicipalityCode, name: &str, boundary: &MultiPolygon<f64>) -> District {
    let residents: u32 = statistical_areas(code.as_str()).map(|(_, residents)| residents).sum();
    District {
        code: DistrictCode(code.as_str().to_owned()),
        name: name.to_owned(),
        boundary: boundary.clone(),
        residents: (residents > 0).then_some(residents),
    }
}

fn sotenas(code: &MunicipalityCode) -> Option<Municipality> {
    let outline = features(BOUNDARY).next()?.parse::<Feature>().ok()?;
    let boundary = ground(&outline)?;
    let districts: Vec<District> = parsed(DISTRICTS)
        .filter_map(|feature| {
            Some(District {
                code: DistrictCode(text(&feature, "code")?),
                name: text(&feature, "name")?,
                boundary: ground(&feature)?,
                // Statistics Sweden counts residents by other areas.
                residents: None,
            })
        })
        .collect();
    let land = parsed(SOTENAS_LAND).filter_map(|feature| ground(&feature)).flatten().collect();
    Some(Municipality {
        full_name: text(&outline, "name_full")?,
        land: Some(land),
        localities: gazetteer(&boundary, &districts),
        districts,
        ..bare(code, text(&outline, "name")?, boundary)
    })
}

fn gazetteer(boundary: &MultiPolygon<f64>, districts: &[District]) -> Vec<Locality> {
    let named = parsed(LOCALITIES).filter_map(|feature| {
        let kind = LocalityKind::parse(&text(&feature, "kind")?)?;
        let residents = number(&feature, "population_2020");
        let weight = match kind {
            LocalityKind::Town => 2_000,
            LocalityKind::Village => 1_000,
            LocalityKind::Hamlet => 500,
            _ => 300,
        };
        let precision_m = f64::from(number(&feature, "precision_m")?);
        locality(&feature, "place", kind, precision_m).map(|l| Locality { residents, weight, ..l })
    });
    let stops = parsed(STOPS).filter_map(|feature| {
        let weight = number(&feature, "weight")? / 10;
        locality(&feature, "stop", LocalityKind::Stop, 10.0).map(|l| Locality { weight, ..l })
    });
    let harbours = parsed(HARBOURS).filter_map(|feature| {
        // Some of these points are a round minute of arc.
        locality(&feature, "harbour", LocalityKind::Harbour, 1_000.0)
    });
    let amenities = parsed(AMENITIES).filter_map(|feature| {
        let precision_m = f64::from(number(&feature, "precision_m")?);
        locality(&feature, "amenity", LocalityKind::Amenity, precision_m)
    });
    let all = named.chain(stops).chain(harbours).chain(amenities);
    let inside = all.filter(|locality| boundary.contains(&point(locality.position)));
    inside.map(|locality| within(locality, districts)).collect()
}

fn within(locality: Locality, districts: &[District]) -> Locality {
    let at = point(locality.position);
    let home = districts.iter().find(|district| district.boundary.contains(&at));
    Locality { district: home.map(|district| district.code.clone()), ..locality }
}

fn locality(feature: &Feature, id: &str, kind: LocalityKind, precision_m: f64) -> Option<Locality> {
    let own = match feature.id.as_ref()? {
        geojson::feature::Id::String(own) => own.clone(),
        geojson::feature::Id::Number(own) => own.to_string(),
    };
    let at = Point::<f64>::try_from(feature.geometry.as_ref()?).ok()?;
    Some(Locality {
        id: LocalityId(format!("{id}-{own}")),
        name: text(feature, "name")?,
        kind,
        position: Position { longitude: at.x(), latitude: at.y() },
        precision_m,
        district: None,
        residents: None,
        weight: 10,
    })
}

/// Urban areas of a municipality; itself where it lies within the urban area
/// of a neighbour, as five around Stockholm do.
fn named_places(
    code: &MunicipalityCode,
    name: &str,
    boundary: &MultiPolygon<f64>,
) -> Vec<Locality> {
    let mut places = urban_areas(code, boundary);
    let middle = boundary.interior_point().filter(|_| places.is_empty());
    places.extend(middle.map(|middle| Locality {
        id: LocalityId(code.as_str().to_owned()),
        name: name.to_owned(),
        kind: LocalityKind::Town,
        position: Position { longitude: middle.x(), latitude: middle.y() },
        precision_m: 2_000.0,
        district: Some(DistrictCode(code.as_str().to_owned())),
        residents: None,
        weight: TOWN,
    }));
    places
}

/// Urban areas of a municipality; the few whose point lies outside it are the
/// neighbour's to list.
fn urban_areas(code: &MunicipalityCode, boundary: &MultiPolygon<f64>) -> Vec<Locality> {
    let district = Some(DistrictCode(code.as_str().to_owned()));
    rows(URBAN_AREAS, code.as_str())
        .filter_map(|row| {
            let field = |at: usize| row.get(at);
            let residents: u32 = field(4)?.parse().ok()?;
            let hectares: f64 = field(5)?.parse().ok()?;
            let position =
                Position { longitude: field(6)?.parse().ok()?, latitude: field(7)?.parse().ok()? };
            let town = residents >= TOWN;
            boundary.contains(&point(position)).then(|| Locality {
                id: LocalityId(field(0).unwrap_or_default().to_owned()),
                name: field(1).unwrap_or_default().to_owned(),
                kind: if town { LocalityKind::Town } else { LocalityKind::Village },
                position,
                // The radius of a circle of the same area.
                precision_m: (hectares * 10_000.0 / std::f64::consts::PI).sqrt().max(50.0).round(),
                district: district.clone(),
                residents: Some(residents),
                weight: residents,
            })
        })
        .collect()
}

/// Statistical areas (`DeSO`) of a municipality with their residents.
fn statistical_areas(code: &str) -> impl Iterator<Item = (String, u32)> {
    rows(RESIDENTS, code)
        .filter_map(|row| Some((row.get(0)?.to_owned(), row.get(3)?.parse().ok()?)))
}

fn residents_layer(code: &str) -> String {
    let features: Vec<_> = statistical_areas(code)
        .map(|(area, residents)| {
            json!({
                "type": "Feature",
                "id": area,
                "geometry": null,
                "properties": {
                    "system": "deso",
                    "version": "2018",
                    "code": area,
                    "residents": residents,
                    "date": "2023-12-31",
                    "source": "Statistics Sweden, CC0",
                },
            })
        })
        .collect();
    json!({ "type": "FeatureCollection", "features": features }).to_string()
}

fn point(at: Position) -> Point<f64> {
    Point::new(at.longitude, at.latitude)
}

/// `Lysekil` is *Lysekils kommun*: a name that ends in a consonant takes an s,
/// three names do not follow.
fn full_name(name: &str) -> String {
    match name {
        "Falun" => "Falu kommun".to_owned(),
        "Kalmar" | "Orust" => format!("{name} kommun"),
        _ if name.ends_with(|c: char| "aeiouyåäöésxz".contains(c)) => format!("{name} kommun"),
        _ => format!("{name}s kommun"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn carried(code: &str) -> Municipality {
        municipality(&MunicipalityCode::parse(code).unwrap()).unwrap()
    }

    #[test]
    fn every_swedish_municipality_is_carried_with_its_residents() {
        let names: Vec<_> = names().collect();
        assert_eq!(names.len(), 290);
        let mut residents = 0;
        for (code, name) in names.iter().filter(|(code, _)| code != SOTENAS) {
            let one = carried(code);
            assert_eq!((one.name.as_str(), one.districts.len()), (name.as_str(), 1), "{code}");
            assert!(one.land.is_some() && !one.localities.is_empty(), "{code}");
            residents += one.districts[0].residents.unwrap();
        }
        // All of Sweden but Sotenäs, 2023-12-31.
        assert_eq!(residents, 10_551_707 - 9_052);
    }

    #[test]
    fn sotenas_is_carried_in_full() {
        let sotenas = carried(SOTENAS);
        assert_eq!(
            (sotenas.name.as_str(), sotenas.full_name.as_str()),
            ("Sotenäs", "Sotenäs kommun")
        );
        assert_eq!(sotenas.districts.len(), 6);
        let count = |kind| sotenas.localities.iter().filter(|l| l.kind == kind).count();
        assert_eq!(count(LocalityKind::Stop), 88);
        assert_eq!(count(LocalityKind::Amenity), 13);
        let named = count(LocalityKind::Town)
            + count(LocalityKind::Village)
            + count(LocalityKind::Hamlet)
            + count(LocalityKind::Locality);
        assert_eq!(named, 87);
        assert_eq!(sotenas.land.unwrap().0.len(), 66);
        let mut ids: Vec<_> = sotenas.localities.iter().map(|l| &l.id).collect();
        ids.sort();
        ids.dedup();
        assert_eq!(ids.len(), sotenas.localities.len());
    }

    #[test]
    fn a_position_finds_its_municipality() {
        let at = |longitude, latitude| municipality_at(Position { longitude, latitude });
        assert_eq!(at(11.2494, 58.3614).as_deref(), Some("1427"));
        assert_eq!(at(18.0686, 59.3293).as_deref(), Some("0180"));
        assert_eq!(at(10.75, 59.91), None);
    }

    #[test]
    fn full_names_follow_the_genitive() {
        for (name, full) in [
            ("Lysekil", "Lysekils kommun"),
            ("Sotenäs", "Sotenäs kommun"),
            ("Umeå", "Umeå kommun"),
            ("Falun", "Falu kommun"),
            ("Orust", "Orust kommun"),
        ] {
            assert_eq!(full_name(name), full);
        }
    }
}

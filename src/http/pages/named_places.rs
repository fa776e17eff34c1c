//! The named places that a form offers.

use crate::http::language::Language;
use fyren_core::domain::{LocalityKind, Municipality};
use serde::Serialize;

/// The named places of one district.
#[derive(Serialize)]
pub struct DistrictPlaces<'a> {
    district: &'a str,
    places: Vec<NamedPlace<'a>>,
}

/// A place that people know by name.
#[derive(Serialize)]
pub struct NamedPlace<'a> {
    id: &'a str,
    name: &'a str,
    kind: String,
}

/// The named places of a municipality, district by district.
pub fn places(language: Language, municipality: &Municipality) -> Vec<DistrictPlaces<'_>> {
    let mut groups: Vec<DistrictPlaces<'_>> = municipality
        .districts
        .iter()
        .map(|district| DistrictPlaces {
            district: &district.name,
            places: municipality
                .localities
                .iter()
                .filter(|locality| locality.district.as_ref() == Some(&district.code))
                .map(|locality| named(language, locality))
                .collect(),
        })
        .collect();
    let stray = municipality.localities.iter().filter(|locality| {
        !municipality.districts.iter().any(|d| locality.district.as_ref() == Some(&d.code))
    });
    groups.push(DistrictPlaces {
        district: &municipality.name,
        places: stray.map(|locality| named(language, locality)).collect(),
    });
    groups.retain(|group| !group.places.is_empty());
    for group in &mut groups {
        group.places.sort_by_key(|place| (!place.kind.is_empty(), place.name));
    }
    groups
}

fn named(language: Language, locality: &fyren_core::domain::Locality) -> NamedPlace<'_> {
    let settled =
        matches!(locality.kind, LocalityKind::Town | LocalityKind::Village | LocalityKind::Hamlet);
    let kind = if settled || locality.kind == LocalityKind::Locality {
        String::new()
    } else {
        language.text(&format!("kind.{}", locality.kind))
    };
    NamedPlace { id: &locality.id.0, name: &locality.name, kind }
}

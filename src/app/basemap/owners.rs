//! Who answers for a place: its owner area, else the default for the category,
//! else whoever keeps the road, else the default of all, else the municipality.

use super::keepers::{KeptRoads, keeper_at};
use super::{KEEPERS, OWNERS};
use crate::app::{App, Error, Ground, Result, failure};
use crate::encode::packed;
use fyren_core::domain::{Category, CategoryGroup, MunicipalityCode, Position, Violation};
use geo::{Contains, Validation};
use geo_types::{Geometry, MultiPolygon, Point};
use geojson::{FeatureCollection, GeoJson};
use serde::Serialize;

/// Who answers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct OwnerAnswer {
    /// The name of whoever is responsible.
    pub owner: String,
    /// How to reach them, where that is known.
    pub contact: Option<String>,
    /// What the answer rests on: `area`, `category`, `road` or `municipality`.
    pub basis: &'static str,
    /// Of a road whether `state`, `municipality` or `private`, where a register
    /// says it.
    pub keeper: Option<String>,
}

/// What a file of owners held.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct OwnersReport {
    /// Areas with an owner.
    pub areas: usize,
    /// Defaults for a category, or for all of them.
    pub defaults: usize,
}

/// An owner of an area, or everywhere.
struct Owner {
    name: String,
    contact: Option<String>,
    category: Option<Category>,
    area: Option<MultiPolygon>,
}

impl App {
    /// Stores who answers for what, in place of what was stored: a `GeoJSON`
    /// feature collection of areas with the property `owner`, and, where they
    /// are known, `contact` and `category` (answers for this category alone).
    /// A feature without a geometry is the default of its category, or of all.
    ///
    /// # Errors
    /// [`Error::Invalid`] below `features[n]`: `owner: required`,
    /// `category: unknown_value`, `geometry: not_valid`; `file: not_geojson`.
    pub async fn save_owners(
        &self,
        actor: &str,
        code: &MunicipalityCode,
        file: &[u8],
    ) -> Result<OwnersReport> {
        let owners = parsed(file)?;
        let areas = owners.iter().filter(|owner| owner.area.is_some()).count();
        let part = (OWNERS.to_owned(), packed(file, "gzip"));
        let audit = self.audit(actor, "save_owners", Some(code), None);
        self.municipal.save_basemap_part(code, part, audit).await.map_err(failure)?;
        Ok(OwnersReport { areas, defaults: owners.len() - areas })
    }

    /// Who answers for `category` at a place: of the areas that hold it the
    /// smallest, one for this category before one for all; else the default of
    /// the category; else, of what concerns streets, whoever keeps the road
    /// within 25 m; else the default of all; else the municipality. Public.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn owner(
        &self,
        ground: &Ground,
        at: Position,
        category: Option<Category>,
    ) -> Result<OwnerAnswer> {
        let owners = match self.part(ground.code(), OWNERS).await? {
            Some(file) => parsed(&file)?,
            None => Vec::new(),
        };
        let answering = answering(&owners, at, category);
        let (own, general) = match answering {
            Some(owner) if owner.area.is_some() || owner.category.is_some() => (answering, None),
            general => (None, general),
        };
        if let Some(owner) = own {
            return Ok(owner.answer());
        }
        if is_about_streets(category)
            && let Some(road) = self.road_owner(ground, at).await?
        {
            return Ok(road);
        }
        Ok(general.map_or_else(|| municipality(ground), Owner::answer))
    }

    async fn road_owner(&self, ground: &Ground, at: Position) -> Result<Option<OwnerAnswer>> {
        let Some(part) = self.part(ground.code(), KEEPERS).await? else { return Ok(None) };
        let kept: Vec<KeptRoads> = serde_json::from_slice(&part)
            .map_err(|fault| Error::Bug(format!("the stored keepers are none: {fault}")))?;
        Ok(keeper_at(&kept, at).map(|roads| OwnerAnswer {
            owner: roads.name.clone().unwrap_or_else(|| ground.municipality.full_name.clone()),
            contact: None,
            basis: "road",
            keeper: roads.keeper.clone(),
        }))
    }
}

/// Whether a category concerns the street itself and how it is used.
fn is_about_streets(category: Option<Category>) -> bool {
    category.is_none_or(|category| {
        matches!(category.group(), CategoryGroup::UnsafePlace | CategoryGroup::Traffic)
    })
}

fn municipality(ground: &Ground) -> OwnerAnswer {
    let owner = ground.municipality.full_name.clone();
    OwnerAnswer { owner, contact: None, basis: "municipality", keeper: None }
}

impl Owner {
    fn answer(&self) -> OwnerAnswer {
        OwnerAnswer {
            owner: self.name.clone(),
            contact: self.contact.clone(),
            basis: if self.area.is_some() { "area" } else { "category" },
            keeper: None,
        }
    }
}

fn answering(owners: &[Owner], at: Position, category: Option<Category>) -> Option<&Owner> {
    use geo::Area;
    let point = Point::new(at.longitude, at.latitude);
    let holds = |owner: &&Owner| {
        let asked = owner.category.is_none() || owner.category == category;
        asked && owner.area.as_ref().is_none_or(|area| area.contains(&point))
    };
    owners.iter().filter(holds).min_by(|a, b| {
        let size = |owner: &Owner| owner.area.as_ref().map_or(f64::INFINITY, Area::unsigned_area);
        let general = |owner: &Owner| (owner.area.is_none(), owner.category.is_none());
        general(a).cmp(&general(b)).then(size(a).total_cmp(&size(b)))
    })
}

fn parsed(file: &[u8]) -> Result<Vec<Owner>> {
    let wrong = |_error| Error::from(Violation::new("file", "not_geojson"));
    let text = std::str::from_utf8(file).map_err(|_no| Violation::new("file", "not_geojson"))?;
    let all = text.parse::<GeoJson>().and_then(FeatureCollection::try_from).map_err(wrong)?;
    let owners = all.features.iter().enumerate().map(|(number, feature)| {
        owner(feature).map_err(|broken| Error::from(broken.within(&format!("features[{number}]"))))
    });
    owners.collect()
}

fn owner(feature: &geojson::Feature) -> std::result::Result<Owner, Violation> {
    let text = |name: &str| {
        let text = feature.property(name)?.as_str()?.trim();
        (!text.is_empty()).then(|| text.to_owned())
    };
    let category = match text("category") {
        Some(code) => {
            let known = Category::parse(&code);
            Some(known.ok_or_else(|| Violation::new("category", "unknown_value"))?)
        }
        None => None,
    };
    let area = match &feature.geometry {
        None => None,
        Some(geometry) => match Geometry::<f64>::try_from(geometry) {
            Ok(Geometry::Polygon(area)) => Some(MultiPolygon(vec![area])),
            Ok(Geometry::MultiPolygon(areas)) => Some(areas),
            _ => return Err(Violation::new("geometry", "not_valid")),
        },
    };
    if area.as_ref().is_some_and(|area| !area.is_valid()) {
        return Err(Violation::new("geometry", "not_valid"));
    }
    let name = text("owner").ok_or_else(|| Violation::new("owner", "required"))?;
    Ok(Owner { name, contact: text("contact"), category, area })
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = r#"{"type":"FeatureCollection","features":[
        {"type":"Feature","properties":{"owner":"Smögens samhällsförening"},"geometry":
            {"type":"Polygon","coordinates":[[[11.2,58.3],[11.3,58.3],[11.3,58.4],[11.2,58.4],[11.2,58.3]]]}},
        {"type":"Feature","properties":{"owner":"Hamnföreningen","contact":"0523-000"},"geometry":
            {"type":"Polygon","coordinates":[[[11.22,58.35],[11.23,58.35],[11.23,58.36],[11.22,58.36],[11.22,58.35]]]}},
        {"type":"Feature","properties":{"owner":"Energibolaget","category":"lighting"},"geometry":null},
        {"type":"Feature","properties":{"owner":"Kommunens gata"},"geometry":null}]}"#;

    fn asked(longitude: f64, category: Option<Category>) -> String {
        let owners = parsed(FILE.as_bytes()).unwrap();
        let at = Position { longitude, latitude: 58.355 };
        answering(&owners, at, category).unwrap().name.clone()
    }

    #[test]
    fn the_smallest_area_answers_then_the_category_then_the_default() {
        assert_eq!(asked(11.225, None), "Hamnföreningen");
        assert_eq!(asked(11.25, Some(Category::Lighting)), "Smögens samhällsförening");
        assert_eq!(asked(11.5, Some(Category::Lighting)), "Energibolaget");
        assert_eq!(asked(11.5, Some(Category::Speeding)), "Kommunens gata");
    }

    #[test]
    fn a_feature_without_an_owner_is_named() {
        let file = FILE.replace(r#""owner":"Kommunens gata""#, r#""name":"x""#);
        let Err(Error::Invalid(broken)) = parsed(file.as_bytes()) else { panic!("refused") };
        assert_eq!((broken[0].field.as_str(), broken[0].rule), ("features[3].owner", "required"));
        assert!(parsed(b"{}").is_err());
    }
}

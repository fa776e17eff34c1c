//! Patrol areas that somebody has saved: a municipality divided once, by name.

use super::{DistrictCode, Id, MunicipalityCode, Role, Violation};
use geo_types::MultiPolygon;
use jiff::Timestamp;

super::code::code_enum! {
    /// What is not divided further when patrol areas are made.
    pub enum AreaUnit {
        /// A square cell.
        Cell = "cell",
        /// A district as a whole.
        District = "district",
    }
}

/// One area of a set.
#[derive(Debug, Clone, PartialEq)]
pub struct PatrolArea {
    /// What it is called.
    pub name: String,
    /// Its share of the work, from 0 to 1.
    pub share: f64,
    /// In how many parts it lies; more than one where it reaches over water.
    pub parts: u32,
    /// Its districts, where it is made of whole ones; else none.
    pub districts: Vec<DistrictCode>,
    /// Its ground, in degrees.
    pub shape: MultiPolygon,
}

/// A division of the municipality, as it was when it was saved; it is never
/// changed, only deleted.
#[derive(Debug, Clone, PartialEq)]
pub struct PatrolAreaSet {
    /// Identity.
    pub id: Id,
    /// Where it belongs.
    pub municipality: MunicipalityCode,
    /// What it is called; no other set of the municipality is called so.
    pub name: String,
    /// When it was saved.
    pub made_at: Timestamp,
    /// In which role; who it was stands in the audit log alone.
    pub by: Role,
    /// What it is made of.
    pub unit: AreaUnit,
    /// By how much the area furthest off has more or less work than the mean,
    /// as a share of the mean.
    pub imbalance: f64,
    /// The same of the districts on that day; `None` without districts.
    pub today_imbalance: Option<f64>,
    /// Its areas, the first is number 1; never empty.
    pub areas: Vec<PatrolArea>,
}

/// The most characters of a name.
const NAME_LIMIT: usize = 60;

impl PatrolAreaSet {
    /// Checks its names.
    ///
    /// # Errors
    /// Violates `name` or `names: required` or `too_long` (60 characters), or
    /// `names: name_taken`.
    pub fn check(&self) -> Result<(), Violation> {
        named("name", &self.name)?;
        for (at, area) in self.areas.iter().enumerate() {
            named("names", &area.name)?;
            if self.areas[..at].iter().any(|other| other.name == area.name) {
                return Err(Violation::new("names", "name_taken"));
            }
        }
        Ok(())
    }
}

fn named(field: &str, text: &str) -> Result<(), Violation> {
    match text.trim().chars().count() {
        0 => Err(Violation::new(field, "required")),
        count if count > NAME_LIMIT => Err(Violation::new(field, "too_long")),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(name: &str, areas: &[&str]) -> PatrolAreaSet {
        let area = |name: &&str| PatrolArea {
            name: (*name).to_owned(),
            share: 0.5,
            parts: 1,
            districts: Vec::new(),
            shape: MultiPolygon(Vec::new()),
        };
        PatrolAreaSet {
            id: Id::from_bits(1),
            municipality: MunicipalityCode::parse("1427").unwrap(),
            name: name.to_owned(),
            made_at: Timestamp::UNIX_EPOCH,
            by: Role::PolicePlanner,
            unit: AreaUnit::Cell,
            imbalance: 0.1,
            today_imbalance: None,
            areas: areas.iter().map(area).collect(),
        }
    }

    #[test]
    fn a_set_and_each_of_its_areas_have_names_that_tell_them_apart() {
        assert_eq!(set("Summer", &["North", "South"]).check(), Ok(()));
        let broken = |set: PatrolAreaSet| set.check().unwrap_err().to_string();
        assert_eq!(broken(set(" ", &["North"])), "name: required");
        assert_eq!(broken(set(&"x".repeat(61), &["North"])), "name: too_long");
        assert_eq!(broken(set("Summer", &["North", ""])), "names: required");
        assert_eq!(broken(set("Summer", &["North", "North"])), "names: name_taken");
    }
}

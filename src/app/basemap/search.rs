//! Finding a place by its name: what the municipality is known by, and what
//! its base map names.

use super::fold::words;
use crate::app::{App, Ground, Result, failure};
use fyren_core::domain::{Position, Violation};
use std::cmp::Reverse;

/// Names of a base map that are looked at, the most important first.
const LOOKED_AT: u32 = 2_000;
/// The most answers.
const MOST: usize = 50;
/// The longest question, in letters.
const LONGEST: usize = 100;

/// A question.
#[derive(Debug, Clone, PartialEq)]
pub struct PlaceQuestion {
    /// What was typed.
    pub text: String,
    /// Somewhere that answers should be near.
    pub near: Option<Position>,
    /// The most answers, up to 50.
    pub limit: usize,
}

/// An answer.
#[derive(Debug, Clone, PartialEq)]
pub struct FoundPlace {
    /// Identity of a locality, which a report takes as its place.
    pub locality: Option<String>,
    /// Its name.
    pub name: String,
    /// `street`, `address`, or the kind of a locality.
    pub kind: String,
    /// Its district.
    pub district: Option<String>,
    /// Where it is.
    pub position: Position,
    weight: u32,
}

impl App {
    /// Places whose name has, for each word of the question, a word that
    /// begins with it, without regard to case and accents: a whole name before
    /// a beginning, then the important and the near. Named places that are
    /// shipped are found without a base map. Public.
    ///
    /// # Errors
    /// `q` with `empty` or `too_long`.
    pub async fn find_places(
        &self,
        ground: &Ground,
        question: &PlaceQuestion,
    ) -> Result<Vec<FoundPlace>> {
        let asked = words(&question.text);
        let Some(longest) = asked.iter().max_by_key(|word| word.chars().count()) else {
            return Err(refused("empty"));
        };
        if question.text.chars().count() > LONGEST {
            return Err(refused("too_long"));
        }
        let code = ground.code();
        let mut found = shipped(ground, &asked);
        let named = self.municipal.names_with(code, longest, LOOKED_AT).await.map_err(failure)?;
        for name in named {
            let known =
                |one: &FoundPlace| one.name == name.name && close(one.position, name.position);
            if meets(&words(&name.name), &asked) && !found.iter().any(known) {
                let district = ground.geofence.district(name.position).map(|code| code.0.clone());
                found.push(FoundPlace {
                    locality: None,
                    name: name.name,
                    kind: name.kind,
                    district,
                    position: name.position,
                    weight: name.weight,
                });
            }
        }
        found.sort_by_cached_key(|one| rank(one, &asked, question.near));
        found.truncate(question.limit.min(MOST));
        Ok(found)
    }
}

fn refused(rule: &'static str) -> crate::app::Error {
    crate::app::Error::BadParameter(vec![Violation::new("q", rule)])
}

fn shipped(ground: &Ground, asked: &[String]) -> Vec<FoundPlace> {
    let municipality = &ground.municipality;
    let localities = municipality.localities.iter().map(|locality| FoundPlace {
        locality: Some(locality.id.0.clone()),
        name: locality.name.clone(),
        kind: locality.kind.code().to_owned(),
        district: locality.district.as_ref().map(|code| code.0.clone()),
        position: locality.position,
        weight: locality.weight,
    });
    let districts = municipality.districts.iter().filter_map(|district| {
        let at = geo::InteriorPoint::interior_point(&district.boundary)?;
        Some(FoundPlace {
            locality: None,
            name: district.name.clone(),
            kind: "district".to_owned(),
            district: Some(district.code.0.clone()),
            position: Position { longitude: at.x(), latitude: at.y() },
            weight: 400,
        })
    });
    localities.chain(districts).filter(|one| meets(&words(&one.name), asked)).collect()
}

/// Whether each asked word begins a word of the name.
fn meets(name: &[String], asked: &[String]) -> bool {
    asked.iter().all(|asked| name.iter().any(|word| word.starts_with(asked.as_str())))
}

/// Whole names first, then names that begin so, then by weight against the
/// distance, then by name.
fn rank(
    one: &FoundPlace,
    asked: &[String],
    near: Option<Position>,
) -> (bool, bool, Reverse<i64>, String, String) {
    let name = words(&one.name);
    let whole = name == asked;
    let begins = name.first().zip(asked.first()).is_some_and(|(a, b)| a.starts_with(b.as_str()));
    let metres = near.map_or(0.0, |near| distance(near, one.position));
    // A kilometre away is worth as much as a tenth of the weight.
    let nearness = f64::from(one.weight + 1) / (1.0 + metres / 1_000.0);
    (!whole, !begins, Reverse(thousandths(nearness)), one.name.clone(), one.kind.clone())
}

#[expect(clippy::cast_possible_truncation, reason = "weights are small")]
fn thousandths(value: f64) -> i64 {
    (value * 1_000.0).round() as i64
}

/// Metres on a sphere that is flat between two near places.
fn distance(a: Position, b: Position) -> f64 {
    const METRES_A_DEGREE: f64 = 111_195.0;
    let squeeze = a.latitude.to_radians().cos();
    let (x, y) = ((b.longitude - a.longitude) * squeeze, b.latitude - a.latitude);
    x.hypot(y) * METRES_A_DEGREE
}

fn close(a: Position, b: Position) -> bool {
    distance(a, b) < 500.0
}

//! Areas by their codes and names.

use crate::app::Ground;
use crate::import::plain;
use fyren_core::domain::DistrictCode;
use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::Arc;

/// A municipality by its place in the list, and a district in it.
type Area = (usize, Option<DistrictCode>);

/// Codes and names of municipalities, of districts and of named places. A name
/// as it is written goes before one without accents (Habo and Håbo), and a
/// municipality before a district before a place. What means districts or
/// places of several municipalities means nothing.
#[derive(Default)]
pub(super) struct Names {
    exact: HashMap<String, Option<Area>>,
    plain: HashMap<String, Option<Area>>,
}

impl Names {
    /// The names in `grounds`.
    pub(super) fn of(grounds: &[Arc<Ground>]) -> Self {
        let mut names = Self::default();
        let mut municipalities = Self::default();
        let mut districts = Self::default();
        let mut places = Self::default();
        for (at, ground) in grounds.iter().enumerate() {
            let one = &ground.municipality;
            for name in [one.code.as_str(), &one.name, &one.full_name] {
                municipalities.put(name, &(at, None));
            }
            for district in &one.districts {
                for name in [&district.code.0, &district.name] {
                    districts.put(name, &(at, Some(district.code.clone())));
                }
            }
            for locality in &one.localities {
                places.put(&locality.name, &(at, locality.district.clone()));
            }
        }
        for rank in [municipalities, districts, places] {
            names.add_behind(rank);
        }
        names
    }

    /// The area that `word` means.
    pub(super) fn find(&self, word: &str) -> Option<&Area> {
        let exact = self.exact.get(&word.trim().to_lowercase());
        exact.or_else(|| self.plain.get(&plain(word)))?.as_ref()
    }

    fn put(&mut self, name: &str, area: &Area) {
        put(&mut self.exact, name.trim().to_lowercase(), area);
        put(&mut self.plain, plain(name), area);
    }

    fn add_behind(&mut self, behind: Self) {
        for (name, area) in behind.exact {
            self.exact.entry(name).or_insert(area);
        }
        for (name, area) in behind.plain {
            self.plain.entry(name).or_insert(area);
        }
    }
}

/// Of several places of one municipality with one name the last is meant.
fn put(names: &mut HashMap<String, Option<Area>>, name: String, area: &Area) {
    match names.entry(name) {
        Entry::Vacant(free) => {
            free.insert(Some(area.clone()));
        }
        Entry::Occupied(mut taken) => {
            let same = taken.get().as_ref().is_some_and(|(at, _)| *at == area.0);
            taken.insert(same.then(|| area.clone()));
        }
    }
}

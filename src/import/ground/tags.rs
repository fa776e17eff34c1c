//! The tags of an element, as far as a map needs them.

/// Keys that a map is drawn by.
const KEYS: &[&str] = &[
    "access",
    "addr:housenumber",
    "addr:street",
    "admin_level",
    "amenity",
    "area",
    "boundary",
    "building",
    "building:flats",
    "highway",
    "junction",
    "landuse",
    "leisure",
    "man_made",
    "maxspeed",
    "name",
    "natural",
    "oneway",
    "operator",
    "place",
    "public_transport",
    "railway",
    "route",
    "shop",
    "tourism",
    "tunnel",
    "type",
    "waterway",
];

/// Keys with values.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tags(Vec<(&'static str, String)>);

impl Tags {
    /// What is needed of `tags`.
    pub fn of<'a>(tags: impl Iterator<Item = (&'a str, &'a str)>) -> Self {
        let known = |(key, value): (&str, &str)| {
            let at = KEYS.binary_search(&key).ok()?;
            Some((KEYS[at], value.to_owned()))
        };
        Self(tags.filter_map(known).collect())
    }

    /// The value of a key; empty where it has none.
    pub fn get(&self, key: &str) -> &str {
        self.0.iter().find(|(known, _)| *known == key).map_or("", |(_, value)| value)
    }

    /// The value of a key, if it has one.
    pub fn text(&self, key: &str) -> Option<String> {
        Some(self.get(key)).filter(|value| !value.is_empty()).map(str::to_owned)
    }

    /// Whether nothing is said.
    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_in_order_and_others_are_not_kept() {
        assert!(KEYS.is_sorted());
        let tags = Tags::of([("name", "Kärrgatan"), ("source", "survey")].into_iter());
        assert_eq!(tags.get("name"), "Kärrgatan");
        assert_eq!((tags.get("source"), tags.text("highway")), ("", None));
    }
}

//! What the tags of `OpenStreetMap` mean on our map (its wiki, Map features).

use super::tags::Tags;
use super::{OneWay, Theme};

/// The class of a line that is a road, a railway or a ferry.
pub fn road(tags: &Tags) -> Option<&'static str> {
    let class = match tags.get("highway") {
        "motorway" | "motorway_link" | "trunk" | "trunk_link" => "motorway",
        "primary" | "primary_link" | "secondary" | "secondary_link" => "main",
        "tertiary" | "tertiary_link" => "middle",
        "unclassified" | "residential" | "living_street" | "road" => "minor",
        "pedestrian" => "pedestrian",
        "service" => "service",
        "track" => "track",
        "steps" => "steps",
        "footway" | "path" | "cycleway" | "bridleway" | "corridor" => "path",
        _ => match (tags.get("railway"), tags.get("route")) {
            ("rail" | "light_rail" | "tram" | "narrow_gauge", _) if tags.get("tunnel") != "yes" => {
                "rail"
            }
            (_, "ferry") => "ferry",
            _ => return None,
        },
    };
    Some(class)
}

/// In which direction a road may be driven.
pub fn one_way(tags: &Tags) -> OneWay {
    match tags.get("oneway") {
        "yes" | "true" | "1" => OneWay::Forward,
        "-1" | "reverse" => OneWay::Backward,
        "no" | "false" | "0" => OneWay::No,
        _ if tags.get("highway") == "motorway" || tags.get("junction") == "roundabout" => {
            OneWay::Forward
        }
        _ => OneWay::No,
    }
}

/// Kilometres an hour that are allowed, where a number says it.
pub fn limit(tags: &Tags) -> Option<u8> {
    tags.get("maxspeed").parse().ok().filter(|limit| *limit > 0)
}

/// The class of a line of water.
pub fn waterway(tags: &Tags) -> Option<&'static str> {
    match tags.get("waterway") {
        "river" | "canal" => Some("river"),
        "stream" | "ditch" | "drain" => Some("stream"),
        _ => None,
    }
}

/// What an area is, and its class.
pub fn area(tags: &Tags) -> Option<(Theme, &'static str)> {
    if !matches!(tags.get("building"), "" | "no") {
        return Some((Theme::Building, if is_home(tags) { "home" } else { "building" }));
    }
    if matches!(tags.get("man_made"), "pier" | "breakwater" | "groyne") {
        return Some((Theme::Pier, "pier"));
    }
    let water = matches!(tags.get("natural"), "water")
        || matches!(tags.get("landuse"), "reservoir" | "basin")
        || matches!(tags.get("waterway"), "riverbank" | "dock")
        || tags.get("leisure") == "swimming_pool";
    if water {
        return Some((Theme::Water, "lake"));
    }
    green(tags).map(|class| (Theme::Green, class))
}

fn green(tags: &Tags) -> Option<&'static str> {
    let class = match tags.get("leisure") {
        "park" | "garden" | "golf_course" => "park",
        "pitch" | "playground" | "track" => "pitch",
        _ => "",
    };
    if !class.is_empty() {
        return Some(class);
    }
    match tags.get("landuse") {
        "grass" | "meadow" | "cemetery" | "recreation_ground" | "village_green" | "allotments"
        | "flowerbed" => return Some("park"),
        "forest" => return Some("wood"),
        "farmland" | "farmyard" | "orchard" => return Some("field"),
        _ => {}
    }
    match (tags.get("natural"), tags.get("amenity")) {
        ("wood", _) => Some("wood"),
        ("scrub" | "heath" | "grassland", _) => Some("heath"),
        ("beach" | "sand" | "shingle", _) => Some("beach"),
        ("bare_rock" | "scree", _) => Some("rock"),
        (_, "grave_yard") => Some("park"),
        _ if tags.get("highway") == "pedestrian" && tags.get("area") == "yes" => Some("square"),
        _ => None,
    }
}

/// Whether somebody may live in a building: of most it is only said that they
/// are one, so what is not said to be something else counts.
fn is_home(tags: &Tags) -> bool {
    let used = ["amenity", "shop", "tourism", "leisure", "man_made"];
    match tags.get("building") {
        "house" | "detached" | "residential" | "apartments" | "semidetached_house" | "terrace"
        | "bungalow" | "farm" | "cabin" | "static_caravan" | "houseboat" | "dormitory" => true,
        "yes" => used.iter().all(|key| tags.get(key).is_empty()),
        _ => false,
    }
}

/// Dwellings of a building: those that are said, else one of each home.
pub fn dwellings(tags: &Tags) -> u32 {
    if !is_home(tags) {
        return 0;
    }
    tags.get("building:flats").parse().unwrap_or(1).max(1)
}

/// The kind of a named place, and how it is classed.
pub fn named(tags: &Tags) -> Option<(Theme, &'static str)> {
    if tags.get("name").is_empty() {
        return None;
    }
    let place = match tags.get("place") {
        "city" | "town" => "town",
        "suburb" | "quarter" | "village" => "village",
        "hamlet" | "neighbourhood" => "hamlet",
        "locality" | "island" | "islet" | "isolated_dwelling" | "farm" | "square" => "locality",
        _ => "",
    };
    if !place.is_empty() {
        return Some((Theme::Place, place));
    }
    let stop = tags.get("highway") == "bus_stop"
        || tags.get("public_transport") == "station"
        || matches!(tags.get("railway"), "station" | "halt" | "tram_stop")
        || matches!(tags.get("amenity"), "bus_station" | "ferry_terminal");
    if stop {
        return Some((Theme::Poi, "stop"));
    }
    if tags.get("leisure") == "marina" {
        return Some((Theme::Poi, "harbour"));
    }
    let known = matches!(
        tags.get("amenity"),
        "school"
            | "kindergarten"
            | "university"
            | "college"
            | "hospital"
            | "clinic"
            | "library"
            | "townhall"
            | "police"
            | "fire_station"
            | "community_centre"
            | "theatre"
            | "cinema"
            | "place_of_worship"
            | "marketplace"
            | "nightclub"
            | "bar"
            | "pub"
            | "restaurant"
            | "cafe"
            | "parking"
            | "social_facility"
            | "nursing_home"
    ) || matches!(
        tags.get("leisure"),
        "sports_centre" | "stadium" | "playground" | "park" | "garden"
    ) || matches!(tags.get("tourism"), "museum" | "hotel" | "camp_site" | "attraction")
        || matches!(tags.get("shop"), "supermarket" | "mall" | "department_store");
    known.then_some((Theme::Poi, "amenity"))
}

/// Street and number.
pub fn address(tags: &Tags) -> Option<String> {
    let (street, number) = (tags.get("addr:street"), tags.get("addr:housenumber"));
    (!street.is_empty() && !number.is_empty()).then(|| format!("{street} {number}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tags(said: &[(&str, &str)]) -> Tags {
        Tags::of(said.iter().copied())
    }

    #[test]
    fn roads_have_a_class_and_a_direction() {
        assert_eq!(road(&tags(&[("highway", "residential")])), Some("minor"));
        assert_eq!(road(&tags(&[("highway", "street_lamp")])), None);
        assert_eq!(road(&tags(&[("railway", "rail"), ("tunnel", "yes")])), None);
        assert_eq!(one_way(&tags(&[("oneway", "-1")])), OneWay::Backward);
        assert_eq!(one_way(&tags(&[("junction", "roundabout")])), OneWay::Forward);
        assert_eq!(one_way(&tags(&[("highway", "path")])), OneWay::No);
    }

    #[test]
    fn a_building_is_a_home_unless_it_is_said_to_be_something_else() {
        assert_eq!(dwellings(&tags(&[("building", "yes")])), 1);
        assert_eq!(dwellings(&tags(&[("building", "apartments"), ("building:flats", "24")])), 24);
        assert_eq!(dwellings(&tags(&[("building", "yes"), ("amenity", "school")])), 0);
        assert_eq!(dwellings(&tags(&[("building", "boathouse")])), 0);
        assert_eq!(
            area(&tags(&[("building", "no"), ("natural", "water")])),
            Some((Theme::Water, "lake"))
        );
    }

    #[test]
    fn what_has_no_name_is_no_named_place() {
        assert_eq!(named(&tags(&[("place", "village")])), None);
        let hovenaset = tags(&[("place", "village"), ("name", "Hovenäset")]);
        assert_eq!(named(&hovenaset), Some((Theme::Place, "village")));
        let number = tags(&[("addr:street", "Hamngatan"), ("addr:housenumber", "6 B")]);
        assert_eq!(address(&number).as_deref(), Some("Hamngatan 6 B"));
    }
}

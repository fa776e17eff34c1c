//! Reading the files that the program carries, line by line.

use geo_types::MultiPolygon;
use geojson::Feature;

/// Rows of a table that name a municipality by its code.
pub fn rows(table: &'static str, code: &str) -> impl Iterator<Item = csv::StringRecord> {
    let named = format!(",{code},");
    table.lines().filter(move |line| line.contains(&named)).filter_map(|line| {
        let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(line.as_bytes());
        reader.records().next()?.ok()
    })
}

/// The lines of a collection that hold a feature each, as these files do.
pub fn features(collection: &'static str) -> impl Iterator<Item = &'static str> {
    collection
        .lines()
        .filter(|line| line.starts_with("{\"type\":\"Feature\","))
        .map(|line| line.trim_end_matches(','))
}

/// Every feature of a collection.
pub fn parsed(collection: &'static str) -> impl Iterator<Item = Feature> {
    features(collection).filter_map(|line| line.parse().ok())
}

/// The feature with this id.
pub fn feature(collection: &'static str, id: &str) -> Option<Feature> {
    let start = format!("{{\"type\":\"Feature\",\"id\":\"{id}\",");
    features(collection).find(|line| line.starts_with(&start))?.parse().ok()
}

/// The area that a feature covers.
pub fn ground(feature: &Feature) -> Option<MultiPolygon<f64>> {
    let shape = geo_types::Geometry::<f64>::try_from(feature.geometry.as_ref()?).ok()?;
    match shape {
        geo_types::Geometry::Polygon(polygon) => Some(MultiPolygon(vec![polygon])),
        geo_types::Geometry::MultiPolygon(polygons) => Some(polygons),
        _ => None,
    }
}

/// A property that is text.
pub fn text(feature: &Feature, name: &str) -> Option<String> {
    feature.property(name)?.as_str().map(str::to_owned)
}

/// A property that is a whole number.
pub fn number(feature: &Feature, name: &str) -> Option<u32> {
    u32::try_from(feature.property(name)?.as_u64()?).ok()
}

/// What follows `start` in a line, up to the next quotation mark.
pub fn between<'t>(line: &'t str, start: &str) -> Option<&'t str> {
    let from = line.find(start)? + start.len();
    line[from..].split('"').next()
}

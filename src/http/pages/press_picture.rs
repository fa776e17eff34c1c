//! The picture of a release to share: a card of 1 200 by 630 with a map of what was published
//! and the same in numbers. It holds nothing that the release does not.

use super::words;
use crate::http::language::Language;
use fyren_core::{
    domain::{
        Band, District, Municipality, Plane, Position, Release, ReleaseDistrict, ReleaseGroup,
    },
    plane::{CellId, Projection},
};
use geo_types::MultiPolygon;
use std::cmp::Reverse;

/// Colours of the day: a picture is shared without a theme.
const INK: &str = "#16232E";
const QUIET: &str = "#44545F";
const PAPER: &str = "#FBFAF7";
const SEA: &str = "#DCE8EE";
const LAND: &str = "#F4F0E6";
const COAST: &str = "#C9BFA9";
/// The need ramp, light to dark.
const NEED: [&str; 4] = ["#F9C27A", "#F08F4F", "#D9573A", "#A72A3B"];
/// Left, top, width and height of the map on the card.
const MAP: [f64; 4] = [700.0, 40.0, 460.0, 550.0];
/// Rows of numbers that fit beside the map.
const ROWS: usize = 7;
/// First line, size and letters a line of the headline.
const HEADLINE: (f64, f64, usize) = (136.0, 42.0, 25);
/// How far apart lines are, in sizes of their letters.
const LEADING: f64 = 1.3;

/// The picture.
pub fn svg(language: Language, municipality: &Municipality, release: &Release) -> String {
    let period = words::span(language, release.window.from, release.window.to);
    let values = [("place", municipality.name.as_str()), ("period", period.as_str())];
    let headline = words::t(language, "press.headline", &values);
    let alt = words::t(language, "press.alt", &values);
    let map = Map::of(municipality);
    let mut shapes = String::new();
    shapes += &shape(&map.path(land(municipality)), LAND, COAST);
    for district in &municipality.districts {
        let band = band_of(release, district);
        let fill = band.map_or("none", colour);
        shapes += &shape(&map.path(&district.boundary), fill, "#6F7F8A");
    }
    let shown = release.cells.iter().filter(|cell| cell.group == ReleaseGroup::Reports);
    let mut cells: Vec<_> =
        shown.filter_map(|cell| Some((CellId::parse(&cell.cell_id)?, cell.band))).collect();
    // Small squares lie on top of those that hold only what they leave over.
    cells.sort_by_key(|(cell, _)| Reverse(cell.size.metres()));
    for (cell, band) in cells {
        shapes += &map.square(cell, colour(band));
    }
    let [left, top, width, height] = MAP;
    let made_up = if release.synthetic { language.text("press.synthetic") } else { String::new() };
    let k = release.k.to_string();
    let rule = words::t(language, "press.rule", &[("k", &k)]);
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 1200 630\" width=\"1200\" height=\"630\" role=\"img\" \
         font-family=\"Source Sans 3, Noto Sans, Helvetica, Arial, sans-serif\" fill=\"{INK}\">\
         <title>{title}</title><desc>{alt}</desc>\
         <rect width=\"1200\" height=\"630\" fill=\"{PAPER}\"/>\
         <clipPath id=\"map\"><rect x=\"{left}\" y=\"{top}\" width=\"{width}\" height=\"{height}\" rx=\"18\"/></clipPath>\
         <g clip-path=\"url(#map)\"><rect x=\"{left}\" y=\"{top}\" width=\"{width}\" height=\"{height}\" fill=\"{SEA}\"/>{shapes}</g>\
         <circle cx=\"58\" cy=\"58\" r=\"10\" fill=\"#B3261E\"/>\
         <text x=\"80\" y=\"66\" font-size=\"24\" font-weight=\"600\" fill=\"{QUIET}\">Fyren {place}</text>\
         {lines}{rows}{foot}</svg>",
        title = escaped(&headline),
        alt = escaped(&alt),
        place = escaped(&municipality.name),
        lines = block(&headline, HEADLINE, "font-weight=\"700\""),
        rows = numbers(language, municipality, release, under(&headline)),
        foot =
            block(&format!("{rule} {made_up}"), (548.0, 17.0, 62), &format!("fill=\"{QUIET}\""),),
    )
}

/// Where what follows the headline begins: a long one pushes it down.
fn under(headline: &str) -> f64 {
    let (first, size, letters) = HEADLINE;
    let more = wrapped(headline, letters).len().saturating_sub(1);
    let last = first + size * LEADING * f64::from(u32::try_from(more).unwrap_or_default());
    (last + 60.0).max(278.0)
}

/// What was published, as rows of numbers or in a sentence, from `top` on.
fn numbers(language: Language, municipality: &Municipality, release: &Release, top: f64) -> String {
    let rows: Vec<(String, Band)> = municipality
        .districts
        .iter()
        .filter_map(|district| Some((district.name.clone(), band_of(release, district)?)))
        .take(ROWS)
        .collect();
    if rows.is_empty() {
        let sentences = super::press::sentences(language, municipality, release);
        return block(&sentences.join(" "), (top, 25.0, 42), "");
    }
    let row = |(at, (name, band)): (usize, (String, Band))| {
        let number = u32::try_from(at).unwrap_or_default();
        let y = top + f64::from(number) * 36.0;
        let said = words::t(language, "press.district_short", &[("band", &words::band(band))]);
        format!(
            "<rect x=\"48\" y=\"{}\" width=\"22\" height=\"22\" rx=\"5\" fill=\"{}\" stroke=\"{INK}\" stroke-width=\"1\"/>\
             <text x=\"84\" y=\"{y}\" font-size=\"26\">{}</text>\
             <text x=\"640\" y=\"{y}\" font-size=\"26\" font-weight=\"600\" text-anchor=\"end\">{}</text>",
            y - 20.0,
            colour(band),
            escaped(&name),
            escaped(&said)
        )
    };
    rows.into_iter().enumerate().map(row).collect::<Vec<_>>().concat()
}

/// Reports of a district in a release.
pub fn band_of(release: &Release, district: &District) -> Option<Band> {
    let here = |row: &&ReleaseDistrict| {
        row.district.as_ref() == Some(&district.code)
            && row.group == ReleaseGroup::Reports
            && row.category.is_none()
    };
    release.districts.iter().find(here)?.band
}

const fn colour(band: Band) -> &'static str {
    NEED[match band {
        Band::From5To9 => 0,
        Band::From10To19 => 1,
        Band::From20To49 => 2,
        Band::From50 => 3,
    }]
}

/// Text in lines of less than so many letters, as far as its words are shorter.
fn wrapped(text: &str, letters: usize) -> Vec<String> {
    let mut lines: Vec<String> = vec![String::new()];
    for word in text.split_whitespace() {
        let full = |line: &String| line.chars().count() + word.chars().count() >= letters;
        if lines.last().is_some_and(|line| !line.is_empty() && full(line)) {
            lines.push(String::new());
        }
        if let Some(line) = lines.last_mut() {
            line.push_str(if line.is_empty() { "" } else { " " });
            line.push_str(word);
        }
    }
    lines
}

/// Text in lines of so many letters, its first line at `y`.
fn block(text: &str, (y, size, letters): (f64, f64, usize), attributes: &str) -> String {
    let spans: Vec<String> = wrapped(text, letters)
        .iter()
        .enumerate()
        .map(|(at, line)| {
            let dy = if at == 0 { 0.0 } else { size * LEADING };
            format!("<tspan x=\"48\" dy=\"{dy:.1}\">{}</tspan>", escaped(line))
        })
        .collect();
    format!("<text y=\"{y}\" font-size=\"{size}\" {attributes}>{}</text>", spans.concat())
}

fn land(municipality: &Municipality) -> &MultiPolygon<f64> {
    municipality.land.as_ref().unwrap_or(&municipality.boundary)
}

fn shape(path: &str, fill: &str, stroke: &str) -> String {
    format!(
        "<path d=\"{path}\" fill=\"{fill}\" fill-opacity=\"0.85\" stroke=\"{stroke}\" stroke-width=\"1\"/>"
    )
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// From metres of the plane to the points of the card.
struct Map {
    plane: Projection,
    west: f64,
    north: f64,
    scale: f64,
}

impl Map {
    fn of(municipality: &Municipality) -> Self {
        let plane = Projection::sweref99_tm();
        let (mut west, mut south, mut east, mut north) = (f64::MAX, f64::MAX, f64::MIN, f64::MIN);
        // The land beyond the municipality is drawn, but not what the map is cut to.
        let whole = [&municipality.boundary];
        let districts = municipality.districts.iter().map(|district| &district.boundary);
        let shapes: Vec<&MultiPolygon<f64>> = districts.collect();
        let shapes = if shapes.is_empty() { &whole[..] } else { &shapes[..] };
        for at in shapes.iter().flat_map(|shape| points(shape)).map(|at| plane.forward(at)) {
            (west, east) = (west.min(at.east), east.max(at.east));
            (south, north) = (south.min(at.north), north.max(at.north));
        }
        let [_, _, width, height] = MAP;
        let scale = ((width - 40.0) / (east - west).max(1.0))
            .min((height - 40.0) / (north - south).max(1.0));
        // What is left over is the same on both sides.
        let (across, down) = (width / scale - (east - west), height / scale - (north - south));
        Self { plane, west: west - across / 2.0, north: north + down / 2.0, scale }
    }

    fn at(&self, at: Plane) -> (f64, f64) {
        let [left, top, ..] = MAP;
        (left + (at.east - self.west) * self.scale, top + (self.north - at.north) * self.scale)
    }

    /// Every ring, to half a point of the card; what falls together is left out.
    fn path(&self, shape: &MultiPolygon<f64>) -> String {
        let mut path = String::new();
        for ring in shape.iter().map(geo_types::Polygon::exterior) {
            let mut last = String::new();
            for (at, point) in ring.coords().enumerate() {
                let position = Position { longitude: point.x, latitude: point.y };
                let (x, y) = self.at(self.plane.forward(position));
                let here = format!("{:.1} {:.1}", (x * 2.0).round() / 2.0, (y * 2.0).round() / 2.0);
                if here != last {
                    path.push(if at == 0 { 'M' } else { 'L' });
                    path.push_str(&here);
                    last = here;
                }
            }
            path.push('Z');
        }
        path
    }

    fn square(&self, cell: CellId, fill: &str) -> String {
        let extent = cell.extent();
        let (x, y) = self.at(Plane { east: extent.west, north: extent.north });
        let edge = ((extent.east - extent.west) * self.scale).max(4.0);
        format!(
            "<rect x=\"{x:.1}\" y=\"{y:.1}\" width=\"{edge:.1}\" height=\"{edge:.1}\" fill=\"{fill}\" stroke=\"{INK}\" stroke-width=\"0.75\"/>"
        )
    }
}

fn points(shape: &MultiPolygon<f64>) -> impl Iterator<Item = Position> + '_ {
    let rings = shape.iter().flat_map(|polygon| polygon.exterior().coords());
    rings.map(|point| Position { longitude: point.x, latitude: point.y })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_text_is_broken_between_words() {
        let broken = block("ett två tre fyra fem", (10.0, 20.0, 9), "");
        let lines: Vec<&str> = broken.split("<tspan").skip(1).collect();
        assert_eq!(lines.len(), 3, "{broken}");
        assert!(lines[0].contains(">ett två<") && lines[2].contains(">fem<"), "{broken}");
        assert!(block("a<b", (0.0, 1.0, 9), "").contains("a&lt;b"));
    }
}

//! The question in an address: `from=2026-01-01&category=lighting&hours=22-04`.

use super::patrol_areas::AreaName;
use crate::encode::Crs;
use crate::spatial::{Bounds, Filter};
use fyren_core::domain::{
    Audience, Hours, Layer, Position, Seasons, SourceClass, Violation, Weekdays,
};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use std::collections::BTreeMap;

/// What is asked of a layer.
#[derive(Clone)]
pub struct LayerQuery {
    /// Which events, or which features of a public layer.
    pub filter: Filter,
    /// The local dates behind `filter.from` and `filter.to`.
    pub dates: (Option<Date>, Option<Date>),
    /// The patrol area to which the question is narrowed.
    pub area: Option<AreaName>,
    /// The system that the answer is written in.
    pub crs: Crs,
    /// At most so many features; all of them without.
    pub limit: Option<usize>,
    /// Features to leave out first.
    pub offset: usize,
    /// The layer's own parameters, by name.
    pub params: BTreeMap<&'static str, String>,
    /// Everything that was asked, in one canonical text.
    pub canonical: String,
}

/// Parameters of every layer.
const COMMON: &[&str] = &["from", "to", "bbox", "crs", "limit", "offset", "district"];

/// Parameters of every layer of events.
const EVENTS: &[&str] = &["hours", "weekdays", "season", "category", "source", "area"];

/// The names of the parameters that `layer` takes.
#[must_use]
pub fn parameters(layer: Layer) -> Vec<&'static str> {
    let events: &[&str] = if layer.audience() == Audience::Staff { EVENTS } else { &[] };
    COMMON.iter().chain(events).chain(own(layer)).copied().collect()
}

/// Parameters of one layer alone.
const fn own(layer: Layer) -> &'static [&'static str] {
    match layer {
        Layer::Heat => &["radius", "cell", "form"],
        Layer::Hotcells | Layer::Hotspots => &["cell", "tail", "expected"],
        Layer::Clusters => &["cell", "maxShare", "maxP", "nsim", "seed"],
        Layer::Places => &["epsM", "minPts", "days", "openDays"],
        Layer::PatrolAreas => &["set"],
        _ => &[],
    }
}

/// The names of the parameters that a tile of `layer` takes: its place is said
/// by the tile, and a tile comes whole.
#[must_use]
pub fn tile_parameters(layer: Layer) -> Vec<&'static str> {
    let whole = ["bbox", "crs", "limit", "offset"];
    let named = parameters(layer).into_iter().filter(|name| !whole.contains(name));
    named.chain(is_events(layer).then_some(SQUARE)).collect()
}

/// The parameter of a tile of events that says how wide its squares are.
const SQUARE: &str = "square";

/// What [`SQUARE`] may be, in pixels of a map; the first without it.
const SQUARES: [&str; 4] = ["8", "16", "32", "64"];

/// Whether a layer holds stored events one by one.
const fn is_events(layer: Layer) -> bool {
    matches!(layer, Layer::Reports | Layer::Incidents | Layer::Visits)
}

/// Reads the parameters of a question to `layer`; dates are local in `zone`.
///
/// # Errors
/// Every parameter that is unknown to the layer, comes twice or cannot be
/// read, by its name: `unknown_parameter`, `repeated_parameter`, `date_form`,
/// `not_after_start`, `hours_form`, `weekday_code`, `season_code`,
/// `source_code`, `bbox_form`, `unknown_crs`, `number_form`, `empty`,
/// `unknown_value` for an area.
pub fn parse_query(
    layer: Layer,
    pairs: &[(String, String)],
    zone: &TimeZone,
) -> Result<LayerQuery, Vec<Violation>> {
    parse_asked(&parameters(layer), own(layer), pairs, zone)
}

/// As [`parse_query`], of a tile of `layer`.
///
/// # Errors
/// As [`parse_query`]; `square: out_of_range` for a width that is not offered.
pub fn parse_tile_query(
    layer: Layer,
    pairs: &[(String, String)],
    zone: &TimeZone,
) -> Result<LayerQuery, Vec<Violation>> {
    let own = if is_events(layer) { &[SQUARE][..] } else { own(layer) };
    let query = parse_asked(&tile_parameters(layer), own, pairs, zone)?;
    let known = |square: &String| SQUARES.contains(&square.as_str());
    if query.params.get(SQUARE).is_none_or(known) {
        Ok(query)
    } else {
        Err(vec![Violation::new(SQUARE, "out_of_range")])
    }
}

impl LayerQuery {
    /// How often the squares of a tile are put together before it is written.
    #[must_use]
    pub fn halvings(&self) -> usize {
        let asked = self.params.get(SQUARE);
        let at = asked.and_then(|asked| SQUARES.iter().position(|known| known == asked));
        at.unwrap_or(0)
    }
}

/// The parameters of a question to staff with its `own` beside those that
/// every layer of events takes.
pub(in crate::app) fn staff_parameters(own: &[&'static str]) -> Vec<&'static str> {
    COMMON.iter().chain(EVENTS).chain(own).copied().collect()
}

/// Reads the parameters of a question that takes those that are `known`, of
/// which it reads its `own` by itself.
pub(in crate::app) fn parse_asked(
    known: &[&'static str],
    own: &[&'static str],
    pairs: &[(String, String)],
    zone: &TimeZone,
) -> Result<LayerQuery, Vec<Violation>> {
    let mut asked = BTreeMap::new();
    let mut broken = Vec::new();
    for (name, value) in pairs {
        match known.iter().find(|known| *known == name) {
            None => broken.push(Violation::new(name, "unknown_parameter")),
            Some(_) if value.is_empty() => broken.push(Violation::new(name, "empty")),
            Some(name) => {
                if asked.insert(*name, value.as_str()).is_some() {
                    broken.push(Violation::new(*name, "repeated_parameter"));
                }
            }
        }
    }
    let mut reader = Reader { asked: &asked, broken };
    let query = read(own, &mut reader, zone);
    if reader.broken.is_empty() { Ok(query) } else { Err(reader.broken) }
}

fn read(own: &[&'static str], reader: &mut Reader<'_>, zone: &TimeZone) -> LayerQuery {
    let from = reader.value("from", date);
    let to = reader.value("to", date);
    if from.zip(to).is_some_and(|(from, to)| to <= from) {
        reader.broken.push(Violation::new("to", "not_after_start"));
    }
    let moment = |date: Option<Date>| date.and_then(|date| start_of(date, zone));
    let filter = Filter {
        from: moment(from),
        to: moment(to),
        hours: reader.value("hours", Hours::parse).unwrap_or_default(),
        weekdays: reader.value("weekdays", Weekdays::parse).unwrap_or_default(),
        seasons: reader.value("season", Seasons::parse).unwrap_or_default(),
        categories: reader.value("category", list).unwrap_or_default(),
        sources: reader.value("source", sources).unwrap_or_default(),
        districts: reader.value("district", list).unwrap_or_default(),
        bounds: reader.value("bbox", bounds),
        ..Filter::default()
    };
    let number = |text: &str| text.parse().map_err(|_no_number| wrong("number_form"));
    LayerQuery {
        filter,
        dates: (from, to),
        area: reader.value("area", AreaName::parse),
        crs: reader.value("crs", Crs::parse).unwrap_or(Crs::Crs84),
        limit: reader.value("limit", number),
        offset: reader.value("offset", number).unwrap_or(0),
        params: own
            .iter()
            .filter_map(|name| Some((*name, (*reader.asked.get(name)?).to_owned())))
            .collect(),
        canonical: format!("{:?}", reader.asked),
    }
}

/// The number of a method's own parameter, between `least` and `most`.
///
/// # Errors
/// Violates it with `number_form` or `out_of_range`.
pub(in crate::app) fn number(
    params: &BTreeMap<&'static str, String>,
    name: &'static str,
    [default, least, most]: [f64; 3],
) -> Result<f64, Violation> {
    let Some(text) = params.get(name) else { return Ok(default) };
    match text.parse::<f64>() {
        Ok(value) if (least..=most).contains(&value) => Ok(value),
        Ok(_) => Err(Violation::new(name, "out_of_range")),
        Err(_) => Err(Violation::new(name, "number_form")),
    }
}

/// The whole number of a method's own parameter, between `least` and `most`.
///
/// # Errors
/// As [`number`].
pub(in crate::app) fn whole(
    params: &BTreeMap<&'static str, String>,
    name: &'static str,
    [default, least, most]: [u64; 3],
) -> Result<u64, Violation> {
    let Some(text) = params.get(name) else { return Ok(default) };
    match text.parse::<u64>() {
        Ok(value) if (least..=most).contains(&value) => Ok(value),
        Ok(_) => Err(Violation::new(name, "out_of_range")),
        Err(_) => Err(Violation::new(name, "number_form")),
    }
}

struct Reader<'a> {
    asked: &'a BTreeMap<&'static str, &'a str>,
    broken: Vec<Violation>,
}

impl Reader<'_> {
    /// The value of a parameter; what is wrong with it is noted by its name.
    fn value<T>(
        &mut self,
        name: &'static str,
        read: impl Fn(&str) -> Result<T, Violation>,
    ) -> Option<T> {
        let text = self.asked.get(name)?;
        read(text).map_err(|wrong| self.broken.push(Violation::new(name, wrong.rule))).ok()
    }
}

fn wrong(rule: &'static str) -> Violation {
    Violation::new("", rule)
}

/// `2026-01-31`, and nothing that only begins like it.
fn date(text: &str) -> Result<Date, Violation> {
    let plain = text.len() == 10;
    text.parse().ok().filter(|_| plain).ok_or_else(|| wrong("date_form"))
}

/// The first moment of a local day, which is not midnight everywhere.
pub(in crate::app) fn start_of(date: Date, zone: &TimeZone) -> Option<Timestamp> {
    Some(date.to_zoned(zone.clone()).ok()?.start_of_day().ok()?.timestamp())
}

fn list(text: &str) -> Result<Vec<String>, Violation> {
    let parts: Vec<String> = text.split(',').map(|part| part.trim().to_owned()).collect();
    if parts.iter().any(String::is_empty) { Err(wrong("empty")) } else { Ok(parts) }
}

fn sources(text: &str) -> Result<Vec<SourceClass>, Violation> {
    let class = |code: &str| SourceClass::parse(code.trim()).ok_or_else(|| wrong("source_code"));
    text.split(',').map(class).collect()
}

/// `west,south,east,north` in degrees.
fn bounds(text: &str) -> Result<Bounds, Violation> {
    let form = || wrong("bbox_form");
    let numbers: Vec<f64> = text
        .split(',')
        .map(|part| part.trim().parse().map_err(|_no_number| form()))
        .collect::<Result<_, _>>()?;
    let [west, south, east, north] = numbers[..] else { return Err(form()) };
    let corner =
        |longitude, latitude| Position::parse(longitude, latitude).map_err(|_range| form());
    let (south_west, north_east) = (corner(west, south)?, corner(east, north)?);
    if west > east || south > north { Err(form()) } else { Ok(Bounds { south_west, north_east }) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(layer: Layer, text: &str) -> Result<LayerQuery, Vec<Violation>> {
        let zone = TimeZone::get("Europe/Stockholm").unwrap();
        let pair = |part: &str| {
            let (name, value) = part.split_once('=').unwrap();
            (name.to_owned(), value.to_owned())
        };
        let pairs: Vec<_> = text.split('&').filter(|part| !part.is_empty()).map(pair).collect();
        parse_query(layer, &pairs, &zone)
    }

    fn refusals(layer: Layer, text: &str) -> Vec<(String, &'static str)> {
        let broken = parse(layer, text).err().unwrap_or_default();
        broken.into_iter().map(|broken| (broken.field, broken.rule)).collect()
    }

    #[test]
    fn dates_are_local_days_and_the_last_is_open() {
        let query = parse(Layer::Reports, "from=2026-03-29&to=2026-03-30").unwrap();
        let text = |at: Option<Timestamp>| at.unwrap().to_string();
        assert_eq!(text(query.filter.from), "2026-03-28T23:00:00Z");
        assert_eq!(text(query.filter.to), "2026-03-29T22:00:00Z", "a day of 23 hours");
    }

    #[test]
    fn nothing_asked_means_everything() {
        let query = parse(Layer::Reports, "").unwrap();
        assert_eq!(query.filter, Filter::default());
        assert_eq!((query.limit, query.offset), (None, 0));
    }

    #[test]
    fn a_parameter_that_is_not_known_or_not_read_is_named() {
        for (text, field, rule) in [
            ("colour=red", "colour", "unknown_parameter"),
            ("radius=500", "radius", "unknown_parameter"),
            ("from=2026-13-01", "from", "date_form"),
            ("from=2026-01-01T10:00", "from", "date_form"),
            ("from=2026-01-02&to=2026-01-02", "to", "not_after_start"),
            ("hours=25", "hours", "hours_form"),
            ("weekdays=friday", "weekdays", "weekday_code"),
            ("season=monsoon", "season", "season_code"),
            ("source=rumour", "source", "source_code"),
            ("area=north", "area", "unknown_value"),
            ("bbox=1,2,3", "bbox", "bbox_form"),
            ("bbox=12,58,11,59", "bbox", "bbox_form"),
            ("bbox=11,58,12,nan", "bbox", "bbox_form"),
            ("crs=EPSG:1", "crs", "unknown_crs"),
            ("limit=-1", "limit", "number_form"),
            ("offset=x", "offset", "number_form"),
            ("category=lighting,", "category", "empty"),
            ("district=", "district", "empty"),
            ("limit=1&limit=2", "limit", "repeated_parameter"),
        ] {
            assert_eq!(refusals(Layer::Reports, text), [(field.to_owned(), rule)], "{text}");
        }
    }

    #[test]
    fn only_a_tile_of_events_has_squares_and_only_of_known_widths() {
        let zone = TimeZone::UTC;
        let asked = |layer, square: &str| {
            let pairs = [("square".to_owned(), square.to_owned())];
            parse_tile_query(layer, &pairs, &zone).map(|query| query.halvings())
        };
        assert_eq!(asked(Layer::Incidents, "32").ok(), Some(2));
        for (layer, square, rule) in
            [(Layer::Incidents, "33", "out_of_range"), (Layer::Heat, "32", "unknown_parameter")]
        {
            let broken = asked(layer, square).err().unwrap();
            assert_eq!((broken[0].field.as_str(), broken[0].rule), ("square", rule));
        }
        assert_eq!(refusals(Layer::Incidents, "square=32")[0].1, "unknown_parameter");
    }

    #[test]
    fn every_broken_parameter_is_told_at_once() {
        assert_eq!(refusals(Layer::Reports, "hours=25&season=x&y=z").len(), 3);
    }

    #[test]
    fn a_public_layer_takes_no_filter_that_could_slice_its_counts() {
        for text in
            ["category=lighting", "hours=22-04", "weekdays=fri", "source=citizen", "area=1-1"]
        {
            assert_eq!(refusals(Layer::ReleaseCells, text)[0].1, "unknown_parameter", "{text}");
        }
        assert!(parse(Layer::ReleaseCells, "from=2025-01-01&bbox=11,58,12,59").is_ok());
    }

    #[test]
    fn the_canonical_text_does_not_depend_on_the_order() {
        let one = parse(Layer::Heat, "radius=700&hours=22-04").unwrap();
        let other = parse(Layer::Heat, "hours=22-04&radius=700").unwrap();
        assert_eq!(one.canonical, other.canonical);
        assert_eq!(one.params["radius"], "700");
    }
}

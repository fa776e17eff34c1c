//! What Lantmäteriet calls what it maps: the values of `objekttyp` in its
//! products Topografi 10 to 250, Marktäcke, Hydrografi and Byggnad.

use super::Theme;
use crate::import::words::plain;

/// Where in a row what stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Columns {
    kind: usize,
    purpose: Option<usize>,
    size: Option<usize>,
    name: Option<usize>,
    text: Option<usize>,
    text_kind: Option<usize>,
}

/// What a row means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Meaning {
    /// The sea, which is where land is not.
    Sea,
    /// A building with so many dwellings at least.
    Building(u32),
    /// A line or an area of a kind.
    Drawn(Theme, &'static str),
    /// Something named.
    Named(&'static str),
}

impl Columns {
    /// The columns by their names in plain letters; `None` without a kind.
    pub fn of(columns: &[String]) -> Option<Self> {
        let at = |name: &str| columns.iter().position(|column| column == name);
        Some(Self {
            kind: at("objekttyp")?,
            purpose: at("andamal1").or_else(|| at("andamal")),
            size: at("storleksklass"),
            name: at("namn"),
            text: at("textstrang"),
            text_kind: at("textkategori"),
        })
    }

    /// What a row means and what it is called; `None` for what is not drawn.
    pub fn read(&self, values: &[String]) -> Option<(Meaning, Option<String>)> {
        let value = |at: Option<usize>| at.and_then(|at| values.get(at)).map_or("", |v| v.trim());
        let said = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        let written = value(self.text);
        if !written.is_empty() {
            let kind = plain(value(self.text_kind));
            let settled = ["bebyggelse", "tatort", "ort"].iter().any(|word| kind.contains(word));
            let class = if settled { "hamlet" } else { "locality" };
            return Some((Meaning::Named(class), said(written)));
        }
        let kind = value(Some(self.kind));
        let meaning = meaning(kind, value(self.purpose), value(self.size))?;
        Some((meaning, said(value(self.name))))
    }
}

fn meaning(kind: &str, purpose: &str, size: &str) -> Option<Meaning> {
    if plain(kind) == "hav" {
        return Some(Meaning::Sea);
    }
    if let Some(dwellings) = building(kind, purpose) {
        return Some(Meaning::Building(dwellings));
    }
    let found = area(kind, purpose).or_else(|| line(kind, size));
    found.map(|(theme, class)| Meaning::Drawn(theme, class))
}

/// Dwellings of a kind of building; `None` for what is none. A block of flats
/// has three at least.
fn building(kind: &str, purpose: &str) -> Option<u32> {
    match plain(kind).as_str() {
        "bostad" => {
            let purpose = plain(purpose);
            let flats = purpose.contains("flerfamiljshus") || purpose.contains("fleralagenheter");
            Some(if flats { 3 } else { 1 })
        }
        "industri" | "samhallsfunktion" | "verksamhet" | "ekonomibyggnad" | "komplementbyggnad"
        | "ovrigbyggnad" => Some(0),
        _ => None,
    }
}

fn area(kind: &str, purpose: &str) -> Option<(Theme, &'static str)> {
    Some(match plain(kind).as_str() {
        "sjo" | "vattendragsyta" | "anlagtvatten" => (Theme::Water, "lake"),
        "barrochblandskog" | "lovskog" | "fjallbjorkskog" | "skog" => (Theme::Green, "wood"),
        "aker" | "fruktodling" => (Theme::Green, "field"),
        "sankmark" | "sankmarkfast" | "sankmarkvat" => (Theme::Green, "heath"),
        "torg" => (Theme::Green, "square"),
        "idrottsplan" => (Theme::Green, "pitch"),
        "rekreation" | "samhallsfunktionsomrade" => match plain(purpose).as_str() {
            "parkomrade" | "golfbana" | "begravningsplats" | "kolonomrade" | "koloniomrade"
            | "aktivitetspark" | "besokspark" | "campingplats" => (Theme::Green, "park"),
            "badplats" => (Theme::Green, "beach"),
            "idrottsanlaggning" | "friidrottsanlaggning" => (Theme::Green, "pitch"),
            _ => return None,
        },
        _ => return None,
    })
}

fn line(kind: &str, size: &str) -> Option<(Theme, &'static str)> {
    Some(match plain(kind).as_str() {
        "motorvag" | "motortrafikled" => (Theme::Road, "motorway"),
        "motesfrivag" | "landsvag" => (Theme::Road, "main"),
        "landsvagliten" | "overgripandelank" | "huvudgata" => (Theme::Road, "middle"),
        "smavag" | "lokalgatastor" | "lokalgataliten" => (Theme::Road, "minor"),
        "smavagenkelstandard" => (Theme::Road, "service"),
        "gagata" => (Theme::Road, "pedestrian"),
        "traktorvag" => (Theme::Road, "track"),
        "gangstig"
        | "cykelvag"
        | "parkvag"
        | "elljusspar"
        | "vandringsled"
        | "vandringsochvinterled" => (Theme::Road, "path"),
        "farjeled" => (Theme::Road, "ferry"),
        "jarnvag" | "museijarnvag" | "sparvag" | "tunnelbana" => (Theme::Road, "rail"),
        // Classes above the first are rivers.
        "vattendrag" if size.is_empty() || size.ends_with('1') => (Theme::Waterway, "stream"),
        "vattendrag" => (Theme::Waterway, "river"),
        "brygga" | "pir" | "kaj" | "vagbrytare" | "avbarare" => (Theme::Pier, "pier"),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(said: &[(&str, &str)]) -> Option<(Meaning, Option<String>)> {
        let columns: Vec<String> = said.iter().map(|(name, _)| plain(name)).collect();
        let values: Vec<String> = said.iter().map(|(_, value)| (*value).to_owned()).collect();
        Columns::of(&columns).unwrap().read(&values)
    }

    #[test]
    fn kinds_of_the_register_are_kinds_of_our_map() {
        let meaning = |kind: &str| read(&[("objekttyp", kind)]).map(|found| found.0);
        assert_eq!(meaning("Hav"), Some(Meaning::Sea));
        assert_eq!(meaning("Barr- och blandskog"), Some(Meaning::Drawn(Theme::Green, "wood")));
        assert_eq!(meaning("Landsväg liten"), Some(Meaning::Drawn(Theme::Road, "middle")));
        assert_eq!(meaning("Brygga"), Some(Meaning::Drawn(Theme::Pier, "pier")));
        assert_eq!(meaning("Öppen mark"), None, "that is the colour of the land");
    }

    #[test]
    fn a_block_of_flats_is_more_than_one_dwelling_and_a_barn_is_none() {
        let dwellings = |kind: &str, purpose: &str| {
            read(&[("objekttyp", kind), ("andamal1", purpose)]).map(|found| found.0)
        };
        let building = |number| Some(Meaning::Building(number));
        assert_eq!(dwellings("Bostad", "Bostad;Småhus friliggande"), building(1));
        assert_eq!(dwellings("Bostad", "Bostad;Flerfamiljshus"), building(3));
        assert_eq!(dwellings("Ekonomibyggnad", ""), building(0));
    }

    #[test]
    fn texts_are_names_and_a_wide_stream_is_a_river() {
        let name =
            [("objekttyp", "Text"), ("textstrang", "Hovenäset"), ("textkategori", "Bebyggelse")];
        let named = Some((Meaning::Named("hamlet"), Some("Hovenäset".to_owned())));
        assert_eq!(read(&name), named);
        let water = |size: &str| {
            read(&[("objekttyp", "Vattendrag"), ("storleksklass", size)]).map(|found| found.0)
        };
        assert_eq!(water("Klass 1"), Some(Meaning::Drawn(Theme::Waterway, "stream")));
        assert_eq!(water("Klass 2"), Some(Meaning::Drawn(Theme::Waterway, "river")));
        assert!(Columns::of(&["namn".to_owned()]).is_none());
    }
}

//! Roads of NVDB, the national road data base of Sweden, in the two forms in
//! which Trafikverket delivers it made into one table ("homogeniserad"): with
//! short names (`Klass_181`, `Vagha_6`; of a Shapefile ten letters of them) and
//! with long ones (`FunkVagklass_Klass`, `Vaghallare_Vaghallartyp`).

use super::{Keeper, OneWay};
use crate::import::words::plain;

/// Where in a row what stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Columns {
    class: Option<usize>,
    net: Option<usize>,
    name: Option<usize>,
    keeper: Option<usize>,
    keeper_name: Option<usize>,
    limits: [Option<usize>; 2],
    closed: [Option<usize>; 2],
    motorway: [Option<usize>; 2],
    ferry: Option<usize>,
    european: Option<usize>,
    number: Option<usize>,
}

/// A road as a row says it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Road {
    /// Its class on our map.
    pub class: &'static str,
    /// The name of the street, else the number of the road.
    pub name: Option<String>,
    /// In which direction it may be driven.
    pub one_way: OneWay,
    /// Who keeps it.
    pub keeper: Option<Keeper>,
    /// The name of whoever keeps it.
    pub owner: Option<String>,
    /// Kilometres an hour, the higher of both directions.
    pub limit: Option<u8>,
}

impl Columns {
    /// The columns of a table of roads, by their names in plain letters; `None`
    /// for a table that says neither the class nor the keeper of a road.
    pub fn of(columns: &[String]) -> Option<Self> {
        let at = |names: &[&str]| {
            names.iter().find_map(|name| columns.iter().position(|column| column == name))
        };
        let found = Self {
            class: at(&["klass181", "funkvagklassklass"]),
            net: at(&["vagtr474", "vagtrafiknatvagtrafiknattyp", "vagtrafiknatnattyp"]),
            name: at(&["namn130", "gatunamnnamn"]),
            keeper: at(&["vagha6", "vaghallarevaghallartyp"]),
            keeper_name: at(&["vagha7", "vaghallarevaghallarnamn"]),
            limits: [
                at(&["fhogst225", "fhogst22", "hastighetsgranshogstatillatnahastighetf"]),
                at(&["bhogst225", "bhogst22", "hastighetsgranshogstatillatnahastighetb"]),
            ],
            closed: [
                at(&["fforbjudenfardriktning", "fforbjude", "forbjudenfardriktningf"]),
                at(&["bforbjudenfardriktning", "bforbjude", "forbjudenfardriktningb"]),
            ],
            motorway: [at(&["motorvag"]), at(&["motortrafikled", "motortrafi"])],
            ferry: at(&["farjeled"]),
            european: at(&["evag555", "vagnummereuropavag"]),
            number: at(&["vagnr10370", "vagnr1037", "vagnummerhuvudnummervard"]),
        };
        (found.class.is_some() || found.keeper.is_some()).then_some(found)
    }

    /// What a row says.
    pub fn road(&self, values: &[String]) -> Road {
        let text = |at: Option<usize>| {
            at.and_then(|at| values.get(at)).map(|value| value.trim()).filter(|v| !v.is_empty())
        };
        let holds = |at: Option<usize>| text(at).is_some_and(is_true);
        let number = |at: Option<usize>| text(at).and_then(whole);
        let named = text(self.name).filter(|name| *name != "-1").map(str::to_owned);
        let keeper = text(self.keeper).and_then(keeper);
        let one_way = match self.closed.map(holds) {
            [true, false] => OneWay::Backward,
            [false, true] => OneWay::Forward,
            _ => OneWay::No,
        };
        let class = match text(self.net).map(net) {
            Some(Net::Path) => "path",
            _ if holds(self.ferry) => "ferry",
            _ if self.motorway.iter().any(|at| holds(*at)) => "motorway",
            _ => class(number(self.class), keeper, named.is_some()),
        };
        let limit = self.limits.iter().filter_map(|at| number(*at)).max();
        Road {
            class,
            name: named.or_else(|| number_name(holds(self.european), number(self.number))),
            one_way,
            keeper,
            owner: text(self.keeper_name).filter(|name| *name != "-1").map(str::to_owned),
            limit: limit.and_then(|limit| u8::try_from(limit).ok()).filter(|limit| *limit > 0),
        }
    }
}

enum Net {
    Road,
    /// For cycles or for people on foot.
    Path,
}

fn net(text: &str) -> Net {
    match plain(text).as_str() {
        "2" | "4" | "cykelnat" | "gangnat" => Net::Path,
        _ => Net::Road,
    }
}

fn keeper(text: &str) -> Option<Keeper> {
    Some(match plain(text).as_str() {
        "1" | "statlig" => Keeper::State,
        "2" | "kommunal" => Keeper::Municipality,
        "3" | "enskild" => Keeper::Private,
        _ => return None,
    })
}

/// The functional class of a road, 0 the most important and 9 the least.
fn class(functional: Option<i64>, keeper: Option<Keeper>, named: bool) -> &'static str {
    match functional {
        Some(0..=4) => "main",
        Some(5) => "middle",
        Some(8) if keeper == Some(Keeper::Private) && !named => "service",
        Some(9) if !named => {
            if keeper == Some(Keeper::Private) {
                "track"
            } else {
                "service"
            }
        }
        _ => "minor",
    }
}

/// Roads with a number up to 499 have it on their signs.
fn number_name(european: bool, number: Option<i64>) -> Option<String> {
    let number = number.filter(|number| (1..500).contains(number))?;
    Some(if european { format!("E{number}") } else { format!("Väg {number}") })
}

/// `45`, `45.0` and `45,0` are 45.
fn whole(text: &str) -> Option<i64> {
    text.split(['.', ',']).next()?.parse().ok()
}

/// Truth is 1 in one form and -1 in the other.
fn is_true(text: &str) -> bool {
    matches!(whole(text), Some(number) if number != 0)
        || matches!(plain(text).as_str(), "true" | "ja" | "sant")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn road(said: &[(&str, &str)]) -> Road {
        let columns: Vec<String> = said.iter().map(|(name, _)| plain(name)).collect();
        let values: Vec<String> = said.iter().map(|(_, value)| (*value).to_owned()).collect();
        Columns::of(&columns).unwrap().road(&values)
    }

    #[test]
    fn short_and_long_names_say_the_same() {
        let short = road(&[
            ("Klass_181", "7"),
            ("Vagha_6", "3"),
            ("Vagha_7", "Hovenäsets vägförening"),
            ("Namn_130", "Strandvägen"),
            ("F_Hogst_22", "30"),
            ("B_Hogst_22", "40"),
            ("Vagtr_474", "1"),
            ("B_Forbjude", "-1"),
        ]);
        let long = road(&[
            ("FunkVagklass_Klass", "7"),
            ("Vaghallare_Vaghallartyp", "Enskild"),
            ("Vaghallare_Vaghallarnamn", "Hovenäsets vägförening"),
            ("Gatunamn_Namn", "Strandvägen"),
            ("Hastighetsgrans_HogstaTillatnaHastighet_F", "30"),
            ("Hastighetsgrans_HogstaTillatnaHastighet_B", "40.0"),
            ("Vagtrafiknat_Vagtrafiknattyp", "Bilnät"),
            ("ForbjudenFardriktning_B", "1"),
        ]);
        assert_eq!(short, long);
        assert_eq!((short.class, short.one_way, short.limit), ("minor", OneWay::Forward, Some(40)));
        assert_eq!(short.keeper, Some(Keeper::Private));
    }

    #[test]
    fn a_road_without_a_street_name_is_called_by_the_number_on_its_signs() {
        let called = |number: &str, european: &str| {
            let said = [("Klass_181", "2"), ("Vagnr_10370", number), ("Evag_555", european)];
            road(&said).name
        };
        assert_eq!(called("171", "0").as_deref(), Some("Väg 171"));
        assert_eq!(called("6", "-1").as_deref(), Some("E6"));
        assert_eq!(called("857", "0"), None, "a secondary county road");
    }

    #[test]
    fn classes_follow_function_net_and_keeper() {
        let class = |functional: &str, keeper: &str, net: &str| {
            let said = [("Klass_181", functional), ("Vagha_6", keeper), ("Vagtr_474", net)];
            road(&said).class
        };
        assert_eq!(class("3", "1", "1"), "main");
        assert_eq!(class("5", "1", "1"), "middle");
        assert_eq!(class("9", "3", "1"), "track");
        assert_eq!(class("9", "2", "1"), "service");
        assert_eq!(class("", "2", "2"), "path");
        let columns = ["id", "klass"].map(str::to_owned);
        assert_eq!(Columns::of(&columns), None);
    }
}

//! Foreign words for what we have words for: categories, purposes, units.
//!
//! A word that is not understood never refuses a row: the caller keeps it.

use fyren_core::domain::{Category, ExposureKind, Purpose, SourceClass, UnitKind};

/// A word without case, accents and what is neither letter nor digit:
/// `Ärende-nr` is `arendenr`.
#[must_use]
pub fn plain(word: &str) -> String {
    let letter = |c: char| match c {
        'å' | 'ä' | 'á' | 'à' | 'â' | 'æ' => 'a',
        'ö' | 'ø' | 'ó' | 'ô' => 'o',
        'é' | 'è' | 'ê' | 'ë' => 'e',
        'ü' | 'ú' => 'u',
        other => other,
    };
    word.chars().flat_map(char::to_lowercase).map(letter).filter(|c| c.is_alphanumeric()).collect()
}

/// The category of a report by its code, its Swedish or English name, or the
/// part of a name before its first comma (`Klotter`, `Skadegörelse`).
#[must_use]
pub fn report_category(word: &str) -> Option<Category> {
    if let Some(category) = Category::parse(word.trim()) {
        return Some(category);
    }
    let word = plain(word);
    if word.is_empty() {
        return None;
    }
    let means = |name: &str| {
        let first = name.split_once(',').filter(|_| !name.contains('('));
        plain(name) == word || first.is_some_and(|(first, _)| plain(first) == word)
    };
    let by_name = |category: &Category| {
        let (swedish, english) = category.names();
        plain(category.code()) == word || means(swedish) || means(english)
    };
    Category::ALL.iter().copied().find(by_name)
}

/// What a report's source says of its witness: `Trained` where a word for a
/// profession or a trained reporter stands, else `Citizen`.
#[must_use]
pub fn source_class(word: &str) -> SourceClass {
    const TRAINED: [&str; 12] = [
        "trained",
        "faltare",
        "faltsekreterare",
        "fieldworker",
        "ordningsvakt",
        "vaktare",
        "guard",
        "skola",
        "school",
        "bostadsbolag",
        "housingcompany",
        "partner",
    ];
    if TRAINED.contains(&plain(word).as_str()) {
        SourceClass::Trained
    } else {
        SourceClass::Citizen
    }
}

/// The purpose of a visit by its code or a Swedish word.
#[must_use]
pub fn purpose(word: &str) -> Option<Purpose> {
    if let Some(purpose) = Purpose::parse(word.trim()) {
        return Some(purpose);
    }
    Some(match plain(word).as_str() {
        "presence" | "narvaro" | "fotpatrull" | "synlighet" => Purpose::Presence,
        "followup" | "uppfoljning" => Purpose::FollowUp,
        "trafficcontrol" | "trafikkontroll" | "hastighetskontroll" => Purpose::TrafficControl,
        "sobrietycontrol" | "nykterhetskontroll" => Purpose::SobrietyControl,
        "narcotics" | "narkotika" => Purpose::Narcotics,
        "school" | "skola" | "skolbesok" => Purpose::School,
        "meeting" | "mote" => Purpose::Meeting,
        "mobileoffice" | "mobiltkontor" => Purpose::MobileOffice,
        "event" | "evenemang" => Purpose::Event,
        "safetywalk" | "trygghetsvandring" => Purpose::SafetyWalk,
        _ => return None,
    })
}

/// What an amount counts, by its code or a Swedish or English word; a year
/// behind the word (`population_2023`) is passed over.
#[must_use]
pub fn exposure_kind(word: &str) -> Option<ExposureKind> {
    if let Some(kind) = ExposureKind::parse(word.trim()) {
        return Some(kind);
    }
    let word = plain(word);
    Some(match word.trim_end_matches(|c: char| c.is_ascii_digit()) {
        "residents" | "resident" | "invanare" | "befolkning" | "folkmangd" | "population"
        | "boende" | "nattbefolkning" => ExposureKind::Residents,
        "beds" | "bed" | "baddar" | "badd" | "antalbaddar" | "sangplatser" | "gastbaddar"
        | "guestbeds" | "hotell" | "hotel" | "vandrarhem" | "camping" => ExposureKind::Beds,
        "berths" | "berth" | "batplatser" | "gastplatser" | "antalgastplatser" | "gasthamn"
        | "gasthamnsplatser" | "guestberths" | "moorings" => ExposureKind::Berths,
        "homes" | "fritidshus" | "delarsboende" | "holidayhomes" | "secondhomes"
        | "partyearhomes" | "sommarhus" => ExposureKind::Homes,
        "roadkm" | "roads" | "vag" | "vagar" | "vaglangd" | "vaglangdkm" | "roadlength"
        | "roadlengthkm" => ExposureKind::RoadKm,
        _ => return None,
    })
}

/// The kind of a unit by its code or a Swedish word.
#[must_use]
pub fn unit_kind(word: &str) -> Option<UnitKind> {
    if let Some(kind) = UnitKind::parse(word.trim()) {
        return Some(kind);
    }
    Some(match plain(word).as_str() {
        "areapolice" | "omradespolis" | "omradespolisen" => UnitKind::AreaPolice,
        "police" | "polis" | "polisen" | "ingripandeverksamhet" => UnitKind::Police,
        "fieldworkers" | "fieldworker" | "faltare" | "faltgrupp" | "faltgruppen"
        | "faltsekreterare" | "faltassistent" => UnitKind::Fieldworkers,
        "guards" | "guard" | "vaktare" | "ordningsvakt" | "ordningsvakter" | "trygghetsvardar"
        | "trygghetsvard" => UnitKind::Guards,
        "boatwatch" | "batsamverkan" | "batvakt" => UnitKind::BoatWatch,
        "neighbourhoodwatch" | "grannsamverkan" => UnitKind::NeighbourhoodWatch,
        "nightwalk" | "nattvandrare" | "nattvandring" => UnitKind::NightWalk,
        "harbourwatch" | "hamnvakt" | "hamnvard" => UnitKind::HarbourWatch,
        "partner" | "skola" | "bostadsbolag" => UnitKind::Partner,
        _ => return None,
    })
}

/// The code of a unit made of a foreign word: 1 to 20 letters, digits and `-`.
/// `None` where nothing of the word remains.
#[must_use]
pub fn unit_code(word: &str) -> Option<String> {
    let dashed: String =
        word.trim().chars().map(|c| if c.is_alphanumeric() { c } else { '-' }).collect();
    let code: String = dashed
        .split('-')
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join("-")
        .chars()
        .take(20)
        .collect();
    let code = code.trim_end_matches('-');
    (!code.is_empty()).then(|| code.to_owned())
}

/// Whether incidents of this category exist because the police went looking:
/// controls, searches, and the offences that Swedish crime statistics call
/// *ingripande- och spaningsbrott* (drink driving, drugs, driving without a
/// licence, knives and weapons carried), whose number follows the work of the
/// police. What is called in as often as it is met with, such as drunkenness
/// (*Fylleri/LOB*) or traffic offences of any kind (*Trafikbrott*), is not.
#[must_use]
pub fn found_by_police(category: &str) -> bool {
    const FOUND: [&str; 18] = [
        "trafikkontroll",
        "kontroll",
        "kontrollpersonfordon",
        "nykterhetskontroll",
        "rattfylleri",
        "sjofylleri",
        "narkotikabrott",
        "olovligkorning",
        "knivlagen",
        "vapenlagen",
        "trafficimpaired",
        "drinkdriving",
        "trafficcontrol",
        "drugs",
        "stopandsearch",
        "personsearch",
        "vehiclesearch",
        "personandvehiclesearch",
    ];
    FOUND.contains(&plain(category).as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_category_is_found_by_its_code_and_both_names() {
        for category in Category::ALL {
            let (swedish, english) = category.names();
            for word in [category.code(), swedish, english, &swedish.to_uppercase()] {
                assert_eq!(report_category(word), Some(*category), "{word}");
            }
        }
    }

    #[test]
    fn the_short_name_of_a_category_is_enough_but_a_foreign_word_is_not() {
        assert_eq!(report_category("Skadegörelse"), Some(Category::Vandalism));
        assert_eq!(report_category("klotter "), Some(Category::Graffiti));
        assert_eq!(report_category("Pothole"), None);
        assert_eq!(report_category(" - "), None);
    }

    #[test]
    fn a_unit_code_keeps_letters_and_digits_only() {
        assert_eq!(unit_code(" Fältgrupp  3/B ").as_deref(), Some("Fältgrupp-3-B"));
        assert_eq!(unit_code("abcdefghijklmnopqrs-xyz").as_deref(), Some("abcdefghijklmnopqrs"));
        assert_eq!(unit_code("--"), None);
    }

    #[test]
    fn controls_searches_and_what_they_find_are_found_by_the_police() {
        for word in ["Trafikkontroll", "Kontroll person/fordon", "Knivlagen", "Person search"] {
            assert!(found_by_police(word), "{word}");
        }
        for word in ["Fylleri/LOB", "Trafikbrott", "Misshandel", "Break and Enter", ""] {
            assert!(!found_by_police(word), "{word}");
        }
    }
}

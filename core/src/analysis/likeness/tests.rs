//! Made-up towns in which it is known who tells of the same thing.

use super::*;
use rand::{RngExt, SeedableRng, rngs::ChaCha8Rng};

/// Ways in which people tell of the same thing.
const SAID: [(Category, [&str; 4]); 5] = [
    (
        Category::Lighting,
        [
            "Lampan vid trappan är trasig",
            "Trasig lampa, kolsvart på kvällen vid trappan",
            "Gatlyktan har slocknat, mörkt vid trappan",
            "The street lamp by the stairs is broken",
        ],
    ),
    (
        Category::Graffiti,
        [
            "Klotter på väggen till båthuset",
            "Någon har klottrat på båthusets vägg",
            "Nytt klotter på båthuset",
            "Graffiti on the boat house",
        ],
    ),
    (
        Category::BlockedView,
        [
            "Buskarna skymmer sikten i kurvan",
            "Man ser inget i kurvan för buskarna",
            "Häcken vid kurvan behöver klippas",
            "Bushes block the view in the bend",
        ],
    ),
    (
        Category::Speeding,
        [
            "Bilarna kör för fort förbi skolan",
            "Hög fart förbi skolan varje morgon",
            "Fortkörning vid skolan",
            "Cars speed past the school",
        ],
    ),
    (
        Category::Litter,
        [
            "Soporna ligger kvar vid badplatsen",
            "Skräp vid badplatsen",
            "Full papperskorg vid badplatsen, sopor överallt",
            "Rubbish left at the beach",
        ],
    ),
];

struct Town {
    dice: ChaCha8Rng,
    reports: Vec<(usize, Described)>,
}

impl Town {
    /// 60 things in a square of 1 200 m, each told of by one to four people
    /// within forty days, half of them with words; a pin is off by 15 m, as
    /// those of telephones are.
    fn of(seed: u64) -> Self {
        let mut town = Self { dice: ChaCha8Rng::seed_from_u64(seed), reports: Vec::new() };
        for thing in 0..60 {
            let at = Plane {
                east: town.dice.random_range(0.0..1_200.0),
                north: town.dice.random_range(0.0..1_200.0),
            };
            let (category, texts) = SAID[town.dice.random_range(0..SAID.len())];
            let first = town.dice.random_range(0..200 * 86_400);
            for _teller in 0..town.dice.random_range(1..=4) {
                let second = first + town.dice.random_range(0..40 * 86_400);
                let text = texts[town.dice.random_range(0..texts.len())];
                let text = if town.dice.random_bool(0.5) { text } else { "" };
                town.tell(thing, at, category, second, text);
            }
        }
        town
    }

    fn tell(&mut self, thing: usize, at: Plane, category: Category, second: i64, text: &str) {
        // The sum of four even numbers is near enough to a normal one.
        let mut off = || (0..4).map(|_| self.dice.random_range(-13.0..13.0)).sum::<f64>();
        let at = Plane { east: at.east + off(), north: at.north + off() };
        let time = Timestamp::from_second(1_750_000_000 + second).unwrap();
        let words = content_words(text);
        self.reports.push((thing, Described { at, precision_m: 25.0, category, time, words }));
    }

    /// What is proposed for a report: the three most alike that came before it.
    fn proposed(&self, at: usize) -> Vec<usize> {
        let (_, report) = &self.reports[at];
        let mut alike: Vec<(f64, usize)> = (0..self.reports.len())
            .filter(|other| *other != at && self.reports[*other].1.time <= report.time)
            .filter_map(|other| {
                let found = likeness(report, &self.reports[other].1)?;
                found.is_proposed().then_some((found.whole, other))
            })
            .collect();
        alike.sort_by(|a, b| b.0.total_cmp(&a.0));
        alike.into_iter().take(3).map(|(_, other)| other).collect()
    }
}

#[test]
fn who_tells_of_the_same_thing_is_found_and_few_others_are() {
    let (mut repeated, mut found, mut proposed, mut right) = (0, 0, 0, 0);
    for seed in 0..20 {
        let town = Town::of(seed);
        for at in 0..town.reports.len() {
            let (thing, report) = &town.reports[at];
            let earlier =
                |(other, told): &&(usize, Described)| other == thing && told.time < report.time;
            let offered = town.proposed(at);
            let hits = offered.iter().filter(|other| town.reports[**other].0 == *thing).count();
            if town.reports.iter().any(|told| earlier(&told)) {
                repeated += 1;
                found += usize::from(hits > 0);
            }
            (proposed, right) = (proposed + offered.len(), right + hits);
        }
    }
    println!("{found} of {repeated} repetitions found; {right} of {proposed} proposals right");
    assert!(repeated > 1_000 && 100 * found >= 95 * repeated, "{found} of {repeated} found");
    assert!(100 * right >= 85 * proposed, "{right} of {proposed} proposals are right");
}

fn told(category: Category, east: f64, time: &str, text: &str) -> Described {
    Described {
        at: Plane { east, north: 0.0 },
        precision_m: 25.0,
        category,
        time: time.parse().unwrap(),
        words: content_words(text),
    }
}

const MAY: &str = "2026-05-01T20:00:00Z";

#[test]
fn the_same_report_is_wholly_alike_and_likeness_has_no_order() {
    let lamp = told(Category::Lighting, 0.0, MAY, "Lampan vid trappan är trasig");
    let same = likeness(&lamp, &lamp).unwrap();
    assert!((same.whole - 1.0).abs() < 1e-9 && same.text == Some(1.0), "{same:?}");
    let other = told(Category::Lighting, 40.0, "2026-05-09T20:00:00Z", "Mörkt i trappan");
    assert_eq!(likeness(&lamp, &other), likeness(&other, &lamp));
}

#[test]
fn nearer_sooner_and_more_alike_is_more_alike() {
    let lamp = told(Category::Lighting, 0.0, MAY, "Lampan vid trappan är trasig");
    let whole = |east, time, text| {
        likeness(&lamp, &told(Category::Lighting, east, time, text)).map_or(0.0, |l| l.whole)
    };
    assert!(whole(10.0, MAY, "") > whole(60.0, MAY, ""));
    assert!(whole(10.0, MAY, "") > whole(10.0, "2026-06-20T20:00:00Z", ""));
    assert!(whole(10.0, MAY, "Trasig lampa") > whole(10.0, MAY, "Hål i räcket"));
    for (east, time) in [(95.0, MAY), (0.0, "2026-09-01T20:00:00Z")] {
        assert_eq!(likeness(&lamp, &told(Category::Lighting, east, time, "")), None);
    }
}

#[test]
fn an_other_category_is_alike_only_by_its_words() {
    let lamp = told(Category::Lighting, 0.0, MAY, "Lampan vid trappan är trasig och krossad");
    let broken = told(Category::Vandalism, 5.0, MAY, "Krossad lampa vid trappan");
    assert!(likeness(&lamp, &broken).is_some_and(|l| l.is_proposed()));
    assert_eq!(likeness(&lamp, &told(Category::Vandalism, 5.0, MAY, "")), None);
    let other_group = told(Category::Speeding, 5.0, MAY, "Krossad lampa vid trappan");
    assert_eq!(likeness(&lamp, &other_group), None);
}

#[test]
fn a_safe_place_an_idea_and_a_vague_place_are_like_nothing() {
    for category in [Category::SafePlace, Category::Idea, Category::Other, Category::FraudAttempt] {
        let one = told(category, 0.0, MAY, "samma ord i båda");
        assert_eq!(likeness(&one, &one), None, "{category}");
    }
    let vague = Described { precision_m: 400.0, ..told(Category::Lighting, 0.0, MAY, "") };
    assert_eq!(likeness(&vague, &vague), None);
}

#[test]
fn words_are_compared_by_their_beginnings_and_empty_ones_do_not_count() {
    assert_eq!(content_words("Lampan och lampa"), content_words("LAMPA!"));
    assert_eq!(content_words("det är inte så"), Vec::<u64>::new());
}

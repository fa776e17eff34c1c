//! Made-up days: campaigns that should be caught and crowds that should not.

use super::*;
use rand::{RngExt, SeedableRng, rngs::ChaCha8Rng};

const DAY: i64 = 86_400;

struct Day {
    dice: ChaCha8Rng,
    arrivals: Vec<Arrival>,
}

impl Day {
    fn of(seed: u64) -> Self {
        Self { dice: ChaCha8Rng::seed_from_u64(seed), arrivals: Vec::new() }
    }

    fn report(&mut self, east: f64, source: u64, second: i64) {
        // Four of ten are in one of three mobile networks, the others at home.
        let network =
            if self.dice.random_bool(0.4) { self.dice.random_range(0..3) } else { 1_000 + source };
        let off = |dice: &mut ChaCha8Rng| dice.random_range(-30.0..30.0);
        let at = Plane { east: east + off(&mut self.dice), north: off(&mut self.dice) };
        let source = SourceTag::from_bits(source << 1);
        let wording = Vec::new();
        self.arrivals.push(Arrival {
            at: Some(at),
            source,
            network: Some(network),
            second,
            wording,
        });
    }

    /// An evening on which something happens: 15 to 60 people within five
    /// hours, one of twelve of them twice and one of a hundred three times.
    fn crowd(seed: u64) -> Self {
        let mut day = Self::of(seed);
        for person in 0..day.dice.random_range(15..=60) {
            let times = match day.dice.random_range(0..100) {
                0 => 3,
                1..=8 => 2,
                _ => 1,
            };
            for _ in 0..times {
                let second = day.dice.random_range(0..5 * 3600);
                day.report(125.0, person, second);
            }
        }
        day
    }

    /// 20 sources with five reports each, spread over `places` places 1 km
    /// apart, at random times of the day.
    fn campaign(seed: u64, places: u32) -> Self {
        let mut day = Self::of(seed);
        for source in 0..20 {
            for nth in 0..5_u32 {
                let second = day.dice.random_range(0..DAY);
                day.report(125.0 + f64::from(nth % places) * 1_000.0, 500 + source, second);
            }
        }
        day
    }
}

fn caught(arrivals: &[Arrival]) -> usize {
    suspicious(arrivals).len()
}

#[test]
fn campaigns_of_twenty_sources_are_caught_and_crowds_are_not() {
    let campaigns: usize = (0..100)
        .map(|seed| {
            let places = u32::try_from(seed % 5).unwrap() + 1;
            caught(&Day::campaign(seed, places).arrivals)
        })
        .sum();
    assert!(campaigns >= 9_500, "{campaigns} of 10 000");
    let harmed = (0..1_000).filter(|seed| caught(&Day::crowd(*seed).arrivals) > 0).count();
    assert!(harmed <= 20, "{harmed} of 1 000 honest crowds");
}

#[test]
fn a_campaign_is_caught_inside_an_honest_crowd_and_the_crowd_goes_free() {
    let (mut all, mut honest, mut fakes) = (0, 0, 0);
    for seed in 0..100 {
        let mut day = Day::crowd(seed);
        let people = day.arrivals.len();
        all += people;
        day.arrivals.extend(Day::campaign(seed, 1).arrivals);
        for suspicion in suspicious(&day.arrivals) {
            if suspicion.arrival < people { honest += 1 } else { fakes += 1 }
        }
    }
    assert!(fakes >= 9_500, "{fakes} of 10 000 fakes");
    assert!(50 * honest <= all, "{honest} of {all} honest reports");
}

/// The ten cells of 250 m with most sources, one report a source and cell.
fn top_ten(arrivals: &[Arrival]) -> BTreeSet<i64> {
    let mut cells: BTreeMap<i64, BTreeSet<SourceTag>> = BTreeMap::new();
    for arrival in arrivals {
        #[expect(clippy::cast_possible_truncation, reason = "a few kilometres")]
        let cell = (arrival.at.unwrap().east / 250.0).floor() as i64;
        cells.entry(cell).or_default().insert(arrival.source);
    }
    let mut ranked: Vec<(usize, i64)> =
        cells.iter().map(|(cell, who)| (who.len(), *cell)).collect();
    ranked.sort_by_key(|(count, cell)| (std::cmp::Reverse(*count), *cell));
    ranked.into_iter().take(10).map(|(_, cell)| cell).collect()
}

fn town(seed: u64) -> Day {
    let mut day = Day::of(seed);
    let mut person = 10_000;
    for place in 0..40_u32 {
        for _ in 0..=place / 2 {
            let second = day.dice.random_range(0..DAY);
            day.report(20_125.0 + f64::from(place) * 500.0, person, second);
            person += 1;
        }
    }
    day
}

#[test]
fn one_source_moves_no_cell_into_the_top_ten() {
    for seed in 0..20 {
        let honest = town(seed);
        let before = top_ten(&honest.arrivals);
        let mut day = honest;
        for nth in 0..30 {
            let second = day.dice.random_range(0..DAY);
            day.report(125.0, 777, second + nth);
        }
        assert_eq!(top_ten(&day.arrivals), before, "a source counts once a cell");
        let flagged = suspicious(&day.arrivals);
        assert_eq!(flagged.len(), 30, "and it is put aside all the same");
        assert!(flagged.iter().all(|one| one.pattern == Pattern::OneSource));
    }
}

#[test]
fn the_ranking_after_quarantine_is_the_ranking_without_the_campaign() {
    for seed in 0..20 {
        let mut day = town(seed);
        let before = top_ten(&day.arrivals);
        day.arrivals.extend(Day::campaign(seed, 5).arrivals);
        assert_ne!(top_ten(&day.arrivals), before, "without quarantine it would work");
        let aside: BTreeSet<usize> = suspicious(&day.arrivals).iter().map(|s| s.arrival).collect();
        let kept = day.arrivals.iter().enumerate().filter(|(at, _)| !aside.contains(at));
        let kept: Vec<Arrival> = kept.map(|(_, arrival)| arrival.clone()).collect();
        let after = top_ten(&kept);
        let shared = before.intersection(&after).count();
        assert!(10 * shared >= 9 * before.union(&after).count(), "Jaccard at least 0.9");
    }
}

#[test]
fn one_wording_from_many_sources_is_caught_and_short_words_are_not() {
    let day = |text: &str| -> Vec<Arrival> {
        let mut day = Day::of(1);
        for source in 0..6 {
            let second = day.dice.random_range(0..DAY);
            day.report(f64::from(u32::try_from(source).unwrap()) * 2_000.0, source, second);
        }
        for arrival in &mut day.arrivals {
            arrival.wording = wording(text);
        }
        day.arrivals
    };
    let copied = day("Det är alltid ett väldigt stök vid bryggan på kvällarna här");
    let found = suspicious(&copied);
    assert_eq!(found.len(), 6);
    assert!(found.iter().all(|one| one.reason() == QuarantineReason::SameText));
    assert_eq!(caught(&day("Mörkt vid bryggan")), 0);
    assert_eq!(caught(&copied[..4]), 0, "four may be chance");
}

#[test]
fn a_wording_survives_a_changed_word_and_its_letters_case() {
    let first =
        wording("En lampa är trasig vid trappan ner mot hamnen och det är mörkt där på kvällen");
    let same =
        wording("EN LAMPA är trasig vid trappan ner mot hamnen, och det är mörkt där på natten");
    let other =
        wording("Bilarna kör alldeles för fort förbi skolan när barnen ska gå hem på dagen");
    assert!(is_alike(&first, &same) && !is_alike(&first, &other));
}

#[test]
fn reports_like_clockwork_and_a_crowd_on_one_network_are_caught() {
    let mut script = Day::of(3);
    for nth in 0..12_u64 {
        let jitter = script.dice.random_range(0..30);
        script.report(0.0, nth, i64::try_from(nth).unwrap() * 600 + jitter);
    }
    assert!(suspicious(&script.arrivals).iter().all(|one| one.pattern == Pattern::Clockwork));
    assert_eq!(caught(&script.arrivals), 12);
    let mut office = Day::of(4);
    for nth in 0..12 {
        let second = office.dice.random_range(0..3 * 3600);
        office.report(0.0, nth, second);
    }
    office.arrivals.iter_mut().for_each(|arrival| arrival.network = Some(9));
    assert_eq!(caught(&office.arrivals), 12);
}

#[test]
fn the_same_day_gives_the_same_answer() {
    let day = Day::campaign(5, 3).arrivals;
    assert_eq!(suspicious(&day), suspicious(&day));
}

//! A year of planned rounds in the synthetic municipality, beside rounds by
//! turns and last year's routine. `docs/methods.md` gives the numbers.

use crate::read::{json, table};
use fyren_core::analysis::patrol::Travel;
use fyren_core::analysis::patrol::year::{
    PatrolYear, Way, YearMean, YearOutcome, YearPlace, YearShift, patrol_years,
};

/// Two shifts of two hours a week: what one unit can spare in a small place.
const SHIFTS: [YearShift; 2] =
    [YearShift { day: 1, seconds: 7_200 }, YearShift { day: 4, seconds: 7_200 }];
/// Years that are lived through in each way.
const YEARS: u64 = 40;

/// Places with reports, and how to get from each to each.
struct Ground {
    places: Vec<YearPlace>,
    at: Vec<(f64, f64)>,
    seconds: Vec<u32>,
}

impl Ground {
    fn read() -> Self {
        let (meta, given) = (json("input/meta.json"), json("expected/team_orienteering.json"));
        let number = |value: &serde_json::Value| value.as_f64().unwrap();
        let villages: Vec<(f64, f64)> = meta["villages"]
            .as_array()
            .unwrap()
            .iter()
            .map(|village| (number(&village["x"]), number(&village["y"])))
            .collect();
        let at: Vec<(f64, f64)> = given["nodes"]
            .as_array()
            .unwrap()
            .iter()
            .map(|node| (number(&node[0]), number(&node[1])))
            .collect();
        // Reports in two years; node 0 is the base.
        let reports: Vec<f64> = given["prizes"].as_array().unwrap().iter().map(number).collect();
        let nearest = |place: &(f64, f64)| {
            let order = |a: &usize, b: &usize| {
                way(villages[*a], *place).total_cmp(&way(villages[*b], *place))
            };
            (0..villages.len()).min_by(order).unwrap()
        };
        let place = |node: usize| {
            let (before, now) = rates(node, reports[node] / 728.0);
            YearPlace { node, district: nearest(&at[node]), before, now }
        };
        let places = (1..at.len()).map(place).collect();
        // As the travel of the reference: 1.3 times the straight line at 40 km/h.
        let ride = |a: &(f64, f64), b: &(f64, f64)| {
            #[expect(clippy::cast_possible_truncation, reason = "at most some thousand seconds")]
            #[expect(clippy::cast_sign_loss, reason = "a distance")]
            let seconds = (1.3 * way(*a, *b) / (40.0 / 3.6)).round() as u32;
            seconds
        };
        let seconds = at.iter().flat_map(|a| at.iter().map(move |b| ride(a, b))).collect();
        Self { places, at, seconds }
    }

    /// The places that last year's visits were nearest to, in their order.
    fn routine(&self) -> Vec<usize> {
        let rows = table("input/patrols.csv");
        let spots = rows.column::<f64>("x").into_iter().zip(rows.column::<f64>("y"));
        let days: Vec<u32> = rows.column("day");
        let last_year = spots.zip(days).filter(|(_, day)| *day < 365);
        let nearest = |spot: (f64, f64)| {
            let order = |a: &usize, b: &usize| {
                let to = |place: &usize| way(self.at[self.places[*place].node], spot);
                to(a).total_cmp(&to(b))
            };
            (0..self.places.len()).min_by(order).unwrap()
        };
        last_year.map(|(spot, _)| nearest(spot)).collect()
    }
}

fn way(a: (f64, f64), b: (f64, f64)) -> f64 {
    (a.0 - b.0).hypot(a.1 - b.1)
}

/// Reports a day by month, last year and this: the quay of Smögen (node 1) has
/// nearly all of them in summer, Hunnebostrand (2 and 3) has them from
/// September of this year on, as the reference was planted; every other place
/// has the same all year.
fn rates(node: usize, rate: f64) -> ([f64; 12], [f64; 12]) {
    let by = |months: [f64; 12]| months.map(|month| rate * month);
    match node {
        1 => {
            let summer =
                by([0.25, 0.25, 0.25, 0.25, 0.25, 3.25, 3.25, 3.25, 0.25, 0.25, 0.25, 0.25]);
            (summer, summer)
        }
        2 | 3 => {
            let quiet = by([0.25; 12]);
            let mut now = quiet;
            now[8..].fill(6.0 * rate);
            (quiet, now)
        }
        _ => ([rate; 12], [rate; 12]),
    }
}

/// The mean of each figure, less that of another way where there is one.
fn means(found: &[YearOutcome], other: Option<&[YearOutcome]>) -> [YearMean; 4] {
    [0, 1, 2, 3].map(|at| {
        let less = |year: usize| other.map_or(0.0, |other| other[year].figures()[at]);
        let figure = |(year, found): (usize, &YearOutcome)| found.figures()[at] - less(year);
        YearMean::of(&found.iter().enumerate().map(figure).collect::<Vec<f64>>()).unwrap()
    })
}

fn told(what: &str, found: &[YearMean; 4]) -> String {
    let cell = |found: &YearMean, scale: f64| {
        let (mean, interval) = (found.mean * scale, found.interval);
        format!("{mean:.1} ({:.1} to {:.1})", interval.low * scale, interval.high * scale)
    };
    let [covered, gap, weeks, visits] = found;
    let [covered, gap, weeks, visits] =
        [(covered, 100.0), (gap, 1.0), (weeks, 100.0), (visits, 1.0)].map(|(f, s)| cell(f, s));
    format!("| {what} | {covered} | {gap} | {weeks} | {visits} |")
}

#[test]
fn a_planned_year_covers_more_need_and_every_district_at_equal_minutes() {
    let ground = Ground::read();
    let routine = ground.routine();
    let year = PatrolYear {
        places: &ground.places,
        districts: 6,
        base: 0,
        travel: Travel::new(ground.at.len(), &ground.seconds).unwrap(),
        shifts: &SHIFTS,
        service: 720,
        covers_days: 7,
        routine: &routine,
    };
    let lived = |way| patrol_years(&year, way, 0..YEARS).unwrap();
    let planned = lived(Way::Plan);
    let plan = means(&planned, None);
    println!("{}", told("by plan", &plan));
    for (name, way) in [("by turns", Way::Turns), ("last year's routine", Way::Routine)] {
        let other = lived(way);
        println!("{}", told(name, &means(&other, None)));
        let more = means(&planned, Some(&other));
        println!("{}", told(&format!("plan less {name}"), &more));
        let [covered, gap, weeks, _] = more;
        assert!(covered.interval.low > 0.05, "{name}: {covered:?}");
        assert!(gap.interval.high < 0.0, "{name}: {gap:?}");
        assert!(weeks.interval.low > 0.0, "{name}: {weeks:?}");
    }
    assert!(plan[2].mean > 0.99, "every district every week: {:?}", plan[2]);
}

//! Where a stop would be worth its time: hot spots, districts that wait for a
//! visit, and places that somebody wishes for.

use super::fields::{float, hot_hours, int, text};
use super::plan::{LeftOut, Why};
use super::question::{HoursOfDay, MoveDraft, PlanQuestion, Spot, WishDraft, largest, name_near};
use crate::app::Ground;
use crate::app::layers::LayerAnswer;
use crate::encode::{Feature, Shape};
use fyren_core::analysis::patrol::worth;
use fyren_core::domain::{
    Locality, LocalityKind, Plane, Position, Promise, SpotCell, StopKind, Veto, Violation,
};
use geo::{Contains, InteriorPoint};
use geo_types::{MultiPolygon, Point};
use jiff::civil::Date;
use std::collections::{BTreeMap, BTreeSet};

/// Hot spots that are looked at, the first ranked.
const MOST_SPOTS: usize = 30;
/// Places of a district that are looked at, the largest.
const DISTRICT_PLACES: usize = 3;
/// Edge of the cell by which a place that is no hot spot is known.
const CELL_M: u32 = 250;
/// How near a district's place may be to a hot spot before it is the same.
const SAME_M: f64 = 300.0;
/// Days after which a place is mostly due again: a hot spot and a district.
const PATIENCE_DAYS: [f64; 2] = [7.0, 14.0];
/// The need of a spot that residents alone do not explain, of one.
const WATCH: f64 = 0.8;
/// The least need of a hot spot, and of a district without any reports.
const LEAST: [f64; 2] = [0.15, 0.25];
/// What a promise of presence adds to a district that waits for it.
const PROMISED: f64 = 1.25;
/// Days without a visit after which a district waits for what was promised.
const PROMISE_DAYS: i64 = 7;
/// What a wish is worth, where the greatest need is worth 100.
const WISH: f64 = 150.0;
/// What a second and a third place of a district is worth, of the first.
const NEXT_PLACE: f64 = 0.6;

/// A place that may be visited.
#[derive(Debug, Clone)]
pub(super) struct Found {
    pub key: String,
    pub kind: StopKind,
    pub spot: Spot,
    pub district: Option<String>,
    pub worth: f64,
    pub why: Why,
    pub minutes: u32,
    pub hours: Option<HoursOfDay>,
    pub must: bool,
    pub unit: Option<String>,
}

/// What the picture says of one district.
#[derive(Debug, Clone, Default)]
pub(super) struct DistrictNeed {
    pub reports: i64,
    pub days_since: Option<i64>,
}

/// Everything that a plan is made of but the ways.
pub(super) struct Gathered {
    pub found: Vec<Found>,
    pub left_out: Vec<LeftOut>,
    pub districts: BTreeMap<String, DistrictNeed>,
    pub hotspots: usize,
}

/// What is known when places are gathered.
pub(super) struct Picture<'a> {
    pub ground: &'a Ground,
    pub hotspots: &'a LayerAnswer,
    pub coverage: &'a LayerAnswer,
    pub vetoes: &'a [Veto],
    pub promise: Option<&'a Promise>,
    /// Days from today to the plan's first day.
    pub ahead: i64,
    /// The plan's first day.
    pub day: Date,
}

/// Gathers places for `question`.
///
/// # Errors
/// Violations of wishes by the path of the field.
pub(super) fn gather(
    question: &PlanQuestion,
    picture: &Picture<'_>,
) -> Result<Gathered, Violation> {
    let mut all = Gathered {
        found: Vec::new(),
        left_out: Vec::new(),
        districts: picture.coverage.features().map(|row| district_need(&row, picture)).collect(),
        hotspots: 0,
    };
    hot_spots(question, picture, &mut all);
    all.hotspots = all.found.len();
    districts(question, picture, &mut all);
    wishes(question, picture, &mut all)?;
    for one in &mut all.found {
        let moved = question.moves.iter().find(|wanted| wanted.stop == one.key);
        if let Some(moved) = moved.filter(|moved| !moved.is_due(picture.day)) {
            move_to(one, moved, picture)?;
        }
    }
    tell_apart(&mut all.found, picture.ground);
    Ok(all)
}

/// Gives what bears the name of an other place the next place's name as well:
/// nobody finds two stops of one name on a sheet.
fn tell_apart(found: &mut [Found], ground: &Ground) {
    let mut taken = BTreeSet::new();
    // The places themselves keep their names, then the first ranked spot.
    let (named, near): (Vec<_>, Vec<_>) =
        found.iter_mut().partition(|one| one.kind == StopKind::District);
    for one in named.into_iter().chain(near) {
        let name = &mut one.spot.name;
        if taken.contains(name.as_str()) {
            let free = |place: &Locality| !taken.contains(&format!("{name} – {}", place.name));
            let next = ground.nearest_of(one.spot.at, |place| place.name != *name && free(place));
            if let Some(next) = next {
                *name = format!("{name} – {}", next.name);
            }
        }
        taken.insert(name.clone());
    }
}

fn district_need(row: &Feature<'_>, picture: &Picture<'_>) -> (String, DistrictNeed) {
    let days_since = int(row, "daysSinceVisit").map(|days| days + picture.ahead);
    (text(row, "district"), DistrictNeed { reports: int(row, "reports").unwrap_or(0), days_since })
}

fn hot_spots(question: &PlanQuestion, picture: &Picture<'_>, all: &mut Gathered) {
    let told = |row: &Feature<'_>| matches!(text(row, "status").as_str(), "confirmed" | "watch");
    let rows: Vec<_> = picture.hotspots.features().filter(told).take(MOST_SPOTS).collect();
    let excess = |row: &Feature<'_>| float(row, "count") - float(row, "expected");
    let most = rows.iter().map(excess).fold(f64::MIN_POSITIVE, f64::max);
    for row in &rows {
        let Shape::MultiPolygon(shape) = &row.shape else { continue };
        let Some(inner) = shape.interior_point() else { continue };
        let at = Position { longitude: inner.x(), latitude: inner.y() };
        let key = text(row, "key");
        let veto =
            holding(picture.vetoes, |veto| veto.cell.to_string() == key || within(shape, veto));
        let name = text(row, "name");
        if refused(veto, (&key, &name), picture.day, all) {
            continue;
        }
        let days_since = int(row, "daysSinceVisit").map(|days| days + picture.ahead);
        let status = text(row, "status");
        let sure = if status == "confirmed" { 1.0 } else { WATCH };
        let need = sure * (excess(row) / most).max(LEAST[0]);
        all.found.push(Found {
            kind: StopKind::Hotspot,
            spot: Spot { at, name },
            district: Some(text(row, "district")).filter(|code| !code.is_empty()),
            worth: 100.0 * worth(need, days_since, PATIENCE_DAYS[0]),
            why: Why {
                count: int(row, "count"),
                expected: Some(float(row, "expected")),
                status: Some(status),
                hours: hot_hours(row),
                days_since,
                review_due: veto.is_some(),
                ..Why::default()
            },
            minutes: question.stop_min,
            key,
            hours: None,
            must: false,
            unit: None,
        });
    }
}

fn districts(question: &PlanQuestion, picture: &Picture<'_>, all: &mut Gathered) {
    let ground = picture.ground;
    let most = all.districts.values().map(|need| need.reports).max().unwrap_or(0).max(1);
    let needs = all.districts.clone();
    for district in &ground.municipality.districts {
        let code = &district.code.0;
        let need = needs.get(code).cloned().unwrap_or_default();
        let waits = need.days_since.is_none_or(|days| days >= PROMISE_DAYS);
        let promise = picture.promise.filter(|_| waits);
        #[expect(clippy::cast_precision_loss, reason = "counts of reports")]
        let share = need.reports as f64 / most as f64;
        let wanted = (LEAST[1] + LEAST[1] * share) * if promise.is_some() { PROMISED } else { 1.0 };
        let mut value = 100.0 * worth(wanted, need.days_since, PATIENCE_DAYS[1]);
        let mut taken = 0;
        for spot in places(ground, code, &district.boundary) {
            let key = cell_of(ground, spot.at).to_string();
            // A hot spot nearby serves the floor of its district as well.
            let same = |other: &Found| {
                other.key == key
                    || (other.district.as_ref() == Some(code)
                        && metres(ground, other.spot.at, spot.at) < SAME_M)
            };
            if all.found.iter().any(same) {
                continue;
            }
            let veto = holding(picture.vetoes, |veto| covers(ground, veto, spot.at));
            if refused(veto, (&key, &spot.name), picture.day, all) {
                continue;
            }
            all.found.push(Found {
                key,
                kind: StopKind::District,
                spot,
                district: Some(code.clone()),
                worth: value,
                why: Why {
                    reports: Some(need.reports),
                    days_since: need.days_since,
                    promise: promise.map(|promise| promise.text.clone()),
                    review_due: veto.is_some(),
                    ..Why::default()
                },
                minutes: question.stop_min,
                hours: None,
                must: false,
                unit: None,
            });
            taken += 1;
            value *= NEXT_PLACE;
            if taken == DISTRICT_PLACES {
                break;
            }
        }
    }
}

/// The places of a district, the largest first; an inner point where it has none.
fn places(ground: &Ground, code: &str, boundary: &MultiPolygon) -> Vec<Spot> {
    let of = |at: Position| ground.geofence.district(at).is_some_and(|found| found.0 == code);
    let kept = |kind: LocalityKind| !matches!(kind, LocalityKind::Stop | LocalityKind::Amenity);
    let mut known: Vec<_> = ground
        .municipality
        .localities
        .iter()
        .filter(|one| kept(one.kind) && of(one.position))
        .collect();
    known.sort_by_key(|one| {
        std::cmp::Reverse((one.residents, one.weight, std::cmp::Reverse(&one.id.0)))
    });
    let mut spots: Vec<Spot> =
        known.into_iter().map(|one| Spot { at: one.position, name: one.name.clone() }).collect();
    if spots.is_empty() {
        let inner = boundary.interior_point();
        let inner = inner.map(|at| Position { longitude: at.x(), latitude: at.y() });
        let name = ground.district_name(code).to_owned();
        spots.extend(largest(ground, Some(code)).or(inner.map(|at| Spot { at, name })));
    }
    spots
}

fn wishes(
    question: &PlanQuestion,
    picture: &Picture<'_>,
    all: &mut Gathered,
) -> Result<(), Violation> {
    let named = [("mustVisit", &question.must_visit, true), ("wishes", &question.wishes, false)];
    for (field, list, must) in named {
        for (at, wish) in list.iter().enumerate() {
            let path = |broken: Violation| broken.within(&format!("{field}[{at}]"));
            let found = wished(question, picture, wish, must).map_err(path)?;
            // What is wished for is visited as such, not twice.
            match all.found.iter_mut().find(|other| other.key == found.key) {
                Some(other) => {
                    let why = Why {
                        note: found.why.note.or(other.why.note.take()),
                        wished_by: found.why.wished_by.or(other.why.wished_by.take()),
                        must: must || other.why.must,
                        ..std::mem::take(&mut other.why)
                    };
                    let hours = found.hours.or(other.hours);
                    let worth = found.worth.max(other.worth);
                    let must = must || other.must;
                    *other =
                        Found { why, hours, worth, must, minutes: found.minutes, ..other.clone() };
                }
                None => all.found.push(found),
            }
        }
    }
    Ok(())
}

fn wished(
    question: &PlanQuestion,
    picture: &Picture<'_>,
    wish: &WishDraft,
    must: bool,
) -> Result<Found, Violation> {
    let ground = picture.ground;
    let spot = wish.place.spot(ground).map_err(|broken| broken.within("place"))?;
    let minutes = wish.minutes.unwrap_or(question.stop_min);
    if !(1..=240).contains(&minutes) {
        return Err(Violation::new("minutes", "out_of_range"));
    }
    let note = crate::app::draft::text("note", wish.note.as_deref())?;
    if note.as_ref().is_some_and(|note| note.chars().count() > 500) {
        return Err(Violation::new("note", "too_long"));
    }
    let district = ground.geofence.district(spot.at).map(|code| code.0.clone());
    let days_since =
        district.as_ref().and_then(|code| all_days(picture, code)).map(|days| days + picture.ahead);
    Ok(Found {
        key: cell_of(ground, spot.at).to_string(),
        kind: StopKind::Wish,
        spot,
        district,
        worth: WISH,
        why: Why { days_since, note, must, wished_by: wish.unit.clone(), ..Why::default() },
        minutes,
        hours: wish.hours()?,
        must,
        unit: None,
    })
}

fn all_days(picture: &Picture<'_>, code: &str) -> Option<i64> {
    let row = picture.coverage.features().find(|row| text(row, "district") == code)?;
    int(&row, "daysSinceVisit")
}

fn move_to(one: &mut Found, moved: &MoveDraft, picture: &Picture<'_>) -> Result<(), Violation> {
    if let Some(at) = moved.place(picture.ground)? {
        one.spot = Spot { at, name: name_near(picture.ground, at) };
        one.district = picture.ground.geofence.district(at).map(|code| code.0.clone());
    }
    if let Some(hours) = moved.hours()? {
        one.hours = Some(hours);
    }
    one.unit.clone_from(&moved.unit);
    one.why.moved = Some(moved.reason.clone());
    Ok(())
}

/// The first veto that holds among those that `is_here`.
fn holding(vetoes: &[Veto], is_here: impl Fn(&Veto) -> bool) -> Option<&Veto> {
    vetoes.iter().find(|veto| veto.holds().is_some() && is_here(veto))
}

/// Whether a veto keeps a place out of the plan; once the day of its review
/// has come it does not any more. Notes what is left out.
fn refused(veto: Option<&Veto>, (key, name): (&str, &str), day: Date, all: &mut Gathered) -> bool {
    let Some(veto) = veto.filter(|veto| !veto.is_due(day)) else { return false };
    let Some((_, terms)) = veto.holds() else { return false };
    all.left_out.push(LeftOut {
        key: key.to_owned(),
        name: name.to_owned(),
        reason: terms.reason.code().to_owned(),
        note: terms.note.clone(),
        review_on: terms.review_on.to_string(),
    });
    true
}

fn within(shape: &MultiPolygon, veto: &Veto) -> bool {
    shape.contains(&Point::new(veto.at.longitude, veto.at.latitude))
}

/// Whether a place lies in the cell of a veto.
fn covers(ground: &Ground, veto: &Veto, at: Position) -> bool {
    let (middle, here) = (veto.cell.centre(), ground.geofence.projection().forward(at));
    let half = f64::from(veto.cell.size_m) / 2.0;
    (middle.east - here.east).abs() <= half && (middle.north - here.north).abs() <= half
}

/// The cell by which a place that is no hot spot is known again.
fn cell_of(ground: &Ground, at: Position) -> SpotCell {
    let Plane { east, north } = ground.geofence.projection().forward(at);
    #[expect(clippy::cast_possible_truncation, reason = "the plane has fewer than 2^31 metres")]
    let unit = |metres: f64| (metres / f64::from(CELL_M)).floor() as i32;
    SpotCell { size_m: CELL_M, column: unit(east), row: unit(north) }
}

fn metres(ground: &Ground, a: Position, b: Position) -> f64 {
    let projection = ground.geofence.projection();
    let (a, b) = (projection.forward(a), projection.forward(b));
    (a.east - b.east).hypot(a.north - b.north)
}

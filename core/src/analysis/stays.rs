//! Stays in a log of positions.

use crate::domain::Position;
use jiff::{SignedDuration, Timestamp};

/// Mean radius of the earth, in metres.
const EARTH_M: f64 = 6_371_008.8;

/// What counts as a stay.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct StayRule {
    /// How far, in metres, every position of a stay may lie from its first.
    pub radius_m: f64,
    /// How long a stay lasts at least.
    pub least: SignedDuration,
    /// A silence that is longer than this ends a stay: nobody knows.
    pub silence: SignedDuration,
}

impl Default for StayRule {
    /// 100 m and 5 minutes, ended by 15 minutes of silence.
    fn default() -> Self {
        Self {
            radius_m: 100.0,
            least: SignedDuration::from_mins(5),
            silence: SignedDuration::from_mins(15),
        }
    }
}

/// Somebody stayed somewhere.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Stay {
    /// The first position's time.
    pub from: Timestamp,
    /// The last position's time.
    pub to: Timestamp,
    /// The mean of the positions.
    pub position: Position,
    /// How many positions there were.
    pub positions: u32,
}

/// Finds stays in the positions of one unit, handed over in the order of
/// their times: a stay is a longest run of positions within a radius of its
/// first one that lasts long enough (stay point detection; Li, Zheng, Xie,
/// Chen, Liu and Ma, 2008). Holds no position but a sum: of a track nothing
/// remains.
#[derive(Debug, Clone, Default)]
pub struct StayFinder {
    rule: StayRule,
    run: Option<Run>,
}

#[derive(Debug, Clone, Copy)]
struct Run {
    first: Position,
    from: Timestamp,
    to: Timestamp,
    sum: (f64, f64),
    count: u32,
}

/// A position is older than the one before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a position is older than the one before it")]
pub struct OutOfOrder;

impl StayFinder {
    /// A finder under `rule`.
    #[must_use]
    pub const fn new(rule: StayRule) -> Self {
        Self { rule, run: None }
    }

    /// Takes the next position; gives the stay that it ends.
    ///
    /// # Errors
    /// [`OutOfOrder`] for a time before the last one's; nothing changes.
    pub fn push(&mut self, at: Timestamp, position: Position) -> Result<Option<Stay>, OutOfOrder> {
        let begun = Run { first: position, from: at, to: at, sum: (0.0, 0.0), count: 0 };
        let Some(run) = &mut self.run else {
            self.run = Some(begun.with(position));
            return Ok(None);
        };
        if at < run.to {
            return Err(OutOfOrder);
        }
        let near = distance_m(run.first, position) <= self.rule.radius_m;
        if near && at.duration_since(run.to) <= self.rule.silence {
            *run = Run { to: at, ..run.with(position) };
            return Ok(None);
        }
        let ended = self.rule.stay(run);
        self.run = Some(begun.with(position));
        Ok(ended)
    }

    /// The time of the position with which the present run began.
    #[must_use]
    pub fn began(&self) -> Option<Timestamp> {
        self.run.map(|run| run.from)
    }

    /// The stay that the last position ends, if it is one.
    pub fn finish(&mut self) -> Option<Stay> {
        self.run.take().and_then(|run| self.rule.stay(&run))
    }
}

impl Run {
    fn with(self, at: Position) -> Self {
        let sum = (self.sum.0 + at.longitude, self.sum.1 + at.latitude);
        Self { sum, count: self.count.saturating_add(1), ..self }
    }
}

impl StayRule {
    fn stay(&self, run: &Run) -> Option<Stay> {
        let count = f64::from(run.count);
        (run.to.duration_since(run.from) >= self.least).then(|| Stay {
            from: run.from,
            to: run.to,
            position: Position { longitude: run.sum.0 / count, latitude: run.sum.1 / count },
            positions: run.count,
        })
    }
}

/// Metres between two positions on a sphere (haversine).
fn distance_m(a: Position, b: Position) -> f64 {
    let (from, to) = (a.latitude.to_radians(), b.latitude.to_radians());
    let north = ((to - from) / 2.0).sin();
    let east = ((b.longitude - a.longitude).to_radians() / 2.0).sin();
    let h = north * north + from.cos() * to.cos() * east * east;
    2.0 * EARTH_M * h.sqrt().min(1.0).asin()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A position so many metres north of a quay, so many seconds after noon.
    fn log(finder: &mut StayFinder, steps: &[(i64, f64)]) -> Vec<(i64, i64, u32)> {
        let noon: Timestamp = "2026-07-10T10:00:00Z".parse().unwrap();
        let mut stays = Vec::new();
        for (seconds, north_m) in steps {
            let at = noon + SignedDuration::from_secs(*seconds);
            let latitude = 58.36 + (north_m / EARTH_M).to_degrees();
            stays.extend(finder.push(at, Position { longitude: 11.22, latitude }).unwrap());
        }
        stays.extend(finder.finish());
        let since = |at: Timestamp| at.duration_since(noon).as_secs();
        stays.iter().map(|stay| (since(stay.from), since(stay.to), stay.positions)).collect()
    }

    #[test]
    fn whoever_stands_long_enough_has_stayed_and_whoever_drives_by_has_not() {
        let mut steps: Vec<(i64, f64)> = Vec::new();
        for n in 0..20_i32 {
            steps.push((i64::from(n) * 20, f64::from(n) * 200.0));
        }
        for n in 0..16_i32 {
            steps.push((400 + i64::from(n) * 20, 4_000.0 + f64::from(n % 3) * 20.0));
        }
        for n in 0..20_i32 {
            steps.push((720 + i64::from(n) * 20, 4_300.0 + f64::from(n) * 200.0));
        }
        assert_eq!(log(&mut StayFinder::default(), &steps), [(400, 700, 16)]);
    }

    #[test]
    fn a_long_silence_ends_a_stay() {
        let steps = [(0, 0.0), (400, 0.0), (1_400, 0.0), (1_500, 0.0)];
        assert_eq!(log(&mut StayFinder::default(), &steps), [(0, 400, 2)]);
    }

    #[test]
    fn a_position_from_before_is_refused_and_changes_nothing() {
        let mut finder = StayFinder::default();
        let at = |text: &str| text.parse::<Timestamp>().unwrap();
        let here = Position { longitude: 11.22, latitude: 58.36 };
        assert_eq!(finder.push(at("2026-07-10T10:05:00Z"), here), Ok(None));
        assert_eq!(finder.push(at("2026-07-10T10:00:00Z"), here), Err(OutOfOrder));
        assert_eq!(finder.push(at("2026-07-10T10:12:00Z"), here), Ok(None));
        let stay = finder.finish().unwrap();
        assert_eq!((stay.positions, stay.to), (2, at("2026-07-10T10:12:00Z")));
    }
}

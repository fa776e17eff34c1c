//! Scans for hot spots, each run once: kept by what they read, which is the
//! exposure and the cases of each cell. A visit, a note or a report that
//! counts nowhere changes neither.

use crate::app::Result;
use fyren_core::analysis::{Exposure, Hotcells, LEAST_CASES, ScanCluster, Scanner, Trials, Watch};
use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Scanners that are kept for each land: one of some thousand cells takes tens
/// of megabytes.
const SCANNERS: usize = 3;

/// Answers that are kept for each land.
const ANSWERS: usize = 16;

/// The scans of one land.
#[derive(Default)]
pub struct Scans {
    scanners: Mutex<VecDeque<Prepared>>,
    answers: Mutex<VecDeque<Answer>>,
}

/// The discs of an exposure.
struct Prepared {
    exposure: Exposure,
    max_share: f64,
    scanner: Arc<Scanner>,
}

/// What a scanner has found in the cases of each cell.
struct Answer {
    scanner: Arc<Scanner>,
    cases: Vec<u32>,
    trials: Trials,
    clusters: Arc<[ScanCluster]>,
}

impl Scans {
    /// The discs of an exposure: a second's work for some thousand cells, done
    /// once.
    pub fn scanner(&self, exposure: &Exposure, max_share: f64) -> Result<Arc<Scanner>> {
        let same = |known: &Prepared| {
            known.max_share.total_cmp(&max_share).is_eq() && known.exposure == *exposure
        };
        if let Some(known) = taken(&self.scanners, same, |known| Arc::clone(&known.scanner)) {
            return Ok(known);
        }
        // Prepared without the lock: it runs on all threads of the pool, and one
        // that waits for the others may take up a question that wants the lock.
        let scanner = Arc::new(exposure.scanner(max_share)?);
        let exposure = exposure.clone();
        let prepared = Prepared { exposure, max_share, scanner: Arc::clone(&scanner) };
        keep(&self.scanners, prepared, SCANNERS);
        Ok(scanner)
    }

    /// The clusters of a tested map, simulated unless the same cases have been
    /// scanned before.
    pub fn clusters(
        &self,
        scanner: &Arc<Scanner>,
        map: &Hotcells,
        trials: Trials,
        watch: Watch<'_>,
    ) -> Result<Arc<[ScanCluster]>> {
        let cases = map.cases(scanner.areas())?;
        let same = |known: &Answer| {
            Arc::ptr_eq(&known.scanner, scanner) && known.trials == trials && known.cases == cases
        };
        if let Some(known) = taken(&self.answers, same, |known| Arc::clone(&known.clusters)) {
            return Ok(known);
        }
        let found = scanner.scan(&cases, LEAST_CASES, trials, watch)?;
        let clusters: Arc<[ScanCluster]> = found.clusters.into();
        let scanner = Arc::clone(scanner);
        let answer = Answer { scanner, cases, trials, clusters: Arc::clone(&clusters) };
        keep(&self.answers, answer, ANSWERS);
        Ok(clusters)
    }
}

/// What is wanted of the entry that is meant, which becomes the latest used.
fn taken<T, U>(
    kept: &Mutex<VecDeque<T>>,
    meant: impl FnMut(&T) -> bool,
    wanted: impl FnOnce(&T) -> U,
) -> Option<U> {
    let mut kept = lock(kept);
    let at = kept.iter().position(meant)?;
    let entry = kept.remove(at)?;
    let found = wanted(&entry);
    kept.push_front(entry);
    Some(found)
}

fn keep<T>(kept: &Mutex<VecDeque<T>>, entry: T, most: usize) {
    let mut kept = lock(kept);
    kept.push_front(entry);
    kept.truncate(most);
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;
    use fyren_core::analysis::{Basis, HotRule, Sighting, hotcells, unwatched};
    use fyren_core::domain::{Plane, SourceTag};
    use fyren_core::plane::Grid;
    use std::cell::Cell;
    use std::ops::ControlFlow;

    fn exposure(weights: Vec<f64>) -> Exposure {
        let grid = Grid::new(Plane { east: 0.0, north: 0.0 }, 250.0, 6, 6).unwrap();
        Exposure::new(grid, weights, Basis::OwnHistory).unwrap()
    }

    fn map(exposure: &Exposure, corner: u64) -> Hotcells {
        let event = |number: u64| {
            let spread = f64::from(u32::try_from(number % 36).unwrap());
            let (east, north) =
                if number < corner { (0.0, 0.0) } else { (spread % 6.0, spread / 6.0) };
            Sighting {
                at: Plane { east: 125.0 + 250.0 * east, north: 125.0 + 250.0 * north.floor() },
                source: SourceTag::from_bits((number + 1) << 1),
                time: jiff::Timestamp::UNIX_EPOCH,
            }
        };
        let events: Vec<Sighting> = (0..80).map(event).collect();
        hotcells(&events, exposure, &HotRule::default()).unwrap()
    }

    #[test]
    fn the_same_cases_are_simulated_once_and_other_cases_or_discs_anew() {
        let scans = Scans::default();
        let trials = Trials { number: 19, seed: 1, enough: None };
        let runs = Cell::new(0);
        let ask = |exposure: &Exposure, corner| {
            let watch = |done: u32, _: u32| {
                runs.set(runs.get() + u32::from(done == 0));
                ControlFlow::Continue(())
            };
            let scanner = scans.scanner(exposure, 0.3).unwrap();
            let map = map(exposure, corner);
            let found = scans.clusters(&scanner, &map, trials, &watch).unwrap();
            let plain = map.clone().confirm(&scanner, &HotRule::default(), trials, &unwatched);
            let kept = map.confirmed_by(&found, &HotRule::default());
            assert_eq!(kept, plain.unwrap(), "kept or not, the answer is the same");
        };
        let even = exposure(vec![1.0; 36]);
        ask(&even, 20);
        ask(&even, 20);
        assert_eq!(runs.get(), 1);
        ask(&even, 21);
        assert_eq!(runs.get(), 2, "one more report in the corner");
        let uneven = exposure((1..=36u8).map(f64::from).collect());
        ask(&uneven, 20);
        assert_eq!(runs.get(), 3, "other people");
        ask(&even, 20);
        assert_eq!(runs.get(), 3, "the first map is still known");
    }
}

//! One busy reporter is one voice.

use super::Sighting;
use jiff::SignedDuration;
use rayon::prelude::*;

/// The events that count: of each source in each cell the first, and then the
/// first that is `repeat_days` or more after the last one kept.
pub(super) fn one_voice(
    events: &[Sighting],
    cells: &[Option<usize>],
    repeat_days: i64,
) -> Vec<usize> {
    let key = |index: usize| (cells[index], events[index].source, events[index].time);
    let mut order: Vec<usize> = (0..events.len()).filter(|&i| cells[i].is_some()).collect();
    order.par_sort_unstable_by_key(|&index| (key(index), index));
    let pause = SignedDuration::from_hours(24 * repeat_days);
    let mut kept: Vec<usize> = Vec::with_capacity(order.len());
    for index in order {
        let (cell, source, time) = key(index);
        let repeats = kept.last().is_some_and(|&last| {
            let (last_cell, last_source, last_time) = key(last);
            (last_cell, last_source) == (cell, source) && time.duration_since(last_time) < pause
        });
        if !repeats {
            kept.push(index);
        }
    }
    kept.sort_unstable();
    kept
}

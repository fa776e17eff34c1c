//! Logs of positions: where units stayed is kept, and of the track nothing.

use crate::place::{Work, job};
use fyren::app::ImportKind;
use fyren_core::domain::Context;
use jiff::{SignedDuration, Timestamp};
use std::fmt::Write as _;

/// A car that drives north, stands ten minutes at a quay, and drives on.
fn log() -> String {
    let start: Timestamp = "2026-07-10T20:00:00Z".parse().unwrap();
    let mut text = String::from("vehicle_id,at,lon,lat\n");
    let mut line = |minute: i64, latitude: f64| {
        let at = start + SignedDuration::from_mins(minute);
        writeln!(text, "7,{at},11.2494,{latitude}").unwrap();
    };
    for minute in 0..5 {
        line(minute, 58.34 + 0.004 * f64::from(u8::try_from(minute).unwrap()));
    }
    for minute in 5..16 {
        line(minute, 58.3614);
    }
    line(16, 58.37);
    line(15, 58.37);
    text
}

#[tokio::test]
async fn of_a_log_only_the_stays_are_kept() {
    let work = Work::with(&["1427"]).await;
    let (told, refused) =
        work.import_with(job(ImportKind::Tracks), log().as_bytes()).await.unwrap();
    assert_eq!((told.positions, told.read, told.stored, told.refused), (18, 2, 1, 1));
    assert_eq!((refused[0].line, refused[0].violation.to_string()), (19, "at: time_order".into()));
    let visits = work.visits(Context::Municipal).await;
    let [visit] = &visits[..] else { panic!("{visits:?}") };
    assert_eq!((visit.unit.as_str(), visit.minutes()), ("7", 10));
    let again = work.import(job(ImportKind::Tracks), log().as_bytes()).await.unwrap();
    assert_eq!((again.stored, again.known), (0, 1));
}

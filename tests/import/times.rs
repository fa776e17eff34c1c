//! Times in all their shapes.

use crate::support::{incidents, mapped};
use fyren_core::domain::{TimePrecision, When};
use jiff::Timestamp;

fn at(text: &str) -> When {
    incidents(&format!("tid;lat;lon\n{text};58.3;11.2\n")).draft(0).when
}

fn instant(text: &str, precision: TimePrecision) -> When {
    When::Instant { at: text.parse::<Timestamp>().unwrap(), precision }
}

#[test]
fn each_shape_of_a_time_is_read_in_the_zone_of_the_municipality() {
    let minute = instant("2026-07-10T20:30:00Z", TimePrecision::Minute);
    for text in [
        "2026-07-10T22:30:00+02:00",
        "2026-07-10T20:30Z",
        "2026-07-10T22:30+02:00",
        "2026-07-10 22:30",
        "2026-07-10 22:30:00",
        "2026-07-10T22:30",
        "10/7/2026 22:30",
        "10.07.2026 22:30",
        "10.7.2026 22.30",
        "2026/07/10 22:30:00",
        "2026-07-10 kl. 22.30",
    ] {
        assert_eq!(at(text), minute, "{text}");
    }
    let day = instant("2026-07-09T22:00:00Z", TimePrecision::Day);
    for text in ["2026-07-10", "20260710", "10/7/2026", "10.07.2026", "2026/07/10"] {
        assert_eq!(at(text), day, "{text}");
    }
    assert_eq!(at("2026-07"), instant("2026-06-30T22:00:00Z", TimePrecision::Month));
}

#[test]
fn a_time_that_cannot_be_read_becomes_unknown_and_is_counted() {
    let read = incidents(
        "tid;lat;lon\ni somras;58.3;11.2\n7/13/2026;58.3;11.2\n;58.3;11.2\n0001-01-01;58.3;11.2\n\
         2026-02-30;58.3;11.2\n",
    );
    assert!((0..5).all(|row| read.draft(row).when == When::Unknown));
    assert_eq!((read.findings.unknown_times, read.findings.unreadable_times), (5, 4));
    assert_eq!(read.findings.unreadable_lines, [2, 3, 5, 6]);
}

#[test]
fn the_hour_that_summer_time_skips_or_repeats_is_counted_and_known_to_the_hour() {
    let read = incidents(
        "tid;lat;lon\n2026-03-29 02:30;58.3;11.2\n2026-10-25 02:30;58.3;11.2\n\
         2026-10-25T02:30+01:00;58.3;11.2\n",
    );
    // Skipped: an hour is added, 02:30 becomes 03:30 summer time.
    assert_eq!(read.draft(0).when, instant("2026-03-29T01:30:00Z", TimePrecision::Hour));
    // Repeated: the first of the two, still summer time.
    assert_eq!(read.draft(1).when, instant("2026-10-25T00:30:00Z", TimePrecision::Hour));
    // An offset leaves nothing to guess.
    assert_eq!(read.draft(2).when, instant("2026-10-25T01:30:00Z", TimePrecision::Minute));
    let findings = &read.findings;
    assert_eq!((findings.gap_times, findings.overlap_times), (1, 1));
    assert_eq!(findings.shifted_lines, [2, 3]);
}

#[test]
fn from_and_to_are_a_span_and_a_last_day_counts_whole() {
    let read = incidents(
        "från;till;lat;lon\n2026-07-10 20:00;2026-07-10 23:00;58.3;11.2\n\
         2026-07-10;2026-07-12;58.3;11.2\n2026-07-10;2026-07-10;58.3;11.2\n\
         2026-07-10 20:00;;58.3;11.2\n2026-07-10 20:00;2026-07-10 19:00;58.3;11.2\n",
    );
    let span = |from: &str, to: &str| When::Interval {
        from: from.parse().unwrap(),
        to: to.parse().unwrap(),
    };
    assert_eq!(read.draft(0).when, span("2026-07-10T18:00:00Z", "2026-07-10T21:00:00Z"));
    assert_eq!(read.draft(1).when, span("2026-07-09T22:00:00Z", "2026-07-12T22:00:00Z"));
    assert_eq!(read.draft(2).when, instant("2026-07-09T22:00:00Z", TimePrecision::Day));
    assert_eq!(read.draft(3).when, instant("2026-07-10T18:00:00Z", TimePrecision::Minute));
    assert_eq!(read.draft(4).when, When::Unknown);
    assert_eq!((read.findings.reversed_spans, &read.findings.reversed_lines[..]), (1, &[6][..]));
}

#[test]
fn a_date_and_a_time_of_day_in_two_columns_belong_together() {
    let read = incidents("Datum;Tid;lat;lon\n2026-07-10;22:30;58.3;11.2\n");
    assert_eq!(read.guessed()[0], "at=Datum+Tid");
    assert_eq!(read.draft(0).when, instant("2026-07-10T20:30:00Z", TimePrecision::Minute));
    let read = mapped("d;k;lat;lon\n2026-07-10;22.30;58.3;11.2\n", &["at=d+k"]).unwrap();
    assert_eq!(read.draft(0).when, instant("2026-07-10T20:30:00Z", TimePrecision::Minute));
}

fn many(clock: impl Fn(usize) -> String) -> String {
    let row = |i: usize| format!("2026-06-{:02} {};58.3;11.2\n", i % 28 + 1, clock(i));
    format!("tid;lat;lon\n{}", (0..240).map(row).collect::<String>())
}

#[test]
fn a_file_whose_times_are_all_midnight_knows_only_days() {
    let read = incidents(&many(|_| "00:00".to_owned()));
    assert_eq!(read.draft(0).when.precision(), TimePrecision::Day);
    assert!(read.findings.clock.defaults().is_empty());
}

#[test]
fn a_file_whose_times_are_all_full_hours_knows_only_hours() {
    let read = incidents(&many(|i| format!("{:02}:00", i % 24)));
    assert_eq!(read.draft(0).when.precision(), TimePrecision::Hour);
    assert!(read.findings.clock.defaults().is_empty());
}

#[test]
fn a_pile_at_midnight_or_noon_is_told_with_what_was_to_be_expected() {
    let read = incidents(&many(|i| match i % 4 {
        0 => "00:00".to_owned(),
        1 => "12:00".to_owned(),
        _ => format!("{:02}:{:02}", i % 24, i % 60),
    }));
    let piles = read.findings.clock.defaults();
    let told: Vec<_> = piles.iter().map(|found| found.pile.code()).collect();
    assert_eq!(told, ["00:00", "12:00"]);
    assert!(piles.iter().all(|pile| pile.rows >= 60 && pile.expected < 10));
    assert_eq!((&piles[0].lines[..2], &piles[1].lines[..2]), (&[2, 6][..], &[3, 7][..]));
}

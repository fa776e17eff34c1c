//! The report of an import in lines for people.

use crate::app::ImportReport;

/// Refusals that are told on the screen; the rest is in the file.
const SHOWN: usize = 20;

/// The report, line by line.
pub fn lines(report: &ImportReport) -> Vec<String> {
    let mut lines = vec![
        counts(report),
        format!("  file       {}, {}", report.format, report.encoding),
        format!("  columns    {}", columns(report)),
    ];
    if !report.unused_columns.is_empty() {
        lines.push(format!("  unused     {}", report.unused_columns.join(", ")));
    }
    let assumed = if report.times.zone_assumed { " (assumed; --time-zone)" } else { "" };
    lines.push(format!("  time zone  {}{assumed}", report.times.zone));
    let order = if report.crs.north_first { ", north first" } else { "" };
    let crs = &report.crs;
    lines.push(format!("  crs        {} {}{order}: {}", crs.code, crs.name, crs.decided));
    if let Some(id) = &report.import {
        lines.push(format!("  import     {id} (fyren import undo {id} takes it back)"));
    }
    lines.extend(times(report));
    lines.extend(places(report));
    lines.extend(words(report));
    lines.extend(refusals(report));
    lines
}

fn counts(report: &ImportReport) -> String {
    let stored = if report.dry_run { "could be stored" } else { "stored" };
    format!(
        "{} {stored}, {} known, {} refused of {} {} read ({}, {})",
        report.stored,
        report.known,
        report.refused,
        report.read,
        report.kind,
        report.dataset,
        report.municipality
    )
}

fn columns(report: &ImportReport) -> String {
    let named = report.columns.iter().map(|(target, column)| format!("{target}={column}"));
    named.collect::<Vec<_>>().join(" ")
}

fn times(report: &ImportReport) -> Vec<String> {
    let times = &report.times;
    let mut lines = Vec::new();
    let mut tell = |count: u64, text: &str, at: &[u64]| {
        if count > 0 {
            lines.push(format!("  times      {count} {text}{}", first_lines(at)));
        }
    };
    tell(times.unknown, "rows without a known time", &[]);
    tell(times.unreadable, "could not be read", &times.unreadable_lines);
    tell(times.reversed_spans, "spans end before they begin", &times.reversed_lines);
    let shifted = &times.summer_time_lines;
    tell(times.summer_time_gap, "in the hour that summer time skips, an hour added", shifted);
    tell(times.summer_time_overlap, "in the hour that comes twice, the first taken", shifted);
    tell(times.assumed_minutes, "visits without an end, taken as one minute", &[]);
    match times.grain {
        "day" => lines.push("  times      all midnight, so only the days are known".to_owned()),
        "hour" => lines.push("  times      all full hours, so no minutes are known".to_owned()),
        _ => {}
    }
    for pile in &times.look_like_defaults {
        let time = match pile.time {
            "first_of_month" => "on the first of a month",
            "first_of_year" => "on the first of January",
            clock => &format!("at {clock}"),
        };
        lines.push(format!(
            "  times      {} {time}, where those beside it let expect {}: it looks like a \
             default{}",
            pile.rows,
            pile.expected,
            first_lines(&pile.lines)
        ));
    }
    lines
}

fn places(report: &ImportReport) -> Vec<String> {
    let places = &report.places;
    let mut lines = Vec::new();
    let mut tell = |count: u64, text: String| {
        if count > 0 {
            lines.push(format!("  places     {count} {text}"));
        }
    };
    tell(places.outside, "outside the municipality".to_owned());
    tell(places.swapped, "with longitude and latitude exchanged".to_owned());
    tell(places.coarse, "known no better than the municipality, kept as its area".to_owned());
    let metres = places.assumed_precision_m;
    tell(places.assumed_precision, format!("without a precision, taken as {metres} m"));
    tell(places.on_water, "far out on water".to_owned());
    let piles = [
        (places.repeated, "points repeated far more than the others:", &places.repeated_points),
        (places.outliers, "points far from all others:", &places.outlying_points),
    ];
    for (number, what, points) in piles.into_iter().filter(|(number, ..)| *number > 0) {
        lines.push(format!("  places     {number} {what}"));
        for point in points {
            lines.push(format!(
                "             {} rows ({:.1} %) at {:.5}, {:.5}, first in line {}",
                point.rows,
                100.0 * point.share,
                point.longitude,
                point.latitude,
                point.line
            ));
        }
    }
    lines
}

fn words(report: &ImportReport) -> Vec<String> {
    let mut lines = Vec::new();
    if !report.foreign_categories.is_empty() {
        let words = report.foreign_categories.iter().map(|(word, rows)| format!("{word} ({rows})"));
        let words = words.collect::<Vec<_>>().join(", ");
        lines.push(format!("  categories not known here, kept as they are: {words}"));
    }
    if report.shortened_texts > 0 {
        lines.push(format!("  texts      {} too long, shortened", report.shortened_texts));
    }
    lines
}

fn refusals(report: &ImportReport) -> Vec<String> {
    let told = report.refusals.iter().take(SHOWN);
    let mut lines: Vec<String> = told
        .map(|refusal| format!("  line {}: {}: {}", refusal.line, refusal.field, refusal.rule))
        .collect();
    let further = report.refused.saturating_sub(lines.len() as u64);
    if further > 0 {
        lines.push(format!("  and {further} more"));
    }
    if let Some(file) = &report.refused_file {
        lines.push(format!("  refused rows are in {file}"));
    }
    lines
}

fn first_lines(lines: &[u64]) -> String {
    if lines.is_empty() {
        return String::new();
    }
    let lines: Vec<String> = lines.iter().map(ToString::to_string).collect();
    format!(" (lines {} …)", lines.join(", "))
}

//! `fyren analyse dbscan`: points that lie close together.

use super::answer::{Answer, Rows};
use super::numbers::positive;
use super::points::Points;
use super::{Failure, Frame, params, refused_of};
use crate::app::analytics::Limit;
use fyren_core::analysis::{Dated, dbscan, st_dbscan};
use std::path::PathBuf;

/// Arguments of `fyren analyse dbscan`.
#[derive(Debug, clap::Args)]
#[command(after_help = "Labels count from 0 for the group with the most points; -1 is noise.\n\n\
Example:\n  fyren analyse dbscan --points data/examples/points.csv --eps-m 150 --min-pts 5")]
pub struct Args {
    /// Points: `x,y`, and `day` with --days.
    #[arg(long, value_name = "FILE")]
    points: PathBuf,
    /// Points at most this far apart are near.
    #[arg(long, value_name = "METRES", default_value_t = 150.0, value_parser = positive)]
    eps_m: f64,
    /// Points near a core point, itself counted.
    #[arg(long, value_name = "N", default_value_t = 5, value_parser = clap::value_parser!(u32).range(1..))]
    min_pts: u32,
    /// Points must also lie within so many days of each other (ST-DBSCAN).
    #[arg(long, value_name = "DAYS", value_parser = positive)]
    days: Option<f64>,
}

/// Groups the points.
pub fn answer(args: &Args, frame: &Frame<'_>) -> Result<Answer, Failure> {
    let points = Points::read(&args.points, frame)?;
    let min_points = args.min_pts as usize;
    let found = match args.days {
        None => dbscan(&points.places, args.eps_m, min_points),
        Some(days) => {
            let dated: Vec<Dated> = points.dated()?;
            st_dbscan(&dated, args.eps_m, days, min_points)
        }
    }
    .map_err(refused_of(&args.points))?;
    let ids = points.ids()?;
    let mut columns = vec!["label", "core"];
    columns.splice(0..0, ids.is_some().then_some("id"));
    let mut rows = Rows::new(columns);
    for (row, &at) in points.places.iter().enumerate() {
        let label = found.labels[row].map_or(-1, i64::from);
        let mut values = vec![label.into(), found.core[row].into()];
        values.splice(0..0, ids.as_ref().map(|ids| ids[row].clone()));
        rows.push_at(at, values);
    }
    let mut limits = points.doubts(frame);
    limits.push(Limit::new("grouping_not_inference", "a busy place has groups by chance too"));
    let params = params! {
        "epsM": args.eps_m, "minPts": args.min_pts, "days": args.days, "groups": found.groups,
    };
    let n = points.places.len();
    Ok(Answer { method: "dbscan", params, n, seed: None, limits, rows })
}

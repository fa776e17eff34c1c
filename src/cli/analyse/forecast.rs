//! `fyren analyse forecast-quality`: how well yesterday's map foretells
//! tomorrow's events.

use super::answer::{Answer, Rows};
use super::numbers::positive;
use super::points::Points;
use super::{Failure, Frame, params, refused, refused_of};
use crate::app::analytics::Limit;
use fyren_core::analysis::forecast::{ForecastDomain, ForecastQuality, Hindcast, baselines};
use fyren_core::domain::Violation;
use fyren_core::plane::{Extent, Grid};
use serde_json::Value;
use std::path::PathBuf;

/// Arguments of `fyren analyse forecast-quality`.
#[derive(Debug, clap::Args)]
#[command(after_help = "Two simple maps are looked at: the counts of the year before, and their \
density (Gaussian of 250 m). The domain is every cell that ever had an event, with the cells \
around it.\n\nExample:\n  fyren analyse forecast-quality --points data/examples/points.csv \
--origins 6 --history-days 120")]
pub struct Args {
    /// Events: `x,y,day`.
    #[arg(long, value_name = "FILE")]
    points: PathBuf,
    /// Days foretold from each origin.
    #[arg(long, value_name = "DAYS", default_value_t = 30.0, value_parser = positive)]
    horizon_days: f64,
    /// Origins, thirty days apart, the last one a horizon before the end.
    #[arg(long, default_value_t = 12, value_parser = clap::value_parser!(u32).range(3..=1000))]
    origins: u32,
    /// Days before an origin that a map may look at.
    #[arg(long, value_name = "DAYS", default_value_t = 365.0, value_parser = positive)]
    history_days: f64,
    /// Edge of a cell.
    #[arg(long, value_name = "METRES", default_value_t = 250.0, value_parser = positive)]
    cell_m: f64,
}

/// Measures the two maps.
pub fn answer(args: &Args, frame: &Frame<'_>) -> Result<Answer, Failure> {
    let points = Points::read(&args.points, frame)?;
    let events = points.dated()?;
    let domain = domain(&points, args.cell_m)?;
    let last = events.iter().map(|event| event.day).fold(f64::NEG_INFINITY, f64::max);
    let plan = Hindcast {
        origins: args.origins,
        history_days: args.history_days,
        ..Hindcast::monthly(last.floor() + 1.0, args.horizon_days)
    };
    let mut limits = points.doubts(frame);
    let found = match baselines(&events, &domain, &plan) {
        Err(few) if few == Violation::new("points", "too_small") => {
            let said = "fewer than three horizons have events before and after their origin";
            limits.push(Limit::new("horizons_below_least", said));
            Vec::new()
        }
        found => found.map_err(refused_of(&args.points))?,
    };
    let mut rows = Rows::new(vec![
        "model",
        "share",
        "hitRate",
        "hitRateLow",
        "hitRateHigh",
        "pai",
        "paiLow",
        "paiHigh",
        "pei",
        "rri",
        "rriPredicted",
        "logScore",
        "logScoreLow",
        "logScoreHigh",
    ]);
    let (mut origins, mut foretold) = (0, 0);
    for (model, quality) in &found {
        (origins, foretold) = (quality.origins, quality.events);
        push(&mut rows, model.code(), quality);
    }
    let said = "the domain is made of the events themselves: compare maps with each other only";
    limits.push(Limit::new("domain_from_events", said));
    let params = params! {
        "horizonDays": args.horizon_days, "origins": origins, "historyDays": args.history_days,
        "cellM": args.cell_m, "cells": domain.cells().len(), "foretold": foretold,
        "rri": "Levine",
    };
    let n = events.len();
    Ok(Answer { method: "forecast-quality", params, n, seed: None, limits, rows })
}

fn push(rows: &mut Rows, model: &'static str, found: &ForecastQuality) {
    let score = found.log_score;
    for quality in &found.shares {
        let numbers = [
            quality.share,
            quality.hit_rate.value,
            quality.hit_rate.low,
            quality.hit_rate.high,
            quality.pai.value,
            quality.pai.low,
            quality.pai.high,
            quality.pei.value,
            quality.rri_levine.value,
            quality.rri_predicted.value,
            score.value,
            score.low,
            score.high,
        ];
        let numbers = numbers.map(Value::from);
        rows.push([Value::from(model)].into_iter().chain(numbers).collect());
    }
}

/// Every cell that ever had an event, with the cells around it.
fn domain(points: &Points, cell_m: f64) -> Result<ForecastDomain, Failure> {
    let extent = Extent::of_points(points.places.iter().copied())
        .ok_or_else(|| anyhow::anyhow!("no event"))?;
    let grid = Grid::covering(extent.grown(cell_m), cell_m).map_err(refused)?;
    let mut areas = vec![0.0; grid.len()];
    for cell in points.places.iter().filter_map(|&at| grid.cell_of(at)) {
        for near in grid.neighbours(cell).chain([cell]) {
            areas[near] = grid.cell_km2();
        }
    }
    let nobody = vec![0.0; grid.len()];
    ForecastDomain::new(grid, &areas, &nobody).map_err(Failure::new)
}

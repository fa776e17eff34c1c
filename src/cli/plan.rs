//! `fyren plan`: rounds that reach every district, with the reason of each stop.

use super::{Failure, WrongUsage, open, print_json, print_line};
use crate::{
    app::{
        App, Error,
        plan_patrol::{KeptView, PlaceAsked, Plan, PlanQuestion, ShiftDraft},
    },
    config::StoreArgs,
    encode::{calendar, gpx},
    http::{
        api::plan_tour::PlanWanted, api::plan_views::PlanView, language::Language, plan_sheet,
        plan_words,
    },
};
use anyhow::Context;
use jiff::tz::TimeZone;
use std::path::{Path, PathBuf};

/// Arguments of `fyren plan`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Code of the municipality.
    #[arg(long, value_name = "CODE")]
    municipality: String,
    /// A shift: unit, begin and end in local time, such as
    /// `A=2026-12-01T14:00/2026-12-01T22:00`; once for each.
    #[arg(long, value_name = "UNIT=FROM/TO")]
    shift: Vec<String>,
    /// How the units move: foot, bicycle, car, boat or `mobile_office`.
    #[arg(long, default_value = "car")]
    mode: String,
    /// Identity of the named place where shifts begin and end; the largest without.
    #[arg(long, value_name = "PLACE")]
    base: Option<String>,
    /// Minutes of the break of each shift.
    #[arg(long, default_value_t = 0)]
    break_min: u32,
    /// Minutes of a visit.
    #[arg(long, default_value_t = 12)]
    stop_min: u32,
    /// Visits that each district gets at least.
    #[arg(long, default_value_t = 1)]
    floor: u32,
    /// Same seed, same plan; drawn and told where none is given.
    #[arg(long)]
    seed: Option<u32>,
    /// The whole question as the interface takes it, instead of the above: a JSON file.
    #[arg(long, value_name = "FILE", conflicts_with = "shift")]
    question: Option<PathBuf>,
    /// Writes the plan to a file as its ending says: `.pdf` (the sheet), `.gpx`,
    /// `.ics` or `.geojson`; may be given more than once.
    #[arg(long, value_name = "FILE")]
    output: Vec<PathBuf>,
    /// Language of the reasons: sv or en.
    #[arg(long, default_value = "sv", value_parser = ["sv", "en"])]
    language: String,
    #[command(flatten)]
    store: StoreArgs,
}

/// Does what was asked.
pub async fn run(args: Args) -> Result<(), Failure> {
    let question = question(&args)?;
    let formats = args.output.iter().map(|path| Format::of(path));
    let formats: Vec<Format> = formats.collect::<Result<_, WrongUsage>>()?;
    let app = open(&args.store).await?;
    let drawn = async {
        let ground = app.ground(&args.municipality).await?;
        let zone = ground.zone.clone();
        app.draw_plan(&ground, question).await.map(|plan| (plan, zone))
    };
    let drawn = drawn.await;
    let written = match &drawn {
        Ok((plan, _)) if !formats.is_empty() => write(&app, &args, &formats, plan).await,
        _ => Ok(()),
    };
    app.close().await;
    written?;
    match drawn {
        Ok((plan, _)) if args.store.json => {
            print_json(&serde_json::to_value(PlanView::new(&plan))?)
        }
        Ok((plan, zone)) => tell(&plan, &zone, &args),
        Err(Error::Infeasible(nearest)) => refuse(&nearest, &args),
        Err(other) => Err(other.into()),
    }
}

/// How a plan is written to a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Format {
    Pdf,
    Gpx,
    Ics,
    GeoJson,
}

impl Format {
    fn of(path: &Path) -> Result<Self, WrongUsage> {
        let ending = path.extension().and_then(|ending| ending.to_str()).unwrap_or_default();
        match ending.to_ascii_lowercase().as_str() {
            "pdf" => Ok(Self::Pdf),
            "gpx" => Ok(Self::Gpx),
            "ics" => Ok(Self::Ics),
            "geojson" | "json" => Ok(Self::GeoJson),
            _ => Err(WrongUsage(format!(
                "--output: {} ends in none of .pdf, .gpx, .ics, .geojson",
                path.display()
            ))),
        }
    }
}

async fn write(app: &App, args: &Args, formats: &[Format], plan: &Plan) -> Result<(), Failure> {
    let language = Language::parse(&args.language).unwrap_or_default();
    let ground = app.ground(&args.municipality).await?;
    let now = app.clock.now();
    let view = KeptView::unkept(plan.clone(), ground.code().clone(), now);
    let name = format!("{} {}", language.text("plan.title"), plan.from);
    for (path, format) in args.output.iter().zip(formats) {
        let outings = || plan_sheet::outings(language, &view, None);
        let bytes = match format {
            Format::Pdf => {
                app.print_sheet(plan_sheet::sheet(language, &ground, &view, None)).await?
            }
            Format::Gpx => gpx(&name, now, &outings())?,
            Format::Ics => calendar(&name, now, &outings()).into_bytes(),
            Format::GeoJson => serde_json::to_vec(&PlanView::new(plan))?,
        };
        std::fs::write(path, bytes).with_context(|| path.display().to_string())?;
    }
    Ok(())
}

fn question(args: &Args) -> Result<PlanQuestion, Failure> {
    if let Some(path) = &args.question {
        let bytes = std::fs::read(path).with_context(|| path.display().to_string())?;
        let wanted: PlanWanted =
            serde_json::from_slice(&bytes).with_context(|| path.display().to_string())?;
        return Ok(wanted.into());
    }
    let base =
        args.base.clone().map(|id| PlaceAsked { locality_id: Some(id), ..Default::default() });
    let shift = |text: &String| {
        let parts = text
            .split_once('=')
            .and_then(|(unit, span)| span.split_once('/').map(|(from, to)| (unit, from, to)));
        let (unit, from, to) =
            parts.ok_or_else(|| WrongUsage(format!("--shift: {text} is not UNIT=FROM/TO")))?;
        Ok(ShiftDraft {
            unit: unit.to_owned(),
            from: from.to_owned(),
            to: to.to_owned(),
            base: base.clone(),
            mode: Some(args.mode.clone()),
            break_min: args.break_min,
            speed_kmh: None,
        })
    };
    Ok(PlanQuestion {
        shifts: args.shift.iter().map(shift).collect::<Result<_, WrongUsage>>()?,
        stop_min: args.stop_min,
        floor: args.floor,
        seed: args.seed,
        ..PlanQuestion::default()
    })
}

fn tell(plan: &Plan, zone: &TimeZone, args: &Args) -> Result<(), Failure> {
    let language = Language::parse(&args.language).unwrap_or_default();
    print_line(&format!("seed {}", plan.question.seed.unwrap_or_default()))?;
    for round in &plan.rounds {
        print_line("")?;
        print_line(&format!("{}  {}", round.unit, plan_words::shift(language, round, zone)))?;
        for row in plan_sheet::rows(language, zone, plan, round) {
            let said = [row.time, row.mark, row.place, row.reason];
            let said: Vec<String> = said.into_iter().filter(|part| !part.is_empty()).collect();
            print_line(&said.join("  "))?;
        }
        if let Some(idle) = plan_words::idle_why(language, plan, round) {
            print_line(&idle)?;
        }
    }
    print_line("")?;
    for limit in &plan.limits {
        print_line(&plan_words::limit(language, limit))?;
    }
    Ok(())
}

/// Says which floors are not met, and with `--json` the nearest plan.
fn refuse(nearest: &Plan, args: &Args) -> Result<(), Failure> {
    if args.store.json {
        print_json(&serde_json::to_value(PlanView::new(nearest))?)?;
    }
    let why = nearest.unmet.iter().map(|unmet| {
        let reach = if unmet.out_of_reach { "out of reach" } else { "the shifts are too short" };
        format!("{} ({}): {} missing, {reach}", unmet.name, unmet.field, unmet.missing)
    });
    let why = why.collect::<Vec<_>>().join("; ");
    Err(anyhow::anyhow!("no plan meets every floor: {why}"))
}

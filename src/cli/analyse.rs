//! `fyren analyse`: the methods on files, for analysts and for whoever wants
//! to check us. Opens no store.

mod answer;
mod areas;
mod dbscan;
mod density;
mod eb;
mod evaluate;
mod forecast;
mod gistar;
mod ground;
mod knox;
mod local_poisson;
mod numbers;
mod points;
mod scan;
mod sites;
mod st_scan;
mod table;

use super::{Failure, WrongUsage};
use answer::Format;
use clap::Subcommand;
use fyren_core::analysis::Trials;
use fyren_core::domain::Violation;
use ground::Ground;
use std::path::{Path, PathBuf};

/// Arguments of `fyren analyse`.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    method: Method,
    #[command(flatten)]
    common: Common,
}

/// What holds for every method.
#[derive(Debug, clap::Args)]
struct Common {
    /// What x and y are: `plane` is metres; EPSG:4326 is longitude and latitude, which are
    /// put into the plane that suits them.
    #[arg(long, global = true, default_value = "plane", value_name = "plane|EPSG:…")]
    crs: String,
    /// Simulations behind a p-value.
    #[arg(long, global = true, default_value_t = 999, value_parser = clap::value_parser!(u32).range(1..=99_999))]
    nsim: u32,
    /// What decides everything that is left to chance.
    #[arg(long, global = true, default_value_t = 1)]
    seed: u64,
    /// File for the answer; standard output where it is not given, or `-`.
    #[arg(long, global = true, value_name = "FILE")]
    out: Option<PathBuf>,
    /// How the answer is written.
    #[arg(long, global = true, value_enum, default_value_t = Format::Json)]
    format: Format,
}

#[derive(Debug, Subcommand)]
enum Method {
    /// Kernel density: how many events a square kilometre has.
    Density(density::Args),
    /// Local window test: where are more events than expected?
    LocalPoisson(local_poisson::Args),
    /// Rates drawn toward the mean, the more the less they rest on.
    Eb(eb::Args),
    /// Gi*: do high values lie beside each other? For comparison with other tools.
    Gistar(gistar::Args),
    /// Scan: is there a disc with more cases than its exposure explains?
    Scan(scan::Args),
    /// Space-time scan: where have events become more frequent of late?
    StScan(st_scan::Args),
    /// Groups of points that lie close together.
    Dbscan(dbscan::Args),
    /// Near repeats: do events follow each other closely in place and time?
    Knox(knox::Args),
    /// Where to stand so that most is within reach.
    Sites(sites::Args),
    /// Did it work? Difference in differences, weighted displacement difference.
    Evaluate(evaluate::Args),
    /// How well yesterday's map foretells tomorrow's events.
    ForecastQuality(forecast::Args),
    /// The exact 95 % interval behind a count.
    Interval(numbers::IntervalArgs),
    /// Two counts beside each other: ratio, interval and p.
    Compare(numbers::CompareArgs),
}

/// What a method reads with.
struct Frame<'a> {
    ground: &'a Ground,
    nsim: u32,
    seed: u64,
}

impl Frame<'_> {
    /// The simulations that were asked for, all of them.
    const fn trials(&self) -> Trials {
        Trials { number: self.nsim, seed: self.seed, enough: None }
    }
}

/// Does what was asked.
pub fn run(args: &Args) -> Result<(), Failure> {
    let ground = Ground::parse(&args.common.crs)?;
    let frame = Frame { ground: &ground, nsim: args.common.nsim, seed: args.common.seed };
    let mut answer = match &args.method {
        Method::Density(args) => density::answer(args, &frame),
        Method::LocalPoisson(args) => local_poisson::answer(args, &frame),
        Method::Eb(args) => eb::answer(args, &frame),
        Method::Gistar(args) => gistar::answer(args, &frame),
        Method::Scan(args) => scan::answer(args, &frame),
        Method::StScan(args) => st_scan::answer(args, &frame),
        Method::Dbscan(args) => dbscan::answer(args, &frame),
        Method::Knox(args) => knox::answer(args, &frame),
        Method::Sites(args) => sites::answer(args, &frame),
        Method::Evaluate(args) => evaluate::answer(args, &frame),
        Method::ForecastQuality(args) => forecast::answer(args, &frame),
        Method::Interval(args) => Ok(numbers::interval(args)),
        Method::Compare(args) => numbers::compare(args),
    }?;
    answer.params.insert("crs".to_owned(), args.common.crs.as_str().into());
    if ground.is_geographic() {
        answer.params.insert("plane".to_owned(), ground.plane().into());
    }
    answer.write(args.common.format, &ground, args.common.out.as_deref())
}

/// A parameter that the core refuses is wrong usage, told by its flag:
/// `maxShare` is `--max-share`.
#[expect(clippy::needless_pass_by_value, reason = "errors are handed over by value")]
fn refused(violation: Violation) -> WrongUsage {
    let mut flag = String::from("--");
    for letter in violation.field.chars() {
        flag.extend(letter.is_ascii_uppercase().then_some('-'));
        flag.push(letter.to_ascii_lowercase());
    }
    WrongUsage(format!("{flag}: {}", violation.rule))
}

/// What the core refuses of a file's method: what its rows are made of refuses
/// the file, all else is a parameter.
fn refused_of(file: &Path) -> impl Fn(Violation) -> Failure {
    const OF_ROWS: [&str; 8] =
        ["areas", "count", "exposure", "expected", "periods", "points", "treated", "value"];
    move |violation| {
        if OF_ROWS.contains(&violation.field.as_str()) {
            anyhow::anyhow!("{}: {violation}", file.display())
        } else {
            refused(violation).into()
        }
    }
}

/// Parameters as the answer repeats them.
macro_rules! params {
    ($($name:literal: $value:expr),* $(,)?) => {{
        let mut params = serde_json::Map::new();
        $(params.insert($name.to_owned(), serde_json::json!($value));)*
        params
    }};
}
use params;

//! `fyren analyse evaluate`: did it work?

use super::answer::{Answer, Rows};
use super::table::Table;
use super::{Failure, Frame, params, refused_of};
use crate::app::analytics::{Limit, Minimum};
use fyren_core::analysis::evaluate::{
    BeforeAfter, Effect, PanelRow, WddAreas, difference_in_differences, wdd,
};
use fyren_core::domain::Violation;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

/// Arguments of `fyren analyse evaluate`.
#[derive(Debug, clap::Args)]
#[command(after_help = "The panel is `area,month,treated,post,y`: treated and post are 0 or 1, y \
is a count, months may be called anything. For wdd, areas around that trouble may have moved to are marked by a further column \
`displacement` with 1.\n\nExamples:\n  fyren analyse evaluate did --panel data/examples/panel.csv\n  \
fyren analyse evaluate wdd --panel data/examples/panel.csv")]
pub struct Args {
    /// The design.
    #[arg(value_enum)]
    design: Design,
    /// Counts by area and month.
    #[arg(long, value_name = "FILE")]
    panel: PathBuf,
}

/// A design by its name.
#[derive(Debug, Clone, Copy, clap::ValueEnum)]
enum Design {
    /// Weighted displacement difference: the change in counts a period, less that of the control.
    Wdd,
    /// Difference in differences: the logarithm of the ratio by which the treated changed more.
    Did,
}

/// The panel.
struct Panel {
    rows: Vec<PanelRow>,
    /// Whether a row is about an area around.
    around: Vec<bool>,
}

/// Evaluates the panel.
pub fn answer(args: &Args, frame: &Frame<'_>) -> Result<Answer, Failure> {
    let panel = Panel::read(&Table::read(&args.panel)?)?;
    let refused = refused_of(&args.panel);
    match args.design {
        Design::Did => panel.did(frame.seed, refused),
        Design::Wdd => panel.wdd(refused),
    }
}

impl Panel {
    fn read(table: &Table) -> Result<Self, Failure> {
        let flag = |name: &str| -> Result<Vec<bool>, Failure> {
            let column = table.column(name)?;
            let yes = |(row, text): (usize, &str)| match text {
                "0" => Ok(false),
                "1" => Ok(true),
                other => Err(column.refuse(row, "not_0_or_1", other).into()),
            };
            column.texts()?.into_iter().enumerate().map(yes).collect()
        };
        let areas = table.column("area")?.texts()?;
        let months = table.column("month")?.texts()?;
        // A month is only told from others: `7` and `2024-07` are as good.
        let periods: BTreeSet<&str> = months.iter().copied().collect();
        let periods: BTreeMap<&str, i64> = periods.into_iter().zip(0..).collect();
        let (treated, post) = (flag("treated")?, flag("post")?);
        let around = match table.optional("displacement") {
            Some(_) => flag("displacement")?,
            None => vec![false; table.len()],
        };
        let mut known = BTreeMap::new();
        let mut rows = Vec::new();
        for (row, count) in table.column("y")?.counts()?.into_iter().enumerate() {
            let next = known.len() as u64;
            rows.push(PanelRow {
                area: *known.entry(areas[row]).or_insert(next),
                period: periods[months[row]],
                treated: treated[row],
                post: post[row],
                count: u64::from(count),
            });
        }
        Ok(Self { rows, around })
    }

    fn did(self, seed: u64, refused: impl Fn(Violation) -> Failure) -> Result<Answer, Failure> {
        let found = difference_in_differences(&self.rows, seed).map_err(refused)?;
        let mut columns = EFFECT.to_vec();
        columns.extend(["ratio", "seCluster", "dispersion"]);
        let mut rows = Rows::new(columns);
        let mut values = effect(&found.effect);
        values.extend([found.ratio, found.se_cluster, found.dispersion].map(Value::from));
        rows.push(values);
        let mut limits: Vec<Limit> = Minimum::DIFFERENCES.unmet(found.areas).into_iter().collect();
        if found.dispersion > 1.5 {
            let said = "counts are burstier than Poisson; the interval is widened";
            limits.push(Limit::new("overdispersed", said));
        }
        let params = params! {
            "design": "did", "scale": "log ratio", "inference": found.inference.code(),
            "arrangements": found.arrangements, "areas": found.areas,
        };
        let seed = (found.arrangements > 0).then_some(seed);
        Ok(Answer { method: "evaluate", params, n: self.rows.len(), seed, limits, rows })
    }

    fn wdd(self, refused: impl Fn(Violation) -> Failure) -> Result<Answer, Failure> {
        let periods = |post: bool| {
            let of = self.rows.iter().filter(|row| row.post == post).map(|row| row.period);
            of.collect::<BTreeSet<i64>>().len()
        };
        let sum = |treated: bool, around: bool| {
            let mine = |(row, is_around): (&PanelRow, &bool)| {
                (row.treated == treated && *is_around == around).then_some(*row)
            };
            let rows = self.rows.iter().zip(&self.around).filter_map(mine);
            let add = |(before, after): (u64, u64), row: PanelRow| {
                if row.post { (before, after + row.count) } else { (before + row.count, after) }
            };
            let (before, after) = rows.fold((0, 0), add);
            BeforeAfter::new(before, after)
        };
        let areas = WddAreas {
            treated: sum(true, false),
            control: sum(false, false),
            displacement: sum(true, true),
            displacement_control: sum(false, true),
        };
        let (before, after) = (periods(false), periods(true));
        // Counts of the whole time before; the time after is put on its scale.
        if before == 0 || after == 0 {
            return Err(refused(Violation::new("periods", "too_small")));
        }
        let length = as_f64(after) / as_f64(before);
        let found = wdd(&areas, (1.0, length)).map_err(refused)?;
        let mut columns = vec!["effect"];
        columns.extend(EFFECT);
        let mut rows = Rows::new(columns);
        for (name, one) in
            [("total", found.total), ("local", found.local), ("around", found.displaced)]
        {
            rows.push([vec![name.into()], effect(&one)].concat());
        }
        let mut limits = Vec::new();
        if self.rows.iter().all(|row| row.treated) {
            let said = "no area is a control: what changed everywhere counts as an effect";
            limits.push(Limit::new("no_control", said));
        }
        if !found.large_enough {
            let said = "an area counted fewer than ten; the normal approximation is rough";
            limits.push(Limit::new("counts_below_ten", said));
        }
        let params = params! {
            "design": "wdd", "scale": "events in a time as long as that before",
            "periodsBefore": before, "periodsAfter": after,
        };
        Ok(Answer { method: "evaluate", params, n: self.rows.len(), seed: None, limits, rows })
    }
}

const EFFECT: [&str; 5] = ["estimate", "se", "low", "high", "p"];

fn effect(effect: &Effect) -> Vec<Value> {
    [effect.estimate, effect.se, effect.low, effect.high, effect.p].map(Value::from).to_vec()
}

#[expect(clippy::cast_precision_loss, reason = "numbers of months are small")]
const fn as_f64(number: usize) -> f64 {
    number as f64
}

//! `fyren retention`: what is let go by decision.

use super::{Failure, WrongUsage, open, print_json, print_line};
use crate::{
    app::{App, ClassView, DecisionDraft},
    config::StoreArgs,
};
use clap::Subcommand;
use fyren_core::domain::{RetentionClass, RetentionRun};
use serde_json::{Value, json};

const ACTOR: &str = "command line";

/// Arguments of `fyren retention`.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Say which decisions are in force, and what a run would let go now.
    Show(Place),
    /// Enter a decision (gallringsbeslut). Nothing is let go without one.
    Decide {
        /// What it is about: report, sensitive, imported, visit, original or
        /// withdrawn.
        #[arg(long)]
        class: String,
        /// Its number in the municipality's register.
        #[arg(long)]
        number: String,
        /// Day of the decision, such as 2026-02-01.
        #[arg(long, value_name = "DAY")]
        date: String,
        /// Days that something is kept, 30 to 36500; of what its sender took
        /// back 0 to 36500.
        #[arg(long)]
        days: u32,
        #[command(flatten)]
        place: Place,
    },
    /// Let go what the decisions in force let go, for good, and leave protocols.
    Run {
        /// One class alone; all of those with a decision without.
        #[arg(long)]
        class: Option<String>,
        /// Only say what would be let go and what would be held.
        #[arg(long)]
        dry_run: bool,
        #[command(flatten)]
        place: Place,
    },
}

#[derive(Debug, clap::Args)]
struct Place {
    /// Code of the municipality.
    #[arg(long, value_name = "CODE")]
    municipality: String,
    #[command(flatten)]
    store: StoreArgs,
}

/// Does what was asked.
pub async fn run(args: Args) -> Result<(), Failure> {
    let place = match &args.action {
        Action::Show(place) | Action::Decide { place, .. } | Action::Run { place, .. } => place,
    };
    let app = open(&place.store).await?;
    let done = act(&app, &args.action).await;
    app.close().await;
    done
}

async fn act(app: &App, action: &Action) -> Result<(), Failure> {
    match action {
        Action::Show(place) => show(app, place).await,
        Action::Decide { class, number, date, days, place } => {
            let ground = app.ground(&place.municipality).await?;
            let draft = DecisionDraft {
                class: class.clone(),
                number: number.clone(),
                decided_on: date.clone(),
                days: *days,
            };
            app.save_decision_as(ACTOR, &ground, &draft).await?;
            show(app, place).await
        }
        Action::Run { class, dry_run, place } => {
            let only = class.as_deref().map(parsed).transpose()?;
            let ground = app.ground(&place.municipality).await?;
            let mut runs = Vec::new();
            for view in app.retention_of(ACTOR, &ground).await? {
                let asked = only.is_none_or(|only| only == view.class);
                if let (true, Some(planned)) = (asked, view.dry_run) {
                    runs.push(if *dry_run {
                        planned
                    } else {
                        app.run_retention_as(ACTOR, &ground, (view.class, None)).await?
                    });
                } else if only == Some(view.class) {
                    anyhow::bail!("{}: no decision is in force, so nothing is let go", view.class);
                }
            }
            told(place, *dry_run, &runs)
        }
    }
}

fn parsed(class: &str) -> Result<RetentionClass, WrongUsage> {
    RetentionClass::parse(class).ok_or_else(|| WrongUsage(format!("--class: no class {class}")))
}

async fn show(app: &App, place: &Place) -> Result<(), Failure> {
    let ground = app.ground(&place.municipality).await?;
    let views = app.retention_of(ACTOR, &ground).await?;
    if place.store.json {
        return print_json(&views.iter().map(class_json).collect());
    }
    for view in &views {
        let Some(decision) = view.decisions.first() else {
            print_line(&format!("{}: no decision, nothing is let go", view.class))?;
            continue;
        };
        let days = decision.days;
        let said =
            format!("{}: {} of {}, {days} days", view.class, decision.number, decision.decided_on);
        print_line(&said)?;
        if let Some(run) = &view.dry_run {
            print_line(&format!("  now: {}", line(run)))?;
        }
    }
    Ok(())
}

fn told(place: &Place, dry_run: bool, runs: &[RetentionRun]) -> Result<(), Failure> {
    if place.store.json {
        let runs: Value = runs.iter().map(run_json).collect();
        return print_json(&json!({ "dryRun": dry_run, "runs": runs }));
    }
    if runs.is_empty() {
        return print_line("no decision is in force, so nothing is let go");
    }
    let word = if dry_run { "would let go" } else { "let go" };
    for run in runs {
        print_line(&format!(
            "{} by {} of {}: {word} {}",
            run.class,
            run.number,
            run.decided_on,
            line(run)
        ))?;
        for row in &run.rows {
            print_line(&format!(
                "  {} {}: {}",
                &row.month.to_string()[..7],
                row.category,
                row.count
            ))?;
        }
    }
    Ok(())
}

fn line(run: &RetentionRun) -> String {
    format!(
        "{} from before {}; held: {} open, {} asked for",
        run.count(),
        run.before,
        run.held_open,
        run.held_requested
    )
}

fn class_json(view: &ClassView) -> Value {
    let decision = |one: &fyren_core::domain::RetentionDecision| {
        json!({
            "number": one.number,
            "decidedOn": one.decided_on.to_string(),
            "days": one.days,
            "enteredBy": one.entered_by,
        })
    };
    json!({
        "class": view.class.code(),
        "decisions": view.decisions.iter().map(decision).collect::<Value>(),
        "dryRun": view.dry_run.as_ref().map(run_json),
    })
}

fn run_json(run: &RetentionRun) -> Value {
    let row = |row: &fyren_core::domain::RetentionRow| json!({ "category": row.category, "month": row.month.to_string(), "count": row.count });
    json!({
        "class": run.class.code(),
        "number": run.number,
        "decidedOn": run.decided_on.to_string(),
        "days": run.days,
        "before": run.before.to_string(),
        "count": run.count(),
        "heldOpen": run.held_open,
        "heldRequested": run.held_requested,
        "rows": run.rows.iter().map(row).collect::<Value>(),
    })
}

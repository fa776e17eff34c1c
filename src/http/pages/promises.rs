//! `/{code}/promises`: the ledger, with what was done and what came of it as two rows.

use super::{Templates, frame::Frame, reckon::share_of, words};
use crate::{
    app::{Change, ControlSum, LoopFacts, Output, PromiseFollowUp, WishesTold},
    http::language::Language,
};
use fyren_core::domain::{
    Figure, Municipality, Promise, PromiseTarget, TargetUnit, Verdict, VerdictReason,
};
use serde::Serialize;

#[derive(Serialize)]
struct Page {
    frame: Frame,
    periods: Vec<Period>,
}

#[derive(Serialize)]
struct Period {
    label: String,
    promises: Vec<Row>,
}

#[derive(Serialize)]
struct Row {
    slug: String,
    theme: String,
    owner: String,
    text: String,
    target: String,
    output: String,
    called: Option<String>,
    wishes: Vec<String>,
    figures: Vec<EvidenceRow>,
    share: Option<u32>,
    outcome: String,
    reason: String,
    evidence: Vec<EvidenceRow>,
    verdict: String,
    verdict_class: &'static str,
    source: String,
}

#[derive(Serialize)]
struct EvidenceRow {
    on: String,
    text: String,
}

/// The page.
///
/// # Errors
/// A fault of the template.
pub fn page(
    templates: Templates,
    language: Language,
    municipality: &Municipality,
    facts: &LoopFacts,
) -> Result<String, minijinja::Error> {
    let path = format!("/{}/promises", municipality.code.as_str());
    let mut spans: Vec<_> =
        facts.promises.iter().map(|counted| (counted.promise.to, counted.promise.from)).collect();
    spans.sort_unstable();
    spans.dedup();
    let periods = spans
        .into_iter()
        .rev()
        .map(|(to, from)| Period {
            label: years(from, to),
            promises: facts
                .promises
                .iter()
                .filter(|counted| (counted.promise.to, counted.promise.from) == (to, from))
                .map(|counted| row(language, counted))
                .collect(),
        })
        .collect();
    let frame = Frame::new(language, Some(municipality), "promises", "promises.page_title", &path);
    templates.render(language, "promises.html", "site", &Page { frame, periods })
}

fn years(from: jiff::civil::Date, to: jiff::civil::Date) -> String {
    if from.year() == to.year() {
        from.year().to_string()
    } else {
        format!("{}–{}", from.year(), to.year())
    }
}

fn row(language: Language, follow: &PromiseFollowUp) -> Row {
    let promise = &follow.promise;
    let pair = |(swedish, english): &(String, String)| {
        words::pick(language, (swedish, english)).to_owned()
    };
    let reason = promise
        .verdict_reason
        .as_ref()
        .map_or_else(|| language.text(&format!("promise_reason.{}", follow.reason)), pair);
    Row {
        slug: promise.slug.clone(),
        theme: language.text(&format!("theme.{}", promise.theme)),
        owner: language.text(&format!("owner.{}", promise.owner)),
        text: pair(&promise.text),
        target: target_text(language, promise),
        output: output_text(language, promise, &follow.output),
        figures: follow.figures.iter().map(|figure| figure_row(language, figure)).collect(),
        wishes: follow.wishes.map(|told| wishes_text(language, &told)).unwrap_or_default(),
        called: follow.called.as_ref().map(|called| called_text(language, called)),
        share: follow.output.counted.and_then(|done| share_of(&promise.target, done)),
        outcome: change_text(language, &follow.outcome),
        reason,
        evidence: promise
            .evidence
            .iter()
            .map(|item| EvidenceRow { on: words::day(language, item.on), text: pair(&item.text) })
            .collect(),
        verdict: verdict_text(language, follow),
        verdict_class: match follow.verdict {
            Verdict::Kept => "tag--ok",
            Verdict::NotKept => "tag--warn",
            Verdict::Partly | Verdict::CannotSay => "tag--dashed",
        },
        source: promise.source.clone(),
    }
}

fn unit(language: Language, promise: &Promise) -> String {
    language.text(&format!("unit.{}", promise.unit))
}

fn target_text(language: Language, promise: &Promise) -> String {
    match promise.target {
        PromiseTarget::AtLeast(n) => {
            let values = [("n", n.to_string()), ("unit", unit(language, promise))];
            let values: Vec<_> = values.iter().map(|(k, v)| (*k, v.as_str())).collect();
            words::t(language, "promises.target_at_least", &values)
        }
        PromiseTarget::NeedBased => language.text("promises.target_need"),
        PromiseTarget::NoNumber => language.text("promises.target_none"),
    }
}

/// The verdict in a word; of a period that runs, whether it keeps up.
pub(super) fn verdict_text(language: Language, follow: &PromiseFollowUp) -> String {
    match follow.reason {
        VerdictReason::OnCourse | VerdictReason::Behind => {
            language.text(&format!("verdict.{}", follow.reason))
        }
        _ => language.text(&format!("verdict.{}", follow.verdict)),
    }
}

/// What changed, in a sentence.
pub(super) fn change_text(language: Language, change: &Change) -> String {
    let says = language.text(&format!("change.{}", change.says));
    match change.ratio.filter(|ratio| ratio.high.is_finite()) {
        None => says,
        Some(ratio) => {
            let (low, high) =
                (words::tenth(language, ratio.low), words::tenth(language, ratio.high));
            let span = words::t(language, "change.ratio", &[("low", &low), ("high", &high)]);
            format!("{says} {span}")
        }
    }
}

fn output_text(language: Language, promise: &Promise, output: &Output) -> String {
    if promise.unit == TargetUnit::None {
        return language.text("promises.output_none");
    }
    let Some(done) = output.counted else { return language.text("promises.output_no_log") };
    let (n, unit) = (done.to_string(), unit(language, promise));
    let Some((told, source)) = output.told else {
        return words::t(language, "promises.output_count", &[("n", &n), ("unit", &unit)]);
    };
    // What rests on sums by the week was logged by nobody here, and says who told it.
    let source = language.text(&format!("promises.told_{source}"));
    let told = told.to_string();
    let values = [("n", n.as_str()), ("unit", &unit), ("told", &told), ("source", &source)];
    words::t(language, "promises.output_told", &values)
}

/// A single figure with its year and its source.
fn figure_row(language: Language, figure: &Figure) -> EvidenceRow {
    let amount = words::tenth(language, figure.amount);
    let amount = amount.trim_end_matches(['0']).trim_end_matches(['.', ',']);
    let values = [("amount", amount), ("source", figure.source.as_str())];
    EvidenceRow {
        on: words::span(language, figure.from, figure.to),
        text: words::t(language, &format!("promise_figure.{}", figure.kind), &values),
    }
}

/// What the picture called for by now, and what became of it.
fn called_text(language: Language, called: &ControlSum) -> String {
    let numbers = [
        ("n", called.called),
        ("done", called.done),
        ("moved", called.moved),
        ("lapsed", called.lapsed),
        ("open", called.open),
    ];
    let numbers = numbers.map(|(name, number)| (name, number.to_string()));
    let values: Vec<_> = numbers.iter().map(|(name, number)| (*name, number.as_str())).collect();
    words::t(language, "promises.called", &values)
}

/// What the public may know of wishes to start a watch, sentence by sentence.
fn wishes_text(language: Language, told: &WishesTold) -> Vec<String> {
    let said = |key: &str, number: u32| words::t(language, key, &[("n", &number.to_string())]);
    let span = words::span(language, told.window.from, told.window.to);
    let mut sentences = vec![match told.wishes {
        Some(n) => {
            let n = n.to_string();
            words::t(language, "promises.wishes", &[("n", &n), ("span", &span)])
        }
        None => language.text("promises.wishes_few"),
    }];
    sentences.extend(told.answered.map(|n| said("promises.wishes_answered", n)));
    sentences.push(said("promises.wishes_started", told.started));
    sentences
}

/// One line on how far a promise has come.
pub(super) fn done_text(language: Language, follow: &PromiseFollowUp) -> String {
    let promise = &follow.promise;
    if promise.unit == TargetUnit::None {
        return language.text("promises.output_none");
    }
    let Some(done) = follow.output.counted.map(|done| done.to_string()) else {
        return language.text("promises.output_no_log");
    };
    match promise.target {
        PromiseTarget::AtLeast(target) => {
            let values = [("done", done.as_str()), ("target", &target.to_string())];
            words::t(language, "picture.done_of", &values)
        }
        _ => words::t(language, "picture.done_plain", &[("done", &done)]),
    }
}

//! What is new in a district or a municipality, each item dated and signed by its
//! organisation: what the district's page shows and its feed tells. Nothing here is about a
//! single report.

use super::{
    district::said_lines, promises::verdict_text, receipt::district_name, words, words::pick,
};
use crate::{
    app::{LoopFacts, PromiseFollowUp},
    encode::{News, NewsEntry, atom},
    http::{
        language::Language,
        pages::{language::Reader, resident::origin},
        problem::Problem,
        state::{Municipal, State},
    },
};
use axum::{
    extract::{Path, State as Extract},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use fyren_core::domain::{
    District, DistrictCode, Measure, MeasureStatus, Municipality, PromiseOwner, Release,
    ReleaseKind,
};
use jiff::{Timestamp, civil::Date, tz::TimeZone};
use sha2::{Digest, Sha256};

/// One item.
#[derive(Debug, Clone)]
pub struct Item {
    /// Its place on the page: `measure-…`.
    pub anchor: String,
    /// Title.
    pub title: String,
    /// What it says.
    pub text: String,
    /// Organisation that signs it.
    pub by: String,
    /// When it was last changed, a local day.
    pub on: Date,
}

/// What is new: releases, answers, measures and verdicts, the newest first.
/// Without a district it is the whole municipality's.
pub fn items(
    language: Language,
    municipality: &Municipality,
    district: Option<&DistrictCode>,
    (facts, today): (&LoopFacts, Date),
) -> Vec<Item> {
    let here = |of: Option<&DistrictCode>| district.is_none() || of.is_none() || of == district;
    let measures = facts.measures.iter().filter(|measure| {
        measure.status != MeasureStatus::Stopped && here(measure.district.as_ref())
    });
    let judged = facts.promises.iter().filter(|follow| follow.promise.verdict.is_some());
    let releases = facts.releases.iter().filter(|release| release.kind != ReleaseKind::Defect);
    let mut items: Vec<Item> =
        measures
            .map(|measure| of_measure(language, measure, today))
            .chain(judged.map(|follow| of_promise(language, municipality, follow)))
            .chain(releases.filter_map(|release| {
                of_release(language, municipality, district, (facts, release))
            }))
            .chain(of_answers(language, municipality, facts))
            .collect();
    items.sort_by(|a, b| b.on.cmp(&a.on).then_with(|| a.anchor.cmp(&b.anchor)));
    items
}

fn of_measure(language: Language, measure: &Measure, today: Date) -> Item {
    let say = |pair: &(String, String)| pick(language, (&pair.0, &pair.1)).to_owned();
    let due = words::day(language, measure.due_on);
    let mut text = words::t(
        language,
        "news.measure_text",
        &[("problem", &say(&measure.problem)), ("date", &due)],
    );
    let judged = measure.outcome.as_ref().filter(|_| measure.due_on <= today);
    if let Some(outcome) = &measure.outcome {
        let outcome = say(outcome);
        text = format!("{text} {}", words::t(language, "news.outcome", &[("text", &outcome)]));
    }
    Item {
        anchor: format!("measure-{}", measure.id),
        title: say(&measure.action),
        text,
        by: measure.owner.clone(),
        on: if judged.is_some() { measure.due_on } else { measure.decided_on },
    }
}

fn of_promise(language: Language, municipality: &Municipality, follow: &PromiseFollowUp) -> Item {
    let promise = &follow.promise;
    let text = pick(language, (&promise.text.0, &promise.text.1));
    let reason = promise.verdict_reason.as_ref();
    let reason = reason.map_or("", |reason| pick(language, (&reason.0, &reason.1)));
    Item {
        anchor: format!("promise-{}", promise.slug),
        title: words::t(
            language,
            "news.promise_title",
            &[("verdict", &verdict_text(language, follow))],
        ),
        text: format!("{text} {reason}").trim().to_owned(),
        by: match promise.owner {
            PromiseOwner::Municipality => municipality.full_name.clone(),
            PromiseOwner::Police => language.text("organisation.police"),
            PromiseOwner::Both => both(language, municipality),
        },
        on: promise.to,
    }
}

/// The municipality and the police, as they sign together.
pub fn both(language: Language, municipality: &Municipality) -> String {
    let police = language.text("organisation.police");
    words::t(language, "news.both", &[("a", &municipality.full_name), ("b", &police)])
}

fn of_release(
    language: Language,
    municipality: &Municipality,
    district: Option<&DistrictCode>,
    (facts, release): (&LoopFacts, &Release),
) -> Option<Item> {
    let period = words::span(language, release.window.from, release.window.to);
    let text = match district {
        None => {
            let key = format!("news.release_{}", release.kind);
            words::t(language, &key, &[("period", &period)])
        }
        Some(code) => {
            let said = facts.in_district(code).said;
            let said = said.into_iter().find(|said| said.release == release.id)?;
            said_lines(language, &[said]).join(" ")
        }
    };
    Some(Item {
        anchor: anchor(release),
        title: words::t(language, "news.release_title", &[("period", &period)]),
        text,
        by: municipality.full_name.clone(),
        on: published_on(municipality, release),
    })
}

/// The place of a release on a page.
pub fn anchor(release: &Release) -> String {
    format!("release-{}", release.id.0.get(..12).unwrap_or_default())
}

/// The local day on which a release was published.
pub fn published_on(municipality: &Municipality, release: &Release) -> Date {
    release.published_at.to_zoned(zone(municipality)).date()
}

fn zone(municipality: &Municipality) -> TimeZone {
    TimeZone::get(&municipality.time_zone).unwrap_or(TimeZone::UTC)
}

/// Answers of the closed quarters, for the whole municipality and from k on.
fn of_answers(language: Language, municipality: &Municipality, facts: &LoopFacts) -> Option<Item> {
    let (answers, quarters) = (facts.answers, facts.quarters?);
    let days = answers.median_days?.to_string();
    let period = words::span(language, quarters.from, quarters.to);
    let n = answers.answered.to_string();
    Some(Item {
        anchor: format!("answers-{}", quarters.to),
        title: language.text("news.answers_title"),
        text: words::t(
            language,
            "news.answers_text",
            &[("count", &n), ("days", &days), ("period", &period)],
        ),
        by: municipality.full_name.clone(),
        on: quarters.to,
    })
}

/// `GET /{code}/feed.atom` and `GET /{code}/district/{district}/feed.atom`.
pub async fn show_feed(
    Extract(state): Extract<State>,
    Reader(language): Reader,
    Municipal(ground): Municipal,
    Path(path): Path<Vec<(String, String)>>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let municipality = &ground.municipality;
    let district = match path.iter().find(|(name, _)| name == "district") {
        None => None,
        Some((_, code)) => {
            let found = municipality.districts.iter().find(|d| d.code.0 == *code);
            Some(found.ok_or_else(Problem::not_found)?)
        }
    };
    let facts = state.app.read_loop(&ground).await?;
    let today = state.app.today(&ground.zone);
    let origin = origin(&state, &headers);
    let news = news(language, municipality, district, (&facts, today, &origin));
    let body = atom(&news);
    let hash = data_encoding::HEXLOWER.encode(&Sha256::digest(&body)[..16]);
    let etag = format!("\"{hash}\"");
    let known = headers.get(header::IF_NONE_MATCH).is_some_and(|seen| seen == etag.as_str());
    let mut response =
        if known { StatusCode::NOT_MODIFIED.into_response() } else { body.into_response() };
    let head = response.headers_mut();
    let kind = HeaderValue::from_static("application/atom+xml; charset=utf-8");
    head.insert(header::CONTENT_TYPE, kind);
    head.insert(header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=900"));
    if let Ok(etag) = HeaderValue::from_str(&etag) {
        head.insert(header::ETAG, etag);
    }
    Ok(response)
}

fn news(
    language: Language,
    municipality: &Municipality,
    district: Option<&District>,
    (facts, today, origin): (&LoopFacts, Date, &str),
) -> News {
    let code = municipality.code.as_str();
    let (page, name) = match district {
        Some(one) => (format!("{origin}/{code}/district/{}", one.code.0), one.name.clone()),
        None => (format!("{origin}/{code}/picture"), municipality.name.clone()),
    };
    let feed = match district {
        Some(_) => format!("{page}/feed.atom"),
        None => format!("{origin}/{code}/feed.atom"),
    };
    let midnight = |day: Date| {
        let zoned = day.to_zoned(zone(municipality));
        zoned.map_or(Timestamp::UNIX_EPOCH, |zoned| zoned.timestamp())
    };
    let items = items(language, municipality, district.map(|one| &one.code), (facts, today));
    let entry = |item: Item| NewsEntry {
        address: format!("{page}#{}", item.anchor),
        title: item.title,
        text: item.text,
        author: item.by,
        updated: midnight(item.on),
    };
    let entries = items.into_iter().map(entry).collect();
    let place = district.and_then(|one| district_name(municipality, &one.code));
    let place = place.unwrap_or(&municipality.name).to_owned();
    News {
        title: format!("{name} – Fyren"),
        subtitle: words::t(language, "news.subtitle", &[("place", &place)]),
        address: format!("{feed}?lang={}", language.code()),
        page,
        language: language.code().to_owned(),
        author: municipality.full_name.clone(),
        entries,
    }
}

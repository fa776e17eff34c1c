//! `/{code}/owner`: the page behind a link that asks an owner about a report.

use super::{
    Templates, frame::Frame, language::Reader, receipt::district_name, replies::private, words,
    written,
};
use crate::{
    app::{self, AskedOwner, Ground, OwnerReplyDraft},
    http::{
        language::Language,
        problem::Problem,
        state::{Municipal, Network, State},
    },
};
use axum::{body::Bytes, extract::State as Extract, http::StatusCode, response::Response};
use fyren_core::domain::{OwnerReply, Violation};
use serde::Serialize;

#[derive(Serialize)]
struct Page {
    frame: Frame,
    unknown: bool,
    asked: Option<Asked>,
}

#[derive(Serialize)]
struct Asked {
    code: String,
    owner: String,
    question: String,
    category: String,
    place: String,
    position: String,
    geo: String,
    received: String,
    expires: String,
    text: String,
    may_answer: bool,
    answer: String,
    note: String,
    replies: Vec<Reply>,
    /// What was typed before, and what is wrong with it.
    sent_day: String,
    sent_note: String,
    day_error: String,
    reply_error: String,
}

#[derive(Serialize)]
struct Reply {
    code: &'static str,
    chosen: bool,
}

/// What came in the form.
#[derive(Debug, Default)]
struct Sent {
    code: String,
    reply: String,
    by_day: String,
    note: String,
}

impl Sent {
    fn parse(body: &[u8]) -> Self {
        let mut sent = Self::default();
        let fields: Vec<(String, String)> = serde_urlencoded::from_bytes(body).unwrap_or_default();
        for (name, value) in fields {
            match name.as_str() {
                "code" => sent.code = value,
                "reply" => sent.reply = value,
                "byDay" => sent.by_day = value,
                "note" => sent.note = value,
                _ => {}
            }
        }
        sent
    }
}

/// `GET /{code}/owner`: asks for the code of the link.
pub async fn ask_owner(
    Extract(state): Extract<State>,
    Reader(language): Reader,
    Municipal(ground): Municipal,
) -> Result<Response, Problem> {
    let page = page(state.templates, language, &ground, (false, None));
    Ok(private(written(StatusCode::OK, page)?))
}

/// `POST /{code}/owner`: shows what is asked, and takes the one answer.
pub async fn show_owner(
    Extract(state): Extract<State>,
    Reader(language): Reader,
    Municipal(ground): Municipal,
    Network(network): Network,
    body: Bytes,
) -> Result<Response, Problem> {
    let sent = Sent::parse(&body);
    let found = if sent.reply.is_empty() && sent.note.is_empty() {
        state.app.open_forward(&ground, &sent.code).await
    } else {
        let word = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
        let (by_day, note) = (word(&sent.by_day), word(&sent.note));
        let draft = OwnerReplyDraft { reply: sent.reply.clone(), by_day, note };
        state.app.answer_forward(&ground, &sent.code, &draft).await
    };
    let (status, shown) = match found {
        Ok(asked) => (StatusCode::OK, Some((asked, Vec::new()))),
        Err(app::Error::Invalid(broken)) => {
            let asked = state.app.open_forward(&ground, &sent.code).await?;
            (StatusCode::UNPROCESSABLE_ENTITY, Some((asked, broken)))
        }
        Err(app::Error::Conflict(_)) => {
            let asked = state.app.open_forward(&ground, &sent.code).await?;
            (StatusCode::CONFLICT, Some((asked, Vec::new())))
        }
        Err(app::Error::NotFound) => {
            state.guesses.take(network)?;
            (StatusCode::NOT_FOUND, None)
        }
        Err(other) => return Err(other.into()),
    };
    let unknown = shown.is_none();
    let asked = shown.map(|(asked, broken)| view(language, &ground, asked, (&sent, &broken)));
    let page = page(state.templates, language, &ground, (unknown, asked));
    Ok(private(written(status, page)?))
}

fn page(
    templates: Templates,
    language: Language,
    ground: &Ground,
    (unknown, asked): (bool, Option<Asked>),
) -> Result<String, minijinja::Error> {
    let path = format!("/{}/owner", ground.code());
    let frame = Frame::new(language, Some(&ground.municipality), "", "owner.page_title", &path);
    templates.render(language, "owner.html", "receipt", &Page { frame, unknown, asked })
}

fn view(
    language: Language,
    ground: &Ground,
    asked: AskedOwner,
    (sent, broken): (&Sent, &[Violation]),
) -> Asked {
    let AskedOwner { forward, report, text, may_answer } = asked;
    let position = report.located.anchor.map(|(position, _)| position);
    let day = |at: jiff::Timestamp| words::day(language, at.to_zoned(ground.zone.clone()).date());
    let mut answer = String::new();
    if let Some(given) = &forward.answer {
        let said = language.text(&format!("owner.reply_{}", given.reply));
        answer.push_str(&said);
        if let Some(by_day) = given.by_day {
            answer.push(' ');
            answer.push_str(&words::day(language, by_day));
        }
    }
    let error = |field: &str| {
        let broken = broken.iter().find(|broken| broken.field == field);
        broken.map_or_else(String::new, |broken| {
            language.text_or(&format!("violation.{}", broken.rule), "violation.other")
        })
    };
    let reply =
        |reply: &OwnerReply| Reply { code: reply.code(), chosen: reply.code() == sent.reply };
    Asked {
        code: sent.code.clone(),
        owner: forward.owner,
        question: forward.question.unwrap_or_default(),
        category: words::pick(language, report.category.names()).to_owned(),
        place: place(ground, &report),
        position: position
            .map_or_else(String::new, |at| format!("{:.5}, {:.5}", at.latitude, at.longitude)),
        geo: position
            .map_or_else(String::new, |at| format!("geo:{:.5},{:.5}", at.latitude, at.longitude)),
        received: day(report.received_hour),
        expires: day(forward.expires),
        text: text.unwrap_or_default(),
        may_answer,
        answer,
        note: forward.answer.and_then(|answer| answer.note).unwrap_or_default(),
        replies: OwnerReply::ALL.iter().map(reply).collect(),
        sent_day: sent.by_day.clone(),
        sent_note: sent.note.clone(),
        day_error: error("byDay"),
        reply_error: error("reply"),
    }
}

/// The nearest named place and the district, as far as they are known.
fn place(ground: &Ground, report: &fyren_core::domain::Report) -> String {
    let anchor = report.located.anchor.map(|(position, _)| position);
    let near = anchor.and_then(|at| ground.nearest_locality(at)).map(|near| near.name.as_str());
    let district = report.district().and_then(|code| district_name(&ground.municipality, code));
    let parts: Vec<&str> = match (near, district) {
        (Some(near), Some(district)) if near != district => vec![near, district],
        (near, district) => near.or(district).into_iter().collect(),
    };
    if parts.is_empty() { ground.municipality.name.clone() } else { parts.join(", ") }
}

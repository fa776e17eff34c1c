//! The private page that a receipt opens: where the report stands in plain words, what was
//! answered by whom, and the sender's own voice.

use super::{Templates, frame::Frame, receipt::district_name, report_form::Pause, words};
use crate::{
    app::{MailState, ReceiptView},
    http::{language::Language, state::MailMode},
};
use fyren_core::domain::{
    Message, MessageKind, Municipality, ReportStatus, Role, StatusChange, Violation, organisation,
};
use jiff::{Timestamp, tz::TimeZone};
use serde::Serialize;

/// What the sender was about to say, where the page comes back with it.
#[derive(Debug, Default)]
pub struct Asked {
    /// The code that opens the page, for the forms of the page itself.
    pub code: String,
    /// A fresh key that makes sending twice harmless.
    pub key: String,
    /// What was written and is not stored.
    pub text: String,
    /// What kind of message it was to be.
    pub kind: String,
    /// Whether the text is said to tell of what is over.
    pub over: bool,
    /// Why it is not taken yet, though nothing is wrong with it.
    pub pause: Option<Pause>,
    /// Whether photos have to be chosen again.
    pub photos_lost: bool,
    /// What is wrong with it.
    pub violations: Vec<Violation>,
    /// The address that was written and is not kept.
    pub address: String,
    /// What is wrong with it.
    pub mail_errors: Vec<Violation>,
    /// What was just done, as the end of a key of the catalogue.
    pub done: Option<&'static str>,
}

#[derive(Serialize)]
struct Page<'a> {
    frame: Frame,
    code: &'a str,
    key: &'a str,
    category: &'static str,
    place: String,
    status: &'static str,
    headline: String,
    explained: String,
    items: Vec<Item>,
    /// What the sender is asked for: `judge`, `question`, `more`, or nothing: `gone`.
    mode: &'static str,
    keeps_text: bool,
    more_photos: bool,
    asked: Form<'a>,
    done: Option<String>,
    letters: Letters<'a>,
}

/// How far it has come with letters.
#[derive(Serialize)]
struct Letters<'a> {
    /// `off`, `none`, `waiting` or `on`.
    state: &'static str,
    shown_only: bool,
    address: &'a str,
    errors: Vec<String>,
}

#[derive(Serialize)]
struct Form<'a> {
    text: &'a str,
    kind: &'a str,
    over: bool,
    pause: &'static str,
    personal: Vec<String>,
    photos_lost: bool,
    errors: Vec<String>,
}

/// One entry of the way: a step, what staff said, or what the sender said.
#[derive(Serialize)]
struct Item {
    kind: &'static str,
    title: String,
    at: String,
    text: String,
    from: String,
    photos: u32,
}

/// The page.
///
/// # Errors
/// A fault of the template.
pub fn page(
    templates: Templates,
    language: Language,
    municipality: &Municipality,
    view: &ReceiptView,
    (asked, mail): (&Asked, (MailMode, MailState)),
) -> Result<String, minijinja::Error> {
    let path = format!("/{}/receipt", municipality.code.as_str());
    let frame = Frame::new(language, Some(municipality), "", "receipt.page_title", &path);
    let report = &view.report;
    let district = report.district().and_then(|code| district_name(municipality, code));
    let way = Way::new(language, municipality);
    let status = view.merged_into.as_ref().map_or(report.status, |merged| merged.0);
    let mode = mode(view);
    let page = Page {
        frame,
        code: &asked.code,
        key: &asked.key,
        category: words::pick(language, report.category.names()),
        place: district.unwrap_or(&municipality.name).to_owned(),
        status: status.code(),
        headline: match mode {
            "question" => language.text("receipt.question_title"),
            _ => language.text(&format!("status.{status}")),
        },
        explained: explained(language, view, mode),
        items: way.items(view),
        mode,
        keeps_text: view.keeps_text(),
        more_photos: view.photos < crate::app::PHOTOS_IN_ALL,
        asked: form(language, asked),
        letters: letters(language, asked, mail),
        done: asked.done.map(|done| language.text(&format!("receipt.done_{done}"))),
    };
    templates.render(language, "receipt_status.html", "receipt", &page)
}

fn letters(language: Language, asked: &Asked, (mode, state): (MailMode, MailState)) -> Letters<'_> {
    Letters {
        state: match (mode, state) {
            (MailMode::Off, _) => "off",
            (_, MailState::None) => "none",
            (_, MailState::Waiting) => "waiting",
            (_, MailState::On) => "on",
        },
        shown_only: mode == MailMode::Shown,
        address: &asked.address,
        errors: messages(language, &asked.mail_errors),
    }
}

fn messages(language: Language, violations: &[Violation]) -> Vec<String> {
    let message =
        |v: &Violation| language.text_or(&format!("violation.{}", v.rule), "violation.other");
    violations.iter().map(message).collect()
}

fn mode(view: &ReceiptView) -> &'static str {
    let asked = view.thread.last().is_some_and(|m| m.kind == MessageKind::Question);
    if view.report.status == ReportStatus::Withdrawn {
        return "gone";
    }
    match (view.may_judge(), asked) {
        (true, _) => "judge",
        (false, true) => "question",
        (false, false) => "more",
    }
}

/// What the status means, in a sentence.
fn explained(language: Language, view: &ReceiptView, mode: &str) -> String {
    let word = match (mode, &view.merged_into, view.report.status) {
        ("question", ..) => "question",
        (_, Some(_), _) => "merged",
        (_, None, status) => status.code(),
    };
    language.text(&format!("receipt.now_{word}"))
}

fn form(language: Language, asked: &Asked) -> Form<'_> {
    let (pause, personal) = match &asked.pause {
        Some(Pause::Now | Pause::Danger) => ("danger", Vec::new()),
        Some(Pause::Personal(kinds)) => {
            let name = |kind: &_| language.text(&format!("flag.{kind}"));
            ("personal", kinds.iter().map(name).collect())
        }
        None => ("", Vec::new()),
    };
    Form {
        text: &asked.text,
        kind: &asked.kind,
        over: asked.over,
        pause,
        personal,
        photos_lost: asked.photos_lost,
        errors: messages(language, &asked.violations),
    }
}

/// Writes the way in the words of a language and the time of a place.
struct Way<'m> {
    language: Language,
    municipality: &'m Municipality,
    zone: TimeZone,
}

impl<'m> Way<'m> {
    fn new(language: Language, municipality: &'m Municipality) -> Self {
        let zone = TimeZone::get(&municipality.time_zone).unwrap_or(TimeZone::UTC);
        Self { language, municipality, zone }
    }

    /// The arrival, each step, and after each what was written then.
    fn items(&self, view: &ReceiptView) -> Vec<Item> {
        let arrival = Item {
            kind: "step",
            title: self.language.text("status.received"),
            at: self.day(view.report.received_hour),
            text: String::new(),
            from: String::new(),
            photos: 0,
        };
        let mut items = vec![arrival];
        let written = |after: usize| {
            let after = u32::try_from(after).unwrap_or(u32::MAX);
            // That it was taken back is a step of its own.
            let told = |message: &&Message| message.kind != MessageKind::Withdrawn;
            view.thread.iter().filter(told).filter(move |message| message.after_step == after)
        };
        items.extend(written(0).map(|message| self.message(message)));
        for (at, step) in (1..).zip(&view.history) {
            items.push(self.step(step));
            items.extend(written(at).map(|message| self.message(message)));
        }
        if let Some((_, steps)) = &view.merged_into {
            let merged_at = view.history.last().map(|step| step.at_hour);
            // What the others had been told last is news to whoever comes to them.
            let told =
                |step: &StatusChange| step.answer.is_some() && Some(step.at_hour) < merged_at;
            let from = steps.iter().rposition(told).unwrap_or(0);
            let shown = |step: &&StatusChange| Some(step.at_hour) >= merged_at || told(step);
            items.extend(steps.iter().skip(from).filter(shown).map(|step| self.step(step)));
        }
        items
    }

    fn step(&self, step: &StatusChange) -> Item {
        Item {
            kind: if step.status == ReportStatus::Reopened { "reopened" } else { "step" },
            title: self.language.text(&format!("status.{}", step.status)),
            at: self.day(step.at_hour),
            text: step.answer.clone().unwrap_or_default(),
            from: match step.answer {
                Some(_) => self.signed(&step.organisation, step.role),
                None => String::new(),
            },
            photos: 0,
        }
    }

    fn message(&self, message: &Message) -> Item {
        let staff = message.kind.is_from_staff();
        Item {
            kind: if staff { "theirs" } else { "mine" },
            title: self.language.text(&format!("message.{}", message.kind)),
            at: self.day(message.at_hour),
            text: message.text.clone().unwrap_or_default(),
            from: message
                .role
                .map_or_else(String::new, |role| self.signed(organisation(role), Some(role))),
            photos: message.photos,
        }
    }

    /// Who signs: the organisation and the role of whoever was signed in.
    fn signed(&self, organisation: &str, role: Option<Role>) -> String {
        let who = match organisation {
            "municipality" => self.municipality.full_name.clone(),
            other => self.language.text(&format!("organisation.{other}")),
        };
        match role {
            Some(role) => {
                let role = self.language.text(&format!("role.{role}"));
                format!("{who}, {role}")
            }
            None => who,
        }
    }

    fn day(&self, at: Timestamp) -> String {
        words::day(self.language, at.to_zoned(self.zone.clone()).date())
    }
}

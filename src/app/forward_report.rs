//! Asking the owner of a thing about a report by a link that needs no account.
//!
//! The link opens until it expires and takes one answer. Whoever holds it sees
//! the category, the place and the text without what points out a person.

use super::{
    App, Error, Ground, Result, Staff, digest, draft, failure, moderate_report::event_key,
};
use crate::{
    identity::{TOKEN_BYTES, hash_token, write_token},
    store::EventKey,
};
use fyren_core::{
    domain::{
        Forward, ForwardAnswer, Id, Operation, OwnerReply, PublicityClass, Report, Seq, Violation,
    },
    wording,
};
use jiff::{Timestamp, civil::Date};

/// A question to an owner as staff send it.
#[derive(Debug, Clone, Default)]
pub struct ForwardDraft {
    /// The organisation, never a person.
    pub owner: String,
    /// What it is asked.
    pub question: Option<String>,
    /// Days for which the link opens, 1 to 60; 14 without.
    pub days: Option<u32>,
}

/// A link that was just made; its code is told once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewForward {
    /// Identity of the question.
    pub id: Id,
    /// The code behind `#` of the link.
    pub code: String,
    /// When the link stops opening.
    pub expires: Timestamp,
}

/// An owner's answer as it is sent.
#[derive(Debug, Clone, Default)]
pub struct OwnerReplyDraft {
    /// `done`, `planned` or `not_ours`.
    pub reply: String,
    /// The day by which it is done; needed with `planned`.
    pub by_day: Option<String>,
    /// The same in words.
    pub note: Option<String>,
}

/// What an owner sees.
#[derive(Debug, Clone, PartialEq)]
pub struct AskedOwner {
    /// The question, and the answer if there is one.
    pub forward: Forward,
    /// The report.
    pub report: Report,
    /// Its text without what points out a person.
    pub text: Option<String>,
    /// Whether an answer may still be given.
    pub may_answer: bool,
}

/// Days for which a link opens where nobody says otherwise.
const DAYS: u32 = 14;
const MOST_DAYS: u32 = 60;

impl App {
    /// Asks an owner about a report.
    ///
    /// # Errors
    /// [`Error::Forbidden`]; [`Error::NotFound`]; [`Error::Invalid`] naming a
    /// broken rule; `forward: publicity` for a category that only staff see.
    pub async fn forward_report(
        &self,
        staff: &Staff,
        ground: &Ground,
        id: &str,
        draft: &ForwardDraft,
    ) -> Result<NewForward> {
        staff.must(ground.code(), Operation::ModerateReport)?;
        let key = event_key(ground, id)?;
        let report = self.municipal.report(&key).await.map_err(failure)?.ok_or(Error::NotFound)?;
        if matches!(report.category.publicity(), PublicityClass::Staff | PublicityClass::Never) {
            return Err(Violation::new("category", "staff_only").into());
        }
        let owner = draft.owner.trim();
        if !(1..=80).contains(&owner.chars().count()) {
            return Err(Violation::new("owner", "required").into());
        }
        let days = draft.days.unwrap_or(DAYS);
        if !(1..=MOST_DAYS).contains(&days) {
            return Err(Violation::new("days", "out_of_range").into());
        }
        let sent_hour = self.this_hour();
        let until = sent_hour.as_second() + i64::from(days) * 86_400;
        let expires = Timestamp::from_second(until).unwrap_or(sent_hour);
        let code = self.fresh_code();
        let forward = Forward {
            id: self.new_id(),
            municipality: ground.code().clone(),
            report: key.id,
            owner: owner.to_owned(),
            question: draft::text("question", draft.question.as_deref())?,
            by: staff.name().to_owned(),
            sent_hour,
            expires,
            opened_hour: None,
            answer: None,
            closed_hour: None,
        };
        let new = NewForward { id: forward.id, code: code.clone(), expires };
        let audit =
            self.audit(staff.name(), "forward_report", Some(ground.code()), Some(id.to_owned()));
        let hash = digest(&hash_token(&code))?;
        self.municipal.insert_forward(forward, hash, audit).await.map_err(failure)?;
        Ok(new)
    }

    fn fresh_code(&self) -> String {
        let mut random = [0; TOKEN_BYTES];
        self.random.fill(&mut random);
        write_token(&random)
    }

    /// Every owner who was asked about a report, the latest first.
    ///
    /// # Errors
    /// [`Error::Forbidden`]; [`Error::NotFound`] without such a report.
    pub async fn forwards(&self, staff: &Staff, ground: &Ground, id: &str) -> Result<Vec<Forward>> {
        staff.must(ground.code(), Operation::ModerateReport)?;
        let key = event_key(ground, id)?;
        self.municipal.report(&key).await.map_err(failure)?.ok_or(Error::NotFound)?;
        self.municipal.forwards(&key).await.map_err(failure)
    }

    /// Takes a link back, or says that its answer was dealt with.
    ///
    /// # Errors
    /// [`Error::Forbidden`]; [`Error::NotFound`] without such a link that is open.
    pub async fn close_forward(
        &self,
        staff: &Staff,
        ground: &Ground,
        report: &str,
        id: &str,
    ) -> Result<Seq> {
        staff.must(ground.code(), Operation::ModerateReport)?;
        let key = event_key(ground, report)?;
        let id = Id::parse(id).ok_or(Error::NotFound)?;
        let asked = self.municipal.forwards(&key).await.map_err(failure)?;
        if !asked.iter().any(|forward| forward.id == id) {
            return Err(Error::NotFound);
        }
        let audit =
            self.audit(staff.name(), "close_forward", Some(ground.code()), Some(report.to_owned()));
        self.municipal.close_forward(ground.code(), id, audit).await.map_err(failure)
    }

    /// What the owner sees who holds the code of a link.
    ///
    /// # Errors
    /// [`Error::NotFound`] for a code that never opened anything and one whose
    /// link has expired or was taken back alike.
    pub async fn open_forward(&self, ground: &Ground, code: &str) -> Result<AskedOwner> {
        let asked = self.asked(ground, code).await?;
        let mut audit = self.audit("owner", "open_forward", Some(ground.code()), None);
        audit.subject = Some(asked.report.id.to_string());
        let id = asked.forward.id;
        self.municipal.note_opened(ground.code(), id, audit).await.map_err(failure)?;
        Ok(asked)
    }

    /// Takes the one answer of the owner who holds the code of a link.
    ///
    /// # Errors
    /// As [`App::open_forward`]; [`Error::Invalid`] naming a broken rule;
    /// [`Error::Conflict`] `forward_answered` where there is an answer already.
    pub async fn answer_forward(
        &self,
        ground: &Ground,
        code: &str,
        draft: &OwnerReplyDraft,
    ) -> Result<AskedOwner> {
        let asked = self.asked(ground, code).await?;
        let today = self.today(&ground.zone);
        let answer = answer(draft, today, self.this_hour())?;
        let mut audit = self.audit("owner", "answer_forward", Some(ground.code()), None);
        audit.subject = Some(asked.report.id.to_string());
        answer.reply.code().clone_into(&mut audit.detail);
        let id = asked.forward.id;
        self.municipal.answer_forward(ground.code(), id, answer, audit).await.map_err(failure)?;
        self.asked(ground, code).await
    }

    async fn asked(&self, ground: &Ground, code: &str) -> Result<AskedOwner> {
        let hash = digest(&hash_token(code.trim()))?;
        let found = self.municipal.forward_by_code(&hash).await.map_err(failure)?;
        let now = self.clock.now();
        let forward = found
            .filter(|forward| forward.municipality == *ground.code() && forward.opens(now))
            .ok_or(Error::NotFound)?;
        let key = EventKey { municipality: ground.code().clone(), id: forward.report };
        let report = self.municipal.report(&key).await.map_err(failure)?.ok_or(Error::NotFound)?;
        let text = report.text.as_deref().map(wording::masked);
        let may_answer = forward.may_answer(now);
        Ok(AskedOwner { forward, report, text, may_answer })
    }
}

fn answer(draft: &OwnerReplyDraft, today: Date, at_hour: Timestamp) -> Result<ForwardAnswer> {
    let reply = OwnerReply::parse(&draft.reply);
    let reply = reply.ok_or_else(|| Violation::new("reply", "unknown_value"))?;
    let by_day = draft.by_day.as_deref().map(str::trim).filter(|day| !day.is_empty());
    let by_day = by_day
        .map(|day| day.parse::<Date>().map_err(|_unreadable| Violation::new("byDay", "date_form")))
        .transpose()?;
    match (reply, by_day) {
        (OwnerReply::Planned, None) => return Err(Violation::new("byDay", "required").into()),
        (OwnerReply::Planned, Some(day)) if day < today => {
            return Err(Violation::new("byDay", "in_past").into());
        }
        _ => {}
    }
    let by_day = by_day.filter(|_| reply == OwnerReply::Planned);
    Ok(ForwardAnswer { reply, by_day, note: draft::text("note", draft.note.as_deref())?, at_hour })
}

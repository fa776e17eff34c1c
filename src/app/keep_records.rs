//! Requests for documents: select, review the secrecy of each, hand out.

use super::{App, Error, Ground, Result, Staff, draft, failure, moderate_report::event_key};
use crate::store::EventKey;
use fyren_core::{
    domain::{
        Category, Id, Operation, Photo, RecordItem, RecordRequest, RecordSelection, RecordVerdict,
        Report, StatusChange, Violation,
    },
    wording,
};
use jiff::{Timestamp, civil::Date, tz::TimeZone};

/// A request as it is entered.
#[derive(Debug, Clone, Default)]
pub struct RequestDraft {
    /// Its number in the municipality's register.
    pub reference: String,
    /// What is asked for.
    pub asked: String,
    /// First local day of arrival.
    pub from: Option<String>,
    /// Local day of arrival after the last.
    pub to: Option<String>,
    /// Codes of categories.
    pub categories: Vec<String>,
    /// Codes of districts.
    pub districts: Vec<String>,
}

/// What a review came to, as it is entered.
#[derive(Debug, Clone, Default)]
pub struct VerdictDraft {
    /// `release`, `mask` or `withhold`.
    pub verdict: String,
    /// The paragraph of law; needed for `mask` and `withhold`.
    pub ground: Option<String>,
    /// The text as it is handed out; needed for `mask`.
    pub text: Option<String>,
    /// Whether its photos are handed out.
    pub photos: bool,
}

/// A document of a request with what the review needs.
#[derive(Debug, Clone, PartialEq)]
pub struct RecordDocument {
    /// The review.
    pub item: RecordItem,
    /// The report.
    pub report: Report,
    /// Its text with what points out a person made unreadable: a proposal.
    pub proposed: Option<String>,
    /// How many photos it has.
    pub photos: u32,
    /// Its way.
    pub history: Vec<StatusChange>,
}

/// What is handed out.
#[derive(Debug, Clone, PartialEq)]
pub struct HandedOut {
    /// The request.
    pub request: RecordRequest,
    /// Its documents.
    pub documents: Vec<RecordDocument>,
    /// Photos with the number of their document, from 1, and their own.
    pub photos: Vec<(usize, u32, Photo)>,
    /// When, cut to the hour.
    pub at_hour: Timestamp,
    /// Who.
    pub by: String,
}

/// Most documents of one request.
const MOST: usize = 2_000;

impl App {
    /// Opens a request and gives its identity.
    ///
    /// # Errors
    /// [`Error::Forbidden`]; [`Error::Invalid`] naming a broken rule;
    /// `selection: none_found` or `too_many` where it selects none or more
    /// than 2 000 reports.
    pub async fn open_request(
        &self,
        staff: &Staff,
        ground: &Ground,
        draft: &RequestDraft,
    ) -> Result<Id> {
        staff.must(ground.code(), Operation::HandleRecords)?;
        let reference = draft::text("reference", Some(&draft.reference))?
            .filter(|text| text.chars().count() <= 60)
            .ok_or_else(|| Violation::new("reference", "required"))?;
        let asked = draft::text("asked", Some(&draft.asked))?
            .ok_or_else(|| Violation::new("asked", "required"))?;
        let selection = selection(draft, &ground.zone)?;
        let found = self.municipal.select_records(ground.code(), &selection).await;
        let found = found.map_err(failure)?;
        match found.len() {
            0 => return Err(Violation::new("selection", "none_found").into()),
            count if count > MOST => return Err(Violation::new("selection", "too_many").into()),
            _ => {}
        }
        let item = |report| RecordItem {
            report,
            verdict: None,
            ground: None,
            text: None,
            photos: false,
            reviewed_by: None,
            reviewed_hour: None,
        };
        let request = RecordRequest {
            id: self.new_id(),
            municipality: ground.code().clone(),
            reference,
            asked,
            opened_by: staff.name().to_owned(),
            opened_hour: self.this_hour(),
            closed_hour: None,
            items: found.into_iter().map(item).collect(),
        };
        let id = request.id;
        let subject = Some(id.to_string());
        let mut audit = self.audit(staff.name(), "open_request", Some(ground.code()), subject);
        audit.detail = format!("{} documents", request.items.len());
        self.municipal.insert_request(request, audit).await.map_err(failure)?;
        Ok(id)
    }

    /// Every request, open ones first.
    ///
    /// # Errors
    /// [`Error::Forbidden`].
    pub async fn record_requests(
        &self,
        staff: &Staff,
        ground: &Ground,
    ) -> Result<Vec<RecordRequest>> {
        staff.must(ground.code(), Operation::HandleRecords)?;
        self.municipal.record_requests(ground.code()).await.map_err(failure)
    }

    /// One request with its documents. The read is noted.
    ///
    /// # Errors
    /// [`Error::Forbidden`]; [`Error::NotFound`].
    pub async fn record_request(
        &self,
        staff: &Staff,
        ground: &Ground,
        id: &str,
    ) -> Result<(RecordRequest, Vec<RecordDocument>)> {
        staff.must(ground.code(), Operation::HandleRecords)?;
        let request = self.request(ground, id).await?;
        let subject = Some(id.to_owned());
        let audit = self.audit(staff.name(), "read_request", Some(ground.code()), subject);
        self.municipal.append_audit(audit).await.map_err(failure)?;
        let documents = self.documents(ground, &request).await?;
        Ok((request, documents))
    }

    /// Sets what the review of one document came to.
    ///
    /// # Errors
    /// [`Error::Forbidden`]; [`Error::NotFound`] without such a document in a
    /// request that is open; [`Error::Invalid`] naming a broken rule.
    pub async fn review_record(
        &self,
        staff: &Staff,
        ground: &Ground,
        (request, report): (&str, &str),
        draft: &VerdictDraft,
    ) -> Result<()> {
        staff.must(ground.code(), Operation::HandleRecords)?;
        let verdict = RecordVerdict::parse(&draft.verdict)
            .ok_or_else(|| Violation::new("verdict", "unknown_value"))?;
        let ground_of_law = draft::text("ground", draft.ground.as_deref())?;
        if verdict != RecordVerdict::Release && ground_of_law.is_none() {
            return Err(Violation::new("ground", "required").into());
        }
        let text = draft::text("text", draft.text.as_deref())?;
        let known = self.municipal.report(&event_key(ground, report)?).await.map_err(failure)?;
        let known = known.ok_or(Error::NotFound)?;
        let text = match verdict {
            RecordVerdict::Mask if text.is_none() && known.text.is_some() => {
                return Err(Violation::new("text", "required").into());
            }
            RecordVerdict::Mask => text,
            _ => None,
        };
        let item = RecordItem {
            report: known.id,
            verdict: Some(verdict),
            ground: ground_of_law.filter(|_| verdict != RecordVerdict::Release),
            text,
            photos: draft.photos && verdict != RecordVerdict::Withhold,
            reviewed_by: Some(staff.name().to_owned()),
            reviewed_hour: Some(self.this_hour()),
        };
        let id = Id::parse(request).ok_or(Error::NotFound)?;
        let subject = Some(report.to_owned());
        let mut audit = self.audit(staff.name(), "review_record", Some(ground.code()), subject);
        verdict.code().clone_into(&mut audit.detail);
        self.municipal.review_record(ground.code(), id, item, audit).await.map_err(failure)
    }

    /// Closes a request: what it asked for may be let go again.
    ///
    /// # Errors
    /// [`Error::Forbidden`]; [`Error::NotFound`] without such a request that is open.
    pub async fn close_request(&self, staff: &Staff, ground: &Ground, id: &str) -> Result<()> {
        staff.must(ground.code(), Operation::HandleRecords)?;
        let subject = Some(id.to_owned());
        let audit = self.audit(staff.name(), "close_request", Some(ground.code()), subject);
        let id = Id::parse(id).ok_or(Error::NotFound)?;
        self.municipal.close_request(ground.code(), id, audit).await.map_err(failure)
    }

    /// What is handed out of a request. The export is noted.
    ///
    /// # Errors
    /// [`Error::Forbidden`]; [`Error::NotFound`]; [`Error::Conflict`]
    /// `records_unreviewed` while a document has no verdict.
    pub async fn export_request(
        &self,
        staff: &Staff,
        ground: &Ground,
        id: &str,
    ) -> Result<HandedOut> {
        staff.must(ground.code(), Operation::HandleRecords)?;
        let request = self.request(ground, id).await?;
        if request.unreviewed() > 0 {
            return Err(Error::Conflict("records_unreviewed"));
        }
        let documents = self.documents(ground, &request).await?;
        let mut photos = Vec::new();
        for (number, document) in (1..).zip(&documents) {
            let wanted = if document.item.photos { document.photos } else { 0 };
            let key = EventKey { municipality: ground.code().clone(), id: document.report.id };
            for position in 0..wanted {
                let photo = self.municipal.photo(&key, position).await.map_err(failure)?;
                photos.extend(photo.map(|photo| (number, position, photo)));
            }
        }
        let subject = Some(id.to_owned());
        let mut audit = self.audit(staff.name(), "export_request", Some(ground.code()), subject);
        audit.detail = format!("{} documents", documents.len());
        self.municipal.append_audit(audit).await.map_err(failure)?;
        let (at_hour, by) = (self.this_hour(), staff.name().to_owned());
        Ok(HandedOut { request, documents, photos, at_hour, by })
    }

    async fn request(&self, ground: &Ground, id: &str) -> Result<RecordRequest> {
        let id = Id::parse(id).ok_or(Error::NotFound)?;
        let all = self.municipal.record_requests(ground.code()).await.map_err(failure)?;
        all.into_iter().find(|request| request.id == id).ok_or(Error::NotFound)
    }

    async fn documents(
        &self,
        ground: &Ground,
        request: &RecordRequest,
    ) -> Result<Vec<RecordDocument>> {
        let mut documents = Vec::new();
        for item in &request.items {
            let key = EventKey { municipality: ground.code().clone(), id: item.report };
            let Some(report) = self.municipal.report(&key).await.map_err(failure)? else {
                continue;
            };
            let photos = self.municipal.photos(&key).await.map_err(failure)?;
            let history = self.municipal.status_history(&key).await.map_err(failure)?;
            let proposed = report.text.as_deref().map(wording::masked);
            documents.push(RecordDocument {
                item: item.clone(),
                report,
                proposed,
                photos,
                history,
            });
        }
        Ok(documents)
    }
}

fn selection(draft: &RequestDraft, zone: &TimeZone) -> Result<RecordSelection> {
    let moment = |field: &str, day: &Option<String>| -> Result<Option<Timestamp>> {
        let Some(day) = day else { return Ok(None) };
        let broken = || Error::from(Violation::new(field, "date_form"));
        let day: Date = day.parse().map_err(|_unreadable| broken())?;
        let start = day.to_zoned(zone.clone()).map_err(|_outside| broken())?;
        Ok(Some(start.timestamp()))
    };
    Ok(RecordSelection {
        from: moment("from", &draft.from)?,
        to: moment("to", &draft.to)?,
        categories: draft::codes("categories", &draft.categories, Category::parse)?,
        districts: draft.districts.clone(),
    })
}

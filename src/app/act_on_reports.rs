//! One action on many reports, each checked as if it were alone.

use super::{App, Error, Ground, Result, Staff, StepDraft};
use fyren_core::domain::{BulkAction, Operation, QuarantineReason, Violation};
use std::collections::HashSet;

/// An action on many reports as staff send it.
#[derive(Debug, Clone, Default)]
pub struct BulkDraft {
    /// Identities of the reports, 1 to 100.
    pub ids: Vec<String>,
    /// Code of a [`BulkAction`].
    pub action: String,
    /// The report that they are merged into or repeat.
    pub into: Option<String>,
    /// The status to reach.
    pub status: Option<String>,
    /// The answer to the residents.
    pub answer: Option<String>,
    /// Who owns the defects that are published.
    pub owner: Option<String>,
}

/// A report to which the action was not done.
#[derive(Debug, Clone)]
pub struct Refused {
    /// Its identity as it was sent.
    pub id: String,
    /// Why.
    pub error: Error,
}

/// Most reports of one action.
const MOST: usize = 100;

impl App {
    /// Does one action to many reports, one after the other, and gives those
    /// to which it was done and those to which it was not, with the reason. A
    /// report that is named twice is done once.
    ///
    /// # Errors
    /// [`Error::Forbidden`]; [`Error::Invalid`] for the action as a whole;
    /// [`Error::Unavailable`] and [`Error::Bug`] end it: what was done by then
    /// is done.
    pub async fn act_on_reports(
        &self,
        staff: &Staff,
        ground: &Ground,
        draft: &BulkDraft,
    ) -> Result<(Vec<String>, Vec<Refused>)> {
        staff.must(ground.code(), Operation::ModerateReport)?;
        let action = checked(draft)?;
        let (mut seen, mut done, mut refused) = (HashSet::new(), Vec::new(), Vec::new());
        for id in draft.ids.iter().filter(|id| seen.insert(id.as_str())) {
            match self.act_on_one(staff, ground, (id, action), draft).await {
                Ok(()) => done.push(id.clone()),
                Err(error @ (Error::Unavailable { .. } | Error::Bug(_))) => return Err(error),
                Err(error) => refused.push(Refused { id: id.clone(), error }),
            }
        }
        Ok((done, refused))
    }

    async fn act_on_one(
        &self,
        staff: &Staff,
        ground: &Ground,
        (id, action): (&str, BulkAction),
        draft: &BulkDraft,
    ) -> Result<()> {
        let into = draft.into.as_deref().unwrap_or_default();
        let aside = |reason| self.quarantine_report(staff, ground, id, reason);
        let done = match action {
            BulkAction::Status => {
                let status = draft.status.clone().unwrap_or_default();
                let step = StepDraft { status, answer: draft.answer.clone() };
                self.change_status(staff, ground, id, step).await
            }
            BulkAction::PutAside => aside(Some(QuarantineReason::Staff)).await,
            BulkAction::LetIn => aside(None).await,
            BulkAction::Merge => self.merge_report(staff, ground, id, into).await,
            BulkAction::Repeat => self.mark_duplicate(staff, ground, id, Some(into)).await,
            BulkAction::Publish => {
                let owner = draft.owner.as_deref().unwrap_or_default();
                return self.publish_defect(staff, ground, id, owner).await.map(|_id| ());
            }
        };
        done.map(|_seq| ())
    }
}

/// The action, where it has what it needs.
fn checked(draft: &BulkDraft) -> Result<BulkAction> {
    if draft.ids.is_empty() {
        return Err(Violation::new("ids", "required").into());
    }
    if draft.ids.len() > MOST {
        return Err(Violation::new("ids", "out_of_range").into());
    }
    let action = BulkAction::parse(&draft.action);
    let action = action.ok_or_else(|| Violation::new("action", "unknown_value"))?;
    let (field, given) = match action {
        BulkAction::Status => ("status", &draft.status),
        BulkAction::Merge | BulkAction::Repeat => ("into", &draft.into),
        BulkAction::Publish => ("owner", &draft.owner),
        BulkAction::PutAside | BulkAction::LetIn => return Ok(action),
    };
    if given.is_none() { Err(Violation::new(field, "required").into()) } else { Ok(action) }
}

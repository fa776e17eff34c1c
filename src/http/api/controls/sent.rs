//! Controls and their steps as they are sent.

use super::super::reports::PlaceInput;
use crate::app::{ControlStepDraft, ResultDraft};
use fyren_core::domain::Violation;
use serde::Deserialize;
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// What came of a control, as it is sent: with the `visit` that was logged for
/// it, or with the unit, the mode, the start and the minutes of one.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct NewControlResult {
    /// A visit of the control's purpose.
    #[serde(default)]
    visit: Option<String>,
    /// Code of the unit, never a name.
    #[serde(default)]
    unit: String,
    /// `area_police` or `police`.
    #[serde(default)]
    unit_kind: String,
    /// As of a visit.
    #[serde(default)]
    mode: String,
    /// RFC 3339, or local time.
    #[serde(default)]
    started_at: String,
    /// Minutes.
    #[serde(default)]
    minutes: u32,
    /// Vehicles that were measured or passed.
    vehicles: u32,
    /// Drivers or vehicles that were checked.
    checked: u32,
    /// Breaches by kind: `speeding`, `alcohol`, `drugs`, `licence`, `belt`, `phone`, `vehicle`, `other`.
    #[serde(default)]
    breaches: BTreeMap<String, u32>,
    /// v85 before, km/h.
    #[serde(default)]
    v85_before_kmh: Option<f64>,
    /// v85 after, km/h.
    #[serde(default)]
    v85_after_kmh: Option<f64>,
}

/// A control as it is sent: at a `site` that the rules call for, or at a `place`.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct NewControl {
    /// `speed`, `sobriety`, `belt_phone` or `vehicle`.
    pub(super) kind: String,
    /// Key of a candidate.
    #[serde(default)]
    pub(super) site: Option<String>,
    /// Another place, a position or a named place.
    #[serde(default)]
    pub(super) place: Option<PlaceInput>,
    /// What that place is called; the nearest named place without.
    #[serde(default)]
    pub(super) name: Option<String>,
    /// Local day for which it is called; needed without a result.
    #[serde(default)]
    pub(super) due_on: Option<String>,
    /// `over_limit`, `sources`, `crashes`, `school`, `request`, `local_knowledge`; needed with a place.
    #[serde(default)]
    pub(super) why_here: Vec<String>,
    /// `days_since`, `school_start`, `hot_hours`, `event`, `follow_up`; needed with a place.
    #[serde(default)]
    pub(super) why_now: Vec<String>,
    /// What came of it, where it is done already.
    #[serde(default)]
    pub(super) result: Option<NewControlResult>,
}

/// What became of a control.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct NewControlStep {
    /// `moved`, `lapsed` or `done`.
    act: String,
    /// Local day to which it is moved.
    #[serde(default)]
    due_on: Option<String>,
    /// `no_unit`, `weather`, `road`, `no_longer_called`, `measure_first` or `other`; of one that was
    /// moved or lapsed.
    #[serde(default)]
    reason: Option<String>,
    /// Of one that was done.
    #[serde(default)]
    result: Option<NewControlResult>,
}

impl NewControlResult {
    pub(super) fn draft(self) -> ResultDraft {
        ResultDraft {
            visit: self.visit,
            unit: self.unit,
            unit_kind: self.unit_kind,
            mode: self.mode,
            started_at: self.started_at,
            minutes: self.minutes,
            vehicles: self.vehicles,
            checked: self.checked,
            breaches: self.breaches.into_iter().collect(),
            v85_before: self.v85_before_kmh,
            v85_after: self.v85_after_kmh,
        }
    }
}

impl NewControlStep {
    pub(super) fn draft(self) -> Result<ControlStepDraft, Violation> {
        let needed = |field: &str, text: Option<String>| {
            text.ok_or_else(|| Violation::new(field, "required"))
        };
        match self.act.as_str() {
            "moved" => Ok(ControlStepDraft::Moved(
                needed("dueOn", self.due_on)?,
                needed("reason", self.reason)?,
            )),
            "lapsed" => Ok(ControlStepDraft::Lapsed(needed("reason", self.reason)?)),
            "done" => match self.result {
                Some(result) => Ok(ControlStepDraft::Done(result.draft())),
                None => Err(Violation::new("result", "required")),
            },
            _ => Err(Violation::new("act", "unknown_value")),
        }
    }
}

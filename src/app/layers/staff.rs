//! What a layer for staff is built from: snapshots of the indexes, and the
//! proof that somebody may see them.

use super::access::StaffAccess;
use super::query::LayerQuery;
use crate::app::Ground;
use crate::app::plan_patrol::PlannedStop;
use crate::spatial::{Filter, Snapshot};
use fyren_core::domain::{Category, Context, Control, EventKind, Layer, Seq, SurveyAnswer, Veto};
use jiff::civil::Date;
use std::sync::Arc;

/// Everything that a layer for staff may be made of, as of one moment.
pub struct StaffSource {
    /// The municipality.
    pub ground: Arc<Ground>,
    /// What is asked.
    pub query: LayerQuery,
    /// The local day of the question.
    pub today: Date,
    /// Vetoes on hot spots that may be seen; read for the layer that tells them.
    pub vetoes: Vec<Veto>,
    /// Traffic controls; read for the layer that tells them.
    pub controls: Vec<Control>,
    /// Answers of safety surveys; read for the method that sets them beside reports.
    pub surveys: Vec<SurveyAnswer>,
    /// Stops of decided plans; read for the methods that set them beside what
    /// was given, for whoever sees plans.
    pub plans: Option<Vec<PlannedStop>>,
    access: StaffAccess,
    municipal: Arc<Snapshot>,
    police: Option<Arc<Snapshot>>,
}

impl StaffSource {
    /// A source for whoever has `access`; `police` is looked at only where
    /// that is allowed.
    #[must_use]
    pub fn new(
        access: StaffAccess,
        (ground, query, today): (Arc<Ground>, LayerQuery, Date),
        municipal: Arc<Snapshot>,
        police: Option<Arc<Snapshot>>,
    ) -> Self {
        let police = police.filter(|_| access.sees_police());
        Self {
            ground,
            query,
            today,
            vetoes: Vec::new(),
            controls: Vec::new(),
            surveys: Vec::new(),
            plans: None,
            access,
            municipal,
            police,
        }
    }

    /// The layer that this is a source for.
    #[must_use]
    pub const fn layer(&self) -> Layer {
        self.access.layer()
    }

    /// The events of the municipal context.
    #[must_use]
    pub const fn municipal(&self) -> &Arc<Snapshot> {
        &self.municipal
    }

    /// The snapshots that may be seen, each with its context.
    pub fn snapshots(&self) -> impl Iterator<Item = (Context, &Arc<Snapshot>)> {
        let police = self.police.iter().map(|police| (Context::Police, police));
        std::iter::once((Context::Municipal, &self.municipal)).chain(police)
    }

    /// The generations behind the answer, by context.
    pub fn generations(&self) -> impl Iterator<Item = (Context, Seq)> {
        self.snapshots().map(|(context, snapshot)| (context, snapshot.generation()))
    }

    /// The asked filter for one kind of event, without what is not for these eyes.
    #[must_use]
    pub fn filter(&self, kind: EventKind) -> Filter {
        let hidden = Category::ALL.iter().filter(|category| !self.access.sees_category(**category));
        Filter {
            kinds: vec![kind],
            hidden_reports: hidden.map(|category| category.code().to_owned()).collect(),
            ..self.query.filter.clone()
        }
    }
}

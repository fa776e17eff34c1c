//! What a layer is made of beside the index: rows of the store that are no
//! events, read before anything is computed.

use super::{Source, plan};
use crate::app::plan_patrol::KeptView;
use crate::app::{Result, Summary, failure};
use crate::store::Store;
use fyren_core::domain::{
    KeptPlan, Layer, PatrolAreaSet, PlanStatus, PresenceWeek, SpeedHour, SurveyAnswer,
};

/// What a layer needs of the store.
pub(super) enum Stored {
    Nothing,
    Speeds(Vec<SpeedHour>),
    Weeks(Vec<PresenceWeek>),
    Plans(Vec<KeptView>),
    PatrolAreas(Vec<PatrolAreaSet>),
    Summaries(Vec<Summary>),
    Surveys(Vec<SurveyAnswer>),
}

impl Stored {
    /// Reads what `layer` needs of `store`.
    pub(super) async fn read(layer: Layer, source: &Source, store: &dyn Store) -> Result<Self> {
        let Source::Staff(source) = source else { return Ok(Self::Nothing) };
        match layer {
            Layer::Speeds => {
                let filter = &source.query.filter;
                let hours = store.speed_hours(source.ground.code(), filter.from, filter.to).await;
                hours.map(Self::Speeds).map_err(failure)
            }
            Layer::Coverage => {
                let weeks = store.presence_weeks(source.ground.code()).await;
                weeks.map(Self::Weeks).map_err(failure)
            }
            Layer::Plan => {
                let plans = store.plans(source.ground.code(), plan::asked(source).0).await;
                let decided = |plan: &KeptPlan| plan.status() == PlanStatus::Decided;
                let plans = plans.map_err(failure)?.into_iter().filter(decided);
                plans.map(KeptView::read).collect::<Result<_>>().map(Self::Plans)
            }
            Layer::SummaryHotspots => {
                let kept = store.summaries(source.ground.code()).await.map_err(failure)?;
                kept.iter().map(Summary::read).collect::<Result<_>>().map(Self::Summaries)
            }
            Layer::PatrolAreas => {
                let sets = store.area_sets(source.ground.code()).await;
                sets.map(Self::PatrolAreas).map_err(failure)
            }
            Layer::Surveys => {
                let answers = store.survey_answers(source.ground.code()).await;
                answers.map(Self::Surveys).map_err(failure)
            }
            _ => Ok(Self::Nothing),
        }
    }
}

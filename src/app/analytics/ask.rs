//! Asking a method: who may, of which data, and waiting for the answer.

use super::presence::DAYS;
use super::runs::Run;
use super::summary::last_days;
use super::{Method, Progress};
use super::{
    alerts, areas, bias, density, dose, emerging, evaluate, forecast, gistar, moran, nearrepeat,
    presence, sites, summary, trend,
};
use crate::app::layers::answer::{Built, hash};
use crate::app::layers::hot::Hot;
use crate::app::layers::lands::Lands;
use crate::app::layers::presence::presence_of;
use crate::app::layers::{
    Admission, LayerAnswer, LayerQuery, StaffSource, admit, clusters, hotspots, joins_police,
    places,
};
use crate::app::{App, Error, Ground, Result, failure};
use crate::encode::Value;
use fyren_core::analysis::Watch;
use fyren_core::domain::{Context, Layer, Role, may_see};
use jiff::civil::Date;
use std::sync::Arc;
use std::time::Duration;

/// How long a request waits before it is told where to ask again.
const PATIENCE: Duration = Duration::from_secs(3);

/// One question to a method.
pub struct Question {
    /// To which municipality.
    pub ground: Arc<Ground>,
    /// Which method.
    pub method: Method,
    /// The roles of whoever asks in that municipality; `None` without sign-in.
    pub roles: Option<Vec<Role>>,
    /// What is asked, as [`super::parse_question`] reads it.
    pub query: LayerQuery,
    /// The local day in that municipality.
    pub today: Date,
}

/// A question that may be asked, with the data that it will be asked of.
pub struct Asked {
    method: Method,
    source: StaffSource,
    version: String,
    tag: String,
}

/// What a question came to.
pub enum Analysis {
    /// The answer.
    Ready(Box<LayerAnswer>),
    /// It is still being computed.
    Running(Progress),
}

impl Asked {
    /// A hash of everything that the answer depends on but how it is written.
    #[must_use]
    pub fn version(&self) -> &str {
        &self.version
    }

    /// What the answer will be made of.
    pub(in crate::app) fn into_source(self) -> StaffSource {
        self.source
    }
}

impl App {
    /// Decides about a question and takes what its answer rests on.
    ///
    /// # Errors
    /// As [`admit`]; [`Error::Unavailable`] when an index takes longer than
    /// 30 s to load.
    pub async fn ask(&self, question: Question) -> Result<Asked> {
        let Question { ground, method, roles, mut query, today } = question;
        let Admission::Staff(access) = admit(method.layer(), roles.as_deref())? else {
            return Err(Error::Bug("a method for everybody".into()));
        };
        self.layers.narrow(&mut query, &access, &ground).await?;
        let indexes = self.layers.indexes();
        let municipal = indexes.snapshot(&ground, Context::Municipal).await?;
        let police = if joins_police(method.layer()) && access.sees_police() {
            Some(indexes.snapshot(&ground, Context::Police).await?)
        } else {
            None
        };
        let (tag, code) = (access.tag(), ground.code().as_str().to_owned());
        // `limit` and `offset` cut an answer that is computed once.
        let asked = format!("{:?} {:?}", query.filter, query.params);
        let police_seen = police.is_some();
        let mut source = StaffSource::new(access, (ground, query, today), municipal, police);
        if method == Method::Hotspots {
            source.vetoes = self.layers.vetoes(source.ground.code(), police_seen).await?;
        }
        if method == Method::Bias {
            let answers = self.municipal.survey_answers(source.ground.code()).await;
            source.surveys = answers.map_err(failure)?;
        }
        let sees_plans = roles.iter().flatten().any(|role| may_see(*role, Layer::Plan));
        if matches!(method, Method::Presence | Method::Dose) && sees_plans {
            let since = last_days(&source, DAYS).from;
            source.plans = Some(self.planned_stops(&source.ground, since).await?);
        }
        let rests_on = format!("{:?} {today}", source.generations().collect::<Vec<_>>());
        let parts = [method.code(), &code, &asked, &rests_on, &tag];
        let version = hash(&parts.map(str::as_bytes));
        Ok(Asked { method, source, version, tag })
    }

    /// Computes the answer, waiting for some seconds; the run goes on after
    /// that, and [`App::follow_run`] finds it.
    ///
    /// # Errors
    /// [`Error::Unavailable`] when the queue is full; [`Error::BadParameter`]
    /// for a parameter that the method refuses; [`Error::TooMuch`]; a
    /// [`Error::Conflict`] where somebody has ended the run.
    pub async fn analyse(&self, asked: Asked) -> Result<Analysis> {
        let Asked { method, source, version, tag } = asked;
        let query = source.query.clone();
        let municipality = source.ground.code().clone();
        let lands = Arc::clone(self.layers.lands());
        let run = self.runs.begin(Run::new(version, method, municipality, tag), move |watch| {
            let mut built = build(method, &source, &lands, watch)?;
            let seen = source.generations().map(|(c, g)| (c.code(), Value::Int(g.0)));
            built.members.push(("generation", Value::Object(seen.collect())));
            Ok(built)
        });
        finished(&run, &query, PATIENCE).await
    }

    /// What has become of a run that whoever has `roles` may see; `query` says
    /// which part of the answer is wanted.
    ///
    /// # Errors
    /// [`Error::NotFound`] without such a run; else as [`App::analyse`].
    pub async fn follow_run(
        &self,
        ground: &Ground,
        roles: Option<&[Role]>,
        id: &str,
        query: &LayerQuery,
    ) -> Result<Analysis> {
        let run = self.run(ground, roles, id)?;
        finished(&run, query, PATIENCE).await
    }

    /// Ends a run that whoever has `roles` may see.
    ///
    /// # Errors
    /// [`Error::NotFound`] without such a run.
    pub fn cancel_run(&self, ground: &Ground, roles: Option<&[Role]>, id: &str) -> Result<()> {
        self.run(ground, roles, id)?.cancel();
        Ok(())
    }

    fn run(&self, ground: &Ground, roles: Option<&[Role]>, id: &str) -> Result<Arc<Run>> {
        // Which roles count depends on the method, so each one's are tried.
        let mut refused = Error::NotFound;
        for method in Method::ALL {
            match admit(method.layer(), roles) {
                Ok(Admission::Staff(access)) => {
                    if let Ok(run) = self.runs.find(id, ground.code(), &access.tag()) {
                        return Ok(run);
                    }
                }
                Err(error @ Error::Unauthenticated) => refused = error,
                Ok(Admission::Public) | Err(_) => {}
            }
        }
        Err(refused)
    }
}

/// The answer of a run, or how far it has come.
async fn finished(run: &Run, query: &LayerQuery, patience: Duration) -> Result<Analysis> {
    let Some(outcome) = run.outcome(patience).await else {
        return Ok(Analysis::Running(run.progress()));
    };
    let named = ("method", run.method.code());
    let answer = LayerAnswer::new(named, outcome?, query.crs.clone(), query.offset, query.limit);
    Ok(Analysis::Ready(Box::new(answer)))
}

fn build(method: Method, source: &StaffSource, lands: &Lands, watch: Watch<'_>) -> Result<Built> {
    match method {
        Method::Summary => summary::build(source),
        Method::Density => density::build(source, lands),
        Method::Hotspots => {
            let hot = Hot::confirmed(source, lands, watch)?;
            let mut members = hot.said().members();
            members.push(presence_of(source));
            Ok(hotspots::rows(source, &hot).built(members))
        }
        Method::Alerts => alerts::build(source, watch),
        Method::Places => places::build(source),
        Method::Evaluate => evaluate::build(source),
        Method::ForecastQuality => forecast::build(source, lands),
        Method::Gistar => gistar::build(source, lands),
        Method::Nearrepeat => nearrepeat::build(source, watch),
        Method::Moran => moran::build(source, lands, watch),
        Method::Emerging => emerging::build(source, lands),
        Method::Trend => trend::build(source),
        Method::Presence => presence::build(source, lands),
        Method::Dose => dose::build(source, lands, watch),
        Method::Bias => bias::build(source, lands),
        Method::Sites => sites::build(source),
        Method::Areas => areas::build(source, lands),
        Method::Clusters => clusters::build(source, lands, watch),
    }
}

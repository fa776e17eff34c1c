//! Runs: questions that are being computed or have been, each once however
//! many ask. A run goes on when whoever asked has gone, and ends when told to.

use super::Method;
use crate::app::layers::{Pool, answer::Built};
use crate::app::{Error, Result};
use fyren_core::analysis::Watch;
use fyren_core::domain::MunicipalityCode;
use std::collections::VecDeque;
use std::ops::ControlFlow;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::watch;

/// Runs that are remembered, finished ones with their answer.
const REMEMBERED: usize = 64;

/// How far a run has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Progress {
    /// Its identity: a hash of everything that the answer depends on.
    pub id: String,
    /// The method.
    pub method: Method,
    /// Simulations that are done.
    pub done: u32,
    /// Of how many; 0 where the method does not count.
    pub of: u32,
}

/// One question that is being computed or has been.
pub struct Run {
    /// Its identity.
    pub id: String,
    /// The method.
    pub method: Method,
    /// The municipality that it is about.
    pub municipality: MunicipalityCode,
    /// What the asker may see; others do not find the run.
    pub tag: String,
    done: AtomicU32,
    of: AtomicU32,
    cancelled: AtomicBool,
    outcome: watch::Sender<Option<Result<Built>>>,
}

/// The runs of this process.
pub struct Runs {
    pool: Arc<Pool>,
    known: Mutex<VecDeque<Arc<Run>>>,
}

impl Runs {
    /// No runs yet, on a pool that no map waits for.
    #[must_use]
    pub fn new(pool: Arc<Pool>) -> Self {
        Self { pool, known: Mutex::default() }
    }

    /// The run with this identity, begun with `work` unless it is known and
    /// has not failed.
    pub fn begin(
        &self,
        fresh: Run,
        work: impl FnOnce(Watch<'_>) -> Result<Built> + Send + 'static,
    ) -> Arc<Run> {
        let mut known = self.lock();
        known.retain(|run| !run.has_failed());
        if let Some(at) = known.iter().position(|run| run.id == fresh.id)
            && let Some(run) = known.remove(at)
        {
            known.push_front(Arc::clone(&run));
            return run;
        }
        let run = Arc::new(fresh);
        known.push_front(Arc::clone(&run));
        known.truncate(REMEMBERED);
        let (pool, followed) = (Arc::clone(&self.pool), Arc::clone(&run));
        tokio::spawn(async move {
            let watched = Arc::clone(&followed);
            let outcome = pool.compute(move || work(&|done, of| watched.step(done, of))).await;
            followed.outcome.send_replace(Some(outcome.map_err(cancelled)));
        });
        run
    }

    /// A run by its identity, for whoever may see `tag` in `municipality`.
    ///
    /// # Errors
    /// [`Error::NotFound`] without such a run.
    pub fn find(&self, id: &str, municipality: &MunicipalityCode, tag: &str) -> Result<Arc<Run>> {
        let known = self.lock();
        let same =
            |run: &&Arc<Run>| run.id == id && run.municipality == *municipality && run.tag == tag;
        known.iter().find(same).cloned().ok_or(Error::NotFound)
    }

    fn lock(&self) -> MutexGuard<'_, VecDeque<Arc<Run>>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A run that was told to end says so.
fn cancelled(error: Error) -> Error {
    match &error {
        Error::Invalid(broken) if broken.iter().any(|one| one.rule == "cancelled") => {
            Error::Conflict("cancelled")
        }
        _ => error,
    }
}

impl Run {
    /// A run that has not begun.
    #[must_use]
    pub fn new(id: String, method: Method, municipality: MunicipalityCode, tag: String) -> Self {
        let (done, of) = (AtomicU32::new(0), AtomicU32::new(0));
        let (cancelled, outcome) = (AtomicBool::new(false), watch::Sender::new(None));
        Self { id, method, municipality, tag, done, of, cancelled, outcome }
    }

    /// How far it has come.
    #[must_use]
    pub fn progress(&self) -> Progress {
        Progress {
            id: self.id.clone(),
            method: self.method,
            done: self.done.load(Ordering::Relaxed),
            of: self.of.load(Ordering::Relaxed),
        }
    }

    /// Tells it to end; it does so before its next simulations.
    pub fn cancel(&self) {
        self.cancelled.store(true, Ordering::Relaxed);
    }

    /// What it came to, as soon as it is done but after `patience` at the
    /// latest; `None` while it goes on.
    pub async fn outcome(&self, patience: Duration) -> Option<Result<Built>> {
        let mut outcome = self.outcome.subscribe();
        let done = tokio::time::timeout(patience, outcome.wait_for(Option::is_some)).await;
        done.ok()?.ok()?.clone()
    }

    fn step(&self, done: u32, of: u32) -> ControlFlow<()> {
        self.done.store(done, Ordering::Relaxed);
        self.of.store(of, Ordering::Relaxed);
        if self.cancelled.load(Ordering::Relaxed) {
            ControlFlow::Break(())
        } else {
            ControlFlow::Continue(())
        }
    }

    fn has_failed(&self) -> bool {
        matches!(&*self.outcome.borrow(), Some(Err(_)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::layers::rows::Rows;
    use fyren_core::domain::Violation;
    use std::sync::mpsc;

    const SOON: Duration = Duration::from_secs(20);

    fn run(id: &str) -> Run {
        let code = MunicipalityCode::parse("1427").unwrap();
        Run::new(id.to_owned(), Method::Clusters, code, "officer".to_owned())
    }

    fn nothing() -> Built {
        Rows::new(&[]).built(Vec::new())
    }

    #[tokio::test]
    async fn a_question_that_is_asked_twice_is_computed_once() {
        let runs = Runs::new(Arc::new(Pool::new().unwrap()));
        let first = runs.begin(run("a"), |_| Ok(nothing()));
        assert!(first.outcome(SOON).await.unwrap().is_ok());
        let again = runs.begin(run("a"), |_| panic!("computed again"));
        assert!(again.outcome(SOON).await.unwrap().is_ok());
    }

    #[tokio::test]
    async fn a_cancelled_run_ends_and_can_be_begun_anew() {
        let runs = Runs::new(Arc::new(Pool::new().unwrap()));
        let (go, wait) = mpsc::channel::<()>();
        let cancelled = runs.begin(run("a"), move |watch| {
            let _ = wait.recv();
            match watch(7, 999) {
                ControlFlow::Break(()) => Err(Violation::new("run", "cancelled").into()),
                ControlFlow::Continue(()) => Ok(nothing()),
            }
        });
        assert!(cancelled.outcome(Duration::ZERO).await.is_none(), "it goes on");
        cancelled.cancel();
        drop(go);
        let outcome = cancelled.outcome(SOON).await.unwrap();
        assert!(matches!(outcome, Err(Error::Conflict("cancelled"))));
        assert_eq!((cancelled.progress().done, cancelled.progress().of), (7, 999));
        let anew = runs.begin(run("a"), |_| Ok(nothing()));
        assert!(anew.outcome(SOON).await.unwrap().is_ok());
    }

    #[tokio::test]
    async fn a_run_is_found_only_by_those_who_may_see_it() {
        let runs = Runs::new(Arc::new(Pool::new().unwrap()));
        runs.begin(run("a"), |_| Ok(nothing()));
        let [here, there] = ["1427", "1430"].map(|code| MunicipalityCode::parse(code).unwrap());
        assert!(runs.find("a", &here, "officer").is_ok());
        assert!(matches!(runs.find("a", &here, "est"), Err(Error::NotFound)));
        assert!(matches!(runs.find("a", &there, "officer"), Err(Error::NotFound)));
    }
}

//! Following a municipality's feeds: that something changed, never what.

use super::{App, Ground, Result, Staff, failure};
use crate::store::Store;
use fyren_core::domain::{ChangeKind, Context, MunicipalityCode, Operation, Seq};
use std::sync::Arc;
use tokio::sync::watch;

/// One step of one feed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Step {
    /// Whose feed.
    pub context: Context,
    /// Its last position.
    pub seq: Seq,
    /// What kind of thing changed last.
    pub kind: ChangeKind,
}

/// Follows the feeds that a member of staff may follow.
pub struct Follower {
    municipality: MunicipalityCode,
    feeds: Vec<Feed>,
}

struct Feed {
    context: Context,
    store: Arc<dyn Store>,
    ticks: watch::Receiver<u64>,
    seen: Seq,
}

impl App {
    /// Follows the feeds of a municipality from `after`, a [`Follower::position`],
    /// or from now on; the police feed for police roles only.
    ///
    /// # Errors
    /// Where `staff` may not, or a store fails.
    pub async fn follow_events(
        &self,
        ground: &Ground,
        staff: &Staff,
        after: Option<&str>,
    ) -> Result<Follower> {
        staff.must(ground.code(), Operation::FollowEvents)?;
        let told = after.and_then(|text| text.split_once('.'));
        let police = staff.roles_in(ground.code()).iter().any(|r| r.context() == Context::Police);
        let mut feeds = Vec::new();
        for context in Context::ALL.iter().filter(|c| police || **c == Context::Municipal) {
            let store = Arc::clone(self.store(*context));
            let ticks = store.subscribe();
            let head = store.head(ground.code()).await.map_err(failure)?;
            let told = told.and_then(|(municipal, police)| match context {
                Context::Municipal => municipal.parse().ok(),
                Context::Police => police.parse().ok(),
            });
            let seen = told.map_or(head, |seq: i64| Seq(seq.clamp(0, head.0)));
            feeds.push(Feed { context: *context, store, ticks, seen });
        }
        Ok(Follower { municipality: ground.code().clone(), feeds })
    }
}

impl Follower {
    /// Waits for the next step.
    ///
    /// # Errors
    /// Where a store fails or has been closed.
    pub async fn next(&mut self) -> Result<Step> {
        loop {
            for feed in &mut self.feeds {
                if let Some(step) = feed.advance(&self.municipality).await? {
                    return Ok(step);
                }
            }
            let ticks = self.feeds.iter_mut().map(|feed| Box::pin(feed.ticks.changed()));
            let (closed, ..) = futures_util::future::select_all(ticks).await;
            closed.map_err(|_closed| super::Error::Unavailable { retry_after: 2 })?;
        }
    }

    /// How far both feeds have been followed: `MUNICIPAL.POLICE`.
    pub fn position(&self) -> String {
        let seen = |context| {
            self.feeds.iter().find(|feed| feed.context == context).map_or(0, |feed| feed.seen.0)
        };
        format!("{}.{}", seen(Context::Municipal), seen(Context::Police))
    }
}

impl Feed {
    /// What changed since it was last looked at.
    async fn advance(&mut self, municipality: &MunicipalityCode) -> Result<Option<Step>> {
        self.ticks.borrow_and_update();
        let changes = self.store.changes_since(municipality, self.seen, 100).await;
        let Some(last) = changes.map_err(failure)?.pop() else { return Ok(None) };
        self.seen = last.last;
        Ok(Some(Step { context: self.context, seq: last.last, kind: last.kind }))
    }
}

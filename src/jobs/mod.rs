//! What happens without a request.

use crate::app::App;
use std::{sync::Arc, time::Duration};
use tokio::sync::watch;

/// How often the stores are looked after.
const ROUND: Duration = Duration::from_hours(1);

/// Looks after the stores every hour until `stop` is true: forgets keys,
/// short codes, sessions and tokens whose time is up.
pub async fn run(app: Arc<App>, mut stop: watch::Receiver<bool>) {
    let mut rounds = tokio::time::interval(ROUND);
    loop {
        tokio::select! {
            _ = rounds.tick() => {}
            _ = stop.wait_for(|stop| *stop) => return,
        }
        match app.purge_expired().await {
            Ok(()) => {}
            Err(error) => tracing::warn!(%error, "what has expired is still kept"),
        }
    }
}

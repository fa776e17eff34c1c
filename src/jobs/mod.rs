//! What happens without a request.

use crate::app::{App, Exchange, Mailer};
use std::{sync::Arc, time::Duration};
use tokio::sync::watch;

/// How often the stores are looked after.
const ROUND: Duration = Duration::from_hours(1);

/// How often letters are sent.
const POST: Duration = Duration::from_secs(3);

/// How often what has arrived is looked at.
const REVIEW: Duration = Duration::from_secs(1);

/// How often summaries are exchanged.
const EXCHANGE: Duration = Duration::from_hours(1);

/// Exchanges summaries with the other context's process until `stop` is true:
/// at the start and every hour.
pub async fn exchange(app: Arc<App>, exchange: Exchange, mut stop: watch::Receiver<bool>) {
    let mut rounds = tokio::time::interval(EXCHANGE);
    loop {
        tokio::select! {
            _ = rounds.tick() => {}
            _ = stop.wait_for(|stop| *stop) => return,
        }
        match app.exchange_summaries(&exchange).await {
            Ok(count) => tracing::info!(count, "summaries are exchanged"),
            Err(error) => tracing::warn!(%error, "summaries are not exchanged"),
        }
    }
}

/// Works until `stop` is true: every hour forgets keys, short codes, sessions
/// and tokens whose time is up, at night compares the monthly grids with all
/// events, and on Monday looks for alerts; every second looks at what has
/// arrived, for repetitions and for what looks coordinated; every few seconds
/// sends the letters that are due, where there is a `mailer`, and in the
/// morning reminds offices of who waits.
pub async fn run(app: Arc<App>, mailer: Option<Mailer>, stop: watch::Receiver<bool>) {
    let post = post(&app, mailer, stop.clone());
    tokio::join!(look_after(&app, stop.clone()), review(&app, stop), post);
}

async fn post(app: &App, mailer: Option<Mailer>, mut stop: watch::Receiver<bool>) {
    let Some(mailer) = mailer else { return };
    let holder = app.form_key();
    let mut rounds = tokio::time::interval(POST);
    rounds.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            _ = rounds.tick() => {}
            _ = stop.wait_for(|stop| *stop) => return,
        }
        match app.send_letters(&mailer, &holder).await {
            Ok(0) => {}
            Ok(count) => tracing::info!(job = "letters", count, "letters sent"),
            Err(error) => tracing::warn!(%error, "letters are not sent"),
        }
    }
}

async fn look_after(app: &App, mut stop: watch::Receiver<bool>) {
    let mut rounds = tokio::time::interval(ROUND);
    loop {
        tokio::select! {
            _ = rounds.tick() => {}
            _ = stop.wait_for(|stop| *stop) => return,
        }
        if let Err(error) = app.purge_expired().await {
            tracing::warn!(%error, "what has expired is still kept");
        }
        if let Err(error) = app.look_for_alerts().await {
            tracing::warn!(%error, "nobody has looked for alerts");
        }
        if let Err(error) = app.remind_offices().await {
            tracing::warn!(%error, "offices are not reminded");
        }
        if let Err(error) = app.check_grids().await {
            tracing::warn!(%error, "nobody has looked at the monthly grids");
        }
    }
}

async fn review(app: &App, mut stop: watch::Receiver<bool>) {
    let mut rounds = tokio::time::interval(REVIEW);
    rounds.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            _ = rounds.tick() => {}
            _ = stop.wait_for(|stop| *stop) => return,
        }
        if let Err(error) = app.review_arrivals().await {
            tracing::warn!(%error, "what has arrived is not looked at");
        }
    }
}

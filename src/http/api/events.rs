//! `GET M/events`: that something changed, as server-sent events.

use crate::{
    app::{App, Ground, Staff},
    http::{
        problem::{Document, Problem},
        state::{Municipal, SignedIn, State},
    },
    store::Store,
};
use axum::{
    extract::State as Extract,
    http::{HeaderMap, HeaderName, HeaderValue},
    response::{
        IntoResponse,
        sse::{Event, KeepAlive, Sse},
    },
};
use futures_util::{Stream, stream};
use fyren_core::domain::{Context, Operation, Seq};
use std::{convert::Infallible, sync::Arc, time::Duration};
use tokio::sync::watch;

/// How often the connection is kept alive, and the right to it checked.
const HEARTBEAT: Duration = Duration::from_secs(15);

/// Follows the feeds of a municipality: `seq` and kind only. The id of an event
/// is `MUNICIPAL.POLICE`, the last position of both feeds, and comes back as
/// `Last-Event-ID`.
#[utoipa::path(
    get, path = "/api/v1/municipalities/{code}/events", tag = "layers",
    operation_id = "follow_events",
    params(
        ("code" = String, Path, description = "Municipality code"),
        ("Last-Event-ID" = Option<String>, Header, description = "Where the last connection ended")
    ),
    responses(
        (status = 200, description = "A stream of changes", body = String, content_type = "text/event-stream"),
        (status = 401, description = "Not signed in", body = Document),
        (status = 403, description = "The role may not follow", body = Document)
    )
)]
pub async fn follow_events(
    Extract(state): Extract<State>,
    Municipal(ground): Municipal,
    SignedIn(staff): SignedIn,
    headers: HeaderMap,
) -> Result<impl IntoResponse, Problem> {
    staff.must(ground.code(), Operation::FollowEvents)?;
    let asked = headers.get("last-event-id").and_then(|value| value.to_str().ok());
    let feeds = Feeds::open(&state.app, &ground, &staff, asked).await?;
    let follower = Follower { feeds, state: Arc::clone(&state), ground };
    let uncompressed =
        [(HeaderName::from_static("x-accel-buffering"), HeaderValue::from_static("no"))];
    let stream = Sse::new(follower.stream()).keep_alive(KeepAlive::new().interval(HEARTBEAT));
    Ok((uncompressed, stream))
}

struct Feed {
    context: Context,
    store: Arc<dyn Store>,
    ticks: watch::Receiver<u64>,
    seen: Seq,
}

struct Feeds(Vec<Feed>);

impl Feeds {
    async fn open(
        app: &App,
        ground: &Ground,
        staff: &Staff,
        asked: Option<&str>,
    ) -> Result<Self, Problem> {
        let asked = asked.and_then(|text| text.split_once('.'));
        let police = staff.roles_in(ground.code()).iter().any(|r| r.context() == Context::Police);
        let mut feeds = Vec::new();
        for context in Context::ALL {
            if *context == Context::Police && !police {
                continue;
            }
            let store = Arc::clone(app.store(*context));
            let ticks = store.subscribe();
            let head = store.head(ground.code()).await.map_err(crate::app::failure)?;
            let told = asked.and_then(|(municipal, police)| match context {
                Context::Municipal => municipal.parse().ok(),
                Context::Police => police.parse().ok(),
            });
            let seen = told.map_or(head, |seq: i64| Seq(seq.clamp(0, head.0)));
            feeds.push(Feed { context: *context, store, ticks, seen });
        }
        Ok(Self(feeds))
    }

    fn id(&self) -> String {
        let seen = |context| self.0.iter().find(|f| f.context == context).map_or(0, |f| f.seen.0);
        format!("{}.{}", seen(Context::Municipal), seen(Context::Police))
    }
}

struct Follower {
    feeds: Feeds,
    state: State,
    ground: Arc<Ground>,
}

impl Follower {
    fn stream(self) -> impl Stream<Item = Result<Event, Infallible>> {
        stream::unfold(self, |mut follower| async move {
            let event = follower.next().await?;
            Some((Ok(event), follower))
        })
    }

    /// The next change, `None` when the server stops.
    async fn next(&mut self) -> Option<Event> {
        let mut stopping = self.state.stopping.clone();
        loop {
            if *stopping.borrow() {
                return None;
            }
            for at in 0..self.feeds.0.len() {
                if let Some(data) = self.advance(at).await {
                    return Some(Event::default().event("change").id(self.feeds.id()).data(data));
                }
            }
            let ticks = self.feeds.0.iter_mut().map(|feed| Box::pin(feed.ticks.changed()));
            tokio::select! {
                _ = futures_util::future::select_all(ticks) => {}
                _ = stopping.changed() => return None,
            }
        }
    }

    /// What changed in one feed since it was last looked at.
    async fn advance(&mut self, at: usize) -> Option<String> {
        let feed = &mut self.feeds.0[at];
        feed.ticks.borrow_and_update();
        let changes = feed.store.changes_since(self.ground.code(), feed.seen, 100).await.ok()?;
        let last = changes.last()?;
        feed.seen = last.last;
        let kind = last.kind.code();
        Some(format!(
            r#"{{"context":"{}","seq":{},"kind":"{kind}"}}"#,
            feed.context.code(),
            last.last.0
        ))
    }
}

//! `GET M/events`: that something changed, as server-sent events.

use crate::{
    app::{Follower, Ground, Step},
    http::{
        problem::{Document, Problem},
        sessions,
        state::{Municipal, SignedIn, State},
    },
};
use axum::{
    extract::State as Extract,
    http::{HeaderMap, HeaderName, HeaderValue, header},
    response::{
        IntoResponse,
        sse::{Event, KeepAlive, Sse},
    },
};
use futures_util::{Stream, stream};
use fyren_core::domain::Operation;
use std::{convert::Infallible, sync::Arc, time::Duration};
use tokio::time::{Interval, interval};
use tower_sessions::Session;

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
    session: Session,
    headers: HeaderMap,
) -> Result<impl IntoResponse, Problem> {
    let asked = headers.get("last-event-id").and_then(|value| value.to_str().ok());
    let follower = state.app.follow_events(&ground, &staff, asked).await?;
    let bearer = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let pass = match bearer.and_then(|value| value.strip_prefix("Bearer ")) {
        Some(token) => Pass::Token(token.to_owned()),
        None => Pass::Session(session),
    };
    let heartbeat = interval(HEARTBEAT);
    let telling = Telling { follower, pass, heartbeat, state: Arc::clone(&state), ground };
    let uncompressed =
        [(HeaderName::from_static("x-accel-buffering"), HeaderValue::from_static("no"))];
    let stream = Sse::new(telling.stream()).keep_alive(KeepAlive::new().interval(HEARTBEAT));
    Ok((uncompressed, stream))
}

/// What the connection was opened with.
enum Pass {
    Token(String),
    Session(Session),
}

struct Telling {
    follower: Follower,
    pass: Pass,
    heartbeat: Interval,
    state: State,
    ground: Arc<Ground>,
}

impl Telling {
    fn stream(self) -> impl Stream<Item = Result<Event, Infallible>> {
        stream::unfold(self, |mut telling| async move {
            let event = telling.next().await?;
            Some((Ok(event), telling))
        })
    }

    /// The next change, `None` when the server stops, the store fails or
    /// whoever listens has signed out: the client then asks anew.
    async fn next(&mut self) -> Option<Event> {
        let mut stopping = self.state.stopping.clone();
        loop {
            tokio::select! {
                // An error means that nobody can ask for a stop any more.
                _ = stopping.wait_for(|stop| *stop) => return None,
                step = self.follower.next() => return Some(self.event(step.ok()?)),
                _ = self.heartbeat.tick() => {}
            }
            if !self.may_still().await {
                return None;
            }
        }
    }

    fn event(&self, step: Step) -> Event {
        let Step { context, seq, kind } = step;
        let data = format!(r#"{{"context":"{context}","seq":{},"kind":"{kind}"}}"#, seq.0);
        Event::default().event("change").id(self.follower.position()).data(data)
    }

    async fn may_still(&self) -> bool {
        let app = &self.state.app;
        let staff = match &self.pass {
            Pass::Token(token) => app.staff_by_token(token).await.ok(),
            Pass::Session(session) => {
                // Read anew: the session may have been ended elsewhere.
                let loaded = session.load().await.ok();
                let kept = match loaded {
                    Some(()) => sessions::kept(session, app).await.ok().flatten(),
                    None => None,
                };
                match kept {
                    Some(kept) => sessions::staff(session, app, &kept).await.ok().flatten(),
                    None => None,
                }
            }
        };
        staff.is_some_and(|staff| staff.must(self.ground.code(), Operation::FollowEvents).is_ok())
    }
}

//! Bodies that say that they are too large.

use super::problem::Problem;
use axum::{
    body::Body,
    extract::Request,
    http::{HeaderMap, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use futures_util::StreamExt;
use std::time::Duration;

/// Bytes of a refused body that are still taken from the line.
const PATIENCE_BYTES: usize = 64 << 20;
/// Longest time for that.
const PATIENCE: Duration = Duration::from_secs(5);

/// Refuses a body whose declared length is above `limit` bytes, with 413.
///
/// A client that is still sending while the connection closes sees a reset
/// instead of the answer, so the rest is read and thrown away first, within
/// bounds. A client that asked before sending (`Expect`) is told at once.
pub async fn refuse(limit: usize, request: Request, next: Next) -> Response {
    if declared(request.headers()).is_none_or(|length| length <= limit) {
        return next.run(request).await;
    }
    if !request.headers().contains_key(header::EXPECT) {
        // Whether all of it came does not change the answer.
        let _ = tokio::time::timeout(PATIENCE, throw_away(request.into_body())).await;
    }
    Problem::too_large().into_response()
}

fn declared(headers: &HeaderMap) -> Option<usize> {
    headers.get(header::CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}

async fn throw_away(body: Body) {
    let (mut stream, mut taken) = (body.into_data_stream(), 0);
    while let Some(Ok(chunk)) = stream.next().await {
        taken += chunk.len();
        if taken > PATIENCE_BYTES {
            return;
        }
    }
}

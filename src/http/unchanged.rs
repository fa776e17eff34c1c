//! A question asked over and over: that its answer has not changed, or a tile
//! that lies ready, is told before anything else is done, for as long as
//! nothing can have changed it.

use super::state::State;
use axum::{
    extract::{Request, State as Extract},
    http::{HeaderMap, HeaderValue, Method, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use bytes::Bytes;
use foldhash::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Where questions are asked over and over.
const ASKED_OFTEN: [&str; 2] = ["/tiles/", "/api/v1/municipalities/"];

/// Questions that are remembered at once.
const QUESTIONS: usize = 1024;

/// The second of the clock and the commits of both stores. Within one moment
/// nothing was written, nobody signed out, and neither the day of a layer nor
/// the hour of an entry in the audit log has passed.
pub type Moment = (i64, [u64; 2]);

/// Bytes of tiles that are held for the questions of one moment; most of them
/// lie on the shelf as well.
const HELD: usize = 16 << 20;

/// What a question of the present moment was answered with: headers as they
/// left, and what lay ready or, for "nothing has changed", no bytes.
#[derive(Clone)]
struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    bytes: Bytes,
}

impl IntoResponse for Answer {
    fn into_response(self) -> Response {
        (self.status, self.headers, self.bytes).into_response()
    }
}

/// Says of a response that the same question gets it again.
#[derive(Clone)]
struct Again {
    bytes: Bytes,
    encoding: Option<HeaderValue>,
}

/// That nothing has changed; told at once when it is asked again.
pub fn unchanged(headers: HeaderMap) -> Response {
    again(StatusCode::NOT_MODIFIED, headers, Bytes::new())
}

/// What lay ready; told at once when it is asked again.
pub fn ready(headers: HeaderMap, bytes: Bytes) -> Response {
    again(StatusCode::OK, headers, bytes)
}

fn again(status: StatusCode, headers: HeaderMap, bytes: Bytes) -> Response {
    let again = Again { bytes: bytes.clone(), encoding: encoding(&headers) };
    let mut response = Answer { status, headers, bytes }.into_response();
    response.extensions_mut().insert(again);
    response
}

fn encoding(headers: &HeaderMap) -> Option<HeaderValue> {
    headers.get(header::CONTENT_ENCODING).cloned()
}

/// Questions that were answered in the present moment.
#[derive(Default)]
pub struct Answered(Mutex<Answers>);

#[derive(Default)]
struct Answers {
    moment: Moment,
    by_question: HashMap<String, Answer>,
    held: usize,
}

impl Answered {
    fn find(&self, moment: Moment, question: &str) -> Option<Answer> {
        let kept = self.lock();
        (kept.moment == moment).then(|| kept.by_question.get(question).cloned())?
    }

    fn keep(&self, moment: Moment, question: String, answer: &Answer) {
        let mut kept = self.lock();
        if kept.moment != moment {
            *kept = Answers { moment, ..Answers::default() };
        }
        let held = kept.held + answer.bytes.len();
        if kept.by_question.len() < QUESTIONS && held <= HELD {
            kept.held = held;
            kept.by_question.insert(question, answer.clone());
        }
    }

    fn lock(&self) -> MutexGuard<'_, Answers> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Answers by itself where the same request, to the letter and from the same
/// hand, was answered in this moment; remembers what may be told again.
pub async fn at_once(Extract(state): Extract<State>, request: Request, next: Next) -> Response {
    let Some(text) = written(&request) else { return next.run(request).await };
    // Read before anything else is, so that a change in between shows.
    let moment = state.app.moment();
    if let Some(answer) = state.answered.find(moment, &text) {
        return answer.into_response();
    }
    let mut response = next.run(request).await;
    if let Some(again) = response.extensions_mut().remove::<Again>() {
        let headers = response.headers();
        // What was packed on its way, or gives a cookie, is of one answer alone.
        if encoding(headers) == again.encoding && !headers.contains_key(header::SET_COOKIE) {
            let (status, headers) = (response.status(), headers.clone());
            state.answered.keep(moment, text, &Answer { status, headers, bytes: again.bytes });
        }
    }
    response
}

/// Everything of a request that its answer may depend on; `None` for one that
/// is not remembered.
fn written(request: &Request) -> Option<String> {
    let asked = request.uri().path_and_query()?.as_str();
    if request.method() != Method::GET || !ASKED_OFTEN.iter().any(|root| asked.starts_with(root)) {
        return None;
    }
    let mut text = String::with_capacity(256);
    text.push_str(asked);
    let told = [
        header::IF_NONE_MATCH,
        header::AUTHORIZATION,
        header::COOKIE,
        header::ACCEPT_ENCODING,
        header::ACCEPT_LANGUAGE,
    ];
    for name in told {
        text.push('\n');
        for value in request.headers().get_all(name) {
            text.push_str(value.to_str().ok()?);
            text.push('\r');
        }
    }
    Some(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::body::Body;

    const PATH: &str = "/tiles/1427/incidents/9/1/2.mvt";

    fn asked(method: Method, path: &str, headers: &[(&str, &str)]) -> Option<String> {
        let mut request = Request::builder().method(method).uri(path);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        written(&request.body(Body::empty()).unwrap())
    }

    fn question(query: &str, headers: &[(&str, &str)]) -> Option<String> {
        asked(Method::GET, &format!("{PATH}{query}"), headers)
    }

    fn answer(bytes: Vec<u8>) -> Answer {
        Answer { status: StatusCode::OK, headers: HeaderMap::new(), bytes: bytes.into() }
    }

    #[test]
    fn an_answer_is_forgotten_when_anything_was_committed_or_a_second_has_passed() {
        let answered = Answered::default();
        let moment = (7, [1, 1]);
        let unchanged = answer(Vec::new());
        answered.keep(moment, "a".to_owned(), &unchanged);
        assert!(answered.find(moment, "a").is_some() && answered.find(moment, "b").is_none());
        for later in [(8, [1, 1]), (7, [2, 1]), (7, [1, 2])] {
            assert!(answered.find(later, "a").is_none(), "{later:?}");
        }
        answered.keep((8, [1, 1]), "b".to_owned(), &unchanged);
        assert!(answered.find((8, [1, 1]), "a").is_none(), "what is old is dropped");
    }

    #[test]
    fn tiles_are_held_within_a_budget_and_given_as_they_are() {
        let answered = Answered::default();
        let moment = (7, [1, 1]);
        let tile = answer(vec![7; HELD / 2]);
        for question in ["a", "b", "c"] {
            answered.keep(moment, question.to_owned(), &tile);
        }
        let found = answered.find(moment, "b").map(|answer| answer.bytes.len());
        assert_eq!(found, Some(HELD / 2));
        assert!(answered.find(moment, "c").is_none(), "no room is left");
        answered.keep((8, [1, 1]), "c".to_owned(), &tile);
        assert!(answered.find((8, [1, 1]), "c").is_some(), "the next moment begins anew");
    }

    #[test]
    fn questions_of_other_hands_forms_and_tags_are_others() {
        let tag = ("if-none-match", "\"t\"");
        let all = [
            question("?limit=1", &[tag]),
            question("?limit=2", &[tag]),
            question("?limit=1", &[("if-none-match", "\"u\"")]),
            question("?limit=1", &[tag, ("authorization", "Bearer x")]),
            question("?limit=1", &[tag, ("cookie", "Bearer x")]),
            question("?limit=1", &[tag, ("accept-encoding", "br")]),
            question("?limit=1", &[tag, ("accept-language", "br")]),
        ];
        let different: std::collections::HashSet<_> = all.iter().flatten().collect();
        assert_eq!(different.len(), all.len());
        let nothing = question("?limit=1", &[]);
        assert!(nothing.is_some() && !all.contains(&nothing), "who has nothing asks for all");
        assert_ne!(question("", &[tag, tag]), question("", &[tag]));
    }
}

//! A question asked over and over: that its answer has not changed is told
//! without working it out again, for as long as nothing can have changed it.

use super::state::State;
use axum::{
    extract::FromRequestParts,
    http::{HeaderMap, StatusCode, header, request::Parts},
    response::{IntoResponse, Response},
};
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

/// Questions that are remembered at once.
const QUESTIONS: usize = 1024;

/// The second of the clock and the commits of both stores. Within one moment
/// nothing was written, nobody signed out, and neither the day of a layer nor
/// the hour of an entry in the audit log has passed.
pub type Moment = (i64, [u64; 2]);

/// Questions that were answered with 304 in the present moment.
#[derive(Default)]
pub struct Answered(Mutex<(Moment, HashMap<String, HeaderMap>)>);

impl Answered {
    fn find(&self, moment: Moment, question: &str) -> Option<HeaderMap> {
        let kept = self.lock();
        (kept.0 == moment).then(|| kept.1.get(question).cloned())?
    }

    fn keep(&self, moment: Moment, question: String, headers: &HeaderMap) {
        let mut kept = self.lock();
        if kept.0 != moment {
            *kept = (moment, HashMap::new());
        }
        if kept.1.len() < QUESTIONS {
            kept.1.insert(question, headers.clone());
        }
    }

    fn lock(&self) -> MutexGuard<'_, (Moment, HashMap<String, HeaderMap>)> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A question that has to be worked out. Extracting it answers 304 by itself
/// where the same request, to the letter and from the same hand, got that in
/// this moment.
pub struct Question {
    /// The state of the server.
    pub state: State,
    moment: Moment,
    text: Option<String>,
}

impl Question {
    /// Answers that nothing has changed, and remembers it.
    pub fn unchanged(self, headers: HeaderMap) -> Response {
        if let Some(text) = self.text {
            self.state.answered.keep(self.moment, text, &headers);
        }
        (StatusCode::NOT_MODIFIED, headers).into_response()
    }
}

impl FromRequestParts<State> for Question {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, state: &State) -> Result<Self, Response> {
        // Read before anything else is, so that a change in between shows.
        let moment = state.app.moment();
        let text = written(parts);
        match text.as_ref().and_then(|text| state.answered.find(moment, text)) {
            Some(headers) => Err((StatusCode::NOT_MODIFIED, headers).into_response()),
            None => Ok(Self { state: Arc::clone(state), moment, text }),
        }
    }
}

/// Everything of a conditional request that its answer may depend on; `None`
/// where the client has nothing yet.
fn written(parts: &Parts) -> Option<String> {
    let mut text = parts.headers.get(header::IF_NONE_MATCH)?.to_str().ok()?.to_owned();
    text.push('\n');
    text.push_str(parts.uri.path_and_query()?.as_str());
    let told =
        [header::AUTHORIZATION, header::COOKIE, header::ACCEPT_ENCODING, header::ACCEPT_LANGUAGE];
    for name in told {
        text.push('\n');
        for value in parts.headers.get_all(name) {
            text.push_str(value.to_str().ok()?);
            text.push('\r');
        }
    }
    // Several tags may come in several headers; the first alone is no question.
    (parts.headers.get_all(header::IF_NONE_MATCH).iter().count() == 1).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::Request;

    fn question(path: &str, headers: &[(&str, &str)]) -> Option<String> {
        let mut request = Request::get(path);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        written(&request.body(()).unwrap().into_parts().0)
    }

    #[test]
    fn an_answer_is_forgotten_when_anything_was_committed_or_a_second_has_passed() {
        let answered = Answered::default();
        let moment = (7, [1, 1]);
        answered.keep(moment, "a".to_owned(), &HeaderMap::new());
        assert!(answered.find(moment, "a").is_some() && answered.find(moment, "b").is_none());
        for later in [(8, [1, 1]), (7, [2, 1]), (7, [1, 2])] {
            assert!(answered.find(later, "a").is_none(), "{later:?}");
        }
        answered.keep((8, [1, 1]), "b".to_owned(), &HeaderMap::new());
        assert!(answered.find((8, [1, 1]), "a").is_none(), "what is old is dropped");
    }

    #[test]
    fn questions_of_other_hands_forms_and_tags_are_others() {
        let tag = ("if-none-match", "\"t\"");
        let all = [
            question("/a?limit=1", &[tag]),
            question("/a?limit=2", &[tag]),
            question("/a?limit=1", &[("if-none-match", "\"u\"")]),
            question("/a?limit=1", &[tag, ("authorization", "Bearer x")]),
            question("/a?limit=1", &[tag, ("cookie", "Bearer x")]),
            question("/a?limit=1", &[tag, ("accept-encoding", "br")]),
            question("/a?limit=1", &[tag, ("accept-language", "br")]),
        ];
        let different: std::collections::HashSet<_> = all.iter().flatten().collect();
        assert_eq!(different.len(), all.len());
        assert!(question("/a", &[]).is_none(), "who has nothing gets everything");
        assert!(question("/a", &[tag, tag]).is_none());
    }
}

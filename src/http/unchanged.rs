//! A question asked over and over: that its answer has not changed, or a tile
//! that lies ready, is told without working it out again, for as long as
//! nothing can have changed it.

use super::state::State;
use axum::{
    extract::FromRequestParts,
    http::{HeaderMap, StatusCode, header, request::Parts},
    response::{IntoResponse, Response},
};
use bytes::Bytes;
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

/// Bytes of tiles that are held for the questions of one moment; most of them
/// lie on the shelf as well.
const HELD: usize = 16 << 20;

/// What a question of the present moment was answered with.
#[derive(Clone)]
enum Answer {
    /// Nothing has changed.
    Unchanged(HeaderMap),
    /// What lay ready.
    Ready(HeaderMap, Bytes),
}

impl Answer {
    fn bytes(&self) -> usize {
        match self {
            Self::Unchanged(_) => 0,
            Self::Ready(_, bytes) => bytes.len(),
        }
    }
}

impl IntoResponse for Answer {
    fn into_response(self) -> Response {
        match self {
            Self::Unchanged(headers) => (StatusCode::NOT_MODIFIED, headers).into_response(),
            Self::Ready(headers, bytes) => (headers, bytes).into_response(),
        }
    }
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
        let held = kept.held + answer.bytes();
        if kept.by_question.len() < QUESTIONS && held <= HELD {
            kept.held = held;
            kept.by_question.insert(question, answer.clone());
        }
    }

    fn lock(&self) -> MutexGuard<'_, Answers> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A question that has to be worked out. Extracting it answers by itself where
/// the same request, to the letter and from the same hand, was answered in this
/// moment.
pub struct Question {
    /// The state of the server.
    pub state: State,
    moment: Moment,
    text: Option<String>,
}

impl Question {
    /// Answers that nothing has changed, and remembers it.
    pub fn unchanged(self, headers: HeaderMap) -> Response {
        self.answered(Answer::Unchanged(headers))
    }

    /// Answers with what lay ready, and remembers it.
    pub fn ready(self, headers: HeaderMap, bytes: Bytes) -> Response {
        self.answered(Answer::Ready(headers, bytes))
    }

    fn answered(self, answer: Answer) -> Response {
        if let Some(text) = self.text {
            self.state.answered.keep(self.moment, text, &answer);
        }
        answer.into_response()
    }
}

impl FromRequestParts<State> for Question {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, state: &State) -> Result<Self, Response> {
        // Read before anything else is, so that a change in between shows.
        let moment = state.app.moment();
        let text = written(parts);
        match text.as_ref().and_then(|text| state.answered.find(moment, text)) {
            Some(answer) => Err(answer.into_response()),
            None => Ok(Self { state: Arc::clone(state), moment, text }),
        }
    }
}

/// Everything of a request that its answer may depend on; `None` for one that
/// is not remembered.
fn written(parts: &Parts) -> Option<String> {
    let mut text = String::with_capacity(256);
    text.push_str(parts.uri.path_and_query()?.as_str());
    let told = [
        header::IF_NONE_MATCH,
        header::AUTHORIZATION,
        header::COOKIE,
        header::ACCEPT_ENCODING,
        header::ACCEPT_LANGUAGE,
    ];
    for name in told {
        text.push('\n');
        for value in parts.headers.get_all(name) {
            text.push_str(value.to_str().ok()?);
            text.push('\r');
        }
    }
    Some(text)
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
        let unchanged = Answer::Unchanged(HeaderMap::new());
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
        let tile = Answer::Ready(HeaderMap::new(), Bytes::from(vec![7; HELD / 2]));
        for question in ["a", "b", "c"] {
            answered.keep(moment, question.to_owned(), &tile);
        }
        let found = answered.find(moment, "b").map(|answer| answer.bytes());
        assert_eq!(found, Some(HELD / 2));
        assert!(answered.find(moment, "c").is_none(), "no room is left");
        answered.keep((8, [1, 1]), "c".to_owned(), &tile);
        assert!(answered.find((8, [1, 1]), "c").is_some(), "the next moment begins anew");
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
        let nothing = question("/a?limit=1", &[]);
        assert!(!all.contains(&nothing), "who has nothing asks for everything");
        assert_ne!(question("/a", &[tag, tag]), question("/a", &[tag]));
    }
}

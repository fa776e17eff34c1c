//! The one way in which a use case fails.

use fyren_core::domain::Violation;

/// Why a use case did not do what it was asked for. `http` turns it into a
/// problem document, `cli` into a line and an exit code.
#[derive(Debug, Clone, thiserror::Error)]
pub enum Error {
    /// Something in the request's body breaks rules.
    #[error("the request breaks {}", if .0.len() == 1 { "a rule".to_owned() } else { format!("{} rules", .0.len()) })]
    Invalid(Vec<Violation>),
    /// Something in the address or the query breaks rules.
    #[error("a parameter breaks a rule")]
    BadParameter(Vec<Violation>),
    /// Nobody has signed in.
    #[error("sign-in needed")]
    Unauthenticated,
    /// Name and password are right; the one-time code is missing.
    #[error("a one-time code is needed")]
    CodeNeeded,
    /// Somebody has signed in whose role demands a second proof first.
    #[error("a second factor is needed")]
    SecondFactorNeeded,
    /// It may be done only just after signing in.
    #[error("the sign-in is too old for this")]
    SignInAgain,
    /// Somebody has signed in who may not do this.
    #[error("not allowed")]
    Forbidden,
    /// There is no such thing, or its existence is secret.
    #[error("not found")]
    NotFound,
    /// It contradicts what is there; the code says how.
    #[error("conflict: {0}")]
    Conflict(&'static str),
    /// Too often; try again after so many seconds.
    #[error("too many requests")]
    TooMany {
        /// Seconds to wait.
        retry_after: u64,
    },
    /// Not now; try again after so many seconds.
    #[error("not available now")]
    Unavailable {
        /// Seconds to wait.
        retry_after: u64,
    },
    /// More events than a method takes; asking for a `sample` of so many helps.
    #[error("{found} events are more than the {limit} that the method takes")]
    TooMuch {
        /// Events that were asked for.
        found: usize,
        /// The most that are taken.
        limit: usize,
    },
    /// A patrol plan that meets every floor was not found; the nearest one is told.
    #[error("{} floors of the plan are not met", .0.unmet.len())]
    Infeasible(Box<super::plan_patrol::Plan>),
    /// A fault of ours; the text is for the log only.
    #[error("internal fault")]
    Bug(String),
}

/// What a use case answers.
pub type Result<T> = std::result::Result<T, Error>;

impl From<Violation> for Error {
    fn from(violation: Violation) -> Self {
        Self::Invalid(vec![violation])
    }
}

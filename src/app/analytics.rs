//! The methods of the analysis room as questions to a municipality's events:
//! what each takes and needs at least, and what it answers.
//!
//! [`App::ask`](super::App::ask) decides who may ask and gives the answer's
//! version; [`App::analyse`](super::App::analyse) computes it as a run, which
//! goes on when nobody waits for it any longer.

mod alerts;
mod areas;
mod ask;
pub(in crate::app) mod bias;
mod density;
mod dose;
mod emerging;
mod evaluate;
mod forecast;
mod gistar;
mod limits;
mod method;
mod moran;
mod nearrepeat;
mod people;
mod planned;
mod presence;
mod runs;
mod said;
mod sample;
mod sites;
mod summary;
mod survey;
mod trend;
mod weekly;

pub(in crate::app) use areas::{Division, divide};
pub use ask::{Analysis, Asked, Question};
pub use limits::{Limit, Minimum};
pub use method::{Method, parse_question};
pub use runs::{Progress, Runs};
pub use said::Said;

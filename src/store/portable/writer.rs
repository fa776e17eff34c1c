//! Group commit: the writes of many callers in one transaction and one flush.

use super::super as driver;
use super::{Connection, Db, submit};
use crate::store::StoreError;
use sqlx::{Connection as _, Pool};
use tokio::sync::{Mutex, mpsc, oneshot, watch};
use tokio::task::JoinHandle;

/// Writes of one transaction, at most.
const BATCH: usize = 512;
/// Writes that may wait before a caller waits to be let in.
const QUEUE: usize = 4096;

/// Where the answer to a write goes.
pub(super) type Reply<T> = oneshot::Sender<Result<T, StoreError>>;

/// An answer that is known but may not go out before the flush.
type Held = Box<dyn FnOnce(Result<(), &StoreError>) + Send>;

/// Declares the writes: plain data, with the function that applies each.
macro_rules! commands {
    ($($name:ident($input:ty) -> $output:ty = $apply:path;)+) => {
        /// One write, waiting for its flush.
        pub(super) enum Command {
            $($name($input, Reply<$output>),)+
        }

        /// Applies one write in a step of its own, so that it fails alone.
        async fn apply(connection: &mut Connection, command: Command) -> Held {
            match command {
                $(Command::$name(input, reply) => {
                    let result = async {
                        let mut step = connection.begin().await?;
                        let output = $apply(&mut step, &input).await?;
                        step.commit().await?;
                        Ok(output)
                    };
                    hold(reply, result.await)
                })+
            }
        }

        /// Answers a write that was never tried; the reason is the flush's.
        fn refuse(command: Command) -> Held {
            match command {
                $(Command::$name(_, reply) => {
                    hold(reply, Err(StoreError::Unavailable("not tried".into())))
                })+
            }
        }
    };
}

use super::{
    audit, basemaps, controls, embargoes, exposures, factors, forwards, guardians, identity,

//! The bounded pool for whatever computes long: cores − 1 threads and a short
//! queue; never a worker of the runtime.

use crate::app::{Error, Result};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use tokio::sync::{Semaphore, oneshot};

/// Questions that are answered or wait, for each thread: some seconds of work
/// at the worst.
const QUEUE: usize = 64;

/// Seconds after which a refused question may be asked again.
const RETRY_AFTER: u64 = 2;

/// Computes on threads of its own.
pub struct Pool {
    threads: rayon::ThreadPool,
    places: Arc<Semaphore>,
}

impl Pool {
    /// A pool of one thread fewer than there are cores, at least one.
    ///
    /// # Errors
    /// [`Error::Bug`] if the system gives no threads.
    pub fn new() -> Result<Self> {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        let number = cores.saturating_sub(1).max(1);
        let threads = rayon::ThreadPoolBuilder::new()
            .num_threads(number)
            .thread_name(|at| format!("fyren-analysis-{at}"))
            .build()
            .map_err(|fault| Error::Bug(fault.to_string()))?;
        Ok(Self { threads, places: Arc::new(Semaphore::new(number * QUEUE)) })
    }

    /// Computes `work` as soon as a thread is free. Work whose caller has gone
    /// before it began is not done at all.
    ///
    /// # Errors
    /// [`Error::Unavailable`] when the queue is full; [`Error::Bug`] when the
    /// work panics; else what the work fails with.
    pub async fn compute<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let place = Arc::clone(&self.places)
            .try_acquire_owned()
            .map_err(|_full| Error::Unavailable { retry_after: RETRY_AFTER })?;
        let (answer, answered) = oneshot::channel();
        self.threads.spawn(move || {
            let _place = place;
            if !answer.is_closed() {
                let done = catch_unwind(AssertUnwindSafe(work));
                let done = done.unwrap_or_else(|_panic| Err(Error::Bug("a layer panicked".into())));
                // Whoever asked may have gone meanwhile.
                let _ = answer.send(done);
            }
        });
        answered.await.map_err(|_lost| Error::Bug("a layer was dropped".into()))?
    }

    /// Does `work` when a thread is free, for nobody in particular.
    pub fn background(&self, work: impl FnOnce() + Send + 'static) {
        self.threads.spawn(work);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::mpsc;

    #[tokio::test]
    async fn work_beyond_the_queue_is_refused_and_a_panic_is_a_bug() {
        let pool = Pool::new().unwrap();
        let panicked = pool.compute(|| -> Result<()> { panic!("planted") }).await;
        assert!(matches!(panicked, Err(Error::Bug(_))));

        let (release, held) = mpsc::channel::<()>();
        let held = Arc::new(std::sync::Mutex::new(held));
        let places = pool.places.available_permits();
        let waiting: Vec<_> = (0..places)
            .map(|_| {
                let held = Arc::clone(&held);
                Box::pin(pool.compute(move || {
                    // Ends when the sender is dropped.
                    let _ = held.lock().map(|held| held.recv());
                    Ok(())
                }))
            })
            .collect();
        let mut waiting = futures_util::future::join_all(waiting);
        let mut context = std::task::Context::from_waker(std::task::Waker::noop());
        assert!(
            std::future::Future::poll(std::pin::Pin::new(&mut waiting), &mut context).is_pending()
        );
        let refused = pool.compute(|| Ok(())).await;
        assert!(matches!(refused, Err(Error::Unavailable { .. })));
        drop(release);
        assert!(waiting.await.iter().all(Result::is_ok));
    }
}

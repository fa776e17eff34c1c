//! The task that looks for the commits of other processes.

use tokio::task::AbortHandle;

/// A task that ends with the store.
pub(super) struct Follower(AbortHandle);

impl Follower {
    /// Runs `task` until the store is closed or dropped.
    pub(super) fn spawn(task: impl Future<Output = ()> + Send + 'static) -> Self {
        Self(tokio::spawn(task).abort_handle())
    }

    /// Ends the task.
    pub(super) fn stop(&self) {
        self.0.abort();
    }
}

impl Drop for Follower {
    fn drop(&mut self) {
        self.stop();
    }
}

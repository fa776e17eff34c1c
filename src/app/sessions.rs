//! Sessions of the web in the store, found by the hash of their id.

use super::{App, Error, Result, failure};
use crate::{identity::hash_token, store::Session};
use jiff::Timestamp;

impl App {
    /// Keeps a session.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn save_session(&self, id: &str, data: &str, expires: Timestamp) -> Result<()> {
        let session = Session { id: hash_token(id), data: data.as_bytes().to_vec(), expires };
        self.municipal.save_session(session).await.map_err(failure)
    }

    /// The content and the end of a session that has not ended.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn load_session(&self, id: &str) -> Result<Option<(String, Timestamp)>> {
        let now = self.clock.now();
        let found = self.municipal.session(&hash_token(id), now).await.map_err(failure)?;
        found
            .map(|session| {
                let data = String::from_utf8(session.data);
                data.map(|data| (data, session.expires)).map_err(|e| Error::Bug(e.to_string()))
            })
            .transpose()
    }

    /// Ends a session.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn delete_session(&self, id: &str) -> Result<()> {
        self.municipal.delete_session(&hash_token(id)).await.map_err(failure)
    }
}

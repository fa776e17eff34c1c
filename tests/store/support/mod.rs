//! A fresh store on each engine, raw access beside it, and things to store.

pub(crate) mod cluster;
pub(crate) mod raw;
mod samples;

pub(crate) use samples::*;

use fyren::store::{self, Loaded, Store};
use fyren_core::domain::{Context, EventRow, Flags, Id, Seq};
use raw::Raw;
use std::collections::HashMap;
use std::sync::Arc;

/// Declares tests that hold on both engines: each is run on a fresh store of
/// either.
macro_rules! contract {
    ($($(#[$meta:meta])* async fn $name:ident($world:ident: World) $body:block)+) => {
        mod cases {
            use super::*;
            $($(#[$meta])* pub(super) async fn $name($world: World) $body)+
        }
        mod on_sqlite {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $name() {
                super::cases::$name(crate::support::World::sqlite().await).await;
            })+
        }
        mod on_postgres {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $name() {
                super::cases::$name(crate::support::World::postgres().await).await;
            })+
        }
    };
}
pub(crate) use contract;

/// A fresh store of the municipal context with nothing in it.
pub(crate) struct World {
    pub(crate) store: Arc<dyn Store>,
    pub(crate) url: String,
    raw_url: String,
    _folder: Option<tempfile::TempDir>,
}

impl World {
    pub(crate) async fn sqlite() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}/fyren.db", folder.path().display());
        Self::open(url.clone(), url, Some(folder)).await
    }

    pub(crate) async fn postgres() -> Self {
        let url = cluster::fresh_data_base();
        let raw = format!("{url}&options=-csearch_path%3Dfyren,public");
        Self::open(url, raw, None).await
    }

    async fn open(url: String, raw_url: String, folder: Option<tempfile::TempDir>) -> Self {
        let store = store::open(&url, Context::Municipal).await.unwrap();
        Self { store, url, raw_url, _folder: folder }
    }

    /// The same, with the municipality of [`municipality`] in it.
    pub(crate) async fn settled(self) -> Self {
        self.store.save_municipality(municipality(), entry("add_municipality")).await.unwrap();
        self
    }

    /// An other program on the same data base.
    pub(crate) async fn other(&self) -> Arc<dyn Store> {
        store::open(&self.url, Context::Municipal).await.unwrap()
    }

    /// Every event as the index would hold it.
    pub(crate) async fn events(&self) -> HashMap<Id, Held> {
        self.events_since(Seq(0)).await.0
    }

    /// The events that changed after `after`, and what else a load says.
    pub(crate) async fn events_since(&self, after: Seq) -> (HashMap<Id, Held>, Loaded) {
        let mut events = HashMap::new();
        let mut sink = |row: EventRow<'_>| {
            assert!(events.insert(row.id, Held::from(&row)).is_none(), "an event came twice");
        };
        let loaded = self.store.load_events(&code(), after, &mut sink).await.unwrap();
        (events, loaded)
    }

    /// Access beside the store.
    pub(crate) async fn raw(&self) -> Raw {
        Raw::open(&self.raw_url).await
    }

    /// Runs statements beside the store.
    pub(crate) async fn execute(&self, sql: &str) {
        self.raw().await.execute(sql).await;
    }

    pub(crate) fn is_postgres(&self) -> bool {
        self.url.starts_with("postgres")
    }
}

/// What the tests look at of an event that was loaded.
#[derive(Debug, PartialEq)]
pub(crate) struct Held {
    pub(crate) seq: Seq,
    pub(crate) flags: Flags,
    pub(crate) text: String,
}

impl From<&EventRow<'_>> for Held {
    fn from(row: &EventRow<'_>) -> Self {
        Self { seq: row.seq, flags: row.flags, text: format!("{row:?}") }
    }
}

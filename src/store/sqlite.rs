//! SQLite: one file, one writer, readers that never wait for it.

mod loader;

use super::follower::Follower;
use super::migrations::{Step, migrator};
use super::{Store, StoreError};
use fyren_core::domain::Context;
use loader::Loader;
use portable::SqlStore;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{ConnectOptions, Pool, Sqlite, SqliteConnection};
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;

#[path = "portable/mod.rs"]
#[expect(clippy::duplicate_mod, reason = "the SQL is written once and compiled for each driver")]
mod portable;

/// The driver of `portable`.
type Db = Sqlite;
/// How a write begins: with the write lock, so that it never gives up half way.
const BEGIN: &str = "BEGIN IMMEDIATE";
/// How a reading of several statements begins.
const SNAPSHOT: &str = "BEGIN";
/// Other processes see a commit by `PRAGMA data_version`.
const ANNOUNCE: Option<&str> = None;

const MIGRATIONS: &[Step] = &[
    (1, "first", include_str!("../../migrations/sqlite/0001_first.sql")),
    (2, "measure_links", include_str!("../../migrations/sqlite/0002_measure_links.sql")),
    (3, "held_back", include_str!("../../migrations/sqlite/0003_held_back.sql")),
    (4, "imports", include_str!("../../migrations/sqlite/0004_imports.sql")),
    (5, "basemap", include_str!("../../migrations/sqlite/0005_basemap.sql")),
    (6, "vetoes", include_str!("../../migrations/sqlite/0006_vetoes.sql")),
    (
        7,
        "exposure_and_speeds",
        include_str!("../../migrations/sqlite/0007_exposure_and_speeds.sql"),
    ),
    (8, "report_details", include_str!("../../migrations/sqlite/0008_report_details.sql")),
    (9, "partners", include_str!("../../migrations/sqlite/0009_partners.sql")),
    (10, "surveys", include_str!("../../migrations/sqlite/0010_surveys.sql")),
    (11, "threads", include_str!("../../migrations/sqlite/0011_threads.sql")),
    (12, "moderation", include_str!("../../migrations/sqlite/0012_moderation.sql")),
    (13, "staff_access", include_str!("../../migrations/sqlite/0013_staff_access.sql")),
    (14, "shifts", include_str!("../../migrations/sqlite/0014_shifts.sql")),
    (15, "patrol_plans", include_str!("../../migrations/sqlite/0015_patrol_plans.sql")),
    (16, "mail", include_str!("../../migrations/sqlite/0016_mail.sql")),
    (17, "archive", include_str!("../../migrations/sqlite/0017_archive.sql")),
    (18, "presence_weeks", include_str!("../../migrations/sqlite/0018_presence_weeks.sql")),
    (19, "guardianship", include_str!("../../migrations/sqlite/0019_guardianship.sql")),
    (20, "patrol_areas", include_str!("../../migrations/sqlite/0020_patrol_areas.sql")),
    (21, "stop_wishes", include_str!("../../migrations/sqlite/0021_stop_wishes.sql")),
    (22, "sheet_letters", include_str!("../../migrations/sqlite/0022_sheet_letters.sql")),
    (23, "watch_wishes", include_str!("../../migrations/sqlite/0023_watch_wishes.sql")),
    (24, "office_language", include_str!("../../migrations/sqlite/0024_office_language.sql")),
    (25, "withdrawn_reports", include_str!("../../migrations/sqlite/0025_withdrawn_reports.sql")),
];

/// How often other processes' commits are looked for.
const POLL: Duration = Duration::from_millis(200);
/// How long a write waits for an other process's.
const BUSY: Duration = Duration::from_secs(5);
/// Statements that a connection keeps prepared.
const PREPARED: usize = 400;
const READERS: u32 = 4;

/// Opens the store in the file of `url`, which is made if it is missing.
pub(super) async fn open(url: &str, context: Context) -> Result<Arc<dyn Store>, StoreError> {
    let options = options(url)?;
    make_private(&options)?;
    let writers = pool(1, &options).await?;
    migrate(&writers).await?;
    portable::claim(&mut *writers.acquire().await?, context).await?;
    let readers = pool(READERS, &options).await?;
    let ticks = watch::Sender::new(0);
    let follower = Follower::spawn(follow(options.clone(), ticks.clone()));
    let loader = Loader::new(options.get_filename());
    let writer = portable::Writer::start(writers, ticks.clone());
    Ok(Arc::new(SqlStore { context, readers, writer, ticks, follower, loader }))
}

/// Copies the store in the file of `url`, which has to be there, into `to`.
pub(super) async fn copy(
    url: &str,
    context: Context,
    to: &std::path::Path,
) -> Result<(), StoreError> {
    if !url.starts_with("sqlite:") {
        return Err(StoreError::Unusable("only a SQLite store is copied as a file".into()));
    }
    let mut connection = options(url)?.create_if_missing(false).connect().await?;
    portable::claim(&mut connection, context).await?;
    let copied = sqlx::query("VACUUM INTO $1").bind(to.to_string_lossy().into_owned());
    copied.execute(&mut connection).await?;
    sqlx::Connection::close(connection).await?;
    let file = std::fs::OpenOptions::new().write(true).open(to);
    let flushed = file.and_then(|file| file.sync_all());
    flushed.map_err(|error| StoreError::Unavailable(format!("{}: {error}", to.display()).into()))
}

fn options(url: &str) -> Result<SqliteConnectOptions, StoreError> {
    Ok(SqliteConnectOptions::from_str(url)?
        .create_if_missing(true)
        .foreign_keys(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .busy_timeout(BUSY)
        .statement_cache_capacity(PREPARED)
        // What is erased is overwritten, not only unlinked.
        .pragma("secure_delete", "ON")
        // 64 MiB, so that the random keys of an import stay in memory.
        .pragma("cache_size", "-65536")
        // 64 MiB of pages before they go from the log into the file, which
        // random keys would otherwise rewrite at every commit.
        .pragma("wal_autocheckpoint", "16384"))
}

/// Makes a missing file readable by its owner alone; SQLite gives the files
/// beside it the same rights.
fn make_private(options: &SqliteConnectOptions) -> Result<(), StoreError> {
    let mut file = std::fs::OpenOptions::new();
    file.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut file, 0o600);
    match file.open(options.get_filename()) {
        Err(error) if error.kind() != std::io::ErrorKind::AlreadyExists => {
            let name = options.get_filename().display();
            Err(StoreError::Unavailable(format!("{name}: {error}").into()))
        }
        _ => Ok(()),
    }
}

async fn pool(size: u32, options: &SqliteConnectOptions) -> Result<Pool<Db>, StoreError> {
    let pool = SqlitePoolOptions::new().max_connections(size).acquire_timeout(BUSY);
    Ok(pool.connect_with(options.clone()).await?)
}

/// Migrates; where an other process does so at the same time, its work is
/// found done at a later try.
async fn migrate(pool: &Pool<Db>) -> Result<(), StoreError> {
    let migrator = migrator(MIGRATIONS);
    let mut tries = 0;
    loop {
        match migrator.run(pool).await.map_err(StoreError::from) {
            Err(error @ StoreError::Unusable(_)) => return Err(error),
            Err(_) if tries < 5 => tries += 1,
            done => return done,
        }
    }
}

/// Grows `ticks` when the file was changed through an other connection.
async fn follow(options: SqliteConnectOptions, ticks: watch::Sender<u64>) {
    let mut interval = tokio::time::interval(POLL);
    let mut connection = None;
    let mut seen = None;
    loop {
        interval.tick().await;
        if connection.is_none() {
            connection = options.connect().await.ok();
        }
        let Some(open) = connection.as_mut() else { continue };
        match data_version(open).await {
            Ok(version) if seen == Some(version) => {}
            Ok(version) => {
                seen = Some(version);
                ticks.send_modify(|tick| *tick += 1);
            }
            // Whatever it was: a new connection finds out, and ticks once.
            Err(_) => (connection, seen) = (None, None),
        }
    }
}

async fn data_version(connection: &mut SqliteConnection) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar("PRAGMA data_version").fetch_one(connection).await
}

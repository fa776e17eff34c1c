//! PostgreSQL with PostGIS: one schema a context, as many nodes as there are.

mod loader;

use super::follower::Follower;
use super::migrations::{Step, migrator};
use super::{Store, StoreError};
use fyren_core::domain::Context;
use loader::Loader;
use portable::SqlStore;
use sqlx::postgres::{PgConnectOptions, PgListener, PgPoolOptions};
use sqlx::{ConnectOptions, Connection, Executor, Pool, Postgres};
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;

#[path = "portable/mod.rs"]
#[expect(clippy::duplicate_mod, reason = "the SQL is written once and compiled for each driver")]
mod portable;

/// The driver of `portable`.
type Db = Postgres;
/// How a write begins: one writing transaction of a schema at a time, so that
/// positions and the audit chain stand in commit order whatever node writes.
const BEGIN: &str =
    "BEGIN; SELECT pg_advisory_xact_lock(hashtext('fyren write ' || current_schema()))";
/// How a reading of several statements begins.
const SNAPSHOT: &str = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";
/// Other nodes hear of a commit.
const ANNOUNCE: Option<&str> = Some("SELECT pg_notify('fyren_' || current_schema(), '')");

const MIGRATIONS: &[Step] = &[
    (1, "first", include_str!("../../migrations/postgres/0001_first.sql")),
    (2, "measure_links", include_str!("../../migrations/postgres/0002_measure_links.sql")),
    (3, "held_back", include_str!("../../migrations/postgres/0003_held_back.sql")),
    (4, "imports", include_str!("../../migrations/postgres/0004_imports.sql")),
    (5, "basemap", include_str!("../../migrations/postgres/0005_basemap.sql")),
    (6, "vetoes", include_str!("../../migrations/postgres/0006_vetoes.sql")),
    (
        7,
        "exposure_and_speeds",
        include_str!("../../migrations/postgres/0007_exposure_and_speeds.sql"),
    ),
    (8, "report_details", include_str!("../../migrations/postgres/0008_report_details.sql")),
    (9, "partners", include_str!("../../migrations/postgres/0009_partners.sql")),
    (10, "surveys", include_str!("../../migrations/postgres/0010_surveys.sql")),
    (11, "threads", include_str!("../../migrations/postgres/0011_threads.sql")),
    (12, "moderation", include_str!("../../migrations/postgres/0012_moderation.sql")),
    (13, "staff_access", include_str!("../../migrations/postgres/0013_staff_access.sql")),
    (14, "shifts", include_str!("../../migrations/postgres/0014_shifts.sql")),
    (15, "patrol_plans", include_str!("../../migrations/postgres/0015_patrol_plans.sql")),
    (16, "mail", include_str!("../../migrations/postgres/0016_mail.sql")),
    (17, "archive", include_str!("../../migrations/postgres/0017_archive.sql")),
    (18, "presence_weeks", include_str!("../../migrations/postgres/0018_presence_weeks.sql")),
    (19, "guardianship", include_str!("../../migrations/postgres/0019_guardianship.sql")),
    (20, "patrol_areas", include_str!("../../migrations/postgres/0020_patrol_areas.sql")),
    (21, "stop_wishes", include_str!("../../migrations/postgres/0021_stop_wishes.sql")),
    (22, "sheet_letters", include_str!("../../migrations/postgres/0022_sheet_letters.sql")),
    (23, "watch_wishes", include_str!("../../migrations/postgres/0023_watch_wishes.sql")),
    (24, "office_language", include_str!("../../migrations/postgres/0024_office_language.sql")),
    (25, "withdrawn_reports", include_str!("../../migrations/postgres/0025_withdrawn_reports.sql")),
];

/// How often other nodes' commits are looked for when nothing is heard.
const POLL: Duration = Duration::from_millis(500);
/// How long anybody waits for a connection.
const PATIENCE: Duration = Duration::from_secs(2);
const READERS: u32 = 8;

/// Opens the store in the schema of `context` of the data base at `url`.
pub(super) async fn open(url: &str, context: Context) -> Result<Arc<dyn Store>, StoreError> {
    let schema = match context {
        Context::Municipal => "fyren",
        Context::Police => "police",
    };
    let options = PgConnectOptions::from_str(url)?
        .application_name("fyren")
        .statement_cache_capacity(400)
        .options([
            ("search_path", format!("{schema},public")),
            ("synchronous_commit", "on".into()),
            // A node that hangs or is cut off must not keep the others from writing.
            ("lock_timeout", "5s".into()),
            ("idle_in_transaction_session_timeout", "30s".into()),
        ]);
    make_schema(&options, schema).await?;
    let writers = pool(1, &options).await?;
    migrator(MIGRATIONS).run(&writers).await?;
    portable::claim(&mut *writers.acquire().await?, context).await?;
    let readers = pool(READERS, &options).await?;
    let ticks = watch::Sender::new(0);
    let listening = pool(1, &options).await?;
    let follower = Follower::spawn(follow(listening, schema, ticks.clone()));
    let loader = Loader::new(readers.clone());
    let writer = portable::Writer::start(writers, ticks.clone());
    Ok(Arc::new(SqlStore { context, readers, writer, ticks, follower, loader }))
}

async fn pool(size: u32, options: &PgConnectOptions) -> Result<Pool<Db>, StoreError> {
    let pool = PgPoolOptions::new().max_connections(size).acquire_timeout(PATIENCE);
    Ok(pool.connect_with(options.clone()).await?)
}

/// Makes the schema where it is missing; a user that may not make one can use
/// one that is there.
async fn make_schema(options: &PgConnectOptions, schema: &'static str) -> Result<(), StoreError> {
    let mut connection = options.connect().await?;
    let known: bool =
        sqlx::query_scalar("SELECT EXISTS (SELECT FROM pg_namespace WHERE nspname = $1)")
            .bind(schema)
            .fetch_one(&mut connection)
            .await?;
    if !known {
        let make = match schema {
            "police" => "CREATE SCHEMA IF NOT EXISTS police",
            _ => "CREATE SCHEMA IF NOT EXISTS fyren",
        };
        connection.execute(make).await?;
    }
    connection.close().await?;
    Ok(())
}

/// Grows `ticks` when an other node says that it has written, and when a look
/// at the feeds finds that one has.
async fn follow(pool: Pool<Db>, schema: &'static str, ticks: watch::Sender<u64>) {
    let mut seen = None;
    loop {
        // The listener is made anew after each failure; the look follows it.
        let listener = listen(&pool, schema).await;
        let failed = match listener {
            Ok(mut listener) => heard(&mut listener, &mut seen, &ticks).await,
            Err(error) => error,
        };
        tracing::debug!(error = %failed, "following the feed is interrupted");
        tokio::time::sleep(POLL).await;
    }
}

async fn listen(pool: &Pool<Db>, schema: &str) -> Result<PgListener, sqlx::Error> {
    let mut listener = PgListener::connect_with(pool).await?;
    listener.listen(&format!("fyren_{schema}")).await?;
    Ok(listener)
}

async fn heard(
    listener: &mut PgListener,
    seen: &mut Option<i64>,
    ticks: &watch::Sender<u64>,
) -> sqlx::Error {
    loop {
        let tick = match tokio::time::timeout(POLL, listener.try_recv()).await {
            Ok(Ok(_)) => true,
            Ok(Err(error)) => return error,
            Err(_elapsed) => match position(listener).await {
                Ok(now) => seen.replace(now) != Some(now),
                Err(error) => return error,
            },
        };
        if tick {
            ticks.send_modify(|tick| *tick += 1);
        }
    }
}

/// A number that grows with every change of the feeds and the audit log.
async fn position(listener: &mut PgListener) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar(
        "SELECT CAST(COALESCE(SUM(seq), 0) + (SELECT MAX(audit_position) FROM store_state) AS BIGINT)
        FROM municipalities",
    )
    .fetch_one(listener)
    .await
}

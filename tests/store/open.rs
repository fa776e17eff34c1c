//! Opening: what is made, what is migrated, what is refused.

use crate::support::raw::Raw;
use crate::support::*;
use fyren::store::{self, StoreError};
use fyren_core::domain::*;
use sqlx::migrate::{Migration, MigrationType, Migrator};
use sqlx::{PgPool, SqlSafeStr, SqlitePool};

/// A store as it stood at version 1, written by its schema and these rows.
/// Stays as it is when the schema changes.
const ROWS_OF_VERSION_1: &str = "
INSERT INTO municipalities VALUES ('1427', 'Sotenäs', 'Sotenäs kommun', 'Europe/Stockholm',
    'EPSG:3006', '{\"type\":\"MultiPolygon\",\"coordinates\":[]}', NULL, 5, 30, 730, '', FALSE, 2);
INSERT INTO changes VALUES ('1427', 1, 1, 'municipality', NULL), ('1427', 2, 2, 'report', NULL);
INSERT INTO events VALUES ('1427', 2, '00000000000000000000000000000001', 'report', 'point', 11.25,
    58.35, 297000.5, 6473000.5, 25.0, NULL, NULL, NULL, NULL, 1777843800000000, NULL, 'minute',
    8388608, 64, 1, 1777888800000000, 'lighting', 'citizen', 42, '109051', 0, 1, 'received',
    'report', NULL, NULL);
INSERT INTO reports VALUES ('1427', '00000000000000000000000000000001', NULL, 'dark,nobody',
    'avoid', 'lampan är släckt', 'web', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL);
";

fn first(engine: &str) -> Migrator {
    let path = format!("{}/migrations/{engine}/0001_first.sql", env!("CARGO_MANIFEST_DIR"));
    let sql = sqlx::AssertSqlSafe(std::fs::read_to_string(path).unwrap()).into_sql_str();
    let kind = MigrationType::Simple;
    Migrator::with_migrations(vec![Migration::new(1, "first".into(), kind, sql, false)])
}

async fn a_store_of_version_1_is_still_read(url: &str) {
    let store = store::open(url, Context::Municipal).await.unwrap();
    let key = store::EventKey { municipality: code(), id: Id::from_bits(1) };
    let read = store.report(&key).await.unwrap().unwrap();
    assert_eq!(read.text.as_deref(), Some("lampan är släckt"));
    assert_eq!(read.factors, [Factor::Dark, Factor::Nobody]);
    assert_eq!(read.when.span().0, Some(at("2026-05-03T21:30:00Z")));
    assert_eq!(store.head(&code()).await.unwrap(), Seq(2));
    let next = store.submit_report(new_report(7)).await.unwrap();
    assert_eq!(next, store::Submitted::Created(Seq(3)));
}

#[tokio::test]
async fn an_old_sqlite_file_migrates_forward() {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite://{}/old.db?mode=rwc", folder.path().display());
    let pool = SqlitePool::connect(&url).await.unwrap();
    first("sqlite").run(&pool).await.unwrap();
    Raw::open(&url).await.execute(ROWS_OF_VERSION_1).await;
    pool.close().await;
    a_store_of_version_1_is_still_read(&url).await;
}

#[tokio::test]
async fn an_old_postgres_schema_migrates_forward() {
    let url = cluster::fresh_data_base();
    Raw::open(&url).await.execute("CREATE SCHEMA fyren").await;
    let inside = format!("{url}&options=-csearch_path%3Dfyren,public");
    first("postgres").run(&PgPool::connect(&inside).await.unwrap()).await.unwrap();
    Raw::open(&inside).await.execute(ROWS_OF_VERSION_1).await;
    a_store_of_version_1_is_still_read(&url).await;
}

#[tokio::test]
async fn a_missing_sqlite_file_is_made_for_its_owner_alone() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("new.db");
    let url = format!("sqlite://{}", file.display());
    let store = store::open(&url, Context::Police).await.unwrap();
    assert_eq!(store.context(), Context::Police);
    store.readiness().await.unwrap();
    for name in ["new.db", "new.db-wal"] {
        let rights = std::fs::metadata(folder.path().join(name)).unwrap().permissions().mode();
        assert_eq!(rights & 0o077, 0, "{name}");
    }
}

#[tokio::test]
async fn an_address_that_is_none_is_refused_with_the_reason() {
    for url in ["", "fyren.db", "mysql://localhost/fyren", "sqlite"] {
        let refused = store::open(url, Context::Municipal).await.err().unwrap();
        assert!(refused.to_string().contains("sqlite:// or postgres://"), "{url}: {refused}");
    }
    let nowhere = store::open("sqlite:///nowhere/at/all.db", Context::Municipal).await;
    assert!(matches!(nowhere.err(), Some(StoreError::Unavailable(_))));
    let url = "postgres://nobody@127.0.0.1:1/none";
    let silent = store::open(url, Context::Municipal).await.err().unwrap();
    assert!(matches!(silent, StoreError::Unavailable(_)), "{silent}");
}

#[tokio::test]
async fn the_two_contexts_share_a_postgres_data_base_and_nothing_in_it() {
    let url = cluster::fresh_data_base();
    let municipal = store::open(&url, Context::Municipal).await.unwrap();
    let police = store::open(&url, Context::Police).await.unwrap();
    municipal.save_municipality(municipality(), entry("add_municipality")).await.unwrap();
    assert!(police.municipalities().await.unwrap().is_empty());
    police.save_municipality(municipality(), entry("add_municipality")).await.unwrap();
    police.log_visit(new_visit(1)).await.unwrap();
    assert_eq!(municipal.head(&code()).await.unwrap(), Seq(1));
    assert_eq!(police.head(&code()).await.unwrap(), Seq(2));
}

#[tokio::test]
async fn the_file_of_the_other_context_is_refused() {
    let world = World::sqlite().await;
    let refused = store::open(&world.url, Context::Police).await.err().unwrap();
    assert!(matches!(refused, StoreError::Unusable(_)), "{refused}");
}

contract! {
    async fn a_store_of_a_newer_program_is_refused(world: World) {
        world.store.close().await;
        let checksum = if world.is_postgres() { r"'\x00'" } else { "x'00'" };
        world
            .execute(&format!(
                "INSERT INTO _sqlx_migrations
                (version, description, success, checksum, execution_time)
                VALUES (9999, 'later', TRUE, {checksum}, 1)"
            ))
            .await;
        let refused = store::open(&world.url, Context::Municipal).await.err().unwrap();
        assert!(refused.to_string().contains("too old"), "{refused}");
    }

    async fn a_closed_store_answers_nothing_and_hangs_nowhere(world: World) {
        let world = world.settled().await;
        world.store.close().await;
        world.store.close().await;
        assert!(matches!(world.store.readiness().await, Err(StoreError::Unavailable(_))));
        assert!(matches!(world.store.head(&code()).await, Err(StoreError::Unavailable(_))));
    }
}

#[tokio::test]
async fn a_missing_file_may_be_opened_by_many_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite://{}/raced.db", folder.path().display());
    let opened = (0..6).map(|_| store::open(&url, Context::Municipal));
    for store in futures_util::future::join_all(opened).await {
        store.unwrap().readiness().await.unwrap();
    }
}

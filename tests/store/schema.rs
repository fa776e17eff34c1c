//! The two schemas say the same, and bear every statement.

use crate::support::*;
use std::collections::{BTreeMap, BTreeSet};

/// Name, columns in order and nullability of each table, with the type as the
/// class that both engines know.
const SQLITE_COLUMNS: &str = "SELECT m.name || '|' || printf('%03d', c.cid) || '|' || c.name || '|'
        || CASE c.type WHEN 'INTEGER' THEN 'integer' WHEN 'REAL' THEN 'real'
            WHEN 'TEXT' THEN 'text' WHEN 'BLOB' THEN 'bytes' ELSE c.type END
        || CASE c.\"notnull\" WHEN 1 THEN ' not null' ELSE '' END
    FROM sqlite_master m JOIN pragma_table_info(m.name) c
    WHERE m.type = 'table' AND m.name <> '_sqlx_migrations' ORDER BY m.name, c.cid";
const POSTGRES_COLUMNS: &str = "SELECT table_name || '|'
        || lpad(CAST(ordinal_position - 1 AS TEXT), 3, '0') || '|' || column_name || '|'
        || CASE data_type WHEN 'bigint' THEN 'integer' WHEN 'boolean' THEN 'integer'
            WHEN 'double precision' THEN 'real' WHEN 'bytea' THEN 'bytes' ELSE data_type END
        || CASE is_nullable WHEN 'NO' THEN ' not null' ELSE '' END
    FROM information_schema.columns
    WHERE table_schema = 'fyren' AND table_name <> '_sqlx_migrations' AND is_generated = 'NEVER'
    ORDER BY table_name COLLATE \"C\", ordinal_position";

/// The columns of each primary key and unique constraint.
const SQLITE_KEYS: &str = "SELECT m.name || '|' || (
        SELECT group_concat(i.name, ',') FROM pragma_index_info(l.name) i)
    FROM sqlite_master m JOIN pragma_index_list(m.name) l
    WHERE m.type = 'table' AND m.name <> '_sqlx_migrations' AND l.origin IN ('pk', 'u')
    UNION ALL
    SELECT m.name || '|' || c.name FROM sqlite_master m JOIN pragma_table_info(m.name) c
    WHERE m.type = 'table' AND c.pk = 1 AND c.type = 'INTEGER'
    AND NOT EXISTS (SELECT 1 FROM pragma_index_list(m.name) WHERE origin = 'pk')";
const POSTGRES_KEYS: &str = "SELECT c.conrelid::regclass || '|' || (
        SELECT string_agg(a.attname, ',' ORDER BY k.at)
        FROM unnest(c.conkey) WITH ORDINALITY AS k (num, at)
        JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = k.num)
    FROM pg_constraint c JOIN pg_class t ON t.oid = c.conrelid
    WHERE c.connamespace = 'fyren'::regnamespace AND c.contype IN ('p', 'u')
    AND t.relname <> '_sqlx_migrations'";

/// Foreign keys as table, columns, table, columns.
const SQLITE_REFERENCES: &str =
    "SELECT name || '|' || of || '|' || other || '|' || into_columns FROM (
        SELECT m.name, f.\"table\" AS other, group_concat(f.\"from\", ',') AS of,
            group_concat(f.\"to\", ',') AS into_columns
        FROM sqlite_master m JOIN pragma_foreign_key_list(m.name) f
        WHERE m.type = 'table' GROUP BY m.name, f.id)";
const POSTGRES_REFERENCES: &str =
    "SELECT c.conrelid::regclass || '|' || names(c.conrelid, c.conkey)
        || '|' || c.confrelid::regclass || '|' || names(c.confrelid, c.confkey)
    FROM pg_constraint c WHERE c.connamespace = 'fyren'::regnamespace AND c.contype = 'f'";
const NAMES: &str = "CREATE FUNCTION pg_temp.names(of regclass, numbers smallint[]) RETURNS text
    LANGUAGE sql AS $$ SELECT string_agg(a.attname, ',' ORDER BY k.at)
        FROM unnest(numbers) WITH ORDINALITY AS k (num, at)
        JOIN pg_attribute a ON a.attrelid = of AND a.attnum = k.num $$";

const SQLITE_INDEXES: &str = "SELECT name || CASE WHEN sql LIKE 'CREATE UNIQUE%' THEN ' unique'
        ELSE '' END || CASE WHEN sql LIKE '% WHERE %' THEN ' partial' ELSE '' END
    FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL";
const POSTGRES_INDEXES: &str = "SELECT c.relname || CASE WHEN i.indisunique THEN ' unique' ELSE ''
        END || CASE WHEN i.indpred IS NOT NULL THEN ' partial' ELSE '' END
    FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
    WHERE c.relnamespace = 'fyren'::regnamespace AND c.relname <> 'events_geometry'
    AND NOT EXISTS (SELECT 1 FROM pg_constraint k WHERE k.conindid = i.indexrelid)";

/// The named constraints as the migrations of an engine leave them.
fn constraints(engine: &str) -> BTreeMap<String, String> {
    let folder = format!("{}/migrations/{engine}", env!("CARGO_MANIFEST_DIR"));
    let mut found = BTreeMap::new();
    let mut files: Vec<_> =
        std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().path()).collect();
    files.sort();
    for file in files {
        let sql = std::fs::read_to_string(file).unwrap();
        // A table that is made anew has its constraints once more.
        let anew = sql.contains("DROP TABLE ");
        for said in sql.split("CONSTRAINT ").skip(1) {
            let said = said.split(['\n', ';']).next().unwrap().trim_end_matches(',');
            let Some((name, rule)) = said.split_once(' ') else {
                assert!(found.remove(said).is_some(), "{said} is dropped and was not there");
                continue;
            };
            let before = found.insert(name.to_owned(), rule.to_owned());
            assert!(before.is_none() || anew, "{name} twice");
        }
    }
    found
}

fn sorted(rows: Vec<String>) -> BTreeSet<String> {
    rows.into_iter().collect()
}

#[tokio::test]
async fn both_engines_have_the_same_tables_columns_and_keys() {
    let (sqlite, postgres) = (World::sqlite().await, World::postgres().await);
    let (mut left, mut right) = (sqlite.raw().await, postgres.raw().await);
    let columns = left.texts(SQLITE_COLUMNS).await;
    assert!(columns.len() > 150, "{} columns", columns.len());
    assert_eq!(columns, right.texts(POSTGRES_COLUMNS).await);
    let keys = sorted(left.texts(SQLITE_KEYS).await);
    assert!(keys.contains("events|municipality,id"), "{keys:?}");
    assert_eq!(keys, sorted(right.texts(POSTGRES_KEYS).await));
    right.execute(NAMES).await;
    let references = sorted(left.texts(SQLITE_REFERENCES).await);
    assert!(references.len() > 15);
    let said = POSTGRES_REFERENCES.replace("names(", "pg_temp.names(");
    assert_eq!(references, sorted(right.texts(&said).await));
    let indexes = sorted(left.texts(SQLITE_INDEXES).await);
    assert_eq!(indexes, sorted(right.texts(POSTGRES_INDEXES).await));
}

#[test]
fn both_engines_name_the_same_rules() {
    let sqlite = constraints("sqlite");
    assert!(sqlite.len() > 60);
    assert_eq!(sqlite, constraints("postgres"));
}

#[test]
fn both_engines_have_migrations_of_the_same_names() {
    let names = |engine| {
        let folder = format!("{}/migrations/{engine}", env!("CARGO_MANIFEST_DIR"));
        let files = std::fs::read_dir(folder).unwrap();
        files.map(|file| file.unwrap().file_name()).collect::<BTreeSet<_>>()
    };
    assert_eq!(names("sqlite"), names("postgres"));
}

contract! {
    async fn every_statement_fits_the_schema(world: World) {
        assert!(world.store.check_statements().await.unwrap() > 100);
    }

    async fn a_statement_that_does_not_fit_is_found(world: World) {
        world.execute("ALTER TABLE jobs RENAME COLUMN attempts TO tries").await;
        assert!(world.store.check_statements().await.is_err());
    }
}

#[tokio::test]
async fn postgis_sees_points_lines_and_no_codes() {
    let world = World::postgres().await.settled().await;
    for (number, located) in (1..).zip([point(), drawn(), coded()]) {
        let report = fyren_core::domain::Report { located, ..report(number) };
        world.store.submit_report(sent(report, number)).await.unwrap();
    }
    let kinds = "SELECT coalesce(GeometryType(geometry), 'none') FROM events ORDER BY seq";
    assert_eq!(world.raw().await.texts(kinds).await, ["POINT", "LINESTRING", "none"]);
    let near = "SELECT COUNT(*) FROM events WHERE ST_DWithin(geometry,
        ST_SetSRID(ST_MakePoint(11.2265, 58.3531), 4326), 0.001)";
    assert_eq!(world.raw().await.number(near).await, 1);
}

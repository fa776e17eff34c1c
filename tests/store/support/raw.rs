//! Statements beside the store, as an other program would send them.

use sqlx::{AssertSqlSafe, Connection, PgConnection, Row, SqliteConnection, query, raw_sql};

/// A connection of either engine.
pub(crate) enum Raw {
    Sqlite(SqliteConnection),
    Postgres(PgConnection),
}

impl Raw {
    pub(crate) async fn open(url: &str) -> Self {
        if url.starts_with("sqlite") {
            Self::Sqlite(SqliteConnection::connect(url).await.unwrap())
        } else {
            Self::Postgres(PgConnection::connect(url).await.unwrap())
        }
    }

    pub(crate) async fn execute(&mut self, sql: &str) {
        let sql = AssertSqlSafe(sql.to_owned());
        match self {
            Self::Sqlite(connection) => drop(raw_sql(sql).execute(connection).await.unwrap()),
            Self::Postgres(connection) => drop(raw_sql(sql).execute(connection).await.unwrap()),
        }
    }

    /// The first column of every row, which is text.
    pub(crate) async fn texts(&mut self, sql: &str) -> Vec<String> {
        let sql = AssertSqlSafe(sql.to_owned());
        match self {
            Self::Sqlite(connection) => {
                let rows = query(sql).fetch_all(connection).await.unwrap();
                rows.iter().map(|row| row.get(0)).collect()
            }
            Self::Postgres(connection) => {
                let rows = query(sql).fetch_all(connection).await.unwrap();
                rows.iter().map(|row| row.get(0)).collect()
            }
        }
    }

    /// One number.
    pub(crate) async fn number(&mut self, sql: &str) -> i64 {
        let text = self.texts(&format!("SELECT CAST(({sql}) AS TEXT)")).await;
        text[0].parse().unwrap()
    }
}

//! Staff: users, secrets, tokens, sessions.

use super::columns::Columns;
use super::insert::insert_rows;
use super::writer::Command;
use super::{Connection, Row, SqlStore, audit, bytes, found, statements};
use crate::store::{AuditEntry, Digest, Identity, Secrets, Session, StoreError, Token};
use async_trait::async_trait;
use fyren_core::domain::{Grant, Id, MunicipalityCode, Role, Scope, User};
use jiff::{Timestamp, civil::Date};
use sqlx::query;

/// Before the rows of `grants`.
pub(super) const INSERT_GRANTS: &str = "INSERT INTO grants (user_id, role, scope_kind, scope) ";

statements! {
    NAME_TAKEN = "SELECT id FROM users WHERE name = $1 AND id <> $2";
    SAVE = "INSERT INTO users (id, name, active) VALUES ($1, $2, $3)
        ON CONFLICT (id) DO UPDATE SET name = excluded.name, active = excluded.active,
        epoch = users.epoch + 1";
    DROP_GRANTS = "DELETE FROM grants WHERE user_id = $1";
    ALL = "SELECT id, name, active FROM users ORDER BY name";
    BY_ID = "SELECT id, name, active FROM users WHERE id = $1";
    BY_TOKEN = "SELECT u.id, u.name, u.active FROM tokens t JOIN users u ON u.id = t.user_id
        WHERE t.hash = $1 AND (t.expires_at IS NULL OR t.expires_at > $2)";
    BY_NAME = "SELECT id, name, active, password_hash, totp_secret FROM users WHERE name = $1";
    GRANTS = "SELECT user_id, role, scope_kind, scope FROM grants
        ORDER BY user_id, role, scope_kind, scope";
    GRANTS_OF = "SELECT user_id, role, scope_kind, scope FROM grants WHERE user_id = $1
        ORDER BY role, scope_kind, scope";
    SET_PASSWORD = "UPDATE users SET password_hash = $2, epoch = epoch + 1 WHERE id = $1";
    SET_TOTP = "UPDATE users SET totp_secret = $2, totp_last_step = NULL,
        epoch = epoch + 1 WHERE id = $1";
    USE_STEP = "UPDATE users SET totp_last_step = $2
        WHERE id = $1 AND (totp_last_step IS NULL OR totp_last_step < $2)";
    INSERT_TOKEN = "INSERT INTO tokens (hash, user_id, label, expires_at, last_used_on)
        VALUES ($1, $2, $3, $4, $5)";
    TOUCH_TOKEN = "UPDATE tokens SET last_used_on = $2 WHERE hash = $1";
    TOKEN_DAY = "SELECT last_used_on FROM tokens WHERE hash = $1";
    TOKENS = "SELECT hash, user_id, label, expires_at, last_used_on FROM tokens
        WHERE user_id = $1 ORDER BY label, hash";
    DROP_TOKEN = "DELETE FROM tokens WHERE hash = $1";
    CREATE_SESSION = "INSERT INTO sessions (id, data, expires_at) VALUES ($1, $2, $3)
        ON CONFLICT (id) DO NOTHING";
    SAVE_SESSION = "INSERT INTO sessions (id, data, expires_at) VALUES ($1, $2, $3)
        ON CONFLICT (id) DO UPDATE SET data = excluded.data, expires_at = excluded.expires_at";
    SESSION = "SELECT id, data, expires_at FROM sessions WHERE id = $1 AND expires_at > $2";
    DROP_SESSION = "DELETE FROM sessions WHERE id = $1";
}

pub(super) async fn save_user(
    connection: &mut Connection,
    (user, entry): &(User, AuditEntry),
) -> Result<(), StoreError> {
    let id = user.id.to_string();
    let taken = query(NAME_TAKEN).bind(&user.name).bind(&id);
    if taken.fetch_optional(&mut *connection).await?.is_some() {
        return Err(StoreError::Conflict("user_name"));
    }
    let save = query(SAVE).bind(&id).bind(&user.name).bind(user.active);
    save.execute(&mut *connection).await?;
    query(DROP_GRANTS).bind(&id).execute(&mut *connection).await?;
    insert_rows(connection, INSERT_GRANTS, &user.grants, |mut columns, grant| {
        let (kind, scope) = match &grant.scope {
            Scope::Municipality(code) => ("municipality", code.as_str().to_owned()),
            Scope::Area(name) => ("area", name.clone()),
        };
        columns.push_bind(id.clone()).push_bind(grant.role.code()).push_bind(kind).push_bind(scope);
    })
    .await?;
    audit::append(connection, entry).await
}

pub(super) async fn set_password(
    connection: &mut Connection,
    (user, password_hash, entry): &(Id, String, AuditEntry),
) -> Result<(), StoreError> {
    let set = query(SET_PASSWORD).bind(user.to_string()).bind(password_hash);
    found(set.execute(&mut *connection).await?.rows_affected(), "user")?;
    audit::append(connection, entry).await
}

pub(super) async fn set_totp(
    connection: &mut Connection,
    (user, secret, entry): &(Id, Option<Vec<u8>>, AuditEntry),
) -> Result<(), StoreError> {
    let set = query(SET_TOTP).bind(user.to_string()).bind(secret);
    found(set.execute(&mut *connection).await?.rows_affected(), "user")?;
    audit::append(connection, entry).await
}

pub(super) async fn use_totp_step(
    connection: &mut Connection,
    (user, step): &(Id, i64),
) -> Result<bool, StoreError> {
    let fresh = query(USE_STEP).bind(user.to_string()).bind(step).execute(connection).await?;
    Ok(fresh.rows_affected() > 0)
}

pub(super) async fn insert_token(
    connection: &mut Connection,
    (token, entry): &(Token, AuditEntry),
) -> Result<(), StoreError> {
    query(INSERT_TOKEN)
        .bind(bytes(&token.hash))
        .bind(token.user.to_string())
        .bind(&token.label)
        .bind(token.expires.map(Timestamp::as_microsecond))
        .bind(token.last_used.map(|day| day.to_string()))
        .execute(&mut *connection)
        .await?;
    audit::append(connection, entry).await
}

pub(super) async fn touch_token(
    connection: &mut Connection,
    (token, day): &(Digest, Date),
) -> Result<(), StoreError> {
    let touch = query(TOUCH_TOKEN).bind(bytes(token)).bind(day.to_string());
    found(touch.execute(connection).await?.rows_affected(), "token")
}

pub(super) async fn delete_token(
    connection: &mut Connection,
    (token, entry): &(Digest, AuditEntry),
) -> Result<(), StoreError> {
    let dropped = query(DROP_TOKEN).bind(bytes(token)).execute(&mut *connection).await?;
    found(dropped.rows_affected(), "token")?;
    audit::append(connection, entry).await
}

pub(super) async fn create_session(
    connection: &mut Connection,
    session: &Session,
) -> Result<bool, StoreError> {
    Ok(write_session(connection, CREATE_SESSION, session).await? > 0)
}

pub(super) async fn save_session(
    connection: &mut Connection,
    session: &Session,
) -> Result<(), StoreError> {
    write_session(connection, SAVE_SESSION, session).await.map(|_rows| ())
}

async fn write_session(
    connection: &mut Connection,
    statement: &'static str,
    session: &Session,
) -> Result<u64, StoreError> {
    let write = query(statement)
        .bind(&session.id)
        .bind(&session.data)
        .bind(session.expires.as_microsecond());
    Ok(write.execute(connection).await?.rows_affected())
}

pub(super) async fn delete_session(
    connection: &mut Connection,
    id: &String,
) -> Result<(), StoreError> {
    query(DROP_SESSION).bind(id).execute(connection).await?;
    Ok(())
}

/// The user behind the first three columns of a row, without its grants.
fn user(columns: &mut Columns<'_>) -> Result<User, StoreError> {
    Ok(User {
        id: columns.id()?,
        name: columns.take()?,
        active: columns.take()?,
        grants: Vec::new(),
    })
}

fn grant(row: &Row) -> Result<(Id, Grant), StoreError> {
    let columns = &mut Columns::of(row);
    let (user, role) = (columns.id()?, columns.code(Role::parse)?);
    let (kind, scope) = (columns.take::<&str>()?, columns.take::<String>()?);
    let scope = match kind {
        "municipality" => MunicipalityCode::parse(&scope).ok().map(Scope::Municipality),
        "area" => Some(Scope::Area(scope)),
        _ => None,
    };
    let scope = scope.ok_or_else(|| StoreError::Corrupt("scope of a grant".into()))?;
    Ok((user, Grant { role, scope }))
}

impl SqlStore {
    async fn with_grants(&self, mut user: User) -> Result<User, StoreError> {
        let rows = query(GRANTS_OF).bind(user.id.to_string()).fetch_all(&self.readers).await?;
        for row in &rows {
            user.grants.push(grant(row)?.1);
        }
        Ok(user)
    }

    async fn with_grants_of(&self, row: Option<Row>) -> Result<Option<User>, StoreError> {
        match row {
            Some(row) => self.with_grants(user(&mut Columns::of(&row))?).await.map(Some),
            None => Ok(None),
        }
    }
}

#[async_trait]
impl Identity for SqlStore {
    async fn save_user(&self, user: User, audit: AuditEntry) -> Result<(), StoreError> {
        self.writer.write(|reply| Command::SaveUser((user, audit), reply)).await
    }

    async fn users(&self) -> Result<Vec<User>, StoreError> {
        let rows = query(ALL).fetch_all(&self.readers).await?;
        let grants = query(GRANTS).fetch_all(&self.readers).await?;
        let mut users =
            rows.iter().map(|row| user(&mut Columns::of(row))).collect::<Result<Vec<_>, _>>()?;
        for row in &grants {
            let (owner, grant) = grant(row)?;
            if let Some(user) = users.iter_mut().find(|user| user.id == owner) {
                user.grants.push(grant);
            }
        }
        Ok(users)
    }

    async fn user(&self, id: Id) -> Result<Option<User>, StoreError> {
        let row = query(BY_ID).bind(id.to_string()).fetch_optional(&self.readers).await?;
        self.with_grants_of(row).await
    }

    async fn secrets(&self, name: &str) -> Result<Option<Secrets>, StoreError> {
        let row = query(BY_NAME).bind(name).fetch_optional(&self.readers).await?;
        let Some(row) = row else { return Ok(None) };
        let columns = &mut Columns::of(&row);
        let user = user(columns)?;
        let (password_hash, totp_secret) = (columns.take()?, columns.take()?);
        let user = self.with_grants(user).await?;
        Ok(Some(Secrets { user, password_hash, totp_secret }))
    }

    async fn set_password(
        &self,
        user: Id,
        password_hash: String,
        audit: AuditEntry,
    ) -> Result<(), StoreError> {
        let write = (user, password_hash, audit);
        self.writer.write(|reply| Command::SetPassword(write, reply)).await
    }

    async fn set_totp(
        &self,
        user: Id,
        secret: Option<Vec<u8>>,
        audit: AuditEntry,
    ) -> Result<(), StoreError> {
        self.writer.write(|reply| Command::SetTotp((user, secret, audit), reply)).await
    }

    async fn use_totp_step(&self, user: Id, step: i64) -> Result<bool, StoreError> {
        self.writer.write(|reply| Command::UseTotpStep((user, step), reply)).await
    }

    async fn insert_token(&self, token: Token, audit: AuditEntry) -> Result<(), StoreError> {
        self.writer.write(|reply| Command::InsertToken((token, audit), reply)).await
    }

    async fn user_by_token(
        &self,
        token: &Digest,
        now: Timestamp,
    ) -> Result<Option<User>, StoreError> {
        let row = query(BY_TOKEN)
            .bind(bytes(token))
            .bind(now.as_microsecond())
            .fetch_optional(&self.readers)
            .await?;
        self.with_grants_of(row).await
    }

    async fn touch_token(&self, token: &Digest, day: Date) -> Result<(), StoreError> {
        let row = query(TOKEN_DAY).bind(bytes(token)).fetch_optional(&self.readers).await?;
        let row = row.ok_or(StoreError::NotFound("token"))?;
        if Columns::of(&row).take::<Option<&str>>()? == Some(day.to_string().as_str()) {
            return Ok(());
        }
        let token = *token;
        self.writer.write(|reply| Command::TouchToken((token, day), reply)).await
    }

    async fn tokens(&self, user: Id) -> Result<Vec<Token>, StoreError> {
        let rows = query(TOKENS).bind(user.to_string()).fetch_all(&self.readers).await?;
        rows.iter()
            .map(|row| {
                let mut columns = Columns::of(row);
                Ok(Token {
                    hash: columns.digest()?,
                    user: columns.id()?,
                    label: columns.take()?,
                    expires: columns.maybe_time()?,
                    last_used: columns.maybe_code(|text| text.parse().ok())?,
                })
            })
            .collect()
    }

    async fn delete_token(&self, token: &Digest, audit: AuditEntry) -> Result<(), StoreError> {
        let token = *token;
        self.writer.write(|reply| Command::DeleteToken((token, audit), reply)).await
    }

    async fn create_session(&self, session: Session) -> Result<bool, StoreError> {
        self.writer.write(|reply| Command::CreateSession(session, reply)).await
    }

    async fn save_session(&self, session: Session) -> Result<(), StoreError> {
        self.writer.write(|reply| Command::SaveSession(session, reply)).await
    }

    async fn session(&self, id: &str, now: Timestamp) -> Result<Option<Session>, StoreError> {
        let row = query(SESSION)
            .bind(id)
            .bind(now.as_microsecond())
            .fetch_optional(&self.readers)
            .await?;
        let Some(row) = row else { return Ok(None) };
        let mut columns = Columns::of(&row);
        Ok(Some(Session { id: columns.take()?, data: columns.take()?, expires: columns.time()? }))
    }

    async fn delete_session(&self, id: &str) -> Result<(), StoreError> {
        let id = id.to_owned();
        self.writer.write(|reply| Command::DeleteSession(id, reply)).await
    }
}

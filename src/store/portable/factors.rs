//! Proofs beside the password.

use super::columns::Columns;
use super::insert::insert_rows;
use super::writer::Command;
use super::{Connection, Row, SqlStore, audit, bytes, found, statements};
use crate::store::{AuditEntry, Digest, Factors, OutsideIdentity, StoreError, StoredPasskey};
use async_trait::async_trait;
use fyren_core::domain::{Id, MunicipalityCode, Role};
use jiff::{Timestamp, civil::Date};
use sqlx::query;

/// Before the rows of tables that are written in many.
pub(super) const INSERTS: &[&str] = &[INSERT_CODES, INSERT_DEMANDS];
const INSERT_CODES: &str = "INSERT INTO recovery_codes (user_id, hash) ";
const INSERT_DEMANDS: &str = "INSERT INTO second_factors (municipality, role) ";

statements! {
    EPOCH = "SELECT epoch FROM users WHERE id = $1";
    NEXT_EPOCH = "UPDATE users SET epoch = epoch + 1 WHERE id = $1";
    DROP_CODES = "DELETE FROM recovery_codes WHERE user_id = $1";
    USE_CODE = "UPDATE recovery_codes SET used_at = $3
        WHERE user_id = $1 AND hash = $2 AND used_at IS NULL";
    CODES_LEFT = "SELECT COUNT(*) FROM recovery_codes WHERE user_id = $1 AND used_at IS NULL";
    INSERT_PASSKEY = "INSERT INTO passkeys (id, user_id, label, credential, made_on, last_used_on)
        VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (id) DO NOTHING";
    PASSKEYS = "SELECT id, user_id, label, credential, made_on, last_used_on FROM passkeys
        WHERE user_id = $1 ORDER BY made_on, id";
    PASSKEY = "SELECT id, user_id, label, credential, made_on, last_used_on FROM passkeys
        WHERE id = $1";
    USE_PASSKEY = "UPDATE passkeys SET credential = $2, last_used_on = $3 WHERE id = $1";
    DROP_PASSKEY = "DELETE FROM passkeys WHERE user_id = $1 AND id = $2";
    DROP_PASSKEYS = "DELETE FROM passkeys WHERE user_id = $1";
    DROP_TOTP = "UPDATE users SET totp_secret = NULL, totp_last_step = NULL WHERE id = $1";
    OUTSIDE = "SELECT user_id FROM outside_identities WHERE issuer = $1 AND subject = $2";
    LINK = "INSERT INTO outside_identities (issuer, subject, user_id) VALUES ($1, $2, $3)";
    DEMANDS = "SELECT municipality, role FROM second_factors ORDER BY municipality, role";
    DROP_DEMANDS = "DELETE FROM second_factors WHERE municipality = $1";
}

/// Ends every session of a user.
pub(super) async fn next_epoch(connection: &mut Connection, user: &str) -> Result<(), StoreError> {
    let next = query(NEXT_EPOCH).bind(user).execute(connection).await?;
    found(next.rows_affected(), "user")
}

pub(super) async fn end_sessions(
    connection: &mut Connection,
    (user, entry): &(Id, AuditEntry),
) -> Result<(), StoreError> {
    next_epoch(connection, &user.to_string()).await?;
    audit::append(connection, entry).await
}

pub(super) async fn set_codes(
    connection: &mut Connection,
    (user, codes, entry): &(Id, Vec<Digest>, AuditEntry),
) -> Result<(), StoreError> {
    let user = user.to_string();
    query(DROP_CODES).bind(&user).execute(&mut *connection).await?;
    insert_rows(connection, INSERT_CODES, codes, |mut columns, code| {
        columns.push_bind(user.clone()).push_bind(code.0.to_vec());
    })
    .await?;
    audit::append(connection, entry).await
}

pub(super) async fn use_code(
    connection: &mut Connection,
    (user, code, now, entry): &(Id, Digest, Timestamp, AuditEntry),
) -> Result<bool, StoreError> {
    let write = query(USE_CODE).bind(user.to_string()).bind(bytes(code)).bind(now.as_microsecond());
    let fresh = write.execute(&mut *connection).await?.rows_affected() > 0;
    if fresh {
        audit::append(connection, entry).await?;
    }
    Ok(fresh)
}

pub(super) async fn insert_passkey(
    connection: &mut Connection,
    (passkey, entry): &(StoredPasskey, AuditEntry),
) -> Result<(), StoreError> {
    let insert = query(INSERT_PASSKEY)
        .bind(&passkey.id)
        .bind(passkey.user.to_string())
        .bind(&passkey.label)
        .bind(&passkey.credential)
        .bind(passkey.made_on.to_string())
        .bind(passkey.last_used_on.map(|day| day.to_string()));
    if insert.execute(&mut *connection).await?.rows_affected() == 0 {
        return Err(StoreError::Conflict("passkey_known"));
    }
    audit::append(connection, entry).await
}

pub(super) async fn use_passkey(
    connection: &mut Connection,
    (id, credential, day): &(String, String, Date),
) -> Result<(), StoreError> {
    let used = query(USE_PASSKEY).bind(id).bind(credential).bind(day.to_string());
    found(used.execute(connection).await?.rows_affected(), "passkey")
}

pub(super) async fn delete_passkey(
    connection: &mut Connection,
    (user, id, entry): &(Id, String, AuditEntry),
) -> Result<(), StoreError> {
    let user = user.to_string();
    let dropped = query(DROP_PASSKEY).bind(&user).bind(id).execute(&mut *connection).await?;
    found(dropped.rows_affected(), "passkey")?;
    next_epoch(connection, &user).await?;
    audit::append(connection, entry).await
}

pub(super) async fn clear(
    connection: &mut Connection,
    (user, entry): &(Id, AuditEntry),
) -> Result<(), StoreError> {
    let user = user.to_string();
    next_epoch(connection, &user).await?;
    for statement in [DROP_TOTP, DROP_CODES, DROP_PASSKEYS] {
        query(statement).bind(&user).execute(&mut *connection).await?;
    }
    audit::append(connection, entry).await
}

pub(super) async fn link(
    connection: &mut Connection,
    (outside, user, entry): &(OutsideIdentity, Id, AuditEntry),
) -> Result<(), StoreError> {
    let link = query(LINK).bind(&outside.issuer).bind(&outside.subject).bind(user.to_string());
    link.execute(&mut *connection).await?;
    audit::append(connection, entry).await
}

pub(super) async fn set_demands(
    connection: &mut Connection,
    (municipality, roles, entry): &(MunicipalityCode, Vec<Role>, AuditEntry),
) -> Result<(), StoreError> {
    let code = municipality.as_str();
    query(DROP_DEMANDS).bind(code).execute(&mut *connection).await?;
    insert_rows(connection, INSERT_DEMANDS, roles, |mut columns, role| {
        columns.push_bind(code.to_owned()).push_bind(role.code());
    })
    .await?;
    audit::append(connection, entry).await
}

fn passkey(row: &Row) -> Result<StoredPasskey, StoreError> {
    let columns = &mut Columns::of(row);
    Ok(StoredPasskey {
        id: columns.take()?,
        user: columns.id()?,
        label: columns.take()?,
        credential: columns.take()?,
        made_on: columns.day()?,
        last_used_on: columns.maybe_code(|text| text.parse().ok())?,
    })
}

#[async_trait]
impl Factors for SqlStore {
    async fn epoch(&self, user: Id) -> Result<Option<i64>, StoreError> {
        let row = query(EPOCH).bind(user.to_string()).fetch_optional(&self.readers).await?;
        row.map(|row| Columns::of(&row).take()).transpose()
    }

    async fn end_sessions(&self, user: Id, audit: AuditEntry) -> Result<(), StoreError> {
        self.writer.write(|reply| Command::EndSessions((user, audit), reply)).await
    }

    async fn set_recovery_codes(
        &self,
        user: Id,
        codes: Vec<Digest>,
        audit: AuditEntry,
    ) -> Result<(), StoreError> {
        self.writer.write(|reply| Command::SetRecoveryCodes((user, codes, audit), reply)).await
    }

    async fn use_recovery_code(
        &self,
        user: Id,
        code: Digest,
        now: Timestamp,
        audit: AuditEntry,
    ) -> Result<bool, StoreError> {
        let write = (user, code, now, audit);
        self.writer.write(|reply| Command::UseRecoveryCode(write, reply)).await
    }

    async fn recovery_codes_left(&self, user: Id) -> Result<u32, StoreError> {
        let row = query(CODES_LEFT).bind(user.to_string()).fetch_one(&self.readers).await?;
        Columns::of(&row).number()
    }

    async fn insert_passkey(
        &self,
        passkey: StoredPasskey,
        audit: AuditEntry,
    ) -> Result<(), StoreError> {
        self.writer.write(|reply| Command::InsertPasskey((passkey, audit), reply)).await
    }

    async fn passkeys(&self, user: Id) -> Result<Vec<StoredPasskey>, StoreError> {
        let rows = query(PASSKEYS).bind(user.to_string()).fetch_all(&self.readers).await?;
        rows.iter().map(passkey).collect()
    }

    async fn passkey(&self, id: &str) -> Result<Option<StoredPasskey>, StoreError> {
        let row = query(PASSKEY).bind(id).fetch_optional(&self.readers).await?;
        row.as_ref().map(passkey).transpose()
    }

    async fn use_passkey(&self, id: &str, credential: String, day: Date) -> Result<(), StoreError> {
        let used = (id.to_owned(), credential, day);
        self.writer.write(|reply| Command::UsePasskey(used, reply)).await
    }

    async fn delete_passkey(
        &self,
        user: Id,
        id: String,
        audit: AuditEntry,
    ) -> Result<(), StoreError> {
        self.writer.write(|reply| Command::DeletePasskey((user, id, audit), reply)).await
    }

    async fn clear_factors(&self, user: Id, audit: AuditEntry) -> Result<(), StoreError> {
        self.writer.write(|reply| Command::ClearFactors((user, audit), reply)).await
    }

    async fn outside_user(&self, outside: &OutsideIdentity) -> Result<Option<Id>, StoreError> {
        let row = query(OUTSIDE)
            .bind(&outside.issuer)
            .bind(&outside.subject)
            .fetch_optional(&self.readers)
            .await?;
        row.map(|row| Columns::of(&row).id()).transpose()
    }

    async fn link_outside(
        &self,
        outside: OutsideIdentity,
        user: Id,
        audit: AuditEntry,
    ) -> Result<(), StoreError> {
        self.writer.write(|reply| Command::LinkOutside((outside, user, audit), reply)).await
    }

    async fn second_factors(&self) -> Result<Vec<(MunicipalityCode, Role)>, StoreError> {
        let rows = query(DEMANDS).fetch_all(&self.readers).await?;
        rows.iter()
            .map(|row| {
                let columns = &mut Columns::of(row);
                let municipality = columns.code(|text| MunicipalityCode::parse(text).ok())?;
                Ok((municipality, columns.code(Role::parse)?))
            })
            .collect()
    }

    async fn set_second_factors(
        &self,
        municipality: &MunicipalityCode,
        roles: Vec<Role>,
        audit: AuditEntry,
    ) -> Result<(), StoreError> {
        let new = (municipality.clone(), roles, audit);
        self.writer.write(|reply| Command::SetSecondFactors(new, reply)).await
    }
}

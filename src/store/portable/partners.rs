//! Partners.

use super::columns::Columns;
use super::writer::Command;
use super::{Connection, Row, SqlStore, audit, bytes, statements};
use crate::store::{AuditEntry, Digest, Partners, StoreError};
use async_trait::async_trait;
use fyren_core::domain::{Id, MunicipalityCode, Partner, PartnerKind};
use jiff::Timestamp;
use sqlx::query;

statements! {
    INSERT = "INSERT INTO partners (municipality, id, name, kind, token_hash, made_at)
        VALUES ($1, $2, $3, $4, $5, $6)";
    REVOKE = "UPDATE partners SET revoked_at = COALESCE(revoked_at, $3)
        WHERE municipality = $1 AND id = $2";
    ALL = "SELECT id, municipality, name, kind, made_at, revoked_at FROM partners
        WHERE municipality = $1 ORDER BY made_at DESC, id";
    BY_TOKEN = "SELECT id, municipality, name, kind, made_at, revoked_at FROM partners
        WHERE municipality = $1 AND token_hash = $2 AND revoked_at IS NULL";
}

pub(super) async fn insert(
    connection: &mut Connection,
    (partner, token, entry): &(Partner, Digest, AuditEntry),
) -> Result<(), StoreError> {
    query(INSERT)
        .bind(partner.municipality.as_str())
        .bind(partner.id.to_string())
        .bind(&partner.name)
        .bind(partner.kind.code())
        .bind(bytes(token))
        .bind(partner.made_at.as_microsecond())
        .execute(&mut *connection)
        .await?;
    audit::append(connection, entry).await
}

pub(super) async fn revoke(
    connection: &mut Connection,
    (municipality, id, at, entry): &(MunicipalityCode, Id, Timestamp, AuditEntry),
) -> Result<(), StoreError> {
    let revoked = query(REVOKE)
        .bind(municipality.as_str())
        .bind(id.to_string())
        .bind(at.as_microsecond())
        .execute(&mut *connection)
        .await?;
    if revoked.rows_affected() == 0 {
        return Err(StoreError::NotFound("partner"));
    }
    audit::append(connection, entry).await
}

fn partner(row: &Row) -> Result<Partner, StoreError> {
    let columns = &mut Columns::of(row);
    Ok(Partner {
        id: columns.id()?,
        municipality: columns.code(|text| MunicipalityCode::parse(text).ok())?,
        name: columns.take()?,
        kind: columns.code(PartnerKind::parse)?,
        made_at: columns.time()?,
        revoked_at: columns.maybe_time()?,
    })
}

#[async_trait]
impl Partners for SqlStore {
    async fn insert_partner(
        &self,
        partner: Partner,
        token: Digest,
        audit: AuditEntry,
    ) -> Result<(), StoreError> {
        let new = (partner, token, audit);
        self.writer.write(|reply| Command::InsertPartner(new, reply)).await
    }

    async fn revoke_partner(
        &self,
        municipality: &MunicipalityCode,
        id: Id,
        at: Timestamp,
        audit: AuditEntry,
    ) -> Result<(), StoreError> {
        let of = (municipality.clone(), id, at, audit);
        self.writer.write(|reply| Command::RevokePartner(of, reply)).await
    }

    async fn partners(&self, municipality: &MunicipalityCode) -> Result<Vec<Partner>, StoreError> {
        let rows = query(ALL).bind(municipality.as_str()).fetch_all(&self.readers).await?;
        rows.iter().map(partner).collect()
    }

    async fn partner_by_token(
        &self,
        municipality: &MunicipalityCode,
        token: &Digest,
    ) -> Result<Option<Partner>, StoreError> {
        let row = query(BY_TOKEN)
            .bind(municipality.as_str())
            .bind(bytes(token))
            .fetch_optional(&self.readers)
            .await?;
        row.as_ref().map(partner).transpose()
    }
}

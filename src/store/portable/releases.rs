//! Releases and published defects.

use super::columns::Columns;
use super::insert::insert_rows;
use super::report_steps;
use super::writer::Command;
use super::{Connection, Row, SqlStore, audit, feed, found, key_text, statements};
use crate::store::{AuditEntry, Defect, EventKey, Releases, StoreError};
use async_trait::async_trait;
use fyren_core::domain::{
    Band, Category, ChangeKind, DistrictCode, Flags, Id, MunicipalityCode, Position, Release,
    ReleaseCell, ReleaseDistrict, ReleaseGroup, ReleaseId, ReleaseKind, ReleaseWindow,
    ReportStatus, Seq,
};
use sqlx::query;

const INSERT_CELLS: &str =
    "INSERT INTO release_cells (release, position, cell_id, size_m, counted, band) ";
const INSERT_DISTRICTS: &str =
    "INSERT INTO release_districts (release, position, district, counted, category, band) ";

/// Before the rows of each table of this file.
pub(super) const INSERTS: &[&str] = &[INSERT_CELLS, INSERT_DISTRICTS];

statements! {
    SAME_WINDOW = "SELECT id FROM releases
        WHERE id = $1 OR (municipality = $2 AND kind = $3 AND from_day = $4 AND to_day = $5)";
    INSERT = "INSERT INTO releases (id, municipality, kind, from_day, to_day, published_at, k,
        synthetic) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    BY_ID = "SELECT id, municipality, kind, from_day, to_day, published_at, k, synthetic
        FROM releases WHERE id = $1";
    ALL = "SELECT id, municipality, kind, from_day, to_day, published_at, k, synthetic
        FROM releases WHERE municipality = $1 ORDER BY from_day DESC, to_day DESC, kind";
    CELLS = "SELECT cell_id, size_m, counted, band FROM release_cells
        WHERE release = $1 ORDER BY position";
    DISTRICTS = "SELECT district, counted, category, band FROM release_districts
        WHERE release = $1 ORDER BY position";
    REPORT_OF_DEFECT = "SELECT report FROM defects WHERE municipality = $1 AND id = $2";
    HAS_DEFECT = "SELECT id FROM defects WHERE municipality = $1 AND report = $2";
    INSERT_DEFECT = "INSERT INTO defects (municipality, id, report, category, longitude, latitude,
        snapped_to, owner, published_on) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    DROP_DEFECT = "DELETE FROM defects WHERE municipality = $1 AND report = $2";
    DEFECTS = "SELECT d.id, d.municipality, d.category, d.longitude, d.latitude, d.snapped_to,
        d.owner, e.status, d.published_on
        FROM defects d JOIN events e ON e.municipality = d.municipality AND e.id = d.report
        WHERE d.municipality = $1 ORDER BY d.id";
}

/// Stores a release for good.
pub(super) async fn insert(
    connection: &mut Connection,
    (release, entry): &(Release, AuditEntry),
) -> Result<Seq, StoreError> {
    let code = release.municipality.as_str();
    let (from, to) = (release.window.from.to_string(), release.window.to.to_string());
    let same = query(SAME_WINDOW)
        .bind(&release.id.0)
        .bind(code)
        .bind(release.kind.code())
        .bind(&from)
        .bind(&to);
    if same.fetch_optional(&mut *connection).await?.is_some() {
        return Err(StoreError::Conflict("release_exists"));
    }
    let seq = feed::take(connection, code, 1, ChangeKind::Release).await?;
    query(INSERT)
        .bind(&release.id.0)
        .bind(code)
        .bind(release.kind.code())
        .bind(from)
        .bind(to)
        .bind(release.published_at.as_microsecond())
        .bind(i64::from(release.k))
        .bind(release.synthetic)
        .execute(&mut *connection)
        .await?;
    insert_parts(connection, release).await?;
    audit::append(connection, entry).await?;
    Ok(Seq(seq))
}

async fn insert_parts(connection: &mut Connection, release: &Release) -> Result<(), StoreError> {
    let id = &release.id.0;
    let cells: Vec<_> = (0_i64..).zip(&release.cells).collect();
    insert_rows(connection, INSERT_CELLS, &cells, |mut columns, (position, cell)| {
        columns
            .push_bind(id.clone())
            .push_bind(*position)
            .push_bind(cell.cell_id.clone())
            .push_bind(i64::from(cell.size_m))
            .push_bind(cell.group.code())
            .push_bind(cell.band.code());
    })
    .await?;
    let districts: Vec<_> = (0_i64..).zip(&release.districts).collect();
    insert_rows(connection, INSERT_DISTRICTS, &districts, |mut columns, (position, district)| {
        columns
            .push_bind(id.clone())
            .push_bind(*position)
            .push_bind(district.district.as_ref().map(|code| code.0.clone()))
            .push_bind(district.group.code())
            .push_bind(district.category.map(Category::code))
            .push_bind(district.band.map(Band::code));
    })
    .await
}

/// Publishes a defect.
pub(super) async fn publish_defect(
    connection: &mut Connection,
    (report, defect, entry): &(EventKey, Defect, AuditEntry),
) -> Result<Seq, StoreError> {
    let mut state = report_steps::state(connection, report).await?;
    let (municipality, id) = key_text(report);
    let known = query(HAS_DEFECT).bind(municipality).bind(&id);
    if known.fetch_optional(&mut *connection).await?.is_some() {
        return Err(StoreError::Conflict("defect_exists"));
    }
    query(INSERT_DEFECT)
        .bind(municipality)
        .bind(defect.id.to_string())
        .bind(id)
        .bind(defect.category.code())
        .bind(defect.position.longitude)
        .bind(defect.position.latitude)
        .bind(&defect.snapped_to)
        .bind(&defect.owner)
        .bind(defect.published_on.to_string())
        .execute(&mut *connection)
        .await?;
    state.flag(Flags::PUBLISHED, true);
    audit::append(connection, entry).await?;
    report_steps::store(connection, report, &state).await?;
    feed::take(connection, municipality, 1, ChangeKind::Defect).await.map(Seq)
}

/// Takes a defect back.
pub(super) async fn withdraw_defect(
    connection: &mut Connection,
    (report, entry): &(EventKey, AuditEntry),
) -> Result<Seq, StoreError> {
    let mut state = report_steps::state(connection, report).await?;
    let (municipality, id) = key_text(report);
    let dropped = query(DROP_DEFECT).bind(municipality).bind(id).execute(&mut *connection).await?;
    found(dropped.rows_affected(), "defect")?;
    state.flag(Flags::PUBLISHED, false);
    audit::append(connection, entry).await?;
    report_steps::store(connection, report, &state).await?;
    feed::take(connection, municipality, 1, ChangeKind::Defect).await.map(Seq)
}

async fn whole(connection: &mut Connection, row: &Row) -> Result<Release, StoreError> {
    let columns = &mut Columns::of(row);
    let id: String = columns.take()?;
    let cells = query(CELLS).bind(&id).fetch_all(&mut *connection).await?;
    let districts = query(DISTRICTS).bind(&id).fetch_all(&mut *connection).await?;
    Ok(Release {
        id: ReleaseId(id),
        municipality: columns.code(|text| MunicipalityCode::parse(text).ok())?,
        kind: columns.code(ReleaseKind::parse)?,
        window: ReleaseWindow { from: columns.day()?, to: columns.day()? },
        published_at: columns.time()?,
        k: columns.number()?,
        synthetic: columns.take()?,
        cells: cells.iter().map(cell).collect::<Result<_, _>>()?,
        districts: districts.iter().map(district).collect::<Result<_, _>>()?,
    })
}

fn cell(row: &Row) -> Result<ReleaseCell, StoreError> {
    let mut columns = Columns::of(row);
    Ok(ReleaseCell {
        cell_id: columns.take()?,
        size_m: columns.number()?,
        group: columns.code(ReleaseGroup::parse)?,
        band: columns.code(Band::parse)?,
    })
}

fn district(row: &Row) -> Result<ReleaseDistrict, StoreError> {
    let mut columns = Columns::of(row);
    Ok(ReleaseDistrict {
        district: columns.take::<Option<String>>()?.map(DistrictCode),
        group: columns.code(ReleaseGroup::parse)?,
        category: columns.maybe_code(Category::parse)?,
        band: columns.maybe_code(Band::parse)?,
    })
}

fn defect(row: &Row) -> Result<Defect, StoreError> {
    let mut columns = Columns::of(row);
    Ok(Defect {
        id: columns.id()?,
        municipality: columns.code(|text| MunicipalityCode::parse(text).ok())?,
        category: columns.code(Category::parse)?,
        position: Position { longitude: columns.take()?, latitude: columns.take()? },
        snapped_to: columns.take()?,
        owner: columns.take()?,
        status: columns.code(ReportStatus::parse)?,
        published_on: columns.day()?,
    })
}

#[async_trait]
impl Releases for SqlStore {
    async fn insert_release(&self, release: Release, audit: AuditEntry) -> Result<Seq, StoreError> {
        self.writer.write(|reply| Command::InsertRelease((release, audit), reply)).await
    }

    async fn release(&self, id: &ReleaseId) -> Result<Option<Release>, StoreError> {
        // A release never changes, so its parts need no snapshot.
        let connection = &mut *self.readers.acquire().await?;
        match query(BY_ID).bind(&id.0).fetch_optional(&mut *connection).await? {
            Some(row) => whole(connection, &row).await.map(Some),
            None => Ok(None),
        }
    }

    async fn releases(&self, municipality: &MunicipalityCode) -> Result<Vec<Release>, StoreError> {
        let connection = &mut *self.readers.acquire().await?;
        let rows = query(ALL).bind(municipality.as_str()).fetch_all(&mut *connection).await?;
        let mut releases = Vec::with_capacity(rows.len());
        for row in &rows {
            releases.push(whole(connection, row).await?);
        }
        Ok(releases)
    }

    async fn publish_defect(
        &self,
        report: &EventKey,
        defect: Defect,
        audit: AuditEntry,
    ) -> Result<Seq, StoreError> {
        let key = report.clone();
        self.writer.write(|reply| Command::PublishDefect((key, defect, audit), reply)).await
    }

    async fn withdraw_defect(
        &self,
        report: &EventKey,
        audit: AuditEntry,
    ) -> Result<Seq, StoreError> {
        let key = report.clone();
        self.writer.write(|reply| Command::WithdrawDefect((key, audit), reply)).await
    }

    async fn report_of_defect(
        &self,
        municipality: &MunicipalityCode,
        defect: Id,
    ) -> Result<Option<EventKey>, StoreError> {
        let row = query(REPORT_OF_DEFECT)
            .bind(municipality.as_str())
            .bind(defect.to_string())
            .fetch_optional(&self.readers)
            .await?;
        let key = |row: &Row| {
            let id = Columns::of(row).id()?;
            Ok(EventKey { municipality: municipality.clone(), id })
        };
        row.as_ref().map(key).transpose()
    }

    async fn defects(&self, municipality: &MunicipalityCode) -> Result<Vec<Defect>, StoreError> {
        let rows = query(DEFECTS).bind(municipality.as_str()).fetch_all(&self.readers).await?;
        rows.iter().map(defect).collect()
    }
}

//! Watch areas, bulletins, the calendar and single figures.

use super::columns::{Columns, joined};
use super::writer::Command;
use super::{Connection, Row, SqlStore, audit, feed, statements};
use crate::store::{AuditEntry, Guardians, StoreError};
use async_trait::async_trait;
use fyren_core::domain::{
    Bulletin, CalendarEntry, CalendarKind, CalendarStatus, ChangeKind, DistrictCode, Figure,
    FigureKind, Id, MunicipalityCode, Position, Role, Seq, TipTheme, WatchArea, WatchContact,
    WatchKind, WatchStatus,
};
use sqlx::query;

statements! {
    SAVE_AREA = "INSERT INTO watch_areas (municipality, id, kind, name, district, longitude,
        latitude, radius_m, members, contacts, status, started_on)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
        ON CONFLICT (municipality, id) DO UPDATE SET kind = excluded.kind, name = excluded.name,
        district = excluded.district, longitude = excluded.longitude,
        latitude = excluded.latitude, radius_m = excluded.radius_m, members = excluded.members,
        contacts = excluded.contacts, status = excluded.status, started_on = excluded.started_on";
    AREAS = "SELECT id, municipality, kind, name, district, longitude, latitude, radius_m, members,
        contacts, status, started_on FROM watch_areas WHERE municipality = $1 ORDER BY name, id";
    SAVE_BULLETIN = "INSERT INTO watch_bulletins (municipality, id, area, sender, published_on,
        until_day, title_sv, title_en, text_sv, text_en)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
        ON CONFLICT (municipality, id) DO UPDATE SET area = excluded.area,
        sender = excluded.sender, published_on = excluded.published_on,
        until_day = excluded.until_day, title_sv = excluded.title_sv,
        title_en = excluded.title_en, text_sv = excluded.text_sv, text_en = excluded.text_en";
    BULLETINS = "SELECT id, municipality, area, sender, published_on, until_day, title_sv, title_en,
        text_sv, text_en FROM watch_bulletins WHERE municipality = $1
        ORDER BY published_on DESC, id";
    SAVE_ENTRY = "INSERT INTO calendar_entries (municipality, id, kind, starts_at, ends_at,
        title_sv, title_en, place, district, organiser, status, visitors, changed_at, revision)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
        ON CONFLICT (municipality, id) DO UPDATE SET kind = excluded.kind,
        starts_at = excluded.starts_at, ends_at = excluded.ends_at, title_sv = excluded.title_sv,
        title_en = excluded.title_en, place = excluded.place, district = excluded.district,
        organiser = excluded.organiser, status = excluded.status, visitors = excluded.visitors,
        changed_at = excluded.changed_at, revision = excluded.revision";
    CALENDAR = "SELECT id, municipality, kind, starts_at, ends_at, title_sv, title_en, place,
        district, organiser, status, visitors, changed_at, revision FROM calendar_entries
        WHERE municipality = $1 ORDER BY starts_at, id";
    SAVE_FIGURE = "INSERT INTO single_figures (municipality, kind, from_day, to_day, district,
        theme, amount, source, entered_on) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
        ON CONFLICT (municipality, kind, from_day, district, theme) DO UPDATE SET
        to_day = excluded.to_day, amount = excluded.amount, source = excluded.source,
        entered_on = excluded.entered_on";
    FIGURES = "SELECT municipality, kind, from_day, to_day, district, theme, amount, source,
        entered_on FROM single_figures WHERE municipality = $1
        ORDER BY from_day DESC, kind, district, theme";
}

/// Stores or replaces a watch area.
pub(super) async fn save_area(
    connection: &mut Connection,
    (area, entry): &(WatchArea, AuditEntry),
) -> Result<Seq, StoreError> {
    let code = area.municipality.as_str();
    let seq = feed::take(connection, code, 1, ChangeKind::Watch).await?;
    query(SAVE_AREA)
        .bind(code)
        .bind(area.id.to_string())
        .bind(area.kind.code())
        .bind(&area.name)
        .bind(area.district.as_ref().map(|district| district.0.as_str()))
        .bind(area.at.longitude)
        .bind(area.at.latitude)
        .bind(area.radius_m)
        .bind(area.members.map(i64::from))
        .bind(joined(&area.contacts, WatchContact::code))
        .bind(area.status.code())
        .bind(area.started_on.map(|day| day.to_string()))
        .execute(&mut *connection)
        .await?;
    audit::append(connection, entry).await?;
    Ok(Seq(seq))
}

/// Stores or replaces a bulletin.
pub(super) async fn save_bulletin(
    connection: &mut Connection,
    (bulletin, entry): &(Bulletin, AuditEntry),
) -> Result<Seq, StoreError> {
    let code = bulletin.municipality.as_str();
    let seq = feed::take(connection, code, 1, ChangeKind::Watch).await?;
    query(SAVE_BULLETIN)
        .bind(code)
        .bind(bulletin.id.to_string())
        .bind(bulletin.area.map(|area| area.to_string()))
        .bind(bulletin.sender.code())
        .bind(bulletin.published_on.to_string())
        .bind(bulletin.until.to_string())
        .bind(&bulletin.title.0)
        .bind(&bulletin.title.1)
        .bind(&bulletin.text.0)
        .bind(&bulletin.text.1)
        .execute(&mut *connection)
        .await?;
    audit::append(connection, entry).await?;
    Ok(Seq(seq))
}

/// Stores or replaces an entry of the calendar.
pub(super) async fn save_entry(
    connection: &mut Connection,
    (held, entry): &(CalendarEntry, AuditEntry),
) -> Result<Seq, StoreError> {
    let code = held.municipality.as_str();
    let seq = feed::take(connection, code, 1, ChangeKind::Calendar).await?;
    query(SAVE_ENTRY)
        .bind(code)
        .bind(held.id.to_string())
        .bind(held.kind.code())
        .bind(held.starts_at.as_microsecond())
        .bind(held.ends_at.as_microsecond())
        .bind(&held.title.0)
        .bind(&held.title.1)
        .bind(&held.place)
        .bind(held.district.as_ref().map(|district| district.0.as_str()))
        .bind(&held.organiser)
        .bind(held.status.code())
        .bind(held.visitors.map(i64::from))
        .bind(held.changed_at.as_microsecond())
        .bind(i64::from(held.revision))
        .execute(&mut *connection)
        .await?;
    audit::append(connection, entry).await?;
    Ok(Seq(seq))
}

/// Stores or replaces figures.
pub(super) async fn save_figures(
    connection: &mut Connection,
    (municipality, figures, entry): &(MunicipalityCode, Vec<Figure>, AuditEntry),
) -> Result<Seq, StoreError> {
    let code = municipality.as_str();
    let seq = feed::take(connection, code, 1, ChangeKind::Figure).await?;
    for figure in figures {
        query(SAVE_FIGURE)
            .bind(code)
            .bind(figure.kind.code())
            .bind(figure.from.to_string())
            .bind(figure.to.to_string())
            .bind(figure.district.as_ref().map_or("", |district| district.0.as_str()))
            .bind(figure.theme.map_or("", TipTheme::code))
            .bind(figure.amount)
            .bind(&figure.source)
            .bind(figure.entered_on.to_string())
            .execute(&mut *connection)
            .await?;
    }
    audit::append(connection, entry).await?;
    Ok(Seq(seq))
}

fn area(row: &Row) -> Result<WatchArea, StoreError> {
    let columns = &mut Columns::of(row);
    Ok(WatchArea {
        id: columns.id()?,
        municipality: columns.code(|text| MunicipalityCode::parse(text).ok())?,
        kind: columns.code(WatchKind::parse)?,
        name: columns.take()?,
        district: columns.take::<Option<String>>()?.map(DistrictCode),
        at: Position { longitude: columns.take()?, latitude: columns.take()? },
        radius_m: columns.take()?,
        members: columns.maybe_number()?,
        contacts: columns.codes(WatchContact::parse)?,
        status: columns.code(WatchStatus::parse)?,
        started_on: columns.maybe_code(|text| text.parse().ok())?,
    })
}

fn bulletin(row: &Row) -> Result<Bulletin, StoreError> {
    let columns = &mut Columns::of(row);
    Ok(Bulletin {
        id: columns.id()?,
        municipality: columns.code(|text| MunicipalityCode::parse(text).ok())?,
        area: columns.maybe_code(Id::parse)?,
        sender: columns.code(Role::parse)?,
        published_on: columns.day()?,
        until: columns.day()?,
        title: (columns.take()?, columns.take()?),
        text: (columns.take()?, columns.take()?),
    })
}

fn calendar_entry(row: &Row) -> Result<CalendarEntry, StoreError> {
    let columns = &mut Columns::of(row);
    Ok(CalendarEntry {
        id: columns.id()?,
        municipality: columns.code(|text| MunicipalityCode::parse(text).ok())?,
        kind: columns.code(CalendarKind::parse)?,
        starts_at: columns.time()?,
        ends_at: columns.time()?,
        title: (columns.take()?, columns.take()?),
        place: columns.take()?,
        district: columns.take::<Option<String>>()?.map(DistrictCode),
        organiser: columns.take()?,
        status: columns.code(CalendarStatus::parse)?,
        visitors: columns.maybe_number()?,
        changed_at: columns.time()?,
        revision: columns.number()?,
    })
}

fn figure(row: &Row) -> Result<Figure, StoreError> {
    let columns = &mut Columns::of(row);
    let some = |text: String| if text.is_empty() { None } else { Some(text) };
    Ok(Figure {
        municipality: columns.code(|text| MunicipalityCode::parse(text).ok())?,
        kind: columns.code(FigureKind::parse)?,
        from: columns.day()?,
        to: columns.day()?,
        district: some(columns.take()?).map(DistrictCode),
        theme: some(columns.take()?)
            .map(|code| TipTheme::parse(&code).ok_or(StoreError::Corrupt("theme of tips".into())))
            .transpose()?,
        amount: columns.take()?,
        source: columns.take()?,
        entered_on: columns.day()?,
    })
}

#[async_trait]
impl Guardians for SqlStore {
    async fn save_watch_area(&self, area: WatchArea, audit: AuditEntry) -> Result<Seq, StoreError> {
        self.writer.write(|reply| Command::SaveWatchArea((area, audit), reply)).await
    }

    async fn watch_areas(
        &self,
        municipality: &MunicipalityCode,
    ) -> Result<Vec<WatchArea>, StoreError> {
        let rows = query(AREAS).bind(municipality.as_str()).fetch_all(&self.readers).await?;
        rows.iter().map(area).collect()
    }

    async fn save_bulletin(
        &self,
        bulletin: Bulletin,
        audit: AuditEntry,
    ) -> Result<Seq, StoreError> {
        self.writer.write(|reply| Command::SaveBulletin((bulletin, audit), reply)).await
    }

    async fn bulletins(
        &self,
        municipality: &MunicipalityCode,
    ) -> Result<Vec<Bulletin>, StoreError> {
        let rows = query(BULLETINS).bind(municipality.as_str()).fetch_all(&self.readers).await?;
        rows.iter().map(bulletin).collect()
    }

    async fn save_calendar_entry(
        &self,
        entry: CalendarEntry,
        audit: AuditEntry,
    ) -> Result<Seq, StoreError> {
        self.writer.write(|reply| Command::SaveCalendarEntry((entry, audit), reply)).await
    }

    async fn calendar(
        &self,
        municipality: &MunicipalityCode,
    ) -> Result<Vec<CalendarEntry>, StoreError> {
        let rows = query(CALENDAR).bind(municipality.as_str()).fetch_all(&self.readers).await?;
        rows.iter().map(calendar_entry).collect()
    }

    async fn save_figures(
        &self,
        municipality: &MunicipalityCode,
        figures: Vec<Figure>,
        audit: AuditEntry,
    ) -> Result<Seq, StoreError> {
        let new = (municipality.clone(), figures, audit);
        self.writer.write(|reply| Command::SaveFigures(new, reply)).await
    }

    async fn figures(&self, municipality: &MunicipalityCode) -> Result<Vec<Figure>, StoreError> {
        let rows = query(FIGURES).bind(municipality.as_str()).fetch_all(&self.readers).await?;
        rows.iter().map(figure).collect()
    }
}

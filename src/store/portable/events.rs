//! The flat rows that the index reads, and the same rows in front of details.

use super::columns::Columns;
use super::{SqlStore, statements};
use crate::store::geometry::drawn_place;
use crate::store::record::stored_when;
use crate::store::{EventSink, Events, Loaded, StoreError};
use async_trait::async_trait;
use fyren_core::domain::{
    AreaCode, DistrictCode, EventKind, EventRow, Flags, Hours, Id, Located, MunicipalityCode,
    Place, PlaceKind, Plane, Position, RetentionClass, Seasons, Seq, SourceClass, SourceTag,
    TimeMasks, TimePrecision, Weekdays, When,
};
use jiff::Timestamp;

statements! {
    LOAD = LOAD_EVENTS;
}

/// Every event of a municipality after a position, in the order of the key.
/// Read by `event_row`.
pub(in super::super) const LOAD_EVENTS: &str = "SELECT seq, id, kind, longitude, latitude, east,
    north, precision_m, start_at, end_at, time_precision, hours, weekdays, seasons, received_hour,
    category, source_class, source_tag, district, flags, weight, status
    FROM events WHERE municipality = $1 AND seq > $2 ORDER BY seq";

/// Typed access to a column by its place, without an allocation.
pub(in super::super) trait EventColumns {
    /// A number.
    fn integer(&self, at: usize) -> Result<i64, StoreError>;
    /// A number where there is one.
    fn maybe_integer(&self, at: usize) -> Result<Option<i64>, StoreError>;
    /// A measure.
    fn real(&self, at: usize) -> Result<f64, StoreError>;
    /// A measure where there is one.
    fn maybe_real(&self, at: usize) -> Result<Option<f64>, StoreError>;
    /// A text.
    fn text(&self, at: usize) -> Result<&str, StoreError>;
    /// A text, empty where there is none.
    fn maybe_text(&self, at: usize) -> Result<&str, StoreError>;
}

/// The event behind a row of [`LOAD_EVENTS`].
pub(in super::super) fn event_row<R: EventColumns>(row: &R) -> Result<EventRow<'_>, StoreError> {
    let anchor = match (row.maybe_real(3)?, row.maybe_real(4)?) {
        (Some(longitude), Some(latitude)) => Some((
            Position { longitude, latitude },
            Plane { east: row.real(5)?, north: row.real(6)? },
        )),
        _ => None,
    };
    Ok(EventRow {
        seq: Seq(row.integer(0)?),
        id: known(Id::parse(row.text(1)?), "id")?,
        kind: known(EventKind::parse(row.text(2)?), "kind")?,
        anchor,
        precision_m: row.real(7)?,
        start: row.maybe_integer(8)?.map(instant).transpose()?,
        end: row.maybe_integer(9)?.map(instant).transpose()?,
        time_precision: known(TimePrecision::parse(row.text(10)?), "time_precision")?,
        masks: masks(row.integer(11)?, row.integer(12)?, row.integer(13)?)?,
        received_hour: instant(row.integer(14)?)?,
        category: row.text(15)?,
        source_class: known(SourceClass::parse(row.text(16)?), "source_class")?,
        source_tag: known(SourceTag::from_stored(row.integer(17)?), "source_tag")?,
        district: row.maybe_text(18)?,
        flags: flags(row.integer(19)?)?,
        weight: known(u32::try_from(row.integer(20)?).ok(), "weight")?,
        status: row.text(21)?,
    })
}

/// The erased identity behind a row of `REMOVED`.
pub(in super::super) fn removed_id<R: EventColumns>(row: &R) -> Result<Id, StoreError> {
    known(Id::parse(row.text(0)?), "id")
}

#[async_trait]
impl Events for SqlStore {
    async fn load_events(
        &self,
        municipality: &MunicipalityCode,
        after: Seq,
        sink: EventSink<'_>,
    ) -> Result<Loaded, StoreError> {
        self.loader.load(municipality, after, sink).await
    }
}

/// The columns that every detail of an event begins with; read by [`Event::read`].
macro_rules! event_columns {
    () => {
        "e.id, e.seq, e.municipality, e.place_kind, e.longitude, e.latitude, e.east, e.north,
        e.precision_m, e.shape, e.area_system, e.area_version, e.area_code, e.district,
        e.start_at, e.end_at, e.time_precision, e.hours, e.weekdays, e.seasons, e.received_hour,
        e.category, e.source_class, e.source_tag, e.flags, e.weight, e.status, e.retention"
    };
}
pub(super) use event_columns;

/// What reports, incidents and visits share.
pub(super) struct Event {
    pub id: Id,
    pub seq: Seq,
    pub municipality: MunicipalityCode,
    pub located: Located,
    pub start: Option<Timestamp>,
    pub end: Option<Timestamp>,
    pub when: When,
    pub received_hour: Timestamp,
    pub category: String,
    pub source_class: SourceClass,
    pub source_tag: SourceTag,
    pub flags: Flags,
    pub weight: u32,
    pub status: String,
    pub retention: RetentionClass,
}

impl Event {
    /// Reads the columns of [`event_columns`].
    pub(super) fn read(columns: &mut Columns<'_>) -> Result<Self, StoreError> {
        let id = columns.id()?;
        let seq = Seq(columns.take()?);
        let municipality = columns.code(|text| MunicipalityCode::parse(text).ok())?;
        let located = located(columns)?;
        let (start, end) = (columns.maybe_time()?, columns.maybe_time()?);
        let precision = columns.code(TimePrecision::parse)?;
        let masks = masks(columns.take()?, columns.take()?, columns.take()?)?;
        Ok(Self {
            id,
            seq,
            municipality,
            located,
            start,
            end,
            when: stored_when(start, end, precision, masks),
            received_hour: columns.time()?,
            category: columns.take()?,
            source_class: columns.code(SourceClass::parse)?,
            source_tag: source_tag(columns)?,
            flags: flags(columns.take()?)?,
            weight: columns.number()?,
            status: columns.take()?,
            retention: columns.code(RetentionClass::parse)?,
        })
    }
}

/// The next column as a source.
pub(super) fn source_tag(columns: &mut Columns<'_>) -> Result<SourceTag, StoreError> {
    known(SourceTag::from_stored(columns.take()?), "source_tag")
}

/// The flags behind a column.
pub(super) fn flags(bits: i64) -> Result<Flags, StoreError> {
    Ok(Flags::from_bits(known(u16::try_from(bits).ok(), "flags")?))
}

fn located(columns: &mut Columns<'_>) -> Result<Located, StoreError> {
    let kind = columns.code(PlaceKind::parse)?;
    let anchor = columns.anchor()?;
    let precision_m = columns.take()?;
    let shape = columns.take::<Option<&str>>()?;
    let (system, version) = (columns.take::<Option<String>>()?, columns.take::<Option<String>>()?);
    let code = columns.take::<Option<String>>()?;
    let place = match kind {
        PlaceKind::Point => {
            let (position, _) = known(anchor, "longitude")?;
            Place::Point { position, precision_m }
        }
        PlaceKind::Line | PlaceKind::Area => drawn_place(known(shape, "shape")?)?,
        PlaceKind::Code => Place::Code(AreaCode {
            system: known(system, "area_system")?,
            version: version.unwrap_or_default(),
            code: known(code, "area_code")?,
        }),
    };
    let district = columns.take::<Option<String>>()?.map(DistrictCode);
    Ok(Located { place, anchor, precision_m, district })
}

fn masks(hours: i64, weekdays: i64, seasons: i64) -> Result<TimeMasks, StoreError> {
    Ok(TimeMasks {
        hours: Hours::from_bits(known(u32::try_from(hours).ok(), "hours")?),
        weekdays: Weekdays::from_bits(known(u8::try_from(weekdays).ok(), "weekdays")?),
        seasons: Seasons::from_bits(known(u8::try_from(seasons).ok(), "seasons")?),
    })
}

fn instant(microseconds: i64) -> Result<Timestamp, StoreError> {
    known(Timestamp::from_microsecond(microseconds).ok(), "time")
}

fn known<T>(value: Option<T>, column: &str) -> Result<T, StoreError> {
    value.ok_or_else(|| StoreError::Corrupt(format!("column {column} of an event").into()))
}

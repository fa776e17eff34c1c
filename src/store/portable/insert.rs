//! Many rows in one statement: events, and the import of any kind of them.

use super::columns::Columns;
use super::{Connection, Db, feed};
use crate::store::geometry::shape_text;
use crate::store::record::Record;
use crate::store::{Imported, Origin, StoreError, StoredCount};
use fyren_core::domain::{ChangeKind, EventKind, Place};
use jiff::Timestamp;
use sqlx::QueryBuilder;
use sqlx::query_builder::Separated;
use std::collections::{BTreeMap, HashSet};

/// Rows of one statement; enough to make the statement's own cost vanish, few
/// enough for the 32 766 parameters of SQLite.
const ROWS: usize = 128;

/// Up to so many rows a statement of every size is kept prepared.
pub(super) const FEW: usize = 40;

/// Whether a statement of so many rows will come again.
fn recurs(rows: usize) -> bool {
    rows == ROWS || rows <= FEW
}

/// Before the rows of `events`.
pub(super) const INSERT_EVENTS: &str =
    "INSERT INTO events (municipality, seq, id, kind, place_kind,
    longitude, latitude, east, north, precision_m, shape, area_system, area_version, area_code,
    start_at, end_at, time_precision, hours, weekdays, seasons, received_hour, category,
    source_class, source_tag, district, flags, weight, status, retention, dataset, external_key) ";

/// Writes `rows` with as few statements as it takes.
pub(super) async fn insert_rows<T>(
    connection: &mut Connection,
    before: &'static str,
    rows: &[T],
    mut push: impl FnMut(Separated<'_, Db, &'static str>, &T),
) -> Result<(), StoreError> {
    for chunk in rows.chunks(ROWS) {
        let mut statement = QueryBuilder::<Db>::new(before);
        statement.push_values(chunk, &mut push);
        statement.build().persistent(recurs(chunk.len())).execute(&mut *connection).await?;
    }
    Ok(())
}

/// Writes those of `rows` whose origin is not known; a municipality that gets
/// any has changed. Not for events, which have positions of their own.
pub(super) async fn insert_new_rows<T>(
    connection: &mut Connection,
    before: &'static str,
    rows: &[T],
    municipality: fn(&T) -> &str,
    mut push: impl FnMut(Separated<'_, Db, &'static str>, &T),
) -> Result<StoredCount, StoreError> {
    let mut count = StoredCount::default();
    for group in rows.chunk_by(|a, b| municipality(a) == municipality(b)) {
        let mut stored = 0;
        for chunk in group.chunks(ROWS) {
            let mut statement = QueryBuilder::<Db>::new(before);
            statement.push_values(chunk, &mut push);
            statement.push(" ON CONFLICT (municipality, dataset, external_key) DO NOTHING");
            let query = statement.build().persistent(recurs(chunk.len()));
            stored += query.execute(&mut *connection).await?.rows_affected();
        }
        if stored > 0 {
            feed::take(connection, municipality(&group[0]), 1, ChangeKind::Municipality).await?;
        }
        count.stored += usize::try_from(stored).unwrap_or(group.len());
    }
    count.known = rows.len() - count.stored;
    Ok(count)
}

/// Writes events, each at the position beside it.
pub(super) async fn insert_events(
    connection: &mut Connection,
    events: &[(i64, Record<'_>)],
) -> Result<(), StoreError> {
    insert_rows(connection, INSERT_EVENTS, events, |columns, (seq, record)| {
        push_event(columns, *seq, record);
    })
    .await
}

fn push_event(mut columns: Separated<'_, Db, &'static str>, seq: i64, record: &Record<'_>) {
    let located = record.located;
    let area = match &located.place {
        Place::Code(code) => Some(code.clone()),
        _ => None,
    };
    let (system, version, code) = match area {
        Some(code) => (Some(code.system), Some(code.version), Some(code.code)),
        None => (None, None, None),
    };
    columns
        .push_bind(record.municipality.as_str().to_owned())
        .push_bind(seq)
        .push_bind(record.id.to_string())
        .push_bind(record.kind.code())
        .push_bind(located.place.kind().code())
        .push_bind(located.anchor.map(|(position, _)| position.longitude))
        .push_bind(located.anchor.map(|(position, _)| position.latitude))
        .push_bind(located.anchor.map(|(_, plane)| plane.east))
        .push_bind(located.anchor.map(|(_, plane)| plane.north))
        .push_bind(located.precision_m)
        .push_bind(shape_text(&located.place))
        .push_bind(system)
        .push_bind(version)
        .push_bind(code);
    columns
        .push_bind(record.start.map(Timestamp::as_microsecond))
        .push_bind(record.end.map(Timestamp::as_microsecond))
        .push_bind(record.time_precision.code())
        .push_bind(i64::from(record.masks.hours.bits()))
        .push_bind(i64::from(record.masks.weekdays.bits()))
        .push_bind(i64::from(record.masks.seasons.bits()))
        .push_bind(record.received_hour.as_microsecond())
        .push_bind(record.category.to_owned())
        .push_bind(record.source_class.code())
        .push_bind(record.source_tag.value())
        .push_bind(located.district.as_ref().map(|district| district.0.clone()))
        .push_bind(i64::from(record.flags.bits()))
        .push_bind(i64::from(record.weight))
        .push_bind(record.status)
        .push_bind(record.retention.code())
        .push_bind(record.origin.map(|origin| origin.dataset.clone()))
        .push_bind(record.origin.map(|origin| origin.external_key.clone()));
}

/// Drops from `imported` what is known, gives the rest positions, writes their
/// flat rows and the feed, and returns the rest for its details.
pub(super) async fn insert_imported<'a, T>(
    connection: &mut Connection,
    kind: EventKind,
    imported: &'a [Imported<T>],
) -> Result<(Vec<&'a Imported<T>>, StoredCount), StoreError>
where
    Record<'a>: From<&'a Imported<T>>,
{
    let mut seen = known_origins(connection, kind, imported).await?;
    let mut fresh = BTreeMap::<&str, Vec<(&Imported<T>, Record<'_>)>>::new();
    for row in imported {
        let record = Record::from(row);
        let municipality = record.municipality.as_str();
        if seen.insert((municipality.to_owned(), row.origin.clone())) {
            fresh.entry(municipality).or_default().push((row, record));
        }
    }
    let mut stored = Vec::with_capacity(imported.len());
    for (municipality, rows) in fresh {
        let first = feed::take(connection, municipality, rows.len(), kind.into()).await?;
        let (sources, records): (Vec<_>, Vec<_>) = rows.into_iter().unzip();
        let events: Vec<_> = (first..).zip(records).collect();
        insert_events(connection, &events).await?;
        stored.extend(sources);
    }
    let count = StoredCount { stored: stored.len(), known: imported.len() - stored.len() };
    Ok((stored, count))
}

async fn known_origins<'a, T>(
    connection: &mut Connection,
    kind: EventKind,
    imported: &'a [Imported<T>],
) -> Result<HashSet<(String, Origin)>, StoreError>
where
    Record<'a>: From<&'a Imported<T>>,
{
    let mut groups = BTreeMap::<(&str, &str), Vec<&str>>::new();
    for row in imported {
        let municipality = Record::from(row).municipality.as_str();
        let origin = &row.origin;
        groups.entry((municipality, &origin.dataset)).or_default().push(&origin.external_key);
    }
    let mut known = HashSet::with_capacity(imported.len());
    for ((municipality, dataset), keys) in groups {
        for keys in keys.chunks(ROWS) {
            for external_key in known_keys(connection, (municipality, kind, dataset), keys).await? {
                let origin = Origin { dataset: dataset.to_owned(), external_key };
                known.insert((municipality.to_owned(), origin));
            }
        }
    }
    Ok(known)
}

async fn known_keys(
    connection: &mut Connection,
    (municipality, kind, dataset): (&str, EventKind, &str),
    keys: &[&str],
) -> Result<Vec<String>, StoreError> {
    // Key by key and planned anew each time: before PostgreSQL has looked at
    // what an import fills the table with, it would rather read all events of
    // the municipality for each list of keys.
    let mut statement = QueryBuilder::<Db>::new("SELECT k.column1 FROM (");
    statement.push_values(keys, |mut row, key| {
        row.push_bind(*key);
    });
    statement.push(") AS k WHERE (SELECT e.external_key FROM events e WHERE e.municipality = ");
    statement.push_bind(municipality).push(" AND e.kind = ").push_bind(kind.code());
    statement.push(" AND e.dataset = ").push_bind(dataset);
    statement.push(" AND e.external_key = k.column1 LIMIT 1) IS NOT NULL");
    let query = statement.build().persistent(false);
    let rows = query.fetch_all(connection).await?;
    rows.iter().map(|row| Columns::of(row).take()).collect()
}

//! The store beside the machine and the drivers it stands on: durable reports
//! beside bare flushes, an import, the load of a million events beside a bare
//! read of the same columns, and a check of the audit log. Prints rows for
//! `docs/performance.md`; `--events N` and `--database URL` change the task.
#![expect(clippy::unwrap_used, reason = "a benchmark that cannot run should stop")]
#![expect(clippy::print_stdout, reason = "the rows are what a benchmark is for")]

use futures_util::TryStreamExt;
use fyren::store::{
    self, AuditCheck, AuditEntry, Digest, Idempotency, Imported, NewReport, Origin, Store,
    Submitted,
};
use fyren_core::domain::{
    Category, Channel, Context, DistrictCode, EventRow, Factor, Feeling, Id, Incident, Located,
    Municipality, MunicipalityCode, Place, Plane, Policy, Position, Report, ReportStatus,
    RetentionClass, Seq, SourceClass, SourceTag, TimePrecision, When,
};
use jiff::Timestamp;
use rstar::RTree;
use rstar::primitives::GeomWithData;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, Row};
use std::fs::File;
use std::io::Write;
use std::path::Path;
use std::str::FromStr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

const ROUND: Duration = Duration::from_secs(4);
const CLIENTS: usize = 32;

#[tokio::main]
async fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    if arguments.iter().any(|argument| argument == "--list") {
        return;
    }
    let after = |name: &str| {
        let at = arguments.iter().position(|argument| argument == name)?;
        arguments.get(at + 1).cloned()
    };
    let events = after("--events").map_or(1_000_000, |text| text.parse().unwrap());
    let folder = tempfile::tempdir_in(".").unwrap();
    let file = format!("sqlite://{}", folder.path().join("bench.db").display());
    let url = after("--database").unwrap_or(file);
    let store = store::open(&url, Context::Municipal).await.unwrap();
    store.save_municipality(municipality(), entry()).await.unwrap();
    reports(&store, folder.path()).await;
    import(&store, events).await;
    load(&store, &url).await;
    audit(&store).await;
    store.close().await;
}

fn row(what: &str, result: &str, bar: &str) {
    println!("| {what} | {result} | {bar} |");
}

/// Reports that are on the disk when they are acknowledged, beside what the
/// disk does when it is asked to flush one page after the other.
async fn reports(store: &Arc<dyn Store>, folder: &Path) {
    let flushes = flushes(folder);
    let next = Arc::new(AtomicU64::new(1));
    let end = Instant::now() + ROUND;
    let clients: Vec<_> = (0..CLIENTS)
        .map(|_| {
            let (store, next) = (Arc::clone(store), Arc::clone(&next));
            tokio::spawn(async move {
                let mut done = 0_u32;
                while Instant::now() < end {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    let outcome = store.submit_report(new_report(number)).await.unwrap();
                    assert!(matches!(outcome, Submitted::Created(_)));
                    done += 1;
                }
                done
            })
        })
        .collect();
    let mut done = 0;
    for client in clients {
        done += client.await.unwrap();
    }
    let rate = f64::from(done) / ROUND.as_secs_f64();
    let bar = (5.0 * flushes).min(2000.0);
    row(
        "durable reports per second, 32 callers",
        &format!("{rate:.0} ({flushes:.0} bare flushes per second)"),
        &format!("{bar:.0}"),
    );
}

fn flushes(folder: &Path) -> f64 {
    let mut file = File::create(folder.join("flushes")).unwrap();
    let (start, mut count) = (Instant::now(), 0_u32);
    while start.elapsed() < Duration::from_secs(2) {
        file.write_all(&[0; 4096]).unwrap();
        file.sync_data().unwrap();
        count += 1;
    }
    f64::from(count) / start.elapsed().as_secs_f64()
}

async fn import(store: &Arc<dyn Store>, events: u64) {
    let mut seconds = 0.0;
    for first in (0..events).step_by(20_000) {
        let rows = (first..events.min(first + 20_000)).map(imported).collect();
        let start = Instant::now();
        store.insert_incidents(rows).await.unwrap();
        seconds += start.elapsed().as_secs_f64();
    }
    let rate = f64::from(u32::try_from(events).unwrap()) / seconds;
    row("imported incidents per second", &format!("{rate:.0}"), "");
}

type Entry = GeomWithData<[f64; 2], u32>;

/// The way from the store to a tree, beside a bare read of the same columns
/// and the same tree.
async fn load(store: &Arc<dyn Store>, url: &str) {
    for round in 0..3 {
        let start = Instant::now();
        let mut points: Vec<Entry> = Vec::new();
        let mut sink = |event: EventRow<'_>| {
            let (_, plane) = event.anchor.unwrap();
            points.push(Entry::new([plane.east, plane.north], u32::from(event.flags.bits())));
        };
        store.load_events(&code(), Seq(0), &mut sink).await.unwrap();
        let read = start.elapsed();
        let tree = RTree::bulk_load(points);
        let ours = start.elapsed();
        let what = format!("load of {} events and a tree, round {round}", tree.size());
        let bare = if url.starts_with("sqlite") { Some(bare(url).await) } else { None };
        let beside = bare.map_or(String::new(), |bare| {
            format!(
                ", {:.2} of a bare read and tree in {:.2} s",
                ours.as_secs_f64() / bare.as_secs_f64(),
                bare.as_secs_f64()
            )
        });
        let (read, ours) = (read.as_secs_f64(), ours.as_secs_f64());
        row(&what, &format!("{ours:.2} s (read {read:.2} s){beside}"), "4 s and 1.3");
    }
}

async fn bare(url: &str) -> Duration {
    let mut connection = SqliteConnectOptions::from_str(url).unwrap().connect().await.unwrap();
    let start = Instant::now();
    let mut rows = sqlx::query(
        "SELECT seq, id, kind, longitude, latitude, east, north, precision_m, start_at, end_at,
        time_precision, hours, weekdays, seasons, received_hour, category, source_class,
        source_tag, district, flags, weight, status FROM events WHERE municipality = $1",
    )
    .bind("1427")
    .fetch(&mut connection);
    let mut points: Vec<Entry> = Vec::new();
    while let Some(row) = rows.try_next().await.unwrap() {
        points.push(Entry::new([row.get(5), row.get(6)], row.get(19)));
    }
    drop(rows);
    assert!(RTree::bulk_load(points).size() > 0);
    start.elapsed()
}

async fn audit(store: &Arc<dyn Store>) {
    let start = Instant::now();
    for _ in 0..100 {
        let writes = (0..1000).map(|_| store.append_audit(entry()));
        for written in futures_util::future::join_all(writes).await {
            written.unwrap();
        }
    }
    let written = start.elapsed().as_secs_f64();
    let start = Instant::now();
    let check = store.verify_audit().await.unwrap();
    assert!(matches!(check, AuditCheck::Intact { .. }));
    let seconds = start.elapsed().as_secs_f64();
    row(
        "check of 100 000 audit entries",
        &format!("{seconds:.2} s (written in {written:.1} s)"),
        "0.5 s",
    );
}

fn code() -> MunicipalityCode {
    MunicipalityCode::parse("1427").unwrap()
}

fn hour() -> Timestamp {
    Timestamp::from_second(1_777_888_800).unwrap()
}

fn entry() -> AuditEntry {
    AuditEntry {
        at: hour(),
        actor: "benchmark".into(),
        action: "measure".into(),
        municipality: Some(code()),
        subject: None,
        detail: String::new(),
    }
}

fn municipality() -> Municipality {
    Municipality {
        code: code(),
        name: "Sotenäs".into(),
        full_name: "Sotenäs kommun".into(),
        time_zone: "Europe/Stockholm".into(),
        crs: "EPSG:3006".into(),
        boundary: geo_types::MultiPolygon(Vec::new()),
        land: None,
        districts: Vec::new(),
        localities: Vec::new(),
        contacts: Vec::new(),
        policy: Policy::default(),
        synthetic: true,
    }
}

/// A number that looks random and is the same in every run.
fn mixed(number: u64) -> u64 {
    let mut bits = number.wrapping_add(0x9e37_79b9_7f4a_7c15);
    bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    bits ^ (bits >> 31)
}

fn id(number: u64) -> Id {
    Id::from_bits(u128::from(mixed(number)) << 64 | u128::from(mixed(!number)))
}

fn located(number: u64) -> Located {
    let step = |bits: u64| f64::from(u16::try_from(bits & 0xffff).unwrap()) / 65_536.0;
    let (x, y) = (step(mixed(number)), step(mixed(number) >> 16));
    let position = Position { longitude: 11.15 + 0.35 * x, latitude: 58.32 + 0.2 * y };
    let plane = Plane { east: 290_000.0 + 20_000.0 * x, north: 6_470_000.0 + 22_000.0 * y };
    Located {
        place: Place::Point { position, precision_m: 25.0 },
        anchor: Some((position, plane)),
        precision_m: 25.0,
        district: Some(DistrictCode("109051".into())),
    }
}

fn when(number: u64) -> When {
    let minutes = i64::try_from(mixed(number) % 2_000_000).unwrap();
    let at = Timestamp::from_second(1_650_000_000 + 60 * minutes).unwrap();
    When::Instant { at, precision: TimePrecision::Minute }
}

fn new_report(number: u64) -> NewReport {
    let digest = |kind: u8| {
        let mut bytes = [kind; 32];
        bytes[..8].copy_from_slice(&mixed(number).to_be_bytes());
        bytes[24..].copy_from_slice(&number.to_be_bytes());
        Digest(bytes)
    };
    let report = Report {
        id: id(number),
        seq: Seq(0),
        municipality: code(),
        category: Category::Lighting,
        foreign_category: None,
        foreign_source: None,
        located: located(number),
        when: when(number),
        factors: vec![Factor::Dark],
        details: Vec::new(),
        feeling: Some(Feeling::Unsafe),
        text: Some("Synthetic: the lamp by the stairs is out.".into()),
        channel: Channel::Simulated,
        source_class: SourceClass::Citizen,
        source_tag: SourceTag::from_bits(mixed(number)),
        status: ReportStatus::Received,
        foreign_status: None,
        published: false,
        quarantine: None,
        merged_into: None,
        duplicate_of: None,
        voices: 1,
        retention: RetentionClass::Report,
        received_hour: hour(),
    };
    NewReport {
        masks: report.when.masks(&jiff::tz::TimeZone::UTC),
        text_flags: fyren_core::domain::Flags::default(),
        photos: Vec::new(),
        report,
        idempotency: Idempotency { key_hmac: digest(1), body_hash: digest(2), expires: hour() },
        receipt_hash: digest(3),
        short_code_hash: digest(4),
        short_code_expires: hour(),
    }
}

fn imported(number: u64) -> Imported<Incident> {
    let when = when(number);
    let incident = Incident {
        // In order, as those of a file are.
        id: Id::from_bits(u128::from(number + (1 << 40)) << 64),
        seq: Seq(0),
        municipality: code(),
        category: "Trafikkontroll".into(),
        located: located(number),
        when,
        police_initiated: number.is_multiple_of(7),
        text: None,
        foreign_source: Some("synthetic".into()),
        foreign_status: None,
        source_class: SourceClass::Police,
        source_tag: SourceTag::from_bits(mixed(number)),
        synthetic: true,
        retention: RetentionClass::Imported,
        received_hour: hour(),
    };
    Imported {
        event: incident,
        masks: when.masks(&jiff::tz::TimeZone::UTC),
        origin: Origin { dataset: "benchmark".into(), external_key: number.to_string() },
    }
}

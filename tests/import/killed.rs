//! Imports whose program is killed in their middle, of every kind: the same
//! file completes them, else they are taken back; nothing stays half imported.

use crate::place::{Work, code, job};
use fyren::app::{Error, FileFailure, ImportKind, Opener};
use fyren::store::ImportState;
use fyren_core::domain::{Context, Id};
use std::fmt::Write as _;
use std::io::{self, Cursor, Read};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};

/// Rows of a file: more than go to the store together.
const ROWS: usize = 5_000;
/// Longer than an import counts as alive.
const LONG: i64 = 3_600;

/// A synthetic file of a kind, each of whose rows can be stored.
fn file(kind: ImportKind) -> String {
    let mut text = String::from(match kind {
        ImportKind::Visits => "id,enhet,enhetstyp,start,slut,lat,lon\n",
        ImportKind::Exposure => "id,kind,amount,lat,lon\n",
        ImportKind::Speeds => "site,date,hour,count,mean,v85,lat,lon\n",
        ImportKind::Areas => "",
        _ => "id,category,lat,lon\n",
    });
    for row in 0..ROWS {
        let place = "58.3614,11.2494";
        match kind {
            ImportKind::Visits => {
                let unit = ["områdespolis", "fältgruppen"][row % 2];
                let (from, to) = ("2026-07-10 21:00", "2026-07-10 21:15");
                writeln!(text, "{row},E{row},{unit},{from},{to},{place}").unwrap();
            }
            ImportKind::Exposure => writeln!(text, "{row},beds,{},{place}", 1 + row % 9).unwrap(),
            ImportKind::Speeds => {
                let (day, hour) = (1 + row / 24 % 28, row % 24);
                let site = row / (24 * 28);
                writeln!(text, "s{site},2026-02-{day:02},{hour},9,40,44,{place}").unwrap();
            }
            ImportKind::Areas => {
                let step = |cells: usize| 0.001 * f64::from(u32::try_from(cells).unwrap());
                let (w, s) = (11.25 + step(row % 70), 58.36 + step(row / 70));
                let (e, n) = (w + 0.0009, s + 0.0009);
                writeln!(
                    text,
                    r#"{{"type":"Feature","properties":{{"code":"a{row}"}},"geometry":{{"type":"Polygon","coordinates":[[[{w},{s}],[{e},{s}],[{e},{n}],[{w},{n}],[{w},{s}]]]}}}}"#
                )
                .unwrap();
            }
            _ => writeln!(text, "{row},Klotter,{place}").unwrap(),
        }
    }
    text
}

/// Hands over most of a file when it is read for the second time, says so,
/// and then nothing more.
struct Stuck {
    said: Sender<()>,
    never: Receiver<()>,
}

impl Read for Stuck {
    fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
        self.said.send(()).ok();
        // Until the test lets go.
        self.never.recv().ok();
        Err(io::Error::other("the program is gone"))
    }
}

/// Opens `text` whole at first, then as a [`Stuck`].
fn stuck(text: &str, stuck: Stuck) -> Opener {
    let bytes = text.as_bytes().to_vec();
    let opened = AtomicU32::new(0);
    let stuck = Mutex::new(Some(stuck));
    Arc::new(move || {
        if opened.fetch_add(1, Ordering::Relaxed) == 0 {
            return Ok(Box::new(Cursor::new(bytes.clone())));
        }
        let most = bytes[..bytes.len() / 10 * 9].to_vec();
        let stuck = stuck.lock().unwrap().take().ok_or(io::ErrorKind::Other)?;
        Ok(Box::new(Cursor::new(most).chain(stuck)))
    })
}

impl Work {
    /// Rows of a kind that are stored.
    async fn rows(&self, kind: ImportKind) -> usize {
        let store = &self.app.municipal;
        match kind {
            ImportKind::Exposure => store.exposures(&code("1427")).await.unwrap().len(),
            ImportKind::Speeds => store.speed_hours(&code("1427"), None, None).await.unwrap().len(),
            ImportKind::Areas => {
                // Districts stand in both contexts.
                let mut counts = Vec::new();
                for context in Context::ALL {
                    let store = self.app.store(*context);
                    let known = store.municipality(&code("1427")).await.unwrap().unwrap();
                    let new = |one: &&fyren_core::domain::District| one.code.0.starts_with('a');
                    counts.push(known.districts.iter().filter(new).count());
                }
                counts.into_iter().max().unwrap_or_default()
            }
            _ => {
                let civil = self.stored(Context::Municipal, "1427").await.len();
                civil + self.stored(Context::Police, "1427").await.len()
            }
        }
    }

    /// Imports until a part is stored, and is then gone, as when it is killed.
    async fn killed(&self, kind: ImportKind, text: &str) -> usize {
        let (said, heard) = channel();
        let (_open, never) = channel();
        let open = stuck(text, Stuck { said, never });
        let import = self.app.import_file("test", job(kind), open, Box::new(|_, _, _| Ok(())));
        let some = async {
            while heard.try_recv().is_err() {
                tokio::task::yield_now().await;
            }
            loop {
                match self.rows(kind).await {
                    0 => tokio::task::yield_now().await,
                    stored => return stored,
                }
            }
        };
        tokio::select! {
            stored = some => stored,
            _over = import => panic!("it came to an end"),
        }
    }
}

const KINDS: [ImportKind; 6] = [
    ImportKind::Reports,
    ImportKind::Incidents,
    ImportKind::Visits,
    ImportKind::Areas,
    ImportKind::Exposure,
    ImportKind::Speeds,
];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_same_file_completes_what_was_killed_whatever_it_holds() {
    for kind in KINDS {
        let work = Work::with(&["1427"]).await;
        let text = file(kind);
        let part = work.killed(kind, &text).await;
        assert!((1..ROWS).contains(&part), "{kind:?}: {part}");
        let work = work.restarted().await;
        let told = work.import(job(kind), text.as_bytes()).await.unwrap();
        let sum = (told.stored + told.known, told.refused, told.known > 0);
        assert_eq!(sum, (ROWS as u64, 0, true), "{kind:?}");
        assert_eq!(work.rows(kind).await, ROWS, "{kind:?}");
        // Taken back, nothing of either attempt stays.
        work.app.undo_import("test", Id::parse(&told.import.unwrap()).unwrap()).await.unwrap();
        assert_eq!(work.rows(kind).await, 0, "{kind:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_nobody_completes_is_taken_back_whatever_it_holds() {
    for kind in KINDS {
        let work = Work::with(&["1427"]).await;
        let before = work.app.ground("1427").await.ok().unwrap().municipality.districts.len();
        work.killed(kind, &file(kind)).await;
        let work = work.restarted().await;
        work.app.settle_imports().await.unwrap();
        assert!(work.rows(kind).await > 0, "{kind:?}: it counts as alive");
        work.clock.advance(LONG);
        work.app.settle_imports().await.unwrap();
        assert_eq!(work.rows(kind).await, 0, "{kind:?}");
        let after = work.app.ground("1427").await.ok().unwrap().municipality.districts.len();
        assert_eq!(after, before, "{kind:?}");
        let all = work.app.municipal.imports(None, 9, 0).await.unwrap();
        let states: Vec<_> = all.iter().map(|record| record.state).collect();
        assert_eq!(states, [ImportState::Undone], "{kind:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn areas_wait_for_other_areas_that_were_killed() {
    let work = Work::with(&["1427"]).await;
    work.killed(ImportKind::Areas, &file(ImportKind::Areas)).await;
    let work = work.restarted().await;
    let other = r#"{"type":"Feature","properties":{"code":"b"},"geometry":{"type":"Polygon","coordinates":[[[11.2,58.35],[11.3,58.35],[11.3,58.4],[11.2,58.35]]]}}"#;
    let other = async || {
        let job = fyren::app::ImportJob { dataset: "other".to_owned(), ..job(ImportKind::Areas) };
        work.import(job, other.as_bytes()).await
    };
    // They would be built on areas that may go again.
    let early = other().await;
    assert!(matches!(early, Err(FileFailure::App(Error::Conflict("import_running")))));
    work.clock.advance(LONG);
    assert_eq!(other().await.unwrap().stored, 1);
    assert_eq!(work.rows(ImportKind::Areas).await, 0);
}

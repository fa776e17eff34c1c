//! Imports that fail, are broken off, and are taken back.

use crate::place::{Work, code, job};
use fyren::app::{Error, FileFailure, ImportJob, ImportKind, Opener};
use fyren::store::{Digest, ImportState, NewImport};
use fyren_core::domain::{Context, Id};
use sha2::{Digest as _, Sha256};
use std::io::{self, Cursor, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

fn rows(count: u32) -> String {
    let rows: Vec<String> = (0..count).map(|id| format!("{id},x,58.3614,11.2494")).collect();
    format!("id,text,lat,lon\n{}\n", rows.join("\n"))
}

/// A file that breaks off when it is read for the second time.
fn breaking(text: &str) -> Opener {
    struct Broken;
    impl Read for Broken {
        fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
            Err(io::Error::other("the disk is gone"))
        }
    }
    let bytes = text.as_bytes().to_vec();
    let opened = AtomicU32::new(0);
    Arc::new(move || match opened.fetch_add(1, Ordering::Relaxed) {
        0 => Ok(Box::new(Cursor::new(bytes.clone()))),
        _ => Ok(Box::new(Cursor::new(bytes[..bytes.len() / 2].to_vec()).chain(Broken))),
    })
}

/// An import of `text` that a program began long ago and was killed in.
async fn broken_off(work: &Work, text: &str) -> Id {
    let id = Id::from_bits(0xfeed << 100);
    let began = "2026-11-22T10:00:00Z".parse().unwrap();
    let import = NewImport {
        id,
        municipality: Some(code("1427")),
        kind: "reports".to_owned(),
        dataset: "file".to_owned(),
        fingerprint: Digest(Sha256::digest(text).into()),
        actor: "test".to_owned(),
        began,
        alive_until: began,
        undo: None,
    };
    work.app.municipal.begin_import(import).await.unwrap();
    id
}

#[tokio::test]
async fn an_import_that_fails_half_way_leaves_nothing() {
    let work = Work::with(&["1427"]).await;
    let text = rows(20_000);
    let failed = work
        .app
        .import_file("test", job(ImportKind::Reports), breaking(&text), Box::new(|_, _, _| Ok(())))
        .await;
    assert!(matches!(failed, Err(FileFailure::File(_))));
    assert!(work.stored(Context::Municipal, "1427").await.is_empty());
    let all = work.app.municipal.imports(None, 10, 0).await.unwrap();
    assert_eq!(all.iter().map(|record| record.state).collect::<Vec<_>>(), [ImportState::Undone]);
    let told = work.import(job(ImportKind::Reports), text.as_bytes()).await.unwrap();
    assert_eq!((told.stored, told.known), (20_000, 0));
}

#[tokio::test]
async fn the_same_file_completes_an_import_that_was_broken_off() {
    let work = Work::with(&["1427"]).await;
    let text = rows(10);
    let broken = broken_off(&work, &text).await;
    let told = work.import(job(ImportKind::Reports), text.as_bytes()).await.unwrap();
    assert_eq!((told.import, told.stored), (Some(broken.to_string()), 10));
    let record = work.app.stored_import(broken).await.unwrap();
    assert_eq!((record.state, record.attempts, record.rows.stored), (ImportState::Done, 2, 10));
    work.app.undo_import("test", broken).await.unwrap();
    assert!(work.stored(Context::Municipal, "1427").await.is_empty());
}

#[tokio::test]
async fn an_import_that_nobody_completes_is_taken_back() {
    let work = Work::with(&["1427"]).await;
    let broken = broken_off(&work, &rows(10)).await;
    let other = ImportJob::new(ImportKind::Reports, "other", Some(code("1427")));
    work.import(other, rows(3).as_bytes()).await.unwrap();
    assert_eq!(work.app.stored_import(broken).await.unwrap().state, ImportState::Undone);
    assert_eq!(work.stored(Context::Municipal, "1427").await.len(), 3);
}

#[tokio::test]
async fn an_import_is_taken_back_whole_and_nothing_else_is() {
    let work = Work::with(&["1427"]).await;
    let first = work.import(job(ImportKind::Reports), rows(10_000).as_bytes()).await.unwrap();
    let other = ImportJob::new(ImportKind::Incidents, "other", Some(code("1427")));
    work.import(other, rows(7).as_bytes()).await.unwrap();
    let id = Id::parse(&first.import.unwrap()).unwrap();
    let undone = work.app.undo_import("test", id).await.unwrap();
    assert_eq!((undone.state, undone.rows.stored), (ImportState::Undone, 10_000));
    assert_eq!(work.stored(Context::Municipal, "1427").await.len(), 7);
    // Twice changes nothing, and the same file can come again.
    work.app.undo_import("test", id).await.unwrap();
    let again = work.import(job(ImportKind::Reports), rows(10).as_bytes()).await.unwrap();
    assert_eq!((again.stored, again.known), (10, 0));
    assert!(matches!(work.app.undo_import("test", Id::from_bits(1)).await, Err(Error::NotFound)));
}

#[tokio::test]
async fn visits_are_taken_back_from_both_stores() {
    let work = Work::with(&["1427"]).await;
    let text = "enhet;enhetstyp;start;slut;lat;lon\n\
        OP 1;områdespolis;2026-07-10 21:00;2026-07-10 21:15;58.3614;11.2494\n\
        Fält;fältgruppen;2026-07-10 21:00;2026-07-10 21:20;58.3614;11.2494\n";
    let told = work.import(job(ImportKind::Visits), text.as_bytes()).await.unwrap();
    assert_eq!(told.stored, 2);
    let id = Id::parse(&told.import.unwrap()).unwrap();
    work.app.undo_import("test", id).await.unwrap();
    for context in [Context::Municipal, Context::Police] {
        assert!(work.visits(context).await.is_empty());
    }
}

#[tokio::test]
async fn districts_come_back_when_imported_areas_are_taken_back() {
    let work = Work::with(&["1427"]).await;
    let names = async || {
        let ground = work.app.ground("1427").await.ok().unwrap();
        let districts = &ground.municipality.districts;
        districts.iter().map(|district| district.name.clone()).collect::<Vec<_>>()
    };
    let before = names().await;
    let area = |code: &str| {
        format!(
            r#"{{"type":"Feature","properties":{{"code":"{code}","name":"{code}"}},"geometry":{{"type":"Polygon","coordinates":[[[11.2,58.35],[11.3,58.35],[11.3,58.4],[11.2,58.35]]]}}}}"#
        )
    };
    let first = work.import(job(ImportKind::Areas), area("a").as_bytes()).await.unwrap();
    let second = work.import(job(ImportKind::Areas), area("b").as_bytes()).await.unwrap();
    let id = |told: &fyren::app::ImportReport| Id::parse(told.import.as_ref().unwrap()).unwrap();
    let early = work.app.undo_import("test", id(&first)).await;
    assert!(matches!(early, Err(Error::Conflict("import_not_last"))));
    work.app.undo_import("test", id(&second)).await.unwrap();
    work.app.undo_import("test", id(&first)).await.unwrap();
    assert_eq!(names().await, before);
}

//! The shipped binary under load: durable reports against the machine's own
//! flushes, answers that nothing changed against the barest answer, and the
//! start of the demonstration. Prints rows for `docs/performance.md`.
#![expect(clippy::unwrap_used, reason = "a benchmark that cannot run should stop")]
#![expect(clippy::print_stdout, reason = "the rows are what a benchmark is for")]

#[path = "load/mod.rs"]
mod load;

use load::{Load, ask, load};
use std::fs::File;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

const ROUND: Duration = Duration::from_secs(4);
const ROUNDS: usize = 3;
const CLIENTS: u32 = 32;

#[tokio::main]
async fn main() {
    if std::env::args().any(|argument| argument == "--list") {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    reports(folder.path()).await;
    unchanged_answers(folder.path()).await;
    demonstration(&folder.path().join("demo")).await;
}

fn row(what: &str, result: &str, bar: &str) {
    println!("| {what} | {result} | {bar} |");
}

/// Reports that are on the disk when they are acknowledged, beside what the
/// disk does when it is asked to flush one page after the other.
async fn reports(folder: &Path) {
    fyren(folder, &["municipality", "add", "1427"], "");
    let (mut server, address) = start(folder, &["serve", "--rate-limit", "off"]);
    let mut best: Option<(Load, f64)> = None;
    for _ in 0..ROUNDS {
        let flushes = flushes(folder);
        let load = load(&address, CLIENTS, ROUND, 201, report).await;
        assert_eq!(load.other, 0, "reports were refused");
        if best.is_none_or(|(best, _)| load.per_second() > best.per_second()) {
            best = Some((load, flushes));
        }
    }
    stop(&mut server);
    let (load, flushes) = best.unwrap();
    let bar = (5.0 * flushes).min(2000.0);
    row(
        "durable reports per second over HTTP, 32 clients",
        &format!(
            "{:.0}, {} ({flushes:.0} bare flushes per second)",
            load.per_second(),
            load.told()
        ),
        &format!("{bar:.0}"),
    );
}

/// Flushes per second of a file that grows by a page each time.
fn flushes(folder: &Path) -> f64 {
    let mut file = File::create(folder.join("flushes")).unwrap();
    let (started, mut count) = (Instant::now(), 0);
    while started.elapsed() < Duration::from_secs(2) {
        file.write_all(&[7; 4096]).unwrap();
        file.sync_data().unwrap();
        count += 1;
    }
    f64::from(count) / started.elapsed().as_secs_f64()
}

static KEY: AtomicU64 = AtomicU64::new(0);

fn report(client: u32, turn: u32) -> String {
    let key = KEY.fetch_add(1, Ordering::Relaxed);
    let longitude = 11.246 + f64::from((client * 37 + turn) % 800) * 1e-5;
    let body = format!(
        "{{\"category\":\"lighting\",\"place\":{{\"longitude\":{longitude:.6},\"latitude\":58.3614}}}}"
    );
    let length = body.len();
    format!(
        "POST /api/v1/municipalities/1427/reports HTTP/1.1\r\nHost: bench\r\n\
         Content-Type: application/json\r\nIdempotency-Key: bench-{key}\r\n\
         Content-Length: {length}\r\n\r\n{body}"
    )
}

static UNCHANGED: OnceLock<String> = OnceLock::new();

/// Answers that a staff layer has not changed, beside `/healthz`.
async fn unchanged_answers(folder: &Path) {
    fyren(
        folder,
        &["user", "add", "bench", "--role", "coordinator", "--municipality", "1427"],
        "a password of a bench\n",
    );
    let token = fyren(folder, &["user", "token", "bench"], "").trim().to_owned();
    let (mut server, address) = start(folder, &["serve"]);
    let get = format!(
        "GET /api/v1/municipalities/1427/layers/reports?limit=10 HTTP/1.1\r\nHost: bench\r\n\
         Authorization: Bearer {token}\r\n"
    );
    let first = ask(&address, &format!("{get}\r\n")).await;
    let lower = first.to_ascii_lowercase();
    let at = lower.find("\r\netag: ").expect("a layer has an ETag") + 8;
    let tag = first[at..].split("\r\n").next().unwrap();
    UNCHANGED.set(format!("{get}If-None-Match: {tag}\r\n\r\n")).unwrap();
    let (mut layer, mut bare): (f64, f64) = (0.0, 0.0);
    for _ in 0..ROUNDS {
        let healthz = load(&address, CLIENTS, ROUND, 200, |_, _| {
            "GET /healthz HTTP/1.1\r\nHost: bench\r\n\r\n".to_owned()
        });
        bare = bare.max(healthz.await.per_second());
        let unchanged =
            load(&address, CLIENTS, ROUND, 304, |_, _| UNCHANGED.get().unwrap().clone());
        let unchanged = unchanged.await;
        assert_eq!(unchanged.other, 0, "the layer changed");
        layer = layer.max(unchanged.per_second());
    }
    stop(&mut server);
    row(
        "304 answers of a staff layer per second",
        &format!("{layer:.0}, {:.0} % of `/healthz` ({bare:.0})", 100.0 * layer / bare),
        "80 %",
    );
}

/// From the start of the process to the first answer that it is ready.
async fn demonstration(folder: &Path) {
    std::fs::create_dir(folder).unwrap();
    let started = Instant::now();
    let (mut server, address) = start(folder, &["demo"]);
    loop {
        let answer = ask(&address, "GET /readyz HTTP/1.1\r\nHost: bench\r\n\r\n").await;
        if answer.starts_with("HTTP/1.1 200") {
            break;
        }
    }
    let took = started.elapsed();
    stop(&mut server);
    row("start of the demonstration until ready", &format!("{:.1} s", took.as_secs_f64()), "10 s");
}

fn command(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_fyren"));
    let database = format!("sqlite://{}", folder.join("fyren.db").display());
    command.args(arguments).args(["--database", &database]).current_dir(folder);
    command
}

fn fyren(folder: &Path, arguments: &[&str], input: &str) -> String {
    let mut command = command(folder, arguments);
    let mut process = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    process.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    let output = process.wait_with_output().unwrap();
    assert!(output.status.success(), "{arguments:?}");
    String::from_utf8(output.stdout).unwrap()
}

/// Starts a server on a free port and gives its address, read from its log.
fn start(folder: &Path, arguments: &[&str]) -> (Child, String) {
    let mut command = command(folder, arguments);
    command.args(["--listen", "127.0.0.1:0", "--log", "json"]);
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped());
    let mut process = command.spawn().unwrap();
    let mut lines = BufReader::new(process.stderr.take().unwrap()).lines();
    let address = loop {
        let line = lines.next().expect("the server says where it listens").unwrap();
        if let Some(at) = line.find("127.0.0.1:") {
            let end = |c: char| !(c.is_ascii_digit() || c == '.' || c == ':');
            break line[at..].split(end).next().unwrap_or_default().to_owned();
        }
    };
    std::thread::spawn(move || lines.for_each(drop));
    (process, address)
}

fn stop(server: &mut Child) {
    server.kill().unwrap();
    server.wait().unwrap();
}

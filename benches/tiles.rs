//! The tile race: event tiles of the shipped binary beside martin and tipg on
//! PostGIS, with the same points and the same columns, one after the other in
//! the same run. Prints rows for `docs/performance.md`.
//!
//! martin is looked for in `FYREN_MARTIN` or the path, tipg as the Python in
//! `FYREN_TIPG` (`python -m uvicorn tipg.main:app`); a peer that is not there
//! is told as such.
#![expect(clippy::unwrap_used, reason = "a benchmark that cannot run should stop")]
#![expect(clippy::print_stdout, reason = "the rows are what a benchmark is for")]

#[path = "load/mod.rs"]
mod load;
#[path = "peers/mod.rs"]
mod peers;

use fyren_core::domain::Position;
use fyren_core::plane::Tile;
use load::{Load, ask, load};
use peers::{Peer, PostGis};
use std::collections::HashMap;
use std::fs;
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::{PoisonError, RwLock};
use std::time::Duration;

const POINTS: u32 = 200_000;
const CLIENTS: u32 = 16;
const ROUND: Duration = Duration::from_secs(4);
/// Tiles of each race.
const TILES: usize = 64;

/// Two races: where each event is a feature of its own, for us as for the
/// peers, and where we count many in squares and the peers write each.
const RACES: [(&str, u8, [usize; 2]); 2] =
    [("each event a feature", 15, [100, 450]), ("full tiles", 12, [2_000, usize::MAX])];

#[tokio::main]
async fn main() {
    if std::env::args().any(|argument| argument == "--list") {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let ours = Ours::start(folder.path());
    let points = folder.path().join("points.csv");
    fs::write(&points, ours.table().await).unwrap();
    fs::set_permissions(folder.path(), std::os::unix::fs::PermissionsExt::from_mode(0o755))
        .unwrap();
    let base = PostGis::start().filter(|base| filled(base, &points).is_some());
    for (name, z, range) in RACES {
        let tiles = tiles(z, range);
        let of = format!("{} tiles of zoom {z} out of {POINTS} events", tiles.len());
        row(&format!("tile race, {name}"), &of, "");
        ours_raced(&ours, &tiles).await;
        match &base {
            Some(base) => peers_raced(base, &tiles).await,
            None => row("martin and tipg", "PostGIS not installed", ""),
        }
    }
}

fn row(what: &str, result: &str, bar: &str) {
    println!("| {what} | {result} | {bar} |");
}

/// What a client asks for in its turn, as bytes.
static ASKED: RwLock<Vec<String>> = RwLock::new(Vec::new());

fn asked(client: u32, turn: u32) -> String {
    let all = ASKED.read().unwrap_or_else(PoisonError::into_inner);
    let at = (client as usize).wrapping_mul(7).wrapping_add(turn as usize) % all.len();
    // A day far ahead that nobody has asked for is a question that nobody has
    // kept the answer of.
    all[at].replace("DAY", &day(client, turn))
}

fn day(client: u32, turn: u32) -> String {
    let number = turn * CLIENTS + client;
    format!("{}-{:02}-{:02}", 2100 + number / 336, 1 + number / 28 % 12, 1 + number % 28)
}

async fn raced(address: &str, requests: Vec<String>) -> Load {
    for request in &requests {
        let answer = ask(address, &request.replace("DAY", "2099-01-01")).await;
        assert!(answer.starts_with("HTTP/1.1 20"), "{request}{answer}");
    }
    *ASKED.write().unwrap_or_else(PoisonError::into_inner) = requests;
    load(address, CLIENTS, ROUND, 200, asked).await
}

fn requests(tiles: &[Tile], of: impl Fn(Tile) -> String) -> Vec<String> {
    tiles.iter().map(|tile| format!("GET {}\r\n\r\n", of(*tile))).collect()
}

fn told(what: &str, load: &Load, bar: &str) {
    let refused = if load.other > 0 { format!(", {} refused", load.other) } else { String::new() };
    row(what, &format!("{:.0} a second, {}{refused}", load.per_second(), load.told()), bar);
}

async fn ours_raced(ours: &Ours, tiles: &[Tile]) {
    let path = |tile: Tile, asked: &str| {
        format!(
            "/tiles/bench/incidents/{}/{}/{}.mvt{asked} HTTP/1.1\r\nHost: bench\r\n\
             Authorization: Bearer {}",
            tile.z(),
            tile.x(),
            tile.y(),
            ours.token
        )
    };
    let fresh = raced(&ours.address, requests(tiles, |tile| path(tile, "?to=DAY"))).await;
    told("Fyren, every tile made anew", &fresh, "10 × martin without cache, lower p99");
    let kept = raced(&ours.address, requests(tiles, |tile| path(tile, ""))).await;
    told("Fyren, tiles kept packed", &kept, "martin with its cache, lower p99");
}

async fn peers_raced(base: &PostGis, tiles: &[Tile]) {
    let path = |tile: Tile, root: &str| {
        let (z, x, y) = (tile.z(), tile.x(), tile.y());
        format!("{root}/{z}/{x}/{y} HTTP/1.1\r\nHost: bench")
    };
    let martin = variable("FYREN_MARTIN").unwrap_or_else(|| "martin".to_owned());
    for (what, cache) in [("martin without cache", "0"), ("martin with its cache", "512")] {
        let arguments = |port: u16| {
            ["--listen-addresses", &format!("127.0.0.1:{port}"), "--cache-size", cache, &base.url()]
                .map(str::to_owned)
                .to_vec()
        };
        match Peer::start(&martin, arguments, &[]) {
            Some(peer) => {
                let load = raced(&peer.address, requests(tiles, |at| path(at, "/points"))).await;
                told(what, &load, "");
            }
            None => row(what, "not installed", ""),
        }
    }
    let url = base.url();
    let arguments = |port: u16| {
        ["-m", "uvicorn", "tipg.main:app", "--log-level", "error", "--port", &port.to_string()]
            .map(str::to_owned)
            .to_vec()
    };
    let python = variable("FYREN_TIPG");
    let peer = python.and_then(|python| Peer::start(&python, arguments, &[("DATABASE_URL", &url)]));
    match peer {
        Some(peer) => {
            let root = "/collections/public.points/tiles/WebMercatorQuad";
            let load = raced(&peer.address, requests(tiles, |at| path(at, root))).await;
            told("tipg", &load, "");
        }
        None => row("tipg", "not installed", ""),
    }
}

#[expect(clippy::disallowed_methods, reason = "a benchmark has no configuration")]
fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

/// The points as a table with the columns of our layer, indexed as is usual.
fn filled(base: &PostGis, points: &Path) -> Option<()> {
    let head = fs::read_to_string(points).unwrap();
    let columns: Vec<String> = head
        .lines()
        .next()
        .unwrap()
        .split(',')
        .map(|name| match name.trim_matches(['"', '\u{feff}']) {
            name @ ("longitude" | "latitude" | "precisionM") => {
                format!("\"{name}\" double precision")
            }
            name @ ("policeInitiated" | "synthetic") => format!("\"{name}\" boolean"),
            name => format!("\"{name}\" text"),
        })
        .collect();
    base.sql(&format!("CREATE TABLE points ({})", columns.join(", ")))?;
    base.copy("points", points)?;
    for statement in [
        "ALTER TABLE points ADD COLUMN geom geometry(Point, 4326)",
        "UPDATE points SET geom = ST_SetSRID(ST_MakePoint(longitude, latitude), 4326)",
        "ALTER TABLE points DROP COLUMN longitude, DROP COLUMN latitude",
        "CREATE INDEX ON points USING gist (geom)",
        "VACUUM ANALYZE points",
    ] {
        base.sql(statement)?;
    }
    Some(())
}

/// Half the events in eight towns, half all over.
fn place(number: u32) -> Position {
    let part = |step: f64| (f64::from(number) * step).fract();
    let (x, y) = (part(0.754_877_666_246_692_8), part(0.569_840_290_998_053_3));
    if number.is_multiple_of(2) {
        return Position { longitude: x.mul_add(0.6, 11.0), latitude: y.mul_add(0.3, 58.2) };
    }
    let town = f64::from(number / 2 % 8);
    Position {
        longitude: town.mul_add(0.07, 11.03) + x * 0.04,
        latitude: (town * 3.0 % 8.0).mul_add(0.035, 58.21) + y * 0.02,
    }
}

/// The fullest tiles of a zoom that hold so many events.
fn tiles(z: u8, [least, most]: [usize; 2]) -> Vec<Tile> {
    let mut counts: HashMap<Tile, usize> = HashMap::new();
    for number in 0..POINTS {
        *counts.entry(Tile::at(z, place(number))).or_default() += 1;
    }
    let held = counts.into_iter().filter(|(_, count)| (least..=most).contains(count));
    let mut held: Vec<(usize, Tile)> = held.map(|(tile, count)| (count, tile)).collect();
    held.sort_unstable_by(|a, b| b.cmp(a));
    held.into_iter().take(TILES).map(|(_, tile)| tile).collect()
}

/// Our server with the points, and a token of somebody who may see them.
struct Ours {
    process: Child,
    address: String,
    token: String,
}

impl Ours {
    fn start(folder: &Path) -> Self {
        let boundary = folder.join("boundary.geojson");
        let ring = "[[[10.9,58.1],[11.7,58.1],[11.7,58.6],[10.9,58.6],[10.9,58.1]]]";
        fs::write(&boundary, format!("{{\"type\":\"Polygon\",\"coordinates\":{ring}}}")).unwrap();
        let add = ["municipality", "add", "bench", "--name", "Bench", "--boundary"];
        fyren(folder, &[&add[..], &[boundary.to_str().unwrap()]].concat(), "");
        let file = folder.join("synthetic.csv");
        let mut table = std::io::BufWriter::new(fs::File::create(&file).unwrap());
        writeln!(table, "id,at,category,longitude,latitude,precision").unwrap();
        for number in 0..POINTS {
            let Position { longitude, latitude } = place(number);
            let (month, day) = (1 + number % 12, 1 + number % 28);
            let at = format!("2025-{month:02}-{day:02} {:02}:30", number % 24);
            let word = number % 20;
            writeln!(table, "{number},{at},synthetic {word},{longitude:.6},{latitude:.6},25")
                .unwrap();
        }
        table.flush().unwrap();
        let file = file.to_str().unwrap();
        fyren(folder, &["import", "incidents", file, "--municipality", "bench"], "");
        let user = ["user", "add", "bench", "--role", "coordinator", "--municipality", "bench"];
        fyren(folder, &user, "a password of a bench\n");
        let token = fyren(folder, &["user", "token", "bench"], "").trim().to_owned();
        let (process, address) = serve(folder);
        Self { process, address, token }
    }

    /// The layer as a table.
    async fn table(&self) -> String {
        let path = "/api/v1/municipalities/bench/layers/incidents.csv";
        let request = format!(
            "GET {path} HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer {}\r\n\
             Connection: close\r\n\r\n",
            self.token
        );
        unchunked(&ask(&self.address, &request).await)
    }
}

impl Drop for Ours {
    fn drop(&mut self) {
        drop(self.process.kill());
        drop(self.process.wait());
    }
}

/// The body of an answer that came in chunks.
fn unchunked(answer: &str) -> String {
    let (head, mut rest) = answer.split_once("\r\n\r\n").unwrap();
    assert!(head.starts_with("HTTP/1.1 200"), "{head}");
    if !head.to_ascii_lowercase().contains("transfer-encoding: chunked") {
        return rest.to_owned();
    }
    let mut body = String::new();
    while let Some((length, after)) = rest.split_once("\r\n") {
        let length = usize::from_str_radix(length.trim(), 16).unwrap();
        if length == 0 {
            break;
        }
        body.push_str(&after[..length]);
        rest = &after[length + 2..];
    }
    body
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
    // A command that asks nothing closes its input.
    drop(process.stdin.take().unwrap().write_all(input.as_bytes()));
    let output = process.wait_with_output().unwrap();
    assert!(output.status.success(), "{arguments:?}");
    String::from_utf8(output.stdout).unwrap()
}

/// Starts our server on a free port and gives its address, read from its log.
fn serve(folder: &Path) -> (Child, String) {
    let mut command = command(folder, &["serve", "--listen", "127.0.0.1:0", "--log", "json"]);
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

//! A PostgreSQL with PostGIS of a benchmark's own, and the peers of the tile
//! race: servers of vector tiles before it.

use std::fs;
use std::net::TcpListener;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// The user and the data base of the peers.
const USER: &str = "postgres";

/// A PostGIS of its own on a free port, stopped when it is dropped.
pub struct PostGis {
    data: tempfile::TempDir,
    port: u16,
}

impl PostGis {
    /// Starts one; `None` where PostgreSQL or PostGIS is not installed.
    pub fn start() -> Option<Self> {
        let data = tempfile::tempdir().unwrap();
        own(data.path());
        let (cluster, port) = (data.path().join("data"), free_port());
        let folder = cluster.to_str().unwrap();
        run(
            "initdb",
            &["-D", folder, "-U", USER, "-A", "trust", "-E", "UTF8", "--locale=C", "-N"],
        )?;
        let options = format!(
            "-c listen_addresses=127.0.0.1 -c port={port} -c unix_socket_directories='' \
             -c shared_buffers=512MB -c max_connections=100"
        );
        let log = format!("{folder}/log");
        run("pg_ctl", &["-D", folder, "-w", "-s", "-l", &log, "-o", &options, "start"])?;
        let started = Self { data, port };
        started.sql("CREATE EXTENSION postgis")?;
        Some(started)
    }

    /// Its address.
    pub fn url(&self) -> String {
        format!("postgresql://{USER}@127.0.0.1:{}/postgres", self.port)
    }

    /// Runs statements; `None` where they fail.
    pub fn sql(&self, statements: &str) -> Option<()> {
        run("psql", &["-q", "-v", "ON_ERROR_STOP=1", "-d", &self.url(), "-c", statements])
    }

    /// Copies a CSV file with a head into a table.
    pub fn copy(&self, table: &str, file: &Path) -> Option<()> {
        fs::set_permissions(file, fs::Permissions::from_mode(0o644)).unwrap();
        let copy = format!("\\copy {table} FROM '{}' CSV HEADER", file.display());
        self.sql(&copy)
    }
}

impl Drop for PostGis {
    fn drop(&mut self) {
        let folder = self.data.path().join("data");
        run("pg_ctl", &["-D", folder.to_str().unwrap(), "-s", "-m", "immediate", "stop"]);
    }
}

/// A server of tiles, ended when it is dropped.
pub struct Peer {
    process: Child,
    /// Where it listens.
    pub address: String,
}

impl Peer {
    /// Starts `program` with what `arguments` make of its port; `None` where it
    /// is not installed or does not answer within half a minute.
    pub fn start(
        program: &str,
        arguments: impl Fn(u16) -> Vec<String>,
        environment: &[(&str, &str)],
    ) -> Option<Self> {
        let port = free_port();
        let mut command = Command::new(program);
        command.args(arguments(port)).envs(environment.iter().copied());
        let process = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        let process = process.spawn().ok()?;
        let peer = Self { process, address: format!("127.0.0.1:{port}") };
        let began = Instant::now();
        while std::net::TcpStream::connect(&peer.address).is_err() {
            if began.elapsed() > Duration::from_secs(30) {
                return None;
            }
            std::thread::park_timeout(Duration::from_millis(50));
        }
        Some(peer)
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        // It may have ended by itself.
        drop(self.process.kill());
        drop(self.process.wait());
    }
}

fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

/// PostgreSQL refuses to work for root: a folder for the user that it works for.
fn own(path: &Path) {
    if is_root() {
        let owner = fs::metadata("/var/lib/postgresql").map_or(0, |folder| folder.uid());
        std::os::unix::fs::chown(path, Some(owner), None).unwrap();
    }
}

fn is_root() -> bool {
    fs::metadata("/proc/self").unwrap().uid() == 0
}

fn run(program: &str, arguments: &[&str]) -> Option<()> {
    let path = programs().join(program);
    let mut command = if is_root() {
        let mut command = Command::new("setpriv");
        command.args(["--reuid=postgres", "--regid=postgres", "--clear-groups"]).arg(path);
        command
    } else {
        Command::new(path)
    };
    command.args(arguments).current_dir("/").stdin(Stdio::null()).stdout(Stdio::null());
    command.status().ok()?.success().then_some(())
}

/// Debian keeps the programs of each version in a folder of its own.
fn programs() -> PathBuf {
    let folders = fs::read_dir("/usr/lib/postgresql").into_iter().flatten();
    let mut versions: Vec<_> = folders.filter_map(|folder| Some(folder.ok()?.path())).collect();
    versions.sort();
    versions.last().map_or(PathBuf::new(), |newest| newest.join("bin"))
}

//! A private PostgreSQL for the tests: started by the first test process,
//! shared by all, stopped and removed a few seconds after the last has ended.
//!
//! Each process holds a shared lock on a file for as long as it lives. A small
//! watcher waits for the lock that excludes them all, so that a killed test
//! leaves nothing behind either.

use std::fs::{self, File};
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

/// The address of a data base of the cluster, reached by a socket in a folder
/// that only this user can enter.
pub(crate) fn url(data_base: &str) -> String {
    let socket = folder().join("socket");
    format!("postgres:///{data_base}?host={}&user=fyren", socket.display())
}

/// Makes a new data base with PostGIS in it; gives its address.
pub(crate) fn fresh_data_base() -> String {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    start();
    let name = format!("t_{}_{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
    let socket = folder().join("socket");
    let socket = socket.to_str().unwrap();
    run("createdb", &["-h", socket, "-U", "fyren", "-T", "template_fyren", &name]);
    url(&name)
}

/// Makes sure that the cluster runs until this process ends.
fn start() {
    static HELD: OnceLock<File> = OnceLock::new();
    HELD.get_or_init(|| {
        fs::create_dir_all(folder()).unwrap();
        let starting = lock_file("start.lock");
        starting.lock().unwrap();
        let users = lock_file("users.lock");
        // Waits for a watcher that is just taking the last cluster away.
        users.lock_shared().unwrap();
        if !folder().join("ready").exists() {
            create();
        }
        users
    });
}

fn create() {
    let data = folder().join("data");
    for part in ["data", "socket"] {
        drop(fs::remove_dir_all(folder().join(part)));
        fs::create_dir(folder().join(part)).unwrap();
        own(&folder().join(part));
    }
    let data = data.to_str().unwrap();
    run("initdb", &["-D", data, "-U", "fyren", "-A", "trust", "-E", "UTF8", "--locale=C", "-N"]);
    let options = format!(
        "-c listen_addresses='' -c unix_socket_directories='{}' -c fsync=off \
         -c max_connections=300 -c shared_buffers=64MB",
        folder().join("socket").display()
    );
    let log = format!("{data}/log");
    run("pg_ctl", &["-D", data, "-w", "-s", "-l", &log, "-o", &options, "start"]);
    let socket = folder().join("socket");
    let socket = socket.to_str().unwrap();
    run("createdb", &["-h", socket, "-U", "fyren", "template_fyren"]);
    let extension = "CREATE EXTENSION postgis";
    run("psql", &["-h", socket, "-U", "fyren", "-q", "-c", extension, "template_fyren"]);
    watch(data);
    File::create(folder().join("ready")).unwrap();
}

/// Starts the process that takes the cluster away when nobody uses it.
fn watch(data: &str) {
    let script = format!(
        "while true; do flock -x users.lock true; sleep 5; \
         flock -n -x users.lock sh -c \"rm -f ready; {} -m immediate stop; \
         rm -rf data socket\" && exit; done",
        command_line("pg_ctl", &["-D", data, "-s"])
    );
    fs::write(folder().join("watch.sh"), script).unwrap();
    // In a session of its own, so that it outlives whoever ends these tests.
    let started = Command::new("sh")
        .args(["-c", "setsid sh watch.sh </dev/null >/dev/null 2>&1 &"])
        .current_dir(folder())
        .status()
        .unwrap();
    assert!(started.success(), "the watcher of the cluster does not start");
}

/// Runs a program of PostgreSQL, which refuses to work for root, as a user
/// that it works for.
fn run(program: &str, arguments: &[&str]) {
    let output = Command::new("sh")
        .args(["-c", &command_line(program, arguments)])
        .current_dir("/")
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .output()
        .unwrap();
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{program} failed: {told}");
}

fn command_line(program: &str, arguments: &[&str]) -> String {
    let quoted: Vec<_> =
        arguments.iter().map(|word| format!("'{}'", word.replace('\'', r"'\''"))).collect();
    let user =
        if is_root() { "setpriv --reuid=postgres --regid=postgres --clear-groups " } else { "" };
    format!("{user}{} {}", programs().join(program).display(), quoted.join(" "))
}

/// Debian keeps the programs of each version in a folder of its own.
fn programs() -> PathBuf {
    let mut versions: Vec<_> = fs::read_dir("/usr/lib/postgresql")
        .map(|folders| folders.map(|folder| folder.unwrap().path()).collect())
        .unwrap_or_default();
    versions.sort();
    versions.last().map_or(PathBuf::new(), |newest| newest.join("bin"))
}

fn folder() -> PathBuf {
    std::env::temp_dir().join(format!("fyren-test-postgres-{}", user_id()))
}

fn lock_file(name: &str) -> File {
    File::options().create(true).append(true).open(folder().join(name)).unwrap()
}

/// Gives a folder to the user that the server runs as, and to nobody else.
fn own(path: &Path) {
    if is_root() {
        let owner = fs::metadata("/var/lib/postgresql").unwrap();
        std::os::unix::fs::chown(path, Some(owner.uid()), Some(owner.gid())).unwrap();
    }
    fs::set_permissions(path, fs::Permissions::from_mode(0o700)).unwrap();
}

fn is_root() -> bool {
    user_id() == 0
}

fn user_id() -> u32 {
    fs::metadata("/proc/self").unwrap().uid()
}

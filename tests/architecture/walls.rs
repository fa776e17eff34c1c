//! The table of the rooms and the rules, as functions over one source text.

use super::source::{Named, paths, split};

/// A room under `src/` and the rooms that it may name beside itself.
pub struct Room {
    /// Its folder.
    pub name: &'static str,
    /// What it may name.
    pub may_name: &'static [&'static str],
}

const fn room(name: &'static str, may_name: &'static [&'static str]) -> Room {
    Room { name, may_name }
}

/// Section by section from the bottom to the top of the house.
pub const ROOMS: &[Room] = &[
    room("clock", &[]),
    room("telemetry", &[]),
    room("config", &[]),
    room("spatial", &[]),
    room("store", &[]),
    room("encode", &[]),
    room("import", &[]),
    room("identity", &[]),
    room("mail", &[]),
    room("media", &[]),
    room("print", &[]),
    room(
        "app",
        &["clock", "spatial", "store", "encode", "import", "identity", "mail", "media", "print"],
    ),
    room("http", &["app", "encode", "clock", "config"]),
    room("jobs", &["app", "encode", "store", "clock"]),
    room(
        "cli",
        &["app", "http", "jobs", "encode", "store", "identity", "clock", "config", "telemetry"],
    ),
];

/// The rooms of the core and the rooms of the core that each may name.
const CORE: &[Room] = &[
    room("domain", &[]),
    room("plane", &["domain"]),
    room("analysis", &["domain", "plane"]),
    room("wording", &["domain"]),
];

/// Crates that only these places may name.
const CRATES: &[(&str, &[&str])] = &[
    ("sqlx", &["src/store/"]),
    ("atom_syndication", &["src/encode/"]),
    ("axum", &["src/http/"]),
    ("tower", &["src/http/"]),
    ("tower_http", &["src/http/"]),
    ("tower_sessions", &["src/http/"]),
    ("minijinja", &["src/http/"]),
    ("utoipa", &["src/http/"]),
    ("utoipa_axum", &["src/http/"]),
    ("governor", &["src/http/"]),
    ("argon2", &["src/identity/"]),
    ("openidconnect", &["src/identity/"]),
    ("reqwest", &["src/cli/", "src/identity/"]),
    ("ring", &["src/identity/"]),
    ("totp_rs", &["src/identity/"]),
    ("uuid", &["src/identity/"]),
    ("webauthn_rs", &["src/identity/"]),
    ("encoding_rs", &["src/import/"]),
    ("flate2", &["src/import/", "src/encode/"]),
    ("calamine", &["src/import/"]),
    ("shapefile", &["src/import/"]),
    ("geozero", &["src/import/"]),
    ("quick_xml", &["src/import/"]),
    ("zip", &["src/import/", "src/encode/"]),
    ("gpx", &["src/encode/"]),
    ("icalendar", &["src/encode/"]),
    ("krilla", &["src/print/"]),
    ("skrifa", &["src/print/"]),
    ("image", &["src/media/"]),
    ("lettre", &["src/mail/"]),
    ("multer", &["src/http/"]),
    ("brotli", &["src/encode/"]),
    ("zstd", &["src/encode/"]),
    ("icalendar", &["src/encode/"]),
    ("mvt", &["src/encode/"]),
    ("osmpbf", &["src/import/"]),
    ("pmtiles", &["src/import/"]),
    ("clap", &["src/cli/", "src/config/"]),
    ("indicatif", &["src/cli/"]),
    ("rpassword", &["src/cli/"]),
    ("anyhow", &["src/cli/", "src/main.rs"]),
    ("tracing_subscriber", &["src/telemetry/"]),
    ("regex", &["core/src/wording/"]),
    ("rstar", &["src/spatial/", "core/src/"]),
    ("proj4rs", &["core/src/plane/"]),
    ("getrandom", &["src/clock/"]),
];

/// Ends of paths that only one place may name, and what it is for.
const NAMES: &[(&[&str], &str, &str)] = &[
    (&["Timestamp", "now"], "src/clock/", "reads the clock"),
    (&["Zoned", "now"], "src/clock/", "reads the clock"),
    (&["SystemTime", "now"], "src/clock/", "reads the clock"),
    (&["Instant", "now"], "src/clock/", "reads the clock"),
    (&["SysRng"], "src/clock/", "draws randomness"),
    (&["OsRng"], "src/clock/", "draws randomness"),
    (&["ThreadRng"], "src/clock/", "draws randomness"),
    (&["thread_rng"], "src/clock/", "draws randomness"),
    (&["rand", "rng"], "src/clock/", "draws randomness"),
    (&["rand", "random"], "src/clock/", "draws randomness"),
    (&["rand", "make_rng"], "src/clock/", "draws randomness"),
    (&["env", "var"], "src/config/", "reads the environment"),
    (&["env", "var_os"], "src/config/", "reads the environment"),
    (&["env", "vars"], "src/config/", "reads the environment"),
];

/// What the core may not name: it does no input or output.
const OUTSIDE: &[&str] = &["fs", "net", "env", "process", "io", "thread", "os"];

/// Words with which a statement of SQL begins.
const SQL: &[&str] = &["SELECT ", "INSERT INTO ", "DELETE FROM ", "CREATE TABLE ", "PRAGMA "];

/// The longest file that reads well.
const MOST_LINES: usize = 400;

/// Every wall that the source at `path` breaks, one sentence each.
pub fn violations(path: &str, source: &str) -> Vec<String> {
    let (code, texts) = split(source);
    let named = paths(&code);
    let mut found = Vec::new();
    for one in &named {
        let said = one.join("::");
        found.extend(room_wall(path, one).map(|why| format!("{path}: `{said}` {why}")));
        found.extend(crate_wall(path, one).map(|why| format!("{path}: `{said}` {why}")));
        found.extend(name_wall(path, one).map(|why| format!("{path}: `{said}` {why}")));
    }
    if named.iter().any(|one| one == &["crate"]) {
        found.push(format!("{path}: renames `crate`, which hides what it names"));
    }
    // A GeoPackage is a file of SQLite that somebody else made.
    let packages = ["src/import/geopackage.rs", "src/import/ground/vector.rs"];
    if !path.starts_with("src/store/") && !packages.contains(&path) {
        let spoken = |text: &&String| SQL.iter().any(|word| text.trim_start().starts_with(word));
        let sql = texts.iter().filter(spoken);
        found.extend(sql.map(|text| format!("{path}: speaks SQL outside store: {text:?}")));
    }
    found.sort();
    found.dedup();
    found
}

/// The file does not begin with `//!`.
pub fn first_line(path: &str, source: &str) -> Option<String> {
    let good = source.lines().next().is_some_and(|line| line.starts_with("//! "));
    (!good).then(|| format!("{path}: the first line does not say, after `//!`, what it is"))
}

/// The file is longer than reads well.
pub fn length(path: &str, source: &str) -> Option<String> {
    let lines = source.lines().count();
    (lines > MOST_LINES).then(|| format!("{path}: {lines} lines; at most {MOST_LINES}"))
}

fn room_wall(path: &str, named: &Named) -> Option<String> {
    let (rooms, inside) = path
        .strip_prefix("core/src/")
        .map(|inside| (CORE, inside))
        .or_else(|| path.strip_prefix("src/").map(|inside| (ROOMS, inside)))?;
    let own = rooms.iter().find(|room| inside.starts_with(&format!("{}/", room.name)))?;
    let target = target(inside, named)?;
    let wall = rooms.iter().any(|room| room.name == target)
        && target != own.name
        && !own.may_name.contains(&target);
    wall.then(|| format!("goes through the wall from {} to {target}", own.name))
}

/// The room that a path enters from the root of its crate.
fn target<'a>(inside: &str, named: &'a Named) -> Option<&'a str> {
    let first = named.first()?;
    if first == "crate" || first == "fyren" {
        return named.get(1).map(String::as_str);
    }
    let climbs = named.iter().take_while(|part| *part == "super").count();
    let depth = inside.split('/').count() - usize::from(inside.ends_with("/mod.rs"));
    (climbs > 0 && climbs >= depth).then(|| named.get(climbs).map(String::as_str))?
}

fn crate_wall(path: &str, named: &Named) -> Option<String> {
    let (name, places) = CRATES.iter().find(|(name, _)| named[0] == *name)?;
    let kept = places.iter().any(|place| path.starts_with(place));
    (!kept).then(|| format!("names {name}, which only {} may", places.join(" and ")))
}

fn name_wall(path: &str, named: &Named) -> Option<String> {
    if path.starts_with("core/src/") && named[0] == "std" {
        let outside = named.get(1).filter(|module| OUTSIDE.contains(&module.as_str()));
        if let Some(module) = outside {
            return Some(format!("does input or output by std::{module}"));
        }
    }
    let (_, place, what) = NAMES.iter().find(|(end, place, _)| {
        let said = named.windows(end.len()).any(|part| part.iter().eq(end.iter()));
        said && !path.starts_with(place)
    })?;
    Some(format!("{what}, which only {place} may"))
}

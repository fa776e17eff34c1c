//! The file that keeps the secrets: made at the first start, readable by its
//! owner alone, its yearly key renewed when the year turns.

use super::Secrets;
use super::mac::Key;
use data_encoding::BASE64URL_NOPAD;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

const VERSION: u32 = 1;

/// Why the secrets could not be had.
#[derive(Debug, thiserror::Error)]
pub enum SecretsError {
    /// The file cannot be read or written.
    #[error("the secrets in {} cannot be read or written: {source}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The file is there, but not what this version wrote.
    #[error("the secrets in {} are damaged: {what}", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What is wrong; never a part of a key.
        what: &'static str,
    },
    /// Others than its owner may read the file.
    #[error("the secrets in {} can be read by others; run: chmod 600 {}", path.display(), path.display())]
    Exposed {
        /// The file.
        path: PathBuf,
    },
}

#[derive(serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Document {
    version: u32,
    server: String,
    year: i16,
    source: String,
}

/// Opens the secrets at `path`, makes them if there are none, and renews the
/// key of browser sources unless it is the one of `year`; the old one is gone
/// then. Processes that do this at once end up with the same secrets.
///
/// `fill` gives random bytes.
///
/// # Errors
/// When the file cannot be read or written, is damaged or can be read by others.
pub fn open_secrets(
    path: &Path,
    year: i16,
    fill: &dyn Fn(&mut [u8]),
) -> Result<Secrets, SecretsError> {
    let failed = |source| SecretsError::File { path: path.to_owned(), source };
    if !path.try_exists().map_err(failed)? {
        let secrets = Secrets::from_keys(fresh(fill), year, fresh(fill));
        create(path, &secrets, fill).map_err(failed)?;
    }
    // The lock is on the file that was found; whoever waited for it reads what
    // the holder put in its place.
    let lock = File::open(path).map_err(failed)?;
    lock.lock().map_err(failed)?;
    let found = read(path)?;
    if found.year() == year {
        return Ok(found.kept_in(path.to_owned()));
    }
    let renewed = Secrets::from_keys(*found.server(), year, fresh(fill));
    let written = write_beside(path, &renewed, fill).map_err(failed)?;
    fs::rename(&written, path).and_then(|()| sync_folder(path)).map_err(failed)?;
    Ok(renewed.kept_in(path.to_owned()))
}

/// Puts new secrets at `path` unless somebody else was faster.
fn create(path: &Path, secrets: &Secrets, fill: &dyn Fn(&mut [u8])) -> io::Result<()> {
    let written = write_beside(path, secrets, fill)?;
    let linked = fs::hard_link(&written, path);
    fs::remove_file(&written)?;
    match linked {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        other => other.and_then(|()| sync_folder(path)),
    }
}

/// Writes the secrets to a new file in the same folder, down to the disk.
fn write_beside(path: &Path, secrets: &Secrets, fill: &dyn Fn(&mut [u8])) -> io::Result<PathBuf> {
    let mut unique = [0; 6];
    fill(&mut unique);
    let mut name = path.as_os_str().to_owned();
    name.push(format!(".{}", BASE64URL_NOPAD.encode(&unique)));
    let beside = PathBuf::from(name);
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut out = options.open(&beside)?;
    out.write_all(write(secrets).as_bytes())?;
    out.sync_all()?;
    Ok(beside)
}

fn sync_folder(path: &Path) -> io::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    File::open(folder.unwrap_or_else(|| Path::new(".")))?.sync_all()
}

fn write(secrets: &Secrets) -> String {
    format!(
        "# The secrets of this installation of Fyren. Keep them private, and back\n\
         # them up apart from the data base: without them no receipt opens.\n\
         version = {VERSION}\n\
         server = \"{}\"\n\
         # Tells browsers apart during this year, and is destroyed after it.\n\
         year = {}\n\
         source = \"{}\"\n",
        BASE64URL_NOPAD.encode(secrets.server()),
        secrets.year(),
        BASE64URL_NOPAD.encode(&secrets.source()),
    )
}

fn read(path: &Path) -> Result<Secrets, SecretsError> {
    let failed = |source| SecretsError::File { path: path.to_owned(), source };
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = fs::metadata(path).map_err(failed)?.permissions().mode();
        if mode & 0o077 != 0 {
            return Err(SecretsError::Exposed { path: path.to_owned() });
        }
    }
    let text = fs::read_to_string(path).map_err(failed)?;
    parse(&text).map_err(|what| SecretsError::Damaged { path: path.to_owned(), what })
}

fn parse(text: &str) -> Result<Secrets, &'static str> {
    // The parser's own message would quote the line, key and all.
    let document: Document =
        toml::from_str(text).ok().ok_or("it is not the document that Fyren writes")?;
    if document.version != VERSION {
        return Err("it was written by another version");
    }
    let server = key(&document.server).ok_or("server is not a key of 256 bits")?;
    let source = key(&document.source).ok_or("source is not a key of 256 bits")?;
    Ok(Secrets::from_keys(server, document.year, source))
}

fn key(text: &str) -> Option<Key> {
    let key: Key = BASE64URL_NOPAD.decode(text.as_bytes()).ok()?.try_into().ok()?;
    (key != [0; 32]).then_some(key)
}

fn fresh(fill: &dyn Fn(&mut [u8])) -> Key {
    let mut key = [0; 32];
    fill(&mut key);
    key
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicU8, Ordering};

    /// Different bytes at every call.
    fn dice() -> impl Fn(&mut [u8]) + Send + Sync {
        let next = AtomicU8::new(1);
        move |bytes: &mut [u8]| bytes.fill_with(|| next.fetch_add(1, Ordering::SeqCst).max(1))
    }

    fn keys(secrets: &Secrets) -> (Key, Key) {
        (*secrets.server(), secrets.source())
    }

    #[test]
    fn secrets_are_made_once_and_found_again() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("fyren.secrets");
        let fill = dice();
        let first = open_secrets(&path, 2026, &fill).unwrap();
        let again = open_secrets(&path, 2026, &fill).unwrap();
        assert_eq!(keys(&first), keys(&again));
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "nothing is left beside");
    }

    #[test]
    fn when_the_year_turns_the_old_source_key_is_gone_and_receipts_still_open() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("fyren.secrets");
        let fill = dice();
        let old = open_secrets(&path, 2026, &fill).unwrap();
        let new = open_secrets(&path, 2027, &fill).unwrap();
        assert_eq!(old.server(), new.server());
        assert_ne!(old.source(), new.source());
        let text = fs::read_to_string(&path).unwrap();
        assert!(!text.contains(&BASE64URL_NOPAD.encode(&old.source())));
    }

    #[test]
    fn a_process_that_runs_over_new_year_renews_its_key_and_shares_it_with_others() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("fyren.secrets");
        let fill = dice();
        let running = open_secrets(&path, 2026, &fill).unwrap();
        let (clone, old) = (running.clone(), running.source());
        running.renew(2026, &fill).unwrap();
        assert_eq!(running.source(), old);
        running.renew(2027, &fill).unwrap();
        assert_ne!(running.source(), old);
        assert_eq!(clone.source(), running.source());
        assert_eq!(keys(&open_secrets(&path, 2027, &fill).unwrap()), keys(&running));
    }

    #[test]
    fn starters_at_the_same_moment_agree() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("fyren.secrets");
        let fill = dice();
        for year in [2026, 2027] {
            let all: Vec<_> = std::thread::scope(|scope| {
                let start = || open_secrets(&path, year, &fill).unwrap();
                let threads: Vec<_> = (0..8).map(|_| scope.spawn(start)).collect();
                threads.into_iter().map(|thread| keys(&thread.join().unwrap())).collect()
            });
            assert!(all.iter().all(|keys| *keys == all[0]), "year {year}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn secrets_are_for_their_owner_alone() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("fyren.secrets");
        open_secrets(&path, 2026, &dice()).unwrap();
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
        let error = open_secrets(&path, 2026, &dice()).unwrap_err();
        assert!(matches!(error, SecretsError::Exposed { .. }), "{error}");
    }

    #[test]
    fn damaged_secrets_are_refused_without_quoting_them() {
        let good = write(&Secrets::from_keys([1; 32], 2026, [2; 32]));
        assert!(parse(&good).is_ok());
        let damaged = [
            String::new(),
            good.replace("version = 1", "version = 2"),
            good.replace("server = \"A", "server = \""),
            good.replace("source", "sauce"),
            good.replace("year = 2026", "year = soon"),
            write(&Secrets::from_keys([0; 32], 2026, [2; 32])),
        ];
        for text in damaged {
            let error = parse(&text).unwrap_err();
            assert!(!error.contains("AQEB"), "{error}");
        }
    }
}

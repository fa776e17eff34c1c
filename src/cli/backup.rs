//! `fyren backup` and `fyren restore`: both stores into a folder and back.

use super::{Failure, WrongUsage, open, print_json, print_line};
use crate::{
    app::App,
    config::StoreArgs,
    store::{self, AuditCheck, EventKey},
};
use anyhow::{Context as _, bail};
use fyren_core::domain::Context;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::{
    fs,
    path::{Path, PathBuf},
};

/// Arguments of `fyren backup`.
#[derive(Debug, clap::Args)]
pub struct BackupArgs {
    /// Folder to make; it may not exist yet.
    #[arg(value_name = "FOLDER", required_unless_present = "erasures")]
    folder: Option<PathBuf>,
    /// Put the secrets beside the data, so that receipts still open after a restore.
    #[arg(long)]
    with_secrets: bool,
    /// Write what was erased so far into this file, in place of an older one:
    /// random identities alone, so that a restore can erase them again.
    #[arg(long, value_name = "FILE")]
    erasures: Option<PathBuf>,
    #[command(flatten)]
    store: StoreArgs,
}

/// Arguments of `fyren restore`.
#[derive(Debug, clap::Args)]
pub struct RestoreArgs {
    /// Folder that `fyren backup` has made; without it only erasures are done
    /// again, on either engine.
    #[arg(value_name = "FOLDER", required_unless_present = "erasures")]
    folder: Option<PathBuf>,
    /// File of `fyren backup --erasures`: what it names is erased again.
    #[arg(long, value_name = "FILE")]
    erasures: Option<PathBuf>,
    #[command(flatten)]
    store: StoreArgs,
}

/// What a backup holds.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct Manifest {
    format: String,
    version: String,
    holds_secrets: bool,
    files: Vec<Part>,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Part {
    name: String,
    bytes: u64,
    sha256: String,
}

const FORMAT: &str = "fyren-backup 1";
const MANIFEST: &str = "manifest.json";
const SECRETS: &str = "fyren.secrets";
const STORES: [(Context, &str); 2] =
    [(Context::Municipal, "municipal.db"), (Context::Police, "police.db")];

/// Copies both stores as of one moment each, while they may be in use, and
/// lists what was erased.
pub async fn backup(args: BackupArgs) -> Result<(), Failure> {
    let manifest = match &args.folder {
        Some(folder) => Some(copy_to(folder, &args).await?),
        None => None,
    };
    let mut listed = None;
    if let Some(file) = &args.erasures {
        let app = open(&args.store).await?;
        let keys = app.erasures().await;
        app.close().await;
        let keys = keys?;
        erasures::write(file, &keys).with_context(|| file.display().to_string())?;
        listed = Some(keys.len());
    }
    let words = listed.map(|number| format!("{number} erasures listed"));
    tell(&args.store, manifest.as_ref(), ("backed up", "erasures", listed), words)
}

async fn copy_to(folder: &Path, args: &BackupArgs) -> Result<Manifest, Failure> {
    let files = files_of(&args.store)?;
    fs::create_dir(folder).with_context(|| folder.display().to_string())?;
    make_private(folder, 0o700)?;
    let mut parts = Vec::new();
    for ((context, name), _) in STORES.into_iter().zip(files) {
        let url = match context {
            Context::Municipal => args.store.database.clone(),
            Context::Police => args.store.police_url(),
        };
        let copy = folder.join(name);
        store::copy(&url, context, &copy).await?;
        parts.push(part(&copy, name)?);
    }
    if args.with_secrets {
        let copy = folder.join(SECRETS);
        fs::copy(args.store.secrets_file(), &copy).context("the secrets")?;
        make_private(&copy, 0o600)?;
        parts.push(part(&copy, SECRETS)?);
    }
    let manifest = Manifest {
        format: FORMAT.to_owned(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        holds_secrets: args.with_secrets,
        files: parts,
    };
    // Last, so that a backup that was cut short is none.
    fs::write(folder.join(MANIFEST), serde_json::to_vec_pretty(&manifest)?)?;
    Ok(manifest)
}

/// Puts a backup where nothing is yet, after every byte was checked, and
/// erases again what was erased since.
pub async fn restore(args: RestoreArgs) -> Result<(), Failure> {
    // Read first: a list that cannot be read must not leave the data behind.
    let keys = match &args.erasures {
        Some(file) => Some(erasures::read(file).with_context(|| file.display().to_string())?),
        None => None,
    };
    let manifest = match &args.folder {
        Some(folder) => Some(copy_from(folder, &args.store)?),
        None => None,
    };
    let app = open(&args.store).await?;
    let done = finish(&app, keys.as_deref()).await;
    app.close().await;
    let erased = done?;
    let words = erased.map_or_else(
        || "what was erased after this backup is in it: --erasures FILE erases it again".to_owned(),
        |number| format!("{number} erased again"),
    );
    tell(&args.store, manifest.as_ref(), ("restored", "erasedAgain", erased), Some(words))
}

/// Walks the audit logs, and erases again.
async fn finish(app: &App, keys: Option<&[EventKey]>) -> Result<Option<usize>, Failure> {
    for context in Context::ALL {
        if let AuditCheck::BrokenAt { position } = app.store(*context).verify_audit().await? {
            bail!("{context}: the audit log of the backup is broken at entry {position}");
        }
    }
    match keys {
        Some(keys) => Ok(Some(app.erase_again("command line", keys).await?)),
        None => Ok(None),
    }
}

fn copy_from(folder: &Path, store: &StoreArgs) -> Result<Manifest, Failure> {
    let text = fs::read(folder.join(MANIFEST)).context("this folder holds no whole backup")?;
    let manifest: Manifest = serde_json::from_slice(&text).context(MANIFEST)?;
    if manifest.format != FORMAT {
        bail!("the format {} is not known", manifest.format);
    }
    let mut copies: Vec<(&str, PathBuf)> =
        STORES.iter().map(|(_, name)| *name).zip(files_of(store)?).collect();
    if manifest.holds_secrets {
        copies.push((SECRETS, store.secrets_file()));
    }
    for (name, target) in &copies {
        let expected = manifest.files.iter().find(|part| part.name == *name);
        let expected = expected.with_context(|| format!("{name} is missing"))?;
        if part(&folder.join(name), name)?.sha256 != expected.sha256 {
            bail!("{name} was changed after it was backed up; nothing was restored");
        }
        if target.try_exists()? {
            bail!("{} is there already; nothing was restored", target.display());
        }
    }
    for (name, target) in &copies {
        fs::copy(folder.join(name), target)?;
        make_private(target, 0o600)?;
    }
    Ok(manifest)
}

/// The list of what was erased: a municipality and a random identity a line.
mod erasures {
    use crate::store::EventKey;
    use anyhow::Context as _;
    use fyren_core::domain::{Id, MunicipalityCode};
    use std::{fs, path::Path};

    const HEAD: [&str; 2] = ["municipality", "id"];

    /// Writes the list whole, in place of an older one.
    pub fn write(file: &Path, keys: &[EventKey]) -> anyhow::Result<()> {
        let beside = file.with_extension("part");
        let mut table = csv::Writer::from_path(&beside)?;
        table.write_record(HEAD)?;
        for key in keys {
            table.write_record([key.municipality.as_str(), &key.id.to_string()])?;
        }
        table.into_inner().map_err(csv::IntoInnerError::into_error)?.sync_all()?;
        super::make_private(&beside, 0o600)?;
        Ok(fs::rename(beside, file)?)
    }

    /// Reads a list to its end.
    pub fn read(file: &Path) -> anyhow::Result<Vec<EventKey>> {
        let mut table = csv::Reader::from_path(file)?;
        anyhow::ensure!(table.headers()?.iter().eq(HEAD), "this is no list of erasures");
        table
            .records()
            .map(|row| {
                let row = row?;
                let line = row.position().map_or(0, csv::Position::line);
                let municipality = MunicipalityCode::parse(&row[0]).ok();
                let key = municipality.zip(Id::parse(&row[1]));
                let (municipality, id) =
                    key.with_context(|| format!("line {line}: no identity"))?;
                Ok(EventKey { municipality, id })
            })
            .collect()
    }
}

/// Says what was done, and how many erasures it concerned.
fn tell(
    args: &StoreArgs,
    manifest: Option<&Manifest>,
    (done, member, number): (&str, &str, Option<usize>),
    words: Option<String>,
) -> Result<(), Failure> {
    if args.json {
        let mut told = match manifest {
            Some(manifest) => serde_json::to_value(manifest)?,
            None => serde_json::json!({}),
        };
        if let Some(number) = number {
            told[member] = number.into();
        }
        return print_json(&told);
    }
    if let Some(manifest) = manifest {
        let secrets = if manifest.holds_secrets { "with" } else { "without" };
        print_line(&format!("{done} {} files, {secrets} the secrets", manifest.files.len()))?;
    }
    words.map_or(Ok(()), |words| print_line(&words))
}

/// The files of both stores.
fn files_of(args: &StoreArgs) -> Result<[PathBuf; 2], Failure> {
    let file = |url: &str| {
        let rest = url.strip_prefix("sqlite:").ok_or_else(|| {
            WrongUsage(
                "a data base of PostgreSQL is backed up with pg_dump, one schema a context".into(),
            )
        })?;
        let rest = rest.strip_prefix("//").unwrap_or(rest);
        Ok::<_, WrongUsage>(PathBuf::from(rest.split('?').next().unwrap_or(rest)))
    };
    Ok([file(&args.database)?, file(&args.police_url())?])
}

fn part(path: &Path, name: &str) -> Result<Part, Failure> {
    let mut file = fs::File::open(path).with_context(|| path.display().to_string())?;
    let mut hasher = Sha256::new();
    let mut piece = vec![0; 1 << 20];
    let mut bytes = 0;
    loop {
        let read = std::io::Read::read(&mut file, &mut piece)?;
        if read == 0 {
            break;
        }
        hasher.update(&piece[..read]);
        bytes += u64::try_from(read)?;
    }
    let sha256 = data_encoding::HEXLOWER.encode(&hasher.finalize());
    Ok(Part { name: name.to_owned(), bytes, sha256 })
}

fn make_private(path: &Path, mode: u32) -> Result<(), Failure> {
    #[cfg(unix)]
    {
        let rights = std::os::unix::fs::PermissionsExt::from_mode(mode);
        fs::set_permissions(path, rights)?;
    }
    #[cfg(not(unix))]
    let _ = (path, mode);
    Ok(())
}

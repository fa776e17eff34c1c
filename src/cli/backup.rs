//! `fyren backup` and `fyren restore`: both stores into a folder and back.

use super::{Failure, WrongUsage, open, print_json, print_line};
use crate::{
    config::StoreArgs,
    store::{self, AuditCheck},
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
    #[arg(value_name = "FOLDER")]
    folder: PathBuf,
    /// Put the secrets beside the data, so that receipts still open after a restore.
    #[arg(long)]
    with_secrets: bool,
    #[command(flatten)]
    store: StoreArgs,
}

/// Arguments of `fyren restore`.
#[derive(Debug, clap::Args)]
pub struct RestoreArgs {
    /// Folder that `fyren backup` has made.
    #[arg(value_name = "FOLDER")]
    folder: PathBuf,
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

/// Copies both stores as of one moment each, while they may be in use.
pub async fn backup(args: BackupArgs) -> Result<(), Failure> {
    let files = files_of(&args.store)?;
    fs::create_dir(&args.folder).with_context(|| args.folder.display().to_string())?;
    make_private(&args.folder, 0o700)?;
    let mut parts = Vec::new();
    for ((context, name), _) in STORES.into_iter().zip(files) {
        let url = match context {
            Context::Municipal => args.store.database.clone(),
            Context::Police => args.store.police_url(),
        };
        let copy = args.folder.join(name);
        store::copy(&url, context, &copy).await?;
        parts.push(part(&copy, name)?);
    }
    if args.with_secrets {
        let copy = args.folder.join(SECRETS);
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
    fs::write(args.folder.join(MANIFEST), serde_json::to_vec_pretty(&manifest)?)?;
    tell(&args.store, &manifest, "backed up")
}

/// Puts a backup where nothing is yet, after every byte was checked.
pub async fn restore(args: RestoreArgs) -> Result<(), Failure> {
    let text = fs::read(args.folder.join(MANIFEST)).context("this folder holds no whole backup")?;
    let manifest: Manifest = serde_json::from_slice(&text).context(MANIFEST)?;
    if manifest.format != FORMAT {
        bail!("the format {} is not known", manifest.format);
    }
    let stores = files_of(&args.store)?;
    let mut copies: Vec<(&str, PathBuf)> =
        STORES.iter().map(|(_, name)| *name).zip(stores).collect();
    if manifest.holds_secrets {
        copies.push((SECRETS, args.store.secrets_file()));
    }
    for (name, target) in &copies {
        let expected = manifest.files.iter().find(|part| part.name == *name);
        let expected = expected.with_context(|| format!("{name} is missing"))?;
        if part(&args.folder.join(name), name)?.sha256 != expected.sha256 {
            bail!("{name} was changed after it was backed up; nothing was restored");
        }
        if target.try_exists()? {
            bail!("{} is there already; nothing was restored", target.display());
        }
    }
    for (name, target) in &copies {
        fs::copy(args.folder.join(name), target)?;
        make_private(target, 0o600)?;
    }
    let app = open(&args.store).await?;
    let mut broken = None;
    for context in Context::ALL {
        if let AuditCheck::BrokenAt { position } = app.store(*context).verify_audit().await? {
            broken = Some((*context, position));
        }
    }
    app.close().await;
    if let Some((context, position)) = broken {
        bail!("{context}: the audit log of the backup is broken at entry {position}");
    }
    tell(&args.store, &manifest, "restored")
}

fn tell(args: &StoreArgs, manifest: &Manifest, done: &str) -> Result<(), Failure> {
    if args.json {
        return print_json(&serde_json::to_value(manifest)?);
    }
    let secrets = if manifest.holds_secrets { "with" } else { "without" };
    print_line(&format!("{done} {} files, {secrets} the secrets", manifest.files.len()))
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

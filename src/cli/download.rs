//! The one step that needs a net: a file for the base map, downloaded when
//! somebody asks for it.

use super::import::Bar;
use super::{Failure, WrongUsage};
use anyhow::{Context, anyhow, ensure};
use std::path::{Path, PathBuf};
use std::time::Duration;
use tokio::io::AsyncWriteExt;

/// Without a byte for so long the other side is taken to be gone.
const SILENCE: Duration = Duration::from_mins(1);

/// Downloads `address` into `folder` under its own name, and replaces an older
/// file of that name only when the new one is whole.
///
/// # Errors
/// Wrong usage for an address without a file's name; an answer other than 2xx,
/// fewer bytes than were announced, a folder that cannot be written.
pub async fn download(address: &str, folder: &Path) -> Result<PathBuf, Failure> {
    let bad = |why: &str| Failure::from(WrongUsage(format!("{address}: {why}")));
    let url = reqwest::Url::parse(address).map_err(|_form| bad("not an address"))?;
    let name = url.path_segments().and_then(|mut parts| parts.next_back()).unwrap_or_default();
    if name.is_empty() {
        return Err(bad("the address names no file"));
    }
    let file = folder.join(name);
    let part = folder.join(format!("{name}.part"));
    let done = receive(url.clone(), &part).await;
    if done.is_err() {
        // Half a file is worse than none.
        let _ = tokio::fs::remove_file(&part).await;
    }
    done.with_context(|| address.to_owned())?;
    tokio::fs::rename(&part, &file).await.with_context(|| file.display().to_string())?;
    Ok(file)
}

async fn receive(url: reqwest::Url, part: &Path) -> Result<(), Failure> {
    let client = reqwest::Client::builder()
        .user_agent(concat!("Fyren/", env!("CARGO_PKG_VERSION")))
        .connect_timeout(SILENCE)
        .read_timeout(SILENCE)
        .build()?;
    let mut answer = client.get(url).send().await?;
    ensure!(answer.status().is_success(), "the server answered {}", answer.status());
    let announced = answer.content_length();
    let bar = Bar::of(announced.unwrap_or_default());
    let mut out =
        tokio::fs::File::create(part).await.with_context(|| part.display().to_string())?;
    let mut received = 0;
    while let Some(bytes) = answer.chunk().await? {
        out.write_all(&bytes).await?;
        received += bytes.len() as u64;
        bar.advance(bytes.len());
    }
    out.sync_all().await?;
    bar.finish();
    match announced {
        Some(announced) if announced != received => {
            Err(anyhow!("{received} of {announced} bytes came"))
        }
        _ => Ok(()),
    }
}

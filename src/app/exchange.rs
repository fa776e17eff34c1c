//! Summaries by a folder that two installations share: each writes its own and
//! reads the other's.

use super::{App, Error, Result, SummaryOutcome};
use fyren_core::domain::{Context, Violation};
use std::path::{Path, PathBuf};

/// Where summaries are exchanged, and whose are believed.
#[derive(Debug, Clone)]
pub struct Exchange {
    /// The folder.
    pub folder: PathBuf,
    /// Keys of other installations.
    pub trusted: Vec<String>,
}

const ACTOR: &str = "exchange";
const ENDING: &str = "fyren-summary";

impl App {
    /// Writes a summary of each municipality for each context that this process
    /// serves, and keeps every one that another has written since. Gives how
    /// many were kept; one that is refused is noted in the log and left.
    ///
    /// # Errors
    /// Where the folder or a store cannot be used.
    pub async fn exchange_summaries(&self, exchange: &Exchange) -> Result<usize> {
        let own: Vec<Context> = self.contexts().collect();
        for summary in self.municipalities().await? {
            let ground = self.ground(summary.code.as_str()).await?;
            for context in &own {
                let text = self.export_summary(ACTOR, &ground, *context).await?;
                let name = format!("{context}-{}.{ENDING}", summary.code);
                write_whole(&exchange.folder.join(name), text).await?;
            }
        }
        let mut kept = 0;
        for path in written_by_others(&exchange.folder, &own).await? {
            let text = tokio::fs::read_to_string(&path).await.map_err(|e| broken(&e))?;
            match self.import_summary(ACTOR, &text, &exchange.trusted).await {
                Ok(SummaryOutcome::Kept(..)) => kept += 1,
                Ok(SummaryOutcome::Known) => {}
                Err(fault @ (Error::Invalid(_) | Error::Conflict(_) | Error::NotFound)) => {
                    tracing::warn!(reason = %fault, "a summary is refused");
                }
                Err(fault) => return Err(fault),
            }
        }
        Ok(kept)
    }
}

async fn write_whole(path: &Path, text: String) -> Result<()> {
    let beside = path.with_extension("part");
    tokio::fs::write(&beside, text).await.map_err(|e| broken(&e))?;
    tokio::fs::rename(&beside, path).await.map_err(|e| broken(&e))
}

async fn written_by_others(folder: &Path, own: &[Context]) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let mut entries = tokio::fs::read_dir(folder).await.map_err(|e| broken(&e))?;
    while let Some(entry) = entries.next_entry().await.map_err(|e| broken(&e))? {
        let name = entry.file_name().to_string_lossy().into_owned();
        let context = name.strip_suffix(&format!(".{ENDING}")).and_then(|n| n.split('-').next());
        let context = context.and_then(Context::parse);
        if context.is_some_and(|context| !own.contains(&context)) {
            found.push(entry.path());
        }
    }
    found.sort();
    Ok(found)
}

fn broken(fault: &std::io::Error) -> Error {
    tracing::warn!(reason = %fault, "the folder of summaries");
    Violation::new("folder", "not_valid").into()
}

//! `fyren demo`: two minutes that convince a council.

use super::{
    Failure, WrongUsage, open, print_line,
    serve::{listen, start_log, until_stopped},
};
use crate::{
    app::App,
    config::{ServeArgs, StoreArgs},
    http::Options,
};
use std::{path::PathBuf, sync::Arc};

/// Arguments of `fyren demo`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Data base that is filled, or kept where it is filled already; a
    /// temporary file where none is given.
    #[arg(long, env = "FYREN_DATABASE", value_name = "URL")]
    database: Option<String>,
    /// Data base of the police context; beside the first where it is not given.
    #[arg(long, env = "FYREN_POLICE_DATABASE", value_name = "URL")]
    police_database: Option<String>,
    /// Folder that holds the secrets; beside the data base where it is not given.
    #[arg(long, env = "FYREN_SECRETS", value_name = "FOLDER")]
    secrets: Option<PathBuf>,
    /// Write the log-ins as one JSON document to standard output.
    #[arg(long)]
    json: bool,
    /// Synthetic reports a year.
    #[arg(long, default_value_t = 300, value_parser = clap::value_parser!(u32).range(50..=5000))]
    per_year: u32,
    #[command(flatten)]
    serve: ServeArgs,
}

/// Fills the data base where need be, tells the log-ins, and serves.
pub async fn run(args: Args) -> Result<(), Failure> {
    start_log(&args.serve)?;
    let folder = match args.database {
        Some(_) => None,
        None => Some(TemporaryFolder::make()?),
    };
    let database = match (&args.database, &folder) {
        (Some(url), _) => url.clone(),
        (None, Some(folder)) => format!("sqlite://{}", folder.0.join("demo.db").display()),
        (None, None) => StoreArgs::DEFAULT_DATABASE.to_owned(),
    };
    let store = StoreArgs {
        database,
        police_database: args.police_database,
        secrets: args.secrets,
        json: args.json,
    };
    let app = Arc::new(open(&store).await?);
    app.prepare_demo(args.per_year).await?;
    tell_logins(&app, args.json).await?;
    let listener = listen(&args.serve).await?;
    tell(&format!("open http://{}/", listener.local_addr()?));
    until_stopped(app, listener, Options::new(args.serve, true).map_err(WrongUsage)?).await
}

#[expect(clippy::print_stderr, reason = "standard output is for the log-ins alone")]
fn tell(line: &str) {
    eprintln!("{line}");
}

async fn tell_logins(app: &App, json: bool) -> Result<(), Failure> {
    let logins = app.demo_logins().await?;
    if json {
        let views = logins.iter().map(|login| {
            serde_json::json!({
                "role": login.role.code(),
                "name": login.name,
                "password": login.password,
                "token": login.token,
            })
        });
        return super::print_json(&views.collect());
    }
    logins.iter().try_for_each(|login| {
        print_line(&format!(
            "{}\t{}\t{}\t{}",
            login.role.code(),
            login.name,
            login.password,
            login.token
        ))
    })
}

/// A folder that goes when the demonstration ends.
struct TemporaryFolder(PathBuf);

impl TemporaryFolder {
    fn make() -> std::io::Result<Self> {
        let name = format!("fyren-demo-{}", std::process::id());
        let path = std::env::temp_dir().join(name);
        std::fs::create_dir_all(&path)?;
        Ok(Self(path))
    }
}

impl Drop for TemporaryFolder {
    fn drop(&mut self) {
        // What cannot be removed is the operating system's to clean up.
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

//! `fyren serve`.

use super::{Failure, WrongUsage, open};
use crate::{
    app::{App, Exchange, Mailer},
    clock::{Clock, System},
    config::{self, ServeArgs, StoreArgs},
    http::{Options, serve},
    jobs,
    telemetry::{self, LogFormat},
};
use anyhow::Context as _;
use fyren_core::domain::Context;
use std::sync::Arc;
use tokio::{
    net::TcpListener,
    signal::unix::{SignalKind, signal},
    sync::watch,
};

/// Arguments of `fyren serve`.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    store: StoreArgs,
    #[command(flatten)]
    serve: ServeArgs,
}

/// Serves until it is told to stop.
pub async fn run(args: Args) -> Result<(), Failure> {
    start_log(&args.serve)?;
    let options = Options::new(args.serve, false).map_err(WrongUsage)?;
    let mut app = open(&args.store).await?;
    if let Some(context) = Context::parse(&options.args.contexts) {
        app.serve_only(context);
    }
    let app = Arc::new(app);
    let listener = listen(&options.args).await?;
    tracing::info!(address = %listener.local_addr()?, "listening");
    until_stopped(app, listener, options).await
}

/// Starts logging as the operator chose.
pub fn start_log(args: &ServeArgs) -> Result<(), Failure> {
    let format = LogFormat::parse(&args.log).unwrap_or_default();
    let filter = config::log_filter();
    let filter = filter.as_deref().unwrap_or(telemetry::DEFAULT_FILTER);
    telemetry::start(format, filter, || System.now()).map_err(Into::into)
}

/// Binds the address that was asked for.
pub async fn listen(args: &ServeArgs) -> Result<TcpListener, Failure> {
    TcpListener::bind(args.listen)
        .await
        .with_context(|| format!("cannot listen on {}", args.listen))
}

/// What sends letters, where a mail server is set.
fn mailer(args: &ServeArgs, listener: &TcpListener) -> Result<Option<Mailer>, Failure> {
    let Some((url, from)) = args.mail().context("cannot read --smtp-url-file")? else {
        return Ok(None);
    };
    let origin = match &args.public_url {
        Some(url) => url.clone(),
        None => format!("http://{}", listener.local_addr()?),
    };
    Ok(Some(Mailer::open(&url, &from, &origin)?))
}

/// Serves until SIGTERM or SIGINT.
pub async fn until_stopped(
    app: Arc<App>,
    listener: TcpListener,
    options: Options,
) -> Result<(), Failure> {
    let (stop, stopped) = watch::channel(false);
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    tokio::spawn(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
        tracing::info!("stopping");
        // Nobody listens any more only where the server has already ended.
        let _ = stop.send(true);
    });
    let mailer = mailer(&options.args, &listener)?;
    tokio::spawn(jobs::run(Arc::clone(&app), mailer, stopped.clone()));
    if let Some(folder) = options.args.summary_folder.clone() {
        let exchange = Exchange { folder, trusted: options.args.summary_trust.clone() };
        tokio::spawn(jobs::exchange(Arc::clone(&app), exchange, stopped.clone()));
    }
    serve(app, listener, options, stopped).await.map_err(Into::into)
}

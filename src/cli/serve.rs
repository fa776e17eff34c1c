//! `fyren serve`.

use super::{Failure, open};
use crate::{
    app::App,
    clock::{Clock, System},
    config::{self, ServeArgs, StoreArgs},
    http::{Options, serve},
    jobs,
    telemetry::{self, LogFormat},
};
use anyhow::Context;
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
    let app = Arc::new(open(&args.store).await?);
    let listener = listen(&args.serve).await?;
    tracing::info!(address = %listener.local_addr()?, "listening");
    until_stopped(app, listener, Options { args: args.serve, demo: false }).await
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
    tokio::spawn(jobs::run(Arc::clone(&app), stopped.clone()));
    serve(app, listener, options, stopped).await.map_err(Into::into)
}

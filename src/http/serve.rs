//! Listening, answering, and stopping in time.

use super::{
    limit::Limiter,
    pages::Templates,
    router,
    state::{MailMode, Web},
    unchanged::Answered,
};
use crate::{
    app::{App, GroupGrant, Provider, ProviderSettings, Site},
    config::{RateLimit, ServeArgs},
};
use axum::Router;
use std::{net::SocketAddr, num::NonZeroU32, sync::Arc, time::Duration};
use tokio::{net::TcpListener, sync::watch};

/// How a server is started.
#[derive(Clone)]
pub struct Options {
    /// What the operator chose.
    pub args: ServeArgs,
    /// Whether the demonstration's own pages are served; lifts the rate limit
    /// where none was chosen.
    pub demo: bool,
    /// The identity provider and what its groups may be here.
    provider: Option<(ProviderSettings, Vec<GroupGrant>)>,
}

impl Options {
    /// What the operator chose, checked.
    ///
    /// # Errors
    /// What is wrong with the choice of an identity provider, in words.
    pub fn new(args: ServeArgs, demo: bool) -> Result<Self, String> {
        let Some(issuer) = args.oidc_issuer.clone() else {
            return Ok(Self { args, demo, provider: None });
        };
        let secret = args.oidc_secret().map_err(|fault| format!("--oidc-secret-file: {fault}"))?;
        let grants = args.oidc_grant.iter().map(|text| text.parse());
        let grants: Result<Vec<GroupGrant>, String> = grants.collect();
        let grants = grants.map_err(|fault| format!("--oidc-grant: {fault}"))?;
        let home = args.public_url.as_deref().unwrap_or_default().trim_end_matches('/');
        let settings = ProviderSettings {
            issuer,
            client: args.oidc_client.clone().unwrap_or_default(),
            secret,
            redirect: format!("{home}/api/v1/session/provider"),
            groups_claim: args.oidc_groups.clone(),
            scopes: args.oidc_scope.clone(),
        };
        Ok(Self { args, demo, provider: Some((settings, grants)) })
    }
}

/// Reports a minute from one network where the operator chose nothing.
const REPORTS_PER_MINUTE: NonZeroU32 = NonZeroU32::new(60).expect("60 is not 0");
/// Failed look-ups and sign-ins a minute from one network.
const GUESSES_PER_MINUTE: NonZeroU32 = NonZeroU32::new(20).expect("20 is not 0");
/// Longest time that open connections get to finish when the server stops.
const GRACE: Duration = Duration::from_secs(5);

/// Every route, ready to answer with `app`; streams end when `stop` turns true.
pub fn build(app: Arc<App>, options: &Options, stop: watch::Receiver<bool>) -> Router {
    let per_minute = match options.args.rate_limit {
        Some(RateLimit::Off) => None,
        Some(RateLimit::PerMinute(n)) => Some(n),
        None if options.demo => None,
        None => Some(REPORTS_PER_MINUTE),
    };
    let proxies = options.args.proxies.clone();
    router(Arc::new(Web {
        app,
        limiter: Limiter::new(per_minute, proxies.clone()),
        guesses: Limiter::new(Some(GUESSES_PER_MINUTE), proxies),
        answered: Answered::default(),
        templates: Templates,
        demo: options.demo,
        mail: match (options.args.sends_mail(), options.demo) {
            (true, _) => MailMode::Sent,
            (false, true) => MailMode::Shown,
            (false, false) => MailMode::Off,
        },
        secure: options.args.secure(),
        site: options.args.public_url.as_deref().and_then(Site::new),
        provider: options
            .provider
            .clone()
            .and_then(|(settings, grants)| Some((Provider::new(settings).ok()?, grants))),
        embed_for: options.args.embed_for.clone(),
        public_url: options
            .args
            .public_url
            .as_deref()
            .unwrap_or_default()
            .trim_end_matches('/')
            .to_owned(),
        stopping: stop,
    }))
}

/// Serves on `listener` until `stop` is true, then finishes what is open for a
/// few seconds and closes the stores.
///
/// # Errors
/// Where the listener fails.
pub async fn serve(
    app: Arc<App>,
    listener: TcpListener,
    options: Options,
    mut stop: watch::Receiver<bool>,
) -> std::io::Result<()> {
    let router = build(Arc::clone(&app), &options, stop.clone());
    let service = router.into_make_service_with_connect_info::<SocketAddr>();
    let mut stopping = stop.clone();
    let server = axum::serve(listener, service).with_graceful_shutdown(async move {
        // An error means that nobody can ask for a stop any more.
        let _ = stopping.wait_for(|stop| *stop).await;
    });
    let mut server = tokio::spawn(async move { server.await });
    let ended = tokio::select! {
        ended = &mut server => Some(ended),
        _ = stop.wait_for(|stop| *stop) => None,
    };
    let ended = match ended {
        Some(ended) => Some(ended),
        None => tokio::time::timeout(GRACE, &mut server).await.ok(),
    };
    server.abort();
    app.close().await;
    match ended {
        Some(Ok(result)) => result,
        Some(Err(_)) | None => Ok(()),
    }
}

//! What the operator chose.

use clap::Args;
use std::{net::IpAddr, net::SocketAddr, num::NonZeroU32, path::PathBuf};

/// Which data bases a command uses.
#[derive(Debug, Clone, Args)]
pub struct StoreArgs {
    /// Data base of the municipal context: `sqlite:///path` or `postgres://…`
    #[arg(long, env = "FYREN_DATABASE", default_value = StoreArgs::DEFAULT_DATABASE, value_name = "URL")]
    pub database: String,
    /// Data base of the police context; beside the first where it is not given.
    #[arg(long, env = "FYREN_POLICE_DATABASE", value_name = "URL")]
    pub police_database: Option<String>,
    /// Folder that holds the secrets; beside the data base where it is not given.
    #[arg(long, env = "FYREN_SECRETS", value_name = "FOLDER")]
    pub secrets: Option<PathBuf>,
    /// Write exactly one JSON document to standard output, all else to standard error.
    #[arg(long)]
    pub json: bool,
}

impl StoreArgs {
    /// Where the data base lies unless the operator says otherwise.
    pub const DEFAULT_DATABASE: &str = "sqlite://fyren.db";

    /// The address of the police context's data base: `NAME-police.db` beside
    /// a SQLite file, the same data base (its own schema) on PostgreSQL.
    pub fn police_url(&self) -> String {
        if let Some(url) = &self.police_database {
            return url.clone();
        }
        if !self.database.starts_with("sqlite:") {
            return self.database.clone();
        }
        let (path, query) = match self.database.split_once('?') {
            Some((path, query)) => (path, format!("?{query}")),
            None => (self.database.as_str(), String::new()),
        };
        match path.strip_suffix(".db") {
            Some(stem) => format!("{stem}-police.db{query}"),
            None => format!("{path}-police{query}"),
        }
    }

    /// The file that holds the secrets: `NAME.secrets` beside a SQLite file,
    /// `fyren.secrets` in the folder given or, on PostgreSQL, in the working folder.
    pub fn secrets_file(&self) -> PathBuf {
        let path = self.database.strip_prefix("sqlite:").map(|rest| {
            let rest = rest.strip_prefix("//").unwrap_or(rest);
            PathBuf::from(rest.split('?').next().unwrap_or(rest))
        });
        let name = path.as_deref().and_then(|path| path.file_stem()).unwrap_or("fyren".as_ref());
        let file = PathBuf::from(name).with_extension("secrets");
        match (&self.secrets, path.as_deref().and_then(|path| path.parent())) {
            (Some(folder), _) => folder.join(file),
            (None, Some(folder)) => folder.join(file),
            (None, None) => file,
        }
    }
}

/// How many reports a minute one network may send.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RateLimit {
    /// Any number.
    Off,
    /// So many a minute.
    PerMinute(NonZeroU32),
}

impl std::str::FromStr for RateLimit {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if text == "off" {
            return Ok(Self::Off);
        }
        text.parse()
            .map(Self::PerMinute)
            .map_err(|_unreadable| "a number above 0, or off".to_owned())
    }
}

/// How the server listens and what it believes.
#[derive(Debug, Clone, Args)]
pub struct ServeArgs {
    /// Where to listen.
    #[arg(long, env = "FYREN_LISTEN", default_value = "127.0.0.1:8080", value_name = "ADDR:PORT")]
    pub listen: SocketAddr,
    /// Address under which the public reaches this server; https makes cookies secure.
    #[arg(long, env = "FYREN_PUBLIC_URL", value_name = "URL")]
    pub public_url: Option<String>,
    /// Reports a minute from one network, or off.
    #[arg(long, env = "FYREN_RATE_LIMIT", value_name = "N|off")]
    pub rate_limit: Option<RateLimit>,
    /// Proxies whose forwarding header counts, separated by commas.
    #[arg(long, env = "FYREN_PROXIES", value_delimiter = ',', value_name = "ADDR")]
    pub proxies: Vec<IpAddr>,
    /// Sites whose pages may show the form in a frame, such as `https://www.sotenas.se`,
    /// separated by commas.
    #[arg(long, env = "FYREN_EMBED_FOR", value_delimiter = ',', value_name = "ORIGIN")]
    pub embed_for: Vec<String>,
    /// Mail server for letters: `smtp://host:25`, `smtp://user:password@host:587?tls=required`
    /// or `smtps://…`; without one no letters are sent.
    #[arg(
        long,
        env = "FYREN_SMTP_URL",
        value_name = "URL",
        requires = "mail_from",
        conflicts_with = "smtp_url_file"
    )]
    pub smtp_url: Option<String>,
    /// File whose only line is that address, so that its password is in no list of processes.
    #[arg(long, env = "FYREN_SMTP_URL_FILE", value_name = "FILE", requires = "mail_from")]
    pub smtp_url_file: Option<PathBuf>,
    /// Sender of letters: `Fyren Sotenäs <no-reply@example.org>`.
    #[arg(long, env = "FYREN_MAIL_FROM", value_name = "ADDRESS")]
    pub mail_from: Option<String>,
    /// Which contexts this process serves: both, municipal or police.
    #[arg(long, env = "FYREN_CONTEXTS", default_value = "both", value_parser = ["both", "municipal", "police"])]
    pub contexts: String,
    /// Folder in which summaries are exchanged with the other context's process.
    #[arg(long, env = "FYREN_SUMMARY_FOLDER", value_name = "FOLDER", requires = "summary_trust")]
    pub summary_folder: Option<PathBuf>,
    /// Key of the other process, as its `fyren summary key` prints it.
    #[arg(long, env = "FYREN_SUMMARY_TRUST", value_delimiter = ',', value_name = "KEY")]
    pub summary_trust: Vec<String>,
    /// Identity provider that vouches for staff (`OpenID` Connect), by its address.
    #[arg(long, env = "FYREN_OIDC_ISSUER", value_name = "URL", requires_all = ["oidc_client", "public_url"])]
    pub oidc_issuer: Option<String>,
    /// How the identity provider knows this installation.
    #[arg(long, env = "FYREN_OIDC_CLIENT", value_name = "ID")]
    pub oidc_client: Option<String>,
    /// File that holds what proves to the provider that it is this installation.
    #[arg(long, env = "FYREN_OIDC_SECRET_FILE", value_name = "FILE")]
    pub oidc_secret_file: Option<PathBuf>,
    /// Claim that lists a user's groups.
    #[arg(long, env = "FYREN_OIDC_GROUPS", default_value = "groups", value_name = "CLAIM")]
    pub oidc_groups: String,
    /// Further scope to ask the provider for, where it gives groups only then.
    #[arg(long, env = "FYREN_OIDC_SCOPES", value_delimiter = ',', value_name = "SCOPE")]
    pub oidc_scope: Vec<String>,
    /// What a group may be, `GROUP=ROLE@CODE` or `GROUP=ROLE@area:NAME`; may be given many times.
    #[arg(long, env = "FYREN_OIDC_GRANTS", value_delimiter = ',', value_name = "GROUP=ROLE@WHERE")]
    pub oidc_grant: Vec<String>,
    /// How log lines are written: human or json.
    #[arg(long, env = "FYREN_LOG", default_value = "human", value_parser = ["human", "json"])]
    pub log: String,
}

impl ServeArgs {
    /// Whether letters are sent.
    pub const fn sends_mail(&self) -> bool {
        self.smtp_url.is_some() || self.smtp_url_file.is_some()
    }

    /// The mail server and the sender of letters, where letters are sent.
    ///
    /// # Errors
    /// Where the file cannot be read.
    pub fn mail(&self) -> std::io::Result<Option<(String, String)>> {
        let url = match (&self.smtp_url, &self.smtp_url_file) {
            (Some(url), _) => Some(url.clone()),
            (None, Some(file)) => Some(std::fs::read_to_string(file)?.trim().to_owned()),
            (None, None) => None,
        };
        Ok(url.zip(self.mail_from.clone()))
    }

    /// Whether the public comes over TLS, so that cookies are `__Host-` and secure.
    pub fn secure(&self) -> bool {
        self.public_url.as_deref().is_some_and(|url| url.starts_with("https://"))
    }

    /// What proves to the identity provider that it is this installation.
    ///
    /// # Errors
    /// Where the file cannot be read.
    pub fn oidc_secret(&self) -> std::io::Result<Option<String>> {
        let read = |path: &PathBuf| std::fs::read_to_string(path);
        let text = self.oidc_secret_file.as_ref().map(read).transpose()?;
        Ok(text.map(|text| text.trim().to_owned()))
    }
}

/// What `RUST_LOG` asks of the log, if anything.
#[expect(clippy::disallowed_methods, reason = "this is the one place that reads the environment")]
pub fn log_filter() -> Option<String> {
    std::env::var("RUST_LOG").ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn args(database: &str) -> StoreArgs {
        StoreArgs { database: database.into(), police_database: None, secrets: None, json: false }
    }

    #[test]
    fn the_police_file_lies_beside_the_municipal_one() {
        assert_eq!(args("sqlite:///var/a.db").police_url(), "sqlite:///var/a-police.db");
        assert_eq!(args("sqlite://a").police_url(), "sqlite://a-police");
        assert_eq!(args("postgres://h/x").police_url(), "postgres://h/x");
    }

    #[test]
    fn the_secrets_lie_beside_the_file_or_in_the_folder_given() {
        assert_eq!(args("sqlite:///var/a.db").secrets_file(), PathBuf::from("/var/a.secrets"));
        assert_eq!(args("sqlite://a.db").secrets_file(), PathBuf::from("a.secrets"));
        let mut elsewhere = args("postgres://h/x");
        elsewhere.secrets = Some("/etc/fyren".into());
        assert_eq!(elsewhere.secrets_file(), PathBuf::from("/etc/fyren/fyren.secrets"));
    }
}

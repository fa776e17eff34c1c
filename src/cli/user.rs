//! `fyren user`: users, their passwords and tokens.

use super::{Failure, WrongUsage, open, print_json, print_line};
use crate::{app::NewUser, config::StoreArgs};
use clap::Subcommand;
use fyren_core::domain::{Grant, MunicipalityCode, Role, Scope, User};
use std::io::BufRead;

/// Arguments of `fyren user`.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Make a user, or change one; the password is read from standard input.
    Add {
        /// Name to sign in with: a function, not a person.
        name: String,
        /// Role: reporter, fieldworker, officer, police-planner, coordinator, est, admin, auditor.
        #[arg(long, required = true, value_name = "ROLE")]
        role: Vec<String>,
        /// Municipality in which the roles hold.
        #[arg(
            long,
            value_name = "CODE",
            conflicts_with = "area",
            required_unless_present = "area"
        )]
        municipality: Option<String>,
        /// Area in whose municipalities the roles hold.
        #[arg(long, value_name = "NAME")]
        area: Option<String>,
        #[command(flatten)]
        store: StoreArgs,
    },
    /// Issue a bearer token, told once.
    Token {
        /// Name of the user.
        name: String,
        /// What it is for.
        #[arg(long, default_value = "command line")]
        label: String,
        #[command(flatten)]
        store: StoreArgs,
    },
    /// List users.
    List {
        #[command(flatten)]
        store: StoreArgs,
    },
}

const ACTOR: &str = "command line";

/// Does what was asked.
pub async fn run(args: Args) -> Result<(), Failure> {
    match args.action {
        Action::Add { name, role, municipality, area, store } => {
            let scope = match (municipality, area) {
                (Some(code), _) => Scope::Municipality(MunicipalityCode::parse(&code)?),
                (None, area) => Scope::Area(area.unwrap_or_default()),
            };
            let grants = role.iter().map(|code| grant(code, &scope)).collect::<Result<_, _>>()?;
            let password = read_password()?;
            let app = open(&store).await?;
            let user = app.save_user(ACTOR, NewUser { name, grants, password }).await?;
            app.close().await;
            if store.json { print_json(&view(&user)) } else { print_line(&line(&user)) }
        }
        Action::Token { name, label, store } => {
            let app = open(&store).await?;
            let user = app.user_by_name(&name).await?;
            let token = app.issue_token(ACTOR, &user, &label).await?;
            app.close().await;
            if store.json {
                print_json(&serde_json::json!({ "name": name, "label": label, "token": token }))
            } else {
                print_line(&token)
            }
        }
        Action::List { store } => {
            let app = open(&store).await?;
            let users = app.users().await?;
            app.close().await;
            if store.json {
                return print_json(&users.iter().map(view).collect());
            }
            users.iter().try_for_each(|user| print_line(&line(user)))
        }
    }
}

fn grant(code: &str, scope: &Scope) -> Result<Grant, WrongUsage> {
    let role = Role::parse(code).ok_or_else(|| WrongUsage(format!("--role: no role {code}")))?;
    Ok(Grant { role, scope: scope.clone() })
}

fn read_password() -> Result<String, Failure> {
    let mut line = String::new();
    std::io::stdin().lock().read_line(&mut line)?;
    Ok(line.trim_end_matches(['\n', '\r']).to_owned())
}

fn scope(grant: &Grant) -> &str {
    match &grant.scope {
        Scope::Municipality(code) => code.as_str(),
        Scope::Area(name) => name,
    }
}

fn line(user: &User) -> String {
    let grants = user.grants.iter().map(|g| format!("{} in {}", g.role.code(), scope(g)));
    format!("{}\t{}", user.name, grants.collect::<Vec<_>>().join(", "))
}

fn view(user: &User) -> serde_json::Value {
    let grants = user.grants.iter().map(|grant| {
        serde_json::json!({
            "role": grant.role.code(),
            "context": grant.role.context().code(),
            "scope": scope(grant),
        })
    });
    serde_json::json!({
        "name": user.name,
        "active": user.active,
        "grants": grants.collect::<serde_json::Value>(),
    })
}

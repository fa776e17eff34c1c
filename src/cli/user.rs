//! `fyren user`: users, their passwords and tokens.

use super::{Failure, WrongUsage, open, print_json, print_line};
use crate::{
    app::{App, NewUser, UserChange},
    config::StoreArgs,
};
use clap::Subcommand;
use fyren_core::domain::{Grant, MunicipalityCode, Role, Scope, User};
use std::io::{BufRead, IsTerminal};

/// Arguments of `fyren user`.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Make a user, or change one; the password is asked for, or read from standard input.
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
    /// Give a user a role somewhere; every session of the user ends.
    Grant {
        #[command(flatten)]
        grant: GrantArgs,
    },
    /// Take a role somewhere back from a user; every session of the user ends.
    Revoke {
        #[command(flatten)]
        grant: GrantArgs,
    },
    /// Let a user sign in no more; sessions end and tokens open nothing.
    Disable {
        #[command(flatten)]
        user: UserArgs,
    },
    /// Let a user sign in again.
    Enable {
        #[command(flatten)]
        user: UserArgs,
    },
    /// Give a user a fresh first password, told once; one-time codes, recovery
    /// codes, passkeys and sessions end.
    Reset {
        #[command(flatten)]
        user: UserArgs,
    },
    /// End every session of a user; tokens stay.
    SignOut {
        #[command(flatten)]
        user: UserArgs,
    },
    /// List the tokens of a user.
    Tokens {
        #[command(flatten)]
        user: UserArgs,
    },
    /// Take back every token of a user with this label.
    RevokeToken {
        /// What the tokens are for.
        #[arg(long)]
        label: String,
        #[command(flatten)]
        user: UserArgs,
    },
    /// Say which roles demand a second factor in a municipality; none without --role.
    SecondFactor {
        /// Municipality.
        #[arg(long, value_name = "CODE")]
        municipality: String,
        /// Role; may be given many times.
        #[arg(long, value_name = "ROLE")]
        role: Vec<String>,
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

/// A user by name.
#[derive(Debug, clap::Args)]
struct UserArgs {
    /// Name of the user.
    name: String,
    #[command(flatten)]
    store: StoreArgs,
}

/// A role of a user somewhere.
#[derive(Debug, clap::Args)]
struct GrantArgs {
    #[command(flatten)]
    user: UserArgs,
    /// Role: reporter, fieldworker, officer, police-planner, coordinator, est, admin, auditor.
    #[arg(long, value_name = "ROLE")]
    role: String,
    /// Municipality in which the role holds.
    #[arg(long, value_name = "CODE", conflicts_with = "area", required_unless_present = "area")]
    municipality: Option<String>,
    /// Area in whose municipalities the role holds.
    #[arg(long, value_name = "NAME")]
    area: Option<String>,
}

const ACTOR: &str = "command line";

/// Does what was asked.
pub async fn run(args: Args) -> Result<(), Failure> {
    match args.action {
        Action::Add { name, role, municipality, area, store } => {
            let scope = scope_of(municipality, area)?;
            let grants: Vec<Grant> =
                role.iter().map(|code| grant(code, &scope)).collect::<Result<_, _>>()?;
            let password = read_password()?;
            let app = open(&store).await?;
            let places = note_unknown(&app, &grants).await;
            let user = app.save_user(ACTOR, NewUser { name, grants, password }).await;
            app.close().await;
            places?;
            let user = user?;
            if store.json { print_json(&view(&user)) } else { print_line(&line(&user)) }
        }
        Action::Grant { grant: args } => {
            let granted = grant(&args.role, &scope_of(args.municipality, args.area)?)?;
            change(args.user, UserChange::Grant(granted)).await
        }
        Action::Revoke { grant: args } => {
            let granted = grant(&args.role, &scope_of(args.municipality, args.area)?)?;
            change(args.user, UserChange::Revoke(granted)).await
        }
        Action::Disable { user } => change(user, UserChange::Active(false)).await,
        Action::Enable { user } => change(user, UserChange::Active(true)).await,
        Action::Reset { user: UserArgs { name, store } } => {
            let app = open(&store).await?;
            let password = app.reset_named_user(ACTOR, &name).await;
            app.close().await;
            let password = password?;
            if store.json {
                print_json(&serde_json::json!({ "name": name, "password": password }))
            } else {
                print_line(&password)
            }
        }
        Action::SignOut { user: UserArgs { name, store } } => {
            let app = open(&store).await?;
            let user = app.end_named_sessions(ACTOR, &name).await;
            app.close().await;
            let user = user?;
            if store.json { print_json(&view(&user)) } else { print_line(&line(&user)) }
        }
        Action::Tokens { user: UserArgs { name, store } } => list_tokens(&name, &store).await,
        Action::RevokeToken { label, user: UserArgs { name, store } } => {
            let app = open(&store).await?;
            let revoked = app.revoke_named_tokens(ACTOR, &name, &label).await;
            app.close().await;
            let revoked = revoked?;
            if store.json {
                print_json(&serde_json::json!({ "name": name, "label": label, "revoked": revoked }))
            } else {
                print_line(&format!("{revoked} taken back"))
            }
        }
        Action::SecondFactor { municipality, role, store } => {
            let code = municipality_of(&municipality)?;
            let roles = role.iter().map(|code| self::role(code)).collect::<Result<Vec<_>, _>>()?;
            let app = open(&store).await?;
            let set = app.set_second_factors(ACTOR, &code, &roles).await;
            app.close().await;
            set?;
            let codes: Vec<&str> = roles.iter().map(|role| role.code()).collect();
            if store.json {
                print_json(&serde_json::json!({ "municipality": municipality, "roles": codes }))
            } else {
                print_line(&format!("{municipality}\t{}", codes.join(", ")))
            }
        }
        Action::Token { name, label, store } => {
            let app = open(&store).await?;
            let issued = async {
                let user = app.user_by_name(&name).await?;
                app.issue_token(ACTOR, &user, &label).await
            };
            let token = issued.await;
            app.close().await;
            let token = token?;
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

/// Changes a user and says what it is then.
async fn change(UserArgs { name, store }: UserArgs, change: UserChange) -> Result<(), Failure> {
    let app = open(&store).await?;
    let places = match &change {
        UserChange::Grant(grant) => note_unknown(&app, std::slice::from_ref(grant)).await,
        UserChange::Revoke(_) | UserChange::Active(_) => Ok(()),
    };
    let user = app.change_named_user(ACTOR, &name, change).await;
    app.close().await;
    places?;
    let user = user?;
    if store.json { print_json(&view(&user)) } else { print_line(&line(&user)) }
}

/// Says which places of some grants are not there yet: most likely a slip.
async fn note_unknown(app: &App, grants: &[Grant]) -> Result<(), Failure> {
    for grant in grants {
        if app.knows_scope(grant).await? {
            continue;
        }
        let (field, place) = match &grant.scope {
            Scope::Municipality(code) => ("municipality", code.as_str()),
            Scope::Area(name) => ("area", name.as_str()),
        };
        note(&format!("{field}: there is no {place} yet; the role holds once there is"));
    }
    Ok(())
}

#[expect(clippy::print_stderr, reason = "this is how the shell is told")]
fn note(text: &str) {
    eprintln!("fyren: {text}");
}

async fn list_tokens(name: &str, store: &StoreArgs) -> Result<(), Failure> {
    let app: App = open(store).await?;
    let tokens = app.named_tokens(name).await;
    app.close().await;
    let tokens = tokens?;
    if store.json {
        let views = tokens.iter().map(|token| {
            serde_json::json!({
                "label": token.label,
                "expires": token.expires.map(|at| at.to_string()),
                "lastUsedOn": token.last_used.map(|day| day.to_string()),
            })
        });
        return print_json(&views.collect());
    }
    tokens.iter().try_for_each(|token| {
        let ends = token.expires.map_or_else(|| "-".to_owned(), |at| at.to_string());
        let used = token.last_used.map_or_else(|| "-".to_owned(), |day| day.to_string());
        print_line(&format!("{}\t{ends}\t{used}", token.label))
    })
}

fn scope_of(municipality: Option<String>, area: Option<String>) -> Result<Scope, Failure> {
    Ok(match municipality {
        Some(code) => Scope::Municipality(municipality_of(&code)?),
        None => Scope::Area(area.unwrap_or_default()),
    })
}

fn municipality_of(code: &str) -> Result<MunicipalityCode, WrongUsage> {
    let wrong = |broken| WrongUsage(format!("--municipality: {code}: {broken}"));
    MunicipalityCode::parse(code)
        .map_err(|broken: fyren_core::domain::Violation| wrong(broken.rule))
}

fn role(code: &str) -> Result<Role, WrongUsage> {
    Role::parse(code).ok_or_else(|| WrongUsage(format!("--role: no role {code}")))
}

fn grant(code: &str, scope: &Scope) -> Result<Grant, WrongUsage> {
    Ok(Grant { role: role(code)?, scope: scope.clone() })
}

/// The password: asked for twice and not shown on a terminal, else the first
/// line of standard input.
fn read_password() -> Result<String, Failure> {
    if std::io::stdin().is_terminal() {
        let password = rpassword::prompt_password("Password: ")?;
        if rpassword::prompt_password("Again: ")? != password {
            anyhow::bail!("the two passwords are not the same");
        }
        return Ok(password);
    }
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
    let state = if user.active { "" } else { "\tdisabled" };
    format!("{}\t{}{state}", user.name, grants.collect::<Vec<_>>().join(", "))
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

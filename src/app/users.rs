//! Users, their passwords and tokens, as the command line administers them.

use super::{App, Error, Result, account::SHORTEST_PASSWORD, digest, failure};
use crate::{
    identity::{TOKEN_BYTES, hash_token, write_token},
    store::{Store, Token},
};
use fyren_core::domain::{Context, Grant, MunicipalityCode, Role, Scope, User, Violation};
use jiff::Timestamp;
use std::sync::Arc;

/// A user to be made.
#[derive(Debug, Clone)]
pub struct NewUser {
    /// Name to sign in with: 1 to 64 characters, a function, not a person.
    pub name: String,
    /// What the user may be, all in one context.
    pub grants: Vec<Grant>,
    /// Password, 12 characters or more.
    pub password: String,
}

/// What can be done to the user of a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum UserChange {
    /// Give a role somewhere.
    Grant(Grant),
    /// Take a role somewhere back.
    Revoke(Grant),
    /// Let the user sign in, or not.
    Active(bool),
}

/// Checks a name to sign in with.
pub(super) fn check_name(name: &str) -> Result<()> {
    let rule = match name.trim().chars().count() {
        0 => "required",
        65.. => "too_long",
        _ if name.chars().any(char::is_control) => "control_character",
        _ => return Ok(()),
    };
    Err(Violation::new("name", rule).into())
}

impl App {
    /// Makes a user in the context of its roles, or replaces its grants and password.
    ///
    /// # Errors
    /// [`Error::Invalid`] for the name, a short password, or roles of two contexts.
    pub async fn save_user(&self, actor: &str, new: NewUser) -> Result<User> {
        check_name(&new.name)?;
        if new.password.chars().count() < SHORTEST_PASSWORD {
            return Err(Violation::new("password", "too_short").into());
        }
        let context = context_of(&new.grants)?;
        let store = self.store(context);
        let known = store.secrets(&new.name).await.map_err(failure)?;
        let id = known.map_or_else(|| self.new_id(), |known| known.user.id);
        let user = User { id, name: new.name, grants: new.grants, active: true };
        let audit = || self.audit(actor, "manage_users", None, Some(user.id.to_string()));
        store.save_user(user.clone(), audit()).await.map_err(failure)?;
        let hash = self.hash(new.password).await?;
        store.set_password(user.id, hash, audit()).await.map_err(failure)?;
        self.forget_staff(&user.id.to_string());
        Ok(user)
    }

    /// Changes the user of this name; every session of the user ends.
    ///
    /// # Errors
    /// Violates `name: unknown_value` without one, `role: one_context` for a role
    /// of the other context, `role: unknown_value` for one to be taken back that
    /// the user does not have.
    pub async fn change_named_user(
        &self,
        actor: &str,
        name: &str,
        change: UserChange,
    ) -> Result<User> {
        let (store, mut user) = self.named(name).await?;
        let action = match change {
            UserChange::Grant(grant) => {
                if !user.grants.contains(&grant) {
                    user.grants.push(grant);
                }
                if context_of(&user.grants)? != store.context() {
                    return Err(Violation::new("role", "one_context").into());
                }
                "grant_role"
            }
            UserChange::Revoke(grant) => {
                let before = user.grants.len();
                user.grants.retain(|had| *had != grant);
                if user.grants.len() == before {
                    return Err(Violation::new("role", "unknown_value").into());
                }
                "revoke_role"
            }
            UserChange::Active(active) => {
                user.active = active;
                if active { "enable_user" } else { "disable_user" }
            }
        };
        let audit = self.audit(actor, action, None, Some(user.id.to_string()));
        store.save_user(user.clone(), audit).await.map_err(failure)?;
        self.forget_staff(&user.id.to_string());
        Ok(user)
    }

    /// Takes every proof of the user of this name away and gives a fresh first
    /// password, told once.
    ///
    /// # Errors
    /// Violates `name: unknown_value` without one.
    pub async fn reset_named_user(&self, actor: &str, name: &str) -> Result<String> {
        let (store, user) = self.named(name).await?;
        self.reset(actor, store, &user).await
    }

    /// Ends every session of the user of this name; tokens stay.
    ///
    /// # Errors
    /// Violates `name: unknown_value` without one.
    pub async fn end_named_sessions(&self, actor: &str, name: &str) -> Result<User> {
        let (store, user) = self.named(name).await?;
        let audit = self.audit(actor, "end_user_sessions", None, Some(user.id.to_string()));
        store.end_sessions(user.id, audit).await.map_err(failure)?;
        self.forget_staff(&user.id.to_string());
        Ok(user)
    }

    /// Whether the place of a grant is there already; a grant for one that is
    /// to come holds from then on.
    ///
    /// # Errors
    /// [`Error::Unavailable`] where the store cannot be read.
    pub async fn knows_scope(&self, grant: &Grant) -> Result<bool> {
        let store = self.store(grant.role.context());
        Ok(match &grant.scope {
            Scope::Area(name) => {
                store.areas().await.map_err(failure)?.iter().any(|area| area.name == *name)
            }
            Scope::Municipality(code) => {
                self.municipal.municipality(code).await.map_err(failure)?.is_some()
            }
        })
    }

    /// The tokens of the user of this name.
    ///
    /// # Errors
    /// Violates `name: unknown_value` without one.
    pub async fn named_tokens(&self, name: &str) -> Result<Vec<Token>> {
        let (store, user) = self.named(name).await?;
        store.tokens(user.id).await.map_err(failure)
    }

    /// Takes back every token of this label; gives how many there were.
    ///
    /// # Errors
    /// Violates `name` or `label: unknown_value` without the user or any such token.
    pub async fn revoke_named_tokens(&self, actor: &str, name: &str, label: &str) -> Result<usize> {
        let (store, user) = self.named(name).await?;
        let tokens = store.tokens(user.id).await.map_err(failure)?;
        let tokens: Vec<Token> = tokens.into_iter().filter(|token| token.label == label).collect();
        for token in &tokens {
            let audit = self.audit(actor, "revoke_token", None, Some(user.id.to_string()));
            store.delete_token(&token.hash, audit).await.map_err(failure)?;
        }
        self.forget_staff(&user.id.to_string());
        if tokens.is_empty() {
            return Err(Violation::new("label", "unknown_value").into());
        }
        Ok(tokens.len())
    }

    /// Sets which roles of a context demand a second factor in a municipality.
    ///
    /// # Errors
    /// Violates `municipality: unknown_value` without it.
    pub async fn set_second_factors(
        &self,
        actor: &str,
        municipality: &MunicipalityCode,
        roles: &[Role],
    ) -> Result<()> {
        self.ground(municipality.as_str()).await.map_err(|error| match error {
            Error::NotFound => Violation::new("municipality", "unknown_value").into(),
            other => other,
        })?;
        for context in Context::ALL {
            let of_context = roles.iter().copied().filter(|role| role.context() == *context);
            let audit = self.audit(actor, "demand_second_factor", Some(municipality), None);
            let store = self.store(*context);
            let set = store.set_second_factors(municipality, of_context.collect(), audit).await;
            set.map_err(failure)?;
        }
        Ok(())
    }

    /// A fresh random token of a user, told once and kept as a hash.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn issue_token(&self, actor: &str, user: &User, label: &str) -> Result<String> {
        let token = self.fresh_token();
        self.keep_token(actor, user, (label, None), &token).await?;
        Ok(token)
    }

    pub(super) fn fresh_token(&self) -> String {
        let mut random = [0; TOKEN_BYTES];
        self.random.fill(&mut random);
        write_token(&random)
    }

    /// Keeps a given token of a user.
    pub(crate) async fn keep_token(
        &self,
        actor: &str,
        user: &User,
        (label, expires): (&str, Option<Timestamp>),
        token: &str,
    ) -> Result<()> {
        let hash = digest(&hash_token(token))?;
        let context = user.grants.first().map_or(Context::Municipal, |g| g.role.context());
        let kept = Token { hash, user: user.id, label: label.to_owned(), expires, last_used: None };
        let audit = self.audit(actor, "issue_token", None, Some(user.id.to_string()));
        self.store(context).insert_token(kept, audit).await.map_err(failure)
    }

    /// Every user of both contexts.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn users(&self) -> Result<Vec<User>> {
        let mut users = self.municipal.users().await.map_err(failure)?;
        users.extend(self.police.users().await.map_err(failure)?);
        Ok(users)
    }

    /// The user of this name.
    ///
    /// # Errors
    /// Violates `name: unknown_value` without one.
    pub async fn user_by_name(&self, name: &str) -> Result<User> {
        self.named(name).await.map(|(_, user)| user)
    }

    async fn named(&self, name: &str) -> Result<(&Arc<dyn Store>, User)> {
        for context in Context::ALL {
            let store = self.store(*context);
            if let Some(known) = store.secrets(name).await.map_err(failure)? {
                return Ok((store, known.user));
            }
        }
        Err(Violation::new("name", "unknown_value").into())
    }
}

/// The one context of all grants.
fn context_of(grants: &[Grant]) -> Result<Context> {
    let first = grants.first().ok_or_else(|| Violation::new("role", "required"))?;
    let context = first.role.context();
    if grants.iter().any(|grant| grant.role.context() != context) {
        return Err(Violation::new("role", "one_context").into());
    }
    Ok(context)
}

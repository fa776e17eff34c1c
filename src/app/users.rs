//! Users, their passwords and tokens, as the command line administers them.

use super::{App, Error, Result, digest, failure};
use crate::{
    identity::{TOKEN_BYTES, hash_token, write_token},
    store::Token,
};
use fyren_core::domain::{Context, Grant, User, Violation};

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

impl App {
    /// Makes a user in the context of its roles, or replaces its grants and password.
    ///
    /// # Errors
    /// [`Error::Invalid`] for the name, a short password, or roles of two contexts.
    pub async fn save_user(&self, actor: &str, new: NewUser) -> Result<User> {
        let length = new.name.trim().chars().count();
        if !(1..=64).contains(&length) || new.name.chars().any(char::is_control) {
            return Err(Violation::new("name", "too_long").into());
        }
        if new.password.chars().count() < 12 {
            return Err(Violation::new("password", "too_short").into());
        }
        let contexts: Vec<Context> = new.grants.iter().map(|grant| grant.role.context()).collect();
        let context = *contexts.first().ok_or_else(|| Violation::new("role", "required"))?;
        if contexts.iter().any(|other| *other != context) {
            return Err(Violation::new("role", "one_context").into());
        }
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

    /// A fresh random token of a user, told once and kept as a hash.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn issue_token(&self, actor: &str, user: &User, label: &str) -> Result<String> {
        let mut random = [0; TOKEN_BYTES];
        self.random.fill(&mut random);
        let token = write_token(&random);
        self.keep_token(actor, user, label, &token).await?;
        Ok(token)
    }

    /// Keeps a given token of a user.
    pub(crate) async fn keep_token(
        &self,
        actor: &str,
        user: &User,
        label: &str,
        token: &str,
    ) -> Result<()> {
        let hash = digest(&hash_token(token))?;
        let context = user.grants.first().map_or(Context::Municipal, |g| g.role.context());
        let kept =
            Token { hash, user: user.id, label: label.to_owned(), expires: None, last_used: None };
        let audit = self.audit(actor, "manage_users", None, Some(user.id.to_string()));
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
    /// [`Error::NotFound`] without one.
    pub async fn user_by_name(&self, name: &str) -> Result<User> {
        let users = self.users().await?;
        users.into_iter().find(|user| user.name == name).ok_or(Error::NotFound)
    }
}

//! Administering the users of a municipality, from its own page.
//!
//! Who may manage users manages those of their own context alone, and only in
//! municipalities where they may: an account that reaches further is changed
//! where it reaches, or by the command line.

use super::{App, Error, Ground, Result, Staff, digest, failure};
use crate::{
    identity::{RECOVERY_BYTES, write_recovery_code},
    store::{Store, Token},
};
use fyren_core::domain::{Grant, Id, MunicipalityCode, Operation, Role, Scope, User, Violation};
use jiff::{Timestamp, ToSpan, civil::Date};
use std::sync::Arc;

/// A user as whoever manages users sees it.
#[derive(Debug, Clone)]
pub struct ManagedUser {
    /// Identity.
    pub id: Id,
    /// Name to sign in with.
    pub name: String,
    /// Whether the user may sign in.
    pub active: bool,
    /// The roles in this municipality, each with the area that it holds for.
    pub roles: Vec<(Role, Option<String>)>,
    /// Whether the account reaches where the manager does not.
    pub elsewhere: bool,
    /// Whether one-time codes are set up.
    pub one_time: bool,
    /// How many passkeys there are.
    pub passkeys: usize,
    /// Tokens.
    pub tokens: Vec<Token>,
}

/// Everything about users that a manager can see and choose.
#[derive(Debug, Clone)]
pub struct ManagedUsers {
    /// The users with a role here, by name.
    pub users: Vec<ManagedUser>,
    /// Roles that can be given.
    pub roles: Vec<Role>,
    /// Areas for which they can be given.
    pub areas: Vec<String>,
    /// Roles here that demand a second factor.
    pub second_factor: Vec<Role>,
}

/// What a user may be here.
#[derive(Debug, Clone)]
pub struct RolesDraft {
    /// Codes of the roles.
    pub roles: Vec<String>,
    /// The area for which they hold; this municipality alone where there is none.
    pub area: Option<String>,
}

impl App {
    /// Every user with a role in the municipality, of the manager's context.
    ///
    /// # Errors
    /// As [`Staff::must`].
    pub async fn list_users(&self, staff: &Staff, ground: &Ground) -> Result<ManagedUsers> {
        let code = ground.code();
        staff.must(code, Operation::ManageUsers)?;
        let store = self.own_store(staff);
        let areas = store.areas().await.map_err(failure)?;
        let mut users = Vec::new();
        for user in store.users().await.map_err(failure)? {
            let reach = self.reach(store, &user).await?;
            if !reach.iter().any(|(_, at)| at.contains(code)) {
                continue;
            }
            let here = reach.iter().filter(|(_, at)| at.contains(code));
            let secrets = store.secrets(&user.name).await.map_err(failure)?;
            users.push(ManagedUser {
                id: user.id,
                active: user.active,
                roles: here
                    .map(|(grant, _)| match &grant.scope {
                        Scope::Municipality(_) => (grant.role, None),
                        Scope::Area(area) => (grant.role, Some(area.clone())),
                    })
                    .collect(),
                elsewhere: !manages_all(staff, &reach),
                one_time: secrets.is_some_and(|secrets| secrets.totp_secret.is_some()),
                passkeys: store.passkeys(user.id).await.map_err(failure)?.len(),
                tokens: store.tokens(user.id).await.map_err(failure)?,
                name: user.name,
            });
        }
        let demands = store.second_factors().await.map_err(failure)?;
        let whole = areas.into_iter().filter(|area| {
            area.municipalities.contains(code)
                && area.municipalities.iter().all(|member| manages(staff, member))
        });
        Ok(ManagedUsers {
            users,
            roles: grantable(staff),
            areas: whole.map(|area| area.name).collect(),
            second_factor: demands
                .into_iter()
                .filter(|(at, _)| at == code)
                .map(|(_, r)| r)
                .collect(),
        })
    }

    /// Makes a user with roles here and gives the first password, told once.
    ///
    /// # Errors
    /// [`Error::Invalid`] for the name or a role that cannot be given;
    /// [`Error::Conflict`] `user_name` where the name is taken.
    pub async fn create_user(
        &self,
        staff: &Staff,
        ground: &Ground,
        name: &str,
        draft: &RolesDraft,
    ) -> Result<(Id, String)> {
        staff.must(ground.code(), Operation::ManageUsers)?;
        let name = name.trim();
        super::users::check_name(name)?;
        if self.find_secrets(name).await?.is_some() {
            return Err(Error::Conflict("user_name"));
        }
        let grants = self.drafted(staff, ground, draft).await?;
        if grants.is_empty() {
            return Err(Violation::new("roles", "required").into());
        }
        let password = self.first_password();
        let user = User { id: self.new_id(), name: name.to_owned(), grants, active: true };
        let store = self.own_store(staff);
        let audit = |action| {
            self.audit(staff.name(), action, Some(ground.code()), Some(user.id.to_string()))
        };
        store.save_user(user.clone(), audit("create_user")).await.map_err(failure)?;
        let hash = self.hash(password.clone()).await?;
        store.set_password(user.id, hash, audit("set_first_password")).await.map_err(failure)?;
        Ok((user.id, password))
    }

    /// Replaces what a user may be here, and whether the user may sign in;
    /// what is elsewhere stays. Every session of the user ends.
    ///
    /// # Errors
    /// [`Error::NotFound`] for a user without a role here; [`Error::Conflict`]
    /// `own_account`, or `user_elsewhere` where an account that reaches
    /// further would be disabled or an area role changed.
    pub async fn change_user(
        &self,
        staff: &Staff,
        ground: &Ground,
        id: &str,
        (draft, active): (&RolesDraft, bool),
    ) -> Result<()> {
        let (mut user, whole) = self.managed(staff, ground, id).await?;
        if user.active != active && !whole {
            return Err(Error::Conflict("user_elsewhere"));
        }
        let store = self.own_store(staff);
        let reach = self.reach(store, &user).await?;
        let here = |at: &[MunicipalityCode]| at.contains(ground.code());
        if reach
            .iter()
            .any(|grant| here(&grant.1) && !manages_all(staff, std::slice::from_ref(grant)))
        {
            return Err(Error::Conflict("user_elsewhere"));
        }
        let mut grants: Vec<Grant> =
            reach.iter().filter(|(_, at)| !here(at)).map(|(grant, _)| grant.clone()).collect();
        grants.extend(self.drafted(staff, ground, draft).await?);
        (user.grants, user.active) = (grants, active);
        let subject = Some(user.id.to_string());
        let audit = self.audit(staff.name(), "change_user", Some(ground.code()), subject);
        store.save_user(user.clone(), audit).await.map_err(failure)?;
        self.forget_staff(&user.id.to_string());
        Ok(())
    }

    /// Gives a user a fresh first password, told once, and takes away one-time
    /// codes, recovery codes and passkeys. Every session of the user ends.
    ///
    /// # Errors
    /// As [`App::change_user`].
    pub async fn reset_user(&self, staff: &Staff, ground: &Ground, id: &str) -> Result<String> {
        let (user, whole) = self.managed(staff, ground, id).await?;
        if !whole {
            return Err(Error::Conflict("user_elsewhere"));
        }
        self.reset(staff.name(), self.own_store(staff), &user).await
    }

    /// Ends every session of a user.
    ///
    /// # Errors
    /// [`Error::NotFound`] for a user without a role here.
    pub async fn end_user_sessions(&self, staff: &Staff, ground: &Ground, id: &str) -> Result<()> {
        let (user, _) = self.managed(staff, ground, id).await?;
        let subject = Some(user.id.to_string());
        let audit = self.audit(staff.name(), "end_user_sessions", Some(ground.code()), subject);
        self.own_store(staff).end_sessions(user.id, audit).await.map_err(failure)?;
        self.forget_staff(&user.id.to_string());
        Ok(())
    }

    /// Issues a token of a user, told once, that stops after `days`.
    ///
    /// # Errors
    /// As [`App::change_user`]; [`Error::Invalid`] for the label or the days.
    pub async fn issue_user_token(
        &self,
        staff: &Staff,
        ground: &Ground,
        id: &str,
        (label, days): (&str, u16),
    ) -> Result<String> {
        let (user, whole) = self.managed(staff, ground, id).await?;
        if !whole {
            return Err(Error::Conflict("user_elsewhere"));
        }
        let label = label.trim();
        if !(1..=64).contains(&label.chars().count()) {
            return Err(Violation::new("label", "too_long").into());
        }
        if !(1..=366).contains(&days) {
            return Err(Violation::new("days", "out_of_range").into());
        }
        let expires: Option<Timestamp> =
            self.clock.now().checked_add((i64::from(days) * 24).hours()).ok();
        let token = self.fresh_token();
        self.keep_token(staff.name(), &user, (label, expires), &token).await?;
        Ok(token)
    }

    /// Takes back a token of a user, by its hash.
    ///
    /// # Errors
    /// [`Error::NotFound`] for a token that the user does not have.
    pub async fn revoke_user_token(
        &self,
        staff: &Staff,
        ground: &Ground,
        (id, hash): (&str, &str),
    ) -> Result<()> {
        let (user, whole) = self.managed(staff, ground, id).await?;
        if !whole {
            return Err(Error::Conflict("user_elsewhere"));
        }
        let hash = digest(hash).map_err(|_not_one| Error::NotFound)?;
        let store = self.own_store(staff);
        let owns = store.tokens(user.id).await.map_err(failure)?;
        if !owns.iter().any(|token| token.hash == hash) {
            return Err(Error::NotFound);
        }
        let subject = Some(user.id.to_string());
        let audit = self.audit(staff.name(), "revoke_token", Some(ground.code()), subject);
        store.delete_token(&hash, audit).await.map_err(failure)?;
        self.forget_staff(&user.id.to_string());
        Ok(())
    }

    /// Sets which roles here demand a second factor.
    ///
    /// # Errors
    /// [`Error::Invalid`] for a role that the manager cannot give.
    pub async fn demand_second_factor(
        &self,
        staff: &Staff,
        ground: &Ground,
        roles: &[String],
    ) -> Result<()> {
        staff.must(ground.code(), Operation::ManageUsers)?;
        let roles = given(staff, roles)?;
        let audit = self.audit(staff.name(), "demand_second_factor", Some(ground.code()), None);
        let store = self.own_store(staff);
        store.set_second_factors(ground.code(), roles, audit).await.map_err(failure)?;
        // Whoever is in by a password alone is looked up anew.
        self.forget_everybody();
        Ok(())
    }

    /// A user with a role here that is not the manager, and whether the whole
    /// account is in the manager's hands.
    async fn managed(&self, staff: &Staff, ground: &Ground, id: &str) -> Result<(User, bool)> {
        staff.must(ground.code(), Operation::ManageUsers)?;
        let id = Id::parse(id).ok_or(Error::NotFound)?;
        let store = self.own_store(staff);
        let user = store.user(id).await.map_err(failure)?.ok_or(Error::NotFound)?;
        let reach = self.reach(store, &user).await?;
        if !reach.iter().any(|(_, at)| at.contains(ground.code())) {
            return Err(Error::NotFound);
        }
        if user.id == staff.user() {
            return Err(Error::Conflict("own_account"));
        }
        let whole = manages_all(staff, &reach);
        Ok((user, whole))
    }

    /// The grants of a user, each with the municipalities in which it holds.
    async fn reach(
        &self,
        store: &Arc<dyn Store>,
        user: &User,
    ) -> Result<Vec<(Grant, Vec<MunicipalityCode>)>> {
        let areas = store.areas().await.map_err(failure)?;
        let at = |scope: &Scope| match scope {
            Scope::Municipality(code) => vec![code.clone()],
            Scope::Area(name) => areas
                .iter()
                .filter(|area| area.name == *name)
                .flat_map(|area| area.municipalities.clone())
                .collect(),
        };
        Ok(user.grants.iter().map(|grant| (grant.clone(), at(&grant.scope))).collect())
    }

    async fn drafted(
        &self,
        staff: &Staff,
        ground: &Ground,
        draft: &RolesDraft,
    ) -> Result<Vec<Grant>> {
        let scope = match draft.area.as_deref() {
            None | Some("") => Scope::Municipality(ground.code().clone()),
            Some(name) => {
                let areas = self.own_store(staff).areas().await.map_err(failure)?;
                let area = areas.into_iter().find(|area| area.name == name);
                let area = area.filter(|area| {
                    area.municipalities.contains(ground.code())
                        && area.municipalities.iter().all(|member| manages(staff, member))
                });
                Scope::Area(area.ok_or_else(|| Violation::new("area", "unknown_value"))?.name)
            }
        };
        let roles = given(staff, &draft.roles)?;
        Ok(roles.into_iter().map(|role| Grant { role, scope: scope.clone() }).collect())
    }

    /// A fresh password that a person can read to another.
    pub(super) fn first_password(&self) -> String {
        let mut random = [0; RECOVERY_BYTES];
        self.random.fill(&mut random);
        write_recovery_code(&random)
    }

    /// Takes every proof of a user away and gives a fresh first password.
    pub(super) async fn reset(
        &self,
        actor: &str,
        store: &Arc<dyn Store>,
        user: &User,
    ) -> Result<String> {
        let audit = || self.audit(actor, "reset_user", None, Some(user.id.to_string()));
        store.clear_factors(user.id, audit()).await.map_err(failure)?;
        let password = self.first_password();
        let hash = self.hash(password.clone()).await?;
        store.set_password(user.id, hash, audit()).await.map_err(failure)?;
        self.forget_staff(&user.id.to_string());
        Ok(password)
    }
}

/// The day after which a token stops, for people.
pub fn last_day(expires: Option<Timestamp>) -> Option<Date> {
    expires.map(|at| at.to_zoned(jiff::tz::TimeZone::UTC).date())
}

/// The roles that whoever has signed in can give: those of their own context.
fn grantable(staff: &Staff) -> Vec<Role> {
    Role::ALL.iter().copied().filter(|role| role.context() == staff.context()).collect()
}

fn given(staff: &Staff, codes: &[String]) -> Result<Vec<Role>> {
    let can = grantable(staff);
    let mut roles = Vec::new();
    for code in codes {
        let role = Role::parse(code).filter(|role| can.contains(role));
        let role = role.ok_or_else(|| Violation::new("roles", "unknown_value"))?;
        if !roles.contains(&role) {
            roles.push(role);
        }
    }
    Ok(roles)
}

fn manages(staff: &Staff, municipality: &MunicipalityCode) -> bool {
    staff.must(municipality, Operation::ManageUsers).is_ok()
}

fn manages_all(staff: &Staff, reach: &[(Grant, Vec<MunicipalityCode>)]) -> bool {
    reach.iter().flat_map(|(_, at)| at).all(|code| manages(staff, code))
}

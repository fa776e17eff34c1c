//! Who has signed in, and what that allows where.

use super::{App, Error, Result, failure};
use crate::{
    identity::hash_token,
    store::{Digest, SensitiveRead},
};
use fyren_core::domain::{
    Context, Id, Layer, MunicipalityCode, Operation, Role, Scope, User, may_do, may_see,
};
use std::{
    collections::{BTreeMap, BTreeSet, HashMap, HashSet},
    sync::{Arc, Mutex, PoisonError},
};

/// A member of staff who has signed in, with areas resolved to municipalities.
#[derive(Debug)]
pub struct Staff {
    user: Id,
    name: String,
    key: Digest,
    context: Context,
    strong: bool,
    roles: BTreeMap<MunicipalityCode, Vec<Role>>,
    /// Where a role is withheld until a second factor has been shown.
    withheld: BTreeSet<MunicipalityCode>,
}

/// What a session knows of who has signed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pass<'a> {
    /// The user's identity.
    pub user: &'a str,
    /// The session's own name.
    pub session: &'a str,
    /// The number that the session carries.
    pub epoch: i64,
    /// Whether more than a password was shown.
    pub strong: bool,
}

impl Staff {
    /// The user's identity.
    pub const fn user(&self) -> Id {
        self.user
    }

    /// The user's name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The context that the user belongs to.
    pub const fn context(&self) -> Context {
        self.context
    }

    /// Whether more than a password was shown at signing in.
    pub const fn is_strong(&self) -> bool {
        self.strong
    }

    /// Whether a role in `municipality` is withheld until a second factor is shown.
    pub fn is_withheld(&self, municipality: &MunicipalityCode) -> bool {
        self.withheld.contains(municipality)
    }

    /// What tells this session or token apart from others, as a hash.
    pub(super) const fn session_key(&self) -> Digest {
        self.key
    }

    /// Every role with its municipality.
    pub fn roles(&self) -> impl Iterator<Item = (&MunicipalityCode, Role)> {
        self.roles.iter().flat_map(|(code, roles)| roles.iter().map(move |role| (code, *role)))
    }

    /// The roles in one municipality, sorted and without repetition.
    pub fn roles_in(&self, municipality: &MunicipalityCode) -> &[Role] {
        self.roles.get(municipality).map_or(&[], Vec::as_slice)
    }

    /// Demands that one of the roles in `municipality` may do `operation`.
    ///
    /// # Errors
    /// [`Error::NotFound`] without any role there, so that nobody learns what
    /// other municipalities have; [`Error::Forbidden`] without the right one.
    pub fn must(&self, municipality: &MunicipalityCode, operation: Operation) -> Result<Role> {
        self.first(municipality, |role| may_do(role, operation))
    }

    /// Demands that one of the roles in `municipality` may see `layer`.
    ///
    /// # Errors
    /// As [`Staff::must`].
    pub fn must_see(&self, municipality: &MunicipalityCode, layer: Layer) -> Result<Role> {
        self.first(municipality, |role| may_see(role, layer))
    }

    /// Whether a role in `municipality` that sees `layer` belongs to the police context.
    pub fn sees_police(&self, municipality: &MunicipalityCode, layer: Layer) -> bool {
        self.roles_in(municipality)
            .iter()
            .any(|role| role.context() == Context::Police && may_see(*role, layer))
    }

    fn first(&self, municipality: &MunicipalityCode, may: impl Fn(Role) -> bool) -> Result<Role> {
        let roles = self.roles_in(municipality);
        if let Some(role) = roles.iter().copied().find(|role| may(*role)) {
            return Ok(role);
        }
        match (self.is_withheld(municipality), roles.is_empty()) {
            (true, _) => Err(Error::SecondFactorNeeded),
            (false, true) => Err(Error::NotFound),
            (false, false) => Err(Error::Forbidden),
        }
    }
}

/// Staff looked up a moment ago, so that not every request asks the store.
#[derive(Debug, Default)]
pub struct Cache {
    known: Mutex<HashMap<Digest, (i64, Arc<Staff>)>>,
    reads: Mutex<NotedReads>,
}

/// The hour, and what was read in it and is noted already.
type NotedReads = (i64, HashSet<(Digest, MunicipalityCode, Layer)>);

/// Seconds for which a look-up is believed.
const BELIEVED_S: i64 = 5;

impl App {
    /// Whoever holds this bearer token.
    ///
    /// # Errors
    /// [`Error::Unauthenticated`] for a token that is not valid.
    pub async fn staff_by_token(&self, token: &str) -> Result<Arc<Staff>> {
        let key = super::digest(&hash_token(token))?;
        if let Some(staff) = self.believed(&key) {
            return Ok(staff);
        }
        let now = self.clock.now();
        for context in self.contexts() {
            let store = self.store(context);
            if let Some(user) = store.user_by_token(&key, now).await.map_err(failure)? {
                let day = now.to_zoned(jiff::tz::TimeZone::UTC).date();
                store.touch_token(&key, day).await.map_err(failure)?;
                if !user.active {
                    break;
                }
                // A token is 256 random bits that an administrator has made:
                // no password that could be guessed.
                return self.believe(key, user, context, true).await;
            }
        }
        Err(Error::Unauthenticated)
    }

    /// The user of a session, `None` where the user is gone or inactive, or the
    /// session was ended by what has happened to the user since.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn staff_by_session(&self, pass: &Pass<'_>) -> Result<Option<Arc<Staff>>> {
        let Some(id) = Id::parse(pass.user) else { return Ok(None) };
        let Pass { user, session, epoch, strong } = pass;
        let key = super::digest(&hash_token(&format!("{user} {session} {epoch} {strong}")))?;
        if let Some(staff) = self.believed(&key) {
            return Ok(Some(staff));
        }
        for context in self.contexts() {
            let store = self.store(context);
            let found = store.user(id).await.map_err(failure)?;
            if let Some(user) = found.filter(|user| user.active) {
                if store.epoch(id).await.map_err(failure)? != Some(*epoch) {
                    return Ok(None);
                }
                return self.believe(key, user, context, *strong).await.map(Some);
            }
        }
        Ok(None)
    }

    /// Forgets that a user was looked up, because the user signed out or changed.
    pub fn forget_staff(&self, user: &str) {
        let mut known = self.signed_in.known.lock().unwrap_or_else(PoisonError::into_inner);
        known.retain(|_, (_, staff)| staff.user.to_string() != user);
    }

    /// Forgets every look-up, because what counts for many has changed.
    pub(super) fn forget_everybody(&self) {
        self.signed_in.known.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }

    /// Notes that `staff` reads a sensitive layer: one entry per session,
    /// municipality, layer and hour.
    ///
    /// # Errors
    /// Where the store fails: what cannot be noted is not shown.
    pub async fn note_read(
        &self,
        staff: &Staff,
        municipality: &MunicipalityCode,
        layer: Layer,
    ) -> Result<()> {
        let at_hour = self.this_hour();
        let read = (staff.key, municipality.clone(), layer);
        {
            let mut reads = self.signed_in.reads.lock().unwrap_or_else(PoisonError::into_inner);
            if reads.0 != at_hour.as_second() {
                *reads = (at_hour.as_second(), HashSet::new());
            }
            if reads.1.contains(&read) {
                return Ok(());
            }
        }
        let entry = SensitiveRead {
            at_hour,
            actor: staff.name.clone(),
            session: staff.key,
            municipality: municipality.clone(),
            layer: layer.code().to_owned(),
        };
        self.municipal.record_read(entry).await.map_err(failure)?;
        self.signed_in.reads.lock().unwrap_or_else(PoisonError::into_inner).1.insert(read);
        Ok(())
    }

    fn believed(&self, key: &Digest) -> Option<Arc<Staff>> {
        let now = self.clock.now().as_second();
        let known = self.signed_in.known.lock().unwrap_or_else(PoisonError::into_inner);
        let (until, staff) = known.get(key)?;
        (now < *until).then(|| Arc::clone(staff))
    }

    async fn believe(
        &self,
        key: Digest,
        user: User,
        context: Context,
        strong: bool,
    ) -> Result<Arc<Staff>> {
        let staff = Arc::new(self.resolve(key, user, context, strong).await?);
        let now = self.clock.now().as_second();
        let mut known = self.signed_in.known.lock().unwrap_or_else(PoisonError::into_inner);
        known.retain(|_, (until, _)| now < *until);
        known.insert(key, (now + BELIEVED_S, Arc::clone(&staff)));
        Ok(staff)
    }

    /// Turns the grants of `user` into roles per municipality; those that
    /// demand a second factor only where one was shown.
    pub(super) async fn resolve(
        &self,
        key: Digest,
        user: User,
        context: Context,
        strong: bool,
    ) -> Result<Staff> {
        let mut roles: BTreeMap<MunicipalityCode, Vec<Role>> = BTreeMap::new();
        for grant in &user.grants {
            match &grant.scope {
                Scope::Municipality(code) => {
                    roles.entry(code.clone()).or_default().push(grant.role);
                }
                Scope::Area(name) => {
                    let areas = self.store(context).areas().await.map_err(failure)?;
                    let members = areas.into_iter().filter(|area| area.name == *name);
                    for code in members.flat_map(|area| area.municipalities) {
                        roles.entry(code).or_default().push(grant.role);
                    }
                }
            }
        }
        let mut withheld = BTreeSet::new();
        if !strong {
            for (code, role) in self.store(context).second_factors().await.map_err(failure)? {
                let held = roles.get_mut(&code).is_some_and(|roles| {
                    let before = roles.len();
                    roles.retain(|had| *had != role);
                    roles.len() < before
                });
                if held {
                    withheld.insert(code);
                }
            }
        }
        for roles in roles.values_mut() {
            roles.sort_unstable();
            roles.dedup();
        }
        Ok(Staff { user: user.id, name: user.name, key, context, strong, roles, withheld })
    }
}

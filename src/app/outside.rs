//! Users whom an identity provider vouches for: its groups say which roles.

use super::{App, Error, Result, SignedInUser, failure};
use crate::{
    identity::{Flow, Provider, Vouched, hash_token, write_token},
    store::OutsideIdentity,
};
use fyren_core::domain::{Context, Grant, MunicipalityCode, Role, Scope, User};

/// What a group of the provider may be here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GroupGrant {
    /// The group, as the provider says it.
    pub group: String,
    /// What its members may be, and where.
    pub grant: Grant,
}

impl std::str::FromStr for GroupGrant {
    type Err = String;

    /// Reads `GROUP=ROLE@CODE` or `GROUP=ROLE@area:NAME`.
    fn from_str(text: &str) -> std::result::Result<Self, String> {
        let wanted = || "GROUP=ROLE@CODE or GROUP=ROLE@area:NAME".to_owned();
        let (group, granted) = text.rsplit_once('=').ok_or_else(wanted)?;
        let (role, scope) = granted.split_once('@').ok_or_else(wanted)?;
        let role = Role::parse(role).ok_or_else(|| format!("there is no role {role}"))?;
        let scope = match scope.strip_prefix("area:") {
            Some(area) => Scope::Area(area.to_owned()),
            None => {
                Scope::Municipality(MunicipalityCode::parse(scope).map_err(|_no_code| wanted())?)
            }
        };
        if group.is_empty() {
            return Err(wanted());
        }
        Ok(Self { group: group.to_owned(), grant: Grant { role, scope } })
    }
}

impl App {
    /// Where the browser is sent to sign in at the provider, and what the
    /// session keeps meanwhile.
    ///
    /// # Errors
    /// [`Error::Unavailable`] where the provider cannot be reached.
    pub async fn start_outside(&self, provider: &Provider) -> Result<(String, Flow)> {
        let fresh = || {
            let mut random = [0; 32];
            self.random.fill(&mut random);
            write_token(&random)
        };
        let flow = Flow { state: fresh(), nonce: fresh(), verifier: fresh() };
        let url = provider.begin(&flow).await.map_err(|fault| {
            tracing::warn!(reason = %fault, "the identity provider does not answer");
            Error::Unavailable { retry_after: 10 }
        })?;
        Ok((url, flow))
    }

    /// Signs in whoever the provider vouches for, with the roles that its
    /// groups have by `grants`; a second factor is the provider's to ask for.
    ///
    /// # Errors
    /// [`Error::Unauthenticated`] for a code or token that does not hold;
    /// [`Error::Forbidden`] where no group has a role here, or its groups have
    /// roles of both contexts.
    pub async fn sign_in_outside(
        &self,
        provider: &Provider,
        code: String,
        flow: &Flow,
        grants: &[GroupGrant],
    ) -> Result<SignedInUser> {
        let vouched = provider.finish(code, flow).await.map_err(|fault| {
            tracing::warn!(reason = %fault, "the identity provider is not believed");
            Error::Unauthenticated
        })?;
        let mut granted: Vec<Grant> = Vec::new();
        for one in grants.iter().filter(|one| vouched.groups.contains(&one.group)) {
            if !granted.contains(&one.grant) {
                granted.push(one.grant.clone());
            }
        }
        let context = granted.first().map(|grant| grant.role.context());
        let one_context = granted.iter().all(|grant| Some(grant.role.context()) == context);
        let context =
            context.filter(|context| one_context && self.contexts().any(|c| c == *context));
        let Some(context) = context else {
            self.disown(&vouched, None).await?;
            return Err(Error::Forbidden);
        };
        self.disown(&vouched, Some(context)).await?;
        let user = self.outside_user(context, &vouched, granted).await?;
        self.let_in(context, user, true, "sign_in_outside").await
    }

    /// The user that stands for whom the provider vouches for, made at the
    /// first sign-in; its name is a function of who it is there, and no name.
    async fn outside_user(
        &self,
        context: Context,
        vouched: &Vouched,
        mut grants: Vec<Grant>,
    ) -> Result<User> {
        let outside =
            OutsideIdentity { issuer: vouched.issuer.clone(), subject: vouched.subject.clone() };
        let store = self.store(context);
        grants.sort_by_key(|grant| (grant.role.code(), format!("{:?}", grant.scope)));
        let audit = |user: &User| {
            self.audit(&user.name, "save_outside_user", None, Some(user.id.to_string()))
        };
        if let Some(id) = store.outside_user(&outside).await.map_err(failure)? {
            let mut user = store.user(id).await.map_err(failure)?.ok_or(Error::Unauthenticated)?;
            if !user.active {
                return Err(Error::Unauthenticated);
            }
            user.grants.sort_by_key(|grant| (grant.role.code(), format!("{:?}", grant.scope)));
            if user.grants != grants {
                user.grants = grants;
                store.save_user(user.clone(), audit(&user)).await.map_err(failure)?;
                self.forget_staff(&user.id.to_string());
            }
            return Ok(user);
        }
        let pseudonym = hash_token(&format!("{} {}", outside.issuer, outside.subject));
        let name = format!("sso-{}", &pseudonym[..12]);
        let user = User { id: self.new_id(), name, grants, active: true };
        store.save_user(user.clone(), audit(&user)).await.map_err(failure)?;
        store.link_outside(outside, user.id, audit(&user)).await.map_err(failure)?;
        Ok(user)
    }

    /// Takes every role outside `context` from whom the provider vouches for.
    async fn disown(&self, vouched: &Vouched, context: Option<Context>) -> Result<()> {
        let outside =
            OutsideIdentity { issuer: vouched.issuer.clone(), subject: vouched.subject.clone() };
        for other in Context::ALL.iter().filter(|other| Some(**other) != context) {
            let store = self.store(*other);
            let Some(id) = store.outside_user(&outside).await.map_err(failure)? else { continue };
            let user = store.user(id).await.map_err(failure)?;
            let Some(user) = user.filter(|user| !user.grants.is_empty()) else { continue };
            let user = User { grants: Vec::new(), ..user };
            let entry = self.audit(&user.name, "save_outside_user", None, Some(id.to_string()));
            store.save_user(user, entry).await.map_err(failure)?;
            self.forget_staff(&id.to_string());
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_group_is_a_role_in_a_municipality_or_an_area() {
        let one: GroupGrant = "fyren=planners=police-planner@area:Västra Fyrbodal".parse().unwrap();
        assert_eq!(one.group, "fyren=planners");
        assert_eq!(one.grant.role, Role::PolicePlanner);
        assert_eq!(one.grant.scope, Scope::Area("Västra Fyrbodal".into()));
        let other: GroupGrant = "a=coordinator@1427".parse().unwrap();
        assert_eq!(
            other.grant.scope,
            Scope::Municipality(MunicipalityCode::parse("1427").unwrap())
        );
        for wrong in ["", "a", "a=b", "a=king@1427", "=est@1427", "a=est@", "a=est@14/27"] {
            assert!(wrong.parse::<GroupGrant>().is_err(), "{wrong}");
        }
    }
}

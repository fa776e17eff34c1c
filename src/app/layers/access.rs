//! Who may see a layer, and what of it: decided here and nowhere else.

use crate::app::{Error, Result};
use fyren_core::domain::{
    Audience, Category, Context, Layer, PublicityClass, Role, may_see, sees_context,
};

/// Leave to build one layer. There is no other way to make one than [`admit`].
pub enum Admission {
    /// A layer for everybody.
    Public,
    /// A layer for staff.
    Staff(StaffAccess),
}

/// Proof that a member of staff may see one layer, without which no layer of
/// events can be built.
#[derive(Debug, Clone)]
pub struct StaffAccess {
    roles: Vec<Role>,
    layer: Layer,
}

/// Decides about `layer` for whoever has `roles` in the municipality; `None`
/// is somebody who has not signed in.
///
/// # Errors
/// For a layer of staff: [`Error::Unauthenticated`] without a sign-in,
/// [`Error::NotFound`] with a sign-in but no role here (what another
/// municipality has is its own), [`Error::Forbidden`] without the right role.
pub fn admit(layer: Layer, roles: Option<&[Role]>) -> Result<Admission> {
    if layer.audience() == Audience::Public {
        return Ok(Admission::Public);
    }
    let roles = roles.ok_or(Error::Unauthenticated)?;
    if roles.is_empty() {
        return Err(Error::NotFound);
    }
    let mut roles: Vec<Role> = roles.iter().copied().filter(|role| may_see(*role, layer)).collect();
    if roles.is_empty() {
        return Err(Error::Forbidden);
    }
    roles.sort_unstable();
    roles.dedup();
    Ok(Admission::Staff(StaffAccess { roles, layer }))
}

impl StaffAccess {
    /// The layer that this is leave for.
    #[must_use]
    pub const fn layer(&self) -> Layer {
        self.layer
    }

    /// Whether events of the police context may be seen in it: by a role that
    /// sees the layer and that context; coverage joins coarse sums of both.
    #[must_use]
    pub fn sees_police(&self) -> bool {
        self.layer == Layer::Coverage
            || self.roles.iter().any(|role| sees_context(*role, Context::Police))
    }

    /// Whether patrol areas may be seen by these eyes, in whatever layer.
    #[must_use]
    pub fn sees_patrol_areas(&self) -> bool {
        self.roles.iter().any(|role| may_see(*role, Layer::PatrolAreas))
    }

    /// Whether reports of `category` may be seen in it: those of the class
    /// `never` by a coordinator alone.
    #[must_use]
    pub fn sees_category(&self, category: Category) -> bool {
        category.publicity() != PublicityClass::Never || self.roles.contains(&Role::Coordinator)
    }

    /// What the answer depends on beside the question, for its tag.
    #[must_use]
    pub fn tag(&self) -> String {
        let codes: Vec<&str> = self.roles.iter().map(|role| role.code()).collect();
        codes.join(",")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everybody_sees_public_layers_and_nobody_else_sees_staff_layers() {
        for layer in Layer::ALL {
            let public = layer.audience() == Audience::Public;
            assert_eq!(matches!(admit(*layer, None), Ok(Admission::Public)), public, "{layer}");
            let stranger = admit(*layer, Some(&[]));
            assert_eq!(matches!(stranger, Err(Error::NotFound)), !public, "{layer}");
        }
        assert!(matches!(admit(Layer::Reports, None), Err(Error::Unauthenticated)));
        assert!(matches!(admit(Layer::Reports, Some(&[Role::Auditor])), Err(Error::Forbidden)));
    }

    #[test]
    fn suspicions_of_persons_are_for_the_coordinator() {
        let access = |roles: &[Role]| match admit(Layer::Reports, Some(roles)) {
            Ok(Admission::Staff(access)) => access,
            _ => panic!("{roles:?} see reports"),
        };
        assert!(!access(&[Role::Officer]).sees_category(Category::Casing));
        assert!(access(&[Role::Officer]).sees_category(Category::Lighting));
        assert!(access(&[Role::Officer, Role::Coordinator]).sees_category(Category::Casing));
    }

    #[test]
    fn a_municipal_role_sees_no_police_visits() {
        let access = |role: Role| match admit(Layer::Visits, Some(&[role])) {
            Ok(Admission::Staff(access)) => access,
            _ => panic!("{role} sees visits"),
        };
        assert!(!access(Role::Coordinator).sees_police());
        assert!(access(Role::Officer).sees_police());
    }
}

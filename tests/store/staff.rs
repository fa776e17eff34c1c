//! Staff: users, what proves who they are, tokens and sessions.

use crate::support::*;
use fyren::store::{Session, StoreError, Token};
use fyren_core::domain::*;

fn user(number: u128, name: &str) -> User {
    let grant = |role, scope| Grant { role, scope };
    User {
        id: id(number),
        name: name.into(),
        grants: vec![
            grant(Role::Coordinator, Scope::Municipality(code())),
            grant(Role::Est, Scope::Area("lpo-fyrbodal".into())),
        ],
        active: true,
    }
}

fn token(number: u128, owner: u128, expires: Option<&str>) -> Token {
    let label = format!("token {number}");
    Token {
        hash: digest(7, number),
        user: id(owner),
        label,
        expires: expires.map(at),
        last_used: None,
    }
}

const NOW: &str = "2026-05-04T10:00:00Z";

contract! {
    async fn a_user_is_kept_with_its_grants_and_can_be_changed(world: World) {
        let store = &world.store;
        store.save_user(user(1, "samordnare"), entry("manage_users")).await.unwrap();
        store.save_user(user(2, "admin"), entry("manage_users")).await.unwrap();
        assert_eq!(store.users().await.unwrap(), [user(2, "admin"), user(1, "samordnare")]);
        let changed = User { grants: Vec::new(), active: false, ..user(1, "samordnaren") };
        store.save_user(changed.clone(), entry("manage_users")).await.unwrap();
        assert_eq!(store.user(id(1)).await.unwrap(), Some(changed));
        let taken = store.save_user(user(3, "admin"), entry("manage_users")).await;
        assert!(matches!(taken, Err(StoreError::Conflict("user_name"))));
    }

    async fn a_user_is_found_by_name_with_what_proves_it(world: World) {
        let store = &world.store;
        store.save_user(user(1, "samordnare"), entry("manage_users")).await.unwrap();
        let bare = store.secrets("samordnare").await.unwrap().unwrap();
        assert_eq!((bare.password_hash, bare.totp_secret), (None, None));
        store.set_password(id(1), "$argon2id$…".into(), entry("manage_users")).await.unwrap();
        store.set_totp(id(1), Some(vec![1, 2, 3]), entry("manage_users")).await.unwrap();
        // A later change of the user leaves its secrets.
        store.save_user(user(1, "samordnare"), entry("manage_users")).await.unwrap();
        let secrets = store.secrets("samordnare").await.unwrap().unwrap();
        assert_eq!(secrets.password_hash.as_deref(), Some("$argon2id$…"));
        assert_eq!(secrets.totp_secret, Some(vec![1, 2, 3]));
        assert_eq!(secrets.user, user(1, "samordnare"));
        assert!(store.secrets("Samordnare").await.unwrap().is_none());
        let missing = store.set_password(id(9), "x".into(), entry("manage_users")).await;
        assert!(matches!(missing, Err(StoreError::NotFound("user"))));
    }

    async fn a_one_time_code_is_used_once(world: World) {
        let store = &world.store;
        store.save_user(user(1, "samordnare"), entry("manage_users")).await.unwrap();
        let uses = [100; 8].map(|step| store.use_totp_step(id(1), step));
        let fresh = futures_util::future::join_all(uses).await;
        assert_eq!(fresh.iter().filter(|fresh| *fresh.as_ref().unwrap()).count(), 1);
        assert!(!store.use_totp_step(id(1), 99).await.unwrap(), "an earlier step is spent");
        assert!(store.use_totp_step(id(1), 101).await.unwrap());
    }

    async fn a_token_opens_until_it_ends_or_is_taken_back(world: World) {
        let store = &world.store;
        store.save_user(user(1, "samordnare"), entry("manage_users")).await.unwrap();
        store.insert_token(token(1, 1, Some(NOW)), entry("manage_users")).await.unwrap();
        store.insert_token(token(2, 1, None), entry("manage_users")).await.unwrap();
        let before = store.user_by_token(&digest(7, 1), at("2026-05-04T09:59:59Z")).await.unwrap();
        assert_eq!(before, Some(user(1, "samordnare")));
        assert!(store.user_by_token(&digest(7, 1), at(NOW)).await.unwrap().is_none());
        assert!(store.user_by_token(&digest(7, 2), at(NOW)).await.unwrap().is_some());
        let day = "2026-05-04".parse().unwrap();
        store.touch_token(&digest(7, 2), day).await.unwrap();
        store.touch_token(&digest(7, 2), day).await.unwrap();
        let kept = store.tokens(id(1)).await.unwrap();
        assert_eq!(kept, [token(1, 1, Some(NOW)), Token { last_used: Some(day), ..token(2, 1, None) }]);
        store.delete_token(&digest(7, 2), entry("manage_users")).await.unwrap();
        assert!(store.user_by_token(&digest(7, 2), at(NOW)).await.unwrap().is_none());
        let of_nobody = store.insert_token(token(3, 9, None), entry("manage_users")).await;
        assert!(matches!(of_nobody, Err(StoreError::NotFound(_))));
    }

    async fn a_session_is_created_once_replaced_and_ended(world: World) {
        let store = &world.store;
        let session = |data: &[u8]| Session { id: "s1".into(), data: data.into(), expires: at(NOW) };
        assert!(store.create_session(session(b"one")).await.unwrap());
        assert!(!store.create_session(session(b"two")).await.unwrap());
        let early = at("2026-05-04T09:00:00Z");
        assert_eq!(store.session("s1", early).await.unwrap().unwrap().data, b"one");
        store.save_session(session(b"three")).await.unwrap();
        assert_eq!(store.session("s1", early).await.unwrap(), Some(session(b"three")));
        assert!(store.session("s1", at(NOW)).await.unwrap().is_none());
        store.delete_session("s1").await.unwrap();
        store.delete_session("s1").await.unwrap();
        assert!(store.session("s1", early).await.unwrap().is_none());
        store.save_session(session(b"four")).await.unwrap();
        assert_eq!(store.purge_expired(at(NOW)).await.unwrap().sessions, 1);
    }
}

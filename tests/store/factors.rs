//! Proofs beside the password, and what ends sessions.

use crate::support::*;
use fyren::store::{OutsideIdentity, StoreError, StoredPasskey};
use fyren_core::domain::*;

fn user(number: u128, name: &str) -> User {
    let grant = Grant { role: Role::Coordinator, scope: Scope::Municipality(code()) };
    User { id: id(number), name: name.into(), grants: vec![grant], active: true }
}

fn passkey(name: &str, owner: u128) -> StoredPasskey {
    StoredPasskey {
        id: name.into(),
        user: id(owner),
        label: format!("label of {name}"),
        credential: "{\"counter\":0}".into(),
        made_on: "2026-05-04".parse().unwrap(),
        last_used_on: None,
    }
}

fn outside(subject: &str) -> OutsideIdentity {
    OutsideIdentity { issuer: "https://id.example".into(), subject: subject.into() }
}

const NOW: &str = "2026-05-04T10:00:00Z";

contract! {
    async fn what_changes_an_account_ends_its_sessions(world: World) {
        let store = &world.store;
        assert_eq!(store.epoch(id(1)).await.unwrap(), None);
        store.save_user(user(1, "a"), entry("save")).await.unwrap();
        let mut last = store.epoch(id(1)).await.unwrap().unwrap();
        store.insert_passkey(passkey("k", 1), entry("add")).await.unwrap();
        assert_eq!(store.epoch(id(1)).await.unwrap(), Some(last), "a further proof ends nothing");
        store.save_user(user(1, "a"), entry("save")).await.unwrap();
        for step in 0..5 {
            let epoch = store.epoch(id(1)).await.unwrap().unwrap();
            assert!(epoch > last, "step {step}");
            last = epoch;
            match step {
                0 => store.set_password(id(1), "$argon2id$…".into(), entry("set")).await.unwrap(),
                1 => store.set_totp(id(1), Some(vec![1]), entry("set")).await.unwrap(),
                2 => store.delete_passkey(id(1), "k".into(), entry("drop")).await.unwrap(),
                3 => store.end_sessions(id(1), entry("end")).await.unwrap(),
                _ => store.clear_factors(id(1), entry("clear")).await.unwrap(),
            }
        }
        assert!(store.epoch(id(1)).await.unwrap().unwrap() > last);
        let missing = store.end_sessions(id(9), entry("end")).await;
        assert!(matches!(missing, Err(StoreError::NotFound("user"))));
    }

    async fn a_recovery_code_opens_once_and_not_for_another(world: World) {
        let store = &world.store;
        store.save_user(user(1, "a"), entry("save")).await.unwrap();
        store.save_user(user(2, "b"), entry("save")).await.unwrap();
        let codes = vec![digest(5, 1), digest(5, 2)];
        store.set_recovery_codes(id(1), codes, entry("set")).await.unwrap();
        assert_eq!(store.recovery_codes_left(id(1)).await.unwrap(), 2);
        let other = store.use_recovery_code(id(2), digest(5, 1), at(NOW), entry("use")).await;
        assert!(!other.unwrap());
        let uses = [1; 6].map(|n| store.use_recovery_code(id(1), digest(5, n), at(NOW), entry("use")));
        let outcomes = futures_util::future::join_all(uses).await;
        assert_eq!(outcomes.iter().filter(|opened| *opened.as_ref().unwrap()).count(), 1);
        assert_eq!(store.recovery_codes_left(id(1)).await.unwrap(), 1);
        store.set_recovery_codes(id(1), vec![digest(5, 3)], entry("set")).await.unwrap();
        assert!(!store.use_recovery_code(id(1), digest(5, 2), at(NOW), entry("use")).await.unwrap());
    }

    async fn passkeys_are_kept_by_owner_and_found_by_name(world: World) {
        let store = &world.store;
        store.save_user(user(1, "a"), entry("save")).await.unwrap();
        store.save_user(user(2, "b"), entry("save")).await.unwrap();
        for key in [passkey("k1", 1), passkey("k2", 1), passkey("k3", 2)] {
            store.insert_passkey(key, entry("add")).await.unwrap();
        }
        let twice = store.insert_passkey(passkey("k1", 2), entry("add")).await;
        assert!(matches!(twice, Err(StoreError::Conflict("passkey_known"))));
        assert_eq!(store.passkeys(id(1)).await.unwrap(), [passkey("k1", 1), passkey("k2", 1)]);
        let day = "2026-05-05".parse().unwrap();
        store.use_passkey("k1", "{\"counter\":1}".into(), day).await.unwrap();
        let used = StoredPasskey {
            credential: "{\"counter\":1}".into(),
            last_used_on: Some(day),
            ..passkey("k1", 1)
        };
        assert_eq!(store.passkey("k1").await.unwrap(), Some(used));
        let foreign = store.delete_passkey(id(1), "k3".into(), entry("drop")).await;
        assert!(matches!(foreign, Err(StoreError::NotFound("passkey"))));
        store.set_totp(id(1), Some(vec![1]), entry("set")).await.unwrap();
        store.clear_factors(id(1), entry("clear")).await.unwrap();
        assert!(store.passkeys(id(1)).await.unwrap().is_empty());
        assert_eq!(store.secrets("a").await.unwrap().unwrap().totp_secret, None);
        assert_eq!(store.passkeys(id(2)).await.unwrap().len(), 1);
    }

    async fn a_user_from_outside_is_found_by_who_it_is_there(world: World) {
        let store = &world.store;
        store.save_user(user(1, "sso-1"), entry("save")).await.unwrap();
        assert_eq!(store.outside_user(&outside("x")).await.unwrap(), None);
        store.link_outside(outside("x"), id(1), entry("link")).await.unwrap();
        assert_eq!(store.outside_user(&outside("x")).await.unwrap(), Some(id(1)));
        assert_eq!(store.outside_user(&outside("X")).await.unwrap(), None);
    }

    async fn a_municipality_demands_a_second_factor_of_some_roles(world: World) {
        let store = &world.store;
        store.save_municipality(municipality(), entry("add")).await.unwrap();
        let demand = |roles| store.set_second_factors(municipality_code(), roles, entry("demand"));
        demand(vec![Role::Est, Role::Admin]).await.unwrap();
        let expected = [(code(), Role::Admin), (code(), Role::Est)];
        assert_eq!(store.second_factors().await.unwrap(), expected);
        demand(Vec::new()).await.unwrap();
        assert!(store.second_factors().await.unwrap().is_empty());
    }
}

fn municipality_code() -> &'static MunicipalityCode {
    static CODE: std::sync::LazyLock<MunicipalityCode> = std::sync::LazyLock::new(code);
    &CODE
}

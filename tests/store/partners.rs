//! Partners and the hashes of their links.

use crate::support::*;
use fyren::store::StoreError;
use fyren_core::domain::*;

fn partner(number: u128, made: &str) -> Partner {
    Partner {
        id: id(number),
        municipality: code(),
        name: format!("Bostadsbolag {number}"),
        kind: PartnerKind::Housing,
        made_at: at(made),
        revoked_at: None,
    }
}

contract! {
    async fn a_partner_is_found_by_its_token_until_it_is_revoked(world: World) {
        let world = world.settled().await;
        let store = &world.store;
        let (first, second) = (partner(1, "2026-05-04T10:00:00Z"), partner(2, "2026-05-05T10:00:00Z"));
        for (number, one) in [(1, &first), (2, &second)] {
            let token = digest(0xc1, number);
            store.insert_partner(one.clone(), token, entry("add_partner")).await.unwrap();
        }
        assert_eq!(store.partners(&code()).await.unwrap(), [second, first.clone()]);
        let by = async |token| store.partner_by_token(&code(), &token).await.unwrap();
        assert_eq!(by(digest(0xc1, 1)).await, Some(first.clone()));
        assert_eq!(by(digest(0xc1, 9)).await, None);
        let elsewhere = MunicipalityCode::parse("1484").unwrap();
        assert_eq!(store.partner_by_token(&elsewhere, &digest(0xc1, 1)).await.unwrap(), None);

        let (end, later) = (at("2026-06-01T10:00:00Z"), at("2026-07-01T10:00:00Z"));
        for at in [end, later] {
            store.revoke_partner(&code(), id(1), at, entry("revoke_partner")).await.unwrap();
        }
        assert_eq!(by(digest(0xc1, 1)).await, None);
        let kept = store.partners(&code()).await.unwrap();
        assert_eq!(kept[1], Partner { revoked_at: Some(end), ..first });
        let missing = store.revoke_partner(&code(), id(9), end, entry("revoke_partner")).await;
        assert!(matches!(missing, Err(StoreError::NotFound("partner"))));
    }

    async fn two_partners_never_share_a_token(world: World) {
        let world = world.settled().await;
        let store = &world.store;
        let token = digest(0xc1, 1);
        let first = partner(1, "2026-05-04T10:00:00Z");
        store.insert_partner(first, token, entry("add_partner")).await.unwrap();
        let second = partner(2, "2026-05-04T10:00:00Z");
        assert!(store.insert_partner(second, token, entry("add_partner")).await.is_err());
        assert_eq!(store.partners(&code()).await.unwrap().len(), 1);
    }
}

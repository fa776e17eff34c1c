//! The audit log: whatever is done to the chain is found, with its position.

use crate::support::*;
use fyren::store::{AuditCheck, AuditEntry, SensitiveRead, StoreError};
use fyren_core::domain::*;

async fn with_entries(world: &World) {
    for number in 1..=9 {
        world.store.append_audit(entry_on("moderate_report", number)).await.unwrap();
    }
}

/// What a check finds after `sql` was run beside the store.
async fn after(world: &World, sql: &str) -> AuditCheck {
    world.execute(sql).await;
    world.store.verify_audit().await.unwrap()
}

fn read_at(hour: &str, layer: &str) -> SensitiveRead {
    SensitiveRead {
        at_hour: at(hour),
        actor: "coordinator-1".into(),
        session: digest(1, 1),
        municipality: code(),
        layer: layer.into(),
    }
}

contract! {
    async fn an_untouched_log_is_intact_and_reads_as_written(world: World) {
        with_entries(&world).await;
        assert_eq!(world.store.verify_audit().await.unwrap(), AuditCheck::Intact { entries: 9 });
        let part = world.store.audit_entries(3, 2).await.unwrap();
        let positions: Vec<_> = part.iter().map(|record| record.position).collect();
        assert_eq!(positions, [4, 5]);
        assert_eq!(part[0].entry, entry_on("moderate_report", 4));
    }

    async fn an_edited_entry_is_found(world: World) {
        with_entries(&world).await;
        let found = after(&world, "UPDATE audit SET actor = 'nobody' WHERE position = 5").await;
        assert_eq!(found, AuditCheck::BrokenAt { position: 5 });
    }

    async fn an_edited_subject_is_found_and_a_forgotten_one_is_not_a_break(world: World) {
        with_entries(&world).await;
        let forgotten = after(&world, "UPDATE audit SET subject = NULL WHERE position = 4").await;
        assert_eq!(forgotten, AuditCheck::Intact { entries: 9 });
        let edited = after(&world, "UPDATE audit SET subject = 'other' WHERE position = 6").await;
        assert_eq!(edited, AuditCheck::BrokenAt { position: 6 });
    }

    async fn an_entry_cut_out_is_found(world: World) {
        with_entries(&world).await;
        let found = after(&world, "DELETE FROM audit WHERE position = 5").await;
        assert_eq!(found, AuditCheck::BrokenAt { position: 5 });
    }

    async fn a_cut_with_the_gap_closed_is_found(world: World) {
        with_entries(&world).await;
        let found = after(
            &world,
            "DELETE FROM audit WHERE position = 5;
            UPDATE audit SET position = position + 1000 WHERE position > 5;
            UPDATE audit SET position = position - 1001 WHERE position > 1000",
        );
        assert_eq!(found.await, AuditCheck::BrokenAt { position: 5 });
    }

    async fn a_cut_at_the_end_is_found(world: World) {
        with_entries(&world).await;
        let found = after(&world, "DELETE FROM audit WHERE position > 7").await;
        assert_eq!(found, AuditCheck::BrokenAt { position: 8 });
    }

    async fn an_exchange_of_two_entries_is_found(world: World) {
        with_entries(&world).await;
        let found = after(
            &world,
            "UPDATE audit SET position = 1000 WHERE position = 3;
            UPDATE audit SET position = 3 WHERE position = 4;
            UPDATE audit SET position = 4 WHERE position = 1000",
        );
        assert_eq!(found.await, AuditCheck::BrokenAt { position: 3 });
    }

    async fn an_entry_is_written_with_its_change_or_not_at_all(world: World) {
        let world = world.settled().await;
        world.store.submit_report(new_report(1)).await.unwrap();
        world.store.change_status(step(1, ReportStatus::Done), entry("moderate_report")).await.unwrap();
        let refused = world.store.change_status(step(1, ReportStatus::Done), entry("refused")).await;
        assert!(matches!(refused, Err(StoreError::Conflict(_))));
        let actions: Vec<_> = world.store.audit_entries(0, 99).await.unwrap();
        let actions: Vec<_> = actions.iter().map(|record| record.entry.action.as_str()).collect();
        assert_eq!(actions, ["add_municipality", "moderate_report"]);
    }

    async fn a_session_that_reads_a_layer_all_hour_makes_one_entry(world: World) {
        let (ten, eleven) = ("2026-05-04T10:00:00Z", "2026-05-04T11:00:00Z");
        let reads = [ten; 20].map(|hour| world.store.record_read(read_at(hour, "reports")));
        for recorded in futures_util::future::join_all(reads).await {
            recorded.unwrap();
        }
        world.store.record_read(read_at(ten, "incidents")).await.unwrap();
        world.store.record_read(read_at(eleven, "reports")).await.unwrap();
        let other = SensitiveRead { session: digest(1, 2), ..read_at(ten, "reports") };
        world.store.record_read(other).await.unwrap();
        let entries: Vec<AuditEntry> =
            world.store.audit_entries(0, 99).await.unwrap().into_iter().map(|r| r.entry).collect();
        let layers: Vec<_> = entries.iter().map(|entry| entry.detail.as_str()).collect();
        assert_eq!(layers, ["reports", "incidents", "reports", "reports"]);
        assert!(entries.iter().all(|entry| entry.action == "read"));
        assert_eq!(world.store.verify_audit().await.unwrap(), AuditCheck::Intact { entries: 4 });
    }
}

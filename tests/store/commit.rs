//! Group commit: what is acknowledged is flushed, what is not flushed fails,
//! and a write that breaks a rule fails alone.

use crate::support::*;
use fyren::store::{StoreError, Submitted};
use fyren_core::domain::*;

/// Lets every commit fail that writes a report: the row that the trigger
/// writes breaks a foreign key that is looked at only when all is committed.
async fn break_commits(world: &World) {
    let tables = "CREATE TABLE good (one BIGINT PRIMARY KEY);
        CREATE TABLE bad (one BIGINT REFERENCES good (one) DEFERRABLE INITIALLY DEFERRED);";
    let trigger = if world.is_postgres() {
        "CREATE FUNCTION spoil() RETURNS trigger LANGUAGE plpgsql AS
            $$ BEGIN INSERT INTO bad VALUES (1); RETURN NULL; END $$;
        CREATE TRIGGER spoil AFTER INSERT ON reports FOR EACH STATEMENT EXECUTE FUNCTION spoil();"
    } else {
        "CREATE TRIGGER spoil AFTER INSERT ON reports BEGIN INSERT INTO bad VALUES (1); END;"
    };
    world.execute(&format!("{tables}{trigger}")).await;
}

/// Lets every transaction end in the middle that writes a visit: rolled back
/// as by a full disk, or cut off as by a server that goes away.
async fn lose_transactions(world: &World) {
    let trigger = if world.is_postgres() {
        "CREATE FUNCTION cut_off() RETURNS trigger LANGUAGE plpgsql AS
            $$ BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NULL; END $$;
        CREATE TRIGGER cut_off AFTER INSERT ON visits FOR EACH STATEMENT EXECUTE FUNCTION cut_off();"
    } else {
        "CREATE TRIGGER full AFTER INSERT ON visits BEGIN SELECT RAISE(ROLLBACK, 'full'); END;"
    };
    world.execute(trigger).await;
}

async fn mend_commits(world: &World) {
    let on = if world.is_postgres() { " ON reports" } else { "" };
    world.execute(&format!("DROP TRIGGER spoil{on}")).await;
}

contract! {
    async fn a_write_whose_flush_fails_is_not_acknowledged_and_not_there(world: World) {
        let world = world.settled().await;
        break_commits(&world).await;
        let sends = (1..=10).map(|number| world.store.submit_report(new_report(number)));
        for outcome in futures_util::future::join_all(sends).await {
            assert!(matches!(outcome, Err(StoreError::Unavailable(_))), "{outcome:?}");
        }
        assert_eq!(world.store.head(&code()).await.unwrap(), Seq(1), "the feed did not move");

        mend_commits(&world).await;
        let again = world.store.submit_report(new_report(1)).await;
        assert_eq!(again.unwrap(), Submitted::Created(Seq(2)), "it was not there before");
    }

    async fn a_transaction_lost_half_way_is_not_acknowledged_and_the_next_one_is(world: World) {
        let world = world.settled().await;
        lose_transactions(&world).await;
        let reports = (1..=5).map(|number| world.store.submit_report(new_report(number)));
        let lost = world.store.log_visit(new_visit(9));
        let (reports, lost) =
            futures_util::future::join(futures_util::future::join_all(reports), lost).await;
        assert!(matches!(lost, Err(StoreError::Unavailable(_))), "{lost:?}");
        for (number, outcome) in (1..).zip(reports) {
            let stored = world.store.report(&key(number)).await.unwrap().is_some();
            assert_eq!(stored, outcome.is_ok(), "{outcome:?}");
        }
        // The same reports again: the store has recovered by itself.
        for number in 1..=5 {
            world.store.submit_report(new_report(number)).await.unwrap();
        }
        assert_eq!(world.events().await.len(), 5);
        assert_eq!(world.store.head(&code()).await.unwrap(), Seq(6));
    }

    async fn a_text_that_no_column_can_hold_fails_alone(world: World) {
        let world = world.settled().await;
        let sends = (1..=9).map(|number| {
            let text = if number == 5 { "zero \0 byte" } else { "text" };
            let report = Report { text: Some(text.into()), ..report(number) };
            world.store.submit_report(sent(report, number))
        });
        let outcomes = futures_util::future::join_all(sends).await;
        let refused = outcomes.iter().filter(|outcome| outcome.is_err()).count();
        assert_eq!(refused, usize::from(world.is_postgres()), "SQLite can hold it");
    }

    async fn a_report_that_breaks_a_rule_fails_alone_among_many_at_once(world: World) {
        let world = world.settled().await;
        let sends = (1..=40).map(|number| {
            let mut new = new_report(number);
            if number % 10 == 0 {
                // The identity of an other report, which its unique key refuses.
                new.report.id = id(1);
            }
            world.store.submit_report(new)
        });
        let outcomes = futures_util::future::join_all(sends).await;
        let created = outcomes.iter().filter(|outcome| outcome.is_ok()).count();
        assert_eq!(created, 36);
        assert_eq!(world.store.head(&code()).await.unwrap(), Seq(37), "without gaps");
        assert_eq!(world.events().await.len(), 36);
    }

    async fn writes_that_wait_at_the_end_are_still_flushed(world: World) {
        let world = world.settled().await;
        let store = std::sync::Arc::clone(&world.store);
        let waiting: Vec<_> = (1..=50)
            .map(|number| {
                let store = std::sync::Arc::clone(&store);
                tokio::spawn(async move { store.submit_report(new_report(number)).await })
            })
            .collect();
        tokio::task::yield_now().await;
        store.close().await;
        let mut acknowledged = 0;
        for task in waiting {
            match task.await.unwrap() {
                Ok(_) => acknowledged += 1,
                Err(error) => assert!(matches!(error, StoreError::Unavailable(_))),
            }
        }
        let stored = world.raw().await.number("SELECT COUNT(*) FROM reports").await;
        assert_eq!(stored, acknowledged);
        let refused = store.submit_report(new_report(51)).await;
        assert!(matches!(refused, Err(StoreError::Unavailable(_))));
    }
}

//! Jobs: what n nodes do once.

use crate::support::*;
use fyren::store::NewJob;

fn job(name: &str, due: &str) -> NewJob {
    NewJob { name: name.into(), payload: format!("payload of {name}"), due: at(due) }
}

const NINE: &str = "2026-05-04T09:00:00Z";
const TEN: &str = "2026-05-04T10:00:00Z";
const ELEVEN: &str = "2026-05-04T11:00:00Z";

contract! {
    async fn of_two_workers_one_gets_the_job(world: World) {
        let other = world.other().await;
        world.store.enqueue_job(job("release:1427:2026", NINE)).await.unwrap();
        let leases = (0..16).map(|worker| {
            let store = if worker % 2 == 0 { &world.store } else { &other };
            let name = format!("worker-{worker}");
            async move { store.lease_job("release:1427:2026", &name, at(TEN), at(ELEVEN)).await }
        });
        let answers = futures_util::future::join_all(leases).await;
        assert_eq!(answers.iter().filter(|answer| *answer.as_ref().unwrap()).count(), 1);
        assert!(world.store.due_jobs(at(TEN), 9).await.unwrap().is_empty());
    }

    async fn a_lease_that_ran_out_goes_to_the_next_and_the_first_has_lost_it(world: World) {
        let store = &world.store;
        store.enqueue_job(job("a", NINE)).await.unwrap();
        assert!(store.lease_job("a", "one", at(NINE), at(TEN)).await.unwrap());
        assert!(!store.lease_job("a", "two", at(NINE), at(ELEVEN)).await.unwrap());
        assert!(store.lease_job("a", "two", at(TEN), at(ELEVEN)).await.unwrap());
        assert!(!store.renew_job("a", "one", at(ELEVEN)).await.unwrap());
        assert!(!store.finish_job("a", "one", at(TEN)).await.unwrap());
        assert!(store.renew_job("a", "two", at(ELEVEN)).await.unwrap());
        assert!(store.finish_job("a", "two", at(TEN)).await.unwrap());
        assert!(!store.lease_job("a", "one", at(ELEVEN), at(ELEVEN)).await.unwrap());
    }

    async fn a_job_is_known_by_its_name_for_good(world: World) {
        let store = &world.store;
        assert!(store.enqueue_job(job("a", NINE)).await.unwrap());
        assert!(!store.enqueue_job(job("a", TEN)).await.unwrap());
        store.lease_job("a", "one", at(NINE), at(TEN)).await.unwrap();
        store.finish_job("a", "one", at(NINE)).await.unwrap();
        assert!(!store.enqueue_job(job("a", TEN)).await.unwrap(), "finished is known too");
    }

    async fn due_jobs_come_longest_due_first_and_only_when_due(world: World) {
        let store = &world.store;
        for (name, due) in [("late", ELEVEN), ("second", TEN), ("first", NINE)] {
            store.enqueue_job(job(name, due)).await.unwrap();
        }
        let due = store.due_jobs(at(TEN), 9).await.unwrap();
        assert_eq!(due.iter().map(|job| job.name.as_str()).collect::<Vec<_>>(), ["first", "second"]);
        assert_eq!(due[0].payload, "payload of first");
        store.lease_job("first", "one", at(TEN), at(ELEVEN)).await.unwrap();
        let after = store.due_jobs(at(ELEVEN), 1).await.unwrap();
        assert_eq!((after[0].name.as_str(), after[0].attempts), ("first", 1));
    }
}

//! Presence by the week, and summaries of the other context.

use crate::support::*;
use fyren::store::{StoreError, StoredSummary};
use fyren_core::domain::*;

fn week(day: &str, source: PresenceSource, visits: u32) -> PresenceWeek {
    PresenceWeek {
        municipality: code(),
        district: DistrictCode("a".into()),
        week: day.parse().unwrap(),
        source,
        visits,
        minutes: visits * 20,
    }
}

fn summary(number: u128, generation: i64, made: &str) -> StoredSummary {
    StoredSummary {
        municipality: code(),
        context: Context::Police,
        generation: Seq(generation),
        made: at(made),
        digest: digest(9, number),
        content: format!("content {number}"),
    }
}

contract! {
    async fn a_source_says_one_thing_about_a_week_and_each_is_kept(world: World) {
        use PresenceSource::{Imported, Typed};
        let world = world.settled().await;
        let (store, home) = (&world.store, code());
        let first = vec![week("2026-05-04", Typed, 2), week("2026-05-11", Typed, 1)];
        let seq = store.save_presence_weeks(&home, first, entry("tell")).await.unwrap();
        let second = vec![week("2026-05-04", Typed, 3), week("2026-05-04", Imported, 5)];
        let later = store.save_presence_weeks(&home, second, entry("tell")).await.unwrap();
        assert_eq!(later.0, seq.0 + 1, "whoever follows the feed hears of it");
        let told = store.presence_weeks(&home).await.unwrap();
        let expected = [
            week("2026-05-04", Imported, 5),
            week("2026-05-04", Typed, 3),
            week("2026-05-11", Typed, 1),
        ];
        assert_eq!(told, expected);
    }

    async fn a_summary_is_replaced_by_a_later_one_only(world: World) {
        use PresenceSource::Summary;
        let world = world.settled().await;
        let (store, home) = (&world.store, code());
        let keep = |number, generation, made, weeks| {
            store.keep_summary(summary(number, generation, made), weeks, entry("import_summary"))
        };
        let told = vec![week("2026-05-04", Summary, 2), week("2026-05-11", Summary, 1)];
        keep(1, 10, "2026-05-18T00:00:00Z", told).await.unwrap();
        let again = keep(1, 10, "2026-05-18T00:00:00Z", Vec::new()).await;
        assert!(matches!(again, Err(StoreError::Conflict("summary_known"))));
        for (number, generation, made) in
            [(2, 10, "2026-05-18T00:00:00Z"), (3, 11, "2026-05-17T00:00:00Z"), (4, 9, "2026-05-19T00:00:00Z")]
        {
            let replayed = keep(number, generation, made, Vec::new()).await;
            assert!(matches!(replayed, Err(StoreError::Conflict("summary_replayed"))), "{number}");
        }
        keep(5, 10, "2026-05-25T00:00:00Z", vec![week("2026-05-11", Summary, 4)]).await.unwrap();
        let told = store.presence_weeks(&home).await.unwrap();
        assert_eq!(told, [week("2026-05-11", Summary, 4)], "what the earlier one told is gone");
        assert_eq!(store.summaries(&home).await.unwrap(), [summary(5, 10, "2026-05-25T00:00:00Z")]);
    }
}

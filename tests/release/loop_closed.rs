//! Promises, presence and the page of a district.

use crate::sotenas::Sotenas;
use fyren::{app::LedgerRows, spatial::Filter};
use fyren_core::domain::{
    ChangeWord, Context, DistrictCode, EventKind, Purpose, Verdict, VerdictReason,
};
use jiff::civil::date;

#[tokio::test]
async fn malmon_was_last_visited_23_days_ago_and_every_other_district_since() {
    let place = Sotenas::with(120).await;
    let mut last = std::collections::BTreeMap::new();
    for context in Context::ALL {
        let snapshot = place.app.layers.indexes().snapshot(&place.ground, *context).await.unwrap();
        let visits = Filter { kinds: vec![EventKind::Visit], ..Filter::default() };
        for visit in snapshot.select(&visits).events() {
            let day = visit.end.unwrap().to_zoned(place.ground.zone.clone()).date();
            let latest = last.entry(visit.district.to_owned()).or_insert(day);
            *latest = day.max(*latest);
        }
    }
    let today = date(2026, 11, 22);
    assert_eq!((today - last["109052"]).get_days(), 23);
    let others = last.iter().filter(|(code, _)| *code != "109052");
    assert!(others.clone().count() >= 5);
    assert!(others.into_iter().all(|(_, day)| (today - *day).get_days() < 60));
}

#[tokio::test]
async fn a_promise_counts_the_visits_of_its_purposes_in_its_period() {
    let place = Sotenas::with(120).await;
    let mut controls = 0;
    let police = place.app.layers.indexes().snapshot(&place.ground, Context::Police).await.unwrap();
    for visit in police.select(&Filter::default()).events() {
        let purpose = Purpose::parse(visit.category);
        let control = matches!(purpose, Some(Purpose::TrafficControl | Purpose::SobrietyControl));
        let day = visit.start.unwrap().to_zoned(place.ground.zone.clone()).date();
        controls += u32::from(control && day.year() == 2026);
    }
    let followed = place.app.follow_promises(&place.ground).await.unwrap();
    let promise = followed.iter().find(|f| f.promise.slug == "demo-traffic-controls").unwrap();
    assert!(controls > 5);
    assert_eq!(promise.output.counted, Some(controls));
    assert!(promise.output.running);
}

#[tokio::test]
async fn of_a_time_without_a_log_nothing_is_said() {
    let place = Sotenas::with(120).await;
    let followed = place.app.follow_promises(&place.ground).await.unwrap();
    for slug in ["2021-traffic-controls", "2021-mobile-office", "2021-narcotics"] {
        let promise = followed.iter().find(|f| f.promise.slug == slug).unwrap();
        assert_eq!(promise.output.counted, None, "{slug}");
        assert_eq!((promise.verdict, promise.reason), (Verdict::CannotSay, VerdictReason::NoLog));
        assert_eq!(promise.outcome.says, ChangeWord::TooFew);
    }
    let need = followed.iter().find(|f| f.promise.slug == "2023-traffic").unwrap();
    assert_eq!((need.verdict, need.reason), (Verdict::CannotSay, VerdictReason::NeedBased));
}

#[tokio::test]
async fn loading_the_ledger_again_keeps_what_was_judged() {
    let place = Sotenas::with(120).await;
    let store = &place.app.municipal;
    let mut promise = store.promises(place.ground.code()).await.unwrap().remove(0);
    promise.verdict = Some(Verdict::Kept);
    let entry = fyren::store::AuditEntry {
        at: place.app.clock.now(),
        actor: "test".to_owned(),
        action: "write_promise".to_owned(),
        municipality: Some(place.ground.code().clone()),
        subject: None,
        detail: String::new(),
    };
    store.save_promise(promise.clone(), entry).await.unwrap();
    let again = place.app.load_ledger(&place.ground, LedgerRows::Demonstration).await.unwrap();
    assert_eq!(again, 0);
    let kept = store.promises(place.ground.code()).await.unwrap();
    assert!(kept.iter().any(|p| p.slug == promise.slug && p.verdict == Some(Verdict::Kept)));
}

#[tokio::test]
async fn a_district_page_says_what_was_released_and_shows_presence_only_late() {
    let place = Sotenas::with(300).await;
    for year in [2025, 2026] {
        place.app.publish_year("test", &place.ground, year).await.unwrap();
    }
    let facts = place.app.read_loop(&place.ground).await.unwrap();
    let kungshamn = facts.in_district(&DistrictCode("109053".to_owned()));
    assert!(kungshamn.said.iter().any(|said| said.reports.is_some()));
    assert!(!kungshamn.presence.is_empty());
    let latest = kungshamn.presence.iter().map(|quarter| quarter.window.to).max().unwrap();
    assert_eq!(latest, date(2026, 10, 1), "the running quarter is not shown");
    assert_eq!(kungshamn.measures.len(), 0, "the one measure is for an other district");
    let hunnebostrand = facts.in_district(&DistrictCode("109062".to_owned()));
    assert_eq!(hunnebostrand.measures.len(), 1);
}

//! What an import leaves in the stores.

use crate::place::{Work, code, job};
use crate::support::repository;
use fyren::app::{ImportJob, ImportKind};
use fyren_core::domain::{
    Category, Channel, Context, Flags, Incident, Place, Purpose, ReportStatus, RetentionClass,
    SourceClass, UnitKind, When,
};

/// Reports of another system, with its own words.
const REPORTS: &str = "\
id;tid;kategori;text;lat;lon;status;källa
1;2026-07-10 22:30;Klotter;muren;58.3614;11.2494;Åtgärdad;app
2;;Pothole;vägen;58.3614;11.2494;done;fältare
3;i somras;fraud_attempt;namn och nummer;58.3614;11.2494;;
";

#[tokio::test]
async fn the_police_events_go_in_whole_and_twice_stores_nothing_twice() {
    let work = Work::with(&["1427"]).await;
    let bytes = std::fs::read(repository("data/sotenas/police-events.csv")).unwrap();
    let first = work.import(job(ImportKind::Incidents), &bytes).await.unwrap();
    assert_eq!((first.read, first.stored, first.known, first.refused), (56, 56, 0, 0));
    let again = work.import(job(ImportKind::Incidents), &bytes).await.unwrap();
    assert_eq!((again.read, again.stored, again.known, again.refused), (56, 0, 56, 0));
    let other = ImportJob { dataset: "other".to_owned(), ..job(ImportKind::Incidents) };
    assert_eq!(work.import(other, &bytes).await.unwrap().stored, 56);

    let stored = work.incidents().await;
    let area = |incident: &&Incident| matches!(incident.located.place, Place::Code(_));
    assert_eq!((stored.len(), stored.iter().filter(area).count()), (112, 18));
    for incident in &stored {
        match &incident.located.place {
            Place::Code(area) => {
                assert_eq!((area.system.as_str(), area.code.as_str()), ("municipality", "1427"));
            }
            Place::Point { precision_m, .. } => assert!((200.0..=2_500.0).contains(precision_m)),
            other => panic!("{other:?}"),
        }
        let driving = incident.category == "traffic_impaired";
        assert_eq!(incident.police_initiated, driving, "{}", incident.category);
    }
}

#[tokio::test]
async fn a_report_keeps_the_words_of_its_own_system() {
    let work = Work::with(&["1427"]).await;
    let told = work.import(job(ImportKind::Reports), REPORTS.as_bytes()).await.unwrap();
    assert_eq!((told.read, told.stored), (3, 3));
    assert_eq!(told.foreign_categories.get("Pothole"), Some(&1));
    assert_eq!((told.times.unknown, told.times.unreadable), (2, 1));

    let mut reports = work.reports().await;
    reports.sort_by_key(|report| report.category);
    let [graffiti, fraud, other] = &reports[..] else { panic!("{reports:?}") };
    assert_eq!((graffiti.category, &graffiti.foreign_category), (Category::Graffiti, &None));
    assert_eq!(graffiti.foreign_status.as_deref(), Some("Åtgärdad"));
    assert_eq!(graffiti.foreign_source.as_deref(), Some("app"));
    assert_eq!((graffiti.status, graffiti.channel), (ReportStatus::Received, Channel::Import));
    assert_eq!(graffiti.retention, RetentionClass::Imported);

    assert_eq!(
        (other.category, other.foreign_category.as_deref()),
        (Category::Other, Some("Pothole"))
    );
    assert_eq!((other.status, other.source_class), (ReportStatus::Done, SourceClass::Trained));
    assert_eq!(other.when, When::Unknown);

    // Of crimes against the elderly only the district is kept.
    assert_eq!(fraud.category, Category::FraudAttempt);
    assert_eq!(fraud.text, None);
    assert!(matches!(&fraud.located.place, Place::Code(area) if area.system == "district"));
}

#[tokio::test]
async fn rows_outside_swapped_or_of_another_municipality_are_refused_by_line() {
    let work = Work::with(&["1427"]).await;
    let text =
        "lat;lon;kommun\n58.3614;11.2494;\n57.70;11.97;\n11.2494;58.3614;\n;;1480\n;;nowhere\n";
    let (told, refused) =
        work.import_with(job(ImportKind::Reports), text.as_bytes()).await.unwrap();
    let refused: Vec<_> = refused.iter().map(|r| (r.line, r.violation.rule)).collect();
    assert_eq!(
        refused,
        [
            (3, "outside_municipality"),
            (4, "swapped_coordinates"),
            (5, "outside_municipality"),
            (6, "unknown_area"),
        ]
    );
    assert_eq!((told.places.outside, told.places.swapped), (2, 1));
    assert_eq!(told.read, told.stored + told.known + told.refused);
}

#[tokio::test]
async fn areas_are_found_by_code_and_name_of_district_place_and_municipality() {
    let work = Work::with(&["1427"]).await;
    let text =
        "id,area,lat,lon\n1,109051,,\n2,smögen,,\n3,Bovallstrand,,\n4,Sotenäs kommun,,\n5,1427,,\n";
    let told = work.import(job(ImportKind::Reports), text.as_bytes()).await.unwrap();
    assert_eq!((told.stored, told.refused), (5, 0));
    let stored = work.stored(Context::Municipal, "1427").await;
    let mut districts: Vec<&str> = stored.iter().map(|event| event.district.as_str()).collect();
    districts.sort_unstable();
    assert_eq!(districts.iter().filter(|district| **district == "109051").count(), 2);
    assert_eq!(districts.iter().filter(|district| district.is_empty()).count(), 2);
    assert!(stored.iter().all(|event| !event.located));
}

#[tokio::test]
async fn all_puts_each_row_into_the_municipality_it_lies_in() {
    let work = Work::with(&["1427", "1484"]).await;
    let all = ImportJob { municipality: None, ..job(ImportKind::Incidents) };
    let text = "lat,lon,kommun\n58.3614,11.2494,\n58.2743,11.4358,\n,,1484\n,,0180\n55.6,13.0,\n";
    let told = work.import(all, text.as_bytes()).await.unwrap();
    assert_eq!((told.stored, told.refused, told.municipality.as_str()), (3, 2, "all"));
    assert_eq!(work.stored(Context::Municipal, "1427").await.len(), 1);
    assert_eq!(work.stored(Context::Municipal, "1484").await.len(), 2);
}

#[tokio::test]
async fn visits_go_to_the_store_of_their_unit_and_need_a_time() {
    let work = Work::with(&["1427"]).await;
    let text = "\
enhet;enhetstyp;start;slut;syfte;lat;lon
OP 1;områdespolis;2026-07-10 21:00;2026-07-10 21:15;fotpatrull;58.3614;11.2494
Fält;fältgruppen;2026-07-10 21:00;;Kaffe;58.3614;11.2494
Fält;fältgruppen;;;;58.3614;11.2494
";
    let (told, refused) = work.import_with(job(ImportKind::Visits), text.as_bytes()).await.unwrap();
    assert_eq!((told.stored, told.refused, told.times.assumed_minutes), (2, 1, 1));
    assert_eq!(refused[0].violation.to_string(), "at: required");
    let police = work.visits(Context::Police).await;
    let civil = work.visits(Context::Municipal).await;
    assert_eq!((police.len(), civil.len()), (1, 1));
    assert_eq!((police[0].unit.as_str(), police[0].minutes()), ("OP-1", 15));
    assert_eq!((police[0].unit_kind, police[0].purpose), (UnitKind::AreaPolice, Purpose::Presence));
    assert_eq!((civil[0].unit.as_str(), civil[0].minutes()), ("Fält", 1));
    assert_eq!(told.foreign_categories.get("Kaffe"), Some(&1));
    let again = work.import(job(ImportKind::Visits), text.as_bytes()).await.unwrap();
    assert_eq!((again.stored, again.known), (0, 2));
}

#[tokio::test]
async fn imported_areas_become_the_districts() {
    let work = Work::with(&["1484"]).await;
    let ring = |west: f64, east: f64| {
        format!("[[[{west},58.2],[{east},58.2],[{east},58.3],[{west},58.3],[{west},58.2]]]")
    };
    let feature = |code: &str, name: &str, ring: &str| {
        format!(
            r#"{{"type":"Feature","properties":{{"code":"{code}","name":"{name}"}},"geometry":{{"type":"Polygon","coordinates":{ring}}}}}"#
        )
    };
    let file = format!(
        r#"{{"type":"FeatureCollection","features":[{},{},{}]}}"#,
        feature("a", "West", &ring(11.4, 11.45)),
        feature("b", "East", &ring(11.45, 11.5)),
        feature("c", "Bow", "[[[11.4,58.2],[11.5,58.3],[11.5,58.2],[11.4,58.3],[11.4,58.2]]]"),
    );
    let job = ImportJob { municipality: Some(code("1484")), ..job(ImportKind::Areas) };
    let told = work.import(job.clone(), file.as_bytes()).await.unwrap();
    assert_eq!((told.stored, told.refused), (2, 1));
    assert_eq!(told.refused_by_rule.get("not_valid"), Some(&1));
    let lysekil = &work.app.ground("1484").await.ok().unwrap().municipality;
    let names: Vec<&str> = lysekil.districts.iter().map(|d| d.name.as_str()).collect();
    assert_eq!(names, ["West", "East"]);
    let again = work.import(job, file.as_bytes()).await.unwrap();
    assert_eq!((again.stored, again.known, again.refused), (0, 2, 1));
}

#[tokio::test]
async fn nothing_of_a_file_that_breaks_off_is_stored() {
    let work = Work::with(&["1427"]).await;
    let rows: Vec<String> = (0..9_000).map(|id| format!("{id},x,58.3614,11.2494")).collect();
    let text = format!("id,text,lat,lon\n{}\n9000,\"half,58.3,11.2\n", rows.join("\n"));
    let said = work.import(job(ImportKind::Reports), text.as_bytes()).await.unwrap_err();
    assert!(said.to_string().starts_with("line 9002: a quote opens"), "{said}");
    assert!(work.stored(Context::Municipal, "1427").await.is_empty());
}

#[tokio::test]
async fn a_dry_run_tells_everything_and_stores_nothing() {
    let work = Work::with(&["1427"]).await;
    let dry = ImportJob { dry_run: true, ..job(ImportKind::Reports) };
    let told = work.import(dry, REPORTS.as_bytes()).await.unwrap();
    assert_eq!((told.read, told.stored, told.dry_run), (3, 3, true));
    assert!(work.stored(Context::Municipal, "1427").await.is_empty());
}

#[tokio::test]
async fn more_rows_than_a_batch_are_stored_once_each_and_flags_are_set() {
    let work = Work::with(&["1427"]).await;
    let rows: Vec<String> =
        (0..10_000).map(|id| format!("{},Trafikkontroll,58.3614,11.2494", id % 9_500)).collect();
    let text = format!("id,typ,lat,lon\n{}\n", rows.join("\n"));
    let told = work.import(job(ImportKind::Incidents), text.as_bytes()).await.unwrap();
    assert_eq!((told.read, told.stored, told.known), (10_000, 9_500, 500));
    assert_eq!(told.places.assumed_precision, 10_000);
    let stored = work.stored(Context::Municipal, "1427").await;
    assert_eq!(stored.len(), 9_500);
    assert!(stored.iter().all(|event| {
        event.flags.has(Flags::POLICE_INITIATED)
            && event.category == "Trafikkontroll"
            && event.kind == fyren_core::domain::EventKind::Incident
            && (event.precision_m - 50.0).abs() < 1e-9
    }));
}

#[tokio::test]
async fn an_import_is_in_the_audit_log() {
    let work = Work::with(&["1427"]).await;
    work.import(job(ImportKind::Reports), REPORTS.as_bytes()).await.unwrap();
    let entries = work.app.municipal.audit_entries(0, 100).await.unwrap();
    let entry = entries.iter().map(|record| &record.entry).find(|e| e.action == "import_file");
    let entry = entry.unwrap();
    assert_eq!(
        (entry.subject.as_deref(), entry.detail.as_str()),
        (Some("file"), "reports: 3 stored")
    );
}

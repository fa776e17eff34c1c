//! What is no event: beds that change what is expected, speeds by site, and
//! what residents said when they were asked.

use crate::house::{House, SOTENAS};
use serde_json::Value;
use std::fmt::Write as _;

/// Synthetic: a hundred reports around the quay of Smögen, one a source and
/// day, and one in Hunnebostrand for each five of them.
fn reports() -> String {
    let mut table = String::from("id,at,category,lat,lon,precision\n");
    for row in 0..120 {
        let (lat, lon) = if row % 6 == 5 { (58.4407, 11.3017) } else { (58.3538, 11.2235) };
        let (month, day) = (1 + row % 10, 1 + row % 28);
        writeln!(table, "{row},2026-{month:02}-{day:02} 21:00,lighting,{lat},{lon},20").unwrap();
    }
    table
}

const BEDS: &str = "\
namn;slag;antal;lat;lon;säsong
Badhotellet (synthetic);bäddar;900;58.3538;11.2235;jun-aug
Gästhamnen (synthetic);gästplatser;250;58.3541;11.2262;jul
Utanför;bäddar;10;57.70;11.97;
Utan antal;bäddar;;58.3538;11.2235;
";

impl House {
    /// Imports a file that must be read to its end; gives what was told.
    fn import(&self, kind: &str, name: &str, text: &str) -> Value {
        std::fs::write(self.path(name), text).unwrap();
        let out = self.run(&["import", kind, name, "--municipality", "1427", "--json"], "");
        serde_json::from_str(&out).unwrap()
    }
}

/// What is expected at the quay, and what that rests on.
async fn expected(house: &House, token: &str, question: &str) -> (f64, String) {
    let answer = house.get(&format!("{SOTENAS}/layers/hotcells?{question}"), token).await;
    let cells = answer.features();
    let observed = |cell: &Value| cell["properties"]["count"].as_i64().unwrap();
    let fullest = cells.iter().max_by_key(|cell| observed(cell)).expect("a cell with reports");
    let basis = answer.json()["expectedFrom"].as_str().unwrap().to_owned();
    // As a share, so that questions about few and many events compare.
    let total = answer.json()["counted"].as_f64().unwrap();
    (fullest["properties"]["expected"].as_f64().unwrap() / total, basis)
}

#[tokio::test]
async fn imported_beds_raise_what_is_expected_in_their_months_until_they_are_undone() {
    let mut house = House::sotenas();
    let token = house.token("coordinator");
    house.import("reports", "reports.csv", &reports());
    house.serve(&[]).await;
    let july = "from=2026-07-01&to=2026-08-01";
    let january = "from=2026-01-01&to=2026-02-01";
    let (before, basis) = expected(&house, &token, "").await;
    assert_eq!(basis, "residents");

    let told = house.import("exposure", "beds.csv", BEDS);
    assert_eq!(
        (&told["read"], &told["stored"], &told["refused"]),
        (&4.into(), &2.into(), &2.into())
    );
    assert_eq!(told["columns"]["amount"], "antal");
    let refusals: Vec<_> =
        told["refusals"].as_array().unwrap().iter().map(|r| (&r["line"], &r["rule"])).collect();
    let outside = (&Value::from(4), &Value::from("outside_municipality"));
    assert_eq!(refusals, [outside, (&5.into(), &"required".into())]);
    let again = house.import("exposure", "beds.csv", BEDS);
    assert_eq!((&again["stored"], &again["known"]), (&0.into(), &2.into()));

    let rows = house.until("exposure", &token, |rows| rows.len() == 2).await;
    assert_eq!(rows[0]["properties"]["kind"], "beds");
    assert_eq!(rows[1]["properties"]["people"], 500.0);
    let (year, basis) = expected(&house, &token, "").await;
    assert_eq!(basis, "visitors");
    assert!(year > 1.15 * before, "{before} {year}");
    let (summer, _) = expected(&house, &token, july).await;
    let (winter, _) = expected(&house, &token, january).await;
    assert!(summer > 1.5 * year, "{year} {summer}");
    assert!((winter - before).abs() < 0.05 * before, "{before} {winter}");
    let (residents, basis) = expected(&house, &token, "expected=residents").await;
    assert!((residents - before).abs() < 1e-6 && basis == "residents");

    let path = format!("{SOTENAS}/layers/hotcells?expected=road");
    let roads = house.get(&path, &token).await;
    assert_eq!(
        (roads.status, roads.json()["violations"][0]["rule"].as_str()),
        (400, Some("no_roads"))
    );

    house.run(&["import", "undo", told["import"].as_str().unwrap()], "");
    house.until("exposure", &token, <[Value]>::is_empty).await;
    let (after, basis) = expected(&house, &token, "").await;
    assert!((after - before).abs() < 1e-6 && basis == "residents");
}

const SPEEDS: &str = "\
Mätplats;Datum;Timme;Antal;Medelhastighet;85-percentil;Skyltad hastighet;lat;lon
Väjern, väg 174;2026-05-20;14;300;44,1;50;40;58.3740;11.2490
Väjern, väg 174;2026-05-20;15-16;100;49,5;58;40;58.3740;11.2490
Väjern, väg 174;2026-05-01;15;10;80;95;40;58.3740;11.2490
Hovenäset;2026-05-20;03;0;;;50;;
Hovenäset;2026-05-20;04;12;;;50;;
Hovenäset;;;5;30;35;50;;
";

#[tokio::test]
async fn measured_speeds_are_told_by_site_the_fastest_beyond_its_limit_first() {
    let mut house = House::sotenas();
    let (token, auditor) = (house.token("police-planner"), house.token("auditor"));
    let told = house.import("speeds", "speeds.csv", SPEEDS);
    assert_eq!((&told["stored"], &told["refused"]), (&4.into(), &2.into()));
    assert_eq!(told["columns"]["v85"], "85-percentil");
    let rules: Vec<_> = told["refusals"].as_array().unwrap().iter().map(|r| &r["field"]).collect();
    assert_eq!(rules, ["v85", "at"]);
    let again = house.import("speeds", "speeds.csv", SPEEDS);
    assert_eq!((&again["stored"], &again["known"]), (&0.into(), &4.into()));

    house.serve(&[]).await;
    let sites = house.layer("speeds", &token).await;
    let fast = &sites[0]["properties"];
    assert_eq!((&fast["site"], &fast["count"]), (&"Väjern, väg 174".into(), &400.into()));
    let figure = |name: &str| fast[name].as_f64().unwrap();
    assert!((figure("v85Kmh") - 52.0).abs() < 1e-9 && (figure("overKmh") - 12.0).abs() < 1e-9);
    assert!((figure("meanKmh") - 45.45).abs() < 1e-3 && (figure("limitKmh") - 40.0).abs() < 1e-9);
    assert_eq!(fast["to"], "2026-05-20T14:00:00Z");
    assert_eq!(sites[0]["geometry"]["type"], "Point");
    // Hovenäset is a named place; nobody passed there.
    assert_eq!((sites.len(), &sites[1]["properties"]["v85Kmh"]), (2, &Value::Null));

    let asked = house.layer("speeds?hours=15-16", &token).await;
    assert_eq!((asked.len(), &asked[0]["properties"]["count"]), (1, &100.into()));
    let dated = house.layer("speeds?to=2026-05-10", &token).await;
    assert_eq!((dated.len(), &dated[0]["properties"]["hours"]), (1, &1.into()));
    let secret = house.get(&format!("{SOTENAS}/layers/speeds"), &auditor).await;
    assert_eq!(secret.status, 403);

    let listed: Value =
        serde_json::from_str(&house.run(&["import", "list", "--json"], "")).unwrap();
    assert!(listed.to_string().contains("\"speeds\""), "{listed}");
    house.run(&["import", "undo", told["import"].as_str().unwrap()], "");
    house.until("speeds", &token, <[Value]>::is_empty).await;
}

/// A synthetic survey by an open link: Smögen is worried, and Malmön too small.
const SURVEY: &str = "\
survey,year,mode,area_code,question_code,question_sv,group,n,value,unit,ci_low,ci_high,source,note
synthetic,2025,open,Smögen,otrygg_sen_kväll,Otrygg sent ute?,all,120,20,percent,,,tests,
synthetic,2025,open,Hunnebostrand,otrygg_sen_kväll,Otrygg sent ute?,all,90,60,percent,50,70,tests,
synthetic,2025,open,Malmön,otrygg_sen_kväll,Otrygg sent ute?,all,29,50,percent,,,tests,
synthetic,2025,open,Göteborg,otrygg_sen_kväll,Otrygg sent ute?,all,90,50,percent,,,tests,
synthetic,2025,open,Smögen,otrygg_sen_kväll,Otrygg sent ute?,women,60,120,percent,,,tests,
";

#[tokio::test]
async fn a_survey_stands_beside_the_reports_and_few_answers_stay_hidden() {
    let mut house = House::sotenas();
    let token = house.token("coordinator");
    house.import("reports", "reports.csv", &reports());
    let told = house.import("surveys", "survey.csv", SURVEY);
    assert_eq!((&told["stored"], &told["refused"]), (&3.into(), &2.into()));
    let refusals: Vec<_> =
        told["refusals"].as_array().unwrap().iter().map(|r| (&r["line"], &r["rule"])).collect();
    let unknown = (&Value::from(5), &Value::from("unknown_area"));
    assert_eq!(refusals, [unknown, (&6.into(), &"out_of_range".into())]);

    house.serve(&[]).await;
    let rows = house.layer("surveys", &token).await;
    let hidden: Vec<_> = rows.iter().filter(|row| row["properties"]["shown"] == false).collect();
    assert_eq!((rows.len(), hidden.len()), (3, 1));
    assert_eq!(hidden[0]["properties"]["value"], Value::Null);
    assert_eq!(hidden[0]["properties"]["asked"], Value::Null);
    assert!(rows.iter().all(|row| row["properties"]["probability"] == false));

    let path = format!("{SOTENAS}/analytics/bias?from=2026-01-01&to=2027-01-01");
    let found = house.get(&path, &token).await.json();
    assert_eq!(found["params"]["survey"]["mode"], "open");
    let limits = found["limits"].to_string();
    assert!(limits.contains("survey_open") && limits.contains("survey_too_few"), "{limits}");
    let of = |name: &str| {
        let rows = found["features"].as_array().unwrap();
        let row = rows.iter().find(|row| row["properties"]["name"] == name);
        row.unwrap()["properties"].clone()
    };
    // A hundred reports of twenty per cent, twenty of sixty.
    let (worried, calm, small) = (of("Hunnebostrand"), of("Smögen"), of("Malmön"));
    assert_eq!((&worried["silentArea"], &calm["silentArea"]), (&true.into(), &false.into()));
    assert_eq!((&small["silentArea"], &small["ratio"]), (&Value::Null, &Value::Null));
    assert!(worried["surveyLow"].as_f64().unwrap() < 0.51);
    assert!(calm["surveyHigh"].as_f64().unwrap() > 0.25, "an interval of its own: {calm}");

    house.run(&["import", "undo", told["import"].as_str().unwrap()], "");
    house.until("surveys", &token, <[Value]>::is_empty).await;
}

//! The methods as questions: who may ask, what every answer says of itself,
//! and runs.

use super::server::{Answer, Server, request};
use axum::{
    body::Body,
    http::{Method, StatusCode},
};
use fyren::app::SimulationDraft;
use fyren::store::NewJob;
use fyren_core::domain::Role;
use serde_json::Value;

const ANALYTICS: &str = "/api/v1/municipalities/1427/analytics";

/// A server with a year of `per_year` synthetic reports.
async fn server(per_year: u32) -> Server {
    let server = Server::start().await;
    let ground = server.app.ground("1427").await.unwrap();
    let draft = SimulationDraft {
        seed: 1,
        per_year,
        years: 1,
        last_visits: Vec::new(),
        new_places: Vec::new(),
    };
    server.app.simulate_reports(&ground, draft).await.unwrap();
    server
}

/// The answer of a method, asked for until its run is done.
async fn answer(server: &Server, role: Role, method: &str) -> Value {
    let mut found: Answer = server.get_as(role, &format!("{ANALYTICS}/{method}")).await;
    // Each look waits some seconds for the run.
    for _ in 0..100 {
        if found.status != StatusCode::ACCEPTED {
            break;
        }
        let url = found.json()["statusUrl"].as_str().unwrap().to_owned();
        found = server.get_as(role, &url).await;
    }
    assert_eq!(found.status, StatusCode::OK, "{method}: {}", String::from_utf8_lossy(&found.body));
    found.json()
}

/// The names of the methods that a role may ask.
async fn methods(server: &Server, role: Role) -> Vec<String> {
    let list = server.get_as(role, ANALYTICS).await.json();
    list.as_array().unwrap().iter().map(|m| m["name"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn every_method_says_what_its_answer_rests_on() {
    let server = server(400).await;
    for method in methods(&server, Role::PolicePlanner).await {
        if method.starts_with("plan/") {
            continue;
        }
        let ground = server.app.ground("1427").await.unwrap();
        let district = &ground.municipality.districts[0].code.0;
        let asked = match method.as_str() {
            "clusters" => "clusters?nsim=99".to_owned(),
            "alerts" => "alerts?nsim=99".to_owned(),
            "moran" => "moran?nsim=99".to_owned(),
            "evaluate" => format!("evaluate?at=2026-06-01&treated={district}"),
            other => other.to_owned(),
        };
        let found = answer(&server, Role::PolicePlanner, &asked).await;
        assert_eq!(found["method"], method.as_str());
        for member in
            ["version", "params", "n", "window", "source", "seed", "limits", "insufficient"]
        {
            assert!(found.get(member).is_some(), "{method} says no {member}");
        }
        let insufficient = match method.as_str() {
            "trend" => Value::from("months_below_least"),
            "emerging" => Value::from("cube_mean_below_least"),
            _ => Value::Null,
        };
        assert_eq!(found["insufficient"], insufficient, "{method}");
        assert!(found["features"].is_array(), "{method}");
    }
    for layer in ["heat", "hotcells", "hotspots", "clusters", "places"] {
        let path = format!("/api/v1/municipalities/1427/layers/{layer}");
        let found = server.get_as(Role::PolicePlanner, &path).await.json();
        assert!(found["method"].is_string(), "{layer}");
        for member in
            ["version", "params", "n", "window", "source", "seed", "limits", "insufficient"]
        {
            assert!(found.get(member).is_some(), "the layer {layer} says no {member}");
        }
    }
}

#[tokio::test]
async fn too_few_reports_give_no_answer_and_the_rule_that_failed() {
    let server = server(5).await;
    for (method, rule) in
        [("density", "density_events_below_least"), ("clusters", "scan_events_below_least")]
    {
        let found = answer(&server, Role::Coordinator, method).await;
        assert_eq!(found["insufficient"], rule);
        let limits = found["limits"].as_array().unwrap();
        assert!(limits.iter().any(|limit| limit["rule"] == rule), "{limits:?}");
        assert_eq!(found["features"], Value::Array(Vec::new()));
    }
}

#[tokio::test]
async fn who_may_see_the_layer_may_ask_the_method_and_nobody_else() {
    let server = Server::start().await;
    let nobody = server.get(&format!("{ANALYTICS}/clusters"), &[]).await;
    assert_eq!(nobody.status, StatusCode::UNAUTHORIZED);
    for role in Role::ALL.iter().copied() {
        let listed = methods(&server, role).await;
        for method in ["density", "hotspots", "clusters"] {
            let status = server.get_as(role, &format!("{ANALYTICS}/{method}")).await.status;
            let may = listed.iter().any(|name| name == method);
            assert_eq!(status == StatusCode::FORBIDDEN, !may, "{role} {method}: {status}");
        }
    }
    assert!(methods(&server, Role::Auditor).await.is_empty());
}

#[tokio::test]
async fn a_parameter_that_a_method_does_not_know_or_take_is_named() {
    let server = Server::start().await;
    for (query, broken) in [
        ("clusters?colour=red", "colour: unknown_parameter"),
        ("clusters?maxShare=0.9", "maxShare: out_of_range"),
        ("clusters?nsim=100.5", "nsim: number_form"),
        ("density?radius=many", "radius: number_form"),
        ("density?maxShare=0.1", "maxShare: unknown_parameter"),
        ("hotspots?expected=weather", "expected: unknown_value"),
        ("evaluate", "at: required"),
        ("evaluate?at=2026-06-01&treated=nowhere", "treated: unknown_district"),
        ("alerts?seasonStrata=maybe", "seasonStrata: unknown_value"),
        ("forecast-quality?origins=2", "origins: out_of_range"),
        ("emerging?periods=9", "periods: out_of_range"),
        ("emerging?mean=median", "mean: unknown_value"),
        ("bias?survey=nowhere:0.3", "survey: unknown_district"),
        ("bias?survey=0.3", "survey: survey_form"),
        ("presence?goal=0", "goal: out_of_range"),
    ] {
        let refused = server.get_as(Role::Officer, &format!("{ANALYTICS}/{query}")).await;
        assert_eq!(refused.status, StatusCode::BAD_REQUEST, "{query}");
        assert_eq!(refused.violations(), [broken]);
    }
    let unknown = server.get_as(Role::Officer, &format!("{ANALYTICS}/horoscope")).await;
    assert_eq!(unknown.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn the_same_question_is_not_answered_twice() {
    let server = server(60).await;
    answer(&server, Role::Officer, "clusters?nsim=99").await;
    let bearer = format!("Bearer {}", server.token(Role::Officer));
    let path = format!("{ANALYTICS}/clusters?nsim=99");
    let first = server.get_as(Role::Officer, &path).await;
    let tag = first.header("etag").to_owned();
    let headers = [("authorization", bearer.as_str()), ("if-none-match", tag.as_str())];
    assert_eq!(server.get(&path, &headers).await.status, StatusCode::NOT_MODIFIED);
    let other = server.get(&format!("{path}&seed=2"), &headers).await;
    assert_ne!(other.status, StatusCode::NOT_MODIFIED);
}

#[tokio::test]
async fn a_run_that_is_not_there_cannot_be_followed_or_ended() {
    let server = Server::start().await;
    let path = format!("{ANALYTICS}/runs/00000000000000000000000000000000");
    assert_eq!(server.get_as(Role::Officer, &path).await.status, StatusCode::NOT_FOUND);
    let bearer = format!("Bearer {}", server.token(Role::Officer));
    let headers = [("authorization", bearer.as_str())];
    let ended = server.send(request(Method::DELETE, &path, &headers, Body::empty())).await;
    assert_eq!(ended.status, StatusCode::NOT_FOUND);
    let nobody = server.send(request(Method::DELETE, &path, &[], Body::empty())).await;
    assert_eq!(nobody.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn sites_reach_every_village_and_say_what_that_costs() {
    let server = server(120).await;
    let path = format!("{ANALYTICS}/plan/sites");
    let body = serde_json::json!({ "p": 8, "radiusM": 750, "floorM": 3_000 });
    let found = server.post_as(Role::PolicePlanner, &path, "unused", &body).await;
    assert_eq!(found.status, StatusCode::OK, "{}", String::from_utf8_lossy(&found.body));
    let found = found.json();
    assert_eq!(found["features"].as_array().unwrap().len(), 8);
    let number = |name: &str| found[name].as_f64().unwrap();
    assert!(number("objective") <= number("bound") && number("floorCost") >= 0.0);
    for (body, broken) in [
        (serde_json::json!({ "p": 0 }), "p: out_of_range"),
        (serde_json::json!({ "q": 3 }), "q: unknown_field"),
        (serde_json::json!({ "p": 1, "floorM": 200 }), "p: floors_need_more"),
    ] {
        let refused = server.post_as(Role::PolicePlanner, &path, "unused", &body).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{body}");
        assert_eq!(refused.violations(), [broken]);
    }
}

#[tokio::test]
async fn a_sample_is_told_and_is_the_same_for_the_same_seed() {
    let server = server(400).await;
    let asked = "nearrepeat?sample=120&nsim=99";
    let found = answer(&server, Role::Coordinator, asked).await;
    assert_eq!(found["n"], 120);
    let rules: Vec<&Value> =
        found["limits"].as_array().unwrap().iter().map(|limit| &limit["rule"]).collect();
    assert!(rules.contains(&&Value::from("sample")), "{rules:?}");
    let again = answer(&server, Role::Coordinator, &format!("{asked}&limit=3")).await;
    assert_eq!(again["features"][0], found["features"][0]);
    let path = format!("{ANALYTICS}/nearrepeat?sample=x");
    let refused = server.get_as(Role::Coordinator, &path).await;
    assert_eq!(refused.violations(), ["sample: number_form"]);
}

#[tokio::test]
async fn alerts_are_looked_for_once_a_week_on_monday_after_the_night() {
    let server = server(120).await;
    let (jobs, code) = (&server.app.municipal, "1427");
    let name = format!("alerts:{code}:2026-W48");
    let job = |due| NewJob { name: name.clone(), payload: String::new(), due };
    // Sunday noon; then Monday at three, and at six.
    for (hours, is_done) in [(0, false), (14, false), (3, true), (1, true)] {
        server.clock.advance(hours * 3_600);
        let now = server.app.clock.now();
        server.app.look_for_alerts().await.unwrap();
        let known: Vec<String> =
            jobs.due_jobs(now, 9).await.unwrap().into_iter().map(|job| job.name).collect();
        assert!(known.is_empty(), "nothing waits: {known:?}");
        if is_done {
            assert!(!jobs.enqueue_job(job(now)).await.unwrap(), "it is known for good");
            let later = now + jiff::SignedDuration::from_hours(1);
            assert!(!jobs.lease_job(&name, "another", now, later).await.unwrap(), "and finished");
        }
    }
}

#[tokio::test]
async fn presence_reports_and_places_are_told_district_by_district() {
    let server = server(400).await;
    let found = answer(&server, Role::Est, "presence?from=2026-01-01&to=2026-11-01").await;
    let rows = found["features"].as_array().unwrap();
    let of = |row: &Value, name: &str| row["properties"][name].as_f64().unwrap();
    let shares = ["needShare", "presenceShare", "populationShare"];
    for share in shares {
        let sum: f64 = rows.iter().map(|row| of(row, share)).sum();
        assert!((sum - 1.0).abs() < 1e-4, "{share}: {sum}");
    }
    assert!(rows.iter().all(|row| {
        of(row, "visitsBand") <= of(row, "visitsGe10") && of(row, "visitsGe10") <= of(row, "visits")
    }));
    for row in rows {
        assert!((of(row, "wanted") - 43.0).abs() < 1e-9, "a visit a week in 304 days");
        assert_eq!(row["properties"]["planned"], Value::Null, "plans are of the police");
    }
    assert_eq!(found["plans"], Value::Null);
    assert!(found["limits"].to_string().contains("plans_not_seen"));
    assert!((0.0..=1.0).contains(&found["misallocation"].as_f64().unwrap()));

    let spots = answer(&server, Role::Officer, "dose").await;
    assert_eq!(spots["presenceOf"], serde_json::json!(["municipal", "police"]));
    assert_eq!(spots["doseWindow"]["goalAWeek"], 1.0);
    assert_eq!(spots["plans"], serde_json::json!({"days": 0, "ofDays": 90}));
    assert!(spots["limits"].to_string().contains("no_plan"));
    let spots = spots["features"].as_array().unwrap();
    assert!(!spots.is_empty());
    for spot in spots {
        assert!((of(spot, "wanted") - 13.0).abs() < 1e-9, "a visit a week in 91 days");
        assert_eq!(spot["properties"]["missed"], Value::Null, "no plan, nothing is missed");
        assert!(of(spot, "longestGap") <= 91.0);
    }
    let own = answer(&server, Role::Est, "dose").await;
    assert_eq!(
        own["presenceOf"],
        serde_json::json!(["municipal"]),
        "where the police were is theirs"
    );

    let found = answer(&server, Role::Officer, "bias").await;
    let first = &found["features"][0]["properties"];
    assert!(first["reportsPer1000"].is_number() && first["silentArea"].is_null());
    let limits = found["limits"].to_string();
    assert!(limits.contains("no_survey") && limits.contains("open_days_assumed"));
    let ground = server.app.ground("1427").await.unwrap();
    let shares: Vec<String> =
        ground.municipality.districts.iter().map(|d| format!("{}:0.2", d.code.0)).collect();
    let asked = format!("bias?survey={}", shares.join(","));
    let found = answer(&server, Role::Officer, &asked).await;
    assert!(found["features"][0]["properties"]["silentArea"].is_boolean());
    assert!(!found["limits"].to_string().contains("no_survey"));

    let found = answer(&server, Role::Officer, "places?days=365&minPts=3&epsM=300").await;
    assert_eq!(found["params"]["openDays"], 30.0);
    for place in found["features"].as_array().unwrap() {
        let place = &place["properties"];
        assert_eq!(place["reportingRate"].is_number(), place["delayDays"].is_number());
        // Of ten, a fall to half is seen in 23 % of simulations, of twenty in 42 %, ± 3.
        let (n, power) = (place["n"].as_u64().unwrap(), place["powerHalved"].as_f64().unwrap());
        assert!((n > 10 || power < 0.26) && (n < 20 || power > 0.39), "{n}: {power}");
    }
}

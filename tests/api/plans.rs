//! Patrol plans: drawn with reasons, kept by those who may, and seen by nobody else.

use super::server::{Answer, Server};
use axum::http::{Method, StatusCode};
use fyren::app::{NewMunicipality, NewUser};
use fyren_core::domain::{Context, Grant, MunicipalityCode, Role, Scope};
use serde_json::{Value, json};

pub(super) const M: &str = "/api/v1/municipalities/1427";
const TOUR: &str = "/api/v1/municipalities/1427/analytics/plan/tour";
pub(super) const PLANS: &str = "/api/v1/municipalities/1427/plans";

/// An evening shift of today, the 22nd of November, in winter time.
pub(super) fn question() -> Value {
    json!({
        "shifts": [{"unit": "A", "from": "2026-11-22T14:00", "to": "2026-11-22T22:00", "breakMin": 30}],
        "seed": 7
    })
}

pub(super) async fn tour(server: &Server, question: &Value) -> Answer {
    server.send_as(Role::PolicePlanner, Method::POST, TOUR, question).await
}

pub(super) async fn kept(server: &Server, question: &Value, status: &str) -> Answer {
    let drawn = tour(server, question).await.json();
    let body = json!({"question": question, "digest": drawn["digest"], "status": status});
    server.post_as(Role::PolicePlanner, PLANS, &format!("plan-{status}"), &body).await
}

pub(super) fn stops(plan: &Value) -> Vec<Value> {
    let rounds = plan["rounds"].as_array().unwrap();
    rounds.iter().flat_map(|round| round["stops"].as_array().unwrap().clone()).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_plan_reaches_every_district_in_its_shift_and_says_why() {
    let server = Server::start().await;
    let answer = tour(&server, &question()).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", String::from_utf8_lossy(&answer.body));
    assert_eq!(answer.header("content-type"), "application/geo+json");
    let plan = answer.json();
    assert_eq!(plan["method"], "plan/tour");
    let floors = plan["floors"].as_array().unwrap();
    assert_eq!(floors.len(), 6, "each district of Sotenäs");
    assert!(floors.iter().all(|floor| floor["met"] == true), "{floors:?}");
    let round = &plan["rounds"][0];
    let mut before = round["leaveAt"].as_str().unwrap().to_owned();
    assert!(before.as_str() >= "2026-11-22T13:00:00Z", "local time is an hour ahead");
    for stop in stops(&plan) {
        let at = |name: &str| stop[name].as_str().unwrap().to_owned();
        assert!(before <= at("arriveAt") && at("arriveAt") <= at("startAt"), "{stop}");
        assert!(at("startAt") < at("leaveAt"));
        before = at("leaveAt");
        for language in ["sv", "en"] {
            let reason = stop["reason"][language].as_str().unwrap();
            assert!(
                reason.len() > 10 && !reason.contains('{') && !reason.contains("plan."),
                "{reason}"
            );
        }
        assert!(stop["prize"].as_f64().is_some() && stop["key"].as_str().is_some());
    }
    assert!(before.as_str() <= round["backAt"].as_str().unwrap());
    assert!(round["backAt"].as_str().unwrap() <= "2026-11-22T21:00:00Z");
    let pause = &round["pause"];
    assert!(pause["from"].as_str().unwrap() >= "2026-11-22T15:40:00Z");
    let limits: Vec<_> =
        plan["limits"].as_array().unwrap().iter().map(|l| l["rule"].clone()).collect();
    assert!(
        limits.contains(&json!("no_roads")) && limits.contains(&json!("over_water")),
        "{limits:?}"
    );
    let features = plan["features"].as_array().unwrap();
    assert_eq!(features.len(), 1 + stops(&plan).len(), "a line a round and a point a stop");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_same_seed_draws_the_same_plan_and_another_one_another() {
    let server = Server::start().await;
    let digest = |plan: &Value| plan["digest"].clone();
    let first = tour(&server, &question()).await.json();
    assert_eq!(digest(&first), digest(&tour(&server, &question()).await.json()));
    let mut other = question();
    other["seed"] = json!(8);
    assert_ne!(digest(&first), digest(&tour(&server, &other).await.json()));
    other.as_object_mut().unwrap().remove("seed");
    let drawn = tour(&server, &other).await.json();
    other["seed"] = drawn["seed"].clone();
    assert_eq!(
        digest(&drawn),
        digest(&tour(&server, &other).await.json()),
        "the drawn seed is told"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_floor_out_of_reach_is_refused_with_its_reason_and_the_nearest_plan() {
    let server = Server::start().await;
    let mut short = question();
    short["shifts"] = json!([
        {"unit": "A", "from": "2026-11-22T14:00", "to": "2026-11-22T15:00", "mode": "foot"}
    ]);
    let refused = tour(&server, &short).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    let problem = refused.json();
    assert_eq!(problem["type"], "/problems/infeasible");
    let broken = refused.violations();
    assert!(
        broken.iter().any(|one| one.starts_with("floors.") && one.ends_with("no_way_in_time")),
        "{broken:?}"
    );
    let nearest = &problem["nearest"];
    let unmet = nearest["unmet"].as_array().unwrap();
    assert_eq!(unmet.len(), broken.len());
    let floors: serde_json::Map<String, Value> = nearest["floors"]
        .as_array()
        .unwrap()
        .iter()
        .map(|floor| (floor["district"].as_str().unwrap().to_owned(), floor["planned"].clone()))
        .collect();
    short["floors"] = Value::Object(floors);
    let met = tour(&server, &short).await;
    assert_eq!(met.status, StatusCode::OK, "the nearest plan's own floors can be met");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_wish_is_visited_in_its_hours_and_a_moved_stop_where_it_was_moved() {
    let server = Server::start().await;
    let mut asked = question();
    asked["mustVisit"] = json!([{
        "place": {"longitude": 11.2265, "latitude": 58.3531}, "note": "Bryggan efter stängning",
        "earliest": "20:00", "latest": "21:00"
    }]);
    let plan = tour(&server, &asked).await.json();
    let wished = stops(&plan).into_iter().find(|stop| stop["must"] == true).unwrap();
    assert!(wished["reason"]["sv"].as_str().unwrap().contains("Bryggan efter stängning"));
    let start = wished["startAt"].as_str().unwrap();
    assert!(("2026-11-22T19:00:00Z"..="2026-11-22T20:00:00Z").contains(&start), "{start}");
    let key =
        stops(&plan).into_iter().find(|stop| stop["kind"] == "district").unwrap()["key"].clone();
    asked["moves"] = json!([{
        "stop": key, "longitude": 11.2500, "latitude": 58.3600, "reason": "wrong_place",
        "note": "Folk är vid torget", "reviewOn": "2027-02-01"
    }]);
    let moved = tour(&server, &asked).await.json();
    let stop = stops(&moved).into_iter().find(|stop| stop["key"] == key);
    if let Some(stop) = stop {
        assert_eq!((&stop["longitude"], &stop["moved"]), (&json!(11.25), &json!("wrong_place")));
    }
    let kept = kept(&server, &asked, "decided").await;
    assert_eq!(kept.status, StatusCode::CREATED, "{}", String::from_utf8_lossy(&kept.body));
    let next = tour(&server, &question()).await.json();
    assert_eq!(
        next["params"]["moves"][0]["note"], "Folk är vid torget",
        "the move holds in later plans"
    );
    asked["moves"][0]["reviewOn"] = json!("soon");
    assert_eq!(tour(&server, &asked).await.violations(), ["moves[0].reviewOn: date_form"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_places_near_one_named_place_are_told_apart() {
    let server = Server::start().await;
    let place = |longitude: f64| json!({"place": {"longitude": longitude, "latitude": 58.3577}});
    let mut asked = question();
    asked["mustVisit"] = json!([place(11.2239), place(11.2309), place(11.2379)]);
    let plan = tour(&server, &asked).await.json();
    let wished: Vec<_> = stops(&plan).into_iter().filter(|stop| stop["kind"] == "wish").collect();
    assert_eq!(wished.len(), 3);
    let names: std::collections::BTreeSet<_> =
        stops(&plan).iter().map(|stop| stop["name"].to_string()).collect();
    assert_eq!(names.len(), stops(&plan).len(), "{names:?}");
    assert!(names.iter().any(|name| name.contains(" – ")), "{names:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_refused_place_stays_out_until_the_day_of_its_review() {
    let server = Server::start().await;
    let key = stops(&tour(&server, &question()).await.json())[0]["key"].clone();
    let veto = json!({"spot": key, "reason": "others_duty", "note": "Hamnvakten går här", "reviewOn": "2026-11-30"});
    let set = server.post_as(Role::Officer, &format!("{M}/vetoes"), "v", &veto).await;
    assert_eq!(set.status, StatusCode::CREATED, "{}", String::from_utf8_lossy(&set.body));
    let without = tour(&server, &question()).await.json();
    assert!(stops(&without).iter().all(|stop| stop["key"] != key));
    let left = &without["leftOut"][0];
    assert_eq!((&left["key"], &left["reason"]), (&key, &json!("others_duty")));
    assert_eq!(left["note"], "Hamnvakten går här");
    let mut later = question();
    later["shifts"][0]["from"] = json!("2026-12-01T14:00");
    later["shifts"][0]["to"] = json!("2026-12-01T22:00");
    let later = tour(&server, &later).await.json();
    let back = stops(&later).into_iter().any(|stop| stop["key"] == key);
    assert!(back && later["leftOut"].as_array().unwrap().is_empty(), "it reappears at its review");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn future_stops_are_told_to_nobody_but_the_police() {
    let server = Server::start().await;
    let id = kept(&server, &question(), "decided").await.json()["id"].as_str().unwrap().to_owned();
    let addresses = [
        PLANS.to_owned(),
        format!("{PLANS}/{id}"),
        format!("{PLANS}/current"),
        format!("{M}/layers/plan"),
        format!("{M}/layers/plan.csv"),
    ];
    for path in &addresses {
        assert_eq!(server.get(path, &[]).await.status, StatusCode::UNAUTHORIZED, "{path}");
        for role in Role::ALL {
            let expected = match role.context() {
                Context::Police => StatusCode::OK,
                Context::Municipal => StatusCode::FORBIDDEN,
            };
            assert_eq!(server.get_as(*role, path).await.status, expected, "{role} {path}");
        }
    }
    for role in Role::ALL.iter().filter(|role| role.context() == Context::Municipal) {
        let drawn = server.send_as(*role, Method::POST, TOUR, &question()).await;
        assert_eq!(drawn.status, StatusCode::FORBIDDEN, "{role}");
        let change = json!({"status": "withdrawn"});
        let changed = server.send_as(*role, Method::PATCH, &format!("{PLANS}/{id}"), &change).await;
        assert_eq!(changed.status, StatusCode::FORBIDDEN, "{role}");
    }
    let layers = server.get_as(Role::Coordinator, &format!("{M}/layers")).await.json();
    assert!(layers.as_array().unwrap().iter().all(|layer| layer["name"] != "plan"), "{layers}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_decided_plan_is_in_the_layer_and_on_the_phone_until_it_ends() {
    let server = Server::start().await;
    let stored = kept(&server, &question(), "draft").await;
    assert_eq!(stored.status, StatusCode::CREATED, "{}", String::from_utf8_lossy(&stored.body));
    let id = stored.json()["id"].as_str().unwrap().to_owned();
    let current =
        async || server.get_as(Role::Officer, &format!("{PLANS}/current?unit=A")).await.json();
    let layer = async || {
        let answer = server.get_as(Role::Officer, &format!("{M}/layers/plan")).await.json();
        answer["features"].as_array().unwrap().len()
    };
    assert_eq!((current().await["rounds"].as_array().unwrap().len(), layer().await), (0, 0));
    let change = async |status: &str| {
        let body = json!({"status": status});
        server.send_as(Role::Officer, Method::PATCH, &format!("{PLANS}/{id}"), &body).await.status
    };
    assert_eq!(change("decided").await, StatusCode::NO_CONTENT);
    let plan = server.get_as(Role::Officer, &format!("{PLANS}/{id}")).await.json();
    assert_eq!((&plan["status"], plan["steps"].as_array().unwrap().len()), (&json!("decided"), 2));
    let rounds = current().await;
    let round = &rounds["rounds"][0];
    assert_eq!((&round["plan"], &round["stops"]), (&json!(id), &plan["rounds"][0]["stops"]));
    assert_eq!(layer().await, stops(&plan).len());
    let other = server.get_as(Role::Officer, &format!("{PLANS}/current?unit=B")).await.json();
    assert!(other["rounds"].as_array().unwrap().is_empty());
    let list = server.get_as(Role::Officer, PLANS).await.json();
    assert_eq!((&list["items"][0]["units"], &list["total"]), (&json!(["A"]), &json!(1)));
    assert_eq!(change("done").await, StatusCode::NO_CONTENT);
    assert_eq!(change("decided").await, StatusCode::CONFLICT);
    assert_eq!((current().await["rounds"].as_array().unwrap().len(), layer().await), (0, 0));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_decides_a_plan_that_was_not_seen() {
    let server = Server::start().await;
    let body = json!({"question": question(), "digest": "of another plan", "status": "decided"});
    let refused = server.post_as(Role::PolicePlanner, PLANS, "k", &body).await;
    assert_eq!(refused.status, StatusCode::CONFLICT);
    assert_eq!(refused.json()["type"], "/problems/plan_changed");
    let once = kept(&server, &question(), "decided").await.json();
    let twice = kept(&server, &question(), "decided").await.json();
    assert_eq!(once["id"], twice["id"]);
    let list = server.get_as(Role::PolicePlanner, PLANS).await.json();
    assert_eq!(list["total"], 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_question_names_what_is_wrong_with_it() {
    let server = Server::start().await;
    let shift = |field: &str, value: Value| {
        let mut asked = question();
        asked["shifts"][0][field] = value;
        asked
    };
    let with = |field: &str, value: Value| {
        let mut asked = question();
        asked[field] = value;
        asked
    };
    let two = json!([
        {"unit": "A", "from": "2026-11-22T14:00", "to": "2026-11-22T22:00"},
        {"unit": "A", "from": "2026-11-22T21:00", "to": "2026-11-22T23:00"},
    ]);
    for (asked, expected) in [
        (with("shifts", json!([])), "shifts: required"),
        (with("shifts", two), "shifts[1]: overlaps"),
        (shift("unit", json!("Anna A")), "shifts[0].unit: code_form"),
        (shift("to", json!("2026-11-22T13:00")), "shifts[0].to: not_after_start"),
        (shift("to", json!("2026-11-22T14:10")), "shifts[0].to: out_of_range"),
        (shift("mode", json!("horse")), "shifts[0].mode: unknown_value"),
        (shift("breakMin", json!(400)), "shifts[0].breakMin: out_of_range"),
        (
            shift("base", json!({"localityId": "nowhere"})),
            "shifts[0].base.localityId: unknown_value",
        ),
        (
            shift("base", json!({"longitude": 18.0, "latitude": 59.3})),
            "shifts[0].base.longitude: outside_municipality",
        ),
        (with("floors", json!({"nowhere": 1})), "floors.nowhere: unknown_value"),
        (with("floor", json!(21)), "floor: out_of_range"),
        (with("coverageShare", json!(1.5)), "coverageShare: out_of_range"),
        (with("mustVisit", json!([{"place": {}}])), "mustVisit[0].place.longitude: required"),
        (with("colour", json!(1)), "colour: unknown_field"),
    ] {
        assert_eq!(tour(&server, &asked).await.violations(), [expected], "{asked}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_round_with_much_of_its_shift_left_says_how_much_and_why() {
    let server = Server::start().await;
    let full = tour(&server, &question()).await.json();
    let round = |plan: &Value, at: usize| plan["rounds"][at].clone();
    let mut wide = question();
    for unit in ["B", "C"] {
        let more = json!({"unit": unit, "from": "2026-11-22T10:00", "to": "2026-11-22T23:00"});
        wide["shifts"].as_array_mut().unwrap().push(more);
    }
    let plan = tour(&server, &wide).await.json();
    let rounds: Vec<Value> = (0..3).map(|at| round(&plan, at)).collect();
    let idle: Vec<&Value> = rounds.iter().filter(|round| !round["idle"].is_null()).collect();
    assert!(!idle.is_empty(), "three units have more time than there are places: {plan}");
    for round in idle {
        let free = round["idleMin"].as_i64().unwrap();
        let said = round["idle"]["en"].as_str().unwrap();
        assert!(free >= 60 && said.contains(&format!("{} h", free / 60)), "{free}: {said}");
        assert!(said.contains("already in the plan") && !said.contains('{'), "{said}");
    }
    for round in rounds.iter().chain([&round(&full, 0)]) {
        let shift = if round["from"] == "2026-11-22T13:00:00Z" { 480 } else { 780 };
        let much = round["idleMin"].as_i64().unwrap() * 4 >= shift;
        assert_eq!(much, !round["idle"].is_null(), "{round}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_kept_plan_leaves_as_pdf_gpx_calendar_and_features() {
    let server = Server::start().await;
    let id = kept(&server, &question(), "decided").await.json()["id"].as_str().unwrap().to_owned();
    for (file, kind, begins) in [
        ("sheet.pdf", "application/pdf", "%PDF-"),
        ("plan.gpx", "application/gpx+xml", "<?xml"),
        ("plan.ics", "text/calendar; charset=utf-8", "BEGIN:VCALENDAR"),
        ("plan.geojson", "application/geo+json", "{"),
    ] {
        let path = format!("{PLANS}/{id}/{file}?unit=A");
        let answer = server.get_as(Role::Officer, &path).await;
        assert_eq!((answer.status, answer.header("content-type")), (StatusCode::OK, kind));
        assert!(answer.body.starts_with(begins.as_bytes()), "{file}");
        assert_eq!(answer.header("cache-control"), "private, no-store");
        let municipal = server.get_as(Role::Coordinator, &path).await;
        assert_eq!(municipal.status, StatusCode::FORBIDDEN, "{file}");
    }
    let sheet = server.get_as(Role::Officer, &format!("/1427/staff/plans/{id}/sheet")).await;
    assert_eq!(sheet.status, StatusCode::OK);
    let html = String::from_utf8(sheet.body).unwrap();
    assert!(html.contains("sheet-table") && html.contains("Bara för polisen"), "{html}");
    let municipal = server.get_as(Role::Est, &format!("/1427/staff/plans/{id}/sheet")).await;
    assert_eq!(municipal.status, StatusCode::FORBIDDEN);
    let other = server.get_as(Role::Officer, &format!("{PLANS}/{id}/plan.doc")).await;
    assert_eq!(other.status, StatusCode::NOT_FOUND);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_planner_of_another_area_finds_nothing_here() {
    let server = Server::start().await;
    let id = kept(&server, &question(), "decided").await.json()["id"].as_str().unwrap().to_owned();
    let code = MunicipalityCode::parse("1430").unwrap();
    let new = NewMunicipality { code: code.clone(), name: None, boundary: None, time_zone: None };
    server.app.add_municipality("test", new).await.unwrap();
    let grants = vec![Grant { role: Role::PolicePlanner, scope: Scope::Municipality(code) }];
    let password = "a word that is long enough".to_owned();
    let new = NewUser { name: "planner-1430".to_owned(), grants, password };
    let user = server.app.save_user("test", new).await.unwrap();
    let bearer = format!("Bearer {}", server.app.issue_token("test", &user, "test").await.unwrap());
    let headers = [("authorization", bearer.as_str())];
    for path in [
        PLANS.to_owned(),
        format!("{PLANS}/{id}"),
        format!("{PLANS}/{id}/sheet.pdf"),
        format!("{PLANS}/current"),
        format!("{M}/layers/plan"),
    ] {
        assert_eq!(server.get(&path, &headers).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    let drawn = server.post(TOUR, &headers, &question().to_string()).await;
    assert_eq!(drawn.status, StatusCode::NOT_FOUND);
}

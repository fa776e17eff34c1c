//! Patrol areas: divided, saved as they were seen, asked by, deleted, and never
//! told to who is not of the police.

use super::server::{Answer, Server};
use axum::http::{Method, StatusCode};
use fyren::app::SimulationDraft;
use fyren_core::domain::Role;
use serde_json::{Value, json};

const DIVIDE: &str = "/api/v1/municipalities/1427/analytics/plan/areas";
const AREAS: &str = "/api/v1/municipalities/1427/patrol-areas";

async fn divided(server: &Server, question: &Value) -> Value {
    let answer = server.send_as(Role::PolicePlanner, Method::POST, DIVIDE, question).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.json());
    answer.json()
}

async fn saved(server: &Server, name: &str, question: &Value) -> Answer {
    let digest = divided(server, question).await["digest"].clone();
    let body = json!({"name": name, "question": question, "digest": digest});
    server.post_as(Role::PolicePlanner, AREAS, name, &body).await
}

async fn listed(server: &Server) -> Vec<Value> {
    let answer = server.get_as(Role::PolicePlanner, AREAS).await;
    answer.json()["items"].as_array().unwrap().clone()
}

async fn number_of(server: &Server, path: &str) -> usize {
    let answer = server.get_as(Role::PolicePlanner, path).await;
    assert_eq!(answer.status, StatusCode::OK, "{path} {}", answer.json());
    answer.json()["features"].as_array().unwrap().len()
}

fn sum(rows: &[Value], field: &str) -> f64 {
    rows.iter().map(|row| row["properties"][field].as_f64().unwrap()).sum()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn areas_of_cells_or_of_whole_districts_share_the_work_and_say_in_how_many_parts_they_lie() {
    let server = Server::start().await;
    for unit in ["cell", "district"] {
        let made = divided(&server, &json!({"k": 3, "unit": unit})).await;
        let rows = made["features"].as_array().unwrap();
        assert_eq!((rows.len(), &made["params"]["unit"]), (3, &json!(unit)));
        assert!((sum(rows, "share") - 1.0).abs() < 1e-4, "{unit}");
        for row in rows {
            let said = &row["properties"];
            assert!(said["parts"].as_u64().unwrap() >= 1, "{said}");
            let label = said["label"].as_array().unwrap();
            assert!((11.0..12.0).contains(&label[0].as_f64().unwrap()), "{label:?}");
        }
        let today = &made["today"];
        assert_eq!(today["districts"].as_array().unwrap().len(), 6, "each district of Sotenäs");
        let mut codes: Vec<String> = rows
            .iter()
            .flat_map(|row| row["properties"]["codes"].as_array().unwrap().clone())
            .map(|code| code.as_str().unwrap().to_owned())
            .collect();
        codes.sort_unstable();
        codes.dedup();
        assert_eq!(
            codes.len(),
            if unit == "district" { 6 } else { 0 },
            "whole districts, each once"
        );
        if unit == "cell" {
            let (here, there) = (&made["imbalance"], &today["imbalance"]);
            assert!(here.as_f64() < there.as_f64(), "cells divide more evenly than districts");
        }
    }
    for (body, field) in [
        (json!({"unit": "street"}), "unit"),
        (json!({"k": 1}), "k"),
        (json!({"k": 7, "unit": "district"}), "k"),
    ] {
        let answer = server.send_as(Role::PolicePlanner, Method::POST, DIVIDE, &body).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{body}");
        assert!(answer.violations()[0].starts_with(field), "{:?}", answer.violations());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_set_is_saved_as_it_was_seen_listed_and_deleted() {
    let server = Server::start().await;
    let question = json!({"k": 2, "cell": 2000.0, "seed": 3});
    let stored = saved(&server, "Sommar", &question).await;
    assert_eq!(stored.status, StatusCode::CREATED, "{}", stored.json());
    let id = stored.json()["id"].as_str().unwrap().to_owned();
    let again = saved(&server, "Sommar", &question).await;
    assert_eq!(
        (again.status, again.json()["id"].as_str()),
        (StatusCode::CREATED, Some(id.as_str()))
    );

    let stale = json!({"name": "Höst", "question": question, "digest": "00"});
    let refused = server.post_as(Role::PolicePlanner, AREAS, "stale", &stale).await;
    assert_eq!(
        (refused.status, &refused.json()["type"]),
        (StatusCode::CONFLICT, &json!("/problems/areas_changed"))
    );
    let digest = divided(&server, &question).await["digest"].clone();
    let taken = json!({"name": " Sommar ", "question": question, "digest": digest});
    let refused = server.post_as(Role::PolicePlanner, AREAS, "taken", &taken).await;
    assert_eq!(
        (refused.status, &refused.json()["type"]),
        (StatusCode::CONFLICT, &json!("/problems/name_taken"))
    );
    for (body, field) in [
        (json!({"name": " ", "question": question, "digest": digest}), "name: required"),
        (
            json!({"name": "x", "names": ["a"], "question": question, "digest": digest}),
            "names: out_of_range",
        ),
        (
            json!({"name": "x", "names": ["a", "a"], "question": question, "digest": digest}),
            "names: name_taken",
        ),
        (json!({"name": "x", "question": {"k": 99}, "digest": digest}), "question.k: out_of_range"),
    ] {
        let key = field.replace(|c: char| !c.is_ascii_alphanumeric(), "-");
        let refused = server.post_as(Role::PolicePlanner, AREAS, &key, &body).await;
        assert_eq!(
            (refused.status, refused.violations()),
            (StatusCode::UNPROCESSABLE_ENTITY, vec![field.to_owned()])
        );
    }

    let sets = listed(&server).await;
    assert_eq!(sets.len(), 1);
    assert_eq!(
        (&sets[0]["name"], &sets[0]["unit"], &sets[0]["by"]),
        (&json!("Sommar"), &json!("cell"), &json!("police-planner"))
    );
    assert_eq!(sets[0]["areas"].as_array().unwrap().len(), 2);
    let layer = "/api/v1/municipalities/1427/layers/patrol-areas";
    assert_eq!(number_of(&server, layer).await, 2);
    assert_eq!(number_of(&server, &format!("{layer}?set={id}")).await, 2);
    assert_eq!(number_of(&server, &format!("{layer}?set=0")).await, 0);

    let gone = format!("{AREAS}/{id}");
    for expected in [StatusCode::NO_CONTENT, StatusCode::NOT_FOUND] {
        let answer = server.send_as(Role::PolicePlanner, Method::DELETE, &gone, &Value::Null).await;
        assert_eq!(answer.status, expected);
    }
    assert!(listed(&server).await.is_empty());
    assert_eq!(number_of(&server, layer).await, 0, "the layer knows at once");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_question_can_be_asked_of_one_area_by_who_may_know_of_it() {
    let server = Server::start().await;
    let ground = server.app.ground("1427").await.unwrap();
    let draft = SimulationDraft {
        seed: 7,
        per_year: 300,
        years: 1,
        last_visits: Vec::new(),
        new_places: Vec::new(),
    };
    server.app.simulate_reports(&ground, draft).await.unwrap();
    for (name, unit) in [("Rutor", "cell"), ("Distrikt", "district")] {
        let stored = saved(&server, name, &json!({"k": 3, "unit": unit})).await;
        assert_eq!(stored.status, StatusCode::CREATED, "{}", stored.json());
    }
    let reports = "/api/v1/municipalities/1427/layers/reports";
    let all = number_of(&server, reports).await;
    assert!(all > 100, "{all} reports");
    for set in listed(&server).await {
        let mut found = 0;
        for area in set["areas"].as_array().unwrap() {
            let area = area["area"].as_str().unwrap();
            let here = number_of(&server, &format!("{reports}?area={area}")).await;
            assert!(0 < here && here < all, "{here} of {all}");
            found += here;
            // Methods and maps are narrowed by the same word.
            let path = format!("/api/v1/municipalities/1427/analytics/hotspots?area={area}");
            let answer = server.get_as(Role::PolicePlanner, &path).await;
            assert!(answer.status.is_success(), "{}", answer.status);
            let heat = format!("/api/v1/municipalities/1427/layers/heat?area={area}");
            let answer = server.get_as(Role::PolicePlanner, &heat).await;
            let told = answer.json()["reports"].as_u64().unwrap();
            assert!(told <= here as u64, "{told} of {here}");
        }
        // What has no position or lies in the sea is in no area of cells.
        assert!(found <= all && found * 10 > all * 9, "{found} of {all} in {}", set["name"]);
    }
    let area = listed(&server).await[0]["areas"][0]["area"].as_str().unwrap().to_owned();
    for (role, area) in [(Role::Coordinator, area.as_str()), (Role::PolicePlanner, "1-1")] {
        let answer = server.get_as(role, &format!("{reports}?area={area}")).await;
        let broken = (answer.status, answer.violations());
        assert_eq!(broken, (StatusCode::BAD_REQUEST, vec!["area: unknown_value".to_owned()]));
    }
}

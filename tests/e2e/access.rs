//! Each role sees the layers of the table and no other.

use crate::house::{House, SOTENAS};
use fyren_core::domain::{Audience, Layer, Role, may_see};
use serde_json::Value;

#[tokio::test]
async fn each_role_sees_the_layers_of_the_table_and_no_other() {
    let mut house = House::sotenas();
    let tokens: Vec<_> = Role::ALL.iter().map(|role| house.token(role.code())).collect();
    house.serve(&[]).await;
    for layer in Layer::ALL {
        let path = format!("{SOTENAS}/layers/{layer}");
        let nobody = house.get(&path, "").await.status;
        let public = layer.audience() == Audience::Public;
        assert_eq!(nobody, if public { 200 } else { 401 }, "nobody, {layer}");
        for (role, token) in Role::ALL.iter().zip(&tokens) {
            let status = house.get(&path, token).await.status;
            let seen = may_see(*role, *layer);
            assert!(
                if seen { status == 200 } else { matches!(status, 403 | 404) },
                "{role}, {layer}: {status}"
            );
        }
    }
}

#[tokio::test]
async fn without_a_token_at_least_the_public_layers_are_listed() {
    let mut house = House::sotenas();
    house.serve(&[]).await;
    let listed = house.get(&format!("{SOTENAS}/layers"), "").await.json();
    let names = names(&listed);
    for layer in Layer::ALL.iter().filter(|layer| layer.audience() == Audience::Public) {
        assert!(names.contains(&layer.code()), "{layer} is missing: {listed}");
    }
}

#[tokio::test]
async fn a_token_that_nobody_was_given_opens_nothing() {
    let mut house = House::sotenas();
    house.serve(&[]).await;
    let forged = "A".repeat(43);
    for token in ["x", &forged] {
        let answer = house.get(&format!("{SOTENAS}/layers/reports"), token).await;
        assert_eq!(answer.status, 401, "{}", answer.text);
    }
}

fn names(listed: &Value) -> Vec<&str> {
    let layers = listed.as_array().or_else(|| listed["layers"].as_array()).expect("a list");
    layers
        .iter()
        .filter_map(|layer| {
            ["code", "name", "layer", "id"].iter().find_map(|key| layer[*key].as_str())
        })
        .collect()
}

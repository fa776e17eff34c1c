//! The description that the front end's types are made from.

#[test]
fn the_description_in_the_front_end_is_the_servers() {
    let kept = include_str!("../../web/src/api/openapi.json");
    let kept: serde_json::Value = serde_json::from_str(kept).unwrap();
    let served = serde_json::to_value(fyren::http::openapi()).unwrap();
    assert!(kept == served, "write it anew: cargo run -- openapi > web/src/api/openapi.json");
}

#[test]
fn every_operation_describes_each_of_its_answers() {
    let served = serde_json::to_value(fyren::http::openapi()).unwrap();
    let paths = served["paths"].as_object().unwrap();
    assert!(paths.len() > 10, "{} paths", paths.len());
    for (path, methods) in paths {
        for (method, operation) in methods.as_object().unwrap() {
            assert!(operation["operationId"].is_string(), "{method} {path}");
            for (status, answer) in operation["responses"].as_object().unwrap() {
                let told = answer["description"].as_str().is_some_and(|text| !text.is_empty());
                assert!(told, "{method} {path} {status}");
            }
        }
    }
}

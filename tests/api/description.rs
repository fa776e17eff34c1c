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

/// Every rule that the code names as `Violation::new(field, "rule")`.
fn rules_in_the_code() -> std::collections::BTreeSet<String> {
    let mut rules = std::collections::BTreeSet::new();
    let mut folders = vec!["src".into(), "core/src/domain".into()];
    while let Some(folder) = folders.pop() {
        let folder: std::path::PathBuf = folder;
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let text = std::fs::read_to_string(&path).unwrap_or_default();
            let shipped = text.split("#[cfg(test)]").next().unwrap();
            for call in shipped.split("Violation::new(").skip(1) {
                let arguments = call.split(')').next().unwrap();
                let last = arguments.rsplit(',').map(str::trim).find(|part| !part.is_empty());
                let rule = last.and_then(|part| part.strip_prefix('"')?.strip_suffix('"'));
                rules.extend(rule.map(str::to_owned));
            }
        }
    }
    rules
}

#[test]
fn every_rule_is_told_in_every_language() {
    let rules = rules_in_the_code();
    assert!(rules.len() > 15, "{rules:?}");
    for catalogue in
        [include_str!("../../web/src/i18n/sv.json"), include_str!("../../web/src/i18n/en.json")]
    {
        let catalogue: serde_json::Value = serde_json::from_str(catalogue).unwrap();
        for rule in &rules {
            let key = format!("violation.{rule}");
            assert!(catalogue[&key].is_string(), "there is no message for {key}");
        }
    }
}

//! The demonstration: one process, a log-in a role, kept on an existing file.

use crate::house::{House, SOTENAS, drain, on_both_engines};
use fyren_core::domain::Role;
use std::collections::BTreeMap;
use std::io::{BufRead, BufReader};

/// Name, password and token of a role.
pub struct LogIn {
    name: String,
    password: String,
    /// Its token.
    pub token: String,
}

/// Starts the demonstration, waits until it is ready and reads its log-ins.
pub async fn start(house: &mut House) -> BTreeMap<String, LogIn> {
    let command = house.command(&["demo", "--listen", "127.0.0.1:0", "--log", "json"]);
    let mut out = BufReader::new(house.start(command));
    let mut log_ins = BTreeMap::new();
    while log_ins.len() < Role::ALL.len() {
        let mut line = String::new();
        assert!(out.read_line(&mut line).unwrap() > 0, "standard output ended: {}", house.log());
        if let [role, name, password, token] = line.trim_end().split('\t').collect::<Vec<_>>()[..] {
            let (name, password, token) = (name.into(), password.into(), token.into());
            log_ins.insert(role.to_owned(), LogIn { name, password, token });
        }
    }
    drain(out);
    house.until_ready().await;
    log_ins
}

on_both_engines! {
async fn the_log_ins_of_the_demonstration_work_there_and_with_serve_on_its_data_base(mut house: House) {
    let first = start(&mut house).await;
    for role in Role::ALL {
        let log_in = &first[role.code()];
        assert!(log_in.password.len() < 20);
        let plain = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
        assert!(log_in.token.len() >= 32 && log_in.token.chars().all(plain));
    }
    let synthetic = house.layer("reports", &first["coordinator"].token).await.len();
    assert!(synthetic > 50, "{synthetic} reports");
    assert_eq!(house.layer("incidents", &first["coordinator"].token).await.len(), 56);
    assert!(house.stop());

    let again = start(&mut house).await;
    assert_eq!(first["admin"].token, again["admin"].token);
    assert_eq!(house.layer("reports", &first["est"].token).await.len(), synthetic);
    assert!(house.stop());

    house.serve(&[]).await;
    let coordinator = &first["coordinator"];
    assert_eq!(house.layer("reports", &coordinator.token).await.len(), synthetic);
    let body = serde_json::json!({ "name": coordinator.name, "password": coordinator.password });
    let session = house.client().post(house.url("/api/v1/session")).json(&body);
    let answer = session.send().await.unwrap();
    assert!(answer.status().is_success(), "{}", answer.status());
    let cookie = answer.headers()["set-cookie"].to_str().unwrap().to_owned();
    assert!(cookie.contains("HttpOnly") && !cookie.contains("Secure"), "{cookie}");
    let cookie = cookie.split(';').next().unwrap();
    let path = house.url(&format!("{SOTENAS}/layers/reports"));
    let seen = house.send(house.client().get(path).header("Cookie", cookie)).await;
    assert_eq!(seen.features().len(), synthetic);
}
}

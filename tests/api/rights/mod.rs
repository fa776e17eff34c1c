//! Every operation × role × context: who gets in, and what everybody else is told.
//!
//! The operations come from the description of the interface, so that none is
//! forgotten: one without a row in [`table::TABLE`] fails here.

mod table;

use super::server::{Server, request};
use axum::{
    body::Body,
    http::{Method, StatusCode},
};
use fyren::app::{NewMunicipality, NewUser};
use fyren_core::domain::{Context, Grant, MunicipalityCode, Role, Scope, may_do, may_see};
use std::collections::BTreeSet;
use table::{Row, TABLE, Who};

/// Whoever asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Caller {
    /// Nobody has signed in.
    Nobody,
    /// A role in the municipality that is asked about.
    Here(Role),
    /// A role in another municipality.
    Elsewhere(Role),
}

fn callers() -> impl Iterator<Item = Caller> {
    let roles = || Role::ALL.iter().copied();
    std::iter::once(Caller::Nobody)
        .chain(roles().map(Caller::Here))
        .chain(roles().map(Caller::Elsewhere))
}

/// Every operation of the description: its name, method and address.
fn operations() -> Vec<(String, Method, String)> {
    let described = serde_json::to_value(fyren::http::openapi()).unwrap();
    let mut found = Vec::new();
    for (path, methods) in described["paths"].as_object().unwrap() {
        for (method, operation) in methods.as_object().unwrap() {
            let method = Method::from_bytes(method.to_uppercase().as_bytes()).unwrap();
            let id = operation["operationId"].as_str().unwrap().to_owned();
            found.push((id, method, path.clone()));
        }
    }
    found
}

/// A server, a second municipality, and a token a role there.
struct Town {
    server: Server,
    elsewhere: Vec<(Role, String)>,
}

impl Town {
    async fn new() -> Self {
        let server = Server::start().await;
        let code = MunicipalityCode::parse("1430").unwrap();
        let new =
            NewMunicipality { code: code.clone(), name: None, boundary: None, time_zone: None };
        server.app.add_municipality("test", new).await.unwrap();
        let mut elsewhere = Vec::new();
        for role in Role::ALL {
            let grant = Grant { role: *role, scope: Scope::Municipality(code.clone()) };
            let new = NewUser {
                name: format!("{role} of 1430"),
                grants: vec![grant],
                password: "a password of a test".into(),
            };
            let user = server.app.save_user("test", new).await.unwrap();
            let token = server.app.issue_token("test", &user, "test").await.unwrap();
            elsewhere.push((*role, token));
        }
        Self { server, elsewhere }
    }

    fn token(&self, caller: Caller) -> Option<&str> {
        match caller {
            Caller::Nobody => None,
            Caller::Here(role) => Some(self.server.token(role)),
            Caller::Elsewhere(role) => {
                self.elsewhere.iter().find(|(r, _)| *r == role).map(|(_, token)| token.as_str())
            }
        }
    }

    /// What `caller` is told; the answer itself, which may never end, is not read.
    async fn ask(&self, row: &Row, method: &Method, path: &str, caller: Caller) -> StatusCode {
        let bearer = self.token(caller).map(|token| format!("Bearer {token}"));
        let mut headers =
            vec![("content-type", row.content_type()), ("idempotency-key", "one key of a test")];
        if let Some(bearer) = &bearer {
            headers.push(("authorization", bearer));
        }
        let body = row.body.map_or_else(Body::empty, Body::from);
        self.server.status(request(method.clone(), path, &headers, body)).await
    }
}

/// Whether an answer says no to who asks, whatever it is that was asked.
fn refuses(status: StatusCode) -> bool {
    matches!(status, StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN)
}

/// What must be said to `caller`: a status, or anything but a refusal.
fn expected(who: &Who, caller: Caller) -> Option<StatusCode> {
    let by_role = |may: &dyn Fn(Role) -> bool| match caller {
        Caller::Nobody => Some(StatusCode::UNAUTHORIZED),
        Caller::Elsewhere(_) => Some(StatusCode::NOT_FOUND),
        Caller::Here(role) => (!may(role)).then_some(StatusCode::FORBIDDEN),
    };
    match who {
        Who::Anybody => None,
        Who::Session => (caller == Caller::Nobody).then_some(StatusCode::UNAUTHORIZED),
        Who::FreshSession => Some(match caller {
            Caller::Nobody => StatusCode::UNAUTHORIZED,
            _ => StatusCode::FORBIDDEN,
        }),
        Who::Refused => Some(StatusCode::UNAUTHORIZED),
        Who::May(operation) => by_role(&|role| may_do(role, *operation)),
        Who::MayOne(operations) => {
            by_role(&|role| operations.iter().any(|operation| may_do(role, *operation)))
        }
        Who::Sees(layer) => by_role(&|role| may_see(role, *layer)),
    }
}

#[test]
fn every_operation_has_a_row_and_every_row_an_operation() {
    let described: BTreeSet<String> = operations().into_iter().map(|(id, _, _)| id).collect();
    let known: BTreeSet<String> = TABLE.iter().map(|row| row.operation.to_owned()).collect();
    assert_eq!(known.len(), TABLE.len(), "an operation has two rows");
    let missing: Vec<_> = described.difference(&known).collect();
    assert!(missing.is_empty(), "write a row in tests/api/rights/table.rs for {missing:?}");
    let gone: Vec<_> = known.difference(&described).collect();
    assert!(gone.is_empty(), "there is no operation {gone:?} any more");
}

#[tokio::test]
async fn every_operation_tells_each_role_what_the_table_says() {
    let town = Town::new().await;
    let mut wrong = Vec::new();
    let mut asked = 0;
    for (id, method, template) in operations() {
        let Some(row) = TABLE.iter().find(|row| row.operation == id) else { continue };
        let path = row.path(&template);
        for caller in callers() {
            let status = town.ask(row, &method, &path, caller).await;
            asked += 1;
            let right = match expected(&row.who, caller) {
                // Whoever guesses often enough is told to wait.
                Some(StatusCode::UNAUTHORIZED) if matches!(row.who, Who::Refused) => {
                    matches!(status, StatusCode::UNAUTHORIZED | StatusCode::TOO_MANY_REQUESTS)
                }
                Some(expected) => status == expected,
                None => !refuses(status) && status != StatusCode::INTERNAL_SERVER_ERROR,
            };
            if !right {
                wrong.push(format!("{method} {path} ({id}), {caller:?}: {status}"));
            }
        }
    }
    assert!(asked > 500, "{asked}");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[tokio::test]
async fn a_process_of_one_context_lets_nobody_of_the_other_in() {
    for context in Context::ALL {
        let server = Server::of_context(*context).await;
        for (id, method, template) in operations() {
            let Some(row) = TABLE.iter().find(|row| row.operation == id) else { continue };
            if matches!(row.who, Who::Anybody | Who::Refused) {
                continue;
            }
            for role in Role::ALL.iter().filter(|role| role.context() != *context) {
                let bearer = format!("Bearer {}", server.token(*role));
                let headers = [
                    ("authorization", bearer.as_str()),
                    ("content-type", row.content_type()),
                    ("idempotency-key", "one key of a test"),
                ];
                let body = row.body.map_or_else(Body::empty, Body::from);
                let asked = request(method.clone(), &row.path(&template), &headers, body);
                let status = server.status(asked).await;
                assert_eq!(status, StatusCode::UNAUTHORIZED, "{context}, {role}: {method} {id}");
            }
        }
        let report = r#"{"category":"lighting","place":{"longitude":11.2265,"latitude":58.3531}}"#;
        let path = "/api/v1/municipalities/1427/reports";
        let sent = server.post(path, &[("idempotency-key", "a")], report).await.status;
        let taken = *context == Context::Municipal;
        assert_eq!(sent, if taken { StatusCode::CREATED } else { StatusCode::NOT_FOUND });
        let own = Role::ALL.iter().find(|role| role.context() == *context).unwrap();
        let answer = server.get_as(*own, "/api/v1/session").await;
        assert_eq!(answer.status, StatusCode::OK, "{context}: its own members get in");
    }
}

//! Users from the shell: every subcommand, what it prints, what it does to a
//! running server, and which field a refusal names.

use crate::house::{Answer, House, PATIENCE, on_both_engines};
use data_encoding::BASE32_NOPAD;
use fyren::clock::{Clock, System};
use fyren::identity::OneTime;
use serde_json::{Value, json};
use std::process::{Output, Stdio};

const SESSION: &str = "/api/v1/session";
const ONE_TIME: &str = "/api/v1/account/one-time";
const PASSWORD: &str = "a password of a test";

impl House {
    fn user(&self, arguments: &[&str]) -> Value {
        let all = [&["user"], arguments, &["--json"]].concat();
        serde_json::from_str(&self.run(&all, &format!("{PASSWORD}\n"))).unwrap()
    }

    /// What a command that may be refused says.
    fn try_user(&self, arguments: &[&str], input: &str) -> Output {
        use std::io::Write;
        let mut command = self.command(&[&["user"], arguments].concat());
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut process = command.spawn().unwrap();
        // A command that does not read its input closes it.
        let _ = process.stdin.take().unwrap().write_all(input.as_bytes());
        process.wait_with_output().unwrap()
    }

    /// Signs in and gives the session's cookie, or the refusal.
    async fn enter(&self, name: &str, password: &str) -> Result<String, u16> {
        self.enter_by(json!({"name": name, "password": password})).await
    }

    async fn enter_by(&self, body: Value) -> Result<String, u16> {
        let answer = self.client().post(self.url(SESSION)).json(&body).send().await.unwrap();
        let cookie = answer.headers().get("set-cookie").map(|value| value.to_str().unwrap());
        let cookie = cookie.and_then(|cookie| cookie.split(';').next()).map(str::to_owned);
        cookie.filter(|_| answer.status() == 200).ok_or(answer.status().as_u16())
    }

    async fn session(&self, cookie: &str) -> Answer {
        self.send(self.client().get(self.url(SESSION)).header("cookie", cookie)).await
    }

    /// Sets up one-time codes; gives the authenticator and the recovery codes.
    async fn set_one_time(&self, cookie: &str) -> (OneTime, Vec<String>) {
        let request = self.client().post(self.url(ONE_TIME)).header("cookie", cookie);
        let started = self.send(request).await.json();
        let typed = started["secret"].as_str().unwrap().replace(' ', "");
        let secret = BASE32_NOPAD.decode(typed.as_bytes()).unwrap();
        let codes = OneTime::new(&secret, "est-1", "Fyren").unwrap();
        let code = codes.code_at(System.now().as_second());
        let request = self.client().put(self.url(ONE_TIME)).json(&json!({"code": code}));
        let told = self.send(request.header("cookie", cookie)).await;
        assert_eq!(told.status, 200, "{}", told.text);
        (codes, serde_json::from_value(told.json()["recoveryCodes"].clone()).unwrap())
    }

    /// Asks until what the shell has done is known to the server.
    async fn until_closed(&self, cookie: &str) {
        let closed = async { while self.session(cookie).await.status != 401 {} };
        assert!(tokio::time::timeout(PATIENCE, closed).await.is_ok(), "the session goes on");
    }
}

on_both_engines! {
    async fn a_session_ends_when_the_shell_says_so_and_a_reset_takes_every_proof(mut house: House) {
        house = house.in_sotenas();
        house.user(&["add", "est-1", "--role", "est", "--municipality", "1427"]);
        let token = house.user(&["token", "est-1"])["token"].as_str().unwrap().to_owned();
        house.serve(&[]).await;

        let cookie = house.enter("est-1", PASSWORD).await.unwrap();
        assert_eq!(house.session(&cookie).await.status, 200);
        assert_eq!(house.user(&["sign-out", "est-1"])["name"], "est-1");
        house.until_closed(&cookie).await;
        assert_eq!(house.get(SESSION, &token).await.status, 200, "a token is no session");

        let cookie = house.enter("est-1", PASSWORD).await.unwrap();
        let told = house.user(&["disable", "est-1"]);
        assert_eq!((&told["active"], &told["grants"][0]["role"]), (&json!(false), &json!("est")));
        house.until_closed(&cookie).await;
        assert_eq!(house.enter("est-1", PASSWORD).await, Err(401));
        // Another process believes a token for some seconds.
        let closed = async { while house.get(SESSION, &token).await.status != 401 {} };
        assert!(tokio::time::timeout(PATIENCE, closed).await.is_ok(), "tokens open nothing either");
        assert_eq!(house.user(&["enable", "est-1"])["active"], true);
        let cookie = house.enter("est-1", PASSWORD).await.unwrap();

        let reset = house.user(&["reset", "est-1"]);
        let fresh = reset["password"].as_str().unwrap().to_owned();
        house.until_closed(&cookie).await;
        assert_eq!(house.enter("est-1", PASSWORD).await, Err(401), "the old password is gone");
        let cookie = house.enter("est-1", &fresh).await.unwrap();

        // A role more or less is known to the server, and ends the session as well.
        let grant = ["grant", "est-1", "--role", "coordinator", "--municipality", "1427"];
        assert_eq!(house.user(&grant)["grants"].as_array().unwrap().len(), 2);
        house.until_closed(&cookie).await;
        let cookie = house.enter("est-1", &fresh).await.unwrap();
        let grants = house.session(&cookie).await.json()["grants"].clone();
        let roles: Vec<&str> =
            grants.as_array().unwrap().iter().map(|grant| grant["role"].as_str().unwrap()).collect();
        assert_eq!(roles, ["coordinator", "est"]);
        let revoke = ["revoke", "est-1", "--role", "coordinator", "--municipality", "1427"];
        assert_eq!(house.user(&revoke)["grants"].as_array().unwrap().len(), 1);
        house.until_closed(&cookie).await;

        // A second factor that the shell demands holds at once.
        let demand = ["second-factor", "--municipality", "1427", "--role", "est"];
        assert_eq!(house.user(&demand), json!({"municipality": "1427", "roles": ["est"]}));
        let cookie = house.enter("est-1", &fresh).await.unwrap();
        let vetoes = house.client().get(house.url("/api/v1/municipalities/1427/vetoes"));
        let withheld = house.send(vetoes.header("cookie", &cookie)).await;
        assert_eq!((withheld.status, &withheld.json()["type"]), (403, &json!("/problems/second-factor-needed")));
        assert_eq!(house.user(&["second-factor", "--municipality", "1427"])["roles"], json!([]));
    }

    async fn a_reset_from_the_shell_ends_one_time_codes_and_recovery_codes(mut house: House) {
        house = house.in_sotenas();
        house.user(&["add", "est-1", "--role", "est", "--municipality", "1427"]);
        house.serve(&[]).await;
        let cookie = house.enter("est-1", PASSWORD).await.unwrap();
        let (codes, recovery) = house.set_one_time(&cookie).await;
        let by = |password: &str, code: &str| json!({"name": "est-1", "password": password, "totp": code});
        assert_eq!(house.enter("est-1", PASSWORD).await, Err(401), "a code is asked for");
        house.enter_by(by(PASSWORD, &recovery[0])).await.unwrap();
        assert_eq!(house.enter_by(by(PASSWORD, &recovery[0])).await, Err(401), "it opens once");

        // Who has lost the telephone and the paper is let in by the shell.
        let fresh = house.user(&["reset", "est-1"])["password"].as_str().unwrap().to_owned();
        for code in [&recovery[1], &codes.code_at(System.now().as_second() + 30)] {
            assert_eq!(house.enter_by(by(&fresh, code)).await, Err(401), "no code is left");
        }
        let cookie = house.enter("est-1", &fresh).await.unwrap();
        let account = house.client().get(house.url("/api/v1/account")).header("cookie", &cookie);
        let account = house.send(account).await.json();
        assert_eq!((&account["oneTime"], &account["recoveryLeft"]), (&json!(false), &json!(0)));
        let (_, renewed) = house.set_one_time(&cookie).await;
        assert!(renewed.iter().all(|code| !recovery.contains(code)));
    }
}

#[test]
fn users_roles_and_tokens_are_listed_as_lines_and_as_json() {
    let house = House::sotenas();
    house.run(&["municipality", "area", "Väst", "1427"], "");
    let add = [
        "user",
        "add",
        "officer-1",
        "--role",
        "officer",
        "--role",
        "police-planner",
        "--area",
        "Väst",
    ];
    let line = house.run(&add, &format!("{PASSWORD}\n"));
    assert_eq!(line.trim(), "officer-1\tofficer in Väst, police-planner in Väst");
    house.user(&["add", "est-1", "--role", "est", "--municipality", "1427"]);
    house.run(&["user", "disable", "est-1"], "");
    let listed = house.run(&["user", "list"], "");
    let lines: Vec<&str> = listed.lines().collect();
    assert_eq!(
        lines,
        ["est-1\test in 1427\tdisabled", "officer-1\tofficer in Väst, police-planner in Väst"]
    );
    let listed = house.user(&["list"]);
    assert_eq!(
        (&listed[0]["active"], &listed[1]["grants"][0]),
        (&json!(false), &json!({"role": "officer", "context": "police", "scope": "Väst"}),)
    );

    assert_eq!(house.run(&["user", "tokens", "officer-1"], ""), "");
    for label in ["qgis", "qgis", "script"] {
        let token = house.run(&["user", "token", "officer-1", "--label", label], "");
        assert!(token.trim().len() >= 32, "{token}");
    }
    let listed = house.run(&["user", "tokens", "officer-1"], "");
    assert_eq!(listed.lines().filter(|line| *line == "qgis\t-\t-").count(), 2, "{listed}");
    let revoked = house.user(&["revoke-token", "officer-1", "--label", "qgis"]);
    assert_eq!(revoked, json!({"name": "officer-1", "label": "qgis", "revoked": 2}));
    let left = house.user(&["tokens", "officer-1"]);
    assert_eq!(left, json!([{"label": "script", "expires": null, "lastUsedOn": null}]));
    let told = house.run(&["user", "revoke-token", "officer-1", "--label", "script"], "");
    assert_eq!(told.trim(), "1 taken back");
    house.run(&["user", "reset", "officer-1"], "");
    house.run(&["verify"], "");
}

#[test]
fn a_refusal_names_its_field_and_says_by_its_code_whose_fault_it_is() {
    let house = House::sotenas();
    house.user(&["add", "est-1", "--role", "est", "--municipality", "1427"]);
    let sotenas = ["--municipality", "1427"];
    let with = |start: &[&'static str]| [start, &sotenas].concat();
    let long = "x".repeat(65);
    let cases: Vec<(Vec<&str>, &str, i32, &str)> = vec![
        (with(&["add", "a", "--role", "est"]), "short\n", 1, "password: too_short"),
        (with(&["add", " ", "--role", "est"]), PASSWORD, 1, "name: required"),
        (
            [&["add", long.as_str(), "--role", "est"][..], &sotenas].concat(),
            PASSWORD,
            1,
            "name: too_long",
        ),
        (
            with(&["add", "a", "--role", "est", "--role", "officer"]),
            PASSWORD,
            1,
            "role: one_context",
        ),
        (with(&["add", "a", "--role", "mayor"]), PASSWORD, 2, "--role: no role mayor"),
        (
            vec!["add", "a", "--role", "est", "--municipality", "Sotenäs"],
            PASSWORD,
            2,
            "--municipality: Sotenäs",
        ),
        (vec!["add", "a", "--role", "est"], PASSWORD, 2, "--municipality"),
        (with(&["grant", "est-1", "--role", "officer"]), "", 1, "role: one_context"),
        (with(&["grant", "nobody", "--role", "est"]), "", 1, "name: unknown_value"),
        (with(&["revoke", "est-1", "--role", "admin"]), "", 1, "role: unknown_value"),
        (vec!["disable", "nobody"], "", 1, "name: unknown_value"),
        (vec!["enable", "nobody"], "", 1, "name: unknown_value"),
        (vec!["reset", "nobody"], "", 1, "name: unknown_value"),
        (vec!["sign-out", "nobody"], "", 1, "name: unknown_value"),
        (vec!["token", "nobody"], "", 1, "name: unknown_value"),
        (vec!["tokens", "nobody"], "", 1, "name: unknown_value"),
        (vec!["revoke-token", "est-1", "--label", "qgis"], "", 1, "label: unknown_value"),
        (vec!["second-factor", "--municipality", "1480"], "", 1, "municipality: unknown_value"),
        (with(&["second-factor", "--role", "mayor"]), "", 2, "--role: no role mayor"),
    ];
    for (arguments, input, code, named) in cases {
        let output = house.try_user(&arguments, input);
        let told = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(code), "{arguments:?}: {told}");
        assert!(told.contains(named), "{arguments:?}: {told}");
        assert!(output.stdout.is_empty(), "{arguments:?} prints nothing that a script would take");
    }
    assert_eq!(house.user(&["list"]).as_array().unwrap().len(), 1, "nothing was half done");

    // A place that is to come is taken, and said.
    let arguments = ["add", "later", "--role", "police-planner", "--area", "Väst"];
    let output = house.try_user(&arguments, PASSWORD);
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && told.contains("area: there is no Väst yet"), "{told}");
}

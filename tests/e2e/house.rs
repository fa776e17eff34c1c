//! One installation in a temporary folder: its files, its commands, its server.

use crate::cluster;
use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Read, Write};
use std::path::PathBuf;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::{Arc, Mutex, mpsc};
use std::thread;
use std::time::Duration;
use tempfile::TempDir;

/// The path of Sotenäs under the interface.
pub const SOTENAS: &str = "/api/v1/municipalities/1427";

/// Longest wait for anything that must happen; only a failing test waits so long.
pub const PATIENCE: Duration = Duration::from_mins(1);

/// An installation. Its server, if any, is killed with it.
pub struct House {
    folder: TempDir,
    database: String,
    server: Option<Server>,
}

struct Server {
    process: Child,
    address: String,
    log: Arc<Mutex<String>>,
    client: reqwest::Client,
}

/// What a request got.
pub struct Answer {
    /// Status code.
    pub status: u16,
    /// `Content-Type`, or nothing.
    pub content_type: String,
    /// `ETag`, or nothing.
    pub etag: String,
    /// Body as text.
    pub text: String,
}

impl Answer {
    /// The body as JSON, `null` where it is none.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_default()
    }

    /// The features of a collection.
    pub fn features(&self) -> Vec<Value> {
        assert_eq!(self.status, 200, "{}", self.text);
        self.json()["features"].as_array().expect("a collection").clone()
    }
}

/// Declares tests that hold on both engines: each is run in an empty
/// installation of either.
macro_rules! on_both_engines {
    ($($(#[$meta:meta])* async fn $name:ident(mut $house:ident: House) $body:block)+) => {
        mod cases {
            use super::*;
            $($(#[$meta])* pub(super) async fn $name(mut $house: House) $body)+
        }
        mod on_sqlite {
            $(#[tokio::test(flavor = "multi_thread")]
            async fn $name() {
                super::cases::$name(crate::house::House::empty()).await;
            })+
        }
        mod on_postgres {
            $(#[tokio::test(flavor = "multi_thread")]
            async fn $name() {
                super::cases::$name(crate::house::House::on_postgres()).await;
            })+
        }
    };
}
pub(crate) use on_both_engines;

impl House {
    /// An installation with no municipality, on SQLite.
    pub fn empty() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let database = format!("sqlite://{}", folder.path().join("fyren.db").display());
        Self { folder, database, server: None }
    }

    /// An installation with no municipality, on PostgreSQL.
    pub fn on_postgres() -> Self {
        let mut house = Self::empty();
        house.database = cluster::fresh_data_base();
        house
    }

    /// The same with Sotenäs and nothing in it.
    pub fn in_sotenas(self) -> Self {
        self.run(&["municipality", "add", "1427"], "");
        self
    }

    /// An installation with Sotenäs and nothing in it, on SQLite.
    pub fn sotenas() -> Self {
        Self::empty().in_sotenas()
    }

    /// Size of the largest file in the folder, in KiB, rounded up.
    pub fn largest_file_kib(&self) -> u64 {
        let files = std::fs::read_dir(self.path("")).unwrap();
        let sizes = files.map(|file| file.unwrap().metadata().unwrap().len());
        sizes.max().unwrap_or_default().div_ceil(1024)
    }

    /// A path in the installation's folder.
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Address of the data base.
    pub fn database(&self) -> &str {
        &self.database
    }

    /// The binary with `arguments` on this installation's data base.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_fyren"));
        command.args(arguments).args(["--database", &self.database]);
        command.current_dir(self.folder.path());
        command
    }

    /// Runs a command that must succeed; gives its standard output.
    pub fn run(&self, arguments: &[&str], input: &str) -> String {
        let mut command = self.command(arguments);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut process = command.spawn().unwrap();
        // A command that does not read its input closes it.
        let _ = process.stdin.take().unwrap().write_all(input.as_bytes());
        let output = process.wait_with_output().unwrap();
        let errors = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{arguments:?}: {errors}");
        String::from_utf8(output.stdout).unwrap()
    }

    /// Makes a user with `role` in Sotenäs and gives a token for it.
    pub fn token(&self, role: &str) -> String {
        let arguments = ["user", "add", role, "--role", role, "--municipality", "1427"];
        self.run(&arguments, "a password of a test\n");
        self.run(&["user", "token", role], "").trim().to_owned()
    }

    /// Starts `fyren serve` and waits until it is ready.
    pub async fn serve(&mut self, options: &[&str]) {
        let mut arguments = vec!["serve", "--listen", "127.0.0.1:0", "--log", "json"];
        arguments.extend(options);
        let command = self.command(&arguments);
        self.start(command);
        self.until_ready().await;
    }

    /// Starts a command that ends up listening, waits for its address, and
    /// gives its standard output.
    pub fn start(&mut self, mut command: Command) -> ChildStdout {
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command.env("RUST_LOG", "info");
        let mut process = command.spawn().unwrap();
        let (log, errors) = (Arc::new(Mutex::new(String::new())), process.stderr.take().unwrap());
        let (send, address) = mpsc::channel();
        let writer = Arc::clone(&log);
        thread::spawn(move || {
            for line in BufReader::new(errors).lines().map_while(Result::ok) {
                if let Some(address) = address_in(&line) {
                    // The test may have ended.
                    let _ = send.send(address.to_owned());
                }
                let mut log = writer.lock().unwrap();
                log.push_str(&line);
                log.push('\n');
            }
        });
        let out = process.stdout.take().unwrap();
        let found = address.recv_timeout(PATIENCE);
        let address = found.unwrap_or_else(|_| panic!("no address: {}", log.lock().unwrap()));
        let client = reqwest::Client::builder().no_proxy().timeout(PATIENCE).build().unwrap();
        self.server = Some(Server { process, address, log, client });
        out
    }

    /// Asks `/readyz` until it answers 200.
    pub async fn until_ready(&self) {
        let ready = async {
            loop {
                let asked = self.client().get(self.url("/readyz")).send().await;
                if asked.is_ok_and(|answer| answer.status() == 200) {
                    return;
                }
                tokio::task::yield_now().await;
            }
        };
        let waited = tokio::time::timeout(PATIENCE, ready).await;
        assert!(waited.is_ok(), "not ready: {}", self.log());
    }

    fn server(&self) -> &Server {
        self.server.as_ref().expect("the server runs")
    }

    /// What the server has logged.
    pub fn log(&self) -> String {
        self.server().log.lock().unwrap().clone()
    }

    /// The full address of `path`.
    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.server().address)
    }

    /// A client for this server.
    pub fn client(&self) -> reqwest::Client {
        self.server().client.clone()
    }

    /// Kills the server as a power cut would.
    pub fn kill(&mut self) {
        if let Some(mut server) = self.server.take() {
            // It may have ended by itself.
            let _ = server.process.kill();
            server.process.wait().unwrap();
        }
    }

    /// Asks the server to stop and waits until it has; gives whether it ended well.
    pub fn stop(&mut self) -> bool {
        let mut server = self.server.take().expect("the server runs");
        let pid = server.process.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &pid]).status().unwrap().success());
        server.process.wait().unwrap().success()
    }

    /// Sends a request and reads its answer.
    pub async fn send(&self, request: reqwest::RequestBuilder) -> Answer {
        answer(request).await.unwrap_or_else(|error| panic!("{error}: {}", self.log()))
    }

    /// `GET path`, with `token` unless it is empty.
    pub async fn get(&self, path: &str, token: &str) -> Answer {
        self.send(signed(self.client().get(self.url(path)), token)).await
    }

    /// `POST path` with a key and a JSON body, with `token` unless it is empty.
    pub async fn post(&self, path: &str, token: &str, key: &str, body: &Value) -> Answer {
        let request = self.client().post(self.url(path)).header("Idempotency-Key", key);
        self.send(signed(request, token).json(body)).await
    }

    /// Sends `report` that must be accepted; gives its receipt.
    pub async fn report(&self, key: &str, report: &Value) -> String {
        let answer = self.post(&format!("{SOTENAS}/reports"), "", key, report).await;
        assert_eq!(answer.status, 201, "{}", answer.text);
        answer.json()["receipt"].as_str().unwrap().to_owned()
    }

    /// The features of a layer of Sotenäs.
    pub async fn layer(&self, layer: &str, token: &str) -> Vec<Value> {
        self.get(&format!("{SOTENAS}/layers/{layer}"), token).await.features()
    }

    /// Asks the layer until `wanted` holds of its features, and gives them.
    pub async fn until(
        &self,
        layer: &str,
        token: &str,
        wanted: impl Fn(&[Value]) -> bool,
    ) -> Vec<Value> {
        let asking = async {
            loop {
                let features = self.layer(layer, token).await;
                if wanted(&features) {
                    return features;
                }
            }
        };
        let asked = tokio::time::timeout(PATIENCE, asking).await;
        asked.unwrap_or_else(|_| panic!("{layer} never came to be as wanted: {}", self.log()))
    }
}

impl Drop for House {
    fn drop(&mut self) {
        self.kill();
    }
}

/// The loopback address with a port that a line names.
fn address_in(line: &str) -> Option<&str> {
    let end = |c: char| !(c.is_ascii_digit() || c == '.' || c == ':');
    line[line.find("127.0.0.1:")?..].split(end).next()
}

/// Sends a request and reads the whole answer.
pub async fn answer(request: reqwest::RequestBuilder) -> reqwest::Result<Answer> {
    let response = request.send().await?;
    let header = |name: &str| {
        let value = response.headers().get(name).and_then(|value| value.to_str().ok());
        value.unwrap_or_default().to_owned()
    };
    Ok(Answer {
        status: response.status().as_u16(),
        content_type: header("content-type"),
        etag: header("etag"),
        text: response.text().await?,
    })
}

/// `request` with `token` unless it is empty.
pub fn signed(request: reqwest::RequestBuilder, token: &str) -> reqwest::RequestBuilder {
    if token.is_empty() { request } else { request.bearer_auth(token) }
}

/// A report on missing light at a point of Kungshamn, moved east by about
/// `step` metres.
pub fn report_at(step: u32) -> Value {
    let longitude = 11.246 + f64::from(step) * 1.7e-5;
    json!({
        "category": "lighting",
        "place": { "longitude": longitude, "latitude": 58.3614, "precisionM": 25 },
    })
}

/// Reads a server's standard output to its end on a thread of its own.
pub fn drain(mut out: impl Read + Send + 'static) {
    thread::spawn(move || std::io::copy(&mut out, &mut std::io::sink()));
}

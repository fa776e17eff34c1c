//! A load generator that costs little beside the server it measures: requests
//! are bytes made once, answers are read to their length and not parsed.

use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::task::JoinSet;

/// How many answers came, of which status, in which time.
#[derive(Debug, Clone, Copy)]
pub struct Load {
    /// Answers with the wanted status.
    pub good: u32,
    /// Answers with another status.
    pub other: u32,
    /// How long it took.
    pub took: Duration,
    /// What half of the good answers took at most.
    pub p50: Duration,
    /// What 99 of a hundred took at most.
    pub p99: Duration,
    /// Bytes of the body of all good answers.
    pub bytes: u64,
}

impl Load {
    /// Good answers per second.
    pub fn per_second(&self) -> f64 {
        f64::from(self.good) / self.took.as_secs_f64()
    }

    /// How long answers took and how large they were, in words.
    pub fn told(&self) -> String {
        let millis = |time: Duration| time.as_secs_f64() * 1e3;
        let kilobytes = self.bytes / u64::from(self.good.max(1)) / 100;
        format!(
            "p50 {:.1} ms, p99 {:.1} ms, {}.{} kB",
            millis(self.p50),
            millis(self.p99),
            kilobytes / 10,
            kilobytes % 10
        )
    }
}

/// Lets `clients` ask for `time`, each over one connection, one request after
/// the other; `request` gives the bytes of a client's n-th request.
pub async fn load(
    address: &str,
    clients: u32,
    time: Duration,
    wanted: u16,
    request: fn(u32, u32) -> String,
) -> Load {
    let started = Instant::now();
    let mut running = JoinSet::new();
    for client in 0..clients {
        let address = address.to_owned();
        running.spawn(async move {
            let mut stream = TcpStream::connect(address).await.unwrap();
            stream.set_nodelay(true).unwrap();
            let (mut times, mut other, mut bytes) = (Vec::new(), 0, 0);
            let mut buffer = Vec::with_capacity(4096);
            for turn in 0.. {
                if started.elapsed() >= time {
                    break;
                }
                let asked = Instant::now();
                stream.write_all(request(client, turn).as_bytes()).await.unwrap();
                let (status, body) = read_answer(&mut stream, &mut buffer).await;
                if status == wanted {
                    times.push(asked.elapsed());
                    bytes += body as u64;
                } else {
                    other += 1;
                }
            }
            (times, other, bytes)
        });
    }
    let clients = running.join_all().await;
    let took = started.elapsed();
    let mut times: Vec<Duration> = clients.iter().flat_map(|client| client.0.clone()).collect();
    times.sort_unstable();
    let at = |part: usize| times.get(times.len() * part / 100).copied().unwrap_or_default();
    Load {
        good: u32::try_from(times.len()).unwrap(),
        other: clients.iter().map(|client| client.1).sum(),
        took,
        p50: at(50),
        p99: at(99),
        bytes: clients.iter().map(|client| client.2).sum(),
    }
}

/// One request and the head and body of its answer.
pub async fn ask(address: &str, request: &str) -> String {
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut buffer = Vec::new();
    read_answer(&mut stream, &mut buffer).await;
    String::from_utf8_lossy(&buffer).into_owned()
}

/// Reads one answer into `buffer` and gives its status and the bytes of its body.
async fn read_answer(stream: &mut TcpStream, buffer: &mut Vec<u8>) -> (u16, usize) {
    buffer.clear();
    let head = loop {
        if let Some(end) = buffer.windows(4).position(|window| window == b"\r\n\r\n") {
            break end + 4;
        }
        assert!(stream.read_buf(buffer).await.unwrap() > 0, "the server hung up");
    };
    let text = String::from_utf8_lossy(&buffer[..head]).to_ascii_lowercase();
    let status = text[9..12].parse().unwrap();
    let length = text
        .split("\r\ncontent-length: ")
        .nth(1)
        .map_or(0, |rest| rest.split("\r\n").next().unwrap().trim().parse().unwrap());
    let chunked = text.contains("transfer-encoding: chunked");
    while if chunked { !buffer.ends_with(b"0\r\n\r\n") } else { buffer.len() < head + length } {
        assert!(stream.read_buf(buffer).await.unwrap() > 0, "the server hung up");
    }
    (status, buffer.len() - head)
}

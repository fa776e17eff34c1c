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
}

impl Load {
    /// Good answers per second.
    pub fn per_second(&self) -> f64 {
        f64::from(self.good) / self.took.as_secs_f64()
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
            let mut counts = (0, 0);
            let mut buffer = Vec::with_capacity(4096);
            for turn in 0.. {
                if started.elapsed() >= time {
                    break;
                }
                stream.write_all(request(client, turn).as_bytes()).await.unwrap();
                let status = read_answer(&mut stream, &mut buffer).await;
                if status == wanted { counts.0 += 1 } else { counts.1 += 1 }
            }
            counts
        });
    }
    let counts = running.join_all().await;
    let took = started.elapsed();
    let good = counts.iter().map(|(good, _)| good).sum();
    Load { good, other: counts.iter().map(|(_, other)| other).sum(), took }
}

/// One request and the head and body of its answer.
pub async fn ask(address: &str, request: &str) -> String {
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut buffer = Vec::new();
    read_answer(&mut stream, &mut buffer).await;
    String::from_utf8_lossy(&buffer).into_owned()
}

/// Reads one answer with a known length into `buffer` and gives its status.
async fn read_answer(stream: &mut TcpStream, buffer: &mut Vec<u8>) -> u16 {
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
    status
}

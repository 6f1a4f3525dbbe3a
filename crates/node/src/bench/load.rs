//! A small load generator: keep-alive connections that write prepared HTTP/1.1 requests and read the answers. It shares
//! the machine with the node, so it does as little as it can.

use std::net::SocketAddr;
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// Longest head of an answer, in bytes.
const HEAD_MAX: usize = 64 * 1024;

/// What a run gave.
#[derive(Debug, Clone, Default)]
pub struct Run {
    /// Answers with the wanted status.
    pub good: u64,
    /// Answers with another status.
    pub bad: u64,
    /// First bad answer, for the reader.
    pub first_bad: Option<String>,
    /// Times of good answers.
    pub times: Vec<Duration>,
    /// How long the run took.
    pub took: Duration,
}

impl Run {
    /// Good answers a second.
    pub fn rate(&self) -> f64 {
        self.good as f64 / self.took.as_secs_f64()
    }

    /// A percentile in milliseconds.
    pub fn percentile_ms(&mut self, percent: f64) -> f64 {
        self.times.sort_unstable();
        let at = ((self.times.len() as f64 * percent / 100.0).ceil() as usize)
            .clamp(1, self.times.len().max(1))
            - 1;
        self.times.get(at).map_or(0.0, |t| t.as_secs_f64() * 1000.0)
    }

    /// Rate and percentiles in one line.
    pub fn line(&mut self) -> String {
        let (p50, p95, p99) = (self.percentile_ms(50.0), self.percentile_ms(95.0), self.percentile_ms(99.0));
        let bad =
            self.first_bad.as_ref().map(|b| format!(" bad={} first: {b}", self.bad)).unwrap_or_default();
        format!("{:>8.0}/s p50={p50:.2}ms p95={p95:.2}ms p99={p99:.2}ms n={}{bad}", self.rate(), self.good)
    }

    fn merge(&mut self, other: Run) {
        self.good += other.good;
        self.bad += other.bad;
        self.first_bad = self.first_bad.take().or(other.first_bad);
        self.times.extend(other.times);
    }
}

/// A POST with a JSON body.
pub fn post(path: &str, token: &str, body: &str) -> Vec<u8> {
    let length = body.len();
    format!("POST {path} HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer {token}\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n\r\n{body}").into_bytes()
}

/// A GET.
pub fn get(path: &str, token: &str) -> Vec<u8> {
    format!("GET {path} HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer {token}\r\nAccept: application/json\r\n\r\n").into_bytes()
}

/// Runs so many clients until the time is over or each has sent `each` requests. `request(client, n)` makes the bytes.
pub async fn run(
    at: SocketAddr,
    clients: usize,
    period: Duration,
    each: u64,
    want: u16,
    request: impl Fn(usize, u64) -> Vec<u8> + Send + Sync + 'static,
) -> std::io::Result<Run> {
    let request = std::sync::Arc::new(request);
    let begin = Instant::now();
    let until = begin + period;
    let tasks: Vec<_> = (0..clients)
        .map(|client| {
            let request = request.clone();
            tokio::spawn(async move {
                let mut run = Run::default();
                let mut stream = TcpStream::connect(at).await?;
                stream.set_nodelay(true)?;
                let mut buffer = Vec::with_capacity(16 * 1024);
                let mut n = 0;
                while Instant::now() < until && n < each {
                    let bytes = request(client, n);
                    n += 1;
                    let sent = Instant::now();
                    stream.write_all(&bytes).await?;
                    let (status, body) = answer(&mut stream, &mut buffer).await?;
                    if status == want {
                        run.good += 1;
                        run.times.push(sent.elapsed());
                    } else {
                        run.bad += 1;
                        run.first_bad.get_or_insert_with(|| {
                            format!("{status} {}", body.chars().take(300).collect::<String>())
                        });
                    }
                }
                Ok::<_, std::io::Error>(run)
            })
        })
        .collect();
    let mut all = Run::default();
    for task in tasks {
        all.merge(task.await.map_err(std::io::Error::other)??);
    }
    all.took = begin.elapsed();
    Ok(all)
}

/// Reads one answer: status and body.
pub async fn answer(stream: &mut TcpStream, buffer: &mut Vec<u8>) -> std::io::Result<(u16, String)> {
    buffer.clear();
    let head = loop {
        if let Some(at) = buffer.windows(4).position(|w| w == b"\r\n\r\n") {
            break at;
        }
        if buffer.len() > HEAD_MAX || stream.read_buf(buffer).await? == 0 {
            return Err(std::io::Error::other("connection closed within an answer"));
        }
    };
    let text = String::from_utf8_lossy(&buffer[..head]).to_ascii_lowercase();
    let status = text.split(' ').nth(1).and_then(|s| s.parse().ok()).unwrap_or(0);
    let field = |name: &str| text.lines().find_map(|l| l.strip_prefix(name)).map(str::trim);
    if field("transfer-encoding:").is_some_and(|v| v.contains("chunked")) {
        while !buffer.ends_with(b"0\r\n\r\n") {
            if stream.read_buf(buffer).await? == 0 {
                break;
            }
        }
    } else {
        let length: usize = field("content-length:").and_then(|v| v.parse().ok()).unwrap_or(0);
        while buffer.len() < head + 4 + length {
            if stream.read_buf(buffer).await? == 0 {
                return Err(std::io::Error::other("connection closed within a body"));
            }
        }
    }
    Ok((status, String::from_utf8_lossy(&buffer[head + 4..]).into_owned()))
}

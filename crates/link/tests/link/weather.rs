//! A line to a member on which connections are refused, delayed and cut as told: a TCP proxy that looks at nothing.

use lianzhi_app::ports::Entropy;
use lianzhi_testkit::SeededEntropy;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinHandle;

/// How a line is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Weather {
    /// Everything passes.
    Fine,
    /// Three of ten connections are refused; others are slow, and many are cut within a request or within its answer.
    Foul,
    /// Nothing passes, and what was open is cut.
    Down,
}

/// A line to a member.
pub struct Line {
    /// Where others call it.
    pub at: SocketAddr,
    weather: watch::Sender<Weather>,
    task: JoinHandle<()>,
}

impl Drop for Line {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// A number below `n`.
pub fn below(entropy: &SeededEntropy, n: usize) -> usize {
    let mut bytes = [0; 8];
    entropy.fill(&mut bytes);
    (u64::from_le_bytes(bytes) % n as u64) as usize
}

/// What one connection may carry each way, and how slowly.
#[derive(Clone, Copy)]
struct Fate {
    up: usize,
    down: usize,
    delay: Duration,
}

impl Fate {
    fn of(weather: Weather, entropy: &SeededEntropy) -> Option<Fate> {
        let whole = Fate { up: usize::MAX, down: usize::MAX, delay: Duration::ZERO };
        match weather {
            Weather::Down => None,
            Weather::Fine => Some(whole),
            Weather::Foul => {
                let delay = Duration::from_millis(below(entropy, 40) as u64);
                match below(entropy, 10) {
                    0..3 => None,
                    // Within the body of a request.
                    3 | 4 => Some(Fate { up: 200 + below(entropy, 6_000), delay, ..whole }),
                    // The request was done, and its answer does not come, or not all of it.
                    5 | 6 => Some(Fate { down: below(entropy, 1_500), delay, ..whole }),
                    _ => Some(Fate { delay, ..whole }),
                }
            }
        }
    }
}

impl Line {
    /// A line to an address.
    pub async fn to(target: SocketAddr, seed: u64) -> Line {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let at = listener.local_addr().unwrap();
        let (weather, seen) = watch::channel(Weather::Fine);
        let entropy = Arc::new(SeededEntropy::new(seed));
        let task = tokio::spawn(async move {
            while let Ok((caller, _)) = listener.accept().await {
                let fate = Fate::of(*seen.borrow(), &entropy);
                if let Some(fate) = fate {
                    tokio::spawn(carry(caller, target, fate, seen.clone()));
                }
            }
        });
        Line { at, weather, task }
    }

    /// Changes how it is. What is open goes on as it was, unless the line goes down.
    pub fn turn(&self, weather: Weather) {
        self.weather.send_replace(weather);
    }
}

async fn carry(caller: TcpStream, target: SocketAddr, fate: Fate, mut weather: watch::Receiver<Weather>) {
    tokio::time::sleep(fate.delay).await;
    let Ok(called) = TcpStream::connect(target).await else { return };
    let (from, back) = caller.into_split();
    let (answers, to) = called.into_split();
    // When one way ends the other is cut too.
    tokio::select! {
        () = pass(from, to, fate.up, fate.delay) => {}
        () = pass(answers, back, fate.down, fate.delay) => {}
        _ = weather.wait_for(|weather| *weather == Weather::Down) => {}
    }
}

async fn pass(mut from: OwnedReadHalf, mut to: OwnedWriteHalf, mut left: usize, delay: Duration) {
    let mut piece = vec![0; 16 << 10];
    while let Ok(n) = from.read(&mut piece).await {
        tokio::time::sleep(delay).await;
        let n = n.min(left);
        left -= n;
        if n == 0 || to.write_all(&piece[..n]).await.is_err() || left == 0 {
            return;
        }
    }
}

//! Asking a node at an address that somebody here was given: for its card, and for the compact that it would have this node
//! join; and a member for the decisions that it published. What it answers is checked by the application.

use crate::client::{Call, CallError, Client};
use crate::server::CompactHead;
use async_trait::async_trait;
use lianzhi_app::compact::Neighbour;
use lianzhi_exchange::compact::{Card, Member};
use lianzhi_exchange::decisions::ToldDecisions;
use lianzhi_exchange::envelope::{PARCELS_BYTES_MAX, Parcel, parcels};
use lianzhi_ids::SharedId;
use lianzhi_procedure::Refusal;

/// Longest card, list of heads and list of decisions, bytes.
const ANSWER_BYTES_MAX: usize = 256 << 10;
/// Most parcels of a compact that are taken at once.
const PARCELS_TOTAL_MAX: usize = 10_000;

fn unanswered(error: &CallError) -> Refusal {
    Refusal::conflict(
        "no-answer",
        format!("没有从该地址取得内容：{error}。"),
        "请核对地址，或与对方联络员联系。",
    )
}

/// A code as the value of a query.
fn encoded(code: &str) -> String {
    let byte = |out: String, byte: u8| match byte {
        b'-' | b'_' | b'.' => out + &char::from(byte).to_string(),
        _ if byte.is_ascii_alphanumeric() => out + &char::from(byte).to_string(),
        _ => out + &format!("%{byte:02X}"),
    };
    code.bytes().fold(String::new(), byte)
}

impl Client {
    async fn card_at(&self, address: &str) -> Result<Card, CallError> {
        let base = self.base(address.trim())?;
        let response = self.call_at(&base, &Call::get("/card")).await?;
        let body = Client::good(response, ANSWER_BYTES_MAX).await?;
        serde_json::from_slice(&body).map_err(|e| CallError::Form(e.to_string()))
    }

    async fn decisions_of(&self, member: &Member, item: &str) -> Result<ToldDecisions, CallError> {
        let response = self.call(member, Call::get(&format!("/decisions?item={}", encoded(item)))).await?;
        let body = Client::good(response, ANSWER_BYTES_MAX).await?;
        serde_json::from_slice(&body).map_err(|e| CallError::Form(e.to_string()))
    }

    async fn compact_at(&self, address: &str) -> Result<Vec<Parcel>, CallError> {
        let base = self.base(address.trim())?;
        let form = |e: &dyn std::fmt::Display| CallError::Form(e.to_string());
        let response = self.call_at(&base, &Call::get("/compact")).await?;
        let body = Client::good(response, ANSWER_BYTES_MAX).await?;
        let head: CompactHead = serde_json::from_slice(&body).map_err(|e| form(&e))?;
        let shared: SharedId = head.docket.parse().map_err(|_| form(&"案卷编号"))?;
        let mut all = Vec::new();
        for (author, end) in head.heads {
            let mut at = 0;
            while at < end && all.len() < PARCELS_TOTAL_MAX {
                let path = format!("/dockets/{shared}/streams/{author}?from={at}");
                let response = self.call_at(&base, &Call::get(&path)).await?;
                let body = Client::good(response, PARCELS_BYTES_MAX + (64 << 10)).await?;
                let batch = parcels(&body).map_err(|e| form(&e))?;
                let reached = batch.iter().filter_map(|p| p.open().ok()).map(|e| e.end()).max();
                let reached = reached.filter(|reached| *reached > at).ok_or_else(|| form(&"记录不完整"))?;
                all.extend(batch);
                at = reached;
            }
        }
        Ok(all)
    }
}

#[async_trait]
impl Neighbour for Client {
    async fn card(&self, address: &str) -> Result<Card, Refusal> {
        self.card_at(address).await.map_err(|e| unanswered(&e))
    }

    async fn compact(&self, address: &str) -> Result<Vec<Parcel>, Refusal> {
        self.compact_at(address).await.map_err(|e| unanswered(&e))
    }

    async fn decisions(&self, member: &Member, item: &str) -> Result<ToldDecisions, String> {
        self.decisions_of(member, item).await.map_err(|e| e.to_string())
    }
}

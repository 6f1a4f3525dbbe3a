//! Fetching files of other members: piece by piece, each durable before the next is asked for, so that a break costs one
//! piece and a file of any size needs the memory of one.

use crate::client::{Call, CallError, Client, problem};
use bytes::BytesMut;
use http::{StatusCode, header};
use http_body_util::BodyExt;
use lianzhi_app::federation::Fetch;
use lianzhi_app::ports::{StoreError, WantedRow};
use lianzhi_exchange::compact::Member;
use std::time::Duration;

/// Bytes asked for at once: large enough that the disk and not the round trip is the limit.
const PIECE: u64 = 8 << 20;
/// Bytes held in memory before they are made durable.
const HELD: usize = 1 << 20;
/// How long the next bytes may take.
const PATIENCE: Duration = Duration::from_secs(30);
/// First bytes by which a file is recognised.
const SNIFF: usize = 8 << 10;

/// Why a file did not come.
#[derive(Debug, thiserror::Error)]
pub(crate) enum FetchError {
    #[error(transparent)]
    Call(#[from] CallError),
    #[error("{0}")]
    Store(#[from] StoreError),
    #[error("文件 {size} 字节，超过本节点的上限 {max} 字节")]
    TooLarge { size: u64, max: u64 },
}

impl Client {
    /// Fetches one file; true when it is here.
    pub(crate) async fn fetch(
        &self,
        member: &Member,
        wanted: WantedRow,
        max: Option<u64>,
    ) -> Result<bool, FetchError> {
        let size = u64::try_from(wanted.size).unwrap_or(0);
        if let Some(max) = max.filter(|max| size > *max) {
            return Err(FetchError::TooLarge { size, max });
        }
        let path = format!("/exhibits/{}?docket={}", wanted.digest, wanted.shared);
        let Some(mut fetch) = self.app().fetch(wanted).await? else { return Ok(true) };
        while fetch.have < size {
            self.piece(member, &path, &mut fetch, size).await?;
        }
        let head = self.app().peek(&fetch, SNIFF).await?;
        // Never what its sender claims: a browser here goes by it.
        let media = infer::get(&head).map_or("application/octet-stream", |kind| kind.mime_type());
        let media = if media.starts_with("text/") { "application/octet-stream" } else { media };
        Ok(self.app().finish_fetch(fetch, media).await?)
    }

    async fn piece(
        &self,
        member: &Member,
        path: &str,
        fetch: &mut Fetch,
        size: u64,
    ) -> Result<(), FetchError> {
        let start = fetch.have;
        let end = size.min(start + PIECE);
        let call = Call { range: Some(format!("bytes={start}-{}", end - 1)), ..Call::get(path) };
        let response = self.call(member, call).await?;
        let status = response.status();
        if status != StatusCode::PARTIAL_CONTENT {
            let body = crate::client::read(response.into_body(), 64 << 10).await.unwrap_or_default();
            return Err(problem(status, &body).into());
        }
        let expected = format!("bytes {start}-{}/{size}", end - 1);
        let told = response.headers().get(header::CONTENT_RANGE).and_then(|v| v.to_str().ok());
        if told != Some(expected.as_str()) {
            return Err(CallError::Form("Content-Range".into()).into());
        }
        let mut body = response.into_body();
        let mut held = BytesMut::with_capacity(HELD);
        let mut left = end - start;
        loop {
            let frame = tokio::time::timeout(PATIENCE, body.frame()).await.map_err(|_| CallError::Slow)?;
            let Some(frame) = frame else { break };
            let frame = frame.map_err(|e| CallError::Connection(e.to_string()));
            let data = match frame {
                Ok(frame) => frame.into_data().unwrap_or_default(),
                Err(error) => {
                    // What came before the break need not be fetched again.
                    if !held.is_empty() {
                        self.app().fetched(fetch, held.split().freeze()).await?;
                    }
                    return Err(error.into());
                }
            };
            left = left
                .checked_sub(data.len() as u64)
                .ok_or_else(|| CallError::Form("比所请求的更长".into()))?;
            held.extend_from_slice(&data);
            if held.len() >= HELD {
                self.app().fetched(fetch, held.split().freeze()).await?;
            }
        }
        if !held.is_empty() {
            self.app().fetched(fetch, held.freeze()).await?;
        }
        if left > 0 { Err(CallError::Connection("连接提前结束".into()).into()) } else { Ok(()) }
    }
}

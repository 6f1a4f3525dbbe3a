//! The agency's electronic seal (电子印章), where it has one.

use async_trait::async_trait;
use bytes::Bytes;
use lianzhi_ids::Digest;

/// What shall be sealed.
#[derive(Debug, Clone)]
pub struct ToSeal {
    /// Who issues it.
    pub agency: String,
    /// Name of the document.
    pub title: String,
    /// 文号.
    pub number: String,
    /// The PDF as printed.
    pub pdf: Bytes,
    /// Its SHA-256: the same paper that comes again has the same.
    pub digest: Digest,
}

/// Why a document was not sealed. It waits as it is, and can be sealed again or stamped by hand.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SealError {
    /// The service was not reached.
    #[error("印章服务连接不上：{0}")]
    Unreachable(String),
    /// It did not answer in time.
    #[error("印章服务没有在 {0} 秒内答复")]
    Slow(u64),
    /// It said no.
    #[error("印章服务没有盖章（{status}）：{reason}")]
    Refused {
        /// HTTP status.
        status: u16,
        /// Its words, cut short.
        reason: String,
    },
    /// What came back is larger than allowed.
    #[error("印章服务返回的文件超过 {0} 字节")]
    TooLarge(usize),
    /// What came back is no PDF.
    #[error("印章服务返回的不是 PDF")]
    NoPdf,
}

/// A service that seals documents.
#[async_trait]
pub trait Seal: Send + Sync + 'static {
    /// Seals a document. The same document may come again after a failure.
    async fn seal(&self, document: &ToSeal) -> Result<Bytes, SealError>;
}

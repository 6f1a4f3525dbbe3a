//! Streams: what one author says in one shared docket, one entry after the other.
//!
//! Each author has a stream of its own in each shared docket, and nobody else ever adds to it. An entry's canonical form
//! is its bytes, written once by its author and kept as they are by everybody: whoever checks an entry hashes the bytes.

use jiff::Timestamp;
use lianzhi_ids::{Digest, NodeCode, SharedId};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use sha2::{Digest as _, Sha256};

/// Version of the form of stream entries.
pub const STREAM_ENTRY_VERSION: u32 = 1;
/// Longest entry, bytes: an envelope of 64 KiB has room for it.
pub const STREAM_ENTRY_BYTES_MAX: usize = 48 << 10;
/// Most parts, exhibits or answered entries that one entry may name.
pub const STREAM_REFERENCES_MAX: usize = 200;

const DOMAIN: &[u8] = b"lianzhi/stream/v1\0";

/// A file that an entry names; it travels by itself.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExhibitName {
    /// SHA-256 of the file.
    pub digest: Digest,
    /// Bytes.
    pub size: u64,
    /// Media type as sniffed by the author's node.
    pub media: String,
}

/// One thing that one author says. The order of the fields is the order in the canonical bytes.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StreamEntry {
    /// Version of this form: [`STREAM_ENTRY_VERSION`].
    pub v: u32,
    /// The shared docket.
    pub docket: SharedId,
    /// Kind of its procedure.
    pub kind: String,
    /// Who says it.
    pub author: NodeCode,
    /// Position in the author's stream, from 0.
    pub seq: u32,
    /// Digest of the author's entry before; [`Digest::ZERO`] for the first.
    pub prev: Digest,
    /// Heads of the other streams as the author knew them: what it answers.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub re: Vec<Digest>,
    /// When it was said (microseconds since 1970 in the bytes).
    #[serde(with = "jiff::fmt::serde::timestamp::microsecond::required")]
    pub at: Timestamp,
    /// Who signed it in the author's agency, in words: name and office (officers' names are public, 行政处罚法 39).
    pub actor: String,
    /// What is said: the procedure's act, kept byte by byte.
    pub act: Box<RawValue>,
    /// Salted digests of the parts that the act refers to; their content travels beside the entry.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub parts: Vec<Digest>,
    /// Files that the act refers to.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub exhibits: Vec<ExhibitName>,
}

/// Something that is no stream entry.
#[derive(Debug, thiserror::Error)]
pub enum StreamError {
    /// Longer than [`STREAM_ENTRY_BYTES_MAX`].
    #[error("内容长 {0} 字节，超过上限 {STREAM_ENTRY_BYTES_MAX} 字节：长材料请作为附件发送")]
    TooLong(usize),
    /// More than [`STREAM_REFERENCES_MAX`] references.
    #[error("引用了 {0} 项附件内容、证据或来文，超过上限 {STREAM_REFERENCES_MAX} 项")]
    TooManyReferences(usize),
    /// Not of the form.
    #[error("不是有效的协作记录")]
    Json(#[from] serde_json::Error),
    /// Written by a later version.
    #[error("协作记录的格式版本 {0} 高于本程序支持的版本")]
    Version(u32),
}

/// An entry's bytes with the digest that follows from them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SealedStreamEntry {
    /// The canonical bytes, JSON.
    pub bytes: String,
    /// Digest of the bytes: the author's next entry's `prev`.
    pub digest: Digest,
}

impl StreamEntry {
    /// Writes the canonical bytes.
    ///
    /// # Errors
    /// [`StreamError::TooLong`] and [`StreamError::TooManyReferences`].
    pub fn seal(&self) -> Result<SealedStreamEntry, StreamError> {
        self.check()?;
        let bytes = serde_json::to_string(self)?;
        if bytes.len() > STREAM_ENTRY_BYTES_MAX {
            return Err(StreamError::TooLong(bytes.len()));
        }
        Ok(SealedStreamEntry { digest: stream_digest(bytes.as_bytes()), bytes })
    }

    /// Reads an entry from its canonical bytes.
    ///
    /// # Errors
    /// [`StreamError`] when they are not an entry of a version that this program knows.
    pub fn parse(bytes: &str) -> Result<StreamEntry, StreamError> {
        #[derive(Deserialize)]
        struct Version {
            v: u32,
        }
        if bytes.len() > STREAM_ENTRY_BYTES_MAX {
            return Err(StreamError::TooLong(bytes.len()));
        }
        match serde_json::from_str::<StreamEntry>(bytes) {
            Ok(entry) if entry.v == STREAM_ENTRY_VERSION => entry.check().map(|()| entry),
            Ok(entry) => Err(StreamError::Version(entry.v)),
            Err(error) => match serde_json::from_str::<Version>(bytes) {
                Ok(Version { v }) if v > STREAM_ENTRY_VERSION => Err(StreamError::Version(v)),
                _ => Err(error.into()),
            },
        }
    }

    fn check(&self) -> Result<(), StreamError> {
        let most = self.parts.len().max(self.exhibits.len()).max(self.re.len());
        if most > STREAM_REFERENCES_MAX { Err(StreamError::TooManyReferences(most)) } else { Ok(()) }
    }
}

/// Digest of an entry's canonical bytes.
#[must_use]
pub fn stream_digest(bytes: &[u8]) -> Digest {
    Digest(Sha256::new().chain_update(DOMAIN).chain_update(bytes).finalize().into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use lianzhi_ids::DocketId;

    fn entry() -> StreamEntry {
        let node = NodeCode::parse("310118").unwrap();
        StreamEntry {
            v: STREAM_ENTRY_VERSION,
            docket: SharedId { node: node.clone(), generation: 1, id: DocketId(7) },
            kind: "lead".into(),
            author: node,
            seq: 0,
            prev: Digest::ZERO,
            re: vec![],
            at: Timestamp::from_microsecond(1_750_000_000_000_001).unwrap(),
            actor: "沈建国（分管副局长）".into(),
            act: RawValue::from_string(r#"{"act":"transfer"}"#.into()).unwrap(),
            parts: vec![],
            exhibits: vec![],
        }
    }

    #[test]
    fn the_canonical_bytes_are_these_and_stay_these() {
        let sealed = entry().seal().unwrap();
        assert_eq!(
            sealed.bytes,
            concat!(
                r#"{"v":1,"docket":"310118.1.7","kind":"lead","author":"310118","seq":0,"#,
                r#""prev":"0000000000000000000000000000000000000000000000000000000000000000","#,
                r#""at":1750000000000001,"actor":"沈建国（分管副局长）","act":{"act":"transfer"}}"#
            )
        );
        let read = StreamEntry::parse(&sealed.bytes).unwrap();
        assert_eq!(read.seal().unwrap(), sealed);
    }

    #[test]
    fn what_is_not_an_entry_is_refused() {
        let good = entry().seal().unwrap().bytes;
        for bad in [
            "",
            "{}",
            &good.replace("\"v\":1", "\"v\":1,\"w\":2"),
            &good.replace("310118.1.7", "310118.01.7"),
        ] {
            assert!(matches!(StreamEntry::parse(bad), Err(StreamError::Json(_))), "{bad}");
        }
        let later = good.replace("\"v\":1", "\"v\":2,\"w\":2");
        assert!(matches!(StreamEntry::parse(&later), Err(StreamError::Version(2))));
        let long = StreamEntry { actor: "x".repeat(STREAM_ENTRY_BYTES_MAX), ..entry() };
        assert!(matches!(long.seal(), Err(StreamError::TooLong(_))));
        let many = StreamEntry { re: vec![Digest::ZERO; STREAM_REFERENCES_MAX + 1], ..entry() };
        assert!(matches!(many.seal(), Err(StreamError::TooManyReferences(_))));
    }
}

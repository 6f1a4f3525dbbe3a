//! Parcels: an envelope with its signature, and beside it the content of the parts that its entries name.
//!
//! The content is not under the signature: the entries name each part by a salted digest, so that a part that had to be erased
//! leaves the envelope whole.

use super::{Envelope, EnvelopeError, is_kind};
use crate::signature::Signature;
use crate::stream::STREAM_REFERENCES_MAX;
use lianzhi_docket::entry::Salt;
use lianzhi_docket::part_digest;
use lianzhi_ids::Digest;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// Longest parcel, bytes: an envelope, written as a text in JSON, and the parts of a long letter. Files travel by themselves.
pub const PARCEL_BYTES_MAX: usize = 256 << 10;
/// Most parcels in a batch: what a receiver commits at once.
pub const PARCELS_MAX: usize = 64;
/// Longest batch, bytes: a receiver holds it in memory.
pub const PARCELS_BYTES_MAX: usize = 4 << 20;
/// Media type of one parcel.
pub const MEDIA_PARCEL: &str = "application/vnd.lianzhi.parcel+json";
/// Media type of a batch of parcels: a JSON array.
pub const MEDIA_PARCELS: &str = "application/vnd.lianzhi.parcels+json";

/// The content of a part.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PartContent {
    /// Salted digest by which an entry names it: [`part_digest`] of the rest.
    pub digest: Digest,
    /// Kind, e.g. `narrative`: at most [`super::KIND_CHARS_MAX`] of `a-z0-9_-`.
    pub kind: String,
    /// Salt, hex.
    #[serde(with = "hex::serde")]
    pub salt: Salt,
    /// Content.
    pub content: String,
}

impl PartContent {
    /// A part with the digest that follows from it.
    #[must_use]
    pub fn new(kind: &str, salt: Salt, content: String) -> PartContent {
        PartContent {
            digest: part_digest(&salt, kind, content.as_bytes()),
            kind: kind.to_owned(),
            salt,
            content,
        }
    }

    /// Whether its digest is that of its content.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        part_digest(&self.salt, &self.kind, self.content.as_bytes()) == self.digest
    }
}

/// An envelope on its way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Parcel {
    /// The envelope's exact bytes.
    pub envelope: String,
    /// The author's signature over them.
    pub signature: Signature,
    /// Content of parts that the entries name; what was erased is not there.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub parts: Vec<PartContent>,
}

/// A parcel or batch that can't be made or opened.
#[derive(Debug, thiserror::Error)]
pub enum ParcelError {
    /// Longer than [`PARCEL_BYTES_MAX`] or [`PARCELS_BYTES_MAX`].
    #[error("邮包长 {size} 字节，超过上限 {max} 字节")]
    TooLong {
        /// Bytes.
        size: usize,
        /// Most bytes.
        max: usize,
    },
    /// More than [`PARCELS_MAX`] parcels, or more parts than entries can name.
    #[error("邮包含 {count} 项，超过上限 {max} 项")]
    TooMany {
        /// How many.
        count: usize,
        /// Most.
        max: usize,
    },
    /// Not of the form.
    #[error("不是有效的邮包")]
    Json(#[from] serde_json::Error),
    /// The envelope in it is none.
    #[error(transparent)]
    Envelope(#[from] EnvelopeError),
    /// A part whose content has another digest.
    #[error("附件内容与其摘要不符：{}", .0.short())]
    PartDigest(Digest),
    /// A part that no entry names, or that comes twice.
    #[error("附件内容未被协作记录引用，或重复：{}", .0.short())]
    PartUnnamed(Digest),
    /// A part's kind is too long or has other characters than `a-z0-9_-`.
    #[error("附件内容的类型名称无效")]
    PartKind,
}

impl Parcel {
    /// Packs an envelope.
    ///
    /// # Errors
    /// [`ParcelError`] when a part doesn't belong to it, or all of it is too long.
    pub fn new(
        envelope: &Envelope,
        signature: Signature,
        parts: Vec<PartContent>,
    ) -> Result<Parcel, ParcelError> {
        let parcel = Parcel { envelope: envelope.bytes().to_owned(), signature, parts };
        parcel.check(envelope)?;
        parcel.to_json()?;
        Ok(parcel)
    }

    /// As the body of a request.
    ///
    /// # Errors
    /// [`ParcelError::TooLong`].
    pub fn to_json(&self) -> Result<String, ParcelError> {
        let json = serde_json::to_string(self)?;
        limit(json.len(), PARCEL_BYTES_MAX)?;
        Ok(json)
    }

    /// Reads a parcel from the body of a request.
    ///
    /// # Errors
    /// [`ParcelError::TooLong`] and [`ParcelError::Json`].
    pub fn parse(json: &[u8]) -> Result<Parcel, ParcelError> {
        limit(json.len(), PARCEL_BYTES_MAX)?;
        Ok(serde_json::from_slice(json)?)
    }

    /// Reads the envelope and checks each part against the digests in its entries. Whose envelope it is remains to be judged.
    ///
    /// # Errors
    /// [`ParcelError`].
    pub fn open(&self) -> Result<Envelope, ParcelError> {
        let envelope = Envelope::parse(&self.envelope)?;
        self.check(&envelope)?;
        Ok(envelope)
    }

    /// Digests of parts that the entries name and that are not with it: erased, or left out.
    #[must_use]
    pub fn missing(&self, envelope: &Envelope) -> Vec<Digest> {
        let there: BTreeSet<Digest> = self.parts.iter().map(|part| part.digest).collect();
        let named = envelope.entries.iter().flat_map(|said| &said.entry.parts);
        named.filter(|digest| !there.contains(digest)).copied().collect()
    }

    fn check(&self, envelope: &Envelope) -> Result<(), ParcelError> {
        let max = STREAM_REFERENCES_MAX * envelope.entries.len();
        if self.parts.len() > max {
            return Err(ParcelError::TooMany { count: self.parts.len(), max });
        }
        let mut named: BTreeSet<Digest> =
            envelope.entries.iter().flat_map(|said| said.entry.parts.iter().copied()).collect();
        for part in &self.parts {
            if !is_kind(&part.kind) {
                return Err(ParcelError::PartKind);
            }
            if !part.is_whole() {
                return Err(ParcelError::PartDigest(part.digest));
            }
            if !named.remove(&part.digest) {
                return Err(ParcelError::PartUnnamed(part.digest));
            }
        }
        Ok(())
    }
}

/// Reads a batch from the body of a request. Each parcel in it is opened and judged by itself.
///
/// # Errors
/// [`ParcelError::TooLong`], [`ParcelError::TooMany`] and [`ParcelError::Json`].
pub fn parcels(json: &[u8]) -> Result<Vec<Parcel>, ParcelError> {
    limit(json.len(), PARCELS_BYTES_MAX)?;
    let parcels: Vec<Parcel> = serde_json::from_slice(json)?;
    if parcels.len() > PARCELS_MAX {
        return Err(ParcelError::TooMany { count: parcels.len(), max: PARCELS_MAX });
    }
    Ok(parcels)
}

fn limit(size: usize, max: usize) -> Result<(), ParcelError> {
    if size <= max { Ok(()) } else { Err(ParcelError::TooLong { size, max }) }
}

//! Envelopes: what one author says to others, signed byte by byte, and parcels: an envelope on its way.
//!
//! The form is that of a CloudEvent in JSON (CloudEvents 1.0.2). The id follows from the first entry's place in its stream,
//! see [`EnvelopeId`].

mod id;
mod parcel;

pub use id::EnvelopeId;
pub use parcel::{
    MEDIA_PARCEL, MEDIA_PARCELS, PARCEL_BYTES_MAX, PARCELS_BYTES_MAX, PARCELS_MAX, Parcel, ParcelError,
    PartContent, parcels,
};

use crate::signature::{DOMAIN_ENVELOPE, Signature};
use crate::stream::{StreamEntry, StreamError, stream_digest};
use jiff::Timestamp;
use lianzhi_docket::suite::{PublicKey, SignError, SuiteSigner};
use lianzhi_ids::{Digest, NodeCode, SharedId};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use sha2::{Digest as _, Sha256};

/// Longest envelope, bytes: room for an entry of 48 KiB and everybody it is for; small enough to be read whole before anything
/// of it is believed.
pub const ENVELOPE_BYTES_MAX: usize = 64 << 10;
/// Most entries in an envelope: what an author said in one go. More go into more envelopes.
pub const ENTRIES_MAX: usize = 16;
/// Most members an envelope may be for: more than the members of any compact we know of (the Yangtze delta has 41 cities).
pub const RECIPIENTS_MAX: usize = 512;
/// Longest legal basis, characters: a few articles by name.
pub const BASIS_CHARS_MAX: usize = 200;
/// Longest kind, characters: it is a key and a part of a type's name.
pub const KIND_CHARS_MAX: usize = 32;
/// What stands before the kind in an envelope's `type`.
pub const TYPE_PREFIX: &str = "cn.lianzhi.";

const SPECVERSION: &str = "1.0";
const CONTENT_TYPE: &str = "application/json";
const DIGEST_DOMAIN: &[u8] = b"lianzhi/envelope-digest/v1\0";

/// How soon it has to arrive.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Class {
    /// 普通.
    #[default]
    Ordinary,
    /// 紧急.
    Urgent,
}

/// One entry as it stands in an envelope.
#[derive(Debug, Clone)]
pub struct Said {
    /// Canonical bytes.
    pub bytes: String,
    /// Their digest.
    pub digest: Digest,
    /// What they say.
    pub entry: StreamEntry,
}

/// How an envelope is addressed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address {
    /// For whom, without the author; each once.
    pub to: Vec<NodeCode>,
    /// Legal basis, e.g. 行政处罚法第二十六条.
    pub basis: String,
    /// Entry of the list that allows it; none for what membership alone allows.
    pub list: Option<Digest>,
    /// Number of the epoch in force at the author.
    pub epoch: u32,
    /// Digest of that epoch.
    pub roster: Digest,
    /// How soon it has to arrive.
    pub class: Class,
    /// When it was put together.
    pub time: Timestamp,
}

/// An envelope with the exact bytes that are signed. Made by [`Envelope::new`] and [`Envelope::parse`] only, which check that
/// its pieces fit together.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Envelope {
    /// Name.
    pub id: EnvelopeId,
    /// Kind of the docket's procedure.
    pub kind: String,
    /// To whom, and on what authority.
    pub address: Address,
    /// What is said: at least one, consecutive.
    pub entries: Vec<Said>,
    bytes: String,
    digest: Digest,
}

/// An envelope that can't be made or read.
#[derive(Debug, thiserror::Error)]
pub enum EnvelopeError {
    /// Longer than [`ENVELOPE_BYTES_MAX`].
    #[error("信封长 {0} 字节，超过上限 {ENVELOPE_BYTES_MAX} 字节：长材料请作为附件发送")]
    TooLong(usize),
    /// Too many or none of something.
    #[error("信封的{what}为 {count} 项，应为 1 至 {max} 项")]
    Count {
        /// Of what.
        what: &'static str,
        /// How many.
        count: usize,
        /// Most.
        max: usize,
    },
    /// Not of the form.
    #[error("不是有效的信封")]
    Json(#[from] serde_json::Error),
    /// Another version of CloudEvents, or another content.
    #[error("信封的“{0}”不是本协议规定的值")]
    Fixed(&'static str),
    /// An entry can't be read.
    #[error("信封中的协作记录无法读取")]
    Entry(#[from] StreamError),
    /// The envelope's fields and its entries say different things.
    #[error("信封与其中的协作记录不一致：{0}")]
    Inconsistent(&'static str),
}

/// As it is written. The order of the fields is the order in our bytes; readers don't depend on it.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Wire {
    specversion: String,
    id: EnvelopeId,
    source: NodeCode,
    r#type: String,
    subject: SharedId,
    time: Timestamp,
    datacontenttype: String,
    to: Vec<NodeCode>,
    data: WireData,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct WireData {
    entries: Vec<Box<RawValue>>,
    basis: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    list: Option<Digest>,
    epoch: u32,
    roster: Digest,
    class: Class,
}

impl Envelope {
    /// Puts entries into an envelope. They are given by their canonical bytes.
    ///
    /// # Errors
    /// [`EnvelopeError`] when something is too long or too many, or when the entries are not consecutive ones of one author in
    /// one docket.
    pub fn new(entries: &[String], address: Address) -> Result<Envelope, EnvelopeError> {
        let said = read(entries.iter().map(String::as_str))?;
        let first = &first(&said)?.entry;
        let id = EnvelopeId { docket: first.docket.clone(), author: first.author.clone(), first: first.seq };
        let kind = first.kind.clone();
        let raw = said.iter().map(|s| RawValue::from_string(s.bytes.clone())).collect::<Result<_, _>>()?;
        let wire = Wire {
            specversion: SPECVERSION.into(),
            id,
            source: first.author.clone(),
            r#type: format!("{TYPE_PREFIX}{kind}"),
            subject: first.docket.clone(),
            time: address.time,
            datacontenttype: CONTENT_TYPE.into(),
            to: address.to,
            data: WireData {
                entries: raw,
                basis: address.basis,
                list: address.list,
                epoch: address.epoch,
                roster: address.roster,
                class: address.class,
            },
        };
        let bytes = serde_json::to_string(&wire)?;
        put_together(bytes, wire, said)
    }

    /// Reads an envelope from its exact bytes. Nothing of it is to be believed before [`Envelope::is_by`] said so.
    ///
    /// # Errors
    /// [`EnvelopeError`].
    pub fn parse(bytes: &str) -> Result<Envelope, EnvelopeError> {
        if bytes.len() > ENVELOPE_BYTES_MAX {
            return Err(EnvelopeError::TooLong(bytes.len()));
        }
        let wire: Wire = serde_json::from_str(bytes)?;
        let said = read(wire.data.entries.iter().map(|raw| raw.get()))?;
        put_together(bytes.to_owned(), wire, said)
    }

    /// The exact bytes, JSON.
    #[must_use]
    pub fn bytes(&self) -> &str {
        &self.bytes
    }

    /// Digest of the bytes, which receipts and entries name it by.
    #[must_use]
    pub fn digest(&self) -> Digest {
        self.digest
    }

    /// Who says it.
    #[must_use]
    pub fn author(&self) -> &NodeCode {
        &self.id.author
    }

    /// The shared docket.
    #[must_use]
    pub fn docket(&self) -> &SharedId {
        &self.id.docket
    }

    /// Position after its last entry.
    #[must_use]
    pub fn end(&self) -> u32 {
        self.entries.last().map_or(self.id.first, |said| said.entry.seq.saturating_add(1))
    }

    /// Whether it opens its docket: the founder's first entry is in it.
    #[must_use]
    pub fn is_opening(&self) -> bool {
        self.id.first == 0 && self.id.author == self.id.docket.node
    }

    /// Signs it.
    ///
    /// # Errors
    /// [`SignError`] when the key can't be used now.
    pub fn sign(&self, signer: &dyn SuiteSigner) -> Result<Signature, SignError> {
        Signature::make(signer, DOMAIN_ENVELOPE, self.bytes.as_bytes())
    }

    /// Whether this key signed it.
    #[must_use]
    pub fn is_by(&self, key: &PublicKey, signature: &Signature) -> bool {
        signature.verify(key, DOMAIN_ENVELOPE, self.bytes.as_bytes())
    }
}

/// Digest of an envelope's exact bytes.
#[must_use]
pub fn envelope_digest(bytes: &[u8]) -> Digest {
    Digest(Sha256::new().chain_update(DIGEST_DOMAIN).chain_update(bytes).finalize().into())
}

fn read<'a>(entries: impl Iterator<Item = &'a str>) -> Result<Vec<Said>, EnvelopeError> {
    entries
        // One more than allowed is enough to know that they are too many.
        .take(ENTRIES_MAX + 1)
        .map(|bytes| {
            let entry = StreamEntry::parse(bytes)?;
            Ok(Said { digest: stream_digest(bytes.as_bytes()), bytes: bytes.to_owned(), entry })
        })
        .collect()
}

fn first(said: &[Said]) -> Result<&Said, EnvelopeError> {
    said.first().ok_or(EnvelopeError::Count { what: "协作记录", count: 0, max: ENTRIES_MAX })
}

fn put_together(bytes: String, wire: Wire, entries: Vec<Said>) -> Result<Envelope, EnvelopeError> {
    if bytes.len() > ENVELOPE_BYTES_MAX {
        return Err(EnvelopeError::TooLong(bytes.len()));
    }
    if wire.specversion != SPECVERSION {
        return Err(EnvelopeError::Fixed("specversion"));
    }
    if wire.datacontenttype != CONTENT_TYPE {
        return Err(EnvelopeError::Fixed("datacontenttype"));
    }
    let kind = wire.r#type.strip_prefix(TYPE_PREFIX).filter(|kind| is_kind(kind));
    let kind = kind.ok_or(EnvelopeError::Fixed("type"))?.to_owned();
    count("协作记录", entries.len(), ENTRIES_MAX)?;
    count("收件节点", wire.to.len(), RECIPIENTS_MAX)?;
    count("法律依据字数", wire.data.basis.chars().count().max(1), BASIS_CHARS_MAX)?;
    let mut to: Vec<&NodeCode> = wire.to.iter().collect();
    to.sort_unstable();
    if to.windows(2).any(|pair| pair[0] == pair[1]) || to.contains(&&wire.source) {
        return Err(EnvelopeError::Inconsistent("收件节点重复或包含发件节点"));
    }
    if (&wire.id.docket, &wire.id.author) != (&wire.subject, &wire.source) {
        return Err(EnvelopeError::Inconsistent("编号与案卷、发件节点"));
    }
    let mut before: Option<&Said> = None;
    for said in &entries {
        let entry = &said.entry;
        if (&entry.docket, &entry.author, &entry.kind) != (&wire.subject, &wire.source, &kind) {
            return Err(EnvelopeError::Inconsistent("案卷、作者或类型"));
        }
        let follows = match before {
            None => entry.seq == wire.id.first && (entry.seq == 0) == (entry.prev == Digest::ZERO),
            Some(before) => Some(entry.seq) == before.entry.seq.checked_add(1) && entry.prev == before.digest,
        };
        if !follows {
            return Err(EnvelopeError::Inconsistent("记录的顺序"));
        }
        before = Some(said);
    }
    // The last position leaves room for its successor.
    if before.is_some_and(|last| last.entry.seq == u32::MAX) {
        return Err(EnvelopeError::Inconsistent("记录的序号"));
    }
    let digest = envelope_digest(bytes.as_bytes());
    let WireData { basis, list, epoch, roster, class, .. } = wire.data;
    let address = Address { to: wire.to, basis, list, epoch, roster, class, time: wire.time };
    Ok(Envelope { id: wire.id, kind, address, entries, bytes, digest })
}

fn count(what: &'static str, count: usize, max: usize) -> Result<(), EnvelopeError> {
    if (1..=max).contains(&count) { Ok(()) } else { Err(EnvelopeError::Count { what, count, max }) }
}

/// Whether a text can be the kind of a procedure or of a part.
#[must_use]
pub fn is_kind(text: &str) -> bool {
    let plain = |c: u8| c.is_ascii_lowercase() || c.is_ascii_digit() || c == b'-' || c == b'_';
    (1..=KIND_CHARS_MAX).contains(&text.len()) && text.bytes().all(plain)
}

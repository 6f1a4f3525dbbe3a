//! Entries as recorded.
//!
//! An entry's canonical form is its bytes: JSON with the fields of [`Entry`] in that order, written once and
//! never written again. Whoever checks an entry hashes the stored bytes; nobody has to agree on how JSON is
//! formatted.
//!
//! Three digests, each with its own domain prefix so that none can stand for another:
//!
//! | digest | over | used for |
//! |---|---|---|
//! | `lianzhi/entry/v1` | bytes | `prev` of the docket's next entry |
//! | `lianzhi/leaf/v1` | salt, bytes | the leaf in the public log: without the salt nobody can guess the entry from it |
//! | `lianzhi/part/v1` | salt, kind, content | a part (text, particulars, form) that an entry refers to |
//!
//! Exhibits are addressed by the plain SHA-256 of the file, which any tool can compute.

use jiff::Timestamp;
use lianzhi_ids::{Digest, DocketId, NodeCode};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use sha2::{Digest as _, Sha256};

/// Version of the form of entries.
pub const ENTRY_VERSION: u32 = 1;

/// Longest entry in bytes. Content belongs into parts, files into exhibits; one entry must fit into memory
/// many times over wherever entries are read.
pub const ENTRY_BYTES_MAX: usize = 1 << 20;

/// Most parts, and most exhibits, that one entry may refer to.
pub const REFERENCES_MAX: usize = 1_000;

const ENTRY_DOMAIN: &[u8] = b"lianzhi/entry/v1\0";
const LEAF_DOMAIN: &[u8] = b"lianzhi/leaf/v1\0";
const PART_DOMAIN: &[u8] = b"lianzhi/part/v1\0";

/// Sixteen random bytes that keep a digest from giving its content away.
pub type Salt = [u8; 16];

/// One event in a docket's stream, as recorded.
///
/// The order of the fields is the order in the canonical bytes.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// Version of this form: [`ENTRY_VERSION`].
    pub v: u32,
    /// The node that recorded the entry.
    pub node: NodeCode,
    /// The docket that it belongs to.
    pub docket: DocketId,
    /// The docket's kind of procedure.
    pub kind: String,
    /// Position in the docket's stream of this node, from 0.
    pub seq: u32,
    /// Digest of the docket's previous entry; [`Digest::ZERO`] for the first.
    pub prev: Digest,
    /// When it was recorded (microseconds since 1970 in the bytes).
    #[serde(with = "jiff::fmt::serde::timestamp::microsecond::required")]
    pub at: Timestamp,
    /// When it happened, where that differs from when it was recorded (microseconds).
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        with = "jiff::fmt::serde::timestamp::microsecond::optional"
    )]
    pub happened: Option<Timestamp>,
    /// Who did it: `person:p-0012`, `public`, `system`, `token:…`.
    pub actor: String,
    /// What happened: the procedure's event, kept byte by byte.
    pub event: Box<RawValue>,
    /// Salted digests of the parts that the event refers to, see [`part_digest`].
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub parts: Vec<Digest>,
    /// Digests of the exhibits that the event refers to, see [`exhibit_digest`].
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub exhibits: Vec<Digest>,
    /// Made by the simulator, not by people: marked for ever in the record itself.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub simulated: bool,
}

/// An entry that can't be made or read.
#[derive(Debug, thiserror::Error)]
pub enum EntryError {
    /// Longer than [`ENTRY_BYTES_MAX`].
    #[error("记录长 {0} 字节，超过上限 {ENTRY_BYTES_MAX} 字节：内容应作为附件内容保存")]
    TooLong(usize),
    /// More than [`REFERENCES_MAX`] parts or exhibits.
    #[error("记录引用了 {0} 项附件内容或证据，超过上限 {REFERENCES_MAX} 项")]
    TooManyReferences(usize),
    /// The event can't be written as JSON, or the bytes are not an entry.
    #[error("记录不是有效的格式")]
    Json(#[from] serde_json::Error),
    /// Written by a later version of this program.
    #[error("记录的格式版本 {0} 高于本程序支持的版本，请使用新版本程序核验")]
    Version(u32),
}

impl Entry {
    /// Turns an event into what [`Entry::event`] keeps.
    ///
    /// # Errors
    /// When the event can't be written as JSON.
    pub fn event_of(event: &impl Serialize) -> Result<Box<RawValue>, EntryError> {
        Ok(serde_json::value::to_raw_value(event)?)
    }

    /// Writes the canonical bytes and takes their digests. This is the only place where an entry is written.
    ///
    /// # Errors
    /// [`EntryError::TooLong`] and [`EntryError::TooManyReferences`].
    pub fn seal(&self, salt: Salt) -> Result<SealedEntry, EntryError> {
        self.check()?;
        let mut bytes = Vec::with_capacity(384 + self.event.get().len());
        serde_json::to_writer(&mut bytes, self)?;
        if bytes.len() > ENTRY_BYTES_MAX {
            return Err(EntryError::TooLong(bytes.len()));
        }
        Ok(SealedEntry::of(bytes, salt))
    }

    /// Reads an entry from its canonical bytes.
    ///
    /// # Errors
    /// [`EntryError`] when the bytes are not an entry of a version that this program knows.
    pub fn parse(bytes: &[u8]) -> Result<Entry, EntryError> {
        #[derive(Deserialize)]
        struct Version {
            v: u32,
        }
        if bytes.len() > ENTRY_BYTES_MAX {
            return Err(EntryError::TooLong(bytes.len()));
        }
        match serde_json::from_slice::<Entry>(bytes) {
            Ok(entry) if entry.v == ENTRY_VERSION => entry.check().map(|()| entry),
            Ok(entry) => Err(EntryError::Version(entry.v)),
            // A later version may well have other fields: then say so, rather than "malformed".
            Err(error) => match serde_json::from_slice::<Version>(bytes) {
                Ok(Version { v }) if v > ENTRY_VERSION => Err(EntryError::Version(v)),
                _ => Err(error.into()),
            },
        }
    }

    fn check(&self) -> Result<(), EntryError> {
        let most = self.parts.len().max(self.exhibits.len());
        if most > REFERENCES_MAX { Err(EntryError::TooManyReferences(most)) } else { Ok(()) }
    }
}

/// An entry's bytes with the digests that follow from them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SealedEntry {
    /// The canonical bytes: stored as they are and never written anew.
    pub bytes: Vec<u8>,
    /// Salt of the leaf.
    pub salt: Salt,
    /// Digest of the bytes: the next entry's `prev`.
    pub digest: Digest,
    /// What the public log holds of the entry.
    pub leaf_data: Digest,
}

impl SealedEntry {
    /// Takes the digests of stored bytes.
    #[must_use]
    pub fn of(bytes: Vec<u8>, salt: Salt) -> SealedEntry {
        SealedEntry { digest: entry_digest(&bytes), leaf_data: leaf_data(&salt, &bytes), bytes, salt }
    }
}

/// Digest of an entry's canonical bytes, for the docket's chain.
#[must_use]
pub fn entry_digest(bytes: &[u8]) -> Digest {
    sha256(&[ENTRY_DOMAIN, bytes])
}

/// What the public log holds of an entry.
#[must_use]
pub fn leaf_data(salt: &Salt, bytes: &[u8]) -> Digest {
    sha256(&[LEAF_DOMAIN, salt, bytes])
}

/// Digest by which entries refer to a part.
///
/// The kind's length (u64, big-endian) goes before it so that kind and content can't be shifted against each
/// other.
#[must_use]
pub fn part_digest(salt: &Salt, kind: &str, content: &[u8]) -> Digest {
    sha256(&[PART_DOMAIN, salt, &(kind.len() as u64).to_be_bytes(), kind.as_bytes(), content])
}

/// Digest by which entries refer to an exhibit: SHA-256 of the file.
#[must_use]
pub fn exhibit_digest(content: &[u8]) -> Digest {
    sha256(&[content])
}

/// Digest of an exhibit that is read piece by piece, and its length in bytes.
///
/// # Errors
/// Those of the reader.
pub fn exhibit_digest_of(reader: impl std::io::Read) -> std::io::Result<(Digest, u64)> {
    digest_rest(Sha256::new(), reader)
}

/// Digest of a part that is read piece by piece, and its length in bytes.
///
/// # Errors
/// Those of the reader.
pub fn part_digest_of(salt: &Salt, kind: &str, reader: impl std::io::Read) -> std::io::Result<(Digest, u64)> {
    digest_rest(part_prefix(salt, kind), reader)
}

fn part_prefix(salt: &Salt, kind: &str) -> Sha256 {
    Sha256::new()
        .chain_update(PART_DOMAIN)
        .chain_update(salt)
        .chain_update((kind.len() as u64).to_be_bytes())
        .chain_update(kind)
}

fn digest_rest(mut hasher: Sha256, mut reader: impl std::io::Read) -> std::io::Result<(Digest, u64)> {
    let length = std::io::copy(&mut reader, &mut HashWriter(&mut hasher))?;
    Ok((Digest(hasher.finalize().into()), length))
}

struct HashWriter<'a>(&'a mut Sha256);

impl std::io::Write for HashWriter<'_> {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.update(bytes);
        Ok(bytes.len())
    }
    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

pub(crate) fn sha256(pieces: &[&[u8]]) -> Digest {
    let mut hasher = Sha256::new();
    for piece in pieces {
        hasher.update(piece);
    }
    Digest(hasher.finalize().into())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry() -> Entry {
        Entry {
            v: ENTRY_VERSION,
            node: NodeCode::parse("310118").unwrap(),
            docket: DocketId(7),
            kind: "report".into(),
            seq: 0,
            prev: Digest::ZERO,
            at: Timestamp::from_microsecond(1_750_000_000_000_001).unwrap(),
            happened: None,
            actor: "public".into(),
            event: Entry::event_of(&serde_json::json!({"type": "received"})).unwrap(),
            parts: vec![],
            exhibits: vec![],
            simulated: false,
        }
    }

    #[test]
    fn the_canonical_bytes_are_these_and_stay_these() {
        // A golden form: entries written years ago must read the same.
        let sealed = entry().seal([0; 16]).unwrap();
        assert_eq!(
            String::from_utf8(sealed.bytes.clone()).unwrap(),
            concat!(
                r#"{"v":1,"node":"310118","docket":7,"kind":"report","seq":0,"#,
                r#""prev":"0000000000000000000000000000000000000000000000000000000000000000","#,
                r#""at":1750000000000001,"actor":"public","event":{"type":"received"}}"#
            )
        );
        let full = Entry {
            happened: Some(Timestamp::UNIX_EPOCH),
            parts: vec![Digest([1; 32])],
            exhibits: vec![Digest([2; 32])],
            simulated: true,
            ..entry()
        };
        let text = String::from_utf8(full.seal([0; 16]).unwrap().bytes).unwrap();
        assert!(text.contains(r#""at":1750000000000001,"happened":0,"actor":"public","event":"#));
        assert!(text.ends_with(&format!(
            r#","parts":["{}"],"exhibits":["{}"],"simulated":true}}"#,
            "01".repeat(32),
            "02".repeat(32)
        )));
    }

    #[test]
    fn an_entry_read_back_keeps_the_event_byte_by_byte() {
        let event = r#"{ "type":"received",  "n":1.0e2, "b":"\u4e2d" }"#;
        let entry = Entry { event: RawValue::from_string(event.into()).unwrap(), ..entry() };
        let sealed = entry.seal([3; 16]).unwrap();
        let read = Entry::parse(&sealed.bytes).unwrap();
        assert_eq!(read.event.get(), event);
        assert_eq!(read.seal([3; 16]).unwrap(), sealed);
    }

    #[test]
    fn digests_have_their_own_domains() {
        let salt = [5; 16];
        let bytes = entry().seal(salt).unwrap().bytes;
        let all = [
            entry_digest(&bytes),
            leaf_data(&salt, &bytes),
            part_digest(&salt, "", &bytes),
            exhibit_digest(&bytes),
        ];
        for (i, a) in all.iter().enumerate() {
            assert!(all[i + 1..].iter().all(|b| a != b));
        }
        assert_ne!(leaf_data(&salt, &bytes), leaf_data(&[6; 16], &bytes), "the salt matters");
        assert_ne!(
            part_digest(&salt, "ab", b"c"),
            part_digest(&salt, "a", b"bc"),
            "kind and content are apart"
        );
    }

    #[test]
    fn an_exhibit_is_addressed_by_what_sha256sum_prints() {
        let digest = exhibit_digest(b"abc");
        assert_eq!(digest.to_string(), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
        assert_eq!(exhibit_digest_of(&b"abc"[..]).unwrap(), (digest, 3));
        let part = part_digest(&[1; 16], "text", b"abc");
        assert_eq!(part_digest_of(&[1; 16], "text", &b"abc"[..]).unwrap(), (part, 3));
    }

    #[test]
    fn what_is_not_an_entry_is_refused() {
        let good = String::from_utf8(entry().seal([0; 16]).unwrap().bytes).unwrap();
        for bad in [
            "".to_owned(),
            "{}".to_owned(),
            good.replace("\"v\":1", "\"v\":1,\"w\":2"),
            good.replace("310118", "../etc"),
            good.replace("\"seq\":0", "\"seq\":0,\"seq\":1"),
            format!("{good}{good}"),
        ] {
            assert!(matches!(Entry::parse(bad.as_bytes()), Err(EntryError::Json(_))), "{bad}");
        }
        let later = good.replace("\"v\":1", "\"v\":2,\"w\":2");
        assert!(matches!(Entry::parse(later.as_bytes()), Err(EntryError::Version(2))));
        let long = Entry { actor: "x".repeat(ENTRY_BYTES_MAX), ..entry() };
        assert!(matches!(long.seal([0; 16]), Err(EntryError::TooLong(_))));
        let many = Entry { parts: vec![Digest::ZERO; REFERENCES_MAX + 1], ..entry() };
        assert!(matches!(many.seal([0; 16]), Err(EntryError::TooManyReferences(_))));
    }
}

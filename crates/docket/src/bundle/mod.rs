//! An evidence bundle: one docket in one file that anybody can check offline. The form is documented in
//! `docs/evidence-bundle.md`; [`BundleWriter`] writes it, [`verify_bundle`] checks it.
//!
//! It is an uncompressed tar archive whose files come in one fixed order, so that it is written and checked in
//! one pass and there is only one way to read it:
//!
//! | file | content |
//! |---|---|
//! | `manifest.json` | [`Manifest`]: what is in the bundle and what is kept back |
//! | `statement.note` | the node's signature over docket, number of entries, head and manifest |
//! | `checkpoint.note` | the log's signed head to which all proofs lead |
//! | `entries/000000.json` | an entry's canonical bytes |
//! | `entries/000000.tlog-proof` | its proof (C2SP tlog-proof), the salt as its extra data |
//! | `parts/<digest>` | a part's content, in clear |
//! | `exhibits/<digest>` | an exhibit's file |

mod read;
mod write;

pub use read::{BundleExpect, verify_bundle};
pub use write::{BundleError, BundleWriter};

use crate::entry::{Salt, sha256};
use crate::note::VerifierKey;
use jiff::Timestamp;
use lianzhi_ids::{Digest, DocketName};
use serde::{Deserialize, Serialize};

/// The form of bundles.
pub const BUNDLE_FORMAT: &str = "lianzhi/bundle/1";
/// Longest manifest in bytes: some 100,000 parts.
pub const MANIFEST_BYTES_MAX: usize = 16 << 20;
/// Most entries in a bundle.
pub const BUNDLE_ENTRIES_MAX: u32 = 1_000_000;

const MANIFEST: &str = "manifest.json";
const STATEMENT: &str = "statement.note";
const CHECKPOINT: &str = "checkpoint.note";

/// What is in a bundle and what is kept back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// [`BUNDLE_FORMAT`].
    pub format: String,
    /// The docket.
    pub docket: DocketName,
    /// The node's key. Whoever checks compares it with the published one.
    #[serde(with = "as_text")]
    pub key: VerifierKey,
    /// When the bundle was made (microseconds since 1970).
    #[serde(with = "jiff::fmt::serde::timestamp::microsecond::required")]
    pub exported: Timestamp,
    /// Number of entries of the docket: all of them up to then.
    pub entries: u32,
    /// The parts that the entries refer to, each once.
    pub parts: Vec<PartItem>,
    /// The exhibits that the entries refer to, each once.
    pub exhibits: Vec<ExhibitItem>,
    /// Proofs that connect the checkpoint with others that somebody may have saved.
    pub consistency: Vec<Consistency>,
}

/// Whether something that entries refer to is in the bundle.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Presence {
    /// It is in the bundle.
    Enclosed,
    /// The exporter keeps it back; the record still names its digest.
    Withheld,
    /// It was erased, which is itself in the record.
    Erased,
}

/// A part in the manifest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PartItem {
    /// Its salted digest.
    pub digest: Digest,
    /// Whether it is in the bundle.
    pub presence: Presence,
    /// What opens the digest. Only for enclosed parts: with the salt of a part that is kept back, its content
    /// could be guessed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub opening: Option<Opening>,
}

/// What is needed beside the content to compute a part's digest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Opening {
    /// The part's kind.
    pub kind: String,
    /// Its salt, in hex.
    #[serde(with = "hex::serde")]
    pub salt: Salt,
    /// Length of the content in bytes.
    pub bytes: u64,
}

/// An exhibit in the manifest.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExhibitItem {
    /// SHA-256 of the file.
    pub digest: Digest,
    /// Whether it is in the bundle.
    pub presence: Presence,
    /// Length of the file in bytes.
    pub bytes: u64,
    /// The file's name as it was handed in: to be shown, never used as a path.
    pub name: String,
}

/// That the log of one size begins with the log of another (RFC 6962).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Consistency {
    /// Size of the shorter log.
    pub old: u64,
    /// Size of the longer one. One of the two is the bundle's checkpoint.
    pub new: u64,
    /// The proof, see [`crate::merkle::consistency_proof`].
    pub path: Vec<Digest>,
}

/// What the node signs: that these are all entries of the docket, and what the manifest says.
///
/// Without it nobody could tell a docket from one whose last entries were left out: the log itself does not say
/// which of its leaves belong to which docket.
fn statement(manifest: &Manifest, manifest_bytes: &[u8], head: &Digest) -> String {
    let Manifest { docket, entries, exported, .. } = manifest;
    let digest = sha256(&[manifest_bytes]);
    let time = exported.as_microsecond();
    format!("{BUNDLE_FORMAT}\n{docket}\nentries {entries}\nhead {head}\nmanifest {digest}\ntime {time}\n")
}

fn entry_file(seq: u32) -> String {
    format!("entries/{seq:06}.json")
}

fn proof_file(seq: u32) -> String {
    format!("entries/{seq:06}.tlog-proof")
}

fn part_file(digest: &Digest) -> String {
    format!("parts/{digest}")
}

fn exhibit_file(digest: &Digest) -> String {
    format!("exhibits/{digest}")
}

/// Keys as `name+hash+base64`.
mod as_text {
    use crate::note::VerifierKey;
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    pub fn serialize<S: Serializer>(key: &VerifierKey, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(key)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<VerifierKey, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(D::Error::custom)
    }
}

//! Parts: content that entries refer to by salted digest and never contain.

use lianzhi_ids::Digest;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What a part holds; decides who may open it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum PartKind {
    /// What was reported and where, in the reporter's words: JSON `{description, address}`.
    Narrative,
    /// Personal particulars of the reporter: JSON `{name, phone}`. Every look is recorded.
    Contact,
    /// A note of somebody at work.
    Remark,
    /// The answer given to the reporter.
    Answer,
    /// The text of a letter to another member; travels with it.
    Letter,
    /// Personal particulars of somebody whom a letter is about; travel with it where the list allows. Every look is
    /// recorded.
    Particulars,
    /// The content of a register entry that has personal particulars.
    Record,
}

impl PartKind {
    /// Whether looks at it are recorded and need a reason.
    #[must_use]
    pub const fn is_personal(self) -> bool {
        matches!(self, PartKind::Contact | PartKind::Particulars)
    }
    /// Name in data.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            PartKind::Narrative => "narrative",
            PartKind::Contact => "contact",
            PartKind::Remark => "remark",
            PartKind::Answer => "answer",
            PartKind::Letter => "letter",
            PartKind::Particulars => "particulars",
            PartKind::Record => "record",
        }
    }
}

/// A reference to a part.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PartRef {
    /// What it holds.
    pub kind: PartKind,
    /// Salted digest of its content.
    pub digest: Digest,
}

/// A text in a command: plain as it comes in, sealed (a reference) when it is decided.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(from = "String")]
pub enum Text {
    /// As somebody wrote it.
    Plain(String),
    /// As it goes into the record.
    Sealed(PartRef),
}

/// Says how long, not what: what is printed for debugging ends up in logs.
impl std::fmt::Debug for Text {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Text::Plain(text) => write!(f, "Plain({} characters)", text.chars().count()),
            Text::Sealed(part) => f.debug_tuple("Sealed").field(part).finish(),
        }
    }
}

/// As somebody types it; what is sealed is given to nobody in place of words.
impl Serialize for Text {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Text::Plain(text) => serializer.serialize_str(text),
            Text::Sealed(_) => Err(serde::ser::Error::custom("a sealed text")),
        }
    }
}

impl From<String> for Text {
    fn from(text: String) -> Self {
        Text::Plain(text)
    }
}

impl Default for Text {
    fn default() -> Self {
        Text::Plain(String::new())
    }
}

impl JsonSchema for Text {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Text".into()
    }
    fn inline_schema() -> bool {
        true
    }
    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "string", "maxLength": TEXT_CHARS_MAX })
    }
}

/// Longest text of one field, in characters. Long enough for an interview note, short enough for a page.
pub const TEXT_CHARS_MAX: usize = 10_000;

/// Longest sealed text: a description and an address as JSON, where a character may be escaped.
pub const TEXT_CHARS_MAX_SEALED: usize = 2 * TEXT_CHARS_MAX;

impl Text {
    /// Whether nothing was written.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        matches!(self, Text::Plain(t) if t.trim().is_empty())
    }
    /// The reference, when there is content.
    #[must_use]
    pub fn part(&self) -> Option<PartRef> {
        match self {
            Text::Sealed(part) => Some(*part),
            Text::Plain(_) => None,
        }
    }
}

/// A reference to an exhibit: a file in custody.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
pub struct ExhibitRef {
    /// SHA-256 of the untouched original.
    pub digest: Digest,
    /// Length in bytes.
    pub size: u64,
    /// Media type as sniffed, never as claimed.
    pub media: String,
}

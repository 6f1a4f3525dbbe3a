//! A refusal: the rule broken, its source, and the way on. Shown to people as it is.

use serde::Serialize;

/// The source of what no law and no table says: that a file can be read, that a name is not empty.
pub const HOUSE_RULES: &str = "办件程序规则";

/// What kind of "no" it is; decides the HTTP status and where a page shows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum RefusalKind {
    /// The actor may not do this (403).
    Forbidden,
    /// The input is wrong (422).
    Invalid,
    /// Not in this stage or not any more (409).
    Conflict,
    /// No such thing, or not for this actor (404).
    Missing,
    /// Try again later (503/429).
    Busy,
}

/// Why something may not be done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, thiserror::Error)]
#[error("{rule}（{source_text}）{remedy}")]
pub struct Refusal {
    /// What kind of "no".
    pub kind: RefusalKind,
    /// Stable name for programs, e.g. `not-your-matter`.
    pub code: &'static str,
    /// The field at fault, when one is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub field: Option<&'static str>,
    /// The rule broken, in plain words.
    pub rule: String,
    /// Where the rule comes from: law and article, policy line, standard.
    #[serde(rename = "source")]
    pub source_text: String,
    /// What would make it acceptable.
    pub remedy: String,
}

impl Refusal {
    fn new(
        kind: RefusalKind,
        code: &'static str,
        rule: impl Into<String>,
        remedy: impl Into<String>,
    ) -> Self {
        Refusal {
            kind,
            code,
            field: None,
            rule: rule.into(),
            source_text: HOUSE_RULES.into(),
            remedy: remedy.into(),
        }
    }
    /// Not allowed for this actor.
    pub fn forbidden(code: &'static str, rule: impl Into<String>, remedy: impl Into<String>) -> Self {
        Refusal { source_text: "权限表".into(), ..Self::new(RefusalKind::Forbidden, code, rule, remedy) }
    }
    /// Wrong input in a field.
    pub fn invalid(field: &'static str, rule: impl Into<String>, remedy: impl Into<String>) -> Self {
        Refusal { field: Some(field), ..Self::new(RefusalKind::Invalid, "invalid-input", rule, remedy) }
    }
    /// Not in this stage.
    pub fn conflict(code: &'static str, rule: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self::new(RefusalKind::Conflict, code, rule, remedy)
    }
    /// No such thing for this actor.
    pub fn missing(rule: impl Into<String>) -> Self {
        Self::new(RefusalKind::Missing, "not-found", rule, "请核对编号；若确有此件，可能不在您的权限内。")
    }
    /// Later.
    pub fn busy(rule: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self::new(RefusalKind::Busy, "busy", rule, remedy)
    }
    /// Whether it has a source that somebody could look up, or is only the program's own care.
    #[must_use]
    pub fn has_named_source(&self) -> bool {
        self.source_text != HOUSE_RULES
    }
    /// Names the source of the rule.
    #[must_use]
    pub fn from_source(mut self, source: impl Into<String>) -> Self {
        self.source_text = source.into();
        self
    }
}

//! Who is calling, with what a boundary knows of him.

use lianzhi_procedure::Actor;
use lianzhi_procedure::directory::Person;
use std::sync::Arc;

/// Who calls a use case.
#[derive(Debug, Clone)]
pub struct Caller {
    /// Who, for rules.
    pub actor: Actor,
    /// Scopes of the API token, when it is one; `None` means everything that the person may do.
    pub scopes: Option<Vec<String>>,
    /// Network address, for limits and the access log.
    pub address: String,
}

impl Caller {
    /// Anybody.
    #[must_use]
    pub fn public(address: impl Into<String>) -> Self {
        Caller { actor: Actor::Public, scopes: None, address: address.into() }
    }
    /// A signed-in person.
    #[must_use]
    pub fn person(person: Arc<Person>, address: impl Into<String>) -> Self {
        Caller { actor: Actor::Person(person), scopes: None, address: address.into() }
    }
    /// The node itself.
    #[must_use]
    pub fn system() -> Self {
        Caller { actor: Actor::System, scopes: None, address: String::new() }
    }
    /// Somebody with the follow code of a matter.
    #[must_use]
    pub fn reporter(address: impl Into<String>) -> Self {
        Caller { actor: Actor::Reporter, scopes: None, address: address.into() }
    }
    /// As written into entries and logs.
    #[must_use]
    pub fn label(&self) -> String {
        self.actor.label()
    }
    /// Whether a token (if it is one) reaches this far.
    #[must_use]
    pub fn has_scope(&self, scope: &str) -> bool {
        self.scopes.as_ref().is_none_or(|scopes| scopes.iter().any(|s| s == scope))
    }
}

//! Who gives a command.

use crate::directory::Person;
use lianzhi_ids::{NodeCode, PersonCode, Role, UnitCode};
use std::sync::Arc;

/// Who gives a command, as far as a rule may know.
#[derive(Debug, Clone)]
pub enum Actor {
    /// Anybody, not signed in.
    Public,
    /// Whoever holds the follow code of this very matter.
    Reporter,
    /// A person of the directory, signed in or acting through a token.
    Person(Arc<Person>),
    /// Another member of the compact: what its node sends.
    Member(NodeCode),
    /// The node itself: clocks, imports of calendars, follow-ups.
    System,
}

impl Actor {
    /// As written into entries: `person:p-0012`, `public`, `reporter`, `node:320509`, `system`.
    #[must_use]
    pub fn label(&self) -> String {
        match self {
            Actor::Public => "public".into(),
            Actor::Reporter => "reporter".into(),
            Actor::Person(p) => format!("person:{}", p.code),
            Actor::Member(node) => format!("node:{node}"),
            Actor::System => "system".into(),
        }
    }

    /// The person, when it is one.
    #[must_use]
    pub fn person(&self) -> Option<&PersonCode> {
        match self {
            Actor::Person(p) => Some(&p.code),
            _ => None,
        }
    }

    /// Whether the actor holds this role in any post.
    #[must_use]
    pub fn has(&self, role: Role) -> bool {
        match self {
            Actor::Person(p) => p.posts.iter().any(|post| post.roles.contains(&role)),
            Actor::Public | Actor::Reporter => role == Role::Public,
            Actor::Member(_) | Actor::System => false,
        }
    }

    /// The units where the actor holds this role.
    pub fn units_with(&self, role: Role) -> impl Iterator<Item = &UnitCode> {
        let posts = match self {
            Actor::Person(p) => p.posts.as_slice(),
            _ => &[],
        };
        posts.iter().filter(move |post| post.roles.contains(&role)).map(|post| &post.unit)
    }

    /// All roles, for showing.
    #[must_use]
    pub fn roles(&self) -> Vec<Role> {
        let mut roles: Vec<Role> = match self {
            Actor::Person(p) => p.posts.iter().flat_map(|post| post.roles.iter().copied()).collect(),
            Actor::Public | Actor::Reporter => vec![Role::Public],
            Actor::Member(_) | Actor::System => vec![],
        };
        roles.sort_unstable();
        roles.dedup();
        roles
    }
}

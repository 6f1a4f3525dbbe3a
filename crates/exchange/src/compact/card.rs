//! Cards: what a candidate or a member says of itself, signed by its own key. Putting a member into the roster takes its
//! card, so nobody is made a member, or described in the roster, without its own word.

use super::Member;
use super::check::{self, MemberFault};
use crate::signature::Signature;
use jiff::Timestamp;
use lianzhi_docket::suite::{SignError, SuiteSigner};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

const DOMAIN: &str = "card";

/// A member's signed description of itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Card {
    /// As it wants to stand in the roster.
    pub member: Member,
    /// How many entries its own stream in the compact had when it wrote this: notices before are in the card already,
    /// notices after it amend it. 0 for who never said anything there.
    #[serde(default)]
    pub after: u32,
    /// When it was written (RFC 3339).
    pub at: Timestamp,
    /// By one of the member's keys, over all of the above.
    pub signature: Signature,
}

/// Why a card is not believed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CardError {
    /// The description is not one of a member.
    #[error(transparent)]
    Member(#[from] MemberFault),
    /// Not signed by a key that is in it.
    #[error("{0} 的名片没有用名片里的密钥签名，或签名后被改动")]
    Signature(String),
}

impl Card {
    /// Writes and signs a card.
    ///
    /// # Errors
    /// [`SignError`] of the key.
    pub fn sign(
        member: Member,
        after: u32,
        at: Timestamp,
        signer: &dyn SuiteSigner,
    ) -> Result<Card, SignError> {
        let signature = Signature::make(signer, DOMAIN, &message(&member, after, at))?;
        Ok(Card { member, after, at, signature })
    }

    /// Whether it is well-formed and signed by a key that is in it.
    ///
    /// # Errors
    /// [`CardError`].
    pub fn verify(&self) -> Result<(), CardError> {
        check::member(&self.member)?;
        let message = message(&self.member, self.after, self.at);
        let signed = self
            .member
            .keys
            .iter()
            .any(|k| k.until.is_none() && self.signature.verify(&k.key, DOMAIN, &message));
        if signed { Ok(()) } else { Err(CardError::Signature(self.member.title())) }
    }

    /// What two people compare on two screens or over the telephone before they countersign: name, node, and a line for
    /// each key.
    #[must_use]
    pub fn fingerprints(&self) -> String {
        let mut text = format!("{}（{}）\n", self.member.title(), self.member.node);
        for key in &self.member.keys {
            text.push_str(&format!("{}  {}\n", key.key.suite().title(), key.key.fingerprint()));
        }
        text
    }
}

fn message(member: &Member, after: u32, at: Timestamp) -> Vec<u8> {
    // Texts, numbers and lists always become JSON.
    serde_json::to_vec(&(member, after, at)).unwrap_or_default()
}

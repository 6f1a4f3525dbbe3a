//! What can be asked of the compact.

use lianzhi_exchange::compact::{Change, MemberKey};
use lianzhi_exchange::signature::Signature;
use lianzhi_ids::{Digest, NodeCode};
use schemars::JsonSchema;
use serde::Deserialize;

/// What can be asked.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(tag = "command", rename_all = "snake_case")]
pub enum Command {
    /// 发起: proposes the first epoch, with the cards of all members.
    Found {
        /// Name, number of countersignatures, members, list.
        changes: Vec<Change>,
    },
    /// 提出变更, on the epoch in force.
    Propose {
        /// What shall change.
        changes: Vec<Change>,
    },
    /// 结对: proposes that this member is paired with another.
    Pair {
        /// With whom.
        with: NodeCode,
        /// For what.
        #[serde(default)]
        purpose: String,
    },
    /// Proposes to end a pair of this member.
    Unpair {
        /// With whom.
        with: NodeCode,
    },
    /// Proposes to take an entry off the list.
    TakeOff {
        /// Its number.
        entry: String,
    },
    /// 核对指纹: somebody compared a member's fingerprint with that member, face to face or over the telephone.
    Trust {
        /// Whose.
        node: NodeCode,
        /// The fingerprint as the member read it out; of several keys one after the other.
        fingerprint: String,
    },
    /// 会签. The signature is made by the application before ([`Command::signing`]).
    Countersign {
        /// The proposed epoch.
        epoch: Digest,
    },
    /// 不同意.
    Decline {
        /// The proposed epoch.
        epoch: Digest,
        /// Why.
        grounds: String,
    },
    /// 撤回提案.
    Withdraw {
        /// The proposed epoch.
        epoch: Digest,
        /// Why.
        #[serde(default)]
        reason: String,
    },
    /// 更换密钥: the new key, cross-signed by the one in use.
    RotateKey {
        /// The new key.
        key: MemberKey,
        /// By the old key, see [`lianzhi_exchange::compact::Notice::rotate`].
        signature: Signature,
    },
    /// 吊销密钥.
    RevokeKey {
        /// Short name of the key.
        key: String,
        /// Why.
        #[serde(default)]
        reason: String,
    },
    /// 变更交换地址.
    Move {
        /// One a line, best first.
        addresses: String,
    },
    /// 变更联络员.
    Liaisons {
        /// One a line: name, space, telephone in the office.
        liaisons: String,
    },
    /// 退出.
    Leave {
        /// Why.
        reason: String,
    },
    /// What another member said.
    Hear {
        /// Exact bytes of the stream entry.
        entry: String,
        /// Digest of the envelope.
        envelope: Digest,
    },
}

/// What the application signs with the node's exchange key before it submits a command
/// ([`crate::LookUps::signature`]).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signing {
    /// Domain.
    pub domain: &'static str,
    /// Message.
    pub message: Vec<u8>,
}

impl Command {
    /// What has to be signed for this command.
    #[must_use]
    pub fn signing(&self) -> Option<Signing> {
        match self {
            Command::Countersign { epoch } => Some(Signing {
                domain: lianzhi_exchange::compact::DOMAIN_COUNTERSIGN,
                message: epoch.0.to_vec(),
            }),
            _ => None,
        }
    }
}

//! What members say to each other in the compact's shared docket.

use super::check::{self, PURPOSE_CHARS_MAX};
use super::{Liaison, MemberFault, MemberKey, Proposal};
use crate::signature::Signature;
use lianzhi_docket::suite::{PublicKey, SignError, SuiteSigner};
use lianzhi_ids::{Digest, NodeCode, Province};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Domain of countersignatures; the message is the digest of the epoch.
pub const DOMAIN_COUNTERSIGN: &str = "countersign";
const ROTATE: &str = "rotate";

/// What one member says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "act", rename_all = "snake_case", deny_unknown_fields)]
pub enum Act {
    /// 提案.
    Propose {
        /// The proposal.
        proposal: Box<Proposal>,
    },
    /// 撤回提案: asks nobody to countersign it any more. What was countersigned stays so.
    Withdraw {
        /// The proposed epoch.
        epoch: Digest,
        /// Why.
        #[serde(default)]
        reason: String,
    },
    /// 会签.
    Countersign {
        /// The countersignature.
        countersignature: Countersignature,
    },
    /// 不同意: this member will not countersign that epoch. Final, so that others can see when an attempt is at its end.
    Decline {
        /// The proposed epoch.
        epoch: Digest,
        /// Why.
        grounds: String,
    },
    /// What the member says of itself; it counts at once.
    Notice {
        /// The notice.
        notice: Notice,
    },
}

/// The signature of a province's signatory under an epoch. In one attempt (parent and round) only the first one counts
/// that stands in a member's stream; a second one for another epoch is proof that it signed twice.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Countersignature {
    /// Who signs.
    pub node: NodeCode,
    /// The epoch.
    pub epoch: Digest,
    /// Its parent.
    pub parent: Digest,
    /// Its round.
    #[serde(default)]
    pub round: u32,
    /// Over the epoch's digest, domain `countersign`.
    pub signature: Signature,
}

impl Countersignature {
    /// Signs an epoch.
    ///
    /// # Errors
    /// [`SignError`] of the key.
    pub fn sign(
        node: NodeCode,
        proposal: &Proposal,
        signer: &dyn SuiteSigner,
    ) -> Result<Countersignature, SignError> {
        let signature = Signature::make(signer, DOMAIN_COUNTERSIGN, &proposal.result.0)?;
        let (epoch, parent, round) = (proposal.result, proposal.parent, proposal.round);
        Ok(Countersignature { node, epoch, parent, round, signature })
    }

    /// Whether this key made it.
    #[must_use]
    pub fn verify(&self, key: &PublicKey) -> bool {
        self.signature.verify(key, DOMAIN_COUNTERSIGN, &self.epoch.0)
    }

    /// For which province.
    #[must_use]
    pub fn province(&self) -> Option<Province> {
        self.node.province()
    }
}

/// What a member says of itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "notice", rename_all = "snake_case", deny_unknown_fields)]
pub enum Notice {
    /// 更换密钥: a new key, cross-signed by the one that it follows, which ends when the new one begins.
    RotateKey {
        /// The new key.
        key: MemberKey,
        /// By the old key over node and new key, domain `rotate`.
        signature: Signature,
    },
    /// 吊销密钥: final.
    RevokeKey {
        /// [`PublicKey::id`] of the key.
        key: String,
        /// Why.
        #[serde(default)]
        reason: String,
    },
    /// 变更交换地址. Whether an address that points inside is followed is the receiver's own policy.
    Move {
        /// All addresses, best first.
        addresses: Vec<String>,
    },
    /// 变更联络员.
    Liaisons {
        /// All of them.
        liaisons: Vec<Liaison>,
    },
    /// 退出.
    Leave {
        /// Why.
        #[serde(default)]
        reason: String,
    },
}

/// What is wrong with a notice.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NoticeFault {
    /// An address or a liaison officer.
    #[error(transparent)]
    Member(#[from] MemberFault),
    /// A key that is not cross-signed, or known already.
    #[error("新密钥没有用现行密钥交叉签名，或已登记过")]
    Rotation,
    /// No such key, or revoked before.
    #[error("没有编号为 {0} 的现行密钥")]
    NoKey(String),
    /// Reason too long.
    #[error("理由不超过 {PURPOSE_CHARS_MAX} 个字")]
    Reason,
    /// Already gone, or never a member.
    #[error("本节点不是现行成员")]
    NoMember,
}

impl Notice {
    /// Makes the notice of a new key, cross-signed by the old one.
    ///
    /// # Errors
    /// [`SignError`] of the key.
    pub fn rotate(node: &NodeCode, key: MemberKey, old: &dyn SuiteSigner) -> Result<Notice, SignError> {
        let signature = Signature::make(old, ROTATE, &rotation(node, &key))?;
        Ok(Notice::RotateKey { key, signature })
    }

    /// What can be seen of it by itself.
    ///
    /// # Errors
    /// [`NoticeFault`].
    pub fn check(&self) -> Result<(), NoticeFault> {
        match self {
            Notice::Move { addresses } => Ok(check::addresses(addresses)?),
            Notice::Liaisons { liaisons } => Ok(check::liaisons(liaisons)?),
            Notice::RevokeKey { reason, .. } | Notice::Leave { reason } => {
                let good = reason.is_empty() || check::words(reason, PURPOSE_CHARS_MAX);
                if good { Ok(()) } else { Err(NoticeFault::Reason) }
            }
            Notice::RotateKey { .. } => Ok(()),
        }
    }

    /// In words, without the name of who says it.
    #[must_use]
    pub fn words(&self) -> String {
        match self {
            Notice::RotateKey { key, .. } => {
                format!("更换密钥：新密钥 {} {}", key.key.suite().title(), key.key.fingerprint())
            }
            Notice::RevokeKey { key, reason } if reason.is_empty() => format!("吊销密钥 {key}"),
            Notice::RevokeKey { key, reason } => format!("吊销密钥 {key}，理由：{reason}"),
            Notice::Move { addresses } => format!("交换地址变更为 {}", addresses.join(" ")),
            Notice::Liaisons { liaisons } => {
                let names: Vec<_> = liaisons.iter().map(|l| l.name.as_str()).collect();
                format!("联络员变更为 {}", if names.is_empty() { "无".into() } else { names.join("、") })
            }
            Notice::Leave { reason } if reason.is_empty() => "退出协作机制".into(),
            Notice::Leave { reason } => format!("退出协作机制，理由：{reason}"),
        }
    }
}

/// Whether the old key vouches for the new one.
pub(super) fn vouched(node: &NodeCode, key: &MemberKey, signature: &Signature, old: &PublicKey) -> bool {
    signature.verify(old, ROTATE, &rotation(node, key))
}

fn rotation(node: &NodeCode, key: &MemberKey) -> Vec<u8> {
    // Texts always become JSON.
    serde_json::to_vec(&(node, key)).unwrap_or_default()
}

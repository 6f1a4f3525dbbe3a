//! Receipts: what a receiver signs once an envelope is durable at its side.

use crate::envelope::{Envelope, EnvelopeId};
use crate::signature::{DOMAIN_RECEIPT, Statement, StatementError};
use jiff::Timestamp;
use lianzhi_docket::suite::{PublicKey, SuiteSigner};
use lianzhi_ids::{Digest, NodeCode};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Most streams a receipt may tell of: the parties of one docket.
pub const HEADS_MAX: usize = 512;

/// How far it got at the receiver. What people do with it afterwards (opened, accepted, answered) they say in streams.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Stage {
    /// Durable in the receiver's docket.
    Received,
    /// Durable, but of a kind that the receiver's program does not know yet.
    NotUnderstood,
}

/// What a receipt says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Receipt {
    /// Which envelope.
    pub envelope: EnvelopeId,
    /// Digest of its exact bytes.
    pub digest: Digest,
    /// Who received it.
    pub node: NodeCode,
    /// When it was durable (microseconds since 1970).
    #[serde(with = "jiff::fmt::serde::timestamp::microsecond::required")]
    pub at: Timestamp,
    /// How far it got.
    pub stage: Stage,
    /// Per author of the docket, the position after the last entry that the receiver holds: whoever holds more sends it, whoever
    /// holds less pulls it.
    pub heads: BTreeMap<NodeCode, u32>,
}

/// A receipt that can't be made or doesn't count.
#[derive(Debug, thiserror::Error)]
pub enum ReceiptError {
    /// Not signed, not of the form, or by another key.
    #[error(transparent)]
    Statement(#[from] StatementError),
    /// More than [`HEADS_MAX`] streams.
    #[error("回执列出 {0} 个节点的进度，超过上限 {HEADS_MAX} 个")]
    TooManyHeads(usize),
    /// For another envelope, or by another receiver than the one that was asked.
    #[error("回执与所发信封或收件节点不符")]
    Other,
}

impl Receipt {
    /// Signs it.
    ///
    /// # Errors
    /// [`ReceiptError::Statement`] when the key can't be used now, [`ReceiptError::TooManyHeads`].
    pub fn sign(&self, signer: &dyn SuiteSigner) -> Result<Statement, ReceiptError> {
        self.check()?;
        Ok(Statement::make(self, DOMAIN_RECEIPT, signer)?)
    }

    /// Reads a signed receipt without believing it.
    ///
    /// # Errors
    /// [`ReceiptError`] when it is not of the form.
    pub fn peek(statement: &Statement) -> Result<Receipt, ReceiptError> {
        let receipt: Receipt = statement.peek()?;
        receipt.check()?;
        Ok(receipt)
    }

    /// Reads a signed receipt if this node gave it with this key for this envelope.
    ///
    /// # Errors
    /// [`ReceiptError`].
    pub fn open(
        statement: &Statement,
        key: &PublicKey,
        from: &NodeCode,
        envelope: &Envelope,
    ) -> Result<Receipt, ReceiptError> {
        let receipt: Receipt = statement.open(key, DOMAIN_RECEIPT)?;
        receipt.check()?;
        let fits =
            (&receipt.node, &receipt.envelope, receipt.digest) == (from, &envelope.id, envelope.digest());
        if fits { Ok(receipt) } else { Err(ReceiptError::Other) }
    }

    fn check(&self) -> Result<(), ReceiptError> {
        if self.heads.len() > HEADS_MAX { Err(ReceiptError::TooManyHeads(self.heads.len())) } else { Ok(()) }
    }
}

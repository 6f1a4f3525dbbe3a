//! An envelope on its way into the journal.

use super::post::envelope_row;
use crate::ports::{EnvelopeRow, StoreError};
use jiff::Timestamp;
use lianzhi_docket::suite::SuiteSigner;
use lianzhi_exchange::envelope::Envelope;
use lianzhi_exchange::receipt::{Receipt, Stage};
use lianzhi_exchange::signature::{Signature, Statement};
use lianzhi_ids::{NodeCode, SharedId};
use parking_lot::Mutex;
use std::collections::BTreeMap;
use std::sync::Arc;

/// An envelope of another member whose entries are being taken over. The receipt is made with the batch that takes them,
/// and is worth something only after its commit; when the batch is decided again, it is made again.
#[derive(Debug)]
pub struct Arrived {
    envelope: Envelope,
    row: EnvelopeRow,
    me: NodeCode,
    from: NodeCode,
    aside: bool,
    receipt: Mutex<Option<Statement>>,
}

impl Arrived {
    /// An envelope that was judged.
    #[must_use]
    pub fn new(envelope: Envelope, signature: &Signature, me: NodeCode, from: NodeCode) -> Arrived {
        // What comes back after a restore is ours as before.
        let row = envelope_row(&envelope, signature, 0, *envelope.author() == me);
        Arrived { envelope, row, me, from, aside: false, receipt: Mutex::new(None) }
    }

    /// The same that was kept aside until it was understood.
    #[must_use]
    pub fn reread(self) -> Arrived {
        Arrived { aside: true, ..self }
    }

    /// Whether it was kept aside.
    #[must_use]
    pub fn was_aside(&self) -> bool {
        self.aside
    }

    /// From which member it came: the author, or whoever gave it when it was pulled.
    #[must_use]
    pub fn from(&self) -> &NodeCode {
        &self.from
    }

    /// The envelope.
    #[must_use]
    pub fn envelope(&self) -> &Envelope {
        &self.envelope
    }

    /// The shared docket.
    #[must_use]
    pub fn docket(&self) -> &SharedId {
        self.envelope.docket()
    }

    /// The receipt that was made last.
    #[must_use]
    pub fn receipt(&self) -> Option<Statement> {
        self.receipt.lock().clone()
    }

    /// The row with its receipt: all entries are taken, and the streams of the docket stand at `heads`.
    ///
    /// # Errors
    /// When the receipt cannot be signed.
    pub fn acknowledge(
        &self,
        heads: BTreeMap<NodeCode, u32>,
        now: Timestamp,
        signer: Option<&Arc<dyn SuiteSigner>>,
    ) -> Result<EnvelopeRow, StoreError> {
        self.sign(Stage::Received, heads, now, signer)
    }

    /// The same for what is kept without being understood.
    ///
    /// # Errors
    /// When the receipt cannot be signed.
    pub fn set_aside(
        &self,
        heads: BTreeMap<NodeCode, u32>,
        now: Timestamp,
        signer: Option<&Arc<dyn SuiteSigner>>,
    ) -> Result<EnvelopeRow, StoreError> {
        self.sign(Stage::NotUnderstood, heads, now, signer)
    }

    fn sign(
        &self,
        stage: Stage,
        heads: BTreeMap<NodeCode, u32>,
        now: Timestamp,
        signer: Option<&Arc<dyn SuiteSigner>>,
    ) -> Result<EnvelopeRow, StoreError> {
        let engine = |e: &dyn std::fmt::Display| StoreError::Engine(e.to_string());
        let signer = signer.ok_or_else(|| engine(&"no exchange key"))?;
        let receipt = Receipt {
            envelope: self.envelope.id.clone(),
            digest: self.envelope.digest(),
            node: self.me.clone(),
            at: now,
            stage,
            heads,
        };
        let statement = receipt.sign(signer.as_ref()).map_err(|e| engine(&e))?;
        let bytes = serde_json::to_vec(&statement).map_err(|e| engine(&e))?;
        *self.receipt.lock() = Some(statement);
        Ok(EnvelopeRow { at: now.as_microsecond(), receipt: Some(bytes), ..self.row.clone() })
    }
}

//! Checkpoints with the lines of those who witnessed them.

use crate::App;
use crate::ports::{CheckpointRow, Store, StoreError};
use jiff::Timestamp;
use lianzhi_docket::note::{SignedCheckpoint, VerifierKey};
use lianzhi_docket::witness::take_cosignatures;
use lianzhi_ids::NodeCode;
use serde::Serialize;

/// Somebody who witnessed a checkpoint.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct WitnessView {
    /// Its name: that of the member whose key it is, or of the key.
    pub name: String,
    /// The member; none when no member has this key any more.
    pub node: Option<NodeCode>,
    /// When it says that it looked.
    pub at: Timestamp,
}

/// A checkpoint's note with the witnesses' lines that are kept here.
///
/// # Errors
/// When the store cannot be read, or holds what is no checkpoint.
pub(crate) async fn with_lines(
    store: &Store,
    row: &CheckpointRow,
) -> Result<(SignedCheckpoint, Vec<VerifierKey>), StoreError> {
    let mut signed: SignedCheckpoint =
        row.note.parse().map_err(|e| StoreError::Damaged(format!("checkpoint {}: {e}", row.size)))?;
    let mut keys = Vec::new();
    for line in store.exchange.cosignatures(row.size).await? {
        let Ok(key) = line.witness.parse::<VerifierKey>() else { continue };
        let text = format!("{}\n", line.line);
        if take_cosignatures(&mut signed, &text, std::slice::from_ref(&key)).is_ok() {
            keys.push(key);
        }
    }
    Ok((signed, keys))
}

impl App {
    /// The newest checkpoint as it is served: with the lines that its witnesses gave so far.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn served_checkpoint(&self) -> Result<Option<String>, StoreError> {
        let Some(row) = self.checkpoint().await else { return Ok(None) };
        let (signed, _) = with_lines(&self.inner.store, &row).await?;
        Ok(Some(signed.to_string()))
    }

    /// The checkpoint that proves most about so many entries: the newest that covers them and was witnessed, or the newest.
    /// Its note has the witnesses' lines.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub(crate) async fn proving(
        &self,
        size: i64,
        newest: CheckpointRow,
    ) -> Result<(CheckpointRow, Vec<WitnessView>), StoreError> {
        let store = &self.inner.store;
        let witnessed = match store.exchange.cosigned_newest().await?.filter(|at| *at >= size) {
            Some(at) => store.journal.checkpoint_covering(at).await?.filter(|row| row.size == at),
            None => None,
        };
        let row = witnessed.unwrap_or(newest);
        let (signed, keys) = with_lines(store, &row).await?;
        let roster = self.roster();
        let members = roster.iter().flat_map(|roster| roster.epoch.members.iter());
        let members: Vec<_> = members
            .filter_map(|member| Some((member.witness_key.parse::<VerifierKey>().ok()?, member)))
            .collect();
        let views = keys.iter().filter_map(|key| {
            let at = signed.note.signed_by(key).ok().flatten()?.at?;
            let member = members.iter().find(|(of, _)| of == key).map(|(_, member)| *member);
            Some(WitnessView {
                name: member.map_or_else(|| key.name().to_owned(), |member| member.title()),
                node: member.map(|member| member.node.clone()),
                at,
            })
        });
        let views = views.collect();
        Ok((CheckpointRow { note: signed.to_string(), ..row }, views))
    }
}

/// Against whom a checkpoint is proof, in words.
pub(crate) fn strength(witnesses: &[WitnessView]) -> String {
    let Some(first) = witnesses.iter().map(|witness| witness.at).min() else {
        return "尚未见证：可证明检查点签出后没有改动；对持有本节点密钥的人，须以此前保存的检查点为据。"
            .into();
    };
    let names: Vec<&str> = witnesses.iter().map(|witness| witness.name.as_str()).collect();
    let beijing = first.to_zoned(jiff::tz::TimeZone::fixed(jiff::tz::offset(8)));
    format!(
        "已由{}见证（{}）：此后没有改动，对本节点自己也能证明。",
        names.join("、"),
        beijing.strftime("%Y-%m-%d %H:%M:%S")
    )
}

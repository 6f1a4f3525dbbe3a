//! Asking a log that has to show that it only grew: its tiles are read and say whether two of its checkpoints agree.

use crate::client::{Call, CallError, Client};
use crate::pump::{LOOK, Pump};
use lianzhi_docket::merkle::TileMap;
use lianzhi_docket::witness::ForkEvidence;
use lianzhi_exchange::compact::Member;
use std::collections::HashMap;
use std::time::Duration;
use tokio::time::Instant;

/// How long a log that was not reached, or whose tiles show nothing, is left alone.
const AGAIN: Duration = Duration::from_secs(60);
/// Longest tile, bytes: 256 hashes.
const TILE_BYTES_MAX: usize = 8 << 10;

impl Pump {
    /// Puts open questions to the logs that they are about.
    pub(crate) async fn settle_questions(self) {
        let mut timer = tokio::time::interval(LOOK);
        timer.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        let mut asked: HashMap<String, Instant> = HashMap::new();
        loop {
            timer.tick().await;
            if !self.leads() {
                continue;
            }
            let open = match self.app.open_questions().await {
                Ok(open) => open,
                Err(error) => {
                    tracing::warn!(%error, "open questions could not be read");
                    continue;
                }
            };
            asked.retain(|_, at| at.elapsed() < AGAIN);
            for (node, evidence) in open {
                let origin = evidence.older.checkpoint.origin.to_string();
                let Some(member) = self.member(&node).filter(|_| !asked.contains_key(&origin)) else {
                    continue;
                };
                asked.insert(origin.clone(), Instant::now());
                match self.put_question(&member, &evidence).await {
                    Ok(true) => drop(asked.remove(&origin)),
                    Ok(false) => {
                        tracing::warn!(%node, origin, "its tiles do not show that the log only grew")
                    }
                    Err(error) => tracing::debug!(%node, %error, "a log could not be asked"),
                }
            }
        }
    }

    /// Reads what is needed of the log; whether that answers the question.
    async fn put_question(&self, member: &Member, evidence: &ForkEvidence) -> Result<bool, CallError> {
        let form = |e: &dyn std::fmt::Display| CallError::Form(e.to_string());
        let mut tiles = TileMap::default();
        for tile in evidence.tiles() {
            let response = self.client.call(member, Call::get(&format!("/log/{tile}"))).await?;
            let body = Client::good(response, TILE_BYTES_MAX).await?;
            tiles.insert(tile, tile.decode(&body).map_err(|e| form(&e))?);
        }
        let shown = evidence.with_tiles(&tiles).map_err(|e| form(&e))?;
        self.app.answered_question(&shown).await.map_err(|e| form(&e))
    }
}

//! What is lacking: pulled from whoever has it, and sent to whoever says that it lacks something of ours.

use crate::client::{Call, CallError, Client};
use crate::pump::{ANSWERS_BYTES_MAX, Pump};
use crate::server::CompactHead;
use lianzhi_exchange::capabilities::Limits;
use lianzhi_exchange::compact::Member;
use lianzhi_exchange::envelope::{PARCELS_BYTES_MAX, Parcel, parcels};
use lianzhi_exchange::gaps::to_pull;
use lianzhi_exchange::inbound::Way;
use lianzhi_exchange::outbound::{Step, step};
use lianzhi_exchange::refusal::{Answer, Lacking};
use lianzhi_ids::{NodeCode, SharedId};

/// Batches that one pull takes at most, and that are sent for one gap; what is left is found lacking again.
const PULL_BATCHES_MAX: usize = 64;

/// As many parcels as go into one batch.
pub(crate) fn one_batch(parcels: Vec<Parcel>, limits: Limits) -> Vec<Parcel> {
    let mut bytes = 2;
    let fits = |parcel: &Parcel| {
        bytes += parcel.to_json().map_or(0, |json| json.len() + 1);
        bytes <= limits.parcels_bytes
    };
    parcels.into_iter().take(limits.parcels.max(1)).take_while(fits).collect()
}

impl Pump {
    /// Pulls an author's stream from a member that has it.
    pub(crate) async fn pull(&self, from: &NodeCode, lacking: Lacking) {
        let Some(member) = self.member(from) else { return };
        let mut at = lacking.from;
        for _ in 0..PULL_BATCHES_MAX {
            let path = format!("/dockets/{}/streams/{}?from={at}", lacking.docket, lacking.author);
            let pulled = async {
                let response = self.client.call(&member, Call::get(&path)).await?;
                let body = Client::good(response, PARCELS_BYTES_MAX + (64 << 10)).await?;
                parcels(&body).map_err(|e| CallError::Form(e.to_string()))
            };
            let batch = match pulled.await {
                Ok(batch) if batch.is_empty() => return,
                Ok(batch) => batch,
                Err(error) => {
                    tracing::debug!(%from, %error, "a gap could not be pulled; it is found again");
                    return;
                }
            };
            let end = batch.iter().filter_map(|p| p.open().ok()).map(|e| e.end()).max().unwrap_or(at);
            let answers = self.app.receive(batch, from, Way::Pulled).await;
            // Its author has revoked the key since: it alone can sign the same bytes again.
            if *from != lacking.author && answers.iter().any(|answer| step(answer) == Step::SignAgain) {
                let author = lacking.author.clone();
                return Box::pin(self.pull(&author, Lacking { from: at, ..lacking })).await;
            }
            let all = answers.iter().all(|answer| matches!(answer, Answer::Receipt(_)));
            if !all || end <= at {
                return;
            }
            at = end;
        }
    }

    /// Pulls what is lacking of the compact from a member.
    pub(crate) async fn pull_compact(&self, from: &NodeCode) {
        let Some(member) = self.member(from) else { return };
        let asked = async {
            let response = self.client.call(&member, Call::get("/compact")).await?;
            let body = Client::good(response, ANSWERS_BYTES_MAX).await?;
            serde_json::from_slice::<CompactHead>(&body).map_err(|e| CallError::Form(e.to_string()))
        };
        let Ok(head) = asked.await else { return };
        let Ok(shared) = head.docket.parse::<SharedId>() else { return };
        // Another compact than ours is none of our business.
        if self.app.roster().is_none_or(|roster| roster.epoch.compact != head.docket) {
            return;
        }
        let Ok(ours) = self.app.heads(&shared).await else { return };
        for piece in to_pull(&self.app.config().node, &ours, &head.heads) {
            let lacking = Lacking { docket: shared.clone(), author: piece.author, from: piece.from };
            self.pull(from, lacking).await;
        }
    }

    /// Sends what a member lacks of this node's own stream, from there on. What waits for a receipt of its own is sent
    /// again by itself and gets the same one.
    pub(crate) async fn send_from(&self, member: &Member, lacking: &Lacking) {
        let (me, limits) = (self.app.config().node.clone(), self.app.limits_with(&member.node));
        if lacking.author != me {
            return;
        }
        let mut at = lacking.from;
        for _ in 0..PULL_BATCHES_MAX {
            let Ok(Some(more)) = self.app.stream_from(&lacking.docket, &me, at, &member.node).await else {
                return;
            };
            let batch = one_batch(more, limits);
            let end = batch.iter().filter_map(|p| p.open().ok()).map(|e| e.end()).max().unwrap_or(at);
            if end <= at {
                return;
            }
            match self.post(member, &batch.iter().collect::<Vec<_>>()).await {
                Ok(answers) if answers.iter().all(|answer| matches!(answer, Answer::Receipt(_))) => at = end,
                Ok(_) => return,
                Err(error) => {
                    tracing::debug!(peer = %member.node, %error, "what it lacks could not be sent; it is asked for again");
                    return;
                }
            }
        }
    }
}

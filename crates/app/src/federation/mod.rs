//! Working with other members: what is said to them leaves through [`post`], what they say comes in through
//! [`App::receive`], and what is lacking is pulled. No HTTP here: `lianzhi-link` carries it.
//!
//! [`App::receive`]: crate::App::receive

mod arrived;
mod aside;
mod evidence;
mod exhibits;
mod fresh;
mod open;
mod parties;
mod peers;
mod post;
mod programs;
mod pull;
mod receive;
pub(crate) mod recovery;
mod restore;
mod send;
mod told;
mod witness;

pub use arrived::Arrived;
pub use evidence::{EVIDENCE_MAX, OPEN_QUESTION};
pub use exhibits::{Fetch, Served};
pub use fresh::is_stale;
pub use parties::Parties;
pub use peers::{PeerView, Peers, SILENT_AFTER};
pub use post::{Post, envelope_row, post, shared_by};
pub use receive::OWN_NAME;
pub use send::{BATCHES_MAX, Outgoing, SEND_MAX};
pub use told::Told;
pub use witness::Witnessing;

use lianzhi_exchange::refusal::Lacking;
use lianzhi_ids::{NodeCode, SharedId};

/// Signals that a slow listener may fall behind before it looks for itself.
pub(crate) const SIGNALS_MAX: usize = 1_024;

/// What whoever carries messages should do now rather than at its next look.
#[derive(Debug, Clone)]
pub enum Signal {
    /// Something waits for this member.
    Send(NodeCode),
    /// A file of this member is wanted.
    Fetch(NodeCode),
    /// Something was said before what just came: pull it from the member that sent it.
    Pull {
        /// From whom.
        from: NodeCode,
        /// What.
        lacking: Lacking,
    },
    /// Something was answered that is not here: everything that the member has of the docket is pulled.
    Level {
        /// From whom.
        from: NodeCode,
        /// Of which docket.
        docket: SharedId,
    },
    /// A member works by an epoch that is not known here: pull the compact from it.
    Compact(NodeCode),
    /// A member contradicted itself: every member is to see it.
    Alarm(lianzhi_ids::Digest),
}

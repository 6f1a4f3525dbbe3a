//! Ways that cases go, one step after the other.

use super::cases::Move;
use Move::{Approve, Endorse, Propose};

/// The ordinary way.
pub(super) const WAY: [Move; 27] = [
    Move::Register,
    Move::Assign,
    Move::Verify,
    Propose("file"),
    Endorse,
    Approve,
    Move::Record("inspection"),
    Move::Record("interview"),
    Move::Finish,
    Move::Charge,
    Propose("notify"),
    Endorse,
    Approve,
    Move::Serve,
    Move::Waive,
    Move::Review,
    Move::Discuss,
    Propose("decide"),
    Endorse,
    Approve,
    Move::Serve,
    Move::Pay,
    Move::Publish,
    Propose("close"),
    Endorse,
    Approve,
    Move::Archive,
];

/// Its decision is kept back.
pub(super) const KEPT: [Move; 27] = {
    let mut way = WAY;
    way[22] = Move::KeepBack;
    way
};

/// The agency finds that its decision was wrong: revoked, withdrawn.
pub(super) const WITHDRAWN: [Move; 27] = {
    let mut way = WAY;
    way[23] = Propose("revoke");
    way[26] = Move::Unpublish;
    way
};

/// The way of a case that goes to the police.
pub(super) const TO_POLICE: [Move; 12] = [
    Move::Register,
    Move::Assign,
    Move::Verify,
    Propose("file"),
    Endorse,
    Approve,
    Move::Record("inspection"),
    Move::Finish,
    Propose("hand_over"),
    Move::ReviewProposal,
    Approve,
    Move::SendCrime,
];

/// The way of a case on which others are heard.
pub(super) const HEARD: [Move; 12] = [
    Move::Register,
    Move::Assign,
    Move::Verify,
    Propose("file"),
    Endorse,
    Approve,
    Move::Record("inspection"),
    Move::Suggest,
    Endorse,
    Approve,
    Move::Finish,
    Move::AskOpinion,
];

/// The way of a petty case whose party agreed to quick handling: no step that the law demands is missing.
pub(super) const QUICK_WAY: [Move; 18] = [
    Move::Register,
    Move::Assign,
    Move::Verify,
    Propose("file"),
    Endorse,
    Approve,
    Move::Record("inspection"),
    Move::Record("interview"),
    Move::Finish,
    Move::Quick,
    Move::Charge,
    Propose("notify"),
    Approve,
    Move::Serve,
    Move::Waive,
    Propose("decide"),
    Approve,
    Move::Serve,
];

//! Ways that cases go, one step after the other.

use super::cases::Move;
use super::rare::Rare;
use Move::{Approve, Endorse, Propose};

/// The ordinary way.
pub(super) const WAY: [Move; 30] = [
    Move::Register,
    Move::Assign,
    Move::Verify,
    Propose("file"),
    Endorse,
    Approve,
    Move::Record("inspection"),
    Move::Record("interview"),
    Move::Order,
    Move::Serve,
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
    Move::Reinspect,
    Move::Publish,
    Propose("close"),
    Endorse,
    Approve,
    Move::Archive,
];

/// Its decision is kept back.
pub(super) const KEPT: [Move; 30] = {
    let mut way = WAY;
    way[25] = Move::KeepBack;
    way
};

/// The agency finds that its decision was wrong: revoked, withdrawn.
pub(super) const WITHDRAWN: [Move; 30] = {
    let mut way = WAY;
    way[26] = Propose("revoke");
    way[29] = Move::Unpublish;
    way
};

/// The way of a case that goes to the police.
pub(super) const TO_POLICE: [Move; 11] = [
    Move::Register,
    Move::Assign,
    Move::Verify,
    Propose("file"),
    Endorse,
    Approve,
    Move::Record("inspection"),
    Move::Finish,
    Propose("hand_over"),
    Move::Sign,
    Move::SendCrime,
];

/// Another lead on a party against whom a case is under way: it goes on there.
pub(super) const JOINED: [Move; 4] = [Move::Register, Move::Assign, Move::Verify, Move::Join];

/// The police opens no case and is asked again.
pub(super) const REFUSED: [Move; 13] = [
    Move::Register,
    Move::Assign,
    Move::Verify,
    Propose("file"),
    Endorse,
    Approve,
    Move::Record("inspection"),
    Move::Finish,
    Propose("hand_over"),
    Move::Sign,
    Move::SendCrime,
    Move::Rare(Rare::PoliceRefused),
    Move::Rare(Rare::AskPolice),
];

/// The way of a case on which others are heard: a panel that voted, a mediation, letters of a court that was answered and of a
/// procuratorate that waits, a lawyer who is still asked.
pub(super) const HEARD: [Move; 22] = [
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
    Move::Rare(Rare::AskPanel),
    Move::Rare(Rare::DrawPanel),
    Move::Rare(Rare::Vote(1, "agree")),
    Move::Rare(Rare::Vote(2, "agree")),
    Move::Rare(Rare::Vote(3, "lighter")),
    Move::Rare(Rare::Conclude),
    Move::Rare(Rare::Mediate),
    Move::Rare(Rare::Letter("court")),
    Move::Rare(Rare::AnswerLetter),
    Move::Rare(Rare::Letter("procuratorate")),
    Move::AskOpinion,
];

/// The way of a petty case whose party agreed to quick handling: no step that the law demands is missing.
pub(super) const QUICK_WAY: [Move; 19] = [
    Move::Register,
    Move::Assign,
    Move::Verify,
    Propose("file"),
    Move::Sign,
    Move::Record("inspection"),
    Move::Record("interview"),
    Move::Order,
    Move::Serve,
    Move::Finish,
    Move::Quick,
    Move::Charge,
    Propose("notify"),
    Move::Sign,
    Move::Serve,
    Move::Waive,
    Propose("decide"),
    Move::Sign,
    Move::Serve,
];

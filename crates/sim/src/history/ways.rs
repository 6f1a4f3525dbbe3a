//! Ways that cases go, one step after the other.

use super::cases::Move;
use super::rare::Rare;
use Move::{Approve, Endorse, Propose};

/// Puts a way together from its parts.
pub(super) const fn chain<const N: usize>(parts: &[&[Move]]) -> [Move; N] {
    let mut way = [Move::Register; N];
    let (mut n, mut part) = (0, 0);
    while part < parts.len() {
        let mut step = 0;
        while step < parts[part].len() {
            way[n] = parts[part][step];
            (n, step) = (n + 1, step + 1);
        }
        part += 1;
    }
    way
}

/// Ways by their parts, which most of them share.
macro_rules! ways {
    ($($(#[$about:meta])* $name:ident = $($part:expr),+;)+) => {
        $($(#[$about])* pub(super) const $name: [$crate::history::cases::Move; 0 $(+ $part.len())+] =
            $crate::history::ways::chain(&[$(&$part),+]);)+
    };
}
pub(super) use ways;

ways! {
    /// Until the unit is asked whether it shall be filed.
    PROPOSED = [Move::Register, Move::Assign, Move::Verify, Propose("file")];
    FILED = PROPOSED, [Move::Sign];
    /// Investigated, ordered to correct.
    FINISHED = FILED, [Move::Record("inspection"), Move::Record("interview"), Move::Order, Move::Serve, Move::Finish];
    /// Told what shall be imposed.
    TOLD = FINISHED, [Move::Charge, Propose("notify"), Move::Sign, Move::Serve];
    /// Decided without a hearing.
    DECIDED = TOLD, [Move::Waive, Move::Review, Move::Discuss, Propose("decide"), Move::Sign, Move::Serve];
}

/// The ordinary way.
pub(super) const WAY: [Move; 31] = [
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
    Move::CheckPayment,
    Move::Reinspect,
    Move::Publish,
    Propose("close"),
    Endorse,
    Approve,
    Move::Archive,
];

/// Its decision is kept back.
pub(super) const KEPT: [Move; 31] = {
    let mut way = WAY;
    way[26] = Move::KeepBack;
    way
};

/// The agency finds that its decision was wrong: revoked, withdrawn.
pub(super) const WITHDRAWN: [Move; 32] =
    chain(&[WAY.split_at(27).0, &[Propose("revoke"), Endorse, Approve, Move::Serve, Move::Unpublish]]);

ways! {
    /// The way of a case that goes to the police.
    TO_POLICE = FILED, [Move::Record("inspection"), Move::Finish, Propose("hand_over"), Move::Sign, Move::SendCrime];
    /// Another lead on a party against whom a case is under way: it goes on there.
    JOINED = [Move::Register, Move::Assign, Move::Verify, Move::Join];
    /// The police opens no case and is asked again.
    REFUSED = TO_POLICE, [Move::Rare(Rare::PoliceRefused), Move::Rare(Rare::AskPolice)];
    /// It is for another agency: the file goes there.
    TRANSFERRED = FILED, [
        Move::Record("inspection"), Move::Finish, Move::Rare(Rare::Transfer), Move::Sign, Move::Rare(Rare::HandOver),
    ];
    /// The way of a case on which others are heard: a panel that voted, a mediation, letters of a court that was answered and of a
    /// procuratorate that waits, a lawyer who is still asked.
    HEARD = FILED, [
        Move::Record("inspection"), Move::Suggest, Move::Sign, Move::Finish, Move::Rare(Rare::AskPanel),
        Move::Rare(Rare::DrawPanel), Move::Rare(Rare::Vote(1, "agree")), Move::Rare(Rare::Vote(2, "agree")),
        Move::Rare(Rare::Vote(3, "lighter")), Move::Rare(Rare::Conclude), Move::Rare(Rare::Mediate),
        Move::Rare(Rare::Letter("court")), Move::Rare(Rare::AnswerLetter), Move::Rare(Rare::Letter("procuratorate")),
        Move::AskOpinion,
    ];
    /// The way of a petty case whose party agreed to quick handling: no step that the law demands is missing.
    QUICK_WAY = FINISHED, [
        Move::Quick, Move::Charge, Propose("notify"), Move::Sign, Move::Serve, Move::Waive, Propose("decide"), Move::Sign,
        Move::Serve,
    ];
}

//! Where a shared matter stands: a pure join of what its members said. Only what each said, and in which own order,
//! counts; the order in which it arrived cannot. docs/procedures/cooperation.md tabulates every concurrent pair.

use super::act::{Act, AwayKind, Milestone, Verdict};
use super::state::{File, Said};
use crate::words::words;
use jiff::Timestamp;
use lianzhi_exchange::compact::Form;
use lianzhi_ids::{Digest, NodeCode};

words! {
    /// Stages of shared matters.
    Stage {
        /// The opening letter is in the making.
        Drafting = "drafting", "拟稿中";
        /// On its way, or arrived and not yet registered.
        Sent = "sent", "已发出";
        /// 收文登记 was made.
        Registered = "registered", "已收文";
        /// The receiver wants to pass it on.
        ForwardAsked = "forward_asked", "征求转送";
        /// The receiver has taken it on.
        Accepted = "accepted", "办理中";
        /// The reply is there.
        Replied = "replied", "已复函";
        /// Granted.
        Granted = "granted", "已同意";
        /// Parties negotiate.
        Negotiating = "negotiating", "协商中";
        /// The group's opinion waits for the parties.
        Advised = "advised", "待回应协调意见";
        /// Nobody here can settle it: reported up.
        ReportedUp = "reported_up", "已报上级";
        /// A lead came back.
        Returned = "returned", "已退回";
        /// Refused.
        Refused = "refused", "不予协助";
        /// It ended at the receiver.
        Concluded = "concluded", "已有结果";
        /// Who is competent is settled.
        Settled = "settled", "已定管辖";
        /// Taken back.
        Withdrawn = "withdrawn", "已撤回";
        /// Closed.
        Closed = "closed", "已办结";
        /// Never sent.
        Discarded = "discarded", "已作废";
    }
}

fn any<'a>(mut acts: impl Iterator<Item = &'a Act>, is: impl Fn(&Act) -> bool) -> bool {
    acts.any(is)
}

fn count<'a>(acts: impl Iterator<Item = &'a Act>, is: impl Fn(&Act) -> bool) -> usize {
    acts.filter(|a| is(a)).count()
}

/// Where a matter that was sent stands.
pub(super) fn join(file: &File) -> Stage {
    match file.form {
        Form::Lead => lead(file),
        Form::Assistance => assistance(file),
        Form::Evidence => evidence(file),
        Form::Bulletin => bulletin(file),
        Form::Dispute => dispute(file),
        Form::Away => away(file),
    }
}

fn closed(file: &File) -> bool {
    any(file.acts(file.founder()), |a| matches!(a, Act::Closed { .. }))
}
fn withdrawn(file: &File) -> bool {
    any(file.acts(file.founder()), |a| matches!(a, Act::Withdrawn { .. }))
}
fn registered(file: &File, node: &NodeCode) -> Stage {
    match any(file.acts(node), |a| matches!(a, Act::Registered { .. })) {
        true => Stage::Registered,
        false => Stage::Sent,
    }
}

fn lead(file: &File) -> Stage {
    let Some(receiver) = file.receiver() else { return Stage::Sent };
    let said = |is: fn(&Act) -> bool| any(file.acts(receiver), is);
    // What the receiver took on is its own case: nobody can take it back from it.
    if said(|a| matches!(a, Act::Concluded { .. })) {
        return Stage::Concluded;
    }
    if said(|a| matches!(a, Act::Accepted { .. })) {
        return Stage::Accepted;
    }
    if closed(file) {
        return Stage::Closed;
    }
    if said(|a| matches!(a, Act::Returned { .. })) {
        return Stage::Returned;
    }
    if withdrawn(file) {
        return Stage::Withdrawn;
    }
    let asked = count(file.acts(receiver), |a| matches!(a, Act::ForwardAsked { .. }));
    if asked > refusals(file, receiver) {
        return Stage::ForwardAsked;
    }
    registered(file, receiver)
}

/// How often the opener refused to let this receiver pass it on. What it refused to one that had it before does not count.
fn refusals(file: &File, receiver: &NodeCode) -> usize {
    let answers: Vec<(&NodeCode, bool)> = file
        .acts(file.founder())
        .filter_map(|a| match a {
            Act::ForwardAnswered { to, agreed, .. } => Some((to, *agreed)),
            _ => None,
        })
        .collect();
    let since = answers.iter().rposition(|(to, agreed)| *agreed && *to == receiver).map_or(0, |n| n + 1);
    answers.iter().skip(since).filter(|(_, agreed)| !agreed).count()
}

/// Those who are to answer: the receivers, and those to whom it was passed on with consent. What somebody took on as its
/// own case is not passed on any more, whatever the opener says.
pub(super) fn receivers(file: &File) -> Vec<&NodeCode> {
    let mut to: Vec<&NodeCode> = file.opening.to.iter().collect();
    if file.form != Form::Lead {
        return to;
    }
    for act in file.acts(file.founder()) {
        if let Act::ForwardAnswered { to: next, agreed: true, .. } = act
            && !to.contains(&next)
            && next != file.founder()
            && !to.last().is_some_and(|n| any(file.acts(n), |a| matches!(a, Act::Accepted { .. })))
        {
            to.push(next);
        }
    }
    to
}

fn assistance(file: &File) -> Stage {
    let Some(receiver) = file.receiver() else { return Stage::Sent };
    let founder = || file.acts(file.founder());
    if any(founder(), |a| matches!(a, Act::ReplyAccepted { .. } | Act::Closed { .. })) {
        return Stage::Closed;
    }
    // Cancelled while the reply was on its way: the reply stays as material, nothing is owed.
    if withdrawn(file) {
        return Stage::Withdrawn;
    }
    if any(file.acts(receiver), |a| matches!(a, Act::Refused { .. })) {
        return Stage::Refused;
    }
    let replies = count(file.acts(receiver), |a| matches!(a, Act::Replied { .. }));
    let again = count(founder(), |a| matches!(a, Act::AskedAgain { .. }));
    if replies > again {
        return Stage::Replied;
    }
    if any(file.acts(receiver), |a| matches!(a, Act::Accepted { .. })) {
        return Stage::Accepted;
    }
    registered(file, receiver)
}

/// Whether a receiver has judged every file that the opener sent it.
fn judged_all(file: &File, node: &NodeCode) -> bool {
    let sent = file.acts(file.founder()).flat_map(Act::exhibits);
    // What is to be verified on site first is not judged yet.
    let mut judged = sent.map(|p| {
        file.last(node, |a| match a {
            Act::Judged { exhibit, verdict, .. } if *exhibit == p.exhibit.digest => Some(*verdict),
            _ => None,
        })
    });
    judged.all(|verdict| verdict.is_some_and(|v| v != Verdict::VerifyOnSite))
}

fn evidence(file: &File) -> Stage {
    let Some(receiver) = file.receiver() else { return Stage::Sent };
    let goods_open =
        !file.opening.goods.is_empty() && !any(file.acts(receiver), |a| matches!(a, Act::GoodsTaken { .. }));
    if closed(file) {
        Stage::Closed
    } else if judged_all(file, receiver) && !goods_open {
        Stage::Concluded
    } else if withdrawn(file) {
        Stage::Withdrawn
    } else if any(file.acts(receiver), |a| matches!(a, Act::Judged { .. } | Act::GoodsTaken { .. })) {
        Stage::Accepted
    } else {
        registered(file, receiver)
    }
}

/// Whether a receiver of a bulletin has said what it did.
pub(super) fn measured(file: &File, node: &NodeCode) -> bool {
    any(file.acts(node), |a| matches!(a, Act::Measures { .. }))
}

fn bulletin(file: &File) -> Stage {
    if closed(file) {
        return Stage::Closed;
    }
    if withdrawn(file) {
        return Stage::Withdrawn;
    }
    let receivers = file.receivers();
    if receivers.iter().all(|n| measured(file, n)) {
        return Stage::Concluded;
    }
    let read = |n: &&NodeCode| any(file.acts(n), |a| matches!(a, Act::Acknowledged | Act::Measures { .. }));
    if receivers.iter().all(read) { Stage::Accepted } else { Stage::Sent }
}

/// What a party answered to a record or an opinion: its first answer, which it cannot take back.
fn answered(file: &File, node: &NodeCode, to: &Digest) -> Option<bool> {
    file.acts(node).find_map(|a| match a {
        Act::NegotiationAnswered { record, agreed, .. } | Act::OpinionAnswered { record, agreed, .. } => {
            (record == to).then_some(*agreed)
        }
        _ => None,
    })
}

/// What of these a party has not answered yet, the last first.
fn to_answer<'a>(
    file: &'a File,
    node: &NodeCode,
    is: impl Fn(&NodeCode, &Act) -> bool,
) -> Option<&'a Digest> {
    let mut story = file.story().into_iter().rev();
    story
        .find(|(by, said)| is(by, &said.act) && answered(file, node, &said.digest).is_none())
        .map(|(_, said)| &said.digest)
}

/// The last record of another party that this node has not answered.
pub(super) fn record_to_answer(file: &File) -> Option<&Digest> {
    to_answer(file, file.me(), |by, act| by != file.me() && matches!(act, Act::Negotiated { .. }))
}

/// The last opinion that this node has not answered; also of its own writing down.
pub(super) fn opinion_to_answer(file: &File) -> Option<&Digest> {
    to_answer(file, file.me(), |_, act| matches!(act, Act::Opinion { .. }))
}

/// The parties of a dispute that still have to say something to what was put before them last: an opinion, else a record;
/// all of them when there is neither, or when somebody refused the opinion.
pub(super) fn silent(file: &File) -> Vec<NodeCode> {
    let parties = file.parties();
    let story = file.story();
    let last = |is: fn(&Act) -> bool| story.iter().rev().find(|(_, said)| is(&said.act));
    let opinion = last(|a| matches!(a, Act::Opinion { .. }));
    let Some((by, said)) = opinion.or_else(|| last(|a| matches!(a, Act::Negotiated { .. }))) else {
        return parties;
    };
    let refused = |node: &NodeCode| answered(file, node, &said.digest) == Some(false);
    // Whoever wrote a record down said yes to it; whoever wrote an opinion down did not.
    let wrote = |node: &NodeCode| opinion.is_none() && node == *by;
    if parties.iter().any(refused) {
        return parties;
    }
    parties.into_iter().filter(|n| !wrote(n) && answered(file, n, &said.digest).is_none()).collect()
}

/// Whether what a party says on who is competent binds all of them.
fn binds(file: &File, by: &NodeCode, said: &Said) -> bool {
    let parties = file.parties();
    let yes = |node: &NodeCode| answered(file, node, &said.digest) == Some(true);
    match &said.act {
        Act::Designated { .. } => true,
        // Every other party agreed to this record, or wrote the same down itself.
        Act::Negotiated { competent, .. } => {
            let same = |a: &Act| matches!(a, Act::Negotiated { competent: c, .. } if c == competent);
            parties.iter().all(|n| n == by || yes(n) || any(file.acts(n), same))
        }
        // An opinion binds only when all parties accept it, whoever wrote it down.
        Act::Opinion { .. } => parties.iter().all(yes),
        _ => false,
    }
}

/// Whether a record of talks was agreed to by all; none while a party has not answered it. Answers are given once and not taken
/// back, so that this does not change any more.
pub(super) fn talks(file: &File, record: &Digest) -> Option<bool> {
    let (by, said) = file.story().into_iter().find(|(_, said)| said.digest == *record)?;
    if binds(file, by, said) {
        return Some(true);
    }
    let parties = file.parties();
    parties.iter().all(|n| n == by || answered(file, n, record).is_some()).then_some(false)
}

/// Who is competent, as far as it is settled: whom the common superior designates, else what all parties agreed on, else
/// an opinion that all accepted. Of two of a kind the later one counts, in the order of the story. What is settled stays so.
pub(super) fn competent(file: &File) -> Option<&NodeCode> {
    let story = file.story();
    let last = |is: fn(&Act) -> bool| {
        let mut binding = story.iter().rev().filter(|(by, said)| is(&said.act) && binds(file, by, said));
        binding.next().and_then(|(_, said)| said.act.competent())
    };
    last(|a| matches!(a, Act::Designated { .. }))
        .or_else(|| last(|a| matches!(a, Act::Negotiated { .. })))
        .or_else(|| last(|a| matches!(a, Act::Opinion { .. })))
}

fn dispute(file: &File) -> Stage {
    let parties = file.parties();
    let said = |is: fn(&Act) -> bool| parties.iter().any(|n| any(file.acts(n), is));
    // What binds the parties is not undone by anything that one of them says.
    if competent(file).is_some() {
        Stage::Settled
    } else if closed(file) {
        Stage::Closed
    } else if said(|a| matches!(a, Act::ReportedUp { .. })) {
        Stage::ReportedUp
    } else if withdrawn(file) {
        Stage::Withdrawn
    } else if said(|a| matches!(a, Act::Opinion { .. })) {
        Stage::Advised
    } else if said(|a| matches!(a, Act::Position { .. } | Act::Negotiated { .. })) {
        Stage::Negotiating
    } else if said(|a| matches!(a, Act::Registered { .. })) {
        Stage::Registered
    } else {
        Stage::Sent
    }
}

fn away(file: &File) -> Stage {
    let Some(receiver) = file.receiver() else { return Stage::Sent };
    if closed(file) {
        return Stage::Closed;
    }
    // Cancelled while the grant was on its way: nobody needs it any more.
    if withdrawn(file) {
        return Stage::Withdrawn;
    }
    if any(file.acts(receiver), |a| matches!(a, Act::Granted { .. })) {
        let reported = any(file.acts(file.founder()), |a| matches!(a, Act::Reported { .. }));
        // A penalty that is recognised needs no report of what was done.
        return match reported || file.opening.away == Some(AwayKind::Recognise) {
            true => Stage::Concluded,
            false => Stage::Granted,
        };
    }
    if any(file.acts(receiver), |a| matches!(a, Act::Refused { .. })) {
        return Stage::Refused;
    }
    registered(file, receiver)
}

/// Whether something is still to be done or waited for at this node.
pub(super) fn open(file: &File, stage: Stage) -> bool {
    match stage {
        Stage::Concluded | Stage::Settled | Stage::Withdrawn | Stage::Closed | Stage::Discarded => false,
        // Whoever opened it still has to close it, or to try elsewhere.
        Stage::Returned | Stage::Refused => file.mine(),
        _ if file.form == Form::Bulletin && !file.mine() => !measured(file, file.me()),
        // Passed on: it is the next one's now.
        _ if file.form == Form::Lead && !file.mine() => file.receiver() == Some(file.me()),
        _ => true,
    }
}

/// Since when the outcome of a lead is owed and waited for: it was taken on, or since then filed as a case (true).
pub(super) fn pursued(file: &File) -> Option<(Timestamp, bool)> {
    let receiver = file.receiver().filter(|receiver| file.mine() || *receiver == file.me())?;
    if file.form != Form::Lead || file.stage() != Stage::Accepted {
        return None;
    }
    let since = |is: fn(&Act) -> bool| {
        let mut said = file.said.get(receiver).into_iter().flatten();
        // Nobody's clock reaches beyond the moment at which it was recorded here.
        said.find(|said| is(&said.act)).map(|said| said.at.min(said.here))
    };
    let filed = since(|act| matches!(act, Act::Reached { milestone: Milestone::Filed }));
    let accepted = since(|act| matches!(act, Act::Accepted { .. }));
    filed.map(|at| (at, true)).or_else(|| accepted.map(|at| (at, false)))
}

/// Until when a receiver is to answer: as the opener said when it opened the matter or asked again, or as the receiver
/// extended that since.
pub(super) fn due_of(file: &File, node: &NodeCode) -> Timestamp {
    let asked = |said: &Said| match &said.act {
        Act::AskedAgain { due, .. } => Some(said.counts.unwrap_or(*due)),
        _ => None,
    };
    let again: Vec<_> = file.said.get(file.founder()).into_iter().flatten().filter_map(asked).collect();
    extensions(file, node, again.len())
        .last()
        .map_or(again.last().copied().unwrap_or(file.opening.due), |(until, _)| until)
}

/// The extensions of a receiver since the opener asked for the `round`-th time again: that is after its `round`-th reply.
pub(super) fn extensions<'a>(
    file: &'a File,
    node: &NodeCode,
    round: usize,
) -> impl Iterator<Item = (Timestamp, u16)> + use<'a> {
    let mut replies = 0;
    file.said.get(node).into_iter().flatten().filter_map(move |said| {
        replies += usize::from(matches!(said.act, Act::Replied { .. }));
        match &said.act {
            Act::Extended { until, days, .. } if replies >= round => {
                Some((said.counts.unwrap_or(*until), *days))
            }
            _ => None,
        }
    })
}

/// Until when what this node owes or waits for is due. The publisher of a bulletin waits for those who have not answered:
/// the first of them counts.
pub(super) fn due(file: &File) -> Timestamp {
    if file.form == Form::Bulletin && file.mine() {
        let late = file.receivers().into_iter().filter(|n| !measured(file, n));
        return late.map(|n| due_of(file, n)).min().unwrap_or(file.opening.due);
    }
    let who = if file.form == Form::Bulletin { Some(file.me()) } else { file.receiver() };
    who.map_or(file.opening.due, |n| due_of(file, n))
}

/// Whether this node still owes the answer, or waits for it.
pub(super) fn unanswered(file: &File) -> bool {
    let stage = file.stage();
    match file.form {
        // Passed on: it is the next one's to answer now.
        Form::Lead if !file.mine() && file.receiver() != Some(file.me()) => false,
        Form::Lead => matches!(stage, Stage::Sent | Stage::Registered | Stage::ForwardAsked),
        Form::Assistance => matches!(stage, Stage::Sent | Stage::Registered | Stage::Accepted),
        Form::Evidence => matches!(stage, Stage::Sent | Stage::Registered | Stage::Accepted),
        Form::Bulletin if file.mine() => matches!(stage, Stage::Sent | Stage::Accepted),
        Form::Bulletin => open(file, stage),
        Form::Dispute => {
            matches!(stage, Stage::Sent | Stage::Registered | Stage::Negotiating | Stage::Advised)
        }
        Form::Away => matches!(stage, Stage::Sent | Stage::Registered),
    }
}

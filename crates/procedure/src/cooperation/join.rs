//! Where a shared matter stands: a pure join of what its members said. Only what each said, and in which own order,
//! counts; the order in which it arrived cannot. docs/procedures/cooperation.md tabulates every concurrent pair.

use super::act::{Act, AwayKind};
use super::state::File;
use crate::words::words;
use lianzhi_exchange::compact::Form;
use lianzhi_ids::NodeCode;

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

/// How often the opener refused what this receiver asked to pass on.
fn refusals(file: &File, receiver: &NodeCode) -> usize {
    let asked: Vec<&NodeCode> = file
        .acts(receiver)
        .filter_map(|a| match a {
            Act::ForwardAsked { to, .. } => Some(to),
            _ => None,
        })
        .collect();
    count(
        file.acts(file.founder()),
        |a| matches!(a, Act::ForwardAnswered { to, agreed: false, .. } if asked.contains(&to)),
    )
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
    let mut judged = sent.map(|p| {
        any(file.acts(node), |a| matches!(a, Act::Judged { exhibit, .. } if *exhibit == p.exhibit.digest))
    });
    judged.all(|done| done)
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

/// Whether every party but the one that proposed says yes.
fn all_agree(file: &File, proposed: Option<&NodeCode>, answer: impl Fn(&Act) -> Option<bool>) -> bool {
    let parties = file.parties();
    let mut others = parties.iter().filter(|n| Some(*n) != proposed);
    others.all(|n| file.acts(n).rev().find_map(&answer) == Some(true))
}

fn dispute(file: &File) -> Stage {
    let parties = file.parties();
    let by = |is: fn(&Act) -> bool| parties.iter().find(|n| any(file.acts(n), is)).cloned();
    if by(|a| matches!(a, Act::Designated { .. })).is_some() {
        return Stage::Settled;
    }
    if closed(file) {
        return Stage::Closed;
    }
    if let Some(node) = by(|a| matches!(a, Act::Negotiated { .. })) {
        let agreed = all_agree(file, Some(&node), |a| match a {
            Act::NegotiationAnswered { agreed, .. } => Some(*agreed),
            _ => None,
        });
        if agreed {
            return Stage::Settled;
        }
    }
    if by(|a| matches!(a, Act::Opinion { .. })).is_some() {
        // It binds only when all parties accept it, whoever wrote it down.
        let agreed = all_agree(file, None, |a| match a {
            Act::OpinionAnswered { agreed, .. } => Some(*agreed),
            _ => None,
        });
        if agreed {
            return Stage::Settled;
        }
        return match by(|a| matches!(a, Act::ReportedUp { .. })) {
            Some(_) => Stage::ReportedUp,
            None => Stage::Advised,
        };
    }
    if by(|a| matches!(a, Act::ReportedUp { .. })).is_some() {
        return Stage::ReportedUp;
    }
    if withdrawn(file) {
        return Stage::Withdrawn;
    }
    if by(|a| matches!(a, Act::Position { .. } | Act::Negotiated { .. })).is_some() {
        return Stage::Negotiating;
    }
    file.receiver().map_or(Stage::Sent, |n| registered(file, n))
}

fn away(file: &File) -> Stage {
    let Some(receiver) = file.receiver() else { return Stage::Sent };
    if closed(file) {
        return Stage::Closed;
    }
    if any(file.acts(receiver), |a| matches!(a, Act::Granted { .. })) {
        let reported = any(file.acts(file.founder()), |a| matches!(a, Act::Reported { .. }));
        // A penalty that is recognised needs no report of what was done.
        return match reported || file.opening.away == Some(AwayKind::Recognise) {
            true => Stage::Concluded,
            false => Stage::Granted,
        };
    }
    if withdrawn(file) {
        return Stage::Withdrawn;
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

/// Whether the answer is still owed.
pub(super) fn unanswered(file: &File) -> bool {
    let stage = file.stage();
    match file.form {
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

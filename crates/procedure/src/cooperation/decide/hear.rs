//! What another member says: taken as it is when it is that member's to say. Its own earlier words bind it; ours, which
//! it may not have heard yet, do not. Where the two meet is the business of the join.

use super::*;
use crate::stream;
use lianzhi_exchange::compact::ListEntry;
use lianzhi_ids::NodeCode;

/// Who may say something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Speaker {
    Founder,
    Receiver,
    Party,
}

/// Who may say this in a matter of this form; nobody when it does not belong there.
fn speaker(form: Form, act: &Act) -> Option<Speaker> {
    use Form as F;
    use Speaker::{Founder, Party, Receiver};
    Some(match (act, form) {
        (Act::Open(_) | Act::Withdrawn { .. } | Act::Closed { .. } | Act::Urged { .. }, _) => Founder,
        (Act::Registered { .. } | Act::Opened | Act::Reached { .. }, _) => Receiver,
        (Act::Supplemented { .. }, _) => Party,
        (Act::Erased { .. } | Act::ErasureConfirmed { .. } | Act::ErasureHeld { .. }, _) => Party,
        (Act::Accepted { .. }, F::Lead | F::Assistance) => Receiver,
        (Act::Returned { .. } | Act::Concluded { .. } | Act::ForwardAsked { .. }, F::Lead) => Receiver,
        (Act::ForwardAnswered { .. }, F::Lead) => Founder,
        (Act::Replied { .. }, F::Assistance) => Receiver,
        (Act::Refused { .. }, F::Assistance | F::Away) => Receiver,
        (Act::Extended { .. }, F::Assistance | F::Evidence | F::Away | F::Bulletin) => Receiver,
        (Act::ReplyAccepted { .. } | Act::AskedAgain { .. }, F::Assistance) => Founder,
        (Act::Judged { .. }, F::Lead | F::Evidence) => Receiver,
        (Act::Judged { .. }, F::Assistance) => Founder,
        (Act::GoodsGiven { .. }, F::Evidence) => Founder,
        (Act::GoodsTaken { .. }, F::Evidence) => Receiver,
        (Act::Acknowledged | Act::Measures { .. }, F::Bulletin) => Receiver,
        (
            Act::Position { .. }
            | Act::Negotiated { .. }
            | Act::NegotiationAnswered { .. }
            | Act::Designated { .. }
            | Act::Opinion { .. }
            | Act::OpinionAnswered { .. }
            | Act::ReportedUp { .. },
            F::Dispute,
        ) => Party,
        (Act::Granted { .. }, F::Away) => Receiver,
        (Act::Reported { .. }, F::Away) => Founder,
        _ => return None,
    })
}

/// After these a member has said its last word in the matter, material aside.
fn last_word(act: &Act) -> bool {
    matches!(
        act,
        Act::Returned { .. }
            | Act::Refused { .. }
            | Act::Concluded { .. }
            | Act::Withdrawn { .. }
            | Act::Closed { .. }
            | Act::ReplyAccepted { .. }
    )
}

/// Whether a member may say this after what it said before.
pub(super) fn may_say(file: &File, author: &NodeCode, act: &Act) -> Result<(), Refusal> {
    let no = |rule: String| {
        Err(Refusal::conflict("not-theirs-to-say", rule, "请核对办理程序后重发。")
            .from_source("协作办理程序"))
    };
    let founder = author == file.founder();
    let receiver = file.receivers().contains(&author);
    let fits = match speaker(file.form, act) {
        Some(Speaker::Founder) => founder,
        Some(Speaker::Receiver) => receiver,
        Some(Speaker::Party) => founder || receiver,
        None => false,
    };
    if !fits {
        return no(format!("{author} 在本件中不能“{}”。", act.title(file.form)));
    }
    let before = || file.acts(author);
    if matches!(act, Act::Open(_)) && before().next().is_some() {
        return no("本件已经发出。".into());
    }
    let ended = before().any(last_word);
    // What was returned or refused by one may still be closed by the opener; material, and what is held of it, always goes.
    let free = matches!(
        act,
        Act::Supplemented { .. }
            | Act::Closed { .. }
            | Act::Reached { .. }
            | Act::Judged { .. }
            | Act::Erased { .. }
            | Act::ErasureConfirmed { .. }
            | Act::ErasureHeld { .. }
    );
    if ended && !free {
        return no(format!("{author} 已经办结本件。"));
    }
    let accepted = before().any(|a| matches!(a, Act::Accepted { .. }));
    match act {
        Act::Accepted { .. } if accepted => no("已经受理。".into()),
        Act::Returned { .. } if accepted => no("已经受理，不能再退回。".into()),
        Act::Replied { .. } | Act::Concluded { .. } if !accepted => no("还没有受理。".into()),
        Act::NegotiationAnswered { record, .. } => {
            answers(file, record, |by, a| by != author && matches!(a, Act::Negotiated { .. }))
        }
        Act::OpinionAnswered { record, .. } => answers(file, record, |_, a| matches!(a, Act::Opinion { .. })),
        Act::Judged { exhibit, .. } => {
            let known = file.said.iter().filter(|(n, _)| *n != author);
            let mut sent = known.flat_map(|(_, list)| list).flat_map(|s| s.act.exhibits());
            if sent.any(|p| p.exhibit.digest == *exhibit) {
                Ok(())
            } else {
                no("没有移交过这件证据。".into())
            }
        }
        act if !erasure::may_say(file, author, act) => no("没有它可以删除或答复的内容。".into()),
        _ => Ok(()),
    }
}

/// Whether there is such a thing to answer.
fn answers(file: &File, record: &Digest, is: impl Fn(&NodeCode, &Act) -> bool) -> Result<(), Refusal> {
    if file.story().into_iter().any(|(by, said)| said.digest == *record && is(by, &said.act)) {
        return Ok(());
    }
    Err(Refusal::conflict("no-record", "没有要答复的这份记录或意见。", "请刷新页面，按最新的记录答复。")
        .from_source("协作办理程序"))
}

/// The entry of the list that an opening cites, checked.
fn authorised<'a>(
    form: Form,
    from: &NodeCode,
    opening: &crate::cooperation::act::Opening,
    day: jiff::civil::Date,
    facts: &Facts<'a>,
) -> Result<&'a ListEntry, Refusal> {
    let roster = authority::roster(facts)?;
    let entry = roster.entry(&opening.list).ok_or_else(|| {
        Refusal::forbidden(
            "no-list-entry",
            "来件引用的清单事项不在现行清单中。",
            "请对方核对协作清单后重发。",
        )
        .from_source("协作清单")
    })?;
    // Who left the compact meanwhile takes nothing from the others to whom it went.
    let mut opening = opening.clone();
    let left: Vec<NodeCode> = opening.to.iter().filter(|n| roster.member(n).is_none()).cloned().collect();
    opening.to.retain(|node| !left.contains(node));
    authority::allows(roster, entry, form, from, &opening, day)?;
    Ok(entry)
}

/// Opens the file of what another member sent.
pub(super) fn first(
    kind: Form,
    entry: String,
    envelope: Digest,
    facts: &Facts<'_>,
) -> Result<Vec<Event>, Refusal> {
    let me = facts.directory.node.clone();
    let read = stream::read::<Act>(&entry)?;
    let streams = stream::Streams::new(me.clone(), read.entry.docket.clone());
    streams.check::<Act>(kind.code(), &entry, facts.actor)?;
    if read.entry.author != read.entry.docket.node && !matches!(read.act, Act::Open(_)) {
        // Another receiver was quicker than what opened the matter: no fault of its own.
        return Err(early());
    }
    let Act::Open(opening) = &read.act else {
        return Err(Refusal::conflict("not-opened", "本节点没有这个案卷的首件。", "请对方从首件起重发。")
            .from_source("节点交换协议"));
    };
    if read.entry.author != read.entry.docket.node {
        return Err(Refusal::forbidden("not-theirs-to-say", "首件不是由立卷成员发出的。", "请对方核对。")
            .from_source("节点交换协议"));
    }
    let day = crate::beijing_date(read.entry.at);
    let list = authorised(kind, &read.entry.author, opening, day, facts)?;
    let own = read.entry.author == me && facts.look_ups.recovered;
    let passed_on = list.onward && list.between(&read.entry.author, &me);
    if !own && !opening.to.contains(&me) && !passed_on {
        return Err(Refusal::forbidden(
            "not-addressed",
            "来件不是发给本机关的，清单也没有约定转送。",
            "请对方核对发往单位。",
        )
        .from_source(format!("协作清单 {} {}", list.id, list.title)));
    }
    stream::names_all(&read.entry, &read.act.parts())?;
    form::check(&read.act)?;
    form::names(opening, list)?;
    let counts = bounds::counts(list, opening, &read.act, read.entry.at);
    let drafter = if own { contact_here(opening, facts) } else { None };
    let (clocks, erased) = (Vec::new(), Vec::new());
    let mut heard =
        Event::Heard { me, form: kind, entry, envelope, clocks, counts, drafter, erased, at: facts.now };
    start_clocks(State::Empty, &mut heard, facts)?;
    Ok(vec![heard])
}

/// Whom an own letter names as its contact, when exactly one person here is that: who drafted it is recorded here only, and
/// lost with the record. When nobody is found the liaison officers pursue it.
fn contact_here(opening: &crate::cooperation::act::Opening, facts: &Facts<'_>) -> Option<PersonCode> {
    let contact = opening.contact.as_ref()?;
    let is = |p: &&std::sync::Arc<crate::directory::Person>| {
        let certificate = p.certificate.as_deref().unwrap_or_default();
        p.active && p.name == contact.name && certificate == contact.certificate
    };
    let mut those = facts.directory.people.values().filter(is);
    those.next().filter(|_| those.next().is_none()).map(|p| p.code.clone())
}

/// What rests on words of a third member that are still on their way: it is sent again.
fn early() -> Refusal {
    Refusal::busy("来件所依据的其他成员的记录还没有收到。", "请稍后重发。").from_source("节点交换协议")
}

/// Takes over what another member says further.
pub(super) fn further(
    file: &File,
    entry: String,
    envelope: Digest,
    facts: &Facts<'_>,
) -> Result<Vec<Event>, Refusal> {
    let read = file.streams.check::<Act>(file.form.code(), &entry, facts.actor)?;
    may_say(file, &read.entry.author, &read.act).map_err(|refusal| {
        // It may rest on what a third member said and this node has not heard yet: that is no fault of its author.
        let heard = |digest: &Digest| file.said.values().flatten().any(|s| s.digest == *digest);
        match read.entry.re.iter().all(heard) {
            true => refusal,
            false => early(),
        }
    })?;
    let mut counts = None;
    if let Some(list) = authority::roster(facts)?.entry(&file.opening.list) {
        authority::fields(list, &authority::shared_by(&read.act))?;
        authority::onward(list, &read.act)?;
        counts = bounds::counts(list, &file.opening, &read.act, read.entry.at);
    }
    stream::names_all(&read.entry, &read.act.parts())?;
    form::check(&read.act)?;
    let (me, form) = (file.me().clone(), file.form);
    // What this node erased before it was restored is erased again.
    let erased = if read.entry.author == me { erasure::erases(&read.act) } else { Vec::new() };
    let (clocks, drafter) = (Vec::new(), None);
    let mut heard =
        Event::Heard { me, form, entry, envelope, clocks, counts, drafter, erased, at: facts.now };
    start_clocks(State::File(Box::new(file.clone())), &mut heard, facts)?;
    Ok(vec![heard])
}

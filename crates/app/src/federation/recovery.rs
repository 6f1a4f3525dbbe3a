//! After a restore: what is said in a matter only once its parties have answered, and what comes back from them is taken as
//! it was. Numbers that a neighbour has seen are not given again. Pure: the sequencer calls it.

use super::{Arrived, Post};
use crate::ports::{Head, OutboxRow};
use crate::sequencer::Step;
use crate::shared::Shared;
use crate::world::World;
use jiff::Timestamp;
use lianzhi_exchange::outbound;
use lianzhi_exchange::stream::StreamEntry;
use lianzhi_ids::{DocketId, NodeCode};
use lianzhi_procedure::{AnyCommand, AnyEvent, Numbered, Refusal, register};
use serde_json::Value;

/// The one thing that a restored node records before anything else.
pub(crate) fn opens_generation(step: &Step) -> bool {
    matches!(&step.command, AnyCommand::Register(register::Command::Put { record })
        if matches!(**record, register::Record::Generation(_)))
}

/// Whether this node may say something to these members: not before it knows what it said to them before it was restored.
/// What the new generation opened itself has no past.
pub(crate) fn may_speak(world: &World, event: &AnyEvent, shared: &Shared) -> Result<(), Refusal> {
    let (Some(generation), Some(said)) = (&world.generation, event.outgoing()) else { return Ok(()) };
    let fresh = StreamEntry::parse(said.entry).is_ok_and(|entry| {
        entry.docket.node == *shared.node() && entry.docket.generation >= generation.number
    });
    match generation.silent_with(said.to).filter(|_| !fresh) {
        None => Ok(()),
        Some(node) => {
            let name = world.directory.roster.as_ref().and_then(|roster| roster.member(node));
            let name = name.map_or_else(|| node.to_string(), |member| member.title());
            Err(Refusal::conflict(
                "restoring",
                format!("本节点从备份恢复后，还没有与{name}核对此前发出的内容，本件暂不能再发。"),
                "等对方答复后即可办理；确需先办的，由管理员记录放行（lianzhi resume）。",
            )
            .from_source("节点交换协议：恢复与代次"))
        }
    }
}

/// What came back of this node's own: its files are fetched from whoever gave it.
pub(crate) fn taken_back(post: &mut Post, step: &Step, me: &NodeCode) {
    if let Some(arrived) = &step.arrived
        && post.stream.author == *me
    {
        for wanted in &mut post.wanted {
            wanted.peer = arrived.from().clone();
        }
    }
}

/// An own envelope that came back goes to all whom it names again: some may not have it. Those who do give their receipt
/// once more.
pub(crate) fn sent_again(
    arrived: &Arrived,
    docket: DocketId,
    now: Timestamp,
    me: &NodeCode,
) -> Vec<OutboxRow> {
    let envelope = arrived.envelope();
    if envelope.author() != me {
        return Vec::new();
    }
    let class = envelope.address.class;
    let row = |peer: &NodeCode| OutboxRow {
        envelope: envelope.id.to_string(),
        peer: peer.clone(),
        docket,
        at: now.as_microsecond(),
        due_at: outbound::due_at(class, now).as_microsecond(),
        class: if class == lianzhi_exchange::envelope::Class::Urgent { "urgent" } else { "ordinary" }.into(),
        attempts: 0,
        next_at: now.as_microsecond(),
        done: false,
        receipt: None,
        error: String::new(),
    };
    envelope.address.to.iter().map(row).collect()
}

/// Docket numbers up to that of a docket of ours that came back are taken.
pub(crate) fn skip_docket(head: &mut Head, step: &Step, me: &NodeCode) {
    if let Some(shared) = step.arrived.as_ref().map(|arrived| arrived.docket())
        && shared.node == *me
    {
        head.next_docket = head.next_docket.max(shared.id.0.saturating_add(1));
    }
}

/// Numbers of matters and letters in what came back are taken.
pub(crate) fn skip_numbers(head: &mut Head, event: &AnyEvent, prefix: &str) {
    let Some(entry) = event.incoming().and_then(|heard| StreamEntry::parse(heard.entry).ok()) else { return };
    let mut left = vec![serde_json::from_str::<Value>(entry.act.get()).unwrap_or_default()];
    while let Some(value) = left.pop() {
        match value {
            Value::Array(all) => left.extend(all),
            Value::Object(all) => left.extend(all.into_iter().map(|(_, value)| value)),
            Value::String(text) => {
                if let Some((series, n)) = Numbered::read(prefix, &text) {
                    let last = head.counters.entry(series).or_default();
                    *last = n.max(*last);
                }
            }
            _ => {}
        }
    }
}

//! From an event of a shared docket to what is kept and sent of it: rows of streams, a signed envelope, the outbox.
//!
//! Pure: the sequencer calls it, and so does whoever makes history in memory.

use crate::keys::Keys;
use crate::ports::{EnvelopeRow, OutboxRow, StreamRow, WantedRow};
use jiff::Timestamp;
use lianzhi_exchange::authority::{self, Ask, MEMBERSHIP_KINDS};
use lianzhi_exchange::compact::{Form, Roster, Shared};
use lianzhi_exchange::envelope::{Address, Class, Envelope};
use lianzhi_exchange::outbound;
use lianzhi_exchange::stream::{StreamEntry, stream_digest};
use lianzhi_ids::{Digest, DocketId};
use lianzhi_procedure::{AnyEvent, Refusal};

/// What is kept of one event that was said to other members or heard from one. Positions in the log are those that were
/// given.
#[derive(Debug, Clone)]
pub struct Post {
    /// Its place in its author's stream.
    pub stream: StreamRow,
    /// The envelope, when this node said it.
    pub envelope: Option<EnvelopeRow>,
    /// To whom it goes.
    pub outbox: Vec<OutboxRow>,
    /// Files that it names, when another member said it.
    pub wanted: Vec<WantedRow>,
}

/// What of a matter is shared by a part of this kind.
#[must_use]
pub fn shared_by(part_kind: &str) -> Shared {
    match part_kind {
        "contact" | "particulars" => Shared::Particulars,
        _ => Shared::Narrative,
    }
}

fn refused(error: &dyn std::fmt::Display) -> Refusal {
    Refusal::conflict("exchange", error.to_string(), "请与对方联络员或本机关管理员联系。")
        .from_source("协作机制")
}

/// Makes what is kept and sent of an event; none for an event that concerns this node alone. `parts` are kinds and digests
/// of the parts that may travel with it.
///
/// # Errors
/// When this node is no member or has no key, when the collaboration list does not allow it, or when it is too long.
pub fn post(
    event: &AnyEvent,
    docket: DocketId,
    pos: i64,
    now: Timestamp,
    parts: &[(&str, Digest)],
    roster: Option<&Roster>,
    keys: &Keys,
) -> Result<Option<Post>, Refusal> {
    if let Some(heard) = event.incoming() {
        let entry = StreamEntry::parse(heard.entry).map_err(|e| refused(&e))?;
        let stream = stream_row(&entry, heard.entry, docket, pos)?;
        let wanted = entry.exhibits.iter().map(|file| WantedRow {
            digest: file.digest,
            shared: entry.docket.clone(),
            docket,
            peer: entry.author.clone(),
            size: i64::try_from(file.size).unwrap_or(i64::MAX),
            media: file.media.clone(),
            upload: None,
            attempts: 0,
            next_at: now.as_microsecond(),
            done: false,
            error: String::new(),
        });
        return Ok(Some(Post { wanted: wanted.collect(), stream, envelope: None, outbox: Vec::new() }));
    }
    let Some(said) = event.outgoing() else { return Ok(None) };
    let entry = StreamEntry::parse(said.entry).map_err(|e| refused(&e))?;
    let signer = keys.signing(roster, &entry.author, now);
    let (Some(roster), Some(signer)) = (roster, signer) else {
        return Err(Refusal::conflict(
            "no-compact",
            "本节点尚未加入协作机制，或没有交换密钥。",
            "请由管理员建立或加入协作机制后再发。",
        )
        .from_source("协作机制"));
    };
    if !MEMBERSHIP_KINDS.contains(&entry.kind.as_str()) {
        let form = Form::from_code(&entry.kind).ok_or_else(|| refused(&"未知的协作形式"))?;
        let named =
            |digest: &Digest| parts.iter().find(|(_, d)| d == digest).map(|(kind, _)| shared_by(kind));
        let mut used: Vec<Shared> = entry.parts.iter().filter_map(named).collect();
        if !entry.exhibits.is_empty() {
            used.push(Shared::Exhibits);
        }
        used.sort_unstable();
        used.dedup();
        let opening = entry.seq == 0 && entry.author == entry.docket.node;
        let ask = Ask {
            form,
            author: &entry.author,
            to: said.to,
            category: None,
            used: &used,
            onward: false,
            list: said.list,
            epoch: roster.epoch.number,
            at: now,
            opened_under: said.list.filter(|_| !opening),
        };
        authority::check(roster, &ask).map_err(|e| {
            Refusal::forbidden(
                e.code(),
                format!("{e}。"),
                "请选用适用的协作清单条目，或删去不允许共享的内容。",
            )
            .from_source("协作清单")
        })?;
    }
    let class = if said.urgent { Class::Urgent } else { Class::Ordinary };
    let address = Address {
        to: said.to.to_vec(),
        basis: said.basis.to_owned(),
        list: said.list,
        epoch: roster.epoch.number,
        roster: roster.digest,
        class,
        time: now,
    };
    let envelope = Envelope::new(&[said.entry.to_owned()], address).map_err(|e| refused(&e))?;
    let signature = envelope.sign(signer.as_ref()).map_err(|e| refused(&e))?;
    let at = now.as_microsecond();
    let outbox = said.to.iter().map(|peer| OutboxRow {
        envelope: envelope.id.to_string(),
        peer: peer.clone(),
        docket,
        at,
        due_at: outbound::due_at(class, now).as_microsecond(),
        class: if said.urgent { "urgent" } else { "ordinary" }.into(),
        attempts: 0,
        next_at: at,
        done: false,
        receipt: None,
        error: String::new(),
    });
    Ok(Some(Post {
        stream: stream_row(&entry, said.entry, docket, pos)?,
        outbox: outbox.collect(),
        envelope: Some(envelope_row(&envelope, &signature, at, true)),
        wanted: Vec::new(),
    }))
}

fn stream_row(entry: &StreamEntry, bytes: &str, docket: DocketId, pos: i64) -> Result<StreamRow, Refusal> {
    Ok(StreamRow {
        shared: entry.docket.clone(),
        author: entry.author.clone(),
        seq: i32::try_from(entry.seq).map_err(|e| refused(&e))?,
        docket,
        digest: stream_digest(bytes.as_bytes()),
        pos,
    })
}

/// An envelope as it is kept.
#[must_use]
pub fn envelope_row(
    envelope: &Envelope,
    signature: &lianzhi_exchange::signature::Signature,
    at: i64,
    mine: bool,
) -> EnvelopeRow {
    let place = |n: u32| i32::try_from(n).unwrap_or(i32::MAX);
    EnvelopeRow {
        id: envelope.id.to_string(),
        shared: envelope.docket().clone(),
        author: envelope.author().clone(),
        first: place(envelope.id.first),
        last: place(envelope.end().saturating_sub(1)),
        bytes: envelope.bytes().as_bytes().to_vec(),
        key: signature.key.clone(),
        signature: signature.value.clone(),
        at,
        digest: envelope.digest(),
        mine,
        receipt: None,
    }
}

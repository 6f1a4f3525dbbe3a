//! What becomes of an envelope that comes in: a pure judgement over what the node knows.

use crate::authority::{self, Ask, Decision, MEMBERSHIP_KINDS};
use crate::compact::{Form, Roster, Shared, Standing};
use crate::envelope::{Envelope, EnvelopeError, ParcelError, Said};
use crate::refusal::{Answer, Lacking, Refusal};
use crate::signature::{Signature, Statement};
use crate::stream::{STREAM_ENTRY_VERSION, StreamError};
use jiff::{SignedDuration, Timestamp};
use lianzhi_ids::{Digest, NodeCode};

/// How far clocks of members may differ. Nodes take their time from the network; five minutes is what HTTP signatures and
/// Kerberos allow, and more than a machine with a working clock ever differs.
pub const CLOCK_SKEW: SignedDuration = SignedDuration::from_mins(5);
/// After so long without word of the compact the roster counts as stale: members known to it go on with a warning. A long
/// weekend must not stop cooperation.
pub const ROSTER_STALE_AFTER: SignedDuration = SignedDuration::from_hours(72);

/// How it came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// Somebody sent it.
    Posted,
    /// We asked for it, at a party of the docket that may give it to us: it need not be addressed to us.
    Pulled,
}

/// A receipt that was given for an envelope of this id.
#[derive(Debug, Clone, Copy)]
pub struct Given<'a> {
    /// Digest of that envelope's bytes.
    pub digest: Digest,
    /// The receipt.
    pub receipt: &'a Statement,
}

/// Where the author's stream in this docket ends at our side.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Head {
    /// Position after its last entry.
    pub next: u32,
    /// Digest of that entry; [`Digest::ZERO`] when there is none.
    pub digest: Digest,
}

impl Head {
    /// Of a stream of which nothing is known.
    pub const NONE: Head = Head { next: 0, digest: Digest::ZERO };
}

/// A docket that is known here.
#[derive(Debug, Clone, Copy)]
pub struct Opened<'a> {
    /// Kind of its procedure.
    pub kind: &'a str,
    /// Entry of the list under which it was opened; none for what membership alone allows.
    pub list: Option<Digest>,
    /// Its parties: the founder, and whomever a party addressed in it. `None` when every member is one, as in the compact's own.
    pub parties: Option<&'a [NodeCode]>,
}

/// What the acts in the envelope share, as their procedure reads them.
#[derive(Debug, Clone, Copy)]
pub struct Content<'a> {
    /// What of the matter is shared: fields of acts, kinds of parts. Exhibits need not be among them, they are seen here.
    pub used: &'a [Shared],
    /// Category of the matter's conduct, once it has one.
    pub category: Option<&'a str>,
    /// It passes on what came from another member.
    pub onward: bool,
}

impl Content<'_> {
    /// Nothing in particular.
    pub const PLAIN: Content<'static> = Content { used: &[], category: None, onward: false };
}

/// What the node knows when an envelope comes in; read from what is durable.
#[derive(Debug, Clone, Copy)]
pub struct Known<'a> {
    /// The roster in force.
    pub roster: &'a Roster,
    /// When it was last confirmed by hearing of the compact from another member.
    pub roster_at: Timestamp,
    /// This node.
    pub me: &'a NodeCode,
    /// How it came.
    pub way: Way,
    /// This node was restored from an older state and fetches what it said itself. Otherwise what comes in its own name is
    /// refused: it would be somebody else's with its key.
    pub restoring: bool,
    /// Receipt given for an envelope of this id.
    pub given: Option<Given<'a>>,
    /// End of the author's stream in this docket.
    pub head: Head,
    /// Digests of the author's entries that we hold from the envelope's first position on, up to the head or the envelope's end.
    pub held: &'a [Digest],
    /// The docket, if it is known here.
    pub docket: Option<Opened<'a>>,
    /// What the acts share; `None` when the kind or one of the acts is not understood here.
    pub content: Option<Content<'a>>,
}

/// What becomes of it.
#[derive(Debug, Clone)]
pub enum Verdict<'a> {
    /// Take these entries; those that are here already were left out. Nothing may be left: then only the receipt is given.
    Take {
        /// New entries, in order, following the head.
        entries: &'a [Said],
        /// On what authority; none for what membership alone allows.
        decision: Option<Decision>,
        /// The roster is stale: show a warning.
        stale_roster: bool,
    },
    /// It was taken before: give the same receipt again.
    Again(&'a Statement),
    /// Pull what is lacking, then judge again.
    Gap(Lacking),
    /// Signed by a member, but not understood: store it, follow the stream with it, open nothing, receipt `not-understood`.
    NotUnderstood {
        /// Its kind.
        kind: &'a str,
        /// New entries, in order, following the head.
        entries: &'a [Said],
    },
    /// It is not taken.
    Refused(Refusal),
}

/// Judges an envelope.
///
/// It believes nothing before the signature: an answer to who is no member says only that. A docket unknown here opens only by
/// its founder's first entry and, for forms of cooperation, only under an entry of the list in force.
#[must_use]
pub fn judge<'a>(
    envelope: &'a Envelope,
    signature: &Signature,
    now: Timestamp,
    known: &Known<'a>,
) -> Verdict<'a> {
    match consider(envelope, signature, now, known) {
        Ok(verdict) => verdict,
        Err(refusal) => Verdict::Refused(refusal),
    }
}

fn consider<'a>(
    envelope: &'a Envelope,
    signature: &Signature,
    now: Timestamp,
    known: &Known<'a>,
) -> Result<Verdict<'a>, Refusal> {
    if let Some(given) = known.given
        && given.digest == envelope.digest()
    {
        // These bytes were believed before; whoever sends them again learns no more than that.
        return Ok(Verdict::Again(given.receipt));
    }
    signed(envelope, signature, known)?;
    if envelope.address.time > now.saturating_add(CLOCK_SKEW).unwrap_or(Timestamp::MAX) {
        return Err(Refusal::ClockAhead);
    }
    if known.way == Way::Posted && !envelope.address.to.contains(known.me) {
        return Err(Refusal::NotAddressed);
    }
    if known.given.is_some() {
        return Err(Refusal::Fork { seq: envelope.id.first });
    }
    if envelope.author() == known.me && !known.restoring && envelope.end() > known.head.next {
        return Err(Refusal::OwnEntry);
    }
    let Some(entries) = continues(envelope, known)? else {
        return Ok(Verdict::Gap(Lacking {
            docket: envelope.docket().clone(),
            author: envelope.author().clone(),
            from: known.head.next,
        }));
    };
    if let Some(docket) = known.docket {
        if docket.kind != envelope.kind {
            return Err(Refusal::Malformed(format!("案卷类型为“{}”，与信封不同", docket.kind)));
        }
        if docket.parties.is_some_and(|parties| !parties.contains(envelope.author())) {
            return Err(Refusal::NotAParty(envelope.author().clone()));
        }
    }
    let Some(content) = known.content else {
        return Ok(Verdict::NotUnderstood { kind: &envelope.kind, entries });
    };
    if known.docket.is_none() && !envelope.is_opening() {
        let founder = envelope.docket().node.clone();
        return Ok(Verdict::Gap(Lacking { docket: envelope.docket().clone(), author: founder, from: 0 }));
    }
    let decision = authorised(envelope, known, content)?;
    let stale_roster = now.duration_since(known.roster_at) > ROSTER_STALE_AFTER;
    Ok(Verdict::Take { entries, decision, stale_roster })
}

/// Whether a member's key in force signed it, and under an epoch that we know.
fn signed(envelope: &Envelope, signature: &Signature, known: &Known<'_>) -> Result<(), Refusal> {
    let (author, address) = (envelope.author(), &envelope.address);
    let epoch = &known.roster.epoch;
    // A later epoch may have new members and keys. One of the same number but another digest we have to see too: either the
    // author or we follow a branch that provinces countersigned twice.
    let ours = address.epoch < epoch.number
        || (address.epoch == epoch.number && address.roster == known.roster.digest);
    let unless_newer = |refusal| if ours { refusal } else { Refusal::UnknownEpoch(address.epoch) };
    if known.roster.member(author).is_none() {
        return Err(unless_newer(Refusal::NotAMember(author.clone())));
    }
    match known.roster.key_standing(author, &signature.key, address.time) {
        Some(Standing::Good(key)) if envelope.is_by(key, signature) => {}
        Some(Standing::Good(_)) => return Err(Refusal::WrongSignature),
        Some(Standing::Revoked(_)) => return Err(Refusal::RevokedKey(signature.key.clone())),
        Some(Standing::OutOfTime(_)) | None => {
            return Err(unless_newer(Refusal::UnknownKey(signature.key.clone())));
        }
    }
    if ours { Ok(()) } else { Err(Refusal::UnknownEpoch(address.epoch)) }
}

/// The entries that are new, if they follow what we hold; `None` when something lies between.
fn continues<'a>(envelope: &'a Envelope, known: &Known<'_>) -> Result<Option<&'a [Said]>, Refusal> {
    let first = envelope.id.first;
    if first > known.head.next {
        return Ok(None);
    }
    for (said, held) in envelope.entries.iter().zip(known.held) {
        if said.digest != *held {
            return Err(Refusal::Fork { seq: said.entry.seq });
        }
    }
    let old = known.head.next.saturating_sub(first) as usize;
    let entries = envelope.entries.get(old..).unwrap_or_default();
    match entries.first() {
        Some(said) if said.entry.prev != known.head.digest => {
            // It follows another entry at the place before than the one we hold.
            Err(Refusal::Fork { seq: said.entry.seq.saturating_sub(1) })
        }
        _ => Ok(Some(entries)),
    }
}

fn authorised(
    envelope: &Envelope,
    known: &Known<'_>,
    content: Content<'_>,
) -> Result<Option<Decision>, Refusal> {
    if MEMBERSHIP_KINDS.contains(&envelope.kind.as_str()) {
        return Ok(None);
    }
    let form = Form::from_code(&envelope.kind).ok_or(Refusal::NoListEntry)?;
    let mut used = content.used.to_vec();
    if envelope.entries.iter().any(|said| !said.entry.exhibits.is_empty()) {
        used.push(Shared::Exhibits);
    }
    used.sort_unstable();
    used.dedup();
    // What was pulled is looked at as if it were for us too.
    let mut to = envelope.address.to.clone();
    if !to.contains(known.me) && envelope.author() != known.me {
        to.push(known.me.clone());
    }
    let opened_under = match known.docket {
        None => None,
        // Opened by membership alone: no entry of the list can carry it.
        Some(Opened { list: None, .. }) => return Err(Refusal::NoListEntry),
        Some(Opened { list, .. }) => list,
    };
    let ask = Ask {
        form,
        author: envelope.author(),
        to: &to,
        category: content.category,
        used: &used,
        onward: content.onward,
        list: envelope.address.list,
        epoch: envelope.address.epoch,
        at: envelope.address.time,
        opened_under,
    };
    authority::check(known.roster, &ask).map(Some)
}

impl Verdict<'_> {
    /// The answer on the wire, where it needs no receipt to be signed first.
    #[must_use]
    pub fn answer(&self) -> Option<Answer> {
        match self {
            Verdict::Take { .. } | Verdict::NotUnderstood { .. } => None,
            Verdict::Again(receipt) => Some(Answer::Receipt((*receipt).clone())),
            Verdict::Gap(lacking) => Some(Answer::Gap(lacking.clone())),
            Verdict::Refused(refusal) => Some(refusal.answer()),
        }
    }
}

impl From<&EnvelopeError> for Refusal {
    fn from(error: &EnvelopeError) -> Refusal {
        match error {
            EnvelopeError::Count { count: 0, .. } => Refusal::Malformed(error.to_string()),
            EnvelopeError::TooLong(_)
            | EnvelopeError::Count { .. }
            | EnvelopeError::Entry(StreamError::TooLong(_) | StreamError::TooManyReferences(_)) => {
                Refusal::TooLarge(error.to_string())
            }
            EnvelopeError::Entry(StreamError::Version(v)) if *v < STREAM_ENTRY_VERSION => {
                Refusal::TooOldVersion(*v)
            }
            EnvelopeError::Entry(StreamError::Version(v)) => Refusal::TooNewVersion(*v),
            _ => Refusal::Malformed(error.to_string()),
        }
    }
}

impl From<&ParcelError> for Refusal {
    fn from(error: &ParcelError) -> Refusal {
        match error {
            ParcelError::Envelope(error) => error.into(),
            ParcelError::TooLong { .. } | ParcelError::TooMany { .. } => Refusal::TooLarge(error.to_string()),
            _ => Refusal::Malformed(error.to_string()),
        }
    }
}

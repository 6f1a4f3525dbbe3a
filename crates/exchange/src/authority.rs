//! Whether an entry of the collaboration list allows what is said. Default deny, checked by the sender before it signs and by the
//! receiver before it takes: the same function at both ends.

use crate::compact::{Form, ListEntry, Roster, Shared};
use crate::refusal::Refusal;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::Offset;
use lianzhi_ids::{Digest, NodeCode};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Kinds that membership alone allows: the compact itself, meetings of its bodies, and plans.
pub const MEMBERSHIP_KINDS: [&str; 3] = ["compact", "meeting", "plan"];

/// Validity of entries goes by days of Beijing time (UTC+8, no summer time).
const BEIJING: Offset = Offset::constant(8);

/// The day of a moment in Beijing.
#[must_use]
pub fn day(at: Timestamp) -> Date {
    BEIJING.to_datetime(at).date()
}

/// What is to be said.
#[derive(Debug, Clone, Copy)]
pub struct Ask<'a> {
    /// In which form.
    pub form: Form,
    /// Who says it.
    pub author: &'a NodeCode,
    /// To whom.
    pub to: &'a [NodeCode],
    /// Category of the matter's conduct, once it has one.
    pub category: Option<&'a str>,
    /// What of the matter is shared with it.
    pub used: &'a [Shared],
    /// It passes on what came from another member.
    pub onward: bool,
    /// Entry that is cited.
    pub list: Option<Digest>,
    /// Number of the epoch in force at the author.
    pub epoch: u32,
    /// When.
    pub at: Timestamp,
    /// Entry under which the docket was opened; `None` when this opens it.
    pub opened_under: Option<Digest>,
}

/// What was decided, for the record: the entry by digest and number, and what it was asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Decision {
    /// Digest of the entry.
    pub list: Digest,
    /// Its number.
    pub id: String,
    /// Form.
    pub form: Form,
    /// What is shared.
    pub used: Vec<Shared>,
    /// Day for which it was looked at.
    pub day: Date,
    /// It opened the docket.
    pub opening: bool,
}

/// Decides.
///
/// An opening needs an entry of the epoch in force, valid on its day. What follows in the docket cites the same entry, which
/// carries it to its end also when it ran out or was taken off.
///
/// # Errors
/// The [`Refusal`] that says what the entry does not allow.
pub fn check(roster: &Roster, ask: &Ask<'_>) -> Result<Decision, Refusal> {
    let list = ask.list.ok_or(Refusal::NoListEntry)?;
    if ask.opened_under.is_some_and(|opened| opened != list) {
        return Err(Refusal::NoListEntry);
    }
    let stale = Refusal::StaleEpoch { theirs: ask.epoch, ours: roster.epoch.number };
    let old = ask.epoch < roster.epoch.number;
    let opening = ask.opened_under.is_none();
    let day = day(ask.at);
    let entry = match roster.entry(&list) {
        Some(entry) => entry,
        None if old => return Err(stale),
        None => return Err(Refusal::NoListEntry),
    };
    if opening {
        let agreed = roster.epoch.list.iter().any(|e| e.id == entry.id && e.digest() == list);
        if !agreed && old {
            return Err(stale);
        }
        if !agreed || !entry.in_force(day) {
            return Err(Refusal::ExpiredListEntry(entry.id.clone()));
        }
    }
    allows(entry, ask)?;
    Ok(Decision { list, id: entry.id.clone(), form: ask.form, used: ask.used.to_vec(), day, opening })
}

fn allows(entry: &ListEntry, ask: &Ask<'_>) -> Result<(), Refusal> {
    let id = || entry.id.clone();
    if !entry.forms.contains(&ask.form) {
        return Err(Refusal::FormNotAllowed(id()));
    }
    if let Some(other) = ask.to.iter().find(|to| !entry.between(ask.author, to)) {
        let outside = if entry.parties.contains(ask.author) { other } else { ask.author };
        return Err(Refusal::PartyNotAllowed(id(), outside.clone()));
    }
    if !entry.covers(ask.category) {
        return Err(Refusal::CategoryNotAllowed(id()));
    }
    if let Some(field) = ask.used.iter().find(|field| !entry.fields.contains(field)) {
        return Err(Refusal::FieldNotAllowed(id(), field.title()));
    }
    if ask.onward && !entry.onward {
        return Err(Refusal::OnwardNotAllowed(id()));
    }
    Ok(())
}

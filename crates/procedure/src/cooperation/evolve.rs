//! From event to state. Total: what happened is never refused.

use super::act::Act;
use super::event::Event;
use super::state::{Clock, Draft, File, Received, Said, State, Term, Watched};
use crate::stream::{self, Streams};
use jiff::Timestamp;
use lianzhi_exchange::compact::Form;
use lianzhi_exchange::stream::stream_digest;
use lianzhi_ids::{Digest, NodeCode};
use std::collections::{BTreeMap, BTreeSet};

pub(super) fn evolve(state: State, event: &Event) -> State {
    match (state, event) {
        (State::Empty, Event::Begun { form, id, act, by, unit, link, at, .. }) => {
            let Act::Open(opening) = act.as_ref() else { return State::Empty };
            State::File(Box::new(File {
                form: *form,
                opening: (**opening).clone(),
                streams: Streams::new(id.node.clone(), id.clone()),
                said: BTreeMap::new(),
                draft: Some(Draft {
                    act: (**act).clone(),
                    by: by.clone(),
                    before: BTreeSet::new(),
                    at: *at,
                    reviewed: None,
                    sent_back: None,
                }),
                discarded: None,
                drafter: Some(by.clone()),
                unit: unit.clone(),
                person: None,
                link: *link,
                verifying: Vec::new(),
                received: BTreeMap::new(),
                served: Vec::new(),
                erased: BTreeSet::new(),
                clocks: Vec::new(),
                at: *at,
                changed: *at,
            }))
        }
        (State::Empty, Event::Heard { me, form, entry, envelope, clocks, counts, drafter, erased, at }) => {
            match first(me, *form, entry, *at) {
                Some(mut file) => {
                    said(&mut file, entry, Some(*envelope), *counts, clocks, *at);
                    file.erased.extend(erased);
                    file.drafter.clone_from(drafter);
                    State::File(Box::new(file))
                }
                None => State::Empty,
            }
        }
        (State::Empty, _) => State::Empty,
        (State::File(mut file), event) => {
            further(&mut file, event);
            State::File(file)
        }
    }
}

/// The file of a matter that another member opened.
fn first(me: &NodeCode, form: Form, entry: &str, at: Timestamp) -> Option<File> {
    let read = stream::read::<Act>(entry).ok()?;
    let Act::Open(opening) = read.act else { return None };
    Some(File {
        form,
        opening: *opening,
        streams: Streams::new(me.clone(), read.entry.docket),
        said: BTreeMap::new(),
        draft: None,
        discarded: None,
        drafter: None,
        unit: None,
        person: None,
        link: None,
        verifying: Vec::new(),
        received: BTreeMap::new(),
        served: Vec::new(),
        erased: BTreeSet::new(),
        clocks: Vec::new(),
        at,
        changed: at,
    })
}

/// Takes over what a member said.
fn said(
    file: &mut File,
    bytes: &str,
    envelope: Option<Digest>,
    counts: Option<Timestamp>,
    clocks: &[Clock],
    here: Timestamp,
) {
    let Ok(read) = stream::read::<Act>(bytes) else { return };
    let (entry, act) = (read.entry, read.act);
    file.streams.take(&entry, bytes);
    if let Act::Open(opening) = &act {
        file.opening = (**opening).clone();
        file.opening.due = counts.unwrap_or(opening.due);
    }
    if entry.author != *file.me() {
        for provenance in act.exhibits() {
            file.received.entry(provenance.exhibit.digest).or_insert_with(|| Received {
                from: entry.author.clone(),
                exhibit: provenance.exhibit.clone(),
                arrived: None,
            });
        }
    }
    file.said.entry(entry.author.clone()).or_default().push(Said {
        seq: entry.seq,
        at: entry.at,
        here,
        actor: entry.actor,
        act,
        digest: stream_digest(bytes.as_bytes()),
        envelope,
        counts,
    });
    for clock in clocks {
        for old in file.clocks.iter_mut().filter(|c| c.clock.term == clock.term) {
            old.stopped.get_or_insert(here);
        }
        file.clocks.push(Watched { clock: clock.clone(), warned: 0, expired: false, told: 0, stopped: None });
    }
    settle(file, here);
}

/// Clocks whose term was met, or fell away, stand still.
fn settle(file: &mut File, at: Timestamp) {
    let (unregistered, unanswered, pursued) = (file.unregistered(), file.unanswered(), file.pursued());
    for watched in &mut file.clocks {
        let owed = match watched.clock.term {
            Term::Register => unregistered,
            Term::Answer => unanswered,
            Term::Outcome => pursued,
        };
        if !owed {
            watched.stopped.get_or_insert(at);
        }
    }
}

fn further(file: &mut File, event: &Event) {
    let at = match event {
        Event::Begun { .. } => return,
        Event::Drafted { act, by, at } => {
            if !file.sent()
                && let Act::Open(opening) = act.as_ref()
            {
                file.opening = (**opening).clone();
            }
            let before = file.draft.take().map(|draft| {
                let mut hands = draft.before;
                hands.insert(draft.by);
                hands
            });
            file.draft = Some(Draft {
                act: (**act).clone(),
                by: by.clone(),
                before: before.unwrap_or_default(),
                at: *at,
                reviewed: None,
                sent_back: None,
            });
            at
        }
        Event::Reviewed { by, agreed, note, at } => {
            if let Some(draft) = &mut file.draft {
                draft.reviewed = agreed.then(|| by.clone());
                draft.sent_back = (*note).filter(|_| !agreed);
            }
            at
        }
        Event::NotSigned { note, at, .. } => {
            if let Some(draft) = &mut file.draft {
                draft.reviewed = None;
                draft.sent_back = Some(*note);
            }
            at
        }
        Event::Discarded { at, .. } => {
            file.draft = None;
            if !file.sent() {
                file.discarded = Some(*at);
            }
            at
        }
        Event::Said { entry, clocks, erased, at, .. } => {
            let letter = stream::read::<Act>(entry).ok().is_some_and(|r| r.act.letter(file.form).is_some());
            if letter {
                file.draft = None;
            }
            said(file, entry, None, None, clocks, *at);
            file.erased.extend(erased);
            at
        }
        Event::Heard { entry, envelope, clocks, counts, erased, at, .. } => {
            said(file, entry, Some(*envelope), *counts, clocks, *at);
            file.erased.extend(erased);
            at
        }
        Event::Assigned { unit, person, at, .. } => {
            (file.unit, file.person) = (Some(unit.clone()), Some(person.clone()));
            at
        }
        Event::Linked { docket, at } => {
            file.link = Some(*docket);
            at
        }
        Event::Verifying { docket, at } => {
            file.verifying.push(*docket);
            at
        }
        Event::Arrived { exhibit, at } => {
            if let Some(received) = file.received.get_mut(&exhibit.digest) {
                received.arrived = Some(*at);
            }
            at
        }
        Event::Served { exhibit, to, at } => {
            file.served.push((*exhibit, to.clone(), *at));
            at
        }
        Event::Warned { term, percent, at, .. } => {
            with(file, *term, |w| w.warned = w.warned.max(*percent));
            at
        }
        Event::Expired { term, at, .. } => {
            with(file, *term, |w| w.expired = true);
            at
        }
        Event::Escalated { term, at, .. } => {
            with(file, *term, |w| w.told += 1);
            at
        }
    };
    file.changed = *at;
}

fn with(file: &mut File, term: Term, change: impl FnOnce(&mut Watched)) {
    if let Some(watched) = file.clocks.iter_mut().rev().find(|c| c.clock.term == term) {
        change(watched);
    }
}

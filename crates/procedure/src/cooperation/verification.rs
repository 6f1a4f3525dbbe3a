//! Evidence of another member that is to be verified on site becomes an assistance: its letter is drafted together with
//! the verdict, and goes through 审核 and 签发 like any other (行政处罚法 26).

use super::act::Ask;
use super::command::{Command, Letter};
use super::event::Event;
use super::state::File;
use super::taker::Taker;
use super::{Act, any_command};
use crate::{AnyCommand, Text};
use jiff::civil::Date;
use lianzhi_exchange::compact::{Form, ListEntry, Roster, Shared};
use lianzhi_ids::{Digest, DocketId};

/// What the letter is written from besides the file.
#[derive(Debug, Clone, Copy)]
pub struct Verification<'a> {
    /// The piece of evidence.
    pub exhibit: Digest,
    /// What is to be verified, as the verdict says it.
    pub note: &'a str,
    /// The place that the opening names; empty when it names none.
    pub place: &'a str,
    /// The docket of the file here.
    pub docket: DocketId,
    /// Who has the file here, when that is an officer with a certificate.
    pub officer: Option<&'a Taker>,
}

/// The letter that asks the member from which a piece of evidence came to verify it on site. None when the evidence came
/// from nobody else, or when no entry of the list in force that day lets this member ask that one for assistance.
#[must_use]
pub fn verification(file: &File, asked: Verification<'_>, roster: &Roster, day: Date) -> Option<Letter> {
    let from = &file.received.get(&asked.exhibit)?.from;
    let category = file.opening.category.as_ref().map(lianzhi_ids::CategoryCode::as_str);
    let fits = |entry: &&ListEntry| {
        entry.in_force(day)
            && entry.forms.contains(&Form::Assistance)
            && entry.between(file.me(), from)
            && entry.covers(category)
    };
    // The entry under which the evidence came, when it also stands for assistance.
    let mut entries: Vec<&ListEntry> = roster.epoch.list.iter().filter(fits).collect();
    entries.sort_by_key(|entry| entry.id != file.opening.list_id);
    let entry = entries.first()?;
    let mut said = file.said.get(from).into_iter().flatten();
    let found = said.find_map(|said| {
        let provenance = said.act.exhibits().iter().find(|p| p.exhibit.digest == asked.exhibit)?;
        Some((provenance, said.act.paper()))
    });
    let name = found.map(|(p, _)| p.name.trim()).filter(|name| !name.is_empty()).unwrap_or("证据材料");
    let paper = found.and_then(|(_, paper)| paper).unwrap_or(&file.opening.number);
    let text = format!(
        "贵单位随{paper}提供的“{name}”（摘要 {}），本机关经审查，要求现场核实：{}\n\
         请派员到现场核实该证据的取得地点、时间和经过，并将核实情况和材料函复本机关。",
        asked.exhibit.short(),
        asked.note.trim(),
    );
    let place = if entry.fields.contains(&Shared::Place) { asked.place } else { "" };
    Some(Letter {
        to: vec![from.clone()],
        list: entry.id.clone(),
        title: Text::Plain(format!("现场核实证据：{name}")),
        text: Text::Plain(text),
        category: file.opening.category.clone(),
        place: Text::Plain(place.to_owned()),
        asks: vec![Ask::VerifyOnSite],
        over: Some(file.opening.number.clone()),
        urgent: file.opening.urgent,
        officers: asked.officer.into_iter().cloned().collect(),
        link: Some(asked.docket),
        verifies: Some(file.form),
        ..Letter::default()
    })
}

/// The matter that the evidence belongs to is told which assistance asks for it.
pub(super) fn follow_ups(id: DocketId, event: &Event) -> Vec<(DocketId, AnyCommand)> {
    match event {
        Event::Begun { link: Some(from), verifies: Some(form), act, .. } if matches!(**act, Act::Open(_)) => {
            vec![(*from, any_command(*form, Command::Verifying { docket: id }))]
        }
        _ => Vec::new(),
    }
}

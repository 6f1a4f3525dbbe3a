//! The record of a matter as the page shows it: steps, and entries by day.

use super::super::ui;
use jiff::Timestamp;
use lianzhi_app::RecordLine;
use lianzhi_ids::Digest;

/// A step of the stage bar.
pub(in crate::pages) struct Step {
    pub title: &'static str,
    /// `done`, `now` or `next`.
    pub state: &'static str,
    pub note: String,
}

/// An entry as the page shows it.
pub(super) struct Entry {
    pub line: RecordLine,
    /// The day, when it is another one than that of the entry above.
    pub day: String,
    pub clock: String,
    pub by: String,
    /// The member that said it, when it is not this one.
    pub member: Option<(String, String)>,
    pub exhibits: Vec<Digest>,
}

/// The steps a report goes through, with the moments at which it did, from its record since it was last reopened.
pub(in crate::pages) fn steps(record: &[RecordLine], stage: &str, now: Timestamp) -> Vec<Step> {
    const STEPS: [(&str, &[&str]); 8] = [
        ("上报", &["registered"]),
        ("派遣", &["dispatched"]),
        ("受理", &["accepted"]),
        ("到场", &["arrived"]),
        ("处置", &["handled"]),
        ("核查", &["verified"]),
        ("答复", &["answered"]),
        ("结案", &["closed", "dismissed", "withdrawn"]),
    ];
    let current = match stage {
        "pooled" => 1,
        "assigned" | "return_asked" => 2,
        "working" => 3,
        "suspended" | "outside" | "joined" => 4,
        "to_verify" => 5,
        "to_answer" => 6,
        "to_close" => 7,
        _ => 8,
    };
    // Lines may stand newest or oldest first: order is by seq.
    let mut lines: Vec<&RecordLine> = record.iter().collect();
    lines.sort_by_key(|l| l.seq);
    let since = lines.iter().rev().find(|l| l.event_type == "reopened").map_or(-1, |l| i64::from(l.seq));
    let when = |types: &[&str]| {
        let found = lines.iter().rev().find(|l| {
            types.contains(&l.event_type.as_str())
                && (l.event_type == "registered" || i64::from(l.seq) > since)
        });
        found.map(|l| l.at)
    };
    let arrived = when(&["arrived"]);
    let current = if current == 3 && arrived.is_some() { 4 } else { current };
    STEPS
        .iter()
        .enumerate()
        .map(|(i, (title, types))| {
            let at = when(types);
            let state = match i.cmp(&current) {
                std::cmp::Ordering::Less => "done",
                std::cmp::Ordering::Equal => "now",
                std::cmp::Ordering::Greater => "next",
            };
            let note = at.filter(|_| i < current).map(|at| short(now, at)).unwrap_or_default();
            Step { title, state, note }
        })
        .collect()
}

/// 07:51 today, else 11-03 07:51.
fn short(now: Timestamp, at: Timestamp) -> String {
    let (n, z) = (ui::beijing(now), ui::beijing(at));
    if n.date() == z.date() { z.strftime("%H:%M").to_string() } else { z.strftime("%m-%d %H:%M").to_string() }
}

pub(super) fn entries(record: &[RecordLine], now: Timestamp) -> Vec<Entry> {
    let mut lines = record.to_vec();
    lines.sort_by_key(|l| std::cmp::Reverse(l.seq));
    let mut above = String::new();
    lines
        .into_iter()
        .map(|line| {
            let z = ui::beijing(line.at);
            let near = ui::near(now, line.at);
            let day = near.rsplit_once(' ').map_or(near.clone(), |(day, _)| day.to_owned());
            let shown = if day == above { String::new() } else { day.clone() };
            above = day;
            Entry {
                day: shown,
                clock: z.strftime("%H:%M").to_string(),
                by: line.actor.clone(),
                member: line.member.as_deref().map(|title| {
                    let (province, name) = title.split_once('·').unwrap_or(("", title));
                    (province.to_owned(), name.to_owned())
                }),
                exhibits: line.exhibits.clone(),
                line,
            }
        })
        .collect()
}

/// What was done last: of the entries that one act left, the first says what it was, the others what followed.
pub(super) fn just_done(record: &[RecordLine]) -> String {
    let last = record.iter().max_by_key(|l| l.seq).map(|l| (l.at, &l.actor));
    let same = record.iter().filter(|l| last == Some((l.at, &l.actor)));
    same.min_by_key(|l| l.seq).map(|l| l.title.clone()).unwrap_or_default()
}

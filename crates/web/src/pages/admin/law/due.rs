//! What would be due when, if something began now: as it is in force, and as it would be after a change.

use crate::pages::ui;
use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use lianzhi_law::{LawData, LawFiles, Running, Service, Standard};
use lianzhi_procedure::Refusal;
use std::collections::BTreeMap;

/// The end of a term with its sum.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::pages::admin) struct Due {
    /// `今天 11:00`.
    pub text: String,
    /// `2026-11-23 11:00`.
    pub full: String,
    pub arithmetic: String,
    pub provisional: bool,
}

/// A term before and after a change; without a change there is no `after`.
#[derive(Debug, Clone)]
pub(in crate::pages::admin) struct Trial {
    pub title: String,
    pub measure: String,
    pub before: Option<Due>,
    pub after: Option<Due>,
    pub source: String,
}

impl Trial {
    pub fn differs(&self) -> bool {
        self.after.is_some() && self.after != self.before
    }
}

/// When a term ends that begins at a moment.
pub(in crate::pages::admin) fn due(
    law: &LawData,
    standard: &Standard,
    start: Timestamp,
    now: Timestamp,
) -> Due {
    match Running::start(standard, law.calendars(), start) {
        Ok(running) => Due {
            text: lianzhi_law::due_text(running.due, now),
            full: ui::full(running.due),
            provisional: running.provisional_year.is_some(),
            arithmetic: running.arithmetic,
        },
        Err(error) => Due {
            text: "算不出来".into(),
            full: String::new(),
            arithmetic: error.to_string(),
            provisional: false,
        },
    }
}

/// The terms of a report in this category, if it came in at a moment.
pub(in crate::pages::admin) fn of_category(
    law: &LawData,
    handling: &Standard,
    start: Timestamp,
    now: Timestamp,
) -> Vec<Trial> {
    let date = ui::beijing(start).date();
    let services = [Service::Accept, Service::Arrive, Service::Answer];
    let services = services.iter().map(|service| law.service_standard(*service, date));
    services
        .chain([handling])
        .map(|standard| Trial {
            title: standard.title.to_string(),
            measure: standard.plain_measure(),
            before: Some(due(law, standard, start, now)),
            after: None,
            source: standard.source.to_string(),
        })
        .collect()
}

/// Each standard in force, under the law as it is and as it would be. Only those that a calendar can change.
pub(super) fn by_calendar(
    old: &LawData,
    new: &LawData,
    start: Timestamp,
    now: Timestamp,
    counts: impl Fn(&Standard) -> bool,
) -> Vec<Trial> {
    let date = ui::beijing(start).date();
    let in_force = |s: &&Standard| s.in_force_from <= date && s.in_force_to.is_none_or(|to| to >= date);
    old.standards()
        .filter(in_force)
        .filter(|s| counts(s))
        .map(|standard| Trial {
            title: standard.title.to_string(),
            measure: standard.plain_measure(),
            before: Some(due(old, standard, start, now)),
            after: Some(due(new, standard, start, now)),
            source: standard.source.to_string(),
        })
        .collect()
}

/// All files with one in another text, checked.
pub(in crate::pages::admin) fn load(
    files: &BTreeMap<String, (String, bool)>,
    name: &str,
    text: &str,
) -> Result<LawData, Refusal> {
    let mut all = LawFiles::default();
    for (other, (content, _)) in files {
        all.put(other, content);
    }
    all.put(name, text);
    LawData::load(&all).map_err(|e| {
        Refusal::invalid("text", format!("数据有误：{e}。"), "请改正后再启用；现在仍用原来的数据。")
    })
}

/// A moment as a `datetime-local` field gives it; none when it is empty.
pub(in crate::pages::admin) fn moment(field: &'static str, text: &str) -> Result<Option<Timestamp>, Refusal> {
    if text.trim().is_empty() {
        return Ok(None);
    }
    let civil: Option<DateTime> = text.trim().parse().ok();
    let zoned = civil.and_then(|c| c.to_zoned(jiff::tz::TimeZone::fixed(jiff::tz::offset(8))).ok());
    zoned
        .map(|z| Some(z.timestamp()))
        .ok_or_else(|| Refusal::invalid(field, "时间格式不对。", "请按 2026-11-22 14:05 的样子填写。"))
}

/// A moment for a `datetime-local` field.
pub(in crate::pages::admin) fn local(at: Timestamp) -> String {
    ui::beijing(at).strftime("%Y-%m-%dT%H:%M").to_string()
}

/// A day of a form.
pub(in crate::pages::admin) fn day(field: &'static str, text: &str) -> Result<Date, Refusal> {
    text.trim().parse().map_err(|_| Refusal::invalid(field, "日期不对。", "请写成 2026-11-22。"))
}

/// Nine in the morning of a day.
pub(super) fn morning(day: Date) -> Option<Timestamp> {
    let nine = day.at(9, 0, 0, 0);
    nine.to_zoned(jiff::tz::TimeZone::fixed(jiff::tz::offset(8))).ok().map(|z| z.timestamp())
}

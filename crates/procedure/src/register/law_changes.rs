//! What was changed of a file of law data: which terms, hours, rules and holidays, and how.

use super::changes::{Change, from_to, lines};
use jiff::ToSpan;
use jiff::civil::{Date, date};
use lianzhi_law::{Calendar, Days, Direction, LawData, LawFiles, Standard, StatutoryTerm};
use std::collections::BTreeSet;

/// Days that are named one by one.
const DAYS_NAMED: usize = 3;

/// What a text changes of the one before; without one, of what comes with the program under this name.
pub(super) fn between(name: &str, old: Option<&str>, new: &str) -> Vec<Change> {
    let delivered = LawFiles::builtin();
    let old = old.or_else(|| delivered.iter().find(|(file, _)| *file == name).map(|(_, text)| text));
    let mut changes = match (load(name, old), load(name, Some(new))) {
        (Some(old), Some(new)) => compared(&old, &new),
        // Data that only holds together with other files of the agency.
        _ => Vec::new(),
    };
    if changes.is_empty()
        && let Some(what) = lines(old.unwrap_or_default(), new)
    {
        changes.push(Change { field: "内容".into(), what });
    }
    changes
}

fn load(name: &str, text: Option<&str>) -> Option<LawData> {
    let mut files = LawFiles::builtin();
    match text {
        Some(text) => files.put(name, text),
        None => files.remove(name),
    }
    LawData::load(&files).ok()
}

fn compared(old: &LawData, new: &LawData) -> Vec<Change> {
    let mut changes = standards(old, new);
    changes.extend(calendars(old, new));
    changes.extend(rules(old, new));
    changes.extend(holidays(old, new));
    changes.extend(told(&statutes(old), &statutes(new)));
    changes.extend(told(&tightened(old), &tightened(new)));
    changes.extend(told(&powers(old), &powers(new)));
    changes.extend(told(&thresholds(old), &thresholds(new)));
    changes
}

/// An entry in words: what it is, from when it counts, and what it says, part by part.
#[derive(PartialEq)]
struct Told {
    key: String,
    title: String,
    from: Date,
    /// Name and value; the first is what it is about.
    says: Vec<(&'static str, String)>,
}

impl Told {
    fn value(&self) -> String {
        self.says
            .iter()
            .filter(|(_, value)| !value.is_empty())
            .map(|(n, v)| format!("{n}{v}"))
            .collect::<Vec<_>>()
            .join("，")
    }
}

fn told(old: &[Told], new: &[Told]) -> Vec<Change> {
    let (before, after): (Vec<_>, Vec<_>) = (old.iter().collect(), new.iter().collect());
    let differ = |a: &Told, b: &Told| {
        let pairs = a.says.iter().zip(&b.says).map(|((name, x), (_, y))| (*name, x.clone(), y.clone()));
        differences(&pairs.collect::<Vec<_>>())
    };
    versions(&before, &after, |t| &t.key, |t| t.from, (|t: &Told| t.title.clone(), Told::value), differ)
}

/// The first day of what has always been in force.
const ALWAYS: Date = Date::constant(1949, 10, 1);

fn until(day: Option<Date>) -> String {
    day.map(|day| format!("至 {day}")).unwrap_or_default()
}

fn statutes(law: &LawData) -> Vec<Told> {
    let told = |term: &StatutoryTerm| {
        let rule = term.rule();
        let back = if term.direction == Direction::Before { "倒推 " } else { "" };
        let measure = term.measure.map_or("没有天数".to_owned(), |m| format!("{back}{}", m.text()));
        Told {
            key: term.key.to_string(),
            title: format!("法定期限 {}", term.title),
            from: term.in_force_from.unwrap_or(ALWAYS),
            says: vec![
                ("", measure),
                ("依据 ", term.citation()),
                ("约束 ", term.binds.title().to_owned()),
                ("起算 ", rule.trigger.to_string()),
                ("末日 ", rule.rolls.unwrap_or_default()),
                ("不计 ", rule.excluded.join("；")),
                ("延长 ", rule.extensions.join("；")),
                ("后果 ", rule.consequence.to_string()),
                ("文书用语 ", term.document.to_string()),
                ("核对情况 ", term.standing.title().to_owned()),
                ("施行 ", until(term.in_force_to)),
            ],
        }
    };
    law.statutes().map(told).collect()
}

fn tightened(law: &LawData) -> Vec<Told> {
    let told = |own: &lianzhi_law::Tightening| {
        let term = law.statutes().find(|term| term.key == own.key);
        let unit = term.map(|term| term.unit().title()).unwrap_or_default();
        Told {
            key: own.key.to_string(),
            title: format!("本机关从严：{}", term.map_or(&*own.key, |term| &term.title)),
            from: own.in_force_from,
            says: vec![
                ("", format!("{} {unit}", own.n)),
                ("依据 ", own.source.to_string()),
                ("施行 ", until(own.in_force_to)),
            ],
        }
    };
    law.tightenings().map(told).collect()
}

fn powers(law: &LawData) -> Vec<Told> {
    let told = |power: &lianzhi_law::Power| Told {
        key: format!("{} {}", power.agency, power.decision),
        title: format!("执法权力 {}", power.agency),
        from: power.in_force_from,
        says: vec![
            ("事项 ", power.items.iter().map(ToString::to_string).collect::<Vec<_>>().join("、")),
            ("依据 ", power.decision.to_string()),
            ("赋权机关 ", power.given_by.as_deref().unwrap_or_default().to_owned()),
            ("核对情况 ", power.standing.title().to_owned()),
            ("施行 ", until(power.in_force_to)),
        ],
    };
    law.powers().map(told).collect()
}

fn thresholds(law: &LawData) -> Vec<Told> {
    let told = |threshold: &lianzhi_law::Threshold| {
        let what = threshold.kind.title();
        Told {
            key: format!("{what} {}", threshold.jurisdiction),
            title: format!("{what}（{}）", threshold.jurisdiction.title()),
            from: threshold.in_force_from,
            says: vec![
                ("个人 ", format!("{} 元", threshold.person)),
                ("单位 ", format!("{} 元", threshold.entity)),
                ("另须审核 ", format!("{} 类", threshold.also.len())),
                ("依据 ", threshold.source.to_string()),
                ("核对情况 ", threshold.standing.title().to_owned()),
                ("施行 ", until(threshold.in_force_to)),
            ],
        }
    };
    law.thresholds().map(told).collect()
}

/// Versions of entries, told by what they are and from when they count.
fn versions<'a, T: PartialEq>(
    old: &[&'a T],
    new: &[&'a T],
    code: impl Fn(&T) -> &str,
    from: impl Fn(&T) -> Date,
    (title, value): (impl Fn(&T) -> String, impl Fn(&T) -> String),
    differ: impl Fn(&T, &T) -> Vec<String>,
) -> Vec<Change> {
    let same = |a: &T, b: &T| code(a) == code(b) && from(a) == from(b);
    let mut changes = Vec::new();
    let mut say = |of: &T, what: String| changes.push(Change { field: title(of), what });
    for entry in new {
        let before = old.iter().filter(|o| code(o) == code(entry) && from(o) < from(entry));
        match old.iter().find(|o| same(o, entry)) {
            Some(found) if *found == *entry => {}
            Some(found) => {
                let parts = differ(found, entry);
                if !parts.is_empty() {
                    say(entry, parts.join("；"));
                }
            }
            None => match before.max_by_key(|o| from(o)) {
                Some(before) => {
                    let parts = differ(before, entry);
                    let parts = if parts.is_empty() { value(entry) } else { parts.join("；") };
                    say(entry, format!("{} 起 {parts}", from(entry)));
                }
                None => say(entry, format!("新增，{} 起 {}", from(entry), value(entry))),
            },
        }
    }
    for entry in old.iter().filter(|o| !new.iter().any(|n| same(o, n))) {
        say(entry, format!("去掉 {} 起的 {}", from(entry), value(entry)));
    }
    changes
}

/// What two texts of one entry say differently.
fn differences(pairs: &[(&str, String, String)]) -> Vec<String> {
    let changed = pairs.iter().filter(|(_, old, new)| old != new);
    changed.map(|(word, old, new)| format!("{word}{}", from_to(old, new))).collect()
}

fn standards(old: &LawData, new: &LawData) -> Vec<Change> {
    let calendar = |law: &LawData, s: &Standard| match &s.calendar {
        None => "自然日".to_owned(),
        Some(code) => {
            let found = law.calendars().iter().find(|c| c.code == *code);
            found.map_or_else(|| code.to_string(), |c| c.title.to_string())
        }
    };
    let differ = |a: &Standard, b: &Standard| {
        let mut parts = differences(&[
            ("", a.plain_measure(), b.plain_measure()),
            ("日历 ", calendar(old, a), calendar(new, b)),
            ("名称 ", a.title.to_string(), b.title.to_string()),
            ("依据 ", a.source.to_string(), b.source.to_string()),
            ("核对情况 ", a.standing.title().to_owned(), b.standing.title().to_owned()),
        ]);
        if (a.rolls_over, &a.warn) != (b.rolls_over, &b.warn) {
            parts.push("提醒、顺延的规则有改动".into());
        }
        parts
    };
    let (before, after): (Vec<_>, Vec<_>) = (old.standards().collect(), new.standards().collect());
    let words = (|s: &Standard| s.title.to_string(), Standard::plain_measure);
    versions(&before, &after, |s| &s.code, |s| s.in_force_from, words, differ)
}

fn hours(calendar: &Calendar) -> String {
    let days = if calendar.days == Days::All { "每天" } else { "工作日" };
    format!("{days} {}", calendar.hours())
}

fn calendars(old: &LawData, new: &LawData) -> Vec<Change> {
    let differ = |a: &Calendar, b: &Calendar| {
        differences(&[
            ("", hours(a), hours(b)),
            ("名称 ", a.title.to_string(), b.title.to_string()),
            ("依据 ", a.source.to_string(), b.source.to_string()),
        ])
    };
    let (before, after): (Vec<_>, Vec<_>) =
        (old.calendars().iter().collect(), new.calendars().iter().collect());
    let words = (|c: &Calendar| c.title.to_string(), hours);
    versions(&before, &after, |c| &c.code, |c| c.in_force_from, words, differ)
}

fn rules(old: &LawData, new: &LawData) -> Vec<Change> {
    let title = |law: &LawData, code: &str| {
        let found = law.standards().find(|s| &*s.code == code);
        found.map_or_else(|| code.to_owned(), |s| s.title.to_string())
    };
    let (before, after): (Vec<_>, Vec<_>) = (old.category_rules().collect(), new.category_rules().collect());
    let words = (
        |r: &lianzhi_law::CategoryRule| format!("类别 {} 的处置期限", r.prefix),
        |r: &lianzhi_law::CategoryRule| title(new, &r.standard),
    );
    versions(
        &before,
        &after,
        |r| &r.prefix,
        |r| r.in_force_from,
        words,
        |a, b| differences(&[("", title(old, &a.standard), title(new, &b.standard))]),
    )
}

fn holidays(old: &LawData, new: &LawData) -> Vec<Change> {
    let notice = |law: &LawData, year: i16| {
        law.calendars().holidays().years().find(|(y, _)| *y == year).map(|(_, notice)| notice.to_owned())
    };
    let years = |law: &LawData| law.calendars().holidays().years().map(|(year, _)| year).collect::<Vec<_>>();
    let years: BTreeSet<i16> = years(old).into_iter().chain(years(new)).collect();
    let tell = |year: i16| {
        let first = date(year, 1, 1);
        let days = (0..366_i64).map(|n| first.saturating_add(n.days())).filter(|d| d.year() == year);
        let changed: Vec<Date> =
            days.filter(|d| old.calendars().day(*d).kind != new.calendars().day(*d).kind).collect();
        let (before, after) = (notice(old, year), notice(new, year));
        let mut parts = match (&before, &after) {
            (None, Some(notice)) => vec![format!("载入（{notice}）")],
            (Some(_), None) => vec!["去掉，按周末和法定节日推算".into()],
            (before, after) if before != after => {
                vec![format!(
                    "文号 {}",
                    from_to(before.as_deref().unwrap_or(""), after.as_deref().unwrap_or(""))
                )]
            }
            _ => Vec::new(),
        };
        if !changed.is_empty() {
            let named: Vec<String> = changed.iter().take(DAYS_NAMED).map(ToString::to_string).collect();
            let more = if changed.len() > DAYS_NAMED { "等" } else { "" };
            // Without a schedule, the days of a year are reckoned from weekends and statutory festivals.
            let than = if before.is_some() && after.is_some() { "有改动" } else { "和推算的不同" };
            parts.push(format!("{} 天{than}（{}{more}）", changed.len(), named.join("、")));
        }
        (!parts.is_empty())
            .then(|| Change { field: format!("{year} 年放假安排"), what: parts.join("；") })
    };
    years.into_iter().filter_map(tell).collect()
}

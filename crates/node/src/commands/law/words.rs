//! Answers of the law data for people at a terminal.

use jiff::Timestamp;
use lianzhi_law::ask::{Compared, Items, Terms};
use lianzhi_law::entered::EntriesView;
use lianzhi_law::{BasisView, ChoiceView, Comparison, Direction, Due, ItemView, Surcharge, citation};
use std::fmt::Write as _;

/// One line of a name and what it is; nothing where there is nothing.
fn line(text: &mut String, name: &str, what: &str) {
    if !what.is_empty() {
        let _ = writeln!(text, "{name}：{what}");
    }
}

pub(super) fn due(due: &Due) -> String {
    let mut text = format!("{}（{}）\n", due.title, due.key);
    let (from, end) = match due.direction {
        Direction::After => ("起算", "截止"),
        Direction::Before => ("倒推自", "最迟"),
    };
    line(&mut text, from, &due.from.to_string());
    let doubt = if due.provisional { "（暂定）" } else { "" };
    match due.due {
        Some(day) => line(&mut text, end, &format!("{day}{doubt}")),
        None => line(&mut text, end, "法律没有规定天数"),
    }
    if let Some(own) = &due.own {
        line(&mut text, "本机关从严", &format!("{}（{}）", own.due, own.source));
    }
    line(&mut text, "依据", &citation(&due.law, &due.article));
    line(&mut text, "计算", &due.explanation);
    line(&mut text, "后果", &due.consequence);
    text
}

pub(super) fn terms(all: &Terms) -> String {
    let mut text = String::new();
    for term in &all.terms {
        let n = if term.n == 0 { String::new() } else { format!("{} ", term.n) };
        let cited = citation(&term.law, &term.article);
        let _ = writeln!(text, "{}  {}  {n}{}  {cited}", term.key, term.title, term.unit.title());
    }
    text
}

pub(super) fn surcharge(found: &Surcharge) -> String {
    let mut text = format!("加处罚款：{} 元（{} 日）\n", found.surcharge_yuan, found.days);
    if let Some(day) = found.capped_on {
        line(&mut text, "封顶", &format!("{day} 起以罚款数额 {} 元为限", found.fine_yuan));
    }
    line(&mut text, "尚欠", &format!("{} 元（罚款 {} 元）", found.owed_yuan, found.unpaid_yuan));
    line(&mut text, "计算", &found.explanation);
    text
}

/// A basis on one line.
fn basis(basis: &BasisView) -> String {
    let only = basis.only.as_ref().map_or(String::new(), |only| format!("，限于{only}"));
    let mark = if basis.needs_confirmation {
        format!("，{}，待法制人员确认", basis.verified.title())
    } else {
        String::new()
    };
    format!("{} {}（{}）：{}{only}{mark}", basis.jurisdiction, basis.citation, basis.subject, basis.range)
}

pub(super) fn choice(choice: &ChoiceView) -> String {
    let mut text = format!("{} {}\n", choice.item, choice.name);
    let chosen = choice.chosen.as_ref().map(|chosen| basis(&chosen.basis));
    line(&mut text, "适用", &chosen.unwrap_or_else(|| "没有可用的依据".to_owned()));
    line(&mut text, "理由", &choice.explanation);
    for warning in &choice.warnings {
        line(&mut text, "注意", warning);
    }
    for rejected in &choice.rejected {
        let _ = writeln!(text, "不适用：{}\n    {}", basis(&rejected.basis), rejected.reason);
    }
    text
}

pub(super) fn items(all: &Items) -> String {
    let mut text = String::new();
    for item in &all.items {
        let places: Vec<&str> = item.jurisdictions.iter().map(|place| place.as_str()).collect();
        let open = if item.unconfirmed == 0 {
            String::new()
        } else {
            format!("，{} 条待确认", item.unconfirmed)
        };
        let bases = if item.bases == 0 {
            "没有录入依据".to_owned()
        } else {
            format!("依据 {} 条（{}{open}）", item.bases, places.join("、"))
        };
        let _ = writeln!(text, "{}  {}  {}  {bases}", item.code, item.domain, item.name);
    }
    text
}

pub(super) fn item(item: &ItemView) -> String {
    let mut text = format!("{} {}（{}）\n", item.code, item.name, item.domain);
    line(&mut text, "行为", &item.violation);
    line(&mut text, "网格", &item.grid);
    line(&mut text, "免罚清单", item.sh_free_text);
    line(&mut text, "说明", &item.note);
    for view in &item.bases {
        let dates = match (view.effective_from, view.effective_to) {
            (Some(from), Some(to)) => format!("，{from} 至 {to}"),
            (Some(from), None) => format!("，{from} 起"),
            (None, Some(to)) => format!("，至 {to}"),
            (None, None) => String::new(),
        };
        line(&mut text, "依据", &format!("{}{dates}", basis(view)));
    }
    text
}

/// Several items, one after the other.
pub(super) fn compared(found: &Compared) -> String {
    found.items.iter().map(comparison).collect::<Vec<_>>().join("\n")
}

pub(super) fn comparison(found: &Comparison) -> String {
    let mut text = format!("{} {}（{}）\n", found.item, found.name, found.date);
    for place in &found.places {
        for rule in &place.rules {
            let what = rule.basis.as_ref().map_or(rule.standing.to_owned(), |view| {
                format!("{}：{}，{}", rule.standing, view.citation, view.range)
            });
            line(&mut text, &format!("{} {}", place.title, rule.subject.title()), &what);
        }
    }
    for gap in &found.gaps {
        line(&mut text, "缺口", gap);
    }
    for what in &found.incomparable {
        line(&mut text, "不能比较", what);
    }
    for conflict in &found.conflicts {
        line(&mut text, "不一致", &conflict.text);
    }
    text
}

pub(super) fn entered(found: &EntriesView) -> String {
    let mut text = String::new();
    for entry in &found.entries {
        let mark = if entry.counts { "" } else { "（待确认，确认前不生效）" };
        let _ = writeln!(text, "{}{mark}", entry.title);
        line(&mut text, "内容", &entry.words);
        if let Some(entered) = &entry.entered {
            let at = Timestamp::from_microsecond(entered.at).unwrap_or_default();
            line(&mut text, "登记", &format!("{} {}", lianzhi_procedure::beijing_date(at), entered.by));
        }
        if let Some(word) = &entry.confirmed {
            line(&mut text, "确认", &format!("{} {} 对照 {}", word.date, word.by, word.source));
        }
    }
    text
}

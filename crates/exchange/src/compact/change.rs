//! Changes of the compact, and what they say in words.

use super::{Card, Epoch, Form, ListEntry, Member, Pair, Shared};
use lianzhi_ids::NodeCode;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// One change of an epoch.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "change", rename_all = "snake_case", deny_unknown_fields)]
pub enum Change {
    /// Takes a member in, or describes it anew.
    PutMember {
        /// Its own word.
        card: Box<Card>,
    },
    /// A member goes; its pairs end with it, and it is no party of any entry any more.
    RemoveMember {
        /// Which.
        node: NodeCode,
        /// Against its will.
        #[serde(default)]
        expelled: bool,
        /// Why; has to be said of an expulsion.
        #[serde(default)]
        grounds: String,
    },
    /// Adds an entry to the list, or amends it.
    PutEntry {
        /// The entry as it shall be.
        entry: Box<ListEntry>,
    },
    /// Takes an entry off the list; what was opened under it goes on to its end.
    RemoveEntry {
        /// Its number.
        id: String,
    },
    /// Pairs two members, or changes for what.
    PutPair {
        /// The pair; in which order is all the same.
        pair: Pair,
    },
    /// A pair ends.
    RemovePair {
        /// One.
        a: NodeCode,
        /// The other.
        b: NodeCode,
    },
    /// Another name.
    SetTitle {
        /// As it shall be.
        title: String,
    },
    /// Another number of countersignatures.
    SetK {
        /// As it shall be.
        k: u8,
    },
}

impl Change {
    /// What it changes: no proposal changes one thing twice.
    pub(super) fn target(&self) -> String {
        match self {
            Change::PutMember { card } => format!("成员 {}", card.member.node),
            Change::RemoveMember { node, .. } => format!("成员 {node}"),
            Change::PutEntry { entry } => format!("清单 {}", entry.id),
            Change::RemoveEntry { id } => format!("清单 {id}"),
            Change::PutPair { pair: Pair { a, b, .. } } | Change::RemovePair { a, b } => {
                format!("结对 {}—{}", a.min(b), a.max(b))
            }
            Change::SetTitle { .. } => "名称".into(),
            Change::SetK { .. } => "会签门槛".into(),
        }
    }

    /// The difference that it makes to an epoch, in plain words.
    #[must_use]
    pub fn words(&self, before: &Epoch) -> String {
        match self {
            Change::PutMember { card } => match before.member(&card.member.node) {
                None => added_member(&card.member),
                Some(old) => {
                    format!("修改成员 {}：{}", old.title(), or_nothing(member_diff(old, &card.member)))
                }
            },
            Change::RemoveMember { node, expelled, grounds } => {
                let verb = if *expelled { "除名" } else { "退出" };
                let why = if grounds.is_empty() { String::new() } else { format!("，理由：{grounds}") };
                let pairs = before.pairs.iter().filter(|p| p.a == *node || p.b == *node).count();
                let entries = before.list.iter().filter(|e| e.parties.contains(node)).count();
                let mut ends = Vec::new();
                if pairs > 0 {
                    ends.push(format!("{pairs} 项结对"));
                }
                if entries > 0 {
                    ends.push(format!("{entries} 项清单的参与"));
                }
                let ends = if ends.is_empty() {
                    String::new()
                } else {
                    format!("（其{}同时终止）", ends.join("、"))
                };
                format!("{} {verb}{why}{ends}", before.member_title(node))
            }
            Change::PutEntry { entry } => match before.list_entry(&entry.id) {
                None => added_entry(entry, before),
                Some(old) => {
                    format!(
                        "修改清单 {}《{}》：{}",
                        old.id,
                        old.title,
                        or_nothing(entry_diff(old, entry, before))
                    )
                }
            },
            Change::RemoveEntry { id } => {
                let title = before.list_entry(id).map_or("", |e| &e.title);
                format!("取消清单 {id}《{title}》：不再据此发起新的协作，已发起的办理到结束")
            }
            Change::PutPair { pair } => {
                let (a, b) = (before.member_title(&pair.a), before.member_title(&pair.b));
                let purpose =
                    if pair.purpose.is_empty() { String::new() } else { format!("：{}", pair.purpose) };
                format!("{a} 与 {b} 结对共建{purpose}")
            }
            Change::RemovePair { a, b } => {
                format!("{} 与 {} 结束结对", before.member_title(a), before.member_title(b))
            }
            Change::SetTitle { title } => format!("名称由“{}”改为“{title}”", before.title),
            Change::SetK { k } => format!("会签门槛由 {} 个省份改为 {k} 个", before.k),
        }
    }

    /// What it says by itself, with members by the name that `name` gives: in a proposal of the first epoch, and in a record
    /// that is read when the epoch before is past.
    #[must_use]
    pub fn words_first(&self, name: &dyn Fn(&NodeCode) -> String) -> String {
        match self {
            Change::SetTitle { title } => format!("名称：{title}"),
            Change::SetK { k } => format!("会签门槛：{k} 个省份"),
            Change::PutMember { card } => added_member(&card.member),
            Change::PutEntry { entry } => {
                format!("清单 {}《{}》（{}）", entry.id, entry.title, entry_line(entry, name))
            }
            Change::PutPair { pair } => {
                let purpose =
                    if pair.purpose.is_empty() { String::new() } else { format!("：{}", pair.purpose) };
                format!("{} 与 {} 结对共建{purpose}", name(&pair.a), name(&pair.b))
            }
            Change::RemoveMember { node, expelled, grounds } => {
                let verb = if *expelled { "除名" } else { "退出" };
                let why = if grounds.is_empty() { String::new() } else { format!("，理由：{grounds}") };
                format!("成员 {} {verb}{why}", name(node))
            }
            Change::RemoveEntry { id } => format!("取消清单 {id}"),
            Change::RemovePair { a, b } => format!("{} 与 {} 结束结对", name(a), name(b)),
        }
    }
}

fn or_nothing(diff: Vec<String>) -> String {
    if diff.is_empty() { "内容不变".into() } else { diff.join("；") }
}

fn added_member(member: &Member) -> String {
    let voice = if member.signatory { "，代表本省会签" } else { "" };
    let keys: Vec<String> =
        member.keys.iter().map(|k| format!("{} {}", k.key.suite().title(), k.key.fingerprint())).collect();
    format!("新增成员 {}（{}）{voice}；密钥指纹 {}", member.title(), member.level.title(), keys.join("、"))
}

fn changed(diff: &mut Vec<String>, what: &str, old: &str, new: &str) {
    if old != new {
        let show = |text: &str| if text.is_empty() { "无".to_owned() } else { text.to_owned() };
        diff.push(format!("{what}由“{}”改为“{}”", show(old), show(new)));
    }
}

fn member_diff(old: &Member, new: &Member) -> Vec<String> {
    let mut diff = Vec::new();
    changed(&mut diff, "名称", &old.name, &new.name);
    changed(&mut diff, "层级", old.level.title(), new.level.title());
    changed(&mut diff, "上级机关", &old.superior, &new.superior);
    for key in new.keys.iter().filter(|k| !old.keys.iter().any(|o| o.key == k.key)) {
        diff.push(format!("新密钥 {} {}", key.key.suite().title(), key.key.fingerprint()));
    }
    for key in old.keys.iter().filter(|k| !new.keys.iter().any(|o| o.key == k.key)) {
        diff.push(format!("停用密钥 {}", key.key.fingerprint()));
    }
    let window = |m: &Member| -> Vec<_> {
        m.keys.iter().map(|k| (k.key.id(), k.from, k.until)).filter(|k| keeps(old, new, &k.0)).collect()
    };
    if window(old) != window(new) {
        diff.push("密钥有效期调整".into());
    }
    changed(&mut diff, "存证日志公钥", &old.log_key, &new.log_key);
    changed(&mut diff, "见证公钥", &old.witness_key, &new.witness_key);
    changed(&mut diff, "交换地址", &old.addresses.join(" "), &new.addresses.join(" "));
    let people = |m: &Member| -> String {
        m.liaisons.iter().map(|l| format!("{} {}", l.name, l.phone)).collect::<Vec<_>>().join("、")
    };
    changed(&mut diff, "联络员", &people(old), &people(new));
    let voice = |m: &Member| if m.signatory { "是" } else { "否" };
    changed(&mut diff, "会签单位", voice(old), voice(new));
    diff
}

fn keeps(old: &Member, new: &Member, id: &str) -> bool {
    [old, new].iter().all(|m| m.keys.iter().any(|k| k.key.id() == id))
}

fn parties(entry: &ListEntry, name: impl Fn(&NodeCode) -> String) -> String {
    if entry.parties.is_empty() {
        return "全体成员".into();
    }
    entry.parties.iter().map(name).collect::<Vec<_>>().join("、")
}

fn forms(entry: &ListEntry) -> String {
    entry.forms.iter().map(|f: &Form| f.title()).collect::<Vec<_>>().join("、")
}

fn fields(entry: &ListEntry) -> String {
    entry.fields.iter().map(|f: &Shared| f.title()).collect::<Vec<_>>().join("、")
}

fn days(entry: &ListEntry) -> String {
    match entry.until {
        Some(until) => format!("{} 至 {until}", entry.from),
        None => format!("{} 起", entry.from),
    }
}

fn entry_line(entry: &ListEntry, name: impl Fn(&NodeCode) -> String) -> String {
    let onward = if entry.onward { "，经同意可转送" } else { "" };
    format!(
        "{}；{}；参与：{}；共享：{}；目的：{}；{} 个工作日答复，紧急 {} 个工作日{onward}；{}",
        entry.domain,
        forms(entry),
        parties(entry, name),
        fields(entry),
        entry.purpose,
        entry.term_days,
        entry.urgent_days,
        days(entry)
    )
}

fn added_entry(entry: &ListEntry, before: &Epoch) -> String {
    let line = entry_line(entry, |node| before.member_title(node));
    format!("新增清单 {}《{}》（{line}）", entry.id, entry.title)
}

fn entry_diff(old: &ListEntry, new: &ListEntry, before: &Epoch) -> Vec<String> {
    let mut diff = Vec::new();
    changed(&mut diff, "名称", &old.title, &new.title);
    changed(&mut diff, "领域", &old.domain, &new.domain);
    changed(&mut diff, "目的", &old.purpose, &new.purpose);
    let items =
        |e: &ListEntry| if e.items.is_empty() { "全部事项".to_owned() } else { e.items.join("、") };
    changed(&mut diff, "事项", &items(old), &items(new));
    changed(&mut diff, "协作方式", &forms(old), &forms(new));
    let names = |e: &ListEntry| parties(e, |node| before.member_title(node));
    changed(&mut diff, "参与单位", &names(old), &names(new));
    changed(&mut diff, "共享内容", &fields(old), &fields(new));
    let onward = |e: &ListEntry| if e.onward { "经同意可以" } else { "不可以" };
    changed(&mut diff, "转送", onward(old), onward(new));
    let term = |e: &ListEntry| format!("{} 个工作日，紧急 {} 个工作日", e.term_days, e.urgent_days);
    changed(&mut diff, "期限", &term(old), &term(new));
    changed(&mut diff, "上级", &old.superiors.join("、"), &new.superiors.join("、"));
    changed(&mut diff, "有效期", &days(old), &days(new));
    diff
}

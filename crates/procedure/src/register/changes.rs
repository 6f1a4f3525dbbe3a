//! What was changed of a record, in words for whoever audits: from the record as it was and as it is now.

use super::{Record, State, law_changes};
use crate::directory::{Category, Directory, Grid, Person, Settings, Unit};
use lianzhi_ids::{GridCode, Role, UnitCode};
use std::collections::{BTreeMap, HashMap};

/// Lines of a text that are named one by one.
const LINES_NAMED: usize = 3;

/// What putting a record does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Deed {
    /// There was none before.
    First,
    /// It was in force before.
    Changed,
    /// It was out of use.
    Restored,
}

impl Deed {
    /// In words.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Deed::First => "首次登记",
            Deed::Changed => "更改",
            Deed::Restored => "重新启用",
        }
    }
}

/// One thing that was changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// Of what: `上级`.
    pub field: String,
    /// How: `督察科 → 青浦区执法局`.
    pub what: String,
}

impl State {
    /// What putting a record does now.
    #[must_use]
    pub fn deed(&self) -> Deed {
        match (&self.record, self.retired) {
            (None, _) => Deed::First,
            (Some(_), false) => Deed::Changed,
            (Some(_), true) => Deed::Restored,
        }
    }

    /// What a record that is put now changes of the one before. A file of law data that was not changed before, or no
    /// longer, is compared with the one that comes with the program; another first record changes nothing.
    #[must_use]
    pub fn changes(&self, record: &Record, directory: &Directory) -> Vec<Change> {
        let mut told = Told { directory, changes: Vec::new() };
        match (self.record.as_deref(), record) {
            (Some(Record::Unit(old)), Record::Unit(new)) => told.unit(old, new),
            (Some(Record::Person(old)), Record::Person(new)) => told.person(old, new),
            (Some(Record::Grid(old)), Record::Grid(new)) => told.grid(old, new),
            (Some(Record::Category(old)), Record::Category(new)) => told.category(old, new),
            (Some(Record::Settings(old)), Record::Settings(new)) => told.settings(old, new),
            (Some(Record::Addresses { text: old, .. }), Record::Addresses { text: new, .. }) => {
                told.say_some("内容", lines(old, new));
            }
            (old, Record::Law { name, text }) => {
                let old = match old {
                    Some(Record::Law { text, .. }) if !self.retired => Some(text.as_str()),
                    _ => None,
                };
                told.changes = law_changes::between(name, old, text);
            }
            _ => {}
        }
        told.changes
    }
}

struct Told<'a> {
    directory: &'a Directory,
    changes: Vec<Change>,
}

impl Told<'_> {
    fn say(&mut self, field: impl Into<String>, what: impl Into<String>) {
        self.changes.push(Change { field: field.into(), what: what.into() });
    }

    fn say_some(&mut self, field: &str, what: Option<String>) {
        if let Some(what) = what {
            self.say(field, what);
        }
    }

    /// A field in which the two may differ.
    fn field<T: PartialEq + ?Sized>(
        &mut self,
        field: impl Into<String>,
        old: &T,
        new: &T,
        words: impl Fn(&T) -> String,
    ) {
        if old != new {
            self.say(field, from_to(&words(old), &words(new)));
        }
    }

    fn text(&mut self, field: &str, old: &str, new: &str) {
        self.field(field, old, new, str::to_owned);
    }

    fn flag(&mut self, field: &str, old: bool, new: bool) {
        self.field(field, &old, &new, |yes| if *yes { "是" } else { "否" }.into());
    }

    fn unit_name(&self, unit: Option<&UnitCode>) -> String {
        unit.map(|unit| self.directory.unit_name(unit).to_owned()).unwrap_or_default()
    }

    fn unit(&mut self, old: &Unit, new: &Unit) {
        self.text("名称", &old.name, &new.name);
        if old.parent != new.parent {
            let (from, to) = (self.unit_name(old.parent.as_ref()), self.unit_name(new.parent.as_ref()));
            self.say("上级", from_to(&from, &to));
        }
        self.text("电话", &old.phone, &new.phone);
        let town = |unit: &Unit| unit.town.as_ref().map(ToString::to_string).unwrap_or_default();
        self.text("所辖镇街", &town(old), &town(new));
        self.text("文号分支码", &old.branch, &new.branch);
        self.flag("外部门", old.outside, new.outside);
    }

    fn person(&mut self, old: &Person, new: &Person) {
        self.text("姓名", &old.name, &new.name);
        self.text("登录名", &old.login, &new.login);
        let (before, after) = (posts(old), posts(new));
        for (unit, (roles, grids)) in &before {
            let name = self.directory.unit_name(unit).to_owned();
            match after.get(unit) {
                None => self.say("岗位", format!("结束 {name}（{}）", titles(roles))),
                Some((new_roles, new_grids)) => {
                    self.field(format!("在{name}的角色"), roles, new_roles, |roles| titles(roles));
                    let grids = self.grids(grids, new_grids);
                    self.say_some(&format!("在{name}的网格"), grids);
                }
            }
        }
        for (unit, (roles, grids)) in after.iter().filter(|(unit, _)| !before.contains_key(*unit)) {
            let grids = match grids.as_slice() {
                [] => String::new(),
                some => format!("，网格 {}", self.grid_names(some)),
            };
            let name = self.directory.unit_name(unit);
            let what = format!("增加 {name}（{}）{grids}", titles(roles));
            self.say("岗位", what);
        }
        let certificate = |person: &Person| person.certificate.clone().unwrap_or_default();
        self.text("执法证号", &certificate(old), &certificate(new));
        self.flag("在职", old.active, new.active);
        self.flag("登录必须用动态口令", old.second_factor, new.second_factor);
    }

    fn grid_names(&self, grids: &[&GridCode]) -> String {
        let name = |grid: &&GridCode| {
            self.directory.grids.get(*grid).map_or_else(|| grid.to_string(), |g| g.name.clone())
        };
        grids.iter().map(name).collect::<Vec<_>>().join("、")
    }

    /// Grids of a post; none is the whole area of the unit.
    fn grids(&self, old: &[&GridCode], new: &[&GridCode]) -> Option<String> {
        if old == new {
            return None;
        }
        let whole = |grids: &[&GridCode]| match grids {
            [] => "整个辖区".to_owned(),
            some => self.grid_names(some),
        };
        if old.is_empty() || new.is_empty() {
            return Some(from_to(&whole(old), &whole(new)));
        }
        let without = |some: &[&GridCode], others: &[&GridCode]| -> String {
            let left: Vec<_> = some.iter().copied().filter(|grid| !others.contains(grid)).collect();
            self.grid_names(&left)
        };
        let parts = [("增加 ", without(new, old)), ("去掉 ", without(old, new))];
        let parts: Vec<_> = parts
            .iter()
            .filter(|(_, names)| !names.is_empty())
            .map(|(word, names)| format!("{word}{names}"))
            .collect();
        (!parts.is_empty()).then(|| parts.join("；"))
    }

    fn grid(&mut self, old: &Grid, new: &Grid) {
        self.text("名称", &old.name, &new.name);
        if old.unit != new.unit {
            let (from, to) = (self.unit_name(Some(&old.unit)), self.unit_name(Some(&new.unit)));
            self.say("负责单位", from_to(&from, &to));
        }
        self.text("镇街", old.town.as_str(), new.town.as_str());
        if old.geometry != new.geometry {
            let what = match (corners(&old.geometry), corners(&new.geometry)) {
                (from, to) if from == to => format!("有移动，仍是 {to} 个角"),
                (from, to) => format!("{from} 个角 → {to} 个角"),
            };
            self.say("边界", what);
        }
    }

    fn category(&mut self, old: &Category, new: &Category) {
        self.text("大类", &old.group, &new.group);
        self.text("名称", &old.name, &new.name);
        if old.department != new.department {
            let (from, to) =
                (self.unit_name(old.department.as_ref()), self.unit_name(new.department.as_ref()));
            self.say("主管部门", from_to(&from, &to));
        }
    }

    fn settings(&mut self, old: &Settings, new: &Settings) {
        self.text("机关名称", &old.agency, &new.agency);
        self.text("辖区", &old.region, &new.region);
        self.text("办件编号字头", &old.number_prefix, &new.number_prefix);
        self.field("上报人可要求重办", &old.reopen_days, &new.reopen_days, |days| {
            format!("结案后 {days} 日内")
        });
        self.field(
            "必须用动态口令的角色",
            &old.second_factor_roles,
            &new.second_factor_roles,
            |roles| titles(roles),
        );
        self.text("上级机关", &old.card.superior, &new.card.superior);
        self.field("交换地址", &old.card.addresses, &new.card.addresses, |all| all.join("、"));
        self.field("联络员", &old.card.liaisons, &new.card.liaisons, |all| {
            all.iter().map(|l| format!("{} {}", l.name, l.phone)).collect::<Vec<_>>().join("、")
        });
        self.field("行政层级", &old.card.level, &new.card.level, |level| {
            level.map_or("按区划代码", |level| level.title()).to_owned()
        });
        self.field("会签单位", &old.card.silent, &new.card.silent, |silent| {
            if *silent { "不代表本省会签" } else { "代表本省会签" }.to_owned()
        });
        self.text("联系电话", &old.papers.phone, &new.papers.phone);
        self.text("机关地址", &old.papers.address, &new.papers.address);
        self.text("行政复议机关", &old.papers.reconsideration, &new.papers.reconsideration);
        self.text("行政诉讼管辖法院", &old.papers.court, &new.papers.court);
        self.field("罚款缴纳方式", &old.papers.pay_ways, &new.papers.pay_ways, |ways| ways.join("；"));
        self.field("缴款码", &old.pay_codes, &new.pay_codes, |codes| {
            if !codes.given {
                return "由财政系统给出，人工登记".to_owned();
            }
            let prefix = if codes.prefix.is_empty() { "本机关代码" } else { &codes.prefix };
            let check = if codes.check { "，末位为校验码" } else { "" };
            format!("签发时自动给出，字头 {prefix}，{} 位{check}", codes.length)
        });
    }
}

/// What stood before and what stands now.
pub(super) fn from_to(old: &str, new: &str) -> String {
    let shown = |value: &str| if value.trim().is_empty() { "（空）".to_owned() } else { value.to_owned() };
    format!("{} → {}", shown(old), shown(new))
}

fn titles(roles: &[Role]) -> String {
    roles.iter().map(|role| role.title()).collect::<Vec<_>>().join("、")
}

type Posts<'a> = BTreeMap<&'a UnitCode, (Vec<Role>, Vec<&'a GridCode>)>;

/// Posts by their unit: two in one unit read as one.
fn posts(person: &Person) -> Posts<'_> {
    let mut posts = Posts::new();
    for post in &person.posts {
        let (roles, grids) = posts.entry(&post.unit).or_default();
        roles.extend(post.roles.iter().copied());
        grids.extend(&post.grids);
    }
    for (roles, grids) in posts.values_mut() {
        roles.sort_unstable();
        roles.dedup();
        grids.sort_unstable();
        grids.dedup();
    }
    posts
}

/// Corners of a GeoJSON geometry; the point that closes a ring is not counted twice.
fn corners(geometry: &str) -> usize {
    fn of(value: &serde_json::Value) -> usize {
        let Some(list) = value.as_array() else { return 0 };
        let is_point =
            |v: &serde_json::Value| v.as_array().is_some_and(|p| p.first().is_some_and(|n| n.is_number()));
        if list.first().is_some_and(is_point) {
            list.len() - usize::from(list.len() > 1 && list.first() == list.last())
        } else {
            list.iter().map(of).sum()
        }
    }
    let json: serde_json::Value = serde_json::from_str(geometry).unwrap_or_default();
    json.get("coordinates").map_or(0, of)
}

/// In which lines two texts differ; none when in no line.
pub(super) fn lines(old: &str, new: &str) -> Option<String> {
    let mut left: HashMap<&str, usize> = HashMap::new();
    for line in old.lines() {
        *left.entry(line).or_default() += 1;
    }
    let mut added = Vec::new();
    for (n, line) in new.lines().enumerate() {
        match left.get_mut(line) {
            Some(count) if *count > 0 => *count -= 1,
            _ => added.push(n + 1),
        }
    }
    let gone: usize = left.values().sum();
    let mut parts = Vec::new();
    if !added.is_empty() {
        let named: Vec<String> = added.iter().take(LINES_NAMED).map(ToString::to_string).collect();
        let more = if added.len() > LINES_NAMED { "等" } else { "" };
        parts.push(format!("新写 {} 行（第 {} 行{more}）", added.len(), named.join("、")));
    }
    if gone > 0 {
        parts.push(format!("去掉 {gone} 行"));
    }
    match parts.is_empty() {
        false => Some(parts.join("，")),
        true => (old != new).then(|| "行的次序有改动".to_owned()),
    }
}

//! Registers (名录): units, people, grids, categories, settings, law data, addresses. One docket for each record, so
//! that every change of administration is an entry like any other.

mod changes;
mod law_changes;

pub use changes::{Change, Deed};

use crate::directory::{Category, Directory, Grid, Person, Settings, Unit};
use crate::generation::Generation;
use crate::policy;
use crate::{Facts, Field, FieldKind, Offer, PartKind, Procedure, Refusal, Summary, Text};
use lianzhi_ids::{PersonCode, Role};
use lianzhi_law::entered::EntryKind;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// One record of a register, by its kind.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "register", content = "record", rename_all = "snake_case")]
#[expect(
    clippy::large_enum_variant,
    reason = "an agency has one settings record; none is kept by the thousand"
)]
pub enum Record {
    /// A unit.
    Unit(Unit),
    /// A person.
    Person(Person),
    /// A grid.
    Grid(Grid),
    /// A category.
    Category(Category),
    /// The agency's settings.
    Settings(Settings),
    /// A file of law data (calendar, terms), whole: name and text.
    Law {
        /// File name, e.g. `calendar/holidays.tsv`.
        name: String,
        /// Its text.
        text: String,
    },
    /// A block of the address register, whole: name and CSV text.
    Addresses {
        /// Name of the block, e.g. a street's code.
        name: String,
        /// CSV text.
        text: String,
    },
    /// What happened to somebody's access: no secret, only that it happened.
    Access {
        /// Whose.
        person: PersonCode,
        /// What, e.g. 重设密码, 停用口令, 签发令牌.
        what: String,
    },
    /// The beginning of a generation of the log, after a restore.
    Generation(Generation),
}

impl Record {
    /// Name of the register.
    #[must_use]
    pub fn register(&self) -> &'static str {
        match self {
            Record::Unit(_) => "unit",
            Record::Person(_) => "person",
            Record::Grid(_) => "grid",
            Record::Category(_) => "category",
            Record::Settings(_) => "settings",
            Record::Law { .. } => "law",
            Record::Addresses { .. } => "addresses",
            Record::Access { .. } => "access",
            Record::Generation(_) => "generation",
        }
    }
    /// Number of its docket: there is one docket for each key of a register.
    #[must_use]
    pub fn number(&self) -> String {
        format!("{}:{}", self.register(), self.key())
    }
    /// Key within the register.
    #[must_use]
    pub fn key(&self) -> String {
        match self {
            Record::Unit(u) => u.code.to_string(),
            Record::Person(p) => p.code.to_string(),
            Record::Grid(g) => g.code.to_string(),
            Record::Category(c) => c.code.to_string(),
            Record::Settings(_) => "settings".into(),
            Record::Law { name, .. } | Record::Addresses { name, .. } => name.clone(),
            Record::Access { person, .. } => person.to_string(),
            Record::Generation(g) => g.number.to_string(),
        }
    }
    /// What it is, for people: `网格 城南一网格（310118001001）`, `蔡天峰 的登录：重设密码`.
    #[must_use]
    pub fn words(&self, directory: &Directory) -> String {
        match self {
            Record::Unit(u) => format!("单位 {}（{}）", u.name, u.code),
            Record::Person(p) => format!("人员 {}（{}）", p.name, p.code),
            Record::Grid(g) => format!("网格 {}（{}）", g.name, g.code),
            Record::Category(c) => format!("类别 {}（{}）", c.name, c.code),
            Record::Settings(_) => "本机关的设置".into(),
            Record::Law { name, .. } => format!("时限、日历数据 {name}"),
            Record::Addresses { name, .. } => format!("地址名录 {name}"),
            Record::Access { person, what } => {
                format!("{} 的登录：{}", directory.person_name(person), access_words(what, directory))
            }
            Record::Generation(g) => {
                format!("存证日志第 {} 代：由备份的 {} 条记录续写", g.number, g.restored)
            }
        }
    }
}

/// What happened to somebody's access, as it is said: without the moment that keeps two alike apart, and with the name
/// of whoever did it for him.
fn access_words(what: &str, directory: &Directory) -> String {
    let said = match what.rsplit_once(' ') {
        Some((said, at)) if at.parse::<jiff::Timestamp>().is_ok() => said,
        _ => what,
    };
    match said.split_once(' ') {
        Some(("system", done)) => format!("{done}（由系统）"),
        Some((by, done)) => match by.strip_prefix("person:").map(PersonCode::parse) {
            Some(Ok(by)) => format!("{done}（由{}）", directory.person_name(&by)),
            _ => said.to_owned(),
        },
        None => said.to_owned(),
    }
}

/// What can be asked of a register.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(tag = "command", rename_all = "snake_case")]
pub enum Command {
    /// Adds or changes the record.
    Put {
        /// The record as it shall be from now on.
        #[serde(flatten)]
        record: Box<Record>,
    },
    /// Takes the record out of use; what refers to it stays readable.
    Retire {
        /// Why.
        #[serde(default)]
        reason: String,
    },
}

/// What happened to a record.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Event {
    /// The record is now this.
    Put {
        /// The record.
        #[serde(flatten)]
        record: Box<Record>,
    },
    /// The record is out of use.
    Retired {
        /// Why.
        reason: String,
    },
}

/// A record and whether it is in use.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct State {
    /// The record as last put.
    pub record: Option<Box<Record>>,
    /// Out of use.
    pub retired: bool,
}

/// The procedure.
#[derive(Debug)]
pub struct Register;

impl Procedure for Register {
    const KIND: &'static str = "register";
    const TITLE: &'static str = "名录";
    type State = State;
    type Command = Command;
    type Event = Event;

    fn decide(state: &State, command: Command, facts: &Facts<'_>) -> Result<Vec<Event>, Refusal> {
        policy::permit(facts, action(&command), &policy::Matter::default())?;
        match command {
            Command::Put { record } => {
                if let Some(old) = &state.record
                    && (old.register() != record.register() || old.key() != record.key())
                {
                    return Err(Refusal::invalid(
                        "record",
                        "名录记录的种类和编码不能改变。",
                        "请停用旧记录，另建新记录。",
                    ));
                }
                if state.record.as_ref() == Some(&record) && !state.retired {
                    return Ok(Vec::new());
                }
                check(&record, facts)?;
                Ok(vec![Event::Put { record }])
            }
            Command::Retire { .. } if state.record.is_none() => Err(Refusal::missing("没有这条名录记录。")),
            Command::Retire { .. } if state.retired => Ok(Vec::new()),
            Command::Retire { reason } => {
                if let Some(record) = &state.record {
                    check_unused(record, facts)?;
                }
                Ok(vec![Event::Retired { reason }])
            }
        }
    }

    fn evolve(mut state: State, event: &Event) -> State {
        match event {
            Event::Put { record } => {
                state.record = Some(record.clone());
                state.retired = false;
            }
            Event::Retired { .. } => state.retired = true,
        }
        state
    }

    fn offers(state: &State, facts: &Facts<'_>) -> Vec<Offer> {
        if policy::permit(facts, "administer", &policy::Matter::default()).is_err()
            || state.retired
            || state.record.is_none()
        {
            return Vec::new();
        }
        vec![Offer {
            command: "retire",
            title: "停用",
            consequence: "不再使用这条记录；已有办件里的引用照常可读。",
            fields: vec![Field {
                name: "reason",
                title: "原因",
                required: false,
                kind: FieldKind::Line,
                hint: "".into(),
            }],
            main: false,
            refused: None,
        }]
    }

    fn summary(state: &State) -> Summary {
        Summary {
            number: state.record.as_ref().map(|r| r.number()).unwrap_or_default(),
            stage: if state.retired { "retired" } else { "in_force" },
            open: false,
            source: "administration",
            ..Summary::default()
        }
    }

    fn texts(_: &mut Command) -> Vec<(PartKind, &mut Text)> {
        Vec::new()
    }
}

/// What of the policy a command needs: a legal basis is confirmed by a legal officer, everything else is administration.
fn action(command: &Command) -> &'static str {
    match command {
        Command::Put { record } => match record.as_ref() {
            Record::Law { name, .. } if lianzhi_law::confirm::is_file(name) => "confirm_basis",
            Record::Law { name, .. }
                if lianzhi_law::is_common_file(name)
                    || lianzhi_law::is_own_file(name)
                    || EntryKind::of_file(name).is_some() =>
            {
                "keep_law"
            }
            _ => "administer",
        },
        Command::Retire { .. } => "administer",
    }
}

/// Longest name in a register, in characters: what still fits a table cell and a stamp.
const NAME_CHARS_MAX: usize = 100;

fn check(record: &Record, facts: &Facts<'_>) -> Result<(), Refusal> {
    let directory = facts.directory;
    let name = |name: &str| {
        if name.trim().is_empty() || name.chars().count() > NAME_CHARS_MAX {
            Err(Refusal::invalid("name", "名称为空或太长。", format!("请填 1 至 {NAME_CHARS_MAX} 个字。")))
        } else {
            Ok(())
        }
    };
    let unit = |code: &lianzhi_ids::UnitCode| {
        if directory.retired_units.contains(code) {
            let rule = format!("单位“{}”已停用。", directory.unit_name(code));
            Err(Refusal::invalid("unit", rule, "请另选单位；要重新启用，请打开该单位再保存一次。"))
        } else if directory.units.contains_key(code) {
            Ok(())
        } else {
            Err(Refusal::invalid("unit", format!("没有单位 {code}。"), "请先建立该单位，或核对单位编码。"))
        }
    };
    match record {
        Record::Unit(u) => {
            name(&u.name)?;
            if let Some(parent) = &u.parent {
                unit(parent)?;
                if directory.within(parent, &u.code) {
                    return Err(Refusal::invalid(
                        "parent",
                        "上级单位不能是本单位或其下级。",
                        "请另选上级单位。",
                    ));
                }
            }
            if let Some(fault) = u.branch_fault() {
                return Err(Refusal::invalid("branch", fault, "请改正，或者留空，用全机关统一的文号。"));
            }
            let same =
                |other: &&Unit| !u.branch.is_empty() && other.branch == u.branch && other.code != u.code;
            if let Some(other) = directory.units_in_use().find(same) {
                return Err(Refusal::invalid(
                    "branch",
                    format!("分支码 {} 已经由“{}”使用。", u.branch, other.name),
                    "请换一个分支码：两个单位用同一个，文号就分不开。",
                ));
            }
            Ok(())
        }
        Record::Person(p) => {
            name(&p.name)?;
            if p.posts.is_empty() {
                return Err(Refusal::invalid("posts", "至少要有一个岗位。", "请填写所在单位和角色。"));
            }
            for post in &p.posts {
                unit(&post.unit)?;
                if post.roles.is_empty() {
                    return Err(Refusal::invalid("roles", "岗位没有角色。", "请至少选择一个角色。"));
                }
            }
            if directory.by_login(&p.login).is_some_and(|other| other.code != p.code) {
                return Err(Refusal::invalid(
                    "login",
                    format!("登录名 {} 已被使用。", p.login),
                    "请换一个登录名。",
                ));
            }
            if p.login.is_empty() || p.login.chars().count() > 64 || p.login.chars().any(char::is_whitespace)
            {
                return Err(Refusal::invalid(
                    "login",
                    "登录名为空、太长或含空格。",
                    "请填 1 至 64 个不含空格的字符。",
                ));
            }
            if !administers(p) && is_last_admin(&p.code, facts) {
                return Err(last_admin());
            }
            Ok(())
        }
        Record::Grid(g) => {
            name(&g.name)?;
            unit(&g.unit)
        }
        Record::Category(c) => name(&c.name),
        Record::Settings(s) => match s.pay_codes.fault() {
            Some(fault) => {
                Err(Refusal::invalid("pay_code_prefix", fault, "请按财政部门给本机关的编码规则填写。"))
            }
            None => name(&s.agency),
        },
        Record::Law { name: n, text } if lianzhi_law::confirm::is_file(n) => {
            lianzhi_law::confirm::check(n, text)
                .map_err(|e| Refusal::invalid("text", e.to_string(), "请在事项页面逐条确认。"))
        }
        Record::Law { name: n, text } if lianzhi_law::is_common_file(n) => lianzhi_law::check_common(n, text)
            .map_err(|e| Refusal::invalid("text", e.to_string(), "请在“共同基准”页面登记。")),
        Record::Law { name: n, text } if EntryKind::of_file(n).is_some() => {
            let checked = EntryKind::of_file(n).map(|kind| lianzhi_law::entered::check_entries(kind, text));
            checked.unwrap_or(Ok(())).map_err(|e| {
                Refusal::invalid("text", e.to_string(), "请在“法规”的权限、数额标准等页面登记。")
            })
        }
        Record::Law { name: n, .. } | Record::Addresses { name: n, .. } => name(n),
        Record::Access { what, .. } => name(what),
        // The node finds out by itself what it lost; nobody can say it for it.
        Record::Generation(_) if matches!(facts.actor, crate::Actor::System) => Ok(()),
        Record::Generation(_) => Err(generation_refused()),
    }
}

fn generation_refused() -> Refusal {
    Refusal::forbidden(
        "generation",
        "存证日志的代次由系统在恢复备份后自行记录。",
        "请运行 lianzhi doctor 查看。",
    )
}

fn administers(person: &Person) -> bool {
    person.active && person.posts.iter().any(|post| post.roles.contains(&Role::Admin))
}

/// Whether nobody else could administer the node any more.
fn is_last_admin(code: &PersonCode, facts: &Facts<'_>) -> bool {
    let mut admins = facts.directory.people.values().filter(|p| administers(p)).map(|p| &p.code);
    admins.next() == Some(code) && admins.next().is_none()
}

fn last_admin() -> Refusal {
    Refusal::conflict(
        "last-admin",
        "这是最后一名在职的管理员。",
        "请先给另一个人管理员角色，再停用或更改这一个；否则以后没有人能管理本系统。",
    )
}

/// What is still used cannot go out of use: people and grids without a unit would be found by nobody.
fn check_unused(record: &Record, facts: &Facts<'_>) -> Result<(), Refusal> {
    let directory = facts.directory;
    let used = match record {
        Record::Person(p) if is_last_admin(&p.code, facts) => return Err(last_admin()),
        Record::Generation(_) => return Err(generation_refused()),
        Record::Unit(unit) => {
            let code = &unit.code;
            let below = directory.units_in_use().filter(|u| u.parent.as_ref() == Some(code)).count();
            let has_post = |p: &Person| p.active && p.posts.iter().any(|post| post.unit == *code);
            let people = directory.people.values().filter(|p| has_post(p)).count();
            let grids = directory.grids.values().filter(|g| g.unit == *code).count();
            let categories =
                directory.categories.values().filter(|c| c.department.as_ref() == Some(code)).count();
            [(below, "个下级单位"), (people, "名在职人员"), (grids, "个网格"), (categories, "个主管的类别")]
        }
        Record::Grid(grid) => {
            let holds = |p: &Person| p.active && p.posts.iter().any(|post| post.grids.contains(&grid.code));
            let people = directory.people.values().filter(|p| holds(p)).count();
            [(people, "名负责人"), (0, ""), (0, ""), (0, "")]
        }
        _ => return Ok(()),
    };
    let used: Vec<String> =
        used.iter().filter(|(n, _)| *n > 0).map(|(n, what)| format!("{n} {what}")).collect();
    if used.is_empty() {
        return Ok(());
    }
    Err(Refusal::conflict(
        "still-used",
        format!("还有{}，不能停用。", used.join("、")),
        "请先把它们转到别处，再停用。",
    ))
}

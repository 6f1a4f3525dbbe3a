//! Lines of the record: who did what when, in words that a judge reads. One line for each entry.

use crate::cooperation::agreed::{tell_compact, tell_meeting};
use crate::cooperation::tell::tell as cooperation;
use crate::project::{Narrative, Opened};
use jiff::Timestamp;
use lianzhi_exchange::compact::Form;
use lianzhi_ids::{Digest, DocketId, NodeCode, PersonCode, UnitCode};
use lianzhi_procedure::directory::Directory;
use lianzhi_procedure::report::{Because, Event, Running, TermKey};
use lianzhi_procedure::{
    AnyEvent, PartKind, PartRef, Placing, Procedure, duty, payment, register, stocktake,
};
use serde::Serialize;
use std::collections::HashMap;

/// One line.
#[derive(Debug, Clone, Serialize, schemars::JsonSchema)]
pub struct RecordLine {
    /// Position in the docket.
    pub seq: i32,
    /// Position in the log.
    pub pos: i64,
    /// Recorded at.
    pub at: Timestamp,
    /// Happened at, when that is another time.
    pub happened: Option<Timestamp>,
    /// Who, in words.
    pub actor: String,
    /// Who, as a label: `person:p-0012`, `system`.
    #[serde(skip)]
    pub label: String,
    /// The member that said it, when it is not this one.
    pub member: Option<String>,
    /// The node did it by itself.
    pub machine: bool,
    /// What happened.
    pub title: String,
    /// Particulars of it.
    pub detail: Vec<(String, String)>,
    /// What was said; `（已删除）` when erased.
    pub text: Option<String>,
    /// The rule that it rests on.
    pub law: Option<String>,
    /// Exhibits.
    pub exhibits: Vec<Digest>,
    /// Type of the event.
    pub event_type: String,
    /// The event itself.
    pub event: serde_json::Value,
    /// Digest of the entry.
    pub digest: Digest,
    /// What is in the log of it.
    pub leaf: Digest,
}

/// Who a label of an actor or an uploader stands for; of the public no address.
pub(crate) fn actor_name(label: &str, directory: &Directory) -> String {
    match label.split_once(':') {
        Some(("person", code)) => {
            let Ok(code) = PersonCode::parse(code) else {
                return label.to_owned();
            };
            match directory.people.get(&code) {
                Some(person) => match person.posts.first() {
                    Some(post) => format!("{}（{}）", person.name, directory.unit_name(&post.unit)),
                    None => person.name.clone(),
                },
                None => code.to_string(),
            }
        }
        Some(("node", code)) => {
            NodeCode::parse(code).map_or_else(|_| label.to_owned(), |node| directory.member_name(&node))
        }
        Some(("public", _)) => "公众".into(),
        _ => match label {
            "public" => "公众".into(),
            "reporter" => "上报人".into(),
            "system" => "系统".into(),
            other => other.to_owned(),
        },
    }
}

/// What the words of a record are made from.
#[derive(Debug)]
pub(crate) struct Words<'a> {
    /// Names of people, units, grids and categories.
    pub directory: &'a Directory,
    /// The parts that the reader may see; particulars are never in it.
    pub texts: &'a HashMap<Digest, String>,
    /// Numbers of the other matters that the record names.
    pub numbers: &'a HashMap<DocketId, String>,
    /// What was done to records of registers.
    pub tales: &'a Tales,
}

impl Words<'_> {
    /// Another matter by its number: what is on paper and what can be searched for.
    pub(crate) fn matter(&self, id: DocketId) -> String {
        self.numbers.get(&id).cloned().unwrap_or_else(|| id.to_string())
    }
}

/// Makes the lines of a docket.
pub(crate) fn lines(entries: &[Opened<'_>], words: &Words<'_>) -> Vec<RecordLine> {
    entries.iter().map(|opened| line(opened, words)).collect()
}

/// The other matters that a docket names.
pub(crate) fn others(entries: &[Opened<'_>]) -> Vec<DocketId> {
    let other = |opened: &Opened<'_>| match &opened.event {
        AnyEvent::Report(Event::Registered { split_from, .. }) => *split_from,
        AnyEvent::Report(
            Event::Joined { to: id, .. }
            | Event::Unjoined { from: id, .. }
            | Event::Absorbed { from: id, .. }
            | Event::Released { from: id, .. }
            | Event::LeadSettled { lead: id, .. }
            | Event::SplitOff { into: id, .. },
        ) => Some(*id),
        AnyEvent::Penalty(event) => crate::penalty::other(event),
        AnyEvent::Spot(event) => crate::spot::other(event),
        AnyEvent::Slip(event) => crate::spot::other_of_slip(event),
        AnyEvent::Payment(
            payment::Event::Came { credit: Some(credit), .. } | payment::Event::Credited { credit, .. },
        ) => Some(credit.to),
        AnyEvent::Stocktake(stocktake::Event::Explained { difference, .. }) => {
            difference.split_once('-').and_then(|(id, _)| id.parse().ok()).map(DocketId)
        }
        _ => None,
    };
    let mut ids: Vec<_> = entries.iter().filter_map(other).collect();
    ids.sort_unstable();
    ids.dedup();
    ids
}

fn line(Opened { row, entry, event, .. }: &Opened<'_>, words: &Words<'_>) -> RecordLine {
    let Words { directory, texts, .. } = *words;
    let Told { title, detail, said, law, member } = tell(event, row.pos, words);
    let text = said.map(|part| match texts.get(&part.digest) {
        Some(text) if part.kind == PartKind::Narrative => Narrative::read(text).words(),
        Some(text) => text.clone(),
        None => "（已删除）".into(),
    });
    let json: serde_json::Value = serde_json::from_str(entry.event.get()).unwrap_or_default();
    RecordLine {
        seq: row.seq,
        pos: row.pos,
        at: entry.at,
        happened: entry.happened,
        machine: entry.actor == "system",
        member,
        actor: actor_name(&entry.actor, directory),
        label: entry.actor.clone(),
        title,
        detail,
        text,
        law,
        exhibits: entry.exhibits.clone(),
        event_type: json.get("type").and_then(|t| t.as_str()).unwrap_or_default().to_owned(),
        event: json,
        digest: row.digest,
        leaf: row.leaf,
    }
}

/// What was done to records of registers, by position in the log.
pub(crate) type Tales = HashMap<i64, Told>;

/// Tells what was done to records of registers. It takes their whole dockets: a change is told from the version before.
pub(crate) fn tales(entries: &[Opened<'_>], directory: &Directory) -> Tales {
    let mut in_order: Vec<&Opened<'_>> = entries.iter().collect();
    in_order.sort_by_key(|opened| (opened.row.docket, opened.row.seq));
    let mut states: HashMap<DocketId, register::State> = HashMap::new();
    let mut tales = Tales::new();
    for opened in in_order {
        let AnyEvent::Register(event) = &opened.event else { continue };
        let state = states.entry(opened.row.docket).or_default();
        tales.insert(opened.row.pos, tell_register(state, event, directory));
        *state = register::Register::evolve(std::mem::take(state), event);
    }
    tales
}

/// An entry in words.
#[derive(Debug, Clone, Default)]
pub(crate) struct Told {
    title: String,
    detail: Vec<(String, String)>,
    said: Option<PartRef>,
    law: Option<String>,
    member: Option<String>,
}

impl Told {
    pub(crate) fn new(title: impl Into<String>) -> Self {
        Told { title: title.into(), ..Told::default() }
    }
    /// The rule that it rests on.
    pub(crate) fn law(mut self, law: impl Into<String>) -> Self {
        self.law = Some(law.into());
        self
    }
    /// The member that said it.
    pub(crate) fn said_by(mut self, member: String) -> Self {
        self.member = Some(member);
        self
    }
    pub(crate) fn said(mut self, part: impl Into<Option<PartRef>>) -> Self {
        self.said = part.into();
        self
    }
    pub(crate) fn with(mut self, name: &str, value: impl Into<String>) -> Self {
        self.detail.push((name.to_owned(), value.into()));
        self
    }
    /// Whether this already stands in what was told.
    pub(crate) fn says(&self, words: &str) -> bool {
        self.detail.iter().any(|(_, said)| said.contains(words))
    }
    fn clock(mut self, running: &Running) -> Self {
        self.law = Some(running.clock.standard.source.to_string());
        self.with(
            running.term.title(),
            format!("{}（{}）", running.clock.arithmetic, running.clock.standard.title),
        )
    }
}

pub(crate) fn names(people: &[PersonCode], directory: &Directory) -> String {
    if people.is_empty() {
        return "无人可告知".into();
    }
    people.iter().map(|p| directory.person_name(p)).collect::<Vec<_>>().join("、")
}

fn units(list: &[UnitCode], directory: &Directory) -> String {
    list.iter().map(|u| directory.unit_name(u)).collect::<Vec<_>>().join("、")
}

fn placing_words(placing: &Placing, directory: &Directory) -> String {
    let name = |g| directory.grids.get(g).map_or_else(|| format!("{g}"), |grid| grid.name.clone());
    match placing {
        Placing::Unknown => "未能定位，待人工定位".into(),
        Placing::Inside { grid } => name(grid),
        Placing::Nearest { grid, metres } => format!("不在任何网格内，最近的是{}（{metres} 米）", name(grid)),
        Placing::Ambiguous { candidates } => format!("地址可能在 {} 处，待人工定位", candidates.len()),
        Placing::Outside => "不在辖区内".into(),
    }
}

fn tell_register(before: &register::State, event: &register::Event, directory: &Directory) -> Told {
    match event {
        // What happened to somebody's access is said in the record itself.
        register::Event::Put { record } if matches!(**record, register::Record::Access { .. }) => {
            Told::new(record.words(directory))
        }
        register::Event::Put { record } => {
            let told = Told::new(format!("{}，{}", record.words(directory), before.deed().title()));
            let changes = before.changes(record, directory);
            changes.into_iter().fold(told, |told, change| told.with(&change.field, change.what))
        }
        register::Event::Retired { reason } => {
            let record = before.record.as_ref().map_or_else(|| "名录记录".into(), |r| r.words(directory));
            let told = Told::new(format!("{record}，停用"));
            if reason.trim().is_empty() { told } else { told.with("原因", reason) }
        }
    }
}

fn tell(event: &AnyEvent, pos: i64, words: &Words<'_>) -> Told {
    let directory = words.directory;
    match event {
        AnyEvent::Report(event) => tell_report(event, words),
        AnyEvent::Lead(event) => cooperation(event, Form::Lead, directory),
        AnyEvent::Assistance(event) => cooperation(event, Form::Assistance, directory),
        AnyEvent::Evidence(event) => cooperation(event, Form::Evidence, directory),
        AnyEvent::Bulletin(event) => cooperation(event, Form::Bulletin, directory),
        AnyEvent::Dispute(event) => cooperation(event, Form::Dispute, directory),
        AnyEvent::Away(event) => cooperation(event, Form::Away, directory),
        AnyEvent::Compact(event) => tell_compact(event, directory),
        AnyEvent::Meeting(event) | AnyEvent::Plan(event) => tell_meeting(event, directory),
        AnyEvent::Penalty(event) => crate::penalty::tell(event, words),
        AnyEvent::Spot(event) => crate::spot::tell(event, words),
        AnyEvent::Slip(event) => crate::spot::tell_slip(event, words),
        AnyEvent::Payment(event) => crate::payments::tell(event, words),
        AnyEvent::Stocktake(event) => crate::goods::tell(event, words),
        AnyEvent::Register(_) => words.tales.get(&pos).cloned().unwrap_or_else(|| Told::new("名录记录变更")),
        AnyEvent::Duty(duty::Event::WentOn { person, .. }) => {
            Told::new(format!("{} 到岗", directory.person_name(person)))
        }
        AnyEvent::Duty(duty::Event::WentOff { person, note, .. }) => {
            Told::new(format!("{} 离岗", directory.person_name(person))).said(*note)
        }
        AnyEvent::Duty(duty::Event::Led { person, .. }) => {
            Told::new(format!("{} 带班", directory.person_name(person)))
        }
        AnyEvent::Duty(duty::Event::HandedOver { note, .. }) => Told::new("交接").said(*note),
        AnyEvent::Duty(duty::Event::Planned { week, plan, .. }) => {
            let shifts: usize = plan.values().map(std::collections::BTreeMap::len).sum();
            Told::new(format!("{} 月 {} 日这一周排班，{shifts} 人次", week.month(), week.day()))
        }
        AnyEvent::Duty(duty::Event::ShiftsSet { shifts, .. }) => {
            let list: Vec<_> = shifts.iter().map(|s| format!("{} {}", s.name, s.hours())).collect();
            Told::new(format!("设班次：{}", list.join("、")))
        }
    }
}

fn tell_report(event: &Event, words: &Words<'_>) -> Told {
    let directory = words.directory;
    let person = |p: &PersonCode| directory.person_name(p).to_owned();
    match event {
        Event::Registered {
            source,
            narrative,
            placing,
            category,
            external,
            demand,
            clocks,
            duplicates,
            exhibits,
            split_from,
            ..
        } => {
            let mut told =
                Told::new(source.title()).said(*narrative).with("位置", placing_words(placing, directory));
            if let Some(category) = category {
                told = told.with("类别", directory.category_name(category));
            }
            if let Some(from) = split_from {
                told = told.with("拆自", words.matter(*from));
            }
            if let Some(external) = external {
                told = told.with("外部编号", format!("{} {}", external.system, external.number));
            }
            if let Some(demand) = demand {
                told = told.with("诉求", demand.title());
            }
            if !exhibits.is_empty() {
                told = told.with("附件", format!("{} 件", exhibits.len()));
            }
            for clock in clocks {
                told = told.clock(clock);
            }
            for d in duplicates {
                told = told.with("可能重复", format!("{}：{}", d.number, d.reasons.join("，")));
            }
            told
        }
        Event::Placed { grid, metres, .. } => {
            let name = directory.grids.get(grid).map_or_else(|| grid.to_string(), |g| g.name.clone());
            Told::new(if *metres > 0 {
                format!("定位到{name}（最近网格，{metres} 米）")
            } else {
                format!("定位到{name}")
            })
        }
        Event::Classified { category, clock, .. } => {
            let told = Told::new(format!("分类为{} {}", directory.category_name(category), category));
            clock.as_ref().map_or_else(
                || Told::new(told.title.clone()),
                |clock| Told::new(told.title.clone()).clock(clock),
            )
        }
        Event::Dispatched { unit, officer, why, note, clock, .. } => {
            Told::new(format!("派给 {} {}", directory.unit_name(unit), person(officer)))
                .with("理由", why)
                .clock(clock)
                .said(*note)
        }
        Event::Pooled { unit, why, note, .. } => {
            let pool = unit.as_ref().map_or("本机关", |u| directory.unit_name(u));
            Told::new(format!("进入{pool}待派池")).with("理由", why).said(*note)
        }
        Event::SentOutside { unit, why, note, .. } => {
            Told::new(format!("转办 {}", directory.unit_name(unit))).with("理由", why).said(*note)
        }
        Event::AssistSet { units: list, .. } if list.is_empty() => Told::new("取消协办"),
        Event::AssistSet { units: list, .. } => Told::new(format!("协办：{}", units(list, directory))),
        Event::SentBack { note, .. } => Told::new("退回派遣").said(*note),
        Event::Dismissed { note, .. } => Told::new("不予受理").said(*note),
        Event::Accepted { .. } => Told::new("受理"),
        Event::Arrived { accuracy_m, .. } => {
            let told = Told::new("到场");
            match accuracy_m {
                Some(metres) => told.with("手机定位", format!("误差约 {metres} 米")),
                None => told,
            }
        }
        Event::Handled { outcome, note, before, after, .. } => {
            Told::new(format!("处置：{}", outcome.title()))
                .said(*note)
                .with("照片", format!("处置前 {} 张，处置后 {} 张", before.len(), after.len()))
        }
        Event::HelpAsked { note, units: list, .. } => {
            let told = Told::new("请求支援").said(*note);
            if list.is_empty() { told } else { told.with("单位", units(list, directory)) }
        }
        Event::Requested { what, hours, note, .. } => {
            Told::new(format!("申请{} {hours} 小时", what.title())).said(*note)
        }
        Event::RequestDecided { what, granted, note, .. } => {
            Told::new(format!("{}{}", if *granted { "同意" } else { "不同意" }, what.title())).said(*note)
        }
        Event::Suspended { until, .. } => Told::new(format!("挂账至 {}", minute(*until))),
        Event::Resumed { .. } => Told::new("恢复办理"),
        Event::ClockChanged { clock, because, .. } => {
            let why = match because {
                Because::Extended => "延长",
                Because::Paused => "停计",
                Because::Resumed => "恢复计时",
                Because::NewCalendar => "按新公布的节假日安排重算",
                Because::NewStandard => "按新标准重算",
            };
            Told::new(format!("{}时限{why}", clock.term.title())).clock(clock)
        }
        Event::ClockStarted { clock, .. } => {
            Told::new(format!("{}时限重新起算", clock.term.title())).clock(clock)
        }
        Event::ClockWarned { term, percent, .. } => Told::new(format!("{}时限已过 {percent}%", term.title())),
        Event::ClockExpired { term, told, .. } => {
            Told::new(format!("{}超期", term_words(*term))).with("已告知", names(told, directory))
        }
        Event::Nudged { told, .. } => {
            Told::new("未及时受理，提醒队长").with("已告知", names(told, directory))
        }
        Event::ReviewDue { told, .. } => {
            Told::new("挂账到期，应当复查").with("已告知", names(told, directory))
        }
        Event::Verified { passed, on_site, note, .. } => {
            let how = if *on_site { "现场" } else { "凭照片" };
            Told::new(format!("{how}核查：{}", if *passed { "已解决" } else { "返工" })).said(*note)
        }
        Event::Answered { text, channel, .. } => {
            Told::new(format!("答复上报人（{}）", channel.title())).said(*text)
        }
        Event::Closed { .. } => Told::new("结案"),
        Event::Reopened { note, clocks, .. } => {
            clocks.iter().fold(Told::new("重办").said(*note), Told::clock)
        }
        Event::Rated { stars, note, .. } => Told::new(format!("上报人评价 {stars} 星")).said(*note),
        Event::Contacted { reached, note, .. } => {
            Told::new(if *reached { "先行联系：已联系上" } else { "先行联系：未联系上" }).said(*note)
        }
        Event::ReturnAsked { note, .. } => Told::new("申请退单").said(*note),
        Event::ReturnDecided { granted, note, .. } => {
            Told::new(if *granted { "热线同意退单" } else { "热线不同意退单" }).said(*note)
        }
        Event::Revisited { settled, stars, note, .. } => {
            Told::new(format!("回访：{}，{stars} 星", if *settled { "已解决" } else { "未解决" })).said(*note)
        }
        Event::Added { note, exhibits, .. } => {
            let told = Told::new("补充材料").said(*note);
            if exhibits.is_empty() { told } else { told.with("附件", format!("{} 件", exhibits.len())) }
        }
        Event::Withdrawn { note, .. } => Told::new("上报人撤回").said(*note),
        Event::Supervised { mark, note, .. } => Told::new(mark.title()).said(*note),
        Event::Joined { to, .. } => Told::new(format!("并入办件 {}", words.matter(*to))),
        Event::Unjoined { from, .. } => Told::new(format!("从办件 {} 拆出", words.matter(*from))),
        Event::Absorbed { from, .. } => Told::new(format!("办件 {} 并入本件", words.matter(*from))),
        Event::Released { from, .. } => Told::new(format!("办件 {} 已拆出", words.matter(*from))),
        Event::LeadSettled { lead, outcome, .. } => {
            let lead = words.matter(*lead);
            Told::new(match outcome {
                Some(outcome) => format!("主件 {lead} 已办妥（{}），本件待单独答复", outcome.title()),
                None => format!("主件 {lead} 已终止，本件继续办理"),
            })
        }
        Event::SplitAsked { note, .. } => Told::new("拆件").said(*note),
        Event::SplitOff { into, .. } => Told::new(format!("拆出办件 {}", words.matter(*into))),
        Event::Erased { parts, reason, .. } => {
            Told::new(format!("删除个人信息 {} 项", parts.len())).with("依据", reason)
        }
    }
}

fn term_words(term: TermKey) -> String {
    format!("{}时限", term.title())
}

pub(crate) fn second(at: Timestamp) -> String {
    at.to_zoned(jiff::tz::TimeZone::fixed(jiff::tz::offset(8))).strftime("%Y-%m-%d %H:%M:%S").to_string()
}

pub(crate) fn minute(at: Timestamp) -> String {
    at.to_zoned(jiff::tz::TimeZone::fixed(jiff::tz::offset(8))).strftime("%Y-%m-%d %H:%M").to_string()
}

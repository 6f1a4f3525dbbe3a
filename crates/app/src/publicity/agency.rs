//! What an agency says of itself beforehand (事前公开): who enforces, by which power, what is punished and how, how a case goes,
//! which decisions are legally reviewed. All from the registers and the law data, nothing is written for it.

use super::steps::{COMPULSION, ORDINARY, QUICK, SPOT, Step};
use crate::App;
use jiff::civil::Date;
use lianzhi_law::{Jurisdiction, LawData, ThresholdKind};
use lianzhi_procedure::beijing_date;
use schemars::JsonSchema;
use serde::Serialize;
use std::collections::HashMap;

/// Somebody with a certificate of enforcement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct EnforcerView {
    /// Name.
    pub name: String,
    /// Number of the certificate.
    pub certificate: String,
    /// Units.
    pub units: Vec<String>,
}

/// Powers held by one decision.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct PowerView {
    /// Who holds them.
    pub holder: String,
    /// What they take in, in words.
    pub scope: String,
    /// Number of items in the law data that they take in.
    pub items: usize,
    /// The published decision.
    pub decision: String,
    /// Who gave them down.
    pub given_by: Option<String>,
    /// First day.
    pub from: Date,
    /// Last day.
    pub to: Option<Date>,
    /// In force today.
    pub in_force: bool,
    /// How far the entry may be relied on.
    pub standing: &'static str,
}

/// A rule by which an item is punished here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct RuleView {
    /// Law and article.
    pub citation: String,
    /// Whom it punishes.
    pub subject: String,
    /// What it is limited to: a graver case, a certain party; none where it holds for all.
    pub only: Option<String>,
    /// The range of the fine, in words.
    pub range: String,
    /// What has to go before.
    pub precondition: Option<String>,
    /// What else may be done.
    pub other: Option<String>,
    /// A legal officer has still to compare it with its text.
    pub unconfirmed: bool,
}

/// An item and how it is punished here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ItemPublic {
    /// Code.
    pub code: String,
    /// Name.
    pub name: String,
    /// Field.
    pub domain: String,
    /// The conduct.
    pub conduct: String,
    /// Rules in force here today.
    pub rules: Vec<RuleView>,
    /// How a fine is found within its range (裁量基准, 行政处罚法 34): each tier in words, after the title of the rule.
    pub benchmark: Option<BenchmarkPublic>,
    /// When the first violation is not punished (免罚清单, 行政处罚法 33): the condition, the list, and whether it was compared.
    pub free: Option<String>,
}

/// A published benchmark.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct BenchmarkPublic {
    /// Its title.
    pub title: String,
    /// The published rule.
    pub source: String,
    /// How far the entry may be relied on.
    pub standing: &'static str,
    /// 较轻（初次违法）：幅度的 0%—30%.
    pub tiers: Vec<String>,
}

/// A step of a procedure with its term.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct StepView {
    /// Name.
    pub title: &'static str,
    /// What happens.
    pub says: &'static str,
    /// How long, where the law says it.
    pub term: Option<String>,
    /// Article.
    pub source: String,
}

/// A procedure.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ProcedureView {
    /// Name.
    pub title: &'static str,
    /// When it is used.
    pub when: &'static str,
    /// Its steps.
    pub steps: Vec<StepView>,
}

/// Which decisions are legally reviewed (法制审核目录清单).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ReviewDuty {
    /// Which.
    pub what: String,
    /// Why.
    pub source: String,
    /// How far the entry may be relied on, where that is in doubt.
    pub doubt: Option<String>,
}

/// All of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Agency {
    /// Name.
    pub agency: String,
    /// Territory.
    pub region: String,
    /// Telephone.
    pub phone: String,
    /// Address.
    pub address: String,
    /// 行政复议机关.
    pub reconsideration: String,
    /// Court.
    pub court: String,
    /// The day for which this is said.
    pub date: Date,
    /// Powers.
    pub powers: Vec<PowerView>,
    /// People with a certificate.
    pub people: Vec<EnforcerView>,
    /// Procedures.
    pub procedures: Vec<ProcedureView>,
    /// 法制审核目录清单.
    pub reviews: Vec<ReviewDuty>,
}

fn procedure(
    law: &LawData,
    place: &Jurisdiction,
    day: Date,
    title: &'static str,
    when: &'static str,
    steps: &[Step],
) -> ProcedureView {
    let step = |(title, says, key, source): &Step| {
        let found = key.and_then(|key| law.statutory(key, place, day).ok());
        let measured = found.as_ref().and_then(|term| Some((term.measure?.text(), term.citation())));
        let (term, cited) = measured.unzip();
        let source = match cited {
            Some(cited) if !source.contains(&cited) => format!("{source}；期限：{cited}"),
            _ => (*source).to_owned(),
        };
        StepView { title, says, term, source }
    };
    ProcedureView { title, when, steps: steps.iter().map(step).collect() }
}

impl App {
    /// The place whose rules hold here.
    fn own_place(&self) -> Jurisdiction {
        let directory = self.directory();
        directory.law.place(directory.node.as_str()).unwrap_or_else(|_| Jurisdiction::nation())
    }

    /// What the agency says of itself.
    #[must_use]
    pub fn agency(&self) -> Agency {
        let directory = self.directory();
        let (law, settings) = (&directory.law, &directory.settings);
        let (day, place) = (beijing_date(self.now()), self.own_place());
        Agency {
            agency: settings.agency.clone(),
            region: settings.region.clone(),
            phone: settings.papers.phone.clone(),
            address: settings.papers.address.clone(),
            reconsideration: settings.papers.reconsideration.clone(),
            court: settings.papers.court.clone(),
            date: day,
            powers: self.powers(day),
            people: self.enforcers(),
            procedures: vec![
                procedure(law, &place, day, "普通程序", "除可以当场处罚的以外，都适用普通程序。", &ORDINARY),
                procedure(
                    law,
                    &place,
                    day,
                    "简易程序（当场处罚）",
                    "事实清楚、处罚轻微的，可以当场作出决定。",
                    &SPOT,
                ),
                procedure(
                    law,
                    &place,
                    day,
                    "快速办理",
                    "案情轻微、当事人认错认罚的普通程序案件，经当事人同意可以快速办理。",
                    &QUICK,
                ),
                procedure(
                    law,
                    &place,
                    day,
                    "行政强制",
                    "查案中的强制措施，和决定作出后当事人不履行的强制执行。",
                    &COMPULSION,
                ),
            ],
            reviews: self.review_duties(day),
        }
    }

    /// Everybody who holds a certificate and is at work, by unit.
    fn enforcers(&self) -> Vec<EnforcerView> {
        let directory = self.directory();
        let mut all: Vec<EnforcerView> = directory
            .people
            .values()
            .filter(|person| person.active)
            .filter_map(|person| {
                let mut units: Vec<String> =
                    person.posts.iter().map(|post| directory.unit_name(&post.unit).to_owned()).collect();
                units.dedup();
                Some(EnforcerView {
                    name: person.name.clone(),
                    certificate: person.certificate.clone()?,
                    units,
                })
            })
            .collect();
        all.sort_by(|a, b| (&a.units, &a.certificate).cmp(&(&b.units, &b.certificate)));
        all
    }

    /// Powers of this agency and of those below it, in force or to come.
    fn powers(&self, day: Date) -> Vec<PowerView> {
        let directory = self.directory();
        let law = &directory.law;
        let codes: HashMap<&str, &str> =
            directory.units.values().map(|unit| (unit.code.as_str(), unit.name.as_str())).collect();
        let world = self.world();
        let town = |code: &str| {
            world.towns.iter().find(|(town, _)| town.as_str() == code).map(|(_, name)| name.clone())
        };
        let holder = |code: &str| match codes.get(code) {
            Some(name) => (*name).to_owned(),
            None if code == directory.node.as_str() => directory.settings.agency.clone(),
            None => town(code).unwrap_or_else(|| format!("{} {code}", directory.settings.region)),
        };
        let own = law.powers().filter(|power| power.agency.starts_with(directory.node.as_str()));
        own.map(|power| {
            let items = law.items().filter(|item| power.holds(&item.code)).count();
            let all = power.items.iter().any(|item| &**item == "*");
            let names = || {
                let held = law.items().filter(|item| power.holds(&item.code));
                held.map(|item| item.domain.to_string()).collect::<std::collections::BTreeSet<_>>()
            };
            PowerView {
                holder: holder(&power.agency),
                scope: if all {
                    "全部事项".to_owned()
                } else {
                    names().into_iter().collect::<Vec<_>>().join("、")
                },
                items,
                decision: power.decision.to_string(),
                given_by: power.given_by.as_deref().map(holder),
                from: power.in_force_from,
                to: power.in_force_to,
                in_force: power.in_force(day),
                standing: power.standing.title(),
            }
        })
        .collect()
    }

    /// What is punished here and how, by the rules in force today.
    #[must_use]
    pub fn public_items(&self) -> Vec<ItemPublic> {
        let directory = self.directory();
        let law = &directory.law;
        let (day, place) = (beijing_date(self.now()), self.own_place());
        let held = |code: &str| law.may_handle(directory.node.as_str(), code, day).is_ok();
        let rules = |item: &lianzhi_law::Item| {
            let here = item.bases.iter().filter(|basis| {
                basis.in_force(day) && basis.jurisdiction.covers(&place) && basis.enforcer.is_none()
            });
            here.map(|basis| RuleView {
                citation: basis.citation(),
                subject: basis.subject.to_string(),
                only: basis.only.as_deref().map(str::to_owned),
                range: basis.fine.text(),
                precondition: basis.precondition.as_deref().map(str::to_owned),
                other: basis.other.as_deref().map(str::to_owned),
                unconfirmed: basis.needs_confirmation(),
            })
            .collect::<Vec<_>>()
        };
        let shown = |item: &lianzhi_law::Item| ItemPublic {
            code: item.code.to_string(),
            name: item.name.to_string(),
            domain: item.domain.to_string(),
            conduct: item.violation.to_string(),
            rules: rules(item),
            benchmark: law.benchmark(&item.code, &place, day).map(|benchmark| BenchmarkPublic {
                title: benchmark.title.to_string(),
                source: benchmark.source.to_string(),
                standing: benchmark.standing.title(),
                tiers: benchmark
                    .tiers
                    .iter()
                    .map(|t| format!("{}（{}）：罚款幅度的 {}%—{}%", t.title, t.when, t.from, t.to))
                    .collect(),
            }),
            free: law.free(&item.code, &place, day).map(|entry| {
                format!("{}（{} {}，{}）", entry.condition, entry.list, entry.entry, entry.standing.title())
            }),
        };
        let all = law.items().filter(|item| held(&item.code)).map(shown);
        // What nothing punishes here is no item of this agency.
        all.filter(|item| !item.rules.is_empty()).collect()
    }

    /// Which decisions are legally reviewed here.
    #[must_use]
    pub fn review_duties(&self, day: Date) -> Vec<ReviewDuty> {
        let directory = self.directory();
        let duty =
            |what: &str, source: &str| ReviewDuty { what: what.into(), source: source.into(), doubt: None };
        let mut all = vec![
            duty("涉及重大公共利益的处罚决定", "行政处罚法第五十八条第一款第一项"),
            duty(
                "直接关系当事人或者第三人重大权益，经过听证程序的处罚决定",
                "行政处罚法第五十八条第一款第二项",
            ),
            duty("案件情况疑难复杂、涉及多个法律关系的处罚决定", "行政处罚法第五十八条第一款第三项"),
            duty(
                "减轻处罚，吊销许可证件、责令停产停业、责令关闭等较重的处罚决定",
                "行政处罚法第五十八条第一款第四项；重大执法决定法制审核目录",
            ),
        ];
        let place = self.own_place();
        match directory.law.threshold(ThresholdKind::LegalReview, &place, day) {
            Some(threshold) => all.push(ReviewDuty {
                what: format!(
                    "对个人罚款 {} 元以上、对单位罚款 {} 元以上的处罚决定",
                    threshold.person, threshold.entity
                ),
                source: threshold.source.to_string(),
                doubt: threshold
                    .confidence
                    .map(|_| format!("{}，以法制部门确认为准", threshold.standing.title())),
            }),
            None => all.push(ReviewDuty {
                what: "达到本地较大数额标准的罚款决定".into(),
                source: "行政处罚法第五十八条第一款第四项".into(),
                doubt: Some("本地的数额标准还没有录入，由承办机构逐案标注是否重大".into()),
            }),
        }
        all
    }
}

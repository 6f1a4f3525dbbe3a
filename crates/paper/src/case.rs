//! What the documents of a penalty case have in common.

use crate::{Check, Money, Needs, Number, Officer};
use jiff::civil::{Date, DateTime};
use serde::{Serialize, Serializer};

/// Whom a case is against, with the particulars that a decision must name (行政处罚法第五十九条第一款第一项).
///
/// Letters between agencies use [`Party`](crate::Party) instead: there often no more than a name is known.
#[derive(Debug, Clone, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Subject {
    /// 个人.
    Person {
        /// 姓名.
        name: String,
        /// 性别; may be empty.
        sex: String,
        /// 出生日期, when known.
        born: Option<Date>,
        /// Kind and number of a document of identity; may be empty.
        identity: String,
        /// 住址.
        address: String,
        /// Telephone; may be empty.
        phone: String,
    },
    /// 个体工商户.
    Household {
        /// 字号名称, or the operator's name where there is none.
        name: String,
        /// 统一社会信用代码; may be empty.
        code: String,
        /// 经营者.
        operator: String,
        /// The operator's document of identity; may be empty.
        identity: String,
        /// 经营场所 or 住址.
        address: String,
        /// Telephone; may be empty.
        phone: String,
    },
    /// 法人.
    Company(Body),
    /// 其他组织.
    Organisation(Body),
}

/// A legal person or another organisation.
#[derive(Debug, Clone, Serialize)]
pub struct Body {
    /// 名称.
    pub name: String,
    /// 统一社会信用代码; may be empty.
    pub code: String,
    /// 住所.
    pub address: String,
    /// 法定代表人 or 负责人.
    pub representative: String,
    /// Post of the representative; may be empty.
    pub post: String,
    /// 委托代理人 and what authorises him; may be empty.
    pub agent: String,
    /// Telephone; may be empty.
    pub phone: String,
}

impl Subject {
    /// The name as it stands on paper.
    pub fn name(&self) -> &str {
        match self {
            Subject::Person { name, .. } | Subject::Household { name, .. } => name,
            Subject::Company(body) | Subject::Organisation(body) => &body.name,
        }
    }

    /// Name, address, and who stands for it.
    pub fn needs(&self, needs: &mut Needs) {
        match self {
            Subject::Person { name, address, .. } => {
                needs.text("姓名", name);
                needs.text("住址", address);
            }
            Subject::Household { name, operator, address, .. } => {
                needs.text("名称", name);
                needs.text("经营者", operator);
                needs.text("经营场所或者住址", address);
            }
            Subject::Company(body) | Subject::Organisation(body) => {
                needs.text("名称", &body.name);
                needs.text("住所", &body.address);
                let who = if matches!(self, Subject::Company(_)) { "法定代表人" } else { "负责人" };
                needs.text(who, &body.representative);
            }
        }
    }
}

/// What stands above an internal form or a record.
#[derive(Debug, Clone, Serialize)]
pub struct Sheet {
    /// 执法机关, full name.
    pub agency: String,
    /// Number of the sheet itself, where it has one.
    pub number: Option<Number>,
    /// 案号; may be empty before a case is opened.
    pub case_number: String,
    /// 案由.
    pub cause: String,
    /// The day it is made; also the date of the PDF.
    pub date: Date,
    /// Where a reader can check that it is genuine.
    pub check: Option<Check>,
}

impl Sheet {
    /// Agency and cause.
    pub fn needs(&self, needs: &mut Needs) {
        needs.text("执法机关", &self.agency);
        needs.text("案由", &self.cause);
    }

    /// As above, and the case's number: for what exists only after a case was opened.
    pub fn needs_case(&self, needs: &mut Needs) {
        self.needs(needs);
        needs.text("案号", &self.case_number);
    }
}

/// For internal forms and records, which stand under a [`Sheet`].
macro_rules! filed {
    () => {
        fn date(&self) -> jiff::civil::Date {
            self.sheet.date
        }
        fn number(&self) -> Option<String> {
            self.sheet.number.as_ref().map(ToString::to_string)
        }
        /// Filled in and signed by hand, with or without a number of its own.
        fn draft(&self) -> bool {
            false
        }
        fn check_url(&self) -> Option<&str> {
            self.sheet.check.as_ref().map(|check| check.url.as_str())
        }
    };
}
pub(crate) use filed;

/// Until when: a day where it is known, the statute's words where it is not.
#[derive(Debug, Clone)]
pub enum Due {
    /// 2026年11月29日.
    On(Date),
    /// 收到本决定书之日起十五日内.
    Words(String),
}

impl Due {
    /// Words must not be empty.
    pub fn needs(&self, field: &str, needs: &mut Needs) {
        if let Due::Words(words) = self {
            needs.text(field, words);
        }
    }
}

/// A day as it stands on paper: no leading zeros (GB/T 9704-2012, 7.3.5).
pub(crate) fn day(date: Date) -> String {
    format!("{}年{}月{}日", date.year(), date.month(), date.day())
}

/// As it stands on paper; a day as the last one: 2026年11月29日前.
impl Serialize for Due {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Due::On(date) => serializer.collect_str(&format_args!("{}前（含当日）", day(*date))),
            Due::Words(words) => serializer.serialize_str(words),
        }
    }
}

/// From when to when something took place.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct Span {
    /// Begin, to the minute.
    pub from: DateTime,
    /// End, to the minute.
    pub until: DateTime,
}

impl Span {
    /// It does not end before it begins.
    pub fn needs(&self, needs: &mut Needs) {
        needs.that("结束时间（不早于开始时间）", self.until >= self.from);
    }
}

/// A column of approval. Wholly empty it is left for the pen; otherwise it says what, who and when.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Opinion {
    /// The opinion.
    pub text: String,
    /// Who gave it.
    pub name: String,
    /// When.
    pub date: Option<Date>,
}

impl Opinion {
    /// All of it or nothing.
    pub fn needs(&self, role: &str, needs: &mut Needs) {
        if self.text.is_empty() && self.name.is_empty() && self.date.is_none() {
            return;
        }
        needs.part(role, |needs| {
            needs.text("意见", &self.text);
            needs.text("签名", &self.name);
            needs.that("日期", self.date.is_some());
        });
    }
}

/// The columns of an internal form, in the order in which they are filled in.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Approvals {
    /// 承办人意见.
    pub handlers: Opinion,
    /// 承办机构意见.
    pub unit: Opinion,
    /// 法制机构意见, where it is asked.
    pub legal: Option<Opinion>,
    /// 机关负责人意见.
    pub leader: Opinion,
}

impl Approvals {
    /// Each column whole, or left for the pen.
    pub fn needs(&self, needs: &mut Needs) {
        self.handlers.needs("承办人意见", needs);
        self.unit.needs("承办机构意见", needs);
        if let Some(legal) = &self.legal {
            legal.needs("法制机构意见", needs);
        }
        self.leader.needs("机关负责人意见", needs);
    }
}

/// Two officers with their certificates (行政处罚法第四十二条).
pub(crate) fn two_officers(field: &str, officers: &[Officer], needs: &mut Needs) {
    needs.list(field, officers, 2, |needs, officer| officer.needs(needs));
}

/// Laws and articles.
pub(crate) fn articles(field: &str, articles: &[String], needs: &mut Needs) {
    needs.list(field, articles, 1, |needs, article| needs.text("条款", article));
}

/// Somebody would not sign: why, and who saw it.
#[derive(Debug, Clone, Serialize)]
pub struct Unsigned {
    /// Who would not sign, and why.
    pub reason: String,
    /// 见证人, with what identifies him.
    pub witness: String,
}

impl Unsigned {
    /// Both.
    pub fn needs(&self, needs: &mut Needs) {
        needs.part("拒绝签名", |needs| {
            needs.text("事由", &self.reason);
            needs.text("见证人", &self.witness);
        });
    }
}

/// A thing on a list of what was kept, seized, sampled or handed over.
#[derive(Debug, Clone, Serialize)]
pub struct Item {
    /// 名称.
    pub name: String,
    /// 规格、型号; may be empty.
    pub model: String,
    /// 数量 with the unit.
    pub amount: String,
    /// 特征和状态.
    pub state: String,
    /// 存放地点和保管人.
    pub kept: String,
}

impl Item {
    /// All but the model.
    pub fn needs(&self, needs: &mut Needs) {
        needs.text("名称", &self.name);
        needs.text("数量", &self.amount);
        needs.text("特征和状态", &self.state);
        needs.text("存放地点和保管人", &self.kept);
    }
}

/// Where a decision can be challenged.
#[derive(Debug, Clone, Serialize)]
pub struct Remedy {
    /// 行政复议机关.
    pub reconsideration: String,
    /// 人民法院.
    pub court: String,
    /// Within which time.
    pub within: RemedyTerms,
}

/// The lengths of the terms of remedies, in the numerals of papers, as the law data have them.
#[derive(Debug, Clone, Serialize)]
pub struct RemedyTerms {
    /// 申请行政复议: 六十日.
    pub reconsideration: String,
    /// 提起行政诉讼: 六个月.
    pub lawsuit: String,
    /// 不服复议决定提起行政诉讼: 十五日.
    pub afterwards: String,
}

impl Remedy {
    /// Both, and each term.
    pub fn needs(&self, needs: &mut Needs) {
        needs.text("行政复议机关", &self.reconsideration);
        needs.text("管辖法院", &self.court);
        needs.text("申请行政复议的期限", &self.within.reconsideration);
        needs.text("提起行政诉讼的期限", &self.within.lawsuit);
        needs.text("复议后提起行政诉讼的期限", &self.within.afterwards);
    }
}

/// How a fine is paid (行政处罚法第六十七条).
#[derive(Debug, Clone, Serialize)]
pub struct Payment {
    /// Until when.
    pub due: Due,
    /// Bank, account, electronic payment: one each.
    pub ways: Vec<String>,
    /// 加处罚款 from when and how much, in the words of the law data: 自缴款期限届满次日起每日按罚款数额的百分之三.
    pub surcharge: String,
    /// 缴款码; may be empty where the bank needs none.
    pub code: String,
}

impl Payment {
    /// Until when, and at least one way.
    pub fn needs(&self, needs: &mut Needs) {
        self.due.needs("缴款期限", needs);
        needs.list("缴款方式", &self.ways, 1, |needs, way| needs.text("内容", way));
    }
}

/// A penalty (行政处罚法第九条).
#[derive(Debug, Clone, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Penalty {
    /// 警告.
    Warning,
    /// 通报批评.
    Criticism,
    /// 罚款.
    Fine {
        /// How much.
        amount: Money,
        /// Which conduct, where there are several; may be empty.
        conduct: String,
    },
    /// 没收违法所得.
    Gains {
        /// How much.
        amount: Money,
    },
    /// 没收非法财物.
    Goods {
        /// What.
        what: String,
    },
    /// Another one, in the words of the law.
    Other {
        /// 责令停产停业, 吊销许可证件 …
        words: String,
    },
}

/// All penalties of one decision. On paper the fines are added up where there are several.
#[derive(Debug, Clone)]
pub struct Penalties(pub Vec<Penalty>);

impl Penalties {
    /// The fines together; `None` when there is none.
    pub fn fine(&self) -> Option<Money> {
        let mut fines = self.fines().peekable();
        fines.peek()?;
        Some(Money::sum(fines))
    }

    fn fines(&self) -> impl Iterator<Item = Money> {
        self.0.iter().filter_map(|penalty| match penalty {
            Penalty::Fine { amount, .. } => Some(*amount),
            _ => None,
        })
    }

    /// Something that has to be paid.
    pub fn payable(&self) -> bool {
        self.0.iter().any(|penalty| matches!(penalty, Penalty::Fine { .. } | Penalty::Gains { .. }))
    }

    /// Something that is carried out neither by paying nor by being told: things are handed over, a business is stopped.
    pub fn performed(&self) -> bool {
        self.0.iter().any(|penalty| matches!(penalty, Penalty::Goods { .. } | Penalty::Other { .. }))
    }

    /// At least one; an amount above nothing; several fines each say for what.
    pub fn needs(&self, field: &str, needs: &mut Needs) {
        let several = self.fines().count() > 1;
        needs.list(field, &self.0, 1, |needs, penalty| match penalty {
            Penalty::Warning | Penalty::Criticism => {}
            Penalty::Fine { amount, conduct } => {
                needs.that("罚款数额", *amount > Money::fen(0));
                if several {
                    needs.text("所罚行为", conduct);
                }
            }
            Penalty::Gains { amount } => needs.that("违法所得数额", *amount > Money::fen(0)),
            Penalty::Goods { what } => needs.text("没收的财物", what),
            Penalty::Other { words } => needs.text("处罚内容", words),
        });
    }
}

impl Serialize for Penalties {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Printed<'a> {
            items: &'a [Penalty],
            fine: Option<Money>,
            several: bool,
        }
        Printed { items: &self.0, fine: self.fine(), several: self.fines().count() > 1 }.serialize(serializer)
    }
}

/// How the penalty was measured (行政处罚法第三十四条).
#[derive(Debug, Clone, Serialize)]
pub struct Discretion {
    /// 裁量基准: name and version.
    pub benchmark: String,
    /// 裁量档次.
    pub tier: String,
    /// Circumstances that made it lighter or heavier; may be empty.
    pub circumstances: String,
}

impl Discretion {
    /// Benchmark and tier.
    pub fn needs(&self, needs: &mut Needs) {
        needs.part("裁量", |needs| {
            needs.text("裁量基准", &self.benchmark);
            needs.text("裁量档次", &self.tier);
        });
    }
}

/// One unlawful conduct and what is to be said of it.
#[derive(Debug, Clone, Serialize)]
pub struct Violation {
    /// 违法事实; paragraphs are separated by line breaks.
    pub facts: String,
    /// 证据, one each.
    pub evidence: Vec<String>,
    /// 违反的条款, with what it says where useful.
    pub breached: Vec<String>,
    /// 处罚依据.
    pub basis: Vec<String>,
    /// 裁量, where a benchmark was applied.
    pub discretion: Option<Discretion>,
}

impl Violation {
    /// Facts, evidence, what was breached, on what basis.
    pub fn needs(&self, needs: &mut Needs) {
        needs.text("违法事实", &self.facts);
        needs.list("证据", &self.evidence, 1, |needs, evidence| needs.text("内容", evidence));
        articles("违反的条款", &self.breached, needs);
        articles("处罚依据", &self.basis, needs);
        if let Some(discretion) = &self.discretion {
            discretion.needs(needs);
        }
    }
}

/// How wide the paper is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Paper {
    /// 210 mm × 297 mm.
    A4,
    /// A roll of 80 mm, as long as it needs.
    Roll80,
    /// A roll of 58 mm, as long as it needs.
    Roll58,
}

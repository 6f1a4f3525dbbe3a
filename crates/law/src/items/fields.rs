//! What is entered of the law by hand: an item, a basis of one, its tiers. What is typed becomes the item as it would stand in a file;
//! from there on it goes the way of an import.

use super::{Basis, Benchmark, FineRange, FreeList, Item, SubjectKind, Tier, Verified};
use crate::jurisdiction::Jurisdiction;
use crate::money::Fen;
use crate::standard::Standing;
use jiff::civil::Date;
use std::sync::Arc;

/// Most tiers of a benchmark.
pub const TIERS_MAX: usize = 5;
/// Greatest fine of a statute, yuan: more is a slip of the hand.
pub(crate) const YUAN_MAX: i64 = 100_000_000;
/// How sure whoever copies from a text that he names may be, percent; what counts is the confirmation.
const CONFIDENCE: u8 = 90;

/// Why something cannot be entered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// The field.
    pub field: &'static str,
    /// What is wrong.
    pub rule: String,
    /// What to do.
    pub remedy: String,
}

pub(crate) fn fault<T>(
    field: &'static str,
    rule: impl Into<String>,
    remedy: impl Into<String>,
) -> Result<T, Fault> {
    Err(Fault { field, rule: rule.into(), remedy: remedy.into() })
}

pub(crate) fn filled(field: &'static str, what: &str, text: &str) -> Result<Arc<str>, Fault> {
    match text.trim() {
        "" => fault(field, format!("没有填写{what}。"), "请填写。"),
        text => Ok(Arc::from(text)),
    }
}

fn perhaps(text: &str) -> Option<Arc<str>> {
    Some(text.trim()).filter(|text| !text.is_empty()).map(Arc::from)
}

/// An item as it is typed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ItemFields {
    /// Code, e.g. `JZLJ-08`.
    pub code: String,
    /// Name.
    pub name: String,
    /// Field.
    pub domain: String,
    /// The conduct.
    pub violation: String,
    /// Whom it can concern.
    pub subjects: Vec<SubjectKind>,
    /// Code of the grid's catalogue.
    pub grid: String,
    /// Remarks.
    pub note: String,
}

impl ItemFields {
    /// The new item, without bases yet. `known` says whether a code is taken.
    ///
    /// # Errors
    /// The field at fault.
    pub fn item(&self, known: impl Fn(&str) -> bool) -> Result<Item, Fault> {
        let code = self.code.trim();
        let well_formed = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '-';
        if code.is_empty() || !code.chars().all(well_formed) {
            return fault("code", "事项代码应为大写字母、数字和 -。", "请按本领域的编码填写，如 JZLJ-08。");
        }
        if known(code) {
            let rule = format!("已经有事项 {code}。");
            return fault("code", rule, "请换一个代码；要改这一事项，请从它的页面修改。");
        }
        if self.subjects.is_empty() {
            return fault("subjects", "没有选择对象。", "请选择单位、个人或者两者。");
        }
        Ok(Item {
            code: Arc::from(code),
            name: filled("name", "事项名称", &self.name)?,
            domain: filled("domain", "领域", &self.domain)?,
            violation: filled("violation", "违法行为", &self.violation)?,
            subjects: self.subjects.clone(),
            grid: Arc::from(self.grid.trim()),
            free_list: FreeList::Unknown,
            note: Arc::from(self.note.trim()),
            bases: Vec::new(),
            benchmarks: Vec::new(),
        })
    }
}

/// A basis as it is typed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct BasisFields {
    /// Where it holds.
    pub jurisdiction: Option<Jurisdiction>,
    /// The law.
    pub law: String,
    /// The article that punishes, e.g. `1169(1)`.
    pub article: String,
    /// The article that was violated.
    pub prohibit: String,
    /// Whom, in the statute's words.
    pub subject: String,
    /// Which of the great kinds.
    pub kinds: Vec<SubjectKind>,
    /// Least and greatest fine, yuan; neither where the statute names no sum.
    pub fine: (Option<i64>, Option<i64>),
    /// What must have happened before.
    pub precondition: String,
    /// What else may be done.
    pub other: String,
    /// A fine only after an order to correct was not followed.
    pub limit_first: bool,
    /// First and last day in force.
    pub in_force: (Option<Date>, Option<Date>),
    /// Where the text was taken from.
    pub source: String,
    /// Which basis it takes the place of, by its place in the item: that one ends on the day before.
    pub ends: Option<usize>,
}

impl BasisFields {
    /// The item with this basis. It counts as unchecked until a legal officer confirms it.
    ///
    /// # Errors
    /// The field at fault.
    pub fn added_to(&self, item: &Item) -> Result<Item, Fault> {
        let Some(jurisdiction) = self.jurisdiction.clone() else {
            return fault("jurisdiction", "没有选择地区。", "请从列表中选择；全国性法律选择全国。");
        };
        if self.kinds.is_empty() {
            return fault("kinds", "没有选择适用对象。", "请选择单位、个人或者两者。");
        }
        let fine = match self.fine {
            (None, None) => FineRange::Unfixed,
            (min, Some(max)) if (1..=YUAN_MAX).contains(&max) && (0..=max).contains(&min.unwrap_or(0)) => {
                FineRange::Between { min: Fen::yuan(min.unwrap_or(0)), max: Fen::yuan(max) }
            }
            (_, None) => {
                return fault("fine_max", "没有填写最高罚款。", "请填写；条文没有写数额的，两格都空着。");
            }
            _ => {
                let remedy = format!("最低不大于最高，最高在 1 至 {YUAN_MAX} 元之间；“…以下”的最低留空。");
                return fault("fine_max", "罚款幅度不对。", remedy);
            }
        };
        let (Some(from), to) = self.in_force else {
            return fault(
                "from",
                "没有填写生效日期。",
                "请填写条文施行的第一天：适用哪部法律由行为之日决定。",
            );
        };
        if to.is_some_and(|to| to < from) {
            return fault("to", "失效日期早于生效日期。", "请核对两个日期；现行有效的留空失效日期。");
        }
        let basis = Basis {
            jurisdiction,
            law: filled("law", "法律法规的名称", &self.law)?,
            article: filled("article", "处罚条款", &self.article)?,
            prohibit: perhaps(&self.prohibit),
            subject: filled("subject", "条文中的对象", &self.subject)?,
            kinds: self.kinds.clone(),
            only: None,
            enforcer: None,
            fine,
            precondition: perhaps(&self.precondition),
            other: perhaps(&self.other),
            limit_first: self.limit_first,
            daily: false,
            from: Some(from),
            to,
            verified: Verified::V2,
            confirmed: None,
            confidence: CONFIDENCE,
            source: filled("source", "来源", &self.source)?,
        };
        let mut item = item.clone();
        if let Some(n) = self.ends {
            let Some(old) = item.bases.get_mut(n) else {
                return fault("ends", "没有这条依据。", "请从列表中选择。");
            };
            if old.jurisdiction != basis.jurisdiction || old.to.is_some_and(|ended| ended < from) {
                return fault(
                    "ends",
                    "被接替的依据不在同一地区，或者此前已经失效。",
                    "请从列表中选择同一地区现行有效的依据。",
                );
            }
            if old.from.is_some_and(|began| began >= from) {
                return fault(
                    "ends",
                    "被接替的依据生效不早于新的依据。",
                    "请核对生效日期，或者不选被接替的依据。",
                );
            }
            old.to = from.yesterday().ok();
        }
        let same = |b: &Basis| {
            (&b.law, &b.article, &b.subject, b.from)
                == (&basis.law, &basis.article, &basis.subject, basis.from)
        };
        if item.bases.iter().any(|known| known.jurisdiction == basis.jurisdiction && same(known)) {
            return fault(
                "article",
                "这条依据已经录入。",
                "请核对条款和生效日期；要改已有的依据，请用“修改”。",
            );
        }
        item.bases.push(basis);
        Ok(item)
    }
}

/// Tiers as they are typed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TierFields {
    /// Where they hold.
    pub jurisdiction: Option<Jurisdiction>,
    /// Name of the published rule.
    pub title: String,
    /// Where it was published.
    pub source: String,
    /// First and last day in force.
    pub in_force: (Option<Date>, Option<Date>),
    /// Name, when it applies, end in percent of the range; those without a name are left out.
    pub tiers: Vec<(String, String, Option<i64>)>,
}

/// Fields of the tiers, by their place.
const TIER_TITLES: [&str; TIERS_MAX] =
    ["tier1_title", "tier2_title", "tier3_title", "tier4_title", "tier5_title"];
const TIER_ENDS: [&str; TIERS_MAX] = ["tier1_to", "tier2_to", "tier3_to", "tier4_to", "tier5_to"];
const TIER_WHEN: [&str; TIERS_MAX] = ["tier1_when", "tier2_when", "tier3_when", "tier4_when", "tier5_when"];

impl TierFields {
    /// The item with these tiers; those of the same place and first day are replaced.
    ///
    /// # Errors
    /// The field at fault.
    pub fn added_to(&self, item: &Item) -> Result<Item, Fault> {
        let benchmark = self.benchmark(&item.code)?;
        let same = (benchmark.jurisdiction.clone(), benchmark.in_force_from);
        let mut item = item.clone();
        item.benchmarks.retain(|b| (&b.jurisdiction, b.in_force_from) != (&same.0, same.1));
        item.benchmarks.push(benchmark);
        Ok(item)
    }

    /// The tiers for an item by its code, or for all (`*`).
    pub(crate) fn benchmark(&self, item: &str) -> Result<Benchmark, Fault> {
        let Some(jurisdiction) = self.jurisdiction.clone() else {
            return fault("jurisdiction", "没有选择地区。", "请选择裁量基准适用的地区。");
        };
        let (Some(from), to) = self.in_force else {
            return fault("from", "没有填写施行日期。", "请填写裁量基准施行的第一天。");
        };
        if to.is_some_and(|to| to < from) {
            return fault("to", "失效日期早于施行日期。", "请核对两个日期；现行有效的留空失效日期。");
        }
        let typed = self.tiers.iter().enumerate().filter(|(_, (title, ..))| !title.trim().is_empty());
        let (mut tiers, mut begin) = (Vec::new(), 0_u8);
        for (n, (title, when, end)) in typed.take(TIERS_MAX) {
            let (ends, whens) = (TIER_ENDS[n.min(TIERS_MAX - 1)], TIER_WHEN[n.min(TIERS_MAX - 1)]);
            let end = end.and_then(|end| u8::try_from(end).ok()).filter(|end| *end > begin && *end <= 100);
            let Some(end) = end else {
                let rule = format!("“{}”档的上限不对。", title.trim());
                let remedy = format!("请填写大于 {begin}、不大于 100 的百分数；各档由小到大相接。");
                return fault(ends, rule, remedy);
            };
            let title: Arc<str> = Arc::from(title.trim());
            if tiers.iter().any(|tier: &Tier| tier.title == title) {
                let rule = format!("有两档都叫“{title}”。");
                return fault(
                    TIER_TITLES[n.min(TIERS_MAX - 1)],
                    rule,
                    "请给每一档不同的名称，如“较轻”“一般”。",
                );
            }
            let when = filled(whens, &format!("“{title}”档的适用情形"), when)?;
            tiers.push(Tier { code: title.clone(), title, when, from: begin, to: end });
            begin = end;
        }
        if begin != 100 {
            let (rule, remedy) = ("各档没有排满法定幅度。", "请让最后一档的上限为 100，至少填写一档。");
            return fault(TIER_ENDS[tiers.len().saturating_sub(1)], rule, remedy);
        }
        Ok(Benchmark {
            item: Arc::from(item),
            jurisdiction,
            title: filled("title", "裁量基准的名称", &self.title)?,
            source: filled("source", "公布的文件", &self.source)?,
            standing: Standing::Adopted,
            tiers,
            in_force_from: from,
            in_force_to: to,
        })
    }
}

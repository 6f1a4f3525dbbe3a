//! Matters of enforcement as data: which law punishes what, where, from when to when, and by how much.

mod choose;
pub(crate) mod common;
mod compare;
mod discretion;
mod fields;
mod find;
mod free;
mod guide;
mod own;
mod power;
mod raw;
mod spread;
mod threshold;
mod view;

pub use choose::{Case, Choice, ChoiceView, ChosenView, ConductError, Rejected, RejectedView, choose};
pub use common::{
    Change as LawChange, Common, LAW_MAKING_FILE, LawMaking, Progress, RawCommon, Standing as MemberStanding,
    check_common, common_file, common_text, is_common_file, law_making_in,
};
pub use compare::{Comparison, Conflict, Degree, Place, PlaceRule, compare};
pub(crate) use discretion::RawBenchmark;
pub use discretion::{Benchmark, Circumstance, Effect, Proposal, ProposalError, Tier, propose, weight};
pub use fields::{BasisFields, Fault, ItemFields, TIERS_MAX, TierFields};
pub(crate) use fields::{YUAN_MAX, fault, filled};
pub use find::NoItem;
pub use free::FreeEntry;
pub use guide::{EvidencePoint, Guidance};
pub use own::{
    ItemChange, Sign, is_own_file, item_change, items_text, own_file, read_items, to_be_confirmed,
};
pub use power::{NoPower, Power};
pub(crate) use power::{RawPower, takes_in};
pub(crate) use raw::{Catalogue, CatalogueFiles, RawItems};
pub use spread::{Bar, Spread, spread};
pub(crate) use threshold::RawThreshold;
pub use threshold::{MajorAct, Threshold, ThresholdKind};
pub use view::{BasisView, ItemRow, ItemView};

use crate::cite::citation;
use crate::jurisdiction::Jurisdiction;
use crate::money::Fen;
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// Greatest fine for which a person can be punished on the spot (行政处罚法 51 条).
pub const SUMMARY_PERSON_MAX: Fen = Fen::yuan(200);
/// The same for an entity.
pub const SUMMARY_ENTITY_MAX: Fen = Fen::yuan(3000);

/// Whom a penalty concerns: the statute's two great kinds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
pub enum SubjectKind {
    /// A legal person or other organisation.
    #[serde(rename = "单位")]
    Entity,
    /// A natural person.
    #[serde(rename = "个人")]
    Person,
}

impl SubjectKind {
    /// Both.
    pub const ALL: [SubjectKind; 2] = [SubjectKind::Entity, SubjectKind::Person];

    /// On screen and in the data.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            SubjectKind::Entity => "单位",
            SubjectKind::Person => "个人",
        }
    }

    /// Reads 单位 or 个人.
    ///
    /// # Errors
    /// In words, when it is neither.
    pub fn parse(text: &str) -> Result<SubjectKind, String> {
        SubjectKind::ALL
            .into_iter()
            .find(|kind| kind.title() == text.trim())
            .ok_or_else(|| format!("“{text}”不是当事人类型；应为 单位 或 个人"))
    }

    /// Greatest fine on the spot (行政处罚法 51 条).
    #[must_use]
    pub const fn summary_max(self) -> Fen {
        match self {
            SubjectKind::Entity => SUMMARY_ENTITY_MAX,
            SubjectKind::Person => SUMMARY_PERSON_MAX,
        }
    }
}

/// How a basis was checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
pub enum Verified {
    /// From memory.
    M,
    /// From a secondary page.
    V2,
    /// Compared with the text.
    V,
}

impl Verified {
    /// On screen.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Verified::V => "已核对原文",
            Verified::V2 => "仅据二手页面",
            Verified::M => "凭记忆录入",
        }
    }
}

/// What a statute lets be taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FineRange {
    /// Between two amounts, both included; a least of nothing is "…以下".
    Between {
        /// Least.
        min: Fen,
        /// Greatest.
        max: Fen,
    },
    /// Percent of the cost of what was built.
    PercentOfCost {
        /// Least.
        min: u8,
        /// Greatest.
        max: u8,
    },
    /// For every square metre that was taken.
    PerSquareMetre {
        /// Least.
        min: Fen,
        /// Greatest.
        max: Fen,
    },
    /// The statute names no range, or it was not checked.
    Unfixed,
}

impl FineRange {
    /// Least and greatest, where they are amounts.
    #[must_use]
    pub const fn amounts(self) -> Option<(Fen, Fen)> {
        match self {
            FineRange::Between { min, max } => Some((min, max)),
            FineRange::PercentOfCost { .. } | FineRange::PerSquareMetre { .. } | FineRange::Unfixed => None,
        }
    }

    /// In words: `500 元以上 5000 元以下`.
    #[must_use]
    pub fn text(self) -> String {
        match self {
            FineRange::Between { min: Fen::ZERO, max } => format!("{max} 元以下"),
            FineRange::Between { min, max } => format!("{min} 元以上 {max} 元以下"),
            FineRange::PercentOfCost { min, max } => format!("建设工程造价 {min}% 以上 {max}% 以下"),
            FineRange::PerSquareMetre { min, max } => format!("每平方米 {min} 元以上 {max} 元以下"),
            FineRange::Unfixed => "条文无罚款幅度或者未核对".to_owned(),
        }
    }
}

/// How a statute gives 警告, as the words of its basis say it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Warns {
    /// At once.
    AtOnce,
    /// Only to who did not follow an order to correct.
    Disobeyed,
}

/// Whether the words of a basis (what has to go before, what else may be done) give the penalty 警告, and to whom (行政处罚法 4, 9(一)、
/// 38 条): none that the statute does not give. 口头警告 is no penalty (道路交通安全法 93(1)).
#[must_use]
pub fn warns(words: &str, order_first: bool) -> Option<Warns> {
    let words = words.replace("口头警告", "");
    let at = words.find("警告")?;
    let order = ["拒不", "逾期"].iter().filter_map(|word| words.find(word)).min();
    Some(if order_first && order.is_none_or(|order| order < at) { Warns::Disobeyed } else { Warns::AtOnce })
}

/// A legal officer's word that a basis was compared with its text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Confirmed {
    /// Who.
    pub by: Arc<str>,
    /// When.
    pub date: Date,
    /// The text it was compared with.
    pub source: Arc<str>,
}

/// One legal basis of a penalty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Basis {
    /// Where it holds.
    pub jurisdiction: Jurisdiction,
    /// The law.
    pub law: Arc<str>,
    /// The article that punishes; empty where it was not checked.
    pub article: Arc<str>,
    /// The article that was violated.
    pub prohibit: Option<Arc<str>>,
    /// Whom it punishes, in the statute's words.
    pub subject: Arc<str>,
    /// Which kinds that takes in; never empty.
    pub kinds: Vec<SubjectKind>,
    /// What it is limited to beyond the item itself, e.g. 装修垃圾.
    pub only: Option<Arc<str>>,
    /// The department that punishes, where it is not urban management.
    pub enforcer: Option<Arc<str>>,
    /// How much.
    pub fine: FineRange,
    /// What has to go before, e.g. 责令改正；拒不改正的.
    pub precondition: Option<Arc<str>>,
    /// What else may be done.
    pub other: Option<Arc<str>>,
    /// Only after an order to correct was not followed.
    pub limit_first: bool,
    /// Who goes on after the order to correct may be fined anew for every day (生态环境法典 1060).
    pub daily: bool,
    /// First day in force; `None`: before anything that this program judges.
    pub from: Option<Date>,
    /// Last day in force; `None`: until further notice.
    pub to: Option<Date>,
    /// How it was checked.
    pub verified: Verified,
    /// The legal officer's confirmation.
    pub confirmed: Option<Confirmed>,
    /// How sure it is, in percent.
    pub confidence: u8,
    /// Where it was taken from.
    pub source: Arc<str>,
}

impl Basis {
    /// Law and article as documents cite them.
    #[must_use]
    pub fn citation(&self) -> String {
        citation(&self.law, &self.article)
    }

    /// What it says, in one line: a confirmation is one of exactly this.
    #[must_use]
    pub fn words(&self) -> String {
        let day = |day: Option<Date>| day.map(|day| day.to_string()).unwrap_or_default();
        let text = |text: &Option<Arc<str>>| text.as_deref().unwrap_or_default().to_owned();
        let parts = [
            self.fine.text(),
            self.subject.to_string(),
            text(&self.only),
            text(&self.precondition),
            text(&self.other),
            day(self.from),
            day(self.to),
        ];
        parts.join("｜")
    }

    /// Whether it was in force on a day.
    #[must_use]
    pub fn in_force(&self, day: Date) -> bool {
        self.from.is_none_or(|from| from <= day) && self.to.is_none_or(|to| day <= to)
    }

    /// Whether a legal officer has to confirm it before it carries a decision. One without an article carries none, whoever
    /// confirmed it: a decision names the articles on which it rests (行政处罚法 59(1)(三)).
    #[must_use]
    pub fn needs_confirmation(&self) -> bool {
        (self.verified != Verified::V && self.confirmed.is_none()) || self.article.is_empty()
    }

    /// Whether a penalty on the spot is possible under it (行政处罚法 51 条): its least fine is within the bound, or it allows a
    /// warning. The facts must be certain besides.
    #[must_use]
    pub fn summary_possible(&self, kind: SubjectKind) -> bool {
        let small = self.fine.amounts().is_some_and(|(min, _)| min <= kind.summary_max());
        self.kinds.contains(&kind) && (small || self.warns().is_some())
    }

    /// Whether it gives 警告, and to whom.
    #[must_use]
    pub fn warns(&self) -> Option<Warns> {
        let words: Vec<&str> =
            [&self.precondition, &self.other].into_iter().flatten().map(|t| &**t).collect();
        warns(&words.join("；"), self.limit_first)
    }
}

/// What is known of Shanghai's list of first minor violations without penalty.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum FreeList {
    /// On the list of 2020-08-18, from a page.
    #[serde(rename = "yes_2020")]
    Yes2020,
    /// Hardly, inferred from the harm.
    #[serde(rename = "likely_no")]
    LikelyNo,
    /// The list in force was not obtained.
    #[serde(rename = "unknown")]
    Unknown,
}

impl FreeList {
    /// On screen, with its standing.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            FreeList::Yes2020 => "列入 2020-08-18 免罚清单（据页面摘录，现行清单须核对）",
            FreeList::LikelyNo => "按危害性质推断不在免罚清单（未核对）",
            FreeList::Unknown => "现行免罚清单未取得，须由法制人员核对",
        }
    }
}

/// A matter of enforcement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// Code, e.g. `JZLJ-01`.
    pub code: Arc<str>,
    /// Name.
    pub name: Arc<str>,
    /// Field, e.g. 建筑垃圾.
    pub domain: Arc<str>,
    /// The conduct in words.
    pub violation: Arc<str>,
    /// Whom it can concern.
    pub subjects: Vec<SubjectKind>,
    /// Code of the grid's catalogue, in words; may be empty.
    pub grid: Arc<str>,
    /// Shanghai's list without penalty.
    pub free_list: FreeList,
    /// Remarks; may be empty.
    pub note: Arc<str>,
    /// The bases, in the order of the data.
    pub bases: Vec<Basis>,
    /// The tiers that stand with it, in the order of the data; others stand in files of their own.
    pub benchmarks: Vec<Benchmark>,
}

/// The field of what was built unlawfully.
const UNLAWFUL_STRUCTURES: &str = "违法建设";

impl Item {
    /// Whether it is about something that was built unlawfully and may have to be pulled down (城乡规划法 64, 65, 68).
    #[must_use]
    pub fn unlawful_structure(&self) -> bool {
        *self.domain == *UNLAWFUL_STRUCTURES
    }

    /// Whom a penalty on the spot is possible for, by any basis in force on a day.
    #[must_use]
    pub fn summary_possible(&self, day: Date) -> Vec<SubjectKind> {
        let possible = |kind: &SubjectKind| {
            self.bases.iter().any(|basis| basis.in_force(day) && basis.summary_possible(*kind))
        };
        SubjectKind::ALL.into_iter().filter(|kind| self.subjects.contains(kind) && possible(kind)).collect()
    }
}

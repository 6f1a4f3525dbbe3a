//! How a fine is found within its range (裁量基准, 行政处罚法 34 条): the tier gives a part of the range, circumstances lead to its
//! lower or upper end, or below the range, or to none. Every step is said, so that anybody can do it again.

use super::FineRange;
use crate::cite::citation;
use crate::data::filled;
use crate::error::LawError;
use crate::jurisdiction::Jurisdiction;
use crate::money::Fen;
use crate::standard::Standing;
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// What a circumstance does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Effect {
    /// 从轻: towards the lower end.
    Lighten,
    /// 减轻: below the least fine.
    Reduce,
    /// 从重: towards the upper end.
    Aggravate,
    /// 不予处罚.
    MustSpare,
    /// 可以不予处罚.
    MaySpare,
}

impl Effect {
    /// On screen.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Effect::Lighten => "从轻",
            Effect::Reduce => "减轻",
            Effect::Aggravate => "从重",
            Effect::MustSpare => "不予处罚",
            Effect::MaySpare => "可以不予处罚",
        }
    }
}

/// A circumstance of the law.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Circumstance {
    /// Code.
    pub code: Arc<str>,
    /// On screen.
    pub title: Arc<str>,
    /// What it does.
    pub effect: Effect,
    /// Law and article as documents cite them.
    pub citation: String,
}

/// A part of the range.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Tier {
    /// Code.
    pub code: Arc<str>,
    /// 较轻, 一般, 较重.
    pub title: Arc<str>,
    /// When it applies.
    pub when: Arc<str>,
    /// Begin, in percent of the range.
    pub from: u8,
    /// End, in percent of the range.
    pub to: u8,
}

/// A published benchmark.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Benchmark {
    /// Code of the item; `*` for all.
    pub item: Arc<str>,
    /// Where.
    pub jurisdiction: Jurisdiction,
    /// Title.
    pub title: Arc<str>,
    /// The published rule.
    pub source: Arc<str>,
    /// How far it may be relied on.
    pub standing: Standing,
    /// The tiers, ascending, from 0 to 100 without gaps.
    pub tiers: Vec<Tier>,
    /// First day in force.
    pub in_force_from: Date,
    /// Last day in force; `None`: until further notice.
    pub in_force_to: Option<Date>,
}

/// Why nothing can be proposed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ProposalError {
    /// No such tier.
    #[error("裁量基准“{benchmark}”没有“{tier}”这一档；可选：{known}")]
    Tier {
        /// The benchmark.
        benchmark: Arc<str>,
        /// What was asked for.
        tier: String,
        /// What there is.
        known: String,
    },
    /// No amounts.
    #[error("依据没有罚款金额幅度（{0}），不能按档次计算；由办案人说明裁量理由")]
    NoAmounts(String),
}

/// A proposed fine.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Proposal {
    /// Least fine of the tier.
    pub min: Fen,
    /// Greatest fine of the tier.
    pub max: Fen,
    /// The amount proposed; nothing where the party is spared; `None` for a reduction, which is below [`Self::min`].
    pub proposed: Option<Fen>,
    /// What the circumstances come to.
    pub effect: Option<Effect>,
    /// The arithmetic and its grounds.
    pub explanation: String,
}

impl Proposal {
    /// The part of the tier that the circumstances leave: its lower half for 从轻, its upper one for 从重, the middle in both.
    #[must_use]
    pub fn part(&self) -> (Fen, Fen) {
        let middle = Fen(self.min.0 + (self.max.0 - self.min.0) / 2);
        match self.effect {
            Some(Effect::Lighten) => (self.min, middle),
            Some(Effect::Aggravate) => (middle, self.max),
            _ => (self.min, self.max),
        }
    }

    /// Why an amount differs from the proposal so that it needs grounds and approval; `None` where it does not.
    #[must_use]
    pub fn deviation(&self, fine: Fen) -> Option<String> {
        let (least, most) = self.part();
        let inside = (least..=most).contains(&fine);
        let expected = match self.effect {
            Some(Effect::Reduce) => fine < self.min,
            Some(Effect::MustSpare) => fine == Fen::ZERO,
            Some(Effect::MaySpare) => inside || fine == Fen::ZERO,
            _ => inside,
        };
        (!expected).then(|| {
            let own = match self.effect {
                Some(Effect::Reduce) => format!("低于 {} 元", self.min),
                Some(Effect::MustSpare) => "不予处罚".to_owned(),
                Some(effect @ (Effect::Lighten | Effect::Aggravate)) => {
                    format!("{}：{least} 元至 {most} 元", effect.title())
                }
                _ => format!("{least} 元至 {most} 元"),
            };
            format!("{fine} 元与裁量基准的结果（{own}）不同，须写明理由并经批准（《行政处罚法》第34条）")
        })
    }
}

impl Benchmark {
    /// A tier that has its code or its title from another: a case that names it would not say which one.
    #[must_use]
    pub(crate) fn twice(&self) -> Option<&Tier> {
        let alike = |a: &Tier, b: &Tier| a.code == b.code || a.title == b.title;
        let mut all = self.tiers.iter().enumerate();
        all.find(|(n, tier)| self.tiers.iter().take(*n).any(|other| alike(other, tier))).map(|(_, tier)| tier)
    }

    /// A tier by its code or its title.
    #[must_use]
    pub fn tier(&self, named: &str) -> Option<&Tier> {
        self.tiers.iter().find(|tier| &*tier.code == named || &*tier.title == named)
    }
}

/// Computes the proposal: the tier's part of the range, then what the circumstances do.
///
/// # Errors
/// [`ProposalError`].
pub fn propose(
    fine: FineRange,
    benchmark: &Benchmark,
    tier: &str,
    circumstances: &[&Circumstance],
) -> Result<Proposal, ProposalError> {
    let Some((least, greatest)) = fine.amounts() else {
        return Err(ProposalError::NoAmounts(fine.text()));
    };
    let Some(tier) = benchmark.tier(tier) else {
        let known: Vec<&str> = benchmark.tiers.iter().map(|tier| &*tier.title).collect();
        let (benchmark, known) = (benchmark.title.clone(), known.join("、"));
        return Err(ProposalError::Tier { benchmark, tier: tier.to_owned(), known });
    };
    let width = greatest.0 - least.0;
    let at = |percent: u8| {
        let part = i128::from(width) * i128::from(percent) / 100;
        Fen(least.0 + i64::try_from(part).unwrap_or(i64::MAX))
    };
    let (min, max) = (at(tier.from), at(tier.to));
    let mut text = format!(
        "法定幅度：{}。裁量基准“{}”{}档为幅度的 {}%—{}%：{least} +（{greatest} − {least}）× {}% = {min} 元，{least} +（{greatest} − {least}）× {}% = {max} 元。",
        fine.text(),
        benchmark.title,
        tier.title,
        tier.from,
        tier.to,
        tier.from,
        tier.to
    );
    for circumstance in circumstances {
        text.push_str(&format!(
            "{}：{}（{}）。",
            circumstance.effect.title(),
            circumstance.title,
            circumstance.citation
        ));
    }
    let effect = total(circumstances);
    let middle = Fen(min.0 + (max.0 - min.0) / 2);
    let (proposed, how) = match effect {
        Some(Effect::MustSpare) => (Some(Fen::ZERO), "依法不予处罚".to_owned()),
        Some(Effect::MaySpare) => (Some(Fen::ZERO), format!("可以不予处罚；如予处罚，{min} 元至 {max} 元")),
        Some(Effect::Reduce) => {
            (None, format!("在法定最低限 {least} 元以下处罚，数额由办案人提出并说明理由"))
        }
        Some(Effect::Lighten) => (Some(min), format!("取该档下限 {min} 元")),
        Some(Effect::Aggravate) => (Some(max), format!("取该档上限 {max} 元")),
        None => (Some(middle), format!("取该档中值（{min} + {max}）÷ 2 = {middle} 元")),
    };
    text.push_str(&how);
    text.push('。');
    let (min, max) = if effect == Some(Effect::Reduce) { (least, least) } else { (min, max) };
    Ok(Proposal { min, max, proposed, effect, explanation: text })
}

/// Between fourteen and eighteen: the law says 应当 (行政处罚法 30 条), so nothing that is heavier takes it away.
const UNDER_18: &str = "under_18";

/// What several circumstances come to: none before less before lighter.
fn total(circumstances: &[&Circumstance]) -> Option<Effect> {
    let has = |effect: &Effect| circumstances.iter().any(|c| c.effect == *effect);
    [Effect::MustSpare, Effect::MaySpare].into_iter().find(has).or_else(|| weight(circumstances))
}

/// How several circumstances weigh where there is a penalty: less before lighter; lighter and heavier together cancel out, but for who
/// is under eighteen (行政处罚法 30, 32, 34).
#[must_use]
pub fn weight(circumstances: &[&Circumstance]) -> Option<Effect> {
    let has = |effect: Effect| circumstances.iter().any(|c| c.effect == effect);
    if has(Effect::Reduce) {
        return Some(Effect::Reduce);
    }
    let minor = circumstances.iter().any(|c| &*c.code == UNDER_18);
    match (has(Effect::Lighten), has(Effect::Aggravate)) {
        (true, heavier) if minor || !heavier => Some(Effect::Lighten),
        (false, true) => Some(Effect::Aggravate),
        _ => None,
    }
}

/// The benchmark that holds: the item's own before that for all, the more local before the wider, the later before the
/// earlier.
pub(crate) fn find<'a>(
    all: impl Iterator<Item = &'a Benchmark>,
    item: &str,
    place: &Jurisdiction,
    day: Date,
) -> Option<&'a Benchmark> {
    all.filter(|b| &*b.item == item || &*b.item == "*")
        .filter(|b| b.jurisdiction.covers(place))
        .filter(|b| b.in_force_from <= day && b.in_force_to.is_none_or(|to| day <= to))
        .max_by_key(|b| {
            (&*b.item == item, b.jurisdiction.depth(), b.standing != Standing::Example, b.in_force_from)
        })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawCircumstance {
    code: String,
    title: String,
    effect: Effect,
    law: String,
    article: String,
}

impl RawCircumstance {
    pub(super) fn check(self, file: &str) -> Result<Circumstance, LawError> {
        let key = format!("circumstance {}", self.code);
        let texts =
            [("code", &self.code), ("title", &self.title), ("law", &self.law), ("article", &self.article)];
        filled(file, &key, &texts.map(|(name, text)| (name, text.as_str())))?;
        Ok(Circumstance {
            citation: citation(&self.law, &self.article),
            code: Arc::from(self.code),
            title: Arc::from(self.title),
            effect: self.effect,
        })
    }
}

#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RawBenchmark {
    /// Only where it stands outside its item.
    #[serde(default)]
    item: String,
    jurisdiction: Jurisdiction,
    title: String,
    source: String,
    standing: Standing,
    in_force_from: Date,
    #[serde(skip_serializing_if = "Option::is_none")]
    in_force_to: Option<Date>,
    tiers: Vec<Tier>,
}

impl From<&Benchmark> for RawBenchmark {
    fn from(benchmark: &Benchmark) -> Self {
        RawBenchmark {
            item: benchmark.item.to_string(),
            jurisdiction: benchmark.jurisdiction.clone(),
            title: benchmark.title.to_string(),
            source: benchmark.source.to_string(),
            standing: benchmark.standing,
            in_force_from: benchmark.in_force_from,
            in_force_to: benchmark.in_force_to,
            tiers: benchmark.tiers.clone(),
        }
    }
}

impl RawBenchmark {
    /// One that stands with its item.
    pub(super) fn check_of(self, file: &str, item: &str) -> Result<Benchmark, LawError> {
        RawBenchmark { item: item.to_owned(), ..self }.check(file)
    }

    pub(crate) fn check(self, file: &str) -> Result<Benchmark, LawError> {
        let key = format!("benchmark {} {}", self.item, self.jurisdiction);
        filled(file, &key, &[("item", &self.item), ("title", &self.title), ("source", &self.source)])?;
        let ends = (self.tiers.first().map(|t| t.from), self.tiers.last().map(|t| t.to));
        let joined = self.tiers.windows(2).all(|pair| pair[0].to == pair[1].from);
        if ends != (Some(0), Some(100)) || !joined || self.tiers.iter().any(|tier| tier.from >= tier.to) {
            return Err(LawError::new(file, key, "tiers 应由小到大，从 0 到 100 相接，不留空隙"));
        }
        Ok(Benchmark {
            item: Arc::from(self.item),
            jurisdiction: self.jurisdiction,
            title: Arc::from(self.title),
            source: Arc::from(self.source),
            standing: self.standing,
            tiers: self.tiers,
            in_force_from: self.in_force_from,
            in_force_to: self.in_force_to,
        })
    }
}

//! How cases are counted: pure functions over lines, one rule each. In words for everybody: `docs/counting.md`.
//!
//! A case is counted once wherever it belongs, and in each line of a table that it belongs to: one with two items stands under
//! both. Money is counted by line, so that no fen is counted twice.

use crate::ports::CountedLine;
use jiff::Timestamp;
use lianzhi_ids::DocketId;
use schemars::JsonSchema;
use serde::Serialize;
use std::collections::BTreeMap;

/// By what cases are broken down.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CaseBy {
    /// Code of the item.
    Item,
    /// What came of it.
    Result,
    /// Terms.
    Kept,
    /// First legal review.
    Reviewed,
    /// Lead unit.
    Unit,
    /// Month of registration in Beijing, `2026-03`.
    Month,
    /// Kind of procedure.
    Procedure,
    /// Reconsideration and lawsuit.
    Challenge,
    /// Tier of the benchmark; empty for cases without one.
    Tier,
    /// 单位 or 个人.
    Subject,
}

impl CaseBy {
    /// All, in the order of the page.
    pub const ALL: [CaseBy; 10] = [
        CaseBy::Month,
        CaseBy::Item,
        CaseBy::Procedure,
        CaseBy::Result,
        CaseBy::Kept,
        CaseBy::Reviewed,
        CaseBy::Challenge,
        CaseBy::Unit,
        CaseBy::Tier,
        CaseBy::Subject,
    ];

    /// Its name in addresses, files and the API.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            CaseBy::Item => "item",
            CaseBy::Result => "result",
            CaseBy::Kept => "kept",
            CaseBy::Reviewed => "reviewed",
            CaseBy::Unit => "unit",
            CaseBy::Month => "month",
            CaseBy::Procedure => "procedure",
            CaseBy::Challenge => "challenge",
            CaseBy::Tier => "tier",
            CaseBy::Subject => "subject",
        }
    }

    /// On screen.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            CaseBy::Item => "按事项",
            CaseBy::Result => "按处理结果",
            CaseBy::Kept => "按期限",
            CaseBy::Reviewed => "按法制审核（首次意见）",
            CaseBy::Unit => "按单位（含下级）",
            CaseBy::Month => "按登记月份",
            CaseBy::Procedure => "按程序",
            CaseBy::Challenge => "按复议、诉讼",
            CaseBy::Tier => "按裁量档次",
            CaseBy::Subject => "按当事人",
        }
    }

    /// What of a line it looks at.
    #[must_use]
    pub fn key(self, counted: &CountedLine) -> String {
        let line = &counted.line;
        match self {
            CaseBy::Item => line.item.clone(),
            CaseBy::Result => line.result.clone(),
            CaseBy::Kept => line.kept.clone(),
            CaseBy::Reviewed => line.reviewed.clone(),
            CaseBy::Unit => counted.unit.clone().unwrap_or_default(),
            CaseBy::Month => month(counted.reported_at),
            CaseBy::Procedure => counted.kind.clone(),
            CaseBy::Challenge => line.challenge.clone(),
            CaseBy::Tier => line.tier.clone(),
            CaseBy::Subject => line.subject.clone(),
        }
    }
}

/// `2026-03`, of micros, in Beijing.
fn month(micros: i64) -> String {
    let at = Timestamp::from_microsecond(micros).unwrap_or_default();
    super::super::today(at).strftime("%Y-%m").to_string()
}

/// What is counted of some lines.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct CaseSum {
    /// Cases.
    pub cases: i64,
    /// Of them with a penalty that stands.
    pub punished: i64,
    /// Fines decided and standing, fen.
    pub fine: i64,
    /// What was paid, fen.
    pub paid: i64,
}

/// A sum in the making: lines come by docket.
#[derive(Debug, Default)]
struct Adding {
    sum: CaseSum,
    last: Option<DocketId>,
    last_punished: Option<DocketId>,
}

impl Adding {
    fn add(&mut self, counted: &CountedLine) {
        let line = &counted.line;
        if self.last != Some(line.docket) {
            self.last = Some(line.docket);
            self.sum.cases += 1;
        }
        if line.result == "penalty" && self.last_punished != Some(line.docket) {
            self.last_punished = Some(line.docket);
            self.sum.punished += 1;
        }
        self.sum.fine += line.fine;
        self.sum.paid += line.paid;
    }
}

/// Sums up all lines. They stand in the order of their dockets.
#[must_use]
pub fn sum<'a>(lines: impl IntoIterator<Item = &'a CountedLine>) -> CaseSum {
    let mut adding = Adding::default();
    lines.into_iter().for_each(|line| adding.add(line));
    adding.sum
}

/// Sums up lines by something, in the order of its keys.
#[must_use]
pub fn sums<'a>(lines: impl IntoIterator<Item = &'a CountedLine>, by: CaseBy) -> BTreeMap<String, CaseSum> {
    sums_under(lines, |line| vec![by.key(line)])
}

/// The same where a line may stand under several keys.
#[must_use]
pub fn sums_under<'a>(
    lines: impl IntoIterator<Item = &'a CountedLine>,
    keys: impl Fn(&CountedLine) -> Vec<String>,
) -> BTreeMap<String, CaseSum> {
    let mut all: BTreeMap<String, Adding> = BTreeMap::new();
    for line in lines {
        for key in keys(line) {
            all.entry(key).or_default().add(line);
        }
    }
    all.into_iter().map(|(key, adding)| (key, adding.sum)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ports::CaseLineRow;

    fn line(docket: i64, n: i64, item: &str, result: &str, fine: i64) -> CountedLine {
        CountedLine {
            kind: "penalty".into(),
            unit: Some("squad-a".into()),
            // 2026-03-01 00:30 in Beijing is still February in UTC.
            reported_at: 1_772_296_200_000_000,
            line: CaseLineRow {
                docket: DocketId(docket),
                n,
                item: item.into(),
                subject: "单位".into(),
                result: result.into(),
                kept: "kept".into(),
                reviewed: "agree".into(),
                challenge: "none".into(),
                tier: String::new(),
                circumstances: String::new(),
                decided_at: None,
                fine,
                paid: fine / 2,
            },
        }
    }

    #[test]
    fn a_case_with_two_parties_is_one_case_and_their_fines_add_up() {
        let lines = [line(1, 0, "A", "penalty", 1000), line(1, 1, "A", "penalty", 500)];
        let all = sum(&lines);
        assert_eq!(all, CaseSum { cases: 1, punished: 1, fine: 1500, paid: 750 });
    }

    #[test]
    fn a_case_with_two_items_stands_under_both_and_once_in_the_total() {
        let lines =
            [line(1, 0, "A", "penalty", 1000), line(1, 1, "B", "penalty", 500), line(2, 0, "A", "open", 0)];
        let by = sums(&lines, CaseBy::Item);
        assert_eq!((by["A"].cases, by["B"].cases, sum(&lines).cases), (2, 1, 2));
        assert_eq!(by.values().map(|s| s.fine).sum::<i64>(), sum(&lines).fine, "money is counted once");
    }

    #[test]
    fn a_month_is_one_of_beijing() {
        assert_eq!(
            sums(&[line(1, 0, "A", "open", 0)], CaseBy::Month).into_keys().collect::<Vec<_>>(),
            ["2026-03"]
        );
    }

    #[test]
    fn what_was_dropped_is_a_case_and_no_penalty() {
        let all = sum(&[line(1, 0, "A", "dropped", 0), line(2, 0, "A", "annulled", 0)]);
        assert_eq!((all.cases, all.punished), (2, 0));
    }
}

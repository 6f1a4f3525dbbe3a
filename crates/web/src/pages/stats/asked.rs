//! What the address of the statistics asks for, and the addresses that lead to matters.

use crate::pages::ui;
use jiff::civil::Date;
use lianzhi_app::FiguresQuery;
use lianzhi_app::figures::is_category;
use lianzhi_app::figures::rules::{Period, Step};
use lianzhi_procedure::Refusal;
use lianzhi_procedure::report::Source;
use serde::Deserialize;

/// Days of the trend of a single day: the fortnight up to it.
const TREND_DAYS: i64 = 14;

/// The query string.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(in crate::pages) struct Asked {
    pub period: String,
    pub date: String,
    pub from: String,
    pub to: String,
    pub unit: String,
    pub category: String,
    pub source: String,
    /// The file that is asked for has this table.
    pub table: String,
}

/// The steps with their codes in the address and their names.
pub(super) const STEPS: [(&str, Step, &str); 4] = [
    ("today", Step::Day, "今日"),
    ("week", Step::Week, "本周"),
    ("month", Step::Month, "本月"),
    ("year", Step::Year, "本年"),
];

pub(super) fn date(field: &'static str, text: &str) -> Result<Date, Refusal> {
    text.trim().parse().map_err(|_| {
        Refusal::invalid(
            field,
            format!("“{}”不是日期。", text.chars().take(20).collect::<String>()),
            "请写成 2026-11-22。",
        )
    })
}

impl Asked {
    /// The period.
    pub fn period(&self, today: Date) -> Result<Period, Refusal> {
        let given = |text: &str| !text.trim().is_empty();
        if given(&self.from) || given(&self.to) {
            let to = if given(&self.to) { date("to", &self.to)? } else { today };
            let from = if given(&self.from) { date("from", &self.from)? } else { to };
            return Ok(Period::between(from, to));
        }
        let day = if given(&self.date) { date("date", &self.date)? } else { today };
        let step = match self.period.as_str() {
            "" => Step::Month,
            code => STEPS.iter().find(|(c, ..)| *c == code).map(|(_, step, _)| *step).ok_or_else(|| {
                Refusal::invalid("period", "没有这种时间范围。", "可选今日、本周、本月、本年，或填起止日期。")
            })?,
        };
        Ok(Period::around(step, day))
    }

    /// What is to be counted.
    pub fn query(&self, today: Date) -> Result<FiguresQuery, Refusal> {
        let period = self.period(today)?;
        let given = |text: &str| Some(text.trim().to_owned()).filter(|t| !t.is_empty());
        let (unit, category, source) = (given(&self.unit), given(&self.category), given(&self.source));
        if category.as_deref().is_some_and(|c| c != "none" && !is_category(c)) {
            return Err(Refusal::invalid("category", "没有这个类别。", "请从列表中选择类别。"));
        }
        if source.as_deref().is_some_and(|s| Source::from_code(s).is_none()) {
            return Err(Refusal::invalid("source", "没有这个来源。", "请从列表中选择来源。"));
        }
        Ok(FiguresQuery {
            period,
            before: period.before(today),
            trend: trend(period),
            unit,
            category,
            source,
        })
    }

    /// Its own query string, for another period.
    pub fn at(&self, period: Period) -> String {
        let mut out = when(period);
        for (name, value) in [("unit", &self.unit), ("category", &self.category), ("source", &self.source)] {
            if !value.trim().is_empty() {
                out.push_str(&format!("&{name}={}", ui::query(value.trim())));
            }
        }
        out
    }
}

/// A single day stands at the end of a fortnight; everything else is its own trend.
fn trend(period: Period) -> Period {
    if period.from == period.to {
        Period {
            step: Step::Days,
            from: period.to.saturating_add(jiff::Span::new().days(1 - TREND_DAYS)),
            to: period.to,
        }
    } else {
        period
    }
}

/// A period in the address of the statistics.
pub(super) fn when(period: Period) -> String {
    match STEPS.iter().find(|(_, step, _)| *step == period.step) {
        Some((code, ..)) => format!("period={code}&date={}", period.from),
        None => format!("from={}&to={}", period.from, period.to),
    }
}

/// A period in words.
pub(super) fn words(period: Period) -> String {
    let (from, to) = (period.from, period.to);
    match period.step {
        _ if from == to => from.to_string(),
        Step::Month if Period::around(Step::Month, from) == period => {
            format!("{} 年 {} 月", from.year(), from.month())
        }
        Step::Year if Period::around(Step::Year, from) == period => format!("{} 年", from.year()),
        _ => format!("{from} 至 {to}"),
    }
}

/// Which matters a number counts: the addresses of lists.
#[derive(Debug, Clone)]
pub(super) struct Links {
    /// Filters that all of them have: unit, category, source.
    base: String,
}

impl Links {
    pub fn new(asked: &Asked) -> Links {
        let pairs = [("unit", &asked.unit), ("category", &asked.category), ("source", &asked.source)];
        let base = pairs
            .iter()
            .filter(|(_, value)| !value.trim().is_empty())
            .map(|(name, value)| format!("&{name}={}", ui::query(value.trim())))
            .collect();
        Links { base }
    }
    /// With one more filter; it takes the place of the one of the same name.
    pub fn with(&self, name: &str, value: &str) -> Links {
        let mark = format!("{name}=");
        let kept = self.base.split('&').filter(|pair| !pair.is_empty() && !pair.starts_with(&mark));
        let rest: String = kept.map(|pair| format!("&{pair}")).collect();
        Links { base: format!("{rest}&{name}={}", ui::query(value)) }
    }
    /// 上报.
    pub fn came(&self, p: Period) -> String {
        format!("/matters?from={}&to={}{}", p.from, p.to, self.base)
    }
    /// 现在在办, whatever the period.
    pub fn open_now(&self) -> String {
        format!("/matters?open=true{}", self.base)
    }
    /// 现在超期, whatever the period.
    pub fn late_now(&self) -> String {
        format!("/matters?open=true&overdue=now{}", self.base)
    }
    /// 本期上报，仍在办.
    pub fn waits(&self, p: Period) -> String {
        format!("{}&open=true", self.came(p))
    }
    /// 本期上报，现在超期.
    pub fn late(&self, p: Period) -> String {
        format!("{}&overdue=now", self.waits(p))
    }
    /// 办结.
    pub fn done(&self, p: Period) -> String {
        format!("/matters?stage=closed&closed_from={}&closed_to={}{}", p.from, p.to, self.base)
    }
    /// 按期办结, or not.
    pub fn in_time(&self, p: Period, kept: bool) -> String {
        format!("{}&in_time={kept}", self.done(p))
    }
    /// 返工, or not.
    pub fn again(&self, p: Period, again: bool) -> String {
        format!("{}&rework={again}", self.done(p))
    }
    /// Rated so; separated by commas.
    pub fn rated(&self, p: Period, ratings: &str) -> String {
        format!("{}&rating={}", self.done(p), ui::query(ratings))
    }
    /// 其他了结.
    pub fn otherwise(&self, p: Period) -> String {
        let stages = ui::query(&lianzhi_app::figures::rules::OTHERWISE.join(","));
        format!("/matters?stage={stages}&closed_from={}&closed_to={}{}", p.from, p.to, self.base)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date as day;

    #[test]
    fn an_address_names_its_period_and_leads_back_to_it() {
        let today = day(2026, 11, 23);
        for (code, step, _) in STEPS {
            let asked = Asked { period: code.into(), unit: "squad-a".into(), ..Asked::default() };
            let period = asked.period(today).expect("a period");
            assert_eq!(period, Period::around(step, today));
            assert!(asked.at(period).starts_with(&format!("period={code}&date=")));
            assert!(asked.at(period).ends_with("&unit=squad%2Da"));
        }
        let asked = Asked { from: "2026-11-20".into(), to: "2026-11-01".into(), ..Asked::default() };
        let period = asked.period(today).expect("a period");
        assert_eq!(when(period), "from=2026-11-01&to=2026-11-20", "the earlier day comes first");
        assert!(Asked { date: "gestern".into(), ..Asked::default() }.period(today).is_err());
        assert!(Asked { period: "decade".into(), ..Asked::default() }.period(today).is_err());
    }

    #[test]
    fn a_narrower_link_takes_the_place_of_the_wider_one() {
        let asked = Asked { unit: "bureau".into(), source: "citizen".into(), ..Asked::default() };
        let period = Period::around(Step::Day, day(2026, 11, 23));
        let link = Links::new(&asked).with("unit", "a").came(period);
        assert_eq!(link, "/matters?from=2026-11-23&to=2026-11-23&source=citizen&unit=a");
    }
}

//! Published decisions for the public: a list, one by its id, and those that were withdrawn with the reason.

use crate::App;
use crate::ports::{CaseLineRow, Filter, OversightFilter, OversightRow, StoreError};
use crate::read::{filter_of_kind, given};
use crate::shared::unavailable;
use jiff::civil::Date;
use jiff::{Timestamp, ToSpan, tz};
use lianzhi_ids::DocketId;
use lianzhi_procedure::directory::PublicationSettings;
use lianzhi_procedure::publicity::{PublicDecision, Standing};
use lianzhi_procedure::{Kind, Refusal, beijing_date};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::HashMap;

/// Decisions on a page, when nothing is said.
const PAGE: i64 = 20;
/// Decisions on a page at most.
const PAGE_MAX: i64 = 1_000;
/// Withdrawn decisions that are told of at once.
const WITHDRAWN_MAX: i64 = 100;

/// What somebody asks of the published decisions; the same names in the address of the page and in the API.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct DecisionQuery {
    /// Code of an item.
    pub item: Option<String>,
    /// Decided from this day on.
    pub from: Option<String>,
    /// Decided up to this day.
    pub to: Option<String>,
    /// Part of a party's name as it is published.
    pub party: Option<String>,
    /// `penalty` (ordinary procedure) or `spot` (on the spot).
    pub procedure: Option<String>,
    /// How many at once, 20 when not given, 1,000 at most.
    pub limit: Option<i64>,
    /// Where to go on: `next` of the page before.
    pub cursor: Option<String>,
}

/// A published decision.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct PublishedDecision {
    /// Id that stays; also the code by which the paper is checked.
    pub id: String,
    /// Who decided.
    pub agency: String,
    /// What is published of it.
    #[serde(flatten)]
    pub decision: PublicDecision,
    /// Day on which it was first published.
    pub published: Date,
    /// Last day on which it is shown.
    pub shown_until: Date,
    /// It was revoked or changed; its publication is being withdrawn (行政处罚法 48(2)).
    pub annulled: bool,
    /// An earlier publication was withdrawn before it was published as it stands now.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub recalled: Option<Recall>,
}

/// That a publication was withdrawn, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Recall {
    /// Day on which it was withdrawn.
    pub withdrawn: Date,
    /// Why.
    pub reason: String,
}

/// A decision whose publication was withdrawn: nothing but its number, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct WithdrawnDecision {
    /// 文号.
    pub number: String,
    /// Day on which publication was withdrawn.
    pub withdrawn: Date,
    /// Why.
    pub reason: String,
}

/// A fine for an item in a published decision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct PublishedLine {
    /// 文号.
    pub(crate) number: String,
    /// Day of the decision.
    pub(crate) decided: Date,
    /// 单位 or 个人.
    pub(crate) subject: String,
    /// Fine, fen.
    pub(crate) fine: i64,
}

/// A page of published decisions.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Decisions {
    /// The decisions, the newest first.
    pub decisions: Vec<PublishedDecision>,
    /// Cursor of the next page.
    pub next: Option<String>,
    /// How many there are in all.
    pub total: i64,
}

fn moment(micros: i64) -> Timestamp {
    Timestamp::from_microsecond(micros).unwrap_or(Timestamp::UNIX_EPOCH)
}

/// Beginning of a day in Beijing, micros.
pub(super) fn morning(day: Date) -> i64 {
    tz::offset(8).to_timestamp(day.at(0, 0, 0, 0)).map_or(i64::MAX, Timestamp::as_microsecond)
}

/// The day of a filter.
fn day(text: Option<&str>, field: &'static str) -> Result<Option<Date>, Refusal> {
    let Some(text) = given(text) else { return Ok(None) };
    text.parse().map(Some).map_err(|_| Refusal::invalid(field, "日期无法识别。", "请写成 2026-11-20。"))
}

/// Where a page ends: time and docket of its last row.
pub(super) fn cursor(row: &OversightRow) -> String {
    format!("{:x}-{:x}", row.at, row.docket.0)
}

pub(super) fn place(text: Option<&str>) -> Result<Option<(i64, DocketId)>, Refusal> {
    let Some(text) = given(text) else { return Ok(None) };
    let read = || {
        let (at, docket) = text.split_once('-')?;
        let number = |hex| i64::from_str_radix(hex, 16).ok();
        Some((number(at)?, DocketId(number(docket)?)))
    };
    read().map(Some).ok_or_else(|| Refusal::invalid("cursor", "没有这一页。", "请从第一页重新开始。"))
}

/// First moments of publication that are still shown today: of decisions about others, about natural persons.
pub(super) fn shown_since(settings: &PublicationSettings, today: Date) -> (i64, i64) {
    let first = |months: u32| morning(today.saturating_sub(i64::from(months).months()));
    (first(settings.months), first(settings.person_months))
}

/// Last day on which a decision is shown.
fn until(settings: &PublicationSettings, published: Date, personal: bool) -> Date {
    let months = if personal { settings.person_months } else { settings.months };
    published.saturating_add(i64::from(months).months())
}

impl App {
    /// What of the decisions the public sees now.
    fn public_filter(&self) -> OversightFilter {
        let directory = self.directory();
        let today = beijing_date(self.now());
        OversightFilter {
            standings: vec![Standing::Published.code().to_owned()],
            decided: Some(true),
            shown_since: Some(shown_since(&directory.settings.publication, today)),
            ..OversightFilter::default()
        }
    }

    fn as_published(&self, row: &OversightRow) -> Option<PublishedDecision> {
        let decision: PublicDecision = serde_json::from_str(row.decision.as_deref()?).ok()?;
        let paper = u16::try_from(row.paper?).ok()?;
        let directory = self.directory();
        let published = beijing_date(moment(row.published_at?));
        Some(PublishedDecision {
            id: self.check_code(row.docket, paper)?,
            agency: directory.settings.agency.clone(),
            shown_until: until(&directory.settings.publication, published, row.personal),
            decision,
            published,
            annulled: row.annulled,
            recalled: row
                .withdrawn_at
                .map(|at| Recall { withdrawn: beijing_date(moment(at)), reason: row.reason.clone() }),
        })
    }

    /// Published decisions, the newest first.
    ///
    /// # Errors
    /// A filter that is none.
    pub async fn decisions(&self, query: &DecisionQuery) -> Result<Decisions, Refusal> {
        let kind = match given(query.procedure.as_deref()) {
            None => None,
            Some(code) if [Kind::Penalty.code(), Kind::Spot.code()].contains(&code) => Some(code.to_owned()),
            Some(_) => {
                return Err(Refusal::invalid("procedure", "没有这种程序。", "可用：penalty、spot。"));
            }
        };
        let filter = OversightFilter {
            kind,
            from: day(query.from.as_deref(), "from")?.map(morning),
            to: day(query.to.as_deref(), "to")?.map(|day| morning(day.saturating_add(1.day()))),
            item: given(query.item.as_deref()).map(str::to_owned),
            party: given(query.party.as_deref()).map(str::to_owned),
            ..self.public_filter()
        };
        let limit = query.limit.unwrap_or(PAGE);
        if !(1..=PAGE_MAX).contains(&limit) {
            let rule = format!("一次最多 {PAGE_MAX} 条。");
            return Err(Refusal::invalid("limit", rule, "请用 next 接着取下一页。"));
        }
        let after = place(query.cursor.as_deref())?;
        let store = &self.inner.store.oversight;
        let rows = store.rows(&filter, after, limit).await.map_err(|e| unavailable(&e))?;
        let total = store.counts(&filter).await.map_err(|e| unavailable(&e))?.iter().map(|c| c.n).sum();
        let full = i64::try_from(rows.len()).is_ok_and(|n| n == limit);
        let next = rows.last().filter(|_| full).map(cursor);
        Ok(Decisions {
            decisions: rows.iter().filter_map(|row| self.as_published(row)).collect(),
            next,
            total,
        })
    }

    /// A published decision by its id.
    ///
    /// # Errors
    /// When there is none that is shown; says so when its publication was withdrawn or is over.
    pub async fn decision(&self, id: &str) -> Result<PublishedDecision, Refusal> {
        let none = || Refusal::missing("没有公开的处罚决定，或者公开期限已满。");
        let (docket, paper) = self.of_code(id).ok_or_else(none)?;
        let row = self.published(docket).await?.filter(|row| row.paper == Some(i64::from(paper)));
        row.and_then(|row| self.as_published(&row)).ok_or_else(none)
    }

    /// The fines for an item in decisions that the public sees now and that stand: a line for each party.
    ///
    /// # Errors
    /// When the store does not answer.
    pub(crate) async fn published_lines(&self, item: &str) -> Result<Vec<PublishedLine>, StoreError> {
        let store = &self.inner.store;
        let filter = OversightFilter { item: Some(item.to_owned()), ..self.public_filter() };
        let (mut shown, mut after) = (HashMap::new(), None);
        loop {
            let rows = store.oversight.rows(&filter, after, PAGE_MAX).await?;
            after = rows.last().map(|row| (row.at, row.docket));
            let full = i64::try_from(rows.len()).is_ok_and(|n| n == PAGE_MAX);
            for row in rows.into_iter().filter(|row| !row.annulled) {
                let read = row.decision.and_then(|text| serde_json::from_str::<PublicDecision>(&text).ok());
                shown.extend(read.map(|decision| (row.docket, decision)));
            }
            if !full {
                break;
            }
        }
        if shown.is_empty() {
            return Ok(Vec::new());
        }
        let all = Filter { kind: None, now: self.now().as_microsecond(), ..filter_of_kind("") };
        let lines = store.queries.case_lines(&all, Some(item)).await?;
        let fined = lines.into_iter().map(|l| l.line).filter(|l| l.result == "penalty" && l.fine > 0);
        let line = |line: CaseLineRow| {
            let decision = shown.get(&line.docket)?;
            let (number, decided) = (decision.number.clone(), decision.decided);
            Some(PublishedLine { number, decided, subject: line.subject, fine: line.fine })
        };
        Ok(fined.filter_map(line).collect())
    }

    /// The row of a docket whose decision is shown to the public now.
    pub(super) async fn published(&self, docket: DocketId) -> Result<Option<OversightRow>, Refusal> {
        let row = self.inner.store.oversight.row(docket).await.map_err(|e| unavailable(&e))?;
        let settings = self.directory().settings.publication;
        let (others, persons) = shown_since(&settings, beijing_date(self.now()));
        Ok(row.filter(|row| {
            let since = if row.personal { persons } else { others };
            row.standing.as_deref() == Some(Standing::Published.code())
                && row.published_at.is_some_and(|at| at >= since)
        }))
    }

    /// Decisions whose publication was withdrawn, the newest first (行政处罚法 48(2)).
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn withdrawn_decisions(&self) -> Result<Vec<WithdrawnDecision>, Refusal> {
        let filter = OversightFilter {
            standings: vec![Standing::Withdrawn.code().to_owned()],
            ..self.public_filter()
        };
        let rows = self.inner.store.oversight.rows(&filter, None, WITHDRAWN_MAX).await;
        let told = |row: OversightRow| {
            let decision: PublicDecision = serde_json::from_str(row.decision.as_deref()?).ok()?;
            let withdrawn = beijing_date(moment(row.withdrawn_at?));
            Some(WithdrawnDecision { number: decision.number, withdrawn, reason: row.reason })
        };
        Ok(rows.map_err(|e| unavailable(&e))?.into_iter().filter_map(told).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_decision_is_shown_for_the_months_that_the_agency_set_and_shorter_of_a_person() {
        let settings = PublicationSettings { spots: true, months: 12, person_months: 6 };
        let day = |text: &str| text.parse::<Date>().unwrap();
        assert_eq!(until(&settings, day("2026-02-28"), false), day("2027-02-28"));
        assert_eq!(until(&settings, day("2026-08-31"), true), day("2027-02-28"), "the month has no 31st");
        let (others, persons) = shown_since(&settings, day("2027-02-28"));
        assert_eq!((others, persons), (morning(day("2026-02-28")), morning(day("2026-08-28"))));
    }

    #[test]
    fn a_cursor_comes_back_and_anything_else_is_refused() {
        let place = |text| place(Some(text));
        assert_eq!(place("5f-a").unwrap(), Some((95, DocketId(10))));
        for text in ["x", "1", "1-g", "-", "1-2-3"] {
            assert!(place(text).is_err(), "{text}");
        }
    }
}

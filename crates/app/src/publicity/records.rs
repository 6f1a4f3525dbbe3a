//! Matters under the three systems for those who supervise: what every number of the yearly report leads to, and which cases have
//! gaps in their record.

use super::annual::{asked_year, year_of};
use super::decisions::{cursor, place};
use crate::ports::{OversightFilter, OversightRow};
use crate::read::given;
use crate::shared::unavailable;
use crate::{App, Caller};
use jiff::civil::Date;
use jiff::{Timestamp, tz};
use lianzhi_ids::UnitCode;
use lianzhi_procedure::penalty::{Gap, record_gaps};
use lianzhi_procedure::publicity::{Reviewed, Standing};
use lianzhi_procedure::{AnyState, Kind, Refusal, spot};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::HashMap;

/// Matters on a page: each is folded to say what is missing.
const PAGE: i64 = 30;

/// What may be asked for: code, title.
pub const WHAT: [(&str, &str); 12] = [
    ("gaps", "记录有缺项"),
    ("whole", "记录没有缺项"),
    ("to_review", "等待法制审核"),
    ("reviewed", "已经法制审核"),
    ("open", "还没有公开"),
    ("published", "已公开（含已撤回）"),
    ("in_term", "按期公开"),
    ("late", "逾期公开"),
    ("kept", "不公开"),
    ("withdrawn", "已撤回公开"),
    ("ordinary", "普通程序决定"),
    ("spots", "当场处罚决定"),
];

/// What somebody asks; the same names in the address of the page and in the API.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct RecordQuery {
    /// One of: gaps (also when not given), whole, to_review, reviewed, open, published, in_term, late, kept, withdrawn, ordinary,
    /// spots.
    pub what: Option<String>,
    /// Year of the decision (of the filing, before it); all years when not given.
    pub year: Option<String>,
    /// Where to go on: `next` of the page before.
    pub cursor: Option<String>,
}

/// A matter.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct RecordRow {
    /// Docket.
    pub id: i64,
    /// Number.
    pub number: String,
    /// Title.
    pub title: String,
    /// Its unit.
    pub unit: String,
    /// Whether it is decided.
    pub decided: bool,
    /// Day of the decision; of the filing, before it.
    pub day: Date,
    /// Publication, in words.
    pub publication: &'static str,
    /// Legal review, in words.
    pub review: &'static str,
    /// What is missing of its record.
    pub gaps: Vec<Gap>,
}

/// A page of matters.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Records {
    /// What was asked for.
    pub what: String,
    /// The same in words.
    pub title: &'static str,
    /// The matters, the newest first.
    pub records: Vec<RecordRow>,
    /// How many there are in all.
    pub total: i64,
    /// Cursor of the next page.
    pub next: Option<String>,
}

/// The filter of a question.
fn filter(what: &str) -> OversightFilter {
    let standing = |of: &[Standing]| of.iter().map(|s| s.code().to_owned()).collect::<Vec<_>>();
    let all = OversightFilter::default();
    let ever = standing(&[Standing::Published, Standing::Withdrawn]);
    match what {
        "whole" => OversightFilter { gaps: Some(false), ..all },
        "to_review" => OversightFilter { review: Some(Reviewed::Owed.code().into()), ..all },
        "reviewed" => OversightFilter { review: Some(Reviewed::Given.code().into()), ..all },
        "open" => OversightFilter { standings: standing(&[Standing::Open]), ..all },
        "published" => OversightFilter { standings: ever, ..all },
        "in_term" => OversightFilter { standings: ever, late: Some(false), ..all },
        "late" => OversightFilter { standings: ever, late: Some(true), ..all },
        "kept" => OversightFilter { standings: standing(&[Standing::Kept]), ..all },
        "withdrawn" => OversightFilter { standings: standing(&[Standing::Withdrawn]), ..all },
        "ordinary" => OversightFilter { kind: Some(Kind::Penalty.code().into()), decided: Some(true), ..all },
        "spots" => OversightFilter { kind: Some(Kind::Spot.code().into()), decided: Some(true), ..all },
        _ => OversightFilter { gaps: Some(true), ..all },
    }
}

fn gaps(state: &AnyState) -> Vec<Gap> {
    match state {
        AnyState::Penalty(state) => state.case().map(record_gaps).unwrap_or_default(),
        AnyState::Spot(state) => state.sheet().map(spot::record_gaps).unwrap_or_default(),
        _ => Vec::new(),
    }
}

impl App {
    /// Matters under the three systems.
    ///
    /// # Errors
    /// No right to look, or a filter that is none.
    pub async fn oversight_records(&self, who: &Caller, query: &RecordQuery) -> Result<Records, Refusal> {
        self.may_oversee(who)?;
        let what = given(query.what.as_deref()).unwrap_or("gaps");
        let Some((what, title)) = WHAT.into_iter().find(|(code, _)| *code == what) else {
            let codes = WHAT.map(|(code, _)| code).join("、");
            return Err(Refusal::invalid("what", "没有这一类。", format!("可用：{codes}。")));
        };
        let year = asked_year(query.year.as_deref())?.map(year_of).transpose()?;
        let filter = OversightFilter {
            sight: Some(self.sight_of_files(who)?),
            from: year.map(|(from, _)| from),
            to: year.map(|(_, to)| to),
            ..filter(what)
        };
        let store = &self.inner.store;
        let after = place(query.cursor.as_deref())?;
        let rows = store.oversight.rows(&filter, after, PAGE).await.map_err(|e| unavailable(&e))?;
        let total = store.oversight.counts(&filter).await.map_err(|e| unavailable(&e))?;
        let full = i64::try_from(rows.len()).is_ok_and(|n| n == PAGE);
        let next = rows.last().filter(|_| full).map(cursor);
        let records = self.record_rows(&rows).await?;
        Ok(Records { what: what.into(), title, records, total: total.iter().map(|c| c.n).sum(), next })
    }

    async fn record_rows(&self, rows: &[OversightRow]) -> Result<Vec<RecordRow>, Refusal> {
        let ids: Vec<_> = rows.iter().map(|row| row.docket).collect();
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let store = &self.inner.store;
        let matters = store.journal.matters(&ids).await.map_err(|e| unavailable(&e))?;
        let titles: HashMap<_, _> = matters.into_iter().map(|row| (row.id, row.title)).collect();
        let lives = self.inner.shared.lives(store, &ids).await.map_err(|e| unavailable(&e))?;
        let directory = self.directory();
        let made = |row: &OversightRow| {
            let unit = UnitCode::parse(&row.unit).ok();
            let at = Timestamp::from_microsecond(row.at).unwrap_or(Timestamp::UNIX_EPOCH);
            RecordRow {
                id: row.docket.0,
                number: row.number.clone(),
                title: titles.get(&row.docket).cloned().unwrap_or_default(),
                unit: unit.map(|unit| directory.unit_name(&unit).to_owned()).unwrap_or_default(),
                decided: row.paper.is_some(),
                day: tz::offset(8).to_datetime(at).date(),
                publication: match row.standing.as_deref().and_then(Standing::from_code) {
                    Some(standing) => standing.title(),
                    None => "还没有决定",
                },
                review: Reviewed::from_code(&row.review).unwrap_or(Reviewed::Free).title(),
                gaps: lives.get(&row.docket).map(|live| gaps(&live.state)).unwrap_or_default(),
            }
        };
        Ok(rows.iter().map(made).collect())
    }
}

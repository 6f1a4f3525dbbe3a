//! Lists of cases: those of an officer by their next term, each with what is missing; and what the legal reviewers have to
//! look at.

use super::case_of;
use crate::ports::{Filter, MatterRow, Order};
use crate::project::{Live, tagged};
use crate::read::{filter_of_kind, given};
use crate::search::normalise;
use crate::shared::unavailable;
use crate::words::act_title_of;
use crate::{App, Caller};
use futures::future::try_join_all;
use lianzhi_ids::{DocketId, PersonCode, Role};
use lianzhi_procedure::penalty::{self, Case, STAGES, Stage};
use lianzhi_procedure::{Kind, LookUps, Refusal, Tag};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::HashMap;

/// Cases on one page: each is folded to say what is missing.
const ROWS: i64 = 50;
/// Own cases that are looked at for a desk.
const OWN_MAX: i64 = 200;
/// Cases that a legal reviewer is shown at once.
const REVIEWS_MAX: i64 = 100;

/// What somebody asks of the list of cases; the same names in the address of the page and in the API.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct CaseQuery {
    /// Stage's code.
    pub stage: Option<String>,
    /// Code of an item.
    pub item: Option<String>,
    /// One of the officers, by code; `me`; `any`. When nothing is said, one's own for whoever handles cases, else all.
    pub officer: Option<String>,
    /// `true` (also when not given), `false`, or `any`.
    pub open: Option<String>,
    /// Substring of number, title, facts.
    pub q: Option<String>,
    /// Where to go on: `next` of the page before.
    pub cursor: Option<String>,
}

/// A case in a list.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct CaseRow {
    /// Docket.
    pub id: i64,
    /// Number.
    pub number: String,
    /// 案由.
    pub title: String,
    /// Where.
    pub address: String,
    /// Stage's code.
    pub stage: String,
    /// Stage in words.
    pub stage_title: &'static str,
    /// Items: code and name.
    pub items: Vec<(String, String)>,
    /// Names of the officers.
    pub officers: Vec<String>,
    /// Work is still to be done.
    pub open: bool,
    /// Next term of the agency, micros.
    pub due_at: Option<i64>,
    /// Its name.
    pub due_name: String,
    /// It is computed beyond the last published calendar.
    pub provisional: bool,
    /// A term has passed.
    pub overdue: bool,
    /// What comes next.
    pub next: String,
    /// What is missing before it, in short.
    pub missing: Vec<String>,
    /// The article behind each of them, in the same order.
    pub articles: Vec<String>,
    /// What a reviewer, the unit or the leader objected to last, and what the legal review did not agree to: what, and the text.
    pub objections: Vec<(String, String)>,
}

/// Somebody whose cases there may be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct OfficerChoice {
    /// Code.
    pub code: String,
    /// Name.
    pub name: String,
}

/// What stands in the way of the next step of a case.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct InTheWay {
    /// What a reviewer, the unit or the leader objected to last.
    pub objection: Option<String>,
    /// The first thing that is missing, and its article.
    pub missing: Option<(String, String)>,
}

/// A page of cases.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Cases {
    /// The cases, those first that are due first.
    pub cases: Vec<CaseRow>,
    /// Cursor of the next page.
    pub next: Option<String>,
    /// Whose they are: a code, or `any`.
    pub officer: String,
    /// Who may be asked for.
    pub officers: Vec<OfficerChoice>,
}

/// A case that the legal reviewers look at (法制审核清单).
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct ReviewRow {
    /// The case.
    pub case: CaseRow,
    /// Why it has to be reviewed, with the article; none: it need not be.
    pub demanded: Option<String>,
    /// It waits for a review now.
    pub waits: bool,
    /// Opinions so far: what, by whom, of what is planned now.
    pub opinions: Vec<(&'static str, String, bool)>,
}

impl App {
    /// Cases of somebody or of all, by term.
    ///
    /// # Errors
    /// A filter that is none, or no right to read.
    pub async fn cases(&self, who: &Caller, query: &CaseQuery) -> Result<Cases, Refusal> {
        let (officer, filter) = self.case_filter(who, query)?;
        let order = if filter.open == Some(true) { Order::Due } else { Order::Newest };
        let cursor = given(query.cursor.as_deref());
        let page = self.inner.store.queries.list(&filter, order, cursor, ROWS).await;
        let page = page.map_err(|e| unavailable(&e))?;
        let lives = self.with_lives(page.rows).await?;
        let mut cases: Vec<_> =
            self.case_rows(who, &lives).await?.into_iter().map(|(_, case)| case).collect();
        if order == Order::Due {
            cases.sort_by_key(|case| (case.due_at.is_none(), case.due_at));
        }
        Ok(Cases { cases, next: page.next, officer, officers: self.officer_choices() })
    }

    fn case_filter(&self, who: &Caller, query: &CaseQuery) -> Result<(String, Filter), Refusal> {
        let keys = self.inner.shared.keys();
        let mut secret = Vec::new();
        let handles = [Role::Officer, Role::Handler].iter().any(|role| who.actor.has(*role));
        let officer = match (given(query.officer.as_deref()), who.actor.person()) {
            (Some("any"), _) => None,
            (Some("me"), Some(person)) => Some(person.clone()),
            (Some(code), _) => Some(PersonCode::parse(code).map_err(|e| {
                Refusal::invalid("officer", e.to_string(), "请从办案人员中选择，或写 me、any。")
            })?),
            (None, Some(person)) if handles => Some(person.clone()),
            (None, _) => None,
        };
        secret.extend(officer.as_ref().map(|person| tagged(keys, &Tag::Officer(person.clone()))));
        if let Some(item) = given(query.item.as_deref()) {
            secret.push(tagged(keys, &Tag::Item(item.to_owned())));
        }
        let stages = match given(query.stage.as_deref()) {
            None => Vec::new(),
            Some(stage) if STAGES.iter().any(|(code, _)| *code == stage) => vec![stage.to_owned()],
            Some(_) => {
                let codes = STAGES.iter().map(|(code, _)| *code).collect::<Vec<_>>().join("、");
                return Err(Refusal::invalid("stage", "没有这个阶段。", format!("可用：{codes}。")));
            }
        };
        let open = match given(query.open.as_deref()) {
            // A stage that ends a case is asked for on purpose.
            None if stages
                .iter()
                .any(|s| ["closed", "archived", "not_filed", "joined"].contains(&s.as_str())) =>
            {
                None
            }
            None | Some("true") => Some(true),
            Some("false") => Some(false),
            Some("any") => None,
            Some(_) => {
                return Err(Refusal::invalid("open", "筛选条件无法识别。", "可用：true、false、any。"));
            }
        };
        let q = given(query.q.as_deref()).map(normalise);
        if q.as_ref().is_some_and(|q| !(2..=100).contains(&q.chars().count())) {
            return Err(Refusal::invalid("q", "搜索词太短或太长。", "请输入两个至一百个字。"));
        }
        let filter = Filter {
            sight: self.sight_of_files(who)?,
            stages,
            open,
            secret,
            q,
            now: self.now().as_microsecond(),
            ..filter_of_kind(Kind::Penalty.code())
        };
        Ok((officer.map_or_else(|| "any".to_owned(), |p| p.to_string()), filter))
    }

    /// Everybody with a certificate.
    fn officer_choices(&self) -> Vec<OfficerChoice> {
        let directory = self.directory();
        let certified = directory.people.values().filter(|p| p.active && p.certificate.is_some());
        certified.map(|p| OfficerChoice { code: p.code.to_string(), name: p.name.clone() }).collect()
    }

    pub(super) async fn with_lives(&self, rows: Vec<MatterRow>) -> Result<Vec<(MatterRow, Live)>, Refusal> {
        let ids: Vec<_> = rows.iter().map(|row| row.id).collect();
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let mut lives =
            self.inner.shared.lives(&self.inner.store, &ids).await.map_err(|e| unavailable(&e))?;
        Ok(rows.into_iter().filter_map(|row| lives.remove(&row.id).map(|live| (row, live))).collect())
    }

    /// Open cases of somebody who handles them, by where they are while he waits: what, the first of them, whether there are more.
    pub(crate) async fn cases_elsewhere(
        &self,
        who: &Caller,
        most: usize,
    ) -> Result<Vec<(&'static str, Vec<MatterRow>, bool)>, Refusal> {
        let Some((_, filter)) = self.own_cases(who, None)? else { return Ok(Vec::new()) };
        let page = self.inner.store.queries.list(&filter, Order::Due, None, OWN_MAX).await;
        let lives = self.with_lives(page.map_err(|e| unavailable(&e))?.rows).await?;
        let of = |awaits: penalty::Awaits| {
            let there =
                |(_, live): &&(MatterRow, Live)| case_of(&live.state).is_some_and(|c| awaits.holds(c));
            let rows: Vec<MatterRow> = lives.iter().filter(there).map(|(row, _)| row.clone()).collect();
            let more = rows.len() > most;
            (awaits.title(), rows.into_iter().take(most).collect::<Vec<_>>(), more)
        };
        Ok(penalty::Awaits::ALL.into_iter().map(of).filter(|(_, rows, _)| !rows.is_empty()).collect())
    }

    /// Cases of somebody who handles them, also closed ones, that changed since a moment, last changed first.
    pub(crate) async fn own_cases_changed(
        &self,
        who: &Caller,
        since: jiff::Timestamp,
        most: i64,
    ) -> Result<Vec<MatterRow>, Refusal> {
        let Some((_, filter)) = self.own_cases(who, Some(since))? else { return Ok(Vec::new()) };
        let page = self.inner.store.queries.list(&filter, Order::Newest, None, most).await;
        Ok(page.map_err(|e| unavailable(&e))?.rows)
    }

    /// The filter for one's own cases, for whoever handles any.
    fn own_cases(
        &self,
        who: &Caller,
        changed: Option<jiff::Timestamp>,
    ) -> Result<Option<(String, Filter)>, Refusal> {
        if ![Role::Officer, Role::Handler].iter().any(|role| who.actor.has(*role)) {
            return Ok(None);
        }
        let open = if changed.is_some() { "any" } else { "true" };
        let query = CaseQuery { officer: Some("me".into()), open: Some(open.into()), ..CaseQuery::default() };
        let (officer, filter) = self.case_filter(who, &query)?;
        let updated_since = changed.map(jiff::Timestamp::as_microsecond);
        Ok(Some((officer, Filter { updated_since, ..filter })))
    }

    /// What stands in the way of cases: by somebody's word what came back or was not agreed to, and the first thing that is
    /// missing with its article.
    pub(crate) async fn stands_in_the_way(
        &self,
        who: &Caller,
        rows: Vec<MatterRow>,
    ) -> Result<HashMap<DocketId, InTheWay>, Refusal> {
        let mut all = HashMap::new();
        let lives = self.with_lives(rows).await?;
        for (id, found) in self.case_rows(who, &lives).await? {
            let objection = found.objections.into_iter().next().map(|(what, text)| format!("{what}：{text}"));
            let missing = found.missing.into_iter().zip(found.articles).next();
            all.insert(id, InTheWay { objection, missing });
        }
        Ok(all)
    }

    /// Rows for cases, in their order. What is the same for all of them is looked up once, the rest side by side.
    async fn case_rows(
        &self,
        who: &Caller,
        lives: &[(MatterRow, Live)],
    ) -> Result<Vec<(DocketId, CaseRow)>, Refusal> {
        let reviewed_before = self.reviewed_before(who).await?;
        let rows = lives.iter().map(async |(row, live)| {
            let made = self.case_row(who, row, live, reviewed_before).await?;
            Ok(made.map(|made| (row.id, made)))
        });
        Ok(try_join_all(rows).await?.into_iter().flatten().collect())
    }

    async fn case_row(
        &self,
        who: &Caller,
        row: &MatterRow,
        live: &Live,
        reviewed_before: bool,
    ) -> Result<Option<CaseRow>, Refusal> {
        let Some(case) = case_of(&live.state) else { return Ok(None) };
        let look_ups = LookUps { reviewed_before, ..self.earlier_cases(row.id, case).await? };
        let Some(next) = self.case_next(who, live, &look_ups) else { return Ok(None) };
        let directory = self.directory();
        let named = |code: &String| {
            let name = directory.law.item(code).map(|item| item.name.to_string()).unwrap_or_default();
            (code.clone(), name)
        };
        let stage: Stage = case.stage();
        // What somebody has to do by an earlier day than the next term of the case, or is late with: the desk says the same.
        let todos = live.state.summary().todos;
        let todo = todos.iter().filter_map(|todo| Some((todo.due?.as_microsecond(), todo.what))).min();
        let todo = todo.filter(|(due, _)| row.open && row.due_at.is_none_or(|at| *due < at));
        Ok(Some(CaseRow {
            id: row.id.0,
            number: row.number.clone(),
            title: row.title.clone(),
            address: row.address.clone(),
            stage: stage.code().into(),
            stage_title: stage.title(),
            items: case.violations.iter().map(|v| named(&v.item)).collect(),
            officers: case.officers.iter().map(|o| o.name.clone()).collect(),
            open: row.open,
            due_at: todo.map_or(row.due_at, |(due, _)| Some(due)),
            due_name: match todo {
                Some((_, what)) => act_title_of(Kind::Penalty.code(), what).to_owned(),
                None => row.due_name.clone(),
            },
            provisional: todo.is_none() && row.provisional,
            overdue: row.overdue,
            next: next.sentence,
            articles: next.missing.iter().map(|refusal| refusal.source_text.clone()).collect(),
            missing: next.missing.into_iter().map(|refusal| refusal.rule).collect(),
            objections: self.objections(case).await?,
        }))
    }

    /// What stands in the way by somebody's word: what came back last, unless it was proposed again, and a legal review of what is
    /// planned now that did not agree.
    async fn objections(&self, case: &Case) -> Result<Vec<(String, String)>, Refusal> {
        let again = |title: &str| case.pending.iter().any(|p| p.proposal.title() == title);
        let returned = case.returned.iter().filter(|(title, _)| case.open() && !again(title));
        let mut found: Vec<_> =
            returned.map(|(title, note)| (format!("退回：{title}"), note.digest)).collect();
        if let Some(review) = penalty::objection(case) {
            found.push((format!("法制审核：{}", review.opinion.title()), review.note.digest));
        }
        let mut all = Vec::with_capacity(found.len());
        for (title, digest) in found {
            all.extend(self.plain(&[digest]).await?.into_iter().map(|text| (title.clone(), text)));
        }
        Ok(all)
    }

    /// What the legal reviewers have to look at, and what they said (法制审核清单, 行政处罚法 58).
    ///
    /// # Errors
    /// When the caller does not review, sign or supervise.
    pub async fn case_reviews(&self, who: &Caller) -> Result<Vec<ReviewRow>, Refusal> {
        self.may(who, "penalty_review", None).or_else(|_| self.may(who, "penalty_discuss", None))?;
        let stages = [Stage::Finished, Stage::Notified, Stage::Hearing, Stage::Deciding];
        let filter = Filter {
            sight: self.sight_of_files(who)?,
            stages: stages.map(|s| s.code().to_owned()).to_vec(),
            open: Some(true),
            now: self.now().as_microsecond(),
            ..filter_of_kind(Kind::Penalty.code())
        };
        // Proposals are reviewed at any stage: an enforcement, a transfer to the police.
        let proposed = Filter {
            stages: Vec::new(),
            secret: vec![tagged(self.inner.shared.keys(), &Tag::Reviews)],
            ..filter.clone()
        };
        let mut rows: Vec<MatterRow> = Vec::new();
        for filter in [&proposed, &filter] {
            let page = self.inner.store.queries.list(filter, Order::Due, None, REVIEWS_MAX).await;
            for row in page.map_err(|e| unavailable(&e))?.rows {
                if !rows.iter().any(|known| known.id == row.id) {
                    rows.push(row);
                }
            }
        }
        let mut all = Vec::new();
        let lives = self.with_lives(rows).await?;
        let mut listed: HashMap<_, _> = self.case_rows(who, &lives).await?.into_iter().collect();
        for (row, live) in lives {
            let Some(case) = case_of(&live.state) else { continue };
            let asked = case.pending.iter().find_map(|p| p.review.clone());
            let demanded = demanded(case).or(asked);
            if demanded.is_none() && case.reviews.is_empty() {
                continue;
            }
            let owed = |what: &str| ["review", "review_proposal"].contains(&what);
            let waits = live.state.summary().todos.iter().any(|todo| owed(todo.what));
            let name = |p: &PersonCode| self.directory().person_name(p).to_owned();
            let current = |r: &penalty::Review| r.version == case.version && r.mended.is_none();
            let opinion = |r: &penalty::Review| (r.opinion.title(), name(&r.by), current(r));
            let opinions = case.reviews.iter().map(opinion).collect();
            let found = listed.remove(&row.id);
            all.extend(found.map(|case| ReviewRow { case, demanded, waits, opinions }));
        }
        all.sort_by_key(|row| !row.waits);
        Ok(all)
    }
}

/// Why a case has to be reviewed, as the record of the whole process says it.
fn demanded(case: &Case) -> Option<String> {
    let checks = penalty::process_record(case);
    checks.into_iter().find(|check| check.title == "法制审核意见书").map(|check| check.source.to_owned())
}

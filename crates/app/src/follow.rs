//! A matter for its reporter: where it stands and what comes next, in plain words, with the promised times and who is
//! responsible (a unit, never a person). Whitelisted field by field.

mod past;
mod steps;

use crate::near::public_stage;
use crate::project::Live;
use crate::shared::unavailable;
use crate::{App, Caller};
use jiff::{SignedDuration, Timestamp};
use lianzhi_ids::{Digest, DocketId};
use lianzhi_procedure::report::{Clock, File, Handled, Outcome, Stage, State, TermKey};
use lianzhi_procedure::{AnyState, Offer, PartRef, Refusal};
use past::Past;
use serde::Serialize;
use std::collections::HashMap;
use steps::Told;

/// One step of the way, for the reporter.
#[derive(Debug, Clone, PartialEq, Serialize, schemars::JsonSchema)]
pub struct FollowStep {
    /// 已收到, 受理 …
    pub title: String,
    /// Done.
    pub done: bool,
    /// `done`, `now`, `late` or `next`.
    pub state: &'static str,
    /// When it was done for the first time.
    pub at: Option<Timestamp>,
    /// It was done before this reporter told of it: another had told before him.
    pub before: bool,
    /// By when, while it is not done.
    pub due: Option<Timestamp>,
    /// What was promised.
    pub promise: String,
    /// How long it took, as the promise counts it.
    pub took: Option<String>,
}

/// What comes next.
#[derive(Debug, Clone, PartialEq, Serialize, schemars::JsonSchema)]
pub struct NextStep {
    /// What, in plain words.
    pub what: String,
    /// By when, when a term runs.
    pub due: Option<Timestamp>,
    /// That moment has passed.
    pub late: bool,
    /// The rule that says so.
    pub why: String,
}

/// The matter that this one is handled together with.
#[derive(Debug, Clone, PartialEq, Serialize, schemars::JsonSchema)]
pub struct Together {
    /// Since when that one is known.
    pub since: Timestamp,
    /// Where it stands, in plain words.
    pub stage: &'static str,
}

/// What the reporter was told before the matter was done again.
#[derive(Debug, Clone, PartialEq, Serialize, schemars::JsonSchema)]
pub struct Earlier {
    /// The answer, unless it was erased.
    pub answer: Option<String>,
    /// Result in words.
    pub outcome: Option<&'static str>,
    /// When he was told.
    pub at: Option<Timestamp>,
}

/// A matter for its reporter: whitelisted field by field.
#[derive(Debug, Clone, Serialize, schemars::JsonSchema)]
pub struct FollowView {
    /// Docket, for the reporter's own commands.
    #[serde(skip)]
    pub id: DocketId,
    /// Number.
    pub number: String,
    /// Name of the category.
    pub category: Option<String>,
    /// Stage in words.
    pub stage: String,
    /// Where it stands, in one plain sentence.
    pub says: String,
    /// Still open.
    pub open: bool,
    /// Unit that handles it.
    pub unit: Option<String>,
    /// When it was reported.
    pub reported_at: Timestamp,
    /// The way.
    pub steps: Vec<FollowStep>,
    /// What comes next, while something does.
    pub next: Option<NextStep>,
    /// The matter that it is handled together with.
    pub together: Option<Together>,
    /// The answer, when there is one.
    pub answer: Option<String>,
    /// Result in words.
    pub outcome: Option<&'static str>,
    /// What he was told before it was done again.
    pub earlier: Option<Earlier>,
    /// Rating given.
    pub rating: Option<u8>,
    /// Until when the reporter may ask that it be done again.
    pub reopen_until: Option<Timestamp>,
    /// What the reporter may do, what is expected of him first.
    #[serde(skip)]
    pub offers: Vec<Offer>,
    /// What was reported in pictures, and how it looked afterwards.
    #[serde(skip)]
    pub pictures: Vec<(Digest, &'static str)>,
    /// Entries so far.
    pub entries: i32,
}

/// Commands of a reporter, in the order in which he is asked: his word on the result before his demand for another.
const REPORTERS: [&str; 4] = ["rate", "reopen", "add", "withdraw"];

/// Reporters have no name: their keys hold for one matter.
fn follow_key(view: &FollowView, key: Option<String>) -> Option<String> {
    key.map(|k| format!("{}-{k}", view.id))
}

impl App {
    /// A matter for its reporter, by number and follow code.
    ///
    /// # Errors
    /// The same refusal for a wrong number and a wrong code.
    pub async fn follow(&self, number: &str, code: &str) -> Result<FollowView, Refusal> {
        let wrong = || Refusal {
            remedy: format!(
                "两样都在上报成功时的页面上：编号像 {}，查询码是 8 位字母和数字，没有 0、1、I、L、O。大小写、空格都不要紧。查询码丢了，请拨打 12345 代查。",
                self.number_example()
            ),
            ..Refusal::missing("编号和查询码对不上。")
        };
        let row = self.of_number(number).await?;
        let given = self.keyed("follow", &crate::numbers::code(code));
        let row = row
            .filter(|r| {
                r.follow.is_some_and(|f| bool::from(subtle::ConstantTimeEq::ct_eq(&f.0[..], &given.0[..])))
            })
            .ok_or_else(wrong)?;
        let live = self.live(row.id).await?;
        let AnyState::Report(State::File(file)) = &live.state else {
            return Err(wrong());
        };
        let past = self.past(row.id, None).await?;
        let lead = match past.lead {
            Some(lead) => Some((self.live(lead).await?, self.past(lead, past.settled).await?)),
            None => None,
        };
        let told = match (&file.stage, &file.answer) {
            (Stage::Dismissed { .. }, _) => past.grounds,
            (_, answer) => answer.as_ref().map(|(part, ..)| *part),
        };
        let before = past.before.and_then(|before| before.answer);
        let mut texts = self.said(&[told, before]).await?;
        let earlier = past.before.map(|b| Earlier {
            answer: b.answer.and_then(|part| texts.remove(&part.digest)),
            outcome: b.outcome.map(Outcome::title),
            at: b.at,
        });
        let answer = told.and_then(|part| texts.remove(&part.digest));
        let own = Told { file, past: &past };
        let lead = lead.as_ref().and_then(|(live, past)| Some(Told { file: file_of(live)?, past }));
        Ok(FollowView { id: row.id, answer, earlier, ..self.followed(own, lead, &live) })
    }

    /// What a number of this node looks like.
    #[must_use]
    pub fn number_example(&self) -> String {
        let year = lianzhi_procedure::beijing_date(self.now()).year();
        format!("{}{year}-000123", self.directory().settings.number_prefix)
    }

    /// The matter of a number as people type it.
    async fn of_number(&self, number: &str) -> Result<Option<crate::ports::MatterRow>, Refusal> {
        let read = crate::numbers::number(number, &self.directory().settings.number_prefix);
        let queries = &self.inner.store.queries;
        let found = queries.by_number(&read).await.map_err(|e| unavailable(&e))?;
        match found {
            None if read != number.trim() => {
                queries.by_number(number.trim()).await.map_err(|e| unavailable(&e))
            }
            found => Ok(found),
        }
    }

    async fn past(&self, id: DocketId, until: Option<Timestamp>) -> Result<Past, Refusal> {
        let entries = self.inner.store.journal.docket(id).await.map_err(|e| unavailable(&e))?;
        Ok(Past::of(&entries, self.directory().law.calendars(), until))
    }

    /// The words of these texts, as far as they are not erased.
    async fn said(&self, parts: &[Option<PartRef>]) -> Result<HashMap<Digest, String>, Refusal> {
        let digests: Vec<_> = parts.iter().flatten().map(|part| part.digest).collect();
        if digests.is_empty() {
            return Ok(HashMap::new());
        }
        let rows = self.inner.store.journal.parts(&digests).await.map_err(|e| unavailable(&e))?;
        Ok(rows.iter().filter_map(|r| Some((r.digest, self.inner.shared.keys().open(r)?))).collect())
    }

    fn followed(&self, own: Told<'_>, lead: Option<Told<'_>>, live: &Live) -> FollowView {
        let (now, directory, file) = (self.now(), self.directory(), own.file);
        let unit = file.unit.as_ref().map(|u| directory.unit_name(u).to_owned());
        let mut offers = self.offers_of(&Caller::reporter(""), live);
        let place = |o: &Offer| REPORTERS.iter().position(|c| *c == o.command);
        offers.retain(|o| place(o).is_some());
        offers.sort_by_key(|o| place(o));
        let reopen_until = match &file.stage {
            Stage::Closed { at, .. }
                if offers.iter().any(|o| o.command == "reopen" && o.refused.is_none()) =>
            {
                let days = SignedDuration::from_hours(i64::from(directory.settings.reopen_days) * 24);
                at.checked_add(days).ok()
            }
            _ => None,
        };
        let handled_now = handled(file);
        let mut pictures: Vec<_> = file.intake.exhibits.iter().map(|e| (e.digest, "上报")).collect();
        pictures.extend(handled_now.iter().flat_map(|h| &h.after).map(|e| (e.digest, "处置后")));
        FollowView {
            id: DocketId::default(),
            number: file.intake.number.clone(),
            category: file.category.as_ref().map(|c| directory.category_name(c).to_owned()),
            stage: crate::words::stage_title(file.stage.code()).to_owned(),
            says: says(file, unit.as_deref().unwrap_or(&directory.settings.agency)),
            open: file.stage.open(),
            reported_at: file.intake.at,
            steps: steps::steps(own, lead, &directory, now),
            next: next(file, unit.as_deref(), now),
            together: lead
                .map(|lead| lead.file)
                .filter(|_| matches!(file.stage, Stage::Joined { .. }))
                .map(|l| Together { since: l.intake.at, stage: public_stage(l.stage.code(), arrived(l)) }),
            answer: None,
            outcome: own.past.outcome.map(Outcome::title),
            earlier: None,
            rating: file.rating,
            reopen_until,
            unit,
            offers,
            pictures,
            entries: live.seq,
        }
    }

    /// A command of the reporter.
    ///
    /// # Errors
    /// As [`App::follow`], and the procedure's refusal.
    pub async fn follow_command(
        &self,
        number: &str,
        code: &str,
        command: serde_json::Value,
        key: Option<String>,
    ) -> Result<crate::Done, Refusal> {
        let view = self.follow(number, code).await?;
        self.command(&Caller::reporter(""), view.id, command, None, follow_key(&view, key)).await
    }

    /// Whether the reporter's form with this one-time key did its work already.
    ///
    /// # Errors
    /// A malformed key, or a store that cannot be read.
    pub async fn follow_was_sent(&self, view: &FollowView, key: Option<String>) -> Result<bool, Refusal> {
        self.was_sent(&Caller::reporter(""), follow_key(view, key)).await
    }
}

fn file_of(live: &Live) -> Option<&File> {
    match &live.state {
        AnyState::Report(State::File(file)) => Some(file),
        _ => None,
    }
}

/// How the matter was handled, as far as it stands: while it is being done again, the first result counts no more.
fn handled(file: &File) -> Option<&Handled> {
    let again = matches!(
        file.stage,
        Stage::Pooled { .. } | Stage::Assigned { .. } | Stage::Working { .. } | Stage::Suspended { .. }
    );
    file.handled.as_ref().filter(|_| !again)
}

fn arrived(file: &File) -> bool {
    matches!(file.stage, Stage::Working { arrived: Some(_), .. } | Stage::Suspended { arrived: Some(_), .. })
}

/// How many of the steps 受理, 到场, 处置, 答复, 办结 are done.
fn rank(file: &File) -> usize {
    match &file.stage {
        Stage::Pooled { .. } | Stage::Assigned { .. } | Stage::ReturnAsked { .. } | Stage::Joined { .. } => 0,
        Stage::Outside { .. } => 1,
        Stage::Working { .. } | Stage::Suspended { .. } => 1 + usize::from(arrived(file)),
        Stage::ToVerify { .. } | Stage::ToAnswer { .. } => 3,
        Stage::ToClose { .. } => 4,
        Stage::Closed { .. } => 5,
        Stage::Dismissed { .. } | Stage::ReturnedOrder { .. } | Stage::Withdrawn { .. } => 0,
    }
}

fn running(file: &File, term: TermKey) -> Option<&Clock> {
    file.clocks.get(term).filter(|c| c.stopped.is_none())
}

/// Where it stands, in one sentence that needs no knowledge of the house.
fn says(file: &File, unit: &str) -> String {
    match &file.stage {
        Stage::Pooled { unit: Some(_), .. } => format!("已经转到{unit}，正在派人。"),
        Stage::Pooled { unit: None, .. } => "我们正在确认地点和由谁来办。".into(),
        Stage::Assigned { .. } => format!("已经派给{unit}的一名队员，等他接手。"),
        Stage::Outside { .. } => format!("这件事由{unit}负责，已经转过去办理。"),
        Stage::Working { arrived: None, .. } => format!("{unit}的队员已经接手，正赶往现场。"),
        Stage::Working { arrived: Some(_), .. } => format!("{unit}的队员已经到现场，正在处理。"),
        Stage::Suspended { .. } => "暂时办不下去，经批准先停一停，到时候接着办。".into(),
        Stage::ToVerify { .. } => "已经处理，正由另外的人核查是不是真的解决了。".into(),
        Stage::ToAnswer { .. } => "已经核查通过，马上把结果告诉您。".into(),
        Stage::ToClose { .. } => "结果已经答复您，正在办结。".into(),
        Stage::Joined { .. } => "有人先报过同一件事，两件一起办；办好以后单独答复您。".into(),
        Stage::ReturnAsked { .. } => "正在和 12345 核对这件事该由谁办。".into(),
        Stage::Closed { .. } if file.rating.is_some() => "已经办结。您的评价收到了。".into(),
        Stage::Closed { .. } => "已经办结。您满意吗？".into(),
        Stage::Dismissed { .. } => "这件事不予受理，理由写在下面。".into(),
        Stage::ReturnedOrder { .. } => "经 12345 同意，已经退回热线，由热线另行安排。".into(),
        Stage::Withdrawn { .. } => "您已经撤回，不再办理。".into(),
    }
}

/// What comes next, by when and why.
fn next(file: &File, unit: Option<&str>, now: Timestamp) -> Option<NextStep> {
    let outside = format!("{}处理，办到什么程度由我们告诉您", unit.unwrap_or("主管部门"));
    let (what, term) = match &file.stage {
        Stage::Outside { .. } => (outside.as_str(), Some(TermKey::Handle)),
        Stage::Pooled { .. } => ("派一名队员到现场", Some(TermKey::Arrive)),
        Stage::Assigned { .. } => ("队员接手（受理）", Some(TermKey::Accept)),
        Stage::Working { arrived: None, .. } => ("队员到现场", Some(TermKey::Arrive)),
        Stage::Working { arrived: Some(_), .. } => ("处理并登记结果", Some(TermKey::Handle)),
        Stage::Suspended { .. } => ("接着办理", None),
        Stage::ToVerify { .. } => ("核查后把结果告诉您", Some(TermKey::Answer)),
        Stage::ToAnswer { .. } => ("把结果告诉您", Some(TermKey::Answer)),
        Stage::Joined { .. } => ("和先报的那件一起处理，再单独答复您", Some(TermKey::Answer)),
        Stage::ReturnAsked { .. } => ("核对以后继续办理", None),
        Stage::ToClose { .. } => ("办结，请您评价", None),
        Stage::Closed { .. }
        | Stage::Dismissed { .. }
        | Stage::ReturnedOrder { .. }
        | Stage::Withdrawn { .. } => return None,
    };
    // Where the stage has no term of its own, the answer's still runs.
    let clock = term.and_then(|t| running(file, t)).or_else(|| {
        let waits = matches!(file.stage, Stage::Suspended { .. } | Stage::ReturnAsked { .. });
        running(file, TermKey::Answer).filter(|_| !waits && !matches!(file.stage, Stage::ToClose { .. }))
    });
    let what = match clock {
        Some(c) if Some(c.running.term) != term => format!("{what}；先答复您办到哪一步"),
        _ => what.to_owned(),
    };
    let due = match &file.stage {
        Stage::Suspended { until, .. } => Some(*until),
        _ => clock.map(|c| c.running.clock.due),
    };
    Some(NextStep {
        what,
        late: due.is_some_and(|due| due <= now),
        due,
        why: clock.map(|c| c.running.clock.standard.public_source().to_owned()).unwrap_or_default(),
    })
}

//! A matter for its reporter: where it stands and what comes next, in plain words, with the promised times and who is
//! responsible (a unit, never a person). Whitelisted field by field.

use crate::near::public_stage;
use crate::project::Live;
use crate::shared::unavailable;
use crate::{App, Caller};
use jiff::{SignedDuration, Timestamp};
use lianzhi_docket::Entry;
use lianzhi_ids::{Digest, DocketId};
use lianzhi_procedure::report::{Clock, Event, File, Handled, Stage, State, TermKey};
use lianzhi_procedure::{AnyEvent, AnyState, Kind, Offer, PartRef, Refusal};
use serde::Serialize;

/// One step of the way, for the reporter.
#[derive(Debug, Clone, PartialEq, Serialize, schemars::JsonSchema)]
pub struct FollowStep {
    /// 已收到, 受理 …
    pub title: String,
    /// Done.
    pub done: bool,
    /// `done`, `now`, `late` or `next`.
    pub state: &'static str,
    /// When.
    pub at: Option<Timestamp>,
    /// By when, while it is not done.
    pub due: Option<Timestamp>,
    /// What was promised.
    pub promise: String,
    /// How long it took.
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
            remedy: "请照上报成功时的页面核对；字母不分大小写。查询码丢了，请拨打 12345 代查。".into(),
            ..Refusal::missing("编号或查询码不对。")
        };
        let row = self.inner.store.queries.by_number(number.trim()).await.map_err(|e| unavailable(&e))?;
        let code: String =
            code.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_uppercase()).collect();
        let given = self.keyed("follow", &code);
        let row = row
            .filter(|r| {
                r.follow.is_some_and(|f| bool::from(subtle::ConstantTimeEq::ct_eq(&f.0[..], &given.0[..])))
            })
            .ok_or_else(wrong)?;
        let live = self.live(row.id).await?;
        let AnyState::Report(State::File(file)) = &live.state else {
            return Err(wrong());
        };
        let lead = match &file.stage {
            Stage::Joined { to, .. } => Some(self.live(*to).await?),
            _ => None,
        };
        let told = match (&file.stage, &file.answer) {
            (Stage::Dismissed { .. }, _) => self.grounds(row.id).await?,
            (_, answer) => answer.as_ref().map(|(part, ..)| *part),
        };
        let answer = match told {
            Some(part) => self
                .inner
                .store
                .journal
                .parts(&[part.digest])
                .await
                .map_err(|e| unavailable(&e))?
                .pop()
                .and_then(|r| self.inner.shared.keys().open(&r)),
            None => None,
        };
        Ok(FollowView { id: row.id, ..self.followed(file, lead.as_ref().and_then(file_of), &live, answer) })
    }

    /// Why it was not taken up: the reporter is told.
    async fn grounds(&self, id: DocketId) -> Result<Option<PartRef>, Refusal> {
        let entries = self.inner.store.journal.docket(id).await.map_err(|e| unavailable(&e))?;
        let note = |row: &crate::ports::EntryRow| {
            let entry = Entry::parse(&row.bytes).ok()?;
            match Kind::from_code(&entry.kind)?.event(entry.event.get()).ok()? {
                AnyEvent::Report(Event::Dismissed { note, .. }) => Some(note),
                _ => None,
            }
        };
        Ok(entries.iter().rev().find_map(note))
    }

    fn followed(&self, file: &File, lead: Option<&File>, live: &Live, answer: Option<String>) -> FollowView {
        let (now, directory) = (self.now(), self.directory());
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
            steps: steps(file, lead, now),
            next: next(file, now),
            together: lead
                .map(|l| Together { since: l.intake.at, stage: public_stage(l.stage.code(), arrived(l)) }),
            answer,
            outcome: handled_now.map(|h| h.outcome.title()),
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

/// The way from the report to its end. What is handled together with another goes the other's way up to the result.
fn steps(file: &File, lead: Option<&File>, now: Timestamp) -> Vec<FollowStep> {
    let from = file.intake.at;
    let plain = |title: &str, done, at| FollowStep {
        title: title.into(),
        done,
        state: if done { "done" } else { "next" },
        at,
        due: None,
        promise: String::new(),
        took: None,
    };
    let mut steps = vec![plain("已收到", true, Some(from))];
    if matches!(file.stage, Stage::Dismissed { .. } | Stage::Withdrawn { .. } | Stage::ReturnedOrder { .. }) {
        steps.push(plain(crate::words::stage_title(file.stage.code()), true, None));
        return steps;
    }
    // Joined to another, both may be past some steps already.
    let way = lead.unwrap_or(file);
    let gone = lead.map_or_else(|| rank(file), |lead| rank(lead).min(3));
    let stopped = |file: &File, term| file.clocks.get(term).filter(|c| !c.aside).and_then(|c| c.stopped);
    let terms: [(&str, Option<TermKey>, Option<Timestamp>); 5] = [
        ("受理", Some(TermKey::Accept), stopped(way, TermKey::Accept)),
        ("到场", Some(TermKey::Arrive), stopped(way, TermKey::Arrive)),
        ("处置", Some(TermKey::Handle), handled(way).map(|h| h.at)),
        ("答复", Some(TermKey::Answer), file.answer.as_ref().map(|a| a.2)),
        (
            "办结",
            None,
            match &file.stage {
                Stage::Closed { at, .. } => Some(*at),
                _ => None,
            },
        ),
    ];
    for (i, (title, term, at)) in terms.into_iter().enumerate() {
        let done = i < gone || (title == "答复" && file.answer.is_some());
        // Own promises stand, also while another matter leads.
        let owner = if title == "答复" { file } else { way };
        let clock = term.and_then(|t| owner.clocks.get(t));
        let due = clock.filter(|_| !done).filter(|c| c.stopped.is_none()).map(|c| c.running.clock.due);
        let state = match (done, i == gone) {
            (true, _) => "done",
            (false, _) if due.is_some_and(|due| due <= now) => "late",
            (false, true) => "now",
            (false, false) => "next",
        };
        let at = at.filter(|at| done && *at >= from);
        steps.push(FollowStep {
            title: title.into(),
            done,
            state,
            took: at.map(|at| lianzhi_law::duration_text(at.as_microsecond() - from.as_microsecond())),
            at,
            due,
            promise: clock
                .map(|c| format!("承诺 {}", c.running.clock.standard.plain_measure()))
                .unwrap_or_default(),
        });
    }
    steps
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
        Stage::Closed { .. } => "已经办结。您满意吗？".into(),
        Stage::Dismissed { .. } => "这件事不予受理，理由写在下面。".into(),
        Stage::ReturnedOrder { .. } => "经 12345 同意，已经退回热线，由热线另行安排。".into(),
        Stage::Withdrawn { .. } => "您已经撤回，不再办理。".into(),
    }
}

/// What comes next, by when and why.
fn next(file: &File, now: Timestamp) -> Option<NextStep> {
    let (what, term) = match &file.stage {
        Stage::Pooled { .. } => ("派一名队员到现场", Some(TermKey::Arrive)),
        Stage::Assigned { .. } => ("队员接手（受理）", Some(TermKey::Accept)),
        Stage::Working { arrived: None, .. } => ("队员到现场", Some(TermKey::Arrive)),
        Stage::Working { arrived: Some(_), .. } | Stage::Outside { .. } => {
            ("处理并登记结果", Some(TermKey::Handle))
        }
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
        why: clock.map(|c| c.running.clock.standard.source.to_string()).unwrap_or_default(),
    })
}

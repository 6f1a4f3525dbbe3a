//! What happens when something is asked of a report.

mod erase;
mod intake;
mod joining;
mod routing;
mod terms;
mod told;

pub(in crate::report) use routing::assign;
pub(in crate::report) use told::follow_ups;

use self::erase::{erase, erase_with};
use self::intake::register;
use self::joining::join;
use self::routing::{assign_again, dispatch_to, follow};
use self::terms::{RESTING, approve, first_handling_clock, no_handling_term, on_site_begins, reopen};
use super::command::{Asked, Command, Mark, Outcome};
use super::dispatch::{self, Proposal};
use super::event::{Because, Event};
use super::state::{File, Running, Stage, State, TermKey};
use super::tick;
use crate::policy::{self, Matter};
use crate::{ExhibitRef, Facts, PartRef, Refusal, Text};
use jiff::SignedDuration;
use lianzhi_ids::{Digest, PersonCode, UnitCode};

/// Longest extension or suspension that a squad leader may approve, in hours; longer ones go to the agency's leader.
pub const SQUAD_HOURS_MAX: u32 = 72;
/// Longest extension or suspension at all, in hours (one year).
pub const ASK_HOURS_MAX: u32 = 24 * 366;
/// Photos in one command.
const EXHIBITS_MAX: usize = 20;
/// How far back something may have happened when it is reported: five years (生态环境法典 1054, the longest limitation).
const OCCURRED_DAYS_MAX: i64 = 5 * 366;
/// Clocks of phones go wrong by so much at most before a time counts as lying in the future.
const SKEW_MINUTES_MAX: i64 = 5;

pub(in crate::report) const fn needs_leader(hours: u32) -> bool {
    hours > SQUAD_HOURS_MAX
}

/// What the policy must know of a file.
pub(in crate::report) fn matter(file: &File) -> Matter<'_> {
    Matter {
        unit: file.unit.as_ref(),
        assisting: &file.assisting,
        assignee: file.officer(),
        registered_by: file.intake.by.as_ref(),
        asked: &[],
    }
}

fn by(facts: &Facts<'_>) -> Option<PersonCode> {
    facts.actor.person().cloned()
}

fn me(facts: &Facts<'_>) -> Result<PersonCode, Refusal> {
    by(facts).ok_or_else(|| Refusal::forbidden("sign-in", "这一步必须由本人登录后办理。", "请先登录。"))
}

fn need(note: &Text, field: &'static str, rule: &str) -> Result<PartRef, Refusal> {
    note.part().ok_or_else(|| Refusal::invalid(field, rule, "请填写后再提交。"))
}

fn exhibits(facts: &Facts<'_>, digests: &[Digest]) -> Result<Vec<ExhibitRef>, Refusal> {
    if digests.len() > EXHIBITS_MAX {
        return Err(Refusal::invalid(
            "exhibits",
            format!("一次最多附 {EXHIBITS_MAX} 个文件。"),
            "请分几次补充。",
        ));
    }
    let find = |d: &Digest| {
        facts.look_ups.exhibits.iter().find(|e| e.digest == *d).cloned().ok_or_else(|| {
            Refusal::invalid("exhibits", format!("没有收到文件 {}。", d.short()), "请重新上传该文件。")
        })
    };
    digests.iter().map(find).collect()
}

fn wrong_stage(file: &File, wanted: &str) -> Refusal {
    let now = super::evolve::STAGES
        .iter()
        .find(|(code, _)| *code == file.stage.code())
        .map_or("", |(_, title)| title);
    Refusal::conflict(
        "wrong-stage",
        format!("本件现为“{now}”，不能{wanted}。"),
        "请刷新页面，按现在的可办事项办理。",
    )
}

fn open(file: &File, wanted: &str) -> Result<(), Refusal> {
    if file.stage.open() { Ok(()) } else { Err(wrong_stage(file, wanted)) }
}

pub(in crate::report) fn decide(
    state: &State,
    command: Command,
    facts: &Facts<'_>,
) -> Result<Vec<Event>, Refusal> {
    match (state, command) {
        (State::Nothing, command @ Command::Register { .. }) => register(command, facts),
        (State::Nothing, _) => Err(Refusal::missing("没有这个办件。")),
        (State::File(_), Command::Register { .. }) => {
            Err(Refusal::conflict("exists", "本件已经登记。", "请补充材料或另行登记。"))
        }
        (State::File(file), command) => in_file(file, command, facts),
    }
}

fn change(
    file: &File,
    facts: &Facts<'_>,
    term: TermKey,
    because: Because,
    f: impl FnOnce(&lianzhi_law::Running) -> Result<lianzhi_law::Running, lianzhi_law::TermError>,
) -> Option<Event> {
    let clock = file.clocks.get(term).filter(|c| c.stopped.is_none())?;
    let clock = f(&clock.running.clock).ok()?;
    Some(Event::ClockChanged { clock: Running { term, clock }, because, at: facts.now })
}

fn known_units(facts: &Facts<'_>, units: &[UnitCode]) -> Result<(), Refusal> {
    match units.iter().find(|u| !facts.directory.units.contains_key(u)) {
        Some(unit) => Err(Refusal::invalid("units", format!("没有单位 {unit}。"), "请从单位名录中选择。")),
        None => Ok(()),
    }
}

fn in_file(file: &File, command: Command, facts: &Facts<'_>) -> Result<Vec<Event>, Refusal> {
    let at = facts.now;
    let m = matter(file);
    let permit = |action: &str| policy::permit(facts, action, &m);
    match command {
        Command::Register { .. } => Ok(Vec::new()),
        Command::Place { point, grid } => {
            permit("place")?;
            open(file, "定位")?;
            let (grid, metres) = match (grid, &facts.look_ups.placing) {
                (Some(grid), _) if facts.directory.grids.contains_key(&grid) => (grid, 0),
                (Some(grid), _) => {
                    return Err(Refusal::invalid(
                        "grid",
                        format!("没有网格 {grid}。"),
                        "请从网格名录中选择。",
                    ));
                }
                (None, crate::facts::Placing::Inside { grid }) => (grid.clone(), 0),
                (None, crate::facts::Placing::Nearest { grid, metres }) => (grid.clone(), *metres),
                _ => {
                    return Err(Refusal::invalid(
                        "point",
                        "这个点不在任何网格内或附近。",
                        "请核对坐标，或直接选择网格。",
                    ));
                }
            };
            let mut events = vec![Event::Placed { point, grid: grid.clone(), metres, at }];
            if matches!(file.stage, Stage::Pooled { .. }) {
                events.extend(follow(
                    facts,
                    dispatch::propose(facts, Some(&grid), file.category.as_ref(), &file.declined),
                    "定位后派遣：",
                ));
            }
            Ok(events)
        }
        Command::Classify { category } => {
            permit("classify")?;
            open(file, "分类")?;
            if !facts.directory.categories.contains_key(&category) {
                return Err(Refusal::invalid(
                    "category",
                    format!("没有类别 {category}。"),
                    "请从类别目录中选择。",
                )
                .from_source("GB/T 47678.5 类别代码"));
            }
            if file.category.as_ref() == Some(&category) {
                return Ok(Vec::new());
            }
            let clock = match file.clocks.get(TermKey::Handle) {
                None => first_handling_clock(file, facts, &category),
                // Another category has another term; the time used so far counts.
                Some(old) if old.stopped.is_none() => {
                    let law = &facts.directory.law;
                    let standard = law.handling_standard(&category, crate::beijing_date(at));
                    let clock = old.running.clock.restandard(law.calendars(), standard, at).ok();
                    clock.map(|clock| Running { term: TermKey::Handle, clock })
                }
                Some(_) => None,
            };
            let mut events = vec![Event::Classified { category: category.clone(), at, clock }];
            events.extend(on_site_begins(file, Some(&category), facts));
            if matches!(file.stage, Stage::Pooled { .. }) {
                let proposal = dispatch::propose(facts, file.grid.as_ref(), Some(&category), &file.declined);
                if !matches!(proposal, Proposal::Pool { .. }) {
                    events.extend(follow(facts, proposal, "分类后派遣："));
                }
            }
            Ok(events)
        }
        Command::Dispatch { officer, unit, note } => dispatch_to(file, facts, officer, unit, note.part()),
        Command::Take => {
            permit("take")?;
            let officer = me(facts)?;
            let Stage::Pooled { unit: Some(unit), .. } = &file.stage else {
                return Err(wrong_stage(file, "领取"));
            };
            let clock = accept_clock(facts)?;
            Ok(vec![Event::Dispatched {
                unit: unit.clone(),
                officer: officer.clone(),
                why: "本人领取".into(),
                at,
                note: None,
                by: Some(officer),
                clock,
                nudge_at: tick::nudge_at(facts, at),
            }])
        }
        Command::Assist { units } => {
            permit("assist")?;
            open(file, "设协办")?;
            known_units(facts, &units)?;
            if units.iter().any(|u| file.unit.as_ref() == Some(u)) {
                return Err(Refusal::invalid("units", "主办单位不能同时是协办单位。", "请去掉主办单位。"));
            }
            Ok(if units == file.assisting { Vec::new() } else { vec![Event::AssistSet { units, at }] })
        }
        Command::Return { note } => {
            permit("return")?;
            let officer = me(facts)?;
            if !matches!(file.stage, Stage::Assigned { .. } | Stage::Working { .. }) {
                return Err(wrong_stage(file, "退回"));
            }
            let note = need(&note, "note", "退回派遣必须说明理由。")?;
            let mut not = file.declined.clone();
            not.push(officer.clone());
            let mut events = vec![Event::SentBack { by: officer, note, at }];
            events.extend(assign(file, facts, &not, "退回后改派："));
            Ok(events)
        }
        Command::Dismiss { note } => {
            permit("dismiss")?;
            if !matches!(file.stage, Stage::Pooled { .. } | Stage::Assigned { .. }) {
                return Err(wrong_stage(file, "不予受理"));
            }
            Ok(vec![Event::Dismissed { note: need(&note, "note", "不予受理必须说明理由。")?, at }])
        }
        Command::Accept => {
            permit("accept")?;
            match &file.stage {
                Stage::Assigned { .. } => Ok(vec![Event::Accepted { by: me(facts)?, at }]),
                _ => Err(wrong_stage(file, "受理")),
            }
        }
        Command::Arrive { point, accuracy_m, exhibits: digests } => {
            permit("arrive")?;
            match &file.stage {
                Stage::Working { arrived: None, .. } => {
                    let exhibits = exhibits(facts, &digests)?;
                    // What is not a place has no accuracy.
                    let accuracy_m = accuracy_m.filter(|_| point.is_some());
                    Ok(vec![Event::Arrived { by: me(facts)?, point, accuracy_m, exhibits, at }])
                }
                Stage::Working { .. } => Err(Refusal::conflict("arrived", "已经登记到场。", "请继续处置。")),
                _ => Err(wrong_stage(file, "到场")),
            }
        }
        Command::Handle { outcome, note, before, after, exhibits: others } => {
            permit("handle")?;
            let note = need(&note, "note", "处置结果必须写明做了什么。")?;
            match &file.stage {
                Stage::Working { officer, .. } if facts.actor.person() != Some(officer) => {
                    return Err(Refusal::forbidden(
                        "not-your-matter",
                        "本件由承办人登记处置结果。",
                        "外部门办理的由派遣员代为登记；需要换人请改派。",
                    ));
                }
                Stage::Working { arrived: Some(_), .. } | Stage::Outside { .. } => {}
                Stage::Working { arrived: None, .. } => {
                    return Err(Refusal::conflict(
                        "not-arrived",
                        "还没有登记到场。",
                        "请先到场，再登记处置结果。",
                    )
                    .from_source("“三个二”服务标准：2 小时内到场"));
                }
                _ => return Err(wrong_stage(file, "登记处置结果")),
            }
            let (before, after) = (exhibits(facts, &before)?, exhibits(facts, &after)?);
            let others = exhibits(facts, &others)?;
            let settled = matches!(
                outcome,
                Outcome::Dissuaded | Outcome::Ordered | Outcome::SelfCorrected | Outcome::Cleared
            );
            // A voice note shows nothing.
            let seen = after.iter().any(|e| !e.media.starts_with("audio/"));
            if settled && !seen && matches!(file.stage, Stage::Working { .. }) {
                return Err(Refusal::invalid(
                    "after",
                    format!("“{}”须附处置后照片。", outcome.title()),
                    "请拍摄处置后的现场并上传。",
                )
                .from_source("处置规则：处置前后照片"));
            }
            let by = by(facts);
            Ok(vec![Event::Handled { by, outcome, note, before, after, exhibits: others, at }])
        }
        Command::Help { note, units } => {
            permit("help")?;
            if !matches!(file.stage, Stage::Working { .. }) {
                return Err(wrong_stage(file, "请求支援"));
            }
            known_units(facts, &units)?;
            Ok(vec![Event::HelpAsked {
                by: me(facts)?,
                note: need(&note, "note", "请求支援须写明需要什么。")?,
                units,
                at,
            }])
        }
        Command::Ask { what, hours, note } => {
            permit("ask")?;
            if !matches!(file.stage, Stage::Working { .. }) {
                return Err(wrong_stage(file, &format!("申请{}", what.title())));
            }
            if file.pending.is_some() {
                return Err(Refusal::conflict("pending", "已有一项申请待审批。", "请等审批后再申请。"));
            }
            if hours == 0 || hours > ASK_HOURS_MAX {
                return Err(Refusal::invalid(
                    "hours",
                    format!("时长须在 1 至 {ASK_HOURS_MAX} 小时之间。"),
                    "请填写小时数。",
                ));
            }
            if what == Asked::Extension
                && file.clocks.get(TermKey::Handle).is_none_or(|c| c.stopped.is_some())
            {
                return Err(no_handling_term());
            }
            let note = need(&note, "note", "申请必须说明理由。")?;
            Ok(vec![Event::Requested { what, hours, note, by: me(facts)?, at }])
        }
        Command::Approve { granted, note } => approve(file, facts, granted, &note),
        Command::Resume => {
            permit("resume")?;
            if !matches!(file.stage, Stage::Suspended { .. }) {
                return Err(wrong_stage(file, "恢复办理"));
            }
            let mut events = vec![Event::Resumed { at }];
            for term in RESTING {
                events.extend(change(file, facts, term, Because::Resumed, |c| {
                    c.resume(facts.directory.law.calendars(), at)
                }));
            }
            Ok(events)
        }
        Command::Verify { passed, on_site, note, exhibits: digests } => {
            permit("verify")?;
            let Stage::ToVerify { officer } = &file.stage else {
                return Err(wrong_stage(file, "核查"));
            };
            let me = me(facts)?;
            if officer.as_ref() == Some(&me) || file.handled.as_ref().and_then(|h| h.by.as_ref()) == Some(&me)
            {
                return Err(Refusal::forbidden(
                    "own-work",
                    "不能核查自己处置的办件。",
                    "请由核查员或其他负责人核查。",
                )
                .from_source("核查规则：承办人不得核查本件"));
            }
            if !passed && note.part().is_none() {
                return Err(Refusal::invalid("note", "返工必须写明哪里没有解决。", "请填写核查意见。"));
            }
            let exhibits = exhibits(facts, &digests)?;
            let mut events =
                vec![Event::Verified { passed, on_site, by: Some(me), note: note.part(), exhibits, at }];
            if !passed {
                let clock = tick::start(facts, TermKey::Handle, at, file.category.as_ref());
                events.extend(clock.map(|clock| Event::ClockStarted { clock, at, nudge_at: None }));
            }
            Ok(events)
        }
        Command::Answer { text, channel } => {
            permit("answer")?;
            open(file, "答复")?;
            if matches!(file.stage, Stage::ReturnAsked { .. }) {
                return Err(wrong_stage(file, "答复"));
            }
            Ok(vec![Event::Answered {
                text: need(&text, "text", "答复内容为空。")?,
                channel,
                by: by(facts),
                at,
            }])
        }
        Command::Close => {
            permit("close")?;
            match &file.stage {
                Stage::ToClose { .. } => Ok(vec![Event::Closed { by: by(facts), at }]),
                Stage::ToAnswer { .. } => {
                    Err(Refusal::conflict("not-answered", "还没有答复上报人，不能结案。", "请先答复上报人。")
                        .from_source("“三个二”服务标准：24 小时内答复"))
                }
                _ => Err(wrong_stage(file, "结案")),
            }
        }
        Command::Reopen { note } => reopen(file, facts, &note),
        Command::Rate { stars, note } => {
            permit("rate")?;
            if !matches!(file.stage, Stage::Closed { .. }) {
                return Err(wrong_stage(file, "评价"));
            }
            stars_ok(stars)?;
            if file.rating.is_some() {
                return Err(Refusal::conflict("rated", "已经评价过。", "谢谢，不必重复评价。"));
            }
            Ok(vec![Event::Rated { stars, note: note.part(), at }])
        }
        Command::Contact { reached, note } => {
            permit("contact")?;
            open(file, "登记先行联系")?;
            Ok(vec![Event::Contacted {
                reached,
                note: need(&note, "note", "先行联系须写明结果。")?,
                by: by(facts),
                at,
            }])
        }
        Command::ReturnOrder { note } => {
            permit("return_order")?;
            if !file.intake.is_order() {
                return Err(Refusal::conflict(
                    "no-order",
                    "本件不是热线工单，不能退单。",
                    "不属本机关职责的，请改派主管部门或不予受理。",
                ));
            }
            if !matches!(file.stage, Stage::Pooled { .. } | Stage::Assigned { .. } | Stage::Working { .. }) {
                return Err(wrong_stage(file, "退单"));
            }
            Ok(vec![Event::ReturnAsked {
                note: need(&note, "note", "退单必须说明理由。")?,
                by: by(facts),
                at,
            }])
        }
        Command::DecideReturn { granted, note } => {
            permit("decide_return")?;
            if !matches!(file.stage, Stage::ReturnAsked { .. }) {
                return Err(wrong_stage(file, "登记退单答复"));
            }
            let mut events = vec![Event::ReturnDecided { granted, note: note.part(), by: by(facts), at }];
            // Nobody could accept while the hotline was asked: the officer gets his time to accept anew.
            if !granted && matches!(&file.stage, Stage::ReturnAsked { before } if before.code() == "assigned")
            {
                let nudge_at = tick::nudge_at(facts, at);
                events.push(Event::ClockStarted { clock: accept_clock(facts)?, at, nudge_at });
            }
            Ok(events)
        }
        Command::Revisit { settled, stars, note } => {
            permit("revisit")?;
            if !matches!(file.stage, Stage::Closed { .. }) {
                return Err(wrong_stage(file, "回访"));
            }
            stars_ok(stars)?;
            Ok(vec![Event::Revisited { settled, stars, note: note.part(), by: by(facts), at }])
        }
        Command::Add { note, exhibits: digests } => {
            permit("add")?;
            let exhibits = exhibits(facts, &digests)?;
            Ok(vec![Event::Added {
                note: need(&note, "note", "补充内容为空。")?,
                exhibits,
                by: by(facts),
                at,
            }])
        }
        Command::Withdraw { note } => {
            permit("withdraw")?;
            if !matches!(file.stage, Stage::Pooled { .. } | Stage::Assigned { .. }) {
                return Err(Refusal::conflict("in-hand", "已经开始处置，不能撤回。", "可以补充说明情况。"));
            }
            Ok(vec![Event::Withdrawn { note: note.part(), at }])
        }
        Command::Supervise { mark, note } => {
            permit(if mark == Mark::Urge { "urge" } else { "supervise" })
                .or_else(|refusal| if mark == Mark::Urge { permit("supervise") } else { Err(refusal) })?;
            open(file, mark.title())?;
            Ok(vec![Event::Supervised {
                mark,
                note: need(&note, "note", "请写明要求。")?,
                by: by(facts),
                at,
            }])
        }
        Command::Join { to, sure } => {
            permit("join")?;
            join(file, to, sure, facts)
        }
        Command::Unjoin => {
            permit("join")?;
            let Stage::Joined { to, .. } = &file.stage else {
                return Err(wrong_stage(file, "拆出"));
            };
            let mut events = vec![Event::Unjoined { from: *to, at }];
            events.extend(assign_again(file, facts, "拆出后派遣："));
            Ok(events)
        }
        Command::Split { note, category } => {
            permit("split")?;
            if !matches!(file.stage, Stage::Pooled { .. } | Stage::Assigned { .. } | Stage::Working { .. }) {
                return Err(wrong_stage(file, "拆件"));
            }
            if category.as_ref().is_some_and(|c| !facts.directory.categories.contains_key(c)) {
                return Err(Refusal::invalid("category", "没有这个类别。", "请从类别目录中选择，或留空。"));
            }
            Ok(vec![Event::SplitAsked {
                note: need(&note, "note", "拆件须写明新办件是什么事。")?,
                category,
                at,
            }])
        }
        Command::Erase { parts, everything, reason } => {
            permit("erase")?;
            erase(file, parts, everything, reason, at)
        }
        Command::EraseWith { from, reason } => {
            permit("tick")?;
            Ok(erase_with(file, from, reason, at))
        }
        Command::Tick => permit("tick").map(|_| tick::tick(file, facts)),
        Command::Recompute => permit("tick").map(|_| tick::recompute(file, facts)),
        Command::Absorb { from } => permit("tick").map(|_| vec![Event::Absorbed { from, at }]),
        Command::Release { from } => permit("tick").map(|_| vec![Event::Released { from, at }]),
        Command::LeadSettled { lead, outcome } => {
            permit("tick")?;
            match &file.stage {
                Stage::Joined { to, .. } if *to == lead => {
                    let mut events = vec![Event::LeadSettled { lead, outcome, at }];
                    if outcome.is_none() {
                        events.extend(assign_again(file, facts, "主件终止后派遣："));
                    }
                    Ok(events)
                }
                _ => Ok(Vec::new()),
            }
        }
        Command::SplitInto { docket } => permit("tick").map(|_| vec![Event::SplitOff { into: docket, at }]),
    }
}

fn stars_ok(stars: u8) -> Result<(), Refusal> {
    if (1..=5).contains(&stars) {
        Ok(())
    } else {
        Err(Refusal::invalid("stars", "满意度应为 1 至 5。", "请选择一至五星。"))
    }
}

fn accept_clock(facts: &Facts<'_>) -> Result<Running, Refusal> {
    tick::start(facts, TermKey::Accept, facts.now, None).ok_or_else(|| {
        Refusal::conflict("no-standard", "缺少受理时限标准。", "请管理员在时限数据中补充 service.accept。")
    })
}

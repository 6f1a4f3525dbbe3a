//! What a party says and is answered, hearings, legal review and discussion (行政处罚法 45, 57(2), 58, 63–65).

use super::*;
use crate::penalty::clocks::{Scope, Term};
use crate::penalty::command::{GivingUp, Reviewing};
use crate::penalty::execution::demanded;
use crate::penalty::law_side;
use crate::penalty::rights::{Hearing, HearingEnd, Notice};
use crate::penalty::words::{Adopted, Opinion, PaperKind};
use crate::{Actor, directory::Person};

/// Who may call and hold hearings.
pub(in crate::penalty) const HOLD: &str = "penalty_hearing";
/// Who may review.
pub(in crate::penalty) const REVIEW: &str = "penalty_review";

/// The notice that reached the party, before the decision.
fn notified<'a>(case: &'a Case, id: u16, facts: &Facts<'_>) -> Result<(&'a Party, &'a Notice), Refusal> {
    undecided(case, facts)?;
    let party = party(case, id)?;
    match &party.rights.notice {
        Some(notice) if case.served(notice.paper, id).is_some() => Ok((party, notice)),
        _ => Err(no(
            "not-notified",
            "告知书还没有送达该当事人。",
            "请先报批并送达事先告知书。",
            "行政处罚法第四十四条、第六十二条",
        )),
    }
}

/// Before the decision, or after a demand, until the case is closed.
fn speaks(case: &Case, id: u16, facts: &Facts<'_>) -> Result<PersonCode, Refusal> {
    party(case, id)?;
    if demanded(case, id).is_some() { in_filed(case, facts) } else { undecided(case, facts) }
}

pub(super) fn state(
    case: &Case,
    id: u16,
    text: &Text,
    files: &[Digest],
    facts: &Facts<'_>,
) -> Result<Event, Refusal> {
    // A party may speak at any time before the decision, told or not, and after a demand (行政强制法 8, 36).
    let by = speaks(case, id, facts)?;
    let text = need(text, "note", "当事人陈述、申辩的内容")?;
    Ok(Event::Stated { party: id, text, exhibits: exhibits(facts, files)?, by, at: facts.now })
}

pub(super) fn answer(
    case: &Case,
    id: u16,
    adopted: Adopted,
    note: &Text,
    facts: &Facts<'_>,
) -> Result<Event, Refusal> {
    let by = speaks(case, id, facts)?;
    if !party(case, id)?.rights.statements.iter().any(|s| s.answer.is_none()) {
        return Err(no(
            "nothing-to-answer",
            "没有待复核的陈述、申辩。",
            "请先登记当事人的陈述、申辩。",
            "行政处罚法第四十五条第一款；行政强制法第三十六条",
        ));
    }
    let note = need(note, "note", "复核情况和是否采纳的理由")?;
    Ok(Event::Answered { party: id, adopted, note, by, at: facts.now })
}

pub(super) fn waive(
    case: &Case,
    id: u16,
    hearing: bool,
    files: &[Digest],
    facts: &Facts<'_>,
) -> Result<Event, Refusal> {
    let (party, _) = notified(case, id, facts)?;
    let (statement, given_up) = (party.rights.statement_waived, party.rights.hearing_waived);
    if statement.is_some() && (given_up.is_some() || !hearing) {
        return Err(no("waived", "已经登记放弃。", "请刷新页面。", "行政处罚法第六十二条、第六十四条"));
    }
    if hearing && matches!(party.rights.hearing, Hearing::Asked { .. } | Hearing::Called { .. }) {
        return Err(no(
            "hearing-asked",
            "当事人已经要求听证。",
            "当事人撤回听证要求的，请登记放弃听证。",
            "行政处罚法第六十四条第六项",
        ));
    }
    let exhibits = proof(facts, files, "当事人签字的放弃声明", "行政处罚法第六十二条、第六十四条")?;
    Ok(Event::Waived { party: id, hearing, exhibits, by: me(facts)?, at: facts.now })
}

/// 64(一): within five working days after the notice.
pub(super) fn ask(case: &Case, id: u16, on: Date, facts: &Facts<'_>) -> Result<Event, Refusal> {
    let (party, notice) = notified(case, id, facts)?;
    let on = past_day(on, "on", facts)?;
    if !notice.hearing {
        return Err(no(
            "no-hearing-right",
            "拟作出的处罚不属于可以要求听证的范围。",
            "请按陈述、申辩登记当事人的意见。",
            "行政处罚法第六十三条",
        ));
    }
    if party.rights.hearing != Hearing::None {
        return Err(no("hearing-asked", "听证已经登记。", "请继续组织听证。", "行政处罚法第六十四条"));
    }
    let late = case
        .clock(Term::HearingRequest, Scope::Party(id))
        .is_some_and(|w| law_side::midnight(on) >= w.clock.running.due);
    if late || party.rights.hearing_waived.is_some() {
        return Err(no(
            "hearing-late",
            "当事人要求听证的，应当在行政机关告知后五日内提出；已经逾期或者明确放弃。",
            "请按陈述、申辩登记当事人的意见；确有正当理由的，请法制审核员决定是否重新告知。",
            "行政处罚法第六十四条第一项",
        ));
    }
    if law_side::end_of(on) <= case.served(notice.paper, id).unwrap_or(Timestamp::MIN) {
        return Err(Refusal::invalid("on", "日期早于告知。", "请填写当事人提出要求的日期。")
            .from_source("行政处罚法第六十四条第一项"));
    }
    Ok(Event::HearingAsked { party: id, on, by: me(facts)?, at: facts.now })
}

/// Whether somebody may take the place of a chair or a reviewer of a case: the policy lets him, and he neither handled the case nor
/// stood aside (行政处罚法 43, 58, 64(四)).
pub(in crate::penalty) fn may_be(
    case: &Case,
    person: &std::sync::Arc<Person>,
    action: &'static str,
    facts: &Facts<'_>,
) -> bool {
    let actor = Actor::Person(person.clone());
    person.active
        && !case.handled_by.contains(&person.code)
        && !case.recused.contains(&person.code)
        && permit(case, action, &Facts { actor: &actor, ..*facts }).is_ok()
}

/// Time and place are told seven working days before (64(二)); whoever presides has not handled the case (64(四)).
pub(super) fn call(
    case: &Case,
    id: u16,
    on: Timestamp,
    chair: &PersonCode,
    note: &Text,
    facts: &Facts<'_>,
) -> Result<Event, Refusal> {
    permit(case, HOLD, facts)?;
    open(case)?;
    let party = party(case, id)?;
    if !matches!(party.rights.hearing, Hearing::Asked { .. } | Hearing::Called { .. }) {
        return Err(no("not-asked", "当事人没有要求听证。", "请刷新页面。", "行政处罚法第六十四条"));
    }
    if case.handled_by.contains(chair) {
        return Err(Refusal::invalid(
            "chair",
            "听证由行政机关指定的非本案调查人员主持。",
            "请指定没有参与本案调查的人员。",
        )
        .from_source("行政处罚法第六十四条第四项"));
    }
    let fit = facts.directory.people.get(chair).is_some_and(|p| may_be(case, p, HOLD, facts));
    if !fit {
        return Err(Refusal::invalid(
            "chair",
            "此人不能主持本案听证：听证由法制审核人员或者机关负责人主持，已经回避的人不得主持。",
            "请从可以主持听证的人员中选择。",
        )
        .from_source("行政处罚法第六十四条第四项"));
    }
    let last = law_side::working_days_before(facts, Term::HearingNotice, on)?;
    if crate::beijing_date(facts.now) > last.day {
        return Err(Refusal::invalid(
            "on",
            format!(
                "行政机关应当在举行听证的七日前通知，最迟应在 {} 通知（{}）。",
                last.day,
                last.counted().trim_end_matches('。')
            ),
            "请推迟听证的日期。",
        )
        .from_source("行政处罚法第六十四条第二项"));
    }
    let paper = case.new_paper(PaperKind::HearingCall, facts.look_ups.number.clone(), vec![id]);
    let note = need(note, "note", "听证的地点和方式")?;
    let chair = chair.clone();
    Ok(Event::HearingCalled { party: id, paper, chair, on, note, by: me(facts)?, at: facts.now })
}

pub(super) fn hold(
    case: &Case,
    id: u16,
    note: &Text,
    files: &[Digest],
    facts: &Facts<'_>,
) -> Result<Event, Refusal> {
    permit(case, HOLD, facts)?;
    open(case)?;
    let me = me(facts)?;
    let Hearing::Called { paper, at, chair, .. } = &party(case, id)?.rights.hearing else {
        return Err(no(
            "not-called",
            "听证还没有通知。",
            "请先发出听证通知书。",
            "行政处罚法第六十四条第二项",
        ));
    };
    if me != *chair {
        return Err(Refusal::forbidden(
            "not-chair",
            "听证笔录和报告由主持人提交。",
            "请由主持人登录后提交。",
        )
        .from_source("行政处罚法第六十四条第四项"));
    }
    if case.handled_by.contains(&me) {
        return Err(no(
            "chair-handled",
            "主持人参与过本案调查，听证无效。",
            "请另行指定主持人并重新通知。",
            "行政处罚法第六十四条第四项",
        ));
    }
    let last = law_side::working_days_before(facts, Term::HearingNotice, *at)?;
    if !called_by(case, id, *paper, last.day) {
        return Err(no(
            "hearing-notice",
            format!(
                "听证通知没有在举行听证的七日前送达当事人，最迟应在 {} 送达（{}）。",
                last.day,
                last.counted().trim_end_matches('。')
            ),
            "请送达后改期举行。",
            "行政处罚法第六十四条第二项",
        ));
    }
    if facts.now < *at {
        return Err(no(
            "too-early",
            "还没有到听证的时间。",
            "请在听证后提交笔录。",
            "行政处罚法第六十四条第二项",
        ));
    }
    Ok(Event::HearingHeld {
        party: id,
        chair: me,
        note: need(note, "note", "听证报告")?,
        exhibits: proof(facts, files, "当事人签字的听证笔录", "行政处罚法第六十四条第八项")?,
        at: facts.now,
    })
}

/// Whether the call reached the party by a day (64(二)).
fn called_by(case: &Case, id: u16, paper: u16, last: Date) -> bool {
    case.served(paper, id).is_some_and(|served| crate::beijing_date(served) <= last)
}

/// 64(六): the party withdraws what it asked for, signed; or it was called in time and stayed away, or left, without good reason.
pub(super) fn give_up(case: &Case, asked: &GivingUp, facts: &Facts<'_>) -> Result<Event, Refusal> {
    const SOURCE: &str = "行政处罚法第六十四条第六项";
    permit(case, HOLD, facts)?;
    open(case)?;
    let id = asked.party;
    let hearing = &party(case, id)?.rights.hearing;
    if !matches!(hearing, Hearing::Asked { .. } | Hearing::Called { .. }) {
        return Err(no("not-asked", "当事人没有要求听证。", "请刷新页面。", "行政处罚法第六十四条"));
    }
    let exhibits = match (asked.ground, hearing) {
        (HearingEnd::Withdrawn, _) => proof(facts, &asked.exhibits, "当事人签字的撤回听证要求", SOURCE)?,
        (HearingEnd::Absent, Hearing::Called { paper, at, .. }) => {
            let last = law_side::working_days_before(facts, Term::HearingNotice, *at)?;
            if !called_by(case, id, *paper, last.day) {
                return Err(no(
                    "hearing-notice",
                    "听证通知没有在举行听证的七日前送达当事人，当事人没有出席的不能视为放弃。",
                    "请送达后改期举行。",
                    "行政处罚法第六十四条第二项、第六项",
                ));
            }
            if facts.now < *at {
                return Err(no("too-early", "还没有到听证的时间。", "请在听证时间以后登记。", SOURCE));
            }
            exhibits(facts, &asked.exhibits)?
        }
        (HearingEnd::Absent, _) => {
            return Err(no(
                "not-called",
                "听证还没有通知，当事人没有拒不出席。",
                "请先发出听证通知书；当事人撤回要求的，请附其签字的书面材料。",
                SOURCE,
            ));
        }
    };
    let note = need(&asked.note, "note", "撤回听证要求或者无正当理由拒不出席的情况")?;
    let (ground, by) = (Some(asked.ground), me(facts)?);
    Ok(Event::HearingGivenUp { party: id, ground, note, exhibits, by, at: facts.now })
}

/// 58: whoever reviews has not handled the case; whoever reviews for the first time has the legal qualification, which is given
/// back.
fn reviewer(case: &Case, qualification: &str, facts: &Facts<'_>) -> Result<(PersonCode, String), Refusal> {
    permit(case, REVIEW, facts)?;
    open(case)?;
    let by = me(facts)?;
    filing::not_recused(case, &by)?;
    if case.handled_by.contains(&by) {
        return Err(Refusal::forbidden(
            "reviewer-handled",
            "参与过本案办理的人员不得从事本案法制审核。",
            "请由没有参与办理的法制审核人员审核。",
        )
        .from_source("行政处罚法第五十八条"));
    }
    let qualification = qualification.trim().to_owned();
    if !facts.look_ups.reviewed_before && qualification.is_empty() {
        return Err(Refusal::invalid(
            "qualification",
            "初次从事行政处罚决定法制审核的人员，应当通过国家统一法律职业资格考试取得法律职业资格。",
            "请填写法律职业资格证书编号。",
        )
        .from_source("行政处罚法第五十八条第二款"));
    }
    Ok((by, qualification))
}

pub(super) fn review(
    case: &Case,
    opinion: Opinion,
    note: &Text,
    qualification: &str,
    facts: &Facts<'_>,
) -> Result<Event, Refusal> {
    let (by, qualification) = reviewer(case, qualification, facts)?;
    if !matches!(case.outcome, crate::penalty::Outcome::Open) || case.finished.is_none() {
        return Err(no(
            "not-finished",
            "调查终结后、作出决定前进行法制审核。",
            "请等调查终结后送审。",
            "行政处罚法第五十八条第一款",
        ));
    }
    let note = need(note, "note", "逐项审核意见（主体权限、事实证据、依据、程序、裁量、文书、是否涉罪）")?;
    Ok(Event::Reviewed { opinion, note, qualification, by, at: facts.now })
}

/// After a review that did not agree: what was mended, so that it is reviewed again. New evidence or a changed plan does the same by
/// itself.
pub(super) fn resubmit(case: &Case, note: &Text, facts: &Facts<'_>) -> Result<Event, Refusal> {
    let by = undecided(case, facts)?;
    filing::nothing_pending(case)?;
    if rules::objection(case).is_none() {
        return Err(no(
            "no-objection",
            "没有需要补正的法制审核意见。",
            "请刷新页面，按可办事项办理。",
            "行政处罚法第五十八条第一款",
        ));
    }
    let note = need(note, "note", "按审核意见补充、纠正的情况，或者不采纳的理由")?;
    Ok(Event::Resubmitted { note, by, at: facts.now })
}

/// A review of what waits for the leader, where the agency's list of major decisions demands one.
pub(super) fn review_proposal(case: &Case, review: Reviewing, facts: &Facts<'_>) -> Result<Event, Refusal> {
    let (by, qualification) = reviewer(case, &review.qualification, facts)?;
    let waits = case.proposal(review.proposal).filter(|p| p.wants_review());
    let Some(pending) = waits else {
        return Err(no(
            "no-review",
            "这一项不需要法制审核，或者已经审核。",
            "请刷新页面。",
            "国办发〔2018〕118号；重大执法决定法制审核目录",
        ));
    };
    if pending.proposal.wants_unit() && pending.endorsed.is_none() {
        return Err(no(
            "not-endorsed",
            "承办机构还没有提出意见。",
            "请承办机构负责人先审核。",
            "内部审批规则（承办机构、法制机构、机关负责人三级审批）",
        ));
    }
    let note = need(&review.note, "note", "审核意见")?;
    let (id, opinion) = (review.proposal, review.opinion);
    Ok(Event::ProposalReviewed { id, opinion, note, qualification, by, at: facts.now })
}

/// Whether somebody is a leader of the agency (行政机关负责人).
fn leader(person: &Person) -> bool {
    person.posts.iter().any(|post| post.roles.contains(&Role::Leader))
}

pub(super) fn discuss(
    case: &Case,
    mut present: Vec<PersonCode>,
    agreed: bool,
    longer: bool,
    note: &Text,
    facts: &Facts<'_>,
) -> Result<Event, Refusal> {
    const SOURCE: &str = "行政处罚法第五十七条第二款";
    permit(case, "penalty_discuss", facts)?;
    open(case)?;
    let undecided = matches!(case.outcome, crate::penalty::Outcome::Open) && case.filed().is_some();
    if !undecided || (case.finished.is_none() && !longer) {
        return Err(wrong_stage(case, "集体讨论"));
    }
    if longer && case.clock(Term::Decide, Scope::Case).is_none_or(|w| w.clock.running.extensions.is_empty()) {
        return Err(no(
            "not-extended",
            "办案期限还没有由机关负责人批准延长过。",
            "请先报批延长办案期限；仍不能办结的，再集体讨论。",
            "行政处罚法第六十条；住房和城乡建设行政处罚程序规定",
        ));
    }
    present.sort_unstable();
    present.dedup();
    let leads = |p: &PersonCode| facts.directory.people.get(p).is_some_and(|p| p.active && leader(p));
    // An officer of the case who is a leader too may tell of it, and does not count.
    let apart = |p: &&PersonCode| !case.is_officer(p) && !case.recused.contains(p);
    if !present.iter().all(leads) || present.iter().filter(apart).count() < 2 {
        return Err(Refusal::invalid(
            "present",
            "集体讨论须由行政机关负责人集体进行，至少两人；本案办案人员和已经回避的人不计算在内。",
            "请选择参加讨论的负责人。",
        )
        .from_source(SOURCE));
    }
    if let Some(source) = rules::review_demanded(case).filter(|_| !longer && !rules::review_passed(case)) {
        return Err(no(
            "review-missing",
            "应当先经法制审核通过，再提交集体讨论。",
            "请先送法制审核。",
            source,
        ));
    }
    let note = need(note, "note", "讨论记录")?;
    Ok(Event::Discussed { present, agreed, longer, note, by: me(facts)?, at: facts.now })
}

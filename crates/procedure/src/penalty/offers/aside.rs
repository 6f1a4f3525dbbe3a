//! Offers of what is asked of others beside a case: departments, panels with their members, courts that come to the place.

use super::*;
use crate::penalty::aside::{CircuitKind, HelpKind, Vote};
use crate::penalty::command::{
    AskingHelp, Concluding, Drawing, HelpAnswer, HelpDelay, HoldingCircuit, Seat, Seating, SeeingMediation,
    SettingCircuit, StandingDown, Voting,
};

pub(super) fn aside(desk: &mut Desk<'_>) {
    helps(desk);
    panels(desk);
    circuits(desk);
}

fn helps(desk: &mut Desk<'_>) {
    let today = desk.today();
    let next = today.tomorrow().unwrap_or(today);
    let sample = |kind, until| {
        let (to, note) = ("-".into(), sealed());
        Command::AskHelp(AskingHelp { to, kind, received: today, until, note, exhibits: vec![] })
    };
    // Whether the law of the place names the days is asked of the same rule.
    let own_days = desk.tries(sample(HelpKind::Opinion, None)).is_err();
    desk.offer(
        words(
            false,
            "ask_help",
            "请求协助、出具认定意见",
            "协助通知书送达有关部门后登记；本地法规规定天数的，从对方收到之日起算。",
        ),
        sample(HelpKind::Opinion, own_days.then_some(next)),
        vec![
            field("kind", "请求", true, choices!(HelpKind), ""),
            field("to", "有关部门", true, LINE, ""),
            field("received", "对方收到的日期", true, DAY, ""),
            field("until", "请求答复的日期", false, DAY, "本地法规没有规定天数的填写"),
            note("请求的事项和理由"),
            files("协助通知书、送达的凭证", false),
        ],
    );
    let open: Vec<_> = desk
        .case
        .beside
        .helps
        .iter()
        .filter(|h| h.answer.is_none())
        .map(|h| (h.id, Choice::new(h.id.to_string(), format!("{}：{}", h.to, h.kind.title()))))
        .collect();
    let late = |help| {
        let until = today.checked_add(jiff::Span::new().months(6)).unwrap_or(Date::MAX);
        Command::DelayHelp(HelpDelay { help, until, note: sealed(), exhibits: sample_files() })
    };
    desk.offer_for(
        words(false, "delay_help", "登记协助单位延期", "情况复杂需要延期的，须书面说明并明确答复的日期。"),
        ("help", "协助请求"),
        &open,
        late,
        vec![field("until", "明确的答复日期", true, DAY, ""), note("延期的理由"), files("书面说明", true)],
    );
    desk.offer_for(
        words(true, "answer_help", "登记认定意见、协助结果", "意见入卷，供认定事实使用。"),
        ("help", "协助请求"),
        &open,
        |help| Command::AnswerHelp(HelpAnswer { help, note: sealed(), exhibits: sample_files() }),
        vec![note("认定意见、协助的结果"), files("书面认定意见", false)],
    );
}

fn panels(desk: &mut Desk<'_>) {
    let case = desk.case;
    let waiting: Vec<_> = case
        .beside
        .asked
        .iter()
        .filter(|o| case.beside.panel_asked(o.id).is_some())
        .map(|o| (o.id, Choice::new(o.id.to_string(), format!("{}（期限 {}）", o.from.title(), o.until))))
        .collect();
    desk.offer_for(
        words(
            false,
            "draw_panel",
            "抽取公议团成员",
            "从登记的群众公议员中抽取；抽到谁由案号和问题决定，可以复核。",
        ),
        ("asked", "征求意见"),
        &waiting,
        |asked| Command::DrawPanel(Drawing { asked, count: 1 }),
        vec![field("count", "人数", true, FieldKind::Number { min: 1, max: 15 }, "参加表决的至少 3 人")],
    );
    desk.offer_for(
        words(false, "seat_member", "指名公议团成员", "没有账号的代表，由办案人员登记；表决凭签名的表决票。"),
        ("asked", "征求意见"),
        &waiting,
        |asked| Command::SeatMember(Seating { asked, name: sealed(), standing: "-".into() }),
        vec![
            field("name", "姓名", true, LINE, ""),
            field("standing", "身份", true, LINE, "如 居民代表、人大代表"),
        ],
    );
    let me = desk.facts.actor.person();
    let title = |m: &crate::penalty::Member| {
        let name = m.person.as_ref().map(|p| desk.facts.directory.person_name(p).to_owned());
        format!("成员 {}（{}{}）", m.id, name.map(|n| format!("{n}，")).unwrap_or_default(), m.standing)
    };
    let mut seats: Vec<(Seat, Choice)> = Vec::new();
    for (asked, _) in &waiting {
        for m in case.beside.panel_asked(*asked).into_iter().flat_map(|o| o.panel.sitting()) {
            let own = m.person.as_ref() == me;
            if own || me.is_some_and(|me| case.is_officer(me)) {
                let seat = Seat { asked: *asked, member: m.id };
                seats.push((seat, Choice::new(format!("{asked}-{}", m.id), title(m))));
            }
        }
    }
    let vote = |member| {
        Command::Vote(Voting { member, vote: Vote::Agree, note: sealed(), exhibits: sample_files() })
    };
    let down = |member| Command::RecuseMember(StandingDown { member, note: sealed() });
    desk.offer_for(
        words(true, "vote", "登记公议表决", "每名成员表决一次；不同意见和理由一并记录。"),
        ("member", "成员"),
        &seats,
        vote,
        vec![
            field("vote", "表决", true, choices!(Vote), ""),
            note("意见和理由"),
            files("签名的表决票", false),
        ],
    );
    desk.offer_for(
        words(false, "recuse_member", "公议团成员回避", "与当事人有直接利害关系的回避，另行抽取、指名。"),
        ("member", "成员"),
        &seats,
        down,
        vec![note("回避的理由")],
    );
    desk.offer_for(
        words(true, "conclude_panel", "汇总公议意见", "全部成员表决以后汇总；意见供决定参考，不代替审核。"),
        ("asked", "征求意见"),
        &waiting,
        |asked| Command::ConcludePanel(Concluding { asked, note: sealed(), exhibits: vec![] }),
        vec![note("公议意见"), files("会议记录", false)],
    );
}

fn circuits(desk: &mut Desk<'_>) {
    let next = desk.today().tomorrow().unwrap_or(desk.today());
    desk.offer(
        words(false, "set_circuit", "登记巡回法庭", "法院到现场调解、审理、审查、执行的，登记日期和地点。"),
        Command::SetCircuit(SettingCircuit {
            court: "-".into(),
            kind: CircuitKind::Mediation,
            on: next,
            place: "-".into(),
            note: sealed(),
        }),
        vec![
            field("court", "法院", true, LINE, ""),
            field("kind", "内容", true, choices!(CircuitKind), ""),
            field("on", "日期", true, DAY, hints::within_a_year(desk)),
            field("place", "地点", true, LINE, ""),
            note("事项和参加的人"),
        ],
    );
    let open: Vec<_> = desk
        .case
        .beside
        .circuits
        .iter()
        .filter(|c| c.held.is_none())
        .map(|c| (c.id, Choice::new(c.id.to_string(), format!("{} {} {}", c.on, c.court, c.kind.title()))))
        .collect();
    desk.offer_for(
        words(true, "hold_circuit", "登记巡回法庭的结果", "笔录、裁判文书、调解书入卷。"),
        ("circuit", "巡回法庭"),
        &open,
        |circuit| Command::HoldCircuit(HoldingCircuit { circuit, note: sealed(), exhibits: vec![] }),
        vec![note("结果"), files("笔录、裁判文书", false)],
    );
    let owed: Vec<_> = (1_u16..)
        .zip(&desk.case.beside.mediations)
        .filter(|(_, m)| m.owed())
        .map(|(n, m)| {
            let until = m.until.map(|day| day.to_string()).unwrap_or_default();
            (n, Choice::new(n.to_string(), format!("调解协议 {n}（履行期限 {until}）")))
        })
        .collect();
    desk.offer_for(
        words(false, "see_mediation", "登记调解协议的履行", "没有履行的，当事人可以就协议起诉。"),
        ("mediation", "调解协议"),
        &owed,
        |mediation| Command::SeeMediation(SeeingMediation { mediation, kept: true, note: sealed() }),
        vec![field("kept", "已经履行", true, FLAG, "否即没有履行"), note("履行的情况")],
    );
}

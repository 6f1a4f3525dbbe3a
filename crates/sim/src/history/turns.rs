//! Turns that a case takes beside its usual way: a reviewer objects, a proposal is returned, an officer stands aside, a party gets a
//! case of its own, a paper is corrected, enforcement is agreed on, suspended or ended, who goes on is fined by the day.

use super::act::Doing;
use super::cases::Move;
use super::rare::Rare::Demand;
use super::themes::Theme;
use super::ways::{DECIDED, FILED, PROPOSED, TOLD, ways};
use jiff::{Span, Timestamp};
use lianzhi_app::Caller;
use lianzhi_ids::{Digest, DocketId, Role};
use lianzhi_procedure::penalty::{
    Bringing, BroughtEvidence, Case, Command, Daily, EvidenceFile, NewParty, NewViolation, PaperKind,
    Registering, Scope, Source, SplitFrom, Term, Violation, next_daily,
};
use lianzhi_procedure::{AnyCommand, LookUps, Refusal, Text};
use serde_json::{Value, json};

/// The other party of the case that is split.
const SUBCONTRACTOR: (&str, &str) = ("示例分包有限公司十二", "91310000EXAMPLE062");
/// Days from today to the first part of what was agreed on.
const AGREED_DAYS: i64 = 30;

/// What somebody does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Turn {
    /// A legal review that does not agree, and what was mended.
    Object,
    Resubmit,
    /// The leader returns what waits for him.
    Return,
    /// 回避.
    Recuse,
    /// 更正 of the decision.
    Amend,
    /// 执行协议, 中止执行, 终结执行.
    Agree,
    Suspend,
    End,
    /// 分案: another party, and its own case.
    AddParty,
    Split,
    /// 按日连续处罚: it was looked at again and found as before; a case for the days since.
    GoesOn,
    Daily,
}

use Turn::{AddParty, Agree, Amend, End, GoesOn, Object, Recuse, Resubmit, Return, Split, Suspend};

impl Turn {
    /// Days that pass before it, besides the usual time between two steps.
    pub(super) const fn days_before(self) -> i64 {
        match self {
            // The day of the order is over (责令改正的期限).
            GoesOn => 14,
            // A company is not dissolved overnight.
            End => 5,
            _ => 0,
        }
    }

    /// In which role it is done; none: by the officer in charge.
    pub(super) const fn asks(self) -> Option<Role> {
        match self {
            Object => Some(Role::LegalReviewer),
            Return => Some(Role::Leader),
            Split => Some(Role::SquadLeader),
            _ => None,
        }
    }
}

use Move::{Approve, Endorse, Propose, Publish, Record, Reinspect, Serve, Sign, Turn as Turns};

ways! {
    /// The reviewer sent it back, and it waits with the officer.
    OBJECTED = TOLD, [Move::Waive, Turns(Object)];
    /// Sent back by the reviewer, then by the leader; decided in the end, and corrected.
    CORRECTED = TOLD, [
        Move::Waive, Turns(Object), Turns(Resubmit), Move::Review, Move::Discuss, Propose("decide"), Endorse, Turns(Return),
        Propose("decide"), Sign, Serve, Publish, Turns(Amend), Sign, Serve, Publish,
    ];
    /// The leader wants more before it is filed.
    RETURNED = PROPOSED, [Endorse, Turns(Return)];
    RECUSED = FILED, [Record("inspection"), Turns(Recuse), Approve];
    DIVIDED = FILED, [Record("inspection"), Turns(AddParty), Turns(Split)];
    AGREED = DECIDED, [Publish, Move::Rare(Demand), Sign, Serve, Turns(Agree), Sign, Serve];
    SUSPENDED = DECIDED, [Publish, Move::Rare(Demand), Sign, Serve, Turns(Suspend), Sign, Serve];
    ENDED = DECIDED, [
        Publish, Reinspect, Move::Rare(Demand), Sign, Serve, Turns(End), Sign, Serve, Propose("close"), Sign,
    ];
    BY_THE_DAY = DECIDED, [Publish, Turns(GoesOn), Turns(Turn::Daily)];
}

const fn theme(
    title: &'static str,
    facts: &'static str,
    whose: (&'static str, &'static str),
    way: &'static [Move],
) -> Theme {
    Theme::of("JZLJ-01", title, facts, whose, way)
}

/// The cases.
pub(super) const THEMES: [Theme; 9] = [
    theme(
        "某石料公司擅自倾倒渣土案",
        "将石料加工产生的渣土约五车倾倒在路边空地，没有办理处置核准。",
        ("示例石料有限公司七", "91310000EXAMPLE051"),
        &OBJECTED,
    ),
    theme(
        "某路桥公司擅自堆放建筑垃圾案",
        "将桥面翻修的建筑垃圾约九车堆放在桥下空地，没有办理处置核准。",
        ("示例路桥有限公司八", "91310000EXAMPLE052"),
        &CORRECTED,
    ),
    theme(
        "某园艺公司擅自堆放渣土案",
        "将挖塘产生的渣土约三车堆放在公共绿地旁，没有办理处置核准。",
        ("示例园艺有限公司九", "91310000EXAMPLE053"),
        &RETURNED,
    ),
    theme(
        "某水电安装公司擅自倾倒垃圾案",
        "将开槽、拆管产生的建筑垃圾约一车倾倒在地下车库出口旁，没有办理处置核准。",
        ("示例水电安装有限公司十", "91310000EXAMPLE054"),
        &RECUSED,
    ),
    theme(
        "某总包、分包公司擅自倾倒渣土案",
        "总包公司和分包公司将基坑渣土约十二车分别倾倒在两处待建地块，没有办理处置核准。",
        ("示例总包有限公司十一", "91310000EXAMPLE055"),
        &DIVIDED,
    ),
    theme(
        "某幕墙公司分期履行罚款案",
        "将更换幕墙产生的建筑垃圾约四车倾倒在路边空地，没有办理处置核准。",
        ("示例幕墙有限公司十三", "91310000EXAMPLE056"),
        &AGREED,
    ),
    theme(
        "某防水公司无力缴纳罚款案",
        "将铲除的旧防水层等建筑垃圾约三车倾倒在围墙外空地，没有办理处置核准。",
        ("示例防水有限公司十四", "91310000EXAMPLE057"),
        &SUSPENDED,
    ),
    theme(
        "某注销公司擅自倾倒渣土案",
        "将爆破清理的渣土约八车倾倒在山脚空地，没有办理处置核准。",
        ("示例爆破有限公司十五", "91310000EXAMPLE058"),
        &ENDED,
    )
    .unsigned(),
    theme(
        "某拆迁公司拒不清除建筑垃圾案",
        "将拆迁产生的建筑垃圾约九车倾倒在路边空地，没有办理处置核准，现场留有车辙和垃圾堆。",
        ("示例拆迁有限公司十六", "91310000EXAMPLE059"),
        &BY_THE_DAY,
    ),
];

impl Doing {
    pub(super) fn turn_command(
        &self,
        turn: Turn,
        now: Timestamp,
        n: usize,
        exhibits: &[Digest],
    ) -> Result<Value, Refusal> {
        let today = lianzhi_procedure::beijing_date(now);
        let case = self.case(n)?;
        Ok(match turn {
            Object => json!({
                "command": "review", "opinion": "supplement", "qualification": "A20180000000",
                "note": "倾倒数量只有当事人的说法，裁量缺少证据，请补充称重单或者测量记录。",
            }),
            Resubmit => json!({
                "command": "resubmit", "note": "已经补充测量记录和处置场的称重单，数量与告知的一致。",
            }),
            Return => json!({
                "command": "approve", "proposal": case.pending.last().map(|pending| pending.id), "agreed": false,
                "note": "请写明当事人的主体信息是怎样核实的，再报。",
            }),
            Recuse => json!({
                "command": "recuse", "person": self.cases[n].second.actor.person(), "with": self.somebody_else(n),
                "note": "与当事人的负责人是近亲属，申请回避。",
            }),
            Amend => json!({
                "command": "amend", "slip": "letters", "wrong": "约玖车", "right": "约九车", "unchanged": true,
                "paper": case.papers_of(PaperKind::Decision).next_back().map(|file| file.paper.id),
                "note": "录入错误，不影响认定的事实、依据和处罚内容。",
            }),
            Agree => json!({
                "command": "agree", "party": 1, "parts": 3, "first": today.saturating_add(Span::new().days(AGREED_DAYS)),
                "note": "当事人申请分阶段履行，提交了还款计划，不损害公共利益和他人合法权益。",
            }),
            Suspend => json!({
                "command": "suspend", "party": 1, "ground": "unable", "harmless": true,
                "note": "经查询没有可供执行的财产，已经停业，确无履行能力，没有明显社会危害。",
            }),
            End => json!({
                "command": "end_execution", "party": 1, "ground": "dissolved",
                "note": "登记机关已经核准注销，没有财产可供执行，也没有义务承受人。",
            }),
            AddParty => json!({
                "command": "add_party", "kind": "company", "particulars": json!({
                    "name": SUBCONTRACTOR.0, "id_number": SUBCONTRACTOR.1, "address": "示例路 62 号", "representative": "示例负责人",
                    "phone": "",
                }).to_string(),
            }),
            Split => json!({
                "command": "split", "party": case.present().last().map(|party| party.subject.id),
                "note": "分包公司另有倾倒地点需要查证，分开办理。",
            }),
            GoesOn => json!({
                "command": "reinspect", "order": case.orders.last().map(|order| order.order.paper), "done": false,
                "note": "期满复查，垃圾堆没有清除，又新增两车。", "exhibits": exhibits,
            }),
            Turn::Daily => json!({
                "command": "daily", "party": 1, "violation": 1, "note": "责令改正期满后拒不清除，违法行为仍在继续。",
            }),
        })
    }

    /// A third officer of the unit, for whoever stands aside.
    fn somebody_else(&self, n: usize) -> Option<String> {
        let plot = &self.cases[n];
        let directory = &self.ledger.world.directory;
        let there = [&plot.lead, &plot.second].map(|caller| caller.actor.person().cloned());
        let with = directory.people.get(there[1].as_ref()?)?;
        let free = |p: &&std::sync::Arc<lianzhi_procedure::directory::Person>| {
            p.active && p.certificate.is_some() && !there.contains(&Some(p.code.clone()))
        };
        let like = |p: &&std::sync::Arc<lianzhi_procedure::directory::Person>| {
            let same = |post: &lianzhi_procedure::directory::Post| {
                with.posts.iter().any(|own| own.unit == post.unit && own.roles == post.roles)
            };
            free(p) && p.posts.iter().any(same)
        };
        // A small squad has nobody left: another one lends somebody.
        let all = || directory.people.values();
        all().find(like).or_else(|| all().find(free)).map(|p| p.code.to_string())
    }

    /// By which keyed number a party is known that such a step adds.
    pub(super) fn turn_look_ups(&self, turn: Turn) -> Option<Digest> {
        (turn == AddParty).then(|| self.giver.keyed("subject", SUBCONTRACTOR.1))
    }

    /// The case that such a step opens beside this one, as it stands before the step.
    pub(super) fn opens(&self, turn: Turn, n: usize) -> Result<Option<Registering>, Refusal> {
        match turn {
            Split => self.split_off(n).map(Some),
            Turn::Daily => self.by_the_day(n).map(Some),
            _ => Ok(None),
        }
    }

    /// Opens it.
    pub(super) fn open_beside(
        &mut self,
        turn: Turn,
        opened: Registering,
        now: Timestamp,
        n: usize,
        by: &Caller,
    ) -> Result<(), Refusal> {
        let number = if turn == Split { SUBCONTRACTOR.1 } else { self.cases[n].theme.number };
        let look_ups = LookUps { subject: Some(self.giver.keyed("subject", number)), ..LookUps::default() };
        let command = AnyCommand::Penalty(Command::Register(opened));
        self.ledger.give(None, &by.actor, command, look_ups, now.as_microsecond()).map(|_| ())
    }

    fn docket_of(&self, n: usize) -> Result<DocketId, Refusal> {
        self.cases[n].docket.ok_or_else(|| Refusal::missing("没有这个案件。"))
    }

    /// A text of a case, to be sealed anew in another.
    fn words_of(&self, id: DocketId, digest: Digest) -> Text {
        let docket = self.ledger.dockets.get(&id);
        Text::Plain(docket.and_then(|docket| docket.texts.get(&digest)).cloned().unwrap_or_default())
    }

    /// What every case that follows from another takes from it.
    fn following(&self, n: usize, case: &Case, party: u16, title: &str) -> Result<Registering, Refusal> {
        let id = self.docket_of(n)?;
        let missing = || Refusal::missing("没有这个当事人。");
        let of = &case.party(party).ok_or_else(missing)?.subject;
        let violation = case.violations.first().ok_or_else(missing)?;
        Ok(Registering {
            source: case.source,
            origin: Some(id),
            unit: Some(case.unit.clone()),
            title: Text::Plain(title.to_owned()),
            place: Text::Plain(self.city.spots[self.cases[n].spot].address.clone()),
            point: case.point,
            party: NewParty {
                kind: of.kind,
                capacity: of.capacity,
                particulars: self.words_of(id, of.particulars.digest),
            },
            violation: again(violation, self.words_of(id, violation.facts.digest), case.at),
            exhibits: Vec::new(),
            split_from: None,
            brought: None,
            daily: None,
        })
    }

    fn split_off(&self, n: usize) -> Result<Registering, Refusal> {
        let (case, id) = (self.case(n)?, self.docket_of(n)?);
        let party = case.present().last().map_or(0, |party| party.subject.id);
        let taken = |file: &EvidenceFile| BroughtEvidence {
            kind: file.evidence.kind,
            officers: file.evidence.officers.clone(),
            from: file.evidence.from,
            to: file.evidence.to,
            note: self.words_of(id, file.evidence.note.digest),
            exhibits: file.evidence.exhibits.clone(),
            refused: file.evidence.refused,
            origin: file.evidence.origin.clone(),
        };
        let deciding = case.clock(Term::Decide, Scope::Case).map(|watched| watched.clock.running.clone());
        let brought = Bringing {
            from: id,
            number: case.number.clone(),
            evidence: case.evidence.iter().map(taken).collect(),
            split: true,
            filed: deciding.as_ref().map(|running| running.from).or(case.filed()),
            deciding,
            ..Bringing::default()
        };
        Ok(Registering {
            split_from: Some(SplitFrom { case: id, party }),
            brought: Some(Box::new(brought)),
            ..self.following(n, case, party, "某分包公司擅自倾倒渣土案")?
        })
    }

    fn by_the_day(&self, n: usize) -> Result<Registering, Refusal> {
        let (case, id) = (self.case(n)?, self.docket_of(n)?);
        let daily = next_daily(case, 1, 1).map_err(|_| Refusal::missing("没有可以按日处罚的日子。"))?;
        let daily = Daily { case: id, ..daily };
        let title = format!("{}（按日连续处罚）", self.cases[n].theme.title);
        let like = self.following(n, case, 1, &title)?;
        let violation = NewViolation {
            from: daily.from,
            to: Some(daily.to),
            continuing: true,
            found: None,
            ..like.violation
        };
        Ok(Registering { source: Source::Inspection, violation, daily: Some(Box::new(daily)), ..like })
    }
}

/// A violation as it comes in once more.
fn again(v: &Violation, facts: Text, found: Timestamp) -> NewViolation {
    NewViolation {
        item: v.item.clone(),
        from: v.from,
        to: Some(v.to),
        continuing: v.continuing,
        harm: v.harm,
        danger: v.danger,
        found_on: None,
        facts,
        found: Some(v.found.unwrap_or(found)),
    }
}

//! Penalty cases of a city: a handful, each gone as far as it has come when history ends, so that every desk has something
//! and every stage can be seen.

use super::What;
use super::act::Doing;
use super::photos::Photos;
use super::staff::{at_desk, minutes};
use crate::ledger::Became;
use crate::story::Manner;
use jiff::{SignedDuration, Timestamp};
use lianzhi_app::Caller;
use lianzhi_ids::{Digest, DocketId, Role};
use lianzhi_law::{SubjectKind, ThresholdKind};
use lianzhi_procedure::penalty::{Case, Command, Registering};
use lianzhi_procedure::{AnyCommand, AnyState, Kind, LookUps, Refusal};
use serde_json::{Value, json};

/// Usual time between two steps, hours.
const STEP_HOURS: i64 = 11;
/// Photos that a record brings.
const PHOTOS: usize = 3;

/// What a case is about. People and firms are invented.
pub(super) struct Theme {
    pub item: &'static str,
    pub kind: &'static str,
    pub title: &'static str,
    pub facts: &'static str,
    pub name: &'static str,
    pub number: &'static str,
    /// It is looked into because somebody reported something like it.
    pub reported: bool,
    /// What is done in it, one step after the other.
    pub way: &'static [Move],
    /// How many steps of its way it has gone when history ends.
    pub steps: usize,
    /// Days before the end of history at which it begins at the latest.
    pub days: i64,
}

/// What somebody does in a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Move {
    Register,
    Assign,
    Verify,
    /// Asks for approval.
    Propose(&'static str),
    Endorse,
    Approve,
    Record(&'static str),
    Finish,
    Charge,
    Serve,
    Waive,
    Quick,
    Review,
    /// A legal review of what waits for the leader.
    ReviewProposal,
    Discuss,
    /// 执法建议书.
    Suggest,
    AskOpinion,
    SendCrime,
    Pay,
    Publish,
    KeepBack,
    Unpublish,
    Archive,
    /// A thing in custody, see [`super::holdings`].
    Hold(super::holdings::Hold),
}

use super::ways::{HEARD, KEPT, QUICK_WAY, TO_POLICE, WAY, WITHDRAWN};
use Move::{Approve, Endorse, Propose};

const fn company(
    item: &'static str,
    title: &'static str,
    facts: &'static str,
    (name, number): (&'static str, &'static str),
    reported: bool,
    steps: usize,
) -> Theme {
    Theme { item, kind: "company", title, facts, name, number, reported, way: &WAY, steps, days: 0 }
}

const DUMPING: &str = "夜间将拆迁工地产生的建筑垃圾约三车倾倒在河道旁空地，没有办理处置核准。";
const SPILLING: &str = "运输渣土的车辆没有密闭，沿途遗撒，污染路面约六十平方米。";

/// The cases of a city, those that went furthest first.
const THEMES: [Theme; 17] = [
    company(
        "JZLJ-07",
        "某运输有限公司运输渣土沿途遗撒案",
        SPILLING,
        ("示例运输有限公司甲", "91310000EXAMPLE001"),
        true,
        27,
    ),
    company(
        "JZLJ-01",
        "某建设工程有限公司擅自倾倒建筑垃圾案",
        DUMPING,
        ("示例建设工程有限公司乙", "91310000EXAMPLE002"),
        true,
        22,
    ),
    company(
        "JZLJ-07",
        "某渣土运输队车辆未密闭运输案",
        SPILLING,
        ("示例渣土运输队丙", "91310000EXAMPLE003"),
        false,
        20,
    ),
    company(
        "JZLJ-01",
        "某拆房公司擅自堆放建筑垃圾案",
        DUMPING,
        ("示例拆房有限公司丁", "91310000EXAMPLE004"),
        false,
        19,
    ),
    company(
        "JZLJ-01",
        "某园林公司擅自倾倒渣土案",
        DUMPING,
        ("示例园林有限公司戊", "91310000EXAMPLE005"),
        false,
        15,
    ),
    company(
        "JZLJ-07",
        "某物流公司运输散装物料遗撒案",
        SPILLING,
        ("示例物流有限公司己", "91310000EXAMPLE006"),
        true,
        14,
    ),
    company(
        "JZLJ-07",
        "某建材公司车辆带泥上路案",
        SPILLING,
        ("示例建材有限公司庚", "91310000EXAMPLE007"),
        false,
        12,
    ),
    company(
        "JZLJ-01",
        "某装饰公司擅自倾倒装修垃圾案",
        DUMPING,
        ("示例装饰有限公司辛", "91310000EXAMPLE008"),
        true,
        9,
    ),
    company(
        "JZLJ-07",
        "某市政公司渣土车辆不按路线行驶案",
        SPILLING,
        ("示例市政有限公司壬", "91310000EXAMPLE009"),
        false,
        7,
    ),
    company(
        "JZLJ-01",
        "某商贸公司拆店垃圾随意堆放案",
        DUMPING,
        ("示例商贸有限公司癸", "91310000EXAMPLE010"),
        true,
        4,
    ),
    Theme {
        item: "JZLJ-02",
        kind: "person",
        title: "某人用三轮车倾倒装修垃圾案",
        facts: "用三轮车将装修垃圾倾倒在绿化带内。",
        name: "示例人甲",
        number: "310000199001010000",
        reported: true,
        way: &WAY,
        steps: 1,
        days: 0,
    },
    company(
        "JZLJ-07",
        "某环保科技公司运输车辆沿途遗撒案",
        SPILLING,
        ("示例环保科技有限公司子", "91310000EXAMPLE011"),
        false,
        23,
    ),
    Theme {
        way: &KEPT,
        ..company(
            "JZLJ-07",
            "某土方工程公司渣土车未密闭案",
            SPILLING,
            ("示例土方工程有限公司丑", "91310000EXAMPLE012"),
            false,
            23,
        )
    },
    Theme {
        way: &WITHDRAWN,
        ..company(
            "JZLJ-01",
            "某基础工程公司擅自倾倒泥浆案",
            DUMPING,
            ("示例基础工程有限公司寅", "91310000EXAMPLE013"),
            false,
            27,
        )
    },
    Theme {
        way: &TO_POLICE,
        ..company(
            "JZLJ-01",
            "某环保科技公司多次倾倒渣土、涉嫌污染环境案",
            DUMPING,
            ("示例环保科技有限公司卯", "91310000EXAMPLE014"),
            false,
            12,
        )
    },
    Theme {
        way: &HEARD,
        ..company(
            "JZLJ-07",
            "某混凝土公司运输车辆反复遗撒案",
            SPILLING,
            ("示例混凝土有限公司辰", "91310000EXAMPLE015"),
            false,
            12,
        )
    },
    Theme {
        item: "FW-02",
        kind: "person",
        title: "某人擅自损坏房屋承重结构案",
        facts: "装修时在承重墙上开门洞约一点二平方米，经劝阻后停工，承诺恢复原状。",
        name: "示例人乙",
        number: "310000199001010018",
        reported: false,
        way: &QUICK_WAY,
        steps: 18,
        days: 0,
    },
];

/// A case on its way.
pub(super) struct Plot {
    pub(super) theme: &'static Theme,
    next: usize,
    pub(super) docket: Option<DocketId>,
    town: String,
    pub(super) lead: Caller,
    second: Caller,
    spot: usize,
}

impl Doing {
    /// Plans the cases so that each has gone its steps when history ends.
    pub(super) fn plan_cases(&mut self) {
        let span = self.until.duration_since(self.start).as_mins();
        let quick = self.knows_the_hearing();
        for (n, theme) in THEMES
            .iter()
            .chain(&super::holdings::THEMES)
            .filter(|theme| quick || !theme.way.contains(&Move::Quick))
            .enumerate()
        {
            let towns = self.city.place.towns;
            let Some(town) = towns.get(n % towns.len().max(1)) else { return };
            let lead = self.staff.of(Role::Officer, town.code, &mut self.rng);
            let second = (0..20).find_map(|_| {
                let other = self.staff.of(Role::Officer, town.code, &mut self.rng)?;
                (lead.as_ref()?.actor.person() != other.actor.person()).then_some(other)
            });
            let (Some(lead), Some(second)) = (lead, second) else { continue };
            let spots = self.city.spots.iter().enumerate();
            let spot =
                spots.filter(|(_, s)| towns[s.town].code == town.code).map(|(i, _)| i).nth(n).unwrap_or(0);
            let steps = i64::try_from(theme.steps).unwrap_or(1) + 2;
            let each = (STEP_HOURS * 60).min(span / steps);
            let begin = self.until - SignedDuration::from_mins(each * (steps - 1));
            let early = self.until - SignedDuration::from_hours(24 * theme.days);
            let begin = begin.min(early).max(self.start);
            let case = self.cases.len();
            let town = town.code.to_owned();
            self.cases.push(Plot { theme, next: 0, docket: None, town, lead, second, spot });
            for step in 0..theme.steps {
                let at = begin + SignedDuration::from_mins(each * i64::try_from(step).unwrap_or(0));
                let at = if each >= STEP_HOURS * 60 { at_desk(at, &mut self.rng) } else { at };
                let at = minutes(at, 0..5, &mut self.rng).min(self.until - SignedDuration::from_secs(30));
                self.at(at, What::Case { case });
            }
        }
    }

    /// Whether the place says from which fine on there is a hearing; where it does not, every fine gives the right to one, and
    /// nothing is handled quickly.
    fn knows_the_hearing(&self) -> bool {
        let directory = &self.ledger.world.directory;
        let day = lianzhi_procedure::beijing_date(self.until);
        let place = directory.law.place(directory.node.as_str());
        place.is_ok_and(|place| directory.law.threshold(ThresholdKind::Hearing, &place, day).is_some())
    }

    /// The next step of a case.
    pub(super) fn case_step(&mut self, now: Timestamp, n: usize) {
        let plot = &self.cases[n];
        let Some(step) = plot.theme.way.get(plot.next).copied() else { return };
        // The covers are written before the file goes into the archive.
        if step == Move::Archive {
            self.case_written(now, n, step);
        }
        match self.case_move(now, n, step) {
            Ok(became) => {
                self.cases[n].next += 1;
                self.cases[n].docket = Some(became.id);
                self.counts.commands += 1;
                if step != Move::Archive {
                    self.case_written(now, n, step);
                }
            }
            Err(refusal) => self.refused(&refusal),
        }
    }

    fn case_move(&mut self, now: Timestamp, n: usize, step: Move) -> Result<Became, Refusal> {
        let no_one = || Refusal::missing("没有这个岗位的人员。");
        let (plot, rng) = (&self.cases[n], &mut self.rng);
        let caller = match step {
            Move::Assign | Endorse => self.staff.of(Role::SquadLeader, &plot.town, rng),
            Approve | Move::Discuss => self.staff.any(Role::Leader, rng),
            Move::Review | Move::ReviewProposal => self.staff.any(Role::LegalReviewer, rng),
            _ => Some(plot.lead.clone()),
        };
        let caller = caller.ok_or_else(no_one)?;
        let exhibits = match step {
            Move::Record(_) | Move::Serve | Move::Waive | Move::Quick => {
                Photos::some(&self.photos.before, PHOTOS, &mut self.rng)
            }
            Move::Hold(_) => Photos::some(&self.photos.before, 1, &mut self.rng),
            _ => Vec::new(),
        };
        let json = self.case_command(now, n, step, &exhibits)?;
        let mut command = Kind::Penalty.command(json)?;
        let mut look_ups = LookUps { exhibits: self.photos.in_custody(&exhibits), ..LookUps::default() };
        let plot = &self.cases[n];
        if let AnyCommand::Penalty(Command::Register(Registering { origin, point, .. })) = &mut command {
            look_ups.subject = Some(self.giver.keyed("subject", plot.theme.number));
            *point = Some(self.city.spots[plot.spot].point);
            let like = |manner: Manner| matches!(manner, Manner::Site | Manner::Dirt);
            let report =
                self.matters.iter().rev().find(|m| like(m.told.manner)).filter(|_| plot.theme.reported);
            *origin = report.map(|matter| matter.id);
        }
        self.ledger.give(plot.docket, &caller.actor, command, look_ups, now.as_microsecond())
    }

    pub(super) fn case(&self, n: usize) -> Result<&Case, Refusal> {
        let docket = self.cases[n].docket.and_then(|id| self.ledger.dockets.get(&id));
        let case = docket.and_then(|docket| match &docket.live.state {
            AnyState::Penalty(state) => state.case(),
            _ => None,
        });
        case.ok_or_else(|| Refusal::missing("没有这个案件。"))
    }

    fn case_command(
        &self,
        now: Timestamp,
        n: usize,
        step: Move,
        exhibits: &[Digest],
    ) -> Result<Value, Refusal> {
        let plot = &self.cases[n];
        let theme = plot.theme;
        let today = lianzhi_procedure::beijing_date(now);
        let code = |caller: &Caller| caller.actor.person().map(ToString::to_string);
        Ok(match step {
            Move::Register => {
                let address = &self.city.spots[plot.spot].address;
                let particulars = json!({
                    "name": theme.name, "id_number": theme.number, "address": address, "representative": "示例负责人",
                    "phone": "",
                });
                json!({
                    "command": "register", "source": if theme.reported { "report" } else { "inspection" },
                    "unit": plot.town, "title": theme.title, "place": address, "kind": theme.kind,
                    "particulars": particulars.to_string(), "item": theme.item, "from": today, "facts": theme.facts,
                })
            }
            Move::Assign => {
                json!({ "command": "assign", "lead": code(&plot.lead), "second": code(&plot.second) })
            }
            Move::Verify => {
                json!({ "command": "verify", "established": true, "note": "经现场核查，情况属实。" })
            }
            Propose("notify") => {
                json!({ "command": "notify", "days": 5, "note": "事实清楚，证据充分，拟给予行政处罚。" })
            }
            Propose("decide") => {
                json!({ "command": "decide", "note": "当事人没有提出异议，按告知的内容作出决定。" })
            }
            Propose("close") => {
                json!({ "command": "close", "ground": "performed", "note": "罚款已经缴清，决定已经公开。" })
            }
            Propose("hand_over") => {
                json!({ "command": "hand_over", "to": "本区公安机关", "note": "多次倾倒，数量较大，涉嫌污染环境罪。" })
            }
            Propose("revoke") => {
                json!({ "command": "revoke", "note": "经复查，倾倒地点不在公告的禁止范围内，处罚决定依据有误。" })
            }
            Propose(what) => json!({ "command": what, "note": "有明确的当事人和违法事实，属于本机关管辖。" }),
            Endorse | Approve => {
                let pending = self.case(n)?.pending.last().map(|pending| pending.id);
                let command = if step == Endorse { "endorse" } else { "approve" };
                json!({ "command": command, "proposal": pending, "agreed": true, "note": "同意。" })
            }
            Move::Record(kind) => json!({
                "command": "record", "kind": kind, "second": code(&plot.second), "shown": true,
                "from": now - SignedDuration::from_mins(40), "to": now - SignedDuration::from_mins(5), "note": theme.facts,
                "exhibits": exhibits,
            }),
            Move::Finish => {
                json!({ "command": "finish", "note": "违法事实清楚，证据确实充分，建议给予行政处罚。" })
            }
            Move::Charge => json!({
                "command": "charge", "party": 1, "violation": 1, "tier": "一般", "fine": self.fine(n, today)?,
                "note": "当事人初次违法，配合调查，情节一般。",
            }),
            Move::Serve => {
                let file = self.case(n)?.papers.iter().rfind(|file| file.unserved());
                json!({
                    "command": "serve", "paper": file.map(|file| file.paper.id), "party": 1, "way": "direct", "at": now,
                    "note": "单位收发部门签收。", "exhibits": exhibits,
                })
            }
            Move::Waive => json!({ "command": "waive", "party": 1, "hearing": true, "exhibits": exhibits }),
            Move::Quick => json!({ "command": "quick", "party": 1, "exhibits": exhibits }),
            Move::Review => json!({
                "command": "review", "opinion": "agree", "qualification": "A20180000000",
                "note": "主体合法，事实清楚，依据准确，程序合法，裁量适当，文书规范，不涉嫌犯罪。",
            }),
            Move::ReviewProposal => json!({
                "command": "review_proposal", "proposal": self.case(n)?.pending.last().map(|pending| pending.id),
                "opinion": "agree", "qualification": "A20180000000", "note": "符合移送标准，材料齐全，同意移送。",
            }),
            Move::Suggest => json!({
                "command": "suggest", "to": "示例建材市场管理处", "problem": "出场车辆没有冲洗、没有密闭，屡次遗撒。",
                "note": "在出口设冲洗台，专人检查密闭后放行。", "until": today.saturating_add(jiff::Span::new().days(20)),
            }),
            Move::AskOpinion => json!({
                "command": "ask_opinion", "from": "lawyer", "until": today.saturating_add(jiff::Span::new().days(7)),
                "note": "多次遗撒能否认定为连续状态，如何适用裁量基准。",
            }),
            Move::SendCrime => {
                json!({ "command": "send_crime", "note": "移送书、调查报告、物品清单，公安机关已签收。" })
            }
            Move::Discuss => json!({
                "command": "discuss", "present": self.staff.codes(Role::Leader), "agreed": true, "note": "一致同意拟处罚意见。",
            }),
            Move::Pay => {
                let left = self.case(n)?.party(1).map(|party| party.money.left());
                json!({ "command": "pay", "party": 1, "amount": left, "on": today, "reference": format!("示例票据 {n:04}") })
            }
            Move::Publish => json!({ "command": "publish" }),
            Move::KeepBack => {
                json!({ "command": "keep_back", "note": "不具有一定社会影响，且涉及当事人商业秘密。" })
            }
            Move::Unpublish => json!({
                "command": "unpublish", "note": "原处罚决定依据有误，本机关已经自行撤销，罚款退还当事人。",
            }),
            Move::Hold(hold) => super::holdings::command(hold, &code(&plot.second), exhibits),
            Move::Archive => {
                json!({ "command": "archive", "shelf": format!("示例-罚-{:03}", n + 1), "pages": 46 })
            }
        })
    }

    /// The fine that the benchmark proposes for the ordinary tier; the middle of the range where there is none.
    fn fine(&self, n: usize, today: jiff::civil::Date) -> Result<i64, Refusal> {
        let directory = &self.ledger.world.directory;
        let nothing = |e: String| Refusal::missing(e);
        let place = directory.law.place(directory.node.as_str()).map_err(nothing)?;
        let case = self.case(n)?;
        let violation = case.violations.first().ok_or_else(|| Refusal::missing("没有违法行为。"))?;
        let item = directory.law.item(&violation.item).map_err(|e| nothing(e.to_string()))?;
        let unit = case.party(1).is_some_and(|party| party.subject.kind.is_unit());
        let asked = lianzhi_law::Case {
            place: place.clone(),
            kind: if unit { SubjectKind::Entity } else { SubjectKind::Person },
            facts: Vec::new(),
            begun: violation.from,
            ended: violation.to,
            decided: today,
        };
        let choice = lianzhi_law::choose(item, &asked).map_err(|e| nothing(e.to_string()))?;
        let basis = choice.chosen.ok_or_else(|| Refusal::missing("没有处罚依据。"))?;
        let (least, greatest) = basis.fine.amounts().ok_or_else(|| Refusal::missing("没有罚款幅度。"))?;
        let benchmark = directory.law.benchmark(&violation.item, &place, today);
        let proposed = benchmark.and_then(|benchmark| {
            lianzhi_law::propose(basis.fine, benchmark, "一般", &[])
                .ok()
                .and_then(|proposal| proposal.proposed)
        });
        Ok(proposed.map_or(least.0 + (greatest.0 - least.0) / 2, |fine| fine.0))
    }
}

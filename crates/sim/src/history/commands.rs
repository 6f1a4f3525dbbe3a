//! What is sent for each step of a case.

use super::act::Doing;
use super::cases::Move;
use jiff::{SignedDuration, Timestamp};
use lianzhi_app::Caller;
use lianzhi_ids::{Digest, Role};
use lianzhi_law::SubjectKind;
use lianzhi_procedure::Refusal;
use lianzhi_procedure::penalty::Outcome;
use serde_json::{Value, json};

use Move::{Approve, Endorse, Propose};

impl Doing {
    pub(super) fn case_command(
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
                    "name": theme.name, "id_number": theme.number, "address": address,
                    "representative": if theme.of_person() { "" } else { "示例负责人" }, "phone": "",
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
                let said = self.case(n)?.party(1).is_some_and(|party| !party.rights.statements.is_empty());
                json!({ "command": "decide", "note": if said {
                    "听取陈述、申辩并复核后，按告知的内容作出决定。"
                } else {
                    "当事人没有提出异议，按告知的内容作出决定。"
                } })
            }
            Propose("close") => match self.case(n)?.outcome {
                Outcome::NoPenalty { .. } => {
                    json!({ "command": "close", "ground": "not_punished", "note": "不予处罚决定已经送达。" })
                }
                _ if self.case(n)?.party(1).is_some_and(|party| party.execution.ended.is_some()) => {
                    json!({ "command": "close", "ground": "ended", "note": "已经终结执行，不再执行。" })
                }
                _ => {
                    json!({ "command": "close", "ground": "performed", "note": "罚款已经缴清，已经改正，公开事宜已经办理。" })
                }
            },
            Propose("hand_over") => {
                json!({ "command": "hand_over", "to": "本区公安机关", "note": "多次倾倒，数量较大，涉嫌污染环境罪。" })
            }
            Propose("revoke") => {
                json!({ "command": "revoke", "note": "经复查，泥浆由另一家分包单位倾倒，处罚决定认定的当事人有误。" })
            }
            Propose("not_file") => {
                json!({ "command": "not_file", "note": "没有发现反映的情况，不符合立案条件。" })
            }
            Propose("no_penalty") => json!({
                "command": "no_penalty", "ground": "minor", "note": "情节轻微，已经及时改正，没有造成危害后果。",
            }),
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
            Move::Order => json!({
                "command": "order", "party": 1, "note": "立即停止违法行为，清除污染，恢复原状。",
                "until": today.saturating_add(jiff::Span::new().days(15)),
            }),
            Move::Reinspect => json!({
                "command": "reinspect", "order": self.case(n)?.orders.last().map(|order| order.order.paper), "done": true,
                "note": "现场已经清理干净，符合责令改正的要求。", "exhibits": exhibits,
            }),
            Move::Finish => {
                json!({ "command": "finish", "note": theme.recommended() })
            }
            Move::Charge => {
                let (fine, grade) = self.fine(n, today)?;
                json!({
                    "command": "charge", "party": 1, "violation": 1, "tier": self.tier(n), "fine": fine, "grade": grade,
                    "note": format!("当事人初次违法，配合调查，情节{}。", self.tier(n)),
                })
            }
            Move::Serve => {
                let file = self.case(n)?.papers.iter().rfind(|file| file.unserved());
                json!({
                    "command": "serve", "paper": file.map(|file| file.paper.id), "party": 1, "way": "direct", "at": now,
                    "note": if theme.of_person() { "本人签收。" } else { "单位收发部门签收。" }, "exhibits": exhibits,
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
                "opinion": "agree", "qualification": "A20180000000", "note": "权限、事实、依据和程序合法，材料齐全，同意。",
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
            Move::Join => json!({
                "command": "join", "to": self.other_of(n), "note": "同一当事人的同类违法行为正在办理，并案处理。",
            }),
            Move::Discuss => json!({
                "command": "discuss", "present": self.staff.codes(Role::Leader), "agreed": true, "note": "一致同意拟处罚意见。",
            }),
            Move::Pay => {
                let left = self.case(n)?.party(1).map(|party| party.money.left());
                json!({ "command": "pay", "party": 1, "amount": left, "on": today, "reference": format!("示例票据 {n:04}"), "exhibits": exhibits })
            }
            Move::CheckPayment => {
                let typed = self.case(n)?.party(1).and_then(|party| party.money.unconfirmed());
                json!({ "command": "check_payment", "party": 1, "ticket": typed.map(|receipt| &receipt.reference),
                    "came": true, "voucher": format!("示例财票 {n:04}") })
            }
            Move::Publish => json!({ "command": "publish" }),
            Move::KeepBack => {
                json!({ "command": "keep_back", "note": "不具有一定社会影响，且涉及当事人商业秘密。" })
            }
            Move::Unpublish => json!({
                "command": "unpublish", "note": "原处罚决定认定的当事人有误，本机关已经自行撤销，罚款退还当事人。",
            }),
            // Which signature is next was asked for before.
            Move::Sign => return Err(Refusal::missing("没有待审批的事项。")),
            Move::Rare(rare) => self.rare_command(rare, now, n, exhibits)?,
            Move::Turn(turn) => self.turn_command(turn, now, n, exhibits)?,
            Move::Hold(hold) => super::holdings::command(hold, &code(&plot.second), exhibits),
            Move::Archive => {
                json!({ "command": "archive", "shelf": format!("示例-罚-{:03}", n + 1), "pages": 46, "note": "当事人现场签署的纸质原件另册保存。" })
            }
        })
    }

    /// The fine that the benchmark proposes for the ordinary tier; the middle of the range where there is none, less for what is handled quickly.
    /// With it the grade that the basis is limited to.
    fn fine(&self, n: usize, today: jiff::civil::Date) -> Result<(i64, String), Refusal> {
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
            lianzhi_law::propose(basis.fine, benchmark, self.tier(n), &[])
                .ok()
                .and_then(|proposal| proposal.proposed)
        });
        let share = if self.is_quick(n) { 4 } else { 2 };
        let fine = proposed.map_or(least.0 + (greatest.0 - least.0) / share, |fine| fine.0);
        Ok((fine, basis.only.as_deref().unwrap_or_default().to_owned()))
    }

    /// What is handled quickly is small, so that nobody may demand a hearing for it.
    fn is_quick(&self, n: usize) -> bool {
        self.cases[n].theme.way.contains(&Move::Quick)
    }

    fn tier(&self, n: usize) -> &'static str {
        if self.is_quick(n) { "较轻" } else { "一般" }
    }
}

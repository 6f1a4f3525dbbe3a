//! How a case of [`crate::bulk_cases`] goes: its ways to an end, and each step as a command.

use jiff::{SignedDuration, Timestamp};
use lianzhi_ids::{Digest, PersonCode};
use lianzhi_law::SubjectKind;
use lianzhi_procedure::Refusal;
use lianzhi_procedure::directory::Directory;
use lianzhi_procedure::penalty::Case;
use lianzhi_territory::Point;
use rand::RngExt;
use rand::seq::IndexedRandom;
use rand_chacha::ChaCha12Rng;
use serde_json::{Value, json};

/// How a case ends, or where it is left.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ending {
    /// Paid and archived.
    Paid,
    /// Decided, and not paid.
    Unpaid,
    /// 不予立案.
    NotFiled,
    /// 撤销立案.
    Dropped,
    /// 不予处罚.
    Spared,
    /// Paid, and reconsideration upholds it.
    Upheld,
    /// Decided late.
    Late,
    /// The first review sends it back.
    SentBack,
    /// It stays in investigation.
    Open,
}

impl Ending {
    /// In shares of a hundred.
    pub(crate) const fn by_lot(lot: u32) -> Ending {
        match lot {
            0..66 => Ending::Paid,
            66..72 => Ending::Unpaid,
            72..77 => Ending::NotFiled,
            77..81 => Ending::Dropped,
            81..88 => Ending::Spared,
            88..90 => Ending::Upheld,
            90..93 => Ending::Late,
            93..98 => Ending::SentBack,
            _ => Ending::Open,
        }
    }
}

/// A step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Move {
    Register,
    Assign,
    Verify,
    /// Asks for approval.
    Propose(&'static str),
    Endorse,
    Approve,
    /// A record, with so many files.
    Record(&'static str, usize),
    /// A note on the file.
    Add,
    /// 责令改正, and whether it was done.
    Order,
    Reinspect,
    Finish,
    Charge,
    Serve,
    Waive,
    Review(&'static str),
    Discuss,
    Appeal,
    EndAppeal,
    Pay,
    /// Somebody else finds that it came.
    CheckPayment,
    Publish,
    Archive,
    /// Nothing, for a long time.
    Idle,
}

impl Move {
    pub(crate) const fn files(self) -> usize {
        match self {
            Move::Record(_, n) => n,
            Move::Serve | Move::Waive | Move::Reinspect | Move::Pay => 1,
            _ => 0,
        }
    }

    /// Hours to wait before it, besides the usual.
    pub(crate) const fn waits_hours(self) -> i64 {
        match self {
            Move::EndAppeal => 30 * 24,
            Move::Idle => 85 * 24,
            _ => 0,
        }
    }
}

use Move::{Approve, Endorse, Propose};

/// The steps to an end; a thick file has so many entries and so many files of its evidence by then.
pub(crate) fn way(ending: Ending, thick: Option<(usize, usize)>) -> Vec<Move> {
    let mut way = plain_way(ending);
    if let Some((entries, files)) = thick
        && let Some(at) = way.iter().position(|step| *step == Move::Finish)
    {
        let records = (0..files / 2).map(|_| Move::Record("document", 2));
        let notes = (way.len() + files / 2..entries).map(|_| Move::Add);
        way.splice(at..at, records.chain(notes).collect::<Vec<_>>());
    }
    way
}

fn plain_way(ending: Ending) -> Vec<Move> {
    let signed = |what: &'static str| [Propose(what), Endorse, Approve];
    let mut way = vec![Move::Register, Move::Assign, Move::Verify];
    if ending == Ending::NotFiled {
        way.extend(signed("not_file"));
        return way;
    }
    way.extend(signed("file"));
    way.extend([Move::Record("inspection", 2), Move::Record("interview", 1), Move::Record("document", 1)]);
    match ending {
        Ending::Open => return way,
        Ending::Dropped => {
            way.extend(signed("drop"));
            return way;
        }
        Ending::Late => way.push(Move::Idle),
        _ => {}
    }
    if ending != Ending::Spared {
        way.extend([Move::Order, Move::Serve, Move::Reinspect]);
    }
    way.push(Move::Finish);
    if ending == Ending::Spared {
        way.extend(signed("no_penalty"));
        way.extend([Move::Serve]);
        return way;
    }
    way.push(Move::Charge);
    way.extend(signed("notify"));
    way.extend([Move::Serve, Move::Waive]);
    if ending == Ending::SentBack {
        way.push(Move::Review("supplement"));
    }
    way.extend([Move::Review("agree"), Move::Discuss]);
    way.extend(signed("decide"));
    way.push(Move::Serve);
    if ending == Ending::Unpaid {
        return way;
    }
    way.extend([Move::Pay, Move::CheckPayment]);
    if ending == Ending::Upheld {
        way.extend([Move::Appeal, Move::EndAppeal]);
    }
    way.push(Move::Publish);
    way.extend(signed("close"));
    way.push(Move::Archive);
    way
}

/// Items with what is said of them; all have a range that was compared with its text.
const THEMES: [(&str, &str, &str); 3] = [
    (
        "JZLJ-01",
        "擅自倾倒建筑垃圾案",
        "未取得处置核准，将拆迁工地产生的建筑垃圾倾倒在河道旁空地，现场测量堆放体积约二十四立方米，周边无围挡和防尘措施，经责令已经清运。",
    ),
    (
        "JZLJ-07",
        "运输渣土沿途遗撒案",
        "驾驶运输渣土的车辆没有密闭，行驶中沿途遗撒，污染路面长约三十米、宽约两米，执法人员当场拍照取证并通知保洁单位清理。",
    ),
    (
        "JZLJ-01",
        "擅自堆放建筑垃圾案",
        "在道路红线以内堆放装修产生的建筑垃圾，占用人行道约十二平方米，影响行人通行，没有设置警示标志，堆放时间超过三日。",
    ),
];

/// What a case is about. People and firms are invented.
pub(crate) struct Script {
    n: usize,
    theme: usize,
    pub(crate) ending: Ending,
    /// Number of the party.
    pub(crate) number: String,
    /// Where.
    pub(crate) spot: (String, Point),
    tier: &'static str,
}

impl Script {
    pub(crate) fn new(n: usize, spot: (String, Point), ending: Ending, rng: &mut ChaCha12Rng) -> Script {
        let tier = *["较轻", "较轻", "一般", "一般", "一般", "较重"].choose(rng).unwrap_or(&"一般");
        let theme = rng.random_range(0..THEMES.len());
        Script { n, theme, ending, number: format!("91310000EX{n:08}"), spot, tier }
    }

    /// A step as a command.
    #[expect(clippy::too_many_arguments, reason = "a step with all that it may name")]
    pub(crate) fn command(
        &self,
        step: Move,
        case: Option<&Case>,
        directory: &Directory,
        now: Timestamp,
        (lead, second): (&PersonCode, &PersonCode),
        leaders: &[&PersonCode],
        exhibits: &[Digest],
    ) -> Result<Value, Refusal> {
        let today = lianzhi_procedure::beijing_date(now);
        let (item, title, facts) = THEMES[self.theme];
        let case = || case.ok_or_else(|| Refusal::missing("没有这个案件。"));
        Ok(match step {
            Move::Register => {
                let name = format!("示例建设工程有限公司 {}", self.n);
                let particulars = json!({
                    "name": name, "id_number": self.number, "address": self.spot.0, "representative": "示例负责人",
                    "phone": "",
                });
                json!({
                    "command": "register", "source": "inspection", "title": title, "place": self.spot.0,
                    "kind": "company", "particulars": particulars.to_string(), "item": item, "from": today,
                    "facts": facts,
                })
            }
            Move::Assign => json!({ "command": "assign", "lead": lead, "second": second }),
            Move::Verify => {
                let established = self.ending != Ending::NotFiled;
                let note = if established {
                    "经现场核查，情况属实。"
                } else {
                    "经核查，没有发现违法行为。"
                };
                json!({ "command": "verify", "established": established, "note": note })
            }
            Propose("notify") => {
                json!({ "command": "notify", "days": 5, "note": "事实清楚，证据充分，拟给予行政处罚。" })
            }
            Propose("no_penalty") => json!({
                "command": "no_penalty", "ground": "not_established", "note": "现有证据不能证明违法事实成立。",
            }),
            Propose("close") => {
                json!({ "command": "close", "ground": "performed", "note": "罚款已经缴清，决定已经公开。" })
            }
            Propose(what) => json!({ "command": what, "note": "事实和理由见案卷，属于本机关管辖。" }),
            Endorse | Approve => {
                let pending = case()?.pending.last().map(|pending| pending.id);
                let command = if step == Endorse { "endorse" } else { "approve" };
                json!({ "command": command, "proposal": pending, "agreed": true, "note": "同意。" })
            }
            Move::Record(kind, _) => json!({
                "command": "record", "kind": kind, "second": second, "shown": true,
                "from": now - SignedDuration::from_mins(40), "note": facts, "exhibits": exhibits,
            }),
            Move::Add | Move::Idle => json!({ "command": "add", "note": "补充说明一份，内容见附件清单。" }),
            Move::Order => json!({
                "command": "order", "party": 1, "note": "立即停止违法行为，清除污染，恢复原状。",
                "until": today.saturating_add(jiff::Span::new().days(15)),
            }),
            Move::Reinspect => json!({
                "command": "reinspect", "order": case()?.orders.last().map(|order| order.order.paper), "done": true,
                "note": "现场已经清理干净，符合责令改正的要求。", "exhibits": exhibits,
            }),
            Move::Finish => {
                json!({ "command": "finish", "note": "违法事实清楚，证据确实充分，建议依法处理。" })
            }
            Move::Charge => {
                let (fine, grade) = self.fine(case()?, directory, today)?;
                json!({
                    "command": "charge", "party": 1, "violation": 1, "tier": self.tier, "fine": fine, "grade": grade,
                    "note": "配合调查，按裁量基准确定。",
                })
            }
            Move::Serve => {
                let file = case()?.papers.iter().rfind(|file| file.unserved());
                json!({
                    "command": "serve", "paper": file.map(|file| file.paper.id), "party": 1, "way": "direct", "at": now,
                    "note": "单位收发部门签收。", "exhibits": exhibits,
                })
            }
            Move::Waive => json!({ "command": "waive", "party": 1, "hearing": true, "exhibits": exhibits }),
            Move::Review(opinion) => json!({
                "command": "review", "opinion": opinion, "qualification": "A20180000000",
                "note": if opinion == "agree" { "事实清楚，依据准确，程序合法。" } else { "请补充裁量理由的证据。" },
            }),
            Move::Discuss => json!({
                "command": "discuss", "present": leaders, "agreed": true, "note": "一致同意拟处罚意见。",
            }),
            Move::Appeal => {
                json!({ "command": "appeal", "party": 1, "kind": "reconsideration", "on": today })
            }
            Move::EndAppeal => {
                json!({ "command": "end_appeal", "party": 1, "end": "upheld", "on": today, "note": "复议机关维持。" })
            }
            Move::Pay => {
                let left = case()?.party(1).map(|party| party.money.left());
                let reference = format!("示例票据 {:05}", self.n);
                json!({ "command": "pay", "party": 1, "amount": left, "on": today, "reference": reference, "exhibits": exhibits })
            }
            Move::CheckPayment => {
                let typed = case()?.party(1).and_then(|party| party.money.unconfirmed());
                json!({ "command": "check_payment", "party": 1, "ticket": typed.map(|receipt| &receipt.reference),
                    "came": true, "voucher": format!("示例财票 {:05}", self.n) })
            }
            Move::Publish => json!({ "command": "publish" }),
            Move::Archive => {
                json!({ "command": "archive", "shelf": format!("示例-罚-{:05}", self.n), "pages": 46, "note": "当事人现场签署的纸质原件另册保存。" })
            }
        })
    }

    /// The fine that the benchmark proposes for the tier, and the grade that the basis is limited to.
    fn fine(
        &self,
        case: &Case,
        directory: &Directory,
        today: jiff::civil::Date,
    ) -> Result<(i64, String), Refusal> {
        let nothing = |e: String| Refusal::missing(e);
        let place = directory.law.place(directory.node.as_str()).map_err(nothing)?;
        let violation = case.violations.first().ok_or_else(|| Refusal::missing("没有违法行为。"))?;
        let item = directory.law.item(&violation.item).map_err(|e| nothing(e.to_string()))?;
        let asked = lianzhi_law::Case {
            place: place.clone(),
            kind: SubjectKind::Entity,
            facts: Vec::new(),
            begun: violation.from,
            ended: violation.to,
            decided: today,
        };
        let choice = lianzhi_law::choose(item, &asked).map_err(|e| nothing(e.to_string()))?;
        let basis = choice.chosen.ok_or_else(|| Refusal::missing("没有处罚依据。"))?;
        let benchmark = directory.law.benchmark(&violation.item, &place, today);
        let benchmark = benchmark.ok_or_else(|| Refusal::missing("没有裁量基准。"))?;
        let proposal = lianzhi_law::propose(basis.fine, benchmark, self.tier, &[]);
        let proposed = proposal.ok().and_then(|proposal| proposal.proposed);
        let proposed = proposed.ok_or_else(|| Refusal::missing("裁量基准没有给出数额。"))?;
        Ok((proposed.0, basis.only.as_deref().unwrap_or_default().to_owned()))
    }
}

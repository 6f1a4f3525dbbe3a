//! How matters between cities go: who does what after which time. What is not reached when history ends is how the
//! matter stands.

use lianzhi_exchange::compact::Form;
use lianzhi_ids::NodeCode;
use lianzhi_procedure::Text;
use lianzhi_procedure::cooperation::{Command, RefuseGround, ReturnGround, Verdict};
use std::ops::Range;

/// Whose turn it is in a city.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum By {
    Drafter,
    Reviewer,
    Leader,
    Liaison,
    /// Who was assigned what arrived.
    Holder,
}

/// What is done.
#[derive(Debug, Clone)]
pub(super) enum Deed {
    Begin,
    Assign,
    /// On a file of the other side, in its order.
    Judge(usize, Verdict),
    /// Takes a file of the other side, once it was recognised, into the case that the letter came from.
    Cite(usize),
    Give(By, Box<Command>),
    /// The same with a photo of the city's own.
    Send(By, Box<Command>, usize),
}

/// A step.
#[derive(Debug, Clone)]
pub(super) struct Step {
    /// Minutes after the step before.
    pub(super) after: Range<i64>,
    /// Only when desks work.
    pub(super) at_desk: bool,
    pub(super) town: usize,
    pub(super) deed: Deed,
}

/// A matter's steps in the making.
pub(super) struct Script {
    pub(super) steps: Vec<Step>,
    pub(super) from: usize,
    pub(super) to: usize,
}

const SOON: Range<i64> = 15..150;
const HALF_DAY: Range<i64> = 90..480;
const DAYS: Range<i64> = 1_440..4_320;
const LATE: Range<i64> = 10_080..12_960;

fn text(words: &str) -> Text {
    Text::Plain(words.into())
}

impl Script {
    /// A letter from one city to another, in the making.
    pub(super) fn begin(from: usize, to: usize) -> Script {
        Script { steps: Vec::new(), from, to }.step(0..1, from, Deed::Begin)
    }

    fn step(mut self, after: Range<i64>, town: usize, deed: Deed) -> Script {
        self.steps.push(Step { after, at_desk: true, town, deed });
        self
    }

    pub(super) fn give(self, after: Range<i64>, town: usize, by: By, command: Command) -> Script {
        self.step(after, town, Deed::Give(by, Box::new(command)))
    }

    pub(super) fn review(self, town: usize) -> Script {
        self.give(SOON, town, By::Reviewer, Command::Review { agreed: true, note: Text::default() })
    }

    pub(super) fn sign(self, town: usize) -> Script {
        let signed = Command::Sign { agreed: true, note: Text::default() };
        self.review(town).give(HALF_DAY, town, By::Leader, signed)
    }

    pub(super) fn send(self) -> Script {
        let from = self.from;
        self.sign(from)
    }

    pub(super) fn register(self) -> Script {
        let to = self.to;
        self.give(SOON, to, By::Liaison, Command::Register)
    }

    pub(super) fn assigned(self) -> Script {
        let to = self.to;
        self.register().step(SOON, to, Deed::Assign)
    }

    pub(super) fn accepted(self) -> Script {
        let to = self.to;
        self.assigned().give(SOON, to, By::Holder, Command::Accept { note: Text::default() })
    }

    pub(super) fn reply(self, after: Range<i64>, words: &str, undone: &str) -> Script {
        let to = self.to;
        let undone = if undone.is_empty() { Text::default() } else { text(undone) };
        let reply =
            Command::Reply { text: text(words), undone, decision: None, exhibits: vec![], taken: vec![] };
        self.step(after, to, Deed::Send(By::Holder, Box::new(reply), 0)).sign(to)
    }

    /// Without waiting for desks: what has to stand when history ends.
    pub(super) fn at_any_time(mut self) -> Script {
        for (n, step) in self.steps.iter_mut().enumerate() {
            (step.at_desk, step.after) = (false, if n == 0 { 0..1 } else { 4..12 });
        }
        self
    }
}

const REPLY: &str =
    "一、经核查，车辆由登记企业自行使用；二、行车和卡口记录已调取，见附件；三、当事人已接受询问。";

const FOUND: &str = "一、企业的处置核准文件和运单已调取；二、车辆不在核准之列；三、停放场地的照片见附件。";

/// A lead; the ways it goes.
pub(super) fn lead(way: usize, from: usize, to: usize, third: usize, node: &NodeCode) -> Script {
    let sent = Script::begin(from, to).send();
    match way {
        0 | 1 | 5 => sent.accepted(),
        2 => {
            let note = text("经实地核查，倾倒点位于界河以东，不在本辖区，退回并附坐标图。");
            let close = text("已按行政区划重新核定，由本机关处理。");
            sent.assigned()
                .give(DAYS, to, By::Holder, Command::Return { ground: ReturnGround::NotHere, note })
                .sign(to)
                .give(HALF_DAY, from, By::Drafter, Command::Close { note: close })
        }
        3 => {
            let note = text("卸车点经查在邻近成员辖区，拟转送其办理。");
            let ask = Command::AskForward { to: node.clone(), note };
            let yes = Command::AnswerForward { agreed: true, note: Text::default() };
            let passed =
                sent.assigned().give(HALF_DAY, to, By::Holder, ask).give(HALF_DAY, from, By::Drafter, yes);
            Script { to: third, ..passed }.accepted()
        }
        _ => {
            let note = text("经进一步核实，车辆并未驶出本辖区，撤回移送。");
            sent.register().give(SOON, from, By::Drafter, Command::Withdraw { note }).sign(from)
        }
    }
}

/// A request for help.
pub(super) fn assistance(way: usize, from: usize, to: usize) -> Script {
    let sent = Script::begin(from, to).send();
    let accept = |script: Script| {
        script.give(HALF_DAY, from, By::Drafter, Command::AcceptReply { note: Text::default() })
    };
    match way {
        0 => accept(sent.accepted().reply(DAYS, REPLY, "")),
        1 => {
            let urge = Command::Urge { note: text("期限已过，请尽快复函。") };
            let late = sent.accepted().give(LATE, from, By::Drafter, urge);
            accept(late.reply(DAYS, REPLY, "卡口记录仅保存三十日，部分时段已被覆盖。"))
        }
        2 => {
            let note = text("当事人外出，需待其返回后制作笔录，申请延期。");
            let extend = Command::Extend { days: 5, note };
            accept(sent.accepted().give(DAYS, to, By::Holder, extend).sign(to).reply(DAYS, REPLY, ""))
        }
        3 => {
            let again =
                Command::AskAgain { note: text("缺少企业负责人的询问笔录，请补充。") };
            let replied = sent.accepted().reply(DAYS, REPLY, "").give(HALF_DAY, from, By::Drafter, again);
            accept(replied.reply(DAYS, "已补充制作企业负责人询问笔录，见附件。", ""))
        }
        _ => {
            let note = text("所请求调取的通行记录由公安机关管理，不属于本机关职权，建议直接商请公安机关。");
            let refuse = Command::Refuse { ground: RefuseGround::NotOurPower, note };
            let close = Command::Close { note: text("已另行商请公安机关。") };
            sent.assigned().give(DAYS, to, By::Holder, refuse).sign(to).give(
                HALF_DAY,
                from,
                By::Drafter,
                close,
            )
        }
    }
}

/// Help with a case: what is found is recognised and taken into it.
pub(super) fn proved(begun: Script) -> Script {
    let from = begun.from;
    let accept = Command::AcceptReply { note: Text::default() };
    begun
        .send()
        .accepted()
        .reply(HALF_DAY, FOUND, "")
        .step(SOON, from, Deed::Judge(0, Verdict::Recognised))
        .give(SOON, from, By::Drafter, accept)
        .step(SOON, from, Deed::Cite(0))
}

/// A penalty that the other recognises.
pub(super) fn recognised(begun: Script) -> Script {
    let to = begun.to;
    let note = text("经核对处罚决定书，同意互认。同一违法行为本机关不再给予罚款。");
    begun.send().assigned().give(HALF_DAY, to, By::Holder, Command::Grant { note, until: None }).sign(to)
}

/// Evidence of two files.
pub(super) fn evidence(way: usize, from: usize, to: usize) -> Script {
    let sent = Script::begin(from, to).send().assigned();
    let judge = |script: Script, file, verdict| script.step(HALF_DAY, to, Deed::Judge(file, verdict));
    match way {
        0 => judge(judge(sent, 0, Verdict::Recognised), 1, Verdict::Recognised),
        1 => judge(judge(sent, 0, Verdict::Recognised), 1, Verdict::VerifyOnSite),
        2 => judge(judge(sent, 0, Verdict::Rejected), 1, Verdict::Recognised),
        _ => {
            let taken = Command::TakeGoods { note: Text::default() };
            let goods =
                sent.give(SOON, from, By::Drafter, Command::GiveGoods).give(HALF_DAY, to, By::Holder, taken);
            judge(judge(goods, 0, Verdict::Recognised), 1, Verdict::Recognised)
        }
    }
}

/// A bulletin to all others, of whom the last say nothing in some ways.
pub(super) fn bulletin(way: usize, from: usize, to: &[usize]) -> Script {
    let mut script = Script::begin(from, from).send();
    let answering = if way == 0 { to.len() } else { to.len().saturating_sub(way) };
    for town in to.iter().take(answering) {
        let note = text("已组织夜间巡查，对交界路段增设巡查点位，并向辖区企业发出提示函。");
        script = script
            .give(HALF_DAY, *town, By::Liaison, Command::Register)
            .give(SOON, *town, By::Liaison, Command::Acknowledge)
            .give(DAYS, *town, By::Liaison, Command::Measures { note, exhibits: vec![] });
    }
    if way == 1
        && let Some(town) = to.last()
    {
        script = script.give(HALF_DAY, *town, By::Liaison, Command::Register).give(
            SOON,
            *town,
            By::Liaison,
            Command::Acknowledge,
        );
    }
    script
}

/// A dispute; both nodes by place.
pub(super) fn dispute(way: usize, from: usize, to: usize, nodes: &[NodeCode]) -> Script {
    let position = |words: &str| Command::Position {
        note: text(words),
        over: None,
        filed: None,
        link: None,
        exhibits: vec![],
    };
    let open = Script::begin(from, to)
        .send()
        .assigned()
        .give(HALF_DAY, to, By::Holder, position("倾倒地在本辖区，危害结果在本辖区，主张由倾倒地管辖。"))
        .give(HALF_DAY, from, By::Drafter, position("装载地和企业所在地在本辖区，证据主要在本机关。"));
    let Some(competent) = nodes.get(to).cloned() else { return open };
    let note = || text("双方电话协商并共同查看现场，一致认为主要违法行为发生在倾倒地。");
    match way {
        0 => open.give(DAYS, from, By::Liaison, Command::Negotiate { competent, note: note() }).give(
            HALF_DAY,
            to,
            By::Liaison,
            Command::AnswerNegotiation { agreed: true, note: Text::default() },
        ),
        1 => open
            .give(DAYS, to, By::Liaison, Command::Advise { competent, note: note() })
            .give(HALF_DAY, to, By::Liaison, Command::AnswerAdvice { agreed: true, note: Text::default() })
            .give(HALF_DAY, from, By::Liaison, Command::AnswerAdvice { agreed: true, note: Text::default() }),
        _ => {
            let refused = Command::AnswerAdvice {
                agreed: false, note: text("本机关已先立案，不同意移交。")
            };
            let up = Command::ReportUp {
                to: "住房和城乡建设部".into(),
                note: text("双方协商、协调均未达成一致，现将双方案卷一并报请指定管辖。"),
            };
            open.give(DAYS, to, By::Liaison, Command::Advise { competent, note: note() })
                .give(HALF_DAY, from, By::Liaison, refused)
                .give(HALF_DAY, from, By::Liaison, up)
                .sign(from)
        }
    }
}

/// Enforcement away from home.
pub(super) fn away(way: usize, from: usize, to: usize) -> Script {
    let sent = Script::begin(from, to).send().assigned();
    match way {
        0 => {
            let grant = Command::Grant {
                note: text("同意。限于检查和询问，由本机关派员陪同；须两人以上并出示执法证件。"),
                until: None,
            };
            let note = text("已于当日完成检查，制作现场笔录一份，未采取强制措施。");
            sent.give(HALF_DAY, to, By::Holder, grant).sign(to).give(
                DAYS,
                from,
                By::Drafter,
                Command::Report { note, exhibits: vec![] },
            )
        }
        1 => recognised(Script::begin(from, to)),
        _ => {
            let note = text("拟采取的查封措施属行政强制权，不得委托或由异地机关实施。");
            let refuse = Command::Refuse { ground: RefuseGround::NotDelegable, note };
            let close = Command::Close { note: text("改为请求协助调查。") };
            sent.give(HALF_DAY, to, By::Holder, refuse).sign(to).give(HALF_DAY, from, By::Drafter, close)
        }
    }
}

/// What a city does with a letter that somebody outside of this script sent it: as far as it goes without knowing more.
pub(super) fn answer(form: Form, from: usize, to: usize) -> Script {
    let arrived = Script { steps: Vec::new(), from, to };
    match form {
        Form::Lead => arrived.accepted(),
        Form::Assistance => arrived.accepted().reply(DAYS, REPLY, ""),
        Form::Bulletin => {
            let note = text("已组织夜间巡查，对交界路段增设巡查点位，并向辖区企业发出提示函。");
            arrived
                .register()
                .step(SOON, to, Deed::Assign)
                .give(SOON, to, By::Holder, Command::Acknowledge)
                .give(DAYS, to, By::Holder, Command::Measures { note, exhibits: vec![] })
        }
        Form::Evidence | Form::Dispute | Form::Away => arrived.assigned(),
    }
}

/// How many ways a form goes.
pub(super) const fn ways(form: Form) -> usize {
    match form {
        Form::Lead => 6,
        Form::Assistance => 5,
        Form::Evidence => 4,
        Form::Bulletin | Form::Dispute | Form::Away => 3,
    }
}

//! Offers until the decision.

use super::*;
use crate::penalty::clocks::{Scope, Term};
use crate::penalty::command::{
    AskingTest, Describing, NewParty, NewViolation, OrderingDemolition, Recording,
};
use crate::penalty::decide::hearing;
use crate::penalty::stage::Stage;
use crate::penalty::words::{Capacity, EvidenceKind, Mark, MeasureKind, PartyKind, Settlement};
use lianzhi_ids::DocketId;

/// The case that samples of joining name.
pub(super) const SAMPLE_CASE: DocketId = DocketId(-1);

pub(super) fn approvals(desk: &mut Desk<'_>) {
    let proposals = desk.proposals();
    let agreed = || field("agreed", "是否同意", true, FLAG, "不同意即退回");
    let by_hand = field(
        "by_hand",
        "缺字手工补写",
        false,
        FLAG,
        "提示文书里有字库没有的字时才勾选：签发后打印，由执法人员手写补上、盖章，扫描上传后送达",
    );
    desk.offer_for(
        words(true, "approve", "审批", "同意即签发生效并编文号；不同意退回报批人。"),
        ("proposal", "审批事项"),
        &proposals,
        |proposal| Command::Approve { proposal, agreed: true, note: Text::default(), by_hand: true },
        vec![agreed(), opinion(), by_hand],
    );
    // What may not be signed yet may still be sent back.
    if !proposals.is_empty() && !desk.offers.iter().any(|o| o.command == "approve") {
        desk.offer_for(
            words(true, "approve", "退回", "退回报批人。"),
            ("proposal", "审批事项"),
            &proposals,
            |proposal| Command::Approve { proposal, agreed: false, note: sealed(), by_hand: false },
            vec![agreed(), opinion()],
        );
    }
    desk.offer_for(
        words(true, "endorse", "承办机构审核", "同意后送机关负责人审批。"),
        ("proposal", "审核事项"),
        &proposals,
        |proposal| Command::Endorse { proposal, agreed: true, note: Text::default() },
        vec![agreed(), opinion()],
    );
    desk.offer_for(
        words(false, "unpropose", "撤回报批", "撤回后可以修改再报。"),
        ("proposal", "报批事项"),
        &proposals,
        |proposal| Command::Unpropose { proposal },
        vec![],
    );
}

fn party_fields() -> Vec<Field> {
    vec![
        field("kind", "当事人类型", true, choices!(PartyKind), ""),
        field("capacity", "责任能力", false, choices!(Capacity), "只对个人填写"),
        field(
            "particulars",
            "当事人信息",
            true,
            TEXT,
            "姓名或者名称、证件号码、住址、法定代表人、电话；封存，查看留痕",
        ),
    ]
}

fn violation_fields() -> Vec<Field> {
    vec![
        field("item", "事项编号", true, LINE, "如 JZLJ-01"),
        field("from", "行为开始日期", true, DAY, ""),
        field("to", "行为终了日期", false, DAY, "同一天的不填"),
        field("continuing", "连续或者继续状态", false, FLAG, ""),
        field("harm", "造成环境污染、生态破坏", false, FLAG, "2026 年 8 月 15 日以后的行为，追责时效为五年"),
        field("danger", "涉及生命健康安全、金融安全且有危害后果", false, FLAG, "追责时效为五年"),
        field("found_on", "发现日期", false, DAY, "投诉、举报、移送之日；不填即登记之日"),
        field("facts", "违法事实", true, TEXT, ""),
    ]
}

pub(super) fn lead(desk: &mut Desk<'_>) {
    let officers = desk.officers();
    if let [(first, _), (second, _), ..] = officers.as_slice() {
        let unassigned = desk.case.officers.is_empty();
        let (lead, second) = (first.clone(), second.clone());
        desk.offer(
            words(
                unassigned,
                "assign",
                if unassigned { "指定办案人员" } else { "改派办案人员" },
                "两名执法人员办理本案。",
            ),
            Command::Assign { lead, second },
            vec![person_field("lead", "主办", &officers), person_field("second", "协办", &officers)],
        );
    }
    desk.offer(
        words(
            matches!(desk.case.filing, crate::penalty::Filing::Lead { verified: None }),
            "verify",
            "登记核查结果",
            "符合立案标准的报批立案。",
        ),
        Command::Verify { established: true, note: sealed(), exhibits: vec![] },
        vec![
            field("established", "有违法行为", true, FLAG, ""),
            note("核查情况"),
            files("照片、文件", false),
        ],
    );
    if desk.case.stage() == Stage::Lead {
        desk.offer_or_say(
            words(true, "file", "报批立案", "经承办机构、机关负责人批准后立案。"),
            Command::File { note: sealed() },
            vec![note("立案的理由和依据")],
        );
    }
    desk.offer(
        words(false, "not_file", "报批不予立案", "批准后不再办理，告知举报人。"),
        Command::NotFile { note: sealed() },
        vec![note("不予立案的理由")],
    );
    let particulars = || Text::Sealed(PartRef { kind: PartKind::Particulars, digest: Digest::ZERO });
    let party = NewParty { kind: PartyKind::Company, capacity: Capacity::Full, particulars: particulars() };
    desk.offer(
        words(false, "add_party", "增加当事人", "每个当事人分别告知、决定、送达。"),
        Command::AddParty(party),
        party_fields(),
    );
    let parties = desk.parties();
    desk.offer_for(
        words(
            false,
            "describe",
            "补正当事人信息",
            "住址、法定代表人等补齐后文书才能签发、送达；不填的保持原样。",
        ),
        ("party", "当事人"),
        &parties,
        |party| Command::Describe(Describing { party, particulars: particulars() }),
        vec![field("particulars", "当事人信息", true, TEXT, "只填要补充、更正的项目")],
    );
    let today = desk.today();
    let item = desk.case.violations.first().map(|v| v.item.clone()).unwrap_or_default();
    let (to, continuing, harm, danger, facts, found) = (None, false, false, false, sealed(), None);
    let found_on = None;
    let what = NewViolation { item, from: today, to, continuing, harm, danger, facts, found_on, found };
    let mut fields = violation_fields();
    let choices = desk.violations();
    fields
        .insert(0, field("violation", "更正哪一项", false, FieldKind::Choice { choices }, "不选即新增一项"));
    desk.offer(
        words(false, "set_violation", "增加、更正违法行为", "已告知的须重新告知。"),
        Command::SetViolation { violation: None, what },
        fields,
    );
    let entered: Vec<_> = desk
        .case
        .violations
        .iter()
        .map(|v| (v.id, Choice::new(v.id.to_string(), format!("违法行为 {}", v.id))))
        .collect();
    desk.offer_for(
        words(
            false,
            "withdraw_violation",
            "撤销登记违法行为",
            "登记后查明不成立、没有拟定处罚意见的；编号不再使用。",
        ),
        ("violation", "违法行为"),
        &entered,
        |violation| Command::WithdrawViolation { violation, note: sealed() },
        vec![note("撤销登记的理由")],
    );
    let set: Vec<_> = Mark::ALL.iter().filter(|m| !desk.case.marks.contains(m)).collect();
    let unset: Vec<_> = desk.case.marks.iter().collect();
    let first = set.first().map(|m| (**m, true)).or(unset.first().map(|m| (**m, false)));
    if let Some((mark, on)) = first {
        desk.offer(
            words(false, "mark", "标注案件性质", "决定是否须法制审核、集体讨论、移送和公开。"),
            Command::Mark { mark, on, note: sealed() },
            vec![
                field("mark", "性质", true, choices!(Mark), ""),
                field("on", "标注", true, FLAG, "否即取消标注"),
                note("理由"),
            ],
        );
    }
    recusal(desk, &officers);
}

fn recusal(desk: &mut Desk<'_>, officers: &[(PersonCode, Choice)]) {
    let case = desk.case;
    let free = |p: &PersonCode| !case.is_officer(p) && !case.recused.contains(p);
    let instead: Vec<_> = officers.iter().filter(|(p, _)| free(p)).cloned().collect();
    if let (Some(officer), Some((with, _))) = (case.officers.first(), instead.first()) {
        let others = [hearing::HOLD, hearing::REVIEW].into_iter().flat_map(|action| desk.fit(action));
        let mut now: Vec<_> =
            case.officers.iter().map(|o| Choice::new(o.person.as_str(), o.name.clone())).collect();
        let mut instead = instead.clone();
        for (person, choice) in others {
            if !instead.iter().any(|(known, _)| *known == person) {
                now.push(choice.clone());
                instead.push((person, choice));
            }
        }
        let parties = desk.parties().into_iter().map(|(_, choice)| choice).collect();
        desk.offer(
            words(
                false,
                "recuse",
                "申请回避",
                "办案人员、听证主持人或者法制审核人员；由机关负责人决定，决定前不停止调查。",
            ),
            Command::Recuse {
                person: officer.person.clone(),
                with: with.clone(),
                asked: None,
                note: sealed(),
            },
            vec![
                field("person", "回避的人员", true, FieldKind::Person { choices: now }, ""),
                person_field("with", "接替的人员", &instead),
                field(
                    "asked",
                    "申请回避的当事人",
                    false,
                    FieldKind::Choice { choices: parties },
                    "本人申请或者机关决定的不选",
                ),
                note("理由"),
            ],
        );
    }
}

/// The other officer, to choose as the second one.
fn other(desk: &Desk<'_>) -> Vec<(PersonCode, Choice)> {
    let me = desk.facts.actor.person();
    let others = desk.case.officers.iter().filter(|o| Some(&o.person) != me);
    others.map(|o| (o.person.clone(), Choice::new(o.person.as_str(), o.name.clone()))).collect()
}

/// Evidence of other members that was recognised in a matter of this case and is not in its file yet.
fn cite(desk: &mut Desk<'_>) {
    let choice = |found: &crate::penalty::Recognised| {
        let title = format!("{}（{} {}）", found.origin.name, found.origin.from, found.origin.matter);
        (found.exhibit.digest, Choice::new(found.exhibit.digest.to_string(), title))
    };
    let found: Vec<_> = desk.facts.look_ups.recognised.iter().map(choice).collect();
    desk.offer_for(
        words(true, "cite", "采用协作证据", "记入本案证据，取证机关、取证人、时间和存证原样保留。"),
        ("exhibit", "已认可的证据"),
        &found,
        |exhibit| Command::Cite { exhibit, kind: EvidenceKind::Recording, note: sealed() },
        vec![field("kind", "种类", true, choices!(EvidenceKind), ""), note("证据证明的内容")],
    );
}

pub(super) fn investigation(desk: &mut Desk<'_>) {
    let second = other(desk);
    let record = Command::Record(Recording {
        kind: EvidenceKind::Inspection,
        second: second.first().map(|(p, _)| p.clone()),
        shown: true,
        from: desk.now(),
        to: None,
        note: sealed(),
        exhibits: sample_files(),
        refused: false,
    });
    desk.offer(
        words(desk.case.evidence.is_empty(), "record", "制作笔录、收集证据", "记入案卷，原件封存。"),
        record,
        vec![
            field("kind", "种类", true, choices!(EvidenceKind), ""),
            person_field("second", "一同执法的人员", &second),
            field("shown", "已出示执法证件并告知权利义务", true, FLAG, "笔录类必须"),
            field("from", "开始时间", true, MOMENT, ""),
            field("to", "结束时间", false, MOMENT, ""),
            note("笔录内容、证据说明"),
            files("照片、录像、签字的笔录", false),
            field("refused", "当事人拒绝签字", false, FLAG, "在内容中写明见证人"),
        ],
    );
    cite(desk);
    let parties = desk.parties();
    let later = desk.now() + jiff::SignedDuration::from_hours(48);
    desk.offer_for(
        words(false, "summon", "发询问通知", "编文号，送达后当事人到场接受询问。"),
        ("party", "当事人"),
        &parties,
        |party| Command::Summon { party, on: later, note: sealed() },
        vec![field("on", "询问时间", true, MOMENT, ""), note("询问的事项和地点")],
    );
    desk.offer_for(
        words(false, "order", "责令改正", "编文号，送达后到期复查。"),
        ("party", "当事人"),
        &parties,
        |party| Command::Order { party, note: sealed(), until: None },
        vec![note("改正的内容"), field("until", "改正期限", false, DAY, "不填即立即改正")],
    );
    let until = desk.today().tomorrow().unwrap_or(desk.today());
    desk.offer_for(
        words(
            false,
            "order_demolition",
            "报批责令限期拆除",
            "经承办机构、法制审核、机关负责人三级审批后签发决定书；送达后起算复议、诉讼期限，逾期不拆除的公告、强制拆除。",
        ),
        ("party", "当事人"),
        &parties,
        |party| {
            Command::OrderDemolition(OrderingDemolition { party, object: sealed(), until, note: sealed() })
        },
        vec![
            field(
                "object",
                "需要拆除的建筑物、构筑物、设施",
                true,
                TEXT,
                "地点、结构、层数、面积；每行一项，印在决定书上",
            ),
            field("until", "拆除的期限", true, DAY, "给当事人留出拆除的时间"),
            note("认定的事实、理由和依据"),
        ],
    );
    let orders: Vec<_> = desk
        .papers()
        .into_iter()
        .filter(|(id, _)| desk.case.orders.iter().any(|o| o.order.paper == *id))
        .collect();
    // Whether what was ordered is done has to be looked at once its day is over.
    let over = |o: &crate::penalty::OrderFile| {
        let of = Scope::Paper(o.order.paper, o.order.party);
        desk.case.clock(Term::Correct, of).is_some_and(|clock| clock.expired)
    };
    let overdue = desk.case.orders.iter().any(over);
    desk.offer_for(
        words(overdue, "reinspect", "复查", "登记改正情况。"),
        ("order", "责令改正、限期拆除"),
        &orders,
        |order| Command::Reinspect { order, done: true, seen: None, note: sealed(), exhibits: vec![] },
        vec![
            field("done", "已改正", true, FLAG, ""),
            field("seen", "复查的时间", false, MOMENT, "不填的，即为现在；是否逾期不改正按复查的时间算"),
            note("复查情况"),
            files("照片", false),
        ],
    );
    let evidence: Vec<_> = desk
        .case
        .evidence
        .iter()
        .map(|e| &e.evidence)
        .map(|e| (e.id, Choice::new(e.id.to_string(), format!("证据 {}（{}）", e.id, e.kind.title()))))
        .collect();
    desk.offer_for(
        words(false, "exclude", "排除证据", "以非法手段取得的证据不得作为认定事实的根据。"),
        ("evidence", "证据"),
        &evidence,
        |evidence| Command::Exclude { evidence, note: sealed() },
        vec![note("排除的理由")],
    );
    desk.offer(
        words(
            desk.case.finished.is_none() && !desk.case.evidence.is_empty(),
            "finish",
            "提交调查终结报告",
            "随后拟定处罚意见并告知。",
        ),
        Command::Finish { note: sealed() },
        vec![note("调查终结报告")],
    );
}

pub(super) fn measures(desk: &mut Desk<'_>) {
    let second = other(desk);
    let (parties, measures) = (desk.parties(), desk.measures());
    let take = |desk: &Desk<'_>, more: Vec<Field>| {
        let mut fields = more;
        fields.extend([
            field("goods", "物品清单", true, TEXT, "每行一件，用竖线隔开：名称|规格型号|数量|特征和状态|存放地点和保管人；五项都是文书的必备内容"),
            person_field("second", "一同执法的人员", &other(desk)),
            note("理由和依据"),
            files("照片、当事人签字的清单", false),
        ]);
        if !desk.case.measures.is_empty() {
            let hint = "同一物品不得在期限以外再次保存、查封、扣押";
            fields.push(field("other_goods", "不是以前保存、查封、扣押的物品", false, FLAG, hint));
        }
        fields
    };
    if let Some((with, _)) = second.first() {
        let fields = take(desk, vec![]);
        desk.offer_for(
            words(false, "preserve", "报批先行登记保存", "批准后七个工作日内处理，逾期自动解除。"),
            ("party", "当事人"),
            &parties,
            |party| Command::Preserve {
                party,
                goods: sealed(),
                second: with.clone(),
                note: sealed(),
                exhibits: vec![],
                other_goods: true,
            },
            fields,
        );
        let kinds = [MeasureKind::Sealing, MeasureKind::Seizure];
        let kinds = kinds.iter().map(|k| Choice::new(k.code(), k.title())).collect();
        let kept = |id: u16| {
            desk.parties().iter().any(|(party, _)| decide::measures::preserved(desk.case, id, *party).is_ok())
        };
        let choices: Vec<_> =
            measures.iter().filter(|(id, _)| kept(*id)).map(|(_, choice)| choice.clone()).collect();
        let mut more = vec![
            field("kind", "措施", true, FieldKind::Choice { choices: kinds }, ""),
            field("urgent", "情况紧急，已当场实施", false, FLAG, "24 小时内补办批准"),
            field(
                "taken",
                "当场实施的时间",
                false,
                MOMENT,
                "已当场实施的填写，期限自此起算；不填的，即为现在",
            ),
        ];
        if !choices.is_empty() {
            let hint = "选定的，批准后这一项先行登记保存即处理完毕，物品转入查封、扣押";
            more.push(field("takes_over", "接续的先行登记保存", false, FieldKind::Choice { choices }, hint));
        }
        let fields = take(desk, more);
        desk.offer_for(
            words(false, "seize", "查封、扣押", "批准后不超过三十日；当场实施的立即生效并补办批准。"),
            ("party", "当事人"),
            &parties,
            |party| Command::Seize {
                kind: MeasureKind::Seizure,
                party,
                goods: sealed(),
                second: with.clone(),
                note: sealed(),
                exhibits: vec![],
                urgent: false,
                taken: None,
                takes_over: None,
                other_goods: true,
            },
            fields,
        );
    }
    // Seizure ends a preservation by taking its things over, not by a settlement of its own.
    let ends = Settlement::ALL.iter().filter(|how| **how != Settlement::Seized);
    let ends = ends.map(|how| Choice::new(how.code(), how.title())).collect();
    desk.offer_for(
        words(
            desk.case.measures.iter().any(|m| m.settled.is_none()),
            "settle",
            "报批物品处理",
            "批准后登记退还、没收或者其他处理。",
        ),
        ("measure", "物品"),
        &measures,
        |measure| Command::Settle { measure, how: Settlement::Returned, until: None, note: sealed() },
        vec![
            field("how", "处理", true, FieldKind::Choice { choices: ends }, ""),
            field("until", "送检后退还的日期", false, DAY, "只在送检、鉴定时填写"),
            note("理由"),
        ],
    );
    lengthen(desk, &measures);
    test(desk, &measures);
}

/// Things that are sealed or seized are tested until a day, or a test of them is over before it.
fn test(desk: &mut Desk<'_>, measures: &[(u16, Choice)]) {
    let until = desk.today().tomorrow().ok();
    let asked = |begins, measure| {
        Command::Test(AskingTest { begins, measure, until, note: sealed(), exhibits: vec![] })
    };
    let begins = |id| desk.tries(asked(true, Some(id))).is_ok();
    let ends = |id| desk.tries(asked(false, Some(id))).is_ok();
    let some = |fits: &dyn Fn(u16) -> bool| measures.iter().any(|(id, _)| fits(*id));
    let before = desk.tries(asked(false, None)).is_ok();
    let (begin, end) = (some(&begins), some(&ends) || before);
    let list: Vec<_> = measures.iter().filter(|(id, _)| begins(*id) || ends(*id)).collect();
    let list: Vec<_> = list.into_iter().map(|(_, choice)| choice.clone()).collect();
    if !begin && !end {
        return;
    }
    let mut ways = Vec::new();
    ways.extend(begin.then(|| Choice::new("true", "开始")));
    ways.extend(end.then(|| Choice::new("false", "结束")));
    let mut fields = vec![field("begins", "开始还是结束", true, FieldKind::Choice { choices: ways }, "")];
    if !list.is_empty() {
        fields.push(field("measure", "查封、扣押", !before, FieldKind::Choice { choices: list }, ""));
    }
    if begin {
        fields.push(field(
            "until",
            "期间的最后一天",
            false,
            DAY,
            "开始时必填；书面告知当事人，期满自行恢复计算",
        ));
    }
    fields.extend([note("事项、机构；结束时写明结果"), files("委托书、检测报告", false)]);
    let said = "开始时编文号、送达告知书；期间不计入查封、扣押的期限，期满自行恢复计算，也可以提前结束。";
    desk.push(words(false, "test", "检测、检验、检疫、鉴定", said), fields, None);
}

/// Both may be longer at the same time: a seizure, and the check or the ninety days of the case.
fn lengthen(desk: &mut Desk<'_>, measures: &[(u16, Choice)]) {
    let longer = |measure| Command::Lengthen { measure, days: 1, note: sealed() };
    let fit = measures.iter().filter(|(id, _)| desk.tries(longer(Some(*id))).is_ok());
    let choices: Vec<_> = fit.map(|(_, choice)| choice.clone()).collect();
    let own = desk.tries(longer(None)).is_ok();
    if choices.is_empty() && !own {
        return;
    }
    let mut fields = Vec::new();
    if !choices.is_empty() {
        let hint = if own { "不选即延长本案的办理期限" } else { "" };
        let title = "延长哪一项查封、扣押";
        fields.push(field("measure", title, !own, FieldKind::Choice { choices }, hint));
    }
    fields.push(field("days", "延长日数", true, FieldKind::Number { min: 1, max: 60 }, ""));
    fields.push(note("理由"));
    let said =
        "经机关负责人批准；查封、扣押延长一次，不超过三十日，书面告知当事人；办案期限再次延长的先集体讨论。";
    desk.push(words(false, "lengthen", "报批延长期限", said), fields, None);
}

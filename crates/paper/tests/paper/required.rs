//! What the law wants on the documents of a penalty case, by article.

use super::samples::DAY;
use super::samples::after::*;
use super::samples::inside::*;
use super::samples::measures::*;
use super::samples::outward::*;
use jiff::civil::date;
use lianzhi_paper::*;

fn words() -> Due {
    Due::Words(" ".into())
}

fn fine(yuan: u32, conduct: &str) -> Penalty {
    Penalty::Fine { amount: Money::yuan(yuan), conduct: conduct.into() }
}

/// 行政处罚法第五十九条第一款: the seven points of a decision.
#[test]
fn article_59_a_decision_names_party_facts_basis_performance_remedy_and_agency() {
    without!(
        penalty_decision(),
        |m| m.subject = Subject::Company(Body {
            name: String::new(),
            code: String::new(),
            address: String::new(),
            representative: String::new(),
            post: String::new(),
            agent: String::new(),
            phone: String::new(),
        }),
        "当事人：名称",
        "当事人：住所",
        "当事人：法定代表人"
    );
    without!(penalty_decision(), |m| m.violations.clear(), "违法行为");
    without!(penalty_decision(), |m| m.violations[0].facts.clear(), "违法行为第1项：违法事实");
    without!(penalty_decision(), |m| m.violations[1].evidence.clear(), "违法行为第2项：证据");
    without!(penalty_decision(), |m| m.violations[0].breached.clear(), "违法行为第1项：违反的条款");
    without!(penalty_decision(), |m| m.violations[0].basis[0].clear(), "违法行为第1项：处罚依据第1项：条款");
    without!(penalty_decision(), |m| m.penalties = Penalties(vec![]), "行政处罚");
    without!(penalty_decision(), |m| m.payment = None, "缴款期限和方式");
    without!(penalty_decision(), |m| m.payment.as_mut().unwrap().ways.clear(), "缴款方式");
    without!(penalty_decision(), |m| m.payment.as_mut().unwrap().due = words(), "缴款期限");
    // A warning is carried out by being served; what is handed over or stopped has its way and its term (第一款第四项).
    assert!(Document::from(warning_decision()).check().is_ok());
    for penalty in [
        Penalty::Goods { what: "切割机一台".into() },
        Penalty::Other { words: "责令停产停业（金泽镇某工地）".into() },
    ] {
        let mut model = penalty_decision();
        model.penalties.0.push(penalty);
        model.performance = "自收到本决定书之日起三日内交到金泽中队。".into();
        without!(model, |m| m.performance.clear(), "履行方式和期限");
    }
    without!(penalty_decision(), |m| m.remedy.reconsideration.clear(), "行政复议机关");
    without!(penalty_decision(), |m| m.remedy.court.clear(), "管辖法院");
    without!(penalty_decision(), |m| m.head.issuer.clear(), "发文机关");
    without!(penalty_decision(), |m| m.case_number.clear(), "案号");
    without!(penalty_decision(), |m| m.correct[0].what.clear(), "责令改正：改正内容");
}

/// 行政处罚法第四十四、四十五条: what was told and heard stands in the decision.
#[test]
fn article_45_a_decision_says_what_was_told_and_what_became_of_the_defence() {
    without!(penalty_decision(), |m| m.heard.notices.clear(), "告知文书");
    without!(penalty_decision(), |m| m.heard.notices[1].number.clear(), "告知文书第2项：文号");
    without!(penalty_decision(), |m| m.heard.outcome.clear(), "陈述申辩、听证及采纳情况");
}

#[test]
fn a_fine_of_nothing_is_none_and_several_fines_each_say_for_what() {
    without!(penalty_decision(), |m| m.penalties = Penalties(vec![fine(0, "")]), "行政处罚第1项：罚款数额");
    without!(
        penalty_decision(),
        |m| m.penalties = Penalties(vec![fine(100, "甲"), fine(200, "")]),
        "行政处罚第2项：所罚行为"
    );
    without!(
        penalty_decision(),
        |m| m.penalties = Penalties(vec![fine(100, ""), Penalty::Gains { amount: Money::fen(0) }]),
        "行政处罚第2项：违法所得数额"
    );
}

/// 行政处罚法第三十四条.
#[test]
fn article_34_a_benchmark_is_named_with_its_tier() {
    without!(
        penalty_decision(),
        |m| m.violations[0].discretion.as_mut().unwrap().tier.clear(),
        "违法行为第1项：裁量：裁量档次"
    );
}

/// 行政处罚法第四十四、六十二至六十四条.
#[test]
fn article_44_a_notice_tells_facts_basis_penalty_and_how_to_be_heard() {
    without!(penalty_notice(Notified::Defence), |m| m.violations.clear(), "违法行为");
    without!(penalty_notice(Notified::Defence), |m| m.penalties = Penalties(vec![]), "拟作出的行政处罚");
    without!(penalty_notice(Notified::Defence), |m| m.defence_due = words(), "陈述申辩期限");
    without!(penalty_notice(Notified::Defence), |m| m.defence_way.clear(), "陈述申辩方式");
    without!(
        penalty_notice(Notified::Hearing(HearingRight {
            scope: String::new(),
            due: words(),
            way: String::new()
        })),
        |m| m.defence_way.clear(),
        "听证：听证范围",
        "听证：申请期限",
        "听证：申请方式"
    );
}

/// 行政处罚法第六十四条.
#[test]
fn article_64_a_hearing_has_place_chair_recorder_and_at_most_two_agents() {
    without!(hearing_summons(), |m| m.place.clear(), "听证地点");
    without!(hearing_summons(), |m| m.bench.chair.clear(), "听证主持人");
    without!(hearing_summons(), |m| m.public = false, "不公开的理由");
    without!(hearing_record(), |m| m.agents = strings(&["甲", "乙", "丙"]), "委托代理人（一至二人）");
    without!(hearing_record(), |m| m.investigators.truncate(1), "案件调查人员（至少2项）");
    without!(hearing_record(), |m| m.speeches.clear(), "听证记录");
    without!(hearing_record(), |m| m.bench.recorder.clear(), "听证记录人");
    without!(hearing_report(), |m| m.findings.clear(), "听证认定的事实和依据");
    without!(hearing_report(), |m| m.advice.clear(), "处理意见和建议");
    without!(hearing_report(), |m| m.defence.clear(), "当事人的意见");
}

/// 行政处罚法第五十二条第二款.
#[test]
fn article_52_a_decision_on_the_spot_is_numbered_beforehand_and_signed_by_two() {
    let sample = || on_spot_decision(Paper::Roll58);
    without!(sample(), |m| m.head.number = None, "预印编号");
    without!(sample(), |m| m.place.clear(), "违法地点");
    without!(sample(), |m| m.facts.clear(), "违法行为");
    without!(sample(), |m| m.breached.clear(), "违反的条款");
    without!(sample(), |m| m.basis.clear(), "处罚依据");
    without!(sample(), |m| m.penalties = Penalties(vec![]), "行政处罚");
    without!(sample(), |m| m.payment = SpotPayment::None, "缴款方式");
    without!(sample(), |m| m.defence.clear(), "陈述申辩情况");
    without!(sample(), |m| m.remedy.reconsideration.clear(), "行政复议机关");
    without!(sample(), |m| m.officers.truncate(1), "执法人员（至少2项）");
    without!(sample(), |m| m.officers[1].certificate.clear(), "执法人员第2项：执法证号");
    without!(
        on_spot_collected(),
        |m| m.payment = SpotPayment::Collected { why: Collected::HardLater, receipt: String::new() },
        "票据号"
    );
    without!(
        on_spot_collected(),
        |m| m.unsigned = Some(Unsigned { reason: String::new(), witness: String::new() }),
        "拒绝签名：事由",
        "拒绝签名：见证人"
    );
}

/// 行政处罚法第三十三条.
#[test]
fn article_33_no_penalty_still_says_why_and_educates() {
    without!(no_penalty_decision(), |m| m.reasons.clear(), "不予处罚的理由");
    without!(no_penalty_decision(), |m| m.basis.clear(), "不予处罚的依据");
    without!(no_penalty_decision(), |m| m.education.clear(), "教育情况");
    without!(no_penalty_decision(), |m| m.breached.clear(), "违反的条款");
    let mut unproved = no_penalty_decision();
    unproved.ground = NoPenaltyGround::NotProved;
    unproved.breached.clear();
    unproved.education.clear();
    assert!(Document::from(unproved.clone()).check().is_ok());
    // What was not proved breached nothing; where the time is over nobody is taught.
    unproved.breached = no_penalty_decision().breached;
    assert!(Document::from(unproved).check().is_err());
    // Whoever cannot answer for himself has a guardian who is told what to do (第三十、三十一条).
    let mut child = no_penalty_decision();
    child.ground = NoPenaltyGround::NoCapacity;
    child.guardian = "责令监护人陈某严加管教。".into();
    without!(child, |m| m.guardian.clear(), "责令监护人的内容");
    let mut late = no_penalty_decision();
    late.ground = NoPenaltyGround::TimeBarred;
    late.education.clear();
    assert!(Document::from(late).check().is_ok());
}

/// 行政处罚法第五十四条第二款.
#[test]
fn article_54_filing_names_what_was_breached_or_why_not() {
    without!(filing(FilingKind::Open), |m| m.breached.clear(), "涉嫌违反的条款");
    without!(filing(FilingKind::Open), |m| m.basis.clear(), "立案依据");
    without!(filing(FilingKind::Open), |m| m.officers.truncate(1), "承办人（至少2项）");
    without!(filing(FilingKind::Open), |m| m.source.kind.clear(), "案件来源：来源");
    without!(filing(FilingKind::Open), |m| m.summary.clear(), "案情摘要");
    without!(filing(FilingKind::Decline), |m| m.reasons.clear(), "不予立案的理由");
    without!(lead_check(), |m| m.summary.clear(), "线索内容");
    without!(lead_check(), |m| m.officers.clear(), "核查人（至少2项）");
}

#[test]
fn a_column_of_approval_is_whole_or_left_for_the_pen() {
    without!(
        filing(FilingKind::Open),
        |m| m.approvals.leader.text = "同意。".into(),
        "机关负责人意见：签名",
        "机关负责人意见：日期"
    );
    without!(closing(), |m| m.approvals.unit.date = None, "承办机构意见：日期");
}

/// 行政处罚法第四十二、五十五条.
#[test]
fn article_55_records_name_time_place_two_officers_and_what_was_told() {
    let record = || inspection(InspectionKind::Inspection);
    without!(record(), |m| std::mem::swap(&mut m.span.from, &mut m.span.until), "结束时间（不早于开始时间）");
    without!(record(), |m| m.place.clear(), "地点");
    without!(record(), |m| m.officers.truncate(1), "执法人员（至少2项）");
    without!(record(), |m| m.told.clear(), "出示证件和告知事项");
    without!(record(), |m| m.found.clear(), "现场情况");
    without!(record(), |m| m.media.clear(), "现场照片、视频等资料");
    without!(inspection(InspectionKind::Survey), |m| m.weather.clear(), "天气");
    without!(interview(), |m| m.place.clear(), "地点");
    without!(interview(), |m| m.officers[0].certificate.clear(), "询问人第1项：执法证号");
    without!(interview(), |m| m.recorder.certificate.clear(), "记录人：执法证号");
    without!(interview(), |m| m.shown.clear(), "出示证件情况");
    without!(interview(), |m| m.told.clear(), "权利义务告知");
    without!(interview(), |m| m.answers.clear(), "问答");
    without!(interview(), |m| m.respondent.identity.clear(), "被询问人：证件号码");
    without!(statement(), |m| m.words.clear(), "陈述申辩内容");
    without!(statement(), |m| m.notice.clear(), "告知文书文号");
    without!(inquiry_notice(), |m| m.place.clear(), "询问地点");
    without!(inquiry_notice(), |m| m.basis.clear(), "依据");
}

/// 行政处罚法第五十六条.
#[test]
fn article_56_preservation_says_why_what_how_long_and_who_approved() {
    without!(preservation(), |m| m.reasons.clear(), "理由");
    without!(preservation(), |m| m.items.clear(), "物品");
    without!(preservation(), |m| m.items[0].kept.clear(), "物品第1项：存放地点和保管人");
    without!(preservation(), |m| m.due = words(), "保存期限");
    without!(preservation(), |m| m.due = Due::On(date(2026, 3, 4)), "保存期限（不早于起始日期）");
    without!(preservation(), |m| m.approval.clear(), "机关负责人批准文号");
    without!(preservation(), |m| m.officers.truncate(1), "执法人员（至少2项）");
    without!(preservation_decision(), |m| m.disposals[1].what.clear(), "处理的物品第2项：处理决定");
    without!(sampling(), |m| m.way.clear(), "抽样方式");
    without!(sampling(), |m| m.items.clear(), "样品");
    without!(approval(Step::Preservation), |m| m.reasons.clear(), "理由");
    without!(approval(Step::Seizure), |m| m.basis.clear(), "依据");
}

/// 行政强制法第十八、二十四、二十五、二十八条.
#[test]
fn coercion_24_seizure_says_why_how_long_what_and_how_to_challenge_it() {
    without!(seizure(Measure::Take, decide()), |m| m.items.clear(), "场所、设施或者财物");
    without!(seizure(Measure::Take, decide()), |m| m.basis.clear(), "依据");
    without!(
        seizure(
            Measure::Seal,
            SeizureAct::Decide {
                reasons: String::new(),
                from: date(2026, 3, 5),
                until: date(2026, 3, 4),
                officers: vec![],
                witness: String::new(),
                unsigned: None,
                remedy: Remedy { reconsideration: String::new(), ..remedy() },
            }
        ),
        |m| m.cause.clear(),
        "案由",
        "事实和理由",
        "期限（不早于起始日期）",
        "执法人员（至少2项）",
        "行政复议机关"
    );
    let day = date(2026, 4, 3);
    without!(
        seizure(
            Measure::Take,
            SeizureAct::Extend {
                decision: String::new(),
                reasons: String::new(),
                before: day,
                until: day,
                remedy: remedy()
            }
        ),
        |m| m.head.contact.name.clear(),
        "联系人",
        "原决定文号",
        "延长的理由",
        "延长后的期限（晚于原期限）"
    );
}

/// 行政处罚法第二十八条第一款.
#[test]
fn article_28_an_order_says_what_to_put_right_until_when() {
    let order = || correction_order(Deadline::Within(words()));
    without!(order(), |m| m.demands.clear(), "改正内容", "改正期限");
    without!(correction_order(Deadline::AtOnce), |m| m.facts.clear(), "违法事实");
    without!(correction_order(Deadline::AtOnce), |m| m.breached.clear(), "违反的条款");
    without!(correction_order(Deadline::AtOnce), |m| m.basis.clear(), "责令改正的依据");
    without!(demolition_order(), |m| m.remedy.as_mut().unwrap().court.clear(), "管辖法院");
    without!(advice(), |m| m.problem.clear(), "发现的问题");
    without!(advice(), |m| m.advice.clear(), "建议事项");
    without!(advice(), |m| m.due = words(), "反馈期限");
    without!(tip(Paper::A4), |m| m.points.clear(), "提示事项");
    without!(warning_slip(Paper::A4), |m| m.facts.clear(), "违法风险事实");
    without!(warning_slip(Paper::A4), |m| m.demands.clear(), "整改要求");
}

/// 行政处罚法第五十七、五十八条.
#[test]
fn article_58_a_review_concludes_on_eight_points_and_names_a_qualified_reviewer() {
    without!(
        legal_review(),
        |m| {
            for finding in [
                &mut m.points.power,
                &mut m.points.facts,
                &mut m.points.law,
                &mut m.points.procedure,
                &mut m.points.discretion,
                &mut m.points.documents,
                &mut m.points.scope,
                &mut m.points.crime,
            ] {
                finding.conclusion.clear();
            }
        },
        "执法主体和人员资格的审核结论",
        "事实和证据的审核结论",
        "适用法律依据的审核结论",
        "程序的审核结论",
        "裁量的审核结论",
        "文书规范的审核结论",
        "法定权限的审核结论",
        "涉嫌犯罪移送的审核结论"
    );
    without!(legal_review(), |m| m.reasons.clear(), "审核理由");
    without!(legal_review(), |m| m.reviewer.clear(), "审核人");
    // Only whoever reviews for the first time must have it; that is asked when the review is entered.
    let mut experienced = legal_review();
    experienced.qualification.clear();
    assert!(Document::from(experienced).check().is_ok());
    without!(investigation_report(), |m| m.course.clear(), "调查经过");
    without!(investigation_report(), |m| m.found[0].violations.clear(), "违法行为");
    without!(discussion(), |m| m.views.truncate(1), "参加人意见（至少2项）");
    without!(discussion(), |m| m.conclusion.clear(), "讨论结论");
    without!(panel_opinion(), |m| m.ballots.truncate(2), "表决（至少3项）");
    without!(panel_opinion(), |m| m.conclusion.clear(), "公议意见");
    without!(defence_review(), |m| m.reasons.clear(), "采纳或者不采纳的理由");
}

/// 行政处罚法第六十一条, 民事诉讼法第八十七至九十五条.
#[test]
fn article_61_service_is_proved_in_the_way_it_was_done() {
    without!(receipt(Service::Direct), |m| m.deliveries.clear(), "送达文书");
    without!(receipt(Service::Direct), |m| m.deliveries[0].copies = 0, "送达文书第1项：件数");
    without!(receipt(Service::Direct), |m| m.officers.truncate(1), "送达人（至少2项）");
    without!(receipt(Service::Direct), |m| m.address.clear(), "送达地址");
    without!(receipt(left()), |m| m.at = None, "送达时间");
    without!(
        receipt(Service::Left {
            refusal: Unsigned { reason: "拒收".into(), witness: String::new() },
            record: String::new()
        }),
        |m| m.recipient.clear(),
        "受送达人",
        "拒绝签名：见证人",
        "留置送达的记录"
    );
    without!(
        receipt(Service::Mail { number: String::new(), delivered: None }),
        |m| m.at = Some(DAY.at(9, 0, 0, 0)),
        "邮件单号"
    );
    without!(
        receipt(Service::Public { place: String::new(), from: DAY, until: DAY, reasons: String::new() }),
        |m| m.at = Some(DAY.at(9, 0, 0, 0)),
        "公告载体",
        "公告送达的原因",
        "公告截止日期（晚于起始日期）"
    );
    without!(confirmation(address()), |m| m.phone.clear(), "联系电话");
    without!(
        confirmation(Channel::Electronic { means: String::new(), account: String::new() }),
        |m| m.sheet.agency.clear(),
        "执法机关",
        "电子送达方式",
        "电子送达号码或者地址"
    );
}

/// 行政强制法第三十五、五十一、五十五条.
#[test]
fn coercion_35_a_demand_says_duty_term_way_and_an_exact_sum() {
    without!(demand(Then::Own), |m| m.source.number.clear(), "义务来源文书：文号");
    without!(demand(Then::Own), |m| m.due = words(), "履行期限");
    without!(demand(Then::Own), |m| m.way.clear(), "履行方式");
    without!(
        demand(Then::Court),
        |m| m.owed.as_mut().unwrap().total = Money::fen(4_655_066),
        "金额：合计（等于各项之和）"
    );
    without!(enforcement(own()), |m| m.source = None, "义务来源文书");
    without!(enforcement(at_once()), |m| m.reasons.clear(), "理由");
    without!(enforcement(substitute()), |m| m.basis.clear(), "依据");
    without!(court_application(), |m| m.head.attachments.clear(), "附件清单");
    without!(court_application(), |m| m.court.clear(), "管辖法院");
    without!(court_application(), |m| m.claims.clear(), "执行标的");
    without!(court_application(), |m| m.demand.number.clear(), "催告书：文号");
    without!(court_application(), |m| m.opinion.clear(), "当事人意见");
    without!(court_application(), |m| m.leader.clear(), "申请人负责人");
}

/// 行政处罚法第六十六条第二款.
#[test]
fn article_66_instalments_make_up_the_fine_in_order_of_their_days() {
    without!(
        payment_plan(),
        |m| m.instalments[0].amount = Money::fen(1_500_001),
        "缴款安排（合计等于尚欠的数额）"
    );
    without!(payment_plan(), |m| m.instalments.swap(0, 1), "缴款安排（按日期先后排列）");
    without!(payment_plan(), |m| m.reasons.clear(), "理由");
}

/// 行政处罚法第二十七条, 国务院令第310号第六条.
#[test]
fn article_27_a_crime_goes_with_papers_and_things_and_the_procurator_knows() {
    without!(crime_transfer(), |m| m.head.attachments.clear(), "移送材料");
    without!(crime_transfer(), |m| m.prosecutor.clear(), "抄送的人民检察院");
    without!(crime_transfer(), |m| m.crime.clear(), "涉嫌的罪名和依据");
    without!(crime_transfer(), |m| m.items[0].amount.clear(), "涉案物品第1项：数量");
}

/// 行政处罚法第四十七条.
#[test]
fn article_47_a_case_is_closed_and_bound_whole() {
    without!(closing(), |m| m.decision.clear(), "决定文号");
    without!(closing(), |m| m.execution.clear(), "执行情况");
    without!(volume(), |m| m.part = 2, "卷数（第几卷，共几卷）");
    without!(volume(), |m| m.entries.clear(), "卷内文件");
    without!(volume(), |m| m.entries[1].pages = 0, "卷内文件第2项：页数");
    without!(volume(), |m| m.remarks.clear(), "本卷情况说明");
    without!(volume(), |m| m.closed = Some(date(2026, 1, 1)), "结案日期（不早于立案日期）");
}

/// 行政处罚法第七十五条第二款: what is revoked or corrected, and why.
#[test]
fn article_75_a_revocation_names_the_decision_and_a_correction_both_wordings() {
    without!(revocation(), |m| m.decision.number.clear(), "撤销的决定：文号");
    without!(revocation(), |m| m.reasons.clear(), "撤销的理由");
    without!(revocation(), |m| m.basis.clear(), "依据");
    without!(revocation(), |m| m.remedy.court.clear(), "管辖法院");
    without!(amendment(), |m| m.document.title.clear(), "更正的文书：文书名称");
    without!(amendment(), |m| m.wrong.clear(), "原文");
    without!(amendment(), |m| m.right = m.wrong.clone(), "更正后的文字（与原文不同）");
}

/// 行政强制法第四十二条: the sums of an agreement fit together, and so do its days.
#[test]
fn article_42_an_agreement_adds_up() {
    without!(execution_agreement(), |m| m.demand.number.clear(), "催告书：文号");
    without!(execution_agreement(), |m| m.parts.swap(0, 1), "履行安排（按日期先后排列）");
    without!(
        execution_agreement(),
        |m| m.left = Money::fen(1),
        "尚应缴纳的数额（等于本金与加处罚款之和减去减免和已缴）",
        "履行安排（合计等于尚应缴纳的数额）"
    );
}

/// 行政强制法第三十九、四十条: the statutory ground, what it is here, the article.
#[test]
fn articles_39_and_40_a_stop_names_its_ground() {
    for stop in [Stop::Rests { harmless: false }, Stop::Over] {
        without!(execution_stop(stop), |m| m.ground.clear(), "法定情形");
        without!(execution_stop(stop), |m| m.reasons.clear(), "理由");
        without!(execution_stop(stop), |m| m.basis.clear(), "依据");
    }
}

/// 行政强制法第四十四条: what is to be pulled down, and time to do it oneself.
#[test]
fn article_44_a_public_notice_names_what_is_pulled_down_and_gives_time() {
    without!(demolition_notice(), |m| m.object.clear(), "需要拆除的建筑物、构筑物、设施");
    without!(demolition_notice(), |m| m.due = m.head.date, "自行拆除的期限（晚于公告日期）");
    without!(demolition_notice(), |m| m.order.number.clear(), "义务来源文书：文号");
    without!(demolition_notice(), |m| m.basis.clear(), "依据");
}

//! How the documents of a penalty case read.

use super::samples::after::*;
use super::samples::inside::*;
use super::samples::measures::*;
use super::samples::outward::*;
use super::{flowing, print};
use lianzhi_paper::*;

/// 行政复议法第二十条, 行政诉讼法第四十六条: reconsideration or lawsuit, as the party chooses.
#[test]
fn an_ordinary_decision_leaves_the_choice_between_sixty_days_and_six_months() {
    let text = flowing(&print(penalty_decision()));
    assert!(text.contains("可以自收到本决定书之日起六十日内向上海市青浦区人民政府申请行政复议，也可以自收到本决定书之日起六个月内依法向上海铁路运输法院提起行政诉讼"));
    assert!(!text.contains("先向上海市青浦区人民政府申请行政复议"));
}

/// 行政复议法第二十三条第一款第一项: against a decision on the spot reconsideration comes first.
#[test]
fn a_decision_on_the_spot_tells_of_reconsideration_first_on_every_paper() {
    for paper in [Paper::A4, Paper::Roll80, Paper::Roll58] {
        let text = flowing(&print(on_spot_decision(paper)));
        assert!(
            text.contains("应当自收到本决定书之日起六十日内先向上海市青浦区人民政府申请行政复议"),
            "{text}"
        );
        assert!(text.contains("自收到行政复议决定书之日起十五日内"), "{text}");
        assert!(!text.contains("六个月"), "{text}");
        assert_eq!(text.matches("签名：").count(), 2, "{text}");
    }
}

/// 行政处罚法 52(2), 28(1): when it was done, when it was dealt with, what was ordered and not done, what is ordered now.
#[test]
fn a_decision_on_the_spot_tells_the_time_of_the_act_apart_from_the_time_of_handling() {
    use jiff::civil::date;
    let mut decision = on_spot_decision(Paper::A4);
    decision.conduct = (date(2026, 3, 2), date(2026, 3, 4));
    let text = flowing(&print(decision.clone()));
    assert!(text.contains("于2026年3月2日至2026年3月4日在金泽镇"), "{text}");
    assert!(text.contains("2026年3月5日9时12分，执法人员出示执法证件"), "{text}");
    assert!(text.contains("第二十八条第一款的规定，同时责令"), "{text}");
    assert!(text.contains("不予受理、驳回申请"), "行政复议法 34: {text}");
    let order = "执法人员于2026年3月5日9时5分当场责令改正".to_owned();
    decision.disobeyed = Some(Disobeyed { order, until: None });
    decision.order = "将桌椅移入店内".into();
    let text = flowing(&print(decision));
    assert!(text.contains("9时5分当场责令改正，你拒不改正。") && text.contains("将桌椅移入店内。"), "{text}");
}

/// A case has a name of its own, or is called by what was done.
#[test]
fn the_name_of_a_case_is_said_once_and_its_articles_in_the_numerals_of_the_statute() {
    let mut decision = penalty_decision();
    decision.cause = "某运输公司未密闭运输渣土案".into();
    decision.violations[0].breached = vec!["《中华人民共和国生态环境法典》第241条第1款".into()];
    decision.violations[0].basis = vec!["《中华人民共和国生态环境法典》第1129条第2款第（一）项".into()];
    let text = flowing(&print(decision));
    assert!(text.contains("某运输公司未密闭运输渣土一案（案号："), "{text}");
    assert!(!text.contains("案一案") && !text.contains("你单位某运输"), "{text}");
    assert!(
        text.contains("第二百四十一条第一款的规定") && text.contains("第一千一百二十九条第二款第（一）项"),
        "{text}"
    );
    let mut notice = penalty_notice(Notified::Defence);
    notice.cause = "涉嫌未密闭运输".into();
    assert!(flowing(&print(notice)).contains("你单位涉嫌未密闭运输一案，经本机关调查"));
}

/// 行政强制法第二十五条第三款: the time of a test is definite, told in writing, not counted, and costs the party nothing.
#[test]
fn a_test_of_what_is_seized_is_told_with_its_first_and_last_day() {
    let act = SeizureAct::Test {
        decision: "沪青城管扣字〔2026〕000007号".into(),
        what: "建筑垃圾成分检测，区质检所".into(),
        from: jiff::civil::date(2026, 3, 6),
        until: jiff::civil::date(2026, 3, 16),
    };
    let text = flowing(&print(seizure(Measure::Take, act)));
    assert!(text.contains("检测、检验、检疫、鉴定期间告知书"), "{text}");
    assert!(text.contains("自2026年3月6日起至2026年3月16日止，不计入扣押的期限"), "{text}");
    assert!(text.contains("建筑垃圾成分检测") && text.contains("费用由本机关承担"), "{text}");
}

#[test]
fn amounts_stand_in_digits_and_in_capitals_and_fines_are_added_up() {
    let text = flowing(&print(penalty_decision()));
    assert!(text.contains("处罚款人民币30,000.00元（大写：人民币叁万元整）"), "{text}");
    assert!(text.contains("处罚款人民币5,000.50元（大写：人民币伍仟元伍角）"), "{text}");
    assert!(text.contains("没收违法所得人民币1,200.00元（大写：人民币壹仟贰佰元整）"), "{text}");
    assert!(text.contains("以上罚款合计人民币35,000.50元（大写：人民币叁万伍仟元伍角）"), "{text}");
    assert!(!flowing(&print(on_spot_decision(Paper::A4))).contains("合计"));
}

/// 行政处罚法第七十二条 and 第七十三条第三款 belong to what has to be paid only.
#[test]
fn a_surcharge_is_threatened_only_where_something_is_to_be_paid() {
    assert!(flowing(&print(penalty_decision())).contains("每日按罚款数额的百分之三加处罚款"));
    let warning = flowing(&print(warning_decision()));
    assert!(!warning.contains("加处罚款") && !warning.contains("缴款"), "{warning}");
    assert!(warning.contains("警告。"));
    // What was gained unlawfully has to be paid as well, but nothing is added to it.
    let mut gains = penalty_decision();
    gains.penalties = Penalties(vec![Penalty::Gains { amount: Money::yuan(1200) }]);
    let gains = flowing(&print(gains));
    assert!(gains.contains("缴款期限") && !gains.contains("加处罚款"), "{gains}");
}

#[test]
fn a_day_that_is_not_known_stands_in_the_words_of_the_statute() {
    assert!(flowing(&print(penalty_decision())).contains("缴款期限：自收到本决定书之日起十五日内。"));
    let mut dated = penalty_decision();
    dated.payment.as_mut().unwrap().due = Due::On(jiff::civil::date(2026, 3, 21));
    assert!(flowing(&print(dated)).contains("缴款期限：2026年3月21日前（含当日）。"));
}

#[test]
fn a_notice_tells_of_the_rights_that_there_are() {
    let defence = flowing(&print(penalty_notice(Notified::Defence)));
    assert!(defence.contains("陈述、申辩权") && !defence.contains("听证"), "{defence}");
    let both_rights = flowing(&print(penalty_notice(both())));
    assert!(both_rights.contains("陈述、申辩权") && both_rights.contains("听证权"));
    let hearing = flowing(&print(penalty_notice(hearing_only())));
    assert!(hearing.contains("行政处罚听证告知书") && !hearing.contains("陈述、申辩权："));
    for text in [both_rights, hearing] {
        assert!(text.contains("不承担本机关组织听证的费用") && text.contains("委托一至二人代理"));
    }
}

/// 全过程记录: whoever is recorded signs every page, however long the record is.
#[test]
fn every_page_of_a_record_has_its_signatures_and_its_number() {
    let mut record = interview();
    let answer = record.answers[1].clone();
    record.answers.extend(std::iter::repeat_n(answer, 60));
    let printed = print(record);
    let pages = printed.pages.len();
    assert!(pages > 4);
    for (n, page) in printed.pages.iter().enumerate() {
        assert!(page.contains("被询问人签名、捺印："), "{page}");
        assert_eq!(page.matches("\n询问人签名").count() + page.matches(" 询问人签名").count(), 2, "{page}");
        assert!(page.contains(&format!("第 {} 页　共 {pages} 页", n + 1)), "{page}");
    }
}

#[test]
fn who_will_not_sign_is_noted_with_a_witness() {
    let text = flowing(&print(statement()));
    assert!(
        text.contains("拒绝签名情况：陈述申辩人未等笔录打印即离开，未签名。见证人：何某，本机关信访接待员")
    );
    assert!(flowing(&print(on_spot_collected())).contains("当事人认为处罚过重，拒绝签名"));
    // Where nobody refused yet there is a place for it, to be written by hand.
    let blank = flowing(&print(interview()));
    assert!(blank.contains("拒绝签名情况：事由：") && blank.contains("见证人签名："));
}

/// 行政强制法第二十四条第三款: the list is made twice.
#[test]
fn a_list_of_seized_things_is_a_page_of_its_own_kept_by_both_sides() {
    let printed = print(seizure(Measure::Take, decide()));
    let list = printed.pages.last().unwrap();
    for words in ["扣押清单", "沪青城管扣字〔2026〕000007号", "重型自卸货车", "（以下空白）", "一式二份"]
    {
        assert!(list.contains(words), "{words} is not in\n{list}");
    }
    assert!(!printed.pages[0].contains("（以下空白）"));
}

#[test]
fn one_model_makes_the_papers_of_a_sealing_and_of_a_seizure() {
    let titles: Vec<_> = [Measure::Seal, Measure::Take]
        .into_iter()
        .flat_map(|measure| {
            [decide(), extend(), release()].map(|act| Document::from(seizure(measure, act)).title())
        })
        .collect();
    assert_eq!(
        titles,
        [
            "查封决定书",
            "延长查封期限决定书",
            "解除查封决定书",
            "扣押决定书",
            "延长扣押期限决定书",
            "解除扣押决定书"
        ]
    );
}

#[test]
fn forms_and_records_are_no_drafts_and_notices_without_a_number_are() {
    assert!(!flowing(&print(filing(FilingKind::Open))).contains("文号待编"));
    assert!(flowing(&print(filing(FilingKind::Open))).contains("7KQ2-M9XD-4TRP"));
    let mut draft = penalty_decision();
    draft.head.number = None;
    let text = flowing(&print(draft));
    assert!(text.contains("（文号待编）") && !text.contains("7KQ2-M9XD-4TRP"));
}

#[test]
fn a_person_and_a_firm_are_spoken_to_differently() {
    assert!(flowing(&print(penalty_decision())).contains("对你单位作出如下行政处罚"));
    assert!(flowing(&print(on_spot_collected())).contains("当场对你作出如下行政处罚"));
}

#[test]
fn a_tip_needs_no_number_and_is_no_penalty() {
    let text = flowing(&print(tip(Paper::Roll58)));
    assert!(!text.contains("文号待编") && !text.contains("草稿"));
    assert!(text.contains("不是行政处罚"));
    assert!(flowing(&print(warning_slip(Paper::Roll80))).contains("不是行政处罚中的“警告”"));
}

/// Whatever is printed on a roll lies on one strip that is as wide as the roll.
#[test]
fn a_slip_on_a_roll_is_one_strip() {
    for (paper, width) in [(Paper::Roll80, 80.0), (Paper::Roll58, 58.0)] {
        for document in [
            Document::from(on_spot_decision(paper)),
            Document::from(tip(paper)),
            Document::from(warning_slip(paper)),
        ] {
            let printed = print(document);
            assert_eq!(printed.pages.len(), 1);
            let pdf = String::from_utf8_lossy(&printed.pdf).into_owned();
            let points = width / 25.4 * 72.0;
            let box_of = pdf.split("/MediaBox[").nth(1).or_else(|| pdf.split("/MediaBox [").nth(1)).unwrap();
            let wide: f64 = box_of.split_whitespace().nth(2).unwrap().parse().unwrap();
            assert!((wide - points).abs() < 0.1, "{wide} is not {points}");
        }
    }
}

/// 行政处罚法第七十五条第二款, 第四十八条第二款: revoked, paid back, taken off the public pages; and it can be challenged itself.
#[test]
fn a_revocation_says_what_becomes_of_money_and_publication() {
    let text = flowing(&print(revocation()));
    for words in [
        "撤销行政处罚决定书",
        "沪青城管撤字〔2026〕000001号",
        "撤销《行政处罚决定书》（沪青城管罚决字〔2026〕000041号）对你单位作出的行政处罚",
        "人民币35,000.50元（大写：人民币叁万伍仟元伍角），由本机关依法退还",
        "第四十八条第二款的规定，在三日内撤回",
        "申请行政复议",
        "7KQ2-M9XD-4TRP",
    ] {
        assert!(text.contains(words), "{words} is not in\n{text}");
    }
    let nothing = flowing(&print(Revocation { refund: None, published: false, ..revocation() }));
    assert!(!nothing.contains("退还") && !nothing.contains("公开"), "{nothing}");
}

#[test]
fn a_correction_shows_both_wordings_and_leaves_the_terms_alone() {
    let text = flowing(&print(amendment()));
    assert!(text.contains("原文：“上海市青浦区金泽镇某路3号”"), "{text}");
    assert!(text.contains("更正为：“上海市青浦区金泽镇某路8号”"), "{text}");
    assert!(text.contains("也不影响申请行政复议、提起行政诉讼的期限"), "{text}");
    assert!(text.contains("《中华人民共和国行政处罚法》第七十五条第二款"), "{text}");
}

/// 行政强制法第四十二条: stages, a reduced surcharge for what was made good, and force again when it is not kept.
#[test]
fn an_agreement_adds_up_and_is_signed_by_both_sides() {
    let text = flowing(&print(execution_agreement()));
    for words in [
        "加处罚款（计算至2026年4月2日）人民币11,550.17元",
        "乙方已经采取补救措施，减免加处罚款人民币1,550.17元",
        "乙方已经缴纳人民币5,000.50元",
        "尚应缴纳人民币40,000.00元（大写：人民币肆万元整）",
        "2026年6月30日前（含当日）",
        "恢复强制执行",
        "乙方（签名、盖章）：",
        "一式二份",
    ] {
        assert!(text.contains(words), "{words} is not in\n{text}");
    }
    let plain = ExecutionAgreement {
        surcharge: Money::fen(0),
        reduced: Money::fen(0),
        paid: Money::fen(0),
        left: Money::fen(3_500_050),
        parts: vec![Instalment { due: jiff::civil::date(2026, 4, 30), amount: Money::fen(3_500_050) }],
        ..execution_agreement()
    };
    let plain = flowing(&print(plain));
    assert!(!plain.contains("减免") && !plain.contains("已经缴纳"), "{plain}");
}

/// 行政强制法第三十九、四十条.
#[test]
fn enforcement_that_rests_goes_on_again_and_what_is_over_does_not() {
    let rests = flowing(&print(execution_stop(Stop::Rests { harmless: true })));
    assert!(rests.contains("中止执行通知书") && rests.contains("第三十九条第一款第一项"), "{rests}");
    assert!(rests.contains("恢复执行") && rests.contains("中止执行满三年"), "{rests}");
    assert!(!flowing(&print(execution_stop(Stop::Rests { harmless: false }))).contains("三年"));
    let over = flowing(&print(execution_stop(Stop::Over)));
    assert!(over.contains("终结执行通知书") && over.contains("第四十条第二项"), "{over}");
    assert!(!over.contains("恢复执行"), "{over}");
}

#[test]
fn what_a_demand_wants_is_exact() {
    let text = flowing(&print(demand(Then::Court)));
    assert!(text.contains("加处罚款计算至2026年4月2日"));
    assert!(text.contains("合计人民币46,550.67元（大写：人民币肆万陆仟伍佰伍拾元陆角柒分）"), "{text}");
    assert!(text.contains("将依法申请人民法院强制执行"));
    assert!(flowing(&print(demand(Then::Substitute))).contains("代履行或者委托没有利害关系的第三人代履行"));
    // Only a surcharge is left; gains stand by themselves; what must be done is told beside the money.
    let nothing = Money::fen(0);
    let late = Owed { principal: nothing, total: Money::fen(1_155_017), ..owed() };
    let text = flowing(&print(Demand { owed: Some(late), ..demand(Then::Court) }));
    assert!(text.contains("加处罚款人民币11,550.17元") && !text.contains("罚款本金"), "{text}");
    let gains = Owed { gains: Money::yuan(200), total: Money::fen(4_675_067), ..owed() };
    let both = Demand { owed: Some(gains), then: vec![Then::Court, Then::Own], ..demand(Then::Court) };
    let text = flowing(&print(both));
    assert!(text.contains("没收违法所得人民币200.00元"), "{text}");
    assert!(text.contains("申请人民法院强制执行；对缴款以外的义务，作出强制执行决定"), "{text}");
    let ordered = flowing(&print(Demand { owed: None, ..demand(Then::Own) }));
    assert!(!ordered.contains("加处罚款计算至") && ordered.contains("将依法作出强制执行决定"), "{ordered}");
}

#[test]
fn a_plan_of_what_is_left_says_what_is_left() {
    let due = jiff::civil::date(2026, 5, 30);
    let part = Instalment { due, amount: Money::yuan(700) };
    let plan = PaymentPlan {
        left: Money::yuan(500),
        gains: Money::yuan(200),
        instalments: vec![part],
        ..payment_plan()
    };
    let text = flowing(&print(plan));
    assert!(text.contains("决定处罚款人民币35,000.50元"), "{text}");
    assert!(
        text.contains("现尚欠罚款人民币500.00元") && text.contains("没收违法所得人民币200.00元"),
        "{text}"
    );
    assert!(!flowing(&print(payment_plan())).contains("现尚欠"));
}

#[test]
fn an_application_tells_the_court_of_remedies_that_were_had() {
    let none = flowing(&print(court_application()));
    assert!(none.contains("在法定期限内未申请行政复议、未提起行政诉讼"), "{none}");
    let remedies =
        vec!["被申请人于2026年4月1日申请行政复议，行政复议机关于2026年5月20日维持原决定（驳回）".into()];
    let had = flowing(&print(CourtApplication { remedies, ..court_application() }));
    assert!(had.contains("维持原决定（驳回）。被申请人仍不履行行政决定"), "{had}");
    assert!(!had.contains("未申请行政复议"), "{had}");
}

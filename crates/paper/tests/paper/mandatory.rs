//! What the law wants on a document is there, or the document is not made.

use super::{print, samples, try_print};
use lianzhi_paper::{AuthorisationKind, Document, PaperError, RefusalKind, TransferReason};

/// The names of what is missing.
pub fn missing(document: impl Into<Document>) -> Vec<String> {
    match document.into().check() {
        Err(PaperError::Missing { fields, .. }) => fields,
        other => panic!("nothing is missing: {other:?}"),
    }
}

/// Changes a sample and expects exactly these fields to be named.
macro_rules! without {
    ($sample:expr, |$model:ident| $change:expr, $($field:literal),+) => {{
        let mut $model = $sample;
        $change;
        assert_eq!($crate::mandatory::missing($model), [$($field),+]);
    }};
}

#[test]
fn samples_are_complete() {
    for (name, document) in samples::all() {
        assert!(document.check().is_ok(), "{name}: {:?}", document.check());
    }
}

#[test]
fn an_incomplete_document_is_not_printed_and_the_message_says_what_to_do() {
    let mut model = samples::lead_transfer();
    model.to = " ".into();
    model.materials.clear();
    let error = try_print(model).unwrap_err();
    assert_eq!(error.to_string(), "《案件移送函》缺少必填内容：受移送机关、移送材料");
}

#[test]
fn a_transfer_needs_receiver_cause_facts_grounds_measures_and_materials() {
    without!(samples::lead_transfer(), |m| m.to.clear(), "受移送机关");
    without!(samples::lead_transfer(), |m| m.cause.clear(), "案由");
    without!(samples::lead_transfer(), |m| m.source.clear(), "线索来源");
    without!(samples::lead_transfer(), |m| m.facts = "\n ".into(), "基本案情");
    without!(samples::lead_transfer(), |m| m.grounds.clear(), "移送理由");
    without!(samples::lead_transfer(), |m| m.basis.clear(), "移送依据");
    without!(samples::lead_transfer(), |m| m.measures.clear(), "已采取的措施");
    without!(samples::lead_transfer(), |m| m.materials[1].amount.clear(), "移送材料第2项：数量");
    without!(samples::lead_transfer(), |m| m.head.issuer.clear(), "发文机关");
    without!(samples::lead_transfer(), |m| m.head.contact = Default::default(), "联系人", "联系电话");
}

#[test]
fn a_transfer_may_not_know_the_party_yet() {
    let mut model = samples::lead_transfer();
    model.parties.clear();
    assert!(print(model).pages.concat().contains("当事人：尚未查明。"));
}

#[test]
fn a_request_needs_receiver_what_is_asked_basis_and_an_officer() {
    without!(samples::assistance_request(), |m| m.to.clear(), "受请求机关");
    without!(samples::assistance_request(), |m| m.requests.clear(), "请求事项");
    without!(samples::assistance_request(), |m| m.requests[2].detail.clear(), "请求事项第3项：具体内容");
    without!(samples::assistance_request(), |m| m.basis[0].clear(), "法律依据第1项：条款");
    without!(samples::assistance_request(), |m| m.officers.clear(), "承办人");
    without!(samples::assistance_request(), |m| m.officers[1].certificate.clear(), "承办人第2项：执法证号");
}

#[test]
fn a_reply_answers_each_point_and_says_where_evidence_is_from() {
    without!(samples::assistance_reply(), |m| m.in_reply_to.clear(), "来函文号");
    without!(samples::assistance_reply(), |m| m.outcomes[0].result.clear(), "办理情况第1项：办理结果");
    without!(samples::assistance_reply(), |m| m.unfinished[0].reason.clear(), "未完成事项第1项：原因");
    without!(samples::assistance_reply(), |m| m.evidence[3].source.clear(), "证据第4项：来源");
    without!(
        samples::assistance_reply(),
        |m| m.evidence[0].takers.truncate(1),
        "证据第1项：取证人（至少2项）"
    );
    without!(samples::assistance_reply(), |m| m.evidence[0].proof.clear(), "证据第1项：存证号");
    without!(samples::assistance_reply(), |m| m.qualification.clear(), "取证主体资格与来源说明");
    without!(samples::assistance_reply(), |m| m.forwarded.as_mut().unwrap().to.clear(), "转办：转往机关");
    without!(
        samples::assistance_reply(),
        |m| {
            m.outcomes.clear();
            m.unfinished.clear();
        },
        "办理情况"
    );
}

#[test]
fn a_reply_without_evidence_says_so() {
    let mut model = samples::assistance_reply();
    model.evidence.clear();
    model.qualification.clear();
    model.head.attachments.clear();
    let printed = print(model.clone());
    assert!(printed.pages.concat().contains("本次协助未取得证据材料。"));
    // What fewer than two officers took is material: it is said to be there, and for what it counts.
    model.head.attachments.push("现场照片".into());
    let printed = print(model).pages.concat();
    assert!(!printed.contains("未取得证据材料") && printed.contains("作为线索材料提供"), "{printed}");
}

#[test]
fn talks_and_petition_need_both_sides() {
    without!(samples::jurisdiction_talks(), |m| m.claims.truncate(1), "管辖主张（至少2项）");
    without!(samples::jurisdiction_talks(), |m| m.claims[1].grounds.clear(), "管辖主张第2项：理由");
    without!(samples::jurisdiction_talks(), |m| m.recorder.clear(), "记录人");
    without!(samples::jurisdiction_talks(), |m| m.course.clear(), "协商经过");
    without!(samples::jurisdiction_talks(), |m| m.result.clear(), "协商结果");
    without!(
        samples::jurisdiction_talks(),
        |m| std::mem::swap(&mut m.from, &mut m.until),
        "协商结束时间（不早于开始时间）"
    );
    without!(samples::jurisdiction_petition(), |m| m.signer.clear(), "签发人");
    without!(samples::jurisdiction_petition(), |m| m.to.clear(), "共同的上一级行政机关");
    without!(samples::jurisdiction_petition(), |m| m.talks.clear(), "协商情况");
    without!(samples::jurisdiction_petition(), |m| m.opinion.clear(), "意见");
    without!(samples::jurisdiction_petition(), |m| m.claims.clear(), "管辖主张（至少2项）");
}

#[test]
fn lists_name_two_officers_on_each_side_and_every_thing() {
    without!(samples::evidence_transfer(), |m| m.items.clear(), "证据");
    without!(samples::evidence_transfer(), |m| m.handover.givers.truncate(1), "移交人（至少2项）");
    without!(samples::evidence_transfer(), |m| m.handover.takers[0].name.clear(), "接收人第1项：姓名");
    without!(samples::goods_handover(), |m| m.owner.clear(), "当事人");
    without!(samples::goods_handover(), |m| m.items[0].state.clear(), "物品第1项：特征和状态");
    without!(samples::goods_handover(), |m| m.items[2].measure.clear(), "物品第3项：原措施文书");
    without!(samples::goods_handover(), |m| m.inspection.clear(), "核验情况");
}

#[test]
fn lists_that_are_signed_by_hand_have_places_for_two() {
    let mut model = samples::evidence_transfer();
    model.handover.givers.clear();
    model.handover.takers.clear();
    let text = print(model).pages.concat();
    assert_eq!(text.matches("签名：").count(), 4, "{text}");
}

#[test]
fn a_record_of_talks_of_which_only_its_time_is_known_says_that_and_leaves_names_to_be_written() {
    let mut model = samples::jurisdiction_talks();
    model.from = model.until;
    model.attendants.iter_mut().for_each(|a| a.name.clear());
    let text = print(model).pages.concat();
    assert!(text.contains("记录时间") && !text.contains("起止时间"), "{text}");
}

#[test]
fn a_warning_without_an_end_names_none() {
    let mut model = samples::bulletin();
    model.until = None;
    assert!(!print(model).pages.concat().contains("有效期"));
}

#[test]
fn what_may_be_a_crime_is_transferred_as_that() {
    let mut model = samples::lead_transfer();
    model.reason = TransferReason::Crime;
    assert!(print(model).pages.concat().contains("该行为涉嫌犯罪"));
}

#[test]
fn warnings_refusals_and_authorisations_say_why_and_how_far() {
    without!(samples::bulletin(), |m| m.to.clear(), "主送机关");
    without!(samples::bulletin(), |m| m.level.clear(), "预警级别");
    without!(samples::bulletin(), |m| m.advice.clear(), "工作建议");
    without!(samples::bulletin(), |m| m.audience.clear(), "知悉范围");
    without!(samples::letter(), |m| m.subject.clear(), "标题");
    without!(samples::letter(), |m| m.text.clear(), "正文");
    without!(samples::refusal(RefusalKind::Return), |m| m.grounds.clear(), "理由");
    without!(samples::refusal(RefusalKind::NoAssistance), |m| m.basis.clear(), "依据");
    without!(samples::authorisation(AuthorisationKind::Consent), |m| m.in_reply_to.clear(), "来函文号");
    without!(samples::authorisation(AuthorisationKind::Authorise), |m| m.area.clear(), "地域范围");
    without!(samples::authorisation(AuthorisationKind::Authorise), |m| m.powers.clear(), "执法事项");
    without!(
        samples::authorisation(AuthorisationKind::Authorise),
        |m| m.officers.clear(),
        "执法人员（至少2项）"
    );
    without!(
        samples::authorisation(AuthorisationKind::Authorise),
        |m| std::mem::swap(&mut m.from, &mut m.until),
        "截止日期（不早于起始日期）"
    );
}

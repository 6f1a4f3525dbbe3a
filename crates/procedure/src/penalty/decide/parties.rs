//! What is known of a party, completed or put right; and papers that lack what must stand on them.

use super::*;
use crate::penalty::Outcome;
use crate::penalty::command::Describing;

const WRITTEN: &str = "行政处罚法第四十四条、第五十九条；文书必备内容";

/// Particulars that were missing or wrong. Who the party is does not change any more once it was decided on.
pub(super) fn describe(case: &Case, what: &Describing, facts: &Facts<'_>) -> Result<Event, Refusal> {
    let by = officer(case, facts)?;
    let known = party(case, what.party)?;
    let particulars = what.particulars.part().ok_or_else(|| {
        Refusal::invalid("party", "没有写要补正的内容。", "请填写要补充或者更正的项目，其余的不用填。")
            .from_source(WRITTEN)
    })?;
    // A number that is not said again stays what it was.
    let key = facts.look_ups.subject.or(known.subject.key);
    let another = facts.look_ups.renamed || (known.subject.key.is_some() && key != known.subject.key);
    let told = known.rights.notice.is_some() || !matches!(case.outcome, Outcome::Open);
    if another && told {
        return Err(no(
            "told",
            "已经告知或者作出决定，不能在这里改换当事人的姓名、名称或者证件号码。",
            "写错字的，报批更正；认错了人的，报批撤销决定，重新调查、告知。住址、法定代表人、电话可以补正。",
            "行政处罚法第五十九条、第七十五条第二款",
        ));
    }
    Ok(Event::PartyDescribed { party: known.subject.id, particulars, key, by, at: facts.now })
}

/// What goes out says what it says in full: a character that no font has is a gap on paper, in a name above all (行政处罚法 59(1)(一)).
/// Written in by hand, stamped and scanned it is what it says.
pub(crate) fn legible(what: &str, act: &str, facts: &Facts<'_>) -> Result<(), Refusal> {
    let gaps = &facts.look_ups.unprintable;
    if gaps.is_empty() {
        return Ok(());
    }
    Err(no(
        "lacking-characters",
        format!("《{what}》里有字库没有的字，打印出来是“□”：{}，不能{act}。", gaps.join("、")),
        "请打印后由执法人员手写补上这些字并盖章，扫描后用“上传签发件”登记，再送达；也可以请管理员安装含有这些字的字体。",
        "行政处罚法第五十九条第一款第一项",
    ))
}

/// Whoever signs knows of the characters that no font has: he signs when they are written in by hand.
pub(super) fn legible_or_by_hand(what: &str, facts: &Facts<'_>) -> Result<(), Refusal> {
    legible(what, "直接签发", facts).map_err(|refusal| Refusal {
        field: Some("by_hand"),
        remedy: "请勾选“缺字手工补写”后签发：打印后由执法人员手写补上这些字并盖章，扫描后用“上传签发件”登记，再送达。\
                 也可以先请管理员安装含有这些字的字体。"
            .into(),
        ..refusal
    })
}

/// A paper that goes out bears all that the law wants on it; one that lacks something cannot be signed and cannot be served.
pub(crate) fn complete(what: &str, act: &str, facts: &Facts<'_>) -> Result<(), Refusal> {
    let lacking = &facts.look_ups.lacking;
    if lacking.is_empty() {
        return Ok(());
    }
    Err(no(
        "paper-incomplete",
        format!("《{what}》缺少必填内容：{}，不能{act}。", lacking.join("、")),
        "当事人的住址、法定代表人、负责人用“补正当事人信息”填写；物品清单等在“决定与文书”里打开这份文书填写；\
         复议机关、法院、缴款方式由管理员在“管理—设置”里填写。",
        WRITTEN,
    ))
}

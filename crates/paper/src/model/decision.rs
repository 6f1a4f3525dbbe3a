//! 行政处罚事先告知书、听证告知书 (D14, D15), 行政处罚决定书 (D17) and 不予行政处罚决定书 (D19).

use super::{Model, headed};
use crate::case::{Discretion, Due, Payment, Penalties, Remedy, Subject, Violation};
use crate::{Head, Needs};
use jiff::civil::Date;
use serde::Serialize;

/// The right to a hearing (行政处罚法第六十三、六十四条).
#[derive(Debug, Clone, Serialize)]
pub struct HearingRight {
    /// Why there is one: the item of article 63, or the local threshold with its source.
    pub scope: String,
    /// Until when it can be asked for: 收到本告知书之日起五个工作日内 where the day is not known.
    pub due: Due,
    /// How it is asked for, and where.
    pub way: String,
}

impl HearingRight {
    fn needs(&self, needs: &mut Needs) {
        needs.part("听证", |needs| {
            needs.text("听证范围", &self.scope);
            self.due.needs("申请期限", needs);
            needs.text("申请方式", &self.way);
        });
    }
}

/// What the notice tells of a hearing.
#[derive(Debug, Clone, Serialize)]
#[serde(tag = "kind", content = "right", rename_all = "snake_case")]
pub enum Notified {
    /// 行政处罚事先告知书: there is no right to a hearing.
    Defence,
    /// 行政处罚听证告知书 that tells of statement, defence and hearing together.
    Both(HearingRight),
    /// 行政处罚听证告知书, beside a notice of its own for statement and defence.
    Hearing(HearingRight),
}

/// 行政处罚事先告知书 or 行政处罚听证告知书 (行政处罚法第四十四、六十二至六十四条).
#[derive(Debug, Clone, Serialize)]
pub struct PenaltyNotice {
    /// Head and foot.
    pub head: Head,
    /// 当事人.
    pub subject: Subject,
    /// 案由.
    pub cause: String,
    /// Facts, evidence, provisions, tier of each conduct.
    pub violations: Vec<Violation>,
    /// 拟处罚种类与幅度.
    pub penalties: Penalties,
    /// Until when statement and defence are heard: an agency's own term where the law has none.
    pub defence_due: Due,
    /// How statement and defence are made, and where.
    pub defence_way: String,
    /// Whether there is a right to a hearing.
    pub notified: Notified,
}

impl Model for PenaltyNotice {
    headed!();

    fn title(&self) -> Option<&'static str> {
        Some(match self.notified {
            Notified::Defence => "行政处罚事先告知书",
            Notified::Both(_) | Notified::Hearing(_) => "行政处罚听证告知书",
        })
    }

    fn needs(&self, needs: &mut Needs) {
        self.head.needs(needs);
        needs.part("当事人", |needs| self.subject.needs(needs));
        needs.text("案由", &self.cause);
        needs.list("违法行为", &self.violations, 1, |needs, violation| violation.needs(needs));
        self.penalties.needs("拟作出的行政处罚", needs);
        match &self.notified {
            Notified::Defence => {}
            Notified::Both(right) | Notified::Hearing(right) => right.needs(needs),
        }
        if !matches!(self.notified, Notified::Hearing(_)) {
            self.defence_due.needs("陈述申辩期限", needs);
            needs.text("陈述申辩方式", &self.defence_way);
        }
    }
}

/// A document that was served before: what, under which number, when.
#[derive(Debug, Clone, Serialize)]
pub struct Served {
    /// 文书名称, without 《》.
    pub title: String,
    /// 文号.
    pub number: String,
    /// When it was served.
    pub on: Date,
}

impl Served {
    /// Title and number.
    pub fn needs(&self, needs: &mut Needs) {
        needs.text("文书名称", &self.title);
        needs.text("文号", &self.number);
    }
}

/// What was told and heard before the decision (行政处罚法第四十四、四十五、六十三至六十五条).
#[derive(Debug, Clone, Serialize)]
pub struct Heard {
    /// The notices that were served.
    pub notices: Vec<Served>,
    /// 陈述申辩、听证及采纳情况: what the party said, whether it was followed, and why.
    pub outcome: String,
}

impl Heard {
    fn needs(&self, needs: &mut Needs) {
        needs.list("告知文书", &self.notices, 1, |needs, served| served.needs(needs));
        needs.text("陈述申辩、听证及采纳情况", &self.outcome);
    }
}

/// What has to be put right with the penalty (行政处罚法第二十八条第一款).
#[derive(Debug, Clone, Serialize)]
pub struct Correct {
    /// 改正内容.
    pub what: String,
    /// Until when; 立即 is said in words.
    pub due: Due,
}

impl Correct {
    fn needs(&self, needs: &mut Needs) {
        needs.part("责令改正", |needs| {
            needs.text("改正内容", &self.what);
            self.due.needs("改正期限", needs);
        });
    }
}

/// 行政处罚决定书 of the ordinary procedure (行政处罚法第五十七、五十九条).
#[derive(Debug, Clone, Serialize)]
pub struct PenaltyDecision {
    /// Head and foot.
    pub head: Head,
    /// 当事人.
    pub subject: Subject,
    /// 案由.
    pub cause: String,
    /// 案号 and the day of filing.
    pub case_number: String,
    /// When the case was opened.
    pub filed: Date,
    /// Facts, evidence, provisions, tier of each conduct.
    pub violations: Vec<Violation>,
    /// What was told and heard before.
    pub heard: Heard,
    /// The penalties.
    pub penalties: Penalties,
    /// What has to be put right as well: orders that were not met yet.
    pub correct: Vec<Correct>,
    /// What was ordered before and is put right already, a sentence each.
    pub corrected: Vec<String>,
    /// How a fine is paid; mandatory when something has to be paid.
    pub payment: Option<Payment>,
    /// How penalties other than money are carried out, and until when (第五十九条第一款第四项); mandatory where there are any. A
    /// warning is carried out by being served.
    pub performance: String,
    /// Where it can be challenged.
    pub remedy: Remedy,
}

impl Model for PenaltyDecision {
    headed!();

    fn needs(&self, needs: &mut Needs) {
        self.head.needs(needs);
        needs.part("当事人", |needs| self.subject.needs(needs));
        needs.text("案由", &self.cause);
        needs.text("案号", &self.case_number);
        needs.list("违法行为", &self.violations, 1, |needs, violation| violation.needs(needs));
        self.heard.needs(needs);
        self.penalties.needs("行政处罚", needs);
        for correct in &self.correct {
            correct.needs(needs);
        }
        match &self.payment {
            Some(payment) => payment.needs(needs),
            None => needs.that("缴款期限和方式", !self.penalties.payable()),
        }
        if self.penalties.performed() {
            needs.text("履行方式和期限", &self.performance);
        }
        self.remedy.needs(needs);
    }
}

/// Why there is no penalty (行政处罚法第三十、三十一、三十三、五十七条).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum NoPenaltyGround {
    /// 违法行为轻微并及时改正，没有造成危害后果: there must be none (第三十三条第一款).
    Slight,
    /// 初次违法且危害后果轻微并及时改正: there may be none (第三十三条第一款).
    First,
    /// 有证据足以证明没有主观过错 (第三十三条第二款).
    NoFault,
    /// 不满十四周岁 or 不能辨认或者不能控制自己行为 (第三十、三十一条).
    NoCapacity,
    /// 违法事实不能成立 (第五十七条第一款第三项).
    NotProved,
    /// 超过追责时效 (第三十六条).
    TimeBarred,
}

/// 不予行政处罚决定书 (行政处罚法第三十三条, 第五十七条第一款第二、三项).
#[derive(Debug, Clone, Serialize)]
pub struct NoPenaltyDecision {
    /// Head and foot.
    pub head: Head,
    /// 当事人.
    pub subject: Subject,
    /// 案由.
    pub cause: String,
    /// 案号.
    pub case_number: String,
    /// What was found; where it was not proved, what was looked into.
    pub facts: String,
    /// 证据, one each.
    pub evidence: Vec<String>,
    /// 违反的条款; none where the facts were not proved, else mandatory.
    pub breached: Vec<String>,
    /// Kind of the ground.
    pub ground: NoPenaltyGround,
    /// Why the ground is given here; where nothing was proved, what was found instead.
    pub reasons: String,
    /// 依据: law and article.
    pub basis: Vec<String>,
    /// 裁量, where a benchmark or a list was applied.
    pub discretion: Option<Discretion>,
    /// 教育 (第三十三条第三款): what the party was told, by whom, when; mandatory where a party that answers for itself is spared.
    pub education: String,
    /// What the guardian is ordered to do (第三十、三十一条); mandatory where the party cannot answer for itself.
    pub guardian: String,
    /// Where it can be challenged.
    pub remedy: Remedy,
}

impl Model for NoPenaltyDecision {
    headed!();

    fn needs(&self, needs: &mut Needs) {
        self.head.needs(needs);
        needs.part("当事人", |needs| self.subject.needs(needs));
        needs.text("案由", &self.cause);
        needs.text("案号", &self.case_number);
        needs.text("查明的事实", &self.facts);
        needs.list("证据", &self.evidence, 1, |needs, evidence| needs.text("内容", evidence));
        crate::case::articles("不予处罚的依据", &self.basis, needs);
        needs.text("不予处罚的理由", &self.reasons);
        let proved = self.ground != NoPenaltyGround::NotProved;
        if proved {
            crate::case::articles("违反的条款", &self.breached, needs);
        } else {
            needs.that("违反的条款（违法事实不能成立的不写）", self.breached.is_empty());
        }
        match self.ground {
            NoPenaltyGround::Slight | NoPenaltyGround::First | NoPenaltyGround::NoFault => {
                needs.text("教育情况", &self.education);
            }
            NoPenaltyGround::NoCapacity => needs.text("责令监护人的内容", &self.guardian),
            NoPenaltyGround::NotProved | NoPenaltyGround::TimeBarred => {}
        }
        if let Some(discretion) = &self.discretion {
            discretion.needs(needs);
        }
        self.remedy.needs(needs);
    }
}

//! What statistics and comparisons need of a case: one line for each party and violation, with what came of it. Made from the
//! state of penalty cases, decisions on the spot and slips, and from nothing else.

use crate::AnyState;
use crate::penalty::{self, Case, Charge, Filing, Opinion, Party, Remedy, RemedyEnd, RemedyKind, Violation};
use crate::slip::{self, File as Slips};
use crate::spot::{self, Sheet};
use crate::words::words;
use jiff::Timestamp;

words! {
    /// What came of it.
    Result {
        /// Nothing yet.
        Open = "open", "尚未决定";
        /// A penalty that stands.
        Penalty = "penalty", "给予处罚";
        /// 不予处罚.
        Spared = "no_penalty", "不予处罚";
        /// 移送公安机关.
        Crime = "crime", "移送公安机关";
        /// 移送其他机关.
        Transferred = "transferred", "移送其他机关";
        /// An order to correct or to pull down, and no penalty.
        Ordered = "ordered", "责令改正、限期拆除";
        /// 撤销立案.
        Dropped = "dropped", "撤销立案";
        /// 不予立案.
        NotFiled = "not_filed", "不予立案";
        /// A penalty that was revoked or found unlawful.
        Annulled = "annulled", "处罚决定被撤销";
        /// Goes on as another procedure.
        Over = "over", "转其他程序办理";
        /// Put right after a slip.
        Corrected = "corrected", "提示、警示后改正";
        /// Told by a slip; not put right, or nothing had to be.
        Told = "told", "已提示、警示";
    }
}

words! {
    /// Whether the agency kept its terms.
    Kept {
        /// Work goes on, and none has passed.
        Running = "running", "在办，没有超期";
        /// Done, and none had passed.
        Kept = "kept", "办结，没有超期";
        /// One passed.
        Missed = "missed", "有期限超期";
    }
}

words! {
    /// How the first legal review ended (行政处罚法 58).
    Reviewed {
        /// None is demanded and none was made.
        None = "none", "没有审核";
        /// Demanded, and not made yet.
        Owed = "owed", "应当审核，尚未审核";
        /// 同意.
        Agree = "agree", "同意";
        /// 纠正.
        Correct = "correct", "建议纠正";
        /// 补充.
        Supplement = "supplement", "退回补充";
        /// 不同意.
        Disagree = "disagree", "不同意";
        /// 移送.
        Transfer = "transfer", "建议移送";
    }
}

impl From<Opinion> for Reviewed {
    fn from(opinion: Opinion) -> Self {
        match opinion {
            Opinion::Agree => Reviewed::Agree,
            Opinion::Correct => Reviewed::Correct,
            Opinion::Supplement => Reviewed::Supplement,
            Opinion::Disagree => Reviewed::Disagree,
            Opinion::Transfer => Reviewed::Transfer,
        }
    }
}

words! {
    /// Reconsideration and lawsuit with their end; of several the last.
    Challenge {
        /// None.
        None = "none", "没有复议、诉讼";
        /// 行政复议 goes on.
        Reconsideration = "reconsideration", "复议中";
        /// 行政诉讼 goes on.
        Lawsuit = "lawsuit", "诉讼中";
        /// 复议维持.
        ReconsiderationUpheld = "reconsideration_upheld", "复议维持（驳回）";
        /// 复议变更.
        ReconsiderationChanged = "reconsideration_changed", "复议变更";
        /// 复议撤销, 确认违法.
        ReconsiderationLost = "reconsideration_lost", "复议撤销、确认违法";
        /// 诉讼维持.
        LawsuitUpheld = "lawsuit_upheld", "诉讼驳回";
        /// 诉讼变更.
        LawsuitChanged = "lawsuit_changed", "诉讼变更";
        /// 诉讼撤销, 确认违法.
        LawsuitLost = "lawsuit_lost", "诉讼撤销、确认违法";
        /// 撤回.
        Withdrawn = "withdrawn", "撤回（终止）";
    }
}

impl Challenge {
    fn of(remedies: &[Remedy]) -> Challenge {
        let Some(last) = remedies.last() else { return Challenge::None };
        let review = last.kind == RemedyKind::Reconsideration;
        match last.ended.map(|(end, _)| end) {
            None if review => Challenge::Reconsideration,
            None => Challenge::Lawsuit,
            Some(RemedyEnd::Withdrawn) => Challenge::Withdrawn,
            Some(RemedyEnd::Upheld) if review => Challenge::ReconsiderationUpheld,
            Some(RemedyEnd::Upheld | RemedyEnd::Restored) => Challenge::LawsuitUpheld,
            Some(RemedyEnd::Changed) if review => Challenge::ReconsiderationChanged,
            Some(RemedyEnd::Changed) => Challenge::LawsuitChanged,
            Some(_) if review => Challenge::ReconsiderationLost,
            Some(_) => Challenge::LawsuitLost,
        }
    }
}

/// A party and a violation of a case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Code of the item.
    pub item: String,
    /// 单位 or 个人, as bases of items name it.
    pub subject: &'static str,
    /// What came of it.
    pub result: Result,
    /// Whether the terms of the agency were kept, of the whole matter.
    pub kept: Kept,
    /// The first legal review, of the whole matter.
    pub reviewed: Reviewed,
    /// Reconsideration and lawsuit.
    pub challenge: Challenge,
    /// Tier of the benchmark; empty where there is none.
    pub tier: String,
    /// Circumstances by their codes in the law data, in their order.
    pub circumstances: Vec<String>,
    /// When it was decided.
    pub decided: Option<Timestamp>,
    /// Fine as decided (and standing), fen; what is only planned does not count.
    pub fine: i64,
    /// Of what the party paid, the share of this line, fen.
    pub paid: i64,
}

/// The lines of a docket; none where it is no case, was joined to another, or was begun by mistake.
#[must_use]
pub fn lines(state: &AnyState) -> Vec<Line> {
    match state {
        AnyState::Penalty(state) => state.case().map(of_case).unwrap_or_default(),
        AnyState::Spot(state) => state.sheet().and_then(of_sheet).into_iter().collect(),
        AnyState::Slip(state) => state.file().and_then(of_slip).into_iter().collect(),
        _ => Vec::new(),
    }
}

/// Whether dockets of a kind have lines.
#[must_use]
pub fn has_lines(kind: &str) -> bool {
    [crate::Kind::Penalty, crate::Kind::Spot, crate::Kind::Slip].iter().any(|k| k.code() == kind)
}

fn kept(missed: bool, open: bool) -> Kept {
    match (missed, open) {
        (true, _) => Kept::Missed,
        (false, true) => Kept::Running,
        (false, false) => Kept::Kept,
    }
}

/// How the last decision on a party was challenged: the one that stands, or the one that fell before it.
fn challenged<'a>(case: &'a Case, party: &'a Party) -> &'a [Remedy] {
    let fell = case.anew.iter().rev().flat_map(|anew| &anew.parties);
    let mut fell =
        fell.filter(|(id, ..)| *id == party.subject.id).map(|(_, _, remedies)| remedies.as_slice());
    match party.remedies.as_slice() {
        [] => fell.find(|remedies| !remedies.is_empty()).unwrap_or_default(),
        own => own,
    }
}

fn of_case(case: &Case) -> Vec<Line> {
    if case.joined_to.is_some() {
        return Vec::new();
    }
    let missed = case.clocks.iter().any(|w| w.expired && w.clock.term.is_ours());
    let reviewed = match case.plan_reviews().next().or(case.reviews.first()) {
        Some(review) => review.opinion.into(),
        None if penalty::rules::review_owed(case) => Reviewed::Owed,
        None => Reviewed::None,
    };
    let of_party = |party: &Party, violation: &Violation, charge: Option<&Charge>, (fine, paid)| {
        let (result, decided) = result(case, party);
        Line {
            item: violation.item.clone(),
            subject: party.subject.kind.subject(),
            result,
            kept: kept(missed, case.open()),
            reviewed,
            challenge: Challenge::of(challenged(case, party)),
            tier: charge.map(|c| c.tier.clone()).unwrap_or_default(),
            circumstances: charge.map(|c| c.circumstances.clone()).unwrap_or_default(),
            decided,
            fine: if result == Result::Penalty { fine } else { 0 },
            paid,
        }
    };
    let mut all = Vec::new();
    for party in case.accounted() {
        if party.charges.is_empty() {
            all.extend(case.violations.iter().map(|v| of_party(party, v, None, (0, 0))));
            continue;
        }
        let shares = shares(party);
        for (charge, share) in party.charges.iter().zip(shares) {
            if let Some(violation) = case.violation(charge.violation) {
                all.push(of_party(party, violation, Some(charge), share));
            }
        }
    }
    all
}

/// Fine and payment of a party by its charges. What was changed by a remedy, and what was paid, is shared in proportion; the last
/// takes what does not divide.
fn shares(party: &Party) -> Vec<(i64, i64)> {
    let planned: i64 = party.charges.iter().map(|c| c.fine).sum();
    let share = |whole: i64| {
        let mut left = whole;
        let last = party.charges.len().saturating_sub(1);
        let each = party.charges.iter().enumerate().map(|(n, charge)| {
            let part = match (n == last, planned) {
                (true, _) => left,
                (false, 0) => 0,
                (false, planned) => {
                    let part = i128::from(whole) * i128::from(charge.fine) / i128::from(planned);
                    i64::try_from(part).unwrap_or(0)
                }
            };
            left -= part;
            part
        });
        each.collect::<Vec<_>>()
    };
    share(party.money.fine).into_iter().zip(share(party.money.paid())).collect()
}

fn result(case: &Case, party: &Party) -> (Result, Option<Timestamp>) {
    use penalty::Outcome;
    match (&case.outcome, case.filing) {
        (Outcome::Penalty { at, .. }, _) if party.annulled.is_some() => (Result::Annulled, Some(*at)),
        (Outcome::Penalty { at, .. }, _) => (Result::Penalty, Some(*at)),
        (Outcome::NoPenalty { at, .. }, _) => (Result::Spared, Some(*at)),
        (Outcome::Crime { at, .. }, _) => (Result::Crime, Some(*at)),
        (Outcome::Dropped { at }, _) => (Result::Dropped, Some(*at)),
        (Outcome::Open, Filing::NotFiled { at }) => (Result::NotFiled, Some(at)),
        (Outcome::Transferred(transfer), _) => (Result::Transferred, Some(transfer.at)),
        (Outcome::Open, _) => match &case.closed {
            Some(closed) => (Result::Ordered, Some(closed.at)),
            None => (Result::Open, None),
        },
    }
}

fn of_sheet(sheet: &Sheet) -> Option<Line> {
    use spot::Outcome;
    let (result, decided) = match &sheet.outcome {
        Outcome::Voided { .. } => return None,
        Outcome::Open => (Result::Open, None),
        Outcome::Imposed(i) if i.annulled.is_some() => (Result::Annulled, Some(i.at)),
        Outcome::Imposed(i) => (Result::Penalty, Some(i.at)),
        Outcome::Spared { at, .. } => (Result::Spared, Some(*at)),
        Outcome::Ordinary { at, .. } => (Result::Over, Some(*at)),
    };
    let imposed = sheet.imposed();
    let missed = sheet.clocks.iter().any(|w| w.expired && w.term.ours());
    let told = sheet.told.as_ref();
    Some(Line {
        item: sheet.opening.violation.item.clone(),
        subject: sheet.opening.subject.kind.subject(),
        result,
        kept: kept(missed, sheet.open()),
        reviewed: Reviewed::None,
        challenge: Challenge::of(imposed.map(|i| i.remedies.as_slice()).unwrap_or_default()),
        tier: told.map(|t| t.tier.clone()).unwrap_or_default(),
        circumstances: told.map(|t| t.circumstances.clone()).unwrap_or_default(),
        decided,
        fine: imposed.filter(|_| result == Result::Penalty).map_or(0, |i| i.sanction.fine),
        paid: imposed.map_or(0, |i| i.money.paid()),
    })
}

fn of_slip(slip: &Slips) -> Option<Line> {
    let result = match slip.stage() {
        slip::Stage::Withdrawn => return None,
        slip::Stage::Given => Result::Open,
        slip::Stage::Corrected => Result::Corrected,
        slip::Stage::Ignored | slip::Stage::Told => Result::Told,
        slip::Stage::Over => Result::Over,
    };
    Some(Line {
        item: slip.given.item.clone(),
        subject: slip.given.subject.kind.subject(),
        result,
        kept: kept(slip.clocks.iter().any(|w| w.expired), slip.open()),
        reviewed: Reviewed::None,
        challenge: Challenge::None,
        tier: String::new(),
        circumstances: Vec::new(),
        decided: (result != Result::Open).then_some(slip.changed),
        fine: 0,
        paid: 0,
    })
}

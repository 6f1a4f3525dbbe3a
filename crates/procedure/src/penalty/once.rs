//! One act, one fine (一事不二罚, 行政处罚法 29): in other cases of the same party and within the case itself.

use super::charge::{Charge, Told};
use super::matters::Violation;
use super::rules::no;
use super::state::{Case, Outcome, Party};
use super::words::NoPenaltyGround;
use crate::facts::Gone;
use crate::{Facts, Prior, Refusal};
use lianzhi_ids::Digest;

const SOURCE: &str = "行政处罚法第二十九条";
const OTHER: &str = "确属另一个违法行为的，请更正违法行为的起止日期。";

/// The same act is not fined twice (29): cases of the same party for the same item at the same time.
pub(super) fn once_only(case: &Case, facts: &Facts<'_>) -> Option<Refusal> {
    // A fine for further days follows from the first by law (生态环境法典 1060).
    let first = case.daily_of.as_ref().map(|d| d.number.as_str());
    let bars = |prior: &&Prior| case.violations.iter().any(|v| prior.bars(&v.item, v.from, v.to));
    let prior =
        facts.look_ups.prior.iter().filter(|prior| Some(prior.number.as_str()) != first).find(bars)?;
    Some(twice(prior, "请并案办理"))
}

/// What says that it is dealt with or was fined already; `go_on`: where it is dealt with now.
pub(crate) fn twice(prior: &Prior, go_on: &str) -> Refusal {
    let number = &prior.number;
    let (done, remedy) = match &prior.by {
        _ if prior.gone.is_some() => {
            let gone = prior.gone.map_or("", Gone::title);
            let remedy = format!("不得以行政处罚代替移送；对方不接受而退回的，请在该案继续办理；{OTHER}");
            (format!("已随 {number} {gone}"), remedy)
        }
        _ if prior.open => (format!("正由 {number} 办理"), format!("{go_on}；{OTHER}")),
        Some(by) => {
            (format!("已由{by}以 {number} 给予罚款（处罚结果已经互认），不得再次罚款"), OTHER.to_owned())
        }
        None => (format!("已由 {number} 给予罚款，不得再次罚款"), OTHER.to_owned()),
    };
    let source =
        if prior.gone.is_some() { "行政处罚法第二十七条、第二十九条" } else { SOURCE };
    no("once-only", format!("同一当事人的同一违法行为{done}。"), remedy, source)
}

/// What a case means for a later one of the same party, by the keyed digest of its number. What was not filed or was dropped means
/// nothing; what went to the police or to another agency is dealt with there until it comes back.
#[must_use]
pub fn priors(case: &Case, key: &Digest) -> Vec<Prior> {
    let undecided = case.open() && matches!(case.outcome, Outcome::Open);
    let gone = match &case.outcome {
        Outcome::Crime { .. } => Some(Gone::Police),
        Outcome::Transferred(_) => Some(Gone::Agency),
        _ => None,
    };
    let counts = undecided
        || gone.is_some()
        || match &case.outcome {
            Outcome::Penalty { .. } => true,
            Outcome::NoPenalty { ground, .. } => {
                matches!(ground, NoPenaltyGround::Minor | NoPenaltyGround::First)
            }
            _ => false,
        };
    let same = |party: &&Party| party.subject.key == Some(*key) && party.annulled.is_none();
    let parties: Vec<_> = case.present().filter(same).collect();
    if !counts || parties.is_empty() {
        return Vec::new();
    }
    let fined = |violation: u16| {
        matches!(case.outcome, Outcome::Penalty { .. })
            && parties.iter().any(|p| p.charges.iter().any(|c| c.violation == violation && c.fine > 0))
    };
    let one = |v: &Violation| Prior {
        number: case.number.clone(),
        item: v.item.clone(),
        from: v.from,
        to: v.to,
        open: undecided,
        fined: fined(v.id),
        gone,
        by: None,
        over: None,
        point: None,
    };
    case.violations.iter().map(one).collect()
}

/// What else the parties are or were fined for on a day of this conduct, under another item: perhaps the same act (29).
fn other_items<'a>(violation: &'a Violation, facts: &Facts<'a>) -> impl Iterator<Item = &'a Prior> {
    let same_day =
        move |prior: &&Prior| prior.item != violation.item && prior.same_day(violation.from, violation.to);
    facts.look_ups.other_items.iter().filter(same_day)
}

/// The numbers of what else they are or were fined for on a day of any conduct of the case.
pub(super) fn beside(case: &Case, facts: &Facts<'_>) -> Vec<String> {
    let all = case.violations.iter().flat_map(|violation| other_items(violation, facts));
    let mut numbers: Vec<_> = all.map(|prior| prior.number.clone()).collect();
    numbers.sort_unstable();
    numbers.dedup();
    numbers
}

/// The fine that stands for a day of this conduct under another item: one act that breaks several rules is fined once, by the rule with the
/// higher fine. Whether it is another act, the officers say and give their reasons.
pub(super) fn fined_otherwise<'a>(violation: &'a Violation, facts: &Facts<'a>) -> Option<&'a Prior> {
    other_items(violation, facts).find(|prior| prior.fined)
}

/// The same as a refusal.
pub(super) fn one_fine(prior: &Prior) -> Refusal {
    let (number, item) = (&prior.number, &prior.item);
    no(
        "once-only",
        format!(
            "同一当事人同日的行为已由 {number} 按另一事项（{item}）给予罚款。同一个违法行为违反多个法律规范应当给予罚款处罚的，按照罚款数额高的规定处罚，不得再次罚款。"
        ),
        "属于同一个违法行为的，不再罚款；确属另一个违法行为的，勾选“另一个违法行为”，并在理由中写明。",
        SOURCE,
    )
}

/// Fines that are charged though the parties were fined for that day under another item, and nobody said that it is another act.
pub(super) fn fined_under_another(case: &Case, facts: &Facts<'_>) -> Option<Refusal> {
    let charges = case.present().flat_map(|party| &party.charges).filter(|c| c.fine > 0 && !c.apart);
    let fined = |charge: &Charge| fined_otherwise(case.violation(charge.violation)?, facts);
    charges.filter_map(fined).next().map(one_fine)
}

impl Case {
    /// All that a party was told, in this case and before it, as it goes along into another: earlier notices bind as the last one
    /// does (45(2)).
    #[must_use]
    pub fn told_along(&self, party: &Party) -> Vec<Told> {
        let id = party.subject.id;
        let reached = party.rights.notices().filter(|notice| self.served(notice.paper, id).is_some());
        let told = reached.flat_map(|notice| &notice.charges).map(Told::of);
        told.chain(self.told_before.iter().filter(|told| told.party == id).cloned()).collect()
    }
}

/// Whether two violations of a case are one act: the same one, or one that was entered or brought along a second time.
pub(super) fn same_act(case: &Case, one: u16, other: u16) -> bool {
    let both = case.violation(one).zip(case.violation(other));
    one == other || both.is_some_and(|(one, other)| one.same_act(other))
}

/// A fine of this party for the act of a violation that stands under another number already.
pub(super) fn fined_beside(case: &Case, party: &Party, violation: u16) -> Option<Refusal> {
    let fined = party.charges.iter().filter(|c| c.fine > 0 && c.violation != violation);
    let other = fined.map(|c| c.violation).find(|other| same_act(case, *other, violation))?;
    Some(no(
        "once-only",
        format!(
            "违法行为 {other} 与违法行为 {violation} 是同一当事人的同一个违法行为，不得给予两次以上罚款。"
        ),
        format!("请只就其中一项拟定罚款；{OTHER}"),
        SOURCE,
    ))
}

/// Two fines of one party for one act within the case, whether entered twice or brought along by another case.
pub(super) fn twice_here(case: &Case) -> Option<Refusal> {
    case.present().find_map(|party| {
        let fined = party.charges.iter().filter(|c| c.fine > 0);
        fined.map(|c| c.violation).find_map(|violation| fined_beside(case, party, violation))
    })
}

//! A decision as it is published (行政处罚法 48): the whitelist itself.

use super::mask::shown;
use crate::penalty::{
    self, Case, Charge, Party, PartyKind, PublicPast, Publication, Remedy, RemedyEnd, RemedyKind, yuan,
};
use crate::spot::Sheet;
use crate::{AnyState, PartRef, beijing_date};
use jiff::Timestamp;
use jiff::civil::Date;
use lianzhi_law::LawData;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A party as it is shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PublicParty {
    /// Name; of natural persons the surname only.
    pub name: String,
    /// 自然人, 个体工商户 …
    pub kind: String,
    /// What is imposed on it, in words.
    pub penalties: Vec<String>,
}

/// What was done, in the words of the law data and in nobody's own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PublicItem {
    /// Code of the item.
    pub code: String,
    /// Its name.
    pub name: String,
    /// The conduct in general words.
    pub conduct: String,
}

/// All that is published of a decision.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PublicDecision {
    /// 文号.
    pub number: String,
    /// 普通程序, 简易程序.
    pub procedure: String,
    /// Day of the decision.
    pub decided: Date,
    /// Parties.
    pub parties: Vec<PublicParty>,
    /// What was done.
    pub items: Vec<PublicItem>,
    /// Law and article of the penalties.
    pub bases: Vec<String>,
    /// All fines together, fen.
    pub fine_fen: i64,
    /// A natural person is among the parties: the shorter term of publication counts.
    pub natural: bool,
    /// What was changed since the decision was made, in the words of the record and in nobody's own, oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub changes: Vec<String>,
    /// Day on which it was last published anew, as it was corrected or changed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub renewed: Option<Date>,
}

/// What a party is called in its sealed part.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Named {
    name: String,
    representative: String,
}

impl Named {
    fn read(text: Option<String>) -> Named {
        let Some(text) = text else { return Named { name: String::new(), ..Named::default() } };
        serde_json::from_str(&text)
            .unwrap_or_else(|_| Named { name: text.trim().to_owned(), ..Named::default() })
    }
}

/// Names of parties and what is shown in their place, for [`super::scrub`].
pub(crate) fn names(
    parties: &[(PartyKind, PartRef)],
    text: &dyn Fn(&PartRef) -> Option<String>,
) -> Vec<(String, String)> {
    let of = |(kind, part): &(PartyKind, PartRef)| {
        let named = Named::read(text(part));
        let natural = |name: &str| shown(PartyKind::Person, name, "").name;
        let own = (named.name.clone(), shown(*kind, &named.name, &named.representative).name);
        let head = (named.representative.clone(), natural(&named.representative));
        [own, head]
    };
    parties.iter().flat_map(of).filter(|(name, _)| !name.is_empty()).collect()
}

/// A party as it is shown, and whether it is a natural person.
fn party(
    kind: PartyKind,
    part: &PartRef,
    penalties: Vec<String>,
    text: &dyn Fn(&PartRef) -> Option<String>,
) -> (PublicParty, bool) {
    let named = Named::read(text(part));
    let shown = shown(kind, &named.name, &named.representative);
    let name = if named.name.is_empty() { "（信息已依法删除）".to_owned() } else { shown.name };
    (PublicParty { name, kind: kind.title().to_owned(), penalties }, shown.natural)
}

fn item(law: &LawData, code: &str, name: &str) -> PublicItem {
    let known = law.item(code).ok();
    PublicItem {
        code: code.to_owned(),
        name: known.map_or_else(|| name.to_owned(), |item| item.name.to_string()),
        conduct: known.map(|item| item.violation.to_string()).unwrap_or_default(),
    }
}

/// What is imposed on a party as it stands now: whoever decided on a remedy may have lowered the fine.
fn imposed(party: &Party) -> Vec<String> {
    let fine = party.altered().then_some(party.money.fine);
    let mut all: Vec<String> = party.charges.iter().flat_map(|c| penalties(c, fine.is_none())).collect();
    all.extend(fine.filter(|fine| *fine > 0).map(|fine| format!("罚款 {}（变更后）", yuan(fine))));
    all
}

/// What remedies and corrections changed, by day.
fn changed(remedy: &Remedy, whose: &str, from: i64, to: i64) -> Option<(Date, String)> {
    let (RemedyEnd::Changed, on) = remedy.ended? else { return None };
    let by = match remedy.kind {
        RemedyKind::Reconsideration => "行政复议决定",
        RemedyKind::Lawsuit => "人民法院判决",
        RemedyKind::SecondInstance => "第二审人民法院判决",
    };
    let what = match from == to {
        true => "变更原决定，罚款数额不变".to_owned(),
        false => format!("将罚款由 {} 变更为 {}", yuan(from), yuan(to)),
    };
    Some((on, format!("{on} {by}{what}{whose}")))
}

/// Days and words of the corrections of a decision by papers of their own (75(2)).
fn corrected(number: &str, at: Timestamp) -> (Date, String) {
    let on = beijing_date(at);
    (on, format!("{on} 更正文字（{number}），处罚内容不变"))
}

fn in_order(mut changes: Vec<(Date, String)>) -> Vec<String> {
    changes.sort();
    changes.into_iter().map(|(_, words)| words).collect()
}

/// The day on which it was published anew, where it was.
fn renewed(publication: Publication, past: &PublicPast) -> Option<Date> {
    let Publication::Published { at } = publication else { return None };
    past.first.filter(|first| *first < at).map(|_| beijing_date(at))
}

fn penalties(charge: &Charge, with_fine: bool) -> Vec<String> {
    let mut all = Vec::new();
    if charge.warning {
        all.push("警告".to_owned());
    }
    if charge.fine > 0 && with_fine {
        all.push(format!("罚款 {}", yuan(charge.fine)));
    }
    if charge.confiscation > 0 {
        all.push(format!("没收违法所得 {}", yuan(charge.confiscation)));
    }
    if charge.goods {
        all.push("没收非法财物".to_owned());
    }
    all.extend(charge.severe.map(|kind| kind.title().to_owned()));
    all
}

/// The decision of a matter as the public reads it; none where nothing was decided. `text` opens sealed parts.
#[must_use]
pub fn public_decision(
    state: &AnyState,
    law: &LawData,
    text: &dyn Fn(&PartRef) -> Option<String>,
) -> Option<PublicDecision> {
    match state {
        AnyState::Penalty(state) => of_case(state.case()?, law, text),
        AnyState::Spot(state) => of_sheet(state.sheet()?, law, text),
        _ => None,
    }
}

fn of_case(case: &Case, law: &LawData, text: &dyn Fn(&PartRef) -> Option<String>) -> Option<PublicDecision> {
    let (paper, at) = case.decision()?;
    let number = case.paper(paper)?.paper.number.clone();
    let (mut parties, mut natural) = (Vec::new(), false);
    let (mut bases, mut items) = (Vec::new(), Vec::new());
    // Of a party for whom the decision was annulled, or declared unlawful, nothing is told (48(2)).
    let stands = || case.present().filter(|p| p.shows());
    let several = stands().count() > 1;
    let mut changes: Vec<(Date, String)> = Vec::new();
    for p in stands() {
        let (shown, person) = party(p.subject.kind, &p.subject.particulars, imposed(p), text);
        let before = p.charges.iter().map(|c| c.fine).sum();
        let whose = if several { format!("（{}）", shown.name) } else { String::new() };
        changes.extend(p.remedies.iter().filter_map(|r| changed(r, &whose, before, p.money.fine)));
        parties.push(shown);
        natural |= person;
        bases.extend(p.charges.iter().map(|c| c.basis.cite()));
    }
    // What was entered and never charged was not found to be done.
    let charged = |id: u16| stands().any(|p| p.charges.iter().any(|c| c.violation == id));
    for violation in case.violations.iter().filter(|v| charged(v.id)) {
        items.push(item(law, &violation.item, &violation.item));
    }
    bases.sort_unstable();
    bases.dedup();
    items.dedup();
    let fine = |p: &Party| match p.altered() {
        true => p.money.fine,
        false => p.charges.iter().map(|c| c.fine).sum(),
    };
    let own = case.amended.iter().filter(|(of, ..)| *of == paper);
    changes.extend(own.filter_map(|(_, by, at)| Some(corrected(&case.paper(*by)?.paper.number, *at))));
    Some(PublicDecision {
        number,
        procedure: "普通程序".into(),
        decided: beijing_date(at),
        fine_fen: stands().map(fine).sum(),
        parties,
        items,
        bases,
        natural,
        changes: in_order(changes),
        renewed: renewed(case.publication, &case.public_past),
    })
}

fn of_sheet(
    sheet: &Sheet,
    law: &LawData,
    text: &dyn Fn(&PartRef) -> Option<String>,
) -> Option<PublicDecision> {
    let decision = sheet.imposed()?;
    let opening = &sheet.opening;
    let mut all = Vec::new();
    if decision.sanction.warning {
        all.push("警告".to_owned());
    }
    let fine = decision.money.fine;
    match decision.altered() {
        false if decision.sanction.fine > 0 => all.push(format!("罚款 {}", yuan(decision.sanction.fine))),
        true if fine > 0 => all.push(format!("罚款 {}（变更后）", yuan(fine))),
        _ => {}
    }
    let changes = decision.remedies.iter().filter_map(|r| changed(r, "", decision.sanction.fine, fine));
    let changes = changes.chain(decision.amended.iter().map(|a| corrected(&a.number, a.at)));
    let (shown, natural) = party(opening.subject.kind, &opening.subject.particulars, all, text);
    Some(PublicDecision {
        number: opening.number.clone(),
        procedure: "简易程序".into(),
        decided: beijing_date(decision.at),
        parties: vec![shown],
        items: vec![item(law, &opening.violation.item, &opening.item)],
        bases: vec![opening.basis.cite()],
        fine_fen: if decision.altered() { fine } else { decision.sanction.fine },
        natural,
        changes: in_order(changes.collect()),
        renewed: renewed(decision.publication, &decision.public_past),
    })
}

/// Parties of a matter: kind and sealed particulars.
pub(crate) fn parties(state: &AnyState) -> Vec<(PartyKind, PartRef)> {
    let of = |s: &penalty::Subject| (s.kind, s.particulars);
    match state {
        AnyState::Penalty(state) => {
            state.case().into_iter().flat_map(|case| &case.parties).map(|p| of(&p.subject)).collect()
        }
        AnyState::Spot(state) => state.sheet().map(|sheet| of(&sheet.opening.subject)).into_iter().collect(),
        AnyState::Slip(state) => state.file().map(|file| of(&file.given.subject)).into_iter().collect(),
        _ => Vec::new(),
    }
}

//! Running numbers: how they are made, and the register of those that stand on papers (文号) with what became of each.

use crate::penalty::folios::printed_title;
use crate::penalty::{Case, PaperFile, PaperKind};
use crate::publicity::{Checked, paper_standing};
use crate::spot::{self, Sheet};
use crate::words::words;
use crate::{AnyState, PartRef, cooperation, slip};
use jiff::Timestamp;
use lianzhi_ids::UnitCode;

/// Digits of the running part behind a branch code, which no count of a year reaches.
const BRANCHED: usize = 6;

/// A running number that the sequencer hands out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Numbered {
    /// Of a report: 沪青2026-004127.
    Report,
    /// Of a cooperation, with the word of its kind: 沪青协查2026-0012. One for its whole life, at every member.
    Cooperation(&'static str),
    /// Of a penalty case (案号): 沪青案2026-000001.
    Case,
    /// Of a letter of the agency to another (文号), with the word of its kind: 沪青协查字〔2026〕3号 (GB/T 9704: no leading zeros, no
    /// branch).
    Letter(&'static str),
    /// Of a paper of a case, a decision on the spot or a slip (文号), with the word of its kind and the unit that has the matter:
    /// 沪青罚决字〔2026〕3号; where the unit has a branch code (分支码) 沪青罚决字〔2026〕01000003号, in a series of that branch.
    /// One word is one series, whichever procedure the paper belongs to.
    Paper(&'static str, Option<UnitCode>),
    /// Of a stock-taking (盘点): 沪青盘2026-0003.
    Stocktake,
    /// Preset on a form for decisions on the spot, by unit (行政处罚法 52): 沪青当罚字〔2026〕310118104-000012号, or with the unit's branch
    /// code like other papers.
    Spot(UnitCode),
}

impl Numbered {
    /// The unit whose branch code may stand in it.
    #[must_use]
    pub const fn unit(&self) -> Option<&UnitCode> {
        match self {
            Numbered::Paper(_, unit) => unit.as_ref(),
            Numbered::Spot(unit) => Some(unit),
            _ => None,
        }
    }
    /// The series in which it is counted within a year; `branch` is the code of the unit's branch, empty where it has none.
    #[must_use]
    pub fn series(&self, branch: &str, year: i16) -> String {
        match self {
            Numbered::Report => format!("report:{year}"),
            Numbered::Cooperation(word) => format!("cooperation:{word}:{year}"),
            Numbered::Case => format!("case:{year}"),
            Numbered::Letter(word) => format!("letter:{word}:{year}"),
            Numbered::Paper(word, _) if branch.is_empty() => format!("letter:{word}:{year}"),
            Numbered::Paper(word, _) => format!("letter:{word}@{branch}:{year}"),
            Numbered::Stocktake => format!("stocktake:{year}"),
            Numbered::Spot(unit) if branch.is_empty() => format!("spot:{unit}:{year}"),
            Numbered::Spot(_) => format!("spot:@{branch}:{year}"),
        }
    }
    /// Series and count of a number of ours that is not of a report, read back from its text; none when it is something
    /// else. What a neighbour has seen is not handed out again after a restore.
    #[must_use]
    pub fn read(prefix: &str, text: &str) -> Option<(String, i64)> {
        let rest = text.strip_prefix(prefix)?;
        if let Some(read) = Issued::read(rest) {
            let at = if read.branch.is_empty() { String::new() } else { format!("@{}", read.branch) };
            let spot = read.branch.contains('-');
            return (!read.head.is_empty() && !spot)
                .then(|| (format!("letter:{}{at}:{}", read.head, read.year), read.n));
        }
        let (before, n) = rest.split_once('-')?;
        let at = before.len().checked_sub(4).filter(|at| before.is_char_boundary(*at))?;
        let (word, year) = before.split_at(at);
        let (year, n): (i16, i64) = (year.parse().ok()?, n.parse().ok()?);
        (!word.is_empty() && n > 0).then(|| (format!("cooperation:{word}:{year}"), n))
    }
    /// As people read it; `branch` as in [`Numbered::series`].
    #[must_use]
    pub fn text(&self, prefix: &str, branch: &str, year: i16, n: i64) -> String {
        match self {
            Numbered::Report => format!("{prefix}{year}-{n:06}"),
            Numbered::Cooperation(word) => format!("{prefix}{word}{year}-{n:04}"),
            Numbered::Case => format!("{prefix}案{year}-{n:06}"),
            Numbered::Letter(word) => format!("{prefix}{word}字〔{year}〕{n}号"),
            Numbered::Paper(word, _) if branch.is_empty() => format!("{prefix}{word}字〔{year}〕{n}号"),
            Numbered::Paper(word, _) => format!("{prefix}{word}字〔{year}〕{branch}{n:0BRANCHED$}号"),
            Numbered::Stocktake => format!("{prefix}盘{year}-{n:04}"),
            Numbered::Spot(unit) if branch.is_empty() => {
                format!("{prefix}当罚字〔{year}〕{unit}-{n:06}号")
            }
            Numbered::Spot(_) => format!("{prefix}当罚字〔{year}〕{branch}{n:0BRANCHED$}号"),
        }
    }
}

/// A 文号 taken apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Issued {
    /// What stands before 字: the agency's prefix and the word of the paper.
    pub head: String,
    /// Year.
    pub year: i16,
    /// The branch code; the code of the unit with its dash on decisions on the spot of units without one; else empty.
    pub branch: String,
    /// The running part.
    pub n: i64,
}

impl Issued {
    /// Takes a 文号 apart; none where it is no such number.
    #[must_use]
    pub fn read(text: &str) -> Option<Issued> {
        let (head, rest) = text.split_once("字〔")?;
        let (year, rest) = rest.strip_suffix('号')?.split_once('〕')?;
        let cut = match rest.rfind('-') {
            Some(dash) => dash + 1,
            None => rest.len().checked_sub(BRANCHED).filter(|at| rest.is_char_boundary(*at)).unwrap_or(0),
        };
        let (branch, n) = rest.split_at(cut);
        let (year, n) = (year.parse().ok()?, n.parse().ok().filter(|n| *n > 0)?);
        Some(Issued { head: head.into(), year, branch: branch.into(), n })
    }
}

words! {
    /// What became of the paper of a number.
    NumberState {
        /// It was issued and stands.
        Issued = "issued", "已签发";
        /// Its wording was put right by another paper.
        Corrected = "corrected", "已更正";
        /// Voided before it reached anybody; the number is kept.
        Voided = "voided", "已作废";
        /// Revoked, withdrawn or annulled.
        Revoked = "revoked", "已撤销";
        /// Changed by whoever decided on a remedy.
        Changed = "changed", "已变更";
        /// Another took its place, or what it rested on fell.
        Replaced = "replaced", "已被替代或者失效";
        /// A preset form that is being filled in.
        Begun = "begun", "正在填写";
        /// A preset form that was not used; the number is kept.
        Unused = "unused", "未使用";
    }
}

impl From<Checked> for NumberState {
    fn from(checked: Checked) -> Self {
        match checked {
            Checked::InForce => NumberState::Issued,
            Checked::Corrected => NumberState::Corrected,
            Checked::Voided => NumberState::Voided,
            Checked::Revoked => NumberState::Revoked,
            Checked::Changed => NumberState::Changed,
            Checked::Superseded => NumberState::Replaced,
        }
    }
}

/// A 文号 that was handed out in a docket.
#[derive(Debug, Clone, PartialEq)]
pub struct NumberLine {
    /// 文号.
    pub number: String,
    /// Name of its paper.
    pub title: &'static str,
    /// When it was signed.
    pub at: Timestamp,
    /// What became of it.
    pub state: NumberState,
    /// Why it was voided or withdrawn.
    pub reason: Option<PartRef>,
    /// 文号 of the paper that took its place, revoked or corrected it.
    pub by: Option<String>,
}

/// The numbers that were handed out in a docket, in the order of its papers. Numbers that came along from another case are there.
#[must_use]
pub fn numbers(state: &AnyState) -> Vec<NumberLine> {
    use AnyState as S;
    match state {
        S::Penalty(state) => state.case().map(of_case).unwrap_or_default(),
        S::Spot(state) => state.sheet().map(of_sheet).unwrap_or_default(),
        S::Slip(state) => state.file().map(of_slips).unwrap_or_default(),
        S::Lead(state)
        | S::Assistance(state)
        | S::Evidence(state)
        | S::Bulletin(state)
        | S::Dispute(state)
        | S::Away(state) => state.file().map(of_letters).unwrap_or_default(),
        _ => Vec::new(),
    }
}

fn of_case(case: &Case) -> Vec<NumberLine> {
    // An order that came along from another case has its number there: nobody signed it here.
    let own = case.papers.iter().filter(|file| file.by.is_some() && !file.paper.number.is_empty());
    let line = |file: &PaperFile| {
        let state = NumberState::from(paper_standing(case, file));
        NumberLine {
            number: file.paper.number.clone(),
            title: printed_title(case, file),
            at: file.at,
            state,
            reason: file.voided.map(|(note, _)| note),
            by: replaced_by(case, file, state),
        }
    };
    own.map(line).collect()
}

/// The paper that stands in the place of one, revoked it or corrected it.
fn replaced_by(case: &Case, file: &PaperFile, state: NumberState) -> Option<String> {
    use PaperKind as K;
    let number = |file: &PaperFile| file.paper.number.clone();
    let after = |kinds: &[K]| {
        let later = |other: &&PaperFile| {
            kinds.contains(&other.paper.kind)
                && other.voided.is_none()
                && other.paper.id > file.paper.id
                && other.paper.parties.iter().any(|p| file.paper.parties.contains(p))
        };
        case.papers.iter().find(later).map(number)
    };
    match state {
        NumberState::Corrected => {
            let (_, by, _) = case.amended.iter().rev().find(|(of, ..)| *of == file.paper.id)?;
            case.paper(*by).map(number)
        }
        NumberState::Revoked | NumberState::Changed => after(&[K::Revocation]),
        NumberState::Replaced if matches!(file.paper.kind, K::Notice | K::HearingRight) => {
            after(&[K::Notice, K::HearingRight]).or_else(|| after(&[K::Revocation]))
        }
        NumberState::Replaced => after(&[K::Revocation]),
        _ => None,
    }
}

fn of_sheet(sheet: &Sheet) -> Vec<NumberLine> {
    use spot::Outcome;
    let line = |number: &str, title, at, state| NumberLine {
        number: number.into(),
        title,
        at,
        state,
        reason: None,
        by: None,
    };
    let form = |at, state| line(&sheet.opening.number, "当场行政处罚决定书", at, state);
    let decision = match &sheet.outcome {
        Outcome::Open => return vec![form(sheet.at, NumberState::Begun)],
        Outcome::Ordinary { at, .. } | Outcome::Voided { at } => {
            return vec![form(*at, NumberState::Unused)];
        }
        Outcome::Spared { sparing, at, .. } => {
            let spared = line(&sparing.number, "不予行政处罚决定书", *at, NumberState::Issued);
            let given = (!sparing.number.is_empty()).then_some(spared);
            return [form(*at, NumberState::Unused)].into_iter().chain(given).collect();
        }
        Outcome::Imposed(decision) => decision,
    };
    let fell = decision.annulled.is_some();
    let changed =
        decision.remedies.iter().any(|r| matches!(r.ended, Some((crate::penalty::RemedyEnd::Changed, _))));
    let state = match (fell, changed, decision.amended.last()) {
        (true, ..) => NumberState::Revoked,
        (_, true, _) => NumberState::Changed,
        (_, _, Some(_)) => NumberState::Corrected,
        _ => NumberState::Issued,
    };
    let rests = if fell { NumberState::Replaced } else { NumberState::Issued };
    let withdrawn = decision.withdrawn.as_ref();
    let corrected = decision.amended.last().filter(|_| state == NumberState::Corrected);
    let first = NumberLine {
        reason: withdrawn.map(|w| w.note),
        by: withdrawn.map(|w| w.number.clone()).or_else(|| corrected.map(|a| a.number.clone())),
        ..form(decision.at, state)
    };
    let plans =
        decision.deferrals.iter().map(|p| line(&p.number, "同意延期（分期）缴纳罚款通知书", p.at, rests));
    let demand = decision.demand.iter().map(|d| line(&d.number, "履行义务催告书", d.at, rests));
    let courts = decision.applications.iter().map(|a| line(&a.number, "强制执行申请书", a.at, rests));
    let amended =
        decision.amended.iter().map(|a| line(&a.number, "文书更正（补正）通知书", a.at, NumberState::Issued));
    let revoked = withdrawn.map(|w| line(&w.number, "撤销（变更）行政处罚决定书", w.at, NumberState::Issued));
    let all = [first].into_iter().chain(plans).chain(demand).chain(courts).chain(amended).chain(revoked);
    all.filter(|line| !line.number.is_empty()).collect()
}

fn of_slips(file: &slip::File) -> Vec<NumberLine> {
    let state = if file.withdrawn.is_some() { NumberState::Revoked } else { NumberState::Issued };
    let line = |(paper, at, _): &(slip::Paper, Timestamp, _)| NumberLine {
        number: paper.number.clone(),
        title: paper.level.title(),
        at: *at,
        state,
        reason: None,
        by: None,
    };
    file.papers.iter().map(line).collect()
}

/// Letters that this agency signed: those to others are counted in the same way.
fn of_letters(file: &cooperation::File) -> Vec<NumberLine> {
    let own = file.said.get(file.me()).into_iter().flatten();
    let line = |said: &cooperation::Said| {
        let number = said.act.paper().filter(|number| !number.is_empty())?;
        Some(NumberLine {
            number: number.to_owned(),
            title: file.form.title(),
            at: said.at,
            state: NumberState::Issued,
            reason: None,
            by: None,
        })
    };
    own.filter_map(line).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_made_and_taken_apart_alike() {
        let unit = UnitCode::parse("310118104").expect("a code");
        let paper = Numbered::Paper("罚决", Some(unit.clone()));
        assert_eq!(paper.text("沪青", "", 2026, 3), "沪青罚决字〔2026〕3号");
        assert_eq!(paper.text("沪青", "01", 2026, 3), "沪青罚决字〔2026〕01000003号");
        let spot = Numbered::Spot(unit);
        assert_eq!(spot.text("沪青", "", 2026, 12), "沪青当罚字〔2026〕310118104-000012号");
        assert_eq!(spot.text("沪青", "A", 2026, 12), "沪青当罚字〔2026〕A000012号");
        let read = |text: &str| Issued::read(text).map(|i| (i.head, i.year, i.branch, i.n));
        assert_eq!(read("沪青罚决字〔2026〕3号"), Some(("沪青罚决".into(), 2026, String::new(), 3)));
        assert_eq!(read("沪青罚决字〔2026〕01000003号"), Some(("沪青罚决".into(), 2026, "01".into(), 3)));
        let dashed = ("沪青当罚".to_owned(), 2026, "310118104-".to_owned(), 12);
        assert_eq!(read("沪青当罚字〔2026〕310118104-000012号"), Some(dashed));
        for other in
            ["沪青2026-000003", "沪青罚决字〔2026〕号", "沪青罚决字〔二〇〕3号", "沪青罚决字〔2026〕0号"]
        {
            assert_eq!(read(other), None, "{other}");
        }
    }

    #[test]
    fn what_a_neighbour_saw_is_counted_in_its_own_series() {
        assert_eq!(Numbered::read("沪青", "沪青罚决字〔2026〕3号"), Some(("letter:罚决:2026".into(), 3)));
        let branched = Some(("letter:罚决@01:2026".into(), 3));
        assert_eq!(Numbered::read("沪青", "沪青罚决字〔2026〕01000003号"), branched);
        assert_eq!(Numbered::read("沪青", "沪青协查2026-0012"), Some(("cooperation:协查:2026".into(), 12)));
        assert_eq!(Numbered::read("沪青", "沪青当罚字〔2026〕310118104-000012号"), None);
    }
}

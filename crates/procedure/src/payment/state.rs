//! What is known of money that came.

use super::event::Event;
use crate::words::words;
use crate::{LedgerKind, LedgerLine, PartRef, Summary, Todo, Waiter};
use jiff::Timestamp;
use lianzhi_ids::{DocketId, Role};
use serde::{Deserialize, Serialize};

words! {
    /// Why money could not be put to a case, or not all of it.
    Difference {
        /// No payment code in the line.
        NoCode = "no_code", "没有缴款码";
        /// No case has this code.
        UnknownCode = "unknown_code", "没有这个缴款码的案件";
        /// The code was typed wrong: its check digit does not fit.
        WrongCode = "wrong_code", "缴款码有误（校验不符）";
        /// All was paid before.
        PaidTwice = "paid_twice", "已经缴清，重复缴款";
        /// More than is owed.
        TooMuch = "too_much", "多缴";
        /// The case takes no money: annulled, closed, not served …
        Refused = "refused", "案件现在不能入账";
    }
}

words! {
    /// Where money goes that belongs to no case.
    Outlet {
        /// 退付 to whoever paid.
        Refund = "refund", "退付缴款人";
        /// 转出: it was meant for somebody else.
        PassedOn = "passed_on", "转出（不是本机关的罚没款）";
    }
}

words! {
    /// Where it stands.
    Stage {
        /// All of it is with a case.
        Matched = "matched", "已入账";
        /// Something is left.
        Open = "difference", "待处理";
        /// Nothing is left, people saw to it.
        Settled = "settled", "已处理";
    }
}

/// A line of the bank's file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// Number of the bank's line: by it the same line is known in any file.
    pub serial: String,
    /// Payment code.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub code: String,
    /// How much, fen.
    pub fen: i64,
    /// When it came.
    pub on: Timestamp,
    /// Who paid and what for.
    pub payer: PartRef,
    /// Number of the fiscal receipt.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub ticket: String,
    /// Name of the file.
    pub file: String,
}

/// What was put to a case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Credit {
    /// The case, or the decision on the spot.
    pub to: DocketId,
    /// Its number.
    pub number: String,
    /// The party in it.
    pub party: u16,
    /// How much, fen.
    pub fen: i64,
}

/// Money that came and what became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Money {
    /// As the bank has it.
    pub line: Line,
    /// When it was imported.
    pub at: Timestamp,
    /// When something last happened.
    pub changed: Timestamp,
    /// What was put to cases.
    pub credits: Vec<Credit>,
    /// Why not all of it was, at once.
    pub difference: Option<Difference>,
    /// In the case's words.
    pub why: String,
    /// What was given back or passed on, fen.
    pub given: Vec<(Outlet, i64, String)>,
    /// Notes.
    pub texts: Vec<PartRef>,
}

impl Money {
    /// What still belongs to nobody, fen.
    #[must_use]
    pub fn left(&self) -> i64 {
        let credited: i64 = self.credits.iter().map(|c| c.fen).sum();
        let given: i64 = self.given.iter().map(|(_, fen, _)| fen).sum();
        self.line.fen - credited - given
    }
    /// Where it stands.
    #[must_use]
    pub fn stage(&self) -> Stage {
        match (self.left(), self.difference) {
            (left, _) if left > 0 => Stage::Open,
            (_, None) => Stage::Matched,
            (_, Some(_)) => Stage::Settled,
        }
    }
}

/// Money, or nothing yet.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum State {
    /// Nothing yet.
    #[default]
    Nothing,
    /// Money that came.
    Money(Box<Money>),
}

impl State {
    /// The money, once it is there.
    #[must_use]
    pub fn money(&self) -> Option<&Money> {
        match self {
            State::Nothing => None,
            State::Money(money) => Some(money),
        }
    }
}

pub(super) fn evolve(state: State, event: &Event) -> State {
    match (state, event) {
        (State::Nothing, Event::Came { line, credit, difference, why, at }) => {
            State::Money(Box::new(Money {
                texts: vec![line.payer],
                line: line.clone(),
                at: *at,
                changed: *at,
                credits: credit.iter().cloned().collect(),
                difference: *difference,
                why: why.clone(),
                given: Vec::new(),
            }))
        }
        (State::Nothing, _) => State::Nothing,
        (State::Money(mut money), event) => {
            match event {
                Event::Came { .. } => {}
                Event::Credited { credit, note, at, .. } => {
                    money.credits.push(credit.clone());
                    money.texts.push(*note);
                    money.changed = *at;
                }
                Event::GivenBack { how, fen, reference, note, at, .. } => {
                    money.given.push((*how, *fen, reference.clone()));
                    money.texts.push(*note);
                    money.changed = *at;
                }
            }
            State::Money(money)
        }
    }
}

/// Number of the docket: the bank's line is there once.
#[must_use]
pub fn number(serial: &str) -> String {
    format!("流水{serial}")
}

pub(super) fn summary(state: &State) -> Summary {
    let Some(money) = state.money() else { return Summary::default() };
    let stage = money.stage();
    let open = stage == Stage::Open;
    let todo = Todo { who: Waiter::for_all(Role::Dispatcher), what: "credit", due: None };
    Summary {
        number: number(&money.line.serial),
        stage: stage.code(),
        open,
        source: "bank",
        reported_at: Some(money.line.on),
        closed_at: (!open).then_some(money.changed),
        title: Some(money.line.payer),
        texts: money.texts.clone(),
        todos: if open { vec![todo] } else { Vec::new() },
        ledger: ledger(money),
        ..Summary::default()
    }
}

/// What came is what was credited, given back and is left: to the fen.
fn ledger(money: &Money) -> Vec<LedgerLine> {
    let on = crate::beijing_date(money.line.on);
    let sums = [
        (LedgerKind::Came, money.line.fen),
        (LedgerKind::Credited, money.credits.iter().map(|c| c.fen).sum()),
        (LedgerKind::GivenBack, money.given.iter().map(|(_, fen, _)| fen).sum()),
        (LedgerKind::Difference, money.left()),
    ];
    let line = |(what, fen)| LedgerLine {
        what,
        on,
        fen,
        reference: money.line.code.clone(),
        person: None,
        due: None,
    };
    sums.into_iter().filter(|(_, fen)| *fen > 0).map(line).collect()
}

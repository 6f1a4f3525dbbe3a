//! Money that came: put to its case by the payment code, or a difference that people settle; nothing is lost.

use crate::kit::explained;
use jiff::Timestamp;
use lianzhi_ids::{Digest, DocketId, PersonCode};
use lianzhi_procedure::duty::OnDuty;
use lianzhi_procedure::payment::{Difference, Event, Payment, Stage, State};
use lianzhi_procedure::{
    Actor, Debt, Facts, LedgerKind, LookUps, NoLoads, PartRef, Procedure, Refusal, Text,
};
use serde_json::{Value, json};

pub struct Came {
    pub state: State,
    pub events: Vec<Event>,
    debt: Option<Debt>,
    texts: u8,
}

fn debt(most: i64) -> Debt {
    let number = "沪青案2026-000001".to_owned();
    Debt {
        docket: DocketId(7),
        number,
        spot: false,
        party: 1,
        known: false,
        receipt: None,
        most,
        refused: None,
    }
}

fn line(code: &str, fen: i64) -> Value {
    json!({
        "command": "come", "serial": "B-0001", "code": code, "fen": fen, "at": "2026-11-23T02:00:00Z", "payer": "张小三",
        "file": "1123.csv",
    })
}

impl Came {
    fn new(debt: Option<Debt>) -> Came {
        Came { state: State::Nothing, events: Vec::new(), debt, texts: 0 }
    }
    fn ask(&mut self, who: &str, command: Value) -> Result<Vec<Event>, Refusal> {
        let mut command = serde_json::from_value(command).unwrap();
        for (kind, text) in Payment::texts(&mut command) {
            self.texts += 1;
            *text = Text::Sealed(PartRef { kind, digest: Digest([self.texts; 32]) });
        }
        let directory = crate::penalty::kit::directory();
        let actor = match who {
            "system" => Actor::System,
            code => Actor::Person(directory.people[&PersonCode::parse(code).unwrap()].clone()),
        };
        let look_ups = LookUps { debt: self.debt.clone(), ..LookUps::default() };
        let now: Timestamp = "2026-11-23T03:00:00Z".parse().unwrap();
        let duty = OnDuty::default();
        let facts =
            Facts { now, actor: &actor, directory, duty: &duty, loads: &NoLoads, look_ups: &look_ups };
        let events = Payment::decide(&self.state, command, &facts)?;
        for event in &events {
            let back: Event = serde_json::from_value(serde_json::to_value(event).unwrap()).unwrap();
            assert_eq!(&back, event);
            self.state = Payment::evolve(std::mem::take(&mut self.state), &back);
        }
        self.events.extend(events.clone());
        Ok(events)
    }
    fn refused(&mut self, who: &str, command: Value) -> Refusal {
        let refusal = self.ask(who, command).unwrap_err();
        explained(&refusal);
        refusal
    }
    /// What came is what was credited, given back and is left, to the fen.
    fn balance(&self) -> [i64; 4] {
        let books = Payment::summary(&self.state).ledger;
        let of = |kind| books.iter().filter(|l| l.what == kind).map(|l| l.fen).sum::<i64>();
        let sums = [LedgerKind::Came, LedgerKind::Credited, LedgerKind::GivenBack, LedgerKind::Difference];
        let [came, credited, back, left] = sums.map(of);
        assert_eq!(came, credited + back + left);
        [came, credited, back, left]
    }
    fn stage(&self) -> Stage {
        self.state.money().unwrap().stage()
    }
}

/// A life in which every type of event happens.
pub fn life() -> Vec<Event> {
    let mut came = Came::new(Some(debt(10_000)));
    came.ask("system", line("310118260000000000", 25_000)).unwrap();
    came.ask("dispatcher", json!({ "command": "credit", "to": "x", "amount": 5_000, "note": "同一当事人" }))
        .unwrap();
    let back = json!({ "command": "give_back", "how": "refund", "amount": 10_000, "reference": "T-1", "note": "多缴" });
    came.ask("dispatcher", back).unwrap();
    came.events
}

#[test]
fn a_line_goes_to_its_case_by_the_payment_code() {
    let mut came = Came::new(Some(debt(20_000)));
    came.ask("system", line("310118260000000000", 20_000)).unwrap();
    assert_eq!((came.stage(), came.balance()), (Stage::Matched, [20_000, 20_000, 0, 0]));
    assert!(Payment::summary(&came.state).todos.is_empty());
}

#[test]
fn what_does_not_fit_is_a_difference_with_its_reason_and_nothing_is_lost() {
    let scheme = lianzhi_procedure::pay_code::PayCodes::default();
    let good = scheme.code("310118", 2026, 9);
    let wrong = good.replacen("26", "62", 1);
    let refused = Debt { refused: Some("案件已经结案。".into()), ..debt(0) };
    for (code, debt, why, left) in [
        ("", None, Difference::NoCode, 20_000),
        (good.as_str(), None, Difference::UnknownCode, 20_000),
        (wrong.as_str(), None, Difference::WrongCode, 20_000),
        (good.as_str(), Some(debt(0)), Difference::PaidTwice, 20_000),
        (good.as_str(), Some(debt(19_999)), Difference::TooMuch, 1),
        (good.as_str(), Some(refused), Difference::Refused, 20_000),
    ] {
        let mut came = Came::new(debt);
        came.ask("system", line(code, 20_000)).unwrap();
        let money = came.state.money().unwrap();
        assert_eq!((money.difference, money.left(), came.stage()), (Some(why), left, Stage::Open), "{why:?}");
        came.balance();
        assert_eq!(Payment::summary(&came.state).todos[0].what, "credit");
    }
}

#[test]
fn what_somebody_typed_before_is_confirmed_and_not_counted_twice() {
    let mut came = Came::new(Some(Debt { known: true, ..debt(0) }));
    came.ask("system", line("310118260000000000", 20_000)).unwrap();
    assert_eq!(came.stage(), Stage::Matched);
}

#[test]
fn people_settle_a_difference_to_the_fen_and_no_further() {
    let mut came = Came::new(None);
    came.ask("system", line("", 20_000)).unwrap();
    came.debt = Some(debt(15_000));
    let credit =
        |amount: i64| json!({ "command": "credit", "to": "x", "amount": amount, "note": "附言写了案号" });
    assert_eq!(came.refused("dispatcher", credit(15_001)).field, Some("amount"));
    came.ask("dispatcher", credit(15_000)).unwrap();
    let back = |amount: i64| json!({ "command": "give_back", "how": "refund", "amount": amount, "reference": "T-9", "note": "多缴" });
    assert_eq!(came.refused("dispatcher", back(5_001)).field, Some("amount"));
    came.ask("dispatcher", back(5_000)).unwrap();
    assert_eq!((came.stage(), came.balance()), (Stage::Settled, [20_000, 15_000, 5_000, 0]));
    assert_eq!(came.refused("dispatcher", back(1)).code, "nothing-left");
}

#[test]
fn cfa_67_whoever_handles_cases_does_not_handle_the_money() {
    let mut came = Came::new(None);
    assert_eq!(came.refused("officer-a1", line("", 100)).code, "not-permitted");
    came.ask("system", line("", 100)).unwrap();
    assert_eq!(came.refused("system", line("", 100)).code, "exists");
    let back =
        json!({ "command": "give_back", "how": "refund", "amount": 100, "reference": "T", "note": "退" });
    assert_eq!(came.refused("captain-a", back.clone()).code, "not-permitted");
    assert_eq!(
        came.refused("dispatcher", json!({ "command": "credit", "to": "x", "amount": 100, "note": "归入" }))
            .field,
        Some("to")
    );
    came.ask("leader", back).unwrap();
}

#[test]
fn every_offer_is_accepted() {
    let mut came = Came::new(Some(debt(10_000)));
    came.ask("system", line("", 20_000)).unwrap();
    let directory = crate::penalty::kit::directory();
    let look_ups = LookUps::default();
    let duty = OnDuty::default();
    for (who, n) in [("dispatcher", 2), ("leader", 2), ("officer-a1", 0)] {
        let actor = Actor::Person(directory.people[&PersonCode::parse(who).unwrap()].clone());
        let now: Timestamp = "2026-11-23T03:00:00Z".parse().unwrap();
        let facts =
            Facts { now, actor: &actor, directory, duty: &duty, loads: &NoLoads, look_ups: &look_ups };
        assert_eq!(Payment::offers(&came.state, &facts).len(), n, "{who}");
    }
}

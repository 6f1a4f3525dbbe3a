//! What is owed under a payment code or in a case, and the steps by which money is put to it: the line of the bank and the case move
//! together or not at all.

use crate::penalty::case_of;
use crate::project::Live;
use crate::sequencer::{Step, To};
use crate::spot::sheet_of;
use crate::{App, Caller};
use jiff::civil::Date;
use lianzhi_ids::DocketId;
use lianzhi_procedure::payment::{Command, Line};
use lianzhi_procedure::penalty::{self, Depositing, Paying, Receipt};
use lianzhi_procedure::{AnyCommand, Debt, Kind, LookUps, Refusal, Tag, Text, spot};

/// What of a line the debt depends on.
#[derive(Debug, Clone, Copy)]
pub(super) struct Asked<'a> {
    pub serial: &'a str,
    /// Number of the fiscal receipt; may be empty.
    pub ticket: &'a str,
    pub fen: i64,
    pub on: Date,
}

/// The receipt that the case has already: what somebody typed before the bank's file came, by the bank's number or that of the
/// fiscal receipt, or cash that was handed in and that the agency paid in (行政处罚法 71).
fn known(receipts: &[Receipt], asked: Asked<'_>) -> Option<String> {
    let named = |r: &&Receipt| {
        let ticket =
            !asked.ticket.is_empty() && [&r.ticket, &r.reference].into_iter().any(|n| *n == asked.ticket);
        r.typed() && (ticket || r.reference == asked.serial)
    };
    let mut same = receipts.iter().filter(|r| r.fen == asked.fen && r.banked.is_none());
    let found = same.clone().find(named).or_else(|| same.find(|r| r.undeposited().is_some()));
    found.map(|r| r.reference.clone())
}

fn of_case(id: DocketId, live: &Live, party: u16, asked: Asked<'_>) -> Option<Debt> {
    let case = case_of(&live.state)?;
    let known = known(&case.party(party)?.money.receipts, asked);
    let open = if case.open() { penalty::payable(case, party, asked.on) } else { Err(closed()) };
    Some(debt((id, case.number.clone()), Some(party), known, open))
}

fn of_sheet(id: DocketId, live: &Live, asked: Asked<'_>) -> Option<Debt> {
    let sheet = sheet_of(&live.state)?;
    let decision = sheet.imposed()?;
    let known = known(&decision.money.receipts, asked);
    let open = match decision.money.left() {
        0 => Ok(0),
        _ => spot::payable(sheet, asked.on),
    };
    Some(debt((id, sheet.opening.number.clone()), None, known, open))
}

/// Whether a payment code is somebody's, or the number of a fiscal receipt that he got.
fn has(own: Option<&String>, receipts: &[Receipt], code: &str) -> bool {
    own.is_some_and(|own| own == code)
        || receipts.iter().filter_map(|r| r.on_site.as_ref()).any(|o| o.ticket == code)
}

fn closed() -> Refusal {
    Refusal::conflict("closed", "案件已经结案，不能再登记缴款。", "请核对案件；不应当收缴的，登记退付。")
}

fn debt(
    (docket, number): (DocketId, String),
    party: Option<u16>,
    receipt: Option<String>,
    open: Result<i64, Refusal>,
) -> Debt {
    let (most, refused) = match open {
        Ok(most) => (most, None),
        Err(refusal) => (0, Some(refusal.rule)),
    };
    let (spot, party, known) = (party.is_none(), party.unwrap_or(1), receipt.is_some());
    Debt { docket, number, spot, party, known, receipt, most, refused }
}

impl App {
    /// What is owed under a payment code, or else what was taken under the fiscal receipt that a line names; none when no matter
    /// has it.
    pub(super) async fn debt_by_code(&self, code: &str, asked: Asked<'_>) -> Result<Option<Debt>, Refusal> {
        let code = if code.is_empty() { asked.ticket } else { code };
        if code.is_empty() {
            return Ok(None);
        }
        let tag = Tag::PayCode(code.to_owned());
        for (id, live) in self.tagged_lives(Kind::Penalty, &tag).await? {
            let Some(case) = case_of(&live.state) else { continue };
            let own = |p: &&penalty::Party| has(p.money.code.as_ref(), &p.money.receipts, code);
            let party = case.present().find(own);
            if let Some(party) = party.map(|p| p.subject.id) {
                return Ok(of_case(id, &live, party, asked));
            }
        }
        for (id, live) in self.tagged_lives(Kind::Spot, &tag).await? {
            let own = |s: &spot::Sheet| {
                s.imposed().is_some_and(|d| has(d.money.code.as_ref(), &d.money.receipts, code))
            };
            if sheet_of(&live.state).is_some_and(own) {
                return Ok(of_sheet(id, &live, asked));
            }
        }
        Ok(None)
    }

    /// Number of another matter that has a payment code or a fiscal receipt, for whoever enters it in one.
    pub(crate) async fn code_of(&self, code: &str, own: DocketId) -> Result<Option<String>, Refusal> {
        let code = lianzhi_procedure::pay_code::plain(code);
        if code.is_empty() {
            return Ok(None);
        }
        let asked = Asked { serial: "", ticket: "", fen: 0, on: lianzhi_procedure::beijing_date(self.now()) };
        let debt = self.debt_by_code(&code, asked).await?;
        Ok(debt.filter(|debt| debt.docket != own).map(|debt| debt.number))
    }

    /// What a party owes in a matter that somebody names by its number.
    async fn debt_by_number(
        &self,
        who: &Caller,
        number: &str,
        party: Option<u16>,
        asked: Asked<'_>,
    ) -> Result<Option<Debt>, Refusal> {
        let id = self.by_number(who, number).await.map_err(|r| Refusal { field: Some("to"), ..r })?;
        let live = self.live(id).await?;
        if let Some(case) = case_of(&live.state) {
            let only = || {
                let mut parties = case.present().map(|p| p.subject.id);
                parties.next().filter(|_| parties.next().is_none())
            };
            let Some(party) = party.or_else(only) else {
                return Err(Refusal::invalid("party", "案件有几名当事人。", "请填写当事人的序号。"));
            };
            return Ok(of_case(id, &live, party, asked));
        }
        Ok(of_sheet(id, &live, asked))
    }

    /// What a command to money that came must know, and the step in the case that goes with it.
    pub(crate) async fn prepare_payment(
        &self,
        who: &Caller,
        id: DocketId,
        command: &Command,
    ) -> Result<(LookUps, Option<Step>), Refusal> {
        let Command::Credit { to, party, amount, .. } = command else {
            return Ok((LookUps::default(), None));
        };
        let live = self.live(id).await?;
        let Some(money) = super::money_of(&live.state) else { return Ok((LookUps::default(), None)) };
        let on = lianzhi_procedure::beijing_date(money.line.on);
        let (serial, ticket) = (&money.line.serial, &money.line.ticket);
        let asked = Asked { serial, ticket, fen: *amount, on };
        let debt = self.debt_by_number(who, to, *party, asked).await?;
        let fen = match debt.as_ref() {
            Some(debt) if debt.known => Some(*amount),
            debt => debt.filter(|d| d.refused.is_none()).map(|d| d.most.min(*amount)),
        };
        // The same line may be put to several cases, and to one case twice.
        let n = money.credits.iter().filter(|c| Some(c.to) == debt.as_ref().map(|d| d.docket)).count();
        let reference =
            if n == 0 { money.line.serial.clone() } else { format!("{}-{}", money.line.serial, n + 1) };
        let step = debt.as_ref().zip(fen).filter(|(_, fen)| *fen > 0);
        let step = step.map(|(d, fen)| pay_step(d, fen, &money.line, reference));
        Ok((LookUps { debt, ..LookUps::default() }, step))
    }
}

/// The step by which a case takes money over.
pub(super) fn pay_step(debt: &Debt, fen: i64, line: &Line, reference: String) -> Step {
    let on = lianzhi_procedure::beijing_date(line.on);
    let (ticket, party, exhibits) = (line.ticket.clone(), debt.party, Vec::new());
    let command = match (&debt.receipt, debt.spot) {
        // The case has it: the bank confirms it.
        (Some(ticket), true) => {
            let ticket = ticket.clone();
            AnyCommand::Spot(spot::Command::Deposit { ticket, on, reference, exhibits })
        }
        (Some(ticket), false) => {
            let ticket = ticket.clone();
            AnyCommand::Penalty(penalty::Command::Deposit(Depositing {
                party,
                ticket,
                on,
                reference,
                exhibits,
            }))
        }
        (None, true) => AnyCommand::Spot(spot::Command::Pay { amount: fen, on, reference, ticket, exhibits }),
        (None, false) => {
            let pay = Paying { party, amount: fen, on, reference, ticket, exhibits };
            AnyCommand::Penalty(penalty::Command::Pay(pay))
        }
    };
    let look_ups = LookUps { bank: Some(line.file.clone()), ..LookUps::default() };
    Step { look_ups, ..Step::new(To::Docket(debt.docket), command) }
}

/// The payer and what was paid for, as they are kept.
pub(super) fn payer(name: &str, remark: &str) -> Text {
    let name = if name.is_empty() { "未注明缴款人" } else { name };
    Text::Plain(if remark.is_empty() { name.to_owned() } else { format!("{name}（{remark}）") })
}

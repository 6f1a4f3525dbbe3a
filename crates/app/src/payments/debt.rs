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
use lianzhi_procedure::penalty::{self, Receipt};
use lianzhi_procedure::{AnyCommand, Debt, Kind, LookUps, Refusal, Tag, Text, spot};

/// What of a line the debt depends on.
#[derive(Debug, Clone, Copy)]
pub(super) struct Asked<'a> {
    pub serial: &'a str,
    pub fen: i64,
    pub on: Date,
}

/// The receipt that somebody typed before the bank's file came.
fn typed(receipts: &[Receipt], asked: Asked<'_>) -> bool {
    receipts.iter().any(|r| r.reference == asked.serial && r.fen == asked.fen)
}

fn of_case(id: DocketId, live: &Live, party: u16, asked: Asked<'_>) -> Option<Debt> {
    let case = case_of(&live.state)?;
    let known = typed(&case.party(party)?.money.receipts, asked);
    let open = if case.open() { penalty::payable(case, party, asked.on) } else { Err(closed()) };
    Some(debt((id, case.number.clone()), Some(party), known, open))
}

fn of_sheet(id: DocketId, live: &Live, asked: Asked<'_>) -> Option<Debt> {
    let sheet = sheet_of(&live.state)?;
    let decision = sheet.imposed()?;
    let known = typed(&decision.money.receipts, asked);
    let open = match decision.money.left() {
        0 => Ok(0),
        _ => spot::payable(sheet, asked.on),
    };
    Some(debt((id, sheet.opening.number.clone()), None, known, open))
}

fn closed() -> Refusal {
    Refusal::conflict("closed", "案件已经结案，不能再登记缴款。", "请核对案件；不应当收缴的，登记退付。")
}

fn debt(
    (docket, number): (DocketId, String),
    party: Option<u16>,
    known: bool,
    open: Result<i64, Refusal>,
) -> Debt {
    let (most, refused) = match open {
        Ok(most) => (most, None),
        Err(refusal) => (0, Some(refusal.rule)),
    };
    Debt { docket, number, spot: party.is_none(), party: party.unwrap_or(1), known, most, refused }
}

impl App {
    /// What is owed under a payment code; none when no matter has it.
    pub(super) async fn debt_by_code(&self, code: &str, asked: Asked<'_>) -> Result<Option<Debt>, Refusal> {
        if code.is_empty() {
            return Ok(None);
        }
        let tag = Tag::PayCode(code.to_owned());
        for (id, live) in self.tagged_lives(Kind::Penalty, &tag).await? {
            let Some(case) = case_of(&live.state) else { continue };
            let party = case.present().find(|p| p.money.code.as_deref() == Some(code));
            if let Some(party) = party.map(|p| p.subject.id) {
                return Ok(of_case(id, &live, party, asked));
            }
        }
        for (id, live) in self.tagged_lives(Kind::Spot, &tag).await? {
            let own = |s: &spot::Sheet| s.imposed().is_some_and(|d| d.money.code.as_deref() == Some(code));
            if sheet_of(&live.state).is_some_and(own) {
                return Ok(of_sheet(id, &live, asked));
            }
        }
        Ok(None)
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
        let asked = Asked { serial: &money.line.serial, fen: *amount, on };
        let debt = self.debt_by_number(who, to, *party, asked).await?;
        let fen = debt.as_ref().filter(|d| d.refused.is_none()).map(|d| d.most.min(*amount));
        // The same line may be put to several cases, and to one case twice.
        let n = money.credits.iter().filter(|c| Some(c.to) == debt.as_ref().map(|d| d.docket)).count();
        let reference =
            if n == 0 { money.line.serial.clone() } else { format!("{}-{}", money.line.serial, n + 1) };
        let step = debt.as_ref().zip(fen).filter(|(d, fen)| !d.known && *fen > 0);
        let step = step.map(|(d, fen)| pay_step(d, fen, &money.line, reference));
        Ok((LookUps { debt, ..LookUps::default() }, step))
    }
}

/// The step by which a case takes money over.
pub(super) fn pay_step(debt: &Debt, fen: i64, line: &Line, reference: String) -> Step {
    let on = lianzhi_procedure::beijing_date(line.on);
    let ticket = line.ticket.clone();
    let command = if debt.spot {
        AnyCommand::Spot(spot::Command::Pay { amount: fen, on, reference, ticket })
    } else {
        AnyCommand::Penalty(penalty::Command::Pay { party: debt.party, amount: fen, on, reference, ticket })
    };
    let look_ups = LookUps { bank: Some(line.file.clone()), ..LookUps::default() };
    Step { look_ups, ..Step::new(To::Docket(debt.docket), command) }
}

/// The payer and what was paid for, as they are kept.
pub(super) fn payer(name: &str, remark: &str) -> Text {
    let name = if name.is_empty() { "未注明缴款人" } else { name };
    Text::Plain(if remark.is_empty() { name.to_owned() } else { format!("{name}（{remark}）") })
}

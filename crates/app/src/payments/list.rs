//! Money that came, what people have to settle of it, and what officers still carry.

use super::money_of;
use crate::ports::{Filter, LedgerFilter, MatterRow, Order, Sight};
use crate::read::{filter_of_kind, given};
use crate::record::{Told, Words, minute};
use crate::search::normalise;
use crate::shared::unavailable;
use crate::{App, Caller};
use jiff::Timestamp;
use lianzhi_ids::{Digest, DocketId, PersonCode};
use lianzhi_procedure::payment::{Command, Credit, Event, Money, Stage};
use lianzhi_procedure::penalty::yuan;
use lianzhi_procedure::{AnyCommand, Kind, LedgerKind, Refusal};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::HashMap;

/// Lines on one page: each is folded.
const ROWS: i64 = 50;
/// Sums that officers carry, shown at once.
const HELD_MAX: i64 = 500;

/// Whether a command is only the node's own to give.
pub(crate) fn internal(command: &AnyCommand) -> bool {
    matches!(command, AnyCommand::Payment(Command::Come { .. }))
}

/// What somebody asks of the list; the same names in the address of the page and in the API.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct PaymentQuery {
    /// `difference` (also when not given), `matched`, `settled`, or `any`.
    pub stage: Option<String>,
    /// Substring of serial number, payer, notes.
    pub q: Option<String>,
    /// Where to go on: `next` of the page before.
    pub cursor: Option<String>,
}

/// What was put to a case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct CreditView {
    /// Docket.
    pub id: i64,
    /// Number of the case or decision.
    pub number: String,
    /// The party in it.
    pub party: u16,
    /// How much, fen.
    pub fen: i64,
}

/// Money that came.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct PaymentRow {
    /// Docket.
    pub id: i64,
    /// Number of the bank's line.
    pub serial: String,
    /// Payment code.
    pub code: String,
    /// How much, fen.
    pub fen: i64,
    /// When it came.
    pub at: Timestamp,
    /// Who paid and what for.
    pub payer: String,
    /// Stage's code.
    pub stage: &'static str,
    /// Stage in words.
    pub stage_title: &'static str,
    /// Why it could not be put to a case, or not all of it.
    pub difference: Option<&'static str>,
    /// The case's own words.
    pub why: String,
    /// What was put to cases.
    pub credits: Vec<CreditView>,
    /// What still belongs to nobody, fen.
    pub left: i64,
    /// The bank's file.
    pub file: String,
}

/// A page of money that came.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Payments {
    /// The lines, newest first.
    pub payments: Vec<PaymentRow>,
    /// Cursor of the next page.
    pub next: Option<String>,
}

/// Money that only a person answers for: taken on the spot and not handed in yet, or typed and confirmed by nobody.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct HeldRow {
    /// The case or the decision on the spot.
    pub id: i64,
    /// Its number.
    pub number: String,
    /// Who carries it, or typed it.
    pub person: String,
    /// Unit.
    pub unit: String,
    /// How much, fen.
    pub fen: i64,
    /// Number of the treasury's receipt, or as it was typed.
    pub ticket: String,
    /// On which day it was taken or paid.
    pub on: String,
    /// Until when it must be handed in, micros.
    pub due_at: Option<i64>,
    /// The term has passed.
    pub late: bool,
}

impl App {
    /// Money that came, newest first.
    ///
    /// # Errors
    /// A filter that is none, or no right.
    pub async fn payments(&self, who: &Caller, query: &PaymentQuery) -> Result<Payments, Refusal> {
        self.may(who, "payments", None)?;
        let stages = match given(query.stage.as_deref()) {
            None => vec![Stage::Open.code().to_owned()],
            Some("any") => Vec::new(),
            Some(code) if Stage::from_code(code).is_some() => vec![code.to_owned()],
            Some(_) => {
                let remedy = "可用：difference、matched、settled、any。";
                return Err(Refusal::invalid("stage", "没有这个状态。", remedy));
            }
        };
        let q = given(query.q.as_deref()).map(normalise);
        if q.as_ref().is_some_and(|q| !(2..=100).contains(&q.chars().count())) {
            return Err(Refusal::invalid("q", "搜索词太短或太长。", "请输入两个至一百个字。"));
        }
        let filter = Filter {
            sight: self.sight_of_files(who)?,
            stages,
            q,
            now: self.now().as_microsecond(),
            ..filter_of_kind(Kind::Payment.code())
        };
        let cursor = given(query.cursor.as_deref());
        let page = self.inner.store.queries.list(&filter, Order::Newest, cursor, ROWS).await;
        let page = page.map_err(|e| unavailable(&e))?;
        let ids: Vec<_> = page.rows.iter().map(|row| row.id).collect();
        let mut payments = Vec::with_capacity(ids.len());
        if !ids.is_empty() {
            let lives =
                self.inner.shared.lives(&self.inner.store, &ids).await.map_err(|e| unavailable(&e))?;
            let moneys = || ids.iter().filter_map(|id| Some((*id, money_of(&lives.get(id)?.state)?)));
            let texts = self.opened(moneys().map(|(_, m)| m.line.payer.digest).collect()).await?;
            payments.extend(moneys().map(|(id, money)| row(id, money, &texts)));
        }
        Ok(Payments { payments, next: page.next })
    }

    /// How many lines wait for people.
    ///
    /// # Errors
    /// No right, or the store cannot be read.
    pub async fn payment_differences(&self, who: &Caller) -> Result<Option<i64>, Refusal> {
        self.may(who, "payments", None)?;
        let stages = vec![Stage::Open.code().to_owned()];
        let filter =
            Filter { sight: self.sight_of_files(who)?, stages, ..filter_of_kind(Kind::Payment.code()) };
        self.inner.store.queries.count(&filter, 9_999).await.map_err(|e| unavailable(&e))
    }

    /// Texts of parts that are nobody's particulars.
    pub(crate) async fn opened(&self, parts: Vec<Digest>) -> Result<HashMap<Digest, String>, Refusal> {
        if parts.is_empty() {
            return Ok(HashMap::new());
        }
        let rows = self.inner.store.journal.parts(&parts).await.map_err(|e| unavailable(&e))?;
        let keys = self.inner.shared.keys();
        let plain = rows.iter().filter(|r| r.kind == lianzhi_procedure::PartKind::Remark.code());
        Ok(plain.filter_map(|r| Some((r.digest, keys.open(r)?))).collect())
    }

    /// What officers still carry: overdue first. Whoever does not see the books sees what is his own or his unit's.
    ///
    /// # Errors
    /// No right to read.
    pub async fn held(&self, who: &Caller) -> Result<Vec<HeldRow>, Refusal> {
        self.answered_for(who, LedgerKind::Held).await
    }

    /// Payments that somebody typed and that neither the bank's file nor anybody else has confirmed (行政处罚法 67); seen like those.
    ///
    /// # Errors
    /// No right to read.
    pub async fn unconfirmed_payments(&self, who: &Caller) -> Result<Vec<HeldRow>, Refusal> {
        self.answered_for(who, LedgerKind::PaidTyped).await
    }

    async fn answered_for(&self, who: &Caller, what: LedgerKind) -> Result<Vec<HeldRow>, Refusal> {
        let sight =
            if self.may(who, "payments", None).is_ok() { Sight::All } else { self.sight_of_files(who)? };
        let filter = LedgerFilter { what: vec![what.code().to_owned()], ..LedgerFilter::default() };
        let rows = self.inner.store.books.ledger(&filter, 0, HELD_MAX).await.map_err(|e| unavailable(&e))?;
        let (directory, now) = (self.directory(), self.now().as_microsecond());
        let seen = |row: &MatterRow| match &sight {
            Sight::All => true,
            Sight::Some { units, person } => {
                row.unit.as_ref().is_some_and(|u| units.contains(u)) || row.assignee.as_ref() == Some(person)
            }
        };
        let shown = rows.into_iter().filter(|(_, matter)| seen(matter)).map(|(line, matter)| {
            let person = line.person.as_deref().and_then(|p| PersonCode::parse(p).ok());
            let unit = matter.unit.as_deref().and_then(|u| lianzhi_ids::UnitCode::parse(u).ok());
            HeldRow {
                id: matter.id.0,
                number: matter.number,
                person: person.map(|p| directory.person_name(&p).to_owned()).unwrap_or_default(),
                unit: unit.map(|u| directory.unit_name(&u).to_owned()).unwrap_or_default(),
                fen: line.fen,
                ticket: line.reference,
                on: super::books::day_text(line.day),
                due_at: line.due_at,
                late: line.due_at.is_some_and(|due| due <= now),
            }
        });
        Ok(shown.collect())
    }
}

fn row(id: DocketId, money: &Money, texts: &HashMap<Digest, String>) -> PaymentRow {
    let stage = money.stage();
    let credit = |c: &Credit| CreditView { id: c.to.0, number: c.number.clone(), party: c.party, fen: c.fen };
    PaymentRow {
        id: id.0,
        serial: money.line.serial.clone(),
        code: money.line.code.clone(),
        fen: money.line.fen,
        at: money.line.on,
        payer: texts.get(&money.line.payer.digest).cloned().unwrap_or_else(|| "（已删除）".into()),
        stage: stage.code(),
        stage_title: stage.title(),
        difference: money.difference.map(lianzhi_procedure::payment::Difference::title),
        why: money.why.clone(),
        credits: money.credits.iter().map(credit).collect(),
        left: money.left(),
        file: money.line.file.clone(),
    }
}

/// An entry of money that came, in words.
pub(crate) fn tell(event: &Event, words: &Words<'_>) -> Told {
    let to = |told: Told, c: &Credit| {
        told.with("归入", format!("{}，当事人 {}，{}", words.matter(c.to), c.party, yuan(c.fen)))
    };
    match event {
        Event::Came { line, credit, difference, why, .. } => {
            let mut told = Told::new(format!("银行到账 {}", yuan(line.fen)))
                .said(line.payer)
                .with("流水号", line.serial.clone())
                .with("到账时间", minute(line.on));
            if !line.code.is_empty() {
                told = told.with("缴款码", line.code.clone());
            }
            if !line.ticket.is_empty() {
                told = told.with("财政票据号", line.ticket.clone());
            }
            told = told.with("银行文件", line.file.clone()).law("行政处罚法第六十七条");
            if let Some(credit) = credit {
                told = to(told, credit);
            }
            match difference {
                Some(difference) if why.is_empty() => told.with("差异", difference.title()),
                Some(difference) => told.with("差异", format!("{}：{why}", difference.title())),
                None => told,
            }
        }
        Event::Credited { credit, note, .. } => to(Told::new("归入案件").said(*note), credit),
        Event::GivenBack { how, fen, reference, note, .. } => {
            Told::new(format!("{} {}", how.title(), yuan(*fen))).said(*note).with("凭证号", reference.clone())
        }
    }
}

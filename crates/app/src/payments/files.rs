//! A bank's file in: read, tried, imported. Each line is known by its serial number in whatever file it comes, so that the same
//! file twice does nothing twice.

use super::columns::{PayField, PayMapping, fen};
use super::debt::{Asked, pay_step, payer};
use crate::import::{Bad, Table, moment};
use crate::sequencer::{Step, Submission, To};
use crate::shared::unavailable;
use crate::{App, Caller};
use futures::StreamExt;
use jiff::Timestamp;
use lianzhi_procedure::payment::{Command, Difference, Line};
use lianzhi_procedure::{
    Actor, AnyCommand, Debt, Kind, LookUps, PartKind, PartRef, Refusal, RefusalKind, beijing_date, payment,
};
use schemars::JsonSchema;
use serde::Serialize;
use std::collections::{BTreeMap, HashSet};

/// Payment codes whose lines are submitted at the same time.
const AT_ONCE: usize = 32;
/// Bad lines that are listed; the rest are counted.
const BAD_MAX: usize = 1_000;
/// Lines that a trial shows.
const TRIED_MAX: usize = 50;

/// What a file holds, before anything is imported.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PaymentPreview {
    /// Headers as they stand in the file.
    pub headers: Vec<String>,
    /// The columns that their names suggest.
    pub mapping: PayMapping,
    /// Lines in all.
    pub count: usize,
}

/// A line as it would be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TriedLine {
    /// Line in the file, from 1.
    pub line: u64,
    /// Number of the bank's line.
    pub serial: String,
    /// Payment code.
    pub code: String,
    /// How much, fen.
    pub fen: i64,
    /// When it came.
    pub at: Option<Timestamp>,
    /// Who paid.
    pub payer: String,
    /// The matter that it goes to: number and how much of it.
    pub to: Option<(String, i64)>,
    /// Why not, or not all of it.
    pub difference: Option<&'static str>,
    /// It is there already.
    pub repeated: bool,
}

/// What an import would do.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PaymentTrial {
    /// Lines in the file.
    pub rows: usize,
    /// That would be registered, and their sum, fen.
    pub came: (usize, i64),
    /// Of that, put to cases, fen.
    pub matched: i64,
    /// Lines that become differences, and the sum that stays open, fen.
    pub differences: (usize, i64),
    /// There already.
    pub repeated: usize,
    /// Lines that cannot be read.
    pub bad: Vec<Bad>,
    /// The first lines, those that are not plain first.
    pub lines: Vec<TriedLine>,
    /// Headers that nothing is read from.
    pub unused: Vec<String>,
}

/// What became of an import.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct PaymentReport {
    /// Lines in the file.
    pub rows: usize,
    /// Newly registered.
    pub came: usize,
    /// Their sum, fen.
    pub came_fen: i64,
    /// Put to cases, fen.
    pub matched_fen: i64,
    /// Lines of which something waits for people.
    pub differences: usize,
    /// That sum, fen: `came_fen` = `matched_fen` + `difference_fen`.
    pub difference_fen: i64,
    /// Registered before: left alone.
    pub repeated: usize,
    /// Not read, by line (at most a thousand are listed).
    pub bad: Vec<Bad>,
    /// Such lines that are not listed.
    pub bad_omitted: usize,
    /// The columns that were read.
    pub mapping: PayMapping,
    /// Headers that nothing was read from.
    pub unused: Vec<String>,
}

/// A line that is ready.
#[derive(Debug, Clone)]
struct Ready {
    at: u64,
    line: Line,
    payer: (String, String),
}

#[derive(Default)]
struct Sifted {
    ready: Vec<Ready>,
    repeated: Vec<Ready>,
    bad: Vec<Bad>,
}

/// Looks into a file.
///
/// # Errors
/// When it is no table, or too large.
pub fn preview(bytes: &[u8], name: &str) -> Result<PaymentPreview, Refusal> {
    let table = read(bytes, name)?;
    let mapping = PayMapping::proposed(&table.headers);
    Ok(PaymentPreview { mapping, count: table.rows.len(), headers: table.headers })
}

fn read(bytes: &[u8], name: &str) -> Result<Table, Refusal> {
    Table::read(bytes, name, &|header| PayField::of(header).is_some())
}

fn line_of(
    table: &Table,
    (at, cells): &(u64, Vec<String>),
    places: &BTreeMap<PayField, usize>,
    mapping: &PayMapping,
    file: &str,
) -> Result<Ready, Bad> {
    let bad = |column: String, reason: String| Bad { line: *at, column, reason };
    if let Some((column, reason)) = table.beyond(cells) {
        return Err(bad(column, reason.to_owned()));
    }
    let text = |field| {
        let cell = places.get(&field).and_then(|n| cells.get(*n)).map_or("", String::as_str);
        cell.trim().trim_start_matches('\'').trim()
    };
    let broken = PayField::ALL.iter().find(|f| text(**f).contains('\u{fffd}'));
    if let Some(field) = broken {
        let reason = "文字编码无法识别。请另存为 UTF-8 编码的 CSV 或 XLSX 再导入。";
        return Err(bad(mapping.header(*field), reason.into()));
    }
    let need = |field: PayField| match text(field) {
        "" => Err(bad(mapping.header(field), format!("没有{}。", field.title()))),
        found => Ok(found),
    };
    let at_field = |field, reason| bad(mapping.header(field), reason);
    let serial = need(PayField::Serial)?;
    if serial.chars().count() > 60 {
        return Err(at_field(PayField::Serial, "流水号太长。请核对是不是选错了列。".into()));
    }
    let fen = fen(need(PayField::Amount)?).map_err(|reason| at_field(PayField::Amount, reason))?;
    let on = moment(need(PayField::At)?).map_err(|reason| at_field(PayField::At, reason))?;
    let code = lianzhi_procedure::pay_code::plain(text(PayField::Code));
    let line = Line {
        serial: serial.to_owned(),
        code,
        fen,
        on,
        // The sealed text takes its place when it is registered.
        payer: PartRef { kind: PartKind::Remark, digest: lianzhi_ids::Digest::ZERO },
        ticket: text(PayField::Ticket).to_owned(),
        file: file.to_owned(),
    };
    let payer = (text(PayField::Payer).to_owned(), text(PayField::Remark).to_owned());
    Ok(Ready { at: *at, line, payer })
}

impl App {
    /// Whether somebody may import the bank's file and settle differences.
    ///
    /// # Errors
    /// The policy's refusal.
    pub fn may_settle_payments(&self, who: &Caller) -> Result<(), Refusal> {
        if !matches!(who.actor, Actor::System) && !who.has_scope("write") {
            return Err(Refusal::forbidden("scope", "这个令牌不能导入。", "请用含 write 权限的令牌。"));
        }
        self.may(who, "payments_settle", None)
    }

    /// What importing a file would do. Nothing is registered.
    ///
    /// # Errors
    /// When the file is no table, the mapping is not enough, or the caller may not.
    pub async fn try_payments(
        &self,
        who: &Caller,
        bytes: &[u8],
        name: &str,
        mapping: &PayMapping,
    ) -> Result<PaymentTrial, Refusal> {
        self.may_settle_payments(who)?;
        let table = read(bytes, name)?;
        let Sifted { ready, repeated, bad } = self.sift_payments(&table, mapping, name).await?;
        let mut trial = PaymentTrial {
            rows: table.rows.len(),
            repeated: repeated.len(),
            unused: mapping.unused(&table.headers),
            ..PaymentTrial::default()
        };
        // What lines before them take counts, as it will then.
        let mut taken: BTreeMap<(i64, u16), i64> = BTreeMap::new();
        let (mut plain, mut odd) = (Vec::new(), Vec::new());
        for row in &ready {
            let debt = self.debt_by_code(&row.line.code, asked(&row.line)).await?;
            let debt = debt.map(|d| {
                let before = taken.get(&(d.docket.0, d.party)).copied().unwrap_or(0);
                Debt { most: (d.most - before).max(0), ..d }
            });
            let (credit, difference) = self.verdict(&row.line, debt.as_ref());
            let credited = credit.unwrap_or(0);
            if let Some(d) = debt.as_ref().filter(|d| !d.known) {
                *taken.entry((d.docket.0, d.party)).or_default() += credited;
            }
            trial.came = (trial.came.0 + 1, trial.came.1 + row.line.fen);
            trial.matched += credited;
            if row.line.fen > credited {
                let (n, sum) = trial.differences;
                trial.differences = (n + 1, sum + row.line.fen - credited);
            }
            let shown = TriedLine {
                to: debt.filter(|_| credited > 0).map(|d| (d.number, credited)),
                difference: difference.map(Difference::title),
                ..tried(row)
            };
            if difference.is_some() { odd.push(shown) } else { plain.push(shown) }
        }
        let old = repeated.iter().map(|row| TriedLine { repeated: true, ..tried(row) });
        trial.lines = odd.into_iter().chain(plain).chain(old).take(TRIED_MAX).collect();
        trial.bad = bad;
        trial.bad.truncate(BAD_MAX);
        Ok(trial)
    }

    fn verdict(&self, line: &Line, debt: Option<&Debt>) -> (Option<i64>, Option<Difference>) {
        payment::verdict(line, debt, &self.directory().settings.pay_codes)
    }

    /// Registers the lines of a bank's file; what bears a payment code goes to its case in the same transaction. An empty mapping
    /// is filled in from the headers.
    ///
    /// # Errors
    /// As [`App::try_payments`].
    pub async fn import_payments(
        &self,
        who: &Caller,
        bytes: &[u8],
        name: &str,
        mapping: &PayMapping,
    ) -> Result<PaymentReport, Refusal> {
        self.may_settle_payments(who)?;
        let table = read(bytes, name)?;
        let mapping =
            if mapping.columns.is_empty() { PayMapping::proposed(&table.headers) } else { mapping.clone() };
        let Sifted { ready, repeated, mut bad } = self.sift_payments(&table, &mapping, name).await?;
        self.record_access(who, "payments_import", None, name).await?;
        let mut report = PaymentReport {
            rows: table.rows.len(),
            repeated: repeated.len(),
            unused: mapping.unused(&table.headers),
            ..PaymentReport::default()
        };
        // Lines of one code after each other, in the order in which they came: what one pays the next does not.
        let mut groups: BTreeMap<String, Vec<Ready>> = BTreeMap::new();
        for row in ready {
            let by = if row.line.code.is_empty() {
                format!("\n{}", row.line.serial)
            } else {
                row.line.code.clone()
            };
            groups.entry(by).or_default().push(row);
        }
        let register = |mut rows: Vec<Ready>| async move {
            rows.sort_by(|a, b| (a.line.on, &a.line.serial).cmp(&(b.line.on, &b.line.serial)));
            let mut done = Vec::with_capacity(rows.len());
            for row in rows {
                done.push((row.at, row.line.fen, self.register_payment(&row).await));
            }
            done
        };
        let mut answers = futures::stream::iter(groups.into_values()).map(register).buffer_unordered(AT_ONCE);
        while let Some(done) = answers.next().await {
            for (line, fen, outcome) in done {
                match outcome {
                    Ok(Some(credited)) => {
                        report.came += 1;
                        report.came_fen += fen;
                        report.matched_fen += credited;
                        report.differences += usize::from(credited < fen);
                        report.difference_fen += fen - credited;
                    }
                    Ok(None) => report.repeated += 1,
                    Err(refusal) => bad.push(Bad {
                        line,
                        column: String::new(),
                        reason: format!("{}{}", refusal.rule, refusal.remedy),
                    }),
                }
            }
        }
        drop(answers);
        bad.sort_by_key(|bad| bad.line);
        report.bad_omitted = bad.len().saturating_sub(BAD_MAX);
        bad.truncate(BAD_MAX);
        report.bad = bad;
        report.mapping = mapping;
        Ok(report)
    }

    async fn sift_payments(
        &self,
        table: &Table,
        mapping: &PayMapping,
        file: &str,
    ) -> Result<Sifted, Refusal> {
        let places = mapping.places(&table.headers)?;
        let mut sifted = Sifted::default();
        let mut seen = HashSet::new();
        for row in &table.rows {
            match line_of(table, row, &places, mapping, file) {
                Err(bad) => sifted.bad.push(bad),
                Ok(ready) => {
                    let number = payment::number(&ready.line.serial);
                    let new = seen.insert(ready.line.serial.clone());
                    let known =
                        self.inner.store.queries.by_number(&number).await.map_err(|e| unavailable(&e))?;
                    let known = known.filter(|row| row.kind == Kind::Payment.code());
                    if new && known.is_none() {
                        sifted.ready.push(ready)
                    } else {
                        sifted.repeated.push(ready)
                    }
                }
            }
        }
        Ok(sifted)
    }

    /// Registers a line; gives what of it went to a case, or none when it was there already.
    async fn register_payment(&self, row: &Ready) -> Result<Option<i64>, Refusal> {
        let mut debt = self.debt_by_code(&row.line.code, asked(&row.line)).await?;
        let first = self.submit_payment(row, debt.as_ref()).await;
        match first {
            // The case says no, or moved meanwhile: the money is kept as a difference with the case's own words.
            Err(refusal)
                if debt.is_some() && refusal.kind != RefusalKind::Busy && refusal.code != "exists" =>
            {
                if let Some(debt) = &mut debt {
                    (debt.refused, debt.known, debt.receipt) = (Some(refusal.rule), false, None);
                }
                self.submit_payment(row, debt.as_ref()).await.map(Some)
            }
            Err(refusal) if refusal.code == "exists" => Ok(None),
            outcome => outcome.map(Some),
        }
    }

    async fn submit_payment(&self, row: &Ready, debt: Option<&Debt>) -> Result<i64, Refusal> {
        let Ready { line, payer: (name, remark), .. } = row;
        let (credit, _) = self.verdict(line, debt);
        let mut command = AnyCommand::Payment(Command::Come {
            serial: line.serial.clone(),
            code: line.code.clone(),
            fen: line.fen,
            at: line.on,
            payer: payer(name, remark),
            ticket: line.ticket.clone(),
            file: line.file.clone(),
        });
        let parts = self.seal(&mut command)?;
        let look_ups = LookUps { debt: debt.cloned(), ..LookUps::default() };
        let mut steps = vec![Step { look_ups, parts, ..Step::new(To::New(Kind::Payment), command) }];
        if let (Some(debt), Some(fen)) = (debt, credit) {
            steps.push(pay_step(debt, fen, line, line.serial.clone()));
        }
        // One docket for each serial number: the second is refused by the sequencer, whoever was first.
        let extra = serde_json::Value::Null;
        self.inner.sequencer.submit(Submission { actor: Actor::System, steps, key: None, extra }).await?;
        Ok(credit.unwrap_or(0))
    }
}

fn asked(line: &Line) -> Asked<'_> {
    Asked { serial: &line.serial, ticket: &line.ticket, fen: line.fen, on: beijing_date(line.on) }
}

fn tried(row: &Ready) -> TriedLine {
    TriedLine {
        line: row.at,
        serial: row.line.serial.clone(),
        code: row.line.code.clone(),
        fen: row.line.fen,
        at: Some(row.line.on),
        payer: row.payer.0.clone(),
        to: None,
        difference: None,
        repeated: false,
    }
}

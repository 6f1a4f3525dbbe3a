//! The bank's file of the last days: what most parties owe comes with its payment code, and three lines do not fit. It goes the same way
//! as a file that somebody brings from the bank.

use super::HistoryError;
use jiff::SignedDuration;
use lianzhi_app::payments::PayMapping;
use lianzhi_app::{App, Caller};
use lianzhi_ids::DocketId;
use lianzhi_procedure::penalty::{Case, PaperKind, Party};
use lianzhi_procedure::{AnyState, Kind, beijing_date};
use std::fmt::Write as _;

/// Debts that are paid by it at most.
const PAID: usize = 4;

/// A debt with its code: what is owed, fen.
struct Debt {
    code: String,
    fen: i64,
}

fn of_case(case: &Case) -> Option<Debt> {
    // Whoever pays in parts or was demanded to pay does not pay all of it by the bank's last file.
    let pays = |p: &&Party| p.annulled.is_none() && p.money.left() > 0 && p.money.parts.is_empty();
    let demanded = case.papers_of(PaperKind::Demand).next().is_some();
    let party = case.present().find(pays).filter(|_| !demanded)?;
    Some(Debt { code: party.money.code.clone()?, fen: party.money.left() })
}

fn of_matter(state: &AnyState) -> Option<Debt> {
    match state {
        AnyState::Penalty(state) => of_case(state.case()?),
        AnyState::Spot(state) => {
            let decision = state.sheet()?.imposed().filter(|d| d.handed.is_some() && d.annulled.is_none())?;
            let fen = Some(decision.money.left()).filter(|fen| *fen > 0)?;
            Some(Debt { code: decision.money.code.clone()?, fen })
        }
        _ => None,
    }
}

/// Imports it as the node itself does.
pub(super) async fn import(app: &App) -> Result<(), HistoryError> {
    let head = app.store().journal.head().await?;
    let ids: Vec<_> = (1..head.next_docket).map(DocketId).collect();
    let mut debts = Vec::new();
    for some in ids.chunks(500) {
        let rows = app.store().journal.matters(some).await?;
        let money = |kind: &str| [Kind::Penalty, Kind::Spot].iter().any(|k| k.code() == kind);
        for row in rows.into_iter().filter(|row| row.open && money(&row.kind)) {
            let entries = app.store().journal.docket(row.id).await?;
            let live = lianzhi_app::project::fold(&entries).ok().flatten();
            debts.extend(live.and_then(|live| of_matter(&live.state)));
        }
    }
    debts.truncate(PAID);
    let now = app.now();
    let mut text = "交易流水号,交易时间,金额,缴款人,缴款码,摘要\n".to_owned();
    let mut line = |n: usize, fen: i64, payer: &str, code: &str, remark: &str| {
        let at = now - SignedDuration::from_mins(30 + 7 * i64::try_from(n).unwrap_or(0));
        let at = jiff::tz::offset(8).to_datetime(at);
        let _ = writeln!(
            text,
            "SL{:08}{n:04},{} {:02}:{:02},{}.{:02},{payer},{code},{remark}",
            at.date().to_string().replace('-', "").parse::<u32>().unwrap_or(0),
            at.date(),
            at.hour(),
            at.minute(),
            fen / 100,
            fen % 100
        );
    };
    for (n, debt) in debts.iter().enumerate() {
        // The last one pays more than it owes.
        let more = if n + 1 == debts.len() { 10_000 } else { 0 };
        line(n, debt.fen + more, "示例缴款人", &debt.code, "罚款");
    }
    line(90, 20_000, "示例缴款人丁", "", "城管罚款，没有写缴款码");
    line(91, 5_000, "示例缴款人戊", "99990026000000000017", "罚款");
    let name = format!("银行到账 {}.csv", beijing_date(now));
    let refused = |refusal| HistoryError::Step(refusal);
    let mapping = PayMapping::default();
    app.import_payments(&Caller::system(), text.as_bytes(), &name, &mapping).await.map_err(refused)?;
    Ok(())
}

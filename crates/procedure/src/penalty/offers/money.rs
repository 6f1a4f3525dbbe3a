//! Offers about money: paid, put off, taken on the spot, handed in, confirmed, given back, demanded.

use super::*;
use crate::penalty::command::{
    CheckingPayment, Collecting, Demanding, Depositing, Found, HandingIn, Paying, Refunding,
};
use crate::penalty::execution::DEMAND_DAYS;
use crate::penalty::law_side;
use crate::penalty::stage::Stage;
use crate::penalty::words::OnSiteGround;

pub(super) fn money(desk: &mut Desk<'_>) {
    let parties = desk.parties();
    let today = desk.today();
    desk.offer_for(
        words(desk.case.stage() == Stage::Performing, "pay", "登记缴款", "缴清后停止计算加处罚款。"),
        ("party", "当事人"),
        &parties,
        |party| {
            let (reference, ticket, exhibits) = ("#".into(), String::new(), sample_files());
            Command::Pay(Paying { party, amount: 1, on: today, reference, ticket, exhibits })
        },
        vec![
            field("amount", "金额", true, MONEY, "元，可到分"),
            field("on", "缴款日期", true, DAY, ""),
            field("reference", "银行流水号、票据号", true, LINE, ""),
            field("ticket", "财政票据号", false, LINE, "开具了电子票据的填写"),
            files("银行、财政出具的缴款凭证", true),
        ],
    );
    desk.offer_for(
        words(false, "set_pay_code", "登记缴款码", "印在决定书上。"),
        ("party", "当事人"),
        &parties,
        |party| Command::SetPayCode { party, code: "0".into() },
        vec![field("code", "缴款码", true, LINE, "非税系统给出的缴款码")],
    );
    // Asked for mostly while the days of the decision still run: it begins after them (行政处罚法 66, 67).
    let next = today.saturating_add(jiff::Span::new().months(1));
    desk.offer_for(
        words(false, "pay_later", "报批延期、分期缴纳", "当事人确有经济困难并申请的；批准期间不加处罚款。"),
        ("party", "当事人"),
        &parties,
        |party| Command::PayLater { party, parts: 1, first: next, asked: today, note: sealed() },
        vec![
            field(
                "parts",
                "期数",
                true,
                FieldKind::Number { min: 1, max: 24 },
                "只延期不分期的填 1；每月一期",
            ),
            field("first", "首期（延期）日期", true, DAY, ""),
            field("asked", "当事人申请的日期", true, DAY, "申请书用“补充材料”入卷"),
            note("当事人的申请和困难情况"),
        ],
    );
    desk.offer_for(
        words(false, "collect", "登记当场收缴", "二个工作日内上缴；须出具财政专用票据。"),
        ("party", "当事人"),
        &parties,
        |party| {
            let (ground, ticket, exhibits) = (OnSiteGround::Remote, "-".into(), sample_files());
            let note = sealed();
            Command::Collect(Collecting { party, amount: 1, on: today, ground, ticket, note, exhibits })
        },
        vec![
            field("amount", "金额", true, MONEY, "元，可到分"),
            field("on", "收缴日期", true, DAY, ""),
            field("ground", "法定情形", true, choices!(OnSiteGround), "普通程序只适用第六十九条"),
            field("ticket", "专用票据号", true, LINE, ""),
            field(
                "note",
                "当事人提出的情况",
                false,
                TEXT,
                "没有书面申请的必填：到银行缴纳的困难、当事人怎样提出",
            ),
            files("当事人的书面申请", false),
        ],
    );
    let open = desk.case.parties.iter().flat_map(|p| {
        let tickets = p.money.receipts.iter().filter(|r| r.carried()).filter_map(|r| r.on_site.as_ref());
        tickets.map(|o| (p.subject.id, o.ticket.clone()))
    });
    let open: Vec<_> = open.collect();
    if let Some((_, ticket)) = open.first().cloned() {
        let choices = open.iter().map(|(_, t)| Choice::new(t.clone(), t.clone())).collect();
        desk.offer_for(
            words(true, "hand_in", "确认上缴当场收缴的罚款", "由收款人登记，收缴的人不能自己确认。"),
            ("party", "当事人"),
            &parties,
            |party| Command::HandIn(HandingIn { party, ticket: ticket.clone(), receipt: "-".into() }),
            vec![
                field("ticket", "票据号", true, FieldKind::Choice { choices }, ""),
                field("receipt", "收款收据号", true, LINE, "本机关开给收缴人的收据"),
            ],
        );
    }
    back(desk, &parties, today);
    let days = law_side::demand_days(&desk.facts).unwrap_or(DEMAND_DAYS);
    desk.offer_for(
        words(false, "demand", "报批催告", "写明履行义务的期限、方式、金额和陈述申辩权。"),
        ("party", "当事人"),
        &parties,
        |party| Command::Demand(Demanding { party, days, note: sealed() }),
        vec![
            field(
                "days",
                "履行期限（工作日）",
                true,
                FieldKind::Number { min: 3, max: 30 },
                "申请法院执行的不少于 10",
            ),
            note("催告的内容"),
        ],
    );
}

/// What the agency pays in, and what it gives back.
fn back(desk: &mut Desk<'_>, parties: &[(u16, Choice)], today: Date) {
    let open = desk.case.present().flat_map(|p| {
        let held = p.money.receipts.iter().filter(|r| r.undeposited().is_some());
        held.map(|r| r.reference.clone())
    });
    let open: Vec<_> = open.collect();
    if let Some(ticket) = open.first().cloned() {
        let choices = open.iter().map(|t| Choice::new(t.clone(), t.clone())).collect();
        desk.offer_for(
            words(true, "deposit", "登记缴付银行", "上缴的罚款二个工作日内缴付指定的银行。"),
            ("party", "当事人"),
            parties,
            |party| {
                let (ticket, reference, exhibits) = (ticket.clone(), "-".into(), sample_files());
                Command::Deposit(Depositing { party, ticket, on: today, reference, exhibits })
            },
            vec![
                field("ticket", "票据号", true, FieldKind::Choice { choices }, ""),
                field("on", "缴付日期", true, DAY, ""),
                field("reference", "银行凭证号", true, LINE, ""),
                files("银行缴款凭证", true),
            ],
        );
    }
    check(desk, parties);
    desk.offer_for(
        words(true, "refund", "登记退还罚没款", "决定撤销、变更以后多缴的，经财政退还当事人。"),
        ("party", "当事人"),
        parties,
        |party| Command::Refund(Refunding { party, on: today, reference: "-".into() }),
        vec![field("on", "退还日期", true, DAY, ""), field("reference", "退付流水号", true, LINE, "")],
    );
}

/// What was typed and nobody confirmed.
fn check(desk: &mut Desk<'_>, parties: &[(u16, Choice)]) {
    let open = |id: u16| {
        let receipts = desk.case.party(id).into_iter().flat_map(|p| &p.money.receipts);
        receipts.filter(|r| r.unconfirmed()).map(|r| r.reference.clone()).collect::<Vec<_>>()
    };
    let tickets = parties.iter().flat_map(|(id, _)| open(*id));
    let choices = tickets.map(|ticket| Choice::new(ticket.clone(), ticket)).collect();
    let first: Vec<_> = parties.iter().map(|(id, _)| (*id, open(*id).into_iter().next())).collect();
    let sample = |party: u16| {
        let ticket = first.iter().find(|(id, _)| *id == party).and_then(|(_, ticket)| ticket.clone());
        let (ticket, voucher, note) = (ticket.unwrap_or_default(), "-".into(), sealed());
        Command::CheckPayment(CheckingPayment {
            party,
            found: Found { ticket, came: true, voucher, note, exhibits: sample_files() },
        })
    };
    desk.offer_for(
        words(true, "check_payment", "核对缴款凭证", "确认到账的才算缴清；没有到账的不予计入。"),
        ("party", "当事人"),
        parties,
        sample,
        vec![
            field("ticket", "登记的缴款", true, FieldKind::Choice { choices }, ""),
            field("came", "已经到账", true, FLAG, "没有到账的不勾选，并写明情况；这笔不再计入"),
            field("voucher", "财政票据号、银行凭证号", false, LINE, "已经到账的必填"),
            field("note", "情况", false, TEXT, "没有到账的必填"),
            files("核对所凭的票据、凭证", false),
        ],
    );
}

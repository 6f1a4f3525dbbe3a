//! What an actor may do now with money that came.

use super::command::Command;
use super::decide;
use super::state::{Outlet, State};
use crate::offer::{choices, field};
use crate::{Debt, Facts, FieldKind, LookUps, Offer, PartKind, PartRef, Text};
use lianzhi_ids::{Digest, DocketId};

fn sealed() -> Text {
    Text::Sealed(PartRef { kind: PartKind::Remark, digest: Digest::ZERO })
}

pub(super) fn offers(state: &State, facts: &Facts<'_>) -> Vec<Offer> {
    let Some(money) = state.money() else { return Vec::new() };
    let left = money.left();
    let debt = Debt {
        docket: DocketId(1),
        number: "-".into(),
        spot: false,
        party: 1,
        known: false,
        receipt: None,
        most: left.max(1),
        refused: None,
    };
    let look_ups = LookUps { debt: Some(debt), ..facts.look_ups.clone() };
    let facts = Facts { look_ups: &look_ups, ..*facts };
    let fits = |sample: Command| decide::decide(state, sample, &facts).is_ok();
    let amount =
        || field("amount", "金额", true, FieldKind::Money { min: 1, max: left.max(1) }, "元，可到分");
    let note = |title| field("note", title, true, FieldKind::Text, "");
    let mut offers = Vec::new();
    let mut offer = |main, (command, title, consequence), fields| {
        offers.push(Offer { command, title, consequence, fields, main, refused: None });
    };
    if fits(Command::Credit { to: "-".into(), party: None, amount: 1, note: sealed() }) {
        offer(
            true,
            ("credit", "归入案件", "在案件里登记这笔缴款。"),
            vec![
                field("to", "案号、决定书文号", true, FieldKind::Line, "当场处罚填决定书文号"),
                field(
                    "party",
                    "当事人",
                    false,
                    FieldKind::Number { min: 1, max: 999 },
                    "案件有几名当事人的填序号；只有一名的不用填",
                ),
                amount(),
                note("归入本案的依据"),
            ],
        );
    }
    let back = Command::GiveBack { how: Outlet::Refund, amount: 1, reference: "-".into(), note: sealed() };
    if fits(back) {
        offer(
            false,
            ("give_back", "登记退付、转出", "不属于任何案件的款项退回或者转出。"),
            vec![
                field("how", "去向", true, choices!(Outlet), ""),
                amount(),
                field("reference", "凭证号", true, FieldKind::Line, "财政退付单、转账凭证的编号"),
                note("原因和经办情况"),
            ],
        );
    }
    offers
}

//! Rows of the books and of the register of things: made from the state of a matter like its list row, and from nothing else.

use crate::PartRef;
use crate::words::words;
use jiff::Timestamp;
use jiff::civil::Date;
use lianzhi_ids::PersonCode;

words! {
    /// What a line of the books says.
    LedgerKind {
        /// A fine or gains to be confiscated were decided.
        Due = "due", "应缴罚没款";
        /// The surcharge grew.
        Surcharge = "surcharge", "加处罚款";
        /// Paid and not owed any more, since a decision was revoked or changed or a measure lifted: to be given back to the party.
        ToReturn = "to_return", "应退还当事人";
        /// Of that, given back to the party.
        Refunded = "refunded", "已退还当事人";
        /// Paid, as the bank's file says.
        PaidBank = "paid_bank", "银行入账";
        /// Paid, as somebody typed it from a receipt; nobody has confirmed it.
        PaidTyped = "paid_typed", "登记未确认";
        /// Paid, as somebody typed it and another found by its voucher; the bank's file has not said so.
        PaidVoucher = "paid_voucher", "凭证核对入账";
        /// Taken on the spot (行政处罚法 68, 69).
        PaidOnSite = "paid_on_site", "当场收缴";
        /// What an auction of seized things brought of it (行政强制法 46(3)).
        PaidSale = "paid_sale", "拍卖抵缴";
        /// Taken on the spot and not handed in yet (71).
        Held = "held", "当场收缴未上缴";
        /// Of what was taken on the spot, paid in at the bank by the agency (71).
        Deposited = "deposited", "当场收缴已缴付银行";
        /// Came to the bank's account.
        Came = "came", "银行到账";
        /// Of that, put to cases.
        Credited = "credited", "已归入案件";
        /// Of that, given back or passed on.
        GivenBack = "given_back", "已退付、转出";
        /// Of that, what is still to be settled by people.
        Difference = "difference", "待处理差异";
        /// What things brought that were sold.
        Proceeds = "proceeds", "物品变价款";
        /// Of that, paid to the treasury.
        Remitted = "remitted", "变价款已缴国库";
    }
}

/// A line of the books.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LedgerLine {
    /// What.
    pub what: LedgerKind,
    /// On which day.
    pub on: Date,
    /// How much, fen.
    pub fen: i64,
    /// Payment code, number of the bank's line or of the receipt.
    pub reference: String,
    /// Who has it in his hands, or typed that it came.
    pub person: Option<PersonCode>,
    /// Until when something is to be done about it.
    pub due: Option<Timestamp>,
}

/// A thing in custody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ThingLine {
    /// Its number in the case.
    pub id: u16,
    /// What it is, see [`crate::penalty::ThingKind`].
    pub kind: &'static str,
    /// Where it is, see [`crate::penalty::ThingState`].
    pub state: &'static str,
    /// The shelf.
    pub shelf: String,
    /// Its name.
    pub name: PartRef,
    /// It rots.
    pub perishable: bool,
    /// It ought to have been given back.
    pub release: bool,
    /// When it last moved.
    pub since: Timestamp,
    /// The next term.
    pub due: Option<Timestamp>,
    /// Its name.
    pub due_name: &'static str,
}

//! Things in custody: cases in which something is seized, put on a shelf, moved, sent to a test, sold, destroyed, given back, and one
//! that ought to have been given back long ago.

use super::cases::{Move, Theme};
use lianzhi_ids::Digest;
use serde_json::{Value, json};

/// What is done to a thing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Hold {
    /// Taken under a measure, for which approval is asked.
    Seize(&'static str),
    /// Registered as evidence, likewise.
    Preserve(&'static str),
    /// What becomes of the things of the measure.
    Settle(&'static str),
    /// Put on a shelf: what it is, its name, the shelf; whether it rots.
    PutIn(&'static str, &'static str, &'static str, bool),
    /// To another shelf, or back.
    Shift(u16, &'static str),
    /// Out for a test.
    Out(u16),
    /// The owner of something that rots is told.
    Warn(u16),
    /// A notice to claim.
    Claim(u16),
    /// Gone.
    Gone(u16, &'static str, Option<i64>),
}

use Hold::{Claim, Gone, Out, Preserve, PutIn, Seize, Settle, Shift, Warn};
use Move::{Approve, Assign, Endorse, Propose, Register, Verify};

/// A thing in custody as a step of a case.
const fn hold(hold: Hold) -> Move {
    Move::Hold(hold)
}

/// Seized, and everything that can become of it while the case runs.
const STALL: [Move; 22] = [
    Register,
    Assign,
    Verify,
    Propose("file"),
    Endorse,
    Approve,
    hold(Seize("三轮车一辆、货架二个、水果三筐")),
    Approve,
    hold(PutIn("vehicle", "蓝色人力三轮车一辆", "一号库 A-01", false)),
    hold(PutIn("tool", "折叠货架二个", "一号库 B-02", false)),
    hold(PutIn("food", "橙子三筐，约六十公斤", "冷藏柜 1", true)),
    hold(Warn(3)),
    hold(Shift(1, "一号库 A-03")),
    hold(Out(2)),
    Move::Record("inspection"),
    Move::Record("interview"),
    hold(Shift(2, "一号库 B-05")),
    hold(PutIn("sample", "橙子样品一袋", "样品柜 3", false)),
    hold(Gone(4, "destroyed", None)),
    hold(Out(2)),
    hold(PutIn("sign", "无主广告布一卷", "二号库 C-01", false)),
    hold(Claim(5)),
];

/// Preserved, given back in time.
const BACK: [Move; 12] = [
    Register,
    Assign,
    Verify,
    Propose("file"),
    Endorse,
    Approve,
    hold(Preserve("电动切割机一台")),
    Approve,
    hold(PutIn("tool", "电动切割机一台", "一号库 B-01", false)),
    hold(Settle("returned")),
    Approve,
    hold(Gone(1, "returned", None)),
];

/// Preserved long ago and never given back: the measure fell by itself.
const FORGOTTEN: [Move; 9] = [
    Register,
    Assign,
    Verify,
    Propose("file"),
    Endorse,
    Approve,
    hold(Preserve("手推车一辆")),
    Approve,
    hold(PutIn("vehicle", "铁皮手推车一辆", "二号库 A-07", false)),
];

const SELLING: &str = "占用人行道设摊经营水果，经劝阻后再次设摊，影响通行。";
const CUTTING: &str = "在人行道上切割石材，产生扬尘，没有采取措施。";

const fn theme(
    item: &'static str,
    title: &'static str,
    facts: &'static str,
    (name, number): (&'static str, &'static str),
    way: &'static [Move],
    days: i64,
) -> Theme {
    let steps = way.len();
    Theme { item, kind: "person", title, facts, name, number, reported: false, steps, way, days }
}

/// The cases.
pub(super) const THEMES: [Theme; 3] = [
    theme("JZLJ-02", "某人占道堆放、经营案", SELLING, ("示例摊主甲", "310000198801010021"), &STALL, 12),
    theme("JZLJ-02", "某人占道切割石材案", CUTTING, ("示例石材商乙", "310000198801010022"), &BACK, 9),
    theme("JZLJ-02", "某人占道堆放材料案", CUTTING, ("示例材料商丙", "310000198801010023"), &FORGOTTEN, 24),
];

/// The command of a step.
pub(super) fn command(hold: Hold, second: &Option<String>, exhibits: &[Digest]) -> Value {
    match hold {
        Seize(goods) => json!({
            "command": "seize", "kind": "seizure", "party": 1, "goods": goods, "second": second, "urgent": false,
            "note": "用于违法经营的工具和物品，需要查清数量、权属。", "exhibits": exhibits,
        }),
        Preserve(goods) => json!({
            "command": "preserve", "party": 1, "goods": goods, "second": second, "note": "证据可能灭失，以后难以取得。",
            "exhibits": exhibits,
        }),
        Settle(how) => {
            json!({ "command": "settle", "measure": 1, "how": how, "note": "已经查清，不需要继续保存。" })
        }
        PutIn(kind, name, shelf, perishable) => {
            let own = matches!(kind, "sample" | "sign");
            json!({
                "command": "put_in", "kind": kind, "name": name, "shelf": shelf, "perishable": perishable,
                "from": if kind == "sample" { "sample" } else if own { "received" } else { "measure" },
                "measure": (!own).then_some(1), "exhibits": exhibits,
            })
        }
        Shift(thing, shelf) => json!({ "command": "shift", "thing": thing, "shelf": shelf }),
        Out(thing) => json!({
            "command": "take_out", "thing": thing, "why": "test", "second": second, "note": "送检测机构，三日内取回。",
        }),
        Warn(thing) => json!({
            "command": "announce", "thing": thing, "what": "perishable", "days": 2, "exhibits": exhibits,
            "note": "书面通知当事人二日内处理，逾期依法变卖。",
        }),
        Claim(thing) => json!({
            "command": "announce", "thing": thing, "what": "claim", "days": 60, "exhibits": exhibits,
            "note": "在本机关网站和现场公告认领。",
        }),
        Gone(thing, how, proceeds) => json!({
            "command": "dispose", "thing": thing, "how": how, "second": second, "proceeds": proceeds,
            "note": if how == "returned" { "本人凭身份证领取，签收单入卷。" } else { "检验后销毁，两人在场，拍照记录。" },
            "exhibits": exhibits,
        }),
    }
}

//! Things in custody: cases in which something is seized, put on a shelf, moved, sent to a test, sold, destroyed, given back, and one
//! that ought to have been given back long ago.

use super::cases::Move;
use super::themes::Theme;
use super::ways::{FILED, ways};
use lianzhi_ids::Digest;
use serde_json::{Value, json};

/// What is done to a thing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Hold {
    /// Taken under a measure, for which approval is asked.
    Seize(&'static str),
    /// Sealed where it stands, likewise.
    Seal(&'static str),
    /// A measure is extended by so many days.
    Longer(u32),
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
    /// He did not come: it shall be sold before the case is decided.
    SellEarly(u16),
    /// A notice to claim.
    Claim(u16),
    /// Gone.
    Gone(u16, &'static str, Option<i64>),
}

use Hold::{Claim, Gone, Longer, Out, Preserve, PutIn, Seal, Seize, SellEarly, Settle, Shift, Warn};
use Move::{Approve, Propose, Serve, Sign};

/// A thing in custody as a step of a case.
const fn hold(hold: Hold) -> Move {
    Move::Hold(hold)
}

ways! {
    /// Seized, and everything that can become of it while the case runs.
    STALL = FILED, [
        Move::Record("inspection"),
        hold(Seize(
            "人力三轮车|蓝色，脚踏|1辆|八成新，车斗完好|一号库 A-01，保管人示例管理员\n\
             烧烤炉|铁制，长一米二|2个|完好|一号库 B-02，保管人示例管理员\n\
             羊肉串|生，冷藏|3箱|约六十公斤，新鲜|冷藏柜 1，保管人示例管理员",
        )),
        Approve,
        Serve,
        hold(PutIn("vehicle", "蓝色人力三轮车一辆", "一号库 A-01", false)),
        hold(PutIn("tool", "烧烤炉二个", "一号库 B-02", false)),
        hold(PutIn("food", "羊肉串三箱，约六十公斤", "冷藏柜 1", true)),
        hold(Warn(3)),
        hold(Shift(1, "一号库 A-03")),
        hold(Out(2)),
        Move::Record("interview"),
        hold(Shift(2, "一号库 B-05")),
        hold(PutIn("sample", "羊肉样品一袋", "样品柜 3", false)),
        hold(Gone(4, "returned", None)),
        hold(Out(2)),
        hold(PutIn("sign", "摊位招牌一块，当事人主动交出", "二号库 C-01", false)),
        hold(SellEarly(3)),
        Sign,
        hold(Gone(3, "sold", Some(21_600))),
    ];
    /// Sealed and extended; the second term runs.
    STILL_SEALED = FILED, [
        Move::Record("inspection"),
        hold(Seal(
            "砂石料筛分机|电动，滚筒式|1台|停机，贴封条 0001|当事人场地，由当事人保管\n\
             配电箱|落地式|1个|断电，贴封条 0002|当事人场地，由当事人保管",
        )),
        Sign,
        Serve,
        hold(PutIn("tool", "砂石料筛分机一台（就地查封）", "当事人场地，封条 0001", false)),
        hold(Longer(20)),
        Sign,
        Serve,
    ];
    /// Sealed, for longer than the usual thirty days, then released.
    SEALED = STILL_SEALED, [
        hold(Settle("returned")),
        Sign,
        Serve,
        hold(Gone(1, "returned", None)),
    ];
    /// Seized, handed over with the case when the police took it.
    HANDED_OVER = FILED, [
        Move::Record("inspection"),
        hold(Seize(
            "自卸货车|红色，核载 15 吨|1辆|车况正常，空载|停车场 P-03，保管人示例管理员\n\
             倾倒记录本|硬面抄|1册|已写 21 页|证据柜 2，保管人示例管理员",
        )),
        Sign,
        Serve,
        hold(PutIn("vehicle", "红色自卸货车一辆", "停车场 P-03", false)),
        Move::Finish,
        Propose("hand_over"),
        Sign,
        Move::SendCrime,
        Move::Rare(super::rare::Rare::PoliceTook),
        hold(Settle("transferred")),
        Sign,
        Serve,
        hold(Gone(1, "handed_over", None)),
    ];
    /// Preserved, given back in time.
    BACK = FILED, [
        Move::Record("inspection"),
        hold(Preserve("电动三轮车|绿色，车斗加高|1辆|可以使用，车斗有碎砖|一号库 B-01，保管人示例管理员")),
        Approve,
        hold(PutIn("vehicle", "电动三轮车一辆", "一号库 B-01", false)),
        hold(Settle("returned")),
        Approve,
        hold(Claim(1)),
        hold(Gone(1, "returned", None)),
    ];
    /// Preserved long ago and never given back: the measure fell by itself.
    FORGOTTEN = FILED, [
        Move::Record("inspection"),
        hold(Preserve("手推车|铁皮，双轮|1辆|有锈迹|二号库 A-07，保管人示例管理员")),
        Approve,
        hold(PutIn("vehicle", "铁皮手推车一辆", "二号库 A-07", false)),
    ];
}

/// The cases.
pub(super) const THEMES: [Theme; 6] = [
    Theme {
        days: 12,
        ..Theme::of(
            "FS-03",
            "某人在人行道露天烧烤案",
            "在禁止的区域占用人行道露天烧烤，油烟污染环境，经劝阻后再次烧烤。",
            ("示例摊主甲", "310000198801010021"),
            &STALL,
        )
        .person()
    },
    Theme {
        days: 9,
        ..Theme::of(
            "JZLJ-02",
            "某人用电动三轮车倾倒碎砖案",
            "用电动三轮车将装修拆下的碎砖等建筑垃圾约一车倾倒在人行道旁绿化带内。",
            ("示例人己", "310000198801010022"),
            &BACK,
        )
        .person()
    },
    Theme {
        days: 24,
        ..Theme::of(
            "JZLJ-02",
            "某人用手推车倾倒装修垃圾案",
            "用手推车将装修产生的建筑垃圾分三次倾倒在小区外路边，没有清运。",
            ("示例人庚", "310000198801010023"),
            &FORGOTTEN,
        )
        .person()
    },
    Theme::of(
        "JZLJ-01",
        "某建材经营部擅自堆放、筛分建筑垃圾案",
        "在未硬化的场地堆放、筛分收来的建筑垃圾约五十立方米，没有办理处置核准。",
        ("示例建材经营部丁", "92310000EXAMPLE024"),
        &SEALED,
    ),
    Theme::of(
        "JZLJ-01",
        "某砂石料场擅自堆放建筑垃圾案",
        "在料场内堆放收来的建筑垃圾并筛分出售，没有办理处置核准。",
        ("示例砂石料场戊", "92310000EXAMPLE025"),
        &STILL_SEALED,
    ),
    Theme::of(
        "JZLJ-01",
        "某运输公司多次偷倒建筑垃圾案",
        "一个月内用自卸货车向河边滩地倾倒建筑垃圾十一车，没有办理处置核准，涉嫌犯罪。",
        ("示例运输有限公司己", "91310000EXAMPLE026"),
        &HANDED_OVER,
    ),
];

/// The command of a step.
pub(super) fn command(hold: Hold, second: &Option<String>, exhibits: &[Digest]) -> Value {
    match hold {
        Seize(goods) => json!({
            "command": "seize", "kind": "seizure", "party": 1, "goods": goods, "second": second, "urgent": false,
            "note": "用于违法活动的工具和物品，需要查清数量、权属。", "exhibits": exhibits,
        }),
        Seal(goods) => json!({
            "command": "seize", "kind": "sealing", "party": 1, "goods": goods, "second": second, "urgent": false,
            "note": "不便移动的涉案设备，需要就地查封。", "exhibits": exhibits,
        }),
        Longer(days) => json!({
            "command": "lengthen", "measure": 1, "days": days, "note": "案情复杂，权属和处置去向仍在查证。",
        }),
        SellEarly(thing) => json!({
            "command": "dispose_early", "thing": thing, "how": "sold", "note": "通知期满当事人没有领取，继续保存将腐烂。",
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
            "note": match how {
                "returned" => "本人凭身份证领取，签收单入卷。",
                "sold" => "委托拍卖行变卖，价款缴入国库待案件决定后处理。",
                "handed_over" => "移交公安机关办案人员，双方签字，交接单入卷。",
                _ => "检验后销毁，两人在场，拍照记录。",
            },
            "exhibits": exhibits,
        }),
    }
}

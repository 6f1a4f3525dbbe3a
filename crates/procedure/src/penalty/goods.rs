//! Things of a case in custody (涉案物品): put in, moved, taken out, announced, gone. What the law says of a thing (preserved,
//! seized, to be given back) stands in its measure ([`super::MeasureFile`]); where it lies and who had it in his hands stands here.

use super::clocks::{Scope, Term};
use super::proceeds::Payee;
use super::state::{Case, MeasureFile};
use super::words::Settlement;
use crate::words::words;
use crate::{ExhibitRef, PartRef, ThingLine};
use jiff::Timestamp;
use jiff::civil::Date;
use lianzhi_ids::PersonCode;
use serde::{Deserialize, Serialize};

words! {
    /// What a thing is; lists show this and not the words that somebody typed.
    ThingKind {
        /// 车辆、船舶.
        Vehicle = "vehicle", "车辆、船舶";
        /// 工具、设备.
        Tool = "tool", "工具、设备";
        /// 商品、货物.
        Wares = "wares", "商品、货物";
        /// 食品、农产品.
        Food = "food", "食品、农产品";
        /// 广告、招牌.
        Sign = "sign", "广告、招牌";
        /// 建筑材料、渣土.
        Material = "material", "建筑材料";
        /// 票证、文件.
        Document = "document", "票证、文件";
        /// 样品.
        Sample = "sample", "样品";
        /// 其他.
        Other = "other", "其他物品";
    }
}

words! {
    /// How a thing came into custody.
    ThingFrom {
        /// Under a measure of the case: 先行登记保存、查封、扣押.
        Measure = "measure", "保存、查封、扣押";
        /// 抽样取证.
        Sample = "sample", "抽样取证";
        /// 其他机关移交、当事人自行交出.
        Received = "received", "移交、自行交出";
    }
}

words! {
    /// Why a thing leaves its shelf for a while.
    OutFor {
        /// 送检、鉴定.
        Test = "test", "送检、鉴定";
        /// 出示、辨认.
        Show = "show", "出示、辨认";
        /// 移库途中.
        Carry = "carry", "移库";
        /// 其他.
        Other = "other", "其他";
    }
}

words! {
    /// What the owner is told of a thing (上海市城市管理行政执法条例 22).
    Announcement {
        /// 通知处理易腐物品.
        Perishable = "perishable", "通知限期处理（易腐烂变质）";
        /// 认领公告.
        Claim = "claim", "认领公告";
    }
}

impl Announcement {
    /// The term that it begins.
    #[must_use]
    pub const fn term(self) -> Term {
        match self {
            Announcement::Perishable => Term::Perishable,
            Announcement::Claim => Term::Claim,
        }
    }
}

words! {
    /// How a thing leaves custody for good.
    Disposal {
        /// 退还.
        Returned = "returned", "退还当事人";
        /// 移交.
        HandedOver = "handed_over", "移交有权机关";
        /// 拍卖、变卖.
        Sold = "sold", "拍卖、变卖";
        /// 销毁.
        Destroyed = "destroyed", "销毁";
        /// 上缴.
        Surrendered = "surrendered", "上缴财政";
        /// 灭失: it was missing and what became of it was found out.
        Lost = "lost", "灭失（已查明处理）";
    }
}

words! {
    /// Where a thing is.
    ThingState {
        /// 在库.
        Stored = "stored", "在库";
        /// 暂时出库.
        Out = "out", "暂时出库";
        /// 盘亏: looked for and not found.
        Missing = "missing", "盘亏";
        /// 已退还.
        Returned = "returned", "已退还";
        /// 已移交.
        HandedOver = "handed_over", "已移交";
        /// 已拍卖、变卖.
        Sold = "sold", "已拍卖、变卖";
        /// 已销毁.
        Destroyed = "destroyed", "已销毁";
        /// 已上缴.
        Surrendered = "surrendered", "已上缴财政";
        /// 灭失.
        Lost = "lost", "已灭失";
    }
}

impl ThingState {
    /// Whether the agency still answers for it.
    #[must_use]
    pub const fn kept(self) -> bool {
        matches!(self, ThingState::Stored | ThingState::Out | ThingState::Missing)
    }
}

/// A thing as it came in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Thing {
    /// Its number in this case, from 1.
    pub id: u16,
    /// How it came.
    pub from: ThingFrom,
    /// Under which measure.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub measure: Option<u16>,
    /// Whose it is, where it came without a measure.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub party: Option<u16>,
    /// What it is.
    pub kind: ThingKind,
    /// Name, model, marks, quantity, condition.
    pub name: PartRef,
    /// Where it lies.
    pub shelf: String,
    /// It rots or loses its worth quickly (易腐烂变质).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub perishable: bool,
    /// Photos.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub exhibits: Vec<ExhibitRef>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
fn is_zero(fen: &i64) -> bool {
    *fen == 0
}

/// What happened to a thing in custody.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Custody {
    /// To another shelf.
    Moved {
        /// Which.
        shelf: String,
    },
    /// Out for a while.
    TakenOut {
        /// What for.
        why: OutFor,
    },
    /// Back again.
    BroughtBack {
        /// To which shelf.
        shelf: String,
    },
    /// The owner was told.
    Announced {
        /// What.
        what: Announcement,
        /// Days that the agency set, where no statute does.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        days: Option<u32>,
    },
    /// Gone for good.
    Gone {
        /// How.
        how: Disposal,
        /// What it brought, fen.
        #[serde(default, skip_serializing_if = "is_zero")]
        proceeds: i64,
    },
    /// A stock-taking did not find it.
    Missing {
        /// Number of the stock-taking.
        count: String,
    },
    /// What it brought was paid over.
    PaidOver {
        /// To whom.
        to: Payee,
        /// How much, fen.
        fen: i64,
        /// On which day.
        on: Date,
        /// Number of the transfer.
        reference: String,
    },
}

impl Custody {
    /// In words.
    #[must_use]
    pub const fn title(&self) -> &'static str {
        match self {
            Custody::Moved { .. } => "移位",
            Custody::TakenOut { .. } => "暂时出库",
            Custody::BroughtBack { .. } => "回库",
            Custody::Announced { what, .. } => what.title(),
            Custody::Gone { how, .. } => how.title(),
            Custody::Missing { .. } => "盘亏",
            Custody::PaidOver { to: Payee::Owner, .. } => "变价款退还当事人",
            Custody::PaidOver { to: Payee::Treasury, .. } => "变价款缴入国库",
        }
    }
}

/// A link of the chain of custody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// What happened.
    pub act: Custody,
    /// In words.
    pub note: Option<PartRef>,
    /// Photos, receipts.
    pub exhibits: Vec<ExhibitRef>,
    /// The second person.
    pub with: Option<PersonCode>,
    /// Who.
    pub by: PersonCode,
    /// When.
    pub at: Timestamp,
}

/// A thing and its chain of custody.
#[derive(Debug, Clone, PartialEq)]
pub struct ThingFile {
    /// As it came in.
    pub thing: Thing,
    /// Who put it in.
    pub by: PersonCode,
    /// When.
    pub at: Timestamp,
    /// What happened since.
    pub chain: Vec<Link>,
    /// Approved to be sold or destroyed before the case is decided.
    pub early: Option<Disposal>,
}

impl ThingFile {
    /// Where it is.
    #[must_use]
    pub fn state(&self) -> ThingState {
        let found = self.chain.iter().rev().find_map(|link| match link.act {
            Custody::TakenOut { .. } => Some(ThingState::Out),
            Custody::BroughtBack { .. } => Some(ThingState::Stored),
            Custody::Missing { .. } => Some(ThingState::Missing),
            Custody::Gone { how, .. } => Some(match how {
                Disposal::Returned => ThingState::Returned,
                Disposal::HandedOver => ThingState::HandedOver,
                Disposal::Sold => ThingState::Sold,
                Disposal::Destroyed => ThingState::Destroyed,
                Disposal::Surrendered => ThingState::Surrendered,
                Disposal::Lost => ThingState::Lost,
            }),
            Custody::Moved { .. } | Custody::Announced { .. } | Custody::PaidOver { .. } => None,
        });
        found.unwrap_or(ThingState::Stored)
    }
    /// The shelf on which it lies, or lay last.
    #[must_use]
    pub fn shelf(&self) -> &str {
        let moved = self.chain.iter().rev().find_map(|link| match &link.act {
            Custody::Moved { shelf } | Custody::BroughtBack { shelf } => Some(shelf.as_str()),
            _ => None,
        });
        moved.unwrap_or(&self.thing.shelf)
    }
    /// When the owner was last told so, and the days that were given.
    #[must_use]
    pub fn announced(&self, wanted: Announcement) -> Option<(Timestamp, Option<u32>)> {
        self.chain.iter().rev().find_map(|link| match link.act {
            Custody::Announced { what, days } if what == wanted => Some((link.at, days)),
            _ => None,
        })
    }
    /// What it brought.
    #[must_use]
    pub fn proceeds(&self) -> Option<(i64, Timestamp)> {
        self.chain.iter().find_map(|link| match link.act {
            Custody::Gone { proceeds, .. } if proceeds > 0 => Some((proceeds, link.at)),
            _ => None,
        })
    }
    /// To whom what it brought was paid over last: how much, on which day, under which number.
    #[must_use]
    pub fn paid_over(&self) -> Option<(Payee, i64, Date, &str)> {
        self.chain.iter().rev().find_map(|link| match &link.act {
            Custody::PaidOver { to, fen, on, reference } => Some((*to, *fen, *on, reference.as_str())),
            _ => None,
        })
    }
}

impl Case {
    /// A thing in custody.
    #[must_use]
    pub fn thing(&self, id: u16) -> Option<&ThingFile> {
        self.things.iter().find(|t| t.thing.id == id)
    }
    /// The measure under which a thing is kept.
    #[must_use]
    pub fn measure_of(&self, thing: &Thing) -> Option<&MeasureFile> {
        thing.measure.and_then(|id| self.measure(id))
    }
    /// Since when a thing ought to have been given back: its measure fell or was lifted, and nothing else was decided of it, or
    /// what was decided does not stand any more.
    #[must_use]
    pub fn release_due(&self, file: &ThingFile) -> Option<Timestamp> {
        let measure = self.measure_of(&file.thing).filter(|_| file.state().kept())?;
        match measure.settled {
            Some((Settlement::Returned, at)) => Some(measure.lapsed.map_or(at, |lapsed| lapsed.min(at))),
            Some(_) => self.fell(measure),
            None => measure.lapsed,
        }
    }
    /// What a thing waits for, and until when.
    #[must_use]
    pub fn thing_due(&self, file: &ThingFile) -> Option<(&'static str, Timestamp)> {
        if !file.state().kept() {
            return None;
        }
        let running = |term, of| self.clock(term, of).map(|w| w.clock.running.act_by());
        let id = file.thing.id;
        let announced = [Term::Perishable, Term::Claim]
            .into_iter()
            .find_map(|term| running(term, Scope::Thing(id)).map(|due| (term.title(), due)));
        announced.or_else(|| self.release_due(file).map(|at| ("退还物品", at))).or_else(|| {
            let of = Scope::Measure(file.thing.measure?);
            [Term::Preserve, Term::Test, Term::Seize]
                .into_iter()
                .find_map(|term| running(term, of).map(|due| (term.title(), due)))
        })
    }
}

/// The rows of the register of things.
pub(super) fn lines(case: &Case) -> Vec<ThingLine> {
    let line = |file: &ThingFile| {
        let due = case.thing_due(file);
        ThingLine {
            id: file.thing.id,
            kind: file.thing.kind.code(),
            state: file.state().code(),
            shelf: file.shelf().to_owned(),
            name: file.thing.name,
            perishable: file.thing.perishable,
            release: case.release_due(file).is_some(),
            since: file.chain.last().map_or(file.at, |link| link.at),
            due: due.map(|(_, at)| at),
            due_name: due.map_or("", |(name, _)| name),
        }
    };
    case.things.iter().map(line).collect()
}

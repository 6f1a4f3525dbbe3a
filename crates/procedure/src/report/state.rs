//! What is known of a report.

use super::command::{Asked, Channel, CooperationRef, Demand, External, Mark, Outcome, Source};
use crate::facts::{Duplicate, Placing};
use crate::{ExhibitRef, PartRef};
use jiff::Timestamp;
use lianzhi_ids::{CategoryCode, Digest, DocketId, PersonCode, UnitCode};
use lianzhi_territory::Point;
use serde::{Deserialize, Serialize};

/// Which term.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TermKey {
    /// 受理, 20 min.
    Accept,
    /// 到场, 2 h.
    Arrive,
    /// 处置, by category.
    Handle,
    /// 答复, 24 h.
    Answer,
    /// 先行联系, one working day (hotline orders).
    Contact,
    /// 热线办结, the hotline's own term for its orders.
    Order,
    /// 违法建筑到场调查, 24 h in Shanghai (上海市拆除违法建筑若干规定 7).
    OnSite,
    /// 举报的核查和告知, five working days in Shanghai (上海市城市管理行政执法条例 26(2)).
    Feedback,
}

impl TermKey {
    /// All of them.
    pub const ALL: [TermKey; 8] = [
        TermKey::Accept,
        TermKey::Arrive,
        TermKey::Handle,
        TermKey::Answer,
        TermKey::Contact,
        TermKey::Order,
        TermKey::OnSite,
        TermKey::Feedback,
    ];
    /// Code in data and in the standards' file.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            TermKey::Accept => "accept",
            TermKey::Arrive => "arrive",
            TermKey::Handle => "handle",
            TermKey::Answer => "answer",
            TermKey::Contact => "contact",
            TermKey::Order => "order",
            TermKey::OnSite => "on_site",
            TermKey::Feedback => "feedback",
        }
    }
    /// Words on screen.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            TermKey::Accept => "受理",
            TermKey::Arrive => "到场",
            TermKey::Handle => "处置",
            TermKey::Answer => "答复上报人",
            TermKey::Contact => "先行联系",
            TermKey::Order => "热线办结",
            TermKey::OnSite => "违法建筑到场调查",
            TermKey::Feedback => "举报核查告知",
        }
    }
    /// Key of the statutory term, where it is one of the law; the others are the agency's or the hotline's own standards.
    #[must_use]
    pub const fn statute(self) -> Option<&'static str> {
        match self {
            TermKey::OnSite => Some("illegal_building.onsite"),
            TermKey::Feedback => Some("report.feedback"),
            TermKey::Accept
            | TermKey::Arrive
            | TermKey::Handle
            | TermKey::Answer
            | TermKey::Contact
            | TermKey::Order => None,
        }
    }
}

/// A clock of this report, as stored in its events.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Running {
    /// Which term.
    pub term: TermKey,
    /// The clock itself with its source and arithmetic.
    pub clock: lianzhi_law::Running,
}

/// A clock and what became of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Clock {
    /// Which term and how it is computed.
    pub running: Running,
    /// The highest warning given: 0, 50 or 80.
    pub warned: u8,
    /// It ran out.
    pub expired: bool,
    /// When it was met (or fell away).
    pub stopped: Option<Timestamp>,
    /// It was not met but set aside, since others have the matter (joined, at a department): when the matter comes
    /// back, it goes on with the time that was left.
    pub aside: bool,
}

/// All clocks of a report; of each term only the latest counts, earlier ones stay in the record.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Clocks(pub Vec<Clock>);

/// How it was handled.
#[derive(Debug, Clone, PartialEq)]
pub struct Handled {
    /// By whom.
    pub by: Option<PersonCode>,
    /// Result.
    pub outcome: Outcome,
    /// Words.
    pub note: PartRef,
    /// Photos before.
    pub before: Vec<ExhibitRef>,
    /// Photos after.
    pub after: Vec<ExhibitRef>,
    /// When.
    pub at: Timestamp,
}

/// A request that waits for approval.
#[derive(Debug, Clone, PartialEq)]
pub struct Pending {
    /// For what.
    pub what: Asked,
    /// For how long.
    pub hours: u32,
    /// Grounds.
    pub note: PartRef,
    /// Who asks.
    pub by: PersonCode,
    /// Since when.
    pub at: Timestamp,
}

/// What came in. Never changes, except that parts are erased.
#[derive(Debug, Clone, PartialEq)]
pub struct Intake {
    /// Number for people.
    pub number: String,
    /// Source.
    pub source: Source,
    /// Description and address, unless erased.
    pub narrative: Option<PartRef>,
    /// Personal particulars, unless there are none or they are erased.
    pub contact: Option<PartRef>,
    /// There were particulars, so that there is somebody to answer.
    pub reachable: bool,
    /// How the place was found at first.
    pub placing: Placing,
    /// Photos.
    pub exhibits: Vec<ExhibitRef>,
    /// External number.
    pub external: Option<External>,
    /// What the caller wants.
    pub demand: Option<Demand>,
    /// When it happened.
    pub occurred_at: Option<Timestamp>,
    /// When it came in.
    pub at: Timestamp,
    /// Digest of the follow code.
    pub follow: Option<Digest>,
    /// Keyed digest of the telephone number.
    pub complainant: Option<Digest>,
    /// Likely repeats found at intake.
    pub duplicates: Vec<Duplicate>,
    /// Split off from.
    pub split_from: Option<DocketId>,
    /// The shared matter that it was accepted from.
    pub cooperation: Option<CooperationRef>,
    /// Registered by.
    pub by: Option<PersonCode>,
}

/// Where a report stands, with what is known only there.
#[derive(Debug, Clone, PartialEq)]
pub enum Stage {
    /// 待派遣: in a pool, of a unit or of the node.
    Pooled {
        /// Whose pool.
        unit: Option<UnitCode>,
        /// Why nobody was named.
        why: String,
    },
    /// 待受理: a named officer has not accepted yet.
    Assigned {
        /// Who.
        officer: PersonCode,
        /// When the squad leader is to be told that nobody has accepted.
        nudge: Timestamp,
        /// The squad leader was told.
        nudged: bool,
    },
    /// At a department without a node (转办): its answer is recorded by a dispatcher.
    Outside {
        /// Since when.
        since: Timestamp,
    },
    /// 处置中.
    Working {
        /// Who.
        officer: PersonCode,
        /// Accepted when.
        accepted: Timestamp,
        /// On site when.
        arrived: Option<Timestamp>,
    },
    /// 挂账.
    Suspended {
        /// Who goes on with it.
        officer: PersonCode,
        /// Accepted when.
        accepted: Timestamp,
        /// On site when.
        arrived: Option<Timestamp>,
        /// To be looked at again then.
        until: Timestamp,
        /// The date came and people were told.
        reviewed: bool,
    },
    /// 待核查.
    ToVerify {
        /// Who handled it.
        officer: Option<PersonCode>,
    },
    /// 待答复.
    ToAnswer {
        /// Who answers.
        officer: Option<PersonCode>,
    },
    /// 待结案.
    ToClose {
        /// Who handled it.
        officer: Option<PersonCode>,
    },
    /// 已并件: waits for the lead matter.
    Joined {
        /// The lead.
        to: DocketId,
        /// Who had it.
        officer: Option<PersonCode>,
    },
    /// 退单待热线确认.
    ReturnAsked {
        /// Where it goes back to when the hotline says no.
        before: Box<Stage>,
    },
    /// 已结案.
    Closed {
        /// When.
        at: Timestamp,
        /// Who had it.
        officer: Option<PersonCode>,
    },
    /// 不予受理.
    Dismissed {
        /// When.
        at: Timestamp,
    },
    /// 已退单.
    ReturnedOrder {
        /// When.
        at: Timestamp,
    },
    /// 已撤回.
    Withdrawn {
        /// When.
        at: Timestamp,
    },
}

/// A supervision mark.
#[derive(Debug, Clone, PartialEq)]
pub struct Marked {
    /// Which.
    pub mark: Mark,
    /// Words.
    pub note: PartRef,
    /// By whom.
    pub by: Option<PersonCode>,
    /// When.
    pub at: Timestamp,
}

/// A text of a file after the report itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Said {
    /// The text.
    pub part: PartRef,
    /// In the reporter's own words: it goes with the particulars when they are erased.
    pub reporters: bool,
}

/// The whole file.
#[derive(Debug, Clone, PartialEq)]
pub struct File {
    /// What came in.
    pub intake: Intake,
    /// Place now.
    pub point: Option<Point>,
    /// Grid now.
    pub grid: Option<lianzhi_ids::GridCode>,
    /// Category now.
    pub category: Option<CategoryCode>,
    /// Lead unit (主办).
    pub unit: Option<UnitCode>,
    /// Assisting units (协办).
    pub assisting: Vec<UnitCode>,
    /// Where it stands.
    pub stage: Stage,
    /// Its clocks.
    pub clocks: Clocks,
    /// A request for extension or suspension.
    pub pending: Option<Pending>,
    /// How it was handled (last time).
    pub handled: Option<Handled>,
    /// What the reporter was told (last).
    pub answer: Option<(PartRef, Channel, Timestamp)>,
    /// Supervision marks.
    pub marks: Vec<Marked>,
    /// Matters joined to this one.
    pub joined: Vec<DocketId>,
    /// Matters split off.
    pub split: Vec<DocketId>,
    /// Further texts of the file, for search and erasure; erased ones are gone from here.
    pub texts: Vec<Said>,
    /// Rating, 1–5.
    pub rating: Option<u8>,
    /// How often the reporter demanded that it be done again.
    pub reopened: u16,
    /// How often it was done again.
    pub rework: u16,
    /// The caller was contacted.
    pub contacted: bool,
    /// Officers who sent it back or let it lie; not proposed again.
    pub declined: Vec<PersonCode>,
}

/// A report, or nothing yet.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum State {
    /// No report yet.
    #[default]
    Nothing,
    /// A report.
    File(Box<File>),
}

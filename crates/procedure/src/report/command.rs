//! What can be asked of a report. Each variant is the single definition of an action: form, API, schema, audit text.

use crate::words::words;
use crate::{PartKind, Text};
use jiff::Timestamp;
use lianzhi_ids::{CategoryCode, Digest, DocketId, GridCode, PersonCode, UnitCode};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

words! {
    /// Where a report came from.
    Source {
        /// A citizen by himself.
        Citizen = "citizen", "市民上报";
        /// 12345/12319 on behalf of a caller.
        Hotline = "hotline", "热线工单";
        /// A patroller.
        Patrol = "patrol", "巡查发现";
        /// An officer.
        Officer = "officer", "执法队员发现";
        /// Another system through the API.
        System = "system", "系统推送";
        /// A spreadsheet.
        Import = "import", "表格导入";
        /// Split off from another matter.
        Split = "split", "拆件";
        /// Accepted from another member of the compact.
        Member = "member", "成员移送";
    }
}

impl Source {
    /// Somebody at work found it, here or at another member, which follows it by itself: nobody waits to be told how it
    /// goes on.
    #[must_use]
    pub const fn own_find(self) -> bool {
        matches!(self, Source::Patrol | Source::Officer | Source::Member)
    }
}

words! {
    /// What the caller of a hotline wants (GB/T 33358).
    Demand {
        /// 咨询.
        Consult = "consult", "咨询";
        /// 求助.
        Help = "help", "求助";
        /// 投诉.
        Complain = "complain", "投诉";
        /// 举报.
        Denounce = "denounce", "举报";
        /// 建议.
        Suggest = "suggest", "建议";
    }
}

words! {
    /// How a report was settled on the spot.
    Outcome {
        /// 劝阻.
        Dissuaded = "dissuaded", "劝阻";
        /// 责令改正.
        Ordered = "ordered", "责令改正";
        /// 自行整改.
        SelfCorrected = "self_corrected", "自行整改";
        /// 清理修复.
        Cleared = "cleared", "清理、修复完毕";
        /// 移交.
        HandedOver = "handed_over", "移交有权部门";
        /// 转执法.
        Enforcement = "enforcement", "转执法办案";
        /// 不属实.
        Untrue = "untrue", "不属实";
        /// 已消失.
        Gone = "gone", "到场时已消失";
    }
}

words! {
    /// Supervision marks.
    Mark {
        /// 督办.
        Supervise = "supervise", "督办";
        /// 催办.
        Urge = "urge", "催办";
        /// 批示.
        Instruct = "instruct", "批示";
    }
}

words! {
    /// What an officer may ask for.
    Asked {
        /// 延期.
        Extension = "extension", "延期";
        /// 挂账.
        Suspension = "suspension", "挂账";
    }
}

words! {
    /// How the answer reached the reporter.
    Channel {
        /// By telephone.
        Phone = "phone", "电话";
        /// By message or on the follow page.
        Message = "message", "短信、网页";
        /// Face to face.
        Meeting = "meeting", "当面";
        /// In writing.
        Letter = "letter", "书面";
        /// Anonymous and no follow code: published on the follow page only.
        Published = "published", "仅在进度页公布";
    }
}

/// Personal particulars as they come in.
#[derive(Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
pub struct Reporter {
    /// Name, may be left out.
    #[serde(default)]
    pub name: String,
    /// Telephone.
    #[serde(default)]
    pub phone: String,
}

/// Says nothing: what is printed for debugging ends up in logs.
impl std::fmt::Debug for Reporter {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Reporter(…)")
    }
}

/// The shared matter that a report was accepted from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct CooperationRef {
    /// Its docket at this node.
    pub docket: DocketId,
    /// Its form.
    pub form: lianzhi_exchange::compact::Form,
}

/// Number at the system a report came from.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
pub struct External {
    /// System, e.g. `12345`.
    pub system: String,
    /// Number there.
    pub number: String,
}

/// What can be asked of a report.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(tag = "command", rename_all = "snake_case")]
pub enum Command {
    /// 上报、登记.
    Register {
        /// Where it came from.
        source: Source,
        /// JSON `{description, address}` as one text; the application makes it from the form.
        #[schemars(with = "String")]
        narrative: Text,
        /// JSON [`Reporter`]; the application makes it from the form.
        #[serde(default)]
        #[schemars(with = "Option<String>")]
        contact: Text,
        /// Category, when the reporter or clerk chose one.
        #[serde(default)]
        category: Option<CategoryCode>,
        /// The point, converted to CGCS2000 micro-degrees.
        #[serde(default)]
        #[schemars(skip)]
        point: Option<lianzhi_territory::Point>,
        /// Photos and files.
        #[serde(default)]
        exhibits: Vec<Digest>,
        /// Number at the system it came from.
        #[serde(default)]
        external: Option<External>,
        /// What the caller wants.
        #[serde(default)]
        demand: Option<Demand>,
        /// When it happened, when that is not now.
        #[serde(default)]
        #[schemars(with = "Option<String>")]
        occurred_at: Option<Timestamp>,
        /// The matter that it was split off from.
        #[serde(default)]
        split_from: Option<DocketId>,
        /// The shared matter that it was accepted from: another member follows it.
        #[serde(default)]
        #[schemars(skip)]
        cooperation: Option<CooperationRef>,
        /// The open matter that the reporter himself says is the same. His report keeps its own number and answer.
        #[serde(default)]
        same_as: Option<DocketId>,
    },
    /// 定位: puts a matter into a grid by point or by choice.
    Place {
        /// The point.
        #[serde(default)]
        #[schemars(skip)]
        point: Option<lianzhi_territory::Point>,
        /// The grid, when chosen from candidates.
        #[serde(default)]
        grid: Option<GridCode>,
    },
    /// 分类.
    Classify {
        /// Category of the catalogue.
        category: CategoryCode,
    },
    /// 派遣、改派: to a named officer, or to a unit (which names one or keeps it in its pool).
    Dispatch {
        /// The officer.
        #[serde(default)]
        officer: Option<PersonCode>,
        /// The unit.
        #[serde(default)]
        unit: Option<UnitCode>,
        /// Why, when it is not what the program proposed.
        #[serde(default)]
        #[schemars(with = "Option<String>")]
        note: Text,
    },
    /// 领取 from the squad's pool.
    Take,
    /// 设协办 (and, by dispatching, 主办).
    Assist {
        /// Assisting units as they shall be from now on.
        units: Vec<UnitCode>,
    },
    /// 退回派遣 with grounds.
    Return {
        /// Grounds.
        #[schemars(with = "String")]
        note: Text,
    },
    /// 不予受理 with grounds.
    Dismiss {
        /// Grounds.
        #[schemars(with = "String")]
        note: Text,
    },
    /// 受理.
    Accept,
    /// 到场.
    Arrive {
        /// Where the phone says it is.
        #[serde(default)]
        #[schemars(skip)]
        point: Option<lianzhi_territory::Point>,
        /// How far off that may be, metres, as the phone says.
        #[serde(default)]
        accuracy_m: Option<u32>,
        /// Photos and voice notes of the arrival.
        #[serde(default)]
        exhibits: Vec<Digest>,
    },
    /// 处置 with result and photos before and after.
    Handle {
        /// Result.
        outcome: Outcome,
        /// What was done.
        #[schemars(with = "String")]
        note: Text,
        /// Photos before.
        #[serde(default)]
        before: Vec<Digest>,
        /// Photos after.
        #[serde(default)]
        after: Vec<Digest>,
        /// Voice notes and other files.
        #[serde(default)]
        exhibits: Vec<Digest>,
    },
    /// 请求支援: other units or people are asked to come.
    Help {
        /// What is needed.
        #[schemars(with = "String")]
        note: Text,
        /// Units asked.
        #[serde(default)]
        units: Vec<UnitCode>,
    },
    /// 申请延期、挂账.
    Ask {
        /// Which.
        what: Asked,
        /// For how many hours (延期: added to the handling term; 挂账: until it is looked at again).
        hours: u32,
        /// Grounds.
        #[schemars(with = "String")]
        note: Text,
    },
    /// 审批.
    Approve {
        /// Yes or no.
        granted: bool,
        /// Opinion; grounds when refused.
        #[serde(default)]
        #[schemars(with = "Option<String>")]
        note: Text,
    },
    /// 恢复办理 (ends a suspension).
    Resume,
    /// 核查.
    Verify {
        /// Whether it is settled; no means 返工.
        passed: bool,
        /// On site, else from photos.
        #[serde(default)]
        on_site: bool,
        /// Finding; grounds when it is to be done again.
        #[serde(default)]
        #[schemars(with = "Option<String>")]
        note: Text,
        /// Photos.
        #[serde(default)]
        exhibits: Vec<Digest>,
    },
    /// 答复上报人.
    Answer {
        /// The answer, in words for the reporter.
        #[schemars(with = "String")]
        text: Text,
        /// How it reached him.
        channel: Channel,
    },
    /// 结案.
    Close,
    /// 重办.
    Reopen {
        /// Why.
        #[schemars(with = "String")]
        note: Text,
    },
    /// 评价.
    Rate {
        /// 1 (very dissatisfied) to 5 (very satisfied).
        stars: u8,
        /// Words.
        #[serde(default)]
        #[schemars(with = "Option<String>")]
        note: Text,
    },
    /// 先行联系 (12345): the reporter was called before handling.
    Contact {
        /// Whether somebody was reached.
        reached: bool,
        /// Result.
        #[schemars(with = "String")]
        note: Text,
    },
    /// 申请退单 to the hotline.
    ReturnOrder {
        /// Grounds.
        #[schemars(with = "String")]
        note: Text,
    },
    /// The hotline's word on a returned order.
    DecideReturn {
        /// Agreed or not.
        granted: bool,
        /// Its words.
        #[serde(default)]
        #[schemars(with = "Option<String>")]
        note: Text,
    },
    /// 回访.
    Revisit {
        /// Whether the reporter says it is settled.
        settled: bool,
        /// 1–5.
        stars: u8,
        /// Words.
        #[serde(default)]
        #[schemars(with = "Option<String>")]
        note: Text,
    },
    /// 补充材料.
    Add {
        /// Words.
        #[schemars(with = "String")]
        note: Text,
        /// Files.
        #[serde(default)]
        exhibits: Vec<Digest>,
    },
    /// 撤回 by the reporter.
    Withdraw {
        /// Why.
        #[serde(default)]
        #[schemars(with = "Option<String>")]
        note: Text,
    },
    /// 督办、催办、批示.
    Supervise {
        /// Which.
        mark: Mark,
        /// Words.
        #[schemars(with = "String")]
        note: Text,
    },
    /// 并件: this matter is a repeat of another; each keeps its own answer.
    Join {
        /// The lead matter.
        to: DocketId,
        /// They are one thing although place or category speak against it.
        #[serde(default)]
        sure: bool,
    },
    /// 拆出: no repeat after all.
    Unjoin,
    /// 拆件: part of this matter becomes one of its own (the application opens it in the same transaction).
    Split {
        /// What the new matter is about.
        #[schemars(with = "String")]
        note: Text,
        /// Its category.
        #[serde(default)]
        category: Option<CategoryCode>,
    },
    /// 删除个人信息: keys of these parts are destroyed; when none is named, of all that came from the reporter.
    Erase {
        /// Which parts.
        #[serde(default)]
        parts: Vec<Digest>,
        /// All texts of the file, those of staff too.
        #[serde(default)]
        everything: bool,
        /// Ground: request of the person, end of the term of keeping …
        reason: String,
    },
    /// The node's own: looks at the clocks.
    #[schemars(skip)]
    Tick,
    /// The node's own: calendars or standards changed.
    #[schemars(skip)]
    Recompute,
    /// The node's own: another matter was joined to this one.
    #[schemars(skip)]
    Absorb {
        /// Which.
        from: DocketId,
    },
    /// The node's own: another matter left this one.
    #[schemars(skip)]
    Release {
        /// Which.
        from: DocketId,
    },
    /// The node's own: the lead matter was settled or came to an end; this one now needs its own answer.
    #[schemars(skip)]
    LeadSettled {
        /// The lead matter.
        lead: DocketId,
        /// How it was settled, when it was handled.
        outcome: Option<Outcome>,
    },
    /// The node's own: the words of the matter that this one was made from were erased.
    #[schemars(skip)]
    EraseWith {
        /// That matter.
        from: DocketId,
        /// The ground given there.
        reason: String,
    },
    /// The node's own: a matter was split off and is now this docket.
    #[schemars(skip)]
    SplitInto {
        /// The new matter.
        docket: DocketId,
    },
}

impl Command {
    pub(super) fn texts(&mut self) -> Vec<(PartKind, &mut Text)> {
        match self {
            Command::Register { narrative, contact, .. } => {
                vec![(PartKind::Narrative, narrative), (PartKind::Contact, contact)]
            }
            Command::Answer { text, .. } => vec![(PartKind::Answer, text)],
            Command::Dispatch { note, .. }
            | Command::Return { note }
            | Command::Dismiss { note }
            | Command::Handle { note, .. }
            | Command::Help { note, .. }
            | Command::Ask { note, .. }
            | Command::Approve { note, .. }
            | Command::Verify { note, .. }
            | Command::Reopen { note }
            | Command::Rate { note, .. }
            | Command::Contact { note, .. }
            | Command::ReturnOrder { note }
            | Command::DecideReturn { note, .. }
            | Command::Revisit { note, .. }
            | Command::Add { note, .. }
            | Command::Withdraw { note }
            | Command::Supervise { note, .. }
            | Command::Split { note, .. } => vec![(PartKind::Remark, note)],
            Command::Place { .. }
            | Command::Classify { .. }
            | Command::Take
            | Command::Assist { .. }
            | Command::Accept
            | Command::Arrive { .. }
            | Command::Resume
            | Command::Close
            | Command::Join { .. }
            | Command::Unjoin
            | Command::Erase { .. }
            | Command::Tick
            | Command::Recompute
            | Command::Absorb { .. }
            | Command::Release { .. }
            | Command::LeadSettled { .. }
            | Command::EraseWith { .. }
            | Command::SplitInto { .. } => Vec::new(),
        }
    }

    /// Exhibits that the command names.
    #[must_use]
    pub fn exhibits(&self) -> Vec<Digest> {
        match self {
            Command::Register { exhibits, .. }
            | Command::Arrive { exhibits, .. }
            | Command::Verify { exhibits, .. }
            | Command::Add { exhibits, .. } => exhibits.clone(),
            Command::Handle { before, after, exhibits, .. } => {
                before.iter().chain(after).chain(exhibits).copied().collect()
            }
            _ => Vec::new(),
        }
    }
}

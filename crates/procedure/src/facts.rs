//! Everything that a decision may know besides the docket itself.

use crate::directory::Directory;
use crate::duty::OnDuty;
use crate::{Actor, ExhibitRef};
use jiff::Timestamp;
use lianzhi_ids::{CategoryCode, DocketId, GridCode, PersonCode};
use lianzhi_territory::Point;

/// How many open matters each officer has, as the batch has advanced.
pub trait Loads {
    /// Open matters of this person.
    fn open(&self, person: &PersonCode) -> u32;
}

/// Nobody has anything to do.
#[derive(Debug, Clone, Copy)]
pub struct NoLoads;

impl Loads for NoLoads {
    fn open(&self, _: &PersonCode) -> u32 {
        0
    }
}

/// A likely repeat, as looked up before the decision; a person joins, not the program.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Duplicate {
    /// The other matter.
    pub docket: DocketId,
    /// Its number.
    pub number: String,
    /// 0–100.
    pub score: u8,
    /// Why, in words that a dispatcher reads.
    pub reasons: Vec<String>,
}

/// What the application looked up beforehand for this one command.
#[derive(Debug, Clone, Default)]
pub struct LookUps {
    /// The number that the sequencer handed out for this command, see [`crate::Numbered`].
    pub number: String,
    /// The name that a docket opened by this command has among members.
    pub shared: Option<lianzhi_ids::SharedId>,
    /// By the node's exchange key, over what [`crate::compact::Command::signing`] names.
    pub signature: Option<lianzhi_exchange::signature::Signature>,
    /// Digest of the follow code that the reporter gets.
    pub follow: Option<lianzhi_ids::Digest>,
    /// Where the given place lies.
    pub placing: Placing,
    /// Likely repeats.
    pub duplicates: Vec<Duplicate>,
    /// Keyed digest of the reporter's telephone number, to see who comes again.
    pub complainant: Option<lianzhi_ids::Digest>,
    /// Exhibits named in the command, found in custody.
    pub exhibits: Vec<ExhibitRef>,
    /// The matter named in the command (join), when it exists and is open.
    pub target: Option<Target>,
    /// Keyed digest of the number of identification of the party that a command names.
    pub subject: Option<lianzhi_ids::Digest>,
    /// Penalty cases of the same parties for the same items, open ones and those that were fined.
    pub prior: Vec<Prior>,
    /// Those for other items: one act may break several rules (29).
    pub other_items: Vec<Prior>,
    /// Evidence of other members that was recognised in matters of this case.
    pub recognised: Vec<crate::penalty::Recognised>,
    /// Slips and decisions on the spot that the same party got before, newest first.
    pub earlier: Vec<Earlier>,
    /// The slip that a decision on the spot says it comes from.
    pub slip: Option<SlipSeen>,
    /// Whether whoever asks has reviewed a penalty before (行政处罚法 58(2)).
    pub reviewed_before: bool,
    /// The paper that is served, as it was printed, in custody.
    pub printed: Option<ExhibitRef>,
    /// What must stand on the paper that is signed or served and is not there yet, named as on paper.
    pub lacking: Vec<String>,
    /// Characters of the paper that is sealed or served which no font has, each with the words in which it stands.
    pub unprintable: Vec<String>,
    /// The particulars that a command brings name the party otherwise than those that stand.
    pub renamed: bool,
    /// Payment codes that the sequencer hands out for this command, as many as [`crate::Procedure::pay_codes`] asks for.
    pub pay_codes: Vec<String>,
    /// Number of another matter that has the payment code or the fiscal receipt that a command names.
    pub code_of: Option<String>,
    /// The bank's file in which the payment stood that a command registers; only the application puts it there.
    pub bank: Option<String>,
    /// The debt that a payment is put to.
    pub debt: Option<Debt>,
    /// Things that ought to lie on the shelves that are counted.
    pub things: Vec<Expected>,
    /// What is heard is of this node itself: said before the backup's end was lost, and fetched back from a neighbour.
    pub recovered: bool,
}

/// What a party owes in another matter, as looked up for a payment. The matter itself checks it again in the same transaction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Debt {
    /// The matter.
    pub docket: DocketId,
    /// Its number.
    pub number: String,
    /// A decision on the spot, not a case of the ordinary procedure.
    pub spot: bool,
    /// The party in it.
    pub party: u16,
    /// The case has this very receipt already: somebody typed it before the bank's file came, or it was taken on the spot and the
    /// agency paid it in.
    pub known: bool,
    /// Its number there: the bank's line confirms it.
    pub receipt: Option<String>,
    /// The most that may still be paid on that day, fen; 0: paid already.
    pub most: i64,
    /// Why nothing can be paid, where that is so.
    pub refused: Option<String>,
}

/// A thing that ought to lie on a shelf.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Expected {
    /// The case.
    pub docket: DocketId,
    /// Its number.
    pub number: String,
    /// The thing in it.
    pub thing: u16,
    /// What it is.
    pub kind: String,
    /// The shelf.
    pub shelf: String,
    /// It is out for a while: whoever has it is asked.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub out: bool,
}

/// Another matter that a command names.
#[derive(Debug, Clone)]
pub struct Target {
    /// Which.
    pub docket: DocketId,
    /// Whether it is open.
    pub open: bool,
    /// Whether it is itself joined to another.
    pub joined: bool,
    /// What is known of it besides, for whoever must tell whether the two are one thing.
    pub lead: Option<Lead>,
}

/// Another penalty case of the same party (行政处罚法 29, 33).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Prior {
    /// Its number.
    pub number: String,
    /// Code of its item.
    pub item: String,
    /// First day of the conduct.
    pub from: jiff::civil::Date,
    /// Last day.
    pub to: jiff::civil::Date,
    /// Not decided yet.
    pub open: bool,
    /// A fine was imposed and stands.
    pub fined: bool,
    /// Where the case went, which does not deal with it any more: no fine here stands in for that (27).
    pub gone: Option<Gone>,
    /// The other member that imposed it and whose penalty was recognised here; none for an own case.
    pub by: Option<String>,
    /// Since when it is over: a decision on the spot was handed over.
    pub over: Option<Timestamp>,
    /// Where it was, as far as is known.
    pub point: Option<Point>,
}

crate::words::words! {
    /// Where a case went on.
    Gone {
        /// 移送司法机关.
        Police = "police", "移送司法机关";
        /// 移送有管辖权的机关.
        Agency = "agency", "移送有管辖权的机关";
    }
}

/// So far apart two acts of one day are not the same, metres.
const APART_M: f64 = 100.0;

impl Prior {
    /// Whether it stands in the way of a fine for this conduct: the same act, which is dealt with here or elsewhere or was fined
    /// (行政处罚法 27, 29).
    #[must_use]
    pub fn bars(&self, item: &str, from: jiff::civil::Date, to: jiff::civil::Date) -> bool {
        let stands = self.open || self.fined || self.gone.is_some();
        self.item == item && self.from <= to && from <= self.to && stands
    }

    /// How it stands, in words.
    #[must_use]
    pub fn state(&self) -> &'static str {
        match (self.gone, self.open, self.fined, self.by.is_some()) {
            (Some(gone), ..) => gone.title(),
            (_, true, ..) => "正在办理",
            (_, _, true, true) => "已罚款，处罚结果已互认",
            (_, _, true, false) => "已罚款",
            (_, _, false, true) => "已处罚，处罚结果已互认",
            (_, _, false, false) => "已处理，没有罚款",
        }
    }

    /// Whether it is or was fined for a day of this conduct, by whichever rule.
    #[must_use]
    pub fn same_day(&self, from: jiff::civil::Date, to: jiff::civil::Date) -> bool {
        self.from <= to && from <= self.to && (self.open || self.fined)
    }

    /// Whether an act may be another one than this, though of the same day: done after this was decided and handed over, or
    /// somewhere else. Whether it is another, the officers say.
    #[must_use]
    pub fn leaves_room(&self, seen: Timestamp, point: Option<Point>) -> bool {
        let apart = self.point.zip(point).is_some_and(|(a, b)| a.metres_to(b) >= APART_M);
        apart || (self.fined && self.over.is_some_and(|over| over < seen))
    }
}

crate::words::words! {
    /// What a party got before.
    EarlierKind {
        /// 提示单.
        Tip = "tip", "提示单";
        /// 警示单.
        Warning = "warning", "警示单";
        /// 当场处罚.
        Spot = "spot", "当场处罚";
        /// 不予处罚.
        Spared = "spared", "不予处罚";
        /// 行政处罚 by the ordinary procedure.
        Penalty = "penalty", "行政处罚案件";
    }
}

/// A slip or decision that the same party got before (三单制; 行政处罚法 33(1)).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Earlier {
    /// What it was.
    pub kind: EarlierKind,
    /// Its docket.
    pub docket: DocketId,
    /// Its number.
    pub number: String,
    /// Code of its item.
    pub item: String,
    /// On which day.
    pub on: jiff::civil::Date,
    /// Whether it was found put right; none where nobody looked yet or nothing was to be put right.
    pub corrected: Option<bool>,
}

/// The slip that a decision on the spot comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SlipSeen {
    /// 文号 of the first slip of its docket.
    pub number: String,
    /// Code of its item.
    pub item: String,
    /// It was given to the party that is named now, as far as number or name tell.
    pub same_party: bool,
    /// Its last day passed and a look found nothing put right.
    pub lapsed: Option<crate::spot::Lapsed>,
}

/// What is known of a matter that another shall be joined to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lead {
    /// Its number.
    pub number: String,
    /// What it is about, in a line.
    pub title: String,
    /// Where.
    pub point: Option<Point>,
    /// Its category.
    pub category: Option<CategoryCode>,
}

/// Where a place lies.
#[derive(Debug, Clone, PartialEq, Default, serde::Serialize, serde::Deserialize)]
#[serde(tag = "how", rename_all = "snake_case")]
pub enum Placing {
    /// Neither point nor known address.
    #[default]
    Unknown,
    /// Inside a grid.
    Inside {
        /// The grid.
        grid: GridCode,
    },
    /// Outside all grids but near one.
    Nearest {
        /// The grid.
        grid: GridCode,
        /// How far, in metres.
        metres: u32,
    },
    /// The address fits several places.
    Ambiguous {
        /// Their grids and names.
        candidates: Vec<Candidate>,
    },
    /// Not in this territory at all.
    Outside,
}

/// One of several places that an address may mean.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Candidate {
    /// The grid.
    pub grid: GridCode,
    /// What it is called and why it may be meant; only as long as somebody looks at it, see
    /// [`Placing::for_record`].
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub name: String,
}

impl Placing {
    /// Without the words of candidates: they repeat the address, which may have to be erased, and a record does not
    /// forget.
    #[must_use]
    pub fn for_record(&self) -> Placing {
        match self {
            Placing::Ambiguous { candidates } => Placing::Ambiguous {
                candidates: candidates
                    .iter()
                    .map(|c| Candidate { grid: c.grid.clone(), name: String::new() })
                    .collect(),
            },
            other => other.clone(),
        }
    }

    /// The grid, when one is known.
    #[must_use]
    pub fn grid(&self) -> Option<&GridCode> {
        match self {
            Placing::Inside { grid } | Placing::Nearest { grid, .. } => Some(grid),
            _ => None,
        }
    }
}

/// What a decision may know.
#[derive(Clone, Copy)]
pub struct Facts<'a> {
    /// Now.
    pub now: Timestamp,
    /// Who asks.
    pub actor: &'a Actor,
    /// Registers in force.
    pub directory: &'a Directory,
    /// Who is on duty.
    pub duty: &'a OnDuty,
    /// Who has how much to do.
    pub loads: &'a dyn Loads,
    /// Looked up for this command.
    pub look_ups: &'a LookUps,
}

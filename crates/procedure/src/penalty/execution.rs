//! Enforcement once it is under way (行政强制法第四章、第五章): agreements, suspension, its end, and the way through the court.

use super::clocks::{Scope, Term};
use super::folios::granted;
use super::matters::Part;
use super::proposal::Proposal;
use super::state::{Case, Filing, OrderFile, Outcome, Party};
use super::words::{NoPenaltyGround, PaperKind};
use crate::words::words;
use jiff::Timestamp;
use jiff::civil::Date;

/// Working days of a demand that was stored without a number: those of the statute then (行政强制法 54). What must be given now says
/// the law data, see [`super::law_side::demand_days`].
pub(crate) const DEMAND_DAYS: u16 = 10;

/// The last demand that reached a party: when, and how many working days it gave to perform (行政强制法 35(一)).
#[must_use]
pub fn demanded(case: &Case, id: u16) -> Option<(Timestamp, u16)> {
    let served = |paper| case.served(paper, id).map(|at| (paper, at));
    // What was demanded on a decision that fell is demanded anew.
    let demands = case.papers_of(PaperKind::Demand).filter(|p| case.of_now(p.at));
    let (paper, at) = demands.filter_map(|p| served(p.paper.id)).next_back()?;
    let days = match granted(case, paper).map(|granted| &granted.pending.proposal) {
        Some(Proposal::Demand { days, .. }) => *days,
        _ => DEMAND_DAYS,
    };
    Some((at, days))
}

/// The last public notice by which a party was told to pull something down itself (行政强制法 44): since when it is posted, none while
/// it is not yet, and until which day it gave time.
#[must_use]
pub fn announced(case: &Case, id: u16) -> Option<(Option<Timestamp>, Date)> {
    let of_party = |p: &&super::PaperFile| p.paper.parties.contains(&id);
    let file = case.papers_of(PaperKind::DemolitionNotice).rfind(of_party)?;
    match granted(case, file.paper.id).map(|granted| &granted.pending.proposal) {
        Some(Proposal::DemolitionNotice { until, .. }) => Some((case.served(file.paper.id, id), *until)),
        _ => None,
    }
}

/// Orders to put something right that reached a party and stand, and that it has not met, their day aside.
pub(super) fn unmet(case: &Case, id: u16) -> impl Iterator<Item = &OrderFile> {
    let reached = move |o: &&OrderFile| {
        o.order.party == id && case.served(o.order.paper, id).is_some() && o.annulled.is_none() && !o.met()
    };
    case.orders.iter().filter(move |o| !unfounded(case) && reached(o))
}

/// Nothing was found against anybody: what was ordered in the belief that it was is not enforced.
fn unfounded(case: &Case) -> bool {
    match case.outcome {
        Outcome::Dropped { .. } => true,
        Outcome::NoPenalty { ground, .. } => ground == NoPenaltyGround::NotEstablished,
        _ => matches!(case.filing, Filing::NotFiled { .. }),
    }
}

/// Those of them whose day is over, as their clocks say.
pub(super) fn overdue(case: &Case, id: u16) -> impl Iterator<Item = &OrderFile> {
    let over = move |o: &&OrderFile| {
        let clock = case.clock(Term::Correct, Scope::Paper(o.order.paper, id));
        o.order.until.is_none() || clock.is_some_and(|w| w.expired)
    };
    unmet(case, id).filter(over)
}

/// Those of them whose day is over by then.
pub(super) fn overdue_on(case: &Case, id: u16, today: Date) -> impl Iterator<Item = &OrderFile> {
    unmet(case, id).filter(move |o| o.order.until.is_none_or(|until| until < today))
}

/// Whether a demand that reached a party then tells an order: the order had reached it, and its day was over.
pub(super) fn tells(case: &Case, file: &OrderFile, demanded: Timestamp) -> bool {
    let over = file.order.until.is_none_or(|until| until < crate::beijing_date(demanded));
    over && case.served(file.order.paper, file.order.party).is_some_and(|at| at <= demanded)
}

/// Whether a decision to pay reached a party and stands.
pub(super) fn fined(case: &Case, party: &Party) -> bool {
    case.decision_served(party.subject.id).is_some() && party.annulled.is_none()
}

/// Whether a party still has something to perform: money, or what it was ordered to put right by a day that is over.
#[must_use]
pub fn owing(case: &Case, party: &Party) -> bool {
    (fined(case, party) && party.money.left() > 0) || overdue(case, party.subject.id).next().is_some()
}

words! {
    /// Why others may perform what a party was ordered to do (行政强制法 50).
    SubstituteGround {
        /// 危害交通安全.
        Traffic = "traffic", "已经或者将危害交通安全";
        /// 造成环境污染.
        Pollution = "pollution", "已经或者将造成环境污染";
        /// 破坏自然资源.
        Resources = "resources", "已经或者将破坏自然资源";
    }
}

words! {
    /// Where something must be cleared at once (行政强制法 52).
    ClearingPlace {
        /// 道路.
        Road = "road", "道路";
        /// 河道、航道.
        Water = "water", "河道、航道";
        /// 公共场所.
        Public = "public", "公共场所";
    }
}

words! {
    /// Why enforcement rests (行政强制法 39(1)).
    SuspensionGround {
        /// 39(1)(一).
        Unable = "unable", "当事人履行确有困难或者暂无履行能力";
        /// 39(1)(二).
        Claimed = "claimed", "第三人对执行标的主张权利，确有理由";
        /// 39(1)(三).
        Harm = "harm", "执行可能造成难以弥补的损失，且中止执行不损害公共利益";
        /// 39(1)(四).
        Other = "other", "行政机关认为需要中止执行的其他情形";
    }
}

impl SuspensionGround {
    /// Law and article.
    #[must_use]
    pub const fn source(self) -> &'static str {
        match self {
            SuspensionGround::Unable => "行政强制法第三十九条第一款第一项",
            SuspensionGround::Claimed => "行政强制法第三十九条第一款第二项",
            SuspensionGround::Harm => "行政强制法第三十九条第一款第三项",
            SuspensionGround::Other => "行政强制法第三十九条第一款第四项",
        }
    }
}

words! {
    /// Why enforcement ends for good (行政强制法 40, 39(2)).
    ExecutionEnd {
        /// 40(一).
        Died = "died", "公民死亡，无遗产可供执行，又无义务承受人";
        /// 40(二).
        Dissolved = "dissolved", "法人或者其他组织终止，无财产可供执行，又无义务承受人";
        /// 40(三).
        Lost = "lost", "执行标的灭失";
        /// 40(四).
        Annulled = "annulled", "据以执行的行政决定被撤销";
        /// 40(五).
        Other = "other", "行政机关认为需要终结执行的其他情形";
        /// 39(2): by itself, when its time is over.
        ThreeYears = "three_years", "确无能力履行，中止执行满三年未恢复执行";
    }
}

impl ExecutionEnd {
    /// Law and article.
    #[must_use]
    pub const fn source(self) -> &'static str {
        match self {
            ExecutionEnd::Died => "行政强制法第四十条第一项",
            ExecutionEnd::Dissolved => "行政强制法第四十条第二项",
            ExecutionEnd::Lost => "行政强制法第四十条第三项",
            ExecutionEnd::Annulled => "行政强制法第四十条第四项",
            ExecutionEnd::Other => "行政强制法第四十条第五项",
            ExecutionEnd::ThreeYears => "行政强制法第三十九条第二款",
        }
    }
}

words! {
    /// What the court says of an application, and what is asked of the court above it (行政强制法 56–58).
    CourtStep {
        /// 受理 (56(1)).
        Accepted = "accepted", "受理";
        /// 受理; one of the cases of article 58, in which the parties are heard.
        Hearing = "hearing", "受理，明显违法等情形须听取意见（第五十八条）";
        /// 不予受理 (56(2)).
        Refused = "refused", "裁定不予受理";
        /// 准予执行 (57).
        Granted = "granted", "裁定准予执行";
        /// 不准予执行 (58(2)).
        Denied = "denied", "裁定不予执行";
        /// 申请复议 at the court above (56(2), 58(3)).
        Review = "review", "向上一级人民法院申请复议";
        /// The court above left it as it was.
        Upheld = "upheld", "上一级人民法院维持";
    }
}

impl CourtStep {
    /// Whether it may come after another; none: after the application itself.
    #[must_use]
    pub fn follows(self, before: &[(CourtStep, Date)]) -> bool {
        use CourtStep as S;
        let earlier = before.iter().rev().nth(1).map(|(step, _)| *step);
        match (before.last().map(|(step, _)| *step), earlier) {
            (None, _) => matches!(self, S::Accepted | S::Hearing | S::Refused),
            (Some(S::Accepted), _) => matches!(self, S::Hearing | S::Granted | S::Denied),
            (Some(S::Hearing), _) => matches!(self, S::Granted | S::Denied),
            (Some(S::Refused | S::Denied), _) => self == S::Review,
            (Some(S::Review), Some(S::Refused)) => matches!(self, S::Accepted | S::Hearing | S::Upheld),
            (Some(S::Review), _) => matches!(self, S::Granted | S::Upheld),
            (Some(S::Granted | S::Upheld), _) => false,
        }
    }
}

/// An agreement on performance (行政强制法 42).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Agreement {
    /// Its paper.
    pub paper: u16,
    /// What is performed by when.
    pub parts: Vec<Part>,
    /// By how much the surcharge was reduced, fen.
    pub reduced: i64,
    /// What had been paid before.
    pub before: i64,
    /// When.
    pub at: Timestamp,
    /// When the party did not keep it and enforcement went on (42(2)).
    pub broken: Option<Timestamp>,
}

/// Enforcement that rests (行政强制法 39).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Suspension {
    /// Why.
    pub ground: SuspensionGround,
    /// No marked harm to society: after three years nothing is enforced any more (39(2)).
    pub harmless: bool,
    /// Since when.
    pub at: Timestamp,
    /// Until when.
    pub ended: Option<Timestamp>,
}

impl Suspension {
    /// After three years nothing is enforced any more (39(2)).
    #[must_use]
    pub fn ends_by_itself(&self) -> bool {
        self.harmless && self.ground == SuspensionGround::Unable
    }
}

/// How enforcement against a party goes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Execution {
    /// Agreements, in order.
    pub agreements: Vec<Agreement>,
    /// Suspensions, in order.
    pub suspensions: Vec<Suspension>,
    /// It ended for good.
    pub ended: Option<(ExecutionEnd, Timestamp)>,
}

impl Execution {
    /// The agreement that is being kept.
    #[must_use]
    pub fn agreed(&self) -> Option<&Agreement> {
        self.agreements.last().filter(|a| a.broken.is_none())
    }
    /// The suspension that goes on.
    #[must_use]
    pub fn suspended(&self) -> Option<&Suspension> {
        self.suspensions.last().filter(|s| s.ended.is_none())
    }
    /// Days on which nothing was enforced: no surcharge either, which is a way of enforcing (行政强制法 12(一)).
    #[must_use]
    pub fn rests(&self, until: Date) -> Vec<(Date, Date)> {
        let day = crate::beijing_date;
        let span = |at, ended: Option<Timestamp>| {
            let from = day(at);
            (from, ended.map_or(until, day).max(from))
        };
        // What was agreed says what had come to be owed until that day.
        let agreed = self.agreements.iter().map(|a| {
            let (from, to) = span(a.at, a.broken);
            let from = from.tomorrow().unwrap_or(from);
            (from, to.max(from))
        });
        agreed.chain(self.suspensions.iter().map(|s| span(s.at, s.ended))).collect()
    }
}

impl Execution {
    /// What it was about fell: nothing of it goes on, and nothing is over for what is decided anew.
    pub(super) fn stop(&mut self, at: Timestamp) {
        for agreement in &mut self.agreements {
            agreement.broken.get_or_insert(at);
        }
        for suspension in &mut self.suspensions {
            suspension.ended.get_or_insert(at);
        }
        self.ended = None;
    }
}

impl Agreement {
    /// The first part that is not performed, with its place, when so much was paid in all.
    #[must_use]
    pub fn next(&self, paid: i64) -> Option<(u16, Part)> {
        let mut sum = self.before;
        for (place, part) in (0..).zip(&self.parts) {
            sum += part.fen;
            if sum > paid {
                return Some((place, *part));
            }
        }
        None
    }
}

//! Where a case stands, as people say it: a pure function of the sub-states, kept nowhere.

use super::rights::Hearing;
use super::state::{Case, Filing, Outcome};
use jiff::Timestamp;

impl Outcome {
    /// When it was decided; none while it is open.
    #[must_use]
    pub fn at(&self) -> Option<Timestamp> {
        match self {
            Outcome::Penalty { at, .. }
            | Outcome::NoPenalty { at, .. }
            | Outcome::Crime { at, .. }
            | Outcome::Transferred(super::Transfer { at, .. })
            | Outcome::Dropped { at } => Some(*at),
            Outcome::Open => None,
        }
    }
    /// Whether the case goes to another authority, and its things with it.
    #[must_use]
    pub fn hands_over(&self) -> bool {
        matches!(self, Outcome::Crime { .. } | Outcome::Transferred(_))
    }
}

macro_rules! stages {
    ($($(#[$doc:meta])* $name:ident = $code:literal, $title:literal;)*) => {
        /// Where a case stands.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Stage { $($(#[$doc])* $name,)* }
        /// Codes and titles, in the order in which a case goes through them.
        pub const STAGES: &[(&str, &str)] = &[$(($code, $title)),*];
        impl Stage {
            /// Code in data.
            #[must_use]
            pub const fn code(self) -> &'static str { match self { $(Stage::$name => $code,)* } }
            /// Words on screen.
            #[must_use]
            pub const fn title(self) -> &'static str { match self { $(Stage::$name => $title,)* } }
        }
    };
}

stages! {
    /// A lead that is checked.
    Lead = "lead", "线索核查";
    /// Filed; evidence is taken.
    Investigating = "investigating", "调查取证";
    /// The end of the investigation was reported.
    Finished = "finished", "调查终结";
    /// The parties were told what shall be decided; their terms run.
    Notified = "notified", "告知、陈述申辩";
    /// A hearing was asked for and is not held yet.
    Hearing = "hearing", "听证";
    /// Under legal review or discussion, or waiting for approval.
    Deciding = "deciding", "审核、决定";
    /// Decided and not served on everybody yet.
    Serving = "serving", "送达";
    /// Served; the terms of payment run.
    Performing = "performing", "履行";
    /// Demanded or enforced.
    Enforcing = "enforcing", "强制执行";
    /// Nothing is left to be done but to close it.
    ToClose = "to_close", "待结案";
    /// Handed over to the police.
    Crime = "crime", "移送公安机关";
    /// Handed over to the agency that has the jurisdiction.
    Elsewhere = "elsewhere", "移送其他机关";
    /// 不予立案.
    NotFiled = "not_filed", "不予立案";
    /// Goes on in another case.
    Joined = "joined", "已并案";
    /// Closed.
    Closed = "closed", "已结案";
    /// In the archive.
    Archived = "archived", "已归档";
}

/// The stage of a case.
#[must_use]
pub fn stage(case: &Case) -> Stage {
    if let Some(closed) = &case.closed {
        return if closed.archived.is_some() { Stage::Archived } else { Stage::Closed };
    }
    if case.joined_to.is_some() {
        return Stage::Joined;
    }
    match case.filing {
        Filing::Lead { .. } => return Stage::Lead,
        Filing::NotFiled { .. } => return Stage::NotFiled,
        Filing::Filed { .. } => {}
    }
    match &case.outcome {
        Outcome::Open => before(case),
        Outcome::Crime { .. } => Stage::Crime,
        Outcome::Transferred(_) => Stage::Elsewhere,
        Outcome::Dropped { .. } => Stage::ToClose,
        Outcome::NoPenalty { paper, .. } => {
            if case.paper(*paper).is_some_and(super::matters::PaperFile::unserved) {
                Stage::Serving
            } else {
                Stage::ToClose
            }
        }
        Outcome::Penalty { paper, .. } => after(case, *paper),
    }
}

fn before(case: &Case) -> Stage {
    if case.pending.iter().any(|p| p.proposal.is_outcome()) {
        return Stage::Deciding;
    }
    let hears = |h: &Hearing| matches!(h, Hearing::Asked { .. } | Hearing::Called { .. });
    if case.present().any(|p| hears(&p.rights.hearing)) {
        return Stage::Hearing;
    }
    if case.present().any(|p| p.rights.notice.is_some()) {
        return Stage::Notified;
    }
    if case.finished.is_some() { Stage::Finished } else { Stage::Investigating }
}

fn after(case: &Case, paper: u16) -> Stage {
    if case.paper(paper).is_some_and(super::matters::PaperFile::unserved) {
        return Stage::Serving;
    }
    let owing = |p: &super::Party| p.annulled.is_none() && p.execution.ended.is_none() && p.money.left() > 0;
    let enforced =
        |p: &super::Party| p.execution.ended.is_none() && p.enforcement.iter().any(super::Enforcement::open);
    let demanded = case.papers_of(super::words::PaperKind::Demand).any(|p| case.of_now(p.at));
    if case.present().any(enforced) || (demanded && case.present().any(&owing)) {
        return Stage::Enforcing;
    }
    if case.present().any(owing) { Stage::Performing } else { Stage::ToClose }
}

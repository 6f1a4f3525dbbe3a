//! What helps to decide a case rightly: which points the file proves so far (证据标准), how such a case goes (办案指引), and how like ones
//! were decided (类案同处).

use super::case_of;
use crate::figures::like::LikeCases;
use crate::{App, Caller};
use lianzhi_ids::DocketId;
use lianzhi_law::Guidance;
use lianzhi_procedure::penalty::{Command, EvidenceKind, Proposed, proofs, proposed};
use lianzhi_procedure::{AnyCommand, Kind, LookUps, Refusal};
use schemars::JsonSchema;
use serde::Serialize;

/// A point to be proved.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ProofPoint {
    /// What.
    pub title: String,
    /// What is usually needed.
    pub what: String,
    /// Kinds of evidence that usually show it, in words.
    pub kinds: String,
    /// From where.
    pub source: String,
    /// Numbers of the evidence in the file of one of these kinds.
    pub has: Vec<u16>,
}

/// What helps to decide a case.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, JsonSchema)]
pub struct CaseGuide {
    /// Points to be proved.
    pub points: Vec<ProofPoint>,
    /// The guide.
    pub guidance: Vec<Guidance>,
    /// Like cases, of each fine that is proposed or decided.
    pub like: Vec<LikeCases>,
}

impl CaseGuide {
    /// How many points have evidence.
    #[must_use]
    pub fn shown(&self) -> usize {
        self.points.iter().filter(|point| !point.has.is_empty()).count()
    }
}

/// Kinds of evidence in words.
#[must_use]
pub fn kinds_in_words(kinds: &[std::sync::Arc<str>]) -> String {
    let titles = kinds.iter().filter_map(|kind| EvidenceKind::from_code(kind)).map(EvidenceKind::title);
    titles.collect::<Vec<_>>().join("、")
}

impl App {
    /// What the benchmark proposes for a charge as far as it is filled in, with its arithmetic. Nothing is recorded.
    ///
    /// # Errors
    /// Who may not read the case, and what must be filled in before.
    pub async fn proposed_fine(
        &self,
        who: &Caller,
        id: DocketId,
        charge: serde_json::Value,
    ) -> Result<Proposed, Refusal> {
        self.row_for(who, id).await?;
        let live = self.live(id).await?;
        let AnyCommand::Penalty(Command::Charge(charging)) = Kind::Penalty.command(charge)? else {
            return Err(Refusal::missing("这里只计算拟定的处罚。"));
        };
        let Some(case) = case_of(&live.state) else { return Err(Refusal::missing("没有这个案件。")) };
        let (directory, duty, look_ups) = (self.directory(), self.duty(), LookUps::default());
        proposed(case, &charging, &self.facts(&who.actor, &directory, &duty, &look_ups))
    }

    /// What helps to decide a case; nothing where it is none.
    ///
    /// # Errors
    /// Who may not read the case.
    pub async fn case_guide(&self, who: &Caller, id: DocketId) -> Result<CaseGuide, Refusal> {
        self.row_for(who, id).await?;
        let live = self.live(id).await?;
        let Some(case) = case_of(&live.state) else { return Ok(CaseGuide::default()) };
        let directory = self.directory();
        let points = proofs(case, &directory.law).into_iter().map(|proof| ProofPoint {
            title: proof.point.title.to_string(),
            what: proof.point.what.to_string(),
            kinds: kinds_in_words(&proof.point.kinds),
            source: proof.point.source.to_string(),
            has: proof.has,
        });
        let mut guidance: Vec<Guidance> = Vec::new();
        for violation in &case.violations {
            let new = directory.law.guidance(&violation.item);
            guidance.extend(new.into_iter().filter(|g| !guidance.contains(g)).cloned().collect::<Vec<_>>());
        }
        Ok(CaseGuide { points: points.collect(), guidance, like: self.like_this_case(who, id).await? })
    }
}

//! What is known of a decision made on the spot.

use super::later::{Deferral, Later};
use super::words::{CourtAnswer, Stage, Term};
use crate::penalty::{
    Adopted, Basis, Drawn, Money, NoPenaltyGround, Officer, OnSite, Part, PublicPast, Publication, Receipt,
    Remedy, RemedyEnd, RemedyKind, Signer, Subject, Violation, Way,
};
use crate::watch::Clocks;
use crate::{ExhibitRef, PartRef};
use jiff::Timestamp;
use jiff::civil::Date;
use lianzhi_ids::{DocketId, PersonCode, UnitCode};
use serde::{Deserialize, Serialize};

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
fn is_zero(fen: &i64) -> bool {
    *fen == 0
}

/// What is imposed: a warning, a fine, or both (行政处罚法 51).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Sanction {
    /// 警告.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub warning: bool,
    /// Fine, fen.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub fine: i64,
}

impl Sanction {
    /// Whether it weighs more than another (45(2)).
    #[must_use]
    pub const fn heavier_than(self, other: Sanction) -> bool {
        self.fine > other.fine || (self.warning && !other.warning)
    }
    /// In words: `警告，罚款 50 元`.
    #[must_use]
    pub fn text(self) -> String {
        let fine = (self.fine > 0).then(|| format!("罚款 {}", crate::penalty::law_side::yuan(self.fine)));
        let words: Vec<_> = self.warning.then(|| "警告".to_owned()).into_iter().chain(fine).collect();
        words.join("，")
    }
}

/// What was told to the party before it was imposed (44), with the benchmark by which it was found (34).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Told {
    /// What shall be imposed.
    pub sanction: Sanction,
    /// Tier of the benchmark.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub tier: String,
    /// Circumstances by their codes in the law data.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub circumstances: Vec<String>,
    /// What the benchmark proposes, with its arithmetic; empty where there is none.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub benchmark: String,
}

/// What the party said, and what it was answered (45).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Heard {
    /// In the party's words; none: it had nothing to say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub statement: Option<PartRef>,
    /// Whether it was adopted, and why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answer: Option<(Adopted, PartRef)>,
    /// The party disputes the facts: they are not certain (51).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub disputed: bool,
}

/// A slip whose day passed, and a look that found it not put right.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lapsed {
    /// 文号 of the slip.
    pub number: String,
    /// When it was given.
    pub on: Date,
    /// Until when it was to be put right.
    pub until: Date,
    /// When somebody looked.
    pub looked: Date,
}

/// The sheet as it was begun: who, where, what, by which rule.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Opening {
    /// Preset number of the form (52(1)).
    pub number: String,
    /// Unit of the series.
    pub unit: UnitCode,
    /// The two who act together, certificates shown (42, 52(1)); the first keeps the sheet.
    pub officers: Vec<Officer>,
    /// Whom.
    pub subject: Subject,
    /// What was done.
    pub violation: Violation,
    /// Name of the item, as the law data had it.
    pub item: String,
    /// By which rule.
    pub basis: Basis,
    /// Largest fine on the spot for such a party, fen (51).
    pub most: i64,
    /// Where, in words.
    pub place: PartRef,
    /// Where.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub point: Option<lianzhi_territory::Point>,
    /// When the certificates were shown.
    pub shown: Timestamp,
    /// Was ordered on the spot to put it right and refused (拒不改正), for rules that want that first.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub disobeyed: bool,
    /// What the party is ordered to put right (28(1)).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ordered: Option<PartRef>,
    /// When it was ordered, where that was not followed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ordered_at: Option<Timestamp>,
    /// The slip that ordered it until a day on which it was found not to be put right (逾期不改正).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lapsed: Option<Lapsed>,
    /// Another act than the one that was fined before (29): done after that was decided.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub anew: bool,
    /// Photos and other evidence (46).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub exhibits: Vec<ExhibitRef>,
    /// The report from which it came.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub origin: Option<DocketId>,
    /// The slip from which it came.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub slip: Option<DocketId>,
}

/// Why and how nobody was punished (33).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sparing {
    /// 文号 of the 不予行政处罚决定书.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub number: String,
    /// Ground.
    pub ground: NoPenaltyGround,
    /// The list of first minor violations is given as the ground; a legal officer confirmed it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub listed: bool,
    /// The grounds in words.
    pub note: PartRef,
    /// The education that the party was given (33(3)).
    pub education: PartRef,
    /// Its paper is handed over; those that were made before that was asked for were not.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub to_hand: bool,
    /// Until when the party promised to put it right (告知承诺); none: it did so at once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub promise: Option<Date>,
    /// Signed commitment, photos of what was put right, evidence of no fault.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub exhibits: Vec<ExhibitRef>,
}

/// How the decision was handed over (52).
#[derive(Debug, Clone, PartialEq)]
pub struct Handed {
    /// The party refused to sign; it is noted on the form.
    pub refused: bool,
    /// Note of the refusal and of who witnessed it.
    pub note: Option<PartRef>,
    /// Files of it: the signed form, pictures, sound.
    pub files: Vec<ExhibitRef>,
    /// The decision as it was handed over; none where it could not be printed here or was handed over before such were kept.
    pub kept: Option<ExhibitRef>,
    /// What was owed and taken by then: what the paper says of it.
    pub money: Money,
    /// When.
    pub at: Timestamp,
}

/// A demand (催告书, 行政强制法 54).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Demand {
    /// 文号.
    pub number: String,
    /// When.
    pub at: Timestamp,
    /// Surcharge until that day, fen.
    pub surcharge: i64,
    /// How it was computed.
    pub arithmetic: String,
    /// How and when it was served; by public notice: when that was posted.
    pub served: Option<(Way, Date)>,
    /// The day on which it counts as served; none while a public notice runs.
    pub effective: Option<Date>,
}

/// An application to the court (行政强制法 53).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Application {
    /// 文号.
    pub number: String,
    /// Which court.
    pub court: String,
    /// The leader who signed it.
    pub by: PersonCode,
    /// When.
    pub at: Timestamp,
    /// Surcharge until that day, fen.
    pub surcharge: i64,
    /// How it was computed.
    pub arithmetic: String,
    /// What the court said, in its order.
    pub answers: Vec<(CourtAnswer, Date)>,
}

impl Application {
    /// The court is done with it.
    #[must_use]
    pub fn over(&self) -> bool {
        let done = |answer: CourtAnswer| {
            answer.rejects() || matches!(answer, CourtAnswer::Performed | CourtAnswer::Ended)
        };
        self.answer().is_some_and(done)
    }
    /// What the court said last.
    #[must_use]
    pub fn answer(&self) -> Option<CourtAnswer> {
        self.answers.last().map(|(answer, _)| *answer)
    }
}

/// A decision that was withdrawn by a paper of its own (行政处罚法 75(2)).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Withdrawal {
    /// 文号.
    pub number: String,
    /// Why.
    pub note: PartRef,
    /// When.
    pub at: Timestamp,
}

/// A slip of the pen that was put right by a paper of its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Amended {
    /// 文号.
    pub number: String,
    /// What kind of slip.
    pub note: PartRef,
    /// As it stood.
    pub wrong: PartRef,
    /// As it should.
    pub right: PartRef,
    /// When.
    pub at: Timestamp,
}

/// What became of a sheet.
#[derive(Debug, Clone, PartialEq)]
pub enum Outcome {
    /// Nothing yet.
    Open,
    /// A penalty.
    Imposed(Box<Imposed>),
    /// No penalty.
    Spared {
        /// Why and how.
        sparing: Sparing,
        /// When.
        at: Timestamp,
        /// When a promise was seen to be kept.
        kept: Option<Timestamp>,
        /// How its paper was handed over (行政处罚法 61).
        handed: Option<Box<Handed>>,
        /// Reconsideration and lawsuits against it.
        remedies: Vec<Remedy>,
    },
    /// It goes on by the ordinary procedure.
    Ordinary {
        /// When.
        at: Timestamp,
        /// The case, once it is there.
        case: Option<DocketId>,
    },
    /// The form was not used.
    Voided {
        /// When.
        at: Timestamp,
    },
}

/// A decision made on the spot and what became of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Imposed {
    /// What.
    pub sanction: Sanction,
    /// When.
    pub at: Timestamp,
    /// Signatures drawn on the screen; the newest in a place counts.
    pub drawn: Vec<Drawn>,
    /// How it was handed over.
    pub handed: Option<Handed>,
    /// When it was filed with the agency (52(3)).
    pub lodged: Option<Timestamp>,
    /// What is owed and paid.
    pub money: Money,
    /// Reconsideration and what follows.
    pub remedies: Vec<Remedy>,
    /// What the party asks for, until the leader answers (66(2)).
    pub later: Option<Later>,
    /// What was granted of it by a paper, the last one counts.
    pub deferrals: Vec<Deferral>,
    /// When it was handed over to enforcement, before demand and application had entries of their own.
    pub enforced: Option<Timestamp>,
    /// The demand.
    pub demand: Option<Demand>,
    /// Applications to the court, the last one counts.
    pub applications: Vec<Application>,
    /// When it was withdrawn or annulled.
    pub annulled: Option<Timestamp>,
    /// The paper that withdrew it; none where a court or authority annulled it.
    pub withdrawn: Option<Withdrawal>,
    /// Corrections with papers of their own.
    pub amended: Vec<Amended>,
    /// Corrections of the text.
    pub corrections: Vec<(PartRef, Timestamp)>,
    /// Since when it does not stand as it was published: withdrawn, annulled or changed (48(2)).
    pub fell: Option<Timestamp>,
    /// It has to be published, or kept back with a ground (48).
    pub public: bool,
    /// Publication.
    pub publication: Publication,
    /// Publications that are over.
    pub public_past: PublicPast,
}

impl Imposed {
    /// Who signed on the screen.
    #[must_use]
    pub fn signed(&self, signer: Signer) -> bool {
        self.drawn.iter().any(|drawn| drawn.signer == signer)
    }
    /// Somebody may sign it on the screen: until it is handed over.
    #[must_use]
    pub fn signable(&self) -> bool {
        self.handed.is_none() && self.annulled.is_none()
    }
    /// What is owed and taken, as the paper says: as it was when it was handed over.
    #[must_use]
    pub fn money_on_paper(&self) -> &Money {
        self.handed.as_ref().map_or(&self.money, |handed| &handed.money)
    }
    /// Money taken on the spot, with what became of it.
    #[must_use]
    pub fn on_site(&self) -> Option<(&Receipt, &OnSite)> {
        self.money.receipts.iter().find_map(|r| r.on_site.as_ref().map(|o| (r, o)))
    }
    /// Whether publication is still to be decided on.
    #[must_use]
    pub fn unpublished(&self) -> bool {
        let first = self.fell.is_none() && self.publication == Publication::None;
        self.public && (first || self.again_since().is_some())
    }
    /// Whether whoever decided on a remedy changed the penalty.
    #[must_use]
    pub fn altered(&self) -> bool {
        self.remedies.iter().any(|r| matches!(r.ended, Some((RemedyEnd::Changed, _))))
    }
    /// Whether it may be shown to the public as it stands: not annulled, nor declared unlawful.
    #[must_use]
    pub fn shows(&self) -> bool {
        let unlawful = |(end, _)| end == RemedyEnd::Illegal;
        self.annulled.is_none() && !self.remedies.iter().filter_map(|r| r.ended).any(unlawful)
    }
    /// Whether it was published and withdrawn and may be published again as it stands.
    #[must_use]
    pub fn may_again(&self) -> bool {
        matches!(self.publication, Publication::Withdrawn { .. })
            && self.shows()
            && !self.public_past.not_again
    }
    /// Since when its changed content waits to be published.
    #[must_use]
    pub fn again_since(&self) -> Option<Timestamp> {
        let Publication::Withdrawn { at, .. } = self.publication else { return None };
        (self.altered() && self.may_again()).then_some(at)
    }
    /// Since when what was published must be withdrawn (48(2)).
    #[must_use]
    pub fn to_withdraw(&self) -> Option<Timestamp> {
        self.fell.filter(|_| matches!(self.publication, Publication::Published { .. }))
    }
    /// The part that is to be paid next, its place from 0, and since when its time runs: each begins where the one before ends.
    #[must_use]
    pub fn part(&self) -> Option<(u16, Part, Timestamp)> {
        let (place, part) = self.money.next_part().filter(|_| self.money.left() > 0)?;
        let before = usize::from(place).checked_sub(1).and_then(|n| self.money.parts.get(n));
        let from = before.map(|part| crate::penalty::law_side::midnight(part.due)).or(self.money.parts_at)?;
        Some((place, part, from))
    }
    /// A remedy that runs.
    #[must_use]
    pub fn remedy(&self) -> Option<&Remedy> {
        self.remedies.iter().find(|r| r.ended.is_none())
    }
    /// The application that the court has or had, unless it was rejected.
    #[must_use]
    pub fn application(&self) -> Option<&Application> {
        self.applications.last().filter(|a| !a.answer().is_some_and(CourtAnswer::rejects))
    }
    /// Nothing can be had, and the court ended it (行政强制法 40).
    #[must_use]
    pub fn given_up(&self) -> bool {
        self.application().and_then(Application::answer) == Some(CourtAnswer::Ended)
    }
    /// What was paid and is not owed any more, because the decision fell or was changed; fen.
    #[must_use]
    pub fn to_refund(&self) -> i64 {
        self.money.to_refund(self.annulled.is_some())
    }
    /// Cash that is still to be handed in by whoever took it, or to be paid in by the agency (71): whatever became of the decision.
    #[must_use]
    pub fn cash(&self) -> bool {
        self.money.receipts.iter().any(|r| r.carried() || r.undeposited().is_some())
    }
}

/// A sheet.
#[derive(Debug, Clone, PartialEq)]
pub struct Sheet {
    /// As it was begun.
    pub opening: Opening,
    /// When.
    pub at: Timestamp,
    /// When something last happened.
    pub changed: Timestamp,
    /// When the officers were there: certificates shown, or a promise found broken. It is decided on that day (51).
    pub there: Timestamp,
    /// When a decision not to punish was annulled: nothing is decided on the spot any more (51).
    pub fell: Option<Timestamp>,
    /// What was told.
    pub told: Option<Told>,
    /// What was said and answered.
    pub heard: Option<Heard>,
    /// When that was.
    pub heard_at: Option<Timestamp>,
    /// Who confirmed that the list of first minor violations holds for it.
    pub list_confirmed: Option<PersonCode>,
    /// What became of it.
    pub outcome: Outcome,
    /// Files that came later: with no penalty, from looks at a promise, further material.
    pub files: Vec<ExhibitRef>,
    /// Number on the shelf and when it was put there (47).
    pub archived: Option<(String, Timestamp)>,
    /// Clocks.
    pub clocks: Clocks<Term>,
    /// Texts that search finds.
    pub texts: Vec<PartRef>,
}

impl Sheet {
    /// The decision, where one was made.
    #[must_use]
    pub fn imposed(&self) -> Option<&Imposed> {
        match &self.outcome {
            Outcome::Imposed(imposed) => Some(imposed),
            _ => None,
        }
    }
    /// The paper of a decision not to punish that still has to be handed over: since when.
    #[must_use]
    pub fn spared_to_hand(&self) -> Option<Timestamp> {
        match &self.outcome {
            Outcome::Spared { sparing, at, handed: None, .. } if sparing.to_hand => Some(*at),
            _ => None,
        }
    }
    /// What is challenged, or may be: since when the party has it, and the remedies against it.
    #[must_use]
    pub fn challenged(&self) -> Option<(Timestamp, &[Remedy])> {
        match &self.outcome {
            Outcome::Imposed(i) => Some((i.handed.as_ref()?.at, &i.remedies)),
            Outcome::Spared { handed, remedies, .. } => Some((handed.as_ref()?.at, remedies)),
            _ => None,
        }
    }
    /// Whether somebody is one of its two officers.
    #[must_use]
    pub fn is_officer(&self, person: &PersonCode) -> bool {
        self.opening.officers.iter().any(|o| o.person == *person)
    }
    /// Where it stands.
    #[must_use]
    pub fn stage(&self) -> Stage {
        match &self.outcome {
            Outcome::Open => Stage::OnSite,
            Outcome::Spared { sparing, kept, .. } if sparing.promise.is_some() && kept.is_none() => {
                Stage::Promised
            }
            Outcome::Spared { .. } => Stage::Spared,
            Outcome::Ordinary { .. } => Stage::Ordinary,
            Outcome::Voided { .. } => Stage::Voided,
            Outcome::Imposed(i) if i.annulled.is_some() => Stage::Withdrawn,
            Outcome::Imposed(i) if i.handed.is_none() => Stage::ToHand,
            Outcome::Imposed(i) => {
                // What went into the archive before such payments were confirmed stays there.
                let carried = i.cash() || (self.archived.is_none() && i.money.unconfirmed().is_some());
                let over = i.money.left() == 0 || i.given_up();
                let public = i.unpublished() || i.to_withdraw().is_some();
                if over && i.lodged.is_some() && !carried && i.remedy().is_none() && !public {
                    Stage::Done
                } else if !over && (i.enforced.is_some() || i.demand.is_some() || !i.applications.is_empty())
                {
                    Stage::Enforcing
                } else {
                    Stage::Performing
                }
            }
        }
    }
    /// Whether work is still to be done.
    #[must_use]
    pub fn open(&self) -> bool {
        let spared = |outcome: &Outcome| match outcome {
            Outcome::Spared { remedies, .. } => remedies.iter().any(|r| r.ended.is_none()),
            _ => false,
        };
        self.imposed().is_some_and(|i| i.to_refund() > 0 || i.cash())
            || self.spared_to_hand().is_some()
            || spared(&self.outcome)
            || matches!(
                self.stage(),
                Stage::OnSite | Stage::ToHand | Stage::Performing | Stage::Enforcing | Stage::Promised
            )
            || self.imposed().is_some_and(|i| i.to_withdraw().is_some())
    }
    /// When the party could not go to anybody any more (行政强制法 53): the end of the term for reconsideration, which comes
    /// first here, or of the remedy that it sought; never before the last part that was granted (行政处罚法 72(2)).
    #[must_use]
    pub fn remedies_over(&self) -> Option<Timestamp> {
        // A term that ran out ended with its last day: the day from which the next one counts.
        let ended = |term| {
            let clock = self.clocks.get(term).filter(|w| w.expired)?;
            Some(clock.running.due - jiff::SignedDuration::from_micros(1))
        };
        let midnight = crate::penalty::law_side::midnight;
        let decision = self.imposed()?;
        let over = match decision.remedies.last() {
            None => ended(Term::Reconsideration)?,
            Some(remedy) => match (remedy.kind, remedy.ended?) {
                (RemedyKind::Reconsideration, _) => ended(Term::LawsuitAfter)?,
                (RemedyKind::Lawsuit | RemedyKind::SecondInstance, (_, on)) => midnight(on),
            },
        };
        let last = decision.money.parts.iter().map(|part| midnight(part.due)).max();
        Some(last.map_or(over, |last| over.max(last)))
    }
    /// Last day to pay, once the decision was handed over: of the last part, where parts were granted.
    #[must_use]
    pub fn pay_until(&self) -> Option<Date> {
        let parts = self.imposed().into_iter().flat_map(|decision| &decision.money.parts);
        if let Some(last) = parts.map(|part| part.due).max() {
            return Some(last);
        }
        self.statute_due()
    }
    /// Last day to pay by the statute (行政处罚法 67(3)), whatever was granted.
    #[must_use]
    pub fn statute_due(&self) -> Option<Date> {
        let clock = self.clocks.last(Term::Pay)?;
        Some(crate::beijing_date(clock.running.due - jiff::SignedDuration::from_micros(1)))
    }
}

/// A docket of this kind.
#[derive(Debug, Clone, Default)]
pub enum State {
    /// Nothing happened yet.
    #[default]
    Nothing,
    /// A sheet.
    Sheet(Box<Sheet>),
}

impl State {
    /// The sheet, when there is one.
    #[must_use]
    pub fn sheet(&self) -> Option<&Sheet> {
        match self {
            State::Nothing => None,
            State::Sheet(sheet) => Some(sheet),
        }
    }
}

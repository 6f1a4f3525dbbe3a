//! What is looked up before a command to a sheet or to slips is decided: what the same party got before.

use super::{sheet_of, slips_of};
use crate::App;
use crate::penalty::{Particulars, case_of, number_in, number_of};
use jiff::Timestamp;
use lianzhi_ids::{Digest, DocketId, PersonCode};
use lianzhi_procedure::facts::Prior;
use lianzhi_procedure::penalty::{NewParty, NoPenaltyGround, Subject};
use lianzhi_procedure::slip::{self, File, Level};
use lianzhi_procedure::spot::{self, Outcome, Sheet};
use lianzhi_procedure::{
    AnyCommand, AnyState, Earlier, EarlierKind, Kind, LookUps, Refusal, SlipSeen, Tag, Text, beijing_date,
    penalty,
};

/// Whether a command is only the node's own to give.
pub(crate) fn internal(command: &AnyCommand) -> bool {
    match command {
        AnyCommand::Spot(command) => command.internal() || matches!(command, spot::Command::Open(_)),
        AnyCommand::Slip(command) => command.internal() || matches!(command, slip::Command::Give { .. }),
        _ => false,
    }
}

/// Party and item of a sheet or of slips.
fn party_of(state: &AnyState) -> Option<(&Subject, &str)> {
    let sheet = sheet_of(state).map(|s| (&s.opening.subject, s.opening.violation.item.as_str()));
    sheet.or_else(|| slips_of(state).map(|s| (&s.given.subject, s.given.item.as_str())))
}

/// The party that a command names.
fn named(command: &AnyCommand) -> Option<(&NewParty, &str)> {
    match command {
        AnyCommand::Spot(spot::Command::Open(new)) => Some((&new.party, new.violation.item.trim())),
        AnyCommand::Slip(slip::Command::Give { party, item, .. }) => Some((party, item.trim())),
        _ => None,
    }
}

/// Newest sheets and newest slips that tell somebody's habits.
const HABITS_MAX: i64 = 20;
/// Items that a form offers by a press.
const ITEMS_MAX: usize = 5;

/// What somebody used last on the street.
#[derive(Debug, Clone, Default)]
pub struct Habits {
    /// Codes of items, newest first.
    pub items: Vec<String>,
    /// The other officer of the last decision on the spot.
    pub second: Option<PersonCode>,
}

impl App {
    /// What a command to this sheet or these slips, or the one that opens them, must know. Texts are not sealed yet.
    pub(crate) async fn prepare_spot(
        &self,
        at: Option<DocketId>,
        command: &AnyCommand,
    ) -> Result<LookUps, Refusal> {
        let look_ups = match (named(command), at) {
            (Some((party, item)), _) => {
                let number = number_of(party);
                let key = number.as_ref().map(|number| self.keyed("subject", number));
                self.street_look_ups(at, key, number, item).await?
            }
            (None, Some(id)) => self.spot_look_ups(id, &self.live(id).await?.state).await?,
            (None, None) => LookUps::default(),
        };
        let exhibits = match command {
            AnyCommand::Spot(command) => command.exhibits(),
            AnyCommand::Slip(command) => command.exhibits(),
            _ => &[],
        };
        let exhibits = self.exhibits_in_custody(exhibits).await?;
        let slip = match command {
            AnyCommand::Spot(spot::Command::Open(new)) => self.slip_seen(new, look_ups.subject).await?,
            _ => None,
        };
        let code_of = match (command, at) {
            (AnyCommand::Spot(spot::Command::SetPayCode { code }), Some(id)) => {
                self.code_of(code, id).await?
            }
            (AnyCommand::Spot(spot::Command::Collect { ticket, .. }), Some(id)) => {
                self.code_of(ticket, id).await?
            }
            _ => None,
        };
        let look_ups = LookUps { exhibits, slip, code_of, ..look_ups };
        match (command, at) {
            (AnyCommand::Spot(spot::Command::Open(new)), _) if new.told && new.heard => {
                let lacking = match &new.party.particulars {
                    Text::Plain(text) if !text.is_empty() => Particulars::read(text).lacking(new.party.kind),
                    _ => Vec::new(),
                };
                Ok(LookUps { lacking, ..look_ups })
            }
            (AnyCommand::Spot(command), Some(id)) => {
                let state = self.live(id).await?.state;
                self.sheet_look_ups(id, &state, command, look_ups).await
            }
            _ => Ok(look_ups),
        }
    }

    /// The slip from which a decision on the spot says it comes: whether it is of this party, by number or else by name, and
    /// whether its day passed. The command's texts are not sealed yet.
    async fn slip_seen(
        &self,
        new: &spot::NewSheet,
        key: Option<Digest>,
    ) -> Result<Option<SlipSeen>, Refusal> {
        let Some(id) = new.slip else { return Ok(None) };
        let live = self.live(id).await?;
        let Some(slips) = slips_of(&live.state) else { return Ok(None) };
        let subject = &slips.given.subject;
        let same_party = match (subject.key, key) {
            (Some(theirs), Some(ours)) => theirs == ours,
            _ => {
                let known = self.plain(&[subject.particulars.digest]).await?.pop();
                let name = |text: &str| Particulars::read(text).name.trim().to_owned();
                match (&new.party.particulars, known) {
                    (Text::Plain(ours), Some(theirs)) => name(ours) == name(&theirs),
                    // What was erased tells nothing.
                    _ => true,
                }
            }
        };
        Ok(Some(SlipSeen {
            number: slips.papers.first().map(|(paper, ..)| paper.number.clone()).unwrap_or_default(),
            item: slips.given.item.clone(),
            same_party,
            lapsed: slips.lapsed(),
        }))
    }

    /// What a command to a sheet must know of the party and of the decision on paper besides.
    async fn sheet_look_ups(
        &self,
        id: DocketId,
        state: &AnyState,
        command: &spot::Command,
        look_ups: LookUps,
    ) -> Result<LookUps, Refusal> {
        let Some(sheet) = sheet_of(state) else { return Ok(look_ups) };
        let subject = &sheet.opening.subject;
        match command {
            spot::Command::Describe { particulars } => Ok(LookUps {
                subject: number_in(particulars).map(|number| self.keyed("subject", &number)),
                renamed: self.renames(subject, particulars).await?,
                ..look_ups
            }),
            spot::Command::Impose { .. } => {
                let known = self.plain(&[subject.particulars.digest]).await?.pop();
                let lacking = known.map(|text| Particulars::read(&text).lacking(subject.kind));
                Ok(LookUps { lacking: lacking.unwrap_or_default(), ..look_ups })
            }
            spot::Command::Hand { .. } => {
                let (printed, lacking) = self.kept_decision(id, state, command).await?;
                Ok(LookUps { printed, lacking, ..look_ups })
            }
            _ => Ok(look_ups),
        }
    }

    /// The same for a sheet or slips; nothing for other matters.
    pub(crate) async fn spot_look_ups(&self, id: DocketId, state: &AnyState) -> Result<LookUps, Refusal> {
        let Some((subject, item)) = party_of(state) else { return Ok(LookUps::default()) };
        let particulars = self.plain(&[subject.particulars.digest]).await?.pop();
        let number = particulars.and_then(|text| Particulars::read(&text).number());
        self.street_look_ups(Some(id), subject.key, number, item).await
    }

    /// What the party of this key and number of identification got before, here and from members whose penalties are recognised;
    /// nothing of who gave no number.
    async fn street_look_ups(
        &self,
        own: Option<DocketId>,
        key: Option<Digest>,
        number: Option<String>,
        item: &str,
    ) -> Result<LookUps, Refusal> {
        let Some(key) = key else { return Ok(LookUps::default()) };
        let mut prior = self.earlier(&[key], &[item], own).await?;
        prior.extend(self.recognised_penalties(number.as_slice(), &[item]).await?);
        Ok(LookUps {
            subject: Some(key),
            prior,
            earlier: self.history(key, own).await?,
            ..LookUps::default()
        })
    }

    /// What a party got before, by its number of identification, newest first: for whoever is about to give a slip or to
    /// decide on the spot. Only staff who do this may ask.
    ///
    /// # Errors
    /// When the caller may not, or the store cannot be read.
    pub async fn earlier_of(&self, who: &crate::Caller, number: &str) -> Result<Vec<Earlier>, Refusal> {
        self.may_begin(who, "slip_issue")?;
        let party = Particulars { id_number: number.to_owned(), ..Particulars::default() };
        match party.number() {
            Some(number) => self.history(self.keyed("subject", &number), None).await,
            None => Ok(Vec::new()),
        }
    }

    /// What speaks for no penalty in a sheet that is open (行政处罚法 33(1)).
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn in_favour(&self, id: DocketId, sheet: &Sheet) -> Result<String, Refusal> {
        let earlier = match sheet.opening.subject.key {
            Some(key) => self.history(key, Some(id)).await?,
            None => Vec::new(),
        };
        Ok(spot::in_favour(sheet, &earlier, &self.directory()))
    }

    /// What somebody used last on the street: items, newest first, and with whom.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn street_habits(&self, who: &crate::Caller) -> Result<Habits, Refusal> {
        let Some(me) = who.actor.person() else { return Ok(Habits::default()) };
        let mut lives = Vec::new();
        for kind in [Kind::Spot, Kind::Slip] {
            lives.extend(self.newest_lives(kind, &Tag::Officer(me.clone()), HABITS_MAX).await?);
        }
        lives.sort_by_key(|(id, _)| std::cmp::Reverse(*id));
        let mut habits = Habits::default();
        for (_, live) in &lives {
            let item = party_of(&live.state).map(|(_, item)| item.to_owned()).unwrap_or_default();
            if !item.is_empty() && !habits.items.contains(&item) && habits.items.len() < ITEMS_MAX {
                habits.items.push(item);
            }
            let officers = sheet_of(&live.state).into_iter().flat_map(|sheet| &sheet.opening.officers);
            let other = officers.map(|officer| &officer.person).find(|person| *person != me);
            habits.second = habits.second.or_else(|| other.cloned());
        }
        Ok(habits)
    }

    pub(crate) async fn history(&self, key: Digest, own: Option<DocketId>) -> Result<Vec<Earlier>, Refusal> {
        let tag = Tag::Subject(key);
        let mut all = Vec::new();
        for kind in [Kind::Spot, Kind::Slip, Kind::Penalty] {
            for (id, live) in self.tagged_lives(kind, &tag).await? {
                if Some(id) != own {
                    all.extend(got(id, &live.state, key));
                }
            }
        }
        all.sort_by(|a: &Earlier, b| b.on.cmp(&a.on).then_with(|| b.docket.cmp(&a.docket)));
        Ok(all)
    }

    /// Decisions on the spot that stand in the way of another fine (行政处罚法 29).
    pub(crate) async fn fined_on_the_spot(
        &self,
        key: Digest,
        own: Option<DocketId>,
    ) -> Result<Vec<Prior>, Refusal> {
        let lives = self.tagged_lives(Kind::Spot, &Tag::Subject(key)).await?;
        let others = lives.iter().filter(|(id, _)| Some(*id) != own);
        let sheets = others.filter_map(|(_, live)| sheet_of(&live.state));
        let same = |s: &&Sheet| s.opening.subject.key == Some(key);
        Ok(sheets.filter(same).filter_map(prior).collect())
    }
}

/// What a sheet means for a later fine.
fn prior(sheet: &Sheet) -> Option<Prior> {
    let (open, fined) = match &sheet.outcome {
        Outcome::Open => (true, false),
        Outcome::Imposed(decision) => (false, decision.annulled.is_none() && decision.sanction.fine > 0),
        Outcome::Spared { .. } | Outcome::Ordinary { .. } | Outcome::Voided { .. } => return None,
    };
    let violation = &sheet.opening.violation;
    Some(Prior {
        number: sheet.opening.number.clone(),
        item: violation.item.clone(),
        from: violation.from,
        to: violation.to,
        open,
        fined,
        gone: None,
        by: None,
        over: sheet.imposed().and_then(|decision| decision.handed.as_ref()).map(|handed| handed.at),
        point: sheet.opening.point,
    })
}

/// What a docket gave its party.
fn got(id: DocketId, state: &AnyState, key: Digest) -> Vec<Earlier> {
    let one = |kind, number: &str, item: &str, at: Timestamp, corrected| Earlier {
        kind,
        docket: id,
        number: number.to_owned(),
        item: item.to_owned(),
        on: beijing_date(at),
        corrected,
    };
    if let Some(sheet) = sheet_of(state).filter(|s| s.opening.subject.key == Some(key)) {
        let found = match &sheet.outcome {
            Outcome::Imposed(decision) if decision.annulled.is_none() => {
                Some((EarlierKind::Spot, decision.at, None))
            }
            Outcome::Spared { at, kept, sparing, .. } => {
                let kept = (sparing.promise.is_none() || kept.is_some()).then_some(true);
                Some((EarlierKind::Spared, *at, kept))
            }
            _ => None,
        };
        let (number, item) = (&sheet.opening.number, &sheet.opening.violation.item);
        return found.map(|(kind, at, kept)| one(kind, number, item, at, kept)).into_iter().collect();
    }
    if let Some(slips) = slips_of(state).filter(|s| s.given.subject.key == Some(key) && s.withdrawn.is_none())
    {
        return given(slips, one);
    }
    let Some(case) = case_of(state) else { return Vec::new() };
    let (kind, at) = match &case.outcome {
        penalty::Outcome::Penalty { at, .. } => (EarlierKind::Penalty, *at),
        // A violation that was not punished because it was minor or the first is one all the same (33(1)).
        penalty::Outcome::NoPenalty {
            ground: NoPenaltyGround::Minor | NoPenaltyGround::First, at, ..
        } => (EarlierKind::Spared, *at),
        _ => return Vec::new(),
    };
    let stands = case.parties.iter().any(|p| p.subject.key == Some(key) && p.annulled.is_none());
    let of = |v: &penalty::Violation| one(kind, &case.number, &v.item, at, None);
    case.violations.iter().filter(|_| stands).map(of).collect()
}

fn given(
    slips: &File,
    one: impl Fn(EarlierKind, &str, &str, Timestamp, Option<bool>) -> Earlier,
) -> Vec<Earlier> {
    let paper = |(paper, at, look): &(slip::Paper, Timestamp, Option<slip::Look>)| {
        let kind = match paper.level {
            Level::Tip => EarlierKind::Tip,
            Level::Warning => EarlierKind::Warning,
        };
        one(kind, &paper.number, &slips.given.item, *at, look.as_ref().map(|look| look.done))
    };
    slips.papers.iter().map(paper).collect()
}

//! What is looked up before a command to a penalty case is decided: earlier cases of the same party, files, the case that
//! another shall be joined to.

use super::case_of;
use super::open::Particulars;
use crate::ports::{Filter, MatterRow, Order};
use crate::project::{Live, tagged};
use crate::read::filter_of_kind;
use crate::shared::unavailable;
use crate::{App, Caller};
use lianzhi_ids::{Digest, DocketId};
use lianzhi_procedure::facts::{Prior, Target};
use lianzhi_procedure::penalty::{
    Case, Command, EnforcementKind, Folio, NewParty, Outcome, PaperKind, Registering, folios, priors,
};
use lianzhi_procedure::{AnyCommand, Kind, LookUps, Refusal, Tag, Text};

/// Earlier cases of one party that are looked at: the newest ones.
const EARLIER_MAX: i64 = 200;

/// Whether a command is only the node's own to give.
pub(crate) fn internal(command: &AnyCommand) -> bool {
    matches!(command, AnyCommand::Penalty(command)
        if command.internal() || matches!(command, Command::Register(_)))
}

impl App {
    /// What a command to this case, or the one that opens it, must know besides the docket. Texts are not sealed yet.
    pub(crate) async fn prepare_penalty(
        &self,
        who: &Caller,
        at: Option<(DocketId, &Case)>,
        command: &Command,
    ) -> Result<LookUps, Refusal> {
        let mut look_ups = match at {
            Some((id, case)) => self.case_look_ups(who, id, case).await?,
            None => LookUps::default(),
        };
        look_ups.exhibits = self.exhibits_in_custody(command.exhibits()).await?;
        let (party, items) = match command {
            Command::Register(Registering { party, violation, .. }) => {
                (Some(party), vec![violation.item.trim()])
            }
            Command::AddParty(party) => {
                let case = at.map(|(_, case)| case);
                (Some(party), case.map(|case| items(case).collect()).unwrap_or_default())
            }
            _ => (None, Vec::new()),
        };
        if let (Command::Describe(what), Some((_, case))) = (command, at)
            && let Some(known) = case.party(what.party)
        {
            look_ups.subject = number_in(&what.particulars).map(|number| self.keyed("subject", &number));
            look_ups.renamed = self.renames(&known.subject, &what.particulars).await?;
            return Ok(look_ups);
        }
        if let Some((id, case)) = at {
            look_ups.lacking = self.lacking(who, id, case, command).await?;
            look_ups.unprintable = self.gaps_to_serve(who, id, case, command).await;
        }
        look_ups.subject = party.and_then(number_of).map(|number| self.keyed("subject", &number));
        if let Some(key) = look_ups.subject {
            let own = at.map(|(id, _)| id);
            look_ups.prior.extend(self.earlier(&[key], &items, own).await?);
            let number = party.and_then(number_of);
            look_ups.prior.extend(self.recognised_penalties(number.as_slice(), &items).await?);
        }
        if let (Command::Cite { .. }, Some((id, case))) = (command, at) {
            look_ups.recognised = self.recognised_for(id, case).await?;
        }
        match (command, at) {
            (Command::FillFolio { folio, details: Text::Plain(text), .. }, Some((_, case))) => {
                let people = self.speakers(case, *folio).await?;
                super::write::in_order(case, *folio, text, &people)?;
            }
            (Command::Serve { paper, party, .. }, Some((id, _))) => {
                look_ups.printed = self.kept_paper(who, id, *paper, *party).await?;
            }
            (Command::SendCrime { .. }, Some((id, case))) => {
                let paper = case.papers_of(PaperKind::Crime).next_back().map(|file| file.paper.id);
                if let Some(paper) = paper {
                    let party = folios::addressees(case, Folio::Paper(paper)).first().copied().unwrap_or(1);
                    look_ups.printed = self.kept_paper(who, id, paper, party).await?;
                }
            }
            (Command::LodgeCourt(asked), Some((id, case))) => {
                let applied = case.party(asked.party).into_iter().flat_map(|p| &p.enforcement);
                let mut applied = applied.filter(|e| e.kind == EnforcementKind::Court && e.open());
                if let Some(paper) = applied.next().and_then(|e| e.paper) {
                    look_ups.printed = self.kept_paper(who, id, paper, asked.party).await?;
                }
            }
            (Command::DrawFolio { folio, signer, .. }, Some((id, _))) => {
                look_ups.printed = self.signed_folio(who, id, *folio, *signer, &look_ups).await?;
            }
            (Command::Archive(what), Some((id, case))) => {
                look_ups.printed = self.bound_file(who, id, case, what).await?;
            }
            (Command::SetPayCode { code, .. }, Some((id, _))) => {
                look_ups.code_of = self.code_of(code, id).await?;
            }
            (Command::Collect(asked), Some((id, _))) => {
                look_ups.code_of = self.code_of(&asked.ticket, id).await?;
            }
            (Command::Seal(asked), Some((id, _))) => {
                look_ups.printed = self.sealed_paper(who, id, asked.paper, asked.party).await?;
            }
            _ => {}
        }
        if let Command::Join { to, .. } = command {
            let row =
                self.row_for(who, *to).await.map_err(|refusal| Refusal { field: Some("to"), ..refusal })?;
            // Open and joined are looked at again by the sequencer.
            look_ups.target = (row.kind == Kind::Penalty.code()).then_some(Target {
                docket: *to,
                open: true,
                joined: false,
                lead: None,
            });
        }
        Ok(look_ups)
    }

    /// What decisions and offers of a case weigh besides the case itself.
    pub(crate) async fn case_look_ups(
        &self,
        who: &Caller,
        id: DocketId,
        case: &Case,
    ) -> Result<LookUps, Refusal> {
        let reviewed_before = self.reviewed_before(who).await?;
        Ok(LookUps { reviewed_before, ..self.earlier_cases(id, case).await? })
    }

    /// Earlier cases of the parties of one: those that stand in the way of a penalty, and those because of which it is not the
    /// first time.
    pub(super) async fn earlier_cases(&self, id: DocketId, case: &Case) -> Result<LookUps, Refusal> {
        let keys: Vec<_> = case.present().filter_map(|p| p.subject.key).collect();
        let items: Vec<_> = items(case).collect();
        let of_item = |prior: &Prior| items.contains(&prior.item.as_str());
        let all = self.earlier_of_all_items(&keys, Some(id)).await?;
        let (mut prior, other_items): (Vec<_>, Vec<_>) = all.into_iter().partition(of_item);
        if !keys.is_empty() && self.directory().exchange_roster().is_some() {
            let numbers = self.numbers_of(case).await?;
            prior.extend(self.recognised_penalties(&numbers, &items).await?);
        }
        let mut earlier = Vec::new();
        // Only "no penalty because it is the first time" asks for it, once the investigation is over.
        let asks = case.finished.is_some() && matches!(case.outcome, Outcome::Open);
        for key in keys.iter().filter(|_| asks) {
            earlier.extend(self.history(*key, Some(id)).await?);
        }
        Ok(LookUps { prior, other_items, earlier, ..LookUps::default() })
    }

    /// Rows of matters of a kind with a tag, the newest first.
    async fn tagged_rows(&self, kind: Kind, tag: &Tag, most: i64) -> Result<Vec<MatterRow>, Refusal> {
        let secret = vec![tagged(self.inner.shared.keys(), tag)];
        let filter = Filter { secret, ..filter_of_kind(kind.code()) };
        let page = self.inner.store.queries.list(&filter, Order::Newest, None, most).await;
        Ok(page.map_err(|e| unavailable(&e))?.rows)
    }

    /// The same, folded.
    pub(crate) async fn tagged_lives(&self, kind: Kind, tag: &Tag) -> Result<Vec<(DocketId, Live)>, Refusal> {
        self.newest_lives(kind, tag, EARLIER_MAX).await
    }

    /// So many of them, the newest, without their words: who weighs what was done does not read them.
    pub(crate) async fn newest_lives(
        &self,
        kind: Kind,
        tag: &Tag,
        most: i64,
    ) -> Result<Vec<(DocketId, Live)>, Refusal> {
        let ids: Vec<_> = self.tagged_rows(kind, tag, most).await?.iter().map(|row| row.id).collect();
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let lives = self.inner.shared.lives_without_words(&self.inner.store, &ids).await;
        let lives = lives.map_err(|e| unavailable(&e))?;
        let mut lives: Vec<_> = lives.into_iter().collect();
        lives.sort_by_key(|(id, _)| *id);
        Ok(lives)
    }

    /// Other cases of these parties for these items (行政处罚法 29, 33).
    pub(crate) async fn earlier(
        &self,
        keys: &[Digest],
        items: &[&str],
        own: Option<DocketId>,
    ) -> Result<Vec<Prior>, Refusal> {
        let mut all = self.earlier_of_all_items(keys, own).await?;
        all.retain(|prior| items.contains(&prior.item.as_str()));
        Ok(all)
    }

    /// The same for whichever items: one act may break several rules (行政处罚法 29).
    async fn earlier_of_all_items(
        &self,
        keys: &[Digest],
        own: Option<DocketId>,
    ) -> Result<Vec<Prior>, Refusal> {
        let mut all = Vec::new();
        for key in keys {
            for (id, live) in self.tagged_lives(Kind::Penalty, &Tag::Subject(*key)).await? {
                if let Some(case) = case_of(&live.state).filter(|_| Some(id) != own) {
                    all.extend(priors(case, key));
                }
            }
            all.extend(self.fined_on_the_spot(*key, own).await?);
        }
        Ok(all)
    }

    /// Whether somebody gave a legal review before (行政处罚法 58(2)).
    pub(super) async fn reviewed_before(&self, who: &Caller) -> Result<bool, Refusal> {
        let Some(person) = who.actor.person() else { return Ok(false) };
        let lives = self.tagged_lives(Kind::Penalty, &Tag::Reviewer(person.clone())).await?;
        let gave = |case: &Case| case.reviews.iter().any(|review| review.by == *person);
        Ok(lives.iter().filter_map(|(_, live)| case_of(&live.state)).any(gave))
    }

    /// The cases that were opened from a matter.
    pub(crate) async fn cases_from(&self, origin: DocketId) -> Result<Vec<MatterRow>, Refusal> {
        let lives = self.tagged_lives(Kind::Penalty, &Tag::Origin(origin)).await?;
        let from = |live: &Live| case_of(&live.state).is_some_and(|case| case.origin == Some(origin));
        let ids: Vec<_> = lives.iter().filter(|(_, live)| from(live)).map(|(id, _)| *id).collect();
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        self.inner.store.journal.matters(&ids).await.map_err(|e| unavailable(&e))
    }
}

/// The number of identification that is given for a party, as it is compared.
pub(crate) fn number_of(party: &NewParty) -> Option<String> {
    number_in(&party.particulars)
}

/// The same of particulars.
pub(crate) fn number_in(particulars: &Text) -> Option<String> {
    let Text::Plain(text) = particulars else { return None };
    Particulars::read(text).number()
}

fn items(case: &Case) -> impl Iterator<Item = &str> {
    case.violations.iter().map(|v| v.item.as_str())
}

//! The calendar of hearings (行政处罚法 63–65): when, where, who presides, in which case.

use super::book::Details;
use super::case_of;
use crate::ports::{Filter, Order};
use crate::read::filter_of_kind;
use crate::shared::unavailable;
use crate::{App, Caller};
use jiff::Timestamp;
use lianzhi_ids::Digest;
use lianzhi_procedure::penalty::{self, Case, Folio, Hearing, Stage};
use lianzhi_procedure::{Facts, Kind, LookUps, PartRef, Refusal, beijing_date};

/// Cases that are looked at for one page.
const ROWS: i64 = 300;

/// A hearing that was asked for and is not held yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HearingRow {
    /// Docket.
    pub id: i64,
    /// Number of the case.
    pub number: String,
    /// 案由.
    pub title: String,
    /// The party, by its number.
    pub party: u16,
    /// When it shall be; none: it was asked for and is not called yet.
    pub at: Option<Timestamp>,
    /// When the party asked for it, where it is not called yet.
    pub asked: Option<Timestamp>,
    /// Where and how, in words.
    pub place: String,
    /// Who presides.
    pub chair: String,
    /// 文号 of the call.
    pub call: String,
    /// When the call reached the party.
    pub served: Option<Timestamp>,
    /// The latest day for the call, or the first day for a hearing that is called today.
    pub bound: Option<HearingBound>,
}

/// A day that the law sets to a hearing (行政处罚法 64(二)), in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HearingBound {
    /// 通知最迟应在 2026-09-28 送达 · 今天送达的，最早可在 2026-10-13 举行.
    pub says: String,
    /// The computation.
    pub how: String,
    /// A holiday schedule still to come can move it.
    pub provisional: bool,
}

impl HearingBound {
    /// In one line, with a warning where it may move.
    pub(super) fn words(&self) -> String {
        format!("{}{}", self.says, if self.provisional { "（暂定）" } else { "" })
    }
}

/// Until when the call must be in the party's hands; for one that is not called yet, from when on it may be held.
pub(super) fn bound(hearing: &Hearing, facts: &Facts<'_>) -> Option<HearingBound> {
    let (says, due) = match hearing {
        Hearing::Called { at, .. } => {
            let due = penalty::call_by(facts, *at)?;
            (format!("通知最迟应在 {} 送达", due.due?.day()), due)
        }
        Hearing::Asked { .. } => {
            let (first, due) = penalty::first_hearing(facts, beijing_date(facts.now))?;
            (format!("今天送达通知的，最早可在 {first} 举行"), due)
        }
        _ => return None,
    };
    Some(HearingBound { says, how: due.explanation, provisional: due.provisional })
}

impl App {
    /// Hearings that are called, by their day, after those that wait for being called.
    ///
    /// # Errors
    /// When the caller has nothing to do with cases.
    pub async fn hearings(&self, who: &Caller) -> Result<Vec<HearingRow>, Refusal> {
        let filter = Filter {
            sight: self.sight_of_files(who)?,
            stages: vec![Stage::Hearing.code().into()],
            open: Some(true),
            now: self.now().as_microsecond(),
            ..filter_of_kind(Kind::Penalty.code())
        };
        let page = self.inner.store.queries.list(&filter, Order::Due, None, ROWS).await;
        let mut all = Vec::new();
        for (row, live) in self.with_lives(page.map_err(|e| unavailable(&e))?.rows).await? {
            let Some(case) = case_of(&live.state) else { continue };
            for party in case.present() {
                let one = HearingRow {
                    id: row.id.0,
                    number: row.number.clone(),
                    title: row.title.clone(),
                    party: party.subject.id,
                    at: None,
                    asked: None,
                    place: String::new(),
                    chair: String::new(),
                    call: String::new(),
                    served: None,
                    bound: self.hearing_bound(who, &party.rights.hearing),
                };
                match &party.rights.hearing {
                    Hearing::Asked { at } => all.push(HearingRow { asked: Some(*at), ..one }),
                    Hearing::Called { paper, at, chair, note } => all.push(HearingRow {
                        at: Some(*at),
                        place: self.place_of_hearing(case, *paper, *note).await?,
                        chair: self.directory().person_name(chair).to_owned(),
                        call: case.paper(*paper).map(|file| file.paper.number.clone()).unwrap_or_default(),
                        served: case.served(*paper, party.subject.id),
                        ..one
                    }),
                    _ => {}
                }
            }
        }
        all.sort_by_key(|row| (row.at, row.asked, row.id, row.party));
        Ok(all)
    }

    fn hearing_bound(&self, who: &Caller, hearing: &Hearing) -> Option<HearingBound> {
        let (directory, duty, look_ups) = (self.directory(), self.duty(), LookUps::default());
        bound(hearing, &self.facts(&who.actor, &directory, &duty, &look_ups))
    }

    /// Where a hearing is held: as it stands on the call, else as it was said with it.
    async fn place_of_hearing(&self, case: &Case, paper: u16, note: PartRef) -> Result<String, Refusal> {
        if let Some(part) = case.folios.get(&Folio::Paper(paper)).and_then(|file| file.details) {
            let written = self.part_text(part).await?;
            let place = Details::read(&written).get("place").to_owned();
            if !place.is_empty() {
                return Ok(place);
            }
        }
        self.part_text(note).await
    }

    async fn part_text(&self, part: PartRef) -> Result<String, Refusal> {
        let digests: [Digest; 1] = [part.digest];
        Ok(self.plain(&digests).await?.pop().unwrap_or_default())
    }
}

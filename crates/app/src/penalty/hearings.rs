//! The calendar of hearings (行政处罚法 63–65): when, where, who presides, in which case.

use super::book::Details;
use super::case_of;
use crate::ports::{Filter, Order};
use crate::read::filter_of_kind;
use crate::shared::unavailable;
use crate::{App, Caller};
use jiff::Timestamp;
use lianzhi_ids::Digest;
use lianzhi_procedure::penalty::{Case, Folio, Hearing, Stage};
use lianzhi_procedure::{Kind, PartRef, Refusal};

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

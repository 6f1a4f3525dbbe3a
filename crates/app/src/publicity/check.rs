//! The public check of a paper (文书核验): whoever holds it sees that it was issued here, whether it stands, and can compare a file
//! with what was issued.

use super::code;
use crate::project::Live;
use crate::shared::unavailable;
use crate::{App, Caller};
use bytes::Bytes;
use jiff::civil::Date;
use lianzhi_ids::{Digest, DocketId};
use lianzhi_paper::Check;
use lianzhi_procedure::penalty::{Folio, PartyKind, folios};
use lianzhi_procedure::publicity::{Checked, CheckedPaper, checked, shown};
use lianzhi_procedure::{AnyState, PartRef, Refusal, beijing_date};
use schemars::JsonSchema;
use serde::Serialize;
use sha2::{Digest as _, Sha256};
use std::collections::HashMap;

/// A paper as whoever holds it sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct CheckView {
    /// Code, in groups.
    pub code: String,
    /// Who issued it.
    pub agency: String,
    /// Name of the paper.
    pub title: &'static str,
    /// 文号.
    pub number: String,
    /// Its date.
    pub date: Date,
    /// Whether it stands.
    pub standing: Checked,
    /// The same in words.
    pub standing_title: &'static str,
    /// To whom it goes; of natural persons the surname only.
    pub parties: Vec<String>,
    /// SHA-256 of each file that was issued as this paper, hex.
    pub digests: Vec<String>,
    /// Under which id the decision is published, when it is.
    pub published_as: Option<String>,
}

fn none() -> Refusal {
    Refusal { field: Some("code"), ..Refusal::missing("没有查到这个核验码对应的文书。") }
}

impl App {
    /// Says under which address the public reaches this node: it is printed on papers as a code to be scanned. The first word
    /// counts.
    pub fn reached_at(&self, base: &str) {
        let _ = self.inner.public_address.set(base.trim_end_matches('/').to_owned());
    }

    /// Where a paper of a docket can be checked; none as long as nobody said under which address the public comes.
    pub(crate) fn check_of(&self, docket: DocketId, paper: u16) -> Option<Check> {
        let base = self.inner.public_address.get()?;
        let code = code::write(self.inner.shared.keys(), docket, paper)?;
        Some(Check { url: format!("{base}/check/{code}"), code: code::grouped(&code) })
    }

    /// The code under which a paper can be checked, without dashes; none for numbers beyond what a code has room for.
    #[must_use]
    pub fn check_code(&self, docket: DocketId, paper: u16) -> Option<String> {
        code::write(self.inner.shared.keys(), docket, paper)
    }

    /// Docket and paper of a code.
    pub(super) fn of_code(&self, code: &str) -> Option<(DocketId, u16)> {
        code::read(self.inner.shared.keys(), code)
    }

    /// What whoever holds a paper may know of it.
    ///
    /// # Errors
    /// When there is no such code.
    pub async fn check(&self, code: &str) -> Result<CheckView, Refusal> {
        let (docket, n) = self.of_code(code).ok_or_else(none)?;
        let live = self.live(docket).await.map_err(|_| none())?;
        let paper = checked(&live.state, n).ok_or_else(none)?;
        let digests = self.issued(docket, n, &live, &paper).await?;
        let published = self.published(docket).await?;
        let own = published.filter(|row| row.paper == Some(i64::from(n)));
        Ok(CheckView {
            code: code::grouped(&self.check_code(docket, n).ok_or_else(none)?),
            agency: self.directory().settings.agency.clone(),
            title: paper.title,
            date: beijing_date(paper.at),
            standing: paper.standing,
            standing_title: paper.standing.title(),
            parties: self.shown_parties(&paper.parties).await?,
            digests: digests.iter().map(ToString::to_string).collect(),
            published_as: own.and_then(|_| self.check_code(docket, n)),
            number: paper.number,
        })
    }

    async fn shown_parties(&self, parties: &[(PartyKind, PartRef)]) -> Result<Vec<String>, Refusal> {
        let digests: Vec<Digest> = parties.iter().map(|(_, part)| part.digest).collect();
        let rows = self.inner.store.journal.parts(&digests).await.map_err(|e| unavailable(&e))?;
        let keys = self.inner.shared.keys();
        let texts: HashMap<Digest, String> =
            rows.iter().filter_map(|row| Some((row.digest, keys.open(row)?))).collect();
        let name = |(kind, part): &(PartyKind, PartRef)| match texts.get(&part.digest) {
            Some(text) => {
                let p = crate::penalty::Particulars::read(text);
                shown(*kind, &p.name, &p.representative).name
            }
            None => "（信息已依法删除）".to_owned(),
        };
        Ok(parties.iter().map(name).collect())
    }

    /// Digests of the files that were issued as a paper: the scan of what was signed, what was handed over, and what this node
    /// printed.
    async fn issued(
        &self,
        docket: DocketId,
        n: u16,
        live: &Live,
        paper: &CheckedPaper,
    ) -> Result<Vec<Digest>, Refusal> {
        let mut all = Vec::new();
        if matches!(live.state, AnyState::Spot(_) | AnyState::Slip(_)) {
            all = self.spot_issued(docket, &live.state, n).await?;
        } else if paper.standing != Checked::Voided
            // Of what was voided nothing was issued that anybody should rely on.
            && let AnyState::Penalty(state) = &live.state
            && let Some(case) = state.case()
            && let Some(file) = case.paper(n)
        {
            all.extend(file.issued.iter().flat_map(|issue| &issue.exhibits).map(|exhibit| exhibit.digest));
            let handed_over = case.folios.get(&Folio::Paper(n));
            all.extend(
                handed_over
                    .iter()
                    .flat_map(|folio| folio.kept.iter().chain(&folio.sealed))
                    .map(|(_, exhibit)| exhibit.digest),
            );
            for party in folios::addressees(case, Folio::Paper(n)) {
                let printed = self.printed_paper(docket, case, n, party).await?;
                all.extend(printed.map(|pdf| digest(&pdf)));
            }
        }
        all.sort_unstable();
        all.dedup();
        Ok(all)
    }

    /// Whether a file is one of those that were issued under a code.
    ///
    /// # Errors
    /// When there is no such code.
    pub async fn same_as_issued(&self, code: &str, file: &Bytes) -> Result<bool, Refusal> {
        let view = self.check(code).await?;
        Ok(view.digests.contains(&digest(file).to_string()))
    }

    /// Who may look at the three systems here.
    pub(super) fn may_oversee(&self, who: &Caller) -> Result<(), Refusal> {
        self.may(who, "three_systems", None)
    }
}

fn digest(bytes: &Bytes) -> Digest {
    Digest(Sha256::digest(bytes).into())
}

//! Papers of a case as PDF. What is printed is made from the record up to the entry that signed it, so that it is the same
//! whenever it is printed; what was printed once is kept, and a signed scan goes before both.

use super::case_of;
use super::open::Particulars;
use super::written::Writer;
use crate::cooperation::fonts;
use crate::ports::{EntryRow, ExhibitRow};
use crate::project;
use crate::shared::unavailable;
use crate::{App, Caller};
use bytes::{Bytes, BytesMut};
use futures::TryStreamExt;
use lianzhi_docket::Entry;
use lianzhi_ids::{Digest, DocketId};
use lianzhi_paper::{Document, Template};
use lianzhi_procedure::penalty::{Case, Event, Paper, Pending};
use lianzhi_procedure::{AnyEvent, Kind, Refusal};
use std::collections::HashMap;

/// Under which name a printed paper is kept.
const KEPT: &str = "case_paper";

/// A paper, printed.
#[derive(Debug, Clone)]
pub struct PrintedPaper {
    /// The PDF.
    pub pdf: Bytes,
    /// A name for the file.
    pub name: String,
}

/// Whose opinion stands in the columns of an internal form.
#[derive(Debug, Clone, Default)]
pub(super) struct Columns {
    /// What was proposed, by whom, when, on what grounds.
    pub pending: Option<Pending>,
    /// Who endorsed it, when, and what he said.
    pub endorsed: Option<Said>,
    /// Who signed it.
    pub approved: Option<Said>,
}

/// An opinion.
#[derive(Debug, Clone)]
pub(super) struct Said {
    pub by: lianzhi_ids::PersonCode,
    pub at: jiff::Timestamp,
    pub note: Option<lianzhi_procedure::PartRef>,
}

/// A paper with the case as it stood when it was signed.
pub(super) struct Signed {
    /// The case after the entry that signed it.
    pub case: Case,
    /// The paper.
    pub paper: Paper,
    /// Opinions.
    pub columns: Columns,
}

/// Which paper an event signs.
fn paper_of(event: &Event) -> Option<&Paper> {
    match event {
        Event::Approved { paper, .. } => paper.as_ref(),
        Event::Ordered { paper, .. } | Event::HearingCalled { paper, .. } => Some(paper),
        _ => None,
    }
}

/// The case as it stood when a paper was signed.
fn signed(entries: &[EntryRow], n: u16) -> Option<Signed> {
    let mut live = None;
    let mut endorsed: HashMap<u16, Said> = HashMap::new();
    for row in entries {
        let entry = Entry::parse(&row.bytes).ok()?;
        let AnyEvent::Penalty(event) = Kind::from_code(&entry.kind)?.event(entry.event.get()).ok()? else {
            return None;
        };
        let before = live.as_ref().and_then(|live: &project::Live| case_of(&live.state)).cloned();
        if let Event::Endorsed { id, agreed: true, note, by, at } = &event {
            endorsed.insert(*id, Said { by: by.clone(), at: *at, note: *note });
        }
        live = Some(project::step(live, row).ok()?);
        let Some(paper) = paper_of(&event).filter(|paper| paper.id == n) else { continue };
        let case = live.as_ref().and_then(|live| case_of(&live.state)).cloned()?;
        let columns = match &event {
            Event::Approved { id, note, by, at, .. } => Columns {
                pending: before.and_then(|case| case.proposal(*id).cloned()),
                endorsed: endorsed.remove(id),
                approved: Some(Said { by: by.clone(), at: *at, note: *note }),
            },
            _ => Columns::default(),
        };
        return Some(Signed { case, paper: paper.clone(), columns });
    }
    None
}

impl App {
    /// A paper of a case for one of those to whom it goes; the first when none is named.
    ///
    /// # Errors
    /// When there is none that the caller may see, it has no form here, or something is missing that must stand on it.
    pub async fn case_paper(
        &self,
        who: &Caller,
        id: DocketId,
        n: u16,
        party: Option<u16>,
    ) -> Result<PrintedPaper, Refusal> {
        self.row_for(who, id).await?;
        let missing = || Refusal::missing("没有这份文书。");
        let live = self.live(id).await?;
        let case = case_of(&live.state).ok_or_else(missing)?;
        self.may_see_party(who, case)?;
        let file = case.paper(n).ok_or_else(missing)?;
        let name = format!("{}.pdf", file.paper.number);
        // Its particulars are read: no look without its line.
        self.record_access(who, "particulars", Some(id), &format!("打印文书 {}", file.paper.number)).await?;
        if let [scan] = file.issued.as_slice()
            && scan.media == "application/pdf"
            && let Some(pdf) = self.exhibit_bytes(scan.digest).await?
        {
            return Ok(PrintedPaper { pdf, name });
        }
        let addressee = match party {
            Some(party) if file.paper.parties.contains(&party) || file.paper.parties.is_empty() => party,
            Some(_) => return Err(missing()),
            None => file.paper.parties.first().copied().unwrap_or(1),
        };
        let key = self.keyed("case-paper", &format!("{id}/{n}/{addressee}"));
        let kept = self.inner.store.blobs.derived(key, KEPT).await.map_err(|e| unavailable(&e))?;
        if let Some(pdf) = kept {
            return Ok(PrintedPaper { pdf, name });
        }
        let entries = self.inner.store.journal.docket(id).await.map_err(|e| unavailable(&e))?;
        let signed = signed(&entries, n).ok_or_else(missing)?;
        let document = self.written(&signed, addressee).await?;
        let pdf = print(document).await?;
        self.inner.store.blobs.put_derived(key, KEPT, pdf.clone()).await.map_err(|e| unavailable(&e))?;
        Ok(PrintedPaper { pdf, name })
    }

    /// What a proposal that waits would put on paper, marked as a draft; nothing of it is kept.
    ///
    /// # Errors
    /// As [`App::case_paper`].
    pub async fn case_draft(
        &self,
        who: &Caller,
        id: DocketId,
        proposal: u16,
    ) -> Result<PrintedPaper, Refusal> {
        self.row_for(who, id).await?;
        let missing = || Refusal::missing("没有这项待审批的事项。");
        let live = self.live(id).await?;
        let case = case_of(&live.state).ok_or_else(missing)?;
        self.may_see_party(who, case)?;
        let pending = case.proposal(proposal).cloned().ok_or_else(missing)?;
        let kind = pending.proposal.paper().ok_or_else(|| Refusal::missing("这一项没有文书。"))?;
        let parties: Vec<u16> = match pending.proposal.party() {
            Some(party) => vec![party],
            None => case.present().map(|p| p.subject.id).collect(),
        };
        let name = format!("{}（草稿）.pdf", kind.title());
        self.record_access(who, "particulars", Some(id), &format!("打印{}草稿", kind.title())).await?;
        let addressee = parties.first().copied().unwrap_or(1);
        let paper = case.new_paper(kind, String::new(), parties);
        let columns = Columns { pending: Some(pending), ..Columns::default() };
        let document = self.written(&Signed { case: case.clone(), paper, columns }, addressee).await?;
        Ok(PrintedPaper { pdf: print(document).await?, name })
    }

    async fn written(&self, signed: &Signed, addressee: u16) -> Result<Document, Refusal> {
        let case = &signed.case;
        let party = case.party(addressee).ok_or_else(|| Refusal::missing("本案没有这个当事人。"))?;
        let mut digests: Vec<Digest> = case.texts.iter().map(|part| part.digest).collect();
        digests.extend([case.title.digest, party.subject.particulars.digest]);
        digests.extend(case.place.map(|part| part.digest));
        digests.extend(case.violations.iter().map(|v| v.facts.digest));
        digests.extend(case.evidence.iter().map(|e| e.evidence.note.digest));
        digests.extend(case.orders.iter().map(|o| o.order.note.digest));
        digests.extend(case.parties.iter().flat_map(|p| &p.charges).map(|c| c.grounds.digest));
        for statement in case.parties.iter().flat_map(|p| &p.rights.statements) {
            digests.push(statement.text.digest);
            digests.extend(statement.answer.as_ref().map(|(_, note)| note.digest));
        }
        let columns = &signed.columns;
        digests.extend(columns.pending.iter().map(|pending| pending.note.digest));
        let said = [&columns.endorsed, &columns.approved].into_iter().flatten();
        digests.extend(said.filter_map(|said| said.note).map(|part| part.digest));
        let rows = self.inner.store.journal.parts(&digests).await.map_err(|e| unavailable(&e))?;
        let texts: HashMap<Digest, String> =
            rows.iter().filter_map(|row| Some((row.digest, self.inner.shared.keys().open(row)?))).collect();
        let particulars = texts.get(&party.subject.particulars.digest).map(|text| Particulars::read(text));
        let particulars =
            particulars.ok_or_else(|| Refusal::missing("当事人信息已经删除，文书不能再制作。"))?;
        let directory = self.directory();
        Writer { signed, party, particulars, texts: &texts, directory: &directory, now: self.now() }
            .document()
    }

    /// The bytes of a file in custody; none when it is not there.
    async fn exhibit_bytes(&self, digest: Digest) -> Result<Option<Bytes>, Refusal> {
        let blobs = &self.inner.store.blobs;
        let row: Option<ExhibitRow> = blobs.exhibits(&[digest]).await.map_err(|e| unavailable(&e))?.pop();
        let Some(size) = row.and_then(|row| u64::try_from(row.size).ok()) else { return Ok(None) };
        let stream = blobs.read(digest, 0, size).await.map_err(|e| unavailable(&e))?;
        let whole = stream.try_fold(BytesMut::new(), async |mut all, some| {
            all.extend_from_slice(&some);
            Ok(all)
        });
        Ok(Some(whole.await.map_err(|e| unavailable(&e))?.freeze()))
    }
}

pub(crate) async fn print(document: Document) -> Result<Bytes, Refusal> {
    let printed = tokio::task::spawn_blocking(move || {
        let fonts = fonts()?;
        document.print(Template::current(document.kind())?, &fonts)
    })
    .await
    .map_err(|e| Refusal::busy(e.to_string(), "请再试一次。"))?;
    let printed = printed.map_err(|e| {
        Refusal::invalid(
            "paper",
            e.to_string(),
            "请补齐后再打印：本机关的复议机关、法院、缴款方式在“管理—设置”里填写；字体缺失请管理员按运维手册安装。",
        )
        .from_source("行政处罚法第四十四条、第五十九条；文书必备内容")
    })?;
    Ok(Bytes::from(printed.pdf))
}

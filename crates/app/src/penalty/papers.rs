//! Papers of a case as PDF. What is printed is made from the record up to the entry that signed it, so that it is the same
//! whenever it is printed; what was printed once is kept, and a signed scan goes before both.

use super::book::Book;
use super::written::Writer;
use crate::cooperation::fonts;
use crate::ports::ExhibitRow;
use crate::shared::unavailable;
use crate::{App, Caller};
use bytes::{Bytes, BytesMut};
use futures::TryStreamExt;
use lianzhi_ids::{Digest, DocketId};
use lianzhi_paper::{Check, Document, Extras, Printed, Template};
use lianzhi_procedure::directory::Directory;
use lianzhi_procedure::penalty::{
    Case, EvidenceFile, EvidenceKind, Folio, Paper, PaperFile, PaperKind, Pending, folios,
};
use lianzhi_procedure::{ExhibitRef, Refusal};

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
    /// What the legal reviewer said, where he was asked.
    pub reviewed: Option<Said>,
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
    /// When that was, for what bears no number.
    pub at: Option<jiff::Timestamp>,
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
        self.case_folio(who, id, Folio::Paper(n), party).await
    }

    /// A folio of a case, for one of those to whom it goes: the signed scan when there is one, else as it was handed over, else
    /// printed from the record.
    ///
    /// # Errors
    /// As [`App::case_paper`].
    pub async fn case_folio(
        &self,
        who: &Caller,
        id: DocketId,
        folio: Folio,
        party: Option<u16>,
    ) -> Result<PrintedPaper, Refusal> {
        let book = self.book(who, id).await?;
        let title = folios::title(&book.case, folio).ok_or_else(|| Refusal::missing("没有这份文书。"))?;
        let number = match folio {
            Folio::Paper(n) => book.case.paper(n).map(|file| file.paper.number.clone()),
            _ => None,
        };
        let name = number.unwrap_or_else(|| title.clone());
        // Its particulars are read: no look without its line.
        self.record_access(who, "particulars", Some(id), &format!("打印文书 {name}")).await?;
        let pdf = self.folio_pdf(&book, folio, party).await?;
        Ok(PrintedPaper { pdf, name: format!("{name}.pdf") })
    }

    /// The bytes of a folio.
    pub(super) async fn folio_pdf(
        &self,
        book: &Book,
        folio: Folio,
        party: Option<u16>,
    ) -> Result<Bytes, Refusal> {
        let addressee = addressee(&book.case, folio, party)?;
        let file = book.case.folios.get(&folio);
        let voided = is_voided(&book.case, folio);
        // A voided paper is printed anew, marked so; else what was signed and stamped goes before what was sealed, and that before
        // what was only printed.
        if !voided {
            let scans = match folio {
                Folio::Paper(n) => book.case.paper(n).and_then(|paper| paper.scan_for(addressee)),
                _ => None,
            };
            let scans = scans.map(|issue| issue.exhibits.clone());
            let scans = scans.or_else(|| file.map(|f| f.scans.clone())).unwrap_or_default();
            if let Some(pdf) = self.scanned(book, folio, &scans).await? {
                return Ok(pdf);
            }
            let sealed = file.and_then(|f| f.sealed_for(addressee));
            let kept = file.and_then(|f| {
                f.kept.iter().rfind(|(party, _)| *party == addressee || !matches!(folio, Folio::Paper(_)))
            });
            if let Some(exhibit) = sealed.or(kept.map(|(_, exhibit)| exhibit))
                && let Some(pdf) = self.exhibit_bytes(exhibit.digest).await?
            {
                return Ok(pdf);
            }
        }
        // What was printed once is kept as long as nothing else is written on it.
        let key = self.print_key(book.id, &book.case, folio, addressee);
        if is_fixed(folio) {
            let kept = self.inner.store.blobs.derived(key, KEPT).await.map_err(|e| unavailable(&e))?;
            if let Some(pdf) = kept {
                return Ok(pdf);
            }
        }
        let mut extras = Extras { voided, ..Extras::default() };
        for drawn in file.into_iter().flat_map(|f| &f.drawn) {
            if let Some(picture) = self.exhibit_bytes(drawn.exhibit.digest).await? {
                extras.signatures.push((drawn.signer.code(), picture.to_vec()));
            }
        }
        let check = leaving(&book.case, folio).and_then(|n| self.check_of(book.id, n));
        let document = self.written(book, folio, addressee, check)?;
        let pdf = print_with(document, extras, REMEDY).await?;
        if is_fixed(folio) {
            self.inner.store.blobs.put_derived(key, KEPT, pdf.clone()).await.map_err(|e| unavailable(&e))?;
        }
        Ok(pdf)
    }

    /// Scans of one document as one PDF; none where there are none that can be read any more.
    async fn scanned(
        &self,
        book: &Book,
        folio: Folio,
        scans: &[ExhibitRef],
    ) -> Result<Option<Bytes>, Refusal> {
        let mut files = Vec::with_capacity(scans.len());
        let prints =
            |e: &&ExhibitRef| matches!(e.media.as_str(), "application/pdf" | "image/png" | "image/jpeg");
        for scan in scans.iter().filter(prints) {
            match self.exhibit_bytes(scan.digest).await? {
                Some(bytes) => files.push(bytes),
                None => return Ok(None),
            }
        }
        match (files.as_slice(), scans.iter().find(prints)) {
            ([], _) => return Ok(None),
            ([one], Some(scan)) if scan.media == "application/pdf" => return Ok(Some(one.clone())),
            _ => {}
        }
        let digests: Vec<String> = scans.iter().map(|scan| scan.digest.to_string()).collect();
        let key = self.keyed("case-scans", &digests.join("+"));
        let blobs = &self.inner.store.blobs;
        if let Some(pdf) = blobs.derived(key, KEPT).await.map_err(|e| unavailable(&e))? {
            return Ok(Some(pdf));
        }
        let title = folios::title(&book.case, folio).unwrap_or_default();
        let bound = tokio::task::spawn_blocking(move || {
            let files: Vec<Vec<u8>> = files.iter().map(|bytes| bytes.to_vec()).collect();
            let fonts = fonts()?;
            lianzhi_paper::join(&title, &files, &fonts)
        })
        .await
        .map_err(|e| Refusal::busy(e.to_string(), "请再试一次。"))?;
        let pdf = bound.map(Bytes::from).map_err(|e| {
            Refusal::invalid("paper", e.to_string(), "请在案件页下载扫描件的原件查看。")
                .from_source("行政处罚法第四十七条")
        })?;
        blobs.put_derived(key, KEPT, pdf.clone()).await.map_err(|e| unavailable(&e))?;
        Ok(Some(pdf))
    }

    /// The words of a folio without its line breaks, as it is written from the record now: for comparing and reading aloud.
    ///
    /// # Errors
    /// As [`App::case_paper`].
    pub async fn folio_words(
        &self,
        who: &Caller,
        id: DocketId,
        folio: Folio,
        party: u16,
    ) -> Result<String, Refusal> {
        let book = self.book(who, id).await?;
        let title = folios::title(&book.case, folio).ok_or_else(|| Refusal::missing("没有这份文书。"))?;
        self.record_access(who, "particulars", Some(id), &format!("阅读文书 {title}")).await?;
        let document = self.written(&book, folio, party, None)?;
        let printed = pages_with(document, Extras::default(), REMEDY).await?;
        Ok(printed.pages.concat().replace('\n', ""))
    }

    /// A paper as this node printed and kept it for a party; none when it never did.
    pub(crate) async fn printed_paper(
        &self,
        id: DocketId,
        case: &Case,
        n: u16,
        party: u16,
    ) -> Result<Option<Bytes>, Refusal> {
        let key = self.print_key(id, case, Folio::Paper(n), party);
        self.inner.store.blobs.derived(key, KEPT).await.map_err(|e| unavailable(&e))
    }

    /// Under which key a folio is kept once it was printed: it changes with what is written on it.
    fn print_key(&self, id: DocketId, case: &Case, folio: Folio, addressee: u16) -> Digest {
        let file = case.folios.get(&folio);
        let details = file.and_then(|f| f.details).map(|part| part.digest.to_string()).unwrap_or_default();
        let drawn = file.into_iter().flat_map(|f| &f.drawn);
        let drawn: Vec<String> = drawn.map(|d| d.exhibit.digest.to_string()).collect();
        let voided = is_voided(case, folio);
        let described = case.parties.iter().filter(|party| party.subject.described);
        let known: String = described.map(|party| format!("/{}", party.subject.particulars.digest)).collect();
        let drawn = drawn.join("+");
        self.keyed("case-paper", &format!("{id}/{folio}/{addressee}/{details}/{drawn}/{voided}{known}"))
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
        let book = self.book(who, id).await?;
        let case = &book.case;
        let pending = case.proposal(proposal).ok_or_else(|| Refusal::missing("没有这项待审批的事项。"))?;
        let kind = pending.proposal.paper().ok_or_else(|| Refusal::missing("这一项没有文书。"))?;
        let parties: Vec<u16> = match pending.proposal.party() {
            Some(party) => vec![party],
            None => case.present().map(|p| p.subject.id).collect(),
        };
        let name = format!("{}（草稿）.pdf", kind.title());
        self.record_access(who, "particulars", Some(id), &format!("打印{}草稿", kind.title())).await?;
        let addressee = parties.first().copied().unwrap_or(1);
        let paper = case.new_paper(kind, String::new(), parties);
        let signed = Signed { case: case.clone(), paper, columns: book.columns(proposal), at: None };
        let folio = Folio::Proposal(proposal);
        let directory = self.directory();
        let document = self.writer(&book, &signed, folio, addressee, &directory, None)?.document()?;
        Ok(PrintedPaper { pdf: print_with(document, Extras::default(), REMEDY).await?, name })
    }

    pub(super) fn written(
        &self,
        book: &Book,
        folio: Folio,
        addressee: u16,
        check: Option<Check>,
    ) -> Result<Document, Refusal> {
        let signed = book.source(folio).ok_or_else(|| Refusal::missing("没有这份文书。"))?;
        let directory = self.directory();
        self.writer(book, &signed, folio, addressee, &directory, check)?.folio()
    }

    pub(super) fn writer<'a>(
        &self,
        book: &'a Book,
        signed: &'a Signed,
        folio: Folio,
        addressee: u16,
        directory: &'a Directory,
        check: Option<Check>,
    ) -> Result<Writer<'a>, Refusal> {
        let party = signed.case.party(addressee).ok_or_else(|| Refusal::missing("本案没有这个当事人。"))?;
        let particulars = book.people.get(&addressee).cloned();
        let particulars =
            particulars.ok_or_else(|| Refusal::missing("当事人信息已经删除，文书不能再制作。"))?;
        let details = book.details(folio);
        Ok(Writer { book, signed, folio, details, party, particulars, directory, now: self.now(), check })
    }

    /// The bytes of a file in custody; none when it is not there.
    pub(crate) async fn exhibit_bytes(&self, digest: Digest) -> Result<Option<Bytes>, Refusal> {
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

/// For whom a folio is printed: of one with a copy for each of several parties it must be said.
fn addressee(case: &Case, folio: Folio, party: Option<u16>) -> Result<u16, Refusal> {
    let all = folios::addressees(case, folio);
    match (party, all.as_slice()) {
        (Some(party), all) if all.contains(&party) => Ok(party),
        (Some(_), _) => Err(Refusal::missing("这份文书不是发给这个当事人的。")),
        (None, [one]) => Ok(*one),
        (None, _) => Err(Refusal {
            field: Some("party"),
            remedy: "请在案件页“文书”里选择要打印哪一个当事人的那一份。".into(),
            ..Refusal::missing(format!("这份文书分别发给 {} 个当事人，每人一份。", all.len()))
        }),
    }
}

/// The paper with a check code that goes to a party as this folio: that of a sample is printed as the record of it.
fn leaving(case: &Case, folio: Folio) -> Option<u16> {
    let leaves = |n: &u16| case.paper(*n).is_some_and(|file| file.paper.kind.checked());
    match folio {
        Folio::Paper(n) => Some(n).filter(leaves),
        Folio::Evidence(_) => sampled(case, folio),
        _ => None,
    }
}

/// The paper of a sample whose record a folio is.
fn sampled(case: &Case, folio: Folio) -> Option<u16> {
    let sampling = case.papers_of(PaperKind::Sampling);
    sampling
        .map(|file| file.paper.id)
        .find(|n| case.paper(*n).is_some_and(|file| folio_of(case, file) == folio))
}

/// On which folio a paper is printed: that of a sample as the record of it.
pub(super) fn folio_of(case: &Case, file: &PaperFile) -> Folio {
    let sampled = |e: &&EvidenceFile| e.evidence.kind == EvidenceKind::Sample && e.recorded == file.at;
    match file.paper.kind {
        PaperKind::Sampling => case
            .evidence
            .iter()
            .find(sampled)
            .map_or(Folio::Paper(file.paper.id), |e| Folio::Evidence(e.evidence.id)),
        _ => Folio::Paper(file.paper.id),
    }
}

/// Whether what is printed cannot change any more but by what is written on the folio itself: it is told from the record up to
/// what made it.
const fn is_fixed(folio: Folio) -> bool {
    !matches!(
        folio,
        Folio::Lead
            | Folio::Report
            | Folio::Receipt(..)
            | Folio::Address(_)
            | Folio::Proposal(_)
            | Folio::Volume
    )
}

fn is_voided(case: &Case, folio: Folio) -> bool {
    matches!(folio, Folio::Paper(n) if case.paper(n).is_some_and(|file| file.voided.is_some()))
}

/// Where what is missing is entered.
const REMEDY: &str = "请在本案“决定与文书”里打开这份文书，点“填写”补齐；本机关的复议机关、法院、缴款方式在“管理—设置”里填写；\
    当事人的住址、法定代表人、负责人用“补正当事人信息”补齐。";

pub(crate) async fn print(document: Document, extras: Extras) -> Result<Bytes, Refusal> {
    print_with(
        document,
        extras,
        "请补齐后再打印：本机关的复议机关、法院、缴款方式在“管理—设置”里填写；字体缺失请管理员按运维手册安装。",
    )
    .await
}

async fn print_with(document: Document, extras: Extras, remedy: &str) -> Result<Bytes, Refusal> {
    Ok(Bytes::from(pages_with(document, extras, remedy).await?.pdf))
}

async fn pages_with(document: Document, extras: Extras, remedy: &str) -> Result<Printed, Refusal> {
    let printed = tokio::task::spawn_blocking(move || {
        let fonts = fonts()?;
        document.print_with(Template::current(document.kind())?, &fonts, extras)
    })
    .await
    .map_err(|e| Refusal::busy(e.to_string(), "请再试一次。"))?;
    printed.map_err(|e| {
        Refusal::invalid("paper", e.to_string(), remedy)
            .from_source("行政处罚法第四十四条、第五十九条；文书必备内容")
    })
}

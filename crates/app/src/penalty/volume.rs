//! The whole file as one PDF: cover, catalogue with page numbers, every paper and picture in the order in which a judge reads
//! them, final sheet.

use super::book::Book;
use super::papers::PrintedPaper;
use super::tell::penalty;
use super::written::{day, officer};
use crate::cooperation::fonts;
use crate::{App, Caller};
use bytes::Bytes;
use lianzhi_ids::{Digest, DocketId};
use lianzhi_paper::{Entry, OWN, Sheet, Volume, page_count};
use lianzhi_procedure::penalty::{Archiving, Case, Folio, Listed, Outcome, catalogue, folios};
use lianzhi_procedure::{ExhibitRef, Refusal};
use std::collections::BTreeSet;

/// Most bytes of pictures and scans in one bound file; what is beyond is named on the final sheet. A court's upload takes as much.
const BYTES_MAX: usize = 150 << 20;
/// What an empty place of the cover says before the file is archived.
const LATER: &str = "（归档时填写）";

/// Most characters of remarks: the final sheet is one page.
const REMARK_CHARS_MAX: usize = 500;

/// Remarks as far as they fit on the final sheet; how many more there are is said.
fn fitted(remarks: &[String]) -> String {
    let mut chars = 0;
    let fit = |remark: &&String| {
        chars += remark.chars().count();
        chars <= REMARK_CHARS_MAX
    };
    let mut shown: Vec<String> = remarks.iter().take_while(fit).cloned().collect();
    if shown.len() < remarks.len() {
        shown.push(format!("另有 {} 项没有装订，见案件页的卷内目录。", remarks.len() - shown.len()));
    }
    shown.join("\n")
}

/// What goes between the covers, and what does not and why.
struct Binding {
    entries: Vec<Entry>,
    /// The files of each entry.
    papers: Vec<Vec<Vec<u8>>>,
    bytes: usize,
    bound: BTreeSet<Digest>,
    remarks: Vec<String>,
    /// What has words only: day, name, words.
    notes: Vec<(String, String, String)>,
}

impl Binding {
    /// Adds a line with a file, or the file to the last line.
    fn add(&mut self, line: Line, bytes: &Bytes) -> Result<(), String> {
        if self.bytes + bytes.len() > BYTES_MAX {
            return Err("全卷过大，另行查阅".into());
        }
        let pages = page_count(bytes)?;
        self.bytes += bytes.len();
        match (line, self.entries.last_mut(), self.papers.last_mut()) {
            (Line::Last(_), Some(entry), Some(files)) => {
                entry.pages += pages;
                files.push(bytes.to_vec());
            }
            (Line::New(entry) | Line::Last(entry), ..) => {
                self.entries.push(Entry { pages, ..entry });
                self.papers.push(vec![bytes.to_vec()]);
            }
        }
        Ok(())
    }
}

/// Where a file stands in the catalogue.
enum Line {
    /// In a line of its own.
    New(Entry),
    /// In the last line, with what it belongs to; this is what it would be called.
    Last(Entry),
}

impl Line {
    fn title(&self) -> &str {
        match self {
            Line::New(entry) | Line::Last(entry) => &entry.title,
        }
    }
}

/// Whether a paper has a copy for each of several parties.
fn several(case: &Case, listed: &Listed) -> bool {
    matches!(listed.folio, Some(folio @ Folio::Paper(_)) if folios::addressees(case, folio).len() > 1)
}

/// What a volume is called, from 1.
fn called(volume: usize) -> String {
    match volume {
        ..=1 => "全卷".to_owned(),
        n => format!("补充卷{}", n - 1),
    }
}

/// What stands in the catalogue and did not when the volume before was bound.
fn since(before: Option<&Case>, case: &Case) -> Vec<Listed> {
    let key = |l: &Listed| (l.folio, l.paper, l.party, l.at, l.title.clone());
    let mut old: Vec<_> = before.map(catalogue).unwrap_or_default().iter().map(key).collect();
    let mut new = catalogue(case);
    new.retain(|listed| match old.iter().position(|known| *known == key(listed)) {
        Some(known) => {
            old.swap_remove(known);
            false
        }
        None => true,
    });
    new
}

impl App {
    /// The file of a case, bound; or a volume of it that lies in the archive since before the case was taken out, from 1.
    ///
    /// # Errors
    /// When there is no such case that the caller may see, or nothing in it can be printed.
    pub async fn case_file(
        &self,
        who: &Caller,
        id: DocketId,
        volume: Option<usize>,
    ) -> Result<PrintedPaper, Refusal> {
        let book = self.book(who, id).await?;
        let case = &book.case;
        self.record_access(who, "particulars", Some(id), "打印全卷").await?;
        let name = format!("{}{}.pdf", case.number, called(volume.unwrap_or(case.volumes.len() + 1)));
        // What went into the archive is printed as it went there.
        let shelved = match volume {
            Some(n) => {
                let volume = n.checked_sub(1).and_then(|n| case.volumes.get(n));
                let none = || Refusal::missing("档案里没有这一卷的电子件，请查阅纸质卷。");
                Some(volume.and_then(|volume| volume.file.as_ref()).ok_or_else(none)?)
            }
            None => case.closed.as_ref().and_then(|closed| closed.file.as_ref()),
        };
        if let Some(file) = shelved
            && let Some(pdf) = self.exhibit_bytes(file.digest).await?
        {
            return Ok(PrintedPaper { pdf, name });
        }
        Ok(PrintedPaper { pdf: self.bound(&book).await?, name })
    }

    /// The whole file as it goes into the archive, in custody; none when it cannot be bound here: the paper file is what counts then.
    pub(super) async fn bound_file(
        &self,
        who: &Caller,
        id: DocketId,
        case: &Case,
        what: &Archiving,
    ) -> Result<Option<ExhibitRef>, Refusal> {
        let waits = case.closed.as_ref().is_some_and(|closed| closed.archived.is_none());
        let Ok(mut book) = self.book(who, id).await else { return Ok(None) };
        let Some(closed) = book.case.closed.as_mut().filter(|_| waits) else { return Ok(None) };
        // Its cover bears the number under which it will lie there.
        closed.archived = Some((self.now(), what.shelf.trim().to_owned()));
        let name = format!("{}{}.pdf", book.case.number, called(book.case.volumes.len() + 1));
        match self.bound(&book).await {
            Ok(pdf) => self.take_into_custody(pdf, &name, "application/pdf").await.map(Some),
            Err(refusal) => {
                tracing::warn!(docket = %id, rule = %refusal.rule, "a file goes into the archive unbound");
                Ok(None)
            }
        }
    }

    async fn bound(&self, book: &Book) -> Result<Bytes, Refusal> {
        let case = &book.case;
        let mut binding = Binding {
            entries: Vec::new(),
            papers: Vec::new(),
            bytes: 0,
            bound: BTreeSet::new(),
            remarks: Vec::new(),
            notes: Vec::new(),
        };
        // A supplement has what came after the volume before it was bound; that one stays as it is.
        let before = book.shelved().filter(|_| case.in_archive() && !case.volumes.is_empty());
        if let Some(before) = &before {
            let old = case.volumes.iter().filter_map(|volume| volume.file.as_ref());
            binding.bound.extend(before.exhibits.iter().chain(old).map(|exhibit| exhibit.digest));
        }
        for listed in since(before.as_ref(), case) {
            self.bind(book, &listed, &mut binding).await?;
        }
        self.bind_notes(book, &mut binding).await?;
        // What nothing above names.
        let kept: BTreeSet<Digest> = case
            .folios
            .values()
            .flat_map(|f| {
                f.kept.iter().chain(&f.sealed).map(|(_, e)| e).chain(f.drawn.iter().map(|d| &d.exhibit))
            })
            .map(|e| e.digest)
            .collect();
        for exhibit in case.exhibits.iter().filter(|e| !kept.contains(&e.digest)) {
            let entry = self.entry("其他材料", "", day(case.changed));
            self.attach(exhibit, Line::New(entry), &mut binding).await?;
        }
        let volume = self.volume(book, &mut binding);
        let papers = std::mem::take(&mut binding.papers);
        let bound = tokio::task::spawn_blocking(move || {
            let fonts = fonts()?;
            volume.bind(&papers, &fonts)
        })
        .await
        .map_err(|e| Refusal::busy(e.to_string(), "请再试一次。"))?
        .map_err(|e| {
            Refusal::invalid("paper", e.to_string(), "请补齐后再打印。").from_source("行政处罚法第四十七条")
        })?;
        Ok(Bytes::from(bound.pdf))
    }

    /// What has words only stands in a table of its own, so that a judge reads it too.
    async fn bind_notes(&self, book: &Book, binding: &mut Binding) -> Result<(), Refusal> {
        let notes = std::mem::take(&mut binding.notes);
        if notes.is_empty() {
            return Ok(());
        }
        let (number, title) = (book.case.number.clone(), "办案事项记录");
        let printed = tokio::task::spawn_blocking(move || {
            let fonts = fonts()?;
            lianzhi_paper::notes(title, &number, &notes, &fonts)
        })
        .await
        .map_err(|e| Refusal::busy(e.to_string(), "请再试一次。"))?;
        let added = match printed {
            Ok(pdf) => {
                let entry = self.entry(title, "", day(book.case.changed));
                binding.add(Line::New(entry), &Bytes::from(pdf))
            }
            Err(error) => Err(error.to_string()),
        };
        if let Err(why) = added {
            binding.remarks.push(format!("《{title}》没有装订：{why}。"));
        }
        Ok(())
    }

    fn entry(&self, title: &str, number: &str, date: jiff::civil::Date) -> Entry {
        Entry {
            number: number.into(),
            author: OWN.into(),
            title: title.into(),
            date,
            pages: 0,
            note: String::new(),
        }
    }

    async fn bind(&self, book: &Book, listed: &Listed, binding: &mut Binding) -> Result<(), Refusal> {
        let printed = listed.folio.filter(|folio| folios::printed(&book.case, *folio));
        let name = match listed.party.and_then(|party| book.people.get(&party)) {
            // Of a paper that goes to several it is said whose copy it is.
            Some(party) if several(&book.case, listed) => format!("{}（{}）", listed.title, party.name),
            _ => listed.title.clone(),
        };
        let scans: Vec<ExhibitRef> = match printed {
            Some(Folio::Paper(n)) => {
                let issues = book.case.paper(n).into_iter().flat_map(|file| &file.issued);
                issues.flat_map(|issue| issue.exhibits.iter().cloned()).collect()
            }
            Some(folio) => book.case.folios.get(&folio).map(|f| f.scans.clone()).unwrap_or_default(),
            None => Vec::new(),
        };
        let date = day(listed.at);
        let own = listed.exhibits.iter().any(|exhibit| scans.contains(exhibit));
        // What somebody handed in is his.
        let brought = listed.folio.is_none() && listed.form.is_empty();
        let whose = listed.party.filter(|_| brought).and_then(|party| book.people.get(&party));
        let entry = |title: &str, number: &str| {
            let note = if listed.voided { "作废" } else { "" };
            let mut entry = Entry { note: note.into(), ..self.entry(title, number, date) };
            if let Some(party) = listed.party.filter(|_| brought) {
                let several = book.case.parties.len() > 1;
                entry.author = if several { format!("当事人 {party}") } else { "当事人".into() };
            }
            entry
        };
        // Whether its line stands in the catalogue already, whether the paper itself does, and how many files lie behind.
        let (mut begun, mut itself, mut behind) = (false, false, 0_u32);
        if let Some(folio) = printed.filter(|_| !own) {
            match self.folio_pdf(book, folio, listed.party).await {
                Ok(pdf) => match binding.add(Line::New(entry(&name, &listed.number)), &pdf) {
                    Ok(()) => (begun, itself) = (true, true),
                    Err(why) => binding.remarks.push(format!("《{name}》没有装订：{why}。")),
                },
                Err(refusal) => binding.remarks.push(format!("《{name}》没有装订：{}", refusal.rule)),
            }
        }
        let all = listed.exhibits.len();
        let of_folio = listed.folio.is_some() || !listed.form.is_empty();
        let mut bound = 0_u32;
        for (n, exhibit) in (1..).zip(&listed.exhibits) {
            let title = match (scans.contains(exhibit), of_folio, all) {
                (true, ..) | (false, false, 1) => name.clone(),
                (false, false, _) => format!("{name}（{n}）"),
                (false, true, 1) => format!("{name}附件"),
                (false, true, _) => format!("{name}附件{n}"),
            };
            let scan = scans.contains(exhibit);
            let entry = entry(&title, if scan { listed.number.as_str() } else { "" });
            let line = if begun { Line::Last(entry) } else { Line::New(entry) };
            if self.attach(exhibit, line, binding).await? {
                behind += u32::from(begun && !scan);
                (begun, itself, bound) = (true, itself || scan, bound + 1);
            }
        }
        if behind > 0
            && let Some(entry) = binding.entries.last_mut()
        {
            entry.title = match (itself, of_folio) {
                (true, _) => format!("{name}（附 {behind} 件）"),
                (false, true) => format!("{name}附件（{bound} 件）"),
                (false, false) => format!("{name}（{bound} 件）"),
            };
        }
        if brought {
            let words = listed.text.map(|part| book.text(part)).unwrap_or_default();
            let name = match whose {
                Some(whose) => format!("{name}（{}）", whose.name),
                None => name,
            };
            // Nothing that was declared is left out only because its files are bound with something else.
            let words = match words.is_empty() && bound == 0 && all > 0 {
                true => "原件见同一存证编号的材料，不重复装订。".to_owned(),
                false => words,
            };
            if listed.exhibits.is_empty() || !words.is_empty() {
                binding.notes.push((date.to_string().replace('-', "."), name, words));
            }
        }
        Ok(())
    }

    /// A file of the case, and whether it was bound; one that stands in it twice is bound once.
    async fn attach(&self, exhibit: &ExhibitRef, line: Line, binding: &mut Binding) -> Result<bool, Refusal> {
        if !binding.bound.insert(exhibit.digest) {
            return Ok(false);
        }
        let title = line.title().to_owned();
        let why = match exhibit.media.as_str() {
            "application/pdf" | "image/png" | "image/jpeg" => match self.exhibit_bytes(exhibit.digest).await?
            {
                Some(bytes) => match binding.add(line, &bytes) {
                    Ok(()) => return Ok(true),
                    Err(why) => why,
                },
                None => "原件已经不在".into(),
            },
            _ => "视听资料等另行保管".into(),
        };
        binding.remarks.push(format!("“{title}”（存证编号 {}）没有装订：{why}。", exhibit.digest.short()));
        Ok(false)
    }

    fn volume(&self, book: &Book, binding: &mut Binding) -> Volume {
        let case = &book.case;
        let details = book.details(Folio::Volume);
        let or_later = |name: &str| match details.get(name) {
            "" => LATER.to_owned(),
            said => said.to_owned(),
        };
        let fines = case.present().flat_map(|p| &p.charges).map(penalty).collect::<Vec<_>>().join("；");
        let result = match &case.outcome {
            Outcome::Open if case.closed.is_some() => "责令改正（限期拆除），没有给予行政处罚".into(),
            Outcome::Open => "尚未作出处理决定".into(),
            Outcome::Transferred(_) => "移送有管辖权的机关".into(),
            Outcome::Penalty { .. } => fines,
            Outcome::NoPenalty { .. } => "不予行政处罚".into(),
            Outcome::Crime { .. } => "移送公安机关".into(),
            Outcome::Dropped { .. } => "撤销立案".into(),
        };
        let archived = case.closed.as_ref().and_then(|closed| closed.archived.clone());
        let today = day(self.now());
        let mut remarks: Vec<String> = details.lines("remarks");
        if let Some(last) = case.volumes.last().filter(|_| archived.is_some()) {
            let (shelf, at) = (&last.shelf, day(last.at));
            remarks.insert(
                0,
                format!("本卷为补充卷：原卷（档号 {shelf}）{at} 归档，保持原样，本卷收入其后形成的材料。"),
            );
        }
        if remarks.is_empty() && archived.is_none() {
            remarks.push("案件尚未归档，本卷供查阅。".into());
        }
        remarks.append(&mut binding.remarks);
        if remarks.is_empty() {
            remarks.push("全部文书和材料已经装订。".into());
        }
        Volume {
            sheet: Sheet {
                agency: self.directory().settings.agency.clone(),
                number: None,
                case_number: case.number.clone(),
                cause: book.text(case.title),
                date: archived.as_ref().map_or(today, |(at, _)| day(*at)),
                check: None,
            },
            fonds: details.get("fonds").to_owned(),
            archive_number: archived.map(|(_, shelf)| shelf).unwrap_or_default(),
            part: u16::try_from(case.volumes.len() + 1).unwrap_or(u16::MAX),
            parts: u16::try_from(case.volumes.len() + 1).unwrap_or(u16::MAX),
            subjects: case
                .present()
                .map(|p| book.people.get(&p.subject.id).map_or("（已删除）".into(), |p| p.name.clone()))
                .collect(),
            result,
            filed: day(case.filed().unwrap_or(case.at)),
            closed: case.closed.as_ref().map(|closed| day(closed.at)),
            retention: or_later("retention"),
            officers: case.officers.iter().map(officer).collect(),
            entries: std::mem::take(&mut binding.entries),
            remarks: fitted(&remarks),
            compiler: or_later("compiler"),
            inspector: details.get("inspector").to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{REMARK_CHARS_MAX, fitted};

    #[test]
    fn remarks_fit_on_the_final_sheet_and_say_how_many_more_there_are() {
        assert_eq!(fitted(&["全部文书和材料已经装订。".into()]), "全部文书和材料已经装订。");
        let many: Vec<String> =
            (0..40).map(|n| format!("《文书{n}》没有装订：缺少必填内容：当事人：住所。")).collect();
        let said = fitted(&many);
        assert!(said.chars().count() <= REMARK_CHARS_MAX + 60, "{}", said.chars().count());
        assert!(said.contains("《文书0》") && said.contains("另有") && said.lines().count() > 5);
    }
}

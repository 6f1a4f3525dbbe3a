//! What people write on a folio: the form with what stands there already, and the check of what comes in.

use super::book::Book;
use super::open::Particulars;
use crate::shared::unavailable;
use crate::{App, Caller};
use bytes::Bytes;
use lianzhi_ids::{Digest, DocketId};
use lianzhi_procedure::penalty::folios::{self, Entry};
use lianzhi_procedure::penalty::{Asked, Case, Drawn, EvidenceKind, Folio, PartyKind, Signer};
use lianzhi_procedure::{ExhibitRef, LookUps, Refusal};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;

/// Longest line on a folio.
const LINE_CHARS_MAX: usize = 500;
/// Longest text in a field of a folio.
const TEXT_CHARS_MAX: usize = 5_000;

/// A field of a folio with what stands in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Written {
    /// What is asked.
    #[serde(flatten)]
    pub asked: Asked,
    /// What stands there; a proposal from the case where nothing was written yet.
    pub value: String,
}

/// A folio as its form shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FolioForm {
    /// Its name in data: `evidence-3`.
    pub folio: Folio,
    /// Its title.
    pub title: String,
    /// 文号, where it has one.
    pub number: String,
    /// What is written on it.
    pub fields: Vec<Written>,
    /// Something was written already.
    pub filled: bool,
    /// Why nothing can be changed any more.
    pub settled: Option<&'static str>,
    /// A scan of it may come in: the first, that of another party's copy, or a better one.
    pub scannable: bool,
    /// Somebody signed it on the screen: what is changed now must be signed again, with the reason.
    pub drawn: bool,
    /// Parties with a copy each, where there are several, as they are called.
    pub copies: Vec<(u16, String)>,
    /// Who may sign on the screen, and whether that was done.
    pub signers: Vec<(Signer, bool)>,
    /// Signed scans.
    pub scans: Vec<Digest>,
    /// It can be printed.
    pub printed: bool,
    /// Its scan comes in as the issued one of a paper.
    pub paper: Option<u16>,
    /// What it lacks before it can be printed, named as on paper.
    pub lacking: Vec<String>,
    /// Parties for whom it can be sealed by the agency's service.
    pub to_seal: Vec<u16>,
}

/// Where a folio stands, for the list of papers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct FolioView {
    /// Its name in data.
    #[schemars(with = "String")]
    pub folio: Folio,
    /// `draft`, `ready`, `issued`, `voided`.
    pub state: &'static str,
    /// In words.
    pub state_title: &'static str,
    /// It has a form.
    pub has_form: bool,
    /// It can be printed.
    pub printed: bool,
}

/// Where a folio stands.
pub(super) fn folio_view(case: &Case, folio: Folio) -> FolioView {
    let asked = folios::asked(case, folio);
    let file = case.folios.get(&folio);
    let (mut scanned, mut voided) = (file.is_some_and(|f| !f.scans.is_empty()), false);
    let mut handed = false;
    if let Folio::Paper(n) = folio
        && let Some(paper) = case.paper(n)
    {
        let parties = folios::addressees(case, folio);
        scanned = parties.iter().all(|party| paper.scan_for(*party).is_some());
        voided = paper.voided.is_some();
        handed = !paper.service.is_empty();
    }
    let written = match folio {
        Folio::Paper(n) => folios::granted(case, n).map(|granted| Folio::Proposal(granted.pending.id)),
        _ => None,
    };
    let written = [Some(folio), written].into_iter().flatten();
    let filled = written.filter_map(|folio| case.folios.get(&folio)).any(|f| f.details.is_some());
    let needed = asked.iter().any(|asked| asked.needed);
    let drawn = file.is_some_and(|f| !f.drawn.is_empty());
    let (state, state_title) = if voided {
        ("voided", "作废")
    } else if scanned {
        ("issued", "签名盖章件在卷")
    } else if file.is_some_and(|f| !f.sealed.is_empty()) {
        ("issued", "已加盖电子印章")
    } else if drawn {
        ("issued", "已在屏幕上签名")
    } else if handed {
        ("issued", "已送达")
    } else if needed && !filled {
        ("draft", "待填写")
    } else {
        ("ready", "可打印")
    };
    let printed = folios::printed(case, folio) || scanned;
    FolioView { folio, state, state_title, has_form: !asked.is_empty(), printed }
}

/// What the case proposes for a field; people look at it before they save it.
fn proposed(book: &Book, folio: Folio, name: &str) -> String {
    let case = &book.case;
    let kind = match folio {
        Folio::Evidence(n) => case.evidence.iter().find(|f| f.evidence.id == n).map(|f| f.evidence.kind),
        _ => None,
    };
    let asks = matches!(kind, Some(EvidenceKind::Interview)) || matches!(folio, Folio::Statement(..));
    let party = folio.party().unwrap_or(1);
    let known = case.party(party).zip(book.people.get(&party));
    match (name, known) {
        ("place", _) if kind == Some(EvidenceKind::Inspection) || kind == Some(EvidenceKind::Survey) => {
            case.place.map(|place| book.text(place)).unwrap_or_default()
        }
        (name, Some((party, p))) if asks => of_person(party.subject.kind, p, name),
        ("recipient", Some((_, p))) => p.name.clone(),
        ("address", Some((_, p))) if matches!(folio, Folio::Address(_)) => p.address.clone(),
        ("phone", Some((_, p))) => p.phone.clone(),
        _ => String::new(),
    }
}

fn of_person(kind: PartyKind, p: &Particulars, name: &str) -> String {
    let person = !kind.is_unit();
    match name {
        "name" if person => p.name.clone(),
        "name" => p.representative.clone(),
        "identity" if person && !p.id_number.is_empty() => format!("居民身份证：{}", p.id_number),
        "work" if !person => p.name.clone(),
        "address" if person => p.address.clone(),
        "phone" => p.phone.clone(),
        "relation" if person => "当事人".into(),
        _ => String::new(),
    }
}

/// The parties of a folio that has a copy for each of several.
fn copies(book: &Book, folio: Folio) -> Vec<(u16, String)> {
    let all = folios::addressees(&book.case, folio);
    if all.len() < 2 {
        return Vec::new();
    }
    let name = |id: u16| book.people.get(&id).map_or_else(|| format!("当事人 {id}"), |p| p.name.clone());
    all.into_iter().map(|id| (id, name(id))).collect()
}

/// Whether what comes in for a folio is what its form asks for.
pub(super) fn in_order(case: &Case, folio: Folio, details: &str) -> Result<(), Refusal> {
    let refuse = |field: &'static str, rule: String, remedy: &str| {
        Err(Refusal::invalid(field, rule, remedy).from_source("文书必备内容"))
    };
    let Ok(Value::Object(given)) = serde_json::from_str::<Value>(details) else {
        return refuse("details", "文书内容的格式不对。".into(), "请按这份文书的表单填写。");
    };
    let asked = folios::asked(case, folio);
    for (name, value) in &given {
        let Some(asked) = asked.iter().find(|asked| asked.name == name) else {
            return refuse("details", format!("这份文书没有“{name}”这一项。"), "请按这份文书的表单填写。");
        };
        let Some(text) = value.as_str().map(str::trim) else {
            return refuse(asked.name, format!("“{}”应是文字。", asked.title), "请重新填写。");
        };
        let (sound, most) = match asked.entry {
            Entry::Day => (text.is_empty() || text.parse::<jiff::civil::Date>().is_ok(), LINE_CHARS_MAX),
            Entry::Moment => {
                (text.is_empty() || text.parse::<jiff::civil::DateTime>().is_ok(), LINE_CHARS_MAX)
            }
            Entry::Line => (!text.contains('\n'), LINE_CHARS_MAX),
            Entry::Text => (true, TEXT_CHARS_MAX),
        };
        if !sound {
            return refuse(
                asked.name,
                format!("“{}”填写的内容认不出来。", asked.title),
                "请按提示的格式重新填写。",
            );
        }
        if text.chars().count() > most {
            return refuse(
                asked.name,
                format!("“{}”超过 {most} 字。", asked.title),
                "请写得简短些，或者另附材料。",
            );
        }
    }
    let empty =
        |name: &str| given.get(name).and_then(Value::as_str).is_none_or(|text| text.trim().is_empty());
    if let Some(asked) = asked.iter().find(|asked| asked.needed && empty(asked.name)) {
        return refuse(asked.name, format!("没有填写“{}”。", asked.title), "这是文书的必备内容，请补齐。");
    }
    Ok(())
}

impl App {
    /// The form of a folio. What stands on it may be personal: the look is recorded.
    ///
    /// # Errors
    /// When there is none that the caller may see.
    pub async fn folio_form(&self, who: &Caller, id: DocketId, folio: Folio) -> Result<FolioForm, Refusal> {
        let book = self.book(who, id).await?;
        let case = &book.case;
        let title = folios::title(case, folio).ok_or_else(|| Refusal::missing("没有这份文书。"))?;
        self.record_access(who, "particulars", Some(id), &format!("填写文书 {title}")).await?;
        let details = book.details(folio);
        let filled = details != super::Details::default();
        let fields = folios::asked(case, folio).into_iter().map(|asked| Written {
            value: match filled {
                true => details.get(asked.name).to_owned(),
                false => proposed(&book, folio, asked.name),
            },
            asked,
        });
        let file = case.folios.get(&folio).cloned().unwrap_or_default();
        let paper = match folio {
            Folio::Paper(n) => Some(n),
            _ => None,
        };
        let issued = paper.and_then(|n| case.paper(n));
        Ok(FolioForm {
            folio,
            title,
            number: issued.map(|file| file.paper.number.clone()).unwrap_or_default(),
            fields: fields.collect(),
            filled,
            settled: folios::settled(case, folio),
            scannable: match issued {
                Some(issued) => {
                    let archived = case.closed.as_ref().is_some_and(|closed| closed.archived.is_some());
                    issued.voided.is_none() && file.sealed.is_empty() && !archived
                }
                None => folios::settled(case, folio).is_none(),
            },
            drawn: folios::drawn(case, folio),
            copies: copies(&book, folio),
            signers: folios::signers(case, folio)
                .iter()
                .map(|signer| (*signer, file.drawn.iter().any(|d| d.signer == *signer)))
                .collect(),
            scans: {
                let issued = issued.into_iter().flat_map(|f| &f.issued);
                let issued = issued.flat_map(|issue| &issue.exhibits);
                file.scans.iter().chain(issued).map(|e| e.digest).collect()
            },
            printed: folios::printed(case, folio),
            lacking: match folios::printed(case, folio) {
                true => self.folio_lacks(&book, folio),
                false => Vec::new(),
            },
            to_seal: paper.filter(|_| self.seals()).map(|n| folios::unsealed(case, n)).unwrap_or_default(),
            paper,
        })
    }

    /// Prints a paper that is being served and takes the bytes into custody, so that it is printed the same for ever. Nothing
    /// when it cannot be printed here: its signed scan is what counts then.
    pub(super) async fn kept_paper(
        &self,
        who: &Caller,
        id: DocketId,
        paper: u16,
        party: u16,
    ) -> Result<Option<ExhibitRef>, Refusal> {
        let Ok(book) = self.book(who, id).await else { return Ok(None) };
        let sealed =
            book.case.folios.get(&Folio::Paper(paper)).is_some_and(|f| f.sealed_for(party).is_some());
        let Some(file) = book.case.paper(paper).filter(|file| file.scan_for(party).is_none() && !sealed)
        else {
            return Ok(None);
        };
        let name = format!("{}.pdf", file.paper.number);
        match self.folio_pdf(&book, Folio::Paper(paper), Some(party)).await {
            Ok(pdf) => self.take_into_custody(pdf, &name, "application/pdf").await.map(Some),
            Err(_) => Ok(None),
        }
    }

    /// Prints a folio with the signature that is just being drawn, where it is the last one, and takes the bytes into custody: what was
    /// signed is kept as it was signed. Nothing as long as somebody has still to sign.
    pub(super) async fn signed_folio(
        &self,
        who: &Caller,
        id: DocketId,
        folio: Folio,
        signer: Signer,
        look_ups: &LookUps,
    ) -> Result<Option<ExhibitRef>, Refusal> {
        let Some(picture) = look_ups.exhibits.first().filter(|_| look_ups.lacking.is_empty()) else {
            return Ok(None);
        };
        let mut book = self.book(who, id).await?;
        if folios::settled(&book.case, folio).is_some() || !folios::whole(&book.case, folio, signer) {
            return Ok(None);
        }
        let drawn = &mut book.case.folios.entry(folio).or_default().drawn;
        drawn.retain(|d| d.signer != signer);
        drawn.push(Drawn { signer, exhibit: picture.clone(), at: self.now() });
        let title = folios::title(&book.case, folio).unwrap_or_default();
        let pdf = self.folio_pdf(&book, folio, None).await?;
        self.take_into_custody(pdf, &format!("{title}.pdf"), "application/pdf").await.map(Some)
    }

    /// Bytes that the node itself made, as an exhibit.
    pub(crate) async fn take_into_custody(
        &self,
        bytes: Bytes,
        name: &str,
        media: &str,
    ) -> Result<ExhibitRef, Refusal> {
        let blobs = &self.inner.store.blobs;
        let mut random = [0; 16];
        self.inner.entropy.fill(&mut random);
        let (size, at) = (i64::try_from(bytes.len()).unwrap_or(i64::MAX), self.now().as_microsecond());
        let row = crate::ports::UploadRow {
            id: hex::encode(random),
            size,
            offset: 0,
            name: name.into(),
            uploader: "system".into(),
            at,
            digest: None,
        };
        blobs.start(&row).await.map_err(|e| unavailable(&e))?;
        blobs.append(&row.id, 0, bytes).await.map_err(|e| unavailable(&e))?;
        let row = blobs.finish(&row.id, media, at).await.map_err(|e| unavailable(&e))?;
        let size = u64::try_from(row.size).unwrap_or(0);
        Ok(ExhibitRef { digest: row.digest, size, media: row.media })
    }
}

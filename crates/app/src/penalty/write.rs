//! What people write on a folio: the form with what stands there already, and the check of what comes in.

use super::book::Book;
use super::case_of;
use super::open::Particulars;
use crate::sequencer::{Step, Submission, To};
use crate::shared::unavailable;
use crate::{App, Caller};
use bytes::Bytes;
use lianzhi_ids::{Digest, DocketId};
use lianzhi_procedure::penalty::folios::spoken::{Nobodys, ROLES, names, speeches};
use lianzhi_procedure::penalty::folios::{self, Entry};
use lianzhi_procedure::penalty::{
    Asked, Case, Command, Drawn, EvidenceKind, Folio, Hearing, PartyKind, Signer, to_make,
};
use lianzhi_procedure::{Actor, AnyCommand, ExhibitRef, LookUps, Refusal};
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
    /// Characters that no font has, each with the words in which it stands: printed as gaps, to be written in by hand.
    pub gaps: Vec<String>,
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
fn proposed(book: &Book, folio: Folio, asked: &Asked) -> String {
    let (case, name) = (&book.case, asked.name);
    if matches!(folio, Folio::Proposal(_) | Folio::Paper(_)) {
        return book.proposed(folio, asked);
    }
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
        "identity" if person => super::written::identity(&p.id_number),
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
///
/// `people` are the names of those who may speak in a record of what was said.
pub(super) fn in_order(case: &Case, folio: Folio, details: &str, people: &[String]) -> Result<(), Refusal> {
    let refuse = |field: &'static str, rule: String, remedy: &str| {
        Err(Refusal::invalid(field, rule, remedy).from_source("文书必备内容"))
    };
    let Ok(Value::Object(given)) = serde_json::from_str::<Value>(details) else {
        return refuse("details", "文书内容的格式不对。".into(), "请按这份文书的表单填写。");
    };
    let asked = folios::asked(case, folio);
    for (name, value) in &given {
        let Some(asked) = asked.iter().find(|asked| asked.key() == *name) else {
            return refuse("details", format!("这份文书没有“{name}”这一项。"), "请按这份文书的表单填写。");
        };
        let Some(text) = value.as_str().map(str::trim) else {
            return refuse(asked.name, format!("“{}”应是文字。", asked.label()), "请重新填写。");
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
                format!("“{}”填写的内容认不出来。", asked.label()),
                "请按提示的格式重新填写。",
            );
        }
        if text.chars().count() > most {
            return refuse(
                asked.name,
                format!("“{}”超过 {most} 字。", asked.label()),
                "请写得简短些，或者另附材料。",
            );
        }
    }
    let empty =
        |name: &str| given.get(name).and_then(Value::as_str).is_none_or(|text| text.trim().is_empty());
    if let Some(asked) = asked.iter().find(|asked| asked.needed && empty(&asked.key())) {
        return refuse(asked.name, format!("没有填写“{}”。", asked.label()), "这是文书的必备内容，请补齐。");
    }
    // Whoever refuses to sign has a witness to it.
    if !empty("refused") && empty("witness") {
        return refuse(
            "witness",
            "当事人拒绝签名的，没有填写“见证人”。".into(),
            "请写明见证人的姓名和证件号或者单位。",
        );
    }
    let said = |name: &str| given.get(name).and_then(Value::as_str).unwrap_or_default();
    spoken_in_order(folio, &said, people)
}

/// Every line of a record of what was said belongs to somebody.
fn spoken_in_order<'a>(
    folio: Folio,
    said: &impl Fn(&str) -> &'a str,
    people: &[String],
) -> Result<(), Refusal> {
    let (field, title, remedy) = match folio {
        Folio::HearingRecord(_) => (
            "speeches",
            "听证记录",
            "请从“主持人：”开始，写明是谁的发言；证人、第三人等先写在“委托代理人”“证人和其他参加人”里。",
        ),
        Folio::Discussion(_) => ("views", "参加人意见", "请从“姓名：”开始，姓名是登记讨论时选择的负责人。"),
        _ => return Ok(()),
    };
    let known = match folio {
        Folio::Discussion(_) => people.to_vec(),
        _ => spoken_by(people, said),
    };
    match speeches(said(field), &known) {
        Ok(_) => Ok(()),
        Err(Nobodys(line)) => Err(Refusal::invalid(
            field,
            format!("“{title}”里“{}”没有写明是谁说的。", line.chars().take(20).collect::<String>()),
            remedy,
        )
        .from_source("行政处罚法第五十七条第二款、第六十四条第八项")),
    }
}

/// Who may speak at a hearing: by role, by the names that the case knows, and by those that are listed on the record itself.
pub(super) fn spoken_by<'a>(people: &[String], said: &impl Fn(&str) -> &'a str) -> Vec<String> {
    let listed = ["members", "agents", "others", "recorder"].into_iter().flat_map(|field| names(said(field)));
    ROLES.into_iter().map(str::to_owned).chain(people.iter().cloned()).chain(listed).collect()
}

impl App {
    /// Names of those who may speak in a record of a case: at a hearing whoever presides, the officers and the parties; in a
    /// discussion those who took part.
    pub(super) async fn speakers(&self, case: &Case, folio: Folio) -> Result<Vec<String>, Refusal> {
        let directory = self.directory();
        Ok(match folio {
            Folio::Discussion(n) => {
                let discussion = case.discussions.get(usize::from(n).saturating_sub(1));
                let present = discussion.into_iter().flat_map(|d| &d.present);
                present.map(|person| directory.person_name(person).to_owned()).collect()
            }
            Folio::HearingRecord(p) => {
                let chair = match case.party(p).map(|party| &party.rights.hearing) {
                    Some(Hearing::Called { chair, .. } | Hearing::Held { chair, .. }) => {
                        Some(directory.person_name(chair).to_owned())
                    }
                    _ => None,
                };
                let officers = case.officers.iter().map(|officer| officer.name.clone());
                let mut all: Vec<String> = officers.chain(chair).collect();
                for party in case.present() {
                    let known = self.known(party.subject.particulars.digest).await?;
                    all.extend([known.name, known.representative].map(|name| name.trim().to_owned()));
                }
                all.retain(|name| !name.is_empty());
                all
            }
            _ => Vec::new(),
        })
    }

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
                true => details.get(&asked.key()).to_owned(),
                false => proposed(&book, folio, &asked),
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
            gaps: match folios::printed(case, folio) {
                true => self.folio_gaps(&book, folio).await,
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

    /// Keeps what lay before whoever just signed: the forms and opinions inside the agency, printed as they stand. What cannot be printed
    /// here, or lacks something still, is kept with the next signature or with the archive.
    pub(crate) async fn keep_signed(&self, who: &Caller, id: DocketId) {
        let Ok(live) = self.live(id).await else { return };
        let Some(case) = case_of(&live.state) else { return };
        let wanted = folios::to_keep(case);
        if wanted.is_empty() {
            return;
        }
        let Ok(book) = self.book(who, id).await else { return };
        for folio in wanted {
            if let Err(refusal) = self.keep_folio(&book, id, folio).await {
                tracing::debug!(docket = %id, %folio, rule = %refusal.rule, "a document is not kept yet");
            }
        }
    }

    async fn keep_folio(&self, book: &Book, id: DocketId, folio: Folio) -> Result<(), Refusal> {
        let party = folios::addressees(&book.case, folio).first().copied().unwrap_or(1);
        let title = folios::title(&book.case, folio).unwrap_or_default();
        let pdf = self.folio_pdf(book, folio, Some(party)).await?;
        let exhibit = self.take_into_custody(pdf, &format!("{title}.pdf"), "application/pdf").await?;
        let command = AnyCommand::Penalty(Command::KeepFolio { folio, party });
        let look_ups = LookUps { printed: Some(exhibit), ..LookUps::default() };
        let steps = vec![Step { look_ups, ..Step::new(To::Docket(id), command) }];
        let submission = Submission { actor: Actor::System, steps, key: None, extra: Value::Null };
        self.inner.sequencer.submit(submission).await.map(|_| ())
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

/// Documents that are not in the catalogue yet and can be made, each by one name.
pub(super) fn further(case: &Case) -> Vec<(String, FolioView)> {
    let several = case.present().count() > 1;
    let name = |folio: Folio| {
        let title = folios::title(case, folio).unwrap_or_default();
        match folio.party() {
            Some(party) if several => format!("{title}（当事人 {party}）"),
            _ => title,
        }
    };
    to_make(case).into_iter().map(|folio| (name(folio), folio_view(case, folio))).collect()
}

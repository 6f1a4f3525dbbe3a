//! Letters between members on paper. What is printed is a pure function of what was signed, so that both ends print the
//! same; what was printed once is kept and printed again byte by byte.

use super::by_ask::ByAsk;
use super::view::member;
use super::{papers, subject};
use crate::keys::Keys;
use crate::ports::PartRow;
use crate::shared::unavailable;
use crate::{App, Caller};
use bytes::Bytes;
use jiff::Timestamp;
use jiff::civil::Date;
use lianzhi_exchange::compact::Form;
use lianzhi_ids::{Digest, DocketId, NodeCode};
use lianzhi_paper::{
    AssistanceReply, AssistanceRequest, Document, Evidence, Fonts, Head, LeadTransfer, Letter, Marks,
    Material, Number, Officer, Outcome, PaperError, Party, RefusalKind, Request, Template, TransferReason,
    Unfinished, font_folders,
};
use lianzhi_procedure::cooperation::{
    Act, Ask, AwayKind, File, Opening, Provenance, Said, Taker, TransferGround, file_of,
};
use lianzhi_procedure::directory::Directory;
use lianzhi_procedure::{PartRef, Refusal};
use std::collections::HashMap;
use std::sync::{Arc, OnceLock};

/// What help to enforce is (行政强制法 17: the power to enforce is not delegated).
const IN_ITS_OWN_NAME: &str = "协助执行的，请你单位以自己的名义、依自己的职权依法决定和实施，并告知当事人对你单位的决定申请行政复议、提起行政诉讼的途径和期限；行政强制措施权不得委托。";
/// Under which name a printed letter is kept beside the entry that it prints.
const KEPT: &str = "letter";
/// What is said of those who took the evidence that goes to another province.
const QUALIFIED: &str = "取证人均持有有效执法证件，取证过程已存证，可凭存证号核验。";
/// A number for trying whether a draft can be printed.
const SAMPLE_NUMBER: &str = "拟稿〔2026〕1号";
/// Officers without whom evidence is none (行政处罚法 42).
pub(super) const TAKERS_MIN: usize = 2;

/// A letter, printed.
#[derive(Debug, Clone)]
pub struct PrintedLetter {
    /// The PDF.
    pub pdf: Bytes,
    /// A name for the file.
    pub name: String,
}

/// The fonts of this process: loaded once, when the first letter is printed.
pub(crate) fn fonts() -> Result<Arc<Fonts>, PaperError> {
    static FONTS: OnceLock<Arc<Fonts>> = OnceLock::new();
    if let Some(fonts) = FONTS.get() {
        return Ok(fonts.clone());
    }
    let home = std::env::var_os("HOME").map(std::path::PathBuf::from);
    let fonts = Arc::new(Fonts::read(&font_folders(home.as_deref())).map_err(|_| PaperError::NoFonts)?);
    Ok(FONTS.get_or_init(|| fonts).clone())
}

/// The faces in which documents cannot be set as they should be: what stands in, in words, and whether nothing does.
#[must_use]
pub fn missing_fonts() -> Vec<(String, bool)> {
    match fonts() {
        Ok(fonts) => fonts.missing().iter().map(|m| (m.to_string(), m.instead.is_none())).collect(),
        Err(error) => vec![(error.to_string(), true)],
    }
}

impl App {
    /// A letter that a member signed, by its place in that member's stream.
    ///
    /// # Errors
    /// When there is none that the caller may see, or something is missing that must stand on it.
    pub async fn letter(
        &self,
        who: &Caller,
        id: DocketId,
        node: &NodeCode,
        seq: u32,
    ) -> Result<PrintedLetter, Refusal> {
        self.row_for(who, id).await?;
        let live = self.live(id).await?;
        let missing = || Refusal::missing("没有这份文书。");
        let file = file_of(&live.state).ok_or_else(missing)?;
        let said =
            file.said.get(node).and_then(|list| list.iter().find(|s| s.seq == seq)).ok_or_else(missing)?;
        let paper = number_of(file, said).ok_or_else(missing)?;
        let name = match said.act.paper() {
            Some(paper) => format!("{paper}.pdf"),
            None => format!("{paper} {}.pdf", paper_title(&said.act).unwrap_or_default()),
        };
        let kept = self.inner.store.blobs.derived(said.digest, KEPT).await.map_err(|e| unavailable(&e))?;
        if let Some(pdf) = kept {
            return Ok(PrintedLetter { pdf, name });
        }
        let parts: Vec<Digest> =
            file.story().iter().flat_map(|(_, s)| s.act.parts()).map(|p| p.digest).collect();
        let rows = self.inner.store.journal.parts(&parts).await.map_err(|e| unavailable(&e))?;
        let texts: HashMap<Digest, String> = opened(&rows, id, self.inner.shared.keys());
        let directory = self.directory();
        let document = Desk { file, node, said, texts: &texts, directory: &directory }.document(paper)?;
        let printed = tokio::task::spawn_blocking(move || {
            let fonts = fonts()?;
            document.print(Template::current(document.kind())?, &fonts)
        })
        .await
        .map_err(|e| Refusal::busy(e.to_string(), "请再试一次。"))?;
        let printed = printed.map_err(|error| unprintable(&error))?;
        let pdf = Bytes::from(printed.pdf);
        self.inner
            .store
            .blobs
            .put_derived(said.digest, KEPT, pdf.clone())
            .await
            .map_err(|e| unavailable(&e))?;
        Ok(PrintedLetter { pdf, name })
    }
}

/// Texts of a docket, open; what was named from elsewhere is none of its own.
fn opened(rows: &[PartRow], docket: DocketId, keys: &Keys) -> HashMap<Digest, String> {
    let own = rows.iter().filter(|row| row.docket == docket);
    own.filter_map(|row| Some((row.digest, keys.open(row)?))).collect()
}

/// Why a letter cannot be printed, by its cause: what is missing is filled in by whoever writes it, fonts are the administrator's.
fn unprintable(error: &PaperError) -> Refusal {
    const SOURCE: &str = "GB/T 9704—2012；文书必备内容";
    let said = format!("{}。", error.to_string().trim_end_matches('。'));
    match error {
        PaperError::Missing { .. } => {
            let remedy =
                "请补齐以后再送审、签发；联系人、联系电话没有的，请联络员在“本机关名片”或单位名录里填写。";
            Refusal::invalid("letter", said, remedy).from_source(SOURCE)
        }
        PaperError::TooLong { .. } | PaperError::OffPage { .. } => {
            Refusal::invalid("letter", said, "请缩短正文，或把长的内容作为附件。").from_source(SOURCE)
        }
        PaperError::NoFonts => {
            Refusal::busy(said, "文书内容没有问题，不用修改；请管理员安装字体以后再打印。")
        }
        _ => Refusal::busy(said, "请把这句话告诉管理员。"),
    }
}

/// What is signed by both sides is printed too, under the number of the letter that it belongs to.
pub(super) const fn paper_title(act: &Act) -> Option<&'static str> {
    match act {
        Act::GoodsTaken { .. } => Some("涉案物品交接单"),
        Act::Negotiated { .. } => Some("管辖协商记录"),
        _ => None,
    }
}

/// The number that stands on what is printed of what was said; none for what is not printed. A record of talks prints once all
/// have answered it: before, nobody knows what came of them.
pub(super) fn number_of<'a>(file: &'a File, said: &'a Said) -> Option<&'a str> {
    let opening = || Some(file.opening.paper.as_str()).filter(|paper| !paper.is_empty());
    let done = match &said.act {
        Act::Negotiated { .. } => file.talks(&said.digest).is_some(),
        _ => true,
    };
    said.act.paper().or_else(|| paper_title(&said.act).filter(|_| done).and_then(|_| opening()))
}

/// Everything that a letter is written from.
pub(super) struct Desk<'a> {
    pub(super) file: &'a File,
    pub(super) node: &'a NodeCode,
    pub(super) said: &'a Said,
    pub(super) texts: &'a HashMap<Digest, String>,
    pub(super) directory: &'a Directory,
}

pub(super) fn day(at: Timestamp) -> Date {
    lianzhi_procedure::beijing_date(at)
}

/// The last day of a term: a due instant is the end of its day.
pub(super) fn last_day(due: Timestamp) -> Date {
    day(due - jiff::SignedDuration::from_micros(1))
}

impl Desk<'_> {
    pub(super) fn text(&self, part: Option<PartRef>) -> String {
        part.and_then(|p| self.texts.get(&p.digest).cloned()).unwrap_or_default()
    }

    pub(super) fn opening(&self) -> &Opening {
        &self.file.opening
    }

    /// To whom it goes: the other parties.
    pub(super) fn to(&self) -> Vec<String> {
        let all = self.file.parties();
        all.iter().filter(|n| *n != self.node).map(|n| member(self.directory, n)).collect()
    }

    /// The opening letter's number and the day on which it was registered here (收文登记), for those that answer it.
    pub(super) fn answered(&self) -> (String, Date) {
        let own = self.file.said.get(self.node).into_iter().flatten();
        let registered = own.into_iter().find(|said| matches!(said.act, Act::Registered { .. }));
        (self.opening().paper.clone(), day(registered.map_or(self.said.at, |said| said.at)))
    }

    /// The number of the case from which it comes (案号); empty when none was filed: a report has none.
    fn case_number(&self) -> String {
        self.opening().filed.as_ref().map(|filed| filed.number.clone()).unwrap_or_default()
    }

    pub(super) fn head(&self, number: Number, exhibits: &[Provenance]) -> Head {
        let roster = self.directory.exchange_roster();
        let liaison = roster.and_then(|r| r.member(self.node)).and_then(|m| m.liaisons.first());
        let named = self.opening().contact.as_ref().filter(|_| self.node == self.file.founder());
        let contact = match (named, liaison) {
            (Some(contact), _) if !contact.phone.is_empty() => (contact.name.clone(), contact.phone.clone()),
            (_, Some(liaison)) => (liaison.name.clone(), liaison.phone.clone()),
            (Some(contact), None) => (contact.name.clone(), contact.phone.clone()),
            (None, None) => (String::new(), String::new()),
        };
        Head {
            issuer: member(self.directory, self.node),
            number: Some(number),
            date: day(self.said.at),
            marks: Marks {
                urgency: if self.opening().urgent { "急件".into() } else { String::new() },
                ..Marks::default()
            },
            attachments: exhibits.iter().map(named_file).collect(),
            contact: lianzhi_paper::Contact { name: contact.0, phone: contact.1, address: String::new() },
            copies: Vec::new(),
            check: None,
        }
    }

    pub(super) fn basis(&self) -> Vec<String> {
        let law = lianzhi_procedure::cooperation::basis(self.file.form);
        let list = format!("协作清单{}", self.opening().list_id);
        law.split('、').map(str::to_owned).chain([list]).collect()
    }

    pub(super) fn document(&self, paper: &str) -> Result<Document, Refusal> {
        let number: Number = paper.parse().map_err(|e: lianzhi_paper::NumberError| {
            Refusal::conflict("number", e.to_string(), "请与签发单位核对文号。")
        })?;
        let (title, (in_reply_to, received)) = (self.text(Some(self.opening().title)), self.answered());
        let to = self.to();
        let first = to.first().cloned().unwrap_or_default();
        let conduct = self.opening().category.as_ref().map(|code| self.directory.category_name(code));
        let cause = subject::cause(&title, conduct.filter(|name| !name.starts_with('E')));
        Ok(match (&self.said.act, self.file.form) {
            (Act::Open(opening), Form::Lead) => self.lead(opening, number, cause, first).into(),
            // The first letters named nobody in charge: they print as letters.
            (Act::Open(opening), Form::Assistance) if !self.in_charge().is_empty() => {
                self.request(opening, number, cause, first).into()
            }
            (Act::Replied { note, undone, decision, exhibits, .. }, _) => {
                let own = decision.as_deref();
                self.reply((*note, *undone, own), exhibits, number, cause, first).into()
            }
            (Act::Returned { ground, note, .. }, _) => lianzhi_paper::Refusal {
                head: self.head(number, &[]),
                kind: RefusalKind::Return,
                to: first,
                in_reply_to,
                received,
                matter: subject::stem(&title).to_owned(),
                grounds: format!("{}。{}", ground.title(), self.text(Some(*note))),
                basis: vec![ground.source().into()],
                advice: String::new(),
                materials: Vec::new(),
            }
            .into(),
            (Act::Refused { ground, note, .. }, _) => lianzhi_paper::Refusal {
                head: self.head(number, &[]),
                kind: RefusalKind::NoAssistance,
                to: first,
                in_reply_to,
                received,
                matter: assisted(&title),
                grounds: format!("{}。{}", ground.title(), self.text(Some(*note))),
                basis: vec![ground.source().into()],
                advice: String::new(),
                materials: Vec::new(),
            }
            .into(),
            (Act::Open(opening), Form::Evidence) => match self.handed_over(opening, number.clone(), first) {
                Some(list) => list,
                None => self.letter(number, title, in_reply_to, to).into(),
            },
            (Act::Open(opening), Form::Bulletin) => {
                self.bulletin(opening, number, subject::stem(&title).to_owned(), to).into()
            }
            (Act::GoodsTaken { by, note }, _) => self.goods_taken(by, *note, number).into(),
            (Act::Negotiated { competent, note }, _) => self.talks(competent, *note, number, cause).into(),
            (Act::ReportedUp { to, note, .. }, _) => self.petition(to, *note, number, cause).into(),
            (Act::Granted { note, until: Some(until), .. }, _) if opened_for(self.opening()) => {
                self.consent(*note, *until, number, format!("{cause}一案"), first).into()
            }
            _ => self.letter(number, title, in_reply_to, to).into(),
        })
    }

    fn lead(&self, opening: &Opening, number: Number, title: String, to: String) -> LeadTransfer {
        let subject = self.text(opening.subject);
        let party = Party::Organisation {
            name: subject.clone(),
            code: String::new(),
            address: String::new(),
            representative: String::new(),
        };
        let place = self.text(opening.place);
        let mut facts = self.text(Some(opening.text));
        if !place.is_empty() {
            facts = format!("地点：{place}。\n{facts}");
        }
        let mut materials: Vec<Material> = opening.exhibits.iter().map(material).collect();
        if materials.is_empty() {
            let note = "案情见本函正文".into();
            materials.push(Material { name: "案件线索登记材料".into(), amount: "1份".into(), note });
        }
        // The first letters named neither: they went where the conduct took place.
        let ground = opening.ground.unwrap_or(TransferGround::Place);
        let (reason, grounds) = match ground {
            TransferGround::Place => (TransferReason::Place, "违法行为发生地在你单位辖区。"),
            TransferGround::Power => (TransferReason::Power, "该行为的查处属于你单位职权范围。"),
            TransferGround::EarlierCase => (TransferReason::EarlierCase, "你单位已就同一违法行为先行立案。"),
            TransferGround::Crime => (TransferReason::Crime, "该行为涉嫌犯罪，应当及时移送。"),
        };
        let mut basis = self.basis();
        if !basis.iter().any(|law| law == ground.source()) {
            basis.insert(0, ground.source().into());
        }
        let measures = match opening.measures {
            None => "未采取强制措施。".into(),
            part => self.text(part),
        };
        LeadTransfer {
            head: self.head(number, &opening.exhibits),
            to,
            cause: title,
            case_number: self.case_number(),
            source: opening.over.as_ref().map_or_else(|| "工作中发现".into(), |n| format!("本机关办件 {n}")),
            found: opening.found.map(day),
            parties: if subject.is_empty() { Vec::new() } else { vec![party] },
            facts,
            reason,
            grounds: grounds.into(),
            basis,
            measures,
            materials,
            answer_by: Some(last_day(opening.due)),
        }
    }

    fn request(&self, opening: &Opening, number: Number, title: String, to: String) -> AssistanceRequest {
        let asks: Vec<&str> = opening.asks.iter().map(|ask| ask.title()).collect();
        let said = ByAsk::of(&self.text(Some(opening.text)), &asks);
        let request = |(ask, detail): (&&str, String)| Request { kind: (*ask).into(), detail };
        let own = opening.asks.contains(&Ask::HelpEnforce).then_some(IN_ITS_OWN_NAME);
        let known = [self.text(opening.subject), self.text(opening.place)];
        let mut known: Vec<String> =
            known.into_iter().filter(|k| !k.is_empty()).map(|k| format!("{k}。")).collect();
        known.extend(Some(said.before).filter(|before| !before.is_empty()));
        AssistanceRequest {
            head: self.head(number, &opening.exhibits),
            to,
            cause: title,
            case_number: self.case_number(),
            known: known.join("\n"),
            requests: asks.iter().zip(said.of_each).map(request).collect(),
            detail: [Some(said.of_all.as_str()).filter(|d| !d.is_empty()), own]
                .into_iter()
                .flatten()
                .collect::<Vec<_>>()
                .join("\n"),
            basis: self.basis(),
            due: last_day(opening.due),
            privacy: "涉及个人信息的，仅限本案使用，不得转交他人。".into(),
            reply_way: "通过协作节点复函。".into(),
            officers: self.in_charge(),
        }
    }

    fn reply(
        &self,
        (note, undone, decision): (PartRef, Option<PartRef>, Option<&str>),
        exhibits: &[Provenance],
        number: Number,
        title: String,
        to: String,
    ) -> AssistanceReply {
        let (in_reply_to, received) = self.answered();
        let asked: Vec<_> = self.opening().asks.iter().map(|a| a.title()).collect();
        let said = ByAsk::of(&self.text(Some(note)), &asked);
        let outcome = |(ask, result): (&&str, String)| Outcome { request: (*ask).into(), result };
        let mut outcomes: Vec<Outcome> =
            asked.iter().zip(said.of_each).map(outcome).filter(|o| !o.result.is_empty()).collect();
        if outcomes.is_empty() {
            outcomes.push(Outcome { request: asked.join("、"), result: said.of_all });
        }
        if let Some(number) = decision {
            let result = format!(
                "本机关以自己的名义作出{number}，依本机关职权实施。当事人不服的，对本机关的决定依法申请行政复议或者提起行政诉讼。"
            );
            outcomes.push(Outcome { request: "协助执行的决定".into(), result });
        }
        // What fewer than two officers took is material, not evidence.
        let (evidence, other): (Vec<_>, Vec<_>) = exhibits.iter().partition(|p| is_evidence(p));
        let others: Vec<Provenance> = other.into_iter().cloned().collect();
        AssistanceReply {
            head: self.head(number, &others),
            to,
            in_reply_to,
            received,
            cause: title,
            outcomes,
            preface: said.before,
            qualification: match (evidence.is_empty(), others.is_empty()) {
                (true, _) => String::new(),
                (false, true) => QUALIFIED.into(),
                (false, false) => {
                    let names: Vec<_> = others.iter().map(named_file).collect();
                    format!(
                        "{QUALIFIED}另附取证人不足两名或未注明执法证号的材料，作为线索提供：{}。",
                        names.join("、")
                    )
                }
            },
            evidence: evidence.into_iter().map(|p| self.evidence(p)).collect(),
            unfinished: undone
                .map(|part| Unfinished { request: asked.join("、"), reason: self.text(Some(part)) })
                .into_iter()
                .collect(),
            forwarded: None,
        }
    }

    /// Who is in charge of a request for assistance: who is named as that, else whoever drafted it.
    fn in_charge(&self) -> Vec<Officer> {
        match self.opening().officers.as_slice() {
            [] => self.drafter(),
            named => named.iter().map(officer).collect(),
        }
    }

    /// Whoever drafted the opening, when it is an officer with a certificate.
    pub(super) fn drafter(&self) -> Vec<Officer> {
        let contact = self.opening().contact.iter().filter(|c| !c.certificate.is_empty());
        contact
            .map(|c| Officer {
                name: c.name.clone(),
                certificate: c.certificate.clone(),
                unit: String::new(),
            })
            .collect()
    }

    fn letter(&self, number: Number, title: String, in_reply_to: String, to: Vec<String>) -> Letter {
        let act = &self.said.act;
        let opens = matches!(act, Act::Open(_));
        let (subject, ending) = match (act, self.file.form) {
            (Act::Open(_), form) => (
                subject::opening(form, &title),
                match form {
                    Form::Evidence => "特此函告，请予接收并认定。",
                    Form::Bulletin => "特此函告。",
                    _ => "特此函商，盼复。",
                },
            ),
            (Act::Extended { .. }, _) => {
                (format!("关于延期答复{}的函", subject::answered(&title)), "特此函告。")
            }
            (Act::Withdrawn { .. }, form) => (subject::withdrawal(form, &title), "特此函告。"),
            (Act::Granted { .. }, _) => (subject::grant(&title), "特此函复。"),
            _ => (format!("关于{}的函", subject::stem(&title)), "特此函告。"),
        };
        let mut text = self.text(act.note());
        if let Act::Open(opening) = act {
            text.push_str(&self.of_away(opening));
        }
        if let Act::Extended { until, .. } = act {
            let last = last_day(*until).strftime("%Y年%-m月%-d日");
            text.push_str(&format!("\n本机关将于{last}前答复。"));
        }
        Letter {
            head: self.head(number, act.exhibits()),
            to,
            subject,
            in_reply_to: if opens { String::new() } else { in_reply_to },
            text,
            basis: self.basis(),
            ending: ending.into(),
        }
    }
}

/// What was refused, after 请求协助: the word is not said again.
fn assisted(title: &str) -> String {
    let asked = subject::answered(title);
    asked.strip_prefix("协助").map_or_else(|| asked.clone(), str::to_owned)
}

/// Only what officers bring who go there themselves; recognising a penalty lets nobody act.
fn opened_for(opening: &Opening) -> bool {
    opening.away == Some(AwayKind::Inspect) && opening.officers.len() >= TAKERS_MIN
}

/// What fewer than two officers with certificates took is material, not evidence (行政处罚法 42).
pub(super) fn is_evidence(p: &Provenance) -> bool {
    p.takers.len() >= TAKERS_MIN && p.takers.iter().all(|t| !t.certificate().is_empty())
}

pub(super) fn named_file(p: &Provenance) -> String {
    let name = if p.name.is_empty() { "材料" } else { &p.name };
    format!("{name}（摘要 {}）", p.exhibit.digest.short())
}

fn material(p: &Provenance) -> Material {
    let takers: Vec<_> = p.takers.iter().map(ToString::to_string).collect();
    Material { name: named_file(p), amount: "1份".into(), note: takers.join("、") }
}

/// Somebody as documents name him.
pub(super) fn officer(taker: &Taker) -> Officer {
    Officer { name: taker.name().into(), certificate: taker.certificate().into(), unit: String::new() }
}

/// A moment as it stands on paper, in Beijing.
pub(super) fn hour(at: Timestamp) -> jiff::civil::DateTime {
    at.to_zoned(jiff::tz::TimeZone::fixed(jiff::tz::offset(8))).datetime()
}

impl App {
    /// Refuses a letter in the making of which something is missing that must stand on paper, before it is reviewed or signed.
    ///
    /// # Errors
    /// What is missing, by its name on paper.
    pub(crate) async fn printable(&self, id: DocketId) -> Result<(), Refusal> {
        let shared = &self.inner.shared;
        let lives =
            shared.lives_without_words(&self.inner.store, &[id]).await.map_err(|e| unavailable(&e))?;
        let Some(file) = lives.get(&id).and_then(|live| file_of(&live.state)) else { return Ok(()) };
        let Some(draft) = &file.draft else { return Ok(()) };
        let mut act = draft.act.clone();
        act.number(SAMPLE_NUMBER.into());
        let parts = file.story().into_iter().flat_map(|(_, s)| s.act.parts()).chain(act.parts());
        let parts: Vec<Digest> = parts.map(|p| p.digest).collect();
        let rows = self.inner.store.journal.parts(&parts).await.map_err(|e| unavailable(&e))?;
        let texts: HashMap<Digest, String> = opened(&rows, id, self.inner.shared.keys());
        let (directory, now) = (self.directory(), self.now());
        let said = Said {
            seq: 0,
            at: now,
            here: now,
            actor: directory.person_name(&draft.by).to_owned(),
            act,
            digest: Digest::ZERO,
            envelope: None,
            counts: None,
        };
        let Some(paper) = number_of(file, &said).map(str::to_owned) else { return Ok(()) };
        let node = file.me().clone();
        let desk = Desk { file, node: &node, said: &said, texts: &texts, directory: &directory };
        desk.document(&paper)?.check().map_err(|error| unprintable(&error))
    }
}

impl Desk<'_> {
    /// A piece of evidence with its provenance; what was not in custody before is proved by the letter's own entry.
    pub(super) fn evidence(&self, p: &Provenance) -> Evidence {
        let matter = |matter: &str| format!("本机关办件 {matter}");
        Evidence {
            name: if p.name.is_empty() { "材料".into() } else { p.name.clone() },
            kind: papers::kind_of(p).title().into(),
            amount: "1份".into(),
            source: if p.matter.is_empty() { "本机关调查取得".into() } else { matter(&p.matter) },
            takers: p.takers.iter().map(officer).collect(),
            taken: hour(p.taken_at.unwrap_or(self.said.at)),
            place: String::new(),
            digest: Some(p.exhibit.digest),
            proof: match p.pos {
                Some(pos) => format!("存证位置 {pos}"),
                None => format!("随文存证，记录摘要 {}", self.said.digest.short()),
            },
        }
    }
}

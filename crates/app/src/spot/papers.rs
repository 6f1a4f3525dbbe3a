//! Papers of sheets and slips as PDF: 当场行政处罚决定书 (D18), 温馨提示单 (D33), 警示单 (D34), on A4 or on the roll of a pocket printer.

use super::{sheet_of, slips_of};
use crate::penalty::{
    Particulars, PrintedPaper, day, money, officer_on_paper, print, remedy_on, subject_on_paper, term_words,
};
use crate::sequencer::{Step, Submission, To};
use crate::shared::unavailable;
use crate::submit::sha256;
use crate::{App, Caller};
use bytes::Bytes;
use jiff::civil::Date;
use lianzhi_ids::{Digest, DocketId, PersonCode, UnitCode};
use lianzhi_law::{SubjectKind, citation};
use lianzhi_paper::{
    Check, Collected, Contact, Disobeyed, Document, Due, Extras, Head, Marks, Number, OnSpotDecision, Paper,
    Payment, Penalties, Penalty, SpotPayment, Tip, Unsigned, WarningSlip,
};
use lianzhi_procedure::directory::Directory;
use lianzhi_procedure::penalty::{Adopted, Basis, OnSiteGround};
use lianzhi_procedure::slip::{self, File, Level};
use lianzhi_procedure::spot::{self, Opening, Outcome, Sheet};
use lianzhi_procedure::{Actor, AnyCommand, AnyState, ExhibitRef, LookUps, PartRef, Refusal, Text};
use serde_json::Value;
use std::collections::HashMap;

/// Under which name a printed paper is kept.
const KEPT: &str = "case_paper";
/// Every paper that a decision or a slip is printed on.
const SIZES: [Paper; 3] = [Paper::A4, Paper::Roll80, Paper::Roll58];

/// Texts that a paper is written from.
pub(super) struct Texts(HashMap<Digest, String>);

impl Texts {
    pub(super) fn of(&self, part: PartRef) -> String {
        self.0.get(&part.digest).cloned().unwrap_or_default()
    }
}

/// A paper of a sheet or of slips.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Which {
    /// 当场行政处罚决定书.
    Decision,
    /// 同意延期（分期）缴纳罚款通知书, of the last grant.
    Plan,
    /// 履行义务催告书.
    Demand,
    /// 强制执行申请书.
    Application,
    /// 撤销行政处罚决定书.
    Revocation,
    /// 更正通知书, of the last correction.
    Amendment,
    /// 不予行政处罚决定书.
    Spared,
    /// 改正承诺书, for the party to sign.
    Commitment,
    /// The slip at this place.
    Slip(usize),
}

/// The paper `n` with its number: of a sheet the decision (1), its demand (2), its application to the court (3), what withdraws
/// (4) and what corrects (5) it, the time that was given to pay (7); where it was spared that decision (1) and the promise (6); of slips the one that was given so
/// many-th, the last when none is named. None when it is not there yet.
fn which(state: &AnyState, n: Option<usize>) -> Option<(Which, String)> {
    if let Some(sheet) = sheet_of(state) {
        if matches!(sheet.outcome, Outcome::Open) && n == Some(6) {
            return Some((Which::Commitment, format!("承诺书-{}", sheet.opening.number)));
        }
        if let Outcome::Spared { sparing, .. } = &sheet.outcome {
            return match (n, sparing.promise) {
                (None | Some(1), _) => Some((Which::Spared, sparing.number.clone())),
                (Some(6), Some(_)) => Some((Which::Commitment, format!("承诺书-{}", sheet.opening.number))),
                _ => None,
            };
        }
        let decision = sheet.imposed()?;
        return match n {
            Some(4) => decision.withdrawn.as_ref().map(|w| (Which::Revocation, w.number.clone())),
            Some(5) => decision.amended.last().map(|a| (Which::Amendment, a.number.clone())),
            Some(6) => None,
            Some(7) => decision.deferrals.last().map(|plan| (Which::Plan, plan.number.clone())),
            Some(2) => decision.demand.as_ref().map(|demand| (Which::Demand, demand.number.clone())),
            Some(3) => decision.applications.last().map(|a| (Which::Application, a.number.clone())),
            _ => Some((Which::Decision, sheet.opening.number.clone())),
        };
    }
    let slips = slips_of(state)?;
    let at = n.unwrap_or(slips.papers.len()).checked_sub(1)?;
    slips.papers.get(at).map(|(paper, ..)| (Which::Slip(at), paper.number.clone()))
}

/// The A4 of a paper in custody: the decision as it was handed over, the slip as it was printed first.
fn kept(state: &AnyState, which: Which) -> Option<&ExhibitRef> {
    match which {
        Which::Decision => sheet_of(state)?.imposed()?.handed.as_ref()?.kept.as_ref(),
        Which::Spared => match &sheet_of(state)?.outcome {
            Outcome::Spared { handed, .. } => handed.as_ref()?.kept.as_ref(),
            _ => None,
        },
        Which::Slip(at) => slips_of(state)?.kept(u16::try_from(at + 1).ok()?),
        _ => None,
    }
}

/// What is written on a paper after its number was given: signatures, how it is paid, that it was not signed.
fn written(state: &AnyState, which: Which) -> String {
    let Some(decision) = sheet_of(state).and_then(|s| s.imposed()) else { return String::new() };
    match which {
        Which::Decision => {}
        // Of those of which there may be several the last is printed.
        Which::Amendment => return decision.amended.len().to_string(),
        Which::Plan => return decision.deferrals.len().to_string(),
        _ => return String::new(),
    }
    let drawn = decision.drawn.iter().map(|drawn| drawn.exhibit.digest.to_string());
    let money = decision.money_on_paper();
    let taken = money.receipts.iter().filter_map(|r| r.on_site.as_ref()).map(|o| o.ticket.clone());
    let refused = decision.handed.as_ref().filter(|h| h.refused).and_then(|h| h.note);
    let refused = refused.map(|note| note.digest.to_string());
    drawn.chain(money.code.clone()).chain(taken).chain(refused).collect::<Vec<_>>().join("+")
}

impl App {
    /// The paper `n` of a sheet: the decision, its demand (2), its application to the court (3) …; or the slip `n` of those given (from 1; the last when
    /// none is named).
    ///
    /// # Errors
    /// When there is none that the caller may see, or something is missing that must stand on it.
    pub async fn spot_paper(
        &self,
        who: &Caller,
        id: DocketId,
        n: Option<usize>,
        size: Paper,
    ) -> Result<PrintedPaper, Refusal> {
        self.row_for(who, id).await?;
        let live = self.live(id).await?;
        let missing = || Refusal::missing("没有这份文书。");
        hands(&live.state).ok_or_else(missing)?;
        self.may_know_party(who, &live.state)?;
        // Its particulars are read: no look without its line.
        self.record_access(who, "particulars", Some(id), "打印文书").await?;
        let (which, name) = which(&live.state, n).ok_or_else(missing)?;
        let pdf = self.spot_pdf(id, &live.state, which, size).await?;
        self.keep_slip(id, &live.state, which, &name).await?;
        Ok(PrintedPaper { name: format!("{name}.pdf"), pdf })
    }

    /// The bytes of a paper: as it was handed over, as it was printed, else printed now and kept. What the party has in its hands is
    /// printed the same again.
    async fn spot_pdf(
        &self,
        id: DocketId,
        state: &AnyState,
        which: Which,
        size: Paper,
    ) -> Result<Bytes, Refusal> {
        if let Some(kept) = kept(state, which).filter(|_| size == Paper::A4)
            && let Some(pdf) = self.exhibit_bytes(kept.digest).await?
        {
            return Ok(pdf);
        }
        let key = self.spot_key(id, state, which, size);
        if let Some(pdf) = self.inner.store.blobs.derived(key, KEPT).await.map_err(|e| unavailable(&e))? {
            return Ok(pdf);
        }
        let pdf = self.make_spot(id, state, which, size, None).await?;
        self.inner.store.blobs.put_derived(key, KEPT, pdf.clone()).await.map_err(|e| unavailable(&e))?;
        Ok(pdf)
    }

    /// Takes a slip into custody as it is printed for the first time: it was handed over before, and says the same for ever.
    async fn keep_slip(
        &self,
        id: DocketId,
        state: &AnyState,
        which: Which,
        number: &str,
    ) -> Result<(), Refusal> {
        let Which::Slip(at) = which else { return Ok(()) };
        if kept(state, which).is_some() {
            return Ok(());
        }
        let pdf = self.spot_pdf(id, state, which, Paper::A4).await?;
        let exhibit = self.take_into_custody(pdf, &format!("{number}.pdf"), "application/pdf").await?;
        let n = u16::try_from(at + 1).unwrap_or(u16::MAX);
        let step = Step::new(To::Docket(id), AnyCommand::Slip(slip::Command::Keep { n }));
        let look_ups = LookUps { printed: Some(exhibit), ..LookUps::default() };
        let steps = vec![Step { look_ups, ..step }];
        let submission = Submission { actor: Actor::System, steps, key: None, extra: Value::Null };
        self.inner.sequencer.submit(submission).await.map(|_| ())
    }

    /// Under which key a paper is kept once it was printed: it changes with what is written on it.
    fn spot_key(&self, id: DocketId, state: &AnyState, which: Which, size: Paper) -> Digest {
        self.keyed("spot-paper", &format!("{id}/{which:?}/{size:?}/{}", written(state, which)))
    }

    /// Prints the decision that is being handed over and takes the bytes into custody, so that it is printed the same for ever.
    /// Nothing when it cannot be printed here; what it lacks then, where that is why.
    pub(super) async fn kept_decision(
        &self,
        id: DocketId,
        state: &AnyState,
        command: &spot::Command,
    ) -> Result<(Option<ExhibitRef>, Vec<String>), Refusal> {
        let nothing = (None, Vec::new());
        let spot::Command::Hand { refused, note, .. } = command else { return Ok(nothing) };
        let Some((paper @ (Which::Decision | Which::Spared), number)) = which(state, None) else {
            return Ok(nothing);
        };
        let printed = match (refused, note) {
            (true, Text::Plain(note)) if paper == Which::Decision => {
                let unsigned = Unsigned { reason: REFUSED.into(), witness: note.trim().to_owned() };
                self.make_spot(id, state, Which::Decision, Paper::A4, Some(unsigned)).await
            }
            _ => self.spot_pdf(id, state, paper, Paper::A4).await,
        };
        match printed {
            Ok(pdf) => {
                let kept = self.take_into_custody(pdf, &format!("{number}.pdf"), "application/pdf").await?;
                Ok((Some(kept), Vec::new()))
            }
            Err(refusal) => Ok((None, crate::penalty::named_in(&refusal))),
        }
    }

    /// Digests of the files that were issued as the paper `n`: the scan of what was signed, what was handed over, and what this
    /// node printed.
    pub(crate) async fn spot_issued(
        &self,
        id: DocketId,
        state: &AnyState,
        n: u16,
    ) -> Result<Vec<Digest>, Refusal> {
        let Some((which, _)) = which(state, Some(usize::from(n))) else { return Ok(Vec::new()) };
        let mut all = Vec::new();
        all.extend(kept(state, which).map(|exhibit| exhibit.digest));
        let handed = sheet_of(state).and_then(|s| s.imposed()).and_then(|d| d.handed.as_ref());
        let files = handed.filter(|_| which == Which::Decision).into_iter().flat_map(|handed| &handed.files);
        all.extend(files.filter(|file| file.media == "application/pdf").map(|exhibit| exhibit.digest));
        for size in SIZES {
            let key = self.spot_key(id, state, which, size);
            let printed = self.inner.store.blobs.derived(key, KEPT).await.map_err(|e| unavailable(&e))?;
            all.extend(printed.map(|pdf| sha256(&pdf)));
        }
        Ok(all)
    }

    /// Prints a paper. A decision that is refused while it is handed over says so with what is being noted of it.
    async fn make_spot(
        &self,
        id: DocketId,
        state: &AnyState,
        which: Which,
        size: Paper,
        unsigned: Option<Unsigned>,
    ) -> Result<Bytes, Refusal> {
        let missing = || Refusal::missing("没有这份文书。");
        let (subject, parts) = match (sheet_of(state), slips_of(state)) {
            (Some(sheet), _) => (&sheet.opening.subject, &sheet.texts),
            (None, Some(slips)) => (&slips.given.subject, &slips.texts),
            (None, None) => return Err(missing()),
        };
        let digests: Vec<Digest> =
            parts.iter().map(|p| p.digest).chain([subject.particulars.digest]).collect();
        let rows = self.inner.store.journal.parts(&digests).await.map_err(|e| unavailable(&e))?;
        let open = |row: &crate::ports::PartRow| Some((row.digest, self.inner.shared.keys().open(row)?));
        let texts = Texts(rows.iter().filter_map(open).collect());
        let particulars = texts.0.get(&subject.particulars.digest).map(|text| Particulars::read(text));
        let particulars =
            particulars.ok_or_else(|| Refusal::missing("当事人信息已经删除，文书不能再制作。"))?;
        let directory = self.directory();
        let mut extras = Extras::default();
        let document = match (which, sheet_of(state), slips_of(state)) {
            (Which::Plan, Some(sheet), _) => {
                super::enforce::plan(sheet, &particulars, &texts, &directory, self.check_of(id, 7))?
            }
            (Which::Demand, Some(sheet), _) => {
                super::enforce::demand(sheet, &particulars, &directory, self.check_of(id, 2))?
            }
            (Which::Application, Some(sheet), _) => {
                super::enforce::application(sheet, &particulars, &texts, &directory, self.check_of(id, 3))?
            }
            (Which::Spared, Some(sheet), _) => {
                super::mend::spared(sheet, &particulars, &texts, &directory, self.check_of(id, 1))?
            }
            (Which::Commitment, Some(sheet), _) => {
                super::mend::commitment(sheet, &particulars, &texts, &directory)?
            }
            (Which::Revocation, Some(sheet), _) => {
                super::mend::revocation(sheet, &particulars, &texts, &directory, self.check_of(id, 4))?
            }
            (Which::Amendment, Some(sheet), _) => {
                super::mend::amendment(sheet, &particulars, &texts, &directory, self.check_of(id, 5))?
            }
            (Which::Decision, Some(sheet), _) => {
                for drawn in sheet.imposed().iter().flat_map(|decision| &decision.drawn) {
                    if let Some(picture) = self.exhibit_bytes(drawn.exhibit.digest).await? {
                        extras.signatures.push((drawn.signer.code(), picture.to_vec()));
                    }
                }
                let check = self.check_of(id, 1);
                decision(sheet, &particulars, &texts, &directory, (size, check), unsigned)?
            }
            (Which::Slip(at), _, Some(slips)) => {
                let check = self.check_of(id, u16::try_from(at + 1).unwrap_or(u16::MAX));
                slip_paper(slips, at, &particulars, &texts, &directory, size, check)?
            }
            _ => return Err(missing()),
        };
        print(document, extras).await
    }
}

/// Who dealt with it, and of which unit.
pub(crate) fn hands(state: &AnyState) -> Option<(Vec<PersonCode>, &UnitCode)> {
    if let Some(sheet) = sheet_of(state) {
        let officers = sheet.opening.officers.iter().map(|o| o.person.clone());
        return Some((officers.collect(), &sheet.opening.unit));
    }
    slips_of(state).map(|slips| (vec![slips.by.clone()], &slips.given.unit))
}

pub(super) fn head(
    directory: &Directory,
    number: Option<Number>,
    at: jiff::Timestamp,
    officer: &str,
    check: Option<Check>,
) -> Head {
    let settings = &directory.settings.papers;
    Head {
        issuer: directory.settings.agency.clone(),
        number,
        date: day(at),
        marks: Marks::default(),
        attachments: Vec::new(),
        contact: Contact {
            name: officer.to_owned(),
            phone: settings.phone.clone(),
            address: settings.address.clone(),
        },
        copies: Vec::new(),
        check,
    }
}

/// What stands where the party did not sign.
const REFUSED: &str = "当事人拒绝签名";

/// The preset number of a form, read back: 沪青当罚字〔2026〕310118104-000012号.
fn preset(text: &str, unit: &str) -> Option<Number> {
    let (word, rest) = text.split_once('〔')?;
    let (year, rest) = rest.split_once('〕')?;
    let branch = format!("{unit}-");
    let serial = rest.strip_prefix(&branch)?.strip_suffix('号')?;
    Some(Number::case(word, year.parse().ok()?, branch, serial.parse().ok()?))
}

/// The article that was violated; where the data name none, the rule itself.
pub(super) fn breached(basis: &Basis) -> Vec<String> {
    match basis.prohibits.as_str() {
        "" => vec![basis.cite()],
        article => vec![citation(&basis.law, article)],
    }
}

/// The order to correct that was not followed, where the rule punishes only that.
fn disobeyed(opening: &Opening) -> Option<Disobeyed> {
    if !opening.basis.order_first {
        return None;
    }
    if let Some(lapsed) = &opening.lapsed {
        let order = format!("本机关{}发出{}责令改正", chinese(lapsed.on), lapsed.number);
        return Some(Disobeyed { order, until: Some(lapsed.until) });
    }
    let at = jiff::tz::offset(8).to_datetime(opening.ordered_at.unwrap_or(opening.shown));
    let (hour, minute) = (at.hour(), at.minute());
    let order = format!("执法人员于{}{hour}时{minute:02}分当场责令改正", chinese(at.date()));
    opening.disobeyed.then_some(Disobeyed { order, until: None })
}

/// A day as papers write it.
fn chinese(day: Date) -> String {
    format!("{}年{}月{}日", day.year(), day.month(), day.day())
}

fn decision(
    sheet: &Sheet,
    particulars: &Particulars,
    texts: &Texts,
    directory: &Directory,
    (size, check): (Paper, Option<Check>),
    unsigned: Option<Unsigned>,
) -> Result<Document, Refusal> {
    let decision = sheet.imposed().ok_or_else(|| Refusal::missing("还没有作出当场处罚决定。"))?;
    let opening = &sheet.opening;
    let settings = &directory.settings.papers;
    let officer = opening.officers.first().map(|o| o.name.clone()).unwrap_or_default();
    let on = day(decision.at);
    let words = |key| term_words(directory, key, on).unwrap_or_default();
    let mut penalties = Vec::new();
    if decision.sanction.warning {
        penalties.push(Penalty::Warning);
    }
    if decision.sanction.fine > 0 {
        penalties.push(Penalty::Fine { amount: money(decision.sanction.fine), conduct: String::new() });
    }
    let money_then = decision.money_on_paper();
    let on_site = money_then.receipts.iter().find_map(|receipt| receipt.on_site.as_ref());
    let payment = match (on_site, decision.sanction.fine) {
        (_, 0) => SpotPayment::None,
        (Some(on_site), _) => SpotPayment::Collected {
            why: match on_site.ground {
                OnSiteGround::Small => Collected::Small,
                OnSiteGround::Hard => Collected::HardLater,
                OnSiteGround::Remote => Collected::Remote,
            },
            receipt: on_site.ticket.clone(),
        },
        (None, _) => SpotPayment::Bank(Payment {
            due: Due::Words(words("pay.fine")),
            surcharge: words("pay.surcharge"),
            ways: settings.pay_ways.clone(),
            code: money_then.code.clone().unwrap_or_default(),
        }),
    };
    let heard = sheet.heard.as_ref();
    let defence = match heard.and_then(|h| h.statement.map(|s| (s, h.answer))) {
        None => "当事人没有陈述、申辩意见。".to_owned(),
        Some((said, answer)) => {
            let answer = answer.map(|(adopted, why)| {
                let adopted = match adopted {
                    Adopted::All => "予以采纳",
                    Adopted::Some => "部分采纳",
                    Adopted::None => "不予采纳",
                };
                format!("经复核，{adopted}。{}", texts.of(why))
            });
            format!("当事人陈述、申辩：{}{}", texts.of(said), answer.unwrap_or_default())
        }
    };
    let refused = decision.handed.as_ref().filter(|h| h.refused);
    Ok(OnSpotDecision {
        head: head(directory, preset(&opening.number, opening.unit.as_str()), decision.at, &officer, check),
        paper: size,
        subject: subject_on_paper(opening.subject.kind, particulars),
        conduct: (opening.violation.from, opening.violation.to),
        handled: jiff::tz::offset(8).to_datetime(sheet.there),
        place: texts.of(opening.place),
        facts: texts.of(opening.violation.facts),
        disobeyed: disobeyed(opening),
        order: opening.ordered.map(|ordered| texts.of(ordered)).unwrap_or_default(),
        breached: breached(&opening.basis),
        basis: vec![opening.basis.cite()],
        penalties: Penalties(penalties),
        payment,
        defence,
        remedy: remedy_on(directory, on),
        officers: opening.officers.iter().map(officer_on_paper).collect(),
        unsigned: unsigned.or_else(|| {
            refused.map(|h| Unsigned {
                reason: REFUSED.into(),
                witness: h.note.map(|note| texts.of(note)).unwrap_or_default(),
            })
        }),
        // Handed over first, reported afterwards: the day is written in by hand.
        recorded: None,
    }
    .into())
}

fn slip_paper(
    slips: &File,
    at: usize,
    particulars: &Particulars,
    texts: &Texts,
    directory: &Directory,
    size: Paper,
    check: Option<Check>,
) -> Result<Document, Refusal> {
    let missing = || Refusal::missing("没有这份文书。");
    let (paper, when, _) = slips.papers.get(at).ok_or_else(missing)?;
    let head = head(directory, paper.number.parse::<Number>().ok(), *when, &paper.officer.name, check);
    let points: Vec<String> = texts.of(paper.note).lines().map(str::to_owned).collect();
    let item = directory.law.item(&slips.given.item).ok();
    let kind = match slips.given.subject.kind.is_unit() {
        true => SubjectKind::Entity,
        false => SubjectKind::Person,
    };
    let place = directory.law.place(directory.node.as_str()).ok();
    let rules = item.iter().flat_map(|item| &item.bases).filter(|basis| {
        basis.in_force(day(*when))
            && basis.kinds.contains(&kind)
            && basis.enforcer.is_none()
            && place.as_ref().is_some_and(|place| basis.jurisdiction.covers(place))
    });
    let mut rules: Vec<String> = rules.map(lianzhi_law::Basis::citation).collect();
    rules.dedup();
    let before = slips
        .papers
        .iter()
        .take(at)
        .map(|(p, when, _)| format!("{}发{}（{}）", chinese(day(*when)), p.level.title(), p.number));
    let said = |part: Option<PartRef>| part.map(|part| texts.of(part)).unwrap_or_default();
    Ok(match paper.level {
        Level::Tip => Tip {
            head,
            paper: size,
            to: particulars.name.clone(),
            place: texts.of(slips.given.place),
            points,
            due: paper.until.map(Due::On),
            rules,
            guide: said(paper.guide),
            officers: vec![officer_on_paper(&paper.officer)],
        }
        .into(),
        Level::Warning => WarningSlip {
            head,
            paper: size,
            to: particulars.name.clone(),
            place: texts.of(slips.given.place),
            before: before.collect::<Vec<_>>().join("；"),
            facts: match said(paper.found) {
                found if found.is_empty() => slips.given.item_name.clone(),
                found => found,
            },
            consequences: match rules.is_empty() {
                true => "逾期没有改正的，依法处理。".into(),
                false => format!("逾期没有改正的，依照{}给予行政处罚。", rules.join("、")),
            },
            demands: points,
            due: paper.until.map_or_else(|| Due::Words("立即".into()), Due::On),
            officers: vec![officer_on_paper(&paper.officer)],
        }
        .into(),
    })
}

/// The paper of a printer: a roll of 58 or 80 mm, else A4.
#[must_use]
pub const fn size(roll: Option<u8>) -> Paper {
    match roll {
        Some(58) => Paper::Roll58,
        Some(80) => Paper::Roll80,
        _ => Paper::A4,
    }
}

//! Papers of sheets and slips as PDF: 当场行政处罚决定书 (D18), 温馨提示单 (D33), 警示单 (D34), on A4 or on the roll of a pocket printer.

use super::{sheet_of, slips_of};
use crate::penalty::{Particulars, PrintedPaper, day, money, officer_on_paper, print, subject_on_paper};
use crate::{App, Caller};
use lianzhi_ids::{Digest, DocketId, PersonCode};
use lianzhi_law::citation;
use lianzhi_paper::{
    Check, Collected, Contact, Document, Due, Head, Marks, Number, OnSpotDecision, Paper, Payment, Penalties,
    Penalty, Remedy, SpotPayment, Tip, Unsigned, WarningSlip,
};
use lianzhi_procedure::directory::Directory;
use lianzhi_procedure::penalty::{Adopted, Basis, OnSiteGround};
use lianzhi_procedure::policy::{self, Matter};
use lianzhi_procedure::slip::{File, Level};
use lianzhi_procedure::spot::Sheet;
use lianzhi_procedure::{LookUps, PartRef, Refusal};
use std::collections::HashMap;

/// Under which name a printed paper is kept.
const KEPT: &str = "case_paper";

/// Texts that a paper is written from.
pub(super) struct Texts(HashMap<Digest, String>);

impl Texts {
    pub(super) fn of(&self, part: PartRef) -> String {
        self.0.get(&part.digest).cloned().unwrap_or_default()
    }
}

impl App {
    /// The decision, its demand (2) or its application to the court (3); or the slip `n` of those given (from 1; the last when
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
        let missing = || Refusal::missing("没有这份文书。");
        let live = self.live(id).await?;
        let (subject, officers, unit, parts) = if let Some(sheet) = sheet_of(&live.state) {
            let o = &sheet.opening;
            let officers: Vec<PersonCode> = o.officers.iter().map(|o| o.person.clone()).collect();
            (&o.subject, officers, &o.unit, sheet.texts.clone())
        } else {
            let slips = slips_of(&live.state).ok_or_else(missing)?;
            (&slips.given.subject, vec![slips.by.clone()], &slips.given.unit, slips.texts.clone())
        };
        let directory = self.directory();
        if !who.actor.person().is_some_and(|person| officers.contains(person)) {
            let (duty, look_ups) = (self.duty(), LookUps::default());
            let matter = Matter { unit: Some(unit), ..Matter::default() };
            policy::permit(
                &self.facts(&who.actor, &directory, &duty, &look_ups),
                "party_particulars",
                &matter,
            )?;
        }
        // Its particulars are read: no look without its line.
        self.record_access(who, "particulars", Some(id), "打印文书").await?;
        // What was printed once is what the party has in its hands: it is printed the same again.
        let name = paper_name(&live.state, n).ok_or_else(missing)?;
        let key = self.keyed("spot-paper", &format!("{id}/{name}/{size:?}"));
        let kept =
            self.inner.store.blobs.derived(key, KEPT).await.map_err(|e| crate::shared::unavailable(&e))?;
        if let Some(pdf) = kept {
            return Ok(PrintedPaper { name: format!("{name}.pdf"), pdf });
        }
        let digests: Vec<Digest> =
            parts.iter().map(|p| p.digest).chain([subject.particulars.digest]).collect();
        let rows =
            self.inner.store.journal.parts(&digests).await.map_err(|e| crate::shared::unavailable(&e))?;
        let open = |row: &crate::ports::PartRow| Some((row.digest, self.inner.shared.keys().open(row)?));
        let texts = Texts(rows.iter().filter_map(open).collect());
        let particulars = texts.0.get(&subject.particulars.digest).map(|text| Particulars::read(text));
        let particulars =
            particulars.ok_or_else(|| Refusal::missing("当事人信息已经删除，文书不能再制作。"))?;
        let (document, name) = match (sheet_of(&live.state), slips_of(&live.state)) {
            (Some(sheet), _) => match n {
                Some(2) => super::enforce::demand(sheet, &particulars, &directory)?,
                Some(3) => super::enforce::application(sheet, &particulars, &texts, &directory)?,
                _ => (
                    decision(sheet, &particulars, &texts, &directory, size, self.check_of(id, 1))?,
                    sheet.opening.number.clone(),
                ),
            },
            (None, Some(slips)) => {
                let last = slips.papers.len();
                let at = n.unwrap_or(last).checked_sub(1).ok_or_else(missing)?;
                let (paper, ..) = slips.papers.get(at).ok_or_else(missing)?;
                let check = self.check_of(id, u16::try_from(at + 1).unwrap_or(u16::MAX));
                (slip(slips, at, &particulars, &texts, &directory, size, check)?, paper.number.clone())
            }
            (None, None) => return Err(missing()),
        };
        let pdf = print(document).await?;
        let put = self.inner.store.blobs.put_derived(key, KEPT, pdf.clone()).await;
        put.map_err(|e| crate::shared::unavailable(&e))?;
        Ok(PrintedPaper { name: format!("{name}.pdf"), pdf })
    }
}

/// The number under which the decision, or the slip `n` of those given, goes; none when there is none yet.
fn paper_name(state: &lianzhi_procedure::AnyState, n: Option<usize>) -> Option<String> {
    if let Some(sheet) = sheet_of(state) {
        return sheet.imposed().map(|_| sheet.opening.number.clone());
    }
    let slips = slips_of(state)?;
    let at = n.unwrap_or(slips.papers.len()).checked_sub(1)?;
    slips.papers.get(at).map(|(paper, ..)| paper.number.clone())
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

/// The preset number of a form, read back: 沪青当罚字〔2026〕310118104-000012号.
fn preset(text: &str, unit: &str) -> Option<Number> {
    let (word, rest) = text.split_once('〔')?;
    let (year, rest) = rest.split_once('〕')?;
    let branch = format!("{unit}-");
    let serial = rest.strip_prefix(&branch)?.strip_suffix('号')?;
    Some(Number::case(word, year.parse().ok()?, branch, serial.parse().ok()?))
}

/// The article that was violated; where the data name none, the rule itself.
fn breached(basis: &Basis) -> Vec<String> {
    match basis.prohibits.as_str() {
        "" => vec![basis.cite()],
        article => vec![citation(&basis.law, article)],
    }
}

fn decision(
    sheet: &Sheet,
    particulars: &Particulars,
    texts: &Texts,
    directory: &Directory,
    size: Paper,
    check: Option<Check>,
) -> Result<Document, Refusal> {
    let decision = sheet.imposed().ok_or_else(|| Refusal::missing("还没有作出当场处罚决定。"))?;
    let opening = &sheet.opening;
    let settings = &directory.settings.papers;
    let officer = opening.officers.first().map(|o| o.name.clone()).unwrap_or_default();
    let mut penalties = Vec::new();
    if decision.sanction.warning {
        penalties.push(Penalty::Warning);
    }
    if decision.sanction.fine > 0 {
        penalties.push(Penalty::Fine { amount: money(decision.sanction.fine), conduct: String::new() });
    }
    let payment = match (decision.on_site(), decision.sanction.fine) {
        (_, 0) => SpotPayment::None,
        (Some((_, on_site)), _) => SpotPayment::Collected {
            why: match on_site.ground {
                OnSiteGround::Small => Collected::Small,
                OnSiteGround::Hard => Collected::HardLater,
                OnSiteGround::Remote => Collected::Remote,
            },
            receipt: on_site.ticket.clone(),
        },
        (None, _) => SpotPayment::Bank(Payment {
            due: Due::Words("自收到本决定书之日起十五日内".into()),
            ways: settings.pay_ways.clone(),
            code: decision.money.code.clone().unwrap_or_default(),
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
        at: jiff::tz::offset(8).to_datetime(opening.shown),
        place: texts.of(opening.place),
        facts: texts.of(opening.violation.facts),
        breached: breached(&opening.basis),
        basis: vec![opening.basis.cite()],
        penalties: Penalties(penalties),
        payment,
        defence,
        remedy: Remedy { reconsideration: settings.reconsideration.clone(), court: settings.court.clone() },
        officers: opening.officers.iter().map(officer_on_paper).collect(),
        unsigned: refused.map(|h| Unsigned {
            reason: "当事人拒绝签名".into(),
            witness: h.note.map(|note| texts.of(note)).unwrap_or_default(),
        }),
        recorded: decision.lodged.map(day),
    }
    .into())
}

fn slip(
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
    let place = directory.law.place(directory.node.as_str()).ok();
    let rules = item.iter().flat_map(|item| &item.bases).filter(|basis| {
        basis.in_force(day(*when))
            && basis.enforcer.is_none()
            && place.as_ref().is_some_and(|place| basis.jurisdiction.covers(place))
    });
    let mut rules: Vec<String> = rules.map(lianzhi_law::Basis::citation).collect();
    rules.dedup();
    let before = slips.papers.iter().take(at).map(|(p, when, _)| {
        let date = day(*when);
        format!("{}年{}月{}日发{}（{}）", date.year(), date.month(), date.day(), p.level.title(), p.number)
    });
    Ok(match paper.level {
        Level::Tip => {
            Tip { head, paper: size, to: particulars.name.clone(), points, rules, guide: String::new() }
                .into()
        }
        Level::Warning => WarningSlip {
            head,
            paper: size,
            to: particulars.name.clone(),
            before: before.collect::<Vec<_>>().join("；"),
            facts: slips.given.item_name.clone(),
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

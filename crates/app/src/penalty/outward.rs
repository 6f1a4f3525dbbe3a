//! What goes out besides notices and decisions: 询问通知 (D04), 登记保存 (D07, D08), 查封扣押 (D09), 听证通知 (D15), 强制执行 (D24, D25),
//! 移送公安机关 (D28).

use super::book::last_day;
use super::folios::hour;
use super::forms::due_sums;
use super::written::{Writer, cited, date_on_paper, day, money, officer};
use lianzhi_paper::{
    Bench, CourtApplication, CrimeTransfer, Disposal, Document, Due, Enforcement, EnforcementWay,
    HearingSummons, InquiryNotice, Measure, Preservation, PreservationDecision, Seizure, SeizureAct, Served,
};
use lianzhi_procedure::Refusal;
use lianzhi_procedure::penalty::{
    EnforcementKind, Event, MeasureFile, MeasureKind, PaperKind, Proposal, Remedy, RemedyEnd, RemedyKind,
    Scope, Settlement, Term, folios,
};

fn missing() -> Refusal {
    Refusal::missing("没有这份文书。")
}

/// A reconsideration or a lawsuit with its end, as a court reads it.
pub(crate) fn challenged(remedy: &Remedy) -> String {
    let (what, who) = match remedy.kind {
        RemedyKind::Reconsideration => ("申请行政复议", "行政复议机关"),
        RemedyKind::Lawsuit => ("提起行政诉讼", "人民法院"),
        RemedyKind::SecondInstance => ("上诉", "上一级人民法院"),
    };
    let begun = format!("被申请人于{}{what}", date_on_paper(remedy.on));
    match remedy.ended {
        None => format!("{begun}，尚未审结，没有停止执行"),
        Some((end, on)) => {
            let on = date_on_paper(on);
            match end {
                RemedyEnd::Withdrawn => format!("{begun}，{on}撤回（终止）"),
                RemedyEnd::Upheld => format!("{begun}，{who}于{on}维持原决定（驳回）"),
                RemedyEnd::Changed => format!("{begun}，{who}于{on}变更原决定"),
                RemedyEnd::Revoked | RemedyEnd::Unlawful => {
                    format!("{begun}，{who}于{on}撤销原决定、确认违法")
                }
                RemedyEnd::Illegal => format!("{begun}，{who}于{on}确认原决定违法，不撤销"),
                RemedyEnd::Restored => format!("{begun}，{who}于{on}撤销一审裁判，维持原决定"),
                RemedyEnd::Invalid => format!("{begun}，{who}于{on}确认原决定无效"),
            }
        }
    }
}

/// Days for which things are sealed or seized at most, before an extension (行政强制法 25).
const SEIZED_DAYS: i64 = 30;

/// A sum as people write it: `1,000.50 元`. None where it cannot be read.
fn fen(text: &str) -> Option<i64> {
    let bare: String = text.chars().filter(|c| !c.is_whitespace() && !",，￥¥".contains(*c)).collect();
    let bare = bare.trim_start_matches("人民币").trim_end_matches(['整', '正']).trim_end_matches('元');
    let (yuan, cents) = bare.split_once('.').unwrap_or((bare, "0"));
    let digits = |part: &str| !part.is_empty() && part.chars().all(|c| c.is_ascii_digit());
    if !digits(yuan) || !digits(cents) || cents.len() > 2 || yuan.len() > 10 {
        return None;
    }
    let cents: i64 = format!("{cents:0<2}").parse().ok()?;
    Some(yuan.parse::<i64>().ok()? * 100 + cents)
}

impl Writer<'_> {
    pub(super) fn summons(&self) -> Result<Document, Refusal> {
        let id = self.signed.paper.id;
        let on = self.book.events.iter().find_map(|event| match event {
            Event::Summoned { paper, on, .. } if paper.id == id => Some(*on),
            _ => None,
        });
        Ok(InquiryNotice {
            head: self.head()?,
            subject: self.subject(),
            cause: self.cause(),
            at: hour(on.ok_or_else(missing)?),
            place: self.said("place"),
            basis: vec![cited("行政处罚法第五十五条")],
            bring: self.details.lines("bring"),
        }
        .into())
    }

    pub(super) fn proposal(&self) -> Result<&Proposal, Refusal> {
        self.signed.columns.pending.as_ref().map(|pending| &pending.proposal).ok_or_else(missing)
    }

    fn measured(&self, id: u16) -> Result<&MeasureFile, Refusal> {
        self.case().measure(id).ok_or_else(missing)
    }

    /// The number of the paper by which a measure was taken, which what follows of it cites: others of the party have their own.
    fn taken_by(&self, measure: u16) -> String {
        folios::paper_of_measure(self.case(), measure).unwrap_or_default().to_owned()
    }

    /// Until when things are kept: the day where the calendar of the year is published, else the statute's words.
    pub(super) fn preserved_until(&self, id: u16) -> Due {
        match self.book.clock(Term::Preserve, Scope::Measure(id)) {
            Some(clock) if clock.running.provisional_year.is_none() => Due::On(last_day(clock.running.due)),
            _ => Due::Words(self.term_words(Term::Preserve.statute(), "自登记保存之日起七日内（工作日）")),
        }
    }

    pub(super) fn preservation(&self) -> Result<Document, Refusal> {
        let Proposal::Preserve { measure } = self.proposal()? else { return Err(missing()) };
        let granted = self.case().measures.iter().find(|file| file.measure.id == measure.id);
        Ok(Preservation {
            head: self.head()?,
            subject: self.subject(),
            cause: self.cause(),
            reasons: self.grounds(),
            basis: vec![cited("行政处罚法第五十六条")],
            items: self.items(Some(measure.goods)),
            from: granted.map_or_else(|| self.date(), |file| day(file.measure.from)),
            due: self.preserved_until(measure.id),
            // Approved on the form of the same number.
            approval: match self.signed.paper.number.as_str() {
                "" => "待批准".into(),
                number => number.into(),
            },
            officers: measure.officers.iter().map(officer).collect(),
            witness: self.said("witness"),
            unsigned: self.refused(),
        }
        .into())
    }

    pub(super) fn preservation_settled(&self) -> Result<Document, Refusal> {
        let Proposal::SettlePreserved { measure, how, until } = self.proposal()? else {
            return Err(missing());
        };
        let file = self.measured(*measure)?;
        let what = match how {
            Settlement::Returned => "解除登记保存并退还".into(),
            Settlement::Tested => match until {
                Some(until) => format!("送检、鉴定，{}以前退还", date_on_paper(*until)),
                None => how.title().to_owned(),
            },
            how => how.title().to_owned(),
        };
        let items = self.items(Some(file.measure.goods)).into_iter();
        Ok(PreservationDecision {
            head: self.head()?,
            subject: self.subject(),
            cause: self.cause(),
            notice: self.taken_by(*measure),
            from: day(file.measure.from),
            basis: vec![cited("行政处罚法第五十六条")],
            disposals: items
                .map(|item| Disposal { item: item.name, amount: item.amount, what: what.clone() })
                .collect(),
            fetching: self.said("fetching"),
        }
        .into())
    }

    fn seizure(
        &self,
        act: SeizureAct,
        kind: MeasureKind,
        basis: Vec<String>,
        items: Vec<lianzhi_paper::Item>,
    ) -> Result<Document, Refusal> {
        Ok(Seizure {
            head: self.head()?,
            measure: if kind == MeasureKind::Sealing { Measure::Seal } else { Measure::Take },
            act,
            subject: self.subject(),
            cause: self.cause(),
            basis,
            items,
        }
        .into())
    }

    /// The day on which a seizure ends: thirty days, and where it was extended, as extended.
    fn seized_until(&self, id: u16, extended: bool) -> Result<jiff::civil::Date, Refusal> {
        let scope = Scope::Measure(id);
        let clock = match extended {
            true => self.book.extended(Term::Seize, scope),
            false => self.book.clock(Term::Seize, scope),
        };
        clock
            .map(|clock| last_day(clock.running.due))
            .ok_or_else(|| self.lacking("查封、扣押的期限（批准后起算）"))
    }

    pub(super) fn seized(&self) -> Result<Document, Refusal> {
        let Proposal::Seize { measure } = self.proposal()? else { return Err(missing()) };
        let file = self.case().measures.iter().find(|file| file.measure.id == measure.id);
        let until = match file {
            Some(_) => self.seized_until(measure.id, false)?,
            // A draft: as if it were signed today, whose day does not count (行政强制法 25, 69).
            None => self.date().checked_add(jiff::Span::new().days(SEIZED_DAYS)).map_err(|_| missing())?,
        };
        let act = SeizureAct::Decide {
            reasons: self.grounds(),
            from: file.map_or_else(|| self.date(), |file| day(file.measure.from)),
            until,
            officers: measure.officers.iter().map(officer).collect(),
            witness: self.said("witness"),
            unsigned: self.refused(),
            remedy: self.remedy(),
        };
        // The law that gives the power stands before how it is used (行政强制法 10, 17).
        let power = self.said("power");
        if power.is_empty() {
            return Err(self.lacking("查封、扣押的法律、法规依据"));
        }
        let basis = vec![power, cited("行政强制法第十八条、第二十四条、第二十五条")];
        self.seizure(act, measure.kind, basis, self.items(Some(measure.goods)))
    }

    pub(super) fn seized_longer(&self) -> Result<Document, Refusal> {
        let Proposal::SeizeLonger { measure, days } = self.proposal()? else { return Err(missing()) };
        let file = self.measured(*measure)?;
        let before = self.seized_until(*measure, false)?;
        let until = match self.seized_until(*measure, true) {
            Ok(until) => until,
            // A draft.
            Err(_) => before.checked_add(jiff::Span::new().days(i64::from(*days))).map_err(|_| missing())?,
        };
        let act = SeizureAct::Extend {
            decision: self.taken_by(*measure),
            reasons: self.grounds(),
            before,
            until,
            remedy: self.remedy(),
        };
        let items = self.items(Some(file.measure.goods));
        self.seizure(act, file.measure.kind, vec![cited("行政强制法第二十五条")], items)
    }

    pub(super) fn released(&self) -> Result<Document, Refusal> {
        let Proposal::Release { measure, how } = self.proposal()? else { return Err(missing()) };
        let file = self.measured(*measure)?;
        let act = SeizureAct::Release {
            decision: self.taken_by(*measure),
            reasons: self.grounds().trim_end_matches('。').to_owned(),
            outcome: how.title().to_owned(),
            returned: matches!(how, Settlement::Returned | Settlement::Tested),
            on: self.date(),
            fetching: self.said("fetching"),
            officers: self.officers(),
        };
        let items = self.items(Some(file.measure.goods));
        // 27: what is confiscated or destroyed; 28: what is given back, and the proceeds of what was sold; 21: a crime.
        let basis = match how {
            Settlement::Confiscated | Settlement::Destroyed => "行政强制法第二十七条",
            Settlement::Transferred => "行政强制法第二十一条、第二十七条",
            Settlement::Returned | Settlement::Tested | Settlement::Sold | Settlement::Seized => {
                "行政强制法第二十七条、第二十八条"
            }
        };
        self.seizure(act, file.measure.kind, vec![cited(basis)], items)
    }

    /// For how long things are tested, of which the party is told (行政强制法 25(3)).
    pub(super) fn tested(&self) -> Result<Document, Refusal> {
        let id = self.signed.paper.id;
        let begun = self.book.events.iter().find_map(|event| match event {
            Event::Testing {
                measure: Some(measure),
                until: Some(until),
                paper: Some(paper),
                note,
                at,
                ..
            } if paper.id == id => Some((*measure, *until, *note, *at)),
            _ => None,
        });
        let (measure, until, note, at) = begun.ok_or_else(missing)?;
        let file = self.measured(measure)?;
        let act = SeizureAct::Test {
            decision: self.taken_by(measure),
            what: self.text(note),
            from: day(at),
            until,
        };
        let items = self.items(Some(file.measure.goods));
        self.seizure(act, file.measure.kind, vec![cited("行政强制法第二十五条第三款")], items)
    }

    pub(super) fn hearing_call(&self) -> Result<Document, Refusal> {
        let id = self.signed.paper.id;
        let called = self.book.events.iter().find_map(|event| match event {
            Event::HearingCalled { paper, chair, on, .. } if paper.id == id => Some((chair, *on)),
            _ => None,
        });
        let (chair, on) = called.ok_or_else(missing)?;
        let asked = self.book.events.iter().rev().find_map(|event| match event {
            Event::HearingAsked { party, on, .. } if *party == self.party.subject.id => Some(*on),
            _ => None,
        });
        let requested = self.details.day("requested").or(asked);
        let closed = self.said("closed");
        Ok(HearingSummons {
            head: self.head()?,
            subject: self.subject(),
            cause: self.cause(),
            requested: requested.ok_or_else(|| self.lacking("当事人要求听证的日期"))?,
            at: hour(on),
            place: self.said("place"),
            public: closed.is_empty(),
            closed_because: closed,
            bench: Bench {
                chair: self.name(chair),
                members: self.details.lines("members"),
                recorder: self.said("recorder"),
            },
        }
        .into())
    }

    /// The paper that binds the party, as it was served: the decision, or the order where something is to be done (`order_first`).
    pub(super) fn duty(&self, order_first: bool) -> Option<Served> {
        let order = || self.served(&[PaperKind::Correction, PaperKind::DemolitionOrder]).pop();
        let decision = || self.served(&[PaperKind::Decision]).pop();
        if order_first { order().or_else(decision) } else { decision().or_else(order) }
    }

    /// Whether the party was ordered to do something and did not.
    fn ordered(&self) -> bool {
        folios::unmet(self.case(), self.party.subject.id).next().is_some()
    }

    pub(super) fn enforcement(&self) -> Result<Document, Refusal> {
        let Proposal::Enforce { kind, on, power, .. } = self.proposal()? else { return Err(missing()) };
        let demand = self.number_of(&[PaperKind::Demand]);
        let at = Due::Words({
            let on = hour(*on);
            format!("{}年{}月{}日{}时起", on.year(), on.month(), on.day(), on.hour())
        });
        let (way, basis) = match kind {
            EnforcementKind::Substitute => {
                let fen = fen(self.details.get("cost"));
                let way = EnforcementWay::Substitute {
                    by: self.said("by"),
                    way: self.said("way"),
                    at,
                    cost: money(fen.ok_or_else(|| self.lacking("费用预算"))?),
                    demand,
                };
                (way, "行政强制法第五十条、第五十一条")
            }
            EnforcementKind::Immediate => {
                let way = EnforcementWay::AtOnce {
                    by: self.said("by"),
                    way: self.said("way"),
                    place: self.said("place"),
                    present: !self.said("present").is_empty(),
                };
                (way, "行政强制法第五十二条")
            }
            EnforcementKind::Auction => {
                (EnforcementWay::Own { way: self.said("way"), at, demand }, "行政强制法第四十六条第三款")
            }
            _ => (
                EnforcementWay::Own { way: self.said("way"), at, demand },
                "行政强制法第三十七条、第四十四条",
            ),
        };
        // The law that gives the power stands before how it is used (行政强制法 13, 44).
        Ok(Enforcement {
            head: self.head()?,
            way,
            subject: self.subject(),
            // An auction is for the fine; what is pulled down or done for the party was ordered.
            source: self.duty(*kind != EnforcementKind::Auction && self.ordered()),
            reasons: self.grounds(),
            basis: match power.as_str() {
                "" => vec![cited(basis)],
                power => vec![format!("{}（{power}）", cited("城乡规划法第六十八条")), cited(basis)],
            },
            remedy: self.remedy(),
        }
        .into())
    }

    pub(super) fn court(&self) -> Result<Document, Refusal> {
        let Proposal::Enforce { court, surcharge, arithmetic, .. } = self.proposal()? else {
            return Err(missing());
        };
        let mut head = self.head()?;
        head.attachments = match self.details.lines("materials") {
            listed if listed.is_empty() => self.materials(),
            listed => listed,
        };
        let demand = self.served(&[PaperKind::Demand]).pop();
        let (dues, as_of) = self.dues(*surcharge);
        let owed = self.owed(dues, as_of, arithmetic);
        let decision = self.duty(owed.is_none()).ok_or_else(|| self.lacking("已经送达的处罚决定书"))?;
        // Where an order is to be enforced it is that order which was challenged, or was not.
        let remedies = folios::remedies_against(self.case(), self.party, &decision.number);
        let mut claims = due_sums(dues);
        if claims.is_empty() {
            claims.push(self.grounds());
        }
        Ok(CourtApplication {
            head,
            court: court.clone(),
            address: self.settings().address.clone(),
            leader: self.said("leader"),
            subject: self.subject(),
            decision,
            claims,
            owed,
            facts: format!("{}\n{}", self.own_facts(), self.grounds()),
            basis: vec![cited("行政强制法第五十三条、第五十四条、第五十五条")],
            demand: demand.ok_or_else(|| self.lacking("已经送达的催告书"))?,
            opinion: self.said_or("opinion", || self.heard()),
            remedies: remedies.iter().map(challenged).collect(),
        }
        .into())
    }

    pub(super) fn crime(&self) -> Result<Document, Refusal> {
        let Proposal::Crime { to } = self.proposal()? else { return Err(missing()) };
        let mut head = self.head()?;
        head.attachments = match self.details.lines("materials") {
            listed if listed.is_empty() => self.materials(),
            listed => listed,
        };
        let taken: Vec<_> = self.case().measures.iter().map(|file| file.measure.kind.title()).collect();
        let measures = self.said_or("measures", || match taken.is_empty() {
            true => "没有作出行政处罚，没有采取行政强制措施。".into(),
            false => format!("没有作出行政处罚；已采取{}。", taken.join("、")),
        });
        let items = match self.said("items").as_str() {
            "" => {
                let kept = self.case().measures.iter().filter(|file| file.settled.is_none());
                kept.flat_map(|file| self.items(Some(file.measure.goods))).collect()
            }
            _ => self.items(None),
        };
        Ok(CrimeTransfer {
            head,
            to: to.clone(),
            prosecutor: self.said("prosecutor"),
            cause: self.cause(),
            case_number: self.case().number.clone(),
            subjects: self.subjects(),
            facts: format!("{}\n{}", self.facts(), self.grounds()),
            crime: self.said("crime"),
            basis: vec![
                cited("行政处罚法第二十七条第一款"),
                "《行政执法机关移送涉嫌犯罪案件的规定》第三条、第五条、第六条".into(),
            ],
            approved: self.signed.columns.approved.as_ref().map_or_else(|| self.date(), |said| day(said.at)),
            measures,
            items,
            officers: self.officers(),
        }
        .into())
    }
}

#[cfg(test)]
mod tests {
    use super::fen;

    #[test]
    fn a_sum_is_read_as_people_write_it() {
        for (text, sum) in
            [("1000", 100_000), ("1,000元", 100_000), ("人民币1，000.5 元整", 100_050), ("0.07", 7)]
        {
            assert_eq!(fen(text), Some(sum), "{text}");
        }
        for text in ["", "元", "约1000元", "1.234", "1e9", "-5"] {
            assert_eq!(fen(text), None, "{text}");
        }
    }
}

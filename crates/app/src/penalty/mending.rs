//! What comes after a decision and is not the decision itself: 撤销 and 更正 (行政处罚法 75), 执行协议 (行政强制法 42), 中止、终结执行
//! (行政强制法 39, 40).

use super::written::{Writer, cited, day, money};
use lianzhi_paper::{
    Amendment, DemolitionNotice, Document, ExecutionAgreement, ExecutionStop, Instalment, LeadTransfer,
    Material, Party as Body, Revocation, Served, Stop, TransferReason,
};
use lianzhi_procedure::Refusal;
use lianzhi_procedure::cooperation::TransferGround;
use lianzhi_procedure::penalty::{Case, PaperFile, PaperKind, PartyKind, Proposal, Publication, folios};

fn missing() -> Refusal {
    Refusal::missing("没有这份文书。")
}

/// A paper with the day on which it was made.
fn made(case: &Case, file: &PaperFile) -> Served {
    Served {
        title: folios::printed_title(case, file).into(),
        number: file.paper.number.clone(),
        on: day(file.at),
    }
}

impl Writer<'_> {
    pub(super) fn revocation(&self) -> Result<Document, Refusal> {
        let of_party = |file: &&PaperFile| file.paper.parties.contains(&self.party.subject.id);
        let decision = self.case().papers_of(PaperKind::Decision).rfind(of_party).ok_or_else(missing)?;
        let paid = self.party.money.paid();
        Ok(Revocation {
            head: self.head()?,
            subject: self.subject(),
            decision: made(self.case(), decision),
            reasons: self.grounds(),
            basis: vec![cited("行政处罚法第七十五条第二款")],
            refund: (paid > 0).then(|| money(paid)),
            published: matches!(self.case().publication, Publication::Published { .. }),
            remedy: self.remedy(),
        }
        .into())
    }

    pub(super) fn amendment(&self) -> Result<Document, Refusal> {
        let Proposal::Amend { paper, slip, wrong, right } = self.proposal()? else { return Err(missing()) };
        Ok(Amendment {
            head: self.head()?,
            subject: self.subject(),
            document: made(self.case(), self.case().paper(*paper).ok_or_else(missing)?),
            error: slip.title().into(),
            wrong: self.text(*wrong),
            right: self.text(*right),
            basis: vec![cited("行政处罚法第七十五条第二款")],
        }
        .into())
    }

    pub(super) fn agreement(&self) -> Result<Document, Refusal> {
        let Proposal::Agreement { parts, surcharge, reduced, .. } = self.proposal()? else {
            return Err(missing());
        };
        let due = &self.party.money;
        let left = due.fine + due.confiscation + surcharge - reduced - due.paid();
        // The surcharge was computed on the day on which it was proposed.
        let as_of = self.signed.columns.pending.as_ref().map_or_else(|| self.date(), |p| day(p.at));
        Ok(ExecutionAgreement {
            head: self.head()?,
            subject: self.subject(),
            decision: self.duty(false).ok_or_else(|| self.lacking("已经送达的处罚决定书"))?,
            demand: self
                .served(&[PaperKind::Demand])
                .pop()
                .ok_or_else(|| self.lacking("已经送达的催告书"))?,
            reasons: self.grounds(),
            principal: money(due.fine + due.confiscation),
            surcharge: money(*surcharge),
            as_of,
            reduced: money(*reduced),
            paid: money(due.paid()),
            left: money(left),
            parts: parts.iter().map(|p| Instalment { due: p.due, amount: money(p.fen) }).collect(),
            way: self.settings().pay_ways.join("；"),
        }
        .into())
    }

    /// 案件移送函 to the agency that has the jurisdiction.
    pub(super) fn transfer(&self) -> Result<Document, Refusal> {
        let Proposal::Transfer { to, ground } = self.proposal()? else { return Err(missing()) };
        let case = self.case();
        let reason = match ground {
            TransferGround::Place => TransferReason::Place,
            TransferGround::Power => TransferReason::Power,
            TransferGround::EarlierCase => TransferReason::EarlierCase,
            TransferGround::Crime => TransferReason::Crime,
        };
        let listed = match self.details.lines("materials") {
            listed if listed.is_empty() => self.materials(),
            listed => listed,
        };
        let material = |name| Material { name, amount: "1份".into(), note: String::new() };
        let taken: Vec<_> = case.measures.iter().map(|file| file.measure.kind.title()).collect();
        Ok(LeadTransfer {
            head: self.head()?,
            to: to.clone(),
            cause: self.cause(),
            case_number: case.number.clone(),
            source: case.source.title().to_owned(),
            found: Some(day(case.at)),
            parties: self.bodies(),
            facts: self.facts(),
            reason,
            grounds: self.grounds(),
            basis: vec![cited(ground.source())],
            measures: self.said_or("measures", || match taken.is_empty() {
                true => "没有采取行政强制措施。".into(),
                false => format!("已采取{}。", taken.join("、")),
            }),
            materials: listed.into_iter().map(material).collect(),
            answer_by: None,
        }
        .into())
    }

    /// The parties as a letter to another authority names them.
    fn bodies(&self) -> Vec<Body> {
        let named = |p: &lianzhi_procedure::penalty::Party| {
            let known = self.book.people.get(&p.subject.id)?;
            let (name, address) = (known.name.clone(), known.address.clone());
            Some(match p.subject.kind {
                PartyKind::Person => {
                    let (identity, phone) = (known.id_number.clone(), known.phone.clone());
                    Body::Person { name, identity, address, phone }
                }
                _ => {
                    let (code, representative) = (known.id_number.clone(), known.representative.clone());
                    Body::Organisation { name, code, address, representative }
                }
            })
        };
        self.case().present().filter_map(named).collect()
    }

    pub(super) fn demolition_notice(&self) -> Result<Document, Refusal> {
        let Proposal::DemolitionNotice { object, until, .. } = self.proposal()? else {
            return Err(missing());
        };
        Ok(DemolitionNotice {
            head: self.head()?,
            subject: self.subject(),
            order: self
                .served(&[PaperKind::DemolitionOrder, PaperKind::Correction])
                .pop()
                .ok_or_else(|| self.lacking("已经送达的责令限期拆除决定书"))?,
            object: self.text(*object).trim_end_matches('。').to_owned(),
            due: *until,
            basis: vec![cited("行政强制法第四十四条")],
        }
        .into())
    }

    pub(super) fn execution_stop(&self) -> Result<Document, Refusal> {
        let (stop, ground, source) = match self.proposal()? {
            Proposal::Suspend { ground, harmless, .. } => {
                (Stop::Rests { harmless: *harmless }, ground.title(), ground.source())
            }
            Proposal::EndExecution { ground, .. } => (Stop::Over, ground.title(), ground.source()),
            _ => return Err(missing()),
        };
        Ok(ExecutionStop {
            head: self.head()?,
            stop,
            subject: self.subject(),
            decision: self.duty(false).ok_or_else(|| self.lacking("已经送达的处罚决定书"))?,
            ground: ground.into(),
            reasons: self.grounds(),
            basis: vec![cited(source)],
        }
        .into())
    }
}

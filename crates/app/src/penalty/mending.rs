//! What comes after a decision and is not the decision itself: 撤销 and 更正 (行政处罚法 75), 执行协议 (行政强制法 42), 中止、终结执行
//! (行政强制法 39, 40).

use super::written::{Writer, cited, day, money};
use lianzhi_paper::{
    Amendment, DemolitionNotice, Document, ExecutionAgreement, ExecutionStop, Instalment, Revocation, Served,
    Stop,
};
use lianzhi_procedure::Refusal;
use lianzhi_procedure::penalty::{Case, PaperFile, PaperKind, Proposal, Publication, folios};

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

    pub(super) fn demolition_notice(&self) -> Result<Document, Refusal> {
        let Proposal::DemolitionNotice { object, until, .. } = self.proposal()? else {
            return Err(missing());
        };
        Ok(DemolitionNotice {
            head: self.head()?,
            subject: self.subject(),
            order: self
                .served(&[PaperKind::Correction])
                .pop()
                .ok_or_else(|| self.lacking("已经送达的责令限期拆除通知书"))?,
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

//! What goes from one case into another: a party that is split off, a case that is joined, fines for further days. Texts are
//! opened and sealed anew, so that each case keeps and erases its own.

use super::case_of;
use crate::sequencer::{Step, To};
use crate::{App, Caller};
use lianzhi_ids::{Digest, DocketId};
use lianzhi_procedure::penalty::{
    Bringing, BroughtEvidence, BroughtFall, BroughtOrder, BroughtStatement, Case, Command, Daily,
    EvidenceFile, NewParty, NewViolation, OrderFile, Party, Proposal, Registering, Scope, Source, Statement,
    Term, Violation, next_daily,
};
use lianzhi_procedure::{AnyCommand, Refusal, Text};
use std::collections::HashMap;

fn erased() -> Refusal {
    Refusal::conflict(
        "erased",
        "当事人、违法事实或者证据的内容已经删除，不能带入另一案件。",
        "请在本案继续办理。",
    )
}

impl App {
    /// The step in another docket that a command to a case brings with it.
    pub(crate) async fn other_case(
        &self,
        who: &Caller,
        id: DocketId,
        command: &AnyCommand,
    ) -> Result<Option<Step>, Refusal> {
        let AnyCommand::Penalty(command) = command else { return Ok(None) };
        match command {
            Command::Split { party, .. } => self.split_case(who, id, *party, None).await,
            // What fell against one of several is decided anew in a case of its own.
            Command::Approve { proposal, agreed: true, .. } => {
                let live = self.live(id).await?;
                let pending = case_of(&live.state).and_then(|case| case.proposal(*proposal));
                match pending.map(|pending| &pending.proposal) {
                    Some(anew @ Proposal::DecideAnew { party: Some(party), .. }) => {
                        self.split_case(who, id, *party, Some(anew)).await
                    }
                    _ => Ok(None),
                }
            }
            Command::Join { to, .. } => self.joined_case(id, *to).await,
            Command::Daily(asked) => self.daily_case(who, id, asked.party, asked.violation).await,
            _ => Ok(None),
        }
    }

    async fn joined_case(&self, id: DocketId, to: DocketId) -> Result<Option<Step>, Refusal> {
        let live = self.live(id).await?;
        let Some(case) = case_of(&live.state) else { return Ok(None) };
        let Some(what) = self.along(id, case, None, None).await? else { return Ok(None) };
        let mut command = AnyCommand::Penalty(Command::Bring(Box::new(what)));
        let parts = self.seal(&mut command)?;
        Ok(Some(Step { parts, ..Step::new(To::Docket(to), command) }))
    }

    /// What a case brings along: all of it, or what concerns a party beside the violation with which it is registered.
    pub(super) async fn along(
        &self,
        id: DocketId,
        case: &Case,
        only: Option<(u16, u16)>,
        anew: Option<&Proposal>,
    ) -> Result<Option<Bringing>, Refusal> {
        let charged = |v: &&Violation| match only {
            None => true,
            Some((party, registered)) => {
                v.id != registered
                    && case.party(party).is_some_and(|p| p.charges.iter().any(|c| c.violation == v.id))
            }
        };
        let parties: Vec<&Party> = case.present().filter(|_| only.is_none()).collect();
        let violations: Vec<&Violation> = case.violations.iter().filter(charged).collect();
        let evidence: Vec<&EvidenceFile> = case.evidence.iter().filter(|e| e.excluded.is_none()).collect();
        // A party's orders, statements and what it was told go with it; those of whoever stays stay.
        let goes = |p: &&Party| only.is_none_or(|(party, _)| p.subject.id == party);
        let whose: Vec<&Party> = case.present().filter(goes).collect();
        let place = |id: u16| whose.iter().position(|p| p.subject.id == id);
        let served = |o: &&OrderFile| {
            place(o.order.party).is_some() && case.served(o.order.paper, o.order.party).is_some()
        };
        let orders: Vec<&OrderFile> = case.orders.iter().filter(served).collect();
        let statements: Vec<(usize, &Statement)> = whose
            .iter()
            .enumerate()
            .flat_map(|(n, p)| p.rights.statements.iter().map(move |statement| (n, statement)))
            .collect();
        if whose.is_empty() && violations.is_empty() && evidence.is_empty() {
            return Ok(None);
        }
        let mut digests: Vec<Digest> = parties.iter().map(|p| p.subject.particulars.digest).collect();
        digests.extend(violations.iter().map(|v| v.facts.digest));
        digests.extend(evidence.iter().map(|e| e.evidence.note.digest));
        digests.extend(orders.iter().map(|o| o.order.note.digest));
        digests.extend(statements.iter().map(|(_, s)| s.text.digest));
        digests.extend(statements.iter().filter_map(|(_, s)| s.answer).map(|(_, note)| note.digest));
        digests.sort_unstable();
        digests.dedup();
        let texts = self.plain(&digests).await?;
        if texts.len() != digests.len() {
            return Err(erased());
        }
        let texts: HashMap<Digest, String> = digests.into_iter().zip(texts).collect();
        let text = |digest: Digest| Text::Plain(texts.get(&digest).cloned().unwrap_or_default());
        let party = |p: &Party| {
            let particulars = text(p.subject.particulars.digest);
            (NewParty { kind: p.subject.kind, capacity: p.subject.capacity, particulars }, p.subject.key)
        };
        let taken = |e: &EvidenceFile| BroughtEvidence {
            kind: e.evidence.kind,
            officers: e.evidence.officers.clone(),
            from: e.evidence.from,
            to: e.evidence.to,
            note: text(e.evidence.note.digest),
            exhibits: e.evidence.exhibits.clone(),
            refused: e.evidence.refused,
            origin: e.evidence.origin.clone(),
        };
        let ordered = |o: &OrderFile| {
            let paper = case.paper(o.order.paper)?;
            Some(BroughtOrder {
                party: place(o.order.party)?,
                number: paper.paper.number.clone(),
                note: text(o.order.note.digest),
                until: o.order.until,
                kind: o.order.kind,
                at: paper.at,
                issued: paper.scans_of(o.order.party),
                service: paper.service.get(&o.order.party)?.clone(),
                inspected: o.inspected.clone(),
            })
        };
        let said = |(party, s): (usize, &Statement)| BroughtStatement {
            party,
            text: text(s.text.digest),
            at: s.at,
            answer: s.answer.map(|(adopted, note)| (adopted, text(note.digest))),
        };
        // Violations by their place: of a split the registered one comes first.
        let registered = only.map(|(_, registered)| registered);
        let order: Vec<u16> = registered.into_iter().chain(violations.iter().map(|v| v.id)).collect();
        let told = whose.iter().enumerate().flat_map(|(n, p)| {
            let told = case.told_along(p).into_iter();
            told.filter_map(|told| Some((n, order.iter().position(|v| *v == told.violation)?, told)))
                .collect::<Vec<_>>()
        });
        let told = told.collect();
        // The ninety days go on, of a party that goes on alone and of a case that is joined (行政处罚法 60).
        let clock = case.clock(Term::Decide, Scope::Case);
        // What is decided anew has ninety days of its own.
        let deciding = clock.filter(|_| anew.is_none()).map(|watched| watched.clock.running.clone());
        let filed = deciding.as_ref().map(|running| running.from).or(case.filed_before).or(case.filed());
        let fallen = match (anew, whose.first()) {
            (Some(anew), Some(party)) => self.fallen(party, &order, anew).await?,
            _ => None,
        };
        Ok(Some(Bringing {
            from: id,
            number: case.number.clone(),
            parties: parties.into_iter().map(party).collect(),
            evidence: evidence.into_iter().map(taken).collect(),
            split: only.is_some(),
            fallen,
            filed: filed.filter(|_| anew.is_none()),
            deciding,
            orders: orders.into_iter().filter_map(ordered).collect(),
            statements: statements.into_iter().map(said).collect(),
            told,
            marks: case.marks_along(),
            recused: case.recused.clone(),
            handled_by: case.handled_by.clone(),
            violations: violations
                .into_iter()
                .map(|v| NewViolation {
                    found: Some(v.found.unwrap_or(case.at)),
                    ..again(v, text(v.facts.digest))
                })
                .collect(),
        }))
    }

    /// The decision that fell against a party, for the case in which it goes on alone. Places are those of its violations there.
    async fn fallen(
        &self,
        of: &Party,
        order: &[u16],
        anew: &Proposal,
    ) -> Result<Option<BroughtFall>, Refusal> {
        let Proposal::DecideAnew { ground, different, until, .. } = anew else { return Ok(None) };
        let text = self.plain(&[different.digest]).await?.pop().ok_or_else(erased)?;
        let place = |id: u16| order.iter().position(|v| *v == id);
        let charges = of.charges.iter().filter_map(|c| Some((place(c.violation)?, c.clone())));
        Ok(Some(BroughtFall {
            ground: *ground,
            different: Text::Plain(text),
            until: *until,
            charges: charges.collect(),
        }))
    }

    /// The case of a fine for further days: the party and the violation of the first, for the days since.
    async fn daily_case(
        &self,
        who: &Caller,
        id: DocketId,
        party: u16,
        violation: u16,
    ) -> Result<Option<Step>, Refusal> {
        let live = self.live(id).await?;
        let Some(case) = case_of(&live.state) else { return Ok(None) };
        // What may not be is refused by the case itself.
        let (Some(of), Some(what)) = (case.party(party), case.violation(violation)) else { return Ok(None) };
        let Ok(daily) = next_daily(case, party, violation) else { return Ok(None) };
        let daily = Daily { case: id, ..daily };
        let digests = [case.title.digest, what.facts.digest, of.subject.particulars.digest];
        let texts = self.plain(&digests).await?;
        let [title, facts, particulars] = texts.as_slice() else { return Err(erased()) };
        let text = |words: &String| Text::Plain(words.clone());
        let command = AnyCommand::Penalty(Command::Register(Registering {
            source: Source::Inspection,
            origin: Some(id),
            unit: Some(case.unit.clone()),
            title: Text::Plain(format!("{title}（按日连续处罚）")),
            place: Text::Plain(live.narrative.address.clone()),
            point: case.point,
            party: NewParty {
                kind: of.subject.kind,
                capacity: of.subject.capacity,
                particulars: text(particulars),
            },
            violation: NewViolation {
                from: daily.from,
                to: Some(daily.to),
                continuing: true,
                found: None,
                ..again(what, text(facts))
            },
            exhibits: Vec::new(),
            split_from: None,
            brought: None,
            daily: Some(Box::new(daily)),
        }));
        self.case_step(who, command).await.map(Some)
    }
}

/// A violation as it comes in once more.
fn again(v: &Violation, facts: Text) -> NewViolation {
    NewViolation {
        item: v.item.clone(),
        from: v.from,
        to: Some(v.to),
        continuing: v.continuing,
        harm: v.harm,
        danger: v.danger,
        found_on: None,
        facts,
        found: v.found,
    }
}

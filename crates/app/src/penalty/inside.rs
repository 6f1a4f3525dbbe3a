//! What stays inside: 调查终结报告 (D11), 法制审核 (D12), 集体讨论 (D13), 听证笔录和报告 (D15), 申辩复核 (D16), and the forms on which
//! steps are approved.

use super::folios::opinion;
use super::tell::penalty;
use super::write::spoken_by;
use super::written::{Writer, on_paper};
use lianzhi_paper::{
    Approval, Approvals, Ballot, Bench, DefenceReview, Discussion, Document, Finding, Followed, Found,
    HearingRecord, HearingReport, InvestigationReport, LegalReview, PanelOpinion, ReviewPoints, Speech, Step,
    Verdict, View, Violation,
};
use lianzhi_procedure::Refusal;
use lianzhi_procedure::penalty::folios::spoken::{Nobodys, speeches};
use lianzhi_procedure::penalty::{
    Adopted, Charge, Event, Folio, Hearing, Member, Opinion, PaperKind, Party, Proposal, seed, yuan,
};

fn missing() -> Refusal {
    Refusal::missing("没有这份文书。")
}

impl Writer<'_> {
    /// What is planned for all parties, in a sentence each.
    fn planned(&self) -> String {
        let parties: Vec<_> = self.case().present().collect();
        let several = parties.len() > 1;
        let of = |p: &&Party| {
            let all: Vec<_> = p.charges.iter().map(penalty).filter(|words| !words.is_empty()).collect();
            let name = self.book.people.get(&p.subject.id).map(|p| p.name.clone()).unwrap_or_default();
            let words = all.join("、");
            if words.is_empty() {
                None
            } else if several {
                Some(format!("对{name}：{words}"))
            } else {
                Some(words)
            }
        };
        parties.iter().filter_map(of).collect::<Vec<_>>().join("；")
    }

    /// What was found of a party: as it is charged already, else each violation with what it breached for this kind of party.
    fn found_of(&self, party: &Party) -> Found {
        let charges: Vec<&Charge> = party.charges.iter().collect();
        let mut violations = self.violations_of(party, &charges);
        if violations.is_empty() {
            let all = self.case().violations.iter().map(|v| {
                let (breached, basis) = self.rules_of(party, v);
                let (facts, evidence) = (self.happened(v), self.evidence());
                Violation { facts, evidence, breached, basis, discretion: None }
            });
            violations = all.collect();
            // What the law forbids to another kind of party concerns this one only where it forbids nothing else to it.
            if violations.iter().any(|v| !v.basis.is_empty()) {
                violations.retain(|v| !v.basis.is_empty());
            }
        }
        let name = self.book.people.get(&party.subject.id).map(|p| p.name.clone());
        // What is taken is named in the notice; here it is what was kept or seized.
        let penalties = self.penalties_of(&charges, "涉案的非法财物", |kind| kind.title().to_owned());
        Found {
            name: name.unwrap_or_else(|| format!("当事人 {}", party.subject.id)), violations, penalties
        }
    }

    pub(super) fn report(&self) -> Result<Document, Refusal> {
        let finished = self.book.events.iter().rev().find_map(|event| match event {
            Event::Finished { note, by, at } => Some((*note, by, *at)),
            _ => None,
        });
        let (note, by, at) = finished.ok_or_else(missing)?;
        let found = self.case().present().map(|party| self.found_of(party)).collect();
        Ok(InvestigationReport {
            sheet: self.sheet()?,
            subjects: self.subjects(),
            filed: super::day(self.case().filed().unwrap_or(self.case().at)),
            course: self.course(),
            found,
            circumstances: String::new(),
            proposal: self.text(note),
            officers: self.officers(),
            approvals: self.said_on(opinion(self.text(note), self.name(by), at), at, |p| {
                use Proposal as P;
                matches!(
                    p,
                    P::Notice { .. }
                        | P::Decide { .. }
                        | P::NoPenalty { .. }
                        | P::Crime { .. }
                        | P::Transfer { .. }
                        | P::Drop
                )
            }),
        }
        .into())
    }

    /// Of the plan, or of what waits for the leader.
    pub(super) fn review(&self) -> Result<Document, Refusal> {
        let of = |id: u16| self.folio == Folio::ReviewOf(id);
        let place = match self.folio {
            Folio::Review(n) => self.book.nth(n, |e| matches!(e, Event::Reviewed { .. })),
            _ => self.book.find(|e| matches!(e, Event::ProposalReviewed { id, .. } if of(*id))),
        };
        let (opinion, note, qualification, by) = match place.and_then(|place| self.book.events.get(place)) {
            Some(
                Event::Reviewed { opinion, note, qualification, by, .. }
                | Event::ProposalReviewed { opinion, note, qualification, by, .. },
            ) => (opinion, note, qualification, by),
            _ => return Err(missing()),
        };
        let proposed = self.book.events.iter().find_map(|event| match event {
            Event::Proposed { id, proposal, note, review, .. } if of(*id) => Some((proposal, *note, review)),
            _ => None,
        });
        let objected: Vec<u16> = self
            .said("objections")
            .split(|c: char| !c.is_ascii_digit())
            .filter_map(|n| n.parse().ok())
            .collect();
        let point =
            |n: u16| Finding { conclusion: self.said(&format!("point{n}")), passed: !objected.contains(&n) };
        let earlier = self.book.events.iter().rev().find_map(|event| match event {
            Event::Reviewed { qualification, by: other, .. }
            | Event::ProposalReviewed { qualification, by: other, .. }
                if other == by && !qualification.is_empty() =>
            {
                Some(qualification.clone())
            }
            _ => None,
        });
        Ok(LegalReview {
            sheet: self.sheet()?,
            subjects: self.subjects(),
            sender: self.directory.unit_name(&self.case().unit).to_owned(),
            sent: self.said_day("sent", "送审日期")?,
            proposal: match &proposed {
                Some((proposal, note, _)) => format!("{}：{}", proposal.title(), self.text(*note)),
                None => self.planned(),
            },
            grounds: match proposed.and_then(|(.., review)| review.clone()) {
                Some(source) => source,
                None => lianzhi_procedure::penalty::review_demanded(self.case())
                    .map_or_else(|| "本机关决定送审".to_owned(), str::to_owned),
            },
            materials: self.materials(),
            points: ReviewPoints {
                power: point(1),
                facts: point(2),
                law: point(3),
                procedure: point(4),
                discretion: point(5),
                documents: point(6),
                scope: point(7),
                crime: point(8),
            },
            verdict: match opinion {
                Opinion::Agree => Verdict::Agree,
                Opinion::Correct => Verdict::Correct,
                Opinion::Supplement => Verdict::Supplement,
                Opinion::Disagree => Verdict::Disagree,
                Opinion::Transfer => Verdict::Transfer,
            },
            reasons: self.text(*note),
            reviewer: self.name(by),
            qualification: match qualification.as_str() {
                "" => earlier.unwrap_or_default(),
                own => own.to_owned(),
            },
            again: self.said("again"),
        }
        .into())
    }

    pub(super) fn discussion(&self, n: u16) -> Result<Document, Refusal> {
        let place = self.book.nth(n, |e| matches!(e, Event::Discussed { .. })).ok_or_else(missing)?;
        let Some(Event::Discussed { present, agreed, note, .. }) = self.book.events.get(place) else {
            return Err(missing());
        };
        let names: Vec<String> = present.iter().map(|person| self.name(person)).collect();
        let said =
            speeches(self.details.get("views"), &names).map_err(|Nobodys(line)| self.nobodys(&line))?;
        let views = present.iter().zip(&names).map(|(person, name)| {
            let own = said.iter().filter(|spoken| spoken.who == *name).map(|spoken| spoken.words.as_str());
            View { post: self.post(person), words: own.collect::<Vec<_>>().join("\n"), name: name.clone() }
        });
        let conclusion = if *agreed { "同意。" } else { "不同意。" };
        Ok(Discussion {
            sheet: self.sheet()?,
            subjects: self.subjects(),
            span: self.said_span()?,
            place: self.said("place"),
            chair: self.said("chair"),
            recorder: self.said("recorder"),
            guests: self.details.lines("guests"),
            report: format!("{}\n拟作出的处罚：{}。", self.facts(), self.planned()),
            views: views.collect(),
            conclusion: format!("{conclusion}{}", self.text(*note)),
        }
        .into())
    }

    /// 群众公议意见书: how the members came to sit, each one's vote with its reasons, the sum and who thinks otherwise.
    pub(super) fn panel(&self, n: u16) -> Result<Document, Refusal> {
        let case = self.case();
        let asked = case.beside.asked.iter().find(|o| o.id == n).ok_or_else(missing)?;
        let (Some(tally), Some(conclusion)) = (asked.panel.tally, asked.panel.conclusion) else {
            return Err(missing());
        };
        let name = |m: &Member| match (&m.person, m.name) {
            (Some(person), _) => self.name(person),
            (None, Some(name)) => self.text(name),
            (None, None) => String::new(),
        };
        let (lot, named): (Vec<&Member>, Vec<&Member>) =
            asked.panel.members.iter().partition(|m| m.person.is_some());
        let drawn = [(lot.len(), "抽取"), (named.len(), "指名")];
        let drawn = drawn.into_iter().filter(|(n, _)| *n > 0).map(|(n, how)| format!("{how} {n} 人"));
        let seed = seed(&case.number, n);
        let how = match lot.is_empty() {
            true => String::new(),
            false => format!("；抽取按“{seed}/人员编码”的 SHA-256 由小到大排序，可以复核"),
        };
        let dissents: Vec<u16> = asked.panel.dissent().map(|m| m.id).collect();
        let ballot = |m: &Member| {
            let (vote, reasons, _) = m.vote?;
            let (name, standing) = (name(m), m.standing.clone());
            let (vote, reasons) = (vote.title().to_owned(), self.text(reasons));
            Some(Ballot { name, standing, vote, reasons, dissents: dissents.contains(&m.id) })
        };
        let recused = asked.panel.members.iter().filter_map(|m| {
            let why = m.recused?;
            Some(format!("{}（{}）", name(m), self.text(why)))
        });
        let planned = self.planned();
        Ok(PanelOpinion {
            sheet: self.sheet()?,
            subjects: self.subjects(),
            question: self.text(asked.note),
            proposal: planned,
            drawn: format!("{}{how}。", drawn.collect::<Vec<_>>().join("，")),
            recused: recused.collect(),
            ballots: asked.panel.sitting().filter_map(ballot).collect(),
            tally: tally.words(),
            conclusion: self.text(conclusion),
        }
        .into())
    }

    /// The post of somebody, as the register names it.
    fn post(&self, person: &lianzhi_ids::PersonCode) -> String {
        let posts = self.directory.people.get(person).into_iter().flat_map(|p| &p.posts);
        posts.flat_map(|post| &post.roles).map(|role| role.title()).next().unwrap_or_default().to_owned()
    }

    fn bench(&self, chair: String) -> Bench {
        Bench { chair, members: self.details.lines("members"), recorder: self.said("recorder") }
    }

    fn chair(&self) -> String {
        match &self.party.rights.hearing {
            Hearing::Called { chair, .. } | Hearing::Held { chair, .. } => self.name(chair),
            _ => String::new(),
        }
    }

    /// A line of a record that belongs to nobody: it would be lost, or somebody else's.
    fn nobodys(&self, line: &str) -> Refusal {
        self.lacking(&format!("发言人（“{}”没有写明是谁说的）", line.chars().take(20).collect::<String>()))
    }

    fn of_party(&self, p: u16) -> Result<(), Refusal> {
        if self.party.subject.id == p { Ok(()) } else { Err(missing()) }
    }

    pub(super) fn hearing_record(&self, p: u16) -> Result<Document, Refusal> {
        self.of_party(p)?;
        let people = self.book.people.values().flat_map(|p| [p.name.clone(), p.representative.clone()]);
        let people = people.chain(self.case().officers.iter().map(|o| o.name.clone())).chain([self.chair()]);
        let known = spoken_by(&people.collect::<Vec<_>>(), &|field| self.details.get(field));
        let said =
            speeches(self.details.get("speeches"), &known).map_err(|Nobodys(line)| self.nobodys(&line))?;
        let closed = self.said("closed");
        Ok(HearingRecord {
            sheet: self.sheet()?,
            span: self.said_span()?,
            place: self.said("place"),
            public: closed.is_empty(),
            subject: self.subject(),
            agents: self.details.lines("agents"),
            investigators: self.officers(),
            others: self.details.lines("others"),
            bench: self.bench(self.chair()),
            speeches: said.into_iter().map(|s| Speech { who: s.who, words: s.words }).collect(),
            unsigned: self.refused(),
        }
        .into())
    }

    pub(super) fn hearing_report(&self, p: u16) -> Result<Document, Refusal> {
        self.of_party(p)?;
        let Hearing::Held { report, .. } = &self.party.rights.hearing else { return Err(missing()) };
        let words: Vec<_> = self.party.charges.iter().map(penalty).collect();
        Ok(HearingReport {
            sheet: self.sheet()?,
            subject: self.subject(),
            span: self.said_span()?,
            place: self.said("place"),
            bench: self.bench(self.chair()),
            proposal: words.join("、"),
            prosecution: self.said("prosecution"),
            defence: self.said("defence"),
            findings: self.said("findings"),
            advice: self.text(*report),
        }
        .into())
    }

    pub(super) fn answer(&self, p: u16, n: u16) -> Result<Document, Refusal> {
        self.of_party(p)?;
        let at = usize::from(n).checked_sub(1).ok_or_else(missing)?;
        let statement = self.party.rights.statements.get(at).ok_or_else(missing)?;
        let (adopted, note) = statement.answer.as_ref().ok_or_else(missing)?;
        Ok(DefenceReview {
            sheet: self.sheet()?,
            subject: self.subject(),
            notice: self.number_of(&[PaperKind::Notice, PaperKind::HearingRight]),
            received: super::day(statement.at),
            defence: self.text(statement.text),
            checked: self.said("checked"),
            followed: match adopted {
                Adopted::All => Followed::Wholly,
                Adopted::Some => Followed::Partly,
                Adopted::None => Followed::Not,
            },
            reasons: self.text(*note),
            discretion: None,
            proposal: self.said("proposal"),
            officers: self.officers(),
            approvals: Approvals::default(),
        }
        .into())
    }

    /// The form on which a step is approved, beside its paper.
    pub(super) fn approval(&self) -> Result<Document, Refusal> {
        let pending = self.signed.columns.pending.as_ref().ok_or_else(missing)?;
        let measured = |id: u16| self.case().measure(id).map(|file| file.measure.goods);
        let (step, basis, proposal, goods) = match &pending.proposal {
            Proposal::Preserve { measure } => (
                Step::Preservation,
                "《行政处罚法》第五十六条",
                "先行登记保存所列物品，自保存之日起七个工作日内作出处理决定。".to_owned(),
                Some(measure.goods),
            ),
            Proposal::Seize { measure } => (
                Step::Seizure,
                "《行政强制法》第十八条、第二十四条",
                format!("{}所列场所、设施或者财物，期限不超过三十日。", measure.kind.title()),
                Some(measure.goods),
            ),
            Proposal::SeizeLonger { measure, days } => (
                Step::SeizureExtension,
                "《行政强制法》第二十五条",
                format!("延长查封、扣押期限 {days} 日。"),
                measured(*measure),
            ),
            Proposal::Release { measure, how } => (
                Step::Release,
                "《行政强制法》第二十七条、第二十八条",
                format!("解除查封、扣押，所涉物品{}。", how.title()),
                measured(*measure),
            ),
            Proposal::DecideLonger { days } => {
                (Step::TermExtension, "《行政处罚法》第六十条", format!("延长办案期限 {days} 日。"), None)
            }
            Proposal::PayLater { parts, .. } => (
                Step::PaymentPlan,
                "《行政处罚法》第六十六条第二款",
                parts
                    .iter()
                    .map(|p| format!("{} 前缴纳 {}", p.due, yuan(p.fen)))
                    .collect::<Vec<_>>()
                    .join("；"),
                None,
            ),
            Proposal::Enforce { kind, on, .. } => (
                Step::Enforcement,
                match kind {
                    lianzhi_procedure::penalty::EnforcementKind::Substitute => {
                        "《行政强制法》第五十条、第五十一条"
                    }
                    lianzhi_procedure::penalty::EnforcementKind::Immediate => "《行政强制法》第五十二条",
                    lianzhi_procedure::penalty::EnforcementKind::Court => "《行政强制法》第五十三条",
                    lianzhi_procedure::penalty::EnforcementKind::Demolition => {
                        "《行政强制法》第三十七条、第四十四条"
                    }
                    lianzhi_procedure::penalty::EnforcementKind::Auction => "《行政强制法》第四十六条第三款",
                },
                format!("{}，实施（申请）日期{}。", kind.title(), on_paper(*on)),
                None,
            ),
            // Without a step of its own: its paper, as a draft.
            _ => return self.document(),
        };
        // A line of the list is kept as its columns.
        let items = goods.map(|goods| self.text(goods).replace('|', "，")).unwrap_or_default();
        Ok(Approval {
            sheet: self.sheet()?,
            step,
            subject: self.subject(),
            reasons: self.text(pending.note),
            proposal,
            basis: vec![basis.into()],
            items: items.lines().map(str::trim).filter(|l| !l.is_empty()).map(str::to_owned).collect(),
            officers: self.officers(),
            approvals: self.approvals(),
        }
        .into())
    }
}

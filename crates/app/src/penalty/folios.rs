//! From a folio to its document: where it is told in the record, and what is read from what people wrote on it.

use super::book::Book;
use super::papers::{Columns, Signed};
use super::written::{Writer, date_on_paper, day};
use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use lianzhi_law::{SubjectKind, citation};
use lianzhi_paper::{Document, Item, Respondent, Span, Unsigned};
use lianzhi_procedure::penalty::{Event, Folio, PaperKind, Party, Violation, addressees, folios};
use lianzhi_procedure::{PartRef, Refusal};

/// An hour of Beijing, as papers name it.
pub(super) fn hour(at: Timestamp) -> DateTime {
    jiff::tz::offset(8).to_datetime(at)
}

impl Book {
    /// The case as it stood when a folio came to be.
    pub(super) fn source(&self, folio: Folio) -> Option<Signed> {
        let plain = |place: Option<usize>| self.moment(place?, Columns::default());
        match folio {
            Folio::Paper(n) => self.signed(n),
            Folio::Lead => {
                let verified = self.find_last(|e| matches!(e, Event::Verified { .. }));
                plain(verified.or(Some(0)))
            }
            Folio::Proposal(n) => {
                let granted = |e: &Event| matches!(e, Event::Approved { id, agreed: true, .. } if *id == n);
                let asked = |e: &Event| matches!(e, Event::Proposed { id, .. } if *id == n);
                let place = self.find(granted).or_else(|| self.find(asked))?;
                let mut signed = self.moment(place, self.columns(n))?;
                // What has no form of approval of its own is read as the draft of its paper.
                if let Some(pending) = &signed.columns.pending
                    && let Some(kind) = pending.proposal.paper()
                {
                    let to = addressees(&signed.case, pending);
                    signed.paper = signed.case.new_paper(kind, String::new(), to);
                }
                Some(signed)
            }
            Folio::Evidence(n) => {
                let sampled = self.find(|e| matches!(e, Event::Sampled { evidence, .. } if *evidence == n));
                if let Some(Event::Sampled { paper, .. }) = sampled.and_then(|place| self.events.get(place)) {
                    return self.signed(paper.id);
                }
                plain(self.find(|e| matches!(e, Event::Recorded { evidence, .. } if evidence.id == n)))
            }
            Folio::Report => plain(self.find_last(|e| matches!(e, Event::Finished { .. }))),
            Folio::Statement(p, n) => plain(self.stated(p, n)),
            Folio::Answer(p, n) => {
                let stated = self.stated(p, n)?;
                let answered = |e: &Event| matches!(e, Event::Answered { party, .. } if *party == p);
                let after = self.events.iter().skip(stated).position(answered)?;
                plain(Some(stated + after))
            }
            Folio::HearingRecord(p) | Folio::HearingReport(p) => {
                let held = |e: &Event| matches!(e, Event::HearingHeld { party, .. } if *party == p);
                let called = |e: &Event| matches!(e, Event::HearingCalled { party, .. } if *party == p);
                plain(self.find_last(held).or_else(|| self.find_last(called)))
            }
            Folio::Review(n) => plain(self.nth(n, |e| matches!(e, Event::Reviewed { .. }))),
            Folio::ReviewOf(n) => {
                plain(self.find(|e| matches!(e, Event::ProposalReviewed { id, .. } if *id == n)))
            }
            Folio::Discussion(n) => plain(self.nth(n, |e| matches!(e, Event::Discussed { .. }))),
            Folio::Panel(n) => plain(self.find(|e| concludes(e, n))),
            Folio::Receipt(n, p) => {
                let served =
                    |e: &Event| matches!(e, Event::Served { paper, party, .. } if (*paper, *party) == (n, p));
                plain(self.find_last(served).or(self.events.len().checked_sub(1)))
            }
            Folio::Address(_) | Folio::Volume => plain(self.events.len().checked_sub(1)),
        }
    }

    /// Where the `n`-th statement of a party is told.
    pub(super) fn stated(&self, p: u16, n: u16) -> Option<usize> {
        self.nth(n, |e| matches!(e, Event::Stated { party, .. } if *party == p))
    }
}

impl Writer<'_> {
    /// What stands in a field of the folio's form.
    pub(super) fn said(&self, name: &str) -> String {
        self.details.get(name).to_owned()
    }

    /// The same, or else something that the case says.
    pub(super) fn said_or(&self, name: &str, other: impl FnOnce() -> String) -> String {
        match self.details.get(name) {
            "" => other(),
            said => said.to_owned(),
        }
    }

    /// Something that must be there and is not.
    pub(super) fn lacking(&self, what: &str) -> Refusal {
        let title = folios::title(&self.book.case, self.folio).unwrap_or_default();
        Refusal::invalid(
            "paper",
            format!("《{title}》缺少必填内容：{what}"),
            "请在本案“决定与文书”里打开这份文书，点“填写”补齐。",
        )
        .from_source("文书必备内容")
    }

    /// A day that was typed and must be there.
    pub(super) fn said_day(&self, name: &str, what: &str) -> Result<Date, Refusal> {
        self.details.day(name).ok_or_else(|| self.lacking(what))
    }

    /// From when to when, as typed.
    pub(super) fn said_span(&self) -> Result<Span, Refusal> {
        Ok(Span {
            from: self.details.moment("from").ok_or_else(|| self.lacking("开始时间"))?,
            until: self.details.moment("to").ok_or_else(|| self.lacking("结束时间"))?,
        })
    }

    /// Somebody who is asked or makes a statement, as typed.
    pub(super) fn respondent(&self) -> Respondent {
        Respondent {
            name: self.said("name"),
            sex: self.said("sex"),
            age: self.said("age"),
            identity: self.said("identity"),
            work: self.said("work"),
            address: self.said("address"),
            phone: self.said("phone"),
            relation: self.said("relation"),
            guardian: self.said("guardian"),
        }
    }

    /// Why a place for a signature is empty, where it is: said by a witness.
    pub(super) fn unsigned(&self, refused: bool) -> Option<Unsigned> {
        refused.then(|| Unsigned { reason: "当事人拒绝签名".into(), witness: self.said("witness") })
    }

    /// The same where the refusal itself is written on the folio.
    pub(super) fn refused(&self) -> Option<Unsigned> {
        let reason = self.said("refused");
        (!reason.is_empty()).then(|| Unsigned { reason, witness: self.said("witness") })
    }

    /// Things, from the list that was typed on the folio or else in the case.
    pub(super) fn items(&self, listed: Option<PartRef>) -> Vec<Item> {
        let text = self.said_or("items", || listed.map(|part| self.text(part)).unwrap_or_default());
        text.lines().filter_map(item).collect()
    }

    /// The place of the case in words.
    pub(super) fn place(&self) -> String {
        self.case().place.map(|place| self.text(place)).unwrap_or_default()
    }

    /// Facts of all violations.
    pub(super) fn facts(&self) -> String {
        self.case().violations.iter().map(|v| self.happened(v)).collect::<Vec<_>>().join("\n")
    }

    /// The violations that a paper to one party speaks of: what is charged to it; all where nothing is charged to anybody yet.
    fn own(&self) -> impl Iterator<Item = &Violation> {
        let charged = |v: &&Violation| {
            let of = |party: &Party| party.charges.iter().any(|charge| charge.violation == v.id);
            of(self.party) || !self.case().present().any(of)
        };
        self.case().violations.iter().filter(charged)
    }

    /// Their facts.
    pub(super) fn own_facts(&self) -> String {
        self.own().map(|v| self.happened(v)).collect::<Vec<_>>().join("\n")
    }

    /// The facts of a violation as papers tell them. When and where it was belongs to the facts (行政处罚法 59(1)(二)): where the
    /// officer's words name no day, the day and the place that the case knows go before them.
    pub(super) fn happened(&self, violation: &Violation) -> String {
        let facts = self.text(violation.facts);
        if facts.contains('月') && facts.contains('日') {
            return facts;
        }
        let (from, to) = (date_on_paper(violation.from), date_on_paper(violation.to));
        let days = if from == to { from } else { format!("{from}至{to}") };
        match self.place() {
            place if place.is_empty() || facts.contains(&place) => format!("{days}，{facts}"),
            place => format!("{days}，在{place}，{facts}"),
        }
    }

    /// What the violations of the case breached, and by what they are punished, for those whom the folio concerns: as charged, else
    /// as the law data choose it by the end of the conduct, the kind of party and the place (行政处罚法 37).
    pub(super) fn rules(&self) -> (Vec<String>, Vec<String>) {
        let all = self.case().violations.iter();
        let (parties, violations): (Vec<&Party>, Vec<&Violation>) = match self.signed.paper.parties.as_slice()
        {
            [] => (self.case().present().collect(), all.collect()),
            [_] => (vec![self.party], self.own().collect()),
            _ => (vec![self.party], all.collect()),
        };
        let (mut breached, mut bases) = (Vec::new(), Vec::new());
        for party in parties {
            for violation in &violations {
                let (one, basis) = self.rules_of(party, violation);
                breached.extend(one);
                bases.extend(basis);
            }
        }
        (sorted(breached), sorted(bases))
    }

    /// The same of one violation of one party.
    pub(super) fn rules_of(&self, party: &Party, violation: &Violation) -> (Vec<String>, Vec<String>) {
        let unit = party.subject.kind.is_unit();
        let charged = party.charges.iter().find(|charge| charge.violation == violation.id);
        if let Some(basis) = charged.map(|charge| &charge.basis) {
            let breached = self.breached(violation, unit, &basis.law, &basis.prohibits);
            return (breached.into_iter().collect(), vec![basis.cite()]);
        }
        let (mut breached, mut bases) = (Vec::new(), Vec::new());
        for basis in self.fitting(violation, unit) {
            bases.push(basis.citation());
            let article = basis.prohibit.as_deref().unwrap_or_default();
            breached.extend(self.breached(violation, unit, &basis.law, article));
        }
        (sorted(breached), sorted(bases))
    }

    /// How the law data choose for a violation and a kind of party on the folio's day.
    fn choice(&self, violation: &Violation, unit: bool) -> Option<lianzhi_law::Choice<'_>> {
        let law = &self.directory.law;
        let place = law.place(self.directory.node.as_str()).ok()?;
        let kind = if unit { SubjectKind::Entity } else { SubjectKind::Person };
        let (begun, ended) = (violation.from, violation.to);
        let decided = self.date().max(ended);
        let case = lianzhi_law::Case { place, kind, facts: Vec::new(), begun, ended, decided };
        lianzhi_law::choose(law.item(&violation.item).ok()?, &case).ok()
    }

    /// The basis of a violation for a kind of party; where none can be chosen, all that were in force here then.
    fn fitting(&self, violation: &Violation, unit: bool) -> Vec<&lianzhi_law::Basis> {
        let Some(choice) = self.choice(violation, unit) else { return Vec::new() };
        if let Some(chosen) = choice.chosen {
            return vec![chosen];
        }
        let case = &choice.case;
        let here = |basis: &&lianzhi_law::Basis| {
            basis.in_force(case.ended)
                && basis.kinds.contains(&case.kind)
                && basis.enforcer.is_none()
                && basis.jurisdiction.covers(&case.place)
        };
        choice.rejected.iter().map(|rejected| rejected.basis).filter(here).collect()
    }

    /// What a violation breached: the rule that was in force when it happened, also where the later and lighter law punishes it
    /// (行政处罚法 37). `law` and `article` are those of the basis.
    pub(super) fn breached(
        &self,
        violation: &Violation,
        unit: bool,
        law: &str,
        article: &str,
    ) -> Option<String> {
        let choice = self.choice(violation, unit);
        let later = choice.as_ref().and_then(|choice| choice.chosen.filter(|b| !b.in_force(violation.to)));
        let old =
            choice.as_ref().and_then(|choice| choice.old).filter(|_| later.is_some_and(|b| *b.law == *law));
        match old.and_then(|old| Some((old, old.prohibit.as_deref()?))) {
            Some((old, article)) => Some(citation(&old.law, article)),
            None if article.is_empty() => None,
            None => Some(citation(law, article)),
        }
    }

    /// Whether the case is about something that was built unlawfully and may be pulled down (城乡规划法 64, 65, 68).
    pub(super) fn pulls_down(&self) -> bool {
        let item = |v: &Violation| self.directory.law.item(&v.item).ok();
        self.case().violations.iter().filter_map(item).any(lianzhi_law::Item::unlawful_structure)
    }

    /// The number of the newest paper of some kinds that goes to this party.
    pub(super) fn number_of(&self, kinds: &[PaperKind]) -> String {
        let id = self.party.subject.id;
        let own = self.case().papers.iter().filter(|f| f.voided.is_none() && kinds.contains(&f.paper.kind));
        let mut own = own.filter(|f| f.paper.parties.is_empty() || f.paper.parties.contains(&id));
        own.next_back().map(|f| f.paper.number.clone()).unwrap_or_default()
    }

    /// What the file holds so far, in its order, besides the folio itself.
    pub(super) fn materials(&self) -> Vec<String> {
        let listed = lianzhi_procedure::penalty::catalogue(self.case()).into_iter();
        listed
            .filter(|l| !l.voided && l.folio != Some(self.folio))
            .map(|l| match l.number.as_str() {
                "" => l.title,
                number => format!("{}（{number}）", l.title),
            })
            .collect()
    }

    /// What was done so far, a sentence each: the course of an investigation.
    pub(super) fn course(&self) -> String {
        let mut words = vec![format!("{}登记线索", super::written::on_paper(self.case().at))];
        words.extend(self.case().filed().map(|at| format!("{}立案", super::written::on_paper(at))));
        for file in self.case().evidence.iter().filter(|file| file.excluded.is_none()) {
            let what = match file.evidence.kind.is_record() {
                true => "制作",
                false => "收集",
            };
            let at = super::written::on_paper(file.evidence.from);
            words.push(format!("{at}{what}{}", file.evidence.kind.title()));
        }
        format!("{}。", words.join("，"))
    }

    /// The document of the folio.
    pub(super) fn folio(&self) -> Result<Document, Refusal> {
        match self.folio {
            Folio::Paper(_) => self.document(),
            Folio::Lead => self.lead(),
            Folio::Proposal(_) => self.approval(),
            Folio::Evidence(n) => self.record(n),
            Folio::Report => self.report(),
            Folio::Statement(p, n) => self.statement(p, n),
            Folio::Answer(p, n) => self.answer(p, n),
            Folio::HearingRecord(p) => self.hearing_record(p),
            Folio::HearingReport(p) => self.hearing_report(p),
            Folio::Review(_) | Folio::ReviewOf(_) => self.review(),
            Folio::Discussion(n) => self.discussion(n),
            Folio::Panel(n) => self.panel(n),
            Folio::Receipt(n, p) => self.receipt(n, p),
            Folio::Address(_) => self.address(),
            Folio::Volume => {
                Err(Refusal::conflict("bound-only", "封面、目录和备考表与全卷一起装订。", "请用“打印全卷”。")
                    .from_source("行政处罚法第四十七条"))
            }
        }
    }
}

/// Whether it is the sum of the panel that was asked.
pub(super) fn concludes(event: &Event, n: u16) -> bool {
    let Event::Aside { what, .. } = event else { return false };
    matches!(&**what, lianzhi_procedure::penalty::Aside::PanelConcluded { asked, .. } if *asked == n)
}

fn sorted(mut all: Vec<String>) -> Vec<String> {
    all.sort();
    all.dedup();
    all
}

/// A thing of a list: columns with bars or commas between. What counts is where the amount stands.
pub(super) fn item(line: &str) -> Option<Item> {
    let line = line.trim().trim_end_matches(['。', '；', ';']);
    if line.is_empty() {
        return None;
    }
    let bars = |c| matches!(c, '|' | '｜' | '\t');
    let commas = |c| matches!(c, '，' | ',' | '；' | ';');
    let columns: Vec<&str> = match line.contains(bars) {
        true => line.split(bars).map(str::trim).collect(),
        false => line.split(commas).map(str::trim).collect(),
    };
    let text = |n: usize| columns.get(n).map(|c| (*c).to_owned()).unwrap_or_default();
    if line.contains(bars) && columns.len() >= 5 {
        return Some(Item {
            name: text(0),
            model: text(1),
            amount: text(2),
            state: text(3),
            kept: columns.get(4..).unwrap_or_default().join("，"),
        });
    }
    let counts =
        |c: &str| c.starts_with(|c: char| c.is_ascii_digit() || "一二两三四五六七八九十百千约".contains(c));
    let amount = columns.iter().skip(1).position(|c| counts(c)).map_or(columns.len(), |n| n + 1);
    let rest = columns.get(amount + 1..).unwrap_or_default();
    Some(Item {
        name: text(0),
        model: columns.get(1..amount).unwrap_or_default().join("，"),
        amount: text(amount),
        state: rest.first().map(|c| (*c).to_owned()).unwrap_or_default(),
        kept: rest.get(1..).unwrap_or_default().join("，"),
    })
}

/// A day as the file's approval columns bear it.
pub(super) fn opinion(text: String, name: String, at: Timestamp) -> lianzhi_paper::Opinion {
    lianzhi_paper::Opinion { text, name, date: Some(day(at)) }
}

#[cfg(test)]
mod tests {
    use super::item;

    #[test]
    fn a_thing_is_read_with_bars_or_with_commas() {
        let barred = item("渣土车|沪A00001 重型自卸|1辆|完好，满载|执法中队停车场，保管人张三").unwrap();
        assert_eq!((barred.model.as_str(), barred.amount.as_str()), ("沪A00001 重型自卸", "1辆"));
        assert_eq!(barred.kept, "执法中队停车场，保管人张三");
        let plain = item("电动三轮车，1辆，红色，七成新，停放在中队仓库。").unwrap();
        assert_eq!(
            (plain.name.as_str(), plain.amount.as_str(), plain.state.as_str()),
            ("电动三轮车", "1辆", "红色")
        );
        assert_eq!(plain.kept, "七成新，停放在中队仓库");
        // What is not there stays empty, and is asked for.
        let short = item("切割机").unwrap();
        assert!(short.amount.is_empty() && short.state.is_empty());
        assert!(item("  ").is_none());
    }
}

//! From a case to the models of its papers.

use super::book::{Book, Details};
use super::open::Particulars;
use super::papers::{Said, Signed};
use jiff::Timestamp;
use jiff::civil::Date;
use lianzhi_paper::{
    Approvals, Body, Check, Contact, Discretion, Head, Marks, Money, Number, Officer, Opinion, Penalties,
    Penalty, Remedy, RemedyTerms, Served, Sheet, Source, Subject, Violation,
};
use lianzhi_procedure::directory::{Directory, PaperSettings};
use lianzhi_procedure::penalty::{
    Adopted, Case, Charge, Event, Folio, Hearing, Origin, PaperKind, Party, PartyKind, Proposal, Severe,
    folios,
};
use lianzhi_procedure::{PartRef, Refusal};

/// Longest part of a record that stands in the list of evidence.
const EVIDENCE_CHARS_MAX: usize = 80;

/// Everything that a paper is written from.
pub(super) struct Writer<'a> {
    pub book: &'a Book,
    pub signed: &'a Signed,
    pub folio: Folio,
    /// What was written on it.
    pub details: Details,
    pub party: &'a Party,
    pub particulars: Particulars,
    pub directory: &'a Directory,
    pub now: Timestamp,
    /// Where it can be checked.
    pub check: Option<Check>,
}

pub(crate) fn day(at: Timestamp) -> Date {
    lianzhi_procedure::beijing_date(at)
}

/// A day in the words of a paper (GB/T 9704—2012, 7.3.5).
pub(crate) fn on_paper(at: Timestamp) -> String {
    date_on_paper(day(at))
}

/// The same for a day.
pub(super) fn date_on_paper(date: Date) -> String {
    format!("{}年{}月{}日", date.year(), date.month(), date.day())
}

/// Statutes of the nation that papers cite by their full name.
const NATIONAL: [&str; 5] = ["行政处罚法", "行政强制法", "行政复议法", "行政诉讼法", "城乡规划法"];

/// The articles of a source, as papers name them: 行政强制法第四十条 becomes 《中华人民共和国行政强制法》第四十条.
pub(crate) fn cited(source: &str) -> String {
    match source.split_once('第') {
        Some((law, article)) if NATIONAL.contains(&law) => {
            format!("《中华人民共和国{law}》第{article}")
        }
        Some((law, article)) => format!("《{law}》第{article}"),
        None => source.to_owned(),
    }
}

pub(crate) fn money(fen: i64) -> Money {
    Money::fen(u64::try_from(fen).unwrap_or(0))
}

/// Ways to pay, and the payment code where there is one.
pub(crate) fn with_code(ways: &[String], code: Option<&str>) -> String {
    let code = code.filter(|code| !code.is_empty()).map(|code| format!("缴款码：{code}"));
    ways.iter().cloned().chain(code).collect::<Vec<_>>().join("；")
}

/// Whether a number is that of a card of identity with eighteen places: six of the place, eight of the birthday, four more
/// (GB 11643). Cards of residents of 港澳台 and of permanent residents from abroad are made the same way.
fn of_a_card(number: &str) -> bool {
    let digits = |text: &str| text.chars().all(|c| c.is_ascii_digit());
    let born = number.get(6..14).filter(|born| digits(born));
    let real = born.is_some_and(|born| {
        let part = |from: usize, to: usize| born.get(from..to).and_then(|text| text.parse::<i16>().ok());
        let month = part(4, 6).and_then(|m| i8::try_from(m).ok());
        let day = part(6, 8).and_then(|d| i8::try_from(d).ok());
        let (Some(year), Some(month), Some(day)) = (part(0, 4), month, day) else { return false };
        (1900..2100).contains(&year) && Date::new(year, month, day).is_ok()
    });
    let (body, check) = number.split_at_checked(17).unwrap_or_default();
    let checked = check.len() == 1 && (digits(check) || check.eq_ignore_ascii_case("x"));
    // 92 and 93 begin the codes of traders and cooperatives.
    real && digits(body) && checked && !number.starts_with("92") && !number.starts_with("93")
}

/// A document of identity by the kind of its number.
pub(super) fn identity(number: &str) -> String {
    let number = number.trim();
    let kind = match number {
        "" => return String::new(),
        card if of_a_card(card) && card.starts_with('9') => "外国人永久居留身份证",
        card if of_a_card(card) && card.starts_with('8') => "港澳台居民居住证",
        card if of_a_card(card) => "居民身份证",
        _ => "证件号码",
    };
    format!("{kind}：{number}")
}

/// A party as papers name it.
pub(crate) fn subject(kind: PartyKind, p: &Particulars) -> Subject {
    let body = || Body {
        name: p.name.clone(),
        code: p.id_number.clone(),
        address: p.address.clone(),
        representative: p.representative.clone(),
        post: String::new(),
        agent: String::new(),
        phone: p.phone.clone(),
    };
    match kind {
        PartyKind::Person => Subject::Person {
            name: p.name.clone(),
            sex: String::new(),
            born: None,
            identity: identity(&p.id_number),
            address: p.address.clone(),
            phone: p.phone.clone(),
        },
        PartyKind::Trader => Subject::Household {
            name: p.name.clone(),
            // A trader is known by the code of the business, or by the operator's card.
            code: if of_a_card(p.id_number.trim()) { String::new() } else { p.id_number.clone() },
            operator: if p.representative.is_empty() { p.name.clone() } else { p.representative.clone() },
            identity: if of_a_card(p.id_number.trim()) { identity(&p.id_number) } else { String::new() },
            address: p.address.clone(),
            phone: p.phone.clone(),
        },
        PartyKind::Company => Subject::Company(body()),
        PartyKind::Organisation => Subject::Organisation(body()),
    }
}

/// A term of the statute in the words of the law data, where they have it for this place and day.
pub(crate) fn term_words(directory: &Directory, key: &str, day: Date) -> Option<String> {
    let place = directory.law.place(directory.node.as_str()).ok()?;
    let term = directory.law.statutory(key, &place, day).ok()?;
    Some(term.document.to_string()).filter(|words| !words.is_empty())
}

/// The length of a term of the statute in the numerals of papers; empty where the law data have none, and then the paper lacks it.
fn length(directory: &Directory, key: &str, day: Date) -> String {
    let place = directory.law.place(directory.node.as_str()).ok();
    let term = place.and_then(|place| directory.law.statutory(key, &place, day).ok());
    term.and_then(|term| term.measure).map(lianzhi_law::Measure::spoken).unwrap_or_default()
}

impl crate::App {
    /// A term of the statute in the words of the law data, as of today; empty where they have none.
    #[must_use]
    pub fn statute_words(&self, key: &str) -> String {
        term_words(&self.directory(), key, day(self.now())).unwrap_or_default()
    }

    /// How a decision on the spot may be challenged, with the terms as the law data have them today.
    #[must_use]
    pub fn spot_remedy_text(&self) -> String {
        let within = remedy_on(&self.directory(), day(self.now())).within;
        lianzhi_procedure::spot::remedy_text(&within.reconsideration, &within.afterwards)
    }
}

/// Where a decision of a day can be challenged, and within which time.
pub(crate) fn remedy_on(directory: &Directory, day: Date) -> Remedy {
    let settings = &directory.settings.papers;
    Remedy {
        reconsideration: settings.reconsideration.clone(),
        court: settings.court.clone(),
        within: RemedyTerms {
            reconsideration: length(directory, "remedy.reconsideration", day),
            lawsuit: length(directory, "remedy.lawsuit", day),
            afterwards: length(directory, "remedy.lawsuit_after_reconsideration", day),
        },
    }
}

/// An officer as papers name him.
pub(crate) fn officer(o: &lianzhi_procedure::penalty::Officer) -> Officer {
    Officer { name: o.name.clone(), certificate: o.certificate.clone(), unit: String::new() }
}

/// Who took evidence that another member provided, as papers say it.
fn taken_there(origin: &Origin) -> String {
    let takers: Vec<_> = origin.takers.iter().map(ToString::to_string).collect();
    let by = if takers.is_empty() { String::new() } else { format!("由{}", takers.join("、")) };
    format!("{}依法{by}取得，{}提供，本机关经审查认可", origin.from, origin.matter)
}

impl Writer<'_> {
    pub(super) fn case(&self) -> &Case {
        &self.signed.case
    }

    pub(super) fn settings(&self) -> &PaperSettings {
        &self.directory.settings.papers
    }

    /// How money is paid, with the code by which the bank finds it.
    pub(super) fn pay_way(&self) -> String {
        with_code(&self.settings().pay_ways, self.party.money.code.as_deref())
    }

    pub(super) fn text(&self, part: PartRef) -> String {
        self.book.text(part)
    }

    pub(super) fn name(&self, person: &lianzhi_ids::PersonCode) -> String {
        self.directory.person_name(person).to_owned()
    }

    /// When it was signed; a draft bears today's date.
    pub(super) fn date(&self) -> Date {
        let paper = self.case().paper(self.signed.paper.id).map(|file| file.at);
        day(paper.or(self.signed.at).unwrap_or(self.now))
    }

    pub(super) fn number(&self) -> Result<Option<Number>, Refusal> {
        if self.signed.paper.number.is_empty() {
            return Ok(None);
        }
        let number = self.signed.paper.number.parse::<Number>();
        number.map(Some).map_err(|e| {
            Refusal::conflict("number", e.to_string(), "请联系管理员。").from_source("GB/T 9704—2012")
        })
    }

    pub(super) fn head(&self) -> Result<Head, Refusal> {
        let settings = self.settings();
        Ok(Head {
            issuer: self.directory.settings.agency.clone(),
            number: self.number()?,
            date: self.date(),
            marks: Marks::default(),
            attachments: Vec::new(),
            contact: Contact {
                name: self.case().officers.first().map(|o| o.name.clone()).unwrap_or_default(),
                phone: settings.phone.clone(),
                address: settings.address.clone(),
            },
            copies: Vec::new(),
            check: self.check.clone(),
        })
    }

    pub(super) fn cause(&self) -> String {
        self.text(self.case().title)
    }

    pub(super) fn sheet(&self) -> Result<Sheet, Refusal> {
        Ok(Sheet {
            agency: self.directory.settings.agency.clone(),
            number: self.number()?,
            case_number: self.case().number.clone(),
            cause: self.cause(),
            date: self.date(),
            check: None,
        })
    }

    /// All parties that are part of the case.
    pub(super) fn subjects(&self) -> Vec<Subject> {
        let known = |p: &Party| Some(subject(p.subject.kind, self.book.people.get(&p.subject.id)?));
        self.case().present().filter_map(known).collect()
    }

    pub(super) fn subject(&self) -> Subject {
        subject(self.party.subject.kind, &self.particulars)
    }

    pub(super) fn officers(&self) -> Vec<Officer> {
        self.case().officers.iter().map(officer).collect()
    }

    pub(super) fn evidence(&self) -> Vec<String> {
        let counted = self.case().evidence.iter().filter(|file| file.excluded.is_none());
        counted
            .map(|file| {
                let words: String = self.text(file.evidence.note).chars().take(EVIDENCE_CHARS_MAX).collect();
                let from = match &file.evidence.origin {
                    Some(origin) => format!("，{}", taken_there(origin)),
                    None => String::new(),
                };
                let (kind, on) = (file.evidence.kind.title(), on_paper(file.evidence.from));
                format!("{kind}1份（{on}{from}），{words}")
            })
            .collect()
    }

    /// What is charged to this party in what is signed.
    pub(super) fn charges(&self) -> Vec<&Charge> {
        let proposed = match self.signed.columns.pending.as_ref().map(|pending| &pending.proposal) {
            Some(Proposal::Notice { charges, .. } | Proposal::Decide { charges }) => charges.as_slice(),
            _ => self.party.charges.as_slice(),
        };
        proposed.iter().filter(|charge| charge.party == self.party.subject.id).collect()
    }

    pub(super) fn violations(&self) -> Vec<Violation> {
        self.violations_of(self.party, &self.charges())
    }

    /// What is charged to a party, as papers tell it.
    pub(super) fn violations_of(&self, party: &Party, charges: &[&Charge]) -> Vec<Violation> {
        let place = self.directory.law.place(self.directory.node.as_str()).ok();
        let one = |charge: &&Charge| {
            let violation = self.case().violation(charge.violation)?;
            let benchmark = place
                .as_ref()
                .and_then(|place| self.directory.law.benchmark(&violation.item, place, self.date()));
            let basis = &charge.basis;
            let unit = party.subject.kind.is_unit();
            let breached = self.breached(violation, unit, &basis.law, &basis.prohibits).into_iter().collect();
            Some(Violation {
                facts: self.happened(violation),
                evidence: self.evidence(),
                breached,
                basis: vec![basis.cite()],
                discretion: benchmark.filter(|_| !charge.tier.is_empty()).map(|benchmark| Discretion {
                    benchmark: benchmark.title.to_string(),
                    tier: self.directory.law.tier_title(&violation.item, &charge.tier),
                    circumstances: self.text(charge.grounds),
                }),
            })
        };
        charges.iter().filter_map(one).collect()
    }

    /// What was written on this paper for its party, else what the notice told it already (行政处罚法 44).
    pub(super) fn said_of(&self, name: &str) -> String {
        match self.details.of(name, self.party.subject.id) {
            "" => self.book.told(self.party, name),
            said => said.to_owned(),
        }
    }

    /// The penalties of a notice or a decision: what is confiscated, what is revoked or stopped is named.
    pub(super) fn penalties(&self) -> Penalties {
        let (goods, severe) = (self.said_of("goods"), self.said_of("severe"));
        let heavy = |kind: Severe| match severe.trim_end_matches('。') {
            // Named as lacking.
            "" => String::new(),
            what => format!("{}（{what}）", kind.title()),
        };
        self.penalties_of(&self.charges(), &goods, heavy)
    }

    /// Penalties of charges, with the words for what they take.
    pub(super) fn penalties_of(
        &self,
        charges: &[&Charge],
        goods: &str,
        heavy: impl Fn(Severe) -> String,
    ) -> Penalties {
        let mut all = Vec::new();
        for charge in charges {
            let conduct = self.case().violation(charge.violation).map(|v| v.item.clone()).unwrap_or_default();
            let named = self.directory.law.item(&conduct).map(|item| item.name.to_string());
            let conduct = named.unwrap_or(conduct);
            if charge.warning {
                all.push(Penalty::Warning);
            }
            if charge.fine > 0 {
                all.push(Penalty::Fine { amount: money(charge.fine), conduct });
            }
            if charge.confiscation > 0 {
                all.push(Penalty::Gains { amount: money(charge.confiscation) });
            }
            if charge.goods {
                all.push(Penalty::Goods { what: goods.to_owned() });
            }
            all.extend(charge.severe.map(|kind| Penalty::Other { words: heavy(kind) }));
        }
        Penalties(all)
    }

    pub(super) fn remedy(&self) -> Remedy {
        remedy_on(self.directory, self.date())
    }

    pub(super) fn opinion(&self, said: Option<&Said>) -> Opinion {
        match said {
            Some(said) => Opinion {
                text: said
                    .note
                    .map(|note| self.text(note))
                    .filter(|t| !t.is_empty())
                    .unwrap_or("同意。".into()),
                name: self.name(&said.by),
                date: Some(day(said.at)),
            },
            None => Opinion::default(),
        }
    }

    pub(super) fn approvals(&self) -> Approvals {
        let columns = &self.signed.columns;
        Approvals {
            handlers: match &columns.pending {
                Some(pending) => Opinion {
                    text: self.text(pending.note),
                    name: self.name(&pending.by),
                    date: Some(day(pending.at)),
                },
                None => Opinion::default(),
            },
            unit: self.opinion(columns.endorsed.as_ref()),
            legal: columns.reviewed.as_ref().map(|said| self.opinion(Some(said))),
            leader: self.opinion(columns.approved.as_ref()),
        }
    }

    /// The columns of what needs no approval of its own: what its writer says, and what unit and leader said when they approved the
    /// first step that rests on it, named by that step.
    pub(super) fn said_on(
        &self,
        handlers: Opinion,
        at: Timestamp,
        step: impl Fn(&Proposal) -> bool,
    ) -> Approvals {
        let steps = self.book.case.granted.iter().filter(|g| g.at >= at && step(&g.pending.proposal));
        let Some(first) = steps.min_by_key(|granted| granted.at) else {
            return Approvals { handlers, ..Approvals::default() };
        };
        let (columns, title) = (self.book.columns(first.pending.id), first.pending.proposal.title());
        let named = |said: Option<&Said>| match self.opinion(said) {
            empty if empty.text.is_empty() => empty,
            said => Opinion { text: format!("{}（审批{title}时签署）", said.text), ..said },
        };
        Approvals {
            handlers,
            unit: named(columns.endorsed.as_ref()),
            legal: None,
            leader: named(columns.approved.as_ref()),
        }
    }

    /// The grounds of what is signed.
    pub(super) fn grounds(&self) -> String {
        self.signed.columns.pending.as_ref().map(|pending| self.text(pending.note)).unwrap_or_default()
    }

    pub(super) fn served(&self, kinds: &[PaperKind]) -> Vec<Served> {
        let id = self.party.subject.id;
        let papers = kinds.iter().flat_map(|kind| self.case().papers_of(*kind));
        papers
            .filter_map(|file| {
                let on = day(file.service.get(&id)?.effective?);
                // A notice of several says to each what it has: not every one has the right to a hearing.
                let title = match file.paper.kind {
                    PaperKind::HearingRight if !self.told_of_hearing() => PaperKind::Notice.title().into(),
                    _ => folios::printed_title(self.case(), file).into(),
                };
                Some(Served { title, number: file.paper.number.clone(), on })
            })
            .collect()
    }

    /// What the party said and what came of it.
    pub(super) fn heard(&self) -> String {
        let rights = &self.party.rights;
        let mut words = Vec::new();
        for statement in &rights.statements {
            let answer = match &statement.answer {
                Some((Adopted::All, note)) => format!("经复核，本机关予以采纳。{}", self.text(*note)),
                Some((Adopted::Some, note)) => format!("经复核，本机关部分采纳。{}", self.text(*note)),
                Some((Adopted::None, note)) => format!("经复核，本机关不予采纳。{}", self.text(*note)),
                None => String::new(),
            };
            words.push(format!(
                "{}，当事人陈述、申辩：{}{answer}",
                on_paper(statement.at),
                self.text(statement.text)
            ));
        }
        // What was said at a hearing was said in time as well.
        let held = rights.was_heard();
        if rights.statements.is_empty() && !held {
            words.push(match rights.statement_waived.is_some() {
                true => "当事人书面放弃陈述、申辩。".into(),
                false => "当事人在期限内没有陈述、申辩。".to_owned(),
            });
        }
        let on = |day: String| format!("本机关于{day}举行了听证。");
        words.extend(rights.held.iter().map(|hearing| on(on_paper(hearing.at))));
        match &rights.hearing {
            Hearing::Held { at, .. } => words.push(on(date_on_paper(self.heard_on(*at)))),
            Hearing::GivenUp { .. } => words.push("当事人放弃听证。".into()),
            Hearing::None if rights.held.is_empty() && self.told_of_hearing() => {
                words.push("当事人没有要求听证。".into());
            }
            _ => {}
        }
        if held {
            words.push(self.at_hearing());
        }
        words.join("")
    }

    /// Whether the notice in force told this party of the right to a hearing.
    fn told_of_hearing(&self) -> bool {
        let own = |charge: &&Charge| charge.party == self.party.subject.id;
        let notice = self.party.rights.notice.as_ref().filter(|notice| notice.hearing);
        notice.is_some_and(|notice| notice.charges.iter().filter(own).any(|charge| charge.hearing))
    }

    /// The day of the hearing of this party: as its record says, else as it was called for, else when the record came in.
    fn heard_on(&self, recorded: Timestamp) -> Date {
        let p = self.party.subject.id;
        let written = [Folio::HearingRecord(p), Folio::HearingReport(p)];
        let from = written.into_iter().find_map(|folio| self.book.details(folio).moment("from"));
        let called = self.book.events.iter().rev().find_map(|event| match event {
            Event::HearingCalled { party, on, .. } if *party == p => Some(day(*on)),
            _ => None,
        });
        from.map(|at| at.date()).or(called).unwrap_or_else(|| day(recorded))
    }

    /// What the party said at its hearing and whether it was adopted, as the decision says it (行政处罚法 65).
    pub(super) fn at_hearing(&self) -> String {
        let p = self.party.subject.id;
        let decided =
            self.case().papers_of(PaperKind::Decision).rfind(|file| file.paper.parties.contains(&p));
        match (self.details.of("heard", p), decided) {
            ("", Some(file)) => self.book.details(Folio::Paper(file.paper.id)).of("heard", p).to_owned(),
            (said, _) => said.to_owned(),
        }
    }

    /// A term of the statute in its own words, as a paper names it whose day is not known yet.
    pub(super) fn term_words(&self, key: &str, other: &str) -> String {
        term_words(self.directory, key, self.date()).unwrap_or_else(|| other.to_owned())
    }

    pub(super) fn source(&self) -> Source {
        let found = jiff::tz::offset(8).to_datetime(self.case().at);
        Source { kind: self.case().source.title().into(), number: String::new(), found }
    }
}

#[cfg(test)]
mod tests {
    use super::{identity, subject};
    use crate::penalty::Particulars;
    use lianzhi_paper::Subject;
    use lianzhi_procedure::penalty::PartyKind;

    #[test]
    fn a_number_is_named_by_its_kind() {
        assert_eq!(identity("310118199001010011"), "居民身份证：310118199001010011");
        assert_eq!(identity("81000019900101001X"), "港澳台居民居住证：81000019900101001X");
        assert_eq!(identity("911124199001010015"), "外国人永久居留身份证：911124199001010015");
        assert_eq!(identity("E12345678"), "证件号码：E12345678");
        assert_eq!(identity("310118199013400011"), "证件号码：310118199013400011");
        assert!(identity(" ").is_empty());
    }

    #[test]
    fn a_trader_is_known_by_the_code_of_the_business_or_by_a_card() {
        let of = |number: &str| {
            let p =
                Particulars { name: "某面馆".into(), id_number: number.into(), ..Particulars::default() };
            match subject(PartyKind::Trader, &p) {
                Subject::Household { code, identity, .. } => (code, identity),
                other => panic!("{other:?}"),
            }
        };
        assert_eq!(of("310118199001010011"), (String::new(), "居民身份证：310118199001010011".into()));
        assert_eq!(of("92310118MA1XXXXX2X"), ("92310118MA1XXXXX2X".into(), String::new()));
    }
}

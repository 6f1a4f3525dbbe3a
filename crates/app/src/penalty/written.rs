//! From a case to the models of its papers.

use super::book::{Book, Details};
use super::open::Particulars;
use super::papers::{Said, Signed};
use jiff::Timestamp;
use jiff::civil::Date;
use lianzhi_paper::{
    Approvals, Body, Check, Contact, Discretion, Head, Marks, Money, Number, Officer, Opinion, Penalties,
    Penalty, Remedy, Served, Sheet, Source, Subject, Violation,
};
use lianzhi_procedure::directory::{Directory, PaperSettings};
use lianzhi_procedure::penalty::{
    Adopted, Case, Charge, Folio, Hearing, Origin, PaperKind, Party, PartyKind, Proposal, folios,
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
            identity: match p.id_number.as_str() {
                "" => String::new(),
                number => format!("居民身份证：{number}"),
            },
            address: p.address.clone(),
            phone: p.phone.clone(),
        },
        PartyKind::Trader => Subject::Household {
            name: p.name.clone(),
            code: p.id_number.clone(),
            operator: if p.representative.is_empty() { p.name.clone() } else { p.representative.clone() },
            identity: String::new(),
            address: p.address.clone(),
            phone: p.phone.clone(),
        },
        PartyKind::Company => Subject::Company(body()),
        PartyKind::Organisation => Subject::Organisation(body()),
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
        let place = self.directory.law.place(self.directory.node.as_str()).ok();
        let one = |charge: &&Charge| {
            let violation = self.case().violation(charge.violation)?;
            let benchmark = place
                .as_ref()
                .and_then(|place| self.directory.law.benchmark(&violation.item, place, self.date()));
            let basis = &charge.basis;
            let unit = self.party.subject.kind.is_unit();
            let breached = self.breached(violation, unit, &basis.law, &basis.prohibits).into_iter().collect();
            Some(Violation {
                facts: self.text(violation.facts),
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
        self.charges().iter().filter_map(one).collect()
    }

    pub(super) fn penalties(&self) -> Penalties {
        let charges = self.charges();
        let mut all = Vec::new();
        for charge in &charges {
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
                all.push(Penalty::Goods {
                    what: "先行登记保存、扣押物品清单所列物品".into()
                });
            }
            all.extend(charge.severe.map(|kind| Penalty::Other { words: kind.title().into() }));
        }
        Penalties(all)
    }

    pub(super) fn remedy(&self) -> Remedy {
        Remedy {
            reconsideration: self.settings().reconsideration.clone(),
            court: self.settings().court.clone(),
        }
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
            legal: None,
            leader: self.opinion(columns.approved.as_ref()),
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
                let title = folios::printed_title(self.case(), file).into();
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
        if rights.statements.is_empty() {
            words.push(match rights.statement_waived.is_some() {
                true => "当事人书面放弃陈述、申辩。".into(),
                false => "当事人在期限内没有陈述、申辩。".to_owned(),
            });
        }
        let held = |at| format!("本机关于{}举行了听证，听证笔录已经当事人核对。", on_paper(at));
        words.extend(rights.held.iter().map(|hearing| held(hearing.at)));
        match &rights.hearing {
            Hearing::Held { at, .. } => words.push(held(*at)),
            Hearing::GivenUp { .. } => words.push("当事人放弃听证。".into()),
            Hearing::None
                if rights.held.is_empty() && rights.notice.as_ref().is_some_and(|notice| notice.hearing) =>
            {
                words.push("当事人没有要求听证。".into());
            }
            _ => {}
        }
        words.join("")
    }

    pub(super) fn source(&self) -> Source {
        let found = jiff::tz::offset(8).to_datetime(self.case().at);
        Source { kind: self.case().source.title().into(), number: String::new(), found }
    }
}

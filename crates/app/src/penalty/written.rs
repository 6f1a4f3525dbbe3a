//! From a case to the models of its papers.

use super::open::Particulars;
use super::papers::{Said, Signed};
use jiff::Timestamp;
use jiff::civil::Date;
use lianzhi_ids::Digest;
use lianzhi_law::{Fen, citation};
use lianzhi_paper::{
    Approvals, Body, Closing, Contact, Correct, CorrectionOrder, Deadline, Demand, Discretion, Document, Due,
    Ending, Filing, FilingKind, Head, Heard, HearingRight, Instalment, Marks, Money, NoPenaltyDecision,
    NoPenaltyGround as Ground, Notified, Number, Officer, Opinion, Owed, Payment, PaymentPlan, Penalties,
    Penalty, PenaltyDecision, PenaltyNotice, Remedy, Served, Sheet, Source, Subject, Then, Violation,
};
use lianzhi_procedure::directory::{Directory, PaperSettings};
use lianzhi_procedure::penalty::{
    Adopted, Case, Charge, ClosingGround, Hearing, NoPenaltyGround, Outcome, PaperKind, Party, PartyKind,
    Proposal, Publication,
};
use lianzhi_procedure::{PartRef, Refusal};
use std::collections::HashMap;

/// Longest part of a record that stands in the list of evidence.
const EVIDENCE_CHARS_MAX: usize = 80;

/// Whether a paper is made here; others are made by hand after the model collection, and their scans go into the file.
pub(super) const fn is_made_here(kind: PaperKind) -> bool {
    matches!(
        kind,
        PaperKind::Filing
            | PaperKind::NotFiled
            | PaperKind::Notice
            | PaperKind::HearingRight
            | PaperKind::Decision
            | PaperKind::NoPenalty
            | PaperKind::Correction
            | PaperKind::Demand
            | PaperKind::Payment
            | PaperKind::Closing
    )
}

/// Everything that a paper is written from.
pub(super) struct Writer<'a> {
    pub signed: &'a Signed,
    pub party: &'a Party,
    pub particulars: Particulars,
    pub texts: &'a HashMap<Digest, String>,
    pub directory: &'a Directory,
    pub now: Timestamp,
}

fn day(at: Timestamp) -> Date {
    lianzhi_procedure::beijing_date(at)
}

/// A day in the words of a paper (GB/T 9704—2012, 7.3.5).
fn on_paper(at: Timestamp) -> String {
    let date = day(at);
    format!("{}年{}月{}日", date.year(), date.month(), date.day())
}

fn money(fen: i64) -> Money {
    Money::fen(u64::try_from(fen).unwrap_or(0))
}

impl Writer<'_> {
    fn case(&self) -> &Case {
        &self.signed.case
    }

    fn settings(&self) -> &PaperSettings {
        &self.directory.settings.papers
    }

    fn text(&self, part: PartRef) -> String {
        self.texts.get(&part.digest).cloned().unwrap_or_default()
    }

    fn name(&self, person: &lianzhi_ids::PersonCode) -> String {
        self.directory.person_name(person).to_owned()
    }

    /// When it was signed; a draft bears today's date.
    fn date(&self) -> Date {
        let at = self.case().paper(self.signed.paper.id).map_or(self.now, |file| file.at);
        day(at)
    }

    fn number(&self) -> Result<Option<Number>, Refusal> {
        if self.signed.paper.number.is_empty() {
            return Ok(None);
        }
        let number = self.signed.paper.number.parse::<Number>();
        number.map(Some).map_err(|e| {
            Refusal::conflict("number", e.to_string(), "请联系管理员。").from_source("GB/T 9704—2012")
        })
    }

    fn head(&self) -> Result<Head, Refusal> {
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
            check: None,
        })
    }

    fn cause(&self) -> String {
        self.text(self.case().title)
    }

    fn sheet(&self) -> Result<Sheet, Refusal> {
        Ok(Sheet {
            agency: self.directory.settings.agency.clone(),
            number: self.number()?,
            case_number: self.case().number.clone(),
            cause: self.cause(),
            date: self.date(),
            check: None,
        })
    }

    fn subject(&self) -> Subject {
        let p = &self.particulars;
        match self.party.subject.kind {
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
            PartyKind::Company => Subject::Company(self.body()),
            PartyKind::Organisation => Subject::Organisation(self.body()),
        }
    }

    fn body(&self) -> Body {
        let p = &self.particulars;
        Body {
            name: p.name.clone(),
            code: p.id_number.clone(),
            address: p.address.clone(),
            representative: p.representative.clone(),
            post: String::new(),
            agent: String::new(),
            phone: p.phone.clone(),
        }
    }

    fn officers(&self) -> Vec<Officer> {
        let one = |o: &lianzhi_procedure::penalty::Officer| Officer {
            name: o.name.clone(),
            certificate: o.certificate.clone(),
            unit: String::new(),
        };
        self.case().officers.iter().map(one).collect()
    }

    fn evidence(&self) -> Vec<String> {
        let counted = self.case().evidence.iter().filter(|file| file.excluded.is_none());
        counted
            .map(|file| {
                let words: String = self.text(file.evidence.note).chars().take(EVIDENCE_CHARS_MAX).collect();
                format!("{}1份（{}），{words}", file.evidence.kind.title(), on_paper(file.evidence.from))
            })
            .collect()
    }

    /// What is charged to this party in what is signed.
    fn charges(&self) -> Vec<&Charge> {
        let proposed = match self.signed.columns.pending.as_ref().map(|pending| &pending.proposal) {
            Some(Proposal::Notice { charges, .. } | Proposal::Decide { charges }) => charges.as_slice(),
            _ => self.party.charges.as_slice(),
        };
        proposed.iter().filter(|charge| charge.party == self.party.subject.id).collect()
    }

    fn violations(&self) -> Vec<Violation> {
        let place = self.directory.law.place(self.directory.node.as_str()).ok();
        let one = |charge: &&Charge| {
            let violation = self.case().violation(charge.violation)?;
            let benchmark = place
                .as_ref()
                .and_then(|place| self.directory.law.benchmark(&violation.item, place, self.date()));
            let basis = &charge.basis;
            let breached = match basis.prohibits.as_str() {
                "" => Vec::new(),
                article => vec![citation(&basis.law, article)],
            };
            Some(Violation {
                facts: self.text(violation.facts),
                evidence: self.evidence(),
                breached,
                basis: vec![basis.cite()],
                discretion: benchmark.filter(|_| !charge.tier.is_empty()).map(|benchmark| Discretion {
                    benchmark: benchmark.title.to_string(),
                    tier: charge.tier.clone(),
                    circumstances: self.text(charge.grounds),
                }),
            })
        };
        self.charges().iter().filter_map(one).collect()
    }

    fn penalties(&self) -> Penalties {
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

    fn remedy(&self) -> Remedy {
        Remedy {
            reconsideration: self.settings().reconsideration.clone(),
            court: self.settings().court.clone(),
        }
    }

    fn opinion(&self, said: Option<&Said>) -> Opinion {
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

    fn approvals(&self) -> Approvals {
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
    fn grounds(&self) -> String {
        self.signed.columns.pending.as_ref().map(|pending| self.text(pending.note)).unwrap_or_default()
    }

    fn served(&self, kinds: &[PaperKind]) -> Vec<Served> {
        let id = self.party.subject.id;
        let papers = kinds.iter().flat_map(|kind| self.case().papers_of(*kind));
        papers
            .filter_map(|file| {
                let on = day(file.service.get(&id)?.effective?);
                Some(Served { title: file.paper.kind.title().into(), number: file.paper.number.clone(), on })
            })
            .collect()
    }

    /// What the party said and what came of it.
    fn heard(&self) -> String {
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
            words.push(match rights.statement_waived {
                true => "当事人书面放弃陈述、申辩。".into(),
                false => "当事人在期限内没有陈述、申辩。".to_owned(),
            });
        }
        match &rights.hearing {
            Hearing::Held { at, .. } => {
                words.push(format!("本机关于{}举行了听证，听证笔录已经当事人核对。", on_paper(*at)));
            }
            Hearing::GivenUp { .. } => words.push("当事人放弃听证。".into()),
            Hearing::None if rights.notice.as_ref().is_some_and(|notice| notice.hearing) => {
                words.push("当事人没有要求听证。".into());
            }
            _ => {}
        }
        words.join("")
    }

    fn source(&self) -> Source {
        let found = jiff::tz::offset(8).to_datetime(self.case().at);
        Source { kind: self.case().source.title().into(), number: String::new(), found }
    }

    fn filing(&self, kind: FilingKind) -> Result<Document, Refusal> {
        let case = self.case();
        let bases = |article: fn(&lianzhi_law::Basis) -> Option<String>| {
            let items = case.violations.iter().filter_map(|v| self.directory.law.item(&v.item).ok());
            let in_force = items.flat_map(|item| &item.bases).filter(|basis| basis.in_force(self.date()));
            let place = self.directory.law.place(self.directory.node.as_str()).ok();
            let here = in_force.filter(|basis| {
                basis.enforcer.is_none()
                    && place.as_ref().is_some_and(|place| basis.jurisdiction.covers(place))
            });
            let mut all: Vec<String> = here.filter_map(article).collect();
            all.sort();
            all.dedup();
            all
        };
        let facts: Vec<_> = case.violations.iter().map(|v| self.text(v.facts)).collect();
        Ok(Filing {
            sheet: self.sheet()?,
            kind,
            source: self.source(),
            subjects: vec![self.subject()],
            place: case.place.map(|place| self.text(place)).unwrap_or_default(),
            summary: facts.join("\n"),
            breached: bases(|basis| Some(citation(&basis.law, basis.prohibit.as_deref()?))),
            basis: bases(|basis| Some(basis.citation())),
            corrected: String::new(),
            reasons: self.grounds(),
            officers: self.officers(),
            approvals: self.approvals(),
        }
        .into())
    }

    fn notice(&self) -> Result<Document, Refusal> {
        let (days, hearing) = match self.signed.columns.pending.as_ref().map(|pending| &pending.proposal) {
            Some(Proposal::Notice { days, hearing, .. }) => (*days, *hearing),
            _ => (0, false),
        };
        let address = &self.settings().address;
        let right = HearingRight {
            scope: "《行政处罚法》第六十三条第一款".into(),
            due: Due::Words("收到本告知书之日起五个工作日内".into()),
            way: format!("书面或者口头向本机关提出，地址：{address}"),
        };
        Ok(PenaltyNotice {
            head: self.head()?,
            subject: self.subject(),
            cause: self.cause(),
            violations: self.violations(),
            penalties: self.penalties(),
            defence_due: Due::Words(format!("收到本告知书之日起{days}个工作日内")),
            defence_way: format!("书面或者口头向本机关提出，地址：{address}"),
            notified: if hearing { Notified::Both(right) } else { Notified::Defence },
        }
        .into())
    }

    fn decision(&self) -> Result<Document, Refusal> {
        let case = self.case();
        let order = case.orders.iter().rfind(|o| o.order.party == self.party.subject.id);
        let penalties = self.penalties();
        let payment = penalties.payable().then(|| Payment {
            due: Due::Words("自收到本决定书之日起十五日内".into()),
            ways: self.settings().pay_ways.clone(),
            code: self.party.money.code.clone().unwrap_or_default(),
        });
        Ok(PenaltyDecision {
            head: self.head()?,
            subject: self.subject(),
            cause: self.cause(),
            case_number: case.number.clone(),
            filed: day(case.filed().unwrap_or(case.at)),
            violations: self.violations(),
            heard: Heard {
                notices: self.served(&[PaperKind::Notice, PaperKind::HearingRight]),
                outcome: self.heard(),
            },
            performance: if payment.is_some() { String::new() } else { self.grounds() },
            penalties,
            correct: order.map(|o| Correct {
                what: self.text(o.order.note),
                due: o.order.until.map_or_else(|| Due::Words("立即".into()), Due::On),
            }),
            payment,
            remedy: self.remedy(),
        }
        .into())
    }

    fn no_penalty(&self) -> Result<Document, Refusal> {
        let case = self.case();
        let ground = match self.signed.columns.pending.as_ref().map(|pending| &pending.proposal) {
            Some(Proposal::NoPenalty { ground }) => *ground,
            _ => NoPenaltyGround::NotEstablished,
        };
        let facts: Vec<_> = case.violations.iter().map(|v| self.text(v.facts)).collect();
        let items = case.violations.iter().filter_map(|v| self.directory.law.item(&v.item).ok());
        let mut breached: Vec<_> = items
            .flat_map(|item| &item.bases)
            .filter(|basis| basis.in_force(self.date()) && basis.enforcer.is_none())
            .filter_map(|basis| Some(citation(&basis.law, basis.prohibit.as_deref()?)))
            .collect();
        breached.sort();
        breached.dedup();
        Ok(NoPenaltyDecision {
            head: self.head()?,
            subject: self.subject(),
            cause: self.cause(),
            case_number: case.number.clone(),
            facts: facts.join("\n"),
            evidence: self.evidence(),
            breached,
            ground: match ground {
                NoPenaltyGround::Minor => Ground::Slight,
                NoPenaltyGround::First => Ground::First,
                NoPenaltyGround::NoFault => Ground::NoFault,
                NoPenaltyGround::Child | NoPenaltyGround::Incapable => Ground::NoCapacity,
                NoPenaltyGround::NotEstablished | NoPenaltyGround::Limitation => Ground::NotProved,
            },
            reasons: format!("{}。{}", ground.title(), self.grounds()),
            basis: vec![ground.source().into()],
            discretion: None,
            education: "本机关已对当事人进行教育，告知其行为的违法性和守法要求。".into(),
            remedy: self.remedy(),
        }
        .into())
    }

    fn correction(&self) -> Result<Document, Refusal> {
        let case = self.case();
        let order = case.orders.iter().find(|o| o.order.paper == self.signed.paper.id);
        let order = order.ok_or_else(|| Refusal::missing("没有这份文书。"))?;
        let Document::Filing(filing) = self.filing(FilingKind::Open)? else {
            return Err(Refusal::missing("没有这份文书。"));
        };
        Ok(CorrectionOrder {
            head: self.head()?,
            subject: self.subject(),
            facts: filing.summary,
            breached: filing.breached,
            basis: vec!["《行政处罚法》第二十八条第一款".into()],
            demands: self.text(order.order.note).lines().map(str::to_owned).collect(),
            deadline: match order.order.until {
                Some(until) => Deadline::Within(Due::On(until)),
                None => Deadline::AtOnce,
            },
            consequences: String::new(),
            inspection: String::new(),
            remedy: None,
        }
        .into())
    }

    /// The decision as it was served on this party.
    fn decision_served(&self) -> Result<Served, Refusal> {
        self.served(&[PaperKind::Decision]).pop().ok_or_else(|| {
            Refusal::conflict("unserved", "处罚决定书还没有送达该当事人。", "请先送达决定书。")
                .from_source("行政处罚法第六十一条")
        })
    }

    fn demand(&self) -> Result<Document, Refusal> {
        let (fine, surcharge) = match self.signed.columns.pending.as_ref().map(|pending| &pending.proposal) {
            Some(Proposal::Demand { fine, surcharge, .. }) => (*fine, *surcharge),
            _ => (self.party.money.left(), 0),
        };
        let way = self.settings().pay_ways.join("；");
        Ok(Demand {
            head: self.head()?,
            subject: self.subject(),
            source: self.decision_served()?,
            duty: format!("缴纳罚款 {} 元", Fen(fine)),
            due: Due::Words("收到本催告书之日起十日内".into()),
            way: way.clone(),
            owed: (fine > 0).then(|| Owed {
                principal: money(fine),
                surcharge: money(surcharge),
                total: money(fine + surcharge),
                as_of: self.date(),
                way,
            }),
            then: Then::Court,
            basis: vec!["《行政强制法》第五十四条".into()],
        }
        .into())
    }

    fn plan(&self) -> Result<Document, Refusal> {
        let pending = self.signed.columns.pending.as_ref();
        let parts = match pending.map(|pending| &pending.proposal) {
            Some(Proposal::PayLater { parts, .. }) => parts.as_slice(),
            _ => self.party.money.parts.as_slice(),
        };
        Ok(PaymentPlan {
            head: self.head()?,
            subject: self.subject(),
            decision: self.decision_served()?,
            fine: money(self.party.money.fine),
            requested: pending.map_or_else(|| self.date(), |pending| day(pending.at)),
            reasons: self.grounds(),
            instalments: parts.iter().map(|p| Instalment { due: p.due, amount: money(p.fen) }).collect(),
            consequences: String::new(),
        }
        .into())
    }

    fn closing(&self) -> Result<Document, Refusal> {
        let case = self.case();
        let ground = match self.signed.columns.pending.as_ref().map(|pending| &pending.proposal) {
            Some(Proposal::Close { ground }) => *ground,
            _ => ClosingGround::Performed,
        };
        let decided = match case.outcome {
            Outcome::Penalty { paper, .. } | Outcome::NoPenalty { paper, .. } => case.paper(paper),
            _ => None,
        };
        let receipts = &self.party.money.receipts;
        Ok(Closing {
            sheet: self.sheet()?,
            subject: self.subject(),
            filed: day(case.filed().unwrap_or(case.at)),
            ending: match ground {
                ClosingGround::Performed => Ending::Executed,
                ClosingGround::NotPunished => Ending::NoPenalty,
                ClosingGround::Transferred => Ending::Transferred,
                ClosingGround::Dropped => Ending::Dropped,
                ClosingGround::Ended | ClosingGround::Annulled => Ending::Terminated,
            },
            decision: decided.map(|file| file.paper.number.clone()).unwrap_or_default(),
            served: decided.and_then(|file| case.served(file.paper.id, self.party.subject.id)).map(day),
            execution: self.grounds(),
            receipts: receipts.iter().map(|receipt| receipt.reference.clone()).collect(),
            goods: String::new(),
            publication: match case.publication {
                Publication::Published { at } => format!("{}公开", on_paper(at)),
                Publication::Kept => "不公开".into(),
                Publication::Withdrawn { at } => format!("{}撤回公开", on_paper(at)),
                Publication::None => String::new(),
            },
            pages: None,
            officers: self.officers(),
            approvals: self.approvals(),
        }
        .into())
    }

    /// The paper.
    pub(super) fn document(&self) -> Result<Document, Refusal> {
        match self.signed.paper.kind {
            PaperKind::Filing => self.filing(FilingKind::Open),
            PaperKind::NotFiled => self.filing(FilingKind::Decline),
            PaperKind::Notice | PaperKind::HearingRight => self.notice(),
            PaperKind::Decision => self.decision(),
            PaperKind::NoPenalty => self.no_penalty(),
            PaperKind::Correction => self.correction(),
            PaperKind::Demand => self.demand(),
            PaperKind::Payment => self.plan(),
            PaperKind::Closing => self.closing(),
            kind => Err(Refusal::conflict(
                "no-form",
                format!("《{}》须由办案人员按文书范本制作，系统不能自动生成。", kind.title()),
                "请制作后把签名盖章的扫描件作为“签发件”上传。",
            )
            .from_source("行政执法文书范本")),
        }
    }
}

//! A case as its readers see it: where it stands, what is missing, each party with what is planned and why, and the file in
//! its order.

use super::beside;
use super::papers::folio_of;
use super::shapes::{
    BasisView, CaseView, ChargeView, CustodyView, EvidenceView, HearingView, ListedView, MeasureView,
    MoneyView, NextView, OpinionView, OrderView, OriginView, PaperView, PartyView, PendingView, PlanView,
    PriorView, StatementView, ViolationView, VolumeView,
};
use super::tell::{demanded, officers, origin_words, penalty, scope};
use super::write::{folio_view, further};
use crate::project::Live;
use crate::record::minute;
use crate::views::ClockView;
use crate::{App, Caller};
use jiff::Timestamp;
use lianzhi_ids::Digest;
use lianzhi_law::SubjectKind;
use lianzhi_procedure::penalty::{
    self, Case, Charge, Folio, Hearing, Listed, MeasureFile, PaperFile, Party, Pending, Proposal,
    Publication, Scope, Stage, Violation, Watched, yuan,
};
use lianzhi_procedure::{Facts, Kind, LookUps, PartRef, Todo, Waiter, beijing_date};
use std::collections::{BTreeMap, HashMap};

/// What a view is made from.
struct Reader<'a> {
    case: &'a Case,
    facts: &'a Facts<'a>,
    texts: &'a HashMap<Digest, String>,
    todos: Vec<Todo>,
    /// Papers are sealed electronically here.
    seals: bool,
    /// What is not known yet of each party and must stand on papers.
    lacking: BTreeMap<u16, Vec<String>>,
}

impl Reader<'_> {
    fn text(&self, part: &PartRef) -> String {
        self.texts.get(&part.digest).cloned().unwrap_or_else(|| "（已删除）".into())
    }
    fn name(&self, person: &lianzhi_ids::PersonCode) -> String {
        self.facts.directory.person_name(person).to_owned()
    }

    fn next(&self) -> NextView {
        let waits = |who: &Waiter| match who {
            Waiter::Person(person) => self.name(person),
            Waiter::Role(role, _) => role.title().to_owned(),
        };
        // What is late comes before what is only the first in the order of the procedure.
        let late = self.todos.iter().filter(|todo| todo.due.is_some_and(|due| due <= self.facts.now));
        let first = late.min_by_key(|todo| todo.due).or_else(|| self.todos.first());
        let sentence = match first {
            Some(todo) => {
                let act = crate::words::act_title_of(Kind::Penalty.code(), todo.what);
                format!("下一步：{act}（{}）。", waits(&todo.who))
            }
            None => self.waiting(),
        };
        let act = first.map(|todo| match todo.what {
            "settle_lapsed" => "settle",
            what => what,
        });
        NextView { sentence, act, missing: penalty::missing(self.case, self.facts) }
    }

    /// Nothing waits for anybody here: what is waited for.
    fn waiting(&self) -> String {
        let running = self.case.clocks.iter().filter(|w| w.stopped.is_none() && !w.expired);
        match running.min_by_key(|w| w.clock.running.due) {
            Some(w) => {
                let about = scope(w.clock.of);
                let due = lianzhi_law::due_text(w.clock.running.due, self.facts.now);
                format!("等{about}“{}”期限届满（{due}）。", w.clock.term.title())
            }
            _ if self.case.open() => "没有等着办的事。".into(),
            _ => format!("{}。", self.case.stage().title()),
        }
    }

    fn plan(&self, violation: &Violation, kind: SubjectKind) -> Option<PlanView> {
        let law = &self.facts.directory.law;
        let item = law.item(&violation.item).ok()?;
        // What is decided was judged by the law of that day, whatever is in force when somebody reads it.
        let day = beijing_date(self.case.outcome.at().unwrap_or(self.facts.now));
        let place = law.place(self.facts.directory.node.as_str()).ok()?;
        let asked = lianzhi_law::Case {
            place: place.clone(),
            kind,
            facts: Vec::new(),
            begun: violation.from,
            ended: violation.to,
            decided: day,
        };
        let choice = lianzhi_law::choose(item, &asked).ok()?;
        let basis = |basis: &lianzhi_law::Basis, why: &str| BasisView {
            cite: basis.citation(),
            range: basis.fine.text(),
            why: why.to_owned(),
            unconfirmed: basis.needs_confirmation(),
        };
        let benchmark = law.benchmark(&violation.item, &place, day);
        let tiers = match (benchmark, choice.chosen) {
            (Some(benchmark), Some(chosen)) => benchmark
                .tiers
                .iter()
                .filter_map(|tier| {
                    let proposal = lianzhi_law::propose(chosen.fine, benchmark, &tier.code, &[]).ok()?;
                    Some((format!("{}：{}", tier.title, tier.when), proposal.explanation))
                })
                .collect(),
            _ => Vec::new(),
        };
        Some(PlanView {
            subject: kind.title(),
            chosen: choice.chosen.map(|b| basis(b, &choice.explanation)),
            rejected: choice.rejected.iter().map(|r| basis(r.basis, &r.reason)).collect(),
            warnings: choice.warnings.clone(),
            tiers,
            benchmark: benchmark.map(|b| format!("{}（{}）", b.title, b.source)).unwrap_or_default(),
        })
    }

    fn violation(&self, violation: &Violation) -> ViolationView {
        let item = self.facts.directory.law.item(&violation.item);
        let unit = |p: &Party| p.subject.kind.is_unit();
        let kinds = [
            (SubjectKind::Entity, self.case.present().any(unit)),
            (SubjectKind::Person, self.case.present().any(|p| !unit(p))),
        ];
        let when = if violation.from == violation.to {
            violation.from.to_string()
        } else {
            format!("{} 至 {}", violation.from, violation.to)
        };
        ViolationView {
            id: violation.id,
            item: violation.item.clone(),
            name: item.map(|i| i.name.to_string()).unwrap_or_default(),
            when: if violation.continuing { format!("{when}，连续（继续）状态") } else { when },
            facts: self.text(&violation.facts),
            plans: kinds
                .into_iter()
                .filter(|(_, is)| *is)
                .filter_map(|(k, _)| self.plan(violation, k))
                .collect(),
        }
    }

    fn charge(&self, charge: &Charge) -> ChargeView {
        ChargeView {
            violation: charge.violation,
            penalty: penalty(charge),
            cite: charge.basis.cite(),
            why: charge.basis.why.clone(),
            weight: charge.weight.title(),
            benchmark: charge.benchmark.clone(),
            deviates: charge.deviates.clone(),
            grounds: self.text(&charge.grounds),
            unconfirmed: !charge.basis.verified && charge.basis.confirmed.is_none(),
            hearing: charge.hearing,
        }
    }

    fn hearing(&self, hearing: &Hearing) -> Option<HearingView> {
        let (words, report) = match hearing {
            Hearing::None => return None,
            Hearing::Asked { at } => (format!("{} 要求听证", minute(*at)), None),
            Hearing::Called { at, chair, .. } => {
                (format!("定于 {} 听证，{} 主持", minute(*at), self.name(chair)), None)
            }
            Hearing::Held { at, chair, report, .. } => {
                (format!("{} 听证，{} 主持", minute(*at), self.name(chair)), Some(self.text(report)))
            }
            Hearing::GivenUp { at } => (format!("{} 放弃听证", minute(*at)), None),
        };
        let bound = super::hearings::bound(hearing, self.facts);
        let words = words + &bound.map(|b| format!("；{}", b.words())).unwrap_or_default();
        Some(HearingView { words, report })
    }

    fn thing(&self, file: &penalty::ThingFile) -> CustodyView {
        let state = file.state();
        CustodyView {
            id: file.thing.id,
            kind: file.thing.kind.title(),
            name: self.text(&file.thing.name),
            state: state.title(),
            shelf: file.shelf().to_owned(),
            kept: state.kept(),
            release: self.case.release_due(file).is_some(),
        }
    }

    /// The money of a party, each sum with how it was computed.
    fn money(&self, party: &Party) -> MoneyView {
        let money = &party.money;
        let receipt = |r: &penalty::Receipt| {
            let how = match &r.on_site {
                Some(_) if r.banked.is_some() => "，当场收缴，已缴付银行",
                Some(on_site) if on_site.handed.is_some() => "，当场收缴，已上缴",
                Some(_) => "，当场收缴，还没有上缴",
                None if r.unconfirmed() => "，登记未确认：银行文件没有对上，也没有人核对凭证",
                None => "",
            };
            let checked = r.checked.as_ref().map(|(voucher, by)| {
                format!("，已确认到账（凭证 {voucher}，{}核对）", self.facts.directory.person_name(by))
            });
            let checked = checked.unwrap_or_default();
            let bank = r.bank.as_ref().map(|file| format!("，银行文件 {file}")).unwrap_or_default();
            let ticket = if r.ticket.is_empty() || r.ticket == r.reference {
                String::new()
            } else {
                format!("，财政票据 {}", r.ticket)
            };
            format!("{} 缴 {}（{}{ticket}{bank}{how}{checked}）", r.on, yuan(r.fen), r.reference)
        };
        let today = beijing_date(self.facts.now);
        let accrued = (party.annulled.is_none() && money.left() > 0)
            .then(|| penalty::surcharge_today(self.case, party.subject.id, today))
            .flatten();
        // What is owed is what would have to be paid today.
        let surcharge = accrued.as_ref().map_or(money.surcharge, |(fen, _)| money.surcharge.max(*fen));
        let as_of = accrued.as_ref().map(|_| format!("（至 {today}）")).unwrap_or_default();
        let left = money.dues(surcharge).total();
        MoneyView {
            fine: yuan(money.fine),
            confiscation: yuan(money.confiscation),
            surcharge: yuan(money.surcharge),
            paid: yuan(money.kept()),
            left: format!("{}{as_of}", yuan(left)),
            owing: money.left() > 0,
            code: money.code.clone(),
            parts: money.plan(),
            receipts: money.receipts.iter().map(receipt).collect(),
            accrued: accrued.map(|(fen, arithmetic)| (yuan(fen), arithmetic)),
            refund: Some(party.to_refund()).filter(|fen| *fen > 0).map(yuan),
            sum: format!(
                "罚款 {} + 没收违法所得 {} + 加处罚款 {}{as_of} − 已缴 {} = {}",
                yuan(money.fine),
                yuan(money.confiscation),
                yuan(surcharge),
                yuan(money.kept()),
                yuan(money.fine + money.confiscation + surcharge - money.kept())
            ),
        }
    }

    fn party(&self, party: &Party) -> PartyView {
        let (id, rights) = (party.subject.id, &party.rights);
        let notice = rights.notice.as_ref().map(|notice| {
            let number = self.case.paper(notice.paper).map(|p| p.paper.number.clone()).unwrap_or_default();
            let served = match self.case.served(notice.paper, id) {
                Some(at) => format!("{} 送达", minute(at)),
                None => "还没有送达".into(),
            };
            let hearing = if notice.hearing { "，有权要求听证" } else { "" };
            format!("{number}，{served}，陈述、申辩 {} 个工作日{hearing}", notice.days)
        });
        let remedy = |(_, paper, r): (u16, Option<u16>, &penalty::Remedy)| {
            let stay = if r.stay { "，停止执行" } else { "" };
            let what = if paper.is_some() { "（责令改正）" } else { "" };
            match r.ended {
                Some((end, on)) => format!("{} {}{what}{stay}；{on} {}", r.on, r.kind.title(), end.title()),
                None => format!("{} {}{what}{stay}，没有结果", r.on, r.kind.title()),
            }
        };
        let enforced = |e: &penalty::Enforcement| beside::enforcement(e, minute);
        PartyView {
            id,
            kind: party.subject.kind.title(),
            capacity: (party.subject.capacity != penalty::Capacity::Full)
                .then(|| party.subject.capacity.title()),
            lacking: self.lacking.get(&id).cloned().unwrap_or_default(),
            charges: party.charges.iter().map(|c| self.charge(c)).collect(),
            notice,
            statements: rights
                .statements
                .iter()
                .map(|s| StatementView {
                    at: s.at,
                    text: self.text(&s.text),
                    answer: s.answer.as_ref().map(|(adopted, note)| (adopted.title(), self.text(note))),
                })
                .collect(),
            waived: match (rights.statement_waived.is_some(), rights.hearing_waived.is_some()) {
                (true, true) => Some("书面放弃陈述、申辩和听证"),
                (true, false) => Some("书面放弃陈述、申辩"),
                (false, true) => Some("书面放弃听证"),
                (false, false) => None,
            },
            hearing: self.hearing(&rights.hearing),
            money: self.money(party),
            remedies: self.case.remedies().filter(|(whose, ..)| *whose == id).map(remedy).collect(),
            enforcement: party.enforcement.iter().map(enforced).collect(),
            execution: beside::execution(&party.execution, minute),
            annulled: party.annulled.is_some(),
            split_to: party.split_to,
        }
    }

    fn measure(&self, file: &MeasureFile) -> MeasureView {
        let approved = if file.approved { "" } else { "（还没有批准）" };
        let state = match (&file.settled, file.lapsed) {
            (Some((how, at)), _) => format!("{} {}", minute(*at), how.title()),
            (None, Some(at)) => format!("{} 措施已经解除，物品还没有处理", minute(at)),
            (None, None) => match file.tested_until() {
                Some((_, day)) => format!("{} 起{approved}，送检到 {day}", minute(file.measure.from)),
                None => format!("{} 起{approved}", minute(file.measure.from)),
            },
        };
        MeasureView {
            id: file.measure.id,
            kind: file.measure.kind.title(),
            party: file.measure.party,
            // A line of the list is kept as its columns.
            goods: self.text(&file.measure.goods).replace('|', "，"),
            state,
            open: file.settled.is_none(),
            exhibits: file.measure.exhibits.iter().map(|e| e.digest).collect(),
        }
    }

    fn pending(&self, pending: &Pending) -> PendingView {
        let charges = match &pending.proposal {
            Proposal::Notice { charges, .. } | Proposal::Decide { charges } => charges.as_slice(),
            _ => &[],
        };
        let line = |c: &Charge| format!("当事人 {}：{}（{}）", c.party, penalty(c), c.basis.cite());
        let mut lines: Vec<_> = charges.iter().map(line).collect();
        match &pending.proposal {
            Proposal::Preserve { measure } | Proposal::Seize { measure } => {
                lines.push(self.text(&measure.goods))
            }
            Proposal::NoPenalty { ground } => {
                lines.push(format!("{}（{}）", ground.title(), ground.source()))
            }
            Proposal::Recuse { person, with, .. } => {
                lines.push(format!("{} 回避，由 {} 接替", self.name(person), with.name));
            }
            Proposal::VerifyLonger { days }
            | Proposal::DecideLonger { days }
            | Proposal::SeizeLonger { days, .. } => {
                lines.push(format!("延长 {days} 日"));
            }
            Proposal::PayLater { parts, .. } => {
                lines.extend(parts.iter().map(|p| format!("{} 前缴 {}", p.due, yuan(p.fen))));
            }
            Proposal::Demand { fine, gains, surcharge, arithmetic, days, .. } => {
                lines.push(format!("{}；{arithmetic}", demanded(*fine, *gains, *surcharge)));
                lines.push(format!("履行期限 {days} 个工作日"));
            }
            Proposal::DemolitionNotice { object, .. } | Proposal::DemolitionOrder { object, .. } => {
                lines.extend(beside::lines(&pending.proposal).into_iter().map(|(_, words)| words));
                lines.push(format!("拆除：{}", self.text(object)));
            }
            Proposal::DecideAnew { different, .. } => {
                let words = |(name, words)| format!("{name}：{words}");
                lines.extend(beside::lines(&pending.proposal).into_iter().map(words));
                lines.push(format!("有何不同：{}", self.text(different)));
            }
            Proposal::Close { ground } => lines.push(ground.title().to_owned()),
            Proposal::Amend { wrong, right, .. } => {
                lines.extend(beside::lines(&pending.proposal).into_iter().map(|(_, words)| words));
                lines.push(format!("原文：{}", self.text(wrong)));
                lines.push(format!("更正为：{}", self.text(right)));
            }
            Proposal::Suggest { problem, .. } => {
                let words = |(name, words)| format!("{name}：{words}");
                lines.extend(beside::lines(&pending.proposal).into_iter().map(words));
                lines.push(format!("发现的问题：{}", self.text(problem)));
            }
            proposal => {
                lines.extend(
                    beside::lines(proposal).into_iter().map(|(name, words)| format!("{name}：{words}")),
                );
            }
        }
        PendingView {
            id: pending.id,
            title: pending.proposal.title(),
            lines,
            note: self.text(&pending.note),
            by: self.name(&pending.by),
            at: pending.at,
            endorsed: pending.endorsed.as_ref().map(|by| self.name(by)),
            wants_unit: self.case.wants_unit(&pending.proposal),
            review: pending.review.clone(),
            reviewed: pending.reviewed.as_ref().map(|(_, opinion)| opinion.title()),
            printable: pending.proposal.paper().is_some(),
        }
    }

    fn paper(&self, file: &PaperFile) -> PaperView {
        let served = file.service.iter().map(|(party, service)| match service.effective {
            Some(at) => format!("当事人 {party}：{}，{}", service.way.title(), minute(at)),
            None => format!("当事人 {party}：{}，公告自 {} 起", service.way.title(), minute(service.from)),
        });
        PaperView {
            id: file.paper.id,
            form: file.paper.kind.form(),
            title: penalty::folios::printed_title(self.case, file),
            number: file.paper.number.clone(),
            at: file.at,
            by: file.by.as_ref().map(|by| self.name(by)).unwrap_or_default(),
            outward: file.paper.kind.must_serve(),
            copies: match penalty::folios::addressees(self.case, Folio::Paper(file.paper.id)) {
                several if several.len() > 1 => several,
                _ => Vec::new(),
            },
            to_seal: self.seals && !penalty::folios::unsealed(self.case, file.paper.id).is_empty(),
            served: served.collect(),
            unserved: file.unserved(),
            voided: file.voided.as_ref().map(|(note, _)| self.text(note)),
            issued: file.issued.iter().flat_map(|issue| issue.exhibits.iter().map(|e| e.digest)).collect(),
            folio: folio_view(self.case, folio_of(self.case, file)),
        }
    }

    fn listed(&self, (n, listed): (usize, Listed)) -> ListedView {
        ListedView {
            n: n + 1,
            at: listed.at,
            form: listed.form,
            title: listed.title,
            number: listed.number,
            folio: listed.folio.map(|folio| folio_view(self.case, folio)),
            party: listed.party,
            text: listed.text.map(|part| self.text(&part)),
            exhibits: listed.exhibits.iter().map(|e| e.digest).collect(),
            voided: listed.voided,
        }
    }

    fn orders(&self) -> Vec<OrderView> {
        let order = |o: &penalty::OrderFile| OrderView {
            party: o.order.party,
            number: self.case.paper(o.order.paper).map_or_else(String::new, |p| match o.order.kind {
                penalty::OrderKind::Demolish => format!("{} {}", o.order.kind.title(), p.paper.number),
                _ => p.paper.number.clone(),
            }),
            note: self.text(&o.order.note),
            until: o.order.until.map_or_else(|| "立即".to_owned(), |day| day.to_string()),
            inspected: o.inspected.last().map(|(_, done)| *done),
        };
        let promise = |p: &penalty::Promise| OrderView {
            party: p.party,
            number: "改正承诺书".into(),
            note: "当事人书面承诺改正（告知承诺）。".into(),
            until: p.until.to_string(),
            inspected: p.kept,
        };
        let promises = self.case.light.promises.iter().map(promise);
        self.case.orders.iter().map(order).chain(promises).collect()
    }

    fn evidence(&self, file: &penalty::EvidenceFile) -> EvidenceView {
        let e = &file.evidence;
        EvidenceView {
            id: e.id,
            kind: e.kind.title(),
            note: self.text(&e.note),
            officers: officers(&e.officers),
            when: format!("{} 至 {}", minute(e.from), minute(e.to)),
            refused: e.refused,
            excluded: file.excluded.as_ref().map(|note| self.text(note)),
            from_case: file.origin,
            exhibits: e.exhibits.iter().map(|e| e.digest).collect(),
            origin: e.origin.as_ref().map(|origin| OriginView {
                words: origin_words(origin),
                docket: origin.docket,
                number: origin.matter.clone(),
            }),
        }
    }

    /// Other cases of the same parties for the same items, with the penalties of other members that were recognised.
    fn prior(&self, prior: &lianzhi_procedure::Prior) -> PriorView {
        let item = self.facts.directory.law.item(&prior.item);
        PriorView {
            number: prior.number.clone(),
            by: prior.by.clone().unwrap_or_else(|| "本机关".into()),
            item: item.map_or_else(|_| prior.item.clone(), |item| item.name.to_string()),
            when: match prior.from == prior.to {
                true => prior.from.to_string(),
                false => format!("{} 至 {}", prior.from, prior.to),
            },
            state: prior.state(),
        }
    }

    fn view(&self, may_see_parties: bool) -> CaseView {
        let case = self.case;
        let stage: Stage = case.stage();
        let number = |id| case.paper(id).map(|p| p.paper.number.clone()).unwrap_or_default();
        CaseView {
            stage: stage.code(),
            stage_title: stage.title(),
            source: case.source.title(),
            next: self.next(),
            officers: officers(&case.officers),
            marks: case.marks.iter().map(|m| m.title()).chain(case.quick().then_some("快速办理")).collect(),
            parties: case.parties.iter().map(|p| self.party(p)).collect(),
            violations: case.violations.iter().map(|v| self.violation(v)).collect(),
            evidence: case.evidence.iter().map(|e| self.evidence(e)).collect(),
            prior: self.facts.look_ups.prior.iter().map(|p| self.prior(p)).collect(),
            measures: case.measures.iter().map(|m| self.measure(m)).collect(),
            things: case.things.iter().map(|t| self.thing(t)).collect(),
            orders: self.orders(),
            pending: case.pending.iter().map(|p| self.pending(p)).collect(),
            returned: case.returned.as_ref().map(|(title, note)| (*title, self.text(note))),
            reviews: beside::reviews(case, |part| self.text(part), |person| self.name(person)),
            discussions: case
                .discussions
                .iter()
                .map(|d| OpinionView {
                    by: d.present.iter().map(|p| self.name(p)).collect::<Vec<_>>().join("、"),
                    opinion: if d.agreed { "同意" } else { "不同意" },
                    note: self.text(&d.note),
                    at: d.at,
                    current: d.version == case.version,
                })
                .collect(),
            papers: case.papers.iter().map(|p| self.paper(p)).collect(),
            folios: further(case),
            volumes: case.volumes.iter().map(VolumeView::of).collect(),
            catalogue: penalty::catalogue(case).into_iter().enumerate().map(|l| self.listed(l)).collect(),
            process: penalty::process_record(case),
            gaps: penalty::record_gaps(case),
            publication: match case.publication {
                Publication::None => String::new(),
                Publication::Kept => "不公开".into(),
                Publication::Published { at } => format!("{} 公开", minute(at)),
                Publication::Withdrawn { at, .. } => format!("{} 撤回公开", minute(at)),
            },
            beside: beside::views(case, |part| self.text(part), |person| self.name(person), minute),
            police: beside::police(case, minute),
            daily: case.daily_of.as_ref().map(penalty::Daily::arithmetic),
            amended: case.amended.iter().map(|(of, by, _)| (number(*of), number(*by))).collect(),
            may_see_parties,
            blank: {
                let blank = penalty::folios::blank(self.case);
                blank.into_iter().filter_map(|folio| penalty::folios::title(self.case, folio)).collect()
            },
        }
    }
}

impl App {
    /// A case as the page shows it. `texts` are those of its entries.
    pub(crate) fn case_view(
        &self,
        who: &Caller,
        live: &Live,
        texts: &HashMap<Digest, String>,
        look_ups: &LookUps,
        lacking: BTreeMap<u16, Vec<String>>,
    ) -> Option<CaseView> {
        let case = super::case_of(&live.state)?;
        let (directory, duty) = (self.directory(), self.duty());
        let facts = self.facts(&who.actor, &directory, &duty, look_ups);
        let (todos, seals) = (live.state.summary().todos, self.seals());
        let reader = Reader { case, facts: &facts, texts, todos, seals, lacking };
        Some(reader.view(self.may_see_party(who, case).is_ok()))
    }

    /// What comes next in a case, and what is missing.
    pub(super) fn case_next(&self, who: &Caller, live: &Live, look_ups: &LookUps) -> Option<NextView> {
        let case = super::case_of(&live.state)?;
        let (directory, duty, texts) = (self.directory(), self.duty(), HashMap::new());
        let facts = self.facts(&who.actor, &directory, &duty, look_ups);
        let todos = live.state.summary().todos;
        let (seals, lacking) = (self.seals(), BTreeMap::new());
        Some(Reader { case, facts: &facts, texts: &texts, todos, seals, lacking }.next())
    }

    /// A clock of a case; where it runs from a paper, the paper's number is said, since several may run for the same party.
    pub(crate) fn case_clock(&self, case: &Case, watched: &Watched, now: Timestamp) -> ClockView {
        let clock = &watched.clock;
        // That the party's own time is over is nobody's fault.
        let over = watched.expired && !clock.term.is_ours();
        let stopped = watched.stopped.or_else(|| over.then_some(clock.running.due));
        let view = self.running_view(clock.term.key(), clock.term.title(), &clock.running, stopped, now);
        let left = if over && watched.stopped.is_none() { "已经届满".to_owned() } else { view.left };
        let number = |id: u16| case.paper(id).map(|file| file.paper.number.clone()).unwrap_or_default();
        let about = match clock.of {
            Scope::Paper(paper, _) => format!("{}，{}", scope(clock.of), number(paper)),
            of => scope(of),
        };
        ClockView { about, left, ..view }
    }
}

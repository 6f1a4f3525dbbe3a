//! The papers themselves: each from what [`Writer`] knows of the case.

use super::written::{Writer, cited, day, money, on_paper};
use jiff::civil::Date;
use lianzhi_law::{Fen, Standing, ThresholdKind};
use lianzhi_paper::{
    Advice, Closing, Correct, CorrectionOrder, Deadline, Demand, Document, Due, Ending, Filing, FilingKind,
    Heard, HearingRight, Instalment, NoPenaltyDecision, NoPenaltyGround as Ground, Notified, Owed, Payment,
    PaymentPlan, PenaltyDecision, PenaltyNotice, Served, Then,
};
use lianzhi_procedure::Refusal;
use lianzhi_procedure::penalty::{
    Charge, ClosingGround, Dues, NoPenaltyGround, OrderFile, OrderKind, Outcome, PaperKind, Proposal,
    Publication, Severe, folios, yuan,
};

/// The sums that are asked for, each by its name.
pub(crate) fn due_sums(dues: Dues) -> Vec<String> {
    let sums = [("罚款", dues.fine), ("没收的违法所得", dues.gains), ("加处罚款", dues.surcharge)];
    let owed = sums.iter().filter(|(_, fen)| *fen > 0);
    owed.map(|(what, fen)| format!("缴纳{what} {} 元", Fen(*fen))).collect()
}

impl Writer<'_> {
    fn filing(&self, kind: FilingKind) -> Result<Document, Refusal> {
        let case = self.case();
        let (breached, basis) = self.rules();
        let corrected = match case.orders.first() {
            Some(order) => format!("已责令改正：{}", self.text(order.order.note)),
            None => String::new(),
        };
        Ok(Filing {
            sheet: self.sheet()?,
            kind,
            source: self.source(),
            subjects: self.subjects(),
            place: self.place(),
            summary: self.facts(),
            breached,
            basis,
            corrected,
            reasons: self.grounds(),
            officers: self.officers(),
            approvals: self.approvals(),
        }
        .into())
    }

    fn notice(&self) -> Result<Document, Refusal> {
        let days = match self.signed.columns.pending.as_ref().map(|pending| &pending.proposal) {
            Some(Proposal::Notice { days, .. }) => *days,
            _ => 0,
        };
        // Whoever stands beside a party with the right to a hearing does not have it (63).
        let hearing = self.charges().iter().any(|charge| charge.hearing);
        let address = &self.settings().address;
        let right = HearingRight {
            scope: self.hearing_scope(),
            due: Due::Words(
                self.term_words("hearing.request", "收到本告知书之日起五日内（工作日）")
                    .trim_start_matches('自')
                    .into(),
            ),
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

    /// Why this party may demand a hearing: what is meant for it, the threshold that it reaches, the item of article 63.
    fn hearing_scope(&self) -> String {
        let (law, date) = (&self.directory.law, self.date());
        let place = law.place(self.directory.node.as_str()).ok();
        let threshold = place.and_then(|place| law.threshold(ThresholdKind::Hearing, &place, date));
        let unit = self.party.subject.kind.is_unit();
        let charges = self.charges();
        let (mut grounds, mut items) = (Vec::new(), Vec::new());
        let mut found = |words: String, item: &'static str| {
            grounds.push(words);
            if !items.contains(&item) {
                items.push(item);
            }
        };
        // What the decision imposes on the party counts in sum.
        let own = |of: fn(&Charge) -> i64| charges.iter().map(|c| of(c)).sum::<i64>();
        let (fine, gains) = (own(|c| c.fine), own(|c| c.confiscation));
        for (what, fen, item) in [("罚款", fine, "第一项"), ("没收违法所得", gains, "第二项")] {
            match threshold {
                Some(t) => {
                    let (whom, least) = if unit { ("单位", t.entity) } else { ("个人", t.person) };
                    if fen > 0 && Fen(fen) >= least {
                        // A number that nobody checked against its text names no text on paper.
                        let source = match t.standing {
                            Standing::Official | Standing::Adopted => format!("{}规定", cited(&t.source)),
                            _ => "本地区施行".to_owned(),
                        };
                        let words = format!(
                            "{what}{}，达到{source}的对{whom}的听证标准（{}）",
                            yuan(fen),
                            yuan(least.0)
                        );
                        found(words, item);
                    }
                }
                None if fen > 0 => {
                    found(format!("{what}{}，本地没有规定数额标准，均可以要求听证", yuan(fen)), item);
                }
                None => {}
            }
        }
        for kind in
            charges.iter().filter(|c| c.hearing).filter_map(|c| c.severe).filter(|kind| kind.gives_hearing())
        {
            let item = match kind {
                Severe::Downgrade | Severe::Revoke => "第三项",
                _ => "第四项",
            };
            found(kind.title().to_owned(), item);
        }
        if grounds.is_empty() {
            return format!("本机关拟作出的行政处罚属于{}规定的情形", cited("行政处罚法第六十三条第一款"));
        }
        let article = cited("行政处罚法第六十三条第一款");
        format!(
            "本机关拟作出的行政处罚中，{}，属于{article}{}规定的情形",
            grounds.join("；"),
            items.join("、")
        )
    }

    /// What is to be put right with the decision: each order that was not met, with a term that is not over (28(1)).
    fn to_correct(&self) -> Vec<Correct> {
        let id = self.party.subject.id;
        let anew = self.details.of("correct_until", id).parse::<Date>().ok();
        let due = |until: Option<Date>| {
            let open = until.filter(|until| *until >= self.date()).or(until.and(anew));
            open.map_or_else(|| Due::Words("立即".into()), Due::On)
        };
        let one = |o: &OrderFile| Correct { what: self.text(o.order.note), due: due(o.order.until) };
        folios::unmet(self.case(), id).map(one).collect()
    }

    /// What was ordered before and is put right.
    fn corrected(&self) -> Vec<String> {
        let one = |o: &OrderFile| {
            let number = self.case().paper(o.order.paper).map(|file| format!("（{}）", file.paper.number));
            let what = self.text(o.order.note);
            format!(
                "本机关责令改正{}的下列行为已经改正：{}",
                number.unwrap_or_default(),
                what.trim_end_matches('。')
            )
        };
        folios::met(self.case(), self.party.subject.id).map(one).collect()
    }

    fn decision(&self) -> Result<Document, Refusal> {
        let case = self.case();
        if self.party.rights.was_heard() && self.at_hearing().is_empty() {
            return Err(self.lacking("听证中的意见和采纳情况"));
        }
        let penalties = self.penalties();
        let payment = penalties.payable().then(|| Payment {
            due: Due::Words(self.term_words("pay.fine", "自收到行政处罚决定书之日起十五日内")),
            surcharge: self.term_words("pay.surcharge", "自缴款期限届满次日起每日按罚款数额的百分之三"),
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
            performance: self.details.of("performance", self.party.subject.id).to_owned(),
            penalties,
            correct: self.to_correct(),
            corrected: self.corrected(),
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
        let facts: Vec<_> = case.violations.iter().map(|v| self.happened(v)).collect();
        let kind = match ground {
            NoPenaltyGround::Minor => Ground::Slight,
            NoPenaltyGround::First => Ground::First,
            NoPenaltyGround::NoFault => Ground::NoFault,
            NoPenaltyGround::Child | NoPenaltyGround::Incapable => Ground::NoCapacity,
            NoPenaltyGround::NotEstablished => Ground::NotProved,
            NoPenaltyGround::Limitation => Ground::TimeBarred,
        };
        // What was not proved breached nothing; whoever is not punished for what he did is told so (33(3)).
        let breached = if kind == Ground::NotProved { Vec::new() } else { self.rules().0 };
        Ok(NoPenaltyDecision {
            head: self.head()?,
            subject: self.subject(),
            cause: self.cause(),
            case_number: case.number.clone(),
            facts: facts.join("\n"),
            evidence: self.evidence(),
            breached,
            ground: kind,
            reasons: match kind {
                Ground::NotProved => self.grounds(),
                _ => format!("{}。{}", ground.title(), self.grounds()),
            },
            basis: vec![cited(ground.source())],
            discretion: None,
            education: self.said("education"),
            guardian: self.said("guardian"),
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
        let demolish = order.order.kind == OrderKind::Demolish;
        Ok(CorrectionOrder {
            demolish,
            head: self.head()?,
            subject: self.subject(),
            facts: self.own_facts(),
            breached: filing.breached,
            basis: std::iter::once(cited("行政处罚法第二十八条第一款")).chain(filing.basis).collect(),
            demands: self.text(order.order.note).lines().map(str::to_owned).collect(),
            deadline: match order.order.until {
                Some(until) => Deadline::Within(Due::On(until)),
                None => Deadline::AtOnce,
            },
            consequences: self.said("consequences"),
            inspection: self.said("inspection"),
            // An order to pull down decides by itself and can be challenged (行政强制法 44).
            remedy: (demolish || self.pulls_down()).then(|| self.remedy()),
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

    /// What is left of each sum that the party owes on the day on which it was proposed to ask for it: the surcharge was
    /// computed up to that day.
    pub(super) fn dues(&self, surcharge: i64) -> (Dues, Date) {
        let on = self.signed.columns.pending.as_ref().map_or_else(|| self.date(), |pending| day(pending.at));
        (self.party.money.dues(surcharge), on)
    }

    /// The sums as a paper lists them; none where no money is owed.
    pub(super) fn owed(&self, dues: Dues, as_of: Date, arithmetic: &str) -> Option<Owed> {
        (dues.total() > 0).then(|| Owed {
            principal: money(dues.fine),
            gains: money(dues.gains),
            surcharge: money(dues.surcharge),
            total: money(dues.total()),
            as_of,
            way: self.pay_way(),
            arithmetic: if dues.surcharge > 0 { arithmetic.to_owned() } else { String::new() },
        })
    }

    /// What is ordered and was not done yet, in the words of the orders.
    fn undone(&self) -> Vec<String> {
        let undone = folios::unmet(self.case(), self.party.subject.id);
        undone.map(|o| self.text(o.order.note).trim_end_matches('。').to_owned()).collect()
    }

    fn demand(&self) -> Result<Document, Refusal> {
        let (surcharge, days, arithmetic) = match self.signed.columns.pending.as_ref().map(|p| &p.proposal) {
            Some(Proposal::Demand { surcharge, days, arithmetic, .. }) => {
                (*surcharge, *days, arithmetic.as_str())
            }
            _ => (0, 10, ""),
        };
        let (dues, as_of) = self.dues(surcharge);
        let owed = self.owed(dues, as_of, arithmetic);
        let mut duties = due_sums(dues);
        let undone = self.undone();
        let then = self.said("then");
        // Money is for the court; what must be done, the agency does or has done where the law gives it the power.
        let mut follows = Vec::new();
        let mut basis = Vec::new();
        if owed.is_some() {
            follows.push(Then::Court);
            basis.push(cited("行政强制法第五十四条"));
        }
        if !undone.is_empty() {
            let (then, article) = match then.as_str() {
                said if said.contains("法院") => (Then::Court, "行政强制法第五十四条"),
                said if said.contains("代履行") => (Then::Substitute, "行政强制法第三十五条、第五十一条"),
                said if !said.is_empty() || self.pulls_down() => (Then::Own, "行政强制法第三十五条"),
                _ => (Then::Substitute, "行政强制法第三十五条、第五十一条"),
            };
            if !follows.contains(&then) {
                follows.push(then);
                basis.push(cited(article));
            }
        }
        let mut ways = Vec::new();
        if owed.is_some() {
            ways.push(self.pay_way());
        }
        if !undone.is_empty() {
            ways.push("按责令改正的内容自行履行，履行后告知本机关复查".into());
        }
        duties.extend(undone);
        let source = match &owed {
            Some(_) => self.decision_served()?,
            None => self.duty(true).map_or_else(|| self.decision_served(), Ok)?,
        };
        Ok(Demand {
            head: self.head()?,
            subject: self.subject(),
            source,
            duty: duties.join("；"),
            due: Due::Words(match days {
                10 => "收到本催告书之日起十日内".into(),
                days => format!("收到本催告书之日起{days}个工作日内"),
            }),
            way: self.said_or("way", || ways.join("；")),
            owed,
            then: follows,
            basis,
        }
        .into())
    }

    fn plan(&self) -> Result<Document, Refusal> {
        let pending = self.signed.columns.pending.as_ref();
        let (parts, asked) = match pending.map(|pending| &pending.proposal) {
            Some(Proposal::PayLater { parts, asked, .. }) => (parts.as_slice(), *asked),
            _ => (self.party.money.parts.as_slice(), None),
        };
        // Of former times only the day on which it was proposed is known.
        let proposed = || pending.map_or_else(|| self.date(), |pending| day(pending.at));
        let dues = self.party.money.dues(0);
        let planned: i64 = parts.iter().map(|p| p.fen).sum();
        Ok(PaymentPlan {
            head: self.head()?,
            subject: self.subject(),
            decision: self.decision_served()?,
            fine: money(self.party.money.fine),
            left: money(dues.fine),
            gains: money(dues.gains),
            // Plans of former times spread a surcharge as well.
            surcharge: money(planned - dues.fine - dues.gains),
            requested: asked.unwrap_or_else(proposed),
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
            // What was only ordered ends with its order.
            Outcome::Open => case.orders.last().and_then(|o| case.paper(o.order.paper)),
            _ => None,
        };
        let receipts = &self.party.money.receipts;
        Ok(Closing {
            sheet: self.sheet()?,
            subject: self.subject(),
            filed: day(case.filed().unwrap_or(case.at)),
            ending: match ground {
                ClosingGround::Performed => Ending::Executed,
                ClosingGround::Ordered => Ending::Corrected,
                ClosingGround::NotPunished => Ending::NoPenalty,
                ClosingGround::Transferred => Ending::Transferred,
                ClosingGround::Dropped => Ending::Dropped,
                ClosingGround::Ended | ClosingGround::Annulled => Ending::Terminated,
            },
            decision: decided.map(|file| file.paper.number.clone()).unwrap_or_default(),
            served: decided.and_then(|file| case.served(file.paper.id, self.party.subject.id)).map(day),
            execution: self.grounds(),
            receipts: receipts.iter().map(|receipt| receipt.reference.clone()).collect(),
            goods: self.said("goods"),
            publication: match case.publication {
                Publication::Published { at } => format!("{}公开", on_paper(at)),
                Publication::Kept => "不公开".into(),
                Publication::Withdrawn { at, .. } => format!("{}撤回公开", on_paper(at)),
                Publication::None => String::new(),
            },
            pages: None,
            officers: self.officers(),
            approvals: self.approvals(),
        }
        .into())
    }

    fn suggestion(&self) -> Result<Document, Refusal> {
        let pending = self.signed.columns.pending.as_ref();
        let sent = self.case().beside.suggestions.iter().find(|s| s.paper == self.signed.paper.id);
        let (to, problem, proposal, until) = match (sent, pending.map(|p| (&p.proposal, p.note))) {
            (Some(s), _) => (s.to.clone(), s.problem, s.proposal, s.until),
            (None, Some((Proposal::Suggest { to, problem, until }, note))) => {
                (to.clone(), *problem, note, *until)
            }
            _ => return Err(Refusal::missing("没有这份文书。")),
        };
        Ok(Advice {
            head: self.head()?,
            to,
            problem: self.text(problem),
            risks: self.said("risks"),
            rules: self.details.lines("rules"),
            advice: self.text(proposal).lines().map(str::to_owned).collect(),
            due: Due::On(until),
        }
        .into())
    }

    /// The paper.
    pub(super) fn document(&self) -> Result<Document, Refusal> {
        match self.signed.paper.kind {
            PaperKind::Filing => self.filing(FilingKind::Open),
            PaperKind::NotFiled => self.filing(FilingKind::Decline),
            PaperKind::Dropped => self.filing(FilingKind::Drop),
            PaperKind::Notice | PaperKind::HearingRight => self.notice(),
            PaperKind::Decision => self.decision(),
            PaperKind::NoPenalty => self.no_penalty(),
            PaperKind::Correction | PaperKind::DemolitionOrder => self.correction(),
            PaperKind::Transfer => self.transfer(),
            PaperKind::Demand => self.demand(),
            PaperKind::Payment => self.plan(),
            PaperKind::Closing => self.closing(),
            PaperKind::Suggestion => self.suggestion(),
            PaperKind::Summons => self.summons(),
            PaperKind::Sampling => Err(Refusal::missing("抽样取证通知书在证据里打印。")),
            PaperKind::Preservation => self.preservation(),
            PaperKind::PreservationSettled => self.preservation_settled(),
            PaperKind::Seizure => self.seized(),
            PaperKind::SeizureExtended => self.seized_longer(),
            PaperKind::SeizureReleased => self.released(),
            PaperKind::Testing => self.tested(),
            PaperKind::HearingCall => self.hearing_call(),
            PaperKind::Crime => self.crime(),
            PaperKind::Enforcement | PaperKind::Substitute => self.enforcement(),
            PaperKind::Court => self.court(),
            PaperKind::Revocation => self.revocation(),
            PaperKind::Amendment => self.amendment(),
            PaperKind::Agreement => self.agreement(),
            PaperKind::Suspension => self.execution_stop(),
            PaperKind::DemolitionNotice => self.demolition_notice(),
        }
    }
}

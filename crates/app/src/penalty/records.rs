//! Records: 线索核查 (D01), 笔录 (D03, D05), 抽样 (D06), 陈述申辩笔录 (D16), 送达地址确认书 (D20), 送达回证 (D21).

use super::folios::{hour, opinion};
use super::written::{Writer, day, officer};
use lianzhi_paper::{
    Answer, Approvals, Channel, Delivery, Document, Inspection, InspectionKind, Interview, LeadCheck,
    Officer, Sampling, Service, ServiceConfirmation, ServiceReceipt, Span, Statement, Unsigned,
};
use lianzhi_procedure::Refusal;
use lianzhi_procedure::penalty::{
    Event, EvidenceFile, EvidenceKind, Folio, PaperKind, Proposal, Way, folios,
};

impl Writer<'_> {
    pub(super) fn lead(&self) -> Result<Document, Refusal> {
        let case = self.case();
        let verified = self.book.events.iter().rev().find_map(|event| match event {
            Event::Verified { established, note, by, at, .. } => Some((*established, *note, by, *at)),
            _ => None,
        });
        let (checked, advice, approvals) = match verified {
            Some((established, note, by, at)) => {
                let advice = if established { "建议立案。" } else { "建议不予立案。" };
                let handlers = opinion(advice.into(), self.name(by), at);
                let filing = |p: &Proposal| matches!(p, Proposal::File | Proposal::NotFile);
                (self.text(note), advice.to_owned(), self.said_on(handlers, at, filing))
            }
            None => (String::new(), String::new(), Approvals::default()),
        };
        let mut sheet = self.sheet()?;
        sheet.case_number = case.number.clone();
        Ok(LeadCheck {
            sheet,
            source: self.source(),
            reporter: String::new(),
            subject: Some(self.subject()),
            place: self.place(),
            summary: self.facts(),
            checked,
            officers: self.officers(),
            advice,
            approvals,
        }
        .into())
    }

    fn found(&self, n: u16) -> Result<&EvidenceFile, Refusal> {
        let file = self.case().evidence.iter().find(|file| file.evidence.id == n);
        file.ok_or_else(|| Refusal::missing("没有这份证据。"))
    }

    /// The one who wrote a record, with the certificate under which he is known in the case.
    fn recorder(&self, officers: &[Officer]) -> Officer {
        let name = self.said("recorder");
        let known = officers.iter().chain(&self.officers()).find(|o| o.name == name).cloned();
        known.unwrap_or_else(|| {
            let people = self.directory.people.values();
            let certificate = people.filter(|p| p.name == name).find_map(|p| p.certificate.clone());
            Officer { name, certificate: certificate.unwrap_or_default(), unit: String::new() }
        })
    }

    pub(super) fn record(&self, n: u16) -> Result<Document, Refusal> {
        let file = self.found(n)?;
        let e = &file.evidence;
        match e.kind {
            EvidenceKind::Inspection => self.inspection(file, InspectionKind::Inspection),
            EvidenceKind::Survey => self.inspection(file, InspectionKind::Survey),
            EvidenceKind::Interview | EvidenceKind::Witness => self.interview(file),
            EvidenceKind::Sample => self.sampling(file),
            _ => Err(Refusal::missing("这件证据是原件，没有另外的文书。")),
        }
    }

    fn inspection(&self, file: &EvidenceFile, kind: InspectionKind) -> Result<Document, Refusal> {
        let e = &file.evidence;
        let officers: Vec<_> = e.officers.iter().map(officer).collect();
        let media = (1..).zip(&e.exhibits).map(|(n, exhibit)| {
            let what = match exhibit.media.split('/').next() {
                Some("image") => "照片",
                Some("video") => "视频",
                Some("audio") => "录音",
                _ => "文件",
            };
            format!("{what}{n}（存证编号 {}）", exhibit.digest.short())
        });
        let position = self
            .case()
            .point
            .map(|p| format!("东经 {:.6}，北纬 {:.6}", f64::from(p.lng_e6) / 1e6, f64::from(p.lat_e6) / 1e6));
        let shown = format!(
            "执法人员主动出示行政执法证件（{}），告知检查事项。{}",
            officers.iter().map(|o| format!("{} {}", o.name, o.certificate)).collect::<Vec<_>>().join("、"),
            self.said("told"),
        );
        Ok(Inspection {
            sheet: self.sheet()?,
            kind,
            span: Span { from: hour(e.from), until: hour(e.to) },
            place: self.said_or("place", || self.place()),
            position: position.unwrap_or_default(),
            weather: self.said("weather"),
            subject: self.subject(),
            in_charge: self.said("in_charge"),
            witness: self.said("witness"),
            recorder: self.said("recorder"),
            // That the certificates were shown is known; what rights were told must be written.
            told: if self.said("told").is_empty() { String::new() } else { shown },
            found: self.text(e.note),
            media: media.chain(self.details.lines("media")).collect(),
            remark: self.said("remark"),
            unsigned: self.unsigned(e.refused),
            officers,
        }
        .into())
    }

    fn interview(&self, file: &EvidenceFile) -> Result<Document, Refusal> {
        let e = &file.evidence;
        let officers: Vec<_> = e.officers.iter().map(officer).collect();
        let respondent = self.respondent();
        // Earlier interviews of the same person.
        let same = |f: &&EvidenceFile| {
            f.evidence.id < e.id
                && f.evidence.kind == e.kind
                && self.book.details(Folio::Evidence(f.evidence.id)).get("name") == respondent.name
        };
        let turn = self.case().evidence.iter().filter(same).count() + 1;
        let words = self.said_or("answers", || self.text(e.note));
        let shown = format!(
            "我们是{}的行政执法人员（{}），现向你出示行政执法证件，请你确认。",
            self.directory.settings.agency,
            officers.iter().map(|o| format!("{} {}", o.name, o.certificate)).collect::<Vec<_>>().join("、"),
        );
        Ok(Interview {
            sheet: self.sheet()?,
            turn: u16::try_from(turn).unwrap_or(u16::MAX),
            span: Span { from: hour(e.from), until: hour(e.to) },
            place: self.said("place"),
            respondent,
            recorder: self.recorder(&officers),
            shown,
            told: self.said("told"),
            answers: answers(&words),
            video: self.said("video"),
            unsigned: self.unsigned(e.refused),
            officers,
        }
        .into())
    }

    fn sampling(&self, file: &EvidenceFile) -> Result<Document, Refusal> {
        let e = &file.evidence;
        Ok(Sampling {
            head: self.head()?,
            subject: self.subject(),
            cause: self.cause(),
            way: self.said("way"),
            place: self.said("place"),
            basis: vec![super::written::cited("行政处罚法第五十六条")],
            items: self.items(None),
            officers: e.officers.iter().map(officer).collect(),
            unsigned: self.unsigned(e.refused),
        }
        .into())
    }

    pub(super) fn statement(&self, p: u16, n: u16) -> Result<Document, Refusal> {
        let stated = self.book.stated(p, n).and_then(|place| self.book.events.get(place));
        let Some(Event::Stated { text, exhibits, .. }) = stated else {
            return Err(Refusal::missing("没有这份文书。"));
        };
        let officers = self.officers();
        let handed = (1..).zip(exhibits).map(|(n, e)| format!("材料{n}（存证编号 {}）", e.digest.short()));
        Ok(Statement {
            sheet: self.sheet()?,
            span: self.said_span()?,
            place: self.said("place"),
            respondent: self.respondent(),
            notice: self.number_of(&[PaperKind::Notice, PaperKind::HearingRight]),
            recorder: self.recorder(&officers),
            words: self.text(*text),
            evidence: handed.chain(self.details.lines("evidence")).collect(),
            unsigned: self.refused(),
            officers,
        }
        .into())
    }

    pub(super) fn address(&self) -> Result<Document, Refusal> {
        let channel = match (self.said("means"), self.said("account")) {
            (means, account) if !means.is_empty() || self.party.electronic => {
                Channel::Electronic { means, account }
            }
            _ => Channel::Address {
                recipient: self.said_or("recipient", || self.particulars.name.clone()),
                address: self.said_or("address", || self.particulars.address.clone()),
                postcode: self.said("postcode"),
            },
        };
        Ok(ServiceConfirmation {
            sheet: self.sheet()?,
            subject: self.subject(),
            phone: self.said_or("phone", || self.particulars.phone.clone()),
            channel,
            proxy: self.said("proxy"),
        }
        .into())
    }

    pub(super) fn receipt(&self, n: u16, p: u16) -> Result<Document, Refusal> {
        let file = self.case().paper(n).ok_or_else(|| Refusal::missing("没有这份文书。"))?;
        let served = file.service.get(&p);
        let note = served.and_then(|s| s.note).map(|note| self.text(note)).unwrap_or_default();
        let refusal = || Unsigned { reason: self.said("reason"), witness: self.said("witness") };
        let service = match served.map(|s| s.way) {
            None | Some(Way::Direct | Way::OnTheSpot) => Service::Direct,
            Some(Way::Left) => Service::Left { refusal: refusal(), record: self.said("record") },
            Some(Way::Entrusted) => Service::Entrusted { agency: self.said("agency") },
            Some(Way::Forwarded) => Service::Forwarded { unit: note.clone() },
            Some(Way::Post) => {
                Service::Mail { number: self.said("mail"), delivered: self.details.day("delivered") }
            }
            Some(Way::Electronic) => {
                Service::Electronic { account: self.said("account"), receipt: self.said("receipt") }
            }
            Some(Way::Posted) => Service::Posted {
                place: note.clone(),
                from: served.map_or_else(|| self.date(), |s| day(s.from)),
                until: lianzhi_procedure::penalty::announced(self.case(), p)
                    .map(|(_, until)| until)
                    .ok_or_else(|| self.lacking("自行拆除的期限"))?,
            },
            Some(Way::PublicNotice) => {
                let from = served.map_or_else(|| self.date(), |s| day(s.from));
                let clock = self.book.clock(
                    lianzhi_procedure::penalty::Term::PublicNotice,
                    lianzhi_procedure::penalty::Scope::Paper(n, p),
                );
                let until = clock.map(|c| super::book::last_day(c.running.due));
                Service::Public {
                    place: self.said("carrier"),
                    from,
                    until: until.ok_or_else(|| self.lacking("公告截止日期"))?,
                    reasons: note.clone(),
                }
            }
        };
        Ok(ServiceReceipt {
            sheet: self.sheet()?,
            recipient: self.particulars.name.clone(),
            address: self.said_or("address", || self.particulars.address.clone()),
            deliveries: vec![Delivery {
                title: folios::printed_title(self.case(), file).into(),
                number: file.paper.number.clone(),
                copies: 1,
            }],
            service,
            at: served.map(|s| hour(s.from)),
            relation: self.said("relation"),
            officers: self.officers(),
            note: self.said_or("note", || note),
        }
        .into())
    }
}

/// Questions and answers from lines that begin with 问 and 答; without them there is nothing to print.
fn answers(words: &str) -> Vec<Answer> {
    let begin = |line: &str, mark: char| {
        let rest = line.strip_prefix(mark)?;
        rest.strip_prefix(['：', ':']).map(|rest| rest.trim().to_owned())
    };
    let mut all: Vec<Answer> = Vec::new();
    for line in words.lines().map(str::trim).filter(|line| !line.is_empty()) {
        if let Some(question) = begin(line, '问') {
            all.push(Answer { question, answer: String::new() });
        } else if let Some(last) = all.last_mut() {
            let more = begin(line, '答').unwrap_or_else(|| line.to_owned());
            if !last.answer.is_empty() {
                last.answer.push('\n');
            }
            last.answer.push_str(&more);
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::answers;

    #[test]
    fn questions_and_answers_are_read_line_by_line() {
        let all = answers("问：车是谁的？\n答：是公司的。\n我只是开车。\n问: 倒了几车？\n答: 三车。");
        assert_eq!(all.len(), 2);
        assert_eq!(all[0].answer, "是公司的。\n我只是开车。");
        assert_eq!(all[1].question, "倒了几车？");
        assert!(answers("说是公司的车。").is_empty(), "nobody is given words that were not asked");
    }
}

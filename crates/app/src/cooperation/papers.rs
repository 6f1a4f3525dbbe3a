//! What prints as a document of its own and not as a letter: lists of what is handed over, warnings, records of talks,
//! petitions, consents. As [`letters`](super::letters): a pure function of what was signed.

use super::letters::{Desk, day, hour, is_evidence, last_day, named_file, officer};
use super::view::member;
use lianzhi_ids::NodeCode;
use lianzhi_paper::{
    Attendant, Authorisation, AuthorisationKind, Bulletin, Claim, Document, EvidenceTransfer, Goods,
    GoodsHandover, Handover, JurisdictionPetition, JurisdictionTalks, Number, Officer,
};
use lianzhi_procedure::PartRef;
use lianzhi_procedure::cooperation::{Act, Filed, Opening, Provenance, Said, Taker};
use lianzhi_procedure::penalty::EvidenceKind;

/// Officers without whom a list has places to be signed by hand (行政处罚法 42).
const SIGNERS_MIN: usize = 2;

/// Which kind of evidence (行政处罚法 46) a file is: as its name says, else by what it is made of.
pub(super) fn kind_of(p: &Provenance) -> EvidenceKind {
    use EvidenceKind as K;
    const WORDS: [(&str, K); 17] = [
        ("勘验", K::Survey),
        ("检查笔录", K::Inspection),
        ("现场笔录", K::Inspection),
        ("询问笔录", K::Interview),
        ("陈述", K::Interview),
        ("证人", K::Witness),
        ("证言", K::Witness),
        ("抽样", K::Sample),
        ("鉴定", K::Opinion),
        ("检测报告", K::Opinion),
        ("检验报告", K::Opinion),
        ("电子数据", K::Electronic),
        ("定位", K::Electronic),
        ("运行轨迹", K::Electronic),
        ("聊天记录", K::Electronic),
        ("录像", K::Recording),
        ("录音", K::Recording),
    ];
    let named = WORDS.iter().find(|(word, _)| p.name.contains(word)).map(|(_, kind)| *kind);
    named.unwrap_or(match p.exhibit.media.split('/').next() {
        Some("image" | "video" | "audio") => K::Recording,
        _ => K::Document,
    })
}

/// With a full stop, once.
fn sentence(text: &str) -> String {
    format!("{}。", text.trim().trim_end_matches('。'))
}

impl Desk<'_> {
    /// The name of whoever signed, without the post that stands behind it.
    fn signer(&self) -> String {
        Taker::Written(self.said.actor.clone()).name().to_owned()
    }

    fn handover(&self, number: Number, to: String) -> Handover {
        let givers = self.drafter();
        Handover {
            number: Some(number),
            cause: self.text(Some(self.opening().title)),
            case_number: self.opening().number.clone(),
            from: member(self.directory, self.file.founder()),
            to,
            givers: if givers.len() < SIGNERS_MIN { Vec::new() } else { givers },
            takers: Vec::new(),
            at: hour(self.said.at),
            place: "通过协作节点电子移交，原件凭摘要核对".into(),
            check: None,
        }
    }

    fn goods(&self) -> Vec<Goods> {
        let stated =
            |text: &str, not: &str| if text.trim().is_empty() { not.into() } else { text.to_owned() };
        let goods = self.opening().goods.iter();
        goods
            .map(|g| Goods {
                name: g.name.clone(),
                model: g.detail.clone(),
                amount: format!("{}{}", g.quantity, g.unit),
                state: "以交接时核验为准".into(),
                kept: String::new(),
                measure: stated(&g.measure, "未注明"),
            })
            .collect()
    }

    fn goods_list(&self, handover: Handover, inspection: String) -> GoodsHandover {
        let owner = self.text(self.opening().subject);
        GoodsHandover {
            handover,
            owner: if owner.is_empty() { "尚未查明".into() } else { owner },
            items: self.goods(),
            inspection,
            witness: String::new(),
        }
    }

    /// The list of evidence, or of goods when nothing else goes with them; none when there is material only.
    pub(super) fn handed_over(&self, opening: &Opening, number: Number, to: String) -> Option<Document> {
        let (evidence, rest): (Vec<_>, Vec<_>) = opening.exhibits.iter().partition(|p| is_evidence(p));
        let mut handover = self.handover(number, to);
        if evidence.is_empty() {
            if opening.goods.is_empty() || !rest.is_empty() {
                return None;
            }
            handover.place = "交接时填写".into();
            return Some(self.goods_list(handover, "交接时由双方核验填写。".into()).into());
        }
        let mut note = self.text(Some(opening.text));
        if !rest.is_empty() {
            let names: Vec<_> = rest.into_iter().map(named_file).collect();
            note.push_str(&format!(
                "另附取证人不足两名或未注明执法证号的材料，作为线索提供：{}。",
                names.join("、")
            ));
        }
        if !opening.goods.is_empty() {
            let goods: Vec<_> =
                opening.goods.iter().map(|g| format!("{}{}{}", g.name, g.quantity, g.unit)).collect();
            note.push_str(&format!("涉案物品{}另行交接签字。", goods.join("、")));
        }
        let items = evidence.into_iter().map(|p| self.evidence(p)).collect();
        Some(EvidenceTransfer { handover, items, note }.into())
    }

    /// What both sides signed for.
    pub(super) fn goods_taken(&self, by: &str, note: Option<PartRef>, number: Number) -> GoodsHandover {
        let gave = self.file.acts(self.file.founder()).find_map(|act| match act {
            Act::GoodsGiven { by } => Some(by.clone()),
            _ => None,
        });
        let mut handover = self.handover(number, member(self.directory, self.node));
        handover.place = "双方在各自节点签字交接".into();
        let differs = self.text(note);
        let signed = format!(
            "移交人 {}，接收人 {by}，均已在系统签字。{}",
            gave.unwrap_or_default(),
            if differs.is_empty() {
                "数量、特征与清单相符。".into()
            } else {
                format!("与清单不符之处：{}", sentence(&differs))
            }
        );
        self.goods_list(handover, signed)
    }

    pub(super) fn bulletin(
        &self,
        opening: &Opening,
        number: Number,
        title: String,
        to: Vec<String>,
    ) -> Bulletin {
        let kind = opening.bulletin.map(|kind| format!("通报类别：{}。\n", kind.title())).unwrap_or_default();
        let watch = [opening.subject, opening.place];
        Bulletin {
            head: self.head(number, &opening.exhibits),
            to,
            subject: title,
            level: if opening.urgent { "紧急" } else { "一般" }.into(),
            situation: format!("{kind}{}", self.text(Some(opening.text))),
            features: String::new(),
            watch: watch.into_iter().map(|part| self.text(part)).filter(|text| !text.is_empty()).collect(),
            advice: vec![format!(
                "请结合本地实际组织排查，采取措施，并于{}前通过协作节点反馈。",
                last_day(opening.due).strftime("%Y年%-m月%-d日")
            )],
            until: None,
            audience: "主送机关及其承办人员".into(),
        }
    }

    /// What was said before what is printed now, by whom.
    fn before(&self) -> impl Iterator<Item = (&NodeCode, &Said)> {
        let until = (self.said.at, &self.said.digest);
        self.file.story().into_iter().filter(move |(_, said)| (said.at, &said.digest) < until)
    }

    /// What a party holds, and what it filed: its last position, the opening for whoever began.
    fn held(&self, node: &NodeCode) -> (Option<PartRef>, Option<&Filed>) {
        let mut found = (None, None);
        for (author, said) in self.before().filter(|(author, _)| *author == node) {
            match &said.act {
                Act::Open(opening) if author == self.file.founder() => {
                    found = (Some(opening.text), opening.filed.as_ref());
                }
                Act::Position { note, filed, .. } => found = (Some(*note), filed.as_ref().or(found.1)),
                _ => {}
            }
        }
        found
    }

    /// When each party filed, to the second and with the place in its log, and who was the first (行政处罚法 25): the day alone
    /// tells nobody that.
    fn filed(&self, node: &NodeCode) -> String {
        let Some(filed) = self.held(node).1 else { return "没有写明所立案件".into() };
        let parties = self.file.parties();
        let times: Vec<_> = parties.iter().filter_map(|n| Some(self.held(n).1?.at)).collect();
        let first = times.len() == parties.len() && times.iter().filter(|at| **at <= filed.at).count() == 1;
        format!(
            "案件{}于{}立案，存证日志第{}号{}",
            filed.number,
            hour(filed.at).strftime("%Y年%-m月%-d日%-H时%M分%S秒"),
            filed.pos,
            if first { "，为最先立案" } else { "" }
        )
    }

    /// What each party holds; whoever said nothing is named as that.
    fn claims(&self) -> Vec<Claim> {
        let claim = |node: &NodeCode| {
            let grounds = self.text(self.held(node).0);
            let (stand, grounds) = match grounds.is_empty() {
                true => ("未陈述意见", "至本文书作出时没有书面陈述。".into()),
                false => ("见理由", grounds),
            };
            Claim {
                agency: member(self.directory, node),
                claim: format!("{stand}。{}", self.filed(node)),
                grounds,
                opened: None,
            }
        };
        self.file.parties().iter().map(claim).collect()
    }

    /// What each other party answered to the record that is printed.
    fn answered_by(&self) -> String {
        let answer = |(node, said): (&NodeCode, &Said)| match &said.act {
            Act::NegotiationAnswered { record, agreed, note } if *record == self.said.digest => {
                let words = self.text(*note);
                let words = if words.is_empty() { String::new() } else { format!("：{}", words.trim()) };
                let on = day(said.at).strftime("%Y年%-m月%-d日");
                let what = if *agreed { "确认" } else { "不同意" };
                Some(sentence(&format!("{on}，{}{what}{words}", member(self.directory, node))))
            }
            _ => None,
        };
        self.file.story().into_iter().filter_map(answer).collect::<Vec<_>>().join("\n")
    }

    pub(super) fn talks(
        &self,
        competent: &NodeCode,
        note: PartRef,
        number: Number,
        title: String,
    ) -> JurisdictionTalks {
        let at = hour(self.said.at);
        let agreed = self.file.talks(&self.said.digest) == Some(true);
        let whom = member(self.directory, competent);
        let attendant = |node: &NodeCode| Attendant {
            name: String::new(),
            agency: member(self.directory, node),
            post: String::new(),
        };
        JurisdictionTalks {
            number: Some(number),
            cause: title,
            case_number: self.opening().number.clone(),
            from: at,
            until: at,
            place: "见协商经过".into(),
            chair: String::new(),
            recorder: self.signer(),
            claims: self.claims(),
            attendants: self.file.parties().iter().map(attendant).collect(),
            course: format!("{}\n{}", self.text(Some(note)), self.answered_by()).trim().to_owned(),
            agreed,
            result: match agreed {
                true => format!("由{whom}管辖。"),
                false => format!("记录提出由{whom}管辖，未获各方同意。"),
            },
            check: None,
        }
    }

    /// How the talks went: records, opinions and the answers to them.
    fn course(&self) -> String {
        let line = |(node, said): (&NodeCode, &Said)| {
            let told = matches!(
                said.act,
                Act::Negotiated { .. }
                    | Act::NegotiationAnswered { .. }
                    | Act::Opinion { .. }
                    | Act::OpinionAnswered { .. }
            );
            told.then(|| {
                let what = super::tell::title(&said.act, self.file.form, self.directory);
                let words = self.text(said.act.note());
                let words = if words.is_empty() { String::new() } else { format!("：{}", words.trim()) };
                let on = day(said.at).strftime("%Y年%-m月%-d日");
                sentence(&format!("{on}，{}{what}{words}", member(self.directory, node)))
            })
        };
        let lines: Vec<String> = self.before().filter_map(line).collect();
        if lines.is_empty() { "各方没有形成协商记录。".into() } else { lines.join("\n") }
    }

    pub(super) fn petition(
        &self,
        to: &str,
        note: PartRef,
        number: Number,
        title: String,
    ) -> JurisdictionPetition {
        let mut head = self.head(number, &[]);
        let filed = |node: &NodeCode| {
            let number = self.held(node).1.map(|filed| filed.number.as_str()).unwrap_or_default();
            format!("{}案件{number}案卷", member(self.directory, node))
        };
        head.attachments.extend(self.file.parties().iter().map(filed));
        JurisdictionPetition {
            head,
            to: to.to_owned(),
            signer: self.signer(),
            cause: title,
            facts: self.text(Some(self.opening().text)),
            claims: self.claims(),
            talks: self.course(),
            basis: self.basis(),
            opinion: self.text(Some(note)),
        }
    }

    /// What a letter about enforcement away from home names besides its words: who is to act there, each with the certificate
    /// (行政处罚法 42), or the penalties that are to be recognised.
    pub(super) fn of_away(&self, opening: &Opening) -> String {
        let officers: Vec<String> = opening.officers.iter().map(ToString::to_string).collect();
        let penalties = super::penalties::lines(opening, self.directory);
        let mut text = String::new();
        if opening.away.is_some() && !officers.is_empty() {
            text.push_str(&format!("\n执法人员：{}。", officers.join("、")));
        }
        for penalty in penalties {
            text.push_str(&format!("\n请求承认的处罚：{penalty}。"));
        }
        text
    }

    pub(super) fn consent(
        &self,
        note: PartRef,
        until: jiff::Timestamp,
        number: Number,
        title: String,
        to: String,
    ) -> Authorisation {
        let (in_reply_to, _) = self.answered();
        let place = self.text(self.opening().place);
        let here = member(self.directory, self.node);
        let officers: Vec<Officer> = self.opening().officers.iter().map(officer).collect();
        Authorisation {
            head: self.head(number, &[]),
            kind: AuthorisationKind::Consent,
            to,
            in_reply_to,
            matter: title,
            officers,
            // What the conditions narrow down is not given wholly here.
            area: match place.is_empty() {
                true => format!("{here}管辖区域内，以下列要求所限的范围为准"),
                false => place,
            },
            powers: vec![self.text(Some(self.opening().text))],
            from: day(self.said.at),
            until: last_day(until),
            companion: String::new(),
            conditions: vec![self.text(Some(note))],
            basis: self.basis(),
        }
    }
}

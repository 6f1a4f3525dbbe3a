//! What happens beside a case with others: a department that is asked for help, a panel that is drawn and votes, a court that comes
//! to the place, an agreement of mediation that is to be performed. All of it informs; none of it decides the penalty.

use super::advice::{AdviceFile, OpinionAsked};
use super::words::Adviser;
use crate::words::words;
use crate::{ExhibitRef, PartRef};
use jiff::Timestamp;
use jiff::civil::Date;
use lianzhi_ids::{Digest, PersonCode};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

words! {
    /// What a department is asked for.
    HelpKind {
        /// 认定意见: whether something is what the law punishes (上海市城市管理行政执法条例 29).
        Opinion = "opinion", "出具认定意见";
        /// 协助执法 (行政处罚法 26).
        Act = "act", "协助执法";
    }
}

words! {
    /// What a member of a panel thinks of the penalty that is considered.
    Vote {
        /// As it is considered.
        Agree = "agree", "同意拟作出的处理";
        /// Less.
        Lighter = "lighter", "建议从轻";
        /// More.
        Heavier = "heavier", "建议从重";
        /// None.
        Against = "against", "不赞成处罚";
        /// No vote.
        Abstain = "abstain", "弃权";
    }
}

words! {
    /// What a court does at the place.
    CircuitKind {
        /// Mediation before a suit.
        Mediation = "mediation", "诉前调解";
        /// A lawsuit is heard.
        Trial = "trial", "巡回审理";
        /// An application for enforcement is reviewed (行政强制法 57, 58).
        Review = "review", "非诉执行审查听证";
        /// Enforcement in the presence of the court.
        Enforcement = "enforcement", "现场执行";
    }
}

/// Fewest members that vote.
pub const PANEL_MIN: usize = 3;
/// Most members of a panel.
pub const PANEL_MAX: usize = 15;

/// A member of a panel.
#[derive(Debug, Clone, PartialEq)]
pub struct Member {
    /// Its place in the panel, from 1.
    pub id: u16,
    /// Whoever has an account.
    pub person: Option<PersonCode>,
    /// The name of whoever has none.
    pub name: Option<PartRef>,
    /// What he stands for: 居民代表, 人大代表.
    pub standing: String,
    /// Why he does not take part.
    pub recused: Option<PartRef>,
    /// What he thinks, and why.
    pub vote: Option<(Vote, PartRef, Timestamp)>,
}

/// Votes that were counted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tally {
    /// [`Vote::Agree`].
    pub agree: u16,
    /// [`Vote::Lighter`].
    pub lighter: u16,
    /// [`Vote::Heavier`].
    pub heavier: u16,
    /// [`Vote::Against`].
    pub against: u16,
    /// [`Vote::Abstain`].
    pub abstain: u16,
}

impl Tally {
    /// How many voted for this.
    #[must_use]
    pub const fn of(self, vote: Vote) -> u16 {
        match vote {
            Vote::Agree => self.agree,
            Vote::Lighter => self.lighter,
            Vote::Heavier => self.heavier,
            Vote::Against => self.against,
            Vote::Abstain => self.abstain,
        }
    }

    /// How many voted in all.
    #[must_use]
    pub fn all(self) -> u16 {
        Vote::ALL.iter().map(|vote| self.of(*vote)).sum()
    }

    /// What more than half of those who voted think; none where there is no such majority.
    #[must_use]
    pub fn majority(self) -> Option<Vote> {
        Vote::ALL.iter().copied().find(|vote| *vote != Vote::Abstain && self.of(*vote) * 2 > self.all())
    }

    /// 同意拟作出的处理 3 票，建议从轻 2 票；多数意见：同意拟作出的处理.
    #[must_use]
    pub fn words(self) -> String {
        let votes: Vec<String> = Vote::ALL
            .iter()
            .filter(|vote| self.of(**vote) > 0)
            .map(|vote| format!("{} {} 票", vote.title(), self.of(*vote)))
            .collect();
        let most = self.majority().map_or("没有过半数的意见", Vote::title);
        format!("{}；多数意见：{most}", votes.join("，"))
    }
}

/// A panel that was drawn for an opinion that was asked for.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Panel {
    /// Its members.
    pub members: Vec<Member>,
    /// The sum, when it was drawn up.
    pub tally: Option<Tally>,
    /// What it says, in words.
    pub conclusion: Option<PartRef>,
}

impl Panel {
    /// Members that take part.
    pub fn sitting(&self) -> impl Iterator<Item = &Member> {
        self.members.iter().filter(|member| member.recused.is_none())
    }

    /// The votes so far.
    #[must_use]
    pub fn count(&self) -> Tally {
        let mut tally = Tally::default();
        for (vote, ..) in self.sitting().filter_map(|member| member.vote.as_ref()) {
            match vote {
                Vote::Agree => tally.agree += 1,
                Vote::Lighter => tally.lighter += 1,
                Vote::Heavier => tally.heavier += 1,
                Vote::Against => tally.against += 1,
                Vote::Abstain => tally.abstain += 1,
            }
        }
        tally
    }

    /// Members whose vote is not that of the majority: their reasons stand beside it.
    pub fn dissent(&self) -> impl Iterator<Item = &Member> {
        let most = self.count().majority();
        self.sitting().filter(move |m| m.vote.as_ref().is_some_and(|(vote, ..)| Some(*vote) != most))
    }
}

/// A department that was asked for help.
#[derive(Debug, Clone, PartialEq)]
pub struct Help {
    /// Its number in the case, from 1.
    pub id: u16,
    /// Which department.
    pub to: String,
    /// For what.
    pub kind: HelpKind,
    /// Day on which it got the notice.
    pub received: Date,
    /// Until when, where the agency set a day or the department named one.
    pub until: Option<Date>,
    /// When the department said that it takes longer: from then on its own day counts.
    pub later: Option<Timestamp>,
    /// What is asked.
    pub note: PartRef,
    /// When it was entered.
    pub at: Timestamp,
    /// What it said.
    pub answer: Option<(PartRef, Timestamp)>,
}

/// A court that comes to the place (巡回法庭).
#[derive(Debug, Clone, PartialEq)]
pub struct Circuit {
    /// Its number in the case, from 1.
    pub id: u16,
    /// Which court.
    pub court: String,
    /// For what.
    pub kind: CircuitKind,
    /// On which day.
    pub on: Date,
    /// Where.
    pub place: String,
    /// About what.
    pub note: PartRef,
    /// When it was entered.
    pub at: Timestamp,
    /// What came of it.
    pub held: Option<(PartRef, Timestamp)>,
}

/// One thing of these, as it was entered.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "what", rename_all = "snake_case")]
#[expect(missing_docs, reason = "the fields are those of the commands")]
pub enum Aside {
    /// 请求协助、发出协助通知书.
    HelpAsked {
        id: u16,
        to: String,
        kind: HelpKind,
        received: Date,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        until: Option<Date>,
        note: PartRef,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        exhibits: Vec<ExhibitRef>,
    },
    /// The department says in writing that it takes longer, and until when.
    HelpLater {
        id: u16,
        until: Date,
        note: PartRef,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        exhibits: Vec<ExhibitRef>,
    },
    /// 认定意见、协助结果.
    HelpAnswered {
        id: u16,
        note: PartRef,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        exhibits: Vec<ExhibitRef>,
    },
    /// Members were drawn by lot.
    PanelDrawn {
        asked: u16,
        /// Place in the panel, and who.
        members: Vec<(u16, PersonCode)>,
        /// Out of how many.
        pool: u16,
        /// From what the lot follows ([`lot`]).
        seed: String,
    },
    /// A member without an account was named.
    MemberSeated { asked: u16, member: u16, name: PartRef, standing: String },
    /// A member does not take part (回避).
    MemberRecused { asked: u16, member: u16, note: PartRef },
    /// A member's vote.
    Voted {
        asked: u16,
        member: u16,
        vote: Vote,
        note: PartRef,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        exhibits: Vec<ExhibitRef>,
    },
    /// The sum of the votes: it answers what was asked.
    PanelConcluded {
        asked: u16,
        tally: Tally,
        note: PartRef,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        exhibits: Vec<ExhibitRef>,
    },
    /// 巡回法庭: when and where it comes.
    CircuitSet { id: u16, court: String, kind: CircuitKind, on: Date, place: String, note: PartRef },
    /// What came of it.
    CircuitHeld {
        id: u16,
        note: PartRef,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        exhibits: Vec<ExhibitRef>,
    },
    /// Whether what was agreed in mediation was performed.
    MediationSeen { id: u16, kept: bool, note: PartRef },
}

impl Aside {
    /// What it says in words.
    #[must_use]
    pub const fn note(&self) -> Option<PartRef> {
        match self {
            Aside::HelpAsked { note, .. }
            | Aside::HelpLater { note, .. }
            | Aside::HelpAnswered { note, .. }
            | Aside::MemberRecused { note, .. }
            | Aside::Voted { note, .. }
            | Aside::PanelConcluded { note, .. }
            | Aside::CircuitSet { note, .. }
            | Aside::CircuitHeld { note, .. }
            | Aside::MediationSeen { note, .. } => Some(*note),
            Aside::MemberSeated { name, .. } => Some(*name),
            Aside::PanelDrawn { .. } => None,
        }
    }

    /// The files that came with it.
    #[must_use]
    pub fn exhibits(&self) -> &[ExhibitRef] {
        match self {
            Aside::HelpAsked { exhibits, .. }
            | Aside::HelpLater { exhibits, .. }
            | Aside::HelpAnswered { exhibits, .. }
            | Aside::Voted { exhibits, .. }
            | Aside::PanelConcluded { exhibits, .. }
            | Aside::CircuitHeld { exhibits, .. } => exhibits,
            Aside::PanelDrawn { .. }
            | Aside::MemberSeated { .. }
            | Aside::MemberRecused { .. }
            | Aside::CircuitSet { .. }
            | Aside::MediationSeen { .. } => &[],
        }
    }

    /// Its name in the file.
    #[must_use]
    pub fn title(&self) -> String {
        match self {
            Aside::HelpAsked { to, kind, .. } => format!("请求{to}{}", kind.title()),
            Aside::HelpLater { until, .. } => format!("协助单位书面说明延期至 {until}"),
            Aside::HelpAnswered { .. } => "协助单位的认定意见、协助结果".to_owned(),
            Aside::PanelDrawn { members, pool, .. } => {
                format!("从 {pool} 名群众公议员中抽取 {} 人", members.len())
            }
            Aside::MemberSeated { member, standing, .. } => format!("公议团成员 {member}：{standing}"),
            Aside::MemberRecused { member, .. } => format!("公议团成员 {member} 回避"),
            Aside::Voted { member, vote, .. } => format!("公议团成员 {member} 表决：{}", vote.title()),
            Aside::PanelConcluded { tally, .. } => format!("群众公议意见：{}", tally.words()),
            Aside::CircuitSet { court, kind, on, place, .. } => {
                format!("{court}巡回法庭{}：{on}，{place}", kind.title())
            }
            Aside::CircuitHeld { .. } => "巡回法庭的结果".to_owned(),
            Aside::MediationSeen { kept: true, .. } => "调解协议已经履行".to_owned(),
            Aside::MediationSeen { kept: false, .. } => "调解协议没有履行".to_owned(),
        }
    }
}

/// From what a lot follows: case and question, so that nobody chooses it and anybody can draw it again.
#[must_use]
pub fn seed(number: &str, asked: u16) -> String {
    format!("{number}/{asked}")
}

/// Those who are drawn: the people in the order of SHA-256 over `seed/person`, the first of them.
#[must_use]
pub fn lot(seed: &str, mut pool: Vec<PersonCode>, count: usize) -> Vec<PersonCode> {
    let ticket = |person: &PersonCode| Digest(Sha256::digest(format!("{seed}/{person}")).into());
    pool.sort_by_cached_key(|person| ticket(person).to_string());
    pool.truncate(count);
    pool
}

impl AdviceFile {
    /// The opinion of a panel that is asked for and awaited.
    #[must_use]
    pub fn panel_asked(&self, asked: u16) -> Option<&OpinionAsked> {
        let panel = |o: &&OpinionAsked| matches!(o.from, Adviser::Panel | Adviser::Council);
        self.asked.iter().filter(panel).find(|o| o.id == asked && o.answered.is_none())
    }

    fn member(&mut self, asked: u16, member: u16) -> Option<&mut Member> {
        let asked = self.asked.iter_mut().find(|o| o.id == asked)?;
        asked.panel.members.iter_mut().find(|m| m.id == member)
    }

    fn seat(&mut self, asked: u16, member: Member) {
        if let Some(asked) = self.asked.iter_mut().find(|o| o.id == asked) {
            asked.panel.members.push(member);
        }
    }

    /// What follows from something that was entered.
    pub(super) fn evolve(&mut self, aside: &Aside, at: Timestamp) {
        match aside {
            Aside::HelpAsked { id, to, kind, received, until, note, .. } => self.helps.push(Help {
                id: *id,
                to: to.clone(),
                kind: *kind,
                received: *received,
                until: *until,
                later: None,
                note: *note,
                at,
                answer: None,
            }),
            Aside::HelpLater { id, until, .. } => {
                if let Some(help) = self.helps.iter_mut().find(|h| h.id == *id) {
                    help.until = Some(*until);
                    help.later = Some(at);
                }
            }
            Aside::HelpAnswered { id, note, .. } => {
                if let Some(help) = self.helps.iter_mut().find(|h| h.id == *id) {
                    help.answer = Some((*note, at));
                }
            }
            Aside::PanelDrawn { asked, members, .. } => {
                for (id, person) in members {
                    let person = Some(person.clone());
                    let standing = "群众公议员".to_owned();
                    let member = Member { id: *id, person, name: None, standing, recused: None, vote: None };
                    self.seat(*asked, member);
                }
            }
            Aside::MemberSeated { asked, member, name, standing } => {
                let (name, standing) = (Some(*name), standing.clone());
                let member = Member { id: *member, person: None, name, standing, recused: None, vote: None };
                self.seat(*asked, member);
            }
            Aside::MemberRecused { asked, member, note } => {
                if let Some(member) = self.member(*asked, *member) {
                    member.recused = Some(*note);
                    member.vote = None;
                }
            }
            Aside::Voted { asked, member, vote, note, .. } => {
                if let Some(member) = self.member(*asked, *member) {
                    member.vote = Some((*vote, *note, at));
                }
            }
            Aside::PanelConcluded { asked, tally, note, .. } => {
                if let Some(asked) = self.asked.iter_mut().find(|o| o.id == *asked) {
                    asked.answered = Some(at);
                    asked.panel.tally = Some(*tally);
                    asked.panel.conclusion = Some(*note);
                }
            }
            Aside::CircuitSet { id, court, kind, on, place, note } => self.circuits.push(Circuit {
                id: *id,
                court: court.clone(),
                kind: *kind,
                on: *on,
                place: place.clone(),
                note: *note,
                at,
                held: None,
            }),
            Aside::CircuitHeld { id, note, .. } => {
                if let Some(circuit) = self.circuits.iter_mut().find(|c| c.id == *id) {
                    circuit.held = Some((*note, at));
                }
            }
            Aside::MediationSeen { id, kept, note } => {
                let n = usize::from(*id).checked_sub(1);
                if let Some(mediation) = n.and_then(|n| self.mediations.get_mut(n)) {
                    mediation.seen = Some((*kept, *note, at));
                }
            }
        }
    }
}

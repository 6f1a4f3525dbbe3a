//! A shared matter as its page shows it.

use crate::App;
use crate::cooperation::draft::{DraftView, draft_of};
use crate::cooperation::letters::{number_of, paper_title};
use crate::cooperation::penalties;
use crate::cooperation::standing::{self, AnswerView, FilingView};
use crate::cooperation::tell::{self, title};
use crate::ports::EntryRow;
use crate::record::minute;
use crate::shared::unavailable;
use crate::views::ClockView;
use jiff::Timestamp;
use lianzhi_exchange::compact::Form;
use lianzhi_exchange::receipt::{Receipt, Stage as Received};
use lianzhi_exchange::signature::Statement;
use lianzhi_ids::{Digest, NodeCode};
use lianzhi_procedure::cooperation::{Act, Erasure, ErasureAnswer, File, Provenance, Verdict, Watched};
use lianzhi_procedure::directory::Directory;
use lianzhi_procedure::{PartRef, Refusal};
use serde::Serialize;
use std::collections::{BTreeMap, HashMap};

/// A shared matter.
#[derive(Debug, Clone, Serialize, schemars::JsonSchema)]
pub struct SharedView {
    /// Its name at every member.
    pub id: String,
    /// Form.
    pub form: Form,
    /// Stage, in words.
    pub stage: &'static str,
    /// This node opened it.
    pub mine: bool,
    /// This node is to answer it: it went to it, and was not passed on from it.
    pub receives: bool,
    /// Number of its list entry.
    pub list: String,
    /// What the list entry is called and for what purpose it stands.
    pub list_title: String,
    /// The law on which it rests.
    pub basis: &'static str,
    /// Number of the opening letter.
    pub paper: Option<String>,
    /// The letter.
    pub text: Option<String>,
    /// Firm, vehicle or site.
    pub subject: Option<String>,
    /// There are personal particulars.
    pub has_particulars: bool,
    /// What is asked, in words.
    pub asks: Vec<&'static str>,
    /// Goods, in words.
    pub goods: Vec<String>,
    /// What kind of bulletin, or what for away from home.
    pub kind: Option<&'static str>,
    /// Why it is for the receiver (lead), in words.
    pub ground: Option<&'static str>,
    /// What was done about it before (lead).
    pub measures: Option<String>,
    /// The officers who are to act there (away).
    pub officers: Vec<String>,
    /// The penalties that are to be recognised (away), each in a line: decision, item, days, fine.
    pub penalties: Vec<String>,
    /// How far each receiver got (bulletin).
    pub answers: Vec<AnswerView>,
    /// What each party filed, the first first, with its place in that member's log (dispute).
    pub filings: Vec<FilingView>,
    /// What is to be done next and by whom, in a line; none once it has ended.
    pub next: Option<String>,
    /// The matter that caused it.
    pub over: Option<String>,
    /// Short of time.
    pub urgent: bool,
    /// All parties.
    pub members: Vec<MemberView>,
    /// What was said, oldest first.
    pub steps: Vec<StepView>,
    /// Files that go between the members.
    pub files: Vec<FileView>,
    /// Letters that can be printed.
    pub letters: Vec<LetterView>,
    /// The letter in the making.
    pub draft: Option<DraftView>,
    /// What this node sent, and whether it arrived.
    pub deliveries: Vec<DeliveryView>,
    /// The local matter that it came from or became.
    pub link: Option<i64>,
    /// What members erased of what they sent, and what the others did about it; oldest first.
    pub erasures: Vec<ErasureView>,
}

/// Texts that a member erased, here and at the others.
#[derive(Debug, Clone, Serialize, schemars::JsonSchema)]
pub struct ErasureView {
    /// Whose texts they were.
    pub by: String,
    /// When.
    pub at: Timestamp,
    /// How many.
    pub texts: usize,
    /// Why.
    pub reason: String,
    /// Each other party: name, `done`, `near` (it keeps them) or `wait`, and what it did, in words.
    pub answers: Vec<(String, &'static str, String)>,
}

/// A party.
#[derive(Debug, Clone, Serialize, schemars::JsonSchema)]
pub struct MemberView {
    /// Its node.
    pub node: String,
    /// One character of its province.
    pub province: &'static str,
    /// Name.
    pub name: String,
    /// It is this node.
    pub own: bool,
    /// It opened the matter.
    pub founder: bool,
    /// The last thing that it said.
    pub last: Option<String>,
    /// When.
    pub last_at: Option<Timestamp>,
}

/// One thing that was said.
#[derive(Debug, Clone, Serialize, schemars::JsonSchema)]
pub struct StepView {
    /// By whom.
    pub node: String,
    /// It was this node.
    pub own: bool,
    /// What.
    pub title: String,
    /// Name of the act.
    pub act: &'static str,
    /// In words; none when erased or nothing was said.
    pub text: Option<String>,
    /// When.
    pub at: Timestamp,
    /// Who signed.
    pub actor: String,
    /// Position in the author's stream.
    pub seq: u32,
    /// Digest of the entry.
    pub digest: Digest,
}

/// A file between members.
#[derive(Debug, Clone, Serialize, schemars::JsonSchema)]
pub struct FileView {
    /// Its digest.
    pub digest: Digest,
    /// What it is.
    pub name: String,
    /// Media type.
    pub media: String,
    /// Bytes.
    pub size: u64,
    /// From whom.
    pub node: String,
    /// It is this node's own.
    pub own: bool,
    /// Who took it.
    pub takers: Vec<String>,
    /// When.
    pub taken_at: Option<Timestamp>,
    /// The matter from which it comes.
    pub matter: String,
    /// Place of the entry that took it into custody, in the sender's log.
    pub pos: Option<u64>,
    /// It is in this node's custody.
    pub here: bool,
    /// When it came.
    pub arrived: Option<Timestamp>,
    /// Whether it is still to be said what is held of it.
    pub to_judge: bool,
    /// What is held of it.
    pub verdict: Option<&'static str>,
    /// Code of that.
    pub verdict_code: Option<&'static str>,
    /// By what it was judged.
    pub proof: Option<String>,
    /// Grounds.
    pub grounds: Option<String>,
    /// Who fetched it, and when.
    pub fetched: Vec<(String, Timestamp)>,
    /// Who witnessed the record of its arrival, in words; empty for an own file and before it came.
    pub witnessed: String,
}

impl FileView {
    /// Whether this node has it by this matter: its own, or come from the member that named it. That a member names a file
    /// which is here by another matter shows it to nobody.
    #[must_use]
    pub fn is_held(&self) -> bool {
        self.own || self.arrived.is_some()
    }
}

/// A letter.
#[derive(Debug, Clone, Serialize, schemars::JsonSchema)]
pub struct LetterView {
    /// By whom.
    pub node: String,
    /// Position in the author's stream.
    pub seq: u32,
    /// What it is.
    pub title: String,
    /// Number.
    pub paper: String,
    /// When it was signed.
    pub at: Timestamp,
}

/// An envelope on its way, or arrived.
#[derive(Debug, Clone, Serialize, schemars::JsonSchema)]
pub struct DeliveryView {
    /// Its id.
    pub envelope: String,
    /// To whom.
    pub node: String,
    /// The receiver's node has signed for it.
    pub received: bool,
    /// Its program can read it; one that cannot keeps it until it can.
    pub understood: bool,
    /// When its node had it, by its receipt.
    pub received_at: Option<Timestamp>,
    /// Attempts.
    pub attempts: i32,
    /// Its deadline has passed and it is still on its way.
    pub late: bool,
    /// Why the last attempt failed.
    pub error: Option<String>,
}

/// Deliveries that a page shows.
const DELIVERIES_MAX: i64 = 200;

impl App {
    /// The clocks of a shared matter, as its page shows them.
    pub(crate) fn watched_views(&self, file: &File, now: Timestamp) -> Vec<ClockView> {
        let view = |(n, watched): (usize, &Watched)| {
            let clock = &watched.clock;
            let (term, running) = (clock.term, &clock.running);
            let mut view = self.running_view(term.code(), term.title(), running, watched.stopped, now);
            // Nothing was done when a term only got another end.
            let next = file.clocks.iter().skip(n + 1).find(|other| other.clock.term == term);
            if let Some(next) = next {
                let later = next.clock.running.from == running.from;
                view.left = if later { "已延期" } else { "已重新起算" }.into();
            }
            view
        };
        file.clocks.iter().enumerate().map(view).collect()
    }

    pub(crate) async fn shared_view(
        &self,
        file: &File,
        texts: &HashMap<Digest, String>,
        entries: &[EntryRow],
    ) -> Result<SharedView, Refusal> {
        let directory = self.directory();
        let opening = &file.opening;
        let text = |part: Option<PartRef>| part.and_then(|p| texts.get(&p.digest).cloned());
        let entry = directory.roster.as_ref().and_then(|r| r.entry(&opening.list));
        let own = |node: &NodeCode| node == file.me();
        let parties = file.parties();
        let members = parties.iter().map(|node| {
            let last = file.said.get(node).and_then(|list| list.last());
            MemberView {
                node: node.to_string(),
                province: node.province().map_or("", |p| p.short()),
                name: bare(&directory, node),
                own: own(node),
                founder: node == file.founder(),
                last: last.map(|s| title(&s.act, file.form, &directory)),
                last_at: last.map(|s| s.at),
            }
        });
        let steps = file.story().into_iter().map(|(node, said)| StepView {
            node: node.to_string(),
            own: own(node),
            title: title(&said.act, file.form, &directory),
            act: said.act.code(),
            text: text(said.act.note()),
            at: said.at,
            actor: said.actor.clone(),
            seq: said.seq,
            digest: said.digest,
        });
        let letters = file.story().into_iter().filter_map(|(node, said)| {
            Some(LetterView {
                node: node.to_string(),
                seq: said.seq,
                title: match paper_title(&said.act) {
                    Some(title) => title.to_owned(),
                    None => title(&said.act, file.form, &directory),
                },
                paper: number_of(file, said)?.to_owned(),
                at: said.at,
            })
        });
        Ok(SharedView {
            id: file.streams.id.to_string(),
            form: file.form,
            stage: file.stage().title(),
            mine: file.mine(),
            receives: match file.form {
                Form::Lead => file.receiver() == Some(file.me()),
                _ => file.receivers().contains(&file.me()),
            },
            list: opening.list_id.clone(),
            list_title: entry.map(|e| format!("{}（{}）", e.title, e.purpose)).unwrap_or_default(),
            basis: lianzhi_procedure::cooperation::basis(file.form),
            paper: Some(opening.paper.clone()).filter(|p| !p.is_empty()),
            text: text(Some(opening.text)),
            subject: text(opening.subject),
            has_particulars: opening.particulars.is_some(),
            asks: opening.asks.iter().map(|a| a.title()).collect(),
            goods: opening
                .goods
                .iter()
                .map(|g| format!("{} {}{} {}", g.name, g.quantity, g.unit, g.detail))
                .collect(),
            kind: opening.bulletin.map(|b| b.title()).or(opening.away.map(|a| a.title())),
            ground: opening.ground.map(|g| g.title()),
            measures: text(opening.measures),
            officers: opening.officers.iter().map(ToString::to_string).collect(),
            penalties: penalties::lines(opening, &directory),
            answers: standing::answers(file, self.now()),
            filings: standing::filings(file),
            next: standing::next_words(file, &directory),
            over: opening.over.clone(),
            urgent: opening.urgent,
            members: members.collect(),
            steps: steps.collect(),
            files: self.files_of(file, texts, entries).await?,
            letters: letters.collect(),
            draft: draft_of(file, &directory, &text),
            deliveries: self.deliveries_of(file).await?,
            link: file.link.map(|id| id.0),
            erasures: file.erasures().into_iter().map(|e| erasure(e, &directory)).collect(),
        })
    }

    async fn files_of(
        &self,
        file: &File,
        texts: &HashMap<Digest, String>,
        entries: &[EntryRow],
    ) -> Result<Vec<FileView>, Refusal> {
        let directory = self.directory();
        let mut named: BTreeMap<Digest, (&NodeCode, &Provenance)> = BTreeMap::new();
        let drafted = file.draft.iter().flat_map(|d| d.act.exhibits()).map(|p| (file.me(), p));
        let said =
            file.story().into_iter().flat_map(|(node, s)| s.act.exhibits().iter().map(move |p| (node, p)));
        for (node, provenance) in said.chain(drafted) {
            named.entry(provenance.exhibit.digest).or_insert((node, provenance));
        }
        let digests: Vec<_> = named.keys().copied().collect();
        let rows = self.inner.store.blobs.exhibits(&digests).await.map_err(|e| unavailable(&e))?;
        let mut witnessed = BTreeMap::new();
        for digest in file.received.keys() {
            witnessed.insert(*digest, self.witnessed_arrival(entries, digest).await?);
        }
        Ok(named
            .into_iter()
            .map(|(digest, (node, p))| {
                let judged = file.verdict(&digest).and_then(|(_, act)| match act {
                    Act::Judged { verdict, proof, note, .. } => Some((*verdict, proof.clone(), *note)),
                    _ => None,
                });
                let fetched = file.served.iter().filter(|(d, _, _)| *d == digest);
                FileView {
                    digest,
                    name: if p.name.is_empty() { "文件".into() } else { p.name.clone() },
                    media: p.exhibit.media.clone(),
                    size: p.exhibit.size,
                    node: node.to_string(),
                    own: node == file.me(),
                    takers: p.takers.iter().map(ToString::to_string).collect(),
                    taken_at: p.taken_at,
                    matter: p.matter.clone(),
                    pos: p.pos,
                    here: rows.iter().any(|r| r.digest == digest),
                    arrived: file.received.get(&digest).and_then(|r| r.arrived),
                    to_judge: file.to_judge(&digest),
                    verdict: judged.as_ref().map(|(v, _, _)| v.title()),
                    verdict_code: judged.as_ref().map(|(v, _, _): &(Verdict, _, _)| v.code()),
                    proof: judged.as_ref().map(|(_, proof, _)| tell::judged_by(proof, &directory)),
                    grounds: judged.and_then(|(_, _, note)| note).and_then(|p| texts.get(&p.digest).cloned()),
                    fetched: fetched.map(|(_, to, at)| (directory.member_name(to), *at)).collect(),
                    witnessed: witnessed.remove(&digest).unwrap_or_default(),
                }
            })
            .collect())
    }

    async fn deliveries_of(&self, file: &File) -> Result<Vec<DeliveryView>, Refusal> {
        let x = &self.inner.store.exchange;
        let heads =
            x.stream_heads(std::slice::from_ref(&file.streams.id)).await.map_err(|e| unavailable(&e))?;
        let Some(docket) = heads.first().map(|h| h.docket) else { return Ok(Vec::new()) };
        let now = self.now().as_microsecond();
        let rows = x.outbox_of(docket, DELIVERIES_MAX).await.map_err(|e| unavailable(&e))?;
        Ok(rows
            .into_iter()
            .map(|row| {
                let receipt = row.receipt.as_deref().and_then(given);
                DeliveryView {
                    late: !row.done && row.due_at < now,
                    envelope: row.envelope,
                    node: row.peer.to_string(),
                    received: row.done,
                    understood: receipt.as_ref().is_none_or(|r| r.stage != Received::NotUnderstood),
                    received_at: receipt.map(|r| r.at),
                    attempts: row.attempts,
                    error: Some(row.error).filter(|e| !e.is_empty() && !row.done),
                }
            })
            .collect())
    }
}

fn erasure(erasure: Erasure, directory: &Directory) -> ErasureView {
    let answers = erasure.answers.iter().map(|(node, answer)| {
        let (state, words) = match answer {
            ErasureAnswer::Waiting => ("wait", "还没有答复".to_owned()),
            ErasureAnswer::Confirmed { at } => ("done", format!("{} 已同时删除", minute(*at))),
            ErasureAnswer::Held { ground, reason, at } => {
                ("near", format!("{} 依法保存：{}，{reason}", minute(*at), ground.title()))
            }
        };
        (directory.member_name(node), state, words)
    });
    ErasureView {
        answers: answers.collect(),
        by: directory.member_name(&erasure.by),
        at: erasure.at,
        texts: erasure.parts.len(),
        reason: erasure.reason,
    }
}

/// What a receiver signed once it had an envelope durable at its side.
fn given(receipt: &[u8]) -> Option<Receipt> {
    let statement: Statement = serde_json::from_slice(receipt).ok()?;
    Receipt::peek(&statement).ok()
}

/// A member's name where its province stands beside it.
pub(crate) fn bare(directory: &Directory, node: &NodeCode) -> String {
    let member = directory.roster.as_ref().and_then(|r| r.member(node));
    member.map_or_else(|| node.to_string(), |m| m.name.clone())
}

/// A member's name on paper, with its province where it does not name it itself.
pub(crate) fn member(directory: &Directory, node: &NodeCode) -> String {
    let name = bare(directory, node);
    match node.province().map(|p| p.name()).filter(|province| !name.starts_with(*province)) {
        Some(province) if name != node.as_str() => format!("{province}{name}"),
        _ => name,
    }
}

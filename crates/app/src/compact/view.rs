//! The compact as its pages show it.

use crate::compact::Folded;
use crate::shared::unavailable;
use crate::{App, Caller};
use jiff::Timestamp;
use jiff::civil::Date;
use lianzhi_exchange::compact::{Agreed, Epoch, ListEntry, Member, MemberKey, Proposed, Roster};
use lianzhi_ids::{Digest, NodeCode};
use lianzhi_procedure::compact::File;
use lianzhi_procedure::{FieldKind, Offer, Refusal, beijing_date};
use serde::Serialize;

/// A member's key.
#[derive(Debug, Clone, Serialize, schemars::JsonSchema)]
pub struct CompactKey {
    /// Short name.
    pub id: String,
    /// Suite in words.
    pub suite: &'static str,
    /// Fingerprint, in eight groups of four characters.
    pub fingerprint: String,
    /// Until when it counts; open when not given.
    pub until: Option<Timestamp>,
    /// Its member revoked it.
    pub revoked: bool,
}

/// A member.
#[derive(Debug, Clone, Serialize, schemars::JsonSchema)]
pub struct CompactMember {
    /// Its node.
    pub node: String,
    /// One character of its province.
    pub province: &'static str,
    /// Name of its province.
    pub province_name: &'static str,
    /// Name of the agency.
    pub name: String,
    /// It is this node.
    pub own: bool,
    /// Level in words.
    pub level: &'static str,
    /// The agency above it.
    pub superior: String,
    /// Keys.
    pub keys: Vec<CompactKey>,
    /// Addresses of its exchange.
    pub addresses: Vec<String>,
    /// Liaison officers: name and telephone in the office. Not given to programs.
    #[serde(skip)]
    pub liaisons: Vec<(String, String)>,
    /// Countersigns for its province.
    pub signatory: bool,
    /// Somebody here compared its fingerprints.
    pub compared: bool,
}

/// A pair.
#[derive(Debug, Clone, Serialize, schemars::JsonSchema)]
pub struct CompactPair {
    /// One.
    pub a: Voice,
    /// The other.
    pub b: Voice,
    /// For what.
    pub purpose: String,
}

/// A member by node and name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct Voice {
    /// Its node.
    pub node: String,
    /// One character of its province.
    pub province: &'static str,
    /// Name of the agency.
    pub name: String,
    /// It is this node.
    pub own: bool,
    /// What it said besides: why it declined.
    pub words: String,
}

/// An entry of the collaboration list.
#[derive(Debug, Clone, Serialize, schemars::JsonSchema)]
pub struct CompactEntry {
    /// The entry.
    #[serde(flatten)]
    pub entry: ListEntry,
    /// What an envelope cites.
    pub digest: Digest,
    /// In force today.
    pub in_force: bool,
    /// Its parties; all members when empty.
    pub between: Vec<Voice>,
}

/// A version of the compact.
#[derive(Debug, Clone, Serialize, schemars::JsonSchema)]
pub struct EpochView {
    /// From 1, dense.
    pub number: u32,
    /// What was countersigned.
    pub digest: Digest,
    /// Day on which it was proposed.
    pub date: String,
    /// Name of the compact.
    pub title: String,
    /// Countersignatures of provinces that a change needs.
    pub k: u8,
    /// Provinces with a voice.
    pub provinces: usize,
    /// Members.
    pub members: Vec<CompactMember>,
    /// Pairs.
    pub pairs: Vec<CompactPair>,
    /// The collaboration list.
    pub list: Vec<CompactEntry>,
    /// Who proposed it.
    pub author: Option<Voice>,
    /// Who countersigned it.
    pub signed: Vec<Voice>,
    /// What it changed, in words.
    pub words: Vec<String>,
}

/// A proposal.
#[derive(Debug, Clone, Serialize, schemars::JsonSchema)]
pub struct ProposalView {
    /// The version that it makes.
    pub epoch: EpochView,
    /// How it stands, in words.
    pub phase: &'static str,
    /// It waits for countersignatures.
    pub open: bool,
    /// Who declined, and why.
    pub declined: Vec<Voice>,
    /// Who may still countersign.
    pub missing: Vec<Voice>,
    /// Provinces for it.
    pub for_it: usize,
    /// Provinces needed.
    pub needed: u8,
    /// Withdrawn by its author, and why.
    pub withdrawn: Option<String>,
    /// What the reader may do with it: `countersign`, `decline`, `withdraw`.
    pub may: Vec<&'static str>,
    /// Why the reader may not countersign it although this node's voice is asked for.
    #[serde(skip)]
    pub refused: Option<Refusal>,
}

/// Proof that a member countersigned two versions in one attempt.
#[derive(Debug, Clone, Serialize, schemars::JsonSchema)]
pub struct DoubleView {
    /// Who.
    pub who: Voice,
    /// The version whose countersignature counts.
    pub first: Digest,
    /// The other.
    pub second: Digest,
}

/// The compact.
#[derive(Debug, Clone, Default, Serialize, schemars::JsonSchema)]
pub struct CompactView {
    /// Docket here.
    pub docket: Option<i64>,
    /// Its shared docket.
    pub id: Option<String>,
    /// `none`, `proposed`, `candidate`, `in_force` or `outside`.
    pub standing: &'static str,
    /// No other member has confirmed the version in force for 72 hours: nobody new is let in.
    pub stale: bool,
    /// The version in force.
    pub epoch: Option<EpochView>,
    /// Earlier versions, newest first.
    pub earlier: Vec<EpochView>,
    /// Proposals on the version in force, and those that were lost.
    pub proposals: Vec<ProposalView>,
    /// Who countersigned twice.
    pub double: Vec<DoubleView>,
    /// What the reader may do.
    #[serde(skip)]
    pub offers: Vec<Offer>,
    /// Numbers of entries before this one on record.
    pub entries: i32,
}

impl CompactMember {
    /// A member as it describes itself, for comparing.
    #[must_use]
    pub fn of(member: &Member, me: &NodeCode) -> CompactMember {
        Teller { me, file: None, today: Date::ZERO }.member(member, None)
    }
}

impl From<&CompactMember> for Voice {
    fn from(member: &CompactMember) -> Voice {
        Voice {
            node: member.node.clone(),
            province: member.province,
            name: member.name.clone(),
            own: member.own,
            words: String::new(),
        }
    }
}

struct Teller<'a> {
    me: &'a NodeCode,
    file: Option<&'a File>,
    today: Date,
}

fn voice(epoch: &Epoch, node: &NodeCode, me: &NodeCode, words: &str) -> Voice {
    Voice {
        node: node.to_string(),
        province: node.province().map_or("", |p| p.short()),
        name: epoch.member(node).map_or_else(|| node.to_string(), |m| m.name.clone()),
        own: node == me,
        words: words.to_owned(),
    }
}

impl Teller<'_> {
    fn member(&self, member: &Member, roster: Option<&Roster>) -> CompactMember {
        let key = |key: &MemberKey| CompactKey {
            id: key.key.id(),
            suite: key.key.suite().title(),
            fingerprint: key.key.fingerprint(),
            until: key.until,
            revoked: roster.is_some_and(|r| r.is_revoked(&member.node, &key.key.id())),
        };
        let trusted = self.file.and_then(|f| f.trusted.get(&member.node));
        let province = member.node.province();
        CompactMember {
            node: member.node.to_string(),
            province: province.map_or("", |p| p.short()),
            province_name: province.map_or("", |p| p.name()),
            name: member.name.clone(),
            own: member.node == *self.me,
            level: member.level.title(),
            superior: member.superior.clone(),
            keys: member.keys.iter().map(key).collect(),
            addresses: member.addresses.clone(),
            liaisons: member.liaisons.iter().map(|l| (l.name.clone(), l.phone.clone())).collect(),
            signatory: member.signatory,
            compared: trusted
                .is_some_and(|t| member.keys.iter().all(|k| t.keys.contains(&k.key.fingerprint()))),
        }
    }

    fn epoch(&self, epoch: &Epoch, digest: Digest, roster: Option<&Roster>) -> EpochView {
        let name = |node: &NodeCode| voice(epoch, node, self.me, "");
        let entry = |entry: &ListEntry| CompactEntry {
            digest: entry.digest(),
            in_force: entry.in_force(self.today),
            between: entry.parties.iter().map(name).collect(),
            entry: entry.clone(),
        };
        let pairs = epoch.pairs.iter().map(|p| CompactPair {
            a: name(&p.a),
            b: name(&p.b),
            purpose: p.purpose.clone(),
        });
        EpochView {
            number: epoch.number,
            digest,
            date: beijing_date(epoch.at).to_string(),
            title: epoch.title.clone(),
            k: epoch.k,
            provinces: epoch.provinces().len(),
            members: epoch.members.iter().map(|m| self.member(m, roster)).collect(),
            pairs: pairs.collect(),
            list: epoch.list.iter().map(entry).collect(),
            author: None,
            signed: Vec::new(),
            words: Vec::new(),
        }
    }

    fn proposed(&self, proposed: &Proposed, roster: Option<&Roster>) -> EpochView {
        let Agreed { epoch, digest, .. } = &*proposed.agreed;
        let shown = roster.map_or(epoch, |r| &r.epoch);
        EpochView {
            author: Some(voice(epoch, &proposed.author, self.me, "")),
            signed: proposed.signed.iter().map(|c| voice(epoch, &c.node, self.me, "")).collect(),
            words: self.file.map(|f| f.words(proposed)).unwrap_or_default(),
            ..self.epoch(shown, *digest, roster)
        }
    }

    fn proposal(&self, proposed: &Proposed, offers: &[Offer]) -> ProposalView {
        let epoch = &proposed.agreed.epoch;
        let result = proposed.proposal.result.to_string();
        let about = |offer: &&Offer| {
            ["countersign", "decline", "withdraw"].contains(&offer.command)
                && offer.fields.iter().any(|field| match &field.kind {
                    FieldKind::Choice { choices } => choices.iter().any(|c| c.value == result),
                    _ => false,
                })
        };
        let mine: Vec<&Offer> = offers.iter().filter(about).collect();
        ProposalView {
            epoch: self.proposed(proposed, None),
            phase: proposed.phase.title(),
            open: proposed.phase == lianzhi_exchange::compact::Phase::Open && proposed.withdrawn.is_none(),
            declined: proposed.declined.iter().map(|(n, why)| voice(epoch, n, self.me, why)).collect(),
            missing: proposed.missing.iter().map(|n| voice(epoch, n, self.me, "")).collect(),
            for_it: proposed.provinces,
            needed: proposed.needed,
            withdrawn: proposed.withdrawn.clone(),
            may: mine.iter().filter(|o| o.refused.is_none()).map(|o| o.command).collect(),
            refused: mine.iter().find_map(|o| o.refused.clone()),
        }
    }
}

impl App {
    /// The compact as this reader sees it.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn compact_view(&self, who: &Caller) -> Result<CompactView, Refusal> {
        if !who.has_scope("read") {
            return Err(Refusal::forbidden("scope", "这个令牌不能查阅。", "请用含 read 权限的令牌。"));
        }
        let directory = self.directory();
        let folded = self.compact().await.map_err(|e| unavailable(&e))?;
        let me = &directory.node;
        let today = beijing_date(self.now());
        let stale = self.roster_stale().await.map_err(|e| unavailable(&e))?;
        let Some((folded, file)) = folded.as_ref().and_then(|f| Some((f, f.file()?))) else {
            let teller = Teller { me, file: None, today };
            let epoch = directory.roster.as_ref().map(|r| teller.epoch(&r.epoch, r.digest, Some(r)));
            let standing = if epoch.is_some() { "in_force" } else { "none" };
            return Ok(CompactView { standing, stale, epoch, ..CompactView::default() });
        };
        let offers = self.compact_offers(who, folded).await?;
        let teller = Teller { me, file: Some(file), today };
        let compact = file.compact();
        let mut chain: Vec<&Proposed> = compact.chain.iter().collect();
        let last = chain.pop();
        let named = file.waiting().any(|p| p.agreed.epoch.member(me).is_some());
        let standing = match (last.is_some(), file.is_member(), named) {
            (false, _, _) => "proposed",
            (true, true, _) => "in_force",
            (true, false, true) => "candidate",
            (true, false, false) => "outside",
        };
        let double = compact.double.iter().map(|d| {
            let epoch = compact.proposed(&d.first.epoch).map(|p| &p.agreed.epoch);
            let name = Voice {
                node: d.first.node.to_string(),
                province: d.first.node.province().map_or("", |p| p.short()),
                name: d.first.node.to_string(),
                own: d.first.node == *me,
                words: String::new(),
            };
            DoubleView {
                who: epoch.map_or(name, |epoch| voice(epoch, &d.first.node, me, "")),
                first: d.first.epoch,
                second: d.second.epoch,
            }
        });
        let proposals = compact.open.iter().chain(compact.lost.iter().rev());
        Ok(CompactView {
            docket: Some(folded.docket.0),
            id: Some(file.streams.id.to_string()),
            standing,
            stale,
            epoch: last.map(|p| teller.proposed(p, file.roster())),
            earlier: chain.into_iter().rev().map(|p| teller.proposed(p, None)).collect(),
            proposals: proposals.map(|p| teller.proposal(p, &offers)).collect(),
            double: double.collect(),
            entries: folded.seq,
            offers,
        })
    }

    async fn compact_offers(&self, who: &Caller, folded: &Folded) -> Result<Vec<Offer>, Refusal> {
        let live = self.live(folded.docket).await?;
        Ok(self.offers_of(who, &live))
    }
}

//! How like cases were decided (类案同处): here, the fines for the same item and the same kind of party, and of them those of the same
//! tier and circumstances; at members, the fines that they published for the same item and kind of party.

use crate::federation::Told;
use crate::penalty::case_of;
use crate::ports::{CaseLineRow, CountedLine, Filter, MatterRow, Sight};
use crate::read::filter_of_kind;
use crate::shared::unavailable;
use crate::{App, Caller};
use lianzhi_exchange::decisions::ToldSubject;
use lianzhi_ids::DocketId;
use lianzhi_law::{Fen, LawData, Spread, SubjectKind, spread};
use lianzhi_procedure::Refusal;
use schemars::JsonSchema;
use serde::Serialize;
use std::collections::HashSet;

/// Like cases that are listed, the newest.
const LISTED: usize = 8;

/// What cases are like.
#[derive(Debug, Clone)]
pub struct Likeness {
    /// Code of the item.
    pub item: String,
    /// 单位 or 个人.
    pub subject: &'static str,
    /// Tier and circumstances, where a fine is proposed by them.
    pub weighed: Option<(String, Vec<String>)>,
    /// The case that is compared with them; not one of them.
    pub but: Option<DocketId>,
    /// What is proposed.
    pub proposed: Option<Fen>,
}

impl Likeness {
    /// All fines of an item for a kind of party.
    #[must_use]
    pub fn of_item(item: &str, kind: SubjectKind) -> Likeness {
        Likeness { item: item.into(), subject: kind.title(), weighed: None, but: None, proposed: None }
    }

    fn fits(&self, line: &CountedLine) -> bool {
        let line = &line.line;
        line.result == "penalty"
            && line.fine > 0
            && line.subject == self.subject
            && Some(line.docket) != self.but
    }

    fn weighs_the_same(&self, line: &CountedLine) -> bool {
        self.weighed.as_ref().is_some_and(|(tier, circumstances)| {
            let mut theirs: Vec<&str> =
                line.line.circumstances.split(',').filter(|c| !c.is_empty()).collect();
            let mut ours: Vec<&str> = circumstances.iter().map(String::as_str).collect();
            theirs.sort_unstable();
            ours.sort_unstable();
            line.line.tier == *tier && theirs == ours
        })
    }

    /// The like ones of some lines, the newest named that may be seen.
    fn among(&self, lines: &[CountedLine], seen: Option<&HashSet<DocketId>>) -> Found {
        let like: Vec<&CountedLine> = lines.iter().filter(|line| self.fits(line)).collect();
        let fines = |same: bool| -> Vec<Fen> {
            let chosen = like.iter().filter(|line| !same || self.weighs_the_same(line));
            chosen.map(|line| Fen(line.line.fine)).collect()
        };
        let visible = |line: &&&CountedLine| seen.is_none_or(|seen| seen.contains(&line.line.docket));
        let mut named: Vec<(CaseLineRow, bool)> =
            like.iter().filter(visible).map(|line| (line.line.clone(), self.weighs_the_same(line))).collect();
        named.sort_by_key(|(line, same)| (!same, std::cmp::Reverse(line.decided_at), line.docket.0));
        named.truncate(LISTED);
        let same = self.weighed.as_ref().and_then(|_| spread(&fines(true), self.proposed));
        Found { same, all: spread(&fines(false), self.proposed), named }
    }

    fn told(&self, found: Found, rows: &[MatterRow], law: &LawData, members: Vec<MemberCases>) -> LikeCases {
        let case = |(line, same): (CaseLineRow, bool)| {
            let row = rows.iter().find(|row| row.id == line.docket)?;
            Some(LikeCase {
                id: row.id.0,
                number: row.number.clone(),
                title: row.title.clone(),
                tier: line.tier,
                decided_at: line.decided_at,
                fine: line.fine,
                same,
            })
        };
        let weighed = self.weighed.as_ref().map(|(tier, circumstances)| {
            let named = circumstances.iter().map(|code| law.circumstance_title(code));
            let tier = if tier.is_empty() { "没有分档".to_owned() } else { format!("“{tier}”档") };
            std::iter::once(tier).chain(named).collect::<Vec<_>>().join("，")
        });
        LikeCases {
            item: self.item.clone(),
            subject: self.subject,
            weighed: weighed.unwrap_or_default(),
            proposed: self.proposed.map(|fen| format!("{fen} 元")).unwrap_or_default(),
            same: found.same,
            all: found.all,
            cases: found.named.into_iter().filter_map(case).collect(),
            members,
        }
    }
}

/// What is like, with the lines that are named and whether they weigh the same.
struct Found {
    same: Option<Spread>,
    all: Option<Spread>,
    named: Vec<(CaseLineRow, bool)>,
}

/// A like case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct LikeCase {
    /// Docket.
    pub id: i64,
    /// Number.
    pub number: String,
    /// 案由.
    pub title: String,
    /// Tier.
    pub tier: String,
    /// When it was decided, micros.
    pub decided_at: Option<i64>,
    /// Fine, fen.
    pub fine: i64,
    /// Of the same tier and circumstances.
    pub same: bool,
}

/// Like cases.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct LikeCases {
    /// Code of the item.
    pub item: String,
    /// 单位 or 个人.
    pub subject: &'static str,
    /// Tier and circumstances in words; empty where nothing is proposed.
    pub weighed: String,
    /// What is proposed, in words; empty where nothing is.
    pub proposed: String,
    /// The same item and kind of party, the same tier and circumstances.
    pub same: Option<Spread>,
    /// The same item and kind of party.
    pub all: Option<Spread>,
    /// The newest of them that the reader may open, those of the same tier and circumstances first.
    pub cases: Vec<LikeCase>,
    /// How the other members decided, as far as they published it.
    pub members: Vec<MemberCases>,
}

/// How a member decided about the same item and kind of party.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct MemberCases {
    /// Its code.
    pub node: String,
    /// Province and name.
    pub title: String,
    /// Its fines; none where it published none, or has not answered yet.
    pub all: Option<Spread>,
    /// It published more than it tells at once: these are the newest.
    pub more: bool,
    /// As of when, micros; none until it answered once.
    pub as_of: Option<i64>,
    /// Why it did not answer when it was asked last; empty where it did.
    pub unreached: String,
}

impl MemberCases {
    fn of(told: Told, subject: &str, proposed: Option<Fen>) -> MemberCases {
        let kind = ToldSubject::of(subject);
        let decisions = told.decisions.as_ref();
        let fines: Vec<Fen> = decisions
            .into_iter()
            .flat_map(|d| kind.into_iter().flat_map(|kind| d.fines(kind)))
            .map(Fen)
            .collect();
        MemberCases {
            node: told.node.to_string(),
            title: told.title,
            all: spread(&fines, proposed),
            more: decisions.is_some_and(|d| d.more),
            as_of: told.row.as_ref().and_then(|row| row.at),
            unreached: told.row.map(|row| row.error).unwrap_or_default(),
        }
    }
}

impl App {
    /// How like cases were decided here and at members. The amounts are those of the whole agency, whoever asks: like must be punished alike. The
    /// cases that are named are those that the reader may open.
    ///
    /// # Errors
    /// Who may read nothing.
    pub async fn like_cases(&self, who: &Caller, likeness: &Likeness) -> Result<LikeCases, Refusal> {
        let sight = self.sight_of_files(who)?;
        let queries = &self.inner.store.queries;
        let whole = Filter { kind: None, now: self.now().as_microsecond(), ..filter_of_kind("") };
        let item = Some(likeness.item.as_str());
        let mut lines = queries.case_lines(&whole, item).await.map_err(|e| unavailable(&e))?;
        // Lines of before bear the code of a tier.
        for line in &mut lines {
            line.line.tier = self.directory().law.tier_title(&likeness.item, &line.line.tier);
        }
        let seen: Option<HashSet<DocketId>> = match &sight {
            Sight::All => None,
            Sight::Some { .. } => {
                let mine = queries.case_lines(&Filter { sight, ..whole }, item).await;
                Some(mine.map_err(|e| unavailable(&e))?.into_iter().map(|line| line.line.docket).collect())
            }
        };
        let found = likeness.among(&lines, seen.as_ref());
        let mut ids: Vec<DocketId> = Vec::with_capacity(found.named.len());
        for (line, _) in &found.named {
            ids.push(line.docket);
        }
        ids.sort_unstable();
        ids.dedup();
        let rows = if ids.is_empty() {
            Vec::new()
        } else {
            self.inner.store.journal.matters(&ids).await.map_err(|e| unavailable(&e))?
        };
        let members = self.members_decisions(who, &likeness.item).await?;
        let of = |told| MemberCases::of(told, likeness.subject, likeness.proposed);
        let members = members.into_iter().map(of).collect();
        Ok(likeness.told(found, &rows, &self.directory().law, members))
    }

    /// Like cases of each fine that is proposed or decided in a case; empty where it is no case or nothing is proposed.
    ///
    /// # Errors
    /// Who may not read the case.
    pub async fn like_this_case(&self, who: &Caller, id: DocketId) -> Result<Vec<LikeCases>, Refusal> {
        self.row_for(who, id).await?;
        let live = self.live(id).await?;
        let Some(case) = case_of(&live.state) else { return Ok(Vec::new()) };
        let mut wanted: Vec<Likeness> = Vec::new();
        for party in case.present() {
            for charge in party.charges.iter().filter(|charge| charge.fine > 0) {
                let Some(violation) = case.violation(charge.violation) else { continue };
                wanted.push(Likeness {
                    item: violation.item.clone(),
                    subject: party.subject.kind.subject(),
                    weighed: Some((
                        self.directory().law.tier_title(&violation.item, &charge.tier),
                        charge.circumstances.clone(),
                    )),
                    but: Some(id),
                    proposed: Some(Fen(charge.fine)),
                });
            }
        }
        let mut all = Vec::with_capacity(wanted.len());
        for likeness in &wanted {
            all.push(self.like_cases(who, likeness).await?);
        }
        Ok(all)
    }
}

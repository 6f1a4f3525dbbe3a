//! What is at court, at the police or under review, with its terms (行刑衔接、非诉执行、复议诉讼).

use super::{beside, case_of};
use crate::ports::{Filter, MatterRow, Order};
use crate::project::tagged;
use crate::read::filter_of_kind;
use crate::record::minute;
use crate::shared::unavailable;
use crate::spot::sheet_of;
use crate::{App, Caller};
use jiff::Timestamp;
use lianzhi_procedure::penalty::{Case, EnforcementKind, Outcome, Remedy, Scope, Term, Watched};
use lianzhi_procedure::spot::{self, Sheet};
use lianzhi_procedure::watch::Watched as WatchedTerm;
use lianzhi_procedure::{Kind, Refusal, Tag};
use schemars::JsonSchema;
use serde::Serialize;

/// Cases that are looked at for one page.
const ROWS: i64 = 300;

/// With whom something is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum CourtSide {
    /// 公安机关、检察机关.
    Police,
    /// 人民法院: enforcement that was applied for.
    Court,
    /// 行政复议、行政诉讼.
    Remedy,
    /// 司法建议、检察建议.
    Letter,
}

impl CourtSide {
    /// On screen.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            CourtSide::Police => "移送公安机关",
            CourtSide::Court => "申请法院强制执行",
            CourtSide::Remedy => "行政复议、行政诉讼",
            CourtSide::Letter => "司法建议、检察建议",
        }
    }
}

/// Something that is with somebody else.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct CourtRow {
    /// With whom.
    pub side: CourtSide,
    /// Docket.
    pub id: i64,
    /// Number of the case.
    pub number: String,
    /// 案由.
    pub title: String,
    /// The party.
    pub party: String,
    /// Where it stands, in words.
    pub state: String,
    /// The term that runs, in words.
    pub term: String,
    /// Its end, micros.
    pub due_at: Option<i64>,
    /// It is the agency's own.
    pub ours: bool,
    /// Law and article.
    pub source: String,
}

fn side(term: Term) -> Option<CourtSide> {
    use Term as T;
    Some(match term {
        T::CrimeDecide | T::CrimeSend | T::Police | T::Handover | T::PoliceAgain | T::PoliceAnswer => {
            CourtSide::Police
        }
        T::CourtApply
        | T::CourtAccept
        | T::CourtRule
        | T::CourtRuleHearing
        | T::CourtReview
        | T::CourtReviewRule => CourtSide::Court,
        T::RemedyReply | T::RemedyReplySimple | T::LawsuitReply | T::RemedyDecide | T::RemedyDecideSimple => {
            CourtSide::Remedy
        }
        T::LetterReply => CourtSide::Letter,
        _ => return None,
    })
}

/// A line without its term.
struct Line {
    side: CourtSide,
    party: Option<u16>,
    state: String,
}

fn lines(case: &Case) -> Vec<Line> {
    let mut all = Vec::new();
    let mut add = |side, party, state: String| all.push(Line { side, party, state });
    match &case.outcome {
        Outcome::Crime { at, sent: None, .. } => {
            add(CourtSide::Police, None, format!("{} 批准移送，还没有送出", minute(*at)));
        }
        Outcome::Crime { sent: Some(at), taken: None, .. } => {
            add(CourtSide::Police, None, format!("{} 移送，等候公安机关答复", minute(*at)));
        }
        Outcome::Crime { answered: Some(at), .. } => {
            add(CourtSide::Police, None, format!("{} 公安机关立案", minute(*at)));
        }
        Outcome::Open if case.police.refused.is_some() || case.police.asked.is_some() => {
            add(CourtSide::Police, None, beside::police(case, minute).join("；"));
        }
        _ => {}
    }
    for party in case.present() {
        let id = Some(party.subject.id);
        for e in party.enforcement.iter().filter(|e| e.kind == EnforcementKind::Court && e.open()) {
            add(CourtSide::Court, id, beside::enforcement(e, minute));
        }
        let applies = case.clock(Term::CourtApply, Scope::Party(party.subject.id));
        let court =
            |e: &lianzhi_procedure::penalty::Enforcement| e.kind == EnforcementKind::Court && e.open();
        if applies.is_some() && !party.enforcement.iter().any(court) {
            add(CourtSide::Court, id, "可以申请人民法院强制执行，还没有报批".to_owned());
        }
    }
    for (party, paper, r) in case.remedies().filter(|(.., r)| r.ended.is_none()) {
        let what = if paper.is_some() { "（责令改正）" } else { "" };
        add(CourtSide::Remedy, Some(party), format!("{}{what}", remedy_state(r)));
    }
    for letter in case.beside.letters.iter().filter(|l| l.answer.is_none()) {
        let state = format!("{} {}（{}），还没有答复", letter.kind.title(), letter.number, letter.sender);
        add(CourtSide::Letter, None, state);
    }
    all
}

/// The same of a decision made on the spot.
fn spot_lines(sheet: &Sheet) -> Vec<(CourtSide, String)> {
    let Some(decision) = sheet.imposed().filter(|decision| decision.annulled.is_none()) else {
        return Vec::new();
    };
    let court = decision.application().filter(|application| !application.over()).map(|application| {
        let answer = application.answers.last().map(|(answer, on)| format!("{on} {}", answer.title()));
        let answer = answer.unwrap_or_else(|| "等法院答复".into());
        (CourtSide::Court, format!("{} {}，{answer}", application.court, application.number))
    });
    let remedy = decision.remedy().map(|remedy| (CourtSide::Remedy, remedy_state(remedy)));
    court.into_iter().chain(remedy).collect()
}

fn remedy_state(remedy: &Remedy) -> String {
    let stay = if remedy.stay { "，停止执行" } else { "" };
    let replied = if remedy.replied.is_some() { "，已经答复" } else { "，还没有答复" };
    format!("{} {}{stay}{replied}", remedy.on, remedy.kind.title())
}

const fn spot_side(term: spot::Term) -> Option<CourtSide> {
    use spot::Term as T;
    Some(match term {
        T::CourtAccept | T::CourtRule => CourtSide::Court,
        T::Reply | T::ReplySimple | T::LawsuitReply | T::ReviewDecide | T::ReviewDecideSimple => {
            CourtSide::Remedy
        }
        _ => return None,
    })
}

fn next_clock<'a>(case: &'a Case, line: &Line) -> Option<&'a Watched> {
    let fits = |w: &&Watched| {
        let of = match w.clock.of {
            Scope::Party(id) | Scope::Paper(_, id) => Some(id),
            _ => None,
        };
        w.stopped.is_none() && side(w.clock.term) == Some(line.side) && of == line.party
    };
    // What the agency itself must do comes first.
    case.clocks.iter().filter(fits).min_by_key(|w| (!w.clock.term.is_ours(), w.clock.running.due))
}

fn spot_rows(row: &MatterRow, sheet: &Sheet, now: Timestamp) -> Vec<CourtRow> {
    let one = |(side, state): (CourtSide, String)| {
        let running = sheet.clocks.iter().filter(|w| w.stopped.is_none() && spot_side(w.term) == Some(side));
        let clock = running.min_by_key(|w| (!w.term.ours(), w.running.due));
        let due = |w: &WatchedTerm<spot::Term>| lianzhi_law::due_text(w.running.due, now);
        CourtRow {
            side,
            id: row.id.0,
            number: row.number.clone(),
            title: sheet.opening.item.clone(),
            party: sheet.opening.subject.kind.title().to_owned(),
            state,
            term: clock.map(|w| format!("{} {}", w.term.title(), due(w))).unwrap_or_default(),
            due_at: clock.map(|w| w.running.due.as_microsecond()),
            ours: clock.is_some_and(|w| w.term.ours()),
            source: clock.map(|w| w.running.standard.source.to_string()).unwrap_or_default(),
        }
    };
    spot_lines(sheet).into_iter().map(one).collect()
}

impl App {
    /// What is at court, at the police or under review; what is due first comes first.
    ///
    /// # Errors
    /// When the caller has nothing to do with cases.
    pub async fn at_court(&self, who: &Caller) -> Result<Vec<CourtRow>, Refusal> {
        let now: Timestamp = self.now();
        let mut rows = Vec::new();
        for kind in [Kind::Penalty, Kind::Spot] {
            let filter = Filter {
                sight: self.sight_of_files(who)?,
                secret: vec![tagged(self.inner.shared.keys(), &Tag::Elsewhere)],
                now: now.as_microsecond(),
                ..filter_of_kind(kind.code())
            };
            // A closed case is challenged too: it stands in no list by term.
            let page = self.inner.store.queries.list(&filter, Order::Newest, None, ROWS).await;
            rows.extend(page.map_err(|e| unavailable(&e))?.rows);
        }
        let mut all = Vec::new();
        for (row, live) in self.with_lives(rows).await? {
            if let Some(sheet) = sheet_of(&live.state) {
                all.extend(spot_rows(&row, sheet, now));
                continue;
            }
            let Some(case) = case_of(&live.state) else { continue };
            for line in lines(case) {
                let clock = next_clock(case, &line);
                let term = clock.map(|w| {
                    let due = lianzhi_law::due_text(w.clock.running.due, now);
                    format!("{} {due}", w.clock.term.title())
                });
                all.push(CourtRow {
                    side: line.side,
                    id: row.id.0,
                    number: row.number.clone(),
                    title: row.title.clone(),
                    party: line.party.map(|id| format!("当事人 {id}")).unwrap_or_default(),
                    state: line.state,
                    term: term.unwrap_or_default(),
                    due_at: clock.map(|w| w.clock.running.due.as_microsecond()),
                    ours: clock.is_some_and(|w| w.clock.term.is_ours()),
                    source: clock.map(|w| w.clock.running.standard.source.to_string()).unwrap_or_default(),
                });
            }
        }
        all.sort_by_key(|row| (row.due_at.is_none(), row.due_at));
        Ok(all)
    }
}

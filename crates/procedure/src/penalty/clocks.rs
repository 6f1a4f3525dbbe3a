//! The terms of a case. [`owed`] is the whole table: which term runs for what since when. A clock begins when its term becomes
//! owed, stops when it is not owed any more, and what the law says of its end happens by a tick.

use super::challenge;
use super::event::Event;
use super::goods::Announcement;
use super::law_side;
use super::matters::{PaperFile, Remedy};
use super::public::{self, Publication};
use super::remedies::counting;
use super::rights::Hearing;
use super::state::{Case, Filing, MeasureFile, Outcome, Party};
use super::words::{MeasureKind, PaperKind};
use crate::{Facts, Refusal};
use jiff::Timestamp;
use lianzhi_ids::{PersonCode, Role};
use lianzhi_law::Running;
use serde::{Deserialize, Serialize};

macro_rules! terms {
    ($($(#[$doc:meta])* $name:ident = $key:literal, $title:literal;)*) => {
        /// A term of the statute, or one that the agency sets itself where the statute says "in good time".
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum Term { $($(#[$doc])* #[serde(rename = $key)] $name,)* }
        impl Term {
            /// All of them.
            pub const ALL: &'static [Term] = &[$(Term::$name),*];
            /// Key in the law data.
            #[must_use]
            pub const fn key(self) -> &'static str { match self { $(Term::$name => $key,)* } }
            /// Words on screen.
            #[must_use]
            pub const fn title(self) -> &'static str { match self { $(Term::$name => $title,)* } }
            /// Under which key the law data have it: for all but one that of its clock, which was named before.
            #[must_use]
            pub const fn statute(self) -> &'static str {
                match self {
                    Term::LawsuitAfter => "remedy.lawsuit_after_reconsideration",
                    term => term.key(),
                }
            }
        }
    };
}

terms! {
    /// 核查线索.
    Verify = "filing.verify_clue", "线索核查";
    /// 作出处罚决定 (60).
    Decide = "decide.penalty", "作出处罚决定";
    /// 先行登记保存 (56).
    Preserve = "evidence.advance_registration", "先行登记保存";
    /// 查封、扣押 (行政强制法 25).
    Seize = "seize.period", "查封、扣押";
    /// 检测、检验、检疫、鉴定 (行政强制法 25(3)): until the day that the party was told.
    Test = "seize.test", "检测、检验、检疫、鉴定";
    /// 当场实施强制措施后报告并补办批准 (行政强制法 19).
    UrgentReport = "seize.urgent_report", "补办强制措施批准";
    /// 陈述、申辩 (44, 45): set by the agency in the notice.
    Defence = "statement.defence", "陈述、申辩";
    /// 要求听证 (64(一)).
    HearingRequest = "hearing.request", "要求听证";
    /// 举行听证前通知 (64(二)): counted backwards.
    HearingNotice = "hearing.notice", "听证通知";
    /// 代履行前催告 (行政强制法 51): counted backwards.
    SubstituteNotice = "enforce.substitute", "代履行催告";
    /// 送达处罚决定书 (61).
    ServeDecision = "serve.decision", "送达处罚决定书";
    /// 公告送达 (民事诉讼法 95).
    PublicNotice = "serve.public_notice", "公告送达";
    /// 缴纳罚款 (67).
    Pay = "pay.fine", "缴纳罚款";
    /// 分期、延期缴纳 (66(2)): as granted.
    PayPart = "pay.instalment", "分期（延期）缴纳";
    /// 当场收缴的罚款上缴 (71).
    HandIn = "pay.onsite_hand_in", "上缴当场收缴的罚款";
    /// 行政机关缴付银行 (71).
    Deposit = "pay.onsite_deposit", "缴付当场收缴的罚款";
    /// 申请行政复议 (行政复议法 20).
    Reconsideration = "remedy.reconsideration", "申请行政复议";
    /// 提起行政诉讼 (行政诉讼法 46).
    Lawsuit = "remedy.lawsuit", "提起行政诉讼";
    /// 不服复议决定提起行政诉讼 (行政诉讼法 45).
    LawsuitAfter = "remedy.lawsuit_after", "不服复议决定提起诉讼";
    /// 上诉 (行政诉讼法 85).
    SecondInstance = "remedy.second_instance", "上诉";
    /// 催告载明的履行期限 (行政强制法 35), 催告后申请法院强制执行 (54).
    Remind = "court.remind", "催告履行";
    /// 申请人民法院强制执行 (行政强制法 53).
    CourtApply = "court.apply", "申请法院强制执行";
    /// 公开处罚决定 (国办发〔2018〕118号).
    Publish = "publish.decision", "公开处罚决定";
    /// 撤回公开 (48(2)).
    Withdraw = "publish.withdraw", "撤回公开的决定";
    /// 向公安机关移送 (310 号令 5(2)).
    CrimeSend = "transfer.crime_send", "向公安机关移送";
    /// 公安机关答复 (310 号令 7, 8).
    Police = "transfer.police_review", "公安机关审查";
    /// 移交涉案物品 (310 号令 12).
    Handover = "transfer.handover", "移交涉案物品和材料";
    /// 责令改正的期限 (28), as set in the order.
    Correct = "correct.order", "责令改正";
    /// 加处罚款满三十日 (行政强制法 46(1)).
    SurchargeMonth = "enforce.surcharge_remind", "加处罚款满三十日";
    /// 执行协议 (行政强制法 42): as agreed.
    Agreed = "enforce.agreement", "履行执行协议";
    /// 中止执行满三年 (行政强制法 39(2)).
    SuspendEnd = "enforce.suspend_end", "中止执行满三年";
    /// 法院受理 (行政强制法 56(1)).
    CourtAccept = "court.accept", "法院受理强制执行申请";
    /// 法院裁定 (行政强制法 57).
    CourtRule = "court.rule", "法院裁定是否执行";
    /// 法院听取意见后裁定 (行政强制法 58).
    CourtRuleHearing = "court.rule_hearing", "法院听取意见后裁定";
    /// 对裁定申请复议 (行政强制法 56(2), 58(3)).
    CourtReview = "court.review", "对法院裁定申请复议";
    /// 上一级法院裁定 (行政强制法 56(2), 58(3)).
    CourtReviewRule = "court.review_rule", "上一级法院裁定";
    /// 决定是否移送 (310 号令 5(1)).
    CrimeDecide = "transfer.crime_decide", "决定是否移送涉嫌犯罪案件";
    /// 对不予立案提请复议、建议监督 (310 号令 9).
    PoliceAgain = "transfer.review_request", "对不予立案提请复议";
    /// 公安机关答复复议 (310 号令 9).
    PoliceAnswer = "transfer.review_answer", "公安机关答复复议";
    /// 复议答复 (行政复议法 48).
    RemedyReply = "remedy.reply", "复议答复";
    /// 复议答复，简易程序 (行政复议法 54).
    RemedyReplySimple = "remedy.reply_simple", "复议答复（简易程序）";
    /// 诉讼答辩 (行政诉讼法 67).
    LawsuitReply = "remedy.lawsuit_reply", "诉讼答辩";
    /// 作出复议决定 (行政复议法 62).
    RemedyDecide = "remedy.reconsideration_decide", "作出复议决定";
    /// 作出复议决定，简易程序 (行政复议法 62(2)).
    RemedyDecideSimple = "remedy.reconsideration_decide_simple", "作出复议决定（简易程序）";
    /// 征求意见: until the day that the agency set.
    Opinion = "advice.opinion", "评议、律师意见";
    /// 执法建议的反馈: until the day that the agency asked for.
    Feedback = "advice.feedback", "执法建议反馈";
    /// 答复司法建议、检察建议: until the day that it says.
    LetterReply = "advice.letter", "答复司法建议、检察建议";
    /// 有关部门出具认定意见 (上海市城市管理行政执法条例 29(2); elsewhere until the day that the agency set).
    HelpOpinion = "assist.opinion", "有关部门出具认定意见";
    /// 协助执法 (行政处罚法 26): until the day that the agency set.
    Help = "assist.request", "协助执法";
    /// 巡回法庭: the day that the court set.
    Circuit = "court.circuit", "巡回法庭";
    /// 调解协议的履行: until the day that was agreed.
    Mediated = "advice.mediation", "履行调解协议";
    /// 通知当事人处理易腐物品 (上海市城市管理行政执法条例 22(2)).
    Perishable = "seize.perishable", "当事人处理易腐物品";
    /// 认领公告 (上海市城市管理行政执法条例 22(3)).
    Claim = "seize.unclaimed", "公告认领";
    /// 重新作出决定 by the day that the judgment or the reconsideration set (行政诉讼法 70; 行政复议法 64).
    Anew = "decide.anew", "重新作出决定";
    /// 承诺改正的期限 (33(1)), as the party promised.
    Promise = "correct.promise", "承诺改正";
}

/// For what a term runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    /// The case as a whole.
    Case,
    /// A party.
    Party(u16),
    /// A measure.
    Measure(u16),
    /// A paper and the party to whom it goes.
    Paper(u16, u16),
    /// A part of a fine: the party, and its place from 0.
    Part(u16, u16),
    /// An opinion that was asked for, a letter that came in, the paper of a suggestion, a request for help, a court that comes to the
    /// place, or a mediation, by its number.
    Letter(u16),
    /// A thing in custody.
    Thing(u16),
}

/// A clock as stored in the event that starts or moves it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Clock {
    /// Which term.
    pub term: Term,
    /// For what.
    pub of: Scope,
    /// The clock with its source and arithmetic.
    pub running: Running,
}

/// A clock and what became of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Watched {
    /// The clock.
    pub clock: Clock,
    /// The highest warning given.
    pub warned: u16,
    /// It ran out.
    pub expired: bool,
    /// When it was met or fell away.
    pub stopped: Option<Timestamp>,
}

/// A term that is owed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Owed {
    /// Which.
    pub term: Term,
    /// For what.
    pub of: Scope,
    /// Since when.
    pub from: Timestamp,
    /// Days that the agency set itself, where the statute leaves it open; else none.
    pub days: Option<u32>,
    /// Key of the statute, where it is another one than the term's ([`Term::statute`]).
    pub statute: Option<&'static str>,
}

pub(super) fn owe(term: Term, of: Scope, from: Timestamp) -> Owed {
    Owed { term, of, from, days: None, statute: None }
}

/// Every term that runs now.
#[must_use]
pub fn owed(case: &Case) -> Vec<Owed> {
    let mut all = Vec::new();
    if !case.open() {
        afterwards(case, &mut all);
        return all;
    }
    if let Filing::Lead { .. } = case.filing {
        all.push(owe(Term::Verify, Scope::Case, case.at));
    }
    if let (Some(filed), Outcome::Open) = (case.filed(), &case.outcome) {
        // Ninety days from the filing, also of a case from which this one was split off or that was joined to it (60).
        let filed = case.filed_before.map_or(filed, |before| before.min(filed));
        let from = case.police.back.unwrap_or(filed);
        let from = case.anew_since().map_or(from, |anew| anew.max(from));
        all.push(owe(Term::Decide, Scope::Case, from));
    }
    super::owed::beside(case, &mut all);
    for file in &case.measures {
        measure(file, &mut all);
    }
    for file in case.things.iter().filter(|t| t.state().kept()) {
        for what in Announcement::ALL {
            if let Some((at, days)) = file.announced(*what) {
                all.push(Owed { days, ..owe(what.term(), Scope::Thing(file.thing.id), at) });
            }
        }
    }
    for file in &case.orders {
        challenge::order(case, file, &mut all);
    }
    for promise in case.light.promises.iter().filter(|p| p.kept.is_none()) {
        let days = Some(law_side::days_between(promise.at, promise.until));
        all.push(Owed { days, ..owe(Term::Promise, Scope::Party(promise.party), promise.at) });
    }
    for paper in &case.papers {
        service(paper, &mut all);
    }
    for p in case.present() {
        party(case, p, &mut all);
        challenge::enforcing(case, p, &mut all);
        super::owed::at_court(p, &mut all);
    }
    super::owed::remedies(case, &mut all);
    match &case.outcome {
        Outcome::Crime { at, sent, taken, answered } => match (sent, taken, answered) {
            (None, ..) => all.push(owe(Term::CrimeSend, Scope::Case, *at)),
            (Some(sent), None, _) => all.push(owe(Term::Police, Scope::Case, *sent)),
            (Some(_), Some(true), Some(answered)) if case.measures.iter().any(|m| m.settled.is_none()) => {
                all.push(owe(Term::Handover, Scope::Case, *answered));
            }
            _ => {}
        },
        // What fell for one party is not published; what stands for another is (48).
        Outcome::Penalty { at, .. }
            if case.publication == Publication::None
                && (fell(case, None).is_none() || case.present().any(Party::shows)) =>
        {
            let stands = case.restored.map_or(*at, |restored| restored.max(*at));
            all.push(owe(Term::Publish, Scope::Case, stands));
        }
        _ => {}
    }
    withdrawal(case, &mut all);
    all
}

/// What was published and does not stand as it was made is withdrawn (行政处罚法 48(2)); what stands then is published as it was
/// changed, in the days that a decision has (48; 国办发〔2018〕118号).
fn withdrawal(case: &Case, all: &mut Vec<Owed>) {
    if let (Some(_), Publication::Published { at }) = (case.decision(), &case.publication) {
        all.extend(fell(case, Some(*at)).map(|fell| owe(Term::Withdraw, Scope::Case, fell)));
    }
    all.extend(public::again_since(case).map(|withdrawn| owe(Term::Publish, Scope::Case, withdrawn)));
}

/// Terms that run on after a case was closed: until the archive what others asked and were asked; always what follows from a remedy
/// that comes late, and from a decision that falls.
fn afterwards(case: &Case, all: &mut Vec<Owed>) {
    if case.closed.as_ref().is_some_and(|closed| closed.archived.is_none()) {
        super::owed::letters(case, all);
    }
    if !case.afterwards() {
        return;
    }
    super::owed::remedies(case, all);
    for party in case.present().filter(|p| p.annulled.is_some()) {
        challenge::revoked(party, all);
    }
    withdrawal(case, all);
    for paper in case.papers.iter().filter(|file| case.signed_afterwards(file.paper.id)) {
        service(paper, all);
    }
}

/// Since when the decision, or a part of it, does not stand as it was made (行政处罚法 48(2)). What was annulled before it was
/// published is not in what was published, nor is what a remedy came to before it was published again.
pub(crate) fn fell(case: &Case, published: Option<Timestamp>) -> Option<Timestamp> {
    let touched = |r: &Remedy| r.ended.filter(|(end, _)| !r.shown && end.touches_publication());
    let of = |p: &Party| {
        let annulled = p.annulled.filter(|at| published.is_none_or(|published| *at > published));
        if p.annulled.is_some() && annulled.is_none() {
            return None;
        }
        annulled
            .or_else(|| counting(&p.remedies).iter().find_map(touched).map(|(_, on)| law_side::midnight(on)))
    };
    case.present().filter_map(of).min()
}

/// Whether what was published must be withdrawn.
pub(crate) fn withdrawal_owed(case: &Case) -> bool {
    fell(case, None).is_some()
}

fn measure(file: &MeasureFile, all: &mut Vec<Owed>) {
    let of = Scope::Measure(file.measure.id);
    if file.settled.is_some() {
        return;
    }
    if let Some((from, day)) = file.tested_until().filter(|_| file.lapsed.is_none()) {
        all.push(super::owed::until(Term::Test, of, from, day));
    }
    match file.measure.kind {
        // It fell by itself at its end (56), or the things were sent to be tested: nothing is owed any more but the things.
        MeasureKind::Preservation if file.lapsed.is_none() && file.back_by.is_none() => {
            all.push(owe(Term::Preserve, of, file.measure.from));
        }
        MeasureKind::Sealing | MeasureKind::Seizure => {
            all.push(owe(Term::Seize, of, file.measure.from));
            if !file.approved {
                all.push(owe(Term::UrgentReport, of, file.measure.from));
            }
        }
        MeasureKind::Preservation => {}
    }
}

fn service(file: &PaperFile, all: &mut Vec<Owed>) {
    if file.voided.is_some() || !file.paper.kind.must_serve() {
        return;
    }
    for party in &file.paper.parties {
        let of = Scope::Paper(file.paper.id, *party);
        match file.service.get(party) {
            None if matches!(file.paper.kind, PaperKind::Decision | PaperKind::NoPenalty) => {
                all.push(owe(Term::ServeDecision, of, file.at));
            }
            Some(service) if service.effective.is_none() => {
                all.push(owe(Term::PublicNotice, of, service.from));
            }
            _ => {}
        }
    }
}

fn party(case: &Case, party: &Party, all: &mut Vec<Owed>) {
    let id = party.subject.id;
    let of = Scope::Party(id);
    for receipt in &party.money.receipts {
        if receipt.on_site.as_ref().is_some_and(|o| o.handed.is_none()) {
            all.push(owe(Term::HandIn, of, law_side::midnight(receipt.on)));
        }
        if let Some(handed) = receipt.undeposited() {
            all.push(owe(Term::Deposit, of, handed));
        }
    }
    let rights = &party.rights;
    if let (Outcome::Open, Some(notice)) = (&case.outcome, &rights.notice)
        && let Some(served) = case.served(notice.paper, id)
    {
        if rights.statement_waived.is_none() {
            all.push(Owed { days: Some(u32::from(notice.days)), ..owe(Term::Defence, of, served) });
        }
        if notice.hearing && rights.hearing_waived.is_none() && rights.hearing == Hearing::None {
            all.push(owe(Term::HearingRequest, of, served));
        }
    }
    if party.annulled.is_some() {
        challenge::revoked(party, all);
    }
    let Some(served) = case.decision_served(id).filter(|_| party.annulled.is_none()) else { return };
    super::owed::execution(case, party, all);
    if party.execution.ended.is_some() {
        return;
    }
    match (party.money.next_part(), party.money.parts_at) {
        _ if party.execution.agreed().is_some() => {}
        (Some((place, part)), Some(granted)) if party.money.left() > 0 => {
            let days = Some(law_side::days_between(granted, part.due));
            all.push(Owed { days, ..owe(Term::PayPart, Scope::Part(id, place), granted) });
        }
        _ if party.money.left() > 0 && party.money.parts.is_empty() => all.push(owe(Term::Pay, of, served)),
        _ => {}
    }
    challenge::open(&party.remedies, of, served, all);
}

/// The ninety days go on as they were, extensions and pauses included, where a decision was voided or the police sent the case back.
fn went_on(case: &Case, owed: &Owed) -> Option<Running> {
    let same =
        |w: &&Watched| (w.clock.term, w.clock.of, w.clock.running.from) == (owed.term, owed.of, owed.from);
    if owed.term != Term::Decide {
        return None;
    }
    let own = case.clocks.iter().rev().find(same).map(|w| &w.clock.running);
    // Those of a party that was split off go on as they ran in the first case.
    let before = own.or(case.deciding_before.as_ref().filter(|running| running.from == owed.from))?;
    before.paused_since().is_none().then(|| before.clone())
}

/// Clocks to start after something happened.
pub(super) fn start(case: &Case, facts: &Facts<'_>) -> Result<Vec<Event>, Refusal> {
    owed(case)
        .into_iter()
        .filter(|o| case.clock(o.term, o.of).is_none())
        .map(|o| {
            let running = match went_on(case, &o) {
                Some(running) => running,
                None => {
                    let standard = law_side::standard(facts, &o)?;
                    let calendars = facts.directory.law.calendars();
                    Running::start(&standard, calendars, o.from).map_err(law_side::no_term)?
                }
            };
            Ok(Event::ClockStarted { clock: Clock { term: o.term, of: o.of, running }, at: facts.now })
        })
        .collect()
}

/// Clocks that are not owed any more stand still.
pub(super) fn settle(case: &mut Case, at: Timestamp) {
    let owed = owed(case);
    for watched in case.clocks.iter_mut().filter(|w| w.stopped.is_none()) {
        let still = owed.iter().any(|o| {
            (o.term, o.of) == (watched.clock.term, watched.clock.of) && o.from == watched.clock.running.from
        });
        if !still {
            watched.stopped = Some(at);
        }
    }
}

/// Who is told when a clock of this case warns: the officers, else the squad leader.
fn owners(case: &Case, facts: &Facts<'_>) -> Vec<PersonCode> {
    if case.officers.is_empty() {
        return facts
            .directory
            .holders(Role::SquadLeader, &case.unit)
            .iter()
            .map(|p| p.code.clone())
            .collect();
    }
    case.officers.iter().map(|o| o.person.clone()).collect()
}

/// Who is told when a clock runs out: the officers and those above them.
fn all_told(case: &Case, facts: &Facts<'_>) -> Vec<PersonCode> {
    let mut told = owners(case, facts);
    for role in [Role::SquadLeader, Role::Leader] {
        for person in facts.directory.holders(role, &case.unit) {
            if !told.contains(&person.code) {
                told.push(person.code.clone());
            }
        }
    }
    told
}

/// What the clocks ask for now. What was done is in the state, so a second look finds nothing left to do.
pub(super) fn tick(case: &Case, facts: &Facts<'_>) -> Vec<Event> {
    let mut events = Vec::new();
    for watched in case.clocks.iter().filter(|w| w.stopped.is_none() && !w.expired) {
        let Clock { term, of, running } = &watched.clock;
        if running.paused_since().is_some() {
            continue;
        }
        ring(case, watched, running, facts, &mut events);
        // The day until which something is tested is over: the seizure goes on from there by itself (行政强制法 25(3)).
        if *term == Term::Test && running.due <= facts.now {
            let why = "检测、检验、检疫、鉴定期间届满";
            if let Ok(Some((seizure, clock))) = after_test(case, *of, running.due, facts) {
                let running = clock.running.clone();
                events.push(Event::ClockChanged { clock, why: why.into(), at: facts.now });
                ring(case, seizure, &running, facts, &mut events);
            }
        }
    }
    events
}

/// The clock of a seizure that stood still while its things were tested, as it goes on from an instant.
pub(super) fn after_test<'a>(
    case: &'a Case,
    of: Scope,
    at: Timestamp,
    facts: &Facts<'_>,
) -> Result<Option<(&'a Watched, Clock)>, Refusal> {
    let paused = |w: &&Watched| w.clock.running.paused_since().is_some() && !w.expired;
    let Some(watched) = case.clock(Term::Seize, of).filter(paused) else { return Ok(None) };
    let running = watched.clock.running.resume(facts.directory.law.calendars(), at);
    let running = running.map_err(law_side::no_term)?;
    Ok(Some((watched, Clock { running, ..watched.clock.clone() })))
}

/// What a clock asks for now: warnings, and its end.
fn ring(case: &Case, watched: &Watched, running: &Running, facts: &Facts<'_>, events: &mut Vec<Event>) {
    let (now, term, of) = (facts.now, watched.clock.term, watched.clock.of);
    for warning in running.warnings.iter().filter(|w| w.percent > watched.warned && w.at <= now) {
        // At the end that the agency set itself its leaders are told as at that of the law.
        let told = if warning.percent < 100 { owners(case, facts) } else { all_told(case, facts) };
        events.push(Event::ClockWarned { term, of, percent: warning.percent, told, at: now });
    }
    if running.due <= now {
        let told = all_told(case, facts);
        events.push(Event::ClockExpired { term, of, told, at: now });
    }
}

/// Clocks anew after calendars changed.
pub(super) fn recompute(case: &Case, facts: &Facts<'_>) -> Vec<Event> {
    let calendars = facts.directory.law.calendars();
    let running = case.clocks.iter().filter(|w| w.stopped.is_none() && !w.expired);
    running
        .filter_map(|w| {
            let next = w.clock.running.recompute(calendars).ok()?;
            let moved = next.moved_from(&w.clock.running);
            let clock = Clock { running: next, ..w.clock.clone() };
            moved.then(|| Event::ClockChanged { clock, why: "工作日历更新".into(), at: facts.now })
        })
        .collect()
}

/// When a clock next wants to be looked at.
pub(super) fn wake_at(case: &Case) -> Option<Timestamp> {
    case.clocks
        .iter()
        .filter(|w| w.stopped.is_none() && !w.expired && w.clock.running.paused_since().is_none())
        .flat_map(|w| {
            let warnings = w.clock.running.warnings.iter().filter(|a| a.percent > w.warned).map(|a| a.at);
            warnings.chain([w.clock.running.due])
        })
        .min()
}

impl Watched {
    /// Whether the time to act is recorded as over: by the law, or by the agency's own stricter rule.
    #[must_use]
    pub fn overdue(&self) -> bool {
        self.expired || (self.clock.running.own_due.is_some() && self.warned >= 100)
    }

    /// Whether its time is over at an instant, recorded or not.
    #[must_use]
    pub fn over(&self, now: Timestamp) -> bool {
        self.expired || self.clock.running.is_late(now)
    }
}

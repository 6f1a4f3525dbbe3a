//! The state after an event.

use super::command::{External, Source};
use super::event::{Because, Event};
use super::state::{
    Clock, Clocks, File, Handled, Intake, Marked, Pending, Running, Said, Stage, State, TermKey,
};
use crate::PartRef;
use jiff::Timestamp;
use lianzhi_ids::PersonCode;

impl Clocks {
    /// The latest clock of a term.
    #[must_use]
    pub fn get(&self, term: TermKey) -> Option<&Clock> {
        self.0.iter().find(|c| c.running.term == term)
    }
    /// Clocks that still run (or rest).
    pub fn active(&self) -> impl Iterator<Item = &Clock> {
        self.0.iter().filter(|c| c.stopped.is_none())
    }
    fn start(&mut self, running: Running) {
        self.0.retain(|c| c.running.term != running.term);
        self.0.push(Clock { running, warned: 0, expired: false, stopped: None, aside: false });
    }
    fn change(&mut self, running: Running) {
        match self.0.iter_mut().find(|c| c.running.term == running.term) {
            Some(clock) => {
                // A later end than before gives the clock a new chance to expire; a warning given stays given.
                if running.clock.due > clock.running.clock.due {
                    clock.expired = false;
                }
                clock.running = running;
            }
            None => self.start(running),
        }
    }
    fn stop(&mut self, term: TermKey, at: Timestamp) {
        for clock in self.0.iter_mut().filter(|c| c.running.term == term) {
            clock.stopped = clock.stopped.or(Some(at));
            clock.aside = false;
        }
    }
    fn stop_all(&mut self, at: Timestamp) {
        for clock in &mut self.0 {
            clock.stopped = clock.stopped.or(Some(at));
            clock.aside = false;
        }
    }
    fn set_aside(&mut self, term: TermKey, at: Timestamp) {
        for clock in self.0.iter_mut().filter(|c| c.running.term == term && c.stopped.is_none()) {
            clock.stopped = Some(at);
            clock.aside = true;
        }
    }
    fn take_up(&mut self, term: TermKey) {
        for clock in self.0.iter_mut().filter(|c| c.running.term == term && c.aside) {
            clock.stopped = None;
            clock.aside = false;
        }
    }
    fn mark(&mut self, term: TermKey, set: impl FnOnce(&mut Clock)) {
        if let Some(clock) = self.0.iter_mut().find(|c| c.running.term == term) {
            set(clock);
        }
    }
}

impl File {
    /// The named officer, whatever the stage.
    #[must_use]
    pub fn officer(&self) -> Option<&PersonCode> {
        self.stage.officer()
    }
    /// Whether somebody waits for an answer.
    #[must_use]
    pub fn answer_due(&self) -> bool {
        self.intake.reachable || self.intake.follow.is_some()
    }
}

impl Intake {
    /// Whether it is an order of the hotline.
    #[must_use]
    pub fn is_order(&self) -> bool {
        is_order(self.source, self.external.as_ref())
    }
}

/// Systems whose orders have the hotline's own terms and may be returned to it.
const HOTLINES: [&str; 2] = ["12345", "12319"];

/// Whether a report is an order of the hotline: taken down by its staff, or with its number through a table or
/// another system.
pub(super) fn is_order(source: Source, external: Option<&External>) -> bool {
    let numbered = || external.is_some_and(|e| HOTLINES.contains(&e.system.as_str()));
    match source {
        Source::Hotline => true,
        Source::Import | Source::System => numbered(),
        Source::Citizen | Source::Patrol | Source::Officer | Source::Split | Source::Member => false,
    }
}

impl Stage {
    /// The named officer, when there is one.
    #[must_use]
    pub fn officer(&self) -> Option<&PersonCode> {
        match self {
            Stage::Assigned { officer, .. }
            | Stage::Working { officer, .. }
            | Stage::Suspended { officer, .. } => Some(officer),
            Stage::ToVerify { officer }
            | Stage::ToAnswer { officer }
            | Stage::ToClose { officer }
            | Stage::Joined { officer, .. }
            | Stage::Closed { officer, .. } => officer.as_ref(),
            Stage::ReturnAsked { before } => before.officer(),
            Stage::Pooled { .. }
            | Stage::Outside { .. }
            | Stage::Dismissed { .. }
            | Stage::ReturnedOrder { .. }
            | Stage::Withdrawn { .. } => None,
        }
    }
    /// Code in data.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Stage::Pooled { .. } => "pooled",
            Stage::Assigned { .. } => "assigned",
            Stage::Outside { .. } => "outside",
            Stage::Working { .. } => "working",
            Stage::Suspended { .. } => "suspended",
            Stage::ToVerify { .. } => "to_verify",
            Stage::ToAnswer { .. } => "to_answer",
            Stage::ToClose { .. } => "to_close",
            Stage::Joined { .. } => "joined",
            Stage::ReturnAsked { .. } => "return_asked",
            Stage::Closed { .. } => "closed",
            Stage::Dismissed { .. } => "dismissed",
            Stage::ReturnedOrder { .. } => "returned",
            Stage::Withdrawn { .. } => "withdrawn",
        }
    }
    /// Whether work is still to be done.
    #[must_use]
    pub const fn open(&self) -> bool {
        !matches!(
            self,
            Stage::Closed { .. }
                | Stage::Dismissed { .. }
                | Stage::ReturnedOrder { .. }
                | Stage::Withdrawn { .. }
        )
    }
}

/// Stages with their names on screen, in the order of the work.
pub const STAGES: &[(&str, &str)] = &[
    ("pooled", "待派遣"),
    ("assigned", "待受理"),
    ("outside", "外部门办理"),
    ("working", "处置中"),
    ("suspended", "挂账"),
    ("to_verify", "待核查"),
    ("to_answer", "待答复"),
    ("to_close", "待结案"),
    ("joined", "已并件"),
    ("return_asked", "退单待确认"),
    ("closed", "已结案"),
    ("dismissed", "不予受理"),
    ("returned", "已退单"),
    ("withdrawn", "已撤回"),
];

pub(super) fn evolve(state: State, event: &Event) -> State {
    match (state, event) {
        (State::Nothing, Event::Registered { .. }) => registered(event),
        (State::File(mut file), event) => {
            apply(&mut file, event);
            State::File(file)
        }
        (state @ State::Nothing, _) => state,
    }
}

fn registered(event: &Event) -> State {
    let Event::Registered {
        number,
        source,
        narrative,
        contact,
        category,
        point,
        placing,
        exhibits,
        external,
        demand,
        occurred_at,
        at,
        follow,
        complainant,
        duplicates,
        split_from,
        cooperation,
        by,
        clocks,
    } = event
    else {
        return State::Nothing;
    };
    let mut running = Clocks::default();
    for clock in clocks {
        running.start(clock.clone());
    }
    State::File(Box::new(File {
        intake: Intake {
            number: number.clone(),
            source: *source,
            narrative: Some(*narrative),
            contact: *contact,
            reachable: contact.is_some(),
            placing: placing.clone(),
            exhibits: exhibits.clone(),
            external: external.clone(),
            demand: *demand,
            occurred_at: *occurred_at,
            at: *at,
            follow: *follow,
            complainant: *complainant,
            duplicates: duplicates.clone(),
            split_from: *split_from,
            cooperation: *cooperation,
            by: by.clone(),
        },
        point: *point,
        grid: placing.grid().cloned(),
        category: category.clone(),
        unit: None,
        assisting: Vec::new(),
        stage: Stage::Pooled { unit: None, why: String::new() },
        clocks: running,
        pending: None,
        handled: None,
        answer: None,
        marks: Vec::new(),
        joined: Vec::new(),
        split: Vec::new(),
        texts: Vec::new(),
        rating: None,
        reopened: 0,
        rework: 0,
        contacted: false,
        declined: Vec::new(),
    }))
}

/// All of them, however many: what is not here is neither found nor erased.
fn say(file: &mut File, note: Option<PartRef>) {
    file.texts.extend(note.map(|part| Said { part, reporters: false }));
}

fn reporter_says(file: &mut File, note: Option<PartRef>) {
    file.texts.extend(note.map(|part| Said { part, reporters: true }));
}

/// The lead unit (主办); it does not assist itself.
fn lead(file: &mut File, unit: &lianzhi_ids::UnitCode) {
    file.unit = Some(unit.clone());
    file.assisting.retain(|u| u != unit);
}

fn halfway(from: Timestamp, to: Timestamp) -> Timestamp {
    let half = to.duration_since(from).checked_div(2).unwrap_or_default();
    from.checked_add(half).unwrap_or(to)
}

fn settle(file: &mut File, officer: Option<PersonCode>) {
    file.stage = if file.answer_due() { Stage::ToAnswer { officer } } else { Stage::ToClose { officer } };
}

fn apply(file: &mut File, event: &Event) {
    match event {
        Event::Registered { .. } => {}
        Event::Placed { point, grid, .. } => {
            if point.is_some() {
                file.point = *point;
            }
            file.grid = Some(grid.clone());
        }
        Event::Classified { category, clock, at } => {
            file.category = Some(category.clone());
            // Where the new category is about an unlawful structure too, the clock is started again.
            file.clocks.stop(TermKey::OnSite, *at);
            if let Some(clock) = clock {
                file.clocks.change(clock.clone());
            }
        }
        Event::Dispatched { unit, officer, at, clock, note, nudge_at, .. } => {
            lead(file, unit);
            file.clocks.start(clock.clone());
            // Before the instant was recorded it was half of the acceptance term.
            let nudge = nudge_at.unwrap_or_else(|| halfway(*at, clock.clock.due));
            file.stage = Stage::Assigned { officer: officer.clone(), nudge, nudged: false };
            file.pending = None;
            say(file, *note);
        }
        Event::Pooled { unit, why, at, note } => {
            if unit.is_some() {
                file.unit.clone_from(unit);
            }
            file.clocks.stop(TermKey::Accept, *at);
            file.stage = Stage::Pooled { unit: unit.clone(), why: why.clone() };
            file.pending = None;
            say(file, *note);
        }
        Event::SentOutside { unit, at, note, .. } => {
            lead(file, unit);
            file.clocks.stop(TermKey::Accept, *at);
            file.clocks.set_aside(TermKey::Arrive, *at);
            file.clocks.stop(TermKey::OnSite, *at);
            file.stage = Stage::Outside { since: *at };
            file.pending = None;
            say(file, *note);
        }
        Event::AssistSet { units, .. } => file.assisting.clone_from(units),
        Event::SentBack { by, note, .. } => {
            file.declined.push(by.clone());
            say(file, Some(*note));
        }
        Event::Dismissed { note, at } => {
            file.clocks.stop_all(*at);
            file.stage = Stage::Dismissed { at: *at };
            say(file, Some(*note));
        }
        Event::Accepted { by, at } => {
            file.clocks.stop(TermKey::Accept, *at);
            file.stage = Stage::Working { officer: by.clone(), accepted: *at, arrived: None };
        }
        Event::Arrived { at, .. } => {
            file.clocks.stop(TermKey::Arrive, *at);
            file.clocks.stop(TermKey::OnSite, *at);
            if let Stage::Working { arrived, .. } = &mut file.stage {
                *arrived = Some(*at);
            }
        }
        Event::Handled { by, outcome, note, before, after, at, .. } => {
            for term in [TermKey::Handle, TermKey::Arrive, TermKey::Accept, TermKey::OnSite] {
                file.clocks.stop(term, *at);
            }
            // Nobody at a department without a node: work to be done again goes back there, not to whoever wrote it down.
            let officer = file.officer().cloned();
            file.handled = Some(Handled {
                by: by.clone(),
                outcome: *outcome,
                note: *note,
                before: before.clone(),
                after: after.clone(),
                at: *at,
            });
            file.pending = None;
            file.stage = Stage::ToVerify { officer };
            say(file, Some(*note));
        }
        Event::HelpAsked { note, units, .. } => {
            for unit in units {
                if !file.assisting.contains(unit) && file.unit.as_ref() != Some(unit) {
                    file.assisting.push(unit.clone());
                }
            }
            say(file, Some(*note));
        }
        Event::Requested { what, hours, note, by, at } => {
            file.pending = Some(Pending { what: *what, hours: *hours, note: *note, by: by.clone(), at: *at });
            say(file, Some(*note));
        }
        Event::RequestDecided { note, .. } => {
            file.pending = None;
            say(file, *note);
        }
        Event::Suspended { until, .. } => {
            if let Stage::Working { officer, accepted, arrived } = &file.stage {
                file.stage = Stage::Suspended {
                    officer: officer.clone(),
                    accepted: *accepted,
                    arrived: *arrived,
                    until: *until,
                    reviewed: false,
                };
            }
        }
        Event::Resumed { .. } => {
            if let Stage::Suspended { officer, accepted, arrived, .. } = &file.stage {
                file.stage =
                    Stage::Working { officer: officer.clone(), accepted: *accepted, arrived: *arrived };
            }
        }
        Event::ClockChanged { clock, because, at } => {
            file.clocks.change(clock.clone());
            if matches!(because, Because::Resumed) {
                file.clocks.take_up(clock.term);
            }
            if matches!(because, Because::Extended) {
                // Milestones that moved into the future are warned of when they come; those passed are not repeated.
                let passed = clock.clock.warnings.iter().filter(|w| w.at <= *at).map(|w| w.percent).max();
                let passed = passed.and_then(|p| u8::try_from(p).ok()).unwrap_or(0);
                file.clocks.mark(clock.term, |c| c.warned = c.warned.min(passed));
            }
        }
        Event::ClockStarted { clock, at, nudge_at } => {
            file.clocks.start(clock.clone());
            if let (TermKey::Accept, Stage::Assigned { nudge, nudged, .. }) = (clock.term, &mut file.stage) {
                *nudge = nudge_at.unwrap_or_else(|| halfway(*at, clock.clock.due));
                *nudged = false;
            }
        }
        Event::ClockWarned { term, percent, .. } => {
            file.clocks.mark(*term, |c| c.warned = c.warned.max(*percent))
        }
        Event::ClockExpired { term, .. } => {
            file.clocks.mark(*term, |c| c.expired = true);
            // Whoever let it lie is not proposed again.
            if let (TermKey::Accept, Stage::Assigned { officer, .. }) = (term, &file.stage) {
                file.declined.push(officer.clone());
            }
        }
        Event::Nudged { .. } => {
            if let Stage::Assigned { nudged, .. } = &mut file.stage {
                *nudged = true;
            }
        }
        Event::ReviewDue { .. } => {
            if let Stage::Suspended { reviewed, .. } = &mut file.stage {
                *reviewed = true;
            }
        }
        Event::Verified { passed, note, at, .. } => {
            say(file, *note);
            let officer = file.officer().cloned();
            if *passed {
                settle(file, officer);
            } else {
                file.rework += 1;
                match officer {
                    Some(officer) => {
                        file.stage = Stage::Working { officer, accepted: *at, arrived: None };
                    }
                    None => file.stage = Stage::Outside { since: *at },
                }
            }
        }
        Event::Answered { text, channel, at, .. } => {
            file.answer = Some((*text, *channel, *at));
            file.clocks.stop(TermKey::Answer, *at);
            file.clocks.stop(TermKey::Feedback, *at);
            say(file, Some(*text));
            if let Stage::ToAnswer { officer } = &file.stage {
                file.stage = Stage::ToClose { officer: officer.clone() };
            }
        }
        Event::Closed { at, .. } => {
            let officer = file.officer().cloned();
            file.clocks.stop_all(*at);
            file.stage = Stage::Closed { at: *at, officer };
        }
        Event::Reopened { note, clocks, by, .. } => {
            let own = by.is_none();
            // Only the reporter's own demand counts against his one time.
            file.reopened += u16::from(by.is_none());
            file.answer = None;
            file.handled = None;
            file.rating = None;
            file.declined.clear();
            for clock in clocks {
                file.clocks.start(clock.clone());
            }
            file.stage = Stage::Pooled { unit: file.unit.clone(), why: "重办".into() };
            if own { reporter_says(file, Some(*note)) } else { say(file, Some(*note)) }
        }
        Event::Rated { stars, note, .. } => {
            file.rating = Some(*stars);
            reporter_says(file, *note);
        }
        Event::Contacted { note, at, .. } => {
            file.contacted = true;
            file.clocks.stop(TermKey::Contact, *at);
            say(file, Some(*note));
        }
        Event::ReturnAsked { note, .. } => {
            let before = Box::new(file.stage.clone());
            file.stage = Stage::ReturnAsked { before };
            say(file, Some(*note));
        }
        Event::ReturnDecided { granted, note, at, .. } => {
            say(file, *note);
            if *granted {
                file.clocks.stop_all(*at);
                file.pending = None;
                file.stage = Stage::ReturnedOrder { at: *at };
            } else if let Stage::ReturnAsked { before } = &file.stage {
                file.stage = (**before).clone();
            }
        }
        Event::Revisited { stars, note, .. } => {
            file.rating = Some(*stars);
            say(file, *note);
        }
        Event::Added { note, exhibits, by, .. } => {
            file.intake.exhibits.extend(exhibits.iter().cloned());
            if by.is_none() { reporter_says(file, Some(*note)) } else { say(file, Some(*note)) }
        }
        Event::Withdrawn { note, at } => {
            file.clocks.stop_all(*at);
            file.stage = Stage::Withdrawn { at: *at };
            reporter_says(file, *note);
        }
        Event::Supervised { mark, note, by, at } => {
            file.marks.push(Marked { mark: *mark, note: *note, by: by.clone(), at: *at });
            say(file, Some(*note));
        }
        Event::Joined { to, at, .. } => {
            let officer = file.officer().cloned();
            file.clocks.stop(TermKey::Accept, *at);
            file.clocks.set_aside(TermKey::Arrive, *at);
            file.clocks.stop(TermKey::OnSite, *at);
            file.pending = None;
            file.stage = Stage::Joined { to: *to, officer };
        }
        Event::Unjoined { .. } => {
            let why = "拆出并件，重新派遣".to_owned();
            file.stage = Stage::Pooled { unit: file.unit.clone(), why };
        }
        Event::Absorbed { from, .. } => {
            if !file.joined.contains(from) {
                file.joined.push(*from);
            }
        }
        Event::Released { from, .. } => file.joined.retain(|d| d != from),
        Event::LeadSettled { outcome, at, .. } => {
            if let Stage::Joined { officer, .. } = &file.stage {
                let officer = officer.clone();
                match outcome {
                    Some(_) => {
                        file.clocks.stop(TermKey::Handle, *at);
                        settle(file, officer);
                    }
                    None => {
                        file.stage = Stage::Pooled {
                            unit: file.unit.clone(),
                            why: "主件未经处置即终止，本件重新派遣".into(),
                        }
                    }
                }
            }
        }
        Event::SplitAsked { note, .. } => say(file, Some(*note)),
        Event::SplitOff { into, .. } => file.split.push(*into),
        Event::Erased { parts, .. } => erase(file, parts),
    }
}

fn erase(file: &mut File, parts: &[lianzhi_ids::Digest]) {
    let gone = |part: &PartRef| parts.contains(&part.digest);
    if file.intake.contact.as_ref().is_some_and(gone) {
        file.intake.contact = None;
        // The keyed digest of the telephone number is a derived copy.
        file.intake.complainant = None;
    }
    if file.intake.narrative.as_ref().is_some_and(gone) {
        file.intake.narrative = None;
    }
    file.texts.retain(|said| !gone(&said.part));
}

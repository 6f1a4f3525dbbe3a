//! What people of the cities do with shared matters, step by step.

use super::Region;
use super::founding::Amend;
use super::script::{By, Deed, Step};
use super::words::{self, Theme};
use crate::history::staff::{at_desk, minutes};
use jiff::Timestamp;
use lianzhi_app::Caller;
use lianzhi_exchange::compact::Form;
use lianzhi_ids::{CategoryCode, Digest, DocketId, PersonCode, Role, SharedId};
use lianzhi_procedure::cooperation::{AwayKind, Command, Letter, TakenHow, Taker, any_command, file_of};
use lianzhi_procedure::{LookUps, Refusal, Text};
use rand::RngExt;
use std::collections::HashMap;

/// Who drafts.
const DRAFTERS: [Role; 4] = [Role::Handler, Role::Officer, Role::Officer, Role::SquadLeader];

/// Something that is due between cities.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Task {
    /// Of the compact.
    Compact(Amend),
    /// The next step of a matter.
    Matter(usize),
    /// The next step of a meeting or a plan.
    Gathering(usize),
}

/// A shared matter on its way.
pub(super) struct Matter {
    pub(super) form: Form,
    pub(super) theme: &'static Theme,
    pub(super) from: usize,
    pub(super) to: Vec<usize>,
    pub(super) steps: Vec<Step>,
    pub(super) next: usize,
    pub(super) fill: words::Fill,
    /// Details of the letter that opens it.
    pub(super) letter: Letter,
    /// How many files go with it.
    pub(super) files: usize,
    shared: Option<SharedId>,
    docket: Option<DocketId>,
    people: HashMap<(usize, By), Caller>,
}

impl Matter {
    pub(super) fn new(
        form: Form,
        theme: &'static Theme,
        from: usize,
        to: Vec<usize>,
        fill: words::Fill,
    ) -> Matter {
        Matter {
            form,
            theme,
            from,
            to,
            steps: Vec::new(),
            next: 0,
            fill,
            letter: Letter::default(),
            files: 0,
            shared: None,
            docket: None,
            people: HashMap::new(),
        }
    }
}

impl Region {
    /// Does what is due.
    pub(super) fn perform(&mut self, now: Timestamp, task: Task) {
        match task {
            Task::Compact(amend) => self.amend(now, &amend),
            Task::Matter(n) => self.step(now, n),
            Task::Gathering(n) => self.gather(now, n),
        }
    }

    /// When the next step of a matter is due: so much later, when desks work.
    pub(super) fn next_step(&mut self, now: Timestamp, n: usize) {
        let matter = &self.matters[n];
        let Some(step) = matter.steps.get(matter.next) else { return };
        let at = minutes(now, step.after.clone(), &mut self.rng);
        let at = if step.at_desk { at_desk(at, &mut self.rng) } else { at };
        self.task_at(at, Task::Matter(n));
    }

    fn step(&mut self, now: Timestamp, n: usize) {
        let matter = &mut self.matters[n];
        let Some(step) = matter.steps.get(matter.next).cloned() else { return };
        matter.next += 1;
        match self.deed(now, n, &step) {
            Ok(()) => self.next_step(now, n),
            Err(refusal) => {
                let what = format!("{} {:?}", self.matters[n].form.code(), step.deed);
                let what: String = what.chars().take(60).collect();
                self.refused(&what, &refusal);
            }
        }
    }

    fn person(&mut self, n: usize, town: usize, by: By) -> Result<Caller, Refusal> {
        if let Some(known) = self.matters[n].people.get(&(town, by)) {
            return Ok(known.clone());
        }
        let role = match by {
            By::Drafter => DRAFTERS[self.rng.random_range(0..DRAFTERS.len())],
            By::Reviewer => Role::LegalReviewer,
            By::Leader => Role::Leader,
            By::Liaison => Role::Liaison,
            By::Holder => [Role::Handler, Role::Officer][self.rng.random_range(0..2)],
        };
        let found = self.lives[town].staff.any(role, &mut self.rng);
        let found = found.ok_or_else(|| Refusal::missing("没有这个岗位的人员。"))?;
        self.matters[n].people.insert((town, by), found.clone());
        Ok(found)
    }

    fn deed(&mut self, now: Timestamp, n: usize, step: &Step) -> Result<(), Refusal> {
        let town = step.town;
        let (by, command) = match &step.deed {
            Deed::Begin => return self.begin(now, n),
            Deed::Assign => {
                let holder = self.person(n, town, By::Holder)?;
                let person: Option<&PersonCode> = holder.actor.person();
                let person = person.cloned().ok_or_else(|| Refusal::missing("没有承办人。"))?;
                (By::Liaison, Command::Assign { person })
            }
            Deed::Judge(file, verdict) => {
                let exhibit = self.file(n, *file)?;
                let note = words::judged(*verdict).map_or_else(Text::default, |t| Text::Plain(t.into()));
                (By::Holder, Command::Judge { exhibit, verdict: *verdict, note })
            }
            Deed::Send(by, command, file) => {
                let mut command = (**command).clone();
                if let Command::Reply { exhibits, .. } | Command::Measures { exhibits, .. } = &mut command {
                    let files = self.lives[town].photos.sendable();
                    exhibits.extend(files.get(*file).copied());
                }
                (*by, command)
            }
            Deed::Give(by, command) => {
                let mut command = (**command).clone();
                // The other side names its own filing.
                if let Command::Position { over, filed, .. } = &mut command
                    && town != self.matters[n].from
                {
                    *filed = self.lives[town].ledger.filing(self.matters[n].theme.category);
                    *over = filed.as_ref().map(|filed| filed.number.clone());
                }
                (*by, command)
            }
        };
        let caller = self.person(n, town, by)?;
        let docket = self.docket(n, town)?;
        let accepts = matches!(command, Command::Accept { .. });
        let look_ups = LookUps {
            exhibits: self.lives[town].photos.in_custody(&command.exhibits()),
            ..LookUps::default()
        };
        let form = self.matters[n].form;
        let us = now.as_microsecond();
        let ledger = &mut self.lives[town].ledger;
        ledger.give(Some(docket), &caller.actor, any_command(form, command), look_ups, us)?;
        if accepts && form == Form::Lead {
            let matter = &self.matters[n];
            let (theme, fill) = (matter.theme, matter.fill.clone());
            self.lives[town].take_on(now, docket, form, &caller.actor, theme, &fill);
        }
        Ok(())
    }

    fn docket(&self, n: usize, town: usize) -> Result<DocketId, Refusal> {
        let matter = &self.matters[n];
        let shared = matter.shared.as_ref().and_then(|id| self.lives[town].ledger.shared.get(id));
        let own = matter.docket.filter(|_| town == matter.from);
        own.or(shared.copied()).ok_or_else(|| Refusal::missing("没有这个协作件。"))
    }

    /// A file that the opener sent, in its order.
    fn file(&self, n: usize, file: usize) -> Result<Digest, Refusal> {
        let sent = self.lives[self.matters[n].from].photos.sendable();
        sent.get(file).copied().ok_or_else(|| Refusal::missing("没有这个文件。"))
    }

    /// Two officers of a city with their certificates, as the law wants them.
    fn two_officers(&self, town: usize) -> Vec<Taker> {
        let people = self.lives[town].ledger.world.directory.people.values();
        let officers = people.filter(|p| p.active && p.certificate.is_some());
        officers
            .filter(|p| p.posts.iter().any(|post| post.roles.contains(&Role::Officer)))
            .take(2)
            .map(|p| Taker::of(p))
            .collect()
    }

    fn begin(&mut self, now: Timestamp, n: usize) -> Result<(), Refusal> {
        let (from, files) = (self.matters[n].from, self.matters[n].files);
        let caller = self.person(n, from, By::Drafter)?;
        let exhibits: Vec<Digest> = self.lives[from].photos.sendable().iter().take(files).copied().collect();
        let officers = self.two_officers(from);
        let matter = &self.matters[n];
        let filed = match matter.form {
            Form::Dispute => self.lives[from].ledger.filing(matter.theme.category),
            _ => None,
        };
        let plain = |text: &str| Text::Plain(matter.fill.fill(text));
        let taken = |exhibit: &Digest| TakenHow {
            exhibit: *exhibit,
            name: "现场照片".into(),
            takers: officers.clone(),
            taken_at: Some(now),
            matter: String::new(),
            pos: None,
        };
        let lead = matter.form == Form::Lead;
        let letter = Letter {
            to: matter.to.iter().map(|town| self.nodes[*town].clone()).collect(),
            list: matter.theme.list.into(),
            title: plain(matter.theme.title),
            text: plain(matter.theme.text),
            subject: plain(matter.theme.subject),
            category: CategoryCode::parse(matter.theme.category).ok(),
            place: Text::Plain(matter.fill.place.clone()),
            point: Some(matter.fill.point).filter(|_| lead),
            exhibits: exhibits.clone(),
            taken: exhibits.iter().map(taken).collect(),
            over: filed.as_ref().map(|filed| filed.number.clone()),
            filed,
            officers: match matter.letter.away {
                Some(AwayKind::Inspect) => officers.clone(),
                _ => Vec::new(),
            },
            ..matter.letter.clone()
        };
        let form = matter.form;
        let life = &mut self.lives[from];
        let look_ups = LookUps { exhibits: life.photos.in_custody(&exhibits), ..LookUps::default() };
        let command = any_command(form, Command::Begin(Box::new(letter)));
        let became = life.ledger.give(None, &caller.actor, command, look_ups, now.as_microsecond())?;
        let state = life.ledger.dockets.get(&became.id).and_then(|d| file_of(&d.live.state));
        self.matters[n].shared = state.map(|file| file.streams.id.clone());
        self.matters[n].docket = Some(became.id);
        *self.counts.matters.entry(form.code()).or_default() += 1;
        Ok(())
    }
}

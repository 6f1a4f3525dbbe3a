//! What people of the cities do with shared matters, step by step.

use super::Region;
use super::founding::Amend;
use super::script::{By, Deed, Step};
use super::words::{self, Theme};
use crate::history::act::Doing;
use crate::history::shared::Punished;
use crate::history::staff::{Staff, at_desk, minutes};
use jiff::Timestamp;
use lianzhi_app::Caller;
use lianzhi_exchange::compact::Form;
use lianzhi_ids::{CategoryCode, Digest, DocketId, NodeCode, PersonCode, Role, SharedId};
use lianzhi_procedure::cooperation::{
    AwayKind, Command, Filed, Letter, TakenHow, Taker, any_command, file_of,
};
use lianzhi_procedure::directory::Directory;
use lianzhi_procedure::{LookUps, Refusal, Text};
use rand::RngExt;
use rand_chacha::ChaCha12Rng;
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

/// What a letter comes from: a report, or a case with its filing or with what it imposed.
#[derive(Default)]
pub(super) struct Over {
    number: Option<String>,
    docket: Option<DocketId>,
    filed: Option<Filed>,
    punished: Option<Punished>,
}

impl Over {
    fn of(matter: &Matter, life: &Doing) -> Over {
        let ledger = &life.ledger;
        let case =
            |number: String, docket| Over { number: Some(number), docket: Some(docket), ..Over::default() };
        if matter.cites() {
            return life
                .looked_into()
                .map_or_else(Over::default, |case_of| case(case_of.number, case_of.docket));
        }
        match matter.form {
            Form::Away if matter.letter.away == Some(AwayKind::Recognise) => match life.punished() {
                Some(punished) => Over {
                    punished: Some(punished.clone()),
                    ..case(punished.number.clone(), punished.docket)
                },
                None => Over::default(),
            },
            Form::Dispute => ledger.filing().map_or_else(Over::default, |(docket, filed)| Over {
                number: Some(filed.number.clone()),
                docket: Some(docket),
                filed: Some(filed),
                punished: None,
            }),
            Form::Lead | Form::Assistance | Form::Evidence => ledger
                .report(matter.theme.category)
                .map_or_else(Over::default, |(docket, number)| case(number, docket)),
            Form::Bulletin | Form::Away => Over::default(),
        }
    }
}

/// What a city has at hand for a step at this time: the files that it may send, those of the other side, two officers with
/// their certificates, and the case that it filed last.
pub(super) struct Hand<'a> {
    pub(super) now: Timestamp,
    pub(super) own: &'a [Digest],
    pub(super) theirs: &'a [Digest],
    pub(super) officers: &'a [Taker],
    pub(super) filed: Option<(DocketId, Filed)>,
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
    pub(super) shared: Option<SharedId>,
    pub(super) docket: Option<DocketId>,
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

    /// Whose turn it is in a city: always the same person in one matter.
    pub(super) fn who(
        &mut self,
        town: usize,
        by: By,
        staff: &Staff,
        rng: &mut ChaCha12Rng,
    ) -> Result<Caller, Refusal> {
        if let Some(known) = self.people.get(&(town, by)) {
            return Ok(known.clone());
        }
        let role = match by {
            By::Drafter => DRAFTERS[rng.random_range(0..DRAFTERS.len())],
            By::Reviewer => Role::LegalReviewer,
            By::Leader => Role::Leader,
            By::Liaison => Role::Liaison,
            By::Holder => [Role::Handler, Role::Officer][rng.random_range(0..2)],
        };
        let found = staff.any(role, rng).ok_or_else(|| Refusal::missing("没有这个岗位的人员。"))?;
        self.people.insert((town, by), found.clone());
        Ok(found)
    }

    /// Whether evidence that comes by it is taken into a case in the end.
    fn cites(&self) -> bool {
        self.steps.iter().any(|step| matches!(step.deed, Deed::Cite(_)))
    }

    /// Who does a step in a city, and what.
    pub(super) fn wish(
        &mut self,
        step: &Step,
        staff: &Staff,
        hand: &Hand<'_>,
        rng: &mut ChaCha12Rng,
    ) -> Result<(Caller, Command), Refusal> {
        let town = step.town;
        let (by, command) = match &step.deed {
            Deed::Begin | Deed::Cite(_) => {
                return Err(Refusal::missing("这一步不在协作件里办。"));
            }
            Deed::Assign => {
                let holder = self.who(town, By::Holder, staff, rng)?;
                let person: Option<&PersonCode> = holder.actor.person();
                let person = person.cloned().ok_or_else(|| Refusal::missing("没有承办人。"))?;
                (By::Liaison, Command::Assign { person })
            }
            Deed::Judge(file, verdict) => {
                let exhibit = hand.theirs.get(*file).copied();
                let exhibit = exhibit.ok_or_else(|| Refusal::missing("没有这个文件。"))?;
                let note = words::judged(*verdict).map_or_else(Text::default, |t| Text::Plain(t.into()));
                let by = if town == self.from { By::Drafter } else { By::Holder };
                (by, Command::Judge { exhibit, verdict: *verdict, note })
            }
            Deed::Send(by, command, file) => {
                let mut command = (**command).clone();
                let file = hand.own.get(*file).copied();
                match &mut command {
                    Command::Reply { exhibits, taken, .. } => {
                        exhibits.extend(file);
                        taken.extend(file.map(|exhibit| photo_by(exhibit, hand.officers, hand.now)));
                    }
                    Command::Measures { exhibits, .. } => exhibits.extend(file),
                    _ => {}
                }
                (*by, command)
            }
            Deed::Give(by, command) => {
                let mut command = (**command).clone();
                // The other side names its own filing.
                if let Command::Position { over, filed: named, link, .. } = &mut command
                    && town != self.from
                    && let Some((docket, filed)) = hand.filed.clone()
                {
                    *over = Some(filed.number.clone());
                    *named = Some(filed);
                    *link = Some(docket);
                }
                (*by, command)
            }
        };
        Ok((self.who(town, by, staff, rng)?, command))
    }

    /// The letter that opens it, over a report or a case of the city, with the first of the files that the opener may send, taken by two of its officers.
    pub(super) fn opening(
        &self,
        now: Timestamp,
        nodes: &[NodeCode],
        own: &[Digest],
        officers: &[Taker],
        over: Over,
    ) -> Letter {
        let plain = |text: &str| Text::Plain(self.fill.fill(text));
        let exhibits: Vec<Digest> = own.iter().take(self.files).copied().collect();
        let taken = |exhibit: &Digest| photo_by(*exhibit, officers, now);
        let (particulars, penalties) =
            over.punished.map_or_else(Default::default, |p| (Text::Plain(p.described), p.imposed));
        Letter {
            to: self.to.iter().map(|town| nodes[*town].clone()).collect(),
            list: self.theme.list.into(),
            title: plain(self.theme.title),
            text: plain(self.theme.text),
            subject: plain(self.theme.subject),
            category: CategoryCode::parse(self.theme.category).ok(),
            place: Text::Plain(self.fill.place.clone()),
            point: Some(self.fill.point).filter(|_| self.form == Form::Lead),
            taken: exhibits.iter().map(taken).collect(),
            exhibits,
            // Where no case is known it is named by what it is about.
            over: over
                .number
                .or_else(|| (self.form == Form::Dispute).then(|| self.fill.fill("{plate}倾倒建筑垃圾案"))),
            link: over.docket,
            filed: over.filed,
            particulars,
            penalties,
            officers: match (self.form, self.letter.away) {
                (Form::Assistance, _) | (_, Some(AwayKind::Inspect)) => officers.to_vec(),
                _ => Vec::new(),
            },
            ..self.letter.clone()
        }
    }

    /// The next step, once it is somebody's turn: so much later, when desks work.
    pub(super) fn next_at(&self, now: Timestamp, rng: &mut ChaCha12Rng) -> Option<Timestamp> {
        let step = self.steps.get(self.next)?;
        let at = minutes(now, step.after.clone(), rng);
        Some(if step.at_desk { at_desk(at, rng) } else { at })
    }
}

/// A photo of the place that these officers took.
fn photo_by(exhibit: Digest, officers: &[Taker], at: Timestamp) -> TakenHow {
    TakenHow {
        exhibit,
        name: "现场照片".into(),
        takers: officers.to_vec(),
        taken_at: Some(at),
        matter: String::new(),
        pos: None,
    }
}

/// Two officers of a city with their certificates, as the law wants them (行政处罚法 42).
pub(super) fn two_officers(directory: &Directory) -> Vec<Taker> {
    let officers = directory.people.values().filter(|p| {
        p.active && p.certificate.is_some() && p.posts.iter().any(|post| post.roles.contains(&Role::Officer))
    });
    officers.take(2).map(|p| Taker::of(p)).collect()
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
        let Some(at) = self.matters[n].next_at(now, &mut self.rng) else { return };
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

    fn deed(&mut self, now: Timestamp, n: usize, step: &Step) -> Result<(), Refusal> {
        match step.deed {
            Deed::Begin => return self.begin(now, n),
            Deed::Cite(file) => return self.cite(now, n, file),
            _ => {}
        }
        let town = step.town;
        let (matter, lives) = (&mut self.matters[n], &self.lives);
        let other =
            if town == matter.from { matter.to.first().copied().unwrap_or(town) } else { matter.from };
        let ledger = &lives[town].ledger;
        let hand = Hand {
            now,
            own: lives[town].photos.sendable(),
            theirs: lives[other].photos.sendable(),
            officers: &two_officers(&ledger.world.directory),
            filed: ledger.filing(),
        };
        let (caller, command) = matter.wish(step, &lives[town].staff, &hand, &mut self.rng)?;
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

    /// 采用协作证据: what came by a matter and was recognised goes into the case that it was asked for.
    fn cite(&mut self, now: Timestamp, n: usize, file: usize) -> Result<(), Refusal> {
        let (from, docket) = (self.matters[n].from, self.docket(n, self.matters[n].from)?);
        let other = self.matters[n].to.first().copied().unwrap_or(from);
        let exhibit = self.lives[other].photos.sendable().get(file).copied();
        let exhibit = exhibit.ok_or_else(|| Refusal::missing("没有这个文件。"))?;
        self.lives[from].take_over(now, docket, exhibit)
    }

    fn docket(&self, n: usize, town: usize) -> Result<DocketId, Refusal> {
        let matter = &self.matters[n];
        let shared = matter.shared.as_ref().and_then(|id| self.lives[town].ledger.shared.get(id));
        let own = matter.docket.filter(|_| town == matter.from);
        own.or(shared.copied()).ok_or_else(|| Refusal::missing("没有这个协作件。"))
    }

    fn begin(&mut self, now: Timestamp, n: usize) -> Result<(), Refusal> {
        let (matter, lives) = (&mut self.matters[n], &self.lives);
        let from = matter.from;
        let caller = matter.who(from, By::Drafter, &lives[from].staff, &mut self.rng)?;
        let officers = two_officers(&lives[from].ledger.world.directory);
        let over = Over::of(matter, &lives[from]);
        let letter = matter.opening(now, &self.nodes, lives[from].photos.sendable(), &officers, over);
        let exhibits = letter.exhibits.clone();
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

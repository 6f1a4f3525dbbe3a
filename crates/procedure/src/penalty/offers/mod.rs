//! What an actor may do now. Each offer is a trial of the real decision with a sample command, so that an offer and the decision
//! cannot disagree; what is offered for several parties or papers lists those for which it would be accepted.

mod after;
mod aside;
mod before;
mod beside;
mod goods;
mod hints;
mod money;
mod rights;

use super::command::Command;
use super::decide;
use super::state::{Case, State};
use crate::offer::{choices, field};
use crate::{
    Choice, ExhibitRef, Facts, Field, FieldKind, LookUps, Offer, PartKind, PartRef, Refusal, RefusalKind,
    Text,
};
use jiff::Timestamp;
use jiff::civil::Date;
use lianzhi_ids::{Digest, PersonCode, Role};

const LINE: FieldKind = FieldKind::Line;
const TEXT: FieldKind = FieldKind::Text;
const FLAG: FieldKind = FieldKind::Flag;
const DAY: FieldKind = FieldKind::Date;
const MOMENT: FieldKind = FieldKind::Moment;
/// Most that a form takes, fen.
const MONEY: FieldKind = FieldKind::Money { min: 0, max: 100_000_000_000 };

fn note(title: &'static str) -> Field {
    field("note", title, true, TEXT, "")
}

fn opinion() -> Field {
    field("note", "意见", false, TEXT, "不同意时必填")
}

fn files(title: &'static str, required: bool) -> Field {
    field("exhibits", title, required, FieldKind::Exhibits, "原件原样保存")
}

fn sealed() -> Text {
    Text::Sealed(PartRef { kind: PartKind::Remark, digest: Digest::ZERO })
}

fn sample_files() -> Vec<Digest> {
    vec![Digest::ZERO]
}

/// How many people a form lists.
const PEOPLE_MAX: usize = 60;

/// Offers in the making.
struct Desk<'a> {
    state: &'a State,
    case: &'a Case,
    facts: Facts<'a>,
    offers: Vec<Offer>,
}

/// Words of an offer.
struct Words {
    main: bool,
    command: &'static str,
    title: &'static str,
    consequence: &'static str,
}

const fn words(main: bool, command: &'static str, title: &'static str, consequence: &'static str) -> Words {
    Words { main, command, title, consequence }
}

impl Desk<'_> {
    fn tries(&self, sample: Command) -> Result<(), Refusal> {
        decide::trial(self.state, sample, &self.facts)
    }

    /// Offers a command when it would be accepted.
    fn offer(&mut self, words: Words, sample: Command, fields: Vec<Field>) {
        if let Ok(()) = self.tries(sample) {
            self.push(words, fields, None);
        }
    }

    /// The same; what the law still demands is shown in its place.
    fn offer_or_say(&mut self, words: Words, sample: Command, fields: Vec<Field>) {
        match self.tries(sample) {
            Ok(()) => self.push(words, fields, None),
            Err(refusal) if shown(&refusal) => self.push(words, fields, Some(refusal)),
            Err(_) => {}
        }
    }

    /// Offers a command for those of several for which it would be accepted; the first field says for which.
    fn offer_for<T: Copy>(
        &mut self,
        words: Words,
        (name, title): (&'static str, &'static str),
        all: &[(T, Choice)],
        sample: impl Fn(T) -> Command,
        fields: Vec<Field>,
    ) {
        let fit = all.iter().filter(|(id, _)| self.tries(sample(*id)).is_ok());
        let choices: Vec<_> = fit.map(|(_, choice)| choice.clone()).collect();
        if choices.is_empty() {
            return;
        }
        let mut all = vec![field(name, title, true, FieldKind::Choice { choices }, "")];
        all.extend(fields);
        self.push(words, all, None);
    }

    fn push(&mut self, words: Words, fields: Vec<Field>, refused: Option<Refusal>) {
        let Words { main, command, title, consequence } = words;
        self.offers.push(Offer { command, title, consequence, fields, main, refused });
    }

    fn today(&self) -> Date {
        crate::beijing_date(self.facts.now)
    }

    fn now(&self) -> Timestamp {
        self.facts.now
    }

    fn parties(&self) -> Vec<(u16, Choice)> {
        let name = |p: &super::Party| {
            let title = format!("当事人 {}（{}）", p.subject.id, p.subject.kind.title());
            (p.subject.id, Choice::new(p.subject.id.to_string(), title))
        };
        self.case.present().map(name).collect()
    }

    fn violations(&self) -> Vec<Choice> {
        let name = |v: &super::Violation| {
            Choice::new(v.id.to_string(), format!("违法行为 {}（{}，{}）", v.id, v.item, v.from))
        };
        self.case.violations.iter().map(name).collect()
    }

    fn papers(&self) -> Vec<(u16, Choice)> {
        let name = |p: &super::PaperFile| {
            let title = format!("{} {}", p.paper.kind.title(), p.paper.number);
            (p.paper.id, Choice::new(p.paper.id.to_string(), title))
        };
        self.case.papers.iter().filter(|p| p.voided.is_none()).map(name).collect()
    }

    fn measures(&self) -> Vec<(u16, Choice)> {
        let name = |m: &super::MeasureFile| {
            let title = format!("{}（物品清单 {}）", m.measure.kind.title(), m.measure.id);
            (m.measure.id, Choice::new(m.measure.id.to_string(), title))
        };
        self.case.measures.iter().map(name).collect()
    }

    fn things(&self) -> Vec<(u16, Choice)> {
        let name = |t: &super::ThingFile| {
            let title = format!("物品 {}（{}，库位 {}）", t.thing.id, t.thing.kind.title(), t.shelf());
            (t.thing.id, Choice::new(t.thing.id.to_string(), title))
        };
        self.case.things.iter().filter(|t| t.state().kept()).map(name).collect()
    }

    fn proposals(&self) -> Vec<(u16, Choice)> {
        let name = |p: &super::Pending| {
            let by = self.facts.directory.person_name(&p.by);
            (p.id, Choice::new(p.id.to_string(), format!("{}（{by} 报）", p.proposal.title())))
        };
        self.case.pending.iter().map(name).collect()
    }

    /// Who may preside over a hearing or review.
    fn fit(&self, action: &'static str) -> Vec<(PersonCode, Choice)> {
        let people = &self.facts.directory.people;
        let fits = |person| decide::hearing::may_be(self.case, person, action, &self.facts);
        self.people(|p| people.get(&p.code).is_some_and(fits))
    }

    /// People who may be chosen, those of the case's own unit first.
    fn people(&self, fit: impl Fn(&crate::directory::Person) -> bool) -> Vec<(PersonCode, Choice)> {
        let directory = self.facts.directory;
        let mut found: Vec<_> = directory
            .people
            .values()
            .filter(|p| p.active && fit(p))
            .map(|p| {
                let away = !p.posts.iter().any(|post| directory.within(&post.unit, &self.case.unit));
                (away, p.code.clone(), p.with_certificate())
            })
            .collect();
        found.sort();
        let name =
            |(_, code, title): (bool, PersonCode, String)| (code.clone(), Choice::new(code.as_str(), title));
        found.into_iter().take(PEOPLE_MAX).map(name).collect()
    }

    /// People with certificates.
    fn officers(&self) -> Vec<(PersonCode, Choice)> {
        let works = |p: &crate::directory::Person| {
            let role = |r: &Role| matches!(r, Role::Officer | Role::Handler | Role::SquadLeader);
            p.certificate.is_some() && p.posts.iter().any(|post| post.roles.iter().any(role))
        };
        self.people(works)
    }
}

fn person_field(name: &'static str, title: &'static str, people: &[(PersonCode, Choice)]) -> Field {
    let choices = people.iter().map(|(_, c)| c.clone()).collect();
    field(name, title, true, FieldKind::Person { choices }, "")
}

/// Refusals that say what the law still demands; others only say that the moment has passed or that it is another's work.
fn shown(refusal: &Refusal) -> bool {
    refusal.kind == RefusalKind::Conflict
        && !matches!(
            refusal.code,
            "wrong-stage" | "pending" | "already-told" | "not-filed" | "filed" | "one-officer"
        )
}

pub(super) fn offers(state: &State, facts: &Facts<'_>) -> Vec<Offer> {
    let Some(case) = state.case() else { return Vec::new() };
    // Samples name a file and a number as the application would have found them.
    let exhibit = ExhibitRef { digest: Digest::ZERO, size: 1, media: "image/jpeg".into() };
    let target = crate::facts::Target { docket: before::SAMPLE_CASE, open: true, joined: false, lead: None };
    let look_ups = LookUps {
        number: "-".into(),
        exhibits: vec![exhibit],
        target: Some(target),
        ..facts.look_ups.clone()
    };
    let facts = Facts { look_ups: &look_ups, ..*facts };
    let mut desk = Desk { state, case, facts, offers: Vec::new() };
    before::approvals(&mut desk);
    before::lead(&mut desk);
    before::investigation(&mut desk);
    before::measures(&mut desk);
    rights::rights(&mut desk);
    rights::outcome(&mut desk);
    after::papers(&mut desk);
    money::money(&mut desk);
    goods::goods(&mut desk);
    after::enforcement(&mut desk);
    beside::execution(&mut desk);
    beside::justice(&mut desk);
    beside::advice(&mut desk);
    aside::aside(&mut desk);
    after::rest(&mut desk);
    desk.offers
}

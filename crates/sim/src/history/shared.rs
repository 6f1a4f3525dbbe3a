//! What a city does for others: it takes on a lead as a report of its own, and has a place for what is written about.

use super::act::Doing;
use crate::city::City;
use crate::story::{Said, Told};
use crate::together::words::{Fill, Theme};
use jiff::Timestamp;
use lianzhi_app::Narrative;
use lianzhi_app::penalty::Particulars;
use lianzhi_exchange::compact::Form;
use lianzhi_ids::{CategoryCode, Digest, DocketId};
use lianzhi_procedure::cooperation::{Imposed, file_of};
use lianzhi_procedure::penalty::Case;
use lianzhi_procedure::report::{Command, CooperationRef, Source};
use lianzhi_procedure::{Actor, AnyCommand, Kind, LookUps, Refusal, Text};
use lianzhi_territory::Point;
use rand::RngExt;
use rand_chacha::ChaCha12Rng;
use serde_json::json;

/// Town along the border in which the walk-through begins, the category, and what the officer wrote.
const STORY_TOWN: &str = "320509110";
const STORY_CATEGORY: &str = "E06011";
const STORY: &str = "夜间巡查发现空地上新倾倒建筑垃圾三车。附近村民拍到卸车的货车号牌为沪A·DK7251，车身印有青浦一处工地的名称，车辆沿元荡路向青浦方向离开。已拍照，倾倒点临近省界。";

/// What carriers are asked about elsewhere: rubbish that falls off on the way.
const HAULAGE: &str = "JZLJ-07";

/// A case of the city that a letter comes from.
pub(crate) struct Inquiry {
    pub(crate) number: String,
    pub(crate) docket: DocketId,
}

/// A case with a penalty that stands: what it imposed, and what is said of its party.
#[derive(Clone)]
pub(crate) struct Punished {
    pub(crate) number: String,
    pub(crate) docket: DocketId,
    pub(crate) imposed: Vec<Imposed>,
    pub(crate) described: String,
}

impl Doing {
    /// A case of a carrier that is looked into: filed, with evidence of its own, and not finished.
    pub(crate) fn looked_into(&self) -> Option<Inquiry> {
        let at_work = |case: &Case| {
            case.filed().is_some()
                && case.finished.is_none()
                && case.pending.is_empty()
                && case.open()
                && !case.evidence.is_empty()
                && case.violations.iter().any(|violation| violation.item == HAULAGE)
        };
        let cases = self.cases.iter().enumerate().rev();
        let mut found = cases.filter_map(|(n, plot)| {
            let case = self.case(n).ok().filter(|case| at_work(case))?;
            Some(Inquiry { number: case.number.clone(), docket: plot.docket? })
        });
        found.next()
    }

    /// The case that went furthest of those with a penalty that stands.
    pub(crate) fn punished(&self) -> Option<Punished> {
        self.cases.iter().enumerate().find_map(|(n, plot)| {
            let (case, docket) = (self.case(n).ok()?, plot.docket?);
            let party = case.present().find(|party| party.annulled.is_none())?;
            let imposed = case.imposed(party);
            let particulars = Particulars {
                name: plot.theme.name.into(),
                id_number: plot.theme.number.into(),
                ..Particulars::default()
            };
            (!imposed.is_empty()).then(|| Punished {
                number: case.number.clone(),
                docket,
                imposed,
                described: particulars.described(),
            })
        })
    }

    /// Takes evidence of another member into the case that it was asked for.
    ///
    /// # Errors
    /// When it was not recognised, or the case has gone on meanwhile.
    pub(crate) fn take_over(
        &mut self,
        now: Timestamp,
        docket: DocketId,
        exhibit: Digest,
    ) -> Result<(), Refusal> {
        let file = self.ledger.dockets.get(&docket).and_then(|d| file_of(&d.live.state));
        let file = file.ok_or_else(|| Refusal::missing("没有这个协作件。"))?;
        let plot = self.cases.iter().find(|plot| plot.docket.is_some() && plot.docket == file.link);
        let plot = plot.ok_or_else(|| Refusal::missing("没有这个案件。"))?;
        let directory = &self.ledger.world.directory;
        let recognised = file.recognised(docket, |node| directory.member_name(node));
        let exhibits = recognised.iter().map(|r| r.exhibit.clone()).collect();
        let look_ups = LookUps { recognised, exhibits, ..LookUps::default() };
        let note = "企业运输车辆不在核准之列，夜间停放在对方辖区。";
        let cite = json!({ "command": "cite", "exhibit": exhibit, "kind": "recording", "note": note });
        let (command, case, lead) = (Kind::Penalty.command(cite)?, plot.docket, plot.lead.clone());
        let became = self.ledger.give(case, &lead.actor, command, look_ups, now.as_microsecond())?;
        self.count(&became);
        Ok(())
    }

    /// The city.
    pub(crate) fn city(&self) -> &City {
        &self.city
    }

    /// Chance of what this city does with others.
    pub(crate) fn seed(&self) -> u64 {
        self.seed
    }

    /// A telephone in the office.
    pub(crate) fn phone(&self, n: usize) -> String {
        format!("{}{:04}", self.city.place.phone, 8_010 + n)
    }

    /// A place in the city: its spot, its address and where it is.
    pub(crate) fn somewhere(&self, rng: &mut ChaCha12Rng) -> (usize, String, Point) {
        let n = rng.random_range(0..self.city.spots.len());
        let spot = &self.city.spots[n];
        (n, spot.address.clone(), spot.point)
    }

    /// Opens a report for a lead that was accepted, as the application does with the acceptance.
    pub(crate) fn take_on(
        &mut self,
        now: Timestamp,
        docket: DocketId,
        form: Form,
        actor: &Actor,
        theme: &Theme,
        fill: &Fill,
    ) {
        // Passed on, it is about a place elsewhere: it is looked into where it was said to be.
        let spot = fill.spot.min(self.city.spots.len() - 1);
        let description = format!("{}\n{}", fill.fill(theme.title), fill.fill(theme.text));
        let told = Told {
            category: theme.category.into(),
            manner: theme.manner,
            spot,
            point: self.city.spots[spot].point,
            said: Said::Point,
            source: Source::Member,
            description,
            address: fill.place.clone(),
            chosen: true,
            contact: None,
            external: None,
            demand: None,
            photos: 0,
        };
        let from = CooperationRef { docket, form };
        match self.put_down(now, &told, actor, Some(from), LookUps::default()) {
            Ok(became) => {
                self.count(&became);
                self.registered(now, told, &became);
            }
            Err(refusal) => self.refused(&refusal),
        }
    }

    /// The open report with which the walk-through begins, when this city has the place for it; gives its number and who
    /// found it, by the name to sign in with.
    pub(crate) fn tell_story(&mut self, now: Timestamp) -> Option<(String, String)> {
        let town = self.city.place.towns.iter().position(|t| t.code == STORY_TOWN)?;
        let spot = self.city.spots.iter().position(|s| s.town == town && s.address.contains("元荡路"))?;
        let officer = self
            .staff
            .on_duty(STORY_TOWN, &mut self.rng)
            .or_else(|| self.staff.of(lianzhi_ids::Role::Officer, STORY_TOWN, &mut self.rng))?;
        let place = &self.city.spots[spot];
        let told = Told {
            category: STORY_CATEGORY.into(),
            manner: crate::story::Manner::Dirt,
            spot,
            point: place.point,
            said: Said::Point,
            source: Source::Officer,
            description: STORY.into(),
            address: place.address.clone(),
            chosen: true,
            contact: None,
            external: None,
            demand: None,
            photos: 2,
        };
        let exhibits = self.photos.before.get(..told.photos).unwrap_or_default();
        let look_ups = LookUps { exhibits: self.photos.in_custody(exhibits), ..LookUps::default() };
        let became = self.put_down(now, &told, &officer.actor, None, look_ups);
        let became = became.inspect_err(|refusal| self.refused(refusal)).ok()?;
        self.counts.matters += 1;
        self.count(&became);
        let login = match &officer.actor {
            Actor::Person(person) => person.login.clone(),
            _ => String::new(),
        };
        Some((became.summary.number, login))
    }

    fn put_down(
        &mut self,
        now: Timestamp,
        told: &Told,
        actor: &Actor,
        cooperation: Option<CooperationRef>,
        look_ups: LookUps,
    ) -> Result<crate::ledger::Became, Refusal> {
        let narrative = Narrative { description: told.description.clone(), address: told.address.clone() };
        let look_ups = LookUps { placing: self.ledger.world.place_point(told.point), ..look_ups };
        let command = AnyCommand::Report(Command::Register {
            source: told.source,
            narrative: Text::Plain(serde_json::to_string(&narrative).unwrap_or_default()),
            contact: Text::default(),
            category: CategoryCode::parse(&told.category).ok(),
            point: Some(told.point),
            exhibits: look_ups.exhibits.iter().map(|e| e.digest).collect(),
            external: None,
            demand: None,
            occurred_at: None,
            split_from: None,
            cooperation,
            same_as: None,
        });
        self.ledger.give(None, actor, command, look_ups, now.as_microsecond())
    }
}

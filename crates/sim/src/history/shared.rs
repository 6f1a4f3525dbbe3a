//! What a city does for others: it takes on a lead as a report of its own, and has a place for what is written about.

use super::act::Doing;
use crate::city::City;
use crate::story::{Said, Told};
use crate::together::words::{Fill, Theme};
use jiff::Timestamp;
use lianzhi_app::Narrative;
use lianzhi_exchange::compact::Form;
use lianzhi_ids::{CategoryCode, DocketId};
use lianzhi_procedure::report::{Command, CooperationRef, Source};
use lianzhi_procedure::{Actor, AnyCommand, LookUps, Text};
use lianzhi_territory::Point;
use rand::RngExt;
use rand_chacha::ChaCha12Rng;

/// Town along the border in which the walk-through begins, the category, and what the officer wrote.
const STORY_TOWN: &str = "320509110";
const STORY_CATEGORY: &str = "E06011";
const STORY: &str = "夜间巡查发现空地上新倾倒建筑垃圾三车。附近村民拍到卸车的货车号牌为沪A·DK7251，车身印有青浦一处工地的名称，车辆沿元荡路向青浦方向离开。已拍照，倾倒点临近省界。";

impl Doing {
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
    ) -> Result<crate::ledger::Became, lianzhi_procedure::Refusal> {
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

//! A node over a real store, with the people of [`crate::city`] in it.

use crate::city;
use crate::place::Place;
use crate::time::{ManualClock, SeededEntropy};
use lianzhi_app::ports::{MatterRow, Store};
use lianzhi_app::{App, Caller, Config, Done, Keys, PlaceInput, Receipt, ReportInput};
use lianzhi_ids::{DocketId, NodeCode};
use lianzhi_procedure::Refusal;
use lianzhi_procedure::report::Reporter;
use serde_json::{Value, json};
use std::sync::Arc;

/// Monday morning in Beijing, in a week without holidays.
pub const MORNING: &str = "2026-11-23T01:00:00Z";

/// What outlives a node: its clock, its randomness, its keys.
#[derive(Debug, Clone)]
pub struct Life {
    /// The clock.
    pub clock: Arc<ManualClock>,
    /// The randomness.
    pub entropy: Arc<SeededEntropy>,
    /// The keys.
    pub keys: Keys,
}

impl Life {
    /// Begins on a Monday morning.
    #[must_use]
    pub fn new() -> Life {
        let entropy = Arc::new(SeededEntropy::new(20_261_123));
        let (keys, _) = Keys::generate(entropy.as_ref());
        Life { clock: Arc::new(ManualClock::new(crate::at(MORNING))), entropy, keys }
    }

    /// Opens a node; the city is not put in.
    pub async fn open(&self, place: &Place) -> Node {
        self.open_on(place, place.store().await).await
    }

    /// Opens a node on a store of its own making.
    pub async fn open_on(&self, place: &Place, store: Store) -> Node {
        let config = Config {
            node: NodeCode::parse(city::NODE).unwrap(),
            generation: 1,
            restored: None,
            simulated: false,
            log_dir: place.dir.path().join("log"),
        };
        let keys = self.keys.clone();
        let app = App::open(config, store, self.clock.clone(), self.entropy.clone(), keys).await.unwrap();
        Node { app, life: self.clone() }
    }
}

impl Default for Life {
    fn default() -> Self {
        Life::new()
    }
}

/// A running node. Background work is not started: tests say when clocks are looked at and when the log is signed.
#[derive(Debug, Clone)]
pub struct Node {
    /// The application.
    pub app: App,
    /// Clock, randomness, keys.
    pub life: Life,
}

impl Node {
    /// A node with the city in it and all officers on duty.
    pub async fn new(place: &Place) -> Node {
        let node = Node::off_duty(place).await;
        for (squad, officers) in [
            ("squad-a", &["officer-a1", "officer-a2", "officer-a3"][..]),
            ("squad-b", &["officer-b1", "officer-b2"]),
        ] {
            for officer in officers {
                node.on_duty(officer, squad).await;
            }
        }
        node
    }

    /// A node with the city in it and nobody on duty.
    pub async fn off_duty(place: &Place) -> Node {
        let node = Life::new().open(place).await;
        for record in city::records() {
            node.app.put_register(&Caller::system(), record).await.unwrap();
        }
        node
    }

    /// The clock.
    #[must_use]
    pub fn clock(&self) -> &ManualClock {
        &self.life.clock
    }

    /// Somebody of the city as a caller.
    #[must_use]
    pub fn as_(&self, code: &str) -> Caller {
        let directory = self.app.directory();
        Caller::person(directory.people[&city::person(code)].clone(), "127.0.0.1")
    }

    /// Puts somebody on duty.
    pub async fn on_duty(&self, code: &str, unit: &str) {
        let command = json!({ "command": "go_on" });
        self.app.duty_command(&self.as_(code), &city::unit(unit), command).await.unwrap();
    }

    /// A citizen's report in the middle of a grid (0 to 3).
    #[must_use]
    pub fn input(&self, description: &str, grid: usize) -> ReportInput {
        let (lng, lat) = city::middle(grid);
        ReportInput {
            category: Some(city::STALL.into()),
            description: description.into(),
            place: PlaceInput {
                lng: Some(lng),
                lat: Some(lat),
                crs: None,
                address: Some("漕平路 118 号".into()),
            },
            contact: Some(Reporter { name: "张小三".into(), phone: "13800001234".into() }),
            ..ReportInput::default()
        }
    }

    /// Reports it and expects it to be taken.
    pub async fn report(&self, description: &str, grid: usize) -> Receipt {
        self.app.report(&Caller::public("198.51.100.7"), self.input(description, grid), None).await.unwrap()
    }

    /// Gives a command.
    ///
    /// # Errors
    /// The refusal.
    pub async fn command(&self, code: &str, id: i64, command: Value) -> Result<Done, Refusal> {
        self.app.command(&self.as_(code), DocketId(id), command, None, None).await
    }

    /// Gives a command and expects it to be accepted.
    pub async fn done(&self, code: &str, id: i64, command: Value) -> Done {
        let said = command.to_string();
        self.command(code, id, command).await.unwrap_or_else(|refusal| panic!("{code} {said}: {refusal}"))
    }

    /// The row of a matter.
    pub async fn row(&self, id: i64) -> MatterRow {
        self.app.store().journal.matters(&[DocketId(id)]).await.unwrap().pop().unwrap()
    }

    /// The types of a matter's events, oldest first.
    pub async fn events(&self, id: i64) -> Vec<String> {
        let lines = self.app.record(&Caller::system(), DocketId(id)).await.unwrap();
        lines.into_iter().map(|line| line.event_type).collect()
    }

    /// Takes a matter from its officer's acceptance to the handled stage.
    pub async fn handle(&self, officer: &str, id: i64) {
        self.done(officer, id, json!({ "command": "accept" })).await;
        self.done(officer, id, json!({ "command": "arrive" })).await;
        self.done(officer, id, json!({ "command": "handle", "outcome": "untrue", "note": "到场未见占道" }))
            .await;
    }
}

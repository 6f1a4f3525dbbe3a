//! A small fixed city: a bureau with two squads, a department without a node, somebody in each role, four grids.
//!
//! | who | where | as |
//! |---|---|---|
//! | admin, auditor, dispatcher, hotline, verifier, leader, supervisor | bureau | what they are called |
//! | officer-a1 (grid 1), officer-a2 (grid 2), officer-a3 | squad-a | officers |
//! | captain-a, patroller | squad-a | squad leader, patroller |
//! | officer-b1, officer-b2 (also verifier) | squad-b | officers |
//! | captain-b | squad-b | squad leader |

use lianzhi_ids::{CategoryCode, GridCode, NodeCode, PersonCode, Role, TownCode, UnitCode};
use lianzhi_law::LawData;
use lianzhi_procedure::Actor;
use lianzhi_procedure::directory::{Category, Directory, Grid, PaperSettings, Person, Post, Settings, Unit};
use lianzhi_procedure::duty::{Event as DutyEvent, OnDuty, State as DutyState};
use lianzhi_procedure::register::Record;
use std::sync::Arc;

/// The node.
pub const NODE: &str = "310118";
/// Shop outside its door; handled by the squads.
pub const STALL: &str = "E09005";
/// Another category of the squads.
pub const POSTER: &str = "E09001";
/// A manhole; the water department is in charge, which has no node.
pub const MANHOLE: &str = "P01002";
/// Grid codes, two of each squad.
pub const GRIDS: [&str; 4] = ["310118104000001", "310118104000002", "310118105000001", "310118105000002"];

/// A unit's code.
#[must_use]
pub fn unit(code: &str) -> UnitCode {
    UnitCode::parse(code).unwrap()
}
/// A person's code.
#[must_use]
pub fn person(code: &str) -> PersonCode {
    PersonCode::parse(code).unwrap()
}
/// A grid's code.
#[must_use]
pub fn grid(code: &str) -> GridCode {
    GridCode::parse(code).unwrap()
}
/// A category's code.
#[must_use]
pub fn category(code: &str) -> CategoryCode {
    CategoryCode::parse(code).unwrap()
}

/// The middle of a grid in degrees.
#[must_use]
pub fn middle(n: usize) -> (f64, f64) {
    (121.105 + 0.01 * n as f64, 31.105)
}

/// Settings of the agency.
#[must_use]
pub fn settings() -> Settings {
    Settings {
        agency: "青浦区城市管理行政执法局".into(),
        region: "青浦区".into(),
        number_prefix: "沪青".into(),
        second_factor_roles: Vec::new(),
        papers: PaperSettings {
            phone: "021-59720000".into(),
            address: "公园路 100 号".into(),
            reconsideration: "青浦区人民政府".into(),
            court: "上海铁路运输法院".into(),
            pay_ways: vec!["持本决定书到工商银行任一网点缴纳".into()],
        },
        ..Settings::default()
    }
}

/// The units, those above first.
#[must_use]
pub fn units() -> Vec<Unit> {
    let one = |code: &str, name: &str, parent: Option<&str>, outside: bool| Unit {
        code: unit(code),
        name: name.into(),
        parent: parent.map(unit),
        outside,
        phone: String::new(),
        town: None,
        branch: String::new(),
    };
    vec![
        one("bureau", "执法局", None, false),
        one("squad-a", "甲镇中队", Some("bureau"), false),
        one("squad-b", "乙镇中队", Some("bureau"), false),
        one("water", "区水务局", None, true),
    ]
}

/// The people.
#[must_use]
pub fn people() -> Vec<Person> {
    let one = |code: &str, name: &str, at: &str, roles: &[Role], grids: &[&str]| Person {
        code: person(code),
        name: name.into(),
        login: code.into(),
        posts: vec![Post {
            unit: unit(at),
            roles: roles.to_vec(),
            grids: grids.iter().map(|g| grid(g)).collect(),
        }],
        certificate: None,
        active: true,
        second_factor: false,
    };
    vec![
        one("admin", "管理员甲", "bureau", &[Role::Admin], &[]),
        one("auditor", "审计员甲", "bureau", &[Role::Auditor], &[]),
        one("dispatcher", "派遣员甲", "bureau", &[Role::Dispatcher], &[]),
        one("hotline", "坐席甲", "bureau", &[Role::Hotline], &[]),
        one("verifier", "核查员甲", "bureau", &[Role::Verifier], &[]),
        one("leader", "局长甲", "bureau", &[Role::Leader], &[]),
        one("supervisor", "督察员甲", "bureau", &[Role::Supervisor], &[]),
        one("captain-a", "队长甲", "squad-a", &[Role::SquadLeader], &[]),
        one("patroller", "巡查员甲", "squad-a", &[Role::Patroller], &[]),
        one("officer-a1", "队员甲一", "squad-a", &[Role::Officer], &GRIDS[..1]),
        one("officer-a2", "队员甲二", "squad-a", &[Role::Officer], &GRIDS[1..2]),
        one("officer-a3", "队员甲三", "squad-a", &[Role::Officer], &[]),
        one("captain-b", "队长乙", "squad-b", &[Role::SquadLeader], &[]),
        one("officer-b1", "队员乙一", "squad-b", &[Role::Officer], &[]),
        one("officer-b2", "队员乙二", "squad-b", &[Role::Officer, Role::Verifier], &[]),
    ]
}

/// Four squares in a row, a hundredth of a degree each; the first two belong to squad-a.
#[must_use]
pub fn grids() -> Vec<Grid> {
    (0..4)
        .map(|n| {
            let (lng, lat) = middle(n);
            let (w, s, e, t) = (lng - 0.005, lat - 0.005, lng + 0.005, lat + 0.005);
            Grid {
                code: grid(GRIDS[n]),
                name: format!("示意网格{}", n + 1),
                town: TownCode::parse(&GRIDS[n][..9]).unwrap(),
                unit: unit(if n < 2 { "squad-a" } else { "squad-b" }),
                geometry: format!(
                    r#"{{"type":"Polygon","coordinates":[[[{w},{s}],[{e},{s}],[{e},{t}],[{w},{t}],[{w},{s}]]]}}"#
                ),
            }
        })
        .collect()
}

/// A handful of the catalogue; manholes are the water department's.
#[must_use]
pub fn categories() -> Vec<Category> {
    include_str!("../../../data/catalogue/categories.tsv")
        .lines()
        .filter(|line| !line.starts_with('#'))
        .skip(1)
        .filter_map(|line| {
            let [kind, code, group, name] = line.split('\t').collect::<Vec<_>>().try_into().unwrap();
            let letter = if kind == "部件" { 'P' } else { 'E' };
            let code = category(&format!("{letter}{code}"));
            let wanted = code.as_str().starts_with("E09") || code.as_str() == MANHOLE;
            wanted.then(|| Category {
                department: (code.as_str() == MANHOLE).then(|| unit("water")),
                code,
                group: group.into(),
                name: name.into(),
            })
        })
        .collect()
}

/// All of it as a directory.
#[must_use]
pub fn directory() -> Directory {
    let law = Arc::new(LawData::builtin().unwrap());
    let node = NodeCode::parse(NODE).unwrap();
    Directory::new(node, settings(), units(), people(), grids(), categories(), law)
}

/// All of it as register records, each after those that it refers to.
#[must_use]
pub fn records() -> Vec<Record> {
    std::iter::once(Record::Settings(settings()))
        .chain(units().into_iter().map(Record::Unit))
        .chain(people().into_iter().map(Record::Person))
        .chain(grids().into_iter().map(Record::Grid))
        .chain(categories().into_iter().map(Record::Category))
        .collect()
}

/// These people are on duty in their unit.
#[must_use]
pub fn on_duty(directory: &Directory, codes: &[&str]) -> OnDuty {
    use lianzhi_procedure::Procedure;
    use lianzhi_procedure::duty::Duty;
    let mut duty = OnDuty::default();
    for unit in directory.units.keys() {
        let mut state = DutyState::default();
        for code in codes.iter().map(|c| person(c)) {
            if directory.people[&code].posts[0].unit == *unit {
                let event =
                    DutyEvent::WentOn { unit: unit.clone(), person: code, at: jiff::Timestamp::UNIX_EPOCH };
                state = Duty::evolve(state, &event);
            }
        }
        duty.apply(&state);
    }
    duty
}

/// Somebody of the city as an actor.
#[must_use]
pub fn actor(directory: &Directory, code: &str) -> Actor {
    Actor::Person(directory.people[&person(code)].clone())
}

//! The policy table: default deny, and every refusal says who may.

use crate::kit::*;
use lianzhi_procedure::policy::{Matter, TABLE, permit};
use lianzhi_procedure::{Actor, Facts, LookUps, NoLoads};
use lianzhi_testkit::city;
use std::collections::BTreeSet;

fn asks(who: &str, action: &str, matter: &Matter<'_>) -> bool {
    let directory = directory();
    let actor = match who {
        "public" => Actor::Public,
        "reporter" => Actor::Reporter,
        "system" => Actor::System,
        code => city::actor(directory, code),
    };
    let (duty, look_ups) = (city::on_duty(directory, &[]), LookUps::default());
    let facts = Facts {
        now: lianzhi_testkit::at("2026-11-23T01:00:00Z"),
        actor: &actor,
        directory,
        duty: &duty,
        loads: &NoLoads,
        look_ups: &look_ups,
    };
    match permit(&facts, action, matter) {
        Ok(rule) => {
            assert_eq!(rule.action, action);
            true
        }
        Err(refusal) => {
            explained(&refusal);
            assert_eq!(refusal.code, "not-permitted");
            false
        }
    }
}

fn allowed(action: &str, matter: &Matter<'_>) -> BTreeSet<&'static str> {
    EVERYBODY.iter().copied().filter(|who| asks(who, action, matter)).collect()
}

#[test]
fn what_no_line_allows_is_refused_to_everybody() {
    assert!(allowed("launch-rockets", &Matter::default()).is_empty());
}

#[test]
fn every_line_names_its_source_and_lets_somebody_through() {
    for rule in TABLE {
        assert!(!rule.source.is_empty() && !rule.title.is_empty(), "{rule:?}");
    }
}

#[test]
fn who_may_do_what_with_a_matter_of_squad_a() {
    let (unit, officer, by) = (city::unit("squad-a"), city::person("officer-a1"), city::person("patroller"));
    let matter =
        Matter { unit: Some(&unit), assignee: Some(&officer), registered_by: Some(&by), ..Matter::default() };
    let expect = |action: &str, who: &[&'static str]| {
        assert_eq!(allowed(action, &matter), who.iter().copied().collect(), "{action}");
    };
    expect("accept", &["officer-a1"]);
    expect("dispatch", &["dispatcher", "captain-a"]);
    expect("approve", &["captain-a"]);
    expect("approve_long", &["leader"]);
    expect("verify", &["verifier", "captain-a", "officer-b2"]);
    expect("close", &["dispatcher", "verifier", "captain-a", "officer-b2"]);
    expect("erase", &["admin"]);
    expect(
        "particulars",
        &["hotline", "dispatcher", "verifier", "officer-b2", "officer-a1", "captain-a", "system"],
    );
    expect("search_particulars", &["hotline", "dispatcher"]);
    expect("tick", &["system"]);
    expect("rate", &["reporter"]);
    expect("administer", &["admin", "system"]);
    // Nobody of this town is a legal officer, and no administrator takes the place of one.
    expect("confirm_basis", &[]);
}

#[test]
fn a_squad_reads_its_own_matters_and_not_its_neighbours() {
    let (unit, officer) = (city::unit("squad-a"), city::person("officer-a1"));
    let matter = Matter { unit: Some(&unit), assignee: Some(&officer), ..Matter::default() };
    for who in ["officer-a2", "captain-a", "patroller", "leader", "auditor"] {
        assert!(asks(who, "read", &matter), "{who}");
    }
    for who in ["officer-b1", "captain-b", "public", "system"] {
        assert!(!asks(who, "read", &matter), "{who}");
    }
    let assisting = [city::unit("squad-b")];
    let matter = Matter { assisting: &assisting, ..matter };
    assert!(asks("officer-b1", "read", &matter), "who assists reads");
}

#[test]
fn nobody_but_the_reporter_himself_acts_as_the_reporter() {
    for action in ["rate", "withdraw"] {
        assert_eq!(allowed(action, &Matter::default()), BTreeSet::from(["reporter"]));
    }
}

//! What a demonstration writes into `demo.json`, for people and for tests that drive it.

use crate::Followed;
use crate::city::City;
use lianzhi_ids::Role;
use serde::{Deserialize, Serialize};
use std::collections::HashMap;

/// The file.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct DemoFile {
    /// Nodes that run, in the order of the region.
    pub nodes: Vec<DemoNode>,
    /// Where a walk-through of working together begins; nowhere when no node works with another.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub story: Option<DemoStory>,
}

/// The open report with which a walk-through begins.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DemoStory {
    /// Code of its node.
    pub node: String,
    /// Its number.
    pub number: String,
    /// Who found it, by the name to sign in with.
    #[serde(default)]
    pub officer: String,
}

/// A node that runs.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct DemoNode {
    /// Its code.
    pub code: String,
    /// Name of its agency.
    pub name: String,
    /// Name of its territory.
    pub region: String,
    /// Name of the province that it lies in.
    pub province: String,
    /// Where it answers.
    pub url: String,
    /// Who can sign in.
    pub people: Vec<DemoPerson>,
    /// Reports with their follow codes, to show the page on which a reporter follows his.
    pub follow: Vec<Followed>,
}

/// Somebody who can sign in.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct DemoPerson {
    /// Sign-in name.
    pub login: String,
    /// Password.
    pub password: String,
    /// Name.
    pub name: String,
    /// Codes of roles.
    pub roles: Vec<&'static str>,
    /// API token; empty when none was issued.
    pub token: String,
    /// Code of the person, by which tokens are issued.
    #[serde(skip)]
    pub code: String,
}

impl DemoNode {
    /// Everybody who works in the city: whoever a matter names can be signed in as. `tokens` go by person's code.
    #[must_use]
    pub fn of(city: &City, url: &str, tokens: &HashMap<String, String>, follow: &[Followed]) -> DemoNode {
        let mut people = Vec::new();
        for employee in &city.people {
            let mut roles: Vec<Role> =
                employee.person.posts.iter().flat_map(|p| p.roles.iter().copied()).collect();
            roles.sort_unstable();
            roles.dedup();
            let token = tokens.get(employee.person.code.as_str());
            people.push(DemoPerson {
                login: employee.person.login.clone(),
                password: employee.password.clone(),
                name: employee.person.name.clone(),
                roles: roles.iter().map(|r| r.code()).collect(),
                token: token.cloned().unwrap_or_default(),
                code: employee.person.code.to_string(),
            });
        }
        DemoNode {
            code: city.place.code.into(),
            name: city.place.agency.into(),
            region: city.place.region.into(),
            province: city.place.province.into(),
            url: url.into(),
            people,
            follow: follow.to_vec(),
        }
    }
}

/// Puts those first, among all of their first role, who are on duty, and before them those who have open matters: whoever
/// signs in as the first officer finds work. `open` names those on duty, by code, with their open matters.
pub fn at_work_first(people: &mut [DemoPerson], open: &HashMap<String, i64>) {
    let role = |p: &DemoPerson| {
        let first = p.roles.first().and_then(|code| Role::ALL.iter().position(|r| r.code() == *code));
        first.unwrap_or(usize::MAX)
    };
    people.sort_by_cached_key(|p| {
        let open = open.get(&p.code);
        (role(p), open.is_none_or(|n| *n == 0), open.is_none())
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::REGION;
    use std::collections::BTreeSet;

    #[test]
    fn the_file_names_everybody_and_so_somebody_of_each_role() {
        let node = |place| {
            let city = City::generate(place, 1).unwrap();
            DemoNode::of(&city, "http://127.0.0.1:8080", &HashMap::new(), &[])
        };
        let file = DemoFile { nodes: REGION.into_iter().map(node).collect(), story: None };
        for (node, place) in file.nodes.iter().zip(REGION) {
            assert_eq!(node.people.len(), City::generate(place, 1).unwrap().people.len(), "everybody of it");
            let named: BTreeSet<&str> = node.people.iter().flat_map(|p| p.roles.iter().copied()).collect();
            for role in Role::ALL.iter().filter(|r| **r != Role::Public) {
                assert!(named.contains(role.code()), "{role} in {}", node.region);
            }
        }
        let json = serde_json::to_value(&file).unwrap();
        assert_eq!(json["nodes"][0]["code"], "310118");
        assert_eq!(json["nodes"][1]["province"], "江苏省");
        assert!(json["nodes"][0]["people"][0]["login"].is_string());
        assert!(json["nodes"][0]["people"][0].get("code").is_none());
    }

    #[test]
    fn a_newcomer_signs_in_as_somebody_who_has_work() {
        let person = |code: &str, roles: &[Role]| DemoPerson {
            login: String::new(),
            password: String::new(),
            name: String::new(),
            roles: roles.iter().map(|r| r.code()).collect(),
            token: String::new(),
            code: code.into(),
        };
        let mut people = vec![
            person("off", &[Role::Officer]),
            person("idle", &[Role::Officer]),
            person("busy", &[Role::Officer]),
            person("dispatcher-off", &[Role::Dispatcher]),
            person("dispatcher-on", &[Role::Dispatcher]),
        ];
        let open = [("idle", 0), ("busy", 2), ("dispatcher-on", 0)].map(|(p, n)| (p.to_owned(), n)).into();
        at_work_first(&mut people, &open);
        let first = |role: Role| {
            people.iter().filter(|p| p.roles.contains(&role.code())).map(|p| &*p.code).collect::<Vec<_>>()
        };
        assert_eq!(first(Role::Officer), ["busy", "idle", "off"]);
        assert_eq!(first(Role::Dispatcher), ["dispatcher-on", "dispatcher-off"]);
    }
}

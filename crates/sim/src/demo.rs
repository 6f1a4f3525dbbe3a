//! What a demonstration writes into `demo.json`, for people and for tests that drive it.

use crate::Followed;
use crate::city::{City, NODE};
use lianzhi_ids::Role;
use serde::Serialize;
use std::collections::{BTreeSet, HashMap};

/// The file.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct DemoFile {
    /// Nodes that run.
    pub nodes: Vec<DemoNode>,
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

/// One person for each role, more for the roles of the street: everybody with `tokens`, and the first of each role.
#[must_use]
pub fn demo_json(city: &City, url: &str, tokens: &HashMap<String, String>, follow: &[Followed]) -> DemoFile {
    let mut met: BTreeSet<Role> = BTreeSet::new();
    let mut people = Vec::new();
    for employee in &city.people {
        let mut roles: Vec<Role> =
            employee.person.posts.iter().flat_map(|p| p.roles.iter().copied()).collect();
        roles.sort_unstable();
        roles.dedup();
        let fresh = roles.iter().any(|r| !met.contains(r));
        let street = roles.iter().any(|r| matches!(r, Role::Officer | Role::SquadLeader));
        let token = tokens.get(employee.person.code.as_str());
        if !fresh && !street && token.is_none() {
            continue;
        }
        met.extend(roles.iter().copied());
        people.push(DemoPerson {
            login: employee.person.login.clone(),
            password: employee.password.clone(),
            name: employee.person.name.clone(),
            roles: roles.iter().map(|r| r.code()).collect(),
            token: token.cloned().unwrap_or_default(),
            code: employee.person.code.to_string(),
        });
    }
    let (name, region) = ("上海市青浦区城市管理行政执法局".to_owned(), "青浦区".to_owned());
    let (code, url, follow) = (NODE.into(), url.into(), follow.to_vec());
    DemoFile { nodes: vec![DemoNode { code, name, region, url, people, follow }] }
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

    #[test]
    fn the_file_names_somebody_of_each_role() {
        let city = City::generate(1).unwrap();
        let file = demo_json(&city, "http://127.0.0.1:8080", &HashMap::new(), &[]);
        let named: BTreeSet<&str> =
            file.nodes[0].people.iter().flat_map(|p| p.roles.iter().copied()).collect();
        for role in Role::ALL.iter().filter(|r| **r != Role::Public) {
            assert!(named.contains(role.code()), "{role}");
        }
        let json = serde_json::to_value(&file).unwrap();
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

//! The registers in force, as rules need them: units, people, grids, categories, law data.
//!
//! Built by the application from the register dockets and replaced as a whole when one changes.

use lianzhi_exchange::compact::{Level, Liaison, Roster};
use lianzhi_ids::{CategoryCode, GridCode, NodeCode, PersonCode, Role, TownCode, UnitCode};
use lianzhi_law::LawData;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

/// A unit of the agency, or a department that has no node.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Unit {
    /// Code.
    pub code: UnitCode,
    /// Name, e.g. 金泽镇综合行政执法队.
    pub name: String,
    /// The unit above, none for the agency itself.
    #[serde(default)]
    pub parent: Option<UnitCode>,
    /// A department without a node: matters are passed on to it and its answer is recorded by a dispatcher.
    #[serde(default)]
    pub outside: bool,
    /// Telephone of its duty room.
    #[serde(default)]
    pub phone: String,
    /// Town or street that it serves, when it serves one.
    #[serde(default)]
    pub town: Option<TownCode>,
    /// Branch code (分支码) in the numbers (文号) of its papers and of those of units below it that have none; empty: those of the agency.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub branch: String,
}

impl Unit {
    /// What is wrong with its branch code, in words.
    #[must_use]
    pub fn branch_fault(&self) -> Option<&'static str> {
        let sound = self.branch.len() <= BRANCH_CHARS_MAX
            && self.branch.bytes().all(|c| c.is_ascii_digit() || c.is_ascii_uppercase());
        (!sound).then_some("分支码只能是 1 至 4 位数字或者大写字母。")
    }
}

/// Longest branch code, in characters: a number stays one that people can say.
const BRANCH_CHARS_MAX: usize = 4;

/// A post: roles in a unit with an area.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Post {
    /// Where.
    pub unit: UnitCode,
    /// As what.
    pub roles: Vec<Role>,
    /// Grids of the post; empty means the whole area of the unit.
    #[serde(default)]
    pub grids: Vec<GridCode>,
}

/// Somebody who works here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Person {
    /// Code, never reused.
    pub code: PersonCode,
    /// Name (officers' names are public, 行政处罚法 39, 公示制度).
    pub name: String,
    /// Sign-in name.
    pub login: String,
    /// What the person does where.
    pub posts: Vec<Post>,
    /// Number of the enforcement certificate, when there is one.
    #[serde(default)]
    pub certificate: Option<String>,
    /// May sign in and be given work.
    #[serde(default = "yes")]
    pub active: bool,
    /// TOTP is required of this person whatever the policy says.
    #[serde(default)]
    pub second_factor: bool,
}

impl Person {
    /// Name and number of the certificate, as a signature and a taker of evidence are written (行政处罚法 42).
    #[must_use]
    pub fn with_certificate(&self) -> String {
        match &self.certificate {
            Some(number) => format!("{}（执法证 {number}）", self.name),
            None => self.name.clone(),
        }
    }
}

fn yes() -> bool {
    true
}

/// A grid as rules need it; its polygon lives in the territory index.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Grid {
    /// Code.
    pub code: GridCode,
    /// Name.
    pub name: String,
    /// Its town or street.
    pub town: TownCode,
    /// The unit in charge.
    pub unit: UnitCode,
    /// GeoJSON geometry (Polygon or MultiPolygon, CGCS2000/WGS-84 degrees), as text.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub geometry: String,
}

/// A category of the catalogue.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Category {
    /// Code, letter and five digits.
    pub code: CategoryCode,
    /// Class, e.g. 街面秩序类.
    pub group: String,
    /// Name, e.g. 店外经营.
    pub name: String,
    /// Department in charge when it is not the agency's own squads.
    #[serde(default)]
    pub department: Option<UnitCode>,
}

/// What an agency sets for itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Settings {
    /// Name of the agency.
    pub agency: String,
    /// Name of the territory, e.g. 青浦区.
    pub region: String,
    /// Prefix of matter numbers, e.g. 沪青.
    pub number_prefix: String,
    /// Days within which a closed matter may be reopened by the reporter.
    pub reopen_days: u32,
    /// Roles that must use a second factor.
    pub second_factor_roles: Vec<Role>,
    /// What the agency says of itself to other members.
    #[serde(default, skip_serializing_if = "OwnCard::is_empty")]
    pub card: OwnCard,
    /// What stands on papers of penalty cases besides the agency's name.
    #[serde(default, skip_serializing_if = "PaperSettings::is_empty")]
    pub papers: PaperSettings,
    /// What of its decisions the agency publishes, and for how long.
    #[serde(default, skip_serializing_if = "PublicationSettings::is_default")]
    pub publication: PublicationSettings,
    /// How payment codes are made.
    #[serde(default, skip_serializing_if = "crate::pay_code::PayCodes::is_default")]
    pub pay_codes: crate::pay_code::PayCodes,
}

/// What of its decisions the agency publishes, and for how long (行政处罚法第四十八条). The law names no length: each agency sets it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct PublicationSettings {
    /// Decisions made on the spot are published like others, or kept back with a ground.
    pub spots: bool,
    /// Months for which a decision about a firm or another organisation is shown.
    pub months: u32,
    /// The same about a natural person.
    pub person_months: u32,
}

impl PublicationSettings {
    fn is_default(&self) -> bool {
        *self == PublicationSettings::default()
    }
}

impl Default for PublicationSettings {
    fn default() -> Self {
        PublicationSettings { spots: false, months: 12, person_months: 6 }
    }
}

/// What the agency says of itself on papers to parties (行政处罚法第四十四条、第五十九条).
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct PaperSettings {
    /// Telephone.
    pub phone: String,
    /// Address, where statements are made and hearings are asked for.
    pub address: String,
    /// 行政复议机关.
    pub reconsideration: String,
    /// The court that is competent for lawsuits.
    pub court: String,
    /// How a fine is paid, one way each (67).
    pub pay_ways: Vec<String>,
}

impl PaperSettings {
    fn is_empty(&self) -> bool {
        *self == PaperSettings::default()
    }
}

/// What a card says besides name, node and keys, which are known anyway ([`lianzhi_exchange::compact::Member`]).
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
pub struct OwnCard {
    /// Level; by the node's code when not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub level: Option<Level>,
    /// The agency above.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub superior: String,
    /// Addresses of the exchange, best first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub addresses: Vec<String>,
    /// Liaison officers.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub liaisons: Vec<Liaison>,
    /// Does not countersign for its province.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub silent: bool,
}

impl OwnCard {
    fn is_empty(&self) -> bool {
        *self == OwnCard::default()
    }
}

impl Default for Settings {
    fn default() -> Self {
        Settings {
            agency: "城市管理行政执法局".into(),
            region: String::new(),
            number_prefix: "件".into(),
            reopen_days: 15,
            second_factor_roles: vec![Role::Admin],
            card: OwnCard::default(),
            papers: PaperSettings::default(),
            publication: PublicationSettings::default(),
            pay_codes: crate::pay_code::PayCodes::default(),
        }
    }
}

/// All registers in force.
#[derive(Debug, Clone)]
pub struct Directory {
    /// This node.
    pub node: NodeCode,
    /// What the agency sets for itself.
    pub settings: Settings,
    /// Units, also those out of use: old matters name them.
    pub units: BTreeMap<UnitCode, Unit>,
    /// Which of the units are out of use.
    pub retired_units: BTreeSet<UnitCode>,
    /// People.
    pub people: HashMap<PersonCode, Arc<Person>>,
    /// Grids.
    pub grids: HashMap<GridCode, Grid>,
    /// Categories.
    pub categories: BTreeMap<CategoryCode, Category>,
    /// Calendars and terms.
    pub law: Arc<LawData>,
    /// The compact in force, when this node is a member of one.
    pub roster: Option<Arc<Roster>>,
    /// The compact that is proposed while none is in force: by it members talk about the compact, and about nothing else.
    pub proposed: Option<Arc<Roster>>,
    officers: HashMap<UnitCode, Vec<PersonCode>>,
    logins: HashMap<String, PersonCode>,
}

impl Directory {
    /// Puts registers together. People who are not active are kept (the record names them) but get no work.
    #[must_use]
    pub fn new(
        node: NodeCode,
        settings: Settings,
        units: Vec<Unit>,
        people: Vec<Person>,
        grids: Vec<Grid>,
        categories: Vec<Category>,
        law: Arc<LawData>,
    ) -> Self {
        let mut officers: HashMap<UnitCode, Vec<PersonCode>> = HashMap::new();
        let mut logins = HashMap::new();
        let mut by_code = HashMap::new();
        for person in people {
            if person.active {
                for post in person.posts.iter().filter(|p| p.roles.contains(&Role::Officer)) {
                    officers.entry(post.unit.clone()).or_default().push(person.code.clone());
                }
                logins.insert(person.login.clone(), person.code.clone());
            }
            by_code.insert(person.code.clone(), Arc::new(person));
        }
        for codes in officers.values_mut() {
            codes.sort_unstable();
            codes.dedup();
        }
        Directory {
            node,
            settings,
            units: units.into_iter().map(|u| (u.code.clone(), u)).collect(),
            retired_units: BTreeSet::new(),
            people: by_code,
            grids: grids.into_iter().map(|g| (g.code.clone(), g)).collect(),
            categories: categories.into_iter().map(|c| (c.code.clone(), c)).collect(),
            law,
            roster: None,
            proposed: None,
            officers,
            logins,
        }
    }

    /// The same with these units out of use.
    #[must_use]
    pub fn with_retired_units(mut self, retired: impl IntoIterator<Item = UnitCode>) -> Self {
        self.retired_units = retired.into_iter().collect();
        self
    }

    /// The same under a compact.
    #[must_use]
    pub fn with_roster(mut self, roster: Option<Arc<Roster>>) -> Self {
        self.roster = roster;
        self
    }

    /// The same under a compact that is proposed.
    #[must_use]
    pub fn with_proposed(mut self, proposed: Option<Arc<Roster>>) -> Self {
        self.proposed = proposed;
        self
    }

    /// The roster by which members talk about the compact.
    #[must_use]
    pub fn exchange_roster(&self) -> Option<&Arc<Roster>> {
        self.roster.as_ref().or(self.proposed.as_ref())
    }

    /// Province and name of a member, or its code when the compact does not name it.
    #[must_use]
    pub fn member_name(&self, node: &NodeCode) -> String {
        let member = self.exchange_roster().and_then(|r| r.member(node));
        member.map_or_else(|| node.to_string(), lianzhi_exchange::compact::Member::title)
    }

    /// The same of several, one after the other.
    #[must_use]
    pub fn member_names(&self, nodes: &[NodeCode]) -> String {
        nodes.iter().map(|node| self.member_name(node)).collect::<Vec<_>>().join("、")
    }

    /// Units in use.
    pub fn units_in_use(&self) -> impl Iterator<Item = &Unit> {
        self.units.values().filter(|u| !self.retired_units.contains(&u.code))
    }

    /// Officers with a post in this unit.
    #[must_use]
    pub fn officers(&self, unit: &UnitCode) -> &[PersonCode] {
        self.officers.get(unit).map_or(&[], Vec::as_slice)
    }

    /// The person of a sign-in name, when active.
    #[must_use]
    pub fn by_login(&self, login: &str) -> Option<&Arc<Person>> {
        self.logins.get(login).and_then(|code| self.people.get(code))
    }

    /// Whether `unit` is `above` or lies below it in the tree. Bounded against circles in bad data.
    #[must_use]
    pub fn within(&self, unit: &UnitCode, above: &UnitCode) -> bool {
        let mut at = Some(unit);
        for _ in 0..16 {
            match at {
                Some(u) if u == above => return true,
                Some(u) => at = self.units.get(u).and_then(|u| u.parent.as_ref()),
                None => return false,
            }
        }
        false
    }

    /// The unit itself and all above it, nearest first.
    pub fn chain<'a>(&'a self, unit: &'a UnitCode) -> impl Iterator<Item = &'a Unit> {
        std::iter::successors(self.units.get(unit), |u| u.parent.as_ref().and_then(|p| self.units.get(p)))
            .take(16)
    }

    /// The branch code in the numbers of a unit's papers: its own, else that of the nearest unit above; empty where none has one.
    #[must_use]
    pub fn branch(&self, unit: &UnitCode) -> &str {
        let above = std::iter::successors(self.units.get(unit), |u| self.units.get(u.parent.as_ref()?));
        above.take(16).map(|u| u.branch.as_str()).find(|branch| !branch.is_empty()).unwrap_or_default()
    }

    /// Name of a unit, or its code when it is gone.
    #[must_use]
    pub fn unit_name<'a>(&'a self, unit: &'a UnitCode) -> &'a str {
        self.units.get(unit).map_or(unit.as_str(), |u| &u.name)
    }

    /// Name of a person, or the code when it is gone.
    #[must_use]
    pub fn person_name<'a>(&'a self, person: &'a PersonCode) -> &'a str {
        self.people.get(person).map_or(person.as_str(), |p| &p.name)
    }

    /// Name of a category, or its code when it is gone.
    #[must_use]
    pub fn category_name<'a>(&'a self, category: &'a CategoryCode) -> &'a str {
        self.categories.get(category).map_or(category.as_str(), |c| &c.name)
    }

    /// Who holds a role in a unit, nearest unit up the tree first.
    #[must_use]
    pub fn holders(&self, role: Role, unit: &UnitCode) -> Vec<Arc<Person>> {
        for u in self.chain(unit) {
            let mut found: Vec<_> = self
                .people
                .values()
                .filter(|p| {
                    p.active && p.posts.iter().any(|post| post.unit == u.code && post.roles.contains(&role))
                })
                .cloned()
                .collect();
            if !found.is_empty() {
                found.sort_by(|a, b| a.code.cmp(&b.code));
                return found;
            }
        }
        Vec::new()
    }
}

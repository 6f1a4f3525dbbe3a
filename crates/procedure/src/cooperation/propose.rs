//! To which member a letter may have to go: proposed from the place, from what the text speaks of, and from the
//! collaboration list, each with its reason. A proposal only: people choose.

use jiff::civil::Date;
use lianzhi_exchange::compact::{Form, ListEntry, Member, Roster};
use lianzhi_ids::NodeCode;
use lianzhi_territory::{Divisions, Middles, Point};

/// A place so near to the middle of a town is taken to belong to it.
const TOWN_M: f64 = 8_000.0;
/// A member so near to a place of our own is a neighbour of it.
const NEIGHBOUR_M: f64 = 15_000.0;
/// Characters that an entry's title has in common with a text before it counts.
const ALIKE_MIN: usize = 3;

/// What is known of the matter so far.
#[derive(Debug, Clone, Default)]
pub struct Sought<'a> {
    /// Place in words.
    pub place: &'a str,
    /// Place.
    pub point: Option<Point>,
    /// The place lies in a grid of our own.
    pub own_ground: bool,
    /// What else was written, by the name of the field.
    pub words: Vec<(&'static str, &'a str)>,
    /// Code of the category.
    pub category: Option<&'a str>,
}

/// A member that the letter may go to.
#[derive(Debug, Clone, PartialEq)]
pub struct Proposed {
    /// The member.
    pub node: NodeCode,
    /// Something speaks for it; the others are told by their distance only.
    pub proposed: bool,
    /// Why, or how far away it is.
    pub reason: String,
    rank: u8,
    metres: f64,
}

/// The name by which people speak of a division: 青浦 of 青浦区.
fn spoken(name: &str) -> &str {
    let short = ["新区", "区", "县", "市"].iter().find_map(|end| name.strip_suffix(*end)).unwrap_or(name);
    if short.chars().count() >= 2 { short } else { name }
}

fn division(node: &NodeCode) -> &str {
    node.as_str().strip_suffix("00").unwrap_or(node.as_str())
}

/// What names of a member's territory stand in a text: the division's, else one of its towns' that we have none of.
fn named<'a>(text: &str, node: &'a NodeCode, me: &NodeCode, divisions: &'a Divisions) -> Option<&'a str> {
    let name = divisions.name(division(node)).map(spoken).filter(|name| text.contains(*name));
    name.or_else(|| {
        let towns = divisions.towns_of(node.as_str()).map(|town| &*town.name);
        let ours = |name: &str| divisions.towns_of(me.as_str()).any(|town| &*town.name == name);
        towns
            .filter(|name| name.chars().count() >= ALIKE_MIN)
            .find(|name| text.contains(*name) && !ours(name))
    })
}

fn kilometres(metres: f64) -> String {
    match metres {
        m if m < 1_000.0 => "不到 1 公里".into(),
        m => format!("约 {:.0} 公里", m / 1_000.0),
    }
}

/// The longest run of characters that the title of an entry has in common with a text, when it is long enough to mean
/// something.
#[must_use]
pub fn alike<'a>(entry: &'a ListEntry, text: &str) -> Option<&'a str> {
    let ends: Vec<usize> = entry.title.char_indices().map(|(i, _)| i).chain([entry.title.len()]).collect();
    let chars = ends.len() - 1;
    (ALIKE_MIN..=chars).rev().find_map(|n| {
        let mut runs = (0..=chars - n).filter_map(|i| entry.title.get(ends[i]..ends[i + n]));
        runs.find(|run| text.contains(*run))
    })
}

/// The entry that speaks most for a letter between two members, with how it does.
fn entry_for(
    form: Form,
    (a, b): (&NodeCode, &NodeCode),
    sought: &Sought<'_>,
    roster: &Roster,
    day: Date,
) -> Option<String> {
    let text: String = sought.words.iter().map(|(_, text)| *text).collect::<Vec<_>>().join("\n");
    let fits = |e: &&ListEntry| {
        e.forms.contains(&form) && e.in_force(day) && e.between(a, b) && e.covers(sought.category)
    };
    let names = |e: &ListEntry| !e.items.is_empty() && sought.category.is_some();
    let weight = |e: &&ListEntry| (alike(e, &text).map_or(0, str::len), names(e));
    let best = roster.epoch.list.iter().filter(fits).rev().max_by_key(weight)?;
    let title = format!("清单 {}《{}》", best.id, best.title);
    Some(match (alike(best, &text), names(best)) {
        (Some(run), _) => format!("{title}约定了“{run}”，适用于双方"),
        (None, true) => format!("{title}列有这一类别，适用于双方"),
        (None, false) => format!("可依{title}发出"),
    })
}

/// What speaks for a member: how strongly (less is more), and why.
fn ground(
    node: &NodeCode,
    me: &NodeCode,
    sought: &Sought<'_>,
    divisions: &Divisions,
    middles: &Middles,
    metres: f64,
) -> Option<(u8, String)> {
    let whole = divisions.full_name(division(node));
    let nearest = sought.point.filter(|_| !sought.own_ground).and_then(|point| middles.nearest(point));
    let there = nearest.filter(|(middle, m)| *m <= TOWN_M && middle.code.starts_with(division(node)));
    if let Some((middle, _)) = there {
        return Some((0, format!("地点位于{whole}（坐标在{}一带）", middle.name)));
    }
    if let Some(name) = named(sought.place, node, me, divisions) {
        return Some((1, format!("地点写有“{name}”，属{whole}")));
    }
    let spoken =
        sought.words.iter().find_map(|(field, text)| Some((field, named(text, node, me, divisions)?)));
    if let Some((field, name)) = spoken {
        return Some((2, format!("{field}提到“{name}”，属{whole}")));
    }
    (metres <= NEIGHBOUR_M).then(|| (3, format!("地点在交界处，距{whole}{}", kilometres(metres))))
}

/// The members to which a letter of this form may go, those for which something speaks first, then by distance.
#[must_use]
pub fn propose(
    form: Form,
    sought: &Sought<'_>,
    me: &NodeCode,
    roster: &Roster,
    day: Date,
    (divisions, middles): (&Divisions, &Middles),
) -> Vec<Proposed> {
    let allowed = |to: &&Member| {
        let entries = roster.epoch.list.iter();
        to.node != *me && entries.filter(|e| e.forms.contains(&form)).any(|e| e.between(me, &to.node))
    };
    let from = sought.point.or_else(|| middles.within(me.as_str()).next().map(|middle| middle.point));
    let one = |member: &Member| {
        let node = &member.node;
        let metres = from.and_then(|point| middles.to(node.as_str(), point)).map_or(f64::MAX, |(_, m)| m);
        let known = if sought.point.is_some() { metres } else { f64::MAX };
        match ground(node, me, sought, divisions, middles, known) {
            Some((rank, why)) => {
                let entry = entry_for(form, (me, node), sought, roster, day);
                let reason = std::iter::once(why).chain(entry).collect::<Vec<_>>().join("；");
                Proposed { node: node.clone(), proposed: true, reason, rank, metres }
            }
            None => {
                let from = if sought.point.is_some() { "距地点" } else { "距本机关" };
                let far =
                    if metres < f64::MAX { format!("{from}{}", kilometres(metres)) } else { String::new() };
                Proposed { node: node.clone(), proposed: false, reason: far, rank: u8::MAX, metres }
            }
        }
    };
    let mut all: Vec<_> = roster.epoch.members.iter().filter(allowed).map(one).collect();
    all.sort_by(|a, b| a.rank.cmp(&b.rank).then(a.metres.total_cmp(&b.metres)));
    all
}

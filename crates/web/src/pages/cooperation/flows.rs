//! The map of flows: members from west to east, a line for each way between two of them, as thick as it is busy.

use super::ui;
use lianzhi_app::Overview;
use lianzhi_exchange::compact::Form;
use std::collections::{BTreeMap, BTreeSet};

/// Tenths of a degree east of the capitals of provinces, by the code of the province.
const EAST: [(&str, u16); 31] = [
    ("11", 1164),
    ("12", 1172),
    ("13", 1145),
    ("14", 1126),
    ("15", 1117),
    ("21", 1234),
    ("22", 1253),
    ("23", 1266),
    ("31", 1215),
    ("32", 1188),
    ("33", 1202),
    ("34", 1173),
    ("35", 1193),
    ("36", 1159),
    ("37", 1170),
    ("41", 1137),
    ("42", 1143),
    ("43", 1130),
    ("44", 1133),
    ("45", 1084),
    ("46", 1103),
    ("50", 1065),
    ("51", 1041),
    ("52", 1067),
    ("53", 1027),
    ("54", 911),
    ("61", 1089),
    ("62", 1038),
    ("63", 1018),
    ("64", 1063),
    ("65", 876),
];
/// Units of the drawing, and what the names of the first and last members take of it on each side.
const WIDTH: i32 = 720;
const SIDE: i32 = 120;
/// Between members of one province, and above the first.
const STEP: i32 = 72;
const MARGIN: i32 = 60;
/// How far a line bends, so that there and back do not cover each other.
const BEND: i32 = 22;

/// A member in the drawing.
pub(super) struct Spot {
    pub x: i32,
    pub y: i32,
    /// Where the name stands: above, or below where the neighbours' names are above.
    pub name_y: i32,
    pub name: String,
    pub own: bool,
}

/// A way in the drawing.
pub(super) struct Line {
    pub path: String,
    /// `w1` to `w4`.
    pub weight: &'static str,
    pub outgoing: bool,
    pub n: u32,
    pub x: i32,
    pub y: i32,
}

/// The drawing.
#[derive(Default)]
pub(super) struct FlowMap {
    pub width: i32,
    pub height: i32,
    pub spots: Vec<Spot>,
    pub lines: Vec<Line>,
}

/// A way as a line of the table.
pub(super) struct FlowRow {
    pub from: ui::Html,
    pub to: ui::Html,
    pub total: u32,
    pub href: String,
    /// For each form in its order: how many, and where they are.
    pub forms: Vec<(u32, String)>,
}

fn east(node: &str) -> u16 {
    EAST.iter().find(|(code, _)| node.starts_with(code)).map_or(0, |(_, east)| *east)
}

fn weight(n: u32, most: u32) -> &'static str {
    match n.saturating_mul(4).div_ceil(most.max(1)) {
        0 | 1 => "w1",
        2 => "w2",
        3 => "w3",
        _ => "w4",
    }
}

impl FlowMap {
    /// Members in a column for each province, columns from west to east; lines between this node and the others.
    pub(super) fn of(own: &str, own_name: &str, overview: &Overview) -> FlowMap {
        let mut columns: BTreeMap<(u16, String), Vec<(&str, &str)>> = BTreeMap::new();
        let others = overview.pairs.iter().map(|p| (p.node.as_str(), p.name.as_str()));
        for (node, name) in others.chain([(own, own_name)]) {
            let province = node.chars().take(2).collect();
            columns.entry((east(node), province)).or_default().push((node, name));
        }
        let count = i32::try_from(columns.len()).unwrap_or(1).max(1);
        let tallest = columns.values().map(Vec::len).max().unwrap_or(1);
        let height = MARGIN * 2 + STEP * i32::try_from(tallest.saturating_sub(1)).unwrap_or(0) + STEP / 2;
        let mut places: BTreeMap<&str, (i32, i32)> = BTreeMap::new();
        let mut spots = Vec::new();
        for (i, column) in columns.values_mut().enumerate() {
            column.sort_unstable();
            let i = i32::try_from(i).unwrap_or(0);
            let x = if count == 1 { WIDTH / 2 } else { SIDE + (WIDTH - 2 * SIDE) * i / (count - 1) };
            // Neighbouring columns stand half a step apart: names have room, lines do not run through members.
            let top = MARGIN + if i % 2 == 1 { STEP / 2 } else { 0 };
            for (j, (node, name)) in column.iter().enumerate() {
                let y = top + STEP * i32::try_from(j).unwrap_or(0);
                places.insert(node, (x, y));
                let name_y = if i % 2 == 1 { y + 28 } else { y - 16 };
                spots.push(Spot { x, y, name_y, name: (*name).to_owned(), own: *node == own });
            }
        }
        let mut ways: BTreeMap<(&str, &str), u32> = BTreeMap::new();
        for flow in &overview.flows {
            *ways.entry((flow.from.as_str(), flow.to.as_str())).or_default() += flow.n;
        }
        let most = ways.values().copied().max().unwrap_or(0);
        let line = |((from, to), n): (&(&str, &str), &u32)| {
            let (a, b) = (places.get(from)?, places.get(to)?);
            let (dx, dy) = (b.0 - a.0, b.1 - a.1);
            let length = dx.unsigned_abs().max(dy.unsigned_abs()).max(1);
            let length = i32::try_from(length).unwrap_or(i32::MAX);
            // To the right of the way, so that the way back lies on the other side.
            let middle = ((a.0 + b.0) / 2 - dy * BEND / length, (a.1 + b.1) / 2 + dx * BEND / length);
            Some(Line {
                path: format!("M{} {}Q{} {} {} {}", a.0, a.1, middle.0, middle.1, b.0, b.1),
                weight: weight(*n, most),
                outgoing: *from == own,
                n: *n,
                x: (a.0 + 2 * middle.0 + b.0) / 4,
                y: (a.1 + 2 * middle.1 + b.1) / 4,
            })
        };
        let lines = ways.iter().filter_map(line).collect();
        FlowMap { width: WIDTH, height, spots, lines }
    }
}

/// The same as a table, from west to east.
pub(super) fn table(own: &str, overview: &Overview) -> Vec<FlowRow> {
    let name = |node: &str| match overview.pairs.iter().find(|p| p.node == node) {
        Some(pair) => ui::member(node, &pair.name, &false),
        None => ui::member(node, "本机关", &true),
    };
    let ways: BTreeSet<_> = overview.flows.iter().map(|f| (east(&f.from), &f.from, &f.to)).collect();
    ways.into_iter()
        .map(|(_, from, to)| {
            let (side, other) = if from == own { ("outgoing", to) } else { ("incoming", from) };
            let base = format!("/cooperation?member={}&side={side}&open=any", ui::query(other));
            let n = |form: Form| {
                let flows = overview.flows.iter().filter(|f| &f.from == from && &f.to == to);
                flows.filter(|f| f.form == form).map(|f| f.n).sum::<u32>()
            };
            let forms: Vec<_> =
                Form::ALL.map(|form| (n(form), format!("{base}&form={}#lists", form.code()))).into();
            FlowRow {
                from: name(from),
                to: name(to),
                total: forms.iter().map(|(n, _)| n).sum(),
                href: format!("{base}#lists"),
                forms,
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use lianzhi_app::{Flow, PairFigures};
    use lianzhi_ids::NodeCode;

    fn overview() -> Overview {
        let pair = |node: &str, name: &str| PairFigures {
            node: node.into(),
            name: name.into(),
            ..PairFigures::default()
        };
        let flow = |from: &str, to: &str, n| Flow { from: from.into(), to: to.into(), form: Form::Lead, n };
        Overview {
            pairs: vec![pair("320509", "吴江"), pair("330421", "嘉善"), pair("340100", "合肥")],
            flows: vec![flow("310118", "330421", 8), flow("330421", "310118", 1)],
            ..Overview::default()
        }
    }

    #[test]
    fn members_stand_from_west_to_east_and_busy_ways_are_thick() {
        let map = FlowMap::of("310118", "青浦", &overview());
        let names: Vec<_> = map.spots.iter().map(|s| s.name.as_str()).collect();
        assert_eq!(names, ["合肥", "吴江", "嘉善", "青浦"]);
        assert!(map.spots.windows(2).all(|w| w[0].x < w[1].x));
        let ways: Vec<_> = map.lines.iter().map(|l| (l.outgoing, l.n, l.weight)).collect();
        assert_eq!(ways, [(true, 8, "w4"), (false, 1, "w1")]);
        assert_ne!((map.lines[0].x, map.lines[0].y), (map.lines[1].x, map.lines[1].y));
    }

    #[test]
    fn every_number_of_the_table_leads_to_its_matters() {
        let rows = table("310118", &overview());
        assert_eq!(rows.len(), 2);
        let out = rows.iter().find(|r| r.href.contains("side=outgoing")).expect("the way out");
        assert_eq!((out.total, out.forms[0].0), (8, 8));
        assert!(out.forms[0].1.contains("member=330421") && out.forms[0].1.contains("form=lead"));
    }

    #[test]
    fn every_province_has_its_place() {
        for (code, _) in EAST {
            let node = NodeCode::parse(&format!("{code}0100")).expect("a code");
            assert!(node.province().is_some(), "{code}");
        }
    }
}

//! Grids and addresses of a small made-up town, asked as officers and citizens ask.
#![expect(clippy::unwrap_used, reason = "a test stops where something unexpected happens")]

use lianzhi_ids::{GridCode, TownCode, UnitCode};
use lianzhi_territory::grid::{self, Area, Grid, Polygon};
use lianzhi_territory::report::check;
use lianzhi_territory::{AddressRegister, Candidate, Crs, GridIndex, Kind, Placement, Placing, Point, Row};
use proptest::prelude::*;

const ZERO: Point = Point { lng_e6: 121_000_000, lat_e6: 31_000_000 };

/// A place so many metres east and north of the town's corner.
fn at(east: f64, north: f64) -> Point {
    ZERO.shifted(east, north)
}

fn rectangle(east: f64, north: f64, width: f64, height: f64) -> Vec<Point> {
    [(0.0, 0.0), (width, 0.0), (width, height), (0.0, height)].map(|(e, n)| at(east + e, north + n)).to_vec()
}

fn named(code: &str, polygons: Vec<Polygon>) -> Grid {
    Grid {
        code: GridCode::parse(code).unwrap(),
        name: format!("网格{code}"),
        town: TownCode::parse("310118103").unwrap(),
        unit: UnitCode::parse("LT01").unwrap(),
        area: Area { polygons },
    }
}

fn block(code: &str, ring: Vec<Point>) -> Grid {
    named(code, vec![Polygon { outer: ring, holes: vec![] }])
}

/// Rows and columns of squares of 400 m that share their edges.
fn town(columns: u32, rows: u32) -> Vec<Grid> {
    let square = |c: u32, r: u32| {
        let corner = |c: u32, r: u32| at(f64::from(c) * 400.0, f64::from(r) * 400.0);
        block(
            &format!("G{r:02}{c:02}"),
            vec![corner(c, r), corner(c + 1, r), corner(c + 1, r + 1), corner(c, r + 1)],
        )
    };
    (0..rows).flat_map(|r| (0..columns).map(move |c| (c, r))).map(|(c, r)| square(c, r)).collect()
}

fn code(placing: Placing<'_>) -> Option<String> {
    placing.grid().map(|g| g.code.to_string())
}

#[test]
fn a_place_belongs_to_the_grid_that_it_lies_in() {
    let index = GridIndex::new(town(5, 4));
    assert_eq!(code(index.place(at(500.0, 900.0))).as_deref(), Some("G0201"));
    assert!(matches!(index.place(at(500.0, 900.0)), Placing::Inside(_)));
    // On a corner of four grids the lowest code wins, always.
    assert_eq!(code(index.place(at(400.0, 400.0))).as_deref(), Some("G0000"));
    assert_eq!(index.len(), 20);
    assert!(index.get(&GridCode::parse("G0304").unwrap()).is_some());
}

#[test]
fn a_place_outside_goes_to_the_nearest_grid_within_reach() {
    let index = GridIndex::new(town(5, 4));
    let Placing::Nearest { grid, metres } = index.place(at(-120.0, 450.0)) else { panic!("within reach") };
    assert_eq!(grid.code.as_str(), "G0100");
    assert!((metres - 120.0).abs() < 1.0, "{metres}");
    let Placing::Outside { metres: Some(metres) } = index.place(at(-1_000.0, 450.0)) else {
        panic!("far away")
    };
    assert!((metres - 1_000.0).abs() < 5.0, "{metres}");
    assert_eq!(GridIndex::new([]).place(ZERO), Placing::Outside { metres: None });
    assert!(GridIndex::with_reach(town(1, 1), 50.0).place(at(-120.0, 100.0)).grid().is_none());
}

#[test]
fn holes_and_islands_are_respected() {
    let ring = named(
        "RING",
        vec![
            Polygon {
                outer: rectangle(0.0, 0.0, 900.0, 900.0),
                holes: vec![rectangle(300.0, 300.0, 300.0, 300.0)],
            },
            Polygon { outer: rectangle(2_000.0, 0.0, 100.0, 100.0), holes: vec![] },
        ],
    );
    let index = GridIndex::with_reach([ring, block("CORE", rectangle(300.0, 300.0, 300.0, 300.0))], 0.0);
    assert_eq!(code(index.place(at(450.0, 450.0))).as_deref(), Some("CORE"));
    assert_eq!(code(index.place(at(100.0, 450.0))).as_deref(), Some("RING"));
    assert_eq!(code(index.place(at(2_050.0, 50.0))).as_deref(), Some("RING"));
    assert_eq!(code(index.place(at(1_500.0, 50.0))), None);
}

#[test]
fn overlaps_and_gaps_are_found_with_their_size() {
    let mut grids = town(5, 4);
    assert_eq!(check(&grids, None, 1.0), lianzhi_territory::report::Report::default());
    // One grid reaches 20 m into its eastern neighbour and 50 m are missing in the north of an inner one.
    grids[6] = block("G0101", rectangle(400.0, 400.0, 420.0, 350.0));
    let report = check(&grids, None, 10.0);
    let [overlap] = report.overlaps.as_slice() else { panic!("{report:?}") };
    assert_eq!((overlap.a.as_str(), overlap.b.as_str()), ("G0101", "G0102"));
    assert!((overlap.m2 - 20.0 * 350.0).abs() < 60.0, "{}", overlap.m2);
    let [gap] = report.gaps.as_slice() else { panic!("{report:?}") };
    assert!((gap.m2 - 50.0 * 400.0).abs() < 120.0, "{}", gap.m2);
    assert!(gap.beside.iter().any(|g| g.as_str() == "G0101"));
    assert!(matches!(GridIndex::with_reach(grids, 0.0).place(gap.at), Placing::Outside { .. }));
}

#[test]
fn a_slit_open_to_the_outside_and_ground_of_the_territory_without_a_grid_are_gaps() {
    let grids =
        [block("A", rectangle(0.0, 0.0, 400.0, 400.0)), block("B", rectangle(406.0, 0.0, 394.0, 400.0))];
    let report = check(&grids, None, 10.0);
    let [slit] = report.gaps.as_slice() else { panic!("{report:?}") };
    assert!((slit.m2 - 6.0 * 400.0).abs() < 100.0, "{}", slit.m2);
    assert_eq!(slit.beside.len(), 2);
    let whole = Area { polygons: vec![Polygon { outer: rectangle(0.0, 0.0, 800.0, 500.0), holes: vec![] }] };
    let report = check(&grids, Some(&whole), 10.0);
    let missing: f64 = report.gaps.iter().map(|g| g.m2).sum();
    assert!((missing - (2_400.0 + 80_000.0)).abs() < 400.0, "{missing}");
}

#[test]
fn five_hundred_grids_are_compared_in_one_go() {
    let mut grids = town(25, 20);
    grids.remove(260);
    let report = check(&grids, None, 10.0);
    assert!(report.overlaps.is_empty() && !report.truncated);
    assert_eq!(report.gaps.len(), 1);
    assert!((report.gaps[0].m2 - 160_000.0).abs() < 500.0);
}

#[test]
fn grids_survive_the_way_through_geojson() {
    let mut grids = town(3, 2);
    grids.push(named(
        "MULTI",
        vec![
            Polygon {
                outer: rectangle(3_000.0, 0.0, 90.0, 90.0),
                holes: vec![rectangle(3_030.0, 30.0, 30.0, 30.0)],
            },
            Polygon { outer: rectangle(3_200.0, 0.0, 10.0, 10.0), holes: vec![] },
        ],
    ));
    let text = grid::export(&grids).to_string();
    let back = grid::import(&text, Crs::Cgcs2000).unwrap();
    assert_eq!(back.errors, []);
    assert_eq!(back.grids, grids);
}

#[test]
fn a_bad_feature_is_named_and_the_others_are_kept() {
    let good = grid::feature(&town(1, 1)[0]);
    let with = |change: &dyn Fn(&mut serde_json::Value)| {
        let mut feature = good.clone();
        feature["properties"]["code"] = "X".into();
        change(&mut feature);
        feature
    };
    let ring = |points: &[[f64; 2]]| serde_json::json!([points]);
    let file = serde_json::json!({ "type": "FeatureCollection", "features": [
        good,
        with(&|f| f["properties"]["town"] = "练塘镇".into()),
        with(&|f| f["geometry"]["type"] = "Point".into()),
        with(&|f| f["geometry"]["coordinates"] = ring(&[[121.0, 31.0], [121.1, 31.1], [121.0, 31.0]])),
        with(&|f| f["geometry"]["coordinates"] = ring(&[[31.0, 121.0], [31.1, 121.1], [31.0, 121.1], [31.0, 121.0]])),
        // A bow tie.
        with(&|f| f["geometry"]["coordinates"] = ring(&[[121.0, 31.0], [121.1, 31.1], [121.1, 31.0], [121.0, 31.1], [121.0, 31.0]])),
        with(&|f| f["geometry"]["coordinates"] = ring(&[[121.0, 31.0], [121.1, 31.1], [121.1, 31.0]])),
        with(&|f| f["geometry"] = serde_json::Value::Null),
        with(&|f| { f["properties"].as_object_mut().unwrap().remove("unit"); }),
        good,
    ]});
    let read = grid::import(&file.to_string(), Crs::Cgcs2000).unwrap();
    assert_eq!(read.grids.len(), 1);
    let reasons: Vec<(usize, bool)> = read
        .errors
        .iter()
        .zip(["九位", "Polygon", "不成面", "对调", "自相交", "闭合", "geometry", "unit", "重复"])
        .map(|(error, word)| (error.index, error.to_string().contains(word)))
        .collect();
    assert_eq!(reasons, (1..=9).map(|i| (i, true)).collect::<Vec<_>>(), "{:?}", read.errors);
    assert!(grid::import("{", Crs::Wgs84).is_err());
    assert!(grid::import(r#"{"type":"Feature"}"#, Crs::Wgs84).is_err());
}

fn row(kind: Kind, name: &str, number: &str, grid: &str, place: Option<Point>) -> Row {
    Row {
        kind,
        name: name.into(),
        aliases: vec![],
        number: number.into(),
        point: place,
        grid: (!grid.is_empty()).then(|| GridCode::parse(grid).unwrap()),
        town: Some(TownCode::parse(if grid.starts_with('Z') { "310118102" } else { "310118103" }).unwrap()),
    }
}

fn register() -> AddressRegister {
    let mut rows = vec![
        row(Kind::Road, "漕平路", "", "G1", Some(at(0.0, 0.0))),
        row(Kind::Road, "漕平路", "", "G2", Some(at(400.0, 0.0))),
        row(Kind::Road, "莲盛路", "", "G2", Some(at(500.0, 0.0))),
        row(Kind::Road, "莲盛路", "", "G3", Some(at(500.0, 500.0))),
        row(Kind::Road, "短街", "", "G3", Some(at(500.0, 600.0))),
        row(Kind::Door, "漕平路", "118号", "G1", Some(at(100.0, 5.0))),
        row(Kind::Door, "漕平路", "120号", "G1", Some(at(120.0, 5.0))),
        row(Kind::Door, "漕平路", "119号", "G1", Some(at(120.0, -5.0))),
        row(Kind::Community, "泖甸小区", "漕平路200弄", "G2", Some(at(450.0, 30.0))),
        row(Kind::Community, "新村", "", "G1", Some(at(50.0, 50.0))),
        row(Kind::Community, "新村", "", "Z1", Some(at(9_050.0, 50.0))),
        row(Kind::Poi, "练塘菜场", "", "G1", Some(at(10.0, 70.0))),
    ];
    rows[11].aliases = vec!["练塘农贸市场".into()];
    let towns = [("310118103", "练塘镇"), ("310118102", "朱家角镇")];
    AddressRegister::new(rows, towns.map(|(code, name)| (TownCode::parse(code).unwrap(), name.to_owned())))
}

fn found(address: &str) -> Candidate {
    match register().find(address) {
        Placement::Found(candidate) => candidate,
        other => panic!("{address}: {other:?}"),
    }
}

fn candidates(address: &str) -> Vec<Candidate> {
    match register().find(address) {
        Placement::Ambiguous(candidates) => candidates,
        other => panic!("{address}: {other:?}"),
    }
}

#[test]
fn a_door_is_found_however_it_is_written() {
    for address in [
        "漕平路118号",
        "练塘镇漕平路118号门口",
        "上海市青浦区练塘镇漕平路１１８＃",
        "漕平路一百一十八号3幢201室",
        "漕平路 118 号旁边的饭店",
    ] {
        assert_eq!(found(address).point, Some(at(100.0, 5.0)), "{address}");
    }
    assert_eq!(found("漕平路200弄12号").label, "漕平路200弄");
    assert_eq!(found("泖甸小区南门").grid.unwrap().as_str(), "G2");
    assert_eq!(found("练塘农贸市场里面").label, "练塘农贸市场");
}

#[test]
fn a_road_alone_is_a_choice_of_grids() {
    let choice = candidates("莲盛路南60米");
    assert_eq!(choice.iter().map(|c| c.grid.as_ref().unwrap().as_str()).collect::<Vec<_>>(), ["G2", "G3"]);
    assert!(choice.iter().all(|c| c.reason.contains("只知道路名")));
    assert_eq!(found("短街上").grid.unwrap().as_str(), "G3");
}

#[test]
fn a_door_that_is_not_in_the_register_is_offered_its_neighbours() {
    let choice = candidates("漕平路122号");
    assert_eq!(choice[0].label, "漕平路120号");
    assert!(choice[0].reason.contains("没有漕平路122号"));
    assert!(choice.len() <= 8);
}

#[test]
fn a_crossing_lies_where_both_roads_run() {
    let crossing = found("漕平路莲盛路路口");
    assert_eq!(crossing.grid.unwrap().as_str(), "G2");
    assert!(candidates("漕平路、短街那里").len() >= 2);
}

#[test]
fn a_direction_moves_the_place_and_leaves_its_grid_open() {
    let moved = found("漕平路118号往南60米");
    assert!((moved.point.unwrap().metres_to(at(100.0, -55.0))) < 1.0);
    assert_eq!(moved.grid, None);
    assert!(moved.reason.contains("南60米"));
}

#[test]
fn the_town_decides_between_places_of_one_name() {
    assert_eq!(candidates("新村垃圾没人收").len(), 2);
    assert_eq!(found("朱家角新村").grid.unwrap().as_str(), "Z1");
    assert_eq!(found("练塘镇新村").grid.unwrap().as_str(), "G1");
}

#[test]
fn a_misspelt_name_is_offered_never_taken() {
    let choice = candidates("泖店小区");
    assert_eq!(choice[0].label, "泖甸小区");
    assert_eq!(register().find("火星基地"), Placement::Unknown);
    assert_eq!(register().find(""), Placement::Unknown);
}

proptest! {
    #[test]
    fn no_address_panics(address in ".{0,60}") {
        let _ = register().find(&address);
    }

    #[test]
    fn the_index_says_the_same_as_looking_at_every_grid(e in -800.0..2_800.0f64, n in -800.0..2_400.0f64) {
        let grids = town(5, 4);
        let p = at(e, n);
        let first = grids.iter().filter(|g| g.area.contains(p)).map(|g| g.code.to_string()).min();
        let index = GridIndex::new(grids.clone());
        match index.place(p) {
            Placing::Inside(grid) => prop_assert_eq!(Some(grid.code.to_string()), first),
            Placing::Nearest { metres, .. } | Placing::Outside { metres: Some(metres) } => {
                prop_assert_eq!(first, None);
                let least = grids.iter().map(|g| g.area.metres_to(p)).fold(f64::INFINITY, f64::min);
                prop_assert!((least - metres).abs() < 0.5);
            }
            Placing::Outside { metres: None } => prop_assert!(false),
        }
    }
}

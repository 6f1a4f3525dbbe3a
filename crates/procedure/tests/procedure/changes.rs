//! What a change of a register's record changed, in words.

use crate::kit::directory;
use lianzhi_ids::Role;
use lianzhi_law::LawFiles;
use lianzhi_procedure::Procedure;
use lianzhi_procedure::directory::{Grid, Person, Post, Settings, Unit};
use lianzhi_procedure::register::{Deed, Event, Record, Register, State};
use lianzhi_testkit::city;
use serde_json::json;

fn put(state: State, record: &Record) -> State {
    Register::evolve(state, &Event::Put { record: Box::new(record.clone()) })
}

/// What the second record changes of the first.
fn said(old: &Record, new: &Record) -> Vec<String> {
    let state = put(State::default(), old);
    state.changes(new, directory()).into_iter().map(|c| format!("{}：{}", c.field, c.what)).collect()
}

fn unit(code: &str) -> Unit {
    directory().units[&city::unit(code)].clone()
}

fn person(code: &str) -> Person {
    Person::clone(&directory().people[&city::person(code)])
}

#[test]
fn a_record_is_first_registered_then_changed_retired_and_taken_back() {
    let record = Record::Unit(unit("squad-a"));
    let state = State::default();
    assert_eq!(state.deed(), Deed::First);
    assert!(state.changes(&record, directory()).is_empty());
    let state = put(state, &record);
    assert_eq!(state.deed(), Deed::Changed);
    let state = Register::evolve(state, &Event::Retired { reason: "撤并".into() });
    assert_eq!(state.deed(), Deed::Restored);
    assert_eq!(put(state, &record).deed(), Deed::Changed);
}

#[test]
fn a_unit_that_is_moved_and_renamed_says_from_where_to_where() {
    let old = unit("squad-b");
    let new = Unit {
        name: "乙镇大队".into(),
        parent: Some(city::unit("squad-a")),
        phone: "021-59720000".into(),
        outside: true,
        ..old.clone()
    };
    assert_eq!(
        said(&Record::Unit(old), &Record::Unit(new)),
        [
            "名称：乙镇中队 → 乙镇大队",
            "上级：执法局 → 甲镇中队",
            "电话：（空） → 021-59720000",
            "外部门：否 → 是"
        ]
    );
}

#[test]
fn a_person_says_posts_roles_grids_and_whether_he_is_there() {
    let old = person("officer-a1");
    let mut new = Person { active: false, name: "队员甲".into(), ..old.clone() };
    new.posts[0].roles.push(Role::SquadLeader);
    new.posts[0].grids = vec![city::grid(city::GRIDS[0]), city::grid(city::GRIDS[1])];
    new.posts.push(Post { unit: city::unit("squad-b"), roles: vec![Role::Verifier], grids: Vec::new() });
    let grid = directory().grids[&city::grid(city::GRIDS[1])].name.clone();
    assert_eq!(
        said(&Record::Person(old.clone()), &Record::Person(new.clone())),
        [
            "姓名：队员甲一 → 队员甲".to_owned(),
            "在甲镇中队的角色：执法队员 → 执法队员、队长".to_owned(),
            format!("在甲镇中队的网格：增加 {grid}"),
            "岗位：增加 乙镇中队（核查员）".to_owned(),
            "在职：是 → 否".to_owned(),
        ]
    );
    let back = said(&Record::Person(new.clone()), &Record::Person(old));
    assert!(back.contains(&"岗位：结束 乙镇中队（核查员）".to_owned()), "{back:?}");
    let mut whole = new.clone();
    whole.posts[0].grids.clear();
    let said = said(&Record::Person(new), &Record::Person(whole));
    assert!(said.len() == 1 && said[0].ends_with(" → 整个辖区"), "{said:?}");
}

#[test]
fn a_grid_counts_the_corners_of_its_boundary() {
    let shape = |points: &[[f64; 2]]| json!({ "type": "Polygon", "coordinates": [points] }).to_string();
    let square = [[121.0, 31.0], [121.1, 31.0], [121.1, 31.1], [121.0, 31.1], [121.0, 31.0]];
    let moved = [[121.0, 31.0], [121.2, 31.0], [121.1, 31.1], [121.0, 31.1], [121.0, 31.0]];
    let old = Grid { geometry: shape(&square), ..directory().grids[&city::grid(city::GRIDS[0])].clone() };
    let with = |geometry: String| Record::Grid(Grid { geometry, ..old.clone() });
    let was = Record::Grid(old.clone());
    let triangle = shape(&[square[0], square[1], square[2], square[0]]);
    assert_eq!(said(&was, &with(triangle)), ["边界：4 个角 → 3 个角"]);
    assert_eq!(said(&was, &with(shape(&moved))), ["边界：有移动，仍是 4 个角"]);
    let given = Record::Grid(Grid { unit: city::unit("squad-b"), ..old.clone() });
    assert_eq!(said(&was, &given), ["负责单位：甲镇中队 → 乙镇中队"]);
}

#[test]
fn settings_and_categories_say_their_fields() {
    let old = city::settings();
    let new = Settings { reopen_days: 30, second_factor_roles: vec![Role::Admin], ..old.clone() };
    assert_eq!(
        said(&Record::Settings(old), &Record::Settings(new)),
        ["上报人可要求重办：结案后 15 日内 → 结案后 30 日内", "必须用动态口令的角色：（空） → 管理员"]
    );
    let old = directory().categories[&city::category(city::STALL)].clone();
    let mut new = old.clone();
    new.department = Some(city::unit("water"));
    assert_eq!(said(&Record::Category(old), &Record::Category(new)), ["主管部门：（空） → 区水务局"]);
}

#[test]
fn law_data_says_which_terms_changed_also_against_what_came_with_the_program() {
    let name = "terms/service.toml";
    let files = LawFiles::builtin();
    let text = files.iter().find(|(n, _)| *n == name).unwrap().1.to_owned();
    let law = directory().law.clone();
    let from = jiff::civil::date(2027, 1, 1);
    let accept = law.standard("service.accept", from).unwrap();
    let new = lianzhi_law::Standard { amount: accept.amount + 25, in_force_from: from, ..accept.clone() };
    let changed = lianzhi_law::revise::with_standard(name, &text, &new).unwrap();
    let record = |text: &str| Record::Law { name: name.into(), text: text.into() };
    let first: Vec<_> = State::default().changes(&record(&changed), directory());
    let words = format!("2027-01-01 起 {} → {}", accept.plain_measure(), new.plain_measure());
    assert_eq!(first.len(), 1, "{first:?}");
    assert_eq!((&*first[0].field, &first[0].what), (&*accept.title, &words));
    let back = said(&record(&changed), &record(&text));
    assert!(back.len() == 1 && back[0].contains("去掉 2027-01-01 起的"), "{back:?}");
    // Where no term changes, the lines are named.
    let remark = format!("# 注\n{text}");
    assert_eq!(said(&record(&text), &record(&remark)), ["内容：新写 1 行（第 1 行）"]);
}

#[test]
fn law_data_says_which_statutes_tightenings_powers_and_thresholds_changed() {
    let files = LawFiles::builtin();
    let file = |name: &str| files.iter().find(|(n, _)| *n == name).unwrap().1.to_owned();
    let name = "terms/statutes.toml";
    let text = file(name);
    let at = text.find("key = \"evidence.advance_registration\"").unwrap();
    let changed = format!("{}{}", &text[..at], text[at..].replacen("n = 7\n", "n = 5\n", 1));
    let record = |name: &str, text: &str| Record::Law { name: name.into(), text: text.into() };
    let first: Vec<_> = State::default().changes(&record(name, &changed), directory());
    assert_eq!(first.len(), 1, "{first:?}");
    assert_eq!(first[0].field, "法定期限 先行登记保存证据的处理");
    assert!(first[0].what.contains("7 个工作日 → 5 个工作日"), "{}", first[0].what);
    assert!(first[0].what.contains("已核对 → 未核对"), "nobody compared it: {}", first[0].what);
    let own = "about = { source = \"t\", date = \"2026-01-01\", licence = \"t\" }\n[[tighten]]\nkey = \"seize.period\"\nn = 20\n\
               source = \"本局办案规程\"\nin_force_from = \"2026-06-01\"\n";
    let stricter: Vec<_> = State::default().changes(&record("terms/own.toml", own), directory());
    assert_eq!(stricter.len(), 1, "{stricter:?}");
    assert_eq!(stricter[0].field, "本机关从严：查封、扣押");
    assert!(stricter[0].what.contains("20 日") && stricter[0].what.contains("本局办案规程"));
    let powers = file("items/powers.toml").replacen("[\"*\"]", "[\"FW-*\"]", 1);
    let given: Vec<_> = State::default().changes(&record("items/powers.toml", &powers), directory());
    assert!(given.len() == 1 && given[0].what.contains("事项 * → FW-*"), "{given:?}");
}

#[test]
fn a_year_of_holidays_says_how_many_days_changed() {
    let record = |text: &str| Record::Law { name: "calendar/holidays-2031.tsv".into(), text: text.into() };
    let year = |days: &str| {
        let empty = lianzhi_law::revise::new_years("本机关录入", jiff::civil::date(2030, 11, 1));
        let days = lianzhi_law::revise::special_days(days, 2031).unwrap();
        record(&lianzhi_law::revise::with_year(&empty, 2031, "国办发明电〔2030〕1号", &days))
    };
    let first = year("2031-01-01 放假 元旦");
    let loaded = State::default().changes(&first, directory());
    assert_eq!((loaded.len(), &*loaded[0].field), (1, "2031 年放假安排"));
    let what = &loaded[0].what;
    assert!(what.starts_with("载入（国办发明电〔2030〕1号）") && what.contains("天和推算的不同"), "{what}");
    let second = year("2031-01-01 放假 元旦\n2031-06-03 放假 局庆");
    assert_eq!(said(&first, &second), ["2031 年放假安排：1 天有改动（2031-06-03）"]);
}

#[test]
fn an_access_names_the_person_and_who_did_it_for_him() {
    let access = |what: &str| Record::Access { person: city::person("officer-a1"), what: what.into() };
    let words = access("person:admin 重设密码 2026-11-23T01:00:00Z").words(directory());
    assert_eq!(words, "队员甲一 的登录：重设密码（由管理员甲）");
    assert_eq!(
        access("本人修改密码 2026-11-23T01:00:00Z").words(directory()),
        "队员甲一 的登录：本人修改密码"
    );
    assert_eq!(
        access("签发令牌 test 2026-11-23T01:00:00Z").words(directory()),
        "队员甲一 的登录：签发令牌 test"
    );
}

#[test]
fn a_block_of_addresses_counts_its_lines() {
    let block = |text: &str| Record::Addresses { name: "310118104".into(), text: text.into() };
    assert_eq!(
        said(&block("a\nb\nc\n"), &block("a\nx\nc\ny\n")),
        ["内容：新写 2 行（第 2、4 行），去掉 1 行"]
    );
}

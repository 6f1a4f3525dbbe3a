//! Which basis a penalty rests on, and how it compares.

use crate::*;
use lianzhi_law::{
    Case, Choice, ConductError, Degree, Fen, FineRange, FreeList, Jurisdiction, SubjectKind, ThresholdKind,
    Verified, choose,
};

fn case(place: &str, kind: &str, begun: &str, ended: &str, decided: &str) -> Case {
    let day = |text: &str| text.parse().unwrap();
    Case {
        place: LAW.place(place).unwrap(),
        kind: SubjectKind::parse(kind).unwrap(),
        facts: Vec::new(),
        begun: day(begun),
        ended: day(ended),
        decided: day(decided),
    }
}

fn chosen(item: &str, case: &Case) -> Choice<'static> {
    choose(LAW.item(item).unwrap(), case).unwrap()
}

#[test]
fn 行政处罚法_37_the_old_law_unless_the_new_one_is_lighter() {
    #[rustfmt::skip]
    let table = [
        // item, place, who, begun, ended, decided, law, article
        // 露天烧烤: 500–20000 before, 500–5000 after: the new one is lighter.
        ("FS-03", "SH", "个人", "2026-08-14", "2026-08-14", "2026-08-14", "大气污染防治法", "118(3)"),
        ("FS-03", "SH", "个人", "2026-08-14", "2026-08-14", "2026-08-15", "生态环境法典", "1132(3)"),
        ("FS-03", "SH", "个人", "2026-08-15", "2026-08-15", "2026-08-15", "生态环境法典", "1132(3)"),
        ("FS-03", "SH", "个人", "2026-08-14", "2026-08-15", "2026-09-01", "生态环境法典", "1132(3)"),
        // 乱倒生活垃圾, 单位: 50000–500000 before, 100000–1000000 after: the old one.
        ("SHLJ-06", "SH", "单位", "2026-08-14", "2026-08-14", "2026-09-01", "固体废物", "111(1)(一)(七)、(2)"),
        ("SHLJ-06", "SH", "单位", "2026-08-15", "2026-08-15", "2026-09-01", "生态环境法典", "1169(1)"),
        // Conduct that goes on over the day is judged by its end.
        ("SHLJ-06", "SH", "单位", "2026-08-01", "2026-08-15", "2026-09-01", "生态环境法典", "1169(1)"),
        ("SHLJ-06", "SH", "单位", "2026-08-01", "2026-08-14", "2026-09-01", "固体废物", "111(1)(一)(七)、(2)"),
        // The same range: the old one.
        ("SG-02", "SH", "单位", "2026-08-14", "2026-08-14", "2026-09-01", "大气污染防治法", "115(1)"),
        ("JZLJ-01", "SH", "单位", "2026-08-14", "2026-08-14", "2026-09-01", "固体废物", "111(1)(四)、(2)"),
        ("JZLJ-01", "SH", "单位", "2026-08-15", "2026-08-15", "2026-09-01", "生态环境法典", "1169(1)"),
    ];
    for (item, place, kind, begun, ended, decided, law, article) in table {
        let found = chosen(item, &case(place, kind, begun, ended, decided));
        let basis = found.chosen.unwrap_or_else(|| panic!("{item}: {}", found.explanation));
        assert!(basis.law.contains(law), "{item} {begun}..{ended} {decided}: {}", found.explanation);
        assert_eq!(&*basis.article, article, "{item}: {}", found.explanation);
        assert_eq!(found.rejected.len() + 1, found.item.bases.len(), "each other one has its reason");
        assert!(found.rejected.iter().all(|r| !r.reason.is_empty()));
    }
}

#[test]
fn 行政处罚法_37_both_laws_and_their_ranges_are_shown() {
    let found = chosen("FS-03", &case("SH", "单位", "2026-08-14", "2026-08-14", "2026-08-15"));
    for words in ["500 元以上 20,000 元以下", "500 元以上 5,000 元以下", "较轻", "第37条", "先比最高额"]
    {
        assert!(found.explanation.contains(words), "{words}: {}", found.explanation);
    }
    assert!(found.old.unwrap().law.contains("大气"));
    assert!(found.new.unwrap().law.contains("法典"));
}

#[test]
fn 行政处罚法_37_a_new_law_does_not_reach_back() {
    // 商业噪声: the data knows the code only.
    let found = chosen("ZS-01", &case("SH", "单位", "2026-08-14", "2026-08-14", "2026-09-01"));
    assert_eq!(found.chosen, None);
    assert!(found.explanation.contains("不溯及"), "{}", found.explanation);
    assert!(chosen("ZS-01", &case("SH", "单位", "2026-08-14", "2026-08-15", "2026-09-01")).chosen.is_some());
}

#[test]
fn 行政处罚法_37_what_the_new_law_punishes_no_more_is_not_punished() {
    let law = with_items(
        "[[item]]\ncode = \"XX-01\"\nname = \"n\"\ndomain = \"d\"\nviolation = \"v\"\nsubject = [\"个人\"]\nsh_free = \"unknown\"\n\
         [[item.basis]]\njurisdiction = \"CN\"\nlaw = \"旧法\"\narticle = \"1\"\nsubject = \"个人\"\nkinds = [\"个人\"]\nfine_min = 0\n\
         fine_max = 100\neffective_to = \"2026-08-14\"\nverified = \"V\"\nsource = \"s\"\nconfidence = 1.0\n",
    )
    .unwrap();
    let item = law.item("XX-01").unwrap();
    let late = choose(item, &case("SH", "个人", "2026-08-14", "2026-08-14", "2026-08-15")).unwrap();
    assert_eq!(late.chosen, None);
    assert!(late.explanation.contains("新的规定不处罚的，适用新的规定"), "{}", late.explanation);
    let early = choose(item, &case("SH", "个人", "2026-08-14", "2026-08-14", "2026-08-14")).unwrap();
    assert_eq!(early.chosen.map(|basis| &*basis.law), Some("旧法"));
}

#[test]
fn 行政处罚法_29_of_several_rules_the_one_with_the_higher_fine() {
    // 国家 50000–500000, 上海 5000–50000.
    let found = chosen("SHLJ-01", &case("SH", "单位", "2026-09-01", "2026-09-01", "2026-09-10"));
    assert_eq!(&*found.chosen.unwrap().article, "1174(3)");
    let local = found.rejected.iter().find(|r| r.basis.jurisdiction.as_str() == "SH").unwrap();
    assert!(local.reason.contains("第29条"), "{}", local.reason);
    let other = found.rejected.iter().find(|r| r.basis.jurisdiction.as_str() == "ZJ").unwrap();
    assert!(other.reason.starts_with("地域"), "{}", other.reason);
    // 房屋承重: a city's regulation of 10000–100000 against 50000–100000 of the State Council.
    let found = chosen("FW-01", &case("310118", "个人", "2026-09-01", "2026-09-01", "2026-09-10"));
    assert!(found.chosen.unwrap().law.contains("建设工程质量管理条例"));
}

#[test]
fn 行政处罚法_12_2_a_local_rule_above_the_nations_is_put_to_the_legal_officer() {
    let found = chosen("HD-01", &case("SH", "单位", "2026-09-01", "2026-09-01", "2026-09-10"));
    assert_eq!(
        found.chosen.unwrap().fine,
        FineRange::Between { min: Fen::yuan(10_000), max: Fen::yuan(50_000) }
    );
    assert!(!found.warnings.iter().any(|w| w.contains("第12条")), "not above: {:?}", found.warnings);
    let law = with_items(
        "[[basis]]\nitem = \"ZD-04\"\njurisdiction = \"ZJ\"\nlaw = \"某条例\"\narticle = \"1\"\nsubject = \"单位/个人\"\n\
         kinds = [\"单位\", \"个人\"]\nfine_min = 1000\nfine_max = 30000\nverified = \"V\"\nsource = \"s\"\nconfidence = 1.0\n",
    )
    .unwrap();
    let item = law.item("ZD-04").unwrap();
    let found = choose(item, &case("ZJ", "单位", "2026-09-01", "2026-09-01", "2026-09-10")).unwrap();
    assert!(found.warnings.iter().any(|w| w.contains("第12条第2款")), "{:?}", found.warnings);
}

#[test]
fn who_and_where_and_which_department_is_looked_at() {
    let found = chosen("JZLJ-01", &case("ZJ", "单位", "2026-08-01", "2026-08-01", "2026-08-10"));
    let reason = |words: &str| found.rejected.iter().any(|r| r.reason.contains(words));
    assert!(reason("生态环境主管部门"), "{:?}", found.rejected);
    assert!(reason("浙江嘉兴的规定，不适用于浙江"), "that of 嘉兴");
    assert!(reason("自 2026-08-15 起施行"));
    // In 嘉兴 both are there; what is limited to renovation waste waits for the facts.
    let jiaxing = chosen("JZLJ-01", &case("330421", "单位", "2026-09-01", "2026-09-01", "2026-09-10"));
    assert!(jiaxing.rejected.iter().any(|r| r.reason.contains("装修垃圾")), "{:?}", jiaxing.rejected);
    let person = chosen("JZLJ-01", &case("SH", "个人", "2026-09-01", "2026-09-01", "2026-09-10"));
    assert_eq!(person.chosen, None);
    assert!(person.rejected.iter().all(|r| r.reason.starts_with("对象") || r.reason.starts_with("地域")));
}

#[test]
fn facts_that_are_named_open_the_rules_limited_to_them() {
    let mut asked = case("ZJ-嘉兴", "个人", "2026-09-01", "2026-09-01", "2026-09-10");
    asked.facts = vec!["装修垃圾".to_owned()];
    let found = chosen("JZLJ-02", &asked);
    let basis = found.chosen.unwrap();
    assert_eq!(
        (basis.only.as_deref(), basis.fine.text()),
        (Some("装修垃圾"), "1,000 元以上 10,000 元以下".to_owned())
    );
    assert!(found.rejected.iter().any(|r| r.reason.contains("建设工程垃圾")), "{:?}", found.rejected);
}

#[test]
fn an_unconfirmed_basis_says_so_until_a_legal_officer_has_confirmed_it() {
    let asked = case("SH", "个人", "2026-09-01", "2026-09-01", "2026-09-10");
    let found = chosen("GG-03", &asked);
    let basis = found.chosen.unwrap();
    assert_eq!(basis.verified, Verified::V2);
    assert!(basis.needs_confirmation());
    assert!(
        found.warnings.iter().any(|w| w.contains("法制人员确认前不得单独作为处罚依据")),
        "{:?}",
        found.warnings
    );
    let confirm = "[[confirm]]\nitem = \"GG-03\"\njurisdiction = \"SH\"\nlaw = \"上海市市容环境卫生管理条例(2022修订,2022-12-01施行)\"\n\
                   article = \"20(5)(6)\"\nby = \"法制员\"\ndate = \"2026-11-01\"\nsource = \"市人大常委会公报\"\n";
    let law = with_items(confirm).unwrap();
    let found = choose(law.item("GG-03").unwrap(), &asked).unwrap();
    assert!(!found.chosen.unwrap().needs_confirmation());
    let error = with_items(&confirm.replace("20(5)(6)", "99")).unwrap_err();
    assert!(error.reason.contains("没有这一依据"), "{error}");
}

#[test]
fn a_confirmation_is_kept_in_a_file_that_holds_nothing_else() {
    use lianzhi_law::{Confirmed, confirm};
    let item = LAW.item("GG-03").unwrap();
    let confirmed = Confirmed { by: "李\"某".into(), date: date(2026, 11, 1), source: "公报".into() };
    let name = confirm::file_of("GG-03");
    assert!(confirm::is_file(&name) && !confirm::is_file("items/items.toml"));
    let one = confirm::with(None, "GG-03", &item.bases[0], &confirmed);
    let two = confirm::with(Some(&one), "GG-03", &item.bases[1], &confirmed);
    confirm::check(&name, &two).unwrap();
    let mut files = LawFiles::builtin();
    files.put(&name, &two);
    let law = LawData::load(&files).unwrap();
    let found = &law.item("GG-03").unwrap().bases;
    assert_eq!(found[0].confirmed, Some(confirmed.clone()));
    assert!(found[1].confirmed.is_some() && found[2].confirmed.is_none());
    let power = "[[power]]\nagency = \"310118\"\nitems = [\"*\"]\ndecision = \"d\"\nstanding = \"adopted\"\nin_force_from = \"2026-01-01\"\n";
    assert!(confirm::check(&name, &format!("{one}\n{power}")).unwrap_err().reason.contains("[[confirm]]"));
    assert!(
        confirm::check(&name, &one.replace("GG-03", "FS-03")).unwrap_err().reason.contains("confirmed-fs-03")
    );
    assert!(confirm::check(&name, "[").is_err());
}

#[test]
fn what_was_entered_from_memory_is_chosen_only_where_nothing_else_is() {
    let found = chosen("JZLJ-05", &case("SH", "单位", "2026-09-01", "2026-09-01", "2026-09-10"));
    assert_eq!(found.chosen.unwrap().verified, Verified::V);
    let only = chosen("JZLJ-06", &case("SH", "单位", "2026-09-01", "2026-09-01", "2026-09-10"));
    assert_eq!(only.chosen.unwrap().verified, Verified::M);
    assert!(only.warnings.iter().any(|w| w.contains("凭记忆录入")), "{:?}", only.warnings);
}

#[test]
fn dates_in_the_wrong_order_are_refused() {
    let item = LAW.item("FS-03").unwrap();
    let error = |begun, ended, decided| choose(item, &case("SH", "个人", begun, ended, decided)).unwrap_err();
    assert!(matches!(error("2026-09-02", "2026-09-01", "2026-09-03"), ConductError::Ended { .. }));
    assert!(matches!(error("2026-09-01", "2026-09-02", "2026-09-01"), ConductError::Decided { .. }));
}

#[test]
fn 行政处罚法_51_a_penalty_on_the_spot_is_possible_as_the_table_says() {
    // As derived by the table's author, for the bases of today and before.
    #[rustfmt::skip]
    let table: &[(&str, &[&str])] = &[
        ("JZLJ-01", &[]), ("JZLJ-02", &["个人"]), ("JZLJ-03", &["单位"]), ("SHLJ-01", &[]), ("SHLJ-02", &["个人"]),
        ("SHLJ-03", &["单位"]), ("RQ-01", &[]), ("RQ-02", &["单位", "个人"]), ("FS-01", &["单位"]), ("FS-03", &["单位"]),
        ("GG-03", &["单位", "个人"]), ("ZD-01", &["单位", "个人"]), ("ZD-04", &["单位", "个人"]), ("CL-01", &["个人"]),
        ("WJ-01", &[]), ("FW-02", &["单位"]), ("QB-01", &["个人"]),
    ];
    for (item, kinds) in table {
        let found: Vec<&str> = LAW
            .item(item)
            .unwrap()
            .summary_possible(date(2026, 11, 23))
            .iter()
            .map(|kind| kind.title())
            .collect();
        assert_eq!(found, *kinds, "{item}");
    }
}

#[test]
fn every_item_of_the_table_is_there_with_its_standing() {
    assert_eq!(LAW.items().count(), 52);
    assert_eq!(LAW.items().map(|item| item.bases.len()).sum::<usize>(), 125);
    assert_eq!(LAW.item("ZD-05").unwrap().free_list, FreeList::Yes2020);
    for item in LAW.items() {
        for basis in &item.bases {
            assert!(!basis.source.is_empty() && (1..=100).contains(&basis.confidence), "{}", item.code);
            assert!(
                basis.kinds.iter().all(|kind| item.subjects.contains(kind)),
                "{} {}",
                item.code,
                basis.citation()
            );
        }
    }
}

#[test]
fn places_are_known_by_code_name_and_division() {
    for (text, code) in [
        ("SH", "SH"),
        ("sh", "SH"),
        ("上海", "SH"),
        ("上海市", "SH"),
        ("310118", "SH"),
        ("320509", "JS"),
        ("330421", "ZJ-嘉兴"),
        ("330100", "ZJ"),
        ("340100", "AH"),
        ("CN", "CN"),
        ("SH-青浦", "SH-青浦"),
    ] {
        assert_eq!(LAW.place(text).unwrap().as_str(), code, "{text}");
    }
    for text in ["", "XX", "广东", "44", "浙"] {
        let error = LAW.place(text).unwrap_err();
        assert!(error.contains("SH（上海市）"), "{error}");
    }
    let city = Jurisdiction::parse("ZJ-嘉兴").unwrap();
    assert!(Jurisdiction::parse("ZJ").unwrap().covers(&city) && Jurisdiction::nation().covers(&city));
    assert!(!city.covers(&Jurisdiction::parse("ZJ").unwrap()));
    assert!(!Jurisdiction::parse("ZJ-嘉").unwrap().covers(&city));
}

#[test]
fn an_unknown_item_names_those_that_come_near() {
    let error = LAW.item("JZLJ-99").unwrap_err();
    assert!(error.to_string().contains("JZLJ-01"), "{error}");
    assert!(LAW.item("烧烤").unwrap_err().to_string().contains("FS-03"));
    assert!(LAW.item("?").unwrap_err().to_string().contains("lianzhi law items"));
}

#[test]
fn 规章制度趋同_gaps_and_unequal_ranges_are_marked() {
    let found = LAW.compare(LAW.item("ZD-03").unwrap(), date(2026, 9, 1));
    let places: Vec<&str> = found.places.iter().map(|place| place.jurisdiction.as_str()).collect();
    assert_eq!(places, ["SH", "JS", "ZJ", "AH"]);
    assert!(found.gaps.iter().any(|gap| gap.contains("安徽省")), "{:?}", found.gaps);
    // 个人 未分类投放: 上海 50–200, 浙江 200–2000.
    let found = LAW.compare(LAW.item("SHLJ-02").unwrap(), date(2026, 9, 1));
    let conflict = found.conflicts.iter().find(|c| c.subject == SubjectKind::Person).unwrap();
    assert!(!conflict.disjoint, "200 is in both");
    assert!(conflict.text.contains("10.0 倍"), "{}", conflict.text);
    assert!(found.gaps.iter().any(|gap| gap == "江苏省对个人没有规定"), "{:?}", found.gaps);
    // 占道设摊: 上海 100–1000, 浙江 0–50.
    let found = LAW.compare(LAW.item("ZD-01").unwrap(), date(2026, 9, 1));
    assert!(
        found.conflicts.iter().any(|c| c.disjoint && c.text.contains("没有交集")),
        "{:?}",
        found.conflicts
    );
    // 最高额 10000 and 20000, 最低额 1000 and 5000 … the most unequal stand first.
    assert!(found.conflicts.is_sorted_by_key(|c| std::cmp::Reverse(c.degree)), "{:?}", found.conflicts);
    // The same in all of them: nothing to mark.
    let found = LAW.compare(LAW.item("SG-01").unwrap(), date(2026, 9, 1));
    assert!(found.conflicts.is_empty(), "{:?}", found.conflicts);
}

/// The example of 同事不同罚 that was given by those who asked for the comparison: at sea Zhejiang 10,000–50,000, Shanghai
/// 3,000–30,000, Jiangsu none. The ranges overlap and the greatest fines differ by less than two.
#[test]
fn 同事不同罚_at_sea_is_marked_with_its_degree_and_the_gap() {
    let basis = |place: &str, min: u32, max: u32| {
        format!(
            "[[item.basis]]\njurisdiction = \"{place}\"\nlaw = \"{place}海域使用管理条例\"\narticle = \"1\"\nsubject = \"s\"\n\
             kinds = [\"单位\"]\nfine_min = {min}\nfine_max = {max}\nverified = \"V\"\nsource = \"s\"\nconfidence = 1.0\n"
        )
    };
    let with = |bases: &[String]| {
        let head = "[[item]]\ncode = \"HY-01\"\nname = \"擅自占用海域\"\ndomain = \"海域\"\nviolation = \"v\"\nsubject = [\"单位\"]\n\
                    sh_free = \"unknown\"\n";
        let law = with_items(&format!("{head}{}", bases.concat())).unwrap();
        law.compare(law.item("HY-01").unwrap(), date(2026, 9, 1))
    };
    let found = with(&[basis("ZJ", 10_000, 50_000), basis("SH", 3_000, 30_000)]);
    let [one] = &found.conflicts[..] else { panic!("{:?}", found.conflicts) };
    assert_eq!((one.degree, one.disjoint), (Degree::Great, false));
    assert!(one.text.contains("最高额相差 1.6 倍") && one.text.contains("最低额相差 3.3 倍"), "{}", one.text);
    assert!(found.gaps.contains(&"江苏省对单位没有规定".to_owned()), "{:?}", found.gaps);
    // table: least and greatest of the other place, and how unequal that is.
    for (min, max, degree) in [
        (10_000, 50_000, None),
        (10_000, 50_001, Some(Degree::Different)),
        (10_000, 74_999, Some(Degree::Different)),
        (10_000, 75_000, Some(Degree::Great)),
        (6_667, 50_000, Some(Degree::Different)),
        (6_666, 50_000, Some(Degree::Great)),
        (0, 50_000, Some(Degree::Different)),
        (50_000, 60_000, Some(Degree::Great)),
        (50_001, 60_000, Some(Degree::Disjoint)),
    ] {
        let found = with(&[basis("ZJ", 10_000, 50_000), basis("SH", min, max)]);
        assert_eq!(found.conflicts.first().map(|c| c.degree), degree, "{min}–{max}");
    }
}

/// A graver grade of the new law: whoever would not put it right is judged by the old one (行政处罚法 37).
#[test]
fn 行政处罚法_37_graver_grades_of_one_article_are_bases_of_their_own() {
    let item = LAW.item("FS-03").unwrap();
    let chosen = |facts: &[&str]| {
        let case = Case {
            place: LAW.place("SH").unwrap(),
            kind: SubjectKind::Entity,
            facts: facts.iter().map(|fact| (*fact).into()).collect(),
            begun: date(2026, 8, 14),
            ended: date(2026, 8, 14),
            decided: date(2026, 8, 15),
        };
        let choice = choose(item, &case).unwrap();
        (choice.chosen.unwrap().citation(), choice.warnings.join("；"))
    };
    let (law, warned) = chosen(&[]);
    assert!(law.contains("生态环境法典"), "500–5000 is lighter: {law}");
    assert!(
        warned.contains("限于“拒不改正”的") && warned.contains("5,000"),
        "and it is said for whom not: {warned}"
    );
    assert!(chosen(&["拒不改正"]).0.contains("大气污染防治法"), "5000–20000 is heavier than 500–20000");
    for (code, only, least) in
        [("ZS-01", "拒不改正", 50_000), ("FW-01", "情节严重", 100_000), ("GG-03", "组织发布者", 10_000)]
    {
        let graver = LAW.item(code).unwrap().bases.iter().find(|b| b.only.as_deref() == Some(only)).unwrap();
        assert_eq!(graver.fine.amounts().unwrap().0, Fen::yuan(least), "{code}");
    }
}

#[test]
fn 行政处罚法_63_the_bound_for_a_hearing_is_known_for_shanghai_only() {
    let day = date(2026, 9, 1);
    let of = |place: &str| LAW.threshold(ThresholdKind::Hearing, &LAW.place(place).unwrap(), day);
    let shanghai = of("310118").unwrap();
    assert!(shanghai.reached(SubjectKind::Person, Fen::yuan(5000)));
    assert!(!shanghai.reached(SubjectKind::Person, Fen(499_999)));
    assert!(!shanghai.reached(SubjectKind::Entity, Fen(4_999_999)));
    assert!(shanghai.reached(SubjectKind::Entity, Fen::yuan(50_000)));
    assert_eq!(shanghai.standing, Standing::Unverified);
    for place in ["JS", "ZJ", "AH"] {
        assert!(of(place).is_none(), "{place}: has to be entered");
    }
}

pub fn with_items(text: &str) -> Result<LawData, lianzhi_law::LawError> {
    let mut files = LawFiles::builtin();
    let about = "about = { source = \"t\", date = \"2026-01-01\", licence = \"t\" }\n";
    files.put("items/own.toml", &format!("{about}{text}"));
    LawData::load(&files)
}

#[test]
fn broken_items_are_refused_with_file_and_reason() {
    let item = |body: &str| {
        format!(
            "[[item]]\ncode = \"XX-01\"\nname = \"n\"\ndomain = \"d\"\nviolation = \"v\"\nsubject = [\"个人\"]\nsh_free = \"unknown\"\n\
             [[item.basis]]\njurisdiction = \"SH\"\nlaw = \"l\"\narticle = \"1\"\nsubject = \"s\"\nverified = \"V\"\nsource = \"s\"\n\
             confidence = 1.0\n{body}\n"
        )
    };
    #[rustfmt::skip]
    let table = [
        (item("kinds = []"), "kinds"),
        (item("kinds = [\"个人\"]\nfine_min = 5\nfine_max = 1"), "fine_min"),
        (item("kinds = [\"个人\"]\nfine_min = 5"), "fine_min"),
        (item("kinds = [\"个人\"]\neffective_from = \"2026-08-15\"\neffective_to = \"2026-08-14\""), "effective_to"),
        (item("kinds = [\"个人\"]").replace("\"SH\"", "\"GD\""), "GD"),
        (item("kinds = [\"个人\"]").replace("XX-01", "FS-03"), "重复"),
        ("[[basis]]\nitem = \"NO-01\"\njurisdiction = \"SH\"\nlaw = \"l\"\narticle = \"1\"\nsubject = \"s\"\nkinds = [\"个人\"]\n\
          verified = \"V\"\nsource = \"s\"\nconfidence = 1.0\n".to_owned(), "没有这一事项"),
        ("[[threshold]]\nkind = \"hearing\"\njurisdiction = \"JS\"\nperson = 0\nentity = 1\nsource = \"s\"\nstanding = \"adopted\"\n\
          in_force_from = \"2026-01-01\"\n".to_owned(), "大于 0"),
        ("[[power]]\nagency = \"310118\"\nitems = [\"*-01\"]\ndecision = \"d\"\nstanding = \"adopted\"\nin_force_from = \"2026-01-01\"\n"
          .to_owned(), "末尾"),
    ];
    for (text, reason) in table {
        let error = with_items(&text).unwrap_err();
        assert!(error.to_string().contains(reason), "{error}");
    }
}

//! Law entered with plain fields: it stands in the data as if it had been imported.

use jiff::civil::date;
use lianzhi_law::{
    BasisFields, Item, ItemFields, Jurisdiction, LawData, LawFiles, SubjectKind, TierFields, item_change,
    items_text, own_file, read_items,
};

fn law() -> LawData {
    LawData::builtin().expect("the repository's data")
}

fn basis() -> BasisFields {
    BasisFields {
        jurisdiction: Some(Jurisdiction::nation()),
        law: "某条例".into(),
        article: "12(1)".into(),
        subject: "单位".into(),
        kinds: vec![SubjectKind::Entity],
        fine: (Some(1_000), Some(5_000)),
        in_force: (Some(date(2027, 1, 1)), None),
        source: "某公报 2026 年第 12 期".into(),
        ..BasisFields::default()
    }
}

fn tiers() -> TierFields {
    let tier = |title: &str, to| (title.to_owned(), format!("{title}的情形"), Some(to));
    TierFields {
        jurisdiction: Some(Jurisdiction::parse("SH").expect("a place")),
        title: "本机关裁量基准".into(),
        source: "某规〔2026〕1 号".into(),
        in_force: (Some(date(2026, 1, 1)), None),
        tiers: vec![tier("较轻", 20), tier("一般", 60), tier("较重", 100)],
    }
}

/// The law with an item as its own file holds it.
fn with(item: &Item) -> LawData {
    let mut files = LawFiles::builtin();
    files.put(&own_file(&item.code), &items_text([item], date(2026, 11, 29)).expect("a text"));
    LawData::load(&files).expect("law data")
}

#[test]
fn what_is_typed_stands_in_the_data_as_if_it_had_been_imported() {
    let law = law();
    let typed = ItemFields {
        code: "JZLJ-99".into(),
        name: "某事项".into(),
        domain: "建筑垃圾".into(),
        violation: "某行为".into(),
        subjects: vec![SubjectKind::Entity],
        ..ItemFields::default()
    };
    let item = typed.item(|code| law.item(code).is_ok()).expect("an item");
    let item = tiers().added_to(&basis().added_to(&item).expect("a basis")).expect("tiers");
    let read = read_items(&items_text([&item], date(2026, 11, 29)).expect("a text")).expect("items");
    assert_eq!(read, std::slice::from_ref(&item), "written out and read in it is the same");
    let change = item_change(None, &item);
    assert_eq!((change.lines.len(), change.to_confirm), (3, 1), "{change:?}");
    let now = with(&item);
    let place = now.place("310118").expect("a place");
    let held = now.benchmark("JZLJ-99", &place, date(2026, 11, 29)).expect("tiers");
    assert_eq!((&*held.title, held.tiers[1].from, held.tiers[1].to), ("本机关裁量基准", 20, 60));
    assert!(now.item("JZLJ-99").expect("it").bases[0].needs_confirmation());
}

#[test]
fn tiers_of_an_item_go_before_those_for_all_and_only_in_their_place_and_time() {
    let law = law();
    let item = tiers().added_to(law.item("JZLJ-07").expect("an item")).expect("tiers");
    let now = with(&item);
    let title = |place: &str, day| {
        let place = now.place(place).expect("a place");
        now.benchmark("JZLJ-07", &place, day).map(|b| b.title.to_string())
    };
    assert_eq!(title("310118", date(2026, 11, 29)).as_deref(), Some("本机关裁量基准"));
    assert_ne!(title("310118", date(2025, 12, 31)).as_deref(), Some("本机关裁量基准"));
    assert_ne!(title("320509", date(2026, 11, 29)).as_deref(), Some("本机关裁量基准"));
    let change = item_change(law.item("JZLJ-07").ok(), &item);
    assert_eq!((change.lines.len(), change.to_confirm), (1, 0), "{change:?}");
}

#[test]
fn a_basis_that_takes_the_place_of_another_ends_it_on_the_day_before() {
    let law = law();
    let old = law.item("JZLJ-07").expect("an item");
    let item = BasisFields { ends: Some(0), ..basis() }.added_to(old).expect("a basis");
    assert_eq!(item.bases[0].to, Some(date(2026, 12, 31)));
    let again = basis().added_to(&item).expect_err("entered already");
    assert_eq!(again.field, "article");
}

#[test]
fn each_fault_names_its_field_and_says_what_to_do() {
    let law = law();
    let item = law.item("JZLJ-07").expect("an item");
    let of = |basis: BasisFields| basis.added_to(item).expect_err("a fault");
    let late = (Some(date(2027, 1, 1)), Some(date(2026, 1, 1)));
    for (field, basis) in [
        ("jurisdiction", BasisFields { jurisdiction: None, ..basis() }),
        ("law", BasisFields { law: " ".into(), ..basis() }),
        ("kinds", BasisFields { kinds: vec![], ..basis() }),
        ("fine_max", BasisFields { fine: (Some(5_000), Some(1_000)), ..basis() }),
        ("fine_max", BasisFields { fine: (Some(5_000), None), ..basis() }),
        ("from", BasisFields { in_force: (None, None), ..basis() }),
        ("to", BasisFields { in_force: late, ..basis() }),
        ("source", BasisFields { source: String::new(), ..basis() }),
    ] {
        let fault = of(basis);
        assert_eq!(fault.field, field);
        assert!(!fault.rule.is_empty() && !fault.remedy.is_empty());
    }
    // What it takes the place of is in force, in the same place.
    let elsewhere = Some(Jurisdiction::parse("SH").expect("a place"));
    assert_eq!(of(BasisFields { jurisdiction: elsewhere, ends: Some(0), ..basis() }).field, "ends");
    let ended = BasisFields { ends: Some(0), ..basis() }.added_to(item).expect("a basis");
    let again = BasisFields { ends: Some(0), article: "13".into(), ..basis() };
    let again = BasisFields { in_force: (Some(date(2027, 6, 1)), None), ..again };
    assert_eq!(again.added_to(&ended).expect_err("ended before").field, "ends");
    let of = |tiers: TierFields| tiers.added_to(item).expect_err("a fault").field;
    let mut gap = tiers();
    gap.tiers[1].2 = Some(10);
    assert_eq!(of(gap), "tier2_to", "smaller than the one before");
    let mut twice = tiers();
    twice.tiers[1].0 = "较轻".into();
    assert_eq!(of(twice), "tier2_title", "two of one name");
    let mut short = tiers();
    short.tiers.pop();
    assert_eq!(of(short), "tier2_to", "the range is not filled");
    assert_eq!(of(TierFields { tiers: vec![], ..tiers() }), "tier1_to");
    let taken = ItemFields { code: "JZLJ-07".into(), ..ItemFields::default() };
    assert_eq!(taken.item(|code| law.item(code).is_ok()).expect_err("taken").field, "code");
}

//! What an agency enters beside its items: it waits for a legal officer, takes the place of what it replaces, and loosens nothing.

use jiff::civil::{Date, date};
use lianzhi_law::entered::{
    Entry, EntryKind, PowerFields, ThresholdFields, TightenFields, check_entries, entries, entries_text,
    entry_change, read_entries, with_entry,
};
use lianzhi_law::{
    Confirmed, Fen, Jurisdiction, LawData, LawFiles, NoPower, ThresholdKind, TierFields, confirm,
};

const TODAY: Date = date(2026, 11, 30);

fn law() -> LawData {
    LawData::builtin().unwrap()
}

fn power() -> PowerFields {
    PowerFields {
        agency: "310118102".into(),
        items: "ZD-01、GG-*".into(),
        decision: "青府发〔2026〕8号".into(),
        given_by: "310118".into(),
        source: "区政府公报 2026 年第 3 期".into(),
        in_force: (Some(date(2026, 10, 1)), None),
    }
}

fn threshold(place: &str, kind: ThresholdKind, person: i64) -> ThresholdFields {
    ThresholdFields {
        kind: Some(kind),
        jurisdiction: Some(law().place(place).unwrap()),
        sums: (Some(person), Some(person * 10)),
        source: "省政府令第 1 号第 3 条".into(),
        in_force: (Some(date(2026, 1, 1)), None),
        ..ThresholdFields::default()
    }
}

fn word() -> Confirmed {
    Confirmed { by: "法制员".into(), date: TODAY, source: "公报原文".into() }
}

/// The data with these entries, and with a word about those of `confirmed`.
fn with(entries: &[Entry], confirmed: &[Entry]) -> LawData {
    let mut files = LawFiles::builtin();
    for kind in EntryKind::ALL {
        let of_it: Vec<&Entry> = entries.iter().filter(|entry| entry.kind() == kind).collect();
        if !of_it.is_empty() {
            let text = entries_text(of_it, TODAY).unwrap();
            check_entries(kind, &text).unwrap();
            files.put(kind.file(), &text);
        }
    }
    let mut words: Option<String> = None;
    for entry in confirmed {
        words = Some(confirm::with_entry(words.as_deref(), entry, &word()));
    }
    if let Some(text) = words {
        confirm::check(confirm::ENTRIES_FILE, &text).unwrap();
        files.put(confirm::ENTRIES_FILE, &text);
    }
    LawData::load(&files).unwrap()
}

/// 行政处罚法 24: what is given down to a town is its power from the day of the decision, once a legal officer compared it.
#[test]
fn 赋权_a_power_counts_when_it_was_confirmed_and_not_before() {
    let entry = power().entry(&law()).unwrap();
    let waiting = with(std::slice::from_ref(&entry), &[]);
    assert!(matches!(waiting.may_handle("310118102", "ZD-01", TODAY), Err(NoPower::Unlisted { .. })));
    assert_eq!(waiting.entries(EntryKind::Powers).len(), 1, "it is shown");
    let counts = with(std::slice::from_ref(&entry), std::slice::from_ref(&entry));
    assert!(counts.may_handle("310118102", "GG-03", TODAY).is_ok());
    assert!(matches!(counts.may_handle("310118102", "WJ-01", TODAY), Err(NoPower::NotHeld { .. })));
    let before = counts.may_handle("310118102", "ZD-01", date(2026, 9, 30));
    assert!(matches!(before, Err(NoPower::NotThen { .. })));
    assert_eq!(counts.entries(EntryKind::Powers)[0].confirmed, Some(word()));
}

#[test]
fn a_changed_entry_lets_the_confirmed_one_count_until_it_is_confirmed_itself() {
    let old = power().entry(&law()).unwrap();
    let known = with(std::slice::from_ref(&old), std::slice::from_ref(&old));
    let ended = PowerFields { in_force: (Some(date(2026, 10, 1)), Some(date(2026, 10, 31))), ..power() };
    let new = ended.entry(&law()).unwrap();
    let change = entry_change(&known.entries(EntryKind::Powers), None, &new);
    assert_eq!((change.lines.len(), change.to_confirm), (2, 1), "{change:?}");
    let both = with_entry(&known.entries(EntryKind::Powers), &new);
    assert_eq!(both.len(), 2);
    let waiting = with(&both, std::slice::from_ref(&old));
    assert!(waiting.may_handle("310118102", "ZD-01", TODAY).is_ok(), "the confirmed one goes on");
    let done = with(&both, &[old, new.clone()]);
    assert!(done.may_handle("310118102", "ZD-01", TODAY).is_err(), "it ended on 31 October");
    assert_eq!(done.entries(EntryKind::Powers).len(), 1);
    assert!(entry_change(&done.entries(EntryKind::Powers), None, &new).lines.is_empty(), "the same again");
}

#[test]
fn what_came_with_the_program_is_ended_by_an_entry_of_the_same_key() {
    let base = law();
    let delivered = base.powers().find(|p| &*p.agency == "310118101").unwrap().clone();
    let typed = PowerFields {
        agency: delivered.agency.to_string(),
        items: "ZD-*".into(),
        decision: delivered.decision.to_string(),
        given_by: String::new(),
        source: "收回决定".into(),
        in_force: (Some(delivered.in_force_from), Some(date(2026, 11, 1))),
    };
    let entry = typed.entry(&base).unwrap();
    assert_eq!(base.delivered_as(&entry), Some(Entry::Power(delivered)));
    let change = entry_change(&[], base.delivered_as(&entry).as_ref(), &entry);
    assert!(change.lines[0].1.contains("随软件提供"), "{change:?}");
    let now = with(std::slice::from_ref(&entry), std::slice::from_ref(&entry));
    assert!(matches!(now.may_handle("310118101", "ZD-01", TODAY), Err(NoPower::NotThen { .. })));
    assert!(now.may_handle("310118101", "ZD-01", date(2026, 11, 1)).is_ok(), "on its last day");
}

/// 行政处罚法 57(2), 58, 63: the sums of a place, each for what it is.
#[test]
fn 较大数额_sums_are_entered_by_place_and_the_later_goes_before_the_earlier() {
    let first = threshold("JS", ThresholdKind::Hearing, 3_000).entry().unwrap();
    let later = ThresholdFields {
        in_force: (Some(date(2026, 11, 1)), None),
        ..threshold("JS", ThresholdKind::Hearing, 5_000)
    };
    let later = later.entry().unwrap();
    let discussed = threshold("JS", ThresholdKind::Discussion, 20_000).entry().unwrap();
    let all = [first, later, discussed];
    let place = law().place("JS").unwrap();
    let person =
        |law: &LawData, kind, day| law.threshold(kind, &place, day).map(|threshold| threshold.person);
    assert_eq!(person(&with(&all, &[]), ThresholdKind::Hearing, TODAY), None, "they wait");
    let law = with(&all, &all);
    assert_eq!(person(&law, ThresholdKind::Hearing, date(2026, 10, 31)), Some(Fen::yuan(3_000)));
    assert_eq!(person(&law, ThresholdKind::Hearing, TODAY), Some(Fen::yuan(5_000)));
    assert_eq!(person(&law, ThresholdKind::Discussion, TODAY), Some(Fen::yuan(20_000)));
}

/// 行政处罚法 34: tiers for all items are entered like those of one.
#[test]
fn 裁量基准_tiers_for_all_items_go_before_the_example() {
    let tier = |title: &str, to| (title.to_owned(), format!("{title}的情形"), Some(to));
    let fields = TierFields {
        jurisdiction: Some(Jurisdiction::parse("SH").unwrap()),
        title: "上海市城管执法裁量基准".into(),
        source: "沪城管规〔2026〕1号".into(),
        in_force: (Some(date(2026, 1, 1)), None),
        tiers: vec![tier("轻微", 20), tier("一般", 100)],
    };
    let entry = fields.entry().unwrap();
    let place = Jurisdiction::parse("SH").unwrap();
    let titled = |law: &LawData| {
        law.benchmark("FS-03", &place, TODAY).unwrap().tiers.first().map(|tier| tier.title.to_string())
    };
    assert_eq!(titled(&with(std::slice::from_ref(&entry), &[])).as_deref(), Some("较轻"));
    assert_eq!(
        titled(&with(std::slice::from_ref(&entry), std::slice::from_ref(&entry))).as_deref(),
        Some("轻微")
    );
    let alike = TierFields { tiers: vec![tier("一般", 20), tier("一般", 100)], ..fields };
    assert_eq!(alike.entry().unwrap_err().field, "tier2_title", "a case could not say which one");
}

/// 从严可以，放宽不行.
#[test]
fn 从严_a_term_is_tightened_and_never_loosened() {
    let law = law();
    let fields = |n| TightenFields {
        key: "decide.penalty".into(),
        n: Some(n),
        source: "本局办案规定第 9 条".into(),
        in_force: (Some(date(2026, 1, 1)), None),
    };
    let entry = fields(60).entry(&law).unwrap();
    for n in [90, 91, 0] {
        let fault = fields(n).entry(&law).unwrap_err();
        assert!(fault.field == "n" && fault.rule.contains("第60条"), "{fault:?}");
    }
    let party = TightenFields { key: "pay.fine".into(), ..fields(10) };
    assert!(party.entry(&law).unwrap_err().rule.contains("当事人"), "the party's time is its own");
    let entered = with(std::slice::from_ref(&entry), &[]);
    let tightened = |law: &LawData, day| {
        let term = law.statutory("decide.penalty", &Jurisdiction::nation(), day).unwrap();
        term.tightened.map(|(own, _)| own.n)
    };
    assert_eq!(tightened(&entered, TODAY), Some(60), "it binds only the agency more, and warns at once");
    assert_eq!(entered.entries(EntryKind::Terms)[0].confirmed, None);
    // The next one ends it on the day before.
    let next = TightenFields { in_force: (Some(date(2027, 1, 1)), None), ..fields(45) };
    let all = with_entry(&entered.entries(EntryKind::Terms), &next.entry(&law).unwrap());
    let later = with(&all, &all);
    assert_eq!(tightened(&later, date(2026, 12, 31)), Some(60));
    assert_eq!(tightened(&later, date(2027, 1, 1)), Some(45));
    assert!(later.entries(EntryKind::Terms).iter().all(|entry| entry.confirmed.is_some()));
}

#[test]
fn what_is_missing_is_said_of_its_field() {
    let law = law();
    let field = |fields: PowerFields| fields.entry(&law).unwrap_err().field;
    assert_eq!(field(PowerFields { agency: "青浦".into(), ..power() }), "agency");
    assert_eq!(field(PowerFields { items: "XX-99".into(), ..power() }), "items");
    assert_eq!(field(PowerFields { items: "Z*D".into(), ..power() }), "items");
    assert_eq!(field(PowerFields { source: " ".into(), ..power() }), "source");
    assert_eq!(field(PowerFields { in_force: (None, None), ..power() }), "from");
    let none = ThresholdFields { sums: (Some(0), Some(1)), ..threshold("JS", ThresholdKind::Hearing, 1) };
    assert_eq!(none.entry().unwrap_err().field, "person");
}

#[test]
fn a_file_of_entries_holds_nothing_else_and_a_word_stands_only_in_its_own_file() {
    let entry = power().entry(&law()).unwrap();
    let text = entries_text([&entry], TODAY).unwrap();
    assert!(check_entries(EntryKind::Thresholds, &text).is_err());
    let mut files = LawFiles::builtin();
    let forged = confirm::with_entry(Some(&text), &entry, &word());
    files.put(EntryKind::Powers.file(), &forged);
    assert!(LawData::load(&files).is_err(), "an entry cannot confirm itself");
    assert!(check_entries(EntryKind::Powers, &forged).is_err());
}

/// 行政处罚法 38: whatever a file says of itself, its powers are checked as typed ones are and wait for a legal officer.
#[test]
fn 第三十八条_what_is_brought_as_a_file_is_checked_and_waits_like_what_is_typed() {
    let law = law();
    let typed =
        [power().entry(&law).unwrap(), threshold("SH", ThresholdKind::Discussion, 20_000).entry().unwrap()];
    for entry in &typed {
        let text = entries_text([entry], TODAY).unwrap();
        let read = read_entries(entry.kind(), &text).unwrap();
        assert_eq!(read, std::slice::from_ref(entry));
        assert_eq!(read[0].brought(&law).unwrap(), *entry);
        let official = text.replace("standing = \"adopted\"", "standing = \"official\"");
        assert_ne!(official, text);
        assert_eq!(read_entries(entry.kind(), &official).unwrap()[0].brought(&law).unwrap(), *entry);
        let other = EntryKind::ALL.into_iter().find(|kind| *kind != entry.kind()).unwrap();
        assert!(read_entries(other, &text).unwrap_err().file.contains("导入的文件"));
    }
    let text = entries_text([&typed[0]], TODAY).unwrap().replace("ZD-01", "XX-99");
    let unknown = read_entries(EntryKind::Powers, &text).unwrap()[0].brought(&law).unwrap_err();
    assert!(unknown.rule.contains("XX-99"), "{}", unknown.rule);
    // All that came with the program is written out and read as it is, and counts without anybody's word.
    for kind in EntryKind::ALL {
        let all = law.all_entries(kind);
        assert_eq!(read_entries(kind, &entries_text(&all, TODAY).unwrap()).unwrap(), all);
        assert!(entries(&law, kind, |_| None).entries.iter().all(|e| e.counts && !e.own));
    }
    let waiting = with(&typed, &typed[..1]);
    let counts = |kind| entries(&waiting, kind, |_| None).entries[0].counts;
    assert_eq!((counts(EntryKind::Powers), counts(EntryKind::Thresholds)), (true, false));
}

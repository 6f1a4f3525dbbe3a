//! No text vanishes: rare characters print, and what no font has is shown and reported.

use super::{FONTS, flowing, print, samples};
use lianzhi_paper::{Document, Fonts, GAP, PaperError, Party, Template};

fn person(name: &str) -> Vec<Party> {
    vec![Party::Person {
        name: name.into(),
        identity: String::new(),
        address: String::new(),
        phone: String::new(),
    }]
}

/// Only the fonts whose file names begin like this.
fn only(begin: &str) -> Fonts {
    let folders = lianzhi_paper::font_folders(std::env::home_dir().as_deref());
    let mut open: Vec<_> = folders.into_iter().filter(|folder| folder.exists()).collect();
    let mut files = Vec::new();
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else if path.file_name().unwrap().to_string_lossy().starts_with(begin) {
                files.push(std::fs::read(path).unwrap());
            }
        }
    }
    Fonts::new(files)
}

#[test]
fn rare_characters_in_names_are_printed() {
    let mut model = samples::lead_transfer();
    model.parties = person("骆骕𬭚㛃龘");
    model.head.contact.name = "㑇𫖯".into();
    let printed = print(model);
    assert!(printed.lacking.is_empty(), "{:?}", printed.lacking);
    let text = flowing(&printed);
    assert!(text.contains("骆骕𬭚㛃龘") && text.contains("㑇𫖯"));
}

/// 𠅤, 㙍, 䶮, 𬭎 and 𠮷 (U+20BB7) are in names of people who are summoned, fined and served.
#[test]
fn rare_characters_in_names_of_parties_are_printed_in_records_decisions_and_on_rolls() {
    const NAME: &str = "𠅤㙍䶮𬭎𠮷";
    let mut record = samples::inside::interview();
    record.respondent.name = NAME.into();
    let mut decision = samples::outward::on_spot_decision(lianzhi_paper::Paper::Roll58);
    decision.subject = lianzhi_paper::Subject::Person {
        name: NAME.into(),
        sex: String::new(),
        born: None,
        identity: String::new(),
        address: "漕平路 118 号".into(),
        phone: String::new(),
    };
    for document in [Document::from(record), decision.into()] {
        let printed = print(document);
        assert!(printed.lacking.is_empty(), "{:?}", printed.lacking);
        assert!(flowing(&printed).contains(NAME));
    }
}

#[test]
fn rare_characters_are_printed_in_titles_and_forms_too() {
    let mut bulletin = samples::bulletin();
    bulletin.subject = "犇骉㛃现象".into();
    assert!(flowing(&print(bulletin)).contains("关于犇骉㛃现象的预警通报"));
    let mut list = samples::goods_handover();
    list.owner = "𬭚某".into();
    assert!(flowing(&print(list)).contains("𬭚某"));
}

#[test]
fn what_no_font_has_is_left_as_a_gap_and_reported() {
    assert_eq!(FONTS.lacking("李\u{e000}明😀😀\u{10fffd} 骕"), ['\u{e000}', '😀', '\u{10fffd}']);
    let mut model = samples::lead_transfer();
    model.parties = person("李\u{e000}明😀");
    let gaps = Document::from(model.clone()).lacking(&FONTS).unwrap();
    let named: Vec<String> = gaps.iter().map(ToString::to_string).collect();
    assert_eq!(
        named,
        [format!("“李{GAP}明{GAP}”中的“\u{e000}”（U+E000）"), format!("“李{GAP}明{GAP}”中的“😀”（U+1F600）")]
    );
    let printed = print(model);
    assert_eq!(printed.lacking, ['\u{e000}', '😀']);
    assert!(flowing(&printed).contains(&format!("当事人：李{GAP}明{GAP}。")));
}

#[test]
fn control_characters_and_marks_of_direction_do_nothing() {
    let mut model = samples::lead_transfer();
    model.cause = "擅自\u{202e}倾倒\u{0}\u{200b}垃圾".into();
    let printed = print(model);
    assert!(printed.lacking.is_empty());
    assert!(flowing(&printed).contains("发现擅自倾倒垃圾案件线索"));
}

#[test]
fn without_fandol_noto_prints_everything_and_the_gap_is_named() {
    let fonts = only("Noto");
    let said: Vec<String> = fonts.missing().iter().map(ToString::to_string).collect();
    assert!(
        said.contains(&"仿宋：没有字体 FandolFang-Regular，以 NotoSerifCJKsc-Regular 代替".to_owned()),
        "{said:?}"
    );
    for (name, document) in samples::all() {
        let printed = document.print(Template::current(document.kind()).unwrap(), &fonts).unwrap();
        assert!(printed.lacking.is_empty(), "{name}: {:?}", printed.lacking);
    }
}

#[test]
fn without_noto_rare_characters_are_reported() {
    let fonts = only("Fandol");
    let mut model = samples::lead_transfer();
    model.parties = person("钱骕");
    let document = Document::from(model);
    let printed = document.print(Template::current(document.kind()).unwrap(), &fonts).unwrap();
    assert_eq!(printed.lacking, ['骕']);
}

#[test]
fn without_any_font_it_says_what_to_do() {
    let fonts = Fonts::new([b"not a font".to_vec()]);
    assert!(fonts.missing().iter().all(|missing| missing.instead.is_none()));
    let document = Document::from(samples::bulletin());
    let error = document.print(Template::current(document.kind()).unwrap(), &fonts).unwrap_err();
    assert!(matches!(error, PaperError::NoFonts));
}

#[test]
fn a_folder_that_is_not_there_is_no_failure() {
    assert!(Fonts::read(&["/nonexistent/fonts"]).is_ok());
}

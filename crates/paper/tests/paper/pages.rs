//! What stands on the pages.

use super::{FONTS, flowing, print, samples};
use lianzhi_paper::{Document, Fonts, Kind, Number, Template, font_folders};

#[test]
fn every_document_reads_as_it_should() {
    for (name, document) in samples::all() {
        let printed = print(document);
        assert!(printed.lacking.is_empty(), "{name}: no font has {:?}", printed.lacking);
        insta::assert_snapshot!(name, printed.pages.join("\n\n──────\n\n"));
    }
}

#[test]
fn every_kind_has_a_template_a_title_and_a_sample() {
    for kind in Kind::ALL {
        assert!(Template::current(*kind).is_ok());
        assert!(!kind.title().is_empty());
        assert!(samples::all().iter().any(|(_, document)| document.kind() == *kind), "{kind:?}");
    }
}

#[test]
fn versions_of_a_template_are_counted_from_one_without_gaps() {
    for kind in Kind::ALL {
        let current = Template::current(*kind).unwrap().version;
        let versions: Vec<u16> = Template::all()
            .iter()
            .filter(|template| template.kind == *kind)
            .map(|template| template.version)
            .collect();
        assert_eq!(versions, (1..=current).collect::<Vec<_>>(), "{kind:?}");
        assert!(Template::find(*kind, current + 1).is_err());
    }
}

#[test]
fn a_template_prints_its_own_kind_only() {
    let document = Document::from(samples::bulletin());
    assert!(document.print(Template::current(Kind::Refusal).unwrap(), &FONTS).is_err());
}

#[test]
fn letters_are_numbered_from_their_second_page_and_other_documents_from_the_first() {
    let letter = print(samples::lead_transfer());
    assert!(!letter.pages[0].contains("— 1 —"));
    assert!(letter.pages[1].contains("— 2 —"));
    assert!(print(samples::bulletin()).pages[0].contains("— 1 —"));
    assert!(print(samples::goods_handover()).pages[0].contains("— 1 —"));
}

#[test]
fn the_receipt_of_a_transfer_is_a_page_of_its_own() {
    let printed = print(samples::lead_transfer());
    let receipt = printed.pages.last().unwrap();
    for words in [
        "案件移送函回执",
        "沪青城管移〔2026〕12号",
        "收到时间",
        "接收人",
        "是否受理",
        "结果反馈",
        "（机关印章）",
    ] {
        assert!(receipt.contains(words), "{words} is not on the receipt:\n{receipt}");
    }
    let letter = printed.pages.iter().rev().skip(1).map(String::as_str).collect::<String>();
    assert!(!letter.contains("案件移送函回执"));
}

#[test]
fn a_document_without_a_number_is_marked_as_a_draft() {
    let mut model = samples::assistance_request();
    model.head.number = None;
    let draft = flowing(&print(model));
    assert!(draft.contains("（文号待编）"));
    assert!(!draft.contains("扫码核验"), "a draft cannot be checked by anybody");
    assert!(!flowing(&print(samples::assistance_request())).contains("（文号待编）"));
}

#[test]
fn the_last_sentence_and_the_signature_stay_on_one_page() {
    for lines in 0..24 {
        let mut model = samples::refusal(lianzhi_paper::RefusalKind::NoAssistance);
        model.grounds = "经核对，不属于我单位管辖区域。\n".repeat(lines + 1);
        let printed = print(model);
        let page = printed.pages.iter().find(|page| page.contains("特此函复。")).unwrap();
        assert!(page.contains("2026年3月5日"), "with {lines} lines:\n{page}");
    }
}

#[test]
fn lists_of_any_length_keep_every_row() {
    let mut model = samples::evidence_transfer();
    let item = model.items[0].clone();
    model.items = (1..=120)
        .map(|n| lianzhi_paper::Evidence { name: format!("第{n}号现场照片"), ..item.clone() })
        .collect();
    let printed = print(model);
    assert!(printed.pages.len() > 10);
    let text = flowing(&printed);
    for n in 1..=120 {
        assert!(text.contains(&format!("第{n}号")), "row {n} is missing");
    }
    // The head of the list and what it is stand on every page that has rows of it.
    for page in printed.pages.iter().skip(1) {
        assert!(page.contains("证据移交清单"));
    }
}

#[test]
fn many_signers_all_get_their_place() {
    let mut model = samples::jurisdiction_talks();
    let first = model.attendants[0].clone();
    for n in 0..60 {
        model.attendants.push(lianzhi_paper::Attendant {
            name: format!("列席{n}号"),
            agency: "嘉善县综合行政执法局".into(),
            ..first.clone()
        });
    }
    let text = flowing(&print(model));
    assert_eq!(text.matches("签名：").count(), 2 + 2 + 60);
}

#[test]
fn the_same_model_gives_the_same_bytes() {
    let first: Vec<_> = samples::all().into_iter().map(|(_, document)| print(document).pdf).collect();
    let fonts = Fonts::read(&font_folders(std::env::home_dir().as_deref())).unwrap();
    for ((name, document), before) in samples::all().into_iter().rev().zip(first.iter().rev()) {
        let again = document.print(Template::current(document.kind()).unwrap(), &fonts).unwrap();
        assert!(again.pdf == *before, "{name} differs when it is printed again");
    }
}

#[test]
fn the_pdf_says_which_template_made_it_and_bears_the_date_of_the_document() {
    let printed = print(samples::bulletin());
    let pdf = String::from_utf8_lossy(&printed.pdf);
    assert!(pdf.starts_with("%PDF-1.7"));
    assert!(pdf.contains("bulletin/1"));
    assert!(pdf.contains("2026-03-05T00:00:00+08:00"));
    assert!(pdf.contains("<pdfaid:part>2</pdfaid:part>"));
}

#[test]
fn numbers_stand_as_the_standard_wants_them() {
    let mut model = samples::assistance_request();
    model.head.number = Some(Number::official("沪青城管协查", 2027, 1));
    assert!(flowing(&print(model)).contains("沪青城管协查〔2027〕1号"));
}

//! A case bound into one PDF.

use super::samples::{inside, outward};
use super::{FONTS, print};
use lianzhi_paper::{Document, Entry, PaperError, Volume};

/// The file of the sample, with papers of just as many pages as it lists.
fn case() -> (Volume, Vec<Vec<Vec<u8>>>) {
    let mut volume = inside::volume();
    let documents: [Document; 4] = [
        outward::penalty_decision().into(),
        inside::filing(lianzhi_paper::FilingKind::Open).into(),
        inside::inspection(lianzhi_paper::InspectionKind::Inspection).into(),
        outward::penalty_notice(outward::both()).into(),
    ];
    let mut papers = Vec::new();
    for (entry, document) in volume.entries.iter_mut().zip(documents) {
        let printed = print(document);
        entry.pages = printed.pages.len().try_into().unwrap();
        papers.push(vec![printed.pdf]);
    }
    (volume, papers)
}

#[test]
fn papers_lie_between_catalogue_and_final_sheet_with_their_pages_numbered_through() {
    let (volume, papers) = case();
    let bound = volume.bind(&papers, &FONTS).unwrap();
    let inner: u32 = volume.entries.iter().map(|entry| entry.pages).sum();
    assert_eq!(bound.pages.len(), 2 + inner as usize + 1);
    assert!(bound.pages[0].contains("行政执法案卷") && bound.pages[0].contains("118-2026-CF-0041"));
    assert!(bound.pages[1].contains("卷内目录"));
    for (index, page) in bound.pages[2..bound.pages.len() - 1].iter().enumerate() {
        assert_eq!(page.trim(), (index + 1).to_string());
    }
    assert!(bound.pages.last().unwrap().contains("卷内备考表"));
    // The second paper begins where the first one ends.
    let first = volume.entries[0].pages;
    let second = volume.entries[1].pages;
    assert!(bound.pages[1].contains(&format!("{}—{}", first + 1, first + second)), "{}", bound.pages[1]);
}

#[test]
fn the_same_papers_give_the_same_bytes() {
    let (volume, papers) = case();
    assert!(volume.bind(&papers, &FONTS).unwrap().pdf == volume.bind(&papers, &FONTS).unwrap().pdf);
}

#[test]
fn an_ordinary_case_has_a_catalogue_of_one_page() {
    let (mut volume, papers) = case();
    // So many lines of names and numbers as they are: a decision and its receipt in turn.
    let (decision, files) = (volume.entries[0].clone(), papers[0].clone());
    let receipt = Entry {
        number: String::new(),
        title: "送达回证（行政处罚决定书，直接送达）".into(),
        ..decision.clone()
    };
    volume.entries = (0..26).map(|n| if n % 2 == 0 { decision.clone() } else { receipt.clone() }).collect();
    let bound = volume.bind(&vec![files; 26], &FONTS).unwrap();
    let inner: u32 = volume.entries.iter().map(|entry| entry.pages).sum();
    assert_eq!(bound.pages.len(), 2 + inner as usize + 1, "{}", bound.pages[2]);
    assert!(bound.pages[1].contains("本机关"));
}

#[test]
fn what_belongs_to_a_paper_lies_behind_it_in_the_same_line() {
    let (mut volume, mut papers) = case();
    volume.entries[1].pages += 1;
    papers[1].push(PIXEL.to_vec());
    let inner: u32 = volume.entries.iter().map(|entry| entry.pages).sum();
    assert_eq!(volume.bind(&papers, &FONTS).unwrap().pages.len(), 2 + inner as usize + 1);
}

#[test]
fn papers_that_are_not_those_of_the_catalogue_are_refused() {
    let (mut volume, mut papers) = case();
    volume.entries[2].pages += 1;
    let error = volume.bind(&papers, &FONTS).unwrap_err();
    assert!(error.to_string().starts_with("卷内第3件《现场检查笔录》不能装订：目录写明"), "{error}");
    volume.entries[2].pages -= 1;
    papers.pop();
    assert!(matches!(volume.bind(&papers, &FONTS), Err(PaperError::Papers { listed: 4, given: 3 })));
}

#[test]
fn what_is_no_paper_is_refused_by_name() {
    let (volume, papers) = case();
    for broken in [&b"%PDF-1.7 and nothing else"[..], b"PK\x03\x04", b""] {
        let mut papers = papers.clone();
        papers[1] = vec![broken.to_vec()];
        let error = volume.bind(&papers, &FONTS).unwrap_err();
        assert!(matches!(&error, PaperError::Paper { entry: 2, .. }), "{error}");
    }
}

#[test]
fn a_voided_paper_is_marked_and_a_drawn_signature_stands_in_its_place() {
    let document: Document = inside::inspection(lianzhi_paper::InspectionKind::Inspection).into();
    let template = lianzhi_paper::Template::current(document.kind()).unwrap();
    let plain = document.print(template, &FONTS).unwrap();
    let voided = lianzhi_paper::Extras { voided: true, ..Default::default() };
    let marked = document.print_with(template, &FONTS, voided).unwrap();
    // The mark lies across the page, where text is not read; what it lies on stays legible.
    assert!(marked.pdf != plain.pdf && marked.pages == plain.pages);
    // One black pixel will do for a signature.
    let signed = lianzhi_paper::Extras { signatures: vec![("party", PIXEL.to_vec())], ..Default::default() };
    let signed = document.print_with(template, &FONTS, signed).unwrap();
    assert!(signed.pdf != plain.pdf && signed.pages[0].contains("现场检查笔录"));
    // What is no picture is a fault, not a gap where a signature should be.
    let broken =
        lianzhi_paper::Extras { signatures: vec![("party", b"no picture".to_vec())], ..Default::default() };
    assert!(document.print_with(template, &FONTS, broken).is_err());
}

/// The seal lies over the name of the agency and the date (GB/T 9704-2012, 7.3.5.1): it moves nothing.
#[test]
fn a_seal_lies_over_the_name_and_the_date() {
    let document: Document = outward::penalty_decision().into();
    let template = lianzhi_paper::Template::current(document.kind()).unwrap();
    let plain = document.print(template, &FONTS).unwrap();
    let seal = lianzhi_paper::Extras { seal: Some(PIXEL.to_vec()), ..Default::default() };
    let sealed = document.print_with(template, &FONTS, seal).unwrap();
    assert!(sealed.pdf != plain.pdf && sealed.pages == plain.pages);
}

/// A picture of one pixel.
const PIXEL: &[u8] = &[
    0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0x00, 0x00, 0x00, 0x0d, 0x49, 0x48, 0x44, 0x52, 0x00,
    0x00, 0x00, 0x01, 0x00, 0x00, 0x00, 0x01, 0x08, 0x00, 0x00, 0x00, 0x00, 0x3a, 0x7e, 0x9b, 0x55, 0x00,
    0x00, 0x00, 0x0a, 0x49, 0x44, 0x41, 0x54, 0x78, 0xda, 0x63, 0x60, 0x00, 0x00, 0x00, 0x02, 0x00, 0x01,
    0xe5, 0x27, 0xde, 0xfc, 0x00, 0x00, 0x00, 0x00, 0x49, 0x45, 0x4e, 0x44, 0xae, 0x42, 0x60, 0x82,
];

/// A file that is read before the case is closed says so.
#[test]
fn a_file_of_an_open_case_bears_no_day_of_closing() {
    let (mut volume, papers) = case();
    volume.closed = None;
    let bound = volume.bind(&papers, &FONTS).unwrap();
    assert!(bound.pages[0].contains("尚未结案") && bound.pages[0].contains("打印日期"));
    assert_eq!(lianzhi_paper::page_count(&papers[0][0]).unwrap(), volume.entries[0].pages);
    assert!(lianzhi_paper::page_count(b"text").is_err());
}

#[test]
fn scans_of_one_paper_are_joined_page_by_page_and_the_same_way_every_time() {
    let papers = case().1.concat();
    let pages = |pdf: &[u8]| lianzhi_paper::page_count(pdf).unwrap();
    let one = lianzhi_paper::join("责令改正通知书", &papers, &FONTS).unwrap();
    assert_eq!(pages(&one), papers.iter().map(|paper| pages(paper)).sum::<u32>());
    assert!(lianzhi_paper::join("责令改正通知书", &papers, &FONTS).unwrap() == one);
    assert!(lianzhi_paper::join("责令改正通知书", &[b"no picture".to_vec()], &FONTS).is_err());
}

#[test]
fn what_has_words_only_is_a_table_and_no_text_acts_as_markup() {
    let row = ("2026.11.23".to_owned(), "复查记录".to_owned(), "已经恢复原状 #[*] $x$。".repeat(4));
    let notes = lianzhi_paper::notes("办案事项记录", "沪青案2026-000001", &vec![row; 60], &FONTS).unwrap();
    assert!(lianzhi_paper::page_count(&notes).unwrap() > 1);
}

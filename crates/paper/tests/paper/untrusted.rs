//! Fields come from people and from other agencies: they are text and nothing else.

use super::{flowing, print, samples, try_print};
use lianzhi_paper::*;

const MARKUP: &[&str] = &[
    "#panic(\"x\")",
    "#import \"/etc/passwd\": *",
    "#read(\"data.json\")",
    "$x^2$ 和 $",
    "] #[a] [",
    "\\ \\u{41} \\n",
    "*粗* _斜_ `码`",
    "<label> @ref",
    "// 注释 /* 注释 */",
    "\"; } { (",
    "= 标题",
    "- 项 + 项 / 项: 项",
    "https://example.cn/?a=1&b=2#c",
    "~ -- --- ... '单' \"双\"",
];

#[test]
fn markup_in_any_field_is_printed_as_it_stands() {
    for markup in MARKUP.chunks(5) {
        let together = markup.concat();
        let mut letter = samples::lead_transfer();
        for field in [
            &mut letter.to,
            &mut letter.cause,
            &mut letter.case_number,
            &mut letter.facts,
            &mut letter.grounds,
            &mut letter.basis[0],
            &mut letter.measures,
            &mut letter.materials[0].name,
            &mut letter.head.attachments[0],
            &mut letter.head.contact.name,
            &mut letter.head.copies[0],
        ] {
            *field = together.clone();
        }
        let text = blankless(&flowing(&print(letter)));
        for markup in markup {
            assert!(text.matches(&blankless(markup)).count() >= 11, "{markup} in\n{text}");
        }

        let mut list = samples::goods_handover();
        for field in [&mut list.owner, &mut list.items[0].name, &mut list.inspection, &mut list.witness] {
            *field = together.clone();
        }
        let text = blankless(&flowing(&print(list)));
        // In narrow cells the lines of neighbours lie between those of one cell; wide cells read as they are.
        for markup in markup {
            assert!(text.contains(&blankless(markup)), "{markup} in\n{text}");
        }
    }
}

/// Blanks at line ends are not on paper.
fn blankless(text: &str) -> String {
    text.replace(' ', "")
}

#[test]
fn very_long_words_stay_on_the_page() {
    let word = "A1".repeat(700);
    let mut letter = samples::lead_transfer();
    letter.facts = word.clone();
    letter.cause = word.clone();
    letter.to = word.clone();
    letter.materials[0].name = word.clone();
    letter.materials[0].amount = word.clone();
    letter.materials[0].note = word.clone();
    letter.head.attachments[0] = word.clone();
    letter.head.contact.address = word.clone();
    letter.head.copies[0] = word.clone();
    let text = flowing(&print(letter));
    // The cause and the address stand on the receipt once more; one A is in the party's code.
    assert_eq!(text.matches('A').count(), 700 * 11 + 1);

    let mut list = samples::evidence_transfer();
    list.items[0].name = word.clone();
    list.items[0].source = word.clone();
    list.items[0].kind = word.clone();
    list.items[0].takers[0].name = word.clone();
    list.handover.case_number = word.clone();
    list.handover.givers[0].name = word.clone();
    let text = flowing(&print(list));
    assert_eq!(text.matches("A").count(), 700 * 6 + text.matches("SHA").count());

    let mut list = samples::goods_handover();
    list.items[0].model = word.clone();
    list.items[0].amount = word.clone();
    list.items[0].measure = word.clone();
    list.witness = word;
    assert_eq!(flowing(&print(list)).matches("A").count(), 700 * 4);
}

#[test]
fn long_texts_run_over_as_many_pages_as_they_need() {
    let mut letter = samples::assistance_request();
    letter.known = "甲乙丙丁戊己庚辛壬癸。".repeat(800);
    let printed = print(letter);
    assert!(printed.pages.len() > 14);
    assert_eq!(flowing(&printed).matches('癸').count(), 800);
}

#[test]
fn a_document_beyond_the_bound_is_refused() {
    let mut letter = samples::assistance_request();
    letter.known = "字".repeat(CHARS_MAX);
    assert!(matches!(try_print(letter), Err(PaperError::TooLong { chars }) if chars > CHARS_MAX));
}

#[test]
fn an_address_too_long_for_a_code_is_refused() {
    let mut letter = samples::assistance_request();
    letter.head.check.as_mut().unwrap().url = "x".repeat(5000);
    assert!(matches!(try_print(letter), Err(PaperError::Code(_))));
}

#[test]
fn what_cannot_be_placed_is_refused_rather_than_cut_off() {
    let mut letter = samples::lead_transfer();
    letter.head.issuer = "某某局".repeat(300);
    assert!(matches!(try_print(letter), Err(PaperError::OffPage { .. })));
}

/// Sets the same words into fields of decisions, forms, records and slips.
fn filled(words: &str) -> Vec<Document> {
    let w = || words.to_owned();
    let mut decision = samples::outward::penalty_decision();
    decision.cause = w();
    decision.subject = Subject::Company(Body {
        name: w(),
        code: w(),
        address: w(),
        representative: w(),
        post: w(),
        agent: w(),
        phone: w(),
    });
    decision.violations.truncate(1);
    decision.violations[0].facts = w();
    decision.violations[0].evidence = vec![w(), w()];
    decision.penalties = Penalties(vec![Penalty::Goods { what: w() }]);
    decision.performance = w();
    decision.payment.as_mut().unwrap().code = w();
    decision.remedy.court = w();

    let mut seizure = samples::measures::seizure(Measure::Take, samples::measures::decide());
    for item in &mut seizure.items {
        *item = Item { name: w(), model: w(), amount: w(), state: w(), kept: w() };
    }

    let mut filing = samples::inside::filing(FilingKind::Open);
    filing.source.number = w();
    filing.summary = w();
    filing.approvals.unit.text = w();
    filing.officers[0].name = w();

    let mut record = samples::inside::interview();
    record.place = w();
    record.respondent.name = w();
    record.answers[0].question = w();
    record.answers[0].answer = w();

    let mut slip = samples::outward::on_spot_decision(Paper::Roll58);
    slip.facts = w();
    slip.place = w();
    slip.officers[0].name = w();
    slip.head.contact.address = w();

    let mut volume = samples::inside::volume();
    volume.entries[0].title = w();
    volume.entries[0].number = w();
    volume.remarks = w();

    vec![decision.into(), seizure.into(), filing.into(), record.into(), slip.into(), volume.into()]
}

#[test]
fn markup_in_the_papers_of_a_case_is_printed_as_it_stands() {
    for markup in MARKUP.chunks(5) {
        for document in filled(&markup.concat()) {
            let kind = document.kind();
            let text = blankless(&flowing(&print(document)));
            for markup in markup {
                assert!(text.contains(&blankless(markup)), "{kind:?}: {markup} in\n{text}");
            }
        }
    }
}

#[test]
fn very_long_words_stay_on_the_papers_of_a_case() {
    for (document, fields) in filled(&"Z9".repeat(300)).into_iter().zip([13, 10, 4, 4, 4, 3]) {
        let kind = document.kind();
        let text = flowing(&print(document));
        assert!(text.matches('Z').count() >= 300 * fields, "{kind:?}: {}", text.matches('Z').count());
    }
}

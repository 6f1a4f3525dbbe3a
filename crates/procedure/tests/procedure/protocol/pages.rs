//! The pages of docs/protocol against the program.

use super::{page, root, vector};
use crate::cooperation::hostile;
use crate::cooperation::kit::*;
use lianzhi_exchange::compact::Form;
use lianzhi_ids::Digest;
use lianzhi_procedure::cooperation::{
    Act, Ask, AwayKind, BulletinKind, Conclusion, HoldGround, Milestone, RefuseGround, ReturnGround,
    TransferGround, Verdict,
};
use lianzhi_procedure::meeting::{MeetingKind, Span};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// Rows of the table that follows a heading: its cells.
fn rows(text: &str, heading: &str) -> Vec<Vec<String>> {
    let (_, rest) = text.split_once(&format!("{heading}\n")).unwrap_or_else(|| panic!("no {heading}"));
    let table = rest.lines().skip_while(|l| !l.starts_with('|')).take_while(|l| l.starts_with('|'));
    let cells = |line: &str| line.trim_matches('|').split('|').map(|c| c.trim().to_owned()).collect();
    table.skip(2).map(cells).collect()
}

fn code(cell: &str) -> &str {
    cell.trim_matches('`')
}

/// One of each act, those of erasing among them.
fn acts() -> Vec<Act> {
    let more = [
        json!({ "act": "erased", "parts": [Digest([1; 32])], "reason": "本人申请" }),
        json!({ "act": "erasure_confirmed", "of": Digest::ZERO, "parts": [] }),
        json!({ "act": "erasure_held", "of": Digest::ZERO, "ground": "evidence", "reason": "在办" }),
    ];
    let opened = vector("procedure/acts.json")["openings"]["lead"].clone();
    let more = more.into_iter().chain([opened]).map(|json| serde_json::from_value(json).unwrap());
    hostile::acts().into_iter().chain(more).collect()
}

#[test]
fn the_table_of_who_may_say_what_is_that_of_the_program() {
    let text = page("acts.md");
    let table: BTreeMap<String, Vec<String>> = rows(&text, "## Who may say what")
        .into_iter()
        .map(|mut row| (code(&row.remove(0)).to_owned(), row))
        .collect();
    let all = acts();
    assert_eq!(table.len(), all.len(), "a row for each act");
    for (n, form) in Form::ALL.into_iter().enumerate() {
        let matter = Matter::assigned(form);
        for act in &all {
            let may =
                |author: &str, at: &str| match matter.judge(at, &node(author), &matter.next(author, act)) {
                    Ok(_) => true,
                    Err(refusal) => !refusal.rule.contains("在本件中不能"),
                };
            let who = match (may(Q, W), may(W, Q)) {
                (true, true) => "P",
                (true, false) => "F",
                (false, true) => "R",
                (false, false) => "",
            };
            assert_eq!(table[act.code()][n], who, "{} in {form:?}", act.code());
        }
    }
}

/// Every field that an act can have is named in the row of the act, and nothing else is.
#[test]
fn the_table_of_fields_names_those_that_acts_have() {
    let text = page("acts.md");
    let vectors = vector("procedure/acts.json");
    let named = |cell: &str| -> BTreeSet<String> {
        cell.split('`').skip(1).step_by(2).map(|name| name.trim_end_matches('?').to_owned()).collect()
    };
    let fields = |act: &Value| -> BTreeSet<String> {
        act.as_object().unwrap().keys().filter(|k| *k != "act").cloned().collect()
    };
    let table = rows(&text, "## The acts");
    let acts = vectors["acts"].as_object().unwrap();
    assert_eq!(table.len(), acts.len());
    for row in &table {
        let name = code(&row[0]);
        assert_eq!(named(&row[1]), fields(&acts[name]["act"]), "{name}");
    }
    let opening: BTreeSet<String> = rows(&text, "## The opening")
        .iter()
        .map(|row| code(&row[0]).trim_end_matches('?').to_owned())
        .collect();
    let said: BTreeSet<String> =
        vectors["openings"].as_object().unwrap().values().flat_map(&fields).collect();
    assert_eq!(opening, said);
    let text = page("gatherings.md");
    let all = vector("procedure/gatherings.json");
    let table = rows(&text, "## The acts");
    for row in &table {
        let name = code(&row[0]);
        let mut of_both = fields(&all["meeting"][name]);
        if let Some(act) = all["plan"].get(name) {
            of_both.extend(fields(act));
        }
        assert_eq!(named(&row[1]), of_both, "{name}");
    }
    assert_eq!(table.len(), all["meeting"].as_object().unwrap().len());
}

#[test]
fn every_word_of_a_fixed_list_is_on_the_page() {
    let (acts, gatherings) = (page("acts.md"), page("gatherings.md"));
    macro_rules! words {
        ($page:ident: $($list:ident),*) => {
            $(for word in $list::ALL {
                let row = format!("`{}` {}", word.code(), word.title());
                assert!($page.contains(&row), "{}.md lacks {row}", stringify!($page));
            })*
        };
    }
    words!(acts: Ask, AwayKind, BulletinKind, Conclusion, HoldGround, Milestone, RefuseGround, ReturnGround);
    words!(acts: TransferGround, Verdict);
    words!(gatherings: MeetingKind, Span);
}

/// An example follows a comment that says from which vector it is: `<!-- vector exchange/compact.json /acts/move/act -->`.
#[test]
fn the_examples_are_those_of_the_vectors() {
    let mut checked = 0;
    for file in std::fs::read_dir(root().join("docs/protocol")).unwrap() {
        let path = file.unwrap().path();
        let text = std::fs::read_to_string(&path).unwrap();
        for piece in text.split("<!-- vector ").skip(1) {
            let (from, rest) = piece.split_once(" -->\n```json\n").unwrap_or_else(|| panic!("{piece}"));
            let (name, pointer) = from.split_once(' ').unwrap();
            let (example, _) = rest.split_once("\n```").unwrap();
            let shown: Value = serde_json::from_str(example).unwrap_or_else(|e| panic!("{from}: {e}"));
            let all = vector(name);
            let real = all.pointer(pointer).unwrap_or_else(|| panic!("no {from}"));
            // What stands in a vector byte by byte is a text there.
            let real = match real.as_str() {
                Some(text) => serde_json::from_str(text).unwrap_or_else(|_| real.clone()),
                None => real.clone(),
            };
            assert_eq!(shown, real, "{}: {from}", path.display());
            checked += 1;
        }
    }
    assert!(checked > 20, "{checked}");
}

/// Pages and places on them to which the pages of the protocol lead.
#[test]
fn links_lead_somewhere() {
    let docs = root().join("docs");
    let mut pages = vec![docs.join("protocol.md")];
    pages.extend(std::fs::read_dir(docs.join("protocol")).unwrap().map(|f| f.unwrap().path()));
    let anchors = |path: &std::path::Path| -> BTreeSet<String> {
        let text = std::fs::read_to_string(path).unwrap();
        let plain = |c: &char| c.is_alphanumeric() || *c == ' ' || *c == '-' || *c == '_';
        let heads = text.lines().filter(|l| l.starts_with('#'));
        heads
            .map(|l| {
                l.trim_start_matches('#').trim().to_lowercase().chars().filter(plain).collect::<String>()
            })
            .map(|l| l.replace(' ', "-"))
            .collect()
    };
    for page in pages {
        let text = std::fs::read_to_string(&page).unwrap();
        for piece in text.split("](").skip(1) {
            let link = piece.split(')').next().unwrap();
            if link.starts_with("http") {
                continue;
            }
            let (file, anchor) = link.split_once('#').unwrap_or((link, ""));
            let target = if file.is_empty() { page.clone() } else { page.parent().unwrap().join(file) };
            assert!(target.exists(), "{}: {link}", page.display());
            assert!(anchor.is_empty() || anchors(&target).contains(anchor), "{}: {link}", page.display());
        }
    }
}

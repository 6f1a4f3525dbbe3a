//! The questions as strings: what the command line, the API and the calculator share.

use crate::*;
use lianzhi_law::ask::{self, BasisQuery, DayQuery, SurchargeQuery, TermQuery};

fn json<T: serde::Serialize>(answer: T) -> serde_json::Value {
    serde_json::to_value(answer).unwrap()
}

#[test]
fn a_term_has_the_fields_of_the_interface() {
    let query = TermQuery { from: Some("2026-09-16".into()), ..TermQuery::default() };
    let found = json(ask::term(&LAW, "pay.fine", &query).unwrap());
    for (name, value) in [
        ("key", "\"pay.fine\""),
        ("from", "\"2026-09-16\""),
        ("due", "\"2026-10-08\""),
        ("unit", "\"cd\""),
        ("n", "15"),
        ("provisional", "false"),
        ("law", "\"行政处罚法\""),
        ("article", "\"67\""),
    ] {
        assert_eq!(found[name].to_string(), value, "{name}");
    }
    assert!(found["explanation"].as_str().unwrap().contains("顺延"));
    let event = TermQuery { from: Some("2026-09-16".into()), ..TermQuery::default() };
    assert!(json(ask::term(&LAW, "filing.file_case", &event).unwrap())["due"].is_null());
}

#[test]
fn a_question_that_cannot_be_answered_names_its_parameter() {
    let term = |key: &str, from: &str, before: &str, place: &str| {
        let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        let query = TermQuery { from: some(from), before: some(before), jurisdiction: some(place) };
        ask::term(&LAW, key, &query).unwrap_err()
    };
    assert_eq!(term("pay.fine", "2026-02-30", "", "").field, Some("from"));
    assert_eq!(term("pay.fine", "", "", "").field, Some("from"));
    assert_eq!(term("pay.fine", "2026-02-03", "2026-02-03", "").field, Some("before"));
    assert_eq!(term("pay.fine", "", "2026-02-03", "").field, Some("before"));
    assert_eq!(term("hearing.notice", "2026-02-03", "", "").field, Some("from"));
    assert_eq!(term("pay.fine", "2026-02-03", "", "火星").field, Some("jurisdiction"));
    assert!(term("pay.fines", "2026-02-03", "", "").missing);
    let query = |paid: &str, suspended: &str| SurchargeQuery {
        fine_yuan: "1000".into(),
        due: "2026-01-31".into(),
        paid: paid.into(),
        suspended: suspended.into(),
        until: None,
    };
    assert_eq!(ask::late_fine(&query("2026-02-01:x", "")).unwrap_err().field, Some("paid"));
    assert_eq!(ask::late_fine(&query("2026-02-01", "2026-02-01")).unwrap_err().field, Some("suspended"));
    assert_eq!(json(ask::late_fine(&query("2026-02-01:500，2026-02-03", "")).unwrap())["surcharge_yuan"], 60);
    let basis = BasisQuery {
        jurisdiction: "SH".into(),
        subject: "猫".into(),
        conduct: "2026-08-14".into(),
        decided: "2026-08-14".into(),
        ..BasisQuery::default()
    };
    assert_eq!(ask::basis(&LAW, "FS-03", &basis).unwrap_err().field, Some("subject"));
    assert!(ask::basis(&LAW, "FS-99", &basis).unwrap_err().missing);
}

#[test]
fn a_basis_is_told_with_range_and_reasons() {
    let query = BasisQuery {
        jurisdiction: "SH".into(),
        subject: "单位".into(),
        conduct: "2026-08-14".into(),
        decided: "2026-08-15".into(),
        ..BasisQuery::default()
    };
    let found = json(ask::basis(&LAW, "FS-03", &query).unwrap());
    assert_eq!(found["chosen"]["fine_min_yuan"], 500);
    assert_eq!(found["chosen"]["fine_max_yuan"], 5000);
    assert_eq!(found["rejected"][0]["fine_max_yuan"], 20_000);
    assert!(found["rejected"][0]["reason"].as_str().unwrap().contains("第37条"));
}

#[test]
fn items_terms_and_comparisons_are_whole() {
    assert_eq!(json(ask::items(&LAW))["items"].as_array().unwrap().len(), 52);
    assert_eq!(json(ask::terms(&LAW))["terms"].as_array().unwrap().len(), LAW.statutes().count());
    let today = date(2026, 11, 23);
    let day = |text: &str| DayQuery { date: Some(text.into()) };
    let before = json(ask::compare(&LAW, "FS-03", &day("2026-08-14"), today).unwrap());
    assert_eq!(before["places"][0]["rules"][0]["basis"]["fine_max_yuan"], 20_000);
    let after = json(ask::compare(&LAW, "FS-03", &DayQuery::default(), today).unwrap());
    assert_eq!(after["places"][0]["rules"][0]["basis"]["fine_max_yuan"], 5000);
    assert_eq!(
        json(ask::item(&LAW, "FS-03", &DayQuery::default(), today).unwrap())["bases"]
            .as_array()
            .unwrap()
            .len(),
        3
    );
    assert_eq!(ask::item(&LAW, "FS-03", &day("x"), today).unwrap_err().field, Some("date"));
}

//! `lianzhi law`: what strangers ask it, without a node and without a configuration.

use crate::program::{done, lianzhi};
use serde_json::{Value, json};

fn asked(args: &[&str]) -> Value {
    let all: Vec<&str> = ["law"].iter().chain(args).chain(&["--json"]).copied().collect();
    serde_json::from_str(&done(all)).unwrap()
}

#[test]
fn a_term_is_computed_forwards_backwards_and_by_place() {
    let fine = asked(&["term", "pay.fine", "--from", "2026-09-16"]);
    let expected = json!({
        "key": "pay.fine", "from": "2026-09-16", "due": "2026-10-08", "unit": "cd", "n": 15, "provisional": false,
        "law": "行政处罚法", "article": "67"
    });
    for (name, value) in expected.as_object().unwrap() {
        assert_eq!(fine[name], *value, "{name}");
    }
    assert_eq!(asked(&["term", "hearing.notice", "--before", "2026-10-15"])["due"], "2026-09-30");
    let there = |place: &str| {
        asked(&["term", "serve.public_notice", "--from", "2026-09-01", "--jurisdiction", place])
    };
    assert_eq!((&there("SH")["n"], &there("ZJ")["n"]), (&json!(60), &json!(30)));
    let hours = asked(&["term", "seize.urgent_report", "--from", "2026-10-01T14:05"]);
    assert_eq!(hours["due"], "2026-10-02T14:05:00+08:00");
    assert_eq!(asked(&["term", "hearing.request", "--from", "2026-12-30"])["provisional"], true);
    assert!(asked(&["term", "filing.file_case", "--from", "2026-10-01"])["due"].is_null());
}

#[test]
fn a_surcharge_is_exact_and_stops_at_the_fine() {
    let late = |paid: &[&str]| {
        let all = ["surcharge", "--fine-yuan", "10000", "--due", "2026-01-31"];
        asked(&all.iter().chain(paid).copied().collect::<Vec<_>>())
    };
    let full = late(&["--paid", "2026-03-06"]);
    assert_eq!(
        (&full["days"], &full["surcharge_yuan"], &full["capped"]),
        (&json!(34), &json!(10_000), &json!(true))
    );
    let parts = late(&["--paid", "2026-02-05:4000", "--paid", "2026-02-15"]);
    assert_eq!(
        (&parts["days"], &parts["surcharge_yuan"], &parts["capped"]),
        (&json!(15), &json!(3300), &json!(false))
    );
    let stayed = late(&["--paid", "2026-02-20", "--suspended", "2026-02-06..2026-02-15"]);
    assert_eq!((&stayed["days"], &stayed["surcharge_yuan"]), (&json!(10), &json!(3000)));
}

#[test]
fn a_basis_is_chosen_with_reasons_and_none_is_no_success() {
    let ask = |item, conduct, decided| {
        [
            "law",
            "basis",
            item,
            "--jurisdiction",
            "SH",
            "--subject",
            "单位",
            "--conduct",
            conduct,
            "--decided",
            decided,
        ]
    };
    let args = ask("FS-03", "2026-08-14", "2026-08-15");
    let lighter = asked(&args[1..]);
    assert_eq!(lighter["chosen"]["article"], "1132(3)");
    assert!(lighter["rejected"][0]["reason"].as_str().unwrap().contains("第37条"));
    let none = lianzhi(ask("ZS-01", "2026-08-14", "2026-08-15"));
    assert_eq!(none.code, 2);
    assert!(none.said.contains("没有可用的处罚依据"), "{}", none.said);
}

#[test]
fn items_are_listed_and_compared() {
    assert_eq!(asked(&["items"])["items"].as_array().unwrap().len(), 52);
    let found = asked(&["compare", "ZD-01", "--date", "2026-09-01"]);
    assert!(
        !found["gaps"].as_array().unwrap().is_empty() && !found["conflicts"].as_array().unwrap().is_empty()
    );
    assert_eq!(asked(&["item", "FS-03"])["bases"].as_array().unwrap().len(), 3, "the graver grade is one");
    assert!(asked(&["terms"])["terms"].as_array().unwrap().len() > 47);
    let powers = asked(&["entered", "powers"]);
    assert!(powers["entries"][0]["content"]["agency"].is_string() && powers["entries"][0]["own"] == false);
    assert!(done(["law", "entered", "thresholds", "--export"]).contains("[[threshold]]"));
}

#[test]
fn without_json_people_read_it() {
    for (args, words) in [
        (vec!["law", "term", "pay.fine", "--from", "2026-09-16"], "截止：2026-10-08"),
        (vec!["law", "term", "hearing.notice", "--before", "2026-10-15"], "最迟：2026-09-30"),
        (vec!["law", "terms"], "serve.public_notice.sh"),
        (
            vec!["law", "surcharge", "--fine-yuan", "100", "--due", "2026-01-31", "--paid", "2026-02-01"],
            "加处罚款：3 元（1 日）",
        ),
        (vec!["law", "items"], "FS-03"),
        (vec!["law", "item", "FS-03"], "500 元以上 5,000 元以下"),
        (vec!["law", "entered", "thresholds"], "听证的数额标准（上海）"),
        (vec!["law", "compare", "ZD-01"], "不一致"),
    ] {
        let said = done(&args);
        assert!(said.contains(words), "{args:?}: {said}");
    }
}

#[test]
fn bad_input_is_two_and_says_what_to_do() {
    for (args, words) in [
        (vec!["term", "pay.fien", "--from", "2026-09-16"], "pay.fine"),
        (vec!["term", "pay.fine"], "缺少日期"),
        (vec!["term", "pay.fine", "--from", "2026-02-30"], "不是日期"),
        (vec!["term", "pay.fine", "--before", "2026-02-03"], "不能倒推"),
        (vec!["term", "hearing.notice", "--from", "2026-02-03"], "倒推"),
        (vec!["term", "pay.fine", "--from", "2026-02-03", "--jurisdiction", "火星"], "上海市"),
        (vec!["term", "limitation.env_harm", "--from", "2026-08-14"], "2026-08-15"),
        (vec!["surcharge", "--fine-yuan", "-5", "--due", "2026-01-31", "--paid", "2026-02-01"], "不是金额"),
        (vec!["surcharge", "--fine-yuan", "100", "--due", "2026-01-31"], "没有缴款记录"),
        (vec!["surcharge", "--due", "2026-01-31", "--paid", "2026-02-01"], "缺少罚款数额"),
        (
            vec![
                "surcharge",
                "--fine-yuan",
                "1",
                "--due",
                "2026-01-31",
                "--paid",
                "2026-02-01",
                "--suspended",
                "x",
            ],
            "开始..结束",
        ),
        (
            vec![
                "basis",
                "FS-99",
                "--jurisdiction",
                "SH",
                "--subject",
                "单位",
                "--conduct",
                "2026-08-14",
                "--decided",
                "2026-08-14",
            ],
            "FS-03",
        ),
        (
            vec![
                "basis",
                "FS-03",
                "--jurisdiction",
                "SH",
                "--subject",
                "猫",
                "--conduct",
                "2026-08-14",
                "--decided",
                "2026-08-14",
            ],
            "单位 或 个人",
        ),
        (
            vec![
                "basis",
                "FS-03",
                "--jurisdiction",
                "SH",
                "--subject",
                "单位",
                "--conduct",
                "2026-08-14",
                "--decided",
                "2026-08-13",
            ],
            "早于",
        ),
        (vec!["compare", "烧烤"], "FS-03"),
    ] {
        let ran = lianzhi(["law"].iter().chain(&args));
        assert_eq!(ran.code, 2, "{args:?}: {}", ran.said);
        assert!(ran.said.contains(words), "{args:?}: {}", ran.said);
    }
}

//! The law side of a case before it is decided: power, basis, amount, grade, limitation.

use super::kit::*;

/// The notice as it is asked for.
fn notify() -> serde_json::Value {
    json!({ "command": "notify", "days": 5, "note": "告知" })
}

/// The decision as it is asked for.
fn decide() -> serde_json::Value {
    json!({ "command": "decide", "note": "决定" })
}

#[test]
fn 行政处罚法38_a_power_that_ended_since_stops_the_notice_and_the_decision() {
    let mut told = Docket::planned(SMALL, "person", 200_000);
    told.directory = powerless();
    told.against("第三十八条", "officer-a1", notify());
    let mut case = Docket::notified(SMALL, "person", 200_000);
    case.ok("officer-a1", json!({ "command": "waive", "party": 1, "exhibits": photo() }));
    case.ok("officer-a1", decide());
    // It ended while the decision waited for the leader.
    case.ok("captain-a", json!({ "command": "endorse", "proposal": 3, "agreed": true }));
    case.directory = powerless();
    let refusal =
        case.against("第三十八条", "leader", json!({ "command": "approve", "proposal": 3, "agreed": true }));
    assert_eq!(refusal.code, "no-power");
}

#[test]
fn 行政处罚法22_an_item_outside_the_power_is_not_added_later() {
    let mut case = Docket::filed(SMALL, "person");
    case.directory = powerless();
    let add = |item: &str| json!({ "command": "set_violation", "item": item, "from": "2026-11-20", "facts": "另有" });
    let refusal = case.against("第二十二条", "officer-a1", add("JZLJ-02"));
    assert_eq!(refusal.code, "no-power");
    case.ok("officer-a1", add("SHLJ-02"));
}

#[test]
fn 行政处罚法59_a_basis_without_an_article_is_not_confirmed_and_carries_nothing() {
    let mut case = Docket::without_article();
    let confirm = json!({ "command": "confirm", "party": 1, "violation": 1, "note": "现行文本" });
    case.against("第五十九条", "legal", confirm);
    let refusal = case.against("第五十九条", "officer-a1", notify());
    assert_eq!(refusal.code, "no-article");
}

/// A case of an item, filed on a day, about conduct of another.
fn filed_on(now: &str, from: &str, item: &str, kind: &str) -> Docket {
    let mut case = Docket::new();
    case.now = lianzhi_testkit::at(now);
    case.ok("officer-a1", with(register(item, kind), "from", json!(from)));
    case.ok("captain-a", json!({ "command": "assign", "lead": "officer-a1", "second": "officer-a2" }));
    case.ok("officer-a1", json!({ "command": "verify", "established": true, "note": "属实" }));
    case.approved("officer-a1", json!({ "command": "file", "note": "立案" }));
    case.ok("officer-a1", with(record("inspection"), "from", json!(now)));
    case.ok("officer-a1", json!({ "command": "finish", "note": "终结" }));
    case
}

#[test]
fn 行政处罚法4_no_fine_where_the_article_gives_none() {
    let mut village = Docket::filed("WJ-03", "person");
    let refusal = village.against("第四条", "officer-a1", charge(900_000_000));
    assert_eq!(refusal.field, Some("fine"));
    // A fine without a range in the article is none that could be checked.
    let mut flyers = Docket::filed("GG-03", "person");
    let named = with(charge(10_000), "basis", json!("GG-03-3"));
    flyers.against("第三十八条", "officer-a1", named);
}

#[test]
fn 城乡规划法64_a_fine_by_cost_lies_between_five_and_ten_percent_of_it() {
    let mut case = Docket::filed("WJ-01", "company");
    let refusal = case.against("城乡规划法", "officer-a1", charge(5_000_000));
    assert_eq!(refusal.field, Some("cost"));
    // A million yuan: 50 000 to 100 000.
    let fine = |fen: i64| with(charge(fen), "cost", json!(100_000_000));
    case.against("城乡规划法", "officer-a1", fine(4_999_999));
    case.against("城乡规划法", "officer-a1", fine(10_000_001));
    case.ok("officer-a1", fine(7_500_000));
    let made = &case.case().parties[0].charges[0];
    assert_eq!((made.basis.min, made.basis.max), (Some(5_000_000), Some(10_000_000)));
    assert!(made.benchmark.contains("1,000,000 元 × 5% = 50,000 元"), "{}", made.benchmark);
}

#[test]
fn 上海市绿化条例44_a_fine_by_area_is_computed_from_it() {
    let mut case = Docket::filed("LH-01", "person");
    let refusal = case.against("上海市绿化条例", "officer-a1", charge(100_000));
    assert_eq!(refusal.field, Some("area"));
    // 12.50 square metres: 6250 to 25 000 yuan.
    let fine = |fen: i64| with(charge(fen), "area", json!(1250));
    case.against("上海市绿化条例", "officer-a1", fine(624_999));
    case.against("上海市绿化条例", "officer-a1", fine(2_500_001));
    case.ok("officer-a1", fine(1_000_000));
    assert!(case.case().parties[0].charges[0].benchmark.contains("12.50 平方米"));
}

#[test]
fn 行政处罚法37_around_the_code_the_lighter_law_and_the_barred_one_is_refused() {
    // Before the code 500 to 20 000 yuan, since then 500 to 5000.
    let mut case = filed_on("2026-11-23T01:00:00Z", "2026-08-14", "FS-03", "person");
    let refusal = case.against("第三十七条", "officer-a1", with(charge(500_000), "basis", json!("FS-03-2")));
    assert_eq!(refusal.field, Some("basis"));
    case.refused("officer-a1", charge(500_001));
    case.ok("officer-a1", charge(200_000));
    assert!(case.case().parties[0].charges[0].basis.law.contains("生态环境法典"));
    // Afterwards the old law is none any more.
    let mut later = filed_on("2026-11-23T01:00:00Z", "2026-08-15", "FS-03", "person");
    later.refused("officer-a1", with(charge(200_000), "basis", json!("FS-03-2")));
    later.ok("officer-a1", charge(200_000));
}

#[test]
fn 行政处罚法37_the_basis_is_chosen_again_for_the_day_of_the_decision() {
    let mut case = filed_on("2026-08-12T01:00:00Z", "2026-08-10", "FS-03", "person");
    case.ok("officer-a1", charge(200_000));
    assert!(case.case().parties[0].charges[0].basis.law.contains("大气污染防治法"));
    case.approved("officer-a1", notify());
    case.serve_last();
    case.ok("officer-a1", json!({ "command": "waive", "party": 1, "exhibits": photo() }));
    assert!(case.ask("officer-a1", decide()).is_ok());
    // On the 15th the code is in force, and lighter.
    case.days(4);
    let refusal = case.against("第三十七条", "officer-a1", decide());
    assert_eq!(refusal.code, "basis-changed");
    case.ok("officer-a1", charge(200_000));
    case.against("第六十二条", "officer-a1", decide());
    case.approved("officer-a1", notify());
    case.serve_last();
    case.ok("officer-a1", json!({ "command": "waive", "party": 1, "exhibits": photo() }));
    case.ok("officer-a1", decide());
}

#[test]
fn 行政处罚法29_another_basis_than_the_chosen_one_is_a_deviation_that_says_why() {
    let mut case = filed_on("2026-11-23T01:00:00Z", "2026-11-20", "FW-01", "company");
    let chosen = case.ask("officer-a1", charge(6_000_000)).unwrap();
    case.apply(&chosen);
    let first = case.case().parties[0].charges[0].clone();
    assert!(!first.departs);
    let other = if first.basis.law.contains("上海") { "FW-01-3" } else { "FW-01-1" };
    case.ok("officer-a1", with(charge(6_000_000), "basis", json!(other)));
    let made = case.case().parties[0].charges[0].clone();
    assert!(made.departs && made.deviates.unwrap().contains("须写明理由并经批准"));
    case.ok("officer-a1", notify());
}

#[test]
fn 情节严重_a_graver_grade_is_said_of_the_case_and_none_that_follows_by_itself() {
    let mut case = Docket::filed(SMALL, "person");
    let graver = with(charge(5_000_000), "basis", json!("FW-02-2"));
    let refusal = case.against("上海", "officer-a1", graver.clone());
    assert_eq!(refusal.field, Some("grade"));
    case.refused("officer-a1", with(graver.clone(), "grade", json!("屡教不改")));
    case.ok("officer-a1", with(graver, "grade", json!("情节严重")));
    assert_eq!(case.case().parties[0].charges[0].basis.only, "情节严重");
}

#[test]
fn 拒不改正_the_graver_grade_wants_an_order_served_its_day_over_and_found_unmet() {
    let mut case = filed_on("2026-11-23T01:00:00Z", "2026-11-20", "FS-03", "person");
    case.ok("officer-a1", with(charge(1_000_000), "grade", json!("拒不改正")));
    assert!(case.case().parties[0].charges[0].basis.only == "拒不改正");
    let refusal = case.refused("officer-a1", notify());
    assert_eq!(refusal.code, "order-first");
    case.ok(
        "officer-a1",
        json!({ "command": "order", "party": 1, "note": "停止露天烧烤", "until": "2026-11-25" }),
    );
    case.serve_last();
    let paper = case.case().papers.last().unwrap().paper.id;
    let seen = json!({ "command": "reinspect", "order": paper, "done": false, "note": "仍在烧烤" });
    case.days(2);
    // On the last day of the order it may still be met.
    case.ok("officer-a1", seen.clone());
    assert_eq!(case.refused("officer-a1", notify()).code, "order-first");
    case.days(1);
    case.ok("officer-a1", seen);
    case.ok("officer-a1", notify());
}

#[test]
fn 行政处罚法63_things_of_unknown_worth_give_a_hearing_and_known_ones_are_compared() {
    let mut case = Docket::filed(SMALL, "person");
    let goods = with(charge(0), "goods", json!(true));
    let made = |case: &Docket| {
        let charge = &case.case().parties[0].charges[0];
        (charge.hearing, charge.review, charge.major)
    };
    case.ok("officer-a1", goods.clone());
    assert_eq!(made(&case), (true, true, true));
    // Shanghai: five thousand yuan for a person.
    case.ok("officer-a1", with(goods.clone(), "goods_value", json!(499_999)));
    assert_eq!(made(&case), (false, false, false));
    case.ok("officer-a1", with(goods, "goods_value", json!(500_000)));
    assert_eq!(made(&case), (true, true, true));
}

#[test]
fn 行政处罚法4_no_warning_where_the_article_gives_none_and_none_before_the_order_that_it_wants() {
    let mut case = Docket::filed(SMALL, "person");
    let refusal = case.against("第四条", "officer-a1", with(charge(0), "warning", json!(true)));
    assert_eq!(refusal.field, Some("warning"));
    // Noise: talked to and ordered first, warned and fined only when that was not followed.
    let mut noise = filed_on("2026-11-23T01:00:00Z", "2026-11-20", "ZS-02", "person");
    noise.ok("officer-a1", with(charge(0), "warning", json!(true)));
    assert_eq!(noise.refused("officer-a1", notify()).code, "order-first");
    // Letting homes: the warning comes with the order.
    let mut homes = filed_on("2026-11-23T01:00:00Z", "2026-11-20", "QZ-01", "company");
    homes.ok("officer-a1", with(charge(0), "warning", json!(true)));
    homes.ok("officer-a1", notify());
}

#[test]
fn 行政处罚法45_what_was_told_once_is_the_bound_though_the_plan_was_taken_away_since() {
    let mut case = Docket::notified(SMALL, "person", 500_000);
    case.ok("officer-a1", json!({ "command": "state", "party": 1, "note": "不是我拆的" }));
    let change = json!({
        "command": "set_violation", "violation": 1, "item": SMALL, "from": "2026-11-19", "facts": "多拆一面墙",
    });
    case.ok("officer-a1", change);
    case.ok("officer-a1", json!({ "command": "uncharge", "party": 1, "violation": 1 }));
    case.against("第四十五条第二款", "officer-a1", charge(900_000));
    // Lowered after the defence and raised again, never above what was told.
    case.ok("officer-a1", charge(300_000));
    case.ok("officer-a1", charge(400_000));
    case.against("第四十五条第二款", "officer-a1", charge(500_001));
}

#[test]
fn 行政处罚法45_a_milder_kind_of_the_same_family_is_no_heavier_penalty() {
    use lianzhi_procedure::penalty::Severe;
    assert!(Severe::Suspend.within(Severe::Revoke) && !Severe::Revoke.within(Severe::Suspend));
    assert!(Severe::Restrict.within(Severe::Close) && !Severe::Stop.within(Severe::Revoke));
    assert!(Severe::Bar.within(Severe::Bar) && !Severe::Bar.within(Severe::Close));
    let severe = |kind: &str| with(charge(0), "severe", json!(kind));
    let mut case = Docket::planned(SMALL, "person", 200_000);
    case.ok("officer-a1", severe("revoke"));
    case.approved("officer-a1", notify());
    case.serve_last();
    case.ok("officer-a1", json!({ "command": "state", "party": 1, "note": "请从轻" }));
    case.ok("officer-a1", severe("suspend"));
    case.against("第四十五条第二款", "officer-a1", severe("stop"));
}

#[test]
fn 行政处罚法36_five_years_for_life_and_health_and_for_the_environment_only_since_the_code() {
    let lead = |day: &str, flag: &str| {
        let mut case = Docket::new();
        case.ok("officer-a1", with(with(register(SMALL, "person"), "from", json!(day)), flag, json!(true)));
        case.ok("captain-a", json!({ "command": "assign", "lead": "officer-a1", "second": "officer-a2" }));
        case.ok("officer-a1", json!({ "command": "verify", "established": true, "note": "属实" }));
        case.ask("officer-a1", json!({ "command": "file", "note": "立案" }))
    };
    assert!(lead("2022-01-10", "harm").unwrap_err().source_text.contains("36"));
    assert!(lead("2022-01-10", "danger").is_ok());
    assert!(lead("2021-11-22", "danger").unwrap_err().source_text.contains("第三十六条第一款"));
}

#[test]
fn 行政处罚法36_found_on_the_day_of_the_complaint_and_one_act_counts_from_its_day() {
    let lead = |more: serde_json::Value| {
        let mut case = Docket::new();
        let mut register = with(register(SMALL, "person"), "from", json!("2024-11-20"));
        for (name, value) in more.as_object().unwrap() {
            register = with(register, name, value.clone());
        }
        case.ok("officer-a1", register);
        case.ok("captain-a", json!({ "command": "assign", "lead": "officer-a1", "second": "officer-a2" }));
        case.ok("officer-a1", json!({ "command": "verify", "established": true, "note": "属实" }));
        case
    };
    let file = || json!({ "command": "file", "note": "立案" });
    // Registered on 23 November 2026, three days too late; the complaint came on the 20th.
    assert!(lead(json!({})).ask("officer-a1", file()).is_err());
    lead(json!({ "found_on": "2026-11-20" })).ok("officer-a1", file());
    assert!(lead(json!({ "found_on": "2026-11-21" })).ask("officer-a1", file()).is_err());
    // The last day counts only where the conduct was continual or went on.
    assert!(lead(json!({ "to": "2025-01-10" })).ask("officer-a1", file()).is_err());
    lead(json!({ "to": "2025-01-10", "continuing": true })).ok("officer-a1", file());
    // What is added later was found when it was added.
    let mut case = lead(json!({ "found_on": "2026-11-20" }));
    case.approved("officer-a1", file());
    let add = json!({ "command": "set_violation", "item": SMALL, "from": "2024-11-21", "facts": "另一面墙" });
    case.ok("officer-a1", add);
    case.ok("officer-a1", record("inspection"));
    case.ok("officer-a1", json!({ "command": "finish", "note": "终结" }));
    case.ok("officer-a1", charge(200_000));
    case.against("36", "officer-a1", notify());
}

#[test]
fn 行政处罚法57_58_63_what_one_decision_imposes_on_a_party_counts_in_sum() {
    let mut case = Docket::filed(SMALL, "person");
    case.ok("officer-a1", record("inspection"));
    case.ok("officer-a1", json!({ "command": "finish", "note": "终结" }));
    let second =
        json!({ "command": "set_violation", "item": SMALL, "from": "2026-11-18", "facts": "另一套房屋" });
    case.ok("officer-a1", second);
    // Neither reaches the 5,000 from which a resident may demand a hearing; both together do.
    case.ok("officer-a1", charge(400_000));
    let told = |case: &Docket, n: usize| case.case().parties[0].charges[n].hearing;
    assert!(!told(&case, 0));
    case.ok("officer-a1", with(charge(400_000), "violation", json!(2)));
    let sum = &case.case().parties[0].charges[1];
    assert!(sum.hearing && sum.review && sum.major, "{sum:?}");
    case.approved("officer-a1", notify());
    case.serve_last();
    let told = case.case().parties[0].rights.notice.clone().unwrap();
    assert!(told.hearing);
    case.ok("officer-a1", json!({ "command": "waive", "party": 1, "hearing": true, "exhibits": photo() }));
    case.against("第五十八条", "officer-a1", decide());
    case.ok("legal", json!({ "command": "review", "opinion": "agree", "note": "同意" }));
    case.against("第五十七条第二款", "officer-a1", decide());
    case.ok("leader", discuss());
    case.ok("officer-a1", decide());
}

#[test]
fn 行政处罚法30_34_of_a_minor_lighter_and_heavier_together_are_not_lighter() {
    let mut case = Docket::new();
    case.ok("officer-a1", with(register(SMALL, "person"), "capacity", json!("minor")));
    case.ok("captain-a", json!({ "command": "assign", "lead": "officer-a1", "second": "officer-a2" }));
    case.ok("officer-a1", json!({ "command": "verify", "established": true, "note": "属实" }));
    case.approved("officer-a1", json!({ "command": "file", "note": "立案" }));
    let with_all = |codes: &[&str]| with(charge(400_000), "circumstances", json!(codes));
    case.against("第三十条", "officer-a1", with_all(&["removed_harm", "repeated"]));
    case.ok("officer-a1", with_all(&["under_18", "repeated"]));
    let weight = |case: &Docket| case.case().parties[0].charges[0].weight.title();
    assert_eq!(weight(&case), "从轻", "应当: nothing that is heavier takes it away");
    // Of who is of age they cancel out.
    let mut adult = Docket::filed(SMALL, "person");
    adult.ok("officer-a1", with_all(&["removed_harm", "repeated"]));
    assert_eq!(weight(&adult), "一般");
}

#[test]
fn 行政处罚法33_what_did_harm_is_not_minor_and_who_is_unknown_is_not_first() {
    let spare = |ground: &str| json!({ "command": "no_penalty", "ground": ground, "note": "理由" });
    let corrected = |case: &mut Docket| {
        case.ok("officer-a1", record("inspection"));
        case.ok("officer-a1", json!({ "command": "finish", "note": "终结" }));
        case.ok(
            "officer-a1",
            json!({ "command": "promise", "party": 1, "until": "2026-11-30", "exhibits": photo() }),
        );
        case.ok(
            "officer-a1",
            json!({ "command": "see_promise", "party": 1, "done": true, "note": "已改正" }),
        );
    };
    let mut case = Docket::filed(SMALL, "person");
    corrected(&mut case);
    let refusal = case.against("第三十三条第一款", "officer-a1", spare("first"));
    assert!(refusal.rule.contains("证件号码"), "{}", refusal.rule);
    case.clone().ok("officer-a1", spare("minor"));
    case.look_ups.subject = Some(lianzhi_ids::Digest([3; 32]));
    case.ok("officer-a1", json!({ "command": "describe", "party": 1, "particulars": "{}" }));
    case.ok("officer-a1", spare("first"));
    for harm in ["harm", "danger"] {
        let mut case = Docket::new();
        case.look_ups.subject = Some(lianzhi_ids::Digest([3; 32]));
        case.ok("officer-a1", with(register(SMALL, "person"), harm, json!(true)));
        case.ok("captain-a", json!({ "command": "assign", "lead": "officer-a1", "second": "officer-a2" }));
        case.ok("officer-a1", json!({ "command": "verify", "established": true, "note": "属实" }));
        case.approved("officer-a1", json!({ "command": "file", "note": "立案" }));
        corrected(&mut case);
        for ground in ["minor", "first"] {
            let refusal = case.against("第三十三条第一款", "officer-a1", spare(ground));
            assert!(refusal.rule.contains("危害后果"), "{}", refusal.rule);
        }
    }
}

#[test]
fn 行政处罚法40_what_was_entered_is_withdrawn_with_a_reason_before_it_is_charged() {
    let mut case = Docket::planned(SMALL, "person", 200_000);
    let withdraw =
        |id: u16| json!({ "command": "withdraw_violation", "violation": id, "note": "不是承重墙" });
    case.against("第四十条", "officer-a1", withdraw(1));
    let add = json!({ "command": "set_violation", "item": SMALL, "from": "2026-11-18", "facts": "另一面墙" });
    case.ok("officer-a1", add.clone());
    case.against("第四十条", "officer-a1", withdraw(1));
    case.refused("officer-a3", withdraw(2));
    case.against("第四十七条", "officer-a1", with(withdraw(2), "note", json!("")));
    let version = case.case().version;
    case.ok("officer-a1", withdraw(2));
    assert!(case.case().violations.len() == 1 && case.case().version > version);
    // Its number is not given to another.
    case.ok("officer-a1", add);
    assert_eq!(case.case().violations.last().unwrap().id, 3);
}

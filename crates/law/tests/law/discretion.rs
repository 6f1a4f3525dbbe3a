//! 行政处罚法 30–34: a fine within its range; and who may impose it.

use crate::items::with_items;
use crate::*;
use lianzhi_law::{
    Benchmark, Circumstance, Effect, Fen, FineRange, Jurisdiction, NoPower, Proposal, ProposalError, propose,
};

fn range(min: i64, max: i64) -> FineRange {
    FineRange::Between { min: Fen::yuan(min), max: Fen::yuan(max) }
}

fn benchmark() -> &'static Benchmark {
    LAW.benchmark("FS-03", &Jurisdiction::nation(), date(2026, 9, 1)).unwrap()
}

fn proposed(fine: FineRange, tier: &str, circumstances: &[&str]) -> Proposal {
    let found: Vec<&Circumstance> =
        circumstances.iter().map(|code| LAW.circumstances().find(|c| &*c.code == *code).unwrap()).collect();
    propose(fine, benchmark(), tier, &found).unwrap()
}

#[test]
fn 行政处罚法_34_a_tier_is_its_part_of_the_range_to_the_fen() {
    #[rustfmt::skip]
    let table = [
        (range(500, 5000), "较轻", 50_000, 185_000, 117_500),
        (range(500, 5000), "一般", 185_000, 365_000, 275_000),
        (range(500, 5000), "较重", 365_000, 500_000, 432_500),
        (range(0, 200), "light", 0, 6_000, 3_000),
        (range(1000, 1000), "一般", 100_000, 100_000, 100_000),
    ];
    for (fine, tier, min, max, middle) in table {
        let found = proposed(fine, tier, &[]);
        assert_eq!(
            (found.min, found.max, found.proposed),
            (Fen(min), Fen(max), Some(Fen(middle))),
            "{}",
            found.explanation
        );
    }
    let found = proposed(range(500, 5000), "较轻", &[]);
    assert!(found.explanation.contains("500 +（5,000 − 500）× 30% = 1,850 元"), "{}", found.explanation);
    assert!(found.explanation.contains("示例"), "{}", found.explanation);
}

#[test]
fn 行政处罚法_30_to_33_circumstances_lead_down_up_or_to_none() {
    #[rustfmt::skip]
    let table: &[(&[&str], Option<i64>, Option<Effect>)] = &[
        (&["removed_harm"], Some(185_000), Some(Effect::Lighten)),
        (&["repeated"], Some(365_000), Some(Effect::Aggravate)),
        (&["removed_harm", "repeated"], Some(275_000), None),
        (&["reduced"], None, Some(Effect::Reduce)),
        (&["minor_corrected", "repeated"], Some(0), Some(Effect::MustSpare)),
        (&["first_slight"], Some(0), Some(Effect::MaySpare)),
        (&["under_14"], Some(0), Some(Effect::MustSpare)),
    ];
    for (circumstances, fen, effect) in table {
        let found = proposed(range(500, 5000), "一般", circumstances);
        assert_eq!((found.proposed, found.effect), (fen.map(Fen), *effect), "{}", found.explanation);
        assert!(found.explanation.contains("《行政处罚法》第3"), "{}", found.explanation);
    }
}

#[test]
fn 行政处罚法_34_what_differs_from_the_benchmark_needs_grounds() {
    let plain = proposed(range(500, 5000), "一般", &[]);
    assert_eq!(plain.deviation(Fen::yuan(1850)), None);
    assert_eq!(plain.deviation(Fen::yuan(3650)), None);
    for fen in [184_999, 365_001, 0] {
        assert!(plain.deviation(Fen(fen)).unwrap().contains("第34条"));
    }
    let reduced = proposed(range(500, 5000), "较轻", &["reduced"]);
    assert_eq!(reduced.deviation(Fen(49_999)), None);
    assert!(reduced.deviation(Fen::yuan(500)).is_some());
    let spared = proposed(range(500, 5000), "较轻", &["no_fault"]);
    assert_eq!(spared.deviation(Fen::ZERO), None);
    assert!(spared.deviation(Fen(1)).is_some());
}

#[test]
fn 行政处罚法_34_lighter_and_heavier_lie_in_their_half_of_the_tier() {
    // The tier is 1850 to 3650 yuan, its middle 2750.
    let lighter = proposed(range(500, 5000), "一般", &["removed_harm"]);
    assert_eq!(lighter.deviation(Fen::yuan(1850)), None);
    assert_eq!(lighter.deviation(Fen::yuan(2750)), None);
    assert!(lighter.deviation(Fen(275_001)).unwrap().contains("从轻"));
    let heavier = proposed(range(500, 5000), "一般", &["repeated"]);
    assert_eq!(heavier.deviation(Fen::yuan(3650)), None);
    assert_eq!(heavier.deviation(Fen::yuan(2750)), None);
    assert!(heavier.deviation(Fen(274_999)).unwrap().contains("从重"));
}

#[test]
fn 行政处罚法_30_under_eighteen_is_lighter_whatever_else_weighs() {
    let both = proposed(range(500, 5000), "一般", &["under_18", "repeated"]);
    assert_eq!((both.proposed, both.effect), (Some(Fen::yuan(1850)), Some(Effect::Lighten)));
    let grown = proposed(range(500, 5000), "一般", &["removed_harm", "repeated"]);
    assert_eq!((grown.proposed, grown.effect), (Some(Fen::yuan(2750)), None));
}

#[test]
fn without_amounts_or_tier_nothing_is_invented() {
    let none = propose(FineRange::Unfixed, benchmark(), "一般", &[]).unwrap_err();
    assert!(matches!(none, ProposalError::NoAmounts(_)));
    let percent =
        propose(FineRange::PercentOfCost { min: 5, max: 10 }, benchmark(), "一般", &[]).unwrap_err();
    assert!(percent.to_string().contains("造价"), "{percent}");
    let tier = propose(range(1, 2), benchmark(), "特重", &[]).unwrap_err();
    assert!(tier.to_string().contains("较轻、一般、较重"), "{tier}");
}

#[test]
fn the_agencys_own_benchmark_goes_before_the_example() {
    let own = |item: &str, tiers: &str| {
        with_items(&format!(
            "[[benchmark]]\nitem = \"{item}\"\njurisdiction = \"SH\"\ntitle = \"本机关裁量基准\"\nsource = \"s\"\nstanding = \"adopted\"\n\
             in_force_from = \"2026-01-01\"\ntiers = [{tiers}]\n"
        ))
    };
    let tier = |from: u8, to: u8| {
        format!("{{ code = \"t{from}\", title = \"t\", when = \"w\", from = {from}, to = {to} }}")
    };
    let law = own("FS-03", &tier(0, 100)).unwrap();
    let (here, there) = (Jurisdiction::parse("SH").unwrap(), Jurisdiction::parse("ZJ").unwrap());
    let title = |item: &str, place: &Jurisdiction| {
        law.benchmark(item, place, date(2026, 9, 1)).unwrap().title.to_string()
    };
    assert_eq!(title("FS-03", &here), "本机关裁量基准");
    assert_eq!(title("FS-01", &here), "通用裁量档次（示例）");
    assert_eq!(title("FS-03", &there), "通用裁量档次（示例）");
    for tiers in [tier(0, 90), tier(10, 100), format!("{}, {}", tier(0, 40), tier(50, 100)), String::new()] {
        assert!(own("FS-03", &tiers).unwrap_err().reason.contains("tiers"), "{tiers}");
    }
}

#[test]
fn 行政处罚法_38_without_the_power_there_is_no_penalty() {
    let (day, before) = (date(2026, 9, 1), date(2019, 1, 1));
    for agency in ["310118", "320509", "330421", "340100"] {
        let power = LAW.may_handle(agency, "FS-03", day).unwrap();
        assert_eq!(power.standing, Standing::Example, "{agency}");
    }
    // What was given down to a town, and what was not.
    let town = LAW.may_handle("310118101", "ZD-01", day).unwrap();
    assert_eq!(town.given_by.as_deref(), Some("310118"));
    assert!(matches!(LAW.may_handle("310118101", "WJ-01", day), Err(NoPower::NotHeld { .. })));
    assert!(matches!(LAW.may_handle("999999", "ZD-01", day), Err(NoPower::Unlisted { .. })));
    let early = LAW.may_handle("310118", "ZD-01", before).unwrap_err();
    assert!(early.to_string().contains("2020-01-01") && early.to_string().contains("38 条"), "{early}");
}

proptest! {
    #[test]
    fn tiers_cover_the_range_without_gap_or_overlap(min in 0_i64..1_000_000, width in 0_i64..10_000_000) {
        let fine = FineRange::Between { min: Fen(min), max: Fen(min + width) };
        let parts: Vec<Proposal> =
            benchmark().tiers.iter().map(|tier| propose(fine, benchmark(), &tier.code, &[]).unwrap()).collect();
        prop_assert_eq!(parts.first().unwrap().min, Fen(min));
        prop_assert_eq!(parts.last().unwrap().max, Fen(min + width));
        for pair in parts.windows(2) {
            prop_assert_eq!(pair[0].max, pair[1].min);
        }
        for part in &parts {
            let proposed = part.proposed.unwrap();
            prop_assert!(part.min <= proposed && proposed <= part.max);
            prop_assert_eq!(part.deviation(proposed), None);
        }
    }
}

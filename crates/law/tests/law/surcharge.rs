//! 行政处罚法 72(1)(一), 73(3): the surcharge on a late fine.

use crate::*;
use lianzhi_law::{Fen, Fined, Payment, SurchargeError, surcharge};

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

/// `2026-02-03` or `2026-02-03:4000`.
fn payment(text: &str) -> Payment {
    let (day, amount) = text.split_once(':').map_or((text, None), |(day, amount)| (day, Some(amount)));
    Payment { day: day.parse().unwrap(), amount: amount.map(|yuan| Fen::parse_yuan(yuan).unwrap()) }
}

fn fined(yuan: &str, paid: &[&str], suspended: &[(&str, &str)]) -> Fined {
    Fined {
        fine: Fen::parse_yuan(yuan).unwrap(),
        due: day("2026-01-31"),
        paid: paid.iter().map(|text| payment(text)).collect(),
        suspended: suspended.iter().map(|(from, to)| (day(from), day(to))).collect(),
        later: vec![],
        until: None,
    }
}

/// Fine, payments, suspensions; days, surcharge, whether it is full.
type Row =
    (&'static str, &'static [&'static str], &'static [(&'static str, &'static str)], u32, &'static str, bool);

#[test]
fn 行政处罚法_72_1_一_three_percent_a_day_up_to_the_fine() {
    #[rustfmt::skip]
    let table: &[Row] = &[
        // On the due day and before it: nothing.
        ("10000", &["2026-01-31"], &[], 0, "0", false),
        ("10000", &["2026-01-10"], &[], 0, "0", false),
        // The first late day counts, the day of payment included.
        ("10000", &["2026-02-01"], &[], 1, "300", false),
        // 33 days are 99 %, the 34th is full, the 35th brings no more.
        ("10000", &["2026-03-05"], &[], 33, "9900", false),
        ("10000", &["2026-03-06"], &[], 34, "10000", true),
        ("10000", &["2026-03-07"], &[], 35, "10000", true),
        ("10000", &["2027-03-07"], &[], 400, "10000", true),
        // To the fen: 3 % of 100.01 yuan are 3.0003; fractions are dropped at the end only.
        ("100.01", &["2026-02-01"], &[], 1, "3", false),
        ("100.33", &["2026-02-10"], &[], 10, "30.09", false),
        // Parts: 3 % of the rest from the day after the payment.
        ("10000", &["2026-02-05:4000", "2026-02-15"], &[], 15, "3300", false), // 5 × 300 + 10 × 180
        ("10000", &["2026-01-20:4000", "2026-02-10"], &[], 10, "1800", false),
        ("10000", &["2026-02-05:4000", "2026-02-05:6000"], &[], 5, "1500", false),
        // The bound is the whole fine: 20 × 300 + 23 × 180 = 10140.
        ("10000", &["2026-02-20:4000", "2026-03-15"], &[], 43, "10000", true),
        // Reconsideration and litigation, both ends included; overlapping ones count once.
        ("10000", &["2026-02-20"], &[("2026-02-06", "2026-02-15")], 10, "3000", false),
        ("10000", &["2026-02-20"], &[("2026-02-06", "2026-02-12"), ("2026-02-10", "2026-02-15")], 10, "3000", false),
        ("10000", &["2026-02-20"], &[("2026-01-01", "2026-12-31")], 0, "0", false),
        ("10000", &["2026-02-20"], &[("2026-02-20", "2026-02-20")], 19, "5700", false),
        // What is paid beyond the fine goes to the surcharge.
        ("10000", &["2026-02-10:13000"], &[], 10, "3000", false),
    ];
    for (fine, paid, suspended, days, yuan, capped) in table {
        let found = surcharge(&fined(fine, paid, suspended)).unwrap();
        let shown = (found.days, found.surcharge_yuan, found.capped);
        let wanted = (*days, Fen::parse_yuan(yuan).unwrap(), *capped);
        assert_eq!(shown, wanted, "{fine} {paid:?}: {}", found.explanation);
    }
}

#[test]
fn the_day_on_which_it_is_full_is_named() {
    let found = surcharge(&fined("10000", &["2026-04-30"], &[("2026-02-03", "2026-02-12")])).unwrap();
    // 34 counted days from 02-01, less the ten days of 02-03 to 02-12.
    assert_eq!(found.capped_on, Some(day("2026-03-16")));
    assert!(found.explanation.contains("自 2026-03-16 起达到罚款数额"), "{}", found.explanation);
}

#[test]
fn everybody_can_do_the_sum_again() {
    let found =
        surcharge(&fined("10000", &["2026-02-05:4000", "2026-02-20"], &[("2026-02-08", "2026-02-09")]))
            .unwrap();
    for step in [
        "2026-02-01 至 2026-02-05：未缴 10,000 元 × 3% × 5 日 = 1,500 元",
        "2026-02-06 至 2026-02-07：未缴 6,000 元 × 3% × 2 日 = 360 元",
        "2026-02-08 至 2026-02-09：复议、诉讼期间 2 日，不计（第73条第3款）",
        "2026-02-10 至 2026-02-20：未缴 6,000 元 × 3% × 11 日 = 1,980 元",
        "合计 3,840 元",
    ] {
        assert!(found.explanation.contains(step), "{step}\n{}", found.explanation);
    }
    assert_eq!(found.surcharge_yuan, Fen::yuan(3840));
}

#[test]
fn an_unpaid_fine_is_reckoned_to_a_day() {
    let mut owing = fined("10000", &["2026-02-05:4000"], &[]);
    let found = surcharge(&owing).unwrap();
    assert_eq!((found.days, found.unpaid_yuan, found.owed_yuan), (5, Fen::yuan(6000), Fen::yuan(7500)));
    owing.until = Some(day("2026-02-07"));
    let found = surcharge(&owing).unwrap();
    assert_eq!((found.days, found.surcharge_yuan), (7, Fen::yuan(1860)));
    assert!(found.explanation.contains("罚款尚欠 6,000 元"), "{}", found.explanation);
}

#[test]
fn what_cannot_be_reckoned_is_refused() {
    let error = |fined: Fined| surcharge(&fined).unwrap_err();
    assert_eq!(error(fined("0", &["2026-02-01"], &[])), SurchargeError::NoFine);
    assert_eq!(error(fined("100", &[], &[])), SurchargeError::NoEnd);
    assert_eq!(error(fined("100", &["2026-02-01:0"], &[])), SurchargeError::NoAmount(day("2026-02-01")));
    let reversed = error(fined("100", &["2026-02-01"], &[("2026-02-02", "2026-02-01")]));
    assert_eq!(reversed, SurchargeError::Reversed(day("2026-02-02"), day("2026-02-01")));
    let twice = error(fined("100", &["2026-02-01", "2026-02-02"], &[]));
    assert_eq!(twice, SurchargeError::PaidAlready(day("2026-02-02")));
    assert_eq!(error(fined("100", &["2099-02-01"], &[])), SurchargeError::TooLong);
}

#[test]
fn amounts_are_read_and_written_in_yuan_to_the_fen() {
    #[rustfmt::skip]
    let table = [("0", 0), ("5,000", 500_000), ("1234.5", 123_450), ("1234.56", 123_456), ("0.05", 5)];
    for (text, fen) in table {
        assert_eq!(Fen::parse_yuan(text), Ok(Fen(fen)), "{text}");
    }
    for fen in [0, 5, 500_000, 123_456_789, 100_000_000] {
        assert_eq!(Fen::parse_yuan(&Fen(fen).to_string()), Ok(Fen(fen)), "what is shown can be typed");
    }
    assert_eq!(
        (Fen(123_456_789).to_string(), Fen(55_000_000).to_string()),
        ("1,234,567.89".into(), "550,000".into())
    );
    assert_eq!((Fen(55_000_000).with_places(), Fen(-5).with_places()), ("550,000.00".into(), "-0.05".into()));
    for text in ["", "-1", "1.234", "1,00", "1000,000", ",000", "一百", "1.", ".5", "1e3", "99999999999999"]
    {
        assert!(Fen::parse_yuan(text).is_err(), "{text}");
    }
    let json = |yuan: &str| {
        serde_json::to_value(surcharge(&fined(yuan, &["2026-02-01"], &[])).unwrap()).unwrap()["surcharge_yuan"].to_string()
    };
    assert_eq!(json("10000"), "300");
    assert_eq!(json("10050"), "301.5");
    assert_eq!(json("101"), "3.03");
}

proptest! {
    #[test]
    fn never_above_the_fine_and_never_less_with_time(fine in 1_i64..1_000_000_000, days in 0_i64..200) {
        let at = |days: i64| {
            let paid = day("2026-01-31").checked_add(jiff::Span::new().days(days)).unwrap();
            let paid = vec![Payment { day: paid, amount: None }];
            surcharge(&Fined { fine: Fen(fine), paid, ..fined("1", &[], &[]) }).unwrap()
        };
        let (one, next) = (at(days), at(days + 1));
        prop_assert!(one.surcharge_yuan <= Fen(fine));
        prop_assert!(one.surcharge_yuan <= next.surcharge_yuan);
        prop_assert_eq!(one.capped, days >= 34);
        if days < 34 {
            prop_assert_eq!(one.surcharge_yuan, Fen(fine * 3 * days / 100));
        }
    }

    #[test]
    fn parts_never_cost_more_than_waiting_and_all_money_is_accounted_for(
        fine in 100_i64..1_000_000,
        parts in proptest::collection::vec((0_i64..60, 1_i64..500_000), 1..6),
    ) {
        let paid: Vec<Payment> = parts.iter().map(|(n, fen)| Payment {
            day: day("2026-01-20").checked_add(jiff::Span::new().days(*n)).unwrap(),
            amount: Some(Fen(*fen)),
        }).collect();
        let until = Some(day("2026-04-30"));
        let base = Fined { fine: Fen(fine), until, ..fined("1", &[], &[]) };
        let in_parts = surcharge(&Fined { paid, ..base.clone() }).unwrap();
        let never = surcharge(&base).unwrap();
        prop_assert!(in_parts.surcharge_yuan <= never.surcharge_yuan);
        let all: i64 = parts.iter().map(|(_, fen)| fen).sum();
        prop_assert_eq!(fine - in_parts.unpaid_yuan.0 + in_parts.beyond_yuan.0, all);
        let owed = (in_parts.unpaid_yuan.0 + in_parts.surcharge_yuan.0 - in_parts.beyond_yuan.0).max(0);
        prop_assert_eq!(in_parts.owed_yuan.0, owed);
    }
}

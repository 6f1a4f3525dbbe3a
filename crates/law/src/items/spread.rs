//! How the fines of like cases are spread (行政处罚法 5 条 2 款 过罚相当, 34 条): enough to see where a proposal lies among them.

use crate::money::Fen;
use schemars::JsonSchema;
use serde::Serialize;

/// Bars of the drawing, at most.
const BARS: i64 = 8;

/// Fines from one amount to another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Bar {
    /// From, yuan.
    #[serde(serialize_with = "Fen::as_yuan")]
    #[schemars(with = "f64")]
    pub from: Fen,
    /// To, yuan; included in the last bar only.
    #[serde(serialize_with = "Fen::as_yuan")]
    #[schemars(with = "f64")]
    pub to: Fen,
    /// How many.
    pub count: usize,
    /// The proposal lies here.
    pub proposed: bool,
}

/// The fines of like cases.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Spread {
    /// How many.
    pub count: usize,
    /// Smallest, yuan.
    #[serde(serialize_with = "Fen::as_yuan")]
    #[schemars(with = "f64")]
    pub least: Fen,
    /// Middle one; of an even number the lower of the two middle ones, so that it is always the fine of a case. Yuan.
    #[serde(serialize_with = "Fen::as_yuan")]
    #[schemars(with = "f64")]
    pub median: Fen,
    /// Greatest, yuan.
    #[serde(serialize_with = "Fen::as_yuan")]
    #[schemars(with = "f64")]
    pub greatest: Fen,
    /// Of equal width from the smallest to the greatest, the proposal included; one where all are alike.
    pub bars: Vec<Bar>,
    /// How many lie below the proposal, and how many above; none without one.
    pub beside: Option<(usize, usize)>,
}

impl Spread {
    /// The count of the highest bar.
    #[must_use]
    pub fn highest(&self) -> usize {
        self.bars.iter().map(|bar| bar.count).max().unwrap_or(0)
    }
}

/// The spread of some fines, with a proposal marked; none of no fines.
#[must_use]
pub fn spread(fines: &[Fen], proposed: Option<Fen>) -> Option<Spread> {
    let mut fines = fines.to_vec();
    fines.sort_unstable();
    let (least, greatest) = (*fines.first()?, *fines.last()?);
    let median = fines[(fines.len() - 1) / 2];
    let low = proposed.map_or(least, |p| p.min(least)).0;
    let high = proposed.map_or(greatest, |p| p.max(greatest)).0;
    let wide = high - low;
    let n = if wide == 0 { 1 } else { BARS.min(wide) };
    let edge = |i: i64| low + wide * i / n;
    let place = |fen: Fen| (0..n).rev().find(|i| fen.0 >= edge(*i)).unwrap_or(0);
    let bars = (0..n).map(|i| Bar {
        from: Fen(edge(i)),
        to: Fen(edge(i + 1)),
        count: fines.iter().filter(|fine| place(**fine) == i).count(),
        proposed: proposed.is_some_and(|p| place(p) == i),
    });
    let beside = proposed
        .map(|p| (fines.iter().filter(|f| **f < p).count(), fines.iter().filter(|f| **f > p).count()));
    Some(Spread { count: fines.len(), least, median, greatest, bars: bars.collect(), beside })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn yuan(amounts: &[i64]) -> Vec<Fen> {
        amounts.iter().copied().map(Fen::yuan).collect()
    }

    #[test]
    fn no_cases_have_no_spread() {
        assert_eq!(spread(&[], Some(Fen::yuan(100))), None);
    }

    #[test]
    fn like_fines_stand_in_one_bar() {
        let all = spread(&yuan(&[200, 200, 200]), None).expect("a spread");
        assert_eq!(
            (all.count, all.least, all.median, all.bars.len()),
            (3, Fen::yuan(200), Fen::yuan(200), 1)
        );
        assert_eq!(all.bars[0].count, 3);
    }

    #[test]
    fn the_median_is_the_fine_of_a_case() {
        assert_eq!(spread(&yuan(&[900, 100, 300, 500]), None).expect("a spread").median, Fen::yuan(300));
        assert_eq!(spread(&yuan(&[900, 100, 300]), None).expect("a spread").median, Fen::yuan(300));
    }

    #[test]
    fn every_fine_stands_in_one_bar_and_the_proposal_in_one() {
        let fines = yuan(&[100, 150, 400, 900, 1700]);
        for proposed in [50, 100, 777, 1700, 5000] {
            let all = spread(&fines, Some(Fen::yuan(proposed))).expect("a spread");
            assert_eq!(all.bars.iter().map(|b| b.count).sum::<usize>(), 5, "{proposed}");
            assert_eq!(all.bars.iter().filter(|b| b.proposed).count(), 1, "{proposed}");
            assert_eq!((all.least, all.greatest), (Fen::yuan(100), Fen::yuan(1700)));
        }
        assert_eq!(spread(&fines, Some(Fen::yuan(400))).expect("a spread").beside, Some((2, 2)));
    }
}

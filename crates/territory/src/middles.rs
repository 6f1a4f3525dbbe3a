//! Roughly where divisions lie: what a place belongs to is proposed from it, never decided.

use crate::crs::Point;

/// The middle of a division.
#[derive(Debug, Clone, PartialEq)]
pub struct Middle {
    /// Its code, of four, six or nine digits.
    pub code: String,
    /// Its name.
    pub name: String,
    /// Roughly its middle.
    pub point: Point,
}

/// Middles of divisions.
#[derive(Debug, Clone, Default)]
pub struct Middles(Vec<Middle>);

impl Middles {
    /// Those that come with the program.
    #[must_use]
    pub fn builtin() -> Middles {
        Middles(include_str!("../../../data/territory/middles.tsv").lines().filter_map(middle).collect())
    }

    /// Those of the divisions that a node of this code serves: of a county, or of a whole city when the code ends in 00.
    pub fn within<'a>(&'a self, node: &'a str) -> impl Iterator<Item = &'a Middle> + 'a {
        let within = node.strip_suffix("00").unwrap_or(node);
        self.0.iter().filter(move |m| m.code.starts_with(within))
    }

    /// Of the divisions of a node the one that lies nearest to a place, and how far, in metres. A county of which nothing is
    /// known is taken to lie where its city does.
    #[must_use]
    pub fn to<'a>(&'a self, node: &'a str, from: Point) -> Option<(&'a Middle, f64)> {
        let near = |a: &(&Middle, f64), b: &(&Middle, f64)| a.1.total_cmp(&b.1);
        let away = move |m: &Middle| m.metres_to(from);
        let own = self.within(node).map(|m| (m, away(m))).min_by(near);
        own.or_else(|| self.0.iter().find(|m| node.starts_with(&m.code)).map(|m| (m, away(m))))
    }

    /// The division that lies nearest to a place, and how far, in metres.
    #[must_use]
    pub fn nearest(&self, from: Point) -> Option<(&Middle, f64)> {
        let all = self.0.iter().map(|m| (m, m.metres_to(from)));
        all.min_by(|a, b| a.1.total_cmp(&b.1))
    }
}

impl Middle {
    fn metres_to(&self, from: Point) -> f64 {
        self.point.metres_to(from)
    }
}

fn middle(line: &str) -> Option<Middle> {
    let mut fields = line.split('\t');
    let (code, name) = (fields.next()?, fields.next()?);
    let mut degrees = || fields.next()?.parse::<f64>().ok();
    let (lng, lat) = (degrees()?, degrees()?);
    #[expect(clippy::cast_possible_truncation, reason = "degrees of the earth")]
    let e6 = |degrees: f64| (degrees * 1e6).round() as i32;
    Some(Middle { code: code.into(), name: name.into(), point: Point { lng_e6: e6(lng), lat_e6: e6(lat) } })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Divisions;

    #[test]
    fn every_middle_is_that_of_a_division_and_no_line_is_lost() {
        let (middles, divisions) = (Middles::builtin(), Divisions::builtin());
        let lines = include_str!("../../../data/territory/middles.tsv").lines();
        assert_eq!(middles.0.len(), lines.filter(|l| l.starts_with('3')).count());
        for m in &middles.0 {
            assert_eq!(divisions.name(&m.code), Some(&*m.name), "{}", m.code);
        }
    }

    #[test]
    fn a_place_by_the_border_lies_nearest_to_its_town_and_not_far_from_the_neighbours() {
        let middles = Middles::builtin();
        let lili = Point { lng_e6: 120_780_000, lat_e6: 31_020_000 };
        let (nearest, metres) = middles.nearest(lili).expect("some");
        assert!(&*nearest.code == "320509110" && metres < 2_000.0, "{nearest:?}");
        let far = |node: &str| middles.to(node, lili).expect("known").1;
        assert!(far("310118") < far("340100") && far("330421") < far("340100"));
        // Of a county that is not in the table its city is.
        assert_eq!(&*middles.to("330109", lili).expect("the city").0.name, "杭州市");
    }
}

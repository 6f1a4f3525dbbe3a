//! Coordinates and the systems they are in.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// Mean radius of the earth, metres (IUGG R1).
const EARTH_M: f64 = 6_371_008.8;
/// Micro-degrees in one degree.
const E6: f64 = 1_000_000.0;
/// Metres of one micro-degree of latitude.
pub(crate) const METRES_PER_E6: f64 = EARTH_M * std::f64::consts::PI / 180.0 / E6;
/// Westernmost, southernmost, easternmost, northernmost degree of China, rounded outwards. A place beyond is an
/// error of typing, not a place to send an officer to.
const CHINA: (f64, f64, f64, f64) = (72.0, 3.0, 137.0, 55.0);

/// Coordinate system of a pair of degrees.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize, JsonSchema)]
#[serde(into = "String", try_from = "String")]
#[schemars(with = "String")]
pub enum Crs {
    /// GPS, what phones deliver.
    #[default]
    Wgs84,
    /// China Geodetic Coordinate System 2000, what is stored.
    Cgcs2000,
    /// The shifted system of AMap and Tencent maps.
    Gcj02,
    /// The twice shifted system of Baidu maps.
    Bd09,
}

impl Crs {
    /// The system's usual name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Crs::Wgs84 => "WGS-84",
            Crs::Cgcs2000 => "CGCS2000",
            Crs::Gcj02 => "GCJ-02",
            Crs::Bd09 => "BD-09",
        }
    }
}

impl fmt::Display for Crs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl From<Crs> for String {
    fn from(crs: Crs) -> String {
        crs.name().to_owned()
    }
}

impl FromStr for Crs {
    type Err = PointError;
    /// Takes the names in use (`WGS-84`, `gcj02`, `EPSG:4490`, …) in any case, with or without dashes.
    fn from_str(text: &str) -> Result<Self, PointError> {
        let plain: String =
            text.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect();
        match plain.as_str() {
            "wgs84" | "wgs1984" | "epsg4326" | "gps" => Ok(Crs::Wgs84),
            "cgcs2000" | "epsg4490" => Ok(Crs::Cgcs2000),
            "gcj02" | "amap" | "mars" => Ok(Crs::Gcj02),
            "bd09" | "bd09ll" | "baidu" => Ok(Crs::Bd09),
            _ => Err(PointError::Crs(text.chars().take(40).collect())),
        }
    }
}

impl TryFrom<String> for Crs {
    type Error = PointError;
    fn try_from(text: String) -> Result<Self, PointError> {
        text.parse()
    }
}

/// Why a pair of numbers is no place, and what to do about it.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum PointError {
    /// No such coordinate system.
    #[error("坐标系“{0}”不认识：请用 WGS-84、CGCS2000、GCJ-02 或 BD-09")]
    Crs(String),
    /// Longitude and latitude exchanged.
    #[error("经纬度写反了：{lng} 应是纬度，{lat} 应是经度，请对调")]
    Swapped {
        /// What was given as longitude, degrees.
        lng: f64,
        /// What was given as latitude, degrees.
        lat: f64,
    },
    /// Outside China.
    #[error("坐标 {lng},{lat} 不在我国范围内（经度 72 至 137，纬度 3 至 55，单位为度）")]
    Range {
        /// Longitude, degrees.
        lng: f64,
        /// Latitude, degrees.
        lat: f64,
    },
    /// Degrees given as whole micro-degrees.
    #[error("坐标 {lng},{lat} 像是百万分之一度：请用度，如 121.103452,31.152331")]
    Micro {
        /// What was given as longitude.
        lng: f64,
        /// What was given as latitude.
        lat: f64,
    },
    /// 0,0: what devices send when they know nothing.
    #[error("坐标为 0,0：设备没有定位成功，请在地图上点选位置或只填地址")]
    Unset,
    /// Not two numbers.
    #[error("坐标“{0}”看不懂：请写成“经度,纬度”，如 121.103452,31.152331")]
    Shape(String),
}

/// Degrees as they come from outside, with the system they are in.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Coordinates {
    /// Longitude, degrees east.
    pub lng: f64,
    /// Latitude, degrees north.
    pub lat: f64,
    /// Their system.
    #[serde(default)]
    pub crs: Crs,
}

impl Coordinates {
    /// Reads `经度,纬度` (comma, Chinese comma or blank between).
    ///
    /// # Errors
    /// [`PointError::Shape`] when the text is not two numbers.
    pub fn parse(text: &str, crs: Crs) -> Result<Self, PointError> {
        let shape = || PointError::Shape(text.chars().take(60).collect());
        let mut numbers = text
            .split(|c: char| matches!(c, ',' | '，' | '、' | ';') || c.is_whitespace())
            .filter(|part| !part.is_empty())
            .map(|part| part.parse::<f64>().map_err(|_| shape()));
        let (lng, lat) = match (numbers.next(), numbers.next(), numbers.next()) {
            (Some(lng), Some(lat), None) => (lng?, lat?),
            _ => return Err(shape()),
        };
        Ok(Coordinates { lng, lat, crs })
    }

    /// The same place as it is stored: CGCS2000, rounded to micro-degrees (0.1 m).
    ///
    /// # Errors
    /// [`PointError`] when the numbers cannot be a place in China.
    pub fn point(self) -> Result<Point, PointError> {
        let Coordinates { lng, lat, crs } = self;
        if !lng.is_finite() || !lat.is_finite() {
            return Err(PointError::Range { lng, lat });
        }
        if lng == 0.0 && lat == 0.0 {
            return Err(PointError::Unset);
        }
        if !in_china(lng, lat) {
            return Err(if in_china(lat, lng) {
                PointError::Swapped { lng, lat }
            } else if in_china(lng / E6, lat / E6) {
                PointError::Micro { lng, lat }
            } else {
                PointError::Range { lng, lat }
            });
        }
        let (lng, lat) = match crs {
            Crs::Wgs84 | Crs::Cgcs2000 => (lng, lat),
            Crs::Gcj02 => gcj_to_wgs(lng, lat),
            Crs::Bd09 => {
                let (lng, lat) = bd_to_gcj(lng, lat);
                gcj_to_wgs(lng, lat)
            }
        };
        #[expect(clippy::cast_possible_truncation, reason = "in_china bounds the degrees: they fit")]
        let e6 = |degrees: f64| (degrees * E6).round() as i32;
        Ok(Point { lng_e6: e6(lng), lat_e6: e6(lat) })
    }
}

fn in_china(lng: f64, lat: f64) -> bool {
    (CHINA.0..=CHINA.2).contains(&lng) && (CHINA.1..=CHINA.3).contains(&lat)
}

/// A place as it is stored: CGCS2000, micro-degrees. One unit of latitude is 0.11 m.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize, JsonSchema,
)]
pub struct Point {
    /// Longitude, millionths of a degree east.
    pub lng_e6: i32,
    /// Latitude, millionths of a degree north.
    pub lat_e6: i32,
}

impl Point {
    /// Longitude in degrees.
    #[must_use]
    pub fn lng(self) -> f64 {
        f64::from(self.lng_e6) / E6
    }

    /// Latitude in degrees.
    #[must_use]
    pub fn lat(self) -> f64 {
        f64::from(self.lat_e6) / E6
    }

    /// The place in another system, for display on somebody's map.
    #[must_use]
    pub fn in_crs(self, crs: Crs) -> Coordinates {
        let (lng, lat) = match crs {
            Crs::Wgs84 | Crs::Cgcs2000 => (self.lng(), self.lat()),
            Crs::Gcj02 => wgs_to_gcj(self.lng(), self.lat()),
            Crs::Bd09 => {
                let (lng, lat) = wgs_to_gcj(self.lng(), self.lat());
                gcj_to_bd(lng, lat)
            }
        };
        Coordinates { lng, lat, crs }
    }

    /// Great-circle distance, metres.
    #[must_use]
    pub fn metres_to(self, other: Point) -> f64 {
        let (a, b) = (self.lat().to_radians(), other.lat().to_radians());
        let half_lat = (b - a) / 2.0;
        let half_lng = (other.lng() - self.lng()).to_radians() / 2.0;
        let h = half_lat.sin().powi(2) + a.cos() * b.cos() * half_lng.sin().powi(2);
        2.0 * EARTH_M * h.sqrt().min(1.0).asin()
    }

    /// The place so many metres to the east and north of this one (negative: west, south). For short ways only.
    #[must_use]
    pub fn shifted(self, east_m: f64, north_m: f64) -> Point {
        #[expect(clippy::cast_possible_truncation, reason = "float to int casts saturate")]
        let add = |e6: i32, by: f64| (f64::from(e6) + by).round() as i32;
        let cos = self.lat().to_radians().cos().max(0.01);
        Point {
            lng_e6: add(self.lng_e6, east_m / METRES_PER_E6 / cos),
            lat_e6: add(self.lat_e6, north_m / METRES_PER_E6),
        }
    }
}

impl fmt::Display for Point {
    /// `经度,纬度` in degrees with six decimals.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:.6},{:.6}", self.lng(), self.lat())
    }
}

/// Semi-major axis (metres) and squared eccentricity of the Krasovsky ellipsoid, which the published shift uses.
const KRASOVSKY: (f64, f64) = (6_378_245.0, 0.006_693_421_622_965_943);

/// The published shift from WGS-84 to GCJ-02 at a place, degrees.
fn gcj_shift(lng: f64, lat: f64) -> (f64, f64) {
    use std::f64::consts::PI;
    let (x, y) = (lng - 105.0, lat - 35.0);
    let root = x.abs().sqrt();
    let wave = |v: f64, a: f64, f: f64, b: f64, g: f64| {
        (a * (f * v * PI).sin() + b * (g * v * PI).sin()) * 2.0 / 3.0
    };
    let common = wave(x, 20.0, 6.0, 20.0, 2.0);
    let d_lat = -100.0
        + 2.0 * x
        + 3.0 * y
        + 0.2 * y * y
        + 0.1 * x * y
        + 0.2 * root
        + common
        + wave(y, 20.0, 1.0, 40.0, 1.0 / 3.0)
        + wave(y, 160.0, 1.0 / 12.0, 320.0, 1.0 / 30.0);
    let d_lng = 300.0
        + x
        + 2.0 * y
        + 0.1 * x * x
        + 0.1 * x * y
        + 0.1 * root
        + common
        + wave(x, 20.0, 1.0, 40.0, 1.0 / 3.0)
        + wave(x, 150.0, 1.0 / 12.0, 300.0, 1.0 / 30.0);
    let rad = lat.to_radians();
    let magic = 1.0 - KRASOVSKY.1 * rad.sin().powi(2);
    let root = magic.sqrt();
    (
        d_lng * 180.0 / (KRASOVSKY.0 / root * rad.cos() * PI),
        d_lat * 180.0 / (KRASOVSKY.0 * (1.0 - KRASOVSKY.1) / (magic * root) * PI),
    )
}

fn wgs_to_gcj(lng: f64, lat: f64) -> (f64, f64) {
    let (d_lng, d_lat) = gcj_shift(lng, lat);
    (lng + d_lng, lat + d_lat)
}

/// Inverse of the shift by fixed-point iteration: the shift changes slowly, each step gains about three digits.
fn gcj_to_wgs(lng: f64, lat: f64) -> (f64, f64) {
    const STEPS: usize = 6;
    let mut wgs = (lng, lat);
    for _ in 0..STEPS {
        let (d_lng, d_lat) = gcj_shift(wgs.0, wgs.1);
        wgs = (lng - d_lng, lat - d_lat);
    }
    wgs
}

const BD_X: f64 = std::f64::consts::PI * 3000.0 / 180.0;

fn gcj_to_bd(lng: f64, lat: f64) -> (f64, f64) {
    let z = lng.hypot(lat) + 0.000_02 * (lat * BD_X).sin();
    let theta = lat.atan2(lng) + 0.000_003 * (lng * BD_X).cos();
    (z * theta.cos() + 0.0065, z * theta.sin() + 0.006)
}

fn bd_to_gcj(lng: f64, lat: f64) -> (f64, f64) {
    let (x, y) = (lng - 0.0065, lat - 0.006);
    let z = x.hypot(y) - 0.000_02 * (y * BD_X).sin();
    let theta = y.atan2(x) - 0.000_003 * (x * BD_X).cos();
    (z * theta.cos(), z * theta.sin())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn at(lng: f64, lat: f64, crs: Crs) -> Result<Point, PointError> {
        Coordinates { lng, lat, crs }.point()
    }

    #[test]
    fn the_shift_has_the_size_known_for_the_cities_of_the_delta() {
        // Offsets computed independently with the published algorithm, metres.
        for (name, lng, lat, metres) in [
            ("上海", 121.4737, 31.2304, 482.0),
            ("青浦", 121.1242, 31.1509, 486.0),
            ("杭州", 120.1551, 30.2741, 520.0),
            ("南京", 118.7969, 32.0603, 541.0),
            ("合肥", 117.2272, 31.8206, 564.0),
        ] {
            let wgs = at(lng, lat, Crs::Wgs84).unwrap();
            let shown = wgs.in_crs(Crs::Gcj02);
            let taken_as_wgs = at(shown.lng, shown.lat, Crs::Wgs84).unwrap();
            let shift = wgs.metres_to(taken_as_wgs);
            assert!((shift - metres).abs() < 10.0, "{name}: {shift} m");
        }
    }

    #[test]
    fn names_of_systems_are_taken_as_people_write_them() {
        for text in ["GCJ-02", "gcj02", "Gcj_02"] {
            assert_eq!(text.parse::<Crs>(), Ok(Crs::Gcj02));
        }
        assert_eq!("EPSG:4490".parse::<Crs>(), Ok(Crs::Cgcs2000));
        assert!("西安80".parse::<Crs>().unwrap_err().to_string().contains("WGS-84"));
        assert_eq!(serde_json::to_string(&Crs::Gcj02).unwrap(), "\"GCJ-02\"");
    }

    #[test]
    fn an_error_says_what_is_wrong_with_the_pair() {
        assert!(matches!(at(31.15, 121.12, Crs::Wgs84), Err(PointError::Swapped { .. })));
        assert!(matches!(at(121_123_456.0, 31_152_331.0, Crs::Wgs84), Err(PointError::Micro { .. })));
        assert!(matches!(at(0.0, 0.0, Crs::Wgs84), Err(PointError::Unset)));
        assert!(matches!(at(-74.0, 40.7, Crs::Wgs84), Err(PointError::Range { .. })));
        assert!(matches!(at(f64::NAN, 31.0, Crs::Wgs84), Err(PointError::Range { .. })));
        assert!(Coordinates::parse("在村口", Crs::Wgs84).is_err());
        assert!(Coordinates::parse("121.1，31.1，3", Crs::Wgs84).is_err());
        assert_eq!(Coordinates::parse("121.1， 31.1", Crs::Wgs84).unwrap().lat, 31.1);
    }

    #[test]
    fn distances_are_metres() {
        let a = at(121.0, 31.0, Crs::Wgs84).unwrap();
        let north = at(121.0, 31.01, Crs::Wgs84).unwrap();
        assert!((a.metres_to(north) - 1111.95).abs() < 0.5);
        let moved = a.shifted(-30.0, 40.0);
        assert!((a.metres_to(moved) - 50.0).abs() < 0.2);
        assert!(moved.lng_e6 < a.lng_e6 && moved.lat_e6 > a.lat_e6);
    }

    proptest! {
        #[test]
        fn a_place_survives_the_way_through_every_system(lng in 73.5..135.0f64, lat in 18.0..53.5f64) {
            let stored = at(lng, lat, Crs::Cgcs2000).unwrap();
            for crs in [Crs::Wgs84, Crs::Gcj02] {
                let shown = stored.in_crs(crs);
                prop_assert!(shown.point().unwrap().metres_to(stored) < 0.5, "{crs}");
            }
            // Baidu's own inverse is an approximation.
            prop_assert!(stored.in_crs(Crs::Bd09).point().unwrap().metres_to(stored) < 3.0);
        }

        #[test]
        fn no_pair_of_numbers_panics(lng in any::<f64>(), lat in any::<f64>()) {
            let _ = at(lng, lat, Crs::Gcj02);
        }
    }
}

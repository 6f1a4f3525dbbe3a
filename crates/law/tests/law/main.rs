//! The rules of terms as tables, and what must hold for any term: nothing is lost, nothing is gained.
#![expect(clippy::unwrap_used, reason = "a test may fail by panicking")]

mod asked;
mod bad_data;
mod data;
mod days;
mod discretion;
mod entered;
mod explained;
mod fields;
mod items;
mod properties;
mod statutes;
mod surcharge;
mod terms;

use jiff::civil::{Date, date};
use jiff::{Timestamp, tz};
use lianzhi_ids::CategoryCode;
use lianzhi_law::{
    Alarm, DayKind, LawData, LawFiles, Longer, Running, Service, Standard, Standing, State, TermError, Tone,
    Unit, due_text, duration_text, explain,
};
use proptest::prelude::*;
use std::sync::{Arc, LazyLock};

static LAW: LazyLock<LawData> = LazyLock::new(|| LawData::builtin().unwrap());

/// `2026-11-23 14:05` or `2026-11-23 14:05:06`, Beijing time.
fn at(text: &str) -> Timestamp {
    tz::offset(8).to_timestamp(text.parse().unwrap()).unwrap()
}

fn show(t: Timestamp) -> String {
    tz::offset(8).to_datetime(t).strftime("%Y-%m-%d %H:%M:%S").to_string()
}

fn standard(amount: u32, unit: Unit, calendar: &str) -> Standard {
    Standard {
        code: Arc::from("test"),
        title: Arc::from("测试时限"),
        amount,
        unit,
        calendar: (!calendar.is_empty()).then(|| Arc::from(calendar)),
        rolls_over: false,
        warn: vec![50, 80],
        source: Arc::from("测试"),
        standing: Standing::Official,
        in_force_from: date(2020, 1, 1),
        in_force_to: None,
        own: None,
    }
}

fn start(standard: &Standard, from: &str) -> Running {
    Running::start(standard, LAW.calendars(), at(from)).unwrap()
}

/// A schedule of 2027 as an administrator would load it.
const SCHEDULE_2027: &str = "# 来源：测试\n# 日期：2026-12-01\n# 许可：测试\n# covers\t2027\t测试通知\n\
    2027-01-01\toff\t元旦\n2027-01-04\toff\t元旦\n2027-01-09\twork\t元旦\n";

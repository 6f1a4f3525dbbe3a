//! When a statutory term ends, and how that was computed, so that anybody can do it again with a calendar in hand.

use super::{Binds, Direction, Measure, StatutoryTerm, TermUnit};
use crate::arithmetic::{Skipped, day as day_text, left_out, reason, short};
use crate::beijing::date_of;
use crate::calendar::Calendars;
use crate::error::TermError;
use crate::holidays::DayKind;
use crate::jurisdiction::Jurisdiction;
use crate::moment::Moment;
use crate::running::Running;
use crate::standard::Standing;
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::Serialize;
use std::fmt::Write as _;
use std::sync::Arc;

/// A walk backwards ends here whatever the calendars say.
const BACK_DAYS_MAX: u32 = 20 * 366;

/// Why no end can be given.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DueError {
    /// The term is counted backwards.
    #[error("“{title}”是倒推的期限（{rule}）；请在“倒推”写{trigger}之日")]
    Backwards {
        /// Title.
        title: Arc<str>,
        /// Law and article.
        rule: String,
        /// What it is counted from.
        trigger: String,
    },
    /// The term runs forward.
    #[error("“{title}”自“{trigger}”起顺着计算（{rule}），不能倒推；请在“起算”写起算之日")]
    Forwards {
        /// Title.
        title: Arc<str>,
        /// Law and article.
        rule: String,
        /// What it is counted from.
        trigger: Arc<str>,
    },
    /// The arithmetic of clocks refuses it.
    #[error(transparent)]
    Term(#[from] TermError),
}

/// A statutory term computed. The JSON of `lianzhi law term` and of the API.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Due {
    /// Key of the rule that was applied, a local one where there is one.
    pub key: Arc<str>,
    /// Title.
    pub title: Arc<str>,
    /// What it was counted from; for a term counted backwards the day of the event.
    pub from: Moment,
    /// The last day, or the instant for hours; counted backwards, the latest day. `None` where the law names no number.
    pub due: Option<Moment>,
    /// `wd` working days, `cd` calendar days, `m` months, `y` years, `h` hours, `event` no number.
    pub unit: TermUnit,
    /// How many; 0 for `event`.
    pub n: u32,
    /// Which way it was counted.
    pub direction: Direction,
    /// Whether it is due after the last published holiday schedule, or was counted over days without one.
    pub provisional: bool,
    /// Whether a schedule still to be published can move the date: then documents print [`Self::document`] instead.
    pub movable: bool,
    /// Whether the last day was a day off and the end moved to the next workday.
    pub rolled: bool,
    /// The law.
    pub law: Arc<str>,
    /// Its article.
    pub article: Arc<str>,
    /// Where the rule holds.
    pub jurisdiction: Jurisdiction,
    /// Whose time it is.
    pub binds: Binds,
    /// The statute's words.
    pub document: Arc<str>,
    /// What happens when it has passed.
    pub consequence: Arc<str>,
    /// How far the rule may be relied on.
    pub standing: Standing,
    /// The same by the agency's own stricter rule, where it has one: it binds the agency and changes nothing in law.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub own: Option<OwnDue>,
    /// The computation and its grounds.
    pub explanation: String,
}

/// The end of a term by the agency's own stricter rule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct OwnDue {
    /// The last day, or the instant for hours; counted backwards, the latest day.
    pub due: Moment,
    /// How many, in the unit of the law.
    pub n: u32,
    /// The agency's rule.
    pub source: Arc<str>,
}

impl StatutoryTerm {
    /// When the term ends that begins with `from`. The start day is not counted; hours run from their instant, those of a
    /// bare day from its 00:00, which is the strict side.
    ///
    /// # Errors
    /// [`DueError::Backwards`] for a term that is counted backwards.
    pub fn due(&self, from: Moment, calendars: &Calendars) -> Result<Due, DueError> {
        if self.direction == Direction::Before {
            let trigger = self.trigger.trim_end_matches("（倒推）").to_owned();
            return Err(DueError::Backwards { title: self.title.clone(), rule: self.citation(), trigger });
        }
        let (Some(measure), Some(standard)) = (self.measure, self.standard()) else {
            let text =
                format!("起算：{}。法律没有规定天数（“{}”），不计算截止日期。", self.trigger, self.document);
            return Ok(self.computed(from, None, text));
        };
        let hours = measure.unit == TermUnit::Hours;
        let start = if hours { Moment::Instant(from.instant()) } else { Moment::Day(from.day()) };
        let running = Running::start(&standard, calendars, start.instant())?;
        let end = if hours { Moment::Instant(running.due) } else { Moment::Day(last_day(&running)) };
        let last = end.day();
        let mut text = format!("起算：{}。", self.trigger);
        if hours && matches!(from, Moment::Day(_)) {
            text.push_str("未写时刻，从紧自当日 00:00 起算。");
        }
        let _ = write!(text, "{}。", running.arithmetic);
        let counted_to = self.unrolled(&running, calendars)?;
        let rolled = !hours && counted_to != last;
        if matches!(measure.unit, TermUnit::Months | TermUnit::Years) && counted_to.day() != from.day().day()
        {
            text.push_str("届满之月没有相应之日，以月末日为末日（民法典202条）。");
        }
        match &self.rollover {
            Some(rollover) if rolled => {
                let _ = write!(text, "顺延的依据：{}。", rollover.why);
            }
            Some(rollover) if !rollover.rolls && !calendars.day(last).working() => {
                let _ = write!(text, "末日 {} 为休息日，不顺延：{}。", day_text(last), rollover.why);
            }
            _ => {}
        }
        let movable = running.is_provisional();
        let beyond = beyond_schedules(calendars, last);
        if beyond && !movable {
            text.push_str("截止之日在已公布的放假安排之后，标为暂定；本期限的算法与放假安排无关。");
        }
        let mut due = self.computed(start, Some(end), text);
        (due.provisional, due.movable, due.rolled) = (movable || beyond, movable, rolled);
        if let (Some((own, source)), Some(by)) = (&self.tightened, running.own_due) {
            let by = if hours { Moment::Instant(by) } else { Moment::Day(date_of(by.as_microsecond() - 1)) };
            due.stricter(by, own.n, source);
        }
        Ok(due)
    }

    /// The latest day for what has to be done before `day`, which is not counted itself.
    ///
    /// # Errors
    /// [`DueError::Forwards`] for a term that runs forward.
    pub fn before(&self, day: Date, calendars: &Calendars) -> Result<Due, DueError> {
        let (Direction::Before, Some(measure)) = (self.direction, self.measure) else {
            let (title, trigger) = (self.title.clone(), self.trigger.clone());
            return Err(DueError::Forwards { title, rule: self.citation(), trigger });
        };
        let Back { date, counted, skipped, unsettled } = Back::walk(day, measure.n, calendars);
        let what = self.trigger.trim_end_matches("（倒推）");
        let mut text = format!(
            "倒推：{what}之日 {}（当日不计），向前数 {}：{}",
            day_text(day),
            measure.text(),
            counted.join("，")
        );
        text.push_str(&left_out(&skipped));
        let _ = write!(text, "；最迟于 {}（含当日）。", day_text(date));
        if let Some(year) = unsettled {
            let _ = write!(text, "{year} 年节假日安排尚未载入，暂按周末和法定节日推算。");
        }
        let mut due = self.computed(Moment::Day(day), Some(Moment::Day(date)), text);
        due.movable = unsettled.is_some();
        due.provisional = due.movable || beyond_schedules(calendars, date);
        if let Some((own, source)) = &self.tightened {
            due.stricter(Moment::Day(Back::walk(day, own.n, calendars).date), own.n, source);
        }
        Ok(due)
    }

    /// The last day before any moving on.
    fn unrolled(&self, running: &Running, calendars: &Calendars) -> Result<Date, TermError> {
        if !running.standard.rolls_over {
            return Ok(last_day(running));
        }
        let mut standard = running.standard.clone();
        standard.rolls_over = false;
        Ok(last_day(&Running::start(&standard, calendars, running.from)?))
    }

    fn computed(&self, from: Moment, due: Option<Moment>, how: String) -> Due {
        let mut explanation = format!("{}：{}。{how}", self.citation(), self.document);
        if !self.excluded.is_empty() {
            let _ = write!(explanation, "另行扣除、此处未计：{}。", self.excluded_words().join("；"));
        }
        if !self.extensions.is_empty() {
            let _ = write!(explanation, "可以延长：{}。", self.extension_words().join("；"));
        }
        if self.standing == Standing::Unverified {
            let sure = self.confidence.map_or(String::new(), |percent| format!("，录入把握 {percent}%"));
            let _ = write!(explanation, "本条尚未与原文核对{sure}，须由法制人员确认后再作依据。");
        }
        Due {
            key: self.key.clone(),
            title: self.title.clone(),
            from,
            due,
            unit: self.unit(),
            n: self.measure.map_or(0, |Measure { n, .. }| n),
            direction: self.direction,
            provisional: false,
            movable: false,
            rolled: false,
            law: self.law.clone(),
            article: self.article.clone(),
            jurisdiction: self.jurisdiction.clone(),
            binds: self.binds,
            document: self.document.clone(),
            consequence: self.consequence.clone(),
            standing: self.standing,
            own: None,
            explanation,
        }
    }
}

impl Due {
    /// Adds the end by the agency's own rule.
    fn stricter(&mut self, due: Moment, n: u32, source: &Arc<str>) {
        let unit = self.unit.title();
        let _ = write!(
            self.explanation,
            "法定为 {} {unit}，本机关从严为 {n} {unit}（{source}），应在 {} 以前办理；法律后果仍以法定期限为准。",
            self.n, due
        );
        self.own = Some(OwnDue { due, n, source: source.clone() });
    }
}

/// Working days counted back from an event.
struct Back {
    /// The latest day.
    date: Date,
    counted: Vec<String>,
    skipped: Vec<Skipped>,
    /// The last year without a schedule that was walked through.
    unsettled: Option<i16>,
}

impl Back {
    fn walk(day: Date, n: u32, calendars: &Calendars) -> Back {
        let mut back = Back { date: day, counted: Vec::new(), skipped: Vec::new(), unsettled: None };
        for _ in 0..BACK_DAYS_MAX {
            if back.counted.len() as u64 >= u64::from(n) {
                break;
            }
            let date = back.date.yesterday().unwrap_or(back.date);
            back.date = date;
            let what = calendars.day(date);
            if what.provisional {
                back.unsettled = back.unsettled.or(Some(date.year()));
            }
            if what.working() {
                let note = if matches!(what.kind, DayKind::MakeUp(_)) { "（调休上班）" } else { "" };
                back.counted.push(format!("{}{note}", short(date)));
            } else {
                Skipped::add_before(&mut back.skipped, date, reason(calendars, date));
            }
        }
        back
    }
}

/// Ends are exclusive: the last day is the one that the end ends.
fn last_day(running: &Running) -> Date {
    date_of(running.due.as_microsecond() - 1)
}

/// Whether a day lies after the last year whose schedule is published.
fn beyond_schedules(calendars: &Calendars, date: Date) -> bool {
    calendars.holidays().years().last().is_none_or(|(year, _)| date.year() > year)
}

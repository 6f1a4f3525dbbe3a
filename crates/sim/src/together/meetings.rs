//! Meetings of the members and their plans: decisions become tasks with owners and last days.

use super::Region;
use super::office::Task;
use jiff::civil::Weekday;
use jiff::{SignedDuration, Timestamp};
use lianzhi_ids::{NodeCode, Role, SharedId};
use lianzhi_procedure::meeting::{Command, MeetingKind, Span};
use lianzhi_procedure::{AnyCommand, AnyState, LookUps, Refusal, Text, beijing_date};

/// A meeting or a plan with what is done on it.
pub(super) struct Gathering {
    plan: bool,
    shared: Option<SharedId>,
    steps: Vec<(Timestamp, usize, Role, Command)>,
    next: usize,
}

fn text(words: &str) -> Text {
    Text::Plain(words.into())
}

/// So many hours after nine in the morning of that day in Beijing, or of the Monday after it.
fn at_work(at: Timestamp, hours: i64) -> Timestamp {
    let zone = jiff::tz::TimeZone::fixed(jiff::tz::offset(8));
    let day = beijing_date(at);
    let wait = match day.weekday() {
        Weekday::Saturday => 2,
        Weekday::Sunday => 1,
        _ => 0,
    };
    let nine = day.at(9, 0, 0, 0).to_zoned(zone).map_or(at, |nine| nine.timestamp());
    nine + SignedDuration::from_hours(wait * 24 + hours)
}

fn task(title: &str, owner: &NodeCode, due: Timestamp, by: Option<u16>) -> Command {
    Command::SetTask { task: None, title: text(title), owner: owner.clone(), due: beijing_date(due), by }
}

impl Region {
    /// Plans two meetings, a plan of three years and that of this year.
    pub(super) fn plan_meetings(&mut self, start: Timestamp, until: Timestamp) {
        let days = until.duration_since(start).as_hours() / 24;
        if days < 3 {
            return;
        }
        let day = |n: i64, hours: i64| at_work(start + SignedDuration::from_hours(n * days / 30 * 24), hours);
        let later = |days: i64| at_work(until + SignedDuration::from_hours(24 * days), 0);
        let nodes = self.nodes.clone();
        let last = nodes.len() - 1;
        let convene = |kind, title: &str, at, place: &str, agenda: &str| Command::Convene {
            kind,
            title: text(title),
            at,
            place: text(place),
            agenda: text(agenda),
            participants: nodes.clone(),
        };
        let record = |words: &str| Command::Record { text: text(words), exhibits: vec![] };
        let attend = || Command::Attend { coming: true, text: text("分管负责人、联络员参加。") };
        let finish = |task, words: &str| Command::Finish { task, text: text(words), exhibits: vec![] };
        let report = |task, percent, words: &str| Command::Report {
            task,
            percent,
            text: text(words),
            exhibits: vec![],
        };
        let held = at_work(start + SignedDuration::from_hours((4 * days / 30).max(1) * 24), 5);
        let after = |hours| held + SignedDuration::from_hours(hours);
        let mut first = vec![(
            day(1, 1),
            0,
            Role::Liaison,
            convene(
                MeetingKind::Mechanism,
                "长三角城市管理执法协作机制第一次会议",
                held,
                "青浦区城市管理行政执法局三楼会议室",
                "一、通报协作清单；二、商定交界地段联合巡查安排；三、讨论三年行动计划。",
            ),
        )];
        first.extend((1..=last).map(|town| (day(1, 4), town, Role::Liaison, attend())));
        let decided = "会议确定：一、每月开展一次交界地段夜间联合巡查；二、建立渣土运输企业联络表；三、统一现场照片拍摄要求。";
        first.push((after(2), 0, Role::Liaison, record(decided)));
        first.push((after(3), 0, Role::Liaison, task("制定夜间联合巡查排班表", &nodes[1], day(12, 0), None)));
        first.push((after(3), 0, Role::Liaison, task("汇总渣土运输企业联络表", &nodes[0], later(7), None)));
        first.push((
            after(3),
            0,
            Role::Liaison,
            task("起草现场照片拍摄要求", &nodes[last], day(16, 0), None),
        ));
        first.push((day(10, 3), 1, Role::Liaison, finish(1, "排班表已发各成员单位。")));
        first.push((day(14, 3), 0, Role::Liaison, report(2, 60, "已收到三家成员单位的名单。")));
        let second = vec![
            (
                day(24, 1),
                last,
                Role::Liaison,
                convene(
                    MeetingKind::Topic,
                    "燃气安全执法专题会议",
                    later(6),
                    "视频会议",
                    "一、通报违规充装瓶装液化石油气案件；二、商定气瓶流向信息共享方式。",
                ),
            ),
            (day(25, 2), 0, Role::Liaison, attend()),
        ];
        let year = beijing_date(start).year();
        let adopt = |span, title: &str, words: &str, goals: &[&str]| Command::Adopt {
            span,
            year,
            of: None,
            title: text(title),
            text: text(words),
            goals: goals.iter().map(|goal| text(goal)).collect(),
            participants: nodes.clone(),
        };
        let three = vec![
            (
                day(6, 2),
                0,
                Role::Leader,
                adopt(
                    Span::ThreeYears,
                    "城市管理执法协作三年行动计划",
                    "以协作清单为基础，逐年扩大协作领域，形成线索移送、证据互认、结果反馈的闭环。",
                    &[
                        "跨界倾倒建筑垃圾案件线索移送按期答复率达到百分之九十五",
                        "统一主要违法行为取证要求",
                        "成员单位执法人员互派学习",
                    ],
                ),
            ),
            (day(6, 3), 0, Role::Liaison, task("编制主要违法行为取证指引", &nodes[1], later(200), Some(2))),
            (day(6, 3), 0, Role::Liaison, task("提出互派学习安排", &nodes[last], later(60), Some(3))),
            (day(20, 3), 1, Role::Liaison, report(1, 25, "已完成建筑垃圾类违法行为的取证要点初稿。")),
        ];
        let yearly = vec![
            (
                day(7, 2),
                0,
                Role::Leader,
                adopt(
                    Span::Year,
                    "城市管理执法协作年度计划",
                    "落实三年行动计划当年任务，重点是交界地段建筑垃圾和燃气安全。",
                    &["开展不少于四次联合巡查", "完成协作清单首次评估"],
                ),
            ),
            (day(7, 3), 0, Role::Liaison, task("组织第一次联合巡查并报结果", &nodes[0], day(18, 0), Some(1))),
            (day(7, 3), 0, Role::Liaison, task("提出清单评估意见", &nodes[last], day(27, 0), Some(2))),
            (day(17, 3), 0, Role::Liaison, finish(1, "已联合巡查交界路段，查处违规车辆五辆。")),
        ];
        for (plan, steps) in [(false, first), (false, second), (true, three), (true, yearly)] {
            let n = self.gatherings.len();
            if let Some((at, ..)) = steps.first() {
                self.task_at(*at, Task::Gathering(n));
            }
            self.gatherings.push(Gathering { plan, shared: None, steps, next: 0 });
        }
    }

    /// Does the next step of a meeting or a plan.
    pub(super) fn gather(&mut self, now: Timestamp, n: usize) {
        // The yearly plan carries out that of three years.
        let before = n.checked_sub(1).and_then(|n| self.gatherings[n].shared.clone());
        let gathering = &mut self.gatherings[n];
        let Some((_, town, role, mut command)) = gathering.steps.get(gathering.next).cloned() else { return };
        gathering.next += 1;
        if let Command::Adopt { span: Span::Year, of, .. } = &mut command {
            *of = before;
        }
        if let Some((at, ..)) = gathering.steps.get(gathering.next) {
            let at = (*at).max(now);
            self.task_at(at, Task::Gathering(n));
        }
        let opens = matches!(command, Command::Convene { .. } | Command::Adopt { .. });
        if let Err(refusal) = self.give_gathering(now, n, town, role, command, opens) {
            self.refused("meeting", &refusal);
        }
    }

    fn give_gathering(
        &mut self,
        now: Timestamp,
        n: usize,
        town: usize,
        role: Role,
        command: Command,
        opens: bool,
    ) -> Result<(), Refusal> {
        let life = &mut self.lives[town];
        let caller = life.staff.any(role, &mut self.rng).ok_or_else(|| Refusal::missing("没有这个岗位。"))?;
        let gathering = &mut self.gatherings[n];
        let known = gathering.shared.as_ref().and_then(|id| life.ledger.shared.get(id)).copied();
        if !opens && known.is_none() {
            return Err(Refusal::missing("没有这个会议或计划。"));
        }
        let command = if gathering.plan { AnyCommand::Plan(command) } else { AnyCommand::Meeting(command) };
        let us = now.as_microsecond();
        let became = life.ledger.give(known, &caller.actor, command, LookUps::default(), us)?;
        if opens {
            let state = life.ledger.dockets.get(&became.id).map(|d| &d.live.state);
            gathering.shared = state.and_then(AnyState::streams).map(|streams| streams.id.clone());
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_meet_on_weekdays_in_the_daytime() {
        // A Sunday at 03:17 in Beijing.
        let night: Timestamp = "2026-11-28T19:17:00Z".parse().unwrap();
        let at = |hours| at_work(night, hours).to_string();
        assert_eq!(at(0), "2026-11-30T01:00:00Z", "Monday at nine");
        assert_eq!(at(5), "2026-11-30T06:00:00Z");
        let friday: Timestamp = "2026-11-27T10:00:00Z".parse().unwrap();
        assert_eq!(at_work(friday, 1).to_string(), "2026-11-27T02:00:00Z", "on the day itself");
    }
}

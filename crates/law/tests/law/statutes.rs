//! Statutory terms: every rule once, at its boundaries.

use crate::*;
use lianzhi_law::{
    Binds, Direction, Due, DueError, Jurisdiction, Moment, NoStatute, StatutoryTerm, TermUnit,
};

fn place(code: &str) -> Jurisdiction {
    Jurisdiction::parse(code).unwrap()
}

fn statute(key: &str, day: Date) -> StatutoryTerm {
    LAW.statutory(key, &place("CN"), day).unwrap()
}

fn compute(law: &LawData, key: &str, from: &str) -> Due {
    let from = Moment::parse(from).unwrap();
    let term = law.statutory(key, &place("CN"), from.day()).unwrap();
    match term.direction {
        Direction::After => term.due(from, law.calendars()).unwrap(),
        Direction::Before => term.before(from.day(), law.calendars()).unwrap(),
    }
}

/// Law and article, key, start (or the day counted back from), last day. Computed by hand and by a separate script.
#[rustfmt::skip]
const RULES: &[(&str, &str, &str, &str)] = &[
    ("行政处罚法 36", "limitation.general", "2023-08-14", "2025-08-14"),
    ("生态环境法典 1054", "limitation.env_harm", "2026-08-15", "2031-08-15"),
    ("行政处罚法 54(2)", "filing.file_case", "2026-09-01", "-"),
    ("住房和城乡建设行政处罚程序规定 ", "filing.verify_clue", "2026-09-24", "2026-10-22"),
    ("行政处罚法 60", "decide.penalty", "2026-07-03", "2026-10-01"),
    ("行政处罚法 56", "evidence.advance_registration", "2026-09-24", "2026-10-12"),
    ("行政处罚法 44,45,62", "statement.defence", "2026-09-01", "-"),
    ("行政处罚法 64(一)", "hearing.request", "2026-09-30", "2026-10-13"),
    ("行政处罚法 64(一)", "hearing.request", "2026-02-11", "2026-02-25"),
    ("行政处罚法 64(一)", "hearing.request", "2026-09-18", "2026-09-24"),
    ("行政处罚法 64(二)", "hearing.notice", "2026-10-15", "2026-09-30"),
    ("行政处罚法 64(二)", "hearing.notice", "2026-10-13", "2026-09-28"),
    ("行政处罚法 61", "serve.decision", "2026-09-24", "2026-10-12"),
    ("民事诉讼法 95", "serve.public_notice", "2026-09-03", "2026-10-08"),
    ("上海市城市管理行政执法条例 25", "serve.public_notice.sh", "2026-09-01", "2026-11-02"),
    ("行政处罚法 67", "pay.fine", "2026-09-16", "2026-10-08"),
    ("行政处罚法 67", "pay.fine", "2026-09-17", "2026-10-08"),
    ("行政处罚法 67", "pay.fine", "2026-01-30", "2026-02-14"),
    ("行政处罚法 67", "pay.fine", "2026-09-25", "2026-10-10"),
    ("行政处罚法 72(1)(一),73(3)", "pay.surcharge", "2026-09-01", "2026-09-02"),
    ("行政处罚法 71", "pay.onsite_hand_in", "2026-09-24", "2026-09-29"),
    ("行政处罚法 71", "pay.onsite_deposit", "2026-09-24", "2026-09-29"),
    ("行政处罚法 66(2),72(2)", "pay.instalment", "2026-09-01", "-"),
    ("行政处罚法 48(2)", "publish.withdraw", "2026-09-24", "2026-09-30"),
    ("国办发〔2018〕118号 三项制度指导意见 ", "publish.decision", "2026-09-24", "2026-10-12"),
    ("行政强制法 25", "seize.period", "2026-09-01", "2026-10-01"),
    ("行政强制法 19", "seize.urgent_report", "2026-09-30T17:20:00", "2026-10-01T17:20:00+08:00"),
    ("上海市城市管理行政执法条例 22(2)", "seize.perishable.sh", "2026-09-01", "2026-09-03"),
    ("上海市城市管理行政执法条例 22(3)", "seize.unclaimed.sh", "2026-09-01", "2026-11-02"),
    ("行政强制法 35,36,37", "enforce.remind_self", "2026-09-01", "-"),
    ("行政强制法 44", "enforce.demolish", "2026-09-01", "-"),
    ("行政强制法 46", "enforce.surcharge_remind", "2026-09-01", "2026-10-01"),
    ("行政强制法 50,51", "enforce.substitute", "2026-10-09", "2026-09-29"),
    ("行政强制法 52", "enforce.substitute_now", "2026-09-01", "-"),
    ("行政强制法 39", "enforce.suspend_end", "2023-02-28", "2026-02-28"),
    ("行政强制法 54", "court.remind", "2026-09-24", "2026-10-15"),
    ("行政强制法 53", "court.apply", "2025-11-30", "2026-02-28"),
    ("行政强制法 53", "court.apply", "2026-01-31", "2026-04-30"),
    ("行政强制法 56", "court.accept", "2026-09-24", "2026-10-09"),
    ("行政强制法 57,58", "court.rule", "2026-09-24", "2026-10-12"),
    ("行政复议法 20", "remedy.reconsideration", "2026-08-02", "2026-10-08"),
    ("行政复议法 23(1)(一),23(2)", "remedy.precondition_onsite", "2026-09-01", "-"),
    ("行政复议法 62", "remedy.reconsideration_decide", "2026-09-01", "2026-11-02"),
    ("行政复议法 48,54", "remedy.reply", "2026-09-24", "2026-10-15"),
    ("行政诉讼法 46", "remedy.lawsuit", "2025-08-31", "2026-02-28"),
    ("行政诉讼法 46", "remedy.lawsuit", "2026-04-04", "2026-10-08"),
    ("行政诉讼法 46", "remedy.lawsuit", "2024-08-29", "2025-02-28"),
    ("行政处罚法 / 行政复议法 / 行政诉讼法 73 / 42 / 56", "remedy.no_stay", "2026-09-01", "-"),
    ("行政执法机关移送涉嫌犯罪案件的规定 5", "transfer.crime_decide", "2026-09-01", "2026-09-04"),
    ("行政执法机关移送涉嫌犯罪案件的规定 5(2)", "transfer.crime_send", "2026-09-30T17:20:00", "2026-10-01T17:20:00+08:00"),
    ("行政执法机关移送涉嫌犯罪案件的规定 7,8", "transfer.police_review", "2026-09-01", "2026-09-04"),
    ("行政执法机关移送涉嫌犯罪案件的规定 12", "transfer.handover", "2026-09-01", "2026-09-04"),
    ("上海市城市管理行政执法条例 29(2)", "assist.opinion.sh", "2026-09-01", "2026-09-11"),
    ("行政处罚法 26", "assist.request", "2026-09-01", "-"),
    ("上海市城市管理行政执法条例 26(2)", "report.feedback.sh", "2026-09-24", "2026-10-09"),
    ("上海市拆除违法建筑若干规定 7", "illegal_building.onsite.sh", "2026-09-30T17:20:00", "2026-10-01T17:20:00+08:00"),
    ("生态环境法典 1060", "daily_penalty.env", "2026-09-01", "2026-09-02"),
    ("行政复议法 62(2)", "remedy.reconsideration_decide_simple", "2026-09-01", "2026-10-08"),
    ("行政复议法 54", "remedy.reply_simple", "2026-09-24", "2026-10-09"),
    ("行政诉讼法 45", "remedy.lawsuit_after_reconsideration", "2026-04-21", "2026-05-06"),
    ("行政强制法 58", "court.rule_hearing", "2026-09-01", "2026-10-01"),
    ("行政强制法 56(2),58(3)", "court.review", "2026-09-16", "2026-10-08"),
    ("行政强制法 56(2)", "court.review_rule", "2026-09-16", "2026-10-08"),
    ("行政强制法 58(3)", "court.review_rule_denied", "2026-09-01", "2026-10-08"),
    ("行政诉讼法 85", "remedy.second_instance", "2026-09-16", "2026-10-08"),
    ("行政诉讼法 67(1)", "remedy.lawsuit_reply", "2026-09-16", "2026-10-08"),
    ("行政执法机关移送涉嫌犯罪案件的规定 9", "transfer.review_request", "2026-09-01", "2026-09-04"),
    ("行政执法机关移送涉嫌犯罪案件的规定 9", "transfer.review_answer", "2026-10-03", "2026-10-06"),
];

#[test]
fn every_rule_ends_when_its_article_says() {
    for (article, key, from, due) in RULES {
        let found = compute(&LAW, key, from);
        let shown = found.due.map_or("-".to_owned(), |due| due.to_string());
        assert_eq!(shown, *due, "{article} {key} from {from}: {}", found.explanation);
        assert!(article.contains(&*found.article), "{article} {key}");
        assert!(found.explanation.contains(&*found.document), "{key}");
    }
    for term in LAW.statutes() {
        assert!(RULES.iter().any(|(_, key, _, _)| *key == &*term.key), "{} has a row", term.key);
    }
}

#[test]
fn 民事诉讼法_85_a_last_day_off_rolls_for_the_party_and_not_for_the_agency() {
    // 2026-10-01 begins a holiday that ends on 10-07.
    let fine = compute(&LAW, "pay.fine", "2026-09-16");
    assert!(fine.rolled && !fine.provisional && !fine.movable);
    assert!(
        fine.explanation.contains("2026-10-01 周四逢休息日，顺延至 2026-10-08 周四 24:00"),
        "{}",
        fine.explanation
    );
    assert!(fine.explanation.contains("民法典》203 条"), "{}", fine.explanation);
    let seizure = compute(&LAW, "seize.period", "2026-09-01");
    assert!(!seizure.rolled);
    assert!(seizure.explanation.contains("不顺延"), "{}", seizure.explanation);
    // A weekend day that is worked in exchange is no day off.
    let made_up = compute(&LAW, "pay.fine", "2026-09-25");
    assert_eq!(made_up.due, Some(Moment::Day(date(2026, 10, 10))));
    assert!(!made_up.rolled);
}

#[test]
fn 民法典_202_a_month_without_such_a_day_ends_on_its_last() {
    let due = compute(&LAW, "court.apply", "2025-11-30");
    assert_eq!(due.due, Some(Moment::Day(date(2026, 2, 28))));
    assert!(due.explanation.contains("民法典202条"), "{}", due.explanation);
    let leap = compute(&LAW, "court.apply", "2023-11-30");
    assert_eq!(leap.due, Some(Moment::Day(date(2024, 2, 29))));
    let years = compute(&LAW, "limitation.general", "2024-02-29");
    assert_eq!(years.due, Some(Moment::Day(date(2026, 2, 28))));
    assert_eq!((years.n, years.unit), (2, TermUnit::Years));
}

#[test]
fn 行政处罚法_85_working_days_leave_out_days_off_and_count_make_up_days() {
    let due = compute(&LAW, "hearing.request", "2026-09-30");
    assert!(due.explanation.contains("10-08，10-09，10-10（调休上班），10-12，10-13"), "{}", due.explanation);
    assert!(due.explanation.contains("10-01至10-07国庆节"), "{}", due.explanation);
    let back = compute(&LAW, "hearing.notice", "2026-10-15");
    assert!(
        back.explanation.contains("10-14，10-13，10-12，10-10（调休上班），10-09，10-08，09-30"),
        "{}",
        back.explanation
    );
    assert!(back.explanation.contains("10-11周末、10-01至10-07国庆节"), "{}", back.explanation);
}

#[test]
fn beyond_the_last_schedule_a_date_is_provisional() {
    let term = compute(&LAW, "hearing.request", "2026-12-29");
    assert!(term.provisional && term.movable);
    assert!(term.explanation.contains("2027 年节假日安排尚未载入"), "{}", term.explanation);
    let within = compute(&LAW, "hearing.request", "2026-12-24");
    assert_eq!(within.due, Some(Moment::Day(date(2026, 12, 31))));
    assert!(!within.provisional);
    // Not moved by any schedule, but due after the last one.
    let plain = compute(&LAW, "seize.period", "2026-12-20");
    assert!(plain.provisional && !plain.movable);
    assert!(plain.explanation.contains("与放假安排无关"), "{}", plain.explanation);
    let back = compute(&LAW, "hearing.notice", "2027-01-08");
    assert!(back.provisional && back.movable);
    let mut files = LawFiles::builtin();
    files.put("calendar/holidays-2027.tsv", SCHEDULE_2027);
    let law = LawData::load(&files).unwrap();
    let known = compute(&law, "hearing.request", "2026-12-29");
    assert_eq!(known.due, Some(Moment::Day(date(2027, 1, 7))));
    assert!(!known.provisional);
}

#[test]
fn the_local_rule_goes_before_that_of_the_nation_and_answers_to_its_own_key() {
    let day = date(2026, 9, 1);
    let n = |key: &str, at: &str| LAW.statutory(key, &place(at), day).unwrap().measure.unwrap().n;
    assert_eq!(n("serve.public_notice", "CN"), 30);
    assert_eq!(n("serve.public_notice", "ZJ"), 30);
    assert_eq!(n("serve.public_notice", "SH"), 60);
    assert_eq!(n("serve.public_notice", "SH-青浦"), 60);
    assert_eq!(n("serve.public_notice.sh", "CN"), 60);
    assert_eq!(n("seize.perishable", "SH"), 2);
    let elsewhere = LAW.statutory("serve.public_notice.sh", &place("ZJ"), day).unwrap_err();
    assert!(
        matches!(&elsewhere, NoStatute::Elsewhere { held, .. } if held == &[Jurisdiction::parse("SH").unwrap()]),
        "{elsewhere}"
    );
    let elsewhere = LAW.statutory("seize.perishable", &place("CN"), day).unwrap_err();
    assert!(elsewhere.to_string().contains("只在上海有规定，全国没有"), "{elsewhere}");
}

#[test]
fn what_is_not_known_or_not_in_force_is_said_with_what_there_is() {
    let unknown = LAW.statutory("hearing.requests", &place("CN"), date(2026, 9, 1)).unwrap_err();
    assert!(unknown.to_string().contains("hearing.request"), "{unknown}");
    // 生态环境法典 1054 counts for conduct from 2026-08-15 on.
    let early = LAW.statutory("limitation.env_harm", &place("CN"), date(2026, 8, 14)).unwrap_err();
    assert!(early.to_string().contains("2026-08-15"), "{early}");
    assert!(LAW.statutory("limitation.env_harm", &place("CN"), date(2026, 8, 15)).is_ok());
}

#[test]
fn a_term_without_a_number_has_no_end_and_says_so() {
    let due = compute(&LAW, "filing.file_case", "2026-09-01");
    assert_eq!((due.due, due.unit, due.n), (None, TermUnit::Event, 0));
    assert!(due.explanation.contains("法律没有规定天数"), "{}", due.explanation);
    assert_eq!(statute("filing.file_case", date(2026, 9, 1)).standard(), None);
}

#[test]
fn forwards_and_backwards_are_not_mixed_up() {
    let (day, from) = (date(2026, 10, 15), Moment::Day(date(2026, 10, 15)));
    let back = statute("hearing.notice", day);
    assert!(matches!(back.due(from, LAW.calendars()), Err(DueError::Backwards { .. })));
    assert_eq!(back.standard(), None, "no clock runs backwards");
    let forward = statute("hearing.request", day);
    assert!(matches!(forward.before(day, LAW.calendars()), Err(DueError::Forwards { .. })));
}

#[test]
fn hours_run_from_their_instant_and_those_of_a_bare_day_from_its_beginning() {
    let due = compute(&LAW, "seize.urgent_report", "2026-10-01T23:30:00+08:00");
    assert_eq!(due.due.unwrap().to_string(), "2026-10-02T23:30:00+08:00");
    let utc = compute(&LAW, "seize.urgent_report", "2026-10-01T15:30:00Z");
    assert_eq!(utc.due, due.due);
    let bare = compute(&LAW, "seize.urgent_report", "2026-10-01");
    assert_eq!(bare.due.unwrap().to_string(), "2026-10-02T00:00:00+08:00");
    assert!(bare.explanation.contains("从紧"), "{}", bare.explanation);
    // A day-based term takes the day in Beijing of an instant.
    let late = compute(&LAW, "pay.fine", "2026-08-31T16:30:00Z");
    assert_eq!(late.from, Moment::Day(date(2026, 9, 1)));
}

#[test]
fn a_running_clock_made_of_a_term_ends_with_it() {
    for (_, key, from, due) in RULES.iter().filter(|(_, _, _, due)| *due != "-") {
        let from = Moment::parse(from).unwrap();
        let term = statute(key, from.day());
        let Some(standard) = term.standard() else { continue };
        let running = Running::start(&standard, LAW.calendars(), from.instant()).unwrap();
        let end = match term.unit() {
            TermUnit::Hours => Moment::Instant(running.due).to_string(),
            _ => Moment::Instant(running.due - jiff::SignedDuration::from_secs(1)).day().to_string(),
        };
        assert_eq!(end, *due, "{key}");
        assert!(running.standard.source.contains('《') || running.standard.source.contains('〔'), "{key}");
    }
}

#[test]
fn 行政强制法_25_seizure_is_extended_once_by_thirty_days_and_test_times_do_not_count() {
    let term = statute("seize.period", date(2026, 9, 1));
    assert_eq!(term.extensions.len(), 1);
    assert_eq!((term.extensions[0].most.n, term.extensions[0].most.unit), (30, TermUnit::CalendarDays));
    assert!(term.excluded[0].what.contains("检测"));
    assert_eq!(term.excluded[0].standing, Standing::Official);
}

#[test]
fn 住建部令55号_is_marked_as_not_compared_with_its_text() {
    for (key, sure) in [("filing.verify_clue", 70), ("publish.decision", 85)] {
        let term = statute(key, date(2026, 9, 1));
        assert_eq!((term.standing, term.confidence), (Standing::Unverified, Some(sure)), "{key}");
        assert!(compute(&LAW, key, "2026-09-01").explanation.contains("须由法制人员确认"));
    }
}

fn with_own(text: &str) -> Result<LawData, lianzhi_law::LawError> {
    let mut files = LawFiles::builtin();
    let about = "about = { source = \"t\", date = \"2026-01-01\", licence = \"t\" }\n";
    files.put("terms/own.toml", &format!("{about}{text}"));
    LawData::load(&files)
}

#[test]
fn an_agency_may_tighten_and_never_loosen() {
    let own = |key: &str, n: u32| {
        format!(
            "[[tighten]]\nkey = \"{key}\"\nn = {n}\nsource = \"本局办案规程\"\nin_force_from = \"2026-06-01\"\n"
        )
    };
    let law = with_own(&own("decide.penalty", 60)).unwrap();
    // Both stand side by side: what follows in law follows at the law's day.
    let due = compute(&law, "decide.penalty", "2026-07-03");
    assert_eq!((due.n, due.due), (90, Some(Moment::Day(date(2026, 10, 1)))));
    let stricter = due.own.expect("the agency's own");
    assert_eq!(
        (stricter.n, stricter.due, &*stricter.source),
        (60, Moment::Day(date(2026, 9, 1)), "本局办案规程")
    );
    let said = "法定为 90 日，本机关从严为 60 日（本局办案规程），应在 2026-09-01 以前办理";
    assert!(due.explanation.contains(said), "{}", due.explanation);
    assert_eq!(compute(&law, "decide.penalty", "2026-05-31").own, None, "not yet in force");
    // Backwards, more is stricter.
    let back = compute(&with_own(&own("hearing.notice", 10)).unwrap(), "hearing.notice", "2026-10-13");
    assert_eq!((back.n, back.due), (7, Some(Moment::Day(date(2026, 9, 28)))));
    assert_eq!(back.own.map(|own| (own.n, own.due)), Some((10, Moment::Day(date(2026, 9, 22)))));
    #[rustfmt::skip]
    let refused = [
        ("decide.penalty", 120, "第60条"),
        ("decide.penalty", 90, "应小于 90"),
        ("hearing.notice", 5, "第64条第（二）项"),
        ("hearing.request", 3, "当事人"),
        ("remedy.lawsuit", 3, "第46条"),
        ("court.accept", 3, "其他机关"),
        ("filing.file_case", 3, "没有规定天数"),
        ("limitation.general", 1, "追责时效"),
        ("limitation.env_harm", 2, "追责时效"),
        ("no.such_key", 3, "没有"),
    ];
    for (key, n, reason) in refused {
        let error = with_own(&own(key, n)).unwrap_err();
        assert_eq!((error.file.as_str(), error.key), ("terms/own.toml", format!("tighten {key}")));
        assert!(error.reason.contains(reason), "{}", error.reason);
    }
}

#[test]
fn 行政强制法_25_a_stricter_term_warns_at_its_own_day_and_ends_with_the_laws() {
    let own = "[[tighten]]\nkey = \"seize.period\"\nn = 20\nsource = \"本局办案规程\"\nin_force_from = \"2026-06-01\"\n";
    let law = with_own(own).unwrap();
    let term = law.statutory("seize.period", &place("CN"), date(2026, 9, 1)).unwrap();
    let start = Moment::Day(date(2026, 9, 1)).instant();
    let running = Running::start(&term.standard().unwrap(), law.calendars(), start).unwrap();
    let end = |day: Date| Moment::Day(day.tomorrow().unwrap()).instant();
    assert_eq!((running.due, running.act_by()), (end(date(2026, 10, 1)), end(date(2026, 9, 21))));
    let warned: Vec<_> = running.warnings.iter().map(|w| (w.percent, w.at)).collect();
    assert_eq!(warned.last(), Some(&(100, end(date(2026, 9, 21)))), "{warned:?}");
    assert_eq!(warned[0], (50, end(date(2026, 9, 11))));
    assert!(!running.is_late(end(date(2026, 9, 21))) && running.is_late(end(date(2026, 10, 1))));
    assert!(
        running.arithmetic.contains("本机关从严 20 日（本局办案规程），至 2026-09-21"),
        "{}",
        running.arithmetic
    );
    // What is paused and what is extended counts for both, and the record keeps both.
    let longer = running.extend(law.calendars(), 30, Unit::CalendarDays, "情况复杂").unwrap();
    assert_eq!((longer.due, longer.act_by()), (end(date(2026, 10, 31)), end(date(2026, 10, 21))));
    let kept: Running = serde_json::from_value(serde_json::to_value(&longer).unwrap()).unwrap();
    assert_eq!(kept, longer);
}

#[test]
fn statutes_that_contradict_themselves_are_refused() {
    let statute = |body: &str| {
        format!(
            "[[statute]]\nkey = \"x.y\"\ntitle = \"t\"\nlaw = \"l\"\narticle = \"1\"\ntrigger = \"t\"\nbinds = \"agency\"\n\
             document = \"d\"\nstanding = \"official\"\nsource = \"s\"\n{body}\n"
        )
    };
    #[rustfmt::skip]
    let table = [
        ("n = 0\nunit = \"wd\"", "大于 0"),
        ("n = 3\nunit = \"event\"", "应为 0"),
        ("n = 3\nunit = \"cd\"", "rolls_over"),
        ("n = 3\nunit = \"wd\"\nrolls_over = true\nrolls_why = \"w\"", "只用于"),
        ("n = 3\nunit = \"h\"\ndirection = \"before\"", "倒推"),
        ("n = 3\nunit = \"wd\"\nconfidence = 1.5", "confidence"),
        ("n = 3\nunit = \"wd\"\nextension = [{ n = 3, unit = \"cd\", who = \"w\", source = \"s\", standing = \"official\" }]", "单位"),
        ("n = 11\nunit = \"y\"\nrolls_over = false\nrolls_why = \"w\"", "120"),
    ];
    for (body, reason) in table {
        let error = with_own(&statute(body)).unwrap_err();
        assert_eq!(error.key, "statute x.y");
        assert!(error.reason.contains(reason), "{error}");
    }
    let calendar = "[[calendar]]\ncode = \"statutory\"\ntitle = \"t\"\ndays = \"workdays\"\nspans = [[\"08:00\", \"17:00\"]]\n\
                    in_force_from = \"2000-01-01\"\nsource = \"s\"\n";
    let mut files = LawFiles::builtin();
    let about = "about = { source = \"t\", date = \"2026-01-01\", licence = \"t\" }\n";
    files.put("calendar/statutory.toml", &format!("{about}{calendar}"));
    assert!(LawData::load(&files).unwrap_err().reason.contains("全天"));
}

#[test]
fn whose_time_it_is_is_said_of_every_rule() {
    let of = |key: &str| statute(key, date(2026, 9, 1)).binds;
    assert_eq!(of("pay.fine"), Binds::Party);
    assert_eq!(of("decide.penalty"), Binds::Agency);
    assert_eq!(of("court.rule"), Binds::Other);
}

proptest! {
    #[test]
    fn a_later_start_never_ends_earlier(start in 0_i32..900, key in proptest::sample::select(RULES)) {
        let day = |n: i32| date(2024, 3, 1).checked_add(jiff::Span::new().days(n)).unwrap();
        let end = |n: i32| {
            let term = LAW.statutory(key.1, &place("CN"), date(2026, 9, 1)).unwrap();
            match term.direction {
                Direction::After => term.due(Moment::Day(day(n)), LAW.calendars()).unwrap(),
                Direction::Before => term.before(day(n), LAW.calendars()).unwrap(),
            }
        };
        let (one, next) = (end(start), end(start + 1));
        prop_assert!(one.due.map(Moment::day) <= next.due.map(Moment::day));
        if let Some(due) = one.due {
            match one.direction {
                Direction::After => prop_assert!(due.day() > day(start)),
                Direction::Before => prop_assert!(due.day() < day(start)),
            }
        }
    }

    #[test]
    fn counted_back_and_forth_the_same_working_days_lie_between(n in 0_i32..900) {
        // 行政处罚法 64(二): seven working days back from the hearing, seven forward again reach it or the days off before it.
        let hearing = date(2024, 3, 1).checked_add(jiff::Span::new().days(n)).unwrap();
        let latest = statute("hearing.notice", date(2026, 9, 1)).before(hearing, LAW.calendars()).unwrap().due.unwrap();
        let seven = statute("serve.decision", date(2026, 9, 1));
        let again = seven.due(latest, LAW.calendars()).unwrap().due.unwrap().day();
        prop_assert!(again >= hearing);
        let mut between = hearing;
        while between < again {
            prop_assert!(!LAW.calendars().day(between).working());
            between = between.tomorrow().unwrap();
        }
    }
}

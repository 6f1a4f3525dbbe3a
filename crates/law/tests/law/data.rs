//! The data that comes with the program.

use crate::*;

#[test]
fn the_builtin_data_loads_and_every_file_names_source_date_and_licence() {
    assert_eq!(LAW.about().count(), 15);
    for (file, about) in LAW.about() {
        assert!(!about.source.is_empty() && !about.licence.is_empty(), "{file}");
    }
    let years: Vec<i16> = LAW.calendars().holidays().years().map(|(year, _)| year).collect();
    assert_eq!(years, [2024, 2025, 2026]);
}

#[test]
fn service_standards_are_those_of_the_three_twos() {
    let today = date(2026, 11, 23);
    let measures: Vec<String> =
        Service::ALL.iter().map(|s| LAW.service_standard(*s, today).measure()).collect();
    let expected = ["20 分钟", "2 小时", "24 小时", "10 分钟", "1 个工作日", "5 个工作日", "15 个工作日"];
    assert_eq!(measures, expected);
    for service in [Service::Accept, Service::Arrive, Service::Answer] {
        assert_eq!(LAW.service_standard(service, today).calendar.as_deref(), Some("7x24"));
    }
    assert_eq!(LAW.service_standard(Service::Accept, date(1999, 1, 1)).amount, 20, "never stops an intake");
    assert!(LAW.standard("service.accept", date(1999, 1, 1)).is_none(), "strictly: not in force then");
}

#[test]
fn the_longest_prefix_of_a_category_gives_its_handling_term() {
    let term =
        |code: &str| &*LAW.handling_standard(&CategoryCode::parse(code).unwrap(), date(2026, 11, 23)).code;
    #[rustfmt::skip]
    let table = [
        ("E06010", "handling.environment"),
        ("E06001", "handling.building"),
        ("E08002", "handling.construction"),
        ("E09005", "handling.street"),
        ("E09001", "handling.street_now"),
        ("E10001", "handling.event"),
        ("P01001", "handling.part_fast"),
        ("P02001", "handling.part"),
        ("P99999", "handling.part"),
    ];
    for (code, expected) in table {
        assert_eq!(term(code), expected, "{code}");
    }
}

#[test]
fn example_values_say_that_they_are_examples() {
    for standard in LAW.standards().filter(|standard| standard.code.starts_with("handling.")) {
        assert_eq!(standard.standing, Standing::Example);
        assert!(standard.source.contains("示例"));
    }
}

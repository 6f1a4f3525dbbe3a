//! Data that cannot be used.

use crate::*;

#[test]
fn broken_data_is_refused_with_file_key_and_reason() {
    let about = "about = { source = \"t\", date = \"2026-01-01\", licence = \"t\" }\n";
    let std = |body: &str| {
        format!(
            "{about}[[standard]]\ncode = \"x\"\ntitle = \"t\"\nwarn = []\nsource = \"t\"\nstanding = \"example\"\n\
             in_force_from = \"2026-01-01\"\n{body}\n"
        )
    };
    let cal = |body: &str| {
        format!(
            "{about}[[calendar]]\ncode = \"x\"\ntitle = \"t\"\nin_force_from = \"2026-01-01\"\nsource = \"t\"\n{body}\n"
        )
    };
    let good = "amount = 1\nunit = \"hours\"\ncalendar = \"7x24\"";
    #[rustfmt::skip]
    let table: Vec<(&str, String, &str, &str)> = vec![
        ("terms/x.toml", std("amount = 0\nunit = \"hours\"\ncalendar = \"7x24\""), "standard x", "amount"),
        ("terms/x.toml", std("amount = 1\nunit = \"hours\""), "standard x", "calendar"),
        ("terms/x.toml", std("amount = 1\nunit = \"months\"\ncalendar = \"7x24\""), "standard x", "calendar"),
        ("terms/x.toml", std("amount = 1\nunit = \"hours\"\ncalendar = \"nights\""), "standard x", "nights"),
        ("terms/x.toml", std(&format!("{good}\nrolls_over = true")), "standard x", "rolls_over"),
        ("terms/x.toml", std("amount = 1\nunit = \"weeks\""), "第 10 行", "格式有误"),
        ("terms/x.toml", std(&format!("{good}\ncolour = 1")), "第 12 行", "colour"),
        ("terms/x.toml", std(good).replace("warn = []", "warn = [80, 50]"), "standard x", "warn"),
        ("terms/x.toml", format!("{}{}", std(good), std(good).replace(about, "")), "standard x", "重叠"),
        ("terms/x.toml", std(good).replace(about, ""), "第 1 行", "about"),
        (
            "terms/x.toml",
            format!(
                "{about}[[category]]\nprefix = \"E123456\"\nstandard = \"x\"\nin_force_from = \"2026-01-01\""
            ),
            "category E123456",
            "prefix",
        ),
        (
            "terms/x.toml",
            format!(
                "{about}[[category]]\nprefix = \"E06002\"\nstandard = \"x\"\nin_force_from = \"2026-01-01\""
            ),
            "category E06002",
            "没有定义",
        ),
        ("calendar/x.toml", cal("days = \"all\"\nspans = [[\"8:30\", \"11:30\"]]"), "calendar x", "8:30"),
        ("calendar/x.toml", cal("days = \"all\"\nspans = [[\"22:00\", \"06:00\"]]"), "calendar x", "跨零点"),
        (
            "calendar/x.toml",
            cal("days = \"all\"\nspans = [[\"08:00\", \"12:00\"], [\"11:00\", \"13:00\"]]"),
            "calendar x",
            "重叠",
        ),
        ("calendar/x.toml", cal("days = \"all\"\nspans = []"), "calendar x", "1 小时"),
        (
            "calendar/x.toml",
            cal("days = \"all\"\nspans = [[\"08:00\", \"12:00\"]]\nin_force_to = \"2027-01-01\""),
            "calendar x",
            "in_force_to",
        ),
        ("calendar/holidays-2027.tsv", SCHEDULE_2027.replace("# 许可：测试\n", ""), "文件", "许可"),
        ("calendar/holidays-2026.tsv", SCHEDULE_2027.replace("2027-01-09\twork\t元旦\n", "").replace("2027", "2026"), "第 8 行", "已由"),
        ("other/x.toml", String::new(), "文件", "不认识"),
    ];
    for (file, text, key, reason) in table {
        let mut files = LawFiles::builtin();
        files.put(file, &text);
        let error = LawData::load(&files).unwrap_err();
        assert_eq!(error.key, key, "{error}\n{text}");
        assert!(error.reason.contains(reason), "{error}\n{text}");
        let named = if reason == "已由" { "calendar/holidays" } else { file };
        assert!(error.file.starts_with(named), "{error}");
    }
    for file in ["calendar/calendars.toml", "terms/service.toml", "terms/categories.toml"] {
        let mut files = LawFiles::builtin();
        files.remove(file);
        assert!(LawData::load(&files).is_err(), "{file} is needed");
    }
}

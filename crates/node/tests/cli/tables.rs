//! Files in and out.

use crate::program::{Home, Serving, done, lianzhi, report};

const CSV: &str = "工单编号,联系电话,问题描述,详细地址,经度,纬度,发生时间,备注\n\
    A1,13800000001,店外经营堆物,漕平路118号,121.1142,31.1508,2026-11-01 08:30,甲\n\
    A2,13800000002,占道经营,,200,31.1,2026-11-01,\n\
    A3,12,乱涂写,漕平路1号,,,2026/11/2,\n\
    A4,,违法搭建,淀山湖大道1号,,,昨天,\n\
    ,,=cmd|'/c calc'!A1,盈港路2号,,,,\n";

#[tokio::test(flavor = "multi_thread")]
async fn a_table_keeps_its_good_rows_names_its_bad_ones_and_creates_nothing_twice() {
    let home = Home::new();
    let dir = home.dir();
    let dir = dir.to_str().unwrap();
    let file = home.beside("工单.csv");
    // 占 (U+5360) and its like in GB18030, as office software writes them.
    let gb = std::process::Command::new("iconv")
        .args(["-f", "UTF-8", "-t", "GB18030"])
        .stdin(std::process::Stdio::piped())
        .stdout(std::process::Stdio::piped())
        .spawn();
    let bytes = match gb {
        Ok(mut child) => {
            use std::io::Write;
            child.stdin.take().unwrap().write_all(CSV.as_bytes()).unwrap();
            child.wait_with_output().unwrap().stdout
        }
        Err(_) => panic!("iconv is needed"),
    };
    assert!(std::str::from_utf8(&bytes).is_err());
    std::fs::write(&file, bytes).unwrap();

    let said = done(["import", "reports", file.to_str().unwrap(), "--preview"]);
    assert!(said.contains("问题描述 → 描述") && said.contains("备注 → 不读取"), "{said}");
    let ran = lianzhi(["import", "reports", file.to_str().unwrap(), "--config", dir]);
    assert_eq!(ran.code, 1, "{}", ran.said);
    assert!(ran.said.contains("登记 2 件") && ran.said.contains("有误 3 行"), "{}", ran.said);
    for (line, column) in [(3, "经度"), (4, "联系电话"), (5, "发生时间")] {
        assert!(ran.said.contains(&format!("第 {line} 行 “{column}”列")), "{}", ran.said);
    }
    // A comma in a text has moved what stands behind it: nothing is registered from a row that is out of step.
    let shifted = home.beside("shifted.csv");
    std::fs::write(&shifted, "描述,地址\n路口占道,卖水果,漕平路3号\n\"路口占道,卖菜\",漕平路4号,,\n")
        .unwrap();
    let ran = lianzhi(["import", "reports", shifted.to_str().unwrap(), "--config", dir]);
    assert!(ran.said.contains("登记 1 件") && ran.said.contains("第 2 行 “第 3 列”列"), "{}", ran.said);
    // Again, with the columns in another order and one row mended.
    let reordered = "详细地址,问题描述,工单编号,发生时间,经度,纬度,电话\n\
        漕平路118号,店外经营堆物,A1,2026-11-01 08:30,121.1142,31.1508,13800000001\n\
        漕平路1号,乱涂写,A3,2026/11/2,,,13800000003\n\
        盈港路2号,=cmd|'/c calc'!A1,,,,,\n";
    let again = home.beside("again.csv");
    std::fs::write(&again, reordered).unwrap();
    let said = done(["import", "reports", again.to_str().unwrap(), "--config", dir]);
    assert!(said.contains("登记 1 件") && said.contains("此前已登记 2 行"), "{said}");

    let csv = done(["export", "--config", dir, "reports", "--source", "import"]);
    assert!(csv.starts_with('\u{feff}'));
    assert_eq!(csv.lines().count(), 5, "{csv}");
    assert!(csv.contains("'=cmd|"), "no cell is a formula: {csv}");
    for ending in ["xlsx", "geojson"] {
        let out = home.beside(&format!("out.{ending}"));
        done(["export", "--config", dir, "reports", "--source", "import", "-o", out.to_str().unwrap()]);
        assert!(out.metadata().unwrap().len() > 200);
    }
    // What was exported as a workbook is read again as a table.
    let said = done(["import", "reports", home.beside("out.xlsx").to_str().unwrap(), "--preview"]);
    assert!(said.contains("共 4 行") && said.contains("编号 → 工单号"), "{said}");
    home.intact();
}

#[test]
fn registers_are_imported_with_their_faults_by_line() {
    let home = Home::new();
    let dir = home.dir();
    let dir = dir.to_str().unwrap();
    let units = home.beside("units.csv");
    std::fs::write(
        &units,
        "编码,名称,上级单位\nx-2,二队一组,x-1\nx-1,二队,310118\n坏 码,甲,\nx-3,三组,nowhere\nx-4,四组,,,多出\n",
    )
    .unwrap();
    let ran = lianzhi(["import", "units", units.to_str().unwrap(), "--config", dir]);
    assert_eq!(ran.code, 1, "{}", ran.said);
    assert!(
        ran.said.contains("写入 2 条")
            && ran.said.contains("第 4 行")
            && ran.said.contains("第 5 行")
            && ran.said.contains("第 6 行 “第 5 列”"),
        "{}",
        ran.said
    );
    let people = home.beside("people.csv");
    std::fs::write(&people, "编码,姓名,登录名,单位,角色\np-9001,赵一,zhao1,x-2,执法队员\np-9001,赵一,zhao1,x-1,队长、officer\np-9002,钱二,qian2,x-2,大侠\n").unwrap();
    let ran = lianzhi(["import", "people", people.to_str().unwrap(), "--config", dir]);
    assert!(ran.said.contains("写入 1 条") && ran.said.contains("没有角色“大侠”"), "{}", ran.said);
    let said = lianzhi(["import", "units", units.to_str().unwrap(), "--config", dir]).said;
    assert!(said.contains("未变 2 条"), "{said}");

    let square =
        |x: f64| format!("[[[{x},31.1],[{},31.1],[{},31.11],[{x},31.11],[{x},31.1]]]", x + 0.01, x + 0.01);
    let grid = |n: u32, x: f64| {
        format!(
            r#"{{"type":"Feature","properties":{{"code":"31011810400090{n}","name":"网格{n}","town":"310118104","unit":"x-1"}},"geometry":{{"type":"Polygon","coordinates":{}}}}}"#,
            square(x)
        )
    };
    let file = home.beside("grids.geojson");
    std::fs::write(
        &file,
        format!(r#"{{"type":"FeatureCollection","features":[{},{}]}}"#, grid(1, 121.1), grid(2, 121.105)),
    )
    .unwrap();
    let said = done(["import", "grids", file.to_str().unwrap(), "--config", dir]);
    assert!(said.contains("写入 2 条") && said.contains("重叠"), "{said}");
    home.intact();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_running_node_is_backed_up_and_restored_into_an_equal_one_on_either_engine() {
    let home = Home::new();
    let node = Serving::start(&home.dir());
    let token = home.token("hotline");
    let (url, writing) = (node.url.clone(), token.clone());
    let writer = tokio::spawn(async move {
        for n in 0..40 {
            report(&url, &writing, &format!("边备份边登记 {n}")).await;
        }
    });
    tokio::time::sleep(std::time::Duration::from_millis(200)).await;
    let backup = home.beside("backup");
    let dir = home.dir();
    let without = lianzhi(["backup", "--config", dir.to_str().unwrap(), backup.to_str().unwrap()]);
    assert_eq!(without.code, 0, "{}", without.said);
    assert!(without.said.contains("密钥不在其中") && !backup.join("node.key").exists());
    writer.await.unwrap();
    assert_eq!(node.stop(), 0);
    // Without keys the copy still proves the whole record.
    let said = done(["verify", backup.to_str().unwrap()]);
    assert!(said.contains("未发现改动"), "{said}");

    let keys = dir.join("node.key");
    let restored = home.beside("restored");
    let said = done([
        "restore",
        backup.to_str().unwrap(),
        "--dir",
        restored.to_str().unwrap(),
        "--keys",
        keys.to_str().unwrap(),
        "--same-generation",
    ]);
    assert!(said.contains("第 1 代") && said.contains("未发现改动"), "{said}");
    let again = lianzhi([
        "restore",
        backup.to_str().unwrap(),
        "--dir",
        restored.to_str().unwrap(),
        "--keys",
        keys.to_str().unwrap(),
    ]);
    assert_eq!(again.code, 2, "nothing is overwritten: {}", again.said);
    let node = Serving::start(&restored);
    report(&node.url, &token, "恢复后继续").await;
    assert_eq!(node.stop(), 0);

    let place = crate::crash::postgres().await;
    let there = home.beside("postgres");
    let said = done([
        "restore",
        backup.to_str().unwrap(),
        "--dir",
        there.to_str().unwrap(),
        "--keys",
        keys.to_str().unwrap(),
        "--database",
        &place.url,
    ]);
    assert!(said.contains("第 2 代") && said.contains("未发现改动"), "{said}");
    let node = Serving::start(&there);
    report(&node.url, &token, "在另一种数据库上继续").await;
    assert_eq!(node.stop(), 0);
    let key = std::fs::read_to_string(there.join("node.pub")).unwrap();
    let said = done(["verify", &place.url, "--key", key.trim()]);
    assert!(said.contains("未开启") && said.contains("未发现改动"), "without keys parts are counted: {said}");
    place.clear().await;
}

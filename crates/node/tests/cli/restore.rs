//! A member comes back from a backup, by the commands that an operator gives.

use crate::program::{Demonstration, done, lianzhi, post};
use serde_json::{Value, json};

#[tokio::test(flavor = "multi_thread")]
async fn a_restored_member_says_what_is_missing_and_speaks_once_an_administrator_answers_for_it() {
    let folder = tempfile::tempdir().unwrap();
    let all = folder.path().join("all");
    let demo = Demonstration::start(&all, &[]);
    assert_eq!(demo.stop(), 0);
    let here = all.join("310118");
    let (here, backup, there) =
        (here.to_str().unwrap(), folder.path().join("backup"), folder.path().join("there"));
    let (backup, there) = (backup.to_str().unwrap(), there.to_str().unwrap());
    done(["backup", "--config", here, "--with-keys", backup]);
    // After the backup something is recorded, and its head is saved elsewhere.
    let demo = Demonstration::start(&all, &[]);
    let file: Value = serde_json::from_slice(&std::fs::read(all.join("demo.json")).unwrap()).unwrap();
    let node = &file["nodes"][0];
    let people = node["people"].as_array().unwrap();
    let of = |role: &str| {
        people.iter().find(|p| p["roles"].as_array().unwrap().iter().any(|r| r == role)).unwrap()
    };
    let body = json!({"description": "店外经营", "place": {"address": "老街菜场旁"}, "category": "E09005"});
    let token = of("hotline")["token"].as_str().unwrap();
    let (status, receipt) = post(node["url"].as_str().unwrap(), token, "/api/v1/reports", &body).await;
    assert_eq!(status, 201, "{receipt}");
    assert_eq!(demo.stop(), 0);
    let saved = folder.path().join("checkpoint");
    let saved = saved.to_str().unwrap();
    done(["verify", here, "--save", saved]);

    let said = done(["restore", backup, "--dir", there]);
    assert!(said.contains("启动后先向协作成员核对") && said.contains("未发现改动"), "{said}");
    let again = lianzhi(["restore", backup, "--dir", there]);
    assert!(again.code == 2 && again.said.contains("不是空目录"), "{}", again.said);
    let asked = lianzhi(["doctor", "--config", there]);
    assert!(asked.code == 1 && asked.said.contains("日志新一代尚未开启"), "{}", asked.said);

    // Nobody else can let it speak, and nobody by another name.
    let nobody = lianzhi(["resume", "--config", there, "--by", "nobody"]);
    assert!(nobody.code == 2 && nobody.said.contains("nobody"), "{}", nobody.said);
    let liaison = of("liaison")["login"].as_str().unwrap();
    let refused = lianzhi(["resume", "--config", there, "--by", liaison]);
    assert!(refused.code == 2 && refused.said.contains("管理名录"), "{}", refused.said);
    let admin = of("admin")["login"].as_str().unwrap();
    let said = done(["resume", "--config", there, "--by", admin]);
    assert!(said.contains("放行") && said.contains("第 2 代") && said.contains("320509"), "{said}");
    let again = lianzhi(["resume", "--config", there, "--by", admin]);
    assert!(again.code == 2 && again.said.contains("没有等待核对的成员"), "{}", again.said);
    let said = lianzhi(["doctor", "--config", there]).said;
    assert!(said.contains("✓ 恢复与代次") && said.contains("放行"), "{said}");

    // The record is whole; the head that was saved of what is lost is called that.
    done(["verify", there]);
    let lost = lianzhi(["verify", there, "--since", saved]);
    assert!(lost.code == 1 && lost.said.contains("属于恢复时丢失的范围"), "{}", lost.said);
    assert!(!lost.said.contains("历史被改写"), "{}", lost.said);
}

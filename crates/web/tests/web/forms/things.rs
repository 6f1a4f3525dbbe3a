//! Things: preserved, seized, tested, kept, sold early, given back; each step by its form.

use super::town::{RESIDENT, SMALL, Town};

/// Forms that this story posts.
pub const FORMS: &[&str] = &[
    "preserve",
    "seize",
    "test",
    "lengthen",
    "settle",
    "put_in",
    "shift",
    "take_out",
    "announce",
    "dispose_early",
    "dispose",
    "pay_over",
];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn things_are_taken_kept_tested_sold_and_given_back() {
    let t = Town::new().await;
    let id = t.filed(SMALL, RESIDENT).await;
    let goods = ("goods", "人力三轮车|蓝色|1辆|八成新|一号库，保管员甲\n橙子|散装|3筐|新鲜|冷藏柜，保管员甲");
    let second = ("second", "officer-a2");
    t.approved("officer-a1", id, "preserve", &[("party", "1"), goods, second, ("note", "可能灭失")]).await;
    t.serve(id, "1").await;
    t.shows("officer-a1", id, "letters", &["先行登记保存证据通知书", "已送达"]).await;
    let seize =
        [("party", "1"), ("kind", "seizure"), ("takes_over", "1"), goods, second, ("note", "防止损毁")];
    t.approved("officer-a1", id, "seize", &seize).await;
    t.serve(id, "1").await;
    t.shows("officer-a1", id, "exhibits", &["扣押", "转为查封、扣押"]).await;

    let begins = [("begins", "true"), ("measure", "2"), ("until", &t.day(3)), ("note", "送检农药残留")];
    t.act("officer-a1", id, "test", &begins).await;
    t.serve(id, "1").await;
    t.act("officer-a1", id, "test", &[("begins", "false"), ("measure", "2"), ("note", "没有超标")]).await;
    t.approved("officer-a1", id, "lengthen", &[("measure", "2"), ("days", "10"), ("note", "权属没有查清")])
        .await;
    t.serve(id, "1").await;
    t.shows("officer-a1", id, "letters", &["延长查封（扣押）期限决定书", "检测、检验、检疫、鉴定期间告知书"])
        .await;

    let fruit = [
        ("from", "measure"),
        ("measure", "2"),
        ("kind", "food"),
        ("name", "橙子三筐"),
        ("shelf", "冷藏柜 1"),
        ("perishable", "true"),
    ];
    t.act("officer-a1", id, "put_in", &fruit).await;
    let cart = [
        ("from", "measure"),
        ("measure", "2"),
        ("kind", "vehicle"),
        ("name", "三轮车一辆"),
        ("shelf", "一号库 A-01"),
    ];
    t.act("officer-a1", id, "put_in", &cart).await;
    t.act("officer-a1", id, "shift", &[("thing", "2"), ("shelf", "一号库 B-05")]).await;
    t.act("officer-a1", id, "take_out", &[("thing", "2"), ("why", "test"), second, ("note", "送检")]).await;
    t.act("officer-a1", id, "shift", &[("thing", "2"), ("shelf", "一号库 A-09")]).await;
    t.shows("officer-a1", id, "exhibits", &["冷藏柜 1", "一号库 A-09"]).await;

    let told = [("thing", "1"), ("what", "perishable"), ("note", "当面告知两日内领取")];
    t.act("officer-a1", id, "announce", &told).await;
    t.days(3).await;
    let destroyed = [("thing", "1"), ("how", "destroyed"), ("note", "将腐烂")];
    t.refused("officer-a1", id, "dispose_early", &destroyed, "上海市城市管理行政执法条例").await;
    t.approved("officer-a1", id, "dispose_early", &[("thing", "1"), ("how", "sold"), ("note", "将腐烂")])
        .await;
    let sold = [("thing", "1"), ("how", "sold"), second, ("proceeds", "123.45"), ("note", "委托变卖")];
    t.act("officer-a1", id, "dispose", &sold).await;
    t.shows("officer-a1", id, "entries", &["123.45"]).await;
    t.approved("officer-a1", id, "settle", &[("measure", "2"), ("how", "returned"), ("note", "已经查清")])
        .await;
    t.serve(id, "1").await;
    t.act("officer-a1", id, "dispose", &[("thing", "2"), ("how", "returned"), second, ("note", "本人领取")])
        .await;
    t.act("officer-a1", id, "pay_over", &[("thing", "1"), ("reference", "转 0001"), ("note", "付给当事人")])
        .await;
    t.shows("officer-a1", id, "entries", &["123.45", "本人领取"]).await;
    t.has_posted(FORMS);
}

//! Maps: points and clusters with the filters of the list, the layers under them, cards, places and ways.

use crate::node::{Node, problem};
use lianzhi_app::ports::{Batch, MatterRow};
use lianzhi_ids::DocketId;
use lianzhi_territory::{Point, cell};
use reqwest::{Response, StatusCode};
use scraper::{Html, Selector};
use serde_json::{Value, json};

/// Matters in the two grids and beside them, of all sorts, straight into the rows that maps and lists read.
async fn many(node: &Node, n: i64) {
    let rows = (0..n).map(|i| {
        let point = Point {
            lng_e6: 121_000_000 + i32::try_from(i * 7_919 % 100_000).unwrap(),
            lat_e6: 31_000_000 + i32::try_from(i * 104_729 % 50_000).unwrap(),
        };
        let placed = i % 13 != 0;
        let open = i % 3 == 0;
        MatterRow {
            id: DocketId(100_000 + i),
            kind: "report".into(),
            number: format!("沪青2026-9{i:05}"),
            seq: 1,
            pos: i,
            stage: if open { "working" } else { "closed" }.into(),
            open,
            overdue: i % 5 == 0,
            due_at: (open && i % 4 == 0).then_some(1_795_100_000_000_000),
            category: Some(["E09005", "E09001", "E01001"][usize::try_from(i % 3).unwrap()].into()),
            unit: Some(["squad-a", "squad-b"][usize::try_from(i / 2 % 2).unwrap()].into()),
            assignee: (i % 4 == 0)
                .then(|| ["officer-a", "officer-b"][usize::try_from(i / 4 % 2).unwrap()].into()),
            lng: placed.then_some(point.lng_e6),
            lat: placed.then_some(point.lat_e6),
            cell: placed.then(|| cell::cell(point)),
            source: ["citizen", "hotline"][usize::try_from(i % 2).unwrap()].into(),
            title: format!("第 {i} 件"),
            reported_at: 1_795_000_000_000_000 + i * 60_000_000,
            updated_at: 1_795_000_000_000_000 + i * 60_000_000,
            ..MatterRow::default()
        }
    });
    let batch = Batch { matters: rows.collect(), ..Batch::default() };
    node.app.store().journal.project(&batch).await.unwrap();
}

async fn get(node: &Node, token: &str, path: &str) -> Response {
    node.get(path).bearer_auth(token).send().await.unwrap()
}

async fn json_of(node: &Node, token: &str, path: &str) -> Value {
    let answer = get(node, token, path).await;
    let status = answer.status();
    let text = answer.text().await.unwrap();
    assert_eq!(status, StatusCode::OK, "{path}: {text}");
    serde_json::from_str(&text).unwrap()
}

/// How many matters the list has, page by page.
async fn listed(node: &Node, token: &str, query: &str) -> i64 {
    let (mut n, mut cursor) = (0, String::new());
    loop {
        let page = json_of(node, token, &format!("/api/v1/matters?limit=200&{query}{cursor}")).await;
        n += i64::try_from(page["matters"].as_array().unwrap().len()).unwrap();
        match page["next"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return n,
        }
    }
}

fn sum(points: &Value) -> i64 {
    points["features"].as_array().unwrap().iter().map(|f| f["properties"]["n"].as_i64().unwrap()).sum()
}

fn bbox_of(points: &Value) -> String {
    let edges = points["bbox"].as_array().unwrap().iter();
    edges.map(|v| format!("{:.6}", v.as_f64().unwrap())).collect::<Vec<_>>().join(",")
}

#[tokio::test]
async fn clusters_add_up_to_the_list_under_any_filter_at_any_zoom() {
    let node = Node::start().await;
    many(&node, 900).await;
    let token = node.token("dispatch").await;
    let filters = [
        "open=true",
        "open=false",
        "category=E09",
        "category=E09005",
        "category=E0",
        "unit=squad-a",
        "unit=bureau",
        "unit=squad-b&category=E09001",
        "source=hotline",
        "stage=closed",
        "overdue=true",
        "overdue=false",
        "overdue=now",
        "placed=true",
        "placed=false",
        "open=any&placed=true&unit=squad-b",
        "assignee=officer-a",
        "stage=working&source=citizen",
        "q=%E7%AC%AC+1",
        "from=2026-11-19",
        "open=false&unit=squad-a&source=hotline",
    ];
    let mut by_cluster = 0;
    for filter in filters {
        for (zoom, bbox) in [
            (9, "120.5,30.5,121.5,31.5"),
            (13, "121.0,31.0,121.06,31.03"),
            (15, "121.013,31.007,121.031,31.0213"),
            (18, "121.02,31.01,121.03,31.02"),
        ] {
            let path = format!("/map/matters.geojson?{filter}&open_=x&zoom={zoom}&bbox={bbox}");
            let points = json_of(&node, &token, &path).await;
            let list = listed(&node, &token, &format!("{filter}&bbox={}", bbox_of(&points))).await;
            assert_eq!(sum(&points), list, "{filter} at {zoom} in {bbox}");
            assert_eq!(points["total"], list);
            let warm = json_of(&node, &token, &format!("{path}&heat=1")).await;
            let list = listed(&node, &token, &format!("{filter}&bbox={}", bbox_of(&warm))).await;
            assert_eq!(sum(&warm), list, "heat: {filter} at {zoom}");
            by_cluster +=
                i32::from(points["features"].as_array().unwrap().iter().any(|f| f["properties"]["n"] != 1));
        }
    }
    assert!(by_cluster > 20, "{by_cluster}");
}

#[tokio::test]
async fn a_map_shows_nobody_more_than_the_list_does() {
    let node = Node::start().await;
    many(&node, 400).await;
    for login in ["officer-a", "officer-b", "leader-a", "dispatch"] {
        let token = node.token(login).await;
        for filter in ["", "&open=false", "&category=E09", "&unit=squad-b"] {
            let path = format!("/map/matters.geojson?zoom=10&bbox=120.5,30.5,121.5,31.5{filter}");
            let points = json_of(&node, &token, &path).await;
            let list = listed(&node, &token, &format!("bbox={}{filter}", bbox_of(&points))).await;
            assert_eq!(sum(&points), list, "{login}{filter}");
        }
    }
    // And nothing at all to the public; what a report form needs it may have.
    for (path, allowed) in [
        ("/map/matters.geojson", false),
        ("/map/side", false),
        ("/map/cards?ids=100000", false),
        ("/map/grids.geojson", false),
        ("/matters/1/route.geojson", false),
        ("/map/base.json", true),
        ("/map/divisions.geojson", true),
        ("/map/place?lng=121.02&lat=31.02", true),
    ] {
        let answer = node.get(path).header("accept", "application/json").send().await.unwrap();
        let expected = if allowed { StatusCode::OK } else { StatusCode::UNAUTHORIZED };
        assert_eq!(answer.status(), expected, "{path}");
    }
}

#[tokio::test]
async fn a_wrong_box_or_zoom_is_told_and_an_odd_one_is_answered() {
    let node = Node::start().await;
    many(&node, 50).await;
    let token = node.token("dispatch").await;
    for (wrong, field) in [
        ("bbox=121,31", "bbox"),
        ("bbox=122,31,121,32", "bbox"),
        ("bbox=a,b,c,d", "bbox"),
        ("bbox=121,31,121.1,NaN", "bbox"),
        ("bbox=121,31,999,32", "bbox"),
        ("zoom=23", "zoom"),
        ("zoom=-1", "zoom"),
        ("zoom=tief", "zoom"),
        ("stage=nowhere", "stage"),
        ("open=maybe", "open"),
    ] {
        let answer = node.get(&format!("/map/matters.geojson?{wrong}")).bearer_auth(&token);
        let answer = answer.header("accept", "application/json").send().await.unwrap();
        let status = answer.status();
        assert!(status.is_client_error(), "{wrong}: {status}");
        let said = problem(answer, status, "invalid-input").await;
        assert_eq!(said["field"], field, "{wrong}");
        assert!(!said["remedy"].as_str().unwrap().is_empty());
    }
    for odd in
        ["bbox=-180,-90,180,90", "bbox=121.02,31.02,121.02,31.02", "bbox=", "zoom=", "zoom=0", "zoom=22", ""]
    {
        json_of(&node, &token, &format!("/map/matters.geojson?{odd}")).await;
    }
    // A box that touches a place at its edge has it.
    let one =
        json_of(&node, &token, "/map/matters.geojson?zoom=18&bbox=121.007919,31.004729,121.007919,31.004729")
            .await;
    assert!(sum(&one) >= 1);
}

#[tokio::test]
async fn layers_are_kept_by_browsers_until_a_register_changes() {
    let node = Node::start().await;
    let token = node.token("admin").await;
    for path in ["/map/base.json", "/map/divisions.geojson", "/map/grids.geojson"] {
        let answer = get(&node, &token, path).await;
        let tag = answer.headers()["etag"].to_str().unwrap().to_owned();
        assert!(answer.headers()["cache-control"].to_str().unwrap().contains("no-cache"));
        let again = node.get(path).bearer_auth(&token).header("if-none-match", &tag).send().await.unwrap();
        assert_eq!(again.status(), StatusCode::NOT_MODIFIED, "{path}");
        assert!(again.text().await.unwrap().is_empty());
    }
    let grids = json_of(&node, &token, "/map/grids.geojson").await;
    let first = &grids["features"][0];
    assert_eq!(first["properties"]["code"], "310118104000001");
    assert_eq!(first["properties"]["unit"], "甲镇中队");
    assert!(first["properties"]["at"][0].as_f64().unwrap() > 121.0);
    let towns = json_of(&node, &token, "/map/divisions.geojson").await;
    assert_eq!(towns["features"].as_array().unwrap().len(), 1, "two grids of one town are one outline");
    assert_eq!(towns["features"][0]["geometry"]["type"], "Polygon");
    let base = json_of(&node, &token, "/map/base.json").await;
    assert_eq!(base["bounds"], json!([121.0, 31.0, 121.1, 31.05]));
    assert_eq!((&base["simulated"], &base["tiles"]), (&json!(true), &json!([])), "nothing from other hosts");
    // A changed name is another layer.
    let old = get(&node, &token, "/map/grids.geojson").await.headers()["etag"].to_str().unwrap().to_owned();
    let grid = node.app.directory().grids.values().next().unwrap().clone();
    let renamed = lianzhi_procedure::directory::Grid { name: "改名".into(), ..grid };
    let record = lianzhi_procedure::register::Record::Grid(renamed);
    node.app.put_register(&lianzhi_app::Caller::system(), record).await.unwrap();
    let now = node
        .get("/map/grids.geojson")
        .bearer_auth(&token)
        .header("if-none-match", &old)
        .send()
        .await
        .unwrap();
    assert_eq!(now.status(), StatusCode::OK);
}

#[tokio::test]
async fn tiles_of_others_open_the_policy_for_their_host_alone() {
    let node = Node::with(|config| {
        config.map = lianzhi_web::MapConfig {
            tiles: vec!["https://t0.tianditu.gov.cn/vec_w/{z}/{x}/{y}?tk=k".into()],
            attribution: "天地图".into(),
            max_zoom: 18,
            tile_px: 256,
            ..Default::default()
        };
    })
    .await;
    let answer = node.get("/map/base.json").send().await.unwrap();
    let policy = answer.headers()["content-security-policy"].to_str().unwrap().to_owned();
    assert!(policy.contains("img-src 'self' https://t0.tianditu.gov.cn"), "{policy}");
    assert!(policy.contains("script-src 'self';") && policy.contains("worker-src 'self';"), "{policy}");
    let base: Value = answer.json().await.unwrap();
    assert_eq!(base["attribution"], "天地图");
}

#[tokio::test]
async fn a_card_tells_of_a_matter_and_who_is_near() {
    let node = Node::start().await;
    node.on_duty("officer-a", "squad-a").await;
    node.on_duty("officer-b", "squad-b").await;
    let id = node.report().await["id"].as_i64().unwrap();
    let token = node.token("dispatch").await;
    let answer = get(&node, &token, &format!("/map/cards?ids={id},999999")).await;
    assert_eq!(answer.status(), StatusCode::OK);
    let page = Html::parse_fragment(&answer.text().await.unwrap());
    let cards = Selector::parse(".map-card").unwrap();
    assert_eq!(page.select(&cards).count(), 1, "what is not there is left out");
    let text: String = page.root_element().text().collect();
    assert!(text.contains("漕平路 118 号") && text.contains("沪青2026-"), "{text}");
    assert!(text.contains("队员甲（本网格）") && text.contains("队员乙（相距"), "{text}");
    let link = Selector::parse(&format!("a[href='/matters/{id}']")).unwrap();
    assert!(page.select(&link).next().is_some());
    // Not his, so it is not there.
    let other = node.token("officer-b").await;
    assert_eq!(get(&node, &other, &format!("/map/cards?ids={id}")).await.status(), StatusCode::NOT_FOUND);
    for wrong in ["ids=x", "ids="] {
        assert!(
            get(&node, &token, &format!("/map/cards?{wrong}")).await.status().is_client_error(),
            "{wrong}"
        );
    }
}

#[tokio::test]
async fn a_place_is_told_in_words_within_limits() {
    let node = Node::with(|config| config.rates.look = (6, 1)).await;
    let place = async |query: &str| {
        node.get(&format!("/map/place?{query}")).header("accept", "application/json").send().await.unwrap()
    };
    let inside: Value = place("lng=121.02&lat=31.02").await.json().await.unwrap();
    assert_eq!(inside["outside"], false);
    for of_the_house in ["grid", "grid_name", "unit_name"] {
        assert!(inside.get(of_the_house).is_none(), "{inside}");
    }
    assert!(!inside["words"].as_str().unwrap().is_empty());
    let outside: Value = place("lng=121.5&lat=31.5").await.json().await.unwrap();
    assert_eq!(outside["outside"], true);
    assert!(outside["words"].as_str().unwrap().contains("不在"));
    for wrong in ["", "lng=x&lat=y", "lng=0&lat=0"] {
        let answer = place(wrong).await;
        assert!(answer.status().is_client_error(), "{wrong}: {}", answer.status());
    }
    let mut last = StatusCode::OK;
    for _ in 0..4 {
        last = place("lng=121.02&lat=31.02").await.status();
    }
    assert_eq!(last, StatusCode::TOO_MANY_REQUESTS);
    // People at work are not counted.
    let token = node.token("hotline").await;
    for _ in 0..10 {
        let inside = json_of(&node, &token, "/map/place?lng=121.02&lat=31.02").await;
        assert_eq!((&inside["grid"], &inside["unit_name"]), (&json!("310118104000001"), &json!("甲镇中队")));
    }
}

/// A photo whose camera knew where it stood: 31°01′15″N 121°01′16.2″E.
fn photo_with_place() -> Vec<u8> {
    let mut jpeg = Vec::new();
    let picture = image::RgbImage::from_pixel(8, 8, image::Rgb([90, 120, 90]));
    picture.write_to(&mut std::io::Cursor::new(&mut jpeg), image::ImageFormat::Jpeg).unwrap();
    let entry = |tag: u16, kind: u16, n: u32, value: [u8; 4]| {
        [&tag.to_le_bytes()[..], &kind.to_le_bytes(), &n.to_le_bytes(), &value].concat()
    };
    let mut tiff = b"II*\0\x08\0\0\0\x01\0".to_vec();
    tiff.extend(entry(0x8825, 4, 1, 26_u32.to_le_bytes()));
    tiff.extend([0, 0, 0, 0, 4, 0]);
    tiff.extend(entry(1, 2, 2, *b"N\0\0\0"));
    tiff.extend(entry(2, 5, 3, 80_u32.to_le_bytes()));
    tiff.extend(entry(3, 2, 2, *b"E\0\0\0"));
    tiff.extend(entry(4, 5, 3, 104_u32.to_le_bytes()));
    tiff.extend([0; 4]);
    for n in [31_u32, 1, 1, 1, 1500, 100, 121, 1, 1, 1, 1620, 100] {
        tiff.extend(n.to_le_bytes());
    }
    let mut out = vec![0xff, 0xd8, 0xff, 0xe1];
    out.extend(u16::try_from(tiff.len() + 8).unwrap().to_be_bytes());
    out.extend(b"Exif\0\0");
    out.extend(tiff);
    out.extend(&jpeg[2..]);
    out
}

#[tokio::test]
async fn a_photo_of_arriving_is_a_stop_of_the_way() {
    let node = Node::start().await;
    node.on_duty("officer-a", "squad-a").await;
    let id = node.report().await["id"].as_i64().unwrap();
    let officer = node.token("officer-a").await;
    node.command(&officer, id, json!({ "command": "accept" })).await;
    let photo = crate::files::upload(&node, Some(&officer), &photo_with_place()).await;
    node.command(&officer, id, json!({ "command": "arrive", "exhibits": [photo] })).await;
    let way = json_of(&node, &officer, &format!("/matters/{id}/route.geojson")).await;
    let stops = way["features"].as_array().unwrap();
    let photo = stops.iter().find(|f| f["properties"]["kind"] == "photo").expect("a stop of its own");
    assert_eq!(photo["properties"]["note"], "到场照片");
    assert_eq!(photo["geometry"]["coordinates"], json!([121.021167, 31.020833]));
}

#[tokio::test]
async fn the_way_of_a_matter_names_its_places_in_order() {
    let node = Node::start().await;
    node.on_duty("officer-a", "squad-a").await;
    let id = node.report().await["id"].as_i64().unwrap();
    let officer = node.token("officer-a").await;
    node.command(&officer, id, json!({ "command": "accept" })).await;
    node.command(&officer, id, json!({ "command": "arrive", "lng": 121.021, "lat": 31.021 })).await;
    let path = format!("/matters/{id}/route.geojson");
    let way = json_of(&node, &officer, &path).await;
    let stops: Vec<(&str, i64)> = way["features"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|f| f["geometry"]["type"] == "Point")
        .map(|f| (f["properties"]["kind"].as_str().unwrap(), f["properties"]["n"].as_i64().unwrap()))
        .collect();
    assert_eq!(stops, [("reported", 1), ("given", 2), ("arrived", 3)]);
    let legs =
        way["features"].as_array().unwrap().iter().filter(|f| f["geometry"]["type"] == "LineString").count();
    assert_eq!(legs, 2);
    let other = node.token("officer-b").await;
    assert_eq!(get(&node, &other, &path).await.status(), StatusCode::NOT_FOUND);
    // The same on the page, for those who see no map.
    let browser = node.browser("officer-a").await;
    let page = browser.client.get(format!("{}/matters/{id}?tab=route", node.url)).send().await.unwrap();
    let page = Html::parse_document(&page.text().await.unwrap());
    let list = Selector::parse(".route-list > li").unwrap();
    assert_eq!(page.select(&list).count(), 3);
    let map = Selector::parse(&format!("[data-map][data-route='{path}']")).unwrap();
    assert!(page.select(&map).next().is_some());
    let current = Selector::parse(".tabs a[aria-current]").unwrap();
    assert!(page.select(&current).next().unwrap().text().collect::<String>().contains("路线"));
}

#[tokio::test]
async fn a_stop_without_a_place_says_so_and_list_and_map_have_the_same_numbers() {
    let node = Node::start().await;
    node.on_duty("officer-a", "squad-a").await;
    let id = node.report().await["id"].as_i64().unwrap();
    let officer = node.token("officer-a").await;
    node.command(&officer, id, json!({ "command": "accept" })).await;
    node.command(&officer, id, json!({ "command": "arrive" })).await;
    let photo = crate::files::upload(&node, Some(&officer), &photo_with_place()).await;
    node.command(&officer, id, json!({ "command": "add", "note": "补一张照片", "exhibits": [photo] })).await;
    let way = json_of(&node, &officer, &format!("/matters/{id}/route.geojson")).await;
    let points = way["features"].as_array().unwrap().iter().filter(|f| f["geometry"]["type"] == "Point");
    let numbers: Vec<i64> = points.map(|f| f["properties"]["n"].as_i64().unwrap()).collect();
    assert_eq!(numbers, [1, 2, 4], "the third has no place");
    let browser = node.browser("officer-a").await;
    let page = crate::lists::get(&node, &browser, &format!("/matters/{id}?tab=route")).await;
    assert_eq!(crate::lists::texts(&page, ".route-list .nth"), ["1", "2", "3", "4"]);
    assert_eq!(crate::lists::texts(&page, ".route-list .nth[data-nowhere]"), ["3"]);
    assert!(crate::lists::texts(&page, ".route-list li:nth-child(3)")[0].contains("无位置"));
    assert_eq!(crate::lists::attribute(&page, "[data-stop]", "data-stop"), ["1", "2", "4"]);
}

#[tokio::test]
async fn a_border_is_checked_before_it_has_a_name_and_not_saved_without_one() {
    let node = Node::start().await;
    let admin = node.browser("admin").await;
    let ring = "121.02, 31.01\n121.03, 31.01\n121.03, 31.02\n121.02, 31.02";
    let draw = async |what: &str| {
        let fields = [("what", what), ("town", "310118104"), ("code", "310118104000009"), ("ring", ring)];
        crate::lists::post(&node, &admin, "/admin/grids/draw", &fields).await
    };
    let checked = crate::lists::html(draw("check").await).await;
    let said = crate::lists::texts(&checked, "#draw-found").remove(0);
    assert!(said.contains("310118104000001") && said.contains("重叠"), "{said}");
    assert!(said.contains("保存前还要填名称、负责单位。"), "{said}");
    let answer = draw("store").await;
    assert!(answer.status().is_client_error());
    let refused = crate::lists::html(answer).await;
    assert!(crate::lists::texts(&refused, ".fault").concat().contains("没有填名称"));
    assert_eq!(node.app.directory().grids.len(), 2, "nothing was saved");
}

#[tokio::test]
async fn the_map_page_is_whole_without_javascript() {
    let node = Node::start().await;
    many(&node, 120).await;
    let browser = node.browser("dispatch").await;
    let page = async |query: &str| {
        let answer = browser.client.get(format!("{}/map{query}", node.url)).send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::OK);
        Html::parse_document(&answer.text().await.unwrap())
    };
    let count = |page: &Html, css: &str| page.select(&Selector::parse(css).unwrap()).count();
    let shown = page("").await;
    assert_eq!(count(&shown, "[data-map] > svg.spots path"), 2, "both grids are drawn");
    assert!(count(&shown, "[data-map] > svg.spots a[href]") > 5, "circles lead on");
    assert_eq!(count(&shown, "#map-side [data-list] > [data-item]"), 30);
    assert!(count(&shown, "#map-side .figure") == 4 && count(&shown, "script[type=module]#lianzhi-map") == 1);
    // What was chosen stays chosen, and leads to the list with the same filter.
    let shown = page("?open=false&category=E09").await;
    for chosen in ["[name=open] option[value=false][selected]", "[name=category] option[value=E09][selected]"]
    {
        assert_eq!(count(&shown, chosen), 1, "{chosen}");
    }
    assert!(count(&shown, "a[href='/matters?open=false&category=E09']") >= 1);
    // Nothing fits: it says what to do.
    let empty = page("?q=%E9%BE%98%E9%9D%90").await;
    let text: String = empty.root_element().text().collect();
    assert!(text.contains("视野内没有符合条件的件") && count(&empty, "#map-side a[href='/map']") == 1);
    assert_eq!(count(&empty, "[style], script:not([src])"), 0);
}

#[tokio::test]
async fn every_number_beside_a_map_leads_to_its_matters() {
    let node = Node::start().await;
    many(&node, 120).await;
    let (browser, token) = (node.browser("dispatch").await, node.token("dispatch").await);
    let (figure, words) = (Selector::parse("a.figure").unwrap(), Selector::parse("b").unwrap());
    let mut late = 0;
    for (path, figures) in [
        ("/map", 3),
        ("/map?open=any", 3),
        ("/map?open=true&overdue=now&order=due", 3),
        ("/map?open=false", 1),
        ("/map?overdue=true", 3),
        ("/map?overdue=false&open=true", 2),
        ("/map?category=E09&in_time=false", 3),
        ("/map?open=true&open=any&overdue=now&overdue=true", 3),
        ("/map/side?zoom=13&bbox=121.0,31.0,121.06,31.03&open=any", 3),
        ("/map/side?zoom=9&bbox=120.5,30.5,121.5,31.5&unit=squad-a", 3),
    ] {
        let answer = browser.client.get(format!("{}{path}", node.url)).send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::OK, "{path}");
        let page = Html::parse_document(&answer.text().await.unwrap());
        let mut followed = 0;
        for link in page.select(&figure) {
            let Some(query) = link.attr("href").unwrap().strip_prefix("/matters?") else { continue };
            let said: String = link.select(&words).next().unwrap().text().collect();
            let title: String = link.text().collect();
            assert_eq!(said, listed(&node, &token, query).await.to_string(), "{title} of {path}: {query}");
            followed += 1;
            late += i64::from(title.contains("超期")) * said.parse::<i64>().unwrap();
        }
        assert_eq!(followed, figures, "{path}");
    }
    assert!(late > 10, "{late}");
}

#[tokio::test]
async fn a_map_keeps_the_filters_that_it_has_no_field_for() {
    let node = Node::start().await;
    let browser = node.browser("dispatch").await;
    let kept = "stage=closed&in_time=true&rework=false&rating=4%2C5&closed_from=2026%2D11%2D01";
    let answer = browser.client.get(format!("{}/map?open=any&unit=squad-a&{kept}", node.url)).send();
    let page = Html::parse_document(&answer.await.unwrap().text().await.unwrap());
    let hidden = Selector::parse("[data-map-filters] input[type=hidden]").unwrap();
    let pairs = page.select(&hidden).map(|i| (i.attr("name").unwrap(), i.attr("value").unwrap()));
    let expected = [
        ("stage", "closed"),
        ("in_time", "true"),
        ("rework", "false"),
        ("rating", "4,5"),
        ("closed_from", "2026-11-01"),
    ];
    assert_eq!(pairs.collect::<Vec<_>>(), expected);
    let any = Selector::parse("[name=open] option[value=any][selected]").unwrap();
    assert_eq!(page.select(&any).count(), 1, "open and closed together can be asked for");
}

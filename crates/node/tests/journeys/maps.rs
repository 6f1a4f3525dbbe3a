//! Maps in a real browser, drawn by software: looking, drilling down, filtering, drawing a grid, putting a pin.

use crate::kit::{Browser, Node};
use serde_json::{Value, json};
use std::time::Duration;

/// Waits until an expression on the page is true.
async fn until(browser: &Browser, what: &str, js: &str) {
    let script = format!("return Boolean({js})");
    for _ in 0..600 {
        if browser.client.execute(&script, vec![]).await.is_ok_and(|v| v == json!(true)) {
            return;
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    panic!("{what} does not come on {}: {}", browser.address().await, browser.text("main").await);
}

async fn ask(browser: &Browser, js: &str) -> Value {
    browser.client.execute(js, vec![]).await.unwrap_or_else(|e| panic!("{js}: {e}"))
}

/// Presses on a place of a map, given by an expression in degrees, as a finger or a mouse does.
async fn press(browser: &Browser, stage: &str, place: &str) {
    let js = format!(
        "const box = document.querySelector('{stage}'); box.scrollIntoView({{ block: 'center' }}); \
         const map = box.lianzhiMap, p = map.project(({place})(map)), r = map.getCanvas().getBoundingClientRect(); \
         return [r.left + p.x, r.top + p.y]"
    );
    let at = ask(browser, &js).await;
    for kind in ["mouseMoved", "mousePressed", "mouseReleased"] {
        let button = if kind == "mouseMoved" { "none" } else { "left" };
        let event = json!({ "type": kind, "x": at[0], "y": at[1], "button": button, "clickCount": 1 });
        browser.devtools("Input.dispatchMouseEvent", event).await;
        // A hand is not quicker, and drawing wants to see where it goes.
        tokio::time::sleep(Duration::from_millis(60)).await;
    }
}

const SHOWN: &str = "document.querySelector('[data-map]')?.dataset.total !== undefined \
    && !document.querySelector('[data-map]').hasAttribute('aria-busy')";

/// A journey's end: nothing went wrong on the way that a person would not see.
async fn quiet(browser: &Browser, name: &str) {
    let refused = ask(browser, "return window.refusedByPolicy || []").await;
    assert_eq!(refused, json!([]), "{name}: refused by the security policy");
    // Every request of the page went to the node itself.
    let strangers = ask(
        browser,
        "return performance.getEntriesByType('resource').map(e => e.name).filter(n => !n.startsWith(location.origin) && !n.startsWith('blob:') && !n.startsWith('data:'))",
    )
    .await;
    assert_eq!(strangers, json!([]), "{name}: asked of other hosts");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_dispatcher_looks_at_the_map_and_drills_down() {
    let node = Node::start().await;
    let browser = Browser::open(&node, 1440, true).await;
    browser.sign_in(&node.person("dispatcher")).await;
    browser.go("/map").await;
    until(&browser, "the map", SHOWN).await;
    let total: i64 = ask(&browser, "return document.querySelector('[data-map]').dataset.total")
        .await
        .as_str()
        .unwrap()
        .parse()
        .unwrap();
    assert!(total > 0, "a city has open matters");
    assert_eq!(
        browser.text("#map-shown").await.replace(',', ""),
        total.to_string(),
        "the same number beside it"
    );
    let drawn =
        "document.querySelector('[data-map]').lianzhiMap.queryRenderedFeatures({ layers: ['clusters'] })";
    until(&browser, "clusters", &format!("{drawn}.length > 0")).await;
    browser.axe("map").await;
    // A press on the largest cluster leads in, and the address remembers where.
    let before = browser.address().await;
    let largest =
        format!("() => {drawn}.sort((a, b) => b.properties.n - a.properties.n)[0].geometry.coordinates");
    press(&browser, "[data-map]", &largest).await;
    until(&browser, "the zoom", "document.querySelector('[data-map]').lianzhiMap.getZoom() > 11").await;
    let told = format!(
        "location.href !== '{before}' && !document.querySelector('[data-map]').lianzhiMap.isMoving()"
    );
    until(&browser, "the address", &told).await;
    until(&browser, "the new view", SHOWN).await;
    let inside = browser.address().await;
    assert!(inside != before && inside.contains("#at="), "{inside}");
    assert!(
        browser.text("#map-crumbs").await.contains('›')
            || browser.text("#map-crumbs").await.contains("青浦区")
    );
    // A single one shows its card; the card leads to the matter and back to the same place. What lies beside a cluster or
    // under a button of the map is pressed again from nearer, as a person does.
    let singles = "document.querySelector('[data-map]').lianzhiMap.queryRenderedFeatures({ layers: ['points-ground'] })";
    let drawn = "document.querySelector('[data-map]').lianzhiMap.queryRenderedFeatures({ layers: ['clusters', 'points-ground'] })";
    let middle = "(f, map = document.querySelector('[data-map]').lianzhiMap, c = map.project(map.getCenter())) => \
        map.project(f.geometry.coordinates).dist(c)";
    let single = format!(
        "() => {{ const far = {middle}; return {singles}.sort((a, b) => far(a) - far(b))[0].geometry.coordinates; }}"
    );
    for _ in 0..12 {
        let rest = format!(
            "{SHOWN} && (m => !m.isMoving() && m.loaded())(document.querySelector('[data-map]').lianzhiMap)"
        );
        until(&browser, "a view at rest", &rest).await;
        // A press beside everything leads into a grid, which may be empty: back out, as a person goes.
        if ask(&browser, &format!("return {drawn}.length")).await == json!(0) {
            ask(&browser, "document.querySelector('[data-map]').lianzhiMap.zoomOut({ animate: false })")
                .await;
            tokio::time::sleep(Duration::from_secs(1)).await;
            continue;
        }
        let alone = ask(&browser, &format!("return {singles}.length")).await.as_i64() > Some(0);
        press(&browser, "[data-map]", if alone { &single } else { &largest }).await;
        tokio::time::sleep(Duration::from_secs(2)).await;
        if ask(&browser, "return document.querySelector('.map-card a.title') !== null").await == json!(true) {
            break;
        }
    }
    browser.find(".map-card a.title").await;
    browser.axe("map with a card").await;
    quiet(&browser, "map").await;
    let here = browser.address().await;
    browser.click(".map-card a.title").await;
    browser.find(".matter-head").await;
    browser.client.back().await.unwrap();
    until(&browser, "the map again", SHOWN).await;
    assert_eq!(browser.address().await, here, "nobody loses the place");
    browser.close().await;
}

/// A category of which some matters on the map are open and some closed.
async fn open_and_closed(node: &Node, browser: &Browser) -> String {
    const KINDS: &str = "const done = arguments[arguments.length - 1], kinds = async open => { \
        const answer = await fetch(`/api/v1/matters?open=${open}&limit=100`, { headers: { Authorization: `Bearer ${arguments[0]}` } }); \
        return (await answer.json()).matters.filter(m => m.place).map(m => m.category); }; \
        Promise.all([kinds(true), kinds(false)]).then(([open, closed]) => done(open.find(k => k && closed.includes(k))), e => done(String(e)))";
    let token = |p: &Value| p["roles"].to_string().contains("dispatcher").then(|| p["token"].clone());
    let token = node.people.iter().find_map(token).expect("a dispatcher");
    let kind = browser.client.execute_async(KINDS, vec![token]).await.expect("an answer");
    kind.as_str().expect("a category of both").to_owned()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_filter_of_the_map_stays_in_the_address() {
    let node = Node::start().await;
    let browser = Browser::open(&node, 1440, true).await;
    browser.prefer("dark").await;
    browser.sign_in(&node.person("dispatcher")).await;
    browser.go("/map").await;
    until(&browser, "the map", SHOWN).await;
    let all = ask(&browser, "return document.querySelector('[data-map]').dataset.total").await;
    browser.choose(".map-bar [name=open]", "false").await;
    until(&browser, "the filter", "location.search.includes('open=false')").await;
    until(
        &browser,
        "other points",
        &format!("{SHOWN} && document.querySelector('[data-map]').dataset.total !== {all}"),
    )
    .await;
    ask(&browser, "[...document.querySelectorAll('.map-word')].find(b => b.textContent === '热力').click()")
        .await;
    until(&browser, "heat", "location.search.includes('heat=1')").await;
    until(&browser, "heat cells", "document.querySelector('[data-map]').lianzhiMap.getLayoutProperty('heat', 'visibility') === 'visible'").await;
    // Heat goes by category as the points do: of one kind there is less of it, and the address says of which.
    let every = ask(&browser, "return document.querySelector('[data-map]').dataset.total").await;
    let kind = open_and_closed(&node, &browser).await;
    browser.choose(".map-bar [name=category]", &kind).await;
    until(&browser, "the category", "location.search.includes('category=')").await;
    until(
        &browser,
        "heat of one category",
        &format!(
            "{SHOWN} && document.querySelector('[data-map]').dataset.total !== '{}'",
            every.as_str().expect("a number")
        ),
    )
    .await;
    assert!(browser.address().await.contains("heat=1"), "still as heat");
    let (closed, here) = (
        ask(&browser, "return document.querySelector('[data-map]').dataset.total").await,
        browser.address().await,
    );
    browser.client.refresh().await.unwrap();
    until(&browser, "the map after reloading", SHOWN).await;
    assert_eq!(browser.address().await, here);
    assert_eq!(ask(&browser, "return document.querySelector('[data-map]').dataset.total").await, closed);
    assert_eq!(
        ask(&browser, "return document.querySelector('.map-bar [name=open]').value").await,
        json!("false")
    );
    // Open and closed together, and back to what was before.
    browser.choose(".map-bar [name=open]", "any").await;
    until(&browser, "the filter", "location.search.includes('open=any')").await;
    until(
        &browser,
        "all points",
        &format!("{SHOWN} && Number(document.querySelector('[data-map]').dataset.total) > Number({closed})"),
    )
    .await;
    browser.client.back().await.unwrap();
    until(&browser, "the filter before", "document.querySelector('.map-bar [name=open]').value === 'false'")
        .await;
    until(
        &browser,
        "its points",
        &format!("{SHOWN} && document.querySelector('[data-map]').dataset.total === {closed}"),
    )
    .await;
    browser.axe("map in the dark with heat").await;
    quiet(&browser, "map").await;
    browser.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn on_a_phone_the_map_comes_first_and_the_feed_below() {
    let node = Node::start().await;
    let browser = Browser::open(&node, 390, true).await;
    browser.sign_in(&node.person("dispatcher")).await;
    browser.go("/map").await;
    until(&browser, "the map", SHOWN).await;
    let order = ask(&browser, "return document.querySelector('[data-map]').getBoundingClientRect().top < document.querySelector('#map-side').getBoundingClientRect().top").await;
    assert_eq!(order, json!(true));
    browser.fits("/map").await;
    browser.axe("map on a phone").await;
    // The feed leads to the map.
    browser.click("#map-side [data-fly]").await;
    browser.find(".map-card").await;
    quiet(&browser, "map on a phone").await;
    browser.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ones_own_place_is_on_the_map() {
    let node = Node::start().await;
    let browser = Browser::open(&node, 390, true).await;
    browser.sign_in(&node.person("dispatcher")).await;
    crate::citizen::stand(&browser, (121.1142, 31.1508), 9).await;
    browser.go("/map").await;
    until(&browser, "the map", SHOWN).await;
    ask(
        &browser,
        "[...document.querySelectorAll('.map-word')].find(b => b.textContent.includes('我的位置')).click()",
    )
    .await;
    browser.find(".map-me").await;
    let near = "(c => Math.abs(c.lng - 121.1142) < .01 && Math.abs(c.lat - 31.1508) < .01)\
        (document.querySelector('[data-map]').lianzhiMap.getCenter())";
    until(&browser, "the map around it", near).await;
    browser.axe("one's own place on the map").await;
    quiet(&browser, "own place").await;
    browser.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_webgl_or_javascript_the_drawing_stays() {
    let node = Node::start().await;
    let browser = Browser::open(&node, 1440, false).await;
    browser.sign_in(&node.person("dispatcher")).await;
    browser.go("/map").await;
    browser.find("[data-map] > svg.spots a").await;
    browser.choose(".map-bar [name=open]", "false").await;
    browser.click(".map-bar button[type=submit]").await;
    browser.find(".map-bar [name=open] option[value=false][selected]").await;
    browser.find("[data-map] > svg.spots").await;
    assert!(browser.address().await.contains("open=false"));
    browser.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_administrator_draws_a_grid_and_it_is_saved() {
    let node = Node::start().await;
    let browser = Browser::open(&node, 1440, true).await;
    browser.sign_in(&node.person("admin")).await;
    browser.go("/admin/grids/draw").await;
    until(&browser, "the drawing", "document.querySelector('[data-map-draw]')?.lianzhiDraw").await;
    browser.axe("drawing a grid").await;
    // What corners snap to is seen before one goes further in.
    let lines = "document.querySelector('[data-map-draw]').lianzhiMap.queryRenderedFeatures({ layers: ['grid-lines'] })";
    until(&browser, "the borders of grids", &format!("{lines}.length > 0")).await;
    // Beside the district, where there is nothing yet: four corners, then the first again.
    ask(
        &browser,
        "document.querySelector('[data-map-draw]').lianzhiMap.jumpTo({ center: [121.42, 31.02], zoom: 13 })",
    )
    .await;
    tokio::time::sleep(Duration::from_secs(2)).await;
    let corners =
        ["[121.41, 31.015]", "[121.43, 31.015]", "[121.43, 31.025]", "[121.41, 31.025]", "[121.41, 31.015]"];
    for corner in corners {
        press(&browser, "[data-map-draw]", &format!("() => {corner}")).await;
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
    until(&browser, "the border", "document.querySelector('#ring').value.split('\\n').length === 4").await;
    until(&browser, "its code", "/^310118\\d{9}$/.test(document.querySelector('#code').value)").await;
    let code =
        ask(&browser, "return document.querySelector('#code').value").await.as_str().unwrap().to_owned();
    browser.write("#name", "新画的网格").await;
    let unit = ask(&browser, "return document.querySelector('#unit option:nth-child(3)').value").await;
    browser.choose("#unit", unit.as_str().unwrap()).await;
    browser.click("button[value=check]").await;
    until(&browser, "the check", "document.querySelector('#draw-found').textContent.includes('没有发现')")
        .await;
    browser.axe("a grid that was checked").await;
    quiet(&browser, "drawing").await;
    browser.click("button[value=store]").await;
    browser.find(".done-line").await;
    assert!(browser.address().await.contains("done=saved"));
    browser.go(&format!("/admin/grids?q={code}")).await;
    assert!(browser.text("table").await.contains("新画的网格"));
    // Opened again, it can be split along a line; both halves are saved at once.
    browser.go(&format!("/admin/grids/draw?code={code}")).await;
    until(
        &browser,
        "the border on the map",
        "document.querySelector('[data-map-draw]')?.lianzhiDraw?.ids.ring",
    )
    .await;
    ask(&browser, "[...document.querySelectorAll('#draw-tools button')].find(b => b.textContent === '拆成两个').click()").await;
    for end in ["[121.42, 31.0135]", "[121.42, 31.0265]", "[121.42, 31.0265]"] {
        press(&browser, "[data-map-draw]", &format!("() => {end}")).await;
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
    until(&browser, "two halves", "document.querySelector('#ring2').value.split('\\n').length === 4").await;
    browser.write("#name2", "拆出的网格").await;
    browser.click("button[value=store]").await;
    browser.find(".done-line").await;
    browser.go("/admin/grids?q=%E6%8B%86%E5%87%BA").await;
    assert!(browser.text("table").await.contains("拆出的网格"));
    browser.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_grid_can_be_drawn_by_keyboard_alone_and_overlaps_are_shown_first() {
    let node = Node::start().await;
    let browser = Browser::open(&node, 1440, false).await;
    browser.sign_in(&node.person("admin")).await;
    browser.go("/admin/grids/draw").await;
    let town = browser.find("#town option:nth-child(2)").await.attr("value").await.unwrap().unwrap();
    browser.choose("#town", &town).await;
    browser.write("#code", &format!("{town}009999")).await;
    browser.write("#name", "键盘网格").await;
    let unit = browser.find("#unit option:nth-child(3)").await.attr("value").await.unwrap().unwrap();
    browser.choose("#unit", &unit).await;
    browser.write("#ring", "121.10, 31.14\n121.13, 31.14\n121.13").await;
    browser.click("button[value=check]").await;
    browser.find("#ring-fault").await;
    assert!(browser.text("main").await.contains("第 3 行"), "{}", browser.text("main").await);
    // Nothing typed is lost; the line is finished.
    browser.write("#ring", ", 31.16\n121.10, 31.16").await;
    browser.click("button[value=check]").await;
    browser.find("#draw-found li").await;
    let said = browser.text("#draw-found").await;
    assert!(said.contains("重叠"), "{said}");
    browser.click("button[value=store]").await;
    browser.find(".done-line").await;
    browser.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_place_is_picked_on_the_phone() {
    let node = Node::start().await;
    let browser = Browser::open(&node, 390, true).await;
    browser.sign_in(&node.person("hotline")).await;
    browser.go("/register").await;
    browser.click(".map-open").await;
    until(&browser, "the map", "document.querySelector('[data-map-pick]').lianzhiPick").await;
    // From afar a tap only brings the map nearer.
    let (near, still) =
        ("lianzhiMap.getZoom() >= 15", "!document.querySelector('[data-map-pick]').lianzhiMap.isMoving()");
    for _ in 0..4 {
        if ask(&browser, &format!("return document.querySelector('[data-map-pick]').{near}")).await == true {
            break;
        }
        press(&browser, "[data-map-pick]", "() => [121.119, 31.139]").await;
        until(&browser, "a nearer map", still).await;
        assert_eq!(
            ask(&browser, "return document.querySelector('[name=lng]').value").await,
            "",
            "no place yet"
        );
        assert!(browser.text(".map-picked").await.contains("再点一下"));
    }
    press(&browser, "[data-map-pick]", "() => [121.119, 31.139]").await;
    until(&browser, "the numbers", "document.querySelector('[name=lng]').value.startsWith('121.1')").await;
    until(&browser, "the words", "document.querySelector('.map-picked').textContent.includes('夏阳街道')")
        .await;
    browser.axe("a place on the map").await;
    browser.fits("/register").await;
    quiet(&browser, "picking").await;
    browser.write("[name=description]", "垃圾桶满了没人收，味道很大").await;
    browser.click("form[action='/register'] button[type=submit]").await;
    browser.find("#number").await;
    browser.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_way_of_a_matter_is_on_a_map() {
    let node = Node::start().await;
    let browser = Browser::open(&node, 1440, true).await;
    browser.sign_in(&node.person("dispatcher")).await;
    browser.go("/matters?stage=closed").await;
    browser.click("tbody a").await;
    let matter = browser.address().await;
    browser
        .go(&format!(
            "{}?tab=route",
            matter.trim_start_matches(&browser.base).split(['?', '#']).next().unwrap()
        ))
        .await;
    until(&browser, "the way", "document.querySelector('[data-route]')?.hasAttribute('data-ready')").await;
    until(&browser, "its stops", "document.querySelector('[data-route]').lianzhiMap.getLayer('route-stops') && document.querySelector('[data-route]').lianzhiMap.queryRenderedFeatures({ layers: ['route-stops'] }).length > 0").await;
    assert!(
        browser.text(".route-list").await.contains("上报") || !browser.text(".route-list").await.is_empty()
    );
    browser.click(".route-list [data-stop]").await;
    browser.find(".maplibregl-popup-content").await;
    browser.axe("the way of a matter").await;
    quiet(&browser, "way").await;
    browser.close().await;
}

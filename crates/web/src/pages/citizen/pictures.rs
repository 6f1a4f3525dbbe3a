//! Kinds of problems as pictures: what is reported most here, what somebody's words mean, each with its picture.

use super::super::ui;
use crate::state::WebState;
use askama::Template;
use lianzhi_ids::CategoryCode;

/// Pictures shown before anybody searches, without the last one, "not sure".
const TILES_MAX: usize = 7;
/// Kinds that a search finds at most.
const FOUND_MAX: usize = 8;

/// A kind with its picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Tile {
    pub(super) code: String,
    pub(super) name: String,
    pub(super) picture: &'static str,
    pub(super) chosen: bool,
}

#[derive(Template)]
#[template(path = "kinds.html")]
pub(super) struct Tiles {
    pub(super) tiles: Vec<Tile>,
    pub(super) searched: bool,
}

/// Tiles for the style page, the first of them chosen.
pub(in crate::pages) fn sample() -> Result<ui::Html, askama::Error> {
    let tile = |(i, name): (usize, &str)| Tile {
        code: i.to_string(),
        name: name.into(),
        picture: picture_of(name),
        chosen: i == 0,
    };
    let tiles =
        ["无照经营游商", "暴露垃圾", "违法建筑", "说不准"].into_iter().enumerate().map(tile).collect();
    Tiles { tiles, searched: false }.render().map(ui::Html::rendered)
}

/// The pictures of the kinds that some words mean, as a piece of a form.
pub(in crate::pages) fn piece(state: &WebState, chosen: &str, q: &str) -> Result<ui::Html, askama::Error> {
    let tiles = tiles(state, chosen, q);
    Tiles { tiles, searched: !q.is_empty() }.render().map(ui::Html::rendered)
}

/// Words of names and the picture that says them; the first that fits.
const PICTURES: &[(&str, &[&str])] = &[
    ("noise", &["噪声", "噪音", "喧哗", "扰民"]),
    ("paper", &["小广告", "张贴", "涂写", "涂鸦", "散发"]),
    ("sign", &["广告", "招牌", "店招", "横幅", "条幅", "标语", "标识"]),
    ("smoke", &["油烟", "焚烧", "废气", "扬尘", "烟", "烧烤", "异味"]),
    ("heap", &["积存", "乱堆", "堆物", "堆放", "家具", "杂物"]),
    ("truck", &["渣土", "抛洒", "滴漏", "运输", "带泥", "施工废弃"]),
    ("cart", &["游商", "无照", "流动摊"]),
    ("shop", &["店外", "跨门"]),
    ("stall", &["摊", "经营", "占道", "夜市", "（夜）市", "排档"]),
    ("trash", &["垃圾", "废弃", "保洁", "不洁", "暴露", "粪"]),
    ("house", &["私搭", "无证建设", "违法建", "违章", "搭建", "违建", "房屋", "建筑"]),
    ("bike", &["非机动车", "单车", "自行车"]),
    ("car", &["机动车", "停车", "车辆", "停放"]),
    ("manhole", &["井盖", "窨井", "雨水", "污水", "下水", "管道", "排水", "检查井"]),
    ("water", &["河", "水体", "水面", "积水", "水域", "湖"]),
    ("tree", &["绿", "树", "草", "花", "林"]),
    ("dog", &["犬", "狗", "动物", "家禽", "饲养", "宠物"]),
    ("site", &["施工", "工地", "挖掘", "围挡"]),
    ("light", &["灯", "照明", "线", "杆", "电", "箱"]),
    ("road", &["路", "人行道", "桥", "护栏", "台阶", "坡"]),
];

/// The picture of a kind by its name.
pub(super) fn picture_of(name: &str) -> &'static str {
    let fits = |words: &[&str]| words.iter().any(|w| name.contains(w));
    PICTURES.iter().find(|(_, words)| fits(words)).map_or("other", |(picture, _)| picture)
}

/// Name of a category; empty when there is none of this code.
pub(super) fn name_of(state: &WebState, code: &str) -> String {
    let code = code.split_whitespace().next().unwrap_or_default();
    CategoryCode::parse(code)
        .ok()
        .and_then(|code| state.app.directory().categories.get(&code).map(|c| c.name.clone()))
        .unwrap_or_default()
}

/// What to choose from: what the words mean, or what is reported most here; always with what is chosen already.
pub(super) fn tiles(state: &WebState, chosen: &str, q: &str) -> Vec<Tile> {
    let found = if q.is_empty() { most(state) } else { state.app.kinds(q, FOUND_MAX) };
    let mut tiles: Vec<Tile> = found
        .into_iter()
        .map(|(code, name)| Tile { picture: picture_of(&name), chosen: code == chosen, code, name })
        .collect();
    let name = name_of(state, chosen);
    if !name.is_empty() && !tiles.iter().any(|t| t.chosen) {
        tiles.insert(0, Tile { code: chosen.into(), picture: picture_of(&name), name, chosen: true });
    }
    let chosen = !tiles.iter().any(|t| t.chosen);
    tiles.push(Tile { code: String::new(), name: "说不准".into(), picture: "unsure", chosen });
    tiles
}

/// What is reported most in any district.
const EVERYWHERE: [&str; 8] = [
    "店外经营",
    "暴露垃圾",
    "积存垃圾渣土",
    "油烟污染",
    "私搭乱建",
    "噪声扰民",
    "非机动车乱停放",
    "无照经营游商",
];

/// What is reported most here this month; before there are enough numbers, what is reported most everywhere.
fn most(state: &WebState) -> Vec<(String, String)> {
    let directory = state.app.directory();
    let mut most: Vec<(String, String)> = state
        .app
        .month_at_hand()
        .map(|month| {
            let named = month.categories.iter().filter_map(|r| Some((r.code.clone()?, r.name.clone()?)));
            named.take(TILES_MAX).collect()
        })
        .unwrap_or_default();
    for name in EVERYWHERE {
        let known = directory.categories.values().find(|c| c.name == name);
        if let Some(known) = known.filter(|c| most.iter().all(|(code, _)| *code != c.code.as_str())) {
            most.push((known.code.to_string(), known.name.clone()));
        }
    }
    most.truncate(TILES_MAX);
    most
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_have_their_picture_and_the_narrower_word_wins() {
        for (name, picture) in [
            ("店外经营", "shop"),
            ("无照经营游商", "cart"),
            ("占道经营", "stall"),
            ("乱堆杂物", "heap"),
            ("私搭乱建", "house"),
            ("积存垃圾渣土", "heap"),
            ("非法小广告", "paper"),
            ("违规户外广告", "sign"),
            ("非机动车乱停放", "bike"),
            ("机动车乱停放", "car"),
            ("施工噪声", "noise"),
            ("暴露垃圾", "trash"),
            ("工程运输车辆未密闭", "truck"),
            ("没有人知道的事", "other"),
        ] {
            assert_eq!(picture_of(name), picture, "{name}");
        }
    }

    #[test]
    fn no_two_of_the_usual_kinds_look_alike() {
        let mut pictures: Vec<_> = EVERYWHERE.iter().chain(&["占道经营"]).map(|n| picture_of(n)).collect();
        let all = pictures.len();
        pictures.sort_unstable();
        pictures.dedup();
        assert_eq!(pictures.len(), all, "{pictures:?}");
    }

    #[test]
    fn every_picture_is_in_the_sprite() {
        let sprite = include_str!("../../../assets/kinds.svg");
        for picture in PICTURES.iter().map(|p| p.0).chain(["other", "unsure"]) {
            assert!(sprite.contains(&format!(r#"id="k-{picture}""#)), "{picture}");
        }
    }
}

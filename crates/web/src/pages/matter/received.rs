//! Files of other members beside the own ones of a report or a case: from whom, how taken, whether the proof holds, who
//! witnessed it.

use super::super::ui;
use super::exhibits::kind_word;
use askama::Template;
use jiff::Timestamp;
use lianzhi_app::ReceivedView;

/// One of them.
struct Tile {
    view: ReceivedView,
    from: ui::Html,
    kind: &'static str,
    picture: bool,
    size: String,
    short: String,
    taken: String,
    proof: String,
    verdict: (&'static str, &'static str),
}

/// All of them, as a part of the page of exhibits.
#[derive(Template)]
#[template(path = "matter_received.html")]
struct Received<'a> {
    id: i64,
    tiles: &'a [Tile],
}

/// How a file was taken, in a line.
pub(super) fn taken(takers: &[String], at: Option<Timestamp>, now: Timestamp) -> String {
    let takers = if takers.is_empty() { "取证人未注明".to_owned() } else { takers.join("、") };
    match at {
        Some(at) => format!("{takers}，{}", ui::near(now, at)),
        None => takers,
    }
}

/// What is held of a file, as a badge: words and colour.
pub(super) fn held(verdict: Option<&'static str>, code: Option<&str>) -> (&'static str, &'static str) {
    match (verdict, code) {
        (Some(words), Some("recognised")) => (words, "done"),
        (Some(words), Some("rejected")) => (words, "no"),
        (Some(words), _) => (words, "near"),
        (None, _) => ("尚未认定", "wait"),
    }
}

fn tile(view: &ReceivedView, now: Timestamp) -> Tile {
    Tile {
        from: ui::member(&view.node, &view.from, &false),
        kind: kind_word(&view.media),
        picture: matches!(view.media.as_str(), "image/jpeg" | "image/png" | "image/webp"),
        size: ui::size(&view.size),
        short: view.digest.short(),
        taken: taken(&view.takers, view.taken_at, now),
        proof: match view.arrived {
            Some(at) => format!("{} 收到，来件签名有效，原件摘要核对一致", ui::near(now, at)),
            None => "来件签名有效，原件还没有传到".into(),
        },
        verdict: held(view.verdict, view.verdict_code),
        view: view.clone(),
    }
}

/// The part of the page; empty when there are none.
pub(super) fn part(id: i64, views: &[ReceivedView], now: Timestamp) -> ui::Html {
    if views.is_empty() {
        return ui::Html::default();
    }
    let tiles: Vec<_> = views.iter().map(|view| tile(view, now)).collect();
    ui::Html::rendered(Received { id, tiles: &tiles }.render().unwrap_or_default())
}

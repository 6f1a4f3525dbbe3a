//! The files of a matter, each with its place in the story; pictures of before and after side by side.

use super::super::ui;
use crate::problem::Answer;
use crate::state::WebState;
use jiff::Timestamp;
use lianzhi_app::RecordLine;
use lianzhi_ids::Digest;

/// A file with its place in the story.
pub(super) struct Tile {
    pub digest: String,
    pub short: String,
    pub name: String,
    pub picture: bool,
    pub kind: &'static str,
    pub size: String,
    pub by: String,
    pub when: String,
}

pub(super) struct TileGroup {
    pub title: &'static str,
    pub tiles: Vec<Tile>,
}

/// A picture before and one after the same handling.
pub(super) struct Pair<'a> {
    pub before: &'a Tile,
    pub after: &'a Tile,
}

/// Pictures to be compared: those before and after in the order in which they were taken, as far as there are both.
pub(super) fn pairs(groups: &[TileGroup]) -> Vec<Pair<'_>> {
    let pictures = |title: &str| {
        let group = groups.iter().find(|g| g.title == title);
        group.into_iter().flat_map(|g| &g.tiles).filter(|t| t.picture)
    };
    pictures("处置前").zip(pictures("处置后")).map(|(before, after)| Pair { before, after }).collect()
}

pub(super) fn kind_word(media: &str) -> &'static str {
    match media.split('/').next() {
        Some("image") => "照片",
        Some("video") => "视频",
        Some("audio") => "录音",
        _ if media == "application/pdf" => "PDF",
        _ => "文件",
    }
}

/// A file cited by an entry, and what for.
struct Cited {
    digest: Digest,
    what: &'static str,
    by: String,
    at: Timestamp,
}

/// Every file of the matter in the order of the record: also those of work that was done again.
fn cited(record: &[RecordLine]) -> Vec<Cited> {
    let mut lines: Vec<&RecordLine> = record.iter().filter(|l| !l.exhibits.is_empty()).collect();
    lines.sort_by_key(|l| l.seq);
    let mut out: Vec<Cited> = Vec::new();
    for line in lines {
        // The same picture may stand for before and after: the event says which is which.
        if line.event_type == "handled" {
            for (field, what) in [("before", "处置前"), ("after", "处置后"), ("exhibits", "处置说明")]
            {
                let files = line.event.get(field).and_then(|f| f.as_array()).into_iter().flatten();
                let digests = files.filter_map(|f| f.get("digest")?.as_str()?.parse::<Digest>().ok());
                for digest in digests {
                    out.push(Cited { digest, what, by: line.actor.clone(), at: line.at });
                }
            }
            continue;
        }
        for digest in &line.exhibits {
            let what = match line.event_type.as_str() {
                "registered" => "上报",
                "arrived" => "到场",
                "verified" => "核查",
                _ => "补充",
            };
            out.push(Cited { digest: *digest, what, by: line.actor.clone(), at: line.at });
        }
    }
    out
}

pub(super) async fn tiles(state: &WebState, record: &[RecordLine], now: Timestamp) -> Answer<Vec<TileGroup>> {
    let cited = cited(record);
    let digests: Vec<Digest> = cited.iter().map(|c| c.digest).collect();
    let rows =
        if digests.is_empty() { Vec::new() } else { state.app.store().blobs.exhibits(&digests).await? };
    let mut groups: Vec<TileGroup> = Vec::new();
    for file in cited {
        let Some(row) = rows.iter().find(|r| r.digest == file.digest) else { continue };
        let tile = Tile {
            digest: file.digest.to_string(),
            short: file.digest.short(),
            name: row.name.clone(),
            picture: matches!(row.media.as_str(), "image/jpeg" | "image/png" | "image/webp"),
            kind: kind_word(&row.media),
            size: ui::size(&u64::try_from(row.size).unwrap_or(0)),
            by: file.by,
            when: ui::near(now, file.at),
        };
        match groups.iter_mut().find(|g| g.title == file.what) {
            Some(group) => group.tiles.push(tile),
            None => groups.push(TileGroup { title: file.what, tiles: vec![tile] }),
        }
    }
    Ok(groups)
}

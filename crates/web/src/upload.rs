//! Files on their way into custody: names cleaned, kinds found out from the bytes, dangerous ones refused.
//!
//! The original is stored untouched; what is checked here only decides whether it is taken at all.

use crate::problem::{Answer, Problem};
use crate::state::WebState;
use axum::http::StatusCode;
use bytes::{Bytes, BytesMut};
use futures::{Stream, StreamExt};
use lianzhi_app::Caller;
use lianzhi_app::ports::UploadRow;
use lianzhi_ids::Digest;
use lianzhi_procedure::Actor;
use std::fmt::Display;
use std::io::SeekFrom;
use std::pin::pin;
use tokio::io::{AsyncReadExt, AsyncSeekExt, AsyncWriteExt};

/// Longest name kept, in characters.
pub const NAME_CHARS_MAX: usize = 100;
/// Pieces in which bytes are made durable, bytes.
pub(crate) const PIECE_BYTES: usize = 1024 * 1024;
/// How much of the beginning is enough to tell the kind of any file.
pub(crate) const HEAD_BYTES: usize = 64 * 1024;
/// Files up to this size are checked as a whole, bytes: every photo, not every film.
pub(crate) const WHOLE_BYTES_MAX: u64 = 32 * 1024 * 1024;
/// Largest picture, in pixels: what a camera of today makes, and 16 bytes each fit into memory to decode it.
const PIXELS_MAX: u64 = 120_000_000;

/// Kinds taken into custody: media type as served and words for messages.
const KINDS: &[(&str, &str)] = &[
    ("image/jpeg", "JPG 照片"),
    ("image/png", "PNG 图片"),
    ("image/webp", "WebP 图片"),
    ("image/heif", "HEIC 照片"),
    ("video/mp4", "MP4 视频"),
    ("video/x-m4v", "MP4 视频"),
    ("video/quicktime", "MOV 视频"),
    ("audio/m4a", "M4A 录音"),
    ("audio/mpeg", "MP3 录音"),
    ("audio/aac", "AAC 录音"),
    ("audio/amr", "AMR 录音"),
    ("audio/x-wav", "WAV 录音"),
    ("audio/ogg", "OGG 录音"),
    ("audio/webm", "WebM 录音"),
    ("application/pdf", "PDF 文件"),
    ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", "Word 文档（docx）"),
    ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "Excel 表格（xlsx）"),
];

/// What a browser would run if it took the file for a page.
const ACTIVE: &[&str] = &[
    "<!doctype html",
    "<html",
    "<script",
    "<svg",
    "<iframe",
    "<?php",
    "<body",
    "javascript:",
    "<object",
    "<embed",
];

/// A file name without tricks: no path, no control or direction characters, no leading dots, at most
/// [`NAME_CHARS_MAX`] characters with its ending kept.
#[must_use]
pub fn clean_name(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let clean: String = last
        .chars()
        .filter(|c| !c.is_control())
        .filter(|c| !matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}'))
        .map(|c| if matches!(c, '<' | '>' | ':' | '"' | '|' | '?' | '*' | '\'' | '&' | ';' | '`') { '_' } else { c })
        .collect();
    let clean = clean.trim_matches(|c: char| c == '.' || c.is_whitespace());
    if clean.is_empty() {
        return "未命名".into();
    }
    let n = clean.chars().count();
    if n <= NAME_CHARS_MAX {
        return clean.to_owned();
    }
    let ending: String = match clean.rsplit_once('.') {
        Some((_, ending)) if ending.chars().count() <= 8 => format!(".{ending}"),
        _ => String::new(),
    };
    let stem = NAME_CHARS_MAX - ending.chars().count();
    clean.chars().take(stem).chain(ending.chars()).collect()
}

fn refuse(rule: impl Into<String>, remedy: impl Into<String>) -> Problem {
    let mut problem = Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "file-kind", rule, remedy).at("file");
    problem.refusal.source_text = "证据文件规则".into();
    problem
}

fn allowed_words() -> String {
    let mut words: Vec<&str> = KINDS.iter().map(|(_, word)| *word).collect();
    words.dedup();
    format!("可以上传：{}。", words.join("、"))
}

fn finds(bytes: &[u8], needles: &[&str]) -> bool {
    let lower = bytes.to_ascii_lowercase();
    needles.iter().any(|needle| lower.windows(needle.len()).any(|window| window == needle.as_bytes()))
}

/// What the beginning of a file says it is; never what its name claims.
///
/// # Errors
/// When it is nothing that is taken into custody, or two things at once.
pub fn sniff(head: &[u8]) -> Answer<&'static str> {
    if head.is_empty() {
        return Err(refuse("文件是空的。", "请重新选择文件。"));
    }
    let found = infer::get(head).map(|kind| kind.mime_type());
    // What a browser records of a voice: the same container as a film, with sound alone in it.
    let found = match found {
        Some("video/webm") if only_sound(head) => Some("audio/webm"),
        Some("audio/opus" | "application/ogg") if head.starts_with(b"OggS") => Some("audio/ogg"),
        other => other,
    };
    let media = found.and_then(|mime| KINDS.iter().find(|(known, _)| *known == mime));
    let Some((media, word)) = media else {
        let what = found.map_or_else(|| "无法识别".to_owned(), |mime| mime.to_owned());
        return Err(refuse(format!("这种文件不能作为证据上传（按内容识别为：{what}）。"), allowed_words()));
    };
    let early = &head[..head.len().min(8 * 1024)];
    if !media.contains("openxml") && early.windows(4).any(|w| w == b"PK\x03\x04") || finds(early, ACTIVE) {
        return Err(two_things(word));
    }
    Ok(match *media {
        "video/x-m4v" => "video/mp4",
        "audio/m4a" => "audio/mp4",
        "image/heif" => "image/heic",
        other => other,
    })
}

/// Whether the tracks that a Matroska file declares at its beginning are sound and nothing else.
fn only_sound(head: &[u8]) -> bool {
    let has = |codec: &[u8]| head.windows(codec.len()).any(|w| w == codec);
    (has(b"A_OPUS") || has(b"A_VORBIS"))
        && !has(b"V_VP")
        && !has(b"V_AV")
        && !has(b"V_MPEG")
        && !has(b"S_TEXT")
}

fn two_things(word: &str) -> Problem {
    refuse(
        format!("这个{word}里还藏着别的内容（网页代码或压缩包），不能接收。"),
        "请上传相机或手机直接生成的原文件；网上下载的请先另存为普通图片。",
    )
}

/// Checks a whole file of a kind that [`sniff`] found: a picture can be read and has a size in reason, nothing is
/// hidden behind the end, an Office file has no macros.
///
/// # Errors
/// When it is damaged, oversized or two things at once.
pub fn check_whole(media: &str, bytes: &[u8]) -> Answer<()> {
    let word = KINDS.iter().find(|(known, _)| *known == media).map_or("文件", |(_, word)| word);
    let tail = &bytes[bytes.len().saturating_sub(66 * 1024)..];
    if media.contains("openxml") {
        if finds(bytes, &["vbaproject.bin"]) {
            return Err(refuse(
                "这个文档带有宏程序，不能接收。",
                "请另存为不带宏的 docx、xlsx 或 PDF 后再传。",
            ));
        }
    } else if ends_as_zip(tail) || finds(tail, ACTIVE) {
        return Err(two_things(word));
    }
    if matches!(media, "image/jpeg" | "image/png" | "image/webp") {
        let reader = image::ImageReader::new(std::io::Cursor::new(bytes)).with_guessed_format();
        let size = reader.map_err(image::ImageError::IoError).and_then(image::ImageReader::into_dimensions);
        let (width, height) =
            size.map_err(|_| refuse(format!("这个{word}已损坏，打不开。"), "请重新拍摄或重新导出后再传。"))?;
        if u64::from(width) * u64::from(height) > PIXELS_MAX {
            return Err(refuse(
                format!("图片太大（{width}×{height} 像素）。"),
                format!("请缩小到 {} 万像素以内再传。", PIXELS_MAX / 10_000),
            ));
        }
    }
    Ok(())
}

/// Whether the end is that of a ZIP archive, its comment reaching exactly to the last byte.
fn ends_as_zip(tail: &[u8]) -> bool {
    tail.windows(22).enumerate().any(|(i, w)| {
        w.starts_with(b"PK\x05\x06") && i + 22 + usize::from(u16::from_le_bytes([w[20], w[21]])) == tail.len()
    })
}

/// Under which name an upload is counted: the person, or the address of the public.
#[must_use]
pub fn uploader(who: &Caller) -> String {
    match &who.actor {
        Actor::Person(_) | Actor::Member(_) | Actor::System => who.actor.label(),
        Actor::Public | Actor::Reporter => format!("public:{}", who.address),
    }
}

/// Refuses a file that is empty, larger than this caller may send, or over the day's quota.
///
/// # Errors
/// 413 or 429 with the limit.
pub(crate) async fn admit(state: &WebState, who: &Caller, size: u64) -> Answer<()> {
    let person = matches!(who.actor, Actor::Person(_));
    let max = if person { state.config.file_bytes_max } else { state.config.public_file_bytes_max };
    if size == 0 {
        return Err(refuse("文件是空的。", "请重新选择文件。"));
    }
    if size > max {
        return Err(Problem::too_large(max));
    }
    if !person {
        let day = jiff::SignedDuration::from_hours(24);
        let since = state.app.now().checked_sub(day).unwrap_or(jiff::Timestamp::MIN).as_microsecond();
        let used = state.app.store().blobs.uploaded_since(&uploader(who), since).await?;
        if u64::try_from(used).unwrap_or(0).saturating_add(size) > state.config.public_bytes_per_day_max {
            let mut problem = Problem::too_often(3600);
            problem.refusal.rule = "今天从这个网络地址上传的文件已达上限。".into();
            problem.refusal.remedy = "请明天再传，或拨打 12345 由工作人员登记。".into();
            return Err(problem);
        }
    }
    Ok(())
}

/// Takes a complete upload into custody: finds out its kind, checks it, puts it in its place.
///
/// # Errors
/// When the file is not one that is taken.
pub(crate) async fn finish(state: &WebState, id: &str, size: u64) -> Answer<Digest> {
    let blobs = &state.app.store().blobs;
    let head = blobs.peek(id, HEAD_BYTES).await?;
    let media = sniff(&head)?;
    if size <= WHOLE_BYTES_MAX {
        let whole = blobs.peek(id, usize::try_from(size).unwrap_or(HEAD_BYTES)).await?;
        let checked = tokio::task::spawn_blocking(move || check_whole(media, &whole)).await;
        checked.map_err(|_| Problem::internal())??;
    }
    let row = blobs.finish(id, media, state.app.now().as_microsecond()).await?;
    metrics::counter!("lianzhi_exhibits_total", "media" => media).increment(1);
    Ok(row.digest)
}

/// Stores a file that comes in one go (a part of a form) and answers its digest, which is the exhibit's id.
///
/// Bytes are spooled to disk and checked before anything reaches custody. Larger files take the resumable way
/// (`/files`).
///
/// # Errors
/// Too large, over quota, or a kind of file that is not taken.
pub async fn store_upload<S, E>(state: &WebState, who: &Caller, name: &str, bytes: S) -> Answer<Digest>
where
    S: Stream<Item = Result<Bytes, E>>,
    E: Display,
{
    let failed = |error: std::io::Error| {
        tracing::error!(%error, "spooling an upload");
        Problem::internal()
    };
    let max = state.config.public_file_bytes_max;
    let mut file = tokio::fs::File::from_std(tempfile::tempfile().map_err(failed)?);
    let mut size = 0_u64;
    let mut bytes = pin!(bytes);
    while let Some(piece) = bytes.next().await {
        let piece = piece.map_err(|error| {
            tracing::debug!(%error, "upload broke off");
            Problem::malformed("upload-broken", "文件没有传完。", "请检查网络后重新上传。")
        })?;
        size += piece.len() as u64;
        if size > max {
            return Err(Problem::too_large(max));
        }
        file.write_all(&piece).await.map_err(failed)?;
    }
    admit(state, who, size).await?;
    file.flush().await.map_err(failed)?;
    file.seek(SeekFrom::Start(0)).await.map_err(failed)?;

    let blobs = &state.app.store().blobs;
    let id = start(state, who, name, size).await?;
    let mut offset = 0_i64;
    loop {
        let mut piece = BytesMut::with_capacity(PIECE_BYTES);
        while piece.len() < PIECE_BYTES && file.read_buf(&mut piece).await.map_err(failed)? > 0 {}
        if piece.is_empty() {
            break;
        }
        offset = blobs.append(&id, offset, piece.freeze()).await?;
    }
    finish(state, &id, size).await
}

/// Opens an upload.
pub(crate) async fn start(state: &WebState, who: &Caller, name: &str, size: u64) -> Answer<String> {
    let id = state.random_id();
    let row = UploadRow {
        id: id.clone(),
        size: i64::try_from(size).unwrap_or(i64::MAX),
        offset: 0,
        name: clean_name(name),
        uploader: uploader(who),
        at: state.app.now().as_microsecond(),
        digest: None,
    };
    state.app.store().blobs.start(&row).await?;
    Ok(id)
}

#[cfg(test)]
mod tests {
    use super::*;

    const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x06\0\0\0\x1f\x15\xc4\x89";

    #[test]
    fn names_lose_paths_and_tricks_and_keep_their_ending() {
        assert_eq!(clean_name("../../etc/passwd"), "passwd");
        assert_eq!(clean_name("C:\\fakepath\\现场.jpg"), "现场.jpg");
        assert_eq!(clean_name("a\u{202e}gpj.exe\0\n"), "agpj.exe");
        assert_eq!(clean_name("..."), "未命名");
        assert_eq!(clean_name("<img src=x onerror=alert(1)>.png"), "_img src=x onerror=alert(1)_.png");
        let long = format!("{}.jpeg", "长".repeat(10_000));
        let clean = clean_name(&long);
        assert_eq!(clean.chars().count(), NAME_CHARS_MAX);
        assert!(clean.ends_with(".jpeg"));
    }

    #[test]
    fn the_kind_is_what_the_bytes_say() {
        assert_eq!(sniff(PNG).unwrap(), "image/png");
        assert_eq!(sniff(b"%PDF-1.7\n%...").unwrap(), "application/pdf");
        for (what, bytes) in [
            ("a page", b"<!DOCTYPE html><script>alert(1)</script>".as_slice()),
            ("a drawing with script", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"),
            ("a program", b"MZ\x90\0\x03\0\0\0"),
            ("a program", b"\x7fELF\x02\x01\x01\0"),
            ("an archive", b"PK\x03\x04\x14\0\0\0"),
            ("a script", b"#!/bin/sh\nrm -rf /\n"),
            ("nothing", b""),
        ] {
            let problem = sniff(bytes).err().unwrap_or_else(|| panic!("{what} was taken"));
            assert_eq!(problem.status, StatusCode::UNSUPPORTED_MEDIA_TYPE);
            assert!(!problem.refusal.remedy.is_empty());
        }
    }

    #[test]
    fn a_voice_recorded_in_a_browser_is_sound_and_no_film() {
        let recorded = |tracks: &[u8]| {
            let head = b"\x1aE\xdf\xa3\x9fB\x86\x81\x01B\x82\x84webm";
            let mut bytes = [head.as_slice(), tracks].concat();
            bytes.resize(400, 0);
            bytes
        };
        assert_eq!(sniff(&recorded(b"\x86\x86A_OPUS")).unwrap(), "audio/webm");
        assert!(sniff(&recorded(b"\x86\x85V_VP8\x86\x86A_OPUS")).is_err(), "a film is not among the kinds");
        let mut ogg = b"OggS\0\x02".to_vec();
        ogg.resize(28, 0);
        ogg.extend_from_slice(b"OpusHead");
        ogg.resize(400, 0);
        assert_eq!(sniff(&ogg).unwrap(), "audio/ogg");
    }

    #[test]
    fn what_is_two_things_at_once_is_refused() {
        let page = [PNG, b"<script>alert(1)</script>"].concat();
        assert!(sniff(&page).is_err());
        let archive = [PNG, b"PK\x03\x04\x14\0\0\0"].concat();
        assert!(sniff(&archive).is_err());
        let mut hidden = vec![0xff, 0xd8, 0xff, 0xe0];
        hidden.resize(200_000, 0);
        hidden.extend_from_slice(b"PK\x05\x06\0\0\0\0\x01\0\x01\0\x10\0\0\0\x10\0\0\0\0\0");
        assert!(sniff(&hidden[..HEAD_BYTES]).is_ok());
        let problem = check_whole("image/jpeg", &hidden).unwrap_err();
        assert!(problem.refusal.rule.contains("藏着"));
    }

    #[test]
    fn a_picture_that_cannot_be_read_is_refused() {
        assert!(check_whole("image/png", b"\x89PNG\r\n\x1a\nnothing").is_err());
    }
}

//! Reads a posted form: fields, and files that go straight into custody while they come in.
//!
//! Forms carry their session's token first; no byte of a file is taken before it was seen.

use super::form::Typed;
use crate::auth::{Identity, identify};
use crate::problem::{Answer, Problem};
use crate::state::WebState;
use crate::upload;
use axum::extract::multipart::Field;
use axum::extract::{FromRequest, Multipart, Request};
use axum::http::{StatusCode, header};
use bytes::{Bytes, BytesMut};
use lianzhi_procedure::{Refusal, RefusalKind};
use std::sync::Arc;

/// Most fields that a form of ours has, with room: the week of a unit of a hundred people.
const FIELDS_MAX: usize = 1_000;
/// Files in one form: nine photos before and nine after.
const FILES_MAX: usize = 18;
/// Longest text of all fields together: a spreadsheet of 10 MB that is carried from one step of its import to the next.
const TEXT_BYTES_MAX: usize = 16 << 20;
/// Largest file that is read and not kept (spreadsheet, GeoJSON, address register).
const RAW_BYTES_MAX: usize = 64 << 20;

/// A form as it was posted. Its token was checked.
#[derive(Debug)]
pub struct Posted {
    pub typed: Typed,
    /// Files that are read and not kept: (field, name, bytes).
    pub raw: Vec<(String, String, Bytes)>,
    /// The form's one-time key, so that a form sent twice does its work once.
    pub key: Option<String>,
    pub identity: Arc<Identity>,
    /// What was wrong with a file; shown in place, so that nothing typed is lost.
    pub fault: Option<Refusal>,
}

/// What people are told when a form comes again under its key with other words, and the key it goes on with: a new one,
/// because who sends it once more wants it as it is now.
pub fn reused(refusal: Refusal, key: Option<String>) -> (Refusal, Option<String>) {
    if refusal.code != "key-reused" {
        return (refusal, key);
    }
    let told = Refusal::conflict(
        "sent-before",
        "这张表单先前已经交上来过，那时的内容和现在不同。",
        "先前的一份可能已经记录，请先查一下；要把现在的内容另外提交，请再点一次。",
    );
    (told, None)
}

fn stale() -> Problem {
    Problem::new(
        StatusCode::FORBIDDEN,
        "stale-form",
        "这个页面打开得太久，或不是从本系统提交的。",
        "请返回上一页，刷新后重新提交。",
    )
}

fn broken() -> Problem {
    Problem::malformed("form-broken", "表单没有传完整。", "请检查网络后重新提交。")
}

fn other_encoding() -> Problem {
    Problem::malformed("encoding", "内容不是 UTF-8 编码。", "请从本系统的页面提交。")
}

impl FromRequest<WebState> for Posted {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &WebState) -> Answer<Self> {
        let (mut parts, body) = request.into_parts();
        let identity = identify(&mut parts, state).await?;
        let request = Request::from_parts(parts, body);
        let kind =
            request.headers().get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or_default();
        let mut posted =
            Posted { typed: Typed::default(), raw: Vec::new(), key: None, identity, fault: None };
        if kind.starts_with("multipart/form-data") {
            let multipart = Multipart::from_request(request, state).await.map_err(|_| broken())?;
            posted.read_multipart(multipart, state).await?;
        } else {
            let bytes = axum::body::to_bytes(request.into_body(), TEXT_BYTES_MAX)
                .await
                .map_err(|_| Problem::too_large(TEXT_BYTES_MAX as u64))?;
            for pair in pairs(&bytes).take(FIELDS_MAX) {
                let (name, value) = pair?;
                posted.typed.push(name, value);
            }
        }
        if !posted.trusted() {
            return Err(stale());
        }
        posted.key = posted.typed.given("form").map(str::to_owned);
        Ok(posted)
    }
}

impl Posted {
    fn trusted(&self) -> bool {
        self.identity.csrf_holds(self.typed.given("csrf"))
    }

    /// The file of a field that is read and not kept.
    ///
    /// # Errors
    /// When none was chosen.
    pub fn file(&self, field: &'static str) -> Result<(&str, &Bytes), Refusal> {
        let found = self.raw.iter().find(|(name, ..)| name == field);
        found
            .map(|(_, name, bytes)| (name.as_str(), bytes))
            .ok_or_else(|| Refusal::invalid(field, "没有选择文件。", "请先选择要上传的文件。"))
    }

    /// Refuses to go on when a file was at fault.
    ///
    /// # Errors
    /// What was wrong with it.
    pub fn sound(&self) -> Result<(), Refusal> {
        self.fault.clone().map_or(Ok(()), Err)
    }

    async fn read_multipart(&mut self, mut multipart: Multipart, state: &WebState) -> Answer<()> {
        let (mut fields, mut files, mut text_bytes) = (0, 0, 0);
        while let Some(field) = multipart.next_field().await.map_err(|_| broken())? {
            fields += 1;
            if fields > FIELDS_MAX {
                return Err(Problem::malformed("form", "表单的字段太多。", "请分开提交。"));
            }
            let name = field.name().unwrap_or_default().to_owned();
            match field.file_name().map(str::to_owned) {
                None => {
                    let bytes = whole(field, TEXT_BYTES_MAX - text_bytes).await?;
                    text_bytes += bytes.len();
                    let text = String::from_utf8(bytes.to_vec()).map_err(|_| other_encoding())?;
                    // Browsers end lines with CR LF in multipart; texts have LF.
                    self.typed.push(name, text.replace("\r\n", "\n"));
                }
                // A browser sends an empty part for a file field that was left alone.
                Some(file) if file.is_empty() => {}
                Some(_) if !self.trusted() => return Err(stale()),
                Some(file) if name.starts_with("raw-") => {
                    let bytes = whole(field, RAW_BYTES_MAX).await?;
                    self.raw.push((name, upload::clean_name(&file), bytes));
                }
                Some(_) if files == FILES_MAX => {
                    let rule = format!("一次最多 {FILES_MAX} 个文件，多出的没有保存。");
                    self.fault = Some(Refusal::invalid("files", rule, "请先提交，其余的随后补充。"));
                }
                Some(file) => {
                    files += 1;
                    match upload::store_upload(state, &self.identity.caller, &file, field).await {
                        Ok(digest) => self.typed.push(name, digest.to_string()),
                        Err(problem) if problem.refusal.kind == RefusalKind::Invalid => {
                            let mut refusal = *problem.refusal;
                            refusal.rule = format!("文件“{}”：{}", upload::clean_name(&file), refusal.rule);
                            self.fault = Some(refusal);
                        }
                        Err(problem) => return Err(problem),
                    }
                }
            }
        }
        Ok(())
    }
}

async fn whole(mut field: Field<'_>, max: usize) -> Answer<Bytes> {
    let mut bytes = BytesMut::new();
    while let Some(chunk) = field.chunk().await.map_err(|_| broken())? {
        if bytes.len() + chunk.len() > max {
            return Err(Problem::too_large(max as u64));
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes.freeze())
}

/// Pairs of an `application/x-www-form-urlencoded` body.
fn pairs(bytes: &[u8]) -> impl Iterator<Item = Answer<(String, String)>> + '_ {
    let decode = |part: &[u8]| {
        let spaced: Vec<u8> = part.iter().map(|b| if *b == b'+' { b' ' } else { *b }).collect();
        let decoded: Vec<u8> = percent_encoding::percent_decode(&spaced).collect();
        String::from_utf8(decoded).map(|t| t.replace("\r\n", "\n")).map_err(|_| other_encoding())
    };
    bytes.split(|b| *b == b'&').filter(|p| !p.is_empty()).map(move |pair| {
        let cut = pair.iter().position(|b| *b == b'=').unwrap_or(pair.len());
        Ok((decode(&pair[..cut])?, decode(pair.get(cut + 1..).unwrap_or_default())?))
    })
}

/// A field that must be filled in and is not. One officer instead of two is refused by the law itself.
pub(super) fn empty(field: &'static str, title: &str) -> Refusal {
    let refuse = |rule: String, remedy: &str| Refusal::invalid(field, rule, remedy);
    if field != "second" {
        return refuse(format!("“{title}”没有填写。"), "请填写后再提交。");
    }
    let rule = format!("“{title}”没有填写，执法人员不得少于两人。");
    refuse(rule, "请选择与您一同执法的另一名办案人员。").from_source("行政处罚法第四十二条、第五十五条")
}

#[cfg(test)]
mod tests {
    use super::{empty, pairs};

    #[test]
    fn a_form_is_read_with_its_chinese_and_its_repeated_fields() {
        let read: Result<Vec<_>, _> = pairs(b"note=%E5%B7%B2%E5%8A%9E+ok&units=a&units=b&empty=").collect();
        let read = read.expect("UTF-8");
        assert_eq!(read[0], ("note".into(), "已办 ok".into()));
        assert_eq!((read[1].1.as_str(), read[2].1.as_str()), ("a", "b"));
        assert_eq!(read[3], ("empty".into(), String::new()));
    }

    #[test]
    fn one_officer_instead_of_two_is_refused_by_article_42() {
        let refusal = empty("second", "一同执法的人员");
        assert!(refusal.source_text.contains("第四十二条") && refusal.rule.contains("两人"));
        assert!(empty("note", "理由").rule.contains("没有填写"));
    }

    #[test]
    fn another_encoding_is_refused_and_not_guessed() {
        assert!(pairs(b"note=%B5%EA").any(|p| p.is_err()));
    }
}

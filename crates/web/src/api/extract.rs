//! Reading requests, with messages that help.

use crate::problem::{Answer, Problem};
use crate::security::BODY_BYTES_MAX;
use crate::state::WebState;
use axum::extract::{FromRequest, FromRequestParts, Query, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode, header};
use lianzhi_ids::CategoryCode;
use schemars::JsonSchema;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// Shortest and longest `Idempotency-Key`, characters: long enough not to be hit by chance.
const KEY_CHARS: std::ops::RangeInclusive<usize> = 8..=128;

/// A JSON body.
pub struct Body<T>(pub T);

impl<T: DeserializeOwned> FromRequest<WebState> for Body<T> {
    type Rejection = Problem;
    async fn from_request(request: Request, _: &WebState) -> Answer<Self> {
        let kind =
            request.headers().get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or_default();
        let essence = kind.split(';').next().unwrap_or_default().trim();
        if !(essence.eq_ignore_ascii_case("application/json") || essence.ends_with("+json")) {
            return Err(Problem::new(
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "media-type",
                "请求内容不是 JSON。",
                "请用 Content-Type: application/json。",
            ));
        }
        let bytes = axum::body::to_bytes(request.into_body(), BODY_BYTES_MAX).await;
        let bytes = bytes.map_err(|_| Problem::too_large(BODY_BYTES_MAX as u64))?;
        Ok(Body(json(&bytes)?))
    }
}

/// A JSON body that names nothing but the fields of its schema, for shapes that share fields by `flatten`: serde cannot look
/// for misspelt names in those.
pub struct Known<T>(pub T);

impl<T: DeserializeOwned + JsonSchema> FromRequest<WebState> for Known<T> {
    type Rejection = Problem;
    async fn from_request(request: Request, state: &WebState) -> Answer<Self> {
        let Body(value) = Body::<Value>::from_request(request, state).await?;
        let schema = schemars::schema_for!(T);
        let fields = schema.get("properties").and_then(Value::as_object);
        let unknown = value.as_object().into_iter().flatten().map(|(name, _)| name);
        let unknown = unknown.filter(|name| fields.is_some_and(|known| !known.contains_key(*name)));
        if let Some(name) = unknown.into_iter().next() {
            let rule = format!("没有“{name}”这个字段。");
            let known: Vec<&str> = fields.into_iter().flatten().map(|(name, _)| name.as_str()).collect();
            let remedy = format!("请核对拼写。可用：{}。", known.join("、"));
            let status = StatusCode::UNPROCESSABLE_ENTITY;
            return Err(Problem::new(status, "invalid-input", rule, remedy).at(name));
        }
        Ok(Known(shaped(value)?))
    }
}

/// Reads JSON: what is no JSON is 400 with its line and column, what has the wrong shape is 422.
pub(crate) fn json<T: DeserializeOwned>(bytes: &[u8]) -> Answer<T> {
    let text = std::str::from_utf8(bytes).map_err(|e| {
        let rule = format!("请求内容不是 UTF-8 编码（第 {} 字节起）。", e.valid_up_to() + 1);
        Problem::malformed("encoding", rule, "请用 UTF-8 编码提交；GB18030 只用于表格导入。")
    })?;
    let value: Value = serde_json::from_str(text).map_err(|e| {
        let rule = format!("JSON 有语法错误：第 {} 行第 {} 列。", e.line(), e.column());
        Problem::malformed("json-syntax", rule, "请核对引号、逗号和括号。")
    })?;
    shaped(value)
}

/// Takes JSON of the right shape.
pub(crate) fn shaped<T: DeserializeOwned>(value: Value) -> Answer<T> {
    serde_json::from_value(value).map_err(|e| {
        let text = e.to_string();
        let field = text.split('`').nth(1).map(str::to_owned);
        let rule = format!("内容与接口格式不符：{text}。");
        let mut problem = Problem::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            "invalid-input",
            rule,
            "格式见 /api/openapi.json。",
        );
        problem.field = field;
        problem
    })
}

/// Query parameters.
pub struct Params<T>(pub T);

impl<T: DeserializeOwned> FromRequestParts<WebState> for Params<T> {
    type Rejection = Problem;
    async fn from_request_parts(parts: &mut Parts, _: &WebState) -> Answer<Self> {
        let query = Query::<T>::try_from_uri(&parts.uri);
        let Query(params) = query.map_err(|e| {
            let text = std::error::Error::source(&e).map_or_else(|| e.to_string(), ToString::to_string);
            Problem::malformed("parameter", format!("查询参数无法识别：{text}。"), "参数格式见 /api。")
        })?;
        Ok(Params(params))
    }
}

/// The `Idempotency-Key` of a request, bare or quoted (RFC 8941 string).
pub(crate) struct Key(pub Option<String>);

impl FromRequestParts<WebState> for Key {
    type Rejection = Problem;
    async fn from_request_parts(parts: &mut Parts, _: &WebState) -> Answer<Self> {
        Ok(Key(idempotency_key(&parts.headers)?))
    }
}

pub(crate) fn idempotency_key(headers: &HeaderMap) -> Answer<Option<String>> {
    let Some(value) = headers.get("idempotency-key") else { return Ok(None) };
    let key = value.to_str().unwrap_or_default().trim().trim_matches('"');
    if !KEY_CHARS.contains(&key.len()) || !key.bytes().all(|b| b.is_ascii_graphic()) {
        let rule = format!("Idempotency-Key 应为 {} 至 {} 个可见字符。", KEY_CHARS.start(), KEY_CHARS.end());
        return Err(Problem::malformed(
            "idempotency-key",
            rule,
            "请为每次提交生成一个随机值（如 UUID），重试时原样带上。",
        ));
    }
    Ok(Some(key.to_owned()))
}

/// Pairs of a query string.
pub(crate) fn pairs(text: &str) -> Answer<Vec<(String, String)>> {
    let word = |piece: &str| {
        percent_encoding::percent_decode_str(&piece.replace('+', " "))
            .decode_utf8()
            .map(|w| w.into_owned())
            .map_err(|_| {
                Problem::malformed("encoding", "网址参数不是 UTF-8 编码。", "请用 UTF-8 百分号编码。")
            })
    };
    text.split('&')
        .filter(|piece| !piece.is_empty())
        .map(|piece| {
            let (name, value) = piece.split_once('=').unwrap_or((piece, ""));
            Ok((word(name)?, word(value)?))
        })
        .collect()
}

/// A category as written (`E09005`, `P03011`, or five digits, which mean 事项).
pub(crate) fn category(text: &str) -> Answer<CategoryCode> {
    let text = text.trim();
    let full = if text.len() == 5 && text.bytes().all(|b| b.is_ascii_digit()) {
        format!("E{text}")
    } else {
        text.to_owned()
    };
    CategoryCode::parse(&full).map_err(|e| {
        let rule = format!("类别编码无效：{e}。");
        Problem::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            "invalid-input",
            rule,
            "请从类别目录中选择（GET /api/v1/suggest?text=…）。",
        )
        .at("category")
    })
}

/// Writes a category out in full inside a JSON object, when one is given.
pub(crate) fn full_category(object: &mut Value) -> Answer<()> {
    if let Some(Value::String(text)) = object.get("category") {
        let code = category(text)?;
        object["category"] = Value::String(code.to_string());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn five_digits_mean_an_event() {
        assert_eq!(category("09005").unwrap().as_str(), "E09005");
        assert_eq!(category(" P03011 ").unwrap().as_str(), "P03011");
        assert_eq!(category("9005").unwrap_err().field.as_deref(), Some("category"));
    }

    #[test]
    fn what_is_wrong_with_json_is_said() {
        let syntax = json::<Value>(b"{\n \"a\": }").unwrap_err();
        assert_eq!((syntax.status, syntax.refusal.code), (StatusCode::BAD_REQUEST, "json-syntax"));
        assert!(syntax.refusal.rule.contains("第 2 行"));
        let encoding = json::<Value>(b"{\"a\":\"\xb5\xea\"}").unwrap_err();
        assert_eq!(encoding.refusal.code, "encoding");
        #[derive(serde::Deserialize, Debug)]
        struct Named {
            #[expect(dead_code, reason = "its name is what is tested")]
            name: String,
        }
        let shape = json::<Named>(b"{}").unwrap_err();
        assert_eq!(shape.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(shape.field.as_deref(), Some("name"));
    }

    #[test]
    fn keys_are_bare_or_quoted() {
        let key = |text: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert("idempotency-key", header::HeaderValue::from_static(text));
            idempotency_key(&headers)
        };
        assert_eq!(key("abc-12345").unwrap().as_deref(), Some("abc-12345"));
        assert_eq!(key("\"abc-12345\"").unwrap().as_deref(), Some("abc-12345"));
        assert!(key("\"\"").is_err());
        assert!(key("short").is_err());
        assert_eq!(idempotency_key(&HeaderMap::new()).unwrap(), None);
    }
}

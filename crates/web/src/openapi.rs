//! The OpenAPI 3.1 document and the readable page of it, both made from the table of endpoints.

use crate::api::{self, Carries, Endpoint, Gives, Need};
use crate::state::WebState;
use axum::Router;
use axum::extract::State;
use axum::http::{HeaderValue, header};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use schemars::SchemaGenerator;
use schemars::generate::SchemaSettings;
use serde_json::{Map, Value, json};
use std::fmt::Write;
use std::sync::LazyLock;

pub(crate) fn router() -> Router<WebState> {
    Router::new().route("/api/openapi.json", get(document)).route("/api", get(page)).route("/api/", get(page))
}

/// All endpoints in the document: the API and the files beside it.
#[must_use]
pub fn endpoints() -> Vec<Endpoint> {
    let mut all = api::table();
    all.extend(api::file_endpoints());
    all
}

static DOCUMENT: LazyLock<Value> = LazyLock::new(assemble);

/// The document.
#[must_use]
pub fn openapi() -> &'static Value {
    &DOCUMENT
}

async fn document(State(state): State<WebState>) -> Response {
    let mut document = DOCUMENT.clone();
    document["servers"] = json!([{ "url": state.config.base_url }]);
    let kind = HeaderValue::from_static("application/json");
    let keep = HeaderValue::from_static("public, max-age=300");
    ([(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, keep)], document.to_string()).into_response()
}

fn assemble() -> Value {
    let settings = SchemaSettings::draft2020_12().with(|s| {
        s.definitions_path = "/components/schemas".into();
        s.meta_schema = None;
    });
    let mut generator = settings.into_generator();
    let mut paths = Map::new();
    for endpoint in endpoints() {
        let operation = operation(&endpoint, &mut generator);
        let path = paths.entry(endpoint.path).or_insert_with(|| json!({}));
        path[endpoint.method.as_str().to_ascii_lowercase()] = operation;
    }
    let mut schemas = generator.take_definitions(true);
    schemas.insert("Problem".into(), problem_schema());
    json!({
        "openapi": "3.1.0",
        "jsonSchemaDialect": "https://json-schema.org/draft/2020-12/schema",
        "info": {
            "title": "联执 API",
            "version": "1",
            "summary": "城市管理综合行政执法协同平台",
            "description": "出错时一律返回 RFC 9457 问题（application/problem+json），写明违反的规则、出处和办法。\
                每个 POST 都可带 Idempotency-Key：七天内用同一个值重试得到同一个答复。",
            "license": { "name": "Apache-2.0", "identifier": "Apache-2.0" }
        },
        "servers": [{ "url": "/" }],
        "security": [{ "bearer": [] }, { "session": [] }],
        "paths": paths,
        "components": {
            "schemas": schemas,
            "securitySchemes": {
                "bearer": { "type": "http", "scheme": "bearer", "description": "令牌由本人签发，有权限范围和期限。" },
                "session": {
                    "type": "apiKey", "in": "cookie", "name": "lianzhi",
                    "description": "浏览器登录（名称末尾另有节点代码）；更改数据时另带请求头 X-CSRF-Token。"
                }
            },
            "responses": {
                "Problem": {
                    "description": "出错：规则、出处、办法",
                    "content": { "application/problem+json": { "schema": { "$ref": "#/components/schemas/Problem" } } }
                }
            }
        }
    })
}

fn problem_schema() -> Value {
    let text = |about: &str| json!({ "type": "string", "description": about });
    json!({
        "type": "object",
        "properties": {
            "type": text("urn:lianzhi:problem:<code>"),
            "title": text("一句话"),
            "status": { "type": "integer" },
            "detail": text("规则、出处和办法连成一段"),
            "code": text("供程序判断的固定名称"),
            "field": text("出错的字段"),
            "rule": text("违反的规则"),
            "source": text("规则的出处"),
            "remedy": text("怎样就可以"),
        },
        "required": ["type", "title", "status", "detail", "code", "rule", "source", "remedy"]
    })
}

fn operation(endpoint: &Endpoint, generator: &mut SchemaGenerator) -> Value {
    let mut parameters: Vec<Value> = endpoint
        .path
        .split('/')
        .filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'))
        .map(|name| json!({ "name": name, "in": "path", "required": true, "schema": { "type": "string" } }))
        .collect();
    parameters.extend(query_parameters(endpoint, generator));
    if endpoint.repeats.is_some() {
        parameters.push(json!({
            "name": "Idempotency-Key", "in": "header", "required": false,
            "description": "随机值；重试时原样带上，得到同一个答复。",
            "schema": { "type": "string", "minLength": 8, "maxLength": 128 }
        }));
    }
    let (status, gives) = endpoint.gives;
    let mut good = json!({ "description": "成功" });
    match gives {
        Gives::Nothing => {}
        Gives::Json(shape) => good["content"] = json!({ "application/json": { "schema": shape(generator) } }),
        Gives::Media(media) => {
            let mut content = Map::new();
            content.insert(media.into(), json!({}));
            good["content"] = Value::Object(content);
        }
    }
    let mut responses = Map::new();
    responses.insert(status.to_string(), good);
    responses.insert("default".into(), json!({ "$ref": "#/components/responses/Problem" }));
    let mut operation = json!({
        "operationId": operation_id(endpoint),
        "summary": endpoint.title,
        "parameters": parameters,
        "responses": responses,
    });
    if !endpoint.about.is_empty() {
        operation["description"] = endpoint.about.into();
    }
    if endpoint.need != Need::SignedIn {
        operation["security"] = json!([{}, { "bearer": [] }, { "session": [] }]);
    }
    match endpoint.carries {
        Carries::Nothing => {}
        Carries::Json(shape) => {
            let schema = shape(generator);
            operation["requestBody"] =
                json!({ "required": true, "content": { "application/json": { "schema": schema } } });
        }
        Carries::Parts(parts) => {
            let properties: Map<String, Value> = parts
                .iter()
                .map(|(name, file, about)| {
                    let mut schema = json!({ "type": "string", "description": about });
                    if *file {
                        schema["contentMediaType"] = "application/octet-stream".into();
                    }
                    ((*name).to_owned(), schema)
                })
                .collect();
            let schema = json!({ "type": "object", "properties": properties });
            operation["requestBody"] =
                json!({ "required": true, "content": { "multipart/form-data": { "schema": schema } } });
        }
        Carries::Bytes(media) => {
            let mut content = Map::new();
            content.insert(media.into(), json!({}));
            operation["requestBody"] = json!({ "required": false, "content": content });
        }
    }
    operation
}

fn query_parameters(endpoint: &Endpoint, generator: &mut SchemaGenerator) -> Vec<Value> {
    let Some(query) = endpoint.query else { return Vec::new() };
    let mut schema = query(generator).to_value();
    if let Some(name) = schema.get("$ref").and_then(Value::as_str).and_then(|r| r.rsplit('/').next()) {
        schema = generator.definitions().get(name).cloned().unwrap_or_default();
    }
    let required: Vec<&str> = schema
        .get("required")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect();
    let properties = schema.get("properties").and_then(Value::as_object);
    properties
        .into_iter()
        .flatten()
        .map(|(name, schema)| {
            json!({ "name": name, "in": "query", "required": required.contains(&name.as_str()), "schema": schema })
        })
        .collect()
}

fn operation_id(endpoint: &Endpoint) -> String {
    let words: Vec<&str> = endpoint
        .path
        .trim_start_matches("/api/v1")
        .split(['/', '{', '}'])
        .filter(|word| !word.is_empty())
        .collect();
    format!("{}_{}", endpoint.method.as_str().to_ascii_lowercase(), words.join("_"))
}

/// The readable page.
async fn page() -> Html<String> {
    static PAGE: LazyLock<String> = LazyLock::new(write_page);
    Html(PAGE.clone())
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

fn write_page() -> String {
    let mut out = String::from(
        "<!doctype html><html lang=\"zh-CN\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width,initial-scale=1\"><title>联执 API</title>",
    );
    for sheet in ["tokens.css", "components.css", "app.css"] {
        let _ = write!(out, "<link rel=\"stylesheet\" href=\"{}\">", crate::pages::asset_url(sheet));
    }
    out.push_str("</head><body class=\"plain\"><main class=\"page\" id=\"main\"><h1>联执 API</h1>");
    for paragraph in [
        "机器可读的定义：<a href=\"/api/openapi.json\">/api/openapi.json</a>（OpenAPI 3.1）。",
        "身份：请求头 <code>Authorization: Bearer 令牌</code>。令牌在“我的”页面签发，有权限范围（read、write、report、admin）和期限。",
        "重试：每个 POST 可带 <code>Idempotency-Key</code>，七天内同一个值得到同一个答复，不会办两次。",
        "出错：<code>application/problem+json</code>（RFC 9457），<code>rule</code> 是违反的规则，<code>source</code> 是出处，\
         <code>remedy</code> 是办法，<code>code</code> 供程序判断，<code>field</code> 指出字段。",
        "时间为 RFC 3339；坐标为度，缺省 WGS-84；类别为 E 或 P 加五位数字，只写五位即指事项。",
    ] {
        let _ = write!(out, "<p>{paragraph}</p>");
    }
    for endpoint in endpoints() {
        let who = match endpoint.need {
            Need::Anybody => "任何人",
            Need::Rated(_) => "任何人（公众限频）",
            Need::SignedIn => "须登录或令牌",
        };
        let _ = write!(
            out,
            "<section class=\"card\"><h2><code>{} {}</code></h2><p>{}</p>",
            endpoint.method,
            escape(endpoint.path),
            escape(endpoint.title)
        );
        if !endpoint.about.is_empty() {
            let _ = write!(out, "<p>{}</p>", escape(endpoint.about));
        }
        let _ = write!(out, "<p>{who}；令牌范围 <code>{}</code>。", endpoint.scope.code());
        let names = api::parameters(&endpoint);
        if !names.is_empty() {
            let _ = write!(out, "参数：<code>{}</code>。", escape(&names.join(", ")));
        }
        out.push_str("</p></section>");
    }
    out.push_str("</main></body></html>");
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_reference_in_the_document_leads_somewhere() {
        fn walk<'a>(value: &'a Value, found: &mut BTreeSet<&'a str>) {
            match value {
                Value::Object(map) => {
                    for (key, value) in map {
                        match value {
                            Value::String(text) if key == "$ref" => {
                                found.insert(text);
                            }
                            _ => walk(value, found),
                        }
                    }
                }
                Value::Array(list) => list.iter().for_each(|value| walk(value, found)),
                _ => {}
            }
        }
        let mut found = BTreeSet::new();
        walk(openapi(), &mut found);
        assert!(!found.is_empty());
        for reference in found {
            let pointer = reference.strip_prefix('#').unwrap_or_else(|| panic!("{reference} leads outside"));
            assert!(openapi().pointer(pointer).is_some(), "{reference} leads nowhere");
        }
    }

    #[test]
    fn every_operation_has_a_name_of_its_own_and_explains_errors() {
        let mut names = BTreeSet::new();
        for (path, methods) in openapi()["paths"].as_object().unwrap() {
            for (method, operation) in methods.as_object().unwrap() {
                let name = operation["operationId"].as_str().unwrap();
                assert!(names.insert(name), "{method} {path}: {name} twice");
                assert!(operation["responses"]["default"].is_object());
            }
        }
    }
}

//! Style, script and icons, served by the program itself under addresses that carry their digest, so that a browser
//! keeps them for good and never sees an old one.

use axum::extract::Path;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use rust_embed::RustEmbed;
use std::collections::HashMap;
use std::sync::LazyLock;

#[derive(RustEmbed)]
#[folder = "assets/"]
struct Files;

/// Characters of the digest in an address: 48 bits keep versions of one file apart.
const DIGEST_CHARS: usize = 12;

static URLS: LazyLock<HashMap<String, String>> = LazyLock::new(|| {
    Files::iter()
        .filter_map(|name| {
            let file = Files::get(&name)?;
            let digest: String =
                hex::encode(file.metadata.sha256_hash()).chars().take(DIGEST_CHARS).collect();
            Some((name.to_string(), format!("/assets/{digest}/{name}")))
        })
        .collect()
});

/// The address of an asset; an unknown name gives an address that answers 404.
pub fn url(name: &str) -> &'static str {
    URLS.get(name).map_or("/assets/none", String::as_str)
}

fn media(name: &str) -> &'static str {
    match name.rsplit('.').next() {
        Some("css") => "text/css; charset=utf-8",
        Some("js" | "mjs") => "text/javascript; charset=utf-8",
        Some("svg") => "image/svg+xml",
        Some("woff2") => "font/woff2",
        _ => "application/octet-stream",
    }
}

/// `GET /assets/{digest}/{name}`.
pub(super) async fn serve(Path((digest, name)): Path<(String, String)>) -> Response {
    let Some(file) = Files::get(&name) else { return StatusCode::NOT_FOUND.into_response() };
    // An old address is answered with what there is now, but not kept.
    let current = url(&name) == format!("/assets/{digest}/{name}");
    let keep = if current { "public, max-age=31536000, immutable" } else { "no-cache" };
    let mut response = file.data.into_owned().into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(media(&name)));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(keep));
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_asset_has_an_address_with_its_digest() {
        for name in [
            "tokens.css",
            "components.css",
            "app.css",
            "app.js",
            "vendor/htmx/htmx.min.js",
            "icons.svg",
            "mark.svg",
        ] {
            let url = url(name);
            assert!(url.ends_with(name), "{name}: {url}");
            assert_eq!(url.len(), "/assets//".len() + DIGEST_CHARS + name.len());
        }
    }

    #[test]
    fn no_asset_needs_an_inline_style_or_another_host() {
        for name in Files::iter() {
            let file = Files::get(&name).expect("listed");
            if name.starts_with("vendor/") {
                continue; // The security policy keeps those from other hosts; the journeys check that.
            }
            let text = String::from_utf8_lossy(&file.data).into_owned();
            assert!(!text.contains("http://") || name.ends_with(".svg"), "{name} names another host");
            assert!(!text.contains("https://"), "{name} names another host");
        }
    }
}

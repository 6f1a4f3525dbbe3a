//! The agency's electronic seal over HTTP, against a service that behaves and one that does not.

use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::post;
use bytes::Bytes;
use lianzhi_app::ports::{Seal, SealError, ToSeal};
use lianzhi_ids::Digest;
use lianzhi_link::{HttpSeal, SealConfig, SealConfigError};
use parking_lot::Mutex;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;

const PDF: &[u8] = b"%PDF-1.7 the paper";
const MAX: usize = 1_000;

/// What a service was sent.
type Heard = Arc<Mutex<Vec<(HeaderMap, Bytes)>>>;

async fn answer(State(heard): State<Heard>, headers: HeaderMap, body: Bytes) -> Response {
    heard.lock().push((headers, body.clone()));
    ([(header::CONTENT_TYPE, "application/pdf")], [body.as_ref(), b" sealed"].concat()).into_response()
}

async fn slow() -> Response {
    tokio::time::sleep(Duration::from_secs(30)).await;
    StatusCode::OK.into_response()
}

/// Starts a service; gives its address and what it was sent.
async fn service() -> (String, Heard) {
    let heard = Heard::default();
    let refuse = || async { (StatusCode::FORBIDDEN, "印章已经停用\r\n") };
    let router = Router::new()
        .route("/seal", post(answer))
        .route("/refuses", post(refuse))
        .route("/slow", post(slow))
        .route("/large", post(|| async { [b"%PDF-".as_slice(), &[b'x'; MAX]].concat() }))
        .route("/page", post(|| async { "<html>sign in</html>" }))
        .route("/elsewhere", post(|| async { Redirect::temporary("/seal") }))
        .with_state(heard.clone());
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(axum::serve(listener, router).into_future());
    (url, heard)
}

fn config(url: String) -> SealConfig {
    SealConfig { url, token: Some("s3cret".into()), patience: Duration::from_secs(2), bytes_max: MAX }
}

async fn seal(url: String) -> Result<Bytes, SealError> {
    let document = ToSeal {
        agency: "青浦区城管执法局".into(),
        title: "行政处罚决定书".into(),
        number: "沪青罚决字〔2026〕𠅤1号".into(),
        pdf: Bytes::from_static(PDF),
        digest: Digest([7; 32]),
    };
    HttpSeal::new(&config(url)).unwrap().seal(&document).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_paper_goes_there_with_its_number_and_the_token_and_comes_back_sealed() {
    let (url, heard) = service().await;
    let sealed = seal(format!("{url}/seal")).await.unwrap();
    assert_eq!(sealed, [PDF, b" sealed"].concat());
    let heard = heard.lock();
    let (headers, body) = &heard[0];
    assert_eq!(body, PDF);
    assert_eq!(headers["authorization"], "Bearer s3cret");
    assert_eq!(headers["content-type"], "application/pdf");
    assert_eq!(headers["idempotency-key"], "07".repeat(32));
    let told: serde_json::Value = serde_json::from_slice(headers["lianzhi-document"].as_bytes()).unwrap();
    assert_eq!(told["number"], "沪青罚决字〔2026〕𠅤1号");
    assert_eq!((&told["agency"], &told["title"]), (&"青浦区城管执法局".into(), &"行政处罚决定书".into()));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whatever_else_comes_back_is_no_sealed_paper_and_says_why() {
    let (url, heard) = service().await;
    assert_eq!(
        seal(format!("{url}/refuses")).await,
        Err(SealError::Refused { status: 403, reason: "印章已经停用".into() })
    );
    assert_eq!(seal(format!("{url}/slow")).await, Err(SealError::Slow(2)));
    assert_eq!(seal(format!("{url}/large")).await, Err(SealError::TooLarge(MAX)));
    assert_eq!(seal(format!("{url}/page")).await, Err(SealError::NoPdf));
    // A redirect is not followed: nobody sends the paper elsewhere.
    assert!(matches!(seal(format!("{url}/elsewhere")).await, Err(SealError::Refused { status: 307, .. })));
    assert!(heard.lock().is_empty());
    // Nobody listens there any more.
    let gone = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    assert!(matches!(seal(format!("http://{gone}/seal")).await, Err(SealError::Unreachable(_))));
}

#[test]
fn the_token_goes_over_an_open_line_on_this_machine_only() {
    for url in
        ["http://seal.example.cn/seal", "http://10.0.0.8/seal", "ftp://127.0.0.1/", "/seal", "https:///seal"]
    {
        assert!(matches!(HttpSeal::new(&config(url.into())), Err(SealConfigError::Url(_))), "{url}");
    }
    for url in ["https://seal.example.cn/seal", "https://10.0.0.8/seal", "http://localhost:8080/seal"] {
        let seal = HttpSeal::new(&config(url.into())).unwrap();
        assert!(!format!("{seal:?}").contains("s3cret"));
    }
    let bad = SealConfig { token: Some("two\nlines".into()), ..config("https://seal.example.cn/".into()) };
    assert!(matches!(HttpSeal::new(&bad), Err(SealConfigError::Token)));
}

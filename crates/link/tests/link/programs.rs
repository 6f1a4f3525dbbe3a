//! Members whose programs are not the same: limits and versions are kept to, and what is not understood is told at both ends.

use crate::hostile::{Asked, ENVELOPES, envelope, key, parcel, raw};
use axum::routing::{get, post};
use lianzhi_exchange::capabilities::{Capabilities, Limits};
use lianzhi_exchange::envelope::MEDIA_PARCEL;
use lianzhi_exchange::http::HEADER_VERSION;
use lianzhi_procedure::Kind;
use lianzhi_testkit::{Federation, Place, until};
use serde_json::{Value, json};
use std::sync::{Arc, Mutex};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn another_version_is_not_spoken_and_a_request_says_which_one_it_is() {
    let places = [Place::sqlite(), Place::sqlite()];
    let f = Federation::new(&places.each_ref()).await;
    let b = &f.sites[1];
    let asked = async |version: Option<&str>| {
        let asked = Asked::get("/exchange/v1/capabilities", "310118", 0);
        let mut headers = asked.headers(b);
        headers.retain(|(name, _)| *name != HEADER_VERSION);
        headers.extend(version.map(|version| (HEADER_VERSION, version.to_owned())));
        raw(b, "GET", "/exchange/v1/capabilities", &headers, Vec::new()).await
    };
    let (status, problem) = asked(Some("2")).await;
    assert_eq!((status, &problem["code"]), (501, &json!("version")), "{problem}");
    for version in [Some("x"), Some("")] {
        assert_eq!(asked(version).await.0, 501);
    }
    assert_eq!(asked(None).await.0, 400);
    assert_eq!(asked(Some("1")).await.0, 200);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_member_takes_at_once_is_kept_to() {
    let places = [Place::sqlite(), Place::sqlite()];
    let mut f = Federation::new(&places.each_ref()).await;
    // In the place of the second member stands a program that takes one parcel at a time and one version more.
    f.sites[1].stop().await;
    let document = Capabilities {
        node: f.sites[1].code.clone(),
        at: f.sites[1].node.app.now(),
        versions: vec![1, 2],
        kinds: vec!["lead".into()],
        suites: Vec::new(),
        limits: Limits { parcels: 1, ..Limits::default() },
    };
    let statement = document.sign(&key(1)).unwrap();
    let (sizes, versions) = (Arc::new(Mutex::new(Vec::new())), Arc::new(Mutex::new(Vec::new())));
    let (taken, spoken) = (sizes.clone(), versions.clone());
    let router = axum::Router::new()
        .route("/exchange/v1/capabilities", get(async move || axum::Json(statement)))
        .route(
            "/exchange/v1/envelopes",
            post(async move |headers: http::HeaderMap, body: axum::Json<Value>| {
                spoken.lock().unwrap().push(headers[HEADER_VERSION].to_str().unwrap().to_owned());
                let n = body.as_array().unwrap().len();
                taken.lock().unwrap().push(n);
                let later =
                    json!({ "refused": { "code": "busy", "message": "", "remedy": "retry", "status": 503 } });
                axum::Json(vec![later; n])
            }),
        );
    let listener = tokio::net::TcpListener::bind(f.sites[1].address).await.unwrap();
    let served = tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
    f.sites[0].start();
    let a = &f.sites[0];
    until("its document is read", async || a.sees(&f.sites[1]).await.program.is_some()).await;
    assert_eq!(a.sees(&f.sites[1]).await.program.unwrap().versions, [1, 2]);
    for _ in 0..3 {
        a.send(Kind::Lead, &["320509"], json!({})).await.unwrap();
    }
    // All three are due at once every few minutes, and go one by one.
    until("they were sent", async || {
        f.clock.advance(jiff::SignedDuration::from_mins(6));
        sizes.lock().unwrap().len() >= 9
    })
    .await;
    assert!(sizes.lock().unwrap().iter().all(|n| *n == 1), "{sizes:?}");
    assert!(versions.lock().unwrap().iter().all(|v| v == "1"), "the latest that both know");
    served.abort();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_not_understood_is_told_at_both_ends() {
    let places = [Place::sqlite(), Place::sqlite()];
    let f = Federation::new(&places.each_ref()).await;
    let [a, b] = &f.sites[..] else { panic!() };
    assert_eq!(b.node.app.not_understood().await.unwrap(), 0);
    let strange = envelope("inspection", 91, r#"{"act":"begin"}"#, &["320509"], None);
    let body = parcel(&strange, 0);
    let (status, answer) = Asked::post(ENVELOPES, MEDIA_PARCEL, body, "310118", 0).send(b).await;
    assert_eq!(status, 200, "{answer}");
    assert_eq!(b.node.app.not_understood().await.unwrap(), 1);
    // A lead that got such a receipt, as an older program gives it, is not shown as if it were read there.
    let id = a.send(Kind::Lead, &["320509"], json!({})).await.unwrap();
    let view = async || {
        let view = a.node.app.matter(&a.node.as_("liaison"), id).await.unwrap();
        view.shared.unwrap().deliveries.remove(0)
    };
    assert_eq!((view().await.received, view().await.understood), (false, true));
    let sent = a.outbox(id).await.remove(0).envelope;
    let receipt = serde_json::to_vec(&answer["receipt"]).unwrap();
    a.node.app.store().exchange.outbox_done(&b.code, &[(sent, receipt)]).await.unwrap();
    assert_eq!((view().await.received, view().await.understood), (true, false));
}

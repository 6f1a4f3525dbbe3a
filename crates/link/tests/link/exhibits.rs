//! Files travel by digest, piece by piece, and go on where they stopped.

use bytes::Bytes;
use lianzhi_app::ports::UploadRow;
use lianzhi_ids::Digest;
use lianzhi_procedure::Kind;
use lianzhi_testkit::{Federation, Place, Site, until};
use serde_json::json;

/// Longer than one piece, and no whole number of them.
const SIZE: usize = (11 << 20) + 777;

fn content() -> Vec<u8> {
    let mut bytes = b"\x89PNG\r\n\x1a\n".to_vec();
    bytes.extend((0..SIZE - bytes.len()).map(|n| (n * 31 % 251) as u8));
    bytes
}

/// Takes a file into custody.
pub async fn deposit(site: &Site, id: &str, bytes: Vec<u8>) -> Digest {
    let blobs = &site.node.app.store().blobs;
    let row = UploadRow {
        id: id.into(),
        size: bytes.len() as i64,
        offset: 0,
        name: "现场.png".into(),
        uploader: "person:handler".into(),
        at: 1,
        digest: None,
    };
    blobs.start(&row).await.unwrap();
    blobs.append(id, 0, Bytes::from(bytes)).await.unwrap();
    blobs.finish(id, "image/png", 1).await.unwrap().digest
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_file_comes_in_pieces_and_goes_on_where_it_stopped() {
    let places = [Place::sqlite(), Place::sqlite()];
    let mut f = Federation::new(&places.each_ref()).await;
    let digest = deposit(&f.sites[0], "u1", content()).await;
    f.sites[0].start();
    let id = f.sites[0].send(Kind::Evidence, &["320509"], json!({ "exhibits": [digest] })).await.unwrap();
    until("the matter arrives", async || f.sites[1].docket_of(&f.sites[0], id).await.is_some()).await;
    let there = f.sites[1].docket_of(&f.sites[0], id).await.unwrap();
    let (a, b) = (f.sites[0].code.clone(), f.sites[1].node.app.clone());
    // The first bytes came, then the line broke.
    let wanted = b.wanted_due(&a, 10).await.unwrap().pop().unwrap();
    assert_eq!((wanted.digest, wanted.size), (digest, SIZE as i64));
    let mut fetch = b.fetch(wanted.clone()).await.unwrap().unwrap();
    b.fetched(&mut fetch, Bytes::from(content()[..5_000_000].to_vec())).await.unwrap();
    let again = b.wanted_due(&a, 10).await.unwrap().pop().unwrap();
    assert_eq!(b.fetch(again).await.unwrap().unwrap().have, 5_000_000);
    f.sites[1].start();
    until("the file is here", async || b.wanted_of(there).await.unwrap().iter().all(|row| row.done)).await;
    let row = b.store().blobs.exhibits(&[digest]).await.unwrap().pop().unwrap();
    assert_eq!((row.size, row.media.as_str(), row.docket), (SIZE as i64, "image/png", Some(there)));
    // Both ends have it in the record: who fetched it, and that it is here.
    until("the fetch is recorded", async || f.sites[0].node.events(id.0).await.contains(&"served".into()))
        .await;
    assert!(f.sites[1].node.events(there.0).await.contains(&"arrived".into()));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_file_that_is_not_what_its_digest_says_is_not_taken() {
    let places = [Place::sqlite(), Place::sqlite()];
    let mut f = Federation::new(&places.each_ref()).await;
    let digest = deposit(&f.sites[0], "u1", content()).await;
    f.sites[0].start();
    let id = f.sites[0].send(Kind::Evidence, &["320509"], json!({ "exhibits": [digest] })).await.unwrap();
    until("the matter arrives", async || f.sites[1].docket_of(&f.sites[0], id).await.is_some()).await;
    let there = f.sites[1].docket_of(&f.sites[0], id).await.unwrap();
    // The sender's disk gives other bytes of the same length.
    let hex = digest.to_string();
    let file = places[0].dir.path().join("blobs/objects").join(&hex[..2]).join(&hex[2..4]).join(&hex);
    let mut bytes = content();
    bytes[SIZE - 1] ^= 1;
    std::fs::remove_file(&file).unwrap();
    std::fs::write(&file, bytes).unwrap();
    f.sites[1].start();
    let b = f.sites[1].node.app.clone();
    until("it is found out", async || {
        b.wanted_of(there).await.unwrap().iter().any(|row| !row.done && row.error.contains("不符"))
    })
    .await;
    assert!(b.store().blobs.exhibits(&[digest]).await.unwrap().is_empty());
    assert!(!f.sites[1].node.events(there.0).await.contains(&"arrived".into()));
}

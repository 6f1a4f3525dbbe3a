//! What several tests need.

use bytes::Bytes;
use lianzhi_app::ports::UploadRow;
use lianzhi_app::verify::verify_node;
use lianzhi_docket::verify::Expect;
use lianzhi_ids::{Digest, NodeCode};
use lianzhi_testkit::{Node, city};

/// Everything in the store is as it was recorded.
pub async fn intact(node: &Node) {
    node.app.integrate_log().await;
    let expect = Expect::of(NodeCode::parse(city::NODE).unwrap(), node.app.log().verifier_key().clone());
    let keys = node.life.keys.clone();
    let report = verify_node(node.app.store(), Some(keys), expect, |_, _| {}).await.unwrap();
    assert!(report.is_intact(), "{report}");
    let size = node.app.store().journal.head().await.unwrap().size;
    assert_eq!(i64::try_from(report.log.covered).unwrap(), size, "a checkpoint covers everything");
}

/// A picture of one pixel.
pub const PIXEL: &[u8] = &[
    0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0x00, 0x00, 0x00, 0x0d, 0x49, 0x48, 0x44, 0x52, 0x00,
    0x00, 0x00, 0x01, 0x00, 0x00, 0x00, 0x01, 0x08, 0x00, 0x00, 0x00, 0x00, 0x3a, 0x7e, 0x9b, 0x55, 0x00,
    0x00, 0x00, 0x0a, 0x49, 0x44, 0x41, 0x54, 0x78, 0xda, 0x63, 0x60, 0x00, 0x00, 0x00, 0x02, 0x00, 0x01,
    0xe5, 0x27, 0xde, 0xfc, 0x00, 0x00, 0x00, 0x00, 0x49, 0x45, 0x4e, 0x44, 0xae, 0x42, 0x60, 0x82,
];

/// What in the projections is not what the record says.
pub async fn differences(node: &Node) -> Vec<String> {
    let expect = Expect::of(NodeCode::parse(city::NODE).unwrap(), node.app.log().verifier_key().clone());
    let keys = Some(node.life.keys.clone());
    verify_node(node.app.store(), keys, expect, |_, _| {}).await.unwrap().projections
}

/// Puts a photo into custody.
pub async fn photo(node: &Node, id: &str) -> Digest {
    upload(node, id, Bytes::from(format!("a photo: {id}")), "image/jpeg").await
}

/// Puts a signature into custody.
pub async fn signature(node: &Node, id: &str) -> Digest {
    upload(node, id, Bytes::from_static(PIXEL), "image/png").await
}

pub async fn upload(node: &Node, id: &str, bytes: Bytes, media: &str) -> Digest {
    let blobs = &node.app.store().blobs;
    let at = node.app.now().as_microsecond();
    let row = UploadRow {
        id: id.into(),
        size: i64::try_from(bytes.len()).unwrap(),
        offset: 0,
        name: "现场".into(),
        uploader: "person:officer-a1".into(),
        at,
        digest: None,
    };
    blobs.start(&row).await.unwrap();
    blobs.append(id, 0, bytes).await.unwrap();
    blobs.finish(id, media, at).await.unwrap().digest
}

/// Entries so far.
pub async fn size(node: &Node) -> i64 {
    node.app.store().journal.head().await.unwrap().size
}

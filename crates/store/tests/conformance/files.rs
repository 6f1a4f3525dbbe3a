//! Exhibits in custody.

use crate::place::{Place, batch, digest};
use bytes::Bytes;
use futures::TryStreamExt;
use lianzhi_app::ports::{Blobs, ExhibitRow, StoreError, UploadRow};
use lianzhi_ids::{Digest, DocketId};
use sha2::{Digest as _, Sha256};

fn upload(id: &str, size: usize, at: i64) -> UploadRow {
    UploadRow {
        id: id.into(),
        size: size as i64,
        offset: 0,
        name: "现场.jpg".into(),
        uploader: "public:10.0.0.1".into(),
        at,
        digest: None,
    }
}

fn sha(bytes: &[u8]) -> Digest {
    Digest(Sha256::digest(bytes).into())
}

async fn read(blobs: &dyn Blobs, digest: Digest, start: u64, end: u64) -> Vec<u8> {
    let chunks: Vec<Bytes> = blobs.read(digest, start, end).await.unwrap().try_collect().await.unwrap();
    chunks.concat()
}

pub async fn whole(blobs: &dyn Blobs, id: &str, bytes: &[u8], at: i64) -> ExhibitRow {
    blobs.start(&upload(id, bytes.len(), at)).await.unwrap();
    blobs.append(id, 0, Bytes::copy_from_slice(bytes)).await.unwrap();
    blobs.finish(id, "image/jpeg", at).await.unwrap()
}

pub async fn an_upload_grows_only_at_its_offset(place: &Place) {
    let store = place.store().await;
    let b = &*store.blobs;
    b.start(&upload("u1", 10, 1)).await.unwrap();
    assert_eq!(b.append("u1", 0, Bytes::from_static(b"01234")).await.unwrap(), 5);
    for offset in [0, 4, 6, 10, -1] {
        let wrong = b.append("u1", offset, Bytes::from_static(b"x")).await;
        assert!(matches!(wrong, Err(StoreError::HeadMoved)), "{offset}");
    }
    assert!(matches!(b.finish("u1", "text/plain", 1).await, Err(StoreError::HeadMoved)), "not whole yet");
    assert!(b.append("u1", 5, Bytes::from_static(b"567890")).await.is_err(), "longer than announced");
    assert!(matches!(b.append("u2", 0, Bytes::new()).await, Err(StoreError::Missing)));
    assert_eq!(b.append("u1", 5, Bytes::from_static(b"56789")).await.unwrap(), 10);
    assert_eq!(b.peek("u1", 3).await.unwrap(), "012");
    let exhibit = b.finish("u1", "text/plain", 7).await.unwrap();
    assert_eq!(exhibit.digest, sha(b"0123456789"));
    assert_eq!((exhibit.size, exhibit.media.as_str(), exhibit.at), (10, "text/plain", 7));
    assert_eq!(b.finish("u1", "text/plain", 8).await.unwrap(), exhibit, "finishing again says the same");
    assert!(matches!(b.append("u1", 10, Bytes::new()).await, Err(StoreError::HeadMoved)));
    assert_eq!(b.upload("u1").await.unwrap().unwrap().digest, Some(exhibit.digest));
    assert_eq!(read(b, exhibit.digest, 0, 10).await, b"0123456789");
    assert_eq!(read(b, exhibit.digest, 3, 5).await, b"34");
    assert_eq!(read(b, exhibit.digest, 8, 99).await, b"89");
    assert!(matches!(b.read(digest(1), 0, 1).await, Err(StoreError::Missing)));
}

pub async fn an_upload_goes_on_after_opening_again(place: &Place) {
    let bytes: Vec<u8> = (0..900_000_u32).map(|i| (i * 7 % 251) as u8).collect();
    {
        let store = place.store().await;
        store.blobs.start(&upload("u1", bytes.len(), 1)).await.unwrap();
        store.blobs.append("u1", 0, Bytes::copy_from_slice(&bytes[..500_000])).await.unwrap();
    }
    // What arrived without being acknowledged is on disk but not in the row.
    let staged = place.dir.path().join("blobs/staging/u1");
    let mut torn = std::fs::read(&staged).unwrap();
    torn.extend_from_slice(&[0xff; 1_000]);
    std::fs::write(&staged, torn).unwrap();

    let store = place.store().await;
    let at = store.blobs.upload("u1").await.unwrap().unwrap().offset;
    assert_eq!(at, 500_000);
    store.blobs.append("u1", at, Bytes::copy_from_slice(&bytes[500_000..])).await.unwrap();
    let exhibit = store.blobs.finish("u1", "video/mp4", 2).await.unwrap();
    assert_eq!(exhibit.digest, sha(&bytes));
    assert_eq!(read(&*store.blobs, exhibit.digest, 0, u64::MAX).await, bytes, "in several chunks");
    assert!(!staged.exists());
}

pub async fn the_same_file_twice_is_one_exhibit(place: &Place) {
    let store = place.store().await;
    let b = &*store.blobs;
    let first = whole(b, "u1", b"same", 1).await;
    let second = whole(b, "u2", b"same", 2).await;
    assert_eq!(first, second);
    assert_eq!(b.all_exhibits(None, 10).await.unwrap(), std::slice::from_ref(&first));
    assert_eq!(b.all_exhibits(Some(first.digest), 10).await.unwrap(), []);
    assert_eq!(b.exhibits(&[first.digest, digest(5)]).await.unwrap(), [first]);
    assert_eq!(b.uploaded_since("public:10.0.0.1", 1).await.unwrap(), 8);
    assert_eq!(b.uploaded_since("public:10.0.0.1", 2).await.unwrap(), 4);
    assert_eq!(b.uploaded_since("public:10.0.0.2", 0).await.unwrap(), 0);
}

pub async fn names_cannot_leave_the_folder(place: &Place) {
    let store = place.store().await;
    for id in ["../x", "a/b", "", ".", "..", "a\0b", "占"] {
        assert!(store.blobs.start(&upload(id, 1, 1)).await.is_err(), "{id:?}");
        assert!(store.blobs.peek(id, 1).await.is_err(), "{id:?}");
    }
    for what in ["../x", "", "a/b", "A"] {
        assert!(store.blobs.put_derived(digest(1), what, Bytes::new()).await.is_err(), "{what:?}");
    }
}

pub async fn sweeping_takes_what_nobody_cites(place: &Place) {
    let store = place.store().await;
    let b = &*store.blobs;
    let cited = whole(b, "u1", b"cited", 10).await;
    let old = whole(b, "u2", b"old", 10).await;
    let young = whole(b, "u3", b"young", 100).await;
    b.start(&upload("u4", 9, 10)).await.unwrap();
    b.put_derived(old.digest, "thumb", Bytes::from_static(b"t")).await.unwrap();
    b.put_derived(cited.digest, "thumb", Bytes::from_static(b"t")).await.unwrap();
    let mut claim = batch(&store.journal.head().await.unwrap(), 1);
    claim.claims = vec![(cited.digest, DocketId(1))];
    store.journal.commit(&claim).await.unwrap();
    let mut again = batch(&claim.head, 1);
    again.claims = vec![(cited.digest, DocketId(2))];
    store.journal.commit(&again).await.unwrap();

    assert_eq!(b.sweep(50).await.unwrap(), 2, "the unfinished upload and the old exhibit");
    assert_eq!(b.sweep(50).await.unwrap(), 0);
    let cited = ExhibitRow { docket: Some(DocketId(1)), ..cited };
    let kept = b.exhibits(&[cited.digest]).await.unwrap();
    assert_eq!(kept, std::slice::from_ref(&cited), "the first that cites it stays");
    assert_eq!(b.exhibits(&[old.digest]).await.unwrap(), []);
    assert!(matches!(b.read(old.digest, 0, 1).await, Err(StoreError::Missing)));
    assert_eq!(b.derived(old.digest, "thumb").await.unwrap(), None);
    assert_eq!(b.derived(cited.digest, "thumb").await.unwrap().unwrap(), "t");
    assert_eq!(read(b, cited.digest, 0, 9).await, b"cited");
    assert_eq!(read(b, young.digest, 0, 9).await, b"young");
    assert_eq!(b.upload("u4").await.unwrap(), None);
    assert!(!place.dir.path().join("blobs/staging/u4").exists());
}

pub async fn a_file_is_brought_only_as_what_its_digest_says(place: &Place) {
    let store = place.store().await;
    let b = &*store.blobs;
    let file = place.dir.path().join("copy");
    std::fs::write(&file, b"brought").unwrap();
    assert!(matches!(b.bring(sha(b"other"), &file).await, Err(StoreError::Damaged(_))));
    assert!(matches!(b.read(sha(b"other"), 0, 1).await, Err(StoreError::Missing)));
    b.bring(sha(b"brought"), &file).await.unwrap();
    b.bring(sha(b"brought"), &file).await.unwrap();
    assert_eq!(read(b, sha(b"brought"), 0, 99).await, b"brought");
    assert_eq!(read(b, sha(b"brought"), 7, 99).await, b"", "nothing beyond the end");
    assert!(file.exists(), "the copy stays");
    assert!(matches!(b.bring(sha(b"x"), &place.dir.path().join("no")).await, Err(StoreError::Missing)));
    assert!(!b.probe().await.unwrap().is_empty());
}

pub async fn an_upload_that_was_given_up_takes_nothing_more(place: &Place) {
    let store = place.store().await;
    let b = &*store.blobs;
    b.start(&upload("u1", 10, 1)).await.unwrap();
    b.append("u1", 0, Bytes::from_static(b"01234")).await.unwrap();
    b.abandon("u1").await.unwrap();
    assert!(!place.dir.path().join("blobs/staging/u1").exists());
    assert!(matches!(b.append("u1", 5, Bytes::from_static(b"5")).await, Err(StoreError::HeadMoved)));
    assert!(matches!(b.finish("u1", "text/plain", 1).await, Err(StoreError::HeadMoved)));
    assert_eq!(b.uploaded_since("public:10.0.0.1", 0).await.unwrap(), 5, "giving up frees no quota");
    b.abandon("u1").await.unwrap();
    assert!(matches!(b.abandon("u2").await, Err(StoreError::Missing)));
    let exhibit = whole(b, "u3", b"taken", 1).await;
    b.abandon("u3").await.unwrap();
    assert_eq!(read(b, exhibit.digest, 0, 9).await, b"taken", "it may have come from somebody else too");
    assert_eq!(b.sweep(50).await.unwrap(), 2, "the upload given up and the exhibit that nobody cites");
}

pub async fn a_large_file_goes_in_parts(place: &Place) {
    let store = place.store().await;
    let b = &*store.blobs;
    let bytes: Vec<u8> = (0..20_000_000_u32).map(|i| (i / 3 * 11 % 253) as u8).collect();
    let exhibit = whole(b, "u1", &bytes, 1).await;
    assert_eq!(exhibit.digest, sha(&bytes));
    assert_eq!(read(b, exhibit.digest, 0, u64::MAX).await, bytes);
    assert_eq!(read(b, exhibit.digest, 8_388_600, 8_388_620).await, bytes[8_388_600..8_388_620]);
    let objects = place.dir.path().join("blobs/objects");
    assert!(!objects.exists(), "nothing of it in the folder");
}

//! Photos in custody, for use as evidence.

use super::HistoryError;
use crate::picture;
use bytes::Bytes;
use jiff::Timestamp;
use lianzhi_app::App;
use lianzhi_app::ports::{StoreError, UploadRow};
use lianzhi_ids::Digest;
use lianzhi_procedure::ExhibitRef;
use rand::RngExt;
use rand::seq::IndexedRandom;
use rand_chacha::ChaCha12Rng;

/// Photos of each kind. Many matters share them: originals, each durable on its own, are what costs time.
const EACH: usize = 12;

/// Of them, how many other members may be sent.
const TO_SEND: usize = 4;

/// Samples of the recording in a second, and how many there are.
const SAMPLES: (u32, u32) = (8_000, 16_000);

/// A file with its bytes.
pub(crate) type Copied = (String, Bytes);

/// Photos in custody.
#[derive(Debug, Default)]
pub(crate) struct Photos {
    /// Those that other members may be sent.
    pub(crate) to_send: Vec<Copied>,
    pub(crate) before: Vec<Digest>,
    pub(super) after: Vec<Digest>,
    /// A signed and stamped page, scanned.
    pub(super) scan: Option<Digest>,
    /// A recording of what was said, for steps of which a picture is not enough.
    pub(super) sound: Option<Digest>,
    files: Vec<ExhibitRef>,
}

impl Photos {
    /// Some of them.
    pub(super) fn some(of: &[Digest], n: usize, rng: &mut ChaCha12Rng) -> Vec<Digest> {
        of.sample(rng, n).copied().collect()
    }

    /// Those that other members may be sent.
    pub(crate) fn sendable(&self) -> &[Digest] {
        self.before.get(..TO_SEND).unwrap_or_default()
    }

    /// Those of these that are in custody.
    pub(crate) fn in_custody(&self, digests: &[Digest]) -> Vec<ExhibitRef> {
        self.files.iter().filter(|f| digests.contains(&f.digest)).cloned().collect()
    }

    /// Makes them and takes them into custody.
    pub(crate) async fn take(
        app: &App,
        at: Timestamp,
        rng: &mut ChaCha12Rng,
    ) -> Result<Photos, HistoryError> {
        let mut pictures = Vec::new();
        for i in 0..2 * EACH {
            let id = format!("{:032x}", rng.random::<u128>());
            pictures.push((id, format!("photo-{i:02}.jpg"), picture::photo(i < EACH, rng)?));
        }
        let to_send = pictures.iter().take(TO_SEND);
        let to_send = to_send.map(|(_, name, bytes)| (name.clone(), Bytes::from(bytes.clone()))).collect();
        let stored = pictures
            .into_iter()
            .map(async |(id, name, bytes)| store(app, at, (id, name), bytes, "image/jpeg").await);
        let mut files: Vec<ExhibitRef> = futures::future::try_join_all(stored).await?;
        let digests: Vec<Digest> = files.iter().map(|f| f.digest).collect();
        let (before, after) = digests.split_at(EACH);
        let id = fresh(app);
        let sound = store(app, at, (id, "现场录音.wav".into()), recording(), "audio/x-wav").await?;
        let id = fresh(app);
        let scan = store(app, at, (id, "扫描件.jpg".into()), picture::scan()?, "image/jpeg").await?;
        let (scanned, heard) = (Some(scan.digest), Some(sound.digest));
        files.extend([scan, sound]);
        let (before, after) = (before.to_vec(), after.to_vec());
        Ok(Photos { to_send, before, after, scan: scanned, sound: heard, files })
    }
}

/// Two seconds of a low tone (WAV, one channel, eight bits): what a recorder leaves of a street.
fn recording() -> Vec<u8> {
    let (rate, n) = SAMPLES;
    let mut bytes = Vec::new();
    bytes.extend(b"RIFF");
    bytes.extend((36 + n).to_le_bytes());
    bytes.extend(b"WAVEfmt ");
    bytes.extend(16_u32.to_le_bytes());
    bytes.extend([1_u16, 1].map(u16::to_le_bytes).concat());
    bytes.extend([rate, rate].map(u32::to_le_bytes).concat());
    bytes.extend([1_u16, 8].map(u16::to_le_bytes).concat());
    bytes.extend(b"data");
    bytes.extend(n.to_le_bytes());
    // A square wave of a hundred and some hertz, barely off the middle.
    bytes.extend((0..n).map(|i| if i / 32 % 2 == 0 { 124 } else { 132 }));
    bytes
}

/// Takes in files of another member.
pub(super) async fn receive(
    app: &App,
    at: Timestamp,
    files: impl Iterator<Item = &Copied>,
) -> Result<(), StoreError> {
    let stored = files.map(async |(name, bytes)| {
        store(app, at, (fresh(app), name.clone()), bytes.to_vec(), "image/jpeg").await
    });
    futures::future::try_join_all(stored).await.map(|_| ())
}

/// An upload's name.
fn fresh(app: &App) -> String {
    let mut id = [0; 16];
    app.random(&mut id);
    id.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Takes a file into custody the way an upload does.
async fn store(
    app: &App,
    at: Timestamp,
    (id, name): (String, String),
    bytes: Vec<u8>,
    media: &str,
) -> Result<ExhibitRef, StoreError> {
    let at = at.as_microsecond();
    let size = i64::try_from(bytes.len()).unwrap_or(i64::MAX);
    let blobs = &app.store().blobs;
    let row =
        UploadRow { id: id.clone(), size, offset: 0, name, uploader: "system".into(), at, digest: None };
    blobs.start(&row).await?;
    blobs.append(&id, 0, Bytes::from(bytes)).await?;
    let row = blobs.finish(&id, media, at).await?;
    Ok(ExhibitRef { digest: row.digest, size: row.size.unsigned_abs(), media: row.media })
}

//! Photos in custody, for use as evidence.

use super::HistoryError;
use crate::ledger::NewFile;
use crate::{film, picture};
use bytes::Bytes;
use jiff::Timestamp;
use lianzhi_app::App;
use lianzhi_app::ports::{StoreError, UploadRow};
use lianzhi_ids::Digest;
use lianzhi_procedure::ExhibitRef;
use rand::seq::IndexedRandom;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha12Rng;
use std::collections::BTreeMap;

/// Photos of each kind. Many matters share them: originals, each durable on its own, are what costs time.
const EACH: usize = 12;

/// Of them, how many other members may be sent.
const TO_SEND: usize = 4;

/// How many photos there are of what cases of an item are about. Only these are made: originals cost time.
const SHOWN: [(&str, usize); 6] =
    [("JZLJ-01", 8), ("JZLJ-02", 4), ("JZLJ-07", 6), ("FS-03", 3), ("FW-02", 3), ("WJ-02", 3)];

/// Pages that people hand in: vouchers, receipts, declarations.
const PAGES: usize = 6;

/// Seed of the pictures of cases: they are the same everywhere, and reports do not depend on them.
const SEED: u64 = 0x00f1_1e5e;

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
    /// What cases of an item are about.
    shown: BTreeMap<&'static str, Vec<Digest>>,
    /// Signed and stamped pages, scanned.
    pub(super) pages: Vec<Digest>,
    /// A recording of what was said, for steps of which a picture is not enough.
    pub(super) sound: Option<Digest>,
    /// A film of what was taken away or torn down: all of it is recorded.
    pub(super) film: Option<Digest>,
    /// The agency's seal as a picture.
    pub(super) seal: Vec<u8>,
    files: Vec<ExhibitRef>,
}

impl Photos {
    /// Some of them.
    pub(super) fn some(of: &[Digest], n: usize, rng: &mut ChaCha12Rng) -> Vec<Digest> {
        of.sample(rng, n).copied().collect()
    }

    /// Those of what cases of an item are about.
    pub(super) fn shown(&self, item: &str) -> &[Digest] {
        self.shown.get(item).unwrap_or(&self.before)
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
        let files: Vec<ExhibitRef> = futures::future::try_join_all(stored).await?;
        let digests: Vec<Digest> = files.iter().map(|f| f.digest).collect();
        let (before, after) = digests.split_at(EACH);
        let (before, after) = (before.to_vec(), after.to_vec());
        Ok(Photos { to_send, before, after, files, ..Photos::default() })
    }

    /// Makes what cases need besides.
    pub(crate) async fn take_of_cases(&mut self, app: &App, at: Timestamp) -> Result<(), HistoryError> {
        let mut rng = ChaCha12Rng::seed_from_u64(SEED);
        let mut made = Vec::new();
        for (item, n) in SHOWN {
            for i in 1..=n {
                let name = format!("{item}-{i}.jpg");
                made.push((name, "image/jpeg", picture::scene(item, &mut rng)?));
            }
        }
        for i in 1..=PAGES {
            made.push((format!("扫描件{i}.jpg"), "image/jpeg", picture::page(&mut rng)?));
        }
        made.push(("现场录音.wav".into(), "audio/x-wav", recording()));
        made.push(("执法记录仪.mp4".into(), "video/mp4", film::film()));
        let stored = made
            .into_iter()
            .map(async |(name, media, bytes)| store(app, at, (fresh(app), name), bytes, media).await);
        let stored: Vec<ExhibitRef> = futures::future::try_join_all(stored).await?;
        let mut digests = stored.iter().map(|file| file.digest);
        for (item, n) in SHOWN {
            self.shown.insert(item, digests.by_ref().take(n).collect());
        }
        self.pages = digests.by_ref().take(PAGES).collect();
        (self.sound, self.film) = (digests.next(), digests.next());
        self.files.extend(stored);
        self.seal = picture::seal()?;
        Ok(())
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

/// Takes in files that came up on the way.
pub(super) async fn put(app: &App, files: Vec<NewFile>) -> Result<(), StoreError> {
    let stored = files.into_iter().map(async |file| {
        // An upload is named by what it holds: nothing is drawn by lot here, beside those who draw.
        let id = file.digest.to_string().chars().take(32).collect();
        store(app, file.at, (id, file.name), file.bytes, file.media).await
    });
    futures::future::try_join_all(stored).await.map(|_| ())
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

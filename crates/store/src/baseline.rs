//! What the engine does at best: the rows of intakes, inserted in groups and nothing else.
//!
//! `lianzhi bench intake` divides its own rate by this one: [`replay`] inserts the very rows that its intakes left, in
//! the real tables with the real indexes, each group in one durable transaction; what is left out is everything that
//! decides. [`run`] does the same with made-up rows, for a look at an engine without a node.

use crate::engine::{Link, values};
use crate::journal::all;
use crate::rows::Stored;
use crate::table::{ENTRY, MATTER, PART, TODO, Table};
use crate::{Database, Options, pairs, write};
use lianzhi_app::ports::{
    Batch, EntryRow, Head, Journal, MatterRow, PartRow, SearchRow, StoreError, TodoRow,
};
use lianzhi_ids::{Digest, DocketId};
use lianzhi_territory::{Point, cell};
use sqlx::AssertSqlSafe;
use std::collections::HashMap;
use std::path::Path;
use std::time::{Duration, Instant};

/// Rates of a run.
#[derive(Debug, Clone, Copy)]
pub struct Baseline {
    /// Intakes per second.
    pub intakes_per_s: f64,
    /// Rows per second, all tables together.
    pub rows_per_s: f64,
}

/// Time of the first made-up entry, micros: 2026-01-01 00:00 in Beijing.
const START: i64 = 1_767_196_800_000_000;

/// Words that made-up reports are put together from.
const WORDS: [&str; 48] = [
    "占道经营",
    "暴露垃圾",
    "共享单车",
    "乱停放",
    "违法搭建",
    "夜间施工",
    "噪声扰民",
    "油烟",
    "渣土车",
    "抛洒滴漏",
    "小广告",
    "店招破损",
    "路面坑洼",
    "井盖缺失",
    "绿化损坏",
    "水体污染",
    "群租",
    "楼道堆物",
    "飞线充电",
    "消防通道",
    "垃圾分类",
    "建筑垃圾",
    "装修垃圾",
    "偷倒",
    "公园路",
    "城中东路",
    "盈港路",
    "漕盈路",
    "华青路",
    "沪青平公路",
    "外青松公路",
    "朱家角",
    "赵巷",
    "徐泾",
    "华新",
    "白鹤",
    "重固",
    "金泽",
    "练塘",
    "夏阳街道",
    "盈浦街道",
    "香花桥",
    "小区门口",
    "菜场旁",
    "学校对面",
    "地铁站",
    "桥下",
    "河边",
];

/// A well-mixed number from a running one (SplitMix64): the same rows in every run.
fn mix(n: u64) -> u64 {
    let mut z = n.wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

fn digest(n: u64) -> Digest {
    let mut out = [0; 32];
    for (i, chunk) in out.chunks_exact_mut(8).enumerate() {
        chunk.copy_from_slice(&mix(n.wrapping_mul(4).wrapping_add(i as u64)).to_le_bytes());
    }
    Digest(out)
}

fn words(seed: u64, n: u64) -> String {
    (0..n).map(|i| WORDS[(mix(seed ^ (i << 40)) % WORDS.len() as u64) as usize]).collect()
}

/// A batch of made-up intakes that continues the log at `on`. Of those older than the newest `open` ones most are
/// closed, as in a city that keeps up.
#[must_use]
pub fn batch(on: &Head, intakes: usize, open_share: u64) -> Batch {
    let mut out = Batch { on: on.clone(), ..Batch::default() };
    let mut head = on.clone();
    for _ in 0..intakes {
        let id = head.next_docket;
        head.next_docket += 1;
        let seed = mix(id as u64);
        let at = START + id * 4_000_000;
        for seq in 0..2 {
            let n = seed ^ (seq as u64 + 1);
            let mut bytes = words(n, 4).into_bytes();
            bytes.resize(360, b'.');
            out.entries.push(EntryRow {
                pos: head.size,
                docket: DocketId(id),
                seq,
                at,
                bytes,
                salt: [seq as u8; 16],
                digest: digest(n),
                leaf: digest(n ^ 0x55),
            });
            out.parts.push(PartRow {
                digest: digest(n ^ 0xaa),
                docket: DocketId(id),
                kind: "narrative".into(),
                salt: [7; 16],
                key: Some(vec![seq as u8; 60]),
                sealed: Some(vec![seq as u8; 160]),
            });
            head.size += 1;
        }
        head.last_at = at;
        let is_open = seed % 1000 < open_share;
        let unit = format!("ZF{:02}", seed / 7 % 12);
        let assignee = format!("p{:03}", seed / 11 % 240);
        let lng = 120_900_000 + (seed / 13 % 400_000) as i32;
        let lat = 31_000_000 + (seed / 17 % 260_000) as i32;
        let due_at = is_open.then_some(at + 7_200_000_000 + (seed % 86_400) as i64 * 1_000_000);
        let title = words(seed, 3);
        let address = format!("{}{}号", words(seed ^ 3, 1), seed % 900);
        out.todos.extend((0..2).filter(|_| is_open).map(|n| TodoRow {
            docket: DocketId(id),
            who: if n == 0 { format!("p:{assignee}") } else { format!("r:leader@{unit}") },
            what: "accept".into(),
            due_at,
        }));
        out.search.push(SearchRow {
            docket: DocketId(id),
            text: format!("青案〔2026〕{id}号\n{title}\n{}\n{address}", words(seed ^ 5, 18)),
            secret: vec![],
        });
        out.matters.push(MatterRow {
            id: DocketId(id),
            kind: "report".into(),
            number: format!("青案〔2026〕{id}号"),
            seq: 2,
            last: Some(digest(seed)),
            pos: head.size,
            stage: if is_open { ["assigned", "accepted", "on_site"][(seed % 3) as usize] } else { "closed" }
                .into(),
            open: is_open,
            category: Some(format!("E{:02}{:03}", seed / 19 % 12, seed / 23 % 30)),
            unit: Some(unit),
            assignee: Some(assignee),
            grid: Some(format!("G{:03}", seed % 300)),
            lng: Some(lng),
            lat: Some(lat),
            cell: Some(cell::cell(Point { lng_e6: lng, lat_e6: lat })),
            source: ["citizen", "hotline", "patrol", "sensor"][(seed / 29 % 4) as usize].into(),
            title,
            address,
            reported_at: at,
            closed_at: (!is_open).then_some(at + 3_600_000_000),
            updated_at: at,
            due_at,
            due_name: "受理".into(),
            wake_at: due_at,
            follow: Some(digest(seed ^ 9)),
            ..MatterRow::default()
        });
    }
    out.head = head;
    out
}

/// Rows of a batch.
fn rows(batch: &Batch) -> usize {
    batch.entries.len() + batch.parts.len() + batch.matters.len() + batch.todos.len() + batch.search.len()
}

/// Times the insert of batches, in one durable transaction each.
struct Timed {
    database: Database,
    spent: Duration,
    intakes: usize,
    rows: usize,
}

impl Timed {
    /// On the empty database at `url`; `dir` takes what else an open store needs.
    async fn open(url: &str, dir: &Path) -> Result<Timed, StoreError> {
        let database = Database::open(&Options::new(url, dir)).await?;
        if database.head().await?.size != 0 {
            return Err(StoreError::Engine("the baseline wants an empty database".into()));
        }
        Ok(Timed { database, spent: Duration::ZERO, intakes: 0, rows: 0 })
    }

    async fn insert(&mut self, batch: &Batch) -> Result<(), StoreError> {
        let start = Instant::now();
        let texts = &self.database.db.texts;
        let mut tx = self.database.db.write().await?;
        let mut link = tx.link();
        write::head(texts, &mut link, batch).await?;
        write::journal(texts, &mut link, batch).await?;
        write::projections(texts, &mut link, batch, batch.on.next_docket).await?;
        tx.commit().await?;
        self.spent += start.elapsed();
        self.intakes += batch.matters.len();
        self.rows += rows(batch);
        Ok(())
    }

    async fn close(self) -> Baseline {
        self.database.db.close().await;
        let seconds = self.spent.as_secs_f64().max(f64::EPSILON);
        Baseline { intakes_per_s: self.intakes as f64 / seconds, rows_per_s: self.rows as f64 / seconds }
    }
}

/// Inserts `intakes` made-up intakes in transactions of `group` into the empty database at `url`; `dir` takes what
/// else an open store needs. Making the rows is not counted.
///
/// # Errors
/// As [`crate::open`]; and when the database is not empty.
pub async fn run(url: &str, dir: &Path, intakes: usize, group: usize) -> Result<Baseline, StoreError> {
    let mut timed = Timed::open(url, dir).await?;
    let mut head = timed.database.head().await?;
    while timed.intakes < intakes {
        let batch = batch(&head, group.max(1).min(intakes - timed.intakes), 1000);
        timed.insert(&batch).await?;
        head = batch.head;
    }
    Ok(timed.close().await)
}

/// Inserts the rows of the newest `intakes` matters of the database at `from`, whose life is their intake so far, in
/// transactions of `group` into the empty database at `url`. Reading them is not counted.
///
/// # Errors
/// As [`run`].
pub async fn replay(
    from: &str,
    url: &str,
    dir: &Path,
    intakes: usize,
    group: usize,
) -> Result<Baseline, StoreError> {
    let source = Database::open(&Options::new(from, dir)).await?;
    let mut timed = Timed::open(url, dir).await?;
    let mut conn = source.db.snapshot().await?;
    let mut link = conn.link();
    let sql = "SELECT id FROM matter WHERE kind = 'report' ORDER BY id DESC LIMIT $1";
    let mut ids = vec![];
    for row in link.fetch(sql, values![intakes as i64]).await? {
        ids.push(row.cells().int()?);
    }
    ids.reverse();
    // No index finds parts by their docket.
    let mut parts: HashMap<i64, Vec<PartRow>> = HashMap::new();
    if let Some(first) = ids.first() {
        let all = between::<PartRow>(&mut link, &PART, "docket", "docket", *first, i64::MAX).await?;
        all.into_iter().for_each(|part| parts.entry(part.docket.0).or_default().push(part));
    }
    let mut on = timed.database.head().await?;
    for group in ids.chunks(group.max(1)) {
        let (Some(first), Some(last)) = (group.first(), group.last()) else { break };
        on.next_docket = on.next_docket.max(*first);
        let mut batch = Batch {
            entries: between(&mut link, &ENTRY, "docket", "docket, seq", *first, *last).await?,
            parts: group.iter().filter_map(|id| parts.remove(id)).flatten().collect(),
            matters: between(&mut link, &MATTER, "id", "id", *first, *last).await?,
            todos: between(&mut link, &TODO, "docket", "docket", *first, *last).await?,
            search: vec![],
            ..Batch::default()
        };
        let sql = "SELECT docket, text, secret FROM search WHERE docket BETWEEN $1 AND $2";
        for row in link.fetch(sql, values![*first, *last]).await? {
            let mut c = row.cells();
            let (docket, text) = (c.docket()?, c.text()?);
            batch.search.push(SearchRow { docket, text, secret: pairs::unpack(&c.bytes()?).collect() });
        }
        batch.entries.sort_by_key(|entry| entry.pos);
        for (entry, pos) in batch.entries.iter_mut().zip(on.size..) {
            entry.pos = pos;
        }
        batch.on = on.clone();
        on.size += batch.entries.len() as i64;
        on.next_docket = *last + 1;
        on.last_at = batch.entries.last().map_or(on.last_at, |entry| entry.at);
        batch.head = on.clone();
        timed.insert(&batch).await?;
    }
    // Closing waits for all connections to come back.
    drop(conn);
    source.db.close().await;
    Ok(timed.close().await)
}

/// The rows of a table whose docket is one of some.
async fn between<T: Stored>(
    link: &mut Link<'_>,
    table: &Table,
    docket: &str,
    order: &str,
    first: i64,
    last: i64,
) -> Result<Vec<T>, StoreError> {
    let sql = format!(
        "SELECT {} FROM {} WHERE {docket} BETWEEN $1 AND $2 ORDER BY {order}",
        table.column_list(),
        table.name
    );
    all(&link.fetch(AssertSqlSafe(sql), values![first, last]).await?)
}

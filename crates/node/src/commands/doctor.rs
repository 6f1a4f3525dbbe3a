//! `lianzhi doctor`: is everything as it should be?

use super::Which;
use crate::config::Config;
use crate::failure::Failure;
use crate::home;
use crate::machine::machine_now;
use clap::Args;
use lianzhi_app::federation::{OPEN_QUESTION, OWN_NAME, is_stale};
use lianzhi_app::ports::Store;
use lianzhi_app::world::World;
use lianzhi_docket::note::SignedCheckpoint;
use lianzhi_exchange::compact::Roster;
use lianzhi_procedure::beijing_date;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Command, ExitCode};

/// Less room than this on the disk is a fault, megabytes.
const FREE_MB_LEAST: u64 = 1_024;
/// A machine's clock that stands before this was never set: the year of this program.
const YEAR_LEAST: i16 = 2026;
/// Evidence, and matters that are not understood, that are looked at.
const FORKS_MAX: i64 = 500;
const ASIDE_MAX: i64 = 500;
/// Entries may be so far ahead of the clock, microseconds.
const AHEAD_US_MAX: i64 = 10_000_000;

/// Check everything.
#[derive(Debug, Args)]
pub struct Doctor {
    #[command(flatten)]
    which: Which,
}

#[derive(Default)]
struct Findings {
    faults: usize,
}

impl Findings {
    fn say(&mut self, what: &str, found: Result<String, String>) {
        match found {
            Ok(words) => println!("✓ {what}：{words}"),
            Err(words) => {
                self.faults += 1;
                println!("✗ {what}：{words}");
            }
        }
    }
}

impl Doctor {
    pub async fn run(self) -> Result<ExitCode, Failure> {
        crate::logs::quiet();
        let config = self.which.load()?;
        let mut found = Findings::default();
        found.say("配置", Ok(format!("节点 {}，{}", config.node, config.base_url())));
        let plain = config.base_url().starts_with("https://") != config.secure_cookies;
        found.say(
            "Cookie",
            if plain {
                Err("secure_cookies 与 base_url 不一致：经 https 访问应为 true，经 http 应为 false".into())
            } else {
                Ok("与访问地址一致".into())
            },
        );
        found.say("权限", permissions(&config));
        found.say("字体", fonts());
        found.say("磁盘", free_space(&config.data_dir));
        let store = match home::open_store(&config, false).await {
            Ok(store) => store,
            Err(failure) => {
                found.say("数据库", Err(failure.to_string()));
                return Ok(ExitCode::from(1));
            }
        };
        let faults = store.upkeep.check().await?;
        let described = store.upkeep.describe().await?;
        found.say("数据库", if faults.is_empty() { Ok(described) } else { Err(faults.join("；")) });
        found.say("证据", exhibits(&config, &store).await);
        let (now, head) = (machine_now(), store.journal.head().await?);
        let today = beijing_date(now);
        found.say(
            "时钟",
            if today.year() < YEAR_LEAST {
                Err(format!("机器时间是 {today}，请校时"))
            } else if head.last_at > now.as_microsecond() + AHEAD_US_MAX {
                Err("最近的记录晚于机器时间：请校时，否则新记录的时间会停在那里".into())
            } else {
                Ok(now
                    .to_zoned(jiff::tz::TimeZone::fixed(jiff::tz::offset(8)))
                    .strftime("%Y-%m-%d %H:%M:%S")
                    .to_string())
            },
        );
        let checkpoint = store.journal.checkpoint().await?;
        found.say("密钥", keys(&config, checkpoint.as_ref().map(|c| c.note.as_str())));
        let signed = checkpoint.map_or(0, |c| c.size);
        found.say(
            "检查点",
            if signed < head.size && !running(&config) {
                Err(format!("记录 {} 条，检查点只到 {signed} 条；启动节点后会自动补签", head.size))
            } else {
                Ok(format!("覆盖 {signed} 条，共 {} 条", head.size))
            },
        );
        found.say("交换密钥", exchange_key(&config));
        let (world, problems) = World::build(&config.node, &store.journal.registers().await?);
        found.say(
            "名录",
            if problems.is_empty() {
                Ok(format!(
                    "单位 {}，人员 {}，网格 {}，类别 {}",
                    world.directory.units.len(),
                    world.directory.people.len(),
                    world.directory.grids.len(),
                    world.directory.categories.len()
                ))
            } else {
                Err(problems.join("；"))
            },
        );
        if config.restored.is_some() || world.generation.is_some() {
            found.say("恢复与代次", come_back(&config, &world));
        }
        if let Some(roster) = &world.directory.roster {
            found.say("协作成员", members(&config, &store, roster, now.as_microsecond()).await?);
        }
        found.say(
            "节假日",
            match world.directory.law.calendars().schedule_notice(today) {
                None => Ok("已载入到需要的年份".into()),
                Some(notice) => Err(notice.text),
            },
        );
        println!(
            "{}",
            if found.faults == 0 {
                "一切正常。".into()
            } else {
                format!("有 {} 项需要处理。", found.faults)
            }
        );
        Ok(if found.faults == 0 { ExitCode::SUCCESS } else { ExitCode::from(1) })
    }
}

/// Whether documents can be set in the faces that the standard wants (GB/T 9704—2012).
fn fonts() -> Result<String, String> {
    let missing = lianzhi_app::missing_fonts();
    let said = missing.iter().map(|(words, _)| words.as_str()).collect::<Vec<_>>().join("；");
    match missing.iter().any(|(_, nothing)| *nothing) {
        true => Err(format!("{said}；请按运维手册“Fonts”安装")),
        false if missing.is_empty() => Ok("齐全".into()),
        false => Ok(format!("{said}；可以打印")),
    }
}

/// The key of the exchange, by which other members know this node.
fn exchange_key(config: &Config) -> Result<String, String> {
    let path = config.data_dir.join(home::EXCHANGE_KEYS);
    if !path.exists() {
        return Ok("还没有，启动节点时生成".into());
    }
    let mode = path.metadata().map_err(|e| format!("{}：{e}", path.display()))?.permissions().mode();
    if mode & 0o077 != 0 {
        return Err(format!("{} 可被他人读取，请执行 chmod 600", path.display()));
    }
    let keys = home::exchange_keys(config).map_err(|e| e.to_string())?;
    let newest = keys.last().map(|key| key.public()).ok_or("没有密钥")?;
    Ok(format!("{}，指纹 {}", newest.suite().title(), newest.fingerprint()))
}

/// Where a node stands that was restored from a backup.
fn come_back(config: &Config, world: &World) -> Result<String, String> {
    let opened = world.generation.as_ref().filter(|g| config.restored.is_none_or(|size| g.restored == size));
    let Some(generation) = opened else {
        return Err("刚从备份恢复，日志新一代尚未开启：节点启动后会先向协作成员核对，其间只能查阅；无一成员可达时，由管理员放行（lianzhi resume）".into());
    };
    let lost = match generation.lost {
        Some(lost) => format!("已知缺失原日志第 {} 至 {} 条", lost.from, lost.to.saturating_sub(1)),
        None => "没有成员见证过备份之后的记录".into(),
    };
    let said = format!("日志第 {} 代，由备份的 {} 条续写，{lost}", generation.number, generation.restored);
    let awaited: Vec<&str> = generation.awaited.iter().map(|node| node.as_str()).collect();
    match (&generation.overridden, awaited.is_empty()) {
        (_, true) => Ok(format!("{said}；成员均已核对")),
        (Some(by), false) => Ok(format!("{said}；{} 尚未核对，已由 {by} 放行", awaited.join("、"))),
        (None, false) => Err(format!("{said}；{} 尚未核对，与其共办的案卷暂不能发出", awaited.join("、"))),
    }
}

/// Whether the roster knows this node's key, and which members are not reached or wait for something for too long.
async fn members(
    config: &Config,
    store: &Store,
    roster: &Roster,
    now: i64,
) -> Result<Result<String, String>, Failure> {
    let mut faults = Vec::new();
    let keys = home::exchange_keys(config)?;
    let newest = keys.last().map(|key| key.public().clone());
    let named =
        roster.member(&config.node).is_some_and(|me| me.keys.iter().any(|k| Some(&k.key) == newest.as_ref()));
    if !named {
        faults.push("名册里没有本节点现行的交换密钥，其他成员不会接收本节点的来件".to_owned());
    }
    let peers = store.exchange.peers().await?;
    let others = roster.epoch.members.iter().filter(|member| member.node != config.node);
    let at = jiff::Timestamp::from_microsecond(now).unwrap_or_default();
    if is_stale(roster, &config.node, &peers, at) {
        faults.push("已超过 72 小时没有成员确认名册，暂不接纳新的成员和版本".to_owned());
    }
    let aside = store.exchange.dockets_aside("", ASIDE_MAX).await?.len();
    if aside > 0 {
        faults.push(format!("{aside} 件来件本程序尚不能识别，请升级"));
    }
    let silent: Vec<String> = others
        .clone()
        .filter(|member| peers.iter().any(|p| p.node == member.node && p.silent_since.is_some()))
        .map(lianzhi_exchange::compact::Member::title)
        .collect();
    if !silent.is_empty() {
        faults.push(format!("联系不上：{}", silent.join("、")));
    }
    for backlog in store.exchange.backlogs(now).await?.into_iter().filter(|backlog| backlog.late > 0) {
        faults.push(format!("发给 {} 的 {} 件已逾送达时限", backlog.peer, backlog.late));
    }
    let (open, forks): (Vec<_>, Vec<_>) =
        store.exchange.forks(FORKS_MAX).await?.into_iter().partition(|row| row.kind == OPEN_QUESTION);
    for row in open {
        faults.push(format!("{} 尚待说明其存证日志前后一致，本节点正在向其查询", row.node));
    }
    if forks.iter().any(|fork| fork.kind == OWN_NAME) {
        faults.push("有人用本节点的密钥发文，请立即更换并吊销密钥（见“协作”页）".to_owned());
    }
    if forks.iter().any(|fork| fork.kind != OWN_NAME) {
        faults.push("有成员前后说法矛盾的证据，请在“协作—协作机制”中查看".to_owned());
    }
    Ok(if faults.is_empty() {
        Ok(format!("第 {} 版，其他成员 {} 个，全部可达", roster.epoch.number, others.count()))
    } else {
        Err(faults.join("；"))
    })
}

/// Somebody holds the node's lock.
fn running(config: &Config) -> bool {
    config.sqlite_file().is_some() && home::Lock::take(config).is_err()
}

fn permissions(config: &Config) -> Result<String, String> {
    let mode = |path: &Path| {
        path.metadata()
            .map(|m| m.permissions().mode() & 0o777)
            .map_err(|e| format!("{}：{e}", path.display()))
    };
    let keys = config.data_dir.join(home::KEYS);
    if mode(&keys)? & 0o077 != 0 {
        return Err(format!("{} 可被他人读取，请执行 chmod 600", keys.display()));
    }
    if mode(&config.data_dir)? & 0o007 != 0 {
        return Err(format!("{} 可被他人进入，请执行 chmod 700", config.data_dir.display()));
    }
    let probe = config.data_dir.join(".probe");
    std::fs::write(&probe, b"")
        .and_then(|()| std::fs::remove_file(&probe))
        .map_err(|e| format!("{} 不能写入：{e}", config.data_dir.display()))?;
    Ok("数据目录和密钥只有运行用户可读".into())
}

/// Where exhibits lie can be written to and read from.
async fn exhibits(config: &Config, store: &Store) -> Result<String, String> {
    let place = store.blobs.probe().await.map_err(|e| format!("证据文件的存储不能读写：{e}"))?;
    let left = config.blobs().join("objects");
    let any = left.read_dir().is_ok_and(|mut files| files.next().is_some());
    if config.exhibits.is_some() && any {
        return Err(format!(
            "已配置存储桶，但 {} 里还有证据文件：请先搬进存储桶，再移走这个目录",
            left.display()
        ));
    }
    Ok(place)
}

/// Room on the disk, as `df` of every Unix says it.
fn free_space(folder: &Path) -> Result<String, String> {
    let output = Command::new("df").arg("-Pk").arg(folder).output().map_err(|e| format!("df：{e}"))?;
    let text = String::from_utf8_lossy(&output.stdout);
    let kb: Option<u64> =
        text.lines().last().and_then(|l| l.split_whitespace().nth(3)).and_then(|n| n.parse().ok());
    match kb.map(|kb| kb / 1024) {
        Some(mb) if mb < FREE_MB_LEAST => Err(format!("只剩 {mb} MB，请扩容（至少 {FREE_MB_LEAST} MB）")),
        Some(mb) => Ok(format!("剩 {} GB", mb / 1024)),
        None => Err("不能得知剩余空间".into()),
    }
}

fn keys(config: &Config, newest: Option<&str>) -> Result<String, String> {
    let keys = home::read_keys(&config.data_dir.join(home::KEYS)).map_err(|e| e.to_string())?;
    let public = home::verifier_key(config, &keys).map_err(|e| e.to_string())?;
    let Some(note) = newest else { return Ok(public.to_string()) };
    let signed: SignedCheckpoint = note.parse().map_err(|e| format!("最新检查点无法读取：{e}"))?;
    signed
        .verify(std::slice::from_ref(&public))
        .map_err(|_| "最新检查点不是这把密钥签的：密钥文件与数据库不是同一个节点的".to_owned())?;
    Ok(public.to_string())
}

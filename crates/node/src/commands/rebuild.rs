//! `lianzhi rebuild`: makes everything derived anew from the record.

use super::{Progress, Which};
use crate::failure::Failure;
use crate::home::{self, Lock};
use clap::Args;
use std::fs::File;
use std::process::ExitCode;
use std::time::Instant;

/// Make projections anew.
#[derive(Debug, Args)]
pub struct Rebuild {
    #[command(flatten)]
    which: Which,
}

impl Rebuild {
    pub async fn run(self) -> Result<ExitCode, Failure> {
        crate::logs::quiet();
        let config = self.which.load()?;
        let keys = home::read_keys(&config.data_dir.join(home::KEYS))?;
        let _lock = config.sqlite_file().map(|_| Lock::take(&config)).transpose()?;
        let store = home::open_store(&config, false).await?;
        let marker = config.data_dir.join(home::REBUILDING);
        File::create(&marker).and_then(|f| f.sync_all()).map_err(Failure::file(&marker))?;
        let (progress, begun) = (Progress::new(), Instant::now());
        let done = lianzhi_app::rebuild::rebuild(&store, &keys, &config.node, |n, of| {
            progress.show(&format!("{n}/{of} 条记录"))
        })
        .await?;
        progress.end();
        std::fs::remove_file(&marker).map_err(Failure::file(&marker))?;
        let seconds = begun.elapsed().as_secs_f64();
        let rate = done.entries as f64 / seconds.max(0.001);
        println!(
            "投影已重建：记录 {} 条，案卷 {} 宗，用时 {seconds:.1} 秒（每秒 {rate:.0} 条）",
            done.entries, done.matters
        );
        Ok(ExitCode::SUCCESS)
    }
}

//! `lianzhi resume`: an administrator lets a restored node speak although not all members have answered.

use super::Which;
use crate::failure::Failure;
use crate::home::Node;
use clap::Args;
use lianzhi_app::Caller;
use std::process::ExitCode;

/// Let a restored node go on.
#[derive(Debug, Args)]
pub struct Resume {
    #[command(flatten)]
    which: Which,
    /// Login of the administrator who answers for it; it is recorded.
    #[arg(long, value_name = "LOGIN")]
    by: String,
}

impl Resume {
    pub async fn run(self) -> Result<ExitCode, Failure> {
        crate::logs::quiet();
        let node = Node::open(self.which.load()?).await?;
        let directory = node.app.directory();
        let person = directory.by_login(&self.by);
        let person = person.ok_or_else(|| Failure::words(format!("没有登录名为 {} 的人员", self.by)))?;
        let generation = node.app.resume(&Caller::person(person.clone(), "resume")).await?;
        node.app.integrate_log().await;
        let awaited: Vec<&str> = generation.awaited.iter().map(|node| node.as_str()).collect();
        println!("已由 {} 放行，日志第 {} 代；{} 尚未核对", self.by, generation.number, awaited.join("、"));
        Ok(ExitCode::SUCCESS)
    }
}

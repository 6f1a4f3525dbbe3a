//! The commands, one file for each.

mod backup;
mod demo;
mod doctor;
mod export;
mod import;
mod init;
mod law;
mod openapi;
mod payments;
mod rebuild;
mod restore;
mod resume;
mod serve;
mod verify;

use crate::config::Config;
use crate::failure::Failure;
use clap::{Args, Subcommand};
use std::io::{IsTerminal, Write};
use std::path::PathBuf;
use std::process::ExitCode;

/// What the program can do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Run the made-up nodes of a region, with days of history (演示).
    Demo(demo::Demo),
    /// Set up a new node: folder, keys, configuration, first administrator (初始化).
    Init(init::Init),
    /// Run the node (运行).
    Serve(serve::Serve),
    /// Import reports or registers from a file (导入).
    Import(import::Import),
    /// Export reports, an evidence bundle or the newest checkpoint (导出).
    Export(export::Export),
    /// Check a node, a folder of several, a backup, a PostgreSQL database or an evidence bundle; exit code 0 intact, 1 findings, 2 could not check (核验).
    Verify(verify::Verify),
    /// Make lists, to-dos, search and registers anew from the record (重建投影).
    Rebuild(rebuild::Rebuild),
    /// Copy a running node: database first, exhibits after (备份).
    Backup(backup::Backup),
    /// Restore a backup into an empty place (恢复).
    Restore(restore::Restore),
    /// After a restore, let a node speak before all members have answered (放行).
    Resume(resume::Resume),
    /// Check configuration, clock, disk, permissions, keys, store and calendars (体检).
    Doctor(doctor::Doctor),
    /// Measure what is promised (压测).
    #[command(subcommand)]
    Bench(crate::bench::Bench),
    /// Compute statutory terms, surcharges and the basis of a penalty; needs no node (法条计算).
    #[command(subcommand)]
    Law(law::Law),
    /// Money: the bank's file in (缴款).
    #[command(subcommand)]
    Payments(payments::Payments),
    /// Print the OpenAPI document (接口文档).
    Openapi,
}

impl Command {
    /// Carries the command out.
    ///
    /// # Errors
    /// When it cannot be carried out.
    pub async fn run(self) -> Result<ExitCode, Failure> {
        match self {
            Command::Demo(it) => it.run().await,
            Command::Init(it) => it.run().await,
            Command::Serve(it) => it.run().await,
            Command::Import(it) => it.run().await,
            Command::Export(it) => it.run().await,
            Command::Verify(it) => it.run().await,
            Command::Rebuild(it) => it.run().await,
            Command::Backup(it) => it.run().await,
            Command::Restore(it) => it.run().await,
            Command::Resume(it) => it.run().await,
            Command::Doctor(it) => it.run().await,
            Command::Bench(it) => {
                crate::logs::quiet();
                let measured = crate::bench::run(it).await;
                measured.map(|()| ExitCode::SUCCESS).map_err(|e| Failure::words(e.to_string()))
            }
            Command::Law(it) => it.run().await,
            Command::Payments(it) => it.run().await,
            Command::Openapi => openapi::run(),
        }
    }
}

/// Which node.
#[derive(Debug, Args)]
pub struct Which {
    /// Configuration file, or the folder that holds lianzhi.toml.
    #[arg(long, short, env = "LIANZHI_CONFIG", value_name = "FILE")]
    config: Option<PathBuf>,
}

impl Which {
    fn load(&self) -> Result<Config, Failure> {
        let path = self.config.clone().unwrap_or_else(crate::home::default_config);
        Ok(Config::load(&path)?)
    }
}

/// A line that grows, on a terminal; nothing elsewhere.
#[derive(Debug, Clone, Copy)]
struct Progress {
    shown: bool,
}

impl Progress {
    fn new() -> Progress {
        Progress { shown: std::io::stderr().is_terminal() }
    }
    fn show(self, line: &str) {
        if self.shown {
            eprint!("\r\x1b[K{line}");
            let _ = std::io::stderr().flush();
        }
    }
    fn end(self) {
        if self.shown {
            eprint!("\r\x1b[K");
        }
    }
}

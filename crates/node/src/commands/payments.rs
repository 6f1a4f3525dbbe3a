//! `lianzhi payments`: the bank's file in.

use super::Which;
use crate::failure::Failure;
use crate::home::Node;
use clap::Subcommand;
use lianzhi_app::Caller;
use lianzhi_app::payments::{PayMapping, preview};
use lianzhi_procedure::penalty::yuan;
use std::path::PathBuf;
use std::process::ExitCode;

/// Money that came.
#[derive(Debug, Subcommand)]
pub enum Payments {
    /// Import a file of the bank: each line goes to its case by its payment code, what does not fit becomes a difference (导入银行到账).
    Import {
        #[command(flatten)]
        which: Which,
        /// CSV or XLSX.
        file: PathBuf,
        /// Which header stands over what, as JSON ({"serial":"流水号","amount":"金额","at":"时间",…}); recognised by name when not given.
        #[arg(long, value_name = "FILE")]
        mapping: Option<PathBuf>,
        /// Only show where the lines would go.
        #[arg(long)]
        preview: bool,
    },
}

impl Payments {
    pub async fn run(self) -> Result<ExitCode, Failure> {
        let Payments::Import { which, file, mapping, preview: only_look } = self;
        crate::logs::quiet();
        let bytes = std::fs::read(&file).map_err(Failure::file(&file))?;
        let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let mapping = match &mapping {
            None => preview(&bytes, &name)?.mapping,
            Some(path) => {
                let text = std::fs::read_to_string(path).map_err(Failure::file(path))?;
                serde_json::from_str::<PayMapping>(&text)
                    .map_err(|e| Failure::words(format!("{}：{e}", path.display())))?
            }
        };
        let node = Node::open(which.load()?).await?;
        let (app, who) = (&node.app, Caller::system());
        if only_look {
            let trial = app.try_payments(&who, &bytes, &name, &mapping).await?;
            println!(
                "共 {} 行：将登记 {} 笔 {}，其中归入案件 {}，待处理 {} 笔 {}；已有 {} 笔，不能读取 {} 行",
                trial.rows,
                trial.came.0,
                yuan(trial.came.1),
                yuan(trial.matched),
                trial.differences.0,
                yuan(trial.differences.1),
                trial.repeated,
                trial.bad.len()
            );
            return Ok(ExitCode::SUCCESS);
        }
        let report = app.import_payments(&who, &bytes, &name, &mapping).await?;
        app.integrate_log().await;
        println!(
            "共 {} 行：登记 {} 笔 {}，其中归入案件 {}，待处理 {} 笔 {}；此前已登记 {} 笔，不能读取 {} 行",
            report.rows,
            report.came,
            yuan(report.came_fen),
            yuan(report.matched_fen),
            report.differences,
            yuan(report.difference_fen),
            report.repeated,
            report.bad.len() + report.bad_omitted
        );
        for fault in &report.bad {
            let column =
                if fault.column.is_empty() { String::new() } else { format!("“{}”列：", fault.column) };
            println!("  第 {} 行 {column}{}", fault.line, fault.reason);
        }
        Ok(if report.bad.is_empty() { ExitCode::SUCCESS } else { ExitCode::from(1) })
    }
}

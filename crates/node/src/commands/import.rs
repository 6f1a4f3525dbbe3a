//! `lianzhi import`: reports and registers from files.

use super::Which;
use crate::failure::Failure;
use crate::home::Node;
use clap::{Args, ValueEnum};
use lianzhi_app::Caller;
use lianzhi_app::import::{self, Mapping, RegisterKind};
use lianzhi_territory::Crs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Import from a file.
#[derive(Debug, Args)]
pub struct Import {
    #[command(flatten)]
    which: Which,
    /// What the file holds.
    kind: Kind,
    /// CSV or XLSX; GeoJSON for grids; TOML or TSV for law data.
    file: PathBuf,
    /// Reports: which header stands over what, as JSON ({"description":"问题描述",…}); recognised by name when not given.
    #[arg(long, value_name = "FILE")]
    mapping: Option<PathBuf>,
    /// Reports: only show how the columns would be read.
    #[arg(long)]
    preview: bool,
    /// Grids: coordinate system of the file (CGCS2000, WGS-84, GCJ-02).
    #[arg(long, default_value = "CGCS2000")]
    crs: Crs,
    /// Law data and addresses: name in the register, e.g. calendar/holidays-2027.tsv; by the file's own when not given.
    #[arg(long)]
    name: Option<String>,
}

/// What can be imported.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Kind {
    /// Reports (诉件).
    Reports,
    /// Units (单位).
    Units,
    /// People (人员).
    People,
    /// Categories (类别).
    Categories,
    /// Grids (网格), GeoJSON; overlaps and gaps are reported.
    Grids,
    /// Address register (地址名录).
    Addresses,
    /// Law data (日历、期限).
    Law,
}

impl Import {
    pub async fn run(self) -> Result<ExitCode, Failure> {
        crate::logs::quiet();
        let bytes = std::fs::read(&self.file).map_err(Failure::file(&self.file))?;
        let name = self.name.clone().unwrap_or_else(|| name_of(&self.file, self.kind));
        if self.preview && self.kind == Kind::Reports {
            return preview(&bytes, &name);
        }
        let mapping = self.mapping.as_deref().map(read_mapping).transpose()?.unwrap_or_default();
        let node = Node::open(self.which.load()?).await?;
        let (app, who) = (&node.app, Caller::system());
        let kind = match self.kind {
            Kind::Reports => {
                let report = app.import_reports(&who, &bytes, &name, &mapping).await?;
                app.integrate_log().await;
                println!(
                    "共 {} 行：登记 {} 件，此前已登记 {} 行，有误 {} 行",
                    report.rows,
                    report.good,
                    report.repeated,
                    report.bad.len() + report.bad_omitted
                );
                show(&report.bad, report.bad_omitted);
                if !report.unused.is_empty() {
                    println!("未读取的列：{}", report.unused.join("、"));
                }
                return Ok(outcome(report.bad.is_empty()));
            }
            Kind::Units => RegisterKind::Units,
            Kind::People => RegisterKind::People,
            Kind::Categories => RegisterKind::Categories,
            Kind::Grids => RegisterKind::Grids,
            Kind::Addresses => RegisterKind::Addresses,
            Kind::Law => RegisterKind::Law,
        };
        let report = app.import_register(&who, kind, &bytes, &name, self.crs).await?;
        app.integrate_log().await;
        println!(
            "共 {} 条：写入 {} 条，未变 {} 条，有误 {} 条",
            report.rows,
            report.good,
            report.unchanged,
            report.bad.len()
        );
        show(&report.bad, 0);
        for note in &report.notes {
            println!("  注意：{note}");
        }
        Ok(outcome(report.bad.is_empty()))
    }
}

/// Good rows are kept either way; the exit code says whether there were others.
fn outcome(clean: bool) -> ExitCode {
    if clean { ExitCode::SUCCESS } else { ExitCode::from(1) }
}

fn show(bad: &[import::Bad], omitted: usize) {
    for fault in bad {
        let column =
            if fault.column.is_empty() { String::new() } else { format!("“{}”列：", fault.column) };
        println!("  第 {} 行 {column}{}", fault.line, fault.reason);
    }
    if omitted > 0 {
        println!("  另有 {omitted} 行未列出");
    }
}

fn preview(bytes: &[u8], name: &str) -> Result<ExitCode, Failure> {
    let preview = import::preview(bytes, name)?;
    println!("共 {} 行。各列：", preview.count);
    for (n, header) in preview.headers.iter().enumerate() {
        let field = preview
            .mapping
            .columns
            .iter()
            .find(|(_, h)| *h == header)
            .map_or("不读取", |(f, _)| f.title());
        let example = preview
            .rows
            .iter()
            .find_map(|row| row.get(n).filter(|c| !c.is_empty()))
            .map_or("", String::as_str);
        println!("  {header} → {field}    例：{}", example.chars().take(30).collect::<String>());
    }
    let json = serde_json::to_string(&preview.mapping).map_err(|e| Failure::words(e.to_string()))?;
    println!("对应关系（可改后用 --mapping 给出）：{json}");
    Ok(ExitCode::SUCCESS)
}

fn read_mapping(path: &Path) -> Result<Mapping, Failure> {
    let text = std::fs::read_to_string(path).map_err(Failure::file(path))?;
    serde_json::from_str(&text).map_err(|e| Failure::words(format!("{}：{e}", path.display())))
}

/// Law files are known by folder and name (`calendar/holidays.tsv`), everything else by name.
fn name_of(path: &Path, kind: Kind) -> String {
    let file = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    match (kind, path.parent().and_then(Path::file_name)) {
        (Kind::Law, Some(folder)) => format!("{}/{file}", folder.to_string_lossy()),
        _ => file,
    }
}

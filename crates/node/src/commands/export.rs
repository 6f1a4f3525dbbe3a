//! `lianzhi export`: lists, evidence bundles, the newest checkpoint.

use super::Which;
use crate::failure::Failure;
use crate::home::Node;
use clap::{Args, Subcommand, ValueEnum};
use futures::StreamExt;
use lianzhi_app::export::{self, Format};
use lianzhi_app::{Caller, Column, ListQuery};
use lianzhi_ids::DocketId;
use std::fs::File;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Export.
#[derive(Debug, Args)]
pub struct Export {
    #[command(flatten)]
    which: Which,
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Reports, with the filters of the list.
    Reports(Box<Reports>),
    /// The evidence bundle of one matter, by number or id.
    Bundle {
        /// Number (沪青2026-000001) or id.
        matter: String,
        /// With the reporter's particulars; recorded.
        #[arg(long)]
        with_particulars: bool,
        /// Where to.
        #[arg(long, short)]
        output: PathBuf,
    },
    /// The newest checkpoint, to be kept elsewhere for `verify --since`.
    Checkpoint {
        /// Where to; standard output when not given.
        #[arg(long, short)]
        output: Option<PathBuf>,
    },
}

#[derive(Debug, Args)]
struct Reports {
    /// Form of the file; by its ending when not given.
    #[arg(long)]
    format: Option<Form>,
    /// Where to; standard output when not given.
    #[arg(long, short)]
    output: Option<PathBuf>,
    /// Stages, separated by commas.
    #[arg(long)]
    stage: Option<String>,
    /// Category or the beginning of its code.
    #[arg(long)]
    category: Option<String>,
    /// Unit; the units below it are included.
    #[arg(long)]
    unit: Option<String>,
    /// Named officer.
    #[arg(long)]
    assignee: Option<String>,
    /// Source.
    #[arg(long)]
    source: Option<String>,
    /// true: open ones, false: closed ones.
    #[arg(long)]
    open: Option<String>,
    /// now: late now; true: a term has passed at some time; false: none has.
    #[arg(long)]
    overdue: Option<String>,
    /// West, south, east, north in degrees.
    #[arg(long)]
    bbox: Option<String>,
    /// Words in title, text, address or number.
    #[arg(long)]
    q: Option<String>,
    /// Reported from this day (Beijing), 2026-11-22.
    #[arg(long)]
    from: Option<String>,
    /// Reported up to and including this day.
    #[arg(long)]
    to: Option<String>,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Form {
    Csv,
    Xlsx,
    Geojson,
}

impl Form {
    fn format(self) -> Format {
        match self {
            Form::Csv => Format::Csv,
            Form::Xlsx => Format::Xlsx,
            Form::Geojson => Format::GeoJson,
        }
    }
}

fn open_output(path: Option<&Path>) -> Result<Box<dyn Write>, Failure> {
    Ok(match path {
        None => Box::new(io::stdout()),
        Some(path) => Box::new(File::create(path).map_err(Failure::file(path))?),
    })
}

impl Export {
    pub async fn run(self) -> Result<ExitCode, Failure> {
        crate::logs::quiet();
        let node = Node::beside(self.which.load()?).await?;
        match self.what {
            What::Reports(what) => reports(&node, *what).await?,
            What::Bundle { matter, with_particulars, output } => {
                let who = Caller::system();
                let id = match matter.parse::<i64>() {
                    Ok(id) => DocketId(id),
                    Err(_) => node.app.by_number(&who, &matter).await?,
                };
                let mut bundle = node.app.bundle(&who, id, with_particulars).await?;
                let mut file = File::create(&output).map_err(Failure::file(&output))?;
                io::copy(&mut bundle, &mut file)
                    .and_then(|_| file.sync_all())
                    .map_err(Failure::file(&output))?;
            }
            What::Checkpoint { output } => {
                let row = node
                    .app
                    .store()
                    .journal
                    .checkpoint()
                    .await?
                    .ok_or_else(|| Failure::words("还没有检查点：节点尚无记录"))?;
                let path = output.clone().unwrap_or_default();
                open_output(output.as_deref())?
                    .write_all(row.note.as_bytes())
                    .map_err(Failure::file(path))?;
            }
        }
        node.app.flush_access().await;
        Ok(ExitCode::SUCCESS)
    }
}

async fn reports(node: &Node, what: Reports) -> Result<(), Failure> {
    let ending = what.output.as_ref().and_then(|p| p.extension()).map(|e| e.to_string_lossy().to_lowercase());
    let format = what
        .format
        .map(Form::format)
        .or_else(|| Format::from_ending(ending.as_deref()?))
        .unwrap_or(Format::Csv);
    let query = ListQuery {
        stage: what.stage,
        category: what.category,
        unit: what.unit,
        assignee: what.assignee,
        source: what.source,
        open: what.open,
        overdue: what.overdue,
        bbox: what.bbox,
        q: what.q,
        from: what.from,
        to: what.to,
        ..ListQuery::default()
    };
    let rows = node.app.export(&Caller::system(), &query).await?;
    let columns = Column::ALL.to_vec();
    let shape = export::Shape { directory: node.app.directory(), columns, now: node.app.now() };
    let mut pieces = export::pieces(format, rows, shape);
    let path = what.output.clone().unwrap_or_default();
    let mut output = open_output(what.output.as_deref())?;
    while let Some(piece) = pieces.next().await {
        output.write_all(&piece?).map_err(Failure::file(&path))?;
    }
    output.flush().map_err(Failure::file(&path))
}

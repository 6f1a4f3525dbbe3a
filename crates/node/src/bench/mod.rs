//! `lianzhi bench`: measures what is promised, with a baseline in the same run. It reports rates, percentiles and
//! ratios; it asserts no time.

mod cases;
mod exchange;
mod intake;
mod live;
mod load;
mod members;
mod query;
mod serve;
mod stage;

use clap::{Args, Subcommand};

/// What is measured.
#[derive(Debug, Subcommand)]
pub enum Bench {
    /// Whole intakes through HTTP against the raw grouped insert of the same rows; and triage on the labelled set.
    Intake(IntakeArgs),
    /// Lists, search, map and matter pages over many matters; rebuild; memory.
    Query(QueryArgs),
    /// How soon open pages hear of a commit.
    Live(LiveArgs),
    /// A node with very many matters that stays, to look at in a browser.
    Serve(ServeArgs),
    /// Intakes and reads together.
    Mixed(IntakeArgs),
    /// A year of penalty cases of a big district: documents, a thick case, statistics, against baselines in the same run.
    Cases(CasesArgs),
    /// Envelopes between two members against plain POSTs of the same bytes; backlog, a large file, witnesses, growth.
    Exchange(ExchangeArgs),
}

/// Where and how long.
#[derive(Debug, Clone, Args)]
pub struct IntakeArgs {
    /// Database; a fresh SQLite file when not given. PostgreSQL: an empty schema.
    #[arg(long)]
    pub database: Option<String>,
    /// Connections that send at the same time.
    #[arg(long, default_value_t = 64)]
    pub clients: usize,
    /// Seconds of each run.
    #[arg(long, default_value_t = 10)]
    pub seconds: u64,
    /// Runs; the median is reported.
    #[arg(long, default_value_t = 3)]
    pub runs: usize,
}

/// How many cases.
#[derive(Debug, Clone, Args)]
pub struct CasesArgs {
    /// Database; a fresh SQLite file when not given. PostgreSQL: an empty schema.
    #[arg(long)]
    pub database: Option<String>,
    /// Folder of the node; kept and used again when given.
    #[arg(long)]
    pub dir: Option<std::path::PathBuf>,
    /// Cases of the year.
    #[arg(long, default_value_t = 5_000)]
    pub cases: usize,
    /// Documents that are printed.
    #[arg(long, default_value_t = 150)]
    pub papers: usize,
    /// Requests of each kind.
    #[arg(long, default_value_t = 60)]
    pub requests: u64,
}

/// A part of the measurement of the exchange.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum ExchangePart {
    /// Envelopes a second and their latency at half load, with both suites.
    Rates,
    /// What waited while the receiver was down.
    Backlog,
    /// A large file.
    Exhibit,
    /// Cosigned checkpoints.
    Proofs,
    /// Messages of one matter in ever larger compacts.
    Growth,
}

/// How much is exchanged.
#[derive(Debug, Clone, Args)]
pub struct ExchangeArgs {
    /// Only this part; the peak of memory is that of the file alone when it is measured alone.
    #[arg(long)]
    pub only: Option<ExchangePart>,
    /// Folder in which both members work; what is made in it goes away. The machine's folder for such things when not given.
    #[arg(long)]
    pub dir: Option<std::path::PathBuf>,
    /// Envelopes of one run.
    #[arg(long, default_value_t = 5_000)]
    pub matters: usize,
    /// Runs; the median is reported.
    #[arg(long, default_value_t = 3)]
    pub runs: usize,
    /// Seconds at half load.
    #[arg(long, default_value_t = 10)]
    pub seconds: u64,
    /// Envelopes that wait while the receiver is down.
    #[arg(long, default_value_t = 10_000)]
    pub backlog: usize,
    /// Size of the file, GiB. Twice that is needed on disk.
    #[arg(long, default_value_t = 1.0)]
    pub exhibit_gib: f64,
    /// Entries whose cosigned checkpoint is waited for.
    #[arg(long, default_value_t = 50)]
    pub proofs: usize,
}

/// How many pages are open.
#[derive(Debug, Clone, Args)]
pub struct LiveArgs {
    /// Database; a fresh SQLite file when not given.
    #[arg(long)]
    pub database: Option<String>,
    /// Open event connections.
    #[arg(long, default_value_t = 500)]
    pub streams: usize,
    /// Reports, one after the other.
    #[arg(long, default_value_t = 50)]
    pub reports: u64,
}

/// How many matters.
#[derive(Debug, Clone, Args)]
pub struct QueryArgs {
    /// Database; a fresh SQLite file when not given.
    #[arg(long)]
    pub database: Option<String>,
    /// Folder of the node; kept and used again when given.
    #[arg(long)]
    pub dir: Option<std::path::PathBuf>,
    /// Matters to have.
    #[arg(long, default_value_t = 1_000_000)]
    pub matters: u64,
    /// Seed and stop: the peak of memory is then that of the next run, which only serves.
    #[arg(long)]
    pub seed_only: bool,
    /// Requests of each kind.
    #[arg(long, default_value_t = 300)]
    pub requests: u64,
}

/// Where, and how many matters.
#[derive(Debug, Clone, Args)]
pub struct ServeArgs {
    /// Database; SQLite in the folder when not given.
    #[arg(long)]
    pub database: Option<String>,
    /// Folder of the node, as of `bench query --dir`; filled when it is empty.
    #[arg(long)]
    pub dir: std::path::PathBuf,
    /// Matters to have.
    #[arg(long, default_value_t = 1_000_000)]
    pub matters: u64,
}

/// Why a bench stopped.
pub type Failure = Box<dyn std::error::Error + Send + Sync>;

/// Runs it and prints as it goes.
///
/// # Errors
/// Whatever stopped it.
pub async fn run(bench: Bench) -> Result<(), Failure> {
    match bench {
        Bench::Intake(args) => intake::run(&args).await,
        Bench::Query(args) => query::run(&args).await,
        Bench::Live(args) => live::run(&args).await,
        Bench::Serve(args) => serve::run(&args).await,
        Bench::Mixed(args) => intake::mixed(&args).await,
        Bench::Cases(args) => cases::run(&args).await,
        Bench::Exchange(args) => exchange::run(&args).await,
    }
}

//! `lianzhi law`: the law data asked from the command line. Needs no node: it answers from the data that comes with the program, or
//! from that of a node that is named.

mod words;

use crate::config::Config;
use crate::failure::Failure;
use crate::home;
use crate::machine::machine_now;
use clap::{Args, Subcommand};
use jiff::civil::Date;
use jiff::tz;
use lianzhi_app::ports::Store;
use lianzhi_app::world::World;
use lianzhi_law::LawData;
use lianzhi_law::ask::{self, AskError, BasisQuery, CompareQuery, DayQuery, SurchargeQuery, TermQuery};
use lianzhi_law::entered::{self, EntryKind, entries_text};
use serde::Serialize;
use std::io::{ErrorKind, Write};
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

/// What can be asked.
#[derive(Debug, Subcommand)]
pub enum Law {
    /// When a statutory term ends, or by when something has to be done before a day (期限).
    Term(Term),
    /// Every statutory term (期限表).
    Terms(Shown),
    /// The surcharge on a late fine (加处罚款).
    Surcharge(Surcharge),
    /// The basis of a penalty by place and date, the lighter of old and new law (处罚依据).
    Basis(Basis),
    /// Every item of enforcement (事项).
    Items(OfItems),
    /// One item with its bases (事项详情).
    Item(OfItem),
    /// What an agency entered beside its items: powers, thresholds, tiers, tightened terms (登记的权限、数额、档次、从严的期限).
    Entered(OfEntered),
    /// Items in all jurisdictions side by side (比较); one, or several.
    Compare(Compare),
}

/// How the answer is printed.
#[derive(Debug, Args)]
pub struct Shown {
    /// Print JSON.
    #[arg(long)]
    json: bool,
    /// Answer from the data of this node: its configuration file, or the folder that holds lianzhi.toml.
    #[arg(long, visible_alias = "home", value_name = "FILE")]
    config: Option<PathBuf>,
}

impl Shown {
    /// The data that comes with the program, or that of the node that was named.
    async fn law(&self) -> Result<Arc<LawData>, Failure> {
        match self.node().await? {
            Some((_, world)) => Ok(world.directory.law.clone()),
            None => Ok(Arc::new(LawData::builtin().map_err(|e| Failure::words(e.to_string()))?)),
        }
    }

    /// The node that was named.
    async fn node(&self) -> Result<Option<(Store, World)>, Failure> {
        let Some(path) = &self.config else { return Ok(None) };
        crate::logs::quiet();
        let config = Config::load(path)?;
        let store = home::open_store(&config, false).await?;
        let (world, _) = World::build(&config.node, &store.journal.registers().await?);
        Ok(Some((store, world)))
    }
}

#[derive(Debug, Args)]
pub struct OfItems {
    /// Write them out as TOML, the way they are brought in on the page /law/items.
    #[arg(long, conflicts_with = "json")]
    export: bool,
    #[command(flatten)]
    shown: Shown,
}

#[derive(Debug, Args)]
pub struct OfEntered {
    /// powers, thresholds, tiers or tightened.
    #[arg(value_name = "KIND", value_parser = entry_kind)]
    kind: EntryKind,
    /// Write them out as TOML, the way they are brought in.
    #[arg(long, conflicts_with = "json")]
    export: bool,
    #[command(flatten)]
    shown: Shown,
}

fn entry_kind(code: &str) -> Result<EntryKind, String> {
    EntryKind::from_code(code).ok_or_else(|| {
        let known: Vec<&str> = EntryKind::ALL.iter().map(|kind| kind.code()).collect();
        format!("应为 {}", known.join("、"))
    })
}

#[derive(Debug, Args)]
pub struct Term {
    /// Key of the term, e.g. pay.fine; all of them: lianzhi law terms.
    key: String,
    /// The day (2026-10-12) or instant (2026-10-12T14:05) that starts it.
    #[arg(long, value_name = "DATE|DATETIME", allow_hyphen_values = true)]
    from: Option<String>,
    /// The day that a backward term is counted from, e.g. that of the hearing.
    #[arg(long, value_name = "DATE", allow_hyphen_values = true)]
    before: Option<String>,
    /// CN, SH, ZJ, ZJ-嘉兴, or a division code.
    #[arg(long, value_name = "PLACE")]
    jurisdiction: Option<String>,
    #[command(flatten)]
    shown: Shown,
}

#[derive(Debug, Args)]
pub struct Surcharge {
    /// The fine in yuan, at most two decimals.
    #[arg(long, value_name = "YUAN", default_value = "", allow_hyphen_values = true)]
    fine_yuan: String,
    /// Last day on which it could be paid without surcharge.
    #[arg(long, value_name = "DATE", default_value = "", allow_hyphen_values = true)]
    due: String,
    /// A payment: its day, with an amount in yuan for a part; may be repeated.
    #[arg(long, value_name = "DATE[:YUAN]", num_args = 1..)]
    paid: Vec<String>,
    /// Days of reconsideration or litigation, both ends included; may be repeated.
    #[arg(long, value_name = "DATE..DATE", num_args = 1..)]
    suspended: Vec<String>,
    /// Reckon to this day while the fine is not paid in full.
    #[arg(long, value_name = "DATE")]
    until: Option<String>,
    #[command(flatten)]
    shown: Shown,
}

#[derive(Debug, Args)]
pub struct Basis {
    /// Code of the item, e.g. FS-03.
    item: String,
    /// SH, ZJ, ZJ-嘉兴, or a division code.
    #[arg(long, value_name = "PLACE", default_value = "")]
    jurisdiction: String,
    /// 单位 or 个人.
    #[arg(long, value_name = "KIND", default_value = "")]
    subject: String,
    /// First day of the conduct.
    #[arg(long, value_name = "DATE", default_value = "", allow_hyphen_values = true)]
    conduct: String,
    /// Its last day, where it went on.
    #[arg(long, value_name = "DATE", allow_hyphen_values = true)]
    conduct_end: Option<String>,
    /// Day of the decision.
    #[arg(long, value_name = "DATE", default_value = "", allow_hyphen_values = true)]
    decided: String,
    /// What narrower bases are limited to and holds here, e.g. 装修垃圾; may be repeated.
    #[arg(long, value_name = "WORDS")]
    fact: Vec<String>,
    #[command(flatten)]
    shown: Shown,
}

#[derive(Debug, Args)]
pub struct OfItem {
    /// Code of the item, e.g. FS-03.
    item: String,
    /// As of this day; today when not given.
    #[arg(long, value_name = "DATE", allow_hyphen_values = true)]
    date: Option<String>,
    #[command(flatten)]
    shown: Shown,
}

#[derive(Debug, Args)]
pub struct Compare {
    /// Code of the item, e.g. FS-03; several one after the other.
    #[arg(required = true, num_args = 1..)]
    item: Vec<String>,
    /// As of this day; today when not given.
    #[arg(long, value_name = "DATE", allow_hyphen_values = true)]
    date: Option<String>,
    #[command(flatten)]
    shown: Shown,
}

impl From<AskError> for Failure {
    fn from(error: AskError) -> Self {
        // The message says what is wrong in words; here the option is named too.
        match error.field.filter(|field| !matches!(*field, "key" | "item")) {
            Some(field) => Failure::words(format!("{}（--{}）", error.message, field.replace('_', "-"))),
            None => Failure::words(error.message),
        }
    }
}

impl Law {
    fn shown(&self) -> &Shown {
        match self {
            Law::Term(it) => &it.shown,
            Law::Terms(shown) => shown,
            Law::Surcharge(it) => &it.shown,
            Law::Basis(it) => &it.shown,
            Law::Items(it) => &it.shown,
            Law::Item(it) => &it.shown,
            Law::Entered(it) => &it.shown,
            Law::Compare(it) => &it.shown,
        }
    }

    /// Answers.
    ///
    /// # Errors
    /// In Chinese, with what to do.
    pub async fn run(self) -> Result<ExitCode, Failure> {
        let law = self.shown().law().await?;
        match self {
            Law::Term(it) => {
                let query = TermQuery { from: it.from, before: it.before, jurisdiction: it.jurisdiction };
                print(&it.shown, &ask::term(&law, &it.key, &query)?, words::due)?;
            }
            Law::Terms(shown) => print(&shown, &ask::terms(&law), words::terms)?,
            Law::Surcharge(it) => {
                let query = SurchargeQuery {
                    fine_yuan: it.fine_yuan,
                    due: it.due,
                    paid: it.paid.join(","),
                    suspended: it.suspended.join(","),
                    until: it.until,
                };
                print(&it.shown, &ask::late_fine(&query)?, words::surcharge)?;
            }
            Law::Basis(it) => {
                let query = BasisQuery {
                    jurisdiction: it.jurisdiction,
                    subject: it.subject,
                    conduct: it.conduct,
                    conduct_end: it.conduct_end,
                    decided: it.decided,
                    facts: it.fact.join(","),
                };
                let choice = ask::basis(&law, &it.item, &query)?;
                print(&it.shown, &choice, words::choice)?;
                if choice.chosen.is_none() {
                    // The answer stands above; a script has to see that there is nothing to decide by.
                    return Err(Failure::words(format!(
                        "{} 没有可用的处罚依据：{}",
                        it.item, choice.explanation
                    )));
                }
            }
            Law::Items(it) if it.export => {
                let text = lianzhi_law::items_text(law.items(), today()).map_err(Failure::words)?;
                put(&text)?;
            }
            Law::Items(it) => print(&it.shown, &ask::items(&law), words::items)?,
            Law::Item(it) => {
                let query = DayQuery { date: it.date };
                print(&it.shown, &ask::item(&law, &it.item, &query, today())?, words::item)?;
            }
            Law::Entered(it) if it.export => {
                let text = entries_text(&law.all_entries(it.kind), today()).map_err(Failure::words)?;
                put(&text)?;
            }
            Law::Entered(it) => {
                let found = match it.shown.node().await? {
                    Some((store, world)) => {
                        lianzhi_app::entries_of(&*store.journal, &world.directory, it.kind).await?
                    }
                    None => entered::entries(&law, it.kind, |_| None),
                };
                print(&it.shown, &found, words::entered)?;
            }
            Law::Compare(it) => {
                if let [one] = it.item.as_slice() {
                    let query = DayQuery { date: it.date };
                    print(&it.shown, &ask::compare(&law, one, &query, today())?, words::comparison)?;
                } else {
                    let query = CompareQuery { items: it.item.join(","), date: it.date };
                    print(&it.shown, &ask::compare_all(&law, &query, today())?, words::compared)?;
                }
            }
        }
        Ok(ExitCode::SUCCESS)
    }
}

fn today() -> Date {
    tz::offset(8).to_datetime(machine_now()).date()
}

fn print<T: Serialize>(shown: &Shown, answer: &T, words: impl Fn(&T) -> String) -> Result<(), Failure> {
    let text = if shown.json {
        serde_json::to_string_pretty(answer).map_err(|e| Failure::words(e.to_string()))? + "\n"
    } else {
        words(answer)
    };
    put(&text)
}

fn put(text: &str) -> Result<(), Failure> {
    match std::io::stdout().write_all(text.as_bytes()) {
        // Whoever reads has seen enough (`… | head`).
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
        other => other.map_err(|e| Failure::words(format!("不能输出：{e}"))),
    }
}

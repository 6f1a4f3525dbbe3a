//! A year of penalty cases of a big district, seeded through decide, evolve and append: documents as they are printed, a thick case
//! as it opens, the figures. Each with a baseline in the same run: a plain count, a page that shows nothing, the shortest document.

use super::load::{self, Run};
use super::stage::{Place, Stage};
use super::{CasesArgs, Failure};
use lianzhi_app::ports::{EntryRow, Filter};
use lianzhi_app::{Caller, filter_of_kind};
use lianzhi_docket::Entry;
use lianzhi_ids::{Digest, DocketId, Role};
use lianzhi_procedure::penalty::PaperKind;
use lianzhi_procedure::{Actor, AnyState};
use std::collections::{BTreeSet, HashMap};
use std::time::{Duration, Instant};

/// Papers printed before anything is measured: fonts are read and templates compiled once.
const WARM_UP: usize = 5;

/// Entries and files that the thick case has at least.
const THICK: (usize, usize) = (200, 60);
/// Documents of the year as data, at least, for each case that is wished for.
const DOCUMENTS_PER_CASE: usize = 12;

/// Asks for pages one after the other.
async fn ask(stage: &Stage, token: &str, paths: Vec<String>, requests: u64) -> Result<Run, Failure> {
    let token = token.to_owned();
    let make = move |_: usize, n: u64| load::get(&paths[n as usize % paths.len()], &token);
    Ok(load::run(stage.at, 1, Duration::from_secs(600), requests, 200, make).await?)
}

fn line(name: &str, run: &mut Run, promised: &str) {
    println!("{name:<34} {} promised {promised}", run.line());
}

/// How often the median of a baseline goes into that of what is measured.
fn ratio(name: &str, run: &mut Run, baseline: &mut Run) {
    let ratio = run.percentile_ms(50.0) / baseline.percentile_ms(50.0).max(f64::MIN_POSITIVE);
    println!("  {name:<32} {ratio:.1} times the baseline");
}

/// The distinct files that an entry names.
fn files_of(entry: &EntryRow) -> Vec<Digest> {
    Entry::parse(&entry.bytes).map(|entry| entry.exhibits).unwrap_or_default()
}

/// How long something takes, several times; the median in milliseconds.
async fn median(times: u64, what: impl AsyncFn() -> Result<(), Failure>) -> Result<f64, Failure> {
    let mut all = Run::default();
    for _ in 0..times {
        let begin = Instant::now();
        what().await?;
        all.times.push(begin.elapsed());
    }
    Ok(all.percentile_ms(50.0))
}

/// Pages of a PDF: its objects of that type.
fn pages(pdf: &[u8]) -> usize {
    const PAGE: &[u8] = b"/Type /Page";
    let followed = |at: usize| pdf.get(at + PAGE.len()).is_some_and(|next| !next.is_ascii_alphabetic());
    pdf.windows(PAGE.len()).enumerate().filter(|(at, w)| *w == PAGE && followed(*at)).count()
}

pub(super) async fn run(args: &CasesArgs) -> Result<(), Failure> {
    let place = Place::new(args.database.as_deref(), args.dir.as_deref())?;
    let begin = Instant::now();
    match place.seed_cases(args.cases).await? {
        Some(counts) => {
            let seconds = begin.elapsed().as_secs_f64();
            println!(
                "seeded {} cases, {} documents, {} entries in {seconds:.0} s ({:.0} entries/s); refused steps: {}{}",
                counts.cases,
                counts.documents,
                counts.entries,
                counts.entries as f64 / seconds,
                counts.refused,
                counts.first_refusal.map(|r| format!(", first: {r}")).unwrap_or_default()
            );
            if counts.documents < DOCUMENTS_PER_CASE * args.cases {
                return Err(format!("fewer than {DOCUMENTS_PER_CASE} documents a case").into());
            }
        }
        None => println!("the cases that are there"),
    }
    let stage = Stage::open(place).await?;
    println!("engine: {}", stage.app.store().upkeep.describe().await?);
    stage.app.integrate_log().await;
    let leader = stage.token_of(Role::Leader).await?;
    documents(&stage, &leader, args).await?;
    thick(&stage, &leader, args).await?;
    figures(&stage, &leader, args).await
}

/// A case that was seeded.
struct Seeded {
    id: DocketId,
    /// Number of its decision in it; 0 for none.
    decision: u16,
    /// Number of its filing form in it; 0 for none.
    filing: u16,
    /// How many entries it has.
    entries: usize,
    /// How many files its entries name.
    files: usize,
}

/// Cases by what is in them.
async fn cases(stage: &Stage) -> Result<Vec<Seeded>, Failure> {
    let last = stage.app.store().journal.head().await?.next_docket;
    let ids: Vec<DocketId> = (0..last).map(DocketId).collect();
    let mut all = Vec::new();
    for id in ids {
        let Ok(entries) = stage.app.store().journal.docket(id).await else { continue };
        if !entries.first().is_some_and(|row| row.bytes.windows(16).any(|w| w == b"\"kind\":\"penalty\"")) {
            continue;
        }
        let Some(live) = lianzhi_app::project::fold(&entries)? else { continue };
        let AnyState::Penalty(state) = &live.state else { continue };
        let Some(case) = state.case() else { continue };
        let paper = |kind: PaperKind| case.papers_of(kind).next().map_or(0, |file| file.paper.id);
        // A decision by a rule whose prohibition nobody entered is refused on paper; it is none to be measured by.
        let printable = case.parties.iter().flat_map(|p| &p.charges).all(|c| !c.basis.prohibits.is_empty());
        let decision = if printable { paper(PaperKind::Decision) } else { 0 };
        let files: BTreeSet<_> = entries.iter().flat_map(files_of).collect();
        let filing = paper(PaperKind::Filing);
        all.push(Seeded { id, decision, filing, entries: entries.len(), files: files.len() });
    }
    Ok(all)
}

async fn documents(stage: &Stage, token: &str, args: &CasesArgs) -> Result<(), Failure> {
    let all = cases(stage).await?;
    let decided: Vec<_> = all.iter().filter(|case| case.decision > 0).collect();
    let paths = |skip: usize, n: usize, which: fn(&Seeded) -> u16| -> Vec<String> {
        decided.iter().skip(skip).take(n).map(|c| format!("/matters/{}/papers/{}", c.id, which(c))).collect()
    };
    let decision = |c: &Seeded| c.decision;
    let filing = |c: &Seeded| c.filing;
    ask(stage, token, paths(0, WARM_UP, decision), WARM_UP as u64).await?;
    ask(stage, token, paths(0, WARM_UP, filing), WARM_UP as u64).await?;
    let person = stage
        .app
        .directory()
        .people
        .values()
        .find(|p| Actor::Person((*p).clone()).has(Role::Leader))
        .cloned();
    let caller = Caller::person(person.ok_or("no leader")?, "");
    let mut by_pages: HashMap<usize, usize> = HashMap::new();
    for c in decided.iter().take(WARM_UP) {
        let Ok(printed) = stage.app.case_paper(&caller, c.id, c.decision, None).await else { continue };
        *by_pages.entry(pages(&printed.pdf)).or_default() += 1;
    }
    println!("pages of a decision: {by_pages:?}");
    let n = args.papers.min(decided.len().saturating_sub(WARM_UP));
    let mut long = ask(stage, token, paths(WARM_UP, n, decision), n as u64).await?;
    line("decision, printed for the first time", &mut long, "50 ms");
    let mut short = ask(stage, token, paths(WARM_UP, n, filing), n as u64).await?;
    line("  baseline: filing form, first time", &mut short, "-");
    ratio("a decision", &mut long, &mut short);
    let mut again = ask(stage, token, paths(WARM_UP, n, decision), n as u64).await?;
    line("  the same decision again, as kept", &mut again, "-");
    Ok(())
}

async fn thick(stage: &Stage, token: &str, args: &CasesArgs) -> Result<(), Failure> {
    let all = cases(stage).await?;
    let Seeded { id, entries, files, .. } = all.iter().max_by_key(|case| case.entries).ok_or("no case")?;
    println!("thickest case: docket {id}, {entries} entries, {files} files");
    if *entries < THICK.0 || *files < THICK.1 {
        return Err(format!("no case of {} entries and {} files", THICK.0, THICK.1).into());
    }
    let mut plain = ask(stage, token, vec!["/law/calculator".into()], args.requests).await?;
    for tab in ["", "?tab=entries", "?tab=exhibits", "?tab=letters"] {
        let mut run = ask(stage, token, vec![format!("/matters/{id}{tab}")], args.requests).await?;
        line(&format!("thick case {tab}"), &mut run, "30 ms");
        ratio("", &mut run, &mut plain);
    }
    line("  baseline: a page without a matter", &mut plain, "-");
    Ok(())
}

async fn figures(stage: &Stage, token: &str, args: &CasesArgs) -> Result<(), Failure> {
    let year = jiff::tz::offset(8).to_datetime(stage.app.now()).date();
    let from = year.saturating_sub(jiff::Span::new().days(366));
    let paths = [
        ("figures of cases, a year", format!("/cases/stats?from={from}")),
        ("figures of cases, one item", format!("/cases/stats?from={from}&item=JZLJ-01&result=penalty")),
        ("figures of cases, API", format!("/api/v1/cases/stats?from={from}")),
    ];
    let mut plain = ask(stage, token, vec!["/law/calculator".into()], args.requests).await?;
    for (name, path) in paths {
        let mut run = ask(stage, token, vec![path], args.requests).await?;
        line(name, &mut run, "100 ms");
        ratio("", &mut run, &mut plain);
    }
    line("  baseline: a page without a matter", &mut plain, "-");
    let filter = Filter { now: 0, ..filter_of_kind("penalty") };
    let store = stage.app.store();
    let plain = median(args.requests, async || {
        store.queries.count(&filter, i64::MAX - 1).await?;
        Ok(())
    })
    .await?;
    println!("  baseline: SELECT COUNT(*)          p50={plain:.2}ms");
    let lines = Filter { kind: None, ..filter };
    let read = median(args.requests, async || {
        store.queries.case_lines(&lines, None).await?;
        Ok(())
    })
    .await?;
    println!("  reading all lines of cases         p50={read:.2}ms");
    Ok(())
}

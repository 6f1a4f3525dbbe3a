//! A year of penalty cases of a big district, seeded through decide, evolve and append: documents as they are printed, a thick case
//! as it opens, the figures. Each with a baseline in the same run: a plain count, a page that shows nothing, the shortest document.

use super::load::{self, Run};
use super::stage::{Place, Stage};
use super::{CasesArgs, Failure};
use lianzhi_app::ports::Filter;
use lianzhi_app::{Caller, filter_of_kind};
use lianzhi_ids::{DocketId, Role};
use lianzhi_procedure::penalty::PaperKind;
use lianzhi_procedure::{Actor, AnyState};
use std::collections::HashMap;
use std::time::{Duration, Instant};

/// Papers printed before anything is measured: fonts are read and templates compiled once.
const WARM_UP: usize = 5;

/// Asks for pages one after the other.
async fn ask(stage: &Stage, token: &str, paths: Vec<String>, requests: u64) -> Result<Run, Failure> {
    let token = token.to_owned();
    let make = move |_: usize, n: u64| load::get(&paths[n as usize % paths.len()], &token);
    Ok(load::run(stage.at, 1, Duration::from_secs(600), requests, 200, make).await?)
}

fn line(name: &str, run: &mut Run, promised: &str) {
    println!("{name:<34} {} promised {promised}", run.line());
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
        all.push(Seeded { id, decision, filing: paper(PaperKind::Filing), entries: entries.len() });
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
    let mut again = ask(stage, token, paths(WARM_UP, n, decision), n as u64).await?;
    line("  the same decision again, as kept", &mut again, "-");
    Ok(())
}

async fn thick(stage: &Stage, token: &str, args: &CasesArgs) -> Result<(), Failure> {
    let all = cases(stage).await?;
    let Seeded { id, entries, .. } = all.iter().max_by_key(|case| case.entries).ok_or("no case")?;
    println!("thickest case: docket {id}, {entries} entries");
    for tab in ["", "?tab=record", "?tab=exhibits"] {
        let mut run = ask(stage, token, vec![format!("/matters/{id}{tab}")], args.requests).await?;
        line(&format!("thick case {tab}"), &mut run, "30 ms");
    }
    let mut run = ask(stage, token, vec!["/privacy".into()], args.requests).await?;
    line("  baseline: a page of plain text", &mut run, "-");
    let mut run = ask(stage, token, vec!["/law/calculator".into()], args.requests).await?;
    line("  baseline: a page without a matter", &mut run, "-");
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
    for (name, path) in paths {
        let mut run = ask(stage, token, vec![path], args.requests).await?;
        line(name, &mut run, "100 ms");
    }
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

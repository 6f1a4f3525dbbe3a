//! Days of a made-up city on a real store, through the real commands.
#![expect(clippy::unwrap_used, reason = "a test stops where something unexpected happens")]

mod together;

use jiff::{SignedDuration, Timestamp};
use lianzhi_app::ports::{Entropy, Filter, MatterRow, Store};
use lianzhi_app::publicity::RecordQuery;
use lianzhi_app::verify::verify_node;
use lianzhi_app::{App, Caller, Config, Keys, PlaceInput, ReportInput};
use lianzhi_docket::verify::Expect;
use lianzhi_ids::Role;
use lianzhi_procedure::AnyState;
use lianzhi_procedure::directory::Person;
use lianzhi_procedure::penalty::{Case, PaperKind, catalogue, folios, record_gaps};
use lianzhi_sim::region::{HEFEI, Place, QINGPU, REGION};
use lianzhi_sim::{
    BulkWishes, CaseWishes, City, Counts, LiveCity, Liveliness, SimClock, Wishes, history, seed_bulk,
    seed_cases,
};
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha12Rng;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};

struct Chance(Mutex<ChaCha12Rng>);

impl Entropy for Chance {
    fn fill(&self, bytes: &mut [u8]) {
        self.0.lock().unwrap().fill_bytes(bytes);
    }
}

struct Town {
    app: App,
    keys: Keys,
    store: Store,
    counts: Counts,
    until: Timestamp,
    _folder: tempfile::TempDir,
}

struct Ground {
    city: City,
    store: Store,
    keys: Keys,
    entropy: Arc<Chance>,
    clock: Arc<SimClock>,
    config: Config,
    folder: tempfile::TempDir,
}

/// A Wednesday, 15:20 in Beijing.
const UNTIL: &str = "2026-09-16T07:20:00Z";

impl Ground {
    async fn new(days: u32, seed: u64) -> Ground {
        Ground::at(&QINGPU, days, seed).await
    }

    async fn at(place: &'static Place, days: u32, seed: u64) -> Ground {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite:{}", folder.path().join("town.db").display());
        let store =
            lianzhi_store::open(lianzhi_store::Options::new(url, folder.path().join("blobs"))).await.unwrap();
        let city = City::generate(place, seed).unwrap();
        let until: Timestamp = UNTIL.parse().unwrap();
        let clock = Arc::new(SimClock::new(history::eve(until, days)));
        let entropy = Arc::new(Chance(Mutex::new(ChaCha12Rng::seed_from_u64(seed))));
        let (keys, _) = Keys::generate(entropy.as_ref());
        let log_dir = folder.path().join("log");
        let config =
            Config { node: city.node().unwrap(), generation: 1, restored: None, simulated: true, log_dir };
        Ground { city, store, keys, entropy, clock, config, folder }
    }

    async fn settled(&self) -> App {
        let (config, entropy) = (self.config.clone(), self.entropy.clone());
        let app = App::open(config, self.store.clone(), self.clock.clone(), entropy, self.keys.clone())
            .await
            .unwrap();
        history::settle(&app, &self.city).await.unwrap();
        assert_eq!(app.problems(), Vec::<String>::new());
        app
    }
}

async fn live(days: u32, seed: u64) -> Town {
    let ground = Ground::new(days, seed).await;
    let app = ground.settled().await;
    let until = UNTIL.parse().unwrap();
    let wishes = Wishes { until, days, seed, pace: 1.0 };
    let counts =
        history::run(&app, ground.keys.clone(), &ground.clock, &ground.city, &wishes, |_| {}).await.unwrap();
    Town { app, keys: ground.keys, store: ground.store, counts, until, _folder: ground.folder }
}

/// All matters as lists show them, by number.
async fn rows_of(store: &Store) -> Vec<MatterRow> {
    let ids: Vec<_> =
        (0..store.journal.head().await.unwrap().next_docket).map(lianzhi_ids::DocketId).collect();
    let mut rows = store.journal.matters(&ids).await.unwrap();
    rows.sort_by_key(|r| r.id);
    rows
}

/// Every paper about things, the police, the court and what few cases come to can be printed: what was signed and served exists.
async fn papers_print(town: &Town, rows: &[MatterRow], leader: &Caller) {
    use PaperKind as P;
    const KINDS: [PaperKind; 10] = [
        P::Preservation,
        P::PreservationSettled,
        P::Seizure,
        P::SeizureExtended,
        P::SeizureReleased,
        P::Crime,
        P::Court,
        P::Agreement,
        P::Suspension,
        P::Amendment,
    ];
    let mut printed = BTreeSet::new();
    for row in rows.iter().filter(|row| row.kind == "penalty") {
        let view = town.app.matter(leader, row.id).await.unwrap();
        let AnyState::Penalty(lianzhi_procedure::penalty::State::Case(case)) = &view.state else { continue };
        for file in case.papers.iter().filter(|file| KINDS.contains(&file.paper.kind)) {
            let party = file.paper.parties.first().copied();
            let paper = town.app.case_paper(leader, row.id, file.paper.id, party).await;
            assert!(paper.is_ok(), "{} {}: {:?}", row.title, file.paper.number, paper.err());
            printed.insert(file.paper.kind.title());
        }
    }
    assert_eq!(printed.len(), KINDS.len(), "{printed:?}; {:?}", town.counts.refusals);
}

/// Cases that show on purpose what a gap looks like: the papers of two did not come back signed and stamped, the payment of the
/// third waits for somebody who looks at its voucher.
const WITH_GAPS: [&str; 3] =
    ["某注销公司擅自倾倒渣土案", "某渣土运输队车辆未密闭运输案", "某建设工程有限公司擅自倾倒建筑垃圾案"];
/// Cases that were filed and whose files, bound, lack nothing of the steps that they have passed.
const WHOLE: usize = 36;

/// What a case has passed is on record, signed and stamped, and can be bound (行政处罚法 47, 59), but where gaps are shown.
async fn files_are_whole(town: &Town, rows: &[MatterRow], leader: &Caller) {
    let (mut whole, mut lacking) = (0, BTreeMap::new());
    for row in rows.iter().filter(|row| row.kind == "penalty") {
        let view = town.app.matter(leader, row.id).await.unwrap();
        let AnyState::Penalty(lianzhi_procedure::penalty::State::Case(case)) = &view.state else { continue };
        acts_are_in_order(&row.title, case);
        let mut lacks: Vec<String> = record_gaps(case).into_iter().map(|gap| gap.wants).collect();
        for listed in catalogue(case) {
            let Some(folio) = listed.folio.filter(|folio| folios::printed(case, *folio)) else { continue };
            let form = town.app.folio_form(leader, row.id, folio).await.unwrap();
            lacks.extend(form.lacking.iter().map(|what| format!("{}：{what}", listed.title)));
        }
        whole += usize::from(lacks.is_empty() && case.filed().is_some());
        if !lacks.is_empty() {
            lacking.insert(row.title.clone(), lacks);
        }
    }
    let with_gaps: BTreeSet<&str> = lacking.keys().map(String::as_str).collect();
    assert_eq!(with_gaps, WITH_GAPS.into(), "{lacking:#?}; {:?}", town.counts.refusals);
    assert_eq!(whole, WHOLE);
}

/// Nobody is asked questions at night or in two places at once, and what is taken was looked at before (行政强制法 18).
fn acts_are_in_order(title: &str, case: &Case) {
    let records = case.evidence.iter().map(|file| &file.evidence).filter(|e| e.kind.is_record());
    let spans: Vec<_> = records.map(|e| (e.from, e.to)).collect();
    for (from, to) in &spans {
        let hours = [from, to].map(|at| jiff::tz::offset(8).to_datetime(*at).hour());
        assert!(hours.iter().all(|hour| (8..18).contains(hour)), "{title}: {from} to {to}");
    }
    for pair in spans.windows(2) {
        assert!(pair[0].1 <= pair[1].0, "{title}: {pair:?}");
    }
    for measure in &case.measures {
        assert!(spans.iter().any(|(_, to)| *to <= measure.measure.from), "{title}: nobody looked first");
    }
}

fn stages_of(rows: &[MatterRow], kind: &str) -> BTreeSet<String> {
    rows.iter().filter(|r| r.kind == kind).map(|r| r.stage.clone()).collect()
}

fn cases_in_every_stage(rows: &[MatterRow]) {
    let cases = stages_of(rows, "penalty");
    for (code, title) in lianzhi_procedure::penalty::STAGES {
        assert!(cases.contains(*code), "no case is {title}: {cases:?}");
    }
    let sheets = stages_of(rows, "spot");
    for stage in lianzhi_procedure::spot::Stage::ALL {
        assert!(sheets.contains(stage.code()), "no decision on the spot is {}: {sheets:?}", stage.title());
    }
    let slips = stages_of(rows, "slip");
    for stage in lianzhi_procedure::slip::Stage::ALL {
        assert!(slips.contains(stage.code()), "no slip is {}: {slips:?}", stage.title());
    }
}

/// Somebody who may read every case.
fn leader_of(app: &App) -> Caller {
    let directory = app.directory();
    let leads = |p: &&Arc<Person>| p.posts.iter().any(|post| post.roles.contains(&Role::Leader));
    Caller::person(directory.people.values().find(leads).unwrap().clone(), "")
}

/// Turns that few cases take, each of which some case took.
async fn every_turn_was_taken(app: &App, rows: &[MatterRow], counts: &Counts) {
    let leader = leader_of(app);
    let mut taken = BTreeSet::new();
    for row in rows.iter().filter(|row| row.kind == "penalty") {
        let view = app.matter(&leader, row.id).await.unwrap();
        let AnyState::Penalty(lianzhi_procedure::penalty::State::Case(case)) = &view.state else { continue };
        let paper = |kind| case.papers_of(kind).next().is_some();
        let any = |of: fn(&lianzhi_procedure::penalty::Party) -> bool| case.parties.iter().any(of);
        let turns = [
            ("a reviewer objected", lianzhi_procedure::penalty::objection(case).is_some()),
            ("a proposal was returned", case.returned.is_some()),
            ("an officer stood aside", !case.recused.is_empty()),
            ("a paper was corrected", paper(PaperKind::Amendment)),
            ("enforcement was agreed on", paper(PaperKind::Agreement)),
            ("enforcement rests", any(|p| p.execution.suspended().is_some())),
            ("enforcement ended", any(|p| p.execution.ended.is_some())),
            ("a party has its own case", any(|p| p.split_to.is_some())),
            ("fined by the day", case.daily_of.is_some()),
        ];
        taken.extend(turns.into_iter().filter(|(_, is)| *is).map(|(turn, _)| turn));
    }
    assert_eq!(taken.len(), 9, "{taken:?}; {:?}", counts.refusals);
}

/// Wherever the node stands and whatever law it has: what people do in cases there is never refused.
#[tokio::test(flavor = "multi_thread")]
async fn every_node_of_the_region_has_cases_in_every_stage() {
    for place in REGION.iter().filter(|place| place.code != QINGPU.code) {
        let ground = Ground::at(place, 1, 1).await;
        let app = ground.settled().await;
        let wishes = Wishes { until: UNTIL.parse().unwrap(), days: 1, seed: ground.city.seed, pace: 0.1 };
        let counts = history::run(&app, ground.keys.clone(), &ground.clock, &ground.city, &wishes, |_| {})
            .await
            .unwrap();
        println!("{}", place.code);
        let rows = rows_of(&ground.store).await;
        cases_in_every_stage(&rows);
        every_turn_was_taken(&app, &rows, &counts).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn days_of_work_leave_every_desk_something_to_do() {
    let town = live(3, 1).await;
    let counts = &town.counts;
    assert!(counts.matters >= 300, "{} matters in three days", counts.matters);
    assert!(counts.entries > i64::try_from(counts.matters * 8).unwrap(), "{} entries", counts.entries);
    assert!(
        counts.refused * 10 < counts.commands,
        "most of what people wish is possible: {:?}",
        counts.refusals
    );
    // Each of these is somebody's work; a month has all of them many times.
    for event in [
        "classified",
        "placed",
        "dispatched",
        "accepted",
        "arrived",
        "handled",
        "verified",
        "answered",
        "closed",
        "contacted",
        "revisited",
        "rated",
        "joined",
        "supervised",
        "sent_back",
    ] {
        assert!(counts.events.contains_key(event), "no {event} in {:?}", counts.events);
    }
    assert!(counts.ticks > 0, "clocks asked for nothing");

    let rows = town.store.journal.open_matters(lianzhi_ids::DocketId(-1), 5_000).await.unwrap();
    let reports: Vec<_> = rows.iter().filter(|r| r.kind == "report").collect();
    let mut stages: BTreeMap<&str, usize> = BTreeMap::new();
    for row in &reports {
        *stages.entry(&row.stage).or_default() += 1;
    }
    for stage in ["pooled", "assigned", "working", "outside", "to_verify", "to_answer", "to_close"] {
        assert!(stages.contains_key(stage), "nothing is {stage}: {stages:?}");
    }
    let closed = counts.matters - reports.len() as u64;
    assert!(closed * 2 > counts.matters, "{closed} of {} are settled", counts.matters);
    // Some are late, as in a city that works; most are not.
    let late: Vec<_> = reports.iter().filter(|r| r.overdue).collect();
    println!("{} of {} open matters are late", late.len(), reports.len());
    for row in &late {
        let lines = town.app.record(&Caller::system(), row.id).await.unwrap();
        let expired = lines.iter().filter(|l| l.event_type == "clock_expired");
        println!("{} {} {:?}", row.stage, row.due_name, expired.map(|l| &l.title).collect::<Vec<_>>());
    }
    assert!(!late.is_empty() && late.len() * 100 <= reports.len() * 8, "{} of {}", late.len(), reports.len());

    // Cases began long before: there is one in each stage, and none stopped at a step that the rules refuse.
    let all = rows_of(&town.store).await;
    cases_in_every_stage(&all);
    every_turn_was_taken(&town.app, &all, counts).await;
    assert_eq!(stages_of(&all, "stocktake"), ["differences", "stock_closed"].map(str::to_owned).into());
    let query = RecordQuery { what: Some("gaps".into()), ..RecordQuery::default() };
    let leader = leader_of(&town.app);
    papers_print(&town, &all, &leader).await;
    files_are_whole(&town, &all, &leader).await;
    let gaps = town.store.books.number_gaps(2026).await.unwrap();
    assert!(gaps.is_empty(), "a number is missing from its series: {gaps:?}");
    let gaps = town.app.oversight_records(&leader, &query).await.unwrap().records;
    assert!(!gaps.iter().flat_map(|r| &r.gaps).any(|gap| gap.wants == "责令改正通知书"), "{gaps:?}");

    // A citizen's report of the past can be followed by whoever has its code.
    assert!(counts.follow.iter().any(|f| f.stage == "closed") && counts.follow.len() >= 4);
    for known in &counts.follow {
        let view = town.app.follow(&known.number, &known.follow_code).await.unwrap();
        assert_eq!(town.store.journal.matters(&[view.id]).await.unwrap()[0].stage, known.stage);
    }

    assert!(town.app.duty().people().count() >= 30, "squads are on duty in the afternoon");
    assert!(rows.iter().all(|r| r.updated_at <= town.until.as_microsecond()));

    // People go on where history ended.
    let report = ReportInput {
        description: "珠溪西路路边有一堆暴露垃圾".into(), ..ReportInput::default()
    };
    let receipt = town.app.report(&Caller::public("198.51.100.7"), report, None).await.unwrap();
    assert_eq!(receipt.id, town.store.journal.head().await.unwrap().next_docket - 1);

    let made = rows_of(&town.store).await;
    same_when_rebuilt(&town.store, &town.keys, &town.app.config().node, &made).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn another_place_lives_under_its_own_numbers_and_its_addresses_are_found() {
    let ground = Ground::at(&HEFEI, 2, 1).await;
    let app = ground.settled().await;
    let wishes = Wishes { until: UNTIL.parse().unwrap(), days: 2, seed: ground.city.seed, pace: 0.4 };
    let counts =
        history::run(&app, ground.keys.clone(), &ground.clock, &ground.city, &wishes, |_| {}).await.unwrap();
    assert!((60..=160).contains(&counts.matters), "{} matters", counts.matters);
    assert!(counts.refused * 10 < counts.commands, "{:?}", counts.refusals);
    let rows = rows_of(&ground.store).await;
    for row in rows.iter().filter(|r| r.kind == "report") {
        assert!(row.number.starts_with("皖合2026-"), "{}", row.number);
        assert!(row.grid.as_ref().is_none_or(|g| g.as_str().starts_with("3401")), "{:?}", row.grid);
    }
    assert!(rows.iter().any(|r| r.stage == "closed"));

    // The town that an address names is known, though the node's code is that of a city.
    let spot = ground.city.spots.iter().find(|s| s.address.contains("琥珀街道颐和路")).unwrap();
    assert!(spot.address.starts_with("合肥市蜀山区"), "{}", spot.address);
    let report = ReportInput {
        description: "店外经营".into(),
        place: PlaceInput { address: Some(spot.address.clone()), ..PlaceInput::default() },
        ..ReportInput::default()
    };
    let receipt = app.report(&Caller::public("198.51.100.7"), report, None).await.unwrap();
    assert!(receipt.grid.is_some_and(|g| g.as_str().starts_with("340104003")));
}

#[tokio::test(flavor = "multi_thread")]
async fn units_have_one_duty_book_each() {
    let town = live(1, 2).await;
    let filter = lianzhi_app::filter_of_kind("duty");
    let page = town.store.queries.list(&filter, lianzhi_app::ports::Order::Newest, None, 200).await.unwrap();
    let numbers: BTreeSet<_> = page.rows.iter().map(|r| r.number.clone()).collect();
    assert_eq!(numbers.len(), page.rows.len());
    assert_eq!(numbers.len(), 13, "eleven squads, the dispatch centre and the hotline: {numbers:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bulk_of_matters_is_what_the_procedure_makes_of_its_entries() {
    let ground = Ground::new(30, 3).await;
    drop(ground.settled().await);
    let wishes = BulkWishes { matters: 1_200, until: UNTIL.parse().unwrap(), days: 30, seed: 3 };
    let mut told = Vec::new();
    let (store, keys) = (&ground.store, &ground.keys);
    let counts = seed_bulk(store, keys, ground.entropy.clone(), &ground.city, &wishes, |n| told.push(n))
        .await
        .unwrap();
    assert_eq!((counts.matters, told.last().copied()), (1_200, Some(1_200)));
    assert!(counts.entries > 6 * counts.matters, "{} entries", counts.entries);
    let made = rows_of(store).await;
    let reports: Vec<_> = made.iter().filter(|r| r.kind == "report").collect();
    let closed = reports.iter().filter(|r| r.stage == "closed").count();
    assert_eq!(reports.len(), 1_200);
    assert!(closed * 10 > reports.len() * 9 && counts.open > 0, "{closed} closed, {} open", counts.open);

    same_when_rebuilt(store, keys, &ground.config.node, &made).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_year_of_cases_is_what_the_procedure_makes_of_it_and_its_lines_are_made_anew() {
    let ground = Ground::new(300, 5).await;
    drop(ground.settled().await);
    let wishes = CaseWishes { cases: 60, until: UNTIL.parse().unwrap(), days: 300, seed: 5 };
    let (store, keys) = (&ground.store, &ground.keys);
    let counts =
        seed_cases(store, keys, ground.entropy.clone(), &ground.city, &wishes, |_| {}).await.unwrap();
    assert_eq!(counts.first_refusal, None);
    assert_eq!(counts.cases, 60);
    assert!(counts.thick.is_some() && counts.decided.len() > 30, "{counts:?}");
    assert!(counts.documents >= 12 * counts.cases, "{} documents", counts.documents);
    let whole = Filter { kind: None, ..lianzhi_app::filter_of_kind("") };
    let lines = store.queries.case_lines(&whole, None).await.unwrap();
    assert_eq!(lines.len(), 60, "one party and one violation each");
    let paid =
        lines.iter().filter(|l| l.line.result == "penalty" && l.line.fine > 0 && l.line.paid == l.line.fine);
    assert!(paid.count() > 20);
    for result in ["not_filed", "no_penalty"] {
        assert!(lines.iter().any(|l| l.line.result == result), "{result}");
    }
    assert!(
        lines.iter().any(|l| l.line.kept == "missed")
            && lines.iter().any(|l| l.line.reviewed == "supplement")
    );
    let made = rows_of(store).await;
    same_when_rebuilt(store, keys, &ground.config.node, &made).await;
    assert_eq!(store.queries.case_lines(&whole, None).await.unwrap(), lines, "made anew they are the same");
}

async fn open_reports(store: &Store) -> Vec<MatterRow> {
    let mut rows = store.journal.open_matters(lianzhi_ids::DocketId(-1), 5_000).await.unwrap();
    rows.retain(|r| r.kind == "report");
    rows
}

/// Lets a live city act until a time, with the clocks of the node.
async fn go_on(city: &mut LiveCity<'_>, app: &App, clock: &SimClock, until: Timestamp) {
    while let Some(next) = city.next().filter(|t| *t <= until) {
        clock.set(next);
        city.act().await;
        app.tick().await.unwrap();
    }
    clock.set(until);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_live_city_goes_on_takes_up_what_is_there_and_stops_at_once() {
    let ground = Ground::new(1, 4).await;
    let app = ground.settled().await;
    let until: Timestamp = UNTIL.parse().unwrap();
    let wishes = Wishes { until, days: 1, seed: 4, pace: 1.0 };
    let keys = ground.keys.clone();
    history::run(&app, keys, &ground.clock, &ground.city, &wishes, |_| {}).await.unwrap();
    let before = open_reports(&ground.store).await;

    let how = Liveliness { seed: 4, speed: 10 };
    let mut city = LiveCity::open(&app, &ground.city, how).await.unwrap();
    // Somebody at a browser reports something that the city did not think of.
    let report = ReportInput {
        description: "珠溪西路路边有一堆暴露垃圾".into(), ..ReportInput::default()
    };
    let theirs = app.report(&Caller::public("198.51.100.7"), report, None).await.unwrap();
    go_on(&mut city, &app, &ground.clock, until + SignedDuration::from_mins(60)).await;

    let counts = city.counts();
    // The afternoon has seven reports an hour or more: ten hours' worth of them in one.
    assert!((40..=140).contains(&counts.reports), "{counts:?}");
    assert!(counts.commands > counts.reports * 4, "{counts:?}");
    assert!(counts.refused * 5 < counts.commands, "most of what people wish is possible: {counts:?}");
    let rows = rows_of(&ground.store).await;
    let born = |r: &&MatterRow| r.kind == "report" && r.reported_at > until.as_microsecond();
    let closed = rows.iter().filter(born).filter(|r| r.stage == "closed").count();
    assert!(closed > 10, "{closed} closed of {}", rows.iter().filter(born).count());
    let moved = before.iter().filter(|b| rows.iter().any(|r| r.id == b.id && r.seq > b.seq)).count();
    assert!(moved * 2 > before.len(), "{moved} of {} that were there were taken up", before.len());
    assert!(rows.iter().any(|r| r.id.0 == theirs.id && r.stage != theirs.stage), "theirs was not taken up");
    let after = open_reports(&ground.store).await.len();
    assert!(after < before.len() * 2 + 60, "{} open before, {after} after", before.len());

    // Stopping is ending its task, in the middle of an afternoon's work that is all due at once.
    let (running, town) = (app.clone(), ground.city.clone());
    let size = ground.store.journal.head().await.unwrap().size;
    let task = tokio::spawn(async move {
        LiveCity::open(&running, &town, how).await.unwrap().run().await;
    });
    while ground.store.journal.head().await.unwrap().size == size {
        ground.clock.set(app.now() + SignedDuration::from_mins(10));
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    task.abort();
    let ended = tokio::time::timeout(std::time::Duration::from_secs(1), task).await.unwrap();
    assert!(ended.unwrap_err().is_cancelled());

    app.integrate_log().await;
    let expect = Expect::of(app.config().node.clone(), app.log().verifier_key().clone());
    let report = verify_node(&ground.store, Some(ground.keys.clone()), expect, |_, _| {}).await.unwrap();
    assert!(report.is_intact(), "{report}");
    let made = rows_of(&ground.store).await;
    same_when_rebuilt(&ground.store, &ground.keys, &app.config().node, &made).await;
}

/// What was projected while history was made is what folding the entries gives.
async fn same_when_rebuilt(store: &Store, keys: &Keys, node: &lianzhi_ids::NodeCode, made: &[MatterRow]) {
    lianzhi_app::rebuild::rebuild(store, keys, node, |_, _| {}).await.unwrap();
    let anew = rows_of(store).await;
    for (made, anew) in made.iter().zip(&anew) {
        assert_eq!(made, anew);
    }
    assert_eq!(made.len(), anew.len());
}

//! Working with other members: what they wait for from us, what we wait for from them, what is late and with whom.

pub(super) mod begin;
pub(super) mod digest;
mod flows;
mod letter;

pub(super) use letter::people;

use self::flows::{FlowMap, FlowRow};
use super::shell::Shell;
use super::{assets, page, ui};
use crate::auth::SignedIn;
use crate::problem::{Answer, Problem};
use crate::state::WebState;
use askama::Template;
use axum::extract::{Query, State};
use axum::http::Uri;
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use lianzhi_app::federation::{OWN_NAME, PeerView};
use lianzhi_app::ports::ForkRow;
use lianzhi_app::{CooperationQuery, CooperationRow, Overview, PairFigures, WaitsFor};
use lianzhi_exchange::capabilities::{PROTOCOL_VERSIONS, choose_version};
use lianzhi_exchange::compact::Form;
use lianzhi_procedure::{Choice, Refusal};

/// Rows of one list on the page; the rest is reached by narrowing it.
const ROWS_MAX: usize = 200;

/// A shared matter as a line.
struct Row {
    row: CooperationRow,
    state: &'static str,
    left: String,
    due: String,
    /// Whose turn it is, in words.
    turn: &'static str,
}

/// Lines with a head: of one urgency, or of one member.
struct Group {
    title: ui::Html,
    rows: Vec<Row>,
}

/// One of the lists.
struct Part {
    id: &'static str,
    title: &'static str,
    empty: &'static str,
    count: usize,
    /// Not all are shown.
    more: bool,
    groups: Vec<Group>,
}

/// A number that leads to its matters.
struct Figure {
    n: u32,
    href: String,
    state: &'static str,
}

/// Figures of a member.
struct Pair {
    member: ui::Html,
    figures: Vec<Figure>,
}

/// How a member is reached.
struct Peer {
    member: ui::Html,
    state: &'static str,
    words: String,
    waiting: String,
    late: i64,
    error: String,
    /// In which version of the protocol one speaks with it; empty until it said what it knows.
    version: String,
    /// There is none that both know.
    apart: bool,
}

/// Evidence that a member said two things at one place.
struct Fork {
    member: ui::Html,
    what: &'static str,
    subject: String,
    at: String,
}

/// A way to begin something.
struct Begin {
    code: &'static str,
    title: &'static str,
    about: &'static str,
}

#[derive(Template)]
#[template(path = "cooperation.html")]
struct CooperationPage {
    shell: Shell,
    joined: bool,
    asked: CooperationQuery,
    by_member: bool,
    parts: Vec<Part>,
    late: u32,
    late_href: String,
    ours: usize,
    theirs: usize,
    complete: bool,
    pairs: Vec<Pair>,
    map: FlowMap,
    flows: Vec<FlowRow>,
    peers: Vec<Peer>,
    forks: Vec<Fork>,
    /// What came in this node's own name and it never said.
    own_name: Vec<Fork>,
    /// The roster is stale.
    stale: bool,
    /// Matters that came and are not understood here.
    aside: usize,
    /// Members whose logs have to show that they only grew.
    asked_logs: Vec<String>,
    begins: Vec<Begin>,
    lists: Vec<Choice>,
    members: Vec<Choice>,
    forms: Vec<Choice>,
    narrowed: bool,
    refusal: Option<Refusal>,
}

impl CooperationPage {
    fn is(&self, field: &str, value: &str) -> bool {
        let asked = match field {
            "side" => &self.asked.side,
            "form" => &self.asked.form,
            "member" => &self.asked.member,
            "late" => &self.asked.late,
            "awaits" => &self.asked.awaits,
            _ => &self.asked.open,
        };
        asked.as_deref().unwrap_or_default() == value
    }
}

/// What happens to a letter once it is drafted, and who waits for whom then, in a line.
pub(super) fn then(form: Form) -> &'static str {
    match form {
        Form::Lead => "送审核、签发后发出；对方收文登记，受理或退回并反馈结果，本机关在发件里等。",
        Form::Assistance => "送审核、签发后发出；对方收文登记、办理、复函，本机关等复函，认可后办结。",
        Form::Evidence => "送审核、签发后发出；对方收到原件后逐件认定，物品双方签字，本机关等认定结果。",
        Form::Bulletin => "送审核、签发后发出；各成员各自签收并反馈措施，本机关等最后一个成员。",
        Form::Dispute => "送审核、签发后发出；各方陈述、协商，一方提交记录、他方确认即定管辖，各方互等。",
        Form::Away => "送审核、签发后发出；对方答复同意与否，同意后由本机关去办并报告，对方等报告。",
    }
}

/// What a form is for, in a line.
pub(super) fn about(form: Form) -> &'static str {
    match form {
        Form::Lead => "不归本机关管辖的违法线索，移送有管辖权的成员",
        Form::Assistance => "请对方调查核实、调取证据、送达或协助执行",
        Form::Evidence => "证据和涉案物品连同取证过程移交，对方逐件认定",
        Form::Bulletin => "普遍性、行业性、新领域问题，通报一个或多个成员",
        Form::Dispute => "两地都认为有或都认为没有管辖权的，先协商",
        Form::Away => "到对方辖区检查，或请对方承认本机关的处罚结果",
    }
}

fn address(pairs: &[(&str, &str)]) -> String {
    let given = pairs.iter().map(|(name, value)| format!("{name}={}", ui::query(value)));
    format!("/cooperation?{}#lists", given.collect::<Vec<_>>().join("&"))
}

fn line(row: CooperationRow, now: Timestamp) -> Row {
    let (state, left) = ui::term(now, row.due_at, row.open);
    let due = row.due_at.filter(|_| row.open).map(|at| ui::due(now, ui::moment(at))).unwrap_or_default();
    let turn = match row.awaits {
        Some(WaitsFor::Us) => "等本机关",
        Some(WaitsFor::Them) => "等对方",
        Some(WaitsFor::Superior) => "等上级",
        None => "",
    };
    Row { row, state, left, due, turn }
}

fn part(
    (id, title, empty): (&'static str, &'static str, &'static str),
    rows: Vec<CooperationRow>,
    by_member: bool,
    now: Timestamp,
) -> Part {
    let count = rows.len();
    let mut groups: Vec<(String, Group)> = Vec::new();
    let mut rows: Vec<CooperationRow> = rows.into_iter().take(ROWS_MAX).collect();
    if by_member {
        rows.sort_by(|a, b| a.partner.cmp(&b.partner));
    }
    for row in rows {
        let (key, title) = if by_member {
            (row.partner.clone(), ui::member(&row.partner, &row.partner_name, &false))
        } else if !row.open {
            ("ended".to_owned(), ui::words("已办结"))
        } else {
            let urgency = super::desk::urgency(now, row.due_at.map(ui::moment));
            let title = ["已超期", "今天", "本周", "以后或无期限"].get(urgency).copied().unwrap_or_default();
            (title.to_owned(), ui::words(title))
        };
        if groups.last().is_none_or(|(k, _)| *k != key) {
            groups.push((key, Group { title, rows: Vec::new() }));
        }
        if let Some((_, group)) = groups.last_mut() {
            group.rows.push(line(row, now));
        }
    }
    let groups = groups.into_iter().map(|(_, group)| group).collect();
    Part { id, title, empty, count, more: count > ROWS_MAX, groups }
}

fn pair(figures: &PairFigures) -> Pair {
    let node = figures.node.as_str();
    let figure = |n: u32, pairs: &[(&str, &str)], late: bool| {
        let pairs: Vec<_> = std::iter::once(("member", node)).chain(pairs.iter().copied()).collect();
        Figure { n, href: address(&pairs), state: if late && n > 0 { "late" } else { "" } }
    };
    let came = ("side", "incoming");
    let went = ("side", "outgoing");
    Pair {
        member: ui::member(node, &figures.name, &false),
        figures: vec![
            figure(figures.incoming, &[came, ("open", "any")], false),
            figure(figures.we_in_time, &[came, ("open", "false"), ("late", "never")], false),
            figure(figures.we_late, &[came, ("open", "any"), ("late", "ever")], true),
            figure(figures.outgoing, &[went, ("open", "any")], false),
            figure(figures.they_in_time, &[went, ("open", "false"), ("late", "never")], false),
            figure(figures.they_late, &[went, ("open", "any"), ("late", "ever")], true),
            figure(figures.open, &[], false),
        ],
    }
}

fn peer(view: &PeerView, name: &str, now: Timestamp) -> Peer {
    let near = |at: i64| ui::near(now, ui::moment(at));
    let (state, words) = match (view.row.heard_at, view.row.silent_since) {
        (None, _) => ("wait", "还没有联系上".to_owned()),
        (Some(heard), Some(_)) => ("late", format!("联系不上，最后一次是{}", near(heard))),
        (Some(heard), None) => ("done", format!("通，{}有来往", near(heard))),
    };
    let spoken = view.program.as_ref().and_then(|p| choose_version(PROTOCOL_VERSIONS, &p.versions));
    let backlog = view.backlog.as_ref();
    let waiting = backlog.map_or(0, |b| b.waiting);
    Peer {
        member: ui::member(view.node.as_str(), name, &false),
        state,
        words,
        waiting: if waiting == 0 { "没有待送达的".into() } else { format!("待送达 {waiting} 件") },
        late: backlog.map_or(0, |b| b.late),
        error: if view.silent { view.row.error.clone() } else { String::new() },
        version: match (&view.program, spoken) {
            (None, _) => String::new(),
            (Some(_), Some(version)) => format!("协议第 {version} 版"),
            (Some(_), None) => "没有共同的协议版本，须升级其中一方的程序".into(),
        },
        apart: view.program.is_some() && spoken.is_none(),
    }
}

fn kind_of_fork(kind: &str) -> &'static str {
    match kind {
        "envelope" => "同一份文书有两个版本",
        "entry" => "同一位置有两条不同的记录",
        "log" => "存证日志前后不一致",
        "countersign" => "对同一版本机制会签了两次",
        _ => "前后陈述不一致",
    }
}

/// `GET /cooperation`.
pub(super) async fn show(State(state): State<WebState>, who: SignedIn, uri: Uri) -> Answer<Response> {
    state.app.may(&who.caller, "cooperation", None)?;
    let asked = Query::<CooperationQuery>::try_from_uri(&uri).map(|Query(q)| q).unwrap_or_default();
    let by_member = super::list::asked(&uri, "by").as_deref() == Some("member");
    let (overview, refusal) = match state.app.cooperation_of(&who.caller, &asked).await {
        Ok(overview) => (overview, None),
        Err(refusal) => (state.app.cooperation(&who.caller).await?, Some(refusal)),
    };
    let (now, directory) = (state.app.now(), state.app.directory());
    let app = &state.app;
    let (peers, forks, open) = tokio::try_join!(app.peer_views(), app.forks(), app.open_questions())?;
    let (stale, aside) = tokio::try_join!(app.roster_stale(), app.not_understood())?;
    let name_of = |node: &lianzhi_ids::NodeCode| {
        let member = directory.roster.as_ref().and_then(|r| r.member(node)).map(|m| m.name.clone());
        member.unwrap_or_else(|| node.to_string())
    };
    let fork = |f: &ForkRow| Fork {
        member: ui::member(f.node.as_str(), &name_of(&f.node), &(f.node == directory.node)),
        what: kind_of_fork(&f.kind),
        subject: f.subject.clone(),
        at: ui::near(now, ui::moment(f.at)),
    };
    let own = directory.node.to_string();
    let map = FlowMap::of(&own, &name_of(&directory.node), &overview);
    let flows = flows::table(&own, &overview);
    let Overview { inbox, outbox, ended, pairs, late, complete, .. } = overview;
    let waits = |whom| inbox.iter().chain(&outbox).filter(|row| row.awaits == Some(whom)).count();
    let (ours, theirs) = (waits(WaitsFor::Us), waits(WaitsFor::Them));
    let mut parts = Vec::new();
    let side = asked.side.as_deref().unwrap_or_default();
    let only_ended = asked.open.as_deref() == Some("false");
    if side != "outgoing" && !only_ended {
        let empty = "没有其他成员发来、还在办的件。";
        parts.push(part(("inbox", "收件：其他成员发来", empty), inbox, by_member, now));
    }
    if side != "incoming" && !only_ended {
        let empty = "没有本机关发出、还在办的件。";
        parts.push(part(("outbox", "发件：本机关发出", empty), outbox, by_member, now));
    }
    if matches!(asked.open.as_deref(), Some("false" | "any")) {
        let empty = "没有符合条件的已办结件。";
        parts.push(part(("ended", "已办结", empty), ended, by_member, now));
    }
    let may_draft = state.app.may(&who.caller, "cooperation_draft", None).is_ok();
    let joined = directory.roster.is_some();
    let begin = |form: Form| Begin { code: form.code(), title: form.title(), about: about(form) };
    let shown = CooperationPage {
        shell: Shell::new(&state, &who, "协作", "/cooperation"),
        joined,
        by_member,
        parts,
        late,
        late_href: address(&[("late", "now")]),
        ours,
        theirs,
        complete,
        members: pairs.iter().map(|p| Choice::new(&*p.node, format!("{} {}", p.province, p.name))).collect(),
        pairs: pairs.iter().map(pair).collect(),
        map,
        flows,
        peers: peers.iter().map(|view| peer(view, &name_of(&view.node), now)).collect(),
        forks: forks.iter().filter(|f| f.kind != OWN_NAME).map(fork).collect(),
        own_name: forks.iter().filter(|f| f.kind == OWN_NAME).map(fork).collect(),
        stale,
        aside,
        asked_logs: open.iter().map(|(node, _)| name_of(node)).collect(),
        begins: if joined && may_draft { Form::ALL.map(begin).into() } else { Vec::new() },
        lists: Form::ALL.iter().map(|f| Choice::new(f.code(), f.title())).collect(),
        forms: Form::ALL.iter().map(|f| Choice::new(f.code(), f.title())).collect(),
        narrowed: asked != CooperationQuery::default(),
        asked,
        refusal,
    };
    let status = shown.refusal.clone().map(|r| Problem::from(r).status);
    let response = page(&shown)?;
    Ok(match status {
        Some(status) => (status, response).into_response(),
        None => response,
    })
}

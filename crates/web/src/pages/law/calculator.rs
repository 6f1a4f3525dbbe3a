//! The calculator: terms forwards and backwards, the surcharge, the basis of a penalty. Plain forms that answer in the address, so
//! that an answer can be sent on and printed.

use super::{HERE, own_place, today};
use crate::auth::SignedIn;
use crate::pages::shell::Shell;
use crate::pages::{assets, page, ui};
use crate::problem::Answer;
use crate::state::WebState;
use askama::Template;
use axum::extract::{Query, State};
use axum::response::Response;
use lianzhi_law::ask::{self, AskError, BasisQuery, SurchargeQuery, TermQuery};
use lianzhi_law::{ChoiceView, Direction, Due, Surcharge, citation};
use serde::Deserialize;

/// What was typed, of all three forms.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(in crate::pages) struct Asked {
    /// `term`, `surcharge` or `basis`.
    what: String,
    key: String,
    from: String,
    before: String,
    jurisdiction: String,
    fine_yuan: String,
    due: String,
    paid: String,
    suspended: String,
    until: String,
    item: String,
    subject: String,
    conduct: String,
    conduct_end: String,
    decided: String,
    facts: String,
}

/// A choice of a list.
struct Pick {
    value: String,
    title: String,
    chosen: bool,
}

#[derive(Template)]
#[template(path = "law/calculator.html")]
struct CalculatorPage {
    shell: Shell,
    asked: Asked,
    terms: Vec<Pick>,
    items: Vec<Pick>,
    places: Vec<Pick>,
    due: Option<Due>,
    due_error: Option<String>,
    surcharge: Option<Surcharge>,
    surcharge_error: Option<String>,
    choice: Option<ChoiceView>,
    choice_error: Option<String>,
    /// Which place stands where nobody chose one, and why.
    own: String,
    /// By the rules of which place it was answered.
    place: String,
}

/// What each field is called on the page.
const LABELS: &[(&str, &str)] = &[
    ("key", "期限"),
    ("from", "起算"),
    ("before", "倒推"),
    ("jurisdiction", "地区"),
    ("fine_yuan", "罚款数额"),
    ("due", "缴款期限的最后一日"),
    ("paid", "缴款"),
    ("suspended", "复议、诉讼期间"),
    ("until", "未缴清时计算到"),
    ("item", "事项"),
    ("subject", "当事人"),
    ("conduct", "违法行为发生之日"),
    ("conduct_end", "终了之日"),
    ("decided", "作出决定之日"),
    ("facts", "限定情形"),
];

/// What a question came to; what is wrong is said with the field's own name.
fn answer<T>(asked: bool, ask: impl FnOnce() -> Result<T, AskError>) -> (Option<T>, Option<String>) {
    match asked.then(ask) {
        None => (None, None),
        Some(Ok(answer)) => (Some(answer), None),
        Some(Err(error)) => {
            let label = error.field.and_then(|field| LABELS.iter().find(|(name, _)| *name == field));
            let said =
                label.map_or(error.message.clone(), |(_, label)| format!("{label}：{}", error.message));
            (None, Some(said))
        }
    }
}

impl CalculatorPage {
    fn cited(&self, due: &Due) -> String {
        citation(&due.law, &due.article)
    }

    fn back(&self, due: &Due) -> bool {
        due.direction == Direction::Before
    }
}

/// `GET /law/calculator`.
pub(in crate::pages) async fn show(
    State(state): State<WebState>,
    who: SignedIn,
    Query(mut asked): Query<Asked>,
) -> Answer<Response> {
    let law = state.app.directory().law.clone();
    let (here, known) = (own_place(&state, &law), law.place(state.app.directory().node.as_str()).is_ok());
    let own = match known {
        true => format!("本机关所在地区：{}", here.title()),
        false => "法规数据没有本机关所在的地区，按全国计算".to_owned(),
    };
    // Nobody means another place than his own by not choosing one.
    if asked.jurisdiction.trim().is_empty() {
        asked.jurisdiction = here.to_string();
    }
    if asked.what.is_empty() {
        asked.decided = today(&state).to_string();
    }
    let place = law.place(&asked.jurisdiction).map(|place| place.title()).unwrap_or_default();
    let some = |text: &str| Some(text.to_owned());
    let (due, due_error) = answer(asked.what == "term", || {
        let (from, before) = (some(&asked.from), some(&asked.before));
        ask::term(&law, &asked.key, &TermQuery { from, before, jurisdiction: some(&asked.jurisdiction) })
    });
    let (surcharge, surcharge_error) = answer(asked.what == "surcharge", || {
        ask::late_fine(&SurchargeQuery {
            fine_yuan: asked.fine_yuan.clone(),
            due: asked.due.clone(),
            paid: asked.paid.clone(),
            suspended: asked.suspended.clone(),
            until: some(&asked.until),
        })
    });
    let (choice, choice_error) = answer(asked.what == "basis", || {
        let query = BasisQuery {
            jurisdiction: asked.jurisdiction.clone(),
            subject: asked.subject.clone(),
            conduct: asked.conduct.clone(),
            conduct_end: some(&asked.conduct_end),
            decided: asked.decided.clone(),
            facts: asked.facts.clone(),
        };
        ask::basis(&law, &asked.item, &query)
    });
    let option = |value: &str, title: String, chosen: bool| Pick { value: value.to_owned(), title, chosen };
    let terms = law.statutes().filter(|term| term.measure.is_some());
    let terms = terms
        .map(|term| {
            let long = term.measure.map(lianzhi_law::Measure::text).unwrap_or_default();
            let back = if term.direction == Direction::Before { "，倒推" } else { "" };
            option(
                &term.key,
                format!("{}（{long}{back}，{}）", term.title, term.citation()),
                *term.key == asked.key,
            )
        })
        .collect();
    let items = law.items().map(|i| option(&i.code, format!("{} {}", i.code, i.name), *i.code == asked.item));
    let items = items.collect();
    let places = law.places();
    let places = places
        .map(|(code, title)| option(code.as_str(), title.to_string(), code.as_str() == asked.jurisdiction));
    let places = places.collect();
    let shell = Shell::new(&state, &who, "法规计算", HERE);
    page(&CalculatorPage {
        shell,
        asked,
        terms,
        items,
        places,
        due,
        due_error,
        surcharge,
        surcharge_error,
        choice,
        choice_error,
        own,
        place,
    })
}

//! Every form of penalty cases, decisions on the spot and slips, filled in as its page asks for it and posted as a browser posts it.
//! Each story says which forms it posts; together they must be all that there are, so that no new command can be forgotten.

mod aside;
mod challenge;
mod enforcement;
mod form;
mod investigation;
mod money;
mod rights;
mod street;
mod things;
mod town;

use lianzhi_procedure::Kind;
use std::collections::BTreeSet;

/// Forms that have a page of their own or need another member, by the text that posts them in the test of that page.
const ELSEWHERE: &[(Kind, &str, &str, &str)] = &[
    (Kind::Penalty, "cite", "\"cite\", &[", include_str!("../received.rs")),
    (Kind::Penalty, "fill_folio", "post(&web, &officer, &path, &whole)", include_str!("../folios.rs")),
    (Kind::Penalty, "draw_folio", "{path}/sign\"", include_str!("../folios.rs")),
    (Kind::Penalty, "sign_folio", "{path}/scan\"", include_str!("../folios.rs")),
    (Kind::Penalty, "seal", "{path}/seal\"", include_str!("../folios.rs")),
    (Kind::Penalty, "order_demolition", "\"order_demolition\", &order", include_str!("../orders.rs")),
    (Kind::Penalty, "transfer", "\"transfer\", &transfer", include_str!("../orders.rs")),
    (Kind::Penalty, "send_transfer", "\"send_transfer\", &[", include_str!("../orders.rs")),
    (Kind::Penalty, "answer_transfer", "\"answer_transfer\", &[", include_str!("../orders.rs")),
    (Kind::Penalty, "decide_anew", "\"decide_anew\", &anew", include_str!("../orders.rs")),
    (Kind::Spot, "draw", "{path}/sign\"", include_str!("../spots.rs")),
];

/// What the node does by itself, for which nobody has a form.
const OWN: &[(Kind, &[&str])] = &[
    (Kind::Spot, &["taken_over", "keep", "tick", "recompute"]),
    (Kind::Slip, &["taken_over", "given_back", "keep", "tick", "recompute"]),
];

fn commands(kind: Kind) -> BTreeSet<String> {
    let schema = kind.command_schema().to_value();
    let all = schema["oneOf"].as_array().unwrap();
    let name = |one: &serde_json::Value| one["properties"]["command"]["const"].as_str().map(str::to_owned);
    all.iter().filter_map(name).collect()
}

#[test]
fn no_command_is_without_a_form_that_a_test_posts() {
    for kind in [Kind::Penalty, Kind::Spot, Kind::Slip] {
        let stories: &[&[&str]] = match kind {
            Kind::Penalty => &[
                aside::FORMS,
                investigation::FORMS,
                things::FORMS,
                rights::FORMS,
                money::FORMS,
                enforcement::FORMS,
                challenge::FORMS,
                challenge::BESIDE,
            ],
            Kind::Spot => &[street::FORMS],
            _ => &[street::SLIPS],
        };
        let mut posted: BTreeSet<String> =
            stories.iter().copied().flatten().map(|f| (*f).to_owned()).collect();
        for (_, command, text, test) in ELSEWHERE.iter().filter(|(of, ..)| *of == kind) {
            assert!(test.contains(text), "{command} is not posted where it was");
            posted.insert((*command).to_owned());
        }
        let own = OWN.iter().filter(|(of, _)| *of == kind).flat_map(|(_, own)| own.iter());
        let asked: BTreeSet<_> = {
            let own: BTreeSet<_> = own.map(|command| (*command).to_owned()).collect();
            commands(kind).difference(&own).cloned().collect()
        };
        assert!(asked.len() > 3, "{kind:?} has commands");
        let forgotten: Vec<_> = asked.difference(&posted).collect();
        assert!(forgotten.is_empty(), "{kind:?}: no test posts the form of {forgotten:?}");
        let unknown: Vec<_> = posted.difference(&asked).collect();
        assert!(unknown.is_empty(), "{kind:?} has no command {unknown:?}");
    }
}

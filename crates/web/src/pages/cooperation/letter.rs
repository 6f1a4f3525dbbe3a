//! What a letter that begins something says, read from its form; and which members and list entries fit it.

use super::super::form::{Typed, moment};
use super::super::matter::as_taken;
use crate::api::place_of;
use lianzhi_app::DraftFile;
use lianzhi_exchange::compact::{Form, ListEntry, Member, Roster, Shared};
use lianzhi_ids::NodeCode;
use lianzhi_procedure::Refusal;
use lianzhi_procedure::cooperation::{Sought, alike};
use serde_json::{Map, Value, json};

/// Rows for goods that a form has at most.
pub(super) const GOODS_MAX: usize = 30;

/// A bulletin or a dispute may go to several members, everything else to one.
pub(super) fn to_many(form: Form) -> bool {
    matches!(form, Form::Bulletin | Form::Dispute)
}

/// The code of a category as somebody typed it: with or without its letter, with or without its words.
pub(super) fn category(typed: &Typed) -> Option<String> {
    let code = typed.given("category")?.split_whitespace().next()?;
    let digits = code.len() == 5 && code.bytes().all(|b| b.is_ascii_digit());
    Some(if digits { format!("E{code}") } else { code.to_uppercase() })
}

/// What of a matter the form shares as it is filled.
fn shared(typed: &Typed) -> Vec<Shared> {
    let given = |names: &[&str]| names.iter().any(|name| typed.all(name).next().is_some());
    let goods = (0..GOODS_MAX).any(|i| typed.given(&format!("goods-name-{i}")).is_some());
    let all = [
        (Shared::Place, given(&["place", "lng", "lat"])),
        (Shared::Subject, given(&["subject"])),
        (Shared::Particulars, given(&["particulars"])),
        (Shared::Exhibits, given(&["exhibits", "files"])),
        (Shared::Goods, goods),
    ];
    all.into_iter().filter_map(|(field, is)| is.then_some(field)).collect()
}

/// Whether an entry of the list fits, and why.
pub(super) struct Fit {
    pub fits: bool,
    pub why: String,
    /// The more an entry says for whom and for what it stands, the more it is meant.
    rank: (usize, bool, bool),
}

/// How an entry fits what is filled in so far. The procedure decides; this says beforehand why it will.
pub(super) fn fit(entry: &ListEntry, me: &NodeCode, roster: &Roster, typed: &Typed) -> Fit {
    let mut against = Vec::new();
    let mut reasons = Vec::new();
    for to in typed.all("to").filter_map(|code| NodeCode::parse(code).ok()) {
        let name = roster.member(&to).map_or_else(|| to.to_string(), Member::title);
        if entry.between(me, &to) {
            reasons.push(format!("适用于与{name}之间"));
        } else {
            against.push(format!("不适用于与{name}之间"));
        }
    }
    if let Some(code) = category(typed) {
        if !entry.covers(Some(&code)) {
            against.push(format!("不包括类别 {code}"));
        } else if !entry.items.is_empty() {
            reasons.push(format!("包括类别 {code}"));
        }
    }
    for field in shared(typed).into_iter().filter(|f| !entry.fields.contains(f)) {
        against.push(format!("不共享{}", field.title()));
    }
    let fits = against.is_empty();
    let words: Vec<&str> = SPOKEN.iter().map(|(name, _)| typed.text(name)).collect();
    let run = alike(entry, &words.join("\n"));
    if let Some(run) = run.filter(|_| fits) {
        reasons.insert(0, format!("约定了“{run}”"));
    }
    if fits && reasons.is_empty() {
        reasons.push(format!("{}领域，没有限定具体行为", entry.domain));
    }
    let rank = (run.map_or(0, str::len), !entry.parties.is_empty(), !entry.items.is_empty());
    Fit { fits, why: if fits { reasons.join("，") } else { against.join("，") }, rank }
}

/// The entry to start from: the chosen one, else the most particular of those that fit.
pub(super) fn chosen<'a>(entries: &'a [(ListEntry, Fit)], typed: &Typed) -> Option<&'a ListEntry> {
    let named = typed.given("list").and_then(|id| entries.iter().find(|(e, _)| e.id == id));
    let fits = entries.iter().filter(|(_, f)| f.fits);
    let best = || fits.rev().max_by_key(|(_, f)| f.rank);
    named.or_else(best).map(|(entry, _)| entry)
}

/// The fields in which a text may speak of a member, with their names.
const SPOKEN: [(&str, &str); 3] = [("subject", "当事人"), ("title", "标题"), ("text", "正文")];

/// Whether anything is filled in by which a member could be proposed.
pub(super) fn told(typed: &Typed) -> bool {
    ["place", "lng", "subject", "title", "text"].iter().any(|name| typed.given(name).is_some())
}

/// What is known of the matter, for the proposal of whom it goes to.
pub(super) fn sought(typed: &Typed) -> Sought<'_> {
    let category = typed.given("category").and_then(|text| text.split_whitespace().next());
    Sought {
        place: typed.text("place"),
        // What cannot be read is pointed at when it is sent.
        point: place_of(typed.given("lng"), typed.given("lat"), None).ok().flatten(),
        words: SPOKEN.into_iter().map(|(name, title)| (title, typed.text(name))).collect(),
        category,
        ..Sought::default()
    }
}

/// People in one line, each with the certificate.
pub(in crate::pages) fn people(text: &str) -> Vec<&str> {
    text.split(['、', '，', ',', ';', '；']).map(str::trim).filter(|t| !t.is_empty()).collect()
}

fn goods(typed: &Typed) -> Result<Vec<Value>, Refusal> {
    let mut all = Vec::new();
    for i in 0..GOODS_MAX {
        let text = |what: &str| typed.text(&format!("goods-{what}-{i}")).to_owned();
        let (name, quantity) = (text("name"), text("quantity"));
        if name.is_empty() && quantity.is_empty() && text("detail").is_empty() {
            continue;
        }
        let wrong = |rule: String| Refusal::invalid("goods", rule, "每件物品写名称和数量，数量是正整数。");
        if name.is_empty() {
            return Err(wrong(format!("第 {} 行物品没有名称。", i + 1)));
        }
        let n: u32 = quantity
            .parse()
            .ok()
            .filter(|n| *n > 0)
            .ok_or_else(|| wrong(format!("第 {} 行物品“{name}”的数量不对。", i + 1)))?;
        all.push(json!({
            "name": name, "quantity": n, "unit": text("unit"), "detail": text("detail"), "measure": text("measure"),
        }));
    }
    Ok(all)
}

/// The command that begins the matter, or that writes its letter anew; with the files of the letter that is written anew.
///
/// # Errors
/// What cannot be read; the field is named. Everything else is the procedure's to refuse.
pub(super) fn command(form: Form, typed: &Typed, before: &[DraftFile]) -> Result<Value, Refusal> {
    let mut out = Map::new();
    let mut put = |name: &str, value: Value| {
        out.insert(name.into(), value);
    };
    put("command", if typed.given("draft").is_some() { "redraft".into() } else { "begin".into() });
    put("to", typed.all("to").collect());
    put("list", typed.text("list").into());
    put("title", typed.text("title").into());
    put("text", typed.text("text").into());
    for name in ["subject", "particulars", "place", "over", "bulletin", "away", "ground", "measures"] {
        if let Some(text) = typed.given(name) {
            put(name, text.into());
        }
    }
    if let Some(code) = category(typed) {
        let code = lianzhi_ids::CategoryCode::parse(&code)
            .map_err(|_| Refusal::invalid("category", "类别代码不对。", "请从提示中选择；不确定就留空。"))?;
        put("category", code.as_str().into());
    }
    if let Some(point) = place_of(typed.given("lng"), typed.given("lat"), None)? {
        put("point", json!(point));
    }
    let files: Vec<&str> = typed.all("files").collect();
    let mut exhibits: Vec<&str> = typed.all("exhibits").collect();
    exhibits.extend(&files);
    put("exhibits", json!(exhibits));
    let takers = people(typed.text("takers"));
    let taken_at = typed.given("taken_at").map(|t| moment("taken_at", t)).transpose()?;
    let how = |file: &&str| json!({ "exhibit": file, "takers": takers, "taken_at": taken_at });
    let mut taken: Vec<Value> = files.iter().map(how).collect();
    // What a letter had before it came back keeps how it was taken.
    taken.extend(before.iter().filter(|f| exhibits.contains(&&*f.digest.to_string())).map(as_taken));
    put("taken", taken.into());
    if form == Form::Assistance {
        put("asks", typed.all("asks").collect());
    }
    if matches!(form, Form::Away | Form::Assistance) {
        put("officers", json!(people(typed.text("officers"))));
    }
    put("goods", goods(typed)?.into());
    put("urgent", typed.flag("urgent").into());
    Ok(Value::Object(out))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(pairs: &[(&str, &str)]) -> Typed {
        let mut typed = Typed::default();
        for (name, value) in pairs {
            typed.push(*name, *value);
        }
        typed
    }

    #[test]
    fn a_filled_form_becomes_the_letter() {
        let typed = typed(&[
            ("to", "330421"),
            ("list", "HZ-01"),
            ("title", "渣土车"),
            ("text", "请核实。"),
            ("category", "09005 店外经营"),
            ("lng", "120.9"),
            ("lat", "30.9"),
            ("asks", "investigate"),
            ("asks", "serve"),
            ("goods-name-1", "铁锹"),
            ("goods-quantity-1", "3"),
            ("urgent", "true"),
        ]);
        let command = command(Form::Assistance, &typed, &[]).expect("it can be read");
        assert_eq!(command["to"], json!(["330421"]));
        assert_eq!(command["category"], "E09005");
        assert_eq!(command["point"]["lng_e6"], 120_900_000);
        assert_eq!(command["asks"], json!(["investigate", "serve"]));
        assert_eq!(
            command["goods"],
            json!([{ "name": "铁锹", "quantity": 3, "unit": "", "detail": "", "measure": "" }])
        );
        assert_eq!(command["urgent"], true);
        assert!(command.get("over").is_none());
    }

    #[test]
    fn goods_without_name_or_number_are_pointed_at() {
        for pairs in [
            [("goods-name-0", "铁锹"), ("goods-quantity-0", "0")],
            [("goods-name-0", ""), ("goods-quantity-0", "3")],
        ] {
            let refusal = command(Form::Evidence, &typed(&pairs), &[]).expect_err("not whole");
            assert_eq!(refusal.field, Some("goods"));
        }
    }
}

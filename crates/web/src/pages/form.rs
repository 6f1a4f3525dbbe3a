//! Forms: made from the fields of a command, filled again with what was typed when the command was refused.

use super::assets;
use super::ui::{self, Html};
use askama::Template;
use lianzhi_procedure::{Choice, Field, FieldKind, Offer, Refusal};
use serde_json::{Map, Value, json};

/// How an input is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Kind {
    #[default]
    Line,
    Text,
    /// A whole file as text, for law data.
    File,
    Number {
        min: i64,
        max: i64,
    },
    Flag,
    /// A few choices side by side.
    Segments,
    Select,
    /// Choices as cards with all they say; `none` says what choosing nobody means, empty when that may not be.
    Cards {
        none: &'static str,
    },
    /// Free text with proposals.
    Suggest,
    /// Boxes to tick.
    Many,
    Moment,
    /// A day.
    Date,
    Password,
    /// Photos and files that become exhibits.
    Exhibits,
    /// The same with a button for the camera and the photos in view, for a phone; wants `register.js`.
    Photos,
    /// Kinds of problems as pictures that a word finds; wants `register.js`.
    Pictures,
    /// A file that is read and not kept.
    Upload,
}

/// One input with its label, help and fault.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "input.html")]
pub struct Input {
    pub id: String,
    pub name: String,
    pub title: String,
    pub hint: String,
    pub required: bool,
    pub kind: Kind,
    pub value: String,
    pub values: Vec<String>,
    pub choices: Vec<Choice>,
    pub fault: Option<String>,
    /// What was computed for it.
    pub said: Option<String>,
    pub accept: &'static str,
    pub rows: u8,
    pub autocomplete: &'static str,
    /// Which keys a phone shows: `decimal`; empty as the type says.
    pub inputmode: &'static str,
    /// Phrases that are written by a press.
    pub quick: Vec<String>,
    /// What is only seldom typed is folded under these words, with its neighbours of the same words.
    pub fold: &'static str,
    /// Pictures to choose from, and the word that found them.
    pub pictures: Html,
    /// See `pictures`.
    pub sought: String,
}

impl Input {
    pub fn new(kind: Kind, name: &str, title: &str) -> Self {
        Input {
            id: format!("f-{name}"),
            name: name.into(),
            title: title.into(),
            kind,
            accept: "image/*,video/mp4,audio/*,application/pdf",
            rows: 3,
            ..Input::default()
        }
    }
    pub fn required(mut self) -> Self {
        self.required = true;
        self
    }
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = hint.into();
        self
    }
    pub fn value(mut self, value: impl Into<String>) -> Self {
        self.value = value.into();
        self
    }
    pub fn values(mut self, values: Vec<String>) -> Self {
        self.values = values;
        self
    }
    pub fn choices(mut self, choices: Vec<Choice>) -> Self {
        self.choices = choices;
        self
    }
    pub fn accept(mut self, accept: &'static str) -> Self {
        self.accept = accept;
        self
    }
    pub fn fold(mut self, words: &'static str) -> Self {
        self.fold = words;
        self
    }
    pub fn rows(mut self, rows: u8) -> Self {
        self.rows = rows;
        self
    }
    pub fn autocomplete(mut self, autocomplete: &'static str) -> Self {
        self.autocomplete = autocomplete;
        self
    }

    /// Attributes that tie the input to its fault.
    fn described(&self) -> Html {
        let id = ui::escape(&self.id);
        let tie = format!(r#" aria-invalid="true" aria-describedby="{id}-fault""#);
        Html::rendered(if self.fault.is_some() { tie } else { String::new() })
    }
    fn bounds(&self) -> Html {
        let mut out = match self.kind {
            Kind::Number { min, max } => format!(r#" min="{min}" max="{max}" step="1" inputmode="numeric""#),
            Kind::Line => r#" maxlength="500""#.into(),
            _ => String::new(),
        };
        if !self.autocomplete.is_empty() {
            out.push_str(&format!(r#" autocomplete="{}""#, self.autocomplete));
        }
        if !self.inputmode.is_empty() {
            out.push_str(&format!(r#" inputmode="{}""#, self.inputmode));
        }
        Html::rendered(out)
    }
    fn input_type(&self) -> &'static str {
        match self.kind {
            Kind::Number { .. } => "number",
            Kind::Moment => "datetime-local",
            Kind::Date => "date",
            Kind::Password => "password",
            _ if self.name == "phone" => "tel",
            _ => "text",
        }
    }

    /// Whether this is the input for a field. Places and callers are one field of a command and several inputs.
    fn stands_for(&self, field: &str) -> bool {
        matches!(
            (self.name.as_str(), field),
            ("lng", "place") | ("phone", "contact") | ("name", "particulars")
        ) || self.name == field
    }

    /// Takes over what was typed, and the fault when it is this input's.
    pub fn refill(&mut self, typed: Option<&Typed>, refusal: Option<&Refusal>) {
        if let Some(typed) = typed {
            self.value = typed.text(&self.name).to_owned();
            self.values = typed.all(&self.name).map(str::to_owned).collect();
            if self.kind == Kind::Password {
                self.value.clear();
            }
        }
        if let Some(refusal) = refusal
            && refusal.field.is_some_and(|field| self.stands_for(field))
        {
            self.fault = Some(format!("{}{}", refusal.rule, refusal.remedy));
        }
    }
}

/// Inputs that stand together, folded under some words or not.
struct Group<'a> {
    fold: &'static str,
    /// Something stands in them.
    open: bool,
    inputs: &'a [Input],
}

/// A form that posts.
#[derive(Debug, Clone, Template)]
#[template(path = "form.html")]
pub struct Form {
    pub id: String,
    pub action: String,
    pub csrf: String,
    pub hidden: Vec<(String, String)>,
    pub inputs: Vec<Input>,
    pub refusal: Option<Refusal>,
    pub consequence: String,
    pub button: String,
    /// A second button: its name, value and words.
    pub also: Option<(&'static str, &'static str, &'static str)>,
    pub main: bool,
    /// What is known already and helps to decide: name and value.
    pub facts: Vec<(String, String)>,
    /// What is read on demand, under these words: name and value.
    pub more: (&'static str, Vec<(String, String)>),
    /// Its place may be put on a map.
    pub map: bool,
    /// Its work cannot be done twice, even without a one-time key: a failed send can be tried again.
    pub kept: bool,
    /// How the inputs are laid out: `pair` puts photos side by side.
    pub shape: &'static str,
    /// It shows what is set and cannot be sent.
    pub only_read: bool,
}

impl Form {
    pub fn new(action: impl Into<String>, csrf: &str, button: &str) -> Self {
        Form {
            id: String::new(),
            action: action.into(),
            csrf: csrf.into(),
            hidden: Vec::new(),
            inputs: Vec::new(),
            refusal: None,
            consequence: String::new(),
            button: button.into(),
            also: None,
            main: true,
            facts: Vec::new(),
            more: ("", Vec::new()),
            map: false,
            kept: false,
            shape: "",
            only_read: false,
        }
    }
    pub fn id(mut self, id: &str) -> Self {
        for input in &mut self.inputs {
            input.id = format!("{id}-{}", input.name);
        }
        self.id = id.into();
        self
    }
    pub fn input(mut self, input: Input) -> Self {
        self.inputs.push(input);
        self
    }
    pub fn hidden(mut self, name: &str, value: impl Into<String>) -> Self {
        self.hidden.push((name.into(), value.into()));
        self
    }
    pub fn consequence(mut self, text: impl Into<String>) -> Self {
        self.consequence = text.into();
        self
    }
    /// A second button that posts the same form with one more field.
    pub fn also(mut self, name: &'static str, value: &'static str, words: &'static str) -> Self {
        self.also = Some((name, value, words));
        self
    }
    pub fn quiet(mut self) -> Self {
        self.main = false;
        self
    }
    pub fn kept(mut self) -> Self {
        self.kept = true;
        self
    }
    /// For whoever may not send it: without buttons and without what would follow.
    pub fn only_read(mut self, only: bool) -> Self {
        self.only_read = only;
        self
    }
    /// The input of this name.
    pub fn get(&mut self, name: &str) -> Option<&mut Input> {
        self.inputs.iter_mut().find(|i| i.name == name)
    }
    /// Shows a refusal in place and keeps what was typed.
    pub fn refused(mut self, typed: Option<&Typed>, refusal: Option<&Refusal>) -> Self {
        for input in &mut self.inputs {
            input.refill(typed, refusal);
        }
        self.refusal = refusal.cloned();
        self
    }
    /// Sent twice it does its work once, so a failed send can be tried again: by a one-time key, or by what it asks.
    fn keyed(&self) -> bool {
        self.kept || self.hidden.iter().any(|(name, _)| name == "form")
    }
    fn multipart(&self) -> bool {
        self.inputs.iter().any(|i| matches!(i.kind, Kind::Exhibits | Kind::Photos | Kind::Upload))
    }
    /// The inputs in their order, those under the same fold together.
    fn groups(&self) -> impl Iterator<Item = Group<'_>> {
        let together = self.inputs.chunk_by(|a, b| !a.fold.is_empty() && a.fold == b.fold);
        together.map(|inputs| Group {
            fold: inputs.first().map_or("", |i| i.fold),
            open: inputs.iter().any(|i| i.fault.is_some() || !i.value.is_empty()),
            inputs,
        })
    }
}

/// What somebody typed into a form; files are already in custody and stand here by their digests.
#[derive(Debug, Clone, Default)]
pub struct Typed {
    pub(super) pairs: Vec<(String, String)>,
}

impl Typed {
    pub fn push(&mut self, name: impl Into<String>, value: impl Into<String>) {
        self.pairs.push((name.into(), value.into()));
    }
    /// Whether nothing at all was typed.
    pub fn is_empty(&self) -> bool {
        self.pairs.iter().all(|(_, v)| v.trim().is_empty())
    }
    /// The first value of a field, trimmed; empty when there is none.
    pub fn text(&self, name: &str) -> &str {
        self.pairs.iter().find(|(n, _)| n == name).map_or("", |(_, v)| v.trim())
    }
    /// The same, when something was typed.
    pub fn given(&self, name: &str) -> Option<&str> {
        Some(self.text(name)).filter(|t| !t.is_empty())
    }
    /// All values of a field that are not empty.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.pairs.iter().filter(move |(n, v)| n == name && !v.trim().is_empty()).map(|(_, v)| v.trim())
    }
    /// Whether a box is ticked.
    pub fn flag(&self, name: &str) -> bool {
        matches!(self.text(name), "true" | "on" | "1")
    }
}

/// The input for a field of a command. Up to this many choices stand side by side, more go into a list.
const SEGMENTS_MAX: usize = 3;

/// Yes and no in words, for flags that decide something: forgetting a tick must not be a "no".
fn verdict(name: &str) -> Option<(&'static str, &'static str)> {
    match name {
        "passed" => Some(("通过，已解决", "不通过，返工")),
        "granted" | "agreed" => Some(("同意", "不同意")),
        "reached" => Some(("联系上了", "没有联系上")),
        "settled" => Some(("已解决", "没有解决")),
        "established" => Some(("有违法行为", "没有发现违法行为")),
        "done" => Some(("已经改正", "没有改正")),
        "taken" => Some(("立案", "不立案")),
        "came" => Some(("已经到账", "没有到账")),
        _ => None,
    }
}

fn input_of(field: &Field) -> Input {
    let (kind, choices) = match &field.kind {
        FieldKind::Line => (Kind::Line, Vec::new()),
        FieldKind::Text => (Kind::Text, Vec::new()),
        FieldKind::Number { min: 1, max: 5 } => {
            let words = ["很不满意", "不满意", "一般", "满意", "很满意"];
            (
                Kind::Select,
                (1u8..=5)
                    .zip(words)
                    .rev()
                    .map(|(n, w)| Choice::new(n.to_string(), format!("{n} 分，{w}")))
                    .collect(),
            )
        }
        FieldKind::Number { min, max } => (Kind::Number { min: *min, max: *max }, Vec::new()),
        FieldKind::Flag if verdict(field.name).is_some() || field.required => {
            let (yes, no) = verdict(field.name).unwrap_or(("是", "否"));
            (Kind::Segments, vec![Choice::new("true", yes), Choice::new("false", no)])
        }
        FieldKind::Flag => (Kind::Flag, Vec::new()),
        // Segments cannot be left open again, so that they are for what must be said; yes or no always is.
        FieldKind::Choice { choices }
            if choices.len() <= SEGMENTS_MAX
                && (field.required || choices.iter().any(|c| c.value == "true")) =>
        {
            (Kind::Segments, choices.clone())
        }
        FieldKind::Choice { choices } | FieldKind::Person { choices } | FieldKind::Grid { choices } => {
            (Kind::Select, choices.clone())
        }
        FieldKind::Unit { choices, many: true } | FieldKind::Many { choices } => {
            (Kind::Many, choices.clone())
        }
        FieldKind::Money { .. } => (Kind::Line, Vec::new()),
        FieldKind::Date => (Kind::Date, Vec::new()),
        FieldKind::Unit { choices, .. } => (Kind::Select, choices.clone()),
        FieldKind::Category { choices } | FieldKind::Matter { choices } => (Kind::Suggest, choices.clone()),
        FieldKind::Moment => (Kind::Moment, Vec::new()),
        FieldKind::Exhibits => (Kind::Exhibits, Vec::new()),
    };
    let mut input = Input::new(kind, field.name, field.title).hint(field.hint.clone()).choices(choices);
    input.required = field.required || kind == Kind::Segments;
    if kind == Kind::Segments && field.kind == FieldKind::Flag {
        input.hint = String::new();
    }
    // What must be said and can only be one thing is said already; what may be left out is nobody's answer until he gives it.
    // That somebody agrees is always for him to say.
    let chosen = matches!(kind, Kind::Select | Kind::Segments) && field.required;
    if let (true, [only]) = (chosen, input.choices.as_slice())
        && only.value != "true"
    {
        input.value = only.value.clone();
    }
    input
}

/// The form of an offer. `action` is where it posts to.
pub fn of_offer(offer: &Offer, action: String, csrf: &str) -> Form {
    let mut form = Form::new(action, csrf, offer.title).consequence(offer.consequence);
    form.inputs = offer.fields.iter().map(input_of).collect();
    form.main = offer.main;
    form.id(&format!("act-{}", offer.command))
}

/// The command that a filled form asks for. Values are given the types of their fields; what was left empty is left out.
///
/// # Errors
/// When a value does not fit its field; the field is named.
pub fn command(offer: &Offer, typed: &Typed) -> Result<Value, Refusal> {
    let mut out = Map::new();
    out.insert("command".into(), offer.command.into());
    for field in &offer.fields {
        let name = field.name;
        let value = match &field.kind {
            FieldKind::Exhibits | FieldKind::Unit { many: true, .. } | FieldKind::Many { .. } => {
                Some(json!(typed.all(name).collect::<Vec<_>>()))
            }
            FieldKind::Flag if verdict(name).is_some() && typed.given(name).is_none() => {
                return Err(Refusal::invalid(
                    name,
                    format!("“{}”没有选择。", field.title),
                    "请选择后再提交。",
                ));
            }
            FieldKind::Flag => Some(json!(typed.flag(name))),
            FieldKind::Line if matches!(name, "lng" | "lat") => {
                typed.given(name).map(|t| degrees(name, t)).transpose()?
            }
            FieldKind::Number { min, max } => {
                typed.given(name).map(|t| number(field.name, t, *min, *max)).transpose()?
            }
            FieldKind::Money { min, max } => {
                typed.given(name).map(|t| money(name, t, *min, *max)).transpose()?
            }
            FieldKind::Matter { .. } => {
                typed.given(name).map(|t| t.parse::<i64>().map_or_else(|_| json!(t), |n| json!(n)))
            }
            FieldKind::Moment => typed.given(name).map(|t| moment(name, t)).transpose()?,
            // A choice of yes and no is a truth value in the command.
            FieldKind::Choice { .. } => typed.given(name).map(|t| match t {
                "true" => json!(true),
                "false" => json!(false),
                t => json!(t),
            }),
            FieldKind::Category { .. } => typed.given(name).map(|t| json!(first_word(t))),
            _ => typed.given(name).map(|t| json!(t)),
        };
        match value {
            Some(value) => {
                out.insert(name.into(), value);
            }
            None if field.required => return Err(super::posted::empty(field.name, field.title)),
            None => {}
        }
    }
    Ok(Value::Object(out))
}

/// A proposal may be typed with its words behind the code: `E06010 店外经营`.
fn first_word(text: &str) -> &str {
    text.split_whitespace().next().unwrap_or(text)
}

/// Yuan as people write them, fen as commands take them.
fn money(field: &'static str, text: &str, min: i64, max: i64) -> Result<Value, Refusal> {
    match lianzhi_law::Fen::parse_yuan(text) {
        Ok(fen) if (min..=max).contains(&fen.0) => Ok(json!(fen.0)),
        Ok(_) => Err(Refusal::invalid(field, "金额超出范围。", "请核对金额。")),
        Err(why) => Err(Refusal::invalid(field, why, "请按元填写，可到分，如 5,000 或 1,234.56。")),
    }
}

fn number(field: &'static str, text: &str, min: i64, max: i64) -> Result<Value, Refusal> {
    match text.parse::<i64>() {
        Ok(n) if (min..=max).contains(&n) => Ok(json!(n)),
        _ => Err(Refusal::invalid(field, "数字不对。", format!("请填 {min} 至 {max} 之间的整数。"))),
    }
}

/// Degrees as somebody typed them.
///
/// # Errors
/// When it is no number.
pub fn degrees(field: &'static str, text: &str) -> Result<Value, Refusal> {
    match text.parse::<f64>() {
        Ok(n) if n.is_finite() && n.abs() <= 180.0 => Ok(json!(n)),
        _ => Err(Refusal::invalid(
            field,
            "经纬度不对。",
            "请填十进制度数，如经度 121.1142、纬度 31.1508；不知道就留空。",
        )),
    }
}

/// Beijing time of a `datetime-local` input as a timestamp in JSON.
///
/// # Errors
/// When it is no moment.
pub fn moment(field: &'static str, text: &str) -> Result<Value, Refusal> {
    let civil: Result<jiff::civil::DateTime, _> = text.parse();
    civil
        .ok()
        .and_then(|c| c.to_zoned(jiff::tz::TimeZone::fixed(jiff::tz::offset(8))).ok())
        .map(|z| json!(z.timestamp().to_string()))
        .ok_or_else(|| Refusal::invalid(field, "时间格式不对。", "请按 2026-11-22 14:05 的样子填写。"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn field(name: &'static str, required: bool, kind: FieldKind) -> Field {
        Field { name, title: "字段", required, kind, hint: "".into() }
    }
    fn offer(fields: Vec<Field>) -> Offer {
        Offer {
            command: "ask",
            title: "申请延期",
            consequence: "队长审批。",
            fields,
            main: true,
            refused: None,
        }
    }

    #[test]
    fn a_filled_form_becomes_the_command_with_the_types_of_its_fields() {
        let offer = offer(vec![
            field("hours", true, FieldKind::Number { min: 1, max: 720 }),
            field("units", false, FieldKind::Unit { choices: vec![], many: true }),
            field("on_site", false, FieldKind::Flag),
            field("at", false, FieldKind::Moment),
            field("category", false, FieldKind::Category { choices: vec![] }),
            field("note", false, FieldKind::Text),
        ]);
        let mut typed = Typed::default();
        for (k, v) in [
            ("hours", " 24 "),
            ("units", "u1"),
            ("units", "u2"),
            ("on_site", "true"),
            ("at", "2026-11-23T09:12"),
            ("category", "E06010 店外经营"),
            ("note", ""),
        ] {
            typed.push(k, v);
        }
        let command = command(&offer, &typed).expect("fits");
        assert_eq!(
            command,
            json!({"command":"ask","hours":24,"units":["u1","u2"],"on_site":true,"at":"2026-11-23T01:12:00Z","category":"E06010"})
        );
    }

    #[test]
    fn what_must_be_given_is_asked_for_by_name() {
        let offer = offer(vec![field("note", true, FieldKind::Text)]);
        assert_eq!(command(&offer, &Typed::default()).expect_err("empty").field, Some("note"));
    }

    #[test]
    fn a_refused_form_keeps_what_was_typed_and_points_at_the_fault() {
        let offer = offer(vec![field("note", true, FieldKind::Text)]);
        let mut typed = Typed::default();
        typed.push("note", "<b>太忙</b>");
        let refusal = Refusal::invalid("note", "理由太短。", "请写明原因。");
        let html = of_offer(&offer, "/x".into(), "c").refused(Some(&typed), Some(&refusal)).to_string();
        assert!(html.contains("&#60;b&#62;太忙") || html.contains("&lt;b&gt;太忙"), "{html}");
        assert!(html.contains(r#"aria-describedby="act-ask-note-fault""#), "{html}");
        assert!(html.contains(r#"id="act-ask-note-fault""#));
    }
}

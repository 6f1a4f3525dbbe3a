//! A form as its page asks for it, and what a browser sends of it.

use crate::cases::part;
use crate::lists::{select, texts};
use crate::node::{Browser, encode};
use jiff::civil::DateTime;
use reqwest::Response;
use scraper::{ElementRef, Html};

/// How people fill it in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Hidden,
    /// One line or several.
    Text,
    Number,
    Day,
    Moment,
    /// One of several: a list, or buttons side by side.
    One,
    /// Boxes to tick.
    Boxes,
    Files,
}

/// One name that the form sends.
#[derive(Debug, Clone)]
struct Control {
    name: String,
    kind: Kind,
    /// What stands in it, is chosen or ticked already.
    values: Vec<String>,
    /// What can be chosen.
    choices: Vec<String>,
    required: bool,
    least: String,
}

/// A form on a page.
#[derive(Debug)]
pub struct Asked {
    action: String,
    multipart: bool,
    controls: Vec<Control>,
}

/// What somebody writes in a field for which a story has nothing of its own to say.
const WORDS: &str = "按规定办理";

fn kind_of(element: ElementRef<'_>) -> Option<Kind> {
    let value = element.value();
    match (value.name(), value.attr("type")) {
        ("textarea", _) => Some(Kind::Text),
        ("select", _) => Some(Kind::One),
        (_, Some("hidden")) => Some(Kind::Hidden),
        (_, Some("number")) => Some(Kind::Number),
        (_, Some("date")) => Some(Kind::Day),
        (_, Some("datetime-local")) => Some(Kind::Moment),
        (_, Some("radio")) => Some(Kind::One),
        (_, Some("checkbox")) => Some(Kind::Boxes),
        (_, Some("file")) => Some(Kind::Files),
        (_, Some("search")) => None,
        _ => Some(Kind::Text),
    }
}

impl Asked {
    /// Reads it off its page. Every input that people see has its label.
    pub fn read(page: &Html, css: &str) -> Option<Asked> {
        let form = page.select(&select(css)).next()?;
        let mut controls: Vec<Control> = Vec::new();
        for element in form.select(&select("input, textarea, select")) {
            let (Some(name), Some(kind)) = (element.value().attr("name"), kind_of(element)) else { continue };
            let attribute = |name: &str| element.value().attr(name).unwrap_or_default().to_owned();
            let choice = matches!(element.value().attr("type"), Some("radio" | "checkbox"));
            if kind != Kind::Hidden && !choice {
                let label = format!("label[for=\"{}\"]", attribute("id"));
                assert!(!texts(page, &label).join("").is_empty(), "{css} {name} has no label");
            }
            let required = element.value().attr("required").is_some();
            let (mut values, mut choices) = (Vec::new(), Vec::new());
            if element.value().name() == "select" {
                for option in element.select(&select("option")) {
                    let value = option.value().attr("value").unwrap_or_default().to_owned();
                    if option.value().attr("selected").is_some() {
                        values.push(value.clone());
                    }
                    choices.push(value);
                }
            } else if choice {
                if element.value().attr("checked").is_some() {
                    values.push(attribute("value"));
                }
                choices.push(attribute("value"));
            } else if element.value().name() == "textarea" {
                values.push(element.text().collect());
            } else if kind != Kind::Files {
                values.push(attribute("value"));
            }
            // Buttons and boxes of one name are one control; so are files that came in before and those to come.
            match controls.iter_mut().find(|known| choice && known.name == name) {
                Some(known) => {
                    known.values.extend(values);
                    known.choices.extend(choices);
                    known.required |= required;
                }
                None => controls.push(Control {
                    name: name.to_owned(),
                    kind,
                    values,
                    choices,
                    required,
                    least: attribute("min"),
                }),
            }
        }
        let action = form.value().attr("action").unwrap_or_default().to_owned();
        let multipart = form.value().attr("enctype") == Some("multipart/form-data");
        assert!(form.value().attr("method") == Some("post"), "{css} is not posted");
        Some(Asked { action, multipart, controls })
    }

    /// The first field that must be filled in and can be left blank by hand.
    pub fn first_needed(&self) -> Option<String> {
        let typed = |c: &&Control| {
            matches!(c.kind, Kind::Text | Kind::Number | Kind::Day | Kind::Moment) && c.required
        };
        self.controls.iter().find(typed).map(|c| c.name.clone())
    }

    /// Whether something that must be written is not there yet.
    pub fn wants(&self) -> bool {
        let blank = |c: &Control| c.required && c.values.iter().all(|v| v.trim().is_empty());
        self.controls.iter().any(|c| !matches!(c.kind, Kind::Hidden | Kind::Files) && blank(c))
    }

    /// What it sends when it is filled in so; what nobody said and must be there is written as people would. A field given as empty
    /// stays empty.
    pub fn filled(&self, now: DateTime, given: &[(&str, &str)]) -> Vec<(String, String)> {
        for (name, _) in given {
            assert!(self.controls.iter().any(|c| c.name == *name), "{} asks for no {name}", self.action);
        }
        let mut sent = Vec::new();
        for control in &self.controls {
            let said: Vec<String> = given
                .iter()
                .filter(|(name, _)| *name == control.name)
                .map(|(_, v)| (*v).to_owned())
                .collect();
            let stands = || control.values.clone();
            let values = match control.kind {
                Kind::Hidden => stands(),
                Kind::Files => continue,
                Kind::One | Kind::Boxes if !said.is_empty() => {
                    for value in &said {
                        assert!(
                            control.choices.contains(value),
                            "{} offers no {} {value}, but {:?}",
                            self.action,
                            control.name,
                            control.choices
                        );
                    }
                    said
                }
                // What is asked about is the newest: the last proposal, the last paper.
                Kind::One if control.required && control.values.is_empty() => {
                    let mut able = control.choices.iter().filter(|choice| !choice.is_empty());
                    let newest = matches!(control.name.as_str(), "proposal" | "paper" | "order");
                    let chosen = if newest { able.next_back() } else { able.next() };
                    chosen.cloned().into_iter().collect()
                }
                // A list that was left alone sends its first line; buttons and boxes send nothing.
                Kind::One | Kind::Boxes => stands(),
                _ if !said.is_empty() => said,
                _ if control.required && control.values.iter().all(|v| v.is_empty()) => {
                    vec![match control.kind {
                        Kind::Number => control.least.clone(),
                        Kind::Day => now.date().to_string(),
                        Kind::Moment => now.strftime("%Y-%m-%dT%H:%M").to_string(),
                        _ => WORDS.to_owned(),
                    }]
                }
                _ => stands(),
            };
            sent.extend(values.into_iter().map(|value| (control.name.clone(), value)));
        }
        sent
    }

    /// Sends it, with a file where it asks for some and `file` says so.
    pub async fn send(
        &self,
        browser: &Browser,
        url: &str,
        sent: &[(String, String)],
        file: bool,
    ) -> Response {
        let path = self.action.split('#').next().unwrap();
        let request = browser.client.post(format!("{url}{path}"));
        if !self.multipart {
            let pairs: Vec<_> = sent.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
            let request = request.header("content-type", "application/x-www-form-urlencoded");
            return request.body(encode(&pairs).into_bytes()).send().await.unwrap();
        }
        let mut body: Vec<u8> = sent.iter().flat_map(|(n, v)| part("x7x", n, v).into_bytes()).collect();
        for control in self.controls.iter().filter(|c| c.kind == Kind::Files) {
            // A browser sends an empty part for a file field that was left alone.
            let (name, bytes) =
                if file { ("示例.pdf", format!("%PDF-1.4 {path}")) } else { ("", String::new()) };
            let head = format!(
                "--x7x\r\ncontent-disposition: form-data; name=\"{}\"; filename=\"{name}\"\r\n\
                 content-type: application/pdf\r\n\r\n{bytes}\r\n",
                control.name
            );
            body.extend(head.into_bytes());
        }
        body.extend(b"--x7x--\r\n");
        request.header("content-type", "multipart/form-data; boundary=x7x").body(body).send().await.unwrap()
    }
}

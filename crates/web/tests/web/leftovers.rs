//! Nothing stays behind: every class of a style sheet is on a page, every icon of the sprite is shown somewhere.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

fn here(folder: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(folder)
}

/// The files of a folder with this ending, those of its folders too; libraries of others are not ours to tidy.
fn files(folder: &Path, ending: &str, found: &mut Vec<String>) {
    for entry in std::fs::read_dir(folder).unwrap().map(|e| e.unwrap().path()) {
        if entry.is_dir() && entry.file_name().is_some_and(|n| n != "vendor") {
            files(&entry, ending, found);
        } else if entry.extension().is_some_and(|e| e == ending) {
            found.push(std::fs::read_to_string(entry).unwrap());
        }
    }
}

fn read(folder: &str, ending: &str) -> String {
    let mut found = Vec::new();
    files(&here(folder), ending, &mut found);
    assert!(!found.is_empty(), "{folder}/*.{ending}");
    found.concat()
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !(c.is_ascii_alphanumeric() || c == '-' || c == '_')).filter(|w| !w.is_empty())
}

/// What stands in the class attributes of a template; a quote within `{% … %}` or `{{ … }}` does not end one.
fn class_words(html: &str) -> BTreeSet<&str> {
    let mut found = BTreeSet::new();
    for rest in html.split("class=\"").skip(1) {
        let mut depth = 0;
        let end = rest.find(|c| {
            match c {
                '{' => depth += 1,
                '}' => depth -= 1,
                _ => {}
            }
            c == '"' && depth == 0
        });
        found.extend(words(&rest[..end.unwrap_or(0)]));
    }
    found
}

/// The classes that the selectors of a sheet name.
fn classes(css: &str) -> BTreeSet<&str> {
    let mut found = BTreeSet::new();
    // Declarations stand in the innermost braces; everything else is a selector or a condition.
    for piece in css.split('}') {
        for selector in piece.rsplit_once('{').map_or(piece, |(before, _)| before).split('.').skip(1) {
            let name = words(selector).next().unwrap_or_default();
            if selector.starts_with(name) && name.starts_with(|c: char| c.is_ascii_alphabetic()) {
                found.insert(name);
            }
        }
    }
    found
}

fn without_comments(css: &str) -> String {
    let mut pieces = css.split("/*");
    let first = pieces.next().unwrap_or_default().to_owned();
    pieces.fold(first, |out, piece| out + piece.split_once("*/").map_or("", |(_, after)| after))
}

#[test]
fn every_class_of_a_sheet_is_on_a_page() {
    let (templates, code, scripts) = (read("templates", "html"), read("src", "rs"), read("assets", "js"));
    let css = without_comments(&read("assets", "css"));
    let mut named = class_words(&templates);
    named.extend(words(&code));
    named.extend(words(&scripts));
    // `depth-{{ n }}` names every depth.
    let made: Vec<&str> = named.iter().copied().filter(|w| w.ends_with('-')).collect();
    let left: Vec<&str> = classes(&css)
        .into_iter()
        .filter(|c| !named.contains(c) && !c.starts_with("maplibregl-"))
        .filter(|c| !made.iter().any(|m| c.starts_with(m)))
        .collect();
    assert!(left.is_empty(), "no page and no script has: {}", left.join(", "));
}

#[test]
fn every_icon_of_the_sprite_is_shown_and_every_shown_icon_is_there() {
    let sprite = std::fs::read_to_string(here("assets/icons.svg")).unwrap();
    let there: BTreeSet<&str> =
        sprite.split("id=\"i-").skip(1).filter_map(|rest| rest.split('"').next()).collect();
    let pages = read("templates", "html") + &read("src", "rs");
    let shown: BTreeSet<&str> =
        pages.split("icon(\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
    // The rail names its icons in one place.
    let rail = std::fs::read_to_string(here("src/pages/shell.rs")).unwrap();
    let left: Vec<&&str> =
        there.iter().filter(|i| !shown.contains(**i) && !rail.contains(&format!("\"{i}\""))).collect();
    assert!(left.is_empty(), "never shown: {left:?}");
    let missing: Vec<&&str> = shown.iter().filter(|i| !there.contains(**i)).collect();
    assert!(missing.is_empty(), "not in the sprite: {missing:?}");
}

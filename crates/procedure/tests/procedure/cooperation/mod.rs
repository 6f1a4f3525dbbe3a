//! Shared matters: the rules of each form, as sentences.

mod assistance;
mod authority;
mod away;
mod bulletin;
mod clocks;
mod dispute;
mod erasure;
mod evidence;
pub mod hostile;
pub mod kit;
mod lead;
mod letters;
pub mod lives;
mod model;
mod properties;
mod propose;

#[test]
fn every_row_of_the_page_has_its_test() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let page = std::fs::read_to_string(root.join("../../docs/procedures/cooperation.md")).unwrap();
    let mut rows = 0;
    for line in page.lines().filter(|l| l.contains('‖') && l.starts_with('|')) {
        let name = line.rsplit('`').nth(1).unwrap_or_else(|| panic!("no test in {line}"));
        let (module, test) = name.split_once("::").unwrap();
        let file = root.join(format!("tests/procedure/cooperation/{module}.rs"));
        let tests = std::fs::read_to_string(file).unwrap();
        assert!(tests.contains(&format!("#[test]\nfn {test}()")), "{name} is not there");
        rows += 1;
    }
    assert!(rows > 20);
}

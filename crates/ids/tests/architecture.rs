//! The rules that keep the house in order: which crate may know which, and what may lie in the repository.
//!
//! docs/architecture.md explains why; each failure here says what is broken and how to mend it. They live beside the
//! lowest crate so that they run, and can say what is wrong, even while the crates above do not build.
#![expect(clippy::unwrap_used, reason = "a test stops where something unexpected happens")]

use cargo_metadata::{DependencyKind, Metadata, MetadataCommand, Package, PackageId};
use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Each crate with the crates of the house that it may use. What is not listed is forbidden.
const MAY_USE: &[(&str, &[&str])] = &[
    ("lianzhi-ids", &[]),
    ("lianzhi-law", &["ids"]),
    ("lianzhi-territory", &["ids"]),
    ("lianzhi-triage", &["ids"]),
    ("lianzhi-docket", &["ids"]),
    ("lianzhi-exchange", &["ids", "docket"]),
    ("lianzhi-paper", &["ids"]),
    ("lianzhi-procedure", &["ids", "law", "territory", "triage", "exchange"]),
    ("lianzhi-app", &["ids", "law", "territory", "triage", "docket", "exchange", "paper", "procedure"]),
    ("lianzhi-store", &["ids", "law", "territory", "triage", "docket", "exchange", "procedure", "app"]),
    ("lianzhi-web", &["ids", "law", "territory", "triage", "docket", "exchange", "procedure", "app"]),
    ("lianzhi-link", &["ids", "docket", "exchange", "procedure", "app"]),
    ("lianzhi-sim", &["ids", "law", "territory", "triage", "docket", "exchange", "procedure", "app"]),
    (
        "lianzhi",
        &[
            "ids",
            "law",
            "territory",
            "triage",
            "docket",
            "exchange",
            "procedure",
            "app",
            "store",
            "web",
            "link",
            "paper",
            "sim",
        ],
    ),
    (
        "lianzhi-testkit",
        &[
            "ids",
            "law",
            "territory",
            "triage",
            "docket",
            "exchange",
            "procedure",
            "app",
            "store",
            "web",
            "link",
            "sim",
        ],
    ),
];

/// Crates that only compute: no clock of their own, no file, no socket, no task.
const PURE: &[&str] = &[
    "lianzhi-ids",
    "lianzhi-law",
    "lianzhi-territory",
    "lianzhi-triage",
    "lianzhi-docket",
    "lianzhi-exchange",
    "lianzhi-paper",
    "lianzhi-procedure",
];

/// What a pure crate must not reach, not even through somebody else.
const RUNTIMES: &[&str] = &[
    "tokio",
    "async-std",
    "smol",
    "mio",
    "sqlx",
    "sqlx-core",
    "libsqlite3-sys",
    "object_store",
    "axum",
    "tower",
    "hyper",
    "http",
    "reqwest",
];

/// Most lines a Rust file may have: what one can read in one sitting.
const LINES_MAX: usize = 600;

/// Files that may be longer, each with its reason.
const LONGER: &[(&str, &str)] = &[
    (
        "crates/procedure/src/penalty/event.rs",
        "one enumeration of all that can happen to a penalty case, as it is stored for ever",
    ),
    (
        "crates/procedure/src/penalty/command/mod.rs",
        "one enumeration of all that can be asked of a penalty case, the single definition of each action",
    ),
];

/// Largest file that may be committed. Bigger data belongs into a deployment, not into every clone.
const BYTES_MAX: u64 = 5 * 1024 * 1024;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().unwrap()
}

/// The workspace as cargo resolves it for this machine, from what is already downloaded.
fn metadata() -> Metadata {
    let version = Command::new("rustc").arg("-vV").current_dir(root()).output().unwrap();
    let version = String::from_utf8(version.stdout).unwrap();
    let host = version.lines().find_map(|line| line.strip_prefix("host: ")).unwrap();
    MetadataCommand::new()
        .current_dir(root())
        .other_options(["--offline", "--filter-platform", host].map(String::from).to_vec())
        .exec()
        .unwrap()
}

fn ours(metadata: &Metadata) -> Vec<&Package> {
    metadata.workspace_packages()
}

/// Everything that `from` links when it is built for use, tests and build scripts' own needs aside.
fn reaches<'a>(metadata: &'a Metadata, from: &PackageId) -> BTreeSet<&'a str> {
    let nodes: BTreeMap<_, _> =
        metadata.resolve.as_ref().unwrap().nodes.iter().map(|node| (&node.id, node)).collect();
    let mut seen = HashSet::new();
    let mut open = vec![from.clone()];
    let mut names = BTreeSet::new();
    while let Some(id) = open.pop() {
        for dep in &nodes[&id].deps {
            let linked = dep.dep_kinds.iter().any(|kind| kind.kind == DependencyKind::Normal);
            if linked && seen.insert(dep.pkg.clone()) {
                names.insert(metadata[&dep.pkg].name.as_str());
                open.push(dep.pkg.clone());
            }
        }
    }
    names
}

/// Files that are in the repository or about to be: neither ignored nor just deleted.
fn files() -> Vec<PathBuf> {
    let root = root();
    let listed = Command::new("git")
        .args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"])
        .current_dir(&root)
        .output()
        .unwrap();
    assert!(listed.status.success(), "git ls-files failed; these rules are checked in a git checkout");
    let listed = String::from_utf8(listed.stdout).unwrap();
    listed
        .split('\0')
        .filter(|name| !name.is_empty() && root.join(name).exists())
        .map(PathBuf::from)
        .collect()
}

#[test]
fn every_crate_has_its_place() {
    let placed: BTreeSet<&str> = MAY_USE.iter().map(|(name, _)| *name).collect();
    let metadata = metadata();
    let there: BTreeSet<&str> = ours(&metadata).iter().map(|package| package.name.as_str()).collect();
    assert_eq!(
        there, placed,
        "a crate came or went: give it its place in MAY_USE and in docs/architecture.md"
    );
}

#[test]
fn crates_know_only_the_layers_below_them() {
    let metadata = metadata();
    let mut wrong = Vec::new();
    for package in ours(&metadata) {
        let Some((_, allowed)) = MAY_USE.iter().find(|(name, _)| *name == package.name.as_str()) else {
            continue;
        };
        for dependency in &package.dependencies {
            let Some(short) = dependency.name.strip_prefix("lianzhi-") else {
                continue;
            };
            if dependency.kind == DependencyKind::Development && short == "testkit" {
                continue;
            }
            // Tests may reach sideways (a browser journey needs a store), never upwards to the program itself.
            if dependency.kind == DependencyKind::Development && allowed.contains(&"app") {
                continue;
            }
            if !allowed.contains(&short) {
                let (name, may) = (&package.name, allowed.join(", "));
                wrong.push(format!("{name} must not use lianzhi-{short}; it may use: [{may}]"));
            }
        }
    }
    assert!(
        wrong.is_empty(),
        "{}\nMove the code to the layer that may know both, or put a port (a trait) into lianzhi-app.",
        wrong.join("\n")
    );
}

#[test]
fn helpers_of_tests_stay_out_of_the_program() {
    let metadata = metadata();
    for package in ours(&metadata) {
        for dependency in &package.dependencies {
            assert!(
                dependency.name != "lianzhi-testkit" || dependency.kind == DependencyKind::Development,
                "{} links lianzhi-testkit: make it a dev-dependency",
                package.name
            );
        }
    }
}

#[test]
fn pages_and_database_know_nothing_of_each_other() {
    let metadata = metadata();
    for (one, other) in [("lianzhi-web", "lianzhi-store"), ("lianzhi-store", "lianzhi-web")] {
        let package = ours(&metadata).into_iter().find(|package| package.name.as_str() == one).unwrap();
        assert!(
            !reaches(&metadata, &package.id).contains(other),
            "{one} reaches {other}: both speak to the ports of lianzhi-app, and lianzhi (crates/node) joins them"
        );
    }
}

#[test]
fn pure_crates_reach_no_runtime_database_or_http() {
    let metadata = metadata();
    for package in ours(&metadata).into_iter().filter(|package| PURE.contains(&package.name.as_str())) {
        let reached = reaches(&metadata, &package.id);
        let impure: Vec<_> = RUNTIMES.iter().filter(|name| reached.contains(**name)).collect();
        assert!(
            impure.is_empty(),
            "{} reaches {impure:?}: it only computes; what it needs from outside is passed in by lianzhi-app \
             (`cargo tree -p {} -i <crate>` shows the way)",
            package.name,
            package.name
        );
    }
}

#[test]
fn rust_files_can_be_read_in_one_sitting() {
    let mut long = Vec::new();
    for file in files().iter().filter(|file| file.extension().is_some_and(|extension| extension == "rs")) {
        let Ok(text) = fs::read_to_string(root().join(file)) else {
            continue;
        };
        let lines = text.lines().count();
        let excused = LONGER.iter().any(|(name, _)| Path::new(name) == file);
        if lines > LINES_MAX && !excused {
            long.push(format!("{} has {lines} lines", file.display()));
        }
        assert!(
            !excused || lines > LINES_MAX,
            "{} is short enough: take it off the list LONGER",
            file.display()
        );
    }
    assert!(
        long.is_empty(),
        "{}\nAt most {LINES_MAX} lines: split each by what its parts are for, or list it in LONGER with the reason.",
        long.join("\n")
    );
}

#[test]
fn nothing_big_is_committed() {
    for file in files() {
        let Ok(about) = fs::metadata(root().join(&file)) else {
            continue;
        };
        assert!(
            about.len() <= BYTES_MAX,
            "{} has {} bytes, more than {BYTES_MAX}: generate it, or let the deployment bring it",
            file.display(),
            about.len()
        );
    }
}

#[test]
fn every_data_file_is_listed_with_its_source() {
    let list = fs::read_to_string(root().join("docs/data.md")).unwrap();
    for file in files() {
        let Ok(name) = file.strip_prefix("data") else {
            continue;
        };
        let name = name.display().to_string();
        assert!(
            list.contains(&format!("`{name}`")),
            "data/{name} is not in docs/data.md: say what it is, its source, date and licence"
        );
    }
}

#[test]
fn links_between_documents_lead_somewhere() {
    let mut dead = Vec::new();
    for file in files().iter().filter(|file| file.extension().is_some_and(|extension| extension == "md")) {
        let Ok(text) = fs::read_to_string(root().join(file)) else {
            continue;
        };
        for target in text.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            let path = target.split('#').next().unwrap_or(target);
            if path.is_empty() || path.contains("://") || path.starts_with("mailto:") {
                continue;
            }
            if !root().join(file).with_file_name(path).exists() {
                dead.push(format!("{} -> {target}", file.display()));
            }
        }
    }
    assert!(dead.is_empty(), "these links lead nowhere:\n{}", dead.join("\n"));
}

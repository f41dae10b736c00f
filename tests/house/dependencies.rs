//! `docs/dependencies.md` gives a reason for every crate that a `Cargo.toml` of the workspace names, and for no other.

use std::collections::BTreeSet;
use std::fs;

use support::program::project;

/// The manifests: the library's first.
const MANIFESTS: &[&str] = &[
    "Cargo.toml",
    "bindings/generator/Cargo.toml",
    "tests/prove/Cargo.toml",
    "tests/sandbox/Cargo.toml",
    "tests/support/Cargo.toml",
];

/// The crates of a section whose header ends in `kind`, those of this workspace left out.
fn crates(manifest: &str, kind: &str) -> BTreeSet<String> {
    let text = fs::read_to_string(project(manifest)).unwrap();
    let (mut inside, mut found) = (false, BTreeSet::new());
    for line in text.lines() {
        if let Some(header) = line.strip_prefix('[') {
            let header = header.trim_end_matches(']');
            inside = header == kind || header.starts_with("target.") && header.ends_with(&format!(".{kind}"));
        } else if let Some((name, value)) =
            line.split_once(" = ").filter(|_| inside && !line.starts_with([' ', '#']))
            && !value.contains("path = ")
        {
            let renamed = value.split_once("package = \"").and_then(|(_, rest)| rest.split('"').next());
            found.insert(renamed.unwrap_or(name).to_owned());
        }
    }
    found
}

/// The crates of the table below a heading; each row has a reason.
fn table(page: &str, heading: &str) -> BTreeSet<String> {
    let section = page.split("\n## ").find(|section| section.starts_with(heading)).expect(heading);
    let rows = section.lines().filter_map(|line| line.strip_prefix("| `"));
    rows.map(|row| {
        let (name, rest) = row.split_once("` | ").expect("a name, then a reason");
        let reason = rest.split(" |").next().unwrap();
        assert!(reason.split_whitespace().count() >= 2, "{name} needs a reason, not {reason:?}");
        name.to_owned()
    })
    .collect()
}

#[test]
fn every_crate_has_a_reason() {
    let page = fs::read_to_string(project("docs/dependencies.md")).unwrap();
    let linked = crates("Cargo.toml", "dependencies");
    assert!(linked.len() > 20 && linked.contains("rustls-webpki"), "{linked:?}");
    assert_eq!(table(&page, "In the library"), linked);
    let built_with = crates("Cargo.toml", "build-dependencies");
    assert_eq!(table(&page, "When it is built"), built_with);
    let mut others = crates("Cargo.toml", "dev-dependencies");
    for manifest in &MANIFESTS[1..] {
        others.append(&mut crates(manifest, "dependencies"));
        others.append(&mut crates(manifest, "dev-dependencies"));
    }
    others.retain(|name| !linked.contains(name) && !built_with.contains(name));
    assert_eq!(table(&page, "In tests and tools"), others);
    let workspace = fs::read_to_string(project("Cargo.toml")).unwrap();
    let members = workspace.lines().find_map(|line| line.strip_prefix("members = ")).expect("the members");
    let known: BTreeSet<_> = MANIFESTS[1..].iter().map(|path| path.trim_end_matches("/Cargo.toml")).collect();
    assert_eq!(members.split('"').skip(1).step_by(2).collect::<BTreeSet<_>>(), known);
}

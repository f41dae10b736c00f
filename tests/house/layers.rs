//! The layers of `src/`: no import upward, no circle, every name at home. `docs/architecture.md` is the picture.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use crux::service::NAMES;
use support::program::project;

/// From the top: a module imports from those behind it. The ground is two steps: what needs the system, and what does
/// not.
const STAIR: &[&[&str]] = &[
    &["ffi"],
    &["call"],
    &["flows"],
    &["response"],
    &["send"],
    &["client"],
    &["session"],
    &["options"],
    &["service"],
    &["transport"],
    &["address"],
    &["hooks", "json", "log", "sync", "threads"],
    &["sys"],
    &["clock", "error", "headers", "secret", "status"],
];

/// What may be named in certain folders only.
const HOMES: &[(&str, &[&str])] = &[
    ("ureq::", UREQ),
    ("libc::", &["sys/"]),
    ("windows_sys::", &["sys/"]),
    ("cfg(unix)", &["sys/"]),
    ("cfg(windows)", &["sys/"]),
];

/// All that would be written anew with another HTTP library.
const UREQ: &[&str] = &[
    "transport/http/adapter.rs",
    "transport/http/errors.rs",
    "transport/http/lender.rs",
    "transport/http/mod.rs",
    "transport/http/response_body.rs",
];

/// The code of each file below `src/`, without comments and tests, by its path.
fn sources() -> BTreeMap<String, String> {
    fn walk(root: &Path, folder: &Path, found: &mut BTreeMap<String, String>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.strip_prefix(root).unwrap().to_str().unwrap().to_owned();
            if path.is_dir() {
                walk(root, &path, found);
            } else if name.ends_with(".rs") && !name.ends_with("tests.rs") {
                let text = fs::read_to_string(&path).unwrap();
                let lines = text.lines().map(|line| line.split("//").next().unwrap_or_default());
                let code = lines.collect::<Vec<_>>().join("\n");
                let code = code.split("#[cfg(test)]\nmod tests").next().unwrap();
                found.insert(name, code.to_owned());
            }
        }
    }
    let (root, mut found) = (project("src"), BTreeMap::new());
    walk(&root, &root, &mut found);
    assert!(found.len() > 50, "only {} files were found", found.len());
    found
}

/// `a/b.rs` and `a/b/mod.rs` as `a::b`.
fn module(path: &str) -> String {
    path.trim_end_matches(".rs").trim_end_matches("/mod").replace('/', "::")
}

fn is_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_'
}

/// Where `word` stands and does not continue another word.
fn places<'a>(code: &'a str, word: &'a str) -> impl Iterator<Item = usize> + 'a {
    let whole = move |at: usize| !word.starts_with(is_word) || !code[..at].ends_with(is_word);
    code.match_indices(word).map(|(at, _)| at).filter(move |at| whole(*at))
}

/// The paths of a tree such as `a::{b, c::{d, e}}`, which may stand at the start of a longer text.
fn paths(prefix: &str, tree: &str, found: &mut Vec<String>) {
    let end = tree.find(|c| !is_word(c) && c != ':').unwrap_or(tree.len());
    let (head, rest) = (prefix.to_owned() + &tree[..end], &tree[end..]);
    let Some(inside) = rest.strip_prefix('{').filter(|_| head.ends_with("::")) else {
        found.push(head);
        return;
    };
    let (mut depth, mut start) = (0, 0);
    for (at, c) in inside.char_indices() {
        if depth == 0 && (c == ',' || c == '}') {
            paths(&head, inside[start..at].trim(), found);
            start = at + 1;
        }
        match c {
            '{' => depth += 1,
            '}' if depth == 0 => return,
            '}' => depth -= 1,
            _ => {}
        }
    }
}

/// The modules that each module imports from, its own parents and children left out.
fn imports(sources: &BTreeMap<String, String>) -> BTreeMap<String, BTreeSet<String>> {
    let known: BTreeSet<String> = sources.keys().map(|path| module(path)).collect();
    let mut all = BTreeMap::new();
    for (path, code) in sources {
        let (me, mut named) = (module(path), Vec::new());
        for at in places(code, "crate::") {
            paths("", &code[at + "crate::".len()..], &mut named);
        }
        let mut targets = BTreeSet::new();
        for path in named {
            let parts: Vec<&str> = path.split("::").collect();
            let owner =
                (1..=parts.len()).rev().map(|n| parts[..n].join("::")).find(|name| known.contains(name));
            let kin = |to: &str| {
                to == me || to.starts_with(&format!("{me}::")) || me.starts_with(&format!("{to}::"))
            };
            targets.extend(owner.filter(|to| !kin(to)));
        }
        all.insert(me, targets);
    }
    all
}

fn step(module: &str) -> usize {
    let top = module.split("::").next().unwrap();
    let step = STAIR.iter().position(|step| step.contains(&top));
    step.unwrap_or_else(|| panic!("src/{top} has no step on the stair of tests/house/layers.rs"))
}

#[test]
fn no_import_leads_upward() {
    let imports = imports(&sources());
    let edges = imports.iter().flat_map(|(from, all)| all.iter().map(move |to| (from, to)));
    let edges: Vec<_> = edges.filter(|(from, _)| *from != "lib").collect();
    assert!(edges.len() > 100, "only {} imports were found", edges.len());
    let upward: Vec<_> = edges.iter().filter(|(from, to)| step(from) > step(to)).collect();
    assert!(upward.is_empty(), "{upward:#?}");
}

#[test]
fn no_imports_go_in_a_circle() {
    let imports = imports(&sources());
    let reached = |from: &str| {
        let (mut seen, mut open) = (BTreeSet::new(), vec![from.to_owned()]);
        while let Some(module) = open.pop() {
            open.extend(imports[&module].iter().filter(|next| seen.insert((*next).clone())).cloned());
        }
        seen
    };
    let circles: Vec<_> = imports.keys().filter(|module| reached(module).contains(*module)).collect();
    assert!(circles.is_empty(), "each of these imports itself by way of others: {circles:#?}");
}

#[test]
fn every_name_is_at_home() {
    let sources = sources();
    // A service is a file of data. "custom" is a word of many uses.
    let services = NAMES.iter().filter(|name| **name != "custom").map(|name| format!("\"{name}"));
    let services: Vec<_> = services.map(|name| (name, &["service/"][..])).collect();
    let words = HOMES.iter().copied().chain(services.iter().map(|(name, homes)| (&**name, *homes)));
    for (word, homes) in words {
        let named = sources.iter().filter(|(_, code)| places(code, word).next().is_some());
        let named: Vec<_> = named.map(|(path, _)| path).collect();
        assert!(!named.is_empty(), "{word} is named nowhere: what is looked for?");
        let strays: Vec<_> =
            named.iter().filter(|path| !homes.iter().any(|home| path.starts_with(home))).collect();
        assert!(strays.is_empty(), "{word} belongs into {homes:?}, and is named in {strays:?}");
    }
}

#[test]
fn an_import_is_read_as_the_compiler_reads_it() {
    let mut found = Vec::new();
    paths("", "a::{self, b::{c, d as e}, f}; more", &mut found);
    assert_eq!(found, ["a::self", "a::b::c", "a::b::d", "a::f"]);
    assert_eq!(places("libc::a xlibc::b (libc::c)", "libc::").collect::<Vec<_>>(), [0, 18]);
}

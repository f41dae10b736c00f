//! The shared library as a linker sees it: what it exports, its name, and what it needs.

use std::collections::BTreeSet;
use std::process::Command;

use support::{header, program};

fn readelf(what: &str) -> String {
    program::run_tool(
        Command::new(program::tool("READELF", "readelf")).args(["-W", what]).arg(program::library()),
    )
}

#[test]
fn what_is_exported_is_what_the_header_declares() {
    let listed = program::run_tool(
        Command::new(program::tool("NM", "nm")).args(["-D", "--defined-only"]).arg(program::library()),
    );
    let exported: BTreeSet<&str> = listed.lines().filter_map(|line| line.split_whitespace().last()).collect();
    let functions = header::functions(&header::text());
    let declared: BTreeSet<&str> = functions.iter().map(|function| function.name.as_str()).collect();
    let missing: Vec<_> = declared.difference(&exported).collect();
    let extra: Vec<_> = exported.difference(&declared).collect();
    assert!(missing.is_empty(), "declared, but not exported: {missing:?}");
    assert!(extra.is_empty(), "exported, but not declared: {extra:?}");
    for line in listed.lines() {
        assert_eq!(line.split_whitespace().nth(1), Some("T"), "not a function: {line}");
    }
}

#[test]
fn it_bears_its_name_and_stays_loaded() {
    let dynamic = readelf("-d");
    let name = dynamic.lines().find(|line| line.contains("(SONAME)")).expect("it has a SONAME");
    assert!(name.contains("[libcrux.so.0]"), "{name}");
    let flags = dynamic.lines().find(|line| line.contains("(FLAGS_1)")).expect("it has flags");
    assert!(flags.contains("NODELETE"), "{flags}");
    assert!(!dynamic.contains("TEXTREL"), "its code is changed when it is loaded");
    assert!(!dynamic.contains("(RPATH)") && !dynamic.contains("(RUNPATH)"), "it looks in a folder of ours");
}

#[test]
fn it_needs_the_c_library_only() {
    const FINE: &[&str] = &["libc.so", "libm.so", "libgcc_s.so", "libpthread.so", "libdl.so", "ld-linux"];
    let dynamic = readelf("-d");
    let needed: Vec<&str> = dynamic
        .lines()
        .filter(|line| line.contains("(NEEDED)"))
        .filter_map(|line| line.split(['[', ']']).nth(1))
        .collect();
    assert!(needed.iter().any(|name| name.starts_with("libc.so")), "{needed:?}");
    for name in &needed {
        assert!(FINE.iter().any(|fine| name.starts_with(fine)), "it needs {name}: {needed:?}");
    }
}

#[test]
fn no_memory_is_both_written_and_run() {
    let segments = readelf("-l");
    let stack = segments.lines().find(|line| line.contains("GNU_STACK")).expect("its stack is described");
    assert!(stack.contains("RW ") && !stack.contains("RWE"), "{stack}");
    for line in segments.lines().filter(|line| line.trim_start().starts_with("LOAD")) {
        assert!(!line.contains("RWE"), "{line}");
    }
    assert!(segments.contains("GNU_RELRO"), "its tables stay writable");
}

//! What does not run on this machine, named where the runner shows it: tests that pass are otherwise silent.

use std::env;
use std::io::{self, Write};

/// Set where everything has to run, as in the gate.
const ALL: &str = "CRUX_CHECK_ALL";

/// Names what is left out, and why. Straight to standard error: the runner keeps what a passing test prints. A line of
/// its own, written at once, since the runner writes as well.
pub fn skipped(what: &str, why: &str) {
    let _ = io::stderr().write_all(format!("\nSKIPPED: {what}: {why}\n").as_bytes());
}

/// The same for what `.ci/setup` installs or makes possible: a failure where CRUX_CHECK_ALL is set.
#[track_caller]
pub fn lacking(what: &str, why: &str) {
    let all = env::var_os(ALL).is_some_and(|value| !value.is_empty());
    assert!(!all, "{what} cannot run, and {ALL} wants all: {why}");
    skipped(what, why);
}

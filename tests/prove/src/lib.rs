//! What the programs of the proof share: which form runs, and how one ends.

use std::process::ExitCode;

/// Returns the short form's number, or the long one's with PROVE=long.
pub fn amount(short: usize, long: usize) -> usize {
    if std::env::var_os("PROVE").is_some_and(|form| form == "long") { long } else { short }
}

/// Prints what was measured, which `make prove` shows, and returns the verdict.
pub fn verdict(wrong: usize, measured: &str) -> ExitCode {
    println!("{measured}");
    if wrong == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

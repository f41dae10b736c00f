//! What the programs of the proof share: which form runs, and how one ends; a server whose bytes meet faults; figures
//! of the process.

pub mod fault;
pub mod level;
pub mod origin;

use std::process::ExitCode;

/// Returns the short form's number, or the long one's with PROVE=long.
pub fn amount(short: usize, long: usize) -> usize {
    if is_long() { long } else { short }
}

/// Returns true if the long form runs.
pub fn is_long() -> bool {
    std::env::var_os("PROVE").is_some_and(|form| form == "long")
}

/// The seed of what is drawn by lot: PROVE_SEED, or another one each time.
pub fn seed() -> u64 {
    let given = std::env::var("PROVE_SEED").ok();
    given.map_or_else(|| fastrand::u64(..1 << 32), |text| text.parse().expect("PROVE_SEED is a number"))
}

/// How many groups of threads keep freed handles for themselves.
const GROUPS: usize = 16;

/// Makes handles until freed ones are used again. One rests for 4,096 later ones of its group of threads; until then
/// their table grows, which would look like a leak.
pub fn fill_handles() {
    std::thread::scope(|scope| {
        for _ in 0..GROUPS {
            scope.spawn(|| (0..5000).for_each(|_| drop(support::Options::new())));
        }
    });
}

/// Prints what was measured, which `make prove` shows, and returns the verdict.
pub fn verdict(wrong: usize, measured: &str) -> ExitCode {
    println!("{measured}");
    if wrong == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

//! A test alone in a process, and figures of the whole process.

use std::process::Command;
use std::{env, fs};

/// Set in a process that runs one test alone.
const MARK: &str = "LIBCRUX_TEST_ALONE";

pub fn is_alone() -> bool {
    env::var_os(MARK).is_some()
}

/// Runs the test `name` (`module::function`) of this program again, alone in a process, where `is_alone` is true.
pub fn again(name: &str) -> Command {
    let mut command = Command::new(env::current_exe().expect("a path of this program"));
    command.args(["--exact", name, "--test-threads=1", "--nocapture"]).env(MARK, "1");
    command
}

/// Returns true in a process that runs the test `name` alone. Elsewhere it runs such a process with these variables,
/// requires that it succeeds, and returns false. For what a process has only one of: its environment, its forks,
/// its limits, its memory.
#[track_caller]
pub fn alone(name: &str, variables: &[(&str, &str)]) -> bool {
    if is_alone() {
        return true;
    }
    succeeds(name, again(name).envs(variables.iter().copied()));
    false
}

/// Runs a command of [`again`], which must run its test and succeed.
#[track_caller]
pub fn succeeds(name: &str, command: &mut Command) {
    let outcome = command.output().expect("to run this program again");
    let said = [outcome.stdout, outcome.stderr].concat();
    let said = String::from_utf8_lossy(&said);
    assert!(outcome.status.success(), "{name}: {said}");
    assert!(said.contains("1 passed"), "{name} is not the name of this test: {said}");
}

/// A figure of this process, such as VmRSS or VmHWM, in bytes.
pub fn memory(name: &str) -> u64 {
    let status = fs::read_to_string("/proc/self/status").expect("Linux tells");
    let line = status.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':'));
    let kib = line.and_then(|line| line.split_whitespace().next()?.parse::<u64>().ok());
    kib.expect("a figure in kB") * 1024
}

/// How many threads of this process bear a name that starts like this.
pub fn threads(name: &str) -> usize {
    let all = fs::read_dir("/proc/self/task").expect("Linux tells").flatten();
    all.filter_map(|task| fs::read_to_string(task.path().join("comm")).ok())
        .filter(|comm| comm.starts_with(name))
        .count()
}

//! A test alone in a process, and figures of the whole process.

use std::process::Command;
#[cfg(unix)]
use std::time::{Duration, Instant};
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

/// How often the system has woken the threads of this process whose names begin so.
#[cfg(target_os = "linux")]
pub fn wakes(name: &str) -> u64 {
    let all = fs::read_dir("/proc/self/task").expect("Linux tells").flatten();
    let told = all.filter_map(|task| fs::read_to_string(task.path().join("status")).ok());
    let of_name = told.filter(|status| status.starts_with(&format!("Name:\t{name}")));
    let counts = of_name.filter_map(|status| {
        let line = status.lines().find_map(|line| line.strip_prefix("voluntary_ctxt_switches:"))?;
        line.trim().parse::<u64>().ok()
    });
    counts.sum()
}

/// A child process that has forked from this one, and ends without touching what belongs to its parent.
#[cfg(unix)]
pub struct Forked(libc::pid_t);

#[cfg(unix)]
impl Forked {
    /// How long a child may take; one that hangs is ended.
    const PATIENCE: Duration = Duration::from_secs(30);

    /// Forks; the child does this and leaves.
    pub fn start(work: impl FnOnce()) -> Forked {
        let pid = unsafe { libc::fork() };
        assert!(pid >= 0, "no fork");
        if pid == 0 {
            let outcome = std::panic::catch_unwind(std::panic::AssertUnwindSafe(work));
            unsafe { libc::_exit(i32::from(outcome.is_err())) };
        }
        Forked(pid)
    }

    /// Waits for its end; what is wrong with it, if anything is.
    pub fn ended(self) -> Result<(), String> {
        let end = Instant::now() + Forked::PATIENCE;
        let mut status = 0;
        while unsafe { libc::waitpid(self.0, &raw mut status, libc::WNOHANG) } == 0 {
            if Instant::now() > end {
                unsafe {
                    libc::kill(self.0, libc::SIGKILL);
                    libc::waitpid(self.0, &raw mut status, 0);
                }
                return Err("the child hangs".to_owned());
            }
            std::thread::sleep(Duration::from_millis(1));
        }
        let well = libc::WIFEXITED(status) && libc::WEXITSTATUS(status) == 0;
        well.then_some(()).ok_or_else(|| format!("the child failed: {status:#x}"))
    }

    /// Waits for its end, which must be a good one.
    #[track_caller]
    pub fn join(self) {
        self.ended().unwrap_or_else(|why| panic!("{why}"));
    }
}

/// From here on the system starts no thread of this process, which must be alone.
#[cfg(unix)]
pub fn start_no_threads() -> libc::rlimit {
    let mut limit = libc::rlimit { rlim_cur: 0, rlim_max: 0 };
    unsafe {
        // The limit does not hold for root, and no process of nobody's runs here.
        if libc::geteuid() == 0 {
            assert_eq!((libc::setgid(65_534), libc::setuid(65_534)), (0, 0));
        }
        assert_eq!(libc::getrlimit(libc::RLIMIT_NPROC, &raw mut limit), 0);
        let none = libc::rlimit { rlim_cur: 0, ..limit };
        assert_eq!(libc::setrlimit(libc::RLIMIT_NPROC, &raw const none), 0);
    }
    limit
}

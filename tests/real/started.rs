//! Programs that a test has started: on a free port, and ended with their owner.

use std::io::{BufRead, BufReader};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use std::{env, fs, thread};

use support::{lacking, program};

/// How long a server may take until it listens.
const PATIENCE: Duration = Duration::from_secs(30);

/// A server, killed when it is dropped.
pub struct Started {
    child: Child,
    pub port: u16,
}

impl Drop for Started {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A server that prints its port once it listens.
#[track_caller]
pub fn that_tells_its_port(command: &mut Command) -> Started {
    let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn().expect("the program starts");
    let mut line = String::new();
    let read = BufReader::new(child.stdout.take().expect("its output")).read_line(&mut line);
    let port = line.trim().parse().unwrap_or_else(|_| panic!("{command:?}: no port but {line:?} ({read:?})"));
    Started { child, port }
}

/// A server that has to be told its port. Another program may take the port in between: then it ends, and the next
/// one is tried.
#[track_caller]
pub fn on_a_free_port(mut command: impl FnMut(u16) -> Command) -> Started {
    for _ in 0..5 {
        let free = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port");
        let port = free.local_addr().expect("its address").port();
        drop(free);
        let mut child = command(port).stdin(Stdio::null()).spawn().expect("the program starts");
        let end = Instant::now() + PATIENCE;
        while child.try_wait().expect("its state").is_none() {
            if TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_ok() {
                return Started { child, port };
            }
            assert!(Instant::now() < end, "{:?} does not listen", command(port));
            thread::sleep(Duration::from_millis(5));
        }
    }
    panic!("{:?} ends at once", command(0));
}

/// The interpreter that has what requirements.txt lists. None, after naming `what`, if setup.sh did not make it.
pub fn python(what: &str) -> Option<PathBuf> {
    let exe = env::current_exe().expect("a path of this program");
    let venv = exe.ancestors().nth(3).expect("target/PROFILE/deps/PROGRAM").join("real/python");
    let wanted = fs::read(program::project("tests/real/requirements.txt")).expect("the list of packages");
    if fs::read(venv.join("requirements.txt")).ok() == Some(wanted) {
        return Some(venv.join("bin/python"));
    }
    lacking(
        what,
        "the packages of tests/real/requirements.txt are missing; tests/real/setup.sh installs them",
    );
    None
}

/// The path of a program, also of one for administrators. None, after naming `what`, if it is missing.
pub fn found(program: &str, what: &str) -> Option<PathBuf> {
    let path = env::var_os("PATH").unwrap_or_default();
    let folders = env::split_paths(&path).chain(["/usr/sbin".into(), "/usr/local/sbin".into()]);
    let found = folders.map(|folder| folder.join(program)).find(|file| file.is_file());
    if found.is_none() {
        lacking(what, &format!("the program {program} is missing; .ci/setup installs it"));
    }
    found
}

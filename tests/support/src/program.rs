//! C programs as a user has them: built from the header and the shared library, and run. A machine without what a
//! test needs fails it: a program that was never built would look like a good one.

use std::collections::HashMap;
use std::io::{ErrorKind, Write};
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::{Mutex, mpsc};
use std::time::Duration;
use std::{env, fs, io, thread};

pub use crate::places::{fresh, project, scratch};

/// How long a program may take before it counts as hung.
const PATIENCE: Duration = Duration::from_secs(120);

/// The folder that holds the shared library these tests were built with: beside the tests, or one above. A program that
/// is no test finds it in `deps`: what stands beside it may be of an earlier build.
pub fn library_folder() -> PathBuf {
    let exe = env::current_exe().expect("a path of this program");
    let folder = exe.parent().expect("a folder of this program");
    let places = [folder.join("deps"), folder.to_owned(), folder.join("..")];
    let found = places.into_iter().find(|folder| folder.join("libcrux.so.0").exists());
    found.expect("libcrux.so and the name it is loaded by stand beside the tests")
}

pub fn library() -> PathBuf {
    library_folder().join("libcrux.so")
}

/// A program of this machine, by the variable that names another one, or the usual name.
pub fn tool(variable: &str, usual: &str) -> String {
    env::var(variable).ok().filter(|name| !name.is_empty()).unwrap_or_else(|| usual.to_owned())
}

/// Whether a program is there at all.
pub fn is_there(tool: &str) -> bool {
    let mut command = Command::new(tool);
    command.arg("--version").stdout(Stdio::null()).stderr(Stdio::null());
    command.status().is_ok_and(|status| status.success())
}

/// Runs a program that must succeed without a word on stderr; what it wrote to stdout.
#[track_caller]
pub fn run_tool(command: &mut Command) -> String {
    let output = command.output().unwrap_or_else(|why| panic!("{command:?}: {why}"));
    let complaint = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && complaint.is_empty(), "{command:?}\n{complaint}");
    String::from_utf8(output.stdout).expect("tools write UTF-8")
}

/// How a program is built: all warnings are errors.
pub struct Build {
    compiler: String,
    flags: Vec<String>,
    libraries: Vec<String>,
}

impl Build {
    /// A C program of this standard, linked with the library as the README says.
    pub fn c(standard: &str) -> Build {
        Build::by(&tool("CC", "cc"), standard)
    }

    /// The same by any compiler, of C or C++.
    pub fn by(compiler: &str, standard: &str) -> Build {
        let folder = library_folder();
        let (standard, folder) = (format!("-std={standard}"), folder.display());
        // A path of the old kind: the new one comes after LD_LIBRARY_PATH, where cargo puts the folder of the last
        // plain build first, so that a library of yesterday would be tested.
        let path = format!("-Wl,--disable-new-dtags,-rpath,{folder}");
        let flags = [&standard, "-g", "-Wall", "-Wextra", "-Werror"].map(str::to_owned).to_vec();
        Build {
            compiler: compiler.into(),
            flags,
            libraries: vec![format!("-L{folder}"), "-lcrux".into(), path],
        }
    }

    pub fn flags(mut self, flags: &[&str]) -> Build {
        self.flags.extend(flags.iter().map(|flag| (*flag).to_owned()));
        self
    }

    /// What else it is linked with.
    pub fn libraries(mut self, libraries: &[&str]) -> Build {
        self.libraries.extend(libraries.iter().map(|library| (*library).to_owned()));
        self
    }

    /// Without the library, which the program loads itself.
    pub fn unlinked(mut self) -> Build {
        self.libraries.clear();
        self
    }

    /// Builds the program; panics with what the compiler said.
    #[track_caller]
    pub fn build(self, program: &Path, sources: &[PathBuf]) -> PathBuf {
        let mut command = Command::new(&self.compiler);
        command.args(&self.flags).arg("-I").arg(project("include")).args(sources);
        run_tool(command.arg("-o").arg(program).args(&self.libraries));
        program.to_owned()
    }
}

/// What GTK needs. Its headers are the system's: their warnings are not ours.
fn gtk() -> Vec<String> {
    let mut command = Command::new("pkg-config");
    let flags = run_tool(command.args(["--cflags", "--libs", "gtk+-3.0"]));
    flags.split_whitespace().map(|flag| flag.replacen("-I", "-isystem", 1)).collect()
}

/// Builds an example, once in a process.
#[track_caller]
pub fn compile(source: &Path) -> PathBuf {
    static MADE: Mutex<Option<HashMap<PathBuf, PathBuf>>> = Mutex::new(None);
    let mut made = MADE.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
    let made = made.get_or_insert_with(HashMap::new);
    if let Some(program) = made.get(source) {
        return program.clone();
    }
    let mut build = Build::c("c99").flags(&["-pedantic"]);
    if fs::read_to_string(source).expect("an example").contains("<gtk/gtk.h>") {
        build.libraries.extend(gtk());
    }
    let program = scratch("bin").join(source.file_stem().expect("a name"));
    let program = build.build(&program, &[source.to_owned()]);
    made.insert(source.to_owned(), program.clone());
    program
}

/// What a program did.
#[derive(Debug)]
pub struct Ran {
    /// Its exit status, or the negative number of the signal that ended it.
    pub code: i32,
    pub out: String,
    pub err: String,
}

impl Ran {
    fn of(output: Output) -> Ran {
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("a program writes UTF-8");
        let code = output.status.code().or_else(|| output.status.signal().map(|signal| -signal));
        Ran { code: code.expect("an end"), out: text(output.stdout), err: text(output.stderr) }
    }

    /// Fails the test, with all that was said, unless the program ended so.
    #[track_caller]
    pub fn expect(self, code: i32) -> Ran {
        assert_eq!(self.code, code, "{self:#?}");
        self
    }

    #[track_caller]
    pub fn says(self, part: &str) -> Ran {
        assert!(self.out.contains(part) || self.err.contains(part), "{part:?} is missing: {self:#?}");
        self
    }

    /// Requires success without a word on either stream.
    #[track_caller]
    pub fn expect_quiet_success(&self, what: &str) {
        assert!(self.code == 0 && self.out.is_empty() && self.err.is_empty(), "{what}: {self:#?}");
    }
}

/// A program with arguments and environment; none of the tester's own accounts and proxies reaches it.
pub fn command(program: &Path, arguments: &[&str], environment: &[(&str, &str)]) -> Command {
    let mut command = Command::new(program);
    for (name, _) in env::vars_os() {
        let text = name.to_string_lossy();
        if text.starts_with("CRUX_")
            || crux::options::environment::variables().any(|own| text.starts_with(own))
            || text.to_ascii_lowercase().ends_with("_proxy")
        {
            command.env_remove(&name);
        }
    }
    command.args(arguments).envs(environment.iter().copied()).stdin(Stdio::null());
    // Without a terminal of the tester's, so that nothing waits for a password to be typed.
    unsafe {
        command.pre_exec(|| if libc::setsid() < 0 { Err(io::Error::last_os_error()) } else { Ok(()) });
    }
    command
}

/// Starts a command with both streams captured.
#[track_caller]
pub fn start(mut command: Command) -> Child {
    command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the program starts")
}

/// Waits for the end of a program, and ends it when it hangs.
#[track_caller]
pub fn finish(child: Child) -> Ran {
    let process = child.id() as libc::pid_t;
    let (done, ended) = mpsc::channel::<()>();
    let watchdog = thread::spawn(move || {
        let hangs = ended.recv_timeout(PATIENCE) == Err(mpsc::RecvTimeoutError::Timeout);
        if hangs {
            unsafe { libc::kill(process, libc::SIGKILL) };
        }
        hangs
    });
    let output = child.wait_with_output().expect("a child can be waited for");
    drop(done);
    let ran = Ran::of(output);
    assert!(!watchdog.join().expect("a watchdog"), "it hung: {ran:#?}");
    ran
}

#[track_caller]
pub fn run(program: &Path, arguments: &[&str], environment: &[(&str, &str)]) -> Ran {
    finish(start(command(program, arguments, environment)))
}

/// Runs it with something to read.
#[track_caller]
pub fn run_with_input(program: &Path, arguments: &[&str], environment: &[(&str, &str)], input: &[u8]) -> Ran {
    let mut command = command(program, arguments, environment);
    command.stdin(Stdio::piped());
    let mut child = start(command);
    // A program that wants nothing to read may have ended already.
    match child.stdin.take().expect("a pipe").write_all(input) {
        Err(why) if why.kind() != ErrorKind::BrokenPipe => panic!("{why}"),
        _ => {}
    }
    finish(child)
}

/// Runs a program that must succeed and say nothing on either stream.
#[track_caller]
pub fn run_quietly(program: &Path, arguments: &[&str]) {
    run(program, arguments, &[]).expect_quiet_success(&format!("{arguments:?}"));
}

/// The same, for a program whose first argument is the file that it reports to.
#[track_caller]
pub fn run_reporting(program: &Path, arguments: &[&str]) {
    let report = program.with_extension("report");
    let _ = fs::remove_file(&report);
    let name = report.to_str().expect("a name in UTF-8");
    let ran = run(program, &[&[name], arguments].concat(), &[]);
    let told = fs::read_to_string(&report).unwrap_or_default();
    ran.expect_quiet_success(&format!("{arguments:?}\n{told}"));
}

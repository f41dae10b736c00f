//! C programs, compiled as a user would and run as one.

#![allow(dead_code)]

use std::collections::HashMap;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::Mutex;

/// A file of the project.
pub fn project(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// A folder for what the tests of this binary make.
pub fn scratch(name: &str) -> PathBuf {
    let exe = std::env::current_exe().unwrap();
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(exe.file_stem().unwrap()).join(name);
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

/// The same, with nothing in it that an earlier run has left.
pub fn fresh(name: &str) -> PathBuf {
    std::fs::remove_dir_all(scratch(name)).unwrap();
    scratch(name)
}

/// Where cargo put the shared library of this build: beside the tests, or one above.
fn library() -> PathBuf {
    let exe = std::env::current_exe().unwrap();
    let found = exe.ancestors().skip(1).take(2).find(|folder| folder.join("libcrux.so.0").exists());
    found.expect("libcrux.so and the name it is loaded by stand beside the tests").to_owned()
}

/// The compiler with all warnings as errors. A machine without one fails the test: a skipped example
/// would look like a good one.
fn compiler() -> Command {
    let mut gcc = Command::new(std::env::var_os("CC").unwrap_or("gcc".into()));
    gcc.args(["-std=c99", "-pedantic", "-Wall", "-Wextra", "-Werror", "-g", "-I"]).arg(project("include"));
    gcc
}

/// What GTK needs. Its headers are the system's: their warnings are not ours.
fn gtk() -> Vec<String> {
    let asked = Command::new("pkg-config").args(["--cflags", "--libs", "gtk+-3.0"]).output();
    let told = asked.expect("pkg-config is needed for the desktop example");
    assert!(told.status.success(), "libgtk-3-dev is needed for the desktop example: {told:?}");
    let flags = String::from_utf8(told.stdout).unwrap();
    flags.split_whitespace().map(|flag| flag.replacen("-I", "-isystem", 1)).collect()
}

/// Compiles a C file against the public header and the shared library; panics with what the compiler said.
pub fn compile(source: &Path) -> PathBuf {
    static MADE: Mutex<Option<HashMap<PathBuf, PathBuf>>> = Mutex::new(None);
    let mut made = MADE.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
    let made = made.get_or_insert_with(HashMap::new);
    if let Some(program) = made.get(source) {
        return program.clone();
    }
    let program = scratch("bin").join(source.file_stem().unwrap());
    let library = library();
    let mut gcc = compiler();
    gcc.arg(source).arg("-o").arg(&program).arg("-L").arg(&library).arg("-lcrux");
    // A path of the old kind: the new one comes after LD_LIBRARY_PATH, where cargo puts the folder of the last
    // plain build first, so that a library of yesterday would be tested.
    gcc.arg(format!("-Wl,--disable-new-dtags,-rpath,{}", library.display()));
    if std::fs::read_to_string(source).unwrap().contains("<gtk/gtk.h>") {
        gcc.args(gtk());
    }
    let said = gcc.output().expect("gcc is needed for the tests of the C examples");
    assert!(said.status.success(), "{}:\n{}", source.display(), String::from_utf8_lossy(&said.stderr));
    made.insert(source.to_owned(), program.clone());
    program
}

/// What a program did.
#[derive(Debug)]
pub struct Ran {
    pub code: i32,
    pub out: String,
    pub err: String,
}

impl Ran {
    fn of(output: Output) -> Ran {
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("an example writes UTF-8");
        Ran {
            code: output.status.code().expect("an example ends by itself"),
            out: text(output.stdout),
            err: text(output.stderr),
        }
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
}

/// A program with arguments and environment; none of the tester's own accounts reaches it.
pub fn command(program: &Path, arguments: &[&str], environment: &[(&str, &str)]) -> Command {
    let mut command = Command::new(program);
    for (name, _) in std::env::vars_os() {
        let name = name.to_string_lossy();
        if name.starts_with("CRUX_") || name.starts_with("R_CRUNCH_") {
            command.env_remove(&*name);
        }
    }
    command.args(arguments).envs(environment.iter().copied()).stdin(Stdio::null());
    // Without a terminal of the tester's, so that nothing waits for a password to be typed.
    #[cfg(unix)]
    unsafe {
        use std::os::unix::process::CommandExt;
        command.pre_exec(|| if libc::setsid() < 0 { Err(std::io::Error::last_os_error()) } else { Ok(()) });
    }
    command
}

pub fn run(program: &Path, arguments: &[&str], environment: &[(&str, &str)]) -> Ran {
    Ran::of(command(program, arguments, environment).output().unwrap())
}

/// Runs it with something to read.
pub fn run_with_input(program: &Path, arguments: &[&str], environment: &[(&str, &str)], input: &[u8]) -> Ran {
    let mut command = command(program, arguments, environment);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    // A program that wants nothing to read may have ended already.
    match child.stdin.take().unwrap().write_all(input) {
        Err(why) if why.kind() != std::io::ErrorKind::BrokenPipe => panic!("{why}"),
        _ => {}
    }
    Ran::of(child.wait_with_output().unwrap())
}

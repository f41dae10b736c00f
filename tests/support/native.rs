//! C programs that tests make and run: what a C programmer has, the header and the shared library.

#![allow(dead_code)]

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};
use std::{env, fs, thread};

/// How long a program may take before it counts as hung.
const PATIENCE: Duration = Duration::from_secs(120);

/// The folder that holds `crux.h`.
pub fn include_folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("include")
}

/// The folder that holds the shared library these tests were built with.
pub fn library_folder() -> PathBuf {
    let test = env::current_exe().expect("a test knows where it is");
    test.parent().expect("and that is in a folder").to_owned()
}

pub fn library() -> PathBuf {
    library_folder().join("libcrux.so")
}

/// A folder for what one test makes, empty at first.
pub fn scratch(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).expect("the folder for scratch can be made");
    folder
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

/// Builds a C program from sources and links it with the library, as the README says.
#[track_caller]
pub fn build(folder: &Path, sources: &[PathBuf]) -> PathBuf {
    let libraries = library_folder();
    build_with(
        folder,
        sources,
        &[
            format!("-L{}", libraries.display()),
            format!("-Wl,--disable-new-dtags,-rpath,{}", libraries.display()),
            "-lcrux".to_owned(),
        ],
    )
}

/// Builds a C program from sources; what it is linked with is the caller's to say.
#[track_caller]
pub fn build_with(folder: &Path, sources: &[PathBuf], link: &[String]) -> PathBuf {
    let program = folder.join("program");
    run_tool(
        Command::new(tool("CC", "cc"))
            .args(["-std=gnu99", "-O1", "-g", "-Wall", "-Wextra", "-Werror", "-pthread"])
            .arg("-I")
            .arg(include_folder())
            .args(sources)
            .arg("-o")
            .arg(&program)
            .args(link)
            .args(["-ldl", "-lm"]),
    );
    program
}

/// The source `tests/programs/NAME.c`.
pub fn source(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/programs").join(name).with_extension("c")
}

/// Builds `tests/programs/NAME.c` in a folder named after the test.
#[track_caller]
pub fn program(name: &str, test: &str) -> PathBuf {
    build(&scratch(test), &[source(name)])
}

/// Starts a program with both streams captured. The environment holds no proxy.
#[track_caller]
pub fn start(program: &Path, arguments: &[&str]) -> Child {
    let mut command = Command::new(program);
    command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    for name in ["http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"] {
        command.env_remove(name);
    }
    command.spawn().expect("the program starts")
}

/// Runs a program to its end, and ends it when it hangs.
#[track_caller]
pub fn run(program: &Path, arguments: &[&str]) -> Output {
    finish(start(program, arguments), &format!("{program:?} {arguments:?}"))
}

/// Ends a program's input and waits for its end.
#[track_caller]
pub fn finish(mut child: Child, what: &str) -> Output {
    drop(child.stdin.take());
    let started = Instant::now();
    while child.try_wait().expect("a child can be waited for").is_none() {
        if started.elapsed() > PATIENCE {
            let _ = child.kill();
            panic!("{what} hung");
        }
        thread::sleep(Duration::from_millis(5));
    }
    child.wait_with_output().expect("its output")
}

/// Requires that a program succeeded and said nothing on either stream.
#[track_caller]
pub fn require_quiet_success(output: &Output, what: &str) {
    let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(
        output.status.success() && out.is_empty() && err.is_empty(),
        "{what}: {}\nstdout: {out}\nstderr: {err}",
        output.status
    );
}

/// Runs a program that must succeed and say nothing on either stream.
#[track_caller]
pub fn run_quietly(program: &Path, arguments: &[&str]) {
    require_quiet_success(&run(program, arguments), &format!("{arguments:?}"));
}

/// The same, for a program whose first argument is the file that it reports to.
#[track_caller]
pub fn run_reporting(program: &Path, arguments: &[&str]) {
    let report = program.with_extension("report");
    let _ = fs::remove_file(&report);
    let name = report.to_str().expect("a name in UTF-8");
    let output = run(program, &[&[name], arguments].concat());
    let told = fs::read_to_string(&report).unwrap_or_default();
    require_quiet_success(&output, &format!("{arguments:?}\n{told}"));
}

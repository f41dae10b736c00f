//! What a host finds after libcrux was at work in it: everything as it was.

use std::path::PathBuf;
use std::process::Stdio;
use std::time::{Duration, Instant};

use sandbox::fault::{FaultServer, Step};
use sandbox::{Canned, Sandbox};
use serde_json::json;
use support::program::{self, Build};

/// A sandbox with a login and a resource for the programs.
fn started() -> Sandbox {
    let sandbox = Sandbox::start();
    sandbox.respond("POST", "/api/login", Canned::json(200, &json!({"token": "t0ken"})));
    let numbers = json!({"tenth": 0.1, "big": i64::MAX, "padding": "x".repeat(100)});
    sandbox.respond("*", "/api/numbers/", Canned::json(200, &numbers));
    sandbox.respond("*", "/api/absent/", Canned::json(404, &json!({"detail": "not here"})));
    sandbox
}

/// Builds `tests/host/programs/NAME.c` in a folder named after the test.
#[track_caller]
fn build(how: Build, name: &str, test: &str) -> PathBuf {
    let source = program::project("tests/host/programs").join(name).with_extension("c");
    let how = how.flags(&["-O1", "-pthread"]).libraries(&["-ldl", "-lm"]);
    how.build(&program::fresh(test).join("program"), &[source])
}

fn ca_file(sandbox: &Sandbox) -> &str {
    sandbox.ca_file().to_str().unwrap()
}

#[test]
#[cfg(target_arch = "x86_64")]
fn floating_point_that_faults_is_left_alone_and_as_it_was() {
    let sandbox = started();
    let program = build(Build::c("gnu99"), "hygiene", "float");
    program::run_reporting(&program, &["float", &format!("{}/api/", sandbox.https()), ca_file(&sandbox)]);
}

#[test]
fn signals_stay_the_hosts_even_when_a_peer_is_gone() {
    let sandbox = started();
    let gone = FaultServer::start(vec![Step::ReadHead, Step::Reset]);
    let program = build(Build::c("gnu99"), "hygiene", "signals");
    program::run_reporting(
        &program,
        &["signals", &format!("{}/api/", sandbox.http()), &format!("{}/", gone.url())],
    );
}

#[test]
fn a_small_stack_is_enough() {
    let sandbox = started();
    let program = build(Build::c("gnu99"), "small_stack", "stack");
    for base in [sandbox.http(), sandbox.https()] {
        program::run_reporting(&program, &[&format!("{base}/api/"), ca_file(&sandbox)]);
    }
}

#[test]
fn folder_mask_locale_environment_files_and_threads_are_as_before() {
    let sandbox = started();
    let program = build(Build::c("gnu99"), "hygiene", "process");
    program::run_reporting(&program, &["process", &format!("{}/api/", sandbox.https()), ca_file(&sandbox)]);
}

/// A hook must not do that; what comes later works.
#[test]
fn a_hook_that_jumps_out_ends_its_own_request_only() {
    let sandbox = started();
    let program = build(Build::c("gnu99"), "jump", "jump");
    for mode in ["request", "login", "waiting", "of a line"] {
        program::run_reporting(&program, &[mode, &format!("{}/api/", sandbox.http())]);
    }
}

#[test]
fn loading_and_closing_a_thousand_times() {
    let sandbox = started();
    // Not linked with the library, so that each load is one.
    let program = build(Build::c("gnu99").unlinked(), "reload", "reload");
    let library = program::library();
    program::run_reporting(&program, &[library.to_str().unwrap(), &format!("{}/api/", sandbox.http())]);
}

/// What crux_shutdown is for.
#[test]
fn a_plugin_with_the_static_library_is_unloaded() {
    let sandbox = started();
    let plugin = program::scratch("plugin").join("plugin.so");
    let archive = program::library().with_extension("a");
    let system = [archive.to_str().unwrap(), "-lm", "-lpthread", "-ldl"];
    Build::c("gnu99")
        .unlinked()
        .flags(&["-shared", "-fPIC"])
        .libraries(&system)
        .build(&plugin, &[program::project("tests/host/programs/plugin.c")]);
    let program = build(Build::c("gnu99").unlinked(), "unload", "unload");
    program::run_reporting(&program, &[plugin.to_str().unwrap(), &format!("{}/api/", sandbox.http())]);
}

#[test]
fn a_program_may_end_while_requests_run() {
    let program = build(Build::c("gnu99"), "leave", "leave");
    for mode in ["return", "x", "thread"].repeat(4) {
        let server = FaultServer::start(vec![Step::ReadHead, Step::Stall]);
        let report = program.with_extension("report");
        let words = [report.to_str().unwrap(), mode, &format!("{}/", server.url())];
        let mut command = program::command(&program, &words, &[]);
        // The end of its input is the sign to go.
        command.stdin(Stdio::piped());
        let mut child = program::start(command);
        server.wait_until(|seen| seen.requests() == 2);
        let told = Instant::now();
        drop(child.stdin.take());
        let ran = program::finish(child);
        assert!(told.elapsed() < Duration::from_secs(2), "{mode}: it took {:?}", told.elapsed());
        ran.expect_quiet_success(mode);
    }
}

//! pycrunch and scrunch do their users' jobs against the sandbox: what it serves is what they expect of the service.

use std::process::Command;

use sandbox::Sandbox;
use support::program;

use crate::started::python;

const JOBS: &str = "login, users, datasets by name, create in a project, append_rows, stream_rows, summary, share, cube, \
    export, savepoint and folders and settings and filters, drop";

#[test]
fn pycrunch_and_scrunch_work_with_the_sandbox() {
    let Some(python) = python("pycrunch and scrunch against the sandbox") else { return };
    let sandbox = Sandbox::start();
    let mut command = Command::new(python);
    command.arg(program::project("tests/real/crunch_clients.py")).arg(format!("{}/api/", sandbox.http()));
    let output = command.env("NO_PROXY", "*").output().expect("Python starts");
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{said}\n{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(said.lines().collect::<Vec<_>>().join(", "), JOBS);
    let agents: Vec<_> =
        sandbox.requests().iter().filter_map(|r| r.header("user-agent").map(str::to_owned)).collect();
    assert!(agents.iter().any(|agent| agent == "scrunch/0.18.25 (pycrunch/0.5.8)"), "{agents:?}");
}

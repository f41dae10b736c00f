//! What is installed and shipped: make install and its use, the command crux beyond its first words, the manual
//! pages, the completions, the licences, the documentation.

mod command;
mod shipped;

use std::process::{Command, Output};

use support::program::project;

fn said(ran: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&ran.stdout), String::from_utf8_lossy(&ran.stderr))
}

#[track_caller]
fn passes(command: &mut Command) -> String {
    let ran = command.current_dir(project("")).output().unwrap();
    assert!(ran.status.success(), "{command:?}: {}", said(&ran));
    said(&ran)
}

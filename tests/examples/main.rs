//! The C examples and the programs in the documentation, built and run as a user does it.

mod command_line;
mod cpp;
mod desktop;
mod exports;
mod programs;
mod screen;

use std::path::PathBuf;

use support::program::{compile, project};

/// An example, built.
fn example(name: &str) -> PathBuf {
    compile(&project("examples-c").join(name))
}

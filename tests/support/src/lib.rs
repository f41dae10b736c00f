//! The test kit: the C interface as tests use it, C programs, processes of their own, files.

mod calls;
pub mod canary;
pub mod crunch_jobs;
pub mod files;

pub mod header;
mod interface;
pub mod library;
// Programs of C use more of it.
#[cfg_attr(windows, allow(dead_code))]
mod places;
mod process;
// Programs are built and asked at terminals of Unix only.
#[cfg(unix)]
pub mod program;
mod skips;
#[cfg(unix)]
pub mod terminal;

pub use calls::*;
pub use files::{Folder, TempFile};
pub use interface::*;
pub use library::c_interface::*;
pub use process::*;
pub use skips::*;

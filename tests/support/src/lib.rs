//! The test kit: the C interface as tests use it, C programs, processes of their own, files.

mod calls;
pub mod crunch_jobs;
pub mod files;

pub mod header;
mod interface;
pub mod library;
mod process;
pub mod program;
mod skips;
pub mod terminal;

pub use calls::*;
pub use files::{Folder, TempFile};
pub use interface::*;
pub use library::c_interface::*;
pub use process::*;
pub use skips::*;

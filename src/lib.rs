//! libcrux: log in once to a token-authenticated REST API, then call it, correctly, for as long as
//! the program runs. The C interface is in `ffi` and in `include/crux.h`; what it stands on is a
//! usable Rust interface of its own.

#![deny(unsafe_code)]

mod body;
pub mod call;
pub mod client;
pub mod clock;
pub mod error;
pub mod ffi;
pub mod flows;
pub mod job;
pub mod json;
pub mod link;
pub mod log;
mod login;
pub mod options;
pub mod redirect;
pub mod response;
pub mod retry;
mod scope;
pub mod secret;
pub mod send;
pub mod service;
pub mod session;
pub mod settings;
mod status;
mod sync;
pub mod sys;
mod token_file;
pub mod transport;
pub mod url;
mod workers;

/// The version of the library, `MAJOR.MINOR.PATCH`.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");

//! libcrux: log in once to a token-authenticated REST API, then call it for as long as the program runs.
//!
//! The C interface is in `ffi` and in `include/crux.h`. What it stands on is a usable Rust interface:
//! [`Options`] describe a [`Client`], a [`Call`] describes one request, a [`Response`] is what came of it.
//! `docs/architecture.md` is the map of the layers; each imports only what stands below it here.

#![deny(unsafe_code)]

pub mod ffi;

pub mod call;
pub mod flows;
pub mod response;

pub mod client;
pub mod send;
pub mod session;

pub mod options;
pub mod service;

pub mod transport;

pub mod address;
pub mod sys;

pub mod clock;
pub mod error;
mod headers;
pub mod hooks;
pub mod json;
pub mod log;
pub mod secret;
mod status;
mod sync;
mod threads;

pub use call::Call;
pub use client::Client;
pub use error::Error;
pub use options::Options;
pub use response::Response;

/// The version of the library, `MAJOR.MINOR.PATCH`.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");

//! What differs between operating systems: sockets, names, files, events, memory, fork, and the state of a host's thread.
//! A folder for each system has the same names in it; what is the same everywhere stands beside the folders.
//! Beside `ffi` the only place with unsafe code, and the only one that asks which system it is.

#![allow(unsafe_code)]

use std::time::Duration;

pub(crate) mod file;
pub mod fork;
pub(crate) mod host;
pub(crate) mod memory;
#[cfg(not(any(target_os = "linux", target_os = "android")))]
#[path = "no_readiness.rs"]
pub(crate) mod readiness;
#[cfg(unix)]
mod unix;
#[cfg(windows)]
mod windows;

#[cfg(unix)]
use unix as os;
#[cfg(windows)]
use windows as os;

#[cfg(any(target_os = "linux", target_os = "android"))]
pub(crate) use os::readiness;
pub(crate) use os::{event, proxy, trust};

pub use os::{names, socket};

/// How long one read or write may block before limits and cancellation are looked at again.
pub const TICK: Duration = Duration::from_millis(1000);
/// How long a read may wait for much when there is a little.
pub const PATIENCE: Duration = Duration::from_millis(100);

/// What to wait for on a socket.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Ready {
    Read,
    Write,
    Either,
}

/// Why a name has no addresses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NoAddress {
    /// There is no such name, or it has no address.
    Unknown,
    /// It could not be found out for now; in the system's words.
    Passing(String),
}

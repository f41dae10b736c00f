//! What the operating system is asked for directly: sockets, memory, and word of a fork. Beside `ffi` the only place
//! with unsafe code.

#![allow(unsafe_code)]

pub mod fork;
pub(crate) mod memory;
pub mod names;
pub mod socket;

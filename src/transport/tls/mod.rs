//! TLS: the stream over a socket, and whom to trust.

pub mod stream;
pub mod trust;

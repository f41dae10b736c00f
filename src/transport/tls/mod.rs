//! TLS: the stream over a socket, whom to trust, and why a connection was refused.

mod certificate;
mod explain;
mod pem;
pub mod stream;
pub mod trust;
mod verify;

pub use explain::explain_cause;

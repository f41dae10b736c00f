//! Connections: where they lead, how they are made, and which may serve again.

mod channel;
pub mod connection;
pub mod dial;
mod no_proxy;
pub mod pool;
pub mod proxy;
pub mod resolver;
pub mod route;
mod socks;
mod talk;
pub mod timed;
mod tunnel;

pub use tunnel::wants_credentials;

//! Connections: where they lead, how they are made, and which may serve again.

mod channel;
pub mod connection;
pub mod dial;
mod no_proxy;
pub mod pool;
pub mod proxy;
mod proxy_handshake;
pub mod resolver;
pub mod route;
mod socks;
mod system_proxy;
pub mod timed;
mod tunnel;

pub use tunnel::wants_credentials;

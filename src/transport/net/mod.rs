//! Connections: where they lead, how they are made, and which may serve again.

pub mod connection;
pub mod dial;
pub mod pool;
pub mod proxy;
pub mod resolver;
pub mod route;
pub mod timed;
mod tunnel;

pub use tunnel::wants_credentials;

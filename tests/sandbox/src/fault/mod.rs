//! Hostile peers for the tests: servers and proxies on loopback that do what a script says, byte for byte, on
//! blocking sockets. Nothing here knows the library under test.
//!
//! A test never sleeps to wait for a server: it says what it waits for (`server.wait_until(|s| s.requests() == 1)`),
//! and every such wait ends, as does dropping a server.

mod cases;
mod echo;
mod hub;
mod proxy;
mod script;
mod silent;
mod table;
mod tls;
mod tls_front;
mod wire;

pub use cases::{Expect, HEAD_MS, IDLE_MS, WireCase, code};
pub use echo::EchoServer;
pub use hub::{Conn, Gone, Record, Running};
pub use proxy::{ProxyReply, ProxyServer};
pub use script::{FOREVER, FaultServer, Step};
pub use silent::{Blackhole, Refusing};
pub use table::wire_cases;
pub use tls::{Cert, Tls};
pub use tls_front::TlsFront;
pub use wire::header;

//! Hostile peers for the tests: servers and proxies on loopback that do what a script says, byte for byte, on
//! blocking sockets. Nothing here knows the library under test. Include it from a test binary with
//! `#[path = "sandbox/fault.rs"] mod fault;`, or as `pub mod fault;` of the sandbox.
//!
//! A test never sleeps to wait for a server: it says what it waits for (`server.wait_until(|s| s.requests() == 1)`),
//! and every such wait ends, as does dropping a server.
#![allow(dead_code, unused_imports)]

// The paths are spelled out because an included file and a submodule look for their children in different places.
#[path = "fault/cases.rs"]
mod cases;
#[path = "fault/echo.rs"]
mod echo;
#[path = "fault/hub.rs"]
mod hub;
#[path = "fault/proxy.rs"]
mod proxy;
#[path = "fault/script.rs"]
mod script;
#[path = "fault/silent.rs"]
mod silent;
#[path = "fault/table.rs"]
mod table;
#[path = "fault/tls.rs"]
mod tls;
#[path = "fault/tls_front.rs"]
mod tls_front;
#[path = "fault/wire.rs"]
mod wire;

pub use cases::{Expect, HEAD_MS, IDLE_MS, WireCase, code};
pub use echo::EchoServer;
pub use hub::{Conn, Gone, Record, Running};
pub use proxy::{Answer, ProxyServer};
pub use script::{FOREVER, FaultServer, Step};
pub use silent::{Blackhole, Refusing};
pub use table::wire_cases;
pub use tls::{Cert, Tls};
pub use tls_front::TlsFront;
pub use wire::header;

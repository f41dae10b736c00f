//! The sandbox as a program: the services on loopback, to try a client on without an account.
//!
//!     cargo run --example sandbox [--http PORT] [--https PORT] [--ca FILE]
//!     cargo run --example sandbox -- --run COMMAND ARGS…
//!
//!     cargo run --example sandbox -- --shop COMMAND ARGS…
//!
//! The second form runs COMMAND with CRUX_SANDBOX_HTTP, CRUX_SANDBOX_HTTPS and CRUX_SANDBOX_CA in
//! its environment and ends with its status. The third also sets CRUX_BASE, CRUX_USER and CRUX_PASSWORD to those of
//! the shop, which the tours and tests of the languages call.

fn main() -> std::process::ExitCode {
    sandbox::program::run(std::env::args().skip(1))
}

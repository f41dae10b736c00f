//! Where no thread can wait for many sockets: each request that waits has a thread of its own.

use std::io;
use std::time::Duration;

use super::socket::Socket;

/// There is none.
#[derive(Debug)]
pub enum Readiness {}

impl Readiness {
    pub fn new() -> io::Result<Readiness> {
        Err(io::ErrorKind::Unsupported.into())
    }

    pub fn watch(&self, _: &Socket, _: u64) -> io::Result<()> {
        match *self {}
    }

    pub fn ring(&self) {
        match *self {}
    }

    pub fn wait(&self, _: &mut Vec<u64>, _: Duration) {
        match *self {}
    }
}

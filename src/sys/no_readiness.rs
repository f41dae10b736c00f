//! Where no thread can wait for many sockets: each request that waits has a thread of its own.

use std::io;
use std::time::Duration;

use super::socket::Socket;

pub const AT_ONCE: usize = 1;

/// There is none.
#[derive(Debug)]
pub enum Readiness {}

/// Neither is there.
#[derive(Debug)]
pub enum Either {}

impl Either {
    pub fn number(&self) -> isize {
        match *self {}
    }
}

impl Readiness {
    pub fn new() -> io::Result<Readiness> {
        Err(io::ErrorKind::Unsupported.into())
    }

    pub fn or(&self, _: isize) -> io::Result<Either> {
        match *self {}
    }

    pub fn watch(&self, _: &Socket, _: u64) -> io::Result<()> {
        match *self {}
    }

    pub fn ring(&self) {
        match *self {}
    }

    pub fn is_ready(&self) -> bool {
        match *self {}
    }

    pub fn hush(&self) {
        match *self {}
    }

    pub fn expect(&self, _: Duration) -> bool {
        match *self {}
    }

    pub fn wait(&self, _: &mut Vec<u64>, _: Duration) {
        match *self {}
    }
}

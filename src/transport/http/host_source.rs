//! A body out of a function of the host: sent once, in pieces as they come.

use std::fmt;
use std::io::{self, Read};
use std::sync::atomic::{AtomicBool, Ordering::SeqCst};

use crate::error::{Code, Error};
use crate::hooks;
use crate::transport::http::request_body::Source;

/// What one call of the function has brought.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Given {
    Bytes(usize),
    End,
    /// The host has given up.
    GaveUp,
    /// A number that means nothing.
    Nonsense(isize),
}

/// Fills a buffer, and says how far.
pub type GiveHook = dyn Fn(&mut [u8]) -> Given + Send + Sync;

/// The body of one request.
pub struct HostSource {
    give: Box<GiveHook>,
    length: Option<u64>,
    begun: AtomicBool,
}

impl fmt::Debug for HostSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "HostSource({:?} bytes)", self.length)
    }
}

impl HostSource {
    pub fn new(give: Box<GiveHook>, length: Option<u64>) -> HostSource {
        HostSource { give, length, begun: AtomicBool::new(false) }
    }
}

impl Source for HostSource {
    fn length(&self) -> Option<u64> {
        self.length
    }

    fn open(&self) -> io::Result<Box<dyn Read + '_>> {
        match self.begun.swap(true, SeqCst) {
            false => Ok(Box::new(Reader { give: &self.give, at_end: false })),
            true => Err(io::Error::other(Error::argument(
                "The body came from a source, which can be sent only once; make a new call.",
            ))),
        }
    }

    fn name(&self) -> String {
        "of the source".to_owned()
    }

    fn wrong_size(&self) -> Error {
        let announced = self.length.unwrap_or_default();
        Error::new(
            Code::File,
            format!(
                "The source of the body gave more or less than the {announced} bytes that were announced."
            ),
        )
    }

    fn is_spent(&self) -> bool {
        self.begun.load(SeqCst)
    }
}

struct Reader<'a> {
    give: &'a GiveHook,
    at_end: bool,
}

impl Read for Reader<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.at_end || buffer.is_empty() {
            return Ok(0);
        }
        let given = hooks::supply(|| (self.give)(buffer));
        match given {
            Given::Bytes(amount) if amount <= buffer.len() => Ok(amount),
            Given::End => {
                self.at_end = true;
                Ok(0)
            }
            Given::GaveUp => Err(io::Error::other(Error::new(
                Code::Cancelled,
                "The source of the body gave up; the request was ended.",
            ))),
            Given::Bytes(amount) => Err(nonsense(amount as isize, buffer.len())),
            Given::Nonsense(number) => Err(nonsense(number, buffer.len())),
        }
    }
}

fn nonsense(number: isize, room: usize) -> io::Error {
    io::Error::other(Error::new(
        Code::File,
        format!("The source of the body returned {number}; it may return 1 to {room}, 0 at the end, or -1."),
    ))
}

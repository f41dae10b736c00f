//! The body of an answer: complete or an error, decoded, capped.

use std::fmt;
use std::io::{self, Read};
use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;

use flate2::read::MultiGzDecoder;
use ureq::BodyReader;

use crate::error::{Error, Outcome, Result};
use crate::transport::exchange::{End, Exchange};
use crate::transport::failure;
use crate::transport::framing::{Coding, Framing};

/// Longest body for which memory is set aside at once because its length says so.
const BELIEVED: u64 = 64 * 1024 * 1024;

/// The bytes as they came, up to their honest end.
struct Raw {
    reader: BodyReader<'static>,
    exchange: Arc<Exchange>,
    framing: Framing,
    ended: bool,
    /// Whether it is the body that the caller waits for, and so its progress.
    counts: bool,
}

impl Raw {
    /// `Ok(0)` only when the body is complete.
    fn next(&mut self, buffer: &mut [u8]) -> Result<usize> {
        if self.ended || buffer.is_empty() {
            return Ok(0);
        }
        match self.reader.read(buffer) {
            Ok(0) => {
                self.ended = true;
                self.check_end().map(|()| 0)
            }
            Ok(amount) => {
                self.exchange.body_read.fetch_add(amount as i64, Relaxed);
                if self.counts {
                    self.exchange.received.fetch_add(amount as i64, Relaxed);
                }
                Ok(amount)
            }
            Err(e) => {
                self.ended = true;
                Err(failure::of_body(e, &self.exchange))
            }
        }
    }

    fn check_end(&self) -> Result<()> {
        let exchange = &self.exchange;
        if exchange.is_cancelled() {
            return Err(Error::cancelled());
        }
        let cut = match self.framing {
            // ureq checks the length itself.
            Framing::Empty | Framing::Length(_) => false,
            // It forgives a missing last line; the trailer may be cut there.
            Framing::Chunked => exchange.starved.load(Relaxed),
            Framing::UntilClose => exchange.end() != End::Clean,
        };
        if cut { Err(failure::cut_body()) } else { Ok(()) }
    }
}

impl Read for Raw {
    /// The error is kept in the exchange: a decoder in between would blur it.
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.next(buffer).map_err(|e| {
            self.exchange.fail(e);
            io::ErrorKind::Other.into()
        })
    }
}

fn no_memory() -> Error {
    Error::new(
        Outcome::TooLarge,
        "There is not enough memory for the body; save it to a file, or read it as a stream.",
    )
}

enum Source {
    Raw(Box<Raw>),
    Gzip(Box<MultiGzDecoder<Raw>>),
    /// In a coding that was not asked for.
    Unreadable,
}

/// The body of an answer, to be read once.
pub struct Incoming {
    source: Source,
    exchange: Arc<Exchange>,
    framing: Framing,
}

impl fmt::Debug for Incoming {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Incoming")
    }
}

impl Incoming {
    pub fn new(
        reader: BodyReader<'static>,
        exchange: Arc<Exchange>,
        framing: Framing,
        coding: Coding,
    ) -> Incoming {
        let raw = Raw { reader, exchange: exchange.clone(), framing, ended: false, counts: false };
        let source = match coding {
            _ if framing == Framing::Empty => Source::Raw(Box::new(raw)),
            Coding::None => Source::Raw(Box::new(raw)),
            Coding::Gzip => Source::Gzip(Box::new(MultiGzDecoder::new(raw))),
            Coding::Unknown => Source::Unreadable,
        };
        Incoming { source, exchange, framing }
    }

    /// Shows callers from now on how far this body is.
    pub fn count(&mut self) {
        let total = match self.framing {
            Framing::Length(length) => i64::try_from(length).unwrap_or(i64::MAX),
            _ => -1,
        };
        self.exchange.receive_total.store(total, Relaxed);
        match &mut self.source {
            Source::Raw(raw) => raw.counts = true,
            Source::Gzip(decoder) => decoder.get_mut().counts = true,
            Source::Unreadable => {}
        }
    }

    /// Whether the end of the body is marked by more than the end of the connection.
    pub fn is_verified(&self) -> bool {
        self.framing != Framing::UntilClose
    }

    /// Reads a part; `Ok(0)` only when the body is complete.
    pub fn read(&mut self, buffer: &mut [u8]) -> Result<usize> {
        match &mut self.source {
            Source::Raw(raw) => raw.next(buffer),
            Source::Gzip(decoder) => match decoder.read(buffer) {
                Ok(amount) => Ok(amount),
                Err(_) => Err(self.exchange.take_failure().unwrap_or_else(|| {
                    Error::new(Outcome::Protocol, "The body says that it is gzip, but it cannot be decoded.")
                })),
            },
            Source::Unreadable => Err(Error::new(
                Outcome::Protocol,
                "The body came in an encoding that was not asked for (only gzip is).",
            )),
        }
    }

    /// Reads up to `most` bytes and, if that was all, to the honest end; errors end it quietly. For
    /// bodies that go with an error anyhow, or that nobody wants.
    pub fn read_some(&mut self, most: u64) -> Vec<u8> {
        let mut body = vec![0; 4096];
        let mut filled = 0;
        while let Ok(amount) = self.read(&mut body[filled..])
            && amount > 0
        {
            filled += amount;
            if filled as u64 >= most {
                filled = most as usize;
                break;
            }
            if filled == body.len() {
                body.resize(filled * 2, 0);
            }
        }
        body.truncate(filled);
        body
    }

    /// Reads all of it, with one spare byte of room.
    pub fn read_all(&mut self, most: u64) -> Result<Vec<u8>> {
        let too_large = || {
            Error::new(
                Outcome::TooLarge,
                format!(
                    "The body is larger than {most} bytes (option max_body); save it to a file, or read it as a stream."
                ),
            )
        };
        let known = match (&self.source, self.framing) {
            (_, Framing::Empty) => Some(0),
            (Source::Raw(_), Framing::Length(length)) => Some(length),
            _ => None,
        };
        if known.is_some_and(|length| length > most) {
            return Err(too_large());
        }
        // Zeroed pages come free from the system; a hostile length costs no memory until it is filled,
        // and no address space beyond what is usual.
        let mut body = vec![0; known.unwrap_or(16 * 1024).min(BELIEVED) as usize + 1];
        let mut filled = 0;
        loop {
            if filled == body.len() {
                let most = usize::try_from(known.unwrap_or(most) + 1).unwrap_or(usize::MAX);
                let room = (body.len() * 2).min(most).max(filled + 1);
                body.try_reserve_exact(room - filled).map_err(|_| no_memory())?;
                body.resize(room, 0);
            }
            match self.read(&mut body[filled..])? {
                0 => break,
                amount => filled += amount,
            }
            if filled as u64 > most {
                return Err(too_large());
            }
        }
        body.truncate(filled);
        if known.is_none() && body.capacity() > filled + filled / 4 + 4096 {
            body.reserve_exact(1);
            body.shrink_to(filled + 1);
        }
        Ok(body)
    }
}

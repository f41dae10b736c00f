//! The body of a request: bytes, files or a function of the host, and what feeds it to ureq.

use std::fmt;
use std::io::{self, Read};
use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;

use bytes::Bytes;

use crate::error::{Code, Error, in_words};
use crate::secret::SecretBytes;
use crate::transport::attempt::Attempt;

/// Where a body's bytes come from; each attempt opens it anew.
pub trait Source: fmt::Debug + Send + Sync {
    /// `None` = unknown: it is sent in chunks.
    fn length(&self) -> Option<u64>;
    fn open(&self) -> io::Result<Box<dyn Read + '_>>;
    /// For an error of reading it.
    fn name(&self) -> String;
    /// Whether it cannot be sent once more.
    fn is_spent(&self) -> bool {
        false
    }
    /// The error when a byte is missing or over.
    fn wrong_size(&self) -> Error {
        changed(&self.name())
    }
}

/// A body that can be sent as often as needed, unless its source is spent.
#[derive(Clone)]
pub enum RequestBody {
    Bytes(Bytes),
    Secret(Arc<SecretBytes>),
    Source(Arc<dyn Source>),
}

impl fmt::Debug for RequestBody {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RequestBody({:?} bytes)", self.length())
    }
}

/// From this size on, the bytes of a body are sent from where they are, not copied first.
pub const LENT_FROM: usize = 128 * 1024;

/// So much an idle connection takes at once.
const SHORT: usize = 8 * 1024;

impl RequestBody {
    /// The bytes, if the connection may send them from where they are.
    pub fn lent(&self) -> Option<Bytes> {
        match self {
            RequestBody::Bytes(bytes) if bytes.len() >= LENT_FROM => Some(bytes.clone()),
            _ => None,
        }
    }

    /// The bytes, if they travel in one write with their head.
    pub fn short(&self) -> Option<&[u8]> {
        let bytes = match self {
            RequestBody::Bytes(bytes) => &bytes[..],
            RequestBody::Secret(bytes) => bytes.expose(),
            RequestBody::Source(_) => return None,
        };
        (bytes.len() <= SHORT).then_some(bytes)
    }

    /// `None` = unknown.
    pub fn length(&self) -> Option<u64> {
        match self {
            RequestBody::Bytes(bytes) => Some(bytes.len() as u64),
            RequestBody::Secret(bytes) => Some(bytes.expose().len() as u64),
            RequestBody::Source(source) => source.length(),
        }
    }

    /// Whether it cannot be sent once more.
    pub fn is_spent(&self) -> bool {
        matches!(self, RequestBody::Source(source) if source.is_spent())
    }
}

enum Reader<'a> {
    Bytes(&'a [u8]),
    /// The connection has them; ureq is only told how many there are.
    Lent,
    Source(Box<dyn Read + 'a>, &'a dyn Source),
}

/// Feeds a body to ureq, which believes whatever it is given.
pub struct Feeder<'a> {
    reader: Reader<'a>,
    /// What is still to come; `None` = unknown.
    left: Option<u64>,
    sent: u64,
    attempt: Arc<Attempt>,
}

impl<'a> Feeder<'a> {
    pub fn new(body: &'a RequestBody, attempt: Arc<Attempt>) -> Result<Feeder<'a>, Error> {
        let reader = match body {
            RequestBody::Bytes(bytes) if body.lent().is_none() => Reader::Bytes(bytes),
            RequestBody::Bytes(_) => Reader::Lent,
            RequestBody::Secret(bytes) => Reader::Bytes(bytes.expose()),
            RequestBody::Source(source) => {
                let opened = source.open().map_err(|e| told(&**source, &e))?;
                Reader::Source(opened, &**source)
            }
        };
        Ok(Feeder { reader, left: body.length(), sent: 0, attempt })
    }

    fn fail(&self, error: Error) -> io::Error {
        self.attempt.fail(error);
        io::ErrorKind::InvalidData.into()
    }

    fn next(&mut self, buffer: &mut [u8]) -> Result<usize, Error> {
        let (reader, source) = match &mut self.reader {
            Reader::Bytes(bytes) => return Ok(bytes.read(buffer).unwrap_or_default()),
            Reader::Lent => return Ok(buffer.len()),
            Reader::Source(reader, source) => (reader, *source),
        };
        let mut read = |buffer: &mut [u8]| loop {
            match reader.read(buffer) {
                Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
                outcome => break outcome.map_err(|e| told(source, &e)),
            }
        };
        let amount = read(buffer)?;
        match self.left {
            None => Ok(amount),
            Some(_) if amount == 0 => Err(source.wrong_size()),
            // The last piece leaves only if nothing follows it.
            Some(left) if amount as u64 == left && read(&mut [0])? > 0 => Err(source.wrong_size()),
            Some(_) => Ok(amount),
        }
    }
}

/// What a source's failure means.
fn told(source: &dyn Source, why: &io::Error) -> Error {
    let own = why.get_ref().and_then(|inner| inner.downcast_ref::<Error>());
    match own {
        Some(own) => own.clone(),
        None if why.kind() == io::ErrorKind::InvalidData => source.wrong_size(),
        None => unreadable(&source.name(), why),
    }
}

/// An error of one of several files, in words that name it.
pub fn in_file(path: &str, why: &io::Error) -> io::Error {
    io::Error::other(match why.kind() {
        io::ErrorKind::InvalidData => changed(path),
        _ => unreadable(path, why),
    })
}

pub fn unreadable(name: &str, why: &io::Error) -> Error {
    Error::new(Code::File, format!("The file {name} could not be read: {}.", in_words(why)))
}

fn changed(name: &str) -> Error {
    Error::new(Code::File, format!("The file {name} changed its size while it was being sent."))
}

impl Read for Feeder<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.attempt.body_pending.store(false, Relaxed);
        let left = self.left.map_or(usize::MAX, |left| usize::try_from(left).unwrap_or(usize::MAX));
        let want = buffer.len().min(left);
        if want == 0 {
            return Ok(0);
        }
        // The server has responded already: ureq counts on, the connection drops what it is given.
        let cut = self.attempt.body_cut.load(Relaxed);
        let amount = match cut {
            true if self.left.is_none() => 0,
            true => want,
            false => self.next(&mut buffer[..want]).map_err(|error| self.fail(error))?,
        };
        self.left = self.left.map(|left| left - amount as u64);
        if !cut {
            self.sent += amount as u64;
            self.attempt.sent.fetch_max(self.sent as i64, Relaxed);
        }
        Ok(amount)
    }
}

//! The body of a request: its length is known before the first byte, and kept.

use std::fmt;
use std::io::{self, Read};
use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;

use crate::error::{Code, Error};
use crate::secret::SecretBytes;
use crate::transport::attempt::Attempt;
use crate::transport::http::errors;

/// Where a body's bytes come from; each attempt opens it anew.
pub trait Source: fmt::Debug + Send + Sync {
    fn length(&self) -> u64;
    fn open(&self) -> io::Result<Box<dyn Read + '_>>;
    /// For the error when a byte is missing or over.
    fn name(&self) -> String;
}

/// A body that can be sent as often as needed.
#[derive(Clone)]
pub enum RequestBody {
    Bytes(Arc<[u8]>),
    Secret(Arc<SecretBytes>),
    Source(Arc<dyn Source>),
}

impl fmt::Debug for RequestBody {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RequestBody({} bytes)", self.length())
    }
}

/// From this size on, the bytes of a body are sent from where they are, not copied first.
const LENT_FROM: usize = 128 * 1024;

impl RequestBody {
    /// The bytes, if the connection may send them from where they are.
    pub fn lent(&self) -> Option<Arc<[u8]>> {
        match self {
            RequestBody::Bytes(bytes) if bytes.len() >= LENT_FROM => Some(bytes.clone()),
            _ => None,
        }
    }

    pub fn length(&self) -> u64 {
        match self {
            RequestBody::Bytes(bytes) => bytes.len() as u64,
            RequestBody::Secret(bytes) => bytes.expose().len() as u64,
            RequestBody::Source(source) => source.length(),
        }
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
    length: u64,
    left: u64,
    attempt: Arc<Attempt>,
}

impl<'a> Feeder<'a> {
    pub fn new(body: &'a RequestBody, attempt: Arc<Attempt>) -> Result<Feeder<'a>, ureq::Error> {
        let reader = match body {
            RequestBody::Bytes(bytes) if body.lent().is_none() => Reader::Bytes(bytes),
            RequestBody::Bytes(_) => Reader::Lent,
            RequestBody::Secret(bytes) => Reader::Bytes(bytes.expose()),
            RequestBody::Source(source) => {
                let opened = source
                    .open()
                    .map_err(|e| errors::keep(&attempt, unreadable(&name_in(&e, &**source), &e)))?;
                Reader::Source(opened, &**source)
            }
        };
        let length = body.length();
        Ok(Feeder { reader, length, left: length, attempt })
    }

    fn fail(&self, error: Error) -> io::Error {
        self.attempt.fail(error);
        io::ErrorKind::InvalidData.into()
    }
}

/// The path of the file that an error is about; a form has several.
#[derive(Debug)]
struct Path(String);

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Path {}

/// An error of reading one of several files.
pub fn in_file(path: &str, why: &io::Error) -> io::Error {
    io::Error::new(why.kind(), Path(path.to_owned()))
}

/// The file that an error is about.
fn name_in(why: &io::Error, source: &dyn Source) -> String {
    let path = why.get_ref().and_then(|inner| inner.downcast_ref::<Path>());
    path.map_or_else(|| source.name(), |path| path.0.clone())
}

pub fn unreadable(name: &str, why: &io::Error) -> Error {
    Error::new(Code::File, format!("The file {name} could not be read: {}.", why.kind()))
}

fn changed(name: &str) -> Error {
    Error::new(Code::File, format!("The file {name} changed its size while it was being sent."))
}

/// Reads a part of a source of which so much is left; `InvalidData` if it has less or more.
fn read_source(reader: &mut dyn Read, buffer: &mut [u8], left: u64) -> io::Result<usize> {
    let amount = loop {
        match reader.read(buffer) {
            Err(why) if why.kind() == io::ErrorKind::Interrupted => {}
            Ok(0) => return Err(io::ErrorKind::InvalidData.into()),
            read => break read?,
        }
    };
    // The last piece leaves only if nothing follows it.
    let last = amount as u64 == left;
    if last && reader.read(&mut [0])? > 0 {
        return Err(io::ErrorKind::InvalidData.into());
    }
    Ok(amount)
}

impl Read for Feeder<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.attempt.body_pending.store(false, Relaxed);
        let want = buffer.len().min(usize::try_from(self.left).unwrap_or(usize::MAX));
        if want == 0 {
            return Ok(0);
        }
        // The server has answered already: ureq counts on, the connection drops what it is given.
        if self.attempt.body_cut.load(Relaxed) {
            self.left -= want as u64;
            return Ok(want);
        }
        let amount = match &mut self.reader {
            Reader::Bytes(bytes) => bytes.read(&mut buffer[..want])?,
            Reader::Lent => want,
            Reader::Source(reader, source) => {
                let read = read_source(reader, &mut buffer[..want], self.left);
                let error = read.map_err(|why| match why.kind() {
                    io::ErrorKind::InvalidData => changed(&name_in(&why, *source)),
                    _ => unreadable(&name_in(&why, *source), &why),
                });
                error.map_err(|error| self.fail(error))?
            }
        };
        self.left -= amount as u64;
        self.attempt.sent.fetch_max((self.length - self.left) as i64, Relaxed);
        Ok(amount)
    }
}

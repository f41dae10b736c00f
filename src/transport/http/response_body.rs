//! The body of a response: complete or an error, decoded, capped.

use std::fmt;
use std::io::{self, Read};
use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;

use flate2::read::MultiGzDecoder;
use ureq::BodyReader;

use crate::error::{Code, Error, Result};
use crate::secret::{lengthen, wipe};
use crate::sys::memory::{Space, will_be_long};
use crate::transport::attempt::{Attempt, End};
use crate::transport::exchange::Exchange;
use crate::transport::http::chunked_body::ChunkedBody;
use crate::transport::http::errors;
use crate::transport::http::framing::{Coding, Framing};
use crate::transport::http::sized_body::SizedBody;

/// Longest body for which memory is set aside at once because its length says so.
const BELIEVED: u64 = 64 * 1024 * 1024;
/// How much a decoder is asked for at once where the memory must be zeroed for it.
const DECODED_AT_ONCE: usize = 64 * 1024;

/// Where a body's bytes come from.
pub enum Reader {
    /// Its length is known.
    SizedBody(SizedBody),
    /// Each of its chunks says how long it is.
    ChunkedBody(ChunkedBody),
    /// It ends with its connection.
    Framed(BodyReader<'static>),
}

/// The bytes as they came, up to their honest end.
struct Raw {
    reader: Reader,
    attempt: Arc<Attempt>,
    framing: Framing,
    ended: bool,
    /// How far the body is that the caller waits for, and so its progress; `None` for any other body.
    progress: Option<i64>,
    /// A byte that was read to see whether there is any.
    first: Option<u8>,
}

impl Raw {
    /// `Ok(0)` only when the body is complete.
    fn next(&mut self, buffer: &mut [u8]) -> Result<usize> {
        if self.ended || buffer.is_empty() {
            return Ok(0);
        }
        match &mut self.reader {
            Reader::Framed(reader) => {
                let came = reader.read(buffer).map_err(|e| errors::of_body(e, &self.attempt));
                self.note(came)
            }
            Reader::SizedBody(_) | Reader::ChunkedBody(_) => self.next_into(&mut Space::of(buffer)),
        }
    }

    /// The same for a body that is not read by ureq.
    fn next_into(&mut self, space: &mut Space<'_>) -> Result<usize> {
        let came = match &mut self.reader {
            Reader::SizedBody(rest) => rest.read(space),
            Reader::ChunkedBody(rest) => rest.read(space),
            Reader::Framed(_) => Err(errors::cut_body(&self.attempt)),
        };
        self.note(came)
    }

    fn note(&mut self, came: Result<usize>) -> Result<usize> {
        self.ended = !matches!(came, Ok(1..));
        let amount = came?;
        if self.ended {
            if self.progress.is_some() {
                // The last tick of a transfer shows all of it.
                self.attempt.tick(true)?;
            }
            return self.check_end().map(|()| 0);
        }
        self.attempt.body_read.fetch_add(amount as i64, Relaxed);
        if let Some(progress) = &mut self.progress {
            *progress = progress.saturating_add(amount as i64);
            self.attempt.received.fetch_max(*progress, Relaxed);
        }
        Ok(amount)
    }

    /// Reads all of a body of known length.
    fn whole(&mut self, length: u64) -> Result<Vec<u8>> {
        let mut body = Vec::new();
        let came = self.whole_into(&mut body, length);
        wiped_if_failed(came, body)
    }

    fn whole_into(&mut self, body: &mut Vec<u8>, length: u64) -> Result<()> {
        while !self.ended {
            if body.len() == body.capacity() {
                grow(body, length)?;
            }
            Space::behind(body, usize::MAX, |room| self.next_into(room))?;
        }
        Ok(())
    }

    fn check_end(&self) -> Result<()> {
        let attempt = &self.attempt;
        if attempt.is_cancelled() {
            return Err(Error::cancelled());
        }
        let cut = match self.framing {
            // Whoever counts the bytes has checked.
            Framing::Empty | Framing::Length(_) | Framing::Chunked => false,
            Framing::UntilClose => attempt.end() != End::Clean,
        };
        if cut { Err(errors::cut_body(attempt)) } else { Ok(()) }
    }
}

impl Read for Raw {
    /// The error is kept in the attempt: a decoder in between would blur it.
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if let Some((room, first)) = buffer.first_mut().zip(self.first) {
            (*room, self.first) = (first, None);
            return Ok(1);
        }
        self.next(buffer).map_err(|e| {
            self.attempt.fail(e);
            io::ErrorKind::Other.into()
        })
    }
}

/// Makes room for more of a body that may become so long, with one spare byte. A length that is only
/// claimed takes no address space beyond what is usual, and no memory until it is filled.
fn grow(body: &mut Vec<u8>, most: u64) -> Result<()> {
    let next = match body.len() as u64 {
        0 => BELIEVED,
        filled => filled * 2,
    };
    let room = usize::try_from(next.min(most).saturating_add(1)).unwrap_or(usize::MAX);
    body.try_reserve_exact(room.saturating_sub(body.len())).map_err(|_| {
        let advice = "There is not enough memory for the body; save it to a file, or read it as a stream.";
        Error::new(Code::TooLarge, advice)
    })?;
    will_be_long(body);
    Ok(())
}

/// A body that is not whole is of no use, and may be a part of a login's.
fn wiped_if_failed<T>(came: Result<T>, mut body: Vec<u8>) -> Result<Vec<u8>> {
    if came.is_err() {
        wipe(&mut body);
    }
    came.map(|_| body)
}

/// Gathers up to `most` bytes, as long as some come; where they were before nothing is left of them.
fn gather(most: u64, mut next: impl FnMut(&mut [u8]) -> Option<usize>) -> Vec<u8> {
    let mut body = vec![0; 4096];
    let mut filled = 0;
    while let Some(amount @ 1..) = next(&mut body[filled..]) {
        filled += amount;
        if filled as u64 >= most {
            filled = most as usize;
            break;
        }
        if filled == body.len() {
            lengthen(&mut body, filled * 2);
        }
    }
    body.truncate(filled);
    body
}

enum Source {
    Raw(Raw),
    /// Not begun: the decoder reads as soon as it is made.
    StillGzip(Option<Raw>),
    Gzip(Box<MultiGzDecoder<Raw>>),
    /// In a coding that is not supported, by its name.
    Unsupported(Raw, &'static str),
}

impl Source {
    fn raw(&mut self) -> Option<&mut Raw> {
        match self {
            Source::Raw(raw) | Source::StillGzip(Some(raw)) | Source::Unsupported(raw, _) => Some(raw),
            Source::StillGzip(None) => None,
            Source::Gzip(decoder) => Some(decoder.get_mut()),
        }
    }

    /// Begins to decode. No bytes at all are an empty body in any coding.
    fn begin(&mut self, attempt: &Attempt) -> Result<()> {
        let Source::StillGzip(waiting) = self else { return Ok(()) };
        let Some(mut raw) = waiting.take() else { return Err(errors::cut_body(attempt)) };
        let mut first = [0];
        *self = match raw.next(&mut first)? {
            0 => Source::Raw(raw),
            _ => {
                raw.first = Some(first[0]);
                Source::Gzip(Box::new(MultiGzDecoder::new(raw)))
            }
        };
        Ok(())
    }
}

/// The body of a response, to be read once.
pub struct ResponseBody {
    source: Source,
    attempt: Arc<Attempt>,
    framing: Framing,
}

impl fmt::Debug for ResponseBody {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ResponseBody")
    }
}

impl ResponseBody {
    pub fn new(reader: Reader, attempt: Arc<Attempt>, framing: Framing, coding: Coding) -> ResponseBody {
        if let Framing::Length(length) = framing {
            attempt.body_length.store(i64::try_from(length).unwrap_or(i64::MAX), Relaxed);
        }
        let raw =
            Raw { reader, attempt: attempt.clone(), framing, ended: false, progress: None, first: None };
        let source = match coding {
            _ if framing == Framing::Empty => Source::Raw(raw),
            Coding::None => Source::Raw(raw),
            Coding::Gzip => Source::StillGzip(Some(raw)),
            Coding::Unsupported(name) => Source::Unsupported(raw, name),
        };
        ResponseBody { source, attempt, framing }
    }

    /// The length that was announced.
    pub fn length(&self) -> Option<u64> {
        match self.framing {
            Framing::Length(length) => Some(length),
            Framing::Empty => Some(0),
            Framing::Chunked | Framing::UntilClose => None,
        }
    }

    /// Returns true if the body has a coding, so that its bytes are not those that were sent: the coding is undone, or is
    /// one that cannot be, and there are no bytes.
    pub fn is_decoded(&self) -> bool {
        !matches!(self.source, Source::Raw(_))
    }

    /// Shows callers from now on how far this body is, which brings what follows the first `before` bytes.
    /// What an earlier body of the call has shown is never taken back.
    pub fn count(&mut self, before: u64, total: Option<u64>) {
        let number = |n| i64::try_from(n).unwrap_or(i64::MAX);
        let Exchange { received, receive_total, .. } = &*self.attempt.exchange;
        // In this order what was received is never over the total.
        receive_total.fetch_max(total.map_or(-1, number), Relaxed);
        received.fetch_max(number(before), Relaxed);
        if let Some(raw) = self.source.raw() {
            raw.progress = Some(number(before));
        }
    }

    /// Whether the end of the body is marked by more than the end of the connection.
    pub fn is_verified(&self) -> bool {
        self.framing != Framing::UntilClose
    }

    /// Reads a part; `Ok(0)` only when the body is complete.
    pub fn read(&mut self, buffer: &mut [u8]) -> Result<usize> {
        if buffer.is_empty() {
            return Ok(0);
        }
        self.source.begin(&self.attempt)?;
        match &mut self.source {
            Source::Raw(raw) => raw.next(buffer),
            Source::Gzip(decoder) => match decoder.read(buffer) {
                Ok(amount) => Ok(amount),
                Err(_) => Err(self.attempt.take_failure().unwrap_or_else(|| {
                    Error::new(Code::Protocol, "The body says that it is gzip, but it cannot be decoded.")
                })),
            },
            Source::StillGzip(_) => Err(errors::cut_body(&self.attempt)),
            Source::Unsupported(raw, name) => match raw.next(&mut [0])? {
                0 => Ok(0),
                _ => Err(Error::new(
                    Code::Protocol,
                    format!(
                        "The body has the content coding \"{name}\", which is not supported; the server must send gzip or none."
                    ),
                )),
            },
        }
    }

    /// Reads a part into memory that need not be initialized.
    pub fn read_into(&mut self, space: &mut Space<'_>) -> Result<usize> {
        if space.left() == 0 {
            return Ok(0);
        }
        match &mut self.source {
            Source::Raw(Raw { ended: true, .. }) => Ok(0),
            Source::Raw(raw) if !matches!(raw.reader, Reader::Framed(_)) => raw.next_into(space),
            _ => space.zeroed(DECODED_AT_ONCE, |buffer| self.read(buffer)),
        }
    }

    /// Reads the document of an error, up to `most` bytes, and if possible to its honest end. What cannot be
    /// decoded is kept as it came: it goes with an error anyhow.
    pub fn read_document(&mut self, most: u64) -> Vec<u8> {
        let coded = matches!(self.source, Source::StillGzip(_));
        let mut came = self.read_some(most);
        if !coded {
            return came;
        }
        // An end that is missing or wrong is not worth more than the document.
        let mut decoder = MultiGzDecoder::new(came.as_slice());
        let plain = gather(most, |room| decoder.read(room).ok());
        if plain.is_empty() {
            return came;
        }
        wipe(&mut came);
        plain
    }

    /// Reads up to `most` bytes as they came and, if that was all, to the honest end; errors end it quietly.
    pub fn read_some(&mut self, most: u64) -> Vec<u8> {
        let Some(raw) = self.source.raw() else { return Vec::new() };
        gather(most, |room| raw.next(room).ok())
    }

    /// Reads all of it, with one spare byte of room. What is `confidential` leaves nothing where it was before.
    pub fn read_all(&mut self, most: u64, confidential: bool) -> Result<Vec<u8>> {
        match (&mut self.source, self.framing) {
            (_, Framing::Empty) => return self.read(&mut [0]).map(|_| Vec::with_capacity(1)),
            (Source::Raw(_), Framing::Length(length)) if length > most => return Err(too_large(most)),
            (Source::Raw(raw), Framing::Length(length)) => return raw.whole(length),
            _ => {}
        }
        let mut body = vec![0; 16 * 1024];
        let came = self.read_into_all(&mut body, most, confidential);
        let mut body = wiped_if_failed(came, body)?;
        if !confidential && body.capacity() > body.len() + body.len() / 4 + 4096 {
            body.reserve_exact(1);
            body.shrink_to(body.len() + 1);
        }
        Ok(body)
    }

    fn read_into_all(&mut self, body: &mut Vec<u8>, most: u64, confidential: bool) -> Result<()> {
        let mut filled = 0;
        loop {
            if filled == body.len() && confidential {
                lengthen(body, filled * 2);
            } else if filled == body.len() {
                grow(body, most)?;
                body.resize(body.capacity(), 0);
            }
            match self.read(&mut body[filled..])? {
                0 => break,
                amount => filled += amount,
            }
            if filled as u64 > most {
                return Err(too_large(most));
            }
        }
        body.truncate(filled);
        Ok(())
    }
}

fn too_large(most: u64) -> Error {
    Error::new(
        Code::TooLarge,
        format!(
            "The body is larger than {most} bytes (option \"max_body\"); save it to a file, or read it as a stream."
        ),
    )
}

//! A body in chunks (RFC 9112, 7.1), read from its connection itself: extensions of any usual length are passed over,
//! and what is no chunk is told at once.

use std::fmt;

use crate::error::Result;
use crate::sys::memory::Space;
use crate::transport::http::errors;
use crate::transport::http::sized_body::SizedBody;
use crate::transport::net::connection::too_large;

/// Most that may come in a row without being body: sizes with their extensions, trailers.
const MOST_BESIDE_BODY: usize = 256 * 1024;

/// What comes next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    Size,
    Data,
    EndOfData,
    Trailers,
    Nothing,
}

/// What is still to come of a body in chunks.
pub struct ChunkedBody {
    /// The rest of the chunk, and the connection.
    rest: SizedBody,
    next: Part,
    beside_body: usize,
}

impl fmt::Debug for ChunkedBody {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ChunkedBody({:?})", self.next)
    }
}

impl ChunkedBody {
    /// `rest` is at the first size.
    pub fn new(rest: SizedBody) -> ChunkedBody {
        ChunkedBody { rest, next: Part::Size, beside_body: 0 }
    }

    /// Reads a part into the room, of which there must be some; 0 only when the body is complete.
    pub fn read(&mut self, room: &mut Space<'_>) -> Result<usize> {
        loop {
            self.next = match self.next {
                Part::Nothing => return Ok(0),
                Part::Data => {
                    let amount = self.rest.read(room)?;
                    self.beside_body = 0;
                    if self.rest.left() == 0 {
                        self.next = Part::EndOfData;
                    }
                    return Ok(amount);
                }
                Part::EndOfData => self.line(|line| line.is_empty().then_some(Part::Size))?,
                Part::Size => match self.line(size)? {
                    0 => Part::Trailers,
                    length => {
                        self.rest.begin_chunk(length);
                        Part::Data
                    }
                },
                Part::Trailers => match self.line(|line| Some(line.is_empty()))? {
                    true => {
                        self.rest.finish();
                        Part::Nothing
                    }
                    false => Part::Trailers,
                },
            };
        }
    }

    /// Reads a line, of which something must be made.
    fn line<T>(&mut self, read: impl Fn(&[u8]) -> Option<T>) -> Result<T> {
        loop {
            let waiting = self.rest.waiting();
            let length = waiting.iter().position(|byte| *byte == b'\n');
            let come = &waiting[..length.unwrap_or(waiting.len())];
            let plain = come.strip_suffix(b"\r");
            if plain.unwrap_or(come).contains(&b'\r') {
                return Err(errors::misframed());
            }
            if let Some(length) = length {
                // A line that ends with LF alone may be two to somebody else.
                let made = plain.and_then(read).ok_or_else(errors::misframed)?;
                self.rest.consume(length + 1);
                self.beside_body += length + 1;
                return Ok(made);
            }
            if self.next == Part::Size && !begins_a_size(come)
                || self.next == Part::EndOfData && !matches!(come, b"" | b"\r")
            {
                return Err(errors::misframed());
            }
            if self.beside_body + come.len() > MOST_BESIDE_BODY {
                return Err(too_large(self.rest.route()?, "framing of the body", MOST_BESIDE_BODY));
            }
            self.rest.receive_more()?;
        }
    }
}

/// Whether a body has come to its end, so that no read of it waits.
pub fn is_whole(come: &[u8]) -> bool {
    let mut rest = come;
    while let Some((line, behind)) = line_of(rest) {
        match size(line).map(|size| usize::try_from(size).ok()) {
            // Trailers, and an empty line.
            Some(Some(0)) => {
                rest = behind;
                while let Some((line, behind)) = line_of(rest) {
                    if line == b"\r\n" {
                        return true;
                    }
                    rest = behind;
                }
                return false;
            }
            // The line behind the data is looked at when it is read.
            Some(Some(size)) => match size.checked_add(2).and_then(|end| behind.get(end..)) {
                Some(next) => rest = next,
                None => return false,
            },
            _ => return false,
        }
    }
    false
}

/// The first line with its end, and what follows it.
fn line_of(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let end = bytes.iter().position(|byte| *byte == b'\n')?;
    Some(bytes.split_at(end + 1))
}

/// Whether a line that is not complete may become a size.
fn begins_a_size(come: &[u8]) -> bool {
    let come = come.trim_ascii_start();
    come.first().is_none_or(u8::is_ascii_hexdigit)
}

/// The size that a line begins with; extensions are ignored, as RFC 9112 wants.
fn size(line: &[u8]) -> Option<u64> {
    let digits = line.split(|byte| *byte == b';').next()?.trim_ascii();
    let digit = |byte: &u8| char::from(*byte).to_digit(16).map(u64::from);
    let add = |size: u64, byte| (size >> 60 == 0).then_some(size << 4 | byte);
    match digits {
        [] => None,
        digits => digits.iter().try_fold(0, |size, byte| add(size, digit(byte)?)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_and_ends() {
        let long = [b"1f;".to_vec(), vec![b'x'; 5000]].concat();
        for (line, want) in [
            (&b"0"[..], Some(0)),
            (b"aF", Some(175)),
            (b"7 ; a = \"b\"", Some(7)),
            (b" 7 ", Some(7)),
            (b"00000000000000000000001", Some(1)),
            (b"ffffffffffffffff", Some(u64::MAX)),
            (&long, Some(31)),
            (b"10000000000000000", None),
            (b"", None),
            (b";a", None),
            (b"-1", None),
            (b"+1", None),
            (b"0x1", None),
            (b"1 2", None),
            (b"g", None),
        ] {
            assert_eq!(size(line), want, "{}", String::from_utf8_lossy(line));
        }
        for (come, whole) in [
            (&b"0\r\n\r\n"[..], true),
            (b"3\r\nabc\r\n0;x\r\nTrailer: 1\r\n\r\n", true),
            (b"5\r\n0\r\n\r\n\r\n0\r\n\r\n", true),
            (b"5\r\n0\r\n\r\n\r\n0\r\n\r", false),
            (b"7\r\n0\r\n\r\n", false),
            (b"3\r\nabc\r\n0\r\nTrailer: 1\r\n", false),
            (b"ffffffffffffffff\r\nabc", false),
            (b"x\r\n0\r\n\r\n", false),
            (b"3\r\nabc", false),
            (b"", false),
        ] {
            assert_eq!(is_whole(come), whole, "{}", String::from_utf8_lossy(come));
        }
        for (come, may) in [(&b""[..], true), (b" ", true), (b"7", true), (b"z", false), (b"-", false)] {
            assert_eq!(begins_a_size(come), may, "{come:?}");
        }
    }
}

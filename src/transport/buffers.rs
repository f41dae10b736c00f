//! The bytes of one connection: what came and is not parsed yet, what gathers to be sent.

use std::fmt;
use std::ops::Range;

use bytes::Bytes;

use crate::secret::{lengthen, wipe};

/// Plaintext that came and waits to be parsed; wiped in the end, because it may have held a token.
#[derive(Default)]
pub struct Inbox {
    bytes: Vec<u8>,
    start: usize,
    end: usize,
    /// Whether the parser took something the last time it looked.
    progress: bool,
}

impl Inbox {
    const FIRST: usize = 16 * 1024;
    const BULK: usize = 128 * 1024;
    /// Most that may wait unparsed: the cap of a head.
    pub const MOST: usize = 256 * 1024;

    pub fn waiting(&self) -> &[u8] {
        &self.bytes[self.start..self.end]
    }

    /// Makes room for a read; false if too much waits already.
    pub fn make_room(&mut self) -> bool {
        if self.start == self.end {
            // A read that filled everything was part of something big.
            let full = self.end > 0 && self.end == self.bytes.len();
            (self.start, self.end) = (0, 0);
            if self.bytes.is_empty() {
                self.bytes.resize(Self::FIRST, 0);
            } else if full && self.bytes.len() < Self::BULK {
                let length = self.bytes.len() * 2;
                lengthen(&mut self.bytes, length);
            }
        } else if self.end == self.bytes.len() {
            if self.start > 0 {
                self.bytes.copy_within(self.start..self.end, 0);
                (self.start, self.end) = (0, self.end - self.start);
            } else if self.bytes.len() < Self::MOST {
                let length = self.bytes.len() * 2;
                lengthen(&mut self.bytes, length);
            }
        }
        self.end < self.bytes.len()
    }

    pub fn free(&mut self) -> &mut [u8] {
        &mut self.bytes[self.end..]
    }

    pub fn filled(&mut self, amount: usize) {
        self.end += amount;
    }

    pub fn consume(&mut self, amount: usize) {
        self.start += amount;
    }

    /// Takes what the parser has read; remembers whether that was anything.
    pub fn parsed(&mut self, amount: usize) {
        self.progress = amount > 0;
        self.consume(amount);
    }

    /// Lets the parser see what waits without another read.
    pub fn parse_on(&mut self) {
        self.progress = true;
    }

    pub fn has_more_to_parse(&self) -> bool {
        self.progress && self.start < self.end
    }

    /// Appends plaintext that was decrypted elsewhere.
    pub fn push(&mut self, bytes: &[u8]) {
        if self.start == self.end {
            (self.start, self.end) = (0, 0);
        }
        if self.bytes.len() - self.end < bytes.len() {
            self.bytes.copy_within(self.start..self.end, 0);
            (self.start, self.end) = (0, self.end - self.start);
            let need = self.end + bytes.len();
            if self.bytes.len() < need {
                lengthen(&mut self.bytes, need.max(Self::FIRST));
            }
        }
        self.bytes[self.end..self.end + bytes.len()].copy_from_slice(bytes);
        self.end += bytes.len();
    }

    /// Whether what waits begins with a final response, or with anything that is no HTTP at all.
    pub fn holds_final_response(&self) -> bool {
        let mut rest = self.waiting();
        loop {
            if rest.len() < 10 {
                return false;
            }
            if !(rest.starts_with(b"HTTP/1.") && rest[9] == b'1') {
                return true;
            }
            let Some(end) = rest.windows(4).position(|w| w == b"\r\n\r\n") else { return false };
            rest = &rest[end + 4..];
        }
    }
}

impl fmt::Debug for Inbox {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Inbox")
    }
}

impl Drop for Inbox {
    fn drop(&mut self) {
        wipe(&mut self.bytes);
    }
}

/// What gathers to be sent: head and body leave in one write where they fit. Wiped after each
/// exchange, because the head holds the token and the body may hold a password.
#[derive(Default)]
pub struct Outbox {
    bytes: Vec<u8>,
    gathered: usize,
    /// The most that had gathered since it was wiped.
    used: usize,
    /// A long body, which is sent from where it is.
    lent: Option<Bytes>,
    /// How much of it went out before, and the part that goes now.
    piece: Range<usize>,
}

impl fmt::Debug for Outbox {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Outbox")
    }
}

impl Drop for Outbox {
    fn drop(&mut self) {
        self.wipe();
    }
}

impl Outbox {
    const FIRST: usize = 8 * 1024;
    const BULK: usize = 128 * 1024;
    /// Space that is left for the first piece of a body to travel with its head.
    const SPARE: usize = 1024;

    /// Makes ready for a request with so long a head.
    pub fn start(&mut self, head: usize, body: u64) {
        let body = usize::try_from(body).unwrap_or(Self::BULK).min(Self::BULK);
        let want = (head + 2 * Self::SPARE).max(Self::FIRST) + body;
        // Wiped before it may move to another place.
        self.wipe();
        if self.bytes.len() < want {
            self.bytes.resize(want, 0);
        }
    }

    /// Where the parser of requests writes next.
    pub fn free(&mut self) -> &mut [u8] {
        &mut self.bytes[self.gathered..]
    }

    /// Writes what there is room for.
    pub fn write(&mut self, part: &[u8]) {
        self.free()[..part.len()].copy_from_slice(part);
        self.gather(part.len());
    }

    pub fn gather(&mut self, amount: usize) {
        self.gathered += amount;
        self.used = self.used.max(self.gathered);
    }

    pub fn wipe(&mut self) {
        wipe(&mut self.bytes[..self.used]);
        (self.gathered, self.used) = (0, 0);
        (self.lent, self.piece) = (None, 0..0);
    }

    /// Takes a body to be sent from where it is.
    pub fn lend(&mut self, body: Option<Bytes>) {
        self.lent = body;
    }

    pub fn has_lent(&self) -> bool {
        self.lent.is_some()
    }

    /// Makes the next so many bytes of the lent body what goes out.
    pub fn next_piece(&mut self, amount: usize) {
        self.piece = self.piece.end..self.piece.end + amount;
    }

    /// What is to go out.
    pub fn ready(&self) -> &[u8] {
        match &self.lent {
            Some(body) if !self.piece.is_empty() => &body[self.piece.clone()],
            _ => &self.bytes[..self.gathered],
        }
    }

    pub fn clear(&mut self) {
        self.gathered = 0;
        self.piece.start = self.piece.end;
    }

    pub fn has_room_for_body(&self) -> bool {
        self.bytes.len() - self.gathered > Self::SPARE
    }
}

/// Both directions of one connection.
#[derive(Debug, Default)]
pub struct WireBuffers {
    pub inbox: Inbox,
    pub outbox: Outbox,
    /// What the parser is shown before what came: in place of a head that was taken out.
    pub shown: &'static [u8],
}

impl WireBuffers {
    pub fn start(&mut self, head: usize, body: u64) {
        self.inbox.progress = false;
        self.shown = b"";
        self.outbox.start(head, body);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_response_is_told_from_a_promise_of_one() {
        let cases: [(&[u8], bool); 7] = [
            (b"", false),
            (b"HTTP/1.1 ", false),
            (b"HTTP/1.1 100 Continue\r\n\r\n", false),
            (b"HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 4", true),
            (b"HTTP/1.1 413 ", true),
            (b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 401 X", true),
            (b"SSH-2.0-OpenSSH", true),
        ];
        for (bytes, expected) in cases {
            let mut inbox = Inbox::default();
            inbox.push(bytes);
            assert_eq!(inbox.holds_final_response(), expected, "{}", String::from_utf8_lossy(bytes));
        }
    }

    #[test]
    fn the_inbox_grows_to_its_cap_and_no_further() {
        let mut inbox = Inbox::default();
        let mut total = 0;
        while inbox.make_room() {
            let n = inbox.free().len();
            inbox.filled(n);
            total += n;
        }
        assert_eq!(total, Inbox::MOST);
        inbox.start = inbox.end;
        assert!(inbox.make_room());
    }
}

//! The bytes of a connection below HTTP and the server's TLS: a socket, or a TLS session with a proxy over one.

use std::io::{self, ErrorKind};
use std::sync::Arc;

use crate::sys::memory::Space;
use crate::sys::socket::Socket;
use crate::transport::buffers::Inbox;
use crate::transport::tls::stream::TlsStream;

/// Most plaintext that one write to a proxy's TLS session takes: one record.
const PIECE: usize = 16 * 1024;

/// A socket, perhaps with a TLS session that ends at the proxy.
#[derive(Debug)]
pub struct Channel {
    pub socket: Arc<Socket>,
    outer: Option<Box<Outer>>,
}

#[derive(Debug)]
struct Outer {
    tls: TlsStream,
    /// Plaintext that had no room when it came.
    spare: Inbox,
    /// How much of the session's ciphertext has gone out.
    sent: usize,
}

impl Channel {
    pub fn new(socket: Arc<Socket>) -> Channel {
        Channel { socket, outer: None }
    }

    /// Lets everything from now on travel inside a TLS session.
    pub fn wrap(&mut self, tls: TlsStream, spare: Inbox) {
        self.outer = Some(Box::new(Outer { tls, spare, sent: 0 }));
    }

    /// Whether the end of the bytes is protected, so that a cut can be told from an end.
    pub fn is_wrapped(&self) -> bool {
        self.outer.is_some()
    }

    /// Whether a read has something at once that the socket does not show.
    pub fn has_waiting(&self) -> bool {
        self.outer.as_ref().is_some_and(|outer| !outer.spare.waiting().is_empty())
    }

    /// Reads what there is; with `wait` it waits up to a tick. `WouldBlock` = nothing yet.
    pub fn read(&mut self, room: &mut Space<'_>, wait: bool) -> io::Result<usize> {
        let Some(outer) = &mut self.outer else { return read(&self.socket, room, wait) };
        if outer.spare.waiting().is_empty() {
            if outer.tls.is_closed() {
                return Ok(0);
            }
            // What is still to go out must not keep from reading what came: it may be why nothing more is taken.
            let _ = outer.flush(&self.socket, false);
            let before = room.filled();
            match read(&self.socket, &mut Space::of(outer.tls.free()), wait)? {
                // Without close_notify somebody in between may have cut the stream.
                0 => return Err(ErrorKind::UnexpectedEof.into()),
                amount => outer.tls.filled(amount),
            }
            let worked = outer.tls.advance(room, &mut outer.spare);
            worked.map_err(|_| io::Error::from(ErrorKind::InvalidData))?;
            return match room.filled() - before {
                0 if outer.tls.is_closed() => Ok(0),
                0 => Err(ErrorKind::WouldBlock.into()),
                amount => Ok(amount),
            };
        }
        let amount = room.push(outer.spare.waiting());
        outer.spare.consume(amount);
        Ok(amount)
    }

    /// Takes a part to be sent; without data it sends what was taken before.
    pub fn write(&mut self, data: &[u8], wait: bool) -> io::Result<usize> {
        let Some(outer) = &mut self.outer else { return self.socket.write(data, wait) };
        outer.flush(&self.socket, wait)?;
        let piece = &data[..data.len().min(PIECE)];
        if piece.is_empty() {
            return Ok(0);
        }
        let sealed = outer.tls.encrypt(piece, &mut outer.spare);
        sealed.map_err(|_| io::Error::from(ErrorKind::InvalidData))?;
        match outer.flush(&self.socket, wait) {
            Err(e) if !matches!(e.kind(), ErrorKind::WouldBlock | ErrorKind::Interrupted) => Err(e),
            _ => Ok(piece.len()),
        }
    }

    /// Whether all that was taken has gone out.
    pub fn is_flushed(&self) -> bool {
        self.outer.as_ref().is_none_or(|outer| outer.tls.outgoing().is_empty())
    }

    /// Whether nothing has come that was not asked for, session tickets of the server or the proxy aside.
    pub fn is_quiet(&mut self, inner: Option<&mut TlsStream>) -> bool {
        match self.socket.peek_now() {
            Err(e) if e.kind() == ErrorKind::WouldBlock && !self.has_waiting() => return true,
            Ok(0) => return false,
            Err(e) if e.kind() != ErrorKind::WouldBlock => return false,
            _ => {}
        }
        match inner {
            Some(tls) => tls.is_quiet(|room| self.read(room, false)),
            None if !self.is_wrapped() => false,
            None => {
                let read = self.read(&mut Space::of(&mut [0]), false);
                read.is_err_and(|e| e.kind() == ErrorKind::WouldBlock)
            }
        }
    }
}

impl Outer {
    fn flush(&mut self, socket: &Socket, wait: bool) -> io::Result<()> {
        while self.sent < self.tls.outgoing().len() {
            self.sent += socket.write(&self.tls.outgoing()[self.sent..], wait)?;
        }
        self.tls.clear_outgoing();
        self.sent = 0;
        Ok(())
    }
}

fn read(socket: &Socket, room: &mut Space<'_>, wait: bool) -> io::Result<usize> {
    if wait { socket.read(room) } else { socket.read_now(room) }
}

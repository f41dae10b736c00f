//! One connection of a fault server: reads requests in pieces, writes replies byte for byte, ends in every way there is.

use super::hub::{Conn, Gone, Hub, KEEP, Socket};
use rustls::{HandshakeKind, ServerConnection, StreamOwned};
use std::io::{self, Read, Write};
use std::net::Shutdown;
use std::sync::Arc;
use std::time::Duration;

const PIECE: usize = 64 * 1024;

enum Line {
    Plain(Socket),
    Tls(Box<StreamOwned<ServerConnection, Socket>>),
}

pub struct Wire {
    line: Line,
    /// Read, but not yet asked for.
    pending: Vec<u8>,
    hub: Arc<Hub>,
    index: usize,
    finished: bool,
}

impl Wire {
    pub fn plain(hub: &Arc<Hub>, index: usize, socket: Socket) -> Wire {
        Wire::new(hub, index, Line::Plain(socket))
    }

    /// Performs the handshake; what came of it is in the record.
    pub fn tls(
        hub: &Arc<Hub>,
        index: usize,
        mut socket: Socket,
        config: &Arc<rustls::ServerConfig>,
    ) -> io::Result<Wire> {
        let mut tls = ServerConnection::new(config.clone()).map_err(io::Error::other)?;
        while tls.is_handshaking() {
            if let Err(error) = tls.complete_io(&mut socket) {
                hub.note(index, |conn| conn.tls_error = Some(error.to_string()));
                // As in `finish`: the alert must not be lost to an RST.
                socket.shutdown(Shutdown::Write)?;
                io::copy(&mut socket, &mut io::sink())?;
                return Err(error);
            }
        }
        hub.note(index, |conn| {
            conn.sni = tls.server_name().map(str::to_owned);
            conn.tls_version = tls.protocol_version().map(|version| format!("{version:?}"));
            conn.client_cert = tls.peer_certificates().is_some();
            conn.resumed = tls.handshake_kind() == Some(HandshakeKind::Resumed);
        });
        let line = Line::Tls(Box::new(StreamOwned::new(tls, socket)));
        Ok(Wire::new(hub, index, line))
    }

    fn new(hub: &Arc<Hub>, index: usize, line: Line) -> Wire {
        Wire { line, pending: Vec::new(), hub: hub.clone(), index, finished: false }
    }

    pub fn note(&self, note: impl FnOnce(&mut Conn)) {
        self.hub.note(self.index, note);
    }

    pub fn socket(&self) -> &Socket {
        match &self.line {
            Line::Plain(socket) => socket,
            Line::Tls(tls) => &tls.sock,
        }
    }

    /// Reads once, into `pending`; an error when nothing more will come.
    pub fn fill(&mut self) -> io::Result<()> {
        let mut buffer = [0; PIECE];
        let result = match &mut self.line {
            Line::Plain(socket) => socket.read(&mut buffer),
            Line::Tls(tls) => tls.read(&mut buffer),
        };
        let gone = match &result {
            Ok(0) => Gone::Clean,
            Ok(count) => {
                let piece = &buffer[..*count];
                self.pending.extend_from_slice(piece);
                self.note(|conn| {
                    let room = KEEP.saturating_sub(conn.bytes.len()).min(piece.len());
                    conn.bytes.extend_from_slice(&piece[..room]);
                    conn.received += piece.len() as u64;
                });
                return Ok(());
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => return Ok(()),
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => Gone::Cut,
            Err(_) => Gone::Reset,
        };
        self.note(|conn| conn.gone = gone);
        Err(result.err().unwrap_or_else(|| io::ErrorKind::UnexpectedEof.into()))
    }

    /// What has been read already, or else the next piece.
    pub fn piece(&mut self) -> io::Result<Vec<u8>> {
        if self.pending.is_empty() {
            self.fill()?;
        }
        Ok(std::mem::take(&mut self.pending))
    }

    /// Exactly so many bytes, handed on in pieces.
    pub fn exactly(
        &mut self,
        mut count: u64,
        mut hand_on: impl FnMut(&[u8]) -> io::Result<()>,
    ) -> io::Result<()> {
        while count > 0 {
            if self.pending.is_empty() {
                self.fill()?;
            }
            let size = self.pending.len().min(usize::try_from(count).unwrap_or(usize::MAX));
            hand_on(&self.pending[..size])?;
            self.pending.drain(..size);
            count -= size as u64;
        }
        Ok(())
    }

    /// Up to and with this ending.
    fn through(&mut self, ending: &[u8]) -> io::Result<Vec<u8>> {
        let mut searched = 0;
        loop {
            let found = self.pending[searched..].windows(ending.len()).position(|window| window == ending);
            if let Some(at) = found {
                return Ok(self.pending.drain(..searched + at + ending.len()).collect());
            }
            searched = self.pending.len().saturating_sub(ending.len() - 1);
            self.fill()?;
        }
    }

    /// A request's head with its blank line.
    pub fn head(&mut self) -> io::Result<String> {
        let head = String::from_utf8_lossy(&self.through(b"\r\n\r\n")?).into_owned();
        self.note(|conn| conn.heads.push(head.clone()));
        Ok(head)
    }

    /// The body that the head announces, as it is on the wire, chunk sizes and all.
    pub fn body(&mut self, head: &str, mut hand_on: impl FnMut(&[u8]) -> io::Result<()>) -> io::Result<()> {
        if header(head, "transfer-encoding").is_none() {
            let length = header(head, "content-length").and_then(|text| text.parse().ok());
            return self.count_body(length.unwrap_or(0), hand_on);
        }
        loop {
            let line = self.through(b"\r\n")?;
            hand_on(&line)?;
            let digits = String::from_utf8_lossy(&line);
            let digits = digits.split(';').next().unwrap_or_default().trim();
            let size = u64::from_str_radix(digits, 16).map_err(io::Error::other)?;
            self.count_body(size, &mut hand_on)?;
            // The line end after a chunk; after the last one, trailers and the blank line.
            loop {
                let rest = self.through(b"\r\n")?;
                hand_on(&rest)?;
                if rest == b"\r\n" {
                    break;
                }
            }
            if size == 0 {
                return Ok(());
            }
        }
    }

    /// So many bytes of a body, counted as such piece by piece.
    pub fn count_body(
        &mut self,
        count: u64,
        mut hand_on: impl FnMut(&[u8]) -> io::Result<()>,
    ) -> io::Result<()> {
        let (hub, index) = (self.hub.clone(), self.index);
        self.exactly(count, |piece| {
            hub.note(index, |conn| conn.body_len += piece.len() as u64);
            hand_on(piece)
        })
    }

    pub fn send(&mut self, bytes: &[u8]) -> io::Result<()> {
        let sent = match &mut self.line {
            Line::Plain(socket) => socket.write_all(bytes),
            Line::Tls(tls) => tls.write_all(bytes).and_then(|()| tls.flush()),
        };
        if sent.is_err() {
            self.note(|conn| conn.gone = Gone::Reset);
        }
        sent
    }

    /// On TLS, says that nothing more will be said.
    pub fn close_notify(&mut self) -> io::Result<()> {
        if let Line::Tls(tls) = &mut self.line {
            tls.conn.send_close_notify();
            while tls.conn.wants_write() {
                tls.conn.write_tls(&mut tls.sock)?;
            }
        }
        Ok(())
    }

    /// close_notify and FIN. Goes on listening.
    pub fn fin(&mut self) -> io::Result<()> {
        self.close_notify()?;
        self.drop_tls()
    }

    /// FIN alone: on TLS, without the close_notify.
    pub fn drop_tls(&mut self) -> io::Result<()> {
        self.finished = true;
        self.socket().shutdown(Shutdown::Write)
    }

    /// RST.
    pub fn reset(self) -> io::Result<()> {
        socket2::SockRef::from(&**self.socket()).set_linger(Some(Duration::ZERO))
    }

    /// Takes what comes, until the peer goes or the server is dropped.
    pub fn drain(&mut self) -> io::Result<()> {
        loop {
            self.fill()?;
            self.pending.clear();
        }
    }

    /// The polite end. Closing with bytes unread would turn the FIN into an RST and destroy the reply on its way.
    pub fn finish(mut self) {
        if self.finished || self.fin().is_ok() {
            let _ = self.drain();
        }
    }
}

/// The first header of this name in a head, without blanks around it.
pub fn header(head: &str, name: &str) -> Option<String> {
    head.lines().skip(1).find_map(|line| {
        let (key, value) = line.split_once(':')?;
        key.trim().eq_ignore_ascii_case(name).then(|| value.trim().to_owned())
    })
}

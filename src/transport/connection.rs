//! A connection: socket, TLS if there is any, and the bytes between them and the parser.

use std::io::ErrorKind;
use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;

use crate::error::{Error, Outcome, Result};
use crate::sys::room::Room;
use crate::sys::socket::Socket;
use crate::transport::bounded::{Got, read};
use crate::transport::buffers::{Inbox, WireBuffers};
use crate::transport::exchange::{End, Exchange, Until};
use crate::transport::target::Target;
use crate::transport::tls::TlsStream;
use crate::transport::trust;

/// What is left of it between two requests is all there is to it.
#[derive(Debug)]
pub struct Connection {
    pub socket: Arc<Socket>,
    pub tls: Option<TlsStream>,
    pub buffers: WireBuffers,
    pub target: Arc<Target>,
}

impl Connection {
    /// Whether an idle connection can serve again: open, and nothing unasked-for has come.
    pub fn is_fresh(&mut self) -> bool {
        match self.socket.peek_now() {
            Err(e) if e.kind() == ErrorKind::WouldBlock => true,
            Ok(n) if n > 0 => self.tls.as_mut().is_some_and(|tls| tls.is_quiet(&self.socket)),
            _ => false,
        }
    }

    pub fn host(&self) -> &str {
        self.target.origin.bare_host()
    }

    /// What is ready for the socket.
    pub fn outgoing(&self) -> &[u8] {
        self.tls.as_ref().map_or(self.buffers.outbox.ready(), |tls| tls.outgoing())
    }

    /// Moves what has gathered to where the socket takes it from.
    pub fn seal(&mut self) -> Result<()> {
        if let Some(tls) = &mut self.tls {
            let sealed = tls.encrypt(self.buffers.outbox.ready(), &mut self.buffers.inbox);
            sealed.map_err(|e| trust::explain(&e, self.target.origin.bare_host()))?;
        }
        Ok(())
    }

    pub fn clear_outgoing(&mut self) {
        self.buffers.outbox.clear();
        if let Some(tls) = &mut self.tls {
            tls.clear_outgoing();
        }
    }

    /// Reads until plaintext has come, or nothing more will; says how the connection ended, if it did.
    /// What comes goes to `room` as far as it has any, and then to the inbox, which must be empty
    /// unless there is no room.
    pub fn receive(
        &mut self,
        room: &mut Room<'_>,
        exchange: &Exchange,
        until: &Until,
        wait: bool,
    ) -> Result<Option<End>> {
        let Connection { socket, tls, buffers: WireBuffers { inbox, .. }, target } = self;
        let before = inbox.waiting().len() + room.filled();
        let ended = loop {
            let direct = room.left() > 0;
            if !direct && !inbox.make_room() {
                let what = if exchange.head_done.load(Relaxed) { "framing of the body" } else { "head" };
                return Err(too_large(target, what, Inbox::MOST));
            }
            let got = match (tls.as_mut(), direct) {
                (Some(tls), _) => read(socket, &mut Room::of(tls.free()), exchange, until, target, wait),
                (None, true) => read(socket, room, exchange, until, target, wait),
                (None, false) => read(socket, &mut Room::of(inbox.free()), exchange, until, target, wait),
            };
            match (got?, tls.as_mut()) {
                (Got::Nothing, _) => break None,
                (Got::Broken, _) => break Some(End::Broken),
                (Got::Bytes(0), None) => break Some(End::Clean),
                // Without close_notify somebody in between may have cut the stream.
                (Got::Bytes(0), Some(_)) => break Some(End::Broken),
                (Got::Bytes(amount), None) => {
                    inbox.filled(if direct { 0 } else { amount });
                    break None;
                }
                (Got::Bytes(amount), Some(tls)) => {
                    tls.filled(amount);
                    tls.advance(room, inbox).map_err(|e| trust::explain(&e, target.origin.bare_host()))?;
                    if tls.is_closed() {
                        break Some(End::Clean);
                    }
                    if inbox.waiting().len() + room.filled() > before {
                        break None;
                    }
                }
            }
        };
        if inbox.waiting().len() + room.filled() > before {
            exchange.answered.store(true, Relaxed);
        }
        if let Some(end) = ended {
            exchange.set_end(end);
        }
        Ok(ended)
    }
}

pub fn too_large(target: &Target, what: &str, most: usize) -> Error {
    Error::new(
        Outcome::TooLarge,
        format!("In the answer of {} the {what} is larger than {most} bytes.", target.origin),
    )
}

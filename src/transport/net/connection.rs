//! A connection: socket, TLS if there is any, and the bytes between them and the parser.

use std::io;
use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;

use crate::error::{Code, Error, Result};
use crate::sys::memory::Space;
use crate::transport::attempt::{Attempt, End};
use crate::transport::buffers::{Inbox, WireBuffers};
use crate::transport::counters::OpenConnection;
use crate::transport::limits::Until;
use crate::transport::net::channel::Channel;
use crate::transport::net::route::Route;
use crate::transport::net::timed::{Got, read};
use crate::transport::tls::stream::TlsStream;

/// What is left of it between two requests is all there is to it.
#[derive(Debug)]
pub struct Connection {
    pub channel: Channel,
    pub tls: Option<TlsStream>,
    pub buffers: WireBuffers,
    pub route: Arc<Route>,
    pub counted: OpenConnection,
}

impl Connection {
    /// Whether an idle connection can serve again: open, and nothing unasked-for has come.
    pub fn is_fresh(&mut self) -> bool {
        self.channel.is_quiet(self.tls.as_mut())
    }

    pub fn host(&self) -> &str {
        self.route.origin.bare_host()
    }

    /// What is ready for the socket.
    pub fn outgoing(&self) -> &[u8] {
        self.tls.as_ref().map_or(self.buffers.outbox.ready(), |tls| tls.outgoing())
    }

    /// Sends from what is ready, without waiting, behind the first `sent` bytes.
    pub fn send(&mut self, sent: usize) -> io::Result<usize> {
        let Connection { channel, tls, buffers, .. } = self;
        let ready = tls.as_ref().map_or(buffers.outbox.ready(), |tls| tls.outgoing());
        channel.write(&ready[sent..], false)
    }

    /// Moves what has gathered to where the socket takes it from.
    pub fn seal(&mut self) -> Result<()> {
        if let Some(tls) = &mut self.tls {
            let sealed = tls.encrypt(self.buffers.outbox.ready(), &mut self.buffers.inbox);
            sealed.map_err(|e| tls.explain(&e, self.route.origin.bare_host(), self.route.own))?;
        }
        Ok(())
    }

    pub fn clear_outgoing(&mut self) {
        self.buffers.outbox.clear();
        if let Some(tls) = &mut self.tls {
            tls.clear_outgoing();
        }
    }

    /// Reads until plaintext has come, or nothing more will; without `wait`, once. Says how the connection ended, if it did.
    /// What comes goes to `room` as far as it has any, and then to the inbox, which must be empty
    /// unless there is no room.
    pub fn receive(
        &mut self,
        room: &mut Space<'_>,
        attempt: &Attempt,
        until: &Until,
        wait: bool,
    ) -> Result<Option<End>> {
        let Connection { channel, tls, buffers: WireBuffers { inbox, .. }, route, .. } = self;
        let before = inbox.waiting().len() + room.filled();
        let ended = loop {
            let direct = room.left() > 0;
            if !direct && !inbox.make_room() {
                let what = if attempt.head_done.load(Relaxed) { "framing of the body" } else { "head" };
                return Err(too_large(route, what, Inbox::MOST));
            }
            let got = match (tls.as_mut(), direct) {
                (Some(tls), _) => read(channel, &mut Space::of(tls.free()), attempt, until, route, wait),
                (None, true) => read(channel, room, attempt, until, route, wait),
                (None, false) => read(channel, &mut Space::of(inbox.free()), attempt, until, route, wait),
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
                    let worked = tls.advance(room, inbox);
                    worked.map_err(|e| tls.explain(&e, route.origin.bare_host(), route.own))?;
                    if tls.is_closed() {
                        break Some(End::Clean);
                    }
                    // One who does not wait looks again when there is more, however much comes that is no plaintext.
                    if !wait || inbox.waiting().len() + room.filled() > before {
                        break None;
                    }
                }
            }
        };
        if inbox.waiting().len() + room.filled() > before {
            attempt.answered.store(true, Relaxed);
        }
        if let Some(end) = ended {
            attempt.set_end(end);
        }
        Ok(ended)
    }
}

pub fn too_large(route: &Route, what: &str, most: usize) -> Error {
    Error::new(
        Code::TooLarge,
        format!("In the response of {} the {what} is larger than {most} bytes.", route.origin),
    )
}

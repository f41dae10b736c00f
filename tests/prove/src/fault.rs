//! Faults on the bytes of a server: which one strikes at which byte, and what was sent in truth.

use std::io::{self, Read};
use std::net::{Shutdown, TcpStream};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// FIN; over TLS without a close_notify.
    Cut,
    /// FIN after a close_notify: over TLS, an end that the peer takes for honest.
    End,
    Reset,
    /// Nothing more is sent, and the connection stays.
    Stall,
    /// This bit of the byte is the other one; everything after it is as it was.
    Flip(u8),
}

/// On what the faults strike.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Line {
    /// HTTP as it is on the wire.
    Plain,
    /// HTTP inside TLS.
    Inside,
    /// The records of TLS, those of the handshake among them.
    Records,
}

/// A response as it was sent, fault and all.
#[derive(Clone, Debug, Default)]
pub struct Sent {
    pub bytes: Vec<u8>,
    /// The sender has said that there is no more: by a FIN, over TLS by a close_notify.
    pub ended: bool,
}

/// What strikes next, and what has been sent since that was decided.
#[derive(Default)]
pub struct Plan(Mutex<State>);

#[derive(Default)]
struct State {
    fault: Option<(Fault, usize)>,
    count: usize,
    last: Sent,
    struck: bool,
}

impl Plan {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// From here on bytes are counted; the one with this number meets the fault.
    pub fn arm(&self, fault: Fault, at: usize) {
        *self.lock() = State { fault: Some((fault, at)), ..State::default() };
    }

    /// From here on bytes are counted, and nothing strikes.
    pub fn disarm(&self) {
        *self.lock() = State::default();
    }

    pub fn count(&self) -> usize {
        self.lock().count
    }

    /// Whether the fault has struck.
    pub fn struck(&self) -> bool {
        self.lock().struck
    }

    pub fn note(&self, sent: Sent) {
        self.lock().last = sent;
    }

    /// The response sent last.
    pub fn last(&self) -> Sent {
        self.lock().last.clone()
    }

    /// Does to the next bytes what is planned; returns the fault that comes after what is left of them.
    pub fn apply(&self, bytes: &mut Vec<u8>) -> Option<Fault> {
        let mut state = self.lock();
        let from = state.count;
        state.count += bytes.len();
        let (fault, at) = state.fault?;
        let at = at.checked_sub(from).filter(|at| *at < bytes.len())?;
        state.fault = None;
        state.struck = true;
        if let Fault::Flip(bit) = fault {
            bytes[at] ^= 1 << bit;
            return None;
        }
        state.count = from + at;
        bytes.truncate(at);
        Some(fault)
    }
}

/// Ends a connection as the fault says; of a stall it returns when the peer has gone.
pub fn strike(socket: &TcpStream, fault: Fault) -> io::Result<()> {
    match fault {
        Fault::Reset => return socket2::SockRef::from(socket).set_linger(Some(Duration::ZERO)),
        Fault::Cut | Fault::End => socket.shutdown(Shutdown::Write)?,
        Fault::Stall | Fault::Flip(_) => {}
    }
    drain(socket)
}

/// Takes what comes until the peer goes: closing with bytes unread would turn the FIN into an RST.
pub fn drain(mut socket: &TcpStream) -> io::Result<()> {
    let mut buffer = [0; 4096];
    while socket.read(&mut buffer)? > 0 {}
    Ok(())
}

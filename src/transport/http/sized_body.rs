//! A body whose length is known, read from its connection itself.

use std::fmt;
use std::sync::Arc;

use crate::error::{Error, Result};
use crate::sys::memory::Space;
use crate::transport::attempt::Attempt;
use crate::transport::http::errors;
use crate::transport::limits::Phase;
use crate::transport::net::connection::Connection;
use crate::transport::net::pool::Pool;
use crate::transport::net::route::Route;

/// Less is read through the inbox: one system call for many small reads.
const DIRECT: usize = 8 * 1024;
/// How much of a long body is waited for at a time, for a moment: waking up for each packet costs more than
/// reading it.
const AT_ONCE: usize = 64 * 1024;
/// Rests that are worth four system calls more.
const LONG: usize = 4 * AT_ONCE;
/// Of what is still to come this may be here already: a record that TLS has not opened.
const UNOPENED: usize = 20 * 1024;

/// What is still to come, and the connection that brings it; the pool gets that back after the last byte.
pub struct SizedBody {
    /// `None` when the body is complete.
    lent: Option<Box<Connection>>,
    attempt: Arc<Attempt>,
    pool: Arc<Pool>,
    left: u64,
    /// Whether more follows what is left: it is a chunk.
    in_chunks: bool,
    ended: bool,
    reusable: bool,
    /// Whether the socket is told to wait for much.
    patient: bool,
}

impl fmt::Debug for SizedBody {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SizedBody({} bytes)", self.left)
    }
}

impl SizedBody {
    pub fn new(
        connection: Box<Connection>,
        attempt: Arc<Attempt>,
        pool: Arc<Pool>,
        length: u64,
        ended: bool,
        reusable: bool,
    ) -> SizedBody {
        SizedBody {
            lent: Some(connection),
            attempt,
            pool,
            left: length,
            in_chunks: false,
            ended,
            reusable,
            patient: false,
        }
    }

    /// Takes so many bytes as the next chunk, which is not the end.
    pub fn begin_chunk(&mut self, length: u64) {
        (self.left, self.in_chunks) = (length, true);
    }

    /// How many bytes are still to come, of the body or of the chunk.
    pub fn left(&self) -> u64 {
        self.left
    }

    /// What has come and was not read yet.
    pub fn waiting(&self) -> &[u8] {
        self.lent.as_ref().map_or(&[], |connection| connection.buffers.inbox.waiting())
    }

    /// Passes over what is no part of the body.
    pub fn consume(&mut self, amount: usize) {
        if let Some(connection) = &mut self.lent {
            connection.buffers.inbox.consume(amount);
        }
    }

    pub fn route(&self) -> Result<&Arc<Route>> {
        self.lent.as_ref().map(|connection| &connection.route).ok_or_else(|| errors::cut_body(&self.attempt))
    }

    /// Waits until more has come, of what is no part of the body.
    pub fn receive_more(&mut self) -> Result<()> {
        match self.ended || self.lent.is_none() {
            _ if self.attempt.is_cancelled() => Err(Error::cancelled()),
            true => Err(errors::cut_body(&self.attempt)),
            false => self.receive(&mut Space::none(), 0).map(|_| ()),
        }
    }

    /// Reads a part into the room, of which there must be some; 0 only when the body is complete.
    pub fn read(&mut self, room: &mut Space<'_>) -> Result<usize> {
        loop {
            let Some(connection) = &mut self.lent else { return Ok(0) };
            let inbox = &mut connection.buffers.inbox;
            let most = usize::try_from(self.left).unwrap_or(usize::MAX);
            let amount = match inbox.waiting() {
                [] if self.attempt.is_cancelled() => return Err(Error::cancelled()),
                [] if self.ended => return Err(errors::cut_body(&self.attempt)),
                [] => self.receive(room, most)?,
                waiting => {
                    let amount = room.push(&waiting[..most.min(waiting.len())]);
                    inbox.consume(amount);
                    amount
                }
            };
            self.left -= amount as u64;
            if self.left == 0 && !self.in_chunks {
                self.finish();
            }
            if amount > 0 {
                return Ok(amount);
            }
        }
    }

    /// Takes from the connection; what has no room there waits in the inbox.
    fn receive(&mut self, room: &mut Space<'_>, most: usize) -> Result<usize> {
        let Some(connection) = &mut self.lent else { return Ok(0) };
        let enough = if self.patient { AT_ONCE + UNOPENED } else { LONG };
        let patient = most >= enough;
        if patient != self.patient {
            connection.channel.socket.wait_for(if patient { AT_ONCE } else { 1 });
            self.patient = patient;
        }
        self.attempt.set_phase(Phase::Body);
        let until = self.attempt.until(self.attempt.limits.idle);
        // The line behind a short chunk comes with it.
        let least = if self.in_chunks { DIRECT } else { DIRECT.min(most) };
        let direct = connection.tls.is_some() || room.left().min(most) >= least;
        let mut ended = Ok(None);
        let amount = room.within(if direct { most } else { 0 }, |room| {
            ended = connection.receive(room, &self.attempt, &until, true);
        });
        self.ended = ended?.is_some();
        Ok(amount)
    }

    /// Gives the connection back: what was to come has come.
    pub fn finish(&mut self) {
        let Some(connection) = self.lent.take() else { return };
        self.attempt.detach();
        // Whatever follows the body was not asked for.
        let clean = connection.buffers.inbox.waiting().is_empty();
        if clean && self.reusable && !self.ended && !self.attempt.is_cancelled() {
            if self.patient {
                connection.channel.socket.wait_for(1);
            }
            self.pool.put(connection);
        }
    }
}

impl Drop for SizedBody {
    fn drop(&mut self) {
        self.reusable = false;
        self.finish();
    }
}
